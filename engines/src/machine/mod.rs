//! The machine: runs an `ir::Program` on a rank, with Python's semantics of scalars and containers.
//!
//! Every rank runs the same program over the same replicated values, so all that the machine decides is decided alike
//! everywhere; what is an array's goes to `exec`.

mod assign;
mod attr;
mod batch;
mod bound;
mod builtins;
mod call;
mod characters;
mod class;
mod clock;
mod cmath;
mod containers;
mod copying;
mod counts;
mod deque;
mod dict;
mod display;
mod dtypes;
mod errstate;
mod exception;
mod expr;
mod figure;
mod float;
mod frame;
mod functools;
mod generator;
mod handle;
mod hash;
mod int;
mod items;
mod iterate;
mod itertools;
mod local;
mod math;
mod math_special;
mod math_whole;
mod modules;
mod names;
mod native;
mod number;
mod numeric_methods;
mod numpy;
mod objects;
mod operate;
mod percent;
mod prelude;
mod print_options;
mod profile;
mod quick;
mod raise;
mod rows;
mod sequence;
mod set;
mod sets;
mod show;
mod special;
mod stmt;
mod strings;
mod suggest;
mod text;
mod text_files;
mod types;
mod widgets;

#[cfg(test)]
mod interrupts;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::rc::{Rc, Weak};
use std::time::Instant;

use lang::error::Class;
use lang::ir::Program;

use crate::array::{Array, Inner};
use crate::ctx::Ctx;
use crate::link::{Output, Reply, Sink};
use crate::value::Value;

pub use bound::Method;
pub use class::{Descriptor, Object, Super, UserClass};
pub use deque::Deque;
pub use dict::{Dict, Key};
pub use errstate::ErrState;
pub use exception::Exception;
pub use frame::Unit;
pub use functools::Made;
pub use items::Items;
pub use iterate::Iter;
pub use native::{Compile, Hot};
pub use raise::Raised;
pub use set::Set;

pub(crate) use operate::dtype_like;
pub(crate) use types::{as_class as class_name, type_name};

use frame::Frame;
use items::Variables;
use rows::Rows;

/// One rank's session: its globals, which outlive programs, and what runs them.
pub struct Machine {
    pub ctx: Ctx,
    sink: Sink,
    /// The session's names by slot; `globals` has what they hold.
    names: Vec<String>,
    slots: HashMap<String, usize>,
    globals: Variables,
    rows: Rows,
    /// The files of the prelude that have been called into, and their names.
    prelude: Vec<Option<Rc<Unit>>>,
    /// Calls of the user's functions that are under way.
    depth: usize,
    /// Containers within containers that are being compared or shown.
    nesting: usize,
    /// The containers that are being shown, to see one within itself.
    showing: Vec<*const ()>,
    /// The exceptions that are being handled, the innermost last.
    handling: Vec<Rc<Exception>>,
    /// Items that loops and builtins have taken from iterators.
    taken: u64,
    /// What was pending when it was interrupted, or did not fit: it is computed where it is used, not at a cell's end.
    shelved: Vec<Weak<Inner>>,
    /// The memory of frames that are gone.
    spare: Vec<Vec<Option<Value>>>,
    /// What is known of loops, to compile them.
    loops: native::Loops,
    /// `np.seterr`.
    /// Generators that nobody can take on, with blocks to leave.
    left: Rc<generator::Left>,
    /// Runs local functions: this rank's alone, and empty between two calls.
    inner: Option<Box<Machine>>,
    /// What a machine that runs a local function knows of its rank.
    region: Option<local::Region>,
    /// What `%%profile` writes down, while it does.
    profile: Option<profile::Profile>,
    /// `np.set_printoptions`.
    print: lang::text::PrintOptions,
}

impl Machine {
    pub fn new(ctx: Ctx, sink: Sink) -> Machine {
        Machine {
            ctx,
            sink,
            names: Vec::new(),
            slots: HashMap::new(),
            globals: Variables::default(),
            rows: Rows::find(),
            prelude: vec![None; lang::prelude::FILES.len()],
            depth: 0,
            nesting: 0,
            showing: Vec::new(),
            handling: Vec::new(),
            taken: 0,
            shelved: Vec::new(),
            spare: Vec::new(),
            loops: native::Loops::default(),
            left: Rc::default(),
            inner: None,
            region: None,
            profile: None,
            print: lang::text::PrintOptions::default(),
        }
    }

