"""What moves in a live figure is where Matplotlib would draw it, cut off at the axes, and thinned only unseen."""

import base64
import gc
import io
import itertools
import re
import sys
import textwrap
import tracemalloc
import warnings
from datetime import date
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from PIL import Image
from svg_paths import parts, points

from course_utils.data import diabetes
from course_utils.explorers import DescentExplorer, LiveFigure, MomentumPadExplorer, svg
from course_utils.explorers.controls import Slider
from course_utils.explorers.live_figure import MOST
from course_utils.explorers.pad import Pad
from course_utils.explorers.pictures import drawn_over, png
from course_utils.plots import draw_curve, panels
from course_utils.problems import LeastSquares, Quadratic


@pytest.fixture
def live():
    fig, ax = panels(1)
    ax.set(xlim=(0, 10), ylim=(1e-3, 1), yscale="log")
    figure = LiveFigure(fig, "a test")
    figure.line("y", ax, "#0072B2", dots=True)
    return figure


@pytest.mark.parametrize(
    ("y", "drawn"),
    [([0.1, 0.2, 0.3], True), ([], False), ([np.nan] * 3, False), ([0.1, np.inf, 0.2], True),
     ([0, -1, 0.5], True), ([1e300, 1e-300, 0.1], True), (np.full(3, 1e9), False)],
)  # fmt: skip
def test_live_figure_draws_what_there_is(live, y, drawn):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        live.move("words", y=(np.arange(len(y)), y))
    assert 'aria-label="words"' in live.svg
    assert "nan" not in live.svg
    assert "inf" not in live.svg
    assert bool(re.search(r"m\d+ \d+h0", live.svg)) == drawn


def test_live_figure_thins_what_cannot_be_seen(live):
    x = np.linspace(0, 10, 1_000_000)
    live.move("many", y=(x, 10 ** (-1.5 + np.sin(x))))
    assert len(live.svg) < 60_000
    with pytest.raises(ValueError, match="nothing here is called 'z'; there are y"):
        live.move("", z=([1], [1]))


def test_nothing_moves_the_axes():
    fig, ax = panels(1)
    ax.plot([0, 1], [0, 1])
    figure = LiveFigure(fig, "a test")
    figure.line("y", ax, "#0072B2")
    before = ax.viewLim.bounds, ax.bbox.bounds
    figure.move("far away", y=([0, 50], [0, 1e6]))
    ax.set_ylabel("a label\non two lines")
    figure.still_png()
    assert (ax.viewLim.bounds, ax.bbox.bounds) == before


@pytest.mark.parametrize(("name", "value"), [("ylim", (0, 4)), ("xlim", (5, -5)), ("xscale", "symlog")])
def test_limits_that_are_set_later_are_drawn_with_the_next_move(name, value):
    pictures = {}
    for later in (False, True):
        ax = Figure().add_axes((0.2, 0.2, 0.7, 0.7))
        ax.set(**{"xlim": (-2, 2), "ylim": (0, 1)} | ({} if later else {name: value}))
        figure = LiveFigure(ax.figure, "a test")
        figure.line("y", ax, "#0072B2")
        figure.line("never moved", ax, "#0072B2")
        figure.band("band", ax, "#0072B2")
        figure.move("", band=([0, 1], 0.5, 0.6))
        if later:
            figure.still_png()
            ax.set(**{name: value})
        figure.move("", y=([-1, 1], [0.2, 0.8]))
        pictures[later] = figure.background, figure.lines, figure.still_png()
    assert pictures[True] == pictures[False]


@pytest.mark.parametrize("size", [(4.8, 3.6), (5.004, 3.134), (3.3333, 7.7777)])
@pytest.mark.parametrize("color", ["#404040", "red"])
def test_a_picture_has_two_pixels_for_each_of_the_page_and_axes_where_lines_are_cut(size, color):
    fig = Figure(figsize=size)
    ax = fig.add_axes((0.1, 0.1, 0.8, 0.8), facecolor=color)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    figure = LiveFigure(fig, "a test")
    figure.line("y", ax, "black")
    picture = Image.open(io.BytesIO(base64.b64decode(figure.background)))
    assert (figure.width, figure.height) == tuple(np.rint(np.multiply(size, 96)))
    assert picture.size == (2 * figure.width, 2 * figure.height)
    rows, columns = np.nonzero(np.asarray(picture.convert("L")) < 200)
    box = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    np.testing.assert_allclose(figure._artists["y"].box, np.divide(box, 2), atol=0.3)


LATER = {
    "size": lambda fig: fig.set_size_inches(7, 5),
    "size, laid out": lambda fig: fig.set_size_inches(7, 5),
    "place": lambda fig: fig.axes[0].set_position((0.3, 0.4, 0.5, 0.5)),
    "aspect": lambda fig: fig.axes[0].set_aspect(0.5),
    "aspect of the box": lambda fig: fig.axes[0].set_box_aspect(0.5),
    "bend of a scale": lambda fig: fig.axes[0].set_yscale("symlog", linthresh=0.1),
    "limits of an inset": lambda fig: fig.axes[0].child_axes[0].set_xlim(0, 3),
    "limits within an inset": lambda fig: fig.axes[0].child_axes[0].child_axes[0].set_xlim(0, 3),
}


@pytest.mark.parametrize("name", LATER)
def test_what_moves_a_point_later_is_drawn_with_the_next_move_or_still(name):
    figures = {}
    for later in ("never", "move", "still"):
        fig = Figure(figsize=(4, 3))
        ax = fig.subplots() if "laid out" in name else fig.add_axes((0.2, 0.2, 0.7, 0.7))
        ax.set(xlim=(0, 4), ylim=(-2, 2), yscale="symlog")
        ax.inset_axes((0.5, 0.5, 0.4, 0.4)).inset_axes((0.5, 0.5, 0.4, 0.4))
        if later == "never":
            LATER[name](fig)
        figures[later] = figure = LiveFigure(fig, "a test")
        for k, place in enumerate((ax, *ax.child_axes, *ax.child_axes[0].child_axes)):
            figure.line(f"line {k}", place, "black", dots=True)
        figure.move("", **{f"line {k}": ([0.1, 0.5, 0.9], [0.1, 1.7, 0.5]) for k in range(3)})
        if later != "never":
            LATER[name](fig)
            figure.move("") if later == "move" else figure.still()
    new, *changed = (
        (figure.width, figure.height, figure.background, figure.lines, figure.still_png())
        for figure in figures.values()
    )
    assert changed == [new, new]


LESS_PLAIN = {
    "equal": lambda ax: (ax.set_aspect("equal"), ax)[1],
    "equal, colour bar": lambda ax: (ax.figure.colorbar(ax.contourf(np.eye(3))), ax.set_aspect("equal"), ax)[2],
    "inset": lambda ax: ax.inset_axes((0.5, 0.5, 0.4, 0.4)),
}


