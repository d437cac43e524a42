//! Reductions over any axes of any layout: a local fold, then partial results to the owners of the result.
//!
//! Each rank sends one message of at most its partial results to each owner; scalars are gathered by all. Partial
//! results are combined in the order of the process grid, so an answer depends on the layout and on nothing else.

mod extremes;
mod fold;
mod masked;
mod moments;
mod place;

use std::sync::Arc;

use lang::dtype::{Casting, DType, Kind, can_cast, promote};
use lang::error::{Error, Result};
use lang::layout::Layout;
use lang::ops::Reduce;
use lang::scalar::Scalar;

use super::args::{Args, index};
use super::element::{Element, filled, typed, typed_mut};
use super::elementwise::Operand;
use super::elementwise::order::{broadcast_strides, keeping};
use super::elementwise::stream::Stream;
use super::floats::{self, Fold};
use super::partials::Partials;
use super::rearrange::views;
use super::{discover, output, own};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::explain;
use crate::value::Value;
use crate::with_element;
use fold::{Lanes, Source, extreme};
use moments::Together;
use place::{kept_of, places, result_layout, with_ones};

/// What a call asks of a reduction.
#[derive(Clone)]
struct Asked {
    /// All axes where it is None.
    axes: Option<Vec<usize>>,
    dtype: Option<DType>,
    keepdims: bool,
    initial: Option<Scalar>,
    /// `initial=None`: nothing to begin with.
    bare: bool,
    ddof: f64,
}

/// A reduction with its arguments read.
struct Plan {
    op: Reduce,
    /// The operand's dtype, that of the sums, and that of the result.
    from: DType,
    acc: DType,
    to: DType,
    drop: Vec<bool>,
    keepdims: bool,
    initial: Option<Scalar>,
    /// What is subtracted from the count of elements under a variance.
    ddof: f64,
    /// Elements that fold into one.
    folded: usize,
}

/// Runs a reduction. Collective.
///
/// # Errors
/// AxisError, TypeError and ValueError in NumPy's words, on all ranks alike.
pub fn call(ctx: &mut Ctx, op: Reduce, args: &Args) -> Result<Value> {
    let array = args.first(ctx)?;
    let axes = match op {
        Reduce::ArgMin | Reduce::ArgMax => args.axis("axis", array.ndim().max(1))?.map(|d| vec![d]),
        _ => args.axes("axis", array.ndim())?,
    };
    over(ctx, op, array, axes, args)
}

