//! The memory of large blocks: what is dropped is kept, and given out again.
//!
//! Fresh memory costs a page fault for each page, which is more than most passes over it; a statement that computes an
//! array as large as the last one, and a buffer that lives for one exchange, are to cost none. So this is the
//! process's allocator: what is small goes to the system's, large regions are mapped, on large pages, and when they are
//! freed they wait in the list of their size class.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr::null_mut;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Below this the system's allocator does.
const LARGE: usize = 64 << 10;
const PAGE: usize = 4 << 10;
/// Regions of this size and more begin at one.
const HUGE_PAGE: usize = 2 << 20;
/// A power of two is cut into so many size classes: a region is at most an eighth larger than what was asked for.
const STEPS: usize = 8;

struct Pages;

#[global_allocator]
static PAGES: Pages = Pages;

/// What is written at the beginning of a region that waits.
struct Waiting {
    next: *mut Waiting,
}

struct Kept {
    /// By size class.
    lists: [*mut Waiting; usize::BITS as usize * STEPS],
    bytes: usize,
    /// As many bytes as may wait; nothing until it is known.
    most: usize,
}

// SAFETY: the regions in the lists belong to nobody else.
unsafe impl Send for Kept {}

static KEPT: Mutex<Kept> =
    Mutex::new(Kept { lists: [null_mut(); usize::BITS as usize * STEPS], bytes: 0, most: 0 });

/// The size class of a large region: its number, and its bytes.
fn class(size: usize) -> Option<(usize, usize)> {
    let power = size.ilog2();
    let step = 1usize << (power - STEPS.ilog2());
    let bytes = size.checked_next_multiple_of(step).filter(|bytes| *bytes <= isize::MAX as usize)?;
    let power = bytes.ilog2();
    Some((power as usize * STEPS + (bytes >> (power - STEPS.ilog2())) % STEPS, bytes))
}

/// The inverse of `class`, by number.
fn class_bytes(class: usize) -> usize {
    (STEPS + class % STEPS) << (class / STEPS - STEPS.ilog2() as usize)
}

fn kept() -> MutexGuard<'static, Kept> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Kept {
    fn take(&mut self, class: usize, bytes: usize) -> *mut u8 {
        let first = self.lists[class];
        if !first.is_null() {
            // SAFETY: a list holds regions that begin with a `Waiting`.
            self.lists[class] = unsafe { (*first).next };
            self.bytes -= bytes;
        }
        first.cast()
    }

    fn keep(&mut self, region: *mut u8, class: usize, bytes: usize) {
        if self.most == 0 {
            self.most = share();
        }
        if self.bytes + bytes > self.most {
            unmap(region, bytes);
            return;
        }
        let region: *mut Waiting = region.cast();
        // SAFETY: the region is ours, is a page at least, and begins at one.
        unsafe { region.write(Waiting { next: self.lists[class] }) };
        self.lists[class] = region;
        self.bytes += bytes;
    }

    fn release(&mut self) {
        for class in 0..self.lists.len() {
            while !self.lists[class].is_null() {
                let bytes = class_bytes(class);
                unmap(self.take(class, bytes), bytes);
            }
        }
    }
}

/// A quarter of the machine's memory, over the ranks that it may run.
fn share() -> usize {
    // SAFETY: these read numbers.
    let (pages, cores) =
        unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_NPROCESSORS_ONLN)) };
    (usize::try_from(pages).unwrap_or(0) * PAGE / 4 / usize::try_from(cores).unwrap_or(1).max(1)).max(1)
}

