//! Looks values up in a sorted vector: `searchsorted`, `isin`.
//!
//! A vector that every rank has is searched in place. Of a distributed one all ranks learn the first element of each
//! part; a value goes to the rank whose part it falls into, and the answer comes back: two exchanges of the values.

use std::hint::select_unpredictable;
use std::sync::Arc;

use lang::dtype::promote;
use lang::error::{Error, Result};
use lang::layout::{DimMap, Layout};
use lang::plan::split::in_blocks;

use super::key::Ordered;
use super::order::{lower, sorted};
use super::route::Route;
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::Args;
use crate::exec::args::type_name;
use crate::exec::element::{Element, Flag, typed};
use crate::exec::rearrange::views;
use crate::exec::{discover, index, own};
use crate::value::Value;
use crate::watch::{LOOK, go_on};
use crate::with_element;

/// What a search takes a value, roughly.
const NANOSECONDS: usize = 100;

/// A sorted vector's part on this rank, and where the parts begin.
struct Sorted<T: Ordered> {
    part: Vec<T::Bits>,
    /// The place of this rank's first element.
    start: usize,
    /// Of each part that has elements, in order: its rank and its first element. None where all ranks have all.
    heads: Option<Vec<(usize, T::Bits)>>,
}

impl<T: Ordered> Sorted<T> {
    fn new(ctx: &mut Ctx, vector: &Array) -> Result<Sorted<T>> {
        let layout = Arc::new(in_blocks(vector.layout(), 0));
        let own = own::part(ctx, vector, &layout)?;
        let block = own.block();
        let items: &[T] = typed(&block);
        let part: Vec<T::Bits> = items.iter().map(|x| x.bits()).collect();
        if layout.everywhere {
            return Ok(Sorted { part, start: 0, heads: None });
        }
        let firsts = ctx.comm.allgather(bytemuck::cast_slice(&items[..items.len().min(1)]));
        let head = |&rank: &usize| {
            let first = (!firsts[rank].is_empty()).then(|| bytemuck::pod_read_unaligned::<T>(&firsts[rank]));
            first.map(|first| (rank, first.bits()))
        };
        let heads = layout.ranks.iter().filter_map(head).collect();
        let start = start(&layout, ctx.comm.rank());
        Ok(Sorted { part, start, heads: Some(heads) })
    }

    /// For each value what `answer` says of it, given the part that it falls into, and the place where that begins: the
    /// last part whose first element is less, or (`right`) less or equal; the first part where there is none.
    fn ask<R: bytemuck::Pod>(
        &self,
        ctx: &mut Ctx,
        values: &Array,
        right: bool,
        answer: impl Fn(&[T::Bits], usize, T) -> R,
    ) -> Result<Vec<R>> {
        let layout = values.layout().clone();
        let mine = own::part(ctx, values, &layout)?;
        let block = mine.block();
        let values: &[T] = typed(&block);
        let total = layout.size();
        let Some(heads) = self.heads.as_ref().filter(|heads| !heads.is_empty()) else {
            let watch = ctx.watch_elements(&layout, NANOSECONDS);
            let answers = each(values, |&v| answer(&self.part, self.start, v));
            ctx.end(watch)?;
            return Ok(answers);
        };
        let owner = |v: &T| {
            let bits = v.bits();
            let before = |i: usize| heads[i].1 < bits || right && heads[i].1 == bits;
            heads[lower(heads.len(), before).saturating_sub(1)].0
        };
        let watch = ctx.watch_elements(&layout, NANOSECONDS);
        let owners: Vec<usize> = each(values, owner);
        ctx.end(watch)?;
        if layout.everywhere {
            // All ranks have all values: each answers those that are its own, for all.
            let me = ctx.comm.rank();
            let own: Vec<T> =
                values.iter().zip(&owners).filter(|(_, owner)| **owner == me).map(|(&v, _)| v).collect();
            let watch = ctx.watch_elements(&layout, NANOSECONDS);
            let mine = each(&own, |&v| answer(&self.part, self.start, v));
            ctx.end(watch)?;
            let all = ctx.comm.allgather(bytemuck::cast_slice(&mine));
            let mut all: Vec<_> = all.iter().map(|bytes| bytes.chunks_exact(size_of::<R>())).collect();
            let next = |&owner: &usize| all[owner].next().map_or(R::zeroed(), bytemuck::pod_read_unaligned);
            return Ok(owners.iter().map(next).collect());
        }
        let route = Route::new(ctx, &owners, total);
        let asked = route.go(ctx, values)?;
        // One rank may be asked for all.
        let watch = ctx.watch(total.saturating_mul(NANOSECONDS));
        let answers = each(&asked, |&v| answer(&self.part, self.start, v));
        ctx.end(watch)?;
        route.back(ctx, &answers)
    }
}

