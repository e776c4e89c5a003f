"""The picture of a descent: its path on the contours, and its loss against steps, epochs or seconds."""

import numpy as np

from course_utils import plots
from course_utils.explorers.live_figure import LiveFigure

MEASURES = {"steps": "step", "epochs": "epochs (n gradients each)", "seconds": "seconds on this machine"}
LONGEST = 10_000_000  # steps of a run that is drawn: 0.2 GB
YOURS = {"width": 4, "dashes": "2 6"}  # the line of the learner's run, beside ours
IN_LEGEND = {"linestyle": ":", "linewidth": 3, "label": "yours"}  # the same to Matplotlib
FASTEST, SLOWEST = 1e-5, 1e-4  # seconds a step: between these the axis of seconds has room


def work(run, against):
    """What a run had cost at each of its rows: `against` is one of MEASURES."""
    if against == "epochs":
        return run.evaluations / run.problem.n
    return run.steps * (1.0 if against == "steps" else run.seconds / max(run.steps[-1], 1))


def minimum_known(problem):
    """Whether the problem tells its least loss, or where it is; if not, the loss stands as it is."""
    return hasattr(problem, "min_loss") or getattr(problem, "w_star", None) is not None


def least_loss(problem):
    """The loss at the minimum of a problem that knows its `min_loss` or its `w_star`; 0 if it knows neither."""
    at = getattr(problem, "w_star", None)
    with np.errstate(all="ignore"):
        return float(getattr(problem, "min_loss", 0.0 if at is None else problem.loss(np.asarray(at, float))))


def above(run):
    """The run's loss above the minimum, which rounding does not take below 0; the loss where none is known."""
    return np.maximum(run.loss - least_loss(run.problem), 0 if minimum_known(run.problem) else -np.inf)


def descent_figure(problem, window, method, start, against, most, epochs=None, yours=False, lowest=None):
    """A LiveFigure with the lines "path", "loss", "start" and "floor", the words "floor is", and with yours two more.

    method  of plots.COLORS: "gd", "sgd" or "momentum"
    start   loss above the minimum of the first point; the axis has room for 30 times and for a millionth
    most    steps of the longest run; epochs of every run, if batches differ in size
    lowest  the least loss of the first run, for a linear axis: a loss below 0 has no place on a log axis
    """
    fig, (left, right) = plots.panels(2, width=4.2, height=3.4)
    color, other = plots.COLORS[method], plots.COLORS["gd" if method == "sgd" else "sgd"]
    plots.draw_contours(left, problem, *window)
    right.set(ylabel="loss above the minimum" if minimum_known(problem) else "loss", xlabel=MEASURES[against])
    right.set(**_heights(problem, start, lowest), **_extent(against, most, epochs))
    plots.plain_log(*(axis for axis in (right.yaxis, right.xaxis) if axis.get_scale() == "log"))
    if yours:
        right.plot([], [], color=color, label="ours")
        right.plot([], [], color=other, **IN_LEGEND)
        right.legend(loc="upper right", **plots.LEGEND)
    figure = LiveFigure(fig, "Contours of the loss on the left, the loss of the run on the right.")
    figure.line("start", right, plots.COLORS["muted"], width=1, dashes="1 3")
    figure.line("path", left, color, width=1.3, dots=True)
    figure.line("loss", right, color)
    figure.line("minimum", left, plots.COLORS["theory"])
    figure.line("floor", right, plots.COLORS["theory"], width=1.3, dashes="6 4")
    figure.text("floor is", right, plots.COLORS["theory"])
    if yours:
        figure.line("yours path", left, other, dashes="2 4")
        figure.line("yours loss", right, other, **YOURS)
    figure.move(figure.alt, minimum=_cross(problem, *window))
    return figure


def level_lines(figure, start, floor):
    """The data of "start", "floor" and its words, for losses above the minimum; no floor for None, 0 or inf."""
    x = np.array(figure.fig.axes[1].get_xlim())
    lines = {"start": (x, start), "floor": ([], []), "floor is": ([], [], "")}
    if floor and np.isfinite(floor):
        lines |= {"floor": (x, floor), "floor is": (x[1:], floor, "floor by formula")}
    return lines


def _heights(problem, start, lowest):
    if lowest is not None:
        span = max(start - lowest, 1e-3 * abs(start), 1e-12)
        return {"ylim": (lowest - span / 2, start + span / 4)}
    nothing = max(1e-290, 1e-15 * abs(least_loss(problem)))  # rounding
    start = start if start > nothing else 1e-12  # a log axis has no room for 0
    return {"yscale": "log", "ylim": (start * 1e-6, start * 30)}


def _extent(against, most, epochs):
    if against == "seconds":
        return {"xscale": "log", "xlim": (FASTEST, max(SLOWEST * most, 10 * FASTEST))}
    if against == "steps" and epochs:
        return {"xscale": "log", "xlim": (1, max(most, 2))}
    return {"xlim": (0, epochs if against == "epochs" and epochs else most)}


def _cross(problem, w1, w2):
    """A cross on the minimum as a line (x, y) with a gap, on top of the path, which may end there; else nothing."""
    star = getattr(problem, "w_star", None)
    if star is None:
        return [], []
    (a, b), (da, db) = star, (0.02 * (w1[1] - w1[0]), 0.02 * (w2[1] - w2[0]))
    return [a - da, a + da, np.nan, a, a], [b, b, np.nan, b - db, b + db]
