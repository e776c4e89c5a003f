"""A JupyterLab of its own for the tests, a Chromium to look at it with, and lessons that were run in it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
TOKEN = "test"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SWITCHES += ["--disable-component-update", "--disable-sync"]
# Cells far from the screen are otherwise not in the page, and a test could not count them.
WHOLE_NOTEBOOK = {"@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"}}


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        found = found or playwright.chromium.executable_path
        if not Path(found).exists():
            pytest.skip("no Chromium: see README")
        browser = playwright.chromium.launch(executable_path=found, args=SWITCHES)
        yield browser.new_context(viewport={"width": 1280, "height": 900})  # its pages share a cache
        browser.close()


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory):
    """The address of a JupyterLab with a copy of the notebooks, for a user who has never used Jupyter."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    for name, settings in WHOLE_NOTEBOOK.items():
        file = home / "config" / "lab" / "user-settings" / name
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(settings))
    folders = {f"JUPYTER_{k.upper()}_DIR": str(home / k) for k in ("config", "data", "runtime")}
    ours = {"JUPYTER_CONFIG_PATH": str(ROOT / "jupyter_config"), "PYTHONPATH": str(ROOT), "HOME": str(home)}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}",
        f"--notebook-dir={home / 'notebooks'}",
    ]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--expose-app-in-browser", *options]
    with open(home / "log", "w") as log:
        server = subprocess.Popen(command, env=os.environ | folders | ours, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/api", server, home / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()  # which ends its kernels too
        server.wait(timeout=20)


def wait_for(address, server, log, seconds=60):
    """Return when the server answers; fail with its log if it ends or takes too long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start: {log.read_text()}")


READY = """name => {
  const panel = window.jupyterapp?.shell?.currentWidget;
  return panel?.context?.path === name && panel.sessionContext?.session?.kernel?.status === "idle";
}"""
RUN_ALL = """() => {
  jupyterapp.commands.execute("notebook:run-all-cells").then(() => (window.finished = true));
}"""
CELLS = """() => jupyterapp.shell.currentWidget.content.widgets.filter(cell => cell.model.type === "code").map(
  cell => ({ count: cell.model.executionCount, outputs: cell.model.outputs.toJSON() })
)"""
OURS = ".jp-OutputArea-output:has(> .jupyter-widgets .course-status)"  # our explorers and questions
CONTROLS = ".course-slider, .course-pad"  # what explorers have and questions have not
BARS = ".jp-OutputArea-output > .course-counting"


class Lesson:
    """A lesson in a page of its own, run from top to bottom, and what the page said and fetched meanwhile."""

    def __init__(self, name, page, lab):
        self.name, self.page, self.errors, self.outside = name, page, [], []
        page.set_default_timeout(20_000)
        page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        inside = (lab, "data:", "blob:")
        page.on("request", lambda sent: sent.url.startswith(inside) or self.outside.append(sent.url))
        page.goto(f"{lab}/lab/tree/{name}.ipynb?reset&token={TOKEN}")  # reset: not beside the last lesson
        page.wait_for_function(READY, arg=f"{name}.ipynb", timeout=60_000)
        page.evaluate(RUN_ALL)
        page.wait_for_function("window.finished", timeout=120_000)
        self.cells = page.evaluate(CELLS)
        kinds = [kind for c in self.cells for output in c["outputs"] for kind in output.get("data", {})]
        views = kinds.count("application/vnd.jupyter.widget-view+json")
        page.wait_for_function(f"document.querySelectorAll('{OURS}, {BARS}').length === {views}")

    @property
    def explorers(self):
        return self.page.locator(OURS).filter(has=self.page.locator(CONTROLS)).all()

    @property
    def questions(self):
        return self.page.locator(OURS).filter(has_not=self.page.locator(CONTROLS)).all()


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request, browser, lab):
    page = browser.new_page()
    try:
        yield Lesson(request.param, page, lab)
        page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    finally:
        page.close()


@pytest.fixture(scope="module")
def run_cells(browser, lab):
    """Run cells in a notebook of their own in JupyterLab; gives what a lesson gives."""
    pages = []

    def run(*sources):
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        body = {"type": "notebook", "content": nbformat.v4.new_notebook(cells=cells, metadata=metadata)}
        name = f"own_{time.monotonic_ns()}"
        address = f"{lab}/api/contents/{name}.ipynb?token={TOKEN}"
        urllib.request.urlopen(urllib.request.Request(address, json.dumps(body).encode(), method="PUT")).close()
        pages.append(browser.new_page())
        return Lesson(name, pages[-1], lab)

    yield run
    for page in pages:
        page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        page.close()
