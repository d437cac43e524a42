//! Where the elements of a view lie in a block: an offset and, per axis, a stride or a list of offsets.

use std::rc::Rc;

use lang::layout::Run;

use crate::watch::{LOOK, go_on};

/// Elements that are copied between two looks at whether the program is to go on.
const PIECE: usize = 4 * LOOK;

/// One axis of a view of a block. Strides and offsets count elements.
#[derive(Clone, Debug, PartialEq)]
pub enum Axis {
    Step {
        len: usize,
        stride: isize,
    },
    /// What a slice of a block-cyclic or unstructured dimension sees.
    List(Rc<[isize]>),
}

/// A view of a block: element `(i, j, ...)` lies at `offset + axes[0](i) + axes[1](j) + ...`.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub offset: isize,
    pub axes: Vec<Axis>,
}

impl Axis {
    pub fn len(&self) -> usize {
        match self {
            Axis::Step { len, .. } => *len,
            Axis::List(offsets) => offsets.len(),
        }
    }

    /// The offset of element `i`.
    pub fn at(&self, i: usize) -> isize {
        match self {
            Axis::Step { stride, .. } => *stride * i as isize,
            Axis::List(offsets) => offsets[i],
        }
    }

    /// The elements at `runs` of positions, and what to add to the view's offset.
    pub fn select(&self, runs: &[Run]) -> (Axis, isize) {
        match (self, runs) {
            (_, []) => (Axis::Step { len: 0, stride: 1 }, 0),
            (Axis::Step { stride, .. }, [run]) => {
                (Axis::Step { len: run.len, stride: stride * run.step }, stride * run.start as isize)
            }
            _ => (Axis::List(runs.iter().flat_map(|r| r.iter()).map(|i| self.at(i)).collect()), 0),
        }
    }
}

/// Strides of a C-contiguous array of this shape, in elements.
pub fn c_strides(shape: &[usize]) -> Vec<isize> {
    let mut strides = vec![1isize; shape.len()];
    for d in (1..shape.len()).rev() {
        strides[d - 1] = strides[d].wrapping_mul(shape[d].max(1) as isize);
    }
    strides
}

impl Place {
    /// A whole block in C order.
    pub fn whole(shape: &[usize]) -> Place {
        Place::strided(0, shape, &c_strides(shape))
    }

    pub fn strided(offset: isize, shape: &[usize], strides: &[isize]) -> Place {
        let axes = shape.iter().zip(strides).map(|(&len, &stride)| Axis::Step { len, stride }).collect();
        Place { offset, axes }
    }

    pub fn shape(&self) -> Vec<usize> {
        self.axes.iter().map(Axis::len).collect()
    }

    pub fn len(&self) -> usize {
        self.axes.iter().map(Axis::len).product()
    }

    /// The strides, unless some axis is a list.
    pub fn strides(&self) -> Option<Vec<isize>> {
        self.axes
            .iter()
            .map(|axis| match axis {
                Axis::Step { stride, .. } => Some(*stride),
                Axis::List(_) => None,
            })
            .collect()
    }

    /// `Some(offset)` when the elements lie one after the other in C order (also when there are none).
    pub fn contiguous(&self) -> Option<usize> {
        if self.len() == 0 {
            return Some(0);
        }
        let mut expected = 1;
        for axis in self.axes.iter().rev() {
            match axis {
                Axis::Step { len: 1, .. } => {}
                Axis::Step { len, stride } if *stride == expected => expected *= *len as isize,
                Axis::List(offsets) if offsets.len() == 1 && offsets[0] == 0 => {}
                _ => return None,
            }
        }
        Some(self.offset as usize)
    }

    /// The elements at the product of `runs` of positions per axis.
    pub fn select(&self, runs: &[Vec<Run>]) -> Place {
        let mut offset = self.offset;
        let axes = self
            .axes
            .iter()
            .zip(runs)
            .map(|(axis, runs)| {
                let (axis, more) = axis.select(runs);
                offset += more;
                axis
            })
            .collect();
        Place { offset, axes }
    }

    /// The box `lo..hi`.
    pub fn window(&self, lo: &[usize], hi: &[usize]) -> Place {
        let runs: Vec<Vec<Run>> = lo.iter().zip(hi).map(|(&l, &h)| vec![Run::range(l, h)]).collect();
        self.select(&runs)
    }

