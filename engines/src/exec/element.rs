//! The thirteen element types as Rust types, with the arithmetic that reductions need of them.

use bytemuck::Pod;
use num_complex::{Complex32, Complex64};

/// An element of a block. Integers wrap as NumPy's do; bool adds as `or` and multiplies as `and`.
pub trait Element: Pod + Send + Sync {
    fn zero() -> Self;
    fn one() -> Self;
    fn plus(self, other: Self) -> Self;
    fn times(self, other: Self) -> Self;
    /// NumPy's order: complex numbers lexicographically. False where either is nan.
    fn less(self, other: Self) -> bool;
    fn is_nan(self) -> bool;
    fn is_truthy(self) -> bool;
    /// The sum of `get(0..n)`, in NumPy's order of additions (pairwise for inexact types).
    fn sum(n: usize, get: &impl Fn(usize) -> Self) -> Self {
        (0..n).fold(Self::zero(), |sum, i| sum.plus(get(i)))
    }
}

/// An element of an array of bool: a byte, 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct Flag(pub u8);

impl Element for Flag {
    fn zero() -> Flag {
        Flag(0)
    }
    fn one() -> Flag {
        Flag(1)
    }
    fn plus(self, other: Flag) -> Flag {
        Flag(self.0 | other.0)
    }
    fn times(self, other: Flag) -> Flag {
        Flag(self.0 & other.0)
    }
    fn less(self, other: Flag) -> bool {
        self.0 < other.0
    }
    fn is_nan(self) -> bool {
        false
    }
    fn is_truthy(self) -> bool {
        self.0 != 0
    }
}

macro_rules! integers {
    ($($t:ty)*) => {$(
        impl Element for $t {
            fn zero() -> $t {
                0
            }
            fn one() -> $t {
                1
            }
            fn plus(self, other: $t) -> $t {
                self.wrapping_add(other)
            }
            fn times(self, other: $t) -> $t {
                self.wrapping_mul(other)
            }
            fn less(self, other: $t) -> bool {
                self < other
            }
            fn is_nan(self) -> bool {
                false
            }
            fn is_truthy(self) -> bool {
                self != 0
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 u8 u16 u32 u64);

macro_rules! floats {
    ($($t:ty)*) => {$(
        impl Element for $t {
            fn zero() -> $t {
                0.0
            }
            fn one() -> $t {
                1.0
            }
            fn plus(self, other: $t) -> $t {
                self + other
            }
            fn times(self, other: $t) -> $t {
                self * other
            }
            fn less(self, other: $t) -> bool {
                self < other
            }
            fn is_nan(self) -> bool {
                self.is_nan()
            }
            fn is_truthy(self) -> bool {
                self != 0.0
            }
            fn sum(n: usize, get: &impl Fn(usize) -> $t) -> $t {
                pairwise(0, n, 8, -0.0, get, |r| ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7])))
            }
        }
    )*};
}

floats!(f32 f64);

macro_rules! complexes {
    ($($t:ty)*) => {$(
        impl Element for $t {
            fn zero() -> $t {
                <$t>::new(0.0, 0.0)
            }
            fn one() -> $t {
                <$t>::new(1.0, 0.0)
            }
            fn plus(self, other: $t) -> $t {
                self + other
            }
            fn times(self, other: $t) -> $t {
                self * other
            }
            fn less(self, other: $t) -> bool {
                self.re < other.re || (self.re == other.re && self.im < other.im)
            }
            fn is_nan(self) -> bool {
                self.re.is_nan() || self.im.is_nan()
            }
            fn is_truthy(self) -> bool {
                self.re != 0.0 || self.im != 0.0
            }
            fn sum(n: usize, get: &impl Fn(usize) -> $t) -> $t {
                pairwise(0, n, 4, <$t>::new(-0.0, -0.0), get, |r| (r[0] + r[1]) + (r[2] + r[3]))
            }
        }
    )*};
}

complexes!(Complex32 Complex64);

/// NumPy's pairwise summation: runs of up to 16 times `lanes` elements in `lanes` interleaved sums, longer ones halved.
/// Its error grows with the logarithm of `n`, and its very order gives NumPy's bits.
fn pairwise<T: Element>(
    start: usize,
    n: usize,
    lanes: usize,
    empty: T,
    get: &impl Fn(usize) -> T,
    fold: impl Fn(&[T; 8]) -> T + Copy,
) -> T {
    if n < lanes {
        return (start..start + n).fold(empty, |sum, i| sum.plus(get(i)));
    }
    if n > 16 * lanes {
        let half = n / 2 - n / 2 % lanes;
        let left = pairwise(start, half, lanes, empty, get, fold);
        return left.plus(pairwise(start + half, n - half, lanes, empty, get, fold));
    }
    let mut sums = [empty; 8];
    for (k, sum) in sums[..lanes].iter_mut().enumerate() {
        *sum = get(start + k);
    }
    let even = n - n % lanes;
    for i in (lanes..even).step_by(lanes) {
        for (k, sum) in sums[..lanes].iter_mut().enumerate() {
            *sum = sum.plus(get(start + i + k));
        }
    }
    (start + even..start + n).fold(fold(&sums), |sum, i| sum.plus(get(i)))
}

/// Runs `$body` with the type `$t` standing for the dtype's element type.
#[macro_export]
macro_rules! with_element {
    ($dtype:expr, $t:ident => $body:expr) => {
        match $dtype {
            lang::dtype::DType::Bool => {
                type $t = $crate::exec::element::Flag;
                $body
            }
            lang::dtype::DType::I8 => {
                type $t = i8;
                $body
            }
            lang::dtype::DType::I16 => {
                type $t = i16;
                $body
            }
            lang::dtype::DType::I32 => {
                type $t = i32;
                $body
            }
            lang::dtype::DType::I64 => {
                type $t = i64;
                $body
            }
            lang::dtype::DType::U8 => {
                type $t = u8;
                $body
            }
            lang::dtype::DType::U16 => {
                type $t = u16;
                $body
            }
            lang::dtype::DType::U32 => {
                type $t = u32;
                $body
            }
            lang::dtype::DType::U64 => {
                type $t = u64;
                $body
            }
            lang::dtype::DType::F32 => {
                type $t = f32;
                $body
            }
            lang::dtype::DType::F64 => {
                type $t = f64;
                $body
            }
            lang::dtype::DType::C64 => {
                type $t = num_complex::Complex32;
                $body
            }
            lang::dtype::DType::C128 => {
                type $t = num_complex::Complex64;
                $body
            }
        }
    };
}
