//! What is checked before a cell runs: scopes, unknown names, modules' attributes, arguments of builtins.

pub mod names;
pub mod scope;
pub mod walk;
