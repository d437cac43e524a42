//! NumPy's SeedSequence: hashes a seed of any length into as many well-mixed words as a generator needs.

const POOL: usize = 4;
const INIT_A: u32 = 0x43b0_d7e5;
const MULT_A: u32 = 0x931e_8875;
const INIT_B: u32 = 0x8b51_f9dd;
const MULT_B: u32 = 0x58f3_8ded;
const MIX_L: u32 = 0xca01_f9dd;
const MIX_R: u32 = 0x4973_f715;

/// A mixed pool of entropy, and what its children are made of.
#[derive(Clone, Debug)]
pub struct SeedSequence {
    pool: [u32; POOL],
    entropy: Vec<u32>,
    /// Which child of which child it is.
    key: Vec<u32>,
    children: u32,
}

impl SeedSequence {
    /// From a seed as 32-bit words, lowest first; zero is `[0]` or nothing.
    pub fn new(entropy: &[u32]) -> SeedSequence {
        SeedSequence::child(entropy.to_vec(), Vec::new())
    }

    /// The next `n` children, whose streams are independent of each other's.
    pub fn spawn(&mut self, n: usize) -> Vec<SeedSequence> {
        (0..n)
            .map(|_| {
                let key = [&self.key[..], &[self.children]].concat();
                self.children += 1;
                SeedSequence::child(self.entropy.clone(), key)
            })
            .collect()
    }

    fn child(seed: Vec<u32>, key: Vec<u32>) -> SeedSequence {
        let mut entropy = seed.clone();
        if !key.is_empty() {
            // So that a short seed with a key is no other seed.
            entropy.resize(entropy.len().max(POOL), 0);
        }
        entropy.extend(&key);
        SeedSequence { pool: pool(&entropy), entropy: seed, key, children: 0 }
    }

    /// The first `n` 32-bit words of state.
    pub fn words(&self, n: usize) -> Vec<u32> {
        let mut constant = INIT_B;
        (0..n)
            .map(|i| {
                let mut x = self.pool[i % POOL] ^ constant;
                constant = constant.wrapping_mul(MULT_B);
                x = x.wrapping_mul(constant);
                x ^ (x >> 16)
            })
            .collect()
    }

    /// The first `N` 64-bit words of state: pairs of 32-bit words, the low half first.
    pub fn wide<const N: usize>(&self) -> [u64; N] {
        let words = self.words(2 * N);
        std::array::from_fn(|i| u64::from(words[2 * i]) | u64::from(words[2 * i + 1]) << 32)
    }
}

fn pool(entropy: &[u32]) -> [u32; POOL] {
    let mut constant = INIT_A;
    let mut hash = |value: u32| {
        let mut x = value ^ constant;
        constant = constant.wrapping_mul(MULT_A);
        x = x.wrapping_mul(constant);
        x ^ (x >> 16)
    };
    let mix = |x: u32, y: u32| {
        let r = MIX_L.wrapping_mul(x).wrapping_sub(MIX_R.wrapping_mul(y));
        r ^ (r >> 16)
    };
    let mut pool = [0; POOL];
    for (i, word) in pool.iter_mut().enumerate() {
        *word = hash(entropy.get(i).copied().unwrap_or(0));
    }
    for from in 0..POOL {
        for to in 0..POOL {
            if from != to {
                pool[to] = mix(pool[to], hash(pool[from]));
            }
        }
    }
    for &word in entropy.iter().skip(POOL) {
        for slot in &mut pool {
            *slot = mix(*slot, hash(word));
        }
    }
    pool
}
