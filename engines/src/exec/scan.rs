//! Running sums and products: a local scan, then what the ranks before have in all.
//!
//! Along a distributed axis each rank sends its total (a row of the other axes) to the ranks after it: at most
//! `P * (P - 1) / 2` messages of one row. Cyclic and unstructured axes are scanned in blocks and dealt out again.

use std::sync::Arc;

use lang::dtype::{DType, promote};
use lang::error::{Error, Result};
use lang::layout::{DimMap, Layout};
use lang::ops::Scan;

use super::args::Args;
use super::element::{Element, typed, typed_mut};
use super::floats::{self, Fold};
use super::rearrange::views;
use super::reduce::widened;
use super::{discover, join, output, own};
use crate::array::Array;
use crate::ctx::Ctx;
use crate::value::Value;
use crate::watch::{LOOK, go_on};
use crate::with_element;

/// Runs `cumsum` or `cumprod`. Collective.
pub fn call(ctx: &mut Ctx, op: Scan, args: &Args) -> Result<Value> {
    let array = args.first(ctx)?;
    let out = output::one(args)?;
    let scanned = scan(ctx, op, &array, args, out.as_ref().map(Array::dtype))?;
    match out {
        Some(out) if out.shape() != scanned.shape() => {
            Err(Error::value("provided out is the wrong size for the accumulation."))
        }
        Some(_) => output::reduced(ctx, scanned, out, args.row.name),
        None => Ok(Value::Array(scanned)),
    }
}

/// The running sums, in `dtype=`, else in that of the output.
fn scan(ctx: &mut Ctx, op: Scan, array: &Array, args: &Args, out: Option<DType>) -> Result<Array> {
    let array = array.clone();
    // The output is an operand too.
    let out = out.map(|out| promote(out, array.dtype()));
    let dtype = args.dtype("dtype")?.or(out).unwrap_or(widened(array.dtype()));
    let (array, axis) = match args.axis("axis", array.shape().len().max(1))? {
        Some(axis) if !array.shape().is_empty() => (array, axis),
        _ => (join::flat(ctx, &array)?, 0),
    };
    let scanned = along(ctx, op, &array, axis, dtype)?;
    let ufunc = if op == Scan::CumSum { "add" } else { "multiply" };
    floats::folds(ctx, ufunc, &array, Fold::Accumulate { axis }, &scanned)?;
    Ok(scanned)
}

/// The running sums along an axis. Collective.
fn along(ctx: &mut Ctx, op: Scan, array: &Array, axis: usize, dtype: DType) -> Result<Array> {
    let wanted = array.layout().clone();
    let work = in_blocks(&wanted, axis);
    let part = own::part(ctx, array, &work)?;
    let mut block = ctx.allocate(&work, &[dtype])?.remove(0);
    let watch = ctx.watch_elements(&work, 5);
    let rank = ctx.comm.rank();
    let shape = work.local_shape(rank);
    let lanes = Lanes {
        outer: shape[..axis].iter().product(),
        along: shape[axis],
        inner: shape[axis + 1..].iter().product(),
    };
    {
        let own = part.block();
        let cast = (own.dtype() != dtype).then(|| discover::cast_block(&own, dtype));
        let from = cast.as_ref().unwrap_or(&own);
        with_element!(dtype, T => match op {
            Scan::CumSum => run(ctx, &work, axis, &lanes, typed(from), typed_mut::<T>(&mut block), T::plus),
            Scan::CumProd => run(ctx, &work, axis, &lanes, typed(from), typed_mut::<T>(&mut block), T::times),
        });
    }
    ctx.end(watch)?;
    let scanned = Array::from_block(array.shape().to_vec(), work.clone(), block);
    if work == wanted {
        return views::ordered_as(ctx, scanned, array);
    }
    let block = ctx.local(&scanned, &wanted)?;
    let scanned = Array::from_block(array.shape().to_vec(), wanted, block);
    views::ordered_as(ctx, scanned, array)
}

/// A block in C order: `outer` times `along` rows of `inner` elements.
struct Lanes {
    outer: usize,
    along: usize,
    inner: usize,
}

