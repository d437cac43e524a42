//! Python's own builtins.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

use lang::error::{Class, Error};
use lang::ir::BinOp;
use lang::ops::{self, Host, Module};
use num_complex::Complex64;

use super::call::Keywords;
use super::number::{self, Num};
use super::operate::dtype_like;
use super::quick;
use super::raise::{Eval, raise, type_error, value_error};
use super::show::{as_python, str_repr};
use super::types::{dtype_of_class, type_name};
use super::{
    Dict, Iter, Machine, clock, cmath, containers, copying, counts, errstate, float, functools, int,
    itertools, local, math, numpy, objects, sets, text_files,
};
use crate::exec::Args;
use crate::link::Output;
use crate::value::{Range, Tuple, Value};

/// Runs a builtin of Python's on arguments bound to its row's signature.
pub fn host(machine: &mut Machine, host: Host, args: Args) -> Eval<Value> {
    let Args { values, rest, keywords, .. } = args;
    let given = |i: usize| values.get(i).and_then(Option::as_ref);
    // The first argument, where there must be one.
    let first = given(0).cloned().unwrap_or(Value::None);
    Ok(match host {
        Host::Print => {
            let (sep, end) = (text_or(given(0), "sep", " ")?, text_or(given(1), "end", "\n")?);
            let mut line = String::new();
            for (i, value) in rest.iter().enumerate() {
                if i > 0 {
                    line.push_str(&sep);
                }
                line.push_str(&machine.str(value)?);
            }
            line.push_str(&end);
            machine.emit(Output::Stdout(line));
            Value::None
        }
        Host::Len => Value::Int(machine.len(&first)? as i64),
        Host::Abs => match Num::of(&first) {
            Some(Num::Int(i)) => Value::int(num_bigint::BigInt::from(i).magnitude().clone().into()),
            Some(Num::Big(b)) => Value::int(b.magnitude().clone().into()),
            Some(Num::Float(f)) => Value::Float(f.abs()),
            Some(Num::Complex(c)) => Value::Float(c.re.hypot(c.im)),
            None if machine.special(&first, "__abs__").is_some() => {
                machine.call_special(&first, "__abs__", Vec::new())?.unwrap_or(Value::None)
            }
            None if matches!(first, Value::Array(_) | Value::Scalar(_)) => {
                let Some(row) = ops::lookup(Module::Numpy, "absolute") else {
                    return Ok(Value::None);
                };
                machine.ufunc(row, vec![first])?
            }
            None => {
                return type_error(format!("bad operand type for abs(): '{}'", type_name(&first)));
            }
        },
        Host::Min => extreme(machine, "min", Ordering::Less, given(0), given(1), &rest)?,
        Host::Max => extreme(machine, "max", Ordering::Greater, given(0), given(1), &rest)?,
        Host::Sum => sum(machine, &first, given(1))?,
        Host::Int => to_int(machine, given(0), given(1))?,
        Host::Float => to_float(machine, given(0))?,
        Host::Complex => to_complex(machine, given(0), given(1))?,
        Host::Bool => match given(0) {
            Some(value) => Value::Bool(machine.truth(value)?),
            None => Value::Bool(false),
        },
        Host::Str => match given(0) {
            Some(value) => Value::str(&machine.str(value)?),
            None => Value::str(""),
        },
        Host::Repr => Value::str(&machine.repr(&first)?),
        Host::Range => range(machine, &values)?,
        Host::Type => match &first {
            Value::Object(object) => Value::Class(object.class.clone()),
            Value::Exception(e) => e.class_value(),
            _ => Value::Type(type_name(&first)),
        },
        Host::Enumerate => {
            let start = match given(1) {
                Some(start) => machine.as_int(start)?,
                None => 0,
            };
            let inner = Box::new(machine.iter(&first)?);
            machine.lazy(Iter::Enumerate { inner, next: start })
        }
        Host::Zip => {
            let strict = match given(0) {
                Some(strict) => machine.truth(strict)?,
                None => false,
            };
            let inners = machine.iters(&rest)?;
            machine.lazy(Iter::Zip { inners, strict })
        }
        Host::List => match given(0) {
            Some(items) => Value::list(machine.collect(items)?),
            None => Value::list(Vec::new()),
        },
        Host::Tuple => match given(0) {
            Some(Value::Tuple(items)) => Value::Tuple(Tuple { fields: None, ..items.clone() }),
            Some(items) => Value::tuple(machine.collect(items)?),
            None => Value::tuple(Vec::new()),
        },
        Host::Round => round(machine, &first, given(1))?,
        Host::IsInstance => Value::Bool(instance(machine, &first, given(1).unwrap_or(&Value::None))?),
        Host::Any => Value::Bool(any(machine, &first, true)?),
        Host::All => Value::Bool(!any(machine, &first, false)?),
        Host::DivMod => divmod(machine, first, given(1))?,
        Host::Pow => match given(2).filter(|m| !matches!(m, Value::None)) {
            None => machine.binary(BinOp::Pow, first, given(1).cloned().unwrap_or(Value::None))?,
            Some(modulus) => power_mod(&first, given(1).unwrap_or(&Value::None), modulus)?,
        },
        Host::Map => {
            let inners = machine.iters(&rest)?;
            if inners.is_empty() {
                return type_error("map() must have at least two arguments.");
            }
            machine.lazy(Iter::Map { function: first, inners })
        }
        Host::Filter => {
            let inner = Box::new(machine.iter(given(1).unwrap_or(&Value::None))?);
            machine.lazy(Iter::Filter { function: first, inner })
        }
        Host::Reversed => match first {
            Value::List(_) | Value::Tuple(_) | Value::Str(_) | Value::Range(_) | Value::Array(_) => {
                let left = machine.len(&first)?;
                machine.lazy(Iter::Reversed { items: first, left })
            }
            Value::Dict(_) | Value::View(..) | Value::Deque(_) => {
                let items = Value::list(machine.collect(&first)?);
                let left = machine.len(&items)?;
                machine.lazy(Iter::Reversed { items, left })
            }
            _ => return type_error(format!("'{}' object is not reversible", type_name(&first))),
        },
        Host::CopyOf => copying::copy(machine, &first)?,
        Host::DeepCopy => copying::deep_copy(machine, &first, &mut copying::Memo::default())?,
        Host::Math(function) => math::call(machine, function, &values, &rest)?,
        Host::Cmath(function) => cmath::call(machine, function, &values)?,
        Host::Time(function) => clock::call(machine, function, given(0))?,
        Host::Itertools(tool) => itertools::call(machine, tool, &values, rest)?,
        Host::Functools(tool) => functools::call(machine, tool, &values, rest, keywords)?,
        Host::Local(op) => local::call(machine, op, &values)?,
        Host::Collections(which) => counts::construct(machine, which, &values, keywords)?,
        Host::ItemGetter => functools::getter("itemgetter", rest, keywords)?,
        Host::AttrGetter => functools::getter("attrgetter", rest, keywords)?,
        Host::MethodCaller => functools::getter("methodcaller", rest, keywords)?,
        Host::Hash => Value::Int(objects::hash(&first)?),
        Host::Set => sets::construct(machine, given(0), false)?,
        Host::FrozenSet => sets::construct(machine, given(0), true)?,
        Host::Iter => match (first, given(1)) {
            (function, Some(sentinel)) => {
                if !objects::is_callable(&function) {
                    return type_error("iter(v, w): v must be callable");
                }
                machine.lazy(Iter::Calls { function, sentinel: sentinel.clone() })
            }
            (iter @ Value::Iter(_), None) => iter,
            (first @ Value::Object(_), None) if machine.special(&first, "__iter__").is_some() => {
                let made = machine.call_special(&first, "__iter__", Vec::new())?.unwrap_or(Value::None);
                if !matches!(made, Value::Iter(_)) && machine.special(&made, "__next__").is_none() {
                    let found = type_name(&made);
                    return type_error(format!("iter() returned non-iterator of type '{found}'"));
                }
                made
            }
            (other, None) => {
                let iter = machine.iter(&other)?;
                machine.lazy(iter)
            }
        },
        Host::Next => {
            if machine.special(&first, "__next__").is_some() {
                return match (machine.call_special(&first, "__next__", Vec::new()), given(1)) {
                    (Err(raised), Some(default)) if raised.error.class == Class::StopIteration => {
                        Ok(default.clone())
                    }
                    (value, _) => Ok(value?.unwrap_or(Value::None)),
                };
            }
            let Value::Iter(iter) = &first else {
                return type_error(format!("'{}' object is not an iterator", type_name(&first)));
            };
            match (machine.next_or_returned(&mut Iter::Shared(iter.clone()))?, given(1)) {
                (Ok(value), _) => value,
                (Err(_), Some(default)) => default.clone(),
                (Err(returned), None) => return stop(machine, &returned),
            }
        }
        Host::Dict => {
            let mut dict = Dict::new();
            if let Some(source) = given(0) {
                for (key, value) in containers::pairs(machine, source)? {
                    dict.insert(key, value)?;
                }
            }
            for (name, value) in keywords {
                dict.insert(Value::str(&name), value)?;
            }
            Value::Dict(Rc::new(RefCell::new(dict)))
        }
        Host::Sorted => {
            let items = machine.collect(&first)?;
            Value::list(containers::sorted(machine, items, given(1).cloned(), given(2).cloned())?)
        }
        Host::Slice
        | Host::SIndex
        | Host::IndexExp
        | Host::Callable
        | Host::HasAttr
        | Host::GetAttr
        | Host::SetAttr
        | Host::Chr
        | Host::Ord
        | Host::Hex
        | Host::Oct
        | Host::Bin
        | Host::Ascii
        | Host::Format => objects::call(machine, host, &values)?,
        Host::IsSubclass
        | Host::Super
        | Host::Property
        | Host::StaticMethod
        | Host::ClassMethod
        | Host::ErrState
        | Host::SetErr
        | Host::GetErr => errstate::call(machine, host, &values)?,
        Host::ReadText => text_files::read(machine, &first)?,
        Host::WriteText => text_files::write(machine, &first, given(1).unwrap_or(&Value::None))?,
    })
}

