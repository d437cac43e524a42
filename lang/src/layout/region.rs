//! Regions: which elements of a rank's block, in which order.

use super::Run;

/// One axis of a region: offsets into the block, in elements. A run's `step` may be 0 here (the same element again).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Axis {
    pub runs: Vec<Run>,
    /// On the receiving side of a broadcast: the message has one element along this axis, which goes to every place.
    pub repeat: bool,
}

/// A product of axes in a rank's block: element `(k0, k1, ...)` lies at `offset` plus, for each axis, the `k`-th of its
/// runs' concatenated offsets. Its elements are listed in C order of its axes, the last one fastest; the axes are those
/// of a view, so strides need not descend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    pub offset: usize,
    pub axes: Vec<Axis>,
}

impl Axis {
    pub fn new(runs: Vec<Run>) -> Axis {
        Axis {
            runs,
            repeat: false,
        }
    }

    /// Places along the axis.
    pub fn len(&self) -> usize {
        self.runs.iter().map(|r| r.len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Elements of a message along the axis.
    fn message_len(&self) -> usize {
        if self.repeat { 1 } else { self.len() }
    }
}

impl Region {
    /// Places per axis.
    pub fn shape(&self) -> Vec<usize> {
        self.axes.iter().map(Axis::len).collect()
    }

    /// Places in the block.
    pub fn len(&self) -> usize {
        self.axes.iter().map(Axis::len).product()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Elements of a message that fills the region, or that it fills.
    pub fn message_len(&self) -> usize {
        if self.is_empty() {
            0
        } else {
            self.axes.iter().map(Axis::message_len).product()
        }
    }

    /// The offset of the first element and a stride per axis, in elements, where the region is that regular.
    pub fn strided(&self) -> Option<(usize, Vec<isize>)> {
        let mut first = self.offset;
        let mut strides = Vec::with_capacity(self.axes.len());
        for axis in &self.axes {
            match axis.runs[..] {
                [] => strides.push(0),
                [run] => {
                    first += run.start;
                    strides.push(if run.len < 2 { 0 } else { run.step });
                }
                _ => return None,
            }
        }
        Some((first, strides))
    }

    /// `Some(range)` when the region is that range of the block, in the block's order.
    pub fn as_range(&self) -> Option<std::ops::Range<usize>> {
        let merged = self.merged();
        match &merged.axes[..] {
            _ if merged.is_empty() => Some(0..0),
            [] => Some(merged.offset..merged.offset + 1),
            [
                Axis {
                    runs,
                    repeat: false,
                },
            ] => match runs[..] {
                [run] if run.step == 1 => {
                    let start = merged.offset + run.start;
                    Some(start..start + run.len)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Calls `f(message, places, repeat)` for pieces of the innermost axis, in order: `places` of the block go with the
    /// elements of the message from position `message` on (all with that one element under `repeat`).
    pub fn for_each_run(&self, mut f: impl FnMut(usize, Run, bool)) {
        let merged = self.merged();
        if merged.is_empty() {
            return;
        }
        match merged.axes.split_last() {
            None => f(0, Run::range(merged.offset, merged.offset + 1), false),
            Some((inner, outer)) => {
                walk(outer, inner, inner.message_len(), merged.offset, 0, &mut f)
            }
        }
    }

    /// The same elements in the same order over as few axes as possible.
    fn merged(&self) -> Region {
        let mut offset = self.offset;
        let mut axes: Vec<Axis> = Vec::new();
        for axis in self.axes.iter().rev() {
            match axis.runs[..] {
                [one] if one.len == 1 => offset += one.start,
                _ => match axes.last().and_then(|inner| fold(axis, inner)) {
                    Some(one) => *axes.last_mut().expect("it was folded") = one,
                    None => axes.push(axis.clone()),
                },
            }
        }
        axes.reverse();
        Region { offset, axes }
    }
}

/// The two axes as one, where each step of the outer one is as long as all of the inner one.
fn fold(outer: &Axis, inner: &Axis) -> Option<Axis> {
    let [run] = inner.runs[..] else { return None };
    let reach = run.step.checked_mul(isize::try_from(run.len).ok()?)?;
    let fits = !outer.repeat
        && !inner.repeat
        && run.step != 0
        && outer.runs.iter().all(|o| o.len < 2 || o.step == reach);
    fits.then(|| {
        Axis::new(
            outer
                .runs
                .iter()
                .map(|o| Run {
                    start: o.start + run.start,
                    step: run.step,
                    len: o.len * run.len,
                })
                .collect(),
        )
    })
}

/// Elements of the message before which `outer` starts are `message`; `block` of them go with one place of `outer`.
fn walk(
    outer: &[Axis],
    inner: &Axis,
    block: usize,
    offset: usize,
    message: usize,
    f: &mut impl FnMut(usize, Run, bool),
) {
    let Some((axis, rest)) = outer.split_first() else {
        let mut at = message;
        for run in &inner.runs {
            f(
                at,
                Run {
                    start: offset + run.start,
                    ..*run
                },
                inner.repeat,
            );
            at += if inner.repeat { 0 } else { run.len };
        }
        return;
    };
    let below: usize = rest.iter().map(Axis::message_len).product::<usize>() * block;
    let mut at = message;
    for place in axis.runs.iter().flat_map(|r| r.iter()) {
        walk(rest, inner, block, offset + place, at, f);
        at += if axis.repeat { 0 } else { below };
    }
}
