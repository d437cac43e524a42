//! Powers: of integers, floats and complex numbers; square and cube roots; and `x ** 2` done without a power.

use num_complex::{Complex32, Complex64};
use num_traits::{PrimInt, WrappingMul};

use super::cmath::{Cplx, Real};
use super::loops::{any, binary, each, join, map1, map2, unary};
use super::{Loop, Row, lookup, ufunc1, ufunc2, vmath};
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::ops::Module;

/// Integer powers, which refuse negative exponents.
macro_rules! int_power {
    (@ $t:ident (checked)) => {
        Loop::two::<$t, $t, $t>(|ins, outs| map2(ins, outs, |a: $t, b: $t| -> $t { int_power(a, b as u64) }))
            .checked(|ins| no_negative(any(ins[1], |b: $t| b < 0)))
    };
}

/// Powers of floats.
macro_rules! float_power {
    (@ $t:ident ()) => {
        Loop::two::<$t, $t, $t>(|ins, outs| vmath::map2::<$t, _>(ins, outs, vmath::Pow, Real::c_pow))
    };
}

const POWER: &[Loop] = join![
    each!(sints, int_power, (checked)),
    binary!(uints, |a, b| int_power(a, b as u64)),
    each!(floats, float_power, ()),
    binary!(complexes, |a, b| super::complex::power(a, b)),
];

const FLOAT_POWER: &[Loop] =
    join![each!([f64], float_power, ()), binary!([Complex64], |a, b| super::complex::power(a, b))];

const SQRT: &[Loop] = join![unary!(floats, |x| x.sqrt()), unary!(complexes, |z| Cplx::c_sqrt(z))];

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
        return Err(Error::value("Integers to negative integer powers are not allowed."));
    }
    Ok(())
}

/// A single number as the exponent of `array ** exponent`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Exponent {
    /// Python's int.
    Int(i64),
    /// Python's float.
    Float(f64),
}

/// The row that the operator runs instead of `power` for an array and one of Python's numbers: `x ** 2` is
/// `square(x)` (of bool int8, not int64), `x ** 0.5` is `sqrt(x)`, which keeps the sign of zero.
pub fn power_operator(base: DType, exponent: Exponent) -> Option<u32> {
    match exponent {
        Exponent::Int(2) => lookup(Module::Numpy, "square"),
        Exponent::Int(-1) if base.is_inexact() => lookup(Module::Numpy, "reciprocal"),
        Exponent::Float(0.5) if base.is_inexact() => lookup(Module::Numpy, "sqrt"),
        _ => None,
    }
}

/// The row that computes what `power`'s loop of this dtype does when its exponent is one number for all elements
/// (0-d, or one element): NumPy's loop of floats then squares, inverts or takes the root.
pub fn power_by_one(of: DType, exponent: f64) -> Option<u32> {
    let name = match exponent {
        2.0 => "square",
        -1.0 => "reciprocal",
        0.5 => "sqrt",
        _ => return None,
    };
    lookup(Module::Numpy, name).filter(|_| of.is_float())
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
    ufunc1("cbrt", &[], "The real cube root.", "np.cbrt(np.array([-8.0, 27.0]))", CBRT),
];

#[cfg(test)]
mod tests {
    use super::super::row;
    use super::*;

    #[test]
    fn powers_that_are_no_powers() {
        let name = |found: Option<u32>| found.map(|i| row(i).name);
        assert_eq!(name(power_operator(DType::Bool, Exponent::Int(2))), Some("square"));
        assert_eq!(name(power_operator(DType::C64, Exponent::Int(-1))), Some("reciprocal"));
        assert_eq!(name(power_operator(DType::I64, Exponent::Int(-1))), None);
        assert_eq!(name(power_operator(DType::F64, Exponent::Float(0.5))), Some("sqrt"));
        assert_eq!(name(power_by_one(DType::F32, 0.5)), Some("sqrt"));
        assert_eq!(name(power_by_one(DType::C128, 0.5)), None);
    }

    #[test]
    fn negative_exponents_of_integers_are_found() {
        let power = row(lookup(Module::Numpy, "power").expect("power"));
        let crate::ops::Run::Ufunc(loops) = power.run else { panic!("power is a ufunc") };
        let check = loops[0].check.expect("int8 powers are checked");
        assert!(check(&[&[2, 2], &[3, 0]]).is_ok());
        let error = check(&[&[2, 2], &[3, 0xff]]).map_err(|e| e.to_string());
        assert_eq!(
            error,
            Err("ValueError: Integers to negative integer powers are not allowed.".to_string())
        );
    }
}
