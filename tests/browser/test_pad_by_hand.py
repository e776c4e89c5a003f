"""The pad of lesson 03 as a learner meets it: mouse, touch, keyboard, typing, both themes."""

import os
import re
import time

import numpy as np
import pytest
from test_lessons import SET_THEME, THEME, until

from course_utils.explorers import MomentumPadExplorer
from course_utils.problems import Quadratic

BEST = 0.3305785, 0.6694215  # as digits enough for the rate that theory has there
CELL = """from course_utils.explorers import MomentumPadExplorer
from course_utils.problems import Quadratic
MomentumPadExplorer(Quadratic([0.1, 10]), [-4, 1.5], steps=60, lr=0.05, beta=0.0)"""

COUNT_PICTURES = """root => {
  window.pictures_ = window.spoken_ = 0;
  const count = (kind, counter) =>
    new MutationObserver(counter).observe(root.querySelector(`.course-${kind}`), { childList: true });
  count("status", () => (pictures_ += 1));
  count("spoken", () => (spoken_ += 1));
}"""


@pytest.fixture(scope="module")
def lesson(run_cells):
    return run_cells(CELL)


class Page:
    """The pad, its picture, and what it moves."""

    def __init__(self, lesson):
        self.page = lesson.page
        (self.root,) = (e for e in lesson.explorers if e.locator(".course-pad").count())
        self.root.scroll_into_view_if_needed()
        self.surface, self.handle = self.root.locator(".course-surface"), self.root.locator(".course-handle")
        self.ranges, self.fields = (self.root.locator(f".course-pad input[type={t}]") for t in ("range", "text"))

    @property
    def value(self):
        return tuple(float(e.get_attribute("aria-valuetext")) for e in self.ranges.all())

    @property
    def shown(self):
        """The moving lines, the line of text, and what the fields say."""
        lines = self.root.locator("svg[role=img]").inner_html()
        return lines, self.root.locator(".course-status").inner_text(), [e.input_value() for e in self.fields.all()]

    def told(self):
        """lr and beta in the line of text, to three digits; beside the best pair it has more."""
        pair = re.search(r"lr = (\S+), beta = (\S+):", self.shown[1])
        return [f"{float(x):.3g}" for x in pair.groups()] if pair else []

    @property
    def focus(self):
        """Which of the two numbers has the focus; None if the handle has lost it."""
        held = [e.evaluate("e => e === document.activeElement") for e in self.ranges.all()]
        return held.index(True) if any(held) else None

    def place(self):
        """The middle of the handle in the page."""
        box = self.handle.bounding_box()
        return np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])

    def must_change(self, how, action, *arguments):
        """Do something that has to change all that is shown, and say so in the text, but must not move the figure."""
        before, boxes = self.shown, self.boxes()
        action(*arguments)
        says = lambda: [f"{x:.3g}" for x in self.value]  # noqa: E731
        changed = until(lambda: all(a != b for a, b in zip(before, self.shown, strict=True)) and says() == self.told())
        assert changed, f"{how}: {before[1:]} -> {self.shown[1:]}, handle says {says()}"
        assert self.boxes() == boxes, how + ": the figure jumped"
        assert "nan" not in self.shown[0].lower(), how
        assert [float(text) for text in self.shown[2]] == pytest.approx(self.value), how

    def boxes(self):
        return [e.bounding_box() for e in self.root.locator("img").all()]

    def at(self, x, y):
        """A place on the surface, in shares of it."""
        box = self.surface.bounding_box()
        return np.array([box["x"] + x * box["width"], box["y"] + y * box["height"]])

    def drag(self, *places):
        self.page.mouse.move(*self.place())
        self.page.mouse.down()
        for place in places:
            self.page.mouse.move(*place, steps=4)
        self.page.mouse.up()

    def reset(self):
        self.root.get_by_role("button", name="Reset").click()


@pytest.fixture
def pad(lesson):
    pad = Page(lesson)
    yield pad
    pad.reset()
    assert until(lambda: pad.value == (0.05, 0.0))
    assert lesson.errors == []


@pytest.fixture(scope="module")
def stops():
    return [np.array(s) for s in MomentumPadExplorer(Quadratic([0.1, 10]), [-4, 1.5], lr=0.05).pad.stops]


def test_the_mouse_drags_the_handle(pad):
    for target in (pad.at(0.5, 0.3), pad.at(0.9, 0.8), pad.at(0.2, 0.2)):
        pad.must_change("drag", pad.drag, pad.at(0.4, 0.5), target)
        assert np.abs(pad.place() - target).max() < 4, "the handle is not under the mouse"
    pad.must_change("drag beyond the corner", pad.drag, pad.at(1.2, -0.2))
    assert pad.value == (0.8, 0.99)
    pad.must_change("click", pad.page.mouse.click, *pad.at(0.6, 0.6))
    assert pad.focus == 0


