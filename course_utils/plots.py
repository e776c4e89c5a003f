"""Pictures of runs. Each draw_* adds one thing to an axes, returns its artists and notes a sentence about it.

`show` displays a figure together with those sentences: they are its alt text, a text below it, and what nbval
compares, since it does not compare pictures.
"""

import html
import io

import matplotlib
import numpy as np
from matplotlib.image import imsave
from matplotlib.ticker import NullLocator

from course_utils.alt_text import described
from course_utils.drawing import STYLE, Styled, drawn

# Okabe and Ito's colours, told apart by colour-blind readers; a line style goes with each.
COLORS = {
    "gd": "#0072B2",
    "sgd": "#D55E00",
    "momentum": "#009E73",
    "nesterov": "#CC79A7",
    "adam": "#E69F00",
    "steep": "#D55E00",
    "flat": "#0072B2",
    "theory": "#000000",
    "muted": "#767676",
}
LEGEND = {"facecolor": "white", "labelcolor": "black"}  # of ax.legend, readable in a dark style of Matplotlib too
HUGE = 1e100  # what is larger is left out: a run that far gone would only overflow the axis


def panels(columns=1, rows=1, width=4.8, height=3.6, title=None):
    """A figure in the course's style and its axes: one, or an array of columns, or of rows x columns."""
    with matplotlib.rc_context(STYLE):
        fig = Styled(figsize=(width * columns, height * rows), layout="constrained")
        axes = fig.subplots(rows, columns)
    if title:
        fig.suptitle(title, color="black")  # as the rest of the course's style
    return fig, axes


def plain_log(*axes):
    """Plain numbers at powers of ten and no ticks between, on log axes such as ax.yaxis: drawn in half the time."""
    for axis in axes:
        axis.set_major_formatter("{x:g}")
        axis.set_minor_locator(NullLocator())


def draw_contours(ax, problem, w1=(-5, 5), w2=(-2, 2), levels=12):
    """Lines of equal loss over a window of two parameters, None if it is level; a cross on a known minimum."""
    a, b = np.linspace(*w1, 121), np.linspace(*w2, 121)
    w = np.stack(np.meshgrid(a, b), -1)
    star = getattr(problem, "w_star", None)
    with np.errstate(all="ignore"):
        if hasattr(problem, "eigen"):  # a quadratic is known by its curvature, however many examples it has
            c, Q = problem.eigen
            loss = getattr(problem, "min_loss", 0.0) + ((w - star) @ Q) ** 2 @ c / 2
            star = star if c[0] >= -1e-6 * c[-1] else None  # of a saddle or a maximum
        else:
            loss = np.array([problem.loss(row) for row in w])  # a row fits into the cache
    loss, lines = drawable(loss), None
    known = loss[np.isfinite(loss)]
    heights = known.min() + np.ptp(known) * np.linspace(0.03, 0.97, levels) ** 2 if known.size else np.zeros(2)
    if (np.diff(heights, append=np.inf) > 0).all() and heights[0] > known.min():
        lines = ax.contour(a, b, loss, levels=heights, cmap="Greys_r")
        lines.set(linewidths=0.9, alpha=0.8)
    if star is not None:
        ax.plot(*star, "+", color=COLORS["theory"], markersize=11, markeredgewidth=2, zorder=4)
    ax.set(xlabel="w1", ylabel="w2", xlim=w1, ylim=w2)
    ax.locator_params(nbins=6)
    at = "" if star is None else f", minimum at ({number(star[0])}, {number(star[1])})"
    window = f"for w1 from {w1[0]:g} to {w1[1]:g} and w2 from {w2[0]:g} to {w2[1]:g}"
    note(ax, f"{'Contours' if lines else 'No contours'} of the loss {window}{at}.")
    return lines


def draw_path(ax, run, label=None, color=COLORS["gd"], marker="o"):
    """The iterates of one run in the plane of its two parameters; what leaves the window is cut off."""
    if run.w.ndim != 2 or run.w.shape[1] != 2:
        raise ValueError(f"draw_path draws one run of two parameters: run.w (rows, 2), got {run.w.shape}")
    w = drawable(run.w)
    (line,) = ax.plot(w[:, 0], w[:, 1], marker=marker, markersize=3.5, linewidth=1.3, color=color, label=label)
    ax.plot(*w[0], "o", markersize=8, markerfacecolor="white", markeredgecolor=color, zorder=3)
    start, end = (", ".join(map(number, run.w[row])) for row in (0, -1))
    note(ax, f"Path {quoted(label)} of {run.steps[-1]} steps from ({start}) to ({end}).")
    return line


def draw_loss(ax, run, label=None, color=None, against="steps", above=0.0, **style):
    """The loss of a run, minus `above`, on a log axis against "steps" or "evaluations" (gradients of one example)."""
    if against not in ("steps", "evaluations"):
        raise ValueError(f"against must be 'steps' or 'evaluations', got {against!r}")
    if run.loss.ndim != 1:
        raise ValueError(f"draw_loss draws one run: run.loss (rows,), got {run.loss.shape}")
    x, y = {"steps": run.steps, "evaluations": run.evaluations}[against], run.loss - above
    (line,) = ax.plot(x, np.where(y > 0, drawable(y), np.nan), color=color, label=label, **style)
    xlabel = {"steps": "step", "evaluations": "gradient evaluations (examples)"}[against]
    ax.set(yscale="log", xlabel=xlabel, ylabel="loss above the minimum" if above else "loss")
    end = f"diverged at step {run.diverged_at}" if run.diverged_at is not None else f"ends at {number(y[-1], True)}"
    note(ax, f"Loss {quoted(label)} against {against}: starts at {number(y[0], True)}, {end} after {x[-1]} {against}.")
    return line


