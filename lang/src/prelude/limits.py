# The limits of the dtypes.

import numpy as np


def _dtype(given):
    """Of a dtype, or of a number or an array."""
    if isinstance(given, (int, float, complex, np.generic, np.ndarray)):
        return np.asarray(given).dtype
    return np.dtype(given)


_RULE = "-" * 63


class _Integers:
    def __init__(self, dtype):
        self.dtype, self.kind, self.bits = dtype, dtype.kind, 8 * dtype.itemsize
        self.key = f"{self.kind}{self.bits}"
        self.min = 0 if self.kind == "u" else -(2 ** (self.bits - 1))
        self.max = 2 ** (self.bits - (self.kind == "i")) - 1

    def __repr__(self):
        return f"iinfo(min={self.min!s}, max={self.max!s}, dtype={self.dtype})"

    def __str__(self):
        return f"Machine parameters for {self.dtype}\n{_RULE}\nmin = {self.min!s}\nmax = {self.max!s}\n{_RULE}\n"


class _Floats:
    def __init__(self, dtype):
        single = dtype.itemsize // (2 if dtype.kind == "c" else 1) == 4
        self.dtype = np.dtype(np.float32 if single else np.float64)
        number = self.dtype.type
        self.bits, self.nmant, self.nexp, self.maxexp = (32, 23, 8, 128) if single else (64, 52, 11, 1024)
        self.iexp, self.minexp = self.nexp, 2 - self.maxexp
        self.machep, self.negep, self.precision = -self.nmant, -self.nmant - 1, 6 if single else 15
        self.eps, self.epsneg = number(2.0**self.machep), number(2.0**self.negep)
        self.max = number((2.0 - 2.0**self.machep) * 2.0 ** (self.maxexp - 1))
        self.min = -self.max
        self.tiny = self.smallest_normal = number(2.0**self.minexp)
        self.smallest_subnormal = number(2.0 ** (self.minexp + self.machep))
        self.resolution = number(1e-06 if single else 1e-15)

    def __repr__(self):
        return f"finfo(resolution={self.resolution!s}, min={self.min!s}, max={self.max!s}, dtype={self.dtype})"

    def __str__(self):
        return (
            f"Machine parameters for {self.dtype}\n{_RULE}\n"
            f"precision = {self.precision}   resolution = {self.resolution!s}\n"
            f"machep = {self.machep}   eps =        {self.eps!s}\n"
            f"negep =  {self.negep}   epsneg =     {self.epsneg!s}\n"
            f"minexp = {self.minexp}   tiny =       {self.tiny!s}\n"
            f"maxexp = {self.maxexp}   max =        {self.max!s}\n"
            f"nexp =   {self.nexp}   min =        -max\n"
            f"smallest_normal = {self.smallest_normal!s}   smallest_subnormal = {self.smallest_subnormal!s}\n{_RULE}\n"
        )


def iinfo(type):
    """The limits of an integer dtype: `min`, `max`, `bits`, `kind`, `dtype`.

    dtype: an object of ints
    shape: none
    >>> np.iinfo(np.int16).max
    """
    dtype = _dtype(type)
    if dtype.kind not in "iu":
        raise ValueError(f"Invalid integer data type {dtype.kind!r}.")
    return _Integers(dtype)


def finfo(dtype):
    """The limits of a float dtype, or of a complex one's parts: `eps`, `min`, `max`, `tiny`, `bits`, `precision` and more.

    dtype: an object of scalars and ints
    shape: none
    >>> np.finfo(np.float64).eps
    """
    found = _dtype(dtype)
    if found.kind not in "fc":
        raise ValueError(f"data type {found.type} not inexact")
    return _Floats(found)
