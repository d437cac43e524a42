//! Exceptions as values: what `except ... as e` binds and `raise` raises.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use lang::error::{Class, Earlier, Error};

use super::Machine;
use super::call::Keywords;
use super::class::{self, Fields, UserClass};
use super::items::discard;
use super::raise::{Eval, Raised, raise, type_error};
use super::types::as_class;
use crate::value::Value;

/// An instance of an exception class.
pub struct Exception {
    pub class: Class,
    /// The user's class, which derives from `class`.
    pub user: Option<Rc<UserClass>>,
    pub fields: RefCell<Fields>,
    pub args: RefCell<Rc<[Value]>>,
    /// By `raise ... from`: outer None where it was not given.
    pub cause: RefCell<Option<Option<Rc<Exception>>>>,
    /// What was being handled when it was raised.
    pub context: RefCell<Option<Rc<Exception>>>,
    /// Where it was raised, innermost first, and the hint that came with it.
    pub raised: RefCell<Error>,
    /// The message where it is not made of `args`: of errors that builtins raise.
    message: Option<String>,
    /// The language refused something: it is caught by its own class only.
    pub refusal: Cell<bool>,
    /// Of an OSError.
    filename: Option<Value>,
}

impl Exception {
    pub fn new(class: Class, args: Vec<Value>) -> Rc<Exception> {
        Rc::new(Exception::plain(class, args))
    }

    fn plain(class: Class, args: Vec<Value>) -> Exception {
        Exception {
            class,
            user: None,
            fields: RefCell::default(),
            refusal: Cell::new(false),
            args: RefCell::new(args.into()),
            cause: RefCell::new(None),
            context: RefCell::new(None),
            raised: RefCell::new(Error::new(class, "")),
            message: None,
            filename: None,
        }
    }

    pub fn of_user(class: Class, user: Rc<UserClass>, args: Vec<Value>) -> Rc<Exception> {
        let mut exception = Exception::plain(class, args);
        exception.raised.get_mut().user_class = Some(user.name.to_string());
        exception.user = Some(user);
        Rc::new(exception)
    }

    /// Its class.
    pub fn class_value(&self) -> Value {
        match &self.user {
            Some(user) => Value::Class(user.clone()),
            None => Value::Type(self.class.full_name()),
        }
    }

    /// Whether it is an instance of an exception class.
    pub fn is_a(&self, class: &Value) -> bool {
        match class {
            Value::Class(class) => self.user.as_ref().is_some_and(|own| own.is(class)),
            _ => as_class(class).and_then(Class::named).is_some_and(|class| self.class.is(class)),
        }
    }

    /// The exception behind an error: its own, else one that says what the error says.
    pub fn of(raised: Raised) -> Rc<Exception> {
        let Raised { error, exception, .. } = raised;
        if let Some(exception) = exception {
            *exception.raised.borrow_mut() = error;
            return exception;
        }
        let (args, message) = args_of(&error);
        let filename = message.as_deref().and_then(|text| text.split_once("] ")?.1.split_once(": '"));
        let filename = filename.map(|(_, file)| Value::str(file.strip_suffix('\'').unwrap_or(file)));
        let mut exception = Exception::plain(error.class, args);
        (exception.message, exception.filename) = (message, filename);
        exception.refusal = Cell::new(error.class == Class::NotImplementedError);
        *exception.raised.get_mut() = error;
        Rc::new(exception)
    }

    /// The error that raises it.
    pub fn raise(self: &Rc<Exception>, located: bool) -> Box<Raised> {
        let error = self.raised.borrow().clone();
        Box::new(Raised { error, located, exception: Some(self.clone()) })
    }

