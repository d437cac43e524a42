//! Sets and frozensets: their methods and operators.

use std::cell::RefCell;
use std::rc::Rc;

use lang::ir::{BinOp, SetFrom};

use super::Machine;
use super::dict::Key;
use super::raise::Eval;
use super::set::{Item, Set};
use crate::value::{SetObject, Value, View};

pub fn make(set: Set, frozen: bool) -> Value {
    Value::Set(Rc::new(SetObject { frozen, set: RefCell::new(set) }))
}

/// The set of a display.
pub fn display(values: Vec<Value>, from: SetFrom) -> Eval<Value> {
    let added = |values: &mut dyn Iterator<Item = Value>| -> Eval<Set> {
        let mut set = Set::default();
        for value in values {
            set.add(Item::new(Key::of(&value)?, value));
        }
        Ok(set)
    };
    let set = added(&mut values.into_iter())?;
    if from == SetFrom::Items {
        return Ok(make(set, false));
    }
    // CPython keeps a display of constants as a frozenset, which it makes anew from its items.
    let frozen = added(&mut set.iter().map(|item| item.value.clone()))?;
    Ok(match from {
        SetFrom::Frozen => make(frozen, true),
        _ => make(frozen.copy(), false),
    })
}

/// `set(source)`, `frozenset(source)`.
pub fn construct(machine: &mut Machine, source: Option<&Value>, frozen: bool) -> Eval<Value> {
    match source {
        Some(Value::Set(object)) if frozen && object.frozen => Ok(Value::Set(object.clone())),
        Some(source) => {
            let mut set = Set::default();
            update(machine, &mut set, source)?;
            Ok(make(set, frozen))
        }
        None => Ok(make(Set::default(), frozen)),
    }
}

/// Adds all items of an iterable; of an iterable that fails, those before.
fn update(machine: &mut Machine, set: &mut Set, other: &Value) -> Eval<()> {
    match other {
        Value::Set(other) => set.merge(&other.set.borrow()),
        Value::Dict(dict) => {
            let keys: Vec<Value> = dict.borrow().iter().map(|(key, _)| key.clone()).collect();
            set.reserve(keys.len());
            for key in keys {
                set.add(Item::new(Key::of(&key)?, key));
            }
        }
        _ => {
            let mut iter = machine.iter(other)?;
            while let Some(value) = machine.next(&mut iter)? {
                set.add(Item::new(Key::of(&value)?, value));
            }
        }
    }
    Ok(())
}

/// The items of an iterable with their keys, in its order.
fn items(machine: &mut Machine, other: &Value) -> Eval<Vec<Item>> {
    let values = machine.collect(other)?;
    values.into_iter().map(|value| Ok(Item::new(Key::of(&value)?, value))).collect()
}

fn as_set(machine: &mut Machine, value: &Value) -> Eval<Set> {
    match value {
        Value::Set(object) => Ok(object.set.borrow().copy()),
        _ => {
            let mut set = Set::default();
            update(machine, &mut set, value)?;
            Ok(set)
        }
    }
}

fn intersection(machine: &mut Machine, set: &Set, other: &Value) -> Eval<Set> {
    if let Value::Set(other) = other {
        return Ok(set.intersection(&other.set.borrow()));
    }
    let mut result = Set::default();
    for item in items(machine, other)? {
        if set.contains(&item.key) {
            result.add(item);
        }
    }
    Ok(result)
}

fn difference(machine: &mut Machine, set: &Set, other: &Value) -> Eval<Set> {
    match other {
        Value::Set(other) => Ok(set.difference(&other.set.borrow())),
        Value::Dict(dict) if set.len() >> 2 <= dict.borrow().len() => {
            let mut result = Set::default();
            for item in set.iter() {
                if dict.borrow().get(&item.value)?.is_none() {
                    result.add(item.clone());
                }
            }
            Ok(result)
        }
        _ => {
            let mut result = set.copy();
            subtract(machine, &mut result, other)?;
            Ok(result)
        }
    }
}

fn subtract(machine: &mut Machine, set: &mut Set, other: &Value) -> Eval<()> {
    match other {
        Value::Set(other) => set.subtract(&other.set.borrow()),
        _ => {
            for item in items(machine, other)? {
                set.remove(&item.key);
            }
            set.tidy();
        }
    }
    Ok(())
}

/// The key of what may be in a set: a set is looked for as if it were frozen.
pub fn member(value: &Value) -> Eval<Key> {
    match value {
        Value::Set(object) => Ok(object.set.borrow().key()),
        _ => Key::of(value),
    }
}

