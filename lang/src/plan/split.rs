//! Where to cut the ranks' sorted runs so that the parts before a cut are the first so many elements of all: exact
//! splitters, found by narrowing windows between samples.
//!
//! Elements are ordered by key, then by rank, then by position: no two are equal, so that a cut exists for every
//! number of elements, whatever repeats, and the order of equal elements is kept. In a round each rank shows
//! [`SAMPLES`] keys of its window at regular places; of them the last that is surely before the cut and the first that
//! is surely after it become the next windows' bounds. A round leaves at most about `2 / SAMPLES` of the elements in
//! the windows: five rounds for a billion. After Siebert and Wolf, "Scalable parallel sorting by exact splitting"
//! (2010), with regular samples (Shi and Schaeffer, 1992) in place of single medians.

use crate::layout::{DimMap, DimSpec, DistSpec, Layout};

/// Keys that a rank shows of its window in a round.
pub const SAMPLES: usize = 32;

/// The positions that are shown of a window: the first of it and others at regular distances.
pub fn sampled(low: usize, high: usize) -> impl Iterator<Item = usize> {
    let (size, count) = (high - low, (high - low).min(SAMPLES));
    (0..count).map(move |i| low + (i as u128 * size as u128 / count as u128) as usize)
}

/// An element that others are compared with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Probe<K> {
    pub key: K,
    pub rank: usize,
    pub position: usize,
}

impl<K> Probe<K> {
    /// How many elements of a rank's run come before it: `count(key, with_equal)` counts those whose keys are less, or
    /// less or equal.
    pub fn before(&self, rank: usize, count: impl Fn(&K, bool) -> usize) -> usize {
        match rank.cmp(&self.rank) {
            std::cmp::Ordering::Less => count(&self.key, true),
            std::cmp::Ordering::Equal => self.position,
            std::cmp::Ordering::Greater => count(&self.key, false),
        }
    }
}

/// A cut that is being sought: by rank, what is surely before it and what may be.
#[derive(Clone, Debug)]
pub struct Cut {
    target: usize,
    pub low: Vec<usize>,
    pub high: Vec<usize>,
}

/// What a cut's windows become.
#[derive(Clone, Debug, PartialEq)]
pub enum Step<K> {
    /// All of them close at their low ends.
    Low,
    /// All of them close at their high ends.
    High,
    /// They go from what is before the first probe to what is before the second, or to their ends.
    Between(Probe<K>, Option<Probe<K>>),
}

impl Cut {
    /// The cut after the first `target` elements of runs of these lengths, by rank.
    pub fn new(target: usize, lengths: &[usize]) -> Cut {
        Cut { target, low: vec![0; lengths.len()], high: lengths.to_vec() }
    }

    /// The next step, from the keys at the [`sampled`] positions of each rank's window.
    pub fn step<K: Ord + Clone>(&self, samples: &[Vec<K>]) -> Step<K> {
        let before: usize = self.low.iter().sum();
        let sought = self.target.saturating_sub(before);
        if sought == 0 {
            return Step::Low;
        }
        if sought >= self.high.iter().sum::<usize>() - before {
            return Step::High;
        }
        let positions: Vec<Vec<usize>> =
            self.low.iter().zip(&self.high).map(|(&low, &high)| sampled(low, high).collect()).collect();
        let mut all: Vec<(&K, usize, usize)> = samples
            .iter()
            .enumerate()
            .flat_map(|(rank, keys)| keys.iter().enumerate().map(move |(i, key)| (key, rank, i)))
            .collect();
        all.sort();
        // Of the elements in a window that are before a sample, at least and at most, by rank and in all.
        let (mut least, mut most) = (vec![0; samples.len()], vec![0; samples.len()]);
        let (mut sum_least, mut sum_most) = (0, 0);
        let (mut first, mut second) = (None, None);
        for (key, rank, i) in all {
            let at = positions[rank][i] - self.low[rank];
            let probe = || Probe { key: key.clone(), rank, position: positions[rank][i] };
            // Of its own rank it is known.
            if sum_most - most[rank] + at <= sought {
                first = Some(probe());
            }
            if sum_least - least[rank] + at >= sought {
                second = Some(probe());
                break;
            }
            let next = positions[rank].get(i + 1).map_or(self.high[rank], |p| *p) - self.low[rank];
            sum_least += at + 1 - least[rank];
            sum_most += next - most[rank];
            (least[rank], most[rank]) = (at + 1, next);
        }
        match first {
            Some(first) => Step::Between(first, second),
            None => Step::Low,
        }
    }

