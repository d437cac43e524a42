//! Random integers: `Generator.integers` (Lemire's method) and the legacy `randint` (masks).

use lang::dtype::DType;
use lang::error::{Class, Error, Result};
use lang::layout::Layout;
use lang::scalar::Scalar;
use num_traits::ToPrimitive;

use super::output::Output;
use super::params::has_axes;
use super::{Source, stream};
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::args::{self, Args};
use crate::exec::discover;
use crate::exec::element::{Element, Flag};
use crate::rng::{self, Draws, Halves, Narrow, Pieces, Tape, Wide, Words};
use crate::value::Value;

/// A range of integers: the first, and how many there are beyond it.
#[derive(Clone, Copy)]
struct Range {
    low: i128,
    top: u64,
}

/// Draws integers from `low` to `high`. Collective.
///
/// # Errors
/// ValueError where the bounds contradict each other or the dtype.
pub fn call(ctx: &mut Ctx, args: &Args, source: &Source) -> Result<Value> {
    let legacy = matches!(source, Source::Legacy(_));
    let name = args.row.name;
    let dtype = args.dtype("dtype")?.unwrap_or(DType::I64);
    if dtype.is_inexact() {
        return Err(Error::type_(format!("Unsupported dtype dtype('{dtype}') for {name}")));
    }
    let closed = args.flag("endpoint", false);
    let zero = Value::Int(0);
    let (low, high) = match args.some("high") {
        Some(high) => (args.value("low")?, high),
        None => (&zero, args.value("low")?),
    };
    if args.some("size").map(args::shape).transpose()?.is_some_and(|s| s.contains(&0)) {
        let output = Output::of(ctx, args, dtype, None)?;
        let block = ctx.allocate(&output.layout, &[dtype])?.remove(0);
        return output.give(ctx, block);
    }
    if has_axes(low) || has_axes(high) {
        return many(ctx, args, source, [low, high], dtype, closed);
    }
    let range = checked(number(ctx, low)?, number(ctx, high)?, dtype, closed)?;
    let output = Output::of(ctx, args, dtype, None)?;
    let block = fill(ctx, &output.layout, source, dtype, range)?;
    single(ctx, args, output, block, legacy)
}

/// NumPy's scalar of the dtype, but a Python number where `dtype` is Python's class (the legacy default).
fn single(ctx: &mut Ctx, args: &Args, output: Output, block: Block, legacy: bool) -> Result<Value> {
    if !output.is_single() {
        return output.give(ctx, block);
    }
    let scalar = block.get(0);
    let plain = match args.some("dtype") {
        None => legacy,
        Some(dtype) => matches!(crate::machine::class_name(dtype), Some("int" | "bool")),
    };
    Ok(match scalar {
        Scalar::Bool(b) if plain => Value::Bool(b),
        Scalar::I64(i) if plain => Value::Int(i),
        other => Value::Scalar(other),
    })
}

/// Python's `int(value)`.
fn number(ctx: &mut Ctx, value: &Value) -> Result<i128> {
    let of_float = |x: f64| match x {
        x if x.is_nan() => Err(Error::value("cannot convert float NaN to integer")),
        x if x.is_infinite() => {
            Err(Error::new(Class::OverflowError, "cannot convert float infinity to integer"))
        }
        // Beyond i128 it is out of any bounds as well.
        x => Ok(x as i128),
    };
    match value {
        Value::Float(x) => of_float(*x),
        Value::Scalar(s) if s.dtype().is_float() => of_float(s.as_f64()),
        Value::Scalar(s) if !s.dtype().is_complex() => Ok(s.as_i128().unwrap_or(0)),
        Value::BigInt(i) => {
            Ok(i.to_i128().unwrap_or(if i.sign() == num_bigint::Sign::Minus { i128::MIN } else { i128::MAX }))
        }
        Value::Bool(b) => Ok(*b as i128),
        Value::Int(i) => Ok(*i as i128),
        Value::Array(a) if a.ndim() == 0 => {
            let item = ctx.fetch(a, &[])?;
            item.first().map_or(Ok(0), |s| number(ctx, &Value::Scalar(*s)))
        }
        other => Err(Error::type_(format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            args::type_name(other)
        ))),
    }
}

