//! New arrays: filled, counted, identities, coordinates. Every rank makes its own part from global indices alone.

mod arange;
mod grids;
mod linspace;
mod number;

use std::sync::Arc;

use lang::dtype::DType;
use lang::error::{Error, Result};
use lang::layout::{IndexSet, Layout};
use lang::ops::Create;
use lang::scalar::Scalar;

use super::args::{self, Args};
use super::element::{filled, typed, typed_mut};
use super::rearrange::order::Order;
use super::rearrange::views;
use super::{alloc, discover};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::value::Value;
use crate::watch::{LOOK, go_on};
use crate::with_element;

pub use grids::mgrid;

/// Runs a creation function. Collective.
pub fn call(ctx: &mut Ctx, op: Create, args: &Args) -> Result<Value> {
    let array = match op {
        Create::Array => array(ctx, args, true)?,
        Create::AsArray => array(ctx, args, false)?,
        Create::Zeros | Create::Ones | Create::Empty | Create::Full => {
            let shape = args::shape(args.value("shape")?)?;
            let value = (op == Create::Full).then(|| args.value("fill_value")).transpose()?;
            let dtype = match (args.dtype("dtype")?, value) {
                (Some(dtype), _) => dtype,
                (None, Some(value)) => discover::to_array(ctx, value, None)?.dtype(),
                (None, None) => DType::F64,
            };
            alloc::shape(&shape, dtype)?;
            let layout = args.layout(ctx, &shape)?;
            let made = fill(ctx, op == Create::Ones, value, shape, dtype, layout)?;
            in_given_order(ctx, args, made)?
        }
        Create::ZerosLike | Create::OnesLike | Create::EmptyLike | Create::FullLike => {
            let like = args.first(ctx)?;
            let dtype = args.dtype("dtype")?.unwrap_or(like.dtype());
            let shape = args.some("shape").map(args::shape).transpose()?;
            let shape = shape.unwrap_or_else(|| like.shape().to_vec());
            alloc::shape(&shape, dtype)?;
            let layout = match args.given_layout(ctx, &shape)? {
                Some(layout) => layout,
                None if shape == like.shape() => like.layout().clone(),
                None => ctx.default_layout(&shape),
            };
            let value = (op == Create::FullLike).then(|| args.value("fill_value")).transpose()?;
            let made = fill(ctx, op == Create::OnesLike, value, shape, dtype, layout)?;
            Order::read(args)?.apply(ctx, made, &like)?
        }
        Create::Arange => arange::arange(ctx, args)?,
        Create::Linspace => return linspace::linspace(ctx, args),
        Create::Eye => {
            args.whole("N")?;
            let rows = extent(args, "N")?.unwrap_or(0);
            let columns = extent(args, "M")?.unwrap_or(rows);
            let made = eye(ctx, args, rows, columns, args.whole("k")?.unwrap_or(0))?;
            in_given_order(ctx, args, made)?
        }
        Create::Identity => {
            args.whole("n")?;
            let n = extent(args, "n")?.unwrap_or(0);
            eye(ctx, args, n, n, 0)?
        }
        Create::MeshGrid => return grids::meshgrid(ctx, args),
        Create::FromFunction | Create::MGrid => {
            return Err(Error::type_(format!("{} is not called with plain arguments", args.row.name)));
        }
    };
    Ok(Value::Array(array))
}

/// A new array as `order=` says: C's, or Fortran's.
fn in_given_order(ctx: &mut Ctx, args: &Args, made: Array) -> Result<Array> {
    match args.given("order") {
        None => Ok(made),
        Some(Value::Str(order)) if matches!(&order[..], "C" | "c") => Ok(made),
        Some(Value::Str(order)) if matches!(&order[..], "F" | "f") => views::fortran(ctx, made),
        Some(_) => Err(Error::value("only 'C' or 'F' order is permitted")),
    }
}

fn extent(args: &Args, name: &str) -> Result<Option<usize>> {
    let negative = |_| Error::value("negative dimensions are not allowed");
    args.int(name)?.map(|n| usize::try_from(n).map_err(negative)).transpose()
}

/// `np.array` and `np.asarray`.
fn array(ctx: &mut Ctx, args: &Args, copy: bool) -> Result<Array> {
    let object = args.value(args.signature.params[0].name)?;
    let dtype = args.dtype("dtype")?;
    let copy = args.flag("copy", copy);
    let made = discover::to_array(ctx, object, dtype)?;
    let mut shape = made.shape().to_vec();
    let ndmin = args.int("ndmin")?.unwrap_or(0).max(0) as usize;
    let layout = args.given_layout(ctx, &shape)?;
    let order = Order::read(args)?;
    let fresh = !matches!(object, Value::Array(a) if a.dtype() == made.dtype());
    if (fresh || !copy && order.holds(&made)) && layout.is_none() && ndmin <= shape.len() {
        return match object {
            Value::Array(like) if fresh => order.apply(ctx, made, like),
            _ if fresh && order == Order::F => views::fortran(ctx, made),
            _ => Ok(made),
        };
    }
    let layout = layout.unwrap_or_else(|| made.layout().clone());
    alloc::check(ctx, &shape, made.dtype(), &layout)?;
    let block = ctx.local(&made, &layout)?;
    if ndmin <= shape.len() {
        let copy = Array::from_block(shape, layout, block);
        return order.apply(ctx, copy, &made);
    }
    let ones = ndmin - shape.len();
    shape.splice(0..0, vec![1; ones]);
    let mut layout = (*layout).clone();
    layout.dims.splice(0..0, vec![lang::layout::DimMap::Whole { size: 1 }; ones]);
    layout.grid.splice(0..0, vec![1; ones]);
    Ok(Array::from_block(shape, Arc::new(layout), block))
}

