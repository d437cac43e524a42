//! Who sends what to whom when the elements of a view come into another layout.

use crate::layout::{
    Axis, IndexSet, Layout, Region, Run, View, ViewDim, c_strides, grid_coords, scaled,
};

/// One message: the elements of a region of this rank's block, to or from a peer. The region's order is the message's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub peer: usize,
    pub region: Region,
}

/// What one rank does: it packs and sends, receives and unpacks, and copies what stays. There is at most one message
/// from each rank to each other; none is empty. Sorted by peer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Regions of the rank's block in the old layout.
    pub sends: Vec<Piece>,
    /// Regions of the rank's block in the new layout.
    pub recvs: Vec<Piece>,
    /// What the rank keeps: from a region of its old block to a region of its new block, as if by a message to itself.
    pub local: Option<(Region, Region)>,
}

impl Plan {
    /// From all pieces of a rank, those to and from itself among them.
    pub(super) fn new(rank: usize, sends: Vec<Piece>, recvs: Vec<Piece>) -> Plan {
        let split = |mut pieces: Vec<Piece>| {
            pieces.sort_by_key(|p| p.peer);
            let own = pieces
                .iter()
                .position(|p| p.peer == rank)
                .map(|at| pieces.remove(at).region);
            (pieces, own)
        };
        let ((sends, keep), (recvs, take)) = (split(sends), split(recvs));
        Plan {
            sends,
            recvs,
            local: keep.zip(take),
        }
    }

    /// Whether nothing crosses between ranks, as far as this one can see.
    pub fn is_local(&self) -> bool {
        self.sends.is_empty() && self.recvs.is_empty()
    }

    /// Elements that this rank sends to others.
    pub fn elements_sent(&self) -> usize {
        self.sends.iter().map(|p| p.region.message_len()).sum()
    }
}

/// The plan of `rank` to bring the elements that `view` sees of a storage in layout `from` into layout `to` (of the
/// view's shape). Factorised per dimension: the work is a sum over the grid's extents, plus the messages themselves.
///
/// A replicated source is read from oneself. Into a replicated layout everybody receives everything. A broadcast
/// element is sent once.
pub fn redistribute(from: &Layout, view: &View, to: &Layout, rank: usize) -> Plan {
    Plan::new(
        rank,
        sends(from, view, to, rank),
        recvs(from, view, to, rank),
    )
}

/// Bytes from rank (row) to rank (column) of a team of `team`; what a rank keeps stands on the diagonal.
pub fn traffic(
    from: &Layout,
    view: &View,
    to: &Layout,
    itemsize: usize,
    team: usize,
) -> Vec<Vec<u64>> {
    let mut bytes = vec![vec![0; team]; team];
    for (rank, row) in bytes.iter_mut().enumerate() {
        for Piece { peer, region } in sends(from, view, to, rank) {
            row[peer] += (region.message_len() * itemsize) as u64;
        }
    }
    bytes
}

fn sends(from: &Layout, view: &View, to: &Layout, rank: usize) -> Vec<Piece> {
    let Some(mine) = from.coords(rank) else {
        return Vec::new();
    };
    let strides = c_strides(&from.local_shape(rank));
    let mut offset = 0;
    for &(dim, index) in &view.fixed {
        match from.dims[dim].owner(index) {
            Some((p, position)) if p == mine[dim] => offset += position * strides[dim],
            _ => return Vec::new(),
        }
    }
    // Per dimension of the view: the axes that go to each coordinate of the new grid.
    let choices: Vec<Vec<(usize, Axis)>> = (view.dims.iter().zip(&to.dims).zip(&to.grid))
        .map(|((seen, map), &extent)| {
            let held = match *seen {
                ViewDim::Axis { dim, .. } => from.dims[dim].owned(mine[dim]),
                ViewDim::New { .. } => IndexSet::default(),
            };
            let axis = |c: usize| match *seen {
                ViewDim::Axis {
                    dim, start, step, ..
                } => Axis::new(scaled(
                    &held.intersect(&map.owned(c).through(start, step)).0,
                    strides[dim],
                )),
                ViewDim::New { .. } => Axis::new(vec![Run::range(0, map.local_len(c).min(1))]),
            };
            nonempty((0..extent).map(|c| (c, axis(c))))
        })
        .collect();
    let mut pieces = Vec::new();
    for (coords, region) in products(offset, &choices) {
        let peers = if to.everywhere {
            to.ranks.to_vec()
        } else {
            vec![to.rank_of(&coords)]
        };
        for peer in peers {
            if !from.everywhere || peer == rank {
                pieces.push(Piece {
                    peer,
                    region: region.clone(),
                });
            }
        }
    }
    pieces
}

fn recvs(from: &Layout, view: &View, to: &Layout, rank: usize) -> Vec<Piece> {
    let Some(mine) = to.coords(rank) else {
        return Vec::new();
    };
    let strides = c_strides(&to.local_shape(rank));
    let mut source = vec![0; from.ndim()];
    for &(dim, index) in &view.fixed {
        let Some((p, _)) = from.dims[dim].owner(index) else {
            return Vec::new();
        };
        source[dim] = p;
    }
    // Per dimension of the view: the axes that come from each coordinate of the old grid.
    let choices: Vec<Vec<(usize, Axis)>> = (view.dims.iter().enumerate())
        .map(|(d, seen)| {
            let wanted = to.dims[d].owned(mine[d]);
            match *seen {
                ViewDim::Axis {
                    dim, start, step, ..
                } => {
                    let wanted = wanted.through(start, step);
                    let axis = |c: usize| {
                        Axis::new(scaled(
                            &from.dims[dim].owned(c).intersect(&wanted).1,
                            strides[d],
                        ))
                    };
                    nonempty((0..from.grid[dim]).map(|c| (c, axis(c))))
                }
                ViewDim::New { .. } => {
                    let runs = scaled(&[Run::range(0, wanted.len())], strides[d]);
                    nonempty([(0, Axis { runs, repeat: true })])
                }
            }
        })
        .collect();
    let mut pieces = Vec::new();
    for (coords, region) in products(0, &choices) {
        for (seen, c) in view.dims.iter().zip(coords) {
            if let ViewDim::Axis { dim, .. } = *seen {
                source[dim] = c;
            }
        }
        let peer = if from.everywhere {
            rank
        } else {
            from.rank_of(&source)
        };
        pieces.push(Piece { peer, region });
    }
    pieces
}

fn nonempty(axes: impl IntoIterator<Item = (usize, Axis)>) -> Vec<(usize, Axis)> {
    axes.into_iter()
        .filter(|(_, axis)| !axis.is_empty())
        .collect()
}

/// Every choice of one axis per dimension, as coordinates and region.
fn products(offset: usize, choices: &[Vec<(usize, Axis)>]) -> Vec<(Vec<usize>, Region)> {
    let extents: Vec<usize> = choices.iter().map(Vec::len).collect();
    grid_coords(&extents)
        .map(|picks| {
            let chosen = || choices.iter().zip(&picks).map(|(axes, &i)| &axes[i]);
            (
                chosen().map(|(c, _)| *c).collect(),
                Region {
                    offset,
                    axes: chosen().map(|(_, a)| a.clone()).collect(),
                },
            )
        })
        .collect()
}
