//! Trigonometric and hyperbolic functions, their inverses, and angles.

use num_complex::{Complex32, Complex64};

use super::cmath::{Cplx, Real};
use super::loops::{binary, each, join, map1, map2, unary};
use super::vmath::{self, kernel1};
use super::{Loop, Row, ufunc1, ufunc2};

/// A function that C has for real and for complex numbers, and a kernel for real ones.
macro_rules! fast {
    ($kernel:ident, $f:ident) => {
        join![kernel1!($kernel, $f), unary!(complexes, |z| Cplx::$f(z))]
    };
}

/// A function that C has for real and for complex numbers.
macro_rules! both {
    ($f:ident) => {
        join![unary!(floats, |x| Real::$f(x)), unary!(complexes, |z| Cplx::$f(z))]
    };
}

const ARCTAN2: &[Loop] = join![binary!(floats, |a, b| Real::c_atan2(a, b))];
const HYPOT: &[Loop] = join![binary!(floats, |a, b| Real::c_hypot(a, b))];

const DEGREES: &[Loop] = join![
    unary!([f32], |x| x * (180.0 / std::f32::consts::PI)),
    unary!([f64], |x| x * (180.0 / std::f64::consts::PI))
];
const RADIANS: &[Loop] = join![
    unary!([f32], |x| x * (std::f32::consts::PI / 180.0)),
    unary!([f64], |x| x * (std::f64::consts::PI / 180.0))
];

pub const ROWS: &[Row] = &[
    ufunc1(
        "sin",
        &[],
        "The sine, of an angle in radians.",
        "np.sin(np.array([0.0, np.pi / 2]))",
        fast!(Sin, c_sin),
    ),
    ufunc1(
        "cos",
        &[],
        "The cosine, of an angle in radians.",
        "np.cos(np.array([0.0, np.pi]))",
        fast!(Cos, c_cos),
    ),
    ufunc1(
        "tan",
        &[],
        "The tangent, of an angle in radians.",
        "np.tan(np.array([0.0, 1.0]))",
        fast!(Tan, c_tan),
    ),
    ufunc1(
        "arcsin",
        &["asin"],
        "The inverse sine, from -pi/2 to pi/2; nan beyond [-1, 1], except complex.",
        "np.arcsin(np.array([0.0, 1.0]))",
        both!(c_asin),
    ),
    ufunc1(
        "arccos",
        &["acos"],
        "The inverse cosine, from 0 to pi; nan beyond [-1, 1], except complex.",
        "np.arccos(np.array([1.0, 0.0]))",
        both!(c_acos),
    ),
    ufunc1(
        "arctan",
        &["atan"],
        "The inverse tangent, from -pi/2 to pi/2.",
        "np.arctan(np.array([0.0, 1.0]))",
        both!(c_atan),
    ),
    ufunc2(
        "arctan2",
        &["atan2"],
        "The angle of the point (x2, x1), from -pi to pi, in the right quadrant.",
        "np.arctan2(np.array([1.0, -1.0]), -1.0)",
        ARCTAN2,
    ),
    ufunc2(
        "hypot",
        &[],
        "sqrt(x1**2 + x2**2) without overflow.",
        "np.hypot(np.array([3.0, 5.0]), np.array([4.0, 12.0]))",
        HYPOT,
    ),
    ufunc1("sinh", &[], "The hyperbolic sine.", "np.sinh(np.array([0.0, 1.0]))", fast!(Sinh, c_sinh)),
    ufunc1("cosh", &[], "The hyperbolic cosine.", "np.cosh(np.array([0.0, 1.0]))", fast!(Cosh, c_cosh)),
    ufunc1("tanh", &[], "The hyperbolic tangent.", "np.tanh(np.array([0.0, 1.0]))", fast!(Tanh, c_tanh)),
    ufunc1(
        "arcsinh",
        &["asinh"],
        "The inverse hyperbolic sine.",
        "np.arcsinh(np.array([0.0, 1.0]))",
        both!(c_asinh),
    ),
    ufunc1(
        "arccosh",
        &["acosh"],
        "The inverse hyperbolic cosine; nan below 1, except complex.",
        "np.arccosh(np.array([1.0, 2.0]))",
        both!(c_acosh),
    ),
    ufunc1(
        "arctanh",
        &["atanh"],
        "The inverse hyperbolic tangent; nan beyond [-1, 1], except complex.",
        "np.arctanh(np.array([0.0, 0.5]))",
        both!(c_atanh),
    ),
    ufunc1("degrees", &[], "Radians as degrees.", "np.degrees(np.array([0.0, np.pi]))", DEGREES),
    ufunc1("radians", &[], "Degrees as radians.", "np.radians(np.array([0.0, 180.0]))", RADIANS),
    ufunc1("rad2deg", &[], "Radians as degrees.", "np.rad2deg(np.array([0.0, np.pi]))", DEGREES),
    ufunc1("deg2rad", &[], "Degrees as radians.", "np.deg2rad(np.array([0.0, 180.0]))", RADIANS),
];
