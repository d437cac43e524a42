//! Single values read as NumPy reads them: indices, axes, dtypes, shapes.

use lang::dtype::DType;
use lang::error::{Class, Error, Result};
use lang::layout::DistValue;
use num_traits::ToPrimitive;

use super::LONGEST;
use crate::machine::{dtype_like, type_name};
use crate::value::Value;

/// Python's truth of a value that is no array.
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::None => false,
        Value::Bool(b) => *b,
        Value::Int(i) => *i != 0,
        Value::Float(x) => *x != 0.0,
        Value::Complex(z) => z.re != 0.0 || z.im != 0.0,
        Value::Str(s) => !s.is_empty(),
        Value::Scalar(s) => s.is_truthy(),
        Value::Tuple(items) => !items.is_empty(),
        Value::List(items) => !items.borrow().is_empty(),
        _ => true,
    }
}

/// Python's `operator.index`.
pub fn index(value: &Value) -> Result<i64> {
    let too_large = || Error::new(Class::OverflowError, "Python int too large to convert to C long");
    match value {
        Value::Bool(b) => Ok(*b as i64),
        Value::Int(i) => Ok(*i),
        Value::BigInt(_) => Err(too_large()),
        Value::Scalar(s) if s.dtype().is_integer() => {
            s.as_i128().and_then(|x| x.to_i64()).ok_or_else(too_large)
        }
        other => {
            Err(Error::type_(format!("'{}' object cannot be interpreted as an integer", type_name(other))))
        }
    }
}

/// The number of an axis: no bool stands for one.
pub fn axis_index(value: &Value) -> Result<i64> {
    match value {
        Value::Bool(_) => Err(Error::type_("an integer is required for the axis")),
        _ => index(value),
    }
}

/// An axis counted from either end.
pub fn axis(k: i64, ndim: usize) -> Result<usize> {
    let at = if k < 0 { k + ndim as i64 } else { k };
    usize::try_from(at).ok().filter(|&d| d < ndim).ok_or_else(|| {
        Error::new(Class::AxisError, format!("axis {k} is out of bounds for array of dimension {ndim}"))
    })
}

/// `dtype=`: a dtype, a class, a name.
pub fn dtype(value: &Value) -> Result<DType> {
    if let Value::Str(name) = value {
        return DType::parse(name);
    }
    dtype_like(value).ok_or_else(|| match value {
        Value::Type(_) | Value::Builtin(_) => {
            Error::type_("object arrays are not supported: dtype must be one of the number types")
                .hint("use bool, int, float, complex, or one of NumPy's sized types such as np.float32")
        }
        Value::Int(n) => Error::type_(format!("Cannot interpret '{n}' as a data type"))
            .hint("a shape of several extents is one argument, a tuple: np.zeros((2, 3))"),
        other => {
            Error::type_(format!("Cannot interpret a value of type '{}' as a data type", type_name(other)))
        }
    })
}

/// The items of a tuple, a list or a range.
pub fn items(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Tuple(items) => Some(items.to_vec()),
        Value::List(items) => Some(items.borrow().to_vec()),
        Value::Range(r) if r.len() <= LONGEST => Some((0..r.len()).map(|i| Value::Int(r.at(i))).collect()),
        _ => None,
    }
}

/// `shape=`: one extent or a sequence of them.
pub fn shape(value: &Value) -> Result<Vec<usize>> {
    let one = |v: &Value| -> Result<usize> {
        if let Value::BigInt(_) = v {
            return Err(Error::value("Maximum allowed dimension exceeded"));
        }
        if let Value::Bool(_) = v {
            return Err(Error::type_("an integer is required"));
        }
        usize::try_from(index(v)?).map_err(|_| Error::value("negative dimensions are not allowed"))
    };
    match (value, items(value)) {
        (_, Some(items)) => items.iter().map(one).collect(),
        (Value::None, _) => Err(Error::type_("Use () not None as shape arguments")),
        (Value::Float(x), _) => Err(Error::type_(format!(
            "expected a sequence of integers or a single integer, got '{}'",
            lang::text::float_repr(*x)
        ))),
        (Value::Bool(b), _) => Err(Error::type_(format!(
            "expected a sequence of integers or a single integer, got '{}'",
            if *b { "True" } else { "False" }
        ))),
        (one_extent, _) => Ok(vec![one(one_extent)?]),
    }
}

pub fn extents(value: &Value, name: &str) -> Result<Vec<usize>> {
    let list = items(value).unwrap_or_else(|| vec![value.clone()]);
    let one = |v: &Value| {
        usize::try_from(index(v)?).map_err(|_| Error::value(format!("{name}= takes no negative numbers")))
    };
    list.iter().map(one).collect()
}

/// What `dist=` was given, as plain data.
pub fn dist_value(value: &Value) -> DistValue {
    match value {
        Value::Str(s) => DistValue::Str(s.to_string()),
        Value::Dict(dict) => {
            let dict = dict.borrow();
            DistValue::Dict(dict.iter().map(|(k, v)| (dist_value(k), dist_value(v))).collect())
        }
        other => match (items(other), index(other)) {
            (Some(items), _) => DistValue::Seq(items.iter().map(dist_value).collect()),
            (None, Ok(i)) => DistValue::Int(i),
            (None, Err(_)) => DistValue::Other(type_name(other).to_string()),
        },
    }
}
