//! Products: `dot`, `matmul`, `outer`, `einsum`.
//!
//! A product of distributed matrices goes one of three ways, whichever moves the least by the estimate in `choose`:
//! - by rows: each rank has a block of the left operand's rows, and the right operand's panels go round a ring;
//! - by columns: the mirror image;
//! - by the inner axis: each rank multiplies its part of it, and the partial products are added where the result lies.
//!
//! No rank holds more of an operand than its own part and one panel (`1/P` each), except for an operand that is
//! replicated already. Each way moves at most `(P - 1)` times one operand, or one result.

mod diagonal;
mod dot;
mod einsum;
mod gemm;
mod shape;
mod ways;

use std::sync::Arc;

use lang::dtype::{Casting, can_cast, promote};
use lang::error::{Error, Result};
use lang::layout::{DimMap, Layout};
use lang::ops::Contract;

use super::args::Args;
use super::elementwise::{Operand, tuple};
use super::{alloc, discover, output};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::value::Value;
use dot::{crossed, outer, scaled};
use shape::Product;
use ways::{by_columns, by_inner, by_rows, multiply};

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
        let result = einsum::einsum(ctx, args)?;
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

/// The way that a product goes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Rows,
    Columns,
    Inner,
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

/// The operands' layouts for each way.
struct Placed {
    left_rows: Arc<Layout>,
    left_inner: Arc<Layout>,
    right_columns: Arc<Layout>,
    right_inner: Arc<Layout>,
}

impl Placed {
    fn new(a: &Array, b: &Array, team: usize) -> Placed {
        let (x, y) = (a.shape(), b.shape());
        Placed {
            left_rows: along(x, x.len().checked_sub(2), team),
            left_inner: along(x, Some(x.len() - 1), team),
            right_columns: along(y, (y.len() > 1).then(|| y.len() - 1), team),
            right_inner: along(y, Some(y.len().saturating_sub(2)), team),
        }
    }

    /// Estimates of the time that each way takes, in elements that a rank moves (a multiplication is a twentieth).
    fn choose(&self, a: &Array, b: &Array, p: &Product, team: usize) -> Way {
        let size = |x: &Array| x.shape().iter().product::<usize>() as f64;
        let place = |x: &Array, layout: &Arc<Layout>| match x.layout().everywhere
            || x.layout().same_placement(layout)
        {
            true => 0.0,
            false => size(x),
        };
        // An operand that is replicated needs no ring.
        let ring = |x: &Array, layout: &Arc<Layout>| match x.layout().everywhere {
            true => 0.0,
            false => place(x, layout) + size(x) * (team - 1) as f64,
        };
        let batch: usize = p.batch.iter().product();
        let flops = batch as f64 * p.m as f64 * p.k as f64 * p.n as f64;
        let work = |axis: usize| flops / (20 * axis.clamp(1, team)) as f64;
        let result = (batch * p.m * p.n) as f64 * (team - 1) as f64;
        let each = |moved: f64| moved / team as f64;
        let rows = each(place(a, &self.left_rows) + ring(b, &self.right_inner)) + work(p.m);
        let columns = each(place(b, &self.right_columns) + ring(a, &self.left_inner)) + work(p.n);
        let inner = each(place(a, &self.left_inner) + place(b, &self.right_inner) + result) + work(p.k);
        // Vectors have no rows, or no columns, to share out.
        let candidates = [
            (!p.left_vector, rows, Way::Rows),
            (!p.right_vector, columns, Way::Columns),
            (true, inner, Way::Inner),
        ];
        let possible = candidates.into_iter().filter(|(possible, _, _)| *possible);
        possible.min_by(|x, y| x.1.total_cmp(&y.1)).map_or(Way::Inner, |(_, _, way)| way)
    }
}

fn matmul(ctx: &mut Ctx, a: &Array, b: &Array, product: &Product) -> Result<Array> {
    let team = ctx.comm.size();
    let shape = product.shape();
    let dtype = a.dtype();
    let size = alloc::shape(&shape, dtype)?;
    if team == 1 || (a.layout().everywhere && b.layout().everywhere && size <= ctx.settings.small.max(1)) {
        return whole(ctx, a, b, product);
    }
    let placed = Placed::new(a, b, team);
    match placed.choose(a, b, product, team) {
        Way::Rows => {
            let axis = shape.len() - if product.right_vector { 1 } else { 2 };
            let layout = along(&shape, Some(axis), team);
            alloc::check(ctx, &shape, dtype, &layout)?;
            let block = by_rows(ctx, a, &placed.left_rows, b, &placed.right_inner, product)?;
            settled(ctx, Array::from_block(shape, layout, block))
        }
        Way::Columns => {
            let layout = along(&shape, Some(shape.len() - 1), team);
            alloc::check(ctx, &shape, dtype, &layout)?;
            let block = by_columns(ctx, a, &placed.left_inner, b, &placed.right_columns, product)?;
            settled(ctx, Array::from_block(shape, layout, block))
        }
        Way::Inner => by_inner(ctx, a, b, product, &placed),
    }
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
