//! Reshapes, transposes, conversions and what is composed of ufuncs: `where`, `clip`, `round`.

pub mod compose;
mod elements;
pub mod mirror;
pub mod order;
pub mod views;

use lang::dtype::{Casting, can_cast};
use lang::error::{Class, Error, Result};
use lang::layout::View as Recipe;
use lang::ops::{Attr, Rearrange, Run};
use order::Order;

use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::Args;
use crate::exec::args::{axis, index, items, shape};
use crate::exec::elementwise::astype;
use crate::exec::elementwise::force::{compute_readers, force};
use crate::value::Value;

/// Runs a rearrangement. Collective.
///
/// # Errors
/// TypeError, ValueError, IndexError and AxisError in NumPy's words; MemoryError.
pub fn call(ctx: &mut Ctx, op: Rearrange, args: &Args) -> Result<Value> {
    match op {
        Rearrange::Where => return compose::choose(ctx, args),
        Rearrange::Clip => return compose::clip(ctx, args),
        Rearrange::Round => return compose::round(ctx, args),
        Rearrange::Item => return elements::item(ctx, args),
        Rearrange::ToList => return elements::to_list(ctx, args),
        Rearrange::Fill => return elements::fill(ctx, args),
        _ => {}
    }
    if op == Rearrange::AsType {
        return convert(ctx, args).map(Value::Array);
    }
    if op == Rearrange::BroadcastTo {
        return broadcast_to(ctx, args).map(Value::Array);
    }
    let array = args.array(ctx, "a")?;
    Ok(Value::Array(match op {
        Rearrange::Reshape => {
            let mut shape = wanted_shape(args, array.size())?;
            let order = Order::read(args)?;
            if order == Order::K {
                return Err(Error::value("order 'K' is not permitted for reshaping"));
            }
            // In Fortran's order it is the reshape of the transposes.
            let backwards = order.runs_backwards(&array);
            let source = if backwards { order::reversed(ctx, &array)? } else { array.clone() };
            if backwards {
                shape.reverse();
            }
            let new = views::reshape(ctx, &source, &shape)?;
            let new = match args.some("copy") {
                Some(Value::Bool(true)) if new.shares_storage(&array) => views::own(ctx, &new)?,
                Some(Value::Bool(false)) if !views::reshapes_in_place(&source, &shape) => {
                    return Err(Error::value("Unable to avoid creating a copy while reshaping."));
                }
                _ => new,
            };
            if backwards { order::reversed(ctx, &new)? } else { new }
        }
        Rearrange::Transpose => {
            let axes = wanted_axes(args, array.ndim())?;
            views::transpose(ctx, &array, &axes)?
        }
        Rearrange::Ravel => {
            let array = Order::read(args)?.slowest_first(ctx, &array)?;
            views::ravel(ctx, &array)?
        }
        Rearrange::Flatten => {
            let array = Order::read(args)?.slowest_first(ctx, &array)?;
            views::flatten(ctx, &array)?
        }
        _ => {
            let copy = astype(ctx, &array, array.dtype())?;
            in_order(ctx, args, copy, &array)?
        }
    }))
}

/// `a.T`, `a.real`, `a.imag`. Collective.
///
/// # Errors
/// MemoryError; NotImplementedError for other attributes.
pub fn attribute(ctx: &mut Ctx, attr: Attr, array: &Array) -> Result<Value> {
    match attr {
        Attr::Flat => return Ok(Value::Flat(array.clone())),
        Attr::T => order::reversed(ctx, array),
        Attr::Real => views::part(ctx, array, false),
        Attr::Imag => views::part(ctx, array, true),
        _ => Err(super::index::refused("this attribute")),
    }
    .map(Value::Array)
}

fn convert(ctx: &mut Ctx, args: &Args) -> Result<Array> {
    let array = args.array(ctx, "x")?;
    let dtype = match args.dtype("dtype")? {
        Some(dtype) => dtype,
        None => lang::dtype::DType::DEFAULT_FLOAT,
    };
    let rule = args.str("casting")?.map_or(Ok(Casting::Unsafe), Casting::parse)?;
    if !can_cast(array.dtype(), dtype, rule) {
        return Err(Error::type_(format!(
            "Cannot cast array data from dtype('{}') to dtype('{dtype}') according to the rule '{}'",
            array.dtype(),
            rule.name()
        )));
    }
    if let Some(Value::Str(device)) = args.some("device")
        && &device[..] != "cpu"
    {
        let text = format!("Device not understood. Only \"cpu\" is allowed, but received: {device}");
        return Err(Error::value(text));
    }
    if array.dtype() == dtype && !args.flag("copy", true) && Order::read(args)?.holds(&array) {
        return Ok(array);
    }
    let converted = astype(ctx, &array, dtype)?;
    in_order(ctx, args, converted, &array)
}

