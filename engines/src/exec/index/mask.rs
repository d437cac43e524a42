//! Boolean masks over the leading axes: what they select, in C order, and assignment to it.

use std::sync::Arc;

use lang::error::{Error, Result};
use lang::layout::{DimMap, Layout};

use super::{blended, store};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::elementwise::force::{assign, force};
use crate::exec::elementwise::{Operand, tuple};
use crate::exec::own::{Part, part};
use crate::exec::redistribute::redistribute;
use crate::watch::{LOOK, go_on};

/// A layout in which every rank holds whole rows of axis 0, so that local order is C order: the array's own where it is
/// such a one.
pub fn by_rows(ctx: &Ctx, array: &Array) -> Arc<Layout> {
    let own = array.layout();
    let whole = |d: &DimMap| matches!(d, DimMap::Whole { .. });
    let rows = matches!(own.dims.first(), Some(DimMap::Block { .. })) && own.dims[1..].iter().all(whole);
    if own.everywhere || rows {
        return own.clone();
    }
    let team = ctx.comm.size();
    Arc::new(rows_layout(array.shape(), DimMap::block(array.shape()[0], team), (0..team).collect()))
}

/// Blocks of rows, of these bounds.
pub fn rows_layout(shape: &[usize], rows: DimMap, ranks: Arc<[usize]>) -> Layout {
    let mut grid = vec![1; shape.len()];
    grid[0] = rows.procs();
    let mut dims = vec![rows];
    dims.extend(shape[1..].iter().map(|&size| DimMap::Whole { size }));
    Layout { dims, grid, ranks, everywhere: false }
}

/// What a mask selects of this rank's rows, and how the selection is dealt out: bounds by process.
struct Selection {
    /// Of the array, by rows.
    layout: Arc<Layout>,
    /// A flag for each element of the mask, in C order.
    chosen: Part,
    /// The selection's layout is rows with these bounds; empty where all ranks have all.
    bounds: Vec<usize>,
    total: usize,
    /// Elements of the array for each element of the mask.
    inner: usize,
}

fn select(ctx: &mut Ctx, array: &Array, mask: &Array) -> Result<Selection> {
    let layout = by_rows(ctx, array);
    let mut lies = (*layout).clone();
    lies.dims.truncate(mask.ndim());
    lies.grid.truncate(mask.ndim());
    let chosen = part(ctx, mask, &lies)?;
    let mine = count(chosen.block().bytes());
    let inner = array.shape()[mask.ndim()..].iter().product();
    if layout.everywhere {
        return Ok(Selection { layout, total: mine, chosen, bounds: Vec::new(), inner });
    }
    let counts = ctx.comm.allgather(&(mine as u64).to_le_bytes());
    let count =
        |rank: &usize| counts[*rank].first_chunk::<8>().map_or(0, |b| u64::from_le_bytes(*b) as usize);
    let mut bounds = vec![0];
    for rank in layout.ranks.iter() {
        bounds.push(bounds.last().copied().unwrap_or(0) + count(rank));
    }
    let total = bounds.last().copied().unwrap_or(0);
    Ok(Selection { layout, chosen, bounds, total, inner })
}

/// How many flags are set.
fn count(flags: &[u8]) -> usize {
    // A byte counts as far as 255: short sums are vectorised.
    flags.chunks(128).map(|some| usize::from(some.iter().map(|f| u8::from(*f != 0)).sum::<u8>())).sum()
}

impl Selection {
    /// The layout of an array whose axis 0 is the selection.
    fn dealt(&self, ctx: &Ctx, shape: &[usize]) -> Arc<Layout> {
        if self.bounds.is_empty() {
            return ctx.replicated(shape);
        }
        let bounds = self.bounds.clone();
        Arc::new(rows_layout(shape, DimMap::Block { bounds }, self.layout.ranks.clone()))
    }
}

/// The items of `size` bytes whose flag is set, one after the other, into `to`, which they fill. May be left unfinished
/// (`engines::watch`).
fn compress(flags: &[u8], size: usize, from: &[u8], to: &mut [u8]) {
    fn go<const N: usize>(flags: &[u8], from: &[u8], to: &mut [u8]) {
        let (from, to) = (from.as_chunks::<N>().0, to.as_chunks_mut::<N>().0);
        let mut at = 0;
        for (flags, from) in flags.chunks(LOOK).zip(from.chunks(LOOK)).take_while(|_| go_on()) {
            // Each is written where the next one belongs, which it may be itself: no branch to guess.
            for (flag, item) in flags.iter().zip(from) {
                let Some(slot) = to.get_mut(at) else { return };
                *slot = *item;
                at += usize::from(*flag != 0);
            }
        }
    }
    match size {
        0 => {}
        1 => go::<1>(flags, from, to),
        2 => go::<2>(flags, from, to),
        4 => go::<4>(flags, from, to),
        8 => go::<8>(flags, from, to),
        16 => go::<16>(flags, from, to),
        _ => {
            let rows = flags.iter().zip(from.chunks_exact(size)).filter(|(flag, _)| **flag != 0);
            rows.zip(to.chunks_exact_mut(size)).for_each(|((_, row), to)| to.copy_from_slice(row));
        }
    }
}

