"""Learning rate and beta chosen on a map of the rate; beside it the run they make, taken apart by direction."""

import numpy as np

from course_utils import plots, theory
from course_utils.arguments import flag, low_high, number, numbers, run_length, shaped
from course_utils.descent import descend
from course_utils.explorers import descent_words as words
from course_utils.explorers.beside import Beside
from course_utils.explorers.controls import log_stops
from course_utils.explorers.descent_figure import IN_LEGEND, LONGEST, YOURS, above, least_loss
from course_utils.explorers.directions import AT_REST, Directions, along
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.momentum_map import PAIRS, beside_one, draw_map, sweep
from course_utils.explorers.pad import Pad
from course_utils.explorers.placing import place
from course_utils.explorers.playing import Growing
from course_utils.explorers.yours import Yours
from course_utils.optimizers import Momentum

ROWS = {2: [(0.587, 0.394), (0.093, 0.394)], 3: [(0.685, 0.296), (0.356, 0.229), (0.093, 0.202)]}  # bottom, height
BETAS = [b / 100 for b in range(100)]
DOES = {"overdamped": "creeps", "critical": "is critical", "oscillating": "swings", "alternating": "alternates"}
DOES |= {"still": "stands still", "bouncing": "bounces for ever", "divergent": "diverges"}  # in the lesson's words


