//! Values as text: `repr`, `str`, `format`. Collective where a value holds arrays: their shown elements are fetched.

use std::cell::RefCell;
use std::fmt::Write;
use std::rc::Rc;

use lang::error::Class;
use lang::text;
use num_bigint::BigInt;

use super::dict::DictKind;
use super::number::{self, Num};
use super::raise::{Eval, type_error};
use super::types::{as_class, type_name};
use super::{Dict, Iter, Machine, counts, int, rows};
use crate::value::{Tuple, Value, View};

const FLOAT_INFO: &str = "sys.float_info(max=1.7976931348623157e+308, max_exp=1024, max_10_exp=308, \
    min=2.2250738585072014e-308, min_exp=-1021, min_10_exp=-307, dig=15, mant_dig=53, \
    epsilon=2.220446049250313e-16, radix=2, rounds=1)";

impl Machine {
    /// `str(value)`.
    pub(super) fn str(&mut self, value: &Value) -> Eval<String> {
        match value {
            Value::Str(s) => Ok(s.to_string()),
            Value::Scalar(s) => Ok(text::scalar_str(*s)),
            Value::Array(array) => self.array_text(array, &self.print.clone(), text::array_str),
            Value::DType(d) => Ok(d.name().to_string()),
            Value::Exception(e) => self.exception_str(e),
            Value::Object(_) => match self.nested(|machine| machine.object_text(value, "__str__"))? {
                Some(text) => Ok(text),
                None => self.repr(value),
            },
            _ => self.repr(value),
        }
    }

