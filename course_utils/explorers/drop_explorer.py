"""When the learning rate drops, PyTorch's momentum slows down at once and Keras's keeps its old speed."""

import itertools

import numpy as np

from course_utils import plots
from course_utils.arguments import number, run_length, whole
from course_utils.conventions import KerasMomentum
from course_utils.explorers.compared import parting
from course_utils.explorers.controls import Slider
from course_utils.explorers.descent_figure import IN_LEGEND, LONGEST, YOURS
from course_utils.explorers.descent_sliders import beta_in_words, beta_slider
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.live_figure import LiveFigure
from course_utils.explorers.playing import Growing
from course_utils.explorers.yours import Attempt, Yours
from course_utils.optimizers import Momentum

NAMES = {"torch": "PyTorch", "keras": "Keras"}
SAME = 1e-5  # of w: yours may compute in float32


class DropExplorer(Growing, Explorer):
    """Both conventions on a long even slope (gradient 1), lr falling to a tenth at the step the learner chooses.

    `drop` is that step at first; half of the steps, if it is not given. With `yours`, step(w, v, g, lr, beta) -> (w, v)
    or an optimizer, a third path is drawn, and the text says whose it follows, or where it leaves both; it may fail,
    and has a second before the drop and one after it.

    `paths` {"torch", "keras", with yours "yours"} are arrays (steps + 1,), that of yours as far as it came; `text`
    says how far the conventions end apart. Play and Step show them from their start, `shown` of their rows.
    """

    def __init__(self, steps=40, lr=0.01, drop=None, beta=0.9, yours=None):
        self.steps, self.rate = run_length("steps", steps, 2, LONGEST), number("lr", lr, "lr > 0", lambda x: x > 0)
        self.yours = None if yours is None else Yours(yours, moving=True)
        drop = self.steps // 2 if drop is None else whole("drop", drop, 1, self.steps)
        self.drop = Slider("lr drops at step", range(1, self.steps + 1), drop)
        self.beta = beta_slider(beta, typing=True)
        self.beta.mark({"as in the page's snippets = 0.9": 0.9})
        super().__init__([self.drop, self.beta], self._figure(), self.to_play)

    def update(self):
        """Run both with the sliders' values and show the whole paths."""
        self.stop()
        self.paths = {"torch": self._path(Momentum), "keras": self._path(KerasMomentum)}
        self._set_to = f"drop at step {self.drop.value:.0f}, beta = {beta_in_words(self.beta.value)}: "
        self._of_attempt = self._of_yours() if self.yours else ""
        self.show_rows(self.rows)

    def show_rows(self, count):
        """Show the first rows of the paths."""
        self.shown = count
        torch, keras = (self.paths[name][count - 1] for name in NAMES)
        at = [_in_words(x, abs(torch)) for x in (torch, keras, abs(torch - keras))]
        when = f"{self._set_to}after {self.steps} steps" if count == self.rows else f"step {count - 1}:"
        text = f"{when} PyTorch is at {at[0]}, Keras at {at[1]}, {at[2]} apart."
        paths = {name: path[:count] for name, path in self.paths.items()}
        lines = {name: (np.arange(len(path)), path) for name, path in paths.items()}
        if self.yours and count < self.rows and count <= len(self.paths["yours"]):
            text += f" Yours is at {_in_words(self.paths['yours'][count - 1], abs(torch))}."
        else:
            text += self._of_attempt
        self.show(text, **lines)

    @property
    def _rates(self):
        return np.where(np.arange(1, self.steps + 1) < self.drop.value, self.rate, self.rate / 10)

    def _of_yours(self):
        """Run the learner's rule, a stretch for each learning rate; whose path it follows, or what is wrong."""
        attempt, slope = Attempt(self.yours, np.zeros(1)), np.ones(1)
        for lr, stretch in itertools.groupby(self._rates.tolist()):
            attempt.go([lambda w: slope for _ in stretch], lr, self.beta.value)
        self.paths["yours"] = np.ravel(attempt.rows)
        same = max(SAME, attempt.same)
        parted = {name: parting(attempt.rows, self.paths[name][:, None], same) for name in NAMES}
        if all(parted.values()):
            attempt.ask_again()
        return f" {attempt.line or attempt.told(_followed(**parted))}"

    def _path(self, rule):
        w, v, path = np.zeros(1), np.zeros(1), [0.0]
        for lr in self._rates:
            w, v = rule(lr, self.beta.value).update(w, np.ones(1), v)
            path.append(float(w[0]))
        return np.array(path)

    def _figure(self):
        fig, ax = plots.panels(1, width=6.4, height=3.2)
        beta = self.beta.stops[-1]
        farthest = self.rate * ((1 - beta ** np.arange(1, self.steps + 1)) / (1 - beta)).sum()  # without a drop
        lowest = -1.05 * farthest
        ax.set(xlim=(0, self.steps), ylim=(lowest, -lowest / 20), xlabel="step", ylabel="w on a slope of 1")
        ax.plot([], [], color=plots.COLORS["momentum"], label="PyTorch: lr outside the velocity")
        ax.plot([], [], color=plots.COLORS["sgd"], linestyle="--", label="Keras: lr inside the velocity")
        if self.yours:
            ax.plot([], [], color=plots.COLORS["theory"], **IN_LEGEND)
        ax.legend(loc="lower left", **plots.LEGEND)
        figure = LiveFigure(fig, "The way of both conventions down an even slope.")
        figure.line("torch", ax, plots.COLORS["momentum"])
        figure.line("keras", ax, plots.COLORS["sgd"], dashes="6 4")
        if self.yours:
            figure.line("yours", ax, plots.COLORS["theory"], **YOURS)
        return figure


def _followed(torch, keras):
    """Whose path yours follows; or the steps at which it leaves them, each (step, gap) or None."""
    if same := [name for name, parted in zip(NAMES.values(), (torch, keras), strict=True) if not parted]:
        return f"Yours follows {' and '.join(same)}."
    left = f"PyTorch at step {torch[0]} and from Keras at step {keras[0]}"
    return f"Yours follows neither. It parts from {left if torch[0] != keras[0] else f'both at step {torch[0]}'}."


def _in_words(x, whole):
    """Three decimals; three digits of what is large, or too small to be seen so and more than rounding of `whole`."""
    return f"{x:.3g}" if 1e-12 * whole < abs(x) < 5e-4 or abs(x) >= 1e6 else f"{x:.3f}"
