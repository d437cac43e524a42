//! Methods and attributes of Python's int, float and complex.

use num_bigint::BigInt;
use num_traits::{FromPrimitive, One, Signed};

use super::number::Num;
use super::raise::{Eval, raise, type_error, value_error};
use super::types::type_name;
use crate::value::Value;

pub fn call(receiver: &Value, name: &str) -> Eval<Value> {
    let num = Num::of(receiver);
    match (name, num) {
        ("conjugate", Some(Num::Complex(c))) => Ok(Value::Complex(c.conj())),
        ("conjugate", Some(Num::Int(i))) => Ok(Value::Int(i)),
        ("conjugate", Some(_)) => Ok(receiver.clone()),
        ("is_integer", Some(Num::Float(f))) => Ok(Value::Bool(f.is_finite() && f.fract() == 0.0)),
        ("bit_length", Some(Num::Int(i))) => Ok(Value::Int(64 - i.unsigned_abs().leading_zeros() as i64)),
        ("bit_length", Some(Num::Big(b))) => Ok(Value::Int(b.bits() as i64)),
        ("bit_count", Some(Num::Int(i))) => Ok(Value::Int(i.unsigned_abs().count_ones() as i64)),
        ("bit_count", Some(Num::Big(b))) => {
            Ok(Value::Int(b.magnitude().iter_u64_digits().map(|d| d.count_ones() as i64).sum()))
        }
        ("as_integer_ratio", Some(Num::Float(f))) => ratio(f),
        ("as_integer_ratio", Some(Num::Int(i))) => Ok(Value::tuple(vec![Value::Int(i), Value::Int(1)])),
        ("as_integer_ratio", Some(Num::Big(_))) => Ok(Value::tuple(vec![receiver.clone(), Value::Int(1)])),
        ("hex", Some(Num::Float(f))) => Ok(Value::str(&hex(f))),
        _ => type_error(format!("'{}' object has no method '{name}'", type_name(receiver))),
    }
}

/// A float's bits in hexadecimal: `0x1.8000000000000p+1`.
fn hex(f: f64) -> String {
    if !f.is_finite() {
        return lang::text::float_repr(f);
    }
    let sign = if f.is_sign_negative() { "-" } else { "" };
    let bits = f.to_bits();
    let (exponent, fraction) = ((bits >> 52 & 0x7ff) as i64, bits & ((1 << 52) - 1));
    match (exponent, fraction) {
        (0, 0) => format!("{sign}0x0.0p+0"),
        (0, _) => format!("{sign}0x0.{fraction:013x}p-1022"),
        _ => format!("{sign}0x1.{fraction:013x}p{:+}", exponent - 1023),
    }
}

/// `float.fromhex(text)`: the float nearest to a number in hexadecimal.
pub fn from_hex(args: Vec<Option<Value>>) -> Eval<Value> {
    let Some(Some(Value::Str(text))) = args.first() else {
        return type_error("bad argument type for built-in operation");
    };
    let malformed = || value_error("invalid hexadecimal floating-point string");
    let body = text.trim().to_ascii_lowercase();
    let (negative, body) = match body.strip_prefix(['-', '+']) {
        Some(rest) => (body.starts_with('-'), rest),
        None => (false, &body[..]),
    };
    let signed = |f: f64| Ok(Value::Float(if negative { -f } else { f }));
    match body {
        "inf" | "infinity" => return signed(f64::INFINITY),
        "nan" => return signed(f64::NAN),
        _ => {}
    }
    let body = body.strip_prefix("0x").unwrap_or(body);
    let (digits, exponent) = match body.split_once('p') {
        Some((digits, exponent)) => match exponent.parse::<i64>() {
            Ok(exponent) => (digits, exponent),
            Err(_) => return malformed(),
        },
        None => (body, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = [whole, fraction].concat();
    let Some(mantissa) =
        BigInt::parse_bytes(all.as_bytes(), 16).filter(|_| all.bytes().all(|b| b.is_ascii_hexdigit()))
    else {
        return malformed();
    };
    let exponent = exponent.saturating_sub(4 * fraction.len() as i64);
    match super::float::scaled(&mantissa, exponent) {
        Some(f) => signed(f),
        None => {
            raise(lang::error::Class::OverflowError, "hexadecimal value too large to represent as a float")
        }
    }
}

/// The pair of ints whose quotient the float is.
fn ratio(f: f64) -> Eval<Value> {
    if f.is_nan() {
        return value_error("cannot convert NaN to integer ratio");
    }
    if f.is_infinite() {
        return raise(lang::error::Class::OverflowError, "cannot convert Infinity to integer ratio");
    }
    let (mut numerator, mut halvings) = (f, 0_u32);
    while numerator.fract() != 0.0 {
        numerator *= 2.0;
        halvings += 1;
    }
    let numerator = BigInt::from_f64(numerator).unwrap_or_default();
    let denominator = BigInt::one() << halvings;
    debug_assert!(denominator.is_positive());
    Ok(Value::tuple(vec![Value::int(numerator), Value::int(denominator)]))
}

/// `x.real`, `x.imag`, `n.numerator`, `n.denominator`.
pub fn attribute(receiver: &Value, name: &str) -> Option<Value> {
    let num = Num::of(receiver)?;
    let int = || match &num {
        Num::Int(i) => Some(Value::Int(*i)),
        Num::Big(_) => Some(receiver.clone()),
        _ => None,
    };
    match (name, &num) {
        ("real", Num::Complex(c)) => Some(Value::Float(c.re)),
        ("imag", Num::Complex(c)) => Some(Value::Float(c.im)),
        ("real", Num::Float(f)) => Some(Value::Float(*f)),
        ("imag", Num::Float(_)) => Some(Value::Float(0.0)),
        ("real" | "numerator", _) => int(),
        ("imag", _) => Some(Value::Int(0)),
        ("denominator", _) => int().map(|_| Value::Int(1)),
        _ => None,
    }
}
