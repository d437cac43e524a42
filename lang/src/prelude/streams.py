# Random streams by NumPy's classes, and a legacy function; the first parameter is the RandomState, None for the module's.

import numpy as np


class _BitGenerator:
    def __init__(self, seed):
        self._rng = np.random.default_rng(seed)


def PCG64(state, seed=None):
    """The stream of bits of a seed, for `Generator`.

    dtype: a stream
    shape: none
    >>> np.random.Generator(np.random.PCG64(42)).integers(10, size=3)
    """
    return _BitGenerator(seed)


def Generator(state, bit_generator):
    """The generator that draws from a stream of bits; `default_rng(seed)` is that of `PCG64(seed)`.

    dtype: a generator
    shape: none
    >>> np.random.Generator(np.random.PCG64(42)).random()
    """
    if not isinstance(bit_generator, _BitGenerator):
        raise AttributeError(f"'{type(bit_generator).__name__}' object has no attribute 'capsule'")
    return bit_generator._rng


def random_integers(state, low, high=None, size=None):
    """Integers from `low` to `high`, both included; from 1 without `high`. NumPy's older name of `randint`.

    dtype: int64
    shape: `size`
    >>> np.random.seed(0); np.random.random_integers(6, size=4)
    """
    draws = np.random if state is None else state
    if high is None:
        low, high = 1, low
    return draws.randint(low, int(high) + 1, size=size)
