//! Sorting, searching in what is sorted, and what is distinct: by samples with exact splitters.

mod count;
mod key;
mod lanes;
mod order;
mod route;
mod runs;
mod search;
mod select;
mod team;
mod unique;
#[cfg(target_arch = "x86_64")]
mod vector;

use std::sync::Arc;

use lang::dtype::{DType, Kind};
use lang::error::{Error, Result};
use lang::layout::{DimMap, Layout};
use lang::ops::Sort;
use lang::plan::split::{in_blocks, in_rows, rows};

use super::args::{Args, axis, index, items, type_name};
use super::elementwise::{Operand, astype};
use super::index::{self as indexing, refused};
use super::rearrange::views;
use super::redistribute::redistribute;
use super::{discover, element};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::value::{Fields, Value};
use crate::with_element;
use unique::{Wanted, distinct};

/// Runs a row of this family. Collective.
///
/// # Errors
/// AxisError, TypeError and ValueError in NumPy's words; MemoryError.
pub fn call(ctx: &mut Ctx, op: Sort, args: &Args) -> Result<Value> {
    match op {
        Sort::Sort => sort(ctx, args),
        Sort::ArgSort => argsort(ctx, args),
        Sort::Partition => partition(ctx, args, false),
        Sort::ArgPartition => partition(ctx, args, true),
        Sort::LexSort => lexsort(ctx, args),
        Sort::SortComplex => sort_complex(ctx, args),
        Sort::SearchSorted => search::searchsorted(ctx, args),
        Sort::IsIn => is_in(ctx, args),
        Sort::Select => select::call(ctx, args),
        Sort::BinCount => count::bincount(ctx, args),
        Sort::Unique => unique_call(ctx, args),
        Sort::UniqueAll | Sort::UniqueCounts | Sort::UniqueInverse | Sort::UniqueValues => {
            unique_named(ctx, op, args)
        }
    }
}

/// An array as a value: NumPy makes scalars of 0-d results.
fn result(ctx: &mut Ctx, array: Array) -> Result<Value> {
    super::elementwise::call::finish(ctx, vec![array])
}

fn kind_checked(args: &Args) -> Result<()> {
    match args.some("kind") {
        None => {}
        Some(Value::Str(kind)) => match kind.chars().next() {
            Some('q' | 'Q' | 'h' | 'H' | 'm' | 'M' | 's' | 'S') => {}
            _ => {
                return Err(Error::value(format!(
                    "sort kind must be one of 'quick', 'heap', or 'stable' (got '{kind}')"
                )));
            }
        },
        Some(other) => {
            return Err(Error::type_(format!("sort kind must be str, not {}", type_name(other))));
        }
    }
    if args.some("kind").is_some() && args.some("stable").is_some() {
        return Err(Error::value(
            "`kind` and keyword parameters can't be provided at the same time. Use only one of them.",
        ));
    }
    no_order(args)
}

fn no_order(args: &Args) -> Result<()> {
    match args.some("order") {
        Some(_) => Err(Error::value("Cannot specify order when the array has no fields.")),
        None => Ok(()),
    }
}

/// The array and the axis to sort along: flattened for `axis=None`, which methods that sort in place do not take.
fn operand(ctx: &mut Ctx, args: &Args, in_place: bool) -> Result<(Array, usize)> {
    let array = args.array(ctx, "a")?;
    match args.given("axis") {
        Some(Value::None) if !in_place => Ok((views::ravel(ctx, &array)?, 0)),
        Some(given) => {
            let at = axis(index(given)?, array.ndim())?;
            Ok((array, at))
        }
        None => {
            let at = axis(-1, array.ndim())?;
            Ok((array, at))
        }
    }
}

/// Writes what was sorted over its array.
fn put_back(ctx: &mut Ctx, array: &Array, sorted: Array) -> Result<Value> {
    indexing::store(ctx, array, Operand::Array(sorted), 1)?;
    Ok(Value::None)
}

fn sort(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    kind_checked(args)?;
    let (array, at) = operand(ctx, args, args.method)?;
    if args.method && !array.is_writable() {
        return Err(Error::value("sort array is read-only"));
    }
    let sorted = order::sorted(ctx, &array, at)?;
    match args.method {
        true => put_back(ctx, &array, sorted),
        false => views::ordered_as(ctx, sorted, &array).map(Value::Array),
    }
}

