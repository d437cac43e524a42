//! Copies past the caches, to memory that is not read again soon: a plain store would fetch what it overwrites first.
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_sfence, _mm_stream_si128};

/// Copies `from` to `to`, of the same length. To be followed by `finish` before another thread reads it.
#[cfg(target_arch = "x86_64")]
pub fn copy(from: &[u8], to: &mut [u8]) {
    assert_eq!(from.len(), to.len());
    let (head, lines, tail) = bytemuck::pod_align_to_mut::<u8, Line>(to);
    let (first, rest) = from.split_at(head.len());
    let (middle, last) = rest.split_at(size_of_val(lines));
    head.copy_from_slice(first);
    tail.copy_from_slice(last);
    for (line, from) in lines.iter_mut().zip(middle.as_chunks::<64>().0) {
        let (from, to) = (from.as_ptr().cast::<__m128i>(), std::ptr::from_mut(line).cast::<__m128i>());
        for i in 0..4 {
            // SAFETY: both are four times 16 bytes, and a line is aligned; every x86-64 processor has SSE2.
            unsafe { _mm_stream_si128(to.add(i), _mm_loadu_si128(from.add(i))) };
        }
    }
}

#[cfg(target_arch = "x86_64")]
/// Of the cache: written whole, it is never fetched.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C, align(64))]
struct Line([u8; 64]);

/// All copies are in memory, in the order of the program.
#[cfg(target_arch = "x86_64")]
pub fn finish() {
    // SAFETY: every x86-64 processor has it.
    unsafe { _mm_sfence() }
}

#[cfg(not(target_arch = "x86_64"))]
pub fn copy(from: &[u8], to: &mut [u8]) {
    to.copy_from_slice(from);
}

#[cfg(not(target_arch = "x86_64"))]
pub fn finish() {}
