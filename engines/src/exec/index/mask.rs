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
use crate::exec::redistribute::redistribute;

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

/// The selected places of this rank's rows, in C order, and how the selection is dealt out: bounds by process.
struct Selection {
    /// Of the array, by rows.
    layout: Arc<Layout>,
    places: Vec<usize>,
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
    let chosen = ctx.local(mask, &Arc::new(lies))?;
    let places: Vec<usize> =
        chosen.bytes().iter().enumerate().filter(|(_, b)| **b != 0).map(|(i, _)| i).collect();
    let inner = array.shape()[mask.ndim()..].iter().product();
    if layout.everywhere {
        return Ok(Selection { layout, total: places.len(), places, bounds: Vec::new(), inner });
    }
    let counts = ctx.comm.allgather(&(places.len() as u64).to_le_bytes());
    let count =
        |rank: &usize| counts[*rank].first_chunk::<8>().map_or(0, |b| u64::from_le_bytes(*b) as usize);
    let mut bounds = vec![0];
    for rank in layout.ranks.iter() {
        bounds.push(bounds.last().copied().unwrap_or(0) + count(rank));
    }
    let total = bounds.last().copied().unwrap_or(0);
    Ok(Selection { layout, places, bounds, total, inner })
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

/// `array[mask]`, a copy: block by rows as the rows were, or replicated where small. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn get(ctx: &mut Ctx, array: &Array, mask: &Array) -> Result<Array> {
    let selection = select(ctx, array, mask)?;
    let rows = ctx.local(array, &selection.layout)?;
    let mut shape = vec![selection.total];
    shape.extend(&array.shape()[mask.ndim()..]);
    let layout = selection.dealt(ctx, &shape);
    let mut block: Block = ctx.allocate(&layout, &[array.dtype()])?.remove(0);
    let chunk = selection.inner * array.dtype().itemsize();
    if chunk > 0 {
        for (to, &place) in block.bytes_mut().chunks_exact_mut(chunk).zip(&selection.places) {
            to.copy_from_slice(&rows.bytes()[place * chunk..(place + 1) * chunk]);
        }
    }
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
            for (from, &place) in values.bytes().chunks_exact(chunk).zip(&selection.places) {
                rows.bytes_mut()[place * chunk..(place + 1) * chunk].copy_from_slice(from);
            }
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
