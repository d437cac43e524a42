# Figures and the functions of pyplot, which speak of the figure and the axes at hand. What is open at a cell's end is shown.

import numpy as np

# The open figures, the last one at hand; each knows its axes at hand.
_open = []


class Figure:
    """A picture with any number of axes."""

    def __init__(self, figsize=None, dpi=None):
        size = (6.4, 4.8) if figsize is None else figsize
        self.size = [float(size[0]), float(size[1])]
        if not (0 < self.size[0] <= 100 and 0 < self.size[1] <= 100):
            raise ValueError(f"figure size must be positive finite and at most 100 inches, not {size}")
        self.dpi = 100.0 if dpi is None else float(dpi)
        self.axes = []
        self.title = ""
        self.current = None

    def __repr__(self):
        wide, high = int(self.size[0] * self.dpi), int(self.size[1] * self.dpi)
        count = len(self.axes)
        return f"<Figure size {wide}x{high} with {count} Axes>"

    def _new(self, place):
        axes = Axes(self, place)
        self.axes.append(axes)
        self.current = axes
        return axes

    def gca(self):
        if self.current is None:
            return self._new([1, 1, 0, 0, 1, 1])
        return self.current

    def sca(self, axes):
        self.current = axes

    def add_subplot(self, *args, **kwargs):
        _keywords("add_subplot", kwargs, ["sharex", "sharey"])
        place = _place(args)
        for axes in self.axes:
            if axes.place == place:
                self.current = axes
                return axes
        return self._new(place)

    def subplots(self, nrows=1, ncols=1, sharex=False, sharey=False, squeeze=True):
        if nrows < 1 or ncols < 1:
            raise ValueError(f"Number of rows and columns must be positive integers, not {nrows} and {ncols}")
        made = []
        for i in range(nrows):
            for j in range(ncols):
                axes = self._new([nrows, ncols, i, j, 1, 1])
                axes.share = [_shared(sharex, i, j), _shared(sharey, i, j)]
                made.append(axes)
        self.current = made[0]
        grid = AxesGrid(made, (nrows, ncols))
        if not squeeze:
            return grid
        if nrows == 1 and ncols == 1:
            return made[0]
        return AxesGrid(made, (len(made),)) if 1 in (nrows, ncols) else grid

    def suptitle(self, t, **kwargs):
        _keywords("suptitle", kwargs, ["size", "y", "weight"])
        self.title = str(t)

    def colorbar(self, mappable=None, cax=None, ax=None, label="", **kwargs):
        _keywords("colorbar", kwargs, ["shrink", "pad", "fraction", "aspect", "ticks", "orientation", "extend"])
        if cax is not None or kwargs.get("orientation", "vertical") != "vertical":
            raise NotImplementedError("a colorbar stands upright at the right of its axes")
        if mappable is None:
            found = [artist for artist in self.gca().marks if "vmin" in artist.mark]
            if not found:
                raise RuntimeError("No mappable was found to use for colorbar creation. First define a mappable such as an image (with imshow) or a contour set (with contourf).")
            mappable = found[-1]
        if "vmin" not in mappable.mark:
            raise TypeError("a colorbar needs what has a colour map: a picture, a mesh, contours, or a scatter with c=")
        bar = Colorbar(mappable, str(label))
        mappable.axes._bar = bar.words
        if isinstance(ax, (AxesGrid, list, tuple)):
            list(ax)[-1]._bar = bar.words
        return bar

    def tight_layout(self, **kwargs):
        pass

    def subplots_adjust(self, **kwargs):
        pass

    def set_size_inches(self, w, h=None):
        w, h = w if h is None else (w, h)
        self.size = [float(w), float(h)]

    def legend(self, **kwargs):
        raise NotImplementedError("a legend of the figure: each axes has its own, ax.legend()")

    def clear(self):
        self.axes, self.title, self.current = [], "", None

    def savefig(self, fname, dpi=None, bbox_inches=None, transparent=None, facecolor=None, format=None):
        name = str(fname)
        kind = name.rsplit(".", 1)[-1].lower() if "." in name and format is None else format or ""
        if kind != "svg":
            raise NotImplementedError(f"savefig to {name!r}: figures are saved as SVG, name.svg, which every browser and Inkscape turn to PNG and PDF")
        display(_Saved(self, name))

    def show(self):
        display(self)

    def _describe(self):
        return {"size": self.size, "dpi": self.dpi, "title": self.title, "axes": [axes._describe() for axes in self.axes],
                "path": None, "text": repr(self)}


