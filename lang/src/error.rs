//! The error classes of Python and NumPy that the language knows, and an error raised while a program runs.

use serde::{Deserialize, Serialize};

use crate::source::{Source, Span};

/// Python's exception classes, by their Python names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Class {
    SyntaxError,
    IndentationError,
    TabError,
    NameError,
    UnboundLocalError,
    TypeError,
    ValueError,
    IndexError,
    KeyError,
    AttributeError,
    ZeroDivisionError,
    OverflowError,
    AssertionError,
    RecursionError,
    RuntimeError,
    NotImplementedError,
    StopIteration,
    FileNotFoundError,
    PermissionError,
    OSError,
    EOFError,
    MemoryError,
    KeyboardInterrupt,
    ModuleNotFoundError,
    ImportError,
    /// `numpy.exceptions.AxisError`, a ValueError and an IndexError.
    AxisError,
    /// Not Python's: the team of engines failed (a rank died, a rank disagreed).
    EngineError,
}

impl Class {
    pub fn name(self) -> &'static str {
        match self {
            Class::SyntaxError => "SyntaxError",
            Class::IndentationError => "IndentationError",
            Class::TabError => "TabError",
            Class::NameError => "NameError",
            Class::UnboundLocalError => "UnboundLocalError",
            Class::TypeError => "TypeError",
            Class::ValueError => "ValueError",
            Class::IndexError => "IndexError",
            Class::KeyError => "KeyError",
            Class::AttributeError => "AttributeError",
            Class::ZeroDivisionError => "ZeroDivisionError",
            Class::OverflowError => "OverflowError",
            Class::AssertionError => "AssertionError",
            Class::RecursionError => "RecursionError",
            Class::RuntimeError => "RuntimeError",
            Class::NotImplementedError => "NotImplementedError",
            Class::StopIteration => "StopIteration",
            Class::FileNotFoundError => "FileNotFoundError",
            Class::PermissionError => "PermissionError",
            Class::OSError => "OSError",
            Class::EOFError => "EOFError",
            Class::MemoryError => "MemoryError",
            Class::KeyboardInterrupt => "KeyboardInterrupt",
            Class::ModuleNotFoundError => "ModuleNotFoundError",
            Class::ImportError => "ImportError",
            Class::AxisError => "AxisError",
            Class::EngineError => "EngineError",
        }
    }
}

/// What was raised while a program ran, with the way there (outermost frame first).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Error {
    pub class: Class,
    pub message: String,
    /// What to do about it, where there is something to say.
    pub hint: Option<String>,
    pub trace: Vec<Frame>,
    /// Calls of a deep recursion that the trace leaves out, in its middle.
    pub left_out: usize,
}

/// One level of a traceback.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// `<module>` at the top level of a cell, else the function's name.
    pub function: String,
    pub source: std::sync::Arc<Source>,
    pub span: Span,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(class: Class, message: impl Into<String>) -> Error {
        Error { class, message: message.into(), hint: None, trace: Vec::new(), left_out: 0 }
    }

    pub fn value(message: impl Into<String>) -> Error {
        Error::new(Class::ValueError, message)
    }

    pub fn type_(message: impl Into<String>) -> Error {
        Error::new(Class::TypeError, message)
    }

    pub fn index(message: impl Into<String>) -> Error {
        Error::new(Class::IndexError, message)
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.hint = Some(hint.into());
        self
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.class.name(), self.message)
    }
}

impl std::error::Error for Error {}
