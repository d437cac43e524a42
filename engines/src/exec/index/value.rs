//! What is assigned to elements: scalars of the dtype, arrays, sequences.

use lang::dtype::DType;
use lang::error::{Error, Result};
use lang::scalar::Scalar;

use super::refused;
use crate::ctx::Ctx;
use crate::exec::args::type_name;
use crate::exec::discover;
use crate::exec::elementwise::Operand;
use crate::value::Value;

/// How a number becomes elements: `discover::scalar` or `discover::scalars`.
pub type Convert = fn(&Value, DType) -> Result<Scalar>;

/// A number as an element of the dtype; `None` for arrays and sequences.
///
/// # Errors
/// OverflowError, TypeError and ValueError in NumPy's words.
pub fn number(value: &Value, dtype: DType, convert: Convert) -> Result<Option<Scalar>> {
    match value {
        Value::Bool(_)
        | Value::Int(_)
        | Value::BigInt(_)
        | Value::Float(_)
        | Value::Complex(_)
        | Value::Scalar(_) => convert(value, dtype).map(Some),
        _ => Ok(None),
    }
}

/// Whether a value that is no scalar may become one element: an array without axes.
///
/// # Errors
/// ValueError and TypeError in NumPy's words.
pub fn one_value(value: &Value, dtype: DType) -> Result<()> {
    match value {
        Value::Array(a) if a.ndim() > 0 && dtype.is_complex() => {
            Err(Error::type_("only 0-dimensional arrays can be converted to Python scalars"))
        }
        Value::Array(a) if a.ndim() == 0 => Ok(()),
        Value::List(_) | Value::Tuple(_) | Value::Range(_) if dtype.is_bool() => {
            Err(refused("the truth of a sequence as an element"))
        }
        Value::List(_) | Value::Tuple(_) | Value::Range(_) if dtype.is_integer() => {
            Err(Error::type_(format!(
                "int() argument must be a string, a bytes-like object or a real number, not '{}'",
                type_name(value)
            )))
        }
        Value::List(_) | Value::Tuple(_) | Value::Range(_) if dtype.is_complex() => {
            Err(Error::type_(format!("must be real number, not {}", type_name(value))))
        }
        Value::Array(_) | Value::List(_) | Value::Tuple(_) | Value::Range(_) => {
            Err(Error::value("setting an array element with a sequence."))
        }
        _ => Ok(()),
    }
}

/// What is assigned: a scalar of the dtype, or an array.
///
/// # Errors
/// As `number`, and as for `np.array` of a sequence.
pub fn source(ctx: &mut Ctx, value: &Value, dtype: DType, convert: Convert) -> Result<Operand> {
    if let Some(scalar) = number(value, dtype, convert)? {
        return Ok(Operand::Scalar(scalar));
    }
    match value {
        Value::Array(array) => Ok(Operand::Array(array.clone())),
        other => discover::to_array(ctx, other, Some(dtype)).map(Operand::Array),
    }
}