def test_a_move_after_the_button_is_up_changes_nothing(pad):
    pad.must_change("drag", pad.drag, pad.at(0.5, 0.3))
    before = pad.shown
    pad.page.mouse.move(*pad.at(0.8, 0.8), steps=3)
    time.sleep(0.3)
    assert pad.shown == before


def test_a_finger_drags_the_handle(pad):
    touch = pad.page.context.new_cdp_session(pad.page)

    def send(kind, *place):
        points = [{"x": place[0], "y": place[1]}] if place else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def swipe():
        send("touchStart", *pad.place())
        for share in (0.3, 0.4, 0.5):
            send("touchMove", *pad.at(share, share))
        send("touchEnd")

    pad.must_change("finger", swipe)
    assert np.abs(pad.place() - pad.at(0.5, 0.5)).max() < 4


def test_every_key(pad, stops):
    pad.must_change("drag", pad.drag, pad.at(0.5, 0.5))
    index = [int(np.abs(s - x).argmin()) for s, x in zip(stops, pad.value, strict=True)]
    moves = {"ArrowRight": (0, 1), "ArrowUp": (1, 1), "ArrowLeft": (0, -1), "ArrowDown": (1, -1)}
    moves |= {f"Shift+{key}": (axis, 10 * by) for key, (axis, by) in moves.items()}
    moves |= {"PageUp": (1, 10), "PageDown": (1, -10), "Home": (1, -1000), "End": (1, 1000)}  # the last was ArrowDown
    for key, (axis, by) in moves.items():
        pad.must_change(key, pad.page.keyboard.press, key)
        index[axis] = min(max(index[axis] + by, 0), len(stops[axis]) - 1)
        expected = [stops[k][i] for k, i in enumerate(index)]
        assert pad.value == pytest.approx(expected, rel=0.005, abs=1e-9), key
        assert pad.focus == axis, f"{key}: focus on {pad.focus}"
    pad.must_change("ArrowLeft", pad.page.keyboard.press, "ArrowLeft")
    for key, end in (("End", -1), ("Home", 0)):  # now of the learning rate
        pad.must_change(key, pad.page.keyboard.press, key)
        assert pad.value[0] == pytest.approx(stops[0][end], rel=0.005)


def test_focus_is_never_lost_in_many_moves(pad):
    pad.must_change("drag", pad.drag, pad.at(0.5, 0.5))
    for i in range(100):
        pad.page.keyboard.press(("ArrowUp", "ArrowRight", "ArrowDown", "ArrowLeft")[i % 4])
        assert pad.focus == (1, 0, 1, 0)[i % 4]


def test_play_shows_the_run_growing(pad):
    whole, boxes = pad.shown, pad.boxes()
    press = lambda name: pad.root.get_by_role("button", name=name).click()  # noqa: E731
    press("Step")
    assert until(lambda: pad.shown[1].startswith("step 0: w = (-4, 1.5)"))
    press("Play")
    assert until(lambda: re.match("step [1-9]", pad.shown[1]))
    assert until(lambda: pad.shown == whole)
    assert pad.boxes() == boxes


def test_where_motion_is_reduced_few_pictures_are_shown(pad):
    whole = pad.shown
    pad.page.emulate_media(reduced_motion="reduce")
    try:
        assert until(lambda: pad.root.locator(".course-spoken").text_content() == whole[1])  # the last test's words
        pad.root.evaluate(COUNT_PICTURES)
        pad.root.get_by_role("button", name="Play").click()
        assert until(lambda: pad.shown == whole and pad.page.evaluate("pictures_") == 6)  # the start, and five more
        assert until(lambda: pad.page.evaluate("spoken_") == 6)  # each is read out
    finally:
        pad.page.emulate_media(reduced_motion="no-preference")


