//! Indexing: `a[key]` and `a[key] = value`.
//!
//! Integers, slices, newaxis and `...` give views; one boolean mask or one array of integers among them gives a copy.

mod key;
mod mask;
mod nonzero;
mod take;

use lang::error::{Error, Result};
use lang::layout::{View as Recipe, ViewDim};
use lang::scalar::Scalar;

use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::elementwise::force::{assign, compute_readers, force};
use crate::exec::elementwise::record::{constant, record};
use crate::exec::elementwise::{Operand, tuple};
use crate::exec::rearrange::compose::where_loop;
use crate::exec::rearrange::{mirror, views};
use crate::value::Value;
use key::{Advanced, Key};

pub use key::refused;
pub use nonzero::nonzero;

/// `array[key]`: a NumPy scalar where the key is an integer for each axis, else a view or a copy. Collective.
///
/// # Errors
/// IndexError, ValueError and TypeError in NumPy's words; NotImplementedError for keys that are not supported.
pub fn get(ctx: &mut Ctx, array: &Array, key: &Value) -> Result<Value> {
    if let Some(plain) = key::plain(ctx, key)? {
        return get(ctx, array, &plain);
    }
    if let Some(picked) = key::by_truth(ctx, array, key)? {
        return get(ctx, &picked.seen, &picked.key);
    }
    if let Some(at) = key::element(key, array.shape())? {
        return element(ctx, array, &at).map(Value::Scalar);
    }
    let Key { basic, advanced } = key::parse(ctx, key, array.shape())?;
    let recipe = Recipe::identity(array.shape()).index(&basic)?;
    let seen = views::view(ctx, array, &recipe)?;
    match advanced {
        None => Ok(Value::Array(seen)),
        Some(advanced) => {
            let (front, back) = to_front(&recipe, &advanced);
            let turned = views::transpose(ctx, &seen, &front)?;
            let picked = match &advanced.index {
                key::Picks::Mask(mask) => mask::get(ctx, &turned, mask)?,
                key::Picks::Integers(picks) => take::get(ctx, &turned, picks)?,
            };
            // What one pick gives stands where the picked axes stood.
            let (at, new) = (back, picked.ndim() - (turned.ndim() - advanced.axes));
            let mut axes: Vec<usize> = (new..new + at).collect();
            axes.extend(0..new);
            axes.extend(new + at..picked.ndim());
            views::transpose(ctx, &picked, &axes).map(Value::Array)
        }
    }
}

/// `array[key] = value`. Collective.
///
/// # Errors
/// As `get`; ValueError where the value does not broadcast to what is indexed, or the array is read-only; OverflowError
/// for a Python int that the dtype cannot hold. Nothing is written then.
pub fn set(ctx: &mut Ctx, array: &Array, key: &Value, value: &Value) -> Result<()> {
    if !array.is_writable() {
        return Err(Error::value("assignment destination is read-only"));
    }
    if let Some(plain) = key::plain(ctx, key)? {
        return set(ctx, array, &plain, value);
    }
    if let Some(picked) = key::by_truth(ctx, array, key)? {
        return set(ctx, &picked.seen, &picked.key, value);
    }
    if let Some(at) = key::element(key, array.shape())? {
        if let Some(value) = key::scalar(value, array.dtype())? {
            return set_element(ctx, array, &at, value);
        }
        key::one_value(value, array.dtype())?;
    }
    let Key { basic, advanced } = key::parse(ctx, key, array.shape())?;
    let recipe = Recipe::identity(array.shape()).index(&basic)?;
    let seen = views::view(ctx, array, &recipe)?;
    let value = key::source(ctx, value, array.dtype())?;
    match advanced {
        // The caller's value, and ours.
        None => store(ctx, &seen, value, 2),
        Some(advanced) => {
            let (front, back) = to_front(&recipe, &advanced);
            if back != 0 && !matches!(value, Operand::Scalar(_)) {
                return Err(key::refused(
                    "assigning an array by a mask or a list of integers that is not on axis 0",
                ));
            }
            let turned = views::transpose(ctx, &seen, &front)?;
            match &advanced.index {
                key::Picks::Mask(mask) => mask::set(ctx, &turned, mask, value),
                key::Picks::Integers(picks) => take::set(ctx, &turned, picks, value),
            }
        }
    }
}

