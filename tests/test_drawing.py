"""Figures are drawn as Matplotlib draws them, to the last pixel, with one tick for each axis; packed without loss."""

import io

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.text import Text
from PIL import Image

from course_utils import plots, rendering
from course_utils.drawing import STYLE, drawn
from course_utils.explorers.momentum_map import HALO
from course_utils.explorers.pictures import background, png
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


def away_from_the_edges():
    fig, axes = plots.panels(1, 3, width=4)
    for ax in axes[:2]:  # the lines of the axes are the lowest, with the ticks on them
        ax.set(ylim=(-0.5, 9.5), yticks=(2, 6), xlim=(0, 60))
        ax.tick_params(labelbottom=False)
    axes[1].tick_params(axis="x", direction="in")
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


def with_a_shared_scale():
    fig, ax = plots.panels(1)
    ax.remove()
    low, high = fig.subplots(2, sharex=True, gridspec_kw={"height_ratios": (1, 3)})
    low.set(xlim=(1e6, 1e6 + 4), ylabel="low")
    high.set(xlabel="far from 0", ylabel="high", ylim=(1e-9, 3e-9))
    inset = high.inset_axes([0.1, 0.5, 0.3, 0.4], sharex=low, sharey=high)  # smaller: fewer ticks of the same scale
    inset.set(xlabel="again")
    fig.align_ylabels()
    return fig


def with_an_axis_at_zero():
    fig, (left, right) = plots.panels(2)
    left.spines[["left", "bottom"]].set_position("zero")
    left.set(xlim=(-3, 5), ylim=(-20, 7), xlabel="across", ylabel="up")
    right.secondary_xaxis("top", functions=(lambda x: 2 * x, lambda x: x / 2)).set_xlabel("twice")
    right.margins(0.3)
    right.plot([1, 2, 300], [4, 5, 6], color="black")
    return fig


FIGURES = [contours, stacked, away_from_the_edges, with_a_scale, one_unseen, many_kinds_of_ticks, with_a_shared_scale]
FIGURES += [with_an_axis_at_zero]


def as_matplotlib_draws(fig, dpi):
    buffer = io.BytesIO()
    with matplotlib.rc_context(STYLE):
        fig.savefig(buffer, format="png", dpi=dpi)
    return np.asarray(Image.open(buffer))


def axes_of(fig):
    return [axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)]


@pytest.mark.parametrize("dpi", [110, 192])
@pytest.mark.parametrize("figure", FIGURES)
def test_every_pixel_is_as_matplotlib_draws_it(figure, dpi):
    ours, theirs = figure(), figure()
    np.testing.assert_array_equal(drawn(ours, dpi), as_matplotlib_draws(theirs, dpi))
    for ax, other in zip(ours.axes, theirs.axes, strict=True):
        np.testing.assert_allclose(ax.get_position().bounds, other.get_position().bounds, atol=1e-12)
    made_by_the_figure = {many_kinds_of_ticks: {1, 3}, away_from_the_edges: {1, 2}}.get(figure, {1})
    assert {len(axis.majorTicks) for axis in axes_of(ours)} == made_by_the_figure
    assert max(len(axis.majorTicks) for axis in axes_of(theirs)) > 3


STYLES = [{}, {"font.family": "serif"}, {"font.sans-serif": ["DejaVu Serif"]}, {"text.hinting": "none"}]
STYLES += [{"text.antialiased": False}]


def words_with_a_halo():
    fig, ax = plots.panels(1)
    for x, (words, more) in enumerate([("a b", {}), ("", {}), ("$x^2$", {}), ("$x", {}), ("fi", {}),
                                       ("fi", {"fontfeatures": ["-liga"]}), ("fi", {"style": "italic"})]):  # fmt: skip
        ax.text(x / 8, 0.5, words, rotation=10 * x, path_effects=HALO, **more)
    return fig


@pytest.mark.parametrize(
    ("figure", "style"),
    [(many_kinds_of_ticks, {}), *((f, style) for f in (contours, words_with_a_halo) for style in STYLES)],
)
def test_words_that_are_known_are_drawn_as_matplotlib_draws_them(figure, style, monkeypatch):
    monkeypatch.setattr(rendering, "_known", {})
    drawn(figure(), 110)
    with matplotlib.rc_context(style):
        theirs = as_matplotlib_draws(figure(), 110)
        for _ in range(2):  # in another style, then known
            np.testing.assert_array_equal(drawn(figure(), 110), theirs)


def test_no_more_words_are_remembered_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(rendering, "_known", {})
    monkeypatch.setattr(rendering, "TEXTS", 3)
    np.testing.assert_array_equal(drawn(contours(), 110), as_matplotlib_draws(contours(), 110))
    assert 0 < len(rendering._known) <= 3


