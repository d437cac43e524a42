# Choices between arrays, and functions applied along axes.

import numpy as np


def select(condlist, choicelist, default=0):
    """Of each place the element of the first choice whose condition holds there, else the default.

    dtype: the choices' promotion
    shape: all broadcast
    >>> x = np.arange(6); np.select([x < 2, x > 3], [x, x**2], -1)
    """
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    if len(condlist) == 0:
        raise ValueError("select with an empty condition list is not possible")
    conditions = [np.asarray(c) for c in condlist]
    for i, c in enumerate(conditions):
        if c.dtype != bool:
            raise TypeError(f"invalid entry {i} in condlist: should be boolean ndarray")
    choices = [c if type(c) in (int, float, complex) else np.asarray(c) for c in choicelist]
    default = default if type(default) in (int, float, complex) else np.asarray(default)
    dtype = np.result_type(*choices, default)
    shape = np.broadcast_shapes(*[np.asarray(c).shape for c in conditions + choices], np.asarray(default).shape)
    result = np.full(shape, default, dtype=dtype) if np.asarray(default).ndim == 0 else np.broadcast_to(default, shape).astype(dtype)
    for condition, choice in zip(conditions[::-1], choices[::-1]):
        result = np.where(condition, np.asarray(choice).astype(dtype), result)
    return result


def piecewise(x, condlist, funclist, *args, **kw):
    """A function by pieces: where a condition holds its function of those elements, or its number.

    One function more than conditions is for all other places; 0 by default.

    dtype: that of `x`
    shape: that of `x`
    >>> x = np.linspace(-2, 2, 5); np.piecewise(x, [x < 0, x >= 0], [lambda v: -v, lambda v: v])
    """
    x = np.asarray(x)
    if isinstance(condlist, np.ndarray) or np.asarray(condlist[0]).ndim == 0 and x.ndim != 0:
        condlist = [condlist] if np.asarray(condlist).ndim < 2 and x.ndim != 0 else [c for c in condlist]
    conditions = [np.asarray(c).astype(bool) for c in condlist]
    n = len(conditions)
    if n == len(funclist) - 1:
        rest = conditions[0]
        for c in conditions[1:]:
            rest = rest | c
        conditions = conditions + [~rest]
    elif n != len(funclist):
        raise ValueError(f"with {n} condition(s), either {n} or {n + 1} functions are expected")
    y = np.zeros_like(x)
    for condition, function in zip(conditions, funclist):
        if not callable(function):
            y[condition] = function
        else:
            part = x[condition]
            if part.size > 0:
                y[condition] = function(part, *args, **kw)
    return y


def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """The results of a function of 1-D arrays, applied to every slice along an axis.

    A call for each slice, on every rank: for functions that no axis= serves. A slice's elements go to all ranks
    that hold a part of it.

    dtype: the first result's
    shape: the results' in place of `axis`
    >>> np.apply_along_axis(lambda v: v.max() - v.min(), 1, np.arange(6).reshape(2, 3))
    """
    arr = np.asarray(arr)
    axis = _axis(axis, arr.ndim)
    turned = np.moveaxis(arr, axis, -1)
    outer = turned.shape[:-1]
    if turned.size == 0 and 0 in outer:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    lanes = turned.reshape((-1, turned.shape[-1]))
    results = [np.asarray(func1d(lanes[i], *args, **kwargs)) for i in range(lanes.shape[0])]
    first = results[0]
    whole = np.stack(results).reshape(outer + first.shape) if len(results) > 1 else first.reshape(outer + first.shape)
    whole = whole.astype(first.dtype)
    for k in range(first.ndim):
        whole = np.moveaxis(whole, len(outer) + k, axis + k)
    return whole


def apply_over_axes(func, a, axes):
    """A function such as `np.sum`, applied over each of some axes in turn; axes keep length 1.

    shape: the operand's, with 1 at `axes`
    >>> np.apply_over_axes(np.sum, np.arange(8).reshape(2, 2, 2), [0, 2])
    """
    value = np.asarray(a)
    ndim = value.ndim
    for axis in axes if isinstance(axes, (tuple, list)) else (axes,):
        axis = axis + ndim if axis < 0 else axis
        result = func(value, axis)
        if result.ndim != value.ndim:
            result = np.expand_dims(result, axis)
            if result.ndim != value.ndim:
                raise ValueError("function is not returning an array of the correct shape")
        value = result
    return value


def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    """Nans and infinities as numbers: 0, and the greatest and least of the dtype, by default.

    dtype: the operand's
    >>> np.nan_to_num(np.array([np.nan, np.inf, 1.0]), posinf=9.0)
    """
    given = x
    x = np.array(x) if copy else np.asarray(x)
    if x.dtype.kind not in "fc":
        return x[()]
    info = np.finfo(x.dtype)
    high, low = info.max if posinf is None else posinf, info.min if neginf is None else neginf
    for part in (x.real, x.imag) if x.dtype.kind == "c" else (x,):
        part[...] = np.where(np.isnan(part), nan, np.where(np.isposinf(part), high, np.where(np.isneginf(part), low, part)))
    return x[()]


