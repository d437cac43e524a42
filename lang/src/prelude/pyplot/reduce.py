# Data of any size brought to the size of a picture, each rank its part: what leaves the engines is never larger.

import numpy as np

# Points of a line, marks of a scatter, and cells of a picture beyond which data is reduced; columns it is reduced to.
_POINTS = 4000
_MARKS = 3000
_CELLS = 800
_COLUMNS = 1200


def _values(x, what):
    """Real numbers as a float array; bools and ints become floats."""
    x = np.asarray(x)
    if x.dtype.kind == "c":
        raise TypeError(f"{what} must be real: take x.real, x.imag or np.abs(x) of complex numbers")
    return x if x.dtype == np.float64 else x.astype(np.float64)


def _finite(x, low, high):
    """The least and the greatest finite number, on one pass over the data where there is no nan."""
    if x.size == 0:
        return low, high
    a, b = float(np.min(x)), float(np.max(x))
    if np.isfinite(a) and np.isfinite(b):
        return a, b
    good = np.isfinite(x)
    if not np.any(good):
        return low, high
    return float(np.min(np.where(good, x, np.inf))), float(np.max(np.where(good, x, -np.inf)))


def _stretches(x, n, log):
    """Where stretches of the points begin, one a column of the picture; None where x does not rise."""
    if x is None:
        return (np.arange(_COLUMNS) * n) // _COLUMNS
    if not np.all(x[1:] >= x[:-1]):
        return None
    first, last = float(x[0]), float(x[-1])
    if log and first > 0:
        edges = np.exp(np.linspace(np.log(first), np.log(last), _COLUMNS + 1))
    else:
        edges = np.linspace(first, last, _COLUMNS + 1)
    starts = np.unique(np.searchsorted(x, edges[:-1]))
    return starts[starts < n]


def _line(x, y, log=False):
    """Points of a line that draws the same picture: of each column the first, the least, the greatest and the last.

    `x` is None for 0, 1, 2... Lines whose x does not rise keep six points of each of many stretches. M4: Jugel et al.,
    VLDB 2014.
    """
    n = y.size
    if n <= _POINTS:
        return (np.arange(n) * 1.0 if x is None else x), y
    if x is not None and float(x[0]) > float(x[-1]) and np.all(x[1:] <= x[:-1]):
        x, y = x[::-1], y[::-1]
    starts = _stretches(x, n, log)
    if starts is None:
        return _scribble(x, y)
    ends = np.concatenate([starts[1:], np.array([n])]) - 1
    least, greatest = np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)
    first = starts * 1.0 if x is None else x[starts]
    last = ends * 1.0 if x is None else x[ends]
    middle = (first + last) / 2
    xs = np.stack([first, middle, middle, last], axis=1).reshape(-1)
    # In the order in which the line runs through them, so that it does not turn back within a column.
    begin, end = y[starts], y[ends]
    falls = end < begin
    ys = np.stack([begin, np.where(falls, greatest, least), np.where(falls, least, greatest), end], axis=1)
    return xs, ys.reshape(-1)


def _scribble(x, y):
    n, count = y.size, _POINTS
    each = n // count
    kept = count * each
    a, b = x[:kept].reshape(count, each), y[:kept].reshape(count, each)
    inner = [np.argmin(a, axis=1), np.argmax(a, axis=1), np.argmin(b, axis=1), np.argmax(b, axis=1)]
    zeros = np.zeros(count, dtype=int)
    picks = np.sort(np.stack(inner + [zeros, zeros + each - 1], axis=1), axis=1)
    at = (picks + np.reshape(np.arange(count) * each, (count, 1))).reshape(-1)
    at = np.concatenate([at, np.arange(kept, n)])
    return x[at], y[at]


def _band(x, low, high, log=False):
    """As `_line`, for what lies between two curves."""
    n = low.size
    if n <= _POINTS:
        return (np.arange(n) * 1.0 if x is None else x), low, high
    starts = _stretches(x, n, log)
    if starts is None:
        raise NotImplementedError(f"a band of more than {_POINTS} points needs an x that rises: sort it first")
    first = starts * 1.0 if x is None else x[starts]
    return first, np.fmin.reduceat(low, starts), np.fmax.reduceat(high, starts)


def _starts(n, most):
    count = min(n, most)
    return (np.arange(count) * n) // max(count, 1)


def _fold(z, r, c):
    return np.add.reduceat(np.add.reduceat(z, r, axis=0), c, axis=1)


def _shrink(z):
    """A matrix as a picture of at most so many cells along each axis: the mean of the finite values of each cell.

    Returns the picture, and where its rows and columns begin.
    """
    rows, cols = z.shape
    r, c = _starts(rows, _CELLS), _starts(cols, _CELLS)
    if rows <= _CELLS and cols <= _CELLS:
        return z, r, c
    z = z if z.dtype.kind == "f" else z.astype(np.float64)
    sums = _fold(z, r, c)
    if np.all(np.isfinite(sums)):
        high = np.concatenate([r[1:], np.array([rows])]) - r
        wide = np.concatenate([c[1:], np.array([cols])]) - c
        return sums / (np.reshape(high, (r.size, 1)) * wide), r, c
    good = np.isfinite(z)
    count = _fold(good.astype(np.float64), r, c)
    return np.where(count > 0, _fold(np.where(good, z, 0.0), r, c) / np.maximum(count, 1.0), np.nan), r, c


def _sample(n, most):
    """At most so many of n indices, the first and the last among them."""
    if n <= most:
        return np.arange(n)
    return (np.arange(most) * (n - 1)) // (most - 1)


def _scale(x, low, high, log):
    """From 0 to 1 between the limits."""
    if log and low > 0:
        return (np.log(x) - np.log(low)) / (np.log(high) - np.log(low))
    return (x - low) / (high - low)


def _cells(x, y, xlog, ylog, values=None):
    """How many points lie in each cell of a fine grid over all of them; and the sums of their values."""
    x0, x1 = _finite(x, 0.0, 1.0)
    y0, y1 = _finite(y, 0.0, 1.0)
    if x0 == x1:
        x0, x1 = x0 - 0.5, x1 + 0.5
    if y0 == y1:
        y0, y1 = y0 - 0.5, y1 + 0.5
    cols, rows = 1000, 740
    good = np.isfinite(x) & np.isfinite(y)
    u, v = _scale(x, x0, x1, xlog), _scale(y, y0, y1, ylog)
    good = good & np.isfinite(u) & np.isfinite(v)
    i = np.where(good, np.clip(u * cols, 0, cols - 1), 0.0).astype(int)
    j = np.where(good, np.clip(v * rows, 0, rows - 1), 0.0).astype(int)
    # What is no point lies beyond the grid.
    at = np.where(good, j * cols + i, rows * cols)
    counts = np.bincount(at, minlength=rows * cols + 1)[:-1]
    sums = None
    if values is not None:
        sums = np.bincount(at, np.where(good, values, 0.0), rows * cols + 1)[:-1]
    return {"cols": cols, "rows": rows, "x0": x0, "x1": x1, "y0": y0, "y1": y1, "counts": counts, "sums": sums,
            "xlog": xlog and x0 > 0, "ylog": ylog and y0 > 0}
