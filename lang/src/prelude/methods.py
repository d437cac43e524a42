# Methods of arrays whose parameters have other names than the function's.

import numpy as np


def put(a, indices, values, mode="raise"):
    """Writes values to places counted in C order, in place: `np.put`.

    dtype: None
    shape: none
    method: (indices, values, mode='raise')
    >>> a = np.arange(5); a.put([0, 2], [-44, -55]); a
    """
    np.put(a, indices, values, mode=mode)