/// A set of what an iterable gives.
pub fn set_of(machine: &mut Machine, source: &Value) -> Eval<Rc<crate::value::SetObject>> {
    match sets::construct(machine, Some(source), false)? {
        Value::Set(object) => Ok(object),
        _ => type_error("not iterable"),
    }
}

/// StopIteration, with what a generator returned.
pub fn stop(machine: &mut Machine, returned: &Value) -> Eval<Value> {
    let text = match returned {
        Value::None => String::new(),
        value => machine.str(value)?,
    };
    raise(Class::StopIteration, text)
}

/// The floor of the quotient, and the remainder with the divisor's sign.
fn divmod(machine: &mut Machine, a: Value, b: Option<&Value>) -> Eval<Value> {
    let b = b.cloned().unwrap_or(Value::None);
    let numpy = |value: &Value| matches!(value, Value::Array(_) | Value::Scalar(_));
    if let (true, Some(row)) = (numpy(&a) || numpy(&b), ops::lookup(ops::Module::Numpy, "divmod")) {
        return machine.ufunc(row, vec![a, b]);
    }
    let pair = match (Num::of(&a), Num::of(&b)) {
        (Some(Num::Float(x)), Some(y)) if !matches!(y, Num::Complex(_)) => {
            let (quotient, rest) = float::floor_div_mod(x, number::to_float(&y)?, "float divmod()")?;
            vec![Value::Float(quotient), Value::Float(rest)]
        }
        (Some(x), Some(Num::Float(y))) if !matches!(x, Num::Complex(_)) => {
            let (quotient, rest) = float::floor_div_mod(number::to_float(&x)?, y, "float divmod()")?;
            vec![Value::Float(quotient), Value::Float(rest)]
        }
        (Some(Num::Complex(_)), Some(_)) | (Some(_), Some(Num::Complex(_))) | (None, None) => {
            let (a, b) = (type_name(&a), type_name(&b));
            return type_error(format!("unsupported operand type(s) for divmod(): '{a}' and '{b}'"));
        }
        _ => {
            let quotient = machine.binary(BinOp::FloorDiv, a.clone(), b.clone())?;
            vec![quotient, machine.binary(BinOp::Mod, a, b)?]
        }
    };
    Ok(Value::tuple(pair))
}

