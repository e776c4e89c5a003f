"""Gradients and Hessians against finite differences; broadcasting; mini-batches."""

import re
from fractions import Fraction
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.descent import descend
from course_utils.landscapes import Function, PiecewiseQuadratic, Saddle
from course_utils.network import Network
from course_utils.optimizers import GradientDescent
from course_utils.problems import LeastSquares, Quadratic, SoftmaxRegression, minibatches
from course_utils.theory import momentum_best

rng = np.random.default_rng(0)
LINES = LeastSquares(rng.normal(size=(20, 3)), rng.normal(size=20))
CLASSES = SoftmaxRegression(rng.normal(size=(20, 4)), rng.integers(3, size=20), l2=0.1)
PROBLEMS = {
    "diagonal": Quadratic([1, 5], [2, -1]),
    "matrix": Quadratic([[2, 1], [1, 3]]),
    "least squares": LINES,
    "softmax": CLASSES,
    "saddle": Saddle(),
    "piecewise": PiecewiseQuadratic(),
}
cases = pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
with_data = pytest.mark.parametrize("problem", [LINES, CLASSES], ids=["least squares", "softmax"])


def differences(f, w, h=1e-5):
    """Central differences of f in every coordinate of w, on a new last axis."""
    steps = h * np.eye(w.size).reshape(w.size, *w.shape)
    return np.stack([(f(w + e) - f(w - e)) / (2 * h) for e in steps], -1)


@cases
def test_gradient_and_hessian(problem):
    for w in rng.normal(size=(5, *problem.shape)):
        np.testing.assert_allclose(problem.grad(w).ravel(), differences(problem.loss, w), atol=1e-6)
        slopes = differences(lambda u: problem.grad(u).ravel(), w)
        np.testing.assert_allclose(problem.hessian(w), slopes, atol=1e-6)


@cases
def test_broadcasts_over_leading_axes(problem):
    w = rng.normal(size=(4, 5, *problem.shape))
    np.testing.assert_allclose(problem.loss(w)[3, 2], problem.loss(w[3, 2]))
    np.testing.assert_allclose(problem.grad(w)[3, 2], problem.grad(w[3, 2]), atol=1e-14)
    assert problem.loss(w).shape == (4, 5)


@with_data
def test_gradients_of_an_epochs_equal_batches_average_to_the_full_one(problem):
    w = rng.normal(size=problem.shape)
    batches = islice(minibatches(problem.n, 4, np.random.default_rng(1)), 5)
    mean = np.mean([problem.grad(w, b) for b in batches], axis=0)
    np.testing.assert_allclose(mean, problem.grad(w), rtol=1e-12)


@with_data
def test_batches_of_several_runs(problem):
    w, batch = rng.normal(size=(6, *problem.shape)), rng.integers(problem.n, size=(6, 4))
    together = problem.grad(w, batch)
    for one, at, b in zip(together, w, batch, strict=True):
        np.testing.assert_allclose(one, problem.grad(at, b), atol=1e-14)


@pytest.mark.parametrize("w", [(65,), (64, 10), (65, 9), (65, 1), (3, 64, 10), (3, 65, 1), ()])
@pytest.mark.parametrize("batch", [None, np.arange(10)])
def test_a_point_of_another_shape_is_named(w, batch):
    problem = SoftmaxRegression(np.ones((40, 65)), np.arange(40) % 10)
    with pytest.raises(ValueError, match=re.escape(f"w must have shape (65, 10), or leading axes before it, got {w}")):
        problem.grad(np.zeros(w), batch)


def test_of_one_class_too():
    with pytest.raises(ValueError, match=re.escape("w must have shape (2, 1)")):
        SoftmaxRegression(np.ones((4, 2)), np.zeros(4, int)).grad(np.zeros((2, 5)), np.arange(3))


