//! Division in all its forms: true, floor, remainder, C's remainder, both at once; gcd and lcm.

use num_complex::{Complex32, Complex64};
use num_traits::{Float, PrimInt, WrappingAdd, WrappingMul, WrappingNeg, WrappingSub};

use super::loops::{binary, binary_split, each, join, map1, map2, split2, unary};
use super::{DTypeRule, Loop, Row, ufunc1, ufunc2};

const DIVIDE: &[Loop] =
    join![binary!(floats, |a, b| a / b), binary!(complexes, |a, b| super::complex::divide(a, b))];

const FLOOR_DIVIDE: &[Loop] = join![
    binary!(ints, |a, b| int_divmod(a, b).0),
    binary!(floats, |a, b| if b == 0.0 { a / b } else { divmod(a, b).0 })
];

const REMAINDER: &[Loop] = join![
    binary!(ints, |a, b| int_divmod(a, b).1),
    binary!(floats, |a, b| if b == 0.0 { a % b } else { divmod(a, b).1 })
];

const DIVMOD: &[Loop] =
    join![binary_split!(ints, |a, b| int_divmod(a, b)), binary_split!(floats, |a, b| divmod(a, b))];

const FMOD: &[Loop] =
    join![binary!(ints, |a, b| if b == 0 { 0 } else { a.wrapping_rem(b) }), binary!(floats, |a, b| a % b)];

const RECIPROCAL: &[Loop] = join![
    // Of 0, what x86-64 makes of an infinite float.
    unary!([i8 u8 i16 u16 u32 u64], |x| inverse(x, 0)),
    unary!([i32], |x| inverse(x, i32::MIN)),
    unary!([i64], |x| inverse(x, i64::MIN)),
    unary!(floats, |x| 1.0 / x),
    unary!(complexes, |z| super::complex::reciprocal(z)),
];

const GCD: &[Loop] = join![binary!(ints, |a, b| gcd(a, b))];

// In unsigned arithmetic, wrapping.
const LCM: &[Loop] = join![
    binary!(sints, |a, b| lcm(a.unsigned_abs(), b.unsigned_abs()) as _),
    binary!(uints, |a, b| lcm(a, b)),
];

fn lcm<T: PrimInt + WrappingMul + WrappingNeg>(a: T, b: T) -> T {
    let divisor = gcd(a, b);
    if divisor.is_zero() { divisor } else { (a / divisor).wrapping_mul(&b) }
}

fn inverse<T: PrimInt>(x: T, of_zero: T) -> T {
    if x.is_zero() { of_zero } else { T::one() / x }
}

/// Quotient rounded down and remainder with the sign of `b`; both 0 for a division by zero, wrapping for MIN // -1.
fn int_divmod<T: PrimInt + WrappingSub + WrappingNeg + WrappingAdd>(a: T, b: T) -> (T, T) {
    let (zero, minus_one) = (T::zero(), T::zero().wrapping_sub(&T::one()));
    if b == zero {
        return (zero, zero);
    }
    if T::min_value() < zero && b == minus_one {
        return (a.wrapping_neg(), zero);
    }
    let (quotient, rest) = (a / b, a % b);
    if rest != zero && (rest < zero) != (b < zero) {
        (quotient - T::one(), rest + b)
    } else {
        (quotient, rest)
    }
}

/// Python's `divmod` of floats, as CPython and NumPy round it; by zero, C's.
fn divmod<T: Float>(a: T, b: T) -> (T, T) {
    let mut rest = a % b;
    if b.is_zero() {
        return (a / b, rest);
    }
    let mut quotient = (a - rest) / b;
    if rest.is_zero() {
        // The sign of a zero remainder is the divisor's.
        rest = T::zero().copysign(b);
    } else if (b < T::zero()) != (rest < T::zero()) {
        rest = rest + b;
        quotient = quotient - T::one();
    }
    if quotient.is_zero() {
        return (T::zero().copysign(a / b), rest);
    }
    let floor = quotient.floor();
    let half = T::one() / (T::one() + T::one());
    (if quotient - floor > half { floor + T::one() } else { floor }, rest)
}

/// |x|, which for the least integer is itself.
fn magnitude<T: PrimInt + WrappingNeg>(x: T) -> T {
    if x < T::zero() { x.wrapping_neg() } else { x }
}

/// Never negative, except where only the least integer's magnitude would do.
fn gcd<T: PrimInt + WrappingNeg>(a: T, b: T) -> T {
    let (mut a, mut b) = (a, b);
    while b != T::zero() {
        // MIN % -1 overflows; any number divides by 1.
        let rest = if magnitude(b) == T::one() { T::zero() } else { a % b };
        (a, b) = (b, rest);
    }
    magnitude(a)
}

pub const ROWS: &[Row] = &[
    Row {
        dtype: DTypeRule::TrueDivide,
        ..ufunc2(
            "divide",
            &["true_divide"],
            "The true quotient of the arguments: integers give float64.\n\nx / 0 is inf or nan.",
            "np.divide(np.arange(4), 2)",
            DIVIDE,
        )
    },
    ufunc2(
        "floor_divide",
        &[],
        "The quotient rounded down, as Python's `//`.\n\nAn integer divided by 0 gives 0.",
        "np.floor_divide(np.array([7, -7]), 2)",
        FLOOR_DIVIDE,
    ),
    ufunc2(
        "remainder",
        &["mod"],
        "The remainder of `floor_divide`, with the divisor's sign, as Python's `%`.\n\nAn integer modulo 0 gives 0.",
        "np.remainder(np.array([7, -7]), 3)",
        REMAINDER,
    ),
    ufunc2(
        "fmod",
        &[],
        "The remainder of division rounded towards zero, with the dividend's sign, as C's.",
        "np.fmod(np.array([7, -7]), 3)",
        FMOD,
    ),
    ufunc2(
        "divmod",
        &[],
        "`floor_divide` and `remainder` at once, as two arrays.",
        "np.divmod(np.arange(5), 3)",
        DIVMOD,
    ),
    ufunc1(
        "reciprocal",
        &[],
        "1 / x, element by element.\n\nOf integers it is 0 but for 1 and -1: use `1 / x` for the quotient.",
        "np.reciprocal(np.array([0.5, 4.0]))",
        RECIPROCAL,
    ),
    Row {
        dtype: DTypeRule::Exact,
        ..ufunc2("gcd", &[], "The greatest common divisor of integers.", "np.gcd(np.array([12, 20]), 8)", GCD)
    },
    Row {
        dtype: DTypeRule::Exact,
        ..ufunc2("lcm", &[], "The least common multiple of integers.", "np.lcm(np.array([12, 20]), 8)", LCM)
    },
];
