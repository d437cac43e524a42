//! Runs a tile program over strided operands and outputs: the inner engine of everything elementwise.
//!
//! Operands that are contiguous within a tile are read in place, others are gathered into the tile's buffer; results
//! go straight to contiguous outputs, else through a buffer.

use std::cell::RefCell;

use lang::plan::fuse::{Dest, Program, Source, scalar_bytes};

use super::past;
use crate::watch::go_on;

/// Elements of a tile: a few registers of this length fit the first-level cache.
pub const TILE: usize = 1024;
/// Tiles between two looks at whether the program is to go on.
const LOOK: usize = 16;
/// Outputs of at least so many bytes do not stay in the cache anyway: they are written past it.
const LARGE: usize = 16 << 20;
/// So few elements are copied one by one.
const FEW: usize = 8;
/// Rows at least this long are tiled one by one, so that they can be read in place.
const LONG_ROW: usize = 128;

/// Where an operand's elements are.
#[derive(Clone, Copy)]
pub enum Memory<'a> {
    Slice(&'a [u8]),
    /// In the memory of output `k`, at the very places that the output writes: `a += b`.
    Output(usize),
}

/// An operand over the whole shape; offset and strides count elements of `size` bytes.
pub struct Operand<'a> {
    pub memory: Memory<'a>,
    pub size: usize,
    pub offset: isize,
    pub strides: Vec<isize>,
}

pub struct Output<'a> {
    pub memory: &'a mut [u8],
    pub size: usize,
    pub offset: isize,
    pub strides: Vec<isize>,
}

type Buffer = Vec<u128>;

fn bytes(buffer: &Buffer) -> &[u8] {
    bytemuck::cast_slice(buffer)
}

fn bytes_mut(buffer: &mut Buffer) -> &mut [u8] {
    bytemuck::cast_slice_mut(buffer)
}

/// Drops axes of length 1 and joins those over which everybody's elements follow on.
fn coalesce(shape: &[usize], strides: &mut [&mut Vec<isize>]) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    let mut kept: Vec<Vec<isize>> = vec![Vec::new(); strides.len()];
    for (d, &n) in shape.iter().enumerate().filter(|(_, n)| **n != 1) {
        let follows = |k: usize| kept[k].last().is_some_and(|s| *s == strides[k][d] * n as isize);
        if !out.is_empty() && (0..strides.len()).all(follows) {
            *out.last_mut().expect("not empty") *= n;
            kept.iter_mut()
                .zip(strides.iter())
                .for_each(|(k, s)| *k.last_mut().expect("one per axis") = s[d]);
        } else {
            out.push(n);
            kept.iter_mut().zip(strides.iter()).for_each(|(k, s)| k.push(s[d]));
        }
    }
    if out.is_empty() {
        out.push(1);
        kept.iter_mut().for_each(|k| k.push(1));
    }
    strides.iter_mut().zip(kept).for_each(|(s, k)| **s = k);
    out
}

/// A tile: `len` elements in C order from the coordinates `at`.
struct Window<'s> {
    shape: &'s [usize],
    at: Vec<usize>,
    len: usize,
}

