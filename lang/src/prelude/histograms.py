# Histograms: the edges of bins, and how many elements lie between them.

import numpy as np


def histogram_bin_edges(a, bins=10, range=None, weights=None):
    """The edges of the bins that `histogram` would count into.

    `bins` is a number of bins, their edges, or a rule: 'auto', 'fd', 'doane', 'scott', 'rice', 'sturges', 'sqrt'
    ('stone' is not supported).

    dtype: that of the elements, but float64 of integers; of given edges theirs
    shape: (number of bins + 1,)
    >>> np.histogram_bin_edges([1, 2, 2, 5], bins=4)
    """
    return _edges(_sample(a, weights), bins, range, weights)


def histogram(a, bins=10, range=None, density=None, weights=None):
    """How many elements lie in each bin, and the edges of the bins.

    Bins hold their left edges; the last one both. `bins` is as for `histogram_bin_edges`; `weights` add up instead of
    ones; `density` divides by the total and the widths. Each element's bin is looked up in the edges, which all ranks
    have, and counted as by `bincount`.

    dtype: int64, the weights', or float64 under `density`; and the edges'
    shape: (number of bins,) and (number of bins + 1,)
    >>> np.histogram([1, 2, 2, 5], bins=[0, 2, 5])
    """
    a = _sample(a, weights)
    edges = _edges(a, bins, range, weights)
    a = a.reshape(-1)
    n = edges.size - 1
    # Ranges are compared with the elements as they are, bins with them as the edges are.
    uniform = isinstance(bins, str) or np.asarray(bins).ndim == 0
    if weights is None and not density and n > 0 and a.dtype == edges.dtype:
        # Below the first edge, in each bin, and from the last edge on, where the last bin has those on the edge.
        found = np.bincount(np.searchsorted(edges, a, side="right"), minlength=n + 2)
        counts = found[1 : n + 1]
        counts[n - 1] += np.count_nonzero(a == edges[n])
        return counts, edges
    inside = (a >= edges[0]) & (a <= edges[-1]) if n > 0 else np.zeros(a.shape, dtype=bool)
    kept = a[inside]
    kept = kept.astype(edges.dtype) if uniform else kept
    at = np.searchsorted(edges, kept, side="right") - 1
    at = np.minimum(at, n - 1)
    if weights is None:
        counts = np.bincount(at, minlength=n)
    else:
        w = np.asarray(weights).reshape(-1)[inside]
        if w.dtype.kind == "c":
            counts = (np.bincount(at, w.real, n) + 1j * np.bincount(at, w.imag, n)).astype(w.dtype)
        else:
            counts = np.bincount(at, w, n).astype(w.dtype)
    if density:
        widths = _widths(edges).astype(float)
        return counts / widths / counts.sum(), edges
    return counts, edges


def histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    """How many points lie in each cell of a grid of bins, and the edges along both axes.

    `bins` is a number or the edges for both axes, or a pair of these.

    dtype: float64
    shape: (bins of x, bins of y), and the edges
    >>> np.histogram2d([0, 1, 1], [0, 1, 0], bins=2)
    """
    if len(x) != len(y):
        raise ValueError("x and y must have the same length.")
    if _is_sequence(bins):
        if len(bins) != 1 and len(bins) != 2:
            bins = [np.asarray(bins), np.asarray(bins)]
    else:
        bins = [bins, bins]
    counts, edges = _grid(np.stack([np.asarray(x), np.asarray(y)], axis=1), bins, range, density, weights)
    return counts, edges[0], edges[1]


def histogramdd(sample, bins=10, range=None, density=None, weights=None):
    """How many points lie in each cell of a grid of bins in any number of dimensions, and the list of the edges.

    `sample` is an array with a row for each point, or a sequence of the coordinates along each dimension.

    dtype: float64
    shape: (bins of each dimension, ...), and the edges
    >>> np.histogramdd(np.array([[0, 0], [1, 1], [1, 0]]), bins=2)[0]
    """
    if isinstance(sample, (tuple, list)):
        sample = np.asarray(sample)
        sample = sample.reshape((1, -1)) if sample.ndim < 2 else sample
        sample = sample.T
    if sample.ndim == 1:
        sample = sample.reshape((-1, 1))
    return _grid(sample, bins, range, density, weights)


def _grid(sample, bins, range, density, weights):
    points, dims = sample.shape
    if not _is_sequence(bins):
        bins = [bins] * dims
    elif len(bins) != dims:
        raise ValueError("The dimension of bins must be equal to the dimension of the sample x.")
    if range is None:
        range = [None] * dims
    elif len(range) != dims:
        raise ValueError("range argument must have one entry per dimension")
    edges, places, cells = [], None, []
    for i, given in enumerate(bins):
        column = sample[:, i]
        if np.asarray(given).ndim == 0:
            if given < 1:
                raise ValueError(f"`bins[{i}]` must be positive, when an integer")
            low, high = _outer(column, range[i])
            if isinstance(given, float):
                raise TypeError(f"`bins[{i}]` must be an integer, when a scalar")
            edge = np.linspace(low, high, given + 1)
        elif np.asarray(given).ndim == 1:
            edge = np.asarray(given)
            if np.any(edge[:-1] > edge[1:]):
                raise ValueError(f"`bins[{i}]` must be monotonically increasing, when an array")
        else:
            raise ValueError(f"`bins[{i}]` must be a scalar or 1d array")
        edges.append(edge)
        # Cell 0 is what lies before the first edge, the last one what lies beyond the last.
        at = np.searchsorted(edge, column, side="right") - (column == edge[-1])
        places = at if places is None else places * (edge.size + 1) + at
        cells.append(edge.size + 1)
    total = 1
    for n in cells:
        total = total * n
    counts = np.bincount(places, weights, minlength=total).reshape(tuple(cells)).astype(float)
    counts = counts[(slice(1, -1),) * dims]
    if density:
        whole = counts.sum()
        for i, edge in enumerate(edges):
            shape = [1] * dims
            shape[i] = edge.size - 1
            counts = counts / _widths(edge).reshape(tuple(shape))
        counts = counts / whole
    return counts, edges


