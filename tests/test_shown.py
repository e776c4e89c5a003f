"""A cell that is run again closes what it showed; a widget that is still wanted lives on."""

import asyncio
import gc
import weakref

import ipywidgets as widgets
import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances
from matplotlib.figure import Figure

from course_utils import plots
from course_utils.explorers import (
    DescentExplorer,
    DropExplorer,
    LiveFigure,
    MomentumPadExplorer,
    TrainingExplorer,
    ask,
    shown,
)
from course_utils.explorers.controls import Slider
from course_utils.explorers.counted import CountingBar
from course_utils.network import Network
from course_utils.problems import LeastSquares, Quadratic

LINES = LeastSquares(np.eye(2).repeat(4, 0), np.arange(8))
MAKE = {"explorer": lambda: DescentExplorer(Quadratic([0.1, 10]), [-4, 1.5]), "question": lambda: ask("01-limit")}


class IPython:
    """What a notebook's IPython has for callbacks after a cell."""

    def __init__(self):
        self.events, self.callbacks = self, []

    def register(self, event, callback):
        assert event == "post_run_cell"
        self.callbacks.append(callback)

    def unregister(self, event, callback):
        self.callbacks.remove(callback)


@pytest.fixture
def run(monkeypatch):
    """run(cell, number, widget): the widget is shown by this cell in the run with this number."""
    monkeypatch.setattr(shown, "_last", {})
    ipython = IPython()

    def run(cell, number, *shows):
        monkeypatch.setattr(shown, "_running", lambda: (cell, number, ipython))
        open_before = [widget for _, widgets in shown._last.values() for widget in widgets.values()]
        for widget in shows:
            widget._repr_mimebundle_()
            assert all(old.comm for old in open_before)  # not while the learner waits
        for callback in list(ipython.callbacks):
            callback("result of the cell")
        assert ipython.callbacks == []

    return run


@pytest.mark.parametrize("kind", MAKE)
def test_a_second_run_closes_all_that_the_first_showed(run, kind):
    before = set(_instances)
    run("a", 1, old := MAKE[kind]())
    alive = len(set(_instances) - before)
    run("a", 2, new := MAKE[kind]())
    assert old.comm is None
    assert new.comm is not None
    assert len(set(_instances) - before) == alive > 5


def test_other_cells_and_the_same_run_close_nothing(run):
    first, second, third = (MAKE["question"]() for _ in range(3))
    run("a", 1, first, second)
    run("b", 2, third)
    assert all(widget.comm for widget in (first, second, third))
    run("a", 3, third)
    assert [widget.comm is None for widget in (first, second, third)] == [True, True, False]


def test_what_another_cell_shows_too_stays_open(run):
    explorer = MAKE["explorer"]()
    run("a", 1, explorer)
    run("b", 2, explorer)
    run("a", 3, MAKE["question"]())
    assert explorer.comm is not None


def test_the_same_widget_shown_again_lives_on_and_a_closed_one_opens(run):
    explorer = MAKE["explorer"]()
    run("a", 1, explorer)
    run("a", 2, explorer)
    assert explorer.comm is not None
    run("a", 3, MAKE["question"]())
    assert explorer.comm is None
    run("b", 4, explorer)
    assert all(part.comm for part in shown.parts(explorer))
    explorer.lr.value = 0.1
    assert "lr = 0.1" in explorer.text


def test_closing_leaves_nothing_open():
    before = set(_instances)
    explorer = DescentExplorer(LINES, [1, 1], 5, ("lr", "batch_size"))
    for against in ("steps", "seconds", "epochs"):
        explorer.against.value = against
    explorer.close()
    assert set(_instances) <= before


def test_figure_and_slider_of_an_earlier_cell_are_there_each_time_they_are_shown(run):
    figure, slider = LiveFigure(plots.panels(1)[0], "Nothing."), Slider("a", [1, 2], 1)
    counts = []
    for turn in range(4):
        run("a", turn, figure.under(slider))
        assert all(part.comm for part in [*shown.parts(figure), *shown.parts(slider)])
        counts.append(len(_instances))
    assert len(set(counts)) == 1
    run("a", 4, MAKE["question"]())
    assert figure.comm is slider.comm is None


def test_what_a_box_of_ipywidgets_holds_stays(run):
    figure, slider = LiveFigure(plots.panels(1)[0], "Nothing."), Slider("a", [1, 2], 1)
    run("a", 1, figure)
    box = widgets.VBox([slider, figure])
    run("a", 2, MAKE["question"]())
    assert all(part.comm for part in shown.parts(box))


def test_the_figure_of_an_explorer_that_another_cell_shows_stays(run):
    explorer = MAKE["explorer"]()
    run("a", 1, explorer)
    run("b", 2, explorer.figure)
    run("a", 3, MAKE["question"]())
    assert all(part.comm for part in shown.parts(explorer.figure))
    assert explorer.comm is explorer.lr.comm is None
    run("b", 4, MAKE["question"]())
    assert all(part.comm is None for part in shown.parts(explorer))


@pytest.mark.parametrize("kind", MAKE)
def test_other_pages_are_told_to_keep_the_last_picture_before_anything_is_closed(run, monkeypatch, kind):
    told, widget, other = [], MAKE[kind](), MAKE[kind]()
    parts = shown.parts(widget)
    monkeypatch.setattr(widgets.Widget, "send", lambda *sent: told.append((*sent, all(part.comm for part in parts))))
    run("a", 1, widget)
    run("a", 2, widget)
    other.close()
    assert told == []
    run("a", 3, other)
    ((speaker, message, all_open),) = told
    assert speaker in parts
    assert (message, all_open) == ({"again": True}, True)