/// The array repeated to `shape`, not to be written, as NumPy has it also where nothing is repeated.
fn broadcast_to(ctx: &mut Ctx, args: &Args) -> Result<Array> {
    let array = args.array(ctx, "array")?;
    let shape = shape(args.value("shape")?)?;
    let recipe = Recipe::identity(array.shape()).broadcast_to(&shape)?;
    Ok(views::view(ctx, &array, &recipe)?.read_only())
}

/// A copy, which lies as its source does ('K'), in the order that the call asks for; that of the method `copy` is C's.
fn in_order(ctx: &mut Ctx, args: &Args, copy: Array, source: &Array) -> Result<Array> {
    let by_default = args.method && matches!(args.row.run, Run::Rearrange(Rearrange::Copy));
    match Order::read(args)? {
        Order::K if by_default && args.some("order").is_none() => views::ordered(ctx, copy),
        Order::K => Ok(copy),
        order => order.apply(ctx, copy, source),
    }
}

/// `a.shape = shape`, in place: every name of the array sees it. Collective.
///
/// # Errors
/// ValueError for another size, AttributeError where NumPy's reshape would be a copy; MemoryError.
pub fn set_shape(ctx: &mut Ctx, array: &Array, value: &Value) -> Result<()> {
    let given = items(value).unwrap_or_else(|| vec![value.clone()]);
    let shape = fitting(&given, array.size())?;
    force(ctx, array)?;
    if !views::reshapes_in_place(array, &shape) {
        let text = "Incompatible shape for in-place modification. Use `.reshape()` to make a copy with the desired shape.";
        return Err(Error::new(Class::AttributeError, text));
    }
    // What is pending on it has the shape that it had.
    compute_readers(ctx, array, None)?;
    let before = array.detached();
    let new = views::reshape(ctx, &before, &shape)?;
    array.become_view(new);
    Ok(())
}

/// `shape` of `a.reshape(2, -1)`, `a.reshape((2, -1))` and `np.reshape(a, (2, -1))`, with the unknown extent found.
fn wanted_shape(args: &Args, size: usize) -> Result<Vec<usize>> {
    let given: Vec<Value> = match (args.given("shape"), &args.rest[..]) {
        (Some(shape), _) => items(shape).unwrap_or_else(|| vec![shape.clone()]),
        (None, [one]) => items(one).unwrap_or_else(|| vec![one.clone()]),
        (None, rest) => rest.to_vec(),
    };
    fitting(&given, size)
}

/// A shape of that size, with the unknown extent found.
fn fitting(given: &[Value], size: usize) -> Result<Vec<usize>> {
    let extents = given.iter().map(index).collect::<Result<Vec<i64>>>()?;
    let unknown: Vec<usize> = (0..extents.len()).filter(|&d| extents[d] < 0).collect();
    if unknown.len() > 1 {
        return Err(Error::value("can only specify one unknown dimension"));
    }
    let known =
        extents.iter().filter(|&&n| n >= 0).try_fold(1usize, |product, &n| product.checked_mul(n as usize));
    let refused = || {
        // NumPy leaves a leading unknown out, and calls others newaxis.
        let shown = extents.iter().enumerate().filter(|(d, n)| *d > 0 || **n >= 0);
        let texts: Vec<String> =
            shown.map(|(_, &n)| if n < 0 { "newaxis".to_string() } else { n.to_string() }).collect();
        let comma = if extents.len() == 1 && texts.len() == 1 { "," } else { "" };
        Error::value(format!("cannot reshape array of size {size} into shape ({}{comma})", texts.join(",")))
    };
    let known = known.ok_or_else(refused)?;
    let found = match unknown[..] {
        [] if known == size => 0,
        [_] if known > 0 && size.is_multiple_of(known) => size / known,
        _ => return Err(refused()),
    };
    Ok(extents.iter().map(|&n| if n < 0 { found } else { n as usize }).collect())
}

/// The axes of `a.transpose(1, 0)`, `a.transpose((1, 0))` and `np.transpose(a, (1, 0))`; reversed by default.
fn wanted_axes(args: &Args, ndim: usize) -> Result<Vec<usize>> {
    let given: Vec<Value> = match (args.some("axes"), &args.rest[..]) {
        (Some(axes), _) => items(axes).unwrap_or_else(|| vec![axes.clone()]),
        (None, [] | [Value::None]) => return Ok((0..ndim).rev().collect()),
        (None, [one]) => items(one).unwrap_or_else(|| vec![one.clone()]),
        (None, rest) => rest.to_vec(),
    };
    if given.len() != ndim {
        return Err(Error::value("axes don't match array"));
    }
    let axes = given.iter().map(|v| axis(index(v)?, ndim)).collect::<Result<Vec<usize>>>()?;
    if (1..ndim).any(|i| axes[..i].contains(&axes[i])) {
        return Err(Error::value("repeated axis in transpose"));
    }
    Ok(axes)
}
