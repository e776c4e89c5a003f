"""The house holds together: who imports whom, one list of dependencies, links, commands, nothing of one machine."""

import ast
import contextlib
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from rattler import MatchSpec

ROOT = Path(__file__).parents[1]
PACKAGE, BENCHMARKS = ROOT / "course_utils", ROOT / "benchmarks"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
DEPENDENCIES = [Requirement(line) for line in sum(EXTRAS.values(), PROJECT["dependencies"])]
PINS = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / "constraints.txt").read_text(), re.M))
IGNORED = (ROOT / ".gitignore").read_text().replace("/\n", "\n").split()


def files():
    """All that is the project's: what git knows, or in an archive without git what it would not ignore."""
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        known = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        return [ROOT / name for name in known.splitlines() if (ROOT / name).is_file()]
    ways = {path: path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file()}
    ignored = [*IGNORED, ".git"]
    return [
        path for path, way in ways.items()
        if not any(fnmatch(part, pattern) for pattern in ignored for part in [*way.parts, way.as_posix()])
    ]  # fmt: skip


TRACKED = files()


def test_without_git_the_same_files_are_looked_at(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert set(TRACKED) <= set(files())


TEXTS = [f for f in TRACKED if f.suffix in {".py", ".md", ".toml", ".yml", ".yaml", ".txt", ".js", ".css", ".cff", ""}]

# Which of our modules each may import. arguments is where all of them turn for a clear error.
MAY_IMPORT = {
    "__init__": set(),
    "arguments": set(),
    "problems": {"arguments"},
    "optimizers": {"arguments"},
    "attributes": {"arguments"},
    "rules": {"arguments", "attributes", "optimizers"},
    "descent": {"arguments", "rules"},
    "landscapes": {"arguments"},
    "theory": {"arguments"},
    "data": {"arguments"},
    "network": {"arguments", "problems"},
    "conventions": {"arguments", "optimizers"},
    "progress": set(),
    "undone": set(),
    "originals": {"undone"},
    "threads": set(),
    "guard": {"originals", "threads"},
    "apart": {"guard", "jobs"},
    "jobs": {"guard", "checks"},
    "drawing": {"rendering"},
    "rendering": set(),
    "alt_text": set(),
    "plots": {"alt_text", "drawing"},
    "explorers": {
        "explorers",
        "arguments",
        "attributes",
        "problems",
        "optimizers",
        "descent",
        "theory",
        "plots",
        "drawing",
        "rendering",
        "alt_text",
        "network",
        "conventions",
        "guard",
        "progress",
        "stills",
    },
    "quiet": set(),
    "checks": {"apart", "arguments", "checks", "data", "guard", "originals", "problems", "progress"},
    "nodelay": set(),
    "stills": set(),
}
LIGHT = ["arguments", "problems", "landscapes", "optimizers", "descent", "theory", "data", "network", "conventions"]
LIGHT += ["attributes", "rules", "progress"]
FRAMEWORKS = {"torch", "tensorflow", "keras"}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def imports(path):
    """Names of the modules that a file imports, at the top or inside functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, "imports by their full names only"
            yield from (
                [node.module] if node.module != "course_utils" else [f"course_utils.{a.name}" for a in node.names]
            )
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_import_diagram(path):
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    found = list(imports(path))
    ours = {name.split(".")[1] for name in found if name.startswith("course_utils.")}
    assert ours <= MAY_IMPORT[room]
    assert not {name.split(".")[0] for name in found} & {*FRAMEWORKS, "benchmarks"}


def test_nothing_moves_by_itself():
    """No page moves of itself. Play, whose pictures come from the kernel, knows of reduced motion (test_playing.py)."""
    for path in [*(PACKAGE / "explorers").glob("*.js"), *(PACKAGE / "explorers").glob("*.css")]:
        assert re.findall(r"transition|animat|@keyframes|setInterval|smooth", path.read_text("utf-8")) == [], path.name


@pytest.mark.parametrize("module", LIGHT)
def test_lower_modules_need_numpy_only(module):
    heavy = "{'matplotlib', 'ipywidgets', 'sklearn', 'IPython'}"
    code = f"import sys, course_utils.{module}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("module", "base"), [("descent", "numpy"), ("explorers", "ipywidgets, matplotlib.figure")])
def test_ours_adds_little_to_the_import_of_what_it_stands_on(module, base):
    code = f"import time; began = time.perf_counter(); import {base}; middle = time.perf_counter(); "
    code += f"import course_utils.{module}; print((time.perf_counter() - middle) / (middle - began))"
    ratios = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout) for _ in range(3)
    ]
    assert min(ratios) < 0.6  # a ratio, because a busy machine slows both down


def test_what_shares_a_worker_is_there(pytestconfig):
    (together,) = (p.TOGETHER for p in pytestconfig.pluginmanager.get_plugins() if hasattr(p, "TOGETHER"))
    for place in together:
        assert list(ROOT.glob(f"{place}*.py")), place


@pytest.mark.parametrize("requirement", DEPENDENCIES, ids=lambda r: r.name)
def test_each_dependency_is_bounded_and_pinned_within_its_bounds(requirement):
    assert {">=", "<"} == {s.operator for s in requirement.specifier}
    pins = {normal(name): version for name, version in PINS.items()}
    assert requirement.specifier.contains(pins[normal(requirement.name)])


def test_torch_is_pinned_without_a_local_version():
    assert PINS["torch"] == "2.13.0"
    assert not [name for name in PINS if re.match(r"nvidia|cuda|triton", name)]


def test_environment_is_this_project_with_its_pins():
    lines = (ROOT / "environment.yml").read_text().split("dependencies:\n")[1].splitlines()
    conda = [line.strip()[2:] for line in lines if line.startswith("  - ") and not line.endswith("pip:")]
    specs = {MatchSpec(line, strict=True).name.normalized: line for line in conda}
    assert set(specs) == {"python", "pip"}
    lowest = re.search(r"3\.\d+", PROJECT["requires-python"])[0]
    assert specs["python"] == f"python={lowest}"
    pip = [line.strip()[2:] for line in lines if line.startswith("      - ")]
    assert pip[0] == "-c constraints.txt"
    (project,) = pip[1:]
    everybodys = set(EXTRAS) - {"bench"}
    assert set(re.fullmatch(r"-e \.\[(.+)\]", project)[1].split(",")) == everybodys


@pytest.mark.parametrize("path", [f for f in TRACKED if f.suffix == ".md"], ids=lambda p: p.name)
def test_links_of_pages_resolve(path):
    for link in re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8")):
        assert link.startswith("https://") or (path.parent / link).exists(), link


@pytest.mark.parametrize("path", [f for f in TRACKED if f.suffix in {".md", ".ipynb"}], ids=lambda p: p.name)
def test_extras_are_quoted_in_commands(path):
    """zsh takes .[frameworks] for a pattern of file names, unless it is quoted."""
    assert not re.findall(r"""pip install [^`\n]*[^"]\.\[\w+\]""", path.read_text("utf-8"))


def test_commands_of_the_pages_exist():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M))
    pages = "".join((ROOT / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md"))
    used = set(re.findall(r"\bmake ([a-z][\w-]*)", "".join(re.findall(r"`[^`]+`|^make .*$", pages, re.M))))
    assert {"lab", "test"} <= used <= targets
    assert re.search(r"^make test$", (ROOT / ".ci" / "run").read_text(), re.M)


def test_map_names_every_file_of_the_house():
    """CONTRIBUTING.md shows the modules and the files of the root, and nothing that is not there."""
    drawn = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("```")[1]
    named = {line.split()[0].rstrip("/") for line in drawn.splitlines() if line.strip()}
    modules = {f.name for folder in (PACKAGE, BENCHMARKS) for f in folder.glob("[!_]*.py")} | {"explorers"}
    assert modules <= named
    assert {"notebooks", "course_utils", "tests", "benchmarks"} <= named
    assert named <= {part for path in TRACKED for part in path.relative_to(ROOT).parts}


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_nothing_of_one_machine(path):
    if path == Path(__file__):
        pytest.skip("names the patterns")
    if path.is_relative_to(ROOT / "tests"):
        return
    found = re.findall(
        r"(?<![\w.])/(?:tmp|root|work|opt|home)/\w.*|pypi\.org.*|files\.pythonhosted.*|index-url.*",
        path.read_text("utf-8"),
    )
    assert found == []


@pytest.mark.parametrize(
    "path", sorted([*PACKAGE.rglob("*.py"), *BENCHMARKS.glob("*.py")]), ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_modules_and_functions_stay_short(path):
    source = path.read_text("utf-8")
    assert source.count("\n") <= 220
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            body = node.end_lineno - node.lineno + 1
            assert body <= 30, node.name
