//! Expressions.

use super::code::{Extern, FloatFn, Item, Op, Ty, Word};
use super::lower::{Made, Maker, State, Val};
use crate::dtype::DType;
use crate::ir::{CmpOp, Const, Expr, ExprKind, Var};
use crate::ops::modules::{MODULES, constant_of};
use crate::ops::{self, Constant, Host, Math, Run};

impl Maker<'_, '_> {
    pub fn expr(&mut self, state: &mut State, expr: &Expr) -> Made<Val> {
        match &expr.kind {
            ExprKind::Const(Const::Int(i)) => Ok(self.int(state, *i)),
            ExprKind::Const(Const::Bool(b)) => {
                let value = self.int(state, *b as i64);
                Ok(Val { ty: Ty::Bool, constant: None, ..value })
            }
            ExprKind::Const(Const::Float(bits)) => Ok(self.literal(state, f64::from_bits(*bits))),
            ExprKind::Var(var) => self.read(state, *var),
            ExprKind::Unary(op, operand) => {
                let value = self.expr(state, operand)?;
                self.unary(state, *op, value)
            }
            ExprKind::Binary(op, left, right) => {
                let left = self.expr(state, left)?;
                let right = self.expr(state, right)?;
                self.binary(state, *op, left, right)
            }
            ExprKind::Compare(first, rest) => {
                if let [(op, right)] = rest.as_slice() {
                    let left = self.expr(state, first)?;
                    let right = self.expr(state, right)?;
                    return self.compare(state, *op, left, right);
                }
                Err("the value of a chain of comparisons")
            }
            ExprKind::And(operands) | ExprKind::Or(operands) => {
                self.and_or(state, operands, matches!(expr.kind, ExprKind::And(_)))
            }
            ExprKind::IfElse { test, body, orelse } => {
                let (yes, no) = self.test(state, test)?;
                state.block = yes;
                let first = self.expr(state, body)?;
                let result = self.copy(state, first)?;
                let end = self.block();
                self.emit(state, Op::Jump(end));
                state.block = no;
                let second = self.expr(state, orelse)?;
                if second.ty != first.ty {
                    return Err("an expression of several types");
                }
                self.emit(state, Op::Move(result.reg, second.reg));
                self.emit(state, Op::Jump(end));
                state.block = end;
                Ok(Val { constant: None, ..result })
            }
            ExprKind::Index(base, index) => self.element(state, base, index),
            ExprKind::Attr(base, name) => self.attribute(state, base, name),
            ExprKind::Call { func, args, keywords } if keywords.is_empty() => self.call(state, func, args),
            _ => Err("an expression of another kind"),
        }
    }

    fn literal(&mut self, state: &State, value: f64) -> Val {
        let reg = self.reg(Word::Float);
        self.emit(state, Op::Float(reg, value.to_bits()));
        Val { reg, ty: Ty::Float, constant: None }
    }

    /// `a and b`, `a or b`, of values of one type.
    fn and_or(&mut self, state: &mut State, operands: &[Expr], all: bool) -> Made<Val> {
        let end = self.block();
        let mut result: Option<Val> = None;
        for (i, operand) in operands.iter().enumerate() {
            let value = self.expr(state, operand)?;
            let to = match result {
                None => self.copy(state, value)?,
                Some(first) if first.ty == value.ty => {
                    self.emit(state, Op::Move(first.reg, value.reg));
                    first
                }
                Some(_) => return Err("an expression of several types"),
            };
            result = Some(Val { constant: None, ..to });
            if i + 1 == operands.len() {
                self.emit(state, Op::Jump(end));
                break;
            }
            let truth = self.truth(state, to)?;
            let next = self.block();
            let (yes, no) = if all { (next, end) } else { (end, next) };
            self.emit(state, Op::Branch(truth.reg, yes, no));
            state.block = next;
        }
        state.block = end;
        result.ok_or("an empty condition")
    }

