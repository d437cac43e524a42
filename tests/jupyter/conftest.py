"""Points Jupyter's clients at the kernelspec that DISTARRAY_KERNELSPEC names, and at no state of the user's."""

import os
import pathlib
import shutil
import tempfile

import pytest

STATE = pathlib.Path(tempfile.mkdtemp(prefix="distarray-jupyter-"))


def pytest_configure(config):
    spec = os.environ.get("DISTARRAY_KERNELSPEC")
    if not spec or not (pathlib.Path(spec) / "kernel.json").exists():
        raise pytest.UsageError("DISTARRAY_KERNELSPEC must name the folder of an installed kernelspec (kernel.json)")
    shutil.copytree(spec, STATE / "share/kernels/distarray")
    os.environ["JUPYTER_PATH"] = str(STATE / "share")
    for name, folder in {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
    }.items():
        os.environ[name] = str(STATE / folder)
    os.environ["DISTARRAY_HISTORY"] = ""
    os.environ.setdefault("DISTARRAY_ENGINES", "2")


def pytest_unconfigure(config):
    shutil.rmtree(STATE, ignore_errors=True)


@pytest.fixture
def kernel():
    """A fresh kernel, as a `client.Kernel`."""
    from client import Kernel

    with Kernel() as kernel:
        yield kernel
