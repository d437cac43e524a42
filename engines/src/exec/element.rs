//! The thirteen element types as Rust types, with the arithmetic that reductions need of them.

use bytemuck::Pod;
use lang::dtype::DType;
use lang::ops::wide::wide;
use lang::scalar::Scalar;
use num_complex::{Complex32, Complex64};

use crate::block::Block;
use crate::watch::{LOOK, go_on};
use crate::with_element;

/// An element of a block. Integers wrap as NumPy's do; bool adds as `or` and multiplies as `and`.
pub trait Element: Pod + Send + Sync {
    /// How many interleaved sums a long sum is cut into: where it is halved, the left half is a multiple of it.
    const LANES: usize = 1;
    fn zero() -> Self;
    fn one() -> Self;
    fn plus(self, other: Self) -> Self;
    fn times(self, other: Self) -> Self;
    /// NumPy's order: complex numbers lexicographically. False where either is nan.
    fn less(self, other: Self) -> bool;
    fn is_nan(self) -> bool;
    fn is_truthy(self) -> bool;
    /// The sum of `f` over `items`, in NumPy's order of additions (pairwise for inexact types).
    fn sum<U: Copy>(items: &[U], f: impl Fn(U) -> Self) -> Self {
        let parts = items.chunks(LOOK).take_while(|_| go_on());
        parts.fold(Self::zero(), |sum, part| part.iter().fold(sum, |sum, &x| sum.plus(f(x))))
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
            const LANES: usize = 8;
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
            fn sum<U: Copy>(items: &[U], f: impl Fn(U) -> $t) -> $t {
                pairwise(items, &|run: &[U]| {
                    lanes::<$t, U, 8>(run, -0.0, &f, |r| ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7])))
                }, 8)
            }
        }
    )*};
}

floats!(f32 f64);

macro_rules! complexes {
    ($($t:ty)*) => {$(
        impl Element for $t {
            const LANES: usize = 4;
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
            fn sum<U: Copy>(items: &[U], f: impl Fn(U) -> $t) -> $t {
                let empty = <$t>::new(-0.0, -0.0);
                pairwise(items, &|run: &[U]| lanes::<$t, U, 4>(run, empty, &f, |r| (r[0] + r[1]) + (r[2] + r[3])), 4)
            }
        }
    )*};
}

complexes!(Complex32 Complex64);

/// NumPy's pairwise summation: runs of up to 16 times `lanes` elements by `run`, longer ones halved. Its error grows
/// with the logarithm of the length, and its very order gives NumPy's bits.
fn pairwise<T: Element, U>(items: &[U], run: &impl Fn(&[U]) -> T, lanes: usize) -> T {
    if items.len() < 2 * lanes {
        return run(items);
    }
    if items.len() <= 16 * lanes {
        let mut sum = T::zero();
        wide(
            #[inline(always)]
            || sum = run(items),
        );
        return sum;
    }
    if items.len() > LOOK && !go_on() {
        return T::zero();
    }
    let half = items.len() / 2;
    let (left, right) = items.split_at(half - half % lanes);
    pairwise(left, run, lanes).plus(pairwise(right, run, lanes))
}

/// The sum of a short run in `LANES` interleaved sums.
#[inline(always)]
fn lanes<T: Element, U: Copy, const LANES: usize>(
    items: &[U],
    empty: T,
    f: &impl Fn(U) -> T,
    join: impl Fn([T; LANES]) -> T,
) -> T {
    let (chunks, rest) = items.as_chunks::<LANES>();
    let Some((first, chunks)) = chunks.split_first() else {
        return items.iter().fold(empty, |sum, &x| sum.plus(f(x)));
    };
    let mut sums = first.map(f);
    for chunk in chunks {
        for (sum, &x) in sums.iter_mut().zip(chunk) {
            *sum = sum.plus(f(x));
        }
    }
    rest.iter().fold(join(sums), |sum, &x| sum.plus(f(x)))
}

/// The elements of a block whose dtype has element type `T`.
pub fn typed<T: Element>(block: &Block) -> &[T] {
    bytemuck::cast_slice(block.bytes())
}

/// The elements of a block whose dtype has element type `T`, to write.
pub fn typed_mut<T: Element>(block: &mut Block) -> &mut [T] {
    bytemuck::cast_slice_mut(block.bytes_mut())
}

/// `len` equal elements; may be left unfinished (`engines::watch`).
pub fn filled(dtype: DType, len: usize, value: Scalar) -> Block {
    let mut block = Block::zeros(dtype, len);
    let mut one = Block::zeros(dtype, 1);
    one.set(0, value);
    with_element!(dtype, T => {
        let value = typed::<T>(&one)[0];
        typed_mut::<T>(&mut block).chunks_mut(LOOK).take_while(|_| go_on()).for_each(|part| part.fill(value));
    });
    block
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