def test_words_in_another_place_or_color_are_drawn_there():
    def figure(x, color):
        fig, ax = plots.panels(1)
        ax.set_title("Words", color=color)
        ax.text(x, 0.5, "Words", rotation=30)
        ax.text(0.2, 0.2, "$x^2$ and words", color=color, alpha=0.5)
        return fig

    for x, color in ((0.4, "black"), (0.4, "red"), (0.43, "red")):
        np.testing.assert_array_equal(drawn(figure(x, color), 110), as_matplotlib_draws(figure(x, color), 110))


def test_a_figure_is_as_it_was_and_can_be_drawn_again():
    fig = contours()
    before = fig.dpi, fig.canvas, fig.get_layout_engine()
    drawn(fig, 192)
    assert (fig.dpi, fig.canvas, fig.get_layout_engine()) == before
    labels = [label.get_text() for label in fig.axes[0].get_xticklabels()]
    assert labels == ["−6", "−4", "−2", "0", "2", "4", "6"]  # Matplotlib keeps one beyond each end
    fig.axes[0].set_title("A title\nof two lines")
    assert drawn(fig, 110).shape == as_matplotlib_draws(fig, 110).shape
    assert fig.axes[0].get_position().y1 < 0.95  # there was room to be made


def test_the_texts_of_a_figure_keep_no_picture_and_can_be_measured():
    fig, theirs = contours(), contours()
    drawn(fig, 110)
    texts = [text for text in fig.findobj(Text) if text._renderer is not None]
    assert texts
    assert {text._renderer.buffer_rgba().nbytes for text in texts} == {4}
    as_matplotlib_draws(theirs, 110)
    for f in (fig, theirs):
        f.dpi = 110
        f.axes[0].xaxis.label.set_text("other words")  # not measured before
    ours, other = (f.axes[0].xaxis.label.get_window_extent() for f in (fig, theirs))
    np.testing.assert_array_equal(ours, other)


def test_a_figure_of_pyplot_without_a_layout_is_drawn_too():
    fig, ax = plt.subplots()
    try:
        ax.plot([1, 2])
        np.testing.assert_array_equal(drawn(fig, 100), as_matplotlib_draws(fig, 100))
        assert fig.canvas.manager is plt.get_current_fig_manager()
    finally:
        plt.close(fig)


def test_what_cannot_be_drawn_leaves_the_figure_as_it_was():
    fig = contours()
    fig.axes[0].set_title(r"$\nonsense$")
    engine = fig.get_layout_engine()
    with pytest.raises(ValueError, match="nonsense"):
        drawn(fig, 110)
    assert fig.get_layout_engine() is engine
    fig.axes[0].set_title("sense")
    assert drawn(fig, 110).shape == drawn(contours(), 110).shape


@pytest.mark.parametrize("figure", FIGURES)
def test_a_background_comes_back_as_it_was_drawn(figure):
    pixels = background(figure())
    sent = Image.open(io.BytesIO(png(pixels)))
    np.testing.assert_array_equal(np.asarray(sent), pixels)
    np.testing.assert_array_equal(np.asarray(sent.convert("RGB")), drawn(figure(), 192)[..., :3])
    colourful = figure in (with_a_scale, many_kinds_of_ticks)
    assert sent.mode == ("RGB" if colourful else "L"), "grey where there is no colour"


@pytest.mark.parametrize("make", [contours, stacked])
def test_a_dark_style_of_matplotlib_changes_nothing(make):
    usual = drawn(make(), 72)
    with plt.style.context("dark_background"):
        np.testing.assert_array_equal(drawn(make(), 72), usual)


def round_ticks(**given):
    fig = plt.figure(figsize=(4, 3), **given)
    plt.close(fig)
    fig.add_subplot(projection="polar").set(thetamax=150, ylim=(0, 2))
    return fig


@pytest.mark.parametrize("style", ["default", "dark_background", "ggplot"])
def test_a_figure_in_a_style_of_matplotlib_keeps_it(style):
    with plt.style.context(style):
        theirs = io.BytesIO()
        round_ticks().savefig(theirs, format="png", dpi=110)
        np.testing.assert_array_equal(drawn(round_ticks(), 110), np.asarray(Image.open(theirs)))


@pytest.mark.parametrize("style", ["dark_background", {"figure.facecolor": "none"}])
def test_a_background_that_lets_see_through_lies_on_what_the_style_has(style):
    with plt.style.context(style):
        clear, usual = background(round_ticks(facecolor="none")), background(round_ticks())
        assert abs(usual.astype(int) - clear).max() <= 1
        assert np.unique(usual)[[0, -1]].tolist() == [0, 255]


def test_a_background_that_lets_see_through_lies_on_white():
    opaque, clear, half = (background(round_ticks(facecolor=color)) for color in ("white", "none", (0, 0, 0, 0.5)))
    assert abs(opaque.astype(int) - clear).max() <= 1
    assert half[0, 0] == pytest.approx(128, abs=1)
