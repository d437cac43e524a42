//! The executors: one per communication pattern. What they do is decided by rows and plans; they move and compute.

mod args;

use lang::error::{Class, Error, Result};
use lang::ops::Run;

use crate::ctx::Ctx;
use crate::value::Value;

pub use args::Args;

/// Runs a builtin on bound arguments. Collective: every rank calls it with equal arguments.
///
/// Host rows and `fromfunction` call back into user code: they are the machine's, not this function's.
pub fn call(ctx: &mut Ctx, row: u32, args: Args) -> Result<Value> {
    let _ = (ctx, row);
    match args.row.run {
        Run::Ufunc(_)
        | Run::Reduce(_)
        | Run::Scan(_)
        | Run::Contract(_)
        | Run::Create(_)
        | Run::Rearrange(_)
        | Run::Random(_)
        | Run::Io(_)
        | Run::Layout(_)
        | Run::Show(_)
        | Run::Attr(_)
        | Run::Host(_) => Err(Error::new(
            Class::NotImplementedError,
            format!("{} is not there yet", args.row.name),
        )),
    }
}
