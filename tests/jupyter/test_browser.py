"""JupyterLab in a real Chromium: launcher, cells, colours, completion, the bar, the Variables panel, interrupt, restart. Screenshots go to DISTARRAY_ARTEFACTS."""

import os
import pathlib
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from playwright.sync_api import expect, sync_playwright

ARTEFACTS = pathlib.Path(os.environ.get("DISTARRAY_ARTEFACTS", "target/artefacts")).absolute()
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
TIMEOUT = 60_000


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab on a loopback port; gives the address of its page and its token."""
    root = tmp_path_factory.mktemp("lab")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(8)
    environment = os.environ | {"JUPYTERLAB_SETTINGS_DIR": str(root / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(root / "spaces")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.port={port}", "--ServerApp.ip=127.0.0.1",
               f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={root / 'work'}"]
    (root / "work").mkdir()
    log = open(root / "lab.log", "w")
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    deadline = time.time() + 60
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token={token}", timeout=1)
            break
        except OSError:
            assert server.poll() is None and time.time() < deadline, (root / "lab.log").read_text()
            time.sleep(0.1)
    yield f"http://127.0.0.1:{port}/lab", token
    server.terminate()
    server.wait(30)


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        pytest.fail("the browser tests need Chromium: cargo xtask test --browser installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield browser
        browser.close()


class Notebook:
    """A fresh notebook on the DistArray kernel, made by a click on the launcher."""

    def __init__(self, page, lab):
        self.page = page
        address, token = lab
        page.set_default_timeout(TIMEOUT)
        page.goto(f"{address}?token={token}&reset")
        page.locator('.jp-LauncherCard[title="DistArray"]').first.wait_for()
        self.shot("launcher")
        page.locator('.jp-LauncherCard[title="DistArray"]').first.click()
        self.wait_idle()
        self.count = 0

    def wait_idle(self):
        # The notebook's own indicator says idle before the kernel is connected, and Lab drops a cell that is run then.
        self.page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
        self.page.locator("#jp-main-statusbar", has_text="DistArray | Idle").wait_for()

    def type(self, code):
        cell = self.page.locator(".jp-Notebook .jp-Cell .cm-content").last
        cell.click()
        expect(cell).to_be_focused()
        self.page.keyboard.insert_text(code)
        expect(cell).to_contain_text(code.splitlines()[0].strip())

    def start(self, code):
        self.type(code)
        self.page.keyboard.press("Shift+Enter")
        self.count += 1

    def finished(self):
        """The outputs of the cell that was started last, once it has its number."""
        prompts = self.page.locator(".jp-CodeCell .jp-InputArea-prompt")
        expect(prompts.nth(self.count - 1)).to_have_text(re.compile(r"\[\d+\]:"), timeout=TIMEOUT)
        return self.page.locator(".jp-CodeCell").nth(self.count - 1).locator(".jp-Cell-outputArea")

    def run(self, code):
        self.start(code)
        return self.finished()

    def shot(self, name):
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"{name}.png")


@pytest.fixture
def notebook(browser, lab, request):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    notebook = Notebook(page, lab)
    yield notebook
    notebook.shot(f"end-of-{request.node.name}")
    page.close()


def test_cells_and_pictures(notebook):
    notebook.run("import numpy as np")
    output = notebook.run("a = np.arange(45, dist='b').reshape(5, 9)\na")
    expect(output).to_contain_text("int64")
    output = notebook.run("plot_distribution(redistribute(a, dist='bc'))")
    expect(output.locator("svg, img").first).to_be_visible()
    output = notebook.run("print(np.sin(np.linspace(0, 1, 3)))")
    expect(output).to_contain_text("[0.         0.47942554 0.84147098]")
    notebook.shot("cells")
    output = notebook.run("np.lnspace(0, 1)")
    expect(output).to_contain_text("linspace")
    notebook.shot("error")


def test_completion_and_help(notebook):
    notebook.run("import numpy as np\ntemperature = np.zeros(3)")
    notebook.type("tempe")
    notebook.page.keyboard.press("Tab")
    expect(notebook.page.locator(".jp-Completer-item").first).to_contain_text("temperature")
    notebook.page.keyboard.press("Enter")
    expect(notebook.page.locator(".jp-Notebook .jp-Cell .cm-content").last).to_contain_text("temperature")
    notebook.page.keyboard.insert_text(" + np.arc")
    notebook.page.keyboard.press("Tab")
    item = notebook.page.locator(".jp-Completer-item", has_text="arccos").first
    expect(item).to_be_visible()
    expect(item.locator(".jp-Completer-typeExtended")).to_have_text("function")
    notebook.shot("completion")
    notebook.page.keyboard.press("Escape")
    notebook.page.keyboard.insert_text("tan(")
    notebook.page.keyboard.press("Shift+Tab")
    expect(notebook.page.locator(".jp-Tooltip")).to_contain_text("arctan")
    notebook.shot("tooltip")


def test_cells_are_coloured(notebook):
    notebook.type("%time x = 1\ndef f(a):  # fast\n    return 'b' * 2")
    cell = notebook.page.locator(".jp-Notebook .jp-Cell .cm-content").last

    def colour(word):
        return cell.get_by_text(word, exact=True).first.evaluate("e => getComputedStyle(e).color")

    plain = cell.evaluate("e => getComputedStyle(e).color")
    colours = [colour(word) for word in ("def", "# fast", "'b'", "2")]
    assert plain not in colours and len(set(colours)) == 4, (plain, colours)
    notebook.shot("colours")


def test_completion_while_a_cell_runs(notebook):
    notebook.run("import numpy as np\nimport time\npressure = np.ones(3)")
    notebook.start("for i in range(300):\n    time.sleep(0.1)")
    bar = notebook.page.locator(".jp-OutputArea-output", has_text="of 300")
    expect(bar).to_be_visible()
    expect(bar).to_contain_text("for i in range(300)")
    notebook.type("pressu")
    notebook.page.keyboard.press("Tab")
    item = notebook.page.locator(".jp-Completer-item", has_text="pressure")
    expect(item.locator(".jp-Completer-typeExtended")).to_have_text("instance", timeout=5000)
    notebook.page.keyboard.press("Enter")
    notebook.page.keyboard.insert_text(".re")
    notebook.page.keyboard.press("Tab")
    expect(notebook.page.locator(".jp-Completer-item", has_text="reshape").first).to_be_visible(timeout=5000)
    # Answers to the typist say idle; the cell still runs, and Lab is to know.
    expect(notebook.page.locator("#jp-main-statusbar")).to_contain_text("DistArray | Busy")
    notebook.shot("while-a-cell-runs")
    notebook.page.keyboard.press("Escape")
    notebook.page.locator('.jp-Toolbar-item[data-jp-item-name="interrupt"]').click()
    expect(notebook.finished()).to_contain_text("KeyboardInterrupt")
    # The bar is folded, and says where it stopped.
    expect(notebook.page.locator(".jp-OutputArea-output", has_text="of 300")).to_have_count(1)
    notebook.wait_idle()


def test_the_variables_panel(notebook):
    notebook.run("import numpy as np\nfield = np.zeros((200, 30))\nsteps = 12")
    notebook.page.locator(".jp-DebuggerBugButton").first.click()
    panel = notebook.page.locator(".jp-DebuggerVariables-body").first
    if not panel.is_visible():
        notebook.page.locator('[data-id="jp-debugger-sidebar"]').first.click()
    expect(panel).to_contain_text("field")
    expect(panel).to_contain_text("float64 (200, 30)")
    expect(panel).to_contain_text("steps")
    # What a cell makes later is there too.
    notebook.run("rate = 0.5")
    expect(panel).to_contain_text("rate")
    notebook.shot("variables")


def test_interrupt_keeps_the_arrays(notebook):
    notebook.run("import numpy as np\na = np.arange(10.0)")
    notebook.start("while True:\n    a = a * 1")
    time.sleep(1)
    notebook.page.locator('.jp-Toolbar-item[data-jp-item-name="interrupt"]').click()
    expect(notebook.finished()).to_contain_text("KeyboardInterrupt")
    expect(notebook.run("a.sum()")).to_contain_text("45.0")
    notebook.shot("interrupt")


def test_restart_forgets(notebook):
    notebook.run("x = 42")
    notebook.page.locator('.jp-Toolbar-item[data-jp-item-name="restart"]').click()
    with notebook.page.expect_response(lambda response: response.url.split("?")[0].endswith("/restart")):
        notebook.page.locator(".jp-Dialog .jp-mod-accept").click()
    notebook.wait_idle()
    expect(notebook.run("x")).to_contain_text("NameError")
    notebook.shot("restart")


def test_a_slider_moves_by_the_keyboard(notebook):
    notebook.run("import numpy as np\nimport matplotlib.pyplot as plt\nx = np.linspace(0, 20, 100_000, dist='b')")
    output = notebook.run("def wave(k=3, damped=True, colour=['tab:blue', 'tab:red']):\n"
                          "    y = np.sin(k * x) * np.exp(-x / 9 * damped)\n"
                          "    print(f'k = {k}, norm {np.linalg.norm(y):.4f}')\n"
                          "    plt.figure(figsize=(6, 2.2))\n    plt.plot(x, y, color=colour)\n\n"
                          "interact(wave, k=(1, 9))")
    shown = output.locator(".jupyter-widgets-output-area, .widget-output").first
    expect(shown).to_contain_text("k = 3, norm")
    expect(shown.locator("svg, img").first).to_be_visible()
    output.locator(".noUi-handle").first.focus()
    notebook.page.keyboard.press("ArrowRight")
    notebook.page.keyboard.press("ArrowRight")
    expect(shown).to_contain_text("k = 5, norm")
    output.locator("input[type=checkbox]").first.uncheck()
    output.locator("select").first.select_option("tab:red")
    expect(shown).to_contain_text("norm 224.0936")
    expect(shown.locator("svg, img").first).to_be_visible()
    notebook.shot("widgets")
    # An error takes the place of the picture, and goes when the slider moves on.
    output = notebook.run("interact(lambda d: 1 / d, d=(0, 2))")
    shown = output.locator(".jupyter-widgets-output-area, .widget-output").first
    expect(shown).to_contain_text("1.0")
    output.locator(".noUi-handle").first.focus()
    notebook.page.keyboard.press("ArrowLeft")
    expect(shown).to_contain_text("ZeroDivisionError")
    notebook.shot("widgets-error")
    notebook.page.keyboard.press("ArrowRight")
    expect(shown).not_to_contain_text("ZeroDivisionError")
