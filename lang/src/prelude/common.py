# What every file of the prelude begins with.

import numpy as np


def _axis(axis, ndim, name=None):
    """An axis counted from the front; an error says whose it is, where there is a name."""
    if not -ndim <= axis < ndim:
        whose = "" if name is None else f"{name}: "
        raise np.exceptions.AxisError(f"{whose}axis {axis} is out of bounds for array of dimension {ndim}")
    return axis % ndim


def _along(axis, key):
    """The key that applies `key` to one axis, counted from the front."""
    return (slice(None),) * axis + (key,)
