//! Joining arrays: each input comes to where the result wants it, and the rest is local copying.

use std::sync::Arc;

use lang::dtype::{Casting, DType, can_cast, promote};
use lang::error::{Error, Result};
use lang::layout::{DimMap, Index, Layout, View as Recipe};

use super::args::{Args, axis, items};
use super::elementwise::order::{broadcast_strides, keeping, result_strides};
use super::rearrange::views;
use super::{alloc, discover};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::value::Value;
use crate::watch::go_on;

/// `np.concatenate(arrays, axis)`. Collective.
pub fn call_concatenate(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let mut arrays = operands(ctx, args, "need at least one array to concatenate")?;
    let along = match args.given("axis") {
        Some(Value::None) => {
            arrays = arrays.iter().map(|a| flat(ctx, a)).collect::<Result<_>>()?;
            0
        }
        Some(value) => super::args::index(value)?,
        None => 0,
    };
    concatenate(ctx, &arrays, along).map(Value::Array)
}

/// `np.stack(arrays, axis)`. Collective.
pub fn call_stack(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let arrays = operands(ctx, args, "need at least one array to stack")?;
    if arrays.iter().any(|a| a.shape() != arrays[0].shape()) {
        return Err(Error::value("all input arrays must have the same shape"));
    }
    let at = axis(args.int("axis")?.unwrap_or(0), arrays[0].shape().len() + 1)?;
    let stacked = stack(ctx, &arrays, at)?;
    // As the operands lie, which say nothing of the new axis.
    let along = |a: &Array| {
        let mut strides = broadcast_strides(a, a.shape());
        strides.insert(at, 0);
        strides
    };
    let strides = keeping(&arrays.iter().map(along).collect::<Vec<_>>(), stacked.shape());
    views::laid_out(ctx, stacked, strides).map(Value::Array)
}

/// `np.vstack(arrays)`: along axis 0, vectors being rows. Collective.
pub fn call_vstack(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let mut arrays = operands(ctx, args, "need at least one array to concatenate")?;
    for a in &mut arrays {
        while a.shape().len() < 2 {
            *a = widen(ctx, a)?;
        }
    }
    concatenate(ctx, &arrays, 0).map(Value::Array)
}

/// `np.hstack(arrays)`: along axis 1, or along the only axis of vectors. Collective.
pub fn call_hstack(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let mut arrays = operands(ctx, args, "need at least one array to concatenate")?;
    for a in &mut arrays {
        if a.shape().is_empty() {
            *a = widen(ctx, a)?;
        }
    }
    let along = if arrays[0].shape().len() == 1 { 0 } else { 1 };
    concatenate(ctx, &arrays, along).map(Value::Array)
}

/// The arrays of the first argument, of one dtype.
fn operands(ctx: &mut Ctx, args: &Args, none: &str) -> Result<Vec<Array>> {
    let value = args.value(args.signature.params[0].name)?;
    let rows = match value {
        Value::Array(array) if !array.shape().is_empty() => Some(rows(ctx, array)?),
        _ => None,
    };
    let Some(list) = rows.or_else(|| items(value)) else {
        return Err(
            Error::type_("a list or tuple of arrays is expected").hint("write np.concatenate([a, b])")
        );
    };
    if list.is_empty() {
        return Err(Error::value(none));
    }
    let arrays = list.iter().map(|v| discover::to_array(ctx, v, None)).collect::<Result<Vec<_>>>()?;
    let common = arrays.iter().map(Array::dtype).reduce(promote).unwrap_or(DType::F64);
    let dtype = args.dtype("dtype")?.unwrap_or(common);
    let rule = args.str("casting")?.map_or(Ok(Casting::SameKind), Casting::parse)?;
    if let Some(array) = arrays.iter().find(|a| !can_cast(a.dtype(), dtype, rule)) {
        return Err(Error::type_(format!(
            "Cannot cast array data from dtype('{}') to dtype('{dtype}') according to the rule '{}'",
            array.dtype(),
            rule.name()
        )));
    }
    arrays.iter().map(|a| discover::cast(ctx, a, dtype)).collect()
}

/// What iteration over an array gives, as views.
fn rows(ctx: &mut Ctx, array: &Array) -> Result<Vec<Value>> {
    let row = |i: usize| vec![Index::Int(i as i64)];
    (0..array.shape()[0])
        .map(|i| {
            let recipe = Recipe::identity(array.shape()).index(&row(i))?;
            views::view(ctx, array, &recipe).map(Value::Array)
        })
        .collect()
}

