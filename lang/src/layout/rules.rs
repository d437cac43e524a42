//! Which layout a result gets: the default for new arrays, and the rules for results of operations.

use super::{DimMap, DistSpec, Layout};

/// The layout of a new array when `dist=` says nothing: at most `small` elements (and 0-d) are replicated, larger ones
/// get `spec`: its leading letters for fewer dimensions, filled up with `n` for more.
pub fn default_layout(shape: &[usize], team: usize, small: usize, spec: &DistSpec) -> Layout {
    // Saturating: the shape of an array that cannot be allocated may still ask.
    let size = shape.iter().fold(1usize, |n, &extent| n.saturating_mul(extent));
    if size <= small || shape.is_empty() {
        return Layout::replicated(shape, team);
    }
    let leading = match spec {
        DistSpec::Replicated => DistSpec::Replicated,
        DistSpec::Dims(dims) => DistSpec::Dims(dims[..dims.len().min(shape.len())].to_vec()),
    };
    // Only bounds and index lists, made for one size, can fail here; a setting cannot hold them.
    Layout::new(shape, &leading, team, None, None).unwrap_or_else(|_| Layout::replicated(shape, team))
}

/// The layout of an elementwise result of `shape` (the operands' broadcast shape). In this order:
///
/// 1. the first distributed operand of the full shape: it stays where it lies, the others come to it;
/// 2. replicated, when every operand is replicated and one of them has the full shape, or the result is small;
/// 3. the default of a new array, when no distributed operand has the full shape.
///
/// So a replicated operand never wins over a distributed one of the full shape, and the choice depends on the operands'
/// order only between distributed ones.
pub fn elementwise(operands: &[&Layout], shape: &[usize], default: impl FnOnce() -> Layout) -> Layout {
    let full = |layout: &&&Layout| layout.dims.iter().map(DimMap::size).eq(shape.iter().copied());
    let mut of_full_shape = operands.iter().filter(full);
    if let Some(layout) = operands.iter().filter(full).find(|l| !l.everywhere) {
        return (**layout).clone();
    }
    match of_full_shape.next() {
        Some(layout) if operands.iter().all(|l| l.everywhere) => (**layout).clone(),
        _ => default(),
    }
}

/// The layout of a reduction's result: the reduced axes (true in `drop`) disappear, or stay with extent 1 under
/// `keepdims`. It lies on the ranks with coordinate 0 along them. Replicated stays replicated.
pub fn reduced(layout: &Layout, drop: &[bool], keepdims: bool) -> Layout {
    let kept = |d: &usize| keepdims || !drop[*d];
    let dims = (0..layout.ndim())
        .filter(kept)
        .map(|d| if drop[d] { DimMap::Whole { size: 1 } } else { layout.dims[d].clone() })
        .collect();
    let grid = (0..layout.ndim()).filter(kept).map(|d| if drop[d] { 1 } else { layout.grid[d] }).collect();
    let ranks = if layout.everywhere {
        layout.ranks.clone()
    } else {
        let first = |rank: &usize| {
            layout
                .coords(*rank)
                .is_some_and(|coords| coords.iter().zip(drop).all(|(&c, &dropped)| !dropped || c == 0))
        };
        layout.ranks.iter().copied().filter(first).collect()
    };
    Layout { dims, grid, ranks, everywhere: layout.everywhere }
}

/// The layout of a transposed array: its axis `d` is axis `axes[d]` of `layout`.
pub fn transposed(layout: &Layout, axes: &[usize]) -> Layout {
    let grid: Vec<usize> = axes.iter().map(|&d| layout.grid[d]).collect();
    let dims = axes.iter().map(|&d| layout.dims[d].clone()).collect();
    if layout.everywhere {
        return Layout { dims, grid, ranks: layout.ranks.clone(), everywhere: true };
    }
    let ranks = grid_coords(&grid)
        .map(|coords| {
            let mut old = vec![0; axes.len()];
            axes.iter().zip(&coords).for_each(|(&d, &c)| old[d] = c);
            layout.rank_of(&old)
        })
        .collect();
    Layout { dims, grid, ranks, everywhere: false }
}

/// All coordinates of a grid, in C order; one empty list for the grid of no dimensions.
pub(crate) fn grid_coords(grid: &[usize]) -> impl Iterator<Item = Vec<usize>> + '_ {
    (0..grid.iter().product::<usize>()).map(move |mut at| {
        let mut coords = vec![0; grid.len()];
        for (coord, &extent) in coords.iter_mut().zip(grid).rev() {
            *coord = at % extent;
            at /= extent;
        }
        coords
    })
}
