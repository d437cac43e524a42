//! Operators: which of Python's numbers, its sequences or NumPy's ufuncs an operator means for its operands.

use std::cmp::Ordering;
use std::rc::Rc;

use lang::dtype::Kind;
use lang::ir::{BinOp, CmpOp, UnaryOp};
use lang::ops;
use lang::scalar::Scalar;
use num_complex::Complex64;

use super::class::class_of;
use super::dict::DictKind;
use super::number::{self, Num};
use super::raise::{Eval, type_error, value_error};
use super::types::{as_class, dtype_of_class, type_name};
use super::{Machine, counts, percent, sequence, sets};
use crate::array::Array;
use crate::exec::elementwise::direct::{self, Direct};
use crate::value::{Value, View};

impl Machine {
    #[inline]
    pub(super) fn binary(&mut self, op: BinOp, left: Value, right: Value) -> Eval<Value> {
        let quick = match (&left, &right) {
            (Value::Int(a), Value::Int(b)) => super::int::quick(op, *a, *b),
            (Value::Float(a), Value::Float(b)) => super::float::quick(op, *a, *b),
            (Value::Complex(a), Value::Complex(b)) => super::float::quick_complex(op, *a, *b),
            _ => None,
        };
        match quick {
            Some(value) => Ok(value),
            None => self.binary_any(op, left, right),
        }
    }

    fn binary_any(&mut self, op: BinOp, left: Value, right: Value) -> Eval<Value> {
        if let (Value::Bool(a), Value::Bool(b)) = (&left, &right) {
            match op {
                BinOp::BitAnd => return Ok(Value::Bool(a & b)),
                BinOp::BitOr => return Ok(Value::Bool(a | b)),
                BinOp::BitXor => return Ok(Value::Bool(a ^ b)),
                _ => {}
            }
        }
        if class_of(&left).is_some() || class_of(&right).is_some() {
            if let (Value::Str(format), BinOp::Mod) = (&left, op) {
                return percent::format(self, format, &right);
            }
            return match self.binary_object(op, &left, &right)? {
                Some(value) => Ok(value),
                None => unsupported(op, &left, &right),
            };
        }
        if let (Some(a), Some(b)) = (Num::of(&left), Num::of(&right)) {
            if let Some(value) = number::binary(op, &a, &b)? {
                return Ok(value);
            }
            return unsupported(op, &left, &right);
        }
        if let (Value::Str(format), BinOp::Mod) = (&left, op) {
            return percent::format(self, format, &right);
        }
        if is_numpy(&left) || is_numpy(&right) {
            return self.binary_numpy(op, left, right);
        }
        if sets::is_set_like(&left) || sets::is_set_like(&right) {
            return match sets::binary(self, op, &left, &right)? {
                Some(value) => Ok(value),
                None => unsupported(op, &left, &right),
            };
        }
        if let (Value::Dict(a), Value::Dict(b)) = (&left, &right)
            && matches!((&a.borrow().kind, &b.borrow().kind), (DictKind::Counter, DictKind::Counter))
            && let Some(value) = counts::binary(self, op, &a.clone(), &b.clone())?
        {
            return Ok(value);
        }
        if let (Value::Deque(a), Value::Deque(b), BinOp::Add) = (&left, &right, op) {
            let items = [a.to_vec(), b.to_vec()].concat();
            return Ok(Value::Deque(Rc::new(super::Deque::new(items, a.most))));
        }
        match sequence::binary(op, &left, &right)? {
            Some(value) => Ok(value),
            None => unsupported(op, &left, &right),
        }
    }