/// Writes a value (a scalar of the target's dtype, or an array) into all of a view. `handles` is how many handles of the
/// value the statement itself has.
///
/// # Errors
/// ValueError where the value does not broadcast to the view or the view is read-only; MemoryError.
pub fn store(ctx: &mut Ctx, target: &Array, value: Operand, handles: usize) -> Result<()> {
    if !target.is_writable() {
        return Err(Error::value("assignment destination is read-only"));
    }
    let value = match value {
        Operand::Array(value) => value,
        scalar => {
            let value = scalar.constant(target.dtype())?.unwrap_or(Scalar::zero(target.dtype()));
            constant(target.shape(), target.layout(), value)
        }
    };
    let (from, to) = (value.shape(), target.shape());
    let leading = from.len().saturating_sub(to.len());
    let (ones, rest) = from.split_at(leading);
    let fits = rest.iter().rev().zip(to.iter().rev()).all(|(a, b)| a == b || *a == 1);
    if !fits || ones.iter().any(|n| *n != 1) {
        let text =
            format!("could not broadcast input array from shape {} into shape {}", tuple(from), tuple(to));
        return Err(Error::value(text));
    }
    if leading > 0 {
        let dropped = views::reshape(ctx, &value, rest)?;
        return assign(ctx, target, &dropped, 1);
    }
    assign(ctx, target, &value, handles)
}

/// The axes of what the basic items see, with those of the advanced index first; and how many stood before them.
fn to_front(recipe: &Recipe, advanced: &Advanced) -> (Vec<usize>, usize) {
    // In the recipe it stands as full slices from its first axis on.
    let ndim = recipe.dims.len();
    let at = recipe
        .dims
        .iter()
        .position(|d| matches!(d, ViewDim::Axis { dim, .. } if *dim == advanced.first))
        .unwrap_or(0);
    let picked = at..at + advanced.axes;
    (picked.clone().chain((0..ndim).filter(|d| !picked.contains(d))).collect(), at)
}

/// One element, on all ranks.
fn element(ctx: &mut Ctx, array: &Array, at: &[usize]) -> Result<Scalar> {
    force(ctx, array)?;
    if array.layout().everywhere {
        let view = array.view().expect("it was forced");
        return Ok(Scalar::read(
            array.dtype(),
            &view.storage.block.borrow().bytes()[span(array, &view.place(0), at)],
        ));
    }
    let asked: Vec<Vec<usize>> = at.iter().map(|i| vec![*i]).collect();
    Ok(ctx.fetch(array, &asked)?[0])
}

/// The bytes of the element at these positions of a place.
fn span(array: &Array, place: &crate::array::Place, at: &[usize]) -> std::ops::Range<usize> {
    let size = array.dtype().itemsize();
    let offset = place.offset + place.axes.iter().zip(at).map(|(axis, i)| axis.at(*i)).sum::<isize>();
    offset as usize * size..(offset as usize + 1) * size
}

fn set_element(ctx: &mut Ctx, array: &Array, at: &[usize], value: Scalar) -> Result<()> {
    force(ctx, array)?;
    compute_readers(ctx, array, None)?;
    let rank = ctx.comm.rank();
    let local = match array.layout().everywhere {
        true => Some(at.to_vec()),
        false => array.layout().owner_of(at).filter(|(owner, _)| *owner == rank).map(|(_, local)| local),
    };
    if let Some(local) = local {
        let view = array.view().expect("it was forced");
        let range = span(array, &view.place(rank), &local);
        value.write(&mut view.storage.block.borrow_mut().bytes_mut()[range]);
    }
    mirror::written(ctx, array)
}

/// `where(mask, value, target)`, of the target's dtype: what a masked assignment leaves in the target. The mask has
/// the target's leading axes.
fn blended(ctx: &mut Ctx, target: &Array, mask: &Array, value: Operand) -> Result<Array> {
    let mut shape = mask.shape().to_vec();
    shape.resize(target.ndim(), 1);
    let mask = views::reshape(ctx, mask, &shape)?;
    let resolved = where_loop(target.dtype());
    let value = match value {
        Operand::Array(a) => Operand::Array(a),
        scalar => Operand::Scalar(scalar.constant(target.dtype())?.unwrap_or(Scalar::zero(target.dtype()))),
    };
    let operands = [Operand::Array(mask), value, Operand::Array(target.clone())];
    Ok(record(ctx, "where", &resolved, &operands)?.remove(0))
}
