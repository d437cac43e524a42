//! Records elementwise functions: loops chosen, shapes broadcast, layouts settled; nothing is computed yet.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use lang::dtype::{Casting, DType};
use lang::error::{Error, Result};
use lang::layout::Layout;
use lang::ops::{self, Loop, Resolved, Row, floating};
use lang::scalar::Scalar;
use num_bigint::BigInt;
use num_complex::Complex64;

use super::force::force;
use super::order::{copied_strides, result_strides};
use crate::array::{Array, Expr, Input, c_strides};
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::floats;
use crate::value::Value;

/// Pending expressions this deep are computed before more is recorded on them.
const MAX_DEPTH: usize = 256;

/// What an elementwise function is applied to.
#[derive(Clone)]
pub enum Operand {
    Array(Array),
    Scalar(Scalar),
    Int(i64),
    BigInt(Rc<BigInt>),
    Float(f64),
    Complex(Complex64),
}

impl Operand {
    /// An array or a number; None of what has to be made an array first.
    pub fn of(value: &Value) -> Option<Operand> {
        Some(match value {
            Value::Array(array) => Operand::Array(array.clone()),
            Value::Scalar(s) => Operand::Scalar(*s),
            Value::Bool(b) => Operand::Scalar(Scalar::Bool(*b)),
            Value::Int(i) => Operand::Int(*i),
            Value::BigInt(i) => Operand::BigInt(i.clone()),
            Value::Float(x) => Operand::Float(*x),
            Value::Complex(z) => Operand::Complex(*z),
            _ => return None,
        })
    }

    /// As the choice of a loop sees it.
    pub fn kind(&self) -> ops::Operand<'_> {
        match self {
            Operand::Array(a) => ops::Operand::Strong(a.dtype()),
            Operand::Scalar(s) => ops::Operand::Strong(s.dtype()),
            Operand::Int(i) => ops::Operand::Int(*i),
            Operand::BigInt(i) => ops::Operand::BigInt(i),
            Operand::Float(_) => ops::Operand::Float,
            Operand::Complex(_) => ops::Operand::Complex,
        }
    }

    /// Its dtype, by itself.
    pub fn natural(&self) -> DType {
        match self {
            Operand::Array(a) => a.dtype(),
            Operand::Scalar(s) => s.dtype(),
            Operand::Int(_) => DType::I64,
            Operand::BigInt(_) => DType::U64,
            Operand::Float(_) => DType::F64,
            Operand::Complex(_) => DType::C128,
        }
    }

    /// A scalar operand as an element of that dtype; `None` for an array.
    pub fn constant(&self, dtype: DType) -> Result<Option<Scalar>> {
        Ok(Some(match self {
            Operand::Array(_) => return Ok(None),
            Operand::Scalar(s) => s.cast(dtype),
            Operand::Int(i) => Scalar::from_python_int(*i, dtype)?,
            Operand::BigInt(i) => Scalar::from_python_bigint(i, dtype)?,
            Operand::Float(x) => Scalar::F64(*x).cast(dtype),
            Operand::Complex(z) => Scalar::C128(*z).cast(dtype),
        }))
    }

    pub fn shape(&self) -> &[usize] {
        match self {
            Operand::Array(a) => a.shape(),
            _ => &[],
        }
    }
}

/// `(3,) (2,4) `: shapes as NumPy's messages list them.
fn shapes_text<'a>(shapes: impl Iterator<Item = &'a [usize]>) -> String {
    shapes.map(|shape| tuple(shape) + " ").collect()
}

/// `(3,)`, `(2,4)`: a shape in messages about broadcasting.
pub fn tuple(shape: &[usize]) -> String {
    match shape {
        [one] => format!("({one},)"),
        _ => format!("({})", shape.iter().map(|n| n.to_string()).collect::<Vec<_>>().join(",")),
    }
}

/// The shape that all broadcast to.
///
/// # Errors
/// ValueError in NumPy's words.
pub fn broadcast(shapes: &[&[usize]]) -> Result<Vec<usize>> {
    let ndim = shapes.iter().map(|s| s.len()).max().unwrap_or(0);
    let mut out = vec![1; ndim];
    for shape in shapes {
        for (extent, &n) in out[ndim - shape.len()..].iter_mut().zip(*shape) {
            if *extent == 1 {
                *extent = n;
            } else if n != 1 && n != *extent {
                return Err(Error::value(format!(
                    "operands could not be broadcast together with shapes {}",
                    shapes_text(shapes.iter().copied())
                )));
            }
        }
    }
    Ok(out)
}