    fn binary_numpy(&mut self, op: BinOp, left: Value, right: Value) -> Eval<Value> {
        // float64 is a float to a complex of Python's, which answers for itself.
        if let (Value::Complex(c), Value::Scalar(Scalar::F64(f))) = (&left, &right)
            && let Some(value) = super::float::complex(op, *c, Complex64::new(*f, 0.0))?
        {
            return Ok(value);
        }
        if let (Value::Str(_), Value::Scalar(_), BinOp::Add) = (&left, &right, op) {
            return type_error(format!("can only concatenate str (not \"{}\") to str", type_name(&right)));
        }
        // An integer scalar repeats a sequence, as an int does; an array is multiplied.
        if op == BinOp::Mul && (sequence::is_sequence(&left) || sequence::is_sequence(&right)) {
            let (seq, count) = if sequence::is_sequence(&left) { (&left, &right) } else { (&right, &left) };
            if let Value::Scalar(s) = count {
                return match number::plain(*s) {
                    Value::Int(n) => sequence::repeat(seq, n),
                    _ => type_error(format!(
                        "can't multiply sequence by non-int of type '{}'",
                        type_name(count)
                    )),
                };
            }
        }
        let watched = self.ctx.errors.watched();
        if let (false, Some(value)) = (watched, quick_float64(op, &left, &right)) {
            return Ok(value);
        }
        if let (false, Some(a), Some(b)) = (watched, direct_operand(&left), direct_operand(&right))
            && let Some(result) = direct::binary(op, a, b)
        {
            return Ok(Value::Array(result));
        }
        if !is_operand(&left) || !is_operand(&right) {
            return unsupported(op, &left, &right);
        }
        if let (BinOp::Pow, Value::Array(base)) = (op, &left)
            && let Some(row) = power_of(base, &right)
        {
            return self.ufunc(row, vec![left]);
        }
        let row = self.rows.binary(op);
        self.ufunc(row, vec![left, right])
    }

    /// `left op= right`, whose errors say so: what the target is bound to afterwards.
    pub(super) fn augmented(&mut self, op: BinOp, left: Value, right: Value) -> Eval<Value> {
        // A method of the user's may fail by itself.
        let plain = !matches!((&left, &right), (Value::Object(_), _) | (_, Value::Object(_)));
        self.in_place(op, left, right).map_err(|mut raised| {
            if plain && raised.error.message.starts_with(UNSUPPORTED) {
                let sign = spelling(op);
                let rest = raised.error.message.split_once(": '").map_or("", |(_, rest)| rest);
                raised.error.message = format!("{UNSUPPORTED} {sign}=: '{rest}");
            }
            raised
        })
    }

    fn in_place(&mut self, op: BinOp, left: Value, right: Value) -> Eval<Value> {
        match (&left, op) {
            (Value::Int(_) | Value::Float(_), _) => self.binary(op, left, right),
            (Value::Object(_), _) => match self.in_place_object(op, &left, &right)? {
                Some(value) => Ok(value),
                None => self.binary(op, left, right),
            },
            (Value::Array(_), _) if class_of(&right).is_some() => self.binary(op, left, right),
            (Value::List(list), BinOp::Add) if !matches!(right, Value::Array(_)) => {
                let items = self.collect(&right)?;
                list.borrow_mut().extend(items);
                Ok(left)
            }
            (Value::List(list), BinOp::Mul) => {
                if let Some(n) = self.count(&right) {
                    let items = sequence::repeat(&left, n)?;
                    if let Value::List(repeated) = items {
                        let repeated = repeated.take();
                        *list.borrow_mut() = repeated;
                    }
                    return Ok(left);
                }
                self.binary(op, left, right)
            }
            (Value::Deque(deque), BinOp::Add) => {
                let deque = deque.clone();
                super::deque::call(self, &deque, "extend", vec![Some(right)])?;
                Ok(left)
            }
            (Value::Dict(dict), _) if matches!(dict.borrow().kind, DictKind::Counter) => {
                let dict = dict.clone();
                let Value::Dict(new) = self.binary(op, left.clone(), right)? else {
                    return Ok(left);
                };
                let new = new.borrow().clone();
                *dict.borrow_mut() = new;
                Ok(left)
            }
            (Value::Dict(dict), BinOp::BitOr) => {
                if let Value::Dict(other) = &right {
                    let pairs: Vec<_> = other.borrow().iter().cloned().collect();
                    for (key, value) in pairs {
                        dict.borrow_mut().insert(key, value)?;
                    }
                    return Ok(left);
                }
                self.binary(op, left, right)
            }
            (Value::Set(object), _) => match sets::in_place(self, op, &object.clone(), &right)? {
                Some(()) => Ok(left),
                None => self.binary(op, left, right),
            },
            (Value::Array(array), _) => {
                let array = array.clone();
                if !is_operand(&right) {
                    return unsupported(op, &left, &right);
                }
                self.ufunc_into(op, array, right)?;
                Ok(left)
            }
            _ => self.binary(op, left, right),
        }
    }

