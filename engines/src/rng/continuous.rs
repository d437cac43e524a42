//! The continuous distributions of NumPy's Generator, draw by draw as NumPy's `distributions.c` makes them.
//!
//! Sources: gamma by Marsaglia and Tsang (2000); beta by Johnk; von Mises by Best and Fisher (1979); Wald by Michael,
//! Schucany and Haas (1976). Logarithms and powers are those of the C library, as NumPy's.

use std::f64::consts::PI;

use lang::ops::Draw;

use super::discrete::poisson;
use super::tape::{Narrow, Wide};
use super::ziggurat::{standard_exponential, standard_exponential32, standard_normal, standard_normal32};

/// One number of a distribution with these parameters.
#[inline]
pub fn continuous(draw: Draw, p: &[f64; 3], bits: &mut impl Wide) -> f64 {
    match draw {
        Draw::Uniform => p[0] + p[1] * bits.next_f64(),
        Draw::StandardNormal => standard_normal(bits),
        Draw::Normal => p[0] + p[1] * standard_normal(bits),
        Draw::StandardExponential => standard_exponential(bits),
        Draw::Exponential => p[0] * standard_exponential(bits),
        Draw::StandardGamma => standard_gamma(bits, p[0]),
        Draw::Gamma => p[1] * standard_gamma(bits, p[0]),
        Draw::Beta => beta(bits, p[0], p[1]),
        Draw::ChiSquare => chisquare(bits, p[0]),
        Draw::F => {
            let above = chisquare(bits, p[0]) * p[1];
            above / (chisquare(bits, p[1]) * p[0])
        }
        Draw::NoncentralChiSquare => noncentral(bits, p[0], p[1]),
        Draw::NoncentralF => {
            let above = noncentral(bits, p[0], p[2]) * p[1];
            above / (chisquare(bits, p[1]) * p[0])
        }
        Draw::StandardCauchy => {
            let above = standard_normal(bits);
            above / standard_normal(bits)
        }
        Draw::StandardT => {
            let above = standard_normal(bits);
            let below = standard_gamma(bits, p[0] / 2.0);
            (p[0] / 2.0).sqrt() * above / below.sqrt()
        }
        Draw::Pareto => (standard_exponential(bits) / p[0]).exp_m1(),
        Draw::Weibull if p[0] == 0.0 => 0.0,
        Draw::Weibull => standard_exponential(bits).powf(1.0 / p[0]),
        Draw::Power => (-(-standard_exponential(bits)).exp_m1()).powf(1.0 / p[0]),
        Draw::LogNormal => (p[0] + p[1] * standard_normal(bits)).exp(),
        Draw::Rayleigh => p[0] * (2.0 * standard_exponential(bits)).sqrt(),
        Draw::VonMises => von_mises(bits, p[0], p[1]),
        Draw::Wald => wald(bits, p[0], p[1]),
        other => of_uniforms(other, p, bits),
    }
}

/// The distributions that Generator and the legacy functions draw alike.
#[inline]
pub fn of_uniforms(draw: Draw, p: &[f64; 3], bits: &mut impl Wide) -> f64 {
    match draw {
        Draw::Laplace => loop {
            let u = bits.next_f64();
            if u >= 0.5 {
                return p[0] - p[1] * (2.0 - u - u).ln();
            }
            if u > 0.0 {
                return p[0] + p[1] * (u + u).ln();
            }
        },
        Draw::Gumbel => loop {
            let u = 1.0 - bits.next_f64();
            if u < 1.0 {
                return p[0] - p[1] * (-u.ln()).ln();
            }
        },
        Draw::Logistic => loop {
            let u = bits.next_f64();
            if u > 0.0 {
                return p[0] + p[1] * (u / (1.0 - u)).ln();
            }
        },
        Draw::Triangular => {
            let [left, mode, right] = *p;
            let base = right - left;
            let u = bits.next_f64();
            if u <= (mode - left) / base {
                left + (u * ((mode - left) * base)).sqrt()
            } else {
                right - ((1.0 - u) * ((right - mode) * base)).sqrt()
            }
        }
        _ => bits.next_f64(),
    }
}

#[inline]
pub fn standard_gamma(bits: &mut impl Wide, shape: f64) -> f64 {
    gamma_with(bits, shape, |bits| standard_exponential(bits), |bits| standard_normal(bits))
}

/// A gamma number of scale 1 (above shape 1 by Marsaglia and Tsang, 2000), from the exponentials and normals that the
/// caller's generator makes.
#[inline]
pub fn gamma_with<B: Wide>(
    bits: &mut B,
    shape: f64,
    exponential: impl Fn(&mut B) -> f64,
    mut normal: impl FnMut(&mut B) -> f64,
) -> f64 {
    if shape == 1.0 {
        return exponential(bits);
    }
    if shape == 0.0 {
        return 0.0;
    }
    if shape < 1.0 {
        return loop {
            let u = bits.next_f64();
            let v = exponential(bits);
            if let Some(x) = small_gamma(shape, u, v) {
                break x;
            }
        };
    }
    let b = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * b).sqrt();
    loop {
        let (x, v) = loop {
            let x = normal(bits);
            let v = 1.0 + c * x;
            if v > 0.0 || v.is_nan() {
                break (x, v * v * v);
            }
        };
        if large_gamma(b, x, v, bits.next_f64()) {
            return b * v;
        }
    }
}

/// Of a shape below 1: whether `u` and the exponential `v` give a number.
pub fn small_gamma(shape: f64, u: f64, v: f64) -> Option<f64> {
    if u <= 1.0 - shape {
        let x = u.powf(1.0 / shape);
        (x <= v).then_some(x)
    } else {
        let y = -((1.0 - u) / shape).ln();
        let x = (1.0 - shape + shape * y).powf(1.0 / shape);
        (x <= v + y).then_some(x)
    }
}

