//! What a local function can reach, copied into the machine that runs it: arguments, captured variables, the session's
//! names that it and the functions it calls mention.
//!
//! All of it before the function runs, by all ranks alike, so that what is refused is refused on all of them. Only the
//! memory of immutable values is shared. What the copies held is remembered: a function that has changed one would do
//! something else than in Python.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use lang::error::{Class, Error};
use lang::layout::Layout;

use super::super::class::{Descriptor, UserClass};
use super::super::dict::DictKind;
use super::super::frame::{Cell, Unit};
use super::super::items::discard;
use super::super::operate::is_same;
use super::super::raise::{Eval, raise};
use super::super::types::type_name;
use super::super::{Deque, Dict, Object, sets};
use super::{Machine, refuse};
use crate::array::Array;
use crate::value::{Slice, Tuple, Value};

/// Containers within containers that are followed.
const DEEPEST: usize = 1000;

pub struct Carry<'a> {
    pub(super) outer: &'a mut Machine,
    pub(super) inner: &'a mut Machine,
    /// Copies by the address of what they are copies of, which `kept` keeps where it is.
    pub(super) made: HashMap<*const (), Value>,
    pub(super) cells: HashMap<*const RefCell<Option<Value>>, Cell>,
    pub(super) units: HashMap<*const Unit, Rc<Unit>>,
    pub(super) kept: Vec<Value>,
    /// Whether arguments are carried: their distributed arrays become blocks.
    pub(super) argument: bool,
    depth: usize,
    pub(super) carried: Carried,
}

/// What was carried, for when the function has run.
#[derive(Default)]
pub struct Carried {
    /// The arguments' arrays, and where they lie.
    pub blocks: Vec<(Array, Arc<Layout>)>,
    /// Classes outside, and what stands for them inside: the same list on all ranks.
    pub classes: Vec<(Rc<UserClass>, Rc<UserClass>)>,
    /// Containers that can be changed, with what they held.
    held: Vec<(Value, Vec<Value>)>,
    /// Variables that functions have captured.
    cells: Vec<Cell>,
}

impl Drop for Carried {
    /// Empties the copies: those that hold each other would keep this rank's blocks for good.
    fn drop(&mut self) {
        self.cells.iter().for_each(|cell| drop(cell.take()));
        for (value, _) in &self.held {
            match value {
                Value::List(items) => drop(items.take()),
                Value::Dict(dict) => dict.borrow_mut().clear(),
                Value::Object(object) => discard(object.fields.take().into_iter().map(|(_, v)| v).collect()),
                Value::Class(class) => discard(class.fields.take().into_iter().map(|(_, v)| v).collect()),
                _ => {}
            }
        }
    }
}

impl Carried {
    /// What kind of thing the function has changed, if any.
    pub fn changed(&self) -> Option<&'static str> {
        let same = |value: &Value, held: &[Value]| {
            let now = items_of(value);
            now.len() == held.len() && now.iter().zip(held).all(|(a, b)| is_same(a, b))
        };
        self.held.iter().find(|(value, held)| !same(value, held)).map(|(value, _)| match value {
            Value::Class(_) => "class",
            Value::Object(object) => object.class.name,
            other => type_name(other),
        })
    }
}

/// What a container holds now: values, and the names or keys that they have there.
fn items_of(value: &Value) -> Vec<Value> {
    let named = |fields: &RefCell<super::super::class::Fields>| {
        fields.borrow().iter().flat_map(|(name, value)| [Value::Str(name.clone()), value.clone()]).collect()
    };
    match value {
        Value::List(items) => items.borrow().to_vec(),
        Value::Dict(dict) => dict.borrow().iter().flat_map(|(k, v)| [k.clone(), v.clone()]).collect(),
        Value::Set(object) => object.set.borrow().iter().map(|item| item.value.clone()).collect(),
        Value::Deque(deque) => deque.to_vec(),
        Value::Object(object) => named(&object.fields),
        Value::Class(class) => named(&class.fields),
        _ => Vec::new(),
    }
}