    pub(super) fn unary(&mut self, op: UnaryOp, operand: Value) -> Eval<Value> {
        let sign = match op {
            UnaryOp::Not => return Ok(Value::Bool(!self.truth(&operand)?)),
            UnaryOp::Neg => "-",
            UnaryOp::Pos => "+",
            UnaryOp::Invert => "~",
        };
        if class_of(&operand).is_some()
            && let Some(value) = self.unary_object(op, &operand)?
        {
            return Ok(value);
        }
        if is_numpy(&operand) {
            let row = self.rows.unary(op);
            return self.ufunc(row, vec![operand]);
        }
        match (Num::of(&operand), op) {
            (Some(Num::Int(i)), UnaryOp::Neg) => Ok(Value::int(-num_bigint::BigInt::from(i))),
            (Some(Num::Int(i)), UnaryOp::Pos) => Ok(Value::Int(i)),
            (Some(Num::Int(i)), UnaryOp::Invert) => Ok(Value::Int(!i)),
            (Some(Num::Big(b)), UnaryOp::Neg) => Ok(Value::int(-&*b)),
            (Some(Num::Big(_)), UnaryOp::Pos) => Ok(operand),
            (Some(Num::Big(b)), UnaryOp::Invert) => Ok(Value::int(-&*b - 1)),
            (Some(Num::Float(f)), UnaryOp::Neg) => Ok(Value::Float(-f)),
            (Some(Num::Complex(c)), UnaryOp::Neg) => Ok(Value::Complex(-c)),
            (Some(Num::Float(_) | Num::Complex(_)), UnaryOp::Pos) => Ok(operand),
            _ => type_error(format!("bad operand type for unary {sign}: '{}'", type_name(&operand))),
        }
    }

    pub(super) fn compare(&mut self, op: CmpOp, left: &Value, right: &Value) -> Eval<Value> {
        if let (Value::Int(a), Value::Int(b)) = (left, right) {
            match op {
                CmpOp::Eq => return Ok(Value::Bool(a == b)),
                CmpOp::Ne => return Ok(Value::Bool(a != b)),
                CmpOp::Lt => return Ok(Value::Bool(a < b)),
                CmpOp::Le => return Ok(Value::Bool(a <= b)),
                CmpOp::Gt => return Ok(Value::Bool(a > b)),
                CmpOp::Ge => return Ok(Value::Bool(a >= b)),
                _ => {}
            }
        }
        match op {
            CmpOp::Is => Ok(Value::Bool(is_same(left, right))),
            CmpOp::IsNot => Ok(Value::Bool(!is_same(left, right))),
            CmpOp::In => Ok(Value::Bool(self.contains(right, left)?)),
            CmpOp::NotIn => Ok(Value::Bool(!self.contains(right, left)?)),
            _ if class_of(left).is_some() || class_of(right).is_some() => {
                self.compare_object(op, left, right)
            }
            _ if is_numpy(left) || is_numpy(right) => self.compare_numpy(op, left, right),
            CmpOp::Eq => self.equal(left, right).map(Value::Bool),
            CmpOp::Ne => self.equal(left, right).map(|same| Value::Bool(!same)),
            CmpOp::Lt | CmpOp::Le | CmpOp::Gt | CmpOp::Ge => {
                let order = self.order(op, left, right)?;
                Ok(Value::Bool(match op {
                    CmpOp::Lt => order == Some(Ordering::Less),
                    CmpOp::Le => matches!(order, Some(Ordering::Less | Ordering::Equal)),
                    CmpOp::Gt => order == Some(Ordering::Greater),
                    _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
                }))
            }
        }
    }

