"""Sliders wait for a prediction; then it stands beside the run's figure and theory's, and is kept."""

import re

import ipywidgets as widgets
import numpy as np
import pytest
from entered import READ, REFUSED, THOUSANDS, VANISHING
from svg_paths import points

from course_utils import plots, progress
from course_utils.data import diabetes, digits
from course_utils.explorers import DescentExplorer, DropExplorer, LiveFigure, MomentumPadExplorer, TrainingExplorer
from course_utils.explorers.controls import Slider
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.guesses import Number, Point
from course_utils.explorers.measured import MEASURED, NEEDS
from course_utils.explorers.prediction import HEADS, Prediction
from course_utils.explorers.question import predictions, questions
from course_utils.network import Network
from course_utils.problems import LeastSquares, Quadratic

VALLEY = Quadratic([0.1, 10])
AROUND = ((-1, 1), (-1, 1))
CROSS = 'stroke-dasharray="40 30"'


def training(epochs=30, **more):
    X, y, X_test, y_test = digits()
    parts = (Network(X[:, :64], y, hidden=(32,)), Network(X_test[:, :64], y_test, hidden=(32,)))
    return TrainingExplorer(*parts, epochs=epochs, lr=0.1, **more)


def steady(scale=1.0):
    """A network on noise, which no lr of the slider throws about."""
    network = Network(scale * np.random.default_rng(0).normal(size=(32, 6)), np.arange(32) % 4, hidden=(4,))
    return TrainingExplorer(network, network, epochs=2)


def noisy(people=None, w0=(-0.6, -0.6)):
    people, sliders = people or LeastSquares(*diabetes(["s1", "s2"])), ("lr", "batch_size", "seed")
    return DescentExplorer(people, w0, 20, sliders, lr=0.1, window=AROUND)


def with_beta(problem=VALLEY, w0=(-4, 1.5)):
    return DescentExplorer(problem, w0, steps=60, sliders=("lr", "beta"), lr=0.05, beta=0.0)


MAKE = {  # as in the lessons
    "01-end": lambda: DescentExplorer(VALLEY, [-4, 1.5], steps=60, sliders=("lr", "w0"), lr=0.05),
    "02-work": noisy,
    "03-best-beta": with_beta,
    "03-cross": lambda: MomentumPadExplorer(VALLEY, [-4, 1.5], steps=60, lr=0.05, beta=0.0),
    "04-mark": training,
    "05-apart": DropExplorer,
}
ANSWERS = {  # what a learner may enter, and how it is shown
    "01-end": (["0", "1"], "(0, 1)"),
    "02-work": (["B"], "B. 442, all of them: its gradient is exact"),
    "03-best-beta": (["0,5"], "0.5"),
    "03-cross": (["0.82"], "0.82"),
    "04-mark": (["C"], "C. Higher than at the start"),
    "05-apart": (["0.35"], "0.35"),
}


@pytest.fixture(autouse=True)
def learner(monkeypatch, tmp_path):
    """A learner without any progress, whose sliders wait."""
    monkeypatch.setenv("SGD_COURSE_PROGRESS", str(tmp_path / "progress.sqlite"))
    monkeypatch.delenv("SGD_COURSE_LOCKS")


def asked(name):
    explorer = MAKE[name]().predict(name)
    return explorer, explorer.prediction


def disabled(explorer):
    """Whether each slider and the buttons are disabled."""
    assert explorer.sliders
    return [control.disabled for control in [*explorer.sliders, explorer.buttons]]


def kept():
    return [(kind, name, value) for _, kind, name, value in progress.events()]


@pytest.mark.parametrize("name", MAKE)
def test_locked_until_answered(name):
    explorer, prediction = asked(name)
    assert explorer.children[0] is prediction
    assert all(disabled(explorer))
    assert prediction.locked
    assert prediction.rows == []
    texts, shown = ANSWERS[name]
    prediction._handle_custom_msg({"commit": texts}, [])  # as the page sends it
    assert not any(disabled(explorer))
    assert not prediction.locked
    assert [head for head, _ in prediction.rows] == list(HEADS)
    assert prediction.rows[0][1] == shown
    assert all(value for _, value in prediction.rows)
    assert prediction.says.endswith(predictions()[name]["theory"])
    assert kept() == [("prediction", name, "; ".join(texts))]


