"""The map of a quadratic over learning rate and beta: colours from runs of every pair, lines from the formulas."""

import matplotlib
import numpy as np
from matplotlib import patheffects
from matplotlib.ticker import LogLocator

from course_utils import plots, theory
from course_utils.descent import descend
from course_utils.explorers.directions import along, measured_rate
from course_utils.optimizers import Momentum
from course_utils.problems import Quadratic

PAIRS = 141, 91  # learning rates and betas of the sweep
HALO = [patheffects.withStroke(linewidth=3, foreground="white")]
GAPS = [digit * 10.0**-power for power in range(1, 8) for digit in (8, 6, 4, 3, 2, 1.5, 1)]  # 1 - rate, round numbers


def sweep(problem, w0, steps, lrs, betas):
    """measured_rate of a run for every pair (betas, lrs), all in one call of descend.

    They run along the eigenvectors from the minimum, where it is at 0: beside another one, rounding would end them.
    """
    centred, start = Quadratic(problem.eigen[0]), along(problem, w0)
    return measured_rate(descend(centred, Momentum(lrs, np.asarray(betas)[:, None]), start, steps, every=50))


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
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    plots.plain_log(ax.xaxis)
    ax.grid(False)
    blues = matplotlib.colormaps["Blues_r"](np.linspace(0.25, 0.95, len(levels) + 1))
    bands = ax.contourf(lrs, betas, np.minimum(measured, 2), levels=[0, *levels, 1, 3], colors=[*blues, "#fdd0a2"])
    _draw_levels(ax, levels, mu, L)
    _draw_limit(ax, L)
    _draw_critical(ax, "flat", mu, "--", "flat swings\nabove ", ("right", "top"))
    _draw_critical(ax, "steep", L, "-.", " steep swings above", ("left", "bottom"))
    _draw_best(ax, problem)
    _note(ax, problem, measured, lrs, betas, steps)
    return bands


def _draw_levels(ax, levels, mu, L):
    for rate in levels:
        ax.plot(*level_curve(rate, mu, L), color="black", linewidth=0.8)
        middle = (1 - rate**2) / np.sqrt(mu) / np.sqrt(L)  # of the part where both directions swing
        _label(ax, (middle, rate**2), f"{rate:.10g}", "center", "center")


def _draw_limit(ax, L):
    beta = np.linspace(*ax.get_ylim(), 50)
    limit, right = theory.momentum_limit(beta, L), ax.get_xlim()[1]
    ax.plot(limit, beta, color="black", linewidth=2)
    with matplotlib.rc_context({"hatch.linewidth": 0.5}):
        ax.fill_betweenx(beta, limit, right, facecolor="none", hatch="//", edgecolor="#a63603", linewidth=0)
    _label(
        ax, (np.sqrt(limit[0]) * np.sqrt(right) * 1.06, 0.12), "diverges\nbeyond\n2 (1 + beta) / L", "center", "center"
    )


def _draw_critical(ax, name, c, style, words, side):
    """The line of critical damping of one direction, with words at that end and on that side of it."""
    lr = np.geomspace(*ax.get_xlim(), 300)
    lr = lr[lr * c < 4]  # beyond, beta would be above 1
    if not len(lr):
        return
    beta = theory.critical_beta(lr, c)
    ax.plot(lr, beta, linestyle=style, color=plots.COLORS[name], path_effects=HALO)
    end = -1 if side[0] == "right" else 0
    _label(ax, (lr[end], beta[end]), words, *side)


def _draw_best(ax, problem):
    best = theory.momentum_best(problem.mu, problem.L)
    ax.plot(*best, "x", color="black", markersize=9, markeredgewidth=2.5, path_effects=HALO)
    _label(ax, best, f"   best\n   {np.sqrt(best[1]):.3f}", "left", "center")


def _note(ax, problem, measured, lrs, betas, steps):
    """The map in words."""
    row, column = np.unravel_index(measured.argmin(), measured.shape)
    lr, beta = theory.momentum_best(problem.mu, problem.L)
    plots.note(ax, f"Mean factor per step over {steps} steps, measured for {measured.size} pairs of lr and beta: "
               f"smallest, {measured[row, column]:.3f}, at lr = {lrs[column]:.3g}, beta = {betas[row]:.2f}. In the "
               f"long run, by theory: smallest, {np.sqrt(beta):.3f}, at lr = {lr:.3g}, beta = {beta:.2f}. "
               "Beyond lr = 2 (1 + beta) / L, hatched, runs diverge.")  # fmt: skip


def _label(ax, place, words, ha, va):
    """Words with a white edge, left out where their place is outside the axes."""
    (x, y), (left, right), (low, high) = place, ax.get_xlim(), ax.get_ylim()
    if left <= x <= right and low <= y <= high:
        ax.text(x, y, words, ha=ha, va=va, fontsize=9, color="black", path_effects=HALO)
