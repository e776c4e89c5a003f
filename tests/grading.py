"""A small course of one assignment, to try nbgrader's settings on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat import v4

ROOT = Path(__file__).parents[1]
NAME = "00_small"
STUB, ANSWER = "return None  # your code", "return w + 1"
DEFINITION = 'def {name}(w):\n    """w plus one."""\n    ### BEGIN SOLUTION\n    return w + 1\n    ### END SOLUTION'
TEST = "w = random.random()\n2 * int({name}(w) == w + 1)"


def cell(kind, grade_id, source, **metadata):
    """A cell with nbgrader's metadata."""
    new = getattr(v4, f"new_{kind}_cell")(source, id=grade_id)
    flags = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    new.metadata.nbgrader = {**flags, "cell_type": kind, "grade_id": grade_id, **metadata}
    return new


def small_course(root, tasks="abc"):
    """Write the course to the folder `root`: for each letter, a function to write and its test, worth 2 points."""
    cells = [cell("markdown", "title", "# Add one", locked=True)]
    cells += [cell("code", "set_up", "import random", locked=True)]
    for name in tasks:
        cells.append(cell("code", name, DEFINITION.format(name=name), solution=True))
        cells.append(cell("code", f"test_{name}", TEST.format(name=name), grade=True, locked=True, points=2))
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    source = root / "solutions" / NAME / f"{NAME}.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), source)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return source


def nbgrader(root, *words):
    """Run an nbgrader command in the folder `root`; what it logged."""
    command = [sys.executable, "-m", "nbgrader", *words]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # it calls alembic from there
    env = os.environ | {"PATH": path}
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, timeout=300)
    return done.stderr


def gradebook(root):
    """What nbgrader knows of the course in the folder `root`, for a `with`; nbgrader takes a second to import."""
    from nbgrader.api import Gradebook

    return Gradebook(f"sqlite:///{root}/gradebook.db")
