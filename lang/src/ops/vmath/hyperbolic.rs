//! sinh, cosh, tanh, from exp(|x|) - 1 in two parts.

use super::exp::expm1_parts;
use super::sums::{quotient, two_sum};

/// Beyond it exp(x) comes near overflow.
const LARGEST: f64 = 680.0;

#[inline(always)]
pub fn sinh<const FMA: bool>(x: f64) -> f64 {
    // With e = exp(|x|) - 1: (e + e / (e + 1)) / 2.
    let (high, low) = expm1_parts::<FMA>(x.abs());
    let (sum, rest) = two_sum(1.0, high);
    let (q, q_rest) = quotient::<FMA>((high, low), (sum, rest + low));
    let (sum, rest) = two_sum(high, q);
    let y = 0.5 * (sum + (rest + (low + q_rest)));
    if x.abs() <= LARGEST { y.copysign(x) } else { f64::NAN }
}

#[inline(always)]
pub fn cosh<const FMA: bool>(x: f64) -> f64 {
    let (high, low) = expm1_parts::<FMA>(x.abs());
    let (sum, rest) = two_sum(1.0, high);
    let (q, q_rest) = quotient::<FMA>((1.0, 0.0), (sum, rest + low));
    let (total, total_rest) = two_sum(sum, q);
    let y = 0.5 * (total + (total_rest + (rest + low + q_rest)));
    if x.abs() <= LARGEST { y } else { f64::NAN }
}

#[inline(always)]
pub fn tanh<const FMA: bool>(x: f64) -> f64 {
    // With e = exp(2 |x|) - 1: e / (e + 2). From 22 on it is 1.
    let a = if x.abs() > 22.0 { 22.0 } else { x.abs() };
    let (high, low) = expm1_parts::<FMA>(2.0 * a);
    let (sum, rest) = two_sum(2.0, high);
    let (q, q_rest) = quotient::<FMA>((high, low), (sum, rest + low));
    (q + q_rest).copysign(x)
}
