//! Indexing: `a[key]` and `a[key] = value`.
//!
//! Integers, slices, newaxis and `...` give views. Keys with arrays of integers or bools give copies: `advanced` says
//! what they see, `gather` and `scatter` move it; one mask over whole rows is read and written in place (`mask`).

mod advanced;
pub mod flat;
mod gather;
mod key;
pub(super) mod lines;
mod mask;
mod nonzero;
pub(super) mod scatter;
mod value;

use lang::dtype::DType;
use lang::error::{Error, Result};
use lang::layout::View as Recipe;
use lang::scalar::Scalar;

use crate::array::{Array, c_strides};
use crate::ctx::Ctx;
use crate::exec::discover;
use crate::exec::elementwise::force::{assign, compute_readers, force};
use crate::exec::elementwise::order::{broadcast_strides, keeping};
use crate::exec::elementwise::record::{constant, record};
use crate::exec::elementwise::{Operand, astype, tuple};
use crate::exec::rearrange::compose::where_loop;
use crate::exec::rearrange::{mirror, views};
use crate::exec::redistribute::redistribute;
use crate::value::Value;
use advanced::{Advanced, Sight, see};
use key::Key;
use scatter::{Put, Source};

pub use key::refused;
pub use nonzero::nonzero;

/// `array[key]`: a NumPy scalar where the key is an integer for each axis, else a view or a copy. Collective.
///
/// # Errors
/// IndexError, ValueError and TypeError in NumPy's words.
pub fn get(ctx: &mut Ctx, array: &Array, key: &Value) -> Result<Value> {
    if let Some(at) = key::element(key, array.shape())? {
        return element(ctx, array, &at).map(Value::Scalar);
    }
    let key = Key::read(ctx, key)?;
    if let Some(at) = key.element(array.shape())? {
        return element(ctx, array, &at).map(Value::Scalar);
    }
    let copies = key.copies;
    let seen = match see(ctx, array, key)? {
        Sight::Basic(seen) if copies => return views::own(ctx, &seen).map(Value::Array),
        Sight::Basic(seen) => return Ok(Value::Array(seen)),
        Sight::Advanced(seen) => seen,
    };
    let picked = match seen.mask().filter(|mask| whole_rows(&seen, mask)) {
        Some(mask) => mask::get(ctx, &seen.turned, mask)?,
        None => {
            let picks = seen.picks(ctx)?;
            let picked = gather::gather(ctx, &seen, &picks)?;
            let default = ctx.derived_layout(picked.shape(), array.layout(), array.size());
            match default.everywhere && !picked.layout().everywhere && !array.layout().everywhere {
                true => redistribute(ctx, &picked, &default)?,
                false => picked,
            }
        }
    };
    let picked = row_by_row(ctx, picked, &seen)?;
    let new = picked.ndim() - (seen.turned.ndim() - seen.axes.len());
    views::transpose(ctx, &picked, &seen.placed(new)).map(Value::Array)
}

/// The picks as NumPy has them in memory: row after row, and each row in the order that it has in the array. Collective.
fn row_by_row(ctx: &mut Ctx, picked: Array, seen: &Advanced) -> Result<Array> {
    let axes = seen.axes.len();
    let (picks, row) = picked.shape().split_at(picked.ndim() + axes - seen.turned.ndim());
    let own = broadcast_strides(&seen.turned, seen.turned.shape()).split_off(axes);
    let within = keeping(&[own], row);
    let size = row.iter().product::<usize>().max(1) as isize;
    let strides = c_strides(picks).iter().map(|stride| stride * size).chain(within).collect();
    views::laid_out(ctx, picked, strides)
}