fn fill(
    ctx: &mut Ctx,
    ones: bool,
    value: Option<&Value>,
    shape: Vec<usize>,
    dtype: DType,
    layout: Arc<Layout>,
) -> Result<Array> {
    alloc::check(ctx, &shape, dtype, &layout)?;
    let len = layout.local_size(ctx.comm.rank());
    let watch = ctx.watch_elements(&layout, 5);
    let block = match value {
        None if ones => filled(dtype, len, Scalar::one(dtype)),
        // `empty` too: what it holds is nobody's business, and nothing else would be the same on every run.
        None => Block::zeros(dtype, len),
        Some(value) => match number(value, dtype)? {
            Some(value) => filled(dtype, len, value),
            None => broadcast(ctx, value, &shape, dtype, &layout)?,
        },
    };
    ctx.end(watch)?;
    Ok(Array::from_block(shape, layout, block))
}

/// A number as `copyto` casts it: a Python int that has a place there is checked, all else is cast as arrays are. `None`
/// for what is no number.
fn number(value: &Value, dtype: DType) -> Result<Option<Scalar>> {
    Ok(Some(match value {
        Value::Int(_) | Value::BigInt(_) if !dtype.is_bool() => discover::scalar(value, dtype)?,
        Value::BigInt(_) => discover::scalar(value, DType::I64)?,
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Complex(_) | Value::Scalar(_) => {
            discover::scalar(value, discover::natural(value)?)?.cast(dtype)
        }
        _ => return Ok(None),
    }))
}

/// This rank's part of `value` broadcast to `shape`.
fn broadcast(ctx: &mut Ctx, value: &Value, shape: &[usize], dtype: DType, layout: &Layout) -> Result<Block> {
    let from = discover::to_array(ctx, value, Some(dtype))?;
    let small = from.shape();
    let fits = small.len() <= shape.len()
        && small.iter().rev().zip(shape.iter().rev()).all(|(&have, &want)| have == want || have == 1);
    if !fits {
        return Err(Error::value(format!(
            "could not broadcast input array from shape {} into shape {}",
            lang::text::tuple(small),
            lang::text::tuple(shape)
        )));
    }
    let whole = ctx.local(&from, &ctx.replicated(small))?;
    let ahead = shape.len() - small.len();
    let mut strides = vec![0; shape.len()];
    let mut stride = 1;
    for (d, &n) in small.iter().enumerate().rev() {
        strides[ahead + d] = if n == 1 { 0 } else { stride };
        stride *= n;
    }
    let rank = ctx.comm.rank();
    let mut block = Block::zeros(dtype, layout.local_size(rank));
    with_element!(dtype, T => {
        let all = typed::<T>(&whole);
        each_index(layout, rank, typed_mut::<T>(&mut block), |index| {
            all[index.iter().zip(&strides).map(|(i, s)| i * s).sum::<usize>()]
        })
    });
    Ok(block)
}

/// What `f` makes of each index; may be left unfinished (`engines::watch`), and is shorter then.
pub fn at_each<T>(owned: &IndexSet, f: impl Fn(usize) -> T) -> Vec<T> {
    let mut out = Vec::with_capacity(owned.len());
    for run in owned.runs() {
        for part in (0..run.len).step_by(LOOK) {
            if run.len >= LOOK && !go_on() {
                return out;
            }
            let at = |k: usize| run.start.wrapping_add_signed(run.step * k as isize);
            out.extend((part..run.len.min(part + LOOK)).map(|k| f(at(k))));
        }
    }
    out
}

/// Sets every element of a rank's block from its global index; may be left unfinished (`engines::watch`).
pub fn each_index<T>(layout: &Layout, rank: usize, block: &mut [T], f: impl Fn(&[usize]) -> T) {
    let owned: Vec<Vec<usize>> = layout.owned(rank).iter().map(|set| set.iter().collect()).collect();
    let mut local = vec![0; owned.len()];
    let mut index: Vec<usize> = owned.iter().map(|o| o.first().copied().unwrap_or(0)).collect();
    for (k, element) in block.iter_mut().enumerate() {
        if k % LOOK == 0 && !go_on() {
            return;
        }
        *element = f(&index);
        for d in (0..local.len()).rev() {
            local[d] += 1;
            if local[d] < owned[d].len() {
                index[d] = owned[d][local[d]];
                break;
            }
            local[d] = 0;
            index[d] = owned[d][0];
        }
    }
}

fn eye(ctx: &mut Ctx, args: &Args, rows: usize, columns: usize, k: i64) -> Result<Array> {
    let dtype = args.dtype("dtype")?.unwrap_or(DType::F64);
    let shape = vec![rows, columns];
    alloc::shape(&shape, dtype)?;
    let layout = args.layout(ctx, &shape)?;
    alloc::check(ctx, &shape, dtype, &layout)?;
    let rank = ctx.comm.rank();
    let mut block = Block::zeros(dtype, layout.local_size(rank));
    if let [down, across] = &layout.owned(rank)[..] {
        for (i, row) in down.iter().enumerate() {
            let column = usize::try_from(row as i64 + k).ok().filter(|&c| c < columns);
            if let Some(j) = column.and_then(|c| across.position(c)) {
                block.set(i * across.len() + j, Scalar::one(dtype));
            }
        }
    }
    Ok(Array::from_block(shape, layout, block))
}
