//! `reduceat`: folding over stretches of an axis.

use lang::dtype::DType;
use lang::error::{Error, Result};
use lang::layout::{Index, View as Recipe};

use super::{Folding, fold};
use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::rearrange::views;
use crate::exec::{discover, join};

/// Folds from each index to the next, or takes the element at it where it is not less than the next. Collective.
///
/// # Errors
/// IndexError where an index is out of bounds; TypeError for indices that are no integers.
pub fn call(ctx: &mut Ctx, folding: &Folding, array: &Array, axis: usize, indices: &Array) -> Result<Array> {
    if !indices.dtype().is_integer() && indices.size() > 0 {
        return Err(Error::type_(format!(
            "Cannot cast array data from dtype('{}') to dtype('int64') according to the rule 'safe'",
            indices.dtype()
        )));
    }
    if indices.ndim() != 1 {
        return Err(Error::value("object too deep for desired array"));
    }
    let indices = discover::cast(ctx, indices, DType::I64)?;
    let all: Vec<usize> = (0..indices.size()).collect();
    let length = array.shape()[axis];
    let mut at = Vec::with_capacity(all.len());
    for value in ctx.fetch(&indices, &[all])? {
        let i = value.as_i128().unwrap_or(-1);
        if !(0..length as i128).contains(&i) {
            return Err(Error::index(format!(
                "index {i} out-of-bounds in {}.reduceat [0, {length})",
                folding.name
            )));
        }
        at.push(i as i64);
    }
    let mut shape = array.shape().to_vec();
    let mut parts = Vec::with_capacity(at.len());
    for (k, &start) in at.iter().enumerate() {
        let stop = at.get(k + 1).copied().unwrap_or(length as i64);
        let stop = if stop > start { stop } else { start + 1 };
        let mut items = vec![Index::Slice { start: None, stop: None, step: None }; axis];
        items.push(Index::Slice { start: Some(start), stop: Some(stop), step: None });
        let seen = views::view(ctx, array, &Recipe::identity(array.shape()).index(&items)?)?;
        let one = fold::reduce(ctx, folding, &seen, axis, None)?;
        shape[axis] = 1;
        parts.push(views::reshape(ctx, &one, &shape)?);
    }
    if parts.is_empty() {
        let items = [
            vec![Index::Slice { start: None, stop: None, step: None }; axis],
            vec![Index::Slice { start: None, stop: Some(0), step: None }],
        ]
        .concat();
        let none = views::view(ctx, array, &Recipe::identity(array.shape()).index(&items)?)?;
        return discover::cast(ctx, &none, folding.dtype);
    }
    join::concatenate(ctx, &parts, axis as i64)
}
