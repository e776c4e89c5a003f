"""Sliders that wait for a prediction, in JupyterLab: with the keyboard alone, with a click, skipped, and kept.

SHOTS=folder also takes a picture of each state, in both themes.
"""

import os
from pathlib import Path

import pytest

from course_utils.explorers import DescentExplorer
from course_utils.problems import Quadratic

LOW_CONTRAST = Path(__file__).with_name("low_contrast.js").read_text()
SET_THEME = "name => void jupyterapp.commands.execute('apputils:change-theme', {theme: name})"
THEME = "name => document.body.dataset.jpThemeName === name && !document.querySelector('#jupyterlab-splash')"
LEARNER = """
import os
os.environ |= {{"SGD_COURSE_LOCKS": "", "SGD_COURSE_PROGRESS": {place!r}}}
from course_utils.explorers import DescentExplorer, DropExplorer, MomentumPadExplorer
from course_utils.data import diabetes
from course_utils.problems import LeastSquares, Quadratic
valley, w0 = Quadratic([0.1, 10]), [-4, 1.5]
"""
CELLS = {
    "number": 'DescentExplorer(valley, w0, 60, ("lr", "beta"), lr=0.05, beta=0.0).predict("03-best-beta")',
    "point": 'DescentExplorer(valley, w0, lr=0.05).predict("01-end")',
    "choice": """people = LeastSquares(*diabetes(["s1", "s2"]))
DescentExplorer(people, [-0.6, -0.6], 20, ("lr", "batch_size"), lr=0.1).predict("02-work")""",
    "skipped": 'DropExplorer().predict("05-apart")',
    "log axis": """from course_utils.explorers.measured import MEASURED
from course_utils.explorers.question import predictions
predictions()["own"] = {"kind": "point", "panel": 1, "question": "?", "tolerance": 0.5, "theory": "."}
MEASURED["own"] = (lambda e: (60, e.run.loss[-1]),) * 2
DescentExplorer(valley, w0, lr=0.05).predict("own")""",
    "mended": """predictions()["mended"] = {**predictions()["01-end"]}
MEASURED["mended"] = MEASURED["01-end"]
DescentExplorer(valley, w0, lr=0.05).predict("mended")""",
}
FOCUSED = "e => e === document.activeElement && e.matches(':focus-visible')"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return str(tmp_path_factory.mktemp("learner") / "progress.sqlite")


@pytest.fixture(scope="module")
def learner(run_cells, place):
    """A notebook of a learner without any progress; each test takes the explorer that is named after it."""
    return run_cells(LEARNER.format(place=place), *CELLS.values())


class Asked:
    """An explorer that asks, and what its page shows of it."""

    def __init__(self, notebook, name):
        self.root, self.page, self.name = notebook.explorers[list(CELLS).index(name)], notebook.page, name
        self.root.scroll_into_view_if_needed()
        self.inputs = self.root.locator(".course-slider input")
        self.table, self.says = self.root.locator(".course-result table"), self.root.locator(".course-result p")

    @property
    def locked(self):
        return [slider.is_disabled() for slider in self.inputs.all()]

    def figures(self):
        self.table.wait_for()
        return self.table.locator("td").all_text_contents()  # not inner texts: those are empty off the screen

    def opened(self):
        """Wait for the three figures; the focus must be on the first slider by then. Gives the figures."""
        figures = self.figures()
        assert not any(self.locked)
        self.page.wait_for_function("e => e === document.activeElement", arg=self.inputs.first.element_handle())
        assert self.root.locator(".course-entry").count() == 0
        return figures

    def moves(self):
        """The arrow keys move the picture, from where the focus is."""
        before = self.root.locator("svg[role=img]").inner_html()
        self.page.keyboard.press("ArrowLeft")
        self.page.wait_for_function(
            "([root, before]) => root.querySelector('svg[role=img]').innerHTML !== before",
            arg=[self.root.element_handle(), before],
        )

    def can_be_read(self, state):
        """No text of low contrast, in either theme."""
        for theme in ("JupyterLab Dark", "JupyterLab Light"):
            self.page.evaluate(SET_THEME, theme)
            self.page.wait_for_function(THEME, arg=theme)
            assert self.root.evaluate(LOW_CONTRAST) == [], (theme, state)
            if folder := os.environ.get("SHOTS"):
                self.root.screenshot(path=f"{folder}/predict-{self.name}-{state}-{theme[11:].lower()}.png")


