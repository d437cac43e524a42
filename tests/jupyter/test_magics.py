"""The lines for the kernel that look at files, programs and the machine."""


def test_load_and_run(kernel, tmp_path):
    path = tmp_path / "program.da"
    path.write_text("y = x + 1\nprint('ran', y)\n")
    kernel.run("x = 41")
    done = kernel.run(f"%run {path}")
    assert done.text() == "ran 42\n" and kernel.run("y").result == "42"
    payload = kernel.run(f"%load {path}").reply["payload"]
    assert payload[0]["source"] == "set_next_input" and payload[0]["replace"] and "y = x + 1" in payload[0]["text"]
    assert kernel.run("%run /no/such/file.da").reply["ename"] == "OSError"
    path.write_text("1 / 0\n")
    assert str(path) in "".join(kernel.run(f"%run {path}").reply["traceback"])


def test_explain_and_profile(kernel):
    kernel.run("import numpy as np\na = np.ones(5000, dist='b')")
    done = kernel.run("%%explain\nb = a[1:] * a[:-1]\nb.sum()")
    assert "one pass over" in done.text() and done.result == "np.float64(4999.0)"
    assert "one pass over" in kernel.run("%explain a + a").text()
    done = kernel.run("%%profile\nfor k in range(10):\n    a = a * 2\na.sum()")
    lines = done.text().splitlines()
    assert [line.split()[0] for line in lines[1:4]] == ["2", "3", "4"]
    assert lines[2].split()[1] == "10" and lines[2].endswith("    a = a * 2")
    # The next cell is measured no more.
    assert kernel.run("a[0]").text() == ""


def test_memory_dist_and_config(kernel):
    kernel.run("import numpy as np\na = np.ones(100000, dist='b')\nsmall = np.zeros(3)")
    text = kernel.run("%memory").text()
    assert "on 2 ranks" in text and text.splitlines()[2].startswith("a ")
    assert "b on 2" in kernel.run("%dist").text() or "b" in kernel.run("%dist").text()
    assert kernel.run("%dist a").of("display_data")[0]["data"]["image/svg+xml"]
    assert "progress" in kernel.run("%config").text()
    assert "moved between ranks" in (kernel.run("%config status on\n").text("stderr") or kernel.run("a.sum()").text("stderr"))
    assert "did you mean progress?" in kernel.run("%config progres off").reply["evalue"]
    assert kernel.run("!ls").reply["ename"] == "UsageError"
