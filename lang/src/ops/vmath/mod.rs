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

pub use exp::{exp, exp2, expm1};
pub use hyperbolic::{cosh, sinh, tanh};
pub use log::{log, log1p, log2, log10};
pub use pow::pow;
pub use trig::{cos, sin, tan};

use num_traits::AsPrimitive;

use super::cmath::Real;
use super::loops::Elem;
use super::wide::fused_or;

/// `out[i] = kernel(a[i])`, or `c(a[i])` where the kernel answers nan.
#[inline(always)]
pub fn map1<T: Real + Elem + AsPrimitive<f64>>(
    ins: &[&[u8]],
    outs: &mut [&mut [u8]],
    (fused, plain): (impl Fn(f64) -> f64, impl Fn(f64) -> f64),
    c: impl Fn(T) -> T,
) where
    f64: AsPrimitive<T>,
{
    let a: &[T] = bytemuck::cast_slice(ins[0]);
    let r: &mut [T] = bytemuck::cast_slice_mut(outs[0]);
    let beyond = fused_or(&mut *r, |r| each(r, a, fused), |r| each(r, a, plain));
    if beyond {
        for (r, &a) in r.iter_mut().zip(a).filter(|(r, _)| r.is_nan()) {
            *r = c(a);
        }
    }
}

/// `out[i] = kernel(a[i], b[i])`, or `c(a[i], b[i])` where the kernel answers nan.
#[inline(always)]
pub fn map2<T: Real + Elem + AsPrimitive<f64>>(
    ins: &[&[u8]],
    outs: &mut [&mut [u8]],
    (fused, plain): (impl Fn(f64, f64) -> f64, impl Fn(f64, f64) -> f64),
    c: impl Fn(T, T) -> T,
) where
    f64: AsPrimitive<T>,
{
    let (a, b): (&[T], &[T]) = (bytemuck::cast_slice(ins[0]), bytemuck::cast_slice(ins[1]));
    let r: &mut [T] = bytemuck::cast_slice_mut(outs[0]);
    let beyond = fused_or(
        &mut *r,
        |r| each_pair(r, a, b, fused),
        |r| each_pair(r, a, b, plain),
    );
    if beyond {
        let elements = r.iter_mut().zip(a).zip(b);
        for ((r, &a), &b) in elements.filter(|((r, _), _)| r.is_nan()) {
            *r = c(a, b);
        }
    }
}

/// Whether any answer is nan.
#[inline(always)]
fn each<T: Real + AsPrimitive<f64>>(r: &mut [T], a: &[T], f: impl Fn(f64) -> f64) -> bool
where
    f64: AsPrimitive<T>,
{
    r.iter_mut()
        .zip(a)
        .for_each(|(r, &a)| *r = f(a.as_()).as_());
    any_nan(r)
}

#[inline(always)]
fn each_pair<T: Real + AsPrimitive<f64>>(
    r: &mut [T],
    a: &[T],
    b: &[T],
    f: impl Fn(f64, f64) -> f64,
) -> bool
where
    f64: AsPrimitive<T>,
{
    r.iter_mut()
        .zip(a)
        .zip(b)
        .for_each(|((r, &a), &b)| *r = f(a.as_(), b.as_()).as_());
    any_nan(r)
}

#[inline(always)]
fn any_nan<T: Real>(r: &[T]) -> bool {
    r.iter().fold(0u64, |any, r| any | r.is_nan() as u64) != 0
}

/// Loops of float32 and float64 of a kernel and the C function that it stands for.
macro_rules! kernel1 {
    (@ $t:ident ($kernel:ident, $c:ident)) => {
        Loop::one::<$t, $t>(|ins, outs| {
            let kernels = (vmath::$kernel::<true>, vmath::$kernel::<false>);
            vmath::map1::<$t>(ins, outs, kernels, Real::$c)
        })
    };
    ($kernel:ident, $c:ident) => {
        each!(floats, kernel1, ($kernel, $c))
    };
}

pub(super) use kernel1;
