# Sets of values, and the bins that values fall into.

import numpy as np


def intersect1d(ar1, ar2, assume_unique=False, return_indices=False):
    """The distinct elements that two arrays have in common, in ascending order.

    With `return_indices` a tuple with their first places in both. Sorts both, as `unique` does.

    dtype: the operands' promotion
    shape: (number of common elements,)
    >>> np.intersect1d([3, 1, 2, 2], [2, 5, 3])
    """
    ar1, ar2 = np.asarray(ar1).ravel(), np.asarray(ar2).ravel()
    if assume_unique:
        first1, first2 = np.argsort(ar1), np.argsort(ar2)
        ar1, ar2 = ar1[first1], ar2[first2]
    else:
        ar1, first1 = np.unique(ar1, return_index=True)
        ar2, first2 = np.unique(ar2, return_index=True)
    both = np.isin(ar1, ar2)
    common = ar1[both].astype(np.concatenate((ar1[:0], ar2[:0])).dtype)
    if return_indices:
        return common, first1[both], first2[np.isin(ar2, ar1)]
    return common


def union1d(ar1, ar2):
    """The distinct elements of two arrays together, in ascending order.

    dtype: the operands' promotion
    shape: (number of distinct elements,)
    >>> np.union1d([3, 1], [2, 3])
    """
    return np.unique(np.concatenate((ar1, ar2), axis=None))


def setdiff1d(ar1, ar2, assume_unique=False):
    """The distinct elements of an array that are not in another, in ascending order.

    With `assume_unique` all elements of the first that are not in the second, in their order.

    shape: (number of such elements,)
    >>> np.setdiff1d([3, 1, 2, 2], [3, 5])
    """
    if assume_unique:
        ar1 = np.asarray(ar1).ravel()
    else:
        ar1, ar2 = np.unique(ar1), np.unique(ar2)
    return ar1[np.isin(ar1, ar2, assume_unique=True, invert=True)]


def setxor1d(ar1, ar2, assume_unique=False):
    """The distinct elements that only one of two arrays has, in ascending order.

    dtype: the operands' promotion
    shape: (number of such elements,)
    >>> np.setxor1d([3, 1, 2], [2, 5])
    """
    if not assume_unique:
        ar1, ar2 = np.unique(ar1), np.unique(ar2)
    both = np.sort(np.concatenate((ar1, ar2), axis=None))
    if both.size == 0:
        return both
    differs = both[1:] != both[:-1]
    edge = np.array([True])
    differs = np.concatenate((edge, differs, edge))
    return both[differs[1:] & differs[:-1]]


def digitize(x, bins, right=False):
    """The index of the bin that each element falls into: of ascending bins the first `i` with `x < bins[i]`.

    Of descending bins the first with `x >= bins[i]`; `right` moves the equal ones. ValueError for bins that are
    neither. Looks the elements up as `searchsorted` does.

    dtype: int64
    shape: that of x
    >>> np.digitize([0.5, 1.0, 9.0], [0, 1, 2])
    """
    x, bins = np.asarray(x), np.asarray(bins)
    if x.dtype.kind == "c":
        raise TypeError("x may not be complex")
    if bins.ndim != 1:
        raise ValueError("object of too small depth for desired array" if bins.ndim == 0 else "object too deep for desired array")
    side = "left" if right else "right"
    if (bins[1:] >= bins[:-1]).all():
        return np.searchsorted(bins, x, side)
    if not (bins[1:] <= bins[:-1]).all():
        raise ValueError("bins must be monotonically increasing or decreasing")
    return len(bins) - np.searchsorted(bins[::-1], x, side)
