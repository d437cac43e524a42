//! Lists of integers along axis 0: what they pick, and assignment to it. The indices are known to all ranks.

use std::sync::Arc;

use lang::dtype::DType;
use lang::error::{Error, Result};
use lang::layout::{DimMap, Layout};

use super::key::Integers;
use super::mask::{by_rows, rows_layout};
use super::{blended, store};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::elementwise::Operand;
use crate::exec::elementwise::force::assign;
use crate::exec::rearrange::views;

/// `array[picks]`, a copy in the default layout by rows. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn get(ctx: &mut Ctx, array: &Array, picks: &Integers) -> Result<Array> {
    let from = by_rows(ctx, array);
    let rows = ctx.local(array, &from)?;
    let tail = &array.shape()[1..];
    let count = picks.indices.len();
    let shape = [&[count], tail].concat();
    let team = ctx.comm.size();
    let wanted = ctx.derived_layout(&shape, array.layout(), array.size());
    let layout: Arc<Layout> = if wanted.everywhere {
        ctx.replicated(&shape)
    } else {
        Arc::new(rows_layout(&shape, DimMap::block(count, team), (0..team).collect()))
    };
    let mut block: Block = ctx.allocate(&layout, &[array.dtype()])?.remove(0);
    let chunk = tail.iter().product::<usize>() * array.dtype().itemsize();
    let me = ctx.comm.rank();
    let row = |block: &Block, at: usize| block.bytes()[at * chunk..(at + 1) * chunk].to_vec();

    // For each rank: which of the picks it gets, and who has them.
    let holds = |rank: usize| layout.coords(rank).map(|c| layout.dims[0].owned(c[0]));
    let owner = |k: usize| from.dims[0].owner(picks.indices[k]).map(|(p, at)| (from.ranks[p], at));
    let mut outgoing: Vec<Vec<u8>> = vec![Vec::new(); team];
    let mut incoming: Vec<Vec<u8>> = vec![Vec::new(); team];
    for (q, out) in outgoing.iter_mut().enumerate() {
        for k in holds(q).iter().flat_map(|set| set.iter()) {
            let Some((p, at)) = owner(k) else { continue };
            let p = if from.everywhere { q } else { p };
            if p == me {
                out.extend(row(&rows, at));
            }
            if q == me {
                let len = incoming[p].len() + chunk;
                incoming[p].resize(len, 0);
            }
        }
    }
    let own = std::mem::take(&mut outgoing[me]);
    incoming[me].clear();
    let sends: Vec<(usize, &[u8])> =
        outgoing.iter().enumerate().filter(|(_, b)| !b.is_empty()).map(|(q, b)| (q, &b[..])).collect();
    let mut recvs: Vec<(usize, &mut [u8])> = incoming
        .iter_mut()
        .enumerate()
        .filter(|(_, b)| !b.is_empty())
        .map(|(p, b)| (p, &mut b[..]))
        .collect();
    ctx.exchange(&sends, &mut recvs);
    incoming[me] = own;
    let mut used = vec![0; team];
    for (place, k) in holds(me).iter().flat_map(|set| set.iter()).enumerate() {
        let Some((p, _)) = owner(k) else { continue };
        let p = if from.everywhere { me } else { p };
        block.bytes_mut()[place * chunk..(place + 1) * chunk]
            .copy_from_slice(&incoming[p][used[p]..used[p] + chunk]);
        used[p] += chunk;
    }
    let flat = Array::from_block(shape, layout, block);
    if picks.shape.len() == 1 {
        Ok(flat)
    } else {
        views::reshape(ctx, &flat, &[&picks.shape[..], tail].concat())
    }
}

/// `target[picks] = value`; of equal indices the last wins. Collective.
///
/// # Errors
/// ValueError where the value does not broadcast to what is picked; MemoryError.
pub fn set(ctx: &mut Ctx, target: &Array, picks: &Integers, value: Operand) -> Result<()> {
    let rows = by_rows(ctx, target);
    let tail = &target.shape()[1..];
    let (rank, length) = (ctx.comm.rank(), target.shape()[0]);
    let mut last: Vec<Option<usize>> = vec![None; length];
    picks.indices.iter().enumerate().for_each(|(k, &i)| last[i] = Some(k));
    let everywhere = ctx.replicated(&[length]);
    let mut mask = Block::zeros(DType::Bool, length);
    mask.bytes_mut().iter_mut().zip(&last).for_each(|(m, k)| *m = k.is_some() as u8);
    let mask = Array::from_block(vec![length], everywhere, mask);
    let value = match value {
        Operand::Array(array) => {
            // The value by picks, whole on every rank, as the indices are.
            let shape = [&picks.shape[..], tail].concat();
            let layout = ctx.replicated(&shape);
            let block = ctx.allocate(&layout, &[target.dtype()])?.remove(0);
            let whole = Array::from_block(shape.clone(), layout.clone(), block);
            let from = super::tuple(array.shape());
            store(ctx, &whole, Operand::Array(array), 1).map_err(|e| match e.message.starts_with("could not broadcast") {
                true => Error::value(format!(
                    "shape mismatch: value array of shape {from} could not be broadcast to indexing result of shape {}",
                    super::tuple(&shape)
                )),
                false => e,
            })?;
            let values = ctx.local(&whole, &layout)?;
            let mut block = ctx.allocate(&rows, &[target.dtype()])?.remove(0);
            let chunk = tail.iter().product::<usize>() * target.dtype().itemsize();
            let owned = rows.coords(rank).map(|c| rows.dims[0].owned(c[0]));
            for (place, i) in owned.iter().flat_map(|set| set.iter()).enumerate() {
                if let Some(k) = last[i] {
                    let from = &values.bytes()[k * chunk..(k + 1) * chunk];
                    block.bytes_mut()[place * chunk..(place + 1) * chunk].copy_from_slice(from);
                }
            }
            Operand::Array(Array::from_block(target.shape().to_vec(), rows, block))
        }
        scalar => scalar,
    };
    let new = blended(ctx, target, &mask, value)?;
    assign(ctx, target, &new, 1)
}
