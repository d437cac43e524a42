//! An ordered set of indices along one dimension, as arithmetic progressions.

use serde::{Deserialize, Serialize};

/// `start, start+step, ...`, `len` of them. `step` may be negative; it is 1 where `len < 2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Run {
    pub start: usize,
    pub step: isize,
    pub len: usize,
}

impl Run {
    /// With `step` normalised to 1 where it says nothing.
    pub fn new(start: usize, step: isize, len: usize) -> Run {
        Run { start, step: if len < 2 { 1 } else { step }, len }
    }

    /// `start..stop`; empty when `stop <= start`.
    pub fn range(start: usize, stop: usize) -> Run {
        Run { start, step: 1, len: stop.saturating_sub(start) }
    }

    /// The `k`-th element; `k < len`.
    pub fn get(&self, k: usize) -> usize {
        self.start.wrapping_add_signed(self.step.wrapping_mul(k as isize))
    }

    /// The last element; `start` of an empty run.
    pub fn last(&self) -> usize {
        self.get(self.len.saturating_sub(1))
    }

    /// The smallest and the largest element.
    pub fn span(&self) -> (usize, usize) {
        let last = self.last();
        (self.start.min(last), self.start.max(last))
    }

    /// Where `index` stands in the run.
    pub fn position(&self, index: usize) -> Option<usize> {
        let distance = index as i128 - self.start as i128;
        let (k, rest) = (distance / self.step as i128, distance % self.step as i128);
        (rest == 0 && k >= 0 && k < self.len as i128).then_some(k as usize)
    }

    pub fn iter(self) -> impl DoubleEndedIterator<Item = usize> + Clone {
        (0..self.len).map(move |k| self.get(k))
    }

    /// Appends `next` when the two read as one progression.
    pub(crate) fn join(&self, next: &Run) -> Option<Run> {
        let gap = next.start as isize - self.last() as isize;
        let fits = |r: &Run| r.len < 2 || r.step == gap;
        (gap != 0 && fits(self) && fits(next)).then(|| Run::new(self.start, gap, self.len + next.len))
    }
}

/// The indices that one process holds along one dimension, in local order: local position `k` is the `k`-th element
/// of the concatenated runs. A block is one run; cyclic is one run with a step; block-cyclic is a run per block; an
/// unstructured dimension has as many as it needs. No index occurs twice.
///
/// The spans (smallest to largest element) of the runs never overlap, so that a position is found by binary search.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Run>", into = "Vec<Run>")]
pub struct IndexSet {
    runs: Vec<Run>,
    /// Elements in `runs[..=i]`.
    ends: Vec<usize>,
    /// The runs by ascending span; empty where they stand so already.
    order: Vec<usize>,
}

impl From<Vec<Run>> for IndexSet {
    fn from(runs: Vec<Run>) -> IndexSet {
        IndexSet::from_runs(runs)
    }
}

impl From<IndexSet> for Vec<Run> {
    fn from(set: IndexSet) -> Vec<Run> {
        set.runs
    }
}

impl IndexSet {
    /// `start..stop`.
    pub fn range(start: usize, stop: usize) -> IndexSet {
        IndexSet::from_runs([Run::range(start, stop)])
    }

    /// Concatenates runs; no index may occur twice.
    pub fn from_runs(runs: impl IntoIterator<Item = Run>) -> IndexSet {
        let mut merged: Vec<Run> = Vec::new();
        for run in runs.into_iter().filter(|r| r.len > 0) {
            match merged.last_mut().and_then(|last| last.join(&run).map(|joined| (last, joined))) {
                // Two single elements far apart are no progression yet: a third decides.
                Some((last, joined)) if joined.len > 2 || joined.step.abs() == 1 => *last = joined,
                _ => merged.push(run),
            }
        }
        match IndexSet::indexed(merged) {
            Ok(set) => set,
            // Interleaved: runs of neighbours only, whose spans cannot overlap.
            Err(runs) => {
                let mut unit: Vec<Run> = Vec::new();
                for index in runs.iter().flat_map(|r| r.iter()) {
                    let one = Run::range(index, index + 1);
                    match unit.last_mut().and_then(|last| last.join(&one).map(|joined| (last, joined))) {
                        Some((last, joined)) if joined.step.abs() == 1 => *last = joined,
                        _ => unit.push(one),
                    }
                }
                IndexSet::indexed(unit).unwrap_or_else(|runs| {
                    // An index occurs twice, against the contract: lookups find one of the two.
                    IndexSet { ends: ends(&runs), order: by_span(&runs), runs }
                })
            }
        }
    }