def _widths(edges):
    return edges[1:] - edges[:-1]


def _is_sequence(value):
    return isinstance(value, (tuple, list)) or np.asarray(value).ndim > 0


def _sample(a, weights):
    a = np.asarray(a)
    if a.dtype.kind == "b":
        a = a.astype(np.uint8)
    if weights is not None and np.asarray(weights).shape != a.shape:
        raise ValueError("weights should have the same shape as a.")
    return a


def _outer(a, range):
    if range is not None:
        low, high = range
        if low > high:
            raise ValueError("max must be larger than min in range parameter.")
        if not (np.isfinite(low) and np.isfinite(high)):
            raise ValueError(f"supplied range of [{low}, {high}] is not finite")
    elif a.size == 0:
        low, high = 0, 1
    else:
        low, high = a.min(), a.max()
        if not (np.isfinite(low) and np.isfinite(high)):
            raise ValueError(f"autodetected range of [{low}, {high}] is not finite")
    if low == high:
        low, high = low - 0.5, high + 0.5
    return low, high


def _edges(a, bins, range, weights):
    if isinstance(bins, str):
        if bins not in ("auto", "fd", "doane", "scott", "rice", "sturges", "sqrt", "stone"):
            raise ValueError(f"{bins!r} is not a valid estimator for `bins`")
        if weights is not None:
            raise TypeError("Automated estimation of the number of bins is not supported for weighted data")
        if bins == "stone":
            raise NotImplementedError("bins='stone' is not supported")
        low, high = _outer(a, range)
        kept = a.reshape(-1)
        if range is not None:
            kept = kept[(kept >= low) & (kept <= high)]
        count = 1
        if kept.size > 0:
            width = _width(kept, bins)
            if width:
                if a.dtype.kind in "iu" and width < 1:
                    width = 1
                count = int(np.ceil(_less(high, low) / width))
    elif np.asarray(bins).ndim == 0:
        if isinstance(bins, (float, complex)) or np.asarray(bins).dtype.kind not in "iub":
            raise TypeError("`bins` must be an integer, a string, or an array")
        count = int(bins)
        if count < 1:
            raise ValueError("`bins` must be positive, when an integer")
        low, high = _outer(a, range)
    elif np.asarray(bins).ndim == 1:
        edges = np.asarray(bins)
        if np.any(edges[:-1] > edges[1:]):
            raise ValueError("`bins` must increase monotonically, when an array")
        return edges
    else:
        raise ValueError("`bins` must be 1d, when an array")
    dtype = np.dtype(float) if a.dtype.kind in "iu" else (a.reshape(-1)[:0] + low + high).dtype
    edges = np.linspace(low, high, count + 1, dtype=dtype)
    if np.any(edges[:-1] >= edges[1:]):
        raise ValueError(f"Too many bins for data range. Cannot create {count} finite-sized bins.")
    return edges


def _less(high, low):
    # Of the smaller integers without wrapping.
    if np.asarray(high).dtype.kind in "iu" and np.asarray(low).dtype.kind in "iu":
        return int(high) - int(low)
    return high - low


def _width(a, rule):
    n = a.size
    spread = _less(a.max(), a.min())
    if rule == "sqrt":
        return spread / np.sqrt(n)
    if rule == "sturges":
        return spread / (np.log2(n) + 1.0)
    if rule == "rice":
        return spread / (2.0 * n ** (1.0 / 3))
    if rule == "scott":
        return (24.0 * np.pi**0.5 / n) ** (1.0 / 3.0) * np.std(a)
    if rule == "doane":
        if n <= 2:
            return 0.0
        sigma = np.std(a)
        if not sigma > 0.0:
            return 0.0
        skewness = np.mean(((a - np.mean(a)) / sigma) ** 3)
        error = np.sqrt(6.0 * (n - 2) / ((n + 1.0) * (n + 3)))
        return spread / (1.0 + np.log2(n) + np.log2(1.0 + np.absolute(skewness) / error))
    quartiles = np.percentile(a, [75, 25])
    width = 2.0 * (quartiles[0] - quartiles[1]) / n ** (1.0 / 3.0)
    if rule == "fd":
        return width
    # Not many times more bins than by the square root.
    return min(max(width, spread / np.sqrt(n) / 2), spread / (np.log2(n) + 1.0))
