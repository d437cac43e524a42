"""Widgets: models and comms as ipywidgets' front end knows them, and calls that run when one is moved. ipywidgets is the oracle."""

import ipywidgets
import pytest

VIEW = "application/vnd.jupyter.widget-view+json"


class Front:
    """A front end's side: the models that the kernel has opened, as they are now."""

    def __init__(self, kernel):
        self.kernel, self.models = kernel, {}

    def take(self, done):
        for kind, content in done.messages:
            if kind == "comm_open":
                assert content["target_name"] == "jupyter.widget"
                self.models[content["comm_id"]] = dict(content["data"]["state"])
            elif kind == "comm_msg":
                self.models[content["comm_id"]].update(content["data"]["state"])
        return done

    def run(self, code):
        return self.take(self.kernel.run(code))

    def send(self, msg_type, content):
        client = self.kernel.client
        message = client.session.msg(msg_type, content)
        client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def start(self, comm, **state):
        return self.send("comm_msg", {"comm_id": comm, "data": {"method": "update", "state": state, "buffer_paths": []}})

    def idle(self, request):
        """What a message that has no reply has led to."""
        messages = []
        while True:
            message = self.kernel.client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return messages
            messages.append((message["msg_type"], message["content"]))

    def move(self, comm, **state):
        return Done(self.idle(self.start(comm, **state)))

    def named(self, kind, description=None):
        (found,) = [comm for comm, state in self.models.items()
                    if state["_model_name"] == f"{kind}Model" and description in (None, state.get("description"))]
        return found


class Done:
    def __init__(self, messages):
        self.messages = messages

    def text(self):
        return "".join(content["text"] for kind, content in self.messages if kind == "stream")

    def of(self, kind):
        return [content for k, content in self.messages if k == kind]

    def routes(self):
        """What goes to an output widget is between two of these, the second empty."""
        states = [content["data"]["state"] for content in self.of("comm_msg")]
        return [state["msg_id"] for state in states if "msg_id" in state]


@pytest.fixture
def front(kernel):
    return Front(kernel)


def test_a_slider_runs_a_distributed_computation_again(front):
    front.run("import numpy as np\na = np.arange(100_000.0, dist='b')")
    done = front.run("def total(n=3):\n    print(f'n is {n}')\n    return a[:n].sum()\n\ninteract(total, n=(0, 10))")
    (view,) = done.of("display_data")[:1]
    assert view["data"][VIEW]["model_id"] == front.named("VBox")
    assert view["data"]["text/plain"] == "interactive(children=(IntSlider(value=3, description='n', max=10), Output()), _dom_classes=('widget-interact',))"
    # The first call's outputs are the output widget's, which a console shows in the cell; the function itself is not shown.
    assert done.text() == "n is 3\n" and done.of("display_data")[1]["data"]["text/plain"] == "np.float64(3.0)"
    assert done.result is None
    box = front.models[front.named("VBox")]
    assert box["children"] == [f"IPY_MODEL_{front.named('IntSlider')}", f"IPY_MODEL_{front.named('Output')}"]

    slider = front.named("IntSlider")
    request = front.start(slider, value=5)
    moved = front.take(Done(front.idle(request)))
    assert moved.text() == "n is 5\n"
    assert moved.of("display_data")[0]["data"]["text/plain"] == "np.float64(10.0)"
    assert moved.routes() == [request, ""] and moved.of("clear_output") == [{"wait": True}]
    kinds = [kind for kind, _ in moved.messages if kind in ("stream", "clear_output", "comm_msg")]
    assert kinds == ["comm_msg", "comm_msg", "clear_output", "stream", "comm_msg"]
    # The other front ends see it too.
    assert moved.of("comm_msg")[0]["data"]["method"] == "echo_update"
    # Moved to where it is, it runs nothing; beyond its end, it stands there.
    assert front.move(slider, value=5).text() == ""
    assert front.move(slider, value=50).text() == "n is 10\n"
    assert front.run("1 + 1").result == "2"


