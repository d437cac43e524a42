//! What an array says about itself, and the index arithmetic of its distribution. No communication.

use std::rc::Rc;

use lang::error::{Class, Error, Result};
use lang::layout::Layout;
use lang::ops::{Attr, LayoutOp};

use super::args::{Args, index, items, type_name};
use super::rearrange::views;
use crate::array::Array;
use crate::ctx::Ctx;
use crate::value::Value;

/// An attribute of an array that is a plain value.
pub fn attribute(attr: Attr, array: &Array) -> Option<Value> {
    let layout = array.layout();
    let size: usize = array.shape().iter().product();
    Some(match attr {
        Attr::Shape => ints(array.shape()),
        Attr::NDim => Value::Int(array.shape().len() as i64),
        Attr::Size => Value::Int(size as i64),
        Attr::DType => Value::DType(array.dtype()),
        Attr::ItemSize => Value::Int(array.dtype().itemsize() as i64),
        Attr::NBytes => Value::Int((size * array.dtype().itemsize()) as i64),
        Attr::Dist => Value::tuple(layout.letters().into_iter().map(Value::str).collect()),
        Attr::Grid => ints(&layout.grid),
        Attr::Targets => ints(&layout.ranks),
        Attr::Distribution => Value::Distribution(Rc::new((**layout).clone())),
        Attr::T | Attr::Flat | Attr::Real | Attr::Imag => return None,
    })
}

/// What to do about a collective function in a local one.
pub const ALONE: &str = "it works on one rank's own block: move the call out of it";

/// `redistribute(a, dist=...)`, and the methods of `a.distribution`. The former is collective.
pub fn call(ctx: &mut Ctx, op: LayoutOp, args: &Args) -> Result<Value> {
    if op == LayoutOp::Redistribute {
        ctx.refuse_alone("redistribute()", ALONE)?;
        let array = args.array(ctx, "a")?;
        let layout = args.layout(ctx, array.shape())?;
        super::alloc::check(ctx, array.shape(), array.dtype(), &layout)?;
        let block = ctx.local(&array, &layout)?;
        return Ok(Value::Array(Array::from_block(array.shape().to_vec(), layout, block)));
    }
    if op == LayoutOp::IsFortran {
        return match args.value("a")? {
            Value::Array(array) => {
                Ok(Value::Bool(views::is_f_contiguous(array) && !views::is_c_contiguous(array)))
            }
            other => {
                let text = format!("'{}' object has no attribute 'flags'", type_name(other));
                Err(Error::new(Class::AttributeError, text))
            }
        };
    }
    let Some(Value::Distribution(layout)) = &args.receiver else {
        return Err(Error::type_(format!("{}() is a method of a.distribution", args.row.name)));
    };
    match op {
        LayoutOp::GlobalFromLocal => {
            let rank = rank(ctx, args)?;
            let local = place(layout, args.value("local")?)?;
            let shape = layout.local_shape(rank);
            if !layout.holds(rank) || local.iter().zip(&shape).any(|(i, n)| i >= n) {
                return Err(Error::index(format!(
                    "local index {} is out of bounds: rank {rank} holds a block of shape {}",
                    lang::text::tuple(&local),
                    lang::text::tuple(&shape)
                )));
            }
            layout
                .global_of(rank, &local)
                .map(|global| like(&global))
                .ok_or_else(|| out_of_bounds(&local, &shape))
        }
        LayoutOp::LocalFromGlobal => {
            let (_, local) = owner(layout, args)?;
            Ok(like(&local))
        }
        LayoutOp::Owner => owner(layout, args).map(|(rank, _)| Value::Int(rank as i64)),
        LayoutOp::LocalShape => Ok(ints(&layout.local_shape(rank(ctx, args)?))),
        LayoutOp::Redistribute | LayoutOp::IsFortran => Err(Error::type_("redistribute takes an array")),
    }
}

fn owner(layout: &Layout, args: &Args) -> Result<(usize, Vec<usize>)> {
    let shape = layout.shape();
    let index = place(layout, args.value("index")?)?;
    layout.owner_of(&index).ok_or_else(|| out_of_bounds(&index, &shape))
}

fn out_of_bounds(index: &[usize], shape: &[usize]) -> Error {
    let d = index.iter().zip(shape).position(|(i, n)| i >= n).unwrap_or(0);
    let (i, n) = (index.get(d).copied().unwrap_or(0), shape.get(d).copied().unwrap_or(0));
    Error::index(format!("index {i} is out of bounds for axis {d} with size {n}"))
}

fn rank(ctx: &Ctx, args: &Args) -> Result<usize> {
    let rank = index(args.value("rank")?)?;
    usize::try_from(rank).ok().filter(|&r| r < ctx.comm.size()).ok_or_else(|| {
        Error::value(format!("there is no rank {rank}: ranks are 0 to {}", ctx.comm.size() - 1))
    })
}

/// An index with a number per axis, counted from the end where negative (of the global shape only).
fn place(layout: &Layout, value: &Value) -> Result<Vec<usize>> {
    let list = items(value).unwrap_or_else(|| vec![value.clone()]);
    let shape = layout.shape();
    if list.len() != shape.len() {
        return Err(Error::index(format!(
            "an index of {} numbers is expected, not of {}",
            shape.len(),
            list.len()
        )));
    }
    list.iter()
        .zip(&shape)
        .enumerate()
        .map(|(d, (v, &n))| {
            let i = index(v)?;
            let at = if i < 0 { i + n as i64 } else { i };
            usize::try_from(at)
                .map_err(|_| Error::index(format!("index {i} is out of bounds for axis {d} with size {n}")))
        })
        .collect()
}

/// A number for one axis, a tuple for more.
fn like(index: &[usize]) -> Value {
    match index {
        [one] => Value::Int(*one as i64),
        _ => ints(index),
    }
}

fn ints(list: &[usize]) -> Value {
    Value::tuple(list.iter().map(|&n| Value::Int(n as i64)).collect())
}
