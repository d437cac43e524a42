//! Bringing partial results to the owners of the result, where they are combined in the order of the grid.
//!
//! Ranks that differ only in their coordinates along reduced axes hold partial results of the same elements. Each
//! sends every owner just the elements that it owns: no rank sees more partials than its part of the result needs.

use lang::layout::{Layout, Run};

use super::pack;
use crate::block::Block;
use crate::ctx::Ctx;

/// Which partial results there are and who needs which part of them.
pub struct Partials<'a> {
    /// The operand's layout.
    pub from: &'a Layout,
    /// The axes that were reduced.
    pub drop: &'a [bool],
    /// The result's layout, without the reduced axes.
    pub to: &'a Layout,
}

impl Partials<'_> {
    /// Combines the partial results into this rank's part of the result.
    ///
    /// `mine` are this rank's partials: parallel blocks, in C order of its local shape less the reduced axes.
    /// `combine(sum, next, more)` folds `next`, of `more` elements each, into `sum`; it is called in C order of the grid coordinates along the reduced axes, the same for every element.
    /// `None` where nothing was reduced (a reduced axis has no elements). Collective.
    pub fn combine(
        &self,
        ctx: &mut Ctx,
        mine: &[Block],
        mut combine: impl FnMut(&mut [Block], &[Block], usize),
    ) -> Option<Vec<Block>> {
        let rank = ctx.comm.rank();
        let shape = self.to.local_shape(rank);
        let len = self.to.local_size(rank);
        if self.from.everywhere {
            return (self.folded(rank) > 0).then(|| mine.to_vec());
        }
        let received = self.exchange(ctx, mine);
        let mut sum: Option<Vec<Block>> = None;
        for slab in self.slabs() {
            let more = self.folded(slab[0]);
            if more == 0 {
                continue;
            }
            let mut next: Vec<Block> = mine.iter().map(|b| Block::zeros(b.dtype(), len)).collect();
            for &from in &slab {
                let (_, theirs) = self.overlap(from, rank);
                let mut bytes = &received[from][..];
                for block in &mut next {
                    let size = block.dtype().itemsize();
                    if pack::count(&theirs) > 0 && len > 0 {
                        bytes = pack::put(bytes, block.bytes_mut(), size, &shape, &theirs);
                    }
                }
            }
            sum = Some(match sum {
                None => next,
                Some(mut sum) => {
                    combine(&mut sum, &next, more);
                    sum
                }
            });
        }
        sum
    }

    /// How many elements a rank folded into each of its partial results.
    pub fn folded(&self, rank: usize) -> usize {
        let shape = self.from.local_shape(rank);
        shape.iter().zip(self.drop).filter(|(_, drop)| **drop).map(|(n, _)| *n).product()
    }

    /// The ranks by their coordinates along the reduced axes, in C order: each slab has the whole result in partials.
    fn slabs(&self) -> Vec<Vec<usize>> {
        let mut slabs: std::collections::BTreeMap<Vec<usize>, Vec<usize>> = Default::default();
        for &rank in self.from.ranks.iter() {
            let coords = self.from.coords(rank).unwrap_or_default();
            let key = coords.iter().zip(self.drop).filter(|(_, drop)| **drop).map(|(c, _)| *c).collect();
            slabs.entry(key).or_default().push(rank);
        }
        slabs.into_values().collect()
    }

    /// The elements that `from` has partials of and `to` owns: positions in the one's block and in the other's.
    fn overlap(&self, from: usize, to: usize) -> (Vec<Vec<Run>>, Vec<Vec<Run>>) {
        let kept = self.from.owned(from).into_iter().zip(self.drop).filter(|(_, drop)| !**drop);
        kept.zip(self.to.owned(to)).map(|((a, _), b)| a.intersect(&b)).unzip()
    }

    /// The packed partials that this rank gets, by sender.
    fn exchange(&self, ctx: &mut Ctx, mine: &[Block]) -> Vec<Vec<u8>> {
        let (rank, team) = (ctx.comm.rank(), ctx.comm.size());
        let have = self.from.holds(rank) && self.folded(rank) > 0;
        let kept: Vec<usize> = self
            .from
            .local_shape(rank)
            .into_iter()
            .zip(self.drop)
            .filter(|(_, d)| !**d)
            .map(|(n, _)| n)
            .collect();
        let pack = |to: usize| {
            let (picks, _) = self.overlap(rank, to);
            let mut out = Vec::new();
            for block in mine {
                if have && !block.is_empty() {
                    pack::take(block.bytes(), block.dtype().itemsize(), &kept, &picks, &mut out);
                }
            }
            out
        };
        if self.to.everywhere {
            return ctx.comm.allgather(&pack(rank));
        }
        let owners: Vec<usize> =
            self.to.ranks.iter().copied().filter(|&r| self.to.local_size(r) > 0).collect();
        let packed: Vec<(usize, Vec<u8>)> =
            owners.iter().map(|&to| (to, pack(to))).filter(|(_, bytes)| !bytes.is_empty()).collect();
        let sends: Vec<(usize, &[u8])> = packed.iter().map(|(to, bytes)| (*to, &bytes[..])).collect();
        let each: usize = mine.iter().map(|b| b.dtype().itemsize()).sum();
        let mut received = vec![Vec::new(); team];
        if owners.contains(&rank) {
            for &from in self.from.ranks.iter().filter(|&&r| self.folded(r) > 0) {
                received[from] = vec![0; each * pack::count(&self.overlap(from, rank).1)];
            }
        }
        let mut recvs: Vec<(usize, &mut [u8])> = received
            .iter_mut()
            .enumerate()
            .filter(|(_, b)| !b.is_empty())
            .map(|(from, b)| (from, &mut b[..]))
            .collect();
        ctx.exchange(&sends, &mut recvs);
        received
    }
}
