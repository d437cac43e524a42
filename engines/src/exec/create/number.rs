//! Python numbers as the bounds of ranges.

use lang::error::{Class, Error, Result};
use num_complex::Complex64;
use num_traits::ToPrimitive;

use crate::ctx::Ctx;
use crate::exec::args::type_name;
use crate::value::Value;

/// A Python number, as the bounds of a range are computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    Int(i128),
    Float(f64),
    Complex(Complex64),
}

impl Number {
    pub fn of(value: &Value) -> Result<Number> {
        Ok(match value {
            Value::Bool(b) => Number::Int(*b as i128),
            Value::Int(i) => Number::Int(*i as i128),
            Value::BigInt(i) => Number::Int(i.to_i128().ok_or_else(too_long)?),
            Value::Float(x) => Number::Float(*x),
            Value::Complex(z) => Number::Complex(*z),
            Value::Scalar(s) => match s.as_i128() {
                Some(i) => Number::Int(i),
                None if s.dtype().is_complex() => Number::Complex(s.as_complex()),
                None => Number::Float(s.as_f64()),
            },
            other => {
                return Err(Error::type_(format!(
                    "arange() not supported for inputs of type '{}'",
                    type_name(other)
                )));
            }
        })
    }

    pub fn complex(self) -> Complex64 {
        match self {
            Number::Int(i) => Complex64::new(i as f64, 0.0),
            Number::Float(x) => Complex64::new(x, 0.0),
            Number::Complex(z) => z,
        }
    }

    fn zip(
        self,
        other: Number,
        int: fn(i128, i128) -> i128,
        float: fn(f64, f64) -> f64,
        complex: fn(Complex64, Complex64) -> Complex64,
    ) -> Number {
        match (self, other) {
            (Number::Int(a), Number::Int(b)) => Number::Int(int(a, b)),
            (Number::Complex(_), _) | (_, Number::Complex(_)) => {
                Number::Complex(complex(self.complex(), other.complex()))
            }
            (a, b) => Number::Float(float(a.complex().re, b.complex().re)),
        }
    }

    pub fn minus(self, other: Number) -> Number {
        self.zip(other, i128::wrapping_sub, |a, b| a - b, |a, b| a - b)
    }

    pub fn plus(self, other: Number) -> Number {
        self.zip(other, i128::wrapping_add, |a, b| a + b, |a, b| a + b)
    }

    pub fn value(self) -> Value {
        match self {
            Number::Int(i) => Value::int(i.into()),
            Number::Float(x) => Value::Float(x),
            Number::Complex(z) => Value::Complex(z),
        }
    }
}

pub fn too_long() -> Error {
    Error::value("Maximum allowed size exceeded")
}

/// How many steps lead from `start` to `stop`, rounded up.
pub fn steps(start: Number, stop: Number, step: Number) -> Result<usize> {
    if step.complex() == Complex64::ZERO {
        let kind = match stop.minus(start).plus(step) {
            Number::Int(_) => "",
            Number::Float(_) => "float ",
            Number::Complex(_) => "complex ",
        };
        return Err(Error::new(Class::ZeroDivisionError, format!("{kind}division by zero")));
    }
    let ceil = |x: f64| -> Result<usize> {
        match x.ceil() {
            n if n.is_nan() => Err(Error::value("arange: cannot compute length")),
            n if n >= isize::MAX as f64 => Err(too_long()),
            n => Ok(n.max(0.0) as usize),
        }
    };
    match (stop.minus(start), step) {
        // Python divides ints exactly before it rounds.
        (Number::Int(span), Number::Int(step)) => {
            let whole = span / step + (span % step != 0 && (span < 0) == (step < 0)) as i128;
            usize::try_from(whole.max(0)).ok().filter(|&n| n <= isize::MAX as usize).ok_or_else(too_long)
        }
        (Number::Complex(_), _) | (_, Number::Complex(_)) => {
            let ratio = stop.minus(start).complex() / step.complex();
            Ok(ceil(ratio.re)?.min(ceil(ratio.im)?))
        }
        (span, step) => ceil(span.complex().re / step.complex().re),
    }
}

/// The element of a 0-d array; any other value as it is. Collective.
pub fn element(ctx: &mut Ctx, value: Value) -> Result<Value> {
    match &value {
        Value::Array(a) if a.shape().is_empty() => {
            let everywhere = ctx.replicated(&[]);
            Ok(Value::Scalar(ctx.local(a, &everywhere)?.get(0)))
        }
        _ => Ok(value),
    }
}