fn checked(low: i128, high: i128, dtype: DType, closed: bool) -> Result<Range> {
    let (least, most) = dtype.int_range().unwrap_or((0, 0));
    let high = if closed { high } else { high.saturating_sub(1) };
    if low < least {
        return Err(Error::value(format!("low is out of bounds for {dtype}")));
    }
    if high > most {
        return Err(Error::value(format!("high is out of bounds for {dtype}")));
    }
    if low > high {
        return Err(Error::value(if closed { "low > high" } else { "low >= high" }));
    }
    Ok(Range { low, top: (high - low) as u64 })
}

/// `int64` integers of 0..`count`, as `choice` draws them. Collective.
pub fn below(ctx: &mut Ctx, layout: &Layout, source: &Source, count: usize) -> Result<Block> {
    let range = checked(0, count as i128, DType::I64, false)?;
    fill(ctx, layout, source, DType::I64, range)
}

fn fill(ctx: &mut Ctx, layout: &Layout, source: &Source, dtype: DType, range: Range) -> Result<Block> {
    let low = range.low as u64;
    match dtype {
        DType::Bool => filled(ctx, layout, source, dtype, range, |v| Flag((v | low) as u8)),
        DType::I8 | DType::U8 => filled(ctx, layout, source, dtype, range, |v| v.wrapping_add(low) as u8),
        DType::I16 | DType::U16 => filled(ctx, layout, source, dtype, range, |v| v.wrapping_add(low) as u16),
        DType::I32 | DType::U32 => filled(ctx, layout, source, dtype, range, |v| v.wrapping_add(low) as u32),
        _ => filled(ctx, layout, source, dtype, range, |v| v.wrapping_add(low)),
    }
}

/// Fills a block from the stream; `put` makes an element of an offset from the lowest.
fn filled<T: Element>(
    ctx: &mut Ctx,
    layout: &Layout,
    source: &Source,
    dtype: DType,
    range: Range,
    put: impl Fn(u64) -> T,
) -> Result<Block> {
    let top = range.top;
    if top == 0 {
        return stream::walk(ctx, layout, dtype, |_| put(0));
    }
    let width = 8 * dtype.itemsize() as u32;
    let width = if dtype == DType::Bool { 1 } else { width };
    match source {
        Source::Modern(generator) => {
            let bits = &mut generator.borrow_mut().bits;
            if width <= 16 {
                let start = Pieces::new(Halves::new(bits), width);
                let (block, taken) = stream::draw(ctx, layout, dtype, &start, &|t: &mut Pieces<Halves>| {
                    put(t.lemire(top as u32).into())
                })?;
                bits.advance_u32(start.words_of(taken).into());
                return Ok(block);
            }
            if let Ok(top) = u32::try_from(top) {
                let (block, taken) =
                    stream::draw(ctx, layout, dtype, &Halves::new(bits), &|t: &mut Halves| {
                        put(lemire32(t, top).into())
                    })?;
                bits.advance_u32(taken.into());
                return Ok(block);
            }
            let (block, taken) =
                stream::draw(ctx, layout, dtype, &Draws::new(bits), &|t: &mut Draws| put(lemire64(t, top)))?;
            bits.advance(taken.into());
            Ok(block)
        }
        Source::Legacy(state) => {
            let bits = &mut state.borrow_mut().bits;
            let start = Words::new(bits);
            if width <= 16 {
                let start = Pieces::new(start, width);
                let (block, taken) = stream::draw(ctx, layout, dtype, &start, &|t: &mut Pieces<Words>| {
                    put(t.masked(top as u32).into())
                })?;
                bits.advance(start.words_of(taken));
                return Ok(block);
            }
            let (block, taken) = match u32::try_from(top) {
                Ok(top) => stream::draw(ctx, layout, dtype, &start, &|t: &mut Words| {
                    put(rng::masked32(t, top).into())
                }),
                Err(_) => {
                    stream::draw(ctx, layout, dtype, &start, &|t: &mut Words| put(rng::masked64(t, top)))
                }
            }?;
            bits.advance(taken);
            Ok(block)
        }
    }
}

fn lemire32(bits: &mut impl Narrow, top: u32) -> u32 {
    if top == u32::MAX { bits.next_u32() } else { rng::lemire32(bits, top) }
}

fn lemire64(bits: &mut impl Wide, top: u64) -> u64 {
    if top == u64::MAX { bits.next_u64() } else { rng::lemire64(bits, top) }
}

