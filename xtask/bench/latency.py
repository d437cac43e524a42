"""Measures how soon the DistArray kernel answers, on 2 MPI engines and on 2 threads, beside ipykernel, through jupyter_client.

The same cells in each, the kernels in turn within each round, the client's clock from the request to what a person waits for;
a figure is the median of the rounds. Prints the table, and with --write writes it into docs/latency.md.
"""
import argparse
import contextlib
import datetime
import os
import pathlib
import platform
import statistics
import sys
import time

from kernels import Started

KERNELS = {
    "ipykernel": ("python3", {}),
    "2 MPI ranks": ("distarray", {"DISTARRAY_ENGINES": "mpi:2"}),
    "2 threads": ("distarray", {"DISTARRAY_ENGINES": "threads:2"}),
}
# Asked of a session with an array, a number and a function of these names.
SETUP = """import numpy as np
import time
temperature = np.linspace(0, 1, 1000000)
step = 0.5
def heat(rate, steps=10):
    'Rises.'
    return rate * steps"""
LINES = 10000
MEGABYTES = 5


class Client(Started):
    def __init__(self, name, environment):
        super().__init__(name, environment | {"DISTARRAY_HISTORY": ""})

    def __enter__(self):
        self.answer(self.client.kernel_info())
        return self

    def __exit__(self, *_):
        self.stop()

    def answer(self, request, timeout=120):
        return super().answer(request, timeout)

    def idle(self, request):
        """Everything published for a request, once the kernel is idle again."""
        found = []
        while True:
            message = self.client.get_iopub_msg(timeout=120)
            if message["parent_header"].get("msg_id") == request:
                found.append(message)
                if message["content"].get("execution_state") == "idle":
                    return found

    def drain(self):
        with contextlib.suppress(Exception):
            while True:
                self.client.get_iopub_msg(timeout=0)

    def run(self, code):
        request = self.client.execute(code)
        published = self.idle(request)
        reply = self.answer(request)
        if reply["status"] != "ok":
            sys.exit(f"{reply['ename']}: {reply['evalue']}\n{code}")
        return published


def took(work):
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def first_answer(kernel):
    """From nothing to the first answer of an array's; the kernel's end is not counted."""
    started = time.perf_counter()
    with Client(*kernel) as client:
        client.run("import numpy as np\nfloat(np.arange(10).sum())")
        return time.perf_counter() - started


def ready(kernel):
    started = time.perf_counter()
    with Client(*kernel):
        return time.perf_counter() - started


def restart(client):
    """From the request to restart to the first answer."""
    def work():
        client.manager.restart_kernel(now=True)
        client.answer(client.client.kernel_info())
        # Who listens to iopub connects anew, and may miss what the first cell publishes.
        client.answer(client.client.execute("import numpy as np\nfloat(np.arange(10).sum())"))
    seconds = took(work)
    client.client.wait_for_ready(timeout=60)
    client.run(SETUP)
    return seconds


def cell(code):
    """To the reply."""
    def measure(client):
        def work():
            reply = client.answer(client.client.execute(code, store_history=False))
            assert reply["status"] == "ok", reply
        seconds = took(work)
        client.drain()
        return seconds
    return measure


def completion(code, wanted):
    def measure(client):
        def work():
            matches = client.answer(client.client.complete(code))["matches"]
            assert any(wanted in match for match in matches), (code, matches)
        return took(work)
    return measure


def inspection(code, cursor=None):
    def measure(client):
        def work():
            assert client.answer(client.client.inspect(code, cursor))["found"], code
        return took(work)
    return measure


def while_busy(measure):
    """The same while a cell runs that takes a second."""
    def busy(client):
        request = client.client.execute("time.sleep(1)")
        time.sleep(0.2)
        seconds = measure(client)
        client.idle(request)
        return seconds
    return busy


def lines(client):
    def work():
        published = client.run(f"for i in range({LINES}):\n    print(i)")
        text = "".join(m["content"]["text"] for m in published if m["msg_type"] == "stream")
        assert len(text.splitlines()) == LINES, "lines are missing"
    return took(work)


def display(client):
    def work():
        published = client.run(f"'x' * {MEGABYTES}_000_000")
        [shown] = [m["content"]["data"]["text/plain"] for m in published if m["msg_type"] == "execute_result"]
        assert len(shown) == MEGABYTES * 1_000_000 + 2, "the text is cut"
    return took(work)


def interrupt(code):
    def measure(client):
        request = client.client.execute(code)
        time.sleep(0.5)
        def work():
            client.manager.interrupt_kernel()
            client.idle(request)
        seconds = took(work)
        assert client.answer(request)["ename"] == "KeyboardInterrupt"
        return seconds
    return measure


