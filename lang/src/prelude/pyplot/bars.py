# Points, bars and histograms.

import numpy as np


class _Bars(_Lines):
    def scatter(self, x, y, s=None, c=None, marker=None, cmap=None, norm=None, vmin=None, vmax=None, alpha=None,
                linewidths=None, edgecolors=None, **kwargs):
        kw = _keywords("scatter", kwargs, ["color", "label", "facecolor", "edgecolor", "linewidth"])
        log, vmin, vmax = _norm(norm, vmin, vmax)
        kw["alpha"] = alpha
        x, y = _values(x, "x").reshape(-1), _values(y, "y").reshape(-1)
        if x.size != y.size:
            raise ValueError("x and y must be the same size")
        marker = "o" if marker is None else _marker(marker)
        s = 36.0 if s is None else s
        values, color = None, kw.get("color") if kw.get("color") is not None else kw.get("facecolor")
        if c is not None and not isinstance(c, str) and not (isinstance(c, tuple) and len(c) in (3, 4)):
            if isinstance(c, list) and c and isinstance(c[0], str):
                raise NotImplementedError("a colour for each mark by its name: give numbers, which the map turns to colours")
            values = _values(c, "c").reshape(-1)
            if values.size != x.size:
                raise ValueError(f"'c' argument has {values.size} elements, which is inconsistent with 'x' and 'y' with size {x.size}.")
        elif c is not None:
            color = c
        edge = edgecolors if edgecolors is not None else kw.get("edgecolor")
        mark = {"color": "none" if values is not None else self._next(1) if color is None else _color(color),
                "marker": marker, "cmap": _cmap(cmap), "edge": None if edge is None or edge == "face" else _color(edge),
                "width": 1.0 if linewidths is None else float(linewidths)}
        if values is not None:
            mark["vmin"], mark["vmax"] = _limits(values, vmin, vmax, log)
            mark["log"] = log
        if x.size > _MARKS:
            mark["kind"] = "cells"
            mark["cells"] = _cells(x, y, self._log(0), self._log(1), values)
            mark["size"] = float(np.sqrt(np.mean(_values(s, "s"))))
        else:
            mark.update({"kind": "scatter", "x": x, "y": y, "values": values,
                         "sizes": np.sqrt(_values(s, "s").reshape(-1))})
        return self._add(_common(mark, kw))

    def bar(self, x, height, width=0.8, bottom=0, align="center", **kwargs):
        return self._bars("bar", x, height, width, bottom, align, kwargs, 0)

    def barh(self, y, width, height=0.8, left=0, align="center", **kwargs):
        return self._bars("barh", y, width, height, left, align, kwargs, 1)

    def _bars(self, name, x, height, width, bottom, align, kwargs, axis):
        kw = _keywords(name, kwargs, _PATCH + ["yerr", "xerr", "capsize", "tick_label", "ecolor", "log"])
        _one_of("align", align, ["center", "edge"])
        labels = kw.get("tick_label")
        if isinstance(x, (list, tuple)) and x and isinstance(x[0], str):
            labels, x = list(x), np.arange(len(x))
        x, height = _values(x, "x"), _values(height, "height")
        if height.size > _POINTS:
            raise ValueError(f"{name} draws at most {_POINTS} bars, not {height.size}: count them with hist")
        x, height = x.reshape(-1) + np.zeros(height.size), height.reshape(-1)
        width, bottom = _values(width, "width") + np.zeros(x.shape), _values(bottom, "bottom") + np.zeros(x.shape)
        left = x - width / 2 if align == "center" else x
        if labels is not None:
            self._ticks[axis] = left + width / 2
            self._ticklabels[axis] = [str(label) for label in labels]
        if kw.get("log"):
            self._scale[1 - axis] = "log"
        colors = None
        if isinstance(kw.get("color"), list):
            colors = [_color(c) for c in kw["color"]]
            kw["color"] = colors[0]
        sides = [left, left + width, bottom, bottom + height]
        sides = sides if axis == 0 else [sides[2], sides[3], sides[0], sides[1]]
        mark = {"kind": "bars", "x0": sides[0], "x1": sides[1], "y0": sides[2], "y1": sides[3], "axis": axis, "colors": colors}
        bars = self._add(self._patch(mark, kw))
        err = kw.get("yerr") if axis == 0 else kw.get("xerr")
        if err is not None:
            low, high = _errors(err, height.shape)
            top, at = bottom + height, left + width / 2
            color = "#000000" if kw.get("ecolor") is None else _color(kw["ecolor"])
            self._add(_common({"kind": "errors", "axis": 1 - axis, "at": at, "low": top - low, "high": top + high,
                               "color": color, "width": 1.5, "cap": float(kw.get("capsize") or 0)}, {}))
        return bars

    def hist(self, x, bins=None, range=None, density=False, weights=None, cumulative=False, bottom=None, histtype="bar",
             orientation="vertical", rwidth=None, log=False, color=None, label=None, stacked=False, **kwargs):
        kw = _keywords("hist", kwargs, _PATCH)
        _one_of("histtype", histtype, ["bar", "barstacked", "step", "stepfilled"])
        _one_of("orientation", orientation, ["vertical", "horizontal"])
        axis = 0 if orientation == "vertical" else 1
        sets = list(x) if isinstance(x, (list, tuple)) and len(x) > 0 and isinstance(x[0], (list, tuple, np.ndarray)) else [x]
        sets = [_values(data, "x").reshape(-1) for data in sets]
        colors = color if isinstance(color, list) else [color] * len(sets)
        labels = label if isinstance(label, (list, tuple)) else [label] + [None] * (len(sets) - 1)
        bins = 10 if bins is None else bins
        if len(sets) > 1 and range is None:
            ends = [_finite(data, 0.0, 1.0) for data in sets]
            range = (min([e[0] for e in ends]), max([e[1] for e in ends]))
        stacked = stacked or histtype == "barstacked"
        counts, edges, below, made = [], None, 0.0, []
        for data in sets:
            if range is None and data.size > 0:
                range = _finite(data, 0.0, 1.0)
            count, edges = np.histogram(data, bins if edges is None else edges, range, density or None, weights)
            count = count * 1.0
            if cumulative:
                count = np.cumsum(count * np.diff(edges) if density else count)
            counts.append(count)
        if log:
            self._scale[1 - axis] = "log"
        wide = np.diff(edges)
        for k, count in enumerate(counts):
            kw["color"], kw["label"] = colors[k] if colors[k] is not None else self._next(1), labels[k]
            base = below if bottom is None else below + bottom
            if histtype == "step" or histtype == "stepfilled":
                mark = {"kind": "outline", "edges": edges, "heights": count + base, "base": base * np.ones(count.shape),
                        "axis": axis, "filled": histtype == "stepfilled"}
            else:
                share = 1 if stacked or len(sets) == 1 else 0.8 / len(sets)
                share = share if rwidth is None else share * rwidth
                before = (1 - share) / 2 if stacked or len(sets) == 1 else 0.1 + k * 0.8 / len(sets)
                left = edges[:-1] + wide * before
                sides = [left, left + wide * share, base * np.ones(count.shape), base + count]
                sides = sides if axis == 0 else [sides[2], sides[3], sides[0], sides[1]]
                mark = {"kind": "bars", "x0": sides[0], "x1": sides[1], "y0": sides[2], "y1": sides[3], "axis": axis,
                        "colors": None, "snug": share == 1}
            made.append(self._add(self._patch(mark, kw)))
            if stacked:
                below = below + count
        if len(sets) == 1:
            return counts[0], edges, made[0]
        return counts, edges, made
