"""The map of a quadratic over learning rate and beta: colours from runs of every pair, lines from the formulas."""

import math

import matplotlib
import numpy as np
from matplotlib import patheffects
from matplotlib.ticker import FixedLocator, MaxNLocator
from matplotlib.transforms import ScaledTranslation

from course_utils import plots, theory
from course_utils.descent import descend
from course_utils.explorers.directions import along, measured_rate
from course_utils.optimizers import Momentum
from course_utils.problems import Quadratic
from course_utils.rendering import Renderer

PAIRS = 141, 91  # learning rates and betas of the sweep
HALO = [patheffects.withStroke(linewidth=3, foreground="white")]
APART = 4  # pixels between two labels of the learning rate, at least
GAPS = [digit * 10.0**-power for power in range(1, 8) for digit in (8, 6, 4, 3, 2, 1.5, 1)]  # 1 - rate, round numbers


def sweep(problem, w0, steps, lrs, betas):
    """measured_rate of a run for every pair (betas, lrs), all in one call of descend.

    They run along the eigenvectors from the minimum, where it is at 0: beside another one, rounding would end them.
    """
    centred, start = Quadratic(problem.eigen[0]), along(problem, w0)
    return measured_rate(descend(centred, Momentum(lrs, np.asarray(betas)[:, None]), start, steps, every=50))


def beside_one(x, places=3):
    """A rate or beta with so many decimals, or as many more as it takes for what is not 1 not to read as 1."""
    one = math.isclose(x, 1, rel_tol=1e-12)
    return next(told for more in range(15) if float(told := f"{x:.{places + more}f}") != 1 or one)


def rates_to_draw(best, count=4):
    """Round rates between the best one and 1, each well nearer to 1 than the last."""
    chosen, room = [], 0.85 * (1 - best)
    for gap in GAPS:
        if gap <= room and len(chosen) < count:
            chosen.append(round(1 - gap, 10))
            room = 0.62 * gap
    return chosen


def level_curve(rate, mu, L, count=100):
    """(lr, beta) of the pairs with this rate: lr c = (1 - r) (1 - beta/r), from r^2 - (1 + beta - lr c) r + beta = 0.

    On the left the flat direction has the root r = rate, on the right the steep one r = -rate; in between, at
    beta = rate^2, both swing.
    """
    beta = np.linspace(0, rate**2, count)
    left, right = ((1 - r) * (1 - beta / r) / c for r, c in ((rate, mu), (-rate, L)))
    there = left <= right
    return np.append(left[there], right[there][::-1]), np.append(beta[there], beta[there][::-1])


def draw_map(ax, problem, measured, lrs, betas, steps):
    """Colours for the measured rates (betas, lrs), lines for the theory's rates, regimes, limit and best pair."""
    mu, L = problem.mu, problem.L
    levels = rates_to_draw(theory.momentum_best_rate(L / mu))
    ax.set(xscale="log", xlim=(lrs[0], lrs[-1]), ylim=(betas[0], betas[-1]), xlabel="learning rate lr", ylabel="beta")
    ax.set_title("rate: colours measured, lines by theory", fontsize=10)
    plots.plain_log(ax.xaxis)
    label_rates(ax)
    ax.grid(False)
    blues = matplotlib.colormaps["Blues_r"](np.linspace(0.25, 0.95, len(levels) + 1))
    bands = ax.contourf(lrs, betas, np.minimum(measured, 2), levels=[0, *levels, 1, 3], colors=[*blues, "#fdd0a2"])
    rates = [_draw_level(ax, rate, mu, L) for rate in levels]
    limit = _draw_limit(ax, L)
    flat = _draw_critical(ax, "flat", mu, "--", "flat swings\nabove ", ("right", "top"))
    steep = _draw_critical(ax, "steep", L, "-.", " steep swings above", ("left", "bottom"))
    cross, best = _draw_best(ax, problem)
    _label(ax, [best, limit, flat, steep, *rates], cross)
    _note(ax, problem, measured, lrs, betas, steps)
    return bands


@np.errstate(over="ignore")
def label_rates(ax):
    """Ticks at the first of `_rounds` whose labels stand apart; one that would be cut off at the right moves left."""
    (low, high), fig = ax.get_xlim(), ax.get_figure()
    for places in _rounds(low, high):
        within = places[(places > low * (1 - 1e-9)) & (places < high * (1 + 1e-9))]
        if 1 < len(within) == len({f"{x:g}" for x in within}):
            edges = _edges(ax, within)
            moved = np.minimum(fig.bbox.x1 - 1 - edges[:, 1:], 0)
            if (np.diff((edges + moved).ravel())[1::2] > APART).all():
                break
    else:
        within, moved = [low], np.zeros(1)
    ax.xaxis.set_major_locator(FixedLocator(within))
    for label, x in zip(ax.get_xticklabels(), np.ravel(moved), strict=True) if moved.any() else ():  # makes all ticks
        label.set_transform(label.get_transform() + ScaledTranslation(x / fig.dpi, 0, fig.dpi_scale_trans))


def _edges(ax, places):
    """Where the labels of ticks at these places begin and end, in pixels: an array (n, 2)."""
    renderer, font = Renderer(1, 1, ax.get_figure().dpi), ax.xaxis.majorTicks[0].label1.get_fontproperties()
    words = map(ax.xaxis.get_major_formatter(), places)
    wide = [renderer.get_text_width_height_descent(word, font, False)[0] for word in words]
    middles = ax.transData.transform([(x, 1) for x in places])[:, 0]
    return middles[:, None] + np.outer(wide, [-0.5, 0.5])


