//! The products that are not `matmul`: `dot` with scalars and with stacks of matrices, and `outer`.

use std::sync::Arc;

use lang::error::Result;
use lang::layout::DimMap;

use super::ring::{multiply, round};
use super::shape::Product;
use super::{along, settled};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::element::{Element, typed, typed_mut};
use crate::exec::{alloc, join};
use crate::watch::{LOOK, go_on};
use crate::with_element;

/// `np.dot` of a matrix (or more) with a stack of matrices: all rows with all matrices.
pub fn crossed(ctx: &mut Ctx, a: &Array, b: &Array, p: &Product) -> Result<Array> {
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
    let mine = rows.local_shape(rank)[..a.shape().len() - 1].iter().product::<usize>();
    let batch: usize = p.batch.iter().product();
    let mut c = Block::zeros(dtype, batch * mine * p.n);
    let axis = b.shape().len() - 2;
    let panels = along(b.shape(), Some(axis), team);
    let watch = ctx.watch(p.nanoseconds(team));
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
    ctx.end(watch)?;
    settled(ctx, Array::from_block(shape, layout, block))
}

/// `np.dot` with a scalar.
pub fn scaled(ctx: &mut Ctx, a: &Array, b: &Array) -> Result<Array> {
    let (factor, array) = if a.shape().is_empty() { (a, b) } else { (b, a) };
    let factor = ctx.local(factor, &ctx.replicated(&[]))?;
    let layout = array.layout().clone();
    let mut block = ctx.local(array, &layout)?;
    let watch = ctx.watch_elements(&layout, 2);
    with_element!(array.dtype(), T => {
        let by = typed::<T>(&factor)[0];
        for part in typed_mut::<T>(&mut block).chunks_mut(LOOK).take_while(|_| go_on()) {
            part.iter_mut().for_each(|x| *x = x.times(by));
        }
    });
    ctx.end(watch)?;
    Ok(Array::from_block(array.shape().to_vec(), layout, block))
}

/// Every element of one with every element of the other. Each rank makes its rows, and has all of `b` for them.
pub fn outer(ctx: &mut Ctx, a: &Array, b: &Array) -> Result<Array> {
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
    let watch = ctx.watch_elements(&layout, 2);
    with_element!(dtype, T => {
        let (rows, columns) = (typed::<T>(&x), typed::<T>(&y));
        let each = columns.len().max(1);
        let every = (LOOK / each).max(1);
        let products = typed_mut::<T>(&mut block).chunks_exact_mut(each).zip(rows).enumerate();
        for (_, (row, &factor)) in products.take_while(|(k, _)| k % every > 0 || go_on()) {
            row.iter_mut().zip(columns).for_each(|(c, &value)| *c = factor.times(value));
        }
    });
    ctx.end(watch)?;
    Ok(Array::from_block(shape, layout, block))
}
