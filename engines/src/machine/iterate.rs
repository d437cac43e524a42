//! Iteration: one lazy iterator for every iterable, and the objects that `enumerate`, `zip`, `map` and kin give.

use std::cell::RefCell;
use std::rc::Rc;

use lang::error::Class;
use lang::scalar::Scalar;

use super::generator::{Generator, Sent};
use super::itertools::Tool;
use super::raise::{Eval, raise, type_error, value_error};
use super::types::type_name;
use super::{Deque, Dict, Items, Machine};
use crate::array::Array;
use crate::exec::alloc;
use crate::value::{Range, SetObject, Value, View};

/// What is left to go through.
pub enum Iter {
    Tuple {
        items: Rc<[Value]>,
        at: usize,
    },
    List {
        items: Rc<RefCell<Items>>,
        at: usize,
    },
    Range {
        range: Rc<Range>,
        at: usize,
    },
    Str {
        text: Rc<str>,
        at: usize,
    },
    Dict {
        dict: Rc<RefCell<Dict>>,
        view: View,
        at: usize,
        len: usize,
    },
    Set {
        object: Rc<SetObject>,
        at: usize,
        len: usize,
    },
    Deque {
        deque: Rc<Deque>,
        at: usize,
        len: usize,
    },
    /// Of the module `itertools`.
    Tool(Box<Tool>),
    /// A function that yields, or a generator expression.
    Generator(Box<Generator>),
    /// `iter(function, sentinel)`.
    Calls {
        function: Value,
        sentinel: Value,
    },
    /// Along the first axis.
    Array {
        array: Array,
        at: usize,
        ahead: Ahead,
    },
    Enumerate {
        inner: Box<Iter>,
        next: i64,
    },
    Zip {
        inners: Vec<Iter>,
        strict: bool,
    },
    Map {
        function: Value,
        inners: Vec<Iter>,
    },
    Filter {
        function: Value,
        inner: Box<Iter>,
    },
    /// From position `left - 1` down to 0.
    Reversed {
        items: Value,
        left: usize,
    },
    /// An object of a user's class with `__next__`.
    Object(Value),
    /// An object with `__getitem__` alone: its items from 0 on, until an IndexError.
    Items {
        object: Value,
        at: i64,
    },
    /// An iterator that others hold too.
    Shared(Rc<RefCell<Iter>>),
    Done,
}

/// Elements of a distributed vector that were fetched before they were asked for: one by one, each would be a collective.
#[derive(Clone, Default)]
pub struct Ahead {
    from: usize,
    items: Vec<Scalar>,
    /// Of the memory that they were read from: what was written since is read again.
    version: u64,
}

/// At most so many elements are fetched ahead.
const MOST_AHEAD: usize = 1024;

/// The version of the memory of an array, which changes when it is written to.
pub fn version(array: &Array) -> Option<u64> {
    let view = array.view()?;
    let storage = &view.storage;
    // A mirror follows what is written elsewhere.
    storage.mirror.is_none().then(|| storage.version.get())
}

impl Iter {
    pub fn type_name(&self) -> &'static str {
        match self {
            Iter::Tuple { .. } => "tuple_iterator",
            Iter::List { .. } => "list_iterator",
            Iter::Range { .. } => "range_iterator",
            Iter::Str { .. } => "str_ascii_iterator",
            Iter::Dict { view: View::Keys, .. } => "dict_keyiterator",
            Iter::Dict { view: View::Values, .. } => "dict_valueiterator",
            Iter::Dict { view: View::Items, .. } => "dict_itemiterator",
            Iter::Set { .. } => "set_iterator",
            Iter::Deque { .. } => "_collections._deque_iterator",
            Iter::Tool(tool) => tool.type_name(),
            Iter::Generator(_) => "generator",
            Iter::Calls { .. } => "callable_iterator",
            Iter::Enumerate { .. } => "enumerate",
            Iter::Zip { .. } => "zip",
            Iter::Map { .. } => "map",
            Iter::Filter { .. } => "filter",
            Iter::Reversed { .. } => "reversed",
            Iter::Object(_) | Iter::Items { .. } | Iter::Array { .. } | Iter::Shared(_) | Iter::Done => {
                "iterator"
            }
        }
    }
}

