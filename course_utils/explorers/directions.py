"""A quadratic taken apart into its eigen-directions: one colour for each, and what each adds to the loss of a run."""

import numpy as np
from matplotlib.patches import Patch

from course_utils import plots

NAMES = {2: ("flat", "steep"), 3: ("flat", "muted", "steep")}  # colours of plots, by ascending curvature
PLACES = {2: ("below", "on top"), 3: ("below", "between", "on top")}
TINY = 1e-290  # near the smallest floats, which have fewer digits
IN_A_ROW = {"loc": "lower right", "bbox_to_anchor": (1, 1), "frameon": False, "borderpad": 0.3, "borderaxespad": 0}
IN_A_ROW |= {"handlelength": 0.8, "handletextpad": 0.3, "columnspacing": 0.7}
AT_REST = 1e-9  # of the whole distance: a direction that starts so near its minimum takes no part in a run


def along(problem, w):
    """Positions along the eigenvectors (..., d), measured from the minimum."""
    with np.errstate(invalid="ignore"):  # inf - inf: the run has left the range of floats
        return (w - problem.w_star) @ problem.eigen[1]


def measured_rate(run):
    """Mean factor per step, over the whole run, of the direction that shrank least: the largest |x_T / x_0|^(1/T).

    Several runs from one start give an array. No run comes nearer to its minimum than rounding allows; where x
    becomes too small for a float of full precision, T is the last recorded step before.
    """
    x = np.abs(along(run.problem, run.w))
    start, last = x[0], len(x) - 1 - (~(x[:0:-1] <= TINY)).argmax(0)
    end, steps = np.take_along_axis(x, last[None], 0)[0], run.steps[last]
    moves = start > AT_REST * np.linalg.norm(start, axis=-1, keepdims=True)
    root = 1 / steps  # of each alone: their ratio can leave the range of floats
    factor = np.divide(end**root, start**root, out=np.zeros_like(end), where=moves)
    return np.where(np.isnan(factor), np.inf, factor).max(-1)


class Directions:
    """The shares of the loss as bands stacked on `ax`, the flattest direction below, the steepest on top.

    A share is read off a linear axis from 0 to 1, so that the heights add up at every step of a run whose loss
    falls by many powers of ten. On a log axis a band's height would depend on what lies below it.

    ax       is labelled at once, with a legend above it, before a LiveFigure is made of its figure; `add_to(figure)`
             then adds the bands, and figure.move(..., **bands(run)) moves them
    problem  a quadratic of two or three parameters
    """

    def __init__(self, ax, problem):
        count = len(problem.eigen[0]) if hasattr(problem, "eigen") else 0
        if count not in NAMES:
            raise ValueError(f"directions have colours for a quadratic of two or three parameters, got {problem!r}")
        self.ax, self.problem = ax, problem
        self.colors = [plots.COLORS[name] for name in NAMES[count]]
        self.names = [{"muted": ""}.get(name, f"{name}, ") for name in NAMES[count]]
        self.names = [f"{name}c = {c:.3g}" for name, c in zip(self.names, problem.eigen[0], strict=True)]
        ax.set(ylim=(0, 1), ylabel="share of the loss")
        colors = [{"facecolor": (color, 0.25), "edgecolor": color} for color in self.colors]  # as the bands'
        labels = [f"{place}: {name}" for place, name in zip(PLACES[count], self.names, strict=True)]
        handles = [Patch(label=label, **style) for label, style in zip(labels, colors, strict=True)]
        ax.legend(handles=handles, ncols=count, fontsize=11 - count, **IN_A_ROW, **plots.LEGEND)

    def add_to(self, figure):
        """Add the bands, and a line where two of them meet, to the live figure of `ax`."""
        for k, color in enumerate(self.colors):
            figure.band(f"direction {k}", self.ax, color)
            figure.line(f"edge {k}", self.ax, color, width=1.5)

    def losses(self, run):
        """What each direction adds to the loss above its minimum, (rows, d): c x^2 / 2."""
        with np.errstate(over="ignore"):
            return self.problem.eigen[0] * along(self.problem, run.w) ** 2 / 2

    def shares(self, run):
        """What part of the loss each direction holds, (rows, d); nan where the loss is zero or infinite."""
        x = np.abs(along(self.problem, run.w))
        with np.errstate(all="ignore"):
            part = self.problem.eigen[0] * (x / x.max(-1, keepdims=True)) ** 2  # scaled: squares do not overflow
            return part / part.sum(-1, keepdims=True)

    def bands(self, run, rows=None):
        """The run, or its first rows, as data for figure.move, for everything that `add_to` has added."""
        tops, steps = np.cumsum(self.shares(run), axis=-1)[:rows].T, run.steps[:rows]
        data, last = {}, len(tops) - 1
        for k, top in enumerate(tops):
            data[f"direction {k}"] = steps, tops[k - 1] if k else 0 * top, top
            data[f"edge {k}"] = (steps, top) if k < last else ([], [])
        return data
