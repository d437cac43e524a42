//! Products: `dot`, `matmul`, `outer`, `einsum`.
//!
//! A product of distributed matrices is shared out as `lang::plan::product` finds cheapest: by rows, by columns, by the
//! inner axis, or on a grid, where panels come to the result or to the operand that stays (`panels`). No rank holds
//! more than in proportion to its share of the operands and the result, except of an operand that is replicated.

mod diagonal;
mod dot;
mod einsum;
mod gemm;
mod panels;
mod ring;
mod shape;

use std::sync::Arc;

use lang::dtype::{Casting, can_cast, promote};
use lang::error::{Error, Result};
use lang::layout::{DimMap, Layout};
use lang::ops::Contract;

use super::args::Args;
use super::elementwise::{Operand, tuple};
use super::{alloc, discover, floats, output};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::value::Value;
use dot::{crossed, outer, scaled};
use ring::multiply;
use shape::Product;

/// Runs a product. Collective.
///
/// # Errors
/// ValueError in NumPy's words where shapes do not fit.
pub fn call(ctx: &mut Ctx, op: Contract, args: &Args) -> Result<Value> {
    if op == Contract::Diagonal {
        return seen_diagonal(ctx, args);
    }
    let out = output::one(args)?;
    if op == Contract::Einsum {
        // NumPy looks for no errors here.
        let result = floats::unwatched(ctx, |ctx| einsum::einsum(ctx, args))?;
        if let Some(out) = &out {
            output::fits("einsum", result.dtype(), out, Casting::Safe)?;
        }
        return output::reduced(ctx, result, out, "einsum");
    }
    let names = &args.signature.params;
    let (a, b) = (args.array(ctx, names[0].name)?, args.array(ctx, names[1].name)?);
    let dtype = args.dtype("dtype")?.unwrap_or(promote(a.dtype(), b.dtype()));
    for (i, from) in [a.dtype(), b.dtype()].into_iter().enumerate() {
        if op == Contract::MatMul && !can_cast(from, dtype, Casting::SameKind) {
            return Err(Error::type_(format!(
                "Cannot cast ufunc 'matmul' input {i} from dtype('{from}') to dtype('{dtype}') with casting rule 'same_kind'"
            )));
        }
    }
    let (a, b) = (discover::cast(ctx, &a, dtype)?, discover::cast(ctx, &b, dtype)?);
    let result = match op {
        Contract::Outer => outer(ctx, &a, &b)?,
        Contract::Dot if a.shape().is_empty() || b.shape().is_empty() => scaled(ctx, &a, &b)?,
        Contract::Dot => {
            let product = shape::dot(a.shape(), b.shape())?;
            match shape::crossed(a.shape(), b.shape()) {
                true => crossed(ctx, &a, &b, &product)?,
                false => matmul(ctx, &a, &b, &product)?,
            }
        }
        Contract::MatMul => {
            let product = shape::matmul(a.shape(), b.shape())?;
            matmul(ctx, &a, &b, &product)?
        }
        Contract::Einsum | Contract::Diagonal => return Err(Error::type_("not a product of two operands")),
    };
    let name = match op {
        Contract::Outer => "multiply",
        Contract::Dot => "dot",
        _ => "matmul",
    };
    floats::product(ctx, name, [&a, &b], &result)?;
    if let Some(out) = &out {
        fits(op, &result, out)?;
    }
    match out {
        // NumPy's matmul fills an output of more batches.
        Some(out) if op == Contract::MatMul => {
            super::index::store(ctx, &out, Operand::Array(result), 1)?;
            Ok(Value::Array(out))
        }
        out => output::reduced(ctx, result, out, args.row.name),
    }
}

/// Whether a product may be stored into `out=`.
fn fits(op: Contract, result: &Array, out: &Array) -> Result<()> {
    let (shape, into) = (result.shape(), out.shape());
    match op {
        Contract::Dot if result.dtype() != out.dtype() || shape != into => Err(Error::value(
            "output array is not acceptable (must have the right datatype, number of dimensions, and be a C-Array)",
        )),
        Contract::MatMul if into.len() < shape.len() || into[into.len() - shape.len()..] != *shape => {
            Err(Error::value(format!(
                "matmul: the product of shape {} does not fit the output of shape {}",
                tuple(shape),
                tuple(into)
            )))
        }
        _ => output::fits("matmul", result.dtype(), out, Casting::SameKind),
    }
}

