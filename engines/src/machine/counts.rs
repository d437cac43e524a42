//! The dicts of `collections`: Counter, defaultdict and OrderedDict.

use std::cell::RefCell;
use std::rc::Rc;

use lang::error::Class;
use lang::ir::{BinOp, CmpOp};
use lang::ops::Collections;

use super::call::Keywords;
use super::dict::DictKind;
use super::raise::{Eval, raise, type_error};
use super::{Dict, Machine, containers, deque, objects};
use crate::value::Value;

type Shared = Rc<RefCell<Dict>>;

pub fn construct(
    machine: &mut Machine,
    which: Collections,
    values: &[Option<Value>],
    keywords: Keywords,
) -> Eval<Value> {
    let given = |i: usize| values.get(i).and_then(Option::as_ref);
    let (kind, source) = match which {
        Collections::Deque => return deque::construct(machine, given(0), given(1)),
        Collections::Counter => (DictKind::Counter, None),
        Collections::OrderedDict => (DictKind::Ordered, given(0)),
        Collections::DefaultDict => {
            let factory = given(0).cloned().unwrap_or(Value::None);
            if !matches!(factory, Value::None) && !objects::is_callable(&factory) {
                return type_error("first argument must be callable or None");
            }
            (DictKind::Default(factory), given(1))
        }
    };
    let mut dict = Dict::new();
    dict.kind = kind;
    if let Some(source) = source {
        for (key, value) in containers::pairs(machine, source)? {
            dict.insert(key, value)?;
        }
    }
    let dict = Rc::new(RefCell::new(dict));
    if which == Collections::Counter {
        count(machine, &dict, given(0), BinOp::Add)?;
        if !keywords.is_empty() {
            count(machine, &dict, Some(&named(keywords)?), BinOp::Add)?;
        }
        return Ok(Value::Dict(dict));
    }
    for (name, value) in keywords {
        dict.borrow_mut().insert(Value::str(&name), value)?;
    }
    Ok(Value::Dict(dict))
}

fn named(keywords: Keywords) -> Eval<Value> {
    let mut dict = Dict::new();
    for (name, value) in keywords {
        dict.insert(Value::str(&name), value)?;
    }
    Ok(Value::Dict(Rc::new(RefCell::new(dict))))
}

/// Adds to the counts, or takes from them, what a mapping says or an iterable holds.
fn count(machine: &mut Machine, dict: &Shared, source: Option<&Value>, op: BinOp) -> Eval<()> {
    let change = |machine: &mut Machine, key: Value, by: Value| -> Eval<()> {
        let old = dict.borrow().get(&key)?.unwrap_or(Value::Int(0));
        let new = machine.binary(op, old, by)?;
        dict.borrow_mut().insert(key, new)
    };
    match source {
        None | Some(Value::None) => {}
        Some(Value::Dict(other)) => {
            let pairs: Vec<_> = other.borrow().iter().cloned().collect();
            for (key, by) in pairs {
                change(machine, key, by)?;
            }
        }
        Some(source) => {
            let mut iter = machine.iter(source)?;
            while let Some(key) = machine.next(&mut iter)? {
                change(machine, key, Value::Int(1))?;
            }
        }
    }
    Ok(())
}

