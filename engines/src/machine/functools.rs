//! Python's `functools` module: functions made of functions.

use std::cell::RefCell;
use std::rc::Rc;

use lang::ops::{Functools, Module};

use super::call::Keywords;
use super::raise::{Eval, type_error};
use super::types::type_name;
use super::{Dict, Machine, objects};
use crate::value::Value;

/// Something to call that is made of values.
pub enum Made {
    /// `partial(function, *args, **keywords)`.
    Partial { function: Value, args: Vec<Value>, keywords: Keywords },
    /// A function that remembers at most so many of its results, the latest used last.
    Cached { function: Value, most: Option<usize>, known: RefCell<Dict> },
    /// `@local`: a function that runs on each rank's own block.
    Local { function: Value, axis: Option<i64> },
    /// `operator.itemgetter(*items)`.
    Items(Vec<Value>),
    /// `operator.attrgetter(*names)`.
    Attributes(Vec<Value>),
    /// `operator.methodcaller(name, *args, **keywords)`.
    Method { name: Rc<str>, args: Vec<Value>, keywords: Keywords },
}

impl Made {
    pub fn type_name(&self) -> &'static str {
        match self {
            Made::Partial { .. } => "functools.partial",
            Made::Cached { .. } => "functools._lru_cache_wrapper",
            Made::Local { .. } => "function",
            Made::Items(_) => "operator.itemgetter",
            Made::Attributes(_) => "operator.attrgetter",
            Made::Method { .. } => "operator.methodcaller",
        }
    }
}

pub fn call(
    machine: &mut Machine,
    tool: Functools,
    values: &[Option<Value>],
    rest: Vec<Value>,
    keywords: Keywords,
) -> Eval<Value> {
    let arg = |i: usize| values.get(i).cloned().flatten().unwrap_or(Value::None);
    let given = |i: usize| values.get(i).is_some_and(Option::is_some);
    let made = |made| Ok(Value::Made(Rc::new(made)));
    let cached = |function, most| made(Made::Cached { function, most, known: RefCell::default() });
    match tool {
        Functools::Cache => cached(arg(0), None),
        Functools::LruCache => match arg(0) {
            function if objects::is_callable(&function) => cached(function, Some(128)),
            most => {
                // What is to be decorated comes in a second call.
                let Some(row) = lang::ops::lookup(Module::Functools, "cache") else {
                    return Ok(Value::None);
                };
                let most = match most {
                    Value::None if given(0) => return Ok(Value::Builtin(row)),
                    Value::None => 128,
                    most => machine.as_int(&most)?.max(0),
                };
                let (function, args) = (Value::Builtin(row), vec![Value::Int(most)]);
                made(Made::Partial { function, args, keywords: Vec::new() })
            }
        },
        Functools::Partial => {
            let function = arg(0);
            if !objects::is_callable(&function) {
                return type_error("the first argument must be callable");
            }
            made(Made::Partial { function, args: rest, keywords })
        }
        Functools::Reduce => {
            let (function, iterable) = (arg(0), arg(1));
            if !super::iterate::is_iterable(&iterable) {
                return type_error("reduce() arg 2 must support iteration");
            }
            let mut iter = machine.iter(&iterable)?;
            let first = if given(2) { Some(arg(2)) } else { machine.next(&mut iter)? };
            let Some(mut total) = first else {
                return type_error("reduce() of empty iterable with no initial value");
            };
            while let Some(item) = machine.next(&mut iter)? {
                total = machine.call(&function, vec![total, item], Vec::new())?;
            }
            Ok(total)
        }
    }
}

