"""Runs the programs of tests/programs on NumPy and compares: same class of error, same text, floats to rounding.

The file is what `DISTARRAY_PROGRAMS_FILE` has named for `cargo test -p distarray-tests --test programs`. Of a program that
we end with a refusal (NotImplementedError), what it printed before is compared. `programs.py FILE ENGINE` leaves out
statements of what differs while it still does, `ENGINE run` telling what ours prints.
"""
import json, os, subprocess, sys, tempfile
import golden, shim
from same import same


def numpys(source):
    lines = golden.outcome(source)
    error = next((line[3:] for line in lines if line.startswith("#! ")), None)
    return "\n".join(line[3:] for line in lines if line.startswith("#>")), error


def differs(source, printed, error):
    """Nothing, or what NumPy says."""
    expected, reason = numpys(source)
    if error == "NotImplementedError":
        # The last line may have been cut short.
        lines = printed.splitlines()
        expected, reason = "\n".join(expected.splitlines()[:len(lines)]), error
    if same(printed, expected) and error == (reason and reason.split(":")[0]):
        return None
    return f"{expected}\n{reason or ''}"


def ours(engine, source):
    with open("program.da", "w") as file:
        file.write(source)
    done = subprocess.run([engine, "run", "program.da"], capture_output=True, text=True, timeout=120,
                          env=os.environ | {"DISTARRAY_SMALL": "0", "NO_COLOR": "1"})
    words = [line.split(":")[0] for line in done.stderr.splitlines()]
    error = next((w for w in words if w.endswith("Error")), None) if done.returncode else None
    return done.stdout.rstrip("\n"), error


def shrunk(engine, statements):
    def fails(some):
        source = "".join(some)
        printed, error = ours(engine, source)
        return error != "NameError" and differs(source, printed, error)
    if not fails(statements):
        return statements
    smaller = True
    while smaller:
        smaller = False
        for i in reversed(range(1, len(statements))):
            fewer = statements[:i] + statements[i + 1:]
            if fails(fewer):
                statements, smaller = fewer, True
    return statements


def main():
    sys.modules["shim_numpy"] = shim.np
    programs = json.loads(open(sys.argv[1]).read())
    engine = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else None
    os.chdir(tempfile.mkdtemp())
    wrong = refused = 0
    for p in programs:
        refused += p["error"] == "NotImplementedError"
        said = differs("".join(p["statements"]), p["printed"], p["error"])
        if said is None:
            continue
        wrong += 1
        statements, printed, error = p["statements"], p["printed"], f"{p['error'] or ''} {p['message']}"
        if engine:
            statements = shrunk(engine, statements)
            printed, error = ours(engine, "".join(statements))
            said = "\n".join(map(str, numpys("".join(statements))))
        print(f"=== seed {p['seed']}\n{''.join(statements[1:])}--- NumPy:\n{said}\n--- ours:\n{printed}\n{error}\n")
    print(f"{len(programs)} random programs, {wrong} differ from NumPy, {refused} end with a refusal")
    sys.exit(wrong > 0)


main()
