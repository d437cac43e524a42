# What an object is, as NumPy sees it.

import numpy as np


def shape(a):
    """The extents of an array, or of what would become one.

    dtype: a tuple of ints
    >>> np.shape([[1, 2, 3], [4, 5, 6]])
    """
    return np.asarray(a).shape


def ndim(a):
    """The number of dimensions of an array, or of what would become one.

    dtype: an int
    >>> np.ndim([[1, 2, 3], [4, 5, 6]])
    """
    return np.asarray(a).ndim


def size(a, axis=None):
    """The number of elements of an array, or along an axis of it.

    dtype: an int
    >>> np.size([[1, 2, 3], [4, 5, 6]], 1)
    """
    a = np.asarray(a)
    if axis is None:
        return a.size
    if isinstance(axis, tuple):
        n = 1
        for k in axis:
            n *= a.shape[k]
        return n
    return a.shape[axis]


def iterable(y):
    """Whether an object can be gone through.

    dtype: a bool
    >>> np.iterable([1, 2]), np.iterable(2)
    """
    if isinstance(y, np.ndarray):
        return y.ndim > 0
    return hasattr(y, '__iter__')


def isscalar(element):
    """Whether an object is a number or a text: of Python's, or one of NumPy's scalars.

    dtype: a bool
    >>> np.isscalar(3.1), np.isscalar(np.float32(1)), np.isscalar([3.1]), np.isscalar(np.array(3.1))
    """
    return isinstance(element, (int, float, complex, str, np.generic))


def iscomplexobj(x):
    """Whether the elements are of a complex type, whatever their values.

    dtype: a bool
    >>> np.iscomplexobj([3, 1 + 0j]), np.iscomplexobj(1.0)
    """
    return np.asarray(x).dtype.kind == 'c'


def isrealobj(x):
    """Whether the elements are of no complex type.

    dtype: a bool
    >>> np.isrealobj([3, 1 + 0j]), np.isrealobj(1.0)
    """
    return not iscomplexobj(x)
