//! Python's `math` module: C's functions with CPython's errors.

use lang::ir::BinOp;
use lang::ops::Math;
use lang::ops::cmath::Real;
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use super::number::{self, Num};
use super::raise::{Eval, overflow, type_error, value_error, zero_division};
use super::types::type_name;
use super::{Machine, float, math_special, math_whole};
use crate::value::Value;

pub fn call(machine: &mut Machine, function: Math, values: &[Option<Value>], rest: &[Value]) -> Eval<Value> {
    let arg = |i: usize| values.get(i).cloned().flatten().unwrap_or(Value::None);
    let given = |i: usize| values.get(i).is_some_and(Option::is_some);
    let mut real = |i: usize| to_real(machine, &arg(i));
    let result = match function {
        Math::Acos => one(real(0)?, f64::c_acos, false)?,
        Math::Acosh => one(real(0)?, f64::c_acosh, false)?,
        Math::Asin => one(real(0)?, f64::c_asin, false)?,
        Math::Asinh => one(real(0)?, f64::c_asinh, false)?,
        Math::Atan => one(real(0)?, f64::c_atan, false)?,
        Math::Atanh => one(real(0)?, f64::c_atanh, false)?,
        Math::Cbrt => one(real(0)?, f64::c_cbrt, false)?,
        Math::Cos => one(real(0)?, f64::c_cos, false)?,
        Math::Cosh => one(real(0)?, f64::c_cosh, true)?,
        Math::Exp => one(real(0)?, f64::c_exp, true)?,
        Math::Exp2 => one(real(0)?, f64::c_exp2, true)?,
        Math::Expm1 => one(real(0)?, f64::c_expm1, true)?,
        Math::Log1p => one(real(0)?, |x| if x == 0.0 { x } else { x.c_log1p() }, false)?,
        Math::Sin => one(real(0)?, f64::c_sin, false)?,
        Math::Sinh => one(real(0)?, f64::c_sinh, true)?,
        Math::Sqrt => one(real(0)?, f64::sqrt, false)?,
        Math::Tan => one(real(0)?, f64::c_tan, false)?,
        Math::Tanh => one(real(0)?, f64::c_tanh, false)?,
        Math::Fabs => real(0)?.abs(),
        Math::Erf => real(0)?.c_erf(),
        Math::Erfc => real(0)?.c_erfc(),
        Math::Gamma => math_special::gamma(real(0)?)?,
        Math::Lgamma => math_special::lgamma(real(0)?)?,
        Math::Degrees => real(0)? * (180.0 / std::f64::consts::PI),
        Math::Radians => real(0)? * (std::f64::consts::PI / 180.0),
        Math::Atan2 => {
            let (y, x) = (real(0)?, real(1)?);
            y.c_atan2(x)
        }
        Math::Copysign => {
            let (x, y) = (real(0)?, real(1)?);
            x.copysign(y)
        }
        Math::Fmod => {
            let (x, y) = (real(0)?, real(1)?);
            if y.is_infinite() && x.is_finite() { x } else { two(x, y, x % y)? }
        }
        Math::Remainder => {
            let (x, y) = (real(0)?, real(1)?);
            two(x, y, x.c_remainder(y))?
        }
        Math::Nextafter => {
            let (x, y) = (real(0)?, real(1)?);
            x.c_nextafter(y)
        }
        Math::Pow => {
            let (x, y) = (real(0)?, real(1)?);
            let power = x.c_pow(y);
            if x.is_finite() && y.is_finite() && !power.is_finite() {
                if power.is_nan() || x == 0.0 {
                    return value_error("math domain error");
                }
                return overflow("math range error");
            }
            power
        }
        Math::Ulp => ulp(real(0)?),
        Math::Isfinite => return Ok(Value::Bool(real(0)?.is_finite())),
        Math::Isinf => return Ok(Value::Bool(real(0)?.is_infinite())),
        Math::Isnan => return Ok(Value::Bool(real(0)?.is_nan())),
        Math::Frexp => {
            let (mantissa, exponent) = frexp(real(0)?);
            return Ok(Value::tuple(vec![Value::Float(mantissa), Value::Int(exponent)]));
        }
        Math::Modf => {
            let x = real(0)?;
            let fraction = if x.is_infinite() { 0.0_f64.copysign(x) } else { x % 1.0 };
            let parts = [fraction.copysign(x), if x.is_nan() { x } else { x.trunc() }];
            let parts = if x.is_nan() { [x, x] } else { parts };
            return Ok(Value::tuple(parts.map(Value::Float).to_vec()));
        }
        Math::Ldexp => {
            let x = real(0)?;
            let exponent = match Num::of_any(&arg(1)) {
                Some(num @ (Num::Int(_) | Num::Big(_))) => num.to_big().unwrap_or_default(),
                _ => return type_error("Expected an int as second argument to ldexp."),
            };
            let far = if exponent.is_negative() { -5000 } else { 5000 };
            let exponent = exponent.to_i32().filter(|e| e.abs() < 5000).unwrap_or(far);
            let scaled = x.c_ldexp(exponent);
            if scaled.is_infinite() && x.is_finite() {
                return overflow("math range error");
            }
            scaled
        }
        Math::Isclose => {
            let (a, b) = (real(0)?, real(1)?);
            let relative = if given(2) { real(2)? } else { 1e-9 };
            let absolute = if given(3) { real(3)? } else { 0.0 };
            if relative < 0.0 || absolute < 0.0 {
                return value_error("tolerances must be non-negative");
            }
            return Ok(Value::Bool(is_close(a, b, relative, absolute)));
        }
        Math::Log => {
            let (value, base) = (arg(0), arg(1));
            let x = logarithm(machine, &value, f64::c_log)?;
            if !given(1) {
                x
            } else {
                let base = logarithm(machine, &base, f64::c_log)?;
                if base == 0.0 {
                    return zero_division("float division by zero");
                }
                x / base
            }
        }
        Math::Log2 => logarithm(machine, &arg(0), f64::c_log2)?,
        Math::Log10 => logarithm(machine, &arg(0), f64::c_log10)?,
        Math::Floor | Math::Ceil | Math::Trunc => return whole_part(machine, function, &arg(0)),
        Math::Hypot => {
            let mut lengths = Vec::with_capacity(rest.len());
            for x in rest {
                lengths.push(to_real(machine, x)?.abs());
            }
            math_special::norm(&lengths)
        }
        Math::Dist => {
            let (p, q) = (coordinates(machine, &arg(0))?, coordinates(machine, &arg(1))?);
            if p.len() != q.len() {
                return value_error("both points must have the same number of dimensions");
            }
            let lengths: Vec<f64> = p.iter().zip(&q).map(|(a, b)| (a - b).abs()).collect();
            math_special::norm(&lengths)
        }
        Math::Fsum => {
            let items = machine.collect(&arg(0))?;
            let mut numbers = Vec::with_capacity(items.len());
            for item in &items {
                numbers.push(to_real(machine, item)?);
            }
            math_special::exact_sum(&numbers)?
        }
        Math::Prod => {
            let mut product = if given(1) { arg(1) } else { Value::Int(1) };
            let mut iter = machine.iter(&arg(0))?;
            while let Some(item) = machine.next(&mut iter)? {
                product = machine.binary(BinOp::Mul, product, item)?;
            }
            return Ok(product);
        }
        Math::Comb | Math::Factorial | Math::Gcd | Math::Isqrt | Math::Lcm | Math::Perm => {
            return math_whole::call(function, values, rest);
        }
    };
    Ok(Value::Float(result))
}

