//! Expressions.

use super::code::{Item, Op, Ty, Word};
use super::lower::{Made, Maker};
use super::scope::{State, Val};
use crate::ir::{Const, Expr, ExprKind, Var};
use crate::ops::modules::{MODULES, constant_of};
use crate::ops::{self, Constant};

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
