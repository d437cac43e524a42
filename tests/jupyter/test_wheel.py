"""The wheel that DISTARRAY_WHEEL's folder holds, installed by pip into an environment of its own, where Jupyter finds the kernel."""

import base64
import hashlib
import json
import os
import pathlib
import shutil
import site
import subprocess
import sys
import zipfile

import pytest

# Runs in the environment, and says what Jupyter lists and what a cell answers.
SCRIPT = """
import json
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
manager = KernelManager(kernel_name="distarray")
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
said = []
client.execute_interactive("import numpy as np\\nprint(np.arange(10, dist='b').sum())\\n%engines", timeout=60,
                           output_hook=lambda m: said.append(m["content"].get("text", "")))
client.stop_channels()
manager.shutdown_kernel()
print(json.dumps({"spec": KernelSpecManager().get_kernel_spec("distarray").resource_dir, "said": "".join(said)}))
"""


@pytest.fixture(scope="module")
def wheel():
    folder = os.environ.get("DISTARRAY_WHEEL")
    if not folder:
        pytest.skip("DISTARRAY_WHEEL is not set: cargo xtask wheel writes one")
    [path] = pathlib.Path(folder).glob("*.whl")
    return path


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """A fresh environment with the wheel; of Jupyter it sees this one's packages, so that nothing is fetched."""
    place = tmp_path_factory.mktemp("wheel") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", place / "bin/python"]
    subprocess.run([*pip, "install", "--quiet", "--no-index", wheel], check=True)
    [packages] = place.glob("lib/python*/site-packages")
    (packages / "jupyter.pth").write_text("\n".join(site.getsitepackages()))
    yield place
    subprocess.run([*pip, "uninstall", "--quiet", "--yes", "distarray-kernel"], check=True)
    assert not (place / "bin/distarray-kernel").exists() and not (place / "share/jupyter/kernels/distarray/kernel.json").exists()


def run(environment, path):
    quiet = {k: v for k, v in os.environ.items() if k not in ("JUPYTER_PATH", "DISTARRAY_ENGINE")}
    python = environment / "bin/python"
    found = subprocess.run([python, "-c", SCRIPT], env=quiet | {"PATH": path}, check=True, capture_output=True, text=True)
    found = json.loads(found.stdout)
    assert found["spec"] == str(environment / "share/jupyter/kernels/distarray")
    return found["said"]


def test_the_archive_is_in_order(wheel):
    with zipfile.ZipFile(wheel) as archive:
        [record] = [name for name in archive.namelist() if name.endswith(".dist-info/RECORD")]
        lines = [line.split(",") for line in archive.read(record).decode().splitlines()]
        assert sorted(name for name, *_ in lines) == sorted(archive.namelist())
        for name, digest, size in lines:
            if name != record:
                content = archive.read(name)
                sha = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
                assert (digest, size) == (f"sha256={sha}", str(len(content)))


def test_jupyter_finds_the_kernel_and_it_runs(environment):
    # The environment's bin is not on the PATH: JupyterLab may be started by its full name.
    said = run(environment, os.environ["PATH"])
    assert said.startswith("45\n") and (shutil.which("mpirun") is None or "MPI rank" in said), said


def test_without_mpi_it_runs_on_threads(environment):
    said = run(environment, "/nowhere")
    assert said.startswith("45\n") and "of the kernel (there is no mpirun on the path)" in said, said