/// `np.argsort` takes 0-d arrays, as vectors of one element.
fn argsort(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    kind_checked(args)?;
    let given = args.array(ctx, "a")?;
    if given.ndim() == 0 {
        if let Some(k) = args.int("axis")? {
            axis(k, 1)?;
        }
        let zero = Block::zeros(DType::I64, 1);
        return Ok(Value::Array(Array::from_block(vec![1], ctx.replicated(&[1]), zero)));
    }
    let (array, at) = operand(ctx, args, false)?;
    order::places(ctx, &array, at).map(Value::Array)
}

fn partition(ctx: &mut Ctx, args: &Args, places: bool) -> Result<Value> {
    match args.some("kind") {
        None => {}
        Some(Value::Str(kind)) if kind.starts_with(['i', 'I']) => {}
        Some(Value::Str(kind)) => {
            return Err(Error::value(format!("select kind must be 'introselect' (got '{kind}')")));
        }
        Some(other) => {
            return Err(Error::type_(format!("select kind must be str, not {}", type_name(other))));
        }
    }
    no_order(args)?;
    let (array, at) = operand(ctx, args, args.method && !places)?;
    let n = array.shape()[at] as i64;
    let given = args.value("kth")?;
    for kth in numbers(ctx, given)? {
        let k = if kth < 0 { kth + n } else { kth };
        if k < 0 || k >= n && n > 0 {
            return Err(Error::value(format!("kth(={k}) out of bounds ({n})")));
        }
    }
    if places {
        return order::places(ctx, &array, at).map(Value::Array);
    }
    if args.method && !array.is_writable() {
        return Err(Error::value("partition array is read-only"));
    }
    let sorted = order::sorted(ctx, &array, at)?;
    match args.method {
        true => put_back(ctx, &array, sorted),
        false => views::ordered_as(ctx, sorted, &array).map(Value::Array),
    }
}

/// `kth=`: one integer or a vector of them.
fn numbers(ctx: &mut Ctx, value: &Value) -> Result<Vec<i64>> {
    let array = discover::to_array(ctx, value, None)?;
    match array.dtype().kind() {
        Kind::Bool => return Err(Error::value("Booleans unacceptable as partition index")),
        Kind::Signed | Kind::Unsigned => {}
        Kind::Float | Kind::Complex => return Err(Error::type_("Partition index must be integer")),
    }
    if array.ndim() > 1 {
        return Err(Error::value("kth array must have dimension <= 1"));
    }
    let all: Vec<Vec<usize>> = array.shape().iter().map(|&n| (0..n).collect()).collect();
    let values = ctx.fetch(&array, &all)?;
    Ok(values.iter().filter_map(|s| s.as_i128()).map(|k| k as i64).collect())
}

fn lexsort(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let value = args.value("keys")?;
    let keys: Vec<Array> = match (value, items(value)) {
        (_, Some(list)) => list.iter().map(|v| discover::to_array(ctx, v, None)).collect::<Result<_>>()?,
        (Value::Array(array), _) if array.ndim() > 0 => {
            let key = |i: usize| indexing::get(ctx, array, &Value::Int(i as i64));
            let rows = (0..array.shape()[0]).map(key).collect::<Result<Vec<_>>>()?;
            rows.iter().map(|v| discover::to_array(ctx, v, None)).collect::<Result<_>>()?
        }
        _ => Vec::new(),
    };
    let Some(last) = keys.last() else {
        return Err(Error::type_("need sequence of keys with len > 0 in lexsort"));
    };
    if keys.iter().any(|k| k.shape() != last.shape()) {
        return Err(Error::value("all keys need to be the same shape"));
    }
    let k = args.int("axis")?.unwrap_or(-1);
    if last.ndim() == 0 {
        axis(k, 1)?;
        return Ok(Value::Scalar(lang::scalar::Scalar::I64(0)));
    }
    let at = axis(k, last.ndim())?;
    // The layout of a key that is distributed, if one is, is that of the result.
    let first = keys.iter().position(|key| !key.layout().everywhere).unwrap_or(0);
    let lies = keys[first].layout().clone();
    order::places_by_keys(ctx, &keys, &lies, at).map(Value::Array)
}

