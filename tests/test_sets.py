"""The sets of exercises: made from solutions/ to the byte, no answer in them, and right with every answer."""

import re
import shutil
import subprocess
from itertools import pairwise

import nbformat
import numpy as np
import pytest
from grading import ROOT
from test_exercises import exercises

from course_utils import data, explorers
from course_utils.checks import NAMES, exercise
from course_utils.checks.overview import SETS as OVERVIEW

SETS = exercises.sets()
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.S)


def released(name):
    """The exercise as it is in git: beside it may lie a learner's work."""
    path = f"exercises/{name}/{name}.ipynb"
    try:
        return subprocess.run(["git", "show", f":{path}"], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):  # no git, or no repository
        return (ROOT / path).read_bytes()


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


@pytest.fixture(scope="module")
def made_again(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made_again")
    exercises.generate("*", folder)
    return folder


@pytest.mark.parametrize("name", SETS)
def test_committed_is_what_is_made_again(name, made_again):
    (fresh,) = (made_again / name).iterdir()
    assert fresh.read_bytes().replace(b"\r\n", b"\n") == released(name)


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
    titles = [c.source.splitlines()[0] for c in cells("solutions", name) if c.source.startswith("## ")]
    assert [title.split()[1] for title in titles] == [f"{i}." for i in range(1, len(titles) + 1)]
    assert 5 <= len(titles) <= 8
    assert titles[-1].split()[2] == "Open:"
    (hunt,) = [title.split()[1].strip(".") for title in titles if title.endswith(". Bug hunt")]
    assert f"bug hunt, task {hunt}:" in cells("solutions", name)[0].source
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


def sources(name):
    """The solutions' cells by their names."""
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in cells("solutions", name)}


@pytest.fixture
def run_cells(monkeypatch):
    """run_cells(name, answers): a set's own cells with these {task: source}, on a few digits; what they define.

    Explorers have tests of their own with answers that fail: they are left out.
    """
    few = [part[:60] for part in data.digits()]
    monkeypatch.setattr(data, "digits", lambda: few)
    for explorer in explorers.__all__:
        monkeypatch.setattr(explorers, explorer, lambda *args, **settings: None)
    monkeypatch.setenv("NBGRADER_EXECUTION", "without the libraries")

    def run(name, answers):
        scope = {}
        for cell in own_cells(name):
            here = cell.metadata.nbgrader.grade_id
            exec(compile(answers.get(here, cell.source), here, "exec"), scope)
        return scope

    return run


def own_cells(name):
    """The exercise's cells of code but its tests, up to the last one that is ours."""
    code = [c for c in cells("exercises", name) if c.cell_type == "code" and not c.metadata.nbgrader.grade]
    while code[-1].metadata.nbgrader.solution:  # no cell of ours comes after it
        code.pop()
    return code


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("name", SETS)
def test_partly_solved_its_own_cells_run(name, alone, run_cells):
    """Each task alone, or all but one."""
    solved, tasks = (
        sources(name),
        [c.metadata.nbgrader.grade_id for c in own_cells(name) if c.metadata.nbgrader.solution],
    )
    for task in tasks:
        run_cells(name, {one: solved[one] for one in tasks if (one == task) == alone})


IN_PLACE = {  # tasks answered in place, and what they must not move
    "04_neural_network": (
        {
            "train_step": """def train_step(X, y, W1, b1, W2, b2, lr):
    h = layer_forward(X, W1, b1)
    error = (softmax(h @ W2 + b2) - np.eye(10)[y]) / len(y)
    dW2, db2, dh = layer_backward(h, W2, error)
    for part, slope in [(W2, dW2), (b2, db2), (W1, X.T @ dh), (b1, dh.sum(axis=0))]:
        part -= lr * slope
    return W1, b1, W2, b2"""
        },
        ("W1", "b1", "W2", "b2"),
    ),
    "05_pytorch_and_tensorflow": (
        {
            "keras_momentum": """def keras_momentum(w, v, g, lr, beta):
    v *= beta
    v -= lr * g
    w += v
    return w, v""",
            "torch_sgd": """def torch_sgd(w, v, g, lr, beta, dampening, weight_decay, nesterov, maximize):
    w -= lr * g
    return w, v""",
        },
        ("start",),
    ),
}


@pytest.mark.parametrize("name", IN_PLACE)
def test_an_answer_in_place_moves_nothing_of_the_set(name, run_cells):
    wrong, held = IN_PLACE[name]
    before, after = run_cells(name, sources(name)), run_cells(name, {**sources(name), **wrong})
    for one in held:
        np.testing.assert_array_equal(after[one], before[one], err_msg=one)


def test_an_answer_may_name_its_arguments(run_cells, capsys):
    step = "def momentum_step(w, v, g, eta, b):\n    v = b * v + g\n    return w - eta * v, v"
    run_cells("03_momentum", {"momentum_step": step})
    assert "first step 0.10, second step 0.18" in capsys.readouterr().out
    name = "02_stochastic_gradient_descent"
    found = run_cells(name, {"schedule": "def schedule(i, first, halved):\n    return first / (1 + i / halved)"})
    assert found["FallingRate"](0.3).update(1.0, 1.0, 100) == (0.85, 101)


