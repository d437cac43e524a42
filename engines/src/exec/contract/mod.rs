//! Products: `dot`, `matmul`, `outer`.
//!
//! A product of distributed matrices goes one of three ways, whichever moves the least by the estimate in `choose`:
//! - by rows: each rank has a block of the left operand's rows, and the right operand's panels go round a ring;
//! - by columns: the mirror image;
//! - by the inner axis: each rank multiplies its part of it, and the partial products are added where the result lies.
//!
//! No rank holds more of an operand than its own part and one panel (`1/P` each), except for an operand that is
//! replicated already. Each way moves at most `(P - 1)` times one operand, or one result.

mod gemm;
mod shape;

use std::sync::Arc;

use lang::dtype::promote;
use lang::error::Result;
use lang::layout::{DimMap, Layout};
use lang::ops::Contract;

use super::args::Args;
use super::element::Element;
use super::fold::{typed, typed_mut};
use super::partials::Partials;
use super::{alloc, discover, join};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::value::Value;
use crate::with_element;
use gemm::{Matrix, add_product};
use shape::Product;

/// Runs a product. Collective.
///
/// # Errors
/// ValueError in NumPy's words where shapes do not fit.
pub fn call(ctx: &mut Ctx, op: Contract, args: &Args) -> Result<Value> {
    args.refuse(&["out"])?;
    let names = &args.signature.params;
    let (a, b) = (
        args.array(ctx, names[0].name)?,
        args.array(ctx, names[1].name)?,
    );
    let dtype = args
        .dtype("dtype")?
        .unwrap_or(promote(a.dtype(), b.dtype()));
    let (a, b) = (
        discover::cast(ctx, &a, dtype)?,
        discover::cast(ctx, &b, dtype)?,
    );
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
    };
    Ok(match result.shape() {
        [] => Value::Scalar(ctx.fetch(&result, &[])?[0]),
        _ => Value::Array(result),
    })
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
        let inner =
            each(place(a, &self.left_inner) + place(b, &self.right_inner) + result) + work(p.k);
        // Vectors have no rows, or no columns, to share out.
        let candidates = [
            (!p.left_vector, rows, Way::Rows),
            (!p.right_vector, columns, Way::Columns),
            (true, inner, Way::Inner),
        ];
        let possible = candidates.into_iter().filter(|(possible, _, _)| *possible);
        possible
            .min_by(|x, y| x.1.total_cmp(&y.1))
            .map_or(Way::Inner, |(_, _, way)| way)
    }
}

