//! The methods of NumPy's ufuncs: `reduce`, `accumulate`, `reduceat`, `outer`, `at`.

mod at;
mod fold;
mod stretches;

use lang::dtype::{Casting, DType, promote};
use lang::error::{Class, Error, Result};
use lang::ops::{self, Loop, Reduce, Row, Run, UfuncMethod};
use lang::scalar::Scalar;

use super::elementwise::call::{Keywords, apply_to};
use super::elementwise::record::record;
use super::elementwise::{Operand, astype};
use super::floats::{self, Fold};
use super::rearrange::views;
use super::{Args, discover, output, reduce};
use crate::array::Array;
use crate::ctx::Ctx;
use crate::value::Value;

/// Runs a method; the ufunc is the call's receiver. Collective.
///
/// # Errors
/// TypeError and ValueError in NumPy's words.
pub fn call(ctx: &mut Ctx, method: UfuncMethod, args: &Args) -> Result<Value> {
    let ufunc = match &args.receiver {
        Some(Value::Builtin(row)) => ops::row(*row),
        _ => return Err(Error::type_("a method of a ufunc without a ufunc")),
    };
    let (ins, outs) = arity(ufunc);
    if method == UfuncMethod::At {
        if ctx.errors.watched() {
            return Err(super::index::refused("ufunc.at while floating-point errors are raised"));
        }
        return at::call(ctx, ufunc, args);
    }
    if ins != 2 {
        let what = if method == UfuncMethod::Outer { "outer product" } else { args.row.name };
        return Err(Error::value(format!("{what} only supported for binary functions")));
    }
    if method != UfuncMethod::Outer && outs != 1 {
        let what = args.row.name;
        return Err(Error::value(format!("{what} only supported for functions returning a single value")));
    }
    match method {
        UfuncMethod::Outer => outer(ctx, ufunc, args, outs),
        UfuncMethod::Reduce => reduced(ctx, ufunc, args),
        UfuncMethod::Accumulate => {
            let (array, axis) = along(ctx, ufunc, args)?;
            let out = output::one(args)?;
            let folding = Folding::new(ufunc, &array, given_dtype(args, &array, &out)?)?;
            let result = fold::accumulate(ctx, &folding, &array, axis)?;
            floats::folds(ctx, ufunc.name, &array, Fold::Accumulate { axis }, &result)?;
            output::reduced(ctx, result, out, ufunc.name)
        }
        UfuncMethod::ReduceAt => {
            let (array, axis) = along(ctx, ufunc, args)?;
            let out = output::one(args)?;
            let folding = Folding::new(ufunc, &array, given_dtype(args, &array, &out)?)?;
            let indices = discover::to_array(ctx, args.value("indices")?, None)?;
            let result = stretches::call(ctx, &folding, &array, axis, &indices)?;
            floats::folds(ctx, ufunc.name, &array, Fold::ReduceAt { axis, indices: &indices }, &result)?;
            output::reduced(ctx, result, out, ufunc.name)
        }
        UfuncMethod::At => Ok(Value::None),
    }
}

/// How many operands and results a ufunc has.
pub fn arity(row: &Row) -> (usize, usize) {
    match row.run {
        Run::Ufunc(loops) => loops.first().map_or((0, 0), |l| (l.ins.len(), l.outs.len())),
        _ => (0, 0),
    }
}

/// `dtype=`; without it an output is an operand too.
fn given_dtype(args: &Args, array: &Array, out: &Option<Array>) -> Result<Option<DType>> {
    Ok(args.dtype("dtype")?.or(out.as_ref().map(|out| promote(out.dtype(), array.dtype()))))
}

/// The array and the one axis of `accumulate` and `reduceat`.
fn along(ctx: &mut Ctx, ufunc: &Row, args: &Args) -> Result<(Array, usize)> {
    let array = args.array(ctx, "array")?;
    if array.ndim() == 0 {
        return Err(Error::type_(format!("cannot {} on a scalar", args.row.name)));
    }
    let several = match args.given("axis") {
        Some(Value::None) => array.ndim() > 1,
        Some(Value::Tuple(axes)) => axes.len() != 1,
        _ => false,
    };
    if several {
        return Err(Error::value(format!("{} does not allow multiple axes", args.row.name)));
    }
    let axis = args.axes("axis", array.ndim())?.and_then(|axes| axes.first().copied()).unwrap_or(0);
    if is_logical(ufunc) && args.dtype("dtype")?.is_some_and(|d| !d.is_bool()) {
        return Err(no_loop(ufunc));
    }
    // The truth of each element is what logical functions fold.
    let array = if is_logical(ufunc) { discover::cast(ctx, &array, DType::Bool)? } else { array };
    Ok((array, axis))
}

