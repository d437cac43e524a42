"""Sessions as front ends lead them: outputs, interrupts, restarts, many lines, the queue behind an error."""

import os
import pathlib
import re
import signal
import time

import psutil
import pytest

from client import TIMEOUT, Kernel


def test_results_streams_and_errors_in_order(kernel):
    done = kernel.run("print('one')\nprint('two')\n6 * 7")
    assert [kind for kind, _ in done.messages] == ["status", "execute_input", "stream", "execute_result"]
    assert (done.text(), done.result) == ("one\ntwo\n", "42")
    done = kernel.run("print('before')\n1 / 0\nprint('after')")
    assert [kind for kind, _ in done.messages][2:] == ["stream", "error"]
    assert (done.reply["ename"], done.reply["evalue"]) == ("ZeroDivisionError", "division by zero")
    assert any("1 / 0" in line for line in done.reply["traceback"])
    assert kernel.run("no_such_name").reply["ename"] == "NameError"
    done = kernel.run("x = (1,\ny = 2")
    assert (done.status, done.reply["ename"]) == ("error", "SyntaxError")


def test_names_live_from_cell_to_cell(kernel):
    kernel.run("import numpy as np\na = np.arange(10)\ndef double(x):\n    'Twice x.'\n    return 2 * x")
    assert kernel.run("double(a)[-1]").result == "np.int64(18)"
    assert kernel.run("%who").text().split() == ["a", "double", "np"]
    assert "ndarray" in kernel.run("%whos").text()
    assert kernel.run("%reset").status == "ok"
    assert kernel.run("%who").text() == "No names are bound.\n"
    assert kernel.run("a").reply["ename"] == "NameError"


def test_user_expressions(kernel):
    done = kernel.run("v = 5", user_expressions={"good": "v + 1", "bad": "1 / 0"})
    answers = done.reply["user_expressions"]
    assert answers["good"]["data"]["text/plain"] == "6"
    assert (answers["bad"]["status"], answers["bad"]["ename"]) == ("error", "ZeroDivisionError")


def test_completion_and_inspection_know_the_session(kernel):
    kernel.run("import numpy as np\ntemperature = np.zeros((3, 4))")
    kernel.client.complete("temp")
    assert kernel.client.get_shell_msg(timeout=TIMEOUT)["content"]["matches"] == ["temperature"]
    kernel.client.inspect("temperature")
    found = kernel.client.get_shell_msg(timeout=TIMEOUT)["content"]
    assert found["found"] and "float64" in found["data"]["text/plain"]
    page = kernel.run("temperature?").reply["payload"][0]
    assert page["source"] == "page" and "float64" in page["data"]["text/plain"]


def test_ten_thousand_lines_in_few_messages(kernel):
    done = kernel.run("for i in range(10000):\n    print('line', i)")
    assert done.text() == "".join(f"line {i}\n" for i in range(10000))
    assert len(done.of("stream")) < 100


def test_stdout_and_stderr_keep_their_order(kernel):
    done = kernel.run("%time 1 + 1\nprint('after')")
    assert done.text().startswith("Wall time: ") and done.text().endswith("after\n")


@pytest.mark.parametrize("by_signal", [False, True])
def test_interrupt_of_a_loop(kernel, by_signal):
    kernel.run("count = 0\nimport numpy as np\na = np.ones(10)")
    request = kernel.client.execute("print('running')\nwhile True:\n    count = count + 1")
    kernel.wait_for("running")
    time.sleep(0.2)
    begun = time.monotonic()
    if by_signal:
        os.kill(kernel.manager.provisioner.process.pid, signal.SIGINT)
    else:
        kernel.manager.interrupt_kernel()
    done = kernel.finish(request)
    assert done.reply["ename"] == "KeyboardInterrupt"
    assert time.monotonic() - begun < 2
    # The session and its arrays are whole.
    assert kernel.run("int(a.sum()), count > 0").result == "(10, True)"


def test_interrupt_of_endless_printing(kernel):
    request = kernel.client.execute("while True:\n    print('again and again and again')")
    kernel.wait_for("again")
    time.sleep(1)
    kernel.manager.interrupt_kernel()
    done = kernel.finish(request)
    assert done.reply["ename"] == "KeyboardInterrupt"
    assert kernel.run("1 + 1").result == "2"


