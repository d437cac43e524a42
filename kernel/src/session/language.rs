//! The session's questions to the language, asked so that a fault in it costs an answer and not the session.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lang::complete::{Completeness, Completion, is_complete};
use lang::error::Class;
use lang::ir::Program;
use lang::session::Session as Names;
use lang::source::Source;

use crate::session::failure::Failure;

/// Compiles a source; a failure carries every diagnostic.
pub fn compile(source: Source, names: &Names) -> Result<Program, Failure> {
    let text = source.clone();
    match guard(|| lang::compile(source, names)) {
        Ok(Ok(program)) => Ok(program),
        Ok(Err(diagnostics)) => Err(Failure::compile(&diagnostics, &text)),
        Err(fault) => {
            let why = format!("the compiler failed on this cell, which is its fault and not yours: {fault}");
            Err(Failure::new(Class::RuntimeError.name(), why))
        }
    }
}

/// Whether a cell could run as it stands.
pub fn completeness(code: &str) -> Completeness {
    guard(|| is_complete(code)).unwrap_or(Completeness::Complete)
}

/// What could stand at the cursor, a count of characters.
pub fn complete(code: &str, cursor: usize, names: &Names) -> Completion {
    guard(|| lang::complete::complete(code, cursor, names)).unwrap_or_default()
}

/// What is known of the name at the cursor, as text.
pub fn inspect(code: &str, cursor: usize, names: &Names) -> Option<String> {
    guard(|| lang::complete::inspect(code, cursor, names)).unwrap_or_default()
}

/// What to type for the page of the function that a call calls, and the address of another.
pub fn page(call: &str, names: &Names) -> Option<(String, Option<String>)> {
    guard(|| lang::complete::page(call, names)).unwrap_or_default()
}

/// Runs what must not take the session with it; where it panics, the error is what the panic said.
pub(super) fn guard<T>(ask: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(ask)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| text.to_string());
        text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
    })
}
