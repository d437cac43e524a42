//! Keys of indexing, from the language's values.

use lang::dtype::DType;
use lang::error::{Class, Error, Result};
use lang::layout::Index;
use lang::scalar::Scalar;
use num_traits::ToPrimitive;

use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::{args, discover, elementwise};
use crate::value::Value;

/// One item of a key.
pub enum Item {
    Basic(Index),
    /// Integers of one axis or more.
    Integers(Array),
    /// Bools of one axis or more, for as many axes of the array.
    Mask(Array),
    /// One bool: a new axis of length 1 or 0.
    Truth(bool),
}

pub struct Key {
    pub items: Vec<Item>,
    /// An integer came as an array without axes: NumPy gives a copy then.
    pub copies: bool,
}

pub fn refused(what: &str) -> Error {
    Error::new(Class::NotImplementedError, format!("{what} is not supported yet"))
}

fn not_an_index() -> Error {
    Error::index(
        "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices",
    )
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Int(i) => Some(*i),
        Value::Scalar(s) if s.dtype().is_integer() => Some(s.as_i128()?.to_i64().unwrap_or(i64::MAX)),
        _ => None,
    }
}

/// The element that a key of one integer for each axis means.
///
/// # Errors
/// IndexError where one is out of bounds.
pub fn element(key: &Value, shape: &[usize]) -> Result<Option<Vec<usize>>> {
    let one = std::slice::from_ref(key);
    let items: &[Value] = if let Value::Tuple(items) = key { items } else { one };
    if items.len() != shape.len() {
        return Ok(None);
    }
    let Some(given) = items.iter().map(integer).collect::<Option<Vec<i64>>>() else {
        return Ok(None);
    };
    at(&given, shape).map(Some)
}

/// Integers for each axis, counted from the front.
fn at(given: &[i64], shape: &[usize]) -> Result<Vec<usize>> {
    given.iter().zip(shape).enumerate().map(|(axis, (&i, &len))| bounded(i, axis, len)).collect()
}

/// An index counted from the front.
pub fn bounded(i: i64, axis: usize, len: usize) -> Result<usize> {
    let at = if i < 0 { i as i128 + len as i128 } else { i as i128 };
    if (0..len as i128).contains(&at) {
        return Ok(at as usize);
    }
    Err(Error::index(format!("index {i} is out of bounds for axis {axis} with size {len}")))
}

/// A bound of a slice. Beyond 64 bits it is as good as the end.
fn bound(value: &Value) -> Result<Option<i64>> {
    match value {
        Value::None => Ok(None),
        Value::Bool(b) => Ok(Some(*b as i64)),
        Value::BigInt(i) => Ok(Some(if i.sign() == num_bigint::Sign::Minus { i64::MIN } else { i64::MAX })),
        other => match integer(other) {
            Some(i) => Ok(Some(i)),
            None => Err(Error::type_("slice indices must be integers or None or have an __index__ method")),
        },
    }
}

impl Key {
    /// Reads a key. Collective.
    ///
    /// # Errors
    /// IndexError and TypeError in NumPy's words.
    pub fn read(ctx: &mut Ctx, key: &Value) -> Result<Key> {
        let one = std::slice::from_ref(key);
        let given: &[Value] = if let Value::Tuple(items) = key { items } else { one };
        let mut out = Key { items: Vec::with_capacity(given.len()), copies: false };
        for value in given {
            let item = out.item(ctx, value)?;
            out.items.push(item);
        }
        Ok(out)
    }

    fn item(&mut self, ctx: &mut Ctx, value: &Value) -> Result<Item> {
        Ok(match value {
            Value::None => Item::Basic(Index::NewAxis),
            Value::Ellipsis => Item::Basic(Index::Ellipsis),
            Value::Slice(s) => {
                let (start, stop, step) = (bound(&s.start)?, bound(&s.stop)?, bound(&s.step)?);
                Item::Basic(Index::Slice { start, stop, step })
            }
            Value::Bool(b) | Value::Scalar(Scalar::Bool(b)) => Item::Truth(*b),
            Value::Array(a) if a.ndim() == 0 && a.dtype().is_bool() => {
                Item::Truth(ctx.fetch(a, &[])?[0].is_truthy())
            }
            Value::Array(a) if a.ndim() == 0 && a.dtype().is_integer() => {
                self.copies = true;
                let value = ctx.fetch(a, &[])?[0].as_i128().unwrap_or(0);
                Item::Basic(Index::Int(value.to_i64().unwrap_or(i64::MAX)))
            }
            Value::Array(a) if a.dtype().is_bool() => Item::Mask(a.clone()),
            Value::Array(a) if a.dtype().is_integer() => Item::Integers(a.clone()),
            Value::Array(_) => {
                return Err(Error::index("arrays used as indices must be of integer (or boolean) type"));
            }
            other => match integer(other) {
                Some(i) => Item::Basic(Index::Int(i)),
                None if args::items(other).is_some() => {
                    let index = discover::to_array(ctx, other, None)?;
                    match index.dtype() {
                        _ if index.size() == 0 => {
                            Item::Integers(elementwise::astype(ctx, &index, DType::I64)?)
                        }
                        d if d.is_bool() => Item::Mask(index),
                        d if d.is_integer() => Item::Integers(index),
                        _ => return Err(not_an_index()),
                    }
                }
                None => return Err(not_an_index()),
            },
        })
    }

    /// The element that it means in an array of this shape, if it is an integer for each axis.
    ///
    /// # Errors
    /// IndexError where one is out of bounds.
    pub fn element(&self, shape: &[usize]) -> Result<Option<Vec<usize>>> {
        if self.items.len() != shape.len() {
            return Ok(None);
        }
        let integer = |item: &Item| if let Item::Basic(Index::Int(i)) = item { Some(*i) } else { None };
        match self.items.iter().map(integer).collect::<Option<Vec<i64>>>() {
            Some(given) => at(&given, shape).map(Some),
            None => Ok(None),
        }
    }
}
