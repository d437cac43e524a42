# Products composed of matmul, dot and einsum.

import numpy as np


def _turned(a, first, last):
    """The axes `first`, then the axes `last`."""
    return np.transpose(a, tuple(first) + tuple(last))


def _conjugate(a):
    return np.conjugate(a) if a.dtype.kind == "c" else a


def _core(name, signature, at, dim, size, wanted):
    return ValueError(
        f"{name}: Input operand {at} has a mismatch in its core dimension {dim}, with gufunc signature {signature} "
        f"(size {size} is different from {wanted})"
    )


def _few(name, signature, at, ndim, wanted):
    return ValueError(
        f"{name}: Input operand {at} does not have enough dimensions (has {ndim}, gufunc core with signature "
        f"{signature} requires {wanted})"
    )


def _stored(name, result, out):
    if out is None:
        return result
    shape = np.asarray(result).shape
    if out.shape != shape:
        raise ValueError(f"{name}: output of shape {out.shape} for a result of shape {shape}")
    out[...] = result
    return out


def inner(a, b, /):
    """Sums of products over the last axes of both.

    Communication: as `dot`.

    dtype: the promotion of the operands
    shape: a.shape[:-1] + b.shape[:-1]
    >>> np.inner(np.arange(3), np.arange(3))
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim == 0 or b.ndim == 0:
        return np.dot(a, b)
    if a.shape[-1] != b.shape[-1]:
        raise ValueError(
            f"shapes {a.shape} and {b.shape} not aligned: {a.shape[-1]} (dim {a.ndim - 1}) != {b.shape[-1]} "
            f"(dim {b.ndim - 1})"
        )
    if b.ndim == 1:
        return np.dot(a, b)
    axes = list(range(b.ndim))
    return np.dot(a, np.transpose(b, axes[:-2] + [b.ndim - 1, b.ndim - 2]))


def vdot(a, b, /):
    """The sum of the products of `a`'s conjugates with `b`, both flattened.

    dtype: the promotion of the operands
    shape: none
    >>> np.vdot(np.array([1j, 2]), np.array([1j, 2]))
    """
    a, b = np.asarray(a).ravel(), np.asarray(b).ravel()
    if a.size != b.size:
        raise ValueError("vectors have different lengths")
    with np.errstate(all="ignore"):
        return np.dot(_conjugate(a), b)


def vecdot(x1, x2, /, out=None, *, axis=-1, keepdims=False, dtype=None):
    """Sums of the products of `x1`'s conjugates with `x2` along an axis; the others broadcast.

    Communication: as `matmul` of stacks.

    dtype: the promotion of the operands
    shape: the operands', broadcast, less `axis`
    >>> np.vecdot(np.arange(6).reshape(2, 3), np.arange(3))
    """
    x1, x2 = np.asarray(x1), np.asarray(x2)
    for at, x in enumerate((x1, x2)):
        if x.ndim == 0:
            raise _few("vecdot", "(n),(n)->()", at, 0, 1)
    ends = []
    for x in (x1, x2):
        k = _axis(axis, x.ndim)
        ends.append(x if k == x.ndim - 1 else _turned(x, [i for i in range(x.ndim) if i != k], [k]))
    a, b = ends
    if a.shape[-1] != b.shape[-1]:
        raise _core("vecdot", "(n),(n)->()", 1, 0, b.shape[-1], a.shape[-1])
    if dtype is not None:
        a, b = a.astype(dtype), b.astype(dtype)
    result = np.einsum("...i,...i->...", _conjugate(a), b)
    if keepdims:
        wide = np.asarray(result)
        k = axis + wide.ndim + 1 if axis < 0 else axis
        result = wide.reshape(wide.shape[:k] + (1,) + wide.shape[k:])
    return _stored("vecdot", result, out)


def _fit(name, operands, dtype):
    """TypeError where an operand cannot be cast to the dtype that is asked for."""
    for i, x in enumerate(operands):
        if dtype is not None and not np.can_cast(x.dtype, dtype, "same_kind"):
            raise TypeError(
                f"Cannot cast ufunc '{name}' input {i} from {x.dtype!r} to {np.dtype(dtype)!r} "
                "with casting rule 'same_kind'"
            )


def matvec(x1, x2, /, out=None, *, dtype=None):
    """Products of matrices with vectors; stacks broadcast.

    Communication: as `matmul`.

    dtype: the promotion of the operands
    shape: (..., m, n), (..., n) -> (..., m)
    >>> np.matvec(np.arange(6).reshape(2, 3), np.arange(3))
    """
    x1, x2 = np.asarray(x1), np.asarray(x2)
    _fit("matvec", (x1, x2), dtype)
    if x1.ndim < 2:
        raise _few("matvec", "(m,n),(n)->(m)", 0, x1.ndim, 2)
    if x2.ndim < 1:
        raise _few("matvec", "(m,n),(n)->(m)", 1, 0, 1)
    if x1.shape[-1] != x2.shape[-1]:
        raise _core("matvec", "(m,n),(n)->(m)", 1, 0, x2.shape[-1], x1.shape[-1])
    return _stored("matvec", np.matmul(x1, x2[..., None], dtype=dtype)[..., 0], out)


def vecmat(x1, x2, /, out=None, *, dtype=None):
    """Products of vectors, conjugated, with matrices; stacks broadcast.

    Communication: as `matmul`.

    dtype: the promotion of the operands
    shape: (..., n), (..., n, m) -> (..., m)
    >>> np.vecmat(np.arange(2), np.arange(6).reshape(2, 3))
    """
    x1, x2 = np.asarray(x1), np.asarray(x2)
    _fit("vecmat", (x1, x2), dtype)
    if x1.ndim < 1:
        raise _few("vecmat", "(n),(n,m)->(m)", 0, 0, 1)
    if x2.ndim < 2:
        raise _few("vecmat", "(n),(n,m)->(m)", 1, x2.ndim, 2)
    if x1.shape[-1] != x2.shape[-2]:
        raise _core("vecmat", "(n),(n,m)->(m)", 1, 0, x2.shape[-2], x1.shape[-1])
    return _stored("vecmat", np.matmul(_conjugate(x1)[..., None, :], x2, dtype=dtype)[..., 0, :], out)


def tensordot(a, b, axes=2):
    """Sums of products over several axes: the last `axes` of `a` with the first of `b`, or those listed for each.

    Communication: as `matmul`, and of bringing the axes into place.

    dtype: the promotion of the operands
    shape: the axes of `a` that are left, then those of `b`
    >>> np.tensordot(np.ones((2, 3, 4)), np.ones((3, 4, 5))).shape
    """
    if isinstance(axes, (tuple, list)):
        axes_a, axes_b = axes
        axes_a = list(axes_a) if isinstance(axes_a, (tuple, list)) else [axes_a]
        axes_b = list(axes_b) if isinstance(axes_b, (tuple, list)) else [axes_b]
    else:
        axes_a, axes_b = list(range(-axes, 0)), list(range(0, axes))
    a, b = np.asarray(a), np.asarray(b)
    if len(axes_a) != len(axes_b):
        raise ValueError("shape-mismatch for sum")
    for i, (k, l) in enumerate(zip(axes_a, axes_b)):
        if not -a.ndim <= k < a.ndim or not -b.ndim <= l < b.ndim:
            raise IndexError("tuple index out of range")
        if a.shape[k] != b.shape[l]:
            raise ValueError("shape-mismatch for sum")
        axes_a[i], axes_b[i] = _axis(k, a.ndim), _axis(l, b.ndim)
    free_a = [k for k in range(a.ndim) if k not in axes_a]
    free_b = [k for k in range(b.ndim) if k not in axes_b]
    rows, columns, inner = 1, 1, 1
    for k in free_a:
        rows *= a.shape[k]
    for k in free_b:
        columns *= b.shape[k]
    for k in axes_a:
        inner *= a.shape[k]
    x = _turned(a, free_a, axes_a).reshape((rows, inner))
    y = _turned(b, axes_b, free_b).reshape((inner, columns))
    shape = tuple([a.shape[k] for k in free_a] + [b.shape[k] for k in free_b])
    return np.dot(x, y).reshape(shape)


def kron(a, b):
    """Kronecker's product: `b` times each element of `a`, in the place of that element.

    Communication: as `multiply` of the operands, and of a reshape.

    dtype: the promotion of the operands
    shape: the products of the extents
    >>> np.kron(np.array([1, 10]), np.array([1, 2, 3]))
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim == 0 or b.ndim == 0:
        return np.multiply(a, b)
    ndim = max(a.ndim, b.ndim)
    of_a = (1,) * (ndim - a.ndim) + a.shape
    of_b = (1,) * (ndim - b.ndim) + b.shape
    wide_a, wide_b, shape = [], [], []
    for m, n in zip(of_a, of_b):
        wide_a += [m, 1]
        wide_b += [1, n]
        shape.append(m * n)
    return np.multiply(a.reshape(tuple(wide_a)), b.reshape(tuple(wide_b))).reshape(tuple(shape))


