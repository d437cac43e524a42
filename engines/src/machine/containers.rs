//! Methods of lists, tuples, ranges and dicts.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

use lang::error::Class;
use lang::ir::CmpOp;

use super::raise::{Eval, index_error, type_error, value_error};
use super::types::type_name;
use super::{Dict, Exception, Items, Machine};
use crate::value::{Value, View};

type List = Rc<RefCell<Items>>;

pub fn list(machine: &mut Machine, items: &List, name: &str, args: Vec<Option<Value>>) -> Eval<Value> {
    let mut args = args.into_iter();
    let mut arg = || args.next().flatten();
    match name {
        "append" => {
            if let Some(value) = arg() {
                items.borrow_mut().push(value);
            }
        }
        "extend" => {
            if let Some(value) = arg() {
                let more = machine.collect(&value)?;
                items.borrow_mut().extend(more);
            }
        }
        "insert" => {
            let (at, value) = (arg().unwrap_or(Value::None), arg().unwrap_or(Value::None));
            let at = machine.as_int(&at)?;
            let mut items = items.borrow_mut();
            let len = items.len() as i64;
            let at = if at < 0 { at.saturating_add(len) } else { at };
            items.insert(at.clamp(0, len) as usize, value);
        }
        "pop" => {
            let at = match arg() {
                Some(at) => machine.as_int(&at)?,
                None => -1,
            };
            let mut items = items.borrow_mut();
            if items.is_empty() {
                return index_error("pop from empty list");
            }
            let len = items.len() as i64;
            let at = if at < 0 { at.saturating_add(len) } else { at };
            if !(0..len).contains(&at) {
                return index_error("pop index out of range");
            }
            return Ok(items.remove(at as usize));
        }
        "remove" => {
            let value = arg().unwrap_or(Value::None);
            match position(machine, &Value::List(items.clone()), &value, 0, usize::MAX)? {
                Some(at) if at < items.borrow().len() => drop(items.borrow_mut().remove(at)),
                _ => return value_error("list.remove(x): x not in list"),
            }
        }
        "sort" => {
            let (key, reverse) = (arg(), arg());
            let taken = std::mem::take(&mut **items.borrow_mut());
            let sorted = sorted(machine, taken.clone(), key, reverse);
            // As CPython: the list seems empty while it is sorted; an error leaves it as it was.
            match sorted {
                Ok(sorted) => **items.borrow_mut() = sorted,
                Err(raised) => {
                    **items.borrow_mut() = taken;
                    return Err(raised);
                }
            }
        }
        "reverse" => items.borrow_mut().reverse(),
        "copy" => return Ok(Value::list(items.borrow().to_vec())),
        "clear" => items.borrow_mut().clear(),
        _ => {
            return search(machine, &Value::List(items.clone()), name, args.collect());
        }
    }
    Ok(Value::None)
}

/// `index` and `count` of lists, tuples and ranges.
pub fn search(machine: &mut Machine, seq: &Value, name: &str, args: Vec<Option<Value>>) -> Eval<Value> {
    let mut args = args.into_iter();
    let value = args.next().flatten().unwrap_or(Value::None);
    if name == "count" {
        let mut count = 0;
        let mut iter = machine.iter(seq)?;
        while let Some(item) = machine.next(&mut iter)? {
            count += machine.same_or_equal(&item, &value)? as i64;
        }
        return Ok(Value::Int(count));
    }
    let len = machine.len(seq)?;
    let mut bound = |default: usize| match args.next().flatten() {
        Some(bound) => {
            let i = machine.as_int(&bound)?;
            Ok::<usize, Box<super::Raised>>(
                if i < 0 { i.saturating_add(len as i64).max(0) } else { i } as usize
            )
        }
        None => Ok(default),
    };
    let (from, to) = (bound(0)?, bound(usize::MAX)?);
    match position(machine, seq, &value, from, to)? {
        Some(at) => Ok(Value::Int(at as i64)),
        None => match seq {
            Value::Tuple(_) => value_error("tuple.index(x): x not in tuple"),
            Value::Range(_) => {
                let shown = machine.repr(&value)?;
                value_error(format!("{shown} is not in range"))
            }
            _ => {
                let shown = machine.repr(&value)?;
                value_error(format!("{shown} is not in list"))
            }
        },
    }
}

fn position(
    machine: &mut Machine,
    seq: &Value,
    value: &Value,
    from: usize,
    to: usize,
) -> Eval<Option<usize>> {
    let mut iter = machine.iter(seq)?;
    let mut at = 0;
    while let Some(item) = machine.next(&mut iter)? {
        if at >= to {
            break;
        }
        if at >= from && machine.same_or_equal(&item, value)? {
            return Ok(Some(at));
        }
        at += 1;
    }
    Ok(None)
}

/// `sorted(items, key=key, reverse=reverse)`, stable.
pub fn sorted(
    machine: &mut Machine,
    items: Vec<Value>,
    key: Option<Value>,
    reverse: Option<Value>,
) -> Eval<Vec<Value>> {
    let reverse = match reverse {
        Some(value) => machine.truth(&value)?,
        None => false,
    };
    let key = key.filter(|k| !matches!(k, Value::None));
    let mut pairs = Vec::with_capacity(items.len());
    for item in items {
        let by = match &key {
            Some(key) => machine.call(key, vec![item.clone()], Vec::new())?,
            None => item.clone(),
        };
        pairs.push((by, item));
    }
    // Reversed before and after: equal elements keep their order, as in CPython.
    if reverse {
        pairs.reverse();
    }
    let mut pairs = merge_sort(machine, pairs)?;
    if reverse {
        pairs.reverse();
    }
    Ok(pairs.into_iter().map(|(_, item)| item).collect())
}

