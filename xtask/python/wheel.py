"""Writes a wheel of the binaries and the kernelspec: `wheel.py --version V --to DIR BINARY...`.

The binaries become scripts of the environment, the kernelspec its data, so that pip puts both where Jupyter looks. The
tag names the platform alone: the libraries that the binaries need are the system's, which `manylinux` would deny.
"""
import argparse
import base64
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sysconfig
import tempfile
import zipfile

NAME = "distarray_kernel"
ROOT = pathlib.Path(__file__).resolve().parents[2]
LOGOS = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"]

METADATA = """\
Metadata-Version: 2.1
Name: distarray-kernel
Version: {version}
Summary: A Jupyter kernel with a distributed array language inside: NumPy on a team of MPI ranks.
License: BSD-3-Clause
Classifier: Framework :: Jupyter
Classifier: Intended Audience :: Science/Research
Classifier: License :: OSI Approved :: BSD License
Classifier: Operating System :: POSIX :: Linux
Classifier: Programming Language :: Rust
Classifier: Topic :: Scientific/Engineering
Requires-Python: >=3.8
Description-Content-Type: text/markdown

DistArray: pick it on JupyterLab's launcher and type NumPy; a team of MPI ranks written in Rust holds the arrays.

From the system it needs libzmq (Debian: `libzmq5`), and for MPI ranks the MPI that it was built with (Debian:
`openmpi-bin`, which brings the library). Without MPI the ranks are threads of the kernel.
"""


def stripped(path, place):
    """The binary without its debugging sections, where there is a `strip`; names of functions stay for backtraces."""
    if not shutil.which("strip"):
        return path.read_bytes()
    copy = place / path.name
    subprocess.run(["strip", "--strip-debug", "-o", copy, path], check=True)
    return copy.read_bytes()


def spec():
    """The kernelspec. The program is named by where pip puts it: Jupyter's PATH need not have the environment."""
    found = json.loads((ROOT / "kernelspec/kernel.json").read_text())
    found["argv"][0] = "{resource_dir}/../../../../bin/" + found["argv"][0]
    return json.dumps(found, indent=2).encode() + b"\n"


def entry(name, mode):
    """What stands at the head of a file of the archive: no date, so that the same build gives the same wheel."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.external_attr = (0o100000 | mode) << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--version", required=True)
    parser.add_argument("--to", type=pathlib.Path, required=True)
    parser.add_argument("binaries", type=pathlib.Path, nargs="+")
    options = parser.parse_args()

    tag = "py3-none-" + re.sub(r"[-.]", "_", sysconfig.get_platform())
    stem = f"{NAME}-{options.version}"
    info, data = f"{stem}.dist-info", f"{stem}.data"
    kernels = f"{data}/data/share/jupyter/kernels/distarray"
    files = {f"{kernels}/kernel.json": (spec(), 0o644)}
    files |= {f"{kernels}/{logo}": ((ROOT / "kernelspec" / logo).read_bytes(), 0o644) for logo in LOGOS}
    with tempfile.TemporaryDirectory() as place:
        files |= {f"{data}/scripts/{b.name}": (stripped(b, pathlib.Path(place)), 0o755) for b in options.binaries}
    wheel = f"Wheel-Version: 1.0\nGenerator: cargo xtask wheel\nRoot-Is-Purelib: false\nTag: {tag}\n"
    files |= {
        f"{info}/LICENSE": ((ROOT / "LICENSE").read_bytes(), 0o644),
        f"{info}/METADATA": (METADATA.format(version=options.version).encode(), 0o644),
        f"{info}/WHEEL": (wheel.encode(), 0o644),
    }
    record = ""
    for name, (content, _) in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        record += f"{name},sha256={digest},{len(content)}\n"
    files[f"{info}/RECORD"] = ((record + f"{info}/RECORD,,\n").encode(), 0o644)

    options.to.mkdir(parents=True, exist_ok=True)
    for old in options.to.glob("*.whl"):
        old.unlink()
    path = options.to / f"{stem}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, (content, mode) in files.items():
            archive.writestr(entry(name, mode), content, compresslevel=6)
    print(f"{path}  {path.stat().st_size / 1e6:.1f} MB")


main()
