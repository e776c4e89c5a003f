"""Play and Step, seed and start point, what the loss is drawn against, and the noise floor in a DescentExplorer."""

import dataclasses
import re

import numpy as np
import pytest

from course_utils import theory
from course_utils.data import diabetes
from course_utils.descent import descend
from course_utils.explorers import DescentExplorer
from course_utils.explorers.choice import Choice
from course_utils.explorers.descent_figure import FASTEST, MEASURES, SLOWEST, work
from course_utils.explorers.descent_floor import mean_square_rate
from course_utils.optimizers import GradientDescent, Momentum
from course_utils.problems import LeastSquares, Quadratic, minibatches

VALLEY, START = Quadratic([0.1, 10]), [-4, 1.5]
PEOPLE = LeastSquares(*diabetes(["s1", "s2"]))
AROUND = ((-1, 1), (-1, 1))


def explore(**more):
    return DescentExplorer(VALLEY, START, 30, lr=0.05, **more)


def explore_batches(*sliders, **more):
    return DescentExplorer(PEOPLE, [-0.6, -0.6], 5, ("lr", "batch_size", *sliders), window=AROUND, **more)


def test_step_shows_one_more_and_after_the_last_the_start():
    explorer = explore()
    whole = explorer.text
    explorer.buttons.press("Step")
    assert explorer.shown == 1
    assert explorer.text == "step 0: w = (-4, 1.5), gradient (-0.4, 15), loss above its minimum 12.1."
    explorer.buttons.press("Step")
    assert explorer.text.startswith("step 1: w = (-3.98, 0.75), gradient (-0.398, 7.5)")
    assert len(explorer.figure._artists["path"].data[0]) == 2
    for _ in range(29):
        explorer.buttons.press("Step")
    assert explorer.shown == 31
    assert explorer.text == whole
    explorer.buttons.press("Step")
    assert explorer.shown == 1
    explorer.lr.value = 0.1
    assert explorer.shown == 31  # a move of a slider shows the whole run
    explorer.buttons.press("Step")
    explorer.buttons.press("Reset")
    assert explorer.text == whole


@pytest.mark.parametrize("name", ["few", "many"])
def test_play_shows_the_run_growing(run_async, name):
    explorer = explore() if name == "few" else explore_batches(batch_size=1)
    explorer.PAUSE, shown = 0, []
    explorer.figure.move = lambda *args, **lines: shown.append(len(lines["path"][0]))

    async def watch():
        explorer.buttons.press("Play")
        await explorer.task

    run_async(watch())
    rows = len(explorer.run.w)
    assert shown[0] == 1
    assert shown[-1] == rows
    assert sorted(shown) == shown
    assert len(shown) == {"few": 31, "many": 98}[name]  # a hundred pictures at most


def test_seed_slider_draws_other_batches():
    explorer = explore_batches("seed", seed=3)
    for seed in (3, 4, 99, 0):
        explorer.seed_slider.value = seed
        batches = minibatches(PEOPLE.n, 16, np.random.default_rng(seed))
        expected = descend(PEOPLE, GradientDescent(explorer.lr.value), [-0.6, -0.6], 140, batches)
        np.testing.assert_array_equal(explorer.run.w, expected.w)
    explorer.reset()
    assert explorer.seed_slider.value == 3


def test_a_date_as_seed_adds_one_stop():
    explorer = explore_batches("seed", seed=20261127)
    assert explorer.seed_slider.value == 20261127
    assert len(explorer.seed_slider.stops) == 101


def test_a_beta_between_two_stops_is_run_and_told():
    explorer = explore(sliders=("lr", "beta"), beta=0.905)
    assert explorer.text.startswith("lr = 0.05, beta = 0.905: ")
    assert explorer.beta.value == 0.905
    explorer.beta.value = 0.5
    assert explorer.text.startswith("lr = 0.05, beta = 0.50: ")


