//! `collections.deque`: a list that grows and shrinks at both ends.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::Machine;
use super::items::discard;
use super::raise::{Eval, index_error, type_error, value_error};
use crate::value::Value;

pub struct Deque {
    pub items: RefCell<VecDeque<Value>>,
    /// The most items that it keeps: what is added at one end pushes out what is at the other.
    pub most: Option<usize>,
}

impl Deque {
    /// A deque of the last of some items.
    pub fn new(items: Vec<Value>, most: Option<usize>) -> Deque {
        let deque = Deque { items: RefCell::default(), most };
        items.into_iter().for_each(|item| deque.push(item));
        deque
    }

    fn push(&self, item: Value) {
        let mut items = self.items.borrow_mut();
        items.push_back(item);
        if self.most.is_some_and(|most| items.len() > most) {
            items.pop_front();
        }
    }

    fn push_front(&self, item: Value) {
        let mut items = self.items.borrow_mut();
        items.push_front(item);
        if self.most.is_some_and(|most| items.len() > most) {
            items.pop_back();
        }
    }

    pub fn to_vec(&self) -> Vec<Value> {
        self.items.borrow().iter().cloned().collect()
    }

    /// The place of an item that an index names, from either end.
    pub fn place(&self, index: i64) -> Option<usize> {
        let len = self.items.borrow().len();
        let at = if index < 0 { index.checked_add(len as i64)? } else { index };
        usize::try_from(at).ok().filter(|at| *at < len)
    }
}

impl Drop for Deque {
    fn drop(&mut self) {
        discard(self.items.take().into_iter().collect());
    }
}

/// `deque(iterable, maxlen)`.
pub fn construct(machine: &mut Machine, items: Option<&Value>, most: Option<&Value>) -> Eval<Value> {
    let items = match items {
        Some(items) => machine.collect(items)?,
        None => Vec::new(),
    };
    let most = match most {
        None | Some(Value::None) => None,
        Some(most) => match usize::try_from(machine.as_int(most)?) {
            Ok(most) => Some(most),
            Err(_) => return value_error("maxlen must be non-negative"),
        },
    };
    Ok(Value::Deque(Rc::new(Deque::new(items, most))))
}

pub fn call(machine: &mut Machine, deque: &Rc<Deque>, name: &str, args: Vec<Option<Value>>) -> Eval<Value> {
    let mut args = args.into_iter();
    let mut arg = || args.next().flatten();
    match name {
        "append" | "appendleft" => {
            let item = arg().unwrap_or(Value::None);
            machine.may_grow_by(deque.items.borrow().len())?;
            if name == "append" { deque.push(item) } else { deque.push_front(item) }
        }
        "extend" | "extendleft" => {
            let items = machine.collect(&arg().unwrap_or(Value::None))?;
            for item in items {
                if name == "extend" { deque.push(item) } else { deque.push_front(item) }
            }
        }
        "pop" | "popleft" => {
            let mut items = deque.items.borrow_mut();
            let popped = if name == "pop" { items.pop_back() } else { items.pop_front() };
            return match popped {
                Some(item) => Ok(item),
                None => index_error("pop from an empty deque"),
            };
        }
        "clear" => discard(deque.items.take().into_iter().collect()),
        "copy" => return Ok(Value::Deque(Rc::new(Deque::new(deque.to_vec(), deque.most)))),
        "reverse" => deque.items.borrow_mut().make_contiguous().reverse(),
        "rotate" => {
            let steps = match arg() {
                Some(steps) => machine.as_int(&steps)?,
                None => 1,
            };
            let mut items = deque.items.borrow_mut();
            if !items.is_empty() {
                let right = steps.rem_euclid(items.len() as i64) as usize;
                items.rotate_right(right);
            }
        }
        "insert" => {
            let (at, item) = (arg().unwrap_or(Value::None), arg().unwrap_or(Value::None));
            let at = machine.as_int(&at)?;
            let mut items = deque.items.borrow_mut();
            if deque.most.is_some_and(|most| items.len() >= most) {
                return index_error("deque already at its maximum size");
            }
            let len = items.len() as i64;
            let at = if at < 0 { at.saturating_add(len) } else { at };
            items.insert(at.clamp(0, len) as usize, item);
        }
        _ => {
            // `count`, `index` and `remove` look for an item.
            let wanted = arg().unwrap_or(Value::None);
            let items = deque.to_vec();
            let len = items.len() as i64;
            let mut bound = |default: i64| match arg() {
                Some(bound) => {
                    let i = machine.as_int(&bound)?;
                    Ok::<i64, Box<super::Raised>>(if i < 0 { (i + len).max(0) } else { i })
                }
                None => Ok(default),
            };
            let (from, to) = if name == "index" { (bound(0)?, bound(len)?) } else { (0, len) };
            let mut count = 0;
            for (at, item) in items.iter().enumerate() {
                if !(from..to).contains(&(at as i64)) || !machine.same_or_equal(item, &wanted)? {
                    continue;
                }
                match name {
                    "count" => count += 1,
                    "index" => return Ok(Value::Int(at as i64)),
                    _ => {
                        deque.items.borrow_mut().remove(at);
                        return Ok(Value::None);
                    }
                }
            }
            let shown = machine.repr(&wanted)?;
            return match name {
                "count" => Ok(Value::Int(count)),
                "index" => value_error(format!("{shown} is not in deque")),
                _ => value_error("deque.remove(x): x not in deque"),
            };
        }
    }
    Ok(Value::None)
}

/// `deque[index]`.
pub fn index(machine: &mut Machine, deque: &Deque, index: &Value) -> Eval<Value> {
    let at = place(machine, deque, index)?;
    match deque.items.borrow().get(at) {
        Some(item) => Ok(item.clone()),
        None => index_error("deque index out of range"),
    }
}

pub fn place(machine: &mut Machine, deque: &Deque, index: &Value) -> Eval<usize> {
    match machine.count(index) {
        Some(i) => match deque.place(i) {
            Some(at) => Ok(at),
            None => index_error("deque index out of range"),
        },
        None => type_error(format!("sequence index must be integer, not '{}'", super::type_name(index))),
    }
}
