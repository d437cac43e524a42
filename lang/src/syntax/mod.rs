//! Text to tree: the pest grammar, indentation, and errors in the user's terms.

mod block;
mod build;
mod expected;
mod lines;
mod literal;
mod refuse;
mod scan;
#[cfg(test)]
pub mod tests;
pub mod tree;

pub use expected::KEYWORDS;
pub use lines::{Line, cut};
pub use refuse::{Refused, refuse};
pub use scan::{Ends, Open};

use crate::diag::Diagnostic;
use tree::Stmt;

/// The parser that pest derives from `grammar.pest`.
mod grammar {
    #![allow(missing_docs)]
    #[derive(pest_derive::Parser)]
    #[grammar = "syntax/grammar.pest"]
    pub struct Grammar;
}

/// A source as a tree, and what is wrong with it. Broken lines stand in the tree as such, so that the rest can be
/// checked all the same.
#[derive(Debug)]
pub struct Parsed {
    pub body: Vec<Stmt>,
    /// The last line ends with a semicolon: its value is not to be shown.
    pub silent: bool,
    pub diagnostics: Vec<Diagnostic>,
    /// The last line opens a block that the text does not hold.
    pub expects_block: bool,
    /// Diagnostics that say only that the text ends too early: a `try` without handlers, a decorator without a `def`.
    pub unfinished: usize,
}

/// Parses a cell. Never fails and never panics: whatever the text, it ends with a tree and diagnostics.
pub fn parse(text: &str) -> Parsed {
    block::parse(text, &cut(text))
}