/// `pow(a, b, m)` of ints.
fn power_mod(a: &Value, b: &Value, m: &Value) -> Eval<Value> {
    let whole = |value: &Value| Num::of(value).and_then(|num| num.to_big());
    match (whole(a), whole(b), whole(m)) {
        (Some(a), Some(b), Some(m)) => Ok(Value::int(int::power_mod(&a, &b, &m)?)),
        _ => type_error("pow() 3rd argument not allowed unless all arguments are integers"),
    }
}

/// A call of a class that came from `type(x)` or is one of NumPy's scalars: `np.float32(1.5)`.
pub fn construct(
    machine: &mut Machine,
    class: &'static str,
    args: Vec<Value>,
    keywords: Keywords,
) -> Eval<Value> {
    if let Some(dtype) = dtype_of_class(class) {
        if let Some((name, _)) = keywords.first() {
            return type_error(format!("{class}() got an unexpected keyword argument '{name}'"));
        }
        return match args.as_slice() {
            [] => numpy::cast(machine, dtype, &Value::Int(0)),
            [value] => numpy::cast(machine, dtype, value),
            _ => type_error(format!("{class} expected at most 1 argument, got {}", args.len())),
        };
    }
    if let Some(class) = Class::named(class) {
        return machine.new_exception(class, args, keywords);
    }
    if class == "numpy.dtype" {
        return match args.as_slice() {
            [Value::Str(name)] => Ok(Value::DType(lang::dtype::DType::parse(name)?)),
            [value] => match dtype_like(value) {
                Some(dtype) => Ok(Value::DType(dtype)),
                None => {
                    let shown = machine.repr(value)?;
                    type_error(format!("Cannot interpret '{shown}' as a data type"))
                }
            },
            _ => type_error("dtype() takes one argument"),
        };
    }
    let row = match class.strip_prefix("collections.") {
        Some(name) => ops::lookup(Module::Collections, name),
        None => ops::lookup(Module::Python, class),
    };
    match row {
        Some(row) => machine.call_builtin(row, None, args, keywords),
        None => type_error(format!("cannot create '{class}' instances")),
    }
}

