//! Floating-point errors while `np.errstate` asks to raise them: found in operands and results, agreed on by the ranks.
//!
//! While nothing is to be raised nothing is looked for. Otherwise what is recorded is computed at once, and a statement
//! costs a message where its arrays are distributed.

use std::sync::Arc;

use lang::dtype::DType;
use lang::error::{Class, Error, Result};
use lang::layout::Layout;
use lang::ops::floating::{self, Flags, KINDS, NONE};
use lang::scalar::Scalar;

use super::elementwise::Operand;
use super::elementwise::record::{constant, spread};
use super::{output, ufunc};
use crate::array::{Array, Input};
use crate::block::Block;
use crate::ctx::Ctx;

/// What is done at a kind of error.
#[derive(Clone, Copy, PartialEq)]
pub enum Mode {
    Ignore,
    Warn,
    Raise,
}

/// What is done at each kind of `KINDS`.
#[derive(Clone, Copy)]
pub struct Errors {
    modes: [Mode; 4],
    watched: bool,
}

impl Default for Errors {
    fn default() -> Errors {
        Errors::new([Mode::Warn, Mode::Warn, Mode::Ignore, Mode::Warn])
    }
}

impl Errors {
    pub fn new(modes: [Mode; 4]) -> Errors {
        Errors { modes, watched: modes.contains(&Mode::Raise) }
    }

    pub fn modes(self) -> [Mode; 4] {
        self.modes
    }

    /// Whether any kind is to be raised.
    #[inline]
    pub fn watched(self) -> bool {
        self.watched
    }

    /// # Errors
    /// FloatingPointError for the first of the kinds that is to be raised, in NumPy's words.
    pub fn raise(self, met: Flags, name: &str) -> Result<()> {
        let kinds = KINDS.iter().zip(self.modes).enumerate();
        match kinds.filter(|(i, _)| met & 1 << i != 0).find(|(_, (_, mode))| *mode == Mode::Raise) {
            None => Ok(()),
            Some((_, ((_, words), _))) => {
                let message = format!("{words} encountered in {name}");
                Err(Error::new(Class::FloatingPointError, message))
            }
        }
    }
}

/// Does something within which errors are ignored, as where NumPy looks for none.
pub fn unwatched<T>(ctx: &mut Ctx, work: impl FnOnce(&mut Ctx) -> Result<T>) -> Result<T> {
    let errors = std::mem::replace(&mut ctx.errors, Errors::new([Mode::Ignore; 4]));
    let done = work(ctx);
    ctx.errors = errors;
    done
}

/// Raises what this rank, or any other of those that have a part of `layout`, has met. Collective.
fn agree(ctx: &mut Ctx, met: Flags, layout: &Layout, name: &str) -> Result<()> {
    let all = match layout.everywhere {
        true => met,
        false => ctx.comm.allgather(&[met]).iter().flatten().fold(NONE, |a, b| a | b),
    };
    ctx.errors.raise(all, name)
}

/// Looks at what an elementwise function has made of its inputs, each cast to the dtype of `ins`; with a mask, at the
/// elements of it only. Collective.
///
/// # Errors
/// FloatingPointError.
pub(crate) fn elementwise(
    ctx: &mut Ctx,
    name: &str,
    ins: &[DType],
    inputs: &[Input],
    results: &[Array],
    mask: Option<&Operand>,
) -> Result<()> {
    let Some(first) = results.first() else {
        return Ok(());
    };
    let outs: Vec<DType> = results.iter().map(Array::dtype).collect();
    if !floating::can_fail(name, ins, &outs) {
        return Ok(());
    }
    let (shape, layout) = (first.shape().to_vec(), first.layout().clone());
    let met = unwatched(ctx, |ctx| {
        let mut operands = Vec::with_capacity(inputs.len());
        for (input, dtype) in inputs.iter().zip(ins) {
            let whole = match input {
                Input::Array(array) => spread(ctx, array, *dtype, &shape, &layout)?,
                Input::Const(value) => constant(&shape, &layout, *value),
            };
            operands.push(ctx.local(&whole, &layout)?);
        }
        let mask = match mask {
            None => None,
            Some(Operand::Array(mask)) => {
                let mask = spread(ctx, mask, DType::Bool, &shape, &layout)?;
                Some(ctx.local(&mask, &layout)?)
            }
            Some(scalar) => {
                let value = scalar.constant(DType::Bool)?.unwrap_or(Scalar::Bool(true));
                Some(ctx.local(&constant(&shape, &layout, value), &layout)?)
            }
        };
        let mut outs = Vec::with_capacity(results.len());
        for result in results {
            outs.push(ctx.local(result, &layout)?);
        }
        let (operands, outs) = (columns(&operands), columns(&outs));
        Ok(floating::of_elements(name, &operands, &outs, mask.as_ref().map(Block::bytes)))
    })?;
    agree(ctx, met, &layout, name)
}

