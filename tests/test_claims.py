"""The last table of lesson 05: every claim of the page, with a figure that nbval computes anew in its lesson."""

import json
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from course_utils.conventions import KerasMomentum

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
LAST = "05_pytorch_and_tensorflow"
CLAIMS = tomllib.loads((NOTEBOOKS / "claims.toml").read_text("utf-8"))["claim"]
MEASURED = [claim for claim in CLAIMS if "finds" in claim]


def compared(lesson):
    """What the cells of a lesson whose outputs nbval compares have printed, drawn or shown, as text."""
    cells = json.loads((NOTEBOOKS / f"{lesson}.ipynb").read_text("utf-8"))["cells"]
    cells = [cell for cell in cells if "nbval-ignore-output" not in cell["metadata"].get("tags", [])]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    texts = [o.get("text", [*o.get("data", {}).get("text/plain", []), *o.get("data", {}).get("text/markdown", [])])
             for o in outputs]  # fmt: skip
    return "".join("".join(text) + "\n" for text in texts)


def code(lesson):
    cells = json.loads((NOTEBOOKS / f"{lesson}.ipynb").read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def table():
    """{claim: (what the page says, measured, verdict, lesson)} of the table."""
    rows = re.findall(r"^\| (C\d+) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$", compared(LAST), re.M)
    return {first: rest for first, *rest in rows}


def test_all_twelve_in_order():
    assert [claim["id"] for claim in CLAIMS] == list(table()) == [f"C{i}" for i in range(1, 13)]


@pytest.mark.parametrize("claim", MEASURED, ids=lambda claim: claim["id"])
def test_figure_comes_from_a_compared_output(claim):
    found = re.search(claim["finds"], compared(claim["lesson"]), re.S)
    assert found, "the lesson prints no such figure any more"
    assert table()[claim["id"]][1] == claim["figure"].format(*found.groups())


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["id"])
def test_row_says_what_the_file_says_and_links_to_the_lesson(claim):
    says, measured, verdict, lesson = table()[claim["id"]]
    assert (says, verdict) == (claim["says"], claim["verdict"])
    assert f"({claim['lesson']}.ipynb)" in lesson
    assert re.search(r"\d", measured)


@pytest.mark.parametrize("stored", [None, {"cells": [{"outputs": []}]}], ids=["absent", "cleared"])
def test_a_lesson_without_its_outputs_is_named_in_the_table(stored, tmp_path, monkeypatch):
    """As when JupyterLab saves a lesson while it runs: the table still stands, and says what to do."""
    first, then = (cell for cell in code(LAST) if "def printed" in cell or "def measured" in cell)
    (tmp_path / "claims.toml").write_bytes((NOTEBOOKS / "claims.toml").read_bytes())
    if stored:
        for lesson in {claim["lesson"] for claim in MEASURED}:
            (tmp_path / f"{lesson}.ipynb").write_text(json.dumps(stored))
    monkeypatch.chdir(tmp_path)
    scope = {"Path": Path, "here": {"C11": "1.0", "C12": "2.0"}}
    exec(first, scope)
    exec(then, scope)
    rows = scope["rows"][2:]
    assert len(rows) == 12
    assert sum("run that lesson to its end and save it" in row for row in rows) == len(MEASURED) == 10


def test_tensorflows_snippet_fails_as_the_table_says():
    """C12: Keras 3 has no `minimize`; repaired, its two steps are those of its own rule on w²/2 from 1."""
    pytest.importorskip("tensorflow")
    with pytest.raises(AttributeError, match="minimize"):
        exec((NOTEBOOKS / "snippets" / "tensorflow.py").read_text("utf-8"), {})
    rule, path = KerasMomentum(0.1, 0.9), [np.ones(1)]
    v = rule.init(path[0])
    for _ in range(5):
        w, v = rule.update(path[-1], path[-1], v)
        path.append(w)
    steps = [round(float(x), 4) for x in -np.diff(np.ravel(path))]
    assert table()["C12"][1] == f"steps {steps[:2]}"
    assert steps[3] == max(steps) > steps[4]  # the fifth is already shorter


def test_pytorchs_snippet_fails_as_the_table_says(capsys):
    """C11: it prints a loss, leaves every gradient None, and has the same loss afterwards."""
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    scope = {}
    exec((NOTEBOOKS / "snippets" / "pytorch.py").read_text("utf-8"), scope)
    before, after = scope["loss"].item(), scope["criterion"](scope["linear"](scope["x"]), scope["y"]).item()
    assert capsys.readouterr().out == f"loss: {before}\n"
    assert all(p.grad is None for p in scope["linear"].parameters())
    assert before == after
    assert table()["C11"][1] == f"loss before and after the step {[round(before, 4), round(after, 4)]}"


def test_speeds_quoted_in_the_lesson_stand_in_the_benchmark():
    cells = json.loads((NOTEBOOKS / f"{LAST}.ipynb").read_text("utf-8"))["cells"]
    (prose,) = [text for cell in cells if "benchmarks/README.md" in (text := "".join(cell["source"]))]
    quoted = re.findall(r"\d\.\d+ to \d\.\d+", prose)
    measured = (NOTEBOOKS.parent / "benchmarks" / "README.md").read_text("utf-8")
    assert len(quoted) == 3
    assert all(f"{figures} for " in measured for figures in quoted)


# a bar of the benchmark's page: how its prose tells the range of the last runs
RANGES = {
    "one core: in place at most": r"([\d.]+) to ([\d.]+) for one piece on one core",
    "one core: in place, in blocks": r"([\d.]+) to ([\d.]+) for blocks on one core",
    "all cores: in place, in blocks": r"([\d.]+) to ([\d.]+) for blocks on all cores",
    "drag: at least 0.8 of the floor's pictures, 500": r"at 500 steps, ([\d.]+) to ([\d.]+) of the floor's pictures",
    "drag: at least 0.7 of the floor's pictures, 5,000": r"at 5,000 steps ([\d.]+) to ([\d.]+) of them",
    "drag: at least 10 times the pictures of `interact`, 5,000": r"([\d.]+) to ([\d.]+) times those of `interact`",
    "last picture at most": r"came ([\d.]+) to ([\d.]+) ms later at most",
}


@pytest.mark.parametrize("bar", RANGES)
def test_ranges_told_in_the_benchmark_hold_its_last_run(bar):
    page = (NOTEBOOKS.parent / "benchmarks" / "README.md").read_text("utf-8")
    (figure,) = re.findall(rf"^\| {re.escape(bar)}.*? \| ([\d.]+)", page, re.M)
    (ends,) = re.findall(RANGES[bar], page)
    assert float(ends[0]) <= float(figure) <= float(ends[1])


def test_where_pytorch_wins_is_told_truly():
    """Compiled, a third to two thirds of our best form's time; as it comes, two fifths to two thirds of one piece's."""
    page = (NOTEBOOKS.parent / "benchmarks" / "README.md").read_text("utf-8")
    table = page.split("## One step of momentum")[1].split("\n## ")[0]
    ms = {name: float(last) for name, last in re.findall(r"^\| (.+?) \|.* ([\d.]+) ms \([^|]*\) \|$", table, re.M)}
    ours = min(time for name, time in ms.items() if name.startswith("NumPy"))
    assert 0.32 < ms["PyTorch, compiled"] / ours < 0.7
    assert 0.37 < ms["PyTorch"] / ms["NumPy, in place"] < 0.7