pub fn is_iterable(value: &Value) -> bool {
    match value {
        Value::Array(array) => !array.shape().is_empty(),
        Value::Object(object) => {
            object.class.find("__iter__").is_some() || object.class.find("__getitem__").is_some()
        }
        Value::Tuple(_) | Value::List(_) | Value::Range(_) | Value::Str(_) => true,
        Value::Flat(_) => true,
        Value::Dict(_) | Value::View(..) | Value::Set(_) | Value::Deque(_) | Value::Iter(_) => true,
        _ => false,
    }
}

impl Machine {
    /// `iter(value)`.
    pub(super) fn iter(&mut self, value: &Value) -> Eval<Iter> {
        Ok(match value {
            Value::Tuple(items) => Iter::Tuple { items: items.items.clone(), at: 0 },
            Value::List(items) => Iter::List { items: items.clone(), at: 0 },
            Value::Range(range) => Iter::Range { range: range.clone(), at: 0 },
            Value::Str(text) => Iter::Str { text: text.clone(), at: 0 },
            Value::Dict(dict) => {
                let len = dict.borrow().len();
                Iter::Dict { dict: dict.clone(), view: View::Keys, at: 0, len }
            }
            Value::Deque(deque) => {
                let len = deque.items.borrow().len();
                Iter::Deque { deque: deque.clone(), at: 0, len }
            }
            Value::Set(object) => {
                let len = object.set.borrow().len();
                Iter::Set { object: object.clone(), at: 0, len }
            }
            Value::View(dict, view) => {
                let len = dict.borrow().len();
                Iter::Dict { dict: dict.clone(), view: *view, at: 0, len }
            }
            Value::Array(array) if array.shape().is_empty() => {
                return type_error("iteration over a 0-d array");
            }
            Value::Array(array) => Iter::Array { array: array.clone(), at: 0, ahead: Ahead::default() },
            Value::Flat(array) => {
                let flat = crate::exec::rearrange::views::ravel(&mut self.ctx, array)?;
                Iter::Array { array: flat, at: 0, ahead: Ahead::default() }
            }
            Value::Iter(iter) => Iter::Shared(iter.clone()),
            Value::Object(object) if is_iterable(value) => {
                if object.class.find("__iter__").is_none() {
                    return Ok(Iter::Items { object: value.clone(), at: 0 });
                }
                match self.call_special(value, "__iter__", Vec::new())? {
                    Some(Value::Iter(iter)) => Iter::Shared(iter),
                    Some(made) if self.special(&made, "__next__").is_some() => Iter::Object(made),
                    made => {
                        let found = made.as_ref().map_or("NoneType", type_name);
                        return type_error(format!("iter() returned non-iterator of type '{found}'"));
                    }
                }
            }
            _ => return type_error(format!("'{}' object is not iterable", type_name(value))),
        })
    }

    pub(super) fn iters(&mut self, values: &[Value]) -> Eval<Vec<Iter>> {
        values.iter().map(|value| self.iter(value)).collect()
    }

