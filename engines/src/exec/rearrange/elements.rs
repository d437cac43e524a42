//! Elements as Python's numbers: `item`, `tolist`; and `fill`.

use lang::error::{Error, Result};
use lang::scalar::Scalar;
use num_bigint::BigInt;

use crate::ctx::Ctx;
use crate::exec::Args;
use crate::exec::args::{index as integer, items};
use crate::exec::index;
use crate::value::Value;

/// A NumPy scalar as Python's number.
fn python(scalar: Scalar) -> Value {
    match scalar {
        Scalar::Bool(b) => Value::Bool(b),
        Scalar::C64(_) | Scalar::C128(_) => Value::Complex(scalar.as_complex()),
        _ => match scalar.as_i128() {
            Some(i) => Value::int(BigInt::from(i)),
            None => Value::Float(scalar.as_f64()),
        },
    }
}

/// `a.item()`, `a.item(k)` in C order, `a.item(i, j)`.
pub fn item(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let array = args.array(ctx, "a")?;
    let given = match &args.rest[..] {
        [one] => items(one).unwrap_or_else(|| vec![one.clone()]),
        rest => rest.to_vec(),
    };
    let given = given.iter().map(integer).collect::<Result<Vec<i64>>>()?;
    let bounded = |i: i64, axis: usize, len: usize| -> Result<usize> {
        let at = if i < 0 { i as i128 + len as i128 } else { i as i128 };
        let outside = || Error::index(format!("index {i} is out of bounds for axis {axis} with size {len}"));
        usize::try_from(at).ok().filter(|at| *at < len).ok_or_else(outside)
    };
    let shape = array.shape();
    let at: Vec<usize> = match given[..] {
        [] if array.size() == 1 => vec![0; shape.len()],
        [] => {
            return Err(Error::value("can only convert an array of size 1 to a Python scalar"));
        }
        [flat] if shape.len() != 1 => {
            let outside =
                |_| Error::index(format!("index {flat} is out of bounds for size {}", array.size()));
            let mut rest = bounded(flat, 0, array.size()).map_err(outside)?;
            let mut at = vec![0; shape.len()];
            for (i, &n) in at.iter_mut().zip(shape).rev() {
                (*i, rest) = (rest % n, rest / n);
            }
            at
        }
        _ if given.len() != shape.len() => {
            return Err(Error::value("incorrect number of indices for array"));
        }
        _ => given
            .iter()
            .zip(shape)
            .enumerate()
            .map(|(d, (&i, &n))| bounded(i, d, n))
            .collect::<Result<_>>()?,
    };
    let asked: Vec<Vec<usize>> = at.into_iter().map(|i| vec![i]).collect();
    Ok(python(ctx.fetch(&array, &asked)?[0]))
}

/// `a.tolist()`: nested lists of Python's numbers, on all ranks.
pub fn to_list(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let array = args.array(ctx, "a")?;
    let asked: Vec<Vec<usize>> = array.shape().iter().map(|&n| (0..n).collect()).collect();
    let values: Vec<Value> = ctx.fetch(&array, &asked)?.into_iter().map(python).collect();
    Ok(nested(&values, array.shape()))
}

fn nested(values: &[Value], shape: &[usize]) -> Value {
    match shape.split_first() {
        None => values.first().cloned().unwrap_or(Value::None),
        Some((&n, rest)) => {
            let each: usize = rest.iter().product();
            Value::list((0..n).map(|i| nested(&values[i * each..(i + 1) * each], rest)).collect())
        }
    }
}

/// `a.fill(value)`.
pub fn fill(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let array = args.array(ctx, "a")?;
    index::set(ctx, &array, &Value::Ellipsis, args.value("value")?)?;
    Ok(Value::None)
}
