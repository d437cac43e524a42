//! Shuffles, permutations and samples: every rank works out the order, and the elements move once.

use lang::dtype::DType;
use lang::error::{Class, Error, Result};
use lang::ops::Draw;

use super::{Source, integers, stream, uniform};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::args::{self, Args, index, items};
use crate::exec::rearrange::views;
use crate::exec::{alloc, discover, index as indexing};
use crate::rng;
use crate::value::Value;
use crate::watch::{LOOK, go_on};

/// Runs `permutation`, `shuffle`, `permuted` or `choice`. Collective.
///
/// # Errors
/// In NumPy's words; MemoryError where the order does not fit.
pub fn call(ctx: &mut Ctx, args: &Args, source: &Source, draw: Draw) -> Result<Value> {
    match draw {
        Draw::Permutation => permutation(ctx, args, source),
        Draw::Shuffle => shuffle(ctx, args, source),
        Draw::Permuted => permuted(ctx, args, source),
        _ => choice(ctx, args, source),
    }
}

/// 0..n, with the places from `first` on shuffled among all: Durstenfeld's swaps (1964), from the end.
fn order(ctx: &mut Ctx, source: &Source, n: usize) -> Result<Vec<i64>> {
    alloc::room(ctx, n.saturating_mul(8))?;
    let mut list: Vec<i64> = (0..n as i64).collect();
    // All ranks have the same to do.
    let watch = ctx.watch(n.saturating_mul(20));
    swaps(source, n, |i, j| list.swap(i, j));
    ctx.end(watch)?;
    Ok(list)
}

fn swaps(source: &Source, n: usize, mut swap: impl FnMut(usize, usize)) {
    let places = (1..n).rev().take_while(|i| i % LOOK > 0 || go_on());
    match source {
        Source::Modern(generator) => {
            let bits = &mut generator.borrow_mut().bits;
            places.for_each(|i| swap(i, rng::interval(bits, i as u64) as usize));
        }
        Source::Legacy(state) => {
            let bits = &mut state.borrow_mut().bits;
            places.for_each(|i| swap(i, rng::interval(bits, i as u64) as usize));
        }
    }
}

/// As `swaps`, with Lemire's integers, of the places down to `first`: `choice` shuffles so.
fn lemire_swaps(source: &Source, first: usize, list: &mut [i64]) {
    let places = (first..list.len()).rev().take_while(|i| i % LOOK > 0 || go_on());
    places.for_each(|i| list.swap(i, below(source, i as u64) as usize));
}

/// An integer in 0..=`top`, as `random_bounded_uint64` draws it.
fn below(source: &Source, top: u64) -> u64 {
    let Source::Modern(generator) = source else {
        return 0;
    };
    let bits = &mut generator.borrow_mut().bits;
    match u32::try_from(top) {
        Ok(0) => 0,
        Ok(u32::MAX) => bits.next_u32().into(),
        Ok(top) => rng::lemire32(bits, top).into(),
        Err(_) => rng::lemire64(bits, top),
    }
}

/// The indices as an array that every rank holds.
fn replicated(ctx: &Ctx, shape: &[usize], list: Vec<i64>) -> Value {
    Value::Array(Array::from_block(shape.to_vec(), ctx.replicated(shape), Block::I64(list)))
}

/// `array` with its places along `axis` taken in that order, in C's order. Collective.
fn taken(ctx: &mut Ctx, array: &Array, axis: usize, picks: &Value) -> Result<Value> {
    if axis == 0 {
        return match indexing::get(ctx, array, picks)? {
            Value::Array(picked) => views::ordered(ctx, picked).map(Value::Array),
            one => Ok(one),
        };
    }
    // Its axis to the front, and the picks' axes back to where it stood.
    let mut front: Vec<usize> = (0..array.ndim()).collect();
    front.remove(axis);
    front.insert(0, axis);
    let turned = views::transpose(ctx, array, &front)?;
    let Value::Array(picked) = indexing::get(ctx, &turned, picks)? else {
        return Err(Error::index("a row of an array is an array"));
    };
    let added = picked.ndim() - (array.ndim() - 1);
    let back: Vec<usize> = (added..added + axis).chain(0..added).chain(added + axis..picked.ndim()).collect();
    let back = views::transpose(ctx, &picked, &back)?;
    Ok(Value::Array(views::ordered(ctx, back)?))
}

