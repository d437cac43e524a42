//! Figures, which `lang`'s `prelude/pyplot` makes: what an object says of itself for the kernel to draw, and the figures
//! that are open at a cell's end.

use lang::error::{Class, Error};
use lang::prelude::{FILES, PYPLOT};
use lang::scalar::Scalar;

use super::Machine;
use super::number::{Num, to_float};
use super::raise::{Eval, type_error};
use super::types::type_name;
use crate::link::{Output, Shown, Tree};
use crate::value::Value;

/// Classes of the prelude's whose objects a cell does not show when they are its last value: `[<line of a plot>]`
/// tells nobody anything.
const QUIET: &[&str] = &["Artist", "Colorbar"];

impl Machine {
    /// The figure or the widget that the object is, where its class can describe one. Collective.
    pub(super) fn figure(&mut self, value: &Value) -> Eval<Option<Shown>> {
        let Value::Object(object) = value else {
            return Ok(None);
        };
        let shown = match object.class.name {
            "Figure" | "_Saved" => Shown::Figure,
            "_Interactive" | "_Number" | "_Flag" | "_Words" | "_Choice" => Shown::Widgets,
            _ => return Ok(None),
        };
        let Some(describe) = object.class.find("_describe") else {
            return Ok(None);
        };
        let described = self.call_method(value, &describe, Vec::new(), Vec::new())?;
        Ok(Some(shown(Box::new(self.tree(&described)?))))
    }

    /// Shows the figures that are open, and forgets them; after an error those in which something is drawn. Collective.
    pub(super) fn show_figures(&mut self, failed: bool) -> Eval<()> {
        let Some(file) = FILES.iter().position(|file| file.name == PYPLOT) else {
            return Ok(());
        };
        if self.prelude[file].is_none() {
            return Ok(());
        }
        let figures = self.call_prelude(file as u32, "_flush", vec![Value::Bool(failed)], Vec::new())?;
        let Value::List(figures) = figures else {
            return Ok(());
        };
        let figures: Vec<Value> = figures.borrow().iter().cloned().collect();
        for figure in &figures {
            if let Some(shown) = self.figure(figure)? {
                self.emit(Output::Show(Box::new(shown)));
            }
        }
        Ok(())
    }

    /// Plain data of a value. Collective where it holds arrays.
    pub(super) fn tree(&mut self, value: &Value) -> Eval<Tree> {
        Ok(match value {
            Value::None => Tree::None,
            Value::Bool(b) => Tree::Flag(*b),
            Value::Str(text) => Tree::Text(text.to_string()),
            Value::Array(array) => {
                Tree::Numbers(self.all_items(array)?.into_iter().map(Scalar::as_f64).collect())
            }
            Value::List(items) => {
                let items: Vec<Value> = items.borrow().iter().cloned().collect();
                self.trees(&items)?
            }
            Value::Tuple(items) => self.trees(items)?,
            Value::Dict(dict) => {
                let items: Vec<(Value, Value)> = dict.borrow().iter().cloned().collect();
                let mut tree = Vec::with_capacity(items.len());
                for (key, value) in &items {
                    let Value::Str(key) = key else {
                        return type_error("a figure's names are text");
                    };
                    tree.push((key.to_string(), self.tree(value)?));
                }
                Tree::Dict(tree)
            }
            other => match Num::of_any(other) {
                Some(number) => Tree::Number(to_float(&number)?),
                None => {
                    let message = format!("a {} in a figure", type_name(other));
                    return Err(Error::new(Class::TypeError, message).into());
                }
            },
        })
    }

    fn trees(&mut self, items: &[Value]) -> Eval<Tree> {
        items.iter().map(|item| self.tree(item)).collect::<Eval<Vec<Tree>>>().map(Tree::List)
    }
}

/// Whether a value is what a plotting function gives back, which nobody needs to see.
pub fn is_quiet(value: &Value) -> bool {
    // Two levels deep, as a tuple of lists of lines is; a list may hold itself.
    fn within(value: &Value, levels: usize) -> bool {
        match value {
            Value::Object(object) => QUIET.contains(&object.class.name),
            Value::List(items) if levels > 0 => items.borrow().iter().any(|item| within(item, levels - 1)),
            Value::Tuple(items) if levels > 0 => items.iter().any(|item| within(item, levels - 1)),
            _ => false,
        }
    }
    within(value, 2)
}