/// An array with a new first axis of extent 1.
fn widen(ctx: &mut Ctx, a: &Array) -> Result<Array> {
    let layout = a.layout().clone();
    let block = ctx.local(a, &layout)?;
    let mut shape = vec![1];
    shape.extend(a.shape());
    Ok(Array::from_block(shape, Arc::new(with_axis(&layout, 1)), block))
}

/// The elements in C order as a vector: dealt out by blocks of the first axis, so that no element leaves its row.
pub fn flat(ctx: &mut Ctx, a: &Array) -> Result<Array> {
    let size: usize = a.shape().iter().product();
    if a.layout().everywhere || a.shape().is_empty() {
        let block = ctx.local(a, &ctx.replicated(a.shape()))?;
        return Ok(Array::from_block(vec![size], ctx.replicated(&[size]), block));
    }
    let rows = Arc::new(rows_layout(a.shape(), ctx.comm.size()));
    let block = ctx.local(a, &rows)?;
    let each: usize = a.shape()[1..].iter().product();
    let map = match &rows.dims[0] {
        DimMap::Block { bounds } => DimMap::Block { bounds: bounds.iter().map(|b| b * each).collect() },
        _ => DimMap::Whole { size },
    };
    let layout =
        Layout { dims: vec![map], grid: vec![rows.grid[0]], ranks: rows.ranks.clone(), everywhere: false };
    Ok(Array::from_block(vec![size], Arc::new(layout), block))
}

/// Blocks of the first axis over all ranks.
pub fn rows_layout(shape: &[usize], team: usize) -> Layout {
    let mut dims: Vec<DimMap> = shape.iter().map(|&size| DimMap::Whole { size }).collect();
    let mut grid = vec![1; shape.len()];
    dims[0] = DimMap::block(shape[0], team);
    grid[0] = team;
    Layout { dims, grid, ranks: (0..team).collect(), everywhere: false }
}

/// Arrays of one dtype, one after the other along an axis. Collective.
///
/// # Errors
/// ValueError where dimensions do not match, AxisError.
pub fn concatenate(ctx: &mut Ctx, arrays: &[Array], along: i64) -> Result<Array> {
    let first = arrays[0].shape().to_vec();
    if first.is_empty() {
        return Err(Error::value("zero-dimensional arrays cannot be concatenated"));
    }
    let along = axis(along, first.len())?;
    for (i, a) in arrays.iter().enumerate() {
        let shape = a.shape();
        if shape.len() != first.len() {
            return Err(Error::value(format!(
                "all the input arrays must have same number of dimensions, but the array at index 0 has {} \
                 dimension(s) and the array at index {i} has {} dimension(s)",
                first.len(),
                shape.len()
            )));
        }
        if let Some(d) = (0..first.len()).find(|&d| d != along && shape[d] != first[d]) {
            return Err(Error::value(format!(
                "all the input array dimensions except for the concatenation axis must match exactly, but along \
                 dimension {d}, the array at index 0 has size {} and the array at index {i} has size {}",
                first[d], shape[d]
            )));
        }
    }
    let mut shape = first;
    shape[along] = arrays.iter().map(|a| a.shape()[along]).fold(0, usize::saturating_add);
    let dtype = arrays[0].dtype();
    alloc::shape(&shape, dtype)?;
    let (work, wanted) = joined_layout(ctx, arrays, &shape, along);
    alloc::check(ctx, &shape, dtype, &work)?;
    let mut offset = 0;
    let mut parts = Vec::new();
    for a in arrays {
        let len = a.shape()[along];
        let mut part = (*work).clone();
        part.dims[along] = match &work.dims[along] {
            DimMap::Block { bounds } => DimMap::Block {
                bounds: bounds.iter().map(|&b| b.clamp(offset, offset + len) - offset).collect(),
            },
            _ => DimMap::Whole { size: len },
        };
        let part = Arc::new(part);
        let extent = part.local_shape(ctx.comm.rank())[along];
        parts.push((ctx.local(a, &part)?, extent));
        offset += len;
    }
    let local = work.local_shape(ctx.comm.rank());
    let watch = ctx.watch_elements(&work, 4);
    let block =
        interleave(dtype, &parts, local[..along].iter().product(), local[along + 1..].iter().product());
    ctx.end(watch)?;
    let joined = Array::from_block(shape.clone(), work.clone(), block);
    let all: Vec<&Array> = arrays.iter().collect();
    let strides = result_strides(&all, &shape);
    if wanted == work {
        return views::laid_out(ctx, joined, strides);
    }
    let block = ctx.local(&joined, &wanted)?;
    views::laid_out(ctx, Array::from_block(shape, wanted, block), strides)
}

