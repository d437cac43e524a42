//! Calls: of the user's functions, with Python's rules for arguments, and of everything else that can be called.

use std::cell::RefCell;
use std::rc::Rc;

use lang::error::Class;
use lang::ir::{Expr, ExprKind, Function, Param, ParamKind};
use lang::ops::Host;

use super::frame::{Cell, Flow, Frame};
use super::generator::Generator;
use super::raise::{Eval, raise, type_error};
use super::types::type_name;
use super::{Dict, Iter, Machine, bound, builtins, class};
use crate::value::{Closure, Value};

/// As Python's: frames of the user's functions, the module's among them.
pub const RECURSION_LIMIT: usize = 1000;

/// Stack that a call may need before it gets to the next one, and what is added when less is left.
pub const STACK_LOW: usize = 512 * 1024;
pub const STACK_MORE: usize = 8 * 1024 * 1024;

/// Frames whose memory is kept for the next calls.
const SPARE: usize = 64;

pub type Keywords = Vec<(String, Value)>;

impl Machine {
    pub(super) fn call_expr(
        &mut self,
        frame: &mut Frame,
        function: &Expr,
        args: &[Expr],
        keywords: &[(String, Expr)],
    ) -> Eval<Value> {
        if let (ExprKind::Var(var), []) = (&function.kind, keywords)
            && let Some(Value::Function(closure)) = self.peek(frame, *var)
        {
            // The arguments are evaluated into the slots of the frame to be.
            let closure = closure.clone();
            let mut slots = self.spare.pop().unwrap_or_default();
            for arg in args {
                slots.push(Some(self.eval(frame, arg)?));
            }
            return self.call_function(&closure, slots, Vec::new());
        }
        self.call_other(frame, function, args, keywords)
    }

    /// A call of anything but a function that a variable holds.
    #[inline(never)]
    fn call_other(
        &mut self,
        frame: &mut Frame,
        function: &Expr,
        args: &[Expr],
        keywords: &[(String, Expr)],
    ) -> Eval<Value> {
        // A method of a list or a string is called without making the bound method first.
        if let ExprKind::Attr(base, name) = &function.kind {
            let base = self.eval(frame, base)?;
            if let (Value::List(items), "append", [item], []) = (&base, name.as_str(), args, keywords) {
                let item = self.eval(frame, item)?;
                items.borrow_mut().push(item);
                return Ok(Value::None);
            }
            if let Value::Object(object) = &base
                && let Some(method @ Value::Function(_)) = object.class.find(name)
                && class::get(&object.fields.borrow(), name).is_none()
            {
                let mut slots = self.spare.pop().unwrap_or_default();
                slots.push(Some(base.clone()));
                for arg in args {
                    slots.push(Some(self.eval(frame, arg)?));
                }
                let keywords = self.eval_keywords(frame, keywords)?;
                let Value::Function(closure) = &method else {
                    return Ok(Value::None);
                };
                return self.call_function(closure, slots, keywords);
            }
            if class::class_of(&base).is_none()
                && let Some(method) = bound::find(&base, name)
            {
                let args = self.eval_all(frame, args)?;
                let keywords = self.eval_keywords(frame, keywords)?;
                return bound::call(self, &base, method, args, keywords);
            }
            let callee = self.attr(&base, name).map_err(|mut raised| {
                frame.locate(&mut raised, function.span);
                raised
            })?;
            let args = self.eval_all(frame, args)?;
            let keywords = self.eval_keywords(frame, keywords)?;
            return self.call(&callee, args, keywords);
        }
        let callee = self.eval(frame, function)?;
        if let Value::Function(closure) = &callee {
            let mut slots = self.spare.pop().unwrap_or_default();
            for arg in args {
                slots.push(Some(self.eval(frame, arg)?));
            }
            let keywords = self.eval_keywords(frame, keywords)?;
            return self.call_function(closure, slots, keywords);
        }
        if let (Value::Builtin(row), [arg], []) = (&callee, args, keywords)
            && let lang::ops::Run::Host(host) = lang::ops::row(*row).run
        {
            let arg = self.eval(frame, arg)?;
            return match quick_builtin(host, &arg) {
                Some(value) => Ok(value),
                None => self.call(&callee, vec![arg], Vec::new()),
            };
        }
        let args = self.eval_all(frame, args)?;
        let keywords = self.eval_keywords(frame, keywords)?;
        self.call(&callee, args, keywords)
    }

    fn eval_keywords(&mut self, frame: &mut Frame, keywords: &[(String, Expr)]) -> Eval<Keywords> {
        let mut values = Vec::with_capacity(keywords.len());
        for (name, value) in keywords {
            values.push((name.clone(), self.eval(frame, value)?));
        }
        Ok(values)
    }

