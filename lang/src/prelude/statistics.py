# Averages, spreads and correlations.

import numpy as np


def ptp(a, axis=None, out=None, keepdims=False):
    """The range of the elements over axes: the greatest less the least.

    >>> np.ptp(np.array([3, 1, 4]))
    """
    result = np.subtract(np.max(a, axis=axis, keepdims=keepdims), np.min(a, axis=axis, keepdims=keepdims))
    if out is None:
        return result
    out[...] = result
    return out


def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    """The average over axes, weighted on request: by one weight an element, or one for each place along the axis.

    ZeroDivisionError where the weights sum to zero.

    dtype: float64 of integers, else the operands' promotion; with `returned` a tuple with the sum of the weights
    shape: without `axis`
    >>> np.average([1, 2, 3], weights=[3, 1, 1])
    """
    a = np.asarray(a)
    if weights is None:
        mean = a.mean(axis, keepdims=keepdims)
        scale = np.asarray(mean.dtype.type(a.size / mean.size)) if mean.size else np.asarray(0.0)
    else:
        w = np.asarray(weights)
        dtype = np.result_type(a.dtype, w.dtype, np.float64) if a.dtype.kind in "biu" else np.result_type(a.dtype, w.dtype)
        if a.shape != w.shape:
            if axis is None:
                raise TypeError("Axis must be specified when shapes of a and weights differ.")
            axes = tuple([_axis(k, a.ndim) for k in (axis if isinstance(axis, tuple) else (axis,))])
            if w.shape != tuple([a.shape[k] for k in axes]):
                raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
            w = w.transpose(tuple(sorted(range(len(axes)), key=lambda i: axes[i])))
            w = w.reshape(tuple([n if k in axes else 1 for k, n in enumerate(a.shape)]))
        scale = np.sum(np.broadcast_to(w, a.shape), axis=axis, dtype=dtype, keepdims=keepdims)
        if np.any(scale == 0.0):
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
        mean = np.sum(np.multiply(a, w).astype(dtype), axis=axis, keepdims=keepdims) / scale
    if not returned:
        return mean
    scale, shape = np.asarray(scale), np.asarray(mean).shape
    return mean, (scale if scale.shape == shape else np.broadcast_to(scale, shape).copy())[()]


def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None):
    """The covariance matrix of variables, which are the rows (the columns with `rowvar=False`).

    `fweights` counts observations, `aweights` weighs them. One product of matrices.

    dtype: float64; complex128 of complex; or as given
    shape: variables by variables
    >>> np.cov(np.array([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
    """
    if ddof is not None and ddof != int(ddof):
        raise ValueError("ddof must be integer")
    m = np.asarray(m)
    if m.ndim > 2:
        raise ValueError("m has more than 2 dimensions")
    if y is not None:
        y = np.asarray(y)
        if y.ndim > 2:
            raise ValueError("y has more than 2 dimensions")
    if dtype is None:
        dtype = np.result_type(m.dtype, np.float64) if y is None else np.result_type(m.dtype, y.dtype, np.float64)
    if np.dtype(dtype).kind in "biu":
        raise TypeError(
            f"Cannot cast ufunc 'subtract' output from dtype('float64') to {np.dtype(dtype)!r} "
            "with casting rule 'same_kind'"
        )
    x = _variables(m, rowvar, dtype)
    if x.shape[0] == 0:
        return np.array([]).reshape(0, 0)
    if y is not None:
        x = np.concatenate((x, _variables(y, rowvar, dtype)), axis=0)
    if ddof is None:
        ddof = 0 if bias else 1
    w = None
    if fweights is not None:
        f = np.asarray(fweights).astype(np.float64)
        if not np.all(f == np.around(f)):
            raise TypeError("fweights must be integer")
        _check_weights(f, x, "fweights")
        w = f
    if aweights is not None:
        aw = np.asarray(aweights).astype(np.float64)
        _check_weights(aw, x, "aweights")
        w = aw if w is None else w * aw
    if w is None:
        mean, total = np.mean(x, axis=1), x.shape[1]
        factor = total - ddof
    else:
        mean, total = np.average(x, axis=1, weights=w, returned=True)
        total = total[0]
        factor = total - ddof * (np.sum(w * aw) / total if aweights is not None else 1)
    if ddof == 0:
        factor = total
    factor = max(factor, 0.0)
    x = x - mean[:, None]
    right = x.T if w is None else (x * w).T
    c = np.dot(x, np.conj(right)) * np.true_divide(1, factor)
    return c.squeeze()


def _variables(m, rowvar, dtype):
    x = np.array(m, dtype=dtype)
    if x.ndim < 2:
        return x.reshape(1, -1)
    return x if rowvar or m.shape[0] == 1 and m.ndim < 2 else x.T


def _check_weights(w, x, name):
    if w.ndim > 1:
        raise RuntimeError(f"cannot handle multidimensional {name}")
    if w.shape[0] != x.shape[1]:
        raise RuntimeError(f"incompatible numbers of samples and {name}")
    if np.any(w < 0):
        raise ValueError(f"{name} cannot be negative")


def corrcoef(x, y=None, rowvar=True, *, dtype=None):
    """Pearson's correlation coefficients of variables: the covariance matrix with ones on its diagonal.

    dtype: float64; complex128 of complex; or as given
    shape: variables by variables
    >>> np.corrcoef(np.array([[0.0, 1.0, 2.0], [2.0, 1.0, 0.5]]))
    """
    c = cov(x, y, rowvar, dtype=dtype)
    if c.ndim == 0:
        return c / c
    deviation = np.sqrt(c[np.arange(c.shape[0]), np.arange(c.shape[0])].real)
    c = c / deviation[:, None] / deviation[None, :]
    if c.dtype.kind == "c":
        return np.clip(c.real, -1, 1) + 1j * np.clip(c.imag, -1, 1)
    return np.clip(c, -1, 1)