@pytest.mark.parametrize(
    "problem", [Quadratic([0, 10]), LeastSquares([[1, 3], [2, 6], [1.1, 3.3]], [1, 2, 4]), LeastSquares([[1, 2]], [1])]
)
def test_without_curvature_in_a_direction_no_learning_rate_is_marked_best(problem):
    for more, label in (({}, "limit 2/L"), ({"sliders": ("lr", "beta")}, "limit 2(1+beta)/L")):
        (mark,) = DescentExplorer(problem, START, **more).lr.marks
        assert mark["label"].startswith(label)


@pytest.mark.parametrize("half", [1 / 3, 1e-7, 1e9])
def test_start_sliders_go_from_end_to_end_of_the_window(half):
    explorer = DescentExplorer(VALLEY, [-half, half], 10, ("lr", "w0"), window=((-half, half),) * 2)
    for slider, end in zip(explorer.w0_sliders, (-half, half), strict=True):
        assert slider.value == end
        np.testing.assert_allclose(slider.stops, np.linspace(-half, half, 101), atol=1e-5 * half)


def test_start_sliders_move_the_start():
    explorer = DescentExplorer(VALLEY, START, 30, ("lr", "w0"))
    for slider, value in zip(explorer.w0_sliders, (2.5, -2), strict=True):
        slider.value = value
    np.testing.assert_array_equal(explorer.run.w[0], [2.5, -2])
    top = explorer.figure.fig.axes[1].get_ylim()[1]
    for corner in ((-5, -2), (5, 2)):
        for slider, value in zip(explorer.w0_sliders, corner, strict=True):
            slider.value = value
        assert explorer.run.loss[0] < top


def test_against_changes_the_axis_and_not_the_run():
    explorer = explore_batches()
    w = explorer.run.w
    for against, label in MEASURES.items():
        explorer.against.value = against
        run = explorer.run
        np.testing.assert_array_equal(run.w, w)
        assert explorer.figure.fig.axes[1].get_xlabel() == label
        assert explorer.figure in explorer.children
        x, y = explorer.figure._artists["loss"].data
        np.testing.assert_array_equal(x, work(run, against))
        assert len(y) == len(run.loss)
        low, high = explorer.figure.fig.axes[1].get_xlim()
        for size in (1, PEOPLE.n):
            explorer.batch_size.value = size
            for pace in (FASTEST, 0.99 * SLOWEST):
                run = dataclasses.replace(explorer.run, seconds=pace * explorer.run.steps[-1])
                assert low < work(run, against)[-1] <= high
        explorer.batch_size.value = 16
    assert len({id(child) for child in explorer.children}) == len(explorer.children)


@pytest.mark.parametrize(("problem", "known"), [(VALLEY, ["steps", "seconds"]), (PEOPLE, list(MEASURES))])
def test_against_is_a_choice_also_without_batches(problem, known):
    explorer = DescentExplorer(problem, [-0.6, -0.6], 20, ("lr", "against"))
    assert explorer.against.options == known
    assert explorer.against.value == "steps"
    assert explorer.against in explorer.sliders
    for against in known:
        explorer.at(against=against)
        ax = explorer.figure.fig.axes[1]
        assert ax.get_xlabel() == MEASURES[against]
        x, _ = explorer.figure._artists["loss"].data
        np.testing.assert_array_equal(x, work(explorer.run, against))
        if against != "seconds":
            assert ax.get_xlim() == (0, 20)
    explorer.reset()
    assert explorer.against.value == "steps"


def test_yours_stands_at_its_own_work():
    explorer = explore_batches(yours=lambda w, g, lr: w - lr * g)
    for against in MEASURES:
        explorer.against.value = against
        assert not np.array_equal(explorer.run.seconds, explorer.attempt.seconds)
        for rows in (explorer.rows, 5):
            explorer.show_rows(rows)
            for name, run in (("loss", explorer.run), ("yours loss", explorer.attempt)):
                x, _ = explorer.figure._artists[name].data
                np.testing.assert_array_equal(x, work(run, against)[:rows])


