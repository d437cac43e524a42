"""Figures as front ends get them: shown at the cell's end, once, as SVG of a picture's size."""

import re

PLT = "import numpy as np\nimport matplotlib.pyplot as plt\n"


def pictures(done):
    # A cell that takes long has a bar too.
    return [m["data"]["image/svg+xml"] for m in done.of("display_data") if "image/svg+xml" in m["data"]]


def test_a_figure_is_shown_at_the_end_of_its_cell(kernel):
    done = kernel.run(PLT + "%matplotlib inline\nplt.plot([1, 4, 9], 'r--o', label='squares')\nplt.legend()\nprint('after')\nplt.title('Three')")
    assert done.status == "ok" and done.result is None
    (svg,) = pictures(done)
    assert 'width="640" height="480"' in svg and "squares" in svg and "Three" in svg and "#FF0000" in svg
    assert done.of("display_data")[0]["data"]["text/plain"] == "<Figure size 640x480 with 1 Axes>"
    # It is shown once, and the next cell begins another.
    assert not pictures(kernel.run("1 + 1"))
    assert not pictures(kernel.run("plt.plot([1, 2])\nplt.close()"))
    assert len(pictures(kernel.run("for k in range(3):\n    plt.plot([k, 1])\n    plt.show()"))) == 3


def test_a_figure_is_a_value(kernel):
    kernel.run(PLT + "fig, axs = plt.subplots(2, 2)\naxs[0, 1].hist([1, 2, 2])")
    done = kernel.run("fig")
    (shown,) = done.of("execute_result")
    assert "image/svg+xml" in shown["data"] and not pictures(done)
    counts = kernel.run("counts, edges, bars = plt.hist([1, 2, 2, 3], bins=2)\nplt.close()\ncounts").result
    assert counts == "array([1., 3.])"


def test_a_million_points_make_a_small_picture(kernel):
    done = kernel.run(PLT + "r = np.random.default_rng(1)\nplt.plot(np.cumsum(r.normal(size=1_000_000)))", timeout=200)
    (svg,) = pictures(done)
    assert len(svg) < 300_000
    done = kernel.run("plt.scatter(r.normal(size=1_000_000), r.normal(size=1_000_000), s=1, alpha=0.1)", timeout=200)
    (svg,) = pictures(done)
    assert len(svg) < 3_000_000 and "data:image/png;base64" in svg


def test_errors_keep_what_was_drawn_and_name_what_is_wrong(kernel):
    done = kernel.run(PLT + "plt.plot([1, 2])\nplt.plot([1], colour='r')")
    assert "did you mean 'color'?" in done.reply["evalue"] and len(pictures(done)) == 1
    done = kernel.run("plt.plto([1])")
    assert done.reply["ename"] == "AttributeError" and "plot" in "".join(done.reply["traceback"])


def test_savefig_writes_svg(kernel, tmp_path):
    path = tmp_path / "figure.svg"
    done = kernel.run(PLT + f"plt.imshow(np.eye(3))\nplt.colorbar()\nplt.savefig('{path}')\nplt.close()")
    assert done.status == "ok" and not pictures(done)
    assert re.match(r"<svg [^>]*>", path.read_text())
    done = kernel.run("plt.plot([1])\nplt.savefig('/no/such/folder/a.svg')")
    assert "is not saved" in done.text("stderr")


def test_second_scales_and_logarithmic_colours(kernel):
    kernel.run("import numpy as np\nimport matplotlib.pyplot as plt\nfrom matplotlib.colors import LogNorm")
    done = kernel.run("fig, ax = plt.subplots()\nax.plot([1, 2, 3])\nright = ax.twinx()\nright.semilogy([1, 100, 1000], 'r')\nright.set_ylabel('beside')")
    (figure,) = done.of("display_data")
    svg = figure["data"]["image/svg+xml"]
    # Powers of ten at the right of what is at the left.
    words = re.findall(r'x="(\d+)"[^>]*>\s*([^<\s]+)', svg)
    place = {word: int(x) for x, word in words}
    assert place["10\u00b2"] > place["2.00"] + 3000 and "beside" in place
    done = kernel.run("plt.imshow([[1, 10], [100, 0]], norm=LogNorm())\nplt.colorbar()")
    assert "10\u00b9" in done.of("display_data")[0]["data"]["image/svg+xml"]
    reply = kernel.run("plt.imshow([[1.0]], norm='symlog')").reply
    assert reply["ename"] == "NotImplementedError" and "'log'" in reply["evalue"]


def test_errors_of_builtins_name_their_pages(kernel):
    kernel.run("import numpy as np\na = np.arange(6)")

    def last(code):
        return "\n".join(kernel.run(code).reply["traceback"]).splitlines()[-1]

    assert "see np.linalg.inv?, https://numpy.org/doc/stable/reference/generated/numpy.linalg.inv.html" in last("np.linalg.inv(np.zeros((2, 2)))")
    assert "see a.reshape?, https://numpy.org/" in last("a.reshape(4)")
    assert "ZeroDivisionError" in last("1 / 0") and "ValueError" in last("int('x')")


def test_completion_knows_axes_and_keywords(kernel):
    kernel.run("import matplotlib.pyplot as plt\nfig, axes = plt.subplots()")

    def matches(code):
        request = kernel.client.complete(code, len(code))
        while True:
            reply = kernel.client.get_shell_msg(timeout=30)
            if reply["parent_header"]["msg_id"] == request:
                return reply["content"]["matches"]

    assert matches("axes.set_xl") == ["set_xlabel", "set_xlim"]
    assert matches("axes.plot([1], [2], linew") == ["linewidth="] == matches("plt.plot([1], [2], linew")
    assert "savefig" in matches("fig.")