fn no_loop(ufunc: &Row) -> Error {
    let text = "No loop matching the specified signature and casting was found for ufunc";
    Error::type_(format!("{text} {}", ufunc.name))
}

fn is_logical(ufunc: &Row) -> bool {
    matches!(ufunc.name, "logical_and" | "logical_or" | "logical_xor")
}

/// A ufunc that folds elements of one dtype.
pub struct Folding {
    pub name: &'static str,
    pub dtype: DType,
    pub by: &'static Loop,
    /// Whether parts may be folded before they are folded together.
    pub reorderable: bool,
}

impl Folding {
    /// # Errors
    /// TypeError where no loop of the ufunc has a result that it takes as an operand.
    pub fn new(ufunc: &'static Row, array: &Array, dtype: Option<DType>) -> Result<Folding> {
        let from = array.dtype();
        let dtype = match ufunc.name {
            _ if is_logical(ufunc) => None,
            "add" | "multiply" => dtype.or_else(|| Some(reduce::widened(from))),
            _ => dtype,
        };
        let operand = ops::Operand::Strong(from);
        let resolved = ops::resolve_casting(ufunc, &[operand, operand], dtype, Casting::Unsafe)?;
        let by = resolved.chosen;
        if by.ins[1] != by.ins[0] {
            let text = format!("the {} of operands of two dtypes is not supported", ufunc.name);
            return Err(Error::new(Class::NotImplementedError, text));
        }
        if by.outs[0] != by.ins[0] {
            return Err(no_loop(ufunc));
        }
        let reorderable = ops::is_reorderable(ufunc.name);
        Ok(Folding { name: ufunc.name, dtype: by.ins[0], by, reorderable })
    }
}

fn reduced(ctx: &mut Ctx, ufunc: &'static Row, args: &Args) -> Result<Value> {
    let mut array = args.array(ctx, "array")?;
    let none = args.given("axis").is_some() && args.some("axis").is_none();
    let dtype = args.dtype("dtype")?;
    if is_logical(ufunc) && dtype.is_some_and(|d| !d.is_bool()) {
        return Err(no_loop(ufunc));
    }
    let axes = match args.axes("axis", array.ndim())? {
        None if none => None,
        // A number has no axis to fold away.
        None => Some((0..array.ndim().min(1)).collect()),
        given => given,
    };
    let known = match ufunc.name {
        "add" => Some(Reduce::Sum),
        "multiply" => Some(Reduce::Prod),
        "maximum" => Some(Reduce::Max),
        "minimum" => Some(Reduce::Min),
        "logical_and" => Some(Reduce::All),
        "logical_or" => Some(Reduce::Any),
        _ => None,
    };
    if let Some(op) = known {
        return reduce::over(ctx, op, array, axes, args);
    }
    let axes = axes.unwrap_or((0..array.ndim()).collect());
    if axes.len() > 1 && !ops::is_reorderable(ufunc.name) {
        return Err(Error::value(format!(
            "reduction operation '{}' is not reorderable, so at most one axis may be specified",
            ufunc.name
        )));
    }
    if is_logical(ufunc) {
        array = discover::cast(ctx, &array, DType::Bool)?;
    }
    let out = output::one(args)?;
    let folding = Folding::new(ufunc, &array, given_dtype(args, &array, &out)?)?;
    let identity = ops::identity(ufunc.name).map(|value| value.cast(folding.dtype));
    let mut initial = match args.some("initial") {
        Some(value) => Some(discover::scalar(value, folding.dtype)?),
        None => None,
    };
    array = discover::cast(ctx, &array, folding.dtype)?;
    if let Some(mask) = output::mask(ctx, args)? {
        let Some(nothing) = identity else {
            return Err(match initial {
                None => Error::value(format!(
                    "reduction operation '{}' does not have an identity, so to use a where mask one has to specify \
                     'initial'",
                    ufunc.name
                )),
                Some(_) => super::index::refused(&format!("where= of {}.reduce", ufunc.name)),
            });
        };
        let shape = super::elementwise::broadcast(&[array.shape(), mask.shape()])?;
        if shape != array.shape() {
            return Err(Error::value("the mask of a reduction does not broadcast to the array"));
        }
        array = output::select(ctx, mask, Operand::Array(array), Operand::Scalar(nothing))?;
        initial = initial.or(Some(nothing));
    }
    // Even one element is folded with the identity: `hypot.reduce([-3.0])` is 3.0.
    let initial = initial.or(identity);
    let keepdims = args.flag("keepdims", false);
    let result = fold_axes(ctx, &folding, array.clone(), axes.clone(), initial, keepdims)?;
    floats::folds(
        ctx,
        ufunc.name,
        &array,
        Fold::Reduce { name: "reduce", axes: &axes, keepdims, mask: None },
        &result,
    )?;
    output::reduced(ctx, result, out, ufunc.name)
}