    /// `repr(value)`.
    pub(super) fn repr(&mut self, value: &Value) -> Eval<String> {
        Ok(match value {
            Value::None => "None".into(),
            Value::Ellipsis => "Ellipsis".into(),
            Value::Bool(b) => if *b { "True" } else { "False" }.into(),
            Value::Int(i) => i.to_string(),
            Value::BigInt(b) => int::to_text(b)?,
            Value::Float(f) => text::float_repr(*f),
            Value::Complex(c) => text::complex_repr(c.re, c.im),
            Value::Str(s) => str_repr(s),
            Value::Scalar(s) => text::scalar_repr(*s),
            Value::Array(array) => self.array_text(array, &self.print.clone(), text::array_repr)?,
            Value::Tuple(Tuple { items, fields: Some(fields) }) => {
                let mut parts = Vec::with_capacity(items.len());
                for (name, item) in fields.names.iter().zip(items.iter()) {
                    parts.push(format!("{name}={}", self.nested(|m| m.repr(item))?));
                }
                format!("{}({})", fields.class, parts.join(", "))
            }
            Value::Tuple(items) => match &**items {
                [one] => format!("({},)", self.nested(|m| m.repr(one))?),
                items => format!("({})", self.repr_items(items)?),
            },
            Value::List(items) => {
                let identity = Rc::as_ptr(items).cast();
                if !self.enter(identity) {
                    return Ok("[...]".into());
                }
                let items = items.borrow().clone();
                let inner = self.repr_items(&items);
                self.leave();
                format!("[{}]", inner?)
            }
            Value::Dict(dict) => {
                let identity = Rc::as_ptr(dict).cast();
                if !self.enter(identity) {
                    return Ok("{...}".into());
                }
                let inner = self.repr_dict(dict);
                self.leave();
                inner?
            }
            Value::Deque(deque) => {
                let identity = Rc::as_ptr(deque).cast();
                if !self.enter(identity) {
                    return Ok("[...]".into());
                }
                let inner = self.repr_items(&deque.to_vec());
                self.leave();
                match deque.most {
                    Some(most) => format!("deque([{}], maxlen={most})", inner?),
                    None => format!("deque([{}])", inner?),
                }
            }
            Value::Made(made) => match &**made {
                super::Made::Local { function, .. } => return self.nested(|machine| machine.repr(function)),
                made => format!("<{} object>", made.type_name()),
            },
            Value::Set(object) => {
                let items: Vec<Value> = object.set.borrow().iter().map(|item| item.value.clone()).collect();
                let name = type_name(value);
                match (items.is_empty(), object.frozen) {
                    (true, _) => format!("{name}()"),
                    (false, true) => format!("{name}({{{}}})", self.repr_items(&items)?),
                    (false, false) => format!("{{{}}}", self.repr_items(&items)?),
                }
            }
            Value::View(dict, view) => {
                let items: Vec<Value> = dict
                    .borrow()
                    .iter()
                    .map(|(key, value)| match view {
                        View::Keys => key.clone(),
                        View::Values => value.clone(),
                        View::Items => Value::tuple(vec![key.clone(), value.clone()]),
                    })
                    .collect();
                format!("{}([{}])", type_name(value), self.repr_items(&items)?)
            }
            Value::Range(r) if r.step == 1 => format!("range({}, {})", r.start, r.stop),
            Value::Range(r) => format!("range({}, {}, {})", r.start, r.stop, r.step),
            Value::Slice(s) => {
                let parts = [s.start.clone(), s.stop.clone(), s.step.clone()];
                format!("slice({})", self.repr_items(&parts)?)
            }
            Value::DType(d) => format!("dtype('{}')", d.name()),
            Value::Type(name) => format!("<class '{name}'>"),
            Value::Module("sys.float_info") => FLOAT_INFO.into(),
            Value::Module(name) => format!("<module '{name}'>"),
            Value::Builtin(row) => match as_class(value) {
                Some(name) => format!("<class '{name}'>"),
                None => {
                    let name = rows::row(*row).name;
                    match type_name(value) {
                        "numpy.ufunc" => format!("<ufunc '{name}'>"),
                        "function" => format!("<function {name}>"),
                        _ => format!("<built-in function {name}>"),
                    }
                }
            },
            Value::Method(method) => {
                format!("<built-in method {} of {} object>", rows::row(method.1).name, type_name(&method.0))
            }
            Value::Bound(method) if as_class(&method.0).is_some() => {
                let class = as_class(&method.0).unwrap_or("");
                format!("<method '{}' of '{class}' objects>", method.1.name)
            }
            Value::Bound(method) => {
                format!("<built-in method {} of {} object>", method.1.name, type_name(&method.0))
            }
            Value::Function(f) => format!("<function {}>", f.function.name),
            Value::Exception(e) => self.exception_repr(e)?,
            Value::Object(object) => match self.nested(|machine| machine.object_text(value, "__repr__"))? {
                Some(text) => text,
                None => format!("<__main__.{} object>", object.class.name),
            },
            Value::Class(class) => format!("<class '__main__.{}'>", class.name),
            Value::Attached(method) => match &method.1 {
                Value::Function(f) => format!("<bound method {}.{}>", type_name(&method.0), f.function.name),
                _ => "<bound method>".into(),
            },
            Value::Descriptor(_) => format!("<{} object>", type_name(value)),
            Value::Super(_) => "<super object>".into(),
            Value::ErrState(_) => "<numpy.errstate object>".into(),
            Value::NotImplemented => "NotImplemented".into(),
            Value::Distribution(layout) => format!("<Distribution {layout}>"),
            Value::Generator(_) => "Generator(PCG64)".into(),
            Value::Flat(_) => "<numpy.flatiter object>".into(),
            Value::RandomState(_) => "RandomState(MT19937)".into(),
            Value::Iter(iter) => {
                let name =
                    iter.try_borrow().map_or("iterator", |it: std::cell::Ref<'_, Iter>| it.type_name());
                format!("<{name} object>")
            }
        })
    }

    fn repr_dict(&mut self, dict: &Rc<RefCell<Dict>>) -> Eval<String> {
        let pairs: Vec<_> = dict.borrow().iter().cloned().collect();
        let kind = dict.borrow().kind.clone();
        Ok(match kind {
            DictKind::Plain => format!("{{{}}}", self.repr_pairs(&pairs)?),
            DictKind::Default(factory) => {
                format!("defaultdict({}, {{{}}})", self.repr(&factory)?, self.repr_pairs(&pairs)?)
            }
            DictKind::Counter if pairs.is_empty() => "Counter()".into(),
            DictKind::Counter => {
                let sorted = counts::by_count(self, dict).unwrap_or(pairs);
                format!("Counter({{{}}})", self.repr_pairs(&sorted)?)
            }
            DictKind::Ordered if pairs.is_empty() => "OrderedDict()".into(),
            DictKind::Ordered => {
                let items: Vec<Value> =
                    pairs.into_iter().map(|(key, value)| Value::tuple(vec![key, value])).collect();
                format!("OrderedDict([{}])", self.repr_items(&items)?)
            }
        })
    }

    fn repr_items(&mut self, items: &[Value]) -> Eval<String> {
        self.nested(|machine| {
            let mut out = String::new();
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                out.push_str(&machine.repr(item)?);
            }
            Ok(out)
        })
    }

