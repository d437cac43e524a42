//! What a name of the language can hold. Everything but the blocks of arrays is replicated: equal on all ranks.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use lang::dtype::DType;
use lang::ir::Function;
use lang::layout::Layout;
use lang::scalar::Scalar;
use num_bigint::BigInt;
use num_complex::Complex64;

use crate::array::Array;
use crate::machine::{
    Deque, Descriptor, Dict, ErrState, Exception, Hot, Items, Iter, Made, Method, Object, Set, Super, Unit,
    UserClass,
};

#[derive(Clone)]
pub enum Value {
    None,
    Ellipsis,
    Bool(bool),
    Int(i64),
    /// Always outside the range of i64.
    BigInt(Rc<BigInt>),
    Float(f64),
    Complex(Complex64),
    Str(Rc<str>),
    /// NumPy's scalar, strongly typed where Python's int and float are weak (NEP 50).
    Scalar(Scalar),
    Array(Array),
    /// `a.flat`.
    Flat(Array),
    Tuple(Tuple),
    List(Rc<RefCell<Items>>),
    /// In order of insertion.
    Dict(Rc<RefCell<Dict>>),
    /// A set, or a frozenset.
    Set(Rc<SetObject>),
    /// `collections.deque`.
    Deque(Rc<Deque>),
    /// `functools.partial(f, 1)`, and what else is called and made of values.
    Made(Rc<Made>),
    /// `d.keys()`, `d.values()`, `d.items()`: follows the dict.
    View(Rc<RefCell<Dict>>, View),
    Range(Rc<Range>),
    Slice(Rc<Slice>),
    /// What `enumerate`, `zip`, `map`, `filter`, `reversed` and `iter` give: run through once.
    Iter(Rc<RefCell<Iter>>),
    DType(DType),
    /// A class, as `type(x)` gives it, by its full name: `int`, `list`, `numpy.ndarray`, `numpy.float64`.
    Type(&'static str),
    /// By its full name: `numpy`, `numpy.random`.
    Module(&'static str),
    /// A row of the table of builtins, by index.
    Builtin(u32),
    /// A builtin with its `self`: `a.sum`.
    Method(Rc<(Value, u32)>),
    /// A method of Python's own str, list, tuple, dict, range or number: `"a".upper`.
    Bound(Rc<(Value, &'static Method)>),
    Function(Rc<Closure>),
    Exception(Rc<Exception>),
    /// A class of the user's.
    Class(Rc<UserClass>),
    Object(Rc<Object>),
    /// A method with the object (or class) that it was found in: `object.method`.
    Attached(Rc<(Value, Value)>),
    /// `property(f)`, `staticmethod(f)`, `classmethod(f)`.
    Descriptor(Rc<Descriptor>),
    Super(Rc<Super>),
    NotImplemented,
    /// `np.errstate(...)`.
    ErrState(Rc<ErrState>),
    /// `a.distribution`.
    Distribution(Rc<Layout>),
    /// `np.random.default_rng(seed)`.
    Generator(Rc<RefCell<crate::rng::Generator>>),
    /// `np.random.RandomState(seed)`.
    RandomState(Rc<RefCell<crate::rng::Legacy>>),
}

/// A set; a frozen one is never changed.
pub struct SetObject {
    pub frozen: bool,
    pub set: RefCell<Set>,
}

/// Python's tuple; one with fields is a named tuple.
#[derive(Clone)]
pub struct Tuple {
    pub items: Rc<[Value]>,
    pub fields: Option<&'static Fields>,
}

/// The class of a named tuple and the names of its items.
pub struct Fields {
    pub class: &'static str,
    pub names: &'static [&'static str],
}

impl std::ops::Deref for Tuple {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.items
    }
}

impl From<Vec<Value>> for Tuple {
    fn from(items: Vec<Value>) -> Tuple {
        Tuple { items: items.into(), fields: None }
    }
}

impl From<Rc<[Value]>> for Tuple {
    fn from(items: Rc<[Value]>) -> Tuple {
        Tuple { items, fields: None }
    }
}

/// Which view of a dict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    Keys,
    Values,
    Items,
}

/// `range(start, stop, step)`; `step` is not 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    pub start: i64,
    pub stop: i64,
    pub step: i64,
}

#[derive(Clone)]
pub struct Slice {
    pub start: Value,
    pub stop: Value,
    pub step: Value,
}

/// A function of the user with what it captured.
pub struct Closure {
    pub function: Arc<Function>,
    /// The program it was compiled in: for its globals, its inner functions and its place in tracebacks.
    pub unit: Rc<Unit>,
    /// By parameter; evaluated when the `def` ran.
    pub defaults: Vec<Option<Value>>,
    pub cells: Vec<Rc<RefCell<Option<Value>>>>,
    /// All parameters are given by position: none takes what is left, none only a keyword.
    pub plain: bool,
    /// How often the function was called, and its machine code.
    pub hot: Rc<Hot>,
}

impl Value {
    pub fn str(s: &str) -> Value {
        Value::Str(s.into())
    }

    pub fn list(items: Vec<Value>) -> Value {
        Value::List(Rc::new(RefCell::new(items.into())))
    }

    pub fn tuple(items: Vec<Value>) -> Value {
        Value::Tuple(items.into())
    }

    /// A tuple whose items have names.
    pub fn named(fields: &'static Fields, items: Vec<Value>) -> Value {
        Value::Tuple(Tuple { items: items.into(), fields: Some(fields) })
    }

    /// A Python int of any size.
    pub fn int(value: BigInt) -> Value {
        match i64::try_from(&value) {
            Ok(small) => Value::Int(small),
            Err(_) => Value::BigInt(Rc::new(value)),
        }
    }
}

impl Range {
    /// How many numbers it yields.
    pub fn len(&self) -> usize {
        let (start, stop, step) = (self.start as i128, self.stop as i128, self.step as i128);
        let len = if step > 0 { (stop - start + step - 1) / step } else { (start - stop - step - 1) / -step };
        len.max(0) as usize
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number at `i < len()`.
    pub fn at(&self, i: usize) -> i64 {
        (self.start as i128 + self.step as i128 * i as i128) as i64
    }
}
