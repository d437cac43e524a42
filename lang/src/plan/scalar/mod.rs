//! Loops and functions of scalars as register programs: which types their variables have, and what is left to the
//! interpreter.
//!
//! Types are followed along the paths: a loop's head, and what follows an `if`, is made once for each combination of
//! types that its variables come with (Chevalier-Boisvert and Feeley, "Simple and effective type check removal through
//! lazy basic block versioning", 2015). So the first turn of a sum that begins at 0 is of ints and the others are of
//! floats, and no value carries its type.
//!
//! Whatever is not straightforward is left to the interpreter: an overflow, an index out of bounds, an error to be
//! raised, a statement that is not for here. The program leaves before the statement has done anything, and says where it
//! was (`Exit`); the interpreter runs that statement itself, and goes on from there.

mod call;
mod code;
mod element;
mod expr;
mod function;
mod loops;
mod lower;
mod number;
mod scope;
mod sequence;
mod stmt;
#[cfg(test)]
mod tests;

pub use code::{
    BlockId, Body, Code, Counters, Exit, ExitId, Extern, FloatFn, FloatOp, IntOp, Item, Op, Reg, Step, Ty,
    Word, is_word,
};
pub use lower::{Look, Lowered, Seen, Through, Variable, World, function, lower};
