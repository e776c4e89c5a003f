"""Axes that stand where they were put have room for their labels; where labels are long, Matplotlib finds it."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from course_utils import plots
from course_utils.explorers import MomentumPadExplorer
from course_utils.explorers.placing import place
from course_utils.explorers.training_figure import training_figure
from course_utils.problems import Quadratic

BOXES = [[0.1, 0.2, 0.3, 0.4]]
SHORT = [((-5, 5), (-2, 2)), ((0, 1), (0, 1)), ((-999, 1), (0, 100)), ((0, 0.5), (-1, 0))]
LONG = [((1, 1.01), (0, 1)), ((9998, 9999), (0, 1)), ((-1e9, 1e9), (-1e9, 1e9)), ((1e-5, 1e-4), (0, 1e-5))]


def is_laid_out(figure):
    return all(ax.get_in_layout() for ax in figure.fig.axes)


def sticks_out(figure):
    """The words of axes that lie outside the picture by more than a pixel and a half."""
    fig, out = figure.fig, []
    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    for axis in (axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)):
        low, high = sorted(axis.get_view_interval())
        labels = [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
        for text in (*labels, axis.label, axis.offsetText):
            box = text.get_window_extent(canvas.get_renderer())
            if text.get_visible() and text.get_text() and (np.append(-box.min, box.max - fig.bbox.size) > 1.5).any():
                out.append(text.get_text())
    return out


@pytest.mark.parametrize("directions", [True, False])
@pytest.mark.parametrize("window", SHORT + LONG)
def test_every_word_beside_the_pad_is_in_the_picture(window, directions):
    explorer = MomentumPadExplorer(Quadratic([0.1, 10]), [-4, 1.5], window=window, directions=directions)
    assert sticks_out(explorer.figure) == []
    assert is_laid_out(explorer.figure) == (window in LONG)


@pytest.mark.parametrize("curvatures", [(1e-8, 1e-6), (1e6, 1e8), (1e-30, 1e-20), (1e40, 1e50)])
def test_small_and_large_losses_have_room_for_their_labels(curvatures):
    assert sticks_out(MomentumPadExplorer(Quadratic(curvatures), [-4, 1.5]).figure) == []


@pytest.mark.parametrize(("steps", "laid_out"), [(1000, False), (60, False), (1234, True), (10000, True)])
def test_a_long_run_has_room_for_its_last_step(steps, laid_out):
    figure = MomentumPadExplorer(Quadratic([0.1, 10]), [-4, 1.5], steps=steps).figure
    assert sticks_out(figure) == []
    assert is_laid_out(figure) == laid_out


@pytest.mark.parametrize(("epochs", "laid_out"), [(1, False), (30, False), (5000, False), (10000, True)])
def test_every_word_of_a_training_is_in_the_picture(epochs, laid_out):
    figure = training_figure(epochs)
    assert sticks_out(figure) == []
    assert is_laid_out(figure) == laid_out


def test_axes_are_put_into_their_boxes_unless_labels_are_long():
    _, ax = plots.panels(1)
    place([ax], BOXES, (0, 1), (0, 12345))
    assert ax.get_in_layout()
    place([ax], BOXES, (0, 1), (0, 100))
    assert not ax.get_in_layout()
    assert np.allclose(ax.get_position().bounds, BOXES[0])
    with pytest.raises(ValueError, match="zip"):
        place([ax], BOXES * 2, (0, 1))
