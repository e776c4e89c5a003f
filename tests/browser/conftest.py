"""A JupyterLab of its own for the tests, a Chromium to look at it with, and lessons that were run in it."""

import shutil
import time

import nbformat
import pytest

from benchmarks.browser import ROOT, Missing, chromium, open_next, open_notebook, run_all, serving
from benchmarks.latency import WATCH, write

LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="session")
def browser():
    try:
        with chromium() as browser:
            yield browser
    except Missing as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """The home of a user who has never used Jupyter, with a copy of the notebooks.

    Without cells tagged "long": nbval runs them, and nothing in a page depends on them.
    """
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    for path in (home / "notebooks").glob("*.ipynb"):
        notebook = nbformat.read(path, 4)
        notebook.cells = [cell for cell in notebook.cells if "long" not in cell.metadata.get("tags", [])]
        nbformat.write(notebook, path)
    return home


@pytest.fixture(scope="session")
def lab(browser, home):
    """The address of a JupyterLab with these notebooks."""
    with serving(home) as address:
        yield address


CELLS = """() => jupyterapp.shell.currentWidget.content.widgets.filter(cell => cell.model.type === "code").map(
  cell => ({ count: cell.model.executionCount, outputs: cell.model.outputs.toJSON() })
)"""
OURS = ".jp-OutputArea-output:has(> .jupyter-widgets .course-status)"  # our explorers and questions
CONTROLS = ".course-slider, .course-pad"  # what explorers have and questions have not
BARS = ".jp-OutputArea-output > .course-counting"
# Each of ours gets a name that a browser finds at once; a search for what it contains goes through the whole page.
NAME = """([ours, controls]) => [...document.querySelectorAll(ours)].map((e, i) =>
  e.dataset.shown = (e.querySelector(controls) ? "explorer" : "question") + i)"""


WORDS = """cells => cells.flatMap(cell => cell.outputs).map(output => output.data || {}).filter(
  data => data["image/png"]).map(data => data["text/plain"])"""
# JupyterLab draws what is far from the screen as it finds time, which it has little of beside other tests.
DRAW = """() => {
  const { content } = jupyterapp.shell.currentWidget;
  content.widgets.forEach((_, number) => content.renderCellOutputs(number));
}"""
ALTS = """() => [...document.querySelectorAll(".jp-OutputArea-output img")].map(
  image => image.complete && image.naturalWidth ? image.alt : "(no picture)")"""
# JupyterLab goes to the last cell that it ran. If that is not in the page yet, it waits ten seconds for it to come
# (_waitForItem), and then goes there wherever one is by now; _scrollToItem is forgotten after three of them.
SETTLED = """() => {
  const { _scrollToItem, _isScrolling, _pendingItemWaits } = jupyterapp.shell.currentWidget.content;
  if (_scrollToItem || _isScrolling || _pendingItemWaits) window.scrolled = performance.now();
  return performance.now() - window.scrolled > 500;
}"""
FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Lesson:
    """A notebook run from top to bottom in JupyterLab, and what the page said and fetched meanwhile."""

    ours = OURS

    def __init__(self, name, page, lab):
        self.name, self.page, self.errors, self.outside = name, page, [], []
        page.set_default_timeout(60_000)
        page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        inside = (lab, "data:", "blob:")
        page.on("request", lambda sent: sent.url.startswith(inside) or self.outside.append(sent.url))
        if page.url.startswith(lab):
            open_next(page, name)
        else:
            open_notebook(page, lab, name)
        self.words, end = page.evaluate(WORDS, page.evaluate(CELLS)), time.monotonic() + 60
        page.evaluate(DRAW)
        while (alts := page.evaluate(ALTS)) != self.words and time.monotonic() < end:
            time.sleep(0.2)
        self.alts = alts
        run_all(page)
        self.cells = page.evaluate(CELLS)
        kinds = [kind for c in self.cells for output in c["outputs"] for kind in output.get("data", {})]
        views = kinds.count("application/vnd.jupyter.widget-view+json")
        page.wait_for_function(f"document.querySelectorAll('{OURS}, {BARS}').length === {views}", polling=200)
        page.evaluate("window.scrolled = performance.now()")
        page.wait_for_function(SETTLED, polling=100)
        names = page.evaluate(NAME, [OURS, CONTROLS])
        self.explorers, self.questions = (
            [page.locator(f":light([data-shown={name}])") for name in names if name.startswith(kind)]
            for kind in ("explorer", "question")
        )

    @staticmethod
    def show(root):
        """Scroll to one of them, until it stays where it is: what is far from the screen is drawn as it comes near."""
        before = None
        while (box := root.bounding_box()) != before:
            before = box
            root.scroll_into_view_if_needed()
            root.page.evaluate(FRAMES)


@pytest.fixture(scope="session")
def page_of_notebooks(browser):
    """The page in which one notebook after the other is opened: JupyterLab itself takes seconds."""
    page = browser.new_page()
    page.add_init_script(WATCH)
    yield page
    page.close()


@pytest.fixture(scope="module")
def run(page_of_notebooks, lab):
    """Open a notebook in place of the last one, whose kernel ends, and run it."""
    shut_down = "() => window.jupyterapp?.shell.currentWidget.sessionContext.shutdown()"

    def run(name):
        page_of_notebooks.evaluate(shut_down)
        return Lesson(name, page_of_notebooks, lab)

    yield run
    page_of_notebooks.evaluate(shut_down)


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request, run):
    return run(request.param)


@pytest.fixture(scope="module")
def run_cells(run, home):
    """Run cells in a notebook of their own in JupyterLab; gives what a lesson gives."""

    def run_cells(*sources):
        name = f"own_{time.monotonic_ns()}"
        write(home / "notebooks" / f"{name}.ipynb", sources)
        return run(name)

    return run_cells
