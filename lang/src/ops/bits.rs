//! Bitwise functions of integers and bools, and shifts.

use num_traits::{AsPrimitive, PrimInt};

use super::loops::{Bool, binary, each, join, map1, map2, unary};
use super::{Loop, Row, ufunc1, ufunc2};

const AND: &[Loop] = join![binary!(bool, |a, b| Bool(a.0 & b.0)), binary!(ints, |a, b| a & b)];
const OR: &[Loop] = join![binary!(bool, |a, b| Bool(a.0 | b.0)), binary!(ints, |a, b| a | b)];
const XOR: &[Loop] = join![binary!(bool, |a, b| Bool(a.0 ^ b.0)), binary!(ints, |a, b| a ^ b)];
const INVERT: &[Loop] = join![unary!(bool, |x| Bool(x.0 ^ 1)), unary!(ints, |x| !x)];

const LEFT_SHIFT: &[Loop] = join![binary!(ints, |a, b| left_shift(a, b))];
const RIGHT_SHIFT: &[Loop] = join![binary!(ints, |a, b| right_shift(a, b))];

const COUNT: &[Loop] = join![
    unary!(sints => u8, |x| x.unsigned_abs().count_ones() as u8),
    unary!(uints => u8, |x| x.count_ones() as u8),
];

/// A shift by as many bits as there are, or by a negative count, moves every bit out.
fn left_shift<T: PrimInt + AsPrimitive<u64>>(a: T, by: T) -> T {
    let by: u64 = by.as_();
    if by < 8 * size_of::<T>() as u64 { a << by as usize } else { T::zero() }
}

/// The sign is what moves in.
fn right_shift<T: PrimInt + AsPrimitive<u64>>(a: T, by: T) -> T {
    let (by, bits): (u64, u64) = (by.as_(), 8 * size_of::<T>() as u64);
    a >> by.min(bits - 1) as usize >> (by >= bits) as usize
}

pub const ROWS: &[Row] = &[
    ufunc2("bitwise_and", &[], "The bits set in both.", "np.bitwise_and(np.array([12, 10]), 6)", AND),
    ufunc2("bitwise_or", &[], "The bits set in either.", "np.bitwise_or(np.array([12, 10]), 6)", OR),
    ufunc2("bitwise_xor", &[], "The bits set in just one.", "np.bitwise_xor(np.array([12, 10]), 6)", XOR),
    ufunc1(
        "invert",
        &["bitwise_not", "bitwise_invert"],
        "All bits flipped; of bool, the logical not.",
        "np.invert(np.array([0, 5]))",
        INVERT,
    ),
    ufunc2(
        "left_shift",
        &["bitwise_left_shift"],
        "The bits moved up by x2; what leaves the dtype is lost.",
        "np.left_shift(np.array([1, 5]), 2)",
        LEFT_SHIFT,
    ),
    ufunc2(
        "right_shift",
        &["bitwise_right_shift"],
        "The bits moved down by x2; the sign stays.",
        "np.right_shift(np.array([8, -5]), 1)",
        RIGHT_SHIFT,
    ),
    ufunc1(
        "bitwise_count",
        &[],
        "How many bits of |x| are 1, as uint8.",
        "np.bitwise_count(np.array([7, -8]))",
        COUNT,
    ),
];
