# How marks look: colours, format strings, keywords and their other names, with an error that names what is not known.

import numpy as np

_CYCLE = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf"]

_COLORS = {
    "b": "#0000ff", "g": "#008000", "r": "#ff0000", "c": "#00bfbf", "m": "#bf00bf", "y": "#bfbf00", "k": "#000000",
    "w": "#ffffff", "blue": "#0000ff", "green": "#008000", "red": "#ff0000", "cyan": "#00ffff", "magenta": "#ff00ff",
    "yellow": "#ffff00", "black": "#000000", "white": "#ffffff", "gray": "#808080", "grey": "#808080",
    "orange": "#ffa500", "purple": "#800080", "brown": "#a52a2a", "pink": "#ffc0cb", "olive": "#808000",
    "navy": "#000080", "teal": "#008080", "lime": "#00ff00", "maroon": "#800000", "silver": "#c0c0c0",
    "gold": "#ffd700", "indigo": "#4b0082", "violet": "#ee82ee", "crimson": "#dc143c", "salmon": "#fa8072",
    "coral": "#ff7f50", "tomato": "#ff6347", "khaki": "#f0e68c", "orchid": "#da70d6", "turquoise": "#40e0d0",
    "steelblue": "#4682b4", "skyblue": "#87ceeb", "lightblue": "#add8e6", "royalblue": "#4169e1",
    "dodgerblue": "#1e90ff", "cornflowerblue": "#6495ed", "darkblue": "#00008b", "midnightblue": "#191970",
    "slategray": "#708090", "darkgray": "#a9a9a9", "lightgray": "#d3d3d3", "dimgray": "#696969",
    "darkgrey": "#a9a9a9", "lightgrey": "#d3d3d3", "dimgrey": "#696969", "slategrey": "#708090",
    "forestgreen": "#228b22", "seagreen": "#2e8b57", "lightgreen": "#90ee90", "darkgreen": "#006400",
    "limegreen": "#32cd32", "springgreen": "#00ff7f", "darkred": "#8b0000", "firebrick": "#b22222",
    "darkorange": "#ff8c00", "chocolate": "#d2691e", "sienna": "#a0522d", "tan": "#d2b48c", "beige": "#f5f5dc",
    "ivory": "#fffff0", "lavender": "#e6e6fa", "plum": "#dda0dd", "rebeccapurple": "#663399", "aqua": "#00ffff",
    "fuchsia": "#ff00ff", "hotpink": "#ff69b4", "deeppink": "#ff1493", "wheat": "#f5deb3", "aquamarine": "#7fffd4",
}
_TABLEAU = ["blue", "orange", "green", "red", "purple", "brown", "pink", "gray", "olive", "cyan"]

_CMAPS = ["viridis", "magma", "plasma", "inferno", "cividis", "gray", "coolwarm", "gist_earth", "terrain", "RdBu"]
_MAP_NAMES = _CMAPS + ["grey", "Greys", "hot"]
_MARKERS = [".", ",", "o", "v", "^", "<", ">", "s", "p", "*", "h", "H", "+", "x", "X", "D", "d", "|", "_", "P"]
_STYLES = {"-": "-", "--": "--", "-.": "-.", ":": ":", "solid": "-", "dashed": "--", "dashdot": "-.", "dotted": ":",
           "": "", " ": "", "None": "", "none": ""}

# Other names of keywords.
_SHORT = {"c": "color", "lw": "linewidth", "ls": "linestyle", "ms": "markersize", "mfc": "markerfacecolor",
          "mec": "markeredgecolor", "mew": "markeredgewidth", "ec": "edgecolor", "fc": "facecolor",
          "linewidths": "linewidth", "edgecolors": "edgecolor", "linestyles": "linestyle", "facecolors": "facecolor",
          "aa": "antialiased", "fontsize": "size", "ha": "horizontalalignment", "va": "verticalalignment"}


def _distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        last, row[0] = row[0], i + 1
        for j, y in enumerate(b):
            last, row[j + 1] = row[j + 1], min(row[j + 1] + 1, row[j] + 1, last + (x != y))
    return row[-1]


