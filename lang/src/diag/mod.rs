//! Diagnostics: what is wrong with a cell before it runs, and how errors look, before and while it runs.

mod render;
mod similar;

use serde::{Deserialize, Serialize};

pub use render::{render, render_error};
pub use similar::did_you_mean;

use crate::error::Class;
use crate::source::Span;

/// One thing that is wrong with a source. `class` and `message` are what Python would raise (Jupyter's `ename` and
/// `evalue`); the rest says where, and what to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diagnostic {
    pub class: Class,
    /// One line, without the class.
    pub message: String,
    pub span: Span,
    /// What stands under the caret: what was found or expected there. May be empty.
    pub label: String,
    /// Another place that matters, such as the bracket that is never closed, and what it is.
    pub also: Option<(Span, String)>,
    /// What to write instead.
    pub hint: Option<String>,
}

impl Diagnostic {
    pub fn new(class: Class, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { class, message: message.into(), span, label: String::new(), also: None, hint: None }
    }

    pub fn syntax(span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Class::SyntaxError, span, message)
    }

    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hint = Some(hint.into());
        self
    }

    pub fn also(mut self, span: Span, label: impl Into<String>) -> Diagnostic {
        self.also = Some((span, label.into()));
        self
    }
}