def test_values_are_typed_and_the_best_is_a_button(pad, stops):
    pad.must_change("Best", pad.root.get_by_role("button", name="Best").click)
    assert pad.value == BEST
    assert "No pair has a smaller factor" in pad.shown[1]
    best = pad.shown
    pad.fields.first.press("Enter")  # on a rounded number that nobody has typed
    assert not until(lambda: pad.shown != best, 1)
    for axis, text in enumerate(("0,123", "0.456")):  # with a decimal comma, and with a point
        field, before = pad.fields.nth(axis), pad.place()
        field.click()
        field.press("Control+a")
        field.press_sequentially(text)
        field.press("Enter")
        taken = until(lambda: f"{('lr', 'beta')[axis]} = {text.replace(',', '.')}" in pad.shown[1])
        assert taken, f"{text} typed: {pad.shown[1]}"
        assert np.flatnonzero(np.abs(pad.place() - before) > 4).tolist() == [axis]  # along one axis only
    assert pad.value == (0.123, 0.456)
    for axis, (key, low, high) in enumerate((("ArrowDown", 0.118, 0.123), ("ArrowUp", 0.456, 0.475))):
        pad.fields.nth(axis).press(key)
        moved = until(lambda: low < pad.value[axis] < high)
        assert moved, f"{key} in a field: {pad.value}"
    pad.fields.first.fill("7")
    pad.fields.first.press("Enter")
    assert until(lambda: pad.value[0] == pytest.approx(stops[0][-1], rel=0.005))
    pad.fields.first.fill("0.123")
    pad.fields.first.press("Enter")
    assert until(lambda: pad.value[0] == 0.123)
    for nothing, key in (("", "Enter"), ("0.1.2", "Enter"), ("1e", "Enter"), ("0.4", "Escape")):
        pad.fields.first.fill(nothing)
        pad.fields.first.press(key)
        assert pad.fields.first.input_value() == "0.123", nothing
    assert pad.value == (0.123, pytest.approx(0.475, abs=0.02))
    spoken = pad.root.locator(".course-spoken")
    scale = "learning rate lr goes from 0.01 to 0.8."
    for text, told in (("0.1.2", "0.1.2 is no number such as 0.25 or 2.5e-1"), ("9", "9 is off the scale")):
        pad.fields.first.fill(text)
        pad.fields.first.press("Enter")
        assert until(lambda: spoken.text_content().startswith(f"{told}; {scale} lr = {pad.value[0]:.3g}, "))
    pad.must_change("a move", pad.fields.first.press, "ArrowDown")
    assert until(lambda: spoken.text_content().startswith("lr = ")), "the remark stays"


def test_in_a_small_window_the_figure_stands_below_the_pad(pad):
    wide = pad.page.viewport_size
    pad.page.set_viewport_size({"width": 680, "height": 900})
    try:
        below = until(lambda: pad.boxes()[1]["y"] >= pad.boxes()[0]["y"] + pad.boxes()[0]["height"])
        assert below, pad.boxes()
    finally:
        pad.page.set_viewport_size(wide)
    assert until(lambda: pad.boxes()[1]["y"] < pad.boxes()[0]["y"] + 60)


def test_both_numbers_are_named_and_reached_by_tab(pad):
    names = ["learning rate lr", "momentum beta"]
    assert pad.root.get_by_role("group", name=" and ".join(names)).count() == 1
    pad.fields.first.focus()
    for name, step in ((names[1], "Shift+Tab"), (names[0], "Shift+Tab")):
        pad.page.keyboard.press(step)
        assert pad.page.evaluate("document.activeElement.getAttribute('aria-label')") == name
        ring = pad.handle.evaluate("e => getComputedStyle(e).outlineWidth")
        assert ring == "3px", "the focus cannot be seen"
    for name in names:
        assert pad.root.get_by_role("slider", name=name, exact=True).count() == 1


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_looks(pad, theme):
    pad.page.evaluate(SET_THEME, theme)
    pad.page.wait_for_function(THEME, arg=theme)
    for name, (lr, beta) in {"swing": (0.05, 0.9), "best": (0.331, 0.669), "diverge": (0.5, 0.3)}.items():
        for field, value in zip(pad.fields.all(), (lr, beta), strict=True):
            field.fill(str(value))
            field.press("Enter")
        told = until(lambda: f"lr = {lr:.3g}, beta = {beta:.3g}:" in pad.shown[1])
        assert told, pad.shown[1]
        if folder := os.environ.get("SHOTS"):
            pad.root.screenshot(path=f"{folder}/pad-{name}-{theme[11:].lower()}.png")


LOCK = """async locked => {
  const code = "import gc; from course_utils.explorers.pad import Pad\\n" +
    `for p in gc.get_objects():\\n    if isinstance(p, Pad): p.disabled = ${locked ? "True" : "False"}`;
  await jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({ code }).done;
}"""


def test_a_locked_pad_stays_where_it_is(pad):
    pad.page.evaluate(LOCK, True)
    locked = until(lambda: all(e.is_disabled() for e in [*pad.ranges.all(), *pad.fields.all()]))
    assert locked
    assert [e.evaluate("e => getComputedStyle(e).opacity") for e in pad.ranges.all()] == ["0", "0"]  # seen: the handle
    before = pad.shown
    pad.drag(pad.at(0.5, 0.5))
    pad.page.keyboard.press("ArrowUp")
    time.sleep(0.3)
    assert pad.shown == before
    pad.page.evaluate(LOCK, False)
    assert until(lambda: all(e.is_enabled() for e in pad.ranges.all()))
    pad.must_change("drag", pad.drag, pad.at(0.5, 0.5))
