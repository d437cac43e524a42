//! Where the least or greatest element lies, along any axes of one block, and how two blocks' answers combine.

use crate::block::Block;
use crate::exec::element::{Element, typed, typed_mut};
use crate::watch::{LOOK, go_on};
use crate::with_element;

/// Whether `(a, i)` comes before `(b, j)` as the answer: a nan first, then the extreme, then the lower index.
fn better<T: Element>(max: bool, (a, i): (T, i64), (b, j): (T, i64)) -> bool {
    match (a.is_nan(), b.is_nan()) {
        (true, true) => i < j,
        (true, false) => true,
        (false, true) => false,
        _ if if max { b.less(a) } else { a.less(b) } => true,
        _ if if max { a.less(b) } else { b.less(a) } => false,
        _ => i < j,
    }
}

/// `[extreme values, their indices]`. `places[d]` has for each local index along axis `d` what it adds to the index
/// that is reported: nothing along kept axes, where the answers are one per local index.
pub fn find(block: &Block, shape: &[usize], reduced: &[bool], places: &[Vec<i64>], max: bool) -> Vec<Block> {
    with_element!(block.dtype(), T => find_typed::<T>(block, shape, reduced, places, max))
}

fn find_typed<T: Element>(
    block: &Block,
    shape: &[usize],
    reduced: &[bool],
    places: &[Vec<i64>],
    max: bool,
) -> Vec<Block> {
    let kept: usize = shape.iter().zip(reduced).filter(|(_, r)| !**r).map(|(n, _)| *n).product();
    let mut values = Block::zeros(block.dtype(), kept);
    let mut indices = vec![-1; kept];
    let best = typed_mut::<T>(&mut values);
    let mut index = vec![0; shape.len()];
    for (k, &x) in typed::<T>(block).iter().enumerate() {
        if k % LOOK == 0 && !go_on() {
            break;
        }
        let (mut out, mut place) = (0, 0);
        for (d, &i) in index.iter().enumerate() {
            place += places[d][i];
            if !reduced[d] {
                out = out * shape[d] + i;
            }
        }
        if indices[out] < 0 || better(max, (x, place), (best[out], indices[out])) {
            (best[out], indices[out]) = (x, place);
        }
        for (i, &n) in index.iter_mut().zip(shape).rev() {
            *i += 1;
            if *i < n {
                break;
            }
            *i = 0;
        }
    }
    vec![values, Block::I64(indices)]
}

/// Takes the answers of `next` where they are better.
pub fn combine(sum: &mut [Block], next: &[Block], max: bool) {
    let [values, Block::I64(indices)] = sum else {
        return;
    };
    let Block::I64(other) = &next[1] else { return };
    with_element!(values.dtype(), T => {
        let (best, new) = (typed_mut::<T>(values), typed::<T>(&next[0]));
        for (k, index) in indices.iter_mut().enumerate() {
            if better(max, (new[k], other[k]), (best[k], *index)) {
                (best[k], *index) = (new[k], other[k]);
            }
        }
    })
}
