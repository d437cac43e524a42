//! Plans: what the ranks must do, worked out before anything moves. Pure; executors do as the plan says.

pub mod align;
pub mod einsum;
pub mod fuse;
pub mod parts;
pub mod picks;
pub mod product;
mod reshape;
pub mod scalar;
pub mod split;
#[cfg(test)]
mod tests;
mod traffic;

pub use reshape::{Piece, Plan, reshape};
pub use traffic::traffic;
