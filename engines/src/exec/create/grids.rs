//! The coordinates of grids: `meshgrid` and `mgrid`.

use std::sync::Arc;

use lang::dtype::{DType, promote};
use lang::error::{Error, Result};
use lang::layout::{IndexSet, Layout, View as Recipe};

use super::number::{Number, steps, too_long};
use super::{arange::spaced, each_index};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::args::Args;
use crate::exec::element::{typed, typed_mut};
use crate::exec::join::with_axis;
use crate::exec::rearrange::views;
use crate::exec::{alloc, discover};
use crate::value::Value;
use crate::watch::{LOOK, go_on};
use crate::with_element;

/// `np.meshgrid`: every vector spread over the grid of all of them. Collective.
pub fn meshgrid(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let vectors: Vec<Array> =
        args.rest.iter().map(|v| discover::to_array(ctx, v, None)).collect::<Result<_>>()?;
    let swap = match args.str("indexing")?.unwrap_or("xy") {
        "xy" => vectors.len() > 1,
        "ij" => false,
        _ => {
            return Err(Error::value("Valid values for `indexing` are 'xy' and 'ij'."));
        }
    };
    // Where vector `i` varies.
    let axis = |i: usize| if swap && i < 2 { 1 - i } else { i };
    let mut full = vec![0; vectors.len()];
    for (i, v) in vectors.iter().enumerate() {
        full[axis(i)] = v.shape().iter().product();
    }
    let sparse = args.flag("sparse", false);
    if !args.flag("copy", true) {
        return seen(ctx, args, &vectors, &full, sparse, axis);
    }
    let mut grids = Vec::new();
    for (i, v) in vectors.iter().enumerate() {
        let mut shape = full.clone();
        if sparse {
            shape.iter_mut().enumerate().filter(|(d, _)| *d != axis(i)).for_each(|(_, n)| *n = 1);
        }
        alloc::shape(&shape, v.dtype())?;
        let layout = args.layout(ctx, &shape)?;
        alloc::check(ctx, &shape, v.dtype(), &layout)?;
        let whole = ctx.local(v, &ctx.replicated(v.shape()))?;
        grids.push(Value::Array(along(ctx, &whole, shape, layout, axis(i))?));
    }
    Ok(Value::tuple(grids))
}

/// `meshgrid(copy=False)`: views of the vectors; read-only, where they are spread. Collective.
fn seen(
    ctx: &mut Ctx,
    args: &Args,
    vectors: &[Array],
    full: &[usize],
    sparse: bool,
    axis: impl Fn(usize) -> usize,
) -> Result<Value> {
    args.refuse(&["dist", "grid", "targets"])?;
    let mut grids = Vec::new();
    for (i, v) in vectors.iter().enumerate() {
        let mut shape = vec![1; full.len()];
        shape[axis(i)] = full[axis(i)];
        let thin = views::reshape(ctx, v, &shape)?;
        grids.push(Value::Array(match sparse {
            true => thin,
            false => views::view(ctx, &thin, &Recipe::identity(&shape).broadcast_to(full)?)?,
        }));
    }
    Ok(Value::tuple(grids))
}

/// The array whose element at any index is `values[index[axis]]`.
fn along(
    ctx: &mut Ctx,
    values: &Block,
    shape: Vec<usize>,
    layout: Arc<Layout>,
    axis: usize,
) -> Result<Array> {
    let rank = ctx.comm.rank();
    let watch = ctx.watch_elements(&layout, 5);
    let mut block = Block::zeros(values.dtype(), layout.local_size(rank));
    with_element!(values.dtype(), T => {
        let all = typed::<T>(values);
        each_index(&layout, rank, typed_mut::<T>(&mut block), |index| all[index[axis]])
    });
    ctx.end(watch)?;
    Ok(Array::from_block(shape, layout, block))
}