def test_work_is_what_the_run_had_cost():
    run = descend(PEOPLE, GradientDescent(0.1), [0, 0], 10, minibatches(PEOPLE.n, 100, np.random.default_rng(0)))
    np.testing.assert_allclose(work(run, "epochs"), run.evaluations / 442)
    assert work(run, "epochs")[5] == 1
    units = {against: label.split()[0] for against, label in MEASURES.items()}  # which stand under the axis
    assert units == {"steps": "step", "epochs": "epochs", "seconds": "seconds"}
    np.testing.assert_array_equal(work(run, "steps"), np.arange(11))
    np.testing.assert_allclose(work(run, "seconds"), run.seconds * np.arange(11) / 10)


def test_floor_line_lies_where_the_formula_says():
    explorer = explore_batches("beta", beta=0.5)
    for lr, size in ((0.01, 1), (0.1, 16), (0.3, 64)):
        explorer.lr.value, explorer.batch_size.value = lr, size
        floor = theory.loss_floor(PEOPLE, explorer.lr.value, size, 0.5, PEOPLE.n)
        x, y = explorer.figure._artists["floor"].data
        np.testing.assert_array_equal(y, floor)
        np.testing.assert_array_equal(x, explorer.figure.fig.axes[1].get_xlim())
        assert f"floor by formula {floor:.3g}" in explorer.text
        assert ">floor by formula</text>" in explorer.figure.svg
    explorer.batch_size.value = PEOPLE.n
    assert "floor by formula 0." in explorer.text  # the full gradient has no noise
    explorer.batch_size.value, explorer.lr.value = 4, explorer.lr.stops[-1]
    assert "floor by formula" not in explorer.figure.svg


def test_where_one_w_fits_every_example_the_floor_is_0_and_not_what_rounding_leaves():
    X = np.random.default_rng(0).normal(size=(64, 2))
    for w in ([1, -1], [1e6, 3]):
        explorer = DescentExplorer(LeastSquares(X, X @ w), [-4, 1.5], 20, ("lr", "batch_size"), batch_size=4, lr=0.1)
        assert explorer.text.endswith("; floor by formula 0.")
        assert ">floor by formula</text>" not in explorer.figure.svg


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.62, 0.9])
def test_at_the_limit_and_beyond_there_is_no_floor(beta):
    explorer = explore_batches("beta")
    limit = 2 * (1 + beta) / PEOPLE.L
    for lr, where in ((limit, "at"), (1.01 * limit, "beyond")):
        explorer.at(lr=lr, beta=beta, batch_size=PEOPLE.n)
        assert explorer.text.endswith(f" above on average; no floor {where} the limit.")
        assert "floor by formula" not in explorer.figure.svg


@pytest.mark.parametrize(("size", "of_them"), [(1, "single examples"), (2, "batches of 2")])
@pytest.mark.parametrize("beta", [0.0, 0.9])
def test_no_floor_is_told_where_sgd_spreads_without_end(size, of_them, beta):
    """The lr from which E |w - w*|^2 grows lies below the limit, where the formula still has a number."""
    explorer = explore_batches("beta", batch_size=size)
    grows = [lr for lr in explorer.lr.stops if mean_square_rate(PEOPLE, lr, size, beta, PEOPLE.n) > 1]
    explorer.at(lr=0.95 * grows[0], beta=beta)
    formula = theory.loss_floor(PEOPLE, explorer.lr.value, size, beta, PEOPLE.n)
    assert explorer.text.endswith(f"; floor by formula {formula:.3g}.")
    assert ">floor by formula</text>" in explorer.figure.svg
    explorer.at(lr=grows[0], beta=beta)
    told = f"no floor by formula, which is for small lr: this one is too large for {of_them}."
    assert explorer.text.endswith(told)
    assert ">floor by formula</text>" not in explorer.figure.svg
    assert not explorer.figure._artists["floor"].data[1].size