impl Window<'_> {
    fn start(&self, offset: isize, strides: &[isize]) -> isize {
        offset + self.at.iter().zip(strides).map(|(i, s)| *i as isize * s).sum::<isize>()
    }

    fn one_row(&self) -> bool {
        let last = self.shape.len() - 1;
        self.at[last] + self.len <= self.shape[last]
    }

    /// The byte range where the tile lies one element after the other.
    fn in_place(&self, size: usize, offset: isize, strides: &[isize]) -> Option<std::ops::Range<usize>> {
        (self.one_row() && (self.len == 1 || strides[strides.len() - 1] == 1)).then(|| {
            let start = self.start(offset, strides) as usize * size;
            start..start + self.len * size
        })
    }

    /// Moves on by the tile's length.
    fn advance(&mut self) {
        let mut carry = self.len;
        for d in (0..self.shape.len()).rev() {
            let sum = self.at[d] + carry;
            (self.at[d], carry) = if d == 0 { (sum, 0) } else { (sum % self.shape[d], sum / self.shape[d]) };
            if carry == 0 {
                break;
            }
        }
    }

    /// Calls `row(start, stride, from, count)` for the parts of rows in the tile; `from` counts within the tile.
    fn rows(&self, offset: isize, strides: &[isize], mut row: impl FnMut(usize, isize, usize, usize)) {
        let last = self.shape.len() - 1;
        let (mut at, mut done) = (self.at.clone(), 0);
        let mut start = self.start(offset, strides);
        while done < self.len {
            let count = (self.shape[last] - at[last]).min(self.len - done);
            row(start as usize, strides[last], done, count);
            done += count;
            start -= at[last] as isize * strides[last];
            at[last] = 0;
            for d in (0..last).rev() {
                at[d] += 1;
                start += strides[d];
                if at[d] < self.shape[d] || d == 0 {
                    break;
                }
                start -= at[d] as isize * strides[d];
                at[d] = 0;
            }
        }
    }

    fn gather(&self, size: usize, from: &[u8], offset: isize, strides: &[isize], to: &mut [u8]) {
        fn go<const N: usize>(w: &Window, from: &[u8], offset: isize, strides: &[isize], to: &mut [u8])
        where
            [u8; N]: bytemuck::Pod,
        {
            let (from, to): (&[[u8; N]], &mut [[u8; N]]) =
                (bytemuck::cast_slice(from), bytemuck::cast_slice_mut(to));
            w.rows(offset, strides, |start, stride, at, count| match stride {
                1 if count < FEW => {
                    to[at..at + count].iter_mut().zip(&from[start..]).for_each(|(to, from)| *to = *from)
                }
                1 => to[at..at + count].copy_from_slice(&from[start..start + count]),
                0 => to[at..at + count].fill(from[start]),
                2 => every_other(&from[start..], &mut to[at..at + count]),
                _ => {
                    (0..count).for_each(|i| to[at + i] = from[start.wrapping_add_signed(stride * i as isize)])
                }
            });
        }
        match size {
            1 => go::<1>(self, from, offset, strides, to),
            2 => go::<2>(self, from, offset, strides, to),
            4 => go::<4>(self, from, offset, strides, to),
            8 => go::<8>(self, from, offset, strides, to),
            _ => go::<16>(self, from, offset, strides, to),
        }
    }

    fn scatter(&self, size: usize, to: &mut [u8], offset: isize, strides: &[isize], from: &[u8]) {
        fn go<const N: usize>(w: &Window, to: &mut [u8], offset: isize, strides: &[isize], from: &[u8])
        where
            [u8; N]: bytemuck::Pod,
        {
            let (from, to): (&[[u8; N]], &mut [[u8; N]]) =
                (bytemuck::cast_slice(from), bytemuck::cast_slice_mut(to));
            w.rows(offset, strides, |start, stride, at, count| match stride {
                1 => to[start..start + count].copy_from_slice(&from[at..at + count]),
                _ => {
                    (0..count).for_each(|i| to[start.wrapping_add_signed(stride * i as isize)] = from[at + i])
                }
            });
        }
        match size {
            1 => go::<1>(self, to, offset, strides, from),
            2 => go::<2>(self, to, offset, strides, from),
            4 => go::<4>(self, to, offset, strides, from),
            8 => go::<8>(self, to, offset, strides, from),
            _ => go::<16>(self, to, offset, strides, from),
        }
    }
}

/// The first element of each pair, such as the real parts of complex numbers.
fn every_other<T: Copy>(from: &[T], to: &mut [T]) {
    let pairs = from.as_chunks::<2>().0;
    to.iter_mut().zip(pairs).for_each(|(to, pair)| *to = pair[0]);
    // The memory may end with the last one.
    if let (true, Some(last)) = (to.len() > pairs.len(), to.last_mut()) {
        *last = from[2 * pairs.len()];
    }
}

/// Fills `to` with copies of one element.
fn fill(to: &mut [u8], element: &[u8]) {
    fn go<const N: usize>(to: &mut [u8], element: &[u8]) {
        if let Some(element) = element.first_chunk::<N>() {
            to.as_chunks_mut::<N>().0.fill(*element);
        }
    }
    match element.len() {
        1 => go::<1>(to, element),
        2 => go::<2>(to, element),
        4 => go::<4>(to, element),
        8 => go::<8>(to, element),
        _ => go::<16>(to, element),
    }
}

