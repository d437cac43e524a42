//! Products of distributed matrices: what a way of `lang::plan::product` says, done step by step.

use std::sync::Arc;

use lang::error::Result;
use lang::layout::{Index, IndexSet, Layout, View as Recipe};
use lang::plan::align;
use lang::plan::product::{Faces, Way, choose};
use lang::text::tuple;

use super::ring::multiply;
use super::settled;
use super::shape::Product;
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::alloc;
use crate::exec::element::{Element, typed, typed_mut};
use crate::exec::elementwise::force::{assign, force};
use crate::exec::partials::Partials;
use crate::exec::rearrange::views;
use crate::exec::redistribute::align::gather;
use crate::with_element;

/// The product, shared out in the cheapest way. Collective.
///
/// # Errors
/// MemoryError and KeyboardInterrupt, on all ranks.
pub fn product(ctx: &mut Ctx, a: &Array, b: &Array, p: &Product) -> Result<Array> {
    let (left, right) = faces(ctx, a, b, p)?;
    force(ctx, &left)?;
    force(ctx, &right)?;
    let shape = p.shape();
    let kept = shape.iter().product::<usize>() > ctx.settings.small;
    let both = Faces { left: left.layout(), right: right.layout() };
    let way = choose(both, ctx.comm.size(), kept);
    let panel = panels(&way, &left) + panels(&way, &right);
    alloc::room(ctx, panel.saturating_mul(a.dtype().itemsize()))?;
    let product = match way.partial() {
        true => added(ctx, &left, &right, &way, p)?,
        false => kept_in_place(ctx, &left, &right, &way, p)?,
    };
    ctx.step(|_| {
        let (x, y) = (tuple(a.shape()), tuple(b.shape()));
        let lies = product.layout().describe();
        format!("{x} @ {y}, {}; the result: {lies}", way.describe())
    });
    Ok(product)
}

/// The operands as faces of the box of multiplications: views `(..., m, k, 1)` and `(..., 1, k, n)` of as many axes.
fn faces(ctx: &mut Ctx, a: &Array, b: &Array, p: &Product) -> Result<(Array, Array)> {
    let whole = Index::Slice { start: None, stop: None, step: None };
    let new = |count: usize| vec![Index::NewAxis; count];
    let batch = p.batch.len();
    let mut left = new(batch - p.left_batch.len() + p.left_vector as usize);
    left.extend([Index::Ellipsis, Index::NewAxis]);
    let mut right = new(batch - p.right_batch.len());
    right.extend(vec![whole; p.right_batch.len()]);
    right.extend([Index::NewAxis, Index::Ellipsis]);
    right.extend(new(p.right_vector as usize));
    let left = views::view(ctx, a, &Recipe::identity(a.shape()).index(&left)?)?;
    let right = views::view(ctx, b, &Recipe::identity(b.shape()).index(&right)?)?;
    Ok((left, right))
}

/// What this rank multiplies in a step, added to `c`. Collective.
fn step(
    ctx: &mut Ctx,
    (left, right): (&Array, &Array),
    way: &Way,
    step: usize,
    p: &Product,
    c: &mut Block,
) -> Result<()> {
    let me = ctx.comm.rank();
    let plan = |face: &Array| {
        let layout = face.layout();
        align::gather(layout, &way.space.ranks, |rank| way.needs(layout, rank, step), me, false)
    };
    let plans = [plan(left), plan(right)];
    // What a rank receives; what it sends is about as much.
    let most = panels(way, left) + panels(way, right);
    let blocks = gather(ctx, &[left, right], &plans, most.saturating_mul(left.dtype().itemsize()))?;
    let Some(part) = way.part(me, step) else {
        return Ok(());
    };
    let extents = |sets: &[IndexSet]| sets.iter().map(IndexSet::len).collect::<Vec<usize>>();
    let (batch, matrix) = part.split_at(p.batch.len());
    let of = |face: &Array| {
        let shape = face.shape();
        (0..batch.len()).map(|d| if shape[d] == 1 { 1 } else { batch[d].len() }).collect()
    };
    let local = Product {
        m: matrix[0].len(),
        k: matrix[1].len(),
        n: matrix[2].len(),
        left_batch: of(left),
        right_batch: of(right),
        batch: extents(batch),
        left_vector: false,
        right_vector: false,
    };
    multiply(c, &blocks[0], (local.m, local.k, 0), &blocks[1], (local.k, local.n, 0), &local);
    Ok(())
}

/// About how many elements of an operand any rank needs in a step.
fn panels(way: &Way, face: &Array) -> usize {
    let slab = way.slab(0);
    let most = |d: usize| (0..slab.grid[d]).map(|q| slab.dims[d].local_len(q)).max().unwrap_or(0);
    face.shape().iter().enumerate().map(|(d, &n)| n.min(most(d))).product()
}

