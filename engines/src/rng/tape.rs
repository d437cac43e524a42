//! Random words to draw from, and tapes: streams of them that know their place and can skip.

use super::{Mt19937, Pcg64};

/// 64 random bits at a time.
pub trait Wide {
    fn next_u64(&mut self) -> u64;
    /// Uniform in [0, 1), with 53 bits.
    fn next_f64(&mut self) -> f64;
}

/// 32 random bits at a time.
pub trait Narrow {
    fn next_u32(&mut self) -> u32;
    /// Uniform in [0, 1), with 24 bits.
    fn next_f32(&mut self) -> f32 {
        (self.next_u32() >> 8) as f32 * (1.0 / 16777216.0)
    }
}

/// A stream that counts the units that were taken from it, and skips units.
pub trait Tape: Clone {
    fn at(&self) -> u64;
    fn skip(&mut self, units: u64);
}

impl Wide for Pcg64 {
    fn next_u64(&mut self) -> u64 {
        Pcg64::next_u64(self)
    }
    fn next_f64(&mut self) -> f64 {
        Pcg64::next_f64(self)
    }
}

impl Narrow for Pcg64 {
    fn next_u32(&mut self) -> u32 {
        Pcg64::next_u32(self)
    }
}

impl Wide for Mt19937 {
    fn next_u64(&mut self) -> u64 {
        Mt19937::next_u64(self)
    }
    fn next_f64(&mut self) -> f64 {
        Mt19937::next_f64(self)
    }
}

impl Narrow for Mt19937 {
    fn next_u32(&mut self) -> u32 {
        Mt19937::next_u32(self)
    }
}

/// PCG64 by draws of 64 bits.
#[derive(Clone)]
pub struct Draws {
    bits: Pcg64,
    at: u64,
}

impl Draws {
    pub fn new(bits: &Pcg64) -> Draws {
        Draws { bits: bits.clone(), at: 0 }
    }
}

impl Wide for Draws {
    #[inline]
    fn next_u64(&mut self) -> u64 {
        self.at += 1;
        self.bits.next_u64()
    }
    #[inline]
    fn next_f64(&mut self) -> f64 {
        self.at += 1;
        self.bits.next_f64()
    }
}

impl Tape for Draws {
    fn at(&self) -> u64 {
        self.at
    }
    fn skip(&mut self, units: u64) {
        self.at += units;
        self.bits.advance(units.into());
    }
}

/// PCG64 by halves of draws, as NumPy's 32-bit draws take them.
#[derive(Clone)]
pub struct Halves {
    bits: Pcg64,
    at: u64,
}

impl Halves {
    pub fn new(bits: &Pcg64) -> Halves {
        Halves { bits: bits.clone(), at: 0 }
    }
}

impl Narrow for Halves {
    #[inline]
    fn next_u32(&mut self) -> u32 {
        self.at += 1;
        self.bits.next_u32()
    }
}

impl Tape for Halves {
    fn at(&self) -> u64 {
        self.at
    }
    fn skip(&mut self, units: u64) {
        self.at += units;
        self.bits.advance_u32(units.into());
    }
}

/// The Mersenne Twister by its words of 32 bits.
#[derive(Clone)]
pub struct Words {
    bits: Mt19937,
    at: u64,
}

impl Words {
    pub fn new(bits: &Mt19937) -> Words {
        Words { bits: bits.clone(), at: 0 }
    }
}

impl Wide for Words {
    #[inline]
    fn next_u64(&mut self) -> u64 {
        self.at += 2;
        self.bits.next_u64()
    }
    #[inline]
    fn next_f64(&mut self) -> f64 {
        self.at += 2;
        self.bits.next_f64()
    }
}

impl Narrow for Words {
    #[inline]
    fn next_u32(&mut self) -> u32 {
        self.at += 1;
        self.bits.next_u32()
    }
}

impl Tape for Words {
    fn at(&self) -> u64 {
        self.at
    }
    fn skip(&mut self, units: u64) {
        self.at += units;
        self.bits.advance(units);
    }
}
