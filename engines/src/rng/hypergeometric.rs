//! The hypergeometric distribution, draw by draw as NumPy's Generator and its legacy functions make it.
//!
//! Few draws are simulated one by one; of more, HRUA: a ratio of uniforms (Stadlober 1989, 1990).

use super::bounded::interval;
use super::discrete::log_gamma;
use super::tape::{Narrow, Wide};

/// How many of `sample` draws without replacement are good ones.
pub fn hypergeometric(bits: &mut (impl Narrow + Wide), [good, bad, sample]: [i64; 3]) -> i64 {
    if sample >= 10 && sample <= good + bad - 10 {
        let spread = sample.min(good + bad - sample);
        ratio(bits, [good, bad, sample], spread, log_factorial)
    } else {
        one_by_one(bits, [good, bad, sample])
    }
}

/// As the legacy functions draw it; `sample` is not 0.
pub fn legacy_hypergeometric(bits: &mut impl Wide, [good, bad, sample]: [i64; 3]) -> i64 {
    if sample > 10 {
        // Their variance counts all draws, also where fewer are left than drawn.
        ratio(bits, [good, bad, sample], sample, |k| log_gamma(k as f64 + 1.0))
    } else {
        legacy_one_by_one(bits, [good, bad, sample])
    }
}

fn one_by_one(bits: &mut (impl Narrow + Wide), [good, bad, sample]: [i64; 3]) -> i64 {
    let total = good + bad;
    // What is left is as random as what is drawn.
    let few = sample <= total / 2;
    let mut count = if few { sample } else { total - sample };
    let (mut left, mut good_left) = (total, good);
    while count > 0 && good_left > 0 && left > good_left {
        left -= 1;
        if (interval(bits, left as u64) as i64) < good_left {
            good_left -= 1;
        }
        count -= 1;
    }
    if left == good_left {
        good_left -= count;
    }
    if few { good - good_left } else { good_left }
}

fn legacy_one_by_one(bits: &mut impl Wide, [good, bad, sample]: [i64; 3]) -> i64 {
    let rest = bad + good - sample;
    let fewer = good.min(bad) as f64;
    let (mut left, mut k) = (fewer, sample);
    while left > 0.0 && k > 0 {
        let u = bits.next_f64();
        left -= (u + left / (rest + k) as f64).floor();
        k -= 1;
    }
    let drawn = (fewer - left) as i64;
    if good > bad { sample - drawn } else { drawn }
}

/// `spread` stands for the number of draws in the variance.
fn ratio(
    bits: &mut impl Wide,
    [good, bad, sample]: [i64; 3],
    spread: i64,
    log_factorial: impl Fn(i64) -> f64,
) -> i64 {
    // 2 sqrt(2 / e) and 3 - 2 sqrt(3 / e).
    const D1: f64 = 1.7155277699214135;
    const D2: f64 = 0.8989161620588988;
    let (fewer, more, total) = (good.min(bad), good.max(bad), good + bad);
    let m = sample.min(total - sample);
    let (n, all) = (m as f64, total as f64);
    let p = fewer as f64 / all;
    let q = more as f64 / all;
    let a = n * p + 0.5;
    let variance = (total - m) as f64 * spread as f64 * p * q / (all - 1.0);
    let c = (variance + 0.5).sqrt();
    let h = D1 * c + D2;
    let mode = ((m + 1) as f64 * (fewer + 1) as f64 / (total + 2) as f64).floor() as i64;
    let weight = |k: i64| {
        log_factorial(k) + log_factorial(fewer - k) + log_factorial(m - k) + log_factorial(more - m + k)
    };
    let top = weight(mode);
    let bound = ((m.min(fewer) + 1) as f64).min((a + 16.0 * c).floor());
    let drawn = loop {
        let (u, v) = (bits.next_f64(), bits.next_f64());
        let x = a + h * (v - 0.5) / u;
        if x < 0.0 || x >= bound {
            continue;
        }
        let k = x.floor() as i64;
        let t = top - weight(k);
        if u * (4.0 - u) - 3.0 <= t {
            break k;
        }
        if u * (u - t) < 1.0 && 2.0 * u.ln() <= t {
            break k;
        }
    };
    let drawn = if good > bad { m - drawn } else { drawn };
    if m < sample { good - drawn } else { drawn }
}

/// log(k!): of large numbers by Stirling's series, as NumPy does.
fn log_factorial(k: i64) -> f64 {
    const HALF_LOG_2PI: f64 = 0.9189385332046728;
    if k < 126 {
        return (1..=k).map(|i| i as f64).product::<f64>().ln();
    }
    let k = k as f64;
    (k + 0.5) * k.ln() - k + (HALF_LOG_2PI + (1.0 / k) * (1.0 / 12.0 - 1.0 / (360.0 * k * k)))
}
