//! `math`'s functions that are more than one call of C's: the gamma function, norms and sums without loss.

use std::f64::consts::PI;

use lang::ops::cmath::Real;

use super::math::frexp;
use super::raise::{Eval, overflow, value_error};

/// Lanczos' approximation of the gamma function with 13 terms, as a quotient of two polynomials; the coefficients are
/// those that Boost derived (g = 6.0246800407767296), from the constant term up.
const LANCZOS: [(f64, f64); 13] = [
    (23_531_376_880.410_76, 0.0),
    (42_919_803_642.649_1, 39_916_800.0),
    (35_711_959_237.355_67, 120_543_840.0),
    (17_921_034_426.037_21, 150_917_976.0),
    (6_039_542_586.352_028, 105_258_076.0),
    (1_439_720_407.311_721_6, 45_995_730.0),
    (248_874_557.862_054_17, 13_339_535.0),
    (31_426_415.585_400_194, 2_637_558.0),
    (2_876_370.628_935_372_5, 357_423.0),
    (186_056.265_395_223_5, 32_670.0),
    (8_071.672_002_365_816, 1_925.0),
    (210.824_277_751_579_35, 66.0),
    (2.506_628_274_631_000_2, 1.0),
];
const G: f64 = 6.024_680_040_776_73;
const G_LESS_HALF: f64 = 5.524_680_040_776_73;
const LOG_PI: f64 = 1.144_729_885_849_400_2;

fn lanczos(x: f64) -> f64 {
    let (mut above, mut below) = (0.0, 0.0);
    if x < 5.0 {
        for (a, b) in LANCZOS.iter().rev() {
            above = above * x + a;
            below = below * x + b;
        }
    } else {
        for (a, b) in &LANCZOS {
            above = above / x + a;
            below = below / x + b;
        }
    }
    above / below
}

/// `sin(pi * x)`, exact at the integers.
fn sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let sine = match (2.0 * y).round() as i64 {
        0 => (PI * y).c_sin(),
        1 => (PI * (y - 0.5)).c_cos(),
        2 => (PI * (1.0 - y)).c_sin(),
        3 => -(PI * (y - 1.5)).c_cos(),
        _ => (PI * (y - 2.0)).c_sin(),
    };
    1.0_f64.copysign(x) * sine
}

pub fn gamma(x: f64) -> Eval<f64> {
    if x.is_nan() || x == f64::INFINITY {
        return Ok(x);
    }
    // The poles, and minus infinity.
    if x == f64::NEG_INFINITY || x == 0.0 || x < 0.0 && x == x.floor() {
        return value_error("math domain error");
    }
    if x == x.floor() && x <= 23.0 {
        return Ok((1..x as u64).map(|i| i as f64).product());
    }
    let size = x.abs();
    let finite = |r: f64| if r.is_infinite() { overflow("math range error") } else { Ok(r) };
    if size < 1e-20 {
        return finite(1.0 / x);
    }
    if size > 200.0 {
        return if x < 0.0 { Ok(0.0 / sin_pi(x)) } else { overflow("math range error") };
    }
    let y = size + G_LESS_HALF;
    // The rounding error of y.
    let error = if size > G_LESS_HALF { (y - size) - G_LESS_HALF } else { (y - G_LESS_HALF) - size };
    let error = error * G / y;
    let half = |power: f64| y.c_pow(power);
    finite(if x < 0.0 {
        let mut r = -PI / sin_pi(size) / size * y.c_exp() / lanczos(size);
        r -= error * r;
        if size < 140.0 {
            r / half(size - 0.5)
        } else {
            r / half(size / 2.0 - 0.25) / half(size / 2.0 - 0.25)
        }
    } else {
        let mut r = lanczos(size) / y.c_exp();
        r += error * r;
        if size < 140.0 {
            r * half(size - 0.5)
        } else {
            r * half(size / 2.0 - 0.25) * half(size / 2.0 - 0.25)
        }
    })
}

pub fn lgamma(x: f64) -> Eval<f64> {
    if !x.is_finite() {
        return Ok(if x.is_nan() { x } else { f64::INFINITY });
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 { value_error("math domain error") } else { Ok(0.0) };
    }
    let size = x.abs();
    if size < 1e-20 {
        return Ok(-size.c_log());
    }
    let mut r = lanczos(size).c_log() - G;
    r += (size - 0.5) * ((size + G - 0.5).c_log() - 1.0);
    if x < 0.0 {
        r = LOG_PI - sin_pi(size).abs().c_log() - size.c_log() - r;
    }
    if r.is_infinite() { overflow("math range error") } else { Ok(r) }
}

/// The length of a vector of non-negative numbers: scaled by a power of two, squares summed in twice the precision, and
/// the root corrected once.
pub fn norm(lengths: &[f64]) -> f64 {
    let greatest = lengths.iter().copied().fold(0.0, f64::max);
    if lengths.iter().any(|x| x.is_infinite()) {
        return f64::INFINITY;
    }
    if lengths.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    if greatest == 0.0 || lengths.len() <= 1 {
        return greatest;
    }
    let (_, exponent) = frexp(greatest);
    if exponent < -1023 {
        let scaled: Vec<f64> = lengths.iter().map(|x| x / f64::MIN_POSITIVE).collect();
        return f64::MIN_POSITIVE * norm(&scaled);
    }
    let scale = 1.0_f64.c_ldexp(-exponent as i32);
    let (mut sum, mut products, mut sums) = (1.0, 0.0, 0.0);
    let mut add = |x: f64, y: f64| {
        let high = x * y;
        let low = x.mul_add(y, -high);
        let next = sum + high;
        sums += (sum - next) + high;
        products += low;
        sum = next;
        (sum, products + sums)
    };
    let mut total = (1.0, 0.0);
    for x in lengths {
        let x = x * scale;
        total = add(x, x);
    }
    let mut root = (total.0 - 1.0 + total.1).sqrt();
    total = add(-root, root);
    let rest = total.0 - 1.0 + total.1;
    root += rest / (2.0 * root);
    root / scale
}

/// The sum of floats, rounded once: partial sums that do not overlap, after Shewchuk.
pub fn exact_sum(numbers: &[f64]) -> Eval<f64> {
    let mut partials: Vec<f64> = Vec::new();
    let (mut special, mut infinite) = (0.0, 0.0);
    for &number in numbers {
        let mut x = number;
        let mut kept = 0;
        for j in 0..partials.len() {
            let mut y = partials[j];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                partials[kept] = low;
                kept += 1;
            }
            x = high;
        }
        partials.truncate(kept);
        if x == 0.0 {
            continue;
        }
        if x.is_finite() {
            partials.push(x);
            continue;
        }
        if number.is_finite() {
            return overflow("intermediate overflow in fsum");
        }
        if number.is_infinite() {
            infinite += number;
        }
        special += number;
        partials.clear();
    }
    if special != 0.0 {
        return if infinite.is_nan() { value_error("-inf + inf in fsum") } else { Ok(special) };
    }
    let Some(mut high) = partials.pop() else {
        return Ok(0.0);
    };
    let mut low = 0.0;
    while let Some(y) = partials.pop() {
        let x = high;
        high = x + y;
        low = y - (high - x);
        if low != 0.0 {
            break;
        }
    }
    // Half-way cases are decided by what is left.
    if let Some(&next) = partials.last()
        && (low < 0.0 && next < 0.0 || low > 0.0 && next > 0.0)
    {
        let twice = low * 2.0;
        let x = high + twice;
        if twice == x - high {
            high = x;
        }
    }
    Ok(high)
}
