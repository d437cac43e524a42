//! Diagonals as views: each rank sees those of its elements that lie on one.

use std::sync::Arc;

use lang::error::Result;
use lang::layout::{DimMap, IndexSet, Layout};

use crate::array::{Array, Axis, Place, Strided, View};
use crate::ctx::Ctx;
use crate::exec::elementwise::force::force;

/// The diagonal of two axes, `offset` columns to the right, as the last axis. Collective.
///
/// # Errors
/// MemoryError, on all ranks, when the array is pending and cannot be computed.
pub fn diagonal(
    ctx: &mut Ctx,
    array: &Array,
    offset: i64,
    (first, second): (usize, usize),
    writable: bool,
) -> Result<Array> {
    force(ctx, array)?;
    let shape = array.shape();
    let (down, right) = match offset {
        0.. => (0, usize::try_from(offset).unwrap_or(usize::MAX)),
        _ => (offset.unsigned_abs() as usize, 0),
    };
    let len = shape[first].saturating_sub(down).min(shape[second].saturating_sub(right));
    let (down, right) = if len == 0 { (0, 0) } else { (down, right) };
    let others: Vec<usize> = (0..shape.len()).filter(|d| *d != first && *d != second).collect();
    let old = array.layout();
    let on = |rank: usize| -> Vec<usize> {
        let owned = old.owned(rank);
        (0..len)
            .filter(|i| {
                owned[first].position(i + down).is_some() && owned[second].position(i + right).is_some()
            })
            .collect()
    };
    let layout = Arc::new(seen_layout(old, &others, (first, second), len, on));

    let strides = &array.0.strided.strides;
    let mut new_strides: Vec<isize> = others.iter().map(|&d| strides[d]).collect();
    new_strides.push(strides[first] + strides[second]);
    let strided = Strided {
        offset: array.0.strided.offset + strides[first] * down as isize + strides[second] * right as isize,
        strides: new_strides,
    };

    let me = ctx.comm.rank();
    let view = array.view().expect("it was forced");
    let place = view.place(me);
    let owned = old.owned(me);
    let mut axes: Vec<Axis> = others.iter().map(|&d| place.axes[d].clone()).collect();
    let offsets: Vec<isize> = layout.owned(me).last().map_or(Vec::new(), |held| {
        held.iter()
            .filter_map(|i| {
                let (p, q) = (owned[first].position(i + down)?, owned[second].position(i + right)?);
                Some(place.axes[first].at(p) + place.axes[second].at(q))
            })
            .collect()
    });
    axes.push(Axis::List(offsets.into()));
    let mut new_shape: Vec<usize> = others.iter().map(|&d| shape[d]).collect();
    new_shape.push(len);
    let seen = View { storage: view.storage.clone(), place: Some(Place { offset: place.offset, axes }) };
    let writable = writable && array.is_writable();
    Ok(Array::of_view(array.dtype(), new_shape, layout, strided, writable, seen))
}

/// The layout of the diagonal: both axes' processes share it out.
fn seen_layout(
    old: &Layout,
    others: &[usize],
    (first, second): (usize, usize),
    len: usize,
    on: impl Fn(usize) -> Vec<usize>,
) -> Layout {
    let mut dims: Vec<DimMap> = others.iter().map(|&d| old.dims[d].clone()).collect();
    let mut grid: Vec<usize> = others.iter().map(|&d| old.grid[d]).collect();
    if old.everywhere {
        dims.push(DimMap::Whole { size: len });
        grid.push(1);
        return Layout { dims, grid, ranks: old.ranks.clone(), everywhere: true };
    }
    // In C order of the new grid: the other axes' coordinates, then those of both.
    let mut ranks: Vec<(Vec<usize>, usize)> = old
        .ranks
        .iter()
        .map(|&rank| {
            let coords = old.coords(rank).unwrap_or_default();
            let mut key: Vec<usize> = others.iter().map(|&d| coords[d]).collect();
            key.push(coords[first] * old.grid[second] + coords[second]);
            (key, rank)
        })
        .collect();
    ranks.sort();
    let along = old.grid[first] * old.grid[second];
    // The parts along the diagonal are the same for all coordinates of the other axes.
    let indices = ranks.iter().take(along).map(|(_, rank)| IndexSet::from_indices(on(*rank))).collect();
    dims.push(DimMap::Unstructured { size: len, indices });
    grid.push(along);
    Layout { dims, grid, ranks: ranks.into_iter().map(|(_, rank)| rank).collect(), everywhere: false }
}