/// A real number, or what converts to one.
fn to_real(machine: &mut Machine, value: &Value) -> Eval<f64> {
    match (value, Num::of_any(value)) {
        (_, Some(num)) if !matches!(num, Num::Complex(_)) => number::to_float(&num),
        (Value::Array(array), _) if array.shape().is_empty() => {
            let item = machine.item(&array.clone())?;
            to_real(machine, &Value::Scalar(item))
        }
        (Value::Array(_), _) => type_error("only 0-dimensional arrays can be converted to Python scalars"),
        _ => type_error(format!("must be real number, not {}", type_name(value))),
    }
}

fn coordinates(machine: &mut Machine, point: &Value) -> Eval<Vec<f64>> {
    let items = machine.collect(point)?;
    items.iter().map(|x| to_real(machine, x)).collect()
}

/// `f(x)`: a new nan is outside of the domain; so is a new infinity, where `f` has poles, and else an overflow.
fn one(x: f64, f: fn(f64) -> f64, overflows: bool) -> Eval<f64> {
    let result = f(x);
    if result.is_nan() && !x.is_nan() || result.is_infinite() && x.is_finite() && !overflows {
        return value_error("math domain error");
    }
    if result.is_infinite() && x.is_finite() {
        return overflow("math range error");
    }
    Ok(result)
}

