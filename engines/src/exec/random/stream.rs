//! Filling arrays from one stream: every rank parses its part of it, and the parts are joined where they fall into step.
//!
//! How many units of the stream a number takes is not known before it is drawn (rejections). So a rank begins at a
//! guess: its part's expected place. A parse that begins at a wrong place soon begins a number where the true one does,
//! and they agree from there on. When all ranks have parsed, each knows where the one before it ended, draws the first
//! few of its numbers again from there, and the counts say which numbers it has.

use std::sync::Arc;

use lang::dtype::DType;
use lang::error::Result;
use lang::layout::{DimMap, IndexSet, Layout, Run};

use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::alloc::out_of_memory;
use crate::exec::element::{Element, typed_mut};
use crate::exec::pack::{Segment, segments};
use crate::rng::Tape;
use crate::watch::go_on;

/// So many numbers' beginnings are remembered, to find where a parse falls into step.
const HEAD: usize = 8192;
/// Beyond them, one in so many.
const MARK: usize = 4096;
/// A number takes so many nanoseconds, about.
const EACH: usize = 20;

/// This rank's block of an array of `layout`, drawn by `sample` in C order of the array from where `start` stands, and
/// the units that all draws took. Collective. The result does not depend on the ranks or the layout.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn draw<S: Tape, T: Element>(
    ctx: &mut Ctx,
    layout: &Layout,
    dtype: DType,
    start: &S,
    sample: &impl Fn(&mut S) -> T,
) -> Result<(Block, u64)> {
    let n = layout.size();
    let pilot = ctx.settings.small.clamp(4, 4096);
    if layout.everywhere || ctx.comm.size() == 1 || n <= pilot {
        let mut tape = start.clone();
        let block = walk(ctx, layout, dtype, |_| sample(&mut tape))?;
        return Ok((block, tape.at()));
    }
    let (me, team) = (ctx.comm.rank(), ctx.comm.size());
    // A part's place, by what the first numbers take.
    let mut first = start.clone();
    for _ in 0..pilot {
        sample(&mut first);
    }
    if first.at() == 0 {
        // All numbers are the same, and take nothing of the stream.
        return Ok((walk(ctx, layout, dtype, |_| sample(&mut first))?, 0));
    }
    let mean = first.at() as f64 / pilot as f64;
    let mut place = vec![0];
    let mut before = 0;
    for rank in 0..team {
        before += layout.local_size(rank);
        place.push((before as f64 * mean).round() as u64);
    }
    let expected = ((place[me + 1] - place[me]) as f64 / mean.max(0.01) * 1.01) as usize + 64;
    let mut values: Vec<T> = Vec::new();
    let reserved = values.try_reserve_exact(expected).map_err(|_| out_of_memory(&layout.shape(), dtype));
    ctx.agree(reserved)?;
    let watch = ctx.watch_elements(layout, EACH);
    let mut part = Part::parse(values, start, place[me], place[me + 1], sample);
    ctx.end(watch)?;
    // Each begins where the one before it ends; a part that never falls into step ends elsewhere, and so on.
    let mut ends: Vec<(u64, u64)> = Vec::new();
    loop {
        let word: [u64; 2] = [part.end, part.len() as u64];
        let news: Vec<(u64, u64)> = ctx
            .comm
            .allgather(bytemuck::cast_slice(&word))
            .iter()
            .map(|b| {
                let pair: Vec<u64> = bytemuck::pod_collect_to_vec(b);
                (pair[0], pair[1])
            })
            .collect();
        if news == ends {
            break;
        }
        let truth = if me == 0 { 0 } else { news[me - 1].0 };
        ends = news;
        let watch = ctx.watch_elements(layout, EACH);
        part.begin_at(truth, start, place[me + 1], sample);
        ctx.end(watch)?;
    }
    let mut bounds = vec![0];
    for (_, count) in &ends {
        bounds.push((bounds[bounds.len() - 1] + *count as usize).min(n));
    }
    // The last part makes up for what is missing; where there are too many, the stream ends within a part.
    let missing = n - bounds[team];
    bounds[team] = n;
    let mut end = 0;
    let watch = ctx.watch_elements(layout, EACH);
    if me == team - 1 && missing > 0 {
        end = part.extend(missing, start, sample);
    } else if bounds[me + 1] > bounds[me] && bounds[me + 1] == n {
        end = part.place_of(n - bounds[me], start, sample);
    }
    ctx.end(watch)?;
    let taken = ctx
        .comm
        .allgather(&end.to_le_bytes())
        .iter()
        .filter_map(|b| b[..].try_into().ok().map(u64::from_le_bytes))
        .max();
    part.values.truncate(bounds[me + 1] - bounds[me]);
    let block = Block::from_vec(dtype, part.values);
    let wanted = flat(layout);
    let in_place = wanted.ranks.len() == team
        && (0..team)
            .all(|r| wanted.ranks[r] == r && wanted.dims[0].owned(r).as_range() == Some(range(&bounds, r)));
    if in_place {
        return Ok((block, taken.unwrap_or(0)));
    }
    let parsed = Layout {
        dims: vec![DimMap::Block { bounds }],
        grid: vec![team],
        ranks: (0..team).collect(),
        everywhere: false,
    };
    let parts = Array::from_block(vec![n], Arc::new(parsed), block);
    Ok((ctx.local(&parts, &Arc::new(wanted))?, taken.unwrap_or(0)))
}

