"""JupyterLab's presentation mode: explorers and questions grow with the lesson's text, and are worked as before."""

import os

import pytest
from test_in_order import PLACES
from test_lessons import CUT_OFF, Slider, until
from test_narrow import CELLS, SCALE
from test_pad_by_hand import Page
from test_predictions import LEARNER

GROWN = 17 / 14  # as JupyterLab's text
QUESTION = 'from course_utils.explorers import ask\nask("01-limit")'
TEXTS = ".course-question, .course-entry button, .course-name, .course-mark, .course-buttons button, .course-status"
TOGGLE = "() => jupyterapp.commands.execute('application:toggle-presentation-mode').then(() => undefined)"
HEIGHTS = """texts => [...document.querySelectorAll(texts)].filter(e => e.innerText).map((e) => {
  const words = document.createRange();
  words.selectNodeContents(e);
  return words.getClientRects()[0].height;
})"""  # of the first line of each


@pytest.fixture(scope="module")
def notebook(run_cells, tmp_path_factory):
    place = str(tmp_path_factory.mktemp("learner") / "progress.sqlite")
    return run_cells(LEARNER.format(place=place), *CELLS, QUESTION)


def numbers(places):
    """Of each place x, y, width and height, one after the other."""
    return [number for _, *box in places for number in box]


@pytest.fixture(params=[(1280, 720), (1920, 1080)], ids=["1280", "1920"])
def presented(notebook, request):
    """The notebook in presentation mode, and how high its words were before; afterwards all is as it was."""
    page, wide = notebook.page, notebook.page.viewport_size
    page.set_viewport_size(dict(zip(("width", "height"), request.param, strict=True)))
    notebook.show(notebook.explorers[-1])
    before, places = page.evaluate(HEIGHTS, TEXTS), numbers(page.evaluate(PLACES))
    page.evaluate(TOGGLE)
    page.locator(".jp-mod-presentationMode").wait_for()
    yield notebook, before
    page.evaluate(TOGGLE)
    assert until(lambda: numbers(page.evaluate(PLACES)) == pytest.approx(places, abs=0.1))
    page.set_viewport_size(wide)
    assert notebook.errors == []


def test_words_grow_as_the_lesson_does_and_pictures_where_there_is_room(presented):
    notebook, before = presented
    assert until(lambda: notebook.page.evaluate(HEIGHTS, TEXTS) == pytest.approx([GROWN * h for h in before], rel=0.06))
    room = notebook.page.viewport_size["width"] > 1900
    for root in notebook.explorers:
        notebook.show(root)
        scale = root.locator("svg[role=img]").evaluate(SCALE)
        assert scale == pytest.approx(GROWN, rel=0.01) if room else 0.95 < scale < GROWN
        layers = [root.locator(layer).last.bounding_box() for layer in (".course-figure > img", "svg[role=img]")]
        assert layers[0] == pytest.approx(layers[1], abs=1), "the moving lines are not over their axes"
        notebook.page.keyboard.press("Tab")  # else the ring is not shown
        assert root.evaluate(CUT_OFF) == []
        assert root.evaluate("e => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight")
        if folder := os.environ.get("SHOTS"):
            root.screenshot(path=f"{folder}/presented-{notebook.explorers.index(root)}-{room}.png")


def test_what_is_clicked_on_is_under_the_mouse(presented):
    notebook, _ = presented
    asked, _, last = notebook.explorers
    notebook.show(asked)
    box, field = asked.locator("svg[role=img]").bounding_box(), asked.get_by_label("w1", exact=True)
    notebook.page.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + 0.3 * box["height"])
    assert until(lambda: field.input_value() != "")
    assert float(field.input_value()) == pytest.approx(-0.5, abs=0.05)  # as in a window that is not enlarged
    field.fill("")
    pad = Page(notebook)
    for target in (pad.at(0.5, 0.3), pad.at(0.2, 0.8)):
        pad.must_change("drag", pad.drag, pad.at(0.4, 0.5), target)
        assert abs(pad.place() - target).max() < 5
    notebook.show(last)
    lr = Slider(last, last.locator(".course-slider"))
    lr.must_change("mouse", lr.drag, 0.3)
    for mark in lr.marks.all():
        lr.type(mark.inner_text().split("=")[1].strip())
        assert until(lambda mark=mark: abs(mark.bounding_box()["x"] + 1 - lr.handle()) <= 5), mark.inner_text()
    lr.reset()
    pad.reset()