def test_number_with_the_keyboard_alone(learner):
    asked = Asked(learner, "number")
    keyboard, field = learner.page.keyboard, asked.root.get_by_label("beta", exact=True)
    assert asked.locked == [True] * 3
    reset = asked.root.get_by_role("button", name="Reset")
    assert reset.is_disabled()
    assert reset.evaluate("e => getComputedStyle(e).opacity") == "1"  # else the measured contrast would be too good
    assert asked.root.get_by_role("group", name="lr = 0.05. With which beta is the loss").count() == 1
    asked.can_be_read("asked")
    height = asked.root.locator("img").bounding_box()["y"] - asked.root.bounding_box()["y"]
    field.focus()
    keyboard.type("abc")
    keyboard.press("Enter")
    asked.root.get_by_text("Enter beta as a number from 0 to 0.99; not 'abc'.").wait_for()
    assert field.get_attribute("aria-invalid") == "true"
    assert field.evaluate(FOCUSED)
    assert asked.locked == [True] * 3
    assert asked.root.locator("img").bounding_box()["y"] - asked.root.bounding_box()["y"] == height, "it jumped"
    asked.can_be_read("wrong")
    for name in ("Predict", "Skip (Esc)"):  # and then out of the explorer: what is locked is passed over
        keyboard.press("Tab")
        assert asked.root.get_by_role("button", name=name, exact=True).evaluate(FOCUSED)
    field.focus()
    keyboard.press("Control+a")
    keyboard.type("0.5")
    keyboard.press("Enter")
    assert asked.opened() == ["0.5", "0.88", "0.864"]
    assert asked.says.inner_text().startswith("You predicted 0.38 less than the run showed. ")
    assert asked.root.get_by_role("status").filter(has_text="theory says").count() == 1  # it is read out
    asked.moves()
    asked.can_be_read("answered")
    assert learner.errors == []


def test_point_with_a_click(learner):
    asked = Asked(learner, "point")
    page, picture = learner.page, asked.root.locator("svg[role=img]")
    box = picture.bounding_box()
    fields = [asked.root.get_by_label(name, exact=True) for name in ("w1", "w2")]
    cursor = "([x, y]) => getComputedStyle(document.elementFromPoint(x, y)).cursor"
    for share, aims in ((0.75, False), (0.27, True)):  # the loss on the right is no place to predict
        x, y = box["x"] + share * box["width"], box["y"] + 0.3 * box["height"]
        page.mouse.move(x, y)
        assert (page.evaluate(cursor, [x, y]) == "crosshair") == aims
        page.mouse.click(x, y)
        assert bool(fields[0].input_value()) == aims
    assert fields[0].evaluate("e => e === document.activeElement")
    aimed = [float(field.input_value()) for field in fields]
    assert -5 < aimed[0] < 5
    assert 0 < aimed[1] < 2  # above the middle
    picture.locator("path[stroke-dasharray='40 30']").wait_for()  # the cross
    asked.can_be_read("asked")
    page.keyboard.press("Enter")
    predicted, shown, theory = asked.opened()
    assert tuple(map(float, predicted.strip("()").split(","))) == tuple(aimed)
    assert shown == theory == "(-2.19, 0)"
    picture.get_by_text("you predicted").wait_for()
    asked.moves()
    asked.can_be_read("answered")
    assert picture.get_by_text("you predicted").count() == 1
    assert learner.errors == []


