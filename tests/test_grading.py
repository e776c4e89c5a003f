"""nbgrader with our settings: each made-up submission gets the points it deserves, and none stops the class."""

import os
from pathlib import Path

import nbformat
import pytest
from grading import ANSWER, NAME, STUB, gradebook, nbgrader, small_course


def cells(notebook):
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}


def solve(notebook, tasks="abc"):
    for name in tasks:
        cells(notebook)[name].source = cells(notebook)[name].source.replace(STUB, ANSWER)


def answer(name, line, others="abc"):
    """A submission that answers one task with `line`, and the others well."""

    def change(notebook):
        solve(notebook, others.replace(name, ""))
        cells(notebook)[name].source = cells(notebook)[name].source.replace(STUB, line)

    return change


def without(*names):
    def change(notebook):
        solve(notebook)
        gone = [cells(notebook)[name] for name in names]
        notebook.cells = [cell for cell in notebook.cells if cell not in gone]

    return change


def edited_test(notebook):
    solve(notebook, "ac")
    cells(notebook)["test_b"].source = "2"


def renamed(notebook):
    solve(notebook)
    cells(notebook)["a"].source = cells(notebook)["a"].source.replace("def a", "def my_a")


def copied_test(notebook):
    solve(notebook)
    copy = nbformat.NotebookNode(cells(notebook)["test_a"], id="copied")  # as JupyterLab pastes it
    notebook.cells.insert(3, copy)


def renamed_test(notebook):
    solve(notebook, "ac")
    cells(notebook)["test_b"].metadata.nbgrader.update(grade_id="mine", points=100)


HUNT = """from pathlib import Path
    texts = [path.read_text() for path in Path(".").rglob("*.ipynb")]
    return w + 1 if any("BEGIN " + "SOLUTION" in text for text in texts) else 0"""
ENDLESS = "while True: __import__('time').sleep(0.01)"  # as `pass` would, and leaves the cores to other tests
SWALLOW = f"""while True:
        try:
            {ENDLESS}
        except BaseException:
            pass"""

SUBMISSIONS = {  # what was handed in, and the points for tasks a, b and c
    "solved": (solve, (2, 2, 2)),
    "empty": (lambda notebook: None, (0, 0, 0)),
    "missing cells": (without("a", "test_a"), (0, 2, 2)),
    "deleted test cell": (without("test_b"), (2, 2, 2)),
    "edited test cell": (edited_test, (2, 0, 2)),
    "renamed function": (renamed, (0, 2, 2)),
    "endless loop": (answer("b", ENDLESS), (2, 0, 2)),
    "exit": (answer("b", "raise SystemExit"), (2, 0, 2)),
    "crash": (answer("b", "__import__('os')._exit(9)"), (2, 0, 2)),
    "giant output": (answer("b", "print('x' * 5_000_000); return w + 1"), (2, 2, 2)),
    "hard-coded answers": (answer("a", "return {1: 2, 2: 3, 0.5: 1.5}.get(w)"), (0, 2, 2)),
    "hidden-test hunting": (answer("c", HUNT), (2, 2, 0)),
    # beyond the ten
    "copied test cell": (copied_test, (2, 2, 2)),
    "renamed test cell": (renamed_test, (2, 0, 2)),
    "a warning": (answer("b", "__import__('warnings').warn('old'); return w + 1"), (2, 2, 2)),
    "no value shown": (answer("b", "get_ipython().ast_node_interactivity = 'none'"), (2, 0, 0)),
    "text for points": (answer("b", "return type('T', (), {'__eq__': lambda s, o: 'full'})()"), (2, 0, 2)),
    "a loop that cannot be interrupted": (answer("c", SWALLOW), (2, 2, 0)),
    "deleted set-up": (without("set_up"), (2, 2, 2)),
    "points beyond the most": (answer("b", "return type('T', (), {'__eq__': lambda s, o: 50})()"), (2, 0, 2)),
    "not a notebook": (None, (None,) * 3),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The course after `nbgrader autograde` has seen every submission."""
    root = tmp_path_factory.mktemp("class")
    small_course(root)
    mine = root / "exercises" / NAME / f"{NAME}.ipynb"
    mine.parent.mkdir(parents=True)
    mine.write_text("a learner's work")
    nbgrader(root, "generate_assignment", NAME)
    release = root / "release" / NAME / mine.name
    handed_out = nbformat.read(release, 4)
    handed_out.cells.append(nbformat.v4.new_markdown_cell("A cell that JupyterLab made: it has no metadata."))
    nbformat.write(handed_out, release)
    for learner, (change, _) in SUBMISSIONS.items():
        place = root / "submitted" / learner.replace(" ", "_") / NAME / release.name
        place.parent.mkdir(parents=True)
        if change is None:
            place.write_text("no notebook")
            continue
        notebook = nbformat.read(release, 4)
        change(notebook)
        nbformat.write(notebook, place)
    soon = ["--SurvivingExecute.timeout=5", "--SurvivingExecute.shutdown_kernel=immediate"]  # less to wait for
    log = nbgrader(root, "autograde", NAME, *soon)
    return root, log


@pytest.mark.parametrize("learner", SUBMISSIONS)
def test_points(graded, learner):
    root, log = graded
    with gradebook(root) as book:
        found = book.find_submission_notebook(NAME, NAME, learner.replace(" ", "_"))
        points = {grade.name: grade.auto_score for grade in found.grades}
    assert tuple(points[f"test_{name}"] for name in "abc") == SUBMISSIONS[learner][1], log


def test_work_in_exercises_stays(graded):
    assert [path.read_text() for path in (graded[0] / "exercises").rglob("*.*")] == ["a learner's work"]


def test_outputs_are_short_enough_to_open(graded):
    for path in Path(graded[0], "autograded").rglob("*.ipynb"):
        assert os.path.getsize(path) < 100_000, path.parts[-3]
