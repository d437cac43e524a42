//! Looking at a rank's own part of an array, without a copy where it lies whole in memory.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use lang::error::Result;
use lang::layout::Layout;

use super::elementwise::force::force;
use super::redistribute;
use crate::array::{Array, Storage};
use crate::block::Block;
use crate::ctx::Ctx;

/// This rank's part of an array in some layout, contiguous in C order, to be read.
pub enum Part {
    /// Where it lies.
    Kept(Rc<Storage>),
    Made(RefCell<Block>),
}

impl Part {
    pub fn block(&self) -> Ref<'_, Block> {
        match self {
            Part::Kept(storage) => storage.block.borrow(),
            Part::Made(block) => block.borrow(),
        }
    }
}

/// This rank's part of `array` in `layout`. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn part(ctx: &mut Ctx, array: &Array, layout: &Layout) -> Result<Part> {
    force(ctx, array)?;
    let storage = array.view().filter(|v| v.place.is_none()).map(|v| v.storage.clone());
    match storage {
        Some(storage) if storage.layout == *array.layout() && *storage.layout == *layout => {
            Ok(Part::Kept(storage))
        }
        // A view, whose elements are picked out of the storage, or another layout.
        _ => redistribute::local(ctx, array, layout).map(|block| Part::Made(RefCell::new(block))),
    }
}

/// Calls `f` with this rank's part of `array` in its own layout. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn with_own<R>(ctx: &mut Ctx, array: &Array, f: impl FnOnce(&Block) -> R) -> Result<R> {
    let part = part(ctx, array, &array.layout().clone())?;
    Ok(f(&part.block()))
}
