# Arrays made of what there is, and of numbers spaced evenly in ratio.

import numpy as np


def asanyarray(a, dtype=None, order=None, *, device=None, copy=None, like=None):
    """The same as `asarray`: there are no subclasses of arrays.

    dtype: that of the values
    shape: that of the nested values
    >>> np.asanyarray([1, 2])
    """
    _no(like, "like=")
    _cpu(device)
    return np.asarray(a, dtype=dtype, order=order, copy=copy)


def ascontiguousarray(a, dtype=None, *, like=None):
    """An array of at least one axis whose elements lie in C order; itself where it is one.

    dtype: that of the values
    shape: that of the nested values, at least one axis
    >>> np.ascontiguousarray(np.arange(6).reshape(2, 3).T)
    """
    _no(like, "like=")
    a = np.asarray(a, dtype=dtype, order="C")
    return a if a.ndim else a.reshape(1)


def asfortranarray(a, dtype=None, *, like=None):
    """An array of at least one axis whose elements lie in Fortran's order, the first axis fastest; itself where it is one.

    dtype: that of the values
    shape: that of the nested values, at least one axis
    >>> np.isfortran(np.asfortranarray([[1, 2], [3, 4]]))
    """
    _no(like, "like=")
    a = np.asarray(a, dtype=dtype, order="F")
    return a if a.ndim else a.reshape(1)


def _no(value, name):
    if value is not None:
        raise NotImplementedError(f"{name} is not supported")


def _cpu(device):
    if device not in (None, "cpu"):
        raise ValueError(f'Device not understood. Only "cpu" is allowed, but received: {device}')


def from_dlpack(x, /, *, device=None, copy=None):
    """The array itself, as a view of its memory, or a copy with `copy=True`: there are no other libraries' arrays here.

    dtype: the operand's
    >>> a = np.arange(3); b = np.from_dlpack(a); b[0] = 7; a
    """
    if not isinstance(x, np.ndarray):
        raise AttributeError(f"'{type(x).__name__}' object has no attribute '__dlpack__'")
    _cpu(device)
    return x.copy() if copy else x[...]


def fromiter(iter, dtype, count=-1, *, like=None):
    """A one-dimensional array of what an iterable gives: of all, or of `count` items.

    Every rank runs through the iterable.

    dtype: as given
    shape: as many as there are
    >>> np.fromiter((x * x for x in range(5)), dtype=float)
    """
    _no(like, "like=")
    items = []
    if count != 0:
        for item in iter:
            items.append(item)
            if len(items) == count:
                break
    if len(items) < count:
        raise ValueError(f"iterator too short: Expected {count} but iterator had only {len(items)} items.")
    made = np.array(items, dtype=dtype)
    if made.ndim != 1:
        raise ValueError("setting an array element with a sequence.")
    return made


def _linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    """`np.linspace` where an end is an array."""
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    parts = num - 1 if endpoint else num
    start, stop = np.asarray(start) * 1.0, np.asarray(stop) * 1.0
    kind = np.result_type(start, stop, float(num))
    delta = np.asarray(stop - start)
    steps = np.arange(0, num).astype(kind).reshape((-1,) + (1,) * delta.ndim)
    step = delta / parts if parts > 0 else np.nan
    if parts > 0 and not np.any(step == 0):
        found = steps * step + start
    else:
        found = (steps / parts if parts > 0 else steps) * delta + start
    if endpoint and num > 1:
        found[-1] = stop
    if axis != 0:
        found = np.moveaxis(found, 0, axis)
    dtype = kind if dtype is None else np.dtype(dtype)
    if dtype.kind in "iu":
        found = np.floor(found)
    found = found.astype(dtype)
    return (found, step) if retstep else found


def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """Numbers from `start` to `stop`, each the same multiple of the one before; complex ones lie on a spiral.

    ValueError where an end is zero.

    dtype: float64 or complex128, or as given
    shape: (num,), and the ends' shape
    >>> np.geomspace(1, 1000, num=4)
    """
    start, stop = np.asarray(start), np.asarray(stop)
    if np.any(start == 0) or np.any(stop == 0):
        raise ValueError("Geometric sequence cannot include zero")
    kind = np.result_type(start, stop, float(num), np.zeros((), dtype))
    dtype = kind if dtype is None else np.dtype(dtype)
    start, stop = np.broadcast_arrays(start.astype(kind), stop.astype(kind))
    # From 1 times its sign (or direction) on, so that real numbers, and those of one direction, stay real.
    sign = np.sign(start)
    first, last = start / sign, stop / sign
    lines = _linspace(np.log10(first), np.log10(last), num, endpoint)
    found = np.power(10.0, lines)
    if num > 0:
        found[0] = first
        if num > 1 and endpoint:
            found[-1] = last
    found = found * sign
    if axis != 0:
        found = np.moveaxis(found, 0, axis)
    return found.astype(dtype)