@pytest.mark.parametrize("name", MAKE)
def test_kept_for_the_next_time(name):
    _, first = asked(name)
    first.commit(ANSWERS[name][0])
    explorer, again = asked(name)
    assert (again.rows, again.says) == (first.rows, first.says)
    assert not any(disabled(explorer))
    again.commit(ANSWERS[name][0])  # there is nothing to answer any more
    again.skip()
    assert len(kept()) == 1


@pytest.mark.parametrize("name", MAKE)
def test_skipped(name):
    explorer, prediction = asked(name)
    prediction._handle_custom_msg({"skip": []}, [])
    assert not any(disabled(explorer))
    assert prediction.rows[0] == (HEADS[0], "skipped")
    assert prediction.says == predictions()[name]["theory"]
    assert kept() == [("prediction", name, "skipped")]
    explorer, again = asked(name)
    assert again.rows == prediction.rows
    assert not any(disabled(explorer))


@pytest.mark.parametrize("name", MAKE)
@pytest.mark.parametrize("setting", ["off", " OFF "])
def test_locks_off(name, setting, monkeypatch):
    monkeypatch.setenv("SGD_COURSE_LOCKS", setting)
    explorer, prediction = asked(name)
    assert not any(disabled(explorer))
    assert not prediction.locked
    assert prediction.rows == []
    prediction.commit(ANSWERS[name][0])
    assert len(prediction.rows) == 3


def test_the_first_answer_stays_in_a_second_copy_too():
    first, second, third = (MAKE["05-apart"]().predict("05-apart") for _ in range(3))
    first.prediction.commit(["0.3"])
    second.prediction.commit(["0.36"])
    third.prediction.skip()
    assert second.prediction.rows == third.prediction.rows == first.prediction.rows
    assert not second.drop.disabled
    assert progress.summary()["predictions"]["05-apart"] == "0.3"


def test_the_first_answer_stays():
    _, prediction = asked("03-best-beta")
    for text in ("0.2", "0.9"):
        prediction.commit([text])
    assert prediction.rows[0][1] == "0.2"
    assert kept() == [("prediction", "03-best-beta", "0.2")]


@pytest.mark.parametrize(
    ("name", "texts", "says"),
    [
        ("03-best-beta", ["abc"], "Enter beta as a number from 0 to 0.99; not 'abc'."),
        ("03-best-beta", ["1"], "Enter beta as a number from 0 to 0.99; not '1'."),
        ("03-best-beta", ["-0.1"], "Enter beta as a number from 0 to 0.99; not '-0.1'."),
        ("03-best-beta", ["nan"], "not 'nan'"),
        ("03-best-beta", ["  "], "Enter beta as a number from 0 to 0.99; the field is empty."),
        ("01-end", ["0", ""], "Enter w2 as a number from -2 to 2; the field is empty."),
        ("01-end", ["6", "0"], "Enter w1 as a number from -5 to 5; not '6'."),
        ("02-work", ["E"], "Choose one of A, B, C, D."),
        ("02-work", [""], "Choose one of A, B, C, D."),
    ],
)
def test_what_is_no_answer_stays_locked_and_says_what_to_enter(name, texts, says):
    explorer, prediction = asked(name)
    prediction.commit(texts)
    assert says in prediction.says
    assert prediction.wrong
    assert all(disabled(explorer))
    assert prediction.rows == []
    assert kept() == []
    prediction.commit(ANSWERS[name][0])
    assert not prediction.wrong
    assert len(prediction.rows) == 3


@pytest.mark.parametrize(
    ("name", "given", "kept_as"),
    [("03-best-beta", "0.85", "0.85"), ("03-best-beta", 0.5, "0.5"), ("03-best-beta", [np.float64(0.5)], "0.5"),
     ("03-best-beta", np.array([0.5]), "0.5"), ("01-end", (1, 0.5), "1; 0.5"), ("01-end", np.array([1, -1]), "1; -1"),
     ("02-work", "B", "B")],
)  # fmt: skip
def test_from_code_what_is_plainly_meant_is_taken(name, given, kept_as):
    _, prediction = asked(name)
    prediction.commit(given)
    assert len(prediction.rows) == 3
    assert kept() == [("prediction", name, kept_as)]


@pytest.mark.parametrize("given", [[], ["0.5", "x"], None, [None], {}, [["0.5"]], b"1", 1j, ["1"] * 3])
@pytest.mark.parametrize(
    ("name", "fields"), [("01-end", "w1 and w2"), ("02-work", "the letter of an answer"), ("03-best-beta", "beta")]
)
def test_what_is_no_list_of_texts_is_refused_with_what_to_hand_over(name, fields, given):
    explorer, prediction = asked(name)
    given = given[:1] if name == "01-end" and given == ["0.5", "x"] else given
    for take in (prediction.commit, prediction.aim):
        with pytest.raises(ValueError, match=f"^hand over {fields} in a list of texts or numbers, got "):
            take(given)
    assert all(disabled(explorer))
    assert kept() == []