    fn compare_numpy(&mut self, op: CmpOp, left: &Value, right: &Value) -> Eval<Value> {
        // float64 is a float to a complex of Python's, which answers for itself.
        if let (Value::Complex(c), Value::Scalar(Scalar::F64(f)), CmpOp::Eq | CmpOp::Ne) = (left, right, op) {
            return Ok(Value::Bool((*c == Complex64::new(*f, 0.0)) == (op == CmpOp::Eq)));
        }
        if is_operand(left) && is_operand(right) {
            // Text answers first, and has the array compare the other way round.
            let (op, left, right) = match left {
                Value::Str(_) => (mirrored(op), right, left),
                _ => (op, left, right),
            };
            let row = self.rows.compare(op);
            return self.ufunc(row, vec![left.clone(), right.clone()]);
        }
        match (op, left, right) {
            (CmpOp::Eq | CmpOp::Ne, Value::Array(array), _)
            | (CmpOp::Eq | CmpOp::Ne, _, Value::Array(array)) => self.filled(array, op == CmpOp::Ne),
            (CmpOp::Eq | CmpOp::Ne, ..) => Ok(Value::Bool(op == CmpOp::Ne)),
            _ => not_ordered(op, left, right),
        }
    }

    /// The truth of `left == right`, of elements of containers too.
    pub(super) fn equal(&mut self, left: &Value, right: &Value) -> Eval<bool> {
        if let (Some(a), Some(b)) = (Num::of(left), Num::of(right)) {
            return Ok(number::equal(&a, &b));
        }
        match (left, right) {
            (Value::Str(a), Value::Str(b)) => Ok(a == b),
            (Value::Tuple(a), Value::Tuple(b)) => self.equal_items(a, b),
            (Value::List(a), Value::List(b)) => {
                if Rc::ptr_eq(a, b) {
                    return Ok(true);
                }
                let (a, b) = (a.borrow().clone(), b.borrow().clone());
                self.equal_items(&a, &b)
            }
            (Value::Range(a), Value::Range(b)) => {
                let same = a.len() == b.len();
                Ok(same && (a.is_empty() || a.start == b.start && (a.len() == 1 || a.step == b.step)))
            }
            (Value::Deque(a), Value::Deque(b)) => self.equal_items(&a.to_vec(), &b.to_vec()),
            (Value::Dict(a), Value::Dict(b)) => {
                let pairs: Vec<_> = a.borrow().iter().cloned().collect();
                if pairs.len() != b.borrow().len() {
                    return Ok(false);
                }
                for (key, value) in pairs {
                    let other = b.borrow().get(&key)?;
                    match other {
                        Some(other) if self.same_or_equal(&value, &other)? => {}
                        _ => return Ok(false),
                    }
                }
                Ok(true)
            }
            (left, right) if sets::is_set_like(left) && sets::is_set_like(right) => {
                if self.len(left)? != self.len(right)? {
                    return Ok(false);
                }
                Ok(self.set_order(left, right)? == Some(Ordering::Equal))
            }
            (Value::Slice(a), Value::Slice(b)) => {
                let parts = |s: &crate::value::Slice| [s.start.clone(), s.stop.clone(), s.step.clone()];
                self.equal_items(&parts(a), &parts(b))
            }
            _ if class_of(left).is_some() || class_of(right).is_some() => {
                let same = self.compare_object(CmpOp::Eq, left, right)?;
                self.truth(&same)
            }
            (Value::DType(d), other) | (other, Value::DType(d)) => Ok(dtype_like(other) == Some(*d)),
            _ if is_numpy(left) || is_numpy(right) => {
                if !is_operand(left) || !is_operand(right) {
                    return Ok(false);
                }
                let row = self.rows.compare(CmpOp::Eq);
                let same = self.ufunc(row, vec![left.clone(), right.clone()])?;
                self.truth(&same)
            }
            _ => Ok(is_same(left, right)),
        }
    }

