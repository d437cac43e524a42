# What `plt.` finds: functions on the axes and the figure at hand.

import numpy as np


def figure(num=None, figsize=None, dpi=None, **kwargs):
    """Begins a figure, of a size in inches; what is drawn from here on is in it.

    >>> import matplotlib.pyplot as plt
    ... plt.figure(figsize=(8, 3))
    """
    _keywords("figure", kwargs, ["layout", "tight_layout", "constrained_layout", "facecolor"])
    made = Figure(figsize, dpi)
    _open.append(made)
    return made


def subplots(nrows=1, ncols=1, sharex=False, sharey=False, squeeze=True, figsize=None, dpi=None, **kwargs):
    """A figure with axes in rows and columns: `fig, ax = plt.subplots()`, `fig, axs = plt.subplots(2, 2)`.

    >>> import matplotlib.pyplot as plt
    ... fig, (left, right) = plt.subplots(1, 2, sharey=True)
    """
    made = figure(figsize=figsize, dpi=dpi, **kwargs)
    return made, made.subplots(nrows, ncols, sharex, sharey, squeeze)


def subplot(*args, **kwargs):
    """The axes at a place of the figure at hand: `subplot(2, 2, 1)` or `subplot(221)`.

    >>> import matplotlib.pyplot as plt
    ... plt.subplot(1, 2, 1).plot([1, 2])
    """
    return gcf().add_subplot(*args, **kwargs)


def gcf():
    """The figure at hand, begun where there is none.

    >>> import matplotlib.pyplot as plt
    ... plt.gcf()
    """
    return _open[-1] if _open else figure()


def gca():
    """The axes at hand, made where there are none.

    >>> import matplotlib.pyplot as plt
    ... plt.gca().set_title('here')
    """
    return gcf().gca()


def sca(ax):
    """Makes these axes the ones at hand.

    >>> import matplotlib.pyplot as plt
    ... fig, axs = plt.subplots(1, 2)
    ... plt.sca(axs[0])
    """
    ax.figure.sca(ax)


def clf():
    """Empties the figure at hand.

    >>> import matplotlib.pyplot as plt
    ... plt.clf()
    """
    gcf().clear()


def twinx(ax=None):
    """Axes in the same frame, over the same x axis, whose y axis is at the right.

    >>> import matplotlib.pyplot as plt
    ... plt.plot([1, 2, 3])
    ... plt.twinx().plot([100, 50, 75], 'r')
    """
    return (gca() if ax is None else ax).twinx()


def twiny(ax=None):
    """Axes in the same frame, over the same y axis, whose x axis is above.

    >>> import matplotlib.pyplot as plt
    ... plt.plot([1, 2, 3])
    ... plt.twiny().plot([100, 50, 75], [1, 2, 3], 'r')
    """
    return (gca() if ax is None else ax).twiny()


def cla():
    """Empties the axes at hand.

    >>> import matplotlib.pyplot as plt
    ... plt.cla()
    """
    gca().clear()


def close(fig=None):
    """Forgets the figure at hand, or that one, or 'all', so that it is not shown.

    >>> import matplotlib.pyplot as plt
    ... plt.close('all')
    """
    if fig == "all":
        _open.clear()
    elif fig is None and _open:
        _open.pop()
    elif fig in _open:
        _open.remove(fig)


def show(**kwargs):
    """Shows the open figures here; without it they are shown at the cell's end.

    >>> import matplotlib.pyplot as plt
    ... plt.plot([1, 2])
    ... plt.show()
    """
    for figure in _flush():
        display(figure)


def plot(*args, **kwargs):
    """Draws lines or marks: `plot(y)`, `plot(x, y)`, `plot(x, y, 'r--o')`, several of these in turn; a matrix is a line each column.

    Other keywords: `color` (`c`), `linestyle` (`ls`), `linewidth` (`lw`), `marker`, `markersize` (`ms`), `markerfacecolor`, `markeredgecolor`, `alpha`, `label`. Of more than 4000 points the
    engines keep, of each column of the picture, the first, the least, the greatest and the last: the same picture, whatever the size.

    >>> import matplotlib.pyplot as plt
    ... plt.plot([0, 1, 2], [0, 1, 4], 'r--o', label='squares')
    """
    return gca().plot(*args, **kwargs)


