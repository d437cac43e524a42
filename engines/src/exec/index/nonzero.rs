//! Where the elements are that are not zero: `np.where` of a condition alone.

use lang::dtype::DType;
use lang::error::{Error, Result};

use super::mask;
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::elementwise::astype;

/// For each axis the indices, int64, of the elements that are true, in C order; distributed as `array[mask]` is.
/// Collective.
///
/// # Errors
/// ValueError for an array without axes; MemoryError, on all ranks.
pub fn nonzero(ctx: &mut Ctx, array: &Array) -> Result<Vec<Array>> {
    if array.ndim() == 0 {
        return Err(Error::value(
            "Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead. If the context of \
             this error is of the form `arr[nonzero(cond)]`, just use `arr[cond]`.",
        ));
    }
    let chosen = astype(ctx, array, DType::Bool)?;
    let layout = mask::by_rows(ctx, &chosen);
    let owned = layout.owned(ctx.comm.rank());
    let counts: Vec<usize> = owned.iter().map(|indices| indices.len()).collect();
    let mut found = Vec::new();
    for (axis, indices) in owned.iter().enumerate() {
        let outer: usize = counts[..axis].iter().product();
        let inner: usize = counts[axis + 1..].iter().product();
        let mut block: Block = ctx.allocate(&layout, &[DType::I64])?.remove(0);
        let along = || indices.iter().flat_map(|i| std::iter::repeat_n(i, inner));
        let all = (0..outer).flat_map(|_| along());
        for (to, i) in block.bytes_mut().chunks_exact_mut(8).zip(all) {
            to.copy_from_slice(&(i as i64).to_ne_bytes());
        }
        let places = Array::from_block(array.shape().to_vec(), layout.clone(), block);
        found.push(mask::get(ctx, &places, &chosen)?);
    }
    Ok(found)
}