    /// Containers compare their elements by identity before equality: a nan in a list equals itself.
    pub(super) fn same_or_equal(&mut self, left: &Value, right: &Value) -> Eval<bool> {
        Ok(is_same_object(left, right) || self.equal(left, right)?)
    }

    fn equal_items(&mut self, a: &[Value], b: &[Value]) -> Eval<bool> {
        if a.len() != b.len() {
            return Ok(false);
        }
        self.nested(|machine| {
            for (x, y) in a.iter().zip(b) {
                if !machine.same_or_equal(x, y)? {
                    return Ok(false);
                }
            }
            Ok(true)
        })
    }

    /// The order of two values; None beside nan.
    pub(super) fn order(&mut self, op: CmpOp, left: &Value, right: &Value) -> Eval<Option<Ordering>> {
        if let (Some(a), Some(b)) = (Num::of_any(left), Num::of_any(right)) {
            let complex = |n: &Num| matches!(n, Num::Complex(_));
            if !complex(&a) && !complex(&b) {
                return Ok(number::order(&a, &b));
            }
        }
        match (left, right) {
            _ if class_of(left).is_some() || class_of(right).is_some() => self.order_object(op, left, right),
            (Value::Str(a), Value::Str(b)) => Ok(Some(a.cmp(b))),
            (Value::Tuple(a), Value::Tuple(b)) => self.order_items(op, a, b),
            (Value::List(a), Value::List(b)) => {
                let (a, b) = (a.borrow().clone(), b.borrow().clone());
                self.order_items(op, &a, &b)
            }
            _ if sets::is_set_like(left) && sets::is_set_like(right) => self.set_order(left, right),
            _ => {
                let (l, r) = (type_name(left), type_name(right));
                type_error(format!("'{}' not supported between instances of '{l}' and '{r}'", sign(op)))
            }
        }
    }

    /// A subset is less; None where neither has all items of the other.
    fn set_order(&mut self, left: &Value, right: &Value) -> Eval<Option<Ordering>> {
        let (Some(a), Some(b)) = (sets::like(self, left)?, sets::like(self, right)?) else {
            return Ok(None);
        };
        Ok(match (a.is_subset(&b), b.is_subset(&a)) {
            (true, true) => Some(Ordering::Equal),
            (true, false) => Some(Ordering::Less),
            (false, true) => Some(Ordering::Greater),
            (false, false) => None,
        })
    }

    fn order_items(&mut self, op: CmpOp, a: &[Value], b: &[Value]) -> Eval<Option<Ordering>> {
        self.nested(|machine| {
            for (x, y) in a.iter().zip(b) {
                if !machine.same_or_equal(x, y)? {
                    return machine.order(op, x, y);
                }
            }
            Ok(Some(a.len().cmp(&b.len())))
        })
    }