def test_only_the_field_that_is_wrong_is_marked_until_it_is_mended(learner):
    asked = Asked(learner, "mended")
    fields = [asked.root.get_by_label(name, exact=True) for name in ("w1", "w2")]
    invalid = lambda: [field.get_attribute("aria-invalid") for field in fields]  # noqa: E731
    for text, field in zip(("1", "9"), fields, strict=True):
        field.fill(text)
    fields[1].press("Enter")
    asked.root.get_by_text("Enter w2 as a number from -2 to 2; not '9'.").wait_for()
    assert invalid() == ["false", "true"]
    styles = [field.evaluate("e => getComputedStyle(e).borderStyle") for field in fields]
    assert styles == ["solid", "dashed"]
    fields[1].fill("1")
    learner.page.wait_for_function("e => e.getAttribute('aria-invalid') === 'false'", arg=fields[1].element_handle())
    assert asked.says.inner_text().strip() == ""
    assert invalid() == ["false", "false"]
    assert all(asked.locked)


def test_point_with_a_click_where_an_axis_is_logarithmic(learner):
    asked = Asked(learner, "log axis")
    box = asked.root.locator("svg[role=img]").bounding_box()
    fig = DescentExplorer(Quadratic([0.1, 10]), [-4, 1.5], lr=0.05).figure.fig
    for share in ((0.7, 0.3), (0.9, 0.6)):
        learner.page.mouse.click(box["x"] + share[0] * box["width"], box["y"] + share[1] * box["height"])
        fields = [asked.root.get_by_label(name, exact=True) for name in ("step", "loss above the minimum")]
        entered = [float(field.input_value()) for field in fields]
        x, y = fig.axes[1].transData.transform(entered) / fig.bbox.size
        assert (x, 1 - y) == pytest.approx(share, abs=0.004), entered
    learner.page.keyboard.press("Enter")
    assert asked.opened()[1] == asked.figures()[2] == "(60, 0.438)"
    assert learner.errors == []


def test_choice_with_the_keyboard(learner):
    asked = Asked(learner, "choice")
    asked.can_be_read("asked")
    asked.root.get_by_role("button", name="A. 1: it makes the most steps").focus()
    learner.page.keyboard.press("Tab")
    learner.page.keyboard.press("Enter")
    figures = asked.opened()
    assert figures == ["B. 442, all of them: its gradient is exact", "batch size 64 ends lowest", "batch size 64"]
    assert asked.says.inner_text().startswith("Not this one: Exact, but 20 epochs are then 20 steps")
    asked.moves()
    asked.can_be_read("answered")
    assert learner.errors == []


def test_escape_skips_from_inside_only(learner):
    asked = Asked(learner, "skipped")
    page = learner.page
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    assert all(asked.locked)
    assert asked.table.count() == 0
    asked.root.get_by_label("distance", exact=True).focus()
    page.keyboard.press("Escape")
    assert asked.opened() == ["skipped", "0.018", "0.018"]
    asked.moves()
    page.keyboard.press("Escape")  # now a key like any other
    assert asked.table.count() == 1
    assert learner.errors == []


def test_kept_when_the_notebook_is_opened_again(learner, run_cells, place):
    for name in CELLS:  # answered above, or in this test if it runs alone
        if Asked(learner, name).root.locator(".course-entry").count():
            Asked(learner, name).root.get_by_role("button", name="Skip (Esc)").click()
            Asked(learner, name).opened()
    before = [Asked(learner, name).figures() for name in CELLS]
    again = run_cells(LEARNER.format(place=place), *CELLS.values())
    assert [Asked(again, name).figures() for name in CELLS] == before
    assert not any(locked for name in CELLS for locked in Asked(again, name).locked)
    assert not again.page.evaluate("document.activeElement.matches('.course-slider input')"), (
        "the focus moved by itself"
    )
    assert again.errors == []


