# np.linalg: what is composed of factorisations and products.

import numpy as np


def _error(text):
    return np.linalg.LinAlgError(text)


def _eps(dtype):
    return 2.0**-23 if dtype in (np.float32, np.complex64) else 2.0**-52


def _square(a):
    if a.ndim < 2:
        raise _error(f"{a.ndim}-dimensional array given. Array must be at least two-dimensional")
    if a.shape[-1] != a.shape[-2]:
        raise _error("Last 2 dimensions of the array must be square")


def _swapped(a):
    axes = list(range(a.ndim))
    return np.transpose(a, axes[:-2] + [a.ndim - 1, a.ndim - 2])


def _adjoint(a):
    return _swapped(np.conjugate(a))


def _size2(x):
    """The squares of the elements' sizes."""
    return x.real**2 + x.imag**2 if x.dtype.kind == "c" else x * x


def matrix_power(a, n):
    """A square matrix to an integer power, by repeated squaring; each matrix of a stack.

    LinAlgError for a negative power of a singular matrix. Communication: `log2 n` to `2 log2 n` times that of `matmul`.

    dtype: the operand's; of negative powers as `inv`
    >>> np.linalg.matrix_power(np.array([[1, 1], [1, 0]]), 10)
    """
    a = np.asarray(a)
    _square(a)
    if not isinstance(n, (int, np.integer)):
        raise TypeError("exponent must be an integer")
    if n == 0:
        result = np.zeros_like(a)
        result[...] = np.eye(a.shape[-1], dtype=a.dtype)
        return result
    if n < 0:
        a, n = np.linalg.inv(a), -n
    if n == 3:
        return np.matmul(np.matmul(a, a), a)
    result, square = None, None
    while n > 0:
        square = a if square is None else np.matmul(square, square)
        if n % 2 == 1:
            result = square if result is None else np.matmul(result, square)
        n = n // 2
    return result


def multi_dot(arrays, *, out=None):
    """The product of several matrices in the order that takes the fewest multiplications.

    The first and the last may be vectors.

    Source: Cormen et al., "Introduction to algorithms", matrix-chain multiplication. Communication: that of the products.

    dtype: the promotion of the operands
    shape: of the matrix product
    >>> np.linalg.multi_dot([np.ones((2, 3)), np.ones((3, 4)), np.ones((4, 2))])
    """
    n = len(arrays)
    if n < 2:
        raise ValueError("Expecting at least two arrays.")
    if n == 2:
        return np.dot(arrays[0], arrays[1], out=out)
    arrays = [np.asarray(a) for a in arrays]
    first, last = arrays[0].ndim, arrays[-1].ndim
    if first == 1:
        arrays[0] = arrays[0][None, :]
    if last == 1:
        arrays[-1] = arrays[-1][:, None]
    for a in arrays:
        if a.ndim != 2:
            raise _error(f"{a.ndim}-dimensional array given. Array must be two-dimensional")
    sizes = [a.shape[0] for a in arrays] + [arrays[-1].shape[1]]
    costs = [[0] * n for i in range(n)]
    cuts = [[0] * n for i in range(n)]
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            best = None
            for k in range(i, j):
                cost = costs[i][k] + costs[k + 1][j] + sizes[i] * sizes[k + 1] * sizes[j + 1]
                if best is None or cost < best:
                    best = cost
                    cuts[i][j] = k
            costs[i][j] = best
    result = _chain(arrays, cuts, 0, n - 1)
    if first == 1 and last == 1:
        result = result[0, 0]
    elif first == 1 or last == 1:
        result = result.ravel()
    if out is None:
        return result
    out[...] = result
    return out


def _chain(arrays, cuts, i, j):
    if i == j:
        return arrays[i]
    k = cuts[i][j]
    return np.dot(_chain(arrays, cuts, i, k), _chain(arrays, cuts, k + 1, j))


