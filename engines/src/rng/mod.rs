//! Random streams, equal to NumPy's bit for bit on any number of ranks.

mod mt19937;
mod pcg64;
mod seed_sequence;

pub use mt19937::Mt19937;
pub use pcg64::Pcg64;
pub use seed_sequence::SeedSequence;

/// The state behind `np.random.default_rng(seed)`: SeedSequence and PCG64, advanced by all ranks alike.
#[derive(Clone, Debug)]
pub struct Generator {
    pub bits: Pcg64,
}

impl Generator {
    /// The generator that NumPy's `default_rng` makes of a seed, given as 32-bit words, lowest first.
    pub fn new(entropy: &[u32]) -> Generator {
        Generator { bits: Pcg64::new(&SeedSequence::new(entropy)) }
    }
}
