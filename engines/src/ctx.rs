//! What a rank carries through every executor: its team, its settings, its counters, its interrupt.

use std::sync::Arc;

use lang::error::Result;
use lang::layout::Layout;

use crate::array::Array;
use crate::block::Block;
use crate::comm::Comm;
use crate::link::Stats;

/// Set by `DISTARRAY_SMALL` and `DISTARRAY_LAYOUT` for tests, so that tiny arrays meet every code path.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Arrays of at most this many elements are replicated unless `dist=` says otherwise.
    pub small: usize,
    /// What larger arrays get by default, in the notation of `dist=`: `b` (axis 0), `c`, `bb`, `nb`, `bc2`...
    pub layout: String,
}

pub struct Ctx {
    pub comm: Box<dyn Comm>,
    pub settings: Settings,
    pub stats: Stats,
}

impl Ctx {
    /// This rank's part of `array` in `layout`, contiguous in C order of the local shape: forces what is recorded,
    /// and redistributes where the array lies otherwise. Collective.
    pub fn local(&mut self, array: &Array, layout: &Arc<Layout>) -> Result<Block> {
        assert!(array.layout() == layout, "redistribution is not there yet");
        Ok(array.block().clone())
    }
}
