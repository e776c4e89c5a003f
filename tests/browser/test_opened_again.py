"""A notebook that a learner saved is opened again: while its kernel runs, and twice after it was shut down."""

from test_in_order import ENDED
from test_lessons import until
from test_predictions import CELLS, LEARNER

from benchmarks.browser import open_next

SAVE = "() => jupyterapp.commands.execute('docmanager:save')"
SHUT_DOWN = "() => jupyterapp.shell.currentWidget.sessionContext.shutdown()"


def test_widgets_while_the_kernel_runs_and_pictures_with_words_afterwards(run_cells):
    explorer = "from benchmarks import sliders\nsliders.explorer(60)"
    own = run_cells(explorer, 'from course_utils.explorers import ask\nask("01-limit")')
    told = own.page.locator(".course-status").first.inner_text()
    own.page.evaluate(SAVE)

    open_next(own.page, own.name)
    own.page.get_by_role("slider", name="learning rate lr").wait_for()
    own.page.evaluate(SHUT_DOWN)

    for _ in range(2):  # the second time with the kernel that the first began
        open_next(own.page, own.name)
        notebook = own.page.locator(".jp-Notebook")
        assert notebook.locator("img").get_attribute("alt") == told
        notebook.get_by_text("A. diverge").wait_for()
        assert "Error" not in notebook.inner_text()
    assert own.page.locator(".jp-Dialog").count() == 0


RESTART = "() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
RUN = """number => {
  jupyterapp.shell.currentWidget.content.activeCellIndex = number;
  return jupyterapp.commands.execute("notebook:run-cell");
}"""


def test_after_a_restart_cells_that_were_run_again_have_widgets_and_the_others_pictures(run_cells):
    bar = "from course_utils.explorers import counted\nfor letter in counted('abc', 'letters'): pass"
    own = run_cells("from benchmarks import sliders\nsliders.explorer(60)", bar, "sliders.explorer(50)")
    told = own.page.locator(".course-status").last.inner_text()
    own.page.evaluate(RESTART)
    own.page.evaluate(RUN, 0)
    own.page.evaluate(SAVE)

    open_next(own.page, own.name)
    own.page.get_by_role("slider", name="learning rate lr").wait_for()
    notebook = own.page.locator(".jp-Notebook")
    assert notebook.locator("img[alt^='lr = ']").get_attribute("alt") == told
    notebook.get_by_text("3 letters").wait_for()
    assert own.page.get_by_role("slider").count() == 1
    assert "Error" not in notebook.inner_text()


def test_a_page_that_is_loaded_anew_after_a_cell_was_run_again_and_not_saved_shows_its_picture(run_cells):
    own = run_cells("from benchmarks import sliders\nsliders.explorer(60)", "sliders.explorer(50)")
    own.page.evaluate(SAVE)
    told = own.page.locator(".course-status").first.inner_text()
    own.page.evaluate(RUN, 0)
    own.page.wait_for_function("() => document.querySelectorAll('.course-explorer').length === 2")
    open_next(own.page, own.name)
    own.page.get_by_role("slider", name="learning rate lr").wait_for()
    notebook = own.page.locator(".jp-Notebook")
    assert notebook.locator("img[alt^='lr = ']").get_attribute("alt") == told
    assert own.page.get_by_role("slider").count() == 1
    assert "Error" not in notebook.inner_text()


SAVE_OR_NOT = "() => jupyterapp.commands.execute('@jupyter-widgets/jupyterlab-manager:saveWidgetState')"
SLIDER = "DescentExplorer(valley, w0, lr=0.05)"
QUESTION = 'from course_utils.explorers import ask\nask("01-limit")'
DONE = [  # a cell, and what a learner does to a part of what it shows
    (CELLS["choice"], ".course-answer", lambda e: e.click()),
    ("MomentumPadExplorer(valley, w0)", ".course-surface", lambda e: e.click()),
    (SLIDER, "input[type=range]", lambda e: e.press("ArrowRight")),
    (SLIDER, "input.course-value", lambda e: (e.fill("0.1"), e.press("Enter"))),
    (SLIDER, ".course-buttons button", lambda e: e.click()),
    (QUESTION, "button", lambda e: e.click()),
]


def test_saved_with_its_widgets_each_of_them_says_that_its_kernel_has_ended(run_cells, tmp_path):
    own = run_cells(LEARNER.format(place=str(tmp_path / "progress.sqlite")), *(cell for cell, _, _ in DONE))
    for command in (SAVE_OR_NOT, SAVE, SAVE_OR_NOT, SHUT_DOWN):  # a setting of the user's: the next tests have it too
        own.page.evaluate(command)
    open_next(own.page, own.name)
    roots = own.page.locator(".course-explorer, .course-ask")
    roots.nth(len(DONE) - 1).wait_for()
    for root, (_, control, do) in zip(roots.all(), DONE, strict=True):
        says = root.locator(".course-status").last
        assert says.inner_text() != ENDED
        do(root.locator(control).first)
        assert until(lambda says=says: says.inner_text() == ENDED), control
