//! Transforms along one axis: lanes of a rank's block, where the axis is whole on every rank that has part of it.
//!
//! A distributed axis is made whole by a transposition: another axis is distributed in its stead, and back afterwards.
//! A 1-D array has no other axis: see `distributed`.

use std::sync::Arc;

use dense::fft::Real;
use lang::dtype::DType;
use lang::error::Result;
use lang::layout::{DimMap, Layout};
use num_complex::Complex;

use super::{Kind, distributed, mixed, part};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::rearrange::views;
use crate::exec::{alloc, discover};
use crate::watch::go_on;

/// The transform of `n` points along `axis`, scaled by `factor`: the input cropped, or padded with zeros. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn transform(ctx: &mut Ctx, a: &Array, n: usize, axis: usize, kind: Kind, factor: f64) -> Result<Array> {
    let from = a.layout().clone();
    let work = whole_along(ctx, &from, axis);
    if work.everywhere
        && !from.everywhere
        && let Some(result) = distributed::transform(ctx, a, n, kind, factor)?
    {
        return Ok(result);
    }
    let points = if kind == Kind::Real { n / 2 + 1 } else { n };
    let real = part(a.dtype());
    let dtype = match (kind, real) {
        (Kind::HalfInverse, _) => real,
        (_, DType::F32) => DType::C64,
        _ => DType::C128,
    };
    let mut shape = a.shape().to_vec();
    shape[axis] = points;
    let done = resized(&work, axis, points);
    alloc::check(ctx, &shape, dtype, &done)?;
    // The other half of a real array's spectrum is the conjugate of the first.
    let input = match kind {
        Kind::Forward | Kind::Inverse if !a.dtype().is_complex() => real,
        _ => input_dtype(a.dtype(), kind),
    };
    let block = ctx.local(a, &work)?;
    let block = if block.dtype() == input { block } else { discover::cast_block(&block, input) };
    let rank = ctx.comm.rank();
    let local = work.local_shape(rank);
    let lanes = Lanes {
        outer: local[..axis].iter().product(),
        inner: local[axis + 1..].iter().product(),
        given: a.shape()[axis],
        n,
        points,
    };
    let lanes = if work.local_size(rank) == 0 && !(a.shape()[axis] == 0 && work.holds(rank)) {
        Lanes { outer: 0, ..lanes }
    } else {
        lanes
    };
    let mut out = ctx.allocate(&done, &[dtype])?.remove(0);
    let inverse = kind == Kind::Inverse;
    let whole = kind != Kind::Real;
    let watch = ctx.watch(nanoseconds(ctx.largest_share(&work).max(ctx.largest_share(&done)), n));
    match (&block, &mut out) {
        (Block::F64(x), Block::C128(y)) if whole => real_whole(&lanes, inverse, x, y, factor),
        (Block::F32(x), Block::C64(y)) if whole => real_whole(&lanes, inverse, x, y, factor as f32),
        (Block::C128(x), Block::C128(y)) => complex(&lanes, inverse, x, y, factor),
        (Block::C64(x), Block::C64(y)) => complex(&lanes, inverse, x, y, factor as f32),
        (Block::F64(x), Block::C128(y)) => real_forward(&lanes, x, y, factor),
        (Block::F32(x), Block::C64(y)) => real_forward(&lanes, x, y, factor as f32),
        (Block::C128(x), Block::F64(y)) => half_inverse(&lanes, x, y, factor),
        (Block::C64(x), Block::F32(y)) => half_inverse(&lanes, x, y, factor as f32),
        _ => return Err(mixed()),
    }
    drop(block);
    ctx.end(watch)?;
    let result = Array::from_block(shape.clone(), done.clone(), out);
    let wanted = if points == a.shape()[axis] { from } else { restored(&from, axis, points) };
    let result = if *wanted == *done {
        result
    } else {
        crate::exec::redistribute::redistribute(ctx, &result, &wanted)?
    };
    views::ordered_as(ctx, result, a)
}

/// About how long a rank takes for transforms of `n` points of so many elements in all.
pub fn nanoseconds(elements: usize, n: usize) -> usize {
    elements.saturating_mul(2 * (n.max(2).ilog2() as usize + 4))
}

