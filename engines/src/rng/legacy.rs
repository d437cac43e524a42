//! The legacy functions' distributions, draw by draw as NumPy's `legacy-distributions.c` makes them, which stay as they are.

use lang::ops::Draw;

use super::Mt19937;
use super::continuous::{gamma_with, johnk, of_uniforms, von_mises_of_uniforms};
use super::discrete::{self, poisson};
use super::hypergeometric::legacy_hypergeometric;
use super::tape::Wide;

/// The state behind `np.random.seed` and of a RandomState: normal numbers are made in pairs, and the second one waits.
#[derive(Clone, Debug)]
pub struct Legacy {
    pub bits: Mt19937,
    pub gauss: Option<f64>,
}

impl Legacy {
    pub fn new(bits: Mt19937) -> Legacy {
        Legacy { bits, gauss: None }
    }

    /// A normal number, by Marsaglia's polar method.
    pub fn gauss(&mut self) -> f64 {
        gauss(&mut self.bits, &mut self.gauss)
    }
}

/// Two normal numbers, in the order in which they are given out.
pub fn gauss_pair(bits: &mut impl Wide) -> [f64; 2] {
    loop {
        let x1 = 2.0 * bits.next_f64() - 1.0;
        let x2 = 2.0 * bits.next_f64() - 1.0;
        let r2 = x1 * x1 + x2 * x2;
        if r2 < 1.0 && r2 != 0.0 {
            let f = (-2.0 * r2.ln() / r2).sqrt();
            return [f * x2, f * x1];
        }
    }
}

fn gauss(bits: &mut impl Wide, held: &mut Option<f64>) -> f64 {
    held.take().unwrap_or_else(|| {
        let [first, second] = gauss_pair(bits);
        *held = Some(second);
        first
    })
}

/// Whether the distribution needs normal numbers, so that its draws depend on the one that waits.
pub fn needs_gauss(draw: Draw) -> bool {
    matches!(
        draw,
        Draw::StandardNormal
            | Draw::Normal
            | Draw::LogNormal
            | Draw::StandardGamma
            | Draw::Gamma
            | Draw::Beta
            | Draw::ChiSquare
            | Draw::F
            | Draw::NoncentralChiSquare
            | Draw::NoncentralF
            | Draw::StandardCauchy
            | Draw::StandardT
            | Draw::Wald
            | Draw::NegativeBinomial
    )
}

/// One number of a distribution with these parameters; `held` is the normal number that waits.
pub fn legacy_continuous(draw: Draw, p: &[f64; 3], bits: &mut impl Wide, held: &mut Option<f64>) -> f64 {
    match draw {
        Draw::Uniform => p[0] + p[1] * bits.next_f64(),
        Draw::StandardNormal => gauss(bits, held),
        Draw::Normal => p[0] + p[1] * gauss(bits, held),
        Draw::LogNormal => (p[0] + p[1] * gauss(bits, held)).exp(),
        Draw::StandardExponential => exponential(bits),
        Draw::Exponential => p[0] * exponential(bits),
        Draw::StandardGamma => gamma(bits, held, p[0]),
        Draw::Gamma => p[1] * gamma(bits, held, p[0]),
        Draw::Beta if p[0] <= 1.0 && p[1] <= 1.0 => loop {
            let (u, v) = (bits.next_f64(), bits.next_f64());
            if let Some(x) = johnk(p[0], p[1], u, v) {
                return x;
            }
        },
        Draw::Beta => {
            let ga = gamma(bits, held, p[0]);
            let gb = gamma(bits, held, p[1]);
            ga / (ga + gb)
        }
        Draw::ChiSquare => chisquare(bits, held, p[0]),
        Draw::F => {
            let above = chisquare(bits, held, p[0]) * p[1];
            above / (chisquare(bits, held, p[1]) * p[0])
        }
        Draw::NoncentralChiSquare => noncentral(bits, held, p[0], p[1]),
        Draw::NoncentralF => {
            let above = noncentral(bits, held, p[0], p[2]) * p[1];
            above / (chisquare(bits, held, p[1]) * p[0])
        }
        Draw::StandardCauchy => {
            let above = gauss(bits, held);
            above / gauss(bits, held)
        }
        Draw::StandardT => {
            let above = gauss(bits, held);
            let below = gamma(bits, held, p[0] / 2.0);
            (p[0] / 2.0).sqrt() * above / below.sqrt()
        }
        Draw::Pareto => (exponential(bits) / p[0]).exp() - 1.0,
        Draw::Weibull if p[0] == 0.0 => 0.0,
        Draw::Weibull => exponential(bits).powf(1.0 / p[0]),
        Draw::Power => (1.0 - (-exponential(bits)).exp()).powf(1.0 / p[0]),
        Draw::Rayleigh => p[0] * (-2.0 * (-bits.next_f64()).ln_1p()).sqrt(),
        Draw::VonMises => von_mises_of_uniforms(bits, p[0], p[1]),
        Draw::Wald => wald(bits, held, p[0], p[1]),
        other => of_uniforms(other, p, bits),
    }
}

