//! Plans: what the ranks must do, worked out before anything moves. Pure; executors do as the plan says.

pub mod align;
pub mod fuse;
mod redistribute;
mod reshape;
#[cfg(test)]
mod tests;

pub use redistribute::{Piece, Plan, redistribute, traffic};
pub use reshape::reshape;
