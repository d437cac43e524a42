//! `out=` and `where=`: existing arrays that results go into, and which of their elements.

use lang::dtype::{Casting, DType, can_cast};
use lang::error::{Error, Result};
use lang::scalar::Scalar;

use super::elementwise::call::operand;
use super::elementwise::record::{constant, record};
use super::elementwise::{Operand, astype, broadcast, tuple};
use super::rearrange::compose::where_loop;
use super::{Args, index};
use crate::array::Array;
use crate::ctx::Ctx;
use crate::value::Value;

/// `out=`: an array for each of `count` results, or None in its place.
///
/// # Errors
/// TypeError for what is no array, ValueError for another number of them or one that is read-only.
pub fn given(args: &Args, count: usize) -> Result<Vec<Option<Array>>> {
    let outs: Vec<Value> = match args.some("out") {
        None => return Ok(vec![None; count]),
        Some(Value::Tuple(items)) => items.to_vec(),
        Some(_) if count > 1 => return Err(Error::type_("'out' must be a tuple of arrays")),
        Some(one) => vec![one.clone()],
    };
    if outs.len() != count {
        return Err(Error::value("The 'out' tuple must have exactly one entry per ufunc output"));
    }
    let read = |value: &Value| match value {
        Value::None => Ok(None),
        Value::Array(out) if !out.is_writable() => Err(Error::value("output array is read-only")),
        Value::Array(out) => Ok(Some(out.clone())),
        _ => Err(Error::type_("return arrays must be of ArrayType")),
    };
    outs.iter().map(read).collect()
}

/// The one `out=` of a function with one result.
///
/// # Errors
/// As `given`.
pub fn one(args: &Args) -> Result<Option<Array>> {
    given(args, 1).map(|mut outs| outs.remove(0))
}

/// `where=`: which elements are meant, as bools; `None` for all. Collective.
///
/// # Errors
/// As `np.array` of the value.
pub fn mask(ctx: &mut Ctx, args: &Args) -> Result<Option<Operand>> {
    let value = match args.some("where") {
        None | Some(Value::Bool(true)) | Some(Value::Scalar(Scalar::Bool(true))) => return Ok(None),
        Some(value) => operand(ctx, value)?,
    };
    Ok(Some(match value {
        Operand::Array(mask) if mask.dtype().is_bool() => Operand::Array(mask),
        Operand::Array(mask) => Operand::Array(astype(ctx, &mask, DType::Bool)?),
        scalar => {
            let value = scalar.constant(scalar.natural())?.is_some_and(|s| s.is_truthy());
            Operand::Scalar(Scalar::Bool(value))
        }
    }))
}

/// The shape that operands, a mask and outputs broadcast to, which each output has.
///
/// # Errors
/// ValueError where they do not.
pub fn shape(operands: &[Operand], mask: Option<&Operand>, outs: &[Option<Array>]) -> Result<Vec<usize>> {
    let mut shapes: Vec<&[usize]> = operands.iter().chain(mask).map(Operand::shape).collect();
    shapes.extend(outs.iter().flatten().map(Array::shape));
    let shape = broadcast(&shapes)?;
    match outs.iter().flatten().find(|out| out.shape() != shape) {
        None => Ok(shape),
        Some(out) => Err(Error::value(format!(
            "non-broadcastable output operand with shape {} doesn't match the broadcast shape {}",
            tuple(out.shape()),
            tuple(&shape)
        ))),
    }
}

/// `where(mask, value, other)` in the dtype of `other`, recorded. Collective.
///
/// # Errors
/// ValueError where they do not broadcast.
pub fn select(ctx: &mut Ctx, mask: Operand, value: Operand, other: Operand) -> Result<Array> {
    let resolved = where_loop(other.natural());
    Ok(record(ctx, "where", &resolved, &[mask, value, other])?.remove(0))
}

/// Results as values: stored into the outputs, where they are given, else as they are. `shape` is that of the outputs.
/// What `where=` leaves out of a new array is zero. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn deliver(
    ctx: &mut Ctx,
    results: Vec<Array>,
    outs: &[Option<Array>],
    mask: Option<&Operand>,
    shape: &[usize],
) -> Result<Value> {
    let mut values = Vec::with_capacity(results.len());
    for (result, out) in results.into_iter().zip(outs) {
        values.push(match out {
            Some(out) => {
                let result = match mask {
                    Some(mask) => {
                        select(ctx, mask.clone(), Operand::Array(result), Operand::Array(out.clone()))?
                    }
                    None => result,
                };
                index::store(ctx, out, Operand::Array(result), 1)?;
                Value::Array(out.clone())
            }
            None => {
                let mut result = result;
                if mask.is_some() || result.shape() != shape {
                    let zero = Scalar::zero(result.dtype());
                    let zeros = constant(shape, &ctx.default_layout(shape), zero);
                    let mask = mask.cloned().unwrap_or(Operand::Scalar(Scalar::Bool(true)));
                    let other = if mask.shape() == shape || result.shape() == shape {
                        Operand::Scalar(zero)
                    } else {
                        Operand::Array(zeros)
                    };
                    result = select(ctx, mask, Operand::Array(result), other)?;
                }
                match result.shape() {
                    [] => Value::Scalar(ctx.fetch(&result, &[])?[0]),
                    _ => Value::Array(result),
                }
            }
        });
    }
    Ok(if values.len() == 1 { values.remove(0) } else { Value::tuple(values) })
}

/// A result of a reduction or a product, in `out=` where that is given, cast as C does. Collective.
///
/// # Errors
/// ValueError where the shapes differ.
pub fn reduced(ctx: &mut Ctx, result: Array, out: Option<Array>, name: &str) -> Result<Value> {
    let Some(out) = out else {
        return Ok(match result.shape() {
            [] => Value::Scalar(ctx.fetch(&result, &[])?[0]),
            _ => Value::Array(result),
        });
    };
    if out.shape() != result.shape() {
        return Err(Error::value(format!(
            "output parameter for reduction operation {name} has shape {}: expected {}",
            tuple(out.shape()),
            tuple(result.shape())
        )));
    }
    index::store(ctx, &out, Operand::Array(result), 1)?;
    Ok(Value::Array(out))
}

/// Whether a result may be stored into an output by a rule.
///
/// # Errors
/// TypeError where it may not.
pub fn fits(name: &str, from: DType, out: &Array, rule: Casting) -> Result<()> {
    if can_cast(from, out.dtype(), rule) {
        return Ok(());
    }
    Err(Error::type_(format!(
        "Cannot cast ufunc '{name}' output from dtype('{from}') to dtype('{}') with casting rule '{}'",
        out.dtype(),
        rule.name()
    )))
}
