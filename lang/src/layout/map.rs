//! Dimension maps and layouts: the Distributed Array Protocol's types, over a grid of processes.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::IndexSet;

/// How one dimension of `size` elements is dealt out along one axis of the process grid.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DimMap {
    /// `n`: not distributed; grid extent 1.
    Whole { size: usize },
    /// `b`: process `p` holds `bounds[p]..bounds[p + 1]`. Regular blocks are `ceil(size / P)` long, as HPF's and
    /// the original's.
    Block { bounds: Vec<usize> },
    /// `c` (`block == 1`) and `bc`: blocks of `block` dealt out in turn.
    Cyclic {
        size: usize,
        block: usize,
        procs: usize,
    },
    /// `u`: process `p` holds `indices[p]`, in that order. Also what views of other maps become.
    Unstructured { size: usize, indices: Vec<IndexSet> },
}

/// The layout of an array: a map per dimension, over a grid of processes.
///
/// `grid` has an extent per dimension of the array. `ranks` lists the team's ranks in C order of their grid
/// coordinates, `ranks.len() == product(grid)`; ranks not listed hold nothing. A replicated layout (`everywhere`) has a
/// grid of ones and the whole array on every rank of the team.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Layout {
    pub dims: Vec<DimMap>,
    pub grid: Vec<usize>,
    pub ranks: Arc<[usize]>,
    pub everywhere: bool,
}
