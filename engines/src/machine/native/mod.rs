//! Loops and functions of scalars as machine code: when they are compiled, and what is kept of them.
//!
//! `lang::plan::scalar` makes the program, the crate `native` its machine code; `enter` brings the variables to it and
//! back, `resume` goes on where it has left. When to compile is decided by counts of safe points and of calls, which are
//! equal on all ranks, never by time.

mod enter;
mod resume;
mod runtime;
mod turns;
mod words;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use lang::ir::StmtKind;
use lang::plan::scalar::{Lowered, Ty};
use native::Native;
use rustc_hash::FxHashMap;

use super::Machine;
use super::frame::{Frame, Unit};
use crate::value::Closure;

pub(super) use resume::Resumed;
pub(super) use turns::Turns;

/// When loops and functions are compiled (`DISTARRAY_COMPILE`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compile {
    Never,
    /// When they have run for a while.
    #[default]
    Hot,
    /// Before they run: for tests.
    Always,
}

/// Safe points that a loop passes before it is compiled: as long as compiling takes.
const HOT_LOOP: u64 = 10_000;
/// Calls of a function before it is compiled.
const HOT_CALLS: u32 = 3000;
/// A loop or function is compiled for so many combinations of types.
const VERSIONS: usize = 4;
/// Loops that are kept.
const MOST_LOOPS: usize = 200;
/// Runs before it is seen whether they pay.
const TRIALS: u64 = 64;
/// Fuel that a run must burn, on average, to pay.
const PAYS: u64 = 60;
/// Calls of a function that may fail, beside one in so many.
const FAILURES: u32 = 16;

/// What is known of the session's loops.
#[derive(Default)]
pub struct Loops(FxHashMap<usize, Rc<Known>>);

/// A loop.
pub struct Known {
    /// Keeps the program whose statement it is.
    _unit: Rc<Unit>,
    /// Safe points that it has passed.
    work: Cell<u64>,
    never: Cell<bool>,
    refusals: Cell<u32>,
    versions: RefCell<Vec<Rc<Version>>>,
    /// Runs since it was last seen whether they pay, and the fuel that they burnt.
    runs: Cell<(u64, u64)>,
}

/// A program for variables of certain types.
pub struct Version {
    program: Lowered,
    /// The functions that its types name. They may hold this program in turn.
    closures: Vec<Weak<Closure>>,
    native: Native,
}

impl Version {
    /// What a function gives.
    fn result(&self) -> Option<Ty> {
        self.program.code.bodies.get(self.program.entry as usize)?.result
    }
}

/// What is known of a function.
#[derive(Default)]
pub struct Hot {
    calls: Cell<u32>,
    never: Cell<bool>,
    failures: Cell<u32>,
    versions: RefCell<Vec<Rc<Version>>>,
}

impl Hot {
    /// A call has failed, and was the interpreter's after all.
    fn failed(&self) {
        self.failures.set(self.failures.get() + 1);
        if self.failures.get() > FAILURES + self.calls.get() / FAILURES {
            self.never.set(true);
            self.versions.borrow_mut().clear();
        }
    }
}

/// A run of a loop by the interpreter, which asks at each turn whether to go on as machine code.
pub struct Watched {
    known: Option<Rc<Known>>,
    /// The safe point that the run began at.
    start: u64,
    /// The safe point from which on to ask.
    due: u64,
}

impl Machine {
    /// A loop begins.
    pub(super) fn watch_loop(&mut self, frame: &Frame, kind: &StmtKind) -> Watched {
        let start = self.ctx.control.passed();
        // Machine code looks for no floating-point errors.
        let watched = self.profile.is_some() || self.ctx.errors.watched();
        if self.ctx.settings.compile == Compile::Never || watched {
            return Watched { known: None, start, due: u64::MAX };
        }
        let key = std::ptr::from_ref(kind) as usize;
        if self.loops.0.len() >= MOST_LOOPS && !self.loops.0.contains_key(&key) {
            self.loops.0.clear();
        }
        let known = self.loops.0.entry(key).or_insert_with(|| {
            Rc::new(Known {
                _unit: frame.unit.clone(),
                work: Cell::default(),
                never: Cell::default(),
                refusals: Cell::default(),
                versions: RefCell::default(),
                runs: Cell::default(),
            })
        });
        let due = match self.ctx.settings.compile {
            _ if known.never.get() => u64::MAX,
            Compile::Always => 0,
            _ => start + HOT_LOOP.saturating_sub(known.work.get()),
        };
        Watched { known: Some(known.clone()), start, due }
    }
}

impl Watched {
    /// The loop, where it is to go on as machine code.
    pub fn due(&self, machine: &Machine) -> Option<&Rc<Known>> {
        match &self.known {
            Some(known)
                if machine.ctx.control.passed() >= self.due
                    && !known.never.get()
                    && !machine.ctx.errors.watched() =>
            {
                Some(known)
            }
            _ => None,
        }
    }

    /// It was to no avail: the next attempt is a good while later.
    pub fn later(&mut self, machine: &Machine) {
        let never = self.known.as_ref().is_none_or(|known| known.never.get());
        self.due = if never { u64::MAX } else { machine.ctx.control.passed() + HOT_LOOP };
    }

    /// The loop has ended.
    pub fn end(self, machine: &Machine) {
        if let Some(known) = &self.known {
            known.work.set(known.work.get() + machine.ctx.control.passed() - self.start);
        }
    }
}

impl Known {
    /// A run has burnt so much fuel: to enter and to leave must be worth while.
    fn ran(&self, burnt: u64) {
        let (runs, fuel) = self.runs.get();
        let (runs, fuel) = (runs + 1, fuel + burnt);
        self.runs.set((runs, fuel));
        if runs >= TRIALS {
            if fuel < runs * PAYS {
                self.never.set(true);
                self.versions.borrow_mut().clear();
            }
            self.runs.set((0, 0));
        }
    }
}
