//! The discrete distributions of NumPy's Generator, draw by draw as NumPy's `distributions.c` makes them.
//!
//! Sources: Poisson by Hörmann's transformed rejection (1993); binomial by inversion and BTPE (Kachitvichyanukul and
//! Schmeiser 1988). Conversions of huge numbers to integers saturate where C leaves them undefined.

use lang::ops::Draw;

use super::continuous::standard_gamma;
use super::tape::Wide;
use super::ziggurat::standard_exponential;

/// One number of a distribution with these parameters; `n` is the count of a binomial.
#[inline]
pub fn discrete(draw: Draw, p: &[f64; 3], n: i64, bits: &mut impl Wide) -> i64 {
    match draw {
        Draw::NegativeBinomial => {
            let rate = (1.0 - p[1]) / p[1] * standard_gamma(bits, p[0]);
            poisson(bits, rate)
        }
        Draw::Binomial if n == 0 || p[1] == 0.0 => 0,
        Draw::Geometric if p[0] >= 1.0 / 3.0 => geometric_search(bits, p[0]),
        Draw::Geometric => {
            let z = (-standard_exponential(bits) / (-p[0]).ln_1p()).ceil();
            if z >= 9.223372036854776e18 { i64::MAX } else { z as i64 }
        }
        Draw::Zipf => zipf(bits, p[0]),
        Draw::LogSeries => log_series(bits, p[0]),
        other => of_uniforms(other, p, n, bits),
    }
}

/// The distributions that Generator and the legacy functions draw alike.
pub fn of_uniforms(draw: Draw, p: &[f64; 3], n: i64, bits: &mut impl Wide) -> i64 {
    match draw {
        Draw::Binomial => binomial(bits, n, p[1]),
        _ => poisson(bits, p[0]),
    }
}

/// log(Gamma(x)) as NumPy's distributions compute it (Zhang and Jin 1996).
pub fn log_gamma(x: f64) -> f64 {
    const A: [f64; 10] = [
        8.333333333333333e-02,
        -2.777777777777778e-03,
        7.936507936507937e-04,
        -5.952380952380952e-04,
        8.417508417508418e-04,
        -1.917526917526918e-03,
        6.41025641025641e-03,
        -2.955065359477124e-02,
        1.796443723688307e-01,
        -1.3924322169059e+00,
    ];
    const LOG_2PI: f64 = 1.8378770664093453;
    if x == 1.0 || x == 2.0 {
        return 0.0;
    }
    let n = if x < 7.0 { (7.0 - x) as i64 } else { 0 };
    let mut x0 = x + n as f64;
    let x2 = (1.0 / x0) * (1.0 / x0);
    let series = A[..9].iter().rev().fold(A[9], |sum, a| sum * x2 + a);
    let mut log = series / x0 + 0.5 * LOG_2PI + (x0 - 0.5) * x0.ln() - x0;
    if x < 7.0 {
        for _ in 0..n {
            log -= (x0 - 1.0).ln();
            x0 -= 1.0;
        }
    }
    log
}

pub fn poisson(bits: &mut impl Wide, lam: f64) -> i64 {
    if lam >= 10.0 {
        return poisson_large(bits, lam);
    }
    if lam == 0.0 {
        return 0;
    }
    let least = (-lam).exp();
    let (mut count, mut product) = (0, 1.0);
    loop {
        product *= bits.next_f64();
        if product <= least || least.is_nan() {
            return count;
        }
        count += 1;
    }
}

fn poisson_large(bits: &mut impl Wide, lam: f64) -> i64 {
    let log_lam = lam.ln();
    let b = 0.931 + 2.53 * lam.sqrt();
    let a = -0.059 + 0.02483 * b;
    let inv_alpha = 1.1239 + 1.1328 / (b - 3.4);
    let v_r = 0.9277 - 3.6224 / (b - 2.0);
    loop {
        let u = bits.next_f64() - 0.5;
        let v = bits.next_f64();
        let us = 0.5 - u.abs();
        let k = ((2.0 * a / us + b) * u + lam + 0.43).floor() as i64;
        if us >= 0.07 && v <= v_r {
            return k;
        }
        if k < 0 || (us < 0.013 && v > us) {
            continue;
        }
        if v.ln() + inv_alpha.ln() - (a / (us * us) + b).ln()
            <= -lam + k as f64 * log_lam - log_gamma(k.wrapping_add(1) as f64)
        {
            return k;
        }
    }
}

/// Of `n` trials; `p` is in [0, 1].
pub fn binomial(bits: &mut impl Wide, n: i64, p: f64) -> i64 {
    let few = |bits: &mut _, p: f64| {
        if p * n as f64 <= 30.0 { inversion(bits, n, p) } else { btpe(bits, n, p) }
    };
    if p <= 0.5 { few(bits, p) } else { n - few(bits, 1.0 - p) }
}

fn inversion(bits: &mut impl Wide, count: i64, p: f64) -> i64 {
    let n = count as f64;
    let q = 1.0 - p;
    let none = (n * q.ln()).exp();
    let np = n * p;
    let bound = n.min(np + 10.0 * (np * q + 1.0).sqrt()) as i64;
    let (mut x, mut px, mut u) = (0, none, bits.next_f64());
    while u > px {
        x += 1;
        if x > bound {
            (x, px, u) = (0, none, bits.next_f64());
        } else {
            u -= px;
            px = ((count - x + 1) as f64 * p * px) / (x as f64 * q);
        }
    }
    x
}

