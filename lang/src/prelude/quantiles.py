# Order statistics: selected, or sorted along the axes and picked, and interpolated. The methods are those of Hyndman and Fan,
# "Sample quantiles in statistical packages" (1996), and NumPy's own.

import numpy as np


def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """The middle element over axes, or the mean of the two in the middle; nan if there is one.

    Of all elements it is found by `order_statistics`; along an axis it moves what `sort` moves.

    dtype: float64 of integers and bool, else the operand's
    shape: without `axis`
    >>> np.median([3, 1, 2, 10])
    """
    a = np.asarray(a)
    if _is_whole(a, axis):
        n = a.size
        found = order_statistics(a, [n // 2 - (n % 2 == 0), n // 2, n - 1])
        result = np.mean(found[n % 2:2])
        if a.dtype.kind in "fc" and np.isnan(found[2]):
            result = found[2]
        return _finish(result, (1,) * a.ndim if keepdims else None, out)
    lanes, at, kept = _lanes(a, axis)
    n = lanes.shape[at]
    middle = lanes[_along(at, slice(n // 2 - (n % 2 == 0), n // 2 + 1))]
    result = np.mean(middle, axis=at)
    if n > 0:
        result = _nan_where_nan(result, lanes[_along(at, -1)])
    return _finish(result, kept if keepdims else None, out)


def quantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
    """The values below which these parts (0 to 1) of the elements lie, over axes; nan if there is one.

    `method` says what is between elements: 'linear', 'lower', 'higher', 'midpoint', 'nearest', 'inverted_cdf',
    'averaged_inverted_cdf', 'closest_observation', 'interpolated_inverted_cdf', 'hazen', 'weibull', 'median_unbiased',
    'normal_unbiased'. Of all elements they are found by `order_statistics`; along an axis it moves what `sort` moves.

    dtype: of methods that interpolate, that of the elements times q; else the operand's
    shape: q.shape, then the operand's without `axis`
    >>> np.quantile([4, 1, 2, 3], [0.25, 0.5])
    """
    return _quantile(a, np.asarray(q), type(q) in (int, float), axis, out, method, keepdims, weights, False)


def percentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
    """The values below which these percentages (0 to 100) of the elements lie, over axes; nan if there is one.

    As `quantile` of `q / 100`.

    dtype: of methods that interpolate, that of the elements times q; else the operand's
    shape: q.shape, then the operand's without `axis`
    >>> np.percentile([4, 1, 2, 3], 75)
    """
    parts = np.asarray(np.true_divide(q, 100))
    _check(parts, "Percentiles must be in the range [0, 100]")
    return _quantile(a, parts, type(q) in (int, float), axis, out, method, keepdims, weights, False)


def nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """The median over axes of what is not nan; nan where nothing is left.

    Moves what `sort` moves.

    dtype: float64 of integers and bool, else the operand's
    shape: without `axis`
    >>> np.nanmedian([3, np.nan, 1, 2])
    """
    a = np.asarray(a)
    if a.dtype.kind not in "fc" or a.size == 0:
        return median(a, axis, out, overwrite_input, keepdims)
    lanes, at, kept = _lanes(a, axis)
    lanes = _first(lanes, at)
    count = np.sum(~np.isnan(lanes), axis=0)
    below = _each(lanes, np.maximum(count - 1, 0) // 2)
    above = _each(lanes, np.minimum(count // 2, lanes.shape[0] - 1))
    mean = np.mean(np.stack((below, above)), axis=0)
    result = np.where(count == 0, lanes[_along(0, 0)], np.where(count % 2 == 1, below / 1, mean))
    return _finish(result, kept if keepdims else None, out)


def nanquantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
    """The quantiles over axes of what is not nan; nan where nothing is left.

    As `quantile`. Moves what `sort` moves.

    dtype: of methods that interpolate, that of the elements times q; else the operand's
    shape: q.shape, then the operand's without `axis`
    >>> np.nanquantile([4, np.nan, 1, 2, 3], 0.5)
    """
    return _quantile(a, np.asarray(q), type(q) in (int, float), axis, out, method, keepdims, weights, True)


def nanpercentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
    """The percentiles over axes of what is not nan; nan where nothing is left.

    As `percentile`. Moves what `sort` moves.

    dtype: of methods that interpolate, that of the elements times q; else the operand's
    shape: q.shape, then the operand's without `axis`
    >>> np.nanpercentile([4, np.nan, 1, 2, 3], 50)
    """
    parts = np.asarray(np.true_divide(q, 100))
    _check(parts, "Percentiles must be in the range [0, 100]")
    return _quantile(a, parts, type(q) in (int, float), axis, out, method, keepdims, weights, True)


METHODS = ["inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf", "hazen", "weibull", "linear", "median_unbiased", "normal_unbiased", "lower", "higher", "midpoint", "nearest"]

DISCRETE = ["inverted_cdf", "closest_observation", "lower", "higher", "nearest"]

# Of the continuous methods: the plotting positions (k - alpha) / (n + 1 - alpha - beta) of the kth element.
ALPHA_BETA = {"interpolated_inverted_cdf": (0, 1), "hazen": (0.5, 0.5), "weibull": (0, 0), "median_unbiased": (1 / 3.0, 1 / 3.0), "normal_unbiased": (3 / 8.0, 3 / 8.0)}


def _quantile(a, q, weak, axis, out, method, keepdims, weights, skip):
    a = np.asarray(a)
    if a.dtype.kind == "c":
        raise TypeError("a must be an array of real numbers")
    _check(q, "Quantiles must be in the range [0, 1]")
    if q.ndim > 2:
        raise ValueError("q must be a scalar or 1d")
    if method not in METHODS:
        raise ValueError(f"{method!r} is not a valid method. Use one of: {METHODS}")
    if weights is not None and method != "inverted_cdf":
        raise ValueError(f"Only method 'inverted_cdf' supports weights. Got: {method}.")
    if weights is not None:
        return _weighted(a, q, axis, weights, keepdims, out, skip)
    if skip and a.size == 0:
        return _finish(np.mean(a, axis=axis, keepdims=keepdims), None, out)
    skip = skip and a.dtype.kind == "f"
    whole = not skip and _is_whole(a, axis)
    if whole:
        lanes, at, kept, n = a, 0, (1,) * a.ndim, a.size
    else:
        lanes, at, kept = _lanes(a, axis)
        n = lanes.shape[at]
    if skip:
        lanes, at = _first(lanes, at), 0
        n = np.sum(~np.isnan(lanes), axis=0)
    others = (1,) * (0 if whole else lanes.ndim - 1)
    parts = q.reshape((-1,) + others) if skip else q.reshape(-1)
    index = _virtual(n, parts, method)
    exact = index.dtype.kind == "i" and (method == "linear" or method in DISCRETE)
    first = second = index
    if not exact:
        low = np.floor(index)
        below, above = index < 0, index >= n - 1
        share = _share(index - low, index, method).astype(index.dtype)
        first = np.where(above, n - 1, np.where(below, 0, low)).astype(np.int64)
        second = np.where(above, n - 1, np.where(below, 0, low + 1)).astype(np.int64)
    last = None
    if whole:
        found = order_statistics(a, np.concatenate((first, second, [n - 1])))
        first, second, last = found[:parts.size], found[parts.size:-1], found[-1]
    else:
        first = _picked(lanes, at, first, skip)
        second = first if exact else _picked(lanes, at, second, skip)
        if not skip:
            last = lanes[_along(at, -1)]
    if exact:
        result = first
    else:
        if weak and not skip:
            share = float(share[0])
        elif not skip:
            share = share.reshape((-1,) + others)
        rest, near = 1 - share, share >= 0.5
        if weak and skip:
            share, rest = share.astype(a.dtype), rest.astype(a.dtype)
        distance = second - first
        result = np.where(near, second - distance * rest, first + distance * share)
    if skip and lanes.ndim == 1 and n == 0:
        result = result.astype(a.dtype)
    result = result.reshape(q.shape + result.shape[1:])
    if last is not None:
        result = _nan_where_nan(result, last)
    return _finish(result, q.shape + kept if keepdims else None, out)


def _weighted(a, q, axis, weights, keepdims, out, skip):
    # Of elements that count as their weights say: the first at which the sum of the weights reaches q of them all.
    axes = None
    if axis is not None:
        axes = tuple([_axis(k, a.ndim) for k in (axis if isinstance(axis, tuple) else (axis,))])
    w = np.asarray(weights)
    if w.shape != a.shape:
        if axes is None:
            raise TypeError("Axis must be specified when shapes of a and weights differ.")
        if w.shape != tuple([a.shape[k] for k in axes]):
            raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
        w = w.transpose(np.argsort(axes).tolist()).reshape(tuple([n if k in axes else 1 for k, n in enumerate(a.shape)]))
    if np.any(w < 0):
        raise ValueError("Weights must be non-negative.")
    axes = tuple(range(a.ndim)) if axes is None else tuple(sorted(axes))
    rest = tuple([k for k in range(a.ndim) if k not in axes])
    n, shape = 1, tuple([a.shape[k] for k in rest])
    for k in axes:
        n *= a.shape[k]
    lanes = a.transpose(axes + rest).reshape((n,) + shape)
    w = np.broadcast_to(w, a.shape).astype(np.float64).transpose(axes + rest).reshape((n,) + shape)
    if skip and a.dtype.kind == "f":
        w = np.where(np.isnan(lanes), 0.0, w)
    order = np.argsort(lanes, axis=0)
    lanes = np.take_along_axis(lanes, order, 0)
    reached = np.cumsum(np.take_along_axis(w, order, 0), axis=0)
    reached = reached / reached[-1]
    if not skip and np.any(np.isnan(reached[-1])):
        raise ValueError("Weights included NaN, inf or were all zero.")
    if q.dtype.kind == "f":
        reached = reached.astype(q.dtype)
    # What weighs nothing at the beginning is no quantile, also not of 0.
    reached = np.where(reached == 0, -1, reached)
    found = []
    for part in np.ravel(q):
        place = np.asarray(np.minimum(np.sum(reached < part, axis=0), n - 1))
        found.append(np.take_along_axis(lanes, place[np.newaxis], 0)[0])
    result = np.stack(found).reshape(q.shape + shape)
    if not skip:
        result = _nan_where_nan(result, lanes[-1])
    kept = tuple([1 if k in axes else m for k, m in enumerate(a.shape)])
    return _finish(result, q.shape + kept if keepdims else None, out)


def _check(parts, words):
    if parts.size > 0 and not (parts.min() >= 0 and parts.max() <= 1):
        raise ValueError(words)


def _virtual(n, q, method):
    # The place of each quantile among n sorted elements, counted from 0: integers where no share is to be found.
    if method == "linear":
        return (n - 1) * q
    if method == "lower":
        return np.floor((n - 1) * q).astype(np.int64)
    if method == "higher":
        return np.ceil((n - 1) * q).astype(np.int64)
    if method == "nearest":
        return np.round((n - 1) * q).astype(np.int64)
    if method == "midpoint":
        return 0.5 * (np.floor((n - 1) * q) + np.ceil((n - 1) * q))
    if method == "averaged_inverted_cdf":
        return n * q - 1
    if method == "inverted_cdf" or method == "closest_observation":
        index = n * q - 1 if method == "inverted_cdf" else n * q - 1 - 0.5
        low = np.floor(index)
        exact = index == low
        if method == "closest_observation":
            exact = exact & (np.floor(index) % 2 == 1)
        return np.maximum(np.where(exact, low, low + 1).astype(np.int64), 0)
    alpha, beta = ALPHA_BETA[method]
    return n * q + (alpha + q * (1 - alpha - beta)) - 1


def _share(share, index, method):
    # How far a quantile is from the element before it to the one after it.
    if method == "averaged_inverted_cdf":
        return np.where(share == 0, 0.5, 1.0)
    if method == "midpoint":
        return np.where(index % 1 == 0, 0.0, 0.5)
    return share


def _picked(lanes, at, index, skip):
    # The elements at places of each lane; the places come first.
    if not skip:
        found = lanes[_along(at, index)]
        found = found.transpose((at,) + tuple([d for d in range(found.ndim) if d != at]))
        return np.asarray(found, order="C")
    return np.stack([_each(lanes, np.clip(row, 0, lanes.shape[0] - 1)) for row in index])


def _each(lanes, index):
    # The element at one place of each lane along axis 0.
    if lanes.ndim == 1:
        return lanes[index]
    width = 1
    for extent in lanes.shape[1:]:
        width = width * extent
    return lanes.reshape((lanes.shape[0], width))[index.reshape(-1), np.arange(width)].reshape(lanes.shape[1:])


def _is_whole(a, axis):
    # Whether all elements are one lane, and there are some.
    return a.size > 0 and (axis is None or a.ndim == 1 and axis in (0, -1, (0,), (-1,)))


def _lanes(a, axis):
    # The array sorted along one axis, which stands for all of `axis`; that axis, and the shape with ones for them.
    if axis is None:
        return np.sort(a, axis=None), 0, (1,) * a.ndim
    axes = axis if isinstance(axis, tuple) else (axis,)
    axes = tuple([_axis(k, a.ndim) for k in axes])
    if any([axes[i] in axes[:i] for i in range(len(axes))]):
        raise ValueError("repeated axis")
    kept = tuple([1 if d in axes else a.shape[d] for d in range(a.ndim)])
    if len(axes) == 1:
        return np.sort(a, axis=axes[0]), axes[0], kept
    keep = tuple([d for d in range(a.ndim) if d not in axes])
    count = 1
    for d in axes:
        count = count * a.shape[d]
    folded = a.transpose(keep + tuple(sorted(axes))).reshape(tuple([a.shape[d] for d in keep]) + (count,))
    return np.sort(folded, axis=-1), len(keep), kept


def _first(lanes, at):
    return lanes.transpose((at,) + tuple([d for d in range(lanes.ndim) if d != at]))


def _nan_where_nan(result, last):
    last = np.asarray(last)
    if last.dtype.kind not in "fc":
        return result
    if last.ndim == 0 and np.asarray(result).ndim == 0:
        return last if np.isnan(last) else result
    return np.where(np.isnan(last), last, result)


def _finish(result, shape, out):
    result = np.asarray(result)
    if shape is not None:
        result = result.reshape(shape)
    if out is not None:
        out[...] = result
        return out
    return result[()]
