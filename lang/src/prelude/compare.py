# Arrays compared as wholes, and within tolerances.

import numpy as np


def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether elements agree within tolerances: `abs(a - b) <= atol + rtol * abs(b)`.

    Infinities agree with themselves; nans only where `equal_nan` says so.

    dtype: bool
    shape: the operands', broadcast
    >>> np.isclose([1.0, 2.0], [1.0 + 1e-9, 2.1])
    """
    a, b = np.asarray(a), np.asarray(b)
    b = b.astype(np.float64) if b.dtype.kind in "biu" else b
    size = np.abs(b)
    with np.errstate(invalid="ignore"):
        close = (a == b) | (np.abs(a - b) <= atol + rtol * size) & np.isfinite(size)
    if equal_nan:
        close = close | np.isnan(a) & np.isnan(b)
    return close


def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether all elements agree within tolerances, as `isclose` has it.

    dtype: a bool
    shape: none
    >>> np.allclose([1.0, 2.0], [1.0, 2.0 + 1e-9])
    """
    return bool(np.all(isclose(a, b, rtol=rtol, atol=atol, equal_nan=equal_nan)))


def array_equal(a1, a2, equal_nan=False):
    """Whether two arrays have the same shape and elements.

    dtype: a bool
    shape: none
    >>> np.array_equal([1, 2], np.array([1, 2]))
    """
    a1, a2 = np.asarray(a1), np.asarray(a2)
    if a1.shape != a2.shape:
        return False
    same = a1 == a2
    if equal_nan:
        same = same | (a1 != a1) & (a2 != a2)
    return bool(np.all(same))


def array_equiv(a1, a2):
    """Whether two arrays have the same elements once they are broadcast.

    dtype: a bool
    shape: none
    >>> np.array_equiv([1, 2], [[1, 2], [1, 2]])
    """
    a1, a2 = np.asarray(a1), np.asarray(a2)
    for m, n in zip(a1.shape[::-1], a2.shape[::-1]):
        if m != n and m != 1 and n != 1:
            return False
    return bool(np.all(a1 == a2))
