//! exp, exp2, expm1: `2**k * exp(r)` with `|r| <= ln(2) / 2` (Cody and Waite 1980) and a minimax polynomial.

use std::f64::consts::{LN_2, LOG2_E};

use super::sums::{fma, poly, quick_two_sum, two_product, two_sum};

/// ln(2) in two parts; an integer of 12 bits times the first is exact.
pub const LN2_HIGH: f64 = 0.6931471805601177;
pub const LN2_LOW: f64 = -1.7239444525614835e-13;
/// ln(2) less `LN_2`.
const LN2_REST: f64 = 2.3190468138462996e-17;

/// Added to a float it leaves the nearest integer in the low bits.
pub const SHIFT: f64 = 6755399441055744.0;

/// Beyond it powers of e may be subnormal or infinite.
pub const LARGEST: f64 = 708.0;

/// (exp(r) - 1 - r) / r**2 for |r| <= 0.3466; error in exp(r): 2**-64.
const EXP: [f64; 11] = [
    0.5,
    0.16666666666666685,
    0.04166666666666673,
    0.008333333333316746,
    0.0013888888888858794,
    0.00019841269897044305,
    2.4801587373153823e-05,
    2.7557234250396296e-06,
    2.75572338018916e-07,
    2.511223535499268e-08,
    2.0926819858345383e-09,
];

/// `x + tail` as `k * ln(2) + r + c`: `(r, c, k)`, where `c` is a rounding error and `k` the low bits of an integer.
#[inline(always)]
fn reduce<const FMA: bool>(x: f64, tail: f64) -> (f64, f64, u64) {
    let shifted = fma::<FMA>(x, LOG2_E, SHIFT);
    let k = shifted - SHIFT;
    let high = fma::<FMA>(-k, LN2_HIGH, x);
    let low = fma::<FMA>(-k, LN2_LOW, tail);
    let r = high + low;
    (r, (high - r) + low, shifted.to_bits())
}

/// `exp(r + c) - 1 - r`.
#[inline(always)]
fn beyond_line<const FMA: bool>(r: f64, c: f64) -> f64 {
    fma::<FMA>(r * r, poly::<FMA, 11>(r, &EXP), fma::<FMA>(r, c, c))
}

/// `2**k * exp(r + c)`.
#[inline(always)]
fn scaled<const FMA: bool>((r, c, k): (f64, f64, u64)) -> f64 {
    let (one, rest) = quick_two_sum(1.0, r);
    let y = one + (rest + beyond_line::<FMA>(r, c));
    f64::from_bits(y.to_bits().wrapping_add(k << 52))
}

/// `exp(x + tail)` for a tail no greater than a rounding error of `x`; nan where `|x| > LARGEST`.
#[inline(always)]
pub fn exp_of_sum<const FMA: bool>(x: f64, tail: f64) -> f64 {
    let y = scaled::<FMA>(reduce::<FMA>(x, tail));
    if x.abs() <= LARGEST { y } else { f64::NAN }
}

#[inline(always)]
pub fn exp<const FMA: bool>(x: f64) -> f64 {
    exp_of_sum::<FMA>(x, 0.0)
}

#[inline(always)]
pub fn exp2<const FMA: bool>(x: f64) -> f64 {
    let shifted = x + SHIFT;
    let part = x - (shifted - SHIFT);
    let (r, c) = two_product::<FMA>(part, LN_2);
    let c = fma::<FMA>(part, LN2_REST, c);
    let y = scaled::<FMA>((r, c, shifted.to_bits()));
    if x.abs() <= 1020.0 { y } else { f64::NAN }
}

/// `exp(x) - 1` and its rounding error, for `|x| <= LARGEST`.
#[inline(always)]
pub fn expm1_parts<const FMA: bool>(x: f64) -> (f64, f64) {
    let (r, c, k) = reduce::<FMA>(x, 0.0);
    let scale = f64::from_bits(1f64.to_bits().wrapping_add(k << 52));
    let (less_one, lost) = two_sum(scale, -1.0);
    let (sum, rest) = two_sum(less_one, scale * r);
    quick_two_sum(sum, rest + (lost + scale * beyond_line::<FMA>(r, c)))
}

#[inline(always)]
pub fn expm1<const FMA: bool>(x: f64) -> f64 {
    let y = expm1_parts::<FMA>(x).0;
    // The sign is that of x, of zeros too.
    if x.abs() <= LARGEST { y.copysign(x) } else { f64::NAN }
}
