//! Comparisons, and the greater and lesser of two. Complex numbers compare by their real, then imaginary parts.

use num_complex::{Complex32, Complex64};

use super::complex::{ge, gt, has_nan, le, lt};
use super::loops::{Bool, binary, each, join, map2};
use super::{DTypeRule, Loop, Row, ufunc2};

/// A comparison of equal dtypes by an operator, of int64 with uint64 exactly, and of complex numbers by a function.
macro_rules! comparison {
    ($op:tt, |$a:ident, $b:ident| $complex:expr) => {
        join![
            binary!(bool => Bool, |a, b| (a $op b).into()),
            binary!(ints => Bool, |a, b| (a $op b).into()),
            &[
                Loop::two::<i64, u64, Bool>(|i, o| map2(i, o, |a: i64, b: u64| Bool::from((a as i128) $op (b as i128)))),
                Loop::two::<u64, i64, Bool>(|i, o| map2(i, o, |a: u64, b: i64| Bool::from((a as i128) $op (b as i128)))),
            ],
            binary!(floats => Bool, |a, b| (a $op b).into()),
            binary!(complexes => Bool, |$a, $b| ($complex).into()),
        ]
    };
}

const EQUAL: &[Loop] = comparison!(==, |a, b| a == b);
const NOT_EQUAL: &[Loop] = comparison!(!=, |a, b| a != b);
const LESS: &[Loop] = comparison!(<, |a, b| lt(a, b));
const LESS_EQUAL: &[Loop] = comparison!(<=, |a, b| le(a, b));
const GREATER: &[Loop] = comparison!(>, |a, b| gt(a, b));
const GREATER_EQUAL: &[Loop] = comparison!(>=, |a, b| ge(a, b));

// Of two equal floats the second is taken, which tells 0 from -0.
const MAXIMUM: &[Loop] = join![
    binary!(bool, |a, b| a.max(b)),
    binary!(ints, |a, b| a.max(b)),
    binary!(floats, |a, b| if a > b || a.is_nan() { a } else { b }),
    binary!(complexes, |a, b| if ge(a, b) || has_nan(a) { a } else { b }),
];

const MINIMUM: &[Loop] = join![
    binary!(bool, |a, b| a.min(b)),
    binary!(ints, |a, b| a.min(b)),
    binary!(floats, |a, b| if a < b || a.is_nan() { a } else { b }),
    binary!(complexes, |a, b| if le(a, b) || has_nan(a) { a } else { b }),
];

const FMAX: &[Loop] = join![
    binary!(bool, |a, b| a.max(b)),
    binary!(ints, |a, b| a.max(b)),
    binary!(floats, |a, b| if a > b || b.is_nan() { a } else { b }),
    binary!(complexes, |a, b| if ge(a, b) || has_nan(b) { a } else { b }),
];

const FMIN: &[Loop] = join![
    binary!(bool, |a, b| a.min(b)),
    binary!(ints, |a, b| a.min(b)),
    binary!(floats, |a, b| if a < b || b.is_nan() { a } else { b }),
    binary!(complexes, |a, b| if le(a, b) || has_nan(b) { a } else { b }),
];

const fn comparison(
    name: &'static str,
    doc: &'static str,
    example: &'static str,
    loops: &'static [Loop],
) -> Row {
    Row { dtype: DTypeRule::Compare, ..ufunc2(name, &[], doc, example, loops) }
}

pub const ROWS: &[Row] = &[
    comparison("equal", "x1 == x2, element by element.", "np.equal(np.arange(3), 1)", EQUAL),
    comparison("not_equal", "x1 != x2, element by element.", "np.not_equal(np.arange(3), 1)", NOT_EQUAL),
    comparison("less", "x1 < x2, element by element.", "np.less(np.arange(3), 1)", LESS),
    comparison("less_equal", "x1 <= x2, element by element.", "np.less_equal(np.arange(3), 1)", LESS_EQUAL),
    comparison("greater", "x1 > x2, element by element.", "np.greater(np.arange(3), 1)", GREATER),
    comparison(
        "greater_equal",
        "x1 >= x2, element by element.",
        "np.greater_equal(np.arange(3), 1)",
        GREATER_EQUAL,
    ),
    ufunc2(
        "maximum",
        &[],
        "The greater of two, element by element; nan if either is.",
        "np.maximum(np.array([1.0, np.nan]), 2)",
        MAXIMUM,
    ),
    ufunc2(
        "minimum",
        &[],
        "The lesser of two, element by element; nan if either is.",
        "np.minimum(np.array([1.0, np.nan]), 2)",
        MINIMUM,
    ),
    ufunc2(
        "fmax",
        &[],
        "The greater of two, element by element; the other where one is nan.",
        "np.fmax(np.array([1.0, np.nan]), 2)",
        FMAX,
    ),
    ufunc2(
        "fmin",
        &[],
        "The lesser of two, element by element; the other where one is nan.",
        "np.fmin(np.array([1.0, np.nan]), 2)",
        FMIN,
    ),
];
