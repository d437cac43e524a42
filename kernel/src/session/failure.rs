//! What a cell that failed tells its front end.

use jupyter_protocol::{ErrorOutput, ReplyError};
use lang::diag::{Diagnostic, render, render_error};
use lang::error::{Class, Error};
use lang::session::Session as Names;
use lang::source::Source;

use super::language;

/// An error as Jupyter shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    pub ename: String,
    pub evalue: String,
    /// In ANSI colours, a line each.
    pub traceback: Vec<String>,
}

impl Failure {
    /// An error with no place in a source.
    pub fn new(ename: &str, evalue: impl Into<String>) -> Failure {
        let evalue = evalue.into();
        let traceback = vec![format!("\x1b[1;31m{ename}\x1b[0m: {evalue}")];
        Failure { ename: ename.to_string(), evalue, traceback }
    }

    /// A magic that was used wrongly; IPython's class.
    pub fn usage(evalue: impl Into<String>) -> Failure {
        Failure::new("UsageError", evalue)
    }

    /// The team of engines failed.
    pub fn engines(evalue: impl Into<String>) -> Failure {
        Failure::new(Class::EngineError.name(), evalue)
    }

    pub fn interrupted() -> Failure {
        Failure::new(Class::KeyboardInterrupt.name(), "")
    }

    /// The cell did not compile: named after the first diagnostic, showing all.
    pub fn compile(diagnostics: &[Diagnostic], source: &Source) -> Failure {
        let text = render(diagnostics, source, true);
        match diagnostics.first() {
            Some(first) => Failure::rendered(first.class.name(), &first.message, &text),
            None => Failure::new(Class::SyntaxError.name(), "invalid syntax"),
        }
    }

    /// The program raised; where a builtin did, its page is named.
    pub fn raised(error: &Error, names: &Names) -> Failure {
        let mut text = render_error(error, true);
        let call = error.trace.last().and_then(|frame| {
            let span = frame.span;
            frame.source.text.get(span.start as usize..span.end as usize)
        });
        if let Some((question, url)) = call.and_then(|call| language::page(call, names)) {
            let url = url.map(|url| format!(", {url}")).unwrap_or_default();
            text.push_str(&format!("\x1b[2msee {question}{url}\x1b[0m\n"));
        }
        Failure::rendered(error.name(), &error.message, &text)
    }

    fn rendered(class: &str, message: &str, text: &str) -> Failure {
        let traceback = text.lines().map(str::to_string).collect();
        Failure { ename: class.to_string(), evalue: message.to_string(), traceback }
    }

    pub fn output(&self) -> ErrorOutput {
        let Failure { ename, evalue, traceback } = self.clone();
        ErrorOutput { ename, evalue, traceback }
    }

    pub fn reply(&self) -> Box<ReplyError> {
        let Failure { ename, evalue, traceback } = self.clone();
        Box::new(ReplyError { ename, evalue, traceback })
    }
}
