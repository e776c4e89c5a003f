"""Sliders for learning rate, batch size and momentum over one run: its path on the contours, its loss beside it."""

import math

import numpy as np

from course_utils import plots, theory
from course_utils.arguments import numbers, shaped, whole
from course_utils.descent import descend
from course_utils.explorers.controls import Slider, log_stops
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.live_figure import LiveFigure
from course_utils.explorers.yours import Yours
from course_utils.optimizers import GradientDescent, Momentum
from course_utils.problems import minibatches

SLIDERS = ("lr", "batch_size", "beta")


class DescentExplorer(Explorer):
    """Explore runs of `problem` (two parameters) from `w0`.

    sliders     which of "lr", "batch_size", "beta" can be moved; lr, batch_size, beta are their first values
    steps       updates of a run; with a batch_size slider, epochs of equal work instead (`steps` times n examples)
    window      what the contours show, ((w1 low, w1 high), (w2 low, w2 high))
    optimizer   function of (lr, beta) that makes the optimizer, in place of ours
    yours       your own rule, drawn beside ours: step(w, g, lr) -> w, with a beta slider
                step(w, v, g, lr, beta) -> (w, v), or an optimizer; it may fail, and has a second for a run
    seed        of the mini-batches

    After each move `run` is the Trajectory shown, `attempt` that of `yours` as far as it came, and `text` the line
    that says what happened.
    """

    def __init__(self, problem, w0, steps=60, sliders=("lr",), lr=None, beta=0.9, batch_size=None,
                 window=((-5, 5), (-2, 2)), optimizer=None, yours=None, seed=0):  # fmt: skip
        unknown = [s for s in sliders if s not in SLIDERS]
        if unknown or "lr" not in sliders:
            raise ValueError(f"sliders must be 'lr' and any of 'batch_size', 'beta', got {sliders}")
        if getattr(problem, "shape", None) != (2,):
            raise ValueError(
                f"an explorer draws two parameters; the problem's shape is {getattr(problem, 'shape', None)}"
            )
        if not getattr(problem, "L", 0) > 0:
            raise ValueError(f"an explorer needs a problem with a largest curvature L > 0, got {problem!r}")
        self.problem, self.w0, self.steps, self.seed = problem, numbers("w0", w0), whole("steps", steps, 1), seed
        shaped("w0", np.asarray(self.w0), (2,), "the problem's")
        self.stochastic, self.moving = "batch_size" in sliders, "beta" in sliders
        self.known = optimizer is None  # the limits told and marked are those of our own rules
        self.make = optimizer or (Momentum if self.moving else lambda lr, beta: GradientDescent(lr))
        self.yours, self.attempt = None if yours is None else Yours(yours, self.moving), None
        limit = theory.gd_limit(problem.L)
        lr = limit / 10 if lr is None else lr
        self.lr = Slider("learning rate lr", log_stops(limit / 300, limit * 4), lr, typing=True)
        self.beta = Slider("momentum beta", [b / 100 for b in range(100)], beta)
        self.batch_size = self._batch_slider(batch_size) if self.stochastic else None
        rows = [self.lr, *([self.batch_size] if self.stochastic else []), *([self.beta] if self.moving else [])]
        super().__init__(rows, self._figure(window))

    def update(self):
        """Run with the sliders' values and show the run."""
        self.run = self._descend()
        self.lr.mark(self._marks())
        text, lines = self._text(), self._lines(self.run)
        if self.yours:
            self.attempt, told = self.yours.run(self.run, self.lr.value, self.beta.value, self._batches())
            text += f" {told}"
            lines |= {f"yours {name}": data for name, data in self._lines(self.attempt).items()}
        self.show(text, **lines)

    def _lines(self, run):
        return {"path": run.w.T, "loss": (self._work(run), run.loss - self._floor)}

    def _descend(self):
        steps = self.steps
        if self.stochastic:
            steps *= math.ceil(self.problem.n / int(self.batch_size.value))
        return descend(self.problem, self.make(self.lr.value, self.beta.value), self.w0, steps, self._batches())

    def _batches(self):
        if not self.stochastic:
            return None
        return minibatches(self.problem.n, int(self.batch_size.value), np.random.default_rng(self.seed))

    @property
    def _floor(self):
        return getattr(self.problem, "min_loss", 0.0)

    def _work(self, run):
        """What the loss is drawn against: epochs if batches differ in size, else steps."""
        return run.evaluations / self.problem.n if self.stochastic else run.steps

    def _batch_slider(self, first):
        if not hasattr(self.problem, "n"):
            raise ValueError(
                f"batch_size needs a problem with examples; a {type(self.problem).__name__} has no examples"
            )
        n = self.problem.n
        sizes = [2**k for k in range(n.bit_length()) if 2**k < n] + [n]
        first = min(16, n) if first is None else first
        if first not in sizes:
            raise ValueError(f"batch_size must be a power of two below n, or n = {n}, got {first}")
        return Slider("batch size", sizes, first)

    def _marks(self):
        mu, L = self.problem.mu, self.problem.L
        if not self.known:
            return {}
        if self.moving:
            marks = {"limit 2(1+beta)/L": theory.momentum_limit(self.beta.value, L)}
        else:
            marks = {"best 2/(mu+L)": theory.gd_best_lr(mu, L), "limit 2/L": theory.gd_limit(L)}
        return {f"{label} = {value:.3g}": float(value) for label, value in marks.items()}

    def _figure(self, window):
        fig, (left, right) = plots.panels(2, width=4.2, height=3.4)
        plots.draw_contours(left, self.problem, *window)
        start = max(float(self.problem.loss(self.w0)) - self._floor, 1e-12)  # a log axis has no room for 0
        right.set(yscale="log", ylim=(start * 1e-6, start * 30), xlim=(0, self.steps))
        right.set(xlabel="epochs (n gradients each)" if self.stochastic else "step")
        right.set(ylabel="loss above the minimum")
        if self.yours:
            right.plot([], [], color=plots.COLORS["gd"], label="ours")
            right.plot([], [], color=plots.COLORS["sgd"], linestyle=":", linewidth=3, label="yours")
            right.legend(loc="upper right")
        right.axhline(start, color=plots.COLORS["muted"], linewidth=1, linestyle=":")
        figure = LiveFigure(fig, "Contours of the loss on the left, the loss of the run on the right.")
        figure.line("path", left, plots.COLORS["gd"], width=1.3, dots=True)
        figure.line("loss", right, plots.COLORS["gd"])
        figure.line("minimum", left, plots.COLORS["theory"])
        if self.yours:
            figure.line("yours path", left, plots.COLORS["sgd"], dashes="2 4")
            figure.line("yours loss", right, plots.COLORS["sgd"], width=3, dashes="2 6")
        figure.move(figure.alt, minimum=_cross(self.problem, *window))
        return figure

    def _text(self):
        """What happened, in one line."""
        lr, beta, L, run = self.lr.value, self.beta.value if self.moving else 0.0, self.problem.L, self.run
        set_to = f"lr = {lr:.3g}" + (f", batch size {self.batch_size.value:.0f}" if self.stochastic else "")
        set_to += f", beta = {beta:.2f}" if self.moving else ""
        limit = float(theory.momentum_limit(beta, L))
        whose = "the full gradient's limit" if self.stochastic else "the limit"
        side = f"; lr is {'below' if lr < limit else 'above'} {whose} {limit:.3g}" if self.known else ""
        if run.diverged_at is not None:
            return f"{set_to}: diverged at step {run.diverged_at}{side}."
        start, end = run.loss[0] - self._floor, run.loss[-1] - self._floor
        course = "fell" if end < start else "grew" if end > start else "went"
        told = f"the loss above its minimum {course} from {start:.3g} to {end:.3g} in {run.steps[-1]} steps"
        return f"{set_to}: {told}{side}."


def _cross(problem, w1, w2):
    """A cross on the minimum as a line (x, y) with a gap, on top of the path, which may end there; else nothing."""
    star = getattr(problem, "w_star", None)
    if star is None:
        return [], []
    (a, b), (da, db) = star, (0.02 * (w1[1] - w1[0]), 0.02 * (w2[1] - w2[0]))
    return [a - da, a + da, np.nan, a, a], [b, b, np.nan, b - db, b + db]
