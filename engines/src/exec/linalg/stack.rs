//! Stacks of matrices, each on one rank: those of the first axis are dealt out in blocks. One matrix alone, or a stack
//! that every rank has, is done by every rank alike.

use std::sync::Arc;

use dense::{Mat, MatRef};
use lang::dtype::DType;
use lang::error::Result;
use lang::layout::{Layout, View as Recipe};

use super::columns::{Work, elements};
use super::rounded;
use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::discover::own_part;
use crate::exec::rearrange::views;
use crate::exec::{alloc, join};
use crate::explain;
use crate::watch::go_on;

/// A result of each matrix: its shape and its dtype.
pub type Out = (Vec<usize>, DType);

/// Calls `f` with each of the stacked operands' matrices, and stacks what it gives, row by row each. All operands
/// have the axes `batch` before the last two. Collective.
///
/// # Errors
/// What `f` says, on all ranks; MemoryError.
pub fn each<T: Work>(
    ctx: &mut Ctx,
    batch: &[usize],
    operands: &[&Array],
    outs: &[Out],
    mut f: impl FnMut(&mut Ctx, &[Mat<T>]) -> Result<Vec<Vec<T>>>,
) -> Result<Vec<Array>> {
    let team = ctx.comm.size();
    let everywhere = operands.iter().all(|a| a.layout().everywhere);
    let dealt = team > 1 && !everywhere && batch.first().is_some_and(|&n| n > 0);
    let along = |shape: &[usize]| match dealt {
        true => Arc::new(join::rows_layout(shape, team)),
        false => Arc::new(Layout::replicated(shape, team)),
    };
    let shapes: Vec<Vec<usize>> = outs.iter().map(|(core, _)| [batch, core].concat()).collect();
    let whole: usize =
        operands.iter().map(|a| a.size()).chain(shapes.iter().map(|s| s.iter().product())).sum();
    let share = if dealt { team } else { 1 };
    // What is gathered, and the kernels' copies of it.
    alloc::room(ctx, 3 * whole * T::DTYPE.itemsize() / share)?;
    let mut held = Vec::with_capacity(operands.len());
    for operand in operands {
        let layout = along(operand.shape());
        held.push(elements::<T>(ctx.local(operand, &layout)?));
    }
    let rank = ctx.comm.rank();
    let count: usize = match (dealt, batch) {
        (true, [first, rest @ ..]) => {
            let mine = join::rows_layout(&[*first], team).local_size(rank);
            mine * rest.iter().product::<usize>()
        }
        _ => batch.iter().product(),
    };
    let mut results: Vec<Vec<T>> = outs.iter().map(|_| Vec::new()).collect();
    let mut verdict = Ok(());
    // Ranks have unequal shares; a matrix costs about its elements times its width.
    let widest = operands.iter().flat_map(|a| a.shape().last()).max().copied().unwrap_or(0);
    let watch = ctx.watch(4 * whole.saturating_mul(widest) / share);
    for i in 0..count {
        if !go_on() {
            break;
        }
        let matrices: Vec<Mat<T>> = operands.iter().zip(&held).map(|(a, all)| matrix(a, all, i)).collect();
        match f(ctx, &matrices) {
            Ok(found) => results.iter_mut().zip(found).for_each(|(all, one)| all.extend(one)),
            Err(error) => {
                verdict = Err(error);
                break;
            }
        }
    }
    ctx.end(watch)?;
    ctx.agree(verdict)?;
    ctx.step(|_| {
        let what: Vec<String> = operands.iter().map(|a| explain::what(a)).collect();
        let how = match (dealt, everywhere || team == 1) {
            (true, _) => "a stack whose matrices are shared out",
            (false, true) => "done by every rank alike",
            (false, false) => "gathered to every rank, and done by all alike",
        };
        format!("{}: {how}", what.join(" and "))
    });
    let made = shapes.into_iter().zip(results).zip(outs);
    Ok(made
        .map(|((shape, elements), (_, dtype))| {
            let block = rounded(elements, *dtype);
            if dealt {
                let layout = along(&shape);
                return Array::from_block(shape, layout, block);
            }
            let like = operands[0];
            let to = match everywhere {
                true => ctx.replicated(&shape),
                false => super::place(ctx, &shape, like),
            };
            let block = if to.everywhere { block } else { own_part(&to, rank, &block) };
            Array::from_block(shape, to, block)
        })
        .collect())
}

/// The `i`-th of a rank's matrices.
fn matrix<T: Work>(array: &Array, all: &[T], i: usize) -> Mat<T> {
    let [.., m, n] = array.shape() else {
        return Mat::new();
    };
    let rows = &all[i * m * n..(i + 1) * m * n];
    Mat::from_fn(*m, *n, |i, j| rows[i * n + j])
}

/// A matrix's elements, row by row.
pub fn rows<T: Work>(matrix: MatRef<'_, T>) -> Vec<T> {
    let (m, n) = (matrix.nrows(), matrix.ncols());
    (0..m).flat_map(|i| (0..n).map(move |j| matrix[(i, j)])).collect()
}

/// The matrices of an array under other axes before them. Collective.
///
/// # Errors
/// ValueError where they do not broadcast.
pub fn broadcast(ctx: &mut Ctx, a: &Array, batch: &[usize]) -> Result<Array> {
    let core = &a.shape()[a.ndim() - 2..];
    let shape = [batch, core].concat();
    if a.shape() == shape {
        return Ok(a.clone());
    }
    let recipe = Recipe::identity(a.shape()).broadcast_to(&shape)?;
    views::view(ctx, a, &recipe)
}
