//! Computes a pending array piece by piece, without storing it: a reduction folds each piece while it is in the cache.

use std::rc::Rc;

use lang::dtype::DType;
use lang::error::Result;
use lang::plan::fuse::Program;

use super::force::force;
use super::group::Group;
use super::tiles;
use crate::array::{Array, c_strides};
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::rearrange::mirror;
use crate::exec::redistribute::align::{self, Memory, Piece};
use crate::explain;

/// Elements that are computed at a time.
pub const PIECE: usize = 1 << 15;

type Bounds = (Vec<usize>, Vec<usize>);

/// This rank's part of an array that is computed where it is read.
pub(crate) struct Stream {
    program: Rc<Program>,
    leaves: Vec<Array>,
    operands: Vec<Vec<Piece>>,
    /// The boxes into which the operands' pieces cut the part.
    cuts: Vec<Bounds>,
    local: Vec<usize>,
    pub dtype: DType,
}

impl Stream {
    /// A pending array that nobody holds but the statement, which has so many handles of it; `None` for others, and
    /// where something else would have to be stored on the way. Collective.
    ///
    /// # Errors
    /// MemoryError, on all ranks.
    pub fn of(ctx: &mut Ctx, array: &Array, handles: usize) -> Result<Option<Stream>> {
        let layout = array.layout().clone();
        let group = loop {
            if !array.is_pending() || array.holders() > handles {
                return Ok(None);
            }
            match Group::of(array, &layout, false) {
                Ok(group) => break group,
                Err(first) => force(ctx, &first)?,
            }
        };
        if !group.results.is_empty() {
            return Ok(None);
        }
        let (mut graph, leaves, root) = group.graph(array);
        graph.roots.push(root);
        for leaf in &leaves {
            mirror::refresh(ctx, leaf)?;
        }
        let aligned = align::align_while(ctx, &leaves.iter().collect::<Vec<_>>(), &layout, &mut |_| ())?;
        let (operands, kept) = (aligned.pieces, aligned.kept);
        let local = layout.local_shape(ctx.comm.rank());
        let cuts = match layout.local_size(ctx.comm.rank()) {
            0 => Vec::new(),
            _ => align::boxes(&local, &operands),
        };
        let program = ctx.plans.of(graph);
        ctx.step(|ctx| {
            let folded = ["folded as it is computed, not stored".to_string()];
            explain::pass(ctx, &program, &leaves, &kept, &layout, &folded)
        });
        Ok(Some(Stream { program, leaves, operands, cuts, local, dtype: array.dtype() }))
    }

    /// Elements in all.
    pub fn len(&self) -> usize {
        if self.cuts.is_empty() { 0 } else { self.local.iter().product() }
    }

    /// Computes the elements `start..start + len`, in C order, into the front of `out`. May be left unfinished
    /// (`engines::watch`).
    pub fn compute(&self, start: usize, len: usize, out: &mut Block) {
        let strides = c_strides(&self.local);
        let size = out.dtype().itemsize();
        for (lo, hi) in boxes(&self.local, start, start + len) {
            for (from, to) in &self.cuts {
                let lo: Vec<usize> = lo.iter().zip(from).map(|(a, b)| *a.max(b)).collect();
                let hi: Vec<usize> = hi.iter().zip(to).map(|(a, b)| *a.min(b)).collect();
                if lo.iter().zip(&hi).any(|(l, h)| l >= h) {
                    continue;
                }
                let at: isize = lo.iter().zip(&strides).map(|(l, s)| *l as isize * s).sum();
                let mut output = [tiles::Output {
                    memory: out.bytes_mut(),
                    size,
                    offset: at - start as isize,
                    strides: strides.clone(),
                }];
                self.run(&lo, &hi, &mut output);
            }
        }
    }

    /// Runs the program over a box that no cut divides.
    fn run(&self, lo: &[usize], hi: &[usize], output: &mut [tiles::Output]) {
        let shape: Vec<usize> = lo.iter().zip(hi).map(|(l, h)| h - l).collect();
        let pieces: Vec<&Piece> = self
            .operands
            .iter()
            .map(|pieces| pieces.iter().find(|p| p.contains(lo, hi)).expect("pieces tile the part"))
            .collect();
        let guards: Vec<_> = pieces
            .iter()
            .map(|piece| match &piece.memory {
                Memory::Storage(storage) => Some(storage.block.borrow()),
                Memory::Buffer(_) | Memory::Coming => None,
            })
            .collect();
        let mut inputs: Vec<tiles::Operand> = (pieces.iter().zip(&guards).zip(&self.leaves))
            .map(|((piece, guard), leaf)| {
                let place = piece.within(lo, hi);
                let memory = match (&piece.memory, guard) {
                    (Memory::Buffer(buffer), _) => bytemuck::cast_slice(buffer),
                    (Memory::Storage(_), Some(block)) => block.bytes(),
                    (Memory::Storage(_) | Memory::Coming, _) => &[],
                };
                let memory = tiles::Memory::Slice(memory);
                let strides = place.strides().expect("pieces have strides");
                tiles::Operand { memory, size: leaf.dtype().itemsize(), offset: place.offset, strides }
            })
            .collect();
        tiles::run(&self.program, &shape, &mut inputs, output);
    }
}

/// The elements `start..end`, in C order, of an array of this shape, as boxes.
fn boxes(shape: &[usize], start: usize, end: usize) -> Vec<Bounds> {
    let [_, inner @ ..] = shape else {
        return vec![(Vec::new(), Vec::new())];
    };
    if inner.is_empty() {
        return vec![(vec![start], vec![end])];
    }
    let each: usize = inner.iter().product();
    let row = |i: usize, from: usize, to: usize| {
        boxes(inner, from, to)
            .into_iter()
            .map(move |(lo, hi)| ([&[i], &lo[..]].concat(), [&[i + 1], &hi[..]].concat()))
    };
    let (first, last) = (start / each, end / each);
    if first == last {
        return row(first, start % each, end % each).collect();
    }
    let mut out = Vec::new();
    let mut whole = first;
    if !start.is_multiple_of(each) {
        out.extend(row(first, start % each, each));
        whole += 1;
    }
    if whole < last {
        out.push(([&[whole], &vec![0; inner.len()][..]].concat(), [&[last], inner].concat()));
    }
    if !end.is_multiple_of(each) {
        out.extend(row(last, 0, end % each));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_as_boxes() {
        for shape in [&[][..], &[7], &[3, 4], &[2, 3, 4], &[2, 1, 5], &[3, 2, 2, 2]] {
            let size: usize = shape.iter().product();
            for (start, end) in (0..size).flat_map(|s| (s + 1..=size).map(move |e| (s, e))) {
                let mut seen = Vec::new();
                for (lo, hi) in boxes(shape, start, end) {
                    let mut inside = vec![0];
                    for ((l, h), n) in lo.iter().zip(&hi).zip(shape) {
                        inside = inside.iter().flat_map(|base| (*l..*h).map(move |i| base * n + i)).collect();
                    }
                    seen.extend(inside);
                }
                assert_eq!(seen, (start..end).collect::<Vec<_>>(), "{shape:?}");
            }
        }
    }
}