def scatter(x, y, s=None, c=None, marker=None, cmap=None, norm=None, vmin=None, vmax=None, alpha=None, linewidths=None, edgecolors=None, **kwargs):
    """Draws a mark at each point, of area `s` in points squared, coloured by `c`: a colour, or numbers that the map turns to colours.

    More than 3000 points are counted on the engines in the cells of a fine grid, and drawn as the picture that the marks
    together make. Further keywords: `color`, `label`.

    >>> import matplotlib.pyplot as plt
    ... plt.scatter([1, 2, 3], [1, 4, 9], c=[0.1, 0.5, 0.9], s=80)
    """
    return gca().scatter(x, y, s, c, marker, cmap, norm, vmin, vmax, alpha, linewidths, edgecolors, **kwargs)


def hist(x, bins=None, range=None, density=False, weights=None, cumulative=False, bottom=None, histtype='bar', orientation='vertical', rwidth=None, log=False, color=None, label=None, stacked=False, **kwargs):
    """Counts values in bins, as `np.histogram` does, and draws the counts as bars; gives counts, edges and the bars.

    `x` may be a list of arrays. Further keywords: `color`, `facecolor`, `edgecolor`, `linewidth`, `alpha`, `label`.

    >>> import matplotlib.pyplot as plt
    ... counts, edges, _ = plt.hist(np.random.default_rng(1).normal(size=500), bins=20)
    """
    return gca().hist(x, bins, range, density, weights, cumulative, bottom, histtype, orientation, rwidth, log, color, label, stacked, **kwargs)


def bar(x, height, width=0.8, bottom=0, align='center', **kwargs):
    """Draws upright bars at `x`, numbers or words.

    Further keywords: `color`, `facecolor`, `edgecolor`, `linewidth`, `alpha`, `label`, `yerr`, `capsize`,
    `tick_label`, `log`.

    >>> import matplotlib.pyplot as plt
    ... plt.bar(['a', 'b', 'c'], [3, 1, 2], color='tab:green')
    """
    return gca().bar(x, height, width, bottom, align, **kwargs)


def barh(y, width, height=0.8, left=0, align='center', **kwargs):
    """Draws lying bars at `y`, numbers or words; further keywords: `color`, `facecolor`, `edgecolor`, `linewidth`, `alpha`, `label`.

    >>> import matplotlib.pyplot as plt
    ... plt.barh(['a', 'b'], [3, 1])
    """
    return gca().barh(y, width, height, left, align, **kwargs)


def imshow(X, cmap=None, norm=None, aspect=None, interpolation=None, alpha=None, vmin=None, vmax=None, origin=None, extent=None, **kwargs):
    """Draws a matrix as a picture, its values as colours; an array of shape (rows, columns, 3) has the colours themselves.

    A matrix of more than 800 rows or columns is averaged over the picture's cells on the engines.

    >>> import matplotlib.pyplot as plt
    ... plt.imshow(np.arange(12).reshape(3, 4), cmap='magma')
    """
    return gca().imshow(X, cmap, norm, aspect, interpolation, alpha, vmin, vmax, origin, extent, **kwargs)


def matshow(Z, **kwargs):
    """Draws a matrix as a picture.

    >>> import matplotlib.pyplot as plt
    ... plt.matshow(np.eye(3))
    """
    return gca().matshow(Z, **kwargs)


def pcolormesh(*args, cmap=None, norm=None, vmin=None, vmax=None, alpha=None, shading='auto', **kwargs):
    """Draws a matrix as coloured cells: `pcolormesh(C)` or `pcolormesh(X, Y, C)`, where X and Y are the edges or the centres of the cells.

    Large matrices are averaged on the engines, as by `imshow`.

    >>> import matplotlib.pyplot as plt
    ... plt.pcolormesh([0, 1, 3], [0, 2, 3], [[1, 2], [3, 4]])
    """
    return gca().pcolormesh(*args, cmap=cmap, norm=norm, vmin=vmin, vmax=vmax, alpha=alpha, shading=shading, **kwargs)


def hist2d(x, y, bins=10, range=None, density=False, weights=None, **kwargs):
    """Counts points in the cells of a grid, as `np.histogram2d` does, and draws the counts as colours.

    >>> import matplotlib.pyplot as plt
    ... plt.hist2d([0, 1, 1], [0, 1, 0], bins=2)
    """
    return gca().hist2d(x, y, bins, range, density, weights, **kwargs)


def contour(*args, **kwargs):
    """Draws lines of equal height: `contour(Z)`, `contour(X, Y, Z)`, each with `levels` after it: a number of them, or their values.

    Keywords: `levels`, `colors`, `cmap`, `vmin`, `vmax`, `alpha`, `linewidths`, `linestyles`. Of a large matrix a sample is fetched.

    >>> import matplotlib.pyplot as plt
    ... plt.contour(np.arange(12.0).reshape(3, 4), levels=5)
    """
    return gca().contour(*args, **kwargs)


