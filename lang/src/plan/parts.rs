//! The layout of an array that is made of parts, one a rank: what functions return that run on each rank's own block.

use std::sync::Arc;

use crate::error::{Class, Error, Result};
use crate::layout::{DimMap, Layout};
use crate::text::tuple;

/// The ranks in the order of the parts, and each one's part by its shape; None of a rank that made none.
pub struct Parts<'a> {
    pub ranks: &'a [usize],
    pub shapes: &'a [Option<Vec<usize>>],
}

/// The layout of the whole. Without an axis: that of the first of `like`, over the same ranks, whose blocks have the
/// shapes of the parts. Else the parts are joined along the axis (without one, axis 0) in the order of the ranks; where
/// they are as long there as the blocks of one of `like` along the only axis that is distributed, each index of a part is
/// that of its block.
///
/// # Errors
/// ValueError where the parts do not fit together, and AxisError; both name the ranks.
pub fn layout(parts: &Parts, like: &[Arc<Layout>], axis: Option<i64>) -> Result<Layout> {
    let mut made = parts.ranks.iter().zip(parts.shapes).filter_map(|(rank, s)| Some((*rank, s.as_ref()?)));
    let Some((first, shape)) = made.next() else {
        return Err(Error::value("no rank has made a part"));
    };
    let like = || like.iter().filter(|l| *l.ranks == *parts.ranks && !l.everywhere);
    if axis.is_none()
        && let Some(same) = like().find(|l| l.ndim() == shape.len() && blocks_of(parts, l))
    {
        return Ok((**same).clone());
    }
    let ndim = shape.len();
    let axis = axis_of(axis, ndim)?;
    let fits = |other: &[usize]| other.len() == ndim && (0..ndim).all(|d| d == axis || other[d] == shape[d]);
    if let Some((rank, other)) = made.find(|(_, other)| !fits(other)) {
        let (a, b) = (tuple(shape), tuple(other));
        return Err(Error::value(format!(
            "parts of shapes {a} on rank {first} and {b} on rank {rank} cannot be joined along axis {axis}"
        )));
    }
    let lengths: Vec<usize> = parts.shapes.iter().map(|s| s.as_ref().map_or(0, |s| s[axis])).collect();
    let map = like().find_map(|l| map_of(l, &lengths)).unwrap_or_else(|| {
        let ends = lengths.iter().scan(0, |end, len| {
            *end += len;
            Some(*end)
        });
        DimMap::Block { bounds: std::iter::once(0).chain(ends).collect() }
    });
    let mut dims: Vec<DimMap> = shape.iter().map(|&size| DimMap::Whole { size }).collect();
    let mut grid = vec![1; ndim];
    (dims[axis], grid[axis]) = (map, parts.ranks.len());
    Ok(Layout { dims, grid, ranks: parts.ranks.into(), everywhere: false })
}

/// The axis along which parts of so many dimensions are joined.
///
/// # Errors
/// AxisError.
pub fn axis_of(axis: Option<i64>, ndim: usize) -> Result<usize> {
    let given = axis.unwrap_or(0);
    let from_front = if given < 0 { given + ndim as i64 } else { given };
    usize::try_from(from_front).ok().filter(|&d| d < ndim).ok_or_else(|| {
        let what = format!("axis {given} is out of bounds for array of dimension {ndim}");
        Error::new(Class::AxisError, what)
    })
}

/// Whether the parts have the shapes of a layout's blocks; who made none holds nothing.
fn blocks_of(parts: &Parts, layout: &Layout) -> bool {
    parts.ranks.iter().zip(parts.shapes).all(|(&rank, shape)| match shape {
        Some(shape) => *shape == layout.local_shape(rank),
        None => layout.local_size(rank) == 0,
    })
}

/// The map of the only axis of a layout that is distributed, where its blocks have these lengths.
fn map_of(layout: &Layout, lengths: &[usize]) -> Option<DimMap> {
    let mut spread = (0..layout.ndim()).filter(|&d| layout.grid[d] > 1);
    let (d, None) = (spread.next()?, spread.next()) else {
        return None;
    };
    let map = &layout.dims[d];
    lengths.iter().enumerate().all(|(p, &len)| map.local_len(p) == len).then(|| map.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::DistSpec;

    fn dealt(shape: &[usize], dist: &str, team: usize) -> Arc<Layout> {
        Arc::new(Layout::new(shape, &DistSpec::parse(dist).unwrap(), team, None, None).unwrap())
    }

    fn joined(shapes: &[Option<&[usize]>], like: &[Arc<Layout>], axis: Option<i64>) -> Result<Layout> {
        let ranks: Vec<usize> = (0..shapes.len()).collect();
        let shapes: Vec<_> = shapes.iter().map(|s| s.map(<[usize]>::to_vec)).collect();
        layout(&Parts { ranks: &ranks, shapes: &shapes }, like, axis)
    }

    #[test]
    fn parts_that_are_like_blocks_lie_as_they_do() {
        let grid = dealt(&[5, 6], "cb", 4);
        let shapes: Vec<Vec<usize>> = (0..4).map(|rank| grid.local_shape(rank)).collect();
        let shapes: Vec<_> = shapes.iter().map(|s| Some(&s[..])).collect();
        assert_eq!(joined(&shapes, std::slice::from_ref(&grid), None).unwrap(), *grid);
        // 9 on 4 are 3, 3, 3, 0: the last makes nothing.
        let blocks = dealt(&[9], "b", 4);
        let three: Option<&[usize]> = Some(&[3]);
        assert_eq!(
            joined(&[three, three, three, None], std::slice::from_ref(&blocks), None).unwrap(),
            *blocks
        );
    }

    #[test]
    fn rows_that_are_dealt_out_stay_in_their_places() {
        let rows = dealt(&[7, 4], "cn", 3);
        let got = joined(&[Some(&[3]), Some(&[2]), Some(&[2])], std::slice::from_ref(&rows), None).unwrap();
        assert_eq!(got.dims, [DimMap::cyclic(7, 3)]);
        let got = joined(&[Some(&[2, 3]), Some(&[2, 2]), Some(&[2, 2])], &[rows], Some(-1)).unwrap();
        assert_eq!((got.dims[1].clone(), got.grid), (DimMap::cyclic(7, 3), vec![1, 3]));
    }

    #[test]
    fn others_are_joined_in_the_order_of_the_ranks() {
        let got = joined(&[Some(&[1, 2]), None, Some(&[4, 2])], &[], None).unwrap();
        assert_eq!(
            (got.shape(), got.dims[0].clone()),
            (vec![5, 2], DimMap::Block { bounds: vec![0, 1, 1, 5] })
        );
        let error = joined(&[Some(&[1, 2]), Some(&[1, 3])], &[], None).unwrap_err();
        assert_eq!(error.class, Class::ValueError);
        assert!(error.message.contains("(1, 3) on rank 1"), "{}", error.message);
        assert_eq!(joined(&[Some(&[1])], &[], Some(1)).unwrap_err().class, Class::AxisError);
        assert!(joined(&[Some(&[1]), Some(&[1, 1])], &[], None).is_err());
    }
}
