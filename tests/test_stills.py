"""What a contents manager gives of a saved notebook, with and without a kernel."""

import logging

import pytest

from course_utils import stills

VIEW = stills.WIDGET_VIEW


def saved(**metadata):
    """A notebook with a widget and a line of text in its outputs."""
    shown = {"output_type": "display_data", "data": {VIEW: {}, "text/plain": "words"}, "metadata": {VIEW: {}}}
    odd = {"output_type": "display_data", "data": None, "metadata": None}  # as no program should write it
    outputs = [shown, {"output_type": "stream", "name": "stdout", "text": "printed"}, odd]
    cells = [{"cell_type": "markdown", "source": ""}, {"cell_type": "code", "outputs": outputs}]
    return {"metadata": metadata, "cells": cells}


class App:
    """As much of a server as the extension touches."""

    log = logging.getLogger("app")

    def __init__(self, manager):
        self.contents_manager, self.session_manager = manager, self
        stills._load_jupyter_server_extension(self)

    async def session_exists(self, path):
        return path == "running.ipynb"


def manager_of(kind="notebook", **metadata):
    class Manager:
        async def get(self, path, content=True, type=None, require_hash=False):
            return {"path": path, "type": kind, "content": saved(**metadata) if content else None, "hash": require_hash}

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