AGREE = "the cores: each rank computes on one, and what carries the interrupt between them waits for its turn. One rank alone stops in 2 to 3 ms"
# What is measured: its name; the function; of a fresh kernel or of one that runs; how often a round. What is said where we are slower.
FRESH = [
    ("start to the kernel's first word (`kernel_info`)", ready, ""),
    ("start to the first answer, `np.arange(10).sum()`", first_answer,
     "starting MPI: `mpirun` and the ranks' `MPI_Init` take most of it. Cells can be typed and completed meanwhile"),
]
RUNNING = [
    ("cell, `1 + 1`", cell("1 + 1"), 40, ""),
    ("cell, a sum over a million elements", cell("temperature.sum()"), 20, ""),
    ("completion of a session's name, `tempe`", completion("tempe", "temperature"), 20, ""),
    ("completion of a function of NumPy's, `np.lins`", completion("np.lins", "linspace"), 20, ""),
    ("completion of an attribute, `temperature.s`", completion("temperature.s", "sum"), 20, ""),
    ("completion while a cell runs for a second", while_busy(completion("np.lins", "linspace")), 1, ""),
    ("inspection of `np.linspace`", inspection("np.linspace"), 20, ""),
    ("inspection of an array", inspection("temperature"), 20, ""),
    ("inspection within a call, `heat(`", inspection("heat(", 5), 20, ""),
    (f"{LINES:,} printed lines", lines, 1, ""),
    (f"a display of {MEGABYTES} MB of text", display, 1,
     "the text's way from rank 0 to the kernel, between processes an encrypted socket; pictures of arrays are some 10 kB"),
    ("interrupt of `while True: pass`", interrupt("while True:\n    pass"), 1, AGREE),
    ("interrupt of `time.sleep(60)`", interrupt("time.sleep(60)"), 1, AGREE),
    ("interrupt of a loop that prints", interrupt("while True:\n    print('x' * 50)"), 1,
     "the client reading what was printed before: the loop prints several times as fast here (a cell may print 16 MB at once)"),
    ("restart to the first answer", restart, 1, "as the start of MPI, above"),
]


def measure(rounds):
    """By name, by kernel: the figures in seconds."""
    found = {}
    for name, work, _ in FRESH:
        found[name] = {label: [] for label in KERNELS}
        for _ in range(rounds):
            for label, kernel in KERNELS.items():
                found[name][label].append(work(kernel))
        print(name, {label: text(statistics.median(v)) for label, v in found[name].items()}, file=sys.stderr)
    with contextlib.ExitStack() as stack:
        clients = {label: stack.enter_context(Client(*kernel)) for label, kernel in KERNELS.items()}
        for client in clients.values():
            client.run(SETUP)
        for name, work, times, _ in RUNNING:
            found[name] = {label: [] for label in KERNELS}
            # The first is for caches.
            for client in clients.values():
                work(client)
            for _ in range(rounds):
                for label, client in clients.items():
                    found[name][label] += [work(client) for _ in range(times)]
            print(name, {label: text(statistics.median(v)) for label, v in found[name].items()}, file=sys.stderr)
    return found


def text(seconds):
    unit, size = next(((u, s) for u, s in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)) if seconds >= s), ("µs", 1e-6))
    return f"{seconds / size:.3g} {unit}"


def table(found):
    ours = [label for label in KERNELS if label != "ipykernel"]
    rows = ["| | ipykernel | " + " | ".join(f"{label} | ratio" for label in ours) + " |", "|---|--:|" + "--:|--:|" * len(ours)]
    worse = []
    notes = {name: note for name, *_, note in FRESH + RUNNING}
    for name, times in found.items():
        medians = {label: statistics.median(values) for label, values in times.items()}
        row, slower = f"| {name} | {text(medians['ipykernel'])} |", []
        for label in ours:
            ratio = medians["ipykernel"] / medians[label]
            row += f" {text(medians[label])} | {ratio:.3g} |"
            if ratio < 1:
                slower.append(f"{1 / ratio:.2g} times as long on {label}")
        rows.append(row)
        if slower:
            why = f". That is {notes[name]}" if notes[name] else ""
            worse.append(f"- {name[0].upper()}{name[1:]}: {', '.join(slower)}{why}.")
    return "\n".join(rows), "\n".join(worse) or "Nothing of what is measured here."


PAGE = """# Latency

How long a person waits, by the clock of a client (`jupyter_client`) in one run with ipykernel: medians of {rounds} rounds, made by
`cargo xtask latency --write` on {date} on {cores} cores ({machine}). *Ratio* is ipykernel's time over ours: above 1, DistArray
is faster. The same cells run in both; ipykernel computes with NumPy.

{table}

## What is worse

{worse}

## What lies behind it

Names, attributes and documentation are answered from the table of builtins and from what the engines last said of the
session's names. No engine is asked, and the kernel's one thread answers while a cell runs, so that nobody waits for a cell to end to
see a name. Printed text is gathered for 50 ms or 64 kB before it is sent: a message a line would drown the client, and JupyterLab's
server drops what comes too fast. A cell is one broadcast to the ranks and one reply from each, which is what `1 + 1` costs.
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--write", action="store_true", help="write docs/latency.md")
    options = parser.parse_args()
    rows, worse = table(measure(options.rounds))
    print(rows, "", worse, sep="\n")
    if options.write:
        page = pathlib.Path(__file__).parents[2] / "docs/latency.md"
        page.write_text(PAGE.format(rounds=options.rounds, date=datetime.date.today(), cores=os.cpu_count(),
                                    machine=platform.machine(), table=rows, worse=worse))
        print(f"\nwritten to {page}")


main()