/// `np.sort_complex(a)`: along the last axis, then as complex numbers.
fn sort_complex(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let array = args.first(ctx)?;
    let at = axis(-1, array.ndim())?;
    let sorted = order::sorted(ctx, &array, at)?;
    let dtype = match array.dtype() {
        DType::I8 | DType::I16 | DType::U8 | DType::U16 => DType::C64,
        other if other.is_complex() => other,
        _ => DType::C128,
    };
    astype(ctx, &sorted, dtype).map(Value::Array)
}

fn is_in(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let (element, among) = (args.array(ctx, "element")?, args.array(ctx, "test_elements")?);
    match args.str("kind")? {
        None | Some("sort") => {}
        Some("table") if element.dtype().is_integer() && among.dtype().is_integer() => {}
        Some("table") => {
            return Err(Error::value(
                "The 'table' method is only supported for boolean or integer arrays. Please select 'sort' or None for \
                 kind.",
            ));
        }
        Some(other) => {
            return Err(Error::value(format!(
                "Invalid kind: '{other}'. Please use None, 'sort' or 'table'."
            )));
        }
    }
    let found = search::contained(ctx, &element, &among)?;
    let found = match args.flag("invert", false) {
        true => super::elementwise::apply(ctx, logical_not(), &[Operand::Array(found)], None)?.remove(0),
        false => found,
    };
    // NumPy gives an array of no axes here, and no scalar.
    Ok(Value::Array(found))
}

fn logical_not() -> &'static lang::ops::Row {
    let row = lang::ops::lookup(lang::ops::Module::Numpy, "logical_not").expect("a ufunc of the table");
    lang::ops::row(row)
}

/// `np.unique`: the values, and what else is asked for, as a tuple.
fn unique_call(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let array = args.first(ctx)?;
    let want = Wanted {
        index: args.flag("return_index", false),
        inverse: args.flag("return_inverse", false),
        counts: args.flag("return_counts", false),
        equal_nan: args.flag("equal_nan", true),
    };
    let parts = match args.axis("axis", array.ndim())? {
        // Of a vector the elements, whatever the axis.
        None => unique(ctx, &array, want)?,
        Some(_) if array.ndim() == 1 => unique(ctx, &array, want)?,
        Some(at) => unique_rows(ctx, &array, at, want)?,
    };
    let mut parts: Vec<Value> = parts.into_iter().map(Value::Array).collect();
    Ok(if parts.len() == 1 { parts.remove(0) } else { Value::tuple(parts) })
}

static ALL: Fields =
    Fields { class: "UniqueAllResult", names: &["values", "indices", "inverse_indices", "counts"] };
static COUNTS: Fields = Fields { class: "UniqueCountsResult", names: &["values", "counts"] };
static INVERSE: Fields = Fields { class: "UniqueInverseResult", names: &["values", "inverse_indices"] };

/// The array API's functions: `np.unique_all` and its kin.
fn unique_named(ctx: &mut Ctx, op: Sort, args: &Args) -> Result<Value> {
    let array = args.first(ctx)?;
    let (all, counts, inverse) = match op {
        Sort::UniqueAll => (true, true, true),
        Sort::UniqueCounts => (false, true, false),
        Sort::UniqueInverse => (false, false, true),
        _ => (false, false, false),
    };
    let want = Wanted { index: all, inverse, counts, equal_nan: false };
    let mut parts: Vec<Value> = unique(ctx, &array, want)?.into_iter().map(Value::Array).collect();
    Ok(match op {
        Sort::UniqueAll => Value::named(&ALL, parts),
        Sort::UniqueCounts => Value::named(&COUNTS, parts),
        Sort::UniqueInverse => Value::named(&INVERSE, parts),
        _ => parts.remove(0),
    })
}