class _Saved:
    """A figure on its way to a file."""

    def __init__(self, figure, path):
        self.figure, self.path = figure, path

    def _describe(self):
        found = self.figure._describe()
        found["path"] = self.path
        return found


class Colorbar:
    def __init__(self, mappable, label):
        mark = mappable.mark
        self.words = {"mark": mark, "label": label}

    def set_label(self, label, **kwargs):
        self.words["label"] = str(label)


class AxesGrid:
    """The axes of subplots, indexed as an array of them."""

    def __init__(self, items, shape):
        self.items = items
        self.shape = shape
        self.size = len(items)
        self.ndim = len(shape)

    def __len__(self):
        return self.shape[0]

    def __iter__(self):
        return iter([self[i] for i in range(self.shape[0])])

    def __repr__(self):
        return f"<{' x '.join([str(n) for n in self.shape])} Axes>"

    def __getitem__(self, key):
        if self.ndim == 1:
            if isinstance(key, slice):
                kept = self.items[key]
                return AxesGrid(kept, (len(kept),))
            return self.items[key]
        rows, cols = self.shape
        key = key if isinstance(key, tuple) else (key, slice(None))
        if len(key) != 2:
            raise IndexError(f"too many indices for array: array is 2-dimensional, but {len(key)} were indexed")
        i, j = key
        inner = [list(range(rows))[i], list(range(cols))[j]]
        if isinstance(inner[0], int) and isinstance(inner[1], int):
            return self.items[inner[0] * cols + inner[1]]
        if isinstance(inner[0], int):
            return AxesGrid([self.items[inner[0] * cols + k] for k in inner[1]], (len(inner[1]),))
        if isinstance(inner[1], int):
            return AxesGrid([self.items[k * cols + inner[1]] for k in inner[0]], (len(inner[0]),))
        kept = [self.items[k * cols + m] for k in inner[0] for m in inner[1]]
        return AxesGrid(kept, (len(inner[0]), len(inner[1])))

    @property
    def flat(self):
        return iter(self.items)

    def ravel(self):
        return AxesGrid(self.items, (self.size,))

    def flatten(self):
        return self.ravel()

    def tolist(self):
        return [self[i] if self.ndim == 1 else list(self[i]) for i in range(self.shape[0])]


def _shared(kind, i, j):
    if kind is True or kind == "all":
        return "all"
    if kind == "row":
        return f"row {i}"
    if kind == "col":
        return f"col {j}"
    return None


def _place(args):
    if len(args) == 0:
        args = (1, 1, 1)
    if len(args) == 1:
        if not isinstance(args[0], int) or not 111 <= args[0] <= 999:
            raise ValueError(f"a subplot is three numbers, or one of three digits such as 221, not {args[0]!r}")
        args = (args[0] // 100, args[0] // 10 % 10, args[0] % 10)
    rows, cols, index = args
    first, last = index if isinstance(index, tuple) else (index, index)
    if not 1 <= first <= last <= rows * cols:
        raise ValueError(f"num must be an integer with 1 <= num <= {rows * cols}, not {index}")
    r0, c0, r1, c1 = (first - 1) // cols, (first - 1) % cols, (last - 1) // cols, (last - 1) % cols
    return [rows, cols, r0, c0, r1 - r0 + 1, c1 - c0 + 1]


def _flush(failed=False):
    """The figures that are open, which are not any more; after an error those in which something is drawn."""
    found = list(_open)
    _open.clear()
    return [figure for figure in found if [axes for axes in figure.axes if axes.marks or not failed]]
