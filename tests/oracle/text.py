"""Writes lang/src/text/golden.json: how NumPy prints arrays and scalars, and how CPython formats numbers."""
import itertools, json, pathlib, random
import numpy as np

rng = np.random.default_rng(7)
random.seed(7)
cases = []

def bits(a):
    """Each value as a list of integers: its bits (real, imaginary), or the integer itself."""
    a = np.asarray(a)
    if a.dtype.kind == 'c':
        f = {8: np.uint32, 16: np.uint64}[a.dtype.itemsize]
        return [[int(x.real.view(f)), int(x.imag.view(f))] for x in a.ravel()]
    if a.dtype.kind == 'f':
        f = {4: np.uint32, 8: np.uint64}[a.dtype.itemsize]
        return [int(x) for x in a.ravel().view(f)]
    return [int(x) for x in a.ravel()]

def array(a):
    a = np.ascontiguousarray(a) if a.ndim else a
    shown = a
    if a.size > 1000:
        for d, n in enumerate(a.shape):
            if n > 6:
                shown = np.take(shown, [0, 1, 2, n - 3, n - 2, n - 1], axis=d)
    cases.append(dict(dtype=a.dtype.name, shape=list(a.shape), bits=bits(shown.copy()), repr=repr(a), str=str(a)))

floats = [0.0, -0.0, 1.0, 0.1, 1/3, 1e-5, 1e-4, 123456789.0, 1e8, 1e16, 1e22, 1e300, 5e-324, 0.5, 2.5, 100.25, 1e15, 9.999999995,
          np.nan, np.inf, -np.inf, -1.5, 1234.5678, 0.00012345678912, 99999999.5]
for t in (np.float64, np.float32):
    with np.errstate(all='ignore'):
        for x in floats:
            array(np.array(x).astype(t)); array(np.array([x]).astype(t)); array(np.array([x, 1.0]).astype(t)); array(np.array([x, -2.25, 1/3]).astype(t))
        for n in (1, 2, 3, 7, 30):
            for scale in (1, 1e-3, 1e3, 1e9, 1e-9):
                array((rng.standard_normal(n) * scale).astype(t))
            array((10.0 ** rng.uniform(-12, 12, n)).astype(t))
            array(np.round(rng.uniform(-100, 100, n), 2).astype(t))
        array(np.array([np.nan, 1, np.inf]).astype(t)); array(np.array([np.nan, -np.inf]).astype(t)); array(np.array([1e10, np.nan]).astype(t))
        array(rng.random((3, 4)).astype(t)); array(rng.random((2, 3, 4)).astype(t)); array(rng.random((2, 1, 2, 2)).astype(t))
        array(np.arange(1001).astype(t)); array((np.arange(2000) / 7).reshape(40, 50).astype(t)); array(np.arange(2002).reshape(2, 7, 143).astype(t))
        array(np.arange(1200).reshape(5, 240).astype(t)); array(np.arange(1200).reshape(240, 5).astype(t))
for t in ('int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'):
    info = np.iinfo(t)
    array(np.array(5, t)); array(np.array([info.min, 0, info.max], t)); array(np.arange(100, dtype=t)); array(np.arange(12, dtype=t).reshape(3, 4))
    array(np.zeros((0,), t)); array(np.zeros((0, 3), t)); array(np.zeros((2, 0, 3), t))
array(np.arange(1000)); array(np.arange(1001)); array(np.arange(10**4).reshape(100, 100)); array(np.arange(10**4).reshape(10, 10, 10, 10))
array(np.zeros((1001, 1), int)); array(np.zeros((1, 1001), int)); array(np.arange(-5, 1500)); array(np.arange(1500).reshape(3, 500))
array(np.arange(60) * 12345678901)
array(np.array(True)); array(np.array([True, False])); array(np.array([[True], [False]])); array(np.zeros(0, bool)); array(np.arange(1200) % 3 == 0)
array(np.zeros(0)); array(np.zeros((3, 0))); array(np.ones((1, 1, 1)))
zs = [0j, 1 + 2j, -1.5 - 0.25j, 1e10 + 1j, 1j, complex(np.nan, 1), complex(1, np.inf), complex(-0.0, -0.0), complex(np.inf, np.nan), 1/3 + 1e-5j]
for t in (np.complex128, np.complex64):
    for z in zs:
        array(np.array(z).astype(t)); array(np.array([z, 1 - 1j]).astype(t))
    array(np.array(zs).astype(t)); array((rng.standard_normal((4, 5)) + 1j * rng.standard_normal((4, 5))).astype(t))
    array((np.arange(1100) * (1 - 2.5j)).astype(t))

scalars = []
for t in ('float64', 'float32', 'complex128', 'complex64', 'int8', 'uint64', 'bool'):
    values = {'f': floats, 'c': zs, 'i': [-128, 0, 127], 'u': [0, 2**64 - 1], 'b': [True, False]}[np.dtype(t).kind]
    with np.errstate(all='ignore'):
        for v in values:
            s = np.dtype(t).type(v)
            scalars.append(dict(dtype=t, bits=bits(s)[0], repr=repr(s), str=str(s)))

specs = []
def spec(v, s):
    try:
        text = format(v, s)
    except (ValueError, OverflowError):
        text = None
    key = {int: 'int', float: 'float', str: 'str', complex: 'complex'}[type(v)]
    value = str(v) if key == 'int' else v if key == 'str' else bits(np.array(v))[0]
    specs.append([key, value, s, text])
heads = ['', '<', '>', '^', '=', '*<', '*>', '*^', '0=', '.^']
for v in (0, 5, -42, 123456789, 10**25, 65):
    for h in heads:
        for s in ('', '+', ' '):
            spec(v, h + s + '12'); spec(v, h + s + '#14x'); spec(v, h + s + '014,'); spec(v, h + s + '9_d')
    for k in 'bcdoxXneEfFgG%s': spec(v, k); spec(v, '#' + k); spec(v, '.3' + k); spec(v, '018,.2' + k if k in 'eEfFgG%' else '012' + k)
for v in floats + [-1234567.891, 1e-7, 12345.678, 0.05]:
    v = float(v)
    for k in ['', 'e', 'E', 'f', 'F', 'g', 'G', '%', 'n', 'd']:
        for p in ('', '.0', '.1', '.3', '.10'):
            spec(v, p + k)
        spec(v, '+12.2' + k); spec(v, '012.2' + k); spec(v, ',.2' + k); spec(v, '#.3' + k); spec(v, '*^15.4' + k); spec(v, 'z.1' + k); spec(v, '015,.1' + k)
for v in ('', 'a', 'héllo', 'longer text'):
    for h in heads: spec(v, h + '8'); spec(v, h + '.2'); spec(v, h + '8.3s')
    spec(v, '08'); spec(v, '+'); spec(v, 'd'); spec(v, 'x>>3'); spec(v, '3q4')
for v in zs:
    for s in ('', '.2', '.2f', '+.1f', '>30', '.3e', 'g', '030', '+', ',.1f', '^40.2f'): spec(v, s)

out = pathlib.Path(__file__).parents[2] / 'lang/src/text/golden.json'
lines = [json.dumps(x, ensure_ascii=False, separators=(',', ':')) for x in cases]
out.write_text('{"arrays":[\n' + ',\n'.join(lines) + '\n],\n"scalars":[\n' + ',\n'.join(json.dumps(x) for x in scalars)
               + '\n],\n"specs":[\n' + ',\n'.join(json.dumps(x, ensure_ascii=False) for x in specs) + '\n]}\n')
print(len(cases), len(scalars), len(specs), out.stat().st_size)
