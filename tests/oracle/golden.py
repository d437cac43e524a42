"""Writes the expected parts of tests/golden/*.da by running every case on CPython and NumPy; --check only compares.

A case is `### name`, then source, then what it prints and shows as `#> ` lines, or the error it ends with as a
`#! Class: message` line. Cases share nothing.
"""
import ast, contextlib, importlib.abc, io, pathlib, sys, tempfile, os, warnings
import numpy
import shim

# The order of sets of text depends on it.
if os.environ.get("PYTHONHASHSEED") != "0":
    os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | {"PYTHONHASHSEED": "0"})

FOLDER = pathlib.Path(__file__).parents[1] / "golden"


def outcome(source):
    out, names = io.StringIO(), shim.namespace()
    lines = []
    # What a case sets of NumPy's ends with it.
    settings = numpy.errstate(), numpy.printoptions()
    with contextlib.redirect_stdout(out), warnings.catch_warnings(), settings[0], settings[1]:
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source)
            shown = None
            if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
                shown = ast.Expression(tree.body.pop().value)
            # `import numpy` inside a case must give the shimmed module.
            for node in ast.walk(tree):
                if isinstance(node, ast.Import):
                    for alias in node.names:
                        if alias.name == "numpy":
                            alias.name, alias.asname = "shim_numpy", alias.asname or "numpy"
                elif isinstance(node, ast.ImportFrom) and node.module == "numpy":
                    node.module = "shim_numpy"
            exec(compile(tree, "case", "exec"), names)
            if shown is not None:
                value = eval(compile(shown, "case", "eval"), names)
                if value is not None:
                    print(repr(value))
        except Exception as error:
            kind = type(error).__name__.replace("UFuncTypeError", "TypeError")
            lines.append(f"#! {kind}: {str(error).splitlines()[0] if str(error) else ''}".rstrip())
    return [f"#> {line}".rstrip() for line in out.getvalue().splitlines()] + lines


def rewritten(text):
    head, *cases = text.split("\n### ")
    if text.startswith("### "):
        head, cases = None, [head[4:], *cases]
    done = [] if head is None else [head]
    for case in cases:
        name, *body = case.splitlines()
        source = [line for line in body if not line.startswith(("#> ", "#! ")) and line != "#>"]
        while source and not source[-1].strip():
            source.pop()
        done.append("\n".join([name, *source, *outcome("\n".join(source))]) + "\n")
    return "\n### ".join(done) if head is not None else "### " + "\n### ".join(done)


def main():
    sys.modules["shim_numpy"] = shim.np
    check, stale = "--check" in sys.argv, []
    folder = tempfile.mkdtemp()
    paths = sorted(FOLDER.glob("**/*.da"))
    os.chdir(folder)  # what a case saves lands here
    for path in paths:
        text = path.read_text()
        new = rewritten(text)
        if new != text:
            stale.append(path.name)
            if not check:
                path.write_text(new)
    print(f"{len(paths)} golden files, {len(stale)} {'stale' if check else 'rewritten'}: {' '.join(stale)}")
    sys.exit(bool(check and stale))


if __name__ == "__main__":
    main()
