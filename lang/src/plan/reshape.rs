//! Who sends what to whom when an array takes another shape: elements keep their place in C order.

use super::redistribute::{Piece, Plan};
use crate::layout::{Axis, IndexSet, Layout, Region, Run};

/// The plan of `rank` to bring an array in layout `from` into layout `to`, which has another shape of the same size, in
/// C order. The old block is contiguous: a view is packed first (`View::local`), and `from` is then its layout.
pub fn reshape(from: &Layout, to: &Layout, rank: usize) -> Plan {
    let piece = |peer: usize, runs: Vec<Run>| {
        (!runs.is_empty()).then(|| Piece {
            peer,
            region: Region {
                offset: 0,
                axes: vec![Axis::new(runs)],
            },
        })
    };
    let (mut sends, mut recvs) = (Vec::new(), Vec::new());
    if from.holds(rank) {
        let held = flat(from, rank);
        // A replicated source is read from oneself.
        for &peer in to
            .ranks
            .iter()
            .filter(|&&peer| !from.everywhere || peer == rank)
        {
            sends.extend(piece(peer, held.intersect(&flat(to, peer)).0));
        }
    }
    if to.holds(rank) {
        let wanted = flat(to, rank);
        let sources = if from.everywhere {
            &[rank][..]
        } else {
            &from.ranks[..]
        };
        for &peer in sources {
            recvs.extend(piece(peer, flat(from, peer).intersect(&wanted).1));
        }
    }
    Plan::new(rank, sends, recvs)
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
                    runs.extend(inner.runs().iter().map(|r| Run {
                        start: r.start + i * below,
                        ..*r
                    }));
                }
            }
        }
        inner = IndexSet::from_runs(runs);
        below *= extent;
    }
    inner
}
