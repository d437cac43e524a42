//! What the session's names hold, for the kernel's checking, completion and inspection. No collective.

use lang::ir::{Function, ParamKind};
use lang::session::{ArrayInfo, Holds, Name};

use super::types::{as_class, type_name};
use super::{Machine, Made};
use crate::array::Array;
use crate::value::Value;

/// Longer texts are cut: they are for a tooltip.
const LONGEST: usize = 80;

impl Machine {
    /// The names that hold something, in order of their first use; those that begin with `_` are bookkeeping.
    pub fn names(&mut self) -> Vec<Name> {
        let held: Vec<(String, Value)> = self
            .names
            .iter()
            .zip(self.globals.iter())
            .filter(|(name, _)| !name.starts_with('_'))
            .filter_map(|(name, value)| Some((name.clone(), value.clone()?)))
            .collect();
        held.into_iter().map(|(name, value)| Name { name, holds: self.holds(&value) }).collect()
    }

    fn holds(&mut self, value: &Value) -> Holds {
        match value {
            Value::Made(made) if let Made::Local { function, .. } = &**made => self.holds(&function.clone()),
            Value::Module(name) => Holds::Module(name.to_string()),
            Value::Builtin(row) => Holds::Builtin(*row),
            Value::Function(f) => {
                let defaults: Vec<Option<String>> =
                    f.defaults.iter().map(|d| d.as_ref().map(|value| self.summary(value))).collect();
                Holds::Function { signature: signature(&f.function, &defaults), doc: f.function.doc.clone() }
            }
            Value::Array(array) => Holds::Array(Box::new(info(array))),
            _ => Holds::Value { type_name: type_name(value).to_string(), text: self.summary(value) },
        }
    }

    /// A short text, without fetching any element.
    fn summary(&mut self, value: &Value) -> String {
        let text = match value {
            Value::Array(array) => format!("array of shape {:?}, {}", array.shape(), array.dtype()),
            Value::Tuple(items) if items.iter().any(|item| !is_plain(item)) || items.len() > 20 => {
                format!("tuple of {}", items.len())
            }
            Value::List(items)
                if items.borrow().iter().any(|item| !is_plain(item)) || items.borrow().len() > 20 =>
            {
                format!("list of {}", items.borrow().len())
            }
            Value::Deque(deque) => format!("deque of {}", deque.items.borrow().len()),
            Value::Set(object) => format!("{} of {}", type_name(value), object.set.borrow().len()),
            Value::Dict(dict) | Value::View(dict, _) => {
                format!("{} of {}", type_name(value), dict.borrow().len())
            }
            Value::Str(s) if s.len() > LONGEST => {
                super::show::str_repr(&s.chars().take(LONGEST).collect::<String>())
            }
            _ => self.repr(value).unwrap_or_else(|_| type_name(value).to_string()),
        };
        match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}...", &text[..end]),
            None => text,
        }
    }
}

/// An array without its data.
pub fn info(array: &Array) -> ArrayInfo {
    ArrayInfo { dtype: array.dtype(), shape: array.shape().to_vec(), layout: (**array.layout()).clone() }
}

fn is_plain(value: &Value) -> bool {
    as_class(value).is_some()
        || matches!(
            value,
            Value::None
                | Value::Bool(_)
                | Value::Int(_)
                | Value::Float(_)
                | Value::Complex(_)
                | Value::Scalar(_)
        )
        || matches!(value, Value::Str(s) if s.len() <= LONGEST)
}

/// `(a, b=1, *, c)`, as help prints it.
fn signature(function: &Function, defaults: &[Option<String>]) -> String {
    let mut parts = Vec::new();
    let mut last = ParamKind::Normal;
    for (i, (param, default)) in function.params.iter().zip(defaults).enumerate() {
        if last == ParamKind::PositionalOnly && param.kind != last {
            parts.push("/".to_string());
        }
        let starred = matches!(last, ParamKind::KeywordOnly | ParamKind::VarPositional);
        if param.kind == ParamKind::KeywordOnly && (i == 0 || !starred) {
            parts.push("*".to_string());
        }
        let stars = match param.kind {
            ParamKind::VarPositional => "*",
            ParamKind::VarKeyword => "**",
            _ => "",
        };
        last = param.kind;
        parts.push(match default {
            Some(default) => format!("{}={default}", param.name),
            None => format!("{stars}{}", param.name),
        });
    }
    if last == ParamKind::PositionalOnly {
        parts.push("/".to_string());
    }
    format!("({})", parts.join(", "))
}
