//! Functions that `yield`: a frame that stops in the middle of its statements, and goes on from there.
//!
//! A generator remembers the way to the statement where it stopped: in each block the index of a statement, in each
//! loop what is left to go through, in each `try` which part of it runs. To go on, the blocks are entered again along
//! that way (`guarded` has those of `try` and `with`).

mod guarded;
mod left;

use std::cell::RefCell;
use std::rc::Rc;

use lang::error::{Class, Error};
use lang::ir::{Expr, Stmt, StmtKind, Target};

use super::call::{STACK_LOW, STACK_MORE};
use super::exception::Exception;
use super::frame::{Cell, Flow, Frame};
use super::raise::{Eval, raise, type_error};
use super::{Iter, Machine};
use crate::value::{Closure, Value};
pub use left::Left;

/// A call of such a function.
pub struct Generator {
    closure: Rc<Closure>,
    locals: Vec<Option<Value>>,
    cells: Vec<Cell>,
    state: State,
    /// Where it is kept when nobody holds it and it has blocks to leave.
    left: Rc<Left>,
}

/// What a generator goes on with: what its `yield` gives, or raises.
pub enum Sent {
    Value(Value),
    Raised(Rc<Exception>),
}

enum State {
    /// Nothing has run.
    New,
    Stopped(Way),
    Running,
    /// With what it returned, until somebody asks.
    Ended(Value),
}

/// Where a generator stopped, the innermost step first.
type Way = Vec<Step>;

enum Step {
    /// The statement of that index in a block.
    At(usize),
    /// The branch of an `if`, or of a loop: its body or its `else`.
    Branch(bool),
    /// What a `for` has left.
    Rest(Iter),
    /// The body of a `try`, or its `else`.
    Guarded(bool),
    /// The handler of a `try`, of the exception.
    Handler(usize, Rc<Exception>),
    /// The `finally` of a `try`, and how what was before it ended.
    Finally(Result<Flow, Rc<Exception>>),
    /// A manager that was entered.
    Manager(Value),
}

/// What a body is run with: the way to where it stopped, while that is being gone.
struct Resume {
    way: Way,
    /// The way is being gone.
    going: bool,
    /// What the `yield` gives that it leads to.
    sent: Sent,
}

impl Resume {
    /// The next step of the way, while it is being gone.
    fn step(&mut self) -> Option<Step> {
        if self.going { self.way.pop() } else { None }
    }

    /// The end of the way: what was sent.
    fn arrive(&mut self) -> Sent {
        self.going = false;
        std::mem::replace(&mut self.sent, Sent::Value(Value::None))
    }
}

impl Generator {
    pub fn new(
        closure: Rc<Closure>,
        locals: Vec<Option<Value>>,
        cells: Vec<Cell>,
        left: Rc<Left>,
    ) -> Generator {
        Generator { closure, locals, cells, state: State::New, left }
    }
}

impl Machine {
    /// Runs a generator to its next `yield`; None at its end.
    pub(super) fn resume(&mut self, generator: &mut Generator, sent: Sent) -> Eval<Option<Value>> {
        let (way, going) = match (std::mem::replace(&mut generator.state, State::Running), &sent) {
            (State::Running, _) => return super::raise::value_error("generator already executing"),
            (State::New | State::Ended(_), Sent::Raised(exception)) => {
                generator.end();
                return Err(self.raised(exception.clone()));
            }
            (State::New, Sent::Value(value)) if !matches!(value, Value::None) => {
                generator.state = State::New;
                return type_error("can't send non-None value to a just-started generator");
            }
            (State::New, _) => (Vec::new(), false),
            (State::Stopped(way), _) => (way, true),
            (State::Ended(value), _) => {
                generator.state = State::Ended(value);
                return Ok(None);
            }
        };
        if self.depth + 1 >= super::call::RECURSION_LIMIT {
            return raise(Class::RecursionError, "maximum recursion depth exceeded");
        }
        let closure = generator.closure.clone();
        let mut frame = Frame {
            locals: std::mem::take(&mut generator.locals),
            cells: std::mem::take(&mut generator.cells),
            unit: &closure.unit,
            function: Some(&closure.function),
        };
        let mut resume = Resume { way, going, sent };
        self.depth += 1;
        let flow = stacker::maybe_grow(STACK_LOW, STACK_MORE, || {
            self.yielding_block(&mut frame, &closure.function.body, &mut resume)
        });
        self.depth -= 1;
        match flow {
            Ok(Flow::Yield(value)) => {
                (generator.locals, generator.cells) =
                    (std::mem::take(&mut frame.locals), std::mem::take(&mut frame.cells));
                generator.state = State::Stopped(resume.way);
                Ok(Some(value))
            }
            Ok(flow) => {
                let returned = if let Flow::Return(value) = flow { value } else { Value::None };
                generator.state = State::Ended(returned);
                Ok(None)
            }
            Err(mut raised) => {
                generator.state = State::Ended(Value::None);
                raised.located = false;
                if raised.error.class == Class::StopIteration {
                    let error = Error::new(Class::RuntimeError, "generator raised StopIteration");
                    return Err(error.into());
                }
                Err(raised)
            }
        }
    }

