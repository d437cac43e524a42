//! The transform of a distributed 1-D array: six steps (Bailey 1990), so that no rank holds the whole.
//!
//! With n = p q, element j = j1 q + j2 and frequency k = k1 + p k2, a transform is: transforms of p points down the
//! columns of the p x q matrix, a twist of each element by exp(-2 pi i j2 k1 / n), transforms of q points along its rows,
//! and a transposition. The elements move three times.

use std::f64::consts::TAU;
use std::sync::Arc;

use lang::dtype::DType;
use lang::error::Result;
use lang::layout::{DimMap, Layout};
use num_complex::{Complex32, Complex64};

use super::lanes::{Lanes, complex, input_dtype, nanoseconds};
use super::{Kind, helpers, mixed};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::discover;
use crate::exec::random::flat;
use crate::watch::{LOOK, go_on};

/// The transform of `n` points of a distributed 1-D array, scaled; None where `n` does not part into factors for all
/// ranks: then the array has to be gathered. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn transform(ctx: &mut Ctx, a: &Array, n: usize, kind: Kind, factor: f64) -> Result<Option<Array>> {
    let team = a.layout().ranks.len();
    let Some((p, q)) = factors(n, team).filter(|_| a.ndim() == 1) else {
        return Ok(None);
    };
    let a = match kind {
        Kind::HalfInverse => helpers::whole_spectrum(ctx, a, n)?,
        _ => helpers::resized(ctx, a, n)?,
    };
    let dtype = input_dtype(a.dtype(), Kind::Forward);
    let inverse = matches!(kind, Kind::Inverse | Kind::HalfInverse);
    let rank = ctx.comm.rank();
    let ranks = a.layout().ranks.clone();
    // Columns on the ranks, then rows.
    let columns = Arc::new(Layout {
        dims: vec![DimMap::Whole { size: p }, DimMap::block(q, team)],
        grid: vec![1, team],
        ranks: ranks.clone(),
        everywhere: false,
    });
    let rows = Arc::new(Layout {
        dims: vec![DimMap::block(p, team), DimMap::Whole { size: q }],
        grid: vec![team, 1],
        ranks: ranks.clone(),
        everywhere: false,
    });
    let block = ctx.local(&a, &Arc::new(flat(&columns)))?;
    let block = if block.dtype() == dtype { block } else { discover::cast_block(&block, dtype) };
    let width = columns.local_shape(rank)[1];
    let down = Lanes { outer: 1, inner: width, given: p, n: p, points: p };
    let first = columns.owned(rank)[1].get(0).unwrap_or(0);
    let mut out = ctx.allocate(&columns, &[dtype])?.remove(0);
    let watch = ctx.watch(nanoseconds(ctx.largest_share(&columns), n));
    transformed(&down, inverse, &block, &mut out, 1.0)?;
    twist(&mut out, width, first, n, inverse);
    drop(block);
    ctx.end(watch)?;
    let matrix = Array::from_block(vec![p, q], columns, out);
    let block = ctx.local(&matrix, &rows)?;
    drop(matrix);
    let height = rows.local_shape(rank)[0];
    let across = Lanes { outer: height, inner: 1, given: q, n: q, points: q };
    let mut out = ctx.allocate(&rows, &[dtype])?.remove(0);
    let watch = ctx.watch(nanoseconds(ctx.largest_share(&rows), n));
    transformed(&across, inverse, &block, &mut out, factor)?;
    // The result is the matrix by columns: of frequency k1 + p k2, this rank has all k2 of its k1.
    let turned = turned(&out, height, q);
    ctx.end(watch)?;
    let by_columns = Layout {
        dims: vec![DimMap::Whole { size: q }, DimMap::block(p, team)],
        grid: vec![1, team],
        ranks,
        everywhere: false,
    };
    let result = Array::from_block(vec![n], Arc::new(flat(&by_columns)), turned);
    let wanted = a.layout().clone();
    let result = crate::exec::redistribute::redistribute(ctx, &result, &wanted)?;
    Ok(Some(match kind {
        Kind::Real => helpers::resized(ctx, &result, n / 2 + 1)?,
        Kind::HalfInverse => helpers::real(ctx, &result)?,
        _ => result,
    }))
}

/// The two factors nearest to each other, the first the smaller, of at least `least`.
fn factors(n: usize, least: usize) -> Option<(usize, usize)> {
    let p = (1..=n.isqrt()).rev().find(|p| n.is_multiple_of(*p))?;
    (p >= least.max(2)).then_some((p, n / p))
}

fn transformed(lanes: &Lanes, inverse: bool, from: &Block, to: &mut Block, factor: f64) -> Result<()> {
    match (from, to) {
        (Block::C128(x), Block::C128(y)) => complex(lanes, inverse, x, y, factor),
        (Block::C64(x), Block::C64(y)) => complex(lanes, inverse, x, y, factor as f32),
        _ => return Err(mixed()),
    }
    Ok(())
}

/// Elements with their numbers, while the program is to go on.
fn looked<T>(v: &mut [T]) -> impl Iterator<Item = (usize, &mut T)> {
    v.iter_mut().enumerate().take_while(|(i, _)| i % LOOK > 0 || go_on())
}

/// Multiplies the element in row `k1` and column `j2` by exp(-+ 2 pi i k1 j2 / n); the columns begin at `first`.
fn twist(block: &mut Block, width: usize, first: usize, n: usize, inverse: bool) {
    let sign = if inverse { TAU } else { -TAU };
    let root = |i: usize| {
        let (row, column) = (i / width, first + i % width);
        // The product is below n squared, and exact modulo n.
        let turn = ((row as u128 * column as u128) % n as u128) as f64 / n as f64;
        Complex64::from_polar(1.0, sign * turn)
    };
    match block {
        Block::C128(v) => looked(v).for_each(|(i, z)| *z *= root(i)),
        Block::C64(v) => looked(v).for_each(|(i, z)| {
            let w = root(i);
            *z *= Complex32::new(w.re as f32, w.im as f32);
        }),
        _ => {}
    }
}

/// A block of `height` rows of `width`, by columns.
fn turned(block: &Block, height: usize, width: usize) -> Block {
    fn by_columns<T: Copy>(v: &[T], height: usize, width: usize) -> Vec<T> {
        let mut out = Vec::with_capacity(v.len());
        for column in 0..width {
            out.extend((0..height).map(|row| v[row * width + column]));
        }
        out
    }
    match block {
        Block::C64(v) => Block::C64(by_columns(v, height, width)),
        Block::C128(v) => Block::C128(by_columns(v, height, width)),
        other => Block::zeros(DType::C128, other.len()),
    }
}