    /// Takes note of what each rank has before the two probes of a step.
    pub fn narrow(&mut self, counts: impl IntoIterator<Item = (usize, usize)>) {
        for ((low, high), (first, second)) in self.low.iter_mut().zip(&mut self.high).zip(counts) {
            *low = first.max(*low);
            *high = second.min(*high);
        }
    }
}

/// A layout of the same shape over the same ranks in which whole lanes along `axis` lie on one rank, where the lanes
/// can be dealt out with no rank having more than half as much again as its share.
pub fn by_lanes(layout: &Layout, axis: usize) -> Option<Layout> {
    let (shape, ranks) = (layout.shape(), layout.ranks.len());
    let lanes: usize = shape.iter().enumerate().filter(|(d, _)| *d != axis).map(|(_, n)| *n).product();
    if lanes == 0 {
        return None;
    }
    let letter = |d: usize| if d == axis { DimSpec::Whole } else { DimSpec::Block };
    let spec = DistSpec::Dims((0..shape.len()).map(letter).collect());
    let dealt = Layout::new(&shape, &spec, ranks, None, None).ok()?;
    let most = (0..ranks).map(|r| dealt.local_size(r) / shape[axis].max(1)).max().unwrap_or(0);
    (2 * most * ranks <= 3 * lanes)
        .then(|| Layout { ranks: dealt.ranks.iter().map(|&r| layout.ranks[r]).collect(), ..dealt })
}

/// The layout with the axis in blocks, so that ranks hold its elements in the order of their coordinates.
pub fn in_blocks(layout: &Layout, axis: usize) -> Layout {
    let mut blocks = layout.clone();
    if let DimMap::Cyclic { .. } | DimMap::Unstructured { .. } = blocks.dims[axis] {
        blocks.dims[axis] = DimMap::block(layout.dims[axis].size(), layout.grid[axis]);
    }
    blocks
}

/// Blocks of whole rows (of axis 0), of these bounds.
pub fn rows(shape: &[usize], bounds: DimMap, ranks: std::sync::Arc<[usize]>) -> Layout {
    let mut grid = vec![1; shape.len()];
    grid[0] = bounds.procs();
    let mut dims = vec![bounds];
    dims.extend(shape[1..].iter().map(|&size| DimMap::Whole { size }));
    Layout { dims, grid, ranks, everywhere: false }
}

