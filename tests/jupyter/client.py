"""A kernel and its client, with what the tests do all the time."""

import os
import re
import time

from jupyter_client.manager import KernelManager

TIMEOUT = 60


class Outcome:
    """What a cell did: its reply, and everything that it published, in order."""

    def __init__(self, reply, messages):
        self.reply = reply
        self.messages = messages

    @property
    def status(self):
        return self.reply["status"]

    def text(self, name="stdout"):
        return "".join(m["text"] for kind, m in self.messages if kind == "stream" and m["name"] == name)

    @property
    def result(self):
        found = [m["data"]["text/plain"] for kind, m in self.messages if kind == "execute_result"]
        return found[0] if found else None

    def of(self, kind):
        return [m for k, m in self.messages if k == kind]


class Kernel:
    def __init__(self, environment=None, **manager):
        self.environment = os.environ | (environment or {})
        self.manager = KernelManager(kernel_name="distarray", **manager)

    def __enter__(self):
        self.manager.start_kernel(env=self.environment)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=TIMEOUT)
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=False)

    def run(self, code, timeout=TIMEOUT, **options):
        """Runs a cell to its end."""
        return self.finish(self.client.execute(code, **options), timeout)

    def finish(self, request, timeout=TIMEOUT):
        """Waits for the end of a cell that was sent before."""
        messages = []
        deadline = time.monotonic() + timeout
        while True:
            message = self.client.get_iopub_msg(timeout=max(0.1, deadline - time.monotonic()))
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            messages.append((kind, content))
        while True:
            reply = self.client.get_shell_msg(timeout=max(0.1, deadline - time.monotonic()))
            if reply["parent_header"].get("msg_id") == request:
                return Outcome(reply["content"], messages)

    def wait_for(self, text, timeout=TIMEOUT):
        """Waits until a stream has said this."""
        deadline, seen = time.monotonic() + timeout, ""
        while not re.search(text, seen):
            message = self.client.get_iopub_msg(timeout=max(0.1, deadline - time.monotonic()))
            if message["msg_type"] == "stream":
                seen += message["content"]["text"]
