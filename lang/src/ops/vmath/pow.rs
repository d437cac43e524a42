//! Powers: exp(y * log(|x|)), with the logarithm and the product in two parts each.

use super::exp::{LN2_HIGH, LN2_LOW, SHIFT, exp_of_sum};
use super::log::{is_normal, split};
use super::sums::{fma, poly, quick_two_sum, quotient, two_product};

/// 1/3 less its float.
const THIRD_REST: f64 = 1.850371707708594e-17;

/// (atanh(s)/s - 1 - s**2/3) / s**4 in s**2; error in atanh: 2**-73 of s.
const ATANH: [f64; 8] = [
    0.19999999999999993,
    0.14285714285720996,
    0.11111111109083298,
    0.09090909402089507,
    0.07692280406571546,
    0.06668091368983163,
    0.058386388148559884,
    0.059851996835858214,
];

/// `log(x)` in two parts, for a normal positive number; error about 2**-66 of it.
#[inline(always)]
fn log_parts<const FMA: bool>(x: f64) -> (f64, f64) {
    let (k, f) = split(x);
    let (sh, sl) = quotient::<FMA>((f, 0.0), quick_two_sum(2.0, f));
    let (zh, zl) = two_product::<FMA>(sh, sh);
    let zl = fma::<FMA>(2.0 * sh, sl, zl);
    // atanh(s) = s + s * z * (1/3 + z * ...)
    let (th, tl) = quick_two_sum(1.0 / 3.0, zh * poly::<FMA, 8>(zh, &ATANH));
    let tl = tl + THIRD_REST;
    let (uh, ul) = two_product::<FMA>(th, zh);
    let ul = fma::<FMA>(th, zl, fma::<FMA>(tl, zh, ul));
    let (vh, vl) = two_product::<FMA>(uh, sh);
    let vl = fma::<FMA>(uh, sl, fma::<FMA>(ul, sh, vl));
    let (sum, rest) = quick_two_sum(k * LN2_HIGH, 2.0 * sh);
    let (sum, more) = quick_two_sum(sum, 2.0 * vh);
    quick_two_sum(sum, rest + (more + fma::<FMA>(k, LN2_LOW, 2.0 * (sl + vl))))
}

#[inline(always)]
pub fn pow<const FMA: bool>(x: f64, y: f64) -> f64 {
    let (high, low) = log_parts::<FMA>(x.abs());
    let (product, rest) = two_product::<FMA>(y, high);
    let size = exp_of_sum::<FMA>(product, fma::<FMA>(y, low, rest));
    // A negative number has powers of integers, which the shift shows up to 2**51, negative if odd.
    let shifted = y + SHIFT;
    let integer = (y.abs() < 2251799813685248.0) & (shifted - SHIFT == y);
    let negative = x < 0.0;
    let sign = if negative { shifted.to_bits() << 63 } else { 0 };
    if is_normal(x.abs()) & (integer | !negative) { f64::from_bits(size.to_bits() ^ sign) } else { f64::NAN }
}
