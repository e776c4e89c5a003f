"""One descent, its path on the contours and its loss beside it, moved by a slider in each of the usual ways."""

import ipywidgets as widgets
import numpy as np
from IPython.display import display

from course_utils import plots
from course_utils.descent import descend
from course_utils.explorers import DescentExplorer
from course_utils.explorers.controls import Slider, log_stops
from course_utils.optimizers import GradientDescent
from course_utils.problems import Quadratic

VALLEY, W0, LR = Quadratic([0.1, 10]), [-4, 1.5], 0.02
LOW, HIGH = 0.2 / 300, 0.8  # the ends of the explorer's own slider
SIZE = 9, 4  # inches: 900 x 400 px


def run(lr, steps):
    return descend(VALLEY, GradientDescent(lr), W0, steps)


def axes(left, right, steps):
    """The background: the same in all of them."""
    plots.draw_contours(left, VALLEY, (-5, 5), (-2, 2))
    right.set(yscale="log", ylim=(1e-6, 1e3), xlim=(0, steps), xlabel="step", ylabel="loss")


def lines(left, right, found):
    path = left.plot(*found.w.T, "o-", markersize=4)
    return *path, *right.plot(found.steps, found.loss)


def log_slider():
    return widgets.FloatLogSlider(LR, min=np.log10(LOW), max=np.log10(HIGH), step=0.015, description="lr")


def new_figure(steps):
    """`interact` that makes a new figure at each move: most courses."""
    import matplotlib.pyplot as plt

    plt.switch_backend("inline")  # the import of ipympl changes it

    def draw(lr):
        _, both = plt.subplots(1, 2, figsize=SIZE)
        axes(*both, steps)
        lines(*both, run(lr, steps))
        plt.show()

    widgets.interact(draw, lr=log_slider())


def ipympl(steps):
    """ipympl: set_data and draw_idle on one figure."""
    from ipympl.backend_nbagg import Canvas, FigureManager
    from matplotlib.figure import Figure

    fig = Figure(figsize=SIZE)
    FigureManager(Canvas(fig), 0)
    both = fig.subplots(1, 2)
    axes(*both, steps)
    path, loss = lines(*both, run(LR, steps))

    def move(change):
        found = run(change.new, steps)
        path.set_data(*found.w.T)
        loss.set_data(found.steps, found.loss)
        fig.canvas.draw_idle()

    slider = log_slider()
    slider.observe(move, "value")
    display(widgets.VBox([slider, fig.canvas]))


def explorer(steps):
    """The course's."""
    display(DescentExplorer(VALLEY, W0, steps, lr=LR))


def number(answer):
    """The floor: our slider, and a number back."""
    slider, shown = Slider("learning rate lr", log_stops(LOW, HIGH), LR), widgets.Label()
    slider.observe(lambda change: setattr(shown, "value", answer(change.new)), "value")
    shown.value = answer(LR)
    display(widgets.VBox([slider, shown]))


def last_loss(steps):
    """The floor of the same work: the run, and its last loss back."""
    number(lambda lr: f"{run(lr, steps).loss[-1]:.17g} at {lr!r}")


def echo():
    """The floor of the kernel alone: the slider's value back."""
    number(repr)
