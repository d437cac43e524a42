//! Operators and builtins on objects of the user's classes: the special methods that they mean.

use std::cmp::Ordering;
use std::rc::Rc;

use lang::error::Class;
use lang::ir::{BinOp, CmpOp, UnaryOp};

use super::class::{UserClass, class_of};
use super::exception::Exception;
use super::raise::{Eval, raise, type_error, value_error};
use super::types::type_name;
use super::{Machine, number};
use crate::value::Value;

impl Machine {
    /// The special method of an object's class.
    pub(super) fn special(&self, value: &Value, name: &str) -> Option<Value> {
        class_of(value)?.find(name).filter(|found| !matches!(found, Value::None))
    }

    /// Calls a special method, where the object's class has it.
    pub(super) fn call_special(
        &mut self,
        value: &Value,
        name: &str,
        args: Vec<Value>,
    ) -> Eval<Option<Value>> {
        match self.special(value, name) {
            Some(method) => self.call_method(value, &method, args, Vec::new()).map(Some),
            None => Ok(None),
        }
    }

    /// As `call_special`; None also where the method says NotImplemented.
    fn try_special(&mut self, value: &Value, name: &str, other: &Value) -> Eval<Option<Value>> {
        let other = match other {
            // NumPy's scalars hand Python's numbers on.
            Value::Scalar(s) if name.starts_with("__r") => number::plain(*s),
            _ => other.clone(),
        };
        let answer = self.call_special(value, name, vec![other])?;
        Ok(answer.filter(|value| !matches!(value, Value::NotImplemented)))
    }

    /// `left op right` where one is an object; None where neither has a method for it.
    pub(super) fn binary_object(&mut self, op: BinOp, left: &Value, right: &Value) -> Eval<Option<Value>> {
        if let (Value::Array(_), Some(_)) = (left, class_of(right)) {
            // NumPy hands each element over, and gives an array of the answers.
            return raise(Class::NotImplementedError, format!("arrays of '{}' objects", type_name(right)));
        }
        let (forward, reflected) = names(op);
        let first = derived(left, right) && own_method(left, right, reflected);
        if first && let Some(value) = self.try_special(right, reflected, left)? {
            return Ok(Some(value));
        }
        if let Some(value) = self.try_special(left, forward, right)? {
            return Ok(Some(value));
        }
        if let Value::Array(_) = right {
            return raise(Class::NotImplementedError, format!("arrays of '{}' objects", type_name(left)));
        }
        let same = class_of(left).zip(class_of(right)).is_some_and(|(a, b)| Rc::ptr_eq(a, b));
        if !first
            && !same
            && let Some(value) = self.try_special(right, reflected, left)?
        {
            return Ok(Some(value));
        }
        Ok(None)
    }

    /// `left op= right` by the object's own method for it.
    pub(super) fn in_place_object(&mut self, op: BinOp, left: &Value, right: &Value) -> Eval<Option<Value>> {
        let name = names(op).0.replacen("__", "__i", 1);
        self.try_special(left, &name, right)
    }

    /// `-object` and its like.
    pub(super) fn unary_object(&mut self, op: UnaryOp, operand: &Value) -> Eval<Option<Value>> {
        let name = match op {
            UnaryOp::Neg => "__neg__",
            UnaryOp::Pos => "__pos__",
            UnaryOp::Invert => "__invert__",
            UnaryOp::Not => return Ok(None),
        };
        self.call_special(operand, name, Vec::new())
    }

    /// A comparison where one is an object.
    pub(super) fn compare_object(&mut self, op: CmpOp, left: &Value, right: &Value) -> Eval<Value> {
        let refused = || raise(Class::NotImplementedError, "comparing arrays with objects of a user's class");
        if let Value::Array(_) = left {
            return refused();
        }
        let (forward, reflected) = match op {
            CmpOp::Ne => ("__ne__", "__ne__"),
            CmpOp::Lt => ("__lt__", "__gt__"),
            CmpOp::Le => ("__le__", "__ge__"),
            CmpOp::Gt => ("__gt__", "__lt__"),
            CmpOp::Ge => ("__ge__", "__le__"),
            _ => ("__eq__", "__eq__"),
        };
        let first = derived(left, right);
        let order = if first {
            [(right, reflected, left), (left, forward, right)]
        } else {
            [(left, forward, right), (right, reflected, left)]
        };
        for (of, name, other) in order {
            if let Some(value) = self.try_special(of, name, other)? {
                return Ok(value);
            }
            // `!=` is the opposite of `==` where nothing else is said.
            if op == CmpOp::Ne
                && self.special(of, "__ne__").is_none()
                && let Some(value) = self.try_special(of, "__eq__", other)?
            {
                return Ok(Value::Bool(!self.truth(&value)?));
            }
            if let Value::Array(_) = other {
                return refused();
            }
        }
        match op {
            CmpOp::Eq => Ok(Value::Bool(super::operate::is_same(left, right))),
            CmpOp::Ne => Ok(Value::Bool(!super::operate::is_same(left, right))),
            _ => {
                let (l, r) = (type_name(left), type_name(right));
                let sign = super::operate::sign(op);
                type_error(format!("'{sign}' not supported between instances of '{l}' and '{r}'"))
            }
        }
    }

