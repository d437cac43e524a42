//! Sorting keys that fit a machine word: what consists of a few sorted runs is merged, everything else is sorted.

use bytemuck::Pod;

use crate::watch::go_on;

/// Keys that are sorted or merged between two looks whether to go on.
const PIECE: usize = if cfg!(test) { 8 } else { 1 << 20 };
/// Sorted runs up to which merging is faster than sorting.
const FEW: usize = 8;

/// An unsigned integer that elements are sorted by.
pub trait Key: Pod + Ord + Into<u128> + Send + Sync {
    /// Sorts keys of which nothing is known.
    fn sort_any(keys: &mut [Self]) {
        sort_pieces(keys);
    }
}

impl Key for u8 {
    fn sort_any(keys: &mut [u8]) {
        count(keys, &mut [0; 1 << 8], |at| at as u8);
    }
}

impl Key for u16 {
    fn sort_any(keys: &mut [u16]) {
        if keys.len() < 1 << 12 {
            return keys.sort_unstable();
        }
        count(keys, &mut vec![0; 1 << 16], |at| at as u16);
    }
}

impl Key for u32 {}

impl Key for u64 {
    fn sort_any(keys: &mut [u64]) {
        #[cfg(target_arch = "x86_64")]
        if super::vector::sort(keys) {
            return;
        }
        sort_pieces(keys);
    }
}

impl Key for u128 {}

/// Sorts keys by counting how often each occurs.
fn count<K: Copy + Into<u128>>(keys: &mut [K], counts: &mut [usize], key: impl Fn(usize) -> K) {
    keys.iter().for_each(|&k| counts[k.into() as usize] += 1);
    let mut rest = keys;
    for (at, &n) in counts.iter().enumerate() {
        let (now, after) = rest.split_at_mut(n);
        now.fill(key(at));
        rest = after;
    }
}

/// Sorts keys, part of a rank's share of a statement.
pub fn sort_keys<K: Key>(keys: &mut [K]) {
    match runs(keys) {
        Some(ends) => merge_runs(keys, ends),
        None => K::sort_any(keys),
    }
}

/// As `sort_keys`, of other items, no two of which are equal.
pub fn sort_items<T: Ord + Copy>(items: &mut [T]) {
    match runs(items) {
        Some(ends) => merge_runs(items, ends),
        None => sort_pieces(items),
    }
}

fn sort_pieces<T: Ord + Copy>(items: &mut [T]) {
    if items.len() <= PIECE {
        return items.sort_unstable();
    }
    let mut ends = Vec::new();
    for piece in items.chunks_mut(PIECE) {
        if !go_on() {
            return;
        }
        piece.sort_unstable();
        ends.push(ends.last().unwrap_or(&0) + piece.len());
    }
    merge_runs(items, ends);
}

/// Where the sorted runs end that items consist of, if these are few.
fn runs<T: Ord>(items: &[T]) -> Option<Vec<usize>> {
    let mut ends: Vec<usize> = Vec::new();
    for (at, pair) in items.windows(2).enumerate() {
        if pair[1] < pair[0] {
            if ends.len() + 1 == FEW {
                return None;
            }
            ends.push(at + 1);
        }
    }
    ends.push(items.len());
    Some(ends)
}

/// Merges neighbours among sorted runs, given their ends, until one is left; equal items keep their order.
fn merge_runs<T: Ord + Copy>(items: &mut [T], mut ends: Vec<usize>) {
    if ends.len() < 2 {
        return;
    }
    let mut spare = items.to_vec();
    let (mut from, mut to) = (&mut *items, &mut spare[..]);
    let mut swapped = false;
    while ends.len() > 1 {
        let mut start = 0;
        let mut merged = Vec::with_capacity(ends.len().div_ceil(2));
        for pair in ends.chunks(2) {
            let (middle, end) = (pair[0], *pair.last().unwrap_or(&start));
            merge(&from[start..middle], &from[middle..end], &mut to[start..end]);
            merged.push(end);
            start = end;
        }
        ends = merged;
        std::mem::swap(&mut from, &mut to);
        swapped = !swapped;
    }
    if swapped {
        items.copy_from_slice(&spare);
    }
}

/// Chains that are merged side by side, so that a processor has something to do while one waits for a comparison.
const CHAINS: usize = 3;

