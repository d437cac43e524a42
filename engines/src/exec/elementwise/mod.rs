//! Elementwise functions: recorded as expressions, run fused in tiles when a value is needed.

pub mod call;
pub mod direct;
pub mod force;
mod group;
mod past;
pub(crate) mod plans;
pub(crate) mod stream;
pub mod tiles;

pub mod order;
pub mod record;

pub use record::{Operand, apply, astype, broadcast, tuple};

use lang::error::Result;

use crate::array::Array;
use crate::ctx::Ctx;

/// A copy of its own, recorded.
pub fn copy(ctx: &mut Ctx, array: &Array) -> Result<Array> {
    astype(ctx, array, array.dtype())
}
