"""Controls clicked on in a page that treats a click as Safari on a Mac does: the focus goes to the cell."""

import pytest
from test_lessons import until
from test_predictions import LEARNER

SAFARI = """() => {
  let pressed = false;
  const given = ({ target }) => pressed && target.matches("button, input:not([type=text])");
  addEventListener("pointerdown", () => (pressed = true), true);
  addEventListener("pointerup", () => (pressed = false), true);
  const cell = (event) => given(event) && event.target.closest(".jp-Cell").focus({ preventScroll: true });
  addEventListener("focusin", cell, true);
}"""
EXPLORER = """people = LeastSquares(*diabetes(["s1", "s2"]))
DescentExplorer(people, [-0.6, -0.6], 20, ("lr", "batch_size"), lr=0.1).predict("02-work")"""
QUESTION = 'from course_utils.explorers import ask\nask("01-limit")'
FOCUSED = "e => e === document.activeElement"


@pytest.fixture(scope="module")
def safari(run_cells, tmp_path_factory):
    """An explorer that asks, and a question."""
    place = tmp_path_factory.mktemp("learner") / "progress.sqlite"
    own = run_cells(LEARNER.format(place=str(place)), EXPLORER, QUESTION)
    own.page.evaluate(SAFARI)
    return own


@pytest.fixture
def explorer(safari):
    """The explorer, after its question."""
    (root,) = safari.explorers
    if root.get_by_role("button", name="Skip (Esc)").count():  # this test runs alone
        root.get_by_role("button", name="Skip (Esc)").click()
    root.locator(".course-result table").wait_for()
    return root


def focused(control):
    return until(lambda: control.evaluate(FOCUSED))


def test_skip_gives_the_focus_to_the_first_slider(safari):
    (root,) = safari.explorers
    root.get_by_role("button", name="Skip (Esc)").click()
    assert focused(root.get_by_role("slider").first)


@pytest.mark.parametrize("end", [0, 60], ids=["on it", "below it"])
def test_a_slider_that_was_dragged_takes_the_arrow_keys(explorer, safari, end):
    slider, page = explorer.get_by_role("slider").first, safari.page
    page.evaluate("document.activeElement.blur()")
    safari.show(explorer)
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 12)
    page.mouse.down()
    assert not slider.evaluate(FOCUSED), "this page is not as in Safari"
    page.mouse.move(box["x"] + 150 + end, box["y"] + 12 + end)
    page.mouse.up()
    assert focused(slider)
    before = int(slider.input_value())
    page.keyboard.press("ArrowRight")
    assert int(slider.input_value()) == before + 1


@pytest.mark.parametrize(("role", "name"), [("button", "Step"), ("button", "Reset"), ("radio", "steps")])
def test_what_is_clicked_on_has_the_focus(explorer, role, name):
    control = explorer.get_by_role(role, name=name, exact=True)
    control.click()
    assert focused(control)


def test_letters_after_a_click_on_an_answer_choose_answers(safari):
    (question,) = safari.questions
    safari.show(question)
    question.get_by_role("button", name="A", exact=True).click()
    question.get_by_text("(A): ").first.wait_for()
    safari.page.keyboard.press("b")  # to JupyterLab a new cell
    assert until(lambda: question.get_by_text("(B): ").count())
    assert safari.page.locator(".jp-Notebook .jp-CodeCell").count() == 3
