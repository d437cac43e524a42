//! Elementary functions of float tiles, written so that the compiler vectorises them.
//!
//! A kernel is a function of float64 without branches, compiled with and without fused multiply-add (`FMA`), within
//! one unit in the last place either way. Where an argument is beyond its reach (nan, infinite, huge, subnormal, a
//! result that overflows) it answers nan, and C's function is asked for that element alone: so a result never
//! depends on what else is in the tile. Arguments of float32 are computed in float64 and rounded.

mod exp;
mod hyperbolic;
mod log;
mod pow;
mod sums;
mod trig;

#[cfg(test)]
mod tests;

use num_traits::AsPrimitive;

use super::cmath::Real;
use super::loops::Elem;
use super::wide::{Fusible, fused};

/// A function of one float64, to be marked `#[inline(always)]`.
pub trait Kernel1 {
    fn at<const FMA: bool>(x: f64) -> f64;
}

/// A function of two.
pub trait Kernel2 {
    fn at<const FMA: bool>(x: f64, y: f64) -> f64;
}

macro_rules! kernels {
    ($($name:ident = $module:ident::$f:ident),* $(,)?) => { $(
        pub struct $name;
        impl Kernel1 for $name {
            #[inline(always)]
            fn at<const FMA: bool>(x: f64) -> f64 {
                $module::$f::<FMA>(x)
            }
        }
    )* };
}

kernels! {
    Sin = trig::sin, Cos = trig::cos, Tan = trig::tan,
    Sinh = hyperbolic::sinh, Cosh = hyperbolic::cosh, Tanh = hyperbolic::tanh,
    Exp = exp::exp, Exp2 = exp::exp2, Expm1 = exp::expm1,
    Log = log::log, Log2 = log::log2, Log10 = log::log10, Log1p = log::log1p,
}

pub struct Pow;

impl Kernel2 for Pow {
    #[inline(always)]
    fn at<const FMA: bool>(x: f64, y: f64) -> f64 {
        pow::pow::<FMA>(x, y)
    }
}

/// `r[i] = K(a[i])`.
struct One<'a, T, K>(&'a mut [T], &'a [T], K);

/// `r[i] = K(a[i], b[i])`.
struct Two<'a, T, K>(&'a mut [T], &'a [T], &'a [T], K);

impl<T: Real + AsPrimitive<f64>, K: Kernel1> Fusible for One<'_, T, K>
where
    f64: AsPrimitive<T>,
{
    #[inline(always)]
    fn run<const FMA: bool>(self) -> bool {
        for (r, &a) in self.0.iter_mut().zip(self.1) {
            *r = K::at::<FMA>(a.as_()).as_();
        }
        any_nan(self.0)
    }
}

impl<T: Real + AsPrimitive<f64>, K: Kernel2> Fusible for Two<'_, T, K>
where
    f64: AsPrimitive<T>,
{
    #[inline(always)]
    fn run<const FMA: bool>(self) -> bool {
        for ((r, &a), &b) in self.0.iter_mut().zip(self.1).zip(self.2) {
            *r = K::at::<FMA>(a.as_(), b.as_()).as_();
        }
        any_nan(self.0)
    }
}

#[inline(always)]
fn any_nan<T: Real>(r: &[T]) -> bool {
    r.iter().fold(0u64, |any, r| any | r.is_nan() as u64) != 0
}

/// `out[i] = K(a[i])`, or `c(a[i])` where the kernel answers nan.
pub fn map1<T: Real + Elem + AsPrimitive<f64>, K: Kernel1>(
    ins: &[&[u8]],
    outs: &mut [&mut [u8]],
    kernel: K,
    c: impl Fn(T) -> T,
) where
    f64: AsPrimitive<T>,
{
    let a: &[T] = bytemuck::cast_slice(ins[0]);
    let r: &mut [T] = bytemuck::cast_slice_mut(outs[0]);
    if fused(One(r, a, kernel)) {
        for (r, &a) in r.iter_mut().zip(a).filter(|(r, _)| r.is_nan()) {
            *r = c(a);
        }
    }
}

/// `out[i] = K(a[i], b[i])`, or `c(a[i], b[i])` where the kernel answers nan.
pub fn map2<T: Real + Elem + AsPrimitive<f64>, K: Kernel2>(
    ins: &[&[u8]],
    outs: &mut [&mut [u8]],
    kernel: K,
    c: impl Fn(T, T) -> T,
) where
    f64: AsPrimitive<T>,
{
    let (a, b): (&[T], &[T]) = (bytemuck::cast_slice(ins[0]), bytemuck::cast_slice(ins[1]));
    let r: &mut [T] = bytemuck::cast_slice_mut(outs[0]);
    if fused(Two(r, a, b, kernel)) {
        let elements = r.iter_mut().zip(a).zip(b);
        for ((r, &a), &b) in elements.filter(|((r, _), _)| r.is_nan()) {
            *r = c(a, b);
        }
    }
}

/// Loops of float32 and float64 of a kernel and the C function that it stands for.
macro_rules! kernel1 {
    (@ $t:ident ($kernel:ident, $c:ident)) => {
        Loop::one::<$t, $t>(|ins, outs| vmath::map1::<$t, _>(ins, outs, vmath::$kernel, Real::$c))
    };
    ($kernel:ident, $c:ident) => {
        each!(floats, kernel1, ($kernel, $c))
    };
}

pub(super) use kernel1;