/// Two sorted runs as one; of equal items those of `a` come first.
fn merge<T: Ord + Copy>(a: &[T], b: &[T], out: &mut [T]) {
    let (mut a, mut b) = (a, b);
    for out in out.chunks_mut(PIECE) {
        if !go_on() {
            return;
        }
        let first = first_of(out.len(), a, b);
        let (now_a, later_a) = a.split_at(first);
        let (now_b, later_b) = b.split_at(out.len() - first);
        (a, b) = (later_a, later_b);
        merge_chains(now_a, now_b, out);
    }
}

/// How many of the first `n` of the merge of two runs come from `a`.
fn first_of<T: Ord>(n: usize, a: &[T], b: &[T]) -> usize {
    let (mut low, mut high) = (n.saturating_sub(b.len()), n.min(a.len()));
    while low < high {
        let i = low + (high - low) / 2;
        if a[i] <= b[n - i - 1] { low = i + 1 } else { high = i }
    }
    low
}

fn merge_chains<T: Ord + Copy>(mut a: &[T], mut b: &[T], mut out: &mut [T]) {
    let each = out.len() / CHAINS;
    let mut chains: [(&[T], &[T], &mut [T]); CHAINS] = Default::default();
    for (c, chain) in chains.iter_mut().enumerate() {
        let n = if c + 1 == CHAINS { out.len() } else { each };
        let first = first_of(n, a, b);
        let ((now_a, later_a), (now_b, later_b)) = (a.split_at(first), b.split_at(n - first));
        let (now, later) = std::mem::take(&mut out).split_at_mut(n);
        *chain = (now_a, now_b, now);
        (a, b, out) = (later_a, later_b, later);
    }
    loop {
        // So many steps cannot exhaust any run.
        let steps = chains.iter().map(|(a, b, _)| a.len().min(b.len())).min().unwrap_or(0);
        if steps < 16 {
            break;
        }
        let mut at = [(0, 0); CHAINS];
        for step in 0..steps {
            for ((a, b, out), (i, j)) in chains.iter_mut().zip(&mut at) {
                let (x, y) = (a[*i], b[*j]);
                let first = x <= y;
                out[step] = if first { x } else { y };
                *i += first as usize;
                *j += !first as usize;
            }
        }
        for ((a, b, out), (i, j)) in chains.iter_mut().zip(at) {
            (*a, *b) = (&a[i..], &b[j..]);
            *out = &mut std::mem::take(out)[steps..];
        }
    }
    for (mut a, mut b, out) in chains {
        for out in out {
            match (a, b) {
                ([x, rest @ ..], []) => (*out, a) = (*x, rest),
                ([x, rest @ ..], [y, ..]) if x <= y => (*out, a) = (*x, rest),
                (_, [y, rest @ ..]) => (*out, b) = (*y, rest),
                ([], []) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_runs_are_merged_and_the_rest_sorted() {
        for n in [0, 1, 2, 7, 8, 9, 30, 100, 1000] {
            for runs in [1, 2, 3, 4, 7, 8, 9, 50] {
                let keys: Vec<u64> = (0..n).map(|i| (i * 7919 % 257) as u64).collect();
                let mut keys = keys;
                keys.chunks_mut((n / runs).max(1)).for_each(<[u64]>::sort_unstable);
                let mut sorted = keys.clone();
                sorted.sort_unstable();
                let mut items: Vec<(u64, usize)> = keys.iter().copied().zip(0..).collect();
                sort_keys(&mut keys);
                assert_eq!(keys, sorted, "{n} keys in {runs} runs");
                sort_items(&mut items);
                assert!(items.is_sorted(), "{n} items in {runs} runs");
            }
        }
    }

    #[test]
    fn short_keys_are_counted() {
        let keys: Vec<u16> = (0..5000u32).map(|i| (i * 7919 % 65_521) as u16).collect();
        let (mut short, mut bytes): (_, Vec<u8>) = (keys.clone(), keys.iter().map(|&k| k as u8).collect());
        sort_keys(&mut short);
        sort_keys(&mut bytes);
        assert!(short.is_sorted() && bytes.is_sorted());
        assert_eq!(short.len() + bytes.len(), 10_000);
    }
}
