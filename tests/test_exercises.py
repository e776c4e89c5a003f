"""exercises/ is made from solutions/: the same bytes each time, no answers in it, and no learner's file lost."""

import importlib.util
import shutil

import nbformat
import pytest
from grading import ANSWER, NAME, ROOT, STUB, small_course

SPEC = importlib.util.spec_from_file_location("exercises", ROOT / "exercises.py")
exercises = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(exercises)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    small_course(root)
    exercises.make(root)
    return root


@pytest.fixture
def course(made, tmp_path):
    return shutil.copytree(made, tmp_path / "course")


@pytest.fixture
def generated(made, monkeypatch):
    """exercises.generate hands out what was made already: for tests of what becomes of the files, not of making."""
    monkeypatch.setattr(
        exercises, "generate", lambda name, into, root: shutil.copytree(made / "exercises", into, dirs_exist_ok=True)
    )


def released(root):
    return root / "exercises" / NAME / f"{NAME}.ipynb"


def test_a_source_that_was_run_gives_the_same_bytes(course):
    before = released(course).read_bytes()
    source = course / "solutions" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(source, 4)
    for count, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), 1):
        cell.execution_count = count
        cell.metadata.execution = {"iopub.execute_input": "2026-01-01T00:00:00Z"}
        cell.outputs = [nbformat.v4.new_output("stream", text=str(count))]
    notebook.metadata.language_info = {"name": "python", "file_extension": ".py", "version": "3.99"}
    nbformat.write(notebook, source)
    exercises.make(course)
    first = released(course).read_bytes()
    exercises.make(course)
    assert released(course).read_bytes() == first
    again, was = nbformat.reads(first, 4), nbformat.reads(before, 4)
    assert again.cells == was.cells
    assert again.metadata.language_info == {"name": "python", "file_extension": ".py"}


def test_no_answer_is_left_and_the_stub_runs(course):
    text = released(course).read_text("utf-8")
    assert ANSWER not in text
    assert "SOLUTION" not in text
    for cell in nbformat.reads(text, 4).cells:
        assert cell.metadata.nbgrader.checksum
        if cell.metadata.nbgrader.solution:
            exec(cell.source, scope := {})
            assert scope[cell.metadata.nbgrader.grade_id](1) is None


@pytest.mark.usefixtures("generated")
@pytest.mark.parametrize("change", ["answered", "run", "unreadable", "no notebook", "no metadata", "no cells"])
def test_a_learners_file_is_kept_beside_the_fresh_one(course, change):
    path, fresh = released(course), released(course).read_bytes()
    text = fresh.decode()
    path.write_text(
        {
            "answered": text.replace(STUB, "return 3"),
            "run": text.replace('"execution_count": null', '"execution_count": 1'),
            "unreadable": text[:100],
            "no notebook": "{}",
            "no metadata": text.replace('"metadata"', '"meta"'),
            "no cells": '{"cells": 5, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        }[change]
    )
    mine = path.read_bytes()
    exercises.make(course)
    (kept,) = set(path.parent.iterdir()) - {path}
    assert (path.read_bytes(), kept.read_bytes()) == (fresh, mine)


def test_an_untouched_older_exercise_is_replaced(course):
    source = course / "solutions" / NAME / f"{NAME}.ipynb"
    source.write_text(source.read_text().replace("# Add one", "# Add 1"))
    exercises.make(course)
    assert [path.name for path in released(course).parent.iterdir()] == [released(course).name]
    assert "# Add 1" in released(course).read_text()


def test_of_a_set_that_is_gone_only_untouched_files_go(course):
    path = released(course)
    mine, other = path.with_stem("mine"), path.parents[1] / "99_other" / "other.ipynb"
    other.parent.mkdir()
    shutil.copy(path, other)
    mine.write_text(path.read_text().replace(STUB, "return 3"))
    shutil.move(course / "solutions" / NAME, course)
    exercises.make(course)
    assert list((course / "exercises").rglob("*")) == [path.parent, mine]


def test_a_folder_that_nbgrader_cannot_look_into_is_named(tmp_path):
    with pytest.raises(SystemExit, match=r"rename .*SGD \[2026\]"):
        exercises.generate(NAME, tmp_path, tmp_path / "SGD [2026]")


@pytest.mark.usefixtures("generated")
def test_reset_keeps_the_old_file_and_names_the_sets(course, monkeypatch):
    monkeypatch.setattr(exercises.time, "strftime", lambda form: "2026-11-26-120000")  # twice in one second
    for work in ("half an hour of work", "a minute of work"):
        released(course).write_text(work)
        exercises.reset(NAME, course)
    kept = set(released(course).parent.iterdir()) - {released(course)}
    assert {path.read_text() for path in kept} == {"half an hour of work", "a minute of work"}
    for name in ("nowhere", "", "../notebooks"):
        with pytest.raises(SystemExit, match=f"NAME must be one of {NAME}"):
            exercises.reset(name, course)
