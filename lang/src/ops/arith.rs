//! Addition, subtraction, multiplication, and the functions of one number that need no library.

use num_complex::{Complex32, Complex64};

use super::loops::{Bool, binary, each, join, longest2, map1, map2, unary};
use super::{DTypeRule, Loop, Row, ufunc1, ufunc2};

/// Loops of floats that nearly every expression goes through.
macro_rules! long {
    (|$a:ident, $b:ident| $e:expr) => {
        &[
            Loop::two::<f32, f32, f32>(|ins, outs| longest2::<f32>(ins, outs, |$a, $b| $e)),
            Loop::two::<f64, f64, f64>(|ins, outs| longest2::<f64>(ins, outs, |$a, $b| $e)),
        ]
    };
}

const ADD: &[Loop] = join![
    binary!(bool, |a, b| Bool(a.0 | b.0)),
    binary!(ints, |a, b| a.wrapping_add(b)),
    long!(|a, b| a + b),
    binary!(complexes, |a, b| a + b),
];

const SUBTRACT: &[Loop] =
    join![binary!(ints, |a, b| a.wrapping_sub(b)), long!(|a, b| a - b), binary!(complexes, |a, b| a - b),];

const MULTIPLY: &[Loop] = join![
    binary!(bool, |a, b| Bool(a.0 & b.0)),
    binary!(ints, |a, b| a.wrapping_mul(b)),
    long!(|a, b| a * b),
    binary!(complexes, |a, b| a * b),
];

const NEGATIVE: &[Loop] =
    join![unary!(ints, |x| x.wrapping_neg()), unary!(floats, |x| -x), unary!(complexes, |x| -x)];

const POSITIVE: &[Loop] = join![unary!(ints, |x| x), unary!(floats, |x| x), unary!(complexes, |x| x)];

const SQUARE: &[Loop] =
    join![unary!(ints, |x| x.wrapping_mul(x)), unary!(floats, |x| x * x), unary!(complexes, |x| x * x)];

const SIGN: &[Loop] = join![
    unary!(sints, |x| x.signum()),
    unary!(uints, |x| x.min(1)),
    // A nan stays itself.
    unary!(floats, |x| if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else if x == 0.0 {
        0.0
    } else {
        x
    }),
    unary!(complexes, |z| super::complex::sign(z)),
];

pub const ROWS: &[Row] = &[
    ufunc2(
        "add",
        &[],
        "The sum of the arguments, element by element.\n\nFor bool it is the logical or. Integers wrap on overflow.",
        "np.add(np.arange(3), 10)",
        ADD,
    ),
    Row {
        dtype: DTypeRule::NotBool(
            "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or \
             the logical_xor function instead.",
        ),
        ..ufunc2(
            "subtract",
            &[],
            "The difference of the arguments, element by element.\n\nIntegers wrap on overflow; bools are refused.",
            "np.subtract(np.arange(3), 10)",
            SUBTRACT,
        )
    },
    ufunc2(
        "multiply",
        &[],
        "The product of the arguments, element by element.\n\nFor bool it is the logical and. Integers wrap on overflow.",
        "np.multiply(np.arange(3), 2.5)",
        MULTIPLY,
    ),
    Row {
        dtype: DTypeRule::NotBool(
            "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the \
             logical_not function instead.",
        ),
        ..ufunc1(
            "negative",
            &[],
            "Minus the argument, element by element.",
            "np.negative(np.arange(3))",
            NEGATIVE,
        )
    },
    Row {
        dtype: DTypeRule::Exact,
        ..ufunc1("positive", &[], "The argument itself, copied.", "np.positive(np.array([-1, 2]))", POSITIVE)
    },
    ufunc1(
        "square",
        &[],
        "The square of the argument, element by element.",
        "np.square(np.arange(4))",
        SQUARE,
    ),
    Row {
        dtype: DTypeRule::Exact,
        ..ufunc1(
            "sign",
            &[],
            "The sign of a number: -1, 0 or 1; nan stays nan.\n\nOf a complex number, z / |z|, and 0 for 0.",
            "np.sign(np.array([-2.5, 0.0, 7.0]))",
            SIGN,
        )
    },
];
