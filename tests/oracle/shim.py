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


def local(function=None, *, axis=None):
    """One rank has one block: the whole."""
    if function is None:
        return functools.partial(local, axis=axis)

    def block(value):
        if isinstance(value, numpy.ndarray):
            value = value.view()
            value.flags.writeable = False
        return value

    def part(value):
        if not isinstance(value, (numpy.ndarray, numpy.generic, bool, int, float, complex)):
            raise TypeError(f"a local function returns arrays, not {type(value).__name__}")
        value = numpy.atleast_1d(numpy.array(value))
        if axis is not None:
            numpy.lib.array_utils.normalize_axis_index(axis, value.ndim)
        return value

    @functools.wraps(function)
    def call(*args, **kwargs):
        result = function(*map(block, args), **{name: block(value) for name, value in kwargs.items()})
        if isinstance(result, tuple):
            return tuple(map(part, result))
        return None if result is None else part(result)

    return call


def rank():
    return 0


def ranks():
    return 1


def global_indices(a, axis=None, rank=None):
    return tuple(numpy.arange(n) for n in a.shape) if axis is None else numpy.arange(a.shape[axis])


def local_part(a, rank):
    return numpy.array(a)


def from_local_parts(parts, axis=0):
    return numpy.concatenate(parts, axis=axis)


def read_text(file):
    try:
        with open(file, encoding="utf-8") as opened:
            return opened.read()
    except FileNotFoundError:
        raise FileNotFoundError(f"{file} not found.") from None


def write_text(file, text):
    with open(file, "w", encoding="utf-8") as opened:
        opened.write(text)


OURS = (redistribute, order_statistics, local, rank, ranks, global_indices, local_part, from_local_parts,
        read_text, write_text)


def namespace():
    """What a fresh cell sees: NumPy's names bare, ours on top, Python's builtins winning."""
    import builtins
    names = {n: getattr(np, n) for n in numpy.__all__ if not n.startswith("_") and not hasattr(builtins, n)}
    return names | {"__name__": "__main__"} | {function.__name__: function for function in OURS}
