//! Random integers in a range: Lemire's multiplication (2019) for Generator, masks and rejection for the legacy functions.

use super::tape::{Narrow, Tape, Wide};

/// Uniform in 0..=`top`; `top` is neither 0 nor the greatest u32.
#[inline]
pub fn lemire32(bits: &mut impl Narrow, top: u32) -> u32 {
    let count = top + 1;
    let mut product = u64::from(bits.next_u32()) * u64::from(count);
    if (product as u32) < count {
        let threshold = (u32::MAX - top) % count;
        while (product as u32) < threshold {
            product = u64::from(bits.next_u32()) * u64::from(count);
        }
    }
    (product >> 32) as u32
}

/// Uniform in 0..=`top`; `top` is not the greatest u64.
#[inline]
pub fn lemire64(bits: &mut impl Wide, top: u64) -> u64 {
    let count = top + 1;
    let mut product = u128::from(bits.next_u64()) * u128::from(count);
    if (product as u64) < count {
        let threshold = (u64::MAX - top) % count;
        while (product as u64) < threshold {
            product = u128::from(bits.next_u64()) * u128::from(count);
        }
    }
    (product >> 64) as u64
}

/// The smallest number of ones that covers `top`.
fn mask(top: u64) -> u64 {
    u64::MAX.checked_shr(top.leading_zeros()).unwrap_or(0)
}

/// Uniform in 0..=`top`, by rejection.
#[inline]
pub fn masked32(bits: &mut impl Narrow, top: u32) -> u32 {
    let mask = mask(top.into()) as u32;
    loop {
        let value = bits.next_u32() & mask;
        if value <= top {
            return value;
        }
    }
}

/// As `masked32`, of 64 bits.
#[inline]
pub fn masked64(bits: &mut impl Wide, top: u64) -> u64 {
    let mask = mask(top);
    loop {
        let value = bits.next_u64() & mask;
        if value <= top {
            return value;
        }
    }
}

/// Uniform in 0..=`top` as NumPy's shuffles draw it: by rejection, of 32 bits where they suffice.
#[inline]
pub fn interval(bits: &mut (impl Narrow + Wide), top: u64) -> u64 {
    match u32::try_from(top) {
        Ok(0) => 0,
        Ok(top) => masked32(bits, top).into(),
        Err(_) => masked64(bits, top),
    }
}

/// Words cut into pieces of 1, 8 or 16 bits, lowest first. What is left of the last word at the end is lost.
#[derive(Clone)]
pub struct Pieces<N> {
    words: N,
    width: u32,
    buffer: u32,
    left: u32,
    at: u64,
}

impl<N: Narrow> Pieces<N> {
    pub fn new(words: N, width: u32) -> Pieces<N> {
        Pieces { words, width, buffer: 0, left: 0, at: 0 }
    }

    /// The next piece.
    #[inline]
    pub fn piece(&mut self) -> u32 {
        if self.left == 0 {
            self.buffer = self.words.next_u32();
            self.left = 32 / self.width;
        }
        let piece = self.buffer & ((1 << self.width) - 1);
        self.buffer >>= self.width;
        self.left -= 1;
        self.at += 1;
        piece
    }

    /// Uniform in 0..=`top`, by Lemire's method within a piece.
    #[inline]
    pub fn lemire(&mut self, top: u32) -> u32 {
        let all = (1 << self.width) - 1;
        if top == all {
            return self.piece();
        }
        let count = top + 1;
        let mut product = self.piece() * count;
        if product & all < count {
            let threshold = (all - top) % count;
            while product & all < threshold {
                product = self.piece() * count;
            }
        }
        product >> self.width
    }

    /// Uniform in 0..=`top`, by rejection.
    #[inline]
    pub fn masked(&mut self, top: u32) -> u32 {
        let mask = mask(top.into()) as u32;
        loop {
            let value = self.piece() & mask;
            if value <= top {
                return value;
            }
        }
    }

    /// The words that `pieces` pieces took.
    pub fn words_of(&self, pieces: u64) -> u64 {
        pieces.div_ceil(u64::from(32 / self.width))
    }

    pub fn into_words(self) -> N {
        self.words
    }
}

impl<N: Narrow + Tape> Tape for Pieces<N> {
    fn at(&self) -> u64 {
        self.at
    }

    fn skip(&mut self, units: u64) {
        let per = u64::from(32 / self.width);
        let held = units.min(u64::from(self.left));
        for _ in 0..held {
            self.piece();
        }
        let rest = units - held;
        self.words.skip(rest / per);
        self.at += rest - rest % per;
        for _ in 0..rest % per {
            self.piece();
        }
    }
}
