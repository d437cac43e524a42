//! Stacks of local matrices multiplied, and an operand whose panels go round a ring.

use std::sync::Arc;

use lang::error::Result;
use lang::layout::{DimMap, Layout};

use super::gemm::{Matrix, add_product};
use super::shape::Product;
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;

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
