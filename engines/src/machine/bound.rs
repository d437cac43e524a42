//! The methods of Python's own types: the dispatch to their implementations. `lang::ops::methods` lists them.

use std::rc::Rc;

use lang::error::{Class, Error};
pub use lang::ops::methods::Method;
use lang::ops::methods::methods;

use super::call::Keywords;
use super::dict::DictKind;
use super::generator::Sent;
use super::raise::{Eval, type_error};
use super::types::{as_class, is_instance, type_name};
use super::{
    Descriptor, Iter, Machine, Made, builtins, containers, counts, deque, numeric_methods, sets, strings,
};
use crate::value::Value;

/// The method of a value, or of a class, which takes the value as its first argument.
pub fn find(value: &Value, name: &str) -> Option<&'static Method> {
    methods(owner(value)).iter().find(|m| m.name == name)
}

/// Whose methods a value has.
fn owner(value: &Value) -> &'static str {
    match value {
        Value::Exception(_) => "BaseException",
        Value::Object(_) => "object",
        Value::Type(name) if Class::named(name).is_some() => "type[BaseException]",
        _ => as_class(value).unwrap_or_else(|| type_name(value)),
    }
}

/// The names of a value's methods.
pub fn names(value: &Value) -> impl Iterator<Item = &'static str> {
    methods(owner(value)).iter().map(|m| m.name)
}

/// The error for a method that Python has and the language refuses.
pub fn refused(value: &Value, name: &str) -> Option<Error> {
    let class = as_class(value).unwrap_or_else(|| type_name(value));
    let reason = lang::ops::methods::refused(class, name)?;
    let message = format!("the method '{name}' of {class} is not part of the language");
    Some(Error::new(Class::NotImplementedError, message).hint(reason))
}

pub fn call(
    machine: &mut Machine,
    receiver: &Value,
    method: &'static Method,
    mut args: Vec<Value>,
    keywords: Keywords,
) -> Eval<Value> {
    let class = match as_class(receiver) {
        Some(class) if owner(receiver) == class => class,
        _ => return call_of(machine, receiver, method, args, keywords),
    };
    match (class, method.name) {
        ("dict", "fromkeys") => {
            return containers::from_keys(machine, bind(class, method, args, keywords)?);
        }
        ("str", "maketrans") => {
            return strings::make_table(machine, bind(class, method, args, keywords)?);
        }
        ("float", "fromhex") => {
            return numeric_methods::from_hex(bind(class, method, args, keywords)?);
        }
        _ => {}
    }
    if args.is_empty() {
        let name = method.name;
        return type_error(format!("unbound method {class}.{name}() needs an argument"));
    }
    let receiver = args.remove(0);
    if !is_instance(&receiver, class) {
        return type_error(format!(
            "descriptor '{}' for '{class}' objects doesn't apply to a '{}' object",
            method.name,
            type_name(&receiver)
        ));
    }
    let receiver = super::show::as_python(&receiver);
    call_of(machine, &receiver, method, args, keywords)
}

fn call_of(
    machine: &mut Machine,
    receiver: &Value,
    method: &'static Method,
    args: Vec<Value>,
    keywords: Keywords,
) -> Eval<Value> {
    let class = type_name(receiver);
    match (receiver, method.name) {
        (Value::Str(text), "format") => return strings::format(machine, text, args, keywords),
        (Value::Dict(dict), "update") if !keywords.is_empty() => {
            let source = bind(class, method, args, Vec::new())?;
            containers::dict(machine, dict, "update", source)?;
            for (name, value) in keywords {
                dict.borrow_mut().insert(Value::str(&name), value)?;
            }
            return Ok(Value::None);
        }
        (Value::Dict(_), "fromkeys") => {
            return containers::from_keys(machine, bind(class, method, args, keywords)?);
        }
        (Value::Str(_), "maketrans") => {
            return strings::make_table(machine, bind(class, method, args, keywords)?);
        }
        (Value::Float(_), "fromhex") => {
            return numeric_methods::from_hex(bind(class, method, args, keywords)?);
        }
        (Value::Dict(dict), name) if !matches!(dict.borrow().kind, DictKind::Plain) => {
            let (known, extra): (Keywords, Keywords) =
                keywords.into_iter().partition(|(name, _)| method.names.contains(&&name[..]));
            if !extra.is_empty() && !method.signature.contains("**") {
                return type_error(format!("{name}() got an unexpected keyword argument '{}'", extra[0].0));
            }
            let args = bind(class, method, args, known)?;
            if let Some(value) = counts::call(machine, dict, name, &args, extra.clone())? {
                return Ok(value);
            }
            let value = containers::dict(machine, dict, name, args)?;
            for (name, value) in extra {
                dict.borrow_mut().insert(Value::str(&name), value)?;
            }
            return Ok(value);
        }
        (Value::Set(object), _) if method.variadic && keywords.is_empty() => {
            return sets::call(machine, object, method.name, args);
        }
        _ => {}
    }
    if method.name == "__init__" {
        return init(receiver, args, keywords);
    }
    let args = bind(class, method, args, keywords)?;
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
        Value::Set(object) => sets::call(machine, object, method.name, args.into_iter().flatten().collect()),
        Value::View(..) => {
            let set = builtins::set_of(machine, receiver)?;
            sets::call(machine, &set, method.name, args.into_iter().flatten().collect())
        }
        Value::Slice(slice) => {
            let len = machine.as_int(args.first().and_then(Option::as_ref).unwrap_or(&Value::None))?;
            if len < 0 {
                return super::raise::value_error("length should not be negative");
            }
            let picked = machine.picked(slice, len as usize)?;
            Ok(Value::tuple([picked.start, picked.stop, picked.step].map(Value::Int).to_vec()))
        }
        Value::Deque(items) => deque::call(machine, items, method.name, args),
        Value::Made(made) => {
            if let Made::Cached { known, .. } = &**made {
                known.borrow_mut().clear();
            }
            Ok(Value::None)
        }
        Value::Iter(iter) => of_generator(machine, &Rc::clone(iter), method.name, args),
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

fn of_generator(
    machine: &mut Machine,
    iter: &Rc<std::cell::RefCell<Iter>>,
    name: &str,
    args: Vec<Option<Value>>,
) -> Eval<Value> {
    let given = args.into_iter().next().flatten().unwrap_or(Value::None);
    let sent = match name {
        "close" => return machine.close(iter).map(|()| Value::None),
        "throw" => {
            let otherwise = format!(
                "exceptions must be classes or instances deriving from BaseException, not {}",
                type_name(&given)
            );
            Sent::Raised(machine.as_exception(&given, &otherwise)?)
        }
        _ => Sent::Value(given),
    };
    match machine.send(iter, sent)? {
        Ok(value) => Ok(value),
        Err(returned) => builtins::stop(machine, &returned),
    }
}

/// The arguments by position; those that were not given are missing from the end, or None in between.
fn bind(class: &str, method: &Method, args: Vec<Value>, keywords: Keywords) -> Eval<Vec<Option<Value>>> {
    let name = method.name;
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