    /// Distinct indices in local order.
    pub fn from_indices(indices: impl IntoIterator<Item = usize>) -> IndexSet {
        let mut runs: Vec<Run> = Vec::new();
        for index in indices {
            let one = Run::range(index, index + 1);
            match runs.last_mut().and_then(|last| last.join(&one).map(|joined| (last, joined))) {
                Some((last, joined)) => *last = joined,
                None => runs.push(one),
            }
        }
        IndexSet::from_runs(runs)
    }

    /// Fails with the runs when their spans overlap.
    fn indexed(runs: Vec<Run>) -> Result<IndexSet, Vec<Run>> {
        let order = by_span(&runs);
        if order.windows(2).any(|w| runs[w[0]].span().1 >= runs[w[1]].span().0) {
            return Err(runs);
        }
        let sorted = order.iter().enumerate().all(|(i, &r)| i == r);
        Ok(IndexSet { ends: ends(&runs), order: if sorted { Vec::new() } else { order }, runs })
    }

    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    pub fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The global index at local position `k`, in `O(log runs)`.
    pub fn get(&self, k: usize) -> Option<usize> {
        let run = self.ends.partition_point(|&end| end <= k);
        let before = self.before(run);
        self.runs.get(run).map(|r| r.get(k - before))
    }

    /// The local position of a global index, in `O(log runs)`.
    pub fn position(&self, index: usize) -> Option<usize> {
        let nth = self.first_reaching(index);
        let run = self.nth_by_span(nth);
        self.runs.get(run)?.position(index).map(|k| self.before(run) + k)
    }

    /// The first index from `index` on that is not in the set.
    pub fn stretch(&self, index: usize) -> usize {
        let mut at = index;
        while let Some(run) = self.runs.get(self.nth_by_span(self.first_reaching(at))) {
            if run.position(at).is_none() {
                break;
            }
            at = if run.step.abs() == 1 { run.span().1 + 1 } else { at + 1 };
        }
        at
    }

    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.runs.iter().flat_map(|r| r.iter())
    }

    /// `Some(start..stop)` when the local order is exactly that range; an empty set is `0..0`.
    pub fn as_range(&self) -> Option<std::ops::Range<usize>> {
        match self.runs[..] {
            [] => Some(0..0),
            [r] if r.step == 1 => Some(r.start..r.start + r.len),
            _ => None,
        }
    }

    pub fn is_contiguous(&self) -> bool {
        self.as_range().is_some()
    }

    /// Elements before run `run`.
    pub(super) fn before(&self, run: usize) -> usize {
        if run == 0 { 0 } else { self.ends[run - 1] }
    }

    /// The run that is `nth` by ascending span.
    pub(super) fn nth_by_span(&self, nth: usize) -> usize {
        self.order.get(nth).copied().unwrap_or(nth)
    }

    /// The first run, by ascending span, whose largest element is at least `index`.
    pub(super) fn first_reaching(&self, index: usize) -> usize {
        let (mut lo, mut hi) = (0, self.runs.len());
        while lo < hi {
            let mid = (lo + hi) / 2;
            if self.runs[self.nth_by_span(mid)].span().1 < index {
                lo = mid + 1;
            } else {
                hi = mid;
            }
        }
        lo
    }
}

fn ends(runs: &[Run]) -> Vec<usize> {
    runs.iter()
        .scan(0, |end, r| {
            *end += r.len;
            Some(*end)
        })
        .collect()
}

fn by_span(runs: &[Run]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by_key(|&r| runs[r].span());
    order
}