def test_mean_square_rate_is_that_of_the_second_moments():
    """For one normal input the closed form; with momentum and two inputs, E |w - w*|^2 of many runs."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2_000_000, 1))
    for lr in (0.3, 2 / 3, 0.8):
        found = mean_square_rate(LeastSquares(x, 0 * x[:, 0]), lr, 1)
        assert found == pytest.approx(theory.mean_square_factor(lr), rel=0.01)
    problem = LeastSquares(rng.uniform(-1, 1, (6, 2)), np.zeros(6))
    batches = minibatches(6, 2, rng, replace=True, runs=200_000)
    run = descend(problem, Momentum(0.5, 0.3), rng.normal(size=(200_000, 2)), 14, batches)
    squares = (run.w**2).sum(-1).mean(-1)
    measured = (squares[14] / squares[8]) ** (1 / 6)
    assert mean_square_rate(problem, 0.5, 2, 0.3) == pytest.approx(measured, rel=0.02)


def test_a_direction_without_curvature_does_not_keep_the_floor_from_being_told():
    x = np.random.default_rng(0).normal(size=(30, 1))
    explorer = DescentExplorer(LeastSquares(np.hstack([x, x]), np.ones(30)), [1, 1], 20, ("lr", "batch_size"))
    assert "; floor by formula" in explorer.text


def test_run_settles_at_the_formula_where_batches_are_independent():
    """Drawn anew, the run's second half lies at the formula; shuffled epochs bring it below."""
    X, y = diabetes(["bmi", "s5"])
    ratio = {}
    for replace in (True, False):
        explorer = DescentExplorer(
            LeastSquares(X, y), [0, 0], 400, ("lr", "batch_size"), lr=0.01, batch_size=4, replace=replace
        )
        settled = explorer.run.loss[len(explorer.run.loss) // 2 :] - explorer.least
        ratio[replace] = settled.mean() / explorer.floor
        assert f"Second half {settled.mean():.3g} above on average" in explorer.text
    assert ratio[True] == pytest.approx(1, abs=0.1)
    assert ratio[False] < 0.8


@pytest.mark.parametrize("size", [1, 2, 4, 16, 32, 33])
def test_an_epoch_of_independent_batches_is_as_much_work_as_any(size):
    data = LeastSquares(np.random.default_rng(0).normal(size=(33, 2)), np.ones(33))
    explorer = DescentExplorer(data, [1, 1], 20, ("lr", "batch_size"), batch_size=size, replace=True)
    assert 20 - size / 33 < explorer.run.evaluations[-1] / 33 <= 20


class Barrier:
    """A loss that has no value on one side."""

    shape, L = (2,), 4.0

    def loss(self, w):
        return w[..., 0] - np.log(w[..., 0]) + w[..., 1] ** 2 / 2

    def grad(self, w):
        return np.stack([1 - 1 / w[..., 0], w[..., 1]], -1)


@pytest.mark.parametrize("window", [((-5, 5), (-5, 5)), ((0, 4), (-2, 2)), ((-4, 4), (-2, 2))])
def test_a_window_with_corners_where_there_is_no_loss(window, recwarn):
    rule = lambda w, g, lr: w - lr * g  # noqa: E731
    explorer = DescentExplorer(Barrier(), [1.5, 1], sliders=("lr", "w0"), window=window, yours=rule)
    assert "Yours and ours agree" in explorer.text  # its gradient knows no batches
    assert np.isfinite(explorer.figure.fig.axes[1].get_ylim()).all()
    assert len(recwarn) == 0


def test_without_batches_there_is_no_floor():
    explorer = explore()
    assert explorer.floor is None
    assert "floor" not in explorer.text


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"sliders": ("lr", "seed")}, "sliders with 'seed' need 'batch_size' too"),
        ({"sliders": ("lr", "speed")}, "sliders must be 'lr' and any of 'batch_size', 'beta', 'w0', 'seed', 'against'"),
        ({"optimizer": GradientDescent}, "optimizer must be a function such as lambda lr, beta: "),
        ({"optimizer": lambda lr: GradientDescent(lr)}, "optimizer must be a function such as lambda lr, beta: "),
        ({"against": "hours"}, "against must be one of steps, epochs, seconds, got 'hours'"),
        ({"against": ["steps"]}, "against must be one of steps, epochs, seconds, got ['steps']"),
        ({"against": "epochs"}, "against='epochs' needs a problem with examples; a Quadratic has none"),
        ({"seed": -1}, "seed"),
        ({"batch_size": 16}, "sliders need 'batch_size' too"),
        ({"replace": "no"}, "replace must be True or False, got 'no'"),
        ({"replace": np.array([1, 2])}, "replace must be True or False, got array([1, 2])"),
        ({"seed": 0.5}, "seed"),
    ],
)
def test_bad_input(more, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        explore(**more)


def test_the_number_of_examples_may_be_numpys():
    explorer = DescentExplorer(Own(n=np.int64(7)), START, 2, ("lr", "batch_size"))
    assert explorer.batch_size.stops == [1, 2, 4, 7]


@pytest.mark.parametrize("n", [0, -3, 7.0, 7.5, np.float64(7), None, "7", [7]])
def test_a_number_of_examples_that_is_none_is_refused(n):
    with pytest.raises(ValueError, match="the problem's n must be an int of at least 1, the number of examples, got "):
        DescentExplorer(Own(n=n), START, 2, ("lr", "batch_size"))


@pytest.mark.parametrize("size", [np.array([1, 2]), np.array([2]), [1], "x", np.nan, 3])
def test_a_batch_size_that_is_none_is_refused(size):
    with pytest.raises(ValueError, match="batch_size must be a power of two below n, or n = 442, got "):
        explore_batches(batch_size=size)


class Cone:
    """Its gradient is 0/0 at the minimum."""

    shape, L = (2,), 10.0

    def loss(self, w):
        return np.linalg.norm(w, axis=-1)

    def grad(self, w, batch=None):
        return w / np.linalg.norm(w, axis=-1, keepdims=True)


class OnePoint(Cone):
    def loss(self, w):
        return w[0] ** 2 / 2 + 5 * w[1] ** 2


@pytest.mark.parametrize("sliders", [("lr",), ("lr", "w0")])
def test_a_loss_of_one_point_is_named(sliders):
    with pytest.raises(ValueError, match=r"loss must .*w\[\.\.\., 0\]"):
        DescentExplorer(OnePoint(), START, 30, sliders)


def test_a_start_outside_the_window_is_named():
    with pytest.raises(ValueError, match="start w2"):
        DescentExplorer(VALLEY, [-4, 7], 30, ("lr", "w0"))


def test_at_moves_every_slider_by_its_name_in_code():
    explorer = explore_batches("seed", "w0").at(w0=[0.5, -0.25], seed=np.int64(3), against="steps", batch_size=4)
    np.testing.assert_array_equal(explorer.run.w[0], [0.5, -0.25])
    assert "batch size 4, start w1 = 0.5, start w2 = -0.25, seed 3: " in explorer.text
    assert explorer.against.value == "steps"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"lr": 7}, "learning rate lr must satisfy"),
        ({"lr": "x"}, "learning rate lr must be numbers"),
        ({"w0": [1, 1.5]}, "start w2 must satisfy -1 to 1, got 1.5"),
        ({"w0": 0.5}, "w0 must have shape (2,)"),
        ({"seed": 100, "lr": 0.2}, "seed must satisfy 0 to 99, got 100"),
        ({"against": "hours"}, "loss against must be one of steps, epochs, seconds, got 'hours'"),
        ({"beta": 0.5}, "no slider is called beta; there are against, lr, batch_size, seed, w0"),
    ],
)
def test_at_refuses_what_is_off_the_scale_and_moves_nothing(values, told):
    explorer = explore_batches("seed", "w0")
    before = explorer.text
    with pytest.raises(ValueError, match=re.escape(told)):
        explorer.at(**values)
    assert explorer.text == before


