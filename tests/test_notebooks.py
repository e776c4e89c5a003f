"""The rules every lesson follows: how it opens and closes, how long its cells are, what it stores, asks."""

import html
import json
import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
QUESTIONS = ROOT / "course_utils" / "explorers" / "questions"
TAGS = {"taught", "nbval-ignore-output", "long"}
PICTURE_IN_HTML = r"data:image/png;base64,[\w+/=]+"
MACHINE_PATH = r"(?<![\w.])/(?:tmp|root|work|opt|home)/\w|[A-Z]:\\\\Users|site-packages|ipykernel_\d+"
FORBIDDEN = {
    r"^\s*[%!]|^\S.*\?$": "magic, shell or help line",
    r"import \*": "star import",
    r"np\.random\.(?!default_rng\(|Generator)": "random numbers other than np.random.default_rng(seed)",
    r"default_rng\(\)|^import random|^from random": "unseeded random numbers",
    r"# *(NBVAL_|PYTEST_VALIDATE)": "nbval marker",
}


@dataclass(frozen=True)
class Lesson:
    path: Path
    notebook: nbformat.NotebookNode

    @classmethod
    def read(cls, path):
        return cls(path, nbformat.read(path, as_version=4))

    @cached_property
    def code(self):
        return [(i, c) for i, c in enumerate(self.notebook.cells) if c.cell_type == "code"]

    @cached_property
    def prose(self):
        return "\n\n".join(c.source for c in self.notebook.cells if c.cell_type == "markdown")

    @property
    def head(self):
        return self.notebook.cells[0].source

    @property
    def minutes(self):
        found = re.search(r"\*\*Time:\*\* (\d+) minutes", self.head)
        return int(found[1]) if found else None

    @property
    def asked(self):
        return re.findall(r'^ask\("([^"]+)"\)$', "\n".join(c.source for _, c in self.code), re.M)

    @property
    def predicted(self):
        return re.findall(r'\.predict\("([^"]+)"\)', "\n".join(c.source for _, c in self.code))

    @property
    def outputs(self):
        return [(i, output) for i, cell in self.code for output in cell.outputs]


# Each rule yields what a lesson does wrong.


def is_a_plain_notebook(lesson):
    nb = lesson.notebook
    try:
        nbformat.validate(nb)  # ids of cells included
    except nbformat.ValidationError as error:
        yield f"not valid: {error}"
    if (nb.nbformat, nb.nbformat_minor) < (4, 5):
        yield "older than nbformat 4.5, so its cells have no ids"
    if nb.metadata.get("kernelspec", {}).get("name") != "python3":
        yield "kernel is not python3"
    if nb.metadata.get("language_info") != {"file_extension": ".py", "name": "python"}:
        yield "does not say that it exports as .py, or names a version"
    if "widgets" in nb.metadata:
        yield "stores the state of widgets"
    if lesson.path.stat().st_size > 2_000_000:
        yield "larger than 2 MB"


def opens_well(lesson):
    titles = re.findall(r"^# .+", re.sub(r"```.*?```", "", lesson.prose, flags=re.S), re.M)
    if len(titles) != 1 or not lesson.head.startswith("# "):
        yield f"one title, at the top: {titles}"
    if not 2 <= len(re.findall(r"^- ", lesson.head, re.M)) <= 4:
        yield "2 to 4 objectives"
    if "After this" not in lesson.head or "**Needs:**" not in lesson.head or lesson.minutes is None:
        yield "the first cell says 'After this ... you can', '**Needs:** ...' and '**Time:** ... minutes'"


def closes_well(lesson):
    keep = re.search(r"^## What to keep\n+((?:- .*\n?(?: +.*\n?)*)+)", lesson.prose, re.M)
    if not keep or len(re.findall(r"^- ", keep[1], re.M)) > 5:
        yield "'## What to keep' with at most 5 bullets"
    if "**Exercise" not in lesson.prose:
        yield "no **Exercise**"
    if "**Reading" not in lesson.prose and not lesson.path.name.startswith("00"):
        yield "no **Reading**"


def has_short_cells(lesson):
    lines = {i: sum(bool(line.strip()) for line in cell.source.splitlines()) for i, cell in lesson.code}
    long = {i: n for i, n in lines.items() if n > 10}
    if len(long) > 1 or any(n > 15 for n in long.values()):
        yield f"cells with more than 10 lines (one may have 15): {long}"
    for i, cell in enumerate(lesson.notebook.cells):
        if cell.cell_type == "markdown" and len(cell.source.split()) > 160:
            yield f"cell {i}: {len(cell.source.split())} words"
        if [c.cell_type for c in lesson.notebook.cells[i : i + 3]] == ["code"] * 3:
            yield f"cell {i}: three code cells in a row"


def is_plain_python(lesson):
    for i, cell in lesson.code:
        for pattern, name in FORBIDDEN.items():
            if re.search(pattern, cell.source, re.M):
                yield f"cell {i}: {name}"
        if not set(cell.metadata.get("tags", [])) <= TAGS:
            yield f"cell {i}: tags {cell.metadata.tags}"


def was_run_once_from_top_to_bottom(lesson):
    counts = [cell.execution_count for _, cell in lesson.code]
    if counts != list(range(1, len(counts) + 1)):
        yield f"cells numbered {counts}"
    for i, output in lesson.outputs:
        if output.output_type == "error" or output.get("name") == "stderr":
            yield f"cell {i}: an error or stderr is stored"
        if "application/vnd.jupyter.widget-view+json" in output.get("data", {}):
            yield f"cell {i}: a widget's view is stored: without its kernel a page shows an error for it"