def test_the_field_that_is_wrong_is_marked_until_it_is_mended():
    explorer, prediction = asked("01-end")
    both = "Enter w1 as a number from -5 to 5; not '6'. Enter w2 as a number from -2 to 2; the field is empty."
    second = "Enter w2 as a number from -2 to 2; not '9'."
    seen = []
    for kind, texts in (
        ("commit", ["1", "9"]), ("commit", ["6", ""]), ("aim", ["7", ""]), ("aim", ["2", "9"]), ("aim", ["x", "9"]),
        ("aim", ["x", "1"]),
    ):  # fmt: skip
        prediction._handle_custom_msg({kind: texts}, [])
        seen.append((prediction.wrong, prediction.says))
    assert seen == [([1], second), ([0, 1], both), ([0, 1], both), ([1], second), ([1], second), ([], "")]
    assert all(disabled(explorer))


def test_a_mark_goes_when_a_number_is_mended_too():
    _, prediction = asked("03-best-beta")
    prediction.commit(["x"])
    prediction._handle_custom_msg({"aim": ["2"]}, [])
    assert (prediction.wrong, prediction.says) == ([0], "Enter beta as a number from 0 to 0.99; not 'x'.")
    prediction._handle_custom_msg({"aim": ["0.2"]}, [])
    assert (prediction.wrong, prediction.says) == ([], "")
    assert kept() == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,5", 1.5), ("1e-3", 0.001), (" 0.5 ", 0.5), ("1E−3", 0.001), (".5", 0.5), ("5.", 5), ("+2", 2)],
)
def test_numbers_that_are_understood(text, value):
    assert Number(field="x", low=0, high=10, tolerance=1).read([text]) == value


@pytest.mark.parametrize("text", ["1_0", "10^-3", "½", "٣", "0x10", "1/3", "1.2.3", "1 000", "2²", "1e"])
def test_numbers_that_are_refused_with_how_to_write_them(text):
    words = f"Enter x as a number from 0 to 10, written such as 0.25 or 2.5e-1; not {text!r}."
    with pytest.raises(ValueError, match=re.escape(words)):
        Number(field="x", low=0, high=10, tolerance=1).read([text])


@pytest.mark.parametrize("text", READ)
def test_a_number_is_read_as_in_the_page(text):
    assert Number(field="x", low=-2000, high=2000, tolerance=1).read([text]) == READ[text]


@pytest.mark.parametrize("text", THOUSANDS)
def test_a_comma_that_may_mean_thousands_is_refused(text):
    words = f"Enter x as a number from -1e+06 to 1e+06, without the comma, which may mean thousands; not {text!r}."
    with pytest.raises(ValueError, match=re.escape(words)):
        Number(field="x", low=-1e6, high=1e6, tolerance=1).read([text])


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_in_the_page_is_refused(text):
    with pytest.raises(ValueError, match=r"^Enter x as a number from -10 to 10.*(; not .*|; the field is empty)\.$"):
        Number(field="x", low=-10, high=10, tolerance=1).read([text])


@pytest.mark.parametrize("text", VANISHING)
def test_what_would_be_rounded_to_0_is_not_taken_for_it(text):
    words = f"Enter x as a number from -10 to 10; not {text[:20]!r}, which is too near 0 to be told from it."
    with pytest.raises(ValueError, match=re.escape(words)):
        Number(field="x", low=-10, high=10, tolerance=1).read([text])


@pytest.mark.parametrize("text", ["inf", "nan", "-Infinity", "1e999"])
def test_what_is_no_finite_number_is_refused(text):
    with pytest.raises(ValueError, match=re.escape(f"Enter x as a number from 0 to 10; not {text!r}.")):
        Number(field="x", low=0, high=10, tolerance=1).read([text])


@pytest.mark.parametrize(
    ("name", "old"), [("03-best-beta", "B"), ("02-work", "0.5"), ("01-end", "0.5"), ("03-best-beta", "0.5; 1")]
)
def test_a_kept_answer_to_another_question_is_asked_again(name, old):
    progress.record("prediction", name, old)
    explorer, prediction = asked(name)
    assert prediction.rows == []
    assert all(disabled(explorer))


