"""A notebook that a learner saved is opened again: while its kernel runs, and twice after it was shut down."""

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