/// The layout with the axis in blocks, so that ranks hold its elements in the order of their coordinates.
fn in_blocks(layout: &Arc<Layout>, axis: usize) -> Arc<Layout> {
    match layout.dims[axis] {
        DimMap::Whole { .. } | DimMap::Block { .. } => layout.clone(),
        DimMap::Cyclic { .. } | DimMap::Unstructured { .. } => {
            let mut blocks = (**layout).clone();
            blocks.dims[axis] = DimMap::block(layout.dims[axis].size(), layout.grid[axis]);
            Arc::new(blocks)
        }
    }
}

/// Chains of sums that run side by side: each alone waits for the addition before.
const CHAINS: usize = 8;
/// Elements of a chain: all of them stay in the cache nearest to the processor.
const CHAIN: usize = 256;
/// Shorter lines are summed from left to right, as NumPy sums all.
const LONG_LINE: usize = 1 << 15;

/// The chains of several runs, whose sums so far `put` is told at each place; what they end with.
#[inline(always)]
fn side_by_side<T: Element>(
    runs: &[[T; CHAIN]; CHAINS],
    op: impl Fn(T, T) -> T,
    mut put: impl FnMut(usize, &[T; CHAINS]),
) -> [T; CHAINS] {
    let mut sums: [T; CHAINS] = std::array::from_fn(|c| runs[c][0]);
    put(0, &sums);
    for i in 1..CHAIN {
        sums.iter_mut().zip(runs).for_each(|(sum, run)| *sum = op(*sum, run[i]));
        put(i, &sums);
    }
    sums
}

/// The running sums of a line, with what the ranks before have in all. A long one is scanned in runs, each then raised
/// by what the runs before end with, so that sums of what is not negative never fall. May be left unfinished
/// (`engines::watch`).
fn scan_line<T: Element>(from: &[T], to: &mut [T], before: Option<T>, op: impl Fn(T, T) -> T + Copy) {
    let mut carry: Option<T> = None;
    let raise = |to: &mut [T]| {
        if let Some(before) = before {
            to.iter_mut().for_each(|x| *x = op(before, *x));
        }
    };
    let parts = from.chunks(CHAINS * CHAIN).zip(to.chunks_mut(CHAINS * CHAIN));
    for (from, to) in parts.take_while(|_| go_on()) {
        let (runs, raised) = (from.as_chunks::<CHAIN>().0, to.as_chunks_mut::<CHAIN>().0);
        match (<&[[T; CHAIN]; CHAINS]>::try_from(runs), <&mut [[T; CHAIN]; CHAINS]>::try_from(raised)) {
            (Ok(runs), Ok(raised)) => {
                side_by_side(runs, op, |i, sums| (0..CHAINS).for_each(|c| raised[c][i] = sums[c]));
                for run in raised {
                    if let Some(before) = carry {
                        run.iter_mut().for_each(|x| *x = op(before, *x));
                    }
                    carry = run.last().copied();
                    raise(run);
                }
            }
            _ => {
                scan_short(from, to, &mut carry, op);
                raise(to);
            }
        }
    }
}

/// What the running sums of a line end with: the same additions.
fn total<T: Element>(line: &[T], op: impl Fn(T, T) -> T + Copy) -> T {
    let mut carry: Option<T> = None;
    let mut add = |x: T| carry = Some(carry.map_or(x, |sum| op(sum, x)));
    for part in line.chunks(CHAINS * CHAIN).take_while(|_| go_on()) {
        match <&[[T; CHAIN]; CHAINS]>::try_from(part.as_chunks::<CHAIN>().0) {
            Ok(runs) => side_by_side(runs, op, |_, _| ()).into_iter().for_each(&mut add),
            Err(_) => part.iter().copied().for_each(&mut add),
        }
    }
    carry.unwrap_or(T::zero())
}

/// Rows of `inner` elements, each added to the one before. May be left unfinished (`engines::watch`).
fn scan_rows<T: Element>(from: &[T], to: &mut [T], inner: usize, op: impl Fn(T, T) -> T) {
    let every = (LOOK / inner).max(1);
    to[..inner].copy_from_slice(&from[..inner]);
    for (k, row) in from.chunks_exact(inner).enumerate().skip(1) {
        if k % every == 0 && !go_on() {
            return;
        }
        let (before, now) = to[(k - 1) * inner..(k + 1) * inner].split_at_mut(inner);
        now.iter_mut().zip(before.iter().zip(row)).for_each(|(to, (&sum, &x))| *to = op(sum, x));
    }
}