def contourf(*args, **kwargs):
    """Fills the bands between lines of equal height: `contourf(Z)`, `contourf(X, Y, Z)`, each with `levels` after it: a number of them, or their values.

    Keywords: `levels`, `colors`, `cmap`, `vmin`, `vmax`, `alpha`, `linewidths`, `linestyles`. Of a large matrix a sample is fetched.

    >>> import matplotlib.pyplot as plt
    ... plt.contourf(np.arange(12.0).reshape(3, 4), levels=5)
    """
    return gca().contourf(*args, **kwargs)


def errorbar(x, y, yerr=None, xerr=None, fmt='', ecolor=None, elinewidth=None, capsize=0, **kwargs):
    """Draws a line with bars of its errors: a number, one each point, or two rows, below and above.

    Further keywords: `color` (`c`), `linestyle` (`ls`), `linewidth` (`lw`), `marker`, `markersize` (`ms`), `markerfacecolor`, `markeredgecolor`, `alpha`, `label`.

    >>> import matplotlib.pyplot as plt
    ... plt.errorbar([1, 2, 3], [2, 3, 5], yerr=0.4, fmt='o', capsize=3)
    """
    return gca().errorbar(x, y, yerr, xerr, fmt, ecolor, elinewidth, capsize, **kwargs)


def fill_between(x, y1, y2=0, where=None, **kwargs):
    """Fills what lies between two curves; keywords: `color`, `facecolor`, `edgecolor`, `linewidth`, `alpha`, `label`.

    >>> import matplotlib.pyplot as plt
    ... plt.fill_between([0, 1, 2], [0, 1, 0], alpha=0.3)
    """
    return gca().fill_between(x, y1, y2, where, **kwargs)


def step(x, y, *args, where='pre', **kwargs):
    """Draws a line in steps, which go up at the end of each stretch (`pre`), at its beginning (`post`) or in its `mid`.

    >>> import matplotlib.pyplot as plt
    ... plt.step([0, 1, 2], [0, 1, 4], where='post')
    """
    return gca().step(x, y, *args, where=where, **kwargs)


def loglog(*args, **kwargs):
    """As `plot`, with both axes logarithmic.

    >>> import matplotlib.pyplot as plt
    ... plt.loglog([1, 10, 100], [1, 100, 10000])
    """
    return gca().loglog(*args, **kwargs)


def semilogx(*args, **kwargs):
    """As `plot`, with a logarithmic x axis.

    >>> import matplotlib.pyplot as plt
    ... plt.semilogx([1, 10, 100], [1, 100, 10000])
    """
    return gca().semilogx(*args, **kwargs)


def semilogy(*args, **kwargs):
    """As `plot`, with a logarithmic y axis.

    >>> import matplotlib.pyplot as plt
    ... plt.semilogy([1, 10, 100], [1, 100, 10000])
    """
    return gca().semilogy(*args, **kwargs)


def axhline(y=0, **kwargs):
    """Draws a line all across the axes at a height.

    >>> import matplotlib.pyplot as plt
    ... plt.axhline(1, color='r', ls='--')
    """
    return gca().axhline(y, **kwargs)


def axvline(x=0, **kwargs):
    """Draws a line all up the axes at a place.

    >>> import matplotlib.pyplot as plt
    ... plt.axvline(1, color='r', ls='--')
    """
    return gca().axvline(x, **kwargs)


def axhspan(ymin, ymax, **kwargs):
    """Fills a band all across the axes.

    >>> import matplotlib.pyplot as plt
    ... plt.axhspan(1, 2, alpha=0.2)
    """
    return gca().axhspan(ymin, ymax, **kwargs)


def axvspan(xmin, xmax, **kwargs):
    """Fills a band all up the axes.

    >>> import matplotlib.pyplot as plt
    ... plt.axvspan(1, 2, alpha=0.2)
    """
    return gca().axvspan(xmin, xmax, **kwargs)


def text(x, y, s, **kwargs):
    """Writes words at a point of the axes; keywords: `color`, `fontsize`, `ha`, `va`, `alpha`.

    >>> import matplotlib.pyplot as plt
    ... plt.text(0.5, 0.5, 'here')
    """
    return gca().text(x, y, s, **kwargs)


