//! Calls of builtins: those that have operations of their own, and functions of floats.

use super::code::{Extern, FloatFn, Op, Ty, Word};
use super::lower::{Made, Maker};
use super::scope::{State, Val};
use crate::dtype::DType;
use crate::ir::{CmpOp, Expr};
use crate::ops::{self, Host, Math, Run};

impl Maker<'_, '_> {
    pub fn call(&mut self, state: &mut State, func: &Expr, args: &[Expr]) -> Made<Val> {
        let callee = self.callee(state, func)?;
        let mut values = Vec::with_capacity(args.len());
        for arg in args {
            let value = self.expr(state, arg)?;
            // A later argument might be a call, but none assigns what an earlier one has read.
            values.push(value);
        }
        match callee {
            Ty::Function(function) => self.call_function(state, function, &values),
            Ty::Builtin(row) => self.call_row(state, row, &values),
            _ => Err("a call of something else than a function"),
        }
    }

    fn call_row(&mut self, state: &mut State, row: u32, args: &[Val]) -> Made<Val> {
        const OTHER: &str = "a function that is not for here";
        let made = |reg, ty| Ok(Val { reg, ty, constant: None });
        if !args.iter().all(|a| a.ty.is_number()) && !matches!(ops::row(row).run, Run::Host(Host::Len)) {
            return Err(OTHER);
        }
        match (&ops::row(row).run, args) {
            (Run::Host(Host::Len), [a]) => match a.ty {
                Ty::List(_) => {
                    let to = self.reg(Word::Int);
                    self.emit(state, Op::Length(to, a.reg));
                    made(to, Ty::Int)
                }
                Ty::Array(_, axes) if axes > 0 => Ok(self.extent_of(state, a.reg, 0)),
                _ => Err(OTHER),
            },
            (Run::Host(Host::Abs), [a]) => self.absolute(state, *a),
            (Run::Host(Host::Min | Host::Max), [first, others @ ..]) if !others.is_empty() => {
                let least = matches!(ops::row(row).run, Run::Host(Host::Min));
                let word = first.ty.word().ok_or(OTHER)?;
                let mut best = *first;
                for other in others {
                    if other.ty != first.ty {
                        return Err("the extreme of numbers of several types");
                    }
                    let (held, to) = (self.reg(Word::Int), self.reg(word));
                    let op = if least { CmpOp::Lt } else { CmpOp::Gt };
                    self.emit(state, Op::Compare(op, held, other.reg, best.reg));
                    self.emit(state, Op::Select(to, held, other.reg, best.reg));
                    best = Val { reg: to, ty: first.ty, constant: None };
                }
                Ok(best)
            }
            (Run::Host(Host::Int), [a]) => match a.ty.word() {
                Some(Word::Int) => made(a.reg, Ty::Int),
                _ => self.whole_part(state, None, *a),
            },
            (Run::Host(Host::Float), [a]) => {
                let reg = self.float(state, *a, false);
                made(reg, Ty::Float)
            }
            (Run::Host(Host::Bool), [a]) => {
                let truth = self.truth(state, *a)?;
                made(truth.reg, Ty::Bool)
            }
            (Run::Host(Host::Math(function)), _) => self.call_math(state, row, *function, args),
            (Run::Ufunc(_), [a]) if matches!(a.ty, Ty::Float | Ty::Np(DType::F64)) => {
                let to = match ops::row(row).name {
                    "sqrt" => self.float_fn(state, FloatFn::Sqrt, a.reg),
                    "absolute" => self.float_fn(state, FloatFn::Abs, a.reg),
                    "floor" => self.float_fn(state, FloatFn::Floor, a.reg),
                    "ceil" => self.float_fn(state, FloatFn::Ceil, a.reg),
                    "sin" | "cos" | "tan" | "exp" | "log" | "log2" | "log10" | "exp2" | "expm1" | "log1p"
                    | "arcsin" | "arccos" | "arctan" | "sinh" | "cosh" | "tanh" => {
                        self.apply(state, Extern::Row(row), vec![a.reg])
                    }
                    _ => return Err(OTHER),
                };
                made(to, Ty::Np(DType::F64))
            }
            _ => Err(OTHER),
        }
    }

