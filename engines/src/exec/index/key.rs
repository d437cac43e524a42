//! Keys and values of indexing, from the language's values.

use std::rc::Rc;

use lang::dtype::DType;
use lang::error::{Class, Error, Result};
use lang::layout::Index;
use lang::scalar::Scalar;
use num_traits::ToPrimitive;

use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::args::type_name;
use crate::exec::discover;
use crate::exec::elementwise::Operand;
use crate::value::{Slice, Value};

/// A key as items of basic indexing. An advanced item stands among them as full slices of the axes that it indexes.
pub struct Key {
    pub basic: Vec<Index>,
    pub advanced: Option<Advanced>,
}

/// The one mask or array of integers of a key.
pub struct Advanced {
    pub index: Picks,
    /// The first axis of the array that it indexes, and how many.
    pub first: usize,
    pub axes: usize,
}

pub enum Picks {
    Mask(Array),
    /// The indices' shape, and the indices in C order, checked and counted from the front.
    Integers(Integers),
}

pub struct Integers {
    pub shape: Vec<usize>,
    pub indices: Vec<usize>,
}

pub fn refused(what: &str) -> Error {
    Error::new(Class::NotImplementedError, format!("{what} is not supported yet"))
}

const FULL: Index = Index::Slice { start: None, stop: None, step: None };

fn not_an_index() -> Error {
    Error::index(
        "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices",
    )
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Int(i) => Some(*i),
        Value::Scalar(s) if s.dtype().is_integer() => s.as_i128()?.to_i64(),
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
    let mut at = Vec::with_capacity(items.len());
    for (axis, (item, &len)) in items.iter().zip(shape).enumerate() {
        match integer(item) {
            None => return Ok(None),
            Some(i) => at.push(bounded(i, axis, len)?),
        }
    }
    Ok(Some(at))
}

/// An index counted from the front.
fn bounded(i: i64, axis: usize, len: usize) -> Result<usize> {
    let at = if i < 0 { i as i128 + len as i128 } else { i as i128 };
    if (0..len as i128).contains(&at) {
        return Ok(at as usize);
    }
    Err(Error::index(format!("index {i} is out of bounds for axis {axis} with size {len}")))
}

fn parts(key: &Value) -> &[Value] {
    match key {
        Value::Tuple(items) => items,
        one => std::slice::from_ref(one),
    }
}

/// The key with its integer arrays without axes as integers, where it has such. Collective.
///
/// # Errors
/// As reading an element.
pub fn plain(ctx: &mut Ctx, key: &Value) -> Result<Option<Value>> {
    let integer = |v: &Value| matches!(v, Value::Array(a) if a.ndim() == 0 && a.dtype().is_integer());
    if !parts(key).iter().any(integer) {
        return Ok(None);
    }
    let mut items = Vec::new();
    for item in parts(key) {
        items.push(match item {
            Value::Array(a) if integer(item) => Value::Scalar(ctx.fetch(a, &[])?[0]),
            other => other.clone(),
        });
    }
    Ok(Some(Value::tuple(items)))
}

/// What a key with one truth value stands for: a mask of one element over a new axis of what the rest sees.
pub struct ByTruth {
    pub seen: Array,
    pub key: Value,
}

