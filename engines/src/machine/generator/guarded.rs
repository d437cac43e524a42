//! `try` and `with` in functions that `yield`: which part of them runs is remembered where they stop.

use std::rc::Rc;

use lang::ir::{Expr, Handler, Stmt, Target};

use super::{Resume, Step};
use crate::machine::Machine;
use crate::machine::exception::Exception;
use crate::machine::frame::{Flow, Frame};
use crate::machine::raise::Eval;

impl Machine {
    pub(super) fn yielding_try(
        &mut self,
        frame: &mut Frame,
        body: &[Stmt],
        handlers: &[Handler],
        orelse: &[Stmt],
        finally: &[Stmt],
        resume: &mut Resume,
    ) -> Eval<Flow> {
        let ended = match resume.step() {
            Some(Step::Finally(ended)) => ended,
            step => {
                let outcome = match step {
                    Some(Step::Handler(at, exception)) => {
                        self.yielding_handler(frame, handlers, at, exception, resume)
                    }
                    Some(Step::Guarded(false)) => self.part(frame, orelse, Step::Guarded(false), resume),
                    _ => match self.part(frame, body, Step::Guarded(true), resume) {
                        Ok(Flow::Next) => self.part(frame, orelse, Step::Guarded(false), resume),
                        Ok(flow) => Ok(flow),
                        Err(raised) => {
                            self.handler(frame, raised, handlers).and_then(|(handler, exception)| {
                                let at = handlers.iter().position(|h| std::ptr::eq(h, handler)).unwrap_or(0);
                                self.yielding_handler(frame, handlers, at, exception, resume)
                            })
                        }
                    },
                };
                match outcome {
                    Ok(Flow::Yield(value)) => return Ok(Flow::Yield(value)),
                    outcome if finally.is_empty() => return outcome,
                    Ok(flow) => Ok(flow),
                    Err(raised) if self.lets_pass(&raised) => return Err(raised),
                    Err(raised) => Err(self.caught(*raised)),
                }
            }
        };
        let flow = match &ended {
            Ok(_) => self.yielding_block(frame, finally, resume)?,
            Err(exception) => {
                self.while_handling(exception, |machine| machine.yielding_block(frame, finally, resume))?
            }
        };
        match (flow, ended) {
            (Flow::Yield(value), ended) => {
                resume.way.push(Step::Finally(ended));
                Ok(Flow::Yield(value))
            }
            (Flow::Next, Ok(flow)) => Ok(flow),
            (Flow::Next, Err(exception)) => Err(exception.raise(true)),
            (flow, _) => Ok(flow),
        }
    }

    fn yielding_handler(
        &mut self,
        frame: &mut Frame,
        handlers: &[Handler],
        at: usize,
        exception: Rc<Exception>,
        resume: &mut Resume,
    ) -> Eval<Flow> {
        let handler = &handlers[at];
        let flow =
            self.while_handling(&exception, |machine| machine.yielding_block(frame, &handler.body, resume));
        match flow {
            Ok(Flow::Yield(_)) => resume.way.push(Step::Handler(at, exception)),
            _ => self.handled(frame, handler),
        }
        flow
    }

    pub(super) fn yielding_with(
        &mut self,
        frame: &mut Frame,
        items: &[(Expr, Option<Target>)],
        body: &[Stmt],
        resume: &mut Resume,
    ) -> Eval<Flow> {
        let Some(((manager, target), rest)) = items.split_first() else {
            return self.yielding_block(frame, body, resume);
        };
        let (manager, bound) = match resume.step() {
            Some(Step::Manager(manager)) => (manager, Ok(())),
            _ => self.entered(frame, manager, target.as_ref())?,
        };
        match bound.and_then(|()| self.yielding_with(frame, rest, body, resume)) {
            Ok(Flow::Yield(value)) => {
                resume.way.push(Step::Manager(manager));
                Ok(Flow::Yield(value))
            }
            outcome => self.leave_context(&manager, outcome),
        }
    }
}