/// Runs a reduction over axes (all where that is None), with the other arguments of a call. Collective.
///
/// # Errors
/// As `call`.
pub fn over(
    ctx: &mut Ctx,
    op: Reduce,
    mut array: Array,
    axes: Option<Vec<usize>>,
    args: &Args,
) -> Result<Value> {
    let out = output::one(args)?;
    let mask = output::mask(ctx, args)?;
    let mut asked = Asked::read(op, axes, args)?;
    if let Reduce::Mean | Reduce::Var | Reduce::Std = op
        && array.ndim() == 0
        && let Some(axis) = args.some("axis").filter(|axis| !matches!(axis, Value::Tuple(_)))
    {
        // These count the elements along the axis, of which a 0-d array has none; sums allow it.
        return super::args::axis(index(axis)?, 0).map(|_| Value::None);
    }
    // Of real numbers the complex variance is the real one.
    let complex = asked.dtype.filter(|dtype| {
        let moment = matches!(op, Reduce::Var | Reduce::Std) && out.is_none();
        moment && dtype.is_complex() && !array.dtype().is_complex()
    });
    if let Some(dtype) = complex {
        asked.dtype = Some(if dtype == DType::C64 { DType::F32 } else { DType::F64 });
    }
    if let (Reduce::Var | Reduce::Std, Some(dtype)) = (op, asked.dtype)
        && (!dtype.is_inexact() || dtype.is_complex() != array.dtype().is_complex())
    {
        let what = format!("the variance of {} elements with dtype={dtype}", array.dtype());
        return Err(super::index::refused(&what));
    }
    if let (Some(out), None) = (&out, asked.dtype) {
        match op {
            // The output is an operand too.
            Reduce::Sum | Reduce::Prod | Reduce::Min | Reduce::Max => {
                asked.dtype = Some(promote(out.dtype(), array.dtype()));
            }
            Reduce::Mean if array.dtype().is_inexact() => {
                asked.dtype = Some(promote(out.dtype(), array.dtype()));
            }
            Reduce::Std => {
                let (_, to) = dtypes(op, array.dtype(), None);
                output::fits("sqrt", to, out, Casting::SameKind)?;
            }
            _ => {}
        }
    }
    if let (Reduce::Min | Reduce::Max, Some(dtype)) = (op, asked.dtype) {
        array = discover::cast(ctx, &array, dtype)?;
    }
    asked.initial = initial(op, &array, &asked, args)?;
    if let (Some(out), Reduce::ArgMin | Reduce::ArgMax) = (&out, op) {
        // An empty sequence is said to be one first.
        Plan::new(op, &array, &asked)?;
        if !can_cast(out.dtype(), DType::I64, Casting::Safe) {
            return Err(Error::type_(format!(
                "Cannot cast array data from dtype('{}') to dtype('int64') according to the rule 'safe'",
                out.dtype()
            )));
        }
    }
    let result = match mask.clone() {
        Some(mask) => floats::unwatched(ctx, |ctx| masked::run(ctx, op, &array, mask, &asked))?,
        // The arguments' handle and ours; of a method also those of the object and the bound method.
        None => Plan::new(op, &array, &asked)?.run(ctx, &array, if args.method { 4 } else { 2 })?,
    };
    watch(ctx, op, &array, mask.as_ref(), &asked, &result)?;
    let result = match complex {
        Some(dtype) => discover::cast(ctx, &result, dtype)?,
        None => result,
    };
    output::reduced(ctx, result, out, args.row.name)
}

/// Looks for floating-point errors, where they are to be raised. Those within a variance are told by its result.
fn watch(
    ctx: &mut Ctx,
    op: Reduce,
    array: &Array,
    mask: Option<&Operand>,
    asked: &Asked,
    result: &Array,
) -> Result<()> {
    let all: Vec<usize> = (0..array.ndim()).collect();
    let axes = asked.axes.as_ref().unwrap_or(&all);
    let (ufunc, name) = match op {
        Reduce::Sum | Reduce::Mean => ("add", "reduce"),
        // The squares overflow before their sum.
        Reduce::Var | Reduce::Std if array.dtype().is_complex() => ("add", "multiply"),
        Reduce::Var | Reduce::Std => ("add", "square"),
        Reduce::Prod => ("multiply", "reduce"),
        _ => return Ok(()),
    };
    if !ctx.errors.watched() {
        return Ok(());
    }
    let count = axes.iter().map(|&axis| array.shape()[axis]).product::<usize>() as f64;
    if matches!(op, Reduce::Mean | Reduce::Var | Reduce::Std) && count <= asked.ddof {
        return floats::of_nothing(ctx, result);
    }
    let fold = Fold::Reduce { name, axes, keepdims: asked.keepdims, mask };
    floats::folds(ctx, ufunc, array, fold, result)
}

/// `initial=` in the dtype of the sums.
fn initial(op: Reduce, array: &Array, asked: &Asked, args: &Args) -> Result<Option<Scalar>> {
    let (acc, _) = dtypes(op, array.dtype(), asked.dtype);
    args.some("initial").map(|value| discover::scalar(value, acc)).transpose()
}

impl Asked {
    fn read(op: Reduce, axes: Option<Vec<usize>>, args: &Args) -> Result<Asked> {
        let bare =
            matches!(args.given("initial"), Some(Value::None)) && matches!(op, Reduce::Sum | Reduce::Prod);
        let (dtype, ddof) = (args.dtype("dtype")?, ddof(args)?);
        let keepdims =
            if args.row.name.starts_with("arg") { args.flag("keepdims", false) } else { args.keepdims()? };
        Ok(Asked { axes, dtype, keepdims, initial: None, bare, ddof })
    }
}