/// What rank `rank` has of bounds; an empty part as an index set says it.
fn range(bounds: &[usize], rank: usize) -> std::ops::Range<usize> {
    if bounds[rank] == bounds[rank + 1] { 0..0 } else { bounds[rank]..bounds[rank + 1] }
}

/// This rank's block of an array of `layout` whose elements `next` gives in C order of the array, when asked for all of
/// them: every rank runs through all, and keeps its own. Not a collective, but for large arrays.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn walk<T: Element>(
    ctx: &mut Ctx,
    layout: &Layout,
    dtype: DType,
    mut next: impl FnMut(usize) -> T,
) -> Result<Block> {
    let mut block = ctx.allocate(layout, &[dtype])?.remove(0);
    let out = typed_mut::<T>(&mut block);
    let n = layout.size();
    let list = segments(layout, ctx.comm.rank());
    // All ranks have the same to do.
    let watch = ctx.watch(n.saturating_mul(EACH));
    if let [Segment { flat: 0, step: 1, len, .. }] = list[..]
        && len == n
    {
        let looked = out.iter_mut().enumerate().take_while(|(i, _)| i % MARK > 0 || go_on());
        looked.for_each(|(i, x)| *x = next(i));
        ctx.end(watch)?;
        return Ok(block);
    }
    const CHUNK: usize = 1 << 14;
    let mut chunk: Vec<T> = Vec::with_capacity(CHUNK.min(n));
    let mut done = 0;
    for from in (0..n).step_by(CHUNK).take_while(|_| go_on()) {
        chunk.clear();
        chunk.extend((from..n.min(from + CHUNK)).map(&mut next));
        let to = from + chunk.len();
        // Stretches stand by their first element in the flat array; those that lie behind are done with.
        let span = |s: &Segment| {
            let (a, b) = (s.flat, s.flat.wrapping_add_signed(s.step * (s.len as isize - 1)));
            (a.min(b), a.max(b))
        };
        while done < list.len() && span(&list[done]).1 < from {
            done += 1;
        }
        for s in list[done..].iter().take_while(|s| span(s).0 < to) {
            if s.step == 1 {
                let (a, b) = (s.flat.max(from), (s.flat + s.len).min(to));
                if a < b {
                    let at = s.local + a - s.flat;
                    out[at..at + b - a].copy_from_slice(&chunk[a - from..b - from]);
                }
                continue;
            }
            for k in 0..s.len {
                let at = s.flat.wrapping_add_signed(s.step * k as isize);
                if (from..to).contains(&at) {
                    out[s.local + k] = chunk[at - from];
                }
            }
        }
    }
    ctx.end(watch)?;
    Ok(block)
}

