//! The three-operand cores that executors compose: `where(condition, x, y)` and `clip(x, low, high)`.

use num_complex::{Complex, Complex32, Complex64};

use super::complex::has_nan;
use super::loops::{Bool, each, join, map3};
use super::resolve::{Operand, Resolved, choose, result_type};
use super::{Loop, Row};
use crate::dtype::DType;
use crate::error::{Class, Error, Result};
use crate::scalar::Scalar;

macro_rules! select {
    (@ $t:ident ()) => {
        Loop::three::<Bool, $t, $t, $t>(|ins, outs| {
            map3(ins, outs, |c: Bool, x: $t, y: $t| if c.get() { x } else { y })
        })
    };
}

macro_rules! clip {
    (@ $t:ident (|$x:ident, $low:ident, $high:ident| $e:expr)) => {
        Loop::three::<$t, $t, $t, $t>(|ins, outs| map3(ins, outs, |$x: $t, $low: $t, $high: $t| -> $t { $e }))
    };
}

/// `condition, x, y -> x where the condition holds, else y`, one loop a dtype in the order of `DType::ALL`.
pub const WHERE: &[Loop] = each!(
    [Bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 Complex32 Complex64], select, ()
);

/// `x, low, high -> minimum(maximum(x, low), high)`; nan in any of them stays.
pub const CLIP: &[Loop] = join![
    each!(bool, clip, (|x, low, high| x.max(low).min(high))),
    each!(ints, clip, (|x, low, high| x.max(low).min(high))),
    each!(
        floats,
        clip,
        (|x, low, high| {
            let raised = if x >= low || x.is_nan() { x } else { low };
            if raised <= high || raised.is_nan() { raised } else { high }
        })
    ),
    each!(
        complexes,
        clip,
        (|x, low, high| {
            let raised = if has_nan(x) || before(low, x) { x } else { low };
            if has_nan(raised) || before(raised, high) { raised } else { high }
        })
    ),
];

/// Lexicographic order, as `clip` has it: a nan compares as any number does, to False.
fn before<T: PartialOrd + Copy>(a: Complex<T>, b: Complex<T>) -> bool {
    if a.re == b.re { a.im < b.im } else { a.re < b.re }
}

/// The loop of `np.where(condition, x, y)`: the condition is cast to bool, `x` and `y` to their common dtype.
/// A Python int that does not fit wraps, as NumPy has it.
///
/// # Errors
/// OverflowError for a Python int beyond 64 bits.
pub fn resolve_where(x: Operand, y: Operand) -> Result<Resolved> {
    let dtype = result_type(&[x, y]);
    let index = dtype as usize;
    let mut stand_ins = Vec::new();
    for (i, operand) in [(1, x), (2, y)] {
        match operand {
            Operand::Int(v) => stand_ins.push((i, Scalar::from_i128(v as i128, dtype))),
            Operand::BigInt(_) if dtype.is_integer() && dtype != DType::U64 => {
                return Err(Error::new(Class::OverflowError, "Python int too large to convert to C long"));
            }
            Operand::BigInt(v) => stand_ins.push((i, Scalar::from_python_bigint(v, dtype)?)),
            _ => {}
        }
    }
    Ok(Resolved { index, chosen: &WHERE[index], stand_ins })
}

/// The loop of `np.clip(x, low, high)`; a bound that is None, or a Python int beyond an integer array's dtype, is
/// replaced by one that never binds (in `stand_ins`: operand 1 is low, 2 is high).
///
/// # Errors
/// TypeError and OverflowError as for `resolve`.
pub fn resolve_clip(row: &Row, x: Operand, low: Option<Operand>, high: Option<Operand>) -> Result<Resolved> {
    let bounds = [(low, false), (high, true)].map(|(bound, is_high)| bound.filter(|b| binds(x, *b, is_high)));
    let given: Vec<Operand> = std::iter::once(x).chain(bounds.into_iter().flatten()).collect();
    let dtype = choose(row, CLIP, &given)?.chosen.ins[0];
    let index = CLIP.iter().position(|l| l.ins[0] == dtype).unwrap_or(0);
    let unbound = |i: usize| bounds[i].is_none().then(|| (i + 1, extreme(dtype, i == 1)));
    Ok(Resolved { index, chosen: &CLIP[index], stand_ins: (0..2).filter_map(unbound).collect() })
}

/// Whether a bound can change anything: a Python int at or beyond the end of an integer dtype does not.
fn binds(x: Operand, bound: Operand, is_high: bool) -> bool {
    let Operand::Strong(dtype) = x else {
        return true;
    };
    let Some((min, max)) = dtype.int_range().filter(|_| !dtype.is_bool()) else {
        return true;
    };
    match bound {
        Operand::Int(v) if is_high => (v as i128) < max,
        Operand::Int(v) => v as i128 > min,
        Operand::BigInt(v) if is_high => *v < max.into(),
        Operand::BigInt(v) => *v > min.into(),
        _ => true,
    }
}

/// The least or greatest value of a dtype, infinities included.
fn extreme(dtype: DType, greatest: bool) -> Scalar {
    let infinity = if greatest { f64::INFINITY } else { f64::NEG_INFINITY };
    match dtype.int_range() {
        Some((min, max)) => Scalar::from_i128(if greatest { max } else { min }, dtype),
        None if dtype.is_complex() => Scalar::C128(Complex64::new(infinity, infinity)).cast(dtype),
        None => Scalar::F64(infinity).cast(dtype),
    }
}
