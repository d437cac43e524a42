//! Dimension maps: how one dimension is dealt out along one axis of the process grid.

use serde::{Deserialize, Serialize};

use super::{IndexSet, Run};
use crate::error::{Error, Result};

/// How one dimension of `size` elements is dealt out along one axis of the process grid.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DimMap {
    /// `n`: not distributed; grid extent 1.
    Whole { size: usize },
    /// `b`: process `p` holds `bounds[p]..bounds[p + 1]`. Regular blocks are `ceil(size / P)` long, as HPF's and
    /// the original's.
    Block { bounds: Vec<usize> },
    /// `c` (`block == 1`) and `bc`: blocks of `block` dealt out in turn.
    Cyclic { size: usize, block: usize, procs: usize },
    /// `u`: process `p` holds `indices[p]`, in that order. Also what views of other maps become.
    Unstructured { size: usize, indices: Vec<IndexSet> },
}

impl DimMap {
    /// `b`, regular: 9 on 4 processes are 3, 3, 3, 0. `procs` is at least 1, here and below.
    pub fn block(size: usize, procs: usize) -> DimMap {
        let each = size.div_ceil(procs);
        DimMap::Block { bounds: (0..=procs).map(|p| (p * each).min(size)).collect() }
    }

    /// `b`, irregular: process `p` holds `bounds[p]..bounds[p + 1]`.
    pub fn bounds(size: usize, bounds: Vec<usize>) -> Result<DimMap> {
        let text = || format!("dist bounds {}", list(&bounds));
        match (bounds.first(), bounds.last()) {
            (Some(0), Some(&last)) if bounds.len() > 1 && last == size => {}
            _ => {
                return Err(Error::value(format!(
                    "{} must run from 0 to the dimension's size {size}",
                    text()
                ))
                .hint(format!("write 0, the starts of the other blocks, and {size}")));
            }
        }
        match bounds.windows(2).find(|w| w[0] > w[1]) {
            Some(w) => {
                Err(Error::value(format!("{} must not decrease, but {} comes after {}", text(), w[1], w[0])))
            }
            None => Ok(DimMap::Block { bounds }),
        }
    }

    /// `c`: element `i` on process `i mod procs`.
    pub fn cyclic(size: usize, procs: usize) -> DimMap {
        DimMap::Cyclic { size, block: 1, procs }
    }

    /// `bc`: blocks of `block` (at least 1) elements dealt out in turn; the last may be short, and lies where it falls.
    pub fn block_cyclic(size: usize, block: usize, procs: usize) -> DimMap {
        DimMap::Cyclic { size, block, procs }
    }

    /// `u`: process `p` holds `indices[p]` in that order; each of `0..size` exactly once over all.
    pub fn unstructured(size: usize, indices: &[Vec<usize>]) -> Result<DimMap> {
        let given: usize = indices.iter().map(Vec::len).sum();
        if given < size {
            // Before anything of this size is allocated: the dimension may be too long for any memory.
            let what = format!("unstructured dist: {given} indices are given for a dimension of size {size}");
            return Err(Error::value(what).hint("give each index to exactly one process"));
        }
        let mut owner: Vec<Option<usize>> = vec![None; size];
        for (p, list) in indices.iter().enumerate() {
            for &i in list {
                match owner.get_mut(i) {
                    None => {
                        return Err(Error::value(format!(
                            "unstructured dist: index {i} (process {p}) is out of bounds for a dimension of size {size}"
                        )));
                    }
                    Some(Some(q)) => {
                        return Err(Error::value(format!(
                            "unstructured dist: index {i} is given twice (processes {q} and {p})"
                        ))
                        .hint("give each index to exactly one process"));
                    }
                    Some(free) => *free = Some(p),
                }
            }
        }
        if indices.is_empty() {
            return Err(Error::value("unstructured dist: no process is given indices"));
        }
        let indices = indices.iter().map(|list| IndexSet::from_indices(list.iter().copied())).collect();
        Ok(DimMap::Unstructured { size, indices })
    }

