//! Errors on their way up through the machine, and the words that Python uses for the common ones.

use std::rc::Rc;

use lang::error::{Class, Error};

use super::exception::Exception;

/// An error that may not know its place in the innermost frame yet. `error.trace` is innermost first until it leaves
/// the machine.
pub struct Raised {
    pub error: Error,
    /// The frame that is now being left has been noted in the trace.
    pub located: bool,
    /// The exception itself, where the program made it.
    pub exception: Option<Rc<Exception>>,
}

/// Boxed, so that the results of evaluation stay three words long.
pub type Eval<T> = Result<T, Box<Raised>>;

impl From<Error> for Box<Raised> {
    fn from(error: Error) -> Box<Raised> {
        Box::new(Raised { error, located: false, exception: None })
    }
}

/// `Err` of the class with the message.
pub fn raise<T>(class: Class, message: impl Into<String>) -> Eval<T> {
    Err(Error::new(class, message).into())
}

pub fn type_error<T>(message: impl Into<String>) -> Eval<T> {
    raise(Class::TypeError, message)
}

pub fn value_error<T>(message: impl Into<String>) -> Eval<T> {
    raise(Class::ValueError, message)
}

pub fn index_error<T>(message: impl Into<String>) -> Eval<T> {
    raise(Class::IndexError, message)
}

pub fn zero_division<T>(message: impl Into<String>) -> Eval<T> {
    raise(Class::ZeroDivisionError, message)
}

pub fn overflow<T>(message: impl Into<String>) -> Eval<T> {
    raise(Class::OverflowError, message)
}
