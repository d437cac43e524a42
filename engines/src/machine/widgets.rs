//! What the prelude's widgets need: a function's parameters, and calls whose outputs a widget shows.

use lang::error::Class;
use lang::ir::{ExprKind, ParamKind, Program, Var};
use lang::ops::Show;

use super::raise::{Eval, type_error};
use super::{Machine, figure};
use crate::exec::Args;
use crate::link::Output;
use crate::value::Value;

/// Runs a row that widgets are made of.
pub fn widget(machine: &mut Machine, show: Show, args: &Args) -> Eval<Value> {
    match show {
        Show::Parameters => Ok(args.given("f").map_or(Value::None, parameters)),
        Show::Perform => {
            let (Some(Value::Dict(kwargs)), Some(function)) = (args.given("kwargs"), args.given("f")) else {
                return type_error("a widget calls a function with a dict of arguments");
            };
            let output = number(args, "output")?;
            let mut keywords = Vec::new();
            for (key, value) in kwargs.borrow().iter() {
                match key {
                    Value::Str(name) => keywords.push((name.to_string(), value.clone())),
                    _ => return type_error("keywords must be strings"),
                }
            }
            machine.perform(output, function, keywords)
        }
        _ => {
            let number = number(args, "number")?;
            if let Some(state) = args.given("state").cloned() {
                let state = Box::new(machine.tree(&state)?);
                machine.emit(Output::Widget { number, state });
            }
            Ok(Value::None)
        }
    }
}

fn number(args: &Args, name: &str) -> Eval<u64> {
    match args.given(name) {
        Some(Value::Int(number)) if *number >= 0 => Ok(*number as u64),
        _ => type_error("a widget's number is an int"),
    }
}

/// Of a function of the user's: name, kind, whether there is a default, the default.
fn parameters(function: &Value) -> Value {
    let (closure, bound) = match function {
        Value::Function(closure) => (closure, 0),
        Value::Attached(method) => match &method.1 {
            Value::Function(closure) => (closure, 1),
            _ => return Value::None,
        },
        _ => return Value::None,
    };
    let params = closure.function.params.iter().enumerate().skip(bound).map(|(i, param)| {
        let kind = match param.kind {
            ParamKind::Normal | ParamKind::KeywordOnly => "named",
            ParamKind::VarKeyword => "rest",
            ParamKind::PositionalOnly | ParamKind::VarPositional => "positional",
        };
        let default = closure.defaults.get(i).cloned().flatten();
        let given = Value::Bool(default.is_some());
        Value::tuple(vec![Value::str(&param.name), Value::str(kind), given, default.unwrap_or(Value::None)])
    });
    Value::list(params.collect())
}

impl Machine {
    /// Calls the function; what it prints, shows, draws and returns is shown by a widget, as is an error of it. Collective.
    fn perform(&mut self, output: u64, function: &Value, keywords: Vec<(String, Value)>) -> Eval<Value> {
        // What was drawn before is not the function's.
        self.show_figures(false)?;
        self.emit(Output::Route { output: Some(output) });
        self.emit(Output::Clear { wait: true });
        let outcome = self.call(function, Vec::new(), keywords).and_then(|value| {
            if !matches!(value, Value::None) && !figure::is_quiet(&value) {
                let shown = self.shown(&value)?;
                self.emit(Output::Show(Box::new(shown)));
            }
            Ok(value)
        });
        let value = match self.with_figures(outcome) {
            Ok(value) => value,
            // What is not the function's own fault ends the program.
            Err(raised) if matches!(raised.error.class, Class::KeyboardInterrupt | Class::EngineError) => {
                return Err(raised);
            }
            Err(raised) => {
                let error = self.report(*raised);
                self.emit(Output::Failed(Box::new(error)));
                Value::None
            }
        };
        self.emit(Output::Route { output: None });
        Ok(value)
    }
}

/// Whether the last expression of a cell is a call of `interact`, which gives the function back: nobody needs to see that.
pub fn is_interact(program: &Program) -> bool {
    let Some(ExprKind::Call { func, .. }) = program.shown.as_ref().map(|shown| &shown.kind) else {
        return false;
    };
    let name = match &func.kind {
        ExprKind::Attr(_, name) => Some(name.as_str()),
        ExprKind::Var(Var::Global(i)) => program.globals.get(*i as usize).map(|global| global.name.as_str()),
        _ => None,
    };
    matches!(name, Some("interact" | "interact_manual"))
}