/// `np.mgrid[...]`: the coordinates that slices stand for, one array of them per axis. Collective.
///
/// # Errors
/// TypeError for an index that is no slice, ZeroDivisionError for a step of 0.
pub fn mgrid(ctx: &mut Ctx, index: &Value) -> Result<Value> {
    let slices = match index {
        Value::Tuple(items) => items.to_vec(),
        one => {
            let axis = grid_axis(one)?;
            let dtype = axis.dtype;
            let layout = ctx.default_layout(&[axis.len]);
            alloc::check(ctx, &[axis.len], dtype, &layout)?;
            let owned = layout.owned(ctx.comm.rank());
            let block = axis.counted(&owned[0])?;
            return Ok(Value::Array(Array::from_block(vec![axis.len], layout, block)));
        }
    };
    let axes = slices.iter().map(grid_axis).collect::<Result<Vec<_>>>()?;
    let dtype = axes.iter().map(|a| a.dtype).reduce(promote).unwrap_or(DType::I64);
    let mut shape = vec![axes.len()];
    shape.extend(axes.iter().map(|a| a.len));
    alloc::shape(&shape, dtype)?;
    // As one axis of the grid does: the first index only says which coordinate.
    let inner = ctx.default_layout(&shape[1..]);
    let layout = Arc::new(with_axis(&inner, axes.len()));
    alloc::check(ctx, &shape, dtype, &layout)?;
    let rank = ctx.comm.rank();
    let owned = inner.owned(rank);
    let each = inner.local_size(rank);
    let mut block = Block::zeros(dtype, layout.local_size(rank));
    let local = inner.local_shape(rank);
    let watch = ctx.watch_elements(&layout, 5);
    for (d, axis) in axes.iter().enumerate().filter(|_| each > 0) {
        let values = axis.block(dtype, &owned[d]);
        let stride: usize = local[d + 1..].iter().product();
        with_element!(dtype, T => {
            let (from, to) = (typed::<T>(&values), &mut typed_mut::<T>(&mut block)[d * each..(d + 1) * each]);
            for (i, element) in to.iter_mut().enumerate().take_while(|(i, _)| i % LOOK > 0 || go_on()) {
                *element = from[i / stride % local[d]];
            }
        });
    }
    ctx.end(watch)?;
    Ok(Value::Array(Array::from_block(shape, layout, block)))
}

/// One axis of `mgrid`: `start + i * step`, counted in int64 or float64.
struct GridAxis {
    /// The step was imaginary.
    points: bool,
    start: Number,
    step: Number,
    len: usize,
    dtype: DType,
}

/// What a slice means within `mgrid[...]`: an imaginary step is the number of points, both ends included.
fn grid_axis(index: &Value) -> Result<GridAxis> {
    let Value::Slice(slice) = index else {
        return Err(Error::type_("mgrid takes slices: np.mgrid[0:3, 0:4]"));
    };
    let part = |value: &Value, default: i128| match value {
        Value::None => Ok(Number::Int(default)),
        given => Number::of(given),
    };
    let (start, stop, step) = (part(&slice.start, 0)?, part(&slice.stop, 0)?, part(&slice.step, 1)?);
    if let Value::None = slice.stop {
        return Err(Error::type_("mgrid needs the end of each slice"));
    }
    if let Number::Complex(z) = step {
        let len = z.norm();
        if len >= isize::MAX as f64 {
            return Err(too_long());
        }
        let len = len as usize;
        let span = stop.minus(start).complex().re;
        let step = if len > 1 { span / (len - 1) as f64 } else { 1.0 };
        return Ok(GridAxis {
            points: true,
            start: Number::Float(start.complex().re),
            step: Number::Float(step),
            len,
            dtype: DType::F64,
        });
    }
    let float = [start, stop, step].iter().any(|n| !matches!(n, Number::Int(_)));
    let dtype = if float { DType::F64 } else { DType::I64 };
    Ok(GridAxis { points: false, start, step, len: steps(start, stop, step)?, dtype })
}

impl GridAxis {
    /// The coordinates at `owned` of a grid of one axis: what `arange` gives, unless points were counted.
    fn counted(&self, owned: &IndexSet) -> Result<Block> {
        if self.points || self.len < 2 {
            return Ok(self.block(self.dtype, owned));
        }
        let mut ends = Block::zeros(self.dtype, 2);
        ends.set(0, discover::scalar(&self.start.value(), self.dtype)?);
        ends.set(1, discover::scalar(&self.start.plus(self.step).value(), self.dtype)?);
        Ok(spaced(&ends, owned))
    }

    /// The coordinates at `owned`.
    fn block(&self, dtype: DType, owned: &IndexSet) -> Block {
        let block = match (self.start, self.step) {
            (Number::Int(start), Number::Int(step)) => {
                Block::I64(owned.iter().map(|i| (start + i as i128 * step) as i64).collect())
            }
            (start, step) => {
                let (start, step) = (start.complex().re, step.complex().re);
                Block::F64(owned.iter().map(|i| i as f64 * step + start).collect())
            }
        };
        if block.dtype() == dtype { block } else { discover::cast_block(&block, dtype) }
    }
}
