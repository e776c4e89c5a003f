"""What a contents manager gives of a saved notebook, with and without a kernel."""

import datetime
import logging
import os
import queue
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import psutil
import pytest
from jupyter_server.serverapp import ServerApp
from nbconvert import HTMLExporter, SlidesExporter
from nbconvert.nbconvertapp import NbConvertApp

from course_utils import stills
from course_utils.explorers import DescentExplorer, ask
from course_utils.explorers.counted import CountingBar
from course_utils.problems import Quadratic

ROOT, HERE = Path(__file__).parents[1], os.getpid()

VIEW = stills.WIDGET_VIEW


def saved(view=(), **metadata):
    """A notebook with a widget and a line of text in its outputs."""
    data = {VIEW: dict(view), "text/plain": "words"}
    shown = {"output_type": "display_data", "data": data, "metadata": {VIEW: {}}}
    odd = {"output_type": "display_data", "data": None, "metadata": None}  # as no program should write it
    outputs = [shown, {"output_type": "stream", "name": "stdout", "text": "printed"}, odd]
    cells = [{"cell_type": "markdown", "source": ""}, {"cell_type": "code", "outputs": outputs}]
    return {"metadata": metadata, "cells": cells}


class App:
    """As much of a server as the extension touches; the kernel of running.ipynb is this process, or another one.

    It answers that it has the widgets `comms`, or nothing if they are None.
    """

    log = logging.getLogger("app")
    session = SimpleNamespace(msg=lambda kind, content: (kind, content))

    def __init__(self, manager, process=HERE, comms=None):
        self.contents_manager, self.session_manager, self.kernel_manager = manager, self, self
        self.comms, self.channels, self.control_channel = comms, [], SimpleNamespace(send=self.asked)
        self.provisioner = SimpleNamespace(pid=process)
        stills._load_jupyter_server_extension(self)

    async def session_exists(self, path):
        return path == "running.ipynb"

    async def get_session(self, path):
        return {"path": path, "kernel": {"id": "7"}}

    def get_kernel(self, kernel_id):
        return {"7": self}[kernel_id]

    def client(self):
        return self

    def start_channels(self, **channels):
        self.channels = [name for name, wanted in channels.items() if wanted]

    def stop_channels(self):
        self.channels = []

    def asked(self, message):
        assert message == ("comm_info_request", {"target_name": "jupyter.widget"})

    async def get_control_msg(self, timeout):
        assert self.channels == ["control"]
        if self.comms is None:
            raise queue.Empty
        return {"content": {"comms": self.comms} if self.comms != "error" else {"status": "error"}}


def manager_of(kind="notebook", saved_at=None, **metadata):
    saved_at = saved_at or datetime.datetime.now(datetime.UTC)

    class Manager:
        async def get(self, path, content=True, type=None, require_hash=False):
            found = saved(**metadata) if content else None
            return {"path": path, "type": kind, "content": found, "hash": require_hash, "last_modified": saved_at}

    return Manager()


def kinds(model):
    shown = model["content"]["cells"][1]["outputs"][0]
    return [*shown["data"], *shown["metadata"]]


def test_without_a_kernel_the_words_are_left(run_async):
    manager = manager_of()
    App(manager)
    model = run_async(manager.get(path="stopped.ipynb", content=1, type="notebook", require_hash=True))
    assert kinds(model) == ["text/plain"]
    assert model["hash"]
    assert run_async(manager.get("stopped.ipynb", content=False))["content"] is None


@pytest.mark.parametrize(
    ("path", "kind", "metadata"),
    [("running.ipynb", "notebook", {}), ("stopped.ipynb", "file", {}), ("stopped.ipynb", "notebook", {"widgets": {}})],
    ids=["its kernel runs", "opened as text", "the widgets themselves are stored"],
)
def test_else_nothing_changes(run_async, path, kind, metadata):
    manager = manager_of(kind, **metadata)
    App(manager)
    assert run_async(manager.get(path))["content"] == saved(**metadata)


def test_a_kernel_that_began_after_the_save_has_none_of_its_widgets(run_async):
    manager = manager_of(saved_at=datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1))
    App(manager)
    assert kinds(run_async(manager.get("running.ipynb"))) == ["text/plain"]


