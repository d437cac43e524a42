//! `bincount`: how often each small integer occurs, or what its weights add up to.
//!
//! Where the result is not much longer than what a rank holds, each rank counts into a vector of the result's length
//! and sends every owner its part of it; otherwise each element goes to the owner of its count.

use std::sync::Arc;

use lang::dtype::{DType, Kind};
use lang::error::{Error, Result};
use lang::layout::Layout;

use super::route::Route;
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::element::{Element, typed};
use crate::exec::{Args, alloc, discover, own};
use crate::value::Value;
use crate::watch::{LOOK, go_on};

/// `np.bincount(x, weights, minlength)`. Collective.
///
/// # Errors
/// ValueError and TypeError in NumPy's words; MemoryError, on all ranks.
pub fn bincount(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let x = args.first(ctx)?;
    let x = match x.dtype().kind() {
        Kind::Float | Kind::Complex if x.size() > 0 || matches!(args.value("x")?, Value::Array(_)) => {
            return Err(Error::type_(format!(
                "Cannot cast array data from dtype('{}') to dtype('int64') according to the rule 'safe'",
                x.dtype()
            )));
        }
        _ => discover::cast(ctx, &x, DType::I64)?,
    };
    vector(&x)?;
    if let Some(Value::None) = args.given("minlength") {
        return Err(Error::type_("use 0 instead of None for minlength"));
    }
    let least = args.int("minlength")?.unwrap_or(0);
    let least = usize::try_from(least).map_err(|_| Error::value("'minlength' must not be negative"))?;
    let weights = match args.some("weights") {
        None => None,
        Some(value) => {
            let weights = discover::to_array(ctx, value, None)?;
            if weights.dtype().is_complex() {
                return Err(Error::type_(
                    "Cannot cast array data from dtype('complex128') to dtype('float64') according to the rule 'safe'",
                ));
            }
            vector(&weights)?;
            if weights.size() != x.size() {
                return Err(Error::value("The weights and list don't have the same length."));
            }
            Some(discover::cast(ctx, &weights, DType::F64)?)
        }
    };
    let lies = x.layout().clone();
    let part = own::part(ctx, &x, &lies)?;
    let block = part.block();
    let places: &[i64] = typed(&block);
    let (low, high) = places.iter().fold((0, -1), |(low, high), &p| (p.min(low), p.max(high)));
    let (low, high) = extremes(ctx, &lies, low, high);
    if low < 0 {
        return Err(Error::value("'list' argument must have no negative elements"));
    }
    let length = ((high + 1) as usize).max(least);
    alloc::shape(&[length], DType::I64)?;
    let to = ctx.derived_layout(&[length], &lies, x.size());
    let sums = match &weights {
        None => Block::I64(sums(ctx, &lies, &to, places, None)?),
        Some(weights) => {
            let weights = own::part(ctx, weights, &lies)?;
            Block::F64(sums(ctx, &lies, &to, places, Some(typed(&weights.block())))?)
        }
    };
    Ok(Value::Array(Array::from_block(vec![length], to, sums)))
}

fn vector(array: &Array) -> Result<()> {
    match array.ndim() {
        1 => Ok(()),
        0 => Err(Error::value("object of too small depth for desired array")),
        _ => Err(Error::value("object too deep for desired array")),
    }
}

/// The least and the greatest of all ranks.
fn extremes(ctx: &mut Ctx, lies: &Layout, low: i64, high: i64) -> (i64, i64) {
    if lies.everywhere {
        return (low, high);
    }
    let words = ctx.comm.allgather(bytemuck::cast_slice(&[low, high]));
    let pairs = words.iter().map(|word| bytemuck::pod_read_unaligned::<[i64; 2]>(word));
    pairs.fold((low, high), |(low, high), pair| (low.min(pair[0]), high.max(pair[1])))
}

/// This rank's part, in the layout `to`, of the sums of the values (ones, where there are none) at each place.
/// Collective.
fn sums<T: Element>(
    ctx: &mut Ctx,
    lies: &Layout,
    to: &Arc<Layout>,
    places: &[i64],
    values: Option<&[T]>,
) -> Result<Vec<T>> {
    let (rank, team) = (ctx.comm.rank(), ctx.comm.size());
    let length = to.size();
    let most = (0..team).map(|r| lies.local_size(r)).max().unwrap_or(0);
    if !to.everywhere && length > 2 * most {
        let owner = |&p: &i64| to.dims[0].owner(p as usize).map_or(0, |(coord, _)| to.ranks[coord]);
        let owners: Vec<usize> = places.iter().map(owner).collect();
        let route = Route::new(ctx, &owners, lies.size());
        let places = route.go(ctx, places)?;
        let values = values.map(|values| route.go(ctx, values)).transpose()?;
        let mut mine = vec![T::zero(); to.local_size(rank)];
        for (i, &p) in places.iter().enumerate() {
            let at = to.dims[0].owner(p as usize).map_or(0, |(_, at)| at);
            mine[at] = mine[at].plus(values.as_ref().map_or(T::one(), |values| values[i]));
        }
        return Ok(mine);
    }
    alloc::room(ctx, 2 * length * size_of::<T>())?;
    let mut all = vec![T::zero(); length];
    let watch = ctx.watch_elements(lies, 4);
    for (k, places) in places.chunks(LOOK).enumerate().take_while(|_| go_on()) {
        let mut add = |p: &i64, v: T| {
            let sum = &mut all[*p as usize];
            *sum = sum.plus(v);
        };
        match values {
            None => places.iter().for_each(|p| add(p, T::one())),
            Some(values) => places.iter().zip(&values[k * LOOK..]).for_each(|(p, &v)| add(p, v)),
        }
    }
    ctx.end(watch)?;
    if lies.everywhere {
        return Ok(all);
    }
    let add = |sum: &mut [T], bytes: &[u8]| {
        let more = bytes.chunks_exact(size_of::<T>()).map(bytemuck::pod_read_unaligned::<T>);
        sum.iter_mut().zip(more).for_each(|(sum, more)| *sum = sum.plus(more));
    };
    if to.everywhere {
        let mut sum = vec![T::zero(); length];
        ctx.comm.allgather(bytemuck::cast_slice(&all)).iter().for_each(|bytes| add(&mut sum, bytes));
        return Ok(sum);
    }
    let parts: Vec<(usize, Vec<T>)> =
        to.ranks.iter().map(|&r| (r, to.owned(r)[0].iter().map(|i| all[i]).collect())).collect();
    drop(all);
    let sends: Vec<(usize, &[u8])> = parts.iter().map(|(r, part)| (*r, bytemuck::cast_slice(part))).collect();
    let size = to.local_size(rank);
    let mut received: Vec<Vec<T>> = vec![vec![T::zero(); size]; team];
    let mut recvs: Vec<(usize, &mut [u8])> =
        received.iter_mut().enumerate().map(|(r, part)| (r, bytemuck::cast_slice_mut(part))).collect();
    if size == 0 {
        recvs.clear();
    }
    ctx.exchange_long(&sends, &mut recvs, length * size_of::<T>())?;
    let mut sum = vec![T::zero(); size];
    received.iter().for_each(|part| add(&mut sum, bytemuck::cast_slice(part)));
    Ok(sum)
}
