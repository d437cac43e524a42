//! Asks the kernel for large pages behind large blocks: writing fresh memory costs a page fault for each page.
#![allow(unsafe_code)]

/// Below this, small pages do.
const LARGE: usize = 4 << 20;
const PAGE: usize = 4096;

/// Advises large pages for whole pages within `memory`, which should not have been written yet. A refusal is ignored:
/// it is advice.
pub fn advise_large(memory: &mut [u8]) {
    if memory.len() < LARGE {
        return;
    }
    let skip = memory.as_ptr().align_offset(PAGE).min(memory.len());
    let inner = &mut memory[skip..];
    let len = inner.len() / PAGE * PAGE;
    // SAFETY: the range is within a slice that we hold exclusively, and MADV_HUGEPAGE changes no content.
    unsafe {
        libc::madvise(inner.as_mut_ptr().cast(), len, libc::MADV_HUGEPAGE);
    }
}
