//! Generators that end before they have run through: `close`, and what nobody holds any more.
//!
//! CPython closes a generator when the last reference to it goes, which runs its `finally` blocks. Here one that is
//! dropped within such a block is kept, and closed at the end of the statement or the call that dropped it. References
//! are counted alike on all ranks.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use lang::error::Class;

use super::{Generator, Sent, State, Step};
use crate::machine::exception::Exception;
use crate::machine::raise::{Eval, raise, value_error};
use crate::machine::{Iter, Machine};
use crate::value::Value;

/// Those that nobody holds any more, in the order in which they were dropped.
#[derive(Default)]
pub struct Left {
    any: Cell<bool>,
    generators: RefCell<Vec<Generator>>,
}

impl Left {
    #[inline]
    pub fn any(&self) -> bool {
        self.any.get()
    }

    /// Lets go of them as they are.
    pub fn forget(&self) {
        self.generators.take().iter_mut().for_each(Generator::end);
        self.any.set(false);
    }
}

impl Generator {
    /// Nothing of it runs any more.
    pub(super) fn end(&mut self) {
        self.state = State::Ended(Value::None);
        self.locals.clear();
        self.cells.clear();
    }

    /// Whether it stopped within a `try` or a `with`, which have to be left.
    fn is_guarded(&self) -> bool {
        match &self.state {
            State::Stopped(way) => way.iter().any(|step| {
                matches!(step, Step::Guarded(_) | Step::Handler(..) | Step::Finally(_) | Step::Manager(_))
            }),
            _ => false,
        }
    }
}

impl Drop for Generator {
    fn drop(&mut self) {
        if self.is_guarded() {
            let kept = Generator {
                closure: self.closure.clone(),
                locals: std::mem::take(&mut self.locals),
                cells: std::mem::take(&mut self.cells),
                state: std::mem::replace(&mut self.state, State::Running),
                left: self.left.clone(),
            };
            self.left.any.set(true);
            // What is being closed cannot be dropped meanwhile: nobody else borrows this.
            self.left.generators.borrow_mut().push(kept);
        }
    }
}

impl Machine {
    /// `generator.close()`: raises GeneratorExit where it stopped, and expects it to end.
    pub(in crate::machine) fn close(&mut self, shared: &Rc<RefCell<Iter>>) -> Eval<()> {
        let Ok(mut inner) = shared.try_borrow_mut() else {
            return value_error("generator already executing");
        };
        match &mut *inner {
            Iter::Generator(generator) => self.nested(|machine| machine.close_generator(generator)),
            _ => Ok(()),
        }
    }

    fn close_generator(&mut self, generator: &mut Generator) -> Eval<()> {
        if !generator.is_guarded() {
            generator.end();
            return Ok(());
        }
        let exit = Exception::new(Class::GeneratorExit, Vec::new());
        match self.resume(generator, Sent::Raised(exit)) {
            Ok(None) => Ok(()),
            Ok(Some(_)) => raise(Class::RuntimeError, "generator ignored GeneratorExit"),
            Err(raised) if raised.error.class == Class::GeneratorExit => Ok(()),
            Err(raised) => Err(raised),
        }
    }

    /// Closes those that nobody holds any more. As in CPython, their errors are nobody's.
    #[cold]
    pub(in crate::machine) fn close_left(&mut self) -> Eval<()> {
        let left = self.left.clone();
        while !left.generators.borrow().is_empty() {
            let mut generator = left.generators.borrow_mut().remove(0);
            let closed = self.close_generator(&mut generator);
            // One that went on is not asked again.
            generator.end();
            match closed {
                Err(raised)
                    if matches!(raised.error.class, Class::EngineError | Class::KeyboardInterrupt) =>
                {
                    return Err(raised);
                }
                _ => {}
            }
        }
        left.any.set(false);
        Ok(())
    }
}