pub fn call(machine: &mut Machine, object: &Rc<SetObject>, name: &str, args: Vec<Value>) -> Eval<Value> {
    let itself = |other: &Value| matches!(other, Value::Set(o) if Rc::ptr_eq(o, object));
    let own = || object.set.borrow().copy();
    // What is given is gone through before the set itself is borrowed for a change: it may be the set.
    let changed = |mut set: Set| {
        set.follow(&object.set.borrow());
        *object.set.borrow_mut() = set;
        Ok(Value::None)
    };
    let first = args.first().cloned().unwrap_or(Value::None);
    let flag = |held: bool| Ok(Value::Bool(held));
    match name {
        "add" => {
            let item = Item::new(Key::of(&first)?, first);
            machine.may_grow_by(object.set.borrow().len())?;
            object.set.borrow_mut().add(item);
            Ok(Value::None)
        }
        "discard" | "remove" => {
            let there = object.set.borrow_mut().remove(&member(&first)?);
            if name == "remove" && !there { machine.key_error(&first) } else { Ok(Value::None) }
        }
        "pop" => {
            let popped = object.set.borrow_mut().pop();
            match popped {
                Some(value) => Ok(value),
                None => machine.key_error(&Value::str("pop from an empty set")),
            }
        }
        "clear" => changed(Set::default()),
        "copy" if object.frozen => Ok(Value::Set(object.clone())),
        "copy" => Ok(make(own(), false)),
        "union" | "update" => {
            let mut set = if name == "union" { own() } else { object.set.borrow().clone() };
            let mut outcome = Ok(());
            for other in args.iter().filter(|other| !itself(other)) {
                outcome = update(machine, &mut set, other);
                if outcome.is_err() {
                    break;
                }
            }
            if name == "union" {
                return outcome.map(|()| make(set, object.frozen));
            }
            changed(set)?;
            outcome.map(|()| Value::None)
        }
        "intersection" | "intersection_update" => {
            let mut set = if args.is_empty() { own() } else { object.set.borrow().clone() };
            for other in &args {
                set = if itself(other) { set.copy() } else { intersection(machine, &set, other)? };
            }
            if name == "intersection" { Ok(make(set, object.frozen)) } else { changed(set) }
        }
        "difference" => {
            let mut args = args.iter();
            let mut set = match args.next() {
                Some(other) if itself(other) => Set::default(),
                Some(other) => difference(machine, &object.set.borrow(), other)?,
                None => own(),
            };
            for other in args {
                subtract(machine, &mut set, other)?;
            }
            Ok(make(set, object.frozen))
        }
        "difference_update" => {
            let mut set = object.set.borrow().clone();
            for other in &args {
                if itself(other) {
                    set = Set::default();
                } else {
                    subtract(machine, &mut set, other)?;
                }
            }
            changed(set)
        }
        "symmetric_difference" => {
            let mut set = as_set(machine, &first)?;
            set.toggle(&object.set.borrow());
            Ok(make(set, object.frozen))
        }
        "symmetric_difference_update" => {
            if itself(&first) {
                return changed(Set::default());
            }
            let other = as_set(machine, &first)?;
            object.set.borrow_mut().toggle(&other);
            Ok(Value::None)
        }
        "isdisjoint" => {
            let common = intersection(machine, &object.set.borrow(), &first)?;
            flag(common.is_empty())
        }
        "issubset" => {
            let other = as_set(machine, &first)?;
            flag(object.set.borrow().is_subset(&other))
        }
        _ => {
            let other = as_set(machine, &first)?;
            flag(other.is_subset(&object.set.borrow()))
        }
    }
}

/// Sets, and the views of dicts that behave as such.
pub fn is_set_like(value: &Value) -> bool {
    matches!(value, Value::Set(_) | Value::View(_, View::Keys | View::Items))
}

/// `left op right` where one is a set or a view like one; None where Python has no such operation.
pub fn binary(machine: &mut Machine, op: BinOp, left: &Value, right: &Value) -> Eval<Option<Value>> {
    let name = match op {
        BinOp::BitOr => "union",
        BinOp::BitAnd => "intersection",
        BinOp::Sub => "difference",
        BinOp::BitXor => "symmetric_difference",
        _ => return Ok(None),
    };
    let left_object = match (left, right) {
        (Value::Set(object), Value::Set(_)) => object.clone(),
        // A view takes any iterable beside it.
        (Value::View(_, View::Keys | View::Items), other)
        | (other, Value::View(_, View::Keys | View::Items))
            if is_set_like(other) || super::iterate::is_iterable(other) && is_set_like(left) =>
        {
            Rc::new(SetObject { frozen: false, set: RefCell::new(as_set(machine, left)?) })
        }
        _ => return Ok(None),
    };
    let right = match right {
        Value::View(..) => make(as_set(machine, right)?, false),
        _ => right.clone(),
    };
    call(machine, &left_object, name, vec![right]).map(Some)
}

/// `left op= right` of a set that is changed in place; None where Python has no such operation.
pub fn in_place(machine: &mut Machine, op: BinOp, object: &Rc<SetObject>, right: &Value) -> Eval<Option<()>> {
    let name = match op {
        BinOp::BitOr => "update",
        BinOp::BitAnd => "intersection_update",
        BinOp::Sub => "difference_update",
        BinOp::BitXor => "symmetric_difference_update",
        _ => return Ok(None),
    };
    if object.frozen || !is_set_like(right) {
        return Ok(None);
    }
    call(machine, object, name, vec![right.clone()]).map(|_| Some(()))
}

/// A set of the items of a set or of a view like one.
pub fn like(machine: &mut Machine, value: &Value) -> Eval<Option<Set>> {
    if is_set_like(value) { as_set(machine, value).map(Some) } else { Ok(None) }
}