/// One number of a discrete distribution with these parameters; `n` is the count of a binomial.
pub fn legacy_discrete(
    draw: Draw,
    p: &[f64; 3],
    n: i64,
    bits: &mut impl Wide,
    held: &mut Option<f64>,
) -> i64 {
    match draw {
        Draw::NegativeBinomial => {
            let rate = (1.0 - p[1]) / p[1] * gamma(bits, held, p[0]);
            poisson(bits, rate)
        }
        Draw::Hypergeometric => legacy_hypergeometric(bits, p.map(|x| x as i64)),
        Draw::Geometric if p[0] >= 1.0 / 3.0 => discrete::geometric_search(bits, p[0]),
        Draw::Geometric => ((1.0 - bits.next_f64()).ln() / (1.0 - p[0]).ln()).ceil() as i64,
        Draw::Zipf => zipf(bits, p[0]),
        Draw::LogSeries => {
            let r = (1.0 - p[0]).ln();
            discrete::log_series_with(bits, p[0], |u| 1.0 - (r * u).exp())
        }
        other => discrete::of_uniforms(other, p, n, bits),
    }
}

fn exponential(bits: &mut impl Wide) -> f64 {
    -(1.0 - bits.next_f64()).ln()
}

pub fn gamma(bits: &mut impl Wide, held: &mut Option<f64>, shape: f64) -> f64 {
    gamma_with(bits, shape, |bits| exponential(bits), |bits| gauss(bits, held))
}

fn chisquare(bits: &mut impl Wide, held: &mut Option<f64>, df: f64) -> f64 {
    2.0 * gamma(bits, held, df / 2.0)
}

fn noncentral(bits: &mut impl Wide, held: &mut Option<f64>, df: f64, nonc: f64) -> f64 {
    if nonc == 0.0 {
        return chisquare(bits, held, df);
    }
    if df > 1.0 {
        let chi2 = chisquare(bits, held, df - 1.0);
        let n = gauss(bits, held) + nonc.sqrt();
        return chi2 + n * n;
    }
    let i = poisson(bits, nonc / 2.0);
    let x = chisquare(bits, held, df + 2.0 * i as f64);
    if nonc.is_nan() { f64::NAN } else { x }
}

fn wald(bits: &mut impl Wide, held: &mut Option<f64>, mean: f64, scale: f64) -> f64 {
    let mu_2l = mean / (2.0 * scale);
    let y = gauss(bits, held);
    let y = mean * y * y;
    let x = mean + mu_2l * (y - (4.0 * scale * y + y * y).sqrt());
    let u = bits.next_f64();
    if u <= mean / (mean + x) { x } else { mean * mean / x }
}

fn zipf(bits: &mut impl Wide, a: f64) -> i64 {
    discrete::zipf_with(bits, a, |bits| 1.0 - bits.next_f64())
}
