//! Machine code of the register programs of `lang::plan::scalar`, made by Cranelift.
//!
//! It knows no machine, no array and no rank: what it works on is a `Host`, a table of words and the addresses of the
//! functions that it may call (`Runtime`), all of which the engines hand over.

mod ops;
mod run;
#[cfg(test)]
mod tests;
mod translate;

pub use run::{Host, Native};

use lang::plan::scalar::Extern;

/// Axes of arrays whose elements are read and written.
pub const AXES: usize = 8;

/// A replicated array in memory, as programs see it: where its first element lies, whether it may be written, extents
/// and strides (in bytes).
#[repr(C)]
#[derive(Clone, Debug)]
pub struct Descriptor {
    pub data: *mut u8,
    pub writable: i64,
    pub extents: [i64; AXES],
    pub strides: [i64; AXES],
}

/// The addresses of what programs call.
pub struct Runtime<'a> {
    /// `fn(host)`: a safe point, with new fuel; sets `ended` where the program is to end.
    pub tick: usize,
    /// `fn(list, at, item, *mut word) -> u64`: reads an item; zero where there is none of that kind.
    pub get_item: usize,
    /// `fn(list, at) -> u64`: nonzero where there is an item that can be replaced.
    pub has_item: usize,
    /// `fn(list, at, item, word) -> u64`: replaces an item; zero, and nothing done, where `has_item` says so.
    pub set_item: usize,
    /// `fn(list, item, word)`.
    pub append: usize,
    /// `fn(list) -> i64`.
    pub length: usize,
    /// A function `fn(data, f64, f64) -> f64` and its data; None where there is none.
    pub resolve: &'a dyn Fn(Extern) -> Option<(usize, usize)>,
    /// Calls that may be under way.
    pub depth: i64,
}