def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """The cross products of vectors of three elements (or two: then of the plane) along an axis.

    dtype: the promotion of the operands
    shape: the operands', broadcast; without the axis, of vectors of two elements
    >>> np.cross(np.array([1, 0, 0]), np.array([0, 1, 0]))
    """
    if axis is not None:
        axisa, axisb, axisc = axis, axis, axis
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim < 1 or b.ndim < 1:
        raise ValueError("At least one array has zero dimension")
    k, l = _axis(axisa, a.ndim), _axis(axisb, b.ndim)
    a = _turned(a, [i for i in range(a.ndim) if i != k], [k])
    b = _turned(b, [i for i in range(b.ndim) if i != l], [l])
    m, n = a.shape[-1], b.shape[-1]
    if m not in (2, 3) or n not in (2, 3):
        raise ValueError("incompatible dimensions for cross product\n(dimension must be 2 or 3)")
    last = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    if m == 2 and n == 2:
        return last
    if m == 3 and n == 3:
        first = a[..., 1] * b[..., 2] - a[..., 2] * b[..., 1]
        second = a[..., 2] * b[..., 0] - a[..., 0] * b[..., 2]
    elif m == 3:
        first, second = -a[..., 2] * b[..., 1], a[..., 2] * b[..., 0]
    else:
        first, second = a[..., 1] * b[..., 2], -a[..., 0] * b[..., 2]
    parts = [np.asarray(first), np.asarray(second), np.asarray(last)]
    return np.stack(parts, axis=_axis(axisc, parts[0].ndim + 1))


def trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None):
    """The sums along a diagonal of two axes.

    Communication: as `sum`.

    dtype: as `sum`
    shape: the other axes
    method: (offset=0, axis1=0, axis2=1, dtype=None, out=None)
    >>> np.trace(np.arange(9).reshape(3, 3))
    """
    return _stored("trace", np.diagonal(np.asarray(a), offset, axis1, axis2).sum(axis=-1, dtype=dtype), out)
