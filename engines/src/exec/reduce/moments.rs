//! Means and sums of squared deviations of one block along any axes, and how those of two blocks combine.

use lang::dtype::DType;
use num_complex::{Complex32, Complex64};

use super::fold::{Lanes, Reader, Source, sum};
use crate::block::Block;
use crate::exec::element::{Element, typed, typed_mut};
use crate::watch::go_on;

/// Float and complex elements: those that have a variance.
trait Inexact: Element {
    type Real: Element;
    /// `self / n`, rounded once, as NumPy divides by an integer.
    fn over(self, n: f64) -> Self;
    /// The square of the distance to `mean`.
    fn deviation(self, mean: Self) -> Self::Real;
    fn minus(self, other: Self) -> Self;
    fn scaled(self, by: f64) -> Self;
    fn real(x: f64) -> Self::Real;
    /// 0 for what rounding made less; nan stays.
    fn positive(x: Self::Real) -> Self::Real;
}

macro_rules! inexact {
    ($($t:ty, $real:ty, $over:expr, $deviation:expr, $scaled:expr;)*) => {$(
        impl Inexact for $t {
            type Real = $real;
            fn over(self, n: f64) -> $t {
                $over(self, n)
            }
            fn deviation(self, mean: $t) -> $real {
                $deviation(self - mean)
            }
            fn minus(self, other: $t) -> $t {
                self - other
            }
            fn scaled(self, by: f64) -> $t {
                $scaled(self, by)
            }
            fn real(x: f64) -> $real {
                x as $real
            }
            fn positive(x: $real) -> $real {
                if x < 0.0 { 0.0 } else { x }
            }
        }
    )*};
}

inexact! {
    f32, f32, |x, n| (f64::from(x) / n) as f32, |d| d * d, |x, by| x * by as f32;
    f64, f64, |x, n| x / n, |d| d * d, |x, by| x * by;
    Complex32, f32, over_c64, |d: Complex32| d.re * d.re + d.im * d.im, |x, by| x * by as f32;
    Complex64, f64, over_c128, |d: Complex64| d.re * d.re + d.im * d.im, |x, by| x * by;
}

fn over_c128(x: Complex64, n: f64) -> Complex64 {
    // NumPy divides by n + 0j in Smith's way, which multiplies by the reciprocal.
    let scale = 1.0 / n;
    Complex64::new((x.re + x.im * 0.0) * scale, (x.im - x.re * 0.0) * scale)
}

fn over_c64(x: Complex32, n: f64) -> Complex32 {
    let wide = over_c128(Complex64::new(x.re.into(), x.im.into()), n);
    Complex32::new(wide.re as f32, wide.im as f32)
}

macro_rules! with_inexact {
    ($dtype:expr, $t:ident => $body:expr) => {
        match $dtype {
            DType::F32 => {
                type $t = f32;
                $body
            }
            DType::C64 => {
                type $t = Complex32;
                $body
            }
            DType::C128 => {
                type $t = Complex64;
                $body
            }
            _ => {
                type $t = f64;
                $body
            }
        }
    };
}

/// Sums to means: every element of an inexact block divided by `n`.
pub fn divide(sums: &mut Block, n: f64) {
    with_inexact!(sums.dtype(), T => typed_mut::<T>(sums).iter_mut().for_each(|x| *x = x.over(n)))
}

/// Elements that are gone through twice while they are in the cache.
const PART: usize = if cfg!(test) { 64 } else { 1 << 16 };

/// `[means, sums of squared deviations]` along the lanes, computed in the inexact dtype `to`: in two passes over each
/// part that fits the cache, so that memory is read once.
pub fn moments(block: &Block, lanes: &Lanes, to: DType) -> Vec<Block> {
    with_inexact!(to, T => by_parts::<T>(Source::Block(block), 0, lanes, to))
}