class MomentumPadExplorer(Growing, Explorer):
    """Explore momentum on `problem`, a quadratic of two parameters with 0 < mu, from `w0`, for `steps` steps.

    lr, beta    first values
    lr_range    lowest and highest learning rate of the map
    window      what the contours show, ((w1 low, w1 high), (w2 low, w2 high))
    directions  whether a panel shows how the loss is shared by the eigen-directions
    yours       your own rule, drawn beside ours: step(w, v, g, lr, beta) -> (w, v), or an optimizer; as in
                DescentExplorer

    The map's colours are `measured` (betas, lrs): what `measured_rate` finds in a run of every pair. After each move
    of the `pad`, whose value is (lr, beta), `run` is the Trajectory shown, `attempt` that of `yours`, `text` the line
    that says what happened. Play and Step show the run from its start; `shown` counts the rows that are visible.
    """

    def __init__(self, problem, w0, steps=60, lr=None, beta=0.0, lr_range=None, window=((-5, 5), (-2, 2)),
                 directions=True, yours=None):  # fmt: skip
        self.problem, self.steps = _curved(problem), run_length("steps", steps, 1, LONGEST)
        self.w0 = _off_the_minimum(problem, w0)
        limit = theory.gd_limit(problem.L)
        lr_range = (limit / 20, 4 * limit) if lr_range is None else lr_range
        low, high = low_high("lr_range", lr_range, (2,), "0 < lowest < highest", lambda x: x > 0)
        self.lrs = np.geomspace(low, high, PAIRS[0])
        self.betas = np.linspace(BETAS[0], BETAS[-1], PAIRS[1])
        self.measured = sweep(problem, self.w0, self.steps, self.lrs, self.betas)
        self.yours, self.attempt = None if yours is None else Yours(yours, True), None
        self.pad = self._pad(np.clip(limit / 4, low, high) if lr is None else lr, beta)
        window = low_high("window", window, (2, 2))
        figure = self._figure(window, flag("directions", directions))
        super().__init__([self.pad], figure, {**self.to_play, "Best": self.best})
        rows = [child for child in self.children if child is not self.pad]
        self.children = [self.figure.both if child is self.figure else child for child in rows]

    def update(self):
        """Run with the pad's values and show the whole run."""
        self.stop()
        lr, beta = self.pad.value
        self.run = descend(self.problem, Momentum(lr, beta), self.w0, self.steps)
        self._told = self._text()
        if self.yours:
            self.attempt, self._of_attempt = self.yours.run(self.run, lr, beta, None)
            self._told += f" {self._of_attempt}"
        self.show_rows(self.rows)

    def show_rows(self, count):
        """Show the first rows of the run."""
        self.shown = count
        lines = self._lines(self.run) | (self.directions.bands(self.run, count) if self.directions else {})
        if self.yours:
            lines |= {f"yours {name}": data for name, data in self._lines(self.attempt).items()}
        yours = (self.attempt, self._of_attempt) if self.yours else ()
        moment = words.of_a_moment(self.run, count - 1, *yours) if count < self.rows else ""
        self.show(moment or self._told, **lines)

    @property
    def factor(self):
        """What `measured_rate` finds in the whole run of the pad's pair."""
        return sweep(self.problem, self.w0, self.steps, *np.reshape(self.pad.value, (2, 1))).item()

    def best(self):
        """Put the pad to the pair of the smallest rate by theory, the best of all where its scales reach that."""
        lrs, betas = map(np.array, self.pad.stops)
        rates = theory.momentum_rate(lrs, betas[:, None], self.problem.eigen[0])
        row, column = np.unravel_index(rates.argmin(), rates.shape)
        self._put({self.pad: (lrs[column], betas[row])})

    def at(self, **values):
        """As of every explorer; the pad is moved by pad=(lr, beta), or by one number or both, as lr=0.1."""
        pair = dict(zip(("lr", "beta"), self.pad.value, strict=True))
        if "pad" not in values and pair.keys() & values:
            values["pad"] = tuple(values.pop(name, own) for name, own in pair.items())
        return super().at(**values)

    def _lines(self, run):
        """Path and loss of the rows that are shown."""
        rows = slice(self.shown)
        return {"path": run.w[rows].T, "loss": (run.steps[rows], above(run)[rows])}

    def _pad(self, lr, beta):
        _, ax = plots.panels(1, width=4.4, height=5)
        ax.set_position([0.13, 0.11, 0.85, 0.83])
        draw_map(ax, self.problem, self.measured, self.lrs, self.betas, self.steps)
        stops = log_stops(float(self.lrs[0]), float(self.lrs[-1])), BETAS
        best = theory.momentum_best(self.problem.mu, self.problem.L)
        stops = [sorted({*s, float(b)} if s[0] <= b <= s[-1] else s) for s, b in zip(stops, best, strict=True)]
        return Pad(ax, ("learning rate lr", "momentum beta"), stops, (lr, beta), typing=True)

    def _figure(self, window, directions):
        heights = (2.2, 1.7, 1.5) if directions else (2.7, 2.7)
        fig, axes = plots.panels(1, len(heights), width=4.0, height=sum(heights) / len(heights))
        axes[0].get_gridspec().set_height_ratios(heights)
        boxes = [[0.28, bottom, 0.665, height] for bottom, height in ROWS[len(heights)]]
        place(axes, boxes, *window, (0, self.steps))
        plots.draw_contours(axes[0], self.problem, *window)
        loss = axes[1]
        start = float(self.problem.loss(self.w0)) - least_loss(self.problem)
        loss.set(yscale="log", ylim=(start * 1e-6, start * 30), xlim=(0, self.steps), ylabel="loss above\nthe minimum")
        plots.plain_log(loss.yaxis)
        loss.axhline(start, color=plots.COLORS["muted"], linewidth=1, linestyle=":")
        axes[-1].set(xlim=(0, self.steps), xlabel="step")
        loss.tick_params(labelbottom=not directions)  # the steps stand below the lowest panel
        self.directions = Directions(axes[2], self.problem) if directions else None
        if self.yours:
            loss.plot([], [], color=plots.COLORS["momentum"], label="ours")
            loss.plot([], [], color=plots.COLORS["sgd"], **IN_LEGEND)
            loss.legend(loc="upper right", fontsize=9, **plots.LEGEND)
        return self._moving(Beside(fig, "The path on the contours, the loss, and its shares.", self.pad), axes)

    def _moving(self, figure, axes):
        """The figure with what moves in it."""
        figure.line("path", axes[0], plots.COLORS["momentum"], width=1.3, dots=True)
        figure.line("loss", axes[1], plots.COLORS["momentum"])
        figure.points("minimum", axes[0], plots.COLORS["theory"], size=5)
        if self.directions:
            self.directions.add_to(figure)
        if self.yours:
            figure.line("yours path", axes[0], plots.COLORS["sgd"], dashes="2 4")
            figure.line("yours loss", axes[1], plots.COLORS["sgd"], **YOURS)
        figure.move(figure.alt, minimum=self.problem.w_star)
        return figure

    def _text(self):
        """What happened, in one line."""
        (lr, beta), c = self.pad.value, self.problem.eigen[0]
        rate, best = float(theory.momentum_rate(lr, beta, c)), theory.momentum_best_rate(self.problem.kappa)
        told = f"{_pair(lr, beta, c)}: {self._course()}; factor per step {beside_one(rate)} by theory in the long run"
        if np.isfinite(measured := self.factor):
            told += f", {beside_one(measured)} measured over {words.steps(self.steps)}"
            if measured < 1 and self.run.loss[-1] > self.run.loss[0]:  # in a direction that started at rest
                told += ", leaving out rounding, which grew"
        flat, steep = regimes = [theory.momentum_regime(lr, beta, curvature) for curvature in c]
        told += f"; flat (c = {c[0]:.3g}) {DOES[flat]}, steep (c = {c[1]:.3g}) {DOES[steep]}."
        converges = not {"still", "bouncing", "divergent"} & {*regimes}
        return f"{told} {_compared(rate, best) if converges else 'A factor of 1 or more does not converge.'}"

    def _course(self):
        """What the loss did, and whose it is in the end."""
        if self.run.diverged_at is not None:
            return words.diverged(self.run)
        share = self.directions.shares(self.run)[-1, 0] if self.directions else np.nan
        held = np.isfinite(share) and words.ends(self.run)[1] > 0
        return words.of_the_loss(self.run) + (f", {100 * share:.0f} % of it flat" if held else "")


