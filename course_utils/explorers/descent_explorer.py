"""Sliders for learning rate, batch size and momentum over one run: its path on the contours, its loss beside it."""

import itertools
import math
from types import SimpleNamespace as Fixed

import numpy as np

from course_utils import plots
from course_utils.arguments import HYPERPARAMETERS, flag, low_high, number, numbers, run_length, shaped, whole
from course_utils.descent import NoNumber, descend, losses
from course_utils.explorers import descent_sliders
from course_utils.explorers import descent_words as words
from course_utils.explorers.choice import Choice
from course_utils.explorers.descent_figure import (
    LONGEST,
    MEASURES,
    above,
    descent_figure,
    least_loss,
    level_lines,
    minimum_known,
    work,
)
from course_utils.explorers.descent_floor import floor
from course_utils.explorers.explorable import explorable
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.handed import takes
from course_utils.explorers.playing import Growing
from course_utils.explorers.raised import in_words, with_loss
from course_utils.explorers.yours import Yours
from course_utils.optimizers import GradientDescent, Momentum
from course_utils.problems import minibatches

SLIDERS = ("lr", "batch_size", "beta", "w0", "seed", "against")


class DescentExplorer(Growing, Explorer):
    """Explore runs of `problem` (two parameters) from `w0`.

    sliders     which of "lr", "batch_size", "beta", "w0" (a slider for each of w1, w2), "seed" (of the mini-batches)
                and "against" can be moved; lr, batch_size, beta, w0, seed, against are their first values
    steps       updates of a run; with a batch_size slider, epochs of equal work instead (`steps` times n examples)
    window      what the contours show, ((w1 low, w1 high), (w2 low, w2 high))
    optimizer   function of (lr, beta) that makes the optimizer, in place of ours
    yours       your own rule, drawn beside ours: step(w, g, lr) -> w, with a beta slider
                step(w, v, g, lr, beta) -> (w, v), or an optimizer; it may fail, and has a second for a run
    against     what the loss is drawn against, "steps", "epochs" (a problem of examples) or "seconds"; with a
                batch_size slider always a choice
    replace     draw every mini-batch anew, as the formula of the noise floor has it, in place of shuffled epochs

    After each move `run` is the Trajectory shown, `attempt` that of `yours` as far as it came, and `text` the line
    that says what happened. Play and Step show the run from its start; `shown` counts the rows that are visible.
    """

    def __init__(self, problem, w0, steps=60, sliders=("lr",), lr=None, beta=0.9, batch_size=None,
                 window=((-5, 5), (-2, 2)), optimizer=None, yours=None, seed=0, against=None,
                 replace=False):  # fmt: skip
        _usable(problem, sliders, against, optimizer)
        self.problem, self.steps = problem, run_length("steps", steps, 1, LONGEST)
        self.replace = flag("replace", replace)
        self.window = low_high("window", window, (2, 2))
        self.w0, self.seed = np.asarray(numbers("w0", w0), float), whole("seed", seed, 0)
        shaped("w0", self.w0, (2,), "the problem's")
        self.stochastic, self.moving = "batch_size" in sliders, "beta" in sliders
        self.known = optimizer is None  # limits, marks and floor are those of our own rules
        self.make = optimizer or (Momentum if self.moving else lambda lr, beta: GradientDescent(lr))
        self.yours, self.attempt = None if yours is None else Yours(yours, self.moving), None
        against = against or ("epochs" if self.stochastic else "steps")
        self.choice = self.stochastic or "against" in sliders
        known = [name for name in MEASURES if name != "epochs" or hasattr(problem, "n")]
        self.against = Choice("loss against", known, against) if self.choice else Fixed(value=against)
        self._figures, self._linear = {}, False
        rows = self._sliders(sliders, lr, beta, batch_size)
        super().__init__(rows, None, self.to_play)  # `update` makes the picture

    def update(self):
        """Run with the sliders' values and show the whole run."""
        self.stop()
        self.run, wrong = self._tried()
        before, self.figure = self.figure, self._figure()
        self.children = [self.figure if child is before else child for child in self.children]
        if self.known:
            beta = self.beta.value if self.moving else None
            self.lr.mark(descent_sliders.marks(self.problem, beta, self.stochastic))
        self._told = words.of_the_run(self, wrong)
        if self.yours:
            self.attempt, told = self.yours.run(self.run, self.lr.value, self.beta.value, self._batches())
            self.attempt, lost = with_loss(self.attempt)
            told += f" The loss of yours: {in_words(lost)}." if lost else ""
            self._told += "" if wrong else f" {told}"
            self._of_attempt = told
        self.show_rows(self.rows)

    @property
    def rows(self):
        """Of the whole run, which may have many epochs, or end at its start."""
        return len(self.run.w)

    @property
    def named(self):
        """The sliders by their names in code, w0 those of the start point."""
        named = super().named
        seed = {"seed": named.pop("seed_slider")} if self.seed_slider else {}
        return named | seed | ({"w0": self.w0_sliders} if self.w0_sliders else {})

    def show_rows(self, count):
        """Show the first rows of the run."""
        self.shown = count
        lines = self._lines(self.run) | level_lines(self.figure, above(self.run)[0], self.floor)
        if self.yours:
            lines |= {f"yours {name}": data for name, data in self._lines(self.attempt).items()}
        self.show(self._of_a_moment(count - 1) if count < self.rows else self._told, **lines)

    def _of_a_moment(self, t):
        yours = (self.attempt, self._of_attempt) if self.yours else (None, "")
        batch = next(itertools.islice(self._batches(), t, None)) if self.stochastic else None
        return words.of_a_moment(self.run, t, *yours, batch)

    def _lines(self, run):
        x, rows = work(run, self.against.value), self.shown
        return {"path": run.w[:rows].T, "loss": (x[:rows], above(run)[:rows])}

    def _tried(self):
        """The run and ""; or its start alone, and in words what the problem or the optimizer raised after a move."""
        try:
            run, error = with_loss(self._descend(self.steps))
        except Exception as raised:
            run, error = with_loss(descend(self.problem, GradientDescent(0), self.start, 0))[0], raised
        if error and not hasattr(self, "run") and not isinstance(error, NoNumber):
            raise error  # there is no explorer yet
        return run, in_words(error) if error else ""

    def _descend(self, steps):
        if self.stochastic:
            n, size = self.problem.n, int(self.batch_size.value)
            steps = steps * n // size if self.replace else steps * math.ceil(n / size)
        return descend(self.problem, self.make(self.lr.value, self.beta.value), self.start, steps, self._batches())

    def _batches(self):
        if not self.stochastic:
            return None
        seed = int(self.seed_slider.value) if self.seed_slider else self.seed
        rng = np.random.default_rng(seed)
        return minibatches(self.problem.n, int(self.batch_size.value), rng, replace=self.replace)

    @property
    def start(self):
        """The start point, as the sliders have it."""
        return np.array([slider.value for slider in self.w0_sliders]) if self.w0_sliders else self.w0

    @property
    def floor(self):
        """The loss above the minimum at which SGD settles, by formula; inf for none, None where it does not apply."""
        if not self.known or not self.stochastic:
            return None
        beta, n = self.beta.value if self.moving else 0.0, None if self.replace else self.problem.n
        return floor(self.problem, self.lr.value, int(self.batch_size.value), beta, n)

    @property
    def least(self):
        """The loss at the minimum."""
        return least_loss(self.problem)

    def _sliders(self, wanted, lr, beta, batch_size):
        """The controls from top to bottom; those that are not wanted hold their values."""
        if batch_size is not None and not self.stochastic:
            raise ValueError("batch_size is the first value of its slider: sliders need 'batch_size' too")
        self.lr = descent_sliders.lr_slider(self.problem, lr)
        beta = number("momentum beta", beta, *HYPERPARAMETERS["beta"])
        self.beta = descent_sliders.beta_slider(beta) if self.moving else Fixed(value=beta)
        self.batch_size = descent_sliders.batch_slider(self.problem, batch_size) if self.stochastic else None
        self.seed_slider = descent_sliders.seed_slider(self.seed) if "seed" in wanted else None
        self.w0_sliders = descent_sliders.start_sliders(self.window, self.w0) if "w0" in wanted else []
        rows = [self.lr, self.batch_size, self.beta if self.moving else None, *self.w0_sliders, self.seed_slider]
        return [*(row for row in rows if row), *([self.against] if self.choice else [])]

    @property
    def _method(self):
        """Whose colour the run has; a rule that we do not know is drawn as plain descent."""
        return "momentum" if self.moving and self.known else "sgd" if self.stochastic else "gd"

    def _figure(self):
        """The picture for what the loss is drawn against, from a run below 0 on with a linear axis; drawn once each."""
        against, loss = self.against.value, self.run.loss
        below = loss[0] <= 0 or (loss < 0).any()
        self._linear = self._linear or (below and not minimum_known(self.problem))
        if (against, self._linear) not in self._figures:
            corners = np.stack(np.meshgrid(*self.window), -1).reshape(-1, 2)
            with np.errstate(all="ignore"):  # a corner may lie where there is no loss
                first = losses(self.problem, np.vstack([self.w0, *(corners if self.w0_sliders else ())]))
            least = max(loss.min(), -plots.HUGE) if self._linear else self.least
            first = first.max(where=np.isfinite(first), initial=least) - (0 if self._linear else least)
            epochs = self.steps if self.stochastic else None
            most = self.steps * (self.problem.n if self.stochastic else 1)
            self._figures[against, self._linear] = descent_figure(
                self.problem, self.window, self._method, float(first), against, most, epochs, self.yours is not None,
                float(least) if self._linear else None,
            )  # fmt: skip
        return self._figures[against, self._linear]


