//! Reductions of one block: the loops, in NumPy's order of operations, over any set of axes.

use lang::dtype::DType;
use lang::ops::wide::wide;

use crate::block::Block;
use crate::exec::element::{Element, typed, typed_mut};
use crate::exec::elementwise::stream::{PIECE, Stream};
use crate::watch::{LOOK, go_on};

/// How a block in C order falls into rows and where each row goes: neighbouring axes that are both reduced or both
/// kept are one. Rows of a reduced innermost axis fold to one element, those of a kept one element by element.
pub struct Lanes {
    /// Extents and whether they are reduced, outermost first, alternating; the innermost is the row.
    pub outer: Vec<(usize, bool)>,
    pub row: usize,
    pub row_reduced: bool,
    /// Elements of the result.
    pub kept: usize,
    /// Elements that fold into each of them.
    pub folded: usize,
}

impl Lanes {
    /// `reduced[d]` says whether axis `d` of `shape` is folded away.
    pub fn new(shape: &[usize], reduced: &[bool]) -> Lanes {
        let mut groups: Vec<(usize, bool)> = Vec::new();
        for (&extent, &gone) in shape.iter().zip(reduced) {
            match groups.last_mut() {
                Some(last) if last.1 == gone => last.0 *= extent,
                _ if extent == 1 => {}
                _ => groups.push((extent, gone)),
            }
        }
        let extent = |gone: bool| {
            shape.iter().zip(reduced).filter(|(_, r)| **r == gone).map(|(n, _)| *n).product::<usize>()
        };
        let (row, row_reduced) = groups.pop().unwrap_or((1, true));
        Lanes { outer: groups, row, row_reduced, kept: extent(false), folded: extent(true) }
    }

    /// The first `n` of the outermost extent.
    pub fn first(&self, n: usize) -> Lanes {
        let mut part = Lanes { outer: self.outer.clone(), ..*self };
        let (extent, reduced) = match part.outer.first_mut() {
            Some((extent, reduced)) => (std::mem::replace(extent, n), *reduced),
            None => (std::mem::replace(&mut part.row, n), part.row_reduced),
        };
        let count = if reduced { &mut part.folded } else { &mut part.kept };
        *count = *count / extent * n;
        part
    }

    /// Without the outermost extent, of 1.
    pub fn inner(&self) -> Lanes {
        Lanes { outer: self.outer[1..].to_vec(), ..*self }
    }

    /// Calls `f(start, out, first)` for each row in C order: where it starts in the block, where its result starts,
    /// and whether it is the first that goes there. Stops where the program is to stop.
    pub fn rows(&self, mut f: impl FnMut(usize, usize, bool)) {
        if self.kept == 0 || self.folded == 0 {
            return;
        }
        let mut strides = vec![0; self.outer.len()];
        let mut stride = if self.row_reduced { 1 } else { self.row };
        for (d, (extent, gone)) in self.outer.iter().enumerate().rev() {
            if !gone {
                strides[d] = stride;
                stride *= extent;
            }
        }
        let mut index = vec![0; self.outer.len()];
        let (mut start, mut out) = (0, 0);
        let mut looked = 0;
        loop {
            if start - looked >= LOOK {
                looked = start;
                if !go_on() {
                    return;
                }
            }
            let first = index.iter().zip(&self.outer).all(|(&i, (_, gone))| !gone || i == 0);
            f(start, out, first);
            start += self.row;
            let mut step = |d: usize| {
                index[d] += 1;
                out += strides[d];
                let carry = index[d] == self.outer[d].0;
                if carry {
                    out -= strides[d] * index[d];
                    index[d] = 0;
                }
                !carry
            };
            if !(0..strides.len()).rev().any(&mut step) {
                return;
            }
        }
    }
}

/// What is reduced: a block, or what is computed as it is read.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    Block(&'a Block),
    Stream(&'a Stream),
}

/// A source's elements as `T`, in pieces: borrowed where they are `T` already, else cast through a buffer.
pub struct Reader<'a> {
    source: Source<'a>,
    from: DType,
    to: DType,
    buffer: Block,
    /// Of a stream: what was computed last, and where it begins.
    window: Block,
    begins: usize,
    ends: usize,
}

/// NumPy casts through buffers of this many elements, and sums each before it adds it to the rest.
const BUFFER: usize = 8192;

