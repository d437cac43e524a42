//! How a typed loop is written: one expression per element, mapped over contiguous tiles.
//!
//! Every loop runs through `map1`, `map2`, `map3` or `split1`, `split2` below: there `wide` chooses the code for the
//! processor's vectors.

use bytemuck::Pod;
use num_complex::{Complex32, Complex64};

use super::wide::{wide, widest};
use super::{CheckFn, Loop, LoopFn};
use crate::dtype::DType;

/// One byte of a bool array, 0 or 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct Bool(pub u8);

impl Bool {
    pub fn get(self) -> bool {
        self.0 != 0
    }
}

impl From<bool> for Bool {
    fn from(x: bool) -> Bool {
        Bool(x as u8)
    }
}

/// The Rust type that holds an element of a dtype.
pub trait Elem: Pod {
    const DTYPE: DType;
}

macro_rules! elems {
    ($($t:ty => $d:ident),* $(,)?) => { $(impl Elem for $t { const DTYPE: DType = DType::$d; })* };
}

elems! {
    Bool => Bool, i8 => I8, i16 => I16, i32 => I32, i64 => I64, u8 => U8, u16 => U16, u32 => U32, u64 => U64,
    f32 => F32, f64 => F64, Complex32 => C64, Complex64 => C128,
}

fn tile<T: Pod>(bytes: &[u8]) -> &[T] {
    bytemuck::cast_slice(bytes)
}

fn tile_mut<T: Pod>(bytes: &mut [u8]) -> &mut [T] {
    bytemuck::cast_slice_mut(bytes)
}

/// `out[i] = f(a[i])`.
#[inline(always)]
pub fn map1<A: Pod, R: Pod>(ins: &[&[u8]], outs: &mut [&mut [u8]], f: impl Fn(A) -> R) {
    let (a, r) = (tile(ins[0]), tile_mut(outs[0]));
    wide(|| r.iter_mut().zip(a).for_each(|(r, &a)| *r = f(a)));
}

/// `out[i] = f(a[i], b[i])`.
#[inline(always)]
pub fn map2<A: Pod, B: Pod, R: Pod>(ins: &[&[u8]], outs: &mut [&mut [u8]], f: impl Fn(A, B) -> R) {
    let (a, b, r) = (tile(ins[0]), tile(ins[1]), tile_mut(outs[0]));
    wide(|| r.iter_mut().zip(a).zip(b).for_each(|((r, &a), &b)| *r = f(a, b)));
}

/// As `map2`, for the longest vectors there are.
#[inline(always)]
pub fn longest2<T: Pod>(ins: &[&[u8]], outs: &mut [&mut [u8]], f: impl Fn(T, T) -> T) {
    let (a, b, r) = (tile(ins[0]), tile(ins[1]), tile_mut(outs[0]));
    widest(|| r.iter_mut().zip(a).zip(b).for_each(|((r, &a), &b)| *r = f(a, b)));
}

/// As `map3`, for the longest vectors there are.
#[inline(always)]
pub fn longest3<T: Pod>(ins: &[&[u8]], outs: &mut [&mut [u8]], f: impl Fn(T, T, T) -> T) {
    let (a, b, c, r) = (tile(ins[0]), tile(ins[1]), tile(ins[2]), tile_mut(outs[0]));
    widest(|| r.iter_mut().zip(a).zip(b).zip(c).for_each(|(((r, &a), &b), &c)| *r = f(a, b, c)));
}

/// `out[i] = f(a[i], b[i], c[i])`.
#[inline(always)]
pub fn map3<A: Pod, B: Pod, C: Pod, R: Pod>(ins: &[&[u8]], outs: &mut [&mut [u8]], f: impl Fn(A, B, C) -> R) {
    let (a, b, c, r) = (tile(ins[0]), tile(ins[1]), tile(ins[2]), tile_mut(outs[0]));
    wide(|| r.iter_mut().zip(a).zip(b).zip(c).for_each(|(((r, &a), &b), &c)| *r = f(a, b, c)));
}

