//! Random arrays: each rank draws exactly its part of the one stream that NumPy would draw.

use std::cell::RefCell;
use std::io::Read;
use std::rc::Rc;
use std::sync::Arc;

use lang::dtype::DType;
use lang::error::{Class, Error, Result};
use lang::layout::Layout;
use lang::ops::Random;

use super::alloc;
use super::args::{self, Args, index, items};
use super::pack::segments;
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::rng::{Generator, Mt19937, Pcg64};
use crate::value::Value;
use crate::watch::{LOOK, go_on};

/// Runs a function of `np.random`. Collective. Every rank's state advances by all that was drawn, on any rank.
pub fn call(ctx: &mut Ctx, op: Random, args: &Args) -> Result<Value> {
    match op {
        Random::DefaultRng => default_rng(ctx, args.some("seed")),
        Random::Seed => {
            ctx.legacy = Some(match args.some("seed") {
                Some(seed) => legacy_seed(ctx, seed)?,
                None => Mt19937::from_key(&entropy(ctx)?),
            });
            Ok(Value::None)
        }
        Random::GeneratorRandom => {
            let Some(Value::Generator(generator)) = &args.receiver else {
                return Err(Error::type_("random() needs a generator"));
            };
            generator_random(ctx, args, &generator.clone())
        }
        Random::Rand => {
            let shape = args.rest.iter().map(extent).collect::<Result<Vec<_>>>()?;
            legacy_random(ctx, args, (!shape.is_empty()).then_some(shape))
        }
        Random::Random => {
            let shape = args.some("size").map(args::shape).transpose()?;
            legacy_random(ctx, args, shape)
        }
    }
}

fn extent(value: &Value) -> Result<usize> {
    usize::try_from(index(value)?).map_err(|_| Error::value("negative dimensions are not allowed"))
}

fn default_rng(ctx: &mut Ctx, seed: Option<&Value>) -> Result<Value> {
    if let Some(Value::Generator(_)) = seed {
        return Ok(seed.cloned().unwrap_or(Value::None));
    }
    let words = match seed {
        Some(seed) => seed_words(ctx, seed)?,
        None => entropy(ctx)?,
    };
    Ok(Value::Generator(Rc::new(RefCell::new(Generator::new(&words)))))
}

/// A seed as SeedSequence takes it: 32-bit words, lowest first; sequences one after the other.
fn seed_words(ctx: &mut Ctx, seed: &Value) -> Result<Vec<u32>> {
    let negative = || Error::value("expected non-negative integer");
    if let Value::Array(a) = seed {
        let whole = ctx.local(a, &ctx.replicated(a.shape()))?;
        let each = (0..whole.len()).map(|i| seed_words(ctx, &Value::Scalar(whole.get(i))));
        return Ok(each.collect::<Result<Vec<_>>>()?.concat());
    }
    if let Some(list) = items(seed) {
        return Ok(list.iter().map(|v| seed_words(ctx, v)).collect::<Result<Vec<_>>>()?.concat());
    }
    match seed {
        Value::BigInt(i) => i.to_biguint().map(|i| i.to_u32_digits()).ok_or_else(negative),
        other => {
            let wide = match other {
                Value::Scalar(s) if s.dtype().is_integer() => s.as_i128().unwrap_or(0),
                Value::Int(i) => *i as i128,
                Value::Bool(b) => *b as i128,
                Value::Float(x) => {
                    let x = lang::text::float_repr(*x);
                    return Err(Error::type_(format!(
                        "SeedSequence expects int or sequence of ints for entropy not {x}"
                    )));
                }
                _ => {
                    return Err(Error::type_("SeedSequence expects int or sequence of ints for entropy"));
                }
            };
            let wide = u64::try_from(wide).map_err(|_| negative())?;
            let words = [wide as u32, (wide >> 32) as u32];
            Ok(words[..if words[1] == 0 { 1 } else { 2 }].to_vec())
        }
    }
}

/// 128 bits that no one chose, the same on every rank: rank 0's.
fn entropy(ctx: &mut Ctx) -> Result<Vec<u32>> {
    let mut bytes = [0u8; 16];
    let drawn = std::fs::File::open("/dev/urandom").and_then(|mut f| f.read_exact(&mut bytes));
    ctx.agree(drawn.map_err(|e| Error::new(Class::OSError, format!("/dev/urandom: {e}"))))?;
    let first = ctx.comm.allgather(&bytes).swap_remove(0);
    Ok(first.chunks_exact(4).map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect())
}

fn legacy_seed(ctx: &mut Ctx, seed: &Value) -> Result<Mt19937> {
    let range = || Error::value("Seed must be between 0 and 2**32 - 1");
    let word = |value: &Value| match value {
        Value::BigInt(_) => Err(range()),
        other => u32::try_from(index(other)?).map_err(|_| range()),
    };
    let list = match seed {
        Value::Array(a) => {
            let whole = ctx.local(a, &ctx.replicated(a.shape()))?;
            Some((0..whole.len()).map(|i| Value::Scalar(whole.get(i))).collect())
        }
        other => items(other),
    };
    match list {
        None => Ok(Mt19937::new(word(seed)?)),
        Some(list) if list.is_empty() => Err(Error::value("Seed must be non-empty")),
        Some(list) => Ok(Mt19937::from_key(&list.iter().map(word).collect::<Result<Vec<_>>>()?)),
    }
}