def _usable(problem, sliders, against, optimizer):
    """ValueError unless the problem has what is asked of it, the sliders are known, the rest fits."""
    if not np.iterable(sliders) or [s for s in sliders if s not in SLIDERS] or "lr" not in sliders:
        others = ", ".join(repr(s) for s in SLIDERS[1:])
        raise ValueError(f"sliders must be 'lr' and any of {others}, got {sliders}")
    if "batch_size" in sliders and not hasattr(problem, "n"):
        raise ValueError(f"batch_size needs a problem with examples; a {type(problem).__name__} has no examples")
    if "seed" in sliders and "batch_size" not in sliders:
        raise ValueError("the seed is that of the mini-batches: sliders with 'seed' need 'batch_size' too")
    explorable(problem)
    if optimizer is not None and not (callable(optimizer) and takes(optimizer, (0.1, 0.9), {})):
        raise ValueError(f"optimizer must be a function such as lambda lr, beta: Nesterov(lr, beta), got {optimizer!r}")
    if against is not None and not (isinstance(against, str) and against in MEASURES):
        raise ValueError(f"against must be one of {', '.join(MEASURES)}, got {against!r}")
    if against == "epochs" and not hasattr(problem, "n"):
        raise ValueError(f"against='epochs' needs a problem with examples; a {type(problem).__name__} has none")
