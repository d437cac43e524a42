# Polynomials as arrays of coefficients, the highest power first.

import numpy as np


def polyval(p, x):
    """The values at `x` of the polynomial with coefficients `p`, by Horner's rule.

    Elementwise on `x`, in one pass; the coefficients are on every rank.

    dtype: the operands' promotion
    shape: that of `x`
    >>> np.polyval([1, 0, -2], np.arange(4))
    """
    p, x = np.asarray(p), np.asarray(x)
    y = np.zeros_like(x)
    for c in p:
        y = y * x + c
    return y


def poly(seq_of_zeros):
    """The coefficients of the polynomial with these zeros, or of a matrix's characteristic polynomial.

    dtype: float64, complex128 where the zeros are not in conjugate pairs
    shape: one more than zeros
    >>> np.poly([1, 2])
    """
    zeros = np.atleast_1d(seq_of_zeros)
    if zeros.ndim == 2 and zeros.shape[0] == zeros.shape[1] and zeros.shape[0] != 0:
        zeros = np.linalg.eigvals(zeros)
    elif zeros.ndim != 1:
        raise ValueError("input must be 1d or non-empty square 2d array.")
    elif zeros.dtype.kind in "biu":
        zeros = zeros.astype(np.float64)
    if len(zeros) == 0:
        return 1.0
    a = np.ones(1, dtype=zeros.dtype)
    for zero in zeros:
        a = np.convolve(a, np.array([1, -zero], dtype=zeros.dtype), mode="full")
    if a.dtype.kind == "c" and np.array_equal(np.sort(zeros), np.sort(np.conj(zeros))):
        a = a.real.copy()
    return a


def _pair(a1, a2):
    a1, a2 = np.atleast_1d(a1), np.atleast_1d(a2)
    gap = len(a2) - len(a1)
    if gap > 0:
        a1 = np.concatenate((np.zeros(gap, a1.dtype), a1))
    if gap < 0:
        a2 = np.concatenate((np.zeros(-gap, a2.dtype), a2))
    return a1, a2


def polyadd(a1, a2):
    """The sum of two polynomials.

    dtype: the operands' promotion
    shape: the longer's
    >>> np.polyadd([1, 2], [9, 5, 4])
    """
    a1, a2 = _pair(a1, a2)
    return a1 + a2


def polysub(a1, a2):
    """The difference of two polynomials.

    dtype: the operands' promotion
    shape: the longer's
    >>> np.polysub([2, 10, -2], [3, 10, -4])
    """
    a1, a2 = _pair(a1, a2)
    return a1 - a2


def polymul(a1, a2):
    """The product of two polynomials.

    dtype: the operands' promotion
    shape: the lengths' sum less one
    >>> np.polymul([1, 2, 3], [9, 5, 1])
    """
    return np.convolve(_trimmed(a1), _trimmed(a2))


def _trimmed(a):
    """Without leading zeros, but for one coefficient."""
    a = np.atleast_1d(a)
    found = np.flatnonzero(a)
    return a[int(found[0]) :] if len(found) else a[:1] * 0


def polydiv(u, v):
    """The quotient and the remainder of two polynomials.

    dtype: a tuple of two float64 or complex128 arrays
    shape: of the degrees
    >>> np.polydiv([3.0, 5.0, 2.0], [2.0, 1.0])
    """
    u, v = np.atleast_1d(u) + 0.0, np.atleast_1d(v) + 0.0
    dtype = np.result_type(u, v)
    m, n = len(u) - 1, len(v) - 1
    q = np.zeros(max(m - n + 1, 1), dtype)
    r = u.astype(dtype)
    for k in range(m - n + 1):
        d = r[k] / v[0]
        q[k] = d
        r[k : k + n + 1] -= d * v
    while np.allclose(r[0], 0, rtol=1e-14) and r.shape[-1] > 1:
        r = r[1:]
    return q, r