    fn repr_pairs(&mut self, pairs: &[(Value, Value)]) -> Eval<String> {
        self.nested(|machine| {
            let mut out = String::new();
            for (i, (key, value)) in pairs.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                out.push_str(&machine.repr(key)?);
                out.push_str(": ");
                out.push_str(&machine.repr(value)?);
            }
            Ok(out)
        })
    }

    /// `format(value, spec)`, as in an f-string's replacement field.
    pub(super) fn format(&mut self, value: &Value, spec: &str) -> Eval<String> {
        // NumPy's scalars format as Python's numbers do, also without a spec.
        if let Value::Scalar(s) = value {
            return self.format(&number::plain(*s), spec);
        }
        if spec.is_empty() {
            return self.str(value);
        }
        if let Value::Array(array) = value
            && array.shape().is_empty()
        {
            let item = self.item(array)?;
            return self.format(&Value::Scalar(item), spec);
        }
        if let Value::Str(s) = value {
            return Ok(text::format_str(s, &text::parse_spec(spec)?)?);
        }
        let Some(num) = Num::of_any(value) else {
            return type_error(format!(
                "unsupported format string passed to {}.__format__",
                type_name(value)
            ));
        };
        let spec = text::parse_spec(spec)?;
        Ok(match num {
            Num::Int(i) => text::format_int(&BigInt::from(i), &spec)?,
            Num::Big(b) => text::format_int(&b, &spec)?,
            Num::Float(f) => text::format_float(f, &spec)?,
            Num::Complex(c) => text::format_complex(c.re, c.im, &spec)?,
        })
    }

    /// Notes that a container is being shown; false when it is already, further out.
    fn enter(&mut self, identity: *const ()) -> bool {
        if self.showing.contains(&identity) {
            return false;
        }
        self.showing.push(identity);
        true
    }

    fn leave(&mut self) {
        self.showing.pop();
    }

    /// Runs what goes one container deeper; RecursionError, and no overflow of the stack, when that is too deep.
    pub(super) fn nested<T>(&mut self, work: impl FnOnce(&mut Machine) -> Eval<T>) -> Eval<T> {
        const DEEPEST: usize = 1000;
        if self.nesting >= DEEPEST {
            return super::raise::raise(Class::RecursionError, "maximum recursion depth exceeded");
        }
        self.nesting += 1;
        let done = stacker::maybe_grow(256 * 1024, 4 * 1024 * 1024, || work(self));
        self.nesting -= 1;
        done
    }
}

/// A Python string literal that means the text.
pub fn str_repr(s: &str) -> String {
    let quote = if s.contains('\'') && !s.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(s.len() + 2);
    out.push(quote);
    for c in s.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if super::characters::is_printable(c) => out.push(c),
            c => {
                let code = c as u32;
                // Writing to a String does not fail.
                let _ = match code {
                    0..=0xff => write!(out, "\\x{code:02x}"),
                    0x100..=0xffff => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push(quote);
    out
}

/// The Python number with a NumPy scalar's value, where one is given; any other value as it is.
pub fn as_python(value: &Value) -> Value {
    match value {
        Value::Scalar(s) => number::plain(*s),
        _ => value.clone(),
    }
}
