//! What a session's names hold, as far as checking, completion and inspection need to know.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::dtype::DType;
use crate::layout::Layout;

/// The session's names, as the engines reported them after the last cell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Session {
    pub names: BTreeMap<String, Holds>,
}

/// A name of the session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Name {
    pub name: String,
    pub holds: Holds,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Holds {
    /// A module, by its full name: `numpy`, `numpy.random`.
    Module(String),
    /// A builtin row, by index.
    Builtin(u32),
    /// A function of the user: its signature and docstring.
    Function {
        signature: String,
        doc: Option<String>,
    },
    Array(Box<ArrayInfo>),
    /// Anything else: Python's type name and a short text.
    Value {
        type_name: String,
        text: String,
    },
}

/// An array without its data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArrayInfo {
    pub dtype: DType,
    pub shape: Vec<usize>,
    pub layout: Layout,
}