fn text_or(value: Option<&Value>, name: &str, default: &str) -> Eval<String> {
    match value {
        None | Some(Value::None) => Ok(default.to_string()),
        Some(Value::Str(text)) => Ok(text.to_string()),
        Some(other) => type_error(format!("{name} must be None or a string, not {}", type_name(other))),
    }
}

/// `min` and `max`: of the arguments, or of the items of the only one.
fn extreme(
    machine: &mut Machine,
    name: &str,
    wanted: Ordering,
    key: Option<&Value>,
    default: Option<&Value>,
    args: &[Value],
) -> Eval<Value> {
    let items = match args {
        [] => return type_error(format!("{name} expected at least 1 argument, got 0")),
        [only] => machine.collect(only)?,
        _ if default.is_some() => {
            return type_error(format!(
                "Cannot specify a default for {name}() with multiple positional arguments"
            ));
        }
        _ => args.to_vec(),
    };
    let key = key.filter(|k| !matches!(k, Value::None));
    let mut pairs = Vec::with_capacity(items.len());
    for item in items {
        let by = match key {
            Some(key) => machine.call(key, vec![item.clone()], Vec::new())?,
            None => item.clone(),
        };
        pairs.push((by, item));
    }
    match containers::extreme(machine, pairs, wanted)? {
        Some(value) => Ok(value),
        None => match default {
            Some(default) => Ok(default.clone()),
            None => value_error(format!("{name}() arg is an empty sequence")),
        },
    }
}

fn sum(machine: &mut Machine, items: &Value, start: Option<&Value>) -> Eval<Value> {
    let mut total = start.cloned().unwrap_or(Value::Int(0));
    if let Value::Str(_) = total {
        return type_error("sum() can't sum strings [use ''.join(seq) instead]");
    }
    if let Value::Array(array) = items
        && array.shape().len() == 1
    {
        for item in machine.all_items(array)? {
            total = machine.binary(BinOp::Add, total, Value::Scalar(item))?;
        }
        return Ok(total);
    }
    let mut iter = machine.iter(items)?;
    loop {
        // The numbers at hand first; then one item the long way, which is a safe point now and then.
        if let Iter::List { items, at } = &mut iter
            && let Some((sum, taken)) = quick::total(&total, items.borrow().get(*at..).unwrap_or(&[]))
        {
            (total, *at) = (sum, *at + taken);
        }
        let Some(item) = machine.next(&mut iter)? else {
            return Ok(total);
        };
        total = machine.binary(BinOp::Add, total, item)?;
    }
}

/// A 0-d array as its element; an array of any other shape has no number.
fn unwrap(machine: &mut Machine, value: &Value, special: &[&str]) -> Eval<Value> {
    for name in special {
        if let Some(number) = machine.call_special(value, name, Vec::new())? {
            return Ok(number);
        }
    }
    match value {
        Value::Array(array) if array.shape().is_empty() => {
            let item = machine.item(&array.clone())?;
            Ok(number::plain(item))
        }
        Value::Array(_) => type_error("only 0-dimensional arrays can be converted to Python scalars"),
        _ => Ok(as_python(value)),
    }
}

