//! Arithmetic and comparison of numbers: Python's among its own, NumPy's (NEP 50) beside a scalar of NumPy's.

use super::code::{Extern, FloatFn, FloatOp, IntOp, Op, Reg, Ty, Word};
use super::lower::{Made, Maker};
use super::scope::{State, Val};
use crate::dtype::{DType, promote};
use crate::ir::{BinOp, CmpOp, UnaryOp};
use crate::ops::{self, Module};

/// Integers up to here are floats too, exactly.
const EXACT: i64 = 1 << 53;

fn is_python(ty: Ty) -> bool {
    matches!(ty, Ty::Bool | Ty::Int | Ty::Float)
}

/// The dtype of an operation of two numbers, one of them NumPy's.
fn common(a: Ty, b: Ty) -> Made<DType> {
    let weak = |dtype: DType, other: Ty| match other {
        Ty::Int if dtype.is_bool() => Ok(DType::I64),
        Ty::Int | Ty::Bool => Ok(dtype),
        Ty::Float if !dtype.is_float() => Ok(DType::F64),
        Ty::Float => Ok(dtype),
        _ => Err("an operation of something else than numbers"),
    };
    match (a, b) {
        (Ty::Np(a), Ty::Np(b)) => Ok(promote(a, b)),
        (Ty::Np(a), b) => weak(a, b),
        (a, Ty::Np(b)) => weak(b, a),
        _ => Err("an operation of something else than numbers"),
    }
}

impl Maker<'_, '_> {
    /// A float of a number; of an int beyond 2**53 where `exact` is not asked for, the nearest.
    pub fn float(&mut self, state: &mut State, value: Val, exact: bool) -> Reg {
        if value.ty.word() == Some(Word::Float) {
            return value.reg;
        }
        if exact && value.ty != Ty::Bool && value.constant.is_none_or(|c| c.abs() > EXACT) {
            let exit = self.exit(state);
            self.emit(state, Op::Within(value.reg, -EXACT, EXACT, exit));
        }
        let to = self.reg(Word::Float);
        self.emit(state, Op::ToFloat(to, value.reg));
        to
    }

    /// The number as an element of a dtype of floats.
    fn as_float(&mut self, state: &mut State, value: Val, dtype: DType) -> Reg {
        let reg = self.float(state, value, dtype == DType::F32);
        if dtype == DType::F32 && value.ty != Ty::Np(DType::F32) {
            let to = self.reg(Word::Float);
            self.emit(state, Op::Single(to, reg));
            return to;
        }
        reg
    }

    /// Leaves where a whole number is none of the dtype.
    pub fn within(&mut self, state: &mut State, value: Val, dtype: DType) -> Made<()> {
        if dtype == DType::I64 {
            return Ok(());
        }
        let (low, high) = dtype.int_range().ok_or("whole numbers of another kind")?;
        if value.constant.is_some_and(|c| (low..=high).contains(&(c as i128))) {
            return Ok(());
        }
        let exit = self.exit(state);
        self.emit(state, Op::Within(value.reg, low as i64, high as i64, exit));
        Ok(())
    }

    fn zero(&mut self, state: &State, word: Word) -> Reg {
        let zero = self.reg(word);
        self.emit(state, if word == Word::Int { Op::Int(zero, 0) } else { Op::Float(zero, 0) });
        zero
    }

    fn need_not_zero(&mut self, state: &mut State, reg: Reg, word: Word) {
        let zero = self.zero(state, word);
        let held = self.reg(Word::Int);
        let exit = self.exit(state);
        self.emit(state, Op::Compare(CmpOp::Ne, held, reg, zero));
        self.emit(state, Op::Need(held, exit));
    }

    fn whole(&mut self, state: &mut State, op: IntOp, a: Reg, b: Reg) -> Reg {
        let to = self.reg(Word::Int);
        let exit = self.exit(state);
        self.emit(state, Op::IntOp(op, to, a, b, exit));
        to
    }

    pub fn apply(&mut self, state: &State, function: Extern, args: Vec<Reg>) -> Reg {
        let to = self.reg(Word::Float);
        self.emit(state, Op::Apply { to, function, args });
        to
    }

    pub fn finite(&mut self, state: &mut State, reg: Reg) {
        let exit = self.exit(state);
        self.emit(state, Op::Finite(reg, exit));
    }

