"""The benchmark's lines: NumPy text that both kernels run, at what size, and what we mean to reach."""
from dataclasses import dataclass, field


@dataclass
class Line:
    key: str  # also what the C++ program and the peers call it
    title: str
    setup: str
    code: str  # ends by reading an element, so that nothing is left pending
    reach: str = ""  # of NumPy's speed
    runs: int = 5
    repeats: int = 1  # statements that the code runs
    sizes: dict = field(default_factory=dict)  # names in the setup; a tenth of them for --quick, or what `quick` says
    quick: dict = field(default_factory=dict)


TRIG = "np.sin(a)**2 + np.cos(b)**2 * 3 - a / b"
THREE = "a, b, c = rng.random(n), rng.random(n) + 0.5, rng.random(n)"
JACOBI = """
def jacobi(u, sweeps):
    v = u.copy()
    for k in range(sweeps):
        v[1:-1, 1:-1] = 0.25 * (u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2])
        u, v = v, u
    return u
g = np.zeros((n, n))
g[0] = 1.0
"""
JULIA = """
def julia(n, most):
    x = np.linspace(-1.5, 1.5, n)
    z = x + 1j * x[:, np.newaxis]
    count = np.zeros(z.shape, dtype=np.int32)
    for k in range(most):
        inside = z.real * z.real + z.imag * z.imag < 4.0
        count += inside
        z = np.where(inside, z * z + (-0.8 + 0.156j), z)
    return count
"""
LOOP = """
def julia(n, most):
    total = 0
    step = 3.0 / (n - 1)
    for i in range(n):
        for j in range(n):
            x = -1.5 + j * step
            y = -1.5 + i * step
            k = 0
            while k < most and x * x + y * y < 4.0:
                x, y = x * x - y * y - 0.8, 2.0 * x * y + 0.156
                k += 1
            total += k
    return total
"""
# The normal distribution by Abramowitz and Stegun 26.2.17, since NumPy has no erf.
PRICES = """
s, k, t = 20 + 80 * rng.random(n), 20 + 80 * rng.random(n), 0.25 + 2 * rng.random(n)
def normal(x):
    u = 1 / (1 + 0.2316419 * np.abs(x))
    tail = u * (0.319381530 + u * (-0.356563782 + u * (1.781477937 + u * (-1.821255978 + u * 1.330274429))))
    p = 1 - np.exp(-0.5 * x * x) * 0.3989422804014327 * tail
    return np.where(x < 0, 1 - p, p)
def call(s, k, t):
    root = 0.3 * np.sqrt(t)
    d = (np.log(s / k) + (0.02 + 0.045) * t) / root
    return s * normal(d) - k * np.exp(-0.02 * t) * normal(d - root)
"""