    /// The next value; None at the end.
    pub(super) fn next(&mut self, iter: &mut Iter) -> Eval<Option<Value>> {
        // All ranks take the same items, so that this is a safe point on all or on none.
        self.taken += 1;
        if self.taken.is_multiple_of(4096) {
            self.ctx.safe_point()?;
        }
        let value = match iter {
            Iter::Range { range, at } => {
                let value = (*at < range.len()).then(|| Value::Int(range.at(*at)));
                *at += 1;
                value
            }
            Iter::List { items, at } => {
                let value = items.borrow().get(*at).cloned();
                *at += 1;
                value
            }
            Iter::Tuple { items, at } => {
                let value = items.get(*at).cloned();
                *at += 1;
                value
            }
            Iter::Str { text, at } => text[*at..].chars().next().map(|c| {
                *at += c.len_utf8();
                Value::str(c.encode_utf8(&mut [0; 4]))
            }),
            Iter::Dict { dict, view, at, len } => {
                let dict = dict.borrow();
                if dict.len() != *len {
                    return raise(Class::RuntimeError, "dictionary changed size during iteration");
                }
                dict.entry_from(*at).map(|(next, (key, value))| {
                    *at = next;
                    match view {
                        View::Keys => key.clone(),
                        View::Values => value.clone(),
                        View::Items => Value::tuple(vec![key.clone(), value.clone()]),
                    }
                })
            }
            Iter::Deque { deque, at, len } => {
                let items = deque.items.borrow();
                if items.len() != *len {
                    return raise(Class::RuntimeError, "deque mutated during iteration");
                }
                *at += 1;
                items.get(*at - 1).cloned()
            }
            Iter::Tool(tool) => self.next_of_tool(tool)?,
            Iter::Set { object, at, len } => {
                let set = object.set.borrow();
                if set.len() != *len {
                    return raise(Class::RuntimeError, "Set changed size during iteration");
                }
                set.item_from(*at).map(|(next, value)| {
                    *at = next;
                    value.clone()
                })
            }
            // It knows by itself that it has ended.
            Iter::Generator(generator) => return self.resume(generator, Sent::Value(Value::None)),
            Iter::Calls { function, sentinel } => {
                let value = self.call(&function.clone(), Vec::new(), Vec::new())?;
                if self.same_or_equal(&value, &sentinel.clone())? { None } else { Some(value) }
            }
            Iter::Array { array, at, ahead } => {
                *at += 1;
                if *at > array.shape()[0] {
                    *at -= 1;
                    None
                } else if array.shape().len() == 1 && !array.layout().everywhere {
                    Some(Value::Scalar(self.ahead(array, *at - 1, ahead)?))
                } else {
                    let base = Value::Array(array.clone());
                    Some(self.index(&base, &Value::Int(*at as i64 - 1))?)
                }
            }
            Iter::Object(object) => {
                let object = object.clone();
                match self.call_special(&object, "__next__", Vec::new()) {
                    Ok(value) => value,
                    Err(raised) if raised.error.class == Class::StopIteration => None,
                    Err(raised) => return Err(raised),
                }
            }
            Iter::Items { object, at } => {
                let (object, index) = (object.clone(), Value::Int(*at));
                *at += 1;
                match self.call_special(&object, "__getitem__", vec![index]) {
                    Ok(value) => value,
                    Err(raised) if raised.error.class.is(Class::IndexError) => None,
                    Err(raised) => return Err(raised),
                }
            }
            Iter::Enumerate { inner, next } => match self.next(inner)? {
                Some(value) => {
                    *next += 1;
                    Some(Value::tuple(vec![Value::Int(*next - 1), value]))
                }
                None => None,
            },
            Iter::Zip { inners, strict } => self.next_of_all(inners, *strict)?.map(Value::tuple),
            Iter::Map { function, inners } => match self.next_of_all(inners, false)? {
                Some(values) => {
                    let function = function.clone();
                    Some(self.call(&function, values, Vec::new())?)
                }
                None => None,
            },
            Iter::Filter { function, inner } => loop {
                let Some(value) = self.next(inner)? else {
                    break None;
                };
                let kept = match function {
                    Value::None => value.clone(),
                    _ => self.call(&function.clone(), vec![value.clone()], Vec::new())?,
                };
                if self.truth(&kept)? {
                    break Some(value);
                }
            },
            Iter::Reversed { items, left } => {
                if *left == 0 {
                    None
                } else {
                    *left -= 1;
                    let (items, at) = (items.clone(), Value::Int(*left as i64));
                    // A list may have shrunk meanwhile.
                    match self.index(&items, &at) {
                        Err(raised) if raised.error.class == Class::IndexError => None,
                        value => Some(value?),
                    }
                }
            }
            Iter::Shared(shared) => {
                let shared = shared.clone();
                let Ok(mut inner) = shared.try_borrow_mut() else {
                    // Only a generator runs code of the user.
                    return value_error("generator already executing");
                };
                return self.nested(|machine| machine.next(&mut inner));
            }
            Iter::Done => None,
        };
        if value.is_none() {
            *iter = Iter::Done;
        }
        Ok(value)
    }

