//! `try` and `with`: what runs when a block ends by an error.
//!
//! An error is the same on all ranks when it gets here (or the rank works by itself, in a local function), so all of them
//! take the same handler. What cannot be caught: a
//! failure of the team; and, by a class more general than itself, a refusal (NotImplementedError) of the language's own,
//! for a program that goes on after one would do something else than it does in Python.

use std::rc::Rc;

use lang::error::Class;
use lang::ir::{Expr, Handler, Stmt, Target};

use super::Machine;
use super::exception::Exception;
use super::frame::{Flow, Frame};
use super::raise::{Eval, Raised, type_error};
use super::types::as_class;
use crate::value::Value;

impl Machine {
    pub(super) fn try_stmt(
        &mut self,
        frame: &mut Frame,
        body: &[Stmt],
        handlers: &[Handler],
        orelse: &[Stmt],
        finally: &[Stmt],
    ) -> Eval<Flow> {
        let outcome = match self.block(frame, body) {
            Ok(Flow::Next) => self.block(frame, orelse),
            Ok(flow) => Ok(flow),
            Err(raised) => match self.handler(frame, raised, handlers) {
                Ok((handler, exception)) => {
                    let flow = self.while_handling(&exception, |machine| machine.block(frame, &handler.body));
                    self.handled(frame, handler);
                    flow
                }
                Err(raised) => Err(raised),
            },
        };
        if finally.is_empty() {
            return outcome;
        }
        match outcome {
            Ok(flow) => match self.block(frame, finally)? {
                Flow::Next => Ok(flow),
                other => Ok(other),
            },
            Err(raised) if self.lets_pass(&raised) => Err(raised),
            Err(raised) => {
                let exception = self.caught(*raised);
                match self.while_handling(&exception, |machine| machine.block(frame, finally))? {
                    Flow::Next => Err(exception.raise(true)),
                    other => Ok(other),
                }
            }
        }
    }

    /// What no handler sees: a failure of the team; and an interrupt in a local function, which all ranks have to leave.
    pub(super) fn lets_pass(&self, raised: &Raised) -> bool {
        match raised.error.class {
            Class::EngineError => true,
            Class::KeyboardInterrupt => self.ctx.alone,
            _ => false,
        }
    }

    /// The first handler whose class is the error's, with its target bound.
    ///
    /// # Errors
    /// The error where there is none, and what comes of looking for it.
    pub(super) fn handler<'h>(
        &mut self,
        frame: &mut Frame,
        raised: Box<Raised>,
        handlers: &'h [Handler],
    ) -> Eval<(&'h Handler, Rc<Exception>)> {
        if self.lets_pass(&raised) || handlers.is_empty() {
            return Err(raised);
        }
        let exception = self.caught(*raised);
        for handler in handlers {
            let matches = self.while_handling(&exception, |machine| {
                let held = match &handler.class {
                    None => Ok(!exception.refusal.get()),
                    Some(class) => machine.catches(frame, class, &exception),
                };
                held.map_err(|mut raised| {
                    frame.locate(&mut raised, handler.span);
                    raised
                })
            })?;
            if !matches {
                continue;
            }
            if let Some(target) = &handler.target {
                self.while_handling(&exception, |machine| {
                    machine.assign(frame, target, Value::Exception(exception.clone()))
                })?;
            }
            return Ok((handler, exception));
        }
        Err(exception.raise(true))
    }

    /// After a handler: its name is no more. It may have deleted it already.
    pub(super) fn handled(&mut self, frame: &mut Frame, handler: &Handler) {
        if let Some(target) = &handler.target {
            let _ = self.delete(frame, target);
        }
    }

    /// Whether `except class` takes the exception.
    fn catches(&mut self, frame: &mut Frame, class: &Expr, exception: &Exception) -> Eval<bool> {
        let class = self.eval(frame, class)?;
        let classes = match &class {
            Value::Tuple(items) => items.to_vec(),
            one => vec![one.clone()],
        };
        let mut held = false;
        for class in &classes {
            let builtin = as_class(class).and_then(Class::named);
            let known = match class {
                Value::Class(class) => class.exception().is_some(),
                _ => builtin.is_some(),
            };
            if !known {
                return type_error("catching classes that do not inherit from BaseException is not allowed");
            }
            held |= match exception.refusal.get() {
                true => builtin == Some(Class::NotImplementedError),
                false => exception.is_a(class),
            };
        }
        Ok(held)
    }

    /// The exception of an error that is being handled from now on.
    pub(super) fn caught(&mut self, raised: Raised) -> Rc<Exception> {
        let new = raised.exception.is_none();
        let exception = Exception::of(raised);
        if let (true, Some(handled)) = (new, self.handling.last()) {
            exception.set_context(handled);
        }
        exception
    }

    /// Runs what handles an exception: `raise` alone raises it again, and what is raised has it as its context.
    pub(super) fn while_handling<T>(
        &mut self,
        exception: &Rc<Exception>,
        work: impl FnOnce(&mut Machine) -> Eval<T>,
    ) -> Eval<T> {
        self.handling.push(exception.clone());
        let done = work(self).map_err(|raised| match raised.exception {
            // An error of a builtin's.
            None if raised.error.class != Class::EngineError => {
                let located = raised.located;
                let next = Exception::of(*raised);
                next.set_context(exception);
                next.raise(located)
            }
            _ => raised,
        });
        self.handling.pop();
        done
    }

    /// `with`: the first manager is entered, and left however the rest ends.
    pub(super) fn with_stmt(
        &mut self,
        frame: &mut Frame,
        items: &[(Expr, Option<Target>)],
        body: &[Stmt],
    ) -> Eval<Flow> {
        let Some(((manager, target), rest)) = items.split_first() else {
            return self.block(frame, body);
        };
        let (manager, bound) = self.entered(frame, manager, target.as_ref())?;
        let outcome = bound.and_then(|()| self.with_stmt(frame, rest, body));
        self.leave_context(&manager, outcome)
    }

    /// A manager that has been entered, and how the binding of its target ended.
    pub(super) fn entered(
        &mut self,
        frame: &mut Frame,
        manager: &Expr,
        target: Option<&Target>,
    ) -> Eval<(Value, Eval<()>)> {
        let span = manager.span;
        let manager = self.eval(frame, manager)?;
        let entered = self.enter_context(&manager).map_err(|mut raised| {
            frame.locate(&mut raised, span);
            raised
        })?;
        let bound = match target {
            Some(target) => self.assign(frame, target, entered),
            None => Ok(()),
        };
        Ok((manager, bound))
    }

    /// Leaves a manager after its block has ended so.
    pub(super) fn leave_context(&mut self, manager: &Value, outcome: Eval<Flow>) -> Eval<Flow> {
        match outcome {
            Ok(flow) => {
                self.exit_context(manager, None)?;
                Ok(flow)
            }
            Err(raised) if self.lets_pass(&raised) => Err(raised),
            Err(raised) => {
                let exception = self.caught(*raised);
                match self
                    .while_handling(&exception, |machine| machine.exit_context(manager, Some(&exception)))?
                {
                    true => Ok(Flow::Next),
                    false => Err(exception.raise(true)),
                }
            }
        }
    }
}
