//! Exponentials and logarithms.

use num_complex::{Complex32, Complex64};

use super::cmath::{Cplx, Real};
use super::complex::{expm1, log1p, scale};
use super::loops::{binary, each, join, map1, map2, unary};
use super::vmath::{self, kernel1};
use super::{Loop, Row, ufunc1, ufunc2};

const EXP: &[Loop] = join![kernel1!(Exp, c_exp), unary!(complexes, |z| Cplx::c_exp(z))];

const EXP2: &[Loop] =
    join![kernel1!(Exp2, c_exp2), unary!(complexes, |z| Cplx::c_exp(scale(z, std::f64::consts::LN_2)))];

const EXPM1: &[Loop] = join![kernel1!(Expm1, c_expm1), unary!(complexes, |z| expm1(z))];

const LOG: &[Loop] = join![kernel1!(Log, c_log), unary!(complexes, |z| Cplx::c_log(z))];

const LOG2: &[Loop] =
    join![kernel1!(Log2, c_log2), unary!(complexes, |z| scale(Cplx::c_log(z), std::f64::consts::LOG2_E))];

const LOG10: &[Loop] =
    join![kernel1!(Log10, c_log10), unary!(complexes, |z| scale(Cplx::c_log(z), std::f64::consts::LOG10_E)),];

const LOG1P: &[Loop] = join![kernel1!(Log1p, c_log1p), unary!(complexes, |z| log1p(z))];

const LOGADDEXP: &[Loop] = join![
    binary!([f32], |a, b| add_logs(a, b, std::f32::consts::LN_2, |d| { Real::c_log1p(Real::c_exp(d)) })),
    binary!([f64], |a, b| add_logs(a, b, std::f64::consts::LN_2, |d| { Real::c_log1p(Real::c_exp(d)) })),
];

const LOGADDEXP2: &[Loop] = join![
    binary!([f32], |a, b| add_logs(a, b, 1.0, |d| std::f32::consts::LOG2_E * Real::c_log1p(Real::c_exp2(d)))),
    binary!([f64], |a, b| add_logs(a, b, 1.0, |d| std::f64::consts::LOG2_E * Real::c_log1p(Real::c_exp2(d)))),
];

/// The greater of two logarithms plus `log(1 + exp(-difference))`; `log2` is the logarithm of 2 in the same base.
fn add_logs<T: Real>(a: T, b: T, log2: T, log_1_exp: impl Fn(T) -> T) -> T {
    if a == b {
        // Infinities of one sign have no difference.
        return a + log2;
    }
    let difference = a - b;
    if difference > T::zero() {
        a + log_1_exp(-difference)
    } else if difference <= T::zero() {
        b + log_1_exp(difference)
    } else {
        difference
    }
}

pub const ROWS: &[Row] = &[
    ufunc1("exp", &[], "e to the power of the argument.", "np.exp(np.array([0.0, 1.0]))", EXP),
    ufunc1("exp2", &[], "2 to the power of the argument.", "np.exp2(np.array([0.5, 3.0]))", EXP2),
    ufunc1("expm1", &[], "exp(x) - 1, exact also near 0.", "np.expm1(np.array([1e-10, 1.0]))", EXPM1),
    ufunc1(
        "log",
        &[],
        "The natural logarithm; -inf of 0, nan of negative numbers except complex ones.",
        "np.log(np.array([1.0, np.e]))",
        LOG,
    ),
    ufunc1("log2", &[], "The logarithm to base 2.", "np.log2(np.array([1.0, 8.0]))", LOG2),
    ufunc1("log10", &[], "The logarithm to base 10.", "np.log10(np.array([1.0, 1000.0]))", LOG10),
    ufunc1("log1p", &[], "log(1 + x), exact also near 0.", "np.log1p(np.array([1e-10, 1.0]))", LOG1P),
    ufunc2(
        "logaddexp",
        &[],
        "log(exp(x1) + exp(x2)) without overflow.",
        "np.logaddexp(np.array([1000.0]), 1000.0)",
        LOGADDEXP,
    ),
    ufunc2(
        "logaddexp2",
        &[],
        "log2(2**x1 + 2**x2) without overflow.",
        "np.logaddexp2(np.array([1000.0]), 1000.0)",
        LOGADDEXP2,
    ),
];
