//! Which two-dimensional slices stand for an array of more dimensions.

use crate::layout::Layout;

/// One slice over the last two axes.
pub struct Slice {
    /// `[0, 4, :, :]`, or that it stands for all.
    pub title: String,
    /// Grid coordinates; those of the last two axes are 0.
    pub coords: Vec<usize>,
}

/// One slice for each choice of owners of the leading axes that own something, the first `most`; and how many there are.
/// The array has two dimensions or more, and elements.
pub fn slices(layout: &Layout, most: usize) -> (Vec<Slice>, usize) {
    let lead = layout.ndim() - 2;
    // Per leading axis: the grid coordinates that own something, and the first index of each.
    let owners: Vec<Vec<(usize, usize)>> = layout.dims[..lead]
        .iter()
        .map(|map| (0..map.procs()).filter_map(|c| map.owned(c).get(0).map(|first| (c, first))).collect())
        .collect();
    let different: usize = owners.iter().map(Vec::len).product();
    let slice = |nth: usize| {
        let mut coords = vec![0; layout.ndim()];
        let mut index = vec![0; lead];
        let mut rest = nth;
        for d in (0..lead).rev() {
            (coords[d], index[d]) = owners[d][rest % owners[d].len()];
            rest /= owners[d].len();
        }
        let index: String = index.iter().map(|i| format!("{i}, ")).collect();
        let title = if different == 1 { "every slice".to_string() } else { format!("[{index}:, :]") };
        Slice { title, coords }
    };
    ((0..different.min(most)).map(slice).collect(), different)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::DistSpec;

    #[test]
    fn slices_have_different_owners_that_own_something() {
        let titles = |shape: &[usize], dist: &str, team: usize, grid: &[usize]| {
            let spec = DistSpec::parse(dist).unwrap();
            let layout = Layout::new(shape, &spec, team, Some(grid), None).unwrap();
            let (slices, different) = slices(&layout, 3);
            (slices.into_iter().map(|s| s.title).collect::<Vec<_>>().join(" "), different)
        };
        assert_eq!(titles(&[4, 5, 6], "nbb", 4, &[1, 2, 2]), ("every slice".into(), 1));
        assert_eq!(titles(&[4, 5, 6], "bnn", 3, &[3, 1, 1]), ("[0, :, :] [2, :, :]".into(), 2));
        assert_eq!(titles(&[4, 4, 2, 2], "bbnn", 6, &[2, 3, 1, 1]).1, 4);
        assert_eq!(
            titles(&[9, 9, 2, 2], "bcnn", 6, &[2, 3, 1, 1]),
            ("[0, 0, :, :] [0, 1, :, :] [0, 2, :, :]".into(), 6)
        );
    }
}
