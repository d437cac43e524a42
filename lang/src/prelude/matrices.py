# Triangles, diagonals and other matrices by rule.

import numpy as np


def tri(N, M=None, k=0, dtype=float):
    """Ones at and below the k-th diagonal, zeros above.

    dtype: as given
    shape: (N, M)
    >>> np.tri(3, 4, 1)
    """
    M = N if M is None else M
    return (np.arange(N)[:, None] >= np.arange(M)[None, :] - k).astype(dtype)


def tril(m, k=0):
    """The lower triangle: zeros above the k-th diagonal of the last two axes.

    >>> np.tril(np.ones((3, 3)), -1)
    """
    m = np.asarray(m)
    if m.ndim == 1:
        m = np.broadcast_to(m, (m.shape[0], m.shape[0]))
    return np.where(tri(m.shape[-2], m.shape[-1], k, bool), m, np.zeros(1, m.dtype))


def triu(m, k=0):
    """The upper triangle: zeros below the k-th diagonal of the last two axes.

    >>> np.triu(np.ones((3, 3)), 1)
    """
    m = np.asarray(m)
    if m.ndim == 1:
        m = np.broadcast_to(m, (m.shape[0], m.shape[0]))
    return np.where(tri(m.shape[-2], m.shape[-1], k - 1, bool), np.zeros(1, m.dtype), m)


def tril_indices(n, k=0, m=None):
    """The indices of the lower triangle of an n by m matrix, as a tuple of two arrays.

    dtype: a tuple of int64 arrays
    shape: as many as there are
    >>> np.tril_indices(2)
    """
    return np.where(tri(n, m, k, bool))


def triu_indices(n, k=0, m=None):
    """The indices of the upper triangle of an n by m matrix, as a tuple of two arrays.

    dtype: a tuple of int64 arrays
    shape: as many as there are
    >>> np.triu_indices(2)
    """
    return np.where(~tri(n, m, k - 1, bool))


def tril_indices_from(arr, k=0):
    """The indices of the lower triangle of a matrix.

    dtype: a tuple of int64 arrays
    shape: as many as there are
    >>> np.tril_indices_from(np.zeros((2, 2)))
    """
    if arr.ndim != 2:
        raise ValueError("input array must be 2-d")
    return tril_indices(arr.shape[-2], k, arr.shape[-1])


def triu_indices_from(arr, k=0):
    """The indices of the upper triangle of a matrix.

    dtype: a tuple of int64 arrays
    shape: as many as there are
    >>> np.triu_indices_from(np.zeros((2, 2)))
    """
    if arr.ndim != 2:
        raise ValueError("input array must be 2-d")
    return triu_indices(arr.shape[-2], k, arr.shape[-1])


def mask_indices(n, mask_func, k=0):
    """The indices of what a function such as `np.triu` leaves of an n by n matrix.

    dtype: a tuple of int64 arrays
    shape: as many as there are
    >>> np.mask_indices(2, np.triu)
    """
    return np.where(mask_func(np.ones((n, n), int), k) != 0)


def diag(v, k=0):
    """The k-th diagonal of a matrix (a view that is read-only), or the matrix with a 1-D array on its k-th diagonal.

    shape: a square of the length and `abs(k)`, or the diagonal's length
    >>> np.diag([1, 2])
    """
    v = np.asarray(v)
    if v.ndim == 1:
        n = v.shape[0] + abs(k)
        result = np.zeros((n, n), v.dtype)
        i = np.arange(v.shape[0])
        result[i + max(-k, 0), i + max(k, 0)] = v
        return result
    if v.ndim == 2:
        return np.diagonal(v, k)
    raise ValueError("Input must be 1- or 2-d.")


def diagflat(v, k=0):
    """The matrix with the elements in C order on its k-th diagonal.

    shape: a square of the size and `abs(k)`
    >>> np.diagflat([[1, 2]])
    """
    return diag(np.ravel(v), k)


def diag_indices(n, ndim=2):
    """The indices of the main diagonal of an array with `ndim` axes of length n.

    dtype: a tuple of int64 arrays
    shape: (n,)
    >>> np.diag_indices(3)
    """
    return (np.arange(n),) * ndim


def diag_indices_from(arr):
    """The indices of the main diagonal of an array whose axes are equally long.

    dtype: a tuple of int64 arrays
    shape: (n,)
    >>> np.diag_indices_from(np.zeros((2, 2)))
    """
    if not arr.ndim >= 2:
        raise ValueError("input array must be at least 2-d")
    if not all([n == arr.shape[0] for n in arr.shape]):
        raise ValueError("All dimensions of input must be of equal length")
    return diag_indices(arr.shape[0], arr.ndim)


def fill_diagonal(a, val, wrap=False):
    """Writes values to the main diagonal, in place.

    dtype: None
    shape: none
    >>> a = np.zeros((2, 2)); np.fill_diagonal(a, 5); a
    """
    if a.ndim < 2:
        raise ValueError("array must be at least 2-d")
    if a.ndim > 2 and not all([n == a.shape[0] for n in a.shape]):
        raise ValueError("All dimensions of input must be of equal length")
    n = min(a.shape)
    i = np.arange(n)
    index = (i,) * a.ndim
    if a.ndim == 2 and wrap and a.shape[0] > a.shape[1]:
        rows = np.arange(a.shape[0])
        column = rows % (a.shape[1] + 1)
        rows, column = rows[column < a.shape[1]], column[column < a.shape[1]]
        index = (rows, column)
    count = index[0].shape[0]
    val = np.ravel(val)
    if val.size == 0:
        return
    a[index] = val[np.arange(count) % val.size]


def vander(x, N=None, increasing=False):
    """The matrix of powers of `x`, falling to 0, or rising from it.

    dtype: the operand's; int64 of smaller integers
    shape: (len(x), N)
    >>> np.vander([1, 2, 3], 3)
    """
    x = np.asarray(x)
    if x.ndim != 1:
        raise ValueError("x must be a one-dimensional array or sequence.")
    N = len(x) if N is None else N
    v = np.ones((len(x), N), dtype=np.promote_types(x.dtype, int))
    powers = v if increasing else v[:, ::-1]
    if N > 1:
        powers[:, 1:] = np.cumprod(np.broadcast_to(x[:, None], (len(x), N - 1)), axis=1, dtype=v.dtype)
    return v