/// How many of the keys hold, which the first of them do. Without a branch to guess: searches for several values then
/// run side by side in the processor.
fn leading<K: Copy>(keys: &[K], holds: impl Fn(K) -> bool) -> usize {
    let (mut from, mut left) = (0, keys.len());
    while left > 1 {
        let half = left / 2;
        from = select_unpredictable(holds(keys[from + half - 1]), from + half, from);
        left -= half;
    }
    from + usize::from(left == 1 && holds(keys[from]))
}

/// The answers for all values, as part of a rank's share of a statement.
fn each<T, R: bytemuck::Pod>(values: &[T], answer: impl Fn(&T) -> R) -> Vec<R> {
    let mut answers = Vec::with_capacity(values.len());
    for some in values.chunks(LOOK) {
        if !go_on() {
            break;
        }
        answers.extend(some.iter().map(&answer));
    }
    answers.resize(values.len(), R::zeroed());
    answers
}

/// The place of a rank's first element of a vector in blocks.
fn start(layout: &Layout, rank: usize) -> usize {
    match (&layout.dims[0], layout.coords(rank)) {
        (DimMap::Block { bounds }, Some(coords)) => bounds[coords[0]],
        _ => 0,
    }
}

/// `np.searchsorted(a, v, side, sorter)`. Collective.
///
/// # Errors
/// ValueError for an `a` that is no vector, or another side than left and right; MemoryError, on all ranks.
pub fn searchsorted(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let (mut a, v) = (args.array(ctx, "a")?, args.array(ctx, "v")?);
    let right = match args.some("side") {
        None => false,
        Some(Value::Str(side)) => match &side[..] {
            "left" | "l" | "L" => false,
            "right" | "r" | "R" => true,
            other => {
                return Err(Error::value(format!("search side must be 'left' or 'right' (got '{other}')")));
            }
        },
        Some(other) => {
            return Err(Error::type_(format!("search side must be str, not {}", type_name(other))));
        }
    };
    if a.ndim() != 1 {
        let depth = if a.ndim() == 0 { "of too small depth" } else { "too deep" };
        return Err(Error::value(format!("object {depth} for desired array")));
    }
    if let Some(sorter) = args.some("sorter") {
        let places = discover::to_array(ctx, sorter, None)?;
        if !places.dtype().is_integer() {
            return Err(Error::type_("sorter must only contain integers"));
        }
        if places.shape() != a.shape() {
            return Err(Error::value("sorter.size must equal len(a)"));
        }
        a = match index::get(ctx, &a, &Value::Array(places)) {
            Ok(Value::Array(taken)) => taken,
            _ => return Err(Error::value("Sorter index out of range.")),
        };
    }
    let common = promote(a.dtype(), v.dtype());
    let (a, v) = (discover::cast(ctx, &a, common)?, discover::cast(ctx, &v, common)?);
    let places = with_element!(common, T => {
        Sorted::<T>::new(ctx, &a)?.ask(ctx, &v, right, |part, start, v| {
            let bits = v.bits();
            let before = if right { leading(part, |x| x <= bits) } else { leading(part, |x| x < bits) };
            (start + before) as i64
        })?
    });
    super::result(ctx, Array::from_block(v.shape().to_vec(), v.layout().clone(), Block::I64(places)))
}

/// Whether each element of an array is among those of another, as `==` compares: nan is not. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn contained(ctx: &mut Ctx, array: &Array, among: &Array) -> Result<Array> {
    let common = promote(array.dtype(), among.dtype());
    let flat = views::ravel(ctx, among)?;
    let (array, flat) = (discover::cast(ctx, array, common)?, discover::cast(ctx, &flat, common)?);
    let sorted = sorted(ctx, &flat, 0)?;
    let found = with_element!(common, T => {
        Sorted::<T>::new(ctx, &sorted)?.ask(ctx, &array, true, |part, _, v| {
            let bits = v.bits();
            let upto = leading(part, |x| x <= bits);
            Flag((!v.is_nan() && upto > 0 && part[upto - 1] == bits) as u8)
        })?
    });
    let block = Block::Bool(bytemuck::cast_vec(found));
    Ok(Array::from_block(array.shape().to_vec(), array.layout().clone(), block))
}
