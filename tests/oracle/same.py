"""Whether two texts say the same, their floats to rounding."""
import math, re


def words(line):
    """Numbers and names; a complex number is two, also where its real part is not said."""
    found = []
    for word in re.split(r"[^\w.+-]+", line):
        if m := re.fullmatch(r"(.*[^e](?=[+-]))?([+-]?(?:[\d.]+(?:e[+-]?\d+)?|nan|inf))j", word):
            found += [m[1] or "0", m[2]]
        elif word:
            found.append(word)
    return found


def number(word):
    try:
        return float(word)
    except ValueError:
        return None


def near(x, y, bound, parts):
    x, y = number(x), number(y)
    if x is None or y is None:
        return False
    if math.isfinite(x) and math.isfinite(y):
        return abs(x - y) <= bound * max(abs(x), 1.0)
    # Which part of a complex number overflows to what depends on the order of the factors.
    if parts and not math.isfinite(x) and not math.isfinite(y):
        return True
    return x == y or (math.isnan(x) and math.isnan(y))


def same(ours, numpys):
    ours, numpys = ours.splitlines(), numpys.splitlines()
    if len(ours) != len(numpys):
        return False
    for a, b in zip(ours, numpys):
        bound = 1e-4 if "float32" in b or "complex64" in b else 1e-9
        x, y = words(a), words(b)
        scale = max([abs(n) for w in y if (n := number(w)) is not None and math.isfinite(n)], default=1.0)
        bound *= min(max(scale, 1.0), 1e6)
        if len(x) != len(y) or not all(p == q or near(p, q, bound, "complex" in b) for p, q in zip(x, y)):
            return False
    return True