fn new_layout(ctx: &mut Ctx, args: &Args, shape: &[usize], dtype: DType) -> Result<Arc<Layout>> {
    alloc::shape(shape, dtype)?;
    let layout = args.layout(ctx, shape)?;
    alloc::check(ctx, shape, dtype, &layout)?;
    Ok(layout)
}

fn generator_random(ctx: &mut Ctx, args: &Args, generator: &Rc<RefCell<Generator>>) -> Result<Value> {
    let dtype = args.dtype("dtype")?.unwrap_or(DType::F64);
    if !dtype.is_float() {
        return Err(Error::type_(format!("Unsupported dtype dtype('{dtype}') for random")));
    }
    let single = dtype == DType::F32;
    let Some(size) = args.some("size") else {
        let bits = &mut generator.borrow_mut().bits;
        return Ok(Value::Float(if single { bits.next_f32().into() } else { bits.next_f64() }));
    };
    let shape = args::shape(size)?;
    let layout = new_layout(ctx, args, &shape, dtype)?;
    let rank = ctx.comm.rank();
    let watch = ctx.watch_elements(&layout, 5);
    let mut bits = generator.borrow().bits.clone();
    let block = if single {
        let mut out = vec![0.0f32; layout.local_size(rank)];
        for s in segments(&layout, rank) {
            let mut at = bits.clone();
            at.advance_u32(s.flat as u128);
            for (i, x) in out[s.local..s.local + s.len].iter_mut().enumerate() {
                if i % LOOK == 0 && !go_on() {
                    break;
                }
                if i > 0 && s.step != 1 {
                    at = bits.clone();
                    at.advance_u32(s.flat.wrapping_add_signed(s.step * i as isize) as u128);
                }
                *x = at.next_f32();
            }
        }
        bits.advance_u32(layout.size() as u128);
        Block::F32(out)
    } else {
        let mut out = vec![0.0; layout.local_size(rank)];
        for s in segments(&layout, rank) {
            fill(&bits, s.flat, s.step, &mut out[s.local..s.local + s.len]);
        }
        bits.advance(layout.size() as u128);
        Block::F64(out)
    };
    ctx.end(watch)?;
    generator.borrow_mut().bits = bits;
    Ok(Value::Array(Array::from_block(shape, layout, block)))
}

/// Draws `flat`, `flat + step`, ... of the stream: one jump for a stretch, one multiplication more for each step.
fn fill(bits: &Pcg64, flat: usize, step: isize, out: &mut [f64]) {
    let mut at = bits.clone();
    at.advance(flat as u128);
    // A draw steps the generator by one itself; jumps wrap around the period, so backwards is far forwards.
    let jump = at.jump((step as i128 - 1) as u128);
    for part in out.chunks_mut(LOOK).take_while(|_| go_on()) {
        if step == 1 {
            part.iter_mut().for_each(|x| *x = at.next_f64());
            continue;
        }
        for x in part {
            *x = at.next_f64();
            at.take(jump);
        }
    }
}

/// The legacy functions: a rank steps past the others' parts, so drawing takes every rank the time of all the words.
fn legacy_random(ctx: &mut Ctx, args: &Args, shape: Option<Vec<usize>>) -> Result<Value> {
    if ctx.legacy.is_none() {
        ctx.legacy = Some(Mt19937::from_key(&entropy(ctx)?));
    }
    let layout = match &shape {
        Some(shape) => Some(new_layout(ctx, args, shape, DType::F64)?),
        None => None,
    };
    let rank = ctx.comm.rank();
    let Some(rng) = &mut ctx.legacy else {
        return Err(Error::new(Class::RuntimeError, "the legacy generator is not seeded"));
    };
    let (Some(shape), Some(layout)) = (shape, layout) else {
        return Ok(Value::Float(rng.next_f64()));
    };
    let mut rng = rng.clone();
    let watch = ctx.watch(layout.size().saturating_mul(10));
    let mut out = vec![0.0; layout.local_size(rank)];
    let mut drawn = 0;
    // A double takes two words.
    let skip = |rng: &mut Mt19937, count: usize| {
        for part in (0..count).step_by(LOOK).take_while(|_| go_on()) {
            rng.advance(2 * LOOK.min(count - part) as u64);
        }
    };
    let mut seek = |rng: &mut Mt19937, to: usize| {
        skip(rng, to - drawn);
        drawn = to + 1;
    };
    for s in segments(&layout, rank) {
        for k in (0..s.len).take_while(|k| k % LOOK > 0 || go_on()) {
            let i = if s.step < 0 { s.len - 1 - k } else { k };
            seek(&mut rng, s.flat.wrapping_add_signed(s.step * i as isize));
            out[s.local + i] = rng.next_f64();
        }
    }
    skip(&mut rng, layout.size() - drawn);
    ctx.end(watch)?;
    ctx.legacy = Some(rng);
    Ok(Value::Array(Array::from_block(shape, layout, Block::F64(out))))
}

#[cfg(test)]
mod tests;
