"""Writes ufuncs.txt: what NumPy says of dtypes, of the choice of loops, and of every loop's values.

Usage: python ufuncs.py > ufuncs.txt    (NumPy 2.x, x86-64 Linux)
       python ufuncs.py --simd          the same with NumPy's vector code, whose last bits depend on the processor

`lang/tests/ufuncs.rs` reads the file, so that `cargo test` needs no Python. Every line is words apart by blanks:

    promote A B...        promote_types(A, X) for each X of the 13 dtypes
    safe A 0110...        can_cast(A, X, 'safe')
    same_kind A 0110...   can_cast(A, X, 'same_kind')
    name TEXT CHAR        np.dtype(TEXT), `!` where it is none of the 13, `-` where NumPy knows no such name
    resolve NAME R...     dtypes of inputs and outputs for each combination of the 13 dtypes and Python's int, float
                          and complex: `-` is a TypeError, `e` float16
    values A BITS          inputs of dtype A for functions of one argument
    pairs A BITS           inputs of dtype A for functions of two: all pairs
    triples A BITS         the same for `where` and `clip`
    loop NAME AB->C BITS   outputs, one after another
    cast A B BITS          `values A` as B

BITS are the little-endian bytes in base 64.
"""

import base64
import itertools
import os
import random
import sys

if "--simd" not in sys.argv:
    # NumPy's vector code rounds transcendental functions in its own way; the C library's is the reference.
    os.environ["NPY_DISABLE_CPU_FEATURES"] = "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"

import warnings

warnings.simplefilter("ignore")
import numpy as np

CHARS = "?bhilBHILfdFD"
WEAK = [int, float, complex]
SKIP = {"matmul", "matvec", "vecmat", "vecdot", "isnat"}

ufuncs = {}
for attribute in sorted(dir(np)):
    u = getattr(np, attribute)
    if isinstance(u, np.ufunc) and u.__name__ not in SKIP:
        ufuncs[u.__name__] = u


def ours(types):
    """A loop's types in our characters, or None for one that we have no dtypes for."""
    types = types.replace("q", "l").replace("Q", "L")
    return types if all(c in CHARS for c in types.replace("->", "")) else None


def values(c):
    """Edges and some ordinary numbers of a dtype."""
    d = np.dtype(c)
    rng = random.Random(7)
    if c == "?":
        return np.array([False, True])
    if d.kind in "iu":
        i = np.iinfo(d)
        few = [i.min, i.min + 1, 0, 1, 2, 3, 7, 8, 100, i.max - 1, i.max]
        if d.kind == "i":
            few += [-1, -2, -3, -8, -100]
        few += [rng.randint(i.min, i.max) for _ in range(6)]
        return np.array(sorted(set(few)), d)
    if d.kind == "f":
        f = np.finfo(d)
        few = [0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 10.0, 0.1, 1e-3, 1e-8, 127.5, 255.7, 300.0, 40000.5, 7e4, 1e6]
        few += [2.0**31, 2.0**32, 3e9, 2.0**63, 2.0**64, 1e19, 1e30, float(f.max), float(f.tiny), float(f.smallest_subnormal), np.inf]
        few += [rng.uniform(0, 5) for _ in range(8)] + [rng.uniform(0, 100) for _ in range(4)]
        return np.array([s * x for x in few for s in (1, -1)] + [np.nan], d)
    parts = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, np.inf, -np.inf, np.nan, 1e-5, 30.0]
    few = [complex(x, y) for x in parts for y in parts]
    few += [complex(rng.uniform(-3, 3), rng.uniform(-3, 3)) for _ in range(30)]
    return np.array(few, d)


def pairs(c):
    """Fewer, for all pairs of them are tried."""
    d = np.dtype(c)
    rng = random.Random(8)
    if c == "?":
        return values(c)
    if d.kind in "iu":
        i = np.iinfo(d)
        few = {i.min, i.min + 1, 0, 1, 2, 3, 7, 12, i.max - 1, i.max, rng.randint(i.min, i.max)}
        return np.array(sorted(few | ({-1, -2, -7} if d.kind == "i" else set())), d)
    if d.kind == "f":
        f = np.finfo(d)
        few = [0.0, 1.0, 2.5, 0.1, 3.0, float(f.max), float(f.smallest_subnormal), np.inf, rng.uniform(0, 9)]
        return np.array([s * x for x in few for s in (1, -1)] + [np.nan, 700.25], d)
    parts = [-0.0, 1.0, np.inf, np.nan]
    few = [complex(x, y) for x in parts for y in parts]
    few += [2 + 0j, 3 + 0j, -2 + 0j, 0.5 + 1.5j, -3 + 0.25j]
    return np.array(few, d)


