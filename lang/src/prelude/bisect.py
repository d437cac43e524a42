# Python's module of searches in sorted lists.


def _place(a, x, lo, hi, key, right):
    if lo < 0:
        raise ValueError('lo must be non-negative')
    if hi is None:
        hi = len(a)
    while lo < hi:
        middle = (lo + hi) // 2
        item = a[middle] if key is None else key(a[middle])
        if (not x < item) if right else item < x:
            lo = middle + 1
        else:
            hi = middle
    return lo


def bisect_left(a, x, lo=0, hi=None, *, key=None):
    """Where to insert `x` into a sorted list, before items that are equal.

    dtype: int
    >>> bisect.bisect_left([1, 2, 2, 3], 2)
    """
    return _place(a, x, lo, hi, key, False)


def bisect_right(a, x, lo=0, hi=None, *, key=None):
    """Where to insert `x` into a sorted list, behind items that are equal.

    dtype: int
    aliases: bisect
    >>> bisect.bisect_right([1, 2, 2, 3], 2)
    """
    return _place(a, x, lo, hi, key, True)


def insort_left(a, x, lo=0, hi=None, *, key=None):
    """Inserts `x` into a sorted list, before items that are equal.

    dtype: none
    >>> bisect.insort_left([1, 3], 2)
    """
    a.insert(_place(a, x if key is None else key(x), lo, hi, key, False), x)


def insort_right(a, x, lo=0, hi=None, *, key=None):
    """Inserts `x` into a sorted list, behind items that are equal.

    dtype: none
    aliases: insort
    >>> bisect.insort_right([1, 3], 2)
    """
    a.insert(_place(a, x if key is None else key(x), lo, hi, key, True), x)
