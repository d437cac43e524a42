//! The methods of Python's own types: a table of names and arities, and the dispatch to their implementations.

use std::rc::Rc;

use lang::error::Class;

use super::call::Keywords;
use super::raise::{Eval, type_error};
use super::types::type_name;
use super::{Descriptor, Machine, containers, numeric_methods, strings};
use crate::value::Value;

/// A method: how many arguments it takes, and which of them have names.
pub struct Method {
    pub name: &'static str,
    least: usize,
    most: usize,
    /// The parameters' names, where they may be given by keyword; as many as `most`.
    names: &'static [&'static str],
}

const fn method(name: &'static str, least: usize, most: usize) -> Method {
    Method { name, least, most, names: &[] }
}

const fn named(name: &'static str, least: usize, names: &'static [&'static str]) -> Method {
    Method { name, least, most: names.len(), names }
}

const ANY: usize = usize::MAX;

const LIST: &[Method] = &[
    method("append", 1, 1),
    method("extend", 1, 1),
    method("pop", 0, 1),
    method("insert", 2, 2),
    method("remove", 1, 1),
    method("index", 1, 3),
    method("count", 1, 1),
    named("sort", 0, &["key", "reverse"]),
    method("reverse", 0, 0),
    method("copy", 0, 0),
    method("clear", 0, 0),
];

const TUPLE: &[Method] = &[method("index", 1, 3), method("count", 1, 1)];

const RANGE: &[Method] = &[method("index", 1, 1), method("count", 1, 1)];

const DICT: &[Method] = &[
    method("get", 1, 2),
    method("keys", 0, 0),
    method("values", 0, 0),
    method("items", 0, 0),
    method("pop", 1, 2),
    method("popitem", 0, 0),
    method("setdefault", 1, 2),
    method("update", 0, 1),
    method("copy", 0, 0),
    method("clear", 0, 0),
];

const STR: &[Method] = &[
    method("upper", 0, 0),
    method("lower", 0, 0),
    method("casefold", 0, 0),
    method("title", 0, 0),
    method("capitalize", 0, 0),
    method("swapcase", 0, 0),
    method("strip", 0, 1),
    method("lstrip", 0, 1),
    method("rstrip", 0, 1),
    named("split", 0, &["sep", "maxsplit"]),
    named("rsplit", 0, &["sep", "maxsplit"]),
    named("splitlines", 0, &["keepends"]),
    method("join", 1, 1),
    method("replace", 2, 3),
    method("startswith", 1, 3),
    method("endswith", 1, 3),
    method("removeprefix", 1, 1),
    method("removesuffix", 1, 1),
    method("partition", 1, 1),
    method("rpartition", 1, 1),
    method("center", 1, 2),
    method("ljust", 1, 2),
    method("rjust", 1, 2),
    method("zfill", 1, 1),
    method("find", 1, 3),
    method("rfind", 1, 3),
    method("index", 1, 3),
    method("rindex", 1, 3),
    method("count", 1, 3),
    method("isdigit", 0, 0),
    method("isdecimal", 0, 0),
    method("isnumeric", 0, 0),
    method("isalpha", 0, 0),
    method("isalnum", 0, 0),
    method("isspace", 0, 0),
    method("isupper", 0, 0),
    method("islower", 0, 0),
    method("isidentifier", 0, 0),
    method("format", 0, ANY),
];

const INT: &[Method] = &[
    method("bit_length", 0, 0),
    method("bit_count", 0, 0),
    method("conjugate", 0, 0),
    method("as_integer_ratio", 0, 0),
];

const FLOAT: &[Method] =
    &[method("is_integer", 0, 0), method("conjugate", 0, 0), method("as_integer_ratio", 0, 0)];

const EXCEPTION: &[Method] = &[
    method("__init__", 0, ANY),
    method("__str__", 0, 0),
    method("__repr__", 0, 0),
    method("with_traceback", 1, 1),
];

/// What `super()` finds where no class of the user's is left.
const OBJECT: &[Method] = &[method("__init__", 0, 0), method("__str__", 0, 0), method("__repr__", 0, 0)];

/// `Exception.__init__(self, ...)`.
const EXCEPTION_CLASS: &[Method] = &[method("__init__", 1, ANY)];

const PROPERTY: &[Method] = &[method("getter", 1, 1), method("setter", 1, 1), method("deleter", 1, 1)];

const COMPLEX: &[Method] = &[method("conjugate", 0, 0)];

fn methods(value: &Value) -> &'static [Method] {
    match value {
        Value::List(_) => LIST,
        Value::Tuple(_) => TUPLE,
        Value::Range(_) => RANGE,
        Value::Dict(_) => DICT,
        Value::Str(_) => STR,
        Value::Bool(_) | Value::Int(_) | Value::BigInt(_) => INT,
        Value::Float(_) => FLOAT,
        Value::Complex(_) => COMPLEX,
        Value::Exception(_) => EXCEPTION,
        Value::Object(_) => OBJECT,
        Value::Type(name) if Class::named(name).is_some() => EXCEPTION_CLASS,
        Value::Descriptor(d) if matches!(**d, Descriptor::Property { .. }) => PROPERTY,
        _ => &[],
    }
}