def test_the_noise_of_large_float32_data_is_that_of_float64(recwarn):
    X, y = 1e12 * LINES.X, 1e12 * LINES.y
    large = LeastSquares(X.astype("f4"), y.astype("f4"))
    np.testing.assert_allclose(large.noise, LeastSquares(X, y).noise, rtol=1e-3, atol=1e-4 * LINES.noise.max() * 1e48)
    assert not recwarn.list


def test_least_squares_at_its_closed_form():
    np.testing.assert_allclose(LINES.grad(LINES.w_star), 0, atol=1e-12)
    each = np.stack([LINES.grad(LINES.w_star, np.array([i])) for i in range(LINES.n)])
    np.testing.assert_allclose(LINES.noise, np.cov(each.T, bias=True), atol=1e-12)
    assert LINES.min_loss < LINES.loss(LINES.w_star + 0.01)


def test_curvatures():
    q = Quadratic([[2, 1], [1, 2]])
    np.testing.assert_allclose([q.mu, q.L, q.kappa], [1, 3, 3])
    assert Quadratic([0, 1]).kappa == np.inf
    assert np.isfinite(Quadratic([0.1, 10]).kappa)


@pytest.mark.parametrize("seed", range(20))
def test_of_data_in_single_precision_a_direction_without_curvature_is_none(seed):
    draw = np.random.default_rng(seed)
    rank_one = LeastSquares(np.outer(draw.normal(size=30), draw.normal(size=2)).astype("f4"), np.ones(30, "f4"))
    assert rank_one.kappa == np.inf
    assert rank_one.mu == 0
    few = LeastSquares(draw.normal(size=(20, 30)), np.ones(20))
    assert few.mu == 0
    assert np.isfinite(momentum_best(few.mu, few.L)).all()
    assert Quadratic(np.float32([[1, 3], [3, 9]])).kappa == np.inf


@pytest.mark.parametrize("w", [np.zeros(CLASSES.shape), rng.normal(size=CLASSES.shape)])
def test_softmax_knows_differences_of_scores_only(w):
    """What is added to every class changes nothing, even where exp overflows."""
    plain = SoftmaxRegression(np.abs(CLASSES.X), CLASSES.labels)
    np.testing.assert_allclose(plain.loss(w + 1e4), plain.loss(w), rtol=1e-8)
    np.testing.assert_allclose(plain.grad(w + 1e4), plain.grad(w), atol=1e-8)


def test_piecewise_loss_is_the_integral_of_its_gradient():
    bent, w = PiecewiseQuadratic(), np.linspace(-1, 3, 4001)[:, None]
    g = bent.grad(w)[:, 0]
    area = np.cumsum((g[1:] + g[:-1]) / 2 * 0.001)
    np.testing.assert_allclose(bent.loss(w)[1:] - bent.loss(w)[0], area, atol=1e-9)


@pytest.mark.parametrize(
    "problem",
    [
        Quadratic(np.float32([1, 2])),
        LeastSquares(LINES.X.astype("f4"), LINES.y.astype("f4")),
        SoftmaxRegression(CLASSES.X.astype("f4"), CLASSES.labels, 0.1),
    ],
    ids=["quadratic", "least squares", "softmax"],
)
def test_float32_data_stay_float32(problem):
    w = np.ones(problem.shape, np.float32)
    assert {np.asarray(value).dtype for value in (problem.loss(w), problem.grad(w))} == {np.dtype("f4")}


def test_accuracy():
    w = np.zeros(CLASSES.shape)
    share = (CLASSES.labels == 0).mean()  # all scores equal: argmax is class 0
    assert CLASSES.accuracy(w) == pytest.approx(share)


def test_small_whole_numbers_do_not_overflow():
    assert SoftmaxRegression(np.ones((2, 2)), np.array([0, 255], np.uint8)).shape == (2, 256)
    assert Saddle().loss([0, 60_000]) == pytest.approx(60_000**4 / 4)
    assert Saddle().grad([0, 3_000_000])[1] == pytest.approx(2.7e19)