    pub fn binary(&mut self, state: &mut State, op: BinOp, a: Val, b: Val) -> Made<Val> {
        if !a.ty.is_number() || !b.ty.is_number() {
            return Err("an operation of something else than numbers");
        }
        let made = |reg, ty| Val { reg, ty, constant: None };
        if !is_python(a.ty) || !is_python(b.ty) {
            return self.binary_numpy(state, op, a, b);
        }
        if a.ty == Ty::Float || b.ty == Ty::Float {
            let (a, b) = (self.float(state, a, false), self.float(state, b, false));
            let reg = self.floats(state, op, a, b)?;
            return Ok(made(reg, Ty::Float));
        }
        let both_bool = a.ty == Ty::Bool && b.ty == Ty::Bool;
        let op = match op {
            BinOp::Div => {
                self.need_not_zero(state, b.reg, Word::Int);
                let (a, b) = (self.float(state, a, true), self.float(state, b, true));
                let to = self.reg(Word::Float);
                self.emit(state, Op::FloatOp(FloatOp::Div, to, a, b));
                return Ok(made(to, Ty::Float));
            }
            op => whole_op(op).ok_or("an operation of ints of another kind")?,
        };
        let bits = matches!(op, IntOp::And | IntOp::Or | IntOp::Xor);
        let reg = self.whole(state, op, a.reg, b.reg);
        Ok(made(reg, if bits && both_bool { Ty::Bool } else { Ty::Int }))
    }

    /// Python's operations of floats.
    fn floats(&mut self, state: &mut State, op: BinOp, a: Reg, b: Reg) -> Made<Reg> {
        let simple = match op {
            BinOp::Add => FloatOp::Add,
            BinOp::Sub => FloatOp::Sub,
            BinOp::Mul => FloatOp::Mul,
            BinOp::Div => {
                self.need_not_zero(state, b, Word::Float);
                FloatOp::Div
            }
            BinOp::FloorDiv | BinOp::Mod => {
                self.need_not_zero(state, b, Word::Float);
                let function = if op == BinOp::Mod { Extern::Mod } else { Extern::FloorDiv };
                return Ok(self.apply(state, function, vec![a, b]));
            }
            BinOp::Pow => {
                // What is no finite float is another matter: a complex number, an error, or an infinity.
                let power = self.apply(state, Extern::Power, vec![a, b]);
                self.finite(state, power);
                return Ok(power);
            }
            _ => return Err("an operation that floats do not have"),
        };
        let to = self.reg(Word::Float);
        self.emit(state, Op::FloatOp(simple, to, a, b));
        Ok(to)
    }

    fn binary_numpy(&mut self, state: &mut State, op: BinOp, a: Val, b: Val) -> Made<Val> {
        let mut dtype = common(a.ty, b.ty)?;
        if op == BinOp::Div && dtype == DType::I64 {
            dtype = DType::F64;
        }
        let made = |reg| Val { reg, ty: Ty::Np(dtype), constant: None };
        if dtype.is_float() {
            let (x, y) = (self.as_float(state, a, dtype), self.as_float(state, b, dtype));
            let simple = match op {
                BinOp::Add => FloatOp::Add,
                BinOp::Sub => FloatOp::Sub,
                BinOp::Mul => FloatOp::Mul,
                BinOp::Div => FloatOp::Div,
                BinOp::Pow if dtype == DType::F64 => {
                    let row = ops::lookup(Module::Numpy, "power").ok_or("a power")?;
                    return Ok(made(self.apply(state, Extern::Row(row), vec![x, y])));
                }
                BinOp::FloorDiv | BinOp::Mod if dtype == DType::F64 => {
                    self.need_not_zero(state, y, Word::Float);
                    let function = if op == BinOp::Mod { Extern::Mod } else { Extern::FloorDiv };
                    let to = self.apply(state, function, vec![x, y]);
                    self.finite(state, to);
                    return Ok(made(to));
                }
                _ => return Err("an operation of NumPy's floats of another kind"),
            };
            let to = self.reg(Word::Float);
            self.emit(state, Op::FloatOp(simple, to, x, y));
            if dtype != DType::F32 {
                return Ok(made(to));
            }
            // The operations of float64, rounded once more, are those of float32 (Figueroa, "When is double rounding
            // innocuous?", 1995).
            let single = self.reg(Word::Float);
            self.emit(state, Op::Single(single, to));
            return Ok(made(single));
        }
        let op = whole_op(op).ok_or("an operation of NumPy's integers of another kind")?;
        let bits = matches!(op, IntOp::And | IntOp::Or | IntOp::Xor);
        match op {
            _ if dtype == DType::U64 => return Err("an operation of uint64"),
            IntOp::Shl | IntOp::Shr | IntOp::Pow => {
                return Err("an operation of NumPy's integers of another kind");
            }
            _ if dtype.is_bool() && !bits => return Err("arithmetic of NumPy's bools"),
            _ => {}
        }
        if !dtype.is_bool() {
            // A weak int must be one of the dtype.
            for value in [a, b] {
                if value.ty == Ty::Int {
                    self.within(state, value, dtype)?;
                }
            }
        }
        let to = self.whole(state, op, a.reg, b.reg);
        if !bits {
            self.within(state, made(to), dtype)?;
        }
        Ok(made(to))
    }