/// Of the elements from `start` on. Halves are joined, as in pairwise summation, so that the error grows with the
/// logarithm of the length (Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample
/// variances", 1979).
fn by_parts<T: Inexact>(source: Source, start: usize, lanes: &Lanes, to: DType) -> Vec<Block> {
    let size = lanes.kept * lanes.folded;
    if size <= PART {
        return two_passes::<T>(source, start, lanes, to);
    }
    let (extent, reduced) = lanes.outer.first().copied().unwrap_or((lanes.row, lanes.row_reduced));
    if extent < 2 {
        return by_parts::<T>(source, start, &lanes.inner(), to);
    }
    let each = size / extent;
    let part = |at: usize, n: usize| by_parts::<T>(source, start + at * each, &lanes.first(n), to);
    if reduced {
        let half = extent / 2;
        let folded = |n: usize| (n * (lanes.folded / extent)) as f64;
        let mut all = part(0, half);
        if go_on() {
            join::<T>(&mut all, &part(half, extent - half), folded(half), folded(extent - half));
        }
        return all;
    }
    let mut whole = vec![Block::zeros(to, lanes.kept), Block::zeros(to.real_part(), lanes.kept)];
    let count = (PART / each).max(1);
    for at in (0..extent).step_by(count).take_while(|_| go_on()) {
        let begins = at * (lanes.kept / extent);
        for (whole, part) in whole.iter_mut().zip(part(at, count.min(extent - at))) {
            let size = part.dtype().itemsize();
            whole.bytes_mut()[begins * size..][..part.len() * size].copy_from_slice(part.bytes());
        }
    }
    whole
}

/// The moments of `more` further elements, added to those of `count`.
fn join<T: Inexact>(all: &mut [Block], next: &[Block], count: f64, more: f64) {
    let [means, squares] = all else { return };
    let (mean, square) = (typed_mut::<T>(means), typed_mut::<T::Real>(squares));
    let (next_mean, next_square) = (typed::<T>(&next[0]), typed::<T::Real>(&next[1]));
    let total = count + more;
    for i in 0..mean.len() {
        let between = next_mean[i].deviation(mean[i]).times(T::real(count * (more / total)));
        square[i] = square[i].plus(next_square[i]).plus(between);
        mean[i] = mean[i].plus(next_mean[i].minus(mean[i]).scaled(more / total));
    }
}

fn two_passes<T: Inexact>(source: Source, base: usize, lanes: &Lanes, to: DType) -> Vec<Block> {
    let mut means = sum::<T>(source, base, lanes, to);
    divide(&mut means, lanes.folded as f64);
    let mut squares = Block::zeros(to.real_part(), lanes.kept);
    let (mean, square) = (typed::<T>(&means), typed_mut::<T::Real>(&mut squares));
    let mut reader = Reader::new(source, to);
    lanes.rows(|start, o, first| {
        reader.pieces::<T>(base + start, lanes.row, |at, piece| {
            if lanes.row_reduced {
                let sum = T::Real::sum(piece, |x: T| x.deviation(mean[o]));
                square[o] = if first && at == 0 { sum } else { square[o].plus(sum) };
            } else {
                for (i, x) in (o + at..).zip(piece) {
                    square[i] = square[i].plus(x.deviation(mean[i]));
                }
            }
        });
    });
    vec![means, squares]
}

/// The moments of several blocks together, taken about the first block's mean: as long as that lies among the data,
/// no more digits are lost than the number of blocks has, and none to the size of the data.
#[derive(Default)]
pub struct Together {
    /// The sums of the distances of all elements but the first block's from its mean.
    distances: Option<Block>,
}

impl Together {
    /// Adds to `sum` (the first block's means, and the squared deviations from them) a block of `more` elements.
    pub fn add(&mut self, sum: &mut [Block], next: &[Block], more: usize) {
        let [means, squares] = sum else { return };
        let distances = self.distances.get_or_insert_with(|| Block::zeros(means.dtype(), means.len()));
        with_inexact!(means.dtype(), T => add::<T>(means, squares, distances, next, more as f64))
    }

    /// Makes `sum` the squared deviations from the mean of all `total` elements.
    pub fn settle(self, sum: &mut [Block], total: usize) {
        let ([_, squares], Some(distances)) = (sum, self.distances) else {
            return;
        };
        with_inexact!(distances.dtype(), T => settle::<T>(squares, &distances, total as f64))
    }
}

fn add<T: Inexact>(means: &Block, squares: &mut Block, distances: &mut Block, next: &[Block], more: f64) {
    let (mean, square, sum) = (typed::<T>(means), typed_mut::<T::Real>(squares), typed_mut::<T>(distances));
    let (next_mean, next_square) = (typed::<T>(&next[0]), typed::<T::Real>(&next[1]));
    for i in 0..mean.len() {
        let about_first = next_mean[i].deviation(mean[i]).times(T::real(more));
        square[i] = square[i].plus(next_square[i]).plus(about_first);
        sum[i] = sum[i].plus(next_mean[i].minus(mean[i]).scaled(more));
    }
}

fn settle<T: Inexact>(squares: &mut Block, distances: &Block, total: f64) {
    for (square, &sum) in typed_mut::<T::Real>(squares).iter_mut().zip(typed::<T>(distances)) {
        let excess = sum.deviation(T::zero()).times(T::real(-1.0 / total));
        *square = T::positive(square.plus(excess));
    }
}
