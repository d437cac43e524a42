//! An ordered set of indices along one dimension, as arithmetic progressions.

use serde::{Deserialize, Serialize};

/// `start, start+step, ...`, `len` of them. `step` may be negative; it is 1 where `len < 2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Run {
    pub start: usize,
    pub step: isize,
    pub len: usize,
}

/// The indices that one process holds along one dimension, in local order: local position `k` is the `k`-th element
/// of the concatenated runs. A block is one run; cyclic is one run with a step; block-cyclic is a run per block; an
/// unstructured dimension has as many as it needs. No index occurs twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IndexSet {
    pub runs: Vec<Run>,
}