    pub(super) fn contains(&mut self, container: &Value, item: &Value) -> Eval<bool> {
        if class_of(container).is_some()
            && let Some(held) = self.call_special(container, "__contains__", vec![item.clone()])?
        {
            return self.truth(&held);
        }
        match (container, item) {
            (Value::Str(text), Value::Str(part)) => Ok(text.contains(&**part)),
            (Value::Str(_), _) => {
                type_error(format!("'in <string>' requires string as left operand, not {}", type_name(item)))
            }
            (Value::Dict(dict), _) | (Value::View(dict, View::Keys), _) => {
                Ok(dict.borrow().get(item)?.is_some())
            }
            (Value::Set(object), _) => Ok(object.set.borrow().contains(&sets::member(item)?)),
            (Value::Range(range), Value::Int(i)) => {
                let offset = *i as i128 - range.start as i128;
                let step = range.step as i128;
                Ok(offset % step == 0 && (0..range.len() as i128).contains(&(offset / step)))
            }
            (Value::Array(array), _) => {
                let row = self.rows.compare(CmpOp::Eq);
                let held = self.ufunc(row, vec![Value::Array(array.clone()), item.clone()])?;
                let any = self.method(&held, "any", Vec::new())?;
                self.truth(&any)
            }
            _ if super::iterate::is_iterable(container) => {
                let mut iter = self.iter(container)?;
                while let Some(value) = self.next(&mut iter)? {
                    if self.same_or_equal(&value, item)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            _ => type_error(format!("argument of type '{}' is not iterable", type_name(container))),
        }
    }

    /// Python's truth of a value.
    pub(super) fn truth(&mut self, value: &Value) -> Eval<bool> {
        if let Some(num) = Num::of_any(value) {
            return Ok(number::truth(&num));
        }
        Ok(match value {
            Value::None => false,
            Value::Object(_) | Value::Exception(_) => return self.object_truth(value),
            Value::Str(s) => !s.is_empty(),
            Value::Tuple(items) => !items.is_empty(),
            Value::List(items) => !items.borrow().is_empty(),
            Value::Set(object) => !object.set.borrow().is_empty(),
            Value::Deque(deque) => !deque.items.borrow().is_empty(),
            Value::Dict(dict) | Value::View(dict, _) => !dict.borrow().is_empty(),
            Value::Range(range) => !range.is_empty(),
            Value::Array(array) => match array.shape().iter().product::<usize>() {
                0 => {
                    return value_error(
                        "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty.",
                    );
                }
                1 => {
                    let item = self.item(array)?;
                    return self.truth(&Value::Scalar(item));
                }
                _ => {
                    return value_error(
                        "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()",
                    );
                }
            },
            _ => true,
        })
    }

    /// An integer that may stand for an index or a count (Python's `__index__`); None for anything else.
    pub(super) fn count(&mut self, value: &Value) -> Option<i64> {
        match value {
            Value::Int(i) => Some(*i),
            Value::Bool(b) => Some(*b as i64),
            Value::BigInt(b) => Some(if b.sign() == num_bigint::Sign::Minus { i64::MIN } else { i64::MAX }),
            Value::Scalar(s) if matches!(s.dtype().kind(), Kind::Signed | Kind::Unsigned) => {
                self.count(&number::plain(*s))
            }
            Value::Array(array)
                if array.shape().is_empty()
                    && matches!(array.dtype().kind(), Kind::Signed | Kind::Unsigned) =>
            {
                let item = self.item(&array.clone()).ok()?;
                self.count(&number::plain(item))
            }
            Value::Object(_) => {
                let index = self.call_special(value, "__index__", Vec::new()).ok()??;
                self.count(&index)
            }
            _ => None,
        }
    }
}

/// What computes `base ** exponent` instead of `power`.
pub(super) fn power_of(base: &Array, exponent: &Value) -> Option<u32> {
    let exponent = match exponent {
        Value::Int(i) => ops::Exponent::Int(*i),
        Value::Float(f) => ops::Exponent::Float(*f),
        _ => return None,
    };
    ops::power_operator(base.dtype(), exponent)
}

/// An operand of what is computed at once.
fn direct_operand(value: &Value) -> Option<Direct<'_>> {
    match value {
        Value::Array(array) if !array.shape().is_empty() => Some(Direct::Array(array)),
        Value::Float(f) | Value::Scalar(Scalar::F64(f)) => Some(Direct::Number(*f)),
        Value::Int(i) if i.unsigned_abs() <= 1 << 53 => Some(Direct::Number(*i as f64)),
        _ => None,
    }
}

/// The commonest arithmetic of NumPy's scalars: float64 with float64, float or int. It never fails.
fn quick_float64(op: BinOp, left: &Value, right: &Value) -> Option<Value> {
    let number = |value: &Value| match value {
        Value::Scalar(Scalar::F64(f)) | Value::Float(f) => Some(*f),
        Value::Int(i) => Some(*i as f64),
        _ => None,
    };
    let is_float64 = |value: &Value| matches!(value, Value::Scalar(Scalar::F64(_)));
    if !is_float64(left) && !is_float64(right) {
        return None;
    }
    let (a, b) = (number(left)?, number(right)?);
    let value = match op {
        BinOp::Add => a + b,
        BinOp::Sub => a - b,
        BinOp::Mul => a * b,
        BinOp::Div => a / b,
        _ => return None,
    };
    Some(Value::Scalar(Scalar::F64(value)))
}

fn not_ordered<T>(op: CmpOp, left: &Value, right: &Value) -> Eval<T> {
    let (l, r) = (operand_type(left), operand_type(right));
    type_error(format!("'{}' not supported between instances of '{l}' and '{r}'", sign(op)))
}

/// The comparison that holds for the operands the other way round.
fn mirrored(op: CmpOp) -> CmpOp {
    match op {
        CmpOp::Lt => CmpOp::Gt,
        CmpOp::Le => CmpOp::Ge,
        CmpOp::Gt => CmpOp::Lt,
        CmpOp::Ge => CmpOp::Le,
        other => other,
    }
}

/// What an error calls an operand: NumPy hands its elements on as Python's numbers.
fn operand_type(value: &Value) -> &'static str {
    let dtype = match value {
        Value::Scalar(s) => s.dtype(),
        Value::Array(a) => a.dtype(),
        _ => return type_name(value),
    };
    match dtype.kind() {
        Kind::Bool => "bool",
        Kind::Signed | Kind::Unsigned => "int",
        Kind::Float => "float",
        Kind::Complex => "complex",
    }
}

