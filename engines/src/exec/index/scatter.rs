//! What advanced keys write: each rank sends the rows of its part of the picks to their owners, who write them in the
//! order of the picks, so that of equal indices the last stays.

use std::sync::Arc;

use lang::error::Result;
use lang::layout::{DimMap, Layout, Run};
use lang::plan::picks::Owners;
use lang::scalar::Scalar;
use lang::text::tuple;

use super::advanced::{Advanced, Picks};
use super::gather::{Found, along, find, in_blocks, picked_whole, with_rows};
use super::lines::Lines;
use super::mask::rows_layout;
use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::alltoall::alltoall;
use crate::exec::elementwise::copy;
use crate::exec::elementwise::force::{assign, compute_readers, force};
use crate::exec::rearrange::mirror;
use crate::explain;

/// What is written.
pub enum Source {
    One(Scalar),
    /// Of the shape of what is picked with the picks' axes first.
    Many(Array),
}

impl Source {
    /// Bytes of an element.
    fn size(&self) -> usize {
        match self {
            Source::One(value) => value.dtype().itemsize(),
            Source::Many(values) => values.dtype().itemsize(),
        }
    }
}

/// Values for rows in a rank's block: one element for all, or row after row.
pub enum Values<'a> {
    One(&'a [u8]),
    Rows(&'a [u8]),
}

/// Puts values into the rows of these numbers of a block, in this order.
pub type Put<'a> = &'a dyn Fn(&Lines, &[usize], &mut [u8], Values);

/// Stores values of elements of `size` bytes.
pub fn store(size: usize) -> impl Fn(&Lines, &[usize], &mut [u8], Values) {
    move |lines, rows, block, values| match values {
        Values::One(element) => lines.fill(rows, block, element),
        Values::Rows(bytes) => lines.write(size, rows, block, bytes),
    }
}

/// Puts values where the picks say, each as if those before it had been put. Collective.
///
/// # Errors
/// IndexError where an index is out of bounds; MemoryError; on all ranks and before anything is written.
pub fn scatter(ctx: &mut Ctx, seen: &Advanced, picks: &Picks, source: Source, put: Put) -> Result<()> {
    let (target, axes) = (&seen.turned, seen.axes.len());
    let source = match source {
        Source::Many(values) => {
            force(ctx, &values)?;
            let overlaps = values.shares_storage(target);
            Source::Many(if overlaps { copy(ctx, &values)? } else { values })
        }
        one => one,
    };
    if let Source::Many(values) = &source {
        force(ctx, values)?;
    }
    force(ctx, target)?;
    let layout = target.layout().clone();
    let told = match &source {
        Source::One(_) => true,
        Source::Many(values) => values.layout().everywhere,
    };
    if layout.everywhere && !(picks.known && told) {
        return by_parts(ctx, seen, picks, source, put);
    }
    let whole = picked_whole(&layout, axes);
    let dealt = match picks.known && (told || whole) {
        true => ctx.replicated(&picks.shape),
        false => in_order(picks).cloned().unwrap_or_else(|| in_blocks(ctx, &picks.shape)),
    };
    let known = picks.local(ctx, &dealt, &seen.axes)?;
    let owners = Owners::new(&layout, axes);
    let watch = ctx.watch_elements(&dealt, 50);
    let found = find(&owners, known);
    ctx.end(watch)?;
    compute_readers(ctx, target, None)?;
    if dealt.everywhere {
        write_known(ctx, seen, picks, &source, put, &found)?;
    } else {
        send(ctx, seen, &dealt, &source, put, &found)?;
    }
    ctx.step(|_| {
        let how = match dealt.everywhere {
            true => "every rank writes what it holds",
            false => "each rank sends its part to the owners",
        };
        format!("{} picks written into rows of {}: {how}", tuple(&picks.shape), explain::what(target))
    });
    mirror::written(ctx, target)
}

/// Every rank knows all picks, and all values or those for its part of every row: it writes what it holds.
fn write_known(
    ctx: &mut Ctx,
    seen: &Advanced,
    picks: &Picks,
    source: &Source,
    put: Put,
    found: &Found,
) -> Result<()> {
    let (target, axes, me) = (&seen.turned, seen.axes.len(), ctx.comm.rank());
    let layout = target.layout().clone();
    let size = source.size();
    let mut parts = None;
    if let Source::Many(values) = source
        && !values.layout().everywhere
    {
        // Each rank holds its part of every row.
        let lies = along(ctx, &layout, axes, &picks.shape);
        parts = Some(ctx.local(values, &Arc::new(lies))?);
    }
    let owners = Owners::new(&layout, axes);
    let Some(cell) = owners.cell_of(me).filter(|_| layout.local_size(me) > 0) else {
        return Ok(());
    };
    let mine: Vec<usize> = (0..found.len()).filter(|b| found.cell(*b) == cell).collect();
    let rows: Vec<usize> = mine.iter().map(|b| found.rows[*b]).collect();
    let view = target.view().expect("it was forced").clone();
    let lines = Lines::new(&view.place(me), axes);
    let mut one = [0; 16];
    let read;
    let values = match (source, &parts) {
        (Source::One(value), _) => {
            value.write(&mut one[..size]);
            Values::One(&one[..size])
        }
        (Source::Many(_), Some(block)) => Values::Rows(block.bytes()),
        (Source::Many(values), None) => {
            let from = values.view().expect("it was forced").clone();
            let mut runs: Vec<Vec<Run>> = picks.shape.iter().map(|n| vec![Run::range(0, *n)]).collect();
            runs.extend(owners.row(me).iter().map(|set| set.runs().to_vec()));
            let from_lines = Lines::new(&from.place(me).select(&runs), picks.shape.len());
            let mut bytes = vec![0; mine.len() * from_lines.len() * size];
            from_lines.read(size, &mine, from.storage.block.borrow().bytes(), &mut bytes);
            read = bytes;
            Values::Rows(&read)
        }
    };
    put(&lines, &rows, view.storage.block.borrow_mut().bytes_mut(), values);
    Ok(())
}

/// Sends this rank's picks, in the layout `dealt`, to the owners, and writes what the others send. Collective.
fn send(
    ctx: &mut Ctx,
    seen: &Advanced,
    dealt: &Arc<Layout>,
    source: &Source,
    put: Put,
    found: &Found,
) -> Result<()> {
    let (target, axes, me) = (&seen.turned, seen.axes.len(), ctx.comm.rank());
    let layout = target.layout().clone();
    let (size, row) = (source.size(), &target.shape()[axes..]);
    let owners = Owners::new(&layout, axes);
    let block = match source {
        Source::One(_) => None,
        Source::Many(values) => Some(ctx.local(values, &Arc::new(with_rows(dealt, row)))?),
    };
    let of_cell = found.by_cell(owners.cells());
    let mut messages: Vec<Vec<u8>> = vec![Vec::new(); ctx.comm.size()];
    for (cell, picks) in of_cell.iter().enumerate().filter(|(_, picks)| !picks.is_empty()) {
        for &rank in owners.ranks(cell) {
            let message = &mut messages[rank];
            let rows: Vec<u64> = picks.iter().map(|b| found.rows[*b] as u64).collect();
            message.extend_from_slice(bytemuck::cast_slice(&rows));
            if let Some(block) = &block {
                let lines = Lines::packed(found.len(), row, &owners.row(rank));
                let at = message.len();
                message.resize(at + picks.len() * lines.len() * size, 0);
                lines.read(size, picks, block.bytes(), &mut message[at..]);
            }
        }
    }
    let arrived = alltoall(ctx, messages);
    if layout.local_size(me) == 0 {
        return Ok(());
    }
    let view = target.view().expect("it was forced").clone();
    let lines = Lines::new(&view.place(me), axes);
    let each = if block.is_some() { lines.len() * size } else { 0 };
    let mut one = [0; 16];
    if let Source::One(value) = source {
        value.write(&mut one[..size]);
    }
    let mut to = view.storage.block.borrow_mut();
    for rank in dealt.ranks.iter() {
        let (rows, values) = arrived[*rank].split_at(arrived[*rank].len() / (8 + each) * 8);
        let rows: Vec<usize> = rows.as_chunks().0.iter().map(|b| u64::from_le_bytes(*b) as usize).collect();
        let values = if block.is_some() { Values::Rows(values) } else { Values::One(&one[..size]) };
        put(&lines, &rows, to.bytes_mut(), values);
    }
    Ok(())
}

/// A target that every rank holds, and picks or values that are dealt out: written in blocks, one for each rank, then
/// brought to all. Collective.
fn by_parts(ctx: &mut Ctx, seen: &Advanced, picks: &Picks, source: Source, put: Put) -> Result<()> {
    let (target, team) = (&seen.turned, ctx.comm.size());
    let shape = target.shape();
    let lies = Arc::new(rows_layout(shape, DimMap::block(shape[0], team), (0..team).collect()));
    let block = ctx.local(target, &lies)?;
    let turned = Array::from_block(shape.to_vec(), lies, block);
    let part =
        Advanced { turned: turned.clone(), axes: seen.axes.clone(), before: seen.before, by: Vec::new() };
    scatter(ctx, &part, picks, source, put)?;
    drop(part);
    assign(ctx, target, &turned, 1)
}

/// A layout in which somebody has the picks already, and in which the order of the ranks is theirs.
fn in_order(picks: &Picks) -> Option<&Arc<Layout>> {
    picks.lies().filter(|layout| {
        matches!(layout.dims[0], DimMap::Block { .. })
            && layout.dims[1..].iter().all(|d| matches!(d, DimMap::Whole { .. }))
    })
}
