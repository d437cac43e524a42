//! The three ways of a product of distributed matrices: by rows, by columns, by the inner axis.

use std::sync::Arc;

use lang::error::Result;
use lang::layout::{DimMap, Layout};

use super::gemm::{Matrix, add_product};
use super::shape::Product;
use super::{Placed, along};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::alloc;
use crate::exec::element::{Element, typed, typed_mut};
use crate::exec::partials::Partials;
use crate::with_element;

/// Adds, for every matrix of the result, the product of the operands' parts along the inner axis: `x` are stacks of
/// matrices of `(rows, columns, first inner index)`, and the inner indices that both have are multiplied.
pub fn multiply(
    c: &mut Block,
    x: &Block,
    left: (usize, usize, usize),
    y: &Block,
    right: (usize, usize, usize),
    p: &Product,
) {
    let ((m, left_k, left_from), (right_k, n, right_from)) = (left, right);
    let from = left_from.max(right_from);
    let to = (left_from + left_k).min(right_from + right_k);
    if to <= from {
        return;
    }
    for (at, (i, j)) in p.pairs().into_iter().enumerate() {
        add_product(
            c,
            Matrix { start: at * m * n, rows: m, columns: n, stride: n },
            x,
            Matrix { start: i * m * left_k + from - left_from, rows: m, columns: to - from, stride: left_k },
            y,
            Matrix { start: (j * right_k + from - right_from) * n, rows: to - from, columns: n, stride: n },
        );
    }
}

/// The first index and the number of indices of a rank's block along an axis.
pub fn part(layout: &Layout, axis: usize, rank: usize) -> (usize, usize) {
    match &layout.dims[axis] {
        DimMap::Block { bounds } => (bounds[rank], bounds[rank + 1] - bounds[rank]),
        other => (0, other.size()),
    }
}

/// Calls `f(panel, first, count)` for every panel of `array` along its inner axis: this rank's own, then each that
/// comes round the ring; the whole at once where it is replicated. Collective.
pub fn round(
    ctx: &mut Ctx,
    array: &Array,
    layout: &Arc<Layout>,
    axis: usize,
    mut f: impl FnMut(&Block, usize, usize),
) -> Result<()> {
    let (rank, team) = (ctx.comm.rank(), ctx.comm.size());
    if array.layout().everywhere {
        let everything = array.layout().clone();
        f(&ctx.local(array, &everything)?, 0, array.shape()[axis]);
        return Ok(());
    }
    let mut panel = ctx.local(array, layout)?;
    for step in 0..team {
        let owner = (rank + step) % team;
        let (first, count) = part(layout, axis, owner);
        f(&panel, first, count);
        if step + 1 == team {
            break;
        }
        let next = (owner + 1) % team;
        let mut incoming = Block::zeros(array.dtype(), layout.local_size(next));
        let sends: Vec<(usize, &[u8])> = Some((((rank + team - 1) % team), panel.bytes()))
            .filter(|(_, b)| !b.is_empty())
            .into_iter()
            .collect();
        let mut recvs: Vec<(usize, &mut [u8])> = Some(((rank + 1) % team, incoming.bytes_mut()))
            .filter(|(_, b)| !b.is_empty())
            .into_iter()
            .collect();
        let most = ctx.largest_share(layout).saturating_mul(array.dtype().itemsize());
        ctx.exchange_long(&sends, &mut recvs, most)?;
        panel = incoming;
    }
    Ok(())
}

/// This rank's rows of every matrix of the result.
pub fn by_rows(
    ctx: &mut Ctx,
    a: &Array,
    rows: &Arc<Layout>,
    b: &Array,
    panels: &Arc<Layout>,
    p: &Product,
) -> Result<Block> {
    let x = ctx.local(a, rows)?;
    let mine = part(rows, a.shape().len() - 2, ctx.comm.rank()).1;
    let batch: usize = p.batch.iter().product();
    let mut c = Block::zeros(a.dtype(), batch * mine * p.n);
    let axis = b.shape().len().saturating_sub(2);
    let watch = ctx.watch(p.nanoseconds(ctx.comm.size()));
    round(ctx, b, panels, axis, |panel, first, count| {
        multiply(&mut c, &x, (mine, p.k, 0), panel, (count, p.n, first), p);
    })?;
    ctx.end(watch)?;
    Ok(c)
}

/// This rank's columns of every matrix of the result.
pub fn by_columns(
    ctx: &mut Ctx,
    a: &Array,
    panels: &Arc<Layout>,
    b: &Array,
    columns: &Arc<Layout>,
    p: &Product,
) -> Result<Block> {
    let y = ctx.local(b, columns)?;
    let mine = part(columns, b.shape().len() - 1, ctx.comm.rank()).1;
    let batch: usize = p.batch.iter().product();
    let mut c = Block::zeros(a.dtype(), batch * p.m * mine);
    let axis = a.shape().len() - 1;
    let watch = ctx.watch(p.nanoseconds(ctx.comm.size()));
    round(ctx, a, panels, axis, |panel, first, count| {
        multiply(&mut c, panel, (p.m, count, first), &y, (p.k, mine, 0), p);
    })?;
    ctx.end(watch)?;
    Ok(c)
}

/// Each rank's share of the inner axis, and the partial products added where the result lies.
pub fn by_inner(ctx: &mut Ctx, a: &Array, b: &Array, p: &Product, placed: &Placed) -> Result<Array> {
    let (rank, team) = (ctx.comm.rank(), ctx.comm.size());
    let shape = p.shape();
    let dtype = a.dtype();
    // Every rank has partial results of all of it.
    alloc::check(ctx, &shape, dtype, &Layout::replicated(&shape, team))?;
    let (x, y) = (ctx.local(a, &placed.left_inner)?, ctx.local(b, &placed.right_inner)?);
    let (first, count) = part(&placed.left_inner, a.shape().len() - 1, rank);
    let size: usize = shape.iter().product();
    let mut c = Block::zeros(dtype, size);
    let watch = ctx.watch(p.nanoseconds(team));
    multiply(&mut c, &x, (p.m, count, first), &y, (count, p.n, first), p);
    ctx.end(watch)?;
    let mut with_inner = shape.clone();
    with_inner.push(p.k);
    let from = along(&with_inner, Some(shape.len()), team);
    let mut drop = vec![false; shape.len()];
    drop.push(true);
    let to = ctx.default_layout(&shape);
    let partials = Partials { from: &from, drop: &drop, to: &to };
    let sum = partials.combine(ctx, &[c], |sum, next, _| {
        with_element!(dtype, T => {
            let (sums, more) = (typed_mut::<T>(&mut sum[0]), typed::<T>(&next[0]));
            sums.iter_mut().zip(more).for_each(|(a, &b)| *a = a.plus(b));
        });
    });
    let block =
        sum.and_then(|mut blocks| blocks.pop()).unwrap_or_else(|| Block::zeros(dtype, to.local_size(rank)));
    Ok(Array::from_block(shape, to, block))
}