/// Folds along axes, one after the other.
fn fold_axes(
    ctx: &mut Ctx,
    folding: &Folding,
    array: Array,
    mut axes: Vec<usize>,
    initial: Option<Scalar>,
    keepdims: bool,
) -> Result<Array> {
    let shape = array.shape().to_vec();
    axes.sort_unstable();
    if axes.is_empty() {
        let Some(initial) = initial else {
            return astype(ctx, &array, folding.dtype);
        };
        let resolved = ops::Resolved { index: 0, chosen: folding.by, stand_ins: Vec::new() };
        let operands = [Operand::Scalar(initial), Operand::Array(array)];
        return Ok(record(ctx, folding.name, &resolved, &operands)?.remove(0));
    }
    let empty = axes.iter().any(|&d| shape[d] == 0);
    let kept: Vec<usize> = (0..shape.len()).filter(|d| !axes.contains(d)).map(|d| shape[d]).collect();
    let mut result = if empty {
        let Some(value) = initial else {
            return Err(Error::value(format!(
                "zero-size array to reduction operation {} which has no identity",
                folding.name
            )));
        };
        let layout = ctx.derived_layout(&kept, array.layout(), array.size());
        let block = super::element::filled(folding.dtype, layout.local_size(ctx.comm.rank()), value);
        Array::from_block(kept, layout, block)
    } else {
        let mut result = array;
        // From the last axis on; what there is to begin with comes in once.
        for (at, &axis) in axes.iter().enumerate().rev() {
            let initial = initial.filter(|_| at == 0);
            result = fold::reduce(ctx, folding, &result, axis, initial)?;
        }
        result
    };
    if keepdims {
        let ones: Vec<usize> =
            shape.iter().enumerate().map(|(d, &n)| if axes.contains(&d) { 1 } else { n }).collect();
        result = views::reshape(ctx, &result, &ones)?;
    }
    Ok(result)
}

fn bits() -> Result<Folding> {
    let row = ops::lookup(ops::Module::Numpy, "bitwise_or").ok_or_else(|| Error::type_("no bitwise_or"))?;
    let operand = ops::Operand::Strong(DType::U8);
    let by = ops::resolve_casting(ops::row(row), &[operand, operand], None, Casting::No)?.chosen;
    Ok(Folding { name: "bitwise_or", dtype: DType::U8, by, reorderable: true })
}

/// The bits that are set in any of the bytes that fold into one. Collective.
pub fn any_bit(ctx: &mut Ctx, bytes: Array, axes: &[usize], keepdims: bool) -> Result<Array> {
    fold_axes(ctx, &bits()?, bytes, axes.to_vec(), Some(Scalar::zero(DType::U8)), keepdims)
}

/// The bits that are set in any of the bytes so far. Collective.
pub fn bits_so_far(ctx: &mut Ctx, bytes: &Array, axis: usize) -> Result<Array> {
    fold::accumulate(ctx, &bits()?, bytes, axis)
}

/// The bits that are set in any of the bytes of the stretches of `reduceat`. Collective.
pub fn bits_of_stretches(ctx: &mut Ctx, bytes: &Array, axis: usize, indices: &Array) -> Result<Array> {
    stretches::call(ctx, &bits()?, bytes, axis, indices)
}

/// The ufunc for each pair of an element of `A` and one of `B`.
fn outer(ctx: &mut Ctx, ufunc: &'static Row, args: &Args, outs: usize) -> Result<Value> {
    // Python's numbers are arrays here, as strong as any.
    let (a, b) = (args.array(ctx, "A")?, args.array(ctx, "B")?);
    let shape = [a.shape(), &vec![1; b.ndim()]].concat();
    let a = views::reshape(ctx, &a, &shape)?;
    let keywords = Keywords::read(ctx, args, outs)?;
    apply_to(ctx, ufunc, vec![Operand::Array(a), Operand::Array(b)], keywords)
}
