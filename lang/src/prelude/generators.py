# Draws of a Generator that are composed of others: the first parameter is the generator.

import numpy as np


def multivariate_normal(rng, mean, cov, size=None, check_valid="warn", tol=1e-8, *, method="svd"):
    """Draws from the normal distribution of several variables, by their mean and covariance: `method='cholesky'`.

    NumPy's other methods rest on the signs of singular vectors or eigenvectors, which are a library's choice.

    Not here: `method='svd'` (the default) and `method='eigh'`: write `method='cholesky'`.

    dtype: float64
    shape: `size`, and as many as there are variables
    >>> np.random.default_rng(1).multivariate_normal([1, 2], [[2, 1], [1, 2]], 3, method="cholesky").round(6)
    """
    if method not in ("eigh", "svd", "cholesky"):
        raise ValueError("method must be one of {'eigh', 'svd', 'cholesky'}")
    mean, cov = np.asarray(mean), np.asarray(cov)
    if mean.dtype.kind == "c" or cov.dtype.kind == "c":
        raise TypeError("mean and cov must not be complex")
    if mean.ndim != 1:
        raise ValueError("mean must be 1 dimensional")
    if cov.ndim != 2 or cov.shape[0] != cov.shape[1]:
        raise ValueError("cov must be 2 dimensional and square")
    if mean.shape[0] != cov.shape[0]:
        raise ValueError("mean and cov must have same length")
    if method != "cholesky":
        raise NotImplementedError(
            f"multivariate_normal with method='{method}', whose numbers depend on the signs of vectors: "
            "write method='cholesky'"
        )
    if size is None:
        shape = ()
    else:
        shape = tuple(size) if isinstance(size, (tuple, list)) else (size,)
    x = rng.standard_normal(shape + mean.shape).reshape(-1, mean.shape[0])
    if check_valid not in ("warn", "raise", "ignore"):
        raise ValueError("check_valid must equal 'warn', 'raise', or 'ignore'")
    factor = np.linalg.cholesky(cov.astype(np.float64))
    return (mean + x @ factor.T).reshape(shape + mean.shape)
