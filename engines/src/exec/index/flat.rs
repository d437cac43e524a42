//! `a.flat[key]` and `a.flat[key] = values`: an array as one axis, in C order.

use lang::dtype::DType;
use lang::error::{Error, Result};
use lang::ops::{self, Module};
use lang::scalar::Scalar;

use super::{Operand, get, store};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::discover;
use crate::exec::elementwise::record::apply;
use crate::exec::index;
use crate::exec::rearrange::views;
use crate::value::Value;

/// An element, or a copy. Collective.
///
/// # Errors
/// IndexError in NumPy's words.
pub fn read(ctx: &mut Ctx, array: &Array, key: &Value) -> Result<Value> {
    one_key(key)?;
    let flat = views::ravel(ctx, array)?;
    match get(ctx, &flat, key)? {
        Value::Array(seen) => views::own(ctx, &seen).map(Value::Array),
        element => Ok(element),
    }
}

/// Values over again as often as there are places for them; what is too many is left out. Collective.
///
/// # Errors
/// IndexError in NumPy's words, ValueError for an array that is read-only.
pub fn write(ctx: &mut Ctx, array: &Array, key: &Value, value: &Value) -> Result<()> {
    one_key(key)?;
    if !array.is_writable() {
        return Err(Error::value("array is read-only"));
    }
    let flat = views::ravel(ctx, array)?;
    let (count, single) = match get(ctx, &flat, key)? {
        Value::Array(seen) => (seen.size(), false),
        _ => (1, true),
    };
    let refused = || Error::value("Error setting single item of array.");
    let source = match single {
        true => super::value::source(ctx, value, array.dtype(), discover::scalar).map_err(|_| refused())?,
        false => super::value::source(ctx, value, array.dtype(), discover::scalars)?,
    };
    let value = match source {
        Operand::Array(values) => {
            let values = views::flatten(ctx, &values)?;
            match values.size() {
                0 => return Ok(()),
                n if single && n > 1 => return Err(refused()),
                n if n == count || n == 1 => Value::Array(values),
                n => {
                    let places = numbers(ctx, count);
                    let row = ops::lookup(Module::Numpy, "remainder").expect("a ufunc of the table");
                    let operands = [Operand::Array(places), Operand::Int(n as i64)];
                    let again = apply(ctx, ops::row(row), &operands, None)?.remove(0);
                    index::get(ctx, &values, &Value::Array(again))?
                }
            }
        }
        scalar => {
            let dtype = array.dtype();
            Value::Scalar(scalar.constant(dtype)?.unwrap_or(Scalar::zero(dtype)))
        }
    };
    let value = match value {
        // One element is a number here.
        Value::Array(one) if one.size() == 1 => Value::Scalar(ctx.fetch(&one, &[vec![0]])?[0]),
        value => value,
    };
    super::set(ctx, &flat, key, &value)?;
    if flat.shares_storage(array) || mirrors(&flat, array) {
        return Ok(());
    }
    let shaped = views::reshape(ctx, &flat, array.shape())?;
    store(ctx, array, Operand::Array(shaped), 1)
}

/// Whether what is written to the one reaches the other by itself.
fn mirrors(flat: &Array, array: &Array) -> bool {
    flat.view().is_some_and(|view| view.storage.mirror.is_some())
        && views::reshapes_in_place(array, flat.shape())
}

/// 0, 1, ... as an array.
fn numbers(ctx: &Ctx, count: usize) -> Array {
    let layout = ctx.default_layout(&[count]);
    let mut block = Block::zeros(DType::I64, layout.local_size(ctx.comm.rank()));
    let owned = layout.owned(ctx.comm.rank());
    let numbers: &mut [i64] = bytemuck::cast_slice_mut(block.bytes_mut());
    numbers.iter_mut().zip(owned.iter().flat_map(|set| set.iter())).for_each(|(to, i)| *to = i as i64);
    Array::from_block(vec![count], layout, block)
}

fn one_key(key: &Value) -> Result<()> {
    match key {
        Value::Tuple(items) if items.len() > 1 => Err(Error::index(format!(
            "too many indices for flat iterator: flat iterator is 1-dimensional, but {} were indexed",
            items.len()
        ))),
        Value::None | Value::Bool(_) | Value::Scalar(Scalar::Bool(_)) => Err(Error::index(
            "only integers, slices (`:`), ellipsis (`...`) and integer or boolean arrays are valid indices",
        )),
        _ => Ok(()),
    }
}