impl Plan {
    fn new(op: Reduce, array: &Array, asked: &Asked) -> Result<Plan> {
        let (shape, from) = (array.shape(), array.dtype());
        let axes = &asked.axes;
        let drop: Vec<bool> =
            (0..shape.len()).map(|d| axes.as_ref().is_none_or(|axes| axes.contains(&d))).collect();
        let extent =
            |gone: bool| shape.iter().zip(&drop).filter(|(_, g)| **g == gone).map(|(n, _)| *n).product();
        let (folded, kept): (usize, usize) = (extent(true), extent(false));
        let (acc, to) = dtypes(op, from, asked.dtype);
        let initial = asked.initial;
        let empty = folded == 0 && initial.is_none();
        match op {
            Reduce::Sum | Reduce::Prod if empty && asked.bare => {
                let name = if op == Reduce::Sum { "add" } else { "multiply" };
                return Err(Error::value(format!(
                    "zero-size array to reduction operation {name} which has no identity"
                )));
            }
            Reduce::Min | Reduce::Max
                if empty && (kept > 0 || shape.iter().zip(&drop).any(|(&n, &d)| d && n == 0)) =>
            {
                let name = if op == Reduce::Max { "maximum" } else { "minimum" };
                return Err(Error::value(format!(
                    "zero-size array to reduction operation {name} which has no identity"
                )));
            }
            Reduce::ArgMin | Reduce::ArgMax if folded == 0 => {
                let name = if op == Reduce::ArgMax { "argmax" } else { "argmin" };
                return Err(Error::value(format!("attempt to get {name} of an empty sequence")));
            }
            _ => {}
        }
        let Asked { keepdims, ddof, .. } = *asked;
        Ok(Plan { op, from, acc, to, drop, keepdims, initial, ddof, folded })
    }

    /// `handles` is how many handles of the array the statement itself has: what is pending and held by nobody else is
    /// folded as it is computed, and never stored.
    fn run(&self, ctx: &mut Ctx, array: &Array, handles: usize) -> Result<Array> {
        let layout = array.layout().clone();
        let rank = ctx.comm.rank();
        let kept: Vec<usize> =
            array.shape().iter().zip(&self.drop).filter(|(_, d)| !**d).map(|(n, _)| *n).collect();
        let to = result_layout(ctx, &layout, &self.drop, &kept);
        let partials = Partials { from: &layout, drop: &self.drop, to: &to };
        // Of the slowest, variances and places of extremes.
        let watch = ctx.watch_elements(&layout, 10);
        let local = |source: Source| match layout.local_size(rank) {
            0 => self.nothing(kept_of(&layout.local_shape(rank), &self.drop)),
            _ => self.local(source, &layout, rank),
        };
        let once = !matches!(self.op, Reduce::Var | Reduce::Std | Reduce::ArgMin | Reduce::ArgMax);
        let stream = if once { Stream::of(ctx, array, handles)? } else { None };
        let mine = match &stream {
            Some(stream) => local(Source::Stream(stream)),
            None => own::with_own(ctx, array, |block| local(Source::Block(block)))?,
        };
        ctx.end(watch)?;
        let mut together = Together::default();
        let sum = partials.combine(ctx, &mine, |sum, next, more| match self.op {
            Reduce::Var | Reduce::Std => together.add(sum, next, more),
            Reduce::ArgMin | Reduce::ArgMax => extremes::combine(sum, next, self.op == Reduce::ArgMax),
            _ => self.add(&mut sum[0], &next[0]),
        });
        ctx.step(|_| {
            format!("{:?} of {}: the ranks' partial results are combined", self.op, explain::what(array))
                .to_lowercase()
        });
        let mut sum = sum.unwrap_or_else(|| self.nothing(to.local_size(rank)));
        together.settle(&mut sum, self.folded);
        let block = self.finish(sum);
        let result = match self.keepdims {
            false => Array::from_block(kept, to, block),
            true => {
                let shape = array.shape().iter().zip(&self.drop).map(|(&n, &d)| if d { 1 } else { n });
                Array::from_block(shape.collect(), Arc::new(with_ones(&to, &self.drop)), block)
            }
        };
        self.in_order(ctx, array, result)
    }

