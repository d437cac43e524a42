# Conversions and kinds of dtypes, in the words of the array API standard.

import numpy as np


def astype(x, dtype, /, *, copy=True, device=None):
    """A copy of an array in another dtype; without `copy` the array itself where it has that dtype.

    dtype: as given
    >>> np.astype(np.array([1.7, 2.2]), int)
    """
    if not isinstance(x, (np.ndarray, np.generic)):
        raise TypeError(f"Input should be a NumPy array. It is of type {type(x)}.")
    if device is not None and device != "cpu":
        raise ValueError(f'Device not understood. Only "cpu" is allowed, but received: {device}')
    return x.astype(dtype, copy=copy)


_KINDS = {
    "bool": "b",
    "signed integer": "i",
    "unsigned integer": "u",
    "integral": "iu",
    "real floating": "f",
    "complex floating": "c",
    "numeric": "iufc",
}


def isdtype(dtype, kind):
    """Whether a dtype is another, or of a kind: 'bool', 'signed integer', 'unsigned integer', 'integral', 'real floating',
    'complex floating' or 'numeric'; or one of several.

    dtype: a bool
    shape: none
    >>> np.isdtype(np.float32, "real floating")
    """
    dtype = np.dtype(dtype)
    for k in kind if isinstance(kind, tuple) else (kind,):
        if isinstance(k, str):
            if k not in _KINDS:
                raise ValueError(f"kind argument is a string, but {k!r} is not a known kind name.")
            if dtype.kind in _KINDS[k]:
                return True
        elif dtype == np.dtype(k):
            return True
    return False
