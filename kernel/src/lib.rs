//! The kernel: Jupyter on one side, a team of engines on the other, a session of the language between them.

pub mod args;
pub mod connection;
pub mod display;
pub mod kernelspec;
pub mod magics;
pub mod session;
pub mod signals;
pub mod sockets;
pub mod team;
pub mod wire;