    /// One value of each; None when one has ended (under `strict`, all must end together).
    fn next_of_all(&mut self, inners: &mut [Iter], strict: bool) -> Eval<Option<Vec<Value>>> {
        let mut values = Vec::with_capacity(inners.len());
        for (i, inner) in inners.iter_mut().enumerate() {
            match self.next(inner)? {
                Some(value) => values.push(value),
                None if strict && i > 0 => {
                    let before = if i == 1 { "argument 1".to_string() } else { format!("arguments 1-{i}") };
                    return value_error(format!("zip() argument {} is shorter than {before}", i + 1));
                }
                None if strict => {
                    for (j, other) in inners.iter_mut().enumerate().skip(1) {
                        if self.next(other)?.is_some() {
                            let before =
                                if j == 1 { "argument 1".to_string() } else { format!("arguments 1-{j}") };
                            return value_error(format!("zip() argument {} is longer than {before}", j + 1));
                        }
                    }
                    return Ok(None);
                }
                None => return Ok(None),
            }
        }
        Ok(if values.is_empty() { None } else { Some(values) })
    }

    /// An element of a distributed vector, with those that follow it: twice as many each time, until the vector is
    /// written to. Collective where it was not fetched before, which is so on all ranks or on none.
    pub(super) fn ahead(&mut self, array: &Array, at: usize, ahead: &mut Ahead) -> Eval<Scalar> {
        let current = version(array).is_some_and(|now| now == ahead.version);
        let known = (at.checked_sub(ahead.from)).and_then(|i| ahead.items.get(i));
        if let (true, Some(item)) = (current, known) {
            return Ok(*item);
        }
        let count = match current {
            true => (2 * ahead.items.len()).clamp(1, MOST_AHEAD),
            false => 1,
        };
        let end = (at + count).min(array.shape()[0]);
        ahead.items = self.fetch(array, &[(at..end).collect()])?;
        ahead.from = at;
        ahead.version = version(array).unwrap_or_default();
        Ok(ahead.items[0])
    }

    /// Before a vector of that many values grows: whether it may double. Collective now and then.
    pub(super) fn may_grow(&mut self, values: &[Value]) -> Eval<()> {
        self.may_grow_by(values.len())
    }

    /// As `may_grow`, of a container of so many values.
    pub(super) fn may_grow_by(&mut self, len: usize) -> Eval<()> {
        if len.is_power_of_two() {
            alloc::room(&mut self.ctx, 2 * len * size_of::<Value>())?;
        }
        Ok(())
    }

    /// `list(value)` as a vector.
    pub(super) fn collect(&mut self, value: &Value) -> Eval<Vec<Value>> {
        match value {
            Value::Range(range) => {
                let bytes = range.len().saturating_mul(size_of::<Value>());
                alloc::room(&mut self.ctx, bytes)?;
            }
            Value::List(items) => return Ok(items.borrow().to_vec()),
            Value::Tuple(items) => return Ok(items.to_vec()),
            Value::Array(array) if array.shape().len() == 1 => {
                let items = self.all_items(array)?;
                return Ok(items.into_iter().map(Value::Scalar).collect());
            }
            _ => {}
        }
        let mut iter = self.iter(value)?;
        let mut values = Vec::new();
        while let Some(value) = self.next(&mut iter)? {
            self.may_grow(&values)?;
            values.push(value);
        }
        Ok(values)
    }

    pub(super) fn lazy(&mut self, iter: Iter) -> Value {
        Value::Iter(Rc::new(RefCell::new(iter)))
    }
}
