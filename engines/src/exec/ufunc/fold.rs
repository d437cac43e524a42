//! Folding by a ufunc's loop along one axis: each rank its part, from rank to rank along a distributed axis.
//!
//! The folded axis is turned to the front, so that the loop runs over whole rows. A rank hands its last row to the
//! next: at most `P - 1` messages of one row along the axis, one after the other. Ufuncs that may be reordered fold
//! each rank's part at once and wait only for that row; the others wait before they fold, in NumPy's order.

use std::sync::Arc;

use lang::error::Result;
use lang::layout::{DimMap, Layout};
use lang::scalar::Scalar;

use super::Folding;
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::discover;
use crate::exec::element::filled;
use crate::exec::elementwise::order::result_strides;
use crate::exec::rearrange::views;
use crate::exec::redistribute::redistribute;

/// This rank's rows of an array turned so that the folded axis is the first, in blocks.
struct Rows {
    layout: Arc<Layout>,
    /// Elements of a row.
    len: usize,
    block: Block,
}

impl Rows {
    /// Collective.
    fn of(ctx: &mut Ctx, folding: &Folding, array: &Array, axis: usize) -> Result<Rows> {
        let array = discover::cast(ctx, array, folding.dtype)?;
        let mut axes: Vec<usize> = (0..array.ndim()).collect();
        axes[..=axis].rotate_right(1);
        let turned = views::transpose(ctx, &array, &axes)?;
        let lies = turned.layout().clone();
        let layout = match lies.dims[0] {
            DimMap::Whole { .. } | DimMap::Block { .. } => lies,
            DimMap::Cyclic { .. } | DimMap::Unstructured { .. } => {
                let mut blocks = (*lies).clone();
                blocks.dims[0] = DimMap::block(lies.dims[0].size(), lies.grid[0]);
                Arc::new(blocks)
            }
        };
        let block = ctx.local(&turned, &layout)?;
        let len = match layout.local_size(ctx.comm.rank()) {
            0 => 0,
            _ => layout.local_shape(ctx.comm.rank())[1..].iter().product(),
        };
        if let Some(check) = folding.by.check {
            // The first row is nobody's second operand.
            let first = layout.owned(ctx.comm.rank()).first().is_some_and(|set| set.get(0) == Some(0));
            let skipped = if first { len * folding.dtype.itemsize() } else { 0 };
            let seconds = &block.bytes()[skipped..];
            let verdict = if seconds.is_empty() { Ok(()) } else { check(&[seconds, seconds]) };
            ctx.agree(verdict)?;
        }
        Ok(Rows { layout, len, block })
    }

    /// The ranks that hold rows of the same elements as this one, in the order of the axis; this one's place.
    fn fiber(&self, rank: usize) -> (Vec<usize>, Option<usize>) {
        if self.layout.everywhere || self.layout.local_size(rank) == 0 {
            return (vec![rank], None);
        }
        let Some(coords) = self.layout.coords(rank) else {
            return (Vec::new(), None);
        };
        let holds = |p: &usize| self.layout.dims[0].local_len(*p) > 0;
        let places: Vec<usize> = (0..self.layout.grid[0]).filter(holds).collect();
        let rank_at = |p: &usize| self.layout.rank_of(&[&[*p], &coords[1..]].concat());
        (places.iter().map(rank_at).collect(), places.iter().position(|p| *p == coords[0]))
    }
}

/// `into = f(into, row)`.
fn step(folding: &Folding, into: &mut Block, row: &[u8], spare: &mut Block) {
    (folding.by.run)(&[into.bytes(), row], &mut [spare.bytes_mut()]);
    std::mem::swap(into, spare);
}

/// As `step`, where there may be nothing yet: then the row itself.
fn take(folding: &Folding, sum: &mut Option<Block>, row: &[u8], spare: &mut Block) {
    match sum {
        Some(sum) => step(folding, sum, row, spare),
        None => {
            let mut first = Block::zeros(folding.dtype, spare.len());
            first.bytes_mut().copy_from_slice(row);
            *sum = Some(first);
        }
    }
}

/// Receives the row of the rank before, if there is one.
fn receive(ctx: &mut Ctx, folding: &Folding, len: usize, from: Option<usize>) -> Option<Block> {
    let from = from?;
    let mut row = Block::zeros(folding.dtype, len);
    ctx.exchange(&[], &mut [(from, row.bytes_mut())]);
    Some(row)
}

