"""Sliders, Play and Stop over a network that trains while one watches: loss, accuracy, and what it confuses."""

import asyncio

import ipywidgets as widgets
import numpy as np

from course_utils import plots
from course_utils.arguments import whole
from course_utils.explorers.controls import Slider, log_stops
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.live_figure import LiveFigure
from course_utils.network import sharpness
from course_utils.optimizers import Momentum
from course_utils.problems import minibatches
from course_utils.theory import momentum_limit

PAUSE = 0.01  # seconds between epochs, in which sliders and Stop are heard


class TrainingExplorer(Explorer):
    """Train `network` with momentum and watch its accuracy on `test`, a problem of the same shape.

    epochs             of a whole run; after each move of a slider the first `preview` are run at once
    lr, batch_size, beta  first values of the sliders
    seed               of start and mini-batches

    `losses` and `accuracies` hold a value for the start and one for each epoch, `text` says what happened.
    """

    def __init__(self, network, test, epochs=30, lr=0.1, batch_size=32, beta=0.9, seed=0, preview=2):
        if getattr(network, "shape", None) != getattr(test, "shape", ()):
            raise ValueError("test must be a network of the same layers on other data")
        self.network, self.test, self.seed = network, test, seed
        self.epochs, self.preview = whole("epochs", epochs, 1), whole("preview", preview, 0, epochs)
        sizes = [2**k for k in range(network.n.bit_length()) if 2**k < network.n] + [network.n]
        self.lr = Slider("learning rate lr", log_stops(0.01, 3), lr, typing=True)
        self.batch_size = Slider("batch size", sizes, batch_size)
        self.beta = Slider("momentum beta", [b / 100 for b in range(100)], beta)
        self.sharpness = sharpness(network, network.start(np.random.default_rng(seed)), 20)
        self._task, self.confusion = None, widgets.HTML()
        sliders, buttons = [self.lr, self.batch_size, self.beta], {"Play": self.play, "Stop": self.stop}
        super().__init__(sliders, self._figure(), buttons, [self.confusion])

    def update(self):
        """Stop, forget the run, and begin a new one with the sliders' values."""
        self.stop()
        rng = np.random.default_rng(self.seed)
        self.optimizer = Momentum(self.lr.value, self.beta.value)
        self.w = self.network.start(rng)
        self.state = self.optimizer.init(self.w)
        self.batches = minibatches(self.network.n, int(self.batch_size.value), rng)
        self.losses, self.accuracies = [], []
        limit = float(momentum_limit(self.beta.value, self.sharpness))
        self.lr.mark({f"limit 2(1+beta)/L = {limit:.3g}": limit})
        self._record()
        for _ in range(self.preview):
            self._epoch()
        self._show()

    def reset(self):
        """Put every slider back to its first value, and begin a new run."""
        super().reset()
        self.update()  # also where no slider has moved

    def play(self):
        """Train on, an epoch at a time, until the end or until stopped; after the end, again from the start."""
        if self.epoch >= self.epochs:
            self.update()
        self.stop()
        self._task = asyncio.get_running_loop().create_task(self._train())

    def stop(self):
        """Stop after the epoch that is running."""
        if self._task is not None:
            self._task.cancel()
        self._task = None

    def advance(self):
        """Train one epoch more, and show it."""
        self._epoch()
        self._show()

    @property
    def epoch(self):
        """Epochs trained so far."""
        return len(self.losses) - 1

    async def _train(self):
        while self.epoch < self.epochs:
            self.advance()
            await asyncio.sleep(PAUSE)  # a cancelled task ends here

    def _epoch(self):
        with np.errstate(all="ignore"):
            for _ in range(-(-self.network.n // int(self.batch_size.value))):
                g = self.network.grad(self.w, next(self.batches))
                self.w, self.state = self.optimizer.update(self.w, g, self.state)
        self._record()

    def _record(self):
        with np.errstate(all="ignore"):
            loss = float(self.network.loss(self.w))
        self.losses.append(loss if np.isfinite(loss) else np.inf)
        self.accuracies.append(float(self.test.accuracy(self.w)))

    def _show(self):
        epochs = np.arange(self.epoch + 1)
        self.show(self._text(), loss=(epochs, self.losses), accuracy=(epochs, self.accuracies))
        self.confusion.value = self._confusion()

    def _text(self):
        set_to = f"lr = {self.lr.value:.3g}, batch size {self.batch_size.value:.0f}, beta = {self.beta.value:.2f}"
        if np.isinf(self.losses[-1]):
            return f"{set_to}: the loss is no number any more after {self.epoch} epochs; lower lr or beta."
        told = f"after {self.epoch} of {self.epochs} epochs loss {self.losses[-1]:.3g}"
        return f"{set_to}: {told}, {100 * self.accuracies[-1]:.1f} % of the unseen digits right."

    def _confusion(self):
        """Table of true class by answer, as HTML; the darker, the more."""
        said = self.test.scores(self.w).argmax(-1)
        k = self.test.sizes[-1][1]
        counts = np.zeros((k, k), int)
        np.add.at(counts, (self.test.labels, said), 1)
        cell = '<td style="padding:0 5px;text-align:right;color:{};background:rgba(0,114,178,{:.2f})">{}</td>'
        share = counts / counts.max(1, keepdims=True).clip(1)
        rows = "".join(
            f'<tr><th scope="row">{i}</th>'
            + "".join(cell.format("#fff" if s > 0.6 else "inherit", s, c or "") for s, c in zip(*line, strict=True))
            + "</tr>"
            for i, line in enumerate(zip(share, counts, strict=True))
        )
        head = "".join(f'<th scope="col">{i}</th>' for i in range(k))
        caption = "Unseen digits: the row is the digit, the column the answer"
        style = "font-size:11px;line-height:1.3;border-spacing:0"
        return f'<table style="{style}"><caption>{caption}</caption><tr><td></td>{head}</tr>{rows}</table>'

    def _figure(self):
        fig, (left, right) = plots.panels(2, width=4.2, height=3)
        left.set(yscale="log", ylim=(1e-4, 10), xlim=(0, self.epochs), xlabel="epoch", ylabel="loss, training digits")
        right.set(ylim=(0, 1), xlim=(0, self.epochs), xlabel="epoch", ylabel="accuracy, unseen digits")
        figure = LiveFigure(fig, "Loss on the training digits on the left, accuracy on the unseen digits on the right.")
        figure.line("loss", left, plots.COLORS["sgd"], dots=True)
        figure.line("accuracy", right, plots.COLORS["gd"], dots=True)
        return figure
