# Elements rolled, repeated, padded, inserted and removed along axes.

import numpy as np


def roll(a, shift, axis=None):
    """Moves the elements along axes; those that leave at one end come in at the other.

    Without `axis` in C order. Of a distributed axis what crosses the bounds of blocks moves to its new owners.

    >>> np.roll(np.arange(5), 2)
    """
    a = np.asarray(a)
    if axis is None:
        return _rolled(a.ravel(), shift if not isinstance(shift, (tuple, list)) else sum(shift), 0).reshape(a.shape)
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    shifts = shift if isinstance(shift, (tuple, list)) else (shift,)
    if len(axes) != len(shifts) and len(axes) != 1 and len(shifts) != 1:
        raise ValueError("'shift' and 'axis' should be scalars or 1D sequences")
    axes = [_axis(k, a.ndim) for k in axes]
    total = [0] * a.ndim
    for i in range(max(len(axes), len(shifts))):
        total[axes[i if len(axes) > 1 else 0]] += shifts[i if len(shifts) > 1 else 0]
    if not axes or not shifts:
        return a.copy()
    result = a
    for k, by in enumerate(total):
        if k == 0 or by:
            result = _rolled(result, by, k)
    return result


def _rolled(a, shift, axis):
    n = a.shape[axis]
    by = shift % n if n else 0
    if by == 0:
        return a.copy()
    return np.concatenate((a[_along(axis, slice(n - by, None))], a[_along(axis, slice(None, n - by))]), axis=axis)


def tile(A, reps):
    """Repeats the array `reps` times along each axis.

    shape: the extents times `reps`
    >>> np.tile(np.array([1, 2]), (2, 2))
    """
    reps = tuple(reps) if isinstance(reps, (tuple, list)) else (reps,)
    a = np.array(A, order="C")
    for k in range(len(reps) - a.ndim):
        a = a[None]
    reps = (1,) * (a.ndim - len(reps)) + reps
    for k, n in enumerate(reps):
        if n != 1:
            if n < 0:
                raise ValueError("negative dimensions are not allowed")
            a = _picked(a, k, np.arange(a.shape[k] * n) % max(a.shape[k], 1))
    return a


def append(arr, values, axis=None):
    """A new array with values after the last; both are raveled without `axis`.

    dtype: the operands' promotion
    shape: longer along `axis`
    >>> np.append([1, 2], [[3], [4]])
    """
    arr, values = np.asarray(arr), np.asarray(values)
    if axis is None:
        return np.concatenate((arr.ravel(), values.ravel()))
    return np.concatenate((arr, values), axis=axis)


def _positions(obj, n, axis):
    """The places that `obj` names along an axis of length n, counted from the front."""
    if isinstance(obj, slice):
        return np.arange(n)[obj]
    obj = np.asarray(obj)
    if obj.dtype == bool:
        if obj.shape != (n,):
            raise ValueError(
                "boolean array argument obj to delete must be one dimensional and match the axis length of "
                f"{n}"
            )
        return np.where(obj)[0]
    if obj.size == 0 and obj.dtype.kind == "f":
        obj = obj.astype(np.int64)
    if obj.dtype.kind not in "iu":
        raise IndexError("arrays used as indices must be of integer (or boolean) type")
    outside = (obj < -n) | (obj >= n)
    if np.any(outside):
        first = int(np.ravel(obj)[np.where(np.ravel(outside))[0][0]])
        raise IndexError(f"index {first} is out of bounds for axis {axis} with size {n}")
    return np.where(obj < 0, obj + n, obj).ravel()


def delete(arr, obj, axis=None):
    """A new array without the slices along `axis` that `obj` names: an index, a slice, indices or a mask.

    shape: shorter along `axis`; one axis without it
    >>> np.delete(np.arange(5), [1, 3])
    """
    arr = np.asarray(arr)
    if axis is None:
        arr, axis = arr.ravel(), 0
    axis = _axis(axis, arr.ndim)
    keep = np.ones(arr.shape[axis], dtype=bool)
    keep[_positions(obj, arr.shape[axis], axis)] = False
    # Around a slice or one index NumPy joins what is left; of several it takes the others.
    if isinstance(obj, slice) or np.asarray(obj).size == 1:
        return _lying_as(arr[_along(axis, keep)], arr)
    return arr[_along(axis, keep)]


def trim_zeros(filt, trim="fb", axis=None):
    """Without the zeros at the front (`f`), at the back (`b`) or both.

    shape: shorter
    >>> np.trim_zeros(np.array([0, 0, 1, 0, 2, 0]))
    """
    a = np.asarray(filt)
    trim = trim.lower()
    if trim not in ("fb", "bf", "f", "b"):
        raise ValueError(f"unexpected character(s) in `trim`: {trim!r}")
    axes = range(a.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    key = [slice(None)] * a.ndim
    for k in axes:
        k = _axis(k, a.ndim)
        others = tuple([j for j in range(a.ndim) if j != k])
        found = np.where(np.any(a != 0, axis=others))[0]
        first, last = (int(found[0]), int(found[-1]) + 1) if found.size else (a.shape[k], a.shape[k])
        if found.size == 0 and "f" not in trim:
            first, last = 0, 0
        key[k] = slice(first if "f" in trim else 0, last if "b" in trim else a.shape[k])
    part = a[tuple(key)]
    return part if isinstance(filt, np.ndarray) else part.tolist()


def resize(a, new_shape):
    """A new array of that shape, filled with copies of `a` in C order.

    shape: as given
    >>> np.resize(np.arange(3), (2, 4))
    """
    new_shape = (new_shape,) if isinstance(new_shape, (int, np.integer)) else tuple([int(n) for n in new_shape])
    a = np.ravel(a)
    size = 1
    for n in new_shape:
        if n < 0:
            raise ValueError("all elements of `new_shape` must be non-negative")
        size *= n
    if a.size == 0:
        return np.zeros(new_shape, dtype=a.dtype)
    return a[np.arange(size) % a.size].reshape(new_shape)
