"""Measures the DistArray kernel (2 MPI engines) against ipykernel with NumPy, the same cells in both, as ratios.

Each figure is the best of several runs, the two kernels taking turns. A ratio above 1 means that DistArray is faster.
Writes the table to standard output and, with --write, into docs/performance.md.
"""
import argparse, datetime, os, pathlib, platform, statistics, sys, time
from jupyter_client.manager import KernelManager

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="smaller arrays, fewer runs")
parser.add_argument("--write", action="store_true", help="write docs/performance.md")
options = parser.parse_args()
RUNS = 3 if options.quick else 5
N = 2_000_000 if options.quick else 20_000_000
GRID = 1000 if options.quick else 4000

KERNELS = {"DistArray, 2 MPI engines": ("distarray", {"DISTARRAY_ENGINES": "mpi:2"}), "ipykernel, NumPy": ("python3", {})}

SETUP = f"""
import numpy as np
rng = np.random.default_rng(0)
a, b, c = rng.random({N}), rng.random({N}), rng.random({N}) + 1
g = np.zeros(({GRID}, {GRID}))
g[0] = 1
def jacobi(u, sweeps):
    v = u.copy()
    for k in range(sweeps):
        v[1:-1, 1:-1] = 0.25 * (u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2])
        u, v = v, u
    return u
d = a + b
float(d[0]) + float(g[0, 0])
"""
WORK = [
    (f"`2*a+3*b-c`, {N:.0e} float64", "d = 2*a + 3*b - c\nd[0]"),
    (f"`sin(a)**2+cos(b)**2*3-a/b`, {N:.0e} float64", "d = np.sin(a)**2 + np.cos(b)**2 * 3 - a / b\nd[0]"),
    (f"`a.sum()`, {N:.0e} float64", "a.sum()"),
    (f"100 Jacobi sweeps by slices, {GRID} x {GRID}", "h = jacobi(g, 100)\nh[1, 1]"),
    ("1,000 dependent `x = x + 1`, 100 elements, one cell", "x = np.zeros(100)\nfor k in range(1000):\n    x = x + 1\nx[0]"),
]


class Kernel:
    def __init__(self, name, env):
        started = time.perf_counter()
        self.manager = KernelManager(kernel_name=name)
        self.manager.start_kernel(env=os.environ | env)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)
        self.run("import numpy as np\nfloat(np.arange(10).sum())")
        self.startup = time.perf_counter() - started

    def run(self, code):
        started = time.perf_counter()
        reply = self.client.execute_interactive(code, timeout=600, output_hook=lambda message: None)
        seconds = time.perf_counter() - started
        if reply["content"]["status"] != "ok":
            sys.exit(f"{reply['content']['ename']}: {reply['content']['evalue']}\n{code}")
        return seconds

    def reply(self, code):
        """From the request to the reply, without waiting for idle on iopub."""
        started = time.perf_counter()
        message = self.client.execute(code, store_history=False)
        while self.client.get_shell_msg(timeout=60)["parent_header"].get("msg_id") != message:
            pass
        return time.perf_counter() - started

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def main():
    rows = []
    startups = {label: min(start_and_stop(*spec) for _ in range(RUNS)) for label, spec in KERNELS.items()}
    rows.append(("kernel start to the first array answer", startups))
    kernels = {label: Kernel(*spec) for label, spec in KERNELS.items()}
    for kernel in kernels.values():
        kernel.run(SETUP)
    for kernel in kernels.values():
        [kernel.reply("1+1") for _ in range(20)]
    trips = {label: [] for label in kernels}
    for _ in range(5):
        for label, kernel in kernels.items():
            trips[label] += [kernel.reply("1+1") for _ in range(40)]
    rows.append(("round trip of a cell, `1+1` (median)", {k: statistics.median(v) for k, v in trips.items()}))
    for title, code in WORK:
        times = {label: [] for label in kernels}
        for _ in range(RUNS + 1):
            for label, kernel in kernels.items():
                times[label].append(kernel.run(code))
        rows.append((title, {k: min(v[1:]) for k, v in times.items()}))
    for kernel in kernels.values():
        kernel.stop()

    ours, theirs = KERNELS
    lines = [f"| | {ours} | {theirs} | ratio |", "|---|--:|--:|--:|"]
    lines += [f"| {title} | {text(t[ours])} | {text(t[theirs])} | {t[theirs] / t[ours]:.2f} |" for title, t in rows]
    table = "\n".join(lines)
    print(table)
    if options.write:
        page = pathlib.Path(__file__).parents[2] / "docs/performance.md"
        page.write_text(PAGE.format(date=datetime.date.today(), cores=os.cpu_count(), machine=platform.machine(), table=table))
        print(f"\nwritten to {page}")


def start_and_stop(name, env):
    kernel = Kernel(name, env)
    kernel.stop()
    return kernel.startup


def text(seconds):
    return f"{seconds * 1e3:.2f} ms" if seconds < 1 else f"{seconds:.2f} s"


PAGE = """# Performance

Made by `cargo xtask bench --write` on {date}: {cores} cores ({machine}), both kernels in one run, taking turns; each figure is the
best of several runs unless it says median. A ratio above 1 means that DistArray is faster. The machine is shared and
noisy: trust ratios more than times.

{table}
"""

main()