def figures(name):
    """The explorer after its question, what the run showed and what theory says, as numbers or text."""
    explorer = MAKE[name]()
    return explorer, *(figure(explorer) for figure in MEASURED[name])


def test_end_of_the_run():
    explorer, shown, theory = figures("01-end")
    np.testing.assert_allclose(shown, theory, atol=1e-12)
    np.testing.assert_allclose(shown, [-4 * 0.99**60, 0], atol=1e-12)
    assert explorer.lr.value == 0.1
    assert abs(theory[0]) > 4 / 2  # less than half the way, as the sentence says


def test_end_in_theory_where_directions_are_oblique():
    people = LeastSquares(*diabetes(["s1", "s2"]))
    explorer = DescentExplorer(people, [-0.6, -0.6], window=AROUND)
    shown, theory = (figure(explorer) for figure in MEASURED["01-end"])
    np.testing.assert_allclose(shown, theory, rtol=1e-9)


def test_batch_size_for_the_same_work():
    explorer, shown, theory = figures("02-work")
    assert shown == "batch size 64 ends lowest"
    assert theory == "batch size 64"
    right = next(a["text"] for a in predictions()["02-work"]["answers"] if a.get("correct"))
    assert right == "One between, near 64"
    ends = {size: explorer.at(batch_size=size).run for size in (1, 64, 442)}
    assert [run.steps[-1] for run in ends.values()] == [8840, 140, 20]  # as the feedback says
    assert ends[64].loss[-1] < min(ends[1].loss[-1], ends[442].loss[-1])
    left = (1 - 0.1 * explorer.problem.mu) ** (2 * 20)
    assert left == pytest.approx(2 / 3, abs=0.02)


def test_best_beta():
    explorer, shown, theory = figures("03-best-beta")
    ends = {beta: explorer.at(beta=beta).run.loss[-1] for beta in explorer.beta.stops}
    assert shown == min(ends, key=ends.get)
    assert theory == pytest.approx((1 - np.sqrt(0.005)) ** 2)
    assert theory < shown < theory + 0.03


def test_factor_at_the_cross():
    explorer, shown, theory = figures("03-cross")
    np.testing.assert_allclose(explorer.pad.value, [(2 / 11) ** 2 * 10, (9 / 11) ** 2])
    assert shown == pytest.approx(theory, abs=1e-12)
    stated = re.search(r"is ([\d.]+)\. Which", predictions()["03-cross"]["question"])[1]
    assert f"{stated} by theory in the long run, {shown:.3f} measured over 60 steps" in explorer.text
    assert f"{explorer.factor:.3f}" == "0.885"  # as the lesson says


def test_below_the_mark_the_loss_grows_nevertheless():
    explorer, shown, theory = figures("04-mark")
    first, last = map(float, re.findall(r"\d+\.\d+", shown))
    assert (first, last) == (pytest.approx(explorer.losses[0], abs=0.01), pytest.approx(explorer.losses[2], abs=0.01))
    assert last > first
    limit = float(re.search(r"lr below ([\d.]+) converges", theory)[1])
    assert limit > 1
    assert f"limit 2(1+beta)/L = {limit}" in explorer.lr.marks[0]["label"]


@pytest.mark.parametrize("more", [{"preview": 1}, {"epochs": 1}])
def test_two_epochs_are_measured_however_few_are_shown_first(more):
    (run, _), explorer = MEASURED["04-mark"], training(**more)
    assert run(explorer) == run(training())
    assert explorer.epoch == 2


def test_distance_apart():
    explorer, shown, theory = figures("05-apart")
    assert shown == pytest.approx(theory, rel=1e-3)
    stated = re.search(r"end ([\d.]+) apart", predictions()["05-apart"]["question"])[1]
    assert f"{stated} apart" in explorer.at(beta=0.9).text
    assert explorer.rate * 0.9 * 0.9 / 0.1**2 == pytest.approx(0.81)  # the last number of theory's sentence


def test_each_prediction_has_its_text_its_figures_and_an_id_of_its_own():
    assert set(predictions()) == set(MEASURED) == set(NEEDS) == set(MAKE)
    assert not set(predictions()) & set(questions())
    for text in predictions().values():
        answers = text.get("answers", [])
        assert len([a for a in answers if a.get("correct")]) == (1 if answers else 0)
        assert len({a["feedback"] for a in answers}) == len(answers)