fn to_int(machine: &mut Machine, value: Option<&Value>, base: Option<&Value>) -> Eval<Value> {
    let Some(value) = value else {
        return Ok(Value::Int(0));
    };
    let base = match base {
        Some(base) => Some(machine.as_int(base)?),
        None => None,
    };
    match (unwrap(machine, value, &["__int__", "__index__"])?, base) {
        (Value::Str(text), base) => int::parse(&text, base.unwrap_or(10)),
        (_, Some(_)) => type_error("int() can't convert non-string with explicit base"),
        (Value::Float(f), None) => float::to_int(f),
        (Value::Bool(b), None) => Ok(Value::Int(b as i64)),
        (whole @ (Value::Int(_) | Value::BigInt(_)), None) => Ok(whole),
        (other, None) => type_error(format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            type_name(&other)
        )),
    }
}

fn to_float(machine: &mut Machine, value: Option<&Value>) -> Eval<Value> {
    let Some(value) = value else {
        return Ok(Value::Float(0.0));
    };
    let value = unwrap(machine, value, &["__float__", "__index__"])?;
    match (&value, Num::of(&value)) {
        (Value::Str(text), _) => match float::parse(text) {
            Some(f) => Ok(Value::Float(f)),
            None => value_error(format!("could not convert string to float: {}", str_repr(text))),
        },
        (_, Some(num)) if !matches!(num, Num::Complex(_)) => Ok(Value::Float(number::to_float(&num)?)),
        _ => type_error(format!(
            "float() argument must be a string or a real number, not '{}'",
            type_name(&value)
        )),
    }
}

fn to_complex(machine: &mut Machine, re: Option<&Value>, im: Option<&Value>) -> Eval<Value> {
    if let Some(Value::Str(text)) = re {
        if im.is_some() {
            return type_error("complex() can't take second arg if first is a string");
        }
        return parse_complex(text);
    }
    let mut part = |value: Option<&Value>, which: &str| {
        let Some(value) = value else {
            return Ok(Complex64::default());
        };
        let value = unwrap(machine, value, &["__complex__", "__float__", "__index__"])?;
        match Num::of(&value) {
            Some(Num::Complex(c)) => Ok(c),
            Some(num) => Ok(Complex64::new(number::to_float(&num)?, 0.0)),
            None if which == "second" => {
                type_error(format!("complex() second arg must be a number, not '{}'", type_name(&value)))
            }
            None => type_error(format!(
                "complex() first argument must be a string or a number, not '{}'",
                type_name(&value)
            )),
        }
    };
    let (re, im) = (part(re, "first")?, part(im, "second")?);
    Ok(Value::Complex(numpy::complex_of(re, im)))
}

/// `complex(text)`: `1`, `2j`, `1+2j`, in parentheses or not.
pub fn parse_complex(text: &str) -> Eval<Value> {
    let malformed = || value_error("complex() arg is a malformed string");
    let inner = text.trim();
    let inner = inner.strip_prefix('(').and_then(|i| i.strip_suffix(')')).map_or(inner, str::trim);
    let real = |s: &str| {
        if s.contains(char::is_whitespace) { None } else { float::parse(s) }
    };
    let imaginary = |s: &str| match s {
        "" | "+" => Some(1.0),
        "-" => Some(-1.0),
        _ => real(s),
    };
    let Some(body) = inner.strip_suffix(['j', 'J']) else {
        return match real(inner) {
            Some(re) => Ok(Value::Complex(Complex64::new(re, 0.0))),
            None => malformed(),
        };
    };
    // The sign between the parts is the last that is no exponent's.
    let split = body
        .char_indices()
        .rev()
        .find(|(i, c)| matches!(c, '+' | '-') && *i > 0 && !body[..*i].ends_with(['e', 'E']));
    let parts = match split {
        Some((i, _)) => real(&body[..i]).zip(imaginary(&body[i..])),
        None => imaginary(body).map(|im| (0.0, im)),
    };
    match parts {
        Some((re, im)) => Ok(Value::Complex(Complex64::new(re, im))),
        None => malformed(),
    }
}

