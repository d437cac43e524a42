//! Strings, tuples, lists and ranges: concatenation, repetition, indexing and slicing.

use std::rc::Rc;

use lang::error::Class;
use lang::ir::BinOp;

use super::raise::{Eval, index_error, raise, type_error, value_error};
use super::text::Places;
use super::types::type_name;
use super::{Exception, Machine, counts, deque};
use crate::value::{Range, Slice, Value, View};

/// No list, tuple or string may grow beyond this by repetition.
const LONGEST: usize = 1 << 28;

pub fn is_sequence(value: &Value) -> bool {
    matches!(value, Value::Str(_) | Value::List(_) | Value::Tuple(_))
}

/// `left op right` where one is a sequence; None where Python has no such operation.
pub fn binary(op: BinOp, left: &Value, right: &Value) -> Eval<Option<Value>> {
    let value = match (op, left, right) {
        (BinOp::Add, Value::Str(a), Value::Str(b)) => Value::Str([&**a, &**b].concat().into()),
        (BinOp::Add, Value::Tuple(a), Value::Tuple(b)) => Value::Tuple([&**a, &**b].concat().into()),
        (BinOp::Add, Value::List(a), Value::List(b)) => {
            Value::list([&a.borrow()[..], &b.borrow()[..]].concat())
        }
        (BinOp::Add, a, b) if is_sequence(a) => {
            let (a, b) = (type_name(a), type_name(b));
            return type_error(format!("can only concatenate {a} (not \"{b}\") to {a}"));
        }
        (BinOp::Mul, a, b) if is_sequence(a) || is_sequence(b) => {
            let (seq, count) = if is_sequence(a) { (a, b) } else { (b, a) };
            let count = match count {
                Value::Int(n) => *n,
                Value::Bool(b) => *b as i64,
                Value::BigInt(_) => {
                    return raise(Class::OverflowError, "cannot fit 'int' into an index-sized integer");
                }
                other => {
                    return type_error(format!(
                        "can't multiply sequence by non-int of type '{}'",
                        type_name(other)
                    ));
                }
            };
            repeat(seq, count)?
        }
        (BinOp::BitOr, Value::Dict(a), Value::Dict(b)) => {
            let mut merged = a.borrow().clone();
            for (key, value) in b.borrow().iter() {
                merged.insert(key.clone(), value.clone())?;
            }
            Value::Dict(Rc::new(std::cell::RefCell::new(merged)))
        }
        _ => return Ok(None),
    };
    Ok(Some(value))
}

/// `sequence * count`.
pub fn repeat(seq: &Value, count: i64) -> Eval<Value> {
    let count = count.max(0) as usize;
    let fits = |len: usize| match len.checked_mul(count) {
        Some(total) if total <= LONGEST => Ok(()),
        _ => raise(Class::MemoryError, format!("a {} of {len} x {count} elements", type_name(seq))),
    };
    Ok(match seq {
        Value::Str(s) => {
            fits(s.len())?;
            Value::str(&s.repeat(count))
        }
        Value::Tuple(items) => {
            fits(items.len())?;
            Value::tuple(repeat_items(items, count))
        }
        Value::List(items) => {
            fits(items.borrow().len())?;
            Value::list(repeat_items(&items.borrow(), count))
        }
        other => {
            return type_error(format!("can't multiply sequence by non-int of type '{}'", type_name(other)));
        }
    })
}

fn repeat_items(items: &[Value], count: usize) -> Vec<Value> {
    let mut all = Vec::with_capacity(items.len() * count);
    match items {
        [one] => all.resize(count, one.clone()),
        items => (0..count).for_each(|_| all.extend_from_slice(items)),
    }
    all
}

/// The positions that a slice picks from `len` elements.
#[derive(Clone, Copy, Debug)]
pub struct Picked {
    pub start: i64,
    /// Where the slice ends, brought into the sequence.
    pub stop: i64,
    pub step: i64,
    pub len: usize,
}

impl Picked {
    pub fn positions(self) -> impl Iterator<Item = usize> {
        (0..self.len as i64).map(move |i| (self.start + i * self.step) as usize)
    }
}

/// The position of element `index` (from the end when negative) among `len`.
fn position(index: i64, len: usize) -> Option<usize> {
    let at = if index < 0 { index.checked_add(len as i64)? } else { index };
    usize::try_from(at).ok().filter(|at| *at < len)
}