/// `np.diagonal(a, offset, axis1, axis2)`.
fn seen_diagonal(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let a = args.first(ctx)?;
    if a.ndim() < 2 {
        return Err(Error::value("diag requires an array of at least two dimensions"));
    }
    let axis = |name: &str, default: i64| {
        let k = args.int(name)?.unwrap_or(default);
        super::args::axis(k, a.ndim()).map_err(|e| Error { message: format!("{name}: {}", e.message), ..e })
    };
    let axes = (axis("axis1", 0)?, axis("axis2", 1)?);
    if axes.0 == axes.1 {
        return Err(Error::value("axis1 and axis2 cannot be the same"));
    }
    let offset = args.int("offset")?.unwrap_or(0);
    diagonal::diagonal(ctx, &a, offset, axes, false).map(Value::Array)
}

/// `target @= ...`: a product into an array of its shape. Collective.
///
/// # Errors
/// ValueError for another shape, TypeError where the dtype of the product cannot be cast to that of the target.
pub fn store(ctx: &mut Ctx, target: &Array, product: &Value) -> Result<()> {
    let (dtype, shape) = match product {
        Value::Array(product) => (product.dtype(), product.shape().to_vec()),
        Value::Scalar(product) => (product.dtype(), Vec::new()),
        _ => return Ok(()),
    };
    if !can_cast(dtype, target.dtype(), Casting::SameKind) {
        return Err(Error::type_(format!(
            "Cannot cast ufunc 'matmul' output from dtype('{dtype}') to dtype('{}') with casting rule 'same_kind'",
            target.dtype()
        )));
    }
    if shape != target.shape() {
        return Err(Error::value(format!(
            "matmul: the product of shape {shape:?} does not fit its target of shape {:?}",
            target.shape()
        )));
    }
    super::index::set(ctx, target, &Value::Ellipsis, product)
}

/// Blocks along one axis over all ranks; the whole on every rank where there is no axis.
fn along(shape: &[usize], axis: Option<usize>, team: usize) -> Arc<Layout> {
    let Some(axis) = axis else {
        return Arc::new(Layout::replicated(shape, team));
    };
    let mut layout = Layout::replicated(shape, team);
    layout.dims[axis] = DimMap::block(shape[axis], team);
    layout.grid[axis] = team;
    layout.everywhere = false;
    Arc::new(layout)
}

/// The product of two arrays whose shapes fit. Collective.
///
/// # Errors
/// MemoryError and KeyboardInterrupt, on all ranks.
fn matmul(ctx: &mut Ctx, a: &Array, b: &Array, product: &Product) -> Result<Array> {
    let size = alloc::shape(&product.shape(), a.dtype())?;
    let replicated = a.layout().everywhere && b.layout().everywhere;
    if ctx.comm.size() == 1 || (replicated && size <= ctx.settings.small.max(1)) {
        return whole(ctx, a, b, product);
    }
    panels::product(ctx, a, b, product)
}

/// A small result goes to all ranks, as small arrays do. Collective.
fn settled(ctx: &mut Ctx, array: Array) -> Result<Array> {
    let size: usize = array.shape().iter().product();
    if size > ctx.settings.small && !array.shape().is_empty() {
        return Ok(array);
    }
    let everywhere = ctx.replicated(array.shape());
    let block = ctx.local(&array, &everywhere)?;
    Ok(Array::from_block(array.shape().to_vec(), everywhere, block))
}

/// Everything on every rank, without communication between ranks that hold everything.
fn whole(ctx: &mut Ctx, a: &Array, b: &Array, p: &Product) -> Result<Array> {
    let shape = p.shape();
    let everywhere = ctx.replicated(&shape);
    alloc::check(ctx, &shape, a.dtype(), &everywhere)?;
    let (x, y) = (ctx.replicated(a.shape()), ctx.replicated(b.shape()));
    let (x, y) = (ctx.local(a, &x)?, ctx.local(b, &y)?);
    let mut c = Block::zeros(a.dtype(), shape.iter().product());
    let watch = ctx.watch(p.nanoseconds(1));
    multiply(&mut c, &x, (p.m, p.k, 0), &y, (p.k, p.n, 0), p);
    ctx.end(watch)?;
    let layout = if ctx.comm.size() == 1 { ctx.default_layout(&shape) } else { everywhere };
    Ok(Array::from_block(shape, layout, c))
}
