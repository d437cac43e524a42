//! Arithmetic of Python's float and complex: floor division, remainder, power and rounding as CPython computes them.

use lang::error::Class;
use lang::ir::BinOp;
use num_bigint::BigInt;
use num_complex::Complex64;
use num_integer::Integer;
use num_traits::{FromPrimitive, Signed, ToPrimitive, Zero};

use super::raise::{Eval, overflow, raise, value_error, zero_division};
use crate::value::Value;

/// `a op b` where nothing can go wrong.
#[inline]
pub fn quick(op: BinOp, a: f64, b: f64) -> Option<Value> {
    match op {
        BinOp::Add => Some(Value::Float(a + b)),
        BinOp::Sub => Some(Value::Float(a - b)),
        BinOp::Mul => Some(Value::Float(a * b)),
        BinOp::Div if b != 0.0 => Some(Value::Float(a / b)),
        _ => None,
    }
}

/// `a op b`; None where floats have no such operation (shifts, bits, `@`).
#[inline]
pub fn real(op: BinOp, a: f64, b: f64) -> Eval<Option<Value>> {
    Ok(Some(Value::Float(match op {
        BinOp::Add => a + b,
        BinOp::Sub => a - b,
        BinOp::Mul => a * b,
        BinOp::Div if b == 0.0 => return zero_division("float division by zero"),
        BinOp::Div => a / b,
        BinOp::FloorDiv => floor_div_mod(a, b, "float floor division by zero")?.0,
        BinOp::Mod => floor_div_mod(a, b, "float modulo")?.1,
        BinOp::Pow => return power(a, b).map(Some),
        _ => return Ok(None),
    })))
}

/// The floor of the quotient and the remainder with the divisor's sign.
pub fn floor_div_mod(a: f64, b: f64, by_zero: &str) -> Eval<(f64, f64)> {
    if b == 0.0 {
        return zero_division(by_zero);
    }
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest != 0.0 {
        if (b < 0.0) != (rest < 0.0) {
            rest += b;
            quotient -= 1.0;
        }
    } else {
        rest = 0.0_f64.copysign(b);
    }
    let floor = if quotient != 0.0 {
        let floor = quotient.floor();
        if quotient - floor > 0.5 { floor + 1.0 } else { floor }
    } else {
        0.0_f64.copysign(a / b)
    };
    Ok((floor, rest))
}

