"""A Jupyter server of its own and a Chromium to look at it with, for the browser tests and for the latency."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOKEN = "test"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SWITCHES += ["--disable-component-update", "--disable-sync"]
RUN_ALL = """() => new Promise((done, fail) => {
  jupyterapp.commands.execute("notebook:run-all-cells").then(() => done(true), fail);
  setTimeout(() => fail(new Error("the notebook still runs after 300 s")), 300_000);
})"""
READY = """name => {
  const panel = window.jupyterapp?.shell?.currentWidget;
  return panel?.context?.path === name && panel.sessionContext?.session?.kernel?.status === "idle";
}"""


# JupyterLab serves Notebook 7 too; Voilà is a server of its own.
APPS = {
    "jupyterlab": [
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}",
        "--expose-app-in-browser",
        "--JupyterNotebookApp.expose_app_in_browser=True",
    ],
    "voila": [f"--token={TOKEN}"],
}


class Missing(Exception):
    """There is no browser, in words."""


@contextmanager
def chromium():
    """A browser context, whose pages share a cache; Missing if there is no Chromium."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        found = found or playwright.chromium.executable_path
        if not Path(found).exists():
            raise Missing("no Chromium: see README")
        browser = playwright.chromium.launch(executable_path=found, args=SWITCHES)
        yield browser.new_context(viewport={"width": 1280, "height": 900})
        browser.close()


@contextmanager
def serving(home, app="jupyterlab", **environment):
    """The address of an app over home/notebooks, for a user who has never used Jupyter, in an `environment`."""
    folders = {f"JUPYTER_{k.upper()}_DIR": str(home / k) for k in ("config", "data", "runtime")}
    ours = {"JUPYTER_CONFIG_PATH": str(ROOT / "jupyter_config"), "PYTHONPATH": str(ROOT), "HOME": str(home)}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", app, "--no-browser", f"--port={port}", *APPS[app], str(home / "notebooks")]
    with open(home / "log", "w") as log:
        server = subprocess.Popen(command, env=os.environ | folders | ours | environment, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/api", server, home / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()  # which ends its kernels too
        server.wait(timeout=60)


def wait_for(address, server, log, seconds=60):
    """Return when the server answers; RuntimeError with its log if it ends or takes too long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return  # an answer, if not a friendly one
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the Jupyter server did not start: {log.read_text()}")


def open_notebook(page, lab, name, app="lab/tree"):
    """Open a notebook in JupyterLab, or in another app of the same server, and wait for its kernel."""
    page.goto(f"{lab}/{app}/{name}.ipynb?reset&token={TOKEN}")  # reset: not beside the last notebook
    page.wait_for_function(READY, arg=f"{name}.ipynb", timeout=120_000, polling=100)


NEXT = """path => {
  for (const open of [...jupyterapp.shell.widgets("main")]) open.dispose();
  return jupyterapp.commands.execute("docmanager:open", { path }).then(() => undefined);
}"""


def open_next(page, name):
    """Open a notebook in place of those that JupyterLab shows in this page, five seconds faster than in a new one."""
    page.evaluate(NEXT, f"{name}.ipynb")
    page.wait_for_function(READY, arg=f"{name}.ipynb", timeout=120_000, polling=100)


ASK = """code => new Promise(done => {
  let said = "";
  const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
  const asked = kernel.requestExecute({ code, store_history: false });
  asked.onIOPub = ({ header, content }) => {
    if (header.msg_type === "stream") said += content.text;
    if (header.msg_type === "error") said += content.ename + ": " + content.evalue;
  };
  asked.done.then(() => done(said));
})"""


def ask(page, code):
    """What the notebook's kernel prints when it runs the code."""
    return page.evaluate(ASK, code)


def run_all(page):
    """Run the whole notebook. To ask the page again and again whether it is done would slow it down."""
    page.evaluate(RUN_ALL)