    /// Calls `row` with the start of every innermost row, in C order. Needs at least one axis.
    fn rows(&self, row: &mut impl FnMut(isize, &Axis)) {
        fn outer(axes: &[Axis], at: isize, row: &mut impl FnMut(isize, &Axis)) {
            match axes {
                [] => {}
                [last] => row(at, last),
                [first, rest @ ..] => (0..first.len()).for_each(|i| outer(rest, at + first.at(i), row)),
            }
        }
        outer(&self.axes, self.offset, row);
    }

    /// The view's elements in C order, into `to` (of exactly that length).
    pub fn gather<T: Copy>(&self, from: &[T], to: &mut [T]) {
        if to.is_empty() {
            return;
        }
        if let Some(at) = self.contiguous() {
            to.copy_from_slice(&from[at..at + to.len()]);
            return;
        }
        let mut rest = to;
        self.rows(&mut |at, axis| {
            let (row, tail) = std::mem::take(&mut rest).split_at_mut(axis.len());
            match axis {
                Axis::Step { stride: 1, len } => row.copy_from_slice(&from[at as usize..at as usize + len]),
                Axis::Step { stride, .. } => {
                    row.iter_mut()
                        .enumerate()
                        .for_each(|(i, x)| *x = from[(at + stride * i as isize) as usize]);
                }
                Axis::List(offsets) => {
                    row.iter_mut().zip(offsets.iter()).for_each(|(x, o)| *x = from[(at + o) as usize]);
                }
            }
            rest = tail;
        });
    }

    /// The reverse of `gather`: `from` in C order, to where the view's elements lie in `to`.
    pub fn scatter<T: Copy>(&self, to: &mut [T], from: &[T]) {
        if from.is_empty() {
            return;
        }
        if let Some(at) = self.contiguous() {
            to[at..at + from.len()].copy_from_slice(from);
            return;
        }
        let mut rest = from;
        self.rows(&mut |at, axis| {
            let (row, tail) = rest.split_at(axis.len());
            match axis {
                Axis::Step { stride: 1, len } => to[at as usize..at as usize + len].copy_from_slice(row),
                Axis::Step { stride, .. } => {
                    row.iter().enumerate().for_each(|(i, x)| to[(at + stride * i as isize) as usize] = *x);
                }
                Axis::List(offsets) => {
                    row.iter().zip(offsets.iter()).for_each(|(x, o)| to[(at + o) as usize] = *x);
                }
            }
            rest = tail;
        });
    }

    /// Calls `f` with boxes of at most `PIECE` elements that make up the view in C order, and with where each begins
    /// among its elements, while the program is to go on.
    fn pieces(&self, at: usize, f: &mut impl FnMut(&Place, usize)) {
        let len = self.len();
        if len <= PIECE {
            if go_on() {
                f(self, at);
            }
            return;
        }
        let Some(axis) = (0..self.axes.len()).find(|&d| self.axes[d].len() > 1) else { return };
        let (extent, shape) = (self.axes[axis].len(), self.shape());
        let inner = len / extent;
        let step = (PIECE / inner).max(1);
        for first in (0..extent).step_by(step).take_while(|_| go_on()) {
            let (mut lo, mut hi) = (vec![0; shape.len()], shape.clone());
            (lo[axis], hi[axis]) = (first, extent.min(first + step));
            self.window(&lo, &hi).pieces(at + first * inner, f);
        }
    }

    /// `gather` for elements of `size` bytes; may be left unfinished (`engines::watch`).
    pub fn gather_bytes(&self, size: usize, from: &[u8], to: &mut [u8]) {
        self.pieces(0, &mut |piece, at| {
            piece.gather_piece(size, from, &mut to[at * size..(at + piece.len()) * size])
        });
    }

    fn gather_piece(&self, size: usize, from: &[u8], to: &mut [u8]) {
        fn go<const N: usize>(place: &Place, from: &[u8], to: &mut [u8])
        where
            [u8; N]: bytemuck::Pod,
        {
            place.gather::<[u8; N]>(bytemuck::cast_slice(from), bytemuck::cast_slice_mut(to));
        }
        match size {
            1 => go::<1>(self, from, to),
            2 => go::<2>(self, from, to),
            4 => go::<4>(self, from, to),
            8 => go::<8>(self, from, to),
            _ => go::<16>(self, from, to),
        }
    }

    /// `scatter` for elements of `size` bytes; may be left unfinished (`engines::watch`).
    pub fn scatter_bytes(&self, size: usize, to: &mut [u8], from: &[u8]) {
        self.pieces(0, &mut |piece, at| {
            piece.scatter_piece(size, to, &from[at * size..(at + piece.len()) * size])
        });
    }