/// Of a shape above 1: whether the normal `x` with its `v` is accepted.
pub fn large_gamma(b: f64, x: f64, v: f64, u: f64) -> bool {
    u < 1.0 - 0.0331 * (x * x) * (x * x) || u.ln() < 0.5 * x * x + b * (1.0 - v + v.ln())
}

pub fn standard_gamma32(bits: &mut impl Narrow, shape: f32) -> f32 {
    if shape == 1.0 {
        return standard_exponential32(bits);
    }
    if shape == 0.0 {
        return 0.0;
    }
    if shape < 1.0 {
        loop {
            let u = bits.next_f32();
            let v = standard_exponential32(bits);
            if u <= 1.0 - shape {
                let x = u.powf(1.0 / shape);
                if x <= v {
                    return x;
                }
            } else {
                let y = -((1.0 - u) / shape).ln();
                let x = (1.0 - shape + shape * y).powf(1.0 / shape);
                if x <= v + y {
                    return x;
                }
            }
        }
    }
    let b = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * b).sqrt();
    loop {
        let (x, v) = loop {
            let x = standard_normal32(bits);
            let v = 1.0 + c * x;
            if v > 0.0 || v.is_nan() {
                break (x, v * v * v);
            }
        };
        let u = bits.next_f32();
        if u < 1.0 - 0.0331 * (x * x) * (x * x) || u.ln() < 0.5 * x * x + b * (1.0 - v + v.ln()) {
            return b * v;
        }
    }
}

fn chisquare(bits: &mut impl Wide, df: f64) -> f64 {
    2.0 * standard_gamma(bits, df / 2.0)
}

fn noncentral(bits: &mut impl Wide, df: f64, nonc: f64) -> f64 {
    if nonc.is_nan() {
        return f64::NAN;
    }
    if nonc == 0.0 {
        return chisquare(bits, df);
    }
    if df > 1.0 {
        let chi2 = chisquare(bits, df - 1.0);
        let n = standard_normal(bits) + nonc.sqrt();
        return chi2 + n * n;
    }
    let i = poisson(bits, nonc / 2.0);
    chisquare(bits, df + 2.0 * i as f64)
}

/// Parameters so small that Johnk's powers underflow.
const TINY: f64 = 3e-103;

pub fn beta(bits: &mut impl Wide, a: f64, b: f64) -> f64 {
    if a > 1.0 || b > 1.0 || a.is_nan() || b.is_nan() {
        let ga = standard_gamma(bits, a);
        let gb = standard_gamma(bits, b);
        return ga / (ga + gb);
    }
    if a < TINY && b < TINY {
        return f64::from((a + b) * bits.next_f64() < a);
    }
    loop {
        let (u, v) = (bits.next_f64(), bits.next_f64());
        if let Some(x) = johnk(a, b, u, v).filter(|_| u + v > 0.0) {
            return x;
        }
    }
}

/// Johnk's step: the number that two uniform ones give, if they do.
pub fn johnk(a: f64, b: f64, u: f64, v: f64) -> Option<f64> {
    let (x, y) = (u.powf(1.0 / a), v.powf(1.0 / b));
    let sum = x + y;
    if sum > 1.0 {
        return None;
    }
    if sum > 0.0 {
        return Some(x / sum);
    }
    let (log_x, log_y) = (u.ln() / a, v.ln() / b);
    let most = if log_x > log_y { log_x } else { log_y };
    let (log_x, log_y) = (log_x - most, log_y - most);
    Some((log_x - (log_x.exp() + log_y.exp()).ln()).exp())
}

fn wald(bits: &mut impl Wide, mean: f64, scale: f64) -> f64 {
    let y = standard_normal(bits);
    let y = mean * y * y;
    let d = 1.0 + (1.0 + 4.0 * scale / y).sqrt();
    let x = mean * (1.0 - 2.0 / d);
    let u = bits.next_f64();
    if u <= mean / (mean + x) { x } else { mean * mean / x }
}

fn von_mises(bits: &mut impl Wide, mu: f64, kappa: f64) -> f64 {
    if kappa > 1e6 {
        let x = mu + (1.0 / kappa).sqrt() * standard_normal(bits);
        let x = if x < -PI { x + 2.0 * PI } else { x };
        return if x > PI { x - 2.0 * PI } else { x };
    }
    von_mises_of_uniforms(bits, mu, kappa)
}

/// By rejection from the wrapped Cauchy distribution.
pub fn von_mises_of_uniforms(bits: &mut impl Wide, mu: f64, kappa: f64) -> f64 {
    if kappa.is_nan() {
        return f64::NAN;
    }
    if kappa < 1e-8 {
        return PI * (2.0 * bits.next_f64() - 1.0);
    }
    let s = if kappa < 1e-5 {
        1.0 / kappa + kappa
    } else {
        let r = 1.0 + (1.0 + 4.0 * kappa * kappa).sqrt();
        let rho = (r - (2.0 * r).sqrt()) / (2.0 * kappa);
        (1.0 + rho * rho) / (2.0 * rho)
    };
    let w = loop {
        let z = (PI * bits.next_f64()).cos();
        let w = (1.0 + s * z) / (s + z);
        let y = kappa * (s - w);
        let v = bits.next_f64();
        if y * (2.0 - y) - v >= 0.0 || (y / v).ln() + 1.0 - y >= 0.0 {
            break w;
        }
    };
    let angle = if bits.next_f64() < 0.5 { -w.acos() } else { w.acos() };
    let angle = angle + mu;
    let turned = (angle.abs() + PI) % (2.0 * PI) - PI;
    if angle < 0.0 { -turned } else { turned }
}
