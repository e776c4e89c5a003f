"""The sets of exercises: made from solutions/ to the byte, no answer in them, unsolved they run, solved they score."""

import re
import shutil
import subprocess

import nbformat
import pytest
from grading import ROOT, nbgrader
from nbclient import NotebookClient
from nbgrader.api import Gradebook
from test_exercises import exercises

from course_utils.checks import NAMES, exercise
from course_utils.checks.overview import SETS as OVERVIEW

SETS = exercises.sets()
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.S)


def released(name):
    """The exercise as it is in git: beside it may lie a learner's work."""
    command = ["git", "show", f":exercises/{name}/{name}.ipynb"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout


def cells(folder, name, root=ROOT):
    if folder == "exercises" and root == ROOT:
        return nbformat.reads(released(name).decode(), 4).cells
    return nbformat.read(root / folder / name / f"{name}.ipynb", 4).cells


def answers(name, root=ROOT):
    """The lines of the solutions of one set, however short."""
    code = "\n".join("".join(SOLUTION.findall(c.source)) for c in cells("solutions", name, root))
    text = "\n".join(c.source for c in cells("solutions", name, root) if c.cell_type == "markdown" and manual(c))
    return [line.strip() for line in (code + text).splitlines() if line.strip()]


def small_copy(name, root):
    """One set, solution and exercise, in the folder `root`."""
    shutil.copytree(ROOT / "solutions" / name, root / "solutions" / name)
    (root / "exercises" / name).mkdir(parents=True)
    (root / "exercises" / name / f"{name}.ipynb").write_bytes(released(name))


def manual(cell):
    return cell.metadata.nbgrader.solution and cell.metadata.nbgrader.grade


def leaks(name, root=ROOT):
    """Answers of a set that stand in its exercise more often than in what both show anyway."""
    open_text = "\n".join(SOLUTION.sub("", c.source) for c in cells("solutions", name, root) if not manual(c))
    released = "\n".join(c.source + str(c.get("outputs", "")) for c in cells("exercises", name, root))
    return [line for line in answers(name, root) if released.count(line) > open_text.count(line)]


@pytest.mark.parametrize("name", SETS)
def test_committed_is_what_is_made_again(name, tmp_path):
    exercises.generate(name, tmp_path)
    (fresh,) = (tmp_path / name).iterdir()
    assert fresh.read_bytes() == released(name)


@pytest.mark.parametrize("name", SETS)
def test_no_answer_reaches_the_exercise(name):
    assert len(answers(name)) > 10
    assert leaks(name) == []
    assert all(cell.get("outputs", []) == [] for cell in cells("exercises", name) if cell.cell_type == "code")


@pytest.mark.parametrize("name", SETS)
def test_a_planted_answer_is_noticed(name, tmp_path):
    small_copy(name, tmp_path)
    path = tmp_path / "exercises" / name / f"{name}.ipynb"
    notebook = nbformat.read(path, 4)
    source = notebook.cells[-1].source
    for answer in {line for line in answers(name) if len(line) <= 20}:  # the shortest are the hardest to tell
        notebook.cells[-1].source = f"{source}\n    {answer}"
        nbformat.write(notebook, path)
        assert answer in leaks(name, tmp_path)


@pytest.mark.parametrize("name", SETS)
def test_each_cell_has_its_metadata_and_each_task_its_test(name):
    ids = [cell.metadata.nbgrader.grade_id for cell in cells("solutions", name)]
    assert len(set(ids)) == len(ids)
    graded = [c for c in cells("solutions", name) if c.metadata.nbgrader.grade and c.cell_type == "code"]
    numbered = [c for c in cells("solutions", name) if re.match(r"## \d+\. (?!Open)", c.source)]
    assert 5 <= len(numbered) <= 8  # and the open task
    assert tuple(c.metadata.nbgrader.grade_id.removeprefix("test_") for c in graded) == OVERVIEW[name]
    for cell in graded:
        task = cell.metadata.nbgrader.grade_id.removeprefix("test_")
        assert task in NAMES
        assert exercise(task).why
        assert cell.metadata.nbgrader.locked
        points = cell.metadata.nbgrader.points
        assert cell.source == f'from course_utils.checks import grade\n\ngrade("{task}", globals(), points={points})'
        assert (task in ids) or any(f"\n{task} = " in c.source for c in cells("solutions", name))
    assert all(c.metadata.nbgrader.solution or c.metadata.nbgrader.locked for c in cells("solutions", name))
    assert [c for c in cells("solutions", name) if manual(c)]


@pytest.mark.parametrize("name", SETS)
def test_solutions_are_stored_with_full_points(name):
    for cell in cells("solutions", name):
        if cell.metadata.nbgrader.grade and cell.cell_type == "code":
            (points,) = [o.data["text/plain"] for o in cell.outputs if o.output_type == "execute_result"]
            assert float(points) == cell.metadata.nbgrader.points


@pytest.mark.parametrize("name", SETS)
def test_unsolved_it_runs_from_top_to_bottom(name):
    notebook = nbformat.reads(released(name).decode(), 4)
    NotebookClient(notebook, timeout=60).execute()
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        assert not [o for o in outputs if o.get("name") == "stderr"]
        if cell.metadata.nbgrader.grade and cell.cell_type == "code":
            box, points = outputs
            assert box.data["text/plain"].startswith("Not written yet")
            assert points.data["text/plain"] == "0"


HOSTILE = {  # answers of the first set that earn nothing, and cost nothing of the others
    "slope": "def slope(w, x, y):\n    exit()",
    "numerical_gradient": "def numerical_gradient(f, w, h):\n    __import__('os')._exit(9)",
    "gd_step": "np.allclose = lambda *a, **k: True\ndef gd_step(w, g, lr):\n    return w + lr * g",
    "descend": "def descend(grad, w0, lr, steps):\n    return np.array([[4, -2], [3.6, -0.4]])",
    "minimise": "from course_utils.checks import task\ntask.SECONDS = 1\n"
    "def minimise(grad, w0, lr, tol):\n    while True: pass",
}


def test_a_real_set_is_graded(tmp_path):
    """The solution, the empty exercise, one with a named mistake and a hostile one, through nbgrader autograde."""
    name = SETS[0]
    small_copy(name, tmp_path)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    solved = nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", 4)
    altered = {"wrong": {"gd_step": "def gd_step(w, g, lr):\n    return w + lr * g"}, "hostile": HOSTILE}
    for learner, source in {"empty": "exercises", "solved": "solutions"}.items():
        place = tmp_path / "submitted" / learner / name
        shutil.copytree(tmp_path / source / name, place)
    for learner, sources in altered.items():
        notebook = nbformat.from_dict(solved)
        for cell in notebook.cells:
            cell.source = sources.get(cell.metadata.nbgrader.grade_id, cell.source)
        (tmp_path / "submitted" / learner / name).mkdir(parents=True)
        nbformat.write(notebook, tmp_path / "submitted" / learner / name / f"{name}.ipynb")
    nbgrader(tmp_path, "generate_assignment", name, "--force")
    nbgrader(tmp_path, "autograde", name, "--force")
    tests = [c.metadata.nbgrader for c in solved.cells if c.metadata.nbgrader.grade and not manual(c)]
    points = {test.grade_id.removeprefix("test_"): test.points for test in tests}
    full = sum(points.values())
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        scores = {who: book.find_submission(name, who).score for who in ("empty", "solved", "wrong", "hostile")}
    hostile = full - sum(points[task] for task in HOSTILE)
    assert scores == {"empty": 0, "solved": full, "wrong": full - 1, "hostile": hostile}
    graded = nbformat.read(tmp_path / "autograded" / "wrong" / name / f"{name}.ipynb", 4)
    told = [o for c in graded.cells if c.metadata.nbgrader.grade_id == "test_gd_step" for o in c.outputs]
    assert "ascends" in told[0].data["text/plain"]
