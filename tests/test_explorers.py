"""Explorers, sliders and questions without a browser: traits in, lines and words out."""

import html
import itertools
import math
import re
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from svg_paths import points

from course_utils import progress
from course_utils.data import diabetes
from course_utils.descent import descend
from course_utils.explorers import DescentExplorer, DropExplorer, MomentumPadExplorer, TrainingExplorer, ask
from course_utils.explorers.controls import Slider, log_stops
from course_utils.explorers.question import questions
from course_utils.landscapes import Function
from course_utils.network import Network
from course_utils.optimizers import GradientDescent, Momentum, Nesterov
from course_utils.plots import COLORS
from course_utils.problems import LeastSquares, Quadratic, minibatches

VALLEY = Quadratic([0.1, 10])
PEOPLE = LeastSquares(*diabetes(["s1", "s2"]))
XOR = Network([[0.0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], hidden=(3,))
START, AROUND = [-0.6, -0.6], ((-1, 1), (-1, 1))
MAKE = {
    "lr": lambda: DescentExplorer(VALLEY, [-4, 1.5]),
    "lr beta": lambda: DescentExplorer(VALLEY, [-4, 1.5], sliders=("lr", "beta")),
    "lr batch": lambda: DescentExplorer(PEOPLE, START, 5, ("lr", "batch_size"), window=AROUND),
    "data, lr": lambda: DescentExplorer(PEOPLE, START, window=AROUND),
    "data, lr beta": lambda: DescentExplorer(PEOPLE, START, 30, ("lr", "beta")),
    "all": lambda: DescentExplorer(PEOPLE, START, 3, ("lr", "batch_size", "beta"), window=AROUND),
}


def some(stops, count=7):
    """The first and the last stop, and some between."""
    return sorted({stops[i] for i in np.linspace(0, len(stops) - 1, count).astype(int)})


def settings(explorer):
    sliders = [
        explorer.lr,
        *([explorer.batch_size] if explorer.stochastic else []),
        *([explorer.beta] if explorer.moving else []),
    ]
    for values in itertools.product(*(some(s.stops) for s in sliders)):
        yield dict(zip(sliders, values, strict=True))


def expected_run(explorer):
    lr, beta = explorer.lr.value, explorer.beta.value
    rule = Momentum(lr, beta) if explorer.moving else GradientDescent(lr)
    if not explorer.stochastic:
        return descend(explorer.problem, rule, explorer.w0, explorer.steps)
    size = int(explorer.batch_size.value)
    steps = explorer.steps * math.ceil(PEOPLE.n / size)
    return descend(PEOPLE, rule, explorer.w0, steps, minibatches(PEOPLE.n, size, np.random.default_rng(0)))


@pytest.mark.parametrize("name", MAKE)
def test_every_corner_of_the_sliders(name):
    explorer = MAKE[name]()
    figure = explorer.figure
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for setting in settings(explorer):
            for slider, value in setting.items():
                slider.value = value
            run = expected_run(explorer)
            np.testing.assert_array_equal(explorer.run.w, run.w)
            assert (f"diverged at step {run.diverged_at};" in explorer.text) == (run.diverged_at is not None)
            svg = figure.svg
            assert "nan" not in svg
            assert "inf" not in svg
            xs, ys = points(svg).T
            assert (xs > -20).all() and (xs < figure.width + 20).all()  # noqa: PT018
            assert (ys > -20).all() and (ys < figure.height + 20).all()  # noqa: PT018


@pytest.mark.parametrize("name", MAKE)
def test_reset(name):
    explorer = MAKE[name]()
    before = explorer.text, explorer.run.w
    for slider, value in next(iter(settings(explorer))).items():
        slider.value = value
    assert explorer.text != before[0]
    explorer.buttons.press("Reset")
    assert explorer.text == before[0]
    np.testing.assert_array_equal(explorer.run.w, before[1])


def test_limit_is_marked_where_the_run_starts_to_diverge():
    explorer = MAKE["lr beta"]()
    for beta in (0.0, 0.5, 0.9):
        explorer.beta.value = beta
        best, mark = explorer.lr.marks
        assert f"{2 * (1 + beta) / 10.1:.3g}" in best["label"]
        limit = 2 * (1 + beta) / 10
        assert f"{limit:.3g}" in mark["label"]
        low, high = explorer.lr.stops[0], explorer.lr.stops[-1]
        assert mark["share"] == pytest.approx(np.log(limit / low) / np.log(high / low), abs=0.005)
        for factor, side in ((0.97, "below"), (1.03, "above")):
            explorer.lr.value = factor * limit
            assert f"lr is {side} the limit" in explorer.text
            assert (explorer.run.loss[-1] > explorer.run.loss[0]) == (side == "above")


def test_marks_and_ends_of_the_scales():
    explorer = MAKE["lr"]()
    assert [m["label"] for m in explorer.lr.marks] == ["best 2/(mu+L) = 0.198", "limit 2/L = 0.2"]
    assert (explorer.lr.stops[0], explorer.lr.stops[-1]) == pytest.approx((0.2 / 300, 0.8))
    assert [m["label"] for m in MAKE["data, lr"]().lr.marks] == ["best 2/(mu+L) = 1", "limit 2/L = 1.05"]
    assert MAKE["all"]().batch_size.stops == [1, 2, 4, 8, 16, 32, 64, 128, 256, 442]


def test_marks_beside_small_batches_say_that_they_are_the_full_gradients():
    explorer = DescentExplorer(PEOPLE, START, 20, ("lr", "batch_size"), lr=1, batch_size=1, window=AROUND)
    assert "diverged" in explorer.text  # at the rate that is best for the full gradient
    told = [m["label"] for m in explorer.lr.marks]
    assert told == ["full gradient's best 2/(mu+L) = 1", "full gradient's limit 2/L = 1.05"]
    assert all(m["label"].startswith("full gradient's ") for m in MAKE["all"]().lr.marks)


@pytest.mark.parametrize("name", ["lr", "lr beta", "lr batch", "all"])
def test_picture_and_words_are_of_the_run(name):
    explorer = MAKE[name]()
    if explorer.stochastic:
        explorer.lr.value = 0.01
    run, floor = explorer.run, getattr(explorer.problem, "min_loss", 0)
    above = run.loss - floor
    left, right = explorer.figure.fig.axes
    x = run.evaluations / PEOPLE.n if explorer.stochastic else run.steps
    size = 0.02 * np.array([np.ptp(left.get_xlim()), np.ptp(left.get_ylim())])
    cross = explorer.problem.w_star + size * [[-1, 0], [0, 1]]  # where the strokes of the minimum begin and end
    start = np.column_stack([right.get_xlim(), above[[0, 0]]])
    lines = [(right, start), (left, run.w), (right, np.column_stack([x, above])), (left, cross)]
    if explorer.stochastic:
        lines.append((right, np.column_stack([right.get_xlim(), [explorer.floor] * 2])))
    strokes = re.findall(r'<path [^>]*fill="none"[^>]*>', explorer.figure.svg)
    for (ax, data), stroke in zip(lines, strokes, strict=True):
        seen = points(stroke)
        pixels = ax.transData.transform(data) * 96 / explorer.figure.fig.dpi
        expected = np.column_stack([pixels[:, 0], explorer.figure.height - pixels[:, 1]])
        np.testing.assert_allclose(seen[[0, -1]], expected[[0, -1]], atol=0.15)
    assert f"fell from {above[0]:.3g} to {above[-1]:.3g} in {run.steps[-1]} steps" in explorer.text
    assert explorer.figure.words == explorer.text
    assert f'aria-label="{html.escape(explorer.text)}"' in explorer.figure.svg


def test_words_of_a_run_that_grows_or_stays():
    explorer = MAKE["lr"]()
    explorer.lr.value = 0.203
    assert "grew from 12.1 to" in explorer.text
    still = DescentExplorer(VALLEY, [-4, 1.5], optimizer=lambda lr, beta: GradientDescent(0))
    assert "went from 12.1 to 12.1" in still.text


@pytest.mark.parametrize(
    ("lr", "told"),
    [
        (0.2 * (1 - 1e-5), "fell from 12.8 to 12.77 in"),
        (0.2 * (1 + 1e-4), "grew from 12.8 to 13.1 in"),
        (0.2 * (1 - 1e-6), "fell from 12.8 to 12.797 in"),
        (0.2, "went from 12.8 to 12.8 in"),  # it bounces: what differs is rounding
    ],
)
@pytest.mark.parametrize("turned", [0, 0.3, 1])
def test_a_loss_that_fell_or_grew_is_told_with_two_numbers(lr, told, turned):
    turn = np.array([[math.cos(turned), -math.sin(turned)], [math.sin(turned), math.cos(turned)]])
    bowl = Quadratic(turn @ np.diag([0.1, 10]) @ turn.T)
    assert told in DescentExplorer(bowl, turn @ [0, 1.6], lr=lr).text


@pytest.mark.parametrize("sliders", [("lr",), ("lr", "batch_size")])
def test_start_at_the_minimum_and_few_examples(sliders):
    few = LeastSquares([[1, 0], [0, 1], [1, 1]], [1, 2, 4])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explorer = DescentExplorer(few, few.w_star, 5, sliders)
        assert explorer.run.w.shape[1:] == (2,)
        explorer._repr_mimebundle_()


class Shifted(Quadratic):
    """Its least loss is 3, and only its w_star says where."""

    def loss(self, w):
        return super().loss(w) + 3


class Steepness:
    shape, L = (2,), 10.0

    def loss(self, w):
        return 5 * np.square(w).sum(-1)

    def grad(self, w, batch=None):
        return 10 * np.asarray(w)


def test_problems_of_ones_own():
    assert "the loss above its minimum fell from 5.5 to" in DescentExplorer(Shifted([1, 10]), [1, 1]).text
    pad = MomentumPadExplorer(Shifted([1, 10]), [1, 1], lr=0.1, beta=0.0)
    np.testing.assert_allclose(pad.figure._artists["loss"].data[1], pad.run.loss - 3)
    assert "lr is below the limit 0.2." in DescentExplorer(Steepness(), [1, 1]).text


class Rounded(Quadratic):
    """Its losses fall below its least one, by rounding."""

    min_loss = 1e-15


class Deep(Steepness):
    """Its least loss is -7, which it does not tell."""

    def loss(self, w):
        return super().loss(w) - 7


def test_no_loss_is_told_below_its_minimum():
    rounded, deep = (DescentExplorer(problem, [1, 1], lr=0.1) for problem in (Rounded([10, 10]), Deep()))
    assert "the loss above its minimum fell from 10 to 0 in 60 steps" in rounded.text
    assert "the loss fell from 3 to -7 in 60 steps" in deep.text
    assert deep.figure.fig.axes[1].get_ylabel() == "loss"
    for explorer, told in ((rounded, "loss above its minimum 0."), (deep, "loss -7.")):
        explorer.step()
        explorer.step()
        assert explorer.text.endswith(told)


def test_own_optimizer():
    explorer = DescentExplorer(VALLEY, [-4, 1.5], optimizer=lambda lr, beta: GradientDescent(lr / 2))
    explorer.lr.value = 0.1
    np.testing.assert_array_equal(explorer.run.w, descend(VALLEY, GradientDescent(0.05), [-4, 1.5], 60).w)
    assert "limit" not in explorer.text  # what is known of our own rules need not hold for it
    assert explorer.lr.marks == []


class Steep(Function):
    shape, L = (2,), 20.0


def exponential(w):
    return math.exp(w[0]) + math.exp(-w[0]) + w[1] ** 2


COSH = Steep(exponential, lambda w: np.array([math.exp(w[0]) - math.exp(-w[0]), 2 * w[1]]))
LOSS_ALONE = Steep(exponential, lambda w: np.array([30 * w[0], 2 * w[1]]))


def careful(lr, beta):
    if lr > 0.3:
        raise ValueError("too fast\nfor me")
    return GradientDescent(lr)


@pytest.mark.parametrize(
    ("problem", "more", "told"),
    [
        (COSH, {}, "lr = 0.4: OverflowError: math range error (line "),
        (LOSS_ALONE, {}, "lr = 0.4: OverflowError: math range error (line "),
        (LOSS_ALONE, {"yours": lambda w, g, lr: w - lr * g}, "lr = 0.4: OverflowError: math range error (line "),
        (Quadratic([0.1, 10]), {"optimizer": careful}, "lr = 0.8: ValueError: too fast for me (line "),
    ],
)
def test_what_a_problem_or_an_optimizer_raises_at_a_move_is_told_in_one_line(problem, more, told):
    explorer = DescentExplorer(problem, [-4, 1.5], **more)
    before = explorer.text
    explorer.lr.value = explorer.lr.stops[-1]
    assert explorer.text.startswith(told)
    assert "\n" not in explorer.text
    np.testing.assert_array_equal(explorer.run.w, [[-4, 1.5]])
    text = explorer.text
    explorer.step()
    assert explorer.text == text
    assert explorer._repr_mimebundle_()
    explorer.reset()
    assert explorer.text == before
    with pytest.raises((OverflowError, ValueError)):
        DescentExplorer(problem, [-4, 1.5], lr=explorer.lr.stops[-1], **more)


def test_a_start_without_a_loss_is_told():
    logs = Steep(lambda w: math.log(abs(w[0])) ** 2 + w[1] ** 2, lambda w: 2 * w)
    explorer = DescentExplorer(logs, [1, 1], sliders=("lr", "w0"), window=((-3, 2.1), (-2, 2)), lr=0.1)
    explorer.at(w0=[0, 0])
    assert "start w1 = 0, start w2 = 0: ValueError: math domain error" in explorer.text
    assert explorer._repr_mimebundle_()


def test_a_loss_that_fails_where_yours_goes_is_told_from_the_first_run_on():
    explorer = DescentExplorer(LOSS_ALONE, [-4, 1.5], lr=0.03, yours=lambda w, g, lr: w + lr * g)
    assert "Yours and ours part at step 1" in explorer.text
    assert " The loss of yours: OverflowError: math range error (line " in explorer.text
    assert len(explorer.run.w) == 61


def swapped(w, v, g, lr, beta):
    return v, w


WITH_YOURS = {
    "descent": lambda: DescentExplorer(VALLEY, [-4, 1.5], yours=lambda w, g, lr: w),
    "sgd": lambda: DescentExplorer(PEOPLE, START, 3, ("lr", "batch_size"), yours=lambda w, g, lr: w),
    "momentum": lambda: DescentExplorer(VALLEY, [-4, 1.5], sliders=("lr", "beta"), yours=swapped),
    "drop": lambda: DropExplorer(yours=swapped),
    "pad": lambda: MomentumPadExplorer(VALLEY, [-4, 1.5], yours=swapped),
    "training": lambda: TrainingExplorer(XOR, XOR, epochs=1, yours=swapped),
}
RUNS = {"ours": ["path", "loss"], "yours": ["yours path", "yours loss"]}
LEGENDS = {  # the lines of each entry, legend by legend
    "descent": [RUNS],
    "sgd": [RUNS],
    "momentum": [RUNS],
    "drop": [{"PyTorch": ["torch"], "Keras": ["keras"], "yours": ["yours"]}],
    "pad": [RUNS],
    "training": [{"ours": ["loss"], "yours": ["your loss"]}, {"ours": ["accuracy"], "yours": ["your accuracy"]}],
}


@pytest.mark.parametrize("name", WITH_YOURS)
def test_each_run_has_the_colour_of_its_legend_in_every_panel(name):
    figure = WITH_YOURS[name]().figure
    legends = [legend for ax in figure.fig.axes if (legend := ax.get_legend()) and legend.get_lines()]
    for legend, lines in zip(legends, LEGENDS[name], strict=True):
        entries = zip(legend.get_texts(), legend.get_lines(), strict=True)
        named = {text.get_text().partition(":")[0]: to_hex(line.get_color()) for text, line in entries}
        drawn = {label: {to_hex(figure._artists[line].color) for line in of_it} for label, of_it in lines.items()}
        assert drawn == {label: {color} for label, color in named.items()}
        assert len(set(named.values())) == len(named)


METHODS = {"lr": "gd", "data, lr": "gd", "lr batch": "sgd", "lr beta": "momentum", "all": "momentum"}


@pytest.mark.parametrize(("name", "method"), METHODS.items())
def test_a_run_has_the_colour_that_its_method_has_in_the_lessons(name, method):
    artists = MAKE[name]().figure._artists
    assert {to_hex(artists[line].color).upper() for line in ("path", "loss")} == {COLORS[method]}


def test_a_rule_that_is_not_ours_does_not_have_the_colour_of_momentum():
    figure = DescentExplorer(VALLEY, [-4, 1.5], sliders=("lr", "beta"), optimizer=Nesterov).figure
    assert to_hex(figure._artists["path"].color).upper() == COLORS["gd"]


@pytest.mark.parametrize("name", WITH_YOURS)
def test_a_dark_style_of_matplotlib_leaves_legends_as_they_are(name):
    make = WITH_YOURS[name]
    usual = make().figure.background
    with plt.style.context("dark_background"):
        assert make().figure.background == usual


def test_without_a_kernel_there_is_a_picture_and_words():
    explorer = MAKE["lr"]()
    data, metadata = explorer._repr_mimebundle_()
    assert data["text/plain"] == explorer.text == metadata["image/png"]["alt"]
    assert data["image/png"].startswith("iVBOR")
    assert data["text/html"].startswith(f'<img alt="{html.escape(explorer.text)}" src="data:image/png;base64,iVBOR')
    assert data["text/html"].endswith(f">{html.escape(explorer.text)}</div>")  # for eyes: the alt text is read out
    before = [len(ax.lines) for ax in explorer.figure.fig.axes]
    assert explorer._repr_mimebundle_()[0]["image/png"] == data["image/png"]
    assert [len(ax.lines) for ax in explorer.figure.fig.axes] == before  # the picture's lines are gone again


def test_slider():
    slider = Slider("lr", log_stops(0.001, 1), 0.1234, typing=True)
    assert slider.value == 0.1234
    slider.value = 7
    assert slider.value == 1
    slider.value = -1
    assert slider.value == 0.001
    slider.value = float("nan")
    assert slider.value == 0.001
    snapping = Slider("B", [1, 2, 4], 2)
    snapping.value = 3.4
    assert snapping.value == 4
    for size in np.array([1, 2, 4]):
        snapping.value = size
        assert (snapping.value, type(snapping.value)) == (size, float)
    for far, end in ((-1e300, 1), (1e300, 4)):
        snapping.value = far
        assert snapping.value == end
    from_zero = Slider("beta", [0, 0.5], 0.5, typing=True)
    from_zero.value = -0.0
    assert str(from_zero.value) == "0.0"
    between = Slider("B", [1, 2, 4], 3)  # a stop from now on
    assert (between.value, between.stops) == (3, [1, 2, 3, 4])
    narrow = Slider("lr", log_stops(0.05, 0.06), 0.0555)  # 101 numbers of three digits
    assert (narrow.stops[0], narrow.value, len(narrow.stops)) == (0.05, 0.0555, 101)
    assert len(slider.stops) == 201
    slider.mark({"in": 0.1, "off the scale": 5.0})
    assert [m["label"] for m in slider.marks] == ["in"]
    assert slider.marks[0]["share"] == pytest.approx(2 / 3, abs=1e-3)
    slider.mark({})
    assert slider.marks == []
    for wrong in ({"a": None}, {"a": "fast"}, {"a": [1, 2]}, {"a": [1], "b": 2}, ["a"], None):
        with pytest.raises(ValueError, match="marks must be numbers by their labels, such as"):
            slider.mark(wrong)


@pytest.mark.parametrize(
    ("stops", "words"),
    [
        ([3, 1, 2], "stops of b must be one or more ascending numbers, got [3, 1, 2]"),
        ([1, 1], "stops of b must be one or more ascending numbers, got [1, 1]"),
        ([], "stops of b must be one or more ascending numbers, got []"),
        ([0, math.nan, 1], "stops of b must satisfy finite, got nan"),
        ("abc", "stops of b must be numbers"),
    ],
)
def test_stops_that_do_not_ascend_are_named(stops, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        Slider("b", stops, 1)


def test_an_answer_that_is_not_there_is_told():
    for name in (["01-limit"], np.array([1, 2])):
        with pytest.raises(ValueError, match=re.escape(f"no question called {name!r}; there are ")):
            ask(name)
    for wrong in (-1, 4, "A"):
        with pytest.raises(ValueError, match="the answer's number must be a whole number from 0 to 3, got"):
            ask("01-limit").choose(wrong)


@pytest.mark.parametrize("name", questions())
def test_a_letter_that_was_chosen_says_whether_it_is_right(name):
    question = ask(name)
    texts = [answer["text"] for answer in question.answers]
    assert [button.tooltip for button in question._buttons] == texts
    for i, answer in enumerate(question.answers):
        question.choose(i)
        said = f"{'Right' if answer.get('correct') else 'Not this one'}: {texts[i]}"
        assert [button.tooltip for button in question._buttons] == [*texts[:i], said, *texts[i + 1 :]]


@pytest.mark.parametrize("name", questions())
def test_every_answer_of_every_question(name):
    question = ask(name)
    assert len(question.answers) >= 3
    assert sum(answer.get("correct", False) for answer in question.answers) == 1
    assert len({answer["feedback"] for answer in question.answers}) == len(question.answers)
    for i, answer in enumerate(question.answers):
        question._says._handle_custom_msg({"choose": i}, [])  # what a key or a click sends
        assert question.chosen == i
        assert answer["feedback"] in question.feedback
        assert question.feedback.startswith("Right" if answer.get("correct") else "Not this one")
        icons = [button.icon for button in question._buttons]
        assert icons[i] == ("check" if answer.get("correct") else "times")
        assert sum(map(bool, icons)) == 1
    words = question._repr_mimebundle_()[0]["text/plain"]
    assert all(a["text"] in words and a["feedback"] not in words for a in question.answers)


def test_the_first_answer_is_kept_as_the_prediction(monkeypatch, tmp_path):
    monkeypatch.setenv("SGD_COURSE_PROGRESS", str(tmp_path / "progress.sqlite"))
    question = ask("01-limit")
    for i in (2, 1):
        question.choose(i)
    assert progress.summary()["predictions"] == {"01-limit": "C"}
