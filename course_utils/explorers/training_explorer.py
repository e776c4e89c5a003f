"""Sliders, Play and Stop over a network that trains while one watches: loss, accuracy, and what it confuses."""

import asyncio
import contextlib
import itertools
import threading
from weakref import WeakKeyDictionary

import ipywidgets as widgets
import numpy as np

from course_utils.arguments import run_length, whole
from course_utils.explorers import descent_sliders
from course_utils.explorers.compared import told_apart
from course_utils.explorers.confusion import confusion_table
from course_utils.explorers.controls import Slider, log_stops
from course_utils.explorers.descent_figure import LONGEST
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.playing import Playing
from course_utils.explorers.training_figure import training_figure
from course_utils.explorers.yours import Attempt, Yours
from course_utils.network import Network, sharpness
from course_utils.optimizers import Momentum
from course_utils.problems import minibatches
from course_utils.theory import momentum_limit

SAME = 1e-6  # of the losses: long training lets rounding errors grow
UPDATES = 700  # of a preview: the picture of a move waits for them
GONE = "the loss is no number any more"
REST = 0.3  # seconds without a move, after which the mark of a new seed is computed
KNOWN = WeakKeyDictionary()  # of a network: {seed: sharpness at its start}, for a cell that is run again
_one_at_a_time = threading.Lock()


