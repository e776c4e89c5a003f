"""Clouds of points on the page and in the still picture look as Matplotlib draws them, whatever their number."""

import re

import numpy as np
import pytest
from matplotlib.figure import Figure
from svg_paths import parts

from course_utils.drawing import drawn
from course_utils.explorers import LiveFigure, dots
from course_utils.explorers.live_figure import MOST
from course_utils.plots import panels

COLORS = "#0072B2", "#D55E00", "#009E73", "#CC79A7"


def ink(picture):
    """How coloured each pixel (rows, columns) of 96 per inch is."""
    picture = np.asarray(picture)[..., :3].astype(float)
    twice = np.ptp(picture, axis=-1)[: len(picture) // 2 * 2, : picture.shape[1] // 2 * 2] / 255
    return twice.reshape(len(twice) // 2, 2, -1, 2).mean((1, 3))


def on_the_page(figure):
    """What the page draws from the paths of round strokes, without the axes."""
    picture = Figure(figsize=(figure.width / 96, figure.height / 96))
    ax = picture.add_axes((0, 0, 1, 1), xlim=(0, figure.width), ylim=(figure.height, 0))
    ax.axis("off")
    for artist in figure._artists.values():
        wide = float(re.search(r'stroke-width="([^"]*)" stroke-linecap', artist.drawn)[1])
        strokes = [np.vstack([part, part[-1] + 0.01, [np.nan] * 2]) for part in parts(artist.drawn, "linecap")]
        ax.plot(*np.vstack(strokes).T, color=artist.color, linewidth=wide * 0.75, solid_capstyle="round")
        left, top, right, bottom = artist.box
    outside = np.ones((figure.height, figure.width), bool)
    outside[round(top) : round(bottom), round(left) : round(right)] = False
    found = ink(drawn(picture, 192))
    return np.where(outside[: len(found), : found.shape[1]], 0, found)


def blocks(picture, side=16):
    rows, columns = np.array(picture.shape) // side
    return picture[: rows * side, : columns * side].reshape(rows, side, columns, side).mean((1, 3))


def drawn_both_ways(size, clouds):
    """A live figure of clouds, and the ink of Matplotlib's own drawing of them."""
    both = []
    for _ in range(2):
        fig, ax = panels(1)
        ax.set(xlim=(-3, 3), ylim=(-3, 3))
        ax.grid(visible=False)
        both.append((fig, ax))
    (fig, ax), (other, own) = both
    figure = LiveFigure(fig, "clouds")
    for color, cloud in zip(COLORS, clouds, strict=False):
        figure.points(color, ax, color, size=size)
        own.plot(*cloud, "o", color=color, markersize=size * 0.75, markeredgewidth=0)
    figure.move("clouds", **dict(zip(COLORS, clouds, strict=False)))
    return figure, ink(drawn(other, 192))


@pytest.mark.parametrize(
    ("size", "count", "many", "moved"),
    [(1, 300_000, 1, 0.13), (2, 200_000, 1, 0.1), (2, 200_000, 4, 0.1), (3, 30_000, 1, 0.13), (4, 3_000, 1, 0.06),
     (4, 100_000, 1, 0.05), (4, 100_000, 4, 0.05), (8, 3_000, 1, 0.04), (8, 700, 4, 0.04), (20, 700, 1, 0.03)],
)  # fmt: skip
def test_a_cloud_has_as_much_ink_as_matplotlib_gives_it(size, count, many, moved):
    """All in all, in the page and in the still picture, and in each square of 16 pixels."""
    rng = np.random.default_rng(0)
    places = np.array([(-1.3, -1.3), (1.3, -1.3), (-1.3, 1.3), (1.3, 1.3)]) * (many > 1)
    clouds = [place[:, None] + rng.normal(0, 1 if many == 1 else 0.6, (2, count)) for place in places[:many]]
    figure, true = drawn_both_ways(size, clouds)
    page, still = on_the_page(figure), np.ptp(np.asarray(figure.still()).astype(float), axis=-1).mean() / 255
    assert len(figure.lines) <= MOST
    assert (page.mean(), still) == pytest.approx((true.mean(), true.mean()), rel=0.03)
    assert abs(blocks(page) - blocks(true)).mean() < moved * true.mean()


@pytest.mark.parametrize(
    ("width", "count", "dots", "more"),
    [(2, 5_000, False, 0.06), (2, 5_000, True, 0.13), (1, 100_000, False, 0.06)],
)
def test_scribbles_are_as_dense_as_matplotlib_draws_them(width, count, dots, more):
    """Four at once, of which each has its strokes, and none has holes."""
    scribbles, stills = np.random.default_rng(0).normal(size=(4, 2, count)), []
    for own in (True, False):
        fig, ax = panels(1)
        ax.set(xlim=(-3, 3), ylim=(-3, 3))
        for color, scribble in zip(COLORS * own, scribbles, strict=False):
            ax.plot(*scribble, "o-" if dots else "-", color=color, lw=width * 0.75, ms=4.5, mew=0)
        figure = LiveFigure(fig, "scribbles")
        for color in COLORS * (not own):
            figure.line(color, ax, color, width=width, dots=dots)
        figure.move("", **dict(zip(figure._artists, scribbles, strict=False)))
        stills.append(ink(figure.still()))
    true, found = stills
    assert len(figure.lines) <= MOST
    assert all(len(parts(artist.drawn, "transform")) > 20 for artist in figure._artists.values())
    assert found.mean() == pytest.approx(true.mean(), rel=more)
    assert abs(blocks(found) - blocks(true)).mean() < 0.25 * true.mean()


@pytest.mark.parametrize("count", [2, 500, 5_000])
def test_translucent_dots_are_of_one_shade_in_the_still_picture_as_in_the_page(count):
    """There they are one path."""
    ax = Figure(figsize=(3, 3)).add_axes((0, 0, 1, 1), xlim=(-1, 1), ylim=(-1, 1))
    ax.axis("off")
    figure = LiveFigure(ax.figure, "a test")
    figure.points("y", ax, (1, 0, 0, 0.4), size=20)
    figure.move("", y=np.linspace(-0.05, 0.05, 2 * count).reshape(2, count))
    assert figure.lines.count("<path") == 1
    pixels = np.asarray(figure.still()).reshape(-1, 3)
    assert abs(pixels.min(0).astype(int) - [255, 153, 153]).max() <= 1
    assert (abs(pixels.astype(int) - [255, 153, 153]).max(1) <= 1).sum() > 400


def test_dots_that_touch_show_the_white_between_them():
    """What is joined to one stroke overlaps so far that no white can be seen."""
    size, apart = 20, np.array([[5, 12], [5, 25], [5, 33], [5, 38]])
    many = np.vstack([apart, [(100 + x, 20) for x in range(0, 30 * 700, 30)]])
    drawn = [part[:, 1].tolist() for part in parts(f'<path d="{dots.path(many, size)[0]}">') if part[0, 0] == 5]
    assert drawn == [[12], [25, 38]]


@pytest.mark.parametrize("size", [1, 3.5, 6, 20, 300])
def test_no_dot_is_drawn_where_there_is_none(size):
    pixels = np.random.default_rng(0).integers(0, 60, (5000, 2))
    kept = dots.visible(pixels, size)
    for corner in (kept.min, pixels.min), (kept.max, pixels.max):
        np.testing.assert_allclose(*(of(0) for of in corner), atol=1)
    assert len(dots.visible(pixels[:500], size)) == len(np.unique(pixels[:500], axis=0))
    assert not len(dots.visible(pixels[:0], size))


def test_few_dots_lie_where_they_should_to_a_tenth_of_a_pixel():
    """Those of a line would else lie beside it; outside the box, above and left of it, they are seen in part."""
    box, size = (0, 0, 100, 80), 12
    few = np.random.default_rng(0).uniform(-6, 80, (dots.EXACT, 2))
    data, wide = dots.path(dots.visible(dots.near(few, box, size), size), size)
    found = np.vstack(parts(f'<path d="{data}" scale({1 / wide})>'))
    nearest = np.abs(found[None] - few[:, None]).max(-1).min(1)
    assert nearest.max() < 0.051
    many = np.random.default_rng(0).uniform(0, 80, (dots.EXACT + 1, 2))
    assert (dots.near(many, box, size) == dots.near(many, box, size).round()).all()
