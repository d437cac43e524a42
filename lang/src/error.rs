//! The error classes of Python and NumPy that the language knows, and an error raised while a program runs.

use serde::{Deserialize, Serialize};

use crate::source::{Source, Span};

macro_rules! classes {
    ($($name:ident: $base:ident,)*) => {
        /// Python's exception classes, by their Python names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Class {
            $($name,)*
        }

        impl Class {
            pub const ALL: &[Class] = &[$(Class::$name),*];

            pub fn name(self) -> &'static str {
                match self {
                    $(Class::$name => stringify!($name),)*
                }
            }

            /// The class that it derives from; of the roots, itself.
            pub fn base(self) -> Class {
                match self {
                    $(Class::$name => Class::$base,)*
                }
            }
        }
    };
}

// Each with the class that it derives from.
classes! {
    BaseException: BaseException,
    KeyboardInterrupt: BaseException,
    GeneratorExit: BaseException,
    Exception: BaseException,
    ArithmeticError: Exception,
    FloatingPointError: ArithmeticError,
    OverflowError: ArithmeticError,
    ZeroDivisionError: ArithmeticError,
    AssertionError: Exception,
    AttributeError: Exception,
    BufferError: Exception,
    EOFError: Exception,
    ImportError: Exception,
    ModuleNotFoundError: ImportError,
    LookupError: Exception,
    IndexError: LookupError,
    KeyError: LookupError,
    MemoryError: Exception,
    NameError: Exception,
    UnboundLocalError: NameError,
    OSError: Exception,
    FileExistsError: OSError,
    FileNotFoundError: OSError,
    IsADirectoryError: OSError,
    NotADirectoryError: OSError,
    PermissionError: OSError,
    TimeoutError: OSError,
    ReferenceError: Exception,
    RuntimeError: Exception,
    NotImplementedError: RuntimeError,
    RecursionError: RuntimeError,
    StopIteration: Exception,
    SyntaxError: Exception,
    IndentationError: SyntaxError,
    TabError: IndentationError,
    SystemError: Exception,
    TypeError: Exception,
    ValueError: Exception,
    UnicodeError: ValueError,
    LinAlgError: ValueError,
    AxisError: ValueError,
    Warning: Exception,
    DeprecationWarning: Warning,
    FutureWarning: Warning,
    RuntimeWarning: Warning,
    UserWarning: Warning,
    EngineError: EngineError,
}

impl Class {
    /// As `repr` of the class prints it: `ValueError`, `numpy.linalg.LinAlgError`.
    pub fn full_name(self) -> &'static str {
        match self {
            Class::LinAlgError => "numpy.linalg.LinAlgError",
            Class::AxisError => "numpy.exceptions.AxisError",
            _ => self.name(),
        }
    }

    /// The class of that full name. `EngineError` is not Python's (a rank died, a rank disagreed): programs cannot name
    /// it, nor catch it.
    pub fn named(full_name: &str) -> Option<Class> {
        match full_name {
            "IOError" | "EnvironmentError" => Some(Class::OSError),
            "EngineError" => None,
            _ => Class::ALL.iter().copied().find(|class| class.full_name() == full_name),
        }
    }

    /// Whether it is `other` or derives from it.
    pub fn is(self, other: Class) -> bool {
        self == other
            || self.base() != self && self.base().is(other)
            || self == Class::AxisError && Class::IndexError.is(other)
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
    /// The name of the user's own class, which derives from `class`.
    pub user_class: Option<String>,
    /// The error that was being handled when this one was raised.
    pub earlier: Option<Box<Earlier>>,
}

/// An error before the one that is reported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Earlier {
    pub error: Error,
    /// Named by `raise ... from`, as the cause.
    pub cause: bool,
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
        Error {
            class,
            message: message.into(),
            hint: None,
            trace: Vec::new(),
            left_out: 0,
            user_class: None,
            earlier: None,
        }
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

    /// The name of its class.
    pub fn name(&self) -> &str {
        self.user_class.as_deref().unwrap_or(self.class.name())
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.hint = Some(hint.into());
        self
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.name(), self.message)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::Class;

    #[test]
    fn the_hierarchy_is_pythons() {
        assert!(Class::TabError.is(Class::SyntaxError) && Class::KeyError.is(Class::LookupError));
        assert!(Class::AxisError.is(Class::ValueError) && Class::AxisError.is(Class::IndexError));
        assert!(!Class::KeyboardInterrupt.is(Class::Exception) && Class::Exception.is(Class::BaseException));
        assert!(!Class::EngineError.is(Class::BaseException));
        assert_eq!(Class::named("numpy.linalg.LinAlgError"), Some(Class::LinAlgError));
        assert_eq!((Class::named("LinAlgError"), Class::named("EngineError")), (None, None));
    }
}