    fn scatter_piece(&self, size: usize, to: &mut [u8], from: &[u8]) {
        fn go<const N: usize>(place: &Place, to: &mut [u8], from: &[u8])
        where
            [u8; N]: bytemuck::Pod,
        {
            place.scatter::<[u8; N]>(bytemuck::cast_slice_mut(to), bytemuck::cast_slice(from));
        }
        match size {
            1 => go::<1>(self, to, from),
            2 => go::<2>(self, to, from),
            4 => go::<4>(self, to, from),
            8 => go::<8>(self, to, from),
            _ => go::<16>(self, to, from),
        }
    }
}

/// Strides of the same elements under another shape, where they can be had without moving any: NumPy's rule for a
/// reshape that is a view. Sizes must agree.
pub fn reshape_strides(shape: &[usize], strides: &[isize], to: &[usize]) -> Option<Vec<isize>> {
    if shape.contains(&0) {
        return Some(c_strides(to));
    }
    let old: Vec<(usize, isize)> =
        shape.iter().copied().zip(strides.iter().copied()).filter(|(n, _)| *n != 1).collect();
    let mut new = vec![0isize; to.len()];
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < to.len() {
        // The shortest groups of axes, old and new, with equal products.
        let (mut oi, mut nj) = (i + 1, j + 1);
        let (mut op, mut np) = (old[i].0, to[j]);
        while op != np {
            if np < op {
                np *= to[nj];
                nj += 1;
            } else {
                op *= old[oi].0;
                oi += 1;
            }
        }
        if old[i..oi].windows(2).any(|w| w[0].1 != w[1].0 as isize * w[1].1) {
            return None;
        }
        new[nj - 1] = old[oi - 1].1;
        for k in (j + 1..nj).rev() {
            new[k - 1] = new[k] * to[k] as isize;
        }
        (i, j) = (oi, nj);
    }
    // What is left are axes of length 1.
    let last = if j == 0 { 1 } else { new[j - 1] };
    new[j..].iter_mut().for_each(|s| *s = last);
    Some(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_reshape(shape: &[usize], strides: &[isize], to: &[usize], want: Option<&[isize]>) {
        assert_eq!(reshape_strides(shape, strides, to).as_deref(), want, "{shape:?} {strides:?} {to:?}");
    }

    #[test]
    fn reshapes_that_are_views() {
        check_reshape(&[6], &[1], &[2, 3], Some(&[3, 1]));
        check_reshape(&[6], &[2], &[2, 3], Some(&[6, 2]));
        check_reshape(&[2, 3], &[3, 1], &[6], Some(&[1]));
        check_reshape(&[2, 3], &[1, 2], &[6], None);
        check_reshape(&[4, 3], &[6, 1], &[2, 2, 3], Some(&[12, 6, 1]));
        check_reshape(&[4, 3], &[6, 1], &[12], None);
        check_reshape(&[4, 3], &[-3, 1], &[2, 2, 3], Some(&[-6, -3, 1]));
        check_reshape(&[1, 4], &[9, 2], &[4, 1], Some(&[2, 2]));
        check_reshape(&[], &[], &[1, 1], Some(&[1, 1]));
        check_reshape(&[0, 3], &[3, 1], &[3, 0], Some(&[1, 1]));
        check_reshape(&[4], &[0], &[2, 2], Some(&[0, 0]));
    }

    #[test]
    fn gather_and_scatter() {
        let block: Vec<u8> = (0..24).collect();
        let check = |place: Place, want: &[u8]| {
            let mut got = vec![0; place.len()];
            place.gather_bytes(1, &block, &mut got);
            assert_eq!(got, want);
            let mut back = block.clone();
            place.scatter_bytes(1, &mut back, &want.iter().map(|x| x + 100).collect::<Vec<_>>());
            let mut again = vec![0; place.len()];
            place.gather_bytes(1, &back, &mut again);
            assert_eq!(again, want.iter().map(|x| x + 100).collect::<Vec<_>>());
        };
        let whole = Place::whole(&[4, 6]);
        check(whole.window(&[1, 2], &[3, 4]), &[8, 9, 14, 15]);
        let runs = [vec![Run::new(3, -2, 2)], vec![Run::range(0, 1), Run::new(5, -2, 2)]];
        check(whole.select(&runs), &[18, 23, 21, 6, 11, 9]);
        check(whole.select(&[vec![], vec![Run::range(0, 6)]]), &[]);
        check(Place::whole(&[]), &[0]);
    }
}