impl Machine {
    pub(super) fn call_made(&mut self, made: &Rc<Made>, args: Vec<Value>, keywords: Keywords) -> Eval<Value> {
        match &**made {
            Made::Partial { function, args: first, keywords: own } => {
                if let (Value::Builtin(row), [Value::Int(most)], [decorated]) =
                    (function, &first[..], &args[..])
                    && lang::ops::lookup(Module::Functools, "cache") == Some(*row)
                {
                    let (function, most) = (decorated.clone(), Some(*most as usize));
                    return Ok(Value::Made(Rc::new(Made::Cached {
                        function,
                        most,
                        known: RefCell::default(),
                    })));
                }
                let mut all: Keywords =
                    own.iter().filter(|(k, _)| !keywords.iter().any(|(n, _)| n == k)).cloned().collect();
                all.extend(keywords);
                self.call(&function.clone(), [&first[..], &args[..]].concat(), all)
            }
            Made::Cached { function, most, known } => {
                let mut key = vec![Value::tuple(args.clone())];
                for (name, value) in &keywords {
                    key.push(Value::tuple(vec![Value::str(name), value.clone()]));
                }
                let key = Value::tuple(key);
                let found = known.borrow().get(&key)?;
                if let Some(value) = found {
                    if most.is_some() {
                        let mut known = known.borrow_mut();
                        known.remove(&key)?;
                        known.insert(key, value.clone())?;
                    }
                    return Ok(value);
                }
                let value = self.nested(|machine| machine.call(function, args, keywords))?;
                if *most != Some(0) {
                    let mut known = known.borrow_mut();
                    if most.is_some_and(|most| known.len() >= most) {
                        let oldest = known.iter().next().map(|(key, _)| key.clone());
                        if let Some(oldest) = oldest {
                            known.remove(&oldest)?;
                        }
                    }
                    known.insert(key, value.clone())?;
                }
                Ok(value)
            }
            Made::Local { function, axis } => self.call_local(function, *axis, args, keywords),
            Made::Items(items) => {
                let object = self.only(made, args, &keywords)?;
                let mut found = Vec::with_capacity(items.len());
                for item in items {
                    found.push(self.index(&object, item)?);
                }
                Ok(one_or_tuple(found))
            }
            Made::Attributes(names) => {
                let object = self.only(made, args, &keywords)?;
                let mut found = Vec::with_capacity(names.len());
                for name in names {
                    let mut value = object.clone();
                    for part in self.str(name)?.split('.') {
                        value = self.attr(&value, part)?;
                    }
                    found.push(value);
                }
                Ok(one_or_tuple(found))
            }
            Made::Method { name, args: own, keywords: named } => {
                let object = self.only(made, args, &keywords)?;
                let method = self.attr(&object, name)?;
                self.call(&method, own.clone(), named.clone())
            }
        }
    }

    fn only(&mut self, made: &Rc<Made>, args: Vec<Value>, keywords: &Keywords) -> Eval<Value> {
        let (name, count) = (made.type_name().trim_start_matches("operator."), args.len());
        match <[Value; 1]>::try_from(args) {
            Ok([object]) if keywords.is_empty() => Ok(object),
            _ => type_error(format!("{name} expected 1 argument, got {count}")),
        }
    }
}

fn one_or_tuple(mut values: Vec<Value>) -> Value {
    match (values.len(), values.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            values.extend(last);
            Value::tuple(values)
        }
    }
}

/// `operator.itemgetter(...)` and its kin, by name.
pub fn getter(name: &str, args: Vec<Value>, keywords: Keywords) -> Eval<Value> {
    let made = match name {
        "itemgetter" if !args.is_empty() => Made::Items(args),
        "attrgetter" if !args.is_empty() => {
            if args.iter().any(|name| !matches!(name, Value::Str(_))) {
                return type_error("attribute name must be a string");
            }
            Made::Attributes(args)
        }
        "methodcaller" => match args.split_first() {
            Some((Value::Str(name), args)) => {
                Made::Method { name: name.clone(), args: args.to_vec(), keywords }
            }
            Some((other, _)) => {
                return type_error(format!("method name must be a string, not {}", type_name(other)));
            }
            None => return type_error("methodcaller needs at least one argument, the method name"),
        },
        _ => return type_error(format!("{name} expected at least 1 argument, got 0")),
    };
    Ok(Value::Made(Rc::new(made)))
}
