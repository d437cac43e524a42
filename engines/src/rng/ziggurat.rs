//! Normal and exponential numbers by the ziggurat (Marsaglia and Tsang 2000), drawing exactly as NumPy does.

use super::tape::{Narrow, Wide};
use super::ziggurat_tables::*;

const NORMAL_R: f64 = 3.654_152_885_361_009;
const NORMAL_INV_R: f64 = 0.273_661_237_329_758_3;
const NORMAL_R32: f32 = 3.654_152_9;
const NORMAL_INV_R32: f32 = 0.273_661_23;
const EXP_R: f64 = 7.697_117_470_131_05;
const EXP_R32: f32 = 7.697_117_3;

#[inline]
pub fn standard_normal(bits: &mut impl Wide) -> f64 {
    loop {
        let draw = bits.next_u64();
        let layer = (draw & 0xff) as usize;
        let size = draw >> 9 & 0x000f_ffff_ffff_ffff;
        let x = size as f64 * NORMAL_W[layer];
        let x = if draw & 0x100 != 0 { -x } else { x };
        if size < NORMAL_K[layer] {
            return x;
        }
        if let Some(x) = normal_edge(bits, layer, size, x) {
            return x;
        }
    }
}

/// The tail, or the part of a layer that the density cuts; None where it is to be drawn again.
#[cold]
fn normal_edge(bits: &mut impl Wide, layer: usize, size: u64, x: f64) -> Option<f64> {
    if layer > 0 {
        let height = (NORMAL_F[layer - 1] - NORMAL_F[layer]) * bits.next_f64() + NORMAL_F[layer];
        return (height < (-0.5 * x * x).exp()).then_some(x);
    }
    loop {
        let beyond = -NORMAL_INV_R * (-bits.next_f64()).ln_1p();
        let height = -(-bits.next_f64()).ln_1p();
        if height + height > beyond * beyond {
            let x = NORMAL_R + beyond;
            return Some(if size & 0x100 != 0 { -x } else { x });
        }
    }
}

#[inline]
pub fn standard_normal32(bits: &mut impl Narrow) -> f32 {
    loop {
        let draw = bits.next_u32();
        let layer = (draw & 0xff) as usize;
        let size = draw >> 9;
        let x = size as f32 * NORMAL_W32[layer];
        let x = if draw & 0x100 != 0 { -x } else { x };
        if size < NORMAL_K32[layer] {
            return x;
        }
        if layer > 0 {
            let height = (NORMAL_F32[layer - 1] - NORMAL_F32[layer]) * bits.next_f32() + NORMAL_F32[layer];
            // NumPy takes the exponential in double precision here.
            if f64::from(height) < (-0.5 * f64::from(x) * f64::from(x)).exp() {
                return x;
            }
            continue;
        }
        loop {
            let beyond = -NORMAL_INV_R32 * (-bits.next_f32()).ln_1p();
            let height = -(-bits.next_f32()).ln_1p();
            if height + height > beyond * beyond {
                let x = NORMAL_R32 + beyond;
                return if size & 0x100 != 0 { -x } else { x };
            }
        }
    }
}

#[inline]
pub fn standard_exponential(bits: &mut impl Wide) -> f64 {
    loop {
        let draw = bits.next_u64() >> 3;
        let layer = (draw & 0xff) as usize;
        let size = draw >> 8;
        let x = size as f64 * EXP_W[layer];
        if size < EXP_K[layer] {
            return x;
        }
        if layer == 0 {
            return EXP_R - (-bits.next_f64()).ln_1p();
        }
        if (EXP_F[layer - 1] - EXP_F[layer]) * bits.next_f64() + EXP_F[layer] < (-x).exp() {
            return x;
        }
    }
}

#[inline]
pub fn standard_exponential32(bits: &mut impl Narrow) -> f32 {
    loop {
        let draw = bits.next_u32() >> 1;
        let layer = (draw & 0xff) as usize;
        let size = draw >> 8;
        let x = size as f32 * EXP_W32[layer];
        if size < EXP_K32[layer] {
            return x;
        }
        if layer == 0 {
            return EXP_R32 - (-bits.next_f32()).ln_1p();
        }
        if (EXP_F32[layer - 1] - EXP_F32[layer]) * bits.next_f32() + EXP_F32[layer] < (-x).exp() {
            return x;
        }
    }
}
