# What is drawn, and what all of it has in common.

import numpy as np

_LINE = ["color", "linestyle", "linewidth", "marker", "markersize", "markerfacecolor", "markeredgecolor",
         "markeredgewidth", "alpha", "label", "drawstyle"]
_IMAGE = ["cmap", "vmin", "vmax", "alpha", "label", "norm"]
_PATCH = ["color", "facecolor", "edgecolor", "linewidth", "alpha", "label"]


class Artist:
    """Something drawn: a line, bars, a picture."""

    def __init__(self, axes, mark):
        self.axes = axes
        self.mark = mark

    def __repr__(self):
        return f"<{self.mark['kind']} of a plot>"

    def set_label(self, label):
        self.mark["label"] = _label(label)

    def set_color(self, color):
        self.mark["color"] = _color(color)

    def set_linewidth(self, width):
        self.mark["width"] = float(width)

    def set_alpha(self, alpha):
        self.mark["alpha"] = float(alpha)

    def set_clim(self, vmin=None, vmax=None):
        self.mark["vmin"] = self.mark["vmin"] if vmin is None else float(vmin)
        self.mark["vmax"] = self.mark["vmax"] if vmax is None else float(vmax)

    def remove(self):
        self.axes.marks.remove(self)


def _label(label):
    return None if label is None or str(label).startswith("_") else str(label)


def _common(mark, kw):
    mark["alpha"] = float(kw["alpha"]) if kw.get("alpha") is not None else 1.0
    mark["label"] = _label(kw.get("label"))
    mark["zorder"] = float(kw["zorder"]) if kw.get("zorder") is not None else None
    return mark


def _column(x, y):
    if x is not None and x.shape != y.shape:
        raise ValueError(f"x and y must have same first dimension, but have shapes {x.shape} and {y.shape}")


def _errors(err, shape):
    err = _values(err, "errors")
    if err.ndim == 2 and err.shape[0] == 2:
        return err[0] + np.zeros(shape), err[1] + np.zeros(shape)
    return err + np.zeros(shape), err + np.zeros(shape)


def _norm(norm, vmin, vmax):
    """Whether colours go by logarithms, and the limits that are given: by `norm`, or beside it."""
    if norm is None or isinstance(norm, str):
        if norm not in (None, "linear", "log"):
            raise NotImplementedError(f"norm={norm!r}: colours are linear in the values or in their logarithms, 'linear' or 'log'")
        return norm == "log", vmin, vmax
    if getattr(norm, "scale", None) not in ("linear", "log"):
        raise ValueError(f"norm must be an instance of matplotlib.colors.Normalize, a str or None, not a {type(norm).__name__}")
    if vmin is not None or vmax is not None:
        raise ValueError("Passing a Normalize instance simultaneously with vmin/vmax is not supported.  Please pass vmin/vmax directly to the norm when creating it.")
    return norm.scale == "log", norm.vmin, norm.vmax


def _limits(values, vmin, vmax, log=False):
    if log and (vmin is None or vmax is None):
        values = np.where(values > 0, values, np.nan)
    low, high = (1.0, 1.0) if vmin is not None and vmax is not None else _finite(values, 1.0 if log else 0.0, 1.0)
    low, high = (low if vmin is None else float(vmin)), (high if vmax is None else float(vmax))
    if log and not 0 < low <= high:
        raise ValueError("Invalid vmin or vmax" if low <= high else "vmin must be less or equal to vmax")
    return low, high
