//! Calls of builtins that are written in the language itself (`lang::prelude`).

use std::rc::Rc;

use lang::error::{Class, Error};
use lang::ops::Module;
use lang::prelude::{FILES, MARK};
use lang::session::Session;

use super::Machine;
use super::call::Keywords;
use super::frame::{Frame, Unit};
use super::raise::{Eval, raise};
use crate::value::Value;

impl Machine {
    /// Calls the function of that name in a file of the prelude; a method's object is its first argument.
    pub(super) fn call_prelude(
        &mut self,
        file: u32,
        name: &str,
        receiver: Option<Value>,
        args: Vec<Value>,
        keywords: Keywords,
    ) -> Eval<Value> {
        if FILES[file as usize].module == Module::Pyplot {
            self.ctx
                .refuse_alone(&format!("plt.{name}()"), "return what is to be drawn, and draw it outside")?;
        }
        let unit = self.prelude_unit(file)?;
        let found = unit.program.globals.iter().position(|global| global.name == name);
        let Some(function) = found.and_then(|i| self.globals[unit.globals[i]].clone()) else {
            return raise(Class::RuntimeError, format!("the prelude has no function {name}"));
        };
        self.call(&function, receiver.into_iter().chain(args).collect(), keywords)
    }

    /// The file's program, whose functions have been defined: compiled at its first call. Every rank does so at the
    /// same place of the same program.
    fn prelude_unit(&mut self, file: u32) -> Eval<Rc<Unit>> {
        if let Some(unit) = &self.prelude[file as usize] {
            return Ok(unit.clone());
        }
        let text = &FILES[file as usize];
        let program = lang::compile(text.source(), &Session::default()).map_err(|diagnostics| {
            let what = diagnostics.first().map_or("", |d| &d.message);
            Error::new(Class::RuntimeError, format!("the prelude's {}: {what}", text.name))
        })?;
        // Names of its own: a session's cannot begin so.
        let own = |name: &str| format!("_{MARK}{}/{name}", text.name);
        let globals = program.globals.iter().map(|global| self.slot(&own(&global.name))).collect();
        let unit = Rc::new(Unit { program: Rc::new(program), globals });
        let mut frame = Frame::top(&unit);
        self.block(&mut frame, &unit.program.body)?;
        drop(frame);
        self.prelude[file as usize] = Some(unit.clone());
        Ok(unit)
    }
}