    /// The result as NumPy has it in memory: in the operand's order, but of places.
    fn in_order(&self, ctx: &mut Ctx, array: &Array, result: Array) -> Result<Array> {
        if result.size() < 2 || matches!(self.op, Reduce::ArgMin | Reduce::ArgMax) {
            return Ok(result);
        }
        let strides = broadcast_strides(array, array.shape()).into_iter().zip(&self.drop);
        let kept = match self.keepdims {
            false => strides.filter(|(_, dropped)| !**dropped).map(|(stride, _)| stride).collect(),
            true => strides.map(|(stride, dropped)| if *dropped { 0 } else { stride }).collect(),
        };
        let strides = keeping(&[kept], result.shape());
        views::laid_out(ctx, result, strides)
    }

    /// The partial results of this rank's block.
    fn local(&self, source: Source, layout: &Layout, rank: usize) -> Vec<Block> {
        let shape = layout.local_shape(rank);
        let lanes = Lanes::new(&shape, &self.drop);
        let acc = self.acc;
        match self.op {
            Reduce::Sum | Reduce::Mean => {
                vec![with_element!(acc, T => fold::sum::<T>(source, 0, &lanes, acc))]
            }
            Reduce::Prod | Reduce::All => {
                vec![with_element!(acc, T => fold::fold::<T>(source, &lanes, acc, T::one(), T::times))]
            }
            Reduce::Any => {
                vec![with_element!(acc, T => fold::fold::<T>(source, &lanes, acc, T::zero(), T::plus))]
            }
            Reduce::Min | Reduce::Max => {
                let max = self.op == Reduce::Max;
                vec![
                    with_element!(acc, T => fold::fold::<T>(source, &lanes, acc, T::zero(), extreme::<T>(max))),
                ]
            }
            Reduce::CountNonzero => {
                vec![with_element!(self.from, T => fold::count::<T>(source, &lanes))]
            }
            Reduce::Var | Reduce::Std => match source {
                Source::Block(block) => moments::moments(block, &lanes, acc),
                Source::Stream(_) => unreachable!("they read twice"),
            },
            Reduce::ArgMin | Reduce::ArgMax => {
                let Source::Block(block) = source else { unreachable!("only folds are streamed") };
                let places = places(layout, rank, &self.drop);
                extremes::find(block, &shape, &self.drop, &places, self.op == Reduce::ArgMax)
            }
        }
    }

    /// Element by element, for reductions whose partial result is one element.
    fn add(&self, sum: &mut Block, next: &Block) {
        fn each<T: Element>(sum: &mut Block, next: &Block, op: impl Fn(T, T) -> T) {
            for (a, &b) in typed_mut::<T>(sum).iter_mut().zip(typed::<T>(next)) {
                *a = op(*a, b);
            }
        }
        with_element!(sum.dtype(), T => match self.op {
            Reduce::Prod | Reduce::All => each(sum, next, T::times),
            Reduce::Min | Reduce::Max => each(sum, next, extreme::<T>(self.op == Reduce::Max)),
            _ => each(sum, next, T::plus),
        })
    }

