//! The short way of scalar work: expressions of numbers that are at hand, computed without making a `Value` between.
//!
//! `number` looks at variables, constants and elements of lists and of replicated arrays, and computes what cannot go
//! wrong. It runs nothing of the user's and changes nothing, so where it gives up (`None`) the long way starts afresh.
//! A replicated array is the same on all ranks, and so is whether the short way is taken.

use lang::ir::{BinOp, CmpOp, Const, Expr, ExprKind, UnaryOp, Var};
use lang::scalar::Scalar;
use num_integer::Integer;

use super::Machine;
use super::frame::Frame;
use crate::array::Array;
use crate::block::Block;
use crate::value::Value;

/// A number in two machine words.
#[derive(Clone, Copy)]
pub struct Small {
    kind: Kind,
    bits: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Not at hand.
    None,
    Bool,
    Int,
    Float,
    /// NumPy's float64, int64 and bool.
    F64,
    I64,
    NpBool,
}

const NONE: Small = Small { kind: Kind::None, bits: 0 };

/// Integers up to here are floats too, exactly.
const EXACT: u64 = 1 << 53;

/// Axes of arrays whose elements are read and written here.
const AXES: usize = 4;

impl Small {
    #[inline]
    fn int(i: i64) -> Small {
        Small { kind: Kind::Int, bits: i as u64 }
    }

    #[inline]
    fn float(f: f64) -> Small {
        Small { kind: Kind::Float, bits: f.to_bits() }
    }

    #[inline]
    fn of(value: &Value) -> Small {
        match value {
            Value::Int(i) => Small::int(*i),
            Value::Float(f) => Small::float(*f),
            Value::Bool(b) => Small { kind: Kind::Bool, bits: *b as u64 },
            Value::Scalar(Scalar::F64(f)) => Small { kind: Kind::F64, bits: f.to_bits() },
            Value::Scalar(Scalar::I64(i)) => Small { kind: Kind::I64, bits: *i as u64 },
            Value::Scalar(Scalar::Bool(b)) => Small { kind: Kind::NpBool, bits: *b as u64 },
            _ => NONE,
        }
    }

    #[inline]
    pub fn value(self) -> Option<Value> {
        Some(match self.kind {
            Kind::None => return None,
            Kind::Bool => Value::Bool(self.bits != 0),
            Kind::Int => Value::Int(self.bits as i64),
            Kind::Float => Value::Float(f64::from_bits(self.bits)),
            Kind::F64 => Value::Scalar(Scalar::F64(f64::from_bits(self.bits))),
            Kind::I64 => Value::Scalar(Scalar::I64(self.bits as i64)),
            Kind::NpBool => Value::Scalar(Scalar::Bool(self.bits != 0)),
        })
    }

    /// Its truth.
    #[inline]
    pub fn truth(self) -> Option<bool> {
        match self.kind {
            Kind::None => None,
            Kind::Float | Kind::F64 => Some(f64::from_bits(self.bits) != 0.0),
            _ => Some(self.bits != 0),
        }
    }

    /// As an index.
    #[inline]
    fn index(self) -> Option<i64> {
        matches!(self.kind, Kind::Int | Kind::I64).then_some(self.bits as i64)
    }

    /// Its float, where that is exact.
    #[inline]
    fn as_float(self) -> Option<f64> {
        match self.kind {
            Kind::Float | Kind::F64 => Some(f64::from_bits(self.bits)),
            Kind::Int | Kind::I64 if (self.bits as i64).unsigned_abs() <= EXACT => {
                Some(self.bits as i64 as f64)
            }
            _ => None,
        }
    }
}