@pytest.mark.parametrize("yours", [None, lambda w, g, lr: w - lr * g])
def test_a_gradient_that_is_nan_at_the_start_is_told_in_one_line(yours):
    explorer = DescentExplorer(Cone(), START, 30, ("lr", "w0"), lr=0.05, yours=yours)
    before = explorer.text
    explorer.at(w0=[0, 0])
    line = "lr = 0.05, start w1 = 0, start w2 = 0: the gradient must be numbers, got [nan nan] at w = [0. 0.]."
    assert explorer.text == line
    explorer.step()
    assert explorer.text == line
    assert explorer._repr_mimebundle_()
    explorer.reset()
    assert explorer.text == before


@pytest.mark.parametrize("curvatures", [[1e-20, 1e-19], [1e-250, 1e-249], [1e9, 1e12]])
def test_the_loss_is_drawn_however_small_or_large_the_curvature(curvatures):
    explorer = DescentExplorer(Quadratic(curvatures), START)
    assert explorer.figure._artists["loss"].drawn.count("<path") == 1


def test_the_words_say_what_the_loss_is_drawn_against():
    explorer = explore_batches()
    told = {against: explorer.at(against=against).text for against in MEASURES}
    assert ", 5 epochs; lr" in told["epochs"]
    assert ", 1 epoch; lr" in DescentExplorer(PEOPLE, [0, 0], 1, ("lr", "batch_size"), window=AROUND).text
    assert re.search(r" in 140 steps, [\d.e-]+ s; lr", told["seconds"])
    assert " in 140 steps; lr" in told["steps"]


