//! The Mersenne Twister MT19937, as NumPy's legacy functions (`np.random.seed`, `rand`) run it.
//!
//! It skips by stepping where that is cheap (about 1 ns a word), and jumps by polynomials over more (a few ms).

use std::fmt;

const N: usize = 624;
const M: usize = 397;
/// Over more words, a jump is cheaper than steps.
const FAR: u64 = 4_000_000;

/// The generator's state: the last `N` words of the recurrence, and how many of them have been handed out.
#[derive(Clone, PartialEq)]
pub struct Mt19937 {
    words: Box<[u32; N]>,
    used: usize,
}

impl fmt::Debug for Mt19937 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mt19937 {{ used: {} }}", self.used)
    }
}

impl Mt19937 {
    /// `np.random.seed(seed)`.
    pub fn new(seed: u32) -> Mt19937 {
        let mut words = Box::new([0; N]);
        let mut x = seed;
        for (i, word) in words.iter_mut().enumerate() {
            *word = x;
            x = 1_812_433_253u32.wrapping_mul(x ^ (x >> 30)).wrapping_add(i as u32 + 1);
        }
        Mt19937 { words, used: N }
    }

    /// `np.random.seed([...])`; the key must not be empty.
    pub fn from_key(key: &[u32]) -> Mt19937 {
        let mut rng = Mt19937::new(19_650_218);
        let words = &mut rng.words;
        let mut i = 1;
        for k in 0..N.max(key.len()) {
            let j = k % key.len();
            let mixed = (words[i - 1] ^ (words[i - 1] >> 30)).wrapping_mul(1_664_525);
            words[i] = (words[i] ^ mixed).wrapping_add(key[j]).wrapping_add(j as u32);
            i = wrap(words, i);
        }
        for _ in 0..N - 1 {
            let mixed = (words[i - 1] ^ (words[i - 1] >> 30)).wrapping_mul(1_566_083_941);
            words[i] = (words[i] ^ mixed).wrapping_sub(i as u32);
            i = wrap(words, i);
        }
        words[0] = 0x8000_0000;
        rng
    }

    fn refill(&mut self) {
        let words = &mut self.words;
        let twist = |high: u32, low: u32, far: u32| {
            let x = (high & 0x8000_0000) | (low & 0x7fff_ffff);
            far ^ (x >> 1) ^ (x & 1).wrapping_neg() & 0x9908_b0df
        };
        for i in 0..N - M {
            words[i] = twist(words[i], words[i + 1], words[i + M]);
        }
        for i in N - M..N - 1 {
            words[i] = twist(words[i], words[i + 1], words[i + M - N]);
        }
        words[N - 1] = twist(words[N - 1], words[0], words[M - 1]);
        self.used = 0;
    }

    pub fn next_u32(&mut self) -> u32 {
        if self.used == N {
            self.refill();
        }
        let mut x = self.words[self.used];
        self.used += 1;
        x ^= x >> 11;
        x ^= (x << 7) & 0x9d2c_5680;
        x ^= (x << 15) & 0xefc6_0000;
        x ^ (x >> 18)
    }

    /// Uniform in [0, 1), with 53 bits, of two draws.
    pub fn next_f64(&mut self) -> f64 {
        let (a, b) = (self.next_u32() >> 5, self.next_u32() >> 6);
        (f64::from(a) * 67_108_864.0 + f64::from(b)) / 9_007_199_254_740_992.0
    }

    /// Two 32-bit draws, the high half first.
    pub fn next_u64(&mut self) -> u64 {
        let high = self.next_u32();
        u64::from(high) << 32 | u64::from(self.next_u32())
    }

    /// Skips `n` 32-bit draws.
    pub fn advance(&mut self, mut n: u64) {
        if n > FAR {
            n -= (N - self.used) as u64;
            // From here on all words are the recurrence's own: the low bits of a seed's first word are not.
            self.refill();
            let blocks = (n - 1) / N as u64;
            self.jump(blocks * N as u64);
            n -= blocks * N as u64;
        }
        while n > (N - self.used) as u64 {
            n -= (N - self.used) as u64;
            self.refill();
        }
        self.used += n as usize;
    }