    /// The class's name.
    pub fn name(&self) -> &'static str {
        self.user.as_ref().map_or(self.class.name(), |user| user.name)
    }

    /// Notes what was being handled when it was raised, unless that is itself; a cycle is cut, as CPython does.
    pub fn set_context(self: &Rc<Exception>, handled: &Rc<Exception>) {
        if Rc::ptr_eq(self, handled) {
            return;
        }
        let next = |e: &Rc<Exception>| e.context.borrow().clone();
        // Floyd's tortoise and hare: what the program has linked may be a cycle already.
        let (mut at, mut slow, mut advance) = (handled.clone(), handled.clone(), false);
        while let Some(earlier) = next(&at) {
            if Rc::ptr_eq(&earlier, self) {
                *at.context.borrow_mut() = None;
                break;
            }
            at = earlier;
            if Rc::ptr_eq(&at, &slow) {
                break;
            }
            if advance && let Some(earlier) = next(&slow) {
                slow = earlier;
            }
            advance = !advance;
        }
        *self.context.borrow_mut() = Some(handled.clone());
    }
}

impl Drop for Exception {
    fn drop(&mut self) {
        // A chain of exceptions can be as long as the loop that made it.
        let mut chain = Vec::new();
        let mut take = |cause: &mut Option<Option<Rc<Exception>>>, context: &mut Option<Rc<Exception>>| {
            chain.extend(cause.take().flatten());
            chain.extend(context.take());
            chain.pop()
        };
        let mut next = take(self.cause.get_mut(), self.context.get_mut());
        while let Some(exception) = next {
            next = match Rc::into_inner(exception) {
                Some(mut last) => take(last.cause.get_mut(), last.context.get_mut()),
                None => take(&mut None, &mut None),
            };
        }
        let args = std::mem::replace(self.args.get_mut(), Rc::new([]));
        let fields = std::mem::take(self.fields.get_mut()).into_iter().map(|(_, value)| value);
        discard(fields.chain([Value::Tuple(args.into())]).collect());
    }
}

/// The `args` that CPython's exception has whose message is that of `error`, and the message where it says more.
fn args_of(error: &Error) -> (Vec<Value>, Option<String>) {
    let text = error.message.as_str();
    if text.is_empty() {
        return (Vec::new(), None);
    }
    match error.class {
        Class::AxisError => {
            let numbers = text
                .strip_prefix("axis ")
                .and_then(|t| t.split_once(" is out of bounds for array of dimension "));
            if let Some((Ok(axis), Ok(ndim))) = numbers.map(|(axis, ndim)| (axis.parse(), ndim.parse())) {
                return (vec![Value::Int(axis), Value::Int(ndim), Value::None], Some(text.to_string()));
            }
        }
        class if class.is(Class::OSError) => {
            let parts = text.strip_prefix("[Errno ").and_then(|t| t.split_once("] "));
            if let Some((Ok(number), said)) = parts.map(|(number, said)| (number.parse(), said)) {
                let said = said.split(": '").next().unwrap_or(said);
                return (vec![Value::Int(number), Value::str(said)], Some(text.to_string()));
            }
        }
        _ => {}
    }
    (vec![Value::str(text)], None)
}

impl Machine {
    /// A call of an exception class.
    pub(super) fn new_exception(
        &mut self,
        class: Class,
        args: Vec<Value>,
        keywords: Keywords,
    ) -> Eval<Value> {
        if !keywords.is_empty() {
            return type_error(format!("{}() takes no keyword arguments", class.name()));
        }
        let number = match args.as_slice() {
            [Value::Int(number), _, ..] if class == Class::OSError => Some(*number),
            _ => None,
        };
        let class = match number {
            Some(2) => Class::FileNotFoundError,
            Some(1 | 13) => Class::PermissionError,
            Some(17) => Class::FileExistsError,
            Some(20) => Class::NotADirectoryError,
            Some(21) => Class::IsADirectoryError,
            Some(110) => Class::TimeoutError,
            _ => class,
        };
        let mut args = args;
        let mut filename = None;
        if let (true, [_, _, name, ..]) = (class.is(Class::OSError), args.as_slice()) {
            filename = Some(name.clone());
            args.truncate(2);
        }
        let mut exception = Exception::plain(class, args);
        exception.filename = filename;
        Ok(Value::Exception(Rc::new(exception)))
    }

