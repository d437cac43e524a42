# Elements taken and put by index arrays and masks, and such arrays made.

import numpy as np


def nonzero(a):
    """The indices of the elements that are not zero, as a tuple with an array for each axis.

    Each rank finds its own; their counts say where they stand in the result.

    dtype: a tuple of int64 arrays
    shape: as many as there are
    method: ()
    >>> np.nonzero(np.array([[3, 0], [0, 4]]))
    """
    a = np.asarray(a)
    if a.ndim == 0:
        raise ValueError("Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead.")
    return np.where(a)


def flatnonzero(a):
    """The places in C order of the elements that are not zero.

    dtype: int64
    shape: as many as there are
    >>> np.flatnonzero(np.array([[3, 0], [0, 4]]))
    """
    return np.where(np.ravel(a))[0]


def argwhere(a):
    """The indices of the elements that are not zero, one a row.

    dtype: int64
    shape: (as many as there are, dimensions)
    >>> np.argwhere(np.array([[3, 0], [0, 4]]))
    """
    a = np.asarray(a)
    if a.ndim == 0:
        return np.zeros((int(bool(a)), 0), dtype=np.int64)
    return np.stack(np.where(a)).T


def take(a, indices, axis=None, out=None, mode="raise"):
    """The elements, or slices along an axis, at some indices; of the array in C order without `axis`.

    `mode` says what to do with indices out of bounds: `raise` IndexError, `wrap` or `clip`. Two exchanges: the indices to
    the owners, the elements back.

    shape: `indices` in place of `axis`
    method: (indices, axis=None, out=None, mode='raise')
    >>> np.take(np.array([4, 3, 5, 7]), [0, 1, 3])
    """
    a, indices = np.asarray(a), np.asarray(indices)
    if axis is None:
        a, axis = a.ravel(), 0
    axis = _axis(axis, a.ndim)
    n = a.shape[axis]
    if indices.size == 0 and indices.dtype.kind == "f":
        indices = indices.astype(np.int64)
    indices = _safely(indices, np.int64)
    if n == 0 and indices.size != 0:
        raise IndexError("cannot do a non-empty take from an empty axes.")
    indices = _by_mode(indices, n, mode)
    if out is None:
        return _picked(a, axis, indices)
    out[...] = a[_along(axis, indices)]
    return out


def _lanes(arr, indices, axis):
    """The key that takes `indices` along an axis, lane by lane."""
    axis = _axis(axis, arr.ndim)
    if indices.dtype.kind not in "iu":
        raise IndexError("`indices` must be an integer array")
    if arr.ndim != indices.ndim:
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    key = [np.arange(n).reshape((-1,) + (1,) * (arr.ndim - k - 1)) for k, n in enumerate(arr.shape)]
    key[axis] = indices
    return tuple(key)


def take_along_axis(arr, indices, axis=-1):
    """The elements that `indices` names along an axis, lane by lane: what `argsort` and `argmax` gave, to values.

    shape: that of `indices`, broadcast with the operand's other axes
    >>> a = np.array([[3, 1, 2]]); np.take_along_axis(a, np.argsort(a, axis=1), axis=1)
    """
    arr, indices = np.asarray(arr), np.asarray(indices)
    if axis is None:
        if indices.ndim != 1:
            raise ValueError("when axis=None, `indices` must have a single dimension.")
        arr, axis = arr.ravel(), 0
    return arr[_lanes(arr, indices, axis)]


def put_along_axis(arr, indices, values, axis):
    """Writes values to the elements that `indices` names along an axis, lane by lane, in place.

    dtype: None
    shape: none
    >>> a = np.zeros((2, 3)); np.put_along_axis(a, np.array([[1], [2]]), 9, axis=1); a
    """
    indices = np.asarray(indices)
    if axis is None:
        if indices.ndim != 1:
            raise ValueError("when axis=None, `indices` must have a single dimension.")
        arr.flat[indices] = values
    else:
        arr[_lanes(arr, indices, axis)] = values


