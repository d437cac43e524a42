//! sin, cos, tan: the argument less a multiple of pi/2 in three parts (Cody and Waite 1980), then polynomials.

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

use super::exp::SHIFT;
use super::sums::{fma, less_product, poly, quick_two_sum, quotient, two_product, two_sum};

/// pi/2 less `FRAC_PI_2`, in two parts.
const PI_2_MIDDLE: f64 = 6.123233995736766e-17;
const PI_2_LOW: f64 = -1.4973849048591698e-33;

/// Up to here the parts of pi/2 suffice for the arguments nearest to its multiples.
const LARGEST: f64 = 1e9;
/// Below, sine and tangent are the argument.
const TINY: f64 = 7.450580596923828e-9;

/// (sin(r) - r) / r**3 in r**2, for |r| <= pi/4; error 2**-58.
const SIN: [f64; 6] = [
    -0.16666666666666632,
    0.00833333333332242,
    -0.00019841269829812467,
    2.7557313693572716e-06,
    -2.5050758381541163e-08,
    1.5896811521767705e-10,
];

/// (cos(r) - 1 + r**2/2) / r**4 in r**2, for |r| <= pi/4; error 2**-64.
const COS: [f64; 6] = [
    0.0416666666666666,
    -0.0013888888888874133,
    2.480158728948775e-05,
    -2.755731435397482e-07,
    2.0875723501153735e-09,
    -1.1359659854307722e-11,
];

/// `x = n * pi/2 + r + c`: `(r, c, n)`, where `c` is a rounding error and `n` the low bits of an integer.
#[inline(always)]
fn reduce<const FMA: bool>(x: f64) -> (f64, f64, u64) {
    let shifted = fma::<FMA>(x, FRAC_2_PI, SHIFT);
    let n = shifted - SHIFT;
    // Exact: a multiple of 2**-53 below 1, or x.
    let high = less_product::<FMA>(x, n, FRAC_PI_2);
    let (product, lost) = two_product::<FMA>(n, PI_2_MIDDLE);
    let (r, c) = two_sum(high, -product);
    (r, fma::<FMA>(-n, PI_2_LOW, c - lost), shifted.to_bits())
}

/// `sin(r + c)` in two parts.
#[inline(always)]
fn sin_parts<const FMA: bool>(r: f64, c: f64) -> (f64, f64) {
    let z = r * r;
    let tail = fma::<FMA>(-0.5 * z, c, c);
    (r, fma::<FMA>(r * z, poly::<FMA, 6>(z, &SIN), tail))
}

/// `cos(r + c)` in two parts.
#[inline(always)]
fn cos_parts<const FMA: bool>(r: f64, c: f64) -> (f64, f64) {
    let (z, lost) = two_product::<FMA>(r, r);
    let (high, low) = quick_two_sum(1.0, -0.5 * z);
    let tail = low - fma::<FMA>(0.5, lost, r * c);
    (high, fma::<FMA>(z * z, poly::<FMA, 6>(z, &COS), tail))
}

/// `sin(x + quarters * pi/2)`.
#[inline(always)]
fn sin_from<const FMA: bool>(x: f64, quarters: u64) -> f64 {
    let (r, c, n) = reduce::<FMA>(x);
    let n = n.wrapping_add(quarters);
    let (sh, sl) = sin_parts::<FMA>(r, c);
    let (ch, cl) = cos_parts::<FMA>(r, c);
    let y = if n & 1 == 0 { sh + sl } else { ch + cl };
    let y = f64::from_bits(y.to_bits() ^ ((n & 2) << 62));
    if x.abs() <= LARGEST { y } else { f64::NAN }
}

#[inline(always)]
pub fn sin<const FMA: bool>(x: f64) -> f64 {
    let y = sin_from::<FMA>(x, 0);
    if x.abs() < TINY { x } else { y }
}

#[inline(always)]
pub fn cos<const FMA: bool>(x: f64) -> f64 {
    sin_from::<FMA>(x, 1)
}

#[inline(always)]
pub fn tan<const FMA: bool>(x: f64) -> f64 {
    let (r, c, n) = reduce::<FMA>(x);
    let (sh, sl) = sin_parts::<FMA>(r, c);
    let (sh, sl) = quick_two_sum(sh, sl);
    let (ch, cl) = cos_parts::<FMA>(r, c);
    let (ch, cl) = quick_two_sum(ch, cl);
    let odd = n & 1 == 1;
    let above = if odd { (-ch, -cl) } else { (sh, sl) };
    let below = if odd { (sh, sl) } else { (ch, cl) };
    let (q, rest) = quotient::<FMA>(above, below);
    let y = if x.abs() < TINY { x } else { q + rest };
    if x.abs() <= LARGEST { y } else { f64::NAN }
}