impl Machine {
    /// The number that an expression has, where it is at hand.
    #[inline]
    pub(super) fn number(&self, frame: &Frame, expr: &Expr) -> Small {
        match &expr.kind {
            ExprKind::Var(var) => self.peek(frame, *var).map_or(NONE, Small::of),
            ExprKind::Const(Const::Int(i)) => Small::int(*i),
            ExprKind::Const(Const::Float(bits)) => Small { kind: Kind::Float, bits: *bits },
            ExprKind::Binary(op, left, right) => self.binary_number(frame, *op, left, right),
            ExprKind::Index(base, index) => self.element(frame, base, index),
            ExprKind::Unary(UnaryOp::Neg, operand) => {
                let operand = self.number(frame, operand);
                match operand.kind {
                    Kind::Int => (operand.bits as i64).checked_neg().map_or(NONE, Small::int),
                    Kind::Float | Kind::F64 => {
                        Small { kind: operand.kind, bits: (-f64::from_bits(operand.bits)).to_bits() }
                    }
                    _ => NONE,
                }
            }
            ExprKind::Compare(left, rest) => match rest.as_slice() {
                [(op, right)] => self.comparison_number(frame, *op, left, right),
                _ => NONE,
            },
            _ => NONE,
        }
    }

    fn binary_number(&self, frame: &Frame, op: BinOp, left: &Expr, right: &Expr) -> Small {
        let a = self.number(frame, left);
        if a.kind == Kind::None {
            return NONE;
        }
        self.arithmetic(op, a, self.number(frame, right))
    }

    /// `a op b`: not while NumPy's errors are to be raised, which the long way looks for.
    #[inline]
    fn arithmetic(&self, op: BinOp, a: Small, b: Small) -> Small {
        if self.ctx.errors.watched() { NONE } else { arithmetic(op, a, b) }
    }

    fn comparison_number(&self, frame: &Frame, op: CmpOp, left: &Expr, right: &Expr) -> Small {
        let a = self.number(frame, left);
        if a.kind == Kind::None {
            return NONE;
        }
        compare(op, a, self.number(frame, right))
    }

    /// `var op value` where both are at hand.
    #[inline]
    pub(super) fn quick_augment(&self, frame: &Frame, var: Var, op: BinOp, value: &Expr) -> Option<Value> {
        let old = self.peek(frame, var).map_or(NONE, Small::of);
        if old.kind == Kind::None {
            return None;
        }
        self.arithmetic(op, old, self.number(frame, value)).value()
    }

    /// `base[index] op value` where all of it is at hand.
    pub(super) fn quick_augment_element(
        &self,
        frame: &Frame,
        base: &Expr,
        index: &Expr,
        op: BinOp,
        value: &Expr,
    ) -> Option<Value> {
        let old = self.element(frame, base, index);
        if old.kind == Kind::None {
            return None;
        }
        self.arithmetic(op, old, self.number(frame, value)).value()
    }

    /// `base[index]` of a list, or of a replicated array, that a variable holds.
    fn element(&self, frame: &Frame, base: &Expr, index: &Expr) -> Small {
        let ExprKind::Var(var) = &base.kind else {
            return NONE;
        };
        match self.peek(frame, *var) {
            Some(Value::List(items)) => {
                let Some(at) = self.number(frame, index).index() else {
                    return NONE;
                };
                let items = items.borrow();
                usize::try_from(at).ok().and_then(|at| items.get(at)).map_or(NONE, Small::of)
            }
            Some(Value::Array(array)) => {
                let mut at = [0; AXES];
                match self.indices(frame, array, index, &mut at) {
                    Some(count) => read(array, &at[..count]).unwrap_or(NONE),
                    None => NONE,
                }
            }
            _ => NONE,
        }
    }

    /// The positions that an index of numbers names, one for each axis of the array.
    #[inline]
    fn indices(&self, frame: &Frame, array: &Array, index: &Expr, at: &mut [usize; AXES]) -> Option<usize> {
        let shape = array.shape();
        let one = |at: i64, extent: usize| {
            let at = if at < 0 { at + extent as i64 } else { at };
            usize::try_from(at).ok().filter(|at| *at < extent)
        };
        match &index.kind {
            ExprKind::Tuple(items) if items.len() == shape.len() && items.len() <= AXES => {
                for ((item, extent), at) in items.iter().zip(shape).zip(at.iter_mut()) {
                    *at = one(self.number(frame, item).index()?, *extent)?;
                }
                Some(items.len())
            }
            ExprKind::Tuple(_) => None,
            _ if shape.len() == 1 => {
                at[0] = one(self.number(frame, index).index()?, shape[0])?;
                Some(1)
            }
            _ => None,
        }
    }