impl Machine {
    pub(super) fn picked(&mut self, slice: &Slice, len: usize) -> Eval<Picked> {
        let mut bound = |value: &Value| match value {
            Value::None => Ok(None),
            _ => match self.count(value) {
                Some(i) => Ok(Some(i)),
                None => type_error("slice indices must be integers or None or have an __index__ method"),
            },
        };
        let step = bound(&slice.step)?.unwrap_or(1).max(-i64::MAX);
        if step == 0 {
            return value_error("slice step cannot be zero");
        }
        let (start, stop, len) = (bound(&slice.start)?, bound(&slice.stop)?, len as i64);
        let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
        let clip = |i: i64| (if i < 0 { i.saturating_add(len) } else { i }).clamp(low, high);
        let start = start.map_or(if step > 0 { low } else { high }, clip);
        let stop = stop.map_or(if step > 0 { high } else { low }, clip);
        let count = match step {
            _ if step > 0 && start < stop => (stop - start - 1) / step + 1,
            _ if step < 0 && stop < start => (start - stop - 1) / -step + 1,
            _ => 0,
        };
        Ok(Picked { start, stop, step, len: count as usize })
    }

    /// `base[index]`.
    pub(super) fn index(&mut self, base: &Value, index: &Value) -> Eval<Value> {
        match base {
            Value::List(items) => match index {
                Value::Int(i) => {
                    let items = items.borrow();
                    match position(*i, items.len()) {
                        Some(at) => Ok(items[at].clone()),
                        None => index_error("list index out of range"),
                    }
                }
                Value::Slice(slice) => {
                    let len = items.borrow().len();
                    let picked = self.picked(slice, len)?;
                    let items = items.borrow();
                    Ok(Value::list(picked.positions().filter_map(|i| items.get(i).cloned()).collect()))
                }
                _ => {
                    let at = self.index_position(base, index, items.borrow().len())?;
                    Ok(items.borrow()[at].clone())
                }
            },
            Value::Tuple(items) => match index {
                Value::Slice(slice) => {
                    let picked = self.picked(slice, items.len())?;
                    Ok(Value::tuple(picked.positions().map(|i| items[i].clone()).collect()))
                }
                _ => Ok(items[self.index_position(base, index, items.len())?].clone()),
            },
            Value::Str(text) => self.index_str(base, text, index),
            Value::Range(range) => match index {
                Value::Slice(slice) => {
                    let picked = self.picked(slice, range.len())?;
                    let at = |i: i64| (range.start as i128 + range.step as i128 * i as i128) as i64;
                    let (start, stop) = (at(picked.start), at(picked.stop));
                    let step = range.step.saturating_mul(picked.step);
                    Ok(Value::Range(Rc::new(Range { start, stop, step })))
                }
                _ => Ok(Value::Int(range.at(self.index_position(base, index, range.len())?))),
            },
            Value::Dict(dict) => {
                let found = dict.borrow().get(index)?;
                match found {
                    Some(value) => Ok(value),
                    None => match counts::missing(self, dict, index)? {
                        Some(value) => Ok(value),
                        None => self.key_error(index),
                    },
                }
            }
            Value::Deque(items) => deque::index(self, items, index),
            Value::Object(_) if self.special(base, "__getitem__").is_some() => {
                let item = self.call_special(base, "__getitem__", vec![index.clone()])?;
                Ok(item.unwrap_or(Value::None))
            }
            _ => self.index_numpy(base, index),
        }
    }

    pub(super) fn key_error<T>(&mut self, key: &Value) -> Eval<T> {
        Err(self.raised(Exception::new(Class::KeyError, vec![key.clone()])))
    }

    /// The position that an int-like index names in `base`, whose type words the errors.
    fn index_position(&mut self, base: &Value, index: &Value, len: usize) -> Eval<usize> {
        let (what, found) = (type_name(base), type_name(index));
        match self.count(index) {
            Some(i) => match (position(i, len), base) {
                (Some(at), _) => Ok(at),
                (None, Value::Str(_)) => index_error("string index out of range"),
                (None, Value::Range(_)) => index_error("range object index out of range"),
                (None, _) => index_error(format!("{what} index out of range")),
            },
            None if matches!(base, Value::Str(_)) => {
                type_error(format!("string indices must be integers, not '{found}'"))
            }
            None => type_error(format!("{what} indices must be integers or slices, not {found}")),
        }
    }

    fn index_str(&mut self, base: &Value, text: &Rc<str>, index: &Value) -> Eval<Value> {
        let places = Places::of(text);
        match index {
            Value::Slice(slice) => {
                let picked = self.picked(slice, places.len)?;
                if picked.step == 1 {
                    let start = picked.start as usize;
                    return Ok(Value::str(&text[places.byte(start)..places.byte(start + picked.len)]));
                }
                Ok(Value::str(&picked.positions().map(|i| places.char(i)).collect::<String>()))
            }
            _ => {
                let at = self.index_position(base, index, places.len)?;
                Ok(Value::str(places.char(at)))
            }
        }
    }

