//! What is active while a program runs: the program with its globals resolved, and the frame of each call.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use lang::error::Frame as TraceFrame;
use lang::ir::{Function, Program};
use lang::source::Span;

use super::Hot;
use super::items::discard;
use super::raise::Raised;
use crate::value::Value;

/// A program whose globals have been found (or made) in the session.
pub struct Unit {
    pub program: Rc<Program>,
    /// `program.globals[i]` is the machine's global `globals[i]`.
    pub globals: Vec<usize>,
    /// What is known of calls of `program.functions[i]`.
    pub hot: Vec<Rc<Hot>>,
}

impl Unit {
    pub fn new(program: Rc<Program>, globals: Vec<usize>) -> Unit {
        let hot = program.functions.iter().map(|_| Rc::default()).collect();
        Unit { program, globals, hot }
    }
}

/// A variable that inner functions share.
pub type Cell = Rc<RefCell<Option<Value>>>;

/// One call's variables.
pub struct Frame<'a> {
    pub locals: Vec<Option<Value>>,
    pub cells: Vec<Cell>,
    pub unit: &'a Rc<Unit>,
    /// None at the top level of a cell.
    pub function: Option<&'a Arc<Function>>,
}

/// Frames that a trace keeps at either end; a recursion's middle says nothing.
const TRACE_ENDS: usize = 16;

impl<'a> Frame<'a> {
    /// The frame of a program's top level, with nothing bound.
    pub fn top(unit: &'a Rc<Unit>) -> Frame<'a> {
        let program = &unit.program;
        Frame {
            locals: vec![None; program.locals as usize],
            cells: (0..program.cells).map(|_| Cell::default()).collect(),
            unit,
            function: None,
        }
    }
}

impl Frame<'_> {
    /// Whether it runs a builtin that is written in the language.
    pub fn is_prelude(&self) -> bool {
        self.unit.program.source.name.starts_with(lang::prelude::MARK)
    }

    /// Its variables, when the call is over.
    pub fn take_locals(&mut self) -> Vec<Option<Value>> {
        // Only tuples nest without a list or dict in between, which look after themselves.
        for local in &mut self.locals {
            if let Some(Value::Tuple(_)) = local {
                discard(local.take().into_iter().collect());
            }
        }
        std::mem::take(&mut self.locals)
    }

    /// Notes in the error where this frame was when it was raised.
    #[cold]
    pub fn locate(&self, raised: &mut Raised, span: Span) {
        if raised.located {
            return;
        }
        raised.located = true;
        if self.is_prelude() {
            return;
        }
        let function = self.function.map_or("<module>", |f| f.name.as_str()).to_string();
        let error = &mut raised.error;
        if error.trace.len() >= 2 * TRACE_ENDS {
            error.trace.remove(TRACE_ENDS);
            error.left_out += 1;
        }
        let trace = &mut error.trace;
        trace.push(TraceFrame { function, source: self.unit.program.source.clone(), span });
    }
}

/// How a statement ended.
pub enum Flow {
    Next,
    Break,
    Continue,
    Return(Value),
    /// A generator stops here, and gives this.
    Yield(Value),
}

impl Drop for Frame<'_> {
    fn drop(&mut self) {
        self.take_locals();
    }
}
