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


def min_scalar_type(a, /):
    """The smallest dtype that can hold a number; of an array with axes, its own.

    A number whose smallest dtype is float16 is refused: there is none here.

    Not here: float16.

    dtype: a dtype
    shape: none
    >>> np.min_scalar_type(-260), np.min_scalar_type(1e10)
    """
    a = np.asarray(a)
    kind = a.dtype.kind
    if a.ndim or kind == "b":
        return a.dtype
    value = a.item()
    if kind == "c":
        single = all([_is_single(part) for part in (value.real, value.imag)])
        return np.dtype(np.complex64 if single else np.complex128)
    if kind == "f":
        if abs(value) <= 65000 or not abs(value) < np.inf:
            raise NotImplementedError("min_scalar_type of a number that float16 can hold: there is no float16 here")
        return np.dtype(np.float32 if _is_single(value) else np.float64)
    for bits in (8, 16, 32):
        if 0 <= value < 2**bits:
            return np.dtype(f"uint{bits}")
        if -(2 ** (bits - 1)) <= value < 0:
            return np.dtype(f"int{bits}")
    return np.dtype(np.int64 if value < 0 else np.uint64)


def _is_single(value):
    """Whether a float32 can hold a number of that size."""
    return abs(value) < 3.4e38 or not abs(value) < np.inf


class _Namespace:
    """What the array API standard wants to know of a namespace."""

    def capabilities(self):
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 64}

    def default_device(self):
        return "cpu"

    def devices(self):
        return ["cpu"]

    def default_dtypes(self, *, device=None):
        _on_cpu(device)
        return {
            "real floating": np.dtype(np.float64),
            "complex floating": np.dtype(np.complex128),
            "integral": np.dtype(np.int64),
            "indexing": np.dtype(np.int64),
        }

    def dtypes(self, *, device=None, kind=None):
        _on_cpu(device)
        names = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
        names += ["float32", "float64", "complex64", "complex128"]
        if kind is None:
            return {name: np.dtype(name) for name in names}
        found = {}
        for k in kind if isinstance(kind, tuple) else (kind,):
            if k not in _KINDS:
                raise ValueError(f"unsupported kind: {k!r}")
            found.update({name: np.dtype(name) for name in names if np.dtype(name).kind in _KINDS[k]})
        if "bool" in found:
            # The class, where NumPy has it so.
            found["bool"] = np.bool
        return found


def _on_cpu(device):
    if device not in (None, "cpu"):
        raise ValueError(f'Device not understood. Only "cpu" is allowed, but received: {device}')


def __array_namespace_info__():
    """What the array API standard wants to know of NumPy: `capabilities()`, `default_device()`, `devices()`, `dtypes()`.

    dtype: an object
    shape: none
    >>> np.__array_namespace_info__().default_dtypes()["real floating"]
    """
    return _Namespace()