def put(a, ind, v, mode="raise"):
    """Writes values to the places `ind`, counted in C order, in place; values are used over again where they are fewer.

    dtype: None
    shape: none
    >>> a = np.arange(5); np.put(a, [0, 2], [-44, -55]); a
    """
    if not isinstance(a, np.ndarray):
        raise TypeError(f"argument 1 must be numpy.ndarray, not {type(a).__name__}")
    ind, v = np.ravel(ind), np.ravel(v if isinstance(v, np.ndarray) else np.asarray(v, dtype=a.dtype))
    if ind.size == 0 and ind.dtype.kind == "f":
        ind = ind.astype(np.int64)
    ind = np.ravel(_safely(ind, np.int64))
    if v.size == 0 or ind.size == 0:
        return
    n = a.size
    ind = _by_mode(ind, n, mode)
    if mode == "raise" and np.any((ind < -n) | (ind >= n)):
        first = int(ind[np.where((ind < -n) | (ind >= n))[0][0]])
        raise IndexError(f"index {first} is out of bounds for axis 0 with size {n}")
    a[np.unravel_index(np.where(ind < 0, ind + n, ind), a.shape)] = v[np.arange(ind.size) % v.size]


def _stored_safely(values, dtype):
    """What is to be stored, in that dtype: TypeError for an array whose values might not fit. Numbers and lists are read anew."""
    if isinstance(values, (np.ndarray, np.generic)):
        values = _safely(np.asarray(values), dtype)
    return np.ravel(np.array(values, dtype=dtype))


def putmask(a, mask, values, /):
    """Writes values where a mask is true, in place: each the one at its own place of `values`, which is used over again.

    dtype: None
    shape: none
    >>> a = np.arange(6).reshape(2, 3); np.putmask(a, a > 2, a**2); a
    """
    if not isinstance(a, np.ndarray):
        raise TypeError("argument 1 must be numpy.ndarray, not " + type(a).__name__)
    mask = np.asarray(mask).astype(bool)
    if mask.size != a.size:
        raise ValueError("putmask: mask and data must be the same size")
    values = _stored_safely(values, a.dtype)
    if values.size:
        places = np.flatnonzero(mask)
        a[np.unravel_index(places, a.shape)] = values[places % values.size]


def place(arr, mask, vals):
    """Writes the first values, one after the other, where a mask is true, in place; they are used over again.

    dtype: None
    shape: none
    >>> a = np.arange(6).reshape(2, 3); np.place(a, a > 2, [44, 55]); a
    """
    if not isinstance(arr, np.ndarray):
        raise TypeError(f"argument 1 must be numpy.ndarray, not {type(arr).__name__}")
    vals = _stored_safely(vals, arr.dtype)
    places = np.flatnonzero(np.asarray(mask).astype(bool))
    if np.asarray(mask).size != arr.size:
        raise ValueError("place: mask and data must be the same size")
    if places.size == 0:
        return
    if vals.size == 0:
        raise ValueError("Cannot insert from an empty array!")
    arr[np.unravel_index(places, arr.shape)] = vals[np.arange(places.size) % vals.size]


def extract(condition, arr):
    """The elements where a condition holds, in C order.

    shape: as many as there are
    >>> a = np.arange(6); np.extract(a % 3 == 0, a)
    """
    return np.ravel(arr)[np.flatnonzero(condition)]


def compress(condition, a, axis=None, out=None):
    """The slices along an axis where a condition holds; of the array in C order without `axis`.

    shape: shorter along `axis`
    method: (condition, axis=None, out=None)
    >>> np.compress([0, 1, 1], np.array([[1, 2, 3], [4, 5, 6]]), axis=1)
    """
    condition = np.asarray(condition)
    if condition.ndim != 1:
        raise ValueError("condition must be a 1-d array")
    return np.take(a, np.where(condition)[0], axis=axis, out=out)


def choose(a, choices, out=None, mode="raise"):
    """At each place the element of the choice that `a` numbers there.

    dtype: the choices' promotion
    shape: all broadcast
    method: (choices, out=None, mode='raise')
    >>> np.choose([2, 0, 1], [[0, 1, 2], [10, 11, 12], [20, 21, 22]])
    """
    a = np.asarray(a)
    choices = [np.asarray(c) for c in choices]
    n = len(choices)
    a = _safely(a, np.int64)
    a = _by_mode(a, n, mode)
    if mode == "raise" and np.any((a < 0) | (a >= n)):
        raise ValueError("invalid entry in choice array")
    dtype = np.result_type(*[c.dtype for c in choices])
    shape = np.broadcast_shapes(a.shape, *[c.shape for c in choices])
    result = np.broadcast_to(choices[0], shape).astype(dtype)
    for i in range(1, n):
        result = np.where(a == i, choices[i].astype(dtype), result)
    if out is None:
        return np.asarray(result, order="C")[()]
    out[...] = result
    return out


