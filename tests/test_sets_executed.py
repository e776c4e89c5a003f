"""The sets of exercises in kernels: unsolved they run, and nbgrader gives what each answer deserves."""

import shutil

import nbformat
import pytest
from grading import ROOT, gradebook, nbgrader
from nbclient import NotebookClient
from test_sets import SETS, manual, released, small_copy


@pytest.mark.parametrize("name", SETS)
def test_unsolved_it_runs_from_top_to_bottom(name):
    notebook = nbformat.reads(released(name).decode(), 4)
    NotebookClient(notebook, timeout=300).execute()
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
    "minimise": "from course_utils import checks\nchecks.check.__defaults__ = (1,)\n"
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
    with gradebook(tmp_path) as book:
        scores = {who: book.find_submission(name, who).score for who in ("empty", "solved", "wrong", "hostile")}
    hostile = full - sum(points[task] for task in HOSTILE)
    assert scores == {"empty": 0, "solved": full, "wrong": full - 1, "hostile": hostile}
    graded = nbformat.read(tmp_path / "autograded" / "wrong" / name / f"{name}.ipynb", 4)
    told = [o for c in graded.cells if c.metadata.nbgrader.grade_id == "test_gd_step" for o in c.outputs]
    assert "ascends" in told[0].data["text/plain"]
