# Borders around arrays.

import numpy as np

_ARGUMENTS = {
    "constant": ["constant_values"],
    "linear_ramp": ["end_values"],
    "maximum": ["stat_length"],
    "mean": ["stat_length"],
    "median": ["stat_length"],
    "minimum": ["stat_length"],
    "reflect": ["reflect_type"],
    "symmetric": ["reflect_type"],
    "edge": [],
    "wrap": [],
    "empty": [],
}


def pad(array, pad_width, mode="constant", **kwargs):
    """The array with a border: `pad_width` elements before and after along each axis.

    `mode` says what is there: `constant` (`constant_values`), `edge`, `linear_ramp` (to `end_values`), `maximum`, `mean`,
    `median`, `minimum` (of `stat_length` elements), `reflect`, `symmetric`, `wrap` or `empty`.

    One exchange an axis brings the border's elements to their owners.

    Not here: a function as `mode`, `reflect_type='odd'`.

    shape: longer by the border
    >>> np.pad(np.array([1, 2, 3]), (2, 1), mode="edge")
    """
    a = np.asarray(array)
    widths = _pairs(pad_width, a.ndim, True)
    if callable(mode):
        raise NotImplementedError("a function as mode= of pad is not supported")
    if mode not in _ARGUMENTS:
        raise ValueError(f"mode '{mode}' is not supported")
    for name in kwargs:
        if name not in _ARGUMENTS[mode]:
            raise ValueError(f"unsupported keyword arguments for mode '{mode}': {{{name!r}}}")
    if kwargs.get("reflect_type", "even") != "even":
        raise NotImplementedError("reflect_type='odd' of pad is not supported")
    if a.size == 0 and mode not in ("constant", "empty"):
        for axis, (width, n) in enumerate(zip(widths, a.shape)):
            if n == 0 and (width[0] or width[1]):
                raise ValueError(f"can't extend empty axis {axis} using modes other than 'constant' or 'empty'")
    values = _pairs(kwargs.get("constant_values", kwargs.get("end_values", 0)), a.ndim, False)
    lengths = _pairs(kwargs.get("stat_length"), a.ndim, False)
    for axis in range(a.ndim):
        before, after = widths[axis]
        if before or after:
            a = _padded(a, axis, before, after, mode, values[axis], lengths[axis])
    return a.copy(order="A") if a is array else _lying_as(a, np.asarray(array))


def _pairs(given, ndim, widths):
    """A pair for each axis, of one value, one pair, or a pair for each axis."""
    if widths and isinstance(given, dict):
        pairs = [(0, 0)] * ndim
        for axis, value in given.items():
            pairs[axis] = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
        given = pairs
    if given is None:
        return [(None, None)] * ndim
    shape = np.asarray(given).shape
    if widths and np.asarray(given).dtype.kind != "i":
        raise TypeError("`pad_width` must be of integral type.")
    if shape == () or shape == (1,):
        one = given if shape == () else given[0]
        pairs = [(one, one)] * ndim
    elif shape == (2,):
        pairs = [(given[0], given[1])] * ndim
    else:
        given = np.broadcast_to(np.asarray(given), (ndim, 2))
        pairs = [(given[k, 0], given[k, 1]) for k in range(ndim)]
    if widths:
        pairs = [(int(b), int(e)) for b, e in pairs]
        if any([b < 0 or e < 0 for b, e in pairs]):
            raise ValueError("index can't contain negative values")
    return pairs


def _padded(a, axis, before, after, mode, values, lengths):
    n = a.shape[axis]
    key = (slice(None),) * axis
    if mode in ("constant", "empty"):
        border = [a.shape[:axis] + (width,) + a.shape[axis + 1 :] for width in (before, after)]
        ends = [np.full(shape, np.asarray(v).astype(a.dtype)) for shape, v in zip(border, values)]
    elif mode in ("edge", "wrap", "symmetric", "reflect"):
        i = np.arange(-before, n + after)
        if mode == "edge":
            i = np.clip(i, 0, n - 1)
        elif mode == "wrap":
            i = i % n
        elif mode == "symmetric":
            i = i % (2 * n)
            i = np.where(i < n, i, 2 * n - 1 - i)
        else:
            i = i % max(2 * n - 2, 1)
            i = np.where(i < n, i, 2 * n - 2 - i)
        return _picked(a, axis, i)
    elif mode == "linear_ramp":
        low = _ramp(values[0], a[key + (slice(0, 1),)], before, axis)
        high = _ramp(values[1], a[key + (slice(n - 1, n),)], after, axis)
        ends = [low, np.flip(high, axis)]
    else:
        function = {"maximum": np.max, "minimum": np.min, "mean": np.mean, "median": np.median}[mode]
        low, high = [n if m is None else min(int(m), n) for m in lengths]
        if min(low, high) < 1:
            if mode in ("maximum", "minimum"):
                raise ValueError("stat_length of 0 yields no value for padding")
        parts = [a[key + (slice(0, low),)], a[key + (slice(n - high, n),)]]
        ends = []
        for part, width in zip(parts, (before, after)):
            value = function(part, axis=axis, keepdims=True)
            if a.dtype.kind in "iu":
                value = np.rint(value)
            ends.append(np.broadcast_to(value.astype(a.dtype), a.shape[:axis] + (width,) + a.shape[axis + 1 :]))
    return np.concatenate((ends[0], a, ends[1]), axis=axis)


def _ramp(start, edge, width, axis):
    """Even steps from a value to the edge's elements, which would come next."""
    at = np.arange(width).reshape((width,) + (1,) * (edge.ndim - axis - 1))
    start = np.asarray(start) * 1.0
    ramp = at * ((edge - start) / max(width, 1)) + start
    return (np.floor(ramp) if edge.dtype.kind in "iu" else ramp).astype(edge.dtype)