    /// Takes the window of words `n` steps on.
    fn jump(&mut self, n: u64) {
        // The words that the polynomial may combine.
        let mut ahead = self.clone();
        let mut words: Vec<u32> = ahead.words.to_vec();
        while words.len() < super::mt_jump::DEGREE + N {
            ahead.refill();
            words.extend_from_slice(&ahead.words[..]);
        }
        let mut sum = Box::new([0; N]);
        for j in super::mt_jump::power(n) {
            sum.iter_mut().zip(&words[j..j + N]).for_each(|(s, w)| *s ^= w);
        }
        self.words = sum;
    }

    /// The words of the state and how many of them have been used: NumPy's `key` and `pos`.
    pub fn state(&self) -> (&[u32], usize) {
        (&self.words[..], self.used)
    }

    /// The generator of that state; None where it is none.
    pub fn from_state(key: &[u32], used: usize) -> Option<Mt19937> {
        let words: [u32; N] = key.try_into().ok()?;
        (used <= N).then(|| Mt19937 { words: Box::new(words), used })
    }
}

/// The next place in the key schedule, which walks 1..N and carries the last word over the end.
fn wrap(words: &mut [u32; N], i: usize) -> usize {
    if i + 1 < N {
        return i + 1;
    }
    words[0] = words[N - 1];
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_as_numpy() {
        // np.random.seed(seed); draws 0, 1 and 1002 of np.random.rand(1003), as bits
        let long: Vec<u32> = (0..700).collect();
        let table = [
            (Mt19937::new(0), [0x3fe18fe1565f12a8, 0x3fe6e2d4cf608733, 0x3fde73efb7725bf4]),
            (Mt19937::new(1), [0x3fdab07d0ffa3c06, 0x3fe70ce5f3baf051, 0x3fe80dfd59aff75e]),
            (Mt19937::new(42), [0x3fd7f8771e5f51ec, 0x3fee6c4068bbd654, 0x3febef2c1b089805]),
            (Mt19937::new(u32::MAX), [0x3fb8fe69a3924820, 0x3fed323d824032b1, 0x3fd492009e4a168e]),
            (Mt19937::from_key(&[0]), [0x3feb0580f98a7dbe, 0x3fe84129978f9c1a, 0x3fe8ea6fbd07c801]),
            (Mt19937::from_key(&[1, 2, 3]), [0x3fe383fbc97230c2, 0x3fec5fd27a5da181, 0x3fef0dbf9de16199]),
            (Mt19937::from_key(&long), [0x3febc5d2d9c885ae, 0x3fed46ba8b5b281d, 0x3fe5d9aae4b4655c]),
        ];
        for (mut rng, want) in table {
            let first = [rng.next_f64(), rng.next_f64()];
            rng.advance(2000);
            assert_eq!([first[0], first[1], rng.next_f64()].map(f64::to_bits), want);
        }
    }

    #[test]
    fn advances_as_it_draws() {
        let start = Mt19937::new(5);
        for n in [0, 1, 623, 624, 625, 1248, 5000] {
            let (mut stepped, mut jumped) = (start.clone(), start.clone());
            for _ in 0..n {
                stepped.next_u32();
            }
            jumped.advance(n);
            assert_eq!(stepped.next_u32(), jumped.next_u32(), "{n}");
        }
    }

    #[test]
    fn jumps_as_it_steps() {
        for (n, used) in [(FAR + 1, 0), (FAR + 700, 5), (2 * FAR + 623, 624), (FAR + 625 * 624, 1000)] {
            let mut start = Mt19937::new(99);
            start.advance(used);
            let mut jumped = start.clone();
            jumped.advance(n);
            let mut stepped = start;
            stepped.advance(n / 2);
            stepped.advance(n - n / 2);
            assert!(stepped.state() == jumped.state(), "{n} from {used}");
        }
    }
}
