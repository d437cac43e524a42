"""The bar of a cell that takes long, and displays with names."""


def updates(done, name):
    return [m for k, m in done.messages if k == "update_display_data" and m["transient"]["display_id"] == name]


def test_a_loop_shows_its_turns_and_folds(kernel):
    kernel.run("import time")
    done = kernel.run("for i in range(30):\n    time.sleep(0.05)")
    (bar,) = done.of("display_data")
    assert "of 30" in bar["data"]["text/plain"] and "for i in range(30):" in bar["data"]["text/html"]
    later = updates(done, bar["transient"]["display_id"])
    # At most ten a second, the last one folded.
    assert 4 <= len(later) <= 16
    assert later[-1]["data"]["text/plain"].startswith("30 turns in 1.")
    turns = [int(m["data"]["text/plain"].split("] ")[1].split(" of")[0]) for m in later[:-1]]
    assert turns == sorted(turns) and turns[-1] > 20


def test_a_loop_within_a_loop_is_told(kernel):
    kernel.run("import time")
    done = kernel.run("for i in range(2):\n    for j in range(30):\n        time.sleep(0.06)")
    (bar,) = done.of("display_data")
    texts = [bar["data"]["text/plain"]] + [m["data"]["text/plain"] for m in updates(done, bar["transient"]["display_id"])]
    inner = [int(t.split("(")[1].split(" of 30)")[0]) for t in texts if "0 of 2 (" in t]
    assert len(inner) > 3 and inner == sorted(inner) and inner[-1] > 20
    # What is done of the turn counts: half of the first turn is a quarter of all.
    assert any("0 of 2" in t and "left" in t and t.startswith("[####") for t in texts)
    assert texts[-1].startswith("2 turns in 3.")


def test_a_long_statement_shows_its_line_and_is_gone(kernel):
    kernel.run("import time")
    done = kernel.run("x = 1\ntime.sleep(1.0)\nx")
    (bar,) = done.of("display_data")
    assert bar["data"]["text/plain"].endswith(": time.sleep(1.0)")
    assert updates(done, bar["transient"]["display_id"])[-1]["data"]["text/plain"] == ""
    assert done.result == "1"


def test_short_cells_and_silent_ones_show_nothing(kernel):
    assert not kernel.run("for i in range(10000):\n    pass").of("display_data")
    kernel.run("import time")
    assert not kernel.run("", user_expressions={"a": "time.sleep(0.8)"}).of("display_data")
    kernel.run("%config progress off")
    assert not kernel.run("time.sleep(0.8)").of("display_data")


def test_an_error_folds_the_bar_too(kernel):
    kernel.run("import time")
    done = kernel.run("for i in range(100):\n    time.sleep(0.1)\n    if i == 8:\n        1 / 0")
    (bar,) = done.of("display_data")
    assert "stopped in turn 9 of 100" in updates(done, bar["transient"]["display_id"])[-1]["data"]["text/plain"]


def test_displays_with_names(kernel):
    done = kernel.run("display(1, display_id='count')\nupdate_display([2], display_id='count')\nclear_output(wait=True)\nprint('new')")
    assert done.of("display_data")[0]["transient"] == {"display_id": "count"}
    assert updates(done, "count")[0]["data"]["text/plain"] == "[2]"
    assert done.of("clear_output") == [{"wait": True}]
