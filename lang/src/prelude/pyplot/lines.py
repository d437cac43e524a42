# Lines, with markers and errors, and what lies between two of them.

import numpy as np


class _Marks:
    """What axes hold; the methods that add to it follow, one class on the other."""

    def __init__(self, figure, place):
        self.figure = figure
        self.place = place
        self.share = [None, None]
        # The axes that it is a second scale of, and the direction that they share.
        self._twin, self._along = None, None
        self.clear()

    def __repr__(self):
        return f"<Axes: title={self._words['title']!r}>"

    def clear(self):
        self.marks = []
        self._words = {"title": "", "xlabel": "", "ylabel": ""}
        self._scale = ["linear", "linear"]
        self._lim = [[None, None], [None, None]]
        self._flip = [False, False]
        self._ticks = [None, None]
        self._ticklabels = [None, None]
        self._grid = None
        self._aspect = "auto"
        self._legend = None
        self._off = False
        self._bar = None
        self._turn = [0, 0]

    def cla(self):
        self.clear()

    def _add(self, mark):
        artist = Artist(self, mark)
        self.marks.append(artist)
        return artist

    def _next(self, kind=0):
        """The next colour of lines (0), or of what is filled (1), which take theirs in turns of their own."""
        self._turn[kind] = self._turn[kind] + 1
        return _CYCLE[(self._turn[kind] - 1) % 10]

    def _owner(self, i):
        """Whose the direction is: of two scales in one frame, the first has what they share."""
        return self._twin._owner(i) if i == self._along else self

    def _log(self, i):
        return self._owner(i)._scale[i] == "log"

    def _patch(self, mark, kw):
        face = kw.get("facecolor")
        color = kw.get("color")
        if face is None:
            face = color
        mark["color"] = self._next(1) if face is None else _color(face)
        edge = kw.get("edgecolor")
        mark["edge"] = "none" if edge is None else _color(edge)
        mark["width"] = 1.0 if kw.get("linewidth") is None else float(kw["linewidth"])
        return _common(mark, kw)


class _Lines(_Marks):
    def plot(self, *args, **kwargs):
        kw = _keywords("plot", kwargs, _LINE)
        args, made = list(args), []
        if not args:
            return made
        while args:
            x, y = None, args.pop(0)
            if args and not isinstance(args[0], str):
                x, y = y, args.pop(0)
            fmt = args.pop(0) if args else ""
            made.extend(self._lines(x, y, fmt, kw))
        return made

    def _lines(self, x, y, fmt, kw):
        y = _values(y, "y")
        x = None if x is None else _values(x, "x")
        y = y.reshape(1) if y.ndim == 0 else y
        x = x.reshape(1) if x is not None and x.ndim == 0 else x
        if y.ndim > 2:
            raise ValueError(f"x and y can be no greater than 2D, but have shapes {None if x is None else x.shape} and {y.shape}")
        if y.ndim == 1:
            _column(x, y)
            return [self._one_line(x, y, fmt, kw)]
        made = []
        for k in range(y.shape[1]):
            column = x if x is None or x.ndim == 1 else x[:, k]
            _column(column, y[:, k])
            made.append(self._one_line(column, y[:, k], fmt, kw))
        return made

    def _one_line(self, x, y, fmt, kw, kind="line"):
        color, style, marker = _format(fmt)
        if "color" in kw and kw["color"] is not None:
            color = _color(kw["color"])
        if kw.get("linestyle") is not None:
            style = _style(kw["linestyle"])
        if "marker" in kw:
            marker = _marker(kw["marker"])
        if style is None:
            style = "" if marker and fmt and not kw.get("linestyle") else "-"
        size = 6.0 if kw.get("markersize") is None else float(kw["markersize"])
        color = self._next() if color is None else color
        n = y.size
        mark = {"kind": kind, "color": color, "style": style, "marker": marker or "", "size": size,
                "width": 1.5 if kw.get("linewidth") is None else float(kw["linewidth"]),
                "face": color if kw.get("markerfacecolor") is None else _color(kw["markerfacecolor"]),
                "edge": color if kw.get("markeredgecolor") is None else _color(kw["markeredgecolor"]),
                "step": {"default": "", "steps": "pre", "steps-pre": "pre", "steps-mid": "mid",
                         "steps-post": "post"}[_one_of("drawstyle", kw.get("drawstyle") or "default",
                         ["default", "steps", "steps-pre", "steps-mid", "steps-post"])]}
        if style == "" and n > _MARKS:
            # Marks alone are a scatter.
            x = np.arange(n) * 1.0 if x is None else x
            mark.update({"kind": "cells", "cells": _cells(x, y, self._log(0), self._log(1))})
        else:
            mark["x"], mark["y"] = _line(x, y, self._log(0))
        return self._add(_common(mark, kw))

    def step(self, x, y, *args, where="pre", **kwargs):
        _one_of("where", where, ["pre", "post", "mid"])
        return self.plot(x, y, *args, drawstyle="steps-" + where, **kwargs)

    def loglog(self, *args, **kwargs):
        self.set_xscale("log")
        self.set_yscale("log")
        return self.plot(*args, **kwargs)

    def semilogx(self, *args, **kwargs):
        self.set_xscale("log")
        return self.plot(*args, **kwargs)

    def semilogy(self, *args, **kwargs):
        self.set_yscale("log")
        return self.plot(*args, **kwargs)

    def errorbar(self, x, y, yerr=None, xerr=None, fmt="", ecolor=None, elinewidth=None, capsize=0, **kwargs):
        kw = _keywords("errorbar", kwargs, _LINE + ["capthick", "barsabove"])
        x, y = _values(x, "x"), _values(y, "y")
        _column(x, y)
        style = kw.get("linestyle")
        if fmt.lower() == "none":
            fmt, kw["linestyle"] = "", "none"
        line = self._one_line(x, y, fmt, kw)
        if style is None and fmt and line.mark["marker"] and not _format(fmt)[1]:
            line.mark["style"] = ""
        color = line.mark["color"] if ecolor is None else _color(ecolor)
        for axis, err in [(1, yerr), (0, xerr)]:
            if err is None:
                continue
            low, high = _errors(err, y.shape)
            if axis == 1:
                at, low, high = _band(x, y - low, y + high, self._log(0))
            else:
                at, low, high = _band(y, x - low, x + high)
            mark = {"kind": "errors", "axis": axis, "at": at, "low": low, "high": high, "color": color,
                    "width": line.mark["width"] if elinewidth is None else float(elinewidth), "cap": float(capsize)}
            self._add(_common(mark, {"alpha": kw.get("alpha")}))
        return line

    def fill_between(self, x, y1, y2=0, where=None, **kwargs):
        kw = _keywords("fill_between", kwargs, _PATCH + ["interpolate", "step"])
        x = _values(x, "x")
        y1, y2 = _values(y1, "y1") + np.zeros(x.shape), _values(y2, "y2") + np.zeros(x.shape)
        if where is not None:
            y1, y2 = np.where(where, y1, np.nan), np.where(where, y2, np.nan)
        if x.size > _POINTS:
            y1, y2 = np.minimum(y1, y2), np.maximum(y1, y2)
        x, y1, y2 = _band(x, y1, y2, self._log(0))
        mark = {"kind": "band", "x": x, "low": y1, "high": y2}
        return self._add(self._patch(mark, kw))
