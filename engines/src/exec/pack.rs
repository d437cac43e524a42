//! Taking a product of index runs out of a block, and putting it back: the packing of messages.

use lang::layout::Run;

/// Calls `f(start, step, len)` for each run of the last axis, over the product of `picks` in C order; positions are
/// those of a block of `shape` in C order. One element of a 0-d block.
pub fn each(shape: &[usize], picks: &[Vec<Run>], f: &mut impl FnMut(usize, isize, usize)) {
    fn descend(base: usize, shape: &[usize], picks: &[Vec<Run>], f: &mut impl FnMut(usize, isize, usize)) {
        match (shape, picks) {
            ([], _) | (_, []) => f(base, 1, 1),
            ([_], [runs]) => runs.iter().filter(|r| r.len > 0).for_each(|r| f(base + r.start, r.step, r.len)),
            ([_, inner @ ..], [runs, rest @ ..]) => {
                let stride: usize = inner.iter().product();
                for i in runs.iter().flat_map(|r| r.iter()) {
                    descend(base + i * stride, inner, rest, f);
                }
            }
        }
    }
    descend(0, shape, picks, f);
}

/// How many elements the product of `picks` has.
pub fn count(picks: &[Vec<Run>]) -> usize {
    picks.iter().map(|runs| runs.iter().map(|r| r.len).sum::<usize>()).product()
}

/// Appends the picked elements of `block` (bytes of elements of `size`) to `out`.
pub fn take(block: &[u8], size: usize, shape: &[usize], picks: &[Vec<Run>], out: &mut Vec<u8>) {
    each(shape, picks, &mut |start, step, len| {
        if step == 1 {
            out.extend_from_slice(&block[start * size..(start + len) * size]);
        } else {
            for i in (Run { start, step, len }).iter() {
                out.extend_from_slice(&block[i * size..(i + 1) * size]);
            }
        }
    });
}

/// Writes elements from the front of `from` to the picked places of `block`; returns what is left of `from`.
pub fn put<'a>(
    mut from: &'a [u8],
    block: &mut [u8],
    size: usize,
    shape: &[usize],
    picks: &[Vec<Run>],
) -> &'a [u8] {
    each(shape, picks, &mut |start, step, len| {
        let (now, rest) = from.split_at(len * size);
        from = rest;
        if step == 1 {
            block[start * size..(start + len) * size].copy_from_slice(now);
        } else {
            for (element, i) in now.chunks_exact(size).zip((Run { start, step, len }).iter()) {
                block[i * size..(i + 1) * size].copy_from_slice(element);
            }
        }
    });
    from
}