/// A key with one boolean scalar (or boolean array without axes) and otherwise integers, slices and such. Collective.
///
/// # Errors
/// NotImplementedError for several of them, or beside other arrays; as basic indexing.
pub fn by_truth(ctx: &mut Ctx, array: &Array, key: &Value) -> Result<Option<ByTruth>> {
    let truth = |v: &Value| match v {
        Value::Bool(_) | Value::Scalar(Scalar::Bool(_)) => true,
        Value::Array(a) => a.ndim() == 0 && a.dtype().is_bool(),
        _ => false,
    };
    let items = parts(key);
    let Some(at) = items.iter().position(truth) else {
        return Ok(None);
    };
    let basic =
        |v: &Value| matches!(v, Value::None | Value::Ellipsis | Value::Slice(_)) || integer(v).is_some();
    let others = items.iter().enumerate().filter(|(i, _)| *i != at);
    if !others.clone().all(|(_, v)| basic(v)) {
        return Err(refused("a boolean scalar beside other arrays as indices"));
    }
    let far = |(i, v): (usize, &Value)| {
        let between = if i < at { &items[i + 1..at] } else { &items[at + 1..i] };
        integer(v).is_some() && !between.iter().all(|v| integer(v).is_some())
    };
    if others.clone().any(far) {
        return Err(refused("a boolean scalar and an integer with a slice between them"));
    }
    let chosen = match &items[at] {
        Value::Bool(b) | Value::Scalar(Scalar::Bool(b)) => *b,
        Value::Array(a) => ctx.fetch(a, &[])?[0] == Scalar::Bool(true),
        _ => false,
    };
    let used = others.clone().filter(|(_, v)| matches!(v, Value::Slice(_)) || integer(v).is_some()).count();
    let axis: usize = items[..at]
        .iter()
        .map(|v| match v {
            Value::None | Value::Slice(_) => 1,
            Value::Ellipsis => array.ndim().saturating_sub(used),
            _ => 0,
        })
        .sum();
    let mut with_axis = items.to_vec();
    with_axis[at] = Value::None;
    let Value::Array(seen) = super::get(ctx, array, &Value::tuple(with_axis))? else {
        return Err(refused("indexing by a boolean scalar"));
    };
    let full = Value::Slice(Rc::new(Slice { start: Value::None, stop: Value::None, step: Value::None }));
    let mut key = vec![full; axis];
    key.push(Value::list(vec![Value::Bool(chosen)]));
    Ok(Some(ByTruth { seen, key: Value::tuple(key) }))
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

/// # Errors
/// IndexError and TypeError in NumPy's words, NotImplementedError for what is not supported.
pub fn parse(ctx: &mut Ctx, key: &Value, shape: &[usize]) -> Result<Key> {
    let one = std::slice::from_ref(key);
    let items: &[Value] = if let Value::Tuple(items) = key { items } else { one };
    let mut out = Key { basic: Vec::new(), advanced: None };
    let mut ellipsis = None;
    // The advanced item and its place in `basic`: its first axis is known when the ellipsis is.
    let mut array: Option<(usize, Array)> = None;
    for item in items {
        match item {
            Value::None => out.basic.push(Index::NewAxis),
            Value::Ellipsis => {
                ellipsis = Some(out.basic.len());
                out.basic.push(Index::Ellipsis);
            }
            Value::Slice(s) => {
                let (start, stop, step) = (bound(&s.start)?, bound(&s.stop)?, bound(&s.step)?);
                out.basic.push(Index::Slice { start, stop, step });
            }
            Value::Array(a) if a.ndim() == 0 && a.dtype().is_integer() => {
                let value = ctx.fetch(a, &[])?[0].as_i128().unwrap_or(0);
                out.basic.push(Index::Int(value.to_i64().unwrap_or(i64::MAX)));
            }
            Value::Array(_) | Value::List(_) | Value::Range(_) => {
                let index = discover::to_array(ctx, item, None)?;
                let index = if index.size() == 0 && !matches!(item, Value::Array(_)) {
                    crate::exec::elementwise::astype(ctx, &index, DType::I64)?
                } else {
                    index
                };
                let axes = match index.dtype() {
                    d if d.is_bool() => index.ndim(),
                    d if d.is_integer() => 1,
                    _ if !matches!(item, Value::Array(_)) => return Err(not_an_index()),
                    _ => {
                        return Err(Error::index(
                            "arrays used as indices must be of integer (or boolean) type",
                        ));
                    }
                };
                if axes == 0 {
                    return Err(refused("indexing by a boolean scalar"));
                }
                if array.is_some() {
                    return Err(refused("indexing by more than one array")
                        .hint("index by one after the other, or use a boolean mask of the full shape"));
                }
                array = Some((out.basic.len(), index));
                out.basic.extend(std::iter::repeat_n(FULL, axes));
            }
            Value::Bool(_) | Value::Scalar(Scalar::Bool(_)) => {
                return Err(refused("indexing by a boolean scalar"));
            }
            other => match integer(other) {
                Some(i) => out.basic.push(Index::Int(i)),
                None => return Err(not_an_index()),
            },
        }
    }
    let Some((place, index)) = array else {
        return Ok(out);
    };
    let used =
        |items: &[Index]| items.iter().filter(|i| matches!(i, Index::Int(_) | Index::Slice { .. })).count();
    let all = used(&out.basic);
    if all > shape.len() {
        let text = format!(
            "too many indices for array: array is {}-dimensional, but {all} were indexed",
            shape.len()
        );
        return Err(Error::index(text));
    }
    // NumPy takes integers for arrays of one element where there is an array; apart from it, they would move axes.
    let axes = if index.dtype().is_bool() { index.ndim() } else { 1 };
    let apart = |i: usize| {
        let between = if i < place { &out.basic[i + 1..place] } else { &out.basic[place + axes..i] };
        between.iter().any(|x| !matches!(x, Index::Int(_)))
    };
    if out.basic.iter().enumerate().any(|(i, x)| matches!(x, Index::Int(_)) && apart(i)) {
        return Err(refused("an integer and an array of indices with a slice between them"));
    }
    let behind = ellipsis.is_some_and(|at| at < place);
    let first = used(&out.basic[..place]) + if behind { shape.len() - all } else { 0 };
    let index = if index.dtype().is_bool() {
        mask_fits(&index, &shape[first..first + axes], first)?;
        Picks::Mask(index)
    } else {
        Picks::Integers(integers(ctx, &index, first, shape[first])?)
    };
    out.advanced = Some(Advanced { index, first, axes });
    Ok(out)
}

fn mask_fits(mask: &Array, shape: &[usize], first: usize) -> Result<()> {
    match mask.shape().iter().zip(shape).position(|(m, n)| m != n) {
        None => Ok(()),
        Some(d) => Err(Error::index(format!(
            "boolean index did not match indexed array along axis {}; size of axis is {} but size of corresponding boolean axis is {}",
            first + d,
            shape[d],
            mask.shape()[d]
        ))),
    }
}

fn integers(ctx: &mut Ctx, index: &Array, axis: usize, len: usize) -> Result<Integers> {
    let all: Vec<Vec<usize>> = index.shape().iter().map(|n| (0..*n).collect()).collect();
    let values = ctx.fetch(index, &all)?;
    let bounded = |s: &Scalar| bounded(s.as_i128().and_then(|i| i.to_i64()).unwrap_or(i64::MAX), axis, len);
    let indices = values.iter().map(bounded).collect::<Result<_>>()?;
    Ok(Integers { shape: index.shape().to_vec(), indices })
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

/// A number as an element of the dtype, as assignment converts it; `None` for arrays and sequences.
///
/// # Errors
/// OverflowError, TypeError and ValueError in NumPy's words.
pub fn scalar(value: &Value, dtype: DType) -> Result<Option<Scalar>> {
    match value {
        Value::Bool(_) | Value::Int(_) | Value::BigInt(_) | Value::Float(_) | Value::Complex(_) => {
            discover::scalar(value, dtype).map(Some)
        }
        // NumPy's own scalars are cast as arrays are.
        Value::Scalar(s) => Ok(Some(s.cast(dtype))),
        _ => Ok(None),
    }
}

/// What is assigned: a scalar of the dtype, or an array.
///
/// # Errors
/// As `scalar`, and as for `np.array` of a sequence.
pub fn source(ctx: &mut Ctx, value: &Value, dtype: DType) -> Result<Operand> {
    if let Some(scalar) = scalar(value, dtype)? {
        return Ok(Operand::Scalar(scalar));
    }
    match value {
        Value::Array(array) => Ok(Operand::Array(array.clone())),
        other => discover::to_array(ctx, other, Some(dtype)).map(Operand::Array),
    }
}