class TrainingExplorer(Playing, Explorer):
    """Train `network` with momentum and watch its accuracy on `test`, a problem of the same shape.

    epochs             of a whole run; after each move of a slider the first `preview` (2) are run at once, of the
                       smallest batches, which make many updates, only the first
    lr, batch_size, beta  first values of the sliders; batches of 32, or of all examples if there are fewer
    seed               first value of the slider for the seed of start and mini-batches
    yours              your own rule, trained beside ours: step(w, v, g, lr, beta) -> (w, v), or an optimizer; it may
                       fail, and has a second for an epoch

    `losses` and `accuracies` hold a value for the start and one for each epoch, `text` says what happened; so do
    `your_losses` and `your_accuracies`, as far as `yours` came.
    """

    L = marking = None  # also of one that was refused: it is closed when it goes

    def __init__(self, network, test, epochs=30, lr=0.1, batch_size=None, beta=0.9, seed=0, preview=None,
                 yours=None):  # fmt: skip
        if not isinstance(network, Network):
            raise ValueError(f"network must be a Network, such as Network(X, y, hidden=(32,)), got {network!r}")
        if not isinstance(test, Network) or test.sizes != network.sizes:
            got = getattr(test, "sizes", f"a {type(test).__name__}")
            need = f"{network.sizes}, the last class among its labels"
            raise ValueError(f"test must be a network of the same layers on other data: {need}; got {got}")
        self.network, self.test = network, test
        self.epochs = run_length("epochs", epochs, 1, LONGEST)
        self.preview = min(2, self.epochs) if preview is None else whole("preview", preview, 0, self.epochs)
        self.lr = Slider("learning rate lr", log_stops(0.01, 3), lr, typing=True)
        batch_size = min(32, network.n) if batch_size is None else batch_size
        self.batch_size = descent_sliders.batch_slider(network, batch_size)
        self.beta = descent_sliders.beta_slider(beta)
        self.seed = descent_sliders.seed_slider(seed)
        self.confusion = widgets.HTML().add_class("course-confusion")
        self.yours, self.attempt = None if yours is None else Yours(yours, moving=True), None
        figure = training_figure(self.epochs, bool(self.yours))
        super().__init__([self.lr, self.batch_size, self.beta, self.seed], figure, self.to_play, [self.confusion])

    def update(self):
        """Stop, forget the run, and begin a new one with the sliders' values."""
        self.stop()
        seed = int(self.seed.value)
        rng = np.random.default_rng(seed)
        self.optimizer = Momentum(self.lr.value, self.beta.value)
        self.w = self.network.start(rng)
        self.state = self.optimizer.init(self.w)
        self.batches = minibatches(self.network.n, int(self.batch_size.value), rng)
        self.losses, self.accuracies, self.your_losses, self.your_accuracies = [], [], [], []
        self.attempt = self.yours and Attempt(self.yours, self.w, keep=False)
        self._record()
        for _ in range(min(self.preview, max(1, UPDATES // self._updates))):
            self._epoch()
        self._show()
        self._mark_soon()

    def rewind(self):
        """After the last epoch, a new run."""
        if self.epoch >= self.epochs:
            self.update()

    def step(self):
        """Train one epoch more; after the last one, begin again."""
        self.stop()
        if self.epoch < self.epochs:
            self.advance()
        else:
            self.update()

    def advance(self):
        """Train one epoch more, and show it."""
        self._epoch()
        self._show()

    @property
    def epoch(self):
        """Epochs trained so far."""
        return len(self.losses) - 1

    def next_frame(self):
        """Train one epoch more if any is left, and show it; whether there are more."""
        if self.epoch < self.epochs:
            self.advance()
        return self.epoch < self.epochs

    @property
    def _updates(self):
        """Of an epoch."""
        return -(-self.network.n // int(self.batch_size.value))

    def _epoch(self):
        batches, ours = list(itertools.islice(self.batches, self._updates)), []
        with np.errstate(all="ignore"):
            for batch in batches:
                g = self.network.grad(self.w, batch)
                self.w, self.state = self.optimizer.update(self.w, g, self.state)
                if self.attempt and not self.attempt.parted:
                    ours.append(self.w)
        if self.attempt:
            gradients = ((lambda w, batch=batch: self.network.grad(w, batch)) for batch in batches)
            self.attempt.go(gradients, self.lr.value, self.beta.value, ours)
        self._record()

    @property
    def sharpness(self):
        """At the start of the run."""
        return _sharpness(self.network, int(self.seed.value))

    def close(self):
        """Stop, and close."""
        self._mark_no_more()
        super().close()

    def _mark(self):
        self.L = self.sharpness
        limit = float(momentum_limit(self.beta.value, self.L)) if self.L > 0 else np.inf  # which is off the scale
        self.lr.mark({f"limit 2(1+beta)/L = {limit:.3g}": limit})

    def _mark_soon(self):
        """Mark the limit; for a new seed, which takes as long as many moves, when no other move follows at once."""
        self._mark_no_more()
        if self.L and int(self.seed.value) not in KNOWN[self.network]:
            with contextlib.suppress(RuntimeError):  # no event loop: not in a notebook
                self.marking = asyncio.get_running_loop().create_task(self._mark_at_rest())
                self.lr.mark({"limit 2(1+beta)/L = ?": float(momentum_limit(self.beta.value, self.L))})
                return
        self._mark()

    def _mark_no_more(self):
        if self.marking:
            self.marking.cancel()
        self.marking = None

    async def _mark_at_rest(self):
        await asyncio.sleep(REST)
        await asyncio.to_thread(_sharpness, self.network, int(self.seed.value))
        self._mark()

    def _record(self):
        self._add(self.w, self.losses, self.accuracies)
        if self.attempt and not self.attempt.line:
            self._add(self.attempt.rows[-1], self.your_losses, self.your_accuracies)

    def _add(self, w, losses, accuracies):
        with np.errstate(all="ignore"):
            loss, accuracy = float(self.network.loss(w)), float(self.test.accuracy(w))
        known = np.isfinite(loss)  # the largest of scores that are no numbers would be the first
        losses.append(loss if known else np.inf)
        accuracies.append(accuracy if known else np.nan)

    @np.errstate(all="ignore")
    def _show(self):
        lines = {"loss": self.losses, "accuracy": self.accuracies}
        if self.attempt:
            lines |= {"your loss": self.your_losses, "your accuracy": self.your_accuracies}
        told = self._text() + (self._of_yours() if self.attempt and self.epoch else "")
        self.show(told, **{name: (np.arange(len(values)), values) for name, values in lines.items()})
        self.confusion.value = "" if np.isinf(self.losses[-1]) else confusion_table(self.test, self.w)

    def _text(self):
        set_to = f"lr = {self.lr.value:.3g}, batch size {self.batch_size.value:.0f}, "
        set_to += f"beta = {descent_sliders.beta_in_words(self.beta.value)}, seed {self.seed.value:.0f}"
        if np.isinf(self.losses[-1]):
            return f"{set_to}: {GONE} after {self.epoch} epochs; lower lr or beta."
        told = f"after {self.epoch} of {self.epochs} epochs loss {self.losses[-1]:.3g}"
        return f"{set_to}: {told}, {100 * self.accuracies[-1]:.1f} % of the unseen digits right."

    def _of_yours(self):
        """How far the learner's rule has come, and whether it trains as ours does."""
        if self.attempt.line:
            return f" {self.attempt.line}"
        same = np.isclose(self.your_losses, self.losses, rtol=max(SAME, self.attempt.same), equal_nan=True)
        if same.all():
            return self.attempt.told(" Yours trains as ours does.")
        told = f"loss {self.your_losses[-1]:.3g}, {100 * self.your_accuracies[-1]:.1f} %"
        told = GONE if np.isinf(self.your_losses[-1]) else told
        return self.attempt.told(f" Yours: {told}.{told_apart(self.attempt, int(same.argmin()), self._updates)}")


def _sharpness(network, seed):
    """At the start of training, measured once."""
    known = KNOWN.setdefault(network, {})
    with _one_at_a_time:
        if seed not in known:
            known[seed] = sharpness(network, network.start(np.random.default_rng(seed)), 15)
    return known[seed]