    /// `base[index] = value` where all of it is at hand; false where it takes more than that, and nothing was done.
    pub(super) fn quick_store(&self, frame: &Frame, base: &Expr, index: &Expr, value: &Value) -> bool {
        let ExprKind::Var(var) = &base.kind else {
            return false;
        };
        match self.peek(frame, *var) {
            Some(Value::List(items)) => {
                let Some(at) = self.number(frame, index).index() else {
                    return false;
                };
                // What is replaced may be deeply nested: the long way drops it.
                let Ok(mut items) = items.try_borrow_mut() else {
                    return false;
                };
                match usize::try_from(at).ok().and_then(|at| items.get_mut(at)) {
                    Some(item) if is_plain(item) => {
                        // Nothing to drop.
                        std::mem::forget(std::mem::replace(item, value.clone()));
                        true
                    }
                    _ => false,
                }
            }
            Some(Value::Array(array)) => {
                let mut at = [0; AXES];
                match self.indices(frame, array, index, &mut at) {
                    Some(count) => write(array, &at[..count], Small::of(value)).is_some(),
                    None => false,
                }
            }
            _ => false,
        }
    }
}

/// Whether dropping a value does nothing.
#[inline]
pub fn is_plain(value: &Value) -> bool {
    matches!(
        value,
        Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::None | Value::Complex(_) | Value::Scalar(_)
    )
}

/// `a op b` of numbers at hand: None where Python would raise, or give something else than a small number.
#[inline]
fn arithmetic(op: BinOp, a: Small, b: Small) -> Small {
    match (a.kind, b.kind) {
        (Kind::Int, Kind::Int) => int(op, a.bits as i64, b.bits as i64),
        (Kind::Float | Kind::Int, Kind::Float) | (Kind::Float, Kind::Int) => {
            match (a.as_float(), b.as_float()) {
                (Some(a), Some(b)) => float(op, a, b),
                _ => NONE,
            }
        }
        (Kind::F64, Kind::F64 | Kind::Float | Kind::Int) | (Kind::Float | Kind::Int, Kind::F64) => {
            match (a.as_float(), b.as_float()) {
                (Some(a), Some(b)) => {
                    let value = match op {
                        BinOp::Add => a + b,
                        BinOp::Sub => a - b,
                        BinOp::Mul => a * b,
                        BinOp::Div => a / b,
                        _ => return NONE,
                    };
                    Small { kind: Kind::F64, bits: value.to_bits() }
                }
                _ => NONE,
            }
        }
        (Kind::I64, Kind::I64 | Kind::Int) | (Kind::Int, Kind::I64) => {
            let (a, b) = (a.bits as i64, b.bits as i64);
            let value = match op {
                BinOp::Add => a.checked_add(b),
                BinOp::Sub => a.checked_sub(b),
                BinOp::Mul => a.checked_mul(b),
                _ => None,
            };
            value.map_or(NONE, |i| Small { kind: Kind::I64, bits: i as u64 })
        }
        _ => NONE,
    }
}

#[inline]
fn int(op: BinOp, a: i64, b: i64) -> Small {
    let value = match op {
        BinOp::Add => a.checked_add(b),
        BinOp::Sub => a.checked_sub(b),
        BinOp::Mul => a.checked_mul(b),
        BinOp::FloorDiv if b > 0 => Some(a.div_euclid(b)),
        BinOp::FloorDiv if b < -1 => Some(Integer::div_floor(&a, &b)),
        BinOp::Mod if b > 0 => Some(a.rem_euclid(b)),
        BinOp::Mod if b < -1 => Some(Integer::mod_floor(&a, &b)),
        BinOp::BitAnd => Some(a & b),
        BinOp::BitOr => Some(a | b),
        BinOp::BitXor => Some(a ^ b),
        BinOp::RShift if b >= 0 => Some(a >> b.min(63)),
        BinOp::LShift if (0..63).contains(&b) && (a << b) >> b == a => Some(a << b),
        BinOp::Pow if (0..64).contains(&b) => a.checked_pow(b as u32),
        BinOp::Div if b != 0 && a.unsigned_abs() < EXACT && b.unsigned_abs() < EXACT => {
            return Small::float(a as f64 / b as f64);
        }
        _ => None,
    };
    value.map_or(NONE, Small::int)
}

