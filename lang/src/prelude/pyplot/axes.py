# The axes: words and lines across them, limits, scales, ticks, legend.

import numpy as np


class Axes(_Pictures):
    def _across(self, name, axis, values, kwargs):
        kw = _keywords(name, kwargs, _LINE + _PATCH)
        color = kw.get("color") if kw.get("color") is not None else kw.get("facecolor")
        mark = {"kind": "across", "axis": axis, "values": [float(v) for v in values],
                "color": _CYCLE[0] if color is None else _color(color), "style": _style(kw.get("linestyle") or "-"),
                "width": 1.5 if kw.get("linewidth") is None else float(kw["linewidth"])}
        return self._add(_common(mark, kw))

    def axhline(self, y=0, **kwargs):
        return self._across("axhline", 1, [y], kwargs)

    def axvline(self, x=0, **kwargs):
        return self._across("axvline", 0, [x], kwargs)

    def axhspan(self, ymin, ymax, **kwargs):
        return self._across("axhspan", 1, [ymin, ymax], kwargs)

    def axvspan(self, xmin, xmax, **kwargs):
        return self._across("axvspan", 0, [xmin, xmax], kwargs)

    def text(self, x, y, s, **kwargs):
        kw = _keywords("text", kwargs, ["color", "size", "horizontalalignment", "verticalalignment", "alpha", "rotation", "weight"])
        mark = {"kind": "text", "x": float(x), "y": float(y), "text": str(s), "end": None,
                "color": "#000000" if kw.get("color") is None else _color(kw["color"]),
                "size": 10.0 if kw.get("size") is None or isinstance(kw["size"], str) else float(kw["size"]),
                "ha": _one_of("ha", kw.get("horizontalalignment") or "left", ["left", "center", "right"]),
                "va": _one_of("va", kw.get("verticalalignment") or "baseline", ["baseline", "bottom", "center", "top"])}
        return self._add(_common(mark, kw))

    def annotate(self, text, xy, xytext=None, arrowprops=None, **kwargs):
        at = xy if xytext is None else xytext
        made = self.text(at[0], at[1], text, **kwargs)
        if arrowprops is not None:
            made.mark["end"] = [float(xy[0]), float(xy[1])]
        return made

    def set_title(self, label, **kwargs):
        _keywords("set_title", kwargs, ["size", "loc", "pad", "color", "weight"])
        self._words["title"] = str(label)

    def set_xlabel(self, xlabel, **kwargs):
        _keywords("set_xlabel", kwargs, ["size", "labelpad", "color"])
        self._words["xlabel"] = str(xlabel)

    def set_ylabel(self, ylabel, **kwargs):
        _keywords("set_ylabel", kwargs, ["size", "labelpad", "color"])
        self._words["ylabel"] = str(ylabel)

    def _set_lim(self, i, low, high):
        self = self._owner(i)
        if isinstance(low, (tuple, list, np.ndarray)):
            low, high = low
        self._lim[i] = [self._lim[i][0] if low is None else float(low), self._lim[i][1] if high is None else float(high)]
        self._flip[i] = False

    def set_xlim(self, left=None, right=None):
        self._set_lim(0, left, right)

    def set_ylim(self, bottom=None, top=None):
        self._set_lim(1, bottom, top)

    def set_xscale(self, value):
        self._owner(0)._scale[0] = _one_of("scale", value, ["linear", "log"])

    def set_yscale(self, value):
        self._owner(1)._scale[1] = _one_of("scale", value, ["linear", "log"])

    def set_aspect(self, aspect, **kwargs):
        self._aspect = aspect if isinstance(aspect, (int, float)) else _one_of("aspect", aspect, ["auto", "equal"])

    def _set_ticks(self, i, ticks, labels):
        self = self._owner(i)
        self._ticks[i] = _values(ticks, "ticks")
        self._ticklabels[i] = None if labels is None else [str(label) for label in labels]
        if labels is not None and len(labels) != len(ticks):
            raise ValueError(f"The number of ticks ({len(ticks)}) and of their labels ({len(labels)}) differ")

    def set_xticks(self, ticks, labels=None):
        self._set_ticks(0, ticks, labels)

    def set_yticks(self, ticks, labels=None):
        self._set_ticks(1, ticks, labels)

    def invert_xaxis(self):
        self = self._owner(0)
        self._flip[0] = not self._flip[0]

    def invert_yaxis(self):
        self = self._owner(1)
        self._flip[1] = not self._flip[1]

    def grid(self, visible=None, which="major", axis="both", **kwargs):
        kw = _keywords("grid", kwargs, ["color", "linestyle", "linewidth", "alpha"])
        _one_of("axis", axis, ["both", "x", "y"])
        if visible is False:
            self._grid = None
            return
        self._grid = {"axis": axis, "color": "#b0b0b0" if kw.get("color") is None else _color(kw["color"]),
                      "style": _style(kw.get("linestyle") or "-"), "alpha": float(kw.get("alpha") or 1.0),
                      "width": 0.8 if kw.get("linewidth") is None else float(kw["linewidth"])}

    def legend(self, *args, loc="best", title=None, ncols=1, **kwargs):
        _keywords("legend", kwargs, ["size", "frameon", "framealpha", "handles", "labels", "ncol", "bbox_to_anchor", "shadow"])
        _one_of("loc", loc, ["best", "upper right", "upper left", "lower left", "lower right", "right", "center left",
                             "center right", "lower center", "upper center", "center"])
        labels = args[-1] if args else kwargs.get("labels")
        if labels is not None:
            handles = args[0] if len(args) == 2 else [m for m in self.marks if m.mark["kind"] not in ("across", "errors", "text")]
            for handle, text in zip(handles, labels):
                (handle[0] if isinstance(handle, list) else handle).set_label(text)
        self._legend = {"loc": loc, "title": title, "columns": int(ncols), "frame": bool(kwargs.get("frameon", True))}

    def axis(self, arg=None, **kwargs):
        if arg is None and not kwargs:
            raise NotImplementedError("axis() as a question: limits that nobody has set are found when the figure is drawn")
        if isinstance(arg, str):
            _one_of("axis", arg, ["on", "off", "equal", "scaled", "tight", "auto", "image", "square"])
            if arg in ("on", "off"):
                self._off = arg == "off"
            elif arg in ("equal", "scaled", "image", "square"):
                self._aspect = "equal"
        elif isinstance(arg, bool):
            self._off = not arg
        elif arg is not None:
            x0, x1, y0, y1 = arg
            self.set_xlim(x0, x1)
            self.set_ylim(y0, y1)

    def set_axis_off(self):
        self._off = True

    def tick_params(self, **kwargs):
        raise NotImplementedError("tick_params: ticks are placed and sized by the kernel; set_xticks chooses them")

    def _second(self, along):
        first = self._owner(along)
        made = self.figure._new(self.place)
        made._twin, made._along = first, along
        if first.share[along] is None:
            first.share[along] = f"twin {self.figure.axes.index(first)}"
        made.share[along] = first.share[along]
        return made

    def twinx(self):
        """A second scale upwards, at the right, over the same x axis."""
        return self._second(0)

    def twiny(self):
        """A second scale across, above, over the same y axis."""
        return self._second(1)

    def set(self, **kwargs):
        for name, value in kwargs.items():
            setter = getattr(self, "set_" + name, None)
            if setter is None:
                hint = _nearest(name, ["title", "xlabel", "ylabel", "xlim", "ylim", "xscale", "yscale", "xticks", "yticks", "aspect"])
                raise AttributeError(f"Axes.set() got an unexpected keyword argument {name!r}{hint}")
            setter(value)

    def _describe(self):
        owners = [self._owner(0), self._owner(1)]
        return {"place": self.place, "along": self._along, "title": self._words["title"], "labels": [self._words["xlabel"], self._words["ylabel"]],
                "scale": [owners[i]._scale[i] for i in (0, 1)], "limits": [owners[i]._lim[i] for i in (0, 1)],
                "flip": [owners[i]._flip[i] for i in (0, 1)], "share": self.share, "ticks": [owners[i]._ticks[i] for i in (0, 1)],
                "ticklabels": [owners[i]._ticklabels[i] for i in (0, 1)], "grid": self._grid, "aspect": self._aspect, "legend": self._legend,
                "off": self._off, "bar": self._bar, "marks": [artist.mark for artist in self.marks]}