    /// The order of two values of which one is an object, as far as `op` tells.
    pub(super) fn order_object(&mut self, op: CmpOp, left: &Value, right: &Value) -> Eval<Option<Ordering>> {
        let held = self.compare_object(op, left, right)?;
        let held = self.truth(&held)?;
        Ok(match (op, held) {
            (CmpOp::Lt | CmpOp::Le, true) | (CmpOp::Gt | CmpOp::Ge, false) => Some(Ordering::Less),
            _ => Some(Ordering::Greater),
        })
    }

    /// The truth of an object.
    pub(super) fn object_truth(&mut self, value: &Value) -> Eval<bool> {
        match self.call_special(value, "__bool__", Vec::new())? {
            Some(Value::Bool(truth)) => return Ok(truth),
            Some(other) => {
                return type_error(format!("__bool__ should return bool, returned {}", type_name(&other)));
            }
            None => {}
        }
        match self.special(value, "__len__") {
            Some(_) => Ok(self.object_len(value)? > 0),
            None => Ok(true),
        }
    }

    /// `len(object)`.
    pub(super) fn object_len(&mut self, value: &Value) -> Eval<usize> {
        let Some(len) = self.call_special(value, "__len__", Vec::new())? else {
            return type_error(format!("object of type '{}' has no len()", type_name(value)));
        };
        match self.count(&len) {
            Some(len) if len >= 0 => Ok(len as usize),
            Some(_) => value_error("__len__() should return >= 0"),
            None => type_error(format!("'{}' object cannot be interpreted as an integer", type_name(&len))),
        }
    }

    /// The text of `str` or `repr` by the object's own method.
    pub(super) fn object_text(&mut self, value: &Value, name: &str) -> Eval<Option<String>> {
        match self.call_special(value, name, Vec::new())? {
            Some(Value::Str(text)) => Ok(Some(text.to_string())),
            Some(other) => type_error(format!("{name} returned non-string (type {})", type_name(&other))),
            None => Ok(None),
        }
    }

    /// What `with manager as ...` binds.
    pub(super) fn enter_context(&mut self, manager: &Value) -> Eval<Value> {
        if let Value::ErrState(settings) = manager {
            settings.enter(self)?;
            return Ok(Value::None);
        }
        let missing = |what: &str| {
            let name = type_name(manager);
            type_error(format!("'{name}' object does not support the context manager protocol{what}"))
        };
        if self.special(manager, "__enter__").is_none() {
            return missing("");
        }
        if self.special(manager, "__exit__").is_none() {
            return missing(" (missed __exit__ method)");
        }
        Ok(self.call_special(manager, "__enter__", Vec::new())?.unwrap_or(Value::None))
    }

    /// Leaves a `with` block; whether the exception that ended it goes no further.
    pub(super) fn exit_context(&mut self, manager: &Value, exception: Option<&Rc<Exception>>) -> Eval<bool> {
        if let Value::ErrState(settings) = manager {
            settings.exit(self);
            return Ok(false);
        }
        let args = match exception {
            Some(e) => vec![e.class_value(), Value::Exception(e.clone()), Value::None],
            None => vec![Value::None; 3],
        };
        match self.call_special(manager, "__exit__", args)? {
            Some(answer) if exception.is_some() => self.truth(&answer),
            _ => Ok(false),
        }
    }
}

/// Whether the right operand's class derives from the left one's: then it answers first.
fn derived(left: &Value, right: &Value) -> bool {
    class_of(left).zip(class_of(right)).is_some_and(|(l, r)| !Rc::ptr_eq(l, r) && r.is(l))
}

/// Whether the right operand's class has a method that is not just what the left one's has.
fn own_method(left: &Value, right: &Value, name: &str) -> bool {
    let method = |class: &Rc<UserClass>| class.find(name);
    match (class_of(left).and_then(method), class_of(right).and_then(method)) {
        (Some(a), Some(b)) => !super::operate::is_same(&a, &b),
        (None, Some(_)) => true,
        _ => false,
    }
}

/// The special methods of an operator: of the left operand, of the right one.
fn names(op: BinOp) -> (&'static str, &'static str) {
    match op {
        BinOp::Add => ("__add__", "__radd__"),
        BinOp::Sub => ("__sub__", "__rsub__"),
        BinOp::Mul => ("__mul__", "__rmul__"),
        BinOp::Div => ("__truediv__", "__rtruediv__"),
        BinOp::FloorDiv => ("__floordiv__", "__rfloordiv__"),
        BinOp::Mod => ("__mod__", "__rmod__"),
        BinOp::Pow => ("__pow__", "__rpow__"),
        BinOp::MatMul => ("__matmul__", "__rmatmul__"),
        BinOp::LShift => ("__lshift__", "__rlshift__"),
        BinOp::RShift => ("__rshift__", "__rrshift__"),
        BinOp::BitAnd => ("__and__", "__rand__"),
        BinOp::BitOr => ("__or__", "__ror__"),
        BinOp::BitXor => ("__xor__", "__rxor__"),
    }
}