/// Bounds that are arrays: whole on every rank, which walks the whole stream. Collective.
fn many(
    ctx: &mut Ctx,
    args: &Args,
    source: &Source,
    bounds: [&Value; 2],
    dtype: DType,
    closed: bool,
) -> Result<Value> {
    let mut sides: Vec<(Vec<usize>, Vec<i128>)> = Vec::new();
    for value in bounds {
        let array = discover::to_array(ctx, value, None)?;
        if array.dtype().is_inexact() {
            return Err(Error::new(
                Class::NotImplementedError,
                format!("{}() with bounds that are arrays of {}", args.row.name, array.dtype()),
            )
            .hint("make them integers: bounds.astype(int)"));
        }
        let everywhere = ctx.replicated(array.shape());
        let block = ctx.local(&array, &everywhere)?;
        sides.push((
            array.shape().to_vec(),
            (0..block.len()).map(|i| block.get(i).as_i128().unwrap_or(0)).collect(),
        ));
    }
    let (least, most) = dtype.int_range().unwrap_or((0, 0));
    let (lows, highs) = (&sides[0].1, &sides[1].1);
    let last = |high: i128| if closed { high } else { high - 1 };
    if lows.iter().any(|&x| x < least) {
        return Err(Error::value(format!("low is out of bounds for {dtype}")));
    }
    if highs.iter().any(|&x| last(x) > most) {
        return Err(Error::value(format!("high is out of bounds for {dtype}")));
    }
    let shape = super::params::broadcast(&[&sides[0].0, &sides[1].0])?;
    let output = Output::of(ctx, args, dtype, Some(&shape))?;
    let of =
        |side: usize, at: usize| sides[side].1[super::params::position(&sides[side].0, &output.shape, at)];
    let count = output.shape.iter().product::<usize>();
    if (0..count).any(|i| of(0, i) > last(of(1, i))) {
        return Err(Error::value(if closed { "low > high" } else { "low >= high" }));
    }
    let range = |i: usize| Range { low: of(0, i), top: (last(of(1, i)) - of(0, i)) as u64 };
    let layout = &output.layout;
    let bits = |v: u64, low: i128| v.wrapping_add(low as u64);
    let width = if dtype == DType::Bool { 1 } else { 8 * dtype.itemsize() as u32 };
    macro_rules! walk {
        ($next:expr) => {
            match dtype {
                DType::Bool => stream::walk(ctx, layout, dtype, |i| Flag(($next)(range(i)) as u8)),
                DType::I8 | DType::U8 => stream::walk(ctx, layout, dtype, |i| ($next)(range(i)) as u8),
                DType::I16 | DType::U16 => stream::walk(ctx, layout, dtype, |i| ($next)(range(i)) as u16),
                DType::I32 | DType::U32 => stream::walk(ctx, layout, dtype, |i| ($next)(range(i)) as u32),
                _ => stream::walk(ctx, layout, dtype, |i| ($next)(range(i))),
            }
        };
    }
    let block = match source {
        Source::Modern(generator) => {
            let state = &mut generator.borrow_mut().bits;
            let mut pieces = Pieces::new(Halves::new(state), width.min(16));
            let start = pieces.clone();
            let mut next = |r: Range| match u32::try_from(r.top) {
                Ok(0) => bits(0, r.low),
                Ok(top) if width <= 16 => bits(pieces.lemire(top).into(), r.low),
                Ok(top) => bits(lemire32(state, top).into(), r.low),
                Err(_) => bits(lemire64(state, r.top), r.low),
            };
            let block = walk!(next)?;
            let taken = start.words_of(pieces.at());
            state.advance_u32(taken.into());
            block
        }
        Source::Legacy(legacy) => {
            let state = &mut legacy.borrow_mut().bits;
            let mut pieces = Pieces::new(Words::new(state), width.min(16));
            let start = pieces.clone();
            let mut next = |r: Range| match u32::try_from(r.top) {
                Ok(0) => bits(0, r.low),
                Ok(top) if width <= 16 => bits(pieces.masked(top).into(), r.low),
                Ok(top) => bits(rng::masked32(state, top).into(), r.low),
                Err(_) => bits(rng::masked64(state, r.top), r.low),
            };
            let block = walk!(next)?;
            state.advance(start.words_of(pieces.at()));
            block
        }
    };
    output.give(ctx, block)
}