fn permutation(ctx: &mut Ctx, args: &Args, source: &Source) -> Result<Value> {
    let x = args.value("x")?;
    let count = match x {
        Value::Int(n) => Some(*n),
        Value::Bool(b) => Some(*b as i64),
        Value::Scalar(s) if s.dtype().is_integer() => Some(index(x)?),
        _ => None,
    };
    if let Some(n) = count {
        let n = n.max(0) as usize;
        alloc::shape(&[n], DType::I64)?;
        let layout = args.layout(ctx, &[n])?;
        let list = order(ctx, source, n)?;
        let block = stream::walk(ctx, &layout, DType::I64, |i| list[i])?;
        return Ok(Value::Array(Array::from_block(vec![n], layout, block)));
    }
    let array = discover::to_array(ctx, x, None)?;
    let axis = args::axis(args.int("axis")?.unwrap_or(0), array.ndim())?;
    let list = order(ctx, source, array.shape()[axis])?;
    let mut key: Vec<Value> = vec![Value::Slice(std::rc::Rc::new(ALL)); axis];
    key.push(replicated(ctx, &[list.len()], list));
    let result = indexing::get(ctx, &array, &Value::tuple(key))?;
    placed(ctx, args, result)
}

/// The result in the layout that the call asks for.
fn placed(ctx: &mut Ctx, args: &Args, result: Value) -> Result<Value> {
    let Value::Array(array) = &result else {
        return Ok(result);
    };
    match args.given_layout(ctx, array.shape())? {
        None => Ok(result),
        Some(layout) => crate::exec::redistribute::redistribute(ctx, array, &layout).map(Value::Array),
    }
}

fn shuffle(ctx: &mut Ctx, args: &Args, source: &Source) -> Result<Value> {
    let x = args.value("x")?;
    let axis = args.int("axis")?.unwrap_or(0);
    match x {
        Value::Array(array) => {
            if !array.is_writable() {
                return Err(Error::value("array is read-only"));
            }
            if array.ndim() == 0 {
                return Err(Error::type_("len() of unsized object"));
            }
            let axis = args::axis(axis, array.ndim())?;
            if array.size() == 0 {
                return Ok(Value::None);
            }
            let list = order(ctx, source, array.shape()[axis])?;
            let picks = replicated(ctx, &[list.len()], list);
            let new = taken(ctx, array, axis, &picks)?;
            indexing::set(ctx, array, &Value::Ellipsis, &new)?;
        }
        Value::List(list) => {
            if axis != 0 {
                let text = "Axis argument is only supported on ndarray objects";
                return Err(Error::new(Class::NotImplementedError, text));
            }
            let mut values = list.borrow().to_vec();
            swaps(source, values.len(), |i, j| values.swap(i, j));
            *list.borrow_mut() = values.into();
        }
        other => {
            let what = args::type_name(other);
            return Err(Error::type_(format!("'{what}' object does not support item assignment")));
        }
    }
    Ok(Value::None)
}

