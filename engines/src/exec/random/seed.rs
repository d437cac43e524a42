//! Seeds: what NumPy's SeedSequence and its legacy seeding make of numbers and sequences.

use std::cell::RefCell;
use std::io::Read;
use std::rc::Rc;

use lang::error::{Class, Error, Result};

use crate::ctx::Ctx;
use crate::exec::args::{index, items};
use crate::rng::{Generator, Legacy, Mt19937};
use crate::value::Value;

/// `np.random.default_rng(seed)`. Collective.
///
/// # Errors
/// TypeError and ValueError for what is no seed.
pub fn default_rng(ctx: &mut Ctx, seed: Option<&Value>) -> Result<Value> {
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

/// A Mersenne Twister that no one has seeded, the same on every rank.
pub fn fresh(ctx: &mut Ctx) -> Result<Mt19937> {
    Ok(Mt19937::from_key(&entropy(ctx)?))
}

/// `np.random.RandomState(seed)`. Collective.
///
/// # Errors
/// As `legacy`.
pub fn random_state(ctx: &mut Ctx, seed: Option<&Value>) -> Result<Value> {
    Ok(Value::RandomState(Rc::new(RefCell::new(Legacy::new(legacy(ctx, seed)?)))))
}

/// The Mersenne Twister that `np.random.seed(seed)` makes. Collective.
///
/// # Errors
/// TypeError and ValueError for what is no seed.
pub fn legacy(ctx: &mut Ctx, seed: Option<&Value>) -> Result<Mt19937> {
    let Some(seed) = seed else {
        return fresh(ctx);
    };
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
