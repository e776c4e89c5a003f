"""Fingers on a slider and on a pad: to scroll the page over a slider moves nothing, a second finger takes no handle."""

import pytest
from test_lessons import Slider, until
from test_pad_by_hand import Page
from test_predictions import LEARNER


@pytest.fixture(scope="module")
def notebook(run_cells):
    cells = "DescentExplorer(valley, w0, lr=0.05)", "MomentumPadExplorer(valley, w0, lr=0.05)"
    return run_cells(LEARNER.format(place="off"), *cells)


@pytest.fixture
def fingers(notebook):
    """Tell the browser of an event of touch with fingers at these places, {number: (x, y)}."""
    session = notebook.page.context.new_cdp_session(notebook.page)

    def fingers(kind, places=None):
        points = [{"x": float(x), "y": float(y), "id": number} for number, (x, y) in (places or {}).items()]
        session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})

    yield fingers
    session.detach()
    assert notebook.errors == []


def test_a_swipe_over_a_slider_scrolls_the_page_and_leaves_the_value(notebook, fingers):
    root = notebook.explorers[0]
    lr = Slider(root, root.locator(".course-slider"))
    lr.type("0.1234")
    assert until(lambda: lr.shown[1].startswith("lr = 0.123:"))
    whole, box = lr.shown, lr.range.bounding_box()
    x, y = box["x"] + 0.9 * box["width"], box["y"] + 12
    lr.range.evaluate("e => e.addEventListener('input', () => (e.dataset.input = 'seen'))")
    fingers("Start", {0: (x, y)})
    for up in range(10, 81, 10):
        fingers("Move", {0: (x, y - up)})
    fingers("End")
    assert until(lambda: lr.range.bounding_box()["y"] < box["y"] - 20), "the page was not scrolled"
    assert lr.range.get_attribute("data-input") == "seen", "this browser moves no slider at once: nothing was tested"
    assert until(lambda: lr.shown == whole), lr.shown[1:]
    assert lr.field.input_value() == "0.1234"


def test_a_finger_moves_a_slider(notebook, fingers):
    root = notebook.explorers[0]
    notebook.show(root)
    lr = Slider(root, root.locator(".course-slider"))

    def swipe():
        box = lr.range.bounding_box()
        fingers("Start", {0: (box["x"] + 0.2 * box["width"], box["y"] + 12)})
        for share in (0.3, 0.4, 0.5):
            fingers("Move", {0: (box["x"] + share * box["width"], box["y"] + 12)})
        fingers("End")

    lr.must_change("finger", swipe)


def test_the_finger_that_came_first_keeps_the_handle(notebook, fingers):
    pad = Page(notebook)
    first, palm = pad.at(0.4, 0.4), pad.at(0.8, 0.8)
    pad.must_change("finger", fingers, "Start", {0: first})
    fingers("Start", {0: first, 1: palm})
    fingers("Move", {0: first, 1: palm - 20})
    assert abs(pad.place() - first).max() < 4, "the palm has it"
    pad.must_change("the first finger", fingers, "Move", {0: pad.at(0.5, 0.5), 1: palm - 20})
    assert abs(pad.place() - pad.at(0.5, 0.5)).max() < 4
    fingers("End", {0: pad.at(0.5, 0.5)})
    fingers("End")
    pad.must_change("another finger afterwards", fingers, "Start", {0: palm})
    fingers("End")
    assert abs(pad.place() - palm).max() < 4
