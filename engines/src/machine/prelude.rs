//! Calls of builtins that are written in the language itself (`lang::prelude`).

use std::rc::Rc;

use lang::error::{Class, Error};
use lang::ir::ParamKind;
use lang::prelude::{FILES, MARK};
use lang::session::Session;
use lang::source::Source;

use super::Machine;
use super::frame::{Cell, Frame, Unit};
use super::raise::{Eval, raise};
use crate::exec::Args;
use crate::value::Value;

impl Machine {
    /// Runs the function of the row's name on bound arguments; what was not given is the function's own default.
    pub(super) fn call_prelude(&mut self, file: u32, args: Args) -> Eval<Value> {
        let unit = self.prelude_unit(file)?;
        let of_name = |name: &str| unit.program.globals.iter().position(|g| g.name == name);
        let held = of_name(args.row.name).and_then(|i| self.globals[unit.globals[i]].clone());
        let Some(Value::Function(closure)) = held else {
            return raise(Class::RuntimeError, format!("the prelude has no function {}", args.row.name));
        };
        let mut slots = args.values;
        let params = &closure.function.params;
        if let Some(at) = params.iter().position(|p| p.kind == ParamKind::VarPositional) {
            slots.insert(at, Some(Value::tuple(args.rest)));
        }
        for (slot, default) in slots.iter_mut().zip(&closure.defaults) {
            if slot.is_none() {
                slot.clone_from(default);
            }
        }
        self.call_bound(&closure, slots)
    }

    /// The file's program, whose functions have been defined: compiled at its first call. Every rank does so at the
    /// same place of the same program.
    fn prelude_unit(&mut self, file: u32) -> Eval<Rc<Unit>> {
        if let Some(unit) = &self.prelude[file as usize] {
            return Ok(unit.clone());
        }
        let text = &FILES[file as usize];
        let name = format!("{MARK}{}", text.name);
        let source = Source { name, text: text.text.to_string() };
        let program = lang::compile(source, &Session::default()).map_err(|diagnostics| {
            let what = diagnostics.first().map_or("", |d| &d.message);
            Error::new(Class::RuntimeError, format!("the prelude's {}: {what}", text.name))
        })?;
        // Names of its own: a session's cannot begin so.
        let own = |name: &str| format!("_{MARK}{}/{name}", text.name);
        let globals = program.globals.iter().map(|global| self.slot(&own(&global.name))).collect();
        let unit = Rc::new(Unit { program, globals });
        let mut frame = Frame {
            locals: vec![None; unit.program.locals as usize],
            cells: (0..unit.program.cells).map(|_| Cell::default()).collect(),
            unit: &unit,
            function: None,
        };
        self.block(&mut frame, &unit.program.body)?;
        drop(frame);
        self.prelude[file as usize] = Some(unit.clone());
        Ok(unit)
    }
}
