//! Uniform numbers: one or two words each, so that every rank jumps straight to its own.

use lang::dtype::DType;
use lang::error::Result;
use lang::layout::Layout;

use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::element::typed_mut;
use crate::exec::pack::segments;
use crate::rng::pcg64::unit;
use crate::rng::{Mt19937, Pcg64};
use crate::watch::{LOOK, go_on};

/// `low + range * u` with PCG64's 53 bits. Collective where it is large.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn modern(ctx: &mut Ctx, layout: &Layout, bits: &mut Pcg64, low: f64, range: f64) -> Result<Block> {
    let mut block = ctx.allocate(layout, &[DType::F64])?.remove(0);
    let out = typed_mut::<f64>(&mut block);
    let watch = ctx.watch_elements(layout, 5);
    for s in segments(layout, ctx.comm.rank()) {
        let out = &mut out[s.local..s.local + s.len];
        match (low, range) {
            (0.0, 1.0) => fill(bits, s.flat, s.step, out, |u| u),
            _ => fill(bits, s.flat, s.step, out, |u| low + range * u),
        }
    }
    ctx.end(watch)?;
    bits.advance(layout.size() as u128);
    Ok(block)
}

/// Draws `flat`, `flat + step`, ... of the stream: one jump for a stretch, one multiplication more for each step.
fn fill(bits: &Pcg64, flat: usize, step: isize, out: &mut [f64], f: impl Fn(f64) -> f64) {
    let mut at = bits.clone();
    at.advance(flat as u128);
    // A draw steps the generator by one itself; jumps wrap around the period, so backwards is far forwards.
    let jump = at.jump((step as i128 - 1) as u128);
    for part in out.chunks_mut(LOOK).take_while(|_| go_on()) {
        if step == 1 {
            at.fill(part, |draw| f(unit(draw)));
            continue;
        }
        for x in part {
            *x = f(at.next_f64());
            at.take(jump);
        }
    }
}

/// As `modern`, in [0, 1) with 24 bits: halves of PCG64's draws.
pub fn modern32(ctx: &mut Ctx, layout: &Layout, bits: &mut Pcg64) -> Result<Block> {
    let mut block = ctx.allocate(layout, &[DType::F32])?.remove(0);
    let out = typed_mut::<f32>(&mut block);
    let watch = ctx.watch_elements(layout, 5);
    for s in segments(layout, ctx.comm.rank()) {
        let mut at = bits.clone();
        at.advance_u32(s.flat as u128);
        for (i, x) in out[s.local..s.local + s.len].iter_mut().enumerate() {
            if i % LOOK == 0 && !go_on() {
                break;
            }
            if i > 0 && s.step != 1 {
                at = bits.clone();
                at.advance_u32(s.flat.wrapping_add_signed(s.step * i as isize) as u128);
            }
            *x = at.next_f32();
        }
    }
    ctx.end(watch)?;
    bits.advance_u32(layout.size() as u128);
    Ok(block)
}

/// As `modern`, with two words of the Mersenne Twister each.
pub fn legacy(ctx: &mut Ctx, layout: &Layout, bits: &mut Mt19937, low: f64, range: f64) -> Result<Block> {
    let mut block = ctx.allocate(layout, &[DType::F64])?.remove(0);
    let out = typed_mut::<f64>(&mut block);
    let watch = ctx.watch_elements(layout, 10);
    let mut drawn = 0;
    let mut seek = |bits: &mut Mt19937, to: usize| {
        if to > drawn {
            bits.advance(2 * (to - drawn) as u64);
        }
        drawn = to + 1;
    };
    for s in segments(layout, ctx.comm.rank()) {
        for k in (0..s.len).take_while(|k| k % LOOK > 0 || go_on()) {
            let i = if s.step < 0 { s.len - 1 - k } else { k };
            seek(bits, s.flat.wrapping_add_signed(s.step * i as isize));
            let u = bits.next_f64();
            out[s.local + i] = if (low, range) == (0.0, 1.0) { u } else { low + range * u };
        }
    }
    ctx.end(watch)?;
    bits.advance(2 * (layout.size() - drawn) as u64);
    Ok(block)
}
