# Differences, slopes and integrals along an axis, interpolation, and convolution.

import numpy as np


def _cut(axis, start, stop):
    """The key of a slice of one axis, counted from the front."""
    return _along(axis, slice(start, stop))


def diff(a, n=1, axis=-1, prepend=None, append=None):
    """The n-th differences of neighbours along an axis, after what is prepended and appended.

    Each order is one subtraction of shifted slices: a halo where the axis is distributed.

    dtype: the operand's; bool of bool
    shape: shorter along `axis` by `n`
    >>> np.diff(np.array([1, 4, 9, 16]))
    """
    if n == 0:
        return a
    if n < 0:
        raise ValueError(f"order must be non-negative but got {n!r}")
    a = np.asarray(a)
    if a.ndim == 0:
        raise ValueError("diff requires input that is at least one dimensional")
    axis = _axis(axis, a.ndim)
    one = a.shape[:axis] + (1,) + a.shape[axis + 1 :]
    ends = [e if e is None else np.asarray(e) for e in (prepend, append)]
    ends = [e if e is None or e.ndim else np.broadcast_to(e, one) for e in ends]
    if ends[0] is not None or ends[1] is not None:
        a = np.concatenate([e for e in (ends[0], a, ends[1]) if e is not None], axis=axis)
    for _ in range(n):
        later, earlier = a[_cut(axis, 1, None)], a[_cut(axis, None, -1)]
        a = later != earlier if a.dtype == bool else later - earlier
    return a


def ediff1d(ary, to_end=None, to_begin=None):
    """The differences of neighbours in C order, between what is to come before and after.

    dtype: the operand's
    shape: one axis
    >>> np.ediff1d(np.array([1, 4, 9]), to_begin=0)
    """
    ary = np.ravel(ary)
    for end, name in ((to_end, "to_end"), (to_begin, "to_begin")):
        if end is not None and not np.can_cast(np.asarray(end).dtype, ary.dtype, casting="same_kind"):
            raise TypeError(
                f"dtype of `{name}` must be compatible with input `ary` under the `same_kind` rule."
            )
    parts = [ary[1:] - ary[:-1]]
    if to_begin is not None:
        parts = [np.ravel(to_begin).astype(ary.dtype)] + parts
    if to_end is not None:
        parts = parts + [np.ravel(to_end).astype(ary.dtype)]
    return np.concatenate(parts) if len(parts) > 1 else parts[0]


def gradient(f, *varargs, axis=None, edge_order=1):
    """The slope along axes by central differences, one-sided at the ends (of order `edge_order`, 1 or 2).

    The spacing is one number, one for each axis, or the coordinates along each axis.

    Shifted slices: a halo where the axis is distributed.

    dtype: float64 for integers, else the operand's; of several axes a tuple of arrays
    >>> np.gradient(np.array([1.0, 2.0, 4.0, 7.0]))
    """
    f = np.asarray(f)
    if axis is None:
        axes = tuple(range(f.ndim))
    else:
        axes = tuple([_axis(k, f.ndim) for k in (axis if isinstance(axis, tuple) else (axis,))])
    if len(varargs) == 0:
        steps = [1.0] * len(axes)
    elif len(varargs) == 1 and np.asarray(varargs[0]).ndim == 0:
        steps = [varargs[0]] * len(axes)
    elif len(varargs) == len(axes):
        steps = [_spacing(h, f.shape[k]) for h, k in zip(varargs, axes)]
    else:
        raise TypeError("invalid number of arguments")
    if edge_order > 2:
        raise ValueError("'edge_order' greater than 2 not supported")
    if f.dtype.kind in "iu":
        f = f.astype(np.float64)
    slopes = [_slope(f, h, k, edge_order) for h, k in zip(steps, axes)]
    return slopes[0] if len(axes) == 1 else tuple(slopes)


def _spacing(h, n):
    """One number where the coordinates are evenly spaced, else their differences."""
    h = np.asarray(h)
    if h.ndim == 0:
        return h
    if h.ndim != 1:
        raise ValueError("distances must be either scalars or 1d")
    if h.shape[0] != n:
        raise ValueError("when 1d, distances must match the length of the corresponding dimension")
    if h.dtype.kind in "iu":
        h = h.astype(np.float64)
    d = diff(h)
    return d[0] if np.all(d == d[0]) else d