    pub fn compare(&mut self, state: &mut State, op: CmpOp, a: Val, b: Val) -> Made<Val> {
        if matches!(op, CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn) {
            return Err("a comparison of identity or membership");
        }
        if !a.ty.is_number() || !b.ty.is_number() {
            return Err("a comparison of something else than numbers");
        }
        let python = is_python(a.ty) && is_python(b.ty);
        let floats = a.ty.word() == Some(Word::Float) || b.ty.word() == Some(Word::Float);
        let (x, y) = if !floats {
            (a.reg, b.reg)
        } else if !python && common(a.ty, b.ty)? == DType::F32 {
            (self.as_float(state, a, DType::F32), self.as_float(state, b, DType::F32))
        } else {
            (self.float(state, a, true), self.float(state, b, true))
        };
        let to = self.reg(Word::Int);
        self.emit(state, Op::Compare(op, to, x, y));
        Ok(Val { reg: to, ty: if python { Ty::Bool } else { Ty::Np(DType::Bool) }, constant: None })
    }

    /// Its truth, as a word of 0 or 1.
    pub fn truth(&mut self, state: &mut State, value: Val) -> Made<Val> {
        let (reg, word) = match value.ty {
            Ty::Bool | Ty::Np(DType::Bool) => return Ok(value),
            Ty::List(_) => {
                let length = self.reg(Word::Int);
                self.emit(state, Op::Length(length, value.reg));
                (length, Word::Int)
            }
            ty if ty.is_number() => (value.reg, ty.word().ok_or("a truth of no number")?),
            _ => return Err("the truth of no number"),
        };
        let zero = self.zero(state, word);
        let to = self.reg(Word::Int);
        self.emit(state, Op::Compare(CmpOp::Ne, to, reg, zero));
        Ok(Val { reg: to, ty: Ty::Bool, constant: None })
    }

    pub fn unary(&mut self, state: &mut State, op: UnaryOp, value: Val) -> Made<Val> {
        if op == UnaryOp::Not {
            let truth = self.truth(state, value)?;
            let zero = self.zero(state, Word::Int);
            let to = self.reg(Word::Int);
            self.emit(state, Op::Compare(CmpOp::Eq, to, truth.reg, zero));
            return Ok(Val { reg: to, ty: Ty::Bool, constant: None });
        }
        if !value.ty.is_number() {
            return Err("an operation of something else than numbers");
        }
        let ty = if value.ty == Ty::Bool { Ty::Int } else { value.ty };
        let reg = match (op, ty) {
            (UnaryOp::Neg, _) if value.constant.is_some_and(|c| c != i64::MIN) => {
                return Ok(self.int(state, -value.constant.unwrap_or(0)));
            }
            (_, Ty::Np(DType::Bool)) if op != UnaryOp::Invert => {
                return Err("an operation of NumPy's bools");
            }
            (UnaryOp::Pos, _) => value.reg,
            (UnaryOp::Neg, _) if ty.word() == Some(Word::Float) => {
                let to = self.reg(Word::Float);
                self.emit(state, Op::FloatFn(FloatFn::Neg, to, value.reg));
                to
            }
            (UnaryOp::Neg, _) => {
                let zero = self.zero(state, Word::Int);
                let to = self.whole(state, IntOp::Sub, zero, value.reg);
                if let Ty::Np(dtype) = ty {
                    self.within(state, Val { reg: to, ty, constant: None }, dtype)?;
                }
                to
            }
            (UnaryOp::Invert, Ty::Np(DType::Bool)) => {
                let one = self.int(state, 1);
                self.whole(state, IntOp::Xor, value.reg, one.reg)
            }
            (UnaryOp::Invert, Ty::Int | Ty::Np(DType::I8 | DType::I16 | DType::I32 | DType::I64)) => {
                let ones = self.int(state, -1);
                self.whole(state, IntOp::Xor, value.reg, ones.reg)
            }
            _ => return Err("an operation that floats do not have"),
        };
        Ok(Val { reg, ty, constant: None })
    }
}

fn whole_op(op: BinOp) -> Option<IntOp> {
    Some(match op {
        BinOp::Add => IntOp::Add,
        BinOp::Sub => IntOp::Sub,
        BinOp::Mul => IntOp::Mul,
        BinOp::FloorDiv => IntOp::FloorDiv,
        BinOp::Mod => IntOp::Mod,
        BinOp::BitAnd => IntOp::And,
        BinOp::BitOr => IntOp::Or,
        BinOp::BitXor => IntOp::Xor,
        BinOp::LShift => IntOp::Shl,
        BinOp::RShift => IntOp::Shr,
        BinOp::Pow => IntOp::Pow,
        BinOp::Div | BinOp::MatMul => return None,
    })
}
