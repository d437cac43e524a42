//! Taking a product of index runs out of a block, and putting it back: the packing of messages.

use lang::layout::{Layout, Run};

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
/// A stretch of a rank's block, and where it lies in the flat array: every `step` elements from `flat` on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    pub flat: usize,
    pub step: isize,
    pub len: usize,
    pub local: usize,
}

/// A rank's block as stretches of the flat array (C order), by ascending place there. Stretches that continue each
/// other are one: a block of whole rows is a single segment.
pub fn segments(layout: &Layout, rank: usize) -> Vec<Segment> {
    if layout.local_size(rank) == 0 {
        return Vec::new();
    }
    let picks: Vec<Vec<Run>> = layout.owned(rank).iter().map(|set| set.runs().to_vec()).collect();
    let mut list: Vec<Segment> = Vec::new();
    let mut local = 0;
    each(&layout.shape(), &picks, &mut |flat, step, len| {
        match list.last_mut() {
            Some(last) if last.step == 1 && step == 1 && last.flat + last.len == flat => last.len += len,
            _ => list.push(Segment { flat, step, len, local }),
        }
        local += len;
    });
    list.sort_by_key(|s| s.flat.min(s.flat.wrapping_add_signed(s.step * (s.len as isize - 1))));
    list
}