def polyder(p, m=1):
    """The m-th derivative of a polynomial.

    dtype: the operand's
    shape: shorter by `m`
    >>> np.polyder([1, 1, 1, 1])
    """
    m = int(m)
    if m < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    p = np.asarray(p)
    for _ in range(m):
        p = _derived(p)
    if p.ndim > 1:
        # NumPy's goes one step too far: an error, unless the rows are of one element or none.
        _derived(p)
    return p


def _derived(p):
    n = len(p) - 1
    return p[:-1] * np.arange(n, 0, -1)


def polyint(p, m=1, k=None):
    """The m-th integral of a polynomial; `k` are the constants, zero by default.

    dtype: float64, or the operand's
    shape: longer by `m`
    >>> np.polyint([3, 2, 1])
    """
    m = int(m)
    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    if k is None:
        k = np.zeros(m, float)
    k = np.atleast_1d(k)
    if len(k) == 1 and m > 1:
        k = k[0] * np.ones(m, float)
    if len(k) < m:
        raise ValueError("k must be a scalar or a rank-1 array of length 1 or >m.")
    p = np.asarray(p)
    for i in range(m):
        p = np.concatenate((p / np.arange(len(p), 0, -1), k[i : i + 1]))
    return p


def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    """The coefficients of the polynomial of degree `deg` that is nearest to the points, by least squares.

    The scaled matrix of powers is solved by `np.linalg.lstsq`.

    dtype: float64; complex128 of complex; with `full` or `cov` a tuple
    shape: (deg + 1,) and the columns of `y`
    >>> np.polyfit([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 5.0, 7.0], 1).round(6)
    """
    order = int(deg) + 1
    x, y = np.asarray(x) + 0.0, np.asarray(y) + 0.0
    if deg < 0:
        raise ValueError("expected deg >= 0")
    if x.ndim != 1:
        raise TypeError("expected 1D vector for x")
    if x.size == 0:
        raise TypeError("expected non-empty vector for x")
    if y.ndim < 1 or y.ndim > 2:
        raise TypeError("expected 1D or 2D array for y")
    if x.shape[0] != y.shape[0]:
        raise TypeError("expected x and y to have same length")
    if rcond is None:
        rcond = len(x) * np.finfo(x.dtype).eps
    left, right = np.vander(x, order), y
    if w is not None:
        w = np.asarray(w) + 0.0
        if w.ndim != 1:
            raise TypeError("expected a 1-d array for weights")
        if w.shape[0] != y.shape[0]:
            raise TypeError("expected w and y to have the same length")
        left = left * w[:, None]
        right = right * (w[:, None] if right.ndim == 2 else w)
    scale = np.sqrt((left * left).sum(axis=0))
    left = left / scale
    c, residuals, rank, s = np.linalg.lstsq(left, right, rcond)
    c = (c.T / scale).T
    if full:
        return c, residuals, rank, s, rcond
    if cov:
        base = np.linalg.inv(left.T @ left) / np.outer(scale, scale)
        if cov == "unscaled":
            factor = 1
        else:
            if len(x) <= order:
                raise ValueError("the number of data points must exceed order to scale the covariance matrix")
            factor = residuals / (len(x) - order)
        return c, (base * factor if y.ndim == 1 else base[:, :, None] * factor)
    return c


def roots(p):
    """The zeros of a polynomial, as eigenvalues of its companion matrix.

    dtype: float64 or complex128
    shape: the degree
    >>> np.roots([1, -3, 2])
    """
    p = np.atleast_1d(p)
    if p.ndim != 1:
        raise ValueError("Input must be a rank-1 array.")
    found = np.flatnonzero(p)
    if len(found) == 0:
        return np.array([])
    trailing = len(p) - int(found[-1]) - 1
    p = p[int(found[0]) : int(found[-1]) + 1]
    if p.dtype.kind in "biu":
        p = p.astype(np.float64)
    n = len(p)
    if n > 1:
        companion = np.diag(np.ones(n - 2, p.dtype), -1)
        companion[0, :] = -p[1:] / p[0]
        zeros = np.linalg.eigvals(companion)
    else:
        zeros = np.array([])
    return np.concatenate((zeros, np.zeros(trailing, zeros.dtype)))
