"""Other clients than jupyter_client's own: nbclient, jupyter console; and the ways to reach the kernel."""

import json
import os
import pathlib
import re
import sys
import time

import nbclient
import nbconvert
import nbformat
import pexpect
import zmq
from jupyter_client.session import Session

from client import TIMEOUT, Kernel


def test_nbclient_runs_a_notebook():
    cells = ["import numpy as np\na = np.arange(12).reshape(3, 4)", "a.sum(axis=0)", "print('done')"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = {"name": "distarray", "display_name": "DistArray"}
    nbclient.NotebookClient(notebook, kernel_name="distarray", timeout=TIMEOUT).execute()
    outputs = [cell.outputs for cell in notebook.cells]
    assert outputs[0] == []
    assert outputs[1][0].data["text/plain"] == "array([12, 15, 18, 21])"
    assert outputs[2][0].text == "done\n"
    assert notebook.metadata.language_info.file_extension == ".da"


def test_nbconvert_colours_the_language():
    cells = ["%time x = 1", "np.sin?", "def f(a):  # fast\n    return 'b' + a"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = {"name": "distarray", "display_name": "DistArray"}
    nbclient.NotebookClient(notebook, kernel_name="distarray", timeout=TIMEOUT, allow_errors=True).execute()
    page, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
    coloured = [("o", "%"), ("k", "time"), ("o", "?"), ("c1", "# fast"), ("k", "def"), ("nf", "f")]
    for kind, word in coloured:
        assert f'<span class="{kind}">{word}</span>' in page, word
    assert 'class="err"' not in page


def test_jupyter_console():
    command = ["-m", "jupyter_console", "--kernel", "distarray", "--simple-prompt", "--ZMQTerminalInteractiveShell.banner=B"]
    console = pexpect.spawn(sys.executable, command, encoding="utf-8", timeout=TIMEOUT, dimensions=(40, 200))
    try:
        console.expect(r"In \[1\]: ")
        console.sendline("6 * 7")
        console.expect(r"Out\[1\]: 42")
        console.expect(r"In \[2\]: ")
        console.sendline("1 / 0")
        console.expect("ZeroDivisionError")
        console.expect(r"In \[3\]: ")
        console.sendline("exit")
        console.expect(pexpect.EOF)
    finally:
        console.close(force=True)


def test_encryption():
    with Kernel(transport_encryption="required") as kernel:
        assert kernel.manager.curve_publickey
        assert kernel.run("6 * 7").result == "42"
        assert kernel.client.hb_channel.is_beating()


def test_ipc(tmp_path):
    with Kernel(transport="ipc", ip=str(tmp_path / "k")) as kernel:
        assert kernel.run("6 * 7").result == "42"


def test_bad_signatures_are_dropped(kernel):
    forger = Session(key=b"another key", signature_scheme="hmac-sha256")
    stranger = zmq.Context.instance().socket(zmq.DEALER)
    stranger.linger = 0
    stranger.connect(kernel.client._make_url("shell"))
    forger.send(stranger, "execute_request", {"code": "forged = 1", "silent": False})
    stranger.send_multipart([b"garbage"])
    assert stranger.poll(500) == 0
    stranger.close()
    assert kernel.run("forged").reply["ename"] == "NameError"


def test_identities_are_used_again(kernel):
    info = json.loads(pathlib.Path(kernel.manager.connection_file).read_text())
    session = Session(key=info["key"].encode(), signature_scheme=info["signature_scheme"])
    for _ in range(300):
        socket = zmq.Context.instance().socket(zmq.DEALER)
        socket.linger = 0
        socket.identity = b"the same"
        socket.connect(kernel.client._make_url("shell"))
        session.send(socket, "kernel_info_request", {})
        assert socket.poll(5000), "a reply was lost"
        _, reply = session.recv(socket, mode=0)
        assert reply["msg_type"] == "kernel_info_reply"
        socket.close()


def test_the_kernel_ends_with_its_parent(tmp_path):
    code = """
import sys, time
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name='distarray')
print(manager.provisioner.process.pid, flush=True)
time.sleep(600)
"""
    parent = pexpect.spawn(sys.executable, ["-c", code], encoding="utf-8", timeout=TIMEOUT)
    parent.expect(r"(\d+)\r\n")
    pid = int(parent.match.group(1))
    parent.kill(9)
    parent.wait()
    for _ in range(100):
        if not alive(pid):
            return
        time.sleep(0.1)
    raise AssertionError("the kernel outlives the Jupyter that started it")


def alive(pid):
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return not re.search(r"\) Z ", stat) and os.path.exists(f"/proc/{pid}")