    fn float_fn(&mut self, state: &State, function: FloatFn, a: u32) -> u32 {
        let to = self.reg(Word::Float);
        self.emit(state, Op::FloatFn(function, to, a));
        to
    }

    fn whole_part(&mut self, state: &mut State, first: Option<FloatFn>, value: Val) -> Made<Val> {
        let reg = match first {
            Some(function) => self.float_fn(state, function, value.reg),
            None => value.reg,
        };
        let to = self.reg(Word::Int);
        let exit = self.exit(state);
        self.emit(state, Op::ToInt(to, reg, exit));
        Ok(Val { reg: to, ty: Ty::Int, constant: None })
    }

    fn absolute(&mut self, state: &mut State, value: Val) -> Made<Val> {
        if value.ty.word() == Some(Word::Float) {
            let reg = self.float_fn(state, FloatFn::Abs, value.reg);
            return Ok(Val { reg, ..value });
        }
        if value.ty != Ty::Int {
            return Err("the absolute value of NumPy's integers");
        }
        let negative = self.unary(state, crate::ir::UnaryOp::Neg, value)?;
        let zero = self.int(state, 0);
        let (held, to) = (self.reg(Word::Int), self.reg(Word::Int));
        self.emit(state, Op::Compare(CmpOp::Lt, held, value.reg, zero.reg));
        self.emit(state, Op::Select(to, held, negative.reg, value.reg));
        Ok(Val { reg: to, ty: Ty::Int, constant: None })
    }

    /// Python's `math`: where a result is not finite, there may be an error to be raised.
    fn call_math(&mut self, state: &mut State, row: u32, function: Math, args: &[Val]) -> Made<Val> {
        let whole = |a: &Val| a.ty.word() == Some(Word::Int);
        match (function, args) {
            (Math::Floor | Math::Ceil | Math::Trunc, [a]) if whole(a) => {
                return Ok(Val { ty: Ty::Int, ..*a });
            }
            (Math::Floor, [a]) => return self.whole_part(state, Some(FloatFn::Floor), *a),
            (Math::Ceil, [a]) => return self.whole_part(state, Some(FloatFn::Ceil), *a),
            (Math::Trunc, [a]) => return self.whole_part(state, None, *a),
            (Math::Pow, [a, b]) => {
                let (a, b) = (self.float(state, *a, false), self.float(state, *b, false));
                let power = self.apply(state, Extern::Row(row), vec![a, b]);
                self.finite(state, power);
                return Ok(Val { reg: power, ty: Ty::Float, constant: None });
            }
            _ => {}
        }
        let one = matches!(
            function,
            Math::Acos
                | Math::Acosh
                | Math::Asin
                | Math::Asinh
                | Math::Atan
                | Math::Atanh
                | Math::Cbrt
                | Math::Cos
                | Math::Cosh
                | Math::Erf
                | Math::Erfc
                | Math::Exp
                | Math::Exp2
                | Math::Expm1
                | Math::Fabs
                | Math::Log
                | Math::Log10
                | Math::Log1p
                | Math::Log2
                | Math::Sin
                | Math::Sinh
                | Math::Sqrt
                | Math::Tan
                | Math::Tanh
        );
        let two = matches!(function, Math::Atan2 | Math::Copysign | Math::Fmod);
        let count = if one {
            1
        } else if two {
            2
        } else {
            0
        };
        if args.is_empty() || args.len() != count {
            return Err("a function of the math module that is not for here");
        }
        let regs: Vec<u32> = args.iter().map(|a| self.float(state, *a, false)).collect();
        let to = match function {
            Math::Sqrt => self.float_fn(state, FloatFn::Sqrt, regs[0]),
            Math::Fabs => self.float_fn(state, FloatFn::Abs, regs[0]),
            _ => self.apply(state, Extern::Row(row), regs),
        };
        self.finite(state, to);
        Ok(Val { reg: to, ty: Ty::Float, constant: None })
    }
}
