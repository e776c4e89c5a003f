"""Artists hold the data, and the words say what the artists show."""

import html
import warnings
from fractions import Fraction
from itertools import combinations

import matplotlib.colors
import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils import plots
from course_utils.descent import descend
from course_utils.landscapes import Function, Saddle
from course_utils.optimizers import GradientDescent
from course_utils.problems import LeastSquares, Quadratic, minibatches

VALLEY = Quadratic([0.1, 10])
RUN = descend(VALLEY, GradientDescent(0.18), [-4, 1.5], 30)
LOST = descend(VALLEY, GradientDescent(0.9), [-4, 1.5], 900)
LINES = LeastSquares([[1, 0], [0, 1], [1, 1]], [1, 2, 4])
BATCHES = minibatches(3, 2, np.random.default_rng(0))
SGD = descend(LINES, GradientDescent(0.1), [-4, 1.5], 30, BATCHES)


@pytest.fixture
def axes():
    return plots.panels(1)[1]


def test_path_and_loss(axes):
    line = plots.draw_path(axes, RUN, "a run")
    np.testing.assert_array_equal(np.column_stack(line.get_data()), RUN.w)
    line = plots.draw_loss(axes, RUN, "a run", against="evaluations")
    np.testing.assert_array_equal(line.get_data(), [RUN.evaluations, RUN.loss])
    words = plots.describe(axes.figure)
    assert "30 steps from (-4, 1.5) to (-2.32, 0.00186)" in words
    assert f"ends at {RUN.loss[-1]:.3g}" in words


def test_artists_hold_the_data(axes):
    line = plots.draw_loss(axes, SGD, "above", against="evaluations", above=LINES.min_loss)
    np.testing.assert_array_equal(line.get_data(), [SGD.evaluations, SGD.loss - LINES.min_loss])
    assert axes.get_yscale() == "log"
    assert axes.get_ylabel() == "loss above the minimum"
    points = plots.draw_points(axes, [1, 2], [3, 4])
    np.testing.assert_array_equal(points.get_data(), [[1, 2], [3, 4]])
    edge = plots.draw_band(axes, [0, 1], [0, 1], [1, 2]).get_paths()[0].vertices.tolist()
    assert all(corner in edge for corner in ([0, 0], [1, 1], [0, 1], [1, 2]))
    assert list(plots.mark(axes, 0.2, "limit").get_xdata()) == [0.2, 0.2]
    assert list(plots.level(axes, 0.5, "floor").get_ydata()) == [0.5, 0.5]


@pytest.mark.parametrize("problem", [VALLEY, LINES, Saddle()], ids=lambda problem: type(problem).__name__)
def test_contours_are_the_loss(axes, problem):
    lines = plots.draw_contours(axes, problem)
    for height, segments in zip(lines.levels, lines.allsegs, strict=True):
        for points in segments:
            np.testing.assert_allclose(problem.loss(points), height, rtol=0.01, atol=0.02)
    assert sum(map(len, lines.allsegs)) >= len(lines.levels)


@pytest.mark.parametrize(
    "loss", [lambda w: w[0] - np.log(w[0]) + w[1] ** 2, lambda w: 1 / w[0] ** 2, lambda w: np.exp(200 * w[0] ** 2)]
)
def test_contours_where_some_of_the_loss_is_not_finite(axes, recwarn, loss):
    lines = plots.draw_contours(axes, Function(loss, lambda w: w))
    assert sum(map(len, lines.allsegs)) > 0
    assert np.isfinite(lines.levels).all()
    assert not recwarn.list


@pytest.mark.parametrize(
    "loss", [lambda w: 1.0, lambda w: np.nan, lambda w: np.inf, lambda w: np.cos(w[0]) ** 2 + np.sin(w[0]) ** 2,
             lambda w: 1e16 + w[0] ** 2]
)  # fmt: skip
def test_a_level_loss_has_no_contours(axes, recwarn, loss):
    assert plots.draw_contours(axes, Function(loss, lambda w: w)) is None
    assert "No contours" in plots.describe(axes.figure)
    assert not recwarn.list


