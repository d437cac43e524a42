//! Targets: binding, unpacking, augmented assignment, `del`.

use lang::error::{Class, Error};
use lang::ir::{BinOp, Expr, Target, Var};
use lang::source::Span;

use super::frame::Frame;
use super::items::discard;
use super::raise::{Eval, raise, type_error, value_error};
use super::types::type_name;
use super::{Machine, Raised};
use crate::value::Value;

impl Machine {
    pub(super) fn assign(&mut self, frame: &mut Frame, target: &Target, value: Value) -> Eval<()> {
        match target {
            Target::Name(var, _) => self.bind_var(frame, *var, value),
            Target::Index { base, index, span } => {
                let base = self.eval(frame, base)?;
                let index = self.eval(frame, index)?;
                return self.set_item(&base, &index, value).map_err(at(frame, *span));
            }
            Target::Attr { base, name, span } => {
                let base = self.eval(frame, base)?;
                return self.set_attr(&base, name, value).map_err(at(frame, *span));
            }
            Target::Tuple { items, starred, span } => {
                let values = self.unpack(&value, items.len(), *starred).map_err(at(frame, *span))?;
                for (item, value) in items.iter().zip(values) {
                    self.assign(frame, item, value)?;
                }
            }
        }
        Ok(())
    }

    #[inline]
    pub(super) fn bind_var(&mut self, frame: &mut Frame, var: Var, value: Value) {
        match var {
            Var::Local(slot) => replace(&mut frame.locals[slot as usize], Some(value)),
            Var::Global(name) => {
                let global = frame.unit.globals[name as usize];
                replace(&mut self.globals[global], Some(value));
            }
            Var::Cell(cell) => *frame.cells[cell as usize].borrow_mut() = Some(value),
        }
    }

    /// As many values as there are targets; the starred one gets a list of what the others leave.
    fn unpack(&mut self, value: &Value, count: usize, starred: Option<u32>) -> Eval<Vec<Value>> {
        let mut iter = match self.iter(value) {
            Ok(iter) => iter,
            Err(_) if !super::iterate::is_iterable(value) => {
                return type_error(format!("cannot unpack non-iterable {} object", type_name(value)));
            }
            Err(raised) => return Err(raised),
        };
        let Some(starred) = starred.map(|s| s as usize) else {
            let mut values = Vec::with_capacity(count);
            while let Some(item) = self.next(&mut iter)? {
                if values.len() == count {
                    return value_error(format!("too many values to unpack (expected {count})"));
                }
                values.push(item);
            }
            if values.len() < count {
                let got = values.len();
                return value_error(format!("not enough values to unpack (expected {count}, got {got})"));
            }
            return Ok(values);
        };
        // By `collect`, which knows beforehand whether a range fits into memory.
        let mut values = self.collect(value)?;
        let least = count - 1;
        if values.len() < least {
            let got = values.len();
            return value_error(format!(
                "not enough values to unpack (expected at least {least}, got {got})"
            ));
        }
        let after = least - starred;
        let middle = values.drain(starred..values.len() - after).collect();
        values.insert(starred, Value::list(middle));
        Ok(values)
    }

    /// `target op= value`: the target's parts are evaluated once; arrays and lists change in place.
    pub(super) fn augment(
        &mut self,
        frame: &mut Frame,
        target: &Target,
        op: BinOp,
        value: &Expr,
    ) -> Eval<()> {
        match target {
            Target::Name(var, span) => {
                if let Some(new) = self.quick_augment(frame, *var, op, value) {
                    self.bind_var(frame, *var, new);
                    return Ok(());
                }
                let old = self.load(frame, *var).map_err(at(frame, *span))?;
                let value = self.eval(frame, value)?;
                let new = self.augmented(op, old, value)?;
                self.assign(frame, target, new)
            }
            Target::Index { base, index, span } => {
                if let Some(new) = self.quick_augment_element(frame, base, index, op, value)
                    && self.quick_store(frame, base, index, &new)
                {
                    return Ok(());
                }
                let base = self.eval(frame, base)?;
                let index = self.eval(frame, index)?;
                let old = self.index(&base, &index).map_err(at(frame, *span))?;
                let value = self.eval(frame, value)?;
                let is_view = matches!((&base, &old), (Value::Array(_), Value::Array(_))) && is_basic(&index);
                let new = self.augmented(op, old, value)?;
                // Writing a view back onto itself changes nothing.
                if is_view {
                    return Ok(());
                }
                self.set_item(&base, &index, new).map_err(at(frame, *span))
            }
            Target::Attr { base, name, span } => {
                let base = self.eval(frame, base)?;
                let old = self.attr(&base, name).map_err(at(frame, *span))?;
                let value = self.eval(frame, value)?;
                let new = self.augmented(op, old, value)?;
                self.set_attr(&base, name, new).map_err(at(frame, *span))
            }
            Target::Tuple { span, .. } => {
                let error = Error::new(
                    Class::SyntaxError,
                    "'tuple' is an illegal expression for augmented assignment",
                );
                Err(at(frame, *span)(error.into()))
            }
        }
    }

    pub(super) fn delete(&mut self, frame: &mut Frame, target: &Target) -> Eval<()> {
        match target {
            Target::Name(var, span) => {
                self.load(frame, *var).map_err(at(frame, *span))?;
                match var {
                    Var::Local(slot) => replace(&mut frame.locals[*slot as usize], None),
                    Var::Cell(cell) => *frame.cells[*cell as usize].borrow_mut() = None,
                    Var::Global(name) => {
                        let global = frame.unit.globals[*name as usize];
                        if self.globals[global].take().is_none() {
                            let name = &frame.unit.program.globals[*name as usize].name;
                            return raise(Class::NameError, format!("name '{name}' is not defined"));
                        }
                    }
                }
                Ok(())
            }
            Target::Index { base, index, span } => {
                let base = self.eval(frame, base)?;
                let index = self.eval(frame, index)?;
                self.delete_item(&base, &index).map_err(at(frame, *span))
            }
            Target::Attr { base, name, span } => {
                let base = self.eval(frame, base)?;
                if let Value::Object(object) = &base {
                    let class = object.class.clone();
                    return self
                        .delete_object_attr(&base, &class, &object.fields, name)
                        .map_err(at(frame, *span));
                }
                let message = format!("cannot delete attribute '{name}' of '{}' object", type_name(&base));
                raise(Class::AttributeError, message).map_err(at(frame, *span))
            }
            Target::Tuple { items, .. } => {
                for item in items {
                    self.delete(frame, item)?;
                }
                Ok(())
            }
        }
    }
}

/// Binds or unbinds a variable. A tuple that goes may be nested deeply.
#[inline]
fn replace(variable: &mut Option<Value>, value: Option<Value>) {
    match variable {
        None => {}
        Some(old) if super::quick::is_plain(old) => {
            // Nothing to drop.
            std::mem::forget(std::mem::replace(variable, value));
            return;
        }
        Some(Value::Tuple(_)) => discard(variable.take().into_iter().collect()),
        _ => {}
    }
    *variable = value;
}

/// Notes the place of an error that has none yet.
fn at<'a>(frame: &'a Frame, span: Span) -> impl Fn(Box<Raised>) -> Box<Raised> + 'a {
    move |mut raised| {
        frame.locate(&mut raised, span);
        raised
    }
}

/// An index of ints, slices, None and `...` gives a view of an array.
fn is_basic(index: &Value) -> bool {
    match index {
        Value::Int(_) | Value::Slice(_) | Value::None | Value::Ellipsis => true,
        Value::Tuple(items) => items.iter().all(is_basic),
        _ => false,
    }
}