/// The dtype that the kernels read.
pub fn input_dtype(dtype: DType, kind: Kind) -> DType {
    match (kind, part(dtype)) {
        (Kind::Real, real) => real,
        (_, DType::F32) => DType::C64,
        _ => DType::C128,
    }
}

/// A layout in which the axis is whole and in order: the array's own, or another axis distributed in blocks; replicated
/// where there is none to distribute.
fn whole_along(ctx: &Ctx, from: &Arc<Layout>, axis: usize) -> Arc<Layout> {
    let in_order = |set: lang::layout::IndexSet| set.is_empty() || set.is_contiguous();
    if from.everywhere || (from.grid[axis] == 1 && in_order(from.dims[axis].owned(0))) {
        return from.clone();
    }
    let shape = from.shape();
    let mut layout = (**from).clone();
    layout.dims[axis] = DimMap::Whole { size: shape[axis] };
    if from.grid[axis] == 1 {
        return Arc::new(layout);
    }
    let ranks = from.ranks.len();
    let other = (0..shape.len()).filter(|&d| d != axis).max_by_key(|&d| shape[d]);
    let Some(other) = other.filter(|&d| shape[d] > 1) else {
        return ctx.replicated(&shape);
    };
    layout.dims = shape.iter().map(|&size| DimMap::Whole { size }).collect();
    layout.grid = vec![1; shape.len()];
    layout.dims[other] = DimMap::block(shape[other], ranks);
    layout.grid[other] = ranks;
    Arc::new(layout)
}

/// The layout with another number of points along an axis that is whole.
fn resized(layout: &Layout, axis: usize, points: usize) -> Arc<Layout> {
    let mut layout = layout.clone();
    layout.dims[axis] = DimMap::Whole { size: points };
    Arc::new(layout)
}

/// The layout of a result with another number of points along the axis: dealt out as the array was, in blocks where its
/// bounds or lists say nothing of the new length.
fn restored(from: &Layout, axis: usize, points: usize) -> Arc<Layout> {
    let mut layout = from.clone();
    layout.dims[axis] = match from.dims[axis] {
        DimMap::Whole { .. } => DimMap::Whole { size: points },
        DimMap::Cyclic { block, procs, .. } => DimMap::Cyclic { size: points, block, procs },
        DimMap::Block { .. } | DimMap::Unstructured { .. } => DimMap::block(points, from.grid[axis]),
    };
    Arc::new(layout)
}

/// A block in C order: `outer` times `given` rows of `inner` elements. `n` points are transformed, `points` result.
pub struct Lanes {
    pub outer: usize,
    pub inner: usize,
    pub given: usize,
    pub n: usize,
    pub points: usize,
}

/// So many lanes that do not lie in one piece are gathered and transformed together.
const TOGETHER: usize = 16;

impl Lanes {
    /// Brings lanes, padded or cropped to `take` elements, into a buffer one after the other, has them transformed by
    /// `run` into another, of `points` elements each, and puts those into the output.
    fn each<I: Copy, O: Copy>(
        &self,
        (take, none): (usize, I),
        input: &[I],
        (output, nothing): (&mut [O], O),
        mut run: impl FnMut(&mut [I], &mut [O]),
    ) {
        let taken = take.min(self.given);
        let width = TOGETHER.min(self.inner);
        let mut lanes = vec![none; width * take];
        let mut done = vec![nothing; width * self.points];
        for o in 0..self.outer {
            let (from, to) = (o * self.given * self.inner, o * self.points * self.inner);
            for first in (0..self.inner).step_by(width) {
                if !go_on() {
                    return;
                }
                let width = width.min(self.inner - first);
                for i in 0..taken {
                    let row = from + i * self.inner + first;
                    input[row..row + width].iter().enumerate().for_each(|(k, &x)| lanes[k * take + i] = x);
                }
                // A transform leaves anything in its input.
                (0..width).for_each(|k| lanes[k * take + taken..(k + 1) * take].fill(none));
                run(&mut lanes[..width * take], &mut done[..width * self.points]);
                for i in 0..self.points {
                    let row = to + i * self.inner + first;
                    let out = output[row..row + width].iter_mut().enumerate();
                    out.for_each(|(k, y)| *y = done[k * self.points + i]);
                }
            }
        }
    }
}