@pytest.mark.parametrize("name", LESS_PLAIN)
def test_what_was_there_before_axes_move_with_their_limits_stands_where_what_comes_later_does(name):
    ax = LESS_PLAIN[name](Figure().subplots())
    ax.set(xlim=(0, 4), ylim=(0, 2))
    figure = LiveFigure(ax.figure, "a test")
    figure.line("before", ax, "black", dots=True)
    figure.text("words before", ax, "black")
    data = {"before": ([1, 2, 3], [0.5, 1.5, 7]), "words before": (1, 1.5, "words")}
    figure.move("", **data)
    background = figure.background
    ax.set(ylim=(1, 5))
    figure.move("")
    assert figure.background != background
    figure.line("later", ax, "black", dots=True)
    figure.text("words later", ax, "black")
    figure.move("", **{key.replace("before", "later"): value for key, value in data.items()})
    before, words, later, words_later = (artist.drawn for artist in figure._artists.values())
    assert (before, words) == (later, words_later) != ("", "")


GONE = {
    "removed": lambda fig: fig.axes[0].remove(),
    "cleared": lambda fig: fig.clf(),
    "deleted": lambda fig: fig.delaxes(fig.axes[0]),
}


@pytest.mark.parametrize("name", GONE)
def test_axes_that_were_removed_are_told(live, name):
    ax = live.fig.axes[0]
    GONE[name](live.fig)
    with pytest.raises(ValueError, match="late must be on axes of this live figure, got axes of another"):
        live.line("late", ax, "black")
    with pytest.raises(ValueError, match="the axes of 'y' were removed from the figure: make the live figure anew"):
        live.move("", y=([1, 2], [0.1, 0.2]))


def test_limits_and_data_set_together_are_drawn_once(plain, monkeypatch):
    drawn = []
    plain.move("", y=([0, 1], [0, 1]))
    monkeypatch.setattr(svg, "stroke", lambda *found: drawn.append(found) or svg.NONE)
    plain.fig.axes[0].set(xlim=(0, 5))
    plain.move("", y=([0, 2], [0, 1]))
    assert len(drawn) == 1


def test_axes_that_are_added_later_are_drawn_with_the_next_move(live):
    beside = live.fig.axes[0].twinx()
    before = live.background
    live.line("right", beside, "black")
    live.move("", right=([2, 4], [0.2, 0.6]))
    assert live.background != before
    assert (np.ptp(points(live.svg), axis=0) > 50).all()


PLACED = {
    "axes": lambda fig: fig.add_axes((0.3, 0.3, 0.6, 0.6)),
    "margins": lambda fig: (fig.subplots_adjust(left=0.3), fig.subplots())[1],
    "grid": lambda fig: fig.add_subplot(fig.add_gridspec(1, 1, left=0.3)[0]),
    "own grid": lambda fig: fig.add_subplot(GridSpec(1, 1)[0]),
}


@pytest.mark.parametrize("name", PLACED)
def test_axes_stay_where_someone_has_placed_them(name, recwarn):
    fig = Figure()
    ax = PLACED[name](fig)
    before = ax.get_position().bounds
    LiveFigure(fig, "a test")
    assert ax.get_position().bounds == before
    assert not recwarn.list


def test_axes_of_a_grid_within_a_grid_use_the_room_there_is(recwarn):
    fig = Figure()
    outer = fig.add_gridspec(1, 2)
    left, right = fig.add_subplot(outer[0]), fig.add_subplot(outer[1].subgridspec(2, 1)[0])
    LiveFigure(fig, "a test")
    assert left.get_position().y1 > 0.9
    assert right.get_position().x1 > 0.95
    assert not recwarn.list


def test_a_figure_of_pyplot_is_shown_once():
    fig, ax = plt.subplots()
    other = plt.figure()
    live = LiveFigure(fig, "a test")
    Pad(plt.subplots()[1], ("across", "up"), ([0, 1], [0, 1]), (0, 0))
    assert plt.get_fignums() == [other.number]
    plt.close(other)
    live.line("y", ax, "black")
    live.move("", y=([0, 1], [0, 1]))
    assert live.still_png()


def test_a_background_keeps_the_limits_that_matplotlib_gives_it():
    fig, ax = panels(1)
    draw_curve(ax, np.linspace(0, 10), np.linspace(0, 100), "far beyond 0 to 1")
    LiveFigure(fig, "a test")
    assert (*ax.get_xlim(), *ax.get_ylim()) == pytest.approx((-0.5, 10.5, -5, 105))


def test_axes_of_equal_units_are_drawn_silently_and_stay(caplog, recwarn):
    fig, ax = panels(1, width=8, height=3)
    ax.plot([0, 1], [0, 1])
    ax.axis("equal")
    LiveFigure(fig, "a test")
    before = *ax.get_xlim(), *ax.get_ylim()
    ax.plot([0, 99], [0, 99])
    assert (*ax.get_xlim(), *ax.get_ylim()) == before
    assert not recwarn.list
    assert caplog.text == ""


@pytest.mark.parametrize("kind", ["line", "points", "band", "text"])
def test_axes_of_another_figure_are_refused(live, kind):
    with pytest.raises(ValueError, match="new must be on axes of this live figure, got axes of another figure"):
        getattr(live, kind)("new", panels(1)[1], "black")


def test_words_cannot_break_the_picture(live):
    live.move('lr < 2/L & "so on"')
    assert 'aria-label="lr &lt; 2/L &amp; &quot;so on&quot;"' in live.svg


def test_line_is_where_matplotlib_would_draw_it(live):
    live.move("", y=([2.0, 5.0], [0.01, 0.1]))
    ax = live.fig.axes[0]
    expected = ax.transData.transform([(2, 0.01), (5, 0.1)]) * 96 / live.fig.dpi
    expected[:, 1] = live.height - expected[:, 1]
    found = points(live.svg, 'fill="none"')[[0, -1]]
    np.testing.assert_allclose(found, expected, atol=0.06)
    dots = points(live.svg, "linecap")
    np.testing.assert_allclose(dots[dots[:, 0].argsort()], found, atol=0.06)
    left, bottom, right, top = ax.bbox.extents * 96 / live.fig.dpi
    numbers = re.search(r'<svg x="(.+?)" y="(.+?)" width="(.+?)" height="(.+?)" ', live.svg).groups()
    clip = left, live.height - top, right - left, top - bottom
    np.testing.assert_allclose(np.array(numbers, float), clip, atol=0.06)
    assert 'stroke="#0072B2"' in live.svg


def alone(kind, **options):
    """A figure 100 steps wide on a log axis, with one thing of this kind called it."""
    fig, ax = panels(1)
    ax.set(xlim=(0, 100), ylim=(1e-3, 1), yscale="log")
    figure = LiveFigure(fig, "a test")
    getattr(figure, kind)("it", ax, "#D55E00", **options)
    return figure


HARD = {
    "empty": [],
    "nan": [np.nan] * 3,
    "diverged": [0.1, 1.0, 1e200, np.inf, np.nan],
    "not positive": [0.1, 0, -1, 0.2],
    "huge": [1e-300, 1e300, -1e300],
    "a million": 10 ** np.random.default_rng(0).uniform(-9, 6, 1_000_000),
}


SEEN = {
    "line": {"diverged", "huge", "a million"},  # two points that follow each other
    "points": {"diverged", "not positive", "a million"},  # a point inside
    "band": set(HARD) - {"empty", "nan"},  # down to the axis where it is not positive
}