@pytest.mark.parametrize(
    ("view", "comms", "left"),
    [
        ({"model_id": "it"}, {"it": {"target_name": "jupyter.widget"}}, True),
        ({"model_id": "it"}, {"another": {"target_name": "jupyter.widget"}}, False),
        (stills.signed({VIEW: {"model_id": "it"}})[VIEW], {}, False),
        ({"odd": "it"}, {}, True),
        ({"model_id": "it"}, "error", True),
    ],
    ids=["has it", "has closed it", "has closed it and says its process", "names none", "cannot tell"],
)
def test_a_kernel_that_answers_is_believed(run_async, view, comms, left):
    app = App(manager := manager_of(view=view), comms=comms)
    words = ["text/plain"]
    assert kinds(run_async(manager.get("running.ipynb"))) == ([VIEW, *words, VIEW] if left else words)
    assert app.channels == []


@pytest.mark.parametrize(
    ("process", "left"),
    [
        (stills.signed({VIEW: {}})[VIEW], True),
        ({stills.PROCESS: [HERE + 1, psutil.Process().create_time()]}, False),
        ({stills.PROCESS: [HERE, psutil.Process().create_time() - 60]}, False),  # before the machine was restarted
        ({stills.PROCESS: "odd"}, True),
    ],
    ids=["this kernel", "before a restart", "of the same number", "unreadable"],
)
def test_widgets_from_before_a_restart_of_the_kernel_are_known(run_async, process, left):
    manager = manager_of(view=process)
    App(manager)
    words = ["text/plain"]
    assert kinds(run_async(manager.get("running.ipynb"))) == ([VIEW, *words, VIEW] if left else words)


def test_displays_of_the_course_say_which_process_has_them():
    explorer = DescentExplorer(Quadratic([0.1, 10]), [-4, 1.5])
    question, whole, figure = (own._repr_mimebundle_()[0] for own in (ask("01-limit"), explorer, explorer.figure))
    for data in (question, whole, figure, CountingBar(3, "letters")._repr_mimebundle_()):
        assert data == stills.signed(data)
        assert data[VIEW][stills.PROCESS][0] == HERE
        assert data[VIEW]["model_id"]
    assert stills.signed(None) == {}


@pytest.mark.parametrize("process", [None, "a pod", "ended"])
def test_a_kernel_whose_process_is_not_here_is_left_its_widgets(run_async, process):
    if process == "ended":
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        process = gone.pid
    manager = manager_of()
    App(manager, process)
    assert run_async(manager.get("running.ipynb"))["content"] == saved()


def test_a_manager_of_the_old_kind_is_left_alone():
    class Manager:
        def get(self, path):
            return saved()

    before = Manager.get
    App(Manager())
    assert Manager.get is before


def test_a_changed_jupyter_server_costs_a_line_in_the_log(caplog):
    App(object())
    assert "jupyter_server has changed" in caplog.text


def run_jupyter(folder, *command):
    """Run one.ipynb of this folder, an explorer and a question, by a program with the course's settings."""
    cells = [
        "from benchmarks import sliders\nsliders.explorer(60)",
        'from course_utils.explorers import ask\nask("01-limit")',
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "one.ipynb")
    course = {"JUPYTER_CONFIG_PATH": str(ROOT / "jupyter_config"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "jupyter", *command, str(folder / "one.ipynb")]
    subprocess.run(command, env=os.environ | course, check=True, timeout=120, capture_output=True)


def holds_the_stills(page):
    return 'alt="lr = 0.02' in page and "<pre>On a parabola" in page and f'<script type="{VIEW}">' not in page


def test_an_export_that_runs_the_notebook_holds_the_picture(tmp_path):
    run_jupyter(tmp_path, "nbconvert", "--to", "html", "--execute")
    page = (tmp_path / "one.html").read_text("utf-8")
    assert holds_the_stills(page)
    assert VIEW not in page


@pytest.fixture(scope="module")
def with_state(tmp_path_factory):
    """A notebook saved with its widgets themselves, as JupyterLab can be set to."""
    folder = tmp_path_factory.mktemp("state")
    run_jupyter(folder, "execute", "--inplace")
    return folder / "one.ipynb"


@pytest.mark.parametrize("app", [NbConvertApp, ServerApp], ids=["nbconvert", "Save and Export of JupyterLab"])
@pytest.mark.parametrize("exporter", [HTMLExporter, SlidesExporter])
def test_an_export_of_a_notebook_saved_with_its_widgets_needs_no_internet(monkeypatch, with_state, app, exporter):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(ROOT / "jupyter_config"))
    assert "widgets" in nbformat.read(with_state, 4).metadata
    course = app()
    course.load_config_file()
    assert holds_the_stills(exporter(config=course.config).from_filename(str(with_state))[0])