def ix_(*args):
    """Index arrays that together name every combination of some indices along each axis.

    dtype: a tuple of int64 arrays
    shape: open: each along its own axis
    >>> np.arange(12).reshape(3, 4)[np.ix_([0, 2], [1, 3])]
    """
    found = []
    for k, given in enumerate(args):
        given = np.asarray(given)
        if given.ndim != 1:
            raise ValueError("Cross index must be 1 dimensional")
        if given.size == 0:
            given = given.astype(np.int64)
        if given.dtype == bool:
            given = np.where(given)[0]
        found.append(given.reshape((1,) * k + (-1,) + (1,) * (len(args) - k - 1)))
    return tuple(found)


def indices(dimensions, dtype=int, sparse=False):
    """The index of every element of an array of that shape, axis by axis; `sparse` leaves the broadcasting to later.

    dtype: as given
    shape: (dimensions,) and the shape; with `sparse` a tuple of open arrays
    >>> np.indices((2, 3))
    """
    dimensions = tuple(dimensions)
    n = len(dimensions)
    lines = [
        np.arange(extent, dtype=dtype).reshape((1,) * k + (-1,) + (1,) * (n - k - 1))
        for k, extent in enumerate(dimensions)
    ]
    if sparse:
        return tuple(lines)
    if n == 0:
        return np.zeros((0,), dtype=dtype)
    return np.stack([np.broadcast_to(line, dimensions) for line in lines])


def copyto(dst, src, casting="same_kind", where=True):
    """Writes an array, broadcast, into another, everywhere or where a mask is true.

    dtype: None
    shape: none
    >>> a = np.zeros(3); np.copyto(a, [1, 2, 3], where=[True, False, True]); a
    """
    if not isinstance(dst, np.ndarray):
        raise TypeError(f"copyto() argument 1 must be numpy.ndarray, not {type(dst).__name__}")
    kinds = {int: "iufc", float: "fc", complex: "c"}
    if dst.dtype.kind not in kinds.get(type(src), ""):
        # A Python number of a kind that the array has not is an array's element of its own dtype.
        dtype = np.result_type(dst.dtype, src) if type(src) in kinds else np.asarray(src).dtype
        src = np.asarray(src, dtype=dtype)
        if not np.can_cast(dtype, dst.dtype, casting):
            what = "array data" if src.ndim else "scalar"
            raise TypeError(
                f"Cannot cast {what} from dtype('{dtype}') to dtype('{dst.dtype}') according to the rule '{casting}'"
            )
        src = src.astype(dst.dtype)
    if where is True:
        dst[...] = src
    else:
        where = np.broadcast_to(np.asarray(where), dst.shape)
        dst[where] = np.broadcast_to(np.asarray(src, dtype=dst.dtype), dst.shape)[where]


def insert(arr, obj, values, axis=None):
    """A new array with values before some indices along an axis; both are raveled without `axis`.

    dtype: the array's
    shape: longer along `axis`
    >>> np.insert(np.arange(4), [1, 3], [10, 20])
    """
    arr = np.asarray(arr)
    if axis is None:
        arr, axis = arr.ravel(), 0
    axis = _axis(axis, arr.ndim)
    n = arr.shape[axis]
    values = np.asarray(values).astype(arr.dtype)
    values = values.reshape((1,) * (arr.ndim - values.ndim) + values.shape)
    if isinstance(obj, slice):
        at = np.arange(n)[obj]
    else:
        at = np.asarray(obj)
        if at.dtype == bool:
            at = np.where(at)[0]
        elif at.size == 0 and at.dtype.kind == "f":
            at = at.astype(np.int64)
    single = at.ndim == 0
    at = at.reshape(-1)
    outside = (at < -n) | (at > n)
    if np.any(outside):
        first = int(at[np.where(outside)[0][0]])
        raise IndexError(f"index {first} is out of bounds for axis {axis} with size {n}")
    at = np.where(at < 0, at + n, at)
    if at.size == 1:
        if single:
            values = np.moveaxis(values, 0, axis)
        at = np.broadcast_to(at, (values.shape[axis],))
    order = np.argsort(at, stable=True)
    place = np.empty(at.size, np.int64)
    place[order] = at[order] + np.arange(at.size)
    result = np.empty(arr.shape[:axis] + (n + at.size,) + arr.shape[axis + 1 :], arr.dtype)
    old = np.ones(n + at.size, bool)
    old[place] = False
    result[_along(axis, place)] = values
    result[_along(axis, np.where(old)[0])] = arr
    return _lying_as(result, arr)
