# How values become colours: what `norm=` of a picture takes.


class _Norm:
    def __init__(self, scale, vmin, vmax, clip):
        if clip:
            raise NotImplementedError("clip=True: values beyond the limits have the colours of the limits")
        self.scale = scale
        self.vmin, self.vmax = None if vmin is None else float(vmin), None if vmax is None else float(vmax)

    def __repr__(self):
        return f"<{'LogNorm' if self.scale == 'log' else 'Normalize'} from {self.vmin} to {self.vmax}>"


def Normalize(vmin=None, vmax=None, clip=False):
    """Colours that are linear in the values, between limits: for `norm=`.

    >>> import matplotlib.pyplot as plt
    ... import matplotlib.colors
    ... plt.imshow(np.arange(6).reshape(2, 3), norm=matplotlib.colors.Normalize(0, 10))
    """
    return _Norm("linear", vmin, vmax, clip)


def LogNorm(vmin=None, vmax=None, clip=False):
    """Colours that are linear in the values' logarithms, between limits: for `norm=`, which takes 'log' too. What is not positive has none.

    >>> import matplotlib.pyplot as plt
    ... from matplotlib.colors import LogNorm
    ... plt.imshow([[1, 10, 100], [0, 5, 50]], norm=LogNorm(vmin=1))
    """
    return _Norm("log", vmin, vmax, clip)