    /// A variable that holds a word, or is a constant of the program.
    pub fn read(&mut self, state: &State, var: Var) -> Made<Val> {
        let ty = self.kind_of(state, var)?;
        let Some(word) = ty.word() else {
            return Err(match ty {
                Ty::Unbound => "a variable that is not bound yet",
                Ty::Other => "a value that is no number, array of memory or list",
                _ => "a function as a value",
            });
        };
        if let (Some(function), Var::Global(_)) = (self.scope.function, var) {
            let variable = self.captured(function, var)?;
            let reg = self.reg(word);
            self.emit(state, Op::Slot(reg, variable.slot));
            return Ok(Val { reg, ty, constant: None });
        }
        let index = self.variable(var);
        Ok(Val { reg: self.home(index, word), ty, constant: None })
    }

    fn kind_of(&mut self, state: &State, var: Var) -> Made<Ty> {
        match (self.scope.function, var) {
            (Some(function), Var::Global(_)) => Ok(self.captured(function, var)?.ty),
            (Some(_), Var::Cell(_)) => Err("a function that shares variables"),
            _ => {
                let index = self.variable(var);
                Ok(self.type_of(state, index))
            }
        }
    }

    /// What is called.
    pub fn callee(&mut self, state: &State, func: &Expr) -> Made<Ty> {
        match &func.kind {
            ExprKind::Var(var) => self.kind_of(state, *var),
            ExprKind::Attr(base, name) => match self.callee(state, base)? {
                Ty::Module(module) => member(module, name).ok_or("a name of a module"),
                _ => Err("a method"),
            },
            _ => Err("a call of an expression"),
        }
    }

    fn attribute(&mut self, state: &mut State, base: &Expr, name: &str) -> Made<Val> {
        if let Ok(Ty::Module(module)) = self.callee(state, base) {
            return match constant_of(module, name) {
                Some(Constant::Float(value)) => Ok(self.literal(state, value)),
                Some(Constant::Int(value)) => Ok(self.int(state, value)),
                _ => Err("a name of a module"),
            };
        }
        let value = self.expr(state, base)?;
        match (value.ty, name) {
            (Ty::Array(_, axes), "ndim") => Ok(self.int(state, axes as i64)),
            (Ty::Array(_, 1), "size") => Ok(self.extent_of(state, value.reg, 0)),
            _ => Err("an attribute"),
        }
    }

    /// A statement that is an expression.
    pub fn effect(&mut self, state: &mut State, expr: &Expr) -> Made<()> {
        let ExprKind::Call { func, args, keywords } = &expr.kind else {
            return match &expr.kind {
                ExprKind::Const(_) => Ok(()),
                _ => Err("an expression for its effect"),
            };
        };
        if let (ExprKind::Attr(base, name), [arg], []) = (&func.kind, args.as_slice(), keywords.as_slice())
            && name == "append"
            && self.scope.function.is_none()
        {
            let list = self.expr(state, base)?;
            let value = self.expr(state, arg)?;
            let item = Item::of(value.ty);
            if matches!(list.ty, Ty::List(_)) && item != Item::Unknown {
                self.emit(state, Op::Append { list: list.reg, value: value.reg, item });
                return Ok(());
            }
        }
        Err("an expression for its effect")
    }

    fn call(&mut self, state: &mut State, func: &Expr, args: &[Expr]) -> Made<Val> {
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

/// What a name of a module is.
fn member(module: &'static str, name: &str) -> Option<Ty> {
    let inner = MODULES.iter().find(|(full, _)| full.rsplit_once('.') == Some((module, name)));
    if let Some((full, _)) = inner {
        return Some(Ty::Module(full));
    }
    if constant_of(module, name).is_some() {
        return None;
    }
    let (_, table) = MODULES.iter().find(|(full, _)| *full == module)?;
    ops::lookup(*table, name).map(Ty::Builtin)
}