def _rounds(low, high):
    """Round numbers from below `low` to above `high`, ever fewer: powers of ten and between, then evenly apart."""
    powers = np.arange(np.floor(np.log10(low)), np.floor(np.log10(high)) + 1)
    for digits in ((1, 2, 5), (1, 3)) if high / low < 1000 else ():
        yield np.outer(10.0**powers, digits).ravel()
    for every in range(1, len(powers)):
        yield 10.0 ** powers[powers % every == 0]
    for count in range(8, 0, -1):
        yield MaxNLocator(count, steps=[1, 2, 5, 10]).tick_values(low, high)


def _draw_level(ax, rate, mu, L):
    """The line of this rate; places for its label, from the middle of the part where both directions swing."""
    lr, beta = level_curve(rate, mu, L)
    ax.plot(lr, beta, color="black", linewidth=0.8)
    order = np.argsort(-beta, kind="stable")  # from the two ends of the level part downwards
    level = np.geomspace(*lr[order[:2]], 9), np.full(9, rate**2)
    points = zip(*np.hstack([level, (lr[order], beta[order])]), strict=True)
    middle = (1 - rate**2) / np.sqrt(mu) / np.sqrt(L), rate**2
    return [(f"{rate:.10g}", *point, "center", "center") for point in (middle, *points)]


def _draw_limit(ax, L):
    """The line beyond which runs diverge; places for its label, in the hatched area or, if that is narrow, before."""
    beta = np.linspace(*ax.get_ylim(), 50)
    limit, (left, right) = theory.momentum_limit(beta, L), ax.get_xlim()
    ax.plot(limit, beta, color="black", linewidth=2)
    with matplotlib.rc_context({"hatch.linewidth": 0.5}):
        ax.fill_betweenx(beta, limit, right, facecolor="none", hatch="//", edgecolor="#a63603", linewidth=0)
    if limit[0] >= right:
        return []
    words, middle = "diverges\nbeyond\n2 (1 + beta) / L", np.sqrt(np.maximum(limit, left)) * np.sqrt(right)
    within = [(np.sqrt(limit[0]) * np.sqrt(right) * 1.06, 0.12), *zip(middle, beta, strict=True)]
    before = zip(limit, beta, strict=True)
    return [(words, *point, "center", "center") for point in within] + [
        (words, *point, "right", "center") for point in before
    ]


def _draw_critical(ax, name, c, style, words, side):
    """The line of critical damping of one direction; places for its words, from that end on and first on that side."""
    lr = np.geomspace(*ax.get_xlim(), 300)
    lr = lr[lr * c < 4]  # beyond, beta would be above 1
    beta = theory.critical_beta(lr, c)
    if len(lr):
        ax.plot(lr, beta, linestyle=style, color=plots.COLORS[name], path_effects=HALO)
    points = list(zip(lr, beta, strict=True))[:: -5 if side[0] == "right" else 5]
    return [(words, *point, *way) for way in (side, ("left", "bottom"), ("right", "top")) for point in points]


def _draw_best(ax, problem):
    """The cross at the best pair, and places for its label."""
    best = theory.momentum_best(problem.mu, problem.L)
    (cross,) = ax.plot(*best, "x", color="black", markersize=9, markeredgewidth=2.5, path_effects=HALO)
    rate = beside_one(np.sqrt(best[1]))
    ways = (f"   best\n   {rate}", "left"), (f"best   \n{rate}   ", "right")
    return cross, [(words, *best, ha, va) for va in ("center", "bottom", "top") for words, ha in ways]


def _note(ax, problem, measured, lrs, betas, steps):
    """The map in words."""
    row, column = np.unravel_index(measured.argmin(), measured.shape)
    lr, beta = theory.momentum_best(problem.mu, problem.L)
    found, best = beside_one(measured[row, column]), beside_one(np.sqrt(beta))
    plots.note(ax, f"Mean factor per step over {steps} steps, measured for {measured.size} pairs of lr and beta: "
               f"smallest, {found}, at lr = {lrs[column]:.3g}, beta = {betas[row]:.2f}. In the long run, by theory: "
               f"smallest, {best}, at lr = {lr:.3g}, beta = {beside_one(beta, 2)}. "
               "Beyond lr = 2 (1 + beta) / L, hatched, runs diverge.")  # fmt: skip


def _label(ax, labels, cross):
    """Write each label at the first of its places, (words, x, y, ha, va), that is free; at none if there is none.

    Free is what lies in the frame and covers neither the labels before nor the cross, to which the first one belongs.
    """
    taken, frame, renderer = [], ax.bbox.padded(2), Renderer(1, 1, ax.get_figure().dpi)
    for places in labels:
        text, boxes = ax.text(0, 0, "", fontsize=9, color="black", path_effects=HALO), {}
        for words, x, y, *way in places:
            if not ax.viewLim.contains(x, y):
                continue
            at = ax.transData.transform((x, y))
            text.set(text=words, position=(x, y), ha=way[0], va=way[1])
            if (words, *way) not in boxes:
                boxes[words, *way] = text.get_window_extent(renderer).translated(*-at)
            box = boxes[words, *way].translated(*at)
            if frame.contains(*box.min) and frame.contains(*box.max) and not box.count_overlaps(taken):
                taken += [box, cross.get_window_extent(renderer)]
                break
        else:
            text.remove()
