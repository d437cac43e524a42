//! The DistArray language: syntax, checking, the table of builtins, layouts, programs and plans.
//!
//! This crate is pure: it performs no I/O, starts no thread, and knows nothing of ZeroMQ, MPI or Jupyter.

mod check;
mod compile;
pub mod complete;
pub mod diag;
pub mod dtype;
pub mod error;
pub mod ir;
pub mod layout;
pub mod ops;
pub mod picture;
pub mod plan;
pub mod prelude;
pub mod scalar;
pub mod session;
pub mod source;
mod syntax;
pub mod text;
pub mod uses;

pub use check::names::{Member, member, numpy_has, numpy_names};
pub use compile::compile;