def test_choice():
    for options in (None, [], "ab", [1, 2]):
        with pytest.raises(ValueError, match="options of loss against must be a list of words, such as"):
            Choice("loss against", options, "a")
    choice = Choice("loss against", ["steps", "epochs"], "epochs")
    choice._handle_custom_msg({"choose": "steps"}, [])  # as the page sends it
    assert choice.value == "steps"
    choice._handle_custom_msg({"choose": "epochs"}, [])
    choice.value = "nonsense"
    assert choice.value == "epochs"
    with pytest.raises(ValueError, match="loss against must be one of steps, epochs, got 'days'"):
        Choice("loss against", ["steps", "epochs"], "days")
    with pytest.raises(ValueError, match="loss against must be one of steps, epochs, got array"):
        Choice("loss against", ["steps", "epochs"], np.array(["steps", "epochs"]))


class Own:
    """A learner's problem: what a test needs of it is given by name."""

    shape, L, mu = (2,), 10.0, 0.1

    def __init__(self, **more):
        vars(self).update(more)

    def loss(self, w):
        return (np.array([0.1, 10]) * w * w).sum(-1) / 2

    def grad(self, w, batch=None):
        return np.array([0.1, 10]) * w


@pytest.mark.parametrize("noise", [0.1, None, np.eye(2), np.ones(2), lambda i: 1])
def test_no_floor_is_drawn_for_a_noise_that_the_formula_does_not_take(noise):
    explorer = DescentExplorer(Own(noise=noise, n=50), START, 5, ("lr", "batch_size"))
    assert explorer.floor is None
    assert "floor" not in explorer.text


def test_step_shows_the_gradient_of_the_batch_that_was_used():
    class Batches(Own):
        n = 5

        def grad(self, w, batch):
            return np.array([0.1, 10]) * w + np.mean(batch)

    explorer = DescentExplorer(Batches(), START, 5, ("lr", "batch_size"), lr=0.05, batch_size=2)
    for t in range(5):
        explorer.show_rows(t + 1)
        a, b = (explorer.run.w[t] - explorer.run.w[t + 1]) / 0.05
        assert f"gradient of the batch ({a:.3g}, {b:.3g})" in explorer.text


def test_a_gradient_of_the_problems_own_random_numbers_is_gone():
    rng = np.random.default_rng(0)

    class Noisy(Own):
        def grad(self, w, batch=None):
            return super().grad(w) + rng.normal(size=np.shape(w))

    explorer = DescentExplorer(Noisy(), START, 5)
    explorer.show_rows(1)
    assert explorer.text == "step 0: w = (-4, 1.5), loss 12.1."