/// Folds along an axis, `initial` before the first element. The axis has elements. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn reduce(
    ctx: &mut Ctx,
    folding: &Folding,
    array: &Array,
    axis: usize,
    initial: Option<Scalar>,
) -> Result<Array> {
    let rows = Rows::of(ctx, folding, array, axis)?;
    let me = ctx.comm.rank();
    let (fiber, place) = rows.fiber(me);
    let at = place.unwrap_or(0);
    let mut sum = None;
    if rows.len > 0 {
        let size = folding.dtype.itemsize();
        let mut spare = Block::zeros(folding.dtype, rows.len);
        let before = fiber[..at].last().copied();
        if !folding.reorderable {
            sum = receive(ctx, folding, rows.len, before);
        }
        if at == 0 {
            sum = initial.map(|value| filled(folding.dtype, rows.len, value));
        }
        for row in rows.block.bytes().chunks_exact(rows.len * size) {
            take(folding, &mut sum, row, &mut spare);
        }
        if folding.reorderable
            && let (Some(mut all), Some(own)) = (receive(ctx, folding, rows.len, before), sum.as_ref())
        {
            step(folding, &mut all, own.bytes(), &mut spare);
            sum = Some(all);
        }
        if let (Some(next), Some(sum)) = (fiber.get(at + 1), &sum) {
            ctx.exchange(&[(*next, sum.bytes())], &mut []);
        }
    }
    // The last ranks along the axis have the result.
    let layout = last(&rows.layout);
    let block = match layout.local_size(me) {
        0 => Block::zeros(folding.dtype, 0),
        len => sum.unwrap_or(Block::zeros(folding.dtype, len)),
    };
    let shape = layout.shape();
    let result = Array::from_block(shape.clone(), Arc::new(layout), block);
    let wanted = ctx.derived_layout(&shape, array.layout(), array.size());
    let one_rank = result.layout().ranks.len() == 1 && ctx.comm.size() > 1;
    match wanted.everywhere || one_rank {
        true => redistribute(ctx, &result, &wanted),
        false => Ok(result),
    }
}

/// The layout of what the last ranks along the first axis hold of the others.
fn last(rows: &Layout) -> Layout {
    if rows.everywhere {
        return Layout { dims: rows.dims[1..].to_vec(), grid: rows.grid[1..].to_vec(), ..rows.clone() };
    }
    let holds = |p: &usize| rows.dims[0].local_len(*p) > 0;
    let at = (0..rows.grid[0]).rfind(holds).unwrap_or(0);
    let each: usize = rows.grid[1..].iter().product();
    let ranks = rows.ranks[at * each..(at + 1) * each].into();
    Layout { dims: rows.dims[1..].to_vec(), grid: rows.grid[1..].to_vec(), ranks, everywhere: false }
}

/// The running results of folding along an axis, in the layout of the array. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn accumulate(ctx: &mut Ctx, folding: &Folding, array: &Array, axis: usize) -> Result<Array> {
    let mut rows = Rows::of(ctx, folding, array, axis)?;
    let me = ctx.comm.rank();
    let (fiber, place) = rows.fiber(me);
    let at = place.unwrap_or(0);
    if rows.len > 0 {
        let bytes = rows.len * folding.dtype.itemsize();
        let before = fiber[..at].last().copied();
        let mut spare = Block::zeros(folding.dtype, rows.len);
        let mut sum = None;
        if !folding.reorderable {
            sum = receive(ctx, folding, rows.len, before);
        }
        for row in rows.block.bytes_mut().chunks_exact_mut(bytes) {
            take(folding, &mut sum, row, &mut spare);
            if let Some(sum) = &sum {
                row.copy_from_slice(sum.bytes());
            }
        }
        if folding.reorderable
            && let Some(carry) = receive(ctx, folding, rows.len, before)
        {
            for row in rows.block.bytes_mut().chunks_exact_mut(bytes) {
                (folding.by.run)(&[carry.bytes(), row], &mut [spare.bytes_mut()]);
                row.copy_from_slice(spare.bytes());
            }
        }
        if let Some(next) = fiber.get(at + 1) {
            let tail = rows.block.bytes().len() - bytes;
            let last = rows.block.bytes()[tail..].to_vec();
            ctx.exchange(&[(*next, &last)], &mut []);
        }
    }
    let turned = Array::from_block(rows.layout.shape(), rows.layout.clone(), rows.block);
    let mut axes: Vec<usize> = (0..array.ndim()).collect();
    axes[..=axis].rotate_left(1);
    // Where the folded axis was: the first of `turned` goes to `axis`.
    let result = views::transpose(ctx, &turned, &axes)?;
    let result = match result.layout() == array.layout() {
        true => result,
        false => redistribute(ctx, &result, array.layout())?,
    };
    let strides = result_strides(&[array], array.shape());
    views::laid_out(ctx, result, strides)
}
