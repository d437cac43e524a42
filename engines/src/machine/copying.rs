//! Python's `copy` module.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::deque::Deque;
use super::raise::Eval;
use super::{Dict, Machine, sets};
use crate::value::Value;

/// `copy.copy(value)`.
pub fn copy(machine: &mut Machine, value: &Value) -> Eval<Value> {
    Ok(match value {
        Value::List(items) => Value::list(items.borrow().to_vec()),
        Value::Dict(dict) => Value::Dict(Rc::new(RefCell::new(dict.borrow().clone()))),
        Value::Set(object) if !object.frozen => sets::make(object.set.borrow().copy(), false),
        Value::Deque(deque) => Value::Deque(Rc::new(Deque::new(deque.to_vec(), deque.most))),
        Value::Array(_) => machine.method(value, "copy", Vec::new())?,
        _ => value.clone(),
    })
}

/// Copies that have been made, by the address of what they are copies of, which is kept alive meanwhile.
#[derive(Default)]
pub struct Memo {
    made: HashMap<*const (), Value>,
    kept: Vec<Value>,
}

/// `copy.deepcopy(value)`.
pub fn deep_copy(machine: &mut Machine, value: &Value, memo: &mut Memo) -> Eval<Value> {
    let address: *const () = match value {
        Value::List(items) => Rc::as_ptr(items).cast(),
        Value::Dict(dict) => Rc::as_ptr(dict).cast(),
        Value::Deque(deque) => Rc::as_ptr(deque).cast(),
        Value::Set(object) if !object.frozen => Rc::as_ptr(object).cast(),
        Value::Tuple(items) => items.as_ptr().cast(),
        Value::Array(array) => array.shape().as_ptr().cast(),
        _ => return Ok(value.clone()),
    };
    // Empty tuples have no address of their own.
    if let Value::Tuple(items) = value
        && items.is_empty()
    {
        return Ok(value.clone());
    }
    if let Some(made) = memo.made.get(&address) {
        return Ok(made.clone());
    }
    memo.kept.push(value.clone());
    match value {
        Value::List(items) => {
            let copy = Value::list(Vec::new());
            memo.made.insert(address, copy.clone());
            let Value::List(new) = &copy else { return Ok(copy) };
            let items = items.borrow().to_vec();
            for item in items {
                let item = machine.nested(|machine| deep_copy(machine, &item, memo))?;
                new.borrow_mut().push(item);
            }
            Ok(copy)
        }
        Value::Dict(dict) => {
            let mut empty = Dict::new();
            empty.kind = dict.borrow().kind.clone();
            let new = Rc::new(RefCell::new(empty));
            memo.made.insert(address, Value::Dict(new.clone()));
            let pairs: Vec<_> = dict.borrow().iter().cloned().collect();
            for (key, item) in pairs {
                let key = machine.nested(|machine| deep_copy(machine, &key, memo))?;
                let item = machine.nested(|machine| deep_copy(machine, &item, memo))?;
                new.borrow_mut().insert(key, item)?;
            }
            Ok(Value::Dict(new))
        }
        Value::Deque(deque) => {
            let items = deep_items(machine, deque.to_vec(), memo)?;
            let copy = Value::Deque(Rc::new(Deque::new(items, deque.most)));
            memo.made.insert(address, copy.clone());
            Ok(copy)
        }
        Value::Tuple(items) => {
            let copies = deep_items(machine, items.to_vec(), memo)?;
            // A tuple of what needs no copy is its own.
            let same = items.iter().zip(&copies).all(|(a, b)| super::operate::is_same(a, b));
            let copy = if same { value.clone() } else { Value::tuple(copies) };
            memo.made.insert(address, copy.clone());
            Ok(copy)
        }
        _ => {
            let made = copy(machine, value)?;
            memo.made.insert(address, made.clone());
            Ok(made)
        }
    }
}

fn deep_items(machine: &mut Machine, items: Vec<Value>, memo: &mut Memo) -> Eval<Vec<Value>> {
    items.iter().map(|item| machine.nested(|machine| deep_copy(machine, item, memo))).collect()
}