/// The layout of the array's elements in C order as one dimension.
pub fn flat(layout: &Layout) -> Layout {
    let of_rank = |&rank: &usize| {
        let mut list = segments(layout, rank);
        list.sort_by_key(|s| s.local);
        IndexSet::from_runs(list.iter().map(|s| Run::new(s.flat, s.step, s.len)))
    };
    let indices: Vec<IndexSet> = layout.ranks.iter().map(of_rank).collect();
    Layout {
        dims: vec![DimMap::Unstructured { size: layout.size(), indices }],
        grid: vec![layout.ranks.len()],
        ranks: layout.ranks.clone(),
        everywhere: false,
    }
}

/// A stretch of the stream, parsed from `begin` until a number begins at its end or beyond.
struct Part<T> {
    begin: u64,
    end: u64,
    values: Vec<T>,
    /// Where the first values begin, and after them every `MARK`th, by their index before the head was redrawn.
    starts: Vec<u64>,
    marks: Vec<u64>,
    /// How many of the values were redrawn, and how many more there are than were parsed at first.
    head: usize,
    shift: isize,
}

impl<T: Copy> Part<T> {
    fn parse<S: Tape>(
        mut values: Vec<T>,
        start: &S,
        begin: u64,
        to: u64,
        sample: &impl Fn(&mut S) -> T,
    ) -> Part<T> {
        values.clear();
        let mut tape = start.clone();
        tape.skip(begin);
        let (mut starts, mut marks) = (Vec::new(), Vec::new());
        while tape.at() < to {
            if values.len() < HEAD {
                starts.push(tape.at());
            }
            if values.len().is_multiple_of(MARK) {
                if !go_on() {
                    break;
                }
                marks.push(tape.at());
            }
            values.push(sample(&mut tape));
        }
        Part { begin, end: tape.at(), values, starts, marks, head: 0, shift: 0 }
    }

    fn len(&self) -> usize {
        self.values.len()
    }

    /// Draws the head again from the true beginning until it falls into step with what was parsed.
    fn begin_at<S: Tape>(&mut self, truth: u64, start: &S, to: u64, sample: &impl Fn(&mut S) -> T) {
        if truth == self.begin {
            return;
        }
        let mut tape = start.clone();
        tape.skip(truth);
        let (mut head, mut known) = (Vec::new(), 0);
        while tape.at() < to {
            while known < self.starts.len() && self.starts[known] < tape.at() {
                known += 1;
            }
            if known == self.starts.len() {
                // Never in step where beginnings are known: all of it again.
                let values = std::mem::take(&mut self.values);
                *self = Part::parse(values, start, truth, to, sample);
                return;
            }
            if self.starts[known] == tape.at() {
                self.head = head.len();
                self.shift = head.len() as isize - known as isize;
                self.values.splice(..known, head);
                self.begin = truth;
                // The redrawn head's beginnings are not kept: another redrawing begins from nothing.
                self.starts.clear();
                return;
            }
            head.push(sample(&mut tape));
        }
        *self = Part {
            begin: truth,
            end: tape.at(),
            values: head,
            starts: Vec::new(),
            marks: Vec::new(),
            head: 0,
            shift: 0,
        };
    }

    /// Where the value of that index begins, or would.
    fn place_of<S: Tape>(&self, index: usize, start: &S, sample: &impl Fn(&mut S) -> T) -> u64 {
        if index == self.len() {
            return self.end;
        }
        let parsed = index as isize - self.shift;
        let mark = usize::try_from(parsed).ok().filter(|_| index >= self.head).map(|i| (i / MARK, i % MARK));
        let mark = mark.filter(|(m, _)| *m > 0 && *m < self.marks.len());
        let (from, more) = match mark {
            Some((m, more)) => (self.marks[m], more),
            None => (self.begin, index),
        };
        let mut tape = start.clone();
        tape.skip(from);
        for _ in (0..more).take_while(|k| k % MARK > 0 || go_on()) {
            sample(&mut tape);
        }
        tape.at()
    }

    /// Draws `more` values; where the stream then stands.
    fn extend<S: Tape>(&mut self, more: usize, start: &S, sample: &impl Fn(&mut S) -> T) -> u64 {
        let mut tape = start.clone();
        tape.skip(self.end);
        let looked = (0..more).take_while(|k| k % MARK > 0 || go_on());
        self.values.extend(looked.map(|_| sample(&mut tape)));
        self.end = tape.at();
        self.end
    }
}