def norm(x, ord=None, axis=None, keepdims=False):
    """The norm of a matrix or a vector, or of those along an axis or two.

    `ord` of vectors: 2 (or None), inf, -inf, 0, or any number; of matrices: 'fro' (or None), 'nuc', 2, -2, 1, -1, inf, -inf.
    Communication: that of the sums; of singular values for 2, -2 and 'nuc' of matrices.

    dtype: the real dtype of the operand, float64 for integers
    shape: none; the other axes, where `axis` is given
    >>> np.linalg.norm(np.array([3.0, 4.0]))
    """
    x = np.asarray(x)
    if x.dtype.kind in "biu":
        x = x.astype(np.float64)
    if axis is None:
        if ord is None or (ord in ("f", "fro") and x.ndim == 2) or (ord == 2 and x.ndim == 1):
            result = np.sqrt(np.sum(_size2(x)))
            return result.reshape((1,) * x.ndim) if keepdims else result
        axis = tuple(range(x.ndim))
    elif not isinstance(axis, tuple):
        if not isinstance(axis, (int, np.integer)):
            raise TypeError("'axis' must be None, an integer or a tuple of integers")
        axis = (axis,)
    if len(axis) == 1:
        return _vector(x, ord, axis[0], keepdims)
    if len(axis) == 2:
        row, column = _axis(axis[0], x.ndim), _axis(axis[1], x.ndim)
        if row == column:
            raise ValueError("Duplicate axes given.")
        result = _matrix(x, ord, row, column)
        if keepdims:
            shape = list(x.shape)
            shape[row] = 1
            shape[column] = 1
            result = np.asarray(result).reshape(tuple(shape))
        return result
    raise ValueError("Improper number of dimensions to norm.")


