"""Each lesson as a learner meets it: run in JupyterLab, sliders moved, questions answered, in both themes.

SHOTS=folder pytest tests/browser  also takes a picture of every figure, explorer and question.
"""

import io
import os
import re
import time
from pathlib import Path

import axe_playwright_python
import numpy as np
import pytest
from PIL import Image

from course_utils.explorers.question import LETTERS, questions

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
VIOLATIONS = """elements => axe.run(document.querySelectorAll(elements), { resultTypes: ["violations"] }).then(
  ({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html.slice(0, 200))]))"""
NAMELESS = """() => document.querySelector(".course-slider").insertAdjacentHTML(
  "beforeend", "<input type=range id=nameless>")"""
GREY = """root => {
  const grey = (place, text) => root.querySelector(place).insertAdjacentHTML("beforeend", text);
  grey(".course-figure svg", "<text class=planted x=99 y=99 fill=#999>in SVG</text>");
  grey(".course-status", "<span class=planted style='color: #999'>in HTML</span>");
}"""
ALL_DRAWN = ".jp-Cell { content-visibility: visible !important; }"  # also what is far from the screen
LOW_CONTRAST = Path(__file__).with_name("low_contrast.js").read_text()
HANDLE = (0, 114, 178)  # its colour in controls.css
# What a question asks, its buttons, and the line of text after each of them was clicked, the first one last.
ANSWERED = """async (root) => {
  const buttons = [...root.querySelectorAll("button")], status = root.querySelector(".course-status"), said = [];
  for (const button of [...buttons.slice(1), buttons[0]]) {
    const changed = new Promise((seen) => new MutationObserver(seen).observe(status, { childList: true }));
    button.click();
    await Promise.race([changed, new Promise((late) => setTimeout(late, 30000))]);
    said.push(status.textContent);
  }
  const question = root.querySelector(".widget-html-content").textContent;
  return { question, buttons: buttons.map((button) => button.textContent), said };
}"""
SET_THEME = "name => void jupyterapp.commands.execute('apputils:change-theme', {theme: name})"
THEME = "name => document.body.dataset.jpThemeName === name && !document.querySelector('#jupyterlab-splash')"
# One call each: calls take most of these tests' time.
SHOWN = """row => {
  const root = row.closest(".course-explorer"), of = (place) => root.querySelector(place);
  const value = row.querySelector("input[type=range]").getAttribute("aria-valuetext");
  const picture = of("svg[role=img]");
  return [picture.innerHTML, of(".course-status").innerText, value, picture.getAttribute("aria-label")];
}"""
PLACES = """row => {
  const root = row.closest(".course-explorer");
  const { x, y, width, height } = root.querySelector("img").getBoundingClientRect();
  return [x, y, width, height, ...[...root.querySelectorAll("th[scope=col]")].map((column) => column.offsetWidth)];
}"""
SAYS = {
    "learning rate lr": "lr = {:.3g}",
    "batch size": "batch size {:.0f}",
    "momentum beta": "beta = {:.2f}",
    "lr drops at step": "drop at step {:.0f}",
    "seed": "seed {:.0f}",
    "start w1": "start w1 = {:.3g}",
    "start w2": "start w2 = {:.3g}",
}
# Each control whose ring goes beyond what it is in when it has the focus, and how far.
CUT_OFF = """root => [...root.querySelectorAll("input, button")].filter(e => !e.disabled).map((e) => {
  e.focus();
  const ringed = e.closest(".course-handle") ?? e, { outlineOffset, outlineWidth } = getComputedStyle(ringed);
  const box = ringed.getBoundingClientRect(), beyond = [];
  for (let around = ringed; !around.matches(".jp-OutputArea-output"); ) {
    around = around.parentElement;
    if (getComputedStyle(around).overflow === "visible") continue;
    const seen = around.getBoundingClientRect();
    beyond.push(seen.left - box.left, seen.top - box.top, box.right - seen.right, box.bottom - seen.bottom);
  }
  return [e.ariaLabel ?? e.textContent, Math.max(...beyond) + parseFloat(outlineOffset) + parseFloat(outlineWidth)];
}).filter(([, beyond]) => beyond > 0.5)"""
# Where the focus is: in which of ours, on what, and whether that is seen.
STOP = """() => {
  const at = document.activeElement, ringed = at.closest(".course-handle") ?? at;
  const { outlineStyle, outlineWidth } = getComputedStyle(ringed);
  const name = at.ariaLabel ?? at.labels?.[0]?.textContent ?? at.textContent, ring = parseFloat(outlineWidth);
  return [at.closest("[data-shown]")?.dataset.shown, at.type, name.trim(), outlineStyle !== "none" && ring >= 2];
}"""
# What is read out as it changes, beside what has the focus.
LIVE = """root => [...root.querySelectorAll("output, [aria-live], [role=status], [role=alert], [role=log]")].filter(
  (e) => e.getAttribute("aria-live") !== "off" && !e.closest("[aria-hidden=true]")).map((e) => e.className)"""