@pytest.mark.parametrize("offset", [5, 1000])
def test_a_loss_below_zero_is_drawn_on_a_linear_axis(offset):
    class Below(Own):
        def loss(self, w):
            return super().loss(w) - offset

    explorer = DescentExplorer(Below(), START, 30, ("lr", "w0", "against"), yours=lambda w, g, lr: w - lr * g)
    explorer.at(w0=[5, 2])
    for against in MEASURES.keys() - {"epochs"}:
        explorer.against.value = against
        ax = explorer.figure.fig.axes[1]
        low, high = ax.get_ylim()
        assert ax.get_yscale() == "linear"
        assert (low < explorer.run.loss).all()
        assert (explorer.run.loss < high).all()
    assert explorer.figure in explorer.children
    known = DescentExplorer(Below(min_loss=-offset), START)
    assert known.figure.fig.axes[1].get_yscale() == "log"


def test_a_loss_that_falls_below_zero_after_a_move_turns_the_axis_linear():
    class Saddle(Own):
        def loss(self, w):
            return (w[..., 0] ** 2 - w[..., 1] ** 2) / 2

        def grad(self, w, batch=None):
            return w * [1, -1]

    explorer = DescentExplorer(Saddle(L=1.0, mu=0), [4, 1e-6], 30)
    assert explorer.figure.fig.axes[1].get_yscale() == "log"
    explorer.at(lr=2)
    assert explorer.figure.fig.axes[1].get_yscale() == "linear"
    assert explorer.figure in explorer.children


def test_a_start_without_a_loss_has_not_diverged():
    class Logarithm(Own):
        def loss(self, w):
            return (w - np.log(w)).sum(-1)

        def grad(self, w, batch=None):
            return 1 - 1 / w

    explorer = DescentExplorer(Logarithm(), [0.2, 3], 5, ("lr", "w0"), window=((-1, 4), (-1, 4)))
    explorer.at(w0=[-1, 3])
    assert explorer.text.endswith("start w1 = -1, start w2 = 3: the start has no finite loss.")
    explorer.show_rows(1)
    assert explorer.text == "step 0: the start has no finite loss."


@pytest.mark.parametrize(("lr", "told"), [(0.2004, "0.2004"), (0.19996, "0.19996"), (0.2, "0.2"), (0.05, "0.05")])
def test_a_rate_beside_the_limit_has_the_digits_that_tell_them_apart(lr, told):
    text = DescentExplorer(VALLEY, START, lr=lr).text
    assert text.startswith(f"lr = {told}: ")
    assert text.endswith(f"{'at' if lr == 0.2 else 'above' if lr > 0.2 else 'below'} the limit 0.2.")


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name in ("L", "mu", "min_loss") for value in (np.inf, np.nan, "2", None, [2.0], np.ma.masked)]
    + [("w_star", value) for value in ([0], 3, "ab", [np.nan, 0], np.ma.array([1, 2], mask=[0, 1]))]
    + [("n", value) for value in (None, 7.5, 7.0, "7", 0, -1, [7])],
)
def test_what_a_problem_says_of_itself_must_be_numbers(name, value):
    for sliders in [("lr",), ("lr", "batch_size")] if name == "n" else [("lr",)]:
        with pytest.raises(ValueError, match=f"the problem's {name} must"):
            DescentExplorer(Own(**{name: value}), START, sliders=sliders)


def test_the_loss_at_a_minimum_must_be_a_number_and_the_minimum_may_be_a_list():
    assert "loss above its minimum" in DescentExplorer(Own(w_star=[0, 0]), START).text
    with pytest.raises(ValueError, match="the loss at the problem's w_star must"):
        DescentExplorer(Own(w_star=[0, 0], loss=lambda w: (w * np.log(w)).sum(-1)), [1, 2])
