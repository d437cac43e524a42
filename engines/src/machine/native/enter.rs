//! A loop or a function goes on as machine code: its variables become words, and what it leaves becomes variables.

use std::rc::Rc;

use lang::error::Error;
use lang::ir::{StmtKind, Var};
use lang::plan::scalar::{self, Exit, Lowered, Seen, Step, Ty, Variable, World};
use native::{Host, Native};

use super::resume::{Left, Resume};
use super::runtime::{FUEL, Underway, resolve, runtime};
use super::turns::Turns;
use super::words::{Handles, type_of};
use super::{Compile, HOT_CALLS, Known, VERSIONS, Version};
use crate::machine::Machine;
use crate::machine::call::STACK_MORE;
use crate::machine::frame::Frame;
use crate::machine::raise::Eval;
use crate::value::{Closure, Value};

/// How a run has ended.
struct Ran {
    exit: u64,
    words: Vec<u64>,
    handles: Handles,
    host: Host,
    burnt: u64,
    /// It was interrupted.
    error: Option<Error>,
}

/// Words of a table: at least so many, for a function's arguments.
const LEAST_WORDS: usize = 16;

impl Machine {
    /// A variable of the frame, or a global of one of the functions.
    fn seen<'a>(
        &'a self,
        frame: Option<&'a Frame>,
        closures: &'a [Rc<Closure>],
        function: Option<u32>,
        var: Var,
    ) -> (Option<Value>, Option<usize>) {
        let unit = match (function, frame) {
            (Some(function), _) => &closures[function as usize].unit,
            (None, Some(frame)) => match var {
                Var::Local(slot) => return (frame.locals[slot as usize].clone(), None),
                Var::Cell(cell) => return (frame.cells[cell as usize].borrow().clone(), None),
                Var::Global(_) => frame.unit,
            },
            (None, None) => return (None, None),
        };
        let Var::Global(name) = var else {
            return (None, None);
        };
        let global = unit.globals[name as usize];
        let value = self.globals[global].clone();
        let builtin = || unit.program.globals[name as usize].builtin.map(Value::Builtin);
        (value.or_else(builtin), Some(global))
    }

    /// Makes a program, and its machine code.
    fn compile(
        &self,
        frame: Option<&Frame>,
        closures: Vec<Rc<Closure>>,
        make: impl FnOnce(&mut World) -> Result<Lowered, &'static str>,
    ) -> Result<Version, String> {
        let known = std::cell::RefCell::new(closures);
        let mut look = |function: Option<u32>, var: Var| {
            let (value, global) = self.seen(frame, &known.borrow(), function, var);
            Seen { ty: type_of(value.as_ref(), &mut known.borrow_mut(), true), global }
        };
        let source = |function: u32| {
            let known = known.borrow();
            let closure = &known[function as usize];
            closure.plain.then(|| closure.function.clone())
        };
        let program = make(&mut World { look: &mut look, function: &source })?;
        let native = Native::new(&program.code, program.entry, &runtime(&resolve))?;
        let closures = known.into_inner().iter().map(Rc::downgrade).collect();
        Ok(Version { program, closures, native })
    }

    /// The table of words for a program, where the variables are still of its types.
    fn words(&self, frame: Option<&Frame>, version: &Version) -> Option<(Vec<u64>, Handles)> {
        let mut words = vec![0; (version.program.code.slots as usize).max(LEAST_WORDS)];
        let mut handles = Handles::default();
        let mut closures = Vec::with_capacity(version.closures.len());
        for closure in &version.closures {
            closures.push(closure.upgrade()?);
        }
        for Variable { function, var, slot, ty, .. } in &version.program.variables {
            let (value, _) = self.seen(frame, &closures, *function, *var);
            if type_of(value.as_ref(), &mut closures, false) != *ty {
                return None;
            }
            if let (Some(_), Some(value)) = (ty.word(), &value) {
                words[*slot as usize] = handles.word(value);
            }
        }
        Some((words, handles))
    }

    fn run_native(&mut self, version: &Version, words: (Vec<u64>, Handles), turns: Option<u64>) -> Ran {
        let (mut words, handles) = words;
        let control = self.ctx.control.clone();
        let mut run = Underway { control, turns, error: None, burnt: 0 };
        let mut host = Host {
            fuel: FUEL,
            depth: self.depth as i64,
            turns: 0,
            ended: 0,
            scratch: 0,
            words: words.as_mut_ptr(),
            user: std::ptr::from_mut(&mut run).cast(),
        };
        let exit = match version.program.code.bodies.len() {
            1 => version.native.run(&mut host, &mut words),
            // Room for as many calls as there may be, of some kilobytes at most.
            _ => {
                stacker::maybe_grow(STACK_MORE, 2 * STACK_MORE, || version.native.run(&mut host, &mut words))
            }
        };
        if version.program.code.writes {
            handles.touched();
        }
        let burnt = run.burnt + (FUEL - host.fuel).max(0) as u64;
        Ran { exit, words, handles, host, burnt, error: run.error }
    }

    /// Goes on with a loop, whose head it stands at.
    pub(in crate::machine) fn enter_loop(
        &mut self,
        frame: &mut Frame,
        known: &Known,
        kind: &StmtKind,
        turns: &mut Option<Turns>,
        done: &mut u64,
        reported: bool,
    ) -> Eval<Left> {
        if let Some(turns) = turns
            && !self.bring_here(turns)?
        {
            return Ok(Left::Not);
        }
        let versions = known.versions.borrow();
        let going = |version: &Rc<Version>| {
            let (mut words, mut handles) = self.words(Some(frame), version)?;
            let fits = match (&*turns, &version.program.counters) {
                (Some(turns), Some(counters)) => turns.enter(counters, &mut words, &mut handles),
                _ => true,
            };
            fits.then_some((words, handles))
        };
        let found = versions.iter().find_map(|version| Some((version.clone(), going(version)?)));
        let count = versions.len();
        drop(versions);
        let (version, words) = match found {
            Some(found) => found,
            None if count >= VERSIONS || known.refusals.get() >= VERSIONS as u32 => {
                return Ok(Left::Not);
            }
            None => {
                let through = turns.as_ref().map(Turns::through);
                let lower = |world: &mut World| scalar::lower(world, kind, through.as_ref());
                let made = self.compile(Some(frame), Vec::new(), lower).ok().map(Rc::new);
                let words = made.as_ref().and_then(going);
                let (Some(version), Some(words)) = (made, words) else {
                    known.refusals.set(known.refusals.get() + 1);
                    known.never.set(known.refusals.get() >= VERSIONS as u32);
                    return Ok(Left::Not);
                };
                known.versions.borrow_mut().push(version.clone());
                (version, words)
            }
        };
        let ran = self.run_native(&version, words, reported.then_some(*done));
        *done += ran.host.turns as u64;
        let exit = &version.program.code.bodies[0].exits[ran.exit as usize];
        self.bind_words(frame, &version, exit, &ran);
        if let Some(error) = ran.error {
            return Err(error.into());
        }
        let mut within = exit.counters.as_slice();
        if let (Some(turns), [own, others @ ..]) = (turns, within) {
            turns.go_to(&ran.words, own);
            within = others;
        }
        let left = |counters| Turns::left(&ran.words, counters, &ran.handles);
        let counters = within.iter().map(left).collect();
        known.ran(ran.burnt);
        Ok(match exit.path.as_slice() {
            [Step::Orelse] | [] => Left::Ended,
            [Step::Broken] => Left::Broken,
            [Step::Head] => Left::Head,
            [_, path @ ..] => Left::At(Resume::new(path.to_vec(), counters)),
        })
    }

    /// Binds the variables to what they hold at an exit.
    fn bind_words(&mut self, frame: &mut Frame, version: &Version, exit: &Exit, ran: &Ran) {
        for (index, ty) in &exit.types {
            let variable = &version.program.variables[*index as usize];
            if let Some(value) = ran.handles.value(*ty, ran.words[variable.slot as usize]) {
                self.bind_var(frame, variable.var, value);
            }
        }
    }

    /// A call of a function as machine code; None where it is the interpreter's.
    #[inline]
    pub(in crate::machine) fn call_native(
        &mut self,
        closure: &Rc<Closure>,
        args: &[Option<Value>],
    ) -> Eval<Option<Value>> {
        let hot = &closure.hot;
        // Machine code looks for no floating-point errors.
        if hot.never.get() || self.ctx.errors.watched() {
            return Ok(None);
        }
        let calls = hot.calls.get();
        hot.calls.set(calls.saturating_add(1));
        if calls < HOT_CALLS && self.ctx.settings.compile != Compile::Always {
            return Ok(None);
        }
        self.call_hot(closure, args)
    }

    #[inline(never)]
    fn call_hot(&mut self, closure: &Rc<Closure>, args: &[Option<Value>]) -> Eval<Option<Value>> {
        let hot = &closure.hot;
        if self.ctx.settings.compile == Compile::Never || self.profile.is_some() {
            hot.never.set(true);
            return Ok(None);
        }
        let mut closures = vec![closure.clone()];
        let types: Vec<Ty> = args.iter().map(|arg| type_of(arg.as_ref(), &mut closures, false)).collect();
        if types.iter().any(|ty| ty.word().is_none()) || types.len() > LEAST_WORDS {
            return Ok(None);
        }
        let versions = hot.versions.borrow();
        let fits = |v: &&Rc<Version>| v.program.params == types;
        let found = versions.iter().filter(fits).find_map(|v| Some((v.clone(), self.words(None, v)?)));
        let count = versions.len();
        drop(versions);
        let (version, mut words) = match found {
            Some(found) => found,
            None if count >= VERSIONS => return Ok(None),
            None => {
                let made = self.compile(None, closures, |world| scalar::function(world, 0, &types));
                let made = made.ok().filter(|version| version.result().is_some()).map(Rc::new);
                let words = made.as_ref().and_then(|version| self.words(None, version));
                let (Some(version), Some(words)) = (made, words) else {
                    hot.never.set(true);
                    return Ok(None);
                };
                hot.versions.borrow_mut().push(version.clone());
                (version, words)
            }
        };
        // The arguments come first; what the function reads of the session is further on.
        for (i, arg) in args.iter().enumerate() {
            if let Some(arg) = arg {
                words.0[i] = words.1.word(arg);
            }
        }
        let ran = self.run_native(&version, words, None);
        if ran.exit == 0 {
            return Ok(version.result().and_then(|ty| ran.handles.value(ty, ran.words[0])));
        }
        if let Some(error) = ran.error {
            return Err(error.into());
        }
        hot.failed();
        Ok(None)
    }
}