/// Whether the rows that a mask picks from lie whole on their ranks.
fn whole_rows(seen: &Advanced, mask: &Array) -> bool {
    let layout = seen.turned.layout();
    layout.everywhere || layout.grid[mask.ndim()..].iter().all(|g| *g == 1)
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
    if let Some(at) = key::element(key, array.shape())? {
        return set_one(ctx, array, &at, value);
    }
    let single = !matches!(key, Value::Tuple(items) if items.len() != 1);
    let key = Key::read(ctx, key)?;
    if let Some(at) = key.element(array.shape())? {
        return set_one(ctx, array, &at, value);
    }
    let seen = match see(ctx, array, key)? {
        Sight::Basic(seen) => {
            let value = value::source(ctx, value, array.dtype(), discover::scalar)?;
            // The caller's value, and ours.
            return store(ctx, &seen, value, 2);
        }
        Sight::Advanced(seen) => seen,
    };
    let value = value::source(ctx, value, array.dtype(), discover::scalars)?;
    if let Some(mask) = seen.mask() {
        let alone = single && mask.ndim() == array.ndim();
        let rest = seen.turned.ndim() - mask.ndim();
        let by_mask = match &value {
            Operand::Array(value) if value.ndim() > 0 => {
                seen.before == 0 && whole_rows(&seen, mask) && (alone || value.ndim() <= rest + 1)
            }
            _ => true,
        };
        if by_mask {
            return mask::set(ctx, &seen.turned, mask, value);
        }
    }
    let picks = seen.picks(ctx)?;
    let source = spread(ctx, &seen, &picks.shape, value, array.dtype())?;
    scatter::scatter(ctx, &seen, &picks, source, &scatter::store(array.dtype().itemsize()))
}

/// Puts a value where a key says, once for each index that occurs, as `put` does it; the value comes in the dtype that
/// stands with it. Collective.
///
/// # Errors
/// As `set`.
pub fn put(ctx: &mut Ctx, array: &Array, key: &Value, value: (Operand, DType), put: Put) -> Result<()> {
    let key = Key::read(ctx, key)?;
    let seen = match see(ctx, array, key)? {
        Sight::Advanced(seen) => seen,
        Sight::Basic(seen) => Advanced::all(ctx, &seen)?,
    };
    let picks = seen.picks(ctx)?;
    let (value, dtype) = value;
    let source = spread(ctx, &seen, &picks.shape, value, dtype)?;
    scatter::scatter(ctx, &seen, &picks, source, put)
}

/// A value as it is put where the picks say: in that dtype, broadcast, the picks' axes first.
fn spread(ctx: &mut Ctx, seen: &Advanced, picks: &[usize], value: Operand, dtype: DType) -> Result<Source> {
    let value = match value {
        Operand::Array(value) => value,
        scalar => {
            return Ok(Source::One(scalar.constant(dtype)?.unwrap_or(Scalar::zero(dtype))));
        }
    };
    let turned = seen.turned_shape(picks);
    let placed = seen.placed(picks.len());
    let shape: Vec<usize> = placed.iter().map(|d| turned[*d]).collect();
    let from = value.shape();
    let (ones, rest) = from.split_at(from.len().saturating_sub(shape.len()));
    let fits = rest.iter().rev().zip(shape.iter().rev()).all(|(a, b)| a == b || *a == 1);
    if !fits || ones.iter().any(|n| *n != 1) {
        return Err(Error::value(format!(
            "shape mismatch: value array of shape {} could not be broadcast to indexing result of shape {}",
            tuple(from),
            tuple(&shape)
        )));
    }
    let cast = if value.dtype() == dtype { value.clone() } else { astype(ctx, &value, dtype)? };
    let cast = if ones.is_empty() { cast } else { views::reshape(ctx, &cast, rest)? };
    let wide = views::view(ctx, &cast, &Recipe::identity(rest).broadcast_to(&shape)?)?;
    let mut back = vec![0; placed.len()];
    placed.iter().enumerate().for_each(|(at, d)| back[*d] = at);
    views::transpose(ctx, &wide, &back).map(Source::Many)
}

fn set_one(ctx: &mut Ctx, array: &Array, at: &[usize], value: &Value) -> Result<()> {
    if let Some(value) = value::number(value, array.dtype(), discover::scalar)? {
        return set_element(ctx, array, at, value);
    }
    value::one_value(value, array.dtype())?;
    let items: Vec<lang::layout::Index> = at.iter().map(|i| lang::layout::Index::Int(*i as i64)).collect();
    let seen = views::view(ctx, array, &Recipe::identity(array.shape()).index(&items)?)?;
    let value = value::source(ctx, value, array.dtype(), discover::scalar)?;
    store(ctx, &seen, value, 2)
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
