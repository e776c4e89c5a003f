"""Every part of the benchmark at a small size: all programs do the same work, and the page has its rows."""

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks import __main__ as bench
from benchmarks import endurance, latency, report, slider_report, start, steps, timing

PAGE = (bench.HERE / "README.md").read_text("utf-8")
NUMPY = ["NumPy, pure", "NumPy, in place", "NumPy, in blocks", "NumPy, in blocks, all cores"]
STEPS = [*NUMPY, "PyTorch, one thread", "PyTorch", "Keras", "Keras, compiled"]
EPOCHS = ["NumPy, bare loop", "descend", "PyTorch", "Keras train_on_batch", "Keras fit"]
ONE_BY_ONE = ["descend", "scikit-learn SGDClassifier"]
BARS = 9  # without sliders and lessons


@pytest.fixture(scope="module", autouse=True)
def libraries():
    """Both libraries, and the settings of the process as they were."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("tensorflow")
    keras, threads = bench.epochs.libraries.keras(), torch.get_num_threads()
    keras.config.set_floatx("float64")
    yield
    keras.config.set_floatx("float32")
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def results():
    return bench.measure(bench.QUICK, lessons=False, browser=False)


def tables(page):
    """{heading: first column} of every table of the page."""
    sections = re.split(r"^## ", page.split(report.BEGIN)[1], flags=re.M)[1:]
    return {s.split("\n")[0]: re.findall(r"^\| ([^|]+) \|", s, re.M)[2:] for s in sections}


def test_every_step_is_the_same_step():
    programs = steps.programs(70_000, compiled=False)
    assert list(programs) == STEPS
    for program in programs.values():
        for _ in range(3):
            program.run()
        np.testing.assert_allclose(program.point(), -0.1 * (3 + 2 * 0.9 + 0.81), rtol=1e-6)
        np.testing.assert_allclose(program.point(), programs["NumPy, pure"].point(), rtol=1e-12)


def test_every_epoch_ends_at_the_same_loss(results):
    names = {"softmax regression": EPOCHS, "network": EPOCHS, "batch size 1": ONE_BY_ONE}
    assert {problem: list(losses) for problem, (_, losses) in results["epochs"].items()} == names
    for seconds, losses in results["epochs"].values():
        np.testing.assert_allclose(list(losses.values()), losses["descend"], rtol=1e-10)
        assert all((s > 0).all() for s in seconds.values())


def test_other_work_is_refused():
    problem = bench.epochs.SoftmaxRegression(np.eye(2), np.array([0, 1]))
    other = {"descend": np.zeros((2, 2)), "other": np.ones((2, 2)) * [0, 1]}
    programs = {name: timing.Program(lambda: None, lambda w=w: w) for name, w in other.items()}
    with pytest.raises(AssertionError, match="other"):
        bench.epochs.losses(problem, programs)


def test_the_page_of_a_run_has_its_rows(results, tmp_path):
    bench.write({**results, "lessons": {"00_start_here": 1.5}}, tmp_path)
    found = tables((tmp_path / "README.md").read_text("utf-8"))
    modules = [f"`{name}`" for name in start.modules()]
    assert list(found.values()) == [
        found["Bars"], STEPS, EPOCHS, EPOCHS, ONE_BY_ONE, ["GD", "SGD, batch 32"], [], modules, ["`00_start_here`"]
    ]  # fmt: skip
    assert len(found["Bars"]) == BARS + 1
    assert (tmp_path / "speed.png").read_bytes().startswith(b"\x89PNG")


def slider_bars(steps):
    return 4 * len(steps) + 5


def test_the_stored_page_has_its_rows():
    found = tables(PAGE)
    assert len(found["Bars"]) == BARS + 1 + slider_bars(latency.STEPS)
    assert len(found["Sliders"]) == len(latency.TECHNIQUES) * len(latency.STEPS) + 1
    assert len(found["Sliders of the lessons"]) >= 14
    assert len(found["Five thousand movements of one slider"]) == 5
    assert set(STEPS) <= set(found["One step of momentum"])
    assert found["One epoch: softmax regression"] == found["One epoch: network"] == EPOCHS
    assert found["One epoch: batch size 1"] == ONE_BY_ONE
    assert found["Seconds to import"] == [f"`{name}`" for name in start.modules()]
    assert len(found["Seconds of each lesson"]) >= 6
    assert re.search(r"\| 10 \|.*\| 10,000,000 \|", PAGE)


def test_a_lesson_is_run_from_top_to_bottom(tmp_path):
    import nbformat

    path = Path(tmp_path / "lesson.ipynb")
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("open('ran', 'w').close()")]), path)
    assert start.lessons(1, [path])["lesson"] > 0
    assert (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(2.5, "2.5 s"), (0.04, "40 ms"), (3.2e-7, "0.32 µs"), ([1e-3, 2e-3, 3e-3], "2 ms (1.5–2.5)"), (1234, "1234 s")],
)
def test_a_span_in_words(seconds, words):
    assert report.span(seconds) == words


def test_a_ratio_is_taken_round_by_round():
    seconds = {"a": np.array([2.0, 20, 6]), "b": np.array([1.0, 10, 2])}
    assert timing.ratio(seconds, "a", "b") == 2


def seen(wait, rate):
    return latency.Seen([300.0], [wait, wait], [5.0, 6.0], [rate], [50.0], [20.0])


LATENCY = {
    "techniques": {(name, steps): seen(40, 25) for name in latency.TECHNIQUES for steps in (50, 5000)}
    | {("`interact`, new figure", 50): seen(400, 2), ("`interact`, new figure", 5000): seen(210, 2.6)}
    | {("ipympl, `set_data`", 50): latency.Seen(), ("our explorer", 5000): seen(60, 18), latency.ECHO: seen(30, 40)},
    "explorers": {("01_gradient_descent", 1, "learning rate lr"): seen(40, 25)},
    "endurance": {name: np.full(5, 7.0) for name in endurance.HELD[:2]}
    | {"open figures": np.zeros(5), "MB in the page": np.arange(5.0), "nodes of the page": np.full(5, 9000)},
}


def test_the_sliders_have_their_rows_and_bars(results, tmp_path):
    bench.write({**results, "lessons": {}, "latency": LATENCY}, tmp_path)
    page = (tmp_path / "README.md").read_text("utf-8")
    found = tables(page)
    assert len(found["Bars"]) == BARS + slider_bars((50, 5000))
    assert found["Sliders"] == [*latency.TECHNIQUES, *latency.TECHNIQUES, latency.ECHO[0]]
    assert "| ipympl, `set_data` | 50 | not here | not here |" in page
    assert "| our explorer | 5,000 | 60 | 60 | 18 | 50 | 5.5 | 20 | 300 |" in page
    assert "| `01_gradient_descent` | learning rate lr | 40 | 40 | 25 | 50 | 5.5 | 20 | 300 |" in page
    assert found["Five thousand movements of one slider"] == list(endurance.HELD)


@pytest.mark.parametrize(
    ("bar", "measured", "met"),
    [
        ("drag: at least 10 times the pictures of `interact`, 50 steps", "12.50", "yes"),
        ("drag: at least 10 times the pictures of `interact`, 5,000 steps", "6.92", "no"),
        ("drag: at least 0.8 of the floor's pictures, 50 steps", "1.00", "yes"),
        ("drag: at least 0.7 of the floor's pictures, 5,000 steps", "0.72", "yes"),
        ("key press, 95 %: at most 1.4 times the floor's, 5,000 steps", "1.50", "no"),
        ("key press, 95 %: at most a fifth of `interact`'s, 50 steps", "0.10", "yes"),
        ("key press, 95 %: at most a fifth of `interact`'s, 5,000 steps", "0.29", "no"),
        ("first picture within 400 ms, every explorer", "300 ms", "yes"),
        ("memory of kernel and page: less than 1 MB more over 4,000 movements", "4 MB", "no"),
        ("no comm and no figure left behind", "0", "yes"),
    ],
)
def test_a_bar_of_the_sliders(bar, measured, met):
    assert (bar, measured, met) in list(slider_report.bars(LATENCY))


def test_without_a_browser_the_page_says_so(results):
    assert "## Sliders\n\nNot measured here: no Chromium: see README." in report.report(
        {**results, "latency": "no Chromium: see README"}
    )
    assert slider_report.bars("no Chromium") == []


def test_without_a_browser_measuring_says_why(monkeypatch):
    def missing():
        raise latency.Missing("no Chromium: see README")

    monkeypatch.setattr(latency, "chromium", missing)
    assert latency.measure() == "no Chromium: see README"