ABBREVIATIONS = ["(0, 10)", "(0, 10, 3)", "(-3, 4)", "(0., 1., .1)", "(0, 1.5)", "7", "-7", "0", "2.5", "0.0", "'text'", "True", "['a', 'b']",
                 "{'one': 1, 'two': 2}", "[('one', 1), ('two', 2)]", "[10, 20]", "range(3)", "(5, 5)"]


def test_abbreviations_are_ipywidgets(front):
    """With and without a default, the models hold what ipywidgets' hold."""
    for text in ABBREVIATIONS:
        for default in ("", "=2", "='b'", "=0.5"):
            front.models.clear()
            done = front.run(f"interact(lambda x{default}: None, x={text})")
            oracle = ipywidgets.interactive(eval(f"lambda x{default}: None"), x=eval(text))
            want = oracle.children[0].get_state()
            (mine,) = [state for state in front.models.values() if state.get("description") == "x"]
            for name, value in want.items():
                if name in ("layout", "style"):
                    assert mine[name].startswith("IPY_MODEL_")
                    part, model = front.models[mine[name].removeprefix("IPY_MODEL_")], getattr(oracle.children[0], name)
                    assert {k: v for k, v in model.get_state().items() if v is not None} == part
                elif value is not None:
                    value = list(value) if isinstance(value, tuple) else value
                    assert mine[name] == pytest.approx(value) if isinstance(value, float) else mine[name] == value, (text, default, name)
            assert done.of("display_data")[0]["data"]["text/plain"] == repr(oracle), (text, default)


@pytest.mark.parametrize("call, says", [
    ("interact(lambda x: x)", "ValueError: cannot find widget or abbreviation for argument: 'x'"),
    ("interact(lambda x: x, x=3j)", "ValueError: 3j cannot be transformed to a widget"),
    ("interact(lambda x: x, x=(1, 2, -1))", "ValueError: step must be >= 0, not -1"),
    ("interact(lambda x: x, x=(5, 1))", "ValueError: value must be between min and max (min=5, value=3, max=1)"),
    ("Dropdown(options=['a'], value='b')", "TraitError: Invalid selection: value not found"),
    ("Text(3)", "TraitError: The 'value' trait of a Text instance expected a unicode string, not the int 3."),
    ("Checkbox(3)", "TraitError: The 'value' trait of a Checkbox instance expected a boolean, not the int 3."),
    ("FloatSlider('q')", "TraitError: The 'value' trait of a FloatSlider instance expected a float, not the str 'q'."),
])
def test_what_is_no_widget(front, call, says):
    reply = front.run(call).reply
    assert f"{reply['ename']}: {reply['evalue']}" == says
    with pytest.raises(Exception) as raised:
        eval(call, vars(ipywidgets))
    assert f"{type(raised.value).__name__}: {raised.value}" == says


def test_what_is_passed_on_to_nothing_is_refused(front):
    """ipywidgets drops it silently."""
    assert front.run("def f(x):\n    pass\ninteract(f, x=1, y=2)").reply["evalue"] == "f() got an unexpected keyword argument 'y'"
    assert front.run("IntSlider(min=5, max=1)").reply["evalue"] == "setting max < min"
    assert "no setter" in front.run("w = IntSlider()\nw.max = 3").reply["evalue"]