@pytest.mark.parametrize("name", HARD)
@pytest.mark.parametrize("kind", ["line", "points", "band"])
def test_hard_data(kind, name):
    values = HARD[name]
    figure = alone(kind)
    x = np.linspace(0, 100, len(values))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.move("hard", it=(x, values) if kind != "band" else (x, np.asarray(values) / 2, values))
        figure.still_png()
    assert not re.search("nan|inf", figure.svg)
    assert len(figure.svg) < 200_000
    assert ("<path" in figure.svg) == (name in SEEN[kind])


def covered(figure):
    """The pixels that the strokes (2 wide) and dots (6 wide) of a figure touch."""
    picture = np.zeros((figure.height + 40, figure.width + 40), bool)
    for having, wide in (('fill="none"', 2), ("linecap", 6)):
        middle = np.zeros_like(picture)
        for part in parts(figure.svg, having):
            for a, b in itertools.pairwise(part if len(part) > 1 else np.repeat(part, 2, axis=0)):
                x, y = np.rint(np.linspace(a, b, 2 * int(np.abs(b - a).max()) + 2) + 20).astype(int).T
                middle[y, x] = True
        for shift in itertools.product(range(-3, 4), repeat=2):
            if np.hypot(*shift) <= wide / 2:
                picture |= np.roll(middle, shift, (0, 1))
    return picture


def all_is_drawn(monkeypatch):
    """However many strokes there are, and bytes."""
    for name in ("svg.MANY", "svg.WHOLE", "live_figure.MOST"):
        monkeypatch.setattr(f"course_utils.explorers.{name}", 10**9)


@pytest.mark.parametrize(("spread", "share"), [(2, 0.3), (8, 0.3), (40, 0.5)])
@pytest.mark.parametrize("dots", [False, True])
def test_thinning_leaves_the_picture_as_it_was(monkeypatch, spread, share, dots):
    rng = np.random.default_rng(1)
    x, y = 50 + spread * rng.standard_normal(5000), 10 ** (-1.5 + spread / 40 * rng.standard_normal(5000))
    thinned, whole = alone("line", dots=dots), alone("line", dots=dots)
    with monkeypatch.context() as patch:
        all_is_drawn(patch)
        whole.move("", it=(x, y))
    monkeypatch.setattr("course_utils.explorers.live_figure.MOST", share * len(whole.lines))
    thinned.move("", it=(x, y))
    before, after = covered(whole), covered(thinned)
    assert len(thinned.svg) < share * len(whole.svg)
    assert (before & ~after).sum() < 0.03 * before.sum()
    assert (after & ~before).sum() < 0.03 * before.sum()


@pytest.mark.parametrize("count", [550, 5_000, 50_000])  # of points: the first are drawn whole, but for bytes
def test_a_scribble_of_any_length_is_a_small_message(count):
    rng, figure = np.random.default_rng(count), alone("line", dots=True)
    for name in "abc":
        figure.line(name, figure.fig.axes[0], "#0072B2", dots=name == "a")
    figure.line("smooth", figure.fig.axes[0], "#000000")
    x = np.linspace(0, 100, count)
    figure.move("", smooth=(x, 10 ** (-1.5 + np.sin(x / 8))), **{
        name: (rng.uniform(0, 100, count), 10 ** rng.uniform(-3, 0, count)) for name in ("it", *"abc")
    })  # fmt: skip
    assert 5_000 < len(figure.lines) < 18_500
    for artist in figure._artists.values():  # each is there, all over the axes
        seen = points(artist.drawn, "linecap" if artist.dot else 'fill="none"')
        assert len(seen) > 10
        assert (np.ptp(seen, axis=0) > [300, 200]).all()
    few = [0.0, 30, 100], [0.01, 0.5, 0.1]
    figure.move("", **dict.fromkeys(figure._artists, few))
    assert figure.lines.count("scale(0.1)") == 7  # what was coarse is fine again, to a tenth of a pixel


@pytest.fixture
def plain():
    fig, ax = panels(1)
    ax.set(xlim=(0, 10), ylim=(0, 1))
    figure = LiveFigure(fig, "a test")
    figure.line("y", ax, "#0072B2")
    return figure


@pytest.mark.parametrize("seed", range(30, 40))
def test_a_long_walk_is_a_small_message(plain, seed):
    x, y = np.cumsum(np.random.default_rng(seed).normal(0, [[0.02], [0.002]], (2, 50_000)), 1)
    plain.move("", y=(5 + x, 0.5 + y))
    assert 3_000 < len(plain.lines) <= MOST


CLOUDS = {
    "normal": lambda rng, n: rng.normal([[5], [0.5]], [[3], [0.3]], (2, n)),
    "uniform": lambda rng, n: rng.uniform([[0], [0]], [[10], [1]], (2, n)),
}


@pytest.mark.parametrize("name", CLOUDS)
def test_a_cloud_of_many_points_is_not_looked_at_square_by_square(plain, monkeypatch, name):
    """Each stroke crosses a hundred squares and more, of which soon none is free."""
    looked, along = [], svg._along
    monkeypatch.setattr(svg, "_along", lambda *strokes: (found := along(*strokes), looked.append(len(found[1])))[0])
    plain.move("", y=CLOUDS[name](np.random.default_rng(0), 200_000))
    assert len(plain.lines) <= MOST
    assert sum(looked) < 50 * 200_000


@pytest.mark.parametrize("coarse", [1, 3, 120])
@pytest.mark.parametrize("name", CLOUDS)
def test_what_is_looked_at_in_blocks_first_is_the_same(monkeypatch, name, coarse):
    points, box = CLOUDS[name](np.random.default_rng(0), 20_000).T * [40, 300], (5.3, 7.1, 400.2, 290.9)
    found = svg.stroke(points, box, coarse=coarse)
    monkeypatch.setattr(svg, "_near_free_cells", lambda a, *further: np.ones(len(a), bool))
    np.testing.assert_array_equal(svg.stroke(points, box, coarse=coarse), found)


def test_every_stop_of_the_smallest_batches_is_a_small_message():
    """The longest paths of the lessons: 20 epochs of single people are 8,840 steps."""
    people = LeastSquares(*diabetes(["s1", "s2"]))
    explorer = DescentExplorer(people, [-0.6, -0.6], 20, ("lr", "batch_size"), window=((-1, 1), (-1, 1)))
    for size in (1, 2):
        for lr in explorer.lr.stops[40::12]:
            explorer.at(batch_size=size, lr=lr)
            assert len(explorer.figure.lines) + len(explorer.figure.words.encode()) < 19_000, (size, lr)


def test_dense_dots_keep_their_outline():
    figure = alone("points", size=6)
    x = np.random.default_rng(0).uniform(20, 60, 50_000)
    figure.move("", it=(x, 10 ** np.random.default_rng(1).uniform(-2, -1, 50_000)))
    seen = points(figure.svg)
    ends = figure.fig.axes[0].transData.transform([(20, 1e-2), (60, 1e-1)]) * 96 / figure.fig.dpi
    left, bottom, right, top = np.append(*ends * [1, -1] + [0, figure.height])
    np.testing.assert_allclose([*seen.min(0), *seen.max(0)], [left, top, right, bottom], atol=2)
    inside = covered(figure)[int(top) + 20 : int(bottom) + 20, int(left) + 20 : int(right) + 20]
    assert inside.all()
    assert len(seen) < inside.size / 50  # a stroke for each column of squares