def annotate(text, xy, xytext=None, arrowprops=None, **kwargs):
    """Writes words at `xytext`, with an arrow to the point `xy` where `arrowprops` is given.

    >>> import matplotlib.pyplot as plt
    ... plt.annotate('top', (1, 1), (0.5, 0.5), arrowprops={})
    """
    return gca().annotate(text, xy, xytext, arrowprops, **kwargs)


def title(label, **kwargs):
    """Gives the axes a title.

    >>> import matplotlib.pyplot as plt
    ... plt.title('t')
    """
    return gca().set_title(label, **kwargs)


def xlabel(xlabel, **kwargs):
    """Says what the x axis is.

    >>> import matplotlib.pyplot as plt
    ... plt.xlabel('t')
    """
    return gca().set_xlabel(xlabel, **kwargs)


def ylabel(ylabel, **kwargs):
    """Says what the y axis is.

    >>> import matplotlib.pyplot as plt
    ... plt.ylabel('t')
    """
    return gca().set_ylabel(ylabel, **kwargs)


def xlim(left=None, right=None):
    """Sets the limits of the x axis: `xlim(0, 1)`, or `xlim((0, 1))`.

    >>> import matplotlib.pyplot as plt
    ... plt.xlim(0, 1)
    """
    return gca().set_xlim(left, right)


def ylim(bottom=None, top=None):
    """Sets the limits of the y axis.

    >>> import matplotlib.pyplot as plt
    ... plt.ylim(0, 1)
    """
    return gca().set_ylim(bottom, top)


def xscale(value):
    """Makes the x axis 'linear' or 'log'.

    >>> import matplotlib.pyplot as plt
    ... plt.xscale('log')
    """
    return gca().set_xscale(value)


def yscale(value):
    """Makes the y axis 'linear' or 'log'.

    >>> import matplotlib.pyplot as plt
    ... plt.yscale('log')
    """
    return gca().set_yscale(value)


def xticks(ticks, labels=None):
    """Chooses the ticks of the x axis, and what stands at them.

    >>> import matplotlib.pyplot as plt
    ... plt.xticks([0, 1], ['no', 'yes'])
    """
    return gca().set_xticks(ticks, labels)


def yticks(ticks, labels=None):
    """Chooses the ticks of the y axis, and what stands at them.

    >>> import matplotlib.pyplot as plt
    ... plt.yticks([0, 1])
    """
    return gca().set_yticks(ticks, labels)


def grid(visible=None, which='major', axis='both', **kwargs):
    """Draws lines at the ticks; keywords: `color`, `linestyle`, `linewidth`, `alpha`.

    >>> import matplotlib.pyplot as plt
    ... plt.grid(True, alpha=0.3)
    """
    return gca().grid(visible, which, axis, **kwargs)


def legend(*args, loc='best', title=None, ncols=1, **kwargs):
    """Says what is what, by the labels that were given, or by a list of them.

    >>> import matplotlib.pyplot as plt
    ... plt.plot([1, 2], label='up')
    ... plt.legend(loc='upper left')
    """
    return gca().legend(*args, loc=loc, title=title, ncols=ncols, **kwargs)


def axis(arg=None, **kwargs):
    """Hides the axes ('off'), makes units equal ('equal'), or sets the limits: `axis([x0, x1, y0, y1])`.

    >>> import matplotlib.pyplot as plt
    ... plt.axis('off')
    """
    return gca().axis(arg, **kwargs)


def colorbar(mappable=None, cax=None, ax=None, label='', **kwargs):
    """Says which value has which colour, of what was drawn last with a colour map.

    >>> import matplotlib.pyplot as plt
    ... plt.imshow(np.eye(3))
    ... plt.colorbar(label='m')
    """
    return gcf().colorbar(mappable, cax, ax, label, **kwargs)


def suptitle(t, **kwargs):
    """Gives the figure a title.

    >>> import matplotlib.pyplot as plt
    ... plt.suptitle('all')
    """
    return gcf().suptitle(t, **kwargs)


def tight_layout(**kwargs):
    """Nothing: axes are always placed so that their words fit.

    >>> import matplotlib.pyplot as plt
    ... plt.tight_layout()
    """
    return None


def savefig(fname, dpi=None, bbox_inches=None, transparent=None, facecolor=None, format=None):
    """Saves the figure as SVG, where the kernel runs.

    >>> import matplotlib.pyplot as plt
    ... plt.plot([1, 2])
    """
    return gcf().savefig(fname, dpi, bbox_inches, transparent, facecolor, format)
