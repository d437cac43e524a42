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


# Chebyshev coefficients of `exp(-x) I0(x)` for x from 0 to 8, over x / 4 - 1, and of `sqrt(x) exp(-x) I0(x)` beyond 8,
# over 16 / x - 1: interpolated at 64 nodes in 60 digits from the function's power and asymptotic series.
_NEAR = [
    0.33839763720473803,
    -0.3046826723431984,
    0.17162090152220877,
    -0.09490109704804764,
    0.04930528423967071,
    -0.02373741480589947,
    0.010546460394594998,
    -0.004324309995050576,
    0.0016394756169413357,
    -0.0005763755745385824,
    0.00018850288509584165,
    -5.754195010082104e-05,
    1.6448448070728896e-05,
    -4.4167383584587505e-06,
    1.1173875391201037e-06,
    -2.670793853940612e-07,
    6.046995022541919e-08,
    -1.300025009986248e-08,
    2.6598237246823866e-09,
    -5.189795601635263e-10,
    9.675809035373237e-11,
    -1.726826291441556e-11,
    2.95505266312964e-12,
    -4.856446783111929e-13,
    7.676185498604936e-14,
    -1.1685332877993451e-14,
    1.715391285555133e-15,
    -2.431279846547955e-16,
    3.3307945188222384e-17,
    -4.4153416464793395e-18,
]
_FAR = [
    0.4022452055070544,
    0.0033691164782556943,
    6.889758346916825e-05,
    2.8913705208347567e-06,
    2.0489185894690638e-07,
    2.266668990498178e-08,
    3.3962320257083865e-09,
    4.94060238822497e-10,
    1.1889147107846439e-11,
    -3.1499165279632416e-11,
    -1.3215811840447713e-11,
    -1.7941785315068062e-12,
    7.180124451383666e-13,
    3.8527783827421426e-13,
    1.54008621752141e-14,
    -4.150569347287222e-14,
    -9.554846698828307e-15,
    3.8116806693526224e-15,
    1.7725601330565263e-15,
    -3.425485619677219e-16,
    -2.8276239805165836e-16,
    3.461222867697461e-17,
    4.46562142029676e-17,
    -4.830504485944182e-18,
    -7.233180487874754e-18,
    9.921475412173699e-19,
    1.193650890845982e-18,
]


def _chebyshev(coefficients, x):
    """Clenshaw's recurrence."""
    b, after = 0.0 * x, 0.0 * x
    for c in coefficients[:0:-1]:
        b, after = 2.0 * x * b - after + c, b
    return x * b - after + coefficients[0]


def i0(x):
    """The modified Bessel function of the first kind, of order 0.

    dtype: float64
    >>> np.i0(np.array([0.0, 1.0, 2.0])).round(12)
    """
    x = np.asarray(x)
    if x.dtype.kind == "c":
        raise TypeError("i0 not supported for complex values")
    x = np.abs(x if x.dtype.kind == "f" else x.astype(np.float64))
    near = np.exp(x) * _chebyshev(_NEAR, x / 4.0 - 1.0)
    far = np.maximum(x, 8.0)
    far = np.exp(far) * _chebyshev(_FAR, 16.0 / far - 1.0) / np.sqrt(far)
    return np.where(x <= 8.0, near, far)


def kaiser(M, beta):
    """The Kaiser window of M points: a Bessel function, the narrower the greater `beta`.

    dtype: float64
    shape: (M,)
    >>> np.kaiser(5, 14.0).round(12)
    """
    if M == 1:
        return np.ones(1, dtype=np.float64)
    n = np.arange(0, M)
    half = (M - 1) / 2.0
    return i0(beta * np.sqrt(1 - ((n - half) / half) ** 2.0)) / i0(np.float64(beta))
