//! One dimension as it is drawn: runs of indices of one owner, with a gap where there are too many to draw.

use crate::layout::DimMap;

/// Consecutive indices of one owner, or what was left out.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// `start..stop` belong to the processes at `coord` along the grid's axis.
    Run { start: usize, stop: usize, coord: usize },
    /// `start..stop` are not drawn.
    Gap { start: usize, stop: usize },
}

impl Part {
    pub fn bounds(&self) -> (usize, usize) {
        match *self {
            Part::Run { start, stop, .. } | Part::Gap { start, stop } => (start, stop),
        }
    }

    pub fn coord(&self) -> Option<usize> {
        match *self {
            Part::Run { coord, .. } => Some(coord),
            Part::Gap { .. } => None,
        }
    }
}

/// Indices looked at from the end of an unstructured dimension that is not drawn in full.
const WINDOW: usize = 4096;

/// The owner runs of a dimension in index order, at most `limit` (at least 4) of them, less a gap in the middle.
pub fn parts(map: &DimMap, limit: usize) -> Vec<Part> {
    let size = map.size();
    let limit = limit.max(4);
    if let DimMap::Whole { .. } = map {
        return if size == 0 { Vec::new() } else { vec![Part::Run { start: 0, stop: size, coord: 0 }] };
    }
    // Reading runs from the front, one more than fit says whether all do.
    let all = forward(map, 0, limit + 1);
    if all.last().is_none_or(|p| p.bounds().1 == size) && all.len() <= limit {
        return all;
    }
    // Whole turns of the process grid, where a few fit.
    let procs = map.procs();
    let half = limit / 2;
    let head = if 2 * procs <= half { 2 * procs } else { half };
    let tail = (if procs <= half { procs } else { half }).max(1);
    let mut shown = forward(map, 0, head);
    let last = backward(map, tail);
    let from = shown.last().map_or(0, |p| p.bounds().1);
    let to = last.first().map_or(size, |p| p.bounds().0);
    if from < to {
        shown.push(Part::Gap { start: from, stop: to });
    }
    shown.extend(last.into_iter().filter(|p| p.bounds().0 >= from));
    shown
}

/// Up to `count` runs from index `start` on.
fn forward(map: &DimMap, start: usize, count: usize) -> Vec<Part> {
    let mut found: Vec<Part> = Vec::new();
    let mut at = start;
    while found.len() < count && at < map.size() {
        let Some((coord, stop)) = run_at(map, at) else {
            break;
        };
        found.push(Part::Run { start: at, stop, coord });
        at = stop;
    }
    found
}

/// Up to `count` runs before the end.
fn backward(map: &DimMap, count: usize) -> Vec<Part> {
    // Blocks may be long: look back as far as `count` of them can reach, and by a window where they are short.
    let size = map.size();
    let longest = match map {
        DimMap::Block { bounds } => {
            let nonempty: Vec<usize> = bounds.windows(2).filter(|w| w[0] < w[1]).map(|w| w[0]).collect();
            return nonempty
                .iter()
                .rev()
                .take(count)
                .rev()
                .flat_map(|&start| forward(map, start, 1))
                .collect();
        }
        DimMap::Cyclic { block, .. } => *block,
        _ => 1,
    };
    let back = longest.saturating_mul(count + 1).max(WINDOW.min(size)).min(size);
    let mut start = size - back;
    if let DimMap::Cyclic { block, .. } = map {
        start = start / block * block;
    }
    let runs = forward(map, start, usize::MAX);
    let skip = runs.len().saturating_sub(count);
    runs.into_iter().skip(skip).collect()
}

/// The owner of index `at` and where its run ends.
fn run_at(map: &DimMap, at: usize) -> Option<(usize, usize)> {
    let (coord, _) = map.owner(at)?;
    let stop = match map {
        DimMap::Whole { size } => *size,
        DimMap::Block { bounds } => bounds[coord + 1],
        DimMap::Cyclic { size, procs: 1, .. } => *size,
        DimMap::Cyclic { size, block, .. } => ((at / block + 1) * block).min(*size),
        DimMap::Unstructured { indices, .. } => indices[coord].stretch(at),
    };
    Some((coord, stop))
}