    /// `base[index] = value`.
    pub(super) fn set_item(&mut self, base: &Value, index: &Value, value: Value) -> Eval<()> {
        match (base, index) {
            (Value::Object(_), _) => {
                match self.call_special(base, "__setitem__", vec![index.clone(), value])? {
                    Some(_) => Ok(()),
                    None => {
                        let class = type_name(base);
                        type_error(format!("'{class}' object does not support item assignment"))
                    }
                }
            }
            (Value::List(items), Value::Slice(slice)) => {
                let new = match self.collect(&value) {
                    Err(_) if !super::iterate::is_iterable(&value) => {
                        return type_error("can only assign an iterable");
                    }
                    new => new?,
                };
                let len = items.borrow().len();
                let picked = self.picked(slice, len)?;
                let mut items = items.borrow_mut();
                if picked.step == 1 {
                    let start = picked.start as usize;
                    items.splice(start..start + picked.len, new);
                    return Ok(());
                }
                if new.len() != picked.len {
                    return value_error(format!(
                        "attempt to assign sequence of size {} to extended slice of size {}",
                        new.len(),
                        picked.len
                    ));
                }
                for (at, value) in picked.positions().zip(new) {
                    items[at] = value;
                }
                Ok(())
            }
            (Value::List(items), _) => {
                let len = items.borrow().len();
                let at = match self.count(index) {
                    Some(i) => position(i, len),
                    None => Some(self.index_position(base, index, len)?),
                };
                match at {
                    Some(at) => items.borrow_mut()[at] = value,
                    None => return index_error("list assignment index out of range"),
                }
                Ok(())
            }
            (Value::Dict(dict), _) => dict.borrow_mut().insert(index.clone(), value),
            (Value::Deque(items), _) => {
                let at = deque::place(self, items, index)?;
                items.items.borrow_mut()[at] = value;
                Ok(())
            }
            (Value::Array(array), _) => self.set_array_item(array, index, value),
            (Value::Flat(array), _) => {
                Ok(crate::exec::index::flat::write(&mut self.ctx, array, index, &value)?)
            }
            _ => type_error(format!("'{}' object does not support item assignment", type_name(base))),
        }
    }

    /// `del base[index]`.
    pub(super) fn delete_item(&mut self, base: &Value, index: &Value) -> Eval<()> {
        match (base, index) {
            (Value::Object(_), _) => match self.call_special(base, "__delitem__", vec![index.clone()])? {
                Some(_) => Ok(()),
                None => {
                    let class = type_name(base);
                    type_error(format!("'{class}' object doesn't support item deletion"))
                }
            },
            (Value::List(items), Value::Slice(slice)) => {
                let len = items.borrow().len();
                let mut gone: Vec<usize> = self.picked(slice, len)?.positions().collect();
                gone.sort_unstable();
                let mut at = 0;
                items.borrow_mut().retain(|_| {
                    at += 1;
                    gone.binary_search(&(at - 1)).is_err()
                });
                Ok(())
            }
            (Value::List(items), _) => {
                let len = items.borrow().len();
                match self.count(index) {
                    Some(i) => match position(i, len) {
                        Some(at) => drop(items.borrow_mut().remove(at)),
                        None => return index_error("list assignment index out of range"),
                    },
                    None => return self.index_position(base, index, len).map(drop),
                }
                Ok(())
            }
            (Value::Deque(items), _) => {
                let at = deque::place(self, items, index)?;
                items.items.borrow_mut().remove(at);
                Ok(())
            }
            (Value::Dict(dict), _) => {
                let removed = dict.borrow_mut().remove(index)?;
                match removed {
                    Some(_) => Ok(()),
                    None if matches!(dict.borrow().kind, super::dict::DictKind::Counter) => Ok(()),
                    None => self.key_error(index),
                }
            }
            (Value::Array(_), _) => value_error("cannot delete array elements"),
            _ => type_error(format!("'{}' object doesn't support item deletion", type_name(base))),
        }
    }

    /// `len(value)`.
    pub(super) fn len(&mut self, value: &Value) -> Eval<usize> {
        Ok(match value {
            Value::Str(s) => Places::of(s).len,
            Value::Tuple(items) => items.len(),
            Value::List(items) => items.borrow().len(),
            Value::Dict(dict) | Value::View(dict, View::Keys | View::Values | View::Items) => {
                dict.borrow().len()
            }
            Value::Set(object) => object.set.borrow().len(),
            Value::Deque(deque) => deque.items.borrow().len(),
            Value::Range(range) => range.len(),
            Value::Object(_) => return self.object_len(value),
            Value::Flat(array) => array.size(),
            Value::Array(array) => match array.shape().first() {
                Some(&len) => len,
                None => return type_error("len() of unsized object"),
            },
            _ => {
                return type_error(format!("object of type '{}' has no len()", type_name(value)));
            }
        })
    }
}