fn is_numpy(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Scalar(_))
}

/// What a ufunc accepts beside an array: numbers, and lists and tuples of them. Strings are refused by the ufunc itself.
fn is_operand(value: &Value) -> bool {
    is_numpy(value)
        || Num::of(value).is_some()
        || matches!(value, Value::List(_) | Value::Tuple(_) | Value::Range(_) | Value::Str(_))
}

/// `is`: the same object, or equal values of a type that has no identity here.
pub fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        (Value::Complex(a), Value::Complex(b)) => a == b,
        (Value::Scalar(a), Value::Scalar(b)) => a == b,
        _ => is_same_object(left, right),
    }
}

/// The same object. Numbers have no identity: they are compared by value, except that nan is never itself twice.
fn is_same_object(left: &Value, right: &Value) -> bool {
    if let (Some(a), Some(b)) = (as_class(left), as_class(right)) {
        return a == b;
    }
    match (left, right) {
        (Value::None, Value::None) | (Value::Ellipsis, Value::Ellipsis) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::BigInt(a), Value::BigInt(b)) => Rc::ptr_eq(a, b),
        (Value::Float(a), Value::Float(b)) => a.is_nan() && a.to_bits() == b.to_bits(),
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::Array(a), Value::Array(b)) => std::ptr::eq(a.shape(), b.shape()),
        (Value::Tuple(a), Value::Tuple(b)) => Rc::ptr_eq(&a.items, &b.items) || a.is_empty() && b.is_empty(),
        (Value::List(a), Value::List(b)) => Rc::ptr_eq(a, b),
        (Value::Dict(a), Value::Dict(b)) => Rc::ptr_eq(a, b),
        (Value::Set(a), Value::Set(b)) => Rc::ptr_eq(a, b),
        (Value::Deque(a), Value::Deque(b)) => Rc::ptr_eq(a, b),
        (Value::Made(a), Value::Made(b)) => Rc::ptr_eq(a, b),
        (Value::View(a, x), Value::View(b, y)) => x == y && Rc::ptr_eq(a, b),
        (Value::Range(a), Value::Range(b)) => Rc::ptr_eq(a, b),
        (Value::Slice(a), Value::Slice(b)) => Rc::ptr_eq(a, b),
        (Value::Iter(a), Value::Iter(b)) => Rc::ptr_eq(a, b),
        (Value::DType(a), Value::DType(b)) => a == b,
        (Value::Module(a), Value::Module(b)) => a == b,
        (Value::Builtin(a), Value::Builtin(b)) => a == b,
        (Value::Method(a), Value::Method(b)) => Rc::ptr_eq(a, b),
        (Value::Bound(a), Value::Bound(b)) => Rc::ptr_eq(a, b),
        (Value::Function(a), Value::Function(b)) => Rc::ptr_eq(a, b),
        (Value::Distribution(a), Value::Distribution(b)) => a == b,
        (Value::Exception(a), Value::Exception(b)) => Rc::ptr_eq(a, b),
        (Value::Class(a), Value::Class(b)) => Rc::ptr_eq(a, b),
        (Value::Object(a), Value::Object(b)) => Rc::ptr_eq(a, b),
        (Value::Attached(a), Value::Attached(b)) => {
            Rc::ptr_eq(a, b) || is_same(&a.0, &b.0) && is_same(&a.1, &b.1)
        }
        (Value::Descriptor(a), Value::Descriptor(b)) => Rc::ptr_eq(a, b),
        (Value::Super(a), Value::Super(b)) => Rc::ptr_eq(a, b),
        (Value::ErrState(a), Value::ErrState(b)) => Rc::ptr_eq(a, b),
        (Value::NotImplemented, Value::NotImplemented) => true,
        (Value::Generator(a), Value::Generator(b)) => Rc::ptr_eq(a, b),
        (Value::RandomState(a), Value::RandomState(b)) => Rc::ptr_eq(a, b),
        _ => false,
    }
}

