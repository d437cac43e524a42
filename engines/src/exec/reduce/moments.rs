//! Means and sums of squared deviations of one block along any axes, and how those of two blocks combine.

use lang::dtype::DType;
use num_complex::{Complex32, Complex64};

use super::fold::{Lanes, Reader, Source, sum};
use crate::block::Block;
use crate::exec::element::{Element, typed, typed_mut};

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

/// `[means, sums of squared deviations]` along the lanes, computed in the inexact dtype `to`, in two passes.
pub fn moments(block: &Block, lanes: &Lanes, to: DType) -> Vec<Block> {
    with_inexact!(to, T => two_passes::<T>(block, lanes, to))
}

fn two_passes<T: Inexact>(block: &Block, lanes: &Lanes, to: DType) -> Vec<Block> {
    let mut means = sum::<T>(Source::Block(block), lanes, to);
    divide(&mut means, lanes.folded as f64);
    let mut squares = Block::zeros(to.real_part(), lanes.kept);
    let (mean, square) = (typed::<T>(&means), typed_mut::<T::Real>(&mut squares));
    let mut reader = Reader::new(Source::Block(block), to);
    lanes.rows(|start, o, first| {
        reader.pieces::<T>(start, lanes.row, |at, piece| {
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