def _pair(lr, beta, curvatures):
    """lr and beta with three digits, or as many as it takes for what is read to have the rate that is told."""
    rate = _rate(lr, beta, curvatures)
    lr, beta = words.in_digits((lr, beta), lambda *read: _rate(*map(float, read), curvatures) == rate)
    return f"lr = {lr}, beta = {beta}"


def _rate(lr, beta, curvatures):
    return beside_one(theory.momentum_rate(lr, beta, curvatures))


def _compared(rate, best):
    """How much longer a digit takes than at the best pair."""
    if rate - best <= min(1e-6, 0.05 * (1 - best)):  # rounding
        return "No pair has a smaller factor in the long run."
    if best <= AT_REST:
        return "The best pair arrives in a single step."
    more = theory.steps_to(0.1, rate) / theory.steps_to(0.1, best)
    return f"In the long run each digit takes {more:.1f} times the steps of the best pair."


def _curved(problem):
    """The problem; ValueError unless it is a quadratic of two parameters that has one minimum."""
    if getattr(problem, "shape", None) != (2,) or not hasattr(problem, "eigen"):
        raise ValueError(
            f"problem must be a quadratic of two parameters, such as Quadratic([0.1, 10]), got {problem!r}"
        )
    mu, _ = (number(f"the problem's {name}", getattr(problem, name, None)) for name in ("mu", "L"))
    if mu <= 0:
        raise ValueError(f"problem must have curvatures above 0, got mu = {mu:.3g}")
    return problem


def _off_the_minimum(problem, w0):
    w0 = np.asarray(numbers("w0", w0), float)
    shaped("w0", w0, (2,), "the problem's")
    if np.linalg.norm(along(problem, w0)) <= AT_REST:
        raise ValueError(f"w0 must lie away from the minimum, or there is no rate to measure, got {w0}")
    return w0