@pytest.mark.parametrize(("letter", "begins"), [("A", "Not this one: 8,840"), ("C", "Right: 140 steps")])
def test_answers_have_their_feedback(letter, begins):
    _, prediction = asked("02-work")
    prediction.commit([letter])
    assert prediction.says.startswith(begins)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("0.9", "A near prediction."),
        ("0.5", "You predicted 0.38 less than"),
        ("0.95", "You predicted 0.07 more than"),
    ],
)
def test_numbers_are_judged(text, verdict):
    _, prediction = asked("03-best-beta")
    prediction.commit([text])
    assert prediction.says.startswith(verdict)


def test_what_is_just_near_enough_in_decimals_is_near():
    beta = Number(field="beta", low=0, high=1, tolerance=0.03)
    assert [beta.verdict(*pair) for pair in ((0.85, 0.88), (0.88, 0.85))] == ["A near prediction."] * 2
    assert beta.verdict(0.84, 0.88) == "You predicted 0.04 less than the run showed."


@pytest.mark.parametrize("text", ["92", "92 %", " 92%", "92,0"])
def test_numbers_may_have_their_unit_and_a_comma(text):
    percent = Number(field="right", low=0, high=100, tolerance=1, unit="%")
    assert percent.fields == ["right, in %"]
    assert percent.read([text]) == 92
    assert percent.show(92.4) == "92.4 %"
    with pytest.raises(ValueError, match="from 0 to 100 %; not '101'"):
        percent.read(["101"])


def test_a_minus_sign_is_a_minus():
    explorer, prediction = asked("01-end")
    prediction.commit(["\N{MINUS SIGN}2,2", "-0.1"])
    assert prediction.rows[0][1] == "(-2.2, -0.1)"
    assert prediction.says.startswith("A near prediction.")
    assert "you, and the run" in explorer.figure.svg


def test_the_place_predicted_stays_in_the_picture():
    explorer, prediction = asked("01-end")
    before = explorer.figure.svg
    prediction._handle_custom_msg({"aim": ["1", ""]}, [])  # half entered
    assert explorer.figure.svg == before
    prediction._handle_custom_msg({"aim": ["1", "-1.5"]}, [])
    assert CROSS in explorer.figure.svg
    prediction._handle_custom_msg({"aim": ["99", "-1.5"]}, [])  # outside: there is no such place
    assert CROSS not in explorer.figure.svg
    prediction._handle_custom_msg({"aim": ["1", "-1.5"]}, [])
    prediction.commit(["1", "-1.5"])
    explorer.lr.value = 0.15
    assert CROSS not in explorer.figure.svg
    for label in ("you predicted", "run asked about"):
        assert f">{label}</text>" in explorer.figure.svg
    dots = {tuple(place) for place in points(explorer.figure.svg, "linecap").astype(int).tolist()}
    ax, plane = explorer.figure.fig.axes[0], prediction.plane
    for point in ((1, -1.5), (-4 * 0.99**60, 0)):
        share = [(v - low) / (high - low) for v, (low, high) in zip(point, (plane["x"], plane["y"]), strict=True)]
        left, top, right, bottom = plane["box"]  # where the page takes a click for this point
        x = (left + share[0] * (right - left)) * explorer.figure.width
        y = (bottom - share[1] * (bottom - top)) * explorer.figure.height
        assert any(abs(a - x) <= 1 and abs(b - y) <= 1 for a, b in dots), (point, dots)
    assert ax.get_xlabel() == prediction.fields[0]
    colors = [explorer.figure._artists[name].color for name in ("predicted", "shown")]
    assert colors == [plots.COLORS["sgd"], plots.COLORS["theory"]]
    aimed = explorer.figure.svg
    prediction._handle_custom_msg({"aim": ["2", "1"]}, [])  # after the answer there is nothing to aim at
    assert explorer.figure.svg == aimed


def test_the_place_is_in_every_picture_of_the_explorer(point):
    explorer = noisy()
    point(explorer, 0, [0.1, 0.2], 0.1)
    assert all(disabled(explorer))
    assert explorer.against.disabled
    explorer.prediction.commit(["-0.5", "0.5"])
    assert not explorer.against.disabled
    first = explorer.figure
    explorer.against.value = "steps"  # another picture
    assert explorer.figure is not first
    assert "you predicted" in explorer.figure.svg
    assert "run" in explorer.figure.svg
    place = explorer.figure.fig.axes[0].get_position()
    assert explorer.prediction.plane["box"][0] == place.x0