fn power(a: f64, b: f64) -> Eval<Value> {
    if a == 0.0 && b < 0.0 {
        return zero_division("0.0 cannot be raised to a negative power");
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b != b.floor() {
        return complex_power(Complex64::new(a, 0.0), Complex64::new(b, 0.0)).map(Value::Complex);
    }
    let value = a.powf(b);
    if value.is_infinite() && a.is_finite() && b.is_finite() {
        return overflow("(34, 'Numerical result out of range')");
    }
    Ok(Value::Float(value))
}

/// `a op b`; None where complex numbers have no such operation.
pub fn complex(op: BinOp, a: Complex64, b: Complex64) -> Eval<Option<Value>> {
    Ok(Some(Value::Complex(match op {
        BinOp::Add => a + b,
        BinOp::Sub => a - b,
        BinOp::Mul => product(a, b),
        BinOp::Div => match quotient(a, b) {
            Some(value) => value,
            None => return zero_division("complex division by zero"),
        },
        BinOp::Pow => complex_power(a, b)?,
        _ => return Ok(None),
    })))
}

/// `a op b` where nothing can go wrong.
#[inline]
pub fn quick_complex(op: BinOp, a: Complex64, b: Complex64) -> Option<Value> {
    match op {
        BinOp::Add => Some(Value::Complex(a + b)),
        BinOp::Sub => Some(Value::Complex(a - b)),
        BinOp::Mul => Some(Value::Complex(product(a, b))),
        _ => None,
    }
}

#[inline]
fn product(a: Complex64, b: Complex64) -> Complex64 {
    Complex64::new(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
}

/// Smith's division, as CPython's; None for a zero divisor.
fn quotient(a: Complex64, b: Complex64) -> Option<Complex64> {
    if b.re.abs() >= b.im.abs() {
        if b.is_zero() {
            return None;
        }
        let ratio = b.im / b.re;
        let scale = b.re + b.im * ratio;
        Some(Complex64::new((a.re + a.im * ratio) / scale, (a.im - a.re * ratio) / scale))
    } else if b.im.abs() >= b.re.abs() {
        let ratio = b.re / b.im;
        let scale = b.re * ratio + b.im;
        Some(Complex64::new((a.re * ratio + a.im) / scale, (a.im * ratio - a.re) / scale))
    } else {
        Some(Complex64::new(f64::NAN, f64::NAN))
    }
}

fn complex_power(a: Complex64, b: Complex64) -> Eval<Complex64> {
    const BY_ZERO: &str = "0.0 to a negative or complex power";
    let value = if b.im == 0.0 && b.re == b.re.floor() && b.re.abs() <= 100.0 {
        let whole = whole_power(a, b.re.abs() as u32);
        if b.re > 0.0 {
            whole
        } else {
            match quotient(Complex64::new(1.0, 0.0), whole) {
                Some(value) => value,
                None => return zero_division(BY_ZERO),
            }
        }
    } else if a.is_zero() {
        if b.im != 0.0 || b.re < 0.0 {
            return zero_division(BY_ZERO);
        }
        Complex64::zero()
    } else {
        let (radius, angle) = (a.re.hypot(a.im), a.im.atan2(a.re));
        let mut length = radius.powf(b.re);
        let mut phase = angle * b.re;
        if b.im != 0.0 {
            length *= (-angle * b.im).exp();
            phase += b.im * radius.ln();
        }
        Complex64::new(length * phase.cos(), length * phase.sin())
    };
    if (value.re.is_infinite() || value.im.is_infinite()) && a.is_finite() && b.is_finite() {
        return overflow("complex exponentiation");
    }
    Ok(value)
}

fn whole_power(a: Complex64, n: u32) -> Complex64 {
    let (mut result, mut square) = (Complex64::new(1.0, 0.0), a);
    let mut rest = n;
    while rest > 0 {
        if rest & 1 == 1 {
            result = product(result, square);
        }
        rest >>= 1;
        square = product(square, square);
    }
    result
}

/// `int(f)`: towards zero.
pub fn to_int(f: f64) -> Eval<Value> {
    if f.is_nan() {
        return value_error("cannot convert float NaN to integer");
    }
    match BigInt::from_f64(f.trunc()) {
        Some(value) => Ok(Value::int(value)),
        None => overflow("cannot convert float infinity to integer"),
    }
}

/// `round(f)`: the nearest int, half to even.
pub fn round_to_int(f: f64) -> Eval<Value> {
    to_int(f.round_ties_even())
}

/// `round(f, digits)`: the float nearest to the decimal that is nearest to `f`, half to even.
pub fn round(f: f64, digits: i64) -> Eval<f64> {
    if !f.is_finite() || f == 0.0 || digits > 330 {
        return Ok(f);
    }
    if digits < -310 {
        return Ok(0.0_f64.copysign(f));
    }
    let rounded = if digits >= 0 {
        format!("{f:.*}", digits as usize).parse().unwrap_or(f)
    } else {
        round_whole(f, digits.unsigned_abs() as u32)
    };
    if rounded.is_infinite() {
        return raise(Class::OverflowError, "rounded value too large to represent");
    }
    Ok(rounded)
}

/// To a multiple of `10**zeros`, exactly.
fn round_whole(f: f64, zeros: u32) -> f64 {
    let Some(whole) = BigInt::from_f64(f.abs().trunc()) else {
        return f;
    };
    let unit = BigInt::from(10).pow(zeros);
    let (mut quotient, rest) = whole.div_mod_floor(&unit);
    let twice: BigInt = rest * 2;
    let above_half = match twice.cmp(&unit) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => f.fract() != 0.0 || quotient.is_odd(),
        std::cmp::Ordering::Greater => true,
    };
    if above_half {
        quotient += 1;
    }
    debug_assert!(!quotient.is_negative());
    (quotient * unit).to_f64().unwrap_or(f64::INFINITY).copysign(f)
}

/// `mantissa * 2**exponent`, rounded once, half to even; None beyond the floats.
pub fn scaled(mantissa: &BigInt, exponent: i64) -> Option<f64> {
    let bits = mantissa.bits() as i64;
    if bits == 0 || bits + exponent < -1080 {
        return Some(0.0);
    }
    if bits + exponent > 1024 {
        return None;
    }
    // 53 bits are kept, fewer below the normal numbers.
    let kept = (bits + exponent + 1074).clamp(0, 53);
    let shift = bits - kept;
    let rounded: BigInt = match shift {
        ..=0 => mantissa << (-shift) as u64,
        _ => {
            let down: BigInt = mantissa >> shift as u64;
            let rest = mantissa - (&down << shift as u64);
            let half = BigInt::from(1) << (shift - 1) as u64;
            let odd = down.bit(0);
            match rest.cmp(&half) {
                std::cmp::Ordering::Greater => down + 1,
                std::cmp::Ordering::Equal if odd => down + 1,
                _ => down,
            }
        }
    };
    let value = u64::try_from(&rounded).ok()? as f64;
    // In two steps, each of them exact.
    let power = exponent + shift;
    let (first, second) = (power.clamp(-1000, 1000), power - power.clamp(-1000, 1000));
    let value = value * 2.0_f64.powi(first as i32) * 2.0_f64.powi(second as i32);
    value.is_finite().then_some(value)
}

/// `float(text)`.
pub fn parse(text: &str) -> Option<f64> {
    let trimmed = text.trim();
    if trimmed.starts_with('_') || trimmed.ends_with('_') || trimmed.contains("__") {
        return None;
    }
    let bytes = trimmed.as_bytes();
    for (i, _) in trimmed.match_indices('_') {
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        if i == 0 || !digit(i - 1) || !digit(i + 1) {
            return None;
        }
    }
    trimmed.replace('_', "").parse().ok()
}