WRONG = [  # set, task, an answer that its check tells of, what a cell of the set says then
    (
        "01_gradient_descent",
        "gradient",
        "def gradient(w, X, y):\n    return X @ w - y",
        "your functions and your number say ValueError: operands could not be broadcast",
    ),
    (
        "01_gradient_descent",
        "numerical_gradient",
        "def numerical_gradient(f, w, h):\n    return (f(w + h) - f(w - h)) / h_",
        "your functions say NameError: name 'h_' is not defined",
    ),
    (
        "01_gradient_descent",
        "largest_lr",
        "largest_lr = '1.383'",
        "your functions and your number say TypeError: can't multiply sequence by non-int of type 'float'",
    ),
    (
        "03_momentum",
        "momentum_step",
        "def momentum_step(w, v, g, lr, beta):\n    return w - lr * (beta * v + g)",
        "momentum_step says ValueError: not enough values to unpack",
    ),
    (
        "04_neural_network",
        "cross_entropy",
        "def cross_entropy(p, y):\n    return -np.log(p[np.arange(len(y)), y])",
        "your functions say TypeError: unsupported format string",
    ),
    (
        "05_pytorch_and_tensorflow",
        "torch_sgd",
        """def torch_sgd(w, v, g, lr, beta, dampening, weight_decay, nesterov, maximize):
    if beta == 0:
        w - lr * g, v
    else:
        return w - lr * g, g""",
        "torch_sgd says TypeError: cannot unpack",
    ),
]


@pytest.mark.parametrize(("name", "task", "source", "said"), WRONG)
def test_after_a_wrong_answer_its_own_cells_run(name, task, source, said, run_cells, capsys):
    run_cells(name, {**sources(name), task: source})
    assert said in capsys.readouterr().out


@pytest.mark.parametrize("name", SETS)
def test_the_bug_hunt_needs_no_other_task(name):
    """After the first cell alone, its own cells and the call in its text run, and the check knows the code as found."""
    found = cells("exercises", name)
    titles = [i for i, c in enumerate(found) if c.source.startswith("## ")]
    start, end = next(two for two in pairwise(titles) if found[two[0]].source.splitlines()[0].endswith(". Bug hunt"))
    exec(found[1].source, scope := {})
    for cell in found[start:end]:
        code = re.findall(r"```python\n(.*?)```", cell.source, re.S) + re.findall(r"Run it as `(.*?)`", cell.source)
        for source in code if cell.cell_type == "markdown" else [cell.source]:
            if cell.metadata.nbgrader.locked and not cell.metadata.nbgrader.grade:
                exec(source, scope)
    (task,) = [
        c.metadata.nbgrader.grade_id.removeprefix("test_") for c in found[start:end] if c.metadata.nbgrader.grade
    ]
    assert exercise(task).examine(scope.get(task) or scope["step_as_found"]).mistake == "as found"


@pytest.mark.parametrize(
    ("step", "hidden", "lr", "said"),
    [
        ("step_as_found", 32, lambda epoch: 0.5, ["had 97.9 % of the unseen digits right", "97.9 ± 0.5 against"]),
        ("train_step", 32, lambda epoch: 0.5, ["against 97.9 ± 0.6"]),
        (
            "train_step",
            32,
            lambda epoch: 1 - epoch / 20,
            ["98.5 % of the unseen digits right, ± 0.2"],
        ),
        ("train_step", 8, lambda epoch: 1 - epoch / 20, ["97.6 ± 0.8"]),
        ("train_step", 32, lambda epoch: 1, ["98.2 ± 0.5"]),
    ],
)
def test_set_04_says_what_ten_seeds_give(step, hidden, lr, said):
    """Not in a cell of the set: it would show the training that the open task asks for."""
    solved, scope = sources("04_neural_network"), {}
    assert all(words in solved["about_train_step"] + solved["compare"] for words in said)
    for name in ("set_up", "layer_forward", "softmax", "layer_backward", "as_found", "train_step"):
        exec(solved[name], scope)
    shares = [share_right(scope, scope[step], np.random.default_rng(seed), hidden, lr) for seed in range(10)]
    numbers = [float(number) for number in re.findall(r"\d+\.\d", said[-1])]
    assert [np.mean(shares), np.std(shares, ddof=1)] == pytest.approx(numbers, abs=0.1)


def share_right(scope, step, rng, hidden, lr):
    """Percent of the unseen digits right after 20 epochs of `step` in batches of 32, as the set's solution trains."""
    X, y, X_test, y_test = (scope[part] for part in ("X", "y", "X_test", "y_test"))
    W1, b1 = rng.normal(size=(64, hidden)) / 8, np.zeros(hidden)
    W2, b2 = rng.normal(size=(hidden, 10)) / np.sqrt(hidden), np.zeros(10)
    for epoch in range(20):
        for batch in np.array_split(rng.permutation(len(y)), 42):
            W1, b1, W2, b2 = step(X[batch], y[batch], W1, b1, W2, b2, lr(epoch))
    return 100 * np.mean((np.tanh(X_test @ W1 + b1) @ W2 + b2).argmax(axis=1) == y_test)