def names_no_machine(lesson):
    for i, cell in enumerate(lesson.notebook.cells):
        stored = [o.get("data", o) for o in cell.get("outputs", [])]
        texts = json.dumps([value for data in stored for kind, value in data.items() if kind != "image/png"])
        if re.search(MACHINE_PATH, cell.source + re.sub(PICTURE_IN_HTML, "", texts)):
            yield f"cell {i}: a path of one machine"


def describes_pictures(lesson):
    for i, output in lesson.outputs:
        for kind in output.get("data", {}):
            words, alt = output.data.get("text/plain"), output.metadata.get(kind, {}).get("alt")
            if kind.startswith("image/") and (not words or words.startswith("<") or alt != words):
                yield f"cell {i}: a picture without its description as text/plain and as alt in its metadata"
            if kind.startswith("image/") and output.data[kind] not in output.data.get("text/html", ""):
                yield f"cell {i}: a picture without the same picture in HTML"
    for source in re.findall(r"!\[(.*?)\]\(", lesson.prose):
        if len(source.split()) < 3:
            yield "a picture in the prose without alt text"


def exports_pictures_with_their_words(lesson):
    page = HTMLExporter(exclude_input=True, exclude_markdown=True).from_notebook_node(lesson.notebook)[0]
    images = re.findall(r'<img\b[^>]* src="data:image/png[^>]*>', page)
    alts = [html.unescape(alt) for image in images for alt in re.findall(r' alt="([^"]*)"', image) or [""]]
    words = [output.data["text/plain"] for _, output in lesson.outputs if "image/png" in output.get("data", {})]
    if alts != words:
        yield f"in an export {len(words)} pictures are described as {alts}"
    if "Loading widget" in page:
        yield "in an export something is still loading"


def asks(lesson):
    file = QUESTIONS / f"{lesson.path.stem}.toml"
    written = tomllib.loads(file.read_text("utf-8"))
    if sorted(lesson.predicted) != sorted(written.pop("predict", {})):
        yield f"predictions not written, or not asked: {lesson.predicted}"
    if sorted(lesson.asked) != sorted(written):
        yield f"not written, not asked, or asked twice: {set(lesson.asked) ^ set(written) or lesson.asked}"
    if len(lesson.asked) < (lesson.minutes or 0) / 10:
        yield f"{len(lesson.asked)} questions in {lesson.minutes} minutes"
    for name, question in written.items():
        feedback = [answer["feedback"] for answer in question["answers"]]
        right = [answer for answer in question["answers"] if answer.get("correct")]
        if len(right) != 1 or len(set(feedback)) != len(feedback) or not 2 <= len(feedback) <= 5:
            yield f"{name}: one right answer among 2 to 5, each with a feedback of its own"


def links_resolve(lesson):
    for link in re.findall(r"\]\(([^)\s]+)\)", lesson.prose):
        target, _, anchor = link.partition("#")
        headings = [h.replace(" ", "-") for h in re.findall(r"^#+ (.+)", lesson.prose, re.M)]
        if target.startswith("http"):
            if not re.fullmatch(r"https://[\w.-]+\.\w+(/\S*)?", target):
                yield f"{link}: not an https address"
        elif target and not (lesson.path.parent / target).exists():
            yield f"{link}: no such file"
        elif anchor and not target and anchor not in headings:
            yield f"{link}: no such heading"


RULES = [is_a_plain_notebook, opens_well, closes_well, has_short_cells, is_plain_python]
RULES += [was_run_once_from_top_to_bottom, names_no_machine, describes_pictures, exports_pictures_with_their_words]
RULES += [asks, links_resolve]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_lesson(path, rule):
    assert list(rule(Lesson.read(path))) == []


OF_SOLUTIONS = [is_a_plain_notebook, is_plain_python, was_run_once_from_top_to_bottom, names_no_machine]
OF_SOLUTIONS += [describes_pictures, exports_pictures_with_their_words, links_resolve]


@pytest.mark.parametrize("rule", OF_SOLUTIONS, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", sorted(ROOT.glob("solutions/*/*.ipynb")), ids=lambda path: path.stem)
def test_solutions(path, rule):
    assert list(rule(Lesson.read(path))) == []


def a_lesson_that_breaks_every_rule(folder):
    new = nbformat.v4
    stored = [
        new.new_output("display_data", {"image/png": "", "text/plain": "A line."}, metadata={"image/png": {}}),
        new.new_output("stream", name="stderr", text="/home/me/x.py: warning"),
    ]
    cells = [new.new_markdown_cell("## No title\n[nowhere](nowhere.ipynb)\n# Late title\n" + "word " * 170)]
    cells += [new.new_code_cell("np.random.seed(0)\n" * 16, outputs=stored)]
    cells += [new.new_code_cell('ask("99-none")'), new.new_code_cell("%time")]
    widgets = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    notebook = new.new_notebook(cells=cells, metadata={"widgets": widgets})
    path = folder / "01_gradient_descent.ipynb"
    nbformat.write(notebook, path)
    return Lesson(path, notebook)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_can_fail(rule, tmp_path):
    assert list(rule(a_lesson_that_breaks_every_rule(tmp_path)))


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ("rng = np.random.default_rng(0)", True),
        ("rng = np.random.default_rng()", False),
        ("w = np.random.normal(size=3)", False),
        ("x = a % b", True),
        ("%matplotlib inline", False),
        ("!pip install numpy", False),
        ("from numpy import *", False),
        ("np.linspace?", False),
        ("# NBVAL_SKIP", False),
    ],
)
def test_plain_python(line, allowed, tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"x = 1\n{line}")])
    assert (list(is_plain_python(Lesson(tmp_path, notebook))) == []) == allowed


def test_every_question_file_belongs_to_a_lesson():
    assert {f.stem for f in QUESTIONS.glob("*.toml")} == {path.stem for path in NOTEBOOKS}