    /// `raise value`: an exception, or a class to make one of.
    pub(super) fn as_exception(&mut self, value: &Value, otherwise: &str) -> Eval<Rc<Exception>> {
        let is_class = match value {
            Value::Class(class) => class.exception().is_some(),
            _ => as_class(value).and_then(Class::named).is_some(),
        };
        let made = match is_class {
            true => self.call(value, Vec::new(), Vec::new())?,
            false => value.clone(),
        };
        match made {
            Value::Exception(exception) => Ok(exception),
            _ => type_error(otherwise),
        }
    }

    /// `raise exception from cause`.
    pub(super) fn raise_from(&mut self, exception: &Value, cause: Option<&Value>) -> Eval<()> {
        let exception = self.as_exception(exception, "exceptions must derive from BaseException")?;
        if let Some(cause) = cause {
            let cause = match cause {
                Value::None => None,
                cause => Some(self.as_exception(cause, "exception causes must derive from BaseException")?),
            };
            *exception.cause.borrow_mut() = Some(cause);
        }
        Err(self.raised(exception))
    }

    /// The error that raises an exception now.
    pub(super) fn raised(&self, exception: Rc<Exception>) -> Box<Raised> {
        if let Some(handled) = self.handling.last() {
            exception.set_context(handled);
        }
        exception.raise(false)
    }

    /// `raise` alone.
    pub(super) fn raise_again(&mut self) -> Eval<()> {
        match self.handling.last() {
            Some(exception) => Err(exception.raise(true)),
            None => raise(Class::RuntimeError, "No active exception to reraise"),
        }
    }

    /// `str(exception)`.
    pub(super) fn exception_str(&mut self, exception: &Rc<Exception>) -> Eval<String> {
        let value = Value::Exception(exception.clone());
        if let Some(text) = self.object_text(&value, "__str__")? {
            return Ok(text);
        }
        self.plain_exception_str(exception)
    }

    /// As BaseException's own `__str__`.
    pub(super) fn plain_exception_str(&mut self, exception: &Exception) -> Eval<String> {
        if let Some(message) = &exception.message {
            return Ok(message.clone());
        }
        let args = exception.args.borrow().clone();
        match (&*args, exception.class) {
            ([], _) => Ok(String::new()),
            ([key], Class::KeyError) => self.repr(key),
            ([only], _) => self.str(only),
            ([number, said], class) if class.is(Class::OSError) => {
                let text = format!("[Errno {}] {}", self.str(number)?, self.str(said)?);
                match &exception.filename {
                    Some(name) => Ok(format!("{text}: {}", self.repr(name)?)),
                    None => Ok(text),
                }
            }
            ([axis, ndim, rest @ ..], Class::AxisError) => {
                let text = format!(
                    "axis {} is out of bounds for array of dimension {}",
                    self.str(axis)?,
                    self.str(ndim)?
                );
                match rest {
                    [] | [Value::None] => Ok(text),
                    [prefix, ..] => Ok(format!("{}: {text}", self.str(prefix)?)),
                }
            }
            _ => self.repr(&Value::Tuple(args.into())),
        }
    }

    /// `repr(exception)`.
    pub(super) fn exception_repr(&mut self, exception: &Rc<Exception>) -> Eval<String> {
        let value = Value::Exception(exception.clone());
        if let Some(text) = self.object_text(&value, "__repr__")? {
            return Ok(text);
        }
        self.plain_exception_repr(exception)
    }

    /// As BaseException's own `__repr__`.
    pub(super) fn plain_exception_repr(&mut self, exception: &Exception) -> Eval<String> {
        let args = exception.args.borrow().clone();
        let text = match &*args {
            [only] => format!("({})", self.nested(|machine| machine.repr(only))?),
            _ => self.repr(&Value::Tuple(args.into()))?,
        };
        Ok(format!("{}{text}", exception.name()))
    }

