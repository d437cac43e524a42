"""Writes what NumPy answers to the calls that the executors' tests make: engines/src/exec/golden.json.

A case is {"call", "args", "kw", "want"}; an array is {"d": dtype, "s": shape, "x": bytes in hex}, an error is
{"error": class, "text": message}, a tuple {"t": [...]}; everything else is itself. Run it with NumPy 2:

    python tests/oracle/executors.py > engines/src/exec/golden.json
"""

import json
import warnings

import numpy as np

warnings.simplefilter("ignore")
CASES = []


def plain(value):
    if isinstance(value, np.ndarray) or isinstance(value, np.generic):
        a = np.asarray(value)
        kind = {} if isinstance(value, np.ndarray) else {"scalar": True}
        return {"d": a.dtype.name, "s": list(a.shape), "x": np.ascontiguousarray(a).tobytes().hex(), **kind}
    if isinstance(value, tuple):
        return {"t": [plain(v) for v in value]}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, np.dtype):
        return {"dtype": value.name}
    if isinstance(value, complex):
        return {"c": [value.real, value.imag]}
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return {"f": repr(value)}
    return value


def case(call, *args, **kw):
    fn = np
    for part in call.split("."):
        fn = getattr(fn, part)
    sent = [plain(a) for a in args], {k: plain(np.dtype(v) if k == "dtype" else v) for k, v in kw.items()}
    try:
        want = plain(fn(*args, **kw))
    except Exception as e:
        want = {"error": type(e).__name__, "text": str(e)}
    CASES.append({"call": call, "args": sent[0], "kw": sent[1], "want": want})


rng = np.random.default_rng(1)


def data(dtype, shape, low=-9, high=10):
    dtype = np.dtype(dtype)
    if dtype == bool:
        return rng.random(shape) < 0.6
    if dtype.kind == "u":
        return rng.integers(0, high, shape).astype(dtype)
    if dtype.kind == "i":
        return rng.integers(low, high, shape).astype(dtype)
    if dtype.kind == "c":
        return ((rng.random(shape) - 0.5) * 8 + 1j * (rng.random(shape) - 0.5)).astype(dtype)
    return ((rng.random(shape) - 0.5) * 8).astype(dtype)


DTYPES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 complex128".split()
REDUCTIONS = "sum prod min max mean var std any all argmin argmax count_nonzero".split()

# Reductions: every dtype, then every shape and axis for a few.
for name in REDUCTIONS:
    for dtype in DTYPES:
        case(name, data(dtype, (5, 7)), axis=0)
        case(name, data(dtype, (11,)))
    for shape in [(13,), (4, 9), (3, 4, 5), (1, 6), (6, 1), (0, 3), (3, 0), (0,), (2, 3, 2, 3), ()]:
        a = data("float64", shape)
        axes = [None, *range(-len(shape), len(shape))]
        for axis in axes:
            case(name, a, axis=axis)
            case(name, a, axis=axis, keepdims=True)
        if len(shape) > 2 and not name.startswith("arg"):
            for axis in [(0, 1), (0, 2), (-1, 1), (1, 0, 2), ()]:
                case(name, a, axis=axis)
    case(name, data("int32", (3, 4)), axis=2)
    case(name, data("int32", (3, 4)), axis=1.5)
    case(name, data("int32", (3, 4)), axis=(0, 0))
for name in ["sum", "prod", "mean", "var", "std"]:
    # NumPy takes a variance in an integer dtype through float16.
    exact = ["int8", "uint8", "int64"] if name in ["sum", "prod", "mean"] else []
    for dtype in [*exact, "float32", "float64", "complex64"]:
        case(name, np.arange(1, 7, dtype="int16").reshape(2, 3), axis=0, dtype=dtype)
        case(name, np.arange(1, 7, dtype="float32").reshape(2, 3), axis=1, dtype=dtype)
for name in ["min", "max", "argmin", "argmax", "sum", "mean"]:
    a = data("float64", (6, 5))
    a[1, 2] = a[4, 3] = a[4, 2] = np.nan
    for axis in [None, 0, 1]:
        case(name, a, axis=axis)
    b = np.array([3, 1, 3, 1, 2, 3, 1, 1, 3.0])
    case(name, b)
    case(name, np.array([1 + 1j, 1 - 2j, 0 + 5j, 1 + 1j]))
    case(name, np.array([np.inf, -np.inf, 1.0]))
