//! Sorted runs of a row of ranks, cut exactly and dealt out: the distributed half of sorting.
//!
//! Finding the cuts takes a few rounds (see `lang::plan::split`) of three messages between each two ranks, of at most
//! 32 keys; dealing out takes one message of a count and one of elements between each two ranks for each column.

use bytemuck::Pod;
use lang::error::Result;
use lang::layout::Layout;
use lang::plan::split::{Cut, Probe, Step, sampled};

use crate::ctx::Ctx;

/// The ranks that hold parts of the same lanes, in the order of their parts, and which of them this one is.
pub struct Row {
    pub ranks: Vec<usize>,
    pub me: usize,
}

impl Row {
    /// The row of a rank along an axis; `None` for a rank that holds nothing.
    pub fn new(layout: &Layout, axis: usize, rank: usize) -> Option<Row> {
        let mut coords = layout.coords(rank)?;
        let me = coords[axis];
        let along = |p: usize| {
            coords[axis] = p;
            layout.rank_of(&coords)
        };
        Some(Row { ranks: (0..layout.grid[axis]).map(along).collect(), me })
    }

    fn len(&self) -> usize {
        self.ranks.len()
    }

    /// One message from and to each rank of the row, of lengths that both sides know.
    fn exchange(&self, ctx: &mut Ctx, sends: &[&[u8]], recvs: Vec<&mut [u8]>) {
        let sends: Vec<(usize, &[u8])> = self.ranks.iter().copied().zip(sends.iter().copied()).collect();
        let mut recvs: Vec<(usize, &mut [u8])> = self.ranks.iter().copied().zip(recvs).collect();
        ctx.exchange(&sends, &mut recvs);
    }

    /// As `exchange`, of what may be much: at most so many bytes from or to any rank of the team, all of which enter.
    ///
    /// # Errors
    /// KeyboardInterrupt, on all ranks.
    fn exchange_long(
        &self,
        ctx: &mut Ctx,
        sends: &[&[u8]],
        recvs: Vec<&mut [u8]>,
        most: usize,
    ) -> Result<()> {
        let sends: Vec<(usize, &[u8])> = self.ranks.iter().copied().zip(sends.iter().copied()).collect();
        let mut recvs: Vec<(usize, &mut [u8])> = self.ranks.iter().copied().zip(recvs).collect();
        ctx.exchange_long(&sends, &mut recvs, most)
    }

    /// As `exchange`, with buffers of the lengths to come.
    fn swap(&self, ctx: &mut Ctx, sends: &[Vec<u8>], lengths: &[usize]) -> Vec<Vec<u8>> {
        let mut buffers: Vec<Vec<u8>> = lengths.iter().map(|&n| vec![0; n]).collect();
        let sends: Vec<&[u8]> = sends.iter().map(|s| &s[..]).collect();
        self.exchange(ctx, &sends, buffers.iter_mut().map(|b| &mut b[..]).collect());
        buffers
    }
}

/// This rank's sorted runs, one for each lane, as bytes that compare as the elements do.
pub struct Runs<'a> {
    pub lanes: usize,
    /// The bytes of a key.
    pub width: usize,
    /// Appends the key of an element of a lane.
    pub key: &'a dyn Fn(usize, usize, &mut Vec<u8>),
    /// How many elements of a lane have keys less than this one, or (true) less or equal.
    pub count: &'a dyn Fn(usize, &[u8], bool) -> usize,
}

/// For each lane where this rank's run is cut: `cuts[lane][p]..cuts[lane][p + 1]` belongs to the row's rank `p`, which
/// gets `bounds[p]..bounds[p + 1]` of the lane. `lengths` are those of the ranks' runs. Collective over the team.
pub fn cuts(
    ctx: &mut Ctx,
    row: Option<&Row>,
    runs: &Runs,
    lengths: &[usize],
    bounds: &[usize],
) -> Vec<Vec<usize>> {
    let Some(row) = row else {
        // Ranks without a part take part in the gathering of what the owners of cuts have found.
        while ctx.comm.allgather(&[]).iter().any(|word| is_open(word)) {}
        return Vec::new();
    };
    let (ranks, me) = (row.len(), row.me);
    let length = lengths[me];
    // The windows of this rank by lane and cut; the cut before a rank's part is that rank's to find.
    let mut windows = vec![vec![(0, length); ranks - 1]; runs.lanes];
    let mut mine = match me {
        0 => Vec::new(),
        me => vec![Cut::new(bounds[me], lengths); runs.lanes],
    };
    loop {
        let shown = samples(ctx, row, runs, &windows, &mine);
        let steps: Vec<Step<Vec<u8>>> =
            mine.iter().enumerate().map(|(lane, cut)| cut.step(&shown[lane])).collect();
        let mut word = vec![steps.iter().any(|s| matches!(s, Step::Between(..))) as u8];
        steps.iter().for_each(|step| write(step, &mut word));
        let words = ctx.comm.allgather(&word);
        let mut counts: Vec<Vec<u8>> = vec![Vec::new(); ranks];
        for p in 1..ranks {
            let mut word = &words[row.ranks[p]][1..];
            for (lane, windows) in windows.iter_mut().enumerate() {
                let window = &mut windows[p - 1];
                match read(&mut word, runs.width) {
                    Step::Low => window.1 = window.0,
                    Step::High => window.0 = window.1,
                    Step::Between(first, second) => {
                        let before = |probe: &Probe<Vec<u8>>| {
                            probe.before(me, |key, with_equal| (runs.count)(lane, key, with_equal))
                        };
                        let (low, high) = (before(&first), second.as_ref().map_or(window.1, before));
                        *window = (low.max(window.0), high.min(window.1));
                        counts[p].extend((window.0 as u64).to_le_bytes());
                        counts[p].extend((window.1 as u64).to_le_bytes());
                    }
                }
            }
        }
        if !words.iter().any(|word| is_open(word)) {
            break;
        }
        let open = steps.iter().filter(|s| matches!(s, Step::Between(..))).count();
        let received = row.swap(ctx, &counts, &vec![16 * open; ranks]);
        let mut received: Vec<_> = received.iter().map(|bytes| numbers(bytes)).collect();
        for (cut, step) in mine.iter_mut().zip(&steps) {
            match step {
                Step::Low => cut.high.clone_from(&cut.low),
                Step::High => cut.low.clone_from(&cut.high),
                Step::Between(..) => cut.narrow(
                    received.iter_mut().map(|n| (n.next().unwrap_or(0), n.next().unwrap_or(usize::MAX))),
                ),
            }
        }
    }
    let ends = |windows: Vec<(usize, usize)>| {
        std::iter::once(0).chain(windows.into_iter().map(|w| w.0)).chain([length]).collect()
    };
    windows.into_iter().map(ends).collect()
}

