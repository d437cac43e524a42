//! Looking at a rank's own part of an array, without a copy where it lies whole in memory.

use lang::error::Result;

use super::elementwise::force::force;
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;

/// Calls `f` with this rank's part of `array` in its own layout, contiguous in C order. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn with_own<R>(ctx: &mut Ctx, array: &Array, f: impl FnOnce(&Block) -> R) -> Result<R> {
    force(ctx, array)?;
    let storage = array.view().filter(|v| v.place.is_none()).map(|v| v.storage.clone());
    match storage {
        Some(storage) if storage.layout == *array.layout() => Ok(f(&storage.block.borrow())),
        // A view: its elements are picked out of the storage.
        _ => {
            let layout = array.layout().clone();
            Ok(f(&ctx.local(array, &layout)?))
        }
    }
}