def test_band_lies_between_its_curves_and_reaches_down_where_low_is_not_positive():
    figure = alone("band")
    figure.move("", it=([0, 50, 100], [0.01, 0, 0.01], [0.1, 0.1, 0.2]))
    seen, ax = points(figure.svg, 'fill="#D55E00"'), figure.fig.axes[0]
    high = ax.transData.transform([(0, 0.1), (50, 0.1), (100, 0.2)]) * 96 / figure.fig.dpi
    np.testing.assert_allclose(seen[:2:-1, 0], high[:, 0], atol=0.06)
    np.testing.assert_allclose(figure.height - seen[:2:-1, 1], high[:, 1], atol=0.06)
    assert seen[1, 1] > figure.height  # below the picture
    figure.move("", it=([0, 1, 2, 3, 4], [0.1, 0.1, np.nan, 0.1, 0.1], 0.2))
    assert len(parts(figure.svg)) == 2  # a gap, and one number for all points


@pytest.mark.parametrize(("x", "ends"), [(10, False), (90, True)])
def test_words_stay_inside(x, ends):
    figure = alone("text")
    figure.move("", it=(x, 0.1, "lr < 2/L"))
    assert ">lr &lt; 2/L</text>" in figure.svg
    assert ('text-anchor="end"' in figure.svg) == ends
    before = figure.still_png()
    for place in ((150, 0.1), (np.nan, 0.1), (10, 0), ([], [])):
        figure.move("", it=(*place, "lr"))
        assert "<text" not in figure.svg
    assert figure.still_png() != before


def test_words_of_two_lines_are_two_lines_inside_the_axes_in_the_page_and_in_the_still():
    figure = alone("text")
    for y, first in ((0.03, None), (1.0, figure._artists["it"].box[1] + 14)):
        figure.move("", it=(10, y, "one\ntwo"))
        places = np.array(re.findall(r'<text x="(.+?)" y="(.+?)" [^>]*>(?:one|two)</text>', figure.svg), float)
        drawn = [text.get_position() for text in figure._artists["it"].still()]
        np.testing.assert_allclose(drawn, places, atol=0.06)
        assert np.diff(places, axis=0).tolist() == [[0, 16]]
        assert first is None or places[0, 1] == pytest.approx(first, abs=0.06)


def test_blanks_and_tabs_are_kept_in_the_page_as_in_the_still():
    figure = alone("text")
    figure.move("", it=(10, 0.1, "lr   1\n   beta\nt\t1"))
    lines = ["lr   1", "   beta", "t       1"]
    assert re.findall(r'<text [^>]*xml:space="preserve"[^>]*>(.*?)</text>', figure.svg) == lines
    assert [text.get_text() for text in figure._artists["it"].still()] == lines


def test_words_are_in_the_font_that_figures_had_when_they_were_added():
    with plt.rc_context({"font.family": ["Own & Co", "monospace", "sans-serif"]}):
        figure = alone("text")
    figure.move("", it=(10, 0.1, "words"))
    assert 'font-family="&#x27;Own &amp; Co&#x27;, monospace, sans-serif"' in figure.svg
    assert figure._artists["it"].still()[0].get_family() == ["Own & Co", "monospace", "sans-serif"]
    usual = alone("text")
    usual.move("", it=(10, 0.1, "words"))
    assert 'font-family="sans-serif"' in usual.svg


@pytest.mark.parametrize(("color", "halo"), [("white", "#000000"), ("black", "#FFFFFF"), ("#E69F00", "#FFFFFF")])
def test_words_of_any_colour_are_set_off(color, halo):
    figure = LiveFigure(panels(1)[0], "a test")
    figure.text("it", figure.fig.axes[0], color)
    figure.move("", it=(0.5, 0.5, "words"))
    assert f'stroke="{halo}"' in figure.svg


def filled(figure, *data):
    """Which pixels inside the axes a band of these data covers, in the still picture."""
    pictures = []
    for moved in (([], [], []), data):
        figure.move("", it=moved)
        pictures.append(np.asarray(figure.still().convert("L"), int))
    left, bottom, right, top = figure.fig.axes[0].get_position().extents
    rows, columns = pictures[0].shape
    inside = (
        slice(round((1 - top) * rows) + 2, round((1 - bottom) * rows) - 2),
        slice(round(left * columns), round(right * columns)),
    )
    return (pictures[0] != pictures[1])[inside]


@pytest.mark.parametrize("end", [1e4, 1e9])
def test_a_band_that_ends_far_outside_keeps_its_slope(end):
    near, far = alone("band"), alone("band")
    for figure in (near, far):
        figure.fig.axes[0].set(yscale="linear", ylim=(0, 1))
    near, far = (filled(figure, [0, x], [0, 0.004 * x], [0, 0.02 * x]) for figure, x in ((near, 100), (far, end)))
    assert near.mean() > 0.3
    assert (far != near).mean() < 0.005