for name in ["min", "max", "sum", "prod"]:
    case(name, np.array([1.0, 5.0, 3.0]), initial=4)
    case(name, np.array([], dtype="float64"), initial=4)
    case(name, np.array([1, 2], dtype="int8"), initial=1.5)
for ddof in [0, 1, 2.5, 7, 9]:
    case("var", np.arange(7.0), ddof=ddof)
    case("std", np.arange(7, dtype="float32"), ddof=ddof)
case("var", 1e9 + np.arange(4.0))
case("sum", [[True, False], [True, True]])
case("sum", 3)
case("mean", [1, 2, 4])
case("sum", data("float64", (4099,)))
for n in [7, 8, 129, 500]:
    case("sum", data("float64", (n,)))
    case("sum", data("float32", (n,)))
    case("sum", data("complex128", (n,)))
    case("var", data("float64", (n,)))
    case("mean", data("float32", (n,)))

# Running sums.
for name in ["cumsum", "cumprod"]:
    for dtype in DTYPES:
        case(name, data(dtype, (9,)))
        case(name, data(dtype, (4, 5)), axis=0)
    for shape in [(12,), (5, 6), (3, 4, 5), (0, 3), (3, 0), (), (1, 4)]:
        a = data("float64", shape)
        for axis in [None, *range(-len(shape), len(shape))]:
            case(name, a, axis=axis)
    case(name, data("int8", (3, 4)), axis=2)
    case(name, data("int8", (3, 4)), axis=1, dtype="float32")

# Products of matrices.
for name in ["matmul", "dot"]:
    for dtype in DTYPES:
        case(name, data(dtype, (5, 7)), data(dtype, (7, 6)))
    for x, y in [
        ((4,), (4,)), ((4,), (4, 3)), ((3, 4), (4,)), ((1, 9), (9, 2)), ((9, 1), (1, 8)), ((2, 20), (20, 3)),
        ((20, 2), (2, 3)), ((3, 2), (2, 20)), ((0, 3), (3, 2)), ((3, 0), (0, 2)), ((3, 2), (2, 0)), ((0,), (0,)),
        ((2, 3, 4), (4,)), ((2, 3, 4), (4, 5)), ((3, 4), (2, 4, 5)), ((2, 3, 4), (2, 4, 5)), ((2, 1, 3, 4), (5, 4, 2)),
        ((4,), (2, 4, 3)), ((3, 4), (3, 4)), ((4,), (3,)), ((2, 3, 4), (3, 4, 5)), ((), (3,)), ((3, 4), ()), ((), ()),
    ]:
        case(name, data("float64", x), data("float64", y))
    case(name, data("int32", (3, 4)), data("float32", (4, 5)))
    case(name, data("uint8", (3, 40), high=255), data("uint8", (40, 5), high=255))
    case(name, data("bool", (3, 4)), data("int8", (4, 5)))
for dtype in DTYPES:
    case("outer", data(dtype, (4,)), data(dtype, (6,)))
case("outer", data("int8", (2, 3)), data("float32", (2, 2)))
case("outer", data("float64", (0,)), data("float64", (3,)))

# Creation.
for args in [(5,), (2, 9), (10, 0, -3), (0,), (-3,), (3.0,), (1, 2, 0.1), (0, 1, 0.3), (2, 3, 1e-1), (5, 1), (1, 9, 2.5),
             (0, 5, 0), (0.0, 5, 0.0), (-1.5, 7), (1 + 1j, 5 + 6j, 1 + 1j), (True,), (0, 1, 1 / 3), (0.1, 1.1, 0.01)]:
    case("arange", *args)
    for dtype in ["float32", "int8", "complex64", "uint16", "bool"]:
        case("arange", *args, dtype=dtype)
case("arange", np.int8(4))
case("arange", np.float32(4))
for args in [(0, 1), (0, 1, 5), (1, 0, 7), (0, 10, 11), (-3.5, 2, 1), (0, 1, 0), (2, 2, 4), (0, 1, -1), (0, 1j, 4),
             (0.1, 0.7, 13), (0, 5e-324, 4), (1, 1e308, 3)]:
    case("linspace", *args)
    case("linspace", *args, endpoint=False)
    case("linspace", *args, retstep=True)
