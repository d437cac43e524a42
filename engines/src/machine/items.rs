//! The items of a list, which may be nested a million deep: they are dropped without recursion.

use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use crate::value::Value;

/// A vector of values that is safe to drop whatever it holds.
#[derive(Clone, Default)]
pub struct Items(Vec<Value>);

impl From<Vec<Value>> for Items {
    fn from(values: Vec<Value>) -> Items {
        Items(values)
    }
}

impl Deref for Items {
    type Target = Vec<Value>;

    fn deref(&self) -> &Vec<Value> {
        &self.0
    }
}

impl DerefMut for Items {
    fn deref_mut(&mut self) -> &mut Vec<Value> {
        &mut self.0
    }
}

impl Drop for Items {
    fn drop(&mut self) {
        discard(std::mem::take(&mut self.0));
    }
}

/// The session's variables, by slot.
#[derive(Default)]
pub struct Variables(Vec<Option<Value>>);

impl Deref for Variables {
    type Target = Vec<Option<Value>>;

    fn deref(&self) -> &Vec<Option<Value>> {
        &self.0
    }
}

impl DerefMut for Variables {
    fn deref_mut(&mut self) -> &mut Vec<Option<Value>> {
        &mut self.0
    }
}

impl Drop for Variables {
    fn drop(&mut self) {
        discard(std::mem::take(&mut self.0).into_iter().flatten().collect());
    }
}

/// Drops values one container after the other: as deep as containers are nested, the stack is not.
pub fn discard(mut waiting: Vec<Value>) {
    while let Some(value) = waiting.pop() {
        match value {
            Value::List(list) => {
                if let Some(list) = Rc::into_inner(list) {
                    waiting.append(&mut list.into_inner());
                }
            }
            Value::Tuple(mut items) => {
                if let Some(items) = Rc::get_mut(&mut items.items) {
                    waiting.extend(items.iter_mut().map(|item| std::mem::replace(item, Value::None)));
                }
            }
            Value::Object(object) => {
                if let Some(mut object) = Rc::into_inner(object) {
                    let fields = std::mem::take(object.fields.get_mut());
                    waiting.extend(fields.into_iter().map(|(_, value)| value));
                }
            }
            Value::Deque(deque) => drop(Rc::into_inner(deque)),
            Value::Set(object) => drop(Rc::into_inner(object)),
            Value::Dict(dict) => {
                if let Some(dict) = Rc::into_inner(dict) {
                    waiting.extend(dict.into_inner().take());
                }
            }
            _ => {}
        }
    }
}