@pytest.mark.parametrize("scale", ["linear", "log"])
@pytest.mark.parametrize("count", [50, 5000])
def test_a_band_is_the_same_upside_down_and_inside_out(scale, count):
    rng = np.random.default_rng(0)
    x, low, high = np.linspace(0, 100, count), 10 ** rng.uniform(-2.5, -2, count), 10 ** rng.uniform(-1, -0.5, count)
    low[: count // 10], high[count // 2 : count // 2 + 20] = -np.inf, np.inf
    straight, turned, swapped = figures = [alone("band") for _ in range(3)]
    for figure in figures:
        figure.fig.axes[0].set(yscale=scale, ylim=(1, 1e-3) if figure is turned else (1e-3, 1))
    upright, upside_down = (filled(figure, x, low, high) for figure in (straight, turned))
    assert upright.mean() > 0.2
    assert (upright != upside_down[::-1]).mean() < 0.01
    finite = np.isfinite(low) & np.isfinite(high)
    x, low, high = x[finite], low[finite], high[finite]
    assert (filled(swapped, x, high, low) != filled(straight, x, low, high)).mean() < 0.001


def test_a_band_of_steps_is_the_same_from_right_to_left():
    """Of two values at one x, that which stands next to what comes before stays there."""
    x, high = np.repeat(np.arange(0.0, 101, 10), 2)[1:], np.repeat([0.2, 0.9] * 6, 2)[:21]
    steps = filled(alone("band"), x, 0.01, high)
    mirrored = alone("band")
    mirrored.fig.axes[0].set(xlim=mirrored.fig.axes[0].get_xlim()[::-1])
    assert (filled(mirrored, x, 0.01, high)[:, ::-1] != steps).mean() < 0.005
    assert (filled(alone("band"), x[::-1], 0.01, high[::-1]) == steps).all()


@pytest.mark.parametrize("way", [1, -1])
def test_a_band_has_a_gap_where_x_is_no_number(way):
    figure = alone("band")
    figure.move("", it=([0, 10, 20, np.nan, 40, 50, 60][::way], 0.01, 0.1))
    assert len(parts(figure.svg)) == 2


@pytest.mark.parametrize(("color", "drawn"), [("C0", "#1F77B4"), ("r", "#FF0000"), ((0, 0, 1, 0.5), "#0000FF80")])
def test_colours_are_called_what_a_page_calls_them(color, drawn):
    figure = LiveFigure(panels(1)[0], "a test")
    figure.line("y", figure.fig.axes[0], color)
    figure.move("", y=([0, 1], [0, 1]))
    assert f'stroke="{drawn}"' in figure.svg


def test_a_band_is_as_light_in_the_still_picture_as_in_the_page():
    figure = LiveFigure(panels(1)[0], "a test")
    figure.band("b", figure.fig.axes[0], ("red", 0.2))
    figure.move("", b=([0, 1], 0, 1))
    assert 'fill="#FF000033" fill-opacity="0.25"' in figure.svg  # the page multiplies them
    (drawn,) = figure._artists["b"].still()
    assert drawn.get_facecolor() == pytest.approx((1, 0, 0, 0.2 * 0.25))


@pytest.mark.parametrize(
    ("kind", "style", "words"),
    [
        ("line", {"dashes": "--"}, "dashes must be lengths of strokes and gaps, such as \"6 4\", got '--'"),
        ("line", {"dashes": (6, 4)}, 'such as "6 4", got (6, 4)'),
        ("line", {"dashes": "-6 4"}, "got '-6 4'"),
        ("line", {"width": None}, "width must be numbers (width >= 0), got None"),
        ("line", {"width": -1}, "width must satisfy width >= 0, got -1"),
        ("points", {"size": "large"}, "size must be numbers (size >= 0), got 'large'"),
        ("line", {"color": "nonsense"}, "color must be one that Matplotlib knows, such as \"#0072B2\", got 'nonsense'"),
        ("band", {"color": None}, 'color must be one that Matplotlib knows, such as "#0072B2", got None'),
        ("text", {"ax": "left"}, "ax must be Matplotlib axes, such as panels(1) makes, got 'left'"),
    ],
)
def test_styles_are_refused_at_once(live, kind, style, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        getattr(live, kind)("it", **{"ax": live.fig.axes[0], "color": "black", **style})


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: LiveFigure(panels(1)[1], "a test"), "fig must be a Matplotlib figure with axes, such as panels(1)"),
        (lambda: LiveFigure(Figure(), "a test"), "panels(1) makes, got one without axes"),
        (lambda: LiveFigure(panels(1)[0], None), "alt must be the picture in words, got None"),
        (lambda: LiveFigure(panels(1)[0], "a test").under("beta"), "controls must be widgets, such as a Slider, got"),
    ],
)
def test_what_is_no_figure_or_control_is_refused(make, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        make()


def test_a_name_that_move_could_not_use_is_refused(live):
    with pytest.raises(ValueError, match='the name must be a string, such as "wave" for move'):
        live.line(5, live.fig.axes[0], "black")


def test_a_move_that_is_refused_changes_nothing(live):
    live.line("z", live.fig.axes[0], "black")
    live.move("first", y=([1, 2], [0.1, 0.2]), z=([1, 2], [0.1, 0.2]))
    before = live.svg
    with pytest.raises(ValueError, match="description must be the picture in words, got None"):
        live.move(None, y=([3, 4], [0.3, 0.4]))
    assert live.svg == before
    with pytest.raises(ValueError, match="called 'z' already: choose another name"):
        live.points("z", live.fig.axes[0], "black")
    assert live.svg == before
    for wrong in ({"z": ([1, 2], [0.1] * 3)}, {"nonsense": ([1], [1])}):
        with pytest.raises(ValueError, match=r"of equal length|nothing here"):
            live.move("second", y=([3, 4], [0.3, 0.4]), **wrong)
    live.move("first")
    assert live.svg == before


@pytest.mark.parametrize("name", ["self", "description"])
def test_every_name_can_be_moved(live, name):
    live.line(name, live.fig.axes[0], "black")
    live.move("moved", **{name: ([1, 2], [0.1, 0.2])})
    assert live.words == "moved"


def test_where_no_kernel_runs_there_is_its_picture(live):
    slider = Slider("a", [0, 1], 0)
    for shown in (live, live.under(slider)):
        data, metadata = shown._repr_mimebundle_()
        assert data["text/plain"] == live.alt
        live.move("half of 3 is 1.5", y=([1, 2], [0.1, 0.2]))
        data, metadata = shown._repr_mimebundle_()
        assert data["text/plain"] == metadata["image/png"]["alt"] == "half of 3 is 1.5"
        assert 'alt="half of 3 is 1.5"' in data["text/html"]
        assert base64.b64decode(data["image/png"]) == live.still_png()
        assert "application/vnd.jupyter.widget-view+json" in data
        live.words = ""
    assert shown.children == (slider, live)


def test_words_stand_as_they_are_where_no_kernel_runs(live):
    live.move('a < b & "c"', y=([1, 2], [0.1, 0.2]))
    told = "a &lt; b &amp; &quot;c&quot;"
    for shown in (live, live.under(Slider("a", [0, 1], 0))):
        page = shown._repr_mimebundle_()[0]["text/html"]
        assert f'<img alt="{told}"' in page
        assert page.endswith(f">{told}</div>")


@pytest.mark.parametrize(
    ("dashes", "strokes"),
    [
        ("", [300]),
        ("0 0", [300]),
        ("60 40", [60, 60, 60]),
        ("50", [50, 50, 50]),
        ("30 20 10", [30, 10, 20] * 2 + [30, 10]),
    ],
)
@pytest.mark.parametrize("width", [1, 5])
def test_dashes_of_the_still_picture_are_those_of_the_page(dashes, strokes, width):
    """Lengths in pixels of the page, and an odd number of them twice over, as SVG has it."""
    fig = Figure(figsize=(4, 1))
    ax = fig.add_axes((0, 0, 1, 1), xlim=(0, 384), ylim=(-1, 1))
    ax.axis("off")
    figure = LiveFigure(fig, "a test")
    figure.line("y", ax, "black", width=width, dashes=dashes)
    figure.move("", y=([20, 320], [0, 0]))
    dark = (np.asarray(figure.still().convert("L")) < 200).any(0)
    ends = np.flatnonzero(np.diff(dark)).reshape(-1, 2)
    np.testing.assert_allclose(np.diff(ends, axis=1).ravel() / 1.25, strokes, atol=1 + (not dashes.strip("0 ")) * width)


def test_what_is_masked_is_a_gap(live):
    live.move("", y=(np.arange(5), np.ma.array([0.1, 0.2, 0.9, 0.2, 0.1], mask=[0, 0, 1, 0, 0])))
    assert len(parts(live.svg, 'fill="none"')) == 2


def test_the_still_of_a_cell_has_few_bytes_and_the_same_colours():
    explorer = MomentumPadExplorer(Quadratic([0.1, 10]), [-4, 1.5])
    few, all_of_it = explorer.figure.still_png(), explorer.figure.still()
    seen = np.asarray(Image.open(io.BytesIO(few)).convert("RGB"), int)
    error = np.abs(seen - np.asarray(all_of_it, int)).max(-1)
    colors, counts = np.unique(np.asarray(all_of_it).reshape(-1, 3), axis=0, return_counts=True)
    areas = colors[counts > 5000]
    assert len(areas) >= 6  # white, the map's, the bands'
    assert all(error[(np.asarray(all_of_it) == color).all(-1)].max() == 0 for color in areas)
    assert error.mean() < 1
    assert (error > 8).mean() < 0.005
    assert len(few) < 80_000 < 150_000 < len(png(np.asarray(all_of_it)))


def test_the_still_of_a_photograph_keeps_its_colours():
    fig, ax = panels(1)
    ax.imshow(np.random.default_rng(0).random((90, 90, 3)), aspect="auto")
    figure = LiveFigure(fig, "Noise in all colours.")
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(figure.still_png()))), np.asarray(figure.still()))


