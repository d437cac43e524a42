# Reductions and scans that leave out what is not a number.

import numpy as np


def nansum(a, axis=None, dtype=None, out=None, keepdims=False, initial=0, where=True):
    """The sum over axes, nan counting as zero.

    dtype: as of `sum`
    shape: without `axis`
    >>> np.nansum([1.0, np.nan, 3.0])
    """
    return _into(np.sum(_filled(a, 0), axis=axis, dtype=dtype, keepdims=keepdims, initial=initial, where=where), out)


def nanprod(a, axis=None, dtype=None, out=None, keepdims=False, initial=1, where=True):
    """The product over axes, nan counting as one.

    dtype: as of `prod`
    shape: without `axis`
    >>> np.nanprod([2.0, np.nan, 3.0])
    """
    return _into(np.prod(_filled(a, 1), axis=axis, dtype=dtype, keepdims=keepdims, initial=initial, where=where), out)


def nancumsum(a, axis=None, dtype=None, out=None):
    """The running sums along an axis or of the flattened array, nan counting as zero.

    dtype: as of `cumsum`
    shape: the operand's; flattened without an axis
    >>> np.nancumsum([1.0, np.nan, 3.0])
    """
    return _into(np.cumsum(_filled(a, 0), axis=axis, dtype=dtype), out)


def nancumprod(a, axis=None, dtype=None, out=None):
    """The running products along an axis or of the flattened array, nan counting as one.

    dtype: as of `cumprod`
    shape: the operand's; flattened without an axis
    >>> np.nancumprod([2.0, np.nan, 3.0])
    """
    return _into(np.cumprod(_filled(a, 1), axis=axis, dtype=dtype), out)


def nanmin(a, axis=None, out=None, keepdims=False, initial=None, where=True):
    """The least element over axes that is not nan; nan where there is none.

    shape: without `axis`
    >>> np.nanmin([3.0, np.nan, 1.0])
    """
    return _into(_extreme(np.min, a, np.inf, axis, keepdims, initial, where), out)


def nanmax(a, axis=None, out=None, keepdims=False, initial=None, where=True):
    """The greatest element over axes that is not nan; nan where there is none.

    shape: without `axis`
    >>> np.nanmax([3.0, np.nan, 1.0])
    """
    return _into(_extreme(np.max, a, -np.inf, axis, keepdims, initial, where), out)


def nanargmin(a, axis=None, out=None, *, keepdims=False):
    """The index of the first least element that is not nan; ValueError where there is none.

    dtype: int64
    shape: without `axis`
    >>> np.nanargmin([3.0, np.nan, 1.0])
    """
    return _into(np.argmin(_some(a, np.inf, axis), axis=axis, keepdims=keepdims), out)


def nanargmax(a, axis=None, out=None, *, keepdims=False):
    """The index of the first greatest element that is not nan; ValueError where there is none.

    dtype: int64
    shape: without `axis`
    >>> np.nanargmax([3.0, np.nan, 1.0])
    """
    return _into(np.argmax(_some(a, -np.inf, axis), axis=axis, keepdims=keepdims), out)


def nanmean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True):
    """The mean over axes of what is not nan; nan where there is nothing. No warning says so.

    dtype: as of `mean`
    shape: without `axis`
    >>> np.nanmean([1.0, np.nan, 3.0])
    """
    a = np.asarray(a)
    if a.dtype.kind not in "fc":
        return _into(np.mean(a, axis=axis, dtype=dtype, keepdims=keepdims, where=where), out)
    _inexact(dtype)
    count = np.sum(~np.isnan(a), axis=axis, keepdims=keepdims, where=where)
    total = np.sum(_filled(a, 0), axis=axis, dtype=dtype, keepdims=keepdims, where=where)
    return _into(_as(_ratio(total, count), total.dtype), out)


def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, correction=None):
    """The variance over axes of what is not nan; nan where no more than `ddof` elements are left.

    dtype: as of `var`
    shape: without `axis`
    >>> np.nanvar([1.0, np.nan, 3.0])
    """
    return _into(_variance(a, axis, dtype, ddof, keepdims, where, correction), out)


def nanstd(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, correction=None):
    """The standard deviation over axes of what is not nan; nan where no more than `ddof` elements are left.

    dtype: as of `std`
    shape: without `axis`
    >>> np.nanstd([1.0, np.nan, 3.0])
    """
    return _into(np.sqrt(_variance(a, axis, dtype, ddof, keepdims, where, correction)), out)


def _filled(a, value):
    a = np.asarray(a)
    if a.dtype.kind not in "fc":
        return a
    return np.where(np.isnan(a), value, a)


def _ratio(total, count):
    """The mean of what may be nothing: no error then."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return total / count


def _extreme(reduce, a, beyond, axis, keepdims, initial, where):
    a = np.asarray(a)
    if a.dtype.kind not in "fc":
        return _reduced(reduce, a, axis, keepdims, initial, where)
    least = _reduced(reduce, _filled(a, _beyond(a, beyond)), axis, keepdims, initial, where)
    if initial is not None or least.size == 0:
        return least
    # Where there are only nans, what NumPy gives is the first: a reduction that heeds nans finds it.
    return np.where(np.all(np.isnan(a), axis=axis, keepdims=keepdims), reduce(a, axis=axis, keepdims=keepdims), least)[()]


def _reduced(reduce, a, axis, keepdims, initial, where):
    if initial is None:
        return reduce(a, axis=axis, keepdims=keepdims, where=where)
    return reduce(a, axis=axis, keepdims=keepdims, initial=initial, where=where)


def _beyond(a, beyond):
    return complex(beyond, beyond) if a.dtype.kind == "c" else beyond


def _some(a, beyond, axis):
    a = np.asarray(a)
    if a.dtype.kind not in "fc":
        return a
    if a.size > 0 and np.any(np.all(np.isnan(a), axis=axis)):
        raise ValueError("All-NaN slice encountered")
    return _filled(a, _beyond(a, beyond))


def _inexact(dtype):
    if dtype is not None and np.dtype(dtype).kind not in "fc":
        raise TypeError("If a is inexact, then dtype must be inexact")


def _variance(a, axis, dtype, ddof, keepdims, where, correction):
    a = np.asarray(a)
    if correction is not None:
        if ddof != 0:
            raise ValueError("ddof and correction can't be provided simultaneously.")
        ddof = correction
    if a.dtype.kind not in "fc":
        return np.var(a, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=where)
    _inexact(dtype)
    there = ~np.isnan(a)
    count = np.sum(there, axis=axis, keepdims=True, where=where)
    mean = np.sum(_filled(a, 0), axis=axis, dtype=dtype, keepdims=True, where=where)
    mean = _as(_ratio(mean, count), mean.dtype)
    distance = np.where(there, a - mean, 0)
    square = (distance * distance.conj()).real if distance.dtype.kind == "c" else distance * distance
    total = np.sum(square, axis=axis, dtype=dtype, keepdims=keepdims, where=where)
    left = np.sum(there, axis=axis, keepdims=keepdims, where=where) - ddof
    return _as(np.where(left <= 0, np.nan, _ratio(total, left)), total.dtype)


def _as(result, dtype):
    return np.asarray(result).astype(dtype)[()]


def _into(result, out):
    if out is None:
        return result
    out[...] = result
    return out
