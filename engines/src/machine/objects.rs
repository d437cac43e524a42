//! Builtins that look at values as objects: slices, attributes by name, characters, formats.

use std::rc::Rc;

use lang::error::{Class, Error};
use lang::ops::Host;
use num_bigint::BigInt;
use num_traits::Signed;

use super::dict::Key;
use super::hash;
use super::number::Num;
use super::raise::{Eval, raise, type_error, value_error};
use super::types::type_name;
use super::{Machine, iterate};
use crate::value::{Slice, Value};

/// Runs one of the builtins of `lang::ops`' file of the same name.
pub fn call(machine: &mut Machine, host: Host, values: &[Option<Value>]) -> Eval<Value> {
    let arg = |i: usize| values.get(i).cloned().flatten().unwrap_or(Value::None);
    let given = |i: usize| values.get(i).is_some_and(Option::is_some);
    Ok(match host {
        Host::Slice => {
            let (start, stop) = if given(1) { (arg(0), arg(1)) } else { (Value::None, arg(0)) };
            Value::Slice(Rc::new(Slice { start, stop, step: arg(2) }))
        }
        Host::Callable => Value::Bool(is_callable(&arg(0))),
        Host::HasAttr => match find(machine, &arg(0), &arg(1), "hasattr")? {
            Found::Absent(_) => Value::Bool(false),
            _ => Value::Bool(true),
        },
        Host::GetAttr => match find(machine, &arg(0), &arg(1), "getattr")? {
            Found::Here(value) => value,
            Found::Special => return special(&arg(1)),
            Found::Absent(_) if given(2) => arg(2),
            Found::Absent(raised) => return Err(raised),
        },
        Host::SetAttr => {
            let name = attribute_name(&arg(1), "setattr")?;
            machine.set_attr(&arg(0), &name, arg(2))?;
            Value::None
        }
        Host::Chr => {
            let code = machine.as_int(&arg(0))?;
            match u32::try_from(code).ok().filter(|c| *c < 0x11_0000) {
                Some(code) => match char::from_u32(code) {
                    Some(c) => Value::str(c.encode_utf8(&mut [0; 4])),
                    None => {
                        return raise(Class::NotImplementedError, "half of a surrogate pair as a character");
                    }
                },
                None => return value_error("chr() arg not in range(0x110000)"),
            }
        }
        Host::Ord => match &arg(0) {
            Value::Str(text) => {
                let mut chars = text.chars();
                match (chars.next(), chars.next()) {
                    (Some(c), None) => Value::Int(c as i64),
                    _ => {
                        let length = text.chars().count();
                        return type_error(format!(
                            "ord() expected a character, but string of length {length} found"
                        ));
                    }
                }
            }
            other => {
                return type_error(format!(
                    "ord() expected string of length 1, but {} found",
                    type_name(other)
                ));
            }
        },
        Host::Hex => radix(&arg(0), "0x", 16)?,
        Host::Oct => radix(&arg(0), "0o", 8)?,
        Host::Bin => radix(&arg(0), "0b", 2)?,
        Host::Ascii => Value::str(&escaped(&machine.repr(&arg(0))?)),
        Host::Format => match values.get(1).cloned().flatten() {
            None => Value::str(&machine.format(&arg(0), "")?),
            Some(Value::Str(spec)) => Value::str(&machine.format(&arg(0), &spec)?),
            Some(other) => {
                return type_error(format!("format() argument 2 must be str, not {}", type_name(&other)));
            }
        },
        _ => return type_error("it is indexed, not called: np.s_[1:5]"),
    })
}

/// `hash(value)`.
pub fn hash(value: &Value) -> Eval<i64> {
    let key = Key::of(value)?;
    match hash::of(&key) {
        Some(hash) => Ok(hash),
        None => raise(
            Class::NotImplementedError,
            format!("the hash of a '{}', which would differ between ranks", type_name(value)),
        ),
    }
}

/// Whether `value(...)` is a call.
pub fn is_callable(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.class.find("__call__").is_some(),
        _ => matches!(
            value,
            Value::Function(_)
                | Value::Builtin(_)
                | Value::Method(_)
                | Value::Bound(_)
                | Value::Type(_)
                | Value::Class(_)
                | Value::Attached(_)
                | Value::Made(_)
        ),
    }
}