def test_a_dollar_is_a_dollar_in_the_still_picture_too(live):
    live.text("label", live.fig.axes[0], "black")
    live.move("", label=(5, 0.1, r"$\frac{1}$"))
    assert live.still_png()


def test_half_an_emoji_ends_no_figure():
    """No message takes it, and Matplotlib does not draw it."""
    figure = LiveFigure(panels(1)[0], "a \ud83d")
    figure.text("said", figure.fig.axes[0], "black")
    figure.move("half an emoji: \ud83d", said=(0.5, 0.5, "\ud83d"))
    assert (figure.alt, figure.words) == ("a ?", "half an emoji: ?")
    assert ">?</text>" in figure.svg
    assert figure._repr_mimebundle_()


def test_words_in_letters_that_matplotlib_has_not_are_drawn_silently(live, recwarn):
    live.text("label", live.fig.axes[0], "black")
    live.move("", label=(5, 0.1, "学习率 🚀"))
    assert ">学习率 🚀</text>" in live.svg
    assert live.still_png()
    assert not recwarn.list


def test_words_stand_at_one_point(live):
    live.text("label", live.fig.axes[0], "black")
    with pytest.raises(ValueError, match="label takes one point, got 2: add a text for each"):
        live.move("", label=([2, 5], 0.1, ["one", "two"]))


def test_points_have_no_stroke():
    figure = alone("points", size=8)
    figure.move("", it=(50, 0.1))
    assert re.search(r'<path d="m\d+ \d+h0" transform="scale\(0.1\)" stroke-width="80" stroke-linecap', figure.svg)
    assert 'fill="none"' not in figure.svg


def test_a_large_dot_whose_middle_is_outside_is_seen():
    figure = alone("points", size=60)
    figure.move("", it=(105, 0.1))  # some 20 pixels to the right of the axes
    assert "h0" in figure.svg
    figure.move("", it=(120, 0.1))
    assert "h0" not in figure.svg


@pytest.mark.parametrize("layout", [None, "tight", "constrained"])
def test_a_figure_of_matplotlib_with_a_colour_bar(layout):
    fig, ax = plt.subplots(layout=layout)
    fig.colorbar(ax.contourf(np.eye(3)))
    plt.close(fig)
    figure = LiveFigure(fig, "a test")
    figure.line("y", ax, "black")
    figure.move("words", y=([0, 1], [0, 1]))
    left, _, right, _ = ax.bbox.extents * 96 / fig.dpi
    assert left - 1 <= points(figure.svg)[:, 0].min() < points(figure.svg)[:, 0].max() <= right + 1


def test_a_line_lies_in_its_subfigure():
    fig = Figure(figsize=(6, 3))
    ax = fig.subfigures(1, 2)[1].subplots()
    figure = LiveFigure(fig, "a test")
    figure.line("y", ax, "black")
    figure.move("words", y=([0, 1], [0, 1]))
    assert points(figure.svg)[:, 0].min() > 288


@pytest.mark.parametrize(("kind", "add"), [("3d", "line"), ("3d", "band"), ("polar", "band"), ("mollweide", "band")])
def test_what_other_axes_cannot_show_is_refused(kind, add):
    fig = Figure()
    ax = fig.add_subplot(projection=kind)
    with pytest.raises(ValueError, match=f"axes of x and y, got {kind} axes"):
        getattr(LiveFigure(fig, "a test"), add)("y", ax, "black")


def test_on_polar_axes_what_lies_outside_the_circle_is_cut_off():
    fig = Figure()
    ax = fig.add_subplot(projection="polar")
    ax.set_ylim(0, 1)
    figure = LiveFigure(fig, "a test")
    figure.line("y", ax, "black", dots=True)
    figure.text("words", ax, "black")
    corner = np.pi / 4, 1.3  # beside the circle, in its square
    figure.move("", y=np.transpose([(0, 0), (2, 0.5), corner]), words=(*corner, "out"))
    assert len(re.findall(r"[ -]?\d+h0", figure.svg)) == 2
    assert "out" not in figure.svg
    figure.move("", y=(np.linspace(0, 2 * np.pi, 50), 1))
    assert len(points(figure.svg)) > 90  # the circle itself, its strokes and its dots


@pytest.mark.parametrize("hole", [0, 1])
def test_a_line_on_polar_axes_is_cut_at_their_rim(hole):
    fig, own = Figure(figsize=(3, 3)), Figure(figsize=(3, 3))
    theta, r = [0.1, 2, 3.5, 3.5, 5], [0.8, 1.6, 0.6, 9, 9]
    for one in (fig, own):
        ax = one.add_axes((0.1, 0.1, 0.8, 0.8), projection="polar")
        ax.plot(theta, r if one is own else [np.nan] * 5, color="black", linewidth=3)
        ax.axis("off")
        ax.set_ylim(0, 1)
        ax.set_rorigin(-hole)
    figure = LiveFigure(fig, "a test")
    figure.line("y", fig.axes[0], "black", width=4)
    figure.move("", y=(theta, r))
    whole = LiveFigure(own, "the same, drawn by Matplotlib")
    pictures = [np.asarray(one.still().convert("L"), float) for one in (figure, whole)]
    assert abs(pictures[0] - pictures[1]).mean() < 0.05 * (255 - pictures[1]).mean()
    name, rim = re.findall(r'<clipPath id="(.+?)">(.+?)</clipPath>', figure.lines)[0]
    assert f'clip-path="url(#{name})"' in figure.lines
    rings = parts(rim)
    radii = [np.hypot(*(ring - 144).T) for ring in rings]
    assert sorted(np.mean(radius) for radius in radii) == pytest.approx([57.6 * hole, 115.2], abs=0.5)
    assert len(points(figure.lines, 'fill="none"')) > 3  # beyond the rim, which cuts it


def test_on_a_map_of_the_world_all_is_inside():
    fig = Figure()
    ax = fig.add_subplot(projection="mollweide")
    figure = LiveFigure(fig, "a test")
    figure.points("y", ax, "black")
    figure.move("", y=([-3.1, 0, 3.1, 0, 0], [0, 0, 0, -1.5, 1.5]))
    assert figure.svg.count("h0") == 5


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_a_band_of_many_points_keeps_its_extremes(plain, scale):
    """Also those that stand at neither end of a column of pixels."""
    plain.fig.axes[0].set(ylim=(0.01, 1), yscale=scale)
    plain.band("band", plain.fig.axes[0], "black")
    x, low, high = np.linspace(0, 10, 20_000), np.full(20_000, 0.4), np.full(20_000, 0.6)
    low[5007], high[10_003] = 0.1, 0.9
    plain.move("", band=(x, low, high))
    bottom, top = plain._artists["band"].pixels(x[[5007, 10_003]], np.array([0.1, 0.9]))
    y = points(plain.svg)[:, 1]
    assert [y.max(), y.min()] == pytest.approx([bottom[1], top[1]], abs=0.1)


