//! Other shapes and orders of the same elements: views wherever NumPy's are.

use std::sync::Arc;

use lang::dtype::DType;
use lang::error::Result;
use lang::layout::{DimMap, Layout, View as Recipe};

use super::mirror::reshaped;
use crate::array::{Array, Axis, Place, Storage, Strided, View, c_strides, reshape_strides};
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::elementwise::order::copied_strides;
use crate::exec::elementwise::{copy, force::force};

/// What a recipe over the array's shape sees of it: a view. Collective.
///
/// # Errors
/// MemoryError, on all ranks, when the array is pending and cannot be computed.
pub fn view(ctx: &mut Ctx, array: &Array, recipe: &Recipe) -> Result<Array> {
    force(ctx, array)?;
    Ok(array.seen_by(recipe, ctx.comm.rank()))
}

/// Axis `d` of the view is axis `axes[d]` of the array; `axes` is a permutation. Collective.
///
/// # Errors
/// As `view`.
pub fn transpose(ctx: &mut Ctx, array: &Array, axes: &[usize]) -> Result<Array> {
    view(ctx, array, &Recipe::identity(array.shape()).transpose(axes))
}

/// Whether NumPy would have the array in one piece, in C order.
pub fn is_c_contiguous(array: &Array) -> bool {
    has_strides(array, c_strides(array.shape()))
}

/// Whether NumPy would have the array in one piece, in Fortran's order.
pub fn is_f_contiguous(array: &Array) -> bool {
    has_strides(array, f_strides(array.shape()))
}

fn f_strides(shape: &[usize]) -> Vec<isize> {
    let backwards: Vec<usize> = shape.iter().rev().copied().collect();
    c_strides(&backwards).into_iter().rev().collect()
}

fn has_strides(array: &Array, wanted: Vec<isize>) -> bool {
    array.size() == 0
        || array
            .shape()
            .iter()
            .zip(&array.inner().strided.strides)
            .zip(wanted)
            .all(|((&n, &s), w)| n == 1 || s == w)
}

/// Whether NumPy's reshape to that shape is a view.
pub fn reshapes_in_place(array: &Array, shape: &[usize]) -> bool {
    reshape_strides(array.shape(), &array.inner().strided.strides, shape).is_some()
}

/// The elements in C order under another shape of the same size: a view where NumPy has one, else a copy. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn reshape(ctx: &mut Ctx, array: &Array, shape: &[usize]) -> Result<Array> {
    force(ctx, array)?;
    let Some(strides) = reshape_strides(array.shape(), &array.inner().strided.strides, shape) else {
        let layout = ctx.derived_layout(shape, array.layout(), array.size());
        let block = reshaped(ctx, array, &layout)?;
        return Ok(Array::from_block(shape.to_vec(), layout, block));
    };
    if let Some(recipe) = Recipe::identity(array.shape()).reshape(shape) {
        return view(ctx, array, &recipe);
    }
    let (rank, lies) = (ctx.comm.rank(), array.view().expect("it was forced").clone());
    let strided = Strided { offset: array.inner().strided.offset, strides };
    let seen = |layout: Arc<Layout>, view: View| {
        Array::of_view(array.dtype(), shape.to_vec(), layout, strided.clone(), array.is_writable(), view)
    };
    if array.layout().everywhere {
        let place = lies.place(rank);
        let local = place.strides().and_then(|strides| reshape_strides(&place.shape(), &strides, shape));
        if let Some(local) = local {
            let place = Some(Place::strided(place.offset, shape, &local));
            return Ok(seen(ctx.replicated(shape), View { place, ..lies }));
        }
    } else if lies.place.is_none()
        && let Some(layout) = rows_as(array.layout(), shape)
    {
        let place = Some(Place::whole(&layout.local_shape(rank)));
        return Ok(seen(Arc::new(layout), View { place, ..lies }));
    }
    let layout = ctx.derived_layout(shape, array.layout(), array.size());
    let block = reshaped(ctx, array, &layout)?;
    // What mirrors all of a mirror mirrors what that mirrors.
    let base = match &lies.storage.mirror {
        Some(mirror) if lies.place.is_none() => mirror.base.clone(),
        _ => array.clone(),
    };
    let storage = Storage::mirror(layout.clone(), block, base);
    Ok(seen(layout, View { storage, place: None }))
}

