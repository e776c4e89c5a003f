"""Backgrounds are laid out and drawn as Matplotlib does it, in half the time, and packed without loss."""

import io
from contextlib import nullcontext

import numpy as np
import pytest
from PIL import Image

from course_utils import plots
from course_utils.explorers import pictures
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


def many_kinds_of_ticks():
    fig, (left, right) = plots.panels(2)
    left.set(xscale="log", xlim=(0.3, 70), ylim=(1e-7, 3e-7), xlabel="small and large ticks", ylabel="with an offset")
    left.tick_params(axis="x", which="both", labelrotation=40, labelcolor="red")
    left.xaxis.set_minor_formatter("{x:g}")
    left.twinx().set(ylim=(-2000, 3000), ylabel="on the right")
    right.set_xticks([1, 2, 4], ["one", "a long word", "four"])
    right.get_xticklabels()[1].set(color="blue", fontsize=20)
    right.tick_params(axis="y", left=False, labelleft=False, right=True, labelright=True, length=10)
    right.invert_yaxis()
    return fig


FIGURES = [contours, stacked, with_a_scale, one_unseen, many_kinds_of_ticks]


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
    colourful = figure in (with_a_scale, many_kinds_of_ticks)
    assert sent.mode == ("RGB" if colourful else "L"), "grey where there is no colour"
    assert fig.dpi == 100


@pytest.mark.parametrize("figure", FIGURES)
def test_one_tick_for_all_draws_every_pixel_as_many_do(figure, monkeypatch):
    def picture():
        with dense(fig := figure()) as canvas:
            lay_out(fig)
            return fig, drawn(canvas)

    fig, pixels = picture()
    ticks = [len(axis.majorTicks) for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)]
    monkeypatch.setattr(pictures, "one_tick_for_all", nullcontext)
    other, expected = picture()
    np.testing.assert_array_equal(pixels, expected)
    assert set(ticks) == ({1, 3} if figure is many_kinds_of_ticks else {1})  # three were made by the figure itself
    assert max(len(axis.majorTicks) for ax in other.axes for axis in (ax.xaxis, ax.yaxis)) > 3


def test_a_figure_has_its_own_ticks_again():
    with dense(fig := contours()) as canvas:
        lay_out(fig)
        drawn(canvas)
    labels = [label.get_text() for label in fig.axes[0].get_xticklabels()]
    assert labels == ["−6", "−4", "−2", "0", "2", "4", "6"]  # Matplotlib keeps one beyond each end
