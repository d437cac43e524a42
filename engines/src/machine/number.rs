//! Python's numbers (bool, int, float, complex): which operation two of them mean, and exact comparison.

use std::cmp::Ordering;
use std::rc::Rc;

use lang::ir::BinOp;
use lang::scalar::Scalar;
use num_bigint::BigInt;
use num_complex::Complex64;
use num_traits::{FromPrimitive, Zero};

use super::raise::Eval;
use super::{float, int};
use crate::value::Value;

/// A number of Python's tower; bool counts as int.
#[derive(Clone, Debug)]
pub enum Num {
    Int(i64),
    /// Outside the range of i64.
    Big(Rc<BigInt>),
    Float(f64),
    Complex(Complex64),
}

impl Num {
    /// A Python number.
    pub fn of(value: &Value) -> Option<Num> {
        Some(match value {
            Value::Int(i) => Num::Int(*i),
            Value::Float(f) => Num::Float(*f),
            Value::Bool(b) => Num::Int(*b as i64),
            Value::BigInt(b) => Num::Big(b.clone()),
            Value::Complex(c) => Num::Complex(*c),
            _ => return None,
        })
    }

    /// A Python number, or the Python number that equals a NumPy scalar.
    pub fn of_any(value: &Value) -> Option<Num> {
        match value {
            Value::Scalar(s) => Num::of(&plain(*s)),
            _ => Num::of(value),
        }
    }

    pub fn to_big(&self) -> Option<BigInt> {
        match self {
            Num::Int(i) => Some(BigInt::from(*i)),
            Num::Big(b) => Some((**b).clone()),
            _ => None,
        }
    }
}

/// What `.item()` gives: the Python number with the scalar's value.
pub fn plain(scalar: Scalar) -> Value {
    match scalar {
        Scalar::Bool(x) => Value::Bool(x),
        Scalar::I8(x) => Value::Int(x.into()),
        Scalar::I16(x) => Value::Int(x.into()),
        Scalar::I32(x) => Value::Int(x.into()),
        Scalar::I64(x) => Value::Int(x),
        Scalar::U8(x) => Value::Int(x.into()),
        Scalar::U16(x) => Value::Int(x.into()),
        Scalar::U32(x) => Value::Int(x.into()),
        Scalar::U64(x) => Value::int(x.into()),
        Scalar::F32(x) => Value::Float(x.into()),
        Scalar::F64(x) => Value::Float(x),
        Scalar::C64(x) => Value::Complex(Complex64::new(x.re.into(), x.im.into())),
        Scalar::C128(x) => Value::Complex(x),
    }
}

/// `a op b`; None where Python has no such operation for the two types.
pub fn binary(op: BinOp, a: &Num, b: &Num) -> Eval<Option<Value>> {
    use Num::*;
    match (a, b) {
        (Int(x), Int(y)) => int::small(op, *x, *y),
        (Int(_) | Big(_), Int(_) | Big(_)) => match (a.to_big(), b.to_big()) {
            (Some(x), Some(y)) => int::big(op, &x, &y),
            _ => Ok(None),
        },
        (Complex(_), _) | (_, Complex(_)) => float::complex(op, to_complex(a)?, to_complex(b)?),
        _ => float::real(op, to_float(a)?, to_float(b)?),
    }
}

/// The float nearest to a real number; OverflowError for an int beyond the floats.
pub fn to_float(num: &Num) -> Eval<f64> {
    match num {
        Num::Int(i) => Ok(*i as f64),
        Num::Big(b) => int::to_float(b),
        Num::Float(f) => Ok(*f),
        Num::Complex(c) => Ok(c.re),
    }
}

fn to_complex(num: &Num) -> Eval<Complex64> {
    match num {
        Num::Complex(c) => Ok(*c),
        _ => Ok(Complex64::new(to_float(num)?, 0.0)),
    }
}

/// Equality as mathematics has it: an int and a float are compared exactly.
pub fn equal(a: &Num, b: &Num) -> bool {
    match (a, b) {
        (Num::Complex(x), Num::Complex(y)) => x == y,
        (Num::Complex(c), other) | (other, Num::Complex(c)) => c.im == 0.0 && equal(&Num::Float(c.re), other),
        _ => order(a, b) == Some(Ordering::Equal),
    }
}

/// The order of two real numbers; None beside nan.
pub fn order(a: &Num, b: &Num) -> Option<Ordering> {
    use Num::*;
    match (a, b) {
        (Int(x), Int(y)) => Some(x.cmp(y)),
        (Float(x), Float(y)) => x.partial_cmp(y),
        (Int(x), Float(y)) if x.unsigned_abs() < 1 << 53 => (*x as f64).partial_cmp(y),
        (Float(x), Int(y)) if y.unsigned_abs() < 1 << 53 => x.partial_cmp(&(*y as f64)),
        (Float(x), _) => order_int_float(&b.to_big()?, *x).map(Ordering::reverse),
        (_, Float(y)) => order_int_float(&a.to_big()?, *y),
        _ => Some(a.to_big()?.cmp(&b.to_big()?)),
    }
}

fn order_int_float(x: &BigInt, y: f64) -> Option<Ordering> {
    match BigInt::from_f64(y.trunc()) {
        Some(whole) => Some(x.cmp(&whole).then_with(|| 0.0_f64.total_cmp(&(y.fract() + 0.0)))),
        None if y.is_nan() => None,
        None if y > 0.0 => Some(Ordering::Less),
        None => Some(Ordering::Greater),
    }
}

/// Python's truth of a number.
pub fn truth(num: &Num) -> bool {
    match num {
        Num::Int(i) => *i != 0,
        Num::Big(_) => true,
        Num::Float(f) => *f != 0.0,
        Num::Complex(c) => !c.is_zero(),
    }
}
