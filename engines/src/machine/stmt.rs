//! Statements.

use lang::error::Class;
use lang::ir::{Expr, ExprKind, Stmt, StmtKind, Target, UnaryOp};

use super::frame::{Flow, Frame};
use super::native::{Resumed, Turns};
use super::raise::Eval;
use super::{Exception, Machine, modules};
use crate::value::Value;

impl Machine {
    pub(super) fn block(&mut self, frame: &mut Frame, body: &[Stmt]) -> Eval<Flow> {
        if self.profile.is_some() {
            return self.profiled_block(frame, body);
        }
        for stmt in body {
            match self.stmt(frame, stmt)? {
                Flow::Next => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    pub(super) fn stmt(&mut self, frame: &mut Frame, stmt: &Stmt) -> Eval<Flow> {
        let done = match self.ctx.safe_point() {
            Ok(()) => self.stmt_kind(frame, &stmt.kind),
            Err(interrupt) => Err(interrupt.into()),
        };
        if self.left.any() {
            self.close_left()?;
        }
        done.map_err(|mut raised| {
            frame.locate(&mut raised, stmt.span);
            raised
        })
    }

    fn stmt_kind(&mut self, frame: &mut Frame, kind: &StmtKind) -> Eval<Flow> {
        match kind {
            StmtKind::Expr(expr) => {
                self.eval(frame, expr)?;
            }
            StmtKind::Assign { targets, value } => {
                if let [target] = targets.as_slice() {
                    return self.assign_one(frame, target, value);
                }
                let value = self.eval(frame, value)?;
                self.assign_all(frame, targets, value)?;
            }
            StmtKind::AugAssign { target, op, value } => self.augment(frame, target, *op, value)?,
            StmtKind::If { test, body, orelse } => {
                let branch = if self.test(frame, test)? { body } else { orelse };
                return self.block(frame, branch);
            }
            StmtKind::While { .. } => {
                return self.reported(frame, None, |machine, frame, reported| {
                    machine.while_loop(frame, kind, Resumed::No, reported)
                });
            }
            StmtKind::For { target, iter, body, orelse } => {
                let iterable = self.eval(frame, iter)?;
                return self.reported(frame, turns(&iterable), |machine, frame, reported| {
                    match Turns::of(machine, &iterable)? {
                        Some(turns) => machine.for_turns(frame, kind, turns, Resumed::No, reported),
                        None => machine.for_loop(frame, target, &iterable, body, orelse, reported),
                    }
                });
            }
            StmtKind::Def { target, function, decorators } => {
                let decorators = self.eval_all(frame, decorators)?;
                let closure = self.closure(frame, *function)?;
                let decorated = self.decorate(decorators, closure)?;
                self.assign(frame, target, decorated)?;
            }
            StmtKind::Class { target, bases, function, class_cell, decorators } => {
                let decorators = self.eval_all(frame, decorators)?;
                let class = self.make_class(frame, bases, *function, *class_cell)?;
                let decorated = self.decorate(decorators, class)?;
                self.assign(frame, target, decorated)?;
            }
            StmtKind::Try { body, handlers, orelse, finally } => {
                return self.try_stmt(frame, body, handlers, orelse, finally);
            }
            StmtKind::With { items, body } => return self.with_stmt(frame, items, body),
            // Only functions that are generators have one, and they are run by `yielding_block`.
            StmtKind::Yield { .. } => {
                return super::raise::raise(Class::SyntaxError, "'yield' outside function");
            }
            StmtKind::Return(None) => return Ok(Flow::Return(Value::None)),
            StmtKind::Return(Some(value)) => return Ok(Flow::Return(self.eval(frame, value)?)),
            StmtKind::Del(targets) => {
                for target in targets {
                    self.delete(frame, target)?;
                }
            }
            StmtKind::Assert { test, message } => {
                if !self.test(frame, test)? {
                    let args = match message {
                        Some(message) => vec![self.eval(frame, message)?],
                        None => Vec::new(),
                    };
                    return Err(self.raised(Exception::new(Class::AssertionError, args)));
                }
            }
            StmtKind::Raise { exception: Some(exception), cause } => {
                let exception = self.eval(frame, exception)?;
                let cause = match cause {
                    Some(cause) => Some(self.eval(frame, cause)?),
                    None => None,
                };
                self.raise_from(&exception, cause.as_ref()).inspect_err(|raised| {
                    // The prelude speaks for the language.
                    if frame.is_prelude() && raised.error.class == Class::NotImplementedError {
                        raised.exception.iter().for_each(|e| e.refusal.set(true));
                    }
                })?;
            }
            StmtKind::Raise { exception: None, .. } => self.raise_again()?,
            StmtKind::Import { target, module, name } => {
                let value = modules::import(module, name.as_deref())?;
                self.assign(frame, target, value)?;
            }
            StmtKind::Break => return Ok(Flow::Break),
            StmtKind::Continue => return Ok(Flow::Continue),
            StmtKind::Pass => {}
        }
        Ok(Flow::Next)
    }

    fn decorate(&mut self, decorators: Vec<Value>, mut value: Value) -> Eval<Value> {
        for decorator in decorators.into_iter().rev() {
            value = self.call(&decorator, vec![value], Vec::new())?;
        }
        Ok(value)
    }

    #[inline]
    fn assign_one(&mut self, frame: &mut Frame, target: &Target, value: &Expr) -> Eval<Flow> {
        let value = self.eval(frame, value)?;
        match target {
            Target::Name(var, _) => self.bind_var(frame, *var, value),
            Target::Index { base, index, .. } if self.quick_store(frame, base, index, &value) => {}
            Target::Attr { base: Expr { kind: ExprKind::Var(var), .. }, name, .. } if matches!(self.peek(frame, *var), Some(Value::Object(o)) if o.set_plain_field(name, &value)) =>
                {}
            _ => self.assign(frame, target, value)?,
        }
        Ok(Flow::Next)
    }

    fn assign_all(&mut self, frame: &mut Frame, targets: &[Target], value: Value) -> Eval<()> {
        let Some((last, others)) = targets.split_last() else {
            return Ok(());
        };
        for target in others {
            self.assign(frame, target, value.clone())?;
        }
        self.assign(frame, last, value)
    }

    /// The truth of a condition.
    pub(super) fn test(&mut self, frame: &mut Frame, test: &Expr) -> Eval<bool> {
        match &test.kind {
            ExprKind::And(operands) | ExprKind::Or(operands) => {
                let stop = matches!(test.kind, ExprKind::Or(_));
                for operand in operands {
                    if self.test(frame, operand)? == stop {
                        return Ok(stop);
                    }
                }
                return Ok(!stop);
            }
            ExprKind::Unary(UnaryOp::Not, operand) => return Ok(!self.test(frame, operand)?),
            _ => {}
        }
        if let Some(held) = self.number(frame, test).truth() {
            return Ok(held);
        }
        match self.eval(frame, test)? {
            Value::Bool(truth) => Ok(truth),
            value => self.truth(&value).map_err(|mut raised| {
                frame.locate(&mut raised, test.span);
                raised
            }),
        }
    }

    /// Runs a loop; one at the top level is reported on, with its turns, of which there are `of`.
    fn reported(
        &mut self,
        frame: &mut Frame,
        of: Option<usize>,
        run: impl FnOnce(&mut Machine, &mut Frame, bool) -> Eval<Flow>,
    ) -> Eval<Flow> {
        let reported = frame.function.is_none() && self.ctx.control.progress.enter(of);
        let flow = run(self, frame, reported);
        if reported {
            self.ctx.control.progress.leave();
        }
        flow
    }

    fn for_loop(
        &mut self,
        frame: &mut Frame,
        target: &Target,
        iterable: &Value,
        body: &[Stmt],
        orelse: &[Stmt],
        reported: bool,
    ) -> Eval<Flow> {
        let mut iter = self.iter(iterable)?;
        let mut turns = 0;
        while let Some(value) = self.next(&mut iter)? {
            if reported {
                self.ctx.control.progress.turn(turns);
                turns += 1;
            }
            self.assign(frame, target, value)?;
            match self.block(frame, body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                flow => return Ok(flow),
            }
            self.ctx.safe_point()?;
        }
        self.block(frame, orelse)
    }
}

/// How often a loop over the value turns, where that is known without looking at what it yields.
fn turns(iterable: &Value) -> Option<usize> {
    match iterable {
        Value::Range(range) => Some(range.len()),
        Value::List(items) => Some(items.borrow().len()),
        Value::Tuple(items) => Some(items.len()),
        Value::Array(array) => array.shape().first().copied(),
        Value::Dict(dict) | Value::View(dict, _) => Some(dict.borrow().len()),
        Value::Str(text) => Some(text.chars().count()),
        _ => None,
    }
}
