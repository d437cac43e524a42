"""Runs the programs of tests/rows on NumPy and compares: same class of error, same text, floats to rounding.

The file is what `DISTARRAY_ROWS_FILE` has named for `cargo test -p distarray-tests --test rows`. What we refuse by name
(NotImplementedError) is not compared.
"""
import json, os, re, sys, tempfile
import golden, shim
from same import same

# Of two errors that a call has, NumPy says the other one first.
LATER = ("Cannot cast ", "No loop matching ", "Partition index must be integer")

# Rows whose numbers are a library's choice, and why. They are compared between teams, and golden programs hold what is
# certain of them.
CHOSEN = {
    "eig": "eigenvectors have any length and direction on their line",
    "eigh": "eigenvectors have either sign",
    "svd": "singular vectors have either sign",
    "roots": "of coefficients that differ by many powers of ten rounding decides",
}


def main():
    sys.modules["shim_numpy"] = shim.np
    os.chdir(tempfile.mkdtemp())
    programs = json.loads(open(sys.argv[1]).read())
    wrong = 0
    for p in programs:
        if p["error"] == "NotImplementedError" or CHOSEN.keys() & set(re.findall(r"\.(\w+)\b", p["source"].splitlines()[-1])):
            continue
        lines = golden.outcome(p["source"])
        error = next((line[3:].split(":")[0] for line in lines if line.startswith("#! ")), None)
        printed = "\n".join(line[3:] for line in lines if line.startswith("#>"))
        if error and p["error"] and p["message"].startswith(LATER):
            continue
        if error != p["error"] or not same(p["printed"], printed):
            wrong += 1
            call = p["source"].splitlines()[-1]
            print(f"--- {call}\nNumPy: {error or ''}\n{printed}\n{lines[-1] if error else ''}")
            print(f"ours: {p['error'] or ''} {p['message']}\n{p['printed']}")
    print(f"{len(programs)} programs of builtin rows, {wrong} differ from NumPy")
    sys.exit(wrong > 0)


main()