impl<'a> Reader<'a> {
    pub fn new(source: Source<'a>, to: DType) -> Reader<'a> {
        let (from, len) = match source {
            Source::Block(block) => (block.dtype(), block.len()),
            Source::Stream(stream) => (stream.dtype, stream.len()),
        };
        let casts = if from == to { 0 } else { BUFFER.min(len) };
        let window = if matches!(source, Source::Stream(_)) { PIECE.min(len) } else { 0 };
        let (buffer, window) = (Block::zeros(to, casts), Block::zeros(from, window));
        Reader { source, from, to, buffer, window, begins: 0, ends: 0 }
    }

    /// The elements `start..start + len`; of a stream, at most `PIECE`. A stream computes `ahead` of them.
    fn bytes(&mut self, start: usize, len: usize, ahead: usize) -> &[u8] {
        let size = self.from.itemsize();
        let stream = match self.source {
            Source::Block(block) => return &block.bytes()[start * size..(start + len) * size],
            Source::Stream(stream) => stream,
        };
        if start < self.begins || start + len > self.ends {
            let count = ahead.max(len).min(self.window.len()).min(stream.len() - start);
            stream.compute(start, count, &mut self.window);
            (self.begins, self.ends) = (start, start + count);
        }
        &self.window.bytes()[(start - self.begins) * size..(start + len - self.begins) * size]
    }

    /// Calls `f(at, elements)` for the pieces of `start..start + len`; `at` counts from `start`.
    pub fn pieces<T: Element>(&mut self, start: usize, len: usize, mut f: impl FnMut(usize, &[T])) {
        let (from, to) = (self.from, self.to);
        // Rows that are shorter than a piece are computed several at a time.
        let ahead = if len < PIECE { PIECE / len.max(1) * len } else { PIECE };
        if from == to {
            let step = if matches!(self.source, Source::Block(_)) { len.max(1) } else { PIECE };
            for at in (0..len).step_by(step).take_while(|_| go_on()) {
                let n = step.min(len - at);
                f(at, bytemuck::cast_slice(self.bytes(start + at, n, ahead)));
            }
            return;
        }
        let cast = lang::ops::cast(from, to);
        let mut buffer = std::mem::replace(&mut self.buffer, Block::Bool(Vec::new()));
        for at in (0..len).step_by(BUFFER).take_while(|at| at % LOOK > 0 || go_on()) {
            let n = BUFFER.min(len - at);
            let target = &mut buffer.bytes_mut()[..n * to.itemsize()];
            cast(&[self.bytes(start + at, n, ahead)], &mut [target]);
            f(at, &typed::<T>(&buffer)[..n]);
        }
        self.buffer = buffer;
    }

    /// The sum of a row of a stream that needs no cast, in the order in which the whole row would be summed.
    fn total<T: Element>(&mut self, start: usize, len: usize) -> T {
        if len <= PIECE {
            let ahead = PIECE / len.max(1) * len;
            return T::sum(bytemuck::cast_slice(self.bytes(start, len, ahead)), |x| x);
        }
        if !go_on() {
            return T::zero();
        }
        let half = len / 2;
        let left = half - half % T::LANES;
        let sum = self.total::<T>(start, left);
        sum.plus(self.total(start + left, len - left))
    }
}

/// Adds up along the lanes, from the element `base` on, casting to `to` first. Lanes of nothing give 0.
pub fn sum<T: Element>(source: Source, base: usize, lanes: &Lanes, to: DType) -> Block {
    let mut out = Block::zeros(to, lanes.kept);
    let sums = typed_mut::<T>(&mut out);
    let mut reader = Reader::new(source, to);
    let streamed = matches!(source, Source::Stream(_)) && reader.from == to;
    if let (Source::Block(block), [(rows, true)], false) = (source, lanes.outer.as_slice(), lanes.row_reduced)
        && reader.from == to
    {
        add_rows(&typed::<T>(block)[base..], *rows, sums);
        return out;
    }
    if let (Source::Block(block), true) = (source, lanes.row_reduced)
        && reader.from == to
        && lanes.row <= SHORT
        && lanes.outer.iter().all(|(_, reduced)| !reduced)
    {
        add_each(&typed::<T>(block)[base..], lanes.row, sums);
        return out;
    }
    lanes.rows(|start, o, first| {
        if streamed && lanes.row_reduced {
            let sum = reader.total::<T>(base + start, lanes.row);
            sums[o] = if first { sum } else { sums[o].plus(sum) };
            return;
        }
        reader.pieces::<T>(base + start, lanes.row, |at, piece| {
            if lanes.row_reduced {
                let sum = T::sum(piece, |x| x);
                sums[o] = if first && at == 0 { sum } else { sums[o].plus(sum) };
            } else if first {
                sums[o + at..o + at + piece.len()].copy_from_slice(piece);
            } else {
                accumulate(&mut sums[o + at..], piece, T::plus);
            }
        });
    });
    out
}

/// Rows of at most so many elements are short: what there is to say about each costs more than to add it up.
const SHORT: usize = 256;

/// The sum of each row.
fn add_each<T: Element>(rows: &[T], row: usize, sums: &mut [T]) {
    if row == 0 {
        return;
    }
    let every = (LOOK / row).max(1);
    let parts = sums.chunks_mut(every).zip(rows.chunks(every * row));
    for (sums, rows) in parts.take_while(|_| go_on()) {
        for (sum, row) in sums.iter_mut().zip(rows.chunks_exact(row)) {
            *sum = T::sum(row, |x| x);
        }
    }
}

/// Rows that are added at a time: each element of the sum is fetched and stored once for all of them.
const ROWS: usize = 8;

/// The sum of the rows of a matrix, one after the other.
fn add_rows<T: Element>(matrix: &[T], rows: usize, sums: &mut [T]) {
    let row = sums.len();
    if rows == 0 || row == 0 {
        return;
    }
    sums.copy_from_slice(&matrix[..row]);
    let (mut several, mut looked) = (matrix[row..rows * row].chunks_exact(ROWS * row), 0);
    for rows in &mut several {
        looked += rows.len();
        if looked >= LOOK {
            looked = 0;
            if !go_on() {
                return;
            }
        }
        let mut parts = rows.chunks_exact(row);
        let parts: [&[T]; ROWS] = std::array::from_fn(|_| parts.next().unwrap_or(&[]));
        wide(
            #[inline(always)]
            || {
                for (i, sum) in sums.iter_mut().enumerate() {
                    *sum = parts.iter().fold(*sum, |sum, row| sum.plus(row[i]));
                }
            },
        );
    }
    for row in several.remainder().chunks_exact(row) {
        accumulate(sums, row, T::plus);
    }
}

/// Folds along the lanes with `op`, casting to `to` first. Lanes of nothing give `empty`.
pub fn fold<T: Element>(
    source: Source,
    lanes: &Lanes,
    to: DType,
    empty: T,
    op: impl Fn(T, T) -> T + Copy,
) -> Block {
    let mut out = Block::zeros(to, lanes.kept);
    let results = typed_mut::<T>(&mut out);
    results.fill(empty);
    let mut reader = Reader::new(source, to);
    lanes.rows(|start, o, first| {
        reader.pieces::<T>(start, lanes.row, |at, piece| {
            if lanes.row_reduced {
                let (init, rest) =
                    if first && at == 0 { (piece[0], &piece[1..]) } else { (results[o], piece) };
                let parts = rest.chunks(LOOK).take_while(|_| go_on());
                results[o] = parts.fold(init, |sum, part| part.iter().fold(sum, |sum, &x| op(sum, x)));
            } else if first {
                results[o + at..o + at + piece.len()].copy_from_slice(piece);
            } else {
                accumulate(&mut results[o + at..], piece, op);
            }
        });
    });
    out
}

/// Counts the true elements along the lanes, as int64.
pub fn count<T: Element>(source: Source, lanes: &Lanes) -> Block {
    let mut out = vec![0i64; lanes.kept];
    let from = match source {
        Source::Block(block) => block.dtype(),
        Source::Stream(stream) => stream.dtype,
    };
    let mut reader = Reader::new(source, from);
    lanes.rows(|start, o, _| {
        reader.pieces::<T>(start, lanes.row, |at, row| {
            if lanes.row_reduced {
                let parts = row.chunks(LOOK).take_while(|_| go_on());
                out[o] +=
                    parts.map(|part| part.iter().filter(|x| x.is_truthy()).count()).sum::<usize>() as i64;
            } else {
                for (n, x) in out[o + at..].iter_mut().zip(row) {
                    *n += x.is_truthy() as i64;
                }
            }
        });
    });
    Block::I64(out)
}

fn accumulate<T: Element>(sums: &mut [T], row: &[T], op: impl Fn(T, T) -> T) {
    for (sums, row) in sums.chunks_mut(LOOK).zip(row.chunks(LOOK)).take_while(|_| go_on()) {
        for (sum, &x) in sums.iter_mut().zip(row) {
            *sum = op(*sum, x);
        }
    }
}

/// `min` (or, with `max`, the greater), where a nan wins, the first one.
pub fn extreme<T: Element>(max: bool) -> impl Fn(T, T) -> T + Copy {
    move |a, b| {
        let keep = if max { !a.less(b) } else { !b.less(a) };
        if a.is_nan() || (keep && !b.is_nan()) { a } else { b }
    }
}
