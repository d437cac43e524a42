"""Measures the DistArray kernel (1 and 2 MPI engines) against ipykernel with NumPy, the same cells in each, as ratios.

Line by line, one kernel after the other, each by its own clock; a figure is the best of several runs. Beside them a
plain C++ program with OpenMP (where g++ is) and, with --peers FILE, what peers.py printed. A ratio is NumPy's time over
the other's: above 1 is faster than NumPy. Writes the table to standard output, with --write also to
docs/performance.md, and the times as JSON with --json FILE.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile

from kernels import Kernel, startup
from lines import LINES, sizes

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="smaller arrays, fewer runs")
parser.add_argument("--write", action="store_true", help="write docs/performance.md")
parser.add_argument("--peers", type=pathlib.Path, help="what peers.py printed")
parser.add_argument("--json", type=pathlib.Path, help="where the times go")
parser.add_argument("--lines", help="only these lines, by their keys, with commas between")
options = parser.parse_args()

OURS, ONE, NUMPY = "DistArray, 2 engines", "DistArray, 1 engine", "NumPy, ipykernel"
KERNELS = {
    OURS: ("distarray", {"DISTARRAY_ENGINES": "mpi:2"}),
    ONE: ("distarray", {"DISTARRAY_ENGINES": "mpi:1"}),
    NUMPY: ("python3", {}),
}


def latencies(kernels, runs):
    """Of starting, and of a cell's round trip."""
    starts = {label: min(startup(*spec) for _ in range(runs)) for label, spec in KERNELS.items()}
    trips = {label: [] for label in kernels}
    for kernel in kernels.values():
        [kernel.reply("1+1") for _ in range(20)]
    for _ in range(5):
        for label, kernel in kernels.items():
            trips[label] += [kernel.reply("1+1") for _ in range(40)]
    return [
        ("kernel start to the first array answer", starts),
        ("round trip of a cell, `1+1` (median)", {k: statistics.median(v) for k, v in trips.items()}),
    ]


def measure(kernels, line):
    chosen = sizes(line, options.quick)
    given = "\n".join(f"{name} = {size}" for name, size in chosen.items())
    # One at a time: several kernels' arrays do not fit side by side in memory where the lines are large.
    times = {}
    for label, kernel in kernels.items():
        kernel.run(f"%reset -f\nimport numpy as np\nimport time\nrng = np.random.default_rng(0)\n{given}\n{line.setup}")
        times[label] = min(kernel.seconds(line.code) for _ in range(line.runs + (line.runs > 1))) / line.repeats
        kernel.run("%reset -f")
    return times


def reference(lines):
    """The C++ program's times, by line."""
    if not shutil.which("g++"):
        print("no g++: the C++ column is left out", file=sys.stderr)
        return {}
    with tempfile.TemporaryDirectory() as place:
        program = pathlib.Path(place) / "reference"
        source = pathlib.Path(__file__).with_name("reference.cpp")
        subprocess.run(["g++", "-O3", "-march=native", "-ffast-math", "-fopenmp", "-o", program, source], check=True)
        words = [":".join([line.key, *map(str, sizes(line, options.quick).values())]) for line in lines]
        words.append("triad:2500000" if options.quick else "triad:25000000")
        env = os.environ | {"OMP_NUM_THREADS": "2"}
        printed = subprocess.run([program, *words], check=True, capture_output=True, text=True, env=env).stdout
    return {key: float(seconds) for key, seconds in map(str.split, printed.splitlines())}


def main():
    lines = [line for line in LINES if not options.lines or line.key in options.lines.split(",")]
    kernels = {label: Kernel(*spec) for label, spec in KERNELS.items()}
    rows = [] if options.lines else [(title, times, "", "", "") for title, times in latencies(kernels, 3)]
    times = {}
    for line in lines:
        times[line.key] = measure(kernels, line)
        print(line.key, {k: text(v) for k, v in times[line.key].items()}, file=sys.stderr)
    for kernel in kernels.values():
        kernel.stop()
    plain = reference(lines)
    peers = json.loads(options.peers.read_text()) if options.peers else {}
    for line in lines:
        title = line.title.format(**sizes(line, options.quick))
        numpy = times[line.key][NUMPY]
        cpp = f"{numpy / plain[line.key]:.1f}" if line.key in plain else ""
        found = sorted(peers.get(line.key, {}).items(), key=lambda peer: -peer[1])[:1]
        peer = "".join(f"{name} {ratio:.2f}" for name, ratio in found)
        rows.append((title, times[line.key], peer, cpp, line.reach))
    table = [f"| | NumPy | ours | 2 engines | 1 engine | {'best peer | ' if peers else ''}C++ | to reach |", f"|---|--:|--:|--:|--:|{'--:|' if peers else ''}--:|--:|"]
    for title, t, peer, cpp, reach in rows:
        ratios = " | ".join(f"{t[NUMPY] / t[label]:.2f}" for label in (OURS, ONE))
        table.append(f"| {title} | {text(t[NUMPY])} | {text(t[OURS])} | {ratios} | {peer + ' | ' if peers else ''}{cpp} | {reach} |")
    if "triad" in plain:
        moved = 3 * 8 * (2_500_000 if options.quick else 25_000_000)
        table += ["", f"STREAM triad by the C++ program: {moved / plain['triad'] / 1e9:.0f} GB/s on 2 threads."]
    table = "\n".join(table)
    print(table)
    if options.json:
        options.json.write_text(json.dumps({"times": times, "cpp": plain, "peers": peers}, indent=1))
    if options.write:
        page = pathlib.Path(__file__).parents[2] / "docs/performance.md"
        page.write_text(PAGE.format(date=datetime.date.today(), cores=os.cpu_count(), machine=platform.machine(), table=table))
        print(f"\nwritten to {page}")


def text(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            break
    return f"{seconds / size:.3g} {unit}"


PAGE = """# Performance

Made by `cargo xtask bench --write` on {date}: {cores} cores ({machine}), all in one run; each figure is the best of several
runs unless it says median, by the kernel's own clock inside the cell. *2 engines* and *1 engine* are NumPy's time over
ours: above 1, DistArray is faster. *C++* is NumPy's time over that of a plain OpenMP program on two threads with its output
buffers reused (`xtask/bench/reference.cpp`), *to reach* what we mean to come to. The machine is shared and noisy: trust
ratios more than times.

{table}
"""

main()
