//! The kernel: Jupyter on one side, a team of engines on the other, a session of the language between them.

pub mod connection;
pub mod signals;
pub mod sockets;
pub mod team;
pub mod wire;