fn permuted(ctx: &mut Ctx, args: &Args, source: &Source) -> Result<Value> {
    let array = args.array(ctx, "x")?;
    let out = match args.some("out") {
        None => None,
        Some(Value::Array(out)) if out.shape() == array.shape() && out.is_writable() => Some(out.clone()),
        Some(Value::Array(out)) if out.is_writable() => {
            return Err(Error::value("out must have the same shape as x"));
        }
        Some(Value::Array(_)) => return Err(Error::value("out is read-only")),
        Some(_) => return Err(Error::type_("out must be a numpy array")),
    };
    let strides = &out.as_ref().unwrap_or(&array).0.strided.strides;
    // NumPy shuffles all elements in the order of the memory.
    let columns = array.ndim() > 1 && {
        let mut stride = 1;
        let mut in_columns = true;
        for (&extent, &s) in array.shape().iter().zip(strides) {
            in_columns &= extent < 2 || s == stride;
            stride *= extent as isize;
        }
        in_columns && *strides != crate::array::c_strides(array.shape())
    };
    let size = array.size();
    let flat: Vec<i64> = match args.axis("axis", array.ndim())? {
        None => order(ctx, source, size)?,
        Some(axis) => {
            alloc::room(ctx, size.saturating_mul(8))?;
            let extent = array.shape()[axis];
            let inner: usize = array.shape()[axis + 1..].iter().product();
            let mut list: Vec<i64> = (0..size as i64).collect();
            let watch = ctx.watch(size.saturating_mul(20));
            for line in (0..size.checked_div(extent).unwrap_or(0)).take_while(|l| l % 1024 > 0 || go_on()) {
                let start = line / inner * extent * inner + line % inner;
                swaps(source, extent, |i, j| list.swap(start + i * inner, start + j * inner));
            }
            ctx.end(watch)?;
            list
        }
    };
    let reversed: Vec<usize> = (0..array.ndim()).rev().collect();
    let by_columns = columns && args.some("axis").is_none();
    let source_array = if by_columns { views::transpose(ctx, &array, &reversed)? } else { array.clone() };
    let lane = views::flatten(ctx, &source_array)?;
    let picks = replicated(ctx, &[size], flat);
    let Value::Array(picked) = indexing::get(ctx, &lane, &picks)? else {
        return Err(Error::index("a list of picks gives an array"));
    };
    let mut result = views::reshape(ctx, &picked, source_array.shape())?;
    if by_columns {
        result = views::transpose(ctx, &result, &reversed)?;
    }
    match out {
        Some(out) => {
            indexing::set(ctx, &out, &Value::Ellipsis, &Value::Array(result))?;
            Ok(Value::Array(out))
        }
        None => {
            let layout = array.layout().clone();
            let result = crate::exec::redistribute::redistribute(ctx, &result, &layout)?;
            views::ordered_as(ctx, result, &array).map(Value::Array)
        }
    }
}

/// The population of `choice`: an array along an axis, or 0..n.
struct Population {
    array: Option<(Array, usize)>,
    size: usize,
}

fn choice(ctx: &mut Ctx, args: &Args, source: &Source) -> Result<Value> {
    let legacy = matches!(source, Source::Legacy(_));
    let size = args.some("size").map(args::shape).transpose()?;
    let shape = size.clone().unwrap_or_default();
    let count: usize = shape.iter().product();
    let population = population(ctx, args, count, legacy)?;
    let p = match args.some("p") {
        Some(p) => Some(probabilities(ctx, p, population.size)?),
        None => None,
    };
    let layout = match (&size, &population.array) {
        (None, _) => ctx.replicated(&shape),
        // Picks that lead into an array are laid out by default; its rows then lie where the call asks.
        (Some(_), Some(_)) => ctx.default_layout(&shape),
        (Some(_), None) => args.layout(ctx, &shape)?,
    };
    alloc::check(ctx, &shape, DType::I64, &layout)?;
    let picks: Array = if args.flag("replace", true) {
        let block = match &p {
            None => integers::below(ctx, &layout, source, population.size.max((count == 0) as usize))?,
            Some(p) => {
                let sums = cumulative(p);
                let block = match source {
                    Source::Modern(g) => uniform::modern(ctx, &layout, &mut g.borrow_mut().bits, 0.0, 1.0),
                    Source::Legacy(s) => uniform::legacy(ctx, &layout, &mut s.borrow_mut().bits, 0.0, 1.0),
                }?;
                let Block::F64(u) = block else {
                    return Err(Error::type_("uniform numbers are float64"));
                };
                Block::I64(u.iter().map(|u| sums.partition_point(|s| s <= u) as i64).collect())
            }
        };
        Array::from_block(shape.clone(), layout, block)
    } else {
        if count > population.size {
            return Err(Error::value("Cannot take a larger sample than population when replace is False"));
        }
        let list = match p {
            Some(p) => weighted(source, p, count)?,
            None if legacy => {
                let mut list = order(ctx, source, population.size)?;
                list.truncate(count);
                list
            }
            None => sample(ctx, source, population.size, count, args.flag("shuffle", true))?,
        };
        let block = stream::walk(ctx, &layout, DType::I64, |i| list[i])?;
        Array::from_block(shape.clone(), layout, block)
    };
    let single = size.is_none();
    let Some((array, axis)) = population.array else {
        if !single {
            return Ok(Value::Array(picks));
        }
        let pick = ctx.fetch(&picks, &[])?;
        return Ok(pick.first().and_then(|s| s.as_i128()).map_or(Value::None, |i| Value::Int(i as i64)));
    };
    if single {
        let pick = ctx.fetch(&picks, &[])?.first().and_then(|s| s.as_i128()).unwrap_or(0) as i64;
        let mut key: Vec<Value> = vec![Value::Slice(std::rc::Rc::new(ALL)); axis];
        key.push(Value::Int(pick));
        return indexing::get(ctx, &array, &Value::tuple(key));
    }
    let result = taken(ctx, &array, axis, &Value::Array(picks))?;
    let result = match result {
        Value::Scalar(s) => {
            let everywhere = ctx.replicated(&[]);
            Value::Array(Array::from_block(vec![], everywhere, crate::exec::element::filled(s.dtype(), 1, s)))
        }
        other => other,
    };
    placed(ctx, args, result)
}