@pytest.mark.parametrize(
    ("curvatures", "minimum"),
    [([1, 2], True), ([0, 1], True), ([0, 0], True), ([1, -1], False), ([-1, 1], False), ([-1, -2], False)],
)
def test_only_a_minimum_is_marked_as_one(axes, curvatures, minimum):
    plots.draw_contours(axes, Quadratic(curvatures))
    assert len(axes.lines) == minimum
    assert ("minimum at (0, 0)" in plots.describe(axes.figure)) == minimum


def test_the_shortest_of_many_minima_is_one(axes):
    plots.draw_contours(axes, LeastSquares([[0.1, 0.3], [0.2, 0.6]], [1, 2]))
    assert "minimum at (1, 3)" in plots.describe(axes.figure)


def test_words_are_of_what_is_drawn(axes, recwarn):
    plots.draw_points(axes, [1, 2, 3], np.ma.array([1, 99, 2], mask=[0, 1, 0]), "masked")
    plots.draw_curve(axes, np.ma.array([0, 99, 2], mask=[0, 1, 0]), [1, 2, 3], "hidden")
    plots.draw_curve(axes, [1e-13, 1, 2], [1e300, 5, 7], "far")
    plots.draw_curve(axes, [1e-13, 1, 2], [6, 5, 7], "near")
    plots.draw_band(axes, [0, 1, 2], 0, [1, 2, np.nan], "band")
    plots.draw_band(axes, [], [], [], "empty")
    plots.level(axes, Fraction(1, 5), "a fifth")
    assert plots.mark(axes, np.inf, "limit") is plots.level(axes, np.nan, "floor") is None
    words = plots.describe(axes.figure)
    for part in ("highest (3, 2)", "'far': from (1, 5)", "'near': from (1e-13, 6)", "at the end from 0 to 2",
                 "'empty', no finite value", "'a fifth' at 0.2", "'limit' at inf", "'floor' at nan"):  # fmt: skip
        assert part in words
    assert "99" not in words
    assert not recwarn.list


@pytest.mark.parametrize("draw", [lambda ax: plots.mark(ax, 50, "limit 2/L"), lambda ax: plots.level(ax, 0, "floor")])
def test_a_line_outside_the_window_leaves_the_layout_as_it_is(recwarn, draw):
    figures = [plots.panels(1) for _ in range(2)]
    for fig, ax in figures:
        ax.set(xlim=(0, 1), ylim=(1e-3, 1), yscale="log")
        if fig is figures[1][0]:
            draw(ax)
        fig.canvas.draw()
    (_, plain), (_, drawn) = figures
    np.testing.assert_array_equal(drawn.get_position().bounds, plain.get_position().bounds)
    assert not recwarn.list


def test_a_colour_bar_is_no_panel():
    fig, ax = plots.panels(1)
    fig.colorbar(ax.contourf([[0, 1], [1, 2]]), label="rate")
    assert plots.describe(fig).splitlines() == ["Picture: . ", "Colour bar: rate. "]


def test_diverged_run_is_drawn_silently():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fig, (left, right) = plots.panels(2)
        plots.draw_contours(left, VALLEY)
        plots.draw_path(left, LOST, "lost")
        plots.draw_loss(right, LOST, "lost")
        plots.draw_curve(right, [1, 2, 3], [np.nan, np.inf, 1])
        plots.draw_curve(right, [1], [np.nan], "nothing")
        assert plots.png(fig).startswith(b"\x89PNG")
    words = plots.describe(fig)
    assert f"diverged at step {LOST.diverged_at}" in words
    assert "no finite value" in words


def test_everything_drawn_is_described(axes):
    plots.draw_contours(axes, VALLEY, (-1, 1), (-3, 3))
    plots.draw_points(axes, [1, 2], [3, 4], "dots")
    plots.draw_band(axes, [0, 1], [0, 1], [1, 2], "band")
    plots.mark(axes, 0.2, "limit")
    plots.level(axes, 0.5, "floor")
    plots.note(axes, "And this.")
    axes.set_title("A title")
    words = plots.describe(axes.figure)
    for part in ("w1 from -1 to 1", "minimum at (0, 0)", "2 points 'dots'", "'band', at the end from 1 to 2",
                 "'limit' at 0.2", "'floor' at 0.5", "And this.", "(A title)", "w2 against w1"):  # fmt: skip
        assert part in words