@pytest.mark.parametrize("count", [400, 1100, 20_000])
def test_a_long_smooth_line_is_not_drawn_as_dots(count):
    fig, ax = panels(1)
    ax.set(xlim=(0, 1), ylim=(0, 1))
    figure = LiveFigure(fig, "a test")
    figure.line("y", ax, "black")
    x = np.linspace(0, 1, count)
    figure.move("", y=(x, np.exp(-5 * x) + 0.002 * np.sin(300 * x)))
    assert len(parts(figure.svg, "stroke")) == 1
    hole = np.where(abs(x - 0.5) < 0.2 / count, np.nan, x)
    figure.move("", y=(x, hole))
    assert len(parts(figure.svg, "stroke")) == 1 + np.isnan(hole).any()


@pytest.mark.parametrize(("count", "every"), [(5_000, 3), (100_000, 100)])
def test_gaps_that_cannot_be_seen_do_not_break_a_line(plain, count, every):
    x = np.linspace(0, 10, count)
    y = 0.5 + 0.4 * np.sin(x)
    plain.move("", y=(x, y))
    whole = plain.lines
    y[::every] = np.nan
    plain.move("", y=(x, y))
    assert len(parts(plain.svg, "stroke")) == 1
    assert abs(len(plain.lines) - len(whole)) < 0.1 * len(whole)
    assert 'stroke-linecap="square"' in plain.lines  # as Matplotlib ends a line: this closes what is wider
    plain.move("", y=(x, np.where(np.arange(count) % 2, y, np.nan)))
    assert not plain.lines  # points alone are no line


WALKS = {"one": [3], "four": [0, 1, 2, 3]}


@pytest.mark.parametrize("seeds", WALKS.values(), ids=WALKS)
def test_long_walks_keep_their_ink(seeds):
    """What moves in small steps has too many strokes: fewer and longer ones, a little wider, cover the same."""
    fig, ax = panels(1)
    ax.set(xlim=(-3, 3), ylim=(-3, 3))
    figure = LiveFigure(fig, "walks")
    walks = {f"walk{k}": np.cumsum(np.random.default_rng(k).normal(0, 0.0134, (2, 50_000)), 1) for k in seeds}
    for name in walks:
        figure.line(name, ax, "#0072B2")
    inks = []
    with pytest.MonkeyPatch.context() as patch:
        for change in (None, all_is_drawn):
            if change:
                change(patch)
            figure.move("", **walks)
            inks.append(np.ptp(np.asarray(figure.still(), int), axis=-1).mean())
    assert inks[0] == pytest.approx(inks[1], rel=0.1)


@pytest.mark.parametrize("width", [1, 1.3])
@pytest.mark.parametrize("count", [2000, 20_000])
def test_a_narrow_path_that_zigzags_keeps_its_ink(monkeypatch, plain, width, count):
    """Strokes beside each other leave no white between them, as squares of two pixels would."""
    plain.line("path", plain.fig.axes[0], "#0072B2", width=width, dots=True)
    t = np.arange(count) / count
    path = 0.5 + 9 * t, 0.5 + 0.45 * np.exp(-2 * t) * np.resize([1, -1], count)
    inks = []
    for change in (None, all_is_drawn):
        if change:
            change(monkeypatch)
        plain.move("", path=path)
        inks.append(np.ptp(np.asarray(plain.still(), int), axis=-1).mean())
    assert inks[0] == pytest.approx(inks[1], rel=0.07)


def ink(image):
    return 255 - np.asarray(image.convert("L"), int)


LINES = {
    "noise": lambda t, rng: (t, rng.normal(0.5, 0.1, len(t))),
    "wave": lambda t, rng: (t, 0.5 + 0.4 * np.sin(2 * np.pi * 60 * t)),
    "fine wave": lambda t, rng: (t, 0.5 + 0.4 * np.sin(2 * np.pi * 128 * t)),
    "walk": lambda t, rng: 0.5 + np.cumsum(rng.normal(0, 0.3 / len(t) ** 0.5, (2, len(t))), 1),
}


def beside_matplotlib(series, width):
    """What is drawn wrong, as a share of the ink of lines that Matplotlib draws itself; and the figure."""
    fig, axs = panels(len(series))
    axs = np.atleast_1d(axs)
    for ax in axs:
        ax.set(xlim=(0, 1), ylim=(0, 1))
    ours = LiveFigure(fig, "lines")
    for k, ax in enumerate(axs):
        ours.line(f"line {k}", ax, "#0072B2", width=width)
    empty = ink(ours.still())
    ours.move("", **{f"line {k}": data for k, data in enumerate(series)})
    drawn = ink(ours.still())
    lines = [ax.plot(*data, color="#0072B2", lw=width * 0.75)[0] for ax, data in zip(axs, series, strict=True)]
    theirs = ink(drawn_over(ours._small, fig, lines))
    return np.abs(drawn - theirs).sum() / (theirs - empty).sum(), ours


@pytest.mark.parametrize(("width", "most"), [(1.3, 0.18), (2, 0.1)])
@pytest.mark.parametrize("count", [3000, 5000])
def test_a_walk_of_some_thousand_points_is_no_blot(count, width, most):
    walk = LINES["walk"](np.linspace(0, 1, count), np.random.default_rng(0))
    wrong, figure = beside_matplotlib([walk], width)
    assert wrong < most
    assert len(figure.lines) < MOST


@pytest.mark.parametrize("width", [1.3, 2])
@pytest.mark.parametrize(("name", "count"), [*itertools.product(LINES, [700, 1500, 2400]), ("fine wave", 40_000)])
def test_lines_of_up_to_2500_points_are_as_matplotlib_draws_them(name, count, width):
    series = LINES[name](np.linspace(0, 1, count), np.random.default_rng(0))
    assert beside_matplotlib([series], width)[0] < 0.06


def test_two_lines_that_take_too_many_bytes_are_first_drawn_without_what_is_hidden():
    t, rng = np.linspace(0, 1, 2400), np.random.default_rng(0)
    noise = [LINES["noise"](t, rng) for _ in range(2)]
    wrong, both = beside_matplotlib(noise, 2)
    assert wrong < 0.1
    assert len(both.lines) < MOST
    assert {artist.coarse for artist in both._artists.values()} == {1}


def test_bands_of_many_points_are_a_small_message():
    fig, ax = panels(1)
    ax.set(xlim=(0, 10), ylim=(-3, 3))
    figure, noise = LiveFigure(fig, "bands"), np.random.default_rng(0).normal(0, 0.3, (4, 2, 5_000))
    for k in range(4):
        figure.band(f"band {k}", ax, f"C{k}")
    x = np.linspace(0, 10, 5_000)
    figure.move("", **{f"band {k}": (x, low - 1, high + 1) for k, (low, high) in enumerate(noise)})
    assert 5_000 < len(figure.lines) <= MOST
    assert all(len(points(artist.drawn)) > 300 for artist in figure._artists.values())


