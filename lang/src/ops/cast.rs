//! Conversions between all dtypes, as C and NumPy on x86-64 do them: never failing, wrapping where they must.

use num_complex::{Complex32, Complex64};

use super::loops::{Bool, map1};
use super::{LoopFn, loops::Elem};
use crate::dtype::DType;

/// `a as B`, by C's rules.
trait To<B> {
    fn to(self) -> B;
}

/// The loop that converts `from` to `to`: one input, one output.
///
/// Integers wrap; a float is truncated towards zero, and one that is nan or beyond the integer's range gives what
/// x86-64 gives in NumPy; the imaginary part is dropped; anything but zero (nan included) is True.
pub fn cast(from: DType, to: DType) -> LoopFn {
    match from {
        DType::Bool => cast_from::<Bool>(to),
        DType::I8 => cast_from::<i8>(to),
        DType::I16 => cast_from::<i16>(to),
        DType::I32 => cast_from::<i32>(to),
        DType::I64 => cast_from::<i64>(to),
        DType::U8 => cast_from::<u8>(to),
        DType::U16 => cast_from::<u16>(to),
        DType::U32 => cast_from::<u32>(to),
        DType::U64 => cast_from::<u64>(to),
        DType::F32 => cast_from::<f32>(to),
        DType::F64 => cast_from::<f64>(to),
        DType::C64 => cast_from::<Complex32>(to),
        DType::C128 => cast_from::<Complex64>(to),
    }
}

/// Conversion to each of the dtypes.
trait ToAll:
    Elem
    + To<Bool>
    + To<i8>
    + To<i16>
    + To<i32>
    + To<i64>
    + To<u8>
    + To<u16>
    + To<u32>
    + To<u64>
    + To<f32>
    + To<f64>
    + To<Complex32>
    + To<Complex64>
{
}

fn cast_from<A: ToAll>(to: DType) -> LoopFn {
    fn run<A: To<B> + Elem, B: Elem>(ins: &[&[u8]], outs: &mut [&mut [u8]]) {
        map1(ins, outs, |a: A| -> B { a.to() });
    }
    match to {
        DType::Bool => run::<A, Bool>,
        DType::I8 => run::<A, i8>,
        DType::I16 => run::<A, i16>,
        DType::I32 => run::<A, i32>,
        DType::I64 => run::<A, i64>,
        DType::U8 => run::<A, u8>,
        DType::U16 => run::<A, u16>,
        DType::U32 => run::<A, u32>,
        DType::U64 => run::<A, u64>,
        DType::F32 => run::<A, f32>,
        DType::F64 => run::<A, f64>,
        DType::C64 => run::<A, Complex32>,
        DType::C128 => run::<A, Complex64>,
    }
}

/// From a real type: to each type by the expression given.
macro_rules! real {
    ($($a:ty),*; $x:ident => $via:expr) => { $(
        real!(@ $a; $x, $via; i8 i16 i32 i64 u8 u16 u32 u64 f32 f64);
        impl To<Bool> for $a { fn to(self) -> Bool { Bool((self != 0 as $a) as u8) } }
        impl To<Complex32> for $a { fn to(self) -> Complex32 { Complex32::new(self as f32, 0.0) } }
        impl To<Complex64> for $a { fn to(self) -> Complex64 { Complex64::new(self as f64, 0.0) } }
        impl ToAll for $a {}
    )* };
    (@ $a:ty; $x:ident, $via:expr; $($b:ty)*) => { $(
        impl To<$b> for $a { fn to(self) -> $b { let $x = self; $via as $b } }
    )* };
}

real!(i8, i16, i32, i64, u8, u16, u32, u64; x => x);

/// From a float to each integer type, through the one that x86-64 converts to.
macro_rules! float {
    ($($a:ty),*) => { $(
        float!(@ $a; i8 => i32_of, i16 => i32_of, i32 => i32_of, i64 => i64_of, u8 => i32_of, u16 => i32_of, u32 => i64_of, u64 => u64_of);
        impl To<f32> for $a { fn to(self) -> f32 { self as f32 } }
        impl To<f64> for $a { fn to(self) -> f64 { self as f64 } }
        impl To<Bool> for $a { fn to(self) -> Bool { Bool((self != 0.0) as u8) } }
        impl To<Complex32> for $a { fn to(self) -> Complex32 { Complex32::new(self as f32, 0.0) } }
        impl To<Complex64> for $a { fn to(self) -> Complex64 { Complex64::new(self as f64, 0.0) } }
        impl ToAll for $a {}
    )* };
    (@ $a:ty; $($b:ty => $via:ident),*) => { $(
        impl To<$b> for $a { fn to(self) -> $b { $via(self as f64) as $b } }
    )* };
}

float!(f32, f64);

/// `cvttsd2si` to 32 bits: nan and what does not fit give the least integer.
fn i32_of(x: f64) -> i32 {
    if x > -2147483649.0 && x < 2147483648.0 { x as i32 } else { i32::MIN }
}

/// `cvttsd2si` to 64 bits.
fn i64_of(x: f64) -> i64 {
    if (-9223372036854775808.0..9223372036854775808.0).contains(&x) { x as i64 } else { i64::MIN }
}

/// How compilers convert to 64 unsigned bits: the upper half through the signed conversion.
fn u64_of(x: f64) -> u64 {
    const HALF: f64 = 9223372036854775808.0;
    if x >= HALF { (i64_of(x - HALF) as u64) ^ (1 << 63) } else { i64_of(x) as u64 }
}

impl<B: Elem> To<B> for Bool
where
    u8: To<B>,
{
    fn to(self) -> B {
        self.0.to()
    }
}

impl ToAll for Bool {}

macro_rules! complex {
    ($($c:ty, $part:ty);*) => { $(
        complex!(@ $c; i8 i16 i32 i64 u8 u16 u32 u64 f32 f64);
        impl To<Bool> for $c { fn to(self) -> Bool { Bool((self.re != 0.0 || self.im != 0.0) as u8) } }
        impl To<Complex32> for $c { fn to(self) -> Complex32 { Complex32::new(self.re as f32, self.im as f32) } }
        impl To<Complex64> for $c { fn to(self) -> Complex64 { Complex64::new(self.re as f64, self.im as f64) } }
        impl ToAll for $c {}
    )* };
    (@ $c:ty; $($b:ty)*) => { $(
        impl To<$b> for $c { fn to(self) -> $b { self.re.to() } }
    )* };
}

complex!(Complex32, f32; Complex64, f64);
