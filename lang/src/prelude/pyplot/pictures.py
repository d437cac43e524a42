# Pictures, meshes and contours: matrices as colours.

import numpy as np


class _Pictures(_Bars):
    def imshow(self, X, cmap=None, norm=None, aspect=None, interpolation=None, alpha=None, vmin=None, vmax=None,
               origin=None, extent=None, **kwargs):
        kw = _keywords("imshow", kwargs, ["label", "interpolation_stage", "resample"])
        log, vmin, vmax = _norm(norm, vmin, vmax)
        kw["alpha"] = alpha
        origin = _one_of("origin", "upper" if origin is None else origin, ["upper", "lower"])
        smooth = _one_of("interpolation", "antialiased" if interpolation is None else interpolation,
                         ["antialiased", "auto", "nearest", "none", "bilinear", "bicubic", "gaussian", "lanczos"])
        X = np.asarray(X)
        rgb = None
        if X.ndim == 3 and X.shape[2] in (3, 4):
            rgb = [_shrink(X[:, :, k])[0] for k in range(3)]
            top = 255.0 if X.dtype.kind in "iu" else 1.0
            rgb = [np.clip(part / top, 0, 1) for part in rgb]
            Z, limits = rgb[0], (0.0, 1.0)
        elif X.ndim == 2:
            values = X if X.dtype.kind == "f" else _values(X, "image data")
            limits = _limits(values, vmin, vmax, log)
            Z = _shrink(values)[0]
        else:
            raise TypeError(f"Invalid shape {X.shape} for image data")
        rows, cols = X.shape[0], X.shape[1]
        if extent is None:
            extent = (-0.5, cols - 0.5, rows - 0.5, -0.5) if origin == "upper" else (-0.5, cols - 0.5, -0.5, rows - 0.5)
        left, right, low, high = [float(e) for e in extent]
        mark = {"kind": "image", "z": Z.reshape(-1), "rows": Z.shape[0], "cols": Z.shape[1], "left": left, "right": right,
                "low": low, "high": high, "upper": origin == "upper", "cmap": _cmap(cmap), "vmin": limits[0],
                "vmax": limits[1], "log": log, "smooth": smooth not in ("antialiased", "auto", "nearest", "none"), "rgb": None}
        if rgb is not None:
            mark["rgb"] = [part.reshape(-1) for part in rgb]
        self._aspect = "equal" if aspect is None else aspect
        if not [m for m in self.marks if m.mark["kind"] == "image"] and self._lim == [[None, None], [None, None]]:
            self._flip = [left > right, low > high]
        return self._add(_common(mark, kw))

    def matshow(self, Z, **kwargs):
        return self.imshow(Z, **kwargs)

    def pcolormesh(self, *args, cmap=None, norm=None, vmin=None, vmax=None, alpha=None, shading="auto", **kwargs):
        kw = _keywords("pcolormesh", kwargs, ["label", "edgecolor", "linewidth"])
        log, vmin, vmax = _norm(norm, vmin, vmax)
        _one_of("shading", shading, ["auto", "nearest", "flat", "gouraud"])
        kw["alpha"] = alpha
        if len(args) == 1:
            x, y, C = None, None, args[0]
        elif len(args) == 3:
            x, y, C = args
        else:
            raise TypeError(f"pcolormesh() takes 1 or 3 positional arguments but {len(args)} were given")
        C = _values(C, "C")
        if C.ndim != 2:
            raise ValueError(f"pcolormesh draws a matrix, not an array of shape {C.shape}")
        x, y = _edges_of(x, C.shape[1], 1, "X", C.shape), _edges_of(y, C.shape[0], 0, "Y", C.shape)
        limits = _limits(C, vmin, vmax, log)
        Z, r, c = _shrink(C)
        if Z.shape != C.shape:
            x, y = np.concatenate([x[c], x[-1:]]), np.concatenate([y[r], y[-1:]])
        mark = {"kind": "mesh", "z": Z.reshape(-1), "rows": Z.shape[0], "cols": Z.shape[1], "x": x, "y": y,
                "cmap": _cmap(cmap), "vmin": limits[0], "vmax": limits[1], "log": log}
        return self._add(_common(mark, kw))

    def pcolor(self, *args, **kwargs):
        return self.pcolormesh(*args, **kwargs)

    def hist2d(self, x, y, bins=10, range=None, density=False, weights=None, **kwargs):
        counts, xs, ys = np.histogram2d(np.asarray(x), np.asarray(y), bins, range, density or None, weights)
        return counts, xs, ys, self.pcolormesh(xs, ys, counts.T, **kwargs)

    def contour(self, *args, **kwargs):
        return self._contour("contour", args, kwargs)

    def contourf(self, *args, **kwargs):
        return self._contour("contourf", args, kwargs)

    def _contour(self, name, args, kwargs):
        kw = _keywords(name, kwargs, ["levels", "colors", "cmap", "vmin", "vmax", "alpha", "linewidth", "linestyle", "extend", "norm"])
        log, vmin, vmax = _norm(kw.get("norm"), kw.get("vmin"), kw.get("vmax"))
        args, levels = list(args), kw.get("levels")
        if len(args) in (2, 4):
            levels = args.pop()
        if len(args) not in (1, 3):
            raise TypeError(f"{name}() takes from 1 to 4 positional arguments but {len(args)} were given")
        Z = _values(args[-1], "Z")
        if Z.ndim != 2 or Z.shape[0] < 2 or Z.shape[1] < 2:
            raise TypeError(f"Input z must be at least a (2, 2) shaped array, but has shape {Z.shape}")
        x, y = (args[0], args[1]) if len(args) == 3 else (None, None)
        x, y = _points_of(x, Z.shape[1], 1, "X"), _points_of(y, Z.shape[0], 0, "Y")
        low, high = _limits(Z, None, None, log)
        r, c = _sample(Z.shape[0], 400), _sample(Z.shape[1], 400)
        if Z.shape[0] > r.size:
            Z, y = Z[r], y[r]
        if Z.shape[1] > c.size:
            Z, x = Z[:, c], x[c]
        if levels is None or np.asarray(levels).ndim == 0:
            count = 7 if levels is None else int(levels)
            levels = _decades(low, high, count) if log else _levels(low, high, count, name == "contourf")
        levels = _values(levels, "levels")
        if np.any(levels[1:] <= levels[:-1]):
            raise ValueError("Contour levels must be increasing")
        if log and not float(levels[0]) > 0:
            raise ValueError("Contour levels of a logarithmic norm must be positive")
        colors = kw.get("colors")
        if colors is not None:
            colors = [_color(colors)] if isinstance(colors, str) else [_color(color) for color in colors]
        mark = {"kind": name, "z": Z.reshape(-1), "rows": Z.shape[0], "cols": Z.shape[1], "x": x, "y": y, "levels": levels,
                "colors": colors, "cmap": _cmap(kw.get("cmap")), "style": _style(kw.get("linestyle") or "-"),
                "width": 1.5 if kw.get("linewidth") is None else float(kw["linewidth"]),
                "vmin": float(levels[0]) if vmin is None else float(vmin),
                "vmax": float(levels[-1]) if vmax is None else float(vmax), "log": log}
        return self._add(_common(mark, kw))

    def clabel(self, contours, **kwargs):
        raise NotImplementedError("numbers on contour lines: a colorbar says what the levels are")


