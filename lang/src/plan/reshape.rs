//! Who sends what to whom when an array takes another shape: elements keep their place in C order.

use crate::layout::{IndexSet, Layout, Run};

/// One message: positions in this rank's block, in C order, to or from a peer; in the message's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub peer: usize,
    pub runs: Vec<Run>,
}

/// What one rank does: it packs and sends, receives and unpacks, and copies what stays. There is at most one message
/// from each rank to each other; none is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Positions in the rank's old block.
    pub sends: Vec<Piece>,
    /// Positions in the rank's new block.
    pub recvs: Vec<Piece>,
    /// What the rank keeps: positions in its old block, and in its new one.
    pub local: Option<(Vec<Run>, Vec<Run>)>,
}

impl Piece {
    /// Elements of the message.
    pub fn len(&self) -> usize {
        self.runs.iter().map(|r| r.len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }
}

/// The plan of `rank` to bring an array in layout `from` into layout `to`, which has another shape of the same size, in
/// C order. Both blocks are contiguous: a view is packed first. A replicated source is read from oneself.
pub fn reshape(from: &Layout, to: &Layout, rank: usize) -> Plan {
    let mut plan = Plan::default();
    let (held, wanted) = (flat(from, rank), flat(to, rank));
    for &peer in to.ranks.iter().filter(|&&p| p != rank && !from.everywhere) {
        let runs = held.intersect(&flat(to, peer)).0;
        if !runs.is_empty() {
            plan.sends.push(Piece { peer, runs });
        }
    }
    for &peer in from.ranks.iter().filter(|&&p| p != rank && !from.everywhere) {
        let runs = flat(from, peer).intersect(&wanted).1;
        if !runs.is_empty() {
            plan.recvs.push(Piece { peer, runs });
        }
    }
    let (keep, take) = held.intersect(&wanted);
    plan.local = (!keep.is_empty()).then_some((keep, take));
    plan
}

/// The places in C order of the whole array that a rank holds, in the order of its block.
fn flat(layout: &Layout, rank: usize) -> IndexSet {
    if layout.local_size(rank) == 0 {
        return IndexSet::default();
    }
    let mut below = 1;
    let mut inner = IndexSet::range(0, 1);
    for (set, extent) in layout.owned(rank).into_iter().zip(layout.shape()).rev() {
        let whole = inner.as_range() == Some(0..below);
        let mut runs = Vec::new();
        for run in set.runs() {
            if below == 1 {
                runs.push(*run);
            } else if whole && run.step == 1 {
                runs.push(Run::range(run.start * below, (run.start + run.len) * below));
            } else {
                for i in run.iter() {
                    runs.extend(inner.runs().iter().map(|r| Run { start: r.start + i * below, ..*r }));
                }
            }
        }
        inner = IndexSet::from_runs(runs);
        below *= extent;
    }
    inner
}
