//! Powers: of integers, floats and complex numbers; square and cube roots; and `x ** 2` done without a power.

use num_complex::{Complex32, Complex64};
use num_traits::{PrimInt, WrappingMul};

use super::cmath::{Cplx, Real};
use super::loops::{any, binary, each, join, map1, map2, unary};
use super::{Loop, Row, lookup, ufunc1, ufunc2};
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::ops::Module;

/// Integer powers, which refuse negative exponents.
macro_rules! int_power {
    (@ $t:ident (checked)) => {
        Loop::two::<$t, $t, $t>(|ins, outs| {
            map2(ins, outs, |a: $t, b: $t| -> $t { int_power(a, b as u64) })
        })
        .checked(|ins| no_negative(any(ins[1], |b: $t| b < 0)))
    };
}

const POWER: &[Loop] = join![
    each!(sints, int_power, (checked)),
    binary!(uints, |a, b| int_power(a, b as u64)),
    binary!(floats, |a, b| Real::c_pow(a, b)),
    binary!(complexes, |a, b| super::complex::power(a, b)),
];

const FLOAT_POWER: &[Loop] = join![
    binary!([f64], |a, b| Real::c_pow(a, b)),
    binary!([Complex64], |a, b| super::complex::power(a, b))
];

const SQRT: &[Loop] = join![
    unary!(floats, |x| x.sqrt()),
    unary!(complexes, |z| Cplx::c_sqrt(z))
];

const CBRT: &[Loop] = join![unary!(floats, |x| Real::c_cbrt(x))];

/// By repeated squaring, wrapping.
fn int_power<T: PrimInt + WrappingMul>(base: T, exponent: u64) -> T {
    let (mut result, mut square, mut left) = (T::one(), base, exponent);
    while left > 0 {
        if left & 1 == 1 {
            result = result.wrapping_mul(&square);
        }
        square = square.wrapping_mul(&square);
        left >>= 1;
    }
    result
}

fn no_negative(negative: bool) -> Result<()> {
    if negative {
        return Err(Error::value(
            "Integers to negative integer powers are not allowed.",
        ));
    }
    Ok(())
}

/// The row that NumPy runs instead of `power` when an array is raised to this one number: `x ** 2` is `square(x)`,
/// `x ** 0.5` is `sqrt(x)`, which differ from `power` in the last place and in the sign of zero.
///
/// `base` is the dtype of the array; the result's dtype must be the base's (an int array to a float power is not it).
pub fn power_by_scalar(base: DType, exponent: f64) -> Option<u32> {
    let name = match exponent {
        2.0 => "square",
        1.0 if base.is_inexact() => "positive",
        -1.0 if base.is_inexact() => "reciprocal",
        0.5 if base.is_inexact() => "sqrt",
        _ => return None,
    };
    lookup(Module::Numpy, name)
}

pub const ROWS: &[Row] = &[
    ufunc2(
        "power",
        &["pow"],
        "The first argument to the power of the second.\n\nIntegers wrap on overflow; a negative exponent of an \
         integer is a ValueError.",
        "np.power(np.arange(4), 2)",
        POWER,
    ),
    ufunc2(
        "float_power",
        &[],
        "As `power`, in float64 or complex128 whatever the arguments.",
        "np.float_power(np.arange(1, 4), -1)",
        FLOAT_POWER,
    ),
    ufunc1(
        "sqrt",
        &[],
        "The square root; nan for negative numbers, except complex ones.",
        "np.sqrt(np.array([1.0, 4.0, 9.0]))",
        SQRT,
    ),
    ufunc1(
        "cbrt",
        &[],
        "The real cube root.",
        "np.cbrt(np.array([-8.0, 27.0]))",
        CBRT,
    ),
];
