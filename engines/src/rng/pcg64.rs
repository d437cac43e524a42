//! PCG64 (XSL-RR over a 128-bit LCG), as NumPy's default generator runs it, with jumps in logarithmic time.

use super::SeedSequence;

const MULTIPLIER: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;

/// The generator's state. `spare` is the high half of a draw whose low half has been used (32-bit draws).
#[derive(Clone, Debug, PartialEq)]
pub struct Pcg64 {
    state: u128,
    increment: u128,
    spare: Option<u32>,
}

/// Many steps of the LCG as one: `state * mult + plus`.
#[derive(Clone, Copy, Debug)]
pub struct Jump {
    mult: u128,
    plus: u128,
}

fn output(state: u128) -> u64 {
    let folded = (state >> 64) as u64 ^ state as u64;
    folded.rotate_right((state >> 122) as u32)
}

/// A draw as a number in [0, 1), with 53 bits.
pub fn unit(draw: u64) -> f64 {
    (draw >> 11) as f64 * (1.0 / 9007199254740992.0)
}

impl Pcg64 {
    pub fn new(seed: &SeedSequence) -> Pcg64 {
        let [state_high, state_low, seq_high, seq_low] = seed.wide::<4>();
        let join = |high: u64, low: u64| u128::from(high) << 64 | u128::from(low);
        let mut rng = Pcg64 { state: 0, increment: join(seq_high, seq_low) << 1 | 1, spare: None };
        rng.step();
        rng.state = rng.state.wrapping_add(join(state_high, state_low));
        rng.step();
        rng
    }

    fn step(&mut self) {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(self.increment);
    }

    pub fn next_u64(&mut self) -> u64 {
        self.step();
        output(self.state)
    }

    /// `f` of each of the next 64-bit draws. Four generators leap over each other's draws, so that no multiplication
    /// waits for the one before.
    pub fn fill<T>(&mut self, out: &mut [T], f: impl Fn(u64) -> T) {
        let (fours, rest) = out.as_chunks_mut::<4>();
        let leap = self.jump(4);
        let mut ahead = self.clone();
        let mut states = [(); 4].map(|()| {
            ahead.step();
            ahead.state
        });
        for four in &mut *fours {
            for (x, state) in four.iter_mut().zip(&mut states) {
                *x = f(output(*state));
                *state = leap.mult.wrapping_mul(*state).wrapping_add(leap.plus);
            }
        }
        self.advance(4 * fours.len() as u128);
        rest.iter_mut().for_each(|x| *x = f(self.next_u64()));
    }

    pub fn next_u32(&mut self) -> u32 {
        if let Some(high) = self.spare.take() {
            return high;
        }
        let draw = self.next_u64();
        self.spare = Some((draw >> 32) as u32);
        draw as u32
    }

    /// Uniform in [0, 1), with 53 bits.
    pub fn next_f64(&mut self) -> f64 {
        unit(self.next_u64())
    }

    /// Uniform in [0, 1), with 24 bits.
    pub fn next_f32(&mut self) -> f32 {
        (self.next_u32() >> 8) as f32 * (1.0 / 16777216.0)
    }

    /// What skips `n` 64-bit draws at once, found by squaring the LCG's step.
    pub fn jump(&self, mut n: u128) -> Jump {
        let (mut mult, mut plus) = (MULTIPLIER, self.increment);
        let mut total = Jump { mult: 1, plus: 0 };
        while n > 0 {
            if n & 1 == 1 {
                total = Jump {
                    mult: total.mult.wrapping_mul(mult),
                    plus: total.plus.wrapping_mul(mult).wrapping_add(plus),
                };
            }
            plus = mult.wrapping_add(1).wrapping_mul(plus);
            mult = mult.wrapping_mul(mult);
            n >>= 1;
        }
        total
    }

    /// Makes a jump of this generator's stream.
    pub fn take(&mut self, jump: Jump) {
        self.state = jump.mult.wrapping_mul(self.state).wrapping_add(jump.plus);
    }