def test_closed_by_hand_it_can_be_shown_again(run):
    explorer = MAKE["explorer"]()
    explorer.close()
    run("a", 1, explorer)
    assert all(part.comm for part in shown.parts(explorer))


def test_closing_stops_play(run_async):
    explorer = MAKE["explorer"]()

    async def play():
        explorer.play()
        explorer.close()
        rows = explorer.shown
        await asyncio.sleep(10 * explorer.PAUSE)
        return explorer.shown - rows

    assert run_async(play()) == 0


class Raising(Quadratic):
    """A learner's own problem that does not run yet."""

    def grad(self, w, batch=None):
        raise ZeroDivisionError("not yet")


def fit(step=None, **more):
    network = Network(np.eye(6), np.arange(6) % 3, hidden=(4,))
    return TrainingExplorer(network, network, epochs=2, yours=step, **more)


VALLEY, START = Quadratic([0.1, 10]), [-4, 1.5]
OFF_THE_WINDOW = {"w0": [-4, 9], "sliders": ("lr", "w0")}
REFUSED = {
    "a problem that raises": lambda: DescentExplorer(Raising([0.1, 10]), START),
    "an optimizer that raises": lambda: DescentExplorer(VALLEY, START, optimizer=lambda lr, beta: 1 / 0),
    "no optimizer": lambda: DescentExplorer(VALLEY, START, optimizer=lambda lr, beta: None),
    "the second start slider": lambda: DescentExplorer(VALLEY, **OFF_THE_WINDOW),
    "yours is no rule": lambda: DescentExplorer(VALLEY, START, sliders=("lr", "beta"), yours=3),
    "the last slider": lambda: DescentExplorer(LINES, START, sliders=("lr", "batch_size"), batch_size=3),
    "a pad": lambda: MomentumPadExplorer(VALLEY, START, beta=2),
    "a pad's problem": lambda: MomentumPadExplorer(Raising([0.1, 10]), START),
    "a drop": lambda: DropExplorer(beta=2),
    "training": lambda: fit(beta=2),
    "training of yours": lambda: fit(3),
    "a question that does not fit": lambda: DescentExplorer(VALLEY, START).predict("03-best-beta"),
    "a second question": lambda: DropExplorer().predict("05-apart").predict("05-apart"),
    "a question that is not there": lambda: fit().predict("04"),
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_a_refused_explorer_leaves_nothing(make):
    before = set(_instances)
    figures = [weakref.ref(thing) for thing in gc.get_objects() if issubclass(type(thing), Figure)]
    for _ in range(3):
        with pytest.raises((ValueError, ZeroDivisionError)):
            make()
    for _ in range(2):  # in the first, a widget that goes closes itself, and so stays until the second
        gc.collect()
    assert set(_instances) <= before
    known = {id(figure()) for figure in figures}
    assert not [thing for thing in gc.get_objects() if issubclass(type(thing), Figure) and id(thing) not in known]


def test_an_explorer_that_is_shown_survives_a_question_that_is_refused(run):
    explorer = MAKE["explorer"]()
    run("a", 1, explorer)
    with pytest.raises(ValueError, match="no slider called beta"):
        explorer.predict("03-best-beta")
    assert all(part.comm for part in shown.parts(explorer))


def test_an_explorer_that_was_refused_a_question_can_still_be_shown(run):
    explorer = MAKE["explorer"]()
    with pytest.raises(ValueError, match="no slider called beta"):
        explorer.predict("03-best-beta")
    run("a", 1, explorer)
    assert all(part.comm for part in shown.parts(explorer))


CLOSES = {
    "question": lambda: ask("01-limit"),
    "figure": lambda: LiveFigure(plots.panels(1)[0], "Nothing."),
    "figure under a slider": lambda: LiveFigure(plots.panels(1)[0], "Nothing.").under(Slider("a", [1, 2], 1)),
    "asked": lambda: DropExplorer().predict("05-apart"),
    "bar": lambda: CountingBar(3, "things"),
}


@pytest.mark.parametrize("make", CLOSES.values(), ids=CLOSES)
def test_whatever_is_shown_closes_with_all_its_parts_and_may_be_shown_again(make, run):
    before = set(_instances)
    widget = make()
    for _ in range(2):
        widget.close()
        assert set(_instances) <= before
    run("a", 1, widget)
    assert all(part.comm for part in shown.parts(widget))
    widget.close()
    assert set(_instances) <= before


def test_a_control_alone_closes_with_its_layout():
    before = set(_instances)
    Slider("a", [1, 2], 1).close()
    assert set(_instances) <= before


def test_a_bar_is_closed_too(run):
    before = set(_instances)
    run("a", 1, CountingBar(3, "things"))
    alive = len(set(_instances) - before)
    run("a", 2, CountingBar(3, "things"))
    assert len(set(_instances) - before) == alive > 0


def test_without_a_notebook_nothing_is_kept():
    explorer = MAKE["explorer"]()
    explorer._repr_mimebundle_()
    assert explorer.comm is not None
    assert shown._last == {}


def test_parts_are_each_named_once_and_before_their_owner():
    box = widgets.VBox([inner := widgets.HTML("a"), inner])
    found = shown.parts(box)
    assert found.count(inner) == 1
    assert found.index(inner.layout) < found.index(inner) < found.index(box)
