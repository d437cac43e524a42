# What every file of the prelude begins with.

import numpy as np


def _axis(axis, ndim, name=None):
    """An axis counted from the front; an error says whose it is, where there is a name."""
    if not -ndim <= axis < ndim:
        whose = "" if name is None else f"{name}: "
        raise np.exceptions.AxisError(f"{whose}axis {axis} is out of bounds for array of dimension {ndim}")
    return axis % ndim


def _safely(a, dtype):
    """An array in another dtype, where all its values surely fit; TypeError else."""
    if not np.can_cast(a.dtype, dtype):
        what = "array data" if a.ndim else "scalar"
        raise TypeError(f"Cannot cast {what} from {a.dtype!r} to {np.dtype(dtype)!r} according to the rule 'safe'")
    return a.astype(dtype)


def _picked(a, axis, indices):
    """The slices of an array that indices name along an axis, in C's order: indexing may have another."""
    return np.asarray(a[_along(axis, indices)], order="C")


def _lying_as(result, a):
    """A new array in Fortran's order where `a` is in that order only, else in C's."""
    return np.asarray(result, order="F" if np.isfortran(a) else "C")


def _by_mode(indices, n, mode):
    """Indices below n as `mode` has them, `wrap` or `clip`. Those of `raise` stay: whether they are is looked at where they are used."""
    if mode == "wrap":
        return indices % max(n, 1)
    if mode == "clip":
        return np.clip(indices, 0, n - 1)
    if mode != "raise":
        raise ValueError(f"clipmode must be one of 'clip', 'raise', or 'wrap' (got '{mode}')")
    return indices


def _along(axis, key):
    """The key that applies `key` to one axis, counted from the front."""
    return (slice(None),) * axis + (key,)