def test_the_whole_run_is_measured_and_shown_whatever_was_on_the_screen(monkeypatch):
    monkeypatch.setenv("SGD_COURSE_LOCKS", "off")
    explorer, prediction = asked("01-end")
    explorer.at(lr=0.1).step()
    assert explorer.shown == 1
    prediction.commit(["0", "0"])
    assert prediction.rows[1][1] == "(-2.19, 0)"
    assert explorer.shown == 61


@pytest.mark.parametrize("name", ["01-end", "02-work", "03-cross", "04-mark"])
def test_the_question_is_about_the_first_values_whatever_was_moved(name, monkeypatch):
    _, first = asked(name)
    first.skip()
    progress.reset()
    monkeypatch.setenv("SGD_COURSE_LOCKS", "off")
    explorer, prediction = asked(name)
    for slider in explorer.sliders:
        if hasattr(slider, "stops"):
            slider.value = [stops[4] for stops in slider.stops] if name == "03-cross" else slider.stops[4]
    prediction.skip()
    assert prediction.rows == first.rows


def test_a_point_needs_linear_or_log_axes():
    _, ax = plots.panels(1)
    ax.set(yscale="symlog")
    with pytest.raises(ValueError, match="linear or log axes"):
        Point(ax, 0.1)


def test_the_place_is_not_in_pictures_with_other_axes(point, monkeypatch):
    monkeypatch.setenv("SGD_COURSE_LOCKS", "off")
    explorer = noisy()
    prediction = point(explorer, 1, [20, 0.1], [1, 0.5])
    box = prediction.plane["box"]
    for against in ("steps", "seconds", "epochs"):
        explorer.at(against=against)
        assert bool(prediction.plane) == (against == "epochs")
        prediction.aim(["10", "0.1"])
        assert (CROSS in explorer.figure.svg) == (against == "epochs")
    assert (prediction.plane["box"], prediction.plane["x"]) == (box, [0, 20])
    prediction.commit(["10", "0.1"])
    assert "you predicted" in explorer.figure.svg
    for against in ("steps", "seconds", "epochs"):
        explorer.at(against=against)
        assert ("you predicted" in explorer.figure.svg) == (against == "epochs")


def test_each_axis_may_have_a_tolerance_of_its_own(point):
    prediction = point(MAKE["03-best-beta"](), 1, [60, 0.01], [5, 0.1])
    prediction.commit(["57", "0.01"])
    assert prediction.says.startswith("A near prediction.")


@pytest.mark.parametrize("shown", [[60, 0], [60, 1e-13]])
def test_on_a_log_axis_0_is_near_to_nothing(point, shown, recwarn):
    prediction = point(MAKE["03-best-beta"](), 1, shown, 0.5)
    prediction.commit(["60", "0.0001"])
    assert prediction.says.startswith("The place you predicted is not where")
    assert prediction.rows[1][1] == f"(60, {shown[1]:g})"
    assert not recwarn.list


@pytest.fixture
def point(monkeypatch):
    """Ask an explorer for a point in one of its panels."""

    def point(explorer, panel, shown, tolerance):
        entry = {"kind": "point", "question": "?", "panel": panel, "tolerance": tolerance, "theory": "."}
        monkeypatch.setitem(predictions(), "own", entry)
        monkeypatch.setitem(MEASURED, "own", (lambda e: np.array(shown), lambda e: np.array(shown)))
        return explorer.predict("own").prediction

    return point


def test_a_point_in_another_panel_with_a_log_axis(point):
    explorer = MAKE["03-best-beta"]()
    prediction, ax = point(explorer, 1, [60, 0.01], 0.5), explorer.figure.fig.axes[1]
    assert prediction.fields == ["step", "loss above the minimum"]
    assert prediction.plane["logs"] == [False, True]
    assert prediction.plane["y"] == list(ax.get_ylim())
    assert prediction.plane["box"][0] == ax.get_position().x0
    prediction.commit(["60", "0"])
    assert prediction.says.startswith("Enter loss above the minimum as a number from ")
    prediction.commit(["30", "0.001"])
    assert prediction.says.startswith("The place you predicted is not where the run was.")
    words_at = explorer.figure._artists["predicted label"].data[1].item()
    assert np.log10(0.001 / words_at) == pytest.approx(np.diff(np.log10(ax.get_ylim())).item() / 10)


