//! NumPy's settings of floating-point errors (`errstate`, `seterr`, `geterr`), and the builtins around classes.
//!
//! There are no warnings: what is set is kept, and shown by `geterr`. What would change the course of a program
//! ('raise', 'call', 'print', 'log') is refused.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use lang::error::Class;
use lang::ops::Host;

use super::class::Descriptor;
use super::raise::{Eval, raise, type_error, value_error};
use super::{Dict, Machine};
use crate::value::Value;

/// What is done at each kind of error.
#[derive(Clone, Copy, PartialEq)]
pub enum Mode {
    Ignore,
    Warn,
}

/// By `KINDS`.
pub type Modes = [Mode; 4];

const KINDS: [&str; 4] = ["divide", "over", "under", "invalid"];

pub const DEFAULT: Modes = [Mode::Warn, Mode::Warn, Mode::Ignore, Mode::Warn];

/// `np.errstate(...)`: what a `with` block sets, and what was set before, while it is in one.
pub struct ErrState {
    wanted: [Option<Mode>; 4],
    before: RefCell<Option<Modes>>,
    entered: Cell<bool>,
}

impl ErrState {
    pub fn enter(&self, machine: &mut Machine) -> Eval<()> {
        if self.entered.replace(true) {
            return type_error("Cannot enter `np.errstate` twice.");
        }
        *self.before.borrow_mut() = Some(machine.errors);
        set(machine, self.wanted);
        Ok(())
    }

    pub fn exit(&self, machine: &mut Machine) {
        if let Some(modes) = self.before.borrow_mut().take() {
            machine.errors = modes;
        }
    }
}

fn set(machine: &mut Machine, wanted: [Option<Mode>; 4]) {
    for (mode, wanted) in machine.errors.iter_mut().zip(wanted) {
        *mode = wanted.unwrap_or(*mode);
    }
}

/// The modes that the arguments `all, divide, over, under, invalid` name.
fn wanted(values: &[Option<Value>]) -> Eval<[Option<Mode>; 4]> {
    let mut modes = [None; 5];
    for (mode, value) in modes.iter_mut().zip(values) {
        *mode = match value {
            None | Some(Value::None) => None,
            Some(Value::Str(text)) => match &**text {
                "ignore" => Some(Mode::Ignore),
                "warn" => Some(Mode::Warn),
                "raise" | "call" | "print" | "log" => {
                    let message = format!("floating-point errors with '{text}'");
                    let error = lang::error::Error::new(Class::NotImplementedError, message);
                    return Err(error.hint("test the result: np.isfinite(a).all()").into());
                }
                other => return value_error(format!("invalid error mode '{other}'")),
            },
            Some(_) => return value_error("invalid error mode"),
        };
    }
    let [all, rest @ ..] = modes;
    Ok(rest.map(|mode| mode.or(all)))
}

fn shown(modes: Modes) -> Eval<Value> {
    let mut dict = Dict::new();
    for (kind, mode) in KINDS.iter().zip(modes) {
        dict.insert(Value::str(kind), Value::str(if mode == Mode::Warn { "warn" } else { "ignore" }))?;
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
            wanted: wanted(values)?,
            before: RefCell::default(),
            entered: Cell::new(false),
        })),
        Host::SetErr => {
            let before = machine.errors;
            set(machine, wanted(values)?);
            shown(before)?
        }
        Host::GetErr => shown(machine.errors)?,
        _ => return raise(Class::RuntimeError, "no such builtin"),
    })
}