fn scan_short<T: Element>(from: &[T], to: &mut [T], carry: &mut Option<T>, op: impl Fn(T, T) -> T) {
    for (to, &x) in to.iter_mut().zip(from) {
        *to = carry.map_or(x, |sum| op(sum, x));
        *carry = Some(*to);
    }
}

fn run<T: Element>(
    ctx: &mut Ctx,
    layout: &Layout,
    axis: usize,
    lanes: &Lanes,
    from: &[T],
    block: &mut [T],
    op: impl Fn(T, T) -> T + Copy,
) {
    let plane = lanes.along * lanes.inner;
    let alone = layout.everywhere || layout.grid[axis] == 1;
    if !alone && lanes.inner == 1 && plane >= LONG_LINE {
        // To read twice costs less than to write twice.
        let totals = from.chunks_exact(plane).map(|line| total(line, op)).collect();
        let before = totals_before(ctx, layout, axis, lanes, totals, op);
        for (k, (from, to)) in from.chunks_exact(plane).zip(block.chunks_exact_mut(plane)).enumerate() {
            scan_line(from, to, before.as_ref().map(|before| before[k]), op);
        }
        return;
    }
    if !block.is_empty() {
        let every = (LOOK / plane).max(1);
        for (k, (from, to)) in from.chunks_exact(plane).zip(block.chunks_exact_mut(plane)).enumerate() {
            if k % every == 0 && !go_on() {
                break;
            }
            match lanes.inner {
                1 if plane < LONG_LINE => scan_short(from, to, &mut None, op),
                1 => scan_line(from, to, None, op),
                inner => scan_rows(from, to, inner, op),
            }
        }
    }
    if alone {
        return;
    }
    let mut totals: Vec<T> = Vec::new();
    if lanes.along > 0 {
        block.chunks_exact(plane.max(1)).for_each(|part| totals.extend(&part[plane - lanes.inner..]));
    }
    let Some(before) = totals_before(ctx, layout, axis, lanes, totals, op) else {
        return;
    };
    if block.is_empty() {
        return;
    }
    let every = (LOOK / lanes.inner).max(1);
    for (rows, carry) in block.chunks_exact_mut(plane).zip(before.chunks_exact(lanes.inner)) {
        for (_, row) in
            rows.chunks_exact_mut(lanes.inner).enumerate().take_while(|(k, _)| k % every > 0 || go_on())
        {
            for (x, &c) in row.iter_mut().zip(carry) {
                *x = op(c, *x);
            }
        }
    }
}

/// The totals of all ranks before this one along the axis, combined in their order; `totals` are this rank's.
/// Collective.
fn totals_before<T: Element>(
    ctx: &mut Ctx,
    layout: &Layout,
    axis: usize,
    lanes: &Lanes,
    totals: Vec<T>,
    op: impl Fn(T, T) -> T,
) -> Option<Vec<T>> {
    let rank = ctx.comm.rank();
    let coords = layout.coords(rank)?;
    let row = lanes.outer * lanes.inner;
    // Ranks whose part of the axis is empty neither give nor need anything.
    let fiber: Vec<(usize, usize)> = (0..layout.grid[axis])
        .filter(|&p| row > 0 && layout.dims[axis].local_len(p) > 0)
        .map(|p| {
            let mut there = coords.clone();
            there[axis] = p;
            (p, layout.rank_of(&there))
        })
        .collect();
    let mine = coords[axis];
    if !fiber.iter().any(|(p, _)| *p == mine) {
        return None;
    }
    let bytes: &[u8] = bytemuck::cast_slice(&totals);
    let sends: Vec<(usize, &[u8])> =
        fiber.iter().filter(|(p, _)| *p > mine).map(|&(_, r)| (r, bytes)).collect();
    let earlier: Vec<usize> = fiber.iter().filter(|(p, _)| *p < mine).map(|&(_, r)| r).collect();
    let mut received = vec![vec![T::zero(); row]; earlier.len()];
    let mut recvs: Vec<(usize, &mut [u8])> =
        earlier.into_iter().zip(received.iter_mut().map(|r| bytemuck::cast_slice_mut(r))).collect();
    ctx.exchange(&sends, &mut recvs);
    received.into_iter().reduce(|mut sum, next| {
        sum.iter_mut().zip(next).for_each(|(a, b)| *a = op(*a, b));
        sum
    })
}
