"""Makes DistArray cells run on plain NumPy: the extra keywords are dropped, the extra functions do nothing to values."""
import functools
import numpy

EXTRA = ("dist", "grid", "targets")
CREATE = ("array asarray zeros ones full empty zeros_like ones_like full_like empty_like arange linspace eye identity "
          "fromfunction load").split()


def without_layout(function):
    @functools.wraps(function)
    def call(*args, **kwargs):
        return function(*args, **{k: v for k, v in kwargs.items() if k not in EXTRA})
    return call


class Namespace:
    """A module with some names replaced."""

    def __init__(self, module, **names):
        self.__dict__.update(_module=module, **names)

    def __getattr__(self, name):
        return getattr(self._module, name)


class Generator:
    def __init__(self, seed=None):
        self._generator = numpy.random.default_rng(seed)
        self.random = without_layout(self._generator.random)


random = Namespace(numpy.random, default_rng=Generator, rand=without_layout(numpy.random.rand),
                   random=without_layout(numpy.random.random))
np = Namespace(numpy, random=random, **{name: without_layout(getattr(numpy, name)) for name in CREATE})


def redistribute(a, *args, **kwargs):
    return a.copy()


def namespace():
    """What a fresh cell sees: NumPy's names bare, ours on top, Python's builtins winning."""
    import builtins
    names = {n: getattr(np, n) for n in numpy.__all__ if not n.startswith("_") and not hasattr(builtins, n)}
    return names | {"__name__": "__main__", "redistribute": redistribute}