/// The layout under another shape when every rank holds whole rows in both: its block is then the same.
fn rows_as(layout: &Layout, shape: &[usize]) -> Option<Layout> {
    let (DimMap::Block { bounds }, rest) = (layout.dims.first()?, &layout.dims[1..]) else {
        return None;
    };
    if !rest.iter().all(|d| matches!(d, DimMap::Whole { .. })) {
        return None;
    }
    let (row, tail) = (rest.iter().map(DimMap::size).product::<usize>(), shape.get(1..)?);
    let wanted: usize = tail.iter().product();
    let bounds = bounds
        .iter()
        .map(|b| (wanted > 0 && (b * row).is_multiple_of(wanted)).then(|| b * row / wanted))
        .collect::<Option<Vec<usize>>>()?;
    let mut dims = vec![DimMap::Block { bounds }];
    dims.extend(tail.iter().map(|&size| DimMap::Whole { size }));
    let mut grid = vec![1; shape.len()];
    grid[0] = layout.grid[0];
    Some(Layout { dims, grid, ranks: layout.ranks.clone(), everywhere: false })
}

/// One axis, in C order: a view where the array is contiguous, else a copy. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn ravel(ctx: &mut Ctx, array: &Array) -> Result<Array> {
    if is_c_contiguous(array) { reshape(ctx, array, &[array.size()]) } else { flatten(ctx, array) }
}

/// One axis, in C order, as a copy. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn flatten(ctx: &mut Ctx, array: &Array) -> Result<Array> {
    force(ctx, array)?;
    let shape = [array.size()];
    let layout = ctx.derived_layout(&shape, array.layout(), array.size());
    let block = reshaped(ctx, array, &layout)?;
    Ok(Array::from_block(shape.to_vec(), layout, block))
}

/// `a.real` (`imag` false) or `a.imag`: of complex arrays a view, of others the array itself, or zeros not to be
/// written. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn part(ctx: &mut Ctx, array: &Array, imag: bool) -> Result<Array> {
    let dtype = match array.dtype() {
        DType::C64 => DType::F32,
        DType::C128 => DType::F64,
        _ if !imag => return Ok(array.clone()),
        other => {
            let block = Block::zeros(other, array.layout().local_size(ctx.comm.rank()));
            let storage = Storage::new(array.layout().clone(), block);
            let strided = Strided::contiguous(array.shape());
            let view = View { storage, place: None };
            return Ok(Array::of_view(
                other,
                array.shape().to_vec(),
                array.layout().clone(),
                strided,
                false,
                view,
            ));
        }
    };
    force(ctx, array)?;
    let view = array.view().expect("it was forced").clone();
    let mut place = view.place(ctx.comm.rank());
    let double = |offset: isize| 2 * offset + imag as isize;
    place.offset = double(place.offset);
    for axis in &mut place.axes {
        *axis = match axis {
            Axis::Step { len, stride } => Axis::Step { len: *len, stride: 2 * *stride },
            Axis::List(offsets) => Axis::List(offsets.iter().map(|o| 2 * o).collect()),
        };
    }
    let Strided { offset, strides } = &array.inner().strided;
    let strided = Strided { offset: double(*offset), strides: strides.iter().map(|s| 2 * s).collect() };
    let view = View { place: Some(place), ..view };
    Ok(Array::of_view(
        dtype,
        array.shape().to_vec(),
        array.layout().clone(),
        strided,
        array.is_writable(),
        view,
    ))
}

/// An array that nobody else holds yet, in the order in memory that NumPy's copy of `like` has (its order 'K'): that
/// order decides what later reshapes share. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn ordered_as(ctx: &mut Ctx, array: Array, like: &Array) -> Result<Array> {
    let strides = match array.shape() == like.shape() {
        true => copied_strides(like),
        false => c_strides(array.shape()),
    };
    laid_out(ctx, array, strides)
}

/// An array that nobody else holds yet, in C's order. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn ordered(ctx: &mut Ctx, array: Array) -> Result<Array> {
    let strides = c_strides(array.shape());
    laid_out(ctx, array, strides)
}

/// An array that nobody else holds yet, in Fortran's order. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn fortran(ctx: &mut Ctx, array: Array) -> Result<Array> {
    let strides = f_strides(array.shape());
    laid_out(ctx, array, strides)
}

/// An array that nobody else holds yet, as NumPy would have it in memory with these strides. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn laid_out(ctx: &mut Ctx, array: Array, strides: Vec<isize>) -> Result<Array> {
    if array.inner().strided.strides == strides {
        return Ok(array);
    }
    force(ctx, &array)?;
    Ok(Array::of_view(
        array.dtype(),
        array.shape().to_vec(),
        array.layout().clone(),
        Strided { offset: 0, strides },
        true,
        array.view().expect("it was forced").clone(),
    ))
}

/// A copy that owns its memory, for what must not follow its source. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn own(ctx: &mut Ctx, array: &Array) -> Result<Array> {
    let copy = copy(ctx, array)?;
    force(ctx, &copy)?;
    Ok(copy)
}