/// The layout itself where ranks hold blocks of whole rows, or all have all; else such blocks over its ranks.
pub fn in_rows(layout: &Layout) -> Layout {
    let whole = |dim: &DimMap| matches!(dim, DimMap::Whole { .. });
    let blocks = matches!(layout.dims[0], DimMap::Block { .. }) && layout.dims[1..].iter().all(whole);
    if layout.everywhere || blocks {
        return layout.clone();
    }
    let bounds = DimMap::block(layout.dims[0].size(), layout.ranks.len());
    rows(&layout.shape(), bounds, layout.ranks.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cuts the runs at each target as ranks would, and the number of rounds.
    fn cut(runs: &[Vec<i64>], target: usize) -> (Vec<usize>, usize) {
        let lengths: Vec<usize> = runs.iter().map(Vec::len).collect();
        let mut cut = Cut::new(target, &lengths);
        for round in 0..64 {
            let samples: Vec<Vec<i64>> = runs
                .iter()
                .enumerate()
                .map(|(r, run)| sampled(cut.low[r], cut.high[r]).map(|p| run[p]).collect())
                .collect();
            match cut.step(&samples) {
                Step::Low => return (cut.low, round),
                Step::High => return (cut.high, round),
                Step::Between(first, second) => {
                    let count = |r: usize, probe: &Probe<i64>| {
                        probe.before(r, |&key, with_equal| {
                            runs[r].partition_point(|&x| x < key || with_equal && x == key)
                        })
                    };
                    let high = cut.high.clone();
                    let counts: Vec<(usize, usize)> = (0..runs.len())
                        .map(|r| (count(r, &first), second.as_ref().map_or(high[r], |p| count(r, p))))
                        .collect();
                    cut.narrow(counts);
                }
            }
        }
        panic!("no end: {cut:?}");
    }

    #[test]
    fn cuts_are_exact_whatever_the_runs() {
        let mut state = 1u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) % below
        };
        for case in 0..400 {
            let ranks = 1 + random(6) as usize;
            let spread = [1, 2, 10, 1_000_000_000][case % 4];
            let length = [0, 1, 7, 40, 700][case / 4 % 5];
            let mut runs: Vec<Vec<i64>> = (0..ranks)
                .map(|r| {
                    let n = random(length + 1);
                    let shift = if case % 3 == 0 { 1000 * r as i64 } else { 0 };
                    (0..n).map(|_| random(spread) as i64 + shift).collect()
                })
                .collect();
            runs.iter_mut().for_each(|run| run.sort());
            let total: usize = runs.iter().map(Vec::len).sum();
            let mut all: Vec<(i64, usize, usize)> = Vec::new();
            for (r, run) in runs.iter().enumerate() {
                all.extend(run.iter().enumerate().map(|(p, &x)| (x, r, p)));
            }
            all.sort();
            for target in [0, 1, total / 3, total / 2, total.saturating_sub(1), total] {
                let mut wanted = vec![0; ranks];
                all.iter().take(target).for_each(|(_, r, _)| wanted[*r] += 1);
                assert_eq!(cut(&runs, target).0, wanted, "{target} of {runs:?}");
            }
        }
    }

    #[test]
    fn few_rounds_find_a_cut() {
        let runs: Vec<Vec<i64>> = (0..4).map(|r| (0..100_000).map(|i| i * 7 + r).collect()).collect();
        assert!(cut(&runs, 123_456).1 <= 6);
        let equal: Vec<Vec<i64>> = vec![vec![5; 100_000]; 4];
        assert_eq!(cut(&equal, 250_000).0, [100_000, 100_000, 50_000, 0]);
    }

    #[test]
    fn lanes_are_dealt_out_where_they_can_be() {
        let layout = |shape: &[usize], dist: &str, team: usize| {
            let spec = DistSpec::parse(dist).expect("a dist");
            Layout::new(shape, &spec, team, None, None).expect("a layout")
        };
        let dealt = by_lanes(&layout(&[100, 30], "bn", 4), 0).expect("thirty lanes");
        assert_eq!(dealt.describe(), "n,b on 1x4");
        assert!(by_lanes(&layout(&[100], "b", 4), 0).is_none());
        assert!(by_lanes(&layout(&[1000, 1], "bn", 2), 0).is_none());
        assert!(by_lanes(&layout(&[3, 1000], "nb", 4), 1).is_some(), "three ranks have a lane each");
        assert!(by_lanes(&layout(&[5, 1000], "nb", 4), 1).is_none());
        assert!(by_lanes(&layout(&[0, 1000], "nb", 4), 1).is_none());
        assert_eq!(in_blocks(&layout(&[10, 4], "cn", 3), 0).describe(), "b,n on 3x1");
    }
}