def test_the_view_that_answered_gets_the_focus_and_nothing_jumps(run_cells, tmp_path):
    place = str(tmp_path / "progress.sqlite")
    shown = 'g = DescentExplorer(valley, w0, lr=0.05).predict("01-end")\ng'
    twice = run_cells(LEARNER.format(place=place), shown, "g")
    page, (first, second) = twice.page, twice.explorers
    wide = page.viewport_size
    page.set_viewport_size({"width": wide["width"], "height": 560})  # the fields are above the window
    try:
        twice.show(second)
        second.locator("svg[role=img]").evaluate("e => e.scrollIntoView({ block: 'start' })")
        box = second.locator("svg[role=img]").bounding_box()
        page.mouse.click(box["x"] + 0.2 * box["width"], box["y"] + 0.5 * box["height"])
        field = second.get_by_label("w1", exact=True)
        page.wait_for_function("e => e.value !== ''", arg=field.element_handle())
        assert field.evaluate("e => e === document.activeElement")
        assert second.locator("svg[role=img]").bounding_box() == box, "it jumped"
    finally:
        page.set_viewport_size(wide)
    page.keyboard.press("Enter")
    slider = second.locator(".course-slider input").first
    page.wait_for_function("e => e === document.activeElement", arg=slider.element_handle())
    assert not first.locator(".course-slider input").first.is_disabled()
    results = [root.locator(".course-result td").all_text_contents() for root in (first, second)]
    assert results[0] == results[1]
    assert twice.errors == []


COUNT_TOLD = """root => {
  const told = root.querySelector(".course-result"), changed = { childList: true, subtree: true };
  window.told_ = [];
  new MutationObserver(() => told_.push(told.textContent)).observe(told, changed);
}"""


@pytest.mark.parametrize("answer", ["Skip (Esc)", "Predict"])
def test_what_came_of_it_is_read_out_once(run_cells, tmp_path, answer):
    own = run_cells(LEARNER.format(place=str(tmp_path / "progress.sqlite")), CELLS["number"])
    (root,) = own.explorers
    root.evaluate(COUNT_TOLD)
    root.get_by_role("button", name="Predict", exact=True).click()
    root.get_by_text("the field is empty").wait_for()
    root.get_by_label("beta", exact=True).fill("0.5")  # which takes the words away
    root.get_by_role("button", name=answer, exact=True).click()
    root.locator(".course-result table").wait_for()
    own.page.wait_for_timeout(500)  # for what would come once more
    told = own.page.evaluate("told_")
    assert [words[:13] for words in told] == ["Enter beta as", "", "you predicted"]
    assert own.errors == []


SAME = """() => {
  const views = [...document.querySelectorAll(".course-explorer")].map((view) => [...view.querySelectorAll("*")]);
  const named = views.map((all) => new Set(all.flatMap((e) => [e.id, e.name]).filter(Boolean)));
  return [named[0].size, [...named[0]].filter((name) => named[1].has(name))];
}"""


def test_two_views_of_one_question_hold_the_same_and_share_no_name(run_cells, tmp_path):
    shown = 'g = DescentExplorer(valley, w0, lr=0.05).predict("01-end")\ng'
    twice = run_cells(LEARNER.format(place=str(tmp_path / "progress.sqlite")), shown, "g")
    fields = [[root.get_by_label(name, exact=True) for name in ("w1", "w2")] for root in twice.explorers]
    entered = lambda: [[field.input_value() for field in view] for view in fields]  # noqa: E731
    fields[0][0].fill("9")
    fields[0][0].press("Enter")
    told = "Enter w1 as a number from -5 to 5; not '9'. Enter w2 as a number from -2 to 2; the field is empty."
    for root in twice.explorers:
        root.get_by_text(told).wait_for()
    assert entered() == [["9", ""]] * 2, "told of a field that does not hold it"
    fields[1][0].fill("1")
    fields[1][1].fill("1,5")
    assert entered() == [["1", "1,5"]] * 2
    count, shared = twice.page.evaluate(SAME)
    assert count > 5
    assert shared == []
    fields[0][1].press("Enter")
    results = [root.locator(".course-result td").first.text_content() for root in twice.explorers]
    assert results == ["(1, 1.5)"] * 2
    assert twice.errors == []
