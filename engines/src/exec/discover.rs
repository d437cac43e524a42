//! From Python's numbers and nested sequences to arrays: shape and dtype as `np.array` discovers them.

use lang::dtype::{DType, Kind, promote};
use lang::error::{Class, Error, Result};
use lang::layout::Layout;
use lang::scalar::Scalar;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};

use super::args::{items, type_name};
use super::element::filled;
use super::{join, pack};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::value::Value;
use crate::watch::{LOOK, go_on};

/// What `np.asarray(value, dtype)` gives: an array as it is where it has the dtype, anything else converted. Collective.
///
/// # Errors
/// ValueError for sequences of unequal lengths, TypeError for what is no number, OverflowError for ints that do not fit.
pub fn to_array(ctx: &mut Ctx, value: &Value, dtype: Option<DType>) -> Result<Array> {
    if let Value::Array(a) = value {
        return cast(ctx, a, dtype.unwrap_or(a.dtype()));
    }
    if let Value::Flat(a) = value {
        let flat = super::rearrange::views::flatten(ctx, a)?;
        return cast(ctx, &flat, dtype.unwrap_or(a.dtype()));
    }
    if let (Value::Scalar(s), Some(dtype)) = (value, dtype) {
        return Ok(from_whole(ctx, Vec::new(), filled(dtype, 1, s.cast(dtype))));
    }
    if let Some(rows) = items(value).filter(|v| v.iter().all(has_axes) && !v.is_empty()) {
        let rows: Vec<Array> = rows.iter().map(|v| to_array(ctx, v, dtype)).collect::<Result<_>>()?;
        if rows.iter().all(|r| r.shape() == rows[0].shape()) {
            return join::stack(ctx, &rows, 0);
        }
    }
    let mut leaves = Vec::new();
    let (shape, ragged) = collect(ctx, value, &mut leaves)?;
    if ragged {
        return Err(Error::value(format!(
            "setting an array element with a sequence. The requested array has an inhomogeneous shape after {} \
             dimensions. The detected shape was {} + inhomogeneous part.",
            shape.len(),
            lang::text::tuple(&shape)
        )));
    }
    let dtype = match dtype {
        Some(d) => d,
        None => {
            let found = leaves.iter().map(Leaf::dtype).collect::<Result<Vec<_>>>()?;
            found.into_iter().reduce(promote).unwrap_or(DType::F64)
        }
    };
    let mut whole = Block::zeros(dtype, shape.iter().product());
    let mut at = 0;
    for leaf in &leaves {
        match leaf {
            Leaf::One(value) => {
                whole.set(at, scalar(value, dtype)?);
                at += 1;
            }
            Leaf::Many(block) => {
                let size = dtype.itemsize();
                let bytes = block.len() * size;
                whole.bytes_mut()[at * size..at * size + bytes]
                    .copy_from_slice(cast_block(block, dtype).bytes());
                at += block.len();
            }
        }
    }
    Ok(from_whole(ctx, shape, whole))
}

/// The array in the dtype, the same handle where it has it. Collective.
pub fn cast(ctx: &mut Ctx, array: &Array, dtype: DType) -> Result<Array> {
    if array.dtype() == dtype {
        return Ok(array.clone());
    }
    let layout = array.layout().clone();
    let block = ctx.local(array, &layout)?;
    let watch = ctx.watch_elements(&layout, 2);
    let block = cast_block(&block, dtype);
    ctx.end(watch)?;
    Ok(Array::from_block(array.shape().to_vec(), layout, block))
}

/// The block's elements in another dtype; may be left unfinished (`engines::watch`).
pub fn cast_block(block: &Block, dtype: DType) -> Block {
    let mut out = Block::zeros(dtype, block.len());
    let cast = lang::ops::cast(block.dtype(), dtype);
    let from = block.bytes().chunks(LOOK * block.dtype().itemsize());
    let to = out.bytes_mut().chunks_mut(LOOK * dtype.itemsize());
    from.zip(to).take_while(|_| go_on()).for_each(|(from, to)| cast(&[from], &mut [to]));
    out
}

/// An array in the default layout of which every rank has all elements at hand.
pub fn from_whole(ctx: &Ctx, shape: Vec<usize>, whole: Block) -> Array {
    let layout = ctx.default_layout(&shape);
    let block = if layout.everywhere { whole } else { own_part(&layout, ctx.comm.rank(), &whole) };
    Array::from_block(shape, layout, block)
}

/// A rank's part of a block that holds the whole array.
pub fn own_part(layout: &Layout, rank: usize, whole: &Block) -> Block {
    let owned: Vec<_> = layout.owned(rank).iter().map(|set| set.runs().to_vec()).collect();
    let mut bytes = Vec::new();
    if layout.local_size(rank) > 0 {
        pack::take(whole.bytes(), whole.dtype().itemsize(), &layout.shape(), &owned, &mut bytes);
    }
    let mut block = Block::zeros(whole.dtype(), layout.local_size(rank));
    block.bytes_mut().copy_from_slice(&bytes);
    block
}

