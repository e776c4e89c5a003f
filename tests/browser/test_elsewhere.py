"""Explorers outside JupyterLab: they follow keyboard and mouse, ask first, play, and the page does not complain."""

import re
import time
from types import SimpleNamespace

import pytest
from test_lessons import CUT_OFF, until
from test_narrow import LEAST, SCALE
from test_pad_by_hand import Page
from test_predictions import LEARNER

from benchmarks import latency
from benchmarks.browser import TOKEN, open_notebook, run_all, serving

# Voilà's own: fonts and MathJax of its template come from outside, and it lacks what some JupyterLab extensions want.
OF_VOILA = re.compile(r"ERR_NAME_NOT_RESOLVED|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|shared module is not a function")
CELLS = [
    "DescentExplorer(valley, w0, 60)",
    'MomentumPadExplorer(valley, w0, lr=0.05).predict("03-cross")',
]


def notebook_7(page, lab, name):
    open_notebook(page, lab, name, "notebooks")
    page.errors.clear()  # Notebook's own: no cell has run
    run_all(page)
    assert page.evaluate("jupyterapp.name") == "Jupyter Notebook"
    yield
    page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")


def voila(page, home, name):
    with serving(home, "voila") as address:
        page.goto(f"{address}/voila/render/{name}.ipynb?token={TOKEN}")
        yield


@pytest.fixture(scope="module", params=["notebook_7", "voila"])
def place(request, browser, home):
    """A page of that place with the cells run in it, by a learner without any progress."""
    name, page = request.param, browser.new_page()
    page.errors = []
    page.on("console", lambda message: message.type == "error" and page.errors.append(message.text))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    learner = LEARNER.format(place=str(home / f"{name}.sqlite"))
    latency.write(home / "notebooks" / f"{name}.ipynb", [learner, *CELLS])
    opened = voila(page, home, name) if name == "voila" else notebook_7(page, request.getfixturevalue("lab"), name)
    next(opened)
    page.locator("svg[role=img]").nth(1).wait_for(timeout=60_000)
    yield page
    next(opened, None)
    page.close()


@pytest.fixture(autouse=True)
def nobody_complains(place, request):
    yield
    of_voila = OF_VOILA.search if "voila" in request.node.name else lambda error: None
    assert [error for error in place.errors if not of_voila(error)] == []


@pytest.fixture
def slider(place):
    """The slider of the first explorer, and what its picture shows."""
    explorer = place.locator(".course-explorer").first
    explorer.scroll_into_view_if_needed()
    lines = explorer.locator("svg[role=img]")
    return SimpleNamespace(
        input=explorer.get_by_role("slider", name="learning rate lr"), shown=lines.inner_html, explorer=explorer
    )


@pytest.fixture
def pad(place):
    """The explorer that asks first, answered if this test runs alone."""
    root = place.locator(".course-explorer:has(.course-pad)")
    if (skip := root.get_by_role("button", name="Skip (Esc)")).count():
        skip.click()
        root.locator(".course-result table").wait_for()
    return Page(SimpleNamespace(page=place, explorers=[root]))


def test_the_pad_waits_for_an_answer(place):
    root = place.locator(".course-explorer:has(.course-pad)")
    controls = root.locator(".course-pad input, .course-buttons button")
    assert controls.count() > 6
    assert not any(control.is_enabled() for control in controls.all())
    root.get_by_label("factor", exact=True).fill("0.82")
    root.get_by_label("factor", exact=True).press("Enter")
    root.locator(".course-result table").wait_for()
    assert root.locator(".course-result td").all_text_contents() == ["0.82", "0.885", "0.885"]
    assert until(lambda: all(control.is_enabled() for control in controls.all()))
    assert until(lambda: root.locator(".course-pad input").first.evaluate("e => e === document.activeElement"))


def test_a_slider_follows_the_keyboard(slider):
    seen = [slider.shown()]
    for key in ("ArrowRight", "End", "Home"):
        slider.input.press(key)
        assert until(lambda: slider.shown() != seen[-1]), key
        seen.append(slider.shown())
    assert len(set(seen)) == 4
    assert "diverged" not in slider.explorer.locator(".course-status").inner_text()
    assert slider.input.evaluate("e => e === document.activeElement")
    assert slider.explorer.locator("img").evaluate("e => e.naturalWidth") > 1000


@pytest.mark.parametrize("width", [1280, 700])
def test_the_whole_ring_of_the_focus_is_seen(pad, place, width):
    wide = place.viewport_size
    place.set_viewport_size({"width": width, "height": 900})
    try:
        for root in place.locator(".course-explorer").all():
            root.scroll_into_view_if_needed()
            place.keyboard.press("Tab")  # else the ring is not shown
            assert root.evaluate(CUT_OFF) == []
    finally:
        place.set_viewport_size(wide)


def test_a_slider_follows_the_mouse(slider, place):
    slider.explorer.get_by_role("button", name="Reset").click()
    box = slider.input.bounding_box()
    seen = {slider.shown()}
    place.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2)
    place.mouse.down()
    for share in (0.4, 0.5, 0.6, 0.7):
        before = slider.shown()
        place.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2, steps=3)
        assert until(lambda: slider.shown() != before), share
        seen.add(slider.shown())
    place.mouse.up()
    assert len(seen) == 5


def test_the_pad_follows_the_mouse(pad):
    for target in (pad.at(0.5, 0.3), pad.at(0.2, 0.8)):
        pad.must_change("drag", pad.drag, pad.at(0.4, 0.5), target)
        assert abs(pad.place() - target).max() < 4, "the handle is not under the mouse"


def test_in_a_narrow_window_the_picture_can_be_read_and_is_scrolled_by_keyboard(slider, place):
    wide, figure = place.viewport_size, slider.explorer.locator(".course-figure")
    place.set_viewport_size({"width": 400, "height": 900})
    try:
        assert until(lambda: figure.get_attribute("tabindex") == "0")
        figure.press("ArrowRight")
        assert until(lambda: figure.evaluate("e => e.scrollLeft") > 0)
        assert figure.locator("svg[role=img]").evaluate(SCALE) == pytest.approx(LEAST, abs=0.002)
    finally:
        place.set_viewport_size(wide)
    assert until(lambda: figure.get_attribute("tabindex") is None)


def test_play_and_stop(pad):
    pad.reset()
    assert until(lambda: pad.shown[1].startswith("lr = 0.05, beta = 0:"))
    press = lambda name: pad.root.get_by_role("button", name=name).click()  # noqa: E731
    whole = pad.shown
    press("Step")
    assert until(lambda: pad.shown[1].startswith("step 0: w = (-4, 1.5)"))
    press("Play")
    assert until(lambda: re.match("step [1-9]", pad.shown[1]))
    press("Stop")
    time.sleep(0.3)
    stopped = pad.shown
    time.sleep(0.3)
    assert pad.shown == stopped != whole
    press("Play")
    assert until(lambda: pad.shown == whole)