thread_local! {
    /// Buffers of whole tiles, for the next pass: a short one costs no fresh memory.
    static SPARE: RefCell<Vec<Buffer>> = const { RefCell::new(Vec::new()) };
}

/// A buffer of a tile, which holds anything.
fn buffer() -> Buffer {
    SPARE.with_borrow_mut(Vec::pop).unwrap_or_else(|| vec![0; TILE])
}

/// As many buffers as are worth keeping.
const SPARES: usize = 64;

fn give_back(buffers: impl IntoIterator<Item = Buffer>) {
    let whole = buffers.into_iter().filter(|b| !b.is_empty());
    SPARE.with_borrow_mut(|spare| {
        spare.extend(whole);
        spare.truncate(SPARES);
    });
}

/// Runs `program` over `shape`. Operands and outputs have a stride per axis of it; outputs do not overlap. May be left
/// unfinished (`engines::watch`).
pub fn run(program: &Program, shape: &[usize], operands: &mut [Operand], outputs: &mut [Output]) {
    let total: usize = shape.iter().product();
    if total == 0 {
        return;
    }
    let mut all: Vec<&mut Vec<isize>> = operands
        .iter_mut()
        .map(|o| &mut o.strides)
        .chain(outputs.iter_mut().map(|o| &mut o.strides))
        .collect();
    let shape = coalesce(shape, &mut all);
    let row = shape[shape.len() - 1];
    let longest = TILE.min(total);
    // Equal parts of a long row rather than a short last one.
    let step = if row >= LONG_ROW { row.div_ceil(row.div_ceil(TILE)) } else { TILE };

    let mut registers: Vec<Buffer> = (0..program.registers).map(|_| buffer()).collect();
    for (register, value) in &program.constants {
        let size = value.dtype().itemsize();
        fill(&mut bytes_mut(&mut registers[*register])[..longest * size], &scalar_bytes(*value)[..size]);
    }
    let mut loads: Vec<Buffer> = vec![Buffer::new(); operands.len()];
    let mut stores: Vec<Buffer> = vec![Buffer::new(); outputs.len()];
    // An operand that is one element is gathered once.
    let mut constant = vec![false; operands.len()];

    let large: Vec<bool> = outputs.iter().map(|out| total * out.size >= LARGE).collect();

    let mut window = Window { shape: &shape, at: vec![0; shape.len()], len: 0 };
    let mut in_place: Vec<Option<std::ops::Range<usize>>> = vec![None; operands.len()];
    let (mut done, mut tile) = (0, 0);
    while done < total {
        if tile % LOOK == 0 && !go_on() {
            return;
        }
        tile += 1;
        let in_row = row - window.at[shape.len() - 1];
        window.len = if row >= LONG_ROW { step.min(in_row) } else { step.min(total - done) };
        let len = window.len;

        for (i, operand) in operands.iter().enumerate() {
            in_place[i] = None;
            let memory = match operand.memory {
                Memory::Slice(memory) => {
                    in_place[i] = window.in_place(operand.size, operand.offset, &operand.strides);
                    memory
                }
                Memory::Output(k) => &*outputs[k].memory,
            };
            if in_place[i].is_some() || constant[i] {
                continue;
            }
            if loads[i].is_empty() {
                loads[i] = buffer();
            }
            if matches!(operand.memory, Memory::Slice(_)) && operand.strides.iter().all(|s| *s == 0) {
                let at = operand.offset as usize * operand.size;
                let to = &mut bytes_mut(&mut loads[i])[..longest * operand.size];
                fill(to, &memory[at..at + operand.size]);
                constant[i] = true;
                continue;
            }
            let to = &mut bytes_mut(&mut loads[i])[..len * operand.size];
            window.gather(operand.size, memory, operand.offset, &operand.strides, to);
        }

        for step in &program.steps {
            let mut buffers: [Buffer; 2] = Default::default();
            let mut memories: [&mut [u8]; 2] = Default::default();
            for ((dest, _), (buffer, memory)) in step.outs.iter().zip(buffers.iter_mut().zip(&mut memories)) {
                match dest {
                    Dest::Register(r) => *buffer = std::mem::take(&mut registers[*r]),
                    Dest::Root(k) => {
                        let out = &mut outputs[*k];
                        if !large[*k] && window.in_place(out.size, out.offset, &out.strides).is_some() {
                            *memory = std::mem::take(&mut out.memory);
                        } else {
                            *buffer = std::mem::take(&mut stores[*k]);
                            if buffer.is_empty() {
                                *buffer = self::buffer();
                            }
                        }
                    }
                }
            }
            let mut ins: [&[u8]; 4] = [&[]; 4];
            for (slot, (source, dtype)) in ins.iter_mut().zip(&step.args) {
                *slot =
                    source_bytes(*source, len * dtype.itemsize(), operands, &in_place, &loads, &registers);
            }
            let mut outs: [&mut [u8]; 2] = Default::default();
            let targets = buffers.iter_mut().zip(&mut memories);
            for (slot, ((dest, dtype), (buffer, memory))) in
                outs.iter_mut().zip(step.outs.iter().zip(targets))
            {
                *slot = match dest {
                    Dest::Root(k) if buffer.is_empty() => {
                        let out = &outputs[*k];
                        let range =
                            window.in_place(out.size, out.offset, &out.strides).expect("checked above");
                        &mut memory[range]
                    }
                    _ => &mut bytes_mut(buffer)[..len * dtype.itemsize()],
                };
            }
            (step.run)(&ins[..step.args.len()], &mut outs[..step.outs.len()]);
            for ((dest, _), (buffer, memory)) in step.outs.iter().zip(buffers.into_iter().zip(memories)) {
                match dest {
                    Dest::Register(r) => registers[*r] = buffer,
                    Dest::Root(k) if buffer.is_empty() => outputs[*k].memory = memory,
                    Dest::Root(k) => {
                        let out = &mut outputs[*k];
                        let from = &bytes(&buffer)[..len * out.size];
                        match window.in_place(out.size, out.offset, &out.strides) {
                            Some(range) => past::copy(from, &mut out.memory[range]),
                            None => window.scatter(out.size, out.memory, out.offset, &out.strides, from),
                        }
                        stores[*k] = buffer;
                    }
                }
            }
        }

        for (source, k) in &program.stores {
            let out = &mut outputs[*k];
            let from = source_bytes(*source, len * out.size, operands, &in_place, &loads, &registers);
            match window.in_place(out.size, out.offset, &out.strides) {
                Some(range) => out.memory[range].copy_from_slice(from),
                None => window.scatter(out.size, out.memory, out.offset, &out.strides, from),
            }
        }
        window.advance();
        done += len;
    }
    if large.contains(&true) {
        past::finish();
    }
    give_back(registers.into_iter().chain(loads).chain(stores));
}