@pytest.mark.parametrize("width", [1, 1.5])
@pytest.mark.parametrize("count", [20_000, 100_000])
def test_a_narrow_walk_keeps_its_ink(width, count):
    walk, inks = np.cumsum(np.random.default_rng(0).normal(0, 3 / count**0.5, (2, count)), 1), []
    for own in (False, True):
        fig, ax = panels(1)
        ax.set(xlim=(-3, 3), ylim=(-3, 3))
        if own:
            ax.plot(*walk, color="#0072B2", linewidth=width * 0.75)
        figure = LiveFigure(fig, "a walk")
        figure.line("walk", ax, "#0072B2", width=width)
        figure.move("", walk=([], []) if own else walk)
        inks.append(np.ptp(np.asarray(figure.still(), int), axis=-1).mean())
    assert inks[0] == pytest.approx(inks[1], rel=0.1)


@pytest.mark.parametrize("width", [0.5, 1, 2])
def test_a_noisy_line_is_looked_at_by_columns_and_keeps_its_ink(monkeypatch, width):
    noise, inks, looked, along = np.random.default_rng(0).normal(size=100_000), [], [], svg._along
    monkeypatch.setattr(svg, "_along", lambda *strokes: (found := along(*strokes), looked.append(len(found[1])))[0])
    for own in (False, True):
        fig, ax = panels(1)
        ax.set(xlim=(0, 1), ylim=(-4, 4))
        figure = LiveFigure(fig, "noise")
        figure.line("noise", ax, "#0072B2", width=width)
        data = np.linspace(0, 1, len(noise)), noise
        if own:
            ax.plot(*data, color="#0072B2", linewidth=width * 0.75)
            figure = LiveFigure(fig, "noise")
        else:
            figure.move("", noise=data)
            assert sum(looked) < 10 * len(noise)
        inks.append(np.ptp(np.asarray(figure.still(), int), axis=-1).mean())
    assert inks[0] == pytest.approx(inks[1], rel=0.06)


@pytest.mark.parametrize("way", [1, -1])
def test_of_each_column_of_a_long_line_its_ends_and_extremes_are_kept(way):
    t = np.arange(4000)
    points = np.column_stack([t // 100 / 2, 50 + 9 * np.sin(t)])[::way]
    points[1000:1100] = np.nan
    kept = svg._extremes(points)
    assert np.isnan(kept[:, 0]).sum() == 100
    assert len(kept) <= 100 + 4 * 39
    for column in {*points[:1000, 0], *points[1100:, 0]}:
        whole, found = (some[some[:, 0] == column, 1] for some in (points, kept))
        assert [*whole[[0, -1]], whole.min(), whole.max()] == [*found[[0, -1]], found.min(), found.max()]
    wild = points[np.random.default_rng(0).permutation(4000)]
    assert svg._extremes(wild) is wild
    assert len(svg._extremes(points[:500])) == 500


@pytest.mark.parametrize("count", [100, 1000])
def test_a_gap_hides_no_stroke(count):
    fig, ax = panels(1)
    ax.set(xlim=(0, 6), ylim=(0, 1))
    figure = LiveFigure(fig, "a test")
    figure.line("y", ax, "black")
    cloud = np.random.default_rng(0).uniform(size=(count, 2)) * [3, 1]
    figure.move("", y=np.vstack([cloud, [[3.5, 0.5], [np.nan] * 2, [5.5, 0.5], [3.5, 0.5]]]).T)
    line = figure._artists["y"]
    assert (line.visible()[0][:, 0] > line.pixels(np.array([4.5]), np.array([0.5]))[0, 0]).sum() == 1


def test_a_move_leaves_the_rest_as_it_is(live):
    live.text("best", live.fig.axes[0], "#000")
    live.move("", y=([1, 2], [0.1, 0.2]), best=(5, 0.1, "best"))
    before = re.search(r"<path.*?>", live.svg)[0]
    live.move("", best=(6, 0.1, "better"))
    assert before in live.svg
    assert "better" in live.svg


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (([1, 2],), r"y takes \(x, y\), got 1 values"),
        (([1, 2], [1, 2, 3]), "y takes x, y of equal length, got x: 2, y: 3"),
        (5, r"y takes \(x, y\), got 5"),
        (np.array(3.0), r"y takes \(x, y\), got array\(3"),
        (([1, 2], ["a", "b"]), r"y, y must be numbers, got \['a', 'b'\]"),
        (([1, 2], [1, 2j]), "y, y must be numbers"),
        (([1, 2], np.ma.array([1, 2j])), "y, y must be numbers"),
        (([[1], [1, 2]], [1, 2]), "y, x must be numbers"),
        (([1, 2, 3, 4], np.eye(2)), r"y, y must be one row of numbers, got an array of shape \(2, 2\)"),
        (zip([1, 2], [3, 4], strict=True), r"y takes \(x, y\), got <zip.*: give arrays or lists"),
        (([1, 2], map(float, "12")), "y, y must be numbers, got <map.*: give arrays or lists"),
        (([1, 2], [1, 10**400]), "y, y must be numbers below 1.8e308 in size"),
        (([date(2026, 1, 1)], [1]), "y, x must be numbers, got .*: give dates as matplotlib.dates.date2num has them"),
        ((np.array(["2026-01-01"], "M8[D]"), [1]), "y, x must be numbers, .*date2num"),
        ((["SGD", "Adam"], [1, 2]), "y, x must be numbers, got .*: the categories of an axis stand at 0, 1, 2"),
    ],
)
def test_errors_name_what_is_wrong(live, data, words):
    with pytest.raises(ValueError, match=words):
        live.move("", y=data)


def test_memory_stays_flat_over_960_moves():
    explorer = DescentExplorer(Quadratic([0.1, 10]), [-4, 1.5])
    stops = itertools.cycle(explorer.lr.stops[::3])
    forget = getattr(sys, "_clear_internal_caches", None) or sys._clear_type_cache  # up to 4,096 names looked up
    widgets, blocks, traced = len(_instances), [], []
    for moves in (300, 300, 120, 120, 120):
        if moves == 120 and not tracemalloc.is_tracing():
            tracemalloc.start()  # slow: for the last ones only
        for _ in range(moves):
            explorer.lr.value = next(stops)
        gc.collect()
        forget()
        blocks.append(sys.getallocatedblocks())
        traced.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert blocks[1] - blocks[0] < 30  # one thing kept of each move would be 300 more
    assert min(np.diff(traced[-3:])) < 120 * 5  # bytes; what is made anew but rarely falls into one of the two
    assert len(_instances) == widgets


def test_the_live_figure_of_contributing_runs_as_it_stands_there():
    page = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text("utf-8")
    code = textwrap.dedent(re.search(r"```python\n(.*?)```", page, re.S)[1])
    own = [line for line in code.splitlines() if line.strip() and not line.startswith(("import ", "from "))]
    assert len(own) <= 10
    exec(code, scope := {})
    before = scope["figure"].svg
    assert "beta = 0.9" in before
    scope["beta"].value = 0.5
    assert "beta = 0.5" in scope["figure"].svg
    assert scope["figure"].lines not in before


def test_strokes_of_a_run_that_diverges_stand_where_the_run_was():
    """The share along each stroke at which it crosses the middle is known exactly, however far its ends are."""
    t = np.arange(60)
    x, y = 50 + 300 * (1 - 0.97**t), 150 + 10 * (-7.0) ** t
    drawn = svg.stroke(np.column_stack([x, y]), (0, 0, 400, 300))
    last = drawn[-2:, 0].mean()
    assert last == pytest.approx(x[-2] + (x[-1] - x[-2]) * (150 - y[-2]) / (y[-1] - y[-2]), abs=0.1)