case("linspace", 0, 10, 7, dtype="int64")
case("linspace", -2.5, 2, 7, dtype="int32")
case("linspace", np.float32(0), np.float32(1), 7)
for name in ["zeros", "ones", "empty"]:
    for shape in [3, (2, 3), (0, 3), (), -1, (2, -1), 2.5, "a", (10**10, 10**10), 10**20]:
        if name != "empty" or shape in [3, -1]:
            case(name, shape) if name != "empty" or shape == -1 else None
    case(name, (2, 2), dtype="complex64") if name != "empty" else None
case("full", 3, 2)
case("full", (2, 3), 2.5)
case("full", (2, 3), True)
case("full", 3, 300, dtype="int8")
case("full", (2, 3), [1, 2, 3])
case("full", 3, [1, 2])
case("full", 3, 2.7, dtype="int32")
case("full_like", data("float32", (2, 3)), 7)
case("zeros_like", data("int16", (2, 3)))
case("ones_like", [1, 2, 3], dtype="float32")
for args in [(3,), (2, 4), (4, 2), (0,)]:
    for k in [-1, 0, 2, 9]:
        case("eye", *args, k=k)
case("identity", 3, dtype="int8")
case("meshgrid", data("int8", (3,)), data("float32", (4,)))
case("meshgrid", [1, 2], [3, 4, 5], [6, 7], indexing="ij")
case("meshgrid", [1, 2], [3, 4, 5], [6, 7])
case("meshgrid", [1, 2], [3, 4, 5], sparse=True)
case("meshgrid", [1, 2, 3])
for value in [
    [1, 2], [1, 2.5], [True, 2], [1, 2.5, 1j], [], [[], []], [[1, 2], [3, 4]], [[1, 2], [3]], [[1, 2], 3], (1, 2),
    [[[1], [2]], [[3], 4]], [2**63], [1, 2**63], 5, 2.5, True, 1j, [np.float32(1), 2], [np.int8(1), np.int8(2)],
    [np.float32(1), np.int8(3)],
]:
    case("array", value)
for value, dtype in [
    ([1.7, -2.7], "int64"), ([1, 0], "bool"), ([300], "int8"), ([-1], "uint8"), ([float("nan")], "int64"), ([1e10], "int8"),
    ([float("inf")], "int64"), ([1j], "float64"), ([1j], "int64"), ([1, 2], "complex64"), ([2**63], "int64"),
]:
    case("array", value, dtype=dtype)

# Joining.
for x, y in [((3,), (4,)), ((2, 3), (4, 3)), ((0, 3), (2, 3)), ((5, 1), (3, 1)), ((7, 2, 2), (3, 2, 2))]:
    case("concatenate", [data("float64", x), data("float64", y)])
    case("concatenate", [data("int8", x), data("float32", y), data("int8", x)], axis=-len(x))
case("concatenate", [data("float64", (3, 4)), data("float64", (3, 2))], axis=1)
case("concatenate", [data("float64", (3, 4)), data("float64", (3, 2))], axis=-1)
case("concatenate", [data("float64", (3, 4)), data("float64", (2, 2))], axis=None)
case("concatenate", [data("float64", (3, 4)), data("float64", (3, 2))])
case("concatenate", [data("float64", (3, 4)), data("float64", (3,))])
case("concatenate", [data("float64", (3,)), data("float64", (3,))], axis=1)
case("concatenate", [])
case("concatenate", [np.array(1.0), np.array(2.0)])
for axis in [0, 1, 2, -1, -3, 3]:
    case("stack", [data("float64", (3, 4)), data("int8", (3, 4)), data("float32", (3, 4))], axis=axis)
case("stack", [data("float64", (3,)), data("float64", (4,))])
case("stack", [])
case("stack", [[1, 2], [3, 4]], axis=1)
for name in ["vstack", "hstack"]:
    case(name, [data("float64", (3,)), data("float64", (3,))])
    case(name, [data("float64", (3, 2)), data("int64", (3, 2))])
    case(name, [1, 2])

print("[" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in CASES) + "]")
