//! log, log2, log10, log1p: `x = 2**k * (1 + f)` with `1 + f` around 1, and a series in `s = f / (2 + f)`.
//!
//! `log(1 + f) = 2 atanh(s) = f - f**2/2 + s * (f**2/2 + R(s**2))`, whose two leading terms are kept exactly.

use super::exp::{LN2_HIGH, LN2_LOW};
use super::sums::{fma, poly, quick_two_sum, two_product, two_sum};

const LOG2_E_REST: f64 = 2.0355273740931033e-17;
const LOG10_E_REST: f64 = 1.098319650216765e-17;
/// log10(2) in two parts, as ln(2) is.
const LOG10_2_HIGH: f64 = 0.3010299956640665;
const LOG10_2_LOW: f64 = -8.532344317057107e-14;

/// (2 atanh(s) - 2 s) / s**3 in s**2; error in log: 2**-58 of f.
const LOG: [f64; 7] = [
    0.6666666666666734,
    0.39999999999414565,
    0.2857142874242992,
    0.22222198567492035,
    0.18183564682098174,
    0.15314040076086188,
    0.14796066976684696,
];

/// `(k, f)`, where `1 + f` is from sqrt(1/2) to sqrt(2), for a normal positive number.
#[inline(always)]
pub fn split(x: f64) -> (f64, f64) {
    const ROOT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    const ONE: u64 = 0x3ff0_0000_0000_0000;
    // 2**52, in whose low bits an integer is put to make a float of it.
    const TWO_52: u64 = 0x4330_0000_0000_0000;
    let moved = x.to_bits().wrapping_add(ONE - ROOT_HALF);
    let k = f64::from_bits((moved >> 52) | TWO_52) - (4503599627370496.0 + 1023.0);
    let m = f64::from_bits((moved & 0x000f_ffff_ffff_ffff) + ROOT_HALF);
    (k, m - 1.0)
}

/// Whether `split` takes it.
#[inline(always)]
pub fn is_normal(x: f64) -> bool {
    (f64::MIN_POSITIVE..=f64::MAX).contains(&x)
}

/// `log(1 + f)` and what must be added to it.
#[inline(always)]
fn log_parts<const FMA: bool>(f: f64) -> (f64, f64) {
    let s = f / (2.0 + f);
    let z = s * s;
    let (square, lost) = two_product::<FMA>(f, f);
    let half = 0.5 * square;
    let (high, low) = quick_two_sum(f, -half);
    let series = s * fma::<FMA>(z, poly::<FMA, 7>(z, &LOG), half);
    (high, fma::<FMA>(-0.5, lost, low) + series)
}

#[inline(always)]
pub fn log<const FMA: bool>(x: f64) -> f64 {
    let (k, f) = split(x);
    let (high, low) = log_parts::<FMA>(f);
    let (sum, rest) = quick_two_sum(k * LN2_HIGH, high);
    let y = sum + (rest + fma::<FMA>(k, LN2_LOW, low));
    if is_normal(x) { y } else { f64::NAN }
}

#[inline(always)]
pub fn log1p<const FMA: bool>(x: f64) -> f64 {
    let (one, lost) = two_sum(1.0, x);
    let (k, f) = split(one);
    let (high, low) = log_parts::<FMA>(f);
    let (sum, rest) = quick_two_sum(k * LN2_HIGH, high);
    let y = sum + (rest + (fma::<FMA>(k, LN2_LOW, low) + lost / one));
    if (x > -1.0) & (x <= 1e300) {
        // The sign is that of x, of zeros too.
        y.copysign(x)
    } else {
        f64::NAN
    }
}

/// `log(1 + f)` times `factor + factor_rest`, in two parts.
#[inline(always)]
fn times_log<const FMA: bool>(f: f64, factor: f64, factor_rest: f64) -> (f64, f64) {
    let (high, low) = log_parts::<FMA>(f);
    let (high, low) = quick_two_sum(high, low);
    let (product, rest) = two_product::<FMA>(high, factor);
    (product, fma::<FMA>(low, factor, fma::<FMA>(high, factor_rest, rest)))
}

#[inline(always)]
pub fn log2<const FMA: bool>(x: f64) -> f64 {
    let (k, f) = split(x);
    let (high, low) = times_log::<FMA>(f, std::f64::consts::LOG2_E, LOG2_E_REST);
    let (sum, rest) = quick_two_sum(k, high);
    let y = sum + (rest + low);
    if is_normal(x) { y } else { f64::NAN }
}

#[inline(always)]
pub fn log10<const FMA: bool>(x: f64) -> f64 {
    let (k, f) = split(x);
    let (high, low) = times_log::<FMA>(f, std::f64::consts::LOG10_E, LOG10_E_REST);
    let (sum, rest) = quick_two_sum(k * LOG10_2_HIGH, high);
    let y = sum + (rest + fma::<FMA>(k, LOG10_2_LOW, low));
    if is_normal(x) { y } else { f64::NAN }
}
