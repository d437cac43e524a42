//! Functions and classes copied into the machine that runs a local function, with the names that they mention.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use lang::error::Class;

use super::super::Made;
use super::super::class::UserClass;
use super::super::frame::{Cell, Unit};
use super::super::raise::Eval;
use super::carry::Carry;
use super::refuse;
use crate::value::{Closure, Value};

/// Refuses a function that binds names outside of itself.
pub fn check(closure: &Closure) -> Eval<()> {
    let uses = lang::uses::uses(&closure.unit.program, &closure.function);
    match uses.binds.first() {
        None => Ok(()),
        Some(name) => refuse(
            format!(
                "a local function that binds '{name}', a name outside of it, in {}()",
                closure.function.name
            ),
            "each rank would bind another value: return it",
        ),
    }
}

impl Carry<'_> {
    pub(super) fn made(&mut self, made: &Made) -> Eval<Made> {
        let named = |carry: &mut Self, keywords: &[(String, Value)]| -> Eval<Vec<(String, Value)>> {
            keywords.iter().map(|(name, value)| Ok((name.clone(), carry.value(value)?))).collect()
        };
        Ok(match made {
            Made::Partial { function, args, keywords } => Made::Partial {
                function: self.value(function)?,
                args: self.values(args)?,
                keywords: named(self, keywords)?,
            },
            // What it remembers is left behind: it is worked out again.
            Made::Cached { function, most, .. } => {
                Made::Cached { function: self.value(function)?, most: *most, known: RefCell::default() }
            }
            // For what stands beside it: a call is refused.
            Made::Local { function, axis } => Made::Local { function: self.value(function)?, axis: *axis },
            Made::Items(items) => Made::Items(self.values(items)?),
            Made::Attributes(names) => Made::Attributes(self.values(names)?),
            Made::Method { name, args, keywords } => Made::Method {
                name: name.clone(),
                args: self.values(args)?,
                keywords: named(self, keywords)?,
            },
        })
    }

    pub(super) fn class(&mut self, class: &Rc<UserClass>) -> Eval<Rc<UserClass>> {
        if let Some(Value::Class(made)) = self.made.get(&Rc::as_ptr(class).cast()) {
            return Ok(made.clone());
        }
        let order = class.order().iter().map(|base| self.class(base)).collect::<Eval<Vec<_>>>()?;
        let new = Rc::new(class.like(order));
        self.note(&Value::Class(class.clone()), Rc::as_ptr(class), &Value::Class(new.clone()));
        self.carried.classes.push((class.clone(), new.clone()));
        let fields = class.fields.borrow().clone();
        for (name, field) in fields {
            let field = self.value(&field)?;
            new.fields.borrow_mut().push((name, field));
        }
        Ok(new)
    }

    /// A function with what it has captured; the names that it mentions get their values in the machine that runs it.
    pub(super) fn function(&mut self, closure: &Rc<Closure>) -> Eval<Value> {
        check(closure)?;
        let defaults = closure.defaults.iter().map(|d| d.as_ref().map(|d| self.value(d)).transpose());
        let defaults = defaults.collect::<Eval<Vec<_>>>()?;
        let unit = self.unit(&closure.unit);
        let mut fresh = Vec::new();
        let mut cells = Vec::with_capacity(closure.cells.len());
        for cell in &closure.cells {
            cells.push(
                self.cells
                    .entry(Rc::as_ptr(cell))
                    .or_insert_with(|| {
                        fresh.push(cell.clone());
                        Cell::default()
                    })
                    .clone(),
            );
        }
        let (function, plain) = (closure.function.clone(), closure.plain);
        let place = unit.program.functions.iter().position(|f| Arc::ptr_eq(f, &function));
        let hot = place.map_or_else(Rc::default, |place| unit.hot[place].clone());
        let copy =
            Value::Function(Rc::new(Closure { function, unit: unit.clone(), defaults, cells, plain, hot }));
        self.kept.push(Value::Function(closure.clone()));
        self.made.insert(Rc::as_ptr(closure).cast(), copy.clone());
        // What it finds around it is no argument, wherever the function itself comes from.
        let argument = std::mem::replace(&mut self.argument, false);
        for cell in fresh {
            let held = cell.borrow().clone();
            let held = held.map(|value| self.value(&value)).transpose()?;
            if let Some(new) = self.cells.get(&Rc::as_ptr(&cell)) {
                *new.borrow_mut() = held;
            }
        }
        for global in lang::uses::uses(&unit.program, &closure.function).globals {
            let (from, to) = (closure.unit.globals[global as usize], unit.globals[global as usize]);
            let Some(value) = self.outer.globals[from].clone() else { continue };
            if self.inner.globals[to].is_none() {
                let value = self
                    .value(&value)
                    .map_err(|raised| named(raised, &unit.program.globals[global as usize].name))?;
                self.inner.globals[to] = Some(value);
            }
        }
        self.argument = argument;
        Ok(copy)
    }

    fn unit(&mut self, unit: &Rc<Unit>) -> Rc<Unit> {
        let inner = &mut self.inner;
        self.units.entry(Rc::as_ptr(unit)).or_insert_with(|| inner.unit(unit.program.clone())).clone()
    }
}

/// A refusal with the name that the value has.
fn named(mut raised: Box<super::super::Raised>, name: &str) -> Box<super::super::Raised> {
    if raised.error.class == Class::NotImplementedError && !raised.error.message.starts_with('\'') {
        raised.error.message = format!("'{name}', {}", raised.error.message);
    }
    raised
}
