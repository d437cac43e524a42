//! `np.arange`, with NumPy's roundings.

use lang::dtype::{DType, promote};
use lang::error::{Error, Result};
use lang::layout::IndexSet;
use num_complex::Complex64;

use super::at_each;
use super::number::{Number, element, steps};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::args::Args;
use crate::exec::{alloc, discover};
use crate::value::Value;

/// `np.arange`: element `i` is `first + i * (second - first)`, in the dtype. Collective where it is large.
pub fn arange(ctx: &mut Ctx, args: &Args) -> Result<Array> {
    let (first, second) = (args.signature.params[0].name, "stop");
    let (start, stop) = match (args.some(first), args.some(second)) {
        (Some(start), Some(stop)) => (start.clone(), stop.clone()),
        (Some(stop), None) | (None, Some(stop)) => (Value::Int(0), stop.clone()),
        (None, None) => return Err(Error::type_("arange() requires stop to be specified.")),
    };
    let step = args.some("step").cloned().unwrap_or(Value::Int(1));
    let (start, stop, step) = (element(ctx, start)?, element(ctx, stop)?, element(ctx, step)?);
    let dtype = match args.dtype("dtype")? {
        Some(dtype) => dtype,
        None => [&start, &stop, &step]
            .into_iter()
            .map(discover::natural)
            .try_fold(DType::I64, |d, n| n.map(|n| promote(d, n)))?,
    };
    let (start, stop, step) = (Number::of(&start)?, Number::of(&stop)?, Number::of(&step)?);
    let len = steps(start, stop, step)?;
    alloc::shape(&[len], dtype)?;
    if dtype.is_bool() && len > 2 {
        return Err(Error::type_(
            "arange() is only supported for booleans when the result has at most length 2.",
        ));
    }
    let complex = |n: Number| matches!(n, Number::Complex(_));
    if len > 0 && complex(start) && !dtype.is_complex() {
        return Err(Error::type_("must be real number, not complex"));
    }
    let mut ends = Block::zeros(dtype, 2);
    if len > 0 {
        ends.set(0, discover::scalar(&start.value(), dtype)?);
    }
    if len > 1 {
        ends.set(1, discover::scalar(&start.plus(step).value(), dtype)?);
    }
    let layout = args.layout(ctx, &[len])?;
    alloc::check(ctx, &[len], dtype, &layout)?;
    let watch = ctx.watch_elements(&layout, 2);
    let block = spaced(&ends, &layout.owned(ctx.comm.rank())[0]);
    ctx.end(watch)?;
    Ok(Array::from_block(vec![len], layout, block))
}

/// The elements at `owned` of the progression that begins with the two of `ends`, computed as NumPy fills it.
pub fn spaced(ends: &Block, owned: &IndexSet) -> Block {
    macro_rules! fill {
        ($kind:ident, $v:expr, $f:expr) => {{
            let (start, next) = ($v[0], $v[1]);
            Block::$kind(at_each(owned, |i| $f(start, next, i)))
        }};
    }
    macro_rules! integers {
        ($kind:ident, $t:ty, $v:expr) => {
            fill!($kind, $v, |a: $t, b: $t, i: usize| a
                .wrapping_add((i as $t).wrapping_mul(b.wrapping_sub(a))))
        };
    }
    match ends {
        Block::Bool(v) => fill!(Bool, v, |a, b, i| if i == 0 { a } else { b }),
        Block::I8(v) => integers!(I8, i8, v),
        Block::I16(v) => integers!(I16, i16, v),
        Block::I32(v) => integers!(I32, i32, v),
        Block::I64(v) => integers!(I64, i64, v),
        Block::U8(v) => integers!(U8, u8, v),
        Block::U16(v) => integers!(U16, u16, v),
        Block::U32(v) => integers!(U32, u32, v),
        Block::U64(v) => integers!(U64, u64, v),
        Block::F32(v) => fill!(F32, v, |a: f32, b: f32, i| line32(a, b, i)),
        Block::F64(v) => fill!(F64, v, |a: f64, b: f64, i| line64(a, b, i)),
        Block::C64(v) => fill!(C64, v, |a: num_complex::Complex32, b: num_complex::Complex32, i| {
            num_complex::Complex32::new(line32(a.re, b.re, i), line32(a.im, b.im, i))
        }),
        Block::C128(v) => fill!(C128, v, |a: Complex64, b: Complex64, i| {
            Complex64::new(line64(a.re, b.re, i), line64(a.im, b.im, i))
        }),
    }
}

/// The first two elements are as given; the others count from the first.
fn line32(first: f32, second: f32, i: usize) -> f32 {
    match i {
        0 => first,
        1 => second,
        _ => first + i as f32 * (second - first),
    }
}

fn line64(first: f64, second: f64, i: usize) -> f64 {
    match i {
        0 => first,
        1 => second,
        _ => first + i as f64 * (second - first),
    }
}