/// The layout to join in, in blocks along the axis, and the one that the result is to have.
fn joined_layout(ctx: &Ctx, arrays: &[Array], shape: &[usize], along: usize) -> (Arc<Layout>, Arc<Layout>) {
    let size = shape[along];
    let distributed = arrays.iter().map(|a| a.layout()).find(|l| !l.everywhere);
    let mut wanted = match distributed {
        None => (*ctx.default_layout(shape)).clone(),
        Some(layout) => (**layout).clone(),
    };
    if wanted.everywhere {
        let layout = ctx.replicated(shape);
        return (layout.clone(), layout);
    }
    let procs = wanted.grid[along];
    wanted.dims[along] = match &wanted.dims[along] {
        DimMap::Whole { .. } => DimMap::Whole { size },
        DimMap::Cyclic { block, .. } => DimMap::block_cyclic(size, *block, procs),
        DimMap::Block { .. } | DimMap::Unstructured { .. } => DimMap::block(size, procs),
    };
    let mut work = wanted.clone();
    if let DimMap::Cyclic { .. } = work.dims[along] {
        work.dims[along] = DimMap::block(size, procs);
    }
    (Arc::new(work), Arc::new(wanted))
}

/// Arrays of one shape and dtype along a new axis, which is not distributed. Collective.
pub fn stack(ctx: &mut Ctx, arrays: &[Array], at: usize) -> Result<Array> {
    let each = arrays[0].shape().to_vec();
    let common = arrays.iter().map(Array::dtype).reduce(promote).unwrap_or(DType::F64);
    let mut shape = each.clone();
    shape.insert(at, arrays.len());
    alloc::shape(&shape, common)?;
    let inner = match arrays.iter().map(|a| a.layout()).find(|l| !l.everywhere) {
        Some(layout) => layout.clone(),
        None => ctx.replicated(&each),
    };
    let mut layout = (*inner).clone();
    layout.dims.insert(at, DimMap::Whole { size: arrays.len() });
    layout.grid.insert(at, 1);
    let layout = Arc::new(layout);
    alloc::check(ctx, &shape, common, &layout)?;
    let mut parts = Vec::new();
    for a in arrays {
        let block = ctx.local(a, &inner)?;
        parts.push((if block.dtype() == common { block } else { discover::cast_block(&block, common) }, 1));
    }
    let local = inner.local_shape(ctx.comm.rank());
    let outer = local[..at].iter().product();
    let watch = ctx.watch_elements(&layout, 4);
    let block = match inner.local_size(ctx.comm.rank()) {
        0 => Block::zeros(common, 0),
        _ => interleave(common, &parts, outer, local[at..].iter().product()),
    };
    ctx.end(watch)?;
    let stacked = Array::from_block(shape.clone(), layout.clone(), block);
    let wanted = ctx.default_layout(&shape);
    if !layout.everywhere || wanted.everywhere {
        return Ok(stacked);
    }
    let block = ctx.local(&stacked, &wanted)?;
    Ok(Array::from_block(shape, wanted, block))
}

/// Bytes that are copied between two looks at whether the program is to go on.
const PART: usize = 4 << 20;

/// For each of `outer` places the parts one after the other: `extent * inner` elements of each.
fn interleave(dtype: DType, parts: &[(Block, usize)], outer: usize, inner: usize) -> Block {
    let total: usize = parts.iter().map(|(block, _)| block.len()).sum();
    let mut out = Block::zeros(dtype, total);
    let size = dtype.itemsize() * inner;
    let mut at = 0;
    let bytes = out.bytes_mut();
    let every = (PART / size.max(1)).max(1);
    for i in 0..outer {
        if i % every == 0 && !go_on() {
            break;
        }
        for (block, extent) in parts {
            let n = extent * size;
            let (from, to) = (&block.bytes()[i * n..(i + 1) * n], &mut bytes[at..at + n]);
            for (to, from) in to.chunks_mut(PART).zip(from.chunks(PART)) {
                if n > PART && !go_on() {
                    break;
                }
                to.copy_from_slice(from);
            }
            at += n;
        }
    }
    out
}

/// The layout with a new first axis of `n`, not distributed.
pub fn with_axis(layout: &Arc<Layout>, n: usize) -> Layout {
    let mut new = (**layout).clone();
    new.dims.insert(0, DimMap::Whole { size: n });
    new.grid.insert(0, 1);
    new
}