@pytest.mark.parametrize(("loss", "near"), [("0.02", True), ("0.06", False)])
def test_near_on_a_log_axis_is_so_many_decades(point, loss, near):
    prediction = point(MAKE["03-best-beta"](), 1, [60, 0.01], 0.5)
    prediction.commit(["60", loss])
    assert prediction.says.startswith("A near prediction.") == near


def test_a_point_can_be_asked_of_the_explorer_that_trains(point):
    explorer = training()
    prediction = point(explorer, 1, [2, 0.9], 0.05)
    assert prediction.fields[1] == explorer.figure.fig.axes[1].get_ylabel()
    prediction.commit(["2", "0.88"])
    assert prediction.says.startswith("A near prediction.")
    assert "you, and the run" in explorer.figure.svg


def test_a_panel_that_is_not_there_is_refused(point):
    with pytest.raises(ValueError, match="panel must be a whole number from 0 to 1, got 2"):
        point(MAKE["03-best-beta"](), 2, [0, 0], 1)


def test_without_a_kernel_the_question_stands_before_the_run():
    explorer, prediction = asked("02-work")
    data, metadata = explorer._repr_mimebundle_()
    told = data["text/plain"]
    assert told == metadata["image/png"]["alt"]
    assert told.startswith(prediction.question)
    assert "\nD. None: with the same work they end alike\n" in told
    assert told.endswith(explorer.text)
    assert "Not this one" not in told
    prediction.commit(["B"])
    assert "you predicted: B. 442" in explorer._repr_mimebundle_()[0]["text/plain"]


class Tiny(Explorer):
    """An explorer with a control that was disabled before, and one deep inside."""

    def __init__(self):
        self.speed = Slider("speed", [1, 2, 3], 2)
        self.off, self.deep = widgets.Button(disabled=True), widgets.FloatText()
        fig, ax = plots.panels(1)
        figure = LiveFigure(fig, "A dot.")
        figure.points("dot", ax, plots.COLORS["gd"])
        super().__init__([self.speed], figure, below=[self.off, widgets.VBox([widgets.HBox([self.deep])])])

    def update(self):
        self.show(f"speed {self.speed.value:g}", dot=([self.speed.value], [0]))


def test_every_explorer_takes_one_and_gets_its_controls_back(monkeypatch):
    entry = {"kind": "number", "question": "?", "field": "speed", "low": 0, "high": 9, "tolerance": 1, "theory": "."}
    monkeypatch.setitem(predictions(), "own", entry)
    monkeypatch.setitem(MEASURED, "own", (lambda e: e.at(speed=3).speed.value, lambda e: 3.0))
    tiny = Tiny().predict("own")
    assert [c.disabled for c in (tiny.speed, tiny.off, tiny.deep)] == [True, True, True]
    tiny.prediction.commit(["2"])
    assert [c.disabled for c in (tiny.speed, tiny.off, tiny.deep)] == [False, True, False]
    assert [value for _, value in tiny.prediction.rows] == ["2", "3", "3"]
    assert tiny.text == "speed 3"
    tiny.reset()
    assert tiny.text == "speed 2"


def test_an_explorer_without_update_says_what_it_needs():
    class Bare(Explorer):
        pass

    with pytest.raises(NotImplementedError, match=r"Bare needs update\(self\)"):
        Bare([], LiveFigure(plots.panels(1)[0], "Nothing."))


def test_an_update_that_shows_nothing_says_what_it_needs():
    class Silent(Explorer):
        def update(self):
            self.run = 1

    with pytest.raises(TypeError, match=r"Silent's update must end with self.show\(words, name=\(x, y\)\)"):
        Silent([], LiveFigure(plots.panels(1)[0], "Nothing."))


def test_a_figure_that_fails_leaves_the_sliders_open(monkeypatch):
    monkeypatch.setitem(MEASURED, "05-apart", (lambda e: e.at(nothing=1), lambda e: 1.0))
    explorer, prediction = asked("05-apart")
    with pytest.raises(ValueError, match="no slider is called nothing; there are drop, beta"):
        prediction.commit(["1"])
    assert not any(disabled(explorer))
    assert kept() == []  # or it would fail again and again


def test_bad_arguments():
    for name in ("nonsense", ["01-end"], np.array([1, 2])):
        with pytest.raises(ValueError, match=re.escape(f"no prediction called {name!r}; there are 01-end, ")):
            MAKE["05-apart"]().predict(name)
    explorer, _ = asked("05-apart")
    with pytest.raises(ValueError, match="already asks '05-apart'"):
        explorer.predict("05-apart")


