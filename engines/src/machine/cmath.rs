//! Python's `cmath` module, by CPython's formulas.

use lang::ops::Cmath;
use lang::ops::cmath::Real;
use num_complex::Complex64;

use super::Machine;
use super::number::{self, Num};
use super::raise::{Eval, overflow, type_error, value_error, zero_division};
use super::types::type_name;
use crate::value::Value;

pub fn call(machine: &mut Machine, function: Cmath, values: &[Option<Value>]) -> Eval<Value> {
    let mut arg = |i: usize| complex(machine, values.get(i).and_then(Option::as_ref).unwrap_or(&Value::None));
    let given = |i: usize| values.get(i).is_some_and(Option::is_some);
    let z = arg(0)?;
    let result = match function {
        Cmath::Isfinite => return Ok(Value::Bool(z.re.is_finite() && z.im.is_finite())),
        Cmath::Isinf => return Ok(Value::Bool(z.re.is_infinite() || z.im.is_infinite())),
        Cmath::Isnan => return Ok(Value::Bool(z.re.is_nan() || z.im.is_nan())),
        Cmath::Isclose => {
            let w = arg(1)?;
            let relative = if given(2) { arg(2)?.re } else { 1e-9 };
            let absolute = if given(3) { arg(3)?.re } else { 0.0 };
            if relative < 0.0 || absolute < 0.0 {
                return value_error("tolerances must be non-negative");
            }
            let size = |z: Complex64| z.re.c_hypot(z.im);
            let finite = [z.re, z.im, w.re, w.im].iter().all(|x| x.is_finite());
            let distance = size(z - w);
            let near =
                distance <= relative * size(w) || distance <= relative * size(z) || distance <= absolute;
            return Ok(Value::Bool(z == w || finite && near));
        }
        Cmath::Phase => return Ok(Value::Float(z.im.c_atan2(z.re))),
        Cmath::Polar => {
            let parts = [magnitude(z)?, z.im.c_atan2(z.re)];
            return Ok(Value::tuple(parts.map(Value::Float).to_vec()));
        }
        Cmath::Rect => {
            let angle = arg(1)?;
            if z.im != 0.0 || angle.im != 0.0 {
                return type_error("must be real number, not complex");
            }
            rect(z.re, angle.re)?
        }
        Cmath::Sqrt => sqrt(z),
        Cmath::Exp => exp(z)?,
        Cmath::Log => {
            let log = log(z)?;
            if !given(1) {
                log
            } else {
                let base = self::log(arg(1)?)?;
                if base == Complex64::default() {
                    return zero_division("complex division by zero");
                }
                return machine.binary(lang::ir::BinOp::Div, Value::Complex(log), Value::Complex(base));
            }
        }
        Cmath::Log10 => {
            let log = log(z)?;
            let ten = std::f64::consts::LN_10;
            Complex64::new(log.re / ten, log.im / ten)
        }
        Cmath::Sinh => sinh(z)?,
        Cmath::Cosh => cosh(z)?,
        // sin z = -i sinh(iz), cos z = cosh(iz).
        Cmath::Sin => {
            let s = sinh(Complex64::new(-z.im, z.re))?;
            Complex64::new(s.im, -s.re)
        }
        Cmath::Cos => cosh(Complex64::new(-z.im, z.re))?,
    };
    Ok(Value::Complex(result))
}

fn complex(machine: &mut Machine, value: &Value) -> Eval<Complex64> {
    match (value, Num::of_any(value)) {
        (_, Some(Num::Complex(c))) => Ok(c),
        (_, Some(num)) => Ok(Complex64::new(number::to_float(&num)?, 0.0)),
        (Value::Array(array), _) if array.shape().is_empty() => {
            let item = machine.item(&array.clone())?;
            complex(machine, &Value::Scalar(item))
        }
        _ => type_error(format!("must be a number, not {}", type_name(value))),
    }
}