/// Complex lanes to complex lanes.
pub fn complex<T: Real>(
    lanes: &Lanes,
    inverse: bool,
    input: &[Complex<T>],
    output: &mut [Complex<T>],
    factor: T,
) {
    if lanes.outer * lanes.inner == 0 {
        return;
    }
    let plan = T::complex(lanes.n, inverse);
    let zero = Complex::new(T::zero(), T::zero());
    let length = plan.get_inplace_scratch_len().max(plan.get_outofplace_scratch_len());
    let mut scratch = vec![zero; length];
    let scale = |lanes: &mut [Complex<T>]| {
        if factor != T::one() {
            lanes.iter_mut().for_each(|z| *z = *z * factor);
        }
    };
    if lanes.inner > 1 {
        return lanes.each((lanes.n, zero), input, (output, zero), |from, to| {
            plan.process_outofplace_with_scratch(from, to, &mut scratch);
            scale(to);
        });
    }
    let taken = lanes.n.min(lanes.given);
    for (o, lane) in output.chunks_exact_mut(lanes.n).enumerate().take_while(|_| go_on()) {
        let from = o * lanes.given;
        lane[..taken].copy_from_slice(&input[from..from + taken]);
        lane[taken..].fill(zero);
        plan.process_with_scratch(lane, &mut scratch);
        scale(lane);
    }
}

/// Real lanes to halves of their spectra.
fn real_forward<T: Real>(lanes: &Lanes, input: &[T], output: &mut [Complex<T>], factor: T) {
    if lanes.outer * lanes.inner == 0 {
        return;
    }
    let plan = T::forward(lanes.n);
    let mut scratch = plan.make_scratch_vec();
    let zero = Complex::new(T::zero(), T::zero());
    lanes.each((lanes.n, T::zero()), input, (output, zero), |from, to| {
        for (lane, half) in from.chunks_exact_mut(lanes.n).zip(to.chunks_exact_mut(lanes.points)) {
            // It fails for other lengths than the plan's only.
            let _ = plan.process_with_scratch(lane, half, &mut scratch);
            half.iter_mut().for_each(|z| *z = *z * factor);
        }
    });
}

/// Real lanes to their whole spectra, forward or inverse.
fn real_whole<T: Real>(lanes: &Lanes, inverse: bool, input: &[T], output: &mut [Complex<T>], factor: T) {
    if lanes.outer * lanes.inner == 0 {
        return;
    }
    let plan = T::forward(lanes.n);
    let mut scratch = plan.make_scratch_vec();
    let zero = Complex::new(T::zero(), T::zero());
    let half = lanes.n / 2 + 1;
    // Not the negation: that of zero would be -0.0.
    let conjugate = |z: Complex<T>| Complex::new(z.re, T::zero() - z.im);
    lanes.each((lanes.n, T::zero()), input, (output, zero), |from, to| {
        for (lane, out) in from.chunks_exact_mut(lanes.n).zip(to.chunks_exact_mut(lanes.n)) {
            let (first, second) = out.split_at_mut(half);
            let _ = plan.process_with_scratch(lane, first, &mut scratch);
            first.iter_mut().for_each(|z| *z = if inverse { conjugate(*z) } else { *z } * factor);
            let mirrored = first[1..].iter().take(second.len());
            second.iter_mut().rev().zip(mirrored).for_each(|(z, &w)| *z = conjugate(w));
        }
    });
}

/// Halves of Hermitian spectra to real lanes. The imaginary parts of what has to be real are passed over, as in NumPy.
fn half_inverse<T: Real>(lanes: &Lanes, input: &[Complex<T>], output: &mut [T], factor: T) {
    if lanes.outer * lanes.inner == 0 {
        return;
    }
    let plan = T::inverse(lanes.n);
    let mut scratch = plan.make_scratch_vec();
    let half = lanes.n / 2 + 1;
    let zero = Complex::new(T::zero(), T::zero());
    lanes.each((half, zero), input, (output, T::zero()), |from, to| {
        for (lane, values) in from.chunks_exact_mut(half).zip(to.chunks_exact_mut(lanes.n)) {
            lane[0].im = T::zero();
            if lanes.n.is_multiple_of(2) {
                lane[half - 1].im = T::zero();
            }
            let _ = plan.process_with_scratch(lane, values, &mut scratch);
            values.iter_mut().for_each(|x| *x = *x * factor);
        }
    });
}