def test_all_kinds_of_controls_give_their_values(front):
    front.run("from ipywidgets import interact, interact_manual, fixed, IntSlider, RadioButtons, ToggleButton, FloatText\nimport ipywidgets as widgets")
    done = front.run(
        "@interact(x=(0., 1., .1), s=['a', 'b'], flag=True, t='hi', k=fixed([1]), n=IntSlider(value=2, max=9, description='count'))\n"
        "def f(x, s, flag, t, k, n, *, d=widgets.Dropdown(options={'one': 1, 'two': 2}), r=RadioButtons(options=[3, 4]), p=ToggleButton(), e=FloatText(1)):\n"
        "    print(x, s, flag, t, k, n, d, r, p, e)")
    assert done.text() == "0.5 a True hi [1] 2 1 3 False 1.0\n"
    assert front.move(front.named("FloatSlider"), value=1).text() == "1.0 a True hi [1] 2 1 3 False 1.0\n"
    assert front.move(front.named("Dropdown", "s"), index=1).text() == "1.0 b True hi [1] 2 1 3 False 1.0\n"
    assert front.move(front.named("Checkbox"), value=False).text() == "1.0 b False hi [1] 2 1 3 False 1.0\n"
    assert front.move(front.named("Text"), value="it's\n\\ é").text() == "1.0 b False it's\n\\ é [1] 2 1 3 False 1.0\n"
    assert front.move(front.named("IntSlider", "count"), value=9).text().endswith("[1] 9 1 3 False 1.0\n")
    assert front.move(front.named("Dropdown", "d"), index=1).text().endswith("[1] 9 2 3 False 1.0\n")
    assert front.move(front.named("RadioButtons"), index=1).text().endswith("[1] 9 2 4 False 1.0\n")
    assert front.move(front.named("ToggleButton"), value=True).text().endswith("[1] 9 2 4 True 1.0\n")
    assert front.move(front.named("FloatText"), value=2.5).text().endswith("[1] 9 2 4 True 2.5\n")
    # What no front end says, and no widget holds, changes nothing.
    assert front.move(front.named("RadioButtons"), index=7).text() == ""
    assert front.move(front.named("FloatText"), value=[1]).text() == ""


def test_a_widget_by_itself_is_read_and_set(front):
    done = front.run("w = IntSlider(value=3, max=7)\nw")
    slider = front.named("IntSlider")
    (shown,) = done.of("execute_result")
    assert shown["data"][VIEW]["model_id"] == slider and done.result == "IntSlider(value=3, max=7)"
    front.move(slider, value=6)
    assert front.run("w.value").result == "6"
    front.run("w.value = 2")
    assert front.models[slider]["value"] == 2
    # The same widget in two places is one model, and both functions run.
    front.run("interact(lambda n: n, n=w); interact(lambda n: -n, n=w);")
    moved = front.move(slider, value=4)
    assert [m["data"]["text/plain"] for m in moved.of("display_data")] == ["4", "-4"]
    assert len(set(moved.routes())) == 2 and len(moved.routes()) == 4


def test_an_error_is_shown_in_the_output(front):
    done = front.run("def f(x):\n    return 1 / x\n\ninteract(f, x=(0, 2))\nprint('on it goes')")
    assert done.status == "ok" and done.text().endswith("on it goes\n")
    slider = front.named("IntSlider")
    moved = front.move(slider, value=0)
    (error,) = moved.of("error")
    assert (error["ename"], error["evalue"]) == ("ZeroDivisionError", "division by zero")
    assert any("return 1 / x" in line for line in error["traceback"]) and moved.routes()[-1] == ""
    assert [m["data"]["text/plain"] for m in front.move(slider, value=2).of("display_data")] == ["0.5"]
    # Also of the first call.
    done = front.run("interact(lambda x: [][x], x=fixed(0))")
    assert done.status == "ok" and done.of("error")[0]["ename"] == "IndexError"


def test_only_the_last_value_counts_while_a_cell_runs(front):
    front.run("import time\nseen = []\ninteract(lambda n: seen.append(n), n=(0, 100))")
    slider = front.named("IntSlider")
    request = front.kernel.client.execute("time.sleep(1.0)")
    moves = [front.start(slider, value=n) for n in (1, 2, 3, 70, 99)]
    front.kernel.finish(request)
    front.idle(moves[-1])
    assert front.run("seen").result == "[50, 99]"