def test_points_and_batches_may_be_lists():
    w = np.ones(CLASSES.shape)
    np.testing.assert_array_equal(CLASSES.grad(w.tolist()), CLASSES.grad(w))
    runs = [[1, 2, 3], [4, 5, 6]]
    np.testing.assert_array_equal(LINES.grad(runs, [[0], [1]]), LINES.grad(np.array(runs), np.array([[0], [1]])))
    for problem, point in ((CLASSES, w), (LINES, runs[0])):
        np.testing.assert_array_equal(problem.grad(point, (0, 1)), problem.grad(point, np.array([0, 1])))


def test_function_wraps_what_a_learner_wrote():
    mine = Function(lambda w: w[0] ** 2 + 3 * w[1], lambda w: np.array([2 * w[0], 3]))
    w = rng.normal(size=(4, 5, 2))
    np.testing.assert_allclose(mine.loss(w), w[..., 0] ** 2 + 3 * w[..., 1])
    np.testing.assert_allclose(mine.grad(w)[..., 0], 2 * w[..., 0])


def test_a_function_that_changes_its_argument_changes_nothing_else():
    def shifts(w):
        w -= 3
        return w

    mine = Function(lambda w: shifts(w) @ w / 2, shifts)
    run = descend(mine, GradientDescent(0.5), [0, 0], 3)
    before = run.w.copy()
    np.testing.assert_array_equal(before[:, 0], [0, 1.5, 2.25, 2.625])
    np.testing.assert_array_equal(run.loss, (before[:, 0] - 3) ** 2)
    np.testing.assert_array_equal(run.w, before)


def test_function_that_gives_a_whole_number_first_is_not_cut_to_whole_numbers():
    hinge = Function(lambda w: max(0, 1 - w[0]) ** 2, lambda w: [-2 * max(0, 1 - w[0])])
    w = np.array([[2.0], [0.5], [0.0]])
    np.testing.assert_array_equal(hinge.loss(w), [0, 0.25, 1])
    np.testing.assert_array_equal(hinge.grad(w), [[0], [-1], [-2]])
    assert Function(lambda w: Fraction(1, 2), None).loss(w).dtype == float
    with pytest.raises(ValueError, match="loss must return numbers, got None: is its return missing"):
        Function(lambda w: None, None).loss(w)


def test_function_wants_a_point_and_not_a_number():
    square = Function(lambda w: w**2, lambda w: 2 * w)
    for ask in (square.loss, square.grad):
        with pytest.raises(ValueError, match=r"shape \(..., d\), such as \[3.0\], got the number 3.0"):
            ask(3.0)


def test_what_a_problem_was_made_of_may_change_later():
    X, y, H, labels = np.array([[1.0], [2]]), np.array([1.0, 2]), np.diag([1.0, 2]), np.array([0, 1])
    problems = [LeastSquares(X, y), Quadratic(H, y), SoftmaxRegression(X, labels)]
    points = [np.ones(problem.shape) for problem in problems]
    before = [problem.loss(w) for problem, w in zip(problems, points, strict=True)]
    for array in (X, y, H, labels):
        array *= 10
    assert [problem.loss(w) for problem, w in zip(problems, points, strict=True)] == before
    assert problems[2].accuracy(np.array([[2.0, 0]])) == 0.5


@pytest.mark.parametrize(
    ("problem", "names"),
    [
        (Quadratic([1, 10]), ("H", "w_star", "eigen")),
        (Quadratic([[2, 1], [1, 2]], [1, 2]), ("H", "w_star", "eigen")),
        (LeastSquares([[1, 0], [0, 1], [1, 1]], [1, 2, 4]), ("X", "y", "w_star", "noise", "eigen")),
        (SoftmaxRegression([[1, 0], [0, 1]], [0, 1]), ("X", "labels")),
        (Network([[1, 0], [0, 1]], [0, 1]), ("X", "labels")),
    ],
)
def test_no_step_can_change_a_problem(problem, names):
    for array in (getattr(problem, name) for name in names):
        for part in array if isinstance(array, tuple) else (array,):
            with pytest.raises(ValueError, match="read-only"):
                part += 1


