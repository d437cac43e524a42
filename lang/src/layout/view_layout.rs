//! Where the elements of a view lie: the layout that a view has by its storage's layout, without moving anything.

use super::rules::grid_coords;
use super::view::{View, ViewDim};
use super::{DimMap, IndexSet, Layout};

impl View {
    /// The layout that the view's elements have where they lie, given the layout of the storage. Slices of blocks and
    /// of cyclic dimensions are blocks and cyclic again (over fewer or reordered ranks); what has no such form becomes
    /// unstructured. Ranks that a fixed index leaves out hold nothing.
    pub fn layout(&self, from: &Layout) -> Layout {
        let mut dims = Vec::with_capacity(self.ndim());
        // For each axis of the new grid: the storage's axis and its coordinate at each new coordinate.
        let mut coords: Vec<Option<(usize, Vec<usize>)>> = Vec::with_capacity(self.ndim());
        for d in &self.dims {
            match *d {
                ViewDim::New { len } => {
                    dims.push(DimMap::Whole { size: len });
                    coords.push(None);
                }
                ViewDim::Axis { dim, start, step, len } => {
                    let (map, old) = sliced(&from.dims[dim], start, step, len);
                    dims.push(map);
                    coords.push(Some((dim, old)));
                }
            }
        }
        let grid: Vec<usize> = dims.iter().map(DimMap::procs).collect();
        if from.everywhere {
            return Layout { dims, grid, ranks: from.ranks.clone(), everywhere: true };
        }
        let mut old = vec![0; from.ndim()];
        for &(dim, index) in &self.fixed {
            old[dim] = from.dims[dim].owner(index).map_or(0, |(p, _)| p);
        }
        let ranks = grid_coords(&grid)
            .map(|new| {
                for (axis, &c) in coords.iter().zip(&new) {
                    if let Some((dim, old_coords)) = axis {
                        old[*dim] = old_coords[c];
                    }
                }
                from.rank_of(&old)
            })
            .collect();
        Layout { dims, grid, ranks, everywhere: false }
    }
}

/// The map that a slice of a dimension has, and for each of its processes the process of `map` that it is.
fn sliced(map: &DimMap, start: usize, step: isize, len: usize) -> (DimMap, Vec<usize>) {
    let procs = map.procs();
    if (start, step, len) == (0, 1, map.size()) {
        return (map.clone(), (0..procs).collect());
    }
    match map {
        DimMap::Whole { .. } => (DimMap::Whole { size: len }, vec![0]),
        DimMap::Block { bounds } => {
            // How many of the slice's elements come before the storage's bound, in the slice's order.
            let (start, by) = (start as i128, step as i128);
            let before = |&bound: &usize| {
                let bound = bound as i128;
                let count = if step > 0 {
                    -(start - bound).div_euclid(by)
                } else {
                    (start - bound).div_euclid(-by) + 1
                };
                count.clamp(0, len as i128) as usize
            };
            if step > 0 {
                (DimMap::Block { bounds: bounds.iter().map(before).collect() }, (0..procs).collect())
            } else {
                (
                    DimMap::Block { bounds: bounds.iter().rev().map(before).collect() },
                    (0..procs).rev().collect(),
                )
            }
        }
        DimMap::Cyclic { block: 1, .. } => {
            // Element i lies on process (start + step * i) mod P: cyclic over those processes that occur.
            let turn = procs as i128;
            let owner = |i: usize| (start as i128 + step as i128 * i as i128).rem_euclid(turn) as usize;
            let distinct = procs / num_integer::gcd(procs, step.unsigned_abs());
            (DimMap::cyclic(len, distinct), (0..distinct).map(owner).collect())
        }
        DimMap::Cyclic { block, .. } if step == 1 && start.is_multiple_of(*block) => {
            let first = start / block;
            (DimMap::block_cyclic(len, *block, procs), (0..procs).map(|p| (first + p) % procs).collect())
        }
        DimMap::Cyclic { .. } | DimMap::Unstructured { .. } => {
            let seen = |p| -> IndexSet { map.owned(p).slice(start, step, len).0 };
            (
                DimMap::Unstructured { size: len, indices: (0..procs).map(seen).collect() },
                (0..procs).collect(),
            )
        }
    }
}