/// `(out0[i], out1[i]) = f(a[i])`.
#[inline(always)]
pub fn split1<A: Pod, R: Pod, S: Pod>(ins: &[&[u8]], outs: &mut [&mut [u8]], f: impl Fn(A) -> (R, S)) {
    let [r, s] = outs else { return };
    let (a, r, s) = (tile(ins[0]), tile_mut(r), tile_mut(s));
    wide(|| r.iter_mut().zip(s).zip(a).for_each(|((r, s), &a)| (*r, *s) = f(a)));
}

/// `(out0[i], out1[i]) = f(a[i], b[i])`.
#[inline(always)]
pub fn split2<A: Pod, B: Pod, R: Pod, S: Pod>(
    ins: &[&[u8]],
    outs: &mut [&mut [u8]],
    f: impl Fn(A, B) -> (R, S),
) {
    let [r, s] = outs else { return };
    let (a, b, r, s) = (tile(ins[0]), tile(ins[1]), tile_mut(r), tile_mut(s));
    wide(|| r.iter_mut().zip(s).zip(a).zip(b).for_each(|(((r, s), &a), &b)| (*r, *s) = f(a, b)));
}

/// Whether any element of the tile is as `f` says: what checks are made of.
pub fn any<T: Pod>(bytes: &[u8], f: impl Fn(T) -> bool) -> bool {
    tile(bytes).iter().any(|&x| f(x))
}

impl Loop {
    pub const fn one<A: Elem, R: Elem>(run: LoopFn) -> Loop {
        Loop { ins: &[A::DTYPE], outs: &[R::DTYPE], run, check: None }
    }

    pub const fn two<A: Elem, B: Elem, R: Elem>(run: LoopFn) -> Loop {
        Loop { ins: &[A::DTYPE, B::DTYPE], outs: &[R::DTYPE], run, check: None }
    }

    pub const fn three<A: Elem, B: Elem, C: Elem, R: Elem>(run: LoopFn) -> Loop {
        Loop { ins: &[A::DTYPE, B::DTYPE, C::DTYPE], outs: &[R::DTYPE], run, check: None }
    }

    pub const fn one_split<A: Elem, R: Elem, S: Elem>(run: LoopFn) -> Loop {
        Loop { ins: &[A::DTYPE], outs: &[R::DTYPE, S::DTYPE], run, check: None }
    }

    pub const fn two_split<A: Elem, B: Elem, R: Elem, S: Elem>(run: LoopFn) -> Loop {
        Loop { ins: &[A::DTYPE, B::DTYPE], outs: &[R::DTYPE, S::DTYPE], run, check: None }
    }

    pub const fn checked(self, check: CheckFn) -> Loop {
        Loop { check: Some(check), ..self }
    }
}

/// `each!(SET, MACRO, ARGS)`: what `MACRO!(@ T ARGS)` gives for each type of a set, as a slice.
macro_rules! each {
    (bool, $m:ident, $args:tt) => { each!([Bool], $m, $args) };
    (sints, $m:ident, $args:tt) => { each!([i8 i16 i32 i64], $m, $args) };
    (uints, $m:ident, $args:tt) => { each!([u8 u16 u32 u64], $m, $args) };
    (ints, $m:ident, $args:tt) => { each!([i8 u8 i16 u16 i32 u32 i64 u64], $m, $args) };
    (floats, $m:ident, $args:tt) => { each!([f32 f64], $m, $args) };
    (complexes, $m:ident, $args:tt) => { each!([Complex32 Complex64], $m, $args) };
    ([$($t:ident)*], $m:ident, $args:tt) => { &[$($m!(@ $t $args)),*] };
}

/// Loops `T -> T` or `T -> R` for each type of a set: `unary!(floats, |x| x + 1.0)`, `unary!(ints => Bool, |x| ..)`.
macro_rules! unary {
    (@ $t:ident (|$a:ident| $e:expr)) => { unary!(@ $t ($t, |$a| $e)) };
    (@ $t:ident ($r:ident, |$a:ident| $e:expr)) => {
        Loop::one::<$t, $r>(|ins, outs| map1(ins, outs, |$a: $t| -> $r { $e }))
    };
    ($set:tt => $r:ident, |$a:ident| $e:expr) => { each!($set, unary, ($r, |$a| $e)) };
    ($set:tt, |$a:ident| $e:expr) => { each!($set, unary, (|$a| $e)) };
}