/// Shows each owner of a cut the samples of this rank's window; what this rank's own cuts are shown, by lane and rank.
fn samples(
    ctx: &mut Ctx,
    row: &Row,
    runs: &Runs,
    windows: &[Vec<(usize, usize)>],
    mine: &[Cut],
) -> Vec<Vec<Vec<Vec<u8>>>> {
    let mut sends: Vec<Vec<u8>> = vec![Vec::new(); row.len()];
    for (lane, windows) in windows.iter().enumerate() {
        for (&(low, high), out) in windows.iter().zip(&mut sends[1..]) {
            sampled(low, high).for_each(|at| (runs.key)(lane, at, out));
        }
    }
    let shown = |cut: &Cut, p: usize| sampled(cut.low[p], cut.high[p]).count();
    let lengths: Vec<usize> =
        (0..row.len()).map(|p| mine.iter().map(|cut| shown(cut, p)).sum::<usize>() * runs.width).collect();
    let received = row.swap(ctx, &sends, &lengths);
    let mut keys: Vec<_> = received.iter().map(|bytes| bytes.chunks_exact(runs.width.max(1))).collect();
    mine.iter()
        .map(|cut| {
            let of = |(p, keys): (usize, &mut std::slice::ChunksExact<u8>)| -> Vec<Vec<u8>> {
                keys.by_ref().take(shown(cut, p)).map(<[u8]>::to_vec).collect()
            };
            keys.iter_mut().enumerate().map(of).collect()
        })
        .collect()
}

fn is_open(word: &[u8]) -> bool {
    word.first() == Some(&1)
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    bytes.as_chunks::<8>().0.iter().map(|n| u64::from_le_bytes(*n) as usize)
}

fn write(step: &Step<Vec<u8>>, out: &mut Vec<u8>) {
    let mut probe = |tag: u8, probe: Option<&Probe<Vec<u8>>>| {
        out.push(tag);
        if let Some(probe) = probe {
            out.extend(&probe.key);
            out.extend((probe.rank as u64).to_le_bytes());
            out.extend((probe.position as u64).to_le_bytes());
        }
    };
    match step {
        Step::Low => probe(0, None),
        Step::High => probe(1, None),
        Step::Between(first, second) => {
            probe(2, Some(first));
            probe(if second.is_some() { 2 } else { 0 }, second.as_ref());
        }
    }
}

fn read(word: &mut &[u8], width: usize) -> Step<Vec<u8>> {
    fn take<'a>(word: &mut &'a [u8], n: usize) -> &'a [u8] {
        let (now, rest) = word.split_at(n.min(word.len()));
        *word = rest;
        now
    }
    let probe = |word: &mut &[u8]| {
        let key = take(word, width).to_vec();
        let mut places = numbers(take(word, 16));
        Probe { key, rank: places.next().unwrap_or(0), position: places.next().unwrap_or(0) }
    };
    match take(word, 1) {
        [2] => {
            let first = probe(word);
            let second = (take(word, 1) == [2]).then(|| probe(word));
            Step::Between(first, second)
        }
        [1] => Step::High,
        _ => Step::Low,
    }
}

/// What goes where when runs that were cut are dealt out, and what comes.
pub struct Deal<'a> {
    row: Option<&'a Row>,
    cuts: Vec<Vec<usize>>,
    /// Elements to come of each lane, by the rank of the row that has them.
    coming: Vec<Vec<usize>>,
    /// The most elements that a rank of the team sends or gets.
    most: usize,
}

