//! Ufuncs as functions: arguments, `out=`, `dtype=`, and scalars out of 0-d results.

use lang::error::{Error, Result};
use lang::ops::{Run, can_store};

use super::record::{Operand, apply, tuple};
use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::{Args, discover, index};
use crate::value::Value;

/// A value as an operand: numbers as they are, sequences as arrays. Collective.
///
/// # Errors
/// As `np.array` of the value.
pub fn operand(ctx: &mut Ctx, value: &Value) -> Result<Operand> {
    Ok(match value {
        Value::Array(array) => Operand::Array(array.clone()),
        Value::Scalar(s) => Operand::Scalar(*s),
        Value::Bool(b) => Operand::Scalar(lang::scalar::Scalar::Bool(*b)),
        Value::Int(i) => Operand::Int(*i),
        Value::BigInt(i) => Operand::BigInt(i.clone()),
        Value::Float(x) => Operand::Float(*x),
        Value::Complex(z) => Operand::Complex(*z),
        other => Operand::Array(discover::to_array(ctx, other, None)?),
    })
}

/// Runs a ufunc's row on its arguments. Collective.
///
/// # Errors
/// TypeError, ValueError and OverflowError in NumPy's words; nothing is written then.
pub fn call(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    args.refuse(&["where"])?;
    let Run::Ufunc(loops) = args.row.run else {
        return Err(Error::type_(format!("'{}' is not a ufunc", args.row.name)));
    };
    let count = loops.first().map_or(0, |l| l.ins.len());
    let mut operands = Vec::with_capacity(count);
    for param in &args.signature.params[..count] {
        operands.push(operand(ctx, args.value(param.name)?)?);
    }
    let dtype = args.dtype("dtype")?;
    let results = apply(ctx, args.row, &operands, dtype)?;
    if let Some(out) = args.some("out") {
        return into(ctx, args, results, out);
    }
    finish(ctx, results)
}

/// Results as values: NumPy makes scalars of 0-d ones.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn finish(ctx: &mut Ctx, results: Vec<Array>) -> Result<Value> {
    let mut values = Vec::with_capacity(results.len());
    for result in results {
        values.push(match result.shape() {
            [] => Value::Scalar(ctx.fetch(&result, &[])?[0]),
            _ => Value::Array(result),
        });
    }
    Ok(if values.len() == 1 { values.remove(0) } else { Value::tuple(values) })
}

/// Stores results into `out=`: an array, or a tuple of one for each result (None among them: a new one).
fn into(ctx: &mut Ctx, args: &Args, results: Vec<Array>, out: &Value) -> Result<Value> {
    let single = std::slice::from_ref(out);
    let outs: &[Value] = if let Value::Tuple(items) = out { items } else { single };
    if outs.len() != results.len() {
        return Err(Error::value("The 'out' tuple must have exactly one entry per ufunc output"));
    }
    for (out, result) in outs.iter().zip(&results) {
        match out {
            Value::None => {}
            Value::Array(out) => {
                if !out.is_writable() {
                    return Err(Error::value("output array is read-only"));
                }
                if out.shape() != result.shape() {
                    return Err(Error::value(format!(
                        "non-broadcastable output operand with shape {} doesn't match the broadcast shape {}",
                        tuple(out.shape()),
                        tuple(result.shape())
                    )));
                }
                can_store(args.row, result.dtype(), out.dtype())?;
            }
            _ => return Err(Error::type_("return arrays must be of ArrayType")),
        }
    }
    let mut values = Vec::with_capacity(results.len());
    for (out, result) in outs.iter().zip(results) {
        values.push(match out {
            Value::Array(out) => {
                index::store(ctx, out, Operand::Array(result), 1)?;
                Value::Array(out.clone())
            }
            _ => finish(ctx, vec![result])?,
        });
    }
    Ok(if values.len() == 1 { values.remove(0) } else { Value::tuple(values) })
}
