//! Brings a few values of an array to all ranks.

use lang::error::Result;
use lang::layout::{IndexSet, Layout};
use lang::scalar::Scalar;

use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::elementwise::force::force;

/// Of the asked indices along each axis: their places in the question, and their positions in what is held.
fn known(held: &[IndexSet], asked: &[Vec<usize>]) -> Vec<Vec<(usize, usize)>> {
    let along = |(held, asked): (&IndexSet, &Vec<usize>)| {
        asked.iter().enumerate().filter_map(|(k, &i)| held.position(i).map(|at| (k, at))).collect()
    };
    held.iter().zip(asked).map(along).collect()
}

/// Calls `f` with each element of the product of the lists.
fn product(lists: &[Vec<(usize, usize)>], f: &mut impl FnMut(&[(usize, usize)])) {
    fn go(
        lists: &[Vec<(usize, usize)>],
        head: &mut Vec<(usize, usize)>,
        f: &mut impl FnMut(&[(usize, usize)]),
    ) {
        match lists.split_first() {
            None => f(head),
            Some((first, rest)) => {
                for item in first {
                    head.push(*item);
                    go(rest, head, f);
                    head.pop();
                }
            }
        }
    }
    go(lists, &mut Vec::new(), f);
}

/// What rank `rank` knows of the question, by axis; `None` when it holds nothing.
fn part(layout: &Layout, rank: usize, asked: &[Vec<usize>]) -> Option<Vec<Vec<(usize, usize)>>> {
    (layout.local_size(rank) > 0).then(|| known(&layout.owned(rank), asked))
}

/// The values at the product of `asked` indices, in C order, on all ranks. Collective.
///
/// # Errors
/// MemoryError, on all ranks, when a pending array cannot be computed.
pub fn fetch(ctx: &mut Ctx, array: &Array, asked: &[Vec<usize>]) -> Result<Vec<Scalar>> {
    force(ctx, array)?;
    let (me, layout, dtype) = (ctx.comm.rank(), array.layout().clone(), array.dtype());
    let size = dtype.itemsize();
    let mut mine: Vec<u8> = Vec::new();
    if let Some(part) = part(&layout, me, asked) {
        let view = array.view().expect("it was forced");
        let place = view.place(me);
        let block = view.storage.block.borrow();
        product(&part, &mut |at| {
            let offset =
                place.offset + place.axes.iter().zip(at).map(|(axis, (_, k))| axis.at(*k)).sum::<isize>();
            let start = offset as usize * size;
            mine.extend(&block.bytes()[start..start + size]);
        });
    }
    if layout.everywhere {
        return Ok(mine.chunks_exact(size).map(|bytes| Scalar::read(dtype, bytes)).collect());
    }
    let total = asked.iter().map(Vec::len).product();
    let mut values = vec![Scalar::zero(dtype); total];
    for (rank, bytes) in ctx.comm.allgather(&mine).iter().enumerate() {
        let Some(part) = part(&layout, rank, asked) else {
            continue;
        };
        let mut bytes = bytes.chunks_exact(size);
        product(&part, &mut |at| {
            let linear = at.iter().zip(asked).fold(0, |n, ((k, _), list)| n * list.len() + k);
            if let Some(bytes) = bytes.next() {
                values[linear] = Scalar::read(dtype, bytes);
            }
        });
    }
    Ok(values)
}
