"""What a cell shows stands in two places: two pages, or two cells of one. One of them is run again."""

from contextlib import contextmanager

import pytest
from test_lessons import until
from test_opened_again import QUESTION, RUN, SAVE

from benchmarks.browser import READY, TOKEN

EXPLORER = "from benchmarks import sliders\nsliders.explorer(60)"
AGAIN = "The cell that drew this was run again elsewhere: run this one to go on."
COPY = """() => {
  jupyterapp.shell.currentWidget.content.activeCellIndex = 0;
  return jupyterapp.commands.execute("notebook:copy-cell").then(
    () => jupyterapp.commands.execute("notebook:paste-cell-below")).then(() => undefined);
}"""
PLACES = """root => [...root.querySelectorAll("img, svg, input, button, .course-status")].map((e) => {
  const { x, y, width, height } = e.getBoundingClientRect();
  return [e.tagName, x, y - root.getBoundingClientRect().y, width, height];
})"""


@contextmanager
def second_page(own, lab):
    """The same notebook, with the same kernel, in another page, where no other notebook was open before."""
    own.page.evaluate(SAVE)
    page = own.page.context.new_page()
    errors = []
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{lab}/lab/workspaces/{own.name}/tree/{own.name}.ipynb?token={TOKEN}")
    page.wait_for_function(READY, arg=f"{own.name}.ipynb")
    yield page
    page.close()
    assert errors == []


@pytest.mark.parametrize(
    ("code", "work", "told"),
    [
        (EXPLORER, lambda page: page.locator("input[type=range]").press("End"), "lr = 0.8:"),
        (QUESTION, lambda page: page.locator("button:text-is('A')").click(), "(A):"),
    ],
)
def test_a_cell_run_again_in_one_page_leaves_its_last_picture_in_the_other(run_cells, lab, code, work, told):
    own = run_cells(code)
    with second_page(own, lab) as page:
        there = page.locator(".course-explorer, .course-ask").filter(visible=True)
        there.wait_for()
        work(own.page)
        page.locator(".course-status").get_by_text(told).wait_for()
        lines, places = page.locator("svg").all_inner_texts(), there.evaluate(PLACES)
        own.page.evaluate(RUN, 0)
        there.get_by_text(AGAIN).first.wait_for()
        assert until(lambda: page.locator(".course-status").count() == 1)  # what it was copied from is closed
        assert page.locator("svg").all_inner_texts() == lines
        assert there.evaluate(PLACES) == places
        assert there.locator(".course-spoken").text_content() == AGAIN
        assert there.locator("input:enabled, button:enabled").count() == 0
        assert own.page.get_by_text(AGAIN).count() == 0  # which has its new output
        page.evaluate(RUN, 0)
        there.locator(":is(input, button):enabled").first.wait_for()
        assert page.get_by_text(AGAIN).count() == 0
        own.page.get_by_text(AGAIN).first.wait_for()


def test_a_copied_cell_keeps_its_last_picture_when_the_first_one_is_run_again(run_cells):
    own = run_cells(EXPLORER)
    own.page.evaluate(COPY)
    own.page.locator(".course-explorer").nth(1).wait_for()
    own.page.evaluate(RUN, 0)
    first, second = (own.page.locator(".jp-Notebook-cell").nth(i) for i in range(2))
    second.get_by_text(AGAIN).first.wait_for()
    assert second.locator("svg path").count() > 0
    assert first.get_by_role("slider").is_enabled()
    assert own.errors == []
