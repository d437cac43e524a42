"""Kernels that the benchmarks start: their channels, and cells that tell how long they took."""
import os
import sys
import time

from jupyter_client.manager import KernelManager


class Started:
    """A kernel that has been started, and may not answer yet."""

    def __init__(self, name, env):
        self.manager = KernelManager(kernel_name=name)
        self.manager.start_kernel(env=os.environ | env)
        self.client = self.manager.client()
        self.client.start_channels()

    def answer(self, request, timeout=60):
        """The reply, as soon as it is there."""
        while True:
            message = self.client.get_shell_msg(timeout=timeout)
            if message["parent_header"].get("msg_id") == request:
                return message["content"]

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


class Kernel(Started):
    def __init__(self, name, env):
        started = time.perf_counter()
        super().__init__(name, env)
        self.client.wait_for_ready(timeout=60)
        self.run("import numpy as np\nimport time\nfloat(np.arange(10).sum())")
        self.startup = time.perf_counter() - started

    def run(self, code):
        """What the cell printed; ends the benchmark where the cell fails."""
        printed = []

        def hook(message):
            if message["msg_type"] == "stream":
                printed.append(message["content"]["text"])

        reply = self.client.execute_interactive(code, timeout=900, output_hook=hook)
        if reply["content"]["status"] != "ok":
            sys.exit(f"{reply['content']['ename']}: {reply['content']['evalue']}\n{code}")
        return "".join(printed)

    def seconds(self, code):
        """How long the code took inside its cell, by the kernel's own clock."""
        return float(self.run(f"started = time.perf_counter()\n{code}\nprint(time.perf_counter() - started)"))

    def reply(self, code):
        """From the request to the reply, without waiting for idle on iopub."""
        started = time.perf_counter()
        self.answer(self.client.execute(code, store_history=False))
        return time.perf_counter() - started


def startup(name, env):
    kernel = Kernel(name, env)
    kernel.stop()
    return kernel.startup