fn source_bytes<'t>(
    source: Source,
    len: usize,
    operands: &[Operand<'t>],
    in_place: &[Option<std::ops::Range<usize>>],
    loads: &'t [Buffer],
    registers: &'t [Buffer],
) -> &'t [u8] {
    match source {
        Source::Register(r) => &bytes(&registers[r])[..len],
        Source::Operand(i) => match (&in_place[i], operands[i].memory) {
            (Some(range), Memory::Slice(memory)) => &memory[range.clone()],
            _ => &bytes(&loads[i])[..len],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lang::dtype::DType;
    use lang::plan::fuse::{Graph, Node, Ref};

    fn add(ins: &[&[u8]], outs: &mut [&mut [u8]]) {
        let (a, b): (&[f64], &[f64]) = (bytemuck::cast_slice(ins[0]), bytemuck::cast_slice(ins[1]));
        let out: &mut [f64] = bytemuck::cast_slice_mut(outs[0]);
        out.iter_mut().zip(a.iter().zip(b)).for_each(|(o, (a, b))| *o = a + b);
    }

    /// x = a + b and y = x + x over `shape`, with these strides, against a plain loop.
    fn check(shape: &[usize], strides: [&[isize]; 4]) {
        let reach = |s: &[isize]| -> (isize, usize) {
            let ends = |sign: bool| -> isize {
                let end = |(n, s): (&usize, &isize)| (*n as isize - 1).max(0) * *s;
                shape.iter().zip(s).map(end).filter(|e| (*e < 0) == sign).sum()
            };
            (-ends(true), (ends(false) - ends(true)) as usize + 1)
        };
        let (a_at, a_len) = reach(strides[0]);
        let (b_at, b_len) = reach(strides[1]);
        let a: Vec<f64> = (0..a_len).map(|i| i as f64 * 0.5).collect();
        let b: Vec<f64> = (0..b_len).map(|i| 1000.0 - i as f64).collect();
        let (x_at, x_len) = reach(strides[2]);
        let (y_at, y_len) = reach(strides[3]);
        let (mut x, mut y) = (vec![-1.0; x_len], vec![-1.0; y_len]);
        let (mut want_x, mut want_y) = (x.clone(), y.clone());
        let total: usize = shape.iter().product();
        for linear in 0..total {
            let (mut rest, mut at) = (linear, [a_at, b_at, x_at, y_at]);
            for d in (0..shape.len()).rev() {
                let i = (rest % shape[d]) as isize;
                rest /= shape[d];
                at.iter_mut().zip(strides).for_each(|(at, s)| *at += i * s[d]);
            }
            let sum = a[at[0] as usize] + b[at[1] as usize];
            want_x[at[2] as usize] = sum;
            want_y[at[3] as usize] = sum + sum;
        }
        let load = |operand| Node::Load { operand, dtype: DType::F64 };
        let op = |a, b| {
            let args = vec![Ref { node: a, out: 0 }, Ref { node: b, out: 0 }];
            Node::Op { name: "add", run: add, args, outs: vec![DType::F64] }
        };
        let roots = vec![Ref { node: 2, out: 0 }, Ref { node: 3, out: 0 }];
        let program = Graph { nodes: vec![load(0), load(1), op(0, 1), op(2, 2)], roots }.plan();
        let operand = |memory, offset, s: &[isize]| Operand { memory, size: 8, offset, strides: s.to_vec() };
        let mut operands = [
            operand(Memory::Slice(bytemuck::cast_slice(&a)), a_at, strides[0]),
            operand(Memory::Slice(bytemuck::cast_slice(&b)), b_at, strides[1]),
        ];
        let mut outputs = [
            Output {
                memory: bytemuck::cast_slice_mut(&mut x),
                size: 8,
                offset: x_at,
                strides: strides[2].to_vec(),
            },
            Output {
                memory: bytemuck::cast_slice_mut(&mut y),
                size: 8,
                offset: y_at,
                strides: strides[3].to_vec(),
            },
        ];
        run(&program, shape, &mut operands, &mut outputs);
        assert_eq!((x, y), (want_x, want_y), "{shape:?} {strides:?}");
    }

    #[test]
    fn any_strides() {
        check(&[], [&[], &[], &[], &[]]);
        check(&[0, 3], [&[3, 1], &[3, 1], &[3, 1], &[3, 1]]);
        check(&[5000], [&[1], &[1], &[1], &[1]]);
        check(&[5000], [&[-1], &[2], &[1], &[3]]);
        check(&[5000], [&[0], &[1], &[1], &[-1]]);
        check(&[50, 300], [&[300, 1], &[0, 1], &[300, 1], &[1, 50]]);
        check(&[50, 300], [&[1, 0], &[1, 50], &[310, 1], &[300, 1]]);
        check(&[2000, 3], [&[3, 1], &[4, 1], &[3, 1], &[8, 2]]);
        check(&[700, 2, 3], [&[6, 3, 1], &[0, 3, 1], &[1, 700, 1400], &[6, 3, 1]]);
        check(
            &[9, 1, 7, 1, 40],
            [&[280, 9, 40, 9, 1], &[1, 5, 9, 5, 63], &[280, 9, 40, 9, 1], &[320, 0, 45, 0, 1]],
        );
        check(&[2, 3000], [&[0, 0], &[3000, 1], &[3000, 1], &[4000, 1]]);
    }
}
