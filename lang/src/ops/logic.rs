//! Logical functions (by truth), and what kind of number it is.

use num_complex::{Complex32, Complex64};
use num_traits::Zero;

use super::complex::has_nan;
use super::loops::{Bool, binary, each, join, map1, map2, unary};
use super::{DTypeRule, Loop, Row, ufunc1, ufunc2};

/// An operator on the truth of both arguments.
macro_rules! by_truth {
    ($op:tt) => {
        join![
            binary!(bool, |a, b| Bool(a.0 $op b.0)),
            binary!(ints => Bool, |a, b| ((a != 0) $op (b != 0)).into()),
            binary!(floats => Bool, |a, b| ((a != 0.0) $op (b != 0.0)).into()),
            binary!(complexes => Bool, |a, b| (!a.is_zero() $op !b.is_zero()).into()),
        ]
    };
}

const LOGICAL_AND: &[Loop] = by_truth!(&);
const LOGICAL_OR: &[Loop] = by_truth!(|);
const LOGICAL_XOR: &[Loop] = by_truth!(^);

const LOGICAL_NOT: &[Loop] = join![
    unary!(bool, |x| Bool(x.0 ^ 1)),
    unary!(ints => Bool, |x| (x == 0).into()),
    unary!(floats => Bool, |x| (x == 0.0).into()),
    unary!(complexes => Bool, |z| z.is_zero().into()),
];

/// A property of floats; integers are all finite.
macro_rules! is {
    ($of_ints:expr, |$x:ident| $e:expr, |$z:ident| $c:expr) => {
        join![
            unary!(bool, |_x| Bool($of_ints as u8)),
            unary!(ints => Bool, |_x| Bool($of_ints as u8)),
            unary!(floats => Bool, |$x| ($e).into()),
            unary!(complexes => Bool, |$z| ($c).into()),
        ]
    };
}

const ISFINITE: &[Loop] = is!(true, |x| x.is_finite(), |z| z.re.is_finite() && z.im.is_finite());
const ISINF: &[Loop] = is!(false, |x| x.is_infinite(), |z| z.re.is_infinite() || z.im.is_infinite());
const ISNAN: &[Loop] = is!(false, |x| x.is_nan(), |z| has_nan(z));
const SIGNBIT: &[Loop] = join![unary!(floats => Bool, |x| x.is_sign_negative().into())];

const fn logical(
    name: &'static str,
    doc: &'static str,
    example: &'static str,
    loops: &'static [Loop],
) -> Row {
    Row { dtype: DTypeRule::Truth, ..ufunc2(name, &[], doc, example, loops) }
}

pub const ROWS: &[Row] = &[
    logical(
        "logical_and",
        "x1 and x2 by truth, element by element.",
        "np.logical_and(np.arange(3), True)",
        LOGICAL_AND,
    ),
    logical(
        "logical_or",
        "x1 or x2 by truth, element by element.",
        "np.logical_or(np.arange(3), False)",
        LOGICAL_OR,
    ),
    logical(
        "logical_xor",
        "Whether one is true and the other not.",
        "np.logical_xor(np.arange(3), True)",
        LOGICAL_XOR,
    ),
    ufunc1(
        "logical_not",
        &[],
        "not x by truth, element by element.",
        "np.logical_not(np.arange(3))",
        LOGICAL_NOT,
    ),
    ufunc1(
        "isfinite",
        &[],
        "Whether a number is neither infinite nor nan.",
        "np.isfinite(np.array([1.0, np.inf, np.nan]))",
        ISFINITE,
    ),
    ufunc1("isinf", &[], "Whether a number is infinite.", "np.isinf(np.array([1.0, np.inf, np.nan]))", ISINF),
    ufunc1("isnan", &[], "Whether a number is nan.", "np.isnan(np.array([1.0, np.inf, np.nan]))", ISNAN),
    ufunc1(
        "signbit",
        &[],
        "Whether the sign bit is set: of negative numbers and of -0.0.",
        "np.signbit(np.array([-1.0, -0.0, 2.0]))",
        SIGNBIT,
    ),
];
