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
        _ => type_error(format!("'{}' object has no method '{name}'", type_name(receiver))),
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