/// A number as an element that is set by itself: by Python's conversions. NumPy's own scalars are cast to an unsigned
/// dtype as arrays are, so that they wrap there, and there alone.
pub fn scalar(value: &Value, dtype: DType) -> Result<Scalar> {
    match value {
        Value::Bool(b) => Ok(Scalar::Bool(*b).cast(dtype)),
        Value::Int(i) if dtype.is_bool() => Ok(Scalar::Bool(*i != 0)),
        Value::Int(i) => Scalar::from_python_int(*i, dtype),
        Value::BigInt(_) if dtype.is_bool() => Ok(Scalar::Bool(true)),
        Value::BigInt(_) if dtype == DType::I64 => {
            Err(Error::new(Class::OverflowError, "Python int too large to convert to C long"))
        }
        Value::BigInt(i) => Scalar::from_python_bigint(i, dtype),
        Value::Float(x) if dtype.is_integer() => truncated(*x, dtype),
        Value::Float(x) => Ok(Scalar::F64(*x).cast(dtype)),
        Value::Complex(_) if dtype.is_integer() => Err(Error::type_(
            "int() argument must be a string, a bytes-like object or a real number, not 'complex'",
        )),
        Value::Complex(_) if dtype.is_float() => {
            Err(Error::type_("float() argument must be a string or a real number, not 'complex'"))
        }
        Value::Complex(z) => Ok(Scalar::C128(*z).cast(dtype)),
        Value::Scalar(s) if s.dtype() == dtype || dtype.kind() != Kind::Signed => Ok(s.cast(dtype)),
        Value::Scalar(s) => match s.as_i128() {
            Some(i) => scalar(&Value::int(BigInt::from(i)), dtype),
            None => truncated(s.as_f64(), dtype),
        },
        other => Err(unsupported(other)),
    }
}

/// A number as elements that are set together: NumPy's own scalars are cast as arrays are.
///
/// # Errors
/// As `scalar`, for Python's numbers.
pub fn scalars(value: &Value, dtype: DType) -> Result<Scalar> {
    match value {
        Value::Scalar(s) => Ok(s.cast(dtype)),
        other => scalar(other, dtype),
    }
}

fn truncated(x: f64, dtype: DType) -> Result<Scalar> {
    if x.is_nan() {
        return Err(Error::value("cannot convert float NaN to integer"));
    }
    let Some(whole) = BigInt::from_f64(x.trunc()) else {
        return Err(Error::new(Class::OverflowError, "cannot convert float infinity to integer"));
    };
    scalar(&Value::int(whole), dtype)
}

enum Leaf {
    One(Value),
    /// The elements of an array within a sequence.
    Many(Block),
}

impl Leaf {
    fn dtype(&self) -> Result<DType> {
        match self {
            Leaf::Many(block) => Ok(block.dtype()),
            Leaf::One(value) => natural(value),
        }
    }
}

/// The dtype of a Python number by itself.
pub fn natural(value: &Value) -> Result<DType> {
    match value {
        Value::Bool(_) => Ok(DType::Bool),
        Value::Int(_) => Ok(DType::I64),
        Value::BigInt(i) if i.to_u64().is_some() => Ok(DType::U64),
        Value::Float(_) => Ok(DType::F64),
        Value::Complex(_) => Ok(DType::C128),
        Value::Scalar(s) => Ok(s.dtype()),
        Value::Array(a) => Ok(a.dtype()),
        other => Err(unsupported(other)),
    }
}

fn has_axes(value: &Value) -> bool {
    matches!(value, Value::Array(a) if !a.shape().is_empty())
}

fn unsupported(value: &Value) -> Error {
    match value {
        Value::Str(_) => Error::type_("arrays of strings are not supported")
            .hint("arrays hold bool, integers, floats or complex numbers"),
        Value::BigInt(i) => {
            Error::new(Class::OverflowError, format!("Python integer {i} does not fit any integer dtype"))
                .hint("NumPy would make an array of objects of it, which is not supported")
        }
        other => Error::type_(format!("an array cannot hold a value of type '{}'", type_name(other)))
            .hint("arrays hold bool, integers, floats or complex numbers"),
    }
}

/// Appends the leaves in C order; the shape that all parts share, and whether some part goes beyond it.
fn collect(ctx: &mut Ctx, value: &Value, leaves: &mut Vec<Leaf>) -> Result<(Vec<usize>, bool)> {
    if let Value::Array(a) = value {
        let everywhere = ctx.replicated(a.shape());
        leaves.push(Leaf::Many(ctx.local(a, &everywhere)?));
        return Ok((a.shape().to_vec(), false));
    }
    let Some(items) = items(value) else {
        leaves.push(Leaf::One(value.clone()));
        return Ok((Vec::new(), false));
    };
    let mut common: Option<Vec<usize>> = None;
    let mut ragged = false;
    for item in &items {
        let (shape, deeper) = collect(ctx, item, leaves)?;
        ragged |= deeper;
        match &mut common {
            None => common = Some(shape),
            Some(common) => {
                let same = common.iter().zip(&shape).take_while(|(a, b)| a == b).count();
                ragged |= same < common.len() || same < shape.len();
                common.truncate(same);
            }
        }
    }
    let mut shape = vec![items.len()];
    shape.extend(common.unwrap_or_default());
    Ok((shape, ragged))
}
