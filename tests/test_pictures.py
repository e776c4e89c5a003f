"""Backgrounds are laid out as Matplotlib lays them out, in half the time, and packed without loss."""

import io

import numpy as np
import pytest
from PIL import Image

from course_utils import plots
from course_utils.explorers.pictures import dense, drawn, lay_out, png
from course_utils.problems import Quadratic


def contours():
    fig, (left, right) = plots.panels(2)
    plots.draw_contours(left, Quadratic([0.1, 10]))
    right.set(yscale="log", ylim=(1e-6, 30), xlabel="step", ylabel="loss above\nthe minimum")
    return fig


def stacked():
    fig, axes = plots.panels(1, 3, title="A title")
    axes[0].get_gridspec().set_height_ratios((2, 1, 1.5))
    axes[1].tick_params(labelbottom=False)
    axes[2].set(title="below", aspect="equal")
    return fig


def with_a_scale():
    fig, ax = plots.panels(1)
    fig.colorbar(ax.contourf(np.outer(np.arange(5), np.arange(5)))).set_label("values")
    ax.plot([0, 4], [0, 4], label="a line")
    ax.legend(loc="upper left", bbox_to_anchor=(1.3, 1))
    return fig


def one_unseen():
    fig, (left, right) = plots.panels(2)
    left.set(xlim=(0, 1000), ylabel="one")
    right.set_visible(False)
    return fig


FIGURES = [contours, stacked, with_a_scale, one_unseen]


@pytest.mark.parametrize("figure", FIGURES)
def test_the_axes_are_where_matplotlib_puts_them(figure):
    ours, theirs = figure(), figure()
    with dense(ours) as canvas:
        lay_out(ours)
        canvas.draw()
    with dense(theirs) as canvas:
        canvas.draw()
    for ax, expected in zip(ours.axes, theirs.axes, strict=True):
        np.testing.assert_allclose(ax.bbox.extents, expected.bbox.extents, atol=0.1)  # pixels of 100 an inch


@pytest.mark.parametrize("figure", FIGURES)
def test_a_picture_comes_back_as_it_was_drawn(figure):
    with dense(fig := figure()) as canvas:
        pixels = drawn(canvas)
        sent = Image.open(io.BytesIO(png(pixels)))
        seen = np.asarray(canvas.buffer_rgba())[..., :3]
    np.testing.assert_array_equal(np.asarray(sent), pixels)
    np.testing.assert_array_equal(np.asarray(sent.convert("RGB")), seen)
    assert sent.mode == ("RGB" if figure is with_a_scale else "L"), "grey where there is no colour"
    assert fig.dpi == 100