def _line_of(x, axis, name):
    """The one coordinate of a grid, also where it is given as a matrix such as meshgrid's."""
    x = _values(x, name)
    if x.ndim == 2:
        line = x[0] if axis == 1 else x[:, 0]
        if not np.all(x == (line if axis == 1 else np.reshape(line, (line.size, 1)))):
            raise NotImplementedError(f"a bent grid: {name} must be the same in all {'rows' if axis == 1 else 'columns'}")
        return line
    return x


def _points_of(x, n, axis, name):
    if x is None:
        return np.arange(n) * 1.0
    x = _line_of(x, axis, name)
    if x.size != n:
        raise TypeError(f"Length of {name} ({x.size}) must match number of {'columns' if axis == 1 else 'rows'} in z ({n})")
    return x


def _edges_of(x, n, axis, name, shape):
    if x is None:
        return np.arange(n + 1) * 1.0
    x = _line_of(x, axis, name)
    if x.size == n + 1:
        return x
    if x.size != n:
        raise TypeError(f"Dimensions of C {shape} should be one smaller than or the same as those of X and Y; {name} has {x.size}")
    if n == 1:
        return np.concatenate([x - 0.5, x + 0.5])
    middle = (x[1:] + x[:-1]) / 2
    return np.concatenate([x[:1] * 2 - middle[:1], middle, x[-1:] * 2 - middle[-1:]])


def _decades(low, high, count):
    """About so many powers of ten around the range."""
    first, last = int(np.floor(np.log10(low))), int(np.ceil(np.log10(high)))
    last = max(last, first + 1)
    step = max(1, -(-(last - first) // max(count, 1)))
    return [10.0 ** k for k in range(first, last + step, step)]


def _levels(low, high, count, filled):
    """About `count` round levels over the range."""
    if not high > low:
        return [low - 0.5, low + 0.5]
    wanted = (high - low) / (count + 1)
    power = 10.0 ** np.floor(np.log10(wanted))
    step = power
    for m in [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]:
        step = m * power
        if step >= wanted * 0.999:
            break
    first, last = int(np.floor(low / step)), int(np.ceil(high / step))
    levels = [k * step for k in range(first, last + 1)]
    return levels if filled else [v for v in levels if low < v < high] or levels