fn matmul(ctx: &mut Ctx, a: &Array, b: &Array, product: &Product) -> Result<Array> {
    let team = ctx.comm.size();
    let shape = product.shape();
    let dtype = a.dtype();
    let size = alloc::shape(&shape, dtype)?;
    if team == 1
        || (a.layout().everywhere && b.layout().everywhere && size <= ctx.settings.small.max(1))
    {
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
            let block = by_columns(
                ctx,
                a,
                &placed.left_inner,
                b,
                &placed.right_columns,
                product,
            )?;
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
    multiply(&mut c, &x, (p.m, p.k, 0), &y, (p.k, p.n, 0), p);
    let layout = if ctx.comm.size() == 1 {
        ctx.default_layout(&shape)
    } else {
        everywhere
    };
    Ok(Array::from_block(shape, layout, c))
}

/// Adds, for every matrix of the result, the product of the operands' parts along the inner axis: `x` are stacks of
/// matrices of `(rows, columns, first inner index)`, and the inner indices that both have are multiplied.
fn multiply(
    c: &mut Block,
    x: &Block,
    left: (usize, usize, usize),
    y: &Block,
    right: (usize, usize, usize),
    p: &Product,
) {
    let ((m, left_k, left_from), (right_k, n, right_from)) = (left, right);
    let from = left_from.max(right_from);
    let to = (left_from + left_k).min(right_from + right_k);
    if to <= from {
        return;
    }
    for (at, (i, j)) in p.pairs().into_iter().enumerate() {
        add_product(
            c,
            Matrix {
                start: at * m * n,
                rows: m,
                columns: n,
                stride: n,
            },
            x,
            Matrix {
                start: i * m * left_k + from - left_from,
                rows: m,
                columns: to - from,
                stride: left_k,
            },
            y,
            Matrix {
                start: (j * right_k + from - right_from) * n,
                rows: to - from,
                columns: n,
                stride: n,
            },
        );
    }
}

/// The first index and the number of indices of a rank's block along an axis.
fn part(layout: &Layout, axis: usize, rank: usize) -> (usize, usize) {
    match &layout.dims[axis] {
        DimMap::Block { bounds } => (bounds[rank], bounds[rank + 1] - bounds[rank]),
        other => (0, other.size()),
    }
}

/// Calls `f(panel, first, count)` for every panel of `array` along its inner axis: this rank's own, then each that
/// comes round the ring; the whole at once where it is replicated. Collective.
fn round(
    ctx: &mut Ctx,
    array: &Array,
    layout: &Arc<Layout>,
    axis: usize,
    mut f: impl FnMut(&Block, usize, usize),
) -> Result<()> {
    let (rank, team) = (ctx.comm.rank(), ctx.comm.size());
    if array.layout().everywhere {
        let everything = array.layout().clone();
        f(&ctx.local(array, &everything)?, 0, array.shape()[axis]);
        return Ok(());
    }
    let mut panel = ctx.local(array, layout)?;
    for step in 0..team {
        let owner = (rank + step) % team;
        let (first, count) = part(layout, axis, owner);
        f(&panel, first, count);
        if step + 1 == team {
            break;
        }
        let next = (owner + 1) % team;
        let mut incoming = Block::zeros(array.dtype(), layout.local_size(next));
        let sends: Vec<(usize, &[u8])> = Some((((rank + team - 1) % team), panel.bytes()))
            .filter(|(_, b)| !b.is_empty())
            .into_iter()
            .collect();
        let mut recvs: Vec<(usize, &mut [u8])> = Some(((rank + 1) % team, incoming.bytes_mut()))
            .filter(|(_, b)| !b.is_empty())
            .into_iter()
            .collect();
        ctx.exchange(&sends, &mut recvs);
        panel = incoming;
    }
    Ok(())
}

/// This rank's rows of every matrix of the result.
fn by_rows(
    ctx: &mut Ctx,
    a: &Array,
    rows: &Arc<Layout>,
    b: &Array,
    panels: &Arc<Layout>,
    p: &Product,
) -> Result<Block> {
    let x = ctx.local(a, rows)?;
    let mine = part(rows, a.shape().len() - 2, ctx.comm.rank()).1;
    let batch: usize = p.batch.iter().product();
    let mut c = Block::zeros(a.dtype(), batch * mine * p.n);
    let axis = b.shape().len().saturating_sub(2);
    round(ctx, b, panels, axis, |panel, first, count| {
        multiply(&mut c, &x, (mine, p.k, 0), panel, (count, p.n, first), p);
    })?;
    Ok(c)
}

/// This rank's columns of every matrix of the result.
fn by_columns(
    ctx: &mut Ctx,
    a: &Array,
    panels: &Arc<Layout>,
    b: &Array,
    columns: &Arc<Layout>,
    p: &Product,
) -> Result<Block> {
    let y = ctx.local(b, columns)?;
    let mine = part(columns, b.shape().len() - 1, ctx.comm.rank()).1;
    let batch: usize = p.batch.iter().product();
    let mut c = Block::zeros(a.dtype(), batch * p.m * mine);
    let axis = a.shape().len() - 1;
    round(ctx, a, panels, axis, |panel, first, count| {
        multiply(&mut c, panel, (p.m, count, first), &y, (p.k, mine, 0), p);
    })?;
    Ok(c)
}

/// Each rank's share of the inner axis, and the partial products added where the result lies.
fn by_inner(ctx: &mut Ctx, a: &Array, b: &Array, p: &Product, placed: &Placed) -> Result<Array> {
    let (rank, team) = (ctx.comm.rank(), ctx.comm.size());
    let shape = p.shape();
    let dtype = a.dtype();
    // Every rank has partial results of all of it.
    alloc::check(ctx, &shape, dtype, &Layout::replicated(&shape, team))?;
    let (x, y) = (
        ctx.local(a, &placed.left_inner)?,
        ctx.local(b, &placed.right_inner)?,
    );
    let (first, count) = part(&placed.left_inner, a.shape().len() - 1, rank);
    let size: usize = shape.iter().product();
    let mut c = Block::zeros(dtype, size);
    multiply(&mut c, &x, (p.m, count, first), &y, (count, p.n, first), p);
    let mut with_inner = shape.clone();
    with_inner.push(p.k);
    let from = along(&with_inner, Some(shape.len()), team);
    let mut drop = vec![false; shape.len()];
    drop.push(true);
    let to = ctx.default_layout(&shape);
    let partials = Partials {
        from: &from,
        drop: &drop,
        to: &to,
    };
    let sum = partials.combine(ctx, &[c], |sum, next, _| {
        with_element!(dtype, T => {
            let (sums, more) = (typed_mut::<T>(&mut sum[0]), typed::<T>(&next[0]));
            sums.iter_mut().zip(more).for_each(|(a, &b)| *a = a.plus(b));
        });
    });
    let block = sum
        .and_then(|mut blocks| blocks.pop())
        .unwrap_or_else(|| Block::zeros(dtype, to.local_size(rank)));
    Ok(Array::from_block(shape, to, block))
}

/// `np.dot` of a matrix (or more) with a stack of matrices: all rows with all matrices.
fn crossed(ctx: &mut Ctx, a: &Array, b: &Array, p: &Product) -> Result<Array> {
    let (rank, team) = (ctx.comm.rank(), ctx.comm.size());
    let mut shape = a.shape()[..a.shape().len() - 1].to_vec();
    shape.extend(&p.right_batch);
    shape.push(p.n);
    let dtype = a.dtype();
    alloc::shape(&shape, dtype)?;
    let layout = along(&shape, Some(0), team);
    alloc::check(ctx, &shape, dtype, &layout)?;
    // Rows of the first axis: flat, they are rows of one matrix.
    let rows = along(a.shape(), Some(0), team);
    let x = ctx.local(a, &rows)?;
    let mine = rows.local_shape(rank)[..a.shape().len() - 1]
        .iter()
        .product::<usize>();
    let batch: usize = p.batch.iter().product();
    let mut c = Block::zeros(dtype, batch * mine * p.n);
    let axis = b.shape().len() - 2;
    let panels = along(b.shape(), Some(axis), team);
    round(ctx, b, &panels, axis, |panel, first, count| {
        multiply(&mut c, &x, (mine, p.k, 0), panel, (count, p.n, first), p);
    })?;
    // From (batch, row, n) to (row, batch, n).
    let mut block = Block::zeros(dtype, c.len());
    let chunk = p.n * dtype.itemsize();
    let (from, to) = (c.bytes(), block.bytes_mut());
    for i in 0..mine {
        for j in 0..batch {
            let (source, target) = ((j * mine + i) * chunk, (i * batch + j) * chunk);
            to[target..target + chunk].copy_from_slice(&from[source..source + chunk]);
        }
    }
    settled(ctx, Array::from_block(shape, layout, block))
}

/// `np.dot` with a scalar.
fn scaled(ctx: &mut Ctx, a: &Array, b: &Array) -> Result<Array> {
    let (factor, array) = if a.shape().is_empty() { (a, b) } else { (b, a) };
    let factor = ctx.local(factor, &ctx.replicated(&[]))?;
    let layout = array.layout().clone();
    let mut block = ctx.local(array, &layout)?;
    with_element!(array.dtype(), T => {
        let by = typed::<T>(&factor)[0];
        typed_mut::<T>(&mut block).iter_mut().for_each(|x| *x = x.times(by));
    });
    Ok(Array::from_block(array.shape().to_vec(), layout, block))
}

/// Every element of one with every element of the other. Each rank makes its rows, and has all of `b` for them.
fn outer(ctx: &mut Ctx, a: &Array, b: &Array) -> Result<Array> {
    let (a, b) = (join::flat(ctx, a)?, join::flat(ctx, b)?);
    let shape = vec![a.shape()[0], b.shape()[0]];
    let dtype = a.dtype();
    let size = alloc::shape(&shape, dtype)?;
    let layout = match a.layout().everywhere {
        true if size <= ctx.settings.small => ctx.replicated(&shape),
        true => along(&shape, Some(0), ctx.comm.size()),
        false => {
            let mut layout = (**a.layout()).clone();
            layout.dims.push(DimMap::Whole { size: shape[1] });
            layout.grid.push(1);
            Arc::new(layout)
        }
    };
    alloc::check(ctx, &shape, dtype, &layout)?;
    let mut rows = (*layout).clone();
    rows.dims.pop();
    rows.grid.pop();
    let x = ctx.local(&a, &Arc::new(rows))?;
    let y = ctx.local(&b, &ctx.replicated(b.shape()))?;
    let mut block = Block::zeros(dtype, layout.local_size(ctx.comm.rank()));
    with_element!(dtype, T => {
        let (rows, columns) = (typed::<T>(&x), typed::<T>(&y));
        for (row, &factor) in typed_mut::<T>(&mut block).chunks_exact_mut(columns.len().max(1)).zip(rows) {
            row.iter_mut().zip(columns).for_each(|(c, &value)| *c = factor.times(value));
        }
    });
    Ok(Array::from_block(shape, layout, block))
}
