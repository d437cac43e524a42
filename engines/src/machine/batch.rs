//! Source text, compiled against the session and run: for script files, and for tests.

use lang::compile;
use lang::diag::{render, render_error};
use lang::error::Class;
use lang::session::Session;
use lang::source::Source;

use super::Machine;
use crate::link::{Output, Shown};

impl Machine {
    /// What the session's names hold, as the compiler wants to know it.
    pub fn session(&mut self) -> Session {
        Session { names: self.names().into_iter().map(|name| (name.name, name.holds)).collect() }
    }

    /// Runs a piece of source as a cell of the session. What it shows goes out as text, after what it prints; an error
    /// goes to stderr, rendered with its place. Collective.
    ///
    /// # Errors
    /// The class and the message of the error it ended with; of several in the source, of the first.
    pub fn run_text(&mut self, name: &str, text: &str) -> Result<(), (Class, String)> {
        let source = Source { name: name.to_string(), text: text.to_string() };
        let session = self.session();
        let program = match compile(source.clone(), &session) {
            Ok(program) => program,
            Err(diagnostics) => {
                self.emit(Output::Stderr(render(&diagnostics, &source, false)));
                let first = diagnostics.into_iter().next();
                return Err(first.map_or((Class::SyntaxError, String::new()), |d| (d.class, d.message)));
            }
        };
        let reply = self.run(&program);
        if let Some(error) = reply.error {
            self.emit(Output::Stderr(render_error(&error, false)));
            return Err((error.class, error.message));
        }
        if let Some(Shown::Text(text) | Shown::Array { text, .. }) = reply.result {
            self.emit(Output::Stdout(text + "\n"));
        }
        Ok(())
    }
}