pub fn find(value: &Value, name: &str) -> Option<&'static Method> {
    methods(value).iter().find(|m| m.name == name)
}

/// The names of a value's methods.
pub fn names(value: &Value) -> impl Iterator<Item = &'static str> {
    methods(value).iter().map(|m| m.name)
}

pub fn call(
    machine: &mut Machine,
    receiver: &Value,
    method: &'static Method,
    args: Vec<Value>,
    keywords: Keywords,
) -> Eval<Value> {
    if let (Value::Str(text), "format") = (receiver, method.name) {
        return strings::format(machine, text, args, keywords);
    }
    if method.name == "__init__" {
        return init(receiver, args, keywords);
    }
    let args = bind(receiver, method, args, keywords)?;
    match receiver {
        Value::Exception(e) => match method.name {
            "__str__" => Ok(Value::str(&machine.plain_exception_str(e)?)),
            "__repr__" => Ok(Value::str(&machine.plain_exception_repr(e)?)),
            _ => Ok(receiver.clone()),
        },
        Value::Object(object) if method.name == "__str__" && object.class.find("__repr__").is_some() => {
            Ok(Value::str(&machine.repr(receiver)?))
        }
        Value::Object(object) => Ok(Value::str(&format!("<__main__.{} object>", object.class.name))),
        Value::Descriptor(descriptor) => {
            let function = args.into_iter().next().flatten().unwrap_or(Value::None);
            let Descriptor::Property { get, set, delete } = &**descriptor else {
                return Ok(Value::None);
            };
            let (mut get, mut set, mut delete) = (get.clone(), set.clone(), delete.clone());
            *match method.name {
                "getter" => &mut get,
                "setter" => &mut set,
                _ => &mut delete,
            } = function;
            Ok(Value::Descriptor(Rc::new(Descriptor::Property { get, set, delete })))
        }
        Value::List(items) => containers::list(machine, items, method.name, args),
        Value::Dict(dict) => containers::dict(machine, dict, method.name, args),
        Value::Tuple(_) | Value::Range(_) => containers::search(machine, receiver, method.name, args),
        Value::Str(text) => strings::call(machine, text, method.name, args),
        _ => numeric_methods::call(receiver, method.name),
    }
}

/// `__init__` of `object` and of Python's exception classes.
fn init(receiver: &Value, mut args: Vec<Value>, keywords: Keywords) -> Eval<Value> {
    if let (Value::Type(_), false) = (receiver, args.is_empty()) {
        let of = args.remove(0);
        return init(&of, args, keywords);
    }
    match receiver {
        Value::Exception(e) if keywords.is_empty() => *e.args.borrow_mut() = args.into(),
        Value::Exception(e) => return type_error(format!("{}() takes no keyword arguments", e.name())),
        _ if args.is_empty() && keywords.is_empty() => {}
        _ => {
            return type_error("object.__init__() takes exactly one argument (the instance to initialize)");
        }
    }
    Ok(Value::None)
}

/// The arguments by position; those that were not given are missing from the end, or None in between.
fn bind(receiver: &Value, method: &Method, args: Vec<Value>, keywords: Keywords) -> Eval<Vec<Option<Value>>> {
    let (class, name) = (type_name(receiver), method.name);
    let given = args.len();
    if given > method.most || (given < method.least && keywords.is_empty()) {
        let s = |n: usize| if n == 1 { "" } else { "s" };
        return type_error(match (method.least, method.most) {
            (0, 0) => format!("{class}.{name}() takes no arguments ({given} given)"),
            (1, 1) => format!("{class}.{name}() takes exactly one argument ({given} given)"),
            (least, most) if least == most => {
                format!("{name} expected {least} argument{}, got {given}", s(least))
            }
            (least, _) if given < least => {
                format!("{name} expected at least {least} argument{}, got {given}", s(least))
            }
            (_, most) => format!("{name} expected at most {most} argument{}, got {given}", s(most)),
        });
    }
    if name == "sort" && given > 0 {
        return type_error("sort() takes no positional arguments");
    }
    let mut bound: Vec<Option<Value>> = args.into_iter().map(Some).collect();
    bound.resize(method.most.min(8), None);
    for (keyword, value) in keywords {
        match method.names.iter().position(|n| *n == keyword) {
            Some(i) if bound[i].is_some() => {
                return type_error(format!(
                    "argument for {name}() given by name ('{keyword}') and position ({})",
                    i + 1
                ));
            }
            Some(i) => bound[i] = Some(value),
            None if method.names.is_empty() => {
                return type_error(format!("{class}.{name}() takes no keyword arguments"));
            }
            None => {
                return type_error(format!("'{keyword}' is an invalid keyword argument for {name}()"));
            }
        }
    }
    Ok(bound)
}