def _nearest(name, known):
    """`; did you mean 'x'?`, where one of the names is much alike."""
    best, least = None, 1 + max(1, len(name) // 3)
    for other in known:
        d = _distance(name.lower(), other.lower())
        if d < least:
            best, least = other, d
    return "" if best is None else f"; did you mean {best!r}?"


def _keywords(function, given, known):
    """The keywords by their full names; every name that is not known is an error."""
    found = {}
    for name, value in given.items():
        # A scatter's `c` may be values, which a colour is not.
        full = name if name in known else _SHORT.get(name, name)
        if full not in known and full not in ("zorder", "antialiased", "rasterized"):
            hint = _nearest(name, known)
            raise AttributeError(f"{function}() got an unexpected keyword argument {name!r}{hint}")
        if full in found:
            raise TypeError(f"Got both {full!r} and {name!r}, which are aliases of one another")
        found[full] = value
    return found


def _one_of(what, value, known):
    if value not in known:
        listed = ", ".join([repr(k) for k in known])
        hint = _nearest(value, known) if isinstance(value, str) else ""
        raise ValueError(f"{value!r} is not a valid value for {what}; supported values are {listed}{hint}")
    return value


def _byte(x):
    if not 0 <= x <= 1:
        raise ValueError("RGBA values should be within 0-1 range")
    return f"{int(round(float(x) * 255)):02x}"


def _color(c):
    """A colour as '#rrggbb', or '#rrggbbaa'; 'none' for none."""
    if isinstance(c, str):
        if c in _COLORS:
            return _COLORS[c]
        if c.lower() == "none":
            return "none"
        if len(c) > 1 and c[0] == "C" and c[1:].isdigit():
            return _CYCLE[int(c[1:]) % 10]
        if c.startswith("tab:") and c[4:] in _TABLEAU:
            return _CYCLE[_TABLEAU.index(c[4:])]
        if c.startswith("#") and len(c) in (4, 5, 7, 9) and all([x in "0123456789abcdefABCDEF" for x in c[1:]]):
            return c if len(c) > 5 else "#" + "".join([x + x for x in c[1:]])
        if c.replace(".", "", 1).isdigit() and 0 <= float(c) <= 1:
            return "#" + _byte(float(c)) * 3
        hint = _nearest(c, list(_COLORS))
        raise ValueError(f"{c!r} is not a valid color value{hint}")
    if isinstance(c, (tuple, list, np.ndarray)) and len(c) in (3, 4):
        return "#" + "".join([_byte(x) for x in c])
    raise ValueError(f"{c!r} is not a valid color value: a name, '#rrggbb', 'C0' to 'C9', or three numbers from 0 to 1")


def _style(ls):
    if ls is None:
        return ""
    _one_of("linestyle", ls, list(_STYLES))
    return _STYLES[ls]


def _marker(marker):
    if marker is None or marker in ("", " ", "None", "none"):
        return ""
    return _one_of("marker", marker, _MARKERS)


def _cmap(name):
    if name is None:
        return "viridis"
    base = name[:-2] if isinstance(name, str) and name.endswith("_r") else name
    _one_of("cmap", base, _MAP_NAMES)
    return name


def _format(fmt):
    """What a format string such as 'r--o' says: colour, line, marker; None for what it leaves open."""
    if fmt in _COLORS:
        return _COLORS[fmt], None, None
    color, style, marker, i = None, None, None, 0
    while i < len(fmt):
        two, one = fmt[i : i + 2], fmt[i]
        if style is None and two in ("--", "-."):
            style, i = two, i + 2
        elif style is None and one in "-:":
            style, i = one, i + 1
        elif color is None and one == "C" and fmt[i + 1 : i + 2].isdigit():
            color, i = _color(two), i + 2
        elif color is None and one in "bgrcmykw":
            color, i = _color(one), i + 1
        elif marker is None and one in _MARKERS:
            marker, i = one, i + 1
        else:
            raise ValueError(f"{fmt!r} is not a valid format string (unrecognized character {one!r})")
    return color, style, marker