/// Loops `T, T -> T` or `T, T -> R` for each type of a set.
macro_rules! binary {
    (@ $t:ident (|$a:ident, $b:ident| $e:expr)) => { binary!(@ $t ($t, |$a, $b| $e)) };
    (@ $t:ident ($r:ident, |$a:ident, $b:ident| $e:expr)) => {
        Loop::two::<$t, $t, $r>(|ins, outs| map2(ins, outs, |$a: $t, $b: $t| -> $r { $e }))
    };
    ($set:tt => $r:ident, |$a:ident, $b:ident| $e:expr) => { each!($set, binary, ($r, |$a, $b| $e)) };
    ($set:tt, |$a:ident, $b:ident| $e:expr) => { each!($set, binary, (|$a, $b| $e)) };
}

/// Loops `T -> (T, T)` for each type of a set.
macro_rules! unary_split {
    (@ $t:ident (|$a:ident| $e:expr)) => {
        Loop::one_split::<$t, $t, $t>(|ins, outs| split1(ins, outs, |$a: $t| -> ($t, $t) { $e }))
    };
    ($set:tt, |$a:ident| $e:expr) => {
        each!($set, unary_split, (|$a| $e))
    };
}

/// Loops `T, T -> (T, T)` for each type of a set.
macro_rules! binary_split {
    (@ $t:ident (|$a:ident, $b:ident| $e:expr)) => {
        Loop::two_split::<$t, $t, $t, $t>(|ins, outs| split2(ins, outs, |$a: $t, $b: $t| -> ($t, $t) { $e }))
    };
    ($set:tt, |$a:ident, $b:ident| $e:expr) => {
        each!($set, binary_split, (|$a, $b| $e))
    };
}

/// The loops of several sets as one slice, in NumPy's order.
macro_rules! join {
    ($($part:expr),* $(,)?) => {{
        const PARTS: &[&[Loop]] = &[$($part),*];
        const LEN: usize = super::loops::total(PARTS);
        const ALL: [Loop; LEN] = super::loops::join_parts(PARTS);
        &ALL
    }};
}

pub(super) use {binary, binary_split, each, join, unary, unary_split};

/// How many loops there are in all.
pub const fn total(parts: &[&[Loop]]) -> usize {
    let (mut n, mut i) = (0, 0);
    while i < parts.len() {
        n += parts[i].len();
        i += 1;
    }
    n
}

/// The parts in one array, sorted by their inputs in NumPy's order `? b B h H i I l L f d F D`, in which the
/// search for a loop must go; loops of equal inputs keep their places.
pub const fn join_parts<const N: usize>(parts: &[&[Loop]]) -> [Loop; N] {
    let mut all = [parts[0][0]; N];
    let (mut n, mut i) = (0, 0);
    while i < parts.len() {
        let mut j = 0;
        while j < parts[i].len() {
            let mut k = n;
            while k > 0 && order(&all[k - 1]) > order(&parts[i][j]) {
                all[k] = all[k - 1];
                k -= 1;
            }
            all[k] = parts[i][j];
            n += 1;
            j += 1;
        }
        i += 1;
    }
    all
}

/// Of the input that comes last in that order: int64 with uint64 stands behind uint64.
const fn order(l: &Loop) -> u8 {
    let (first, last) = (dtype_order(l.ins[0]), dtype_order(l.ins[l.ins.len() - 1]));
    if first > last { first } else { last }
}

const fn dtype_order(d: DType) -> u8 {
    match d {
        DType::Bool => 0,
        DType::I8 => 1,
        DType::U8 => 2,
        DType::I16 => 3,
        DType::U16 => 4,
        DType::I32 => 5,
        DType::U32 => 6,
        DType::I64 => 7,
        DType::U64 => 8,
        DType::F32 => 9,
        DType::F64 => 10,
        DType::C64 => 11,
        DType::C128 => 12,
    }
}