/// A merge sort of our own: comparing can fail, and with nan it is no order.
fn merge_sort(machine: &mut Machine, mut pairs: Vec<(Value, Value)>) -> Eval<Vec<(Value, Value)>> {
    if pairs.len() < 2 {
        return Ok(pairs);
    }
    if pairs.iter().all(|(by, _)| matches!(by, Value::Int(_))) {
        pairs.sort_by_key(|(by, _)| if let Value::Int(i) = by { *i } else { 0 });
        return Ok(pairs);
    }
    let right = pairs.split_off(pairs.len() / 2);
    let (left, right) = (merge_sort(machine, pairs)?, merge_sort(machine, right)?);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let held = machine.compare(CmpOp::Lt, &b.0, &a.0)?;
        let next = if machine.truth(&held)? { right.next() } else { left.next() };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}

/// The least or greatest of some values by their keys; the first of equals.
pub fn extreme(machine: &mut Machine, pairs: Vec<(Value, Value)>, wanted: Ordering) -> Eval<Option<Value>> {
    let op = if wanted == Ordering::Less { CmpOp::Lt } else { CmpOp::Gt };
    let mut pairs = pairs.into_iter();
    let Some(mut best) = pairs.next() else {
        return Ok(None);
    };
    for pair in pairs {
        let better = machine.compare(op, &pair.0, &best.0)?;
        if machine.truth(&better)? {
            best = pair;
        }
    }
    Ok(Some(best.1))
}

pub fn dict(
    machine: &mut Machine,
    dict: &Rc<RefCell<Dict>>,
    name: &str,
    args: Vec<Option<Value>>,
) -> Eval<Value> {
    let mut args = args.into_iter();
    let (first, second) = (args.next().flatten(), args.next().flatten());
    let key = first.clone().unwrap_or(Value::None);
    Ok(match name {
        "get" => {
            let found = dict.borrow().get(&key)?;
            found.or(second).unwrap_or(Value::None)
        }
        "keys" => Value::View(dict.clone(), View::Keys),
        "values" => Value::View(dict.clone(), View::Values),
        "items" => Value::View(dict.clone(), View::Items),
        "pop" => {
            let removed = dict.borrow_mut().remove(&key)?;
            match removed.or(second) {
                Some(value) => value,
                None => return machine.key_error(&key),
            }
        }
        "popitem" => {
            let last = dict.borrow().iter().next_back().cloned();
            match last {
                Some((key, value)) => {
                    dict.borrow_mut().remove(&key)?;
                    Value::tuple(vec![key, value])
                }
                None => {
                    let said = Value::str("popitem(): dictionary is empty");
                    return Err(machine.raised(Exception::new(Class::KeyError, vec![said])));
                }
            }
        }
        "setdefault" => {
            let found = dict.borrow().get(&key)?;
            match found {
                Some(value) => value,
                None => {
                    let value = second.unwrap_or(Value::None);
                    dict.borrow_mut().insert(key, value.clone())?;
                    value
                }
            }
        }
        "update" => {
            if let Some(other) = first {
                for (key, value) in pairs(machine, &other)? {
                    dict.borrow_mut().insert(key, value)?;
                }
            }
            Value::None
        }
        "copy" => Value::Dict(Rc::new(RefCell::new(dict.borrow().clone()))),
        _ => {
            dict.borrow_mut().clear();
            Value::None
        }
    })
}

/// `dict.fromkeys(keys, value)`.
pub fn from_keys(machine: &mut Machine, args: Vec<Option<Value>>) -> Eval<Value> {
    let mut args = args.into_iter();
    let (keys, value) = (args.next().flatten(), args.next().flatten().unwrap_or(Value::None));
    let mut dict = Dict::new();
    for key in machine.collect(&keys.unwrap_or(Value::None))? {
        dict.insert(key, value.clone())?;
    }
    Ok(Value::Dict(Rc::new(RefCell::new(dict))))
}

/// The pairs that a dict, or an iterable of pairs, holds.
pub fn pairs(machine: &mut Machine, source: &Value) -> Eval<Vec<(Value, Value)>> {
    if let Value::Dict(dict) = source {
        return Ok(dict.borrow().iter().cloned().collect());
    }
    let mut pairs = Vec::new();
    for (i, item) in machine.collect(source)?.into_iter().enumerate() {
        if !super::iterate::is_iterable(&item) {
            return type_error(format!(
                "cannot convert dictionary update sequence element #{i} to a sequence"
            ));
        }
        let parts = machine.collect(&item)?;
        let Ok([key, value]) = <[Value; 2]>::try_from(parts) else {
            let len = machine.len(&item)?;
            return value_error(format!(
                "dictionary update sequence element #{i} has length {len}; 2 is required"
            ));
        };
        pairs.push((key, value));
    }
    Ok(pairs)
}

impl Machine {
    /// A Python int that fits 64 bits, or TypeError.
    pub(super) fn as_int(&mut self, value: &Value) -> Eval<i64> {
        match self.count(value) {
            Some(i) => Ok(i),
            None => type_error(format!("'{}' object cannot be interpreted as an integer", type_name(value))),
        }
    }
}