/// Applies a row of the table, with `dtype=` if given: its results, recorded. Collective.
///
/// # Errors
/// TypeError and OverflowError of the choice of a loop, ValueError where shapes do not broadcast, and what the loop
/// refuses (negative integer powers).
pub fn apply(
    ctx: &mut Ctx,
    row: &'static Row,
    operands: &[Operand],
    dtype: Option<DType>,
) -> Result<Vec<Array>> {
    let kinds: Vec<ops::Operand> = operands.iter().map(Operand::kind).collect();
    let resolved = ops::resolve_casting(row, &kinds, dtype, Casting::SameKind)?;
    record(ctx, row.name, &resolved, operands)
}

/// Records a chosen loop over operands. Collective.
///
/// # Errors
/// As `record_where`.
pub fn record(
    ctx: &mut Ctx,
    name: &'static str,
    resolved: &Resolved,
    operands: &[Operand],
) -> Result<Vec<Array>> {
    record_where(ctx, name, resolved, operands, None)
}

/// As `record`, with a mask of the elements that are meant: others meet no floating-point errors. Collective.
///
/// # Errors
/// As `apply`, and FloatingPointError where it is to be raised.
pub fn record_where(
    ctx: &mut Ctx,
    name: &'static str,
    resolved: &Resolved,
    operands: &[Operand],
    mask: Option<&Operand>,
) -> Result<Vec<Array>> {
    let chosen = resolved.chosen;
    let shapes: Vec<&[usize]> = operands.iter().map(Operand::shape).collect();
    let shape = broadcast(&shapes)?;
    let mut inputs = Vec::with_capacity(operands.len());
    for (i, (operand, &dtype)) in operands.iter().zip(chosen.ins).enumerate() {
        let stand_in = resolved.stand_ins.iter().find(|(at, _)| *at == i).map(|(_, value)| value.cast(dtype));
        let constant = match stand_in {
            Some(value) => Some(value),
            None => operand.constant(dtype)?,
        };
        if let (true, Some(to), Operand::Float(_) | Operand::Complex(_)) =
            (ctx.errors.watched(), constant, operand)
            && let Some(from) = operand.constant(operand.natural())?
        {
            ctx.errors.raise(floating::of_one("cast", &[from], &[to]), "cast")?;
        }
        inputs.push(match (constant, operand) {
            (Some(value), _) => Input::Const(value),
            (None, Operand::Array(array)) => Input::Array(array.clone()),
            (None, _) => unreachable!("only arrays are no constants"),
        });
    }
    let layout = result_layout(ctx, &inputs, &shape);
    if let Some(check) = chosen.check
        && !shape.contains(&0)
    {
        refuse(ctx, check, chosen, &inputs)?;
    }
    let (ins, outs) = (Cow::Borrowed(chosen.ins), Cow::Borrowed(chosen.outs));
    let given = ctx.errors.watched().then(|| inputs.clone());
    let results = settle(
        ctx,
        Recorded { name, run: Some(chosen.run), ins, outs, inputs, shape, layout, strides: None },
    )?;
    if let Some(inputs) = given {
        floats::elementwise(ctx, name, chosen.ins, &inputs, &results, mask)?;
    }
    Ok(results)
}

/// The array in another dtype, recorded. A copy also where it has that dtype.
pub fn astype(ctx: &mut Ctx, array: &Array, dtype: DType) -> Result<Array> {
    let strides = copied_strides(array);
    let result = copied(ctx, array, dtype, array.shape(), array.layout(), Some(strides))?;
    if ctx.errors.watched() && dtype != array.dtype() {
        let (from, to) = (Input::Array(array.clone()), std::slice::from_ref(&result));
        floats::elementwise(ctx, "cast", &[array.dtype()], &[from], to, None)?;
    }
    Ok(result)
}

/// The array in another dtype, broadcast to a shape in a layout, recorded.
pub(crate) fn spread(
    ctx: &mut Ctx,
    array: &Array,
    dtype: DType,
    shape: &[usize],
    layout: &Arc<Layout>,
) -> Result<Array> {
    copied(ctx, array, dtype, shape, layout, None)
}

