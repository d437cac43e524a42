//! Sorts 64-bit keys by a quicksort whose partitions and last runs work on whole registers of AVX-512.
//!
//! After Bramas, "A novel hybrid quicksort algorithm vectorized using AVX-512 on Intel Skylake" (2017), and Wassenberg
//! et al., "Vectorized and performance-portable quicksort" (2022): a register is parted by one permutation and stored
//! at both ends of the free space; at most 128 keys are sorted in sixteen registers, first each column by a network,
//! then by merging columns.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use crate::watch::go_on;

/// Keys in a register.
const LANES: usize = 8;
/// Registers that a short run is sorted in.
const ROWS: usize = 16;
const SHORT: usize = LANES * ROWS;
/// Registers that are read at a time while a run is parted.
const AHEAD: usize = 8;
const BLOCK: usize = AHEAD * LANES;
/// Blocks that are asked for before they are read.
const EARLY: usize = 4;
/// Blocks that are parted between two looks whether to go on.
const LOOK: usize = 1 << 14;

/// Sorts keys in ascending order, where the processor can; whether it could. Stops early where it is told to.
pub fn sort(keys: &mut [u64]) -> bool {
    let able = is_x86_feature_detected!("avx512f");
    if able {
        // SAFETY: the processor has AVX-512F, as just seen.
        unsafe { descend(keys, 2 * (usize::BITS - keys.len().leading_zeros())) };
    }
    able
}

/// Sorts keys; `depth` bounds how often they are parted, lest unlucky pivots make it quadratic.
#[target_feature(enable = "avx512f")]
fn descend(mut keys: &mut [u64], mut depth: u32) {
    while keys.len() > SHORT {
        if depth == 0 {
            return keys.sort_unstable();
        }
        depth -= 1;
        let pivot = pivot(keys);
        let Some(cut) = part(keys, pivot) else { return };
        if cut == 0 {
            // The pivot is the least key: those equal to it come to the front and are done.
            let Some(above) = pivot.checked_add(1) else { return };
            let Some(cut) = part(keys, above) else { return };
            keys = &mut keys[cut..];
            continue;
        }
        let (left, right) = keys.split_at_mut(cut);
        let (less, more) = if left.len() < right.len() { (left, right) } else { (right, left) };
        descend(less, depth);
        keys = more;
    }
    short(keys);
}

/// A key near the middle: the median of a sample spread over the run.
#[target_feature(enable = "avx512f")]
fn pivot(keys: &[u64]) -> u64 {
    let mut sample = [0; SHORT];
    let sample = if keys.len() < 32 * SHORT { &mut sample[..9] } else { &mut sample[..] };
    let step = keys.len() / sample.len();
    sample.iter_mut().enumerate().for_each(|(i, key)| *key = keys[i * step]);
    let middle = sample.len() / 2;
    if sample.len() == SHORT {
        short(sample)
    } else {
        sample.sort_unstable()
    }
    sample[middle]
}

/// Puts keys less than the pivot before the others; how many there are, or `None` where it was told to stop.
#[target_feature(enable = "avx512f")]
fn part(keys: &mut [u64], pivot: u64) -> Option<usize> {
    let (mut low, mut high) = (0, keys.len());
    let p = _mm512_set1_epi64(pivot.cast_signed());
    // What does not fill blocks, and the blocks at both ends, are held back, two blocks or more. The next block is read
    // on the side that has less room; then there is room for a block on either.
    let odd = keys.len() % BLOCK;
    let mut rest = [0; BLOCK];
    rest[..odd].copy_from_slice(&keys[..odd]);
    let (mut left, mut right) = (odd + BLOCK, keys.len() - BLOCK);
    let base = keys.as_mut_ptr();
    // SAFETY: a run has more than two blocks (SHORT), and `left` and `right` are whole blocks apart, so that reads are
    // within the run. Writes are within `low..left` or `right..high`, by what is held back (see above): `put` writes a
    // register at either end of the room, and has at least one register's room on either. Prefetching reads nothing.
    unsafe {
        let (head, tail) = (load(base, odd), load(base, right));
        while left < right {
            if !go_on() {
                return None;
            }
            for _ in 0..LOOK {
                for lane in (0..BLOCK).step_by(LANES) {
                    let ahead = EARLY * BLOCK + lane;
                    _mm_prefetch::<_MM_HINT_T0>(base.wrapping_add(left + ahead).cast());
                    _mm_prefetch::<_MM_HINT_T0>(base.wrapping_add(right).wrapping_sub(ahead).cast());
                }
                let block;
                if high - right <= left - low {
                    right -= BLOCK;
                    block = load(base, right);
                } else {
                    block = load(base, left);
                    left += BLOCK;
                }
                (low, high) = put(base, p, &block, low, high);
                if left == right {
                    break;
                }
            }
        }
        for &key in &rest[..odd] {
            let less = key < pivot;
            *base.add(if less { low } else { high - 1 }) = key;
            low += less as usize;
            high -= !less as usize;
        }
        // Whole registers are left, so that the last of them fits exactly.
        (low, high) = put(base, p, &head, low, high);
        Some(put(base, p, &tail, low, high).0)
    }
}

