"""Moves and presses are taken in the order in which they were made, in one thread, and while another cell runs."""

import re

import pytest
from test_lessons import until

from benchmarks import sliders
from benchmarks.browser import ask

EXPLORER = """
import threading
from benchmarks import sliders
from course_utils.explorers import DescentExplorer
explorer, seen = DescentExplorer(sliders.VALLEY, sliders.W0, 60, lr=0.02), []
update = explorer.update
def logged():
    seen.append((threading.current_thread().name, explorer.lr.value))
    update()
explorer.update = logged
explorer
"""
QUESTION = """
from course_utils.explorers import ask
question, seen = ask("01-limit"), []
choose = question.choose
question.choose = lambda i: (seen.append((i, None)), choose(i))
question
"""
BUSY = """() => void jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute(
  { code: "import time; time.sleep(4); seen.append((None, None))", store_history: false })"""


def test_moves_and_presses_are_taken_in_order_while_a_cell_runs(run_cells):
    own = run_cells(EXPLORER)
    (root,) = own.explorers
    own.show(root)
    range_, status = root.locator("input[type=range]"), root.locator(".course-status")
    range_.press("Home")
    status.get_by_text("lr = 0.000667").wait_for()
    own.page.evaluate(BUSY)
    for _ in range(3):
        range_.press("End")
        root.get_by_role("button", name="Reset").click()
        status.get_by_text("lr = 0.02:").wait_for()
    threads, values = zip(*eval(ask(own.page, "print(seen)")), strict=True)
    assert values == (sliders.LOW, *(0.8, 0.02) * 3, None)  # the last one: all this was while the cell ran
    assert len(set(threads[:-1])) == 1


def test_an_answer_is_clicked_while_a_cell_runs(run_cells):
    own = run_cells(QUESTION)
    (root,) = own.questions
    own.show(root)
    own.page.evaluate(BUSY)
    for letter in "BCA":
        root.get_by_role("button", name=letter, exact=True).click()
        root.get_by_text(f"({letter}): ").first.wait_for()
    assert ask(own.page, "print([i for i, _ in seen])") == "[1, 2, 0, None]\n"


WAITING = "The kernel has not answered yet: it is busy or out of reach. As it was before: "
HELD = """() => void jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute(
  { code: "import ctypes; ctypes.PyDLL(None).sleep(4)", store_history: false })"""  # no thread runs meanwhile


def test_it_says_that_the_kernel_has_not_answered_until_it_has(run_cells):
    own = run_cells("from benchmarks import sliders\nsliders.explorer(60)", QUESTION)
    (root,), (question,) = own.explorers, own.questions
    own.show(root)
    root.locator("input[type=range]").press("Home")
    before = root.locator(".course-status").get_by_text("lr = 0.000667").inner_text()
    own.page.evaluate(HELD)
    root.locator("input[type=range]").press("End")
    question.get_by_role("button", name="B", exact=True).click()
    for told, old in ((root, before), (question, question.locator(".course-status").inner_text())):
        told.get_by_text(WAITING + old).first.wait_for()
    assert until(lambda: root.locator(".course-spoken").text_content() == WAITING + before)
    for told, new in ((root, "lr = 0.8: "), (question, "Right (B): ")):
        assert until(lambda told=told, new=new: told.locator(".course-spoken").text_content().startswith(new))
        assert told.locator(".course-status").inner_text().startswith(new)


def test_the_handle_is_where_the_picture_is_after_a_move_behind_a_button_that_waited(run_cells):
    own = run_cells("from benchmarks import sliders\nsliders.explorer(60)")
    (root,) = own.explorers
    own.show(root)
    range_, status = root.locator("input[type=range]"), root.locator(".course-status")
    range_.press("End")
    status.get_by_text("lr = 0.8:").wait_for()
    own.page.evaluate(HELD)
    root.get_by_role("button", name="Reset").click()
    range_.press("Home")
    status.get_by_text("lr = 0.000667:").wait_for()
    assert until(lambda: range_.get_attribute("aria-valuetext") == "0.000667")


# JupyterLab's own: it asks a kernel for the state of its debugger, and the restart comes before the answer.
CANCELED = re.compile("Could not restore the debugger state: Canceled future for debug_request message")
ENDED = "The kernel that drew this has ended: run this cell again."
KILLED = """() => void jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute(
  { code: "import ctypes, os; ctypes.PyDLL(None).sleep(4); os.kill(os.getpid(), 9)", store_history: false })"""
RESTART = "() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"