/// A result of two numbers, of which nan is outside of the domain.
fn two(x: f64, y: f64, result: f64) -> Eval<f64> {
    if result.is_nan() && !x.is_nan() && !y.is_nan() {
        return value_error("math domain error");
    }
    Ok(result)
}

/// A logarithm, of ints of any size.
fn logarithm(machine: &mut Machine, value: &Value, log: fn(f64) -> f64) -> Eval<f64> {
    if let Some(Num::Big(big)) = Num::of_any(value) {
        if big.is_negative() {
            return value_error("math domain error");
        }
        if big.bits() > 1000 {
            // x = mantissa * 2**shift with a mantissa of 64 bits.
            let shift = big.bits() - 64;
            let mantissa: BigInt = &*big >> shift;
            let (mantissa, exponent) = frexp(mantissa.to_f64().unwrap_or(0.0));
            return Ok(log(mantissa) + log(2.0) * (exponent + shift as i64) as f64);
        }
    }
    let x = to_real(machine, value)?;
    if x <= 0.0 {
        return value_error("math domain error");
    }
    Ok(log(x))
}

fn whole_part(machine: &mut Machine, function: Math, value: &Value) -> Eval<Value> {
    match Num::of_any(value) {
        Some(num @ (Num::Int(_) | Num::Big(_))) => Ok(Value::int(num.to_big().unwrap_or_default())),
        None if function == Math::Trunc && !matches!(value, Value::Array(_)) => {
            type_error(format!("type {} doesn't define __trunc__ method", type_name(value)))
        }
        _ => {
            let x = to_real(machine, value)?;
            float::to_int(match function {
                Math::Floor => x.floor(),
                Math::Ceil => x.ceil(),
                _ => x,
            })
        }
    }
}

pub fn is_close(a: f64, b: f64, relative: f64, absolute: f64) -> bool {
    if a == b {
        return true;
    }
    let distance = (a - b).abs();
    a.is_finite()
        && b.is_finite()
        && (distance <= (relative * b).abs() || distance <= (relative * a).abs() || distance <= absolute)
}

/// The mantissa, of magnitude at least a half and below 1, and the exponent.
pub fn frexp(x: f64) -> (f64, i64) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    let bits = x.to_bits();
    match (bits >> 52 & 0x7ff) as i64 {
        0 => {
            let (mantissa, exponent) = frexp(x * 2.0_f64.powi(64));
            (mantissa, exponent - 64)
        }
        exponent => (f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52), exponent - 1022),
    }
}

fn ulp(x: f64) -> f64 {
    let x = x.abs();
    if !x.is_finite() {
        return x;
    }
    let next = x.c_nextafter(f64::INFINITY);
    if next.is_infinite() { x - x.c_nextafter(f64::NEG_INFINITY) } else { next - x }
}