def isposinf(x, out=None):
    """Whether elements are positive infinity.

    dtype: bool
    >>> np.isposinf([np.inf, -np.inf, 1.0])
    """
    if np.asarray(x).dtype.kind == "c":
        raise TypeError("This operation is not supported for complex128 values because it would be ambiguous.")
    return np.logical_and(np.isinf(x), ~np.signbit(x), out=out) if out is not None else np.isinf(x) & ~np.signbit(x)


def isneginf(x, out=None):
    """Whether elements are negative infinity.

    dtype: bool
    >>> np.isneginf([np.inf, -np.inf, 1.0])
    """
    if np.asarray(x).dtype.kind == "c":
        raise TypeError("This operation is not supported for complex128 values because it would be ambiguous.")
    return np.logical_and(np.isinf(x), np.signbit(x), out=out) if out is not None else np.isinf(x) & np.signbit(x)


def isreal(x):
    """Whether elements have no imaginary part.

    dtype: bool
    >>> np.isreal([1.0 + 0j, 2j])
    """
    return np.asarray(x).imag == 0


def iscomplex(x):
    """Whether elements have an imaginary part.

    dtype: bool
    >>> np.iscomplex([1.0 + 0j, 2j])
    """
    x = np.asarray(x)
    return x.imag != 0 if x.dtype.kind == "c" else np.zeros(x.shape, bool)[()]


def real_if_close(a, tol=100):
    """The real part, where all imaginary parts are within `tol` (machine epsilons of the dtype, if over 1) of zero.

    dtype: the parts', or the operand's
    >>> np.real_if_close([1.0 + 1e-15j, 2.0])
    """
    a = np.asarray(a)
    if a.dtype.kind != "c":
        return a
    if tol > 1:
        tol = np.finfo(a.dtype).eps * tol
    return a.real if np.all(np.absolute(a.imag) < tol) else a


def fix(x, out=None):
    """Rounds towards zero; what `np.trunc` does.

    dtype: the operand's
    >>> np.fix([2.7, -2.7])
    """
    return np.trunc(x, out=out) if out is not None else np.trunc(x)


def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    """Numbers from `base ** start` to `base ** stop`, evenly spaced in their exponents.

    dtype: float64, or as given
    shape: (num,), and the ends' shape
    >>> np.logspace(0, 3, 4)
    """
    base = np.asarray(base)
    if base.ndim:
        ndim = len(np.broadcast_shapes(np.shape(start), np.shape(stop), base.shape))
        start, stop, base = [np.array(x, ndmin=ndim) for x in (start, stop, base)]
        base = np.expand_dims(base, axis)
    y = np.linspace(start, stop, num=num, endpoint=endpoint, axis=axis)
    y = np.power(base, y)
    return y if dtype is None else y.astype(dtype)


def unravel_index(indices, shape, order="C"):
    """The indices along each axis, of places counted in C order (or F) through an array of that shape.

    dtype: a tuple of int64 arrays
    shape: that of `indices`
    >>> np.unravel_index([22, 41, 37], (7, 6))
    """
    i = np.asarray(indices)
    shape = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    size = 1
    for n in shape:
        size *= n
    if i.dtype.kind not in "iu":
        raise TypeError("only int indices permitted")
    outside = (i < 0) | (i >= size)
    if np.any(outside):
        first = int(np.ravel(i)[np.where(np.ravel(outside))[0][0]])
        raise ValueError(f"index {first} is out of bounds for array with size {size}")
    if order not in ("C", "F"):
        raise ValueError(f"order must be one of 'C' or 'F' (got '{order}')")
    found = []
    for n in shape[::-1] if order == "C" else shape:
        found.append((i % n)[()])
        i = i // n
    return tuple(found[::-1] if order == "C" else found)


def ravel_multi_index(multi_index, dims, mode="raise", order="C"):
    """Places counted in C order (or F) through an array of that shape, of indices along each axis.

    `mode` says what to do with indices out of bounds: `raise`, `wrap` or `clip`, for all or for each axis.

    dtype: int64
    shape: the indices', broadcast
    >>> np.ravel_multi_index(([3, 6, 6], [4, 5, 1]), (7, 6))
    """
    dims = tuple(dims) if isinstance(dims, (tuple, list)) else (dims,)
    modes = mode if isinstance(mode, tuple) else (mode,) * len(dims)
    index = [np.asarray(i) for i in multi_index]
    if len(index) != len(dims):
        raise ValueError(f"parameter multi_index must be a sequence of length {len(dims)}")
    place, step = np.asarray(0), 1
    pairs = list(zip(index, dims, modes))
    for i, n, m in pairs[::-1] if order == "C" else pairs:
        if i.dtype.kind not in "iu":
            raise TypeError("only int indices permitted")
        i = _by_mode(i, n, m)
        if m == "raise" and np.any((i < 0) | (i >= n)):
            raise ValueError("invalid entry in coordinates array")
        place = place + i * step
        step *= n
    return place[()]