def test_after_a_restart_of_the_kernel_it_says_what_to_do(run_cells):
    explorer = "sliders.DescentExplorer(sliders.VALLEY, sliders.W0, sliders=('lr', 'against'))"
    own = run_cells(f"from benchmarks import sliders\n{explorer}", explorer)
    own.page.evaluate(RESTART)
    for root, control in zip(own.explorers, ("input[type=range]", "input[value=steps]"), strict=True):
        own.show(root)
        root.locator(control).press("ArrowRight")
        root.get_by_text(ENDED).first.wait_for()
        assert until(lambda root=root: root.locator(".course-spoken").first.text_content() == ENDED)
        root.get_by_role("button", name="Step").click()
    assert [error for error in own.errors if not CANCELED.match(error)] == []


def test_a_kernel_that_was_killed_before_it_answered_is_told_without_another_move(run_cells):
    own = run_cells("from benchmarks import sliders\nsliders.explorer(60)")
    (root,) = own.explorers
    own.show(root)
    root.locator("input[type=range]").press("ArrowRight")
    root.get_by_text("lr = 0.0208:").first.wait_for()
    own.page.evaluate(KILLED)
    for key in ("End", "Home"):
        root.locator("input[type=range]").press(key)
    root.get_by_text(WAITING).first.wait_for()
    root.get_by_text(ENDED).first.wait_for()
    own.page.get_by_role("dialog").get_by_role("button", name="Ok").click()  # JupyterLab says that it restarts it


@pytest.mark.parametrize("text", ["abc", "7"])
def test_what_is_typed_after_a_restart_does_not_hide_that_the_kernel_has_ended(run_cells, text):
    own = run_cells("from benchmarks import sliders\nsliders.explorer(60)")
    (root,) = own.explorers
    own.page.evaluate(RESTART)
    root.locator("input[type=range]").press("ArrowRight")
    root.get_by_text(ENDED).first.wait_for()
    field, words = root.locator("input.course-value"), root.locator(".course-status, .course-spoken")
    field.fill(text)
    field.press("Enter")
    assert until(lambda: words.all_text_contents() == [ENDED, ENDED]), words.all_text_contents()
    root.locator("input[type=range]").press("ArrowLeft")
    own.page.wait_for_timeout(700)  # what was to be read out was read out
    assert words.all_text_contents() == [ENDED, ENDED]


def test_a_question_after_a_restart_has_its_letters_and_says_what_to_do(run_cells):
    own = run_cells('from course_utils.explorers import ask\nask("01-limit")')
    (root,) = own.questions
    own.page.evaluate(RESTART)
    own.page.locator(".course-ask.jupyter-widgets-disconnected").wait_for()
    root.get_by_role("button", name="B", exact=True).click()  # no mark of ipywidgets in its name
    assert until(lambda: root.locator(".course-spoken").text_content() == ENDED)
    assert [error for error in own.errors if not CANCELED.match(error)] == []


PLACES = """() => [...document.querySelectorAll(".course-explorer, .course-ask")].flatMap((root) =>
  [root, ...root.querySelectorAll("img, svg, input, button, .course-status")].map((e) => {
    const { x, y, width, height } = e.getBoundingClientRect();
    return [e.tagName, x, y - root.getBoundingClientRect().y, width, height];
  }))"""


def test_a_restart_of_the_kernel_moves_nothing(run_cells):
    own = run_cells(
        "from benchmarks import sliders\nsliders.explorer(60)", 'import course_utils.explorers as e\ne.ask("01-limit")'
    )
    before = own.page.evaluate(PLACES)
    own.page.evaluate(RESTART)
    own.page.locator(".jupyter-widgets-disconnected:is(.course-explorer, .course-ask)").nth(1).wait_for()
    assert own.page.evaluate(PLACES) == before


def test_no_key_on_a_button_is_a_command_to_jupyterlab(run_cells):
    explorer = "from benchmarks import sliders\nsliders.explorer(60)"
    own = run_cells(explorer, 'from course_utils.explorers import ask\nask("01-limit")')
    (root,), (question,) = own.explorers, own.questions
    for button in (*root.locator("button").all(), *question.locator("button").all()):
        button.focus()
        for key in ("x", "b", "ArrowDown", "ArrowUp"):
            own.page.keyboard.press(key)
            assert button.evaluate("e => e === document.activeElement")
    assert own.page.locator(".jp-Notebook .jp-CodeCell").count() == 2
    for box in (root, question):
        assert box.evaluate("e => e.scrollHeight === e.clientHeight")  # else a scrollbar stands beside it
