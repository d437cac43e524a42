# The bits of numbers: as arrays of 0 and 1, and as text.

import numpy as np


def _bitorder(bitorder):
    if bitorder not in ("big", "little"):
        raise ValueError("'order' must be either 'little' or 'big'")
    weights = np.array([128, 64, 32, 16, 8, 4, 2, 1], dtype=np.uint8)
    return weights if bitorder == "big" else weights[::-1]


def packbits(a, /, axis=None, bitorder="big"):
    """Truth values packed into bytes, eight each along an axis; zeros fill the last. Of the array in C order without `axis`.

    dtype: uint8
    shape: an eighth along `axis`
    >>> np.packbits([1, 0, 0, 0, 0, 0, 1, 1, 1])
    """
    a = np.asarray(a)
    weights = _bitorder(bitorder)
    if a.dtype.kind not in "biu":
        raise TypeError("Expected an input array of integer or boolean data type")
    if axis is None:
        a, axis = a.ravel(), 0
    axis = _axis(axis, a.ndim)
    n = a.shape[axis]
    bits = np.moveaxis(a, axis, -1) != 0
    whole = np.zeros(bits.shape[:-1] + (-(-n // 8) * 8,), dtype=np.uint8)
    whole[..., :n] = bits
    whole = whole.reshape(bits.shape[:-1] + (-(-n // 8), 8)) * weights
    return np.moveaxis(whole.sum(axis=-1, dtype=np.uint8), -1, axis)


def unpackbits(a, /, axis=None, count=None, bitorder="big"):
    """The bits of bytes, eight of each along an axis. Of the array in C order without `axis`.

    With `count` so many bits, of which zeros follow the last; a negative one leaves out as many at the end.

    dtype: uint8
    shape: eight times as long along `axis`
    >>> np.unpackbits(np.array([129, 2], dtype=np.uint8))
    """
    a = np.asarray(a)
    weights = _bitorder(bitorder)
    if a.dtype != np.uint8:
        raise TypeError("Expected an input array of unsigned byte data type")
    if axis is None:
        a, axis = a.ravel(), 0
    axis = _axis(axis, a.ndim)
    n = 8 * a.shape[axis]
    a = np.moveaxis(a, axis, -1)
    bits = ((a[..., np.newaxis] & weights) != 0).astype(np.uint8).reshape(a.shape[:-1] + (n,))
    if count is not None:
        if count < -n:
            raise ValueError("-count larger than number of elements")
        kept = count if count >= 0 else n + count
        most = np.zeros(a.shape[:-1] + (kept,), dtype=np.uint8)
        both = min(kept, n)
        most[..., :both] = bits[..., :both]
        bits = most
    return np.moveaxis(bits, -1, axis)


def binary_repr(num, width=None):
    """The bits of an int as text, at least `width` of them; of a negative one its two's complement in so many bits.

    dtype: a str
    shape: none
    >>> np.binary_repr(3, width=4), np.binary_repr(-3, width=4)
    """
    if not isinstance(num, (int, np.integer)):
        raise TypeError(f"'{type(num).__name__}' object cannot be interpreted as an integer")
    num = int(num)
    if num >= 0:
        text = bin(num)[2:]
        if width is not None and width < len(text):
            raise ValueError(f"Insufficient bit width={width} provided for binwidth={len(text)}")
        return text if width is None else text.zfill(width)
    if width is None:
        return "-" + bin(-num)[2:]
    least = (-num - 1).bit_length() + 1
    if width < least:
        raise ValueError(f"Insufficient bit width={width} provided for binwidth={least}")
    return bin(2**width + num)[2:]


def base_repr(number, base=2, padding=0):
    """An int as text in a base from 2 to 36, with `padding` zeros in front.

    dtype: a str
    shape: none
    >>> np.base_repr(255, 16), np.base_repr(5, padding=3)
    """
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    if base > 36:
        raise ValueError("Bases greater than 36 not handled in base_repr.")
    if base < 2:
        raise ValueError("Bases less than 2 not handled in base_repr.")
    left = abs(int(number))
    found = ""
    while left:
        found = digits[left % base] + found
        left //= base
    found = "0" * padding + found
    return ("-" if number < 0 else "") + (found or "0")
