//! What a rank carries through every executor: its team, its settings, its counters, its interrupt.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use lang::dtype::DType;
use lang::error::{Class, Error, Result};
use lang::layout::{DimMap, DimSpec, DistSpec, Layout, default_layout};
use lang::scalar::Scalar;

use crate::array::Array;
use crate::block::Block;
use crate::comm::Comm;
use crate::control::Control;
use crate::exec::alloc::out_of_memory;
use crate::exec::elementwise::plans::Plans;
use crate::exec::floats::Errors;
use crate::exec::redistribute::{self, fetch::fetch};
use crate::explain::Steps;
use crate::link::Stats;
use crate::machine::Compile;
use crate::rng::Legacy;
use crate::watch::{LONG, Watch};

/// Set by `DISTARRAY_SMALL` and `DISTARRAY_LAYOUT` for tests, so that tiny arrays meet every code path.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Arrays of at most this many elements are replicated unless `dist=` says otherwise.
    pub small: usize,
    /// What larger arrays get by default, in the notation of `dist=`: `b` (axis 0), `c`, `bb`, `nb`, `bc2`...
    pub layout: String,
    /// When loops of scalars are compiled: `DISTARRAY_COMPILE` is `0` (never), `1`, or `always` (at their first turn).
    pub compile: Compile,
}

pub struct Ctx {
    pub comm: Box<dyn Comm>,
    pub settings: Settings,
    pub stats: Stats,
    /// The stream behind `np.random.rand` and its kin; seeded by `np.random.seed`, else at its first use.
    pub legacy: Option<Rc<RefCell<Legacy>>>,
    /// Where the link's thread says to stop.
    pub control: Arc<Control>,
    /// What `explain` writes down, while it does.
    pub(crate) steps: Option<Steps>,
    /// What is done at floating-point errors.
    pub errors: Errors,
    pub(crate) plans: Plans,
    /// This rank works by itself within a statement of the team's (`machine::local`).
    pub(crate) alone: bool,
    /// Shares of at least so many nanoseconds, by estimate, can be interrupted. The same on all ranks; tests have less.
    pub long: usize,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { small: 1024, layout: "b".to_string(), compile: Compile::default() }
    }
}