fn btpe(bits: &mut impl Wide, count: i64, p: f64) -> i64 {
    let n = count as f64;
    let r = if p < 1.0 - p { p } else { 1.0 - p };
    let q = 1.0 - r;
    let fm = n * r + r;
    let mode = fm.floor() as i64;
    let m = mode as f64;
    let p1 = (2.195 * (n * r * q).sqrt() - 4.6 * q).floor() + 0.5;
    let (xm, c) = (m + 0.5, 0.134 + 20.5 / (15.3 + m));
    let (xl, xr) = (xm - p1, xm + p1);
    let slope = |a: f64| a * (1.0 + a / 2.0);
    let lam_l = slope((fm - xl) / (fm - xl * r));
    let lam_r = slope((xr - fm) / (xr * q));
    let p2 = p1 * (1.0 + 2.0 * c);
    let p3 = p2 + c / lam_l;
    let p4 = p3 + c / lam_r;
    let nrq = n * r * q;
    let y = loop {
        let u = bits.next_f64() * p4;
        let mut v = bits.next_f64();
        if u <= p1 {
            break (xm - p1 * v + u).floor() as i64;
        }
        let y;
        if u <= p2 {
            let x = xl + (u - p1) / c;
            v = v * c + 1.0 - (m - x + 0.5).abs() / p1;
            if v > 1.0 {
                continue;
            }
            y = x.floor() as i64;
        } else if u <= p3 {
            y = (xl + v.ln() / lam_l).floor() as i64;
            if y < 0 || v == 0.0 {
                continue;
            }
            v = v * (u - p2) * lam_l;
        } else {
            y = (xr - v.ln() / lam_r).floor() as i64;
            if y > count || v == 0.0 {
                continue;
            }
            v = v * (u - p3) * lam_r;
        }
        if accepted(Btpe { n: count, r, q, m: mode, xm, nrq }, y, v) {
            break y;
        }
    };
    if p > 0.5 { count - y } else { y }
}

struct Btpe {
    n: i64,
    r: f64,
    q: f64,
    m: i64,
    xm: f64,
    nrq: f64,
}

/// BTPE's steps 5: whether the height `v` lies under the probability of `y`.
fn accepted(b: Btpe, y: i64, v: f64) -> bool {
    let Btpe { n, r, q, m, xm, nrq } = b;
    let k = (y - m).abs();
    if !(k > 20 && (k as f64) < nrq / 2.0 - 1.0) {
        let s = r / q;
        let a = s * (n + 1) as f64;
        let mut f = 1.0;
        (m + 1..=y).for_each(|i| f *= a / i as f64 - s);
        (y + 1..=m).for_each(|i| f /= a / i as f64 - s);
        return v <= f;
    }
    let kf = k as f64;
    let rho = (kf / nrq) * ((kf * (kf / 3.0 + 0.625) + 0.16666666666666666) / nrq + 0.5);
    let t = (-k * k) as f64 / (2.0 * nrq);
    let log_v = v.ln();
    if log_v < t - rho {
        return true;
    }
    if log_v > t + rho {
        return false;
    }
    let (x1, f1) = ((y + 1) as f64, (m + 1) as f64);
    let (z, w) = ((n + 1 - m) as f64, (n - y + 1) as f64);
    let stirling = |x: f64| {
        let x2 = x * x;
        (13680.0 - (462.0 - (132.0 - (99.0 - 140.0 / x2) / x2) / x2) / x2) / x / 166320.0
    };
    let bound = xm * (f1 / x1).ln()
        + ((n - m) as f64 + 0.5) * (z / w).ln()
        + (y - m) as f64 * (w * r / (x1 * q)).ln()
        + stirling(f1)
        + stirling(z)
        + stirling(x1)
        + stirling(w);
    log_v <= bound
}

pub fn geometric_search(bits: &mut impl Wide, p: f64) -> i64 {
    let (mut x, mut sum, mut product) = (1, p, p);
    let u = bits.next_f64();
    while u > sum {
        product *= 1.0 - p;
        sum += product;
        x += 1;
    }
    x
}

fn zipf(bits: &mut impl Wide, a: f64) -> i64 {
    let least = (i64::MAX as f64).powf(-(a - 1.0));
    zipf_with(bits, a, |bits| {
        let u = bits.next_f64();
        u * least + (1.0 - u)
    })
}

/// A Zipf number by rejection, from the uniform numbers above 0 that the caller's generator makes.
pub fn zipf_with<B: Wide>(bits: &mut B, a: f64, uniform: impl Fn(&mut B) -> f64) -> i64 {
    // NumPy's legacy generator never returns here: its powers overflow.
    if a >= 1025.0 {
        return 1;
    }
    let am1 = a - 1.0;
    let b = 2.0f64.powf(am1);
    loop {
        let u = uniform(bits);
        let v = bits.next_f64();
        let x = u.powf(-1.0 / am1).floor();
        if x > i64::MAX as f64 || x < 1.0 {
            continue;
        }
        let t = (1.0 + 1.0 / x).powf(am1);
        if v * x * (t - 1.0) / (b - 1.0) <= t / b {
            return x as i64;
        }
    }
}

fn log_series(bits: &mut impl Wide, p: f64) -> i64 {
    let r = (-p).ln_1p();
    log_series_with(bits, p, |u| -(r * u).exp_m1())
}

/// Kemp's algorithm (1981), with what computes `1 - (1 - p)**u`.
pub fn log_series_with(bits: &mut impl Wide, p: f64, q: impl Fn(f64) -> f64) -> i64 {
    loop {
        let v = bits.next_f64();
        if v >= p {
            return 1;
        }
        let q = q(bits.next_f64());
        if v <= q * q {
            let x = (1.0 + v.ln() / q.ln()).floor();
            if x < 1.0 || v == 0.0 {
                continue;
            }
            return x as i64;
        }
        return if v >= q { 1 } else { 2 };
    }
}