const ALL: crate::value::Slice =
    crate::value::Slice { start: Value::None, stop: Value::None, step: Value::None };

fn population(ctx: &mut Ctx, args: &Args, count: usize, legacy: bool) -> Result<Population> {
    let a = args.value("a")?;
    let number = match a {
        Value::Int(_) | Value::Bool(_) | Value::BigInt(_) => Some(index(a)?),
        Value::Scalar(s) if s.dtype().is_integer() || s.dtype().is_bool() => s.as_i128().map(|i| i as i64),
        Value::Array(array) if array.ndim() == 0 && !array.dtype().is_inexact() => {
            ctx.fetch(array, &[])?.first().and_then(|s| s.as_i128()).map(|i| i as i64)
        }
        Value::Array(array) if array.ndim() > 0 => None,
        other if items(other).is_some() => None,
        other => {
            let what = args::type_name(other);
            return Err(Error::value(match legacy {
                true => "a must be 1-dimensional or an integer".to_string(),
                false => format!("a must be a sequence or an integer, not <class '{what}'>"),
            }));
        }
    };
    if let Some(n) = number {
        if n <= 0 && count != 0 {
            return Err(Error::value(match legacy {
                true => "a must be greater than 0 unless no samples are taken",
                false => "a must be a positive integer unless no samples are taken",
            }));
        }
        return Ok(Population { array: None, size: n.max(0) as usize });
    }
    let array = discover::to_array(ctx, a, None)?;
    if legacy && array.ndim() != 1 {
        return Err(Error::value("a must be 1-dimensional"));
    }
    // NumPy looks it up in the shape.
    let axis = args::axis(args.int("axis")?.unwrap_or(0), array.ndim())
        .map_err(|_| Error::new(Class::IndexError, "tuple index out of range"))?;
    let size = array.shape()[axis];
    if size == 0 && count != 0 {
        return Err(Error::value(match legacy {
            true => "'a' cannot be empty unless no samples are taken",
            false => "a cannot be empty unless no samples are taken",
        }));
    }
    Ok(Population { array: Some((array, axis)), size })
}

