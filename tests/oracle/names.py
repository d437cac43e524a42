"""Writes lang/src/check/numpy.txt: the public names of NumPy's modules and classes; --check only compares."""
import pathlib, sys, textwrap
import numpy as np

PATH = pathlib.Path(__file__).parents[2] / "lang/src/check/numpy.txt"
HEAD = "NumPy's public names, whether the language has them or not: so that a refusal can say which it is.\n"
OWNERS = {"numpy": np, "numpy.random": np.random, "numpy.linalg": np.linalg, "numpy.fft": np.fft,
          "ndarray": np.ndarray, "Generator": np.random.Generator}


def names(owner):
    found = getattr(owner, "__all__", None) or dir(owner)
    return sorted(name for name in found if not name.startswith("_"))


text = HEAD + "".join(f"[{title}]\n" + textwrap.fill(" ".join(names(owner)), 118, break_long_words=False) + "\n"
                      for title, owner in OWNERS.items())
stale = PATH.read_text() != text
if "--check" not in sys.argv:
    PATH.write_text(text)
print(f"numpy.txt: {'stale' if stale else 'as NumPy has it'}")
sys.exit(bool(stale and "--check" in sys.argv))
