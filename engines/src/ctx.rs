//! What a rank carries through every executor: its team, its settings, its counters, its interrupt.

use std::sync::Arc;

use lang::error::{Class, Error, Result};
use lang::layout::Layout;

use crate::array::Array;
use crate::block::Block;
use crate::comm::Comm;
use crate::control::Control;
use crate::link::Stats;
use crate::rng::Mt19937;

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
    /// The stream behind `np.random.rand` and its kin; seeded by `np.random.seed`, else at its first use.
    pub legacy: Option<Mt19937>,
    /// Where the link's thread says to stop.
    pub control: Arc<Control>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            small: 1024,
            layout: "b".to_string(),
        }
    }
}

impl Ctx {
    pub fn new(comm: Box<dyn Comm>, settings: Settings) -> Ctx {
        Ctx {
            comm,
            settings,
            stats: Stats::default(),
            legacy: None,
            control: Arc::default(),
        }
    }

    /// To be called before each statement and at each loop's back edge: no collective is under way, and every
    /// statement is whole.
    ///
    /// # Errors
    /// KeyboardInterrupt, on every rank at the same safe point.
    #[inline]
    pub fn safe_point(&self) -> Result<()> {
        self.control.safe_point()
    }

    /// Makes an error on one rank an error on all: the lowest failing rank's. Collective.
    pub fn agree<T>(&mut self, mine: Result<T>) -> Result<T> {
        let word = match &mine {
            Ok(_) => Vec::new(),
            Err(error) => serde_json::to_vec(error).unwrap_or_else(|_| b"?".to_vec()),
        };
        match self
            .comm
            .allgather(&word)
            .into_iter()
            .find(|word| !word.is_empty())
        {
            None => mine,
            Some(word) => Err(serde_json::from_slice(&word).unwrap_or_else(|_| {
                Error::new(Class::EngineError, "a rank failed and could not say why")
            })),
        }
    }

    /// This rank's part of `array` in `layout`, contiguous in C order of the local shape: forces what is recorded,
    /// and redistributes where the array lies otherwise. Collective.
    pub fn local(&mut self, array: &Array, layout: &Arc<Layout>) -> Result<Block> {
        assert!(array.layout() == layout, "redistribution is not there yet");
        Ok(array.block().clone())
    }
}
