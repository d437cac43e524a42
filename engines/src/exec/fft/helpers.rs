//! What stands around the transforms: frequencies, shifts, and arrays cropped, padded and conjugated.

use std::rc::Rc;

use lang::dtype::DType;
use lang::error::{Class, Error, Result};
use lang::ops::{self, Module};

use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::args::{self, Args, index, items};
use crate::exec::{alloc, index as indexing, join};
use crate::value::{Slice, Value};

/// `fftfreq` and `rfftfreq`. Collective where it is large.
///
/// # Errors
/// ValueError, TypeError and ZeroDivisionError as NumPy's.
pub fn frequencies(ctx: &mut Ctx, args: &Args, half: bool) -> Result<Value> {
    let n = match args.value("n")? {
        Value::Float(_) => return Err(Error::value("n should be an integer")),
        n => index(n)?,
    };
    let d = match args.some("d") {
        None => 1.0,
        Some(Value::Bool(b)) => f64::from(*b),
        Some(Value::Int(i)) => *i as f64,
        Some(Value::Float(x)) => *x,
        Some(Value::Scalar(s)) if !s.dtype().is_complex() => s.as_f64(),
        Some(other) => {
            return Err(Error::type_(format!("d must be a number, not {}", args::type_name(other))));
        }
    };
    let product = n as f64 * d;
    if product == 0.0 {
        return Err(Error::new(Class::ZeroDivisionError, "float division by zero"));
    }
    let step = 1.0 / product;
    let count = if half { n / 2 + 1 } else { n };
    let count = usize::try_from(count).map_err(|_| Error::value("negative dimensions are not allowed"))?;
    alloc::shape(&[count], DType::F64)?;
    let layout = args.layout(ctx, &[count])?;
    alloc::check(ctx, &[count], DType::F64, &layout)?;
    let positive = (n - 1) / 2 + 1;
    let frequency = |i: usize| {
        let i = i as i64;
        (if half || i < positive { i } else { i - n }) as f64 * step
    };
    let rank = ctx.comm.rank();
    let values = match layout.holds(rank) {
        true => layout.owned(rank)[0].iter().map(frequency).collect(),
        false => Vec::new(),
    };
    Ok(Value::Array(Array::from_block(vec![count], layout, Block::F64(values))))
}

/// `fftshift` and `ifftshift`: a rotation by half along each axis. Collective.
///
/// # Errors
/// AxisError; MemoryError.
pub fn shift(ctx: &mut Ctx, args: &Args, inverse: bool) -> Result<Value> {
    let mut array = args.array(ctx, "x")?;
    let ndim = array.ndim();
    let axes: Vec<i64> = match args.some("axes") {
        None => (0..ndim as i64).collect(),
        Some(value) => match items(value) {
            Some(list) => list.iter().map(index).collect::<Result<_>>()?,
            None => vec![index(value)?],
        },
    };
    if axes.is_empty() {
        // As np.roll says it, by which NumPy shifts.
        return Err(Error::value("not enough values to unpack (expected 2, got 0)"));
    }
    axes.iter().try_for_each(|&axis| super::extent(array.shape(), axis).map(drop))?;
    for axis in axes {
        let axis = args::axis(axis, ndim)?;
        let n = array.shape()[axis];
        let cut = if inverse { n / 2 } else { n - n / 2 };
        if cut > 0 && cut < n {
            let tail = part(ctx, &array, axis, cut as i64, n as i64, 1)?;
            let head = part(ctx, &array, axis, 0, cut as i64, 1)?;
            let layout = array.layout().clone();
            let turned = join::concatenate(ctx, &[tail, head], axis as i64)?;
            array = crate::exec::redistribute::redistribute(ctx, &turned, &layout)?;
        }
    }
    let layout = array.layout().clone();
    Ok(Value::Array(crate::exec::redistribute::redistribute(ctx, &array, &layout)?))
}