impl<'a> Carry<'a> {
    pub fn new(outer: &'a mut Machine, inner: &'a mut Machine) -> Carry<'a> {
        Carry {
            outer,
            inner,
            made: HashMap::new(),
            cells: HashMap::new(),
            units: HashMap::new(),
            kept: Vec::new(),
            argument: false,
            depth: 0,
            carried: Carried::default(),
        }
    }

    /// A value that the function finds around it. Collective.
    pub fn outside(&mut self, value: &Value) -> Eval<Value> {
        self.argument = false;
        self.value(value)
    }

    /// A value that the function is given. Collective.
    pub fn argument(&mut self, value: &Value) -> Eval<Value> {
        self.argument = true;
        self.value(value)
    }

    /// All that was carried. What is changed from now on is noticed.
    pub fn end(mut self) -> Carried {
        self.carried.cells = self.cells.into_values().collect();
        for (value, held) in &mut self.carried.held {
            *held = items_of(value);
        }
        self.carried
    }

    pub(super) fn value(&mut self, value: &Value) -> Eval<Value> {
        if self.depth >= DEEPEST {
            return raise(Class::RecursionError, "maximum recursion depth exceeded");
        }
        self.depth += 1;
        let copy = stacker::maybe_grow(256 * 1024, 4 * 1024 * 1024, || self.copy(value));
        self.depth -= 1;
        copy
    }

    pub(super) fn values(&mut self, values: &[Value]) -> Eval<Vec<Value>> {
        values.iter().map(|value| self.value(value)).collect()
    }

    /// Notes the copy of a container before it is filled: it may hold itself.
    pub(super) fn note<T: ?Sized>(&mut self, value: &Value, of: *const T, copy: &Value) {
        self.kept.push(value.clone());
        self.made.insert(of.cast(), copy.clone());
        self.carried.held.push((copy.clone(), Vec::new()));
    }

    fn copy(&mut self, value: &Value) -> Eval<Value> {
        let address: *const () = match value {
            Value::List(items) => Rc::as_ptr(items).cast(),
            Value::Dict(dict) | Value::View(dict, _) => Rc::as_ptr(dict).cast(),
            Value::Deque(deque) => Rc::as_ptr(deque).cast(),
            Value::Set(object) => Rc::as_ptr(object).cast(),
            Value::Object(object) => Rc::as_ptr(object).cast(),
            Value::Class(class) => Rc::as_ptr(class).cast(),
            Value::Function(closure) => Rc::as_ptr(closure).cast(),
            Value::Array(array) => Rc::as_ptr(&array.0).cast(),
            // Empty ones have no address of their own.
            Value::Tuple(items) if !items.is_empty() => items.as_ptr().cast(),
            _ => std::ptr::null(),
        };
        if let Some(made) = self.made.get(&address) {
            return Ok(match (value, made) {
                (Value::View(_, which), Value::Dict(dict)) => Value::View(dict.clone(), *which),
                _ => made.clone(),
            });
        }
        Ok(match value {
            Value::Array(array) => self.array(array)?,
            Value::Tuple(items) => {
                let copies = self.values(items)?;
                let copy = Value::Tuple(Tuple { fields: items.fields, ..copies.into() });
                if !address.is_null() {
                    self.kept.push(value.clone());
                    self.made.insert(address, copy.clone());
                }
                copy
            }
            Value::List(items) => {
                let copy = Value::list(Vec::new());
                self.note(value, Rc::as_ptr(items), &copy);
                let items = items.borrow().to_vec();
                if let Value::List(new) = &copy {
                    for item in &items {
                        let item = self.value(item)?;
                        new.borrow_mut().push(item);
                    }
                }
                copy
            }
            Value::Dict(dict) => self.dict(value, dict)?,
            Value::View(dict, which) => match self.value(&Value::Dict(dict.clone()))? {
                Value::Dict(dict) => Value::View(dict, *which),
                other => other,
            },
            Value::Deque(deque) => {
                let items = self.values(&deque.to_vec())?;
                let copy = Value::Deque(Rc::new(Deque::new(items, deque.most)));
                self.note(value, Rc::as_ptr(deque), &copy);
                copy
            }
            Value::Set(object) => {
                if !object.set.borrow().iter().all(|item| is_plain(&item.value)) {
                    return refuse("a set of objects in a local function", "pass a list of them");
                }
                let copy = sets::make(object.set.borrow().copy(), object.frozen);
                self.note(value, Rc::as_ptr(object), &copy);
                copy
            }
            Value::Function(closure) => self.function(closure)?,
            Value::Class(class) => Value::Class(self.class(class)?),
            Value::Object(object) => {
                let class = self.class(&object.class)?;
                let new = Rc::new(Object { class, fields: RefCell::default() });
                let copy = Value::Object(new.clone());
                self.note(value, Rc::as_ptr(object), &copy);
                let fields = object.fields.borrow().clone();
                for (name, field) in fields {
                    let field = self.value(&field)?;
                    new.fields.borrow_mut().push((name, field));
                }
                copy
            }
            Value::Made(made) => Value::Made(Rc::new(self.made(made)?)),
            Value::Attached(pair) => Value::Attached(Rc::new((self.value(&pair.0)?, self.value(&pair.1)?))),
            Value::Method(pair) => Value::Method(Rc::new((self.value(&pair.0)?, pair.1))),
            Value::Bound(pair) => Value::Bound(Rc::new((self.value(&pair.0)?, pair.1))),
            Value::Descriptor(descriptor) => Value::Descriptor(Rc::new(match &**descriptor {
                Descriptor::Property { get, set, delete } => Descriptor::Property {
                    get: self.value(get)?,
                    set: self.value(set)?,
                    delete: self.value(delete)?,
                },
                Descriptor::Static(function) => Descriptor::Static(self.value(function)?),
                Descriptor::Class(function) => Descriptor::Class(self.value(function)?),
            })),
            Value::Slice(slice) => Value::Slice(Rc::new(Slice {
                start: self.value(&slice.start)?,
                stop: self.value(&slice.stop)?,
                step: self.value(&slice.step)?,
            })),
            Value::Generator(_) | Value::RandomState(_) => {
                let hint = "its numbers would be the same on all ranks: make one in it by np.random.default_rng([seed, rank()])";
                return refuse("a random generator from outside in a local function", hint);
            }
            Value::Flat(_) | Value::Iter(_) | Value::Exception(_) | Value::Super(_) | Value::ErrState(_) => {
                let what = format!("a '{}' from outside in a local function", type_name(value));
                return refuse(what, "make it in the function");
            }
            _ => value.clone(),
        })
    }

    fn dict(&mut self, value: &Value, dict: &Rc<RefCell<Dict>>) -> Eval<Value> {
        let new = Rc::new(RefCell::new(Dict::new()));
        let copy = Value::Dict(new.clone());
        self.note(value, Rc::as_ptr(dict), &copy);
        let kind = match &dict.borrow().kind {
            DictKind::Default(factory) => DictKind::Default(self.value(factory)?),
            kind => kind.clone(),
        };
        new.borrow_mut().kind = kind;
        let pairs: Vec<_> = dict.borrow().iter().cloned().collect();
        for (key, item) in pairs {
            let (key, item) = (self.value(&key)?, self.value(&item)?);
            new.borrow_mut().insert(key, item)?;
        }
        Ok(copy)
    }

    /// An array whole where every rank has it, else this rank's block of an argument. Collective.
    fn array(&mut self, array: &Array) -> Eval<Value> {
        let ctx = &mut self.outer.ctx;
        let whole = array.layout().everywhere || array.ndim() == 0;
        if !whole && !self.argument {
            let what = format!(
                "a distributed array of shape {} in a local function",
                lang::text::tuple(array.shape())
            );
            return refuse(
                what,
                "pass it as an argument, or redistribute(a, 'r') where every rank needs the whole",
            );
        }
        let layout = match whole {
            true => ctx.replicated(array.shape()),
            false => {
                let spread =
                    || self.carried.blocks.iter().map(|(_, layout)| layout).filter(|l| !l.everywhere);
                // Arrays of one shape are cut alike.
                let alike = spread().find(|layout| layout.shape() == array.shape());
                let layout = alike.unwrap_or(array.layout()).clone();
                if let Some(first) = spread().next().filter(|first| first.ranks != layout.ranks) {
                    let (a, b) = (lang::text::tuple(&first.ranks), lang::text::tuple(&layout.ranks));
                    let error =
                        Error::value(format!("arguments of a local function on the ranks {a} and {b}"));
                    return Err(error
                        .hint("redistribute one of them: they have to lie on the same ranks")
                        .into());
                }
                layout
            }
        };
        let block = ctx.local(array, &layout)?;
        let shape = layout.local_shape(ctx.comm.rank());
        let own = self.inner.ctx.replicated(&shape);
        // A rank that holds nothing of it does not run.
        let copy = Array::from_block(shape, own, block).read_only();
        self.kept.push(Value::Array(array.clone()));
        self.made.insert(Rc::as_ptr(&array.0).cast(), Value::Array(copy.clone()));
        if self.argument {
            self.carried.blocks.push((copy.clone(), layout));
        }
        Ok(Value::Array(copy))
    }
}

/// A value that nothing can change and that holds nothing that can be changed.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Tuple(items) => items.iter().all(is_plain),
        Value::Set(object) => object.frozen && object.set.borrow().iter().all(|item| is_plain(&item.value)),
        Value::None | Value::Ellipsis | Value::Bool(_) | Value::Int(_) | Value::BigInt(_) => true,
        Value::Float(_) | Value::Complex(_) | Value::Str(_) | Value::Scalar(_) | Value::Range(_) => true,
        Value::DType(_) | Value::Type(_) | Value::Module(_) => true,
        _ => false,
    }
}
