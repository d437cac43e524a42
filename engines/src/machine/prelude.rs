//! Calls of builtins that are written in the language itself (`lang::prelude`).

use std::rc::Rc;

use lang::error::{Class, Error};
use lang::ops::{Module, signature};
use lang::prelude::{FILES, MARK};
use lang::session::Session;

use super::Machine;
use super::call::Keywords;
use super::frame::{Frame, Unit};
use super::raise::{Eval, raise};
use crate::value::Value;

/// The arguments of a row's function, of those of a method's call: its object is the parameter that the method's signature
/// leaves out. Where that is not the first, the others go by their names.
pub fn as_function(
    row: u32,
    receiver: Option<Value>,
    args: Vec<Value>,
    mut keywords: Keywords,
) -> Eval<(Vec<Value>, Keywords)> {
    let object = match (receiver, lang::ops::row(row).module) {
        (Some(object), _) => object,
        // Of the module's own state.
        (None, Module::Random) => Value::None,
        (None, _) => return Ok((args, keywords)),
    };
    let own = signature::receiver(row);
    if own == 0 {
        return Ok((std::iter::once(object).chain(args).collect(), keywords));
    }
    let names: Vec<&str> = keywords.iter().map(|(name, _)| &**name).collect();
    lang::ops::bind(row, true, args.len(), &names)?;
    let of_method = &signature::signature(row, true).params;
    keywords.extend(of_method.iter().zip(args).map(|(p, value)| (p.name.to_string(), value)));
    keywords.push((signature::signature(row, false).params[own].name.to_string(), object));
    Ok((Vec::new(), keywords))
}

impl Machine {
    /// Calls a function of the prelude that is no row.
    pub(super) fn prelude_function(
        &mut self,
        file: &str,
        name: &str,
        args: Vec<Value>,
        keywords: Keywords,
    ) -> Eval<Value> {
        let index = FILES.iter().position(|f| f.name == file).unwrap_or(0);
        self.call_prelude(index as u32, name, args, keywords)
    }

    /// Calls the function of that name in a file of the prelude.
    pub(super) fn call_prelude(
        &mut self,
        file: u32,
        name: &str,
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
        self.call(&function, args, keywords)
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
        let unit = Rc::new(Unit::new(Rc::new(program), globals));
        let mut frame = Frame::top(&unit);
        self.block(&mut frame, &unit.program.body)?;
        drop(frame);
        self.prelude[file as usize] = Some(unit.clone());
        Ok(unit)
    }
}
