# Arrays taken apart by ranks, and put together.

import numpy as np


def local_part(a, rank):
    """What one rank holds of an array, as an array that every rank has.

    shape: of that rank's block
    >>> local_part(np.arange(5, dist='b'), 0)[:1]
    """
    a = np.asarray(a)
    if a.ndim == 0:
        return a.copy()
    return redistribute(a[np.ix_(*global_indices(a, rank=rank))], 'r')


def from_local_parts(parts, axis=0):
    """An array of parts that are joined along `axis`, the first on rank 0, the next on rank 1, and so on.

    dtype: the parts' promotion
    shape: the parts', added up along `axis`
    >>> from_local_parts([np.arange(3) for r in range(ranks())])[:3]
    """
    parts = [np.asarray(part) for part in parts]
    if len(parts) > ranks():
        raise ValueError(f"{len(parts)} parts for {ranks()} ranks")
    whole = np.concatenate(parts, axis=axis)
    axis = _axis(axis, whole.ndim)
    bounds = [0]
    for part in parts:
        bounds.append(bounds[-1] + part.shape[axis])
    return redistribute(whole, {axis: ('b', bounds)}, targets=list(range(len(parts))))