def test_a_button_runs_it(front):
    done = front.run("interact_manual(lambda n: print('n', n), n=(0, 10))")
    assert done.text() == ""
    assert front.move(front.named("IntSlider"), value=7).text() == ""
    click = {"comm_id": front.named("Button"), "data": {"method": "custom", "content": {"event": "click"}}}
    assert Done(front.idle(front.send("comm_msg", click))).text() == "n 7\n"


def test_an_interrupt_ends_the_call(front):
    front.run("import time\ndef f(n):\n    print('began', n)\n    if n > 1:\n        time.sleep(60)\ninteract(f, n=(0, 2))")
    request = front.start(front.named("IntSlider"), value=2)
    front.kernel.wait_for("began 2")
    front.kernel.manager.interrupt_kernel()
    done = Done(front.idle(request))
    assert done.of("error")[0]["ename"] == "KeyboardInterrupt" and done.routes() == [""]
    assert front.move(front.named("IntSlider"), value=0).text() == "began 0\n"


def test_fresh_engines_do_not_know_it(front):
    front.run("interact(lambda n: n, n=(0, 10))")
    slider = front.named("IntSlider")
    front.run("%restart")
    (error,) = front.move(slider, value=2).of("error")
    assert error["ename"] == "EngineError" and "run its cell again" in error["evalue"]
    front.models.clear()
    front.run("interact(lambda n: n, n=(0, 10))")
    assert [m["data"]["text/plain"] for m in front.move(front.named("IntSlider"), value=2).of("display_data")] == ["2"]


def test_comms_are_listed_asked_and_closed(front):
    front.run("interact(lambda n: n, n=(0, 10))")
    front.move(front.named("IntSlider"), value=4)
    client = front.kernel.client

    def comms(**content):
        request = front.send("comm_info_request", content)
        while True:
            reply = client.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == request:
                return reply["content"]["comms"]

    assert set(comms()) == set(comms(target_name="jupyter.widget")) == set(front.models)
    assert comms(target_name="other") == {}
    # A page that is loaded again asks for all of them.
    front.idle(front.send("comm_open", {"comm_id": "c1", "target_name": "jupyter.widget.control", "data": {}}))
    (answer,) = [c for k, c in front.idle(front.send("comm_msg", {"comm_id": "c1", "data": {"method": "request_states"}})) if k == "comm_msg"]
    states = answer["data"]["states"]
    assert set(states) == set(front.models) and answer["data"]["method"] == "update_states"
    assert states[front.named("IntSlider")]["state"]["value"] == 4 and states[front.named("IntSlider")]["model_name"] == "IntSliderModel"
    slider = front.named("IntSlider")
    (answer,) = [c for k, c in front.idle(front.send("comm_msg", {"comm_id": slider, "data": {"method": "request_state"}})) if k == "comm_msg"]
    assert answer["data"]["method"] == "update" and answer["data"]["state"]["value"] == 4
    front.idle(front.send("comm_close", {"comm_id": slider, "data": {}}))
    assert slider not in comms() and front.move(slider, value=9).text() == ""
    # A target that nobody knows is closed at once.
    messages = front.idle(front.send("comm_open", {"comm_id": "c2", "target_name": "nobody", "data": {}}))
    assert ("comm_close", {"comm_id": "c2", "data": {}}) in messages


def test_plots_are_drawn_again(front):
    front.run("import numpy as np\nimport matplotlib.pyplot as plt\nx = np.linspace(0, 1, 1000, dist='b')")
    done = front.run("plt.plot(x)\ninteract(lambda k: plt.plot(x ** k), k=(1, 5))")
    # What was drawn before is the cell's own.
    kinds = ["image/svg+xml" in m["data"] for m in done.of("display_data")]
    assert kinds == [False, True, True]
    (figure,) = front.move(front.named("IntSlider"), value=2).of("display_data")
    assert "image/svg+xml" in figure["data"]