    /// The dimension's global extent.
    pub fn size(&self) -> usize {
        match self {
            DimMap::Whole { size } | DimMap::Cyclic { size, .. } | DimMap::Unstructured { size, .. } => *size,
            DimMap::Block { bounds } => bounds.last().copied().unwrap_or(0),
        }
    }

    /// The extent of the grid's axis.
    pub fn procs(&self) -> usize {
        match self {
            DimMap::Whole { .. } => 1,
            DimMap::Block { bounds } => bounds.len().saturating_sub(1),
            DimMap::Cyclic { procs, .. } => *procs,
            DimMap::Unstructured { indices, .. } => indices.len(),
        }
    }

    /// What process `p < procs` holds, in local order.
    pub fn owned(&self, p: usize) -> IndexSet {
        match self {
            DimMap::Whole { size } => IndexSet::range(0, *size),
            DimMap::Block { bounds } => IndexSet::range(bounds[p], bounds[p + 1]),
            DimMap::Cyclic { size, block: 1, procs } => {
                IndexSet::from_runs([Run::new(p, *procs as isize, size.saturating_sub(p).div_ceil(*procs))])
            }
            DimMap::Cyclic { size, block, procs } => IndexSet::from_runs(
                (0..)
                    .map(|turn| (turn * procs + p) * block)
                    .take_while(|start| start < size)
                    .map(|start| Run::range(start, (start + block).min(*size))),
            ),
            DimMap::Unstructured { indices, .. } => indices[p].clone(),
        }
    }

    /// How many elements process `p < procs` holds.
    pub fn local_len(&self, p: usize) -> usize {
        match self {
            DimMap::Whole { size } => *size,
            DimMap::Block { bounds } => bounds[p + 1] - bounds[p],
            DimMap::Cyclic { size, block, procs } => {
                let turn = block * procs;
                size / turn * block + (size % turn).saturating_sub(p * block).min(*block)
            }
            DimMap::Unstructured { indices, .. } => indices[p].len(),
        }
    }

    /// Which process holds `index`, and at which local position; `None` beyond `size`.
    pub fn owner(&self, index: usize) -> Option<(usize, usize)> {
        if index >= self.size() {
            return None;
        }
        match self {
            DimMap::Whole { .. } => Some((0, index)),
            DimMap::Block { bounds } => {
                // The last bound that is not beyond it: empty blocks before it are skipped.
                let p = bounds.partition_point(|&b| b <= index) - 1;
                Some((p, index - bounds[p]))
            }
            DimMap::Cyclic { block, procs, .. } => {
                let (nth, within) = (index / block, index % block);
                Some((nth % procs, nth / procs * block + within))
            }
            DimMap::Unstructured { indices, .. } => {
                indices.iter().enumerate().find_map(|(p, set)| set.position(index).map(|k| (p, k)))
            }
        }
    }

    /// The letter of `dist=`: `n`, `b`, `c` or `u`; block-cyclic is `bc`.
    pub fn letter(&self) -> &'static str {
        match self {
            DimMap::Whole { .. } => "n",
            DimMap::Block { .. } => "b",
            DimMap::Cyclic { block: 1, .. } => "c",
            DimMap::Cyclic { .. } => "bc",
            DimMap::Unstructured { .. } => "u",
        }
    }

    /// Whether the two put every element on the same process at the same local position.
    pub fn same_placement(&self, other: &DimMap) -> bool {
        self == other
            || self.size() == other.size()
                && self.procs() == other.procs()
                && (0..self.procs()).all(|p| self.owned(p).same(&other.owned(p)))
    }
}

impl std::fmt::Display for DimMap {
    /// `n`, `b`, `b(0,2,9)` where irregular, `c`, `c2`, `u`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DimMap::Block { bounds } if *self != DimMap::block(self.size(), self.procs().max(1)) => {
                write!(f, "b{}", list(bounds))
            }
            DimMap::Cyclic { block, .. } if *block > 1 => write!(f, "c{block}"),
            _ => f.write_str(self.letter()),
        }
    }
}

