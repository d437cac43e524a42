//! The engines: ranks that hold blocks of arrays and run compiled programs on them.
//!
//! This crate knows nothing of Jupyter or plotters. MPI itself is seen only by the binary
//! `distarray-engine`; everything here talks to other ranks through `comm::Comm`.

pub mod array;
pub mod block;
pub mod comm;
pub mod control;
pub mod ctx;
pub mod exec;
pub mod explain;
pub mod link;
pub mod machine;
mod pages;
pub mod progress;
pub mod rng;
pub mod value;
pub mod watch;
