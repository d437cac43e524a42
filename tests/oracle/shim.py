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


def methods_without_layout(cls):
    """A subclass whose methods drop the extra keywords."""
    names = [n for n in dir(cls) if not n.startswith("_") and callable(getattr(cls, n))]
    return type(cls.__name__, (cls,), {n: without_layout(getattr(cls, n)) for n in names})


Generator, RandomState = map(methods_without_layout, (numpy.random.Generator, numpy.random.RandomState))


def default_rng(seed=None):
    return seed if isinstance(seed, Generator) else Generator(numpy.random.PCG64(seed))


legacy = {n: without_layout(getattr(numpy.random, n)) for n in dir(numpy.random.RandomState)
          if not n.startswith("_") and hasattr(numpy.random, n)}
random = Namespace(numpy.random, default_rng=default_rng, RandomState=RandomState, **legacy)
fft = Namespace(numpy.fft, **{n: without_layout(getattr(numpy.fft, n)) for n in ("fftfreq", "rfftfreq")})
np = Namespace(numpy, random=random, fft=fft, **{name: without_layout(getattr(numpy, name)) for name in CREATE})


def redistribute(a, *args, **kwargs):
    return a.copy()


def order_statistics(a, places):
    return np.sort(np.ravel(a))[places]


def namespace():
    """What a fresh cell sees: NumPy's names bare, ours on top, Python's builtins winning."""
    import builtins
    names = {n: getattr(np, n) for n in numpy.__all__ if not n.startswith("_") and not hasattr(builtins, n)}
    return names | {"__name__": "__main__", "redistribute": redistribute,
                    "order_statistics": order_statistics}