/// `(0, 2, 9)`, with the middle left out where it is long.
pub(super) fn list(items: &[usize]) -> String {
    let text = |part: &[usize]| part.iter().map(|i| i.to_string()).collect::<Vec<_>>().join(", ");
    match items {
        [one] => format!("({one},)"),
        _ if items.len() <= 8 => format!("({})", text(items)),
        _ => format!("({}, ..., {})", text(&items[..3]), text(&items[items.len() - 2..])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way to ask who owns what gives the same answer, and each element has exactly one owner.
    fn check(map: &DimMap, expected: &[&[usize]]) {
        let owned: Vec<Vec<usize>> = (0..map.procs()).map(|p| map.owned(p).iter().collect()).collect();
        assert_eq!(owned, expected, "{map:?}");
        for (p, held) in owned.iter().enumerate() {
            assert_eq!(map.local_len(p), held.len(), "{map:?} on {p}");
            for (k, &i) in held.iter().enumerate() {
                assert_eq!(map.owner(i), Some((p, k)), "{i} of {map:?}");
            }
        }
        let mut all: Vec<usize> = owned.concat();
        all.sort();
        assert_eq!(all, (0..map.size()).collect::<Vec<_>>());
        assert_eq!(map.owner(map.size()), None);
    }

    #[test]
    fn maps_own_what_the_protocol_says() {
        check(&DimMap::Whole { size: 3 }, &[&[0, 1, 2]]);
        check(&DimMap::block(9, 4), &[&[0, 1, 2], &[3, 4, 5], &[6, 7, 8], &[]]);
        check(&DimMap::block(0, 2), &[&[], &[]]);
        check(&DimMap::block(1, 3), &[&[0], &[], &[]]);
        check(&DimMap::bounds(5, vec![0, 1, 1, 5]).unwrap(), &[&[0], &[], &[1, 2, 3, 4]]);
        check(&DimMap::cyclic(5, 2), &[&[0, 2, 4], &[1, 3]]);
        check(&DimMap::cyclic(2, 3), &[&[0], &[1], &[]]);
        // The original and the protocol's appendix give the short last block to process 0: 5 and 2 elements.
        check(&DimMap::block_cyclic(7, 2, 2), &[&[0, 1, 4, 5], &[2, 3, 6]]);
        check(&DimMap::block_cyclic(9, 2, 2), &[&[0, 1, 4, 5, 8], &[2, 3, 6, 7]]);
        check(&DimMap::block_cyclic(5, 3, 1), &[&[0, 1, 2, 3, 4]]);
        check(&DimMap::unstructured(4, &[vec![3, 0], vec![], vec![1, 2]]).unwrap(), &[&[3, 0], &[], &[1, 2]]);
    }

    #[test]
    fn short_last_blocks_lie_where_they_fall() {
        for (size, block, procs) in
            (0..20).flat_map(|s| (1..6).flat_map(move |b| (1..6).map(move |p| (s, b, p))))
        {
            let map = DimMap::block_cyclic(size, block, procs);
            let dealt: Vec<Vec<usize>> =
                (0..procs).map(|p| (0..size).filter(|i| i / block % procs == p).collect()).collect();
            check(&map, &dealt.iter().map(|v| &v[..]).collect::<Vec<_>>());
        }
    }

    #[test]
    fn wrong_maps_say_what_is_wrong() {
        let bounds = |b: &[usize]| DimMap::bounds(9, b.to_vec()).unwrap_err().message;
        assert_eq!(bounds(&[]), "dist bounds () must run from 0 to the dimension's size 9");
        assert_eq!(bounds(&[0, 8]), "dist bounds (0, 8) must run from 0 to the dimension's size 9");
        assert_eq!(bounds(&[0, 5, 4, 9]), "dist bounds (0, 5, 4, 9) must not decrease, but 4 comes after 5");
        let lists = |l: &[Vec<usize>]| DimMap::unstructured(3, l).unwrap_err().message;
        assert!(lists(&[vec![0, 1], vec![1, 2]]).contains("index 1 is given twice (processes 0 and 1)"));
        assert!(lists(&[vec![0], vec![2]]).contains("2 indices are given for a dimension of size 3"));
        assert!(DimMap::unstructured(1 << 60, &[vec![0]]).is_err());
        assert!(lists(&[vec![0, 1, 2, 3]]).contains("index 3 (process 0) is out of bounds"));
    }
}
