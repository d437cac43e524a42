//! NumPy's order of the elements of each dtype, as unsigned integers: nan last, zeros equal, complex numbers by their
//! real parts and then by their imaginary ones.

use num_complex::{Complex, Complex32, Complex64};

use super::runs::{Key, sort_keys};
use crate::exec::element::{Element, Flag};

/// An element that can be sorted.
pub trait Ordered: Element {
    type Bits: Key;

    /// Ordered as NumPy orders the elements; equal exactly where NumPy puts neither before the other.
    fn bits(self) -> Self::Bits;

    /// The same in as many bits as any of them has.
    fn wide(self) -> u128 {
        self.bits().into()
    }

    /// Sorts a run, part of a rank's share of a statement; equal elements keep their order.
    fn sort(run: &mut [Self]);
}

impl Ordered for Flag {
    type Bits = u8;
    fn bits(self) -> u8 {
        self.0
    }
    fn sort(run: &mut [Flag]) {
        let falses = run.iter().filter(|flag| flag.0 == 0).count();
        run[..falses].fill(Flag(0));
        run[falses..].fill(Flag(1));
    }
}

macro_rules! integers {
    ($($t:ty, $bits:ty, $flip:expr;)*) => {$(
        impl Ordered for $t {
            type Bits = $bits;
            fn bits(self) -> $bits {
                self as $bits ^ $flip
            }
            fn sort(run: &mut [$t]) {
                let keys: &mut [$bits] = bytemuck::cast_slice_mut(run);
                keys.iter_mut().for_each(|k| *k ^= $flip);
                sort_keys(keys);
                keys.iter_mut().for_each(|k| *k ^= $flip);
            }
        }
    )*};
}

integers! {
    i8, u8, 1 << 7;
    i16, u16, 1 << 15;
    i32, u32, 1 << 31;
    i64, u64, 1 << 63;
    u8, u8, 0;
    u16, u16, 0;
    u32, u32, 0;
    u64, u64, 0;
}

macro_rules! floats {
    ($($t:ty, $bits:ty;)*) => {$(
        impl Ordered for $t {
            type Bits = $bits;
            fn bits(self) -> $bits {
                const SIGN: $bits = 1 << (<$bits>::BITS - 1);
                if self.is_nan() {
                    return <$bits>::MAX;
                }
                // Adding 0.0 makes -0.0 the other zero.
                let bits = (self + 0.0).to_bits();
                if bits & SIGN == 0 { bits | SIGN } else { !bits }
            }
            fn sort(run: &mut [$t]) {
                const SIGN: $bits = 1 << (<$bits>::BITS - 1);
                // Zeros and nans may look different and be equal: they are put back in their order.
                let (mut nan, mut negative) = (false, false);
                run.iter().for_each(|x| (nan, negative) = (nan | x.is_nan(), negative | (x.to_bits() == SIGN)));
                let kept = |seen: bool, like: fn(&$t) -> bool| -> Vec<$t> {
                    if seen { run.iter().copied().filter(like).collect() } else { Vec::new() }
                };
                let (nans, zeros) = (kept(nan, |x| x.is_nan()), kept(negative, |x| *x == 0.0));
                let keys: &mut [$bits] = bytemuck::cast_slice_mut(run);
                keys.iter_mut().for_each(|k| *k = <$t>::from_bits(*k).bits());
                sort_keys(keys);
                keys.iter_mut().for_each(|k| *k = if *k & SIGN == 0 { !*k } else { *k ^ SIGN });
                let numbers = run.len() - nans.len();
                run[numbers..].copy_from_slice(&nans);
                let negatives = run[..numbers].partition_point(|x| *x < 0.0);
                run[negatives..][..zeros.len()].copy_from_slice(&zeros);
            }
        }
    )*};
}

floats! {
    f32, u32;
    f64, u64;
}

/// The keys of the parts of a complex number, in NumPy's order: numbers before those whose imaginary part is nan,
/// before those whose real part is, before those of which both are.
fn parts<F: Ordered>(z: Complex<F>, infinity: F) -> (u128, u128) {
    let (re, im): (u128, u128) = (z.re.bits().into(), z.im.bits().into());
    let beyond: u128 = infinity.bits().into();
    match (z.re.is_nan(), z.im.is_nan()) {
        (false, false) => (re, im),
        (false, true) => (beyond + 1, re),
        (true, false) => (beyond + 2, im),
        (true, true) => (beyond + 3, 0),
    }
}

impl Ordered for Complex32 {
    type Bits = u64;
    fn bits(self) -> u64 {
        let (high, low) = parts(self, f32::INFINITY);
        (high as u64) << 32 | low as u64
    }
    fn sort(run: &mut [Complex32]) {
        run.sort_by_key(|z| z.bits());
    }
}

impl Ordered for Complex64 {
    type Bits = u128;
    fn bits(self) -> u128 {
        let (high, low) = parts(self, f64::INFINITY);
        high << 64 | low
    }
    fn sort(run: &mut [Complex64]) {
        run.sort_by_key(|z| z.bits());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_sort_as_numpys() {
        let nan = -f64::NAN;
        let mut run = [3.0, nan, 0.0, -1.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 1e-310];
        f64::sort(&mut run);
        let text: Vec<String> = run.iter().map(|x| x.to_string()).collect();
        assert_eq!(text.join(" "), "-inf -1 0 -0 0 -0 0.".to_string() + &"0".repeat(309) + "1 3 inf NaN");
        assert!(run[9].is_sign_negative(), "the nan is the one that was there");
        assert!((-0.0_f64).bits() == 0.0.bits() && nan.bits() == f64::NAN.bits());
    }

    #[test]
    fn complex_numbers_sort_as_numpys() {
        let (nan, inf) = (f64::NAN, f64::INFINITY);
        // np.sort of them in any order, numpy/_core/src/common/numpy_tag.h's order of nans.
        let sorted = [
            (-1.0, 5.0),
            (1.0, -2.0),
            (1.0, 2.0),
            (inf, inf),
            (-3.0, nan),
            (2.0, nan),
            (nan, 1.0),
            (nan, nan),
        ];
        let bits: Vec<u128> = sorted.iter().map(|&(re, im)| Complex64::new(re, im).bits()).collect();
        assert!(bits.is_sorted_by(|a, b| a < b), "{bits:x?}");
    }
}
