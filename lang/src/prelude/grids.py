# Objects that are indexed: grids, and arrays joined from slices and sequences.

import numpy as np


def _spaced(key):
    """The numbers that a slice stands for; an imaginary step counts them."""
    start = 0 if key.start is None else key.start
    step = 1 if key.step is None else key.step
    if isinstance(step, (complex, np.complexfloating)):
        return np.linspace(start, key.stop, num=int(abs(step)))
    return np.arange(start, key.stop, step)


def _placed(item, ndmin, trans1d):
    """An operand of `r_` with at least `ndmin` axes, its own beginning at axis `trans1d`."""
    missing = ndmin - item.ndim
    if missing <= 0:
        return item
    item = item.reshape((1,) * missing + item.shape)
    if trans1d == -1:
        return item
    first = trans1d + missing + 1 if trans1d < 0 else trans1d
    axes = list(range(ndmin))
    return item.transpose(axes[:first] + axes[missing:] + axes[first:missing])


def _directive(text, axis, ndmin, trans1d):
    if text in ("r", "c"):
        raise NotImplementedError(f"the directive {text!r}, which makes a matrix")
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 0:
        what = f" {text!r}" if "," in text else ""
        raise ValueError(f"unknown special directive{what}")
    if len(numbers) > 3:
        numbers = numbers[:2]
    return tuple(numbers) + (axis, ndmin, trans1d)[len(numbers) :]


def _joined(key, axis, ndmin, trans1d):
    items, kinds = [], []
    for k, item in enumerate(key if isinstance(key, tuple) else (key,)):
        if isinstance(item, str):
            if k != 0:
                raise ValueError("special directives must be the first entry.")
            axis, ndmin, trans1d = _directive(item, axis, ndmin, trans1d)
            continue
        if isinstance(item, (bool, int, float, complex, np.generic)):
            items.append(item)
            kinds.append(item)
            continue
        if isinstance(item, slice):
            item = _spaced(item)
            if ndmin > 1:
                item = item.reshape((1,) * (ndmin - 1) + item.shape)
                if trans1d != -1:
                    item = item.swapaxes(-1, trans1d)
        else:
            item = _placed(np.asarray(item), max(ndmin, 1), trans1d)
        items.append(item)
        kinds.append(item.dtype)
    if items:
        dtype = np.result_type(*kinds)
        items = [np.array(item, dtype=dtype, ndmin=ndmin) for item in items]
    return np.concatenate(items, axis=axis)


def r_(key):
    """Indexed, the array that slices, numbers and sequences make, one after the other along the first axis.

    A slice stands for `arange`, one with an imaginary step for `linspace`. A text in front says the axis to join along,
    how many axes each has at least, and where its own begin: `np.r_['0,2', a, b]`.

    Not here: the directives 'r' and 'c', which make matrices.

    dtype: the promotion of all
    shape: that of the operands joined
    indexed: yes
    >>> np.r_[1:4, 0, [5, 6]]
    """
    return _joined(key, 0, 1, -1)


def c_(key):
    """Indexed, the array that slices and sequences make as columns: `np.r_['-1,2,0', ...]`.

    dtype: the promotion of all
    shape: (length, columns)
    indexed: yes
    >>> np.c_[1:4, [4, 5, 6]]
    """
    return _joined(key, -1, 2, 0)


def ogrid(key):
    """Indexed by slices, the coordinates of a grid, each along an axis of its own: `np.mgrid` before it is broadcast.

    dtype: int64 or float64: a tuple of arrays, one array of one slice
    shape: 1 along all axes but one
    indexed: yes
    >>> np.ogrid[0:2, 0:3]
    """
    if not isinstance(key, tuple):
        return np.mgrid[key]
    axes = [np.mgrid[one] for one in key]
    dtype = np.result_type(np.int64, *axes)
    count = len(axes)
    return tuple([a.astype(dtype).reshape((1,) * k + a.shape + (1,) * (count - k - 1)) for k, a in enumerate(axes)])