    /// Partial results of no elements: identities, and what never reaches a result.
    fn nothing(&self, len: usize) -> Vec<Block> {
        let zeros = Block::zeros(if self.op == Reduce::CountNonzero { DType::I64 } else { self.acc }, len);
        match self.op {
            Reduce::Prod | Reduce::All => vec![filled(self.acc, len, Scalar::one(self.acc))],
            Reduce::Var | Reduce::Std => vec![zeros, Block::zeros(self.acc.real_part(), len)],
            Reduce::ArgMin | Reduce::ArgMax => {
                vec![Block::zeros(self.from, len), Block::zeros(DType::I64, len)]
            }
            Reduce::Min | Reduce::Max => match self.initial {
                Some(initial) => vec![filled(self.acc, len, initial)],
                None => vec![zeros],
            },
            _ => vec![zeros],
        }
    }

    /// From the combined partial results to the result's elements.
    fn finish(&self, mut sum: Vec<Block>) -> Block {
        let mut block = sum.pop().unwrap_or(Block::Bool(Vec::new()));
        if let Some(initial) = self.initial {
            let mut first = filled(self.acc, block.len(), initial);
            self.add(&mut first, &block);
            block = first;
        }
        match self.op {
            Reduce::Mean => {
                if !self.acc.is_inexact() {
                    block = discover::cast_block(&block, DType::F64);
                }
                moments::divide(&mut block, self.folded as f64);
            }
            Reduce::Var | Reduce::Std => {
                moments::divide(&mut block, (self.folded as f64 - self.ddof).max(0.0));
                if self.op == Reduce::Std {
                    match &mut block {
                        Block::F32(v) => v.iter_mut().for_each(|x| *x = x.sqrt()),
                        Block::F64(v) => v.iter_mut().for_each(|x| *x = x.sqrt()),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        if block.dtype() == self.to {
            return block;
        }
        let mut block = discover::cast_block(&block, self.to);
        if self.folded as f64 <= self.ddof && matches!(self.op, Reduce::Var | Reduce::Std) {
            // A complex number divided by 0.
            match &mut block {
                Block::C64(v) => v.iter_mut().for_each(|x| x.im = f32::NAN),
                Block::C128(v) => v.iter_mut().for_each(|x| x.im = f64::NAN),
                _ => {}
            }
        }
        block
    }
}

/// The dtype of the sums and of the result.
fn dtypes(op: Reduce, from: DType, given: Option<DType>) -> (DType, DType) {
    match op {
        Reduce::Sum | Reduce::Prod => {
            let wide = given.unwrap_or(widened(from));
            (wide, wide)
        }
        Reduce::Mean => {
            let wide = given.unwrap_or(if from.is_inexact() { from } else { DType::F64 });
            (wide, wide)
        }
        Reduce::Var | Reduce::Std => {
            let wide = given.unwrap_or(if from.is_inexact() { from } else { DType::F64 });
            (if wide.is_inexact() { wide } else { DType::F64 }, given.unwrap_or(wide.real_part()))
        }
        Reduce::Min | Reduce::Max => (from, from),
        Reduce::Any | Reduce::All => (DType::Bool, DType::Bool),
        Reduce::ArgMin | Reduce::ArgMax | Reduce::CountNonzero => (from, DType::I64),
    }
}

/// What sums, products and their running forms are taken in: integers in 64 bits.
pub fn widened(dtype: DType) -> DType {
    match dtype.kind() {
        Kind::Bool | Kind::Signed => DType::I64,
        Kind::Unsigned => DType::U64,
        Kind::Float | Kind::Complex => dtype,
    }
}

fn ddof(args: &Args) -> Result<f64> {
    let number = |name: &str| -> Result<Option<f64>> {
        match args.some(name) {
            None => Ok(None),
            Some(Value::Float(x)) => Ok(Some(*x)),
            Some(Value::Scalar(s)) if s.dtype().is_float() => Ok(Some(s.as_f64())),
            Some(other) => index(other).map(|i| Some(i as f64)),
        }
    };
    match (number("ddof")?, number("correction")?) {
        (Some(ddof), Some(_)) if ddof != 0.0 => {
            Err(Error::value("ddof and correction can't be provided simultaneously."))
        }
        (_, Some(correction)) => Ok(correction),
        (ddof, None) => Ok(ddof.unwrap_or(0.0)),
    }
}