LINES = [
    Line("linear", "`2*a + 3*b - c`, {n:.1e} float64", THREE, "d = 2*a + 3*b - c\nd[0]", "0.8 of C++", sizes={"n": 25_000_000}),
    Line("trig", f"`{TRIG}`, {{n:.1e}} float64", THREE, f"d = {TRIG}\nd[0]", "12", sizes={"n": 25_000_000}),
    Line("linear_small", "`d = 2*a + 3*b - c`, {n:.0e} float64, a statement", THREE, "for i in range(1000):\n    d = 2*a + 3*b - c\n    d[0]", "1.5", repeats=1000, sizes={"n": 10_000}, quick={"n": 10_000}),
    Line("trig_small", f"`d = {TRIG}`, {{n:.0e}} float64, a statement", THREE, f"for i in range(200):\n    d = {TRIG}\n    d[0]", "5", repeats=200, sizes={"n": 10_000}, quick={"n": 10_000}),
    Line("sum", "`a.sum()`, {n:.1e} float64", "a = rng.random(n)", "a.sum()", "3.9", sizes={"n": 50_000_000}),
    Line("mean", "`a.mean()`, {n:.1e} float64", "a = rng.random(n)", "a.mean()", "3.9", sizes={"n": 50_000_000}),
    Line("std", "`a.std()`, {n:.1e} float64", "a = rng.random(n)", "a.std()", "10", sizes={"n": 50_000_000}),
    Line("sum0", "`a.sum(axis=0)`, {n} x {m}", "a = rng.random((n, m))", "d = a.sum(axis=0)\nd[0]", "1.8", sizes={"n": 10_000, "m": 5_000}, quick={"n": 2000, "m": 1000}),
    Line("std0", "`a.std(axis=0)`, {n} x {m}", "a = rng.random((n, m))", "d = a.std(axis=0)\nd[0]", "4", sizes={"n": 10_000, "m": 5_000}, quick={"n": 2000, "m": 1000}),
    Line("jacobi", "100 Jacobi sweeps by slices, {n} x {n}", JACOBI, "h = jacobi(g, 100)\nh[1, 1]", "6", runs=3, sizes={"n": 4000}, quick={"n": 1000}),
    Line("jacobi_small", "100 Jacobi sweeps by slices, {n} x {n}", JACOBI, "h = jacobi(g, 100)\nh[1, 1]", "6", sizes={"n": 200}, quick={"n": 200}),
    Line("matmul", "`a @ b`, {n} x {n}", "a, b = rng.random((n, n)), rng.random((n, n))", "d = a @ b\nd[0, 0]", "1.3", runs=3, sizes={"n": 4000}, quick={"n": 1000}),
    Line("sort", "`np.sort(a)`, {n:.1e} float64", "a = rng.random(n)", "d = np.sort(a)\nd[0]", "1.1", runs=3, sizes={"n": 50_000_000}),
    Line("argsort", "`np.argsort(a)`, {n:.1e} float64", "a = rng.random(n)", "d = np.argsort(a)\nd[0]", runs=3, sizes={"n": 10_000_000}),
    Line("unique", "`np.unique(a)`, {n:.1e} int64, mostly distinct", "a = rng.integers(0, 2**62, n)", "d = np.unique(a)\nd[0]", "100", runs=1, sizes={"n": 20_000_000}),
    Line("transpose", "`a.T.copy()`, {n} x {n}", "a = rng.random((n, n))", "d = a.T.copy()\nd[0, 0]", "1.6", sizes={"n": 8000}, quick={"n": 2000}),
    Line("gather", "`a[i]`, {m:.0e} of {n:.0e} at random", "a = rng.random(n)\ni = rng.integers(0, n, m)", "d = a[i]\nd[0]", "2", sizes={"n": 100_000_000, "m": 10_000_000}),
    Line("pi", "Monte Carlo pi, {n:.0e} points of `default_rng`", "", "r = np.random.default_rng(1)\nx, y = r.random(n), r.random(n)\n4 * (x*x + y*y < 1).sum() / n", "50", runs=2, sizes={"n": 200_000_000}),
    Line("normal", "`standard_normal`, {n:.0e}", "", "d = np.random.default_rng(1).standard_normal(n)\nd[0]", runs=3, sizes={"n": 20_000_000}),
    Line("julia", "Julia set as arrays, {n} x {n}, 100 steps", JULIA, "d = julia(n, 100)\nd[0, 0]", "8", runs=2, sizes={"n": 2048}, quick={"n": 512}),
    Line("julia_loop", "Julia set as a loop over elements, {n} x {n}, 100 steps", LOOP, "julia(n, 100)", "40", runs=8, sizes={"n": 256}, quick={"n": 64}),
    Line("fft2", "`np.fft.fft2(a)`, {n} x {n}, real", "a = rng.random((n, n))", "d = np.fft.fft2(a)\nd[0, 0]", "2", runs=3, sizes={"n": 4096}, quick={"n": 1024}),
    Line("prices", "Black-Scholes, {n:.0e}", PRICES, "d = call(s, k, t)\nd[0]", "7", runs=3, sizes={"n": 20_000_000}),
    Line("mask", "`a[a > 0.5]`, {n:.1e}", "a = rng.random(n)", "d = a[a > 0.5]\nd[0]", "5", runs=3, sizes={"n": 50_000_000}),
    Line("cumsum", "`np.cumsum(a)`, {n:.1e}", "a = rng.random(n)", "d = np.cumsum(a)\nd[0]", "4.5", runs=3, sizes={"n": 50_000_000}),
    Line("histogram", "`np.histogram(a, 100)`, {n:.1e}", "a = rng.random(n)", "d = np.histogram(a, 100)[0]\nd[0]", runs=3, sizes={"n": 20_000_000}),
    Line("tiny", "1,000 dependent `x = x + 1`, 100 elements, one cell", "", "x = np.zeros(100)\nfor k in range(1000):\n    x = x + 1\nx[0]", "1"),
]


def sizes(line, quick):
    if not quick:
        return line.sizes
    return line.quick or {name: size // 10 for name, size in line.sizes.items()}
