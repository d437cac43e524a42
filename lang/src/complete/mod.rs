//! What a front end asks about unfinished text: is it complete, what could stand here, what is this.
//!
//! `cursor` and the offsets in answers count Unicode code points from the start of the text, as Jupyter counts.

mod completeness;
mod context;
mod inspect;
mod matches;
mod members;
mod page;
#[cfg(test)]
mod testing;

use serde::{Deserialize, Serialize};

pub use completeness::is_complete;
pub use inspect::inspect;
pub use matches::complete;
pub use page::page;

/// Whether a cell could run as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Completeness {
    Complete,
    /// More is to come; `indent` is what the next line would begin with.
    Incomplete {
        indent: String,
    },
    /// No continuation can make it right.
    Invalid,
}

/// What could stand at the cursor: `matches` replace the code points `start..end`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    pub start: usize,
    pub end: usize,
    pub matches: Vec<Match>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    pub text: String,
    /// In the words of Jupyter's completer: `function`, `module`, `instance`, `keyword`, `param`, `property`, `class`.
    pub kind: String,
    /// `(a, axis=None)` of a function; empty otherwise.
    pub signature: String,
}