@pytest.mark.parametrize(
    ("name", "make", "missing"),
    [
        ("03-best-beta", MAKE["01-end"], "it has no slider called beta"),
        ("02-work", MAKE["01-end"], "it has no slider called batch_size"),
        ("05-apart", lambda: DropExplorer(steps=10), "lr drops at step must satisfy 1 to 10, got 20"),
        ("01-end", MAKE["05-apart"], "it has no slider called lr"),
        ("03-best-beta", MAKE["04-mark"], "'TrainingExplorer' object has no attribute 'problem'"),
        ("01-end", lambda: DescentExplorer(VALLEY, [-4, 1.5], 20), "the question is about steps = 60, here it is 20"),
        ("01-end", MAKE["03-best-beta"], "the question is about moving = False, here it is True"),
        ("05-apart", lambda: DropExplorer(lr=0.1), "the question is about rate = 0.01, here it is 0.1"),
        ("03-cross", lambda: MomentumPadExplorer(Quadratic([1, 10]), [-4, 1]), "about kappa = 100, here it is 10"),
        ("03-cross", lambda: MomentumPadExplorer(Quadratic([1, 100]), [-4, 1]), "lr must satisfy"),
        ("01-end", lambda: DescentExplorer(Quadratic([1, 5]), [4, 1.5]), "about mu = 0.1, here it is 1"),
        ("01-end", lambda: DescentExplorer(Quadratic([0.1, 45]), [4, 1.5]), "about L = 10, here it is 45"),
        (
            "01-end",
            lambda: DescentExplorer(VALLEY, [4, 1.5], window=((3, 5), (1, 2))),
            "a run that ends in the picture, here it ends at (2.19, 0): choose another window",
        ),
        ("02-work", lambda: noisy(LeastSquares([[1, 0], [0, 2]], [1, 1])), "about n = 442, here it is 2"),
        ("02-work", lambda: noisy(LeastSquares(*diabetes(["bmi", "bp"]))), "two thirds of its loss, here it keeps 0."),
        ("02-work", lambda: noisy(w0=[0, -0.4]), "a start from which batch size 64 is best by theory, here it is "),
        ("03-best-beta", lambda: with_beta(Quadratic([1, 10])), "about mu = 0.1, here it is 1"),
        ("03-best-beta", lambda: with_beta(w0=[0, 1.5]), "above 0.86 is best, here it is 0.09: start farther along"),
        ("04-mark", lambda: training(epochs=1), "about 2 epochs, here there is 1"),
        ("04-mark", lambda: steady(), "a network whose loss clearly grows with lr = 1, here it goes from 1.35 to 1.22"),
        ("04-mark", lambda: steady(40), "a mark above lr = 1, here it is below"),
    ],
)
def test_a_question_that_an_explorer_cannot_answer_is_refused_at_once(name, make, missing):
    explorer = make()
    said = explorer.text
    with pytest.raises(ValueError, match=re.escape(f"the question {name!r} does not fit this explorer: ")) as caught:
        explorer.predict(name)
    assert missing in str(caught.value)
    assert "\n" not in str(caught.value)
    assert explorer.prediction is None
    assert explorer.text == said
    assert not any(disabled(explorer))


@pytest.mark.parametrize("name", MAKE)
def test_a_question_at_hand_moves_nothing_and_measures_nothing(name, monkeypatch):
    explorer = MAKE[name]()
    before = explorer.text, [slider.value for slider in explorer.sliders]
    monkeypatch.setattr(explorer, "update", None)
    assert explorer.predict(name).prediction.rows == []
    assert (explorer.text, [slider.value for slider in explorer.sliders]) == before


@pytest.mark.parametrize("message", [{"commit": ["0.5"]}, {"skip": []}])
def test_the_view_that_answered_is_told_to_go_to_the_first_slider(message, monkeypatch):
    told = []
    monkeypatch.setattr(Prediction, "send", lambda prediction, content, buffers=None: told.append(content))
    explorer, prediction = asked("03-best-beta")
    prediction._handle_custom_msg({"commit": ["wrong"], "from": "here"}, [])
    assert told == []
    monkeypatch.setattr(Prediction, "send", lambda _, content, buffers=None: told.append((content, disabled(explorer))))
    prediction._handle_custom_msg({**message, "from": "here"}, [])
    assert told == [({"opened": "here"}, [False] * 3)]
    asked("03-best-beta")  # kept: nobody has pressed a key
    assert len(told) == 1
