//! Rounding, magnitude, and the parts of a floating-point number.

use num_complex::{Complex32, Complex64};
use num_traits::Float;

use super::cmath::Real;
use super::loops::{Bool, binary, each, join, map1, map2, split1, unary, unary_split};
use super::{Loop, Row, ufunc1, ufunc2};

/// Integers are whole already.
macro_rules! rounding {
    (|$x:ident| $e:expr) => {
        join![unary!(bool, |x| x), unary!(ints, |x| x), unary!(floats, |$x| $e)]
    };
}

const FLOOR: &[Loop] = rounding!(|x| x.floor());
const CEIL: &[Loop] = rounding!(|x| x.ceil());
const TRUNC: &[Loop] = rounding!(|x| x.trunc());

const RINT: &[Loop] = join![
    unary!(floats, |x| x.round_ties_even()),
    unary!([Complex32], |z| Complex32::new(z.re.round_ties_even(), z.im.round_ties_even())),
    unary!([Complex64], |z| Complex64::new(z.re.round_ties_even(), z.im.round_ties_even())),
];

const ABSOLUTE: &[Loop] = join![
    unary!(bool, |x| x),
    unary!(sints, |x| x.wrapping_abs()),
    unary!(uints, |x| x),
    unary!(floats, |x| x.abs()),
    unary!([Complex32] => f32, |z| Real::c_hypot(z.re, z.im)),
    unary!([Complex64] => f64, |z| Real::c_hypot(z.re, z.im)),
];

const FABS: &[Loop] = join![unary!(floats, |x| x.abs())];
const COPYSIGN: &[Loop] = join![binary!(floats, |a, b| a.copysign(b))];
const NEXTAFTER: &[Loop] = join![binary!(floats, |a, b| Real::c_nextafter(a, b))];
const HEAVISIDE: &[Loop] = join![binary!(floats, |x, half| match x {
    _ if x.is_nan() => x,
    _ if x == 0.0 => half,
    _ if x < 0.0 => 0.0,
    _ => 1.0,
})];

const SPACING: &[Loop] = join![
    unary!([f32], |x| if x.is_infinite() { f32::NAN } else { away_f32(x) - x }),
    unary!([f64], |x| if x.is_infinite() { f64::NAN } else { away_f64(x) - x }),
];

const MODF: &[Loop] = join![unary_split!(floats, |x| modf(x))];

const FREXP: &[Loop] = join![
    &[Loop::one_split::<f32, f32, i32>(|i, o| split1(i, o, |x: f32| {
        let (fraction, exponent) = frexp(x as f64);
        (fraction as f32, exponent)
    }))],
    &[Loop::one_split::<f64, f64, i32>(|i, o| split1(i, o, frexp))],
];

const LDEXP: &[Loop] = &[
    Loop::two::<f32, i32, f32>(|i, o| map2(i, o, |x: f32, e: i32| Real::c_ldexp(x, e))),
    Loop::two::<f32, i64, f32>(|i, o| map2(i, o, |x: f32, e: i64| Real::c_ldexp(x, clamp(e)))),
    Loop::two::<f64, i32, f64>(|i, o| map2(i, o, |x: f64, e: i32| Real::c_ldexp(x, e))),
    Loop::two::<f64, i64, f64>(|i, o| map2(i, o, |x: f64, e: i64| Real::c_ldexp(x, clamp(e)))),
];

/// The next number of greater magnitude; from a zero, the least positive one.
fn away_f64(x: f64) -> f64 {
    if x == 0.0 { f64::from_bits(1) } else { f64::from_bits(x.to_bits() + 1) }
}

fn away_f32(x: f32) -> f32 {
    if x == 0.0 { f32::from_bits(1) } else { f32::from_bits(x.to_bits() + 1) }
}

/// Fraction and whole part, both with the sign of `x`.
fn modf<T: Float>(x: T) -> (T, T) {
    let whole = x.trunc();
    let fraction = if x.is_infinite() { T::zero() } else { x - whole };
    (if x.is_nan() { x } else { fraction.copysign(x) }, whole)
}

/// `x == fraction * 2**exponent` with a fraction from 0.5 to 1; zero, inf and nan are their own fractions.
fn frexp(x: f64) -> (f64, i32) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    // Subnormals are scaled up to have a full mantissa.
    let (x, offset) = if x.abs() < f64::MIN_POSITIVE { (x * 2f64.powi(64), -64) } else { (x, 0) };
    let bits = x.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32 - 1022;
    (f64::from_bits((bits & !(0x7ff << 52)) | (1022 << 52)), exponent + offset)
}

fn clamp(e: i64) -> i32 {
    e.clamp(i32::MIN as i64, i32::MAX as i64) as i32
}

pub const ROWS: &[Row] = &[
    ufunc1(
        "absolute",
        &["abs"],
        "The magnitude, element by element; of complex numbers, the distance from 0.",
        "np.absolute(np.array([-3, 4]))",
        ABSOLUTE,
    ),
    ufunc1("fabs", &[], "The magnitude of real numbers, as floats.", "np.fabs(np.array([-3, 4]))", FABS),
    ufunc1("floor", &[], "The greatest whole number not above.", "np.floor(np.array([-1.5, 1.5]))", FLOOR),
    ufunc1("ceil", &[], "The least whole number not below.", "np.ceil(np.array([-1.5, 1.5]))", CEIL),
    ufunc1("trunc", &[], "Rounded towards zero.", "np.trunc(np.array([-1.5, 1.5]))", TRUNC),
    ufunc1(
        "rint",
        &[],
        "Rounded to the nearest whole number, halves to the even one.",
        "np.rint(np.array([0.5, 1.5, 2.4]))",
        RINT,
    ),
    ufunc1(
        "modf",
        &[],
        "The fractional and the whole parts, as two arrays.",
        "np.modf(np.array([-1.5, 2.25]))",
        MODF,
    ),
    ufunc1(
        "frexp",
        &[],
        "Fraction and exponent with x == fraction * 2**exponent, as two arrays.",
        "np.frexp(np.array([1.0, 10.0]))",
        FREXP,
    ),
    ufunc2("ldexp", &[], "x1 * 2**x2.", "np.ldexp(np.array([0.5, 0.625]), np.array([1, 4]))", LDEXP),
    ufunc2("copysign", &[], "x1 with the sign of x2.", "np.copysign(np.array([1.0, 2.0]), -0.0)", COPYSIGN),
    ufunc2(
        "nextafter",
        &[],
        "The next float after x1 towards x2.",
        "np.nextafter(np.array([1.0]), 2.0)",
        NEXTAFTER,
    ),
    ufunc1(
        "spacing",
        &[],
        "The distance to the next float away from 0.",
        "np.spacing(np.array([1.0, -1.0]))",
        SPACING,
    ),
    ufunc2(
        "heaviside",
        &[],
        "0 for negative numbers, 1 for positive ones, x2 for 0.",
        "np.heaviside(np.array([-1.5, 0.0, 2.0]), 0.5)",
        HEAVISIDE,
    ),
];