type Block = [__m512i; AHEAD];

/// # Safety
/// A block can be read there.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn load(base: *const u64, at: usize) -> Block {
    let mut block = [_mm512_setzero_si512(); AHEAD];
    for (i, v) in block.iter_mut().enumerate() {
        // SAFETY: as the caller says.
        *v = unsafe { _mm512_loadu_epi64(base.add(at + i * LANES).cast()) };
    }
    block
}

/// For each set of lanes: those not in it, then those in it.
const ORDERS: [[u8; LANES]; 1 << LANES] = {
    let mut orders = [[0; LANES]; 1 << LANES];
    let mut set = 0;
    while set < orders.len() {
        let (mut at, mut lane) = (0, 0);
        while lane < 2 * LANES {
            if (set >> (lane % LANES) & 1 == 1) == (lane >= LANES) {
                orders[set][at] = (lane % LANES) as u8;
                at += 1;
            }
            lane += 1;
        }
        set += 1;
    }
    orders
};

/// Puts the keys of a block less than `p` at `low` and the others below `high`; both ends of the room that is left.
///
/// # Safety
/// There is room for a block from `low` on and below `high`; or `low..high` is all room, whole registers.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn put(base: *mut u64, p: __m512i, block: &Block, mut low: usize, mut high: usize) -> (usize, usize) {
    for &v in block {
        let more = _mm512_cmpge_epu64_mask(v, p);
        let count = more.count_ones() as usize;
        // SAFETY: the table's rows have eight bytes; the room is as the caller says. What is written beyond the keys
        // that belong to an end is room still.
        unsafe {
            let order = _mm512_cvtepu8_epi64(_mm_loadl_epi64(ORDERS[more as usize].as_ptr().cast()));
            let v = _mm512_permutexvar_epi64(order, v);
            _mm512_storeu_epi64(base.add(low).cast(), v);
            _mm512_storeu_epi64(base.add(high - LANES).cast(), v);
        }
        low += LANES - count;
        high -= count;
    }
    (low, high)
}

type Rows = [__m512i; ROWS];

