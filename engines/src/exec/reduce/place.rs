//! Where the results of reductions lie, and where the elements that went into them lay.

use std::sync::Arc;

use lang::layout::{DimMap, Layout, reduced};

use crate::ctx::Ctx;

/// Where a result without the reduced axes lies: where the operand's kept axes lie, if they are distributed at all;
/// small ones on all ranks.
pub fn result_layout(ctx: &Ctx, layout: &Layout, drop: &[bool], kept: &[usize]) -> Arc<Layout> {
    let kept_size = kept.iter().fold(1usize, |n, &extent| n.saturating_mul(extent));
    if layout.everywhere || kept.is_empty() || kept_size <= ctx.settings.small {
        return ctx.replicated(kept);
    }
    let there = reduced(layout, drop, false);
    match there.ranks.len() == 1 && layout.ranks.len() > 1 {
        // Nothing that is kept was distributed: one rank should not get it all.
        true => ctx.default_layout(kept),
        false => Arc::new(there),
    }
}

/// The layout with the reduced axes put back, of extent 1.
pub fn with_ones(layout: &Layout, drop: &[bool]) -> Layout {
    let mut kept = layout.dims.iter().zip(&layout.grid);
    let (dims, grid) = drop
        .iter()
        .map(|&gone| match gone {
            true => (DimMap::Whole { size: 1 }, 1),
            false => {
                kept.next().map_or((DimMap::Whole { size: 1 }, 1), |(dim, &extent)| (dim.clone(), extent))
            }
        })
        .unzip();
    Layout { dims, grid, ranks: layout.ranks.clone(), everywhere: layout.everywhere }
}

/// What each local index along a reduced axis adds to the flat index of an element; nothing along kept axes.
pub fn places(layout: &Layout, rank: usize, drop: &[bool]) -> Vec<Vec<i64>> {
    let mut stride = 1i64;
    let mut places: Vec<Vec<i64>> = layout
        .owned(rank)
        .iter()
        .zip(drop)
        .zip(layout.shape())
        .rev()
        .map(|((set, &gone), size)| {
            let place = set.iter().map(|i| if gone { i as i64 * stride } else { 0 }).collect();
            stride *= if gone { size as i64 } else { 1 };
            place
        })
        .collect();
    places.reverse();
    places
}

pub fn kept_of(shape: &[usize], drop: &[bool]) -> usize {
    shape.iter().zip(drop).filter(|(_, gone)| !**gone).map(|(n, _)| *n).product()
}