/// The methods that these dicts have and others have not, or have otherwise; None of any other.
pub fn call(
    machine: &mut Machine,
    dict: &Shared,
    name: &str,
    args: &[Option<Value>],
    keywords: Keywords,
) -> Eval<Option<Value>> {
    let arg = |i: usize| args.get(i).and_then(Option::as_ref);
    let kind = dict.borrow().kind.clone();
    Ok(Some(match (kind, name) {
        (DictKind::Counter, "update" | "subtract") => {
            let op = if name == "update" { BinOp::Add } else { BinOp::Sub };
            count(machine, dict, arg(0), op)?;
            count(machine, dict, Some(&named(keywords)?), op)?;
            Value::None
        }
        (DictKind::Counter, "most_common") => {
            let pairs = by_count(machine, dict)?;
            let most = match arg(0) {
                None | Some(Value::None) => pairs.len(),
                Some(n) => machine.as_int(n)?.max(0) as usize,
            };
            Value::list(pairs.into_iter().take(most).map(|(k, v)| Value::tuple(vec![k, v])).collect())
        }
        (DictKind::Counter, "total") => {
            let mut total = Value::Int(0);
            let counts: Vec<Value> = dict.borrow().iter().map(|(_, v)| v.clone()).collect();
            for count in counts {
                total = machine.binary(BinOp::Add, total, count)?;
            }
            total
        }
        (DictKind::Counter, "elements") => {
            let mut items = Vec::new();
            let pairs: Vec<_> = dict.borrow().iter().cloned().collect();
            for (key, count) in pairs {
                for _ in 0..machine.as_int(&count)? {
                    machine.may_grow(&items)?;
                    items.push(key.clone());
                }
            }
            let items = Value::list(items);
            let iter = machine.iter(&items)?;
            machine.lazy(iter)
        }
        (DictKind::Counter, "fromkeys") => {
            return raise(
                Class::NotImplementedError,
                "Counter.fromkeys() is undefined.  Use Counter(iterable) instead.",
            );
        }
        (DictKind::Ordered, "move_to_end") => {
            let key = arg(0).cloned().unwrap_or(Value::None);
            let last = match arg(1) {
                Some(last) => machine.truth(last)?,
                None => true,
            };
            let removed = dict.borrow_mut().remove(&key)?;
            let Some(value) = removed else {
                return machine.key_error(&key);
            };
            if last {
                dict.borrow_mut().insert(key, value)?;
            } else {
                let rest: Vec<_> = dict.borrow().iter().cloned().collect();
                let mut dict = dict.borrow_mut();
                dict.clear();
                dict.insert(key, value)?;
                for (key, value) in rest {
                    dict.insert(key, value)?;
                }
            }
            Value::None
        }
        (DictKind::Ordered, "popitem") => {
            let last = match arg(0) {
                Some(last) => machine.truth(last)?,
                None => true,
            };
            let found = {
                let dict = dict.borrow();
                if last { dict.iter().next_back().cloned() } else { dict.iter().next().cloned() }
            };
            let Some((key, value)) = found else {
                return machine.key_error(&Value::str("dictionary is empty"));
            };
            dict.borrow_mut().remove(&key)?;
            Value::tuple(vec![key, value])
        }
        _ => return Ok(None),
    }))
}

/// The items of a Counter, the most frequent first; of equals, those that came first.
pub fn by_count(machine: &mut Machine, dict: &Shared) -> Eval<Vec<(Value, Value)>> {
    let pairs: Vec<_> = dict.borrow().iter().cloned().collect();
    let items: Vec<Value> = pairs.into_iter().map(|(k, v)| Value::tuple(vec![v, k])).collect();
    let first = super::functools::getter("itemgetter", vec![Value::Int(0)], Vec::new())?;
    let sorted = containers::sorted(machine, items, Some(first), Some(Value::Bool(true)))?;
    let pair = |item: Value| match item {
        Value::Tuple(parts) => (parts[1].clone(), parts[0].clone()),
        other => (other, Value::None),
    };
    Ok(sorted.into_iter().map(pair).collect())
}

/// What a dict gives for a key that is not there; None where that is an error.
pub fn missing(machine: &mut Machine, dict: &Shared, key: &Value) -> Eval<Option<Value>> {
    let kind = dict.borrow().kind.clone();
    match kind {
        DictKind::Counter => Ok(Some(Value::Int(0))),
        DictKind::Default(Value::None) | DictKind::Plain | DictKind::Ordered => Ok(None),
        DictKind::Default(factory) => {
            let value = machine.call(&factory, Vec::new(), Vec::new())?;
            dict.borrow_mut().insert(key.clone(), value.clone())?;
            Ok(Some(value))
        }
    }
}

/// `left op right` of Counters: sums, differences, the lesser and the greater counts, without those that are not positive.
pub fn binary(machine: &mut Machine, op: BinOp, left: &Shared, right: &Shared) -> Eval<Option<Value>> {
    if !matches!(op, BinOp::Add | BinOp::Sub | BinOp::BitAnd | BinOp::BitOr) {
        return Ok(None);
    }
    let mut keys: Vec<Value> = left.borrow().iter().map(|(k, _)| k.clone()).collect();
    if op != BinOp::BitAnd {
        let others: Vec<Value> = right.borrow().iter().map(|(k, _)| k.clone()).collect();
        for key in others {
            if left.borrow().get(&key)?.is_none() {
                keys.push(key);
            }
        }
    }
    let mut result = Dict::new();
    result.kind = DictKind::Counter;
    for key in keys {
        let of = |dict: &Shared| -> Eval<Value> { Ok(dict.borrow().get(&key)?.unwrap_or(Value::Int(0))) };
        let (a, b) = (of(left)?, of(right)?);
        let count = match op {
            BinOp::BitAnd | BinOp::BitOr => {
                let less = machine.compare(CmpOp::Lt, &a, &b)?;
                if machine.truth(&less)? == (op == BinOp::BitAnd) { a } else { b }
            }
            _ => machine.binary(op, a, b)?,
        };
        let positive = machine.compare(CmpOp::Gt, &count, &Value::Int(0))?;
        if machine.truth(&positive)? {
            result.insert(key.clone(), count)?;
        }
    }
    Ok(Some(Value::Dict(Rc::new(RefCell::new(result)))))
}