    /// Skips `n` 64-bit draws, as `n` calls of `next_u64` would; modulo the period of 2**128.
    pub fn advance(&mut self, n: u128) {
        self.take(self.jump(n));
    }

    /// Skips `n` 32-bit draws.
    pub fn advance_u32(&mut self, mut n: u128) {
        if n > 0 && self.spare.take().is_some() {
            n -= 1;
        }
        self.advance(n / 2);
        if n % 2 == 1 {
            self.next_u32();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_as_numpy() {
        // draws 0, 1 and 1002 of np.random.default_rng(seed).random(1003), as bits
        #[rustfmt::skip]
        let table: &[(&[u32], [u64; 3])] = &[
            (&[0], [0x3fe461fd79fb3850, 0x3fd1442f7e20b674, 0x3fdfc2734d3191ce]),
            (&[1], [0x3fe060d7be6f245c, 0x3fee6a32d7782a55, 0x3fe68d93e5746979]),
            (&[42], [0x3fe8c43f79a2db24, 0x3fdc16959869e47e, 0x3fc0840e91e620e8]),
            (&[0, 1], [0x3fec78bd7c50b582, 0x3fe1d4132d1fc63b, 0x3fd4dcc2fce6467e]),
            (&[5, 0, 1], [0x3fe7c3daf3bc7ac0, 0x3fd9065f45e48fc4, 0x3fe9d25f2b6e3d21]),
            (&[u32::MAX; 4], [0x3fcf17ceac2907a0, 0x3fe66554db27bfca, 0x3fcf50b04c6de020]),
            (&[12345, 0, 0, 0, 0, 0, 256], [0x3fddbb31755b9fb2, 0x3fe18fcc0b428c29, 0x3fe3956bd81d6289]),
        ];
        for (seed, want) in table {
            let mut rng = Pcg64::new(&SeedSequence::new(seed));
            let first = [rng.next_f64(), rng.next_f64()];
            rng.advance(1000);
            assert_eq!([first[0], first[1], rng.next_f64()].map(f64::to_bits), *want, "{seed:?}");
        }
    }

    #[test]
    fn halves_a_draw_as_numpy() {
        // r = default_rng(42); r.random(5, dtype=np.float32); r.random(2); r.random(2, dtype=np.float32)
        let mut rng = Pcg64::new(&SeedSequence::new(&[42]));
        let first: [u32; 5] = std::array::from_fn(|_| rng.next_f32().to_bits());
        assert_eq!(first, [0x3db6c930, 0x3f4621fb, 0x3f2791ff, 0x3ee0b4ac, 0x3eddb42c]);
        let wide: [u64; 2] = std::array::from_fn(|_| rng.next_f64().to_bits());
        assert_eq!(wide, [0x3fe650d6c1c2c011, 0x3fb81c01b5339380]);
        assert_eq!([rng.next_f32().to_bits(), rng.next_f32().to_bits()], [0x3f5bcd12, 0x3f06c753]);
    }

    #[test]
    fn fills_as_it_draws() {
        for n in [0, 1, 3, 4, 5, 1027] {
            let mut one = Pcg64::new(&SeedSequence::new(&[3]));
            let mut many = one.clone();
            let want: Vec<u64> = (0..n).map(|_| one.next_u64()).collect();
            let mut got = vec![0; n];
            many.fill(&mut got, |draw| draw);
            assert_eq!((got, many), (want, one));
        }
    }

    #[test]
    fn advances_as_it_draws() {
        let start = Pcg64::new(&SeedSequence::new(&[7]));
        for n in [0, 1, 2, 3, 10, 1001] {
            let (mut stepped, mut jumped) = (start.clone(), start.clone());
            for _ in 0..n {
                stepped.next_u64();
            }
            jumped.advance(n);
            assert_eq!(stepped, jumped, "{n}");
            for first in [0, 1, 2] {
                let mut stepped = start.clone();
                for _ in 0..first {
                    stepped.next_u32();
                }
                let mut jumped = stepped.clone();
                for _ in 0..n {
                    stepped.next_u32();
                }
                jumped.advance_u32(n);
                assert_eq!(stepped, jumped, "{first} then {n}");
            }
        }
    }
}
