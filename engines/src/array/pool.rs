//! Keeps the memory of a few large blocks that were dropped, for the next of the same size: a sweep's temporary then
//! costs no page faults.

use std::cell::RefCell;

use lang::dtype::DType;

use crate::block::Block;

/// Smaller blocks are as quickly had from the allocator.
const LARGE: usize = 1 << 20;
/// Blocks that are kept.
const KEPT: usize = 2;

thread_local! {
    // A rank is a thread, and blocks live and die on it.
    static POOL: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// A block whose elements are all to be written: their values are anything. `None` when the memory cannot be had.
pub fn take(dtype: DType, len: usize) -> Option<Block> {
    if len.saturating_mul(dtype.itemsize()) < LARGE {
        return Block::try_zeros(dtype, len);
    }
    let kept = POOL.with_borrow_mut(|pool| {
        let at = pool.iter().position(|b| b.dtype() == dtype && b.len() == len)?;
        Some(pool.remove(at))
    });
    kept.or_else(|| Block::try_zeros(dtype, len)).or_else(|| {
        POOL.with_borrow_mut(Vec::clear);
        Block::try_zeros(dtype, len)
    })
}

/// Takes back what a storage held.
pub fn give(block: Block) {
    if block.bytes().len() < LARGE {
        return;
    }
    // At the end of the thread the pool may be gone before the last array.
    let _ = POOL.try_with(|pool| {
        let mut pool = pool.borrow_mut();
        pool.insert(0, block);
        pool.truncate(KEPT);
    });
}
