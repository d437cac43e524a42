# Kinds of dtypes, in the words of the array API standard.

import numpy as np

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
    """Whether a dtype is another, or of a kind, or one of several.

    The kinds are 'bool', 'signed integer', 'unsigned integer', 'integral', 'real floating', 'complex floating' and 'numeric'.

    dtype: a bool
    shape: none
    >>> np.isdtype(np.float32, "real floating")
    """
    if isinstance(dtype, str) or any([dtype is kind for kind in (bool, int, float, complex)]):
        raise TypeError(f"dtype argument must be a NumPy dtype, but it is a {type(dtype)}.")
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
