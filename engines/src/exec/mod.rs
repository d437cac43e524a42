//! The executors: one per communication pattern. What they do is decided by rows and plans; they move and compute.

pub mod alloc;
pub mod alltoall;
pub(crate) mod args;
pub mod contract;
pub mod create;
pub mod discover;
mod element;
pub mod elementwise;
mod fft;
pub mod floats;
pub mod index;
pub mod join;
mod layout_ops;
mod linalg;
pub mod npy;
pub mod output;
mod own;
mod pack;
mod partials;
mod random;
pub mod rearrange;
pub mod redistribute;
mod reduce;
mod scan;
mod sort;
#[cfg(test)]
mod tests;
mod ufunc;

use lang::error::{Class, Error, Result};
use lang::ops::{Rearrange, Run};

use crate::ctx::Ctx;
use crate::value::Value;

pub use args::{Args, dtype};

/// Runs a builtin on bound arguments. Collective: every rank calls it with equal arguments.
///
/// Host rows, the prelude's and `fromfunction` run code of the language: they are the machine's, not this function's.
pub fn call(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let missing =
        || Err(Error::new(Class::NotImplementedError, format!("{} is not there yet", args.row.name)));
    match args.row.run {
        Run::Reduce(op) => reduce::call(ctx, op, args),
        Run::Create(op) => create::call(ctx, op, args),
        Run::Rearrange(op) => match op {
            Rearrange::Concatenate => join::call_concatenate(ctx, args),
            Rearrange::Stack => join::call_stack(ctx, args),
            Rearrange::VStack => join::call_vstack(ctx, args),
            Rearrange::HStack => join::call_hstack(ctx, args),
            op => rearrange::call(ctx, op, args),
        },
        Run::Contract(op) => contract::call(ctx, op, args),
        Run::LinAlg(op) => linalg::call(ctx, op, args),
        Run::Scan(op) => scan::call(ctx, op, args),
        Run::Sort(op) => sort::call(ctx, op, args),
        Run::Io(op) => npy::call(ctx, op, args),
        Run::Random(op) => random::call(ctx, op, args),
        Run::Fft(op) => fft::call(ctx, op, args),
        Run::Layout(op) => layout_ops::call(ctx, op, args),
        Run::Attr(attr) => match &args.receiver {
            Some(Value::Array(array)) => match layout_ops::attribute(attr, array) {
                Some(value) => Ok(value),
                None => rearrange::attribute(ctx, attr, array),
            },
            _ => missing(),
        },
        Run::Ufunc(_) => elementwise::call::call(ctx, args),
        Run::UfuncMethod(method) => ufunc::call(ctx, method, args),
        Run::Show(_)
        | Run::Printing(_)
        | Run::DType(_)
        | Run::Host(_)
        | Run::Prelude(_)
        | Run::PreludeIndexed(_) => missing(),
    }
}