impl Settings {
    /// As the environment says.
    pub fn from_env() -> Settings {
        let defaults = Settings::default();
        let read = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Settings {
            small: read("DISTARRAY_SMALL").and_then(|n| n.parse().ok()).unwrap_or(defaults.small),
            layout: read("DISTARRAY_LAYOUT").unwrap_or(defaults.layout),
            compile: match read("DISTARRAY_COMPILE").as_deref() {
                Some("0") => Compile::Never,
                Some("always") => Compile::Always,
                _ => defaults.compile,
            },
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
            steps: None,
            errors: Errors::default(),
            plans: Plans::default(),
            alone: false,
            long: LONG,
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

    /// Refuses what takes all ranks, or state that they have in common, while this rank works by itself.
    ///
    /// # Errors
    /// NotImplementedError that names it.
    pub fn refuse_alone(&self, what: &str, hint: &str) -> Result<()> {
        match self.alone {
            true => {
                Err(Error::new(Class::NotImplementedError, format!("{what} in a local function")).hint(hint))
            }
            false => Ok(()),
        }
    }

    /// The layout of a new array of this shape, where `dist=` says nothing.
    pub fn default_layout(&self, shape: &[usize]) -> Arc<Layout> {
        if self.alone {
            // What a local function makes is its own.
            return self.replicated(shape);
        }
        // The setting was checked when it was read; an unreadable one means blocks.
        let spec = DistSpec::parse(&self.settings.layout).unwrap_or(DistSpec::Dims(vec![DimSpec::Block]));
        Arc::new(default_layout(shape, self.comm.size(), self.settings.small, &spec))
    }

    /// The layout of a new array with the elements of one of that layout and so many elements: what `dist=` has
    /// distributed, however small, does not become replicated.
    pub fn derived_layout(&self, shape: &[usize], from: &Layout, size: usize) -> Arc<Layout> {
        if from.everywhere {
            return self.replicated(shape);
        }
        let default = self.default_layout(shape);
        if !default.everywhere || size > self.settings.small || shape.is_empty() {
            return default;
        }
        let mut layout = Layout::replicated(shape, self.comm.size());
        layout.dims[0] = DimMap::block(shape[0], from.ranks.len());
        layout.grid[0] = from.ranks.len();
        layout.ranks = from.ranks.clone();
        layout.everywhere = false;
        Arc::new(layout)
    }

    /// The whole of an array of this shape on every rank.
    pub fn replicated(&self, shape: &[usize]) -> Arc<Layout> {
        Arc::new(Layout::replicated(shape, self.comm.size()))
    }

    /// As `Comm::exchange`, and counts what goes to other ranks.
    pub fn exchange(&mut self, sends: &[(usize, &[u8])], recvs: &mut [(usize, &mut [u8])]) {
        self.exchange_while(sends, recvs, &mut || ());
    }

    /// As `Comm::exchange_while`, and counts what goes to other ranks.
    pub fn exchange_while(
        &mut self,
        sends: &[(usize, &[u8])],
        recvs: &mut [(usize, &mut [u8])],
        work: &mut dyn FnMut(),
    ) {
        let rank = self.comm.rank();
        for (_, bytes) in sends.iter().filter(|(to, _)| *to != rank) {
            self.stats.bytes_sent += bytes.len() as u64;
            self.stats.messages_sent += 1;
            self.control.progress.sent(bytes.len() as u64);
        }
        self.comm.exchange_while(sends, recvs, work);
    }

    /// `exchange` in rounds, between which the ranks may be interrupted. `most` bounds, in bytes and equally on all
    /// ranks, what any of them sends or receives.
    ///
    /// # Errors
    /// KeyboardInterrupt, on all ranks; some of what was to arrive has not arrived then.
    pub fn exchange_long(
        &mut self,
        sends: &[(usize, &[u8])],
        recvs: &mut [(usize, &mut [u8])],
        most: usize,
    ) -> Result<()> {
        let watch = self.watch(most);
        if !watch.is_long() {
            self.exchange(sends, recvs);
            return Ok(());
        }
        let sent = sends.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
        let received = recvs.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
        let mine = sent.max(received) as u64;
        let all = self.comm.allgather(&mine.to_le_bytes());
        let bytes = |word: &Vec<u8>| word.first_chunk::<8>().map_or(0, |b| u64::from_le_bytes(*b));
        let round = (self.long as u64).clamp(1, ROUND);
        let rounds = all.iter().map(bytes).max().unwrap_or(0).div_ceil(round).max(1) as usize;
        for i in 0..rounds {
            // Both ends of a message cut it alike.
            let cut = |len: usize| {
                let at = |i: usize| (len as u128 * i as u128 / rounds as u128) as usize;
                at(i)..at(i + 1)
            };
            let sends: Vec<(usize, &[u8])> =
                sends.iter().map(|(to, bytes)| (*to, &bytes[cut(bytes.len())])).collect();
            let mut parts: Vec<(usize, &mut [u8])> = Vec::with_capacity(recvs.len());
            for (from, bytes) in recvs.iter_mut() {
                let range = cut(bytes.len());
                parts.push((*from, &mut bytes[range]));
            }
            self.exchange(&sends, &mut parts);
            self.control.progress.exchange(i + 1, rounds);
            if i + 1 < rounds {
                self.agree(watch.outcome())?;
            }
        }
        self.control.progress.exchange(0, 0);
        Ok(())
    }

    /// Begins a share of a statement that takes the slowest rank so many nanoseconds, by a rough estimate that all
    /// ranks make alike: until its end, the loops of `engines::watch` ask whether to go on.
    pub fn watch(&self, most: usize) -> Watch {
        Watch::begin(&self.control, self.is_long(most))
    }

    /// Whether shares of so many nanoseconds, or bytes moved, can be interrupted.
    pub fn is_long(&self, most: usize) -> bool {
        most >= self.long
    }

    /// `watch` for so many nanoseconds an element of this layout.
    pub fn watch_elements(&self, layout: &Layout, each: usize) -> Watch {
        let all = layout.size().saturating_mul(each);
        self.watch(if all < self.long { all } else { self.largest_share(layout).saturating_mul(each) })
    }

    /// The most elements that any rank has of a layout.
    pub fn largest_share(&self, layout: &Layout) -> usize {
        if layout.everywhere {
            return layout.size();
        }
        layout.ranks.iter().map(|&rank| layout.local_size(rank)).max().unwrap_or(0)
    }

    /// Ends a share: to be called before anything that it has made is used. Collective where it was long.
    ///
    /// # Errors
    /// KeyboardInterrupt, on all ranks, where any rank has stopped.
    pub fn end(&mut self, watch: Watch) -> Result<()> {
        if watch.is_long() { self.agree(watch.outcome()) } else { Ok(()) }
    }

    /// Makes an error on one rank an error on all: the lowest failing rank's. Collective.
    pub fn agree<T>(&mut self, mine: Result<T>) -> Result<T> {
        let word = match &mine {
            Ok(_) => Vec::new(),
            Err(error) => serde_json::to_vec(error).unwrap_or_else(|_| b"?".to_vec()),
        };
        let words = self.comm.allgather(&word);
        let some_only = words.iter().any(Vec::is_empty);
        match words.into_iter().enumerate().find(|(_, word)| !word.is_empty()) {
            None => mine,
            Some((rank, word)) => {
                let mut error: Error = serde_json::from_slice(&word).unwrap_or_else(|_| {
                    Error::new(Class::EngineError, "a rank failed and could not say why")
                });
                if error.class == Class::KeyboardInterrupt {
                    self.control.agreed();
                } else if some_only {
                    // What all have met is nobody's own; of others it helps to know whose: a disk, a memory, a part of the data.
                    let hint = error.hint.take().map_or(String::new(), |hint| hint + "; ");
                    error.hint = Some(format!("{hint}this was met on rank {rank}"));
                }
                Err(error)
            }
        }
    }

    /// This rank's part of `array` in `layout`, contiguous in C order of the local shape: forces what is recorded,
    /// and redistributes where the array lies otherwise. Collective.
    ///
    /// # Errors
    /// MemoryError, on all ranks.
    pub fn local(&mut self, array: &Array, layout: &Arc<Layout>) -> Result<Block> {
        redistribute::local(self, array, layout)
    }

    /// The values at the product of these indices (one list per axis, in bounds), in C order, on all ranks. No more
    /// than these values are moved. Collective.
    ///
    /// # Errors
    /// MemoryError, on all ranks, when a pending array cannot be computed.
    pub fn fetch(&mut self, array: &Array, indices: &[Vec<usize>]) -> Result<Vec<Scalar>> {
        fetch(self, array, indices)
    }

    /// This rank's blocks of new arrays in `layout`, one for each dtype, all of whose elements are to be written: they
    /// hold anything. Collective when they are large.
    ///
    /// # Errors
    /// MemoryError, on all ranks.
    ///
    /// # Panics
    /// When a rank of several cannot have even a small block: it ends the team, since nobody waits for its word.
    pub fn allocate(&mut self, layout: &Layout, dtypes: &[DType]) -> Result<Vec<Block>> {
        let len = layout.local_size(self.comm.rank());
        let blocks: Result<Vec<Block>> = dtypes
            .iter()
            .map(|&dtype| {
                Block::try_unfilled(dtype, len).ok_or_else(|| out_of_memory(&layout.shape(), dtype))
            })
            .collect();
        let largest = dtypes.iter().map(|d| d.itemsize()).max().unwrap_or(0);
        if layout.size().saturating_mul(largest) > AGREED {
            return self.agree(blocks);
        }
        match blocks {
            // The others go on to the next exchange, and would wait there for ever.
            Err(error) if self.comm.size() > 1 => {
                panic!("rank {} is out of memory: {}", self.comm.rank(), error.message)
            }
            blocks => blocks,
        }
    }
}

/// Bytes that a rank sends or receives in a round of a long exchange.
const ROUND: u64 = 64 << 20;

/// Arrays of more bytes are allocated in agreement of all ranks: one may fail alone. Where it fails to get less, it has
/// no memory for anything else either.
const AGREED: usize = 16 << 20;