/// The result stays where it is made.
fn kept_in_place(ctx: &mut Ctx, left: &Array, right: &Array, way: &Way, p: &Product) -> Result<Array> {
    let (shape, dtype) = (p.shape(), left.dtype());
    let mut layout = way.result();
    // A vector has no axis in the result.
    let axes = layout.ndim();
    for (vector, axis) in [(p.right_vector, axes - 1), (p.left_vector, axes - 2)] {
        if vector {
            layout.dims.remove(axis);
            layout.grid.remove(axis);
        }
    }
    let layout = Arc::new(layout);
    alloc::check(ctx, &shape, dtype, &layout)?;
    let mut c = Block::zeros(dtype, layout.local_size(ctx.comm.rank()));
    let watch = ctx.watch(p.nanoseconds(ctx.comm.size()));
    for at in 0..way.steps() {
        step(ctx, (left, right), way, at, p, &mut c)?;
    }
    ctx.end(watch)?;
    settled(ctx, Array::from_block(shape, layout, c))
}

/// Ranks have partial results, which are added where the result lies.
fn added(ctx: &mut Ctx, left: &Array, right: &Array, way: &Way, p: &Product) -> Result<Array> {
    let (shape, dtype) = (p.shape(), left.dtype());
    let to = ctx.default_layout(&shape);
    alloc::check(ctx, &shape, dtype, &to)?;
    let rank = ctx.comm.rank();
    let m = p.batch.len();
    let watch = ctx.watch(p.nanoseconds(ctx.comm.size()));
    let mut whole: Option<Array> = None;
    for at in 0..way.steps() {
        let slab = way.slab(at);
        let mut partial = slab.local_shape(rank);
        partial[m + 1] = 1;
        let len = if slab.holds(rank) { partial.iter().product() } else { 0 };
        let most: usize = (0..slab.ndim()).filter(|d| *d != m + 1).map(|d| slab.dims[d].size()).product();
        alloc::room(ctx, (most / way.space.grid[m].max(1)).saturating_mul(dtype.itemsize()))?;
        let mut c = Block::zeros(dtype, len);
        step(ctx, (left, right), way, at, p, &mut c)?;
        let target = match (&whole, way.steps()) {
            (_, 1) => None,
            (Some(array), _) => Some(array.clone()),
            (None, _) => {
                let block = Block::zeros(dtype, to.local_size(rank));
                Some(Array::from_block(shape.clone(), to.clone(), block))
            }
        };
        let seen = match &target {
            Some(array) => Some(columns(ctx, array, way, at, p)?),
            None => None,
        };
        let lies = seen.as_ref().map_or_else(|| to.clone(), |view| view.layout().clone());
        let block = sum(ctx, &slab, &lies, c, p);
        match (&seen, target) {
            (Some(view), Some(array)) => {
                let part = Array::from_block(view.shape().to_vec(), lies, block);
                assign(ctx, view, &part, 1)?;
                whole = Some(array);
            }
            _ => whole = Some(Array::from_block(shape.clone(), to.clone(), block)),
        }
    }
    ctx.end(watch)?;
    Ok(whole
        .unwrap_or_else(|| Array::from_block(shape, to.clone(), Block::zeros(dtype, to.local_size(rank)))))
}

/// The rows or columns of the result that a step makes.
fn columns(ctx: &mut Ctx, array: &Array, way: &Way, step: usize, p: &Product) -> Result<Array> {
    let bound = |i: usize| Some(way.cuts[i] as i64);
    let cut = Index::Slice { start: bound(step), stop: bound(step + 1), step: None };
    let whole = Index::Slice { start: None, stop: None, step: None };
    let mut key = vec![whole; array.ndim()];
    key[way.axis - if way.axis == p.batch.len() { 0 } else { 1 + p.left_vector as usize }] = cut;
    views::view(ctx, array, &Recipe::identity(array.shape()).index(&key)?)
}

/// Adds the ranks' partial results of a slab of the box; each gets its part of the sum in `lies`. Collective.
fn sum(ctx: &mut Ctx, slab: &Layout, lies: &Layout, partial: Block, p: &Product) -> Block {
    let m = p.batch.len();
    let mut drop = vec![false; slab.ndim()];
    drop[m + 1] = true;
    drop[m] = p.left_vector;
    drop[m + 2] = p.right_vector;
    let (dtype, mine) = (partial.dtype(), lies.local_size(ctx.comm.rank()));
    let partials = Partials { from: slab, drop: &drop, to: lies };
    let sum = partials.combine(ctx, &[partial], |sum, next, _| {
        with_element!(dtype, T => {
            let (sums, more) = (typed_mut::<T>(&mut sum[0]), typed::<T>(&next[0]));
            sums.iter_mut().zip(more).for_each(|(a, &b)| *a = a.plus(b));
        });
    });
    sum.and_then(|mut blocks| blocks.pop()).unwrap_or_else(|| Block::zeros(dtype, mine))
}