/// `p=`, whole on every rank.
fn probabilities(ctx: &mut Ctx, p: &Value, size: usize) -> Result<Vec<f64>> {
    let array = discover::to_array(ctx, p, None)?;
    let tolerance = match (p, array.dtype()) {
        (Value::Array(_), DType::F32) => f64::from(f32::EPSILON.sqrt()),
        _ => f64::EPSILON.sqrt(),
    };
    let everywhere = ctx.replicated(array.shape());
    let block = ctx.local(&array, &everywhere)?;
    let Block::F64(p) = discover::cast_block(&block, DType::F64) else {
        return Err(Error::type_("probabilities are float64"));
    };
    if array.ndim() != 1 {
        return Err(match array.ndim() {
            0 => Error::type_("object of type 'float' has no len()"),
            _ => Error::value("p must be 1-dimensional"),
        });
    }
    if p.len() != size {
        return Err(Error::value("a and p must have same size"));
    }
    let sum = kahan_sum(&p);
    if sum.is_nan() {
        return Err(Error::value("Probabilities contain NaN"));
    }
    if p.iter().any(|&x| x < 0.0) {
        return Err(Error::value("Probabilities are not non-negative"));
    }
    if (sum - 1.0).abs() > tolerance {
        return Err(Error::value(
            "Probabilities do not sum to 1. See Notes section of docstring for more information.",
        ));
    }
    Ok(p)
}

/// The sum with a carried rounding error (Kahan 1965).
pub fn kahan_sum(values: &[f64]) -> f64 {
    let Some((&first, rest)) = values.split_first() else {
        return 0.0;
    };
    let (mut sum, mut carry) = (first, 0.0);
    for &x in rest {
        let y = x - carry;
        let t = sum + y;
        carry = (t - sum) - y;
        sum = t;
    }
    sum
}

/// The running sums over the last of them.
fn cumulative(p: &[f64]) -> Vec<f64> {
    let mut sums: Vec<f64> = p
        .iter()
        .scan(0.0, |sum, x| {
            *sum += x;
            Some(*sum)
        })
        .collect();
    let last = sums.last().copied().unwrap_or(1.0);
    sums.iter_mut().for_each(|s| *s /= last);
    sums
}

/// A sample with probabilities, without replacement: drawn, and what was found twice drawn again.
fn weighted(source: &Source, mut p: Vec<f64>, count: usize) -> Result<Vec<i64>> {
    if p.iter().filter(|&&x| x > 0.0).count() < count {
        return Err(Error::value("Fewer non-zero entries in p than size"));
    }
    let mut found: Vec<i64> = Vec::with_capacity(count);
    while found.len() < count {
        let draws: Vec<f64> = (found.len()..count)
            .map(|_| match source {
                Source::Modern(g) => g.borrow_mut().bits.next_f64(),
                Source::Legacy(s) => s.borrow_mut().bits.next_f64(),
            })
            .collect();
        found.iter().for_each(|&i| p[i as usize] = 0.0);
        let sums = cumulative(&p);
        for u in draws {
            let pick = sums.partition_point(|s| *s <= u);
            // Twice in one round: the first stays.
            if p[pick] >= 0.0 {
                p[pick] = -1.0;
                found.push(pick as i64);
            }
        }
    }
    Ok(found)
}

/// A sample without replacement as Generator draws it: the tail of a shuffle, or Floyd's method for few of many.
fn sample(ctx: &mut Ctx, source: &Source, size: usize, count: usize, shuffled: bool) -> Result<Vec<i64>> {
    let cutoff = if shuffled { 50 } else { 20 };
    if size > 10000 && count > size / cutoff {
        alloc::room(ctx, size.saturating_mul(8))?;
        let mut list: Vec<i64> = (0..size as i64).collect();
        let watch = ctx.watch(count.saturating_mul(20));
        lemire_swaps(source, (size - count).max(1), &mut list);
        ctx.end(watch)?;
        return Ok(list.split_off(size - count));
    }
    alloc::room(ctx, count.saturating_mul(24))?;
    let mut seen = std::collections::HashSet::with_capacity(count);
    let mut list: Vec<i64> = Vec::with_capacity(count);
    let watch = ctx.watch(count.saturating_mul(100));
    for j in (size - count..size).take_while(|j| j % LOOK > 0 || go_on()) {
        let pick = below(source, j as u64) as i64;
        let pick = if seen.insert(pick) { pick } else { j as i64 };
        seen.insert(pick);
        list.push(pick);
    }
    if shuffled {
        lemire_swaps(source, 1, &mut list);
    }
    ctx.end(watch)?;
    Ok(list)
}
