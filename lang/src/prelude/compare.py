# Arrays compared within tolerances.

import numpy as np


def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether elements agree within tolerances: `abs(a - b) <= atol + rtol * abs(b)`.

    Infinities agree with themselves; nans only where `equal_nan` says so.

    dtype: bool
    shape: the operands', broadcast
    >>> np.isclose([1.0, 2.0], [1.0 + 1e-9, 2.1])
    """
    a, b = np.asarray(a), np.asarray(b)
    exact = b.dtype.kind in "biu"
    size = np.abs(b.astype(np.float64) if exact else b)
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
