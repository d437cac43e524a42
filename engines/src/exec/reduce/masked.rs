//! Reductions under `where=`: what the mask leaves out counts as nothing.

use lang::dtype::DType;
use lang::error::{Error, Result};
use lang::layout::View as Recipe;
use lang::ops::{self, Module, Reduce};
use lang::scalar::Scalar;

use super::{Asked, Plan, dtypes};
use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::elementwise::record::{apply, constant};
use crate::exec::elementwise::{Operand, astype, broadcast, tuple};
use crate::exec::rearrange::views;
use crate::exec::{discover, output};

/// Runs a reduction over the elements of `array` that the mask means. Collective.
///
/// # Errors
/// ValueError where the mask does not broadcast to the array, or a reduction without an identity has no `initial=`.
pub fn run(ctx: &mut Ctx, op: Reduce, array: &Array, mask: Operand, asked: &Asked) -> Result<Array> {
    let shape = array.shape();
    if broadcast(&[shape, mask.shape()])? != shape {
        return Err(Error::value(format!(
            "non-broadcastable operand with shape {} doesn't match the broadcast shape {}",
            tuple(shape),
            tuple(&broadcast(&[shape, mask.shape()])?)
        )));
    }
    let mut asked = asked.clone();
    let (acc, _) = dtypes(op, array.dtype(), asked.dtype);
    let nothing = match op {
        Reduce::Mean | Reduce::Var | Reduce::Std => return moments(ctx, op, array, mask, &asked),
        Reduce::Prod | Reduce::All => Scalar::one(array.dtype()),
        Reduce::Min | Reduce::Max => asked.initial.ok_or_else(|| {
            let name = if op == Reduce::Max { "maximum" } else { "minimum" };
            Error::value(format!(
                "reduction operation '{name}' does not have an identity, so to use a where mask one has to specify \
                 'initial'"
            ))
        })?,
        _ => Scalar::zero(array.dtype()),
    };
    if matches!(op, Reduce::Sum | Reduce::Prod) && asked.initial.is_none() {
        // With a mask NumPy begins with the identity: no sum is -0.0.
        let one = op == Reduce::Prod;
        asked.initial = Some(if one { Scalar::one(acc) } else { Scalar::zero(acc) });
    }
    let kept = output::select(ctx, mask, Operand::Array(array.clone()), Operand::Scalar(nothing))?;
    Plan::new(op, &kept, &asked)?.run(ctx, &kept, 1)
}

/// Means and variances of what the mask means, in NumPy's steps.
fn moments(ctx: &mut Ctx, op: Reduce, array: &Array, mask: Operand, asked: &Asked) -> Result<Array> {
    let (acc, to) = dtypes(op, array.dtype(), asked.dtype);
    let mask_array = match &mask {
        Operand::Array(mask) => {
            let recipe = Recipe::identity(mask.shape()).broadcast_to(array.shape())?;
            views::view(ctx, mask, &recipe)?
        }
        scalar => {
            let value = scalar.constant(DType::Bool)?.unwrap_or(Scalar::Bool(false));
            constant(array.shape(), array.layout(), value)
        }
    };
    let sum = |ctx: &mut Ctx, of: &Array, dtype: DType, keepdims: bool| -> Result<Array> {
        let initial = Some(Scalar::zero(dtype));
        let asked = Asked { dtype: Some(dtype), keepdims, initial, ..asked.clone() };
        Plan::new(Reduce::Sum, of, &asked)?.run(ctx, of, 1)
    };
    let kept = |ctx: &mut Ctx, of: Array| -> Result<Array> {
        let zero = Operand::Scalar(Scalar::zero(of.dtype()));
        output::select(ctx, mask.clone(), Operand::Array(of), zero)
    };
    let together = op == Reduce::Mean && !asked.keepdims;
    let count = sum(ctx, &mask_array, DType::I64, !together)?;
    let inside = kept(ctx, array.clone())?;
    let total = sum(ctx, &inside, acc, !together)?;
    let mean = numpy(ctx, "divide", &[total, count.clone()])?;
    if op == Reduce::Mean {
        return discover::cast(ctx, &mean, to);
    }
    let mean = astype(ctx, &mean, acc)?;
    let values = astype(ctx, array, acc)?;
    let distance = numpy(ctx, "subtract", &[values, mean])?;
    let square = if acc.is_complex() {
        let conjugate = numpy(ctx, "conjugate", std::slice::from_ref(&distance))?;
        let square = numpy(ctx, "multiply", &[distance, conjugate])?;
        views::part(ctx, &square, false)?
    } else {
        numpy(ctx, "multiply", &[distance.clone(), distance])?
    };
    let inside = kept(ctx, square)?;
    let total = sum(ctx, &inside, acc.real_part(), asked.keepdims)?;
    let count = sum(ctx, &mask_array, DType::I64, asked.keepdims)?;
    let least = vec![Operand::Array(count), Operand::Float(asked.ddof)];
    let count = call(ctx, "subtract", &least)?;
    let count = call(ctx, "maximum", &[Operand::Array(count), Operand::Int(0)])?;
    let mut result = numpy(ctx, "divide", &[total, count])?;
    if op == Reduce::Std {
        result = numpy(ctx, "sqrt", &[result])?;
    }
    discover::cast(ctx, &result, to)
}

fn numpy(ctx: &mut Ctx, name: &str, operands: &[Array]) -> Result<Array> {
    let operands: Vec<Operand> = operands.iter().cloned().map(Operand::Array).collect();
    call(ctx, name, &operands)
}

fn call(ctx: &mut Ctx, name: &str, operands: &[Operand]) -> Result<Array> {
    let row = ops::lookup(Module::Numpy, name).expect("a ufunc of the table");
    Ok(apply(ctx, ops::row(row), operands, None)?.remove(0))
}
