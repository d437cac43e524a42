# Elements found among sorted ones: repeats, and interpolation.

import numpy as np


def repeat(a, repeats, axis=None):
    """Repeats each element, or each slice along an axis, so many times, as one number says or one for each.

    shape: longer along `axis`; one axis without it
    method: (repeats, axis=None)
    >>> np.repeat([1, 2], [2, 3])
    """
    a, repeats = np.asarray(a), np.asarray(repeats)
    if repeats.dtype.kind not in "biu":
        raise TypeError(
            f"Cannot cast array data from dtype('{repeats.dtype}') to dtype('int64') according to the rule 'safe'"
        )
    if axis is None:
        a, axis = a.ravel(), 0
    axis = _axis(axis, a.ndim)
    n = a.shape[axis]
    if repeats.ndim > 1:
        raise ValueError("object too deep for desired array")
    if repeats.size != n and repeats.size != 1:
        raise ValueError(f"operands could not be broadcast together with shape ({n},) ({repeats.size},)")
    if np.any(repeats < 0):
        raise ValueError("repeats may not contain negative values.")
    if repeats.size == 1:
        times = int(repeats.reshape(()))
        return _picked(a, axis, np.arange(n * times) // max(times, 1))
    ends = np.cumsum(repeats)
    return _picked(a, axis, np.searchsorted(ends, np.arange(int(ends[-1]) if n else 0), side="right"))


def interp(x, xp, fp, left=None, right=None, period=None):
    """Linear interpolation: the values at `x` of the line through the points `xp` (increasing), `fp`.

    Outside of the points `left` and `right`, by default the first and the last value; or `period` goes on.

    dtype: float64; complex128 of complex `fp`
    shape: that of `x`
    >>> np.interp([0.5, 1.5, 9.0], [0.0, 1.0, 2.0], [0.0, 10.0, 20.0])
    """
    x = np.asarray(x).astype(np.float64)
    xp = np.asarray(xp).astype(np.float64)
    fp = np.asarray(fp)
    fp = fp.astype(np.complex128 if fp.dtype.kind == "c" else np.float64)
    if period is not None:
        if period == 0:
            raise ValueError("period must be a non-zero value")
        if xp.ndim != 1 or fp.ndim != 1:
            raise ValueError("Data points must be 1-D sequences")
        if xp.shape[0] != fp.shape[0]:
            raise ValueError("fp and xp are not of the same length")
        period, left, right = abs(period), None, None
        x, xp = x % period, xp % period
        order = np.argsort(xp, stable=True)
        xp, fp = xp[order], fp[order]
        xp = np.concatenate((xp[-1:] - period, xp, xp[0:1] + period))
        fp = np.concatenate((fp[-1:], fp, fp[0:1]))
    n = xp.size
    if n == 0:
        raise ValueError("array of sample points is empty")
    if xp.ndim != 1 or fp.ndim != 1:
        raise ValueError("object too deep for desired array")
    if n != fp.size:
        raise ValueError("fp and xp are not of the same length.")
    low, high = fp[0] if left is None else left, fp[-1] if right is None else right
    if n == 1:
        inner = np.where(x == xp[0], fp[0], np.where(x < xp[0], low, high))
        return np.where(np.isnan(x), x, inner)[()]
    i = np.clip(np.searchsorted(xp, x, side="right") - 1, 0, n - 2)
    x0, x1, f0, f1 = xp[i], xp[i + 1], fp[i], fp[i + 1]
    slope = (f1 - f0) / (x1 - x0)
    result = slope * (x - x0) + f0
    # Where an infinity spoils it: from the other end, and between equals their value.
    other = slope * (x - x1) + f1
    result = np.where(np.isnan(result), np.where(np.isnan(other) & (f0 == f1), f0, other), result)
    result = np.where(x == x0, f0, np.where(x == x1, f1, result))
    result = np.where(x < xp[0], low, np.where(x > xp[-1], high, result))
    return np.where(np.isnan(x), x, result)[()]