/// Sorts at most `SHORT` keys.
#[target_feature(enable = "avx512f")]
fn short(keys: &mut [u64]) {
    // Column by column, filled up with keys that stay behind all others.
    let mut flat = [u64::MAX; SHORT];
    flat[..keys.len()].copy_from_slice(keys);
    let mut rows: Rows = [_mm512_setzero_si512(); ROWS];
    for (row, keys) in rows.iter_mut().zip(flat.chunks_exact(LANES)) {
        // SAFETY: a register's keys are read.
        *row = unsafe { _mm512_loadu_epi64(keys.as_ptr().cast()) };
    }
    columns(&mut rows);
    merge::<1>(&mut rows);
    merge::<2>(&mut rows);
    merge::<4>(&mut rows);
    for (row, keys) in rows.iter().zip(flat.chunks_exact_mut(LANES)) {
        // SAFETY: a register's keys are written.
        unsafe { _mm512_storeu_epi64(keys.as_mut_ptr().cast(), *row) };
    }
    for (i, key) in keys.iter_mut().enumerate() {
        *key = flat[i % ROWS * LANES + i / ROWS];
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn exchange(rows: &mut Rows, a: usize, b: usize) {
    (rows[a], rows[b]) = (_mm512_min_epu64(rows[a], rows[b]), _mm512_max_epu64(rows[a], rows[b]));
}

/// Sorts every column, by Batcher's network of odd-even merges.
#[inline]
#[target_feature(enable = "avx512f")]
fn columns(rows: &mut Rows) {
    // A macro, because a loop over a table would not be unrolled, and the rows would not stay in registers.
    macro_rules! network { ($($a:literal $b:literal),*) => { $( exchange(rows, $a, $b); )* } }
    network!(
        0 1, 2 3, 0 2, 1 3, 1 2, 4 5, 6 7, 4 6, 5 7, 5 6, 0 4, 2 6, 2 4, 1 5, 3 7, 3 5, 1 2, 3 4, 5 6, 8 9,
        10 11, 8 10, 9 11, 9 10, 12 13, 14 15, 12 14, 13 15, 13 14, 8 12, 10 14, 10 12, 9 13, 11 15, 11 13,
        9 10, 11 12, 13 14, 0 8, 4 12, 4 8, 2 10, 6 14, 6 10, 2 4, 6 8, 10 12, 1 9, 5 13, 5 9, 3 11, 7 15,
        7 11, 3 5, 7 9, 11 13, 1 2, 3 4, 5 6, 7 8, 9 10, 11 12, 13 14
    );
}

/// Merges sorted runs of `W` columns into runs of twice as many.
#[inline]
#[target_feature(enable = "avx512f")]
fn merge<const W: usize>(rows: &mut Rows) {
    // Each key of a run meets its mirror in the next.
    let old = *rows;
    for (r, row) in rows.iter_mut().enumerate() {
        *row = across::<W>(old[r], mirror::<W>(old[ROWS - 1 - r]));
    }
    for row in rows.iter_mut() {
        if W >= 4 {
            *row = across::<2>(*row, swap::<2>(*row));
        }
        if W >= 2 {
            *row = across::<1>(*row, swap::<1>(*row));
        }
    }
    clean::<8>(rows);
    clean::<4>(rows);
    clean::<2>(rows);
    clean::<1>(rows);
}

/// Exchanges the keys of rows `D` apart where they are in the wrong order.
#[inline]
#[target_feature(enable = "avx512f")]
fn clean<const D: usize>(rows: &mut Rows) {
    for r in 0..ROWS {
        if r & D == 0 {
            exchange(rows, r, r + D);
        }
    }
}

/// The less of two keys in the columns whose number lacks the bit `W`, the greater in the others.
#[inline]
#[target_feature(enable = "avx512f")]
fn across<const W: usize>(a: __m512i, b: __m512i) -> __m512i {
    let high = match W {
        1 => 0b1010_1010,
        2 => 0b1100_1100,
        _ => 0b1111_0000,
    };
    _mm512_mask_max_epu64(_mm512_min_epu64(a, b), high, a, b)
}

/// Each group of `2 * W` columns in reverse order.
#[inline]
#[target_feature(enable = "avx512f")]
fn mirror<const W: usize>(a: __m512i) -> __m512i {
    match W {
        1 => _mm512_permutex_epi64::<0b10_11_00_01>(a),
        2 => _mm512_permutex_epi64::<0b00_01_10_11>(a),
        _ => _mm512_permutexvar_epi64(_mm512_setr_epi64(7, 6, 5, 4, 3, 2, 1, 0), a),
    }
}

/// Columns `W` apart exchanged.
#[inline]
#[target_feature(enable = "avx512f")]
fn swap<const W: usize>(a: __m512i) -> __m512i {
    match W {
        1 => _mm512_permutex_epi64::<0b10_11_00_01>(a),
        _ => _mm512_permutex_epi64::<0b01_00_11_10>(a),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_every_length_and_kind_are_sorted() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let lengths =
            [0, 1, 7, 8, 9, 127, 128, 129, 130, 191, 192, 193, 255, 256, 257, 1000, 4096, 5001, 70_003];
        for n in lengths {
            for kind in 0..7 {
                let mut key = |i: usize| match kind {
                    0 => random(),
                    1 => random() % 3,
                    2 => i as u64,
                    3 => (n - i) as u64,
                    4 => u64::MAX - random() % 2,
                    5 => u64::MAX,
                    _ => (i as u64 * 37) % 64,
                };
                let mut keys: Vec<u64> = (0..n).map(&mut key).collect();
                let mut sorted = keys.clone();
                sorted.sort_unstable();
                assert!(!sort(&mut keys) || keys == sorted, "{n} keys of kind {kind}");
            }
        }
    }
}
