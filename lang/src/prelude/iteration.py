# Functions called for every element, and every index of a shape.

import numpy as np


def ndindex(*shape):
    """Every index of an array of that shape, in C order.

    dtype: tuples of ints, one after the other
    shape: none
    >>> list(np.ndindex(2, 2))
    """
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = tuple(shape[0])
    for n in shape:
        if n < 0:
            raise ValueError("negative dimensions are not allowed")
    return (_index(i, shape) for i in range(_size(shape)))


def _size(shape):
    size = 1
    for n in shape:
        size *= n
    return size


def _index(i, shape):
    found = []
    for n in shape[::-1]:
        found.append(i % n)
        i //= n
    return tuple(found[::-1])


def ndenumerate(arr):
    """Every index of an array and the element there, in C order.

    The elements of a distributed array go to every rank, some at a time.

    dtype: pairs of an index and a scalar, one after the other
    shape: none
    >>> list(np.ndenumerate([[1, 2]]))
    """
    arr = np.asarray(arr)
    return zip(ndindex(*arr.shape), arr.ravel())


def vectorize(pyfunc, otypes=None, doc=None, excluded=None, cache=False, signature=None):
    """A function of numbers as a function of arrays, which are broadcast: one call an element.

    Every rank makes all calls: the elements of distributed operands go to every rank. Write it with NumPy's own
    functions where speed matters. The dtype is that of the first result, or as `otypes` says.

    Not here: `excluded`, `signature`, several results.

    dtype: a function
    shape: none
    >>> np.vectorize(lambda a, b: a if a > b else b)([1, 5, 2], 3)
    """
    if excluded is not None or signature is not None:
        raise NotImplementedError("excluded= and signature= of vectorize are not supported")

    def call(*args):
        arrays = np.broadcast_arrays(*args)
        shape = arrays[0].shape
        if _size(shape) == 0 and otypes is None:
            raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
        results = [pyfunc(*values) for values in zip(*[a.ravel().tolist() for a in arrays])]
        if results and isinstance(results[0], tuple):
            raise NotImplementedError("several results of a vectorized function are not supported")
        if otypes is None:
            dtype = np.asarray(results[0]).dtype
        else:
            dtype = np.dtype(otypes if isinstance(otypes, str) else otypes[0])
        return np.array(results).astype(dtype).reshape(shape)

    return call
