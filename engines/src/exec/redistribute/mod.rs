//! Moves arrays between layouts, and brings operands to the layout of a result.

pub mod align;
pub mod fetch;

use std::sync::Arc;

use lang::error::Result;
use lang::layout::{Layout, Run};
use lang::plan::Plan;

use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::elementwise::force::force;
use crate::explain;
use crate::watch::{LOOK, go_on};

/// The array's elements in another layout, as a new array. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn redistribute(ctx: &mut Ctx, array: &Array, layout: &Arc<Layout>) -> Result<Array> {
    let block = local(ctx, array, layout)?;
    Ok(Array::from_block(array.shape().to_vec(), layout.clone(), block))
}

/// This rank's part of `array` in `layout` (of the same shape), contiguous in C order. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn local(ctx: &mut Ctx, array: &Array, layout: &Layout) -> Result<Block> {
    force(ctx, array)?;
    let me = ctx.comm.rank();
    let mut block = ctx.allocate(layout, &[array.dtype()])?.remove(0);
    let pieces = align::align(ctx, &[array], layout)?.remove(0);
    let watch = ctx.watch_elements(layout, 2);
    if layout.local_size(me) > 0 {
        align::pack(&pieces, &layout.local_shape(me), &mut block);
    }
    ctx.end(watch)?;
    if ctx.steps.is_some() && lang::plan::align::plan(array.layout(), layout, me).remote {
        ctx.step(|_| format!("{} is brought to {}", explain::what(array), layout.describe()));
    }
    Ok(block)
}

/// Does as a plan says: from this rank's old block, in C order, to its new one; both have at most `most` elements on any
/// rank. Collective.
///
/// # Errors
/// KeyboardInterrupt, on all ranks.
pub fn carry(ctx: &mut Ctx, plan: &Plan, most: usize, old: &Block, new: &mut Block) -> Result<()> {
    let watch = ctx.watch(most.saturating_mul(10));
    let size = old.dtype().itemsize();
    let outgoing: Vec<(usize, Vec<u8>)> =
        plan.sends.iter().map(|piece| (piece.peer, pack(old.bytes(), &piece.runs, size))).collect();
    let mut incoming: Vec<(usize, Vec<u8>)> =
        plan.recvs.iter().map(|piece| (piece.peer, vec![0; piece.len() * size])).collect();
    let sends: Vec<(usize, &[u8])> = outgoing.iter().map(|(peer, bytes)| (*peer, &bytes[..])).collect();
    let mut recvs: Vec<(usize, &mut [u8])> =
        incoming.iter_mut().map(|(peer, bytes)| (*peer, &mut bytes[..])).collect();
    ctx.exchange_long(&sends, &mut recvs, most.saturating_mul(size).saturating_mul(ctx.comm.size()))?;
    for (piece, (_, bytes)) in plan.recvs.iter().zip(&incoming) {
        unpack(new.bytes_mut(), &piece.runs, size, bytes);
    }
    if let Some((keep, take)) = &plan.local {
        let bytes = pack(old.bytes(), keep, size);
        unpack(new.bytes_mut(), take, size, &bytes);
    }
    ctx.end(watch)
}

/// The elements at `runs` of positions, one after the other.
fn pack(block: &[u8], runs: &[Run], size: usize) -> Vec<u8> {
    let mut message = Vec::with_capacity(runs.iter().map(|r| r.len).sum::<usize>() * size);
    for run in pieces(runs) {
        if run.step == 1 {
            message.extend_from_slice(&block[run.start * size..(run.start + run.len) * size]);
        } else {
            run.iter().for_each(|at| message.extend_from_slice(&block[at * size..(at + 1) * size]));
        }
    }
    // Where it was left unfinished nobody uses it, but its length is agreed.
    message.resize(runs.iter().map(|r| r.len).sum::<usize>() * size, 0);
    message
}

/// Runs in parts, while the program is to go on.
fn pieces(runs: &[Run]) -> impl Iterator<Item = Run> {
    const PIECE: usize = 4 * LOOK;
    let parts = runs.iter().flat_map(|run| {
        (0..run.len).step_by(PIECE).map(|at| Run {
            start: run.start.wrapping_add_signed(run.step * at as isize),
            len: PIECE.min(run.len - at),
            ..*run
        })
    });
    // Many short runs: not every one is worth a look.
    parts
        .enumerate()
        .take_while(|(k, part)| (k % 64 > 0 && part.len < PIECE) || go_on())
        .map(|(_, part)| part)
}

/// The reverse of `pack`.
fn unpack(block: &mut [u8], runs: &[Run], size: usize, message: &[u8]) {
    let mut rest = message;
    for run in pieces(runs) {
        let (mine, after) = rest.split_at(run.len * size);
        if run.step == 1 {
            block[run.start * size..(run.start + run.len) * size].copy_from_slice(mine);
        } else {
            for (at, element) in run.iter().zip(mine.chunks_exact(size)) {
                block[at * size..(at + 1) * size].copy_from_slice(element);
            }
        }
        rest = after;
    }
}