/// Fresh zeros; null where there are none.
fn map(bytes: usize) -> *mut u8 {
    let slack = if bytes >= 2 * HUGE_PAGE { HUGE_PAGE } else { 0 };
    let (access, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: a new mapping touches nothing that there is.
    let at = unsafe { libc::mmap(null_mut(), bytes + slack, access, kind, -1, 0) };
    if at == libc::MAP_FAILED {
        return null_mut();
    }
    let at: *mut u8 = at.cast();
    if slack == 0 {
        return at;
    }
    let before = at.align_offset(HUGE_PAGE).min(slack);
    // SAFETY: all three parts lie within the new mapping; the outer ones are given back, and the advice changes nothing.
    unsafe {
        if before > 0 {
            unmap(at, before);
        }
        if slack > before {
            unmap(at.add(before + bytes), slack - before);
        }
        libc::madvise(at.add(before).cast(), bytes, libc::MADV_HUGEPAGE);
        at.add(before)
    }
}

fn unmap(at: *mut u8, bytes: usize) {
    // SAFETY: only regions of `map`, and the parts of one that it does not hand out, come here.
    unsafe { libc::munmap(at.cast(), bytes) };
}

/// A region for so many bytes, and whether it is fresh.
fn region(size: usize) -> (*mut u8, bool) {
    let Some((class, bytes)) = class(size) else {
        return (null_mut(), false);
    };
    let old = kept().take(class, bytes);
    if !old.is_null() {
        return (old, false);
    }
    let new = map(bytes);
    if !new.is_null() {
        return (new, true);
    }
    kept().release();
    (map(bytes), true)
}

fn large(layout: &Layout) -> bool {
    layout.size() >= LARGE && layout.align() <= PAGE
}

// SAFETY: a region is as large as its layout, begins at a page, and is handed out once until it is freed. Which way a
// layout goes depends on it alone.
unsafe impl GlobalAlloc for Pages {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match large(&layout) {
            true => region(layout.size()).0,
            // SAFETY: as our caller promises.
            false => unsafe { System.alloc(layout) },
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if !large(&layout) {
            // SAFETY: as our caller promises.
            return unsafe { System.alloc_zeroed(layout) };
        }
        let (at, fresh) = region(layout.size());
        if !fresh && !at.is_null() {
            // SAFETY: the region has that size.
            unsafe { at.write_bytes(0, layout.size()) };
        }
        at
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        match large(&layout).then(|| class(layout.size())).flatten() {
            Some((class, bytes)) => kept().keep(at, class, bytes),
            // SAFETY: as our caller promises; `alloc` went the same way.
            None => unsafe { System.dealloc(at, layout) },
        }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as our caller promises.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        if !large(&layout) && !large(&wanted) {
            // SAFETY: as our caller promises.
            return unsafe { System.realloc(at, layout, size) };
        }
        if large(&layout) && large(&wanted) && class(layout.size()) == class(size) {
            return at;
        }
        // SAFETY: both regions hold what is copied; the old one is freed once the new one is there.
        unsafe {
            let new = self.alloc(wanted);
            if !new.is_null() {
                new.copy_from_nonoverlapping(at, layout.size().min(size));
                self.dealloc(at, layout);
            }
            new
        }
    }
}

/// Gives the machine back what waits: somebody has to know how much is free, or needs it.
pub fn release() {
    kept().release();
}

/// A vector of elements that are anything, all of which are to be written. `None` when the memory cannot be had.
pub fn unfilled<T: bytemuck::Pod>(len: usize) -> Option<Vec<T>> {
    let mut vector = Vec::new();
    vector.try_reserve_exact(len).ok()?;
    let at: *mut T = vector.as_mut_ptr();
    // SAFETY: the capacity is there, and any bytes are a `T`. To the compiler the memory is without a value until it is
    // written; the empty assembly gets its address, and may have written it for all that is known.
    unsafe {
        std::arch::asm!("/* {0} */", in(reg) at, options(nostack, preserves_flags));
        vector.set_len(len);
    }
    Some(vector)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_what_was_asked_for() {
        let mut last = 0;
        for size in (LARGE..LARGE * 9).step_by(4099).chain([LARGE, 1 << 40, (1 << 40) + 1, (1 << 41) - 1]) {
            let (number, bytes) = class(size).unwrap();
            assert!(bytes >= size && bytes - size <= size / STEPS, "{size}: {bytes}");
            assert_eq!((class_bytes(number), class(bytes)), (bytes, Some((number, bytes))));
            assert_eq!(bytes % PAGE, 0);
            last = last.max(number);
        }
        assert!(last < kept().lists.len());
        assert_eq!(class(usize::MAX), None);
    }

    #[test]
    fn zeros_are_zeros_again() {
        for _ in 0..3 {
            let mut block = vec![0u64; 100_000];
            assert!(block.iter().all(|x| *x == 0));
            block.fill(7);
        }
        let grown: Vec<usize> = (0..3_000_000).filter(|i| i % 2 == 0).collect();
        assert!(grown.iter().enumerate().all(|(i, x)| *x == 2 * i));
        let mut short = grown;
        short.truncate(10);
        short.shrink_to_fit();
        assert_eq!(short[9], 18);
        release();
    }
}
