# Windows for spectra, and the functions that they need.

import numpy as np


def _window(M, rule):
    if M < 1:
        return np.array([], dtype=np.float64)
    if M == 1:
        return np.ones(1, dtype=np.float64)
    return rule(np.arange(1 - M, M, 2) + 0.0)


def hanning(M):
    """The Hann window of M points: a raised cosine.

    dtype: float64
    shape: (M,)
    >>> np.hanning(5)
    """
    return _window(M, lambda n: 0.5 + 0.5 * np.cos(np.pi * n / (M - 1)))


def hamming(M):
    """The Hamming window of M points: a raised cosine on a pedestal.

    dtype: float64
    shape: (M,)
    >>> np.hamming(5)
    """
    return _window(M, lambda n: 0.54 + 0.46 * np.cos(np.pi * n / (M - 1)))


def blackman(M):
    """The Blackman window of M points: three cosine terms.

    dtype: float64
    shape: (M,)
    >>> np.blackman(5).round(12)
    """
    return _window(M, lambda n: 0.42 + 0.5 * np.cos(np.pi * n / (M - 1)) + 0.08 * np.cos(2.0 * np.pi * n / (M - 1)))


def bartlett(M):
    """The Bartlett window of M points: a triangle.

    dtype: float64
    shape: (M,)
    >>> np.bartlett(5)
    """
    return _window(M, lambda n: np.where(n <= 0, 1 + n / (M - 1), 1 - n / (M - 1)))


def sinc(x):
    """`sin(pi x) / (pi x)`, and 1 at 0.

    dtype: float64 of integers, else the operand's
    >>> np.sinc(np.array([0.0, 0.5, 1.0])).round(6)
    """
    x = np.asarray(x)
    x = x if x.dtype.kind in "fc" else x.astype(np.float64)
    y = np.pi * np.where(x == 0, np.asarray(1.0e-20, x.dtype), x)
    return (np.sin(y) / y).astype(x.dtype)[()]