def triples(c):
    d = np.dtype(c)
    if d.kind == "f":
        return np.array([-0.0, 0.0, 1.0, -2.5, np.inf, np.nan], d)
    if d.kind == "c":
        return np.array([0, 1 - 1j, 1 + 2j, complex(np.nan, 1), complex(1, np.nan), complex(np.inf, 0)], d)
    return pairs(c)[::2] if d.kind in "iu" else pairs(c)


def bits(a):
    a = np.array(a, order="C")
    # A nan is a nan: its sign and payload are nobody's promise.
    if a.dtype.kind in "fc":
        parts = a.view(a.real.dtype)
        parts[np.isnan(parts)] = np.nan
    return base64.b64encode(a.tobytes()).decode()


def operand(c):
    return c if isinstance(c, type) else np.dtype(c)


def resolved(u, operands):
    try:
        found = u.resolve_dtypes(tuple(map(operand, operands)) + (None,) * u.nout)
    except TypeError:
        return "-"
    return "".join(d.char for d in found).replace("q", "l").replace("Q", "L")


def dtypes():
    for a in CHARS:
        print("promote", a, "".join(np.promote_types(a, b).char for b in CHARS))
        for rule in "safe", "same_kind":
            print(rule, a, "".join(str(int(np.can_cast(a, b, rule))) for b in CHARS))
    words = (
        "bool bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 longdouble complex64 "
        "complex128 byte ubyte short ushort intc uintc int int_ uint intp uintp long ulong longlong ulonglong half "
        "single double float complex csingle cdouble clongdouble object str bytes void datetime64 timedelta64 "
        "? b h i l q p n B H I L Q P N e f d g F D G O S U V M m b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 f16 c8 c16 c32 "
        "i3 f1 float65 int7 Float64 FLOAT integer number boolean c4 b2 nonsense"
    )
    for word in words.split():
        for order in "", "<", "=", "|", ">":
            try:
                d = np.dtype(order + word)
                c = d.char.replace("q", "l").replace("Q", "L")
                print("name", order + word, c if c in CHARS and d.isnative else "!")
            except TypeError:
                print("name", order + word, "-")


def resolution():
    for name, u in ufuncs.items():
        if u.nin < 3:
            combinations = itertools.product(list(CHARS) + WEAK, repeat=u.nin)
            print("resolve", name, *(resolved(u, c) for c in combinations))
    sample = {int: 1, float: 1.5, complex: 1j}

    def one(f, operands):
        given = [sample[c] if c in WEAK else np.zeros(1, c) for c in operands]
        try:
            return f(*given).dtype.char
        except TypeError:
            return "-"

    everything = list(CHARS) + WEAK
    print("result", "where", *(one(lambda x, y: np.where([True], x, y), c) for c in itertools.product(everything, repeat=2)))
    some = list("?bBlLfdF") + WEAK
    print("result", "clip", *(one(np.clip, c) for c in itertools.product("".join(some[:8]), some, some)))


def loops():
    for c in CHARS:
        print("values", c, bits(values(c)))
        print("pairs", c, bits(pairs(c)))
        print("triples", c, bits(triples(c)))
    for name, u in ufuncs.items():
        seen = set()
        for types in map(ours, u.types):
            if types is None or types in seen or u.nin > 2:
                continue
            seen.add(types)
            takes, gives = types.split("->")
            if u.nin == 1:
                ins = [values(takes)]
            else:
                a, b = pairs(takes[0]), pairs(takes[1])
                ins = [np.repeat(a, len(b)), np.tile(b, len(a))]
            signature = tuple(np.dtype(c) for c in takes + gives)
            if name == "power" and takes[1] in "bhil":
                # A negative exponent is a ValueError.
                ins[1][ins[1] < 0] = 5
            mixed = len(set(takes)) > 1 and gives == "?"
            outs = u(*ins) if mixed else u(*ins, signature=signature)
            outs = outs if isinstance(outs, tuple) else (outs,)
            print("loop", name, types, *map(bits, outs))
    for c in CHARS:
        v = values(c)
        part = v.real.dtype.char
        print("loop real", f"{c}->{part}", bits(np.real(v)))
        print("loop imag", f"{c}->{part}", bits(np.imag(v)))
        # One pair of bounds for all elements, as is usual: with arrays of bounds, 0 and nan may come out otherwise.
        clipped = [[np.clip(triples(c), low, high) for high in triples(c)] for low in triples(c)]
        print("loop clip", f"{c}{c}{c}->{c}", bits(np.moveaxis(np.array(clipped), 2, 0)))
        for d in CHARS:
            # Out of range, uint32 depends on an element's place in the array: take each alone.
            print("cast", c, d, bits(np.array([v[i : i + 1].astype(d)[0] for i in range(len(v))])))


dtypes()
resolution()
loops()
