//! Loops of the interpreter, and how it goes on where machine code has left: down to the statement, inside of its loops.

use lang::ir::{Stmt, StmtKind};
use lang::plan::scalar::Step;

use super::turns::Turns;
use crate::machine::Machine;
use crate::machine::frame::{Flow, Frame};
use crate::machine::raise::Eval;

/// How machine code has left a loop.
pub enum Left {
    /// It was not entered.
    Not,
    /// The loop has ended by itself, or by `break`.
    Ended,
    Broken,
    /// At its head, with turns left.
    Head,
    /// In the midst of a turn.
    At(Resume),
}

/// Where to go on within a turn.
pub struct Resume {
    /// What is left of the path, the last step first.
    path: Vec<Step>,
    /// The turns left of the `for` loops on it, the innermost first.
    counters: Vec<Turns>,
}

/// How a loop of the interpreter begins.
pub enum Resumed {
    /// At its first turn.
    No,
    /// At a turn that must be the interpreter's.
    Head,
    /// With a turn that is done.
    Turn(Flow),
}

impl Resume {
    pub fn new(mut path: Vec<Step>, mut counters: Vec<Turns>) -> Resume {
        path.reverse();
        counters.reverse();
        Resume { path, counters }
    }
}

impl Machine {
    pub(in crate::machine) fn while_loop(
        &mut self,
        frame: &mut Frame,
        kind: &StmtKind,
        resumed: Resumed,
        reported: bool,
    ) -> Eval<Flow> {
        let StmtKind::While { test, body, orelse } = kind else {
            return Ok(Flow::Next);
        };
        self.turns(frame, kind, (body, orelse), &mut None, resumed, reported, |machine, frame, _| {
            machine.test(frame, test)
        })
    }

    /// A loop over a range, or over items.
    pub(in crate::machine) fn for_turns(
        &mut self,
        frame: &mut Frame,
        kind: &StmtKind,
        turns: Turns,
        resumed: Resumed,
        reported: bool,
    ) -> Eval<Flow> {
        let StmtKind::For { target, body, orelse, .. } = kind else {
            return Ok(Flow::Next);
        };
        let mut turns = Some(turns);
        self.turns(frame, kind, (body, orelse), &mut turns, resumed, reported, |machine, frame, turns| {
            turns.as_mut().map_or(Ok(false), |turns| machine.next_turn(frame, target, turns))
        })
    }

    #[expect(clippy::too_many_arguments, reason = "what a loop consists of")]
    #[inline]
    fn turns(
        &mut self,
        frame: &mut Frame,
        kind: &StmtKind,
        (body, orelse): (&[Stmt], &[Stmt]),
        turns: &mut Option<Turns>,
        resumed: Resumed,
        reported: bool,
        mut more: impl FnMut(&mut Machine, &mut Frame, &mut Option<Turns>) -> Eval<bool>,
    ) -> Eval<Flow> {
        let mut watched = self.watch_loop(frame, kind);
        let mut done = 0;
        let mut mine = matches!(resumed, Resumed::Head);
        let mut pending = match resumed {
            Resumed::Turn(flow) => Some(flow),
            _ => None,
        };
        let ended = loop {
            let flow = match pending.take() {
                Some(flow) => flow,
                None => {
                    let due = if mine { None } else { watched.due(self).cloned() };
                    mine = false;
                    let left = match due {
                        None => Left::Not,
                        Some(known) => {
                            let left = self.enter_loop(frame, &known, kind, turns, &mut done, reported)?;
                            if matches!(left, Left::Not | Left::Head) {
                                watched.later(self);
                            }
                            left
                        }
                    };
                    match left {
                        Left::Ended => break true,
                        Left::Broken => break false,
                        Left::Head => {
                            mine = true;
                            continue;
                        }
                        Left::At(mut resume) => self.resume_block(frame, body, &mut resume)?,
                        Left::Not => {
                            if !more(self, frame, turns)? {
                                break true;
                            }
                            self.block(frame, body)?
                        }
                    }
                }
            };
            match flow {
                Flow::Next | Flow::Continue => {}
                Flow::Break => break false,
                flow => return Ok(flow),
            }
            self.ctx.safe_point()?;
            done += 1;
            if reported {
                self.ctx.control.progress.turn(done);
            }
        };
        watched.end(self);
        if ended { self.block(frame, orelse) } else { Ok(Flow::Next) }
    }

    fn resume_block(&mut self, frame: &mut Frame, stmts: &[Stmt], resume: &mut Resume) -> Eval<Flow> {
        let Some(Step::At(at)) = resume.path.pop() else {
            return Ok(Flow::Next);
        };
        let stmt = &stmts[at as usize];
        let flow = self.resume_stmt(frame, stmt, resume).map_err(|mut raised| {
            frame.locate(&mut raised, stmt.span);
            raised
        })?;
        match flow {
            Flow::Next => self.block(frame, &stmts[at as usize + 1..]),
            flow => Ok(flow),
        }
    }

    fn resume_stmt(&mut self, frame: &mut Frame, stmt: &Stmt, resume: &mut Resume) -> Eval<Flow> {
        let Some(step) = resume.path.pop() else {
            return self.stmt(frame, stmt);
        };
        match (&stmt.kind, step) {
            (StmtKind::If { body, .. }, Step::Then) => self.resume_block(frame, body, resume),
            (StmtKind::If { orelse, .. }, Step::Else) => self.resume_block(frame, orelse, resume),
            (StmtKind::While { orelse, .. } | StmtKind::For { orelse, .. }, Step::Orelse) => {
                self.resume_block(frame, orelse, resume)
            }
            (kind @ StmtKind::While { body, .. }, _) => {
                let resumed = self.resume_turn(frame, body, step, resume)?;
                self.while_loop(frame, kind, resumed, false)
            }
            (kind @ StmtKind::For { body, .. }, _) => {
                let Some(turns) = resume.counters.pop() else {
                    return Ok(Flow::Next);
                };
                let resumed = self.resume_turn(frame, body, step, resume)?;
                self.for_turns(frame, kind, turns, resumed, false)
            }
            _ => Ok(Flow::Next),
        }
    }

    fn resume_turn(
        &mut self,
        frame: &mut Frame,
        body: &[Stmt],
        step: Step,
        resume: &mut Resume,
    ) -> Eval<Resumed> {
        Ok(match step {
            Step::Body => Resumed::Turn(self.resume_block(frame, body, resume)?),
            _ => Resumed::Head,
        })
    }
}