fn copied(
    ctx: &mut Ctx,
    array: &Array,
    dtype: DType,
    shape: &[usize],
    layout: &Arc<Layout>,
    strides: Option<Vec<isize>>,
) -> Result<Array> {
    let recorded = Recorded {
        name: "copy",
        run: None,
        ins: vec![dtype].into(),
        outs: vec![dtype].into(),
        inputs: vec![Input::Array(array.clone())],
        shape: shape.to_vec(),
        layout: layout.clone(),
        strides,
    };
    Ok(settle(ctx, recorded)?.remove(0))
}

/// An array of equal elements, recorded: assigned or used, it is never stored.
pub fn constant(shape: &[usize], layout: &Arc<Layout>, value: Scalar) -> Array {
    let dtypes: Cow<[DType]> = vec![value.dtype()].into();
    let (results, reads) = Default::default();
    let inputs = vec![Input::Const(value)];
    let expr =
        Expr { name: "full", run: None, ins: dtypes.clone(), outs: dtypes, inputs, results, reads, depth: 1 };
    expr.record(shape, layout, c_strides(shape)).remove(0)
}

struct Recorded {
    name: &'static str,
    run: Option<ops::LoopFn>,
    ins: Cow<'static, [DType]>,
    outs: Cow<'static, [DType]>,
    inputs: Vec<Input>,
    shape: Vec<usize>,
    layout: Arc<Layout>,
    /// Where they are not those of an elementwise result.
    strides: Option<Vec<isize>>,
}

/// Records it, after what would make the pending graph too deep has been computed.
fn settle(ctx: &mut Ctx, r: Recorded) -> Result<Vec<Array>> {
    let arrays = || {
        r.inputs.iter().filter_map(|input| match input {
            Input::Array(array) => Some(array),
            Input::Const(_) => None,
        })
    };
    let mut depth = 1;
    for array in arrays() {
        let below = array.pending().map_or(0, |(expr, _)| expr.depth);
        if below >= MAX_DEPTH {
            force(ctx, array)?;
        } else {
            depth = depth.max(below + 1);
        }
    }
    let strides = r.strides.unwrap_or_else(|| result_strides(&arrays().collect::<Vec<_>>(), &r.shape));
    let (results, reads) = Default::default();
    let expr =
        Expr { name: r.name, run: r.run, ins: r.ins, outs: r.outs, inputs: r.inputs, results, reads, depth };
    Ok(expr.record(&r.shape, &r.layout, strides))
}

/// Where the result lies. A small result of distributed operands is replicated only when no operand has its shape.
fn result_layout(ctx: &Ctx, inputs: &[Input], shape: &[usize]) -> Arc<Layout> {
    let arrays = inputs.iter().filter_map(|input| match input {
        Input::Array(array) => Some(array),
        Input::Const(_) => None,
    });
    let layouts: Vec<&Arc<Layout>> = arrays.map(Array::layout).collect();
    // The usual case shares the layout of an operand instead of a copy.
    if let Some(same) = layouts.first()
        && layouts.iter().all(|l| Arc::ptr_eq(l, same))
        && same.shape() == shape
    {
        return (*same).clone();
    }
    let plain: Vec<&Layout> = layouts.iter().map(|l| &***l).collect();
    let chosen = lang::layout::elementwise(&plain, shape, || (*ctx.default_layout(shape)).clone());
    layouts.into_iter().find(|l| ***l == chosen).cloned().unwrap_or_else(|| Arc::new(chosen))
}

/// Lets the loop's check see the elements of its last operand, the exponent: the only one that can be refused, by
/// integer powers. What is refused on one rank is refused on all.
fn refuse(ctx: &mut Ctx, check: ops::CheckFn, chosen: &Loop, inputs: &[Input]) -> Result<()> {
    let mut blocks: Vec<Block> = chosen.ins.iter().map(|&dtype| Block::zeros(dtype, 1)).collect();
    let (Some(last), Some(input)) = (blocks.last_mut(), inputs.last()) else {
        return Ok(());
    };
    let alone = match input {
        Input::Const(value) => {
            value.write(last.bytes_mut());
            true
        }
        Input::Array(array) => {
            let lies = array.layout().clone();
            let exponents = astype(ctx, array, last.dtype())?;
            *last = ctx.local(&exponents, &lies)?;
            lies.everywhere
        }
    };
    let slices: Vec<&[u8]> = blocks.iter().map(Block::bytes).collect();
    let verdict = check(&slices);
    if alone { verdict } else { ctx.agree(verdict) }
}