#[inline]
fn float(op: BinOp, a: f64, b: f64) -> Small {
    Small::float(match op {
        BinOp::Add => a + b,
        BinOp::Sub => a - b,
        BinOp::Mul => a * b,
        BinOp::Div if b != 0.0 => a / b,
        _ => return NONE,
    })
}

/// Whether the comparison holds; None of one that is not of order.
#[inline]
fn holds<T: PartialOrd>(op: CmpOp, a: &T, b: &T) -> Option<bool> {
    Some(match op {
        CmpOp::Eq => a == b,
        CmpOp::Ne => a != b,
        CmpOp::Lt => a < b,
        CmpOp::Le => a <= b,
        CmpOp::Gt => a > b,
        CmpOp::Ge => a >= b,
        _ => return None,
    })
}

/// `a op b`: NumPy's bool beside its scalars, Python's otherwise.
#[inline]
fn compare(op: CmpOp, a: Small, b: Small) -> Small {
    let held = match (a.kind, b.kind) {
        (Kind::None | Kind::Bool | Kind::NpBool, _) | (_, Kind::None | Kind::Bool | Kind::NpBool) => {
            return NONE;
        }
        (Kind::Int | Kind::I64, Kind::Int | Kind::I64) => holds(op, &(a.bits as i64), &(b.bits as i64)),
        _ => {
            let (Some(a), Some(b)) = (a.as_float(), b.as_float()) else {
                return NONE;
            };
            holds(op, &a, &b)
        }
    };
    let Some(held) = held else {
        return NONE;
    };
    let numpy = matches!(a.kind, Kind::F64 | Kind::I64) || matches!(b.kind, Kind::F64 | Kind::I64);
    Small { kind: if numpy { Kind::NpBool } else { Kind::Bool }, bits: held as u64 }
}

/// The element of a replicated array that is in memory.
#[inline]
fn read(array: &Array, at: &[usize]) -> Option<Small> {
    if !array.layout().everywhere {
        return None;
    }
    let view = array.view()?;
    if view.storage.mirror.is_some() {
        return None;
    }
    let offset = view.offset(array.shape(), at);
    Some(match &*view.storage.block.borrow() {
        Block::F64(items) => Small { kind: Kind::F64, bits: items.get(offset)?.to_bits() },
        Block::I64(items) => Small { kind: Kind::I64, bits: *items.get(offset)? as u64 },
        Block::Bool(items) => Small { kind: Kind::NpBool, bits: *items.get(offset)? as u64 },
        _ => return None,
    })
}

/// An element of a replicated vector that is in memory.
#[inline]
pub fn item(vector: &Array, at: usize) -> Option<Value> {
    read(vector, &[at])?.value()
}

/// Python's sum of numbers at hand, from a start on, and how many of the values it took.
pub fn total(start: &Value, items: &[Value]) -> Option<(Value, usize)> {
    let mut sum = Small::of(start);
    let mut taken = 0;
    for item in items {
        let item = match item {
            Value::Bool(b) => Small::int(i64::from(*b)),
            item => Small::of(item),
        };
        let next = arithmetic(BinOp::Add, sum, item);
        if next.kind == Kind::None {
            break;
        }
        (sum, taken) = (next, taken + 1);
    }
    Some((sum.value()?, taken))
}

/// Writes an element of a replicated array that is in memory, and that nothing pending reads.
#[inline]
fn write(array: &Array, at: &[usize], value: Small) -> Option<()> {
    if !array.layout().everywhere || !array.is_writable() {
        return None;
    }
    let view = array.view()?;
    let storage = &view.storage;
    if storage.mirror.is_some() || !storage.readers.borrow().is_empty() {
        return None;
    }
    let offset = view.offset(array.shape(), at);
    match &mut *storage.block.borrow_mut() {
        Block::F64(items) => *items.get_mut(offset)? = value.as_float()?,
        Block::I64(items) => *items.get_mut(offset)? = value.index()?,
        Block::Bool(items) if matches!(value.kind, Kind::Bool | Kind::NpBool) => {
            *items.get_mut(offset)? = value.bits as u8;
        }
        _ => return None,
    }
    storage.touched();
    Some(())
}