/// Special methods that an object has only where its class defines them.
const SPECIAL: &[&str] = &[
    "__len__",
    "__iter__",
    "__next__",
    "__call__",
    "__getitem__",
    "__setitem__",
    "__contains__",
    "__enter__",
    "__exit__",
    "__add__",
    "__bool__",
    "__float__",
    "__int__",
    "__index__",
    "__array__",
    "__abs__",
    "__neg__",
];

/// What looking for an attribute by name found.
enum Found {
    Here(Value),
    /// A special method such as `__len__`, which is there and has no value of its own.
    Special,
    Absent(Box<super::Raised>),
}

fn find(machine: &mut Machine, value: &Value, name: &Value, function: &str) -> Eval<Found> {
    let name = attribute_name(name, function)?;
    match machine.attr(value, &name) {
        Ok(found) => Ok(Found::Here(found)),
        Err(raised) if raised.error.class != Class::AttributeError => Err(raised),
        Err(raised) => {
            let there = match &*name {
                _ if matches!(value, Value::Object(_) | Value::Class(_)) => match name.starts_with("__") {
                    // What `object` has itself.
                    true if !SPECIAL.contains(&&*name) => None,
                    _ => Some(false),
                },
                "__len__" => Some(machine.len(value).is_ok() || matches!(value, Value::Array(_))),
                "__iter__" => Some(iterate::is_iterable(value) || matches!(value, Value::Array(_))),
                "__next__" => Some(matches!(value, Value::Iter(_))),
                "__call__" => Some(is_callable(value)),
                "__array__" => Some(matches!(value, Value::Array(_) | Value::Scalar(_))),
                "__getitem__" => Some(
                    machine.len(value).is_ok() && !matches!(value, Value::View(..))
                        || matches!(value, Value::Array(_) | Value::Scalar(_)),
                ),
                _ => None,
            };
            let owner = match value {
                Value::Array(_) | Value::Scalar(_) => Some("ndarray"),
                Value::Generator(_) => Some("Generator"),
                Value::Module(module) => Some(*module),
                _ => None,
            };
            match there {
                Some(true) => Ok(Found::Special),
                Some(false) => Ok(Found::Absent(raised)),
                // To say that it is not there would be wrong.
                None if name.starts_with("__") || owner.is_some_and(|o| lang::numpy_has(o, &name)) => {
                    let message = format!("{function} of '{name}', which DistArray does not have yet");
                    Err(Error::new(Class::NotImplementedError, message).into())
                }
                None => Ok(Found::Absent(raised)),
            }
        }
    }
}

fn special(name: &Value) -> Eval<Value> {
    let name = attribute_name(name, "getattr")?;
    raise(Class::NotImplementedError, format!("the special method '{name}' as a value"))
}

fn attribute_name(name: &Value, function: &str) -> Eval<Rc<str>> {
    match name {
        Value::Str(name) => Ok(name.clone()),
        other => type_error(match function {
            "hasattr" | "getattr" | "setattr" => {
                format!("attribute name must be string, not '{}'", type_name(other))
            }
            _ => format!("{function}(): attribute name must be string"),
        }),
    }
}

/// A number in another base, with its prefix.
fn radix(value: &Value, prefix: &str, base: u32) -> Eval<Value> {
    let whole: Option<BigInt> = Num::of_any(value).and_then(|num| num.to_big());
    match whole {
        Some(whole) => {
            let sign = if whole.is_negative() { "-" } else { "" };
            Ok(Value::str(&format!("{sign}{prefix}{}", whole.magnitude().to_str_radix(base))))
        }
        None => type_error(format!("'{}' object cannot be interpreted as an integer", type_name(value))),
    }
}

/// A text with escapes for all characters beyond ASCII.
pub fn escaped(text: &str) -> String {
    let escape = |c: char| match c as u32 {
        0..=0x7f => c.to_string(),
        code @ 0x80..=0xff => format!("\\x{code:02x}"),
        code @ 0x100..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    };
    text.chars().map(escape).collect()
}