/// `array[..., start:stop:step]`, along `axis`; a stop below 0 stands before the first. Collective.
fn part(ctx: &mut Ctx, array: &Array, axis: usize, start: i64, stop: i64, step: i64) -> Result<Array> {
    let slice = |start: Value, stop: Value, step: Value| Value::Slice(Rc::new(Slice { start, stop, step }));
    let mut key = vec![slice(Value::None, Value::None, Value::None); axis];
    let stop = if stop < 0 { Value::None } else { Value::Int(stop) };
    key.push(slice(Value::Int(start), stop, Value::Int(step)));
    match indexing::get(ctx, array, &Value::tuple(key))? {
        Value::Array(part) => Ok(part),
        _ => Err(Error::index("a slice of an array is an array")),
    }
}

/// A 1-D array cropped or padded with zeros to `n` elements. Collective.
pub fn resized(ctx: &mut Ctx, array: &Array, n: usize) -> Result<Array> {
    let given = array.size();
    if n == given {
        return Ok(array.clone());
    }
    if n < given {
        let layout = ctx.derived_layout(&[n], array.layout(), given);
        let cropped = part(ctx, array, 0, 0, n as i64, 1)?;
        return crate::exec::redistribute::redistribute(ctx, &cropped, &layout);
    }
    let layout = ctx.derived_layout(&[n - given], array.layout(), n);
    let block = Block::zeros(array.dtype(), layout.local_size(ctx.comm.rank()));
    let zeros = Array::from_block(vec![n - given], layout, block);
    let joined = join::concatenate(ctx, &[array.clone(), zeros], 0)?;
    let layout = ctx.derived_layout(&[n], array.layout(), n);
    crate::exec::redistribute::redistribute(ctx, &joined, &layout)
}

/// The Hermitian spectrum of `n` points that the first half stands for. Collective.
pub fn whole_spectrum(ctx: &mut Ctx, half: &Array, n: usize) -> Result<Array> {
    let known = n / 2 + 1;
    let half = resized(ctx, half, known)?;
    // What has to be real is taken as real.
    let ends = match n.is_multiple_of(2) {
        true => vec![0, known - 1],
        false => vec![0],
    };
    let copy = crate::exec::elementwise::copy(ctx, &half)?;
    if half.dtype().is_complex() {
        for end in ends {
            let value = ctx.fetch(&half, &[vec![end]])?.first().map_or(0.0, |s| s.as_complex().re);
            indexing::set(ctx, &copy, &Value::Int(end as i64), &Value::Float(value))?;
        }
    }
    if n == known {
        return Ok(copy);
    }
    let mirrored = part(ctx, &copy, 0, (n - known) as i64, 0, -1)?;
    let mirrored = conjugate(ctx, &mirrored)?;
    let layout = ctx.derived_layout(&[n], half.layout(), n);
    let joined = join::concatenate(ctx, &[copy, mirrored], 0)?;
    crate::exec::redistribute::redistribute(ctx, &joined, &layout)
}

/// The complex conjugate. Collective.
pub fn conjugate(ctx: &mut Ctx, array: &Array) -> Result<Array> {
    unary(ctx, "conjugate", Module::Numpy, array)
}

/// The real part, as an array of its own. Collective.
pub fn real(ctx: &mut Ctx, array: &Array) -> Result<Array> {
    let part = crate::exec::rearrange::views::part(ctx, array, false)?;
    crate::exec::elementwise::copy(ctx, &part)
}

fn unary(ctx: &mut Ctx, name: &str, module: Module, array: &Array) -> Result<Array> {
    let row = ops::lookup(module, name)
        .ok_or_else(|| Error::new(Class::RuntimeError, format!("there is no builtin '{name}'")))?;
    let args = Args::bind(row, None, vec![Value::Array(array.clone())], Vec::new())?;
    match crate::exec::call(ctx, &args)? {
        Value::Array(result) => Ok(result),
        _ => Err(Error::new(Class::RuntimeError, format!("{name} of an array gave no array"))),
    }
}
