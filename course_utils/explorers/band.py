"""The area between two curves that moves in a live figure."""

from dataclasses import dataclass

import numpy as np
from matplotlib import colors
from matplotlib.patches import Polygon

from course_utils.explorers import svg
from course_utils.explorers.artist import Artist

FAR = 1e6  # pixels: as good as infinitely far away; a browser still has their tenths exactly


@dataclass
class Band(Artist):
    """The area between two curves."""

    parts = ("x", "low", "high")

    def visible(self):
        """The outline in pixels."""
        x, low, high = self.data
        below, above = self.pixels(x, low, np.inf), self.pixels(x, high, np.inf)
        return _area(below[:, 0], below[:, 1], above[:, 1], self.box, self.coarse)

    def svg(self):
        """What is visible, as SVG; an empty string if nothing is."""
        data, parts = svg.path(self.visible())
        return data and f'<path d="{data}" transform="scale({1 / parts})" fill="{self.color}" fill-opacity="0.25"/>'

    def still(self):
        """What is visible, as artists added to the axes."""
        outline = self.visible()
        parts = np.split(outline, np.flatnonzero(np.isnan(outline[:, 0])))
        opacity = 0.25 * colors.to_rgba(self.color)[3]  # as in the page
        style = {"color": self.color, "alpha": opacity, "linewidth": 0, "transform": self.from_pixels}
        parts = [part[np.isfinite(part[:, 0])] for part in parts]
        return [self.ax.add_artist(Polygon(part, **style)) for part in parts if len(part)]


def _area(x, low, high, box, coarse=1):
    """Outline of the area between two curves over x, all in pixels; a gap where one of the three is nan.

    coarse   of many values, those of so many pixels side by side are drawn as one
    """
    x, low, high = (np.clip(values, -svg.FARTHEST, svg.FARTHEST) for values in (x, low, high))
    order = _from_left(x)
    x, low, high = x[order], low[order], high[order]
    there = np.isfinite(x + low + high)
    edges = np.flatnonzero(np.diff(there, prepend=False, append=False)).reshape(-1, 2)
    parts = []
    for x_, low_, high_ in (_columns(coarse, *_between(box, x[a:b], low[a:b], high[a:b])) for a, b in edges.tolist()):
        outline = np.column_stack([np.append(x_, x_[::-1]), np.append(low_, high_[::-1])])
        parts += [outline, np.full((1, 2), np.nan)]
    return np.concatenate([svg.NONE, *parts[:-1]])


def _from_left(x):
    """The order in which x ascends; of equal ones, as at a step, that which came last comes last, from either side."""
    steps = np.diff(x[~np.isnan(x)])
    if (steps >= 0).all():
        return slice(None)
    return slice(None, None, -1) if (steps <= 0).all() else np.argsort(x, kind="stable")


def _between(box, x, *curves):
    """Curves over ascending x, cut where they leave the box to the left and to the right."""
    cut = np.clip(x, box[0] - svg.MARGIN, box[2] + svg.MARGIN)
    return cut, *(np.clip(np.where(cut == x, y, np.interp(cut, x, y)), -FAR, FAR) for y in curves)


def _columns(coarse, x, low, high):
    """The same band with at most one value for each `coarse` columns of pixels, if it has many; y grows downwards."""
    if len(x) <= svg.MANY / coarse:
        return x, low, high
    starts = np.flatnonzero(np.diff(np.rint(x / coarse), prepend=np.nan) != 0)
    below, above = np.maximum(low, high), np.minimum(low, high)
    return x[starts], np.maximum.reduceat(below, starts), np.minimum.reduceat(above, starts)