    /// Runs a program to its end or its first error; statements before that keep their effects. Collective.
    pub fn run(&mut self, program: &Program) -> Reply {
        let started = Instant::now();
        (self.depth, self.nesting) = (0, 0);
        self.showing.clear();
        self.handling.clear();
        let unit = self.unit(Rc::new(program.clone()));
        let mut reply = Reply::default();
        self.begin_notes(&unit);
        let outcome = self.run_unit(&unit);
        let outcome = outcome.and_then(|result| self.settle().map(|()| result));
        let outcome = self.end_notes(&unit, outcome);
        match self.with_figures(outcome) {
            Ok(result) => reply.result = result,
            Err(raised) => {
                let error = self.report(*raised);
                if let Class::KeyboardInterrupt | Class::MemoryError = error.class {
                    self.shelve();
                }
                reply.error = Some(error);
            }
        }
        reply.names = self.names();
        reply.stats = self.ctx.stats;
        reply.stats.seconds = started.elapsed().as_secs_f64();
        reply.stats.bytes_held = crate::array::held_bytes() as u64;
        reply
    }

    fn run_unit(&mut self, unit: &Rc<Unit>) -> raise::Eval<Option<crate::link::Shown>> {
        let program = &unit.program;
        let mut frame = Frame::top(unit);
        for stmt in &program.body {
            self.ctx.control.progress.statement(stmt.span.start);
            match self.block(&mut frame, std::slice::from_ref(stmt))? {
                frame::Flow::Next => {}
                _ => break,
            }
        }
        let Some(shown) = &program.shown else {
            return Ok(None);
        };
        self.ctx.control.progress.statement(shown.span.start);
        self.ctx.safe_point()?;
        let value =
            self.profiled_line(&mut frame, shown.span.start, |machine, frame| machine.eval(frame, shown))?;
        if let Value::None = value {
            return Ok(None);
        }
        if figure::is_quiet(&value) || matches!(value, Value::Function(_)) && widgets::is_interact(program) {
            return Ok(None);
        }
        let result = self.shown(&value).map_err(|mut raised| {
            frame.locate(&mut raised, shown.span);
            raised
        })?;
        let slot = self.slot("_");
        self.globals[slot] = Some(value);
        Ok(Some(result))
    }

    /// Shows the figures that the program leaves open; one that fails still shows what it has drawn, unless the failure is of
    /// a kind that leaves no time or room for it.
    fn with_figures<T>(&mut self, outcome: raise::Eval<T>) -> raise::Eval<T> {
        match outcome {
            Ok(result) => self.show_figures(false).map(|()| result),
            Err(raised) => {
                let class = raised.error.class;
                if !matches!(class, Class::KeyboardInterrupt | Class::MemoryError | Class::EngineError) {
                    // The first error is the one to report.
                    let _ = self.show_figures(true);
                }
                Err(raised)
            }
        }
    }

    /// Computes what the session's names still hold as recorded expressions, so that a cell's work is done, timed and,
    /// where memory does not suffice, refused in that cell and not in a later one.
    fn settle(&mut self) -> raise::Eval<()> {
        self.shelved.retain(|array| array.upgrade().is_some_and(|array| Array(array).is_pending()));
        for slot in 0..self.names.len() {
            if let Some(Value::Array(array)) = &self.globals[slot]
                && array.is_pending()
                && !self.shelved.iter().any(|shelved| shelved.as_ptr() == Rc::as_ptr(&array.0))
            {
                let array = array.clone();
                crate::exec::elementwise::force::force(&mut self.ctx, &array)?;
            }
        }
        Ok(())
    }

    /// Leaves what names hold pending as it is. Otherwise every later cell would take up again what was interrupted.
    fn shelve(&mut self) {
        for value in self.globals.iter().flatten() {
            if let Value::Array(array) = value
                && array.is_pending()
            {
                self.shelved.push(Rc::downgrade(&array.0));
            }
        }
    }

    /// The program with its globals found in the session, or made there, unbound.
    fn unit(&mut self, program: Rc<Program>) -> Rc<Unit> {
        let globals = program.globals.iter().map(|global| self.slot(&global.name)).collect();
        Rc::new(Unit::new(program, globals))
    }

    fn slot(&mut self, name: &str) -> usize {
        if let Some(&slot) = self.slots.get(name) {
            return slot;
        }
        let slot = self.globals.len();
        self.names.push(name.to_string());
        self.slots.insert(name.to_string(), slot);
        self.globals.push(None);
        slot
    }

    /// The names that are bound.
    fn bound_names(&self) -> Vec<String> {
        self.names
            .iter()
            .zip(self.globals.iter())
            .filter(|(_, value)| value.is_some())
            .map(|(name, _)| name.clone())
            .collect()
    }

    fn emit(&mut self, output: Output) {
        if self.ctx.comm.rank() == 0 {
            (self.sink)(output);
        }
    }
}
