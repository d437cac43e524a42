//! Ufuncs as functions: arguments, `out=`, `where=`, `dtype=`, `casting=`, and scalars out of 0-d results.

use lang::dtype::{Casting, DType};
use lang::error::{Error, Result};
use lang::ops::{self, Row, Run};
use lang::scalar::Scalar;

use super::record::{Operand, record_where};
use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::rearrange::views;
use crate::exec::{Args, discover, index, output};
use crate::value::Value;

/// A value as an operand: numbers as they are, sequences as arrays. Collective.
///
/// # Errors
/// As `np.array` of the value.
pub fn operand(ctx: &mut Ctx, value: &Value) -> Result<Operand> {
    match Operand::of(value) {
        Some(operand) => Ok(operand),
        None => Ok(Operand::Array(discover::to_array(ctx, value, None)?)),
    }
}

/// Runs a ufunc's row on its arguments. Collective.
///
/// # Errors
/// TypeError, ValueError and OverflowError in NumPy's words; nothing is written then.
pub fn call(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let Run::Ufunc(loops) = args.row.run else {
        return Err(Error::type_(format!("'{}' is not a ufunc", args.row.name)));
    };
    if let Some(part) = part_of_array(ctx, args)? {
        return Ok(Value::Array(part));
    }
    let (count, results) = loops.first().map_or((0, 0), |l| (l.ins.len(), l.outs.len()));
    let mut operands = Vec::with_capacity(count);
    for param in &args.signature.params[..count] {
        operands.push(operand(ctx, args.value(param.name)?)?);
    }
    run(ctx, args, operands, results)
}

/// What is no ufunc of an array in NumPy, but the array itself or a view: `np.real(a)`, and `a.conj()` of real numbers.
fn part_of_array(ctx: &mut Ctx, args: &Args) -> Result<Option<Array>> {
    let operand = args.signature.params.first().and_then(|first| args.given(first.name));
    let Some(Value::Array(array)) = operand else {
        return Ok(None);
    };
    match args.row.name {
        "conj" | "conjugate" if args.method && !array.dtype().is_complex() && args.some("out").is_none() => {
            Ok(Some(array.clone()))
        }
        "real" => views::part(ctx, array, false).map(Some),
        "imag" => views::part(ctx, array, true).map(Some),
        _ => Ok(None),
    }
}

/// Runs a ufunc's row on operands, with the keywords of a call. Collective.
///
/// # Errors
/// As `call`.
pub fn run(ctx: &mut Ctx, args: &Args, operands: Vec<Operand>, count: usize) -> Result<Value> {
    let keywords = Keywords::read(ctx, args, count)?;
    apply_to(ctx, args.row, operands, keywords)
}

/// What a ufunc is told besides its operands.
pub struct Keywords {
    pub outs: Vec<Option<Array>>,
    pub mask: Option<Operand>,
    pub dtype: Option<DType>,
    pub casting: Casting,
}

impl Keywords {
    /// Reads those of a call of a ufunc with so many results. Collective.
    ///
    /// # Errors
    /// TypeError and ValueError in NumPy's words.
    pub fn read(ctx: &mut Ctx, args: &Args, count: usize) -> Result<Keywords> {
        if let Some(Value::Str(order)) = args.some("order")
            && !matches!(&order[..], "C" | "K" | "A")
        {
            return Err(index::refused("order='F'"));
        }
        Ok(Keywords {
            outs: output::given(args, count)?,
            mask: output::mask(ctx, args)?,
            dtype: args.dtype("dtype")?,
            casting: args.str("casting")?.map_or(Ok(Casting::SameKind), Casting::parse)?,
        })
    }
}

/// Applies a ufunc's row to operands. Collective.
///
/// # Errors
/// As `call`.
pub fn apply_to(
    ctx: &mut Ctx,
    row: &'static Row,
    mut operands: Vec<Operand>,
    keywords: Keywords,
) -> Result<Value> {
    let Keywords { outs, mask, dtype, casting } = keywords;
    let kinds: Vec<ops::Operand> = operands.iter().map(Operand::kind).collect();
    let resolved = ops::resolve_casting(row, &kinds, dtype, casting)?;
    for (out, from) in outs.iter().zip(resolved.chosen.outs) {
        if let Some(out) = out {
            output::fits(row.name, *from, out, casting)?;
        }
    }
    let shape = output::shape(&operands, mask.as_ref(), &outs)?;
    if let (Some(mask), Some(_), Some(last)) = (&mask, resolved.chosen.check, operands.last_mut()) {
        // What is not computed is not refused either.
        let zero = Operand::Scalar(Scalar::zero(last.natural()));
        *last = Operand::Array(output::select(ctx, mask.clone(), last.clone(), zero)?);
    }
    let results = record_where(ctx, row.name, &resolved, &operands, mask.as_ref())?;
    output::deliver(ctx, results, &outs, mask.as_ref(), &shape)
}

/// Results as values: NumPy makes scalars of 0-d ones.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn finish(ctx: &mut Ctx, results: Vec<Array>) -> Result<Value> {
    let outs = vec![None; results.len()];
    let shape = results.first().map_or(Vec::new(), |r| r.shape().to_vec());
    output::deliver(ctx, results, &outs, None, &shape)
}