def _slope(f, h, axis, order):
    n = f.shape[axis]
    if n < order + 1:
        raise ValueError(
            "Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are "
            "required."
        )
    even = np.asarray(h).ndim == 0
    at = lambda i: f[_cut(axis, i, i + 1 if i != -1 else None)]
    before, here, after = f[_cut(axis, None, -2)], f[_cut(axis, 1, -1)], f[_cut(axis, 2, None)]
    if even:
        inner = (after - before) / (2.0 * h)
    else:
        d1, d2 = [d.reshape((-1,) + (1,) * (f.ndim - axis - 1)) for d in (h[:-1], h[1:])]
        inner = -d2 / (d1 * (d1 + d2)) * before + (d2 - d1) / (d1 * d2) * here + d1 / (d2 * (d1 + d2)) * after
    first, last = (h, h) if even else (h[0], h[-1])
    if order == 1:
        low, high = (at(1) - at(0)) / first, (at(-1) - at(-2)) / last
    elif even:
        low = -1.5 / h * at(0) + 2.0 / h * at(1) + -0.5 / h * at(2)
        high = 0.5 / h * at(-3) + -2.0 / h * at(-2) + 1.5 / h * at(-1)
    else:
        d1, d2 = h[0], h[1]
        low = -(2.0 * d1 + d2) / (d1 * (d1 + d2)) * at(0) + (d1 + d2) / (d1 * d2) * at(1) - d1 / (d2 * (d1 + d2)) * at(2)
        d1, d2 = h[-2], h[-1]
        high = d2 / (d1 * (d1 + d2)) * at(-3) - (d2 + d1) / (d1 * d2) * at(-2) + (2.0 * d2 + d1) / (d2 * (d1 + d2)) * at(-1)
    return np.concatenate((low, inner, high), axis=axis).astype(f.dtype)


def trapezoid(y, x=None, dx=1.0, axis=-1):
    """The integral along an axis by the trapezoidal rule, over the points `x`, or steps of `dx`.

    dtype: the operands' promotion, of integers float64
    shape: without `axis`
    >>> np.trapezoid([1, 2, 3])
    """
    y = np.asarray(y)
    axis = _axis(axis, y.ndim)
    if x is None:
        d = dx
    else:
        x = np.asarray(x)
        d = diff(x) if x.ndim == 1 else diff(x, axis=axis)
        if x.ndim == 1:
            d = d.reshape((-1,) + (1,) * (y.ndim - axis - 1))
    return np.sum(d * (y[_cut(axis, 1, None)] + y[_cut(axis, None, -1)]) / 2.0, axis=axis)


def _cumulative(x, axis, dtype, out, include_initial, function, initial):
    x = np.asarray(x)
    if x.ndim == 0:
        x = x.reshape(1)
    if axis is None:
        if x.ndim != 1:
            raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
        axis = 0
    if out is not None and include_initial:
        raise NotImplementedError("out= together with include_initial= is not supported")
    total = function(x, axis=axis, dtype=dtype, out=out) if out is not None else function(x, axis=axis, dtype=dtype)
    if not include_initial:
        return total
    k = _axis(axis, x.ndim)
    first = np.full(x.shape[:k] + (1,) + x.shape[k + 1 :], initial, dtype=total.dtype)
    return np.concatenate((first, total), axis=k)