/// Where each part lies, in pixels: in proportion to its length, none thinner than `thinnest`, gaps `gap` wide.
pub fn spread(parts: &[Part], length: f64, thinnest: f64, gap: f64) -> Vec<(f64, f64)> {
    let gaps = parts.iter().filter(|p| p.coord().is_none()).count() as f64 * gap;
    let total: usize =
        parts.iter().filter(|p| p.coord().is_some()).map(|p| p.bounds().1 - p.bounds().0).sum();
    let natural = |p: &Part, scale: f64| {
        let (start, stop) = p.bounds();
        if p.coord().is_none() { gap } else { ((stop - start) as f64 * scale).max(thinnest) }
    };
    let scale = (length - gaps).max(1.0) / total.max(1) as f64;
    let sum: f64 = parts.iter().map(|p| natural(p, scale)).sum();
    let fit = if sum > 0.0 { length / sum } else { 1.0 };
    let mut at = 0.0;
    parts
        .iter()
        .map(|p| {
            let from = at;
            at += natural(p, scale) * fit;
            (from, at)
        })
        .collect()
}

/// What a picture of `axis` leaves out, to be said below it.
pub fn left_out(axis: usize, map: &DimMap, parts: &[Part]) -> Option<String> {
    let (start, stop) = parts.iter().find(|p| p.coord().is_none())?.bounds();
    let why = match map {
        DimMap::Cyclic { .. } => "the pattern goes on",
        _ => "too many parts to draw",
    };
    Some(format!("axis {axis}, {start} to {stop}: {why}, left out here"))
}

/// How a dimension is distributed, in a word.
pub fn kind(map: &DimMap) -> String {
    match map {
        DimMap::Whole { .. } => "not distributed".into(),
        DimMap::Block { .. } if map.to_string() == "b" => "block".into(),
        DimMap::Block { .. } => "irregular block".into(),
        DimMap::Cyclic { block: 1, .. } => "cyclic".into(),
        DimMap::Cyclic { block, .. } => format!("block-cyclic ({block})"),
        DimMap::Unstructured { .. } => "unstructured".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(map: DimMap, limit: usize, expected: &str) {
        let found = parts(&map, limit);
        let text: Vec<String> = found
            .iter()
            .map(|p| match p {
                Part::Run { start, stop, coord } => format!("{coord}:{start}-{stop}"),
                Part::Gap { start, stop } => format!("gap {start}-{stop}"),
            })
            .collect();
        assert_eq!(text.join(" "), expected, "{map}");
        let ends: Vec<usize> = found.iter().flat_map(|p| [p.bounds().0, p.bounds().1]).collect();
        assert!(ends.is_sorted());
    }

    #[test]
    fn dimensions_are_cut_into_owner_runs() {
        check(DimMap::Whole { size: 9 }, 8, "0:0-9");
        check(DimMap::Whole { size: 0 }, 8, "");
        check(DimMap::block(9, 4), 8, "0:0-3 1:3-6 2:6-9");
        check(DimMap::cyclic(5, 2), 8, "0:0-1 1:1-2 0:2-3 1:3-4 0:4-5");
        check(DimMap::block_cyclic(7, 2, 2), 8, "0:0-2 1:2-4 0:4-6 1:6-7");
        check(DimMap::cyclic(5, 1), 8, "0:0-5");
        check(DimMap::unstructured(5, &[vec![3, 4, 0], vec![1, 2]]).unwrap(), 8, "0:0-1 1:1-3 0:3-5");
    }

    #[test]
    fn too_many_runs_leave_a_gap_between_whole_turns() {
        check(
            DimMap::cyclic(1_000_000_007, 2),
            8,
            "0:0-1 1:1-2 0:2-3 1:3-4 gap 4-1000000005 1:1000000005-1000000006 0:1000000006-1000000007",
        );
        check(DimMap::block(100, 50), 6, "0:0-2 1:2-4 2:4-6 gap 6-94 47:94-96 48:96-98 49:98-100");
        let scattered: Vec<Vec<usize>> = (0..2).map(|p| (0..20).filter(|i| i % 2 == p).collect()).collect();
        check(
            DimMap::unstructured(20, &scattered).unwrap(),
            8,
            "0:0-1 1:1-2 0:2-3 1:3-4 gap 4-18 0:18-19 1:19-20",
        );
    }

    #[test]
    fn parts_spread_over_the_length() {
        let two = parts(&DimMap::bounds(1000, vec![0, 1, 1000]).unwrap(), 8);
        let places = spread(&two, 100.0, 3.0, 10.0);
        assert!(places[0].1 >= 2.9 && (places[1].1 - 100.0).abs() < 1e-9);
        assert!(spread(&[], 100.0, 3.0, 10.0).is_empty());
    }
}
