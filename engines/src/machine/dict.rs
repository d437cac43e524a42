//! Python's dict: insertion-ordered, keyed by equality across the numeric types (`1 == 1.0 == True`).

use std::collections::HashMap;
use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::FromPrimitive;

use super::items::discard;
use super::number::Num;
use super::raise::{Eval, type_error};
use super::types::type_name;
use crate::value::Value;

/// What a value is equal to, in a form that hashes.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Key {
    None,
    Ellipsis,
    Int(i64),
    BigInt(Rc<BigInt>),
    /// The bits of a float that is no integer.
    Float(u64),
    Complex(u64, u64),
    Str(Rc<str>),
    Tuple(Vec<Key>),
    Range(i64, i64, i64),
    Set(Rc<super::set::FrozenKey>),
    Named(&'static str, String),
    /// By identity.
    Object(usize),
}

impl Key {
    /// The key of a hashable value.
    pub fn of(value: &Value) -> Eval<Key> {
        if let Some(num) = Num::of_any(value) {
            return Ok(num_key(num));
        }
        Ok(match value {
            Value::None => Key::None,
            Value::Ellipsis => Key::Ellipsis,
            Value::Str(s) => Key::Str(s.clone()),
            Value::Tuple(items) => Key::Tuple(items.iter().map(Key::of).collect::<Eval<_>>()?),
            Value::Range(r) => match r.len() {
                0 => Key::Range(0, 0, 1),
                1 => Key::Range(r.start, 1, 1),
                n => Key::Range(r.start, n as i64, r.step),
            },
            Value::Set(object) if object.frozen => object.set.borrow().key(),
            Value::DType(d) => Key::Named("dtype", d.name().to_string()),
            Value::Type(name) => Key::Named("type", name.to_string()),
            Value::Module(name) => Key::Named("module", name.to_string()),
            Value::Builtin(row) => match super::types::as_class(value) {
                Some(name) => Key::Named("type", name.to_string()),
                None => Key::Object(*row as usize),
            },
            Value::Object(object) if object.class.find("__eq__").is_none() => {
                Key::Object(Rc::as_ptr(object) as usize)
            }
            Value::Class(class) => Key::Object(Rc::as_ptr(class) as usize),
            Value::NotImplemented => Key::Named("NotImplemented", String::new()),
            Value::Exception(e) => Key::Object(Rc::as_ptr(e) as usize),
            Value::Function(f) => Key::Object(Rc::as_ptr(f) as usize),
            _ => return type_error(format!("unhashable type: '{}'", type_name(value))),
        })
    }
}

fn num_key(num: Num) -> Key {
    match num {
        Num::Int(i) => Key::Int(i),
        Num::Big(b) => Key::BigInt(b),
        Num::Float(f) => float_key(f),
        Num::Complex(c) if c.im == 0.0 => float_key(c.re),
        Num::Complex(c) => Key::Complex(c.re.to_bits(), c.im.to_bits()),
    }
}

fn float_key(f: f64) -> Key {
    if f.fract() != 0.0 || !f.is_finite() {
        return Key::Float(f.to_bits());
    }
    match BigInt::from_f64(f).map(Value::int) {
        Some(Value::Int(i)) => Key::Int(i),
        Some(Value::BigInt(b)) => Key::BigInt(b),
        _ => Key::Float(f.to_bits()),
    }
}

/// Python's own dict, or one of the module `collections`.
#[derive(Clone, Default)]
pub enum DictKind {
    #[default]
    Plain,
    /// Makes what is not there by a function, unless that is None.
    Default(Value),
    Counter,
    Ordered,
}

impl DictKind {
    pub fn type_name(&self) -> &'static str {
        match self {
            DictKind::Plain => "dict",
            DictKind::Default(_) => "collections.defaultdict",
            DictKind::Counter => "collections.Counter",
            DictKind::Ordered => "collections.OrderedDict",
        }
    }
}

/// Entries in order of insertion; removed ones leave a hole until there are too many.
#[derive(Clone, Default)]
pub struct Dict {
    pub kind: DictKind,
    index: HashMap<Key, usize>,
    entries: Vec<Option<(Value, Value)>>,
}

impl Dict {
    pub fn new() -> Dict {
        Dict::default()
    }

    pub fn len(&self) -> usize {
        self.index.len()
    }

    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    pub fn get(&self, key: &Value) -> Eval<Option<Value>> {
        let at = self.index.get(&Key::of(key)?);
        Ok(at.and_then(|&i| self.entries[i].as_ref()).map(|(_, v)| v.clone()))
    }

    /// Sets `self[key]`; a key that is there already keeps its place and its first spelling.
    pub fn insert(&mut self, key: Value, value: Value) -> Eval<()> {
        let hashed = Key::of(&key)?;
        match self.index.get(&hashed) {
            Some(&i) => {
                if let Some(entry) = &mut self.entries[i] {
                    entry.1 = value;
                }
            }
            None => {
                self.index.insert(hashed, self.entries.len());
                self.entries.push(Some((key, value)));
            }
        }
        Ok(())
    }

    pub fn remove(&mut self, key: &Value) -> Eval<Option<Value>> {
        let Some(i) = self.index.remove(&Key::of(key)?) else {
            return Ok(None);
        };
        let removed = self.entries[i].take().map(|(_, v)| v);
        while let Some(None) = self.entries.last() {
            self.entries.pop();
        }
        if self.entries.len() > 16 && self.entries.len() > 2 * self.index.len() {
            self.entries.retain(Option::is_some);
            self.index.clear();
            for (i, entry) in self.entries.iter().enumerate() {
                if let Some((key, _)) = entry {
                    self.index.insert(Key::of(key)?, i);
                }
            }
        }
        Ok(removed)
    }

    /// All values, leaving nothing.
    pub fn take(&mut self) -> Vec<Value> {
        self.index.clear();
        let entries = std::mem::take(&mut self.entries);
        entries.into_iter().flatten().flat_map(|(key, value)| [key, value]).collect()
    }

    pub fn clear(&mut self) {
        discard(self.take());
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &(Value, Value)> {
        self.entries.iter().flatten()
    }

    /// The first entry at or after position `at`, and the position after it: for iteration while the dict lives on.
    pub fn entry_from(&self, at: usize) -> Option<(usize, &(Value, Value))> {
        let skipped = self.entries.get(at..)?.iter().position(Option::is_some)?;
        Some((at + skipped + 1, self.entries[at + skipped].as_ref()?))
    }
}

impl Drop for Dict {
    fn drop(&mut self) {
        if !self.entries.is_empty() {
            discard(self.take());
        }
    }
}