@settings(derandomize=True, max_examples=60, deadline=None)
@given(n=st.integers(1, 40), data=st.data())
def test_an_epoch_contains_every_example_once(n, data):
    size = data.draw(st.integers(1, n))
    per_epoch = -(-n // size)
    stream = minibatches(n, size, np.random.default_rng(n))
    for _ in range(2):
        epoch = list(islice(stream, per_epoch))
        assert sorted(np.concatenate(epoch)) == list(range(n))
        assert {len(b) for b in epoch[:-1]} <= {size}


NUMBERS = st.floats(-3, 3).map(lambda x: round(x, 3))


@settings(derandomize=True, max_examples=60, deadline=None)
@given(data=st.data(), n=st.integers(1, 12), d=st.integers(1, 4), seed=st.integers(0, 99))
def test_any_least_squares(data, n, d, seed):
    """Gradient = slope of the loss; batches, weighted by their sizes, average to it for any batch size."""
    draw = np.random.default_rng(seed)
    problem = LeastSquares(draw.normal(size=(n, d)), draw.normal(size=n))
    w = np.array(data.draw(st.lists(NUMBERS, min_size=d, max_size=d)))
    np.testing.assert_allclose(problem.grad(w), differences(problem.loss, w), atol=1e-6)
    size = data.draw(st.integers(1, n))
    epoch = islice(minibatches(n, size, draw), -(-n // size))
    total = sum(len(batch) * problem.grad(w, batch) for batch in epoch)
    np.testing.assert_allclose(total / n, problem.grad(w), atol=1e-12)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(data=st.data(), d=st.integers(1, 4), seed=st.integers(0, 99))
def test_any_quadratic(data, d, seed):
    A = np.random.default_rng(seed).normal(size=(d, d))
    points = st.lists(NUMBERS, min_size=d, max_size=d).map(np.array)
    problem, w = Quadratic(A @ A.T, data.draw(points)), data.draw(points)
    np.testing.assert_allclose(problem.grad(w), differences(problem.loss, w), atol=1e-6)
    assert problem.loss(w) >= problem.loss(problem.w_star) - 1e-12


def test_minibatches_are_shuffled_anew_and_reproducible():
    first, again = (list(islice(minibatches(50, 50, np.random.default_rng(3)), 2)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert (first[0] != first[1]).any()


def test_minibatches_of_runs_and_with_replacement():
    batch = next(minibatches(30, 30, np.random.default_rng(0), runs=4))
    assert batch.shape == (4, 30)
    assert (np.sort(batch, axis=1) == np.arange(30)).all()
    assert len(np.unique(batch, axis=0)) == 4
    drawn = next(minibatches(1000, 1000, np.random.default_rng(0), replace=True))
    assert 0.6 < len(np.unique(drawn)) / 1000 < 0.67


def test_what_is_wrong_with_a_matrix_or_a_point_is_said():
    with pytest.raises(ValueError, match="not symmetric"):
        Quadratic([[1, 2], [0, 1]])
    softmax = SoftmaxRegression(np.ones((3, 2)), [0, 1, 1])
    with pytest.raises(ValueError, match=r"w must have shape \(2, 2\), .* got \(2, 1\)"):
        softmax.grad(np.ones((2, 1)), np.array([0, 1]))


def test_the_minimum_of_float32_data_is_that_of_a_run_in_float64():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(7, 2)).astype(np.float32), rng.normal(size=7).astype(np.float32)
    single, double = LeastSquares(X, y), LeastSquares(X.astype(float), y.astype(float))
    np.testing.assert_array_equal(single.w_star, double.w_star)
    assert single.min_loss == double.min_loss
    np.testing.assert_array_equal(single.noise, double.noise)
    assert np.abs(single.grad(single.w_star)).max() < 1e-15