def draw_curve(ax, x, y, label=None, color=None, **style):
    """A line through (x, y)."""
    x, y = drawable(x), drawable(y)
    (line,) = ax.plot(x, y, color=color, label=label, **style)
    note(ax, lambda: f"Curve {quoted(label)}: {summary(x, y, ax.get_yscale() == 'log')}.")
    return line


def draw_points(ax, x, y, label=None, color=None, **style):
    """Single points (x, y)."""
    x, y = drawable(x), drawable(y)
    style = {"linestyle": "none", "marker": "o", "markersize": 4, "color": color, "label": label, **style}
    (points,) = ax.plot(x, y, **style)
    note(ax, lambda: f"{np.size(x)} points {quoted(label)}: {summary(x, y, ax.get_yscale() == 'log')}.")
    return points


def draw_band(ax, x, low, high, label=None, color=None):
    """A filled band between low and high, each of them values at x or one number."""
    x, low, high = np.broadcast_arrays(*(np.atleast_1d(drawable(part)) for part in (x, low, high)))
    band = ax.fill_between(x, low, high, alpha=0.25, color=color, label=label, linewidth=0)
    seen = np.flatnonzero(np.isfinite(x + low + high))
    ends = f"at the end from {number(low[seen[-1]])} to {number(high[seen[-1]])}" if seen.size else "no finite value"
    note(ax, f"Band {quoted(label)}, {ends}.")
    return band


def mark(ax, x, label, color=COLORS["theory"]):
    """A dashed vertical line at x, such as a theoretical limit, with its label at the top; none for inf."""
    return _dashed(ax, "Vertical", float(x), label, color)


def level(ax, y, label, color=COLORS["theory"]):
    """A dashed horizontal line at y, such as a noise floor, with its label at the right; none for inf."""
    return _dashed(ax, "Horizontal", float(y), label, color)


def _dashed(ax, way, at, label, color):
    note(ax, f"{way} line {quoted(label)} at {number(at)}.")
    if not np.isfinite(at):
        return None
    style = {"textcoords": "offset points", "fontsize": 10, "color": "black", "annotation_clip": True}
    if way == "Vertical":
        line, place, coords, shift = ax.axvline, (at, 1), ("data", "axes fraction"), {"xytext": (3, -3), "va": "top"}
    else:
        line, place, coords, shift = ax.axhline, (1, at), ("axes fraction", "data"), {"xytext": (-3, 3), "ha": "right"}
    ax.annotate(label, place, xycoords=coords, **style, **shift)
    return line(at, color=color, linestyle="--", linewidth=1.3)


def drawable(values):
    """The values with nan in place of what is masked, not finite or larger than HUGE."""
    values = np.ma.filled(np.ma.asarray(values).astype(float), np.nan)
    return np.where(np.abs(values) <= HUGE, values, np.nan)


def number(x, log=False):
    """Three significant digits, so that another machine writes the same; on a log axis 0 is nowhere."""
    return ("less than 1e-12" if log else "0") if abs(x) < 1e-12 else f"{float(x):.3g}"


def quoted(label):
    return f"'{label}'" if label else "without a label"


def summary(x, y, log=False):
    """Where a set of points starts, ends, and first comes within a millionth (or 1e-12) of its extremes, in words."""
    x, y = np.ravel(x), np.ravel(y)
    fine = np.isfinite(x) & np.isfinite(y)
    if not fine.any():
        return "no finite value"
    x, y = x[fine], y[fine]
    x = np.where(np.abs(x) < 1e-15 * np.abs(x).max(), 0, x)  # rounding errors; a log axis may well begin at 1e-13
    low, high = (np.isclose(y, end, rtol=1e-6, atol=1e-12).argmax() for end in (y.min(), y.max()))
    return (
        f"from ({x[0]:.3g}, {number(y[0], log)}) to ({x[-1]:.3g}, {number(y[-1], log)}), "
        f"lowest ({x[low]:.3g}, {number(y.min(), log)}), highest ({x[high]:.3g}, {number(y.max(), log)})"
    )


def note(ax, sentence):
    """Add a sentence, or a function that gives it when all is drawn, to the description of an axes."""
    ax.notes = [*getattr(ax, "notes", []), sentence]


def describe(fig):
    """The figure in words: each panel's title, axes and notes."""
    parts = [fig.get_suptitle()] if fig.get_suptitle() else []
    bars = [ax for ax in fig.axes if hasattr(ax, "_colorbar")]
    drawn_in = [ax for ax in fig.axes if ax not in bars]
    for ax in drawn_in + bars:
        name = "Colour bar" if ax in bars else f"Panel {drawn_in.index(ax) + 1}" if len(drawn_in) > 1 else "Picture"
        title = f" ({ax.get_title()})" if ax.get_title() else ""
        axes = " against ".join(s for s in (ax.get_ylabel(), ax.get_xlabel()) if s)
        parts.append(f"{name}{title}: {axes}. " + " ".join(n() if callable(n) else n for n in getattr(ax, "notes", [])))
    return "\n".join(parts)


def png(fig, dpi=110):
    """The figure as PNG bytes; no date or version in it, so the same picture gives the same bytes."""
    buffer = io.BytesIO()
    imsave(buffer, drawn(fig, dpi), format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()


def show(fig):
    """Display the figure, its description as alt text, and the same description as text that can be unfolded."""
    from IPython.display import display  # here, so that tests and scripts need no notebook

    words = describe(fig)
    data, metadata = described(png(fig), words)
    display(data, metadata=metadata, raw=True)
    unfold = f"<details><summary>The figure in words</summary>{html.escape(words).replace(chr(10), '<br>')}</details>"
    display({"text/html": unfold, "text/plain": "(the figure in words, as above)"}, raw=True)
