# Arrays joined along new or later axes, and split.

import numpy as np


def dstack(tup):
    """Joins along the third axis, which arrays of fewer get.

    dtype: the operands' promotion
    shape: longer along axis 2
    >>> np.dstack(([1, 2], [3, 4]))
    """
    return np.concatenate([_three(np.asarray(a)) for a in tup], axis=2)


def _three(a):
    """A view with three axes, as `np.atleast_3d` has it."""
    return a.reshape(1, -1, 1) if a.ndim < 2 else a[:, :, None] if a.ndim == 2 else a


def column_stack(tup):
    """Joins 1-D arrays as columns; 2-D ones beside each other.

    dtype: the operands' promotion
    shape: longer along axis 1
    >>> np.column_stack(([1, 2], [3, 4]))
    """
    columns = [np.asarray(a) for a in tup]
    return np.concatenate([a if a.ndim >= 2 else a.reshape(-1, 1) for a in columns], axis=1)


def array_split(ary, indices_or_sections, axis=0):
    """Views of parts along an axis: of nearly equal lengths by their number, or between the indices given.

    dtype: a list of arrays
    shape: shorter along `axis`
    >>> np.array_split(np.arange(5), 2)
    """
    ary = np.asarray(ary)
    n = ary.shape[axis]
    if np.ndim(indices_or_sections) == 0:
        parts = int(indices_or_sections)
        if parts <= 0:
            raise ValueError("number sections must be larger than 0.")
        longer = n % parts
        bounds = [n // parts * i + min(i, longer) for i in range(parts + 1)]
    else:
        bounds = [0] + [_boundary(i) for i in indices_or_sections] + [n]
    before = (slice(None),) * _axis(axis, ary.ndim)
    return [ary[before + (slice(bounds[i], bounds[i + 1]),)] for i in range(len(bounds) - 1)]


def _boundary(i):
    if not isinstance(i, (int, np.integer)):
        raise TypeError("slice indices must be integers or None or have an __index__ method")
    return int(i)


def split(ary, indices_or_sections, axis=0):
    """Views of equal parts along an axis, or of those between the indices given.

    ValueError where so many equal parts cannot be.

    dtype: a list of arrays
    shape: shorter along `axis`
    >>> np.split(np.arange(6), 3)
    """
    ary = np.asarray(ary)
    if np.ndim(indices_or_sections) == 0 and ary.shape[axis] % indices_or_sections:
        raise ValueError("array split does not result in an equal division")
    return array_split(ary, indices_or_sections, axis)


def hsplit(ary, indices_or_sections):
    """`split` along axis 1; of a 1-D array along axis 0.

    dtype: a list of arrays
    shape: shorter along axis 1
    >>> np.hsplit(np.arange(8).reshape(2, 4), 2)
    """
    ary = np.asarray(ary)
    if ary.ndim == 0:
        raise ValueError("hsplit only works on arrays of 1 or more dimensions")
    return split(ary, indices_or_sections, 1 if ary.ndim > 1 else 0)


def vsplit(ary, indices_or_sections):
    """`split` along axis 0.

    dtype: a list of arrays
    shape: shorter along axis 0
    >>> np.vsplit(np.arange(8).reshape(4, 2), 2)
    """
    ary = np.asarray(ary)
    if ary.ndim < 2:
        raise ValueError("vsplit only works on arrays of 2 or more dimensions")
    return split(ary, indices_or_sections, 0)


def dsplit(ary, indices_or_sections):
    """`split` along axis 2.

    dtype: a list of arrays
    shape: shorter along axis 2
    >>> np.dsplit(np.arange(8).reshape(2, 2, 2), 2)[0].shape
    """
    ary = np.asarray(ary)
    if ary.ndim < 3:
        raise ValueError("dsplit only works on arrays of 3 or more dimensions")
    return split(ary, indices_or_sections, 2)


def unstack(x, /, *, axis=0):
    """Views of the slices along an axis, as a tuple.

    dtype: a tuple of arrays
    shape: without `axis`
    >>> np.unstack(np.array([[1, 2], [3, 4]]))
    """
    x = np.asarray(x)
    if x.ndim == 0:
        raise ValueError("Input array must be at least 1-d.")
    before = (slice(None),) * _axis(axis, x.ndim)
    return tuple([x[before + (i,)] for i in range(x.shape[axis])])


def block(arrays):
    """Joins a nested list of arrays: the innermost lists along the last axis, the next along the one before.

    dtype: the operands' promotion
    shape: what the blocks make
    >>> np.block([[np.eye(2), np.zeros((2, 1))], [np.ones((1, 3))]])
    """
    depth = _depth(arrays, [])
    ndim = max(_ndim(arrays), depth)
    joined = _joined(arrays, depth, ndim)
    return joined.copy() if depth == 0 else joined


def _place(path):
    return "arrays" + "".join([f"[{i}]" for i in path])


def _depth(arrays, path):
    """How deep the lists are nested, the same everywhere."""
    if isinstance(arrays, tuple):
        raise TypeError(
            f"{_place(path)} is a tuple. Only lists can be used to arrange blocks, and np.block does not allow "
            "implicit conversion from tuple to ndarray."
        )
    if not isinstance(arrays, list):
        return 0
    if not arrays:
        raise ValueError(f"List at {_place(path)} cannot be empty")
    depths = [_depth(a, path + [i]) for i, a in enumerate(arrays)]
    for i, d in enumerate(depths):
        if d != depths[0]:
            raise ValueError(
                f"List depths are mismatched. First element was at depth {depths[0] + len(path) + 1}, but there is an "
                f"element at depth {d + len(path) + 1} ({_place(path + [i])})"
            )
    return depths[0] + 1


def _ndim(arrays):
    return max([_ndim(a) for a in arrays]) if isinstance(arrays, list) else np.asarray(arrays).ndim


def _joined(arrays, depth, ndim):
    if depth == 0:
        a = np.asarray(arrays)
        return a.reshape((1,) * (ndim - a.ndim) + a.shape)
    return np.concatenate([_joined(a, depth - 1, ndim) for a in arrays], axis=-depth)