fn magnitude(z: Complex64) -> Eval<f64> {
    let size = z.re.c_hypot(z.im);
    if size.is_infinite() && z.re.is_finite() && z.im.is_finite() {
        return overflow("math range error");
    }
    Ok(size)
}

fn rect(size: f64, angle: f64) -> Eval<Complex64> {
    if !angle.is_finite() && size != 0.0 && !size.is_nan() && angle.is_infinite() {
        return value_error("math domain error");
    }
    if angle == 0.0 {
        return Ok(Complex64::new(size, size * angle));
    }
    Ok(Complex64::new(size * angle.c_cos(), size * angle.c_sin()))
}

fn sqrt(z: Complex64) -> Complex64 {
    if z.re == 0.0 && z.im == 0.0 {
        return Complex64::new(0.0, z.im);
    }
    if z.im.is_infinite() {
        return Complex64::new(f64::INFINITY, z.im);
    }
    let (re, im) = (z.re.abs(), z.im.abs());
    let root = if re < f64::MIN_POSITIVE && im < f64::MIN_POSITIVE {
        let (re, im) = (re.c_ldexp(54), im.c_ldexp(54));
        (re + re.c_hypot(im)).sqrt().c_ldexp(-27 - 1) * std::f64::consts::SQRT_2
    } else {
        let re = re / 8.0;
        2.0 * (re + re.c_hypot(im / 8.0)).sqrt()
    };
    let other = im / (2.0 * root);
    if z.re >= 0.0 {
        Complex64::new(root, other.copysign(z.im))
    } else {
        Complex64::new(other, root.copysign(z.im))
    }
}

fn exp(z: Complex64) -> Eval<Complex64> {
    if z.im.is_infinite() && (z.re.is_finite() || z.re == f64::INFINITY) {
        return value_error("math domain error");
    }
    let size = z.re.c_exp();
    let result = if z.im == 0.0 {
        Complex64::new(size, z.im)
    } else {
        Complex64::new(size * z.im.c_cos(), size * z.im.c_sin())
    };
    let grown = (result.re.is_infinite() || result.im.is_infinite()) && z.re.is_finite() && z.im.is_finite();
    if grown { overflow("math range error") } else { Ok(result) }
}

fn log(z: Complex64) -> Eval<Complex64> {
    if z.re == 0.0 && z.im == 0.0 {
        return value_error("math domain error");
    }
    let (re, im) = (z.re.abs(), z.im.abs());
    let (large, small) = (re.max(im), re.min(im));
    let size = if re > f64::MAX / 4.0 || im > f64::MAX / 4.0 {
        (re / 2.0).c_hypot(im / 2.0).c_log() + std::f64::consts::LN_2
    } else if re < f64::MIN_POSITIVE && im < f64::MIN_POSITIVE {
        re.c_ldexp(53).c_hypot(im.c_ldexp(53)).c_log() - 53.0 * std::f64::consts::LN_2
    } else {
        let size = re.c_hypot(im);
        // Near the unit circle the logarithm is small, and must not lose its digits.
        if (0.71..=1.73).contains(&size) {
            ((large - 1.0) * (large + 1.0) + small * small).c_log1p() / 2.0
        } else {
            size.c_log()
        }
    };
    Ok(Complex64::new(size, z.im.c_atan2(z.re)))
}

fn sinh(z: Complex64) -> Eval<Complex64> {
    checked(z, Complex64::new(z.im.c_cos() * z.re.c_sinh(), z.im.c_sin() * z.re.c_cosh()))
}

fn cosh(z: Complex64) -> Eval<Complex64> {
    checked(z, Complex64::new(z.im.c_cos() * z.re.c_cosh(), z.im.c_sin() * z.re.c_sinh()))
}

fn checked(z: Complex64, result: Complex64) -> Eval<Complex64> {
    if z.im.is_infinite() && !z.re.is_nan() {
        return value_error("math domain error");
    }
    let grown = (result.re.is_infinite() || result.im.is_infinite()) && z.re.is_finite() && z.im.is_finite();
    if grown { overflow("math range error") } else { Ok(result) }
}
