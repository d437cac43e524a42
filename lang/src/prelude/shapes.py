# Axes added, removed and moved: views.

import numpy as np


def _axes(axis, ndim):
    """Each of some axes, counted from the front; none twice."""
    axes = [_axis(k, ndim) for k in (axis if isinstance(axis, (tuple, list)) else (axis,))]
    for i, k in enumerate(axes):
        if k in axes[:i]:
            raise ValueError("repeated axis")
    return axes


def expand_dims(a, axis):
    """A view with new axes of length 1 at the positions `axis` of the result.

    shape: the operand's, with 1 at `axis`
    >>> np.expand_dims(np.arange(3), 0).shape
    """
    a = np.asarray(a)
    new = _axes(axis, a.ndim + (len(axis) if isinstance(axis, (tuple, list)) else 1))
    return a[tuple([None if k in new else slice(None) for k in range(a.ndim + len(new))])]


def squeeze(a, axis=None):
    """A view without the axes of length 1, or without those that are given.

    ValueError where a given axis is longer.

    shape: the operand's, without some of length 1
    method: (axis=None)
    >>> np.squeeze(np.ones((1, 3, 1))).shape
    """
    a = np.asarray(a)
    if axis is None:
        gone = [k for k, n in enumerate(a.shape) if n == 1]
    elif a.ndim == 0 and axis in (0, -1):
        gone = []
    else:
        gone = [_axis(k, a.ndim) for k in (axis if isinstance(axis, tuple) else (axis,))]
        for i, k in enumerate(gone):
            if k in gone[:i]:
                raise ValueError("duplicate value in 'axis'")
            if a.shape[k] != 1:
                raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    return a[tuple([0 if k in gone else slice(None) for k in range(a.ndim)] + [...])]


def swapaxes(a, axis1, axis2):
    """A view with two axes exchanged.

    shape: the operand's, two extents exchanged
    method: (axis1, axis2, /)
    >>> np.swapaxes(np.zeros((2, 3, 4)), 0, 2).shape
    """
    a = np.asarray(a)
    order = list(range(a.ndim))
    i, j = _axis(axis1, a.ndim, "axis1"), _axis(axis2, a.ndim, "axis2")
    order[i], order[j] = j, i
    return a.transpose(tuple(order))


def moveaxis(a, source, destination):
    """A view with axes at other positions; the rest stay in their order.

    shape: permuted
    >>> np.moveaxis(np.zeros((2, 3, 4)), 0, -1).shape
    """
    a = np.asarray(a)
    source = source if isinstance(source, (tuple, list)) else (source,)
    destination = destination if isinstance(destination, (tuple, list)) else (destination,)
    source = _moved(source, a.ndim, "source")
    destination = _moved(destination, a.ndim, "destination")
    if len(source) != len(destination):
        raise ValueError("`source` and `destination` arguments must have the same number of elements")
    order = [k for k in range(a.ndim) if k not in source]
    for to, k in sorted(zip(destination, source)):
        order.insert(to, k)
    return a.transpose(tuple(order))


def _moved(axes, ndim, name):
    axes = [_axis(k, ndim, name) for k in axes]
    if len(axes) > len([k for k in range(ndim) if k in axes]):
        raise ValueError(f"repeated axis in `{name}` argument")
    return axes


def rollaxis(a, axis, start=0):
    """A view with one axis moved to before another; `moveaxis` is easier to read.

    shape: permuted
    >>> np.rollaxis(np.zeros((2, 3, 4)), 2).shape
    """
    a = np.asarray(a)
    n = a.ndim
    axis = _axis(axis, n)
    if not -n <= start <= n:
        raise np.exceptions.AxisError(f"'start' arg requires {-n} <= start < {n + 1}, but {start} was passed in")
    start = start + n if start < 0 else start
    order = [k for k in range(n) if k != axis]
    order.insert(start - 1 if axis < start else start, axis)
    return a.transpose(tuple(order))


def matrix_transpose(x, /):
    """A view with the last two axes exchanged.

    shape: the last two extents exchanged
    >>> np.matrix_transpose(np.zeros((2, 3, 4))).shape
    """
    x = np.asarray(x)
    if x.ndim < 2:
        raise ValueError(f"Input array must be at least 2-dimensional, but it is {x.ndim}")
    return swapaxes(x, -1, -2)


def rot90(m, k=1, axes=(0, 1)):
    """Turns in the plane of two axes by 90 degrees, `k` times: a view.

    The sense is from the first towards the second axis.

    shape: the extents of `axes` exchanged for odd `k`
    >>> np.rot90(np.array([[1, 2], [3, 4]]))
    """
    m = np.asarray(m)
    if len(axes) != 2:
        raise ValueError("len(axes) must be 2.")
    i, j = axes
    if i == j or abs(i - j) == m.ndim:
        raise ValueError("Axes must be different.")
    if not (-m.ndim <= i < m.ndim and -m.ndim <= j < m.ndim):
        raise ValueError(f"Axes={tuple(axes)} out of range for array of ndim={m.ndim}.")
    k = k % 4
    if k == 0:
        return m[:]
    if k == 2:
        return flip(m, (i, j))
    return swapaxes(flip(m, j), i, j) if k == 1 else flip(swapaxes(m, i, j), j)


def flip(m, axis=None):
    """A view with the elements in reverse order along axes, all by default.

    >>> np.flip(np.arange(4))
    """
    m = np.asarray(m)
    axes = range(m.ndim) if axis is None else _axes(axis, m.ndim)
    return m[tuple([slice(None, None, -1) if k in axes else slice(None) for k in range(m.ndim)])]


def fliplr(m):
    """A view with the columns (axis 1) in reverse order.

    >>> np.fliplr(np.array([[1, 2], [3, 4]]))
    """
    m = np.asarray(m)
    if m.ndim < 2:
        raise ValueError("Input must be >= 2-d.")
    return m[:, ::-1]


def flipud(m):
    """A view with the rows (axis 0) in reverse order.

    >>> np.flipud(np.array([[1, 2], [3, 4]]))
    """
    m = np.asarray(m)
    if m.ndim < 1:
        raise ValueError("Input must be >= 1-d.")
    return m[::-1, ...]