impl<'a> Deal<'a> {
    /// Tells the row's ranks how much they will get; `most` bounds, equally on all ranks of the team, what any of them
    /// sends or gets. Collective over the row.
    pub fn new(ctx: &mut Ctx, row: Option<&'a Row>, cuts: Vec<Vec<usize>>, most: usize) -> Deal<'a> {
        let Some(row) = row else {
            return Deal { row: None, cuts, coming: Vec::new(), most };
        };
        let sends: Vec<Vec<u8>> = (0..row.len())
            .map(|p| cuts.iter().flat_map(|cut| ((cut[p + 1] - cut[p]) as u64).to_le_bytes()).collect())
            .collect();
        let received = row.swap(ctx, &sends, &vec![8 * cuts.len(); row.len()]);
        let counts: Vec<Vec<usize>> = received.iter().map(|bytes| numbers(bytes).collect()).collect();
        let coming = (0..cuts.len()).map(|lane| counts.iter().map(|c| c[lane]).collect()).collect();
        Deal { row: Some(row), cuts, coming, most }
    }

    /// How many elements come for each lane.
    pub fn lengths(&self) -> Vec<usize> {
        self.coming.iter().map(|counts| counts.iter().sum()).collect()
    }

    /// Deals out a column of items of `each` elements, which lies lane after lane; what comes, likewise, in each lane
    /// by sender. Collective over the team.
    ///
    /// # Errors
    /// KeyboardInterrupt, on all ranks.
    pub fn send<T: Pod>(&self, ctx: &mut Ctx, column: &[T], each: usize) -> Result<Vec<T>> {
        let most = self.most * each * size_of::<T>();
        let Some(row) = self.row else {
            ctx.exchange_long(&[], &mut [], most)?;
            return Ok(Vec::new());
        };
        let total = self.lengths().iter().sum::<usize>() * each;
        let mut out = vec![T::zeroed(); total];
        if let ([cut], [coming]) = (&self.cuts[..], &self.coming[..]) {
            let sends: Vec<&[u8]> = (0..row.len())
                .map(|p| bytemuck::cast_slice(&column[cut[p] * each..cut[p + 1] * each]))
                .collect();
            row.exchange_long(ctx, &sends, parts(&mut out, coming, each), most)?;
            return Ok(out);
        }
        let mut sends: Vec<Vec<T>> = vec![Vec::new(); row.len()];
        let mut rest = column;
        for cut in &self.cuts {
            let (lane, after) = rest.split_at(cut[row.len()] * each);
            rest = after;
            for (p, to) in sends.iter_mut().enumerate() {
                to.extend(&lane[cut[p] * each..cut[p + 1] * each]);
            }
        }
        let sends: Vec<&[u8]> = sends.iter().map(|to| bytemuck::cast_slice(to)).collect();
        let mut arrived: Vec<Vec<T>> = (0..row.len())
            .map(|p| vec![T::zeroed(); self.coming.iter().map(|c| c[p]).sum::<usize>() * each])
            .collect();
        let recvs = arrived.iter_mut().map(|a| bytemuck::cast_slice_mut(a)).collect();
        row.exchange_long(ctx, &sends, recvs, most)?;
        let mut read = vec![0; row.len()];
        let mut at = 0;
        for counts in &self.coming {
            for ((from, read), count) in arrived.iter().zip(&mut read).zip(counts) {
                let n = count * each;
                out[at..at + n].copy_from_slice(&from[*read..*read + n]);
                (at, *read) = (at + n, *read + n);
            }
        }
        Ok(out)
    }

    /// Of a single lane: answers an item to each that came, in the order in which they came; the answers to those that
    /// this rank sent, in their order. Collective over the team.
    ///
    /// # Errors
    /// KeyboardInterrupt, on all ranks.
    pub fn answer<T: Pod>(&self, ctx: &mut Ctx, answers: &[T]) -> Result<Vec<T>> {
        let most = self.most * size_of::<T>();
        let (Some(row), [cut], [coming]) = (self.row, &self.cuts[..], &self.coming[..]) else {
            ctx.exchange_long(&[], &mut [], most)?;
            return Ok(Vec::new());
        };
        let mut out = vec![T::zeroed(); cut[row.len()]];
        let mut rest = answers;
        let mut sends: Vec<&[u8]> = Vec::with_capacity(row.len());
        for &count in coming {
            let (now, after) = rest.split_at(count);
            sends.push(bytemuck::cast_slice(now));
            rest = after;
        }
        let wanted: Vec<usize> = cut.windows(2).map(|w| w[1] - w[0]).collect();
        row.exchange_long(ctx, &sends, parts(&mut out, &wanted, 1), most)?;
        Ok(out)
    }
}

/// Consecutive parts of these many items, as bytes.
fn parts<'o, T: Pod>(mut out: &'o mut [T], counts: &[usize], each: usize) -> Vec<&'o mut [u8]> {
    let mut parts = Vec::with_capacity(counts.len());
    for count in counts {
        let (now, rest) = std::mem::take(&mut out).split_at_mut(count * each);
        parts.push(bytemuck::cast_slice_mut(now));
        out = rest;
    }
    parts
}