fn range(machine: &mut Machine, values: &[Option<Value>]) -> Eval<Value> {
    let mut numbers = Vec::with_capacity(3);
    for value in values.iter().flatten() {
        if let Value::BigInt(_) = value {
            return raise(Class::OverflowError, "Python int too large to convert to C ssize_t");
        }
        numbers.push(machine.as_int(value)?);
    }
    let (start, stop, step) = match numbers[..] {
        [stop] => (0, stop, 1),
        [start, stop] => (start, stop, 1),
        [start, stop, step] => (start, stop, step),
        _ => return type_error("range expected at least 1 argument, got 0"),
    };
    if step == 0 {
        return value_error("range() arg 3 must not be zero");
    }
    Ok(Value::Range(Rc::new(Range { start, stop, step })))
}

fn round(machine: &mut Machine, value: &Value, digits: Option<&Value>) -> Eval<Value> {
    let digits = match digits {
        None | Some(Value::None) => None,
        Some(digits) => Some(machine.as_int(digits)?),
    };
    if let (Value::Scalar(s), Some(digits)) = (value, digits) {
        let Some(row) = ops::lookup(Module::Numpy, "round") else {
            return Ok(value.clone());
        };
        return machine.call_builtin(row, None, vec![Value::Scalar(*s), Value::Int(digits)], Vec::new());
    }
    match (Num::of_any(value), digits) {
        (Some(Num::Float(f)), None) => float::round_to_int(f),
        (Some(Num::Float(f)), Some(digits)) => Ok(Value::Float(float::round(f, digits)?)),
        (Some(num @ (Num::Int(_) | Num::Big(_))), digits) => {
            let whole = num.to_big().unwrap_or_default();
            Ok(Value::int(int::round(&whole, digits.unwrap_or(0))))
        }
        _ => type_error(format!("type {} doesn't define __round__ method", type_name(value))),
    }
}

fn instance(machine: &mut Machine, value: &Value, class: &Value) -> Eval<bool> {
    if let Value::Tuple(classes) = class {
        for class in classes.iter() {
            if instance(machine, value, class)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    match machine.is_instance(value, class) {
        Some(held) => Ok(held),
        None => type_error("isinstance() arg 2 must be a type, a tuple of types, or a union"),
    }
}

/// Whether an item's truth is `wanted`.
fn any(machine: &mut Machine, items: &Value, wanted: bool) -> Eval<bool> {
    let mut iter = machine.iter(items)?;
    while let Some(item) = machine.next(&mut iter)? {
        if machine.truth(&item)? == wanted {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `np.fromfunction(f, shape)`: the user's function, called once with an array of indices for each axis.
pub fn from_function(machine: &mut Machine, args: Args) -> Eval<Value> {
    let mut layout = Keywords::new();
    let (mut function, mut shape, mut dtype) = (Value::None, Value::None, None);
    for (param, value) in args.signature.params.iter().zip(args.values) {
        match (param.name, value) {
            (_, None) => {}
            ("function", Some(value)) => function = value,
            ("shape", Some(value)) => shape = value,
            ("dtype", Some(value)) => dtype = Some(value),
            (name, Some(value)) => layout.push((name.to_string(), value)),
        }
    }
    let dtype = dtype.unwrap_or(Value::DType(lang::dtype::DType::F64));
    let extents = match machine.collect(&shape) {
        Ok(extents) => extents,
        Err(_) => return type_error(format!("'{}' object is not iterable", type_name(&shape))),
    };
    let numpy = |name: &str| match ops::lookup(Module::Numpy, name) {
        Some(row) => Ok(row),
        None => Err(Error::new(Class::NameError, format!("name '{name}' is not defined"))),
    };
    let mut zeros_keywords = layout.clone();
    zeros_keywords.push(("dtype".to_string(), dtype.clone()));
    let zeros = machine.call_builtin(numpy("zeros")?, None, vec![shape.clone()], zeros_keywords)?;
    let mut indices = Vec::with_capacity(extents.len());
    for (axis, extent) in extents.iter().enumerate() {
        let keywords = vec![("dtype".to_string(), dtype.clone())];
        let line = machine.call_builtin(numpy("arange")?, None, vec![extent.clone()], keywords)?;
        let mut along = vec![Value::Int(1); extents.len()];
        along[axis] = Value::Int(-1);
        // An empty axis has no -1 to infer.
        if machine.len(&line)? == 0 {
            along[axis] = Value::Int(0);
        }
        let line = machine.method(&line, "reshape", vec![Value::tuple(along)])?;
        indices.push(machine.binary(BinOp::Add, zeros.clone(), line)?);
    }
    machine.call(&function, indices, Vec::new())
}