/// `array[mask]`, a copy: block by rows as the rows were, or replicated where small. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn get(ctx: &mut Ctx, array: &Array, mask: &Array) -> Result<Array> {
    let selection = select(ctx, array, mask)?;
    let rows = part(ctx, array, &selection.layout)?;
    let mut shape = vec![selection.total];
    shape.extend(&array.shape()[mask.ndim()..]);
    let layout = selection.dealt(ctx, &shape);
    let mut block: Block = ctx.allocate(&layout, &[array.dtype()])?.remove(0);
    let watch = ctx.watch_elements(&selection.layout, 2);
    let size = selection.inner * array.dtype().itemsize();
    compress(selection.chosen.block().bytes(), size, rows.block().bytes(), block.bytes_mut());
    ctx.end(watch)?;
    let result = Array::from_block(shape, layout, block);
    let default = ctx.derived_layout(result.shape(), array.layout(), array.size());
    if default.everywhere && !result.layout().everywhere {
        return redistribute(ctx, &result, &default);
    }
    Ok(result)
}

/// `target[mask] = value`. Collective.
///
/// # Errors
/// ValueError where the value does not broadcast to the selection; MemoryError.
pub fn set(ctx: &mut Ctx, target: &Array, mask: &Array, value: Operand) -> Result<()> {
    let array = match value {
        Operand::Array(array) if array.ndim() > 0 => array,
        value => {
            let new = blended(ctx, target, mask, value)?;
            return assign(ctx, target, &new, 1);
        }
    };
    let rest = &target.shape()[mask.ndim()..];
    if rest.is_empty() && array.ndim() > 1 {
        return Err(Error::type_(format!(
            "NumPy boolean array indexing assignment requires a 0 or 1-dimensional input, input has {} dimensions",
            array.ndim()
        )));
    }
    force(ctx, &array)?;
    // A value for each selected element is spread over rows like the target's; others broadcast over the elements.
    let each = array.ndim() == rest.len() + 1 && array.shape()[0] != 1;
    let spread = if each {
        let selection = select(ctx, target, mask)?;
        let mut shape = vec![selection.total];
        shape.extend(rest);
        if array.shape()[0] != selection.total {
            return Err(Error::value(if rest.is_empty() {
                format!(
                    "NumPy boolean array indexing assignment cannot assign {} input values to the {} output values where the mask is true",
                    array.shape()[0],
                    selection.total
                )
            } else {
                mismatch(array.shape(), &shape)
            }));
        }
        let whole = ctx.allocate(&selection.dealt(ctx, &shape), &[target.dtype()])?.remove(0);
        let whole = Array::from_block(shape.clone(), selection.dealt(ctx, &shape), whole);
        store(ctx, &whole, Operand::Array(array), 1)
            .map_err(|e| Error { message: mismatch_of(&e, &shape), ..e })?;
        let dealt = whole.layout().clone();
        let values = ctx.local(&whole, &dealt)?;
        let mut rows = ctx.allocate(&selection.layout, &[target.dtype()])?.remove(0);
        let chunk = selection.inner * target.dtype().itemsize();
        if chunk > 0 {
            let chosen = selection.chosen.block();
            let places = chosen.bytes().iter().zip(rows.bytes_mut().chunks_exact_mut(chunk));
            let places = places.filter(|(flag, _)| **flag != 0).map(|(_, place)| place);
            places.zip(values.bytes().chunks_exact(chunk)).for_each(|(to, from)| to.copy_from_slice(from));
        }
        Array::from_block(target.shape().to_vec(), selection.layout.clone(), rows)
    } else {
        let fits = array.ndim() <= rest.len() + 1
            && array.shape().iter().rev().zip(rest.iter().rev()).all(|(a, b)| *a == 1 || a == b);
        if !fits {
            let count = select(ctx, target, mask)?.total;
            return Err(Error::value(mismatch(array.shape(), &[&[count], rest].concat())));
        }
        array
    };
    let cast = crate::exec::elementwise::astype(ctx, &spread, target.dtype())?;
    let new = blended(ctx, target, mask, Operand::Array(cast))?;
    assign(ctx, target, &new, 1)
}

fn mismatch(value: &[usize], result: &[usize]) -> String {
    format!(
        "shape mismatch: value array of shape {} could not be broadcast to indexing result of shape {}",
        tuple(value),
        tuple(result)
    )
}

/// The words of `store`'s refusal as indexing's.
fn mismatch_of(error: &Error, result: &[usize]) -> String {
    match error
        .message
        .strip_prefix("could not broadcast input array from shape ")
        .and_then(|t| t.split(" into").next())
    {
        Some(value) => format!(
            "shape mismatch: value array of shape {value} could not be broadcast to indexing result of shape {}",
            tuple(result)
        ),
        None => error.message.clone(),
    }
}
