//! Who holds what advanced indexing picks: the first axes of an array are indexed, the others are the row that comes
//! with each pick.

use crate::layout::{DimMap, IndexSet, Layout};

/// The process grid of a layout, split: a cell is a coordinate along the picked axes, and each cell's ranks hold the
/// parts of its rows between them.
pub struct Owners<'a> {
    layout: &'a Layout,
    /// How many axes pick.
    axes: usize,
}

impl<'a> Owners<'a> {
    pub fn new(layout: &'a Layout, axes: usize) -> Owners<'a> {
        Owners { layout, axes }
    }

    /// The cell that holds the row at these indices (in bounds, one for each picked axis), and the row's number in
    /// that cell's part, in C order. Cell 0 where every rank has everything.
    pub fn find(&self, at: impl IntoIterator<Item = usize>) -> (usize, usize) {
        let (mut cell, mut row) = (0, 0);
        for (dim, i) in self.layout.dims[..self.axes].iter().zip(at) {
            let (p, local) = dim.owner(i).unwrap_or((0, 0));
            cell = cell * dim.procs() + p;
            row = row * dim.local_len(p) + local;
        }
        (cell, row)
    }

    /// The bounds of the blocks, where one axis picks and is cut so, or not at all.
    pub fn bounds(&self) -> Option<Vec<usize>> {
        match &self.layout.dims[..self.axes] {
            [DimMap::Block { bounds }] => Some(bounds.clone()),
            [DimMap::Whole { size }] => Some(vec![0, *size]),
            _ => None,
        }
    }

    pub fn cells(&self) -> usize {
        self.layout.grid[..self.axes].iter().product()
    }

    /// How many ranks share each cell's rows.
    pub fn parts(&self) -> usize {
        self.layout.grid[self.axes..].iter().product()
    }

    /// The ranks of a cell, by the part of the row that they hold.
    pub fn ranks(&self, cell: usize) -> &'a [usize] {
        let parts = self.parts();
        &self.layout.ranks[cell * parts..(cell + 1) * parts]
    }

    /// A rank's cell.
    pub fn cell_of(&self, rank: usize) -> Option<usize> {
        if self.layout.everywhere {
            return Some(0);
        }
        self.layout.ranks.iter().position(|r| *r == rank).map(|at| at / self.parts())
    }

    /// Which part of the rows a rank holds: a set of indices for each axis that does not pick.
    pub fn row(&self, rank: usize) -> Vec<IndexSet> {
        self.layout.owned(rank).split_off(self.axes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::DistSpec;

    /// Every element is found where its layout says that it is.
    fn check(shape: &[usize], spec: &str, team: usize) {
        let layout = Layout::new(shape, &DistSpec::parse(spec).unwrap(), team, None, None).unwrap();
        for axes in 0..=shape.len() {
            let owners = Owners::new(&layout, axes);
            assert!(layout.everywhere || owners.cells() * owners.parts() == layout.ranks.len());
            for linear in 0..layout.size() {
                let (mut rest, mut at) = (linear, vec![0; shape.len()]);
                for d in (0..shape.len()).rev() {
                    at[d] = rest % shape[d];
                    rest /= shape[d];
                }
                let (owner, local) = layout.owner_of(&at).unwrap();
                let (cell, row) = owners.find(at[..axes].iter().copied());
                assert!(owners.ranks(cell).contains(&owner), "{at:?} of {spec}");
                assert_eq!(owners.cell_of(owner), Some(cell));
                let lens = layout.local_shape(owner);
                assert_eq!(row, (0..axes).fold(0, |n, d| n * lens[d] + local[d]));
                let held = owners.row(owner);
                assert!(held.iter().zip(&at[axes..]).all(|(set, i)| set.position(*i).is_some()));
            }
        }
    }

    #[test]
    fn rows_are_where_the_layout_says() {
        for team in [1, 2, 3, 6] {
            check(&[7], "b", team);
            check(&[5, 4], "bb", team);
            check(&[5, 4], "nc", team);
            check(&[3, 4, 5], "cbb", team);
            check(&[4, 5], "r", team);
        }
    }
}
