//! Fast Fourier transforms of one length: rustfft's and realfft's plans, made here and kept for the next call.

use std::cell::RefCell;
use std::sync::Arc;

use realfft::RealFftPlanner;
use rustfft::{FftNum, FftPlanner};

pub use realfft::{ComplexToReal, RealToComplex};
pub use rustfft::Fft;

/// f32 and f64: the transforms of each are compiled in this crate.
pub trait Real: FftNum {
    /// Of complex numbers to complex numbers, neither way scaled.
    fn complex(n: usize, inverse: bool) -> Arc<dyn Fft<Self>>;

    /// Of `n` real numbers to the first half of their spectrum.
    fn forward(n: usize) -> Arc<dyn RealToComplex<Self>>;

    /// Of the first half of a spectrum to `n` real numbers.
    fn inverse(n: usize) -> Arc<dyn ComplexToReal<Self>>;
}

/// As many plans as a thread keeps.
const KEPT: usize = 64;

struct Plans<T: FftNum> {
    complex: FftPlanner<T>,
    real: RealFftPlanner<T>,
    made: usize,
}

impl<T: FftNum> Plans<T> {
    fn new() -> Plans<T> {
        Plans { complex: FftPlanner::new(), real: RealFftPlanner::new(), made: 0 }
    }

    /// Forgets the plans where they have become many: the planners themselves keep all.
    fn bounded(&mut self) -> &mut Plans<T> {
        if self.made == KEPT {
            *self = Plans::new();
        }
        self.made += 1;
        self
    }
}

macro_rules! real {
    ($t:ty, $plans:ident) => {
        thread_local! {
            static $plans: RefCell<Plans<$t>> = RefCell::new(Plans::new());
        }

        impl Real for $t {
            fn complex(n: usize, inverse: bool) -> Arc<dyn Fft<$t>> {
                $plans.with_borrow_mut(|plans| match inverse {
                    true => plans.bounded().complex.plan_fft_inverse(n),
                    false => plans.bounded().complex.plan_fft_forward(n),
                })
            }

            fn forward(n: usize) -> Arc<dyn RealToComplex<$t>> {
                $plans.with_borrow_mut(|plans| plans.bounded().real.plan_fft_forward(n))
            }

            fn inverse(n: usize) -> Arc<dyn ComplexToReal<$t>> {
                $plans.with_borrow_mut(|plans| plans.bounded().real.plan_fft_inverse(n))
            }
        }
    };
}

real!(f32, SINGLE);
real!(f64, DOUBLE);

#[cfg(test)]
mod tests {
    use super::*;
    use num_complex::Complex64;

    /// Against the sums that define the transform; many lengths, so that plans are forgotten on the way.
    #[test]
    fn transforms_are_the_sums_that_define_them() {
        for n in 1..80usize {
            let x: Vec<f64> = (0..n).map(|i| ((i * i) % 7) as f64 - 2.0).collect();
            let term = |i: usize, k: usize| {
                Complex64::from_polar(x[i], -2.0 * std::f64::consts::PI * (i * k % n) as f64 / n as f64)
            };
            let want: Vec<Complex64> = (0..n).map(|k| (0..n).map(|i| term(i, k)).sum()).collect();
            let near = |a: Complex64, b: Complex64| (a - b).norm() < 1e-9;
            let mut all: Vec<Complex64> = x.iter().map(|x| (*x).into()).collect();
            f64::complex(n, false).process(&mut all);
            assert!(all.iter().zip(&want).all(|(a, b)| near(*a, *b)), "{n}");
            let mut half = vec![Complex64::default(); n / 2 + 1];
            f64::forward(n).process(&mut x.clone(), &mut half).unwrap();
            assert!(half.iter().zip(&want).all(|(a, b)| near(*a, *b)), "{n}");
            let mut back = vec![0.0; n];
            // What has to be real is, but for its rounding.
            half[0].im = 0.0;
            half[n / 2].im = if n % 2 == 0 { 0.0 } else { half[n / 2].im };
            f64::inverse(n).process(&mut half, &mut back).unwrap();
            assert!(back.iter().zip(&x).all(|(a, b)| (a / n as f64 - b).abs() < 1e-9), "{n}");
        }
    }
}