    pub(super) fn call(&mut self, callee: &Value, args: Vec<Value>, keywords: Keywords) -> Eval<Value> {
        match callee {
            Value::Function(closure) => {
                self.call_function(closure, args.into_iter().map(Some).collect(), keywords)
            }
            Value::Builtin(row) => self.call_builtin(*row, None, args, keywords),
            Value::Method(method) => self.call_builtin(method.1, Some(method.0.clone()), args, keywords),
            Value::Made(made) => self.call_made(made, args, keywords),
            Value::Bound(method) => bound::call(self, &method.0, method.1, args, keywords),
            Value::Type(class) => builtins::construct(self, class, args, keywords),
            Value::Class(class) => self.instantiate(class, args, keywords),
            Value::Attached(method) => {
                let mut all = vec![method.0.clone()];
                all.extend(args);
                self.call(&method.1, all, keywords)
            }
            Value::ErrState(_) => raise(Class::NotImplementedError, "np.errstate as a decorator"),
            Value::Object(_) if let Some(method) = self.special(callee, "__call__") => {
                self.call_method(callee, &method, args, keywords)
            }
            _ => type_error(format!("'{}' object is not callable", type_name(callee))),
        }
    }

    /// The function that a `def` or `lambda` makes when it runs.
    pub(super) fn closure(&mut self, frame: &mut Frame, function: u32) -> Eval<Value> {
        let hot = frame.unit.hot[function as usize].clone();
        let function = frame.unit.program.functions[function as usize].clone();
        let mut defaults = Vec::with_capacity(function.params.len());
        for param in &function.params {
            defaults.push(match &param.default {
                Some(default) => Some(self.eval(frame, default)?),
                None => None,
            });
        }
        let cells = function.free.iter().map(|free| frame.cells[free.from_cell as usize].clone()).collect();
        let plain = |p: &Param| matches!(p.kind, ParamKind::Normal | ParamKind::PositionalOnly);
        let plain = function.params.iter().all(plain);
        Ok(Value::Function(Rc::new(Closure {
            function,
            unit: frame.unit.clone(),
            defaults,
            cells,
            plain,
            hot,
        })))
    }

    /// Runs a function of the user; `args` are its first slots.
    fn call_function(
        &mut self,
        closure: &Rc<Closure>,
        args: Vec<Option<Value>>,
        keywords: Keywords,
    ) -> Eval<Value> {
        if self.depth + 1 >= RECURSION_LIMIT {
            return raise(Class::RecursionError, "maximum recursion depth exceeded");
        }
        let function = &closure.function;
        let plain = closure.plain && keywords.is_empty() && args.len() == function.params.len();
        if plain && let Some(value) = self.call_native(closure, &args)? {
            return Ok(value);
        }
        let mut locals = match plain {
            true => args,
            false => bind(function, &closure.defaults, args, keywords)?,
        };
        locals.resize((function.locals as usize).max(locals.len()), None);
        let mut cells = Vec::new();
        if function.cells > 0 {
            cells.reserve_exact(function.cells as usize);
            cells.extend(closure.cells.iter().cloned());
            cells.resize_with(function.cells as usize, Cell::default);
            for (param, slot) in function.params.iter().zip(&mut locals) {
                if let Some(cell) = param.cell {
                    *cells[cell as usize].borrow_mut() = slot.take();
                }
            }
        }
        if function.generator {
            let generator = Generator::new(closure.clone(), locals, cells, self.left.clone());
            return Ok(self.lazy(Iter::Generator(Box::new(generator))));
        }
        let mut frame = Frame { locals, cells, unit: &closure.unit, function: Some(function) };
        self.depth += 1;
        let flow = stacker::maybe_grow(STACK_LOW, STACK_MORE, || self.block(&mut frame, &function.body));
        self.depth -= 1;
        if self.spare.len() < SPARE {
            let mut locals = frame.take_locals();
            locals.clear();
            self.spare.push(locals);
        }
        if self.left.any() {
            self.close_left()?;
        }
        match flow {
            Ok(Flow::Return(value)) => Ok(value),
            Ok(_) => Ok(Value::None),
            Err(mut raised) => {
                raised.located = false;
                Err(raised)
            }
        }
    }
}

/// The commonest builtins of one argument, where nothing can go wrong.
fn quick_builtin(host: Host, arg: &Value) -> Option<Value> {
    Some(match (host, arg) {
        (Host::Abs, Value::Float(f)) => Value::Float(f.abs()),
        (Host::Abs, Value::Int(i)) => Value::Int(i.checked_abs()?),
        (Host::Abs, Value::Complex(c)) => Value::Float(c.re.hypot(c.im)),
        (Host::Len, Value::List(items)) => Value::Int(items.borrow().len() as i64),
        (Host::Len, Value::Tuple(items)) => Value::Int(items.len() as i64),
        (Host::Float, Value::Float(_)) | (Host::Int, Value::Int(_)) => arg.clone(),
        _ => return None,
    })
}