PICTURES = ".jp-OutputArea-output:is(:has(> img), :has(.jupyter-widgets))"


def until(condition, seconds=8):
    """Whether the condition holds before the time is over."""
    end = time.monotonic() + seconds
    while not (held := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return held


def test_runs_without_a_word_of_complaint(lesson):
    outputs = [output for cell in lesson.cells for output in cell["outputs"]]
    complaints = {
        "errors and warnings": [o for o in outputs if "ename" in o or o.get("name") == "stderr"],
        "console of the browser": lesson.errors,
        "fetched from outside": lesson.outside,
        "pop-ups": lesson.page.locator(".jp-Dialog, .Toastify__toast").all_inner_texts(),
    }
    assert not any(complaints.values()), complaints
    assert [number for number, cell in enumerate(lesson.cells) if not cell["count"]] == []
    assert lesson.explorers
    assert lesson.questions
    assert lesson.page.locator("style#course-style").count() == 1  # for all of them


def test_before_it_runs_each_picture_is_there_with_its_words(lesson):
    assert lesson.words
    assert lesson.alts == lesson.words


class Slider:
    """One slider of an explorer, the picture and the line of text that it moves."""

    def __init__(self, root, row):
        self.root, self.page, self.row = root, root.page, row
        self.range, self.field = row.locator("input[type=range]"), row.locator("input.course-value")
        self.name = row.locator("label").inner_text()
        self.marks = row.locator(".course-mark")

    @property
    def value(self):
        return float(self.range.get_attribute("aria-valuetext"))

    @property
    def shown(self):
        """The moving lines, the line of text, the slider's value and the name of the picture."""
        lines, text, value, name = self.row.evaluate(SHOWN)
        return lines, text, float(value), name

    def differs(self, before):
        """Whether all that is shown has changed, and the text has come to the slider's value."""
        shown = self.shown
        says = re.escape(SAYS[self.name].format(shown[2])) + "[,:]"
        told = re.search(says, shown[1]) and re.search(says, shown[3])
        return told and all(a != b for a, b in zip(before, shown, strict=True))

    def must_change(self, how, action, *arguments):
        """Do something that has to change what is shown, but must not move the figure."""
        before, places = self.shown, self.row.evaluate(PLACES)
        action(*arguments)
        told = f"{self.name}, {how}: "
        changed = until(lambda: self.differs(before))
        same_lines = "the same lines" if before[0] == self.shown[0] else "other lines"
        assert changed, f"{told}{before[1:]} -> {self.shown[1:]}, {same_lines}"
        there = self.row.evaluate(PLACES)  # in the page, whose rows above are laid out in fractions of a pixel
        assert there == pytest.approx(places, rel=0, abs=0.1), told + "the figure, or the columns of the table, jumped"
        assert "nan" not in self.shown[0].lower(), told + "nan in the lines"

    def drag(self, share):
        """Take the handle with the mouse and move it to a share of the scale."""
        box, here = (
            self.range.bounding_box(),
            int(self.range.input_value()) / int(self.range.get_attribute("max")),
        )
        places = [box["x"] + 8 + part * (box["width"] - 16) for part in (here, (here + share) / 2, share)]
        self.page.mouse.move(places[0], box["y"] + box["height"] / 2)
        self.page.mouse.down()
        for x in places[1:]:
            self.page.mouse.move(x, box["y"] + box["height"] / 2, steps=3)
        self.page.mouse.up()

    def type(self, text):
        self.field.click()
        self.field.press("Control+a")
        self.field.press_sequentially(text)
        self.field.press("Enter")

    def reset(self):
        self.root.get_by_role("button", name="Reset").click()

    def handle(self):
        """Where the middle of the handle is in the page, from a picture of it."""
        pixels = np.asarray(Image.open(io.BytesIO(self.range.screenshot())).convert("RGB"), float)
        columns = np.nonzero((np.abs(pixels - HANDLE) < 12).all(-1))[1]
        assert len(columns) > 30, "no handle to be seen"
        return self.range.bounding_box()["x"] + (columns.min() + columns.max() + 1) / 2


def sliders(lesson):
    for root in lesson.explorers:
        lesson.show(root)
        yield from (Slider(root, row) for row in root.locator(".course-slider").all())


def test_sliders_move_the_picture(lesson):
    for slider in sliders(lesson):
        assert slider.root.get_by_role("slider", name=slider.name, exact=True).count() == 1
        first = slider.shown
        slider.must_change("mouse", slider.drag, 0.3)
        for key in ("End", "ArrowLeft", "ArrowDown", "ArrowUp", "Home"):
            slider.must_change(key, slider.page.keyboard.press, key)  # the mouse has left the focus there
        slider.must_change("mouse", slider.drag, 0.6)
        assert slider.range.evaluate("e => e === document.activeElement"), f"{slider.name}: lost the focus"
        slider.must_change("Reset", slider.reset)
        assert slider.shown == first
    assert lesson.errors == []


def test_values_can_be_typed_and_marks_stand_under_the_handle(lesson):
    for slider in sliders(lesson):
        for mark in slider.marks.all():
            value = mark.inner_text().split("=")[1].strip()
            slider.type(value)
            taken = until(lambda s=slider, v=float(value): s.value == v)
            assert taken, f"{value} typed, {slider.value} taken"
            edge = mark.bounding_box()["x"] + 1  # its left border is 2 px wide
            assert abs(edge - slider.handle()) <= 1.5, mark.inner_text()
        slider.reset()
    assert any(slider.marks.count() for slider in sliders(lesson))


def test_every_answer_has_its_feedback(lesson):
    known = {question["question"]: question["answers"] for question in questions().values()}
    first = lesson.questions[0]
    lesson.show(first)
    first.get_by_role("button", name=LETTERS[0], exact=True).press("Enter")
    first.get_by_text(f"({LETTERS[0]}): ").first.wait_for()
    count = "jupyterapp.shell.currentWidget.content.widgets.length"
    cells = lesson.page.evaluate(count)
    for key in "xb":  # to JupyterLab x cuts the cell, and b makes another
        lesson.page.keyboard.press(key)
    first.get_by_text(f"({LETTERS[1]}): ").first.wait_for()
    assert lesson.page.evaluate(count) == cells
    lesson.page.keyboard.press(LETTERS[0])  # an answer that is shown already would change nothing below
    first.get_by_text(f"({LETTERS[0]}): ").first.wait_for()
    for root in lesson.questions:
        found = root.evaluate(ANSWERED)
        answers = known[found["question"]]
        assert found["buttons"] == list(LETTERS[: len(answers)])
        says = [
            f"{'Right' if answer.get('correct') else 'Not this one'} ({letter}): {answer['feedback']}"
            for letter, answer in zip(LETTERS, answers, strict=False)
        ]
        assert found["said"] == [*says[1:], says[0]]
    assert lesson.errors == []


def test_the_picture_is_whole_in_a_narrow_window(lesson):
    wide = lesson.page.viewport_size
    lesson.page.set_viewport_size({"width": 1000, "height": 900})
    try:
        for root in lesson.explorers:
            lesson.show(root)
            edge = root.evaluate("e => e.getBoundingClientRect().right")
            for place in root.locator("img, svg[role=img]").all():
                fits = until(lambda p=place, right=edge: p.bounding_box()["x"] + p.bounding_box()["width"] <= right + 1)
                assert fits, f"cut off: {place.bounding_box()}, {edge}"
            boxes = [root.locator(layer).last.bounding_box() for layer in ("img", "svg[role=img]")]  # a pad comes first
            assert boxes[0] == pytest.approx(boxes[1], abs=1), "the moving lines are not over their axes"
    finally:
        lesson.page.set_viewport_size(wide)


@pytest.mark.parametrize("width", [1280, 700])
def test_the_whole_ring_of_the_focus_is_seen(lesson, width):
    wide = lesson.page.viewport_size
    lesson.page.set_viewport_size({"width": width, "height": 900})
    try:
        for root in lesson.explorers:
            lesson.show(root)
            lesson.page.keyboard.press("Tab")  # else the ring is not shown
            cut = root.evaluate(CUT_OFF)
            assert cut == [], f"the ring is cut off by so many px: {cut}"
    finally:
        lesson.page.set_viewport_size(wide)


def walked(page, key):
    """The stops of the focus with a key, from where it is until it leaves what it is in."""
    stops = [page.evaluate(STOP)]
    while stops[-1][0] == stops[0][0] and len(stops) < 40:
        page.keyboard.press(key)
        stops.append(page.evaluate(STOP))
    return stops[:-1]


def test_tab_leads_through_and_out_and_back_and_is_seen_all_the_way(lesson):
    for root in lesson.explorers + lesson.questions[:1]:
        lesson.show(root)
        lesson.page.keyboard.press("Shift")  # else the ring is not shown
        root.locator("input:enabled, button:enabled").first.focus()
        forth = walked(lesson.page, "Tab")
        for _ in range(20):  # JupyterLab's own stops are between
            lesson.page.keyboard.press("Shift+Tab")
            if lesson.page.evaluate(STOP)[0] == forth[0][0]:
                break
        assert walked(lesson.page, "Shift+Tab") == forth[::-1]
        assert 1 < len(forth) < 30
        assert all(name and seen for _, _, name, seen in forth), forth
    assert lesson.errors == []


def test_the_words_are_read_out_and_no_number_of_a_drag(lesson):
    for root in lesson.explorers + lesson.questions:
        asks = root.locator(".course-prediction").count()
        assert root.evaluate(LIVE) == ["course-result"] * asks + ["course-spoken"]


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_text_can_be_read_and_axe_core_has_no_complaint(lesson, theme):
    lesson.page.evaluate(SET_THEME, theme)
    lesson.page.wait_for_function(THEME, arg=theme)
    lesson.page.evaluate(AXE)
    style = lesson.page.add_style_tag(content=ALL_DRAWN)
    for root in lesson.explorers + lesson.questions:
        assert root.evaluate(LOW_CONTRAST) == []
        lesson.page.keyboard.press("Tab")  # else the ring is not shown
        assert root.evaluate(LOW_CONTRAST, "rings") == []
    assert lesson.page.evaluate(VIOLATIONS, lesson.ours) == []
    style.evaluate("e => e.remove()")
    if folder := os.environ.get("SHOTS"):
        for i, output in enumerate(lesson.page.locator(PICTURES).all()):
            output.screenshot(path=f"{folder}/{lesson.name}-{i:02}-{theme[11:].lower()}.png")


@pytest.mark.parametrize("lesson", ["00_start_here"], indirect=True)
def test_axe_core_would_complain(lesson):
    lesson.page.evaluate(AXE)
    style = lesson.page.add_style_tag(content=ALL_DRAWN)
    lesson.page.evaluate(NAMELESS)
    try:
        found = lesson.page.evaluate(VIOLATIONS, "[data-shown]:has(#nameless)")
        assert [complaint[0] for complaint in found] == ["label"]
    finally:
        lesson.page.evaluate("document.getElementById('nameless').remove()")
        style.evaluate("e => e.remove()")


@pytest.mark.parametrize("lesson", ["00_start_here"], indirect=True)
def test_grey_text_would_be_found(lesson):
    root = lesson.explorers[0]
    lesson.show(root)
    root.evaluate(GREY)
    try:
        assert sorted(text for text, _ in root.evaluate(LOW_CONTRAST)) == ["in HTML", "in SVG"]
    finally:
        root.evaluate("root => root.querySelectorAll('.planted').forEach(e => e.remove())")
