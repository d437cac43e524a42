//! NumPy's settings of floating-point errors (`errstate`, `seterr`, `geterr`), and the builtins around classes.
//!
//! There are no warnings: 'ignore' and 'warn' are kept, and shown by `geterr`. 'raise' is obeyed (`exec::floats`);
//! 'call', 'print' and 'log' are refused.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use lang::error::Class;
use lang::ops::Host;
use lang::ops::floating::KINDS;

use super::class::Descriptor;
use super::raise::{Eval, raise, type_error, value_error};
use super::{Dict, Machine};
use crate::exec::floats::{Errors, Mode};
use crate::value::Value;

/// `np.errstate(...)`: what a `with` block sets, and what was set before, while it is in one.
pub struct ErrState {
    wanted: [Option<Mode>; 4],
    before: Cell<Option<Errors>>,
    entered: Cell<bool>,
}

impl ErrState {
    pub fn enter(&self, machine: &mut Machine) -> Eval<()> {
        if self.entered.replace(true) {
            return type_error("Cannot enter `np.errstate` twice.");
        }
        self.before.set(Some(machine.ctx.errors));
        set(machine, self.wanted);
        Ok(())
    }

    pub fn exit(&self, machine: &mut Machine) {
        if let Some(errors) = self.before.take() {
            machine.ctx.errors = errors;
        }
    }
}

fn set(machine: &mut Machine, wanted: [Option<Mode>; 4]) {
    let mut modes = machine.ctx.errors.modes();
    for (mode, wanted) in modes.iter_mut().zip(wanted) {
        *mode = wanted.unwrap_or(*mode);
    }
    machine.ctx.errors = Errors::new(modes);
}

/// The modes that the arguments `all, divide, over, under, invalid` name.
fn wanted(machine: &mut Machine, values: &[Option<Value>]) -> Eval<[Option<Mode>; 4]> {
    let mut modes = [None; 5];
    for (mode, value) in modes.iter_mut().zip(values) {
        *mode = match value {
            None | Some(Value::None) => None,
            Some(Value::Str(text)) => match &**text {
                "ignore" => Some(Mode::Ignore),
                "warn" => Some(Mode::Warn),
                "raise" => Some(Mode::Raise),
                "call" | "print" | "log" => {
                    let message = format!("floating-point errors with '{text}'");
                    let error = lang::error::Error::new(Class::NotImplementedError, message);
                    return Err(error.hint("'raise' raises FloatingPointError").into());
                }
                other => return value_error(format!("invalid error mode '{other}'")),
            },
            Some(other) => {
                let shown = machine.repr(other)?;
                return value_error(format!("invalid error mode {shown}"));
            }
        };
    }
    let [all, rest @ ..] = modes;
    Ok(rest.map(|mode| mode.or(all)))
}

fn shown(errors: Errors) -> Eval<Value> {
    let mut dict = Dict::new();
    for ((kind, _), mode) in KINDS.iter().zip(errors.modes()) {
        let mode = match mode {
            Mode::Ignore => "ignore",
            Mode::Warn => "warn",
            Mode::Raise => "raise",
        };
        dict.insert(Value::str(kind), Value::str(mode))?;
    }
    Ok(Value::Dict(Rc::new(RefCell::new(dict))))
}

/// Runs one of the builtins of `lang::ops::classes`.
pub fn call(machine: &mut Machine, host: Host, values: &[Option<Value>]) -> Eval<Value> {
    let arg = |i: usize| values.get(i).cloned().flatten().unwrap_or(Value::None);
    let descriptor = |descriptor: Descriptor| Value::Descriptor(Rc::new(descriptor));
    Ok(match host {
        Host::IsSubclass => Value::Bool(machine.is_subclass(&arg(0), &arg(1))?),
        Host::Super => {
            let given = |i: usize| values.get(i).and_then(Option::as_ref);
            machine.make_super(given(0), given(1))?
        }
        Host::Property => descriptor(Descriptor::Property { get: arg(0), set: arg(1), delete: arg(2) }),
        Host::StaticMethod => descriptor(Descriptor::Static(arg(0))),
        Host::ClassMethod => descriptor(Descriptor::Class(arg(0))),
        Host::ErrState => Value::ErrState(Rc::new(ErrState {
            wanted: wanted(machine, values)?,
            before: Cell::default(),
            entered: Cell::new(false),
        })),
        Host::SetErr => {
            let before = machine.ctx.errors;
            let wanted = wanted(machine, values)?;
            set(machine, wanted);
            shown(before)?
        }
        Host::GetErr => shown(machine.ctx.errors)?,
        _ => return raise(Class::RuntimeError, "no such builtin"),
    })
}
