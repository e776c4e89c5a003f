"""Lesson 05 without its libraries, or with broken ones: it runs to its end, says how to install them, and leaves no
figure blank."""

import re

import nbformat
import pytest
from grading import ROOT
from nbclient import NotebookClient

LESSONS = ROOT / "notebooks"
MODULES = {"torch": ["torch"], "tensorflow": ["tensorflow", "keras"]}
CLAIMS = {"torch": "C11", "tensorflow": "C12"}
HIDE = """
from importlib.machinery import PathFinder
find_spec = PathFinder.find_spec
PathFinder.find_spec = lambda name, *more: None if name in {} else find_spec(name, *more)
"""


BREAK = """
import sys
class Broken:
    def find_spec(name, *more):
        if name in {}:
            raise OSError("c10.dll was not found")
sys.meta_path.insert(0, Broken)
"""


def printed_without(missing, sections, hide=HIDE):
    """What lesson 05 prints in `sections` without the libraries `missing`, each cell run twice; errors are raised."""
    notebook = nbformat.read(LESSONS / "05_pytorch_and_tensorflow.ipynb", as_version=4)
    hidden = [module for library in missing for module in MODULES[library]]
    cells, section = [nbformat.v4.new_code_cell(hide.format(hidden))], 0
    for cell in notebook.cells:
        heading = re.search(r"^## (\d)", cell.source, re.M)
        section = int(heading[1]) if heading else section
        cells += [cell, cell] if section in sections else []
    notebook.cells = cells
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(LESSONS)}}).execute()
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return "\n".join(o.get("text") or o.data.get("text/markdown", o.data.get("text/plain")) for o in outputs)


# What a library does in sections 2 to 5 stands in cells of its own, so that they are run once, with none.
@pytest.mark.parametrize(
    ("missing", "sections"),
    [(["torch", "tensorflow"], range(7)), (["torch"], [0, 1, 6]), (["tensorflow"], [0, 1, 6])],
    ids=["both", "torch", "tensorflow"],
)
def test_lesson_runs_without(missing, sections, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")  # of a learner who uses Keras with PyTorch
    printed = printed_without(missing, sections)
    for library, claim in CLAIMS.items():
        told = re.search(rf"^{library}: (.*)", printed, re.M)[1]
        (measured,) = set(re.findall(rf"^\| {claim} \| .*? \| (.*?) \|", printed, re.M))
        if library in missing:
            assert '" -m pip install -c constraints.txt -e ".[frameworks]"' in told
            assert measured == "not run here"
        else:
            assert told == "here"
            assert re.search(r"\d", measured)


def test_a_library_that_is_broken_is_left_out():
    printed = printed_without(["torch"], [0, 1], BREAK)
    assert re.search('^torch: OSError: c10.dll was not found. To install it: ".*" -m pip install', printed, re.M)