fn columns(blocks: &[Block]) -> Vec<(DType, &[u8])> {
    blocks.iter().map(|block| (block.dtype(), block.bytes())).collect()
}

/// How elements were folded.
pub enum Fold<'a> {
    /// In a method of this name.
    Reduce {
        name: &'static str,
        axes: &'a [usize],
        keepdims: bool,
        mask: Option<&'a Operand>,
    },
    Accumulate {
        axis: usize,
    },
    ReduceAt {
        axis: usize,
        indices: &'a Array,
    },
}

/// Looks at what has become of an array that was folded by a ufunc. Collective.
///
/// # Errors
/// FloatingPointError.
pub fn folds(ctx: &mut Ctx, ufunc: &str, array: &Array, fold: Fold, result: &Array) -> Result<()> {
    if !ctx.errors.watched() || !result.dtype().is_inexact() {
        return Ok(());
    }
    let layout = result.layout().clone();
    let (met, method) = unwatched(ctx, |ctx| {
        let mut kinds = kinds(ctx, array)?;
        if let Fold::Reduce { mask: Some(mask), .. } = &fold {
            let zero = Operand::Scalar(Scalar::zero(kinds.dtype()));
            kinds = output::select(ctx, (*mask).clone(), Operand::Array(kinds), zero)?;
        }
        let (kinds, method) = match fold {
            Fold::Reduce { name, axes, keepdims, .. } => (ufunc::any_bit(ctx, kinds, axes, keepdims)?, name),
            Fold::Accumulate { axis } => (ufunc::bits_so_far(ctx, &kinds, axis)?, "accumulate"),
            Fold::ReduceAt { axis, indices } => {
                (ufunc::bits_of_stretches(ctx, &kinds, axis, indices)?, "reduceat")
            }
        };
        let (kinds, block) = (ctx.local(&kinds, &layout)?, ctx.local(result, &layout)?);
        Ok((floating::of_folds(ufunc, kinds.bytes(), (block.dtype(), block.bytes())), method))
    })?;
    agree(ctx, met, &layout, method)
}

/// Looks at the mean or the variance of too few elements: NumPy divides by zero. Collective.
///
/// # Errors
/// FloatingPointError.
pub fn of_nothing(ctx: &mut Ctx, result: &Array) -> Result<()> {
    let layout = result.layout().clone();
    let block = ctx.local(result, &layout)?;
    let met = match block.dtype().is_inexact() {
        true => floating::of_nothing((block.dtype(), block.bytes())),
        false => NONE,
    };
    agree(ctx, met, &layout, if result.ndim() == 0 { "scalar divide" } else { "divide" })
}

/// Looks at a product of arrays: what there is in the operands, anywhere, decides. Collective.
///
/// # Errors
/// FloatingPointError.
pub fn product(ctx: &mut Ctx, name: &str, operands: [&Array; 2], result: &Array) -> Result<()> {
    if !ctx.errors.watched() || !result.dtype().is_inexact() {
        return Ok(());
    }
    let layout = result.layout().clone();
    let met = unwatched(ctx, |ctx| {
        let mut all = 0;
        for operand in operands {
            let block = ctx.local(operand, &operand.layout().clone())?;
            all |= floating::kinds(block.dtype(), block.bytes()).into_iter().fold(0, |a, b| a | b);
        }
        let all = ctx.comm.allgather(&[all]).iter().flatten().fold(0, |a, b| a | b);
        let block = ctx.local(result, &layout)?;
        let kinds = vec![all; block.len()];
        Ok(floating::of_folds("add", &kinds, (block.dtype(), block.bytes())))
    })?;
    agree(ctx, met, &layout, name)
}

/// The kind of each element, as `floating::kinds` says.
fn kinds(ctx: &mut Ctx, array: &Array) -> Result<Array> {
    let layout: Arc<Layout> = array.layout().clone();
    let block = ctx.local(array, &layout)?;
    let kinds = Block::U8(floating::kinds(block.dtype(), block.bytes()));
    Ok(Array::from_block(array.shape().to_vec(), layout, kinds))
}
