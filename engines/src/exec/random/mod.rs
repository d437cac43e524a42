//! Random arrays: each rank draws exactly its part of the one stream that NumPy would draw.

mod integers;
mod numbers;
mod order;
mod output;
mod params;
mod seed;
mod state;
mod stream;
#[cfg(test)]
mod tests;
mod uniform;
mod vectors;

pub use stream::flat;

use std::cell::RefCell;
use std::rc::Rc;

use lang::dtype::DType;
use lang::error::{Class, Error, Result};
use lang::ops::{Draw, Random};

use crate::ctx::Ctx;
use crate::exec::args::{Args, index};
use crate::rng::{Generator, Legacy};
use crate::value::Value;

/// Whose numbers are drawn.
#[derive(Clone)]
enum Source {
    Modern(Rc<RefCell<Generator>>),
    Legacy(Rc<RefCell<Legacy>>),
}

/// Runs a function of `np.random`. Collective. Every rank's state advances by all that was drawn, on any rank.
///
/// # Errors
/// In NumPy's words; MemoryError, on all ranks.
pub fn call(ctx: &mut Ctx, op: Random, args: &Args) -> Result<Value> {
    let draw = match op {
        Random::DefaultRng => return seed::default_rng(ctx, args.some("seed")),
        Random::RandomState => return seed::random_state(ctx, args.some("seed")),
        Random::Seed => return reseed(ctx, args),
        Random::GetState => return state::get(ctx, args),
        Random::SetState => return state::set(ctx, args),
        Random::Spawn => return spawn(args),
        Random::Rand => return shaped(ctx, args, Draw::Random),
        Random::RandN => return shaped(ctx, args, Draw::StandardNormal),
        Random::Draw(draw) => draw,
    };
    let source = source(ctx, args)?;
    undone(&source.clone(), || match draw {
        Draw::Integers => integers::call(ctx, args, &source),
        Draw::Choice | Draw::Permutation | Draw::Shuffle | Draw::Permuted => {
            order::call(ctx, args, &source, draw)
        }
        Draw::Multinomial | Draw::Dirichlet => vectors::call(ctx, args, &source, draw),
        _ => numbers::call(ctx, args, &source, draw),
    })
}

/// Runs what draws; where it fails, an interrupt among the reasons, the stream stands where it stood.
fn undone<T>(source: &Source, draw: impl FnOnce() -> Result<T>) -> Result<T> {
    match source {
        Source::Modern(generator) => {
            let before = generator.borrow().bits.clone();
            draw().inspect_err(|_| generator.borrow_mut().bits = before)
        }
        Source::Legacy(state) => {
            let before = state.borrow().clone();
            draw().inspect_err(|_| *state.borrow_mut() = before)
        }
    }
}

/// The generator that the method is called on, or the one behind the legacy functions, seeded at its first use.
fn source(ctx: &mut Ctx, args: &Args) -> Result<Source> {
    match &args.receiver {
        Some(Value::Generator(generator)) => Ok(Source::Modern(generator.clone())),
        Some(Value::RandomState(state)) => Ok(Source::Legacy(state.clone())),
        Some(_) => Err(Error::type_(format!("{}() needs a generator", args.row.name))),
        None => {
            refuse_alone(ctx)?;
            let state = match &ctx.legacy {
                Some(state) => state.clone(),
                None => Rc::new(RefCell::new(Legacy::new(seed::fresh(ctx)?))),
            };
            ctx.legacy = Some(state.clone());
            Ok(Source::Legacy(state))
        }
    }
}

/// The session's own stream is the same on all ranks.
fn refuse_alone(ctx: &Ctx) -> Result<()> {
    ctx.refuse_alone(
        "the stream of np.random",
        "make a generator there: np.random.default_rng([seed, rank()])",
    )
}

fn reseed(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let bits = seed::legacy(ctx, args.some("seed"))?;
    match &args.receiver {
        Some(Value::RandomState(state)) => *state.borrow_mut() = Legacy::new(bits),
        _ => {
            refuse_alone(ctx)?;
            ctx.legacy = Some(Rc::new(RefCell::new(Legacy::new(bits))));
        }
    }
    Ok(Value::None)
}

/// `rand(2, 3)`, `randn(2, 3)`.
fn shaped(ctx: &mut Ctx, args: &Args, draw: Draw) -> Result<Value> {
    let source = source(ctx, args)?;
    let extent = |value: &Value| {
        usize::try_from(index(value)?).map_err(|_| Error::value("negative dimensions are not allowed"))
    };
    let shape = args.rest.iter().map(extent).collect::<Result<Vec<_>>>()?;
    let single = shape.is_empty();
    let output = output::Output::new(ctx, args, shape, DType::F64, single)?;
    undone(&source, || numbers::into(ctx, output, &source, draw))
}

fn spawn(args: &Args) -> Result<Value> {
    let Some(Value::Generator(generator)) = &args.receiver else {
        return Err(Error::type_("spawn() needs a generator"));
    };
    let n = usize::try_from(index(args.value("n_children")?)?)
        .map_err(|_| Error::value("n_children must not be negative"))?;
    if n > 1 << 20 {
        return Err(Error::new(Class::MemoryError, "so many generators do not fit"));
    }
    let children = generator.borrow_mut().spawn(n);
    Ok(Value::list(children.into_iter().map(|g| Value::Generator(Rc::new(RefCell::new(g)))).collect()))
}
