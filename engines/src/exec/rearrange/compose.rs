//! `where`, `clip` and `round`, composed of elementwise loops.

use lang::dtype::{Casting, DType};
use lang::error::{Error, Result};
use lang::ops::{self, Module, Resolved};
use lang::scalar::Scalar;

use super::order::Order;
use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::Args;
use crate::exec::elementwise::call::operand;
use crate::exec::elementwise::record::{apply, constant, record};
use crate::exec::elementwise::{Operand, astype};
use crate::exec::{index, output};
use crate::value::Value;

/// `np.where(condition, x, y)`.
///
/// # Errors
/// ValueError where the shapes do not broadcast, or the condition stands alone and has no axes.
pub fn choose(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let (x, y) = match (args.given("x"), args.given("y")) {
        (Some(x), Some(y)) if !matches!((x, y), (Value::None, Value::None)) => (x, y),
        (None | Some(Value::None), None | Some(Value::None)) => {
            let condition = args.array(ctx, "condition")?;
            let found = index::nonzero(ctx, &condition)?;
            return Ok(Value::tuple(found.into_iter().map(Value::Array).collect()));
        }
        _ => {
            return Err(Error::value("either both or neither of x and y should be given"));
        }
    };
    let condition = match operand(ctx, args.value("condition")?)? {
        Operand::Array(array) => Operand::Array(array),
        scalar => {
            let value = scalar.constant(scalar.natural())?.is_some_and(|s| s.is_truthy());
            Operand::Scalar(Scalar::Bool(value))
        }
    };
    let (x, y) = (operand(ctx, x)?, operand(ctx, y)?);
    let resolved = ops::resolve_where(x.kind(), y.kind())?;
    let results = record(ctx, "where", &resolved, &[condition, x, y])?;
    Ok(Value::Array(results.into_iter().next().expect("where has one result")))
}

/// `np.clip(a, low, high)`.
///
/// # Errors
/// As of ufuncs.
pub fn clip(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    if !args.method {
        let given = |name: &str| args.given(name).is_some();
        match (given("a_min"), given("a_max")) {
            (true, true) if given("min") || given("max") => {
                return Err(Error::value(
                    "Passing `min` or `max` keyword argument when `a_min` and `a_max` are provided is forbidden.",
                ));
            }
            (true, false) | (false, true) => {
                let missing = if given("a_min") { "a_max" } else { "a_min" };
                return Err(Error::type_(format!(
                    "clip() missing 1 required positional argument: '{missing}'"
                )));
            }
            _ => {}
        }
    }
    let x = operand(ctx, args.value("a")?)?;
    let mut bound = |long: &str, short: &str| -> Result<Option<Operand>> {
        args.some(long).or(args.some(short)).map(|value| operand(ctx, value)).transpose()
    };
    let (low, high) = (bound("a_min", "min")?, bound("a_max", "max")?);
    let kind = |o: &Option<Operand>| o.clone();
    let (low_copy, high_copy) = (kind(&low), kind(&high));
    let (low_kind, high_kind) = (low_copy.as_ref().map(Operand::kind), high_copy.as_ref().map(Operand::kind));
    let resolved = ops::resolve_clip(args.row, x.kind(), low_kind, high_kind)?;
    // Where there is no bound, a stand-in takes its place.
    let unbound = || Operand::Scalar(Scalar::zero(resolved.chosen.ins[0]));
    let operands = [x, low.unwrap_or_else(unbound), high.unwrap_or_else(unbound)];
    let result = record(ctx, "clip", &resolved, &operands)?;
    out(ctx, args, result)
}

/// `np.round(a, decimals)`: to even at the half, by scaling, as NumPy does.
///
/// # Errors
/// NotImplementedError where NumPy's result is float16; as of ufuncs.
pub fn round(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let x = operand(ctx, args.value("a")?)?;
    let decimals = args.int("decimals")?.unwrap_or(0);
    let (dtype, given) = (x.natural(), x.clone());
    if dtype.is_bool() {
        return Err(index::refused("rounding bool, which is float16 in NumPy,"));
    }
    if dtype.is_integer() && decimals >= 0 {
        let array = as_array(ctx, &x)?;
        let copy = astype(ctx, &array, dtype)?;
        return out(ctx, args, vec![copy]);
    }
    let mut step = |name: &str, operands: &[Operand]| -> Result<Operand> {
        let row = ops::lookup(Module::Numpy, name).expect("a ufunc of the table");
        let mut results = apply(ctx, ops::row(row), operands, None)?;
        Ok(Operand::Array(results.remove(0)))
    };
    let parts = |step: &mut dyn FnMut(&str, &[Operand]) -> Result<Operand>, x: Operand| step("rint", &[x]);
    let result = if decimals == 0 {
        parts(&mut step, x)?
    } else {
        let scale = Operand::Float(10f64.powi(decimals.unsigned_abs().min(400) as i32));
        let (first, last) = if decimals > 0 { ("multiply", "divide") } else { ("divide", "multiply") };
        let scaled = step(first, &[x, scale.clone()])?;
        let whole = parts(&mut step, scaled)?;
        step(last, &[whole, scale])?
    };
    let Operand::Array(mut result) = result else {
        return Err(Error::type_("rounding gives an array"));
    };
    if let (true, Operand::Array(source)) = (decimals != 0, &given) {
        result = Order::A.apply(ctx, result, source)?;
    }
    let result = if dtype.is_integer() { astype(ctx, &result, dtype)? } else { result };
    out(ctx, args, vec![result])
}

fn as_array(ctx: &mut Ctx, x: &Operand) -> Result<Array> {
    match x {
        Operand::Array(array) => Ok(array.clone()),
        scalar => {
            let value = scalar.constant(scalar.natural())?.unwrap_or(Scalar::zero(DType::I64));
            Ok(constant(&[], &ctx.replicated(&[]), value))
        }
    }
}

/// The result, in `out=` where that is given.
fn out(ctx: &mut Ctx, args: &Args, results: Vec<Array>) -> Result<Value> {
    let outs = output::given(args, 1)?;
    for (out, result) in outs.iter().zip(&results) {
        if let Some(out) = out {
            output::fits(args.row.name, result.dtype(), out, Casting::SameKind)?;
        }
    }
    let operands: Vec<Operand> = results.iter().cloned().map(Operand::Array).collect();
    let shape = output::shape(&operands, None, &outs)?;
    output::deliver(ctx, results, &outs, None, &shape)
}

/// The core of `where` for one dtype.
pub fn where_loop(dtype: DType) -> Resolved {
    let index = dtype as usize;
    Resolved { index, chosen: &ops::WHERE[index], stand_ins: Vec::new() }
}