def _vector(x, ord, axis, keepdims):
    if ord == np.inf:
        return np.abs(x).max(axis=axis, keepdims=keepdims, initial=0)
    if ord == -np.inf:
        return np.abs(x).min(axis=axis, keepdims=keepdims)
    if isinstance(ord, str):
        raise ValueError(f"Invalid norm order '{ord}' for vectors")
    if ord is None or ord == 2:
        return np.sqrt(np.sum(_size2(x), axis=axis, keepdims=keepdims))
    size = np.abs(x)
    if ord == 0:
        return (x != 0).astype(size.dtype).sum(axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(size, axis=axis, keepdims=keepdims)
    return np.sum(size**ord, axis=axis, keepdims=keepdims) ** (1.0 / ord)


def _matrix(x, ord, row, column):
    if ord in (2, -2, "nuc"):
        others = [k for k in range(x.ndim) if k != row and k != column]
        s = np.linalg.svd(np.transpose(x, others + [row, column]), compute_uv=False)
        if ord == "nuc":
            return np.sum(s, axis=-1)
        return s.max(axis=-1, initial=0) if ord == 2 else s.min(axis=-1)
    if ord in (1, -1):
        sums = np.sum(np.abs(x), axis=row)
        axis = column - 1 if column > row else column
        return sums.max(axis=axis, initial=0) if ord == 1 else sums.min(axis=axis)
    if ord in (np.inf, -np.inf):
        sums = np.sum(np.abs(x), axis=column)
        axis = row - 1 if row > column else row
        return sums.max(axis=axis, initial=0) if ord == np.inf else sums.min(axis=axis)
    if ord is None or ord in ("fro", "f"):
        return np.sqrt(np.sum(_size2(x), axis=(row, column)))
    raise ValueError("Invalid norm order for matrices.")


def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    """The norm of the vectors along an axis, or of all elements, or along several axes flattened.

    dtype: the real dtype of the operand, float64 for integers
    shape: none; the other axes, where `axis` is given
    >>> np.linalg.vector_norm(np.array([[3.0, 4.0], [0.0, 0.0]]))
    """
    x = np.asarray(x)
    if axis is None:
        gone = list(range(x.ndim))
        result = norm(x.ravel(), axis=0, ord=ord)
    elif isinstance(axis, tuple):
        gone = [_axis(k, x.ndim) for k in axis]
        rest = [k for k in range(x.ndim) if k not in gone]
        size = 1
        for k in gone:
            size *= x.shape[k]
        turned = np.transpose(x, gone + rest).reshape(tuple([size] + [x.shape[k] for k in rest]))
        result = norm(turned, axis=0, ord=ord)
    else:
        gone = [_axis(axis, x.ndim)]
        result = norm(x, axis=axis, ord=ord)
    if keepdims:
        shape = tuple([1 if k in gone else n for k, n in enumerate(x.shape)])
        result = np.asarray(result).reshape(shape)
    return result


def matrix_norm(x, /, *, keepdims=False, ord="fro"):
    """The norms of the matrices in the last two axes, as `norm`.

    dtype: the real dtype of the operand, float64 for integers
    shape: x.shape[:-2]
    >>> np.linalg.matrix_norm(np.array([[3.0, 4.0], [0.0, 0.0]]))
    """
    return norm(x, axis=(-2, -1), keepdims=keepdims, ord=ord)


def cond(x, p=None):
    """The condition number of matrices: the norm times that of the inverse; by singular values for the 2-norm.

    LinAlgError for empty matrices. Communication: as `svd`, or `inv`.

    dtype: the real dtype of the operand, float64 for integers
    shape: x.shape[:-2]
    >>> np.linalg.cond(np.array([[1.0, 0.0], [0.0, 4.0]]))
    """
    x = np.asarray(x)
    if x.ndim >= 2 and x.size == 0 and 0 in x.shape[-2:]:
        raise _error("cond is not defined on empty arrays")
    if p is None or p == 2 or p == -2:
        s = np.linalg.svd(x, compute_uv=False)
        zero = s[..., -1] == 0
        if p == -2:
            return s[..., -1] / s[..., 0] if not np.any(s[..., 0] == 0) else np.where(s[..., 0] == 0, np.inf, s[..., -1])[()]
        if not np.any(zero):
            return s[..., 0] / s[..., -1]
        result = np.where(zero, s.dtype.type(np.inf), s[..., 0] / np.where(zero, s.dtype.type(1), s[..., -1]))
        return result[()]
    _square(x)
    if x.dtype.kind in "biu":
        x = x.astype(np.float64)
    singular = np.asarray(np.linalg.slogdet(x)[0] == 0)
    if not np.any(singular):
        return norm(x, p, axis=(-2, -1)) * norm(np.linalg.inv(x), p, axis=(-2, -1))
    regular = np.where(singular[..., None, None], np.eye(x.shape[-1], dtype=x.dtype), x)
    result = norm(x, p, axis=(-2, -1)) * norm(np.linalg.inv(regular), p, axis=(-2, -1))
    return np.where(singular, result.dtype.type(np.inf), result)[()]


def matrix_rank(A, tol=None, hermitian=False, *, rtol=None):
    """How many singular values are larger than a tolerance.

    Communication: as `svd`.

    dtype: int64
    shape: A.shape[:-2]
    >>> np.linalg.matrix_rank(np.ones((3, 3)))
    """
    if rtol is not None and tol is not None:
        raise ValueError("`tol` and `rtol` can't be both set.")
    A = np.asarray(A)
    if A.ndim < 2:
        return int(not np.all(A == 0))
    s = np.linalg.svd(A, compute_uv=False, hermitian=hermitian)
    if tol is None:
        if rtol is None:
            rtol = max(A.shape[-2:]) * _eps(s.dtype)
        else:
            rtol = np.asarray(rtol)[..., None]
        tol = s.max(axis=-1, keepdims=True, initial=0) * rtol
    else:
        tol = np.asarray(tol)[..., None]
    return np.count_nonzero(s > tol, axis=-1)


def pinv(a, rcond=None, hermitian=False, *, rtol=...):
    """The pseudo-inverse of Moore and Penrose, by singular values; those at most `rcond` times the largest count as 0.

    Communication: as `svd` and `matmul`.

    dtype: as `inv`
    shape: (..., n, m)
    >>> np.linalg.pinv(np.array([[1.0, 0.0], [0.0, 0.0]]))
    """
    a = np.asarray(a)
    if rcond is None:
        if rtol is ...:
            rcond = 1e-15
        elif rtol is None:
            rcond = max(a.shape[-2:]) * _eps(a.dtype)
        else:
            rcond = rtol
    elif rtol is not ...:
        raise ValueError("`rtol` and `rcond` can't be both set.")
    if a.ndim < 2 and a.size == 0:
        raise ValueError(f"not enough values to unpack (expected 2, got {a.ndim})")
    if a.size == 0 and 0 in a.shape[-2:]:
        return np.zeros(a.shape[:-2] + (a.shape[-1], a.shape[-2]), dtype=a.dtype)
    u, s, vh = np.linalg.svd(a, full_matrices=False, hermitian=hermitian)
    large = s > np.asarray(rcond)[..., None] * s.max(axis=-1, keepdims=True)
    one = s.dtype.type(1)
    inverse = np.where(large, one / np.where(large, s, one), s.dtype.type(0))
    return np.matmul(_adjoint(vh) * inverse[..., None, :], _adjoint(u))


def lstsq(a, b, rcond=None):
    """The least-squares solution of least norm of `a @ x = b`.

    A tuple of `x`, the sums of squared residuals, the rank of
    `a`, and its singular values.

    By singular values. LinAlgError where the shapes do not fit. Communication: as `svd` and `matmul`.

    dtype: as `solve`
    shape: (n,) or (n, k); (k,) or (0,); none; (min(m, n),)
    >>> np.linalg.lstsq(np.array([[1.0], [1.0]]), np.array([1.0, 3.0]))[0]
    """
    a, b = np.asarray(a), np.asarray(b)
    vector = b.ndim == 1
    if vector:
        b = b[:, None]
    for x in (a, b):
        if x.ndim != 2:
            raise _error(f"{x.ndim}-dimensional array given. Array must be two-dimensional")
    m, n = a.shape
    if m != b.shape[0]:
        raise _error("Incompatible dimensions")
    single = a.dtype in (np.float32, np.complex64) and b.dtype in (np.float32, np.complex64)
    complex_ = a.dtype.kind == "c" or b.dtype.kind == "c"
    dtype = (np.complex64 if single else np.complex128) if complex_ else (np.float32 if single else np.float64)
    a, b = a.astype(dtype), b.astype(dtype)
    if rcond is None:
        rcond = _eps(dtype) * max(n, m)
    if rcond < 0:
        rcond = _eps(dtype)
    real = np.float32 if single else np.float64
    if m == 0 or n == 0:
        x, s, rank = np.zeros((n, b.shape[1]), dtype=dtype), np.zeros(0, dtype=real), 0
    else:
        u, s, vh = np.linalg.svd(a, full_matrices=False)
        large = s > rcond * s[0]
        rank = int(np.count_nonzero(large))
        one = s.dtype.type(1)
        inverse = np.where(large, one / np.where(large, s, one), s.dtype.type(0))
        x = np.matmul(_adjoint(vh), inverse[:, None] * np.matmul(_adjoint(u), b))
    if rank == n and m > n:
        residuals = np.sum(_size2(b - np.matmul(a, x)), axis=0)
    else:
        residuals = np.zeros(0, dtype=real)
    return (x[:, 0] if vector else x), residuals, np.int32(rank), s


def tensorsolve(a, b, axes=None):
    """`x` of `np.tensordot(a, x, x.ndim) = b`.

    Communication: as `solve`, and of reshapes.

    dtype: as `solve`
    shape: a.shape[b.ndim:]
    >>> np.linalg.tensorsolve(np.eye(4).reshape(2, 2, 4), np.ones((2, 2)))
    """
    a, b = np.asarray(a), np.asarray(b)
    if axes is not None:
        order = list(range(a.ndim))
        for k in axes:
            order.remove(k)
            order.append(k)
        a = np.transpose(a, order)
    # Of as many axes as `b` all are taken: NumPy's `-0:`.
    shape = a.shape[b.ndim - a.ndim :] if b.ndim != a.ndim else a.shape
    size = 1
    for n in shape:
        size *= n
    if a.size != size**2:
        raise _error(
            "Input arrays must satisfy the requirement             prod(a.shape[b.ndim:]) == prod(a.shape[:b.ndim])"
        )
    return np.linalg.solve(a.reshape((size, size)), b.ravel()).reshape(shape)


def tensorinv(a, ind=2):
    """The inverse of `a` as `np.tensordot` with `ind` axes sees it.

    Communication: as `inv`, and of reshapes.

    dtype: as `inv`
    shape: a.shape[ind:] + a.shape[:ind]
    >>> np.linalg.tensorinv(np.eye(4).reshape(4, 2, 2), ind=1).shape
    """
    a = np.asarray(a)
    if ind <= 0:
        raise ValueError("Invalid ind argument.")
    size = 1
    for n in a.shape[ind:]:
        size *= n
    return np.linalg.inv(a.reshape((size, -1))).reshape(a.shape[ind:] + a.shape[:ind])


def matrix_transpose(x, /):
    """The last two axes exchanged; a view.

    dtype: the operand's
    shape: (..., n, m)
    >>> np.linalg.matrix_transpose(np.ones((4, 2, 3))).shape
    """
    x = np.asarray(x)
    if x.ndim < 2:
        raise ValueError(f"Input array must be at least 2-dimensional, but it is {x.ndim}")
    return _swapped(x)


def diagonal(x, /, *, offset=0):
    """The diagonals of the matrices in the last two axes; a view that is not to be written.

    dtype: the operand's
    shape: (..., k)
    >>> np.linalg.diagonal(np.arange(8).reshape(2, 2, 2))
    """
    return np.diagonal(np.asarray(x), offset, -2, -1)


def trace(x, /, *, offset=0, dtype=None):
    """The sums of the diagonals of the matrices in the last two axes.

    dtype: as `sum`
    shape: x.shape[:-2]
    >>> np.linalg.trace(np.arange(8).reshape(2, 2, 2))
    """
    return np.diagonal(np.asarray(x), offset, -2, -1).sum(axis=-1, dtype=dtype)


def cross(x1, x2, /, *, axis=-1):
    """The cross products of vectors of three elements along an axis.

    dtype: the promotion of the operands
    shape: the operands', broadcast
    >>> np.linalg.cross(np.array([1, 0, 0]), np.array([0, 1, 0]))
    """
    x1, x2 = np.asarray(x1), np.asarray(x2)
    if x1.shape[axis] != 3 or x2.shape[axis] != 3:
        raise ValueError(
            "Both input arrays must be (arrays of) 3-dimensional vectors, "
            f"but they are {x1.shape[axis]} and {x2.shape[axis]} dimensional instead."
        )
    return np.cross(x1, x2, axis=axis)


def outer(x1, x2, /):
    """The products of each element of one vector with each of the other.

    dtype: the promotion of the operands
    shape: (x1.size, x2.size)
    >>> np.linalg.outer(np.arange(3), np.arange(2))
    """
    x1, x2 = np.asarray(x1), np.asarray(x2)
    if x1.ndim != 1 or x2.ndim != 1:
        raise ValueError(f"Input arrays must be one-dimensional, but they are x1.ndim={x1.ndim} and x2.ndim={x2.ndim}.")
    return np.outer(x1, x2)


def matmul(x1, x2, /):
    """The matrix product, as `np.matmul`.

    dtype: the promotion of the operands
    shape: (..., n, k) @ (..., k, m) -> (..., n, m)
    >>> np.linalg.matmul(np.eye(2), np.ones((2, 1)))
    """
    return np.matmul(x1, x2)


def tensordot(x1, x2, /, *, axes=2):
    """Sums of products over several axes, as `np.tensordot`.

    dtype: the promotion of the operands
    shape: the axes of `x1` that are left, then those of `x2`
    >>> np.linalg.tensordot(np.ones((2, 3, 4)), np.ones((3, 4, 5))).shape
    """
    return np.tensordot(x1, x2, axes=axes)


def vecdot(x1, x2, /, *, axis=-1):
    """Sums of the products of `x1`'s conjugates with `x2` along an axis, as `np.vecdot`.

    dtype: the promotion of the operands
    shape: the operands', broadcast, less `axis`
    >>> np.linalg.vecdot(np.arange(6).reshape(2, 3), np.arange(3))
    """
    return np.vecdot(x1, x2, axis=axis)