def test_cells_behind_an_error_are_aborted(kernel):
    requests = [kernel.client.execute(code) for code in ["x = 1", "1 / 0", "x = 2", "x = 3"]]
    statuses = [kernel.finish(request).status for request in requests]
    assert statuses == ["ok", "error", "aborted", "aborted"]
    assert kernel.run("x").result == "1"


def test_restart(kernel):
    kernel.run("x = 1")
    kernel.manager.restart_kernel(now=False)
    kernel.client.wait_for_ready(timeout=TIMEOUT)
    assert kernel.run("x").reply["ename"] == "NameError"
    assert kernel.run("1 + 1").result == "2"


def test_engines_are_shown_changed_and_restarted(kernel):
    kernel.run("x = 1")
    assert "2 " in kernel.run("%engines").text()
    assert kernel.run("%engines threads:3").text().startswith("3 threads of the kernel")
    kernel.run("import numpy as np\na = np.zeros(250_000, dist='b')")
    (card,) = kernel.run("%engines").of("display_data")
    lines = card["data"]["text/plain"].splitlines()
    assert lines[0].split()[:4] == ["rank", "process", "host", "arrays"] and len(lines) == 6
    assert [line.split()[0] for line in lines[1:4]] == ["0", "1", "2"] and all("kB" in line and "running" in line for line in lines[1:4])
    assert "<table" in card["data"]["text/html"]
    assert kernel.run("x").reply["ename"] == "NameError"
    kernel.run("x = 1")
    assert kernel.run("%restart").text().startswith("3 threads of the kernel")
    assert kernel.run("x").reply["ename"] == "NameError"
    assert kernel.run("%engines nonsense").reply["ename"] == "UsageError"
    assert kernel.run("1 + 1").result == "2"


def family(kernel):
    """The kernel's process and all that it started."""
    kernel.run("%engines")
    process = psutil.Process(kernel.manager.provisioner.process.pid)
    return [process, *process.children(recursive=True)]


def shared_memory(pid):
    maps = pathlib.Path(f"/proc/{pid}/maps").read_text().split()
    return [word for word in maps if word.startswith("/dev/shm/") and os.path.exists(word)]


@pytest.mark.parametrize("how", ["shutdown", "terminate", "kill"])
def test_nothing_is_left_behind(kernel, how):
    processes = family(kernel)
    assert len(processes) > 2 or "threads" in kernel.run("%engines").text()
    shared = {path for process in processes for path in shared_memory(process.pid)}
    begun = time.monotonic()
    if how == "shutdown":
        kernel.client.shutdown()
    else:
        getattr(processes[0], how)()
    _, alive = psutil.wait_procs(processes, timeout=10)
    assert not alive
    if how != "kill":
        assert kernel.manager.provisioner.process.wait() == 0
    assert time.monotonic() - begun < 5
    assert not [path for path in shared if os.path.exists(path)]


def test_a_dead_rank_is_an_error_and_restart_helps(kernel):
    done = kernel.run("%engines")
    ranks = [int(pid) for pid in re.findall(r"process (\d+)", done.text())]
    if not ranks:
        pytest.skip("the engines are threads of the kernel")
    request = kernel.client.execute("print('running')\nwhile True:\n    pass")
    kernel.wait_for("running")
    begun = time.monotonic()
    os.kill(ranks[-1], signal.SIGKILL)
    done = kernel.finish(request)
    assert time.monotonic() - begun < 2
    assert done.reply["ename"] == "EngineError"
    assert "%restart" in "".join(done.reply["traceback"])
    assert kernel.run("1 + 1").reply["ename"] == "EngineError"
    assert kernel.run("%restart").status == "ok"
    assert kernel.run("1 + 1").result == "2"


