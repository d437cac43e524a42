# Print options for a while.

import numpy as np


class _Options:
    def __init__(self, args, keywords):
        self.args, self.keywords = args, keywords

    def __enter__(self):
        self.before = np.get_printoptions()
        np.set_printoptions(*self.args, **self.keywords)
        return np.get_printoptions()

    def __exit__(self, *error):
        np.set_printoptions(**self.before)


def printoptions(*args, **kwargs):
    """Print options for a `with` block: those that `set_printoptions` takes.

    Not here: `formatter`, `legacy`, `override_repr`.

    dtype: a context manager
    shape: none
    >>> with np.printoptions(precision=2):
    ...     print(np.array([2.0]) / 3)
    """
    return _Options(args, kwargs)
