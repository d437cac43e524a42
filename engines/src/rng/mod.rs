//! Random streams, equal to NumPy's bit for bit on any number of ranks.

mod bounded;
mod continuous;
mod discrete;
mod hypergeometric;
mod legacy;
mod mt19937;
mod mt_jump;
pub mod pcg64;
mod seed_sequence;
mod tape;
mod ziggurat;
mod ziggurat_tables;

pub use bounded::{Pieces, interval, lemire32, lemire64, masked32, masked64};
pub use continuous::{beta, continuous, standard_gamma, standard_gamma32};
pub use discrete::{binomial, discrete};
pub use hypergeometric::hypergeometric;
pub use legacy::{
    Legacy, gamma as legacy_gamma, gauss_pair, legacy_continuous, legacy_discrete, needs_gauss,
};
pub use mt19937::Mt19937;
pub use pcg64::Pcg64;
pub use seed_sequence::SeedSequence;
pub use tape::{Draws, Halves, Narrow, Tape, Wide, Words};
pub use ziggurat::{standard_exponential, standard_exponential32, standard_normal, standard_normal32};

/// The state behind `np.random.default_rng(seed)`: SeedSequence and PCG64, advanced by all ranks alike.
#[derive(Clone, Debug)]
pub struct Generator {
    pub bits: Pcg64,
    pub seed: SeedSequence,
}

impl Generator {
    /// The generator that NumPy's `default_rng` makes of a seed, given as 32-bit words, lowest first.
    pub fn new(entropy: &[u32]) -> Generator {
        Generator::of(SeedSequence::new(entropy))
    }

    fn of(seed: SeedSequence) -> Generator {
        Generator { bits: Pcg64::new(&seed), seed }
    }

    /// The next `n` independent generators, as `Generator.spawn(n)` gives them.
    pub fn spawn(&mut self, n: usize) -> Vec<Generator> {
        self.seed.spawn(n).into_iter().map(Generator::of).collect()
    }
}