/// The distinct elements, and what is wanted of first places, inverse and counts, in this order.
fn unique(ctx: &mut Ctx, array: &Array, want: Wanted) -> Result<Vec<Array>> {
    let flat = views::ravel(ctx, array)?;
    let layout = Arc::new(in_blocks(flat.layout(), 0));
    let block = ctx.local(&flat, &layout)?;
    let dtype = array.dtype();
    let mut parts = Vec::new();
    with_element!(dtype, T => {
        let found = distinct::<T>(ctx, &layout, element::typed(&block), 1, want)?;
        let dealt = dealt(ctx, &layout, &found.bounds, &[]);
        let values = block_of(dtype, &found.values);
        parts.push(settled(ctx, array, &dealt, values)?);
        if want.index {
            parts.push(settled(ctx, array, &dealt, Block::I64(found.index))?);
        }
        if want.inverse {
            let inverse = Array::from_block(flat.shape().to_vec(), layout.clone(), Block::I64(found.inverse));
            let inverse = redistribute(ctx, &inverse, flat.layout())?;
            parts.push(views::reshape(ctx, &inverse, array.shape())?);
        }
        if want.counts {
            parts.push(settled(ctx, array, &dealt, Block::I64(found.counts))?);
        }
    });
    Ok(parts)
}

/// The distinct sub-arrays along an axis.
fn unique_rows(ctx: &mut Ctx, array: &Array, at: usize, want: Wanted) -> Result<Vec<Array>> {
    let mut axes: Vec<usize> = (0..array.ndim()).filter(|&d| d != at).collect();
    axes.insert(0, at);
    let moved = views::transpose(ctx, array, &axes)?;
    let tail = moved.shape()[1..].to_vec();
    let width: usize = tail.iter().product();
    if width == 0 {
        return Err(refused("unique along an axis of sub-arrays without elements"));
    }
    let layout = Arc::new(in_rows(moved.layout()));
    let block = ctx.local(&moved, &layout)?;
    let dtype = array.dtype();
    let mut parts = Vec::new();
    with_element!(dtype, T => {
        // As the fields of a record, nans are never equal.
        let want = Wanted { equal_nan: false, ..want };
        let found = distinct::<T>(ctx, &layout, element::typed(&block), width, want)?;
        let rows = dealt(ctx, &layout, &found.bounds, &tail);
        let values = settled(ctx, array, &rows, block_of(dtype, &found.values))?;
        let mut back: Vec<usize> = (1..array.ndim()).collect();
        back.insert(at, 0);
        parts.push(views::transpose(ctx, &values, &back)?);
        let dealt = dealt(ctx, &layout, &found.bounds, &[]);
        if want.index {
            parts.push(settled(ctx, array, &dealt, Block::I64(found.index))?);
        }
        if want.inverse {
            let n = moved.shape()[0];
            let mut line = (*layout).clone();
            line.dims.truncate(1);
            line.grid.truncate(1);
            parts.push(Array::from_block(vec![n], Arc::new(line), Block::I64(found.inverse)));
        }
        if want.counts {
            parts.push(settled(ctx, array, &dealt, Block::I64(found.counts))?);
        }
    });
    Ok(parts)
}

/// The layout of what is distinct, by the ranks that have it.
fn dealt(ctx: &Ctx, layout: &Layout, bounds: &[usize], tail: &[usize]) -> Arc<Layout> {
    let mut shape = vec![bounds.last().copied().unwrap_or(0)];
    shape.extend(tail);
    if layout.everywhere {
        return ctx.replicated(&shape);
    }
    let bounds = DimMap::Block { bounds: bounds.to_vec() };
    Arc::new(rows(&shape, bounds, layout.ranks.clone()))
}

/// An array of this rank's part; replicated where what is small is.
fn settled(ctx: &mut Ctx, from: &Array, layout: &Arc<Layout>, block: Block) -> Result<Array> {
    let found = Array::from_block(layout.shape(), layout.clone(), block);
    let default = ctx.derived_layout(found.shape(), from.layout(), from.size());
    if default.everywhere && !layout.everywhere {
        return redistribute(ctx, &found, &default);
    }
    Ok(found)
}

fn block_of<T: element::Element>(dtype: DType, items: &[T]) -> Block {
    let mut block = Block::zeros(dtype, items.len());
    element::typed_mut::<T>(&mut block).copy_from_slice(items);
    block
}
