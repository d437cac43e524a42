//! Keeps mirrors: reshaped copies of distributed arrays that read and write as views of them.

use std::rc::Rc;
use std::sync::Arc;

use lang::error::Result;
use lang::layout::Layout;
use lang::plan;

use crate::array::{Array, Mirror, Storage};
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::elementwise::force::assign;
use crate::exec::redistribute::carry;

/// The elements of an array in C order, as a block of `layout`, whose shape has as many. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn reshaped(ctx: &mut Ctx, array: &Array, layout: &Arc<Layout>) -> Result<Block> {
    let lies = array.layout().clone();
    let block = ctx.local(array, &lies)?;
    let plan = plan::reshape(&lies, layout, ctx.comm.rank());
    let mut new = ctx.allocate(layout, &[array.dtype()])?.remove(0);
    let most = ctx.largest_share(&lies).max(ctx.largest_share(layout));
    carry(ctx, &plan, most, &block, &mut new)?;
    Ok(new)
}

/// Brings the memory behind a view up to date, where it mirrors an array that was written since. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn refresh(ctx: &mut Ctx, array: &Array) -> Result<()> {
    let Some(storage) = array.view().map(|view| view.storage.clone()) else {
        return Ok(());
    };
    let Some(mirror) = &storage.mirror else {
        return Ok(());
    };
    refresh(ctx, &mirror.base)?;
    let version = version(&mirror.base);
    if version != mirror.seen.get() {
        let block = reshaped(ctx, &mirror.base, &storage.layout)?;
        *storage.block.borrow_mut() = block;
        storage.touched();
        mirror.seen.set(version);
    }
    Ok(())
}

/// To be called after the memory behind a view was written: a mirror's base is written through. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn written(ctx: &mut Ctx, array: &Array) -> Result<()> {
    let storage = array.view().expect("what is written is in memory").storage.clone();
    storage.touched();
    let Some(mirror) = &storage.mirror else {
        return Ok(());
    };
    let through = write_through(ctx, &storage, mirror);
    // Where the base could not be written, the mirror follows it again.
    mirror.seen.set(if through.is_ok() { version(&mirror.base) } else { u64::MAX });
    through
}

fn write_through(ctx: &mut Ctx, storage: &Rc<Storage>, mirror: &Mirror) -> Result<()> {
    let whole = Array::of_storage(storage.layout.shape(), storage.clone());
    let block = reshaped(ctx, &whole, mirror.base.layout())?;
    let values = Array::from_block(mirror.base.shape().to_vec(), mirror.base.layout().clone(), block);
    // The mirror agrees with its base here, so that nothing is refreshed on the way.
    mirror.seen.set(version(&mirror.base));
    assign(ctx, &mirror.base, &values, 1)
}

fn version(array: &Array) -> u64 {
    array.view().map_or(0, |view| view.storage.version.get())
}
