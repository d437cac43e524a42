# Shapes and arrays broadcast, and arrays with at least so many axes.

import numpy as np


def broadcast_shapes(*args):
    """The shape that shapes broadcast to.

    dtype: a tuple
    shape: none
    >>> np.broadcast_shapes((3, 1), (4,))
    """
    shapes = [_extents(s) for s in args]
    result = []
    for k in range(max([len(s) for s in shapes], default=0)):
        extent, first = 1, 0
        for i, s in enumerate(shapes):
            n = s[len(s) - 1 - k] if k < len(s) else 1
            if n != 1 and extent != 1 and n != extent:
                raise ValueError(
                    "shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between "
                    f"arg {first} with shape {shapes[first]} and arg {i} with shape {s}."
                )
            if n != 1 and extent == 1:
                extent, first = n, i
        result.insert(0, extent)
    return tuple(result)


def _extents(shape):
    if isinstance(shape, np.ndarray):
        if shape.ndim > 1:
            raise TypeError("only integer scalar arrays can be converted to a scalar index")
        shape = tuple(shape) if shape.ndim else shape.item()
    shape = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    for n in shape:
        if not isinstance(n, (int, np.integer)):
            raise TypeError(f"'{type(n).__name__}' object cannot be interpreted as an integer")
        if n < 0:
            raise ValueError("negative dimensions are not allowed")
    return tuple([int(n) for n in shape])


def broadcast_arrays(*args):
    """The arrays, each broadcast to the shape of all: views that are not to be written.

    dtype: a tuple of arrays
    shape: the operands', broadcast
    >>> np.broadcast_arrays([1, 2], [[3], [4]])
    """
    args = [np.asarray(a) for a in args]
    shape = broadcast_shapes(*[a.shape for a in args])
    return tuple([a if a.shape == shape else np.broadcast_to(a, shape) for a in args])


def _at_least(arys, ndim, grown):
    found = tuple([grown(np.asarray(a)) if np.asarray(a).ndim < ndim else np.asarray(a) for a in arys])
    return found[0] if len(found) == 1 else found


def atleast_1d(*arys):
    """Views with at least one axis.

    dtype: the operand's; of several a tuple of arrays
    shape: (1,) for scalars, else the operand's
    >>> np.atleast_1d(3.0)
    """
    return _at_least(arys, 1, lambda a: a.reshape(1))


def atleast_2d(*arys):
    """Views with at least two axes; new ones come first.

    dtype: the operand's; of several a tuple of arrays
    shape: with leading axes of length 1
    >>> np.atleast_2d([1, 2])
    """
    return _at_least(arys, 2, lambda a: a.reshape(1, -1) if a.ndim == 0 else a[None, :])


def atleast_3d(*arys):
    """Views with at least three axes: `(n,)` becomes `(1, n, 1)`, `(m, n)` becomes `(m, n, 1)`.

    dtype: the operand's; of several a tuple of arrays
    shape: with axes of length 1
    >>> np.atleast_3d([1, 2]).shape
    """
    return _at_least(
        arys, 3, lambda a: a.reshape(1, 1, 1) if a.ndim == 0 else a[None, :, None] if a.ndim == 1 else a[:, :, None]
    )