def test_show_gives_picture_alt_text_and_words(axes, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **kwargs: shown.append((data, kwargs)))
    plots.draw_curve(axes, [0, 1], [2, 3], "a < b")
    plots.show(axes.figure)
    (picture, options), (text, _) = shown
    assert picture["text/plain"] == plots.describe(axes.figure) == options["metadata"]["image/png"]["alt"]
    assert "a &lt; b" in text["text/html"]
    assert picture["image/png"].startswith("iVBOR")
    source = f"data:image/png;base64,{picture['image/png']}"
    assert picture["text/html"] == f'<img alt="{html.escape(picture["text/plain"])}" src="{source}">'


@pytest.mark.parametrize("draw", [plots.mark, plots.level])
def test_a_dark_style_of_matplotlib_leaves_the_words_of_a_line_as_they_are(draw):
    pictures = []
    for style in ({}, "dark_background"):
        with plt.style.context(style):
            fig, ax = plots.panels(1)
            draw(ax, 0.5, "limit 2/L")
            pictures.append(plots.png(fig))
    assert pictures[0] == pictures[1]


def test_same_figure_same_bytes():
    pictures = []
    for _ in range(2):
        fig, ax = plots.panels(1)
        plots.draw_loss(ax, RUN, "a run")
        pictures.append(plots.png(fig))
    assert pictures[0] == pictures[1]


def luminance(color):
    channels = np.array(matplotlib.colors.to_rgb(color))
    return np.where(channels <= 0.03928, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4) @ [
        0.2126,
        0.7152,
        0.0722,
    ]


# Machado, Oliveira and Fernandes 2009: how red-blind and green-blind readers see linear RGB.
BLIND = {
    "normal": np.eye(3),
    "red": [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.052]],
    "green": [[0.3673, 0.8606, -0.228], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
}


@pytest.mark.parametrize("eyes", BLIND)
def test_colours_of_methods_can_be_told_apart(eyes):
    names = ["gd", "sgd", "momentum", "nesterov"]
    rgb = {name: np.array(matplotlib.colors.to_rgb(plots.COLORS[name])) for name in names}
    seen = {name: np.clip(BLIND[eyes] @ rgb[name], 0, 1) for name in names}
    for a, b in combinations(names, 2):
        assert np.abs(seen[a] - seen[b]).max() > 0.15, (a, b)


@pytest.mark.parametrize("name", sorted(set(plots.COLORS) - {"adam"}))
def test_contrast_on_white(name):
    assert 1.05 / (luminance(plots.COLORS[name]) + 0.05) >= 3


@pytest.mark.parametrize(
    ("x", "words"), [(0, "0"), (1e-14, "0"), (1234.5, "1.23e+03"), (-0.1 / 3, "-0.0333"), (np.inf, "inf")]
)
def test_number(x, words):
    assert plots.number(x) == words


@pytest.mark.parametrize(("scale", "none"), [("linear", "0"), ("log", "less than 1e-12")])
def test_nothing_is_0_on_a_log_axis(axes, scale, none):
    plots.draw_curve(axes, [0, 1, 2, 3], [1, 2e-13, 1e-13, 0.5])
    plots.draw_points(axes, [1, 2], [1, 1e-15])
    axes.set_yscale(scale)  # also where it is set after what is drawn
    words = plots.describe(axes.figure)
    assert f"from (0, 1) to (3, 0.5), lowest (1, {none}), highest (0, 1)" in words
    assert f"from (1, 1) to (2, {none}), lowest (2, {none}), highest (1, 1)" in words


def test_a_loss_at_its_minimum_is_told_as_that(axes):
    plots.draw_loss(axes, descend(Quadratic([1]), GradientDescent(1), [1], 3), "a run")
    assert "starts at 0.5, ends at less than 1e-12 after 3 steps" in plots.describe(axes.figure)