/// The frame's slots with the arguments in them.
#[inline(never)]
fn bind(
    function: &Function,
    defaults: &[Option<Value>],
    mut slots: Vec<Option<Value>>,
    keywords: Keywords,
) -> Eval<Vec<Option<Value>>> {
    let params = &function.params;
    let by_position = |p: &&Param| matches!(p.kind, ParamKind::Normal | ParamKind::PositionalOnly);
    let positional = params.iter().take_while(by_position).count();
    let given = slots.len();
    let rest = params.get(positional).is_some_and(|p| p.kind == ParamKind::VarPositional);
    let left = if given > positional { slots.split_off(positional) } else { Vec::new() };
    if !left.is_empty() && !rest {
        return Err(too_many(function, defaults, positional, given, &keywords));
    }
    slots.resize((function.locals as usize).max(params.len()), None);
    if rest {
        slots[positional] = Some(Value::tuple(left.into_iter().flatten().collect()));
    }
    if given == params.len() && keywords.is_empty() && !rest {
        return Ok(slots);
    }
    let name = &function.name;
    let mut more = params.last().filter(|p| p.kind == ParamKind::VarKeyword).map(|_| Dict::new());
    for (keyword, value) in keywords {
        let by_name = |p: &Param| {
            p.name == keyword
                && !matches!(p.kind, ParamKind::VarPositional | ParamKind::VarKeyword)
                && !(more.is_some() && p.kind == ParamKind::PositionalOnly)
        };
        let at = params.iter().position(by_name);
        if let (None, Some(more)) = (at, &mut more) {
            more.insert(Value::str(&keyword), value)?;
            continue;
        }
        match at {
            Some(i) if params[i].kind == ParamKind::PositionalOnly => {
                return type_error(format!(
                    "{name}() got some positional-only arguments passed as keyword arguments: '{keyword}'"
                ));
            }
            Some(i) if slots[i].is_some() => {
                return type_error(format!("{name}() got multiple values for argument '{keyword}'"));
            }
            Some(i) => slots[i] = Some(value),
            None => {
                return type_error(format!("{name}() got an unexpected keyword argument '{keyword}'"));
            }
        }
    }
    if let Some(more) = more {
        slots[params.len() - 1] = Some(Value::Dict(Rc::new(RefCell::new(more))));
    }
    if slots[..params.len()].iter().all(Option::is_some) {
        return Ok(slots);
    }
    let mut missing = [Vec::new(), Vec::new()];
    for ((param, slot), default) in params.iter().zip(&mut slots).zip(defaults) {
        if slot.is_none() {
            *slot = default.clone();
            if slot.is_none() {
                missing[(param.kind == ParamKind::KeywordOnly) as usize].push(format!("'{}'", param.name));
            }
        }
    }
    for (names, kind) in missing.iter().zip(["positional", "keyword-only"]) {
        if !names.is_empty() {
            let (count, plural) = (names.len(), if names.len() == 1 { "" } else { "s" });
            let list = and_list(names);
            return type_error(format!("{name}() missing {count} required {kind} argument{plural}: {list}"));
        }
    }
    Ok(slots)
}

#[cold]
fn too_many(
    function: &Function,
    defaults: &[Option<Value>],
    positional: usize,
    given: usize,
    keywords: &Keywords,
) -> Box<super::Raised> {
    let name = &function.name;
    let optional =
        function.params.iter().zip(defaults).filter(|(p, d)| p.kind != ParamKind::KeywordOnly && d.is_some());
    let required = positional - optional.count();
    let takes = if required == positional {
        positional.to_string()
    } else {
        format!("from {required} to {positional}")
    };
    let plural = if positional == 1 && required == positional { "" } else { "s" };
    let only = keywords
        .iter()
        .filter(|(k, _)| function.params.iter().any(|p| p.name == *k && p.kind == ParamKind::KeywordOnly));
    let only = only.count();
    let message = if only > 0 {
        let (s, s2) = (if given == 1 { "" } else { "s" }, if only == 1 { "" } else { "s" });
        format!(
            "{name}() takes {takes} positional argument{plural} but {given} positional argument{s} (and {only} keyword-only argument{s2}) were given"
        )
    } else {
        let were = if given == 1 { "was" } else { "were" };
        format!("{name}() takes {takes} positional argument{plural} but {given} {were} given")
    };
    lang::error::Error::type_(message).into()
}

/// `'x'`, `'x' and 'y'`, `'x', 'y', and 'z'`.
fn and_list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [a, b] => format!("{a} and {b}"),
        [rest @ .., last] => format!("{}, and {last}", rest.join(", ")),
    }
}