def test_engines_that_cannot_be_started_are_said_in_the_cell():
    for environment, words in [
        ({"DISTARRAY_ENGINES": "lots"}, "DISTARRAY_ENGINES: engines are `4`"),
        ({"DISTARRAY_ENGINES": "mpi:2", "DISTARRAY_MPIRUN": "/nowhere/mpirun"}, "DISTARRAY_MPIRUN names no program"),
        ({"DISTARRAY_ENGINES": "mpi:2", "TMPDIR": "/nowhere"}, "no folder in /nowhere (TMPDIR"),
        ({"DISTARRAY_ENGINES": "mpi:2", "DISTARRAY_ENGINE": "/bin/false"}, "distarray-engine cannot be run: exit status: 1"),
    ]:
        with Kernel(environment) as kernel:
            reply = kernel.run("1 + 1").reply
            assert reply["ename"] == "EngineError" and words in reply["evalue"], reply
            assert kernel.run("%engines threads:2").text().startswith("2 threads of the kernel")
            assert kernel.run("1 + 1").result == "2"


def test_where_mpi_cannot_be_loaded_there_are_threads(tmp_path):
    engine = tmp_path / "distarray-engine"
    engine.write_text("#!/bin/sh\necho \"$0: error while loading shared libraries: libmpi.so.40\" >&2\nexit 127\n")
    engine.chmod(0o755)
    why = "distarray-engine cannot be run: error while loading shared libraries: libmpi.so.40"
    with Kernel({"DISTARRAY_ENGINES": "2", "DISTARRAY_ENGINE": str(engine)}) as kernel:
        assert kernel.run("1 + 1").result == "2"
        assert f"2 threads of the kernel ({why})" in kernel.run("%engines").text()


def ask_debugger(kernel, command, **arguments):
    message = kernel.client.session.msg("debug_request", {"type": "request", "seq": 1, "command": command, "arguments": arguments})
    kernel.client.control_channel.send(message)
    return kernel.client.control_channel.get_msg(timeout=TIMEOUT)["content"]


def test_the_variables_panel_is_filled(kernel):
    kernel.run("import numpy as np\na = np.arange(5000.0, dist='b')\nn = 3\ndef f(x):\n    return x\n7")
    assert ask_debugger(kernel, "debugInfo")["body"]["richRendering"]
    assert ask_debugger(kernel, "initialize")["success"] and ask_debugger(kernel, "attach")["success"]
    found = {v["name"]: v for v in ask_debugger(kernel, "inspectVariables")["body"]["variables"]}
    assert sorted(found) == ["a", "f", "n"]
    assert found["a"]["type"] == "float64 (5000,)" and (found["n"]["type"], found["n"]["value"]) == ("int", "3")
    parts = ask_debugger(kernel, "variables", variablesReference=found["a"]["variablesReference"])["body"]["variables"]
    assert {p["name"]: p["value"] for p in parts}["bytes"] == "40 kB"
    rich = ask_debugger(kernel, "richInspectVariables", variableName="a")["body"]["data"]
    assert "array([0.000e+00" in rich["text/plain"] and "<svg" in rich["text/html"]
    # Looking changes nothing.
    assert kernel.run("_").result == "7"
    # While a cell runs there are no values, but an answer.
    request = kernel.client.execute("print('running')\nwhile True:\n    pass")
    kernel.wait_for("running")
    assert "float64" in ask_debugger(kernel, "richInspectVariables", variableName="a")["body"]["data"]["text/plain"]
    kernel.manager.interrupt_kernel()
    kernel.finish(request)
    assert not ask_debugger(kernel, "stepIn")["success"]


def test_large_arrays_show_a_picture_of_their_values(kernel):
    kernel.run("import numpy as np")
    html = kernel.run("np.sin(np.linspace(0, 9, 100000))").of("execute_result")[0]["data"]["text/html"]
    assert html.count("<svg") == 2 and "a few of the values" in html
    html = kernel.run("np.ones((2000, 30)) * np.arange(30)").of("execute_result")[0]["data"]["text/html"]
    assert "data:image/png;base64" in html
    assert kernel.run("np.ones(5)").of("execute_result")[0]["data"]["text/html"].count("<svg") == 1
    assert kernel.run("np.full(5000, np.nan)").status == "ok" and kernel.run("np.ones(5000) * 1j").status == "ok"