/// The dtype that a value names: a dtype, a scalar class, `float`, `"f4"`.
pub fn dtype_like(value: &Value) -> Option<lang::dtype::DType> {
    match value {
        Value::DType(d) => Some(*d),
        Value::Str(name) => lang::dtype::DType::parse(name).ok(),
        _ => match as_class(value)? {
            "bool" => Some(lang::dtype::DType::Bool),
            "int" => Some(lang::dtype::DType::I64),
            "float" => Some(lang::dtype::DType::F64),
            "complex" => Some(lang::dtype::DType::C128),
            name => dtype_of_class(name),
        },
    }
}

const UNSUPPORTED: &str = "unsupported operand type(s) for";

fn unsupported<T>(op: BinOp, left: &Value, right: &Value) -> Eval<T> {
    let (l, r) = (operand_type(left), operand_type(right));
    let sign = match op {
        BinOp::Pow => "** or pow()",
        _ => spelling(op),
    };
    type_error(format!("{UNSUPPORTED} {sign}: '{l}' and '{r}'"))
}

pub fn spelling(op: BinOp) -> &'static str {
    match op {
        BinOp::Add => "+",
        BinOp::Sub => "-",
        BinOp::Mul => "*",
        BinOp::Div => "/",
        BinOp::FloorDiv => "//",
        BinOp::Mod => "%",
        BinOp::Pow => "**",
        BinOp::MatMul => "@",
        BinOp::LShift => "<<",
        BinOp::RShift => ">>",
        BinOp::BitAnd => "&",
        BinOp::BitOr => "|",
        BinOp::BitXor => "^",
    }
}

pub fn sign(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => "==",
        CmpOp::Ne => "!=",
        CmpOp::Lt => "<",
        CmpOp::Le => "<=",
        CmpOp::Gt => ">",
        CmpOp::Ge => ">=",
        CmpOp::Is => "is",
        CmpOp::IsNot => "is not",
        CmpOp::In => "in",
        CmpOp::NotIn => "not in",
    }
}