    fn yielding_block(&mut self, frame: &mut Frame, body: &[Stmt], resume: &mut Resume) -> Eval<Flow> {
        let first = match resume.step() {
            Some(Step::At(i)) => i,
            _ => 0,
        };
        for (i, stmt) in body.iter().enumerate().skip(first) {
            match self.yielding_stmt(frame, stmt, resume)? {
                Flow::Next => {}
                Flow::Yield(value) => {
                    resume.way.push(Step::At(i));
                    return Ok(Flow::Yield(value));
                }
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    fn yielding_stmt(&mut self, frame: &mut Frame, stmt: &Stmt, resume: &mut Resume) -> Eval<Flow> {
        let compound = matches!(
            stmt.kind,
            StmtKind::Yield { .. }
                | StmtKind::If { .. }
                | StmtKind::While { .. }
                | StmtKind::For { .. }
                | StmtKind::Try { .. }
                | StmtKind::With { .. }
        );
        if !compound {
            return self.stmt(frame, stmt);
        }
        let done = match self.ctx.safe_point() {
            Ok(()) => self.yielding_kind(frame, &stmt.kind, resume),
            Err(error) => Err(error.into()),
        };
        if self.left.any() {
            self.close_left()?;
        }
        done.map_err(|mut raised| {
            frame.locate(&mut raised, stmt.span);
            raised
        })
    }

    fn yielding_kind(&mut self, frame: &mut Frame, kind: &StmtKind, resume: &mut Resume) -> Eval<Flow> {
        match kind {
            StmtKind::Yield { value, from: false, targets } => {
                if resume.going {
                    return match resume.arrive() {
                        Sent::Value(sent) => self.receive(frame, targets, sent),
                        Sent::Raised(exception) => Err(self.raised(exception)),
                    };
                }
                let value = match value {
                    Some(value) => self.eval(frame, value)?,
                    None => Value::None,
                };
                Ok(Flow::Yield(value))
            }
            StmtKind::Yield { value, targets, .. } => self.delegate(frame, value.as_ref(), targets, resume),
            StmtKind::If { test, body, orelse } => {
                let branch = match resume.step() {
                    Some(Step::Branch(branch)) => branch,
                    _ => self.test(frame, test)?,
                };
                self.part(frame, if branch { body } else { orelse }, Step::Branch(branch), resume)
            }
            StmtKind::While { test, body, orelse } => {
                loop {
                    let branch = match resume.step() {
                        Some(Step::Branch(branch)) => branch,
                        _ => self.test(frame, test)?,
                    };
                    if !branch {
                        break;
                    }
                    match self.part(frame, body, Step::Branch(true), resume)? {
                        Flow::Next | Flow::Continue => {}
                        Flow::Break => return Ok(Flow::Next),
                        flow => return Ok(flow),
                    }
                    self.ctx.safe_point()?;
                }
                self.part(frame, orelse, Step::Branch(false), resume)
            }
            StmtKind::For { target, iter, body, orelse } => {
                self.yielding_for(frame, target, iter, (body, orelse), resume)
            }
            StmtKind::Try { body, handlers, orelse, finally } => {
                self.yielding_try(frame, body, handlers, orelse, finally, resume)
            }
            StmtKind::With { items, body } => self.yielding_with(frame, items, body, resume),
            _ => Ok(Flow::Next),
        }
    }

    /// A block of a statement; where it stops, `step` is noted.
    fn part(&mut self, frame: &mut Frame, body: &[Stmt], step: Step, resume: &mut Resume) -> Eval<Flow> {
        let flow = self.yielding_block(frame, body, resume)?;
        if let Flow::Yield(_) = flow {
            resume.way.push(step);
        }
        Ok(flow)
    }

    fn yielding_for(
        &mut self,
        frame: &mut Frame,
        target: &Target,
        iter: &Expr,
        (body, orelse): (&[Stmt], &[Stmt]),
        resume: &mut Resume,
    ) -> Eval<Flow> {
        let mut rest = match resume.step() {
            Some(Step::Branch(_)) => return self.part(frame, orelse, Step::Branch(false), resume),
            Some(Step::Rest(rest)) => rest,
            _ => {
                let iterable = self.eval(frame, iter)?;
                self.iter(&iterable).map_err(|mut raised| {
                    frame.locate(&mut raised, iter.span);
                    raised
                })?
            }
        };
        loop {
            if !resume.going {
                let Some(value) = self.next(&mut rest)? else {
                    break;
                };
                self.assign(frame, target, value)?;
            }
            match self.yielding_block(frame, body, resume)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                Flow::Yield(value) => {
                    resume.way.push(Step::Rest(rest));
                    return Ok(Flow::Yield(value));
                }
                flow => return Ok(flow),
            }
            self.ctx.safe_point()?;
        }
        self.part(frame, orelse, Step::Branch(false), resume)
    }

    /// `yield from value`: all that another iterator gives; what is sent goes to it.
    fn delegate(
        &mut self,
        frame: &mut Frame,
        value: Option<&Expr>,
        targets: &[Target],
        resume: &mut Resume,
    ) -> Eval<Flow> {
        let mut sent = Sent::Value(Value::None);
        let mut inner = match resume.step() {
            Some(Step::Rest(inner)) => {
                sent = resume.arrive();
                inner
            }
            _ => {
                let value = match value {
                    Some(value) => self.eval(frame, value)?,
                    None => Value::None,
                };
                self.iter(&value)?
            }
        };
        let next = match (sent, &mut inner) {
            (Sent::Value(Value::None), inner) => self.next_or_returned(inner)?,
            (Sent::Raised(exception), inner) => {
                let shared = match inner {
                    Iter::Shared(shared) if is_generator(shared) => Some(shared.clone()),
                    _ => None,
                };
                match shared {
                    Some(shared) if exception.class != Class::GeneratorExit => {
                        self.send(&shared, Sent::Raised(exception))?
                    }
                    shared => {
                        shared.map_or(Ok(()), |shared| self.close(&shared))?;
                        return Err(self.raised(exception));
                    }
                }
            }
            (sent, Iter::Shared(shared)) => {
                let shared = shared.clone();
                self.send(&shared, sent)?
            }
            _ => return raise(Class::AttributeError, "the iterator has no attribute 'send'"),
        };
        match next {
            Ok(value) => {
                resume.way.push(Step::Rest(inner));
                Ok(Flow::Yield(value))
            }
            Err(returned) => self.receive(frame, targets, returned),
        }
    }

    fn receive(&mut self, frame: &mut Frame, targets: &[Target], value: Value) -> Eval<Flow> {
        for target in targets {
            self.assign(frame, target, value.clone())?;
        }
        Ok(Flow::Next)
    }

    /// The next value; at the end what a generator returned.
    pub(super) fn next_or_returned(&mut self, iter: &mut Iter) -> Eval<Result<Value, Value>> {
        if let Iter::Shared(shared) = iter {
            let shared = shared.clone();
            if let Ok(mut inner) = shared.try_borrow_mut()
                && let Iter::Generator(generator) = &mut *inner
            {
                return self.nested(|machine| {
                    Ok(machine
                        .resume(generator, Sent::Value(Value::None))?
                        .ok_or_else(|| returned(generator)))
                });
            }
        }
        Ok(self.next(iter)?.ok_or(Value::None))
    }

    /// `generator.send(value)` and `throw`: the next value, or what it returned.
    pub(super) fn send(&mut self, shared: &Rc<RefCell<Iter>>, sent: Sent) -> Eval<Result<Value, Value>> {
        let Ok(mut inner) = shared.try_borrow_mut() else {
            return super::raise::value_error("generator already executing");
        };
        match &mut *inner {
            Iter::Generator(generator) => {
                self.nested(|machine| Ok(machine.resume(generator, sent)?.ok_or_else(|| returned(generator))))
            }
            _ => raise(Class::AttributeError, "the iterator has no attribute 'send'"),
        }
    }
}

/// What a generator returned; it says so once.
fn returned(generator: &mut Generator) -> Value {
    match &mut generator.state {
        State::Ended(value) => std::mem::replace(value, Value::None),
        _ => Value::None,
    }
}

fn is_generator(shared: &Rc<RefCell<Iter>>) -> bool {
    shared.try_borrow().is_ok_and(|inner| matches!(&*inner, Iter::Generator(_)))
}