def cumulative_sum(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
    """The running sums along an axis, which only a 1-D array may leave out; with a leading 0 on request.

    dtype: the operand's; int64 or uint64 for smaller integers and bool; or as given
    shape: the operand's; one more along `axis` with the initial value
    >>> np.cumulative_sum(np.arange(4), include_initial=True)
    """
    return _cumulative(x, axis, dtype, out, include_initial, np.cumsum, 0)


def cumulative_prod(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
    """The running products along an axis, which only a 1-D array may leave out; with a leading 1 on request.

    dtype: the operand's; int64 or uint64 for smaller integers and bool; or as given
    shape: the operand's; one more along `axis` with the initial value
    >>> np.cumulative_prod(np.arange(1, 5))
    """
    return _cumulative(x, axis, dtype, out, include_initial, np.cumprod, 1)


def convolve(a, v, mode="full"):
    """The convolution of two 1-D arrays: sums of products of one with the other reversed, at every shift.

    As many shifted sums as the shorter has elements: halos where the longer is distributed. The shorter one's values
    go to every rank.

    dtype: the operands' promotion
    shape: `full`: the lengths' sum less one; `same`: the longer; `valid`: where they overlap wholly
    >>> np.convolve([1, 2, 3], [0, 1, 0.5])
    """
    a, v = np.atleast_1d(a), np.atleast_1d(v)
    if len(a) == 0:
        raise ValueError("a cannot be empty")
    if len(v) == 0:
        raise ValueError("v cannot be empty")
    if len(v) > len(a):
        a, v = v, a
    return _correlated(a, v[::-1], mode)


def correlate(a, v, mode="valid"):
    """The cross-correlation of two 1-D arrays: sums of products of one with the conjugate of the other, shifted.

    As `convolve` between ranks.

    dtype: the operands' promotion
    shape: `valid`: where they overlap wholly; `same`: the longer; `full`: the lengths' sum less one
    >>> np.correlate([1, 2, 3], [0, 1, 0.5], "full")
    """
    if np.ndim(a) == 0 or np.ndim(v) == 0:
        raise ValueError("object of too small depth for desired array")
    a, v = np.asarray(a), np.conj(v)
    if len(a) == 0 or len(v) == 0:
        raise ValueError(f"{'first' if len(a) == 0 else 'second'} array argument cannot be empty")
    if len(v) > len(a):
        return _correlated(v, a, mode)[::-1]
    return _correlated(a, v, mode)


def _correlated(a, v, mode):
    """At shift k the sum of a[k + i] * v[i], a going on with zeros at both ends; v is not longer."""
    if a.ndim != 1 or v.ndim != 1:
        raise ValueError("object too deep for desired array")
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"mode must be one of 'valid', 'same', or 'full' (got '{mode}')")
    n, m = len(a), len(v)
    dtype = np.result_type(a, v)
    before = {"valid": 0, "same": m // 2, "full": m - 1}[mode]
    after = {"valid": 0, "same": m - 1 - m // 2, "full": m - 1}[mode]
    length = n + before + after - m + 1
    padded = np.concatenate((np.zeros(before, dtype), a.astype(dtype), np.zeros(after, dtype)))
    with np.errstate(all="ignore"):
        if m <= 32:
            total = padded[:length] * v[0]
            for i in range(1, m):
                total = total + padded[i : i + length] * v[i]
            return total
        total = np.zeros(length, dtype)
        for i in range(m):
            total += padded[i : i + length] * v[i]
        return total


def unwrap(p, discont=None, axis=-1, *, period=6.283185307179586):
    """Angles without jumps: multiples of the period are added where neighbours differ by more than half of it.

    dtype: the operand's, of integers float64
    >>> np.unwrap(np.array([0.0, 3.0, 6.0, 9.0]) % (2 * np.pi))
    """
    p = np.asarray(p)
    axis = _axis(axis, p.ndim)
    d = diff(p, axis=axis)
    if discont is None:
        discont = period / 2
    dtype = np.result_type(d.dtype, np.asarray(period).dtype if not isinstance(period, float) else d.dtype)
    whole = np.asarray(period).dtype.kind in "iu" and p.dtype.kind in "iu"
    if whole:
        high, rest = divmod(period, 2)
        edge = rest == 0
    else:
        high, edge = period / 2, True
    low = -high
    turned = np.mod(d - low, period) + low
    if edge:
        turned = np.where((turned == low) & (d > 0), high, turned)
    step = np.where(np.abs(d) < discont, 0, turned - d)
    up = np.array(p, dtype=np.result_type(p, turned)) if not whole else np.array(p)
    up[_cut(axis, 1, None)] = p[_cut(axis, 1, None)] + np.cumsum(step, axis=axis)
    return up


def angle(z, deg=False):
    """The angle of complex numbers, from -pi to pi, or in degrees.

    dtype: float64 or float32
    >>> np.angle(np.array([1j, -1])), np.angle(1 + 1j, deg=True)
    """
    z = np.asarray(z)
    if z.dtype.kind == "c":
        found = np.arctan2(z.imag, z.real)
    else:
        found = np.arctan2(0, z)
    return found * (180 / np.pi) if deg else found
