"""The benchmark's lines by the systems that people choose today, as ratios to NumPy in the same process.

Prints a JSON object: for each line, each peer's speed over NumPy's. A peer that is not installed is left out; what a
peer has no natural way to say, it does not have here. Arguments: --quick.
"""
import importlib
import json
import math
import sys
import time

import numpy as np

from lines import JACOBI, LINES, PRICES, TRIG, sizes


def have(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def best(work, runs):
    work()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def numexpr_lines(scope):
    ne = have("numexpr")
    if not ne:
        return {}
    trig = "sin(a)**2 + cos(b)**2 * 3 - a / b"
    return {
        key: lambda text=text: ne.evaluate(text, local_dict=scope)
        for key, text in {"linear": "2*a + 3*b - c", "trig": trig, "linear_small": "2*a + 3*b - c", "trig_small": trig}.items()
    }


def numba_lines(scope):
    nb = have("numba")
    if not nb:
        return {}
    jit = lambda f: nb.njit(f, parallel=True, fastmath=True)

    @jit
    def linear(a, b, c):
        return 2 * a + 3 * b - c

    @jit
    def trig(a, b):
        return np.sin(a) ** 2 + np.cos(b) ** 2 * 3 - a / b

    @jit
    def total(a):
        return a.sum()

    @jit
    def deviation(a):
        return a.std()

    @jit
    def sweeps(u, times):
        v = u.copy()
        for _ in range(times):
            for i in nb.prange(1, u.shape[0] - 1):
                for j in range(1, u.shape[1] - 1):
                    v[i, j] = 0.25 * (u[i + 1, j] + u[i - 1, j] + u[i, j + 1] + u[i, j - 1])
            u, v = v, u
        return u

    @jit
    def gather(a, i):
        d = np.empty(i.size)
        for k in nb.prange(i.size):
            d[k] = a[i[k]]
        return d

    @jit
    def julia(n, most):
        step, total = 3.0 / (n - 1), 0
        for i in nb.prange(n):
            for j in range(n):
                x, y, k = -1.5 + j * step, -1.5 + i * step, 0
                while k < most and x * x + y * y < 4.0:
                    x, y = x * x - y * y - 0.8, 2.0 * x * y + 0.156
                    k += 1
                total += k
        return total

    s = scope
    return {
        "linear": lambda: linear(s["a"], s["b"], s["c"]), "linear_small": lambda: linear(s["a"], s["b"], s["c"]),
        "trig": lambda: trig(s["a"], s["b"]), "trig_small": lambda: trig(s["a"], s["b"]),
        "sum": lambda: total(s["a"]), "std": lambda: deviation(s["a"]),
        "jacobi": lambda: sweeps(s["g"], 100), "jacobi_small": lambda: sweeps(s["g"], 100),
        "gather": lambda: gather(s["a"], s["i"]), "julia_loop": lambda: julia(s["n"], 100),
    }


def jax_lines(scope):
    jax = have("jax")
    if not jax:
        return {}
    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy
    given = {k: jnp.asarray(v) for k, v in scope.items() if isinstance(v, np.ndarray)}

    def line(f, *names):
        f = jax.jit(f)
        return lambda: jax.block_until_ready(f(*(given[n] for n in names)))

    def sweep(_, u):
        return u.at[1:-1, 1:-1].set(0.25 * (u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2]))

    linear, trig = lambda a, b, c: 2 * a + 3 * b - c, lambda a, b: jnp.sin(a) ** 2 + jnp.cos(b) ** 2 * 3 - a / b
    over = {"np": jnp, "rng": np.random.default_rng(0), "n": 1}
    exec(PRICES, over)
    lines = {
        "linear": (linear, "abc"), "linear_small": (linear, "abc"), "trig": (trig, "ab"), "trig_small": (trig, "ab"),
        "sum": (jnp.sum, "a"), "mean": (jnp.mean, "a"), "std": (jnp.std, "a"),
        "sum0": (lambda a: a.sum(axis=0), "a"), "std0": (lambda a: a.std(axis=0), "a"),
        "jacobi": (lambda g: jax.lax.fori_loop(0, 100, sweep, g), "g"), "jacobi_small": (lambda g: jax.lax.fori_loop(0, 100, sweep, g), "g"),
        "matmul": (jnp.matmul, "ab"), "sort": (jnp.sort, "a"), "transpose": (lambda a: a.T.copy(), "a"),
        "gather": (lambda a, i: a[i], "ai"), "fft2": (jnp.fft.fft2, "a"), "cumsum": (jnp.cumsum, "a"), "prices": (over["call"], "skt"),
    }
    return {key: line(f, *names) for key, (f, names) in lines.items() if all(n in given for n in names)}


def dask_lines(scope):
    da = have("dask.array")
    if not da:
        return {}
    given = {k: da.from_array(v, chunks=tuple(math.ceil(n / 2) if d == 0 else n for d, n in enumerate(v.shape))) for k, v in scope.items() if isinstance(v, np.ndarray) and v.size}
    a, b, c, i = (given.get(k) for k in "abci")
    lines = {
        "linear": lambda: (2 * a + 3 * b - c).compute(), "linear_small": lambda: (2 * a + 3 * b - c).compute(),
        "trig": lambda: (da.sin(a) ** 2 + da.cos(b) ** 2 * 3 - a / b).compute(),
        "sum": lambda: a.sum().compute(), "mean": lambda: a.mean().compute(), "std": lambda: a.std().compute(),
        "sum0": lambda: a.sum(axis=0).compute(), "std0": lambda: a.std(axis=0).compute(),
        "matmul": lambda: (a @ b).compute(), "transpose": lambda: a.T.compute().copy(), "gather": lambda: a[scope["i"]].compute(),
        "mask": lambda: a[a > 0.5].compute(), "cumsum": lambda: a.cumsum(axis=0).compute(),
    }
    return lines


def main():
    quick, found = "--quick" in sys.argv, {}
    for line in LINES:
        chosen = sizes(line, quick)
        scope = {"np": np, "rng": np.random.default_rng(0), "time": time, **chosen}
        exec(line.setup, scope)
        code = compile(line.code, line.key, "exec")
        makers = {"numexpr": numexpr_lines, "Numba": numba_lines, "JAX": jax_lines, "Dask": dask_lines}
        peers = {name: work for name, make in makers.items() if (work := make(scope).get(line.key))}
        if not peers:
            continue
        numpy = best(lambda: exec(code, scope), min(line.runs, 3)) / line.repeats
        found[line.key] = {}
        for name, work in peers.items():
            found[line.key][name] = numpy / best(work, min(line.runs, 3))
        print(f"{line.key}: {found[line.key]}", file=sys.stderr)
    print(json.dumps(found))


main()