    /// The attribute of an exception.
    pub(super) fn exception_attr(&mut self, exception: &Exception, name: &str) -> Option<Value> {
        let args = exception.args.borrow().clone();
        let arg = |i: usize| args.get(i).cloned().unwrap_or(Value::None);
        let link = |other: Option<Rc<Exception>>| other.map_or(Value::None, Value::Exception);
        let class = exception.class;
        Some(match name {
            "args" => Value::Tuple(args.into()),
            "__cause__" => link(exception.cause.borrow().clone().flatten()),
            "__context__" => link(exception.context.borrow().clone()),
            "__class__" => exception.class_value(),
            "__suppress_context__" => Value::Bool(exception.cause.borrow().is_some()),
            "value" if class == Class::StopIteration => arg(0),
            "axis" | "ndim" if class == Class::AxisError && args.len() < 2 => Value::None,
            "axis" if class == Class::AxisError => arg(0),
            "ndim" if class == Class::AxisError => arg(1),
            "errno" | "strerror" if class.is(Class::OSError) && args.len() < 2 => Value::None,
            "errno" if class.is(Class::OSError) => arg(0),
            "strerror" if class.is(Class::OSError) => arg(1),
            "filename" if class.is(Class::OSError) => exception.filename.clone().unwrap_or(Value::None),
            _ => return None,
        })
    }

    /// `exception.name = value`.
    pub(super) fn set_exception_attr(
        &mut self,
        exception: &Rc<Exception>,
        name: &str,
        value: Value,
    ) -> Eval<()> {
        match name {
            "args" => *exception.args.borrow_mut() = self.collect(&value)?.into(),
            "__cause__" | "__context__" | "__suppress_context__" | "__traceback__" | "__notes__" => {
                let message = format!("assignment to the attribute '{name}' of exceptions");
                return raise(Class::NotImplementedError, message);
            }
            _ => match &exception.user {
                Some(class) => {
                    let of = Value::Exception(exception.clone());
                    return self.set_object_attr(&of, &class.clone(), &exception.fields, name, value);
                }
                None => class::set(&mut exception.fields.borrow_mut(), name, value),
            },
        }
        Ok(())
    }

    /// What a program that ends with this error reports: the message spelt out, and the errors before it.
    pub(super) fn report(&mut self, raised: Raised) -> Error {
        let Raised { error, exception, .. } = raised;
        let Some(exception) = exception else {
            return Error { trace: reversed(error.trace), ..error };
        };
        *exception.raised.borrow_mut() = error;
        // The chain is followed by a loop, for it may be long; the links are put together from its far end.
        let mut chain = vec![(exception, false)];
        loop {
            let (last, _) = &chain[chain.len() - 1];
            let next = match &*last.cause.borrow() {
                Some(cause) => cause.clone().map(|cause| (cause, true)),
                None => last.context.borrow().clone().map(|context| (context, false)),
            };
            match next {
                Some(next) if chain.len() < LONGEST && !chain.iter().any(|(e, _)| Rc::ptr_eq(e, &next.0)) => {
                    chain.push(next)
                }
                _ => break,
            }
        }
        let mut earlier = None;
        let mut done = Error::new(Class::Exception, "");
        for (exception, cause) in chain.into_iter().rev() {
            done = exception.raised.borrow().clone();
            done.trace = reversed(done.trace);
            done.message = match self.exception_str(&exception) {
                Ok(text) => text,
                Err(_) => "<exception str() failed>".to_string(),
            };
            done.earlier = earlier.take();
            earlier = Some(Box::new(Earlier { error: done.clone(), cause }));
        }
        done
    }
}

/// Errors of a chain that are reported.
const LONGEST: usize = 8;

fn reversed(mut trace: Vec<lang::error::Frame>) -> Vec<lang::error::Frame> {
    trace.reverse();
    trace
}
