"""The network: backpropagation against differences and against torch, its limit case, its broadcasting."""

from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from course_utils import network
from course_utils.data import digits
from course_utils.descent import descend
from course_utils.landscapes import Function
from course_utils.network import Network, sharpness
from course_utils.optimizers import Momentum
from course_utils.problems import Quadratic, SoftmaxRegression, minibatches


def small(hidden=(5,), l2=0.0, n=12):
    rng = np.random.default_rng(3)
    return Network(rng.normal(size=(n, 4)), np.arange(n) % 3, l2=l2, hidden=hidden)


@pytest.mark.parametrize("hidden", [(), (5,), (6, 4)])
@pytest.mark.parametrize("l2", [0.0, 0.3])
@pytest.mark.parametrize("batch", [None, [0, 1, 2, 2, 7]])
def test_gradient_against_differences(hidden, l2, batch):
    problem = small(hidden, l2)
    seen = problem if batch is None else Network(problem.X[batch], problem.labels[batch], l2=l2, hidden=hidden)
    w = problem.start(np.random.default_rng(1)) + 0.1
    e = 1e-5 * np.eye(len(w))
    assert_allclose(problem.grad(w, batch), (seen.loss(w + e) - seen.loss(w - e)) / 2e-5, atol=1e-8)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(data=st.data(), n=st.integers(1, 9), k=st.integers(2, 4), l2=st.floats(0, 1), seed=st.integers(0, 99))
def test_any_network_and_softmax_regression(data, n, k, l2, seed):
    """Gradient = slope of the loss; batches, weighted by their sizes, average to it for any batch size."""
    draw, hidden = np.random.default_rng(seed), data.draw(st.lists(st.integers(1, 4), max_size=2))
    X, labels = draw.normal(size=(n, data.draw(st.integers(1, 4)))), np.append(draw.integers(k, size=n - 1), k - 1)
    size = data.draw(st.integers(1, n))
    for problem in (Network(X, labels, l2=l2, hidden=tuple(hidden)), SoftmaxRegression(X, labels, l2)):
        w = draw.normal(size=problem.shape)
        e = 1e-5 * np.eye(w.size).reshape(-1, *w.shape)
        slopes = np.reshape((problem.loss(w + e) - problem.loss(w - e)) / 2e-5, w.shape)
        assert_allclose(problem.grad(w), slopes, atol=1e-7)
        epoch = islice(minibatches(n, size, draw), -(-n // size))
        total = sum(len(batch) * problem.grad(w, batch) for batch in epoch)
        assert_allclose(total / n, problem.grad(w), atol=1e-12)


@pytest.mark.parametrize("scale", [1e5, 1e10, 1e150])
def test_no_score_is_too_large(scale):
    """Of far scores the largest alone counts: the loss is what the own one lacks of it, the softmax is 0 or 1."""
    for problem in (small(), SoftmaxRegression(small().X, small().labels)):
        w = scale * np.random.default_rng(0).normal(size=problem.shape)
        scores = problem.scores(w) if isinstance(problem, Network) else problem.X @ w
        own = scores[np.arange(problem.n), problem.labels]
        assert_allclose(problem.loss(w), (scores.max(-1) - own).mean(), rtol=1e-12)
        assert np.isfinite(problem.grad(w)).all()


def test_without_a_hidden_layer_it_is_softmax_regression():
    problem = small(())
    plain = SoftmaxRegression(np.column_stack([problem.X, np.ones(problem.n)]), problem.labels)
    w = np.random.default_rng(0).normal(size=problem.shape)
    W = w.reshape(plain.shape)  # the bias comes last in both
    assert_allclose(problem.loss(w), plain.loss(W))
    assert_allclose(problem.grad(w), plain.grad(W).ravel())
    assert problem.accuracy(w) == plain.accuracy(W)


@pytest.mark.parametrize("l2", [0.0, 0.3])
@pytest.mark.parametrize("batch", [None, slice(7), (), (3,), (1,), (2, 1)])
def test_many_runs_one_after_the_other_are_the_same_runs(monkeypatch, batch, l2):
    problem, rng = small((5, 4), l2), np.random.default_rng(0)
    w = problem.start(rng, (2, 3))
    if isinstance(batch, tuple):
        batch = rng.integers(problem.n, size=(*batch, 6))
    at_once = problem.grad(w, batch)
    monkeypatch.setattr(network, "AT_ONCE", 1)
    assert_array_equal(problem.grad(w, batch), at_once)
    assert at_once.shape == w.shape


@pytest.mark.parametrize("runs", [(), (2,)])
def test_a_batch_may_be_a_tuple(runs):
    problem = small((5, 4), 0.0)
    w = problem.start(np.random.default_rng(0), runs)
    assert_array_equal(problem.grad(w, (0, 1, 2)), problem.grad(w, [0, 1, 2]))


def test_broadcasts_over_points_and_runs():
    problem, rng = small((5, 4)), np.random.default_rng(0)
    w = problem.start(rng, (2, 3))
    assert w.shape == (2, 3, *problem.shape)
    batch = rng.integers(problem.n, size=(3, 6))
    for i in np.ndindex(2, 3):
        assert_allclose(problem.loss(w)[i], problem.loss(w[i]))
        assert_allclose(problem.accuracy(w)[i], problem.accuracy(w[i]))
        assert_allclose(problem.grad(w)[i], problem.grad(w[i]))
        assert_allclose(problem.grad(w, batch)[i], problem.grad(w[i], batch[i[1]]))


def test_mean_of_an_epoch_is_the_full_gradient():
    problem = small((5,))
    w = problem.start(np.random.default_rng(2))
    stream = minibatches(problem.n, 4, np.random.default_rng(0))
    assert_allclose(np.mean([problem.grad(w, next(stream)) for _ in range(3)], axis=0), problem.grad(w))


def test_start_has_the_variance_it_promises():
    problem = Network(np.zeros((2, 64)), np.array([0, 9]), hidden=(50,))
    (W, b), _ = problem.layers(problem.start(np.random.default_rng(0), 40))
    assert abs(W.var() * 64 - 1) < 0.02
    assert not b.any()


def test_hessian_and_sharpness():
    problem = small((3,))
    w = problem.start(np.random.default_rng(5))
    eigenvalues = np.linalg.eigvalsh(problem.hessian(w))
    assert_allclose(sharpness(problem, w, 300), eigenvalues[-1], rtol=1e-4)
    for curvatures in ([-10, 1, 3], [-10, -2, -1], [-10]):  # the largest is not that of largest size
        assert_allclose(sharpness(Quadratic(curvatures), np.ones(len(curvatures))), curvatures[-1])
    assert sharpness(Function(np.sum, np.ones_like), np.zeros(3)) == 0


def test_learns_the_digits():
    X_train, y_train, X_test, y_test = digits()
    train, test = (Network(X[:, :64], y, hidden=(32,)) for X, y in [(X_train, y_train), (X_test, y_test)])
    rng = np.random.default_rng(0)
    run = descend(train, Momentum(0.1, 0.9), train.start(rng), 20 * 43, minibatches(train.n, 32, rng), every=43)
    assert run.loss[-1] < 0.02
    assert test.accuracy(run.w[-1]) > 0.96


@pytest.mark.parametrize("hidden", [(0,), (2.5,), (-3,), 32, ("a",)])
def test_bad_widths(hidden):
    with pytest.raises(ValueError, match="hidden"):
        small(hidden)


@pytest.mark.parametrize("hidden", [(8,), (8, 6)])
def test_same_gradient_as_torch(hidden):
    torch = pytest.importorskip("torch")
    problem = small(hidden)
    w = problem.start(np.random.default_rng(0))
    t = torch.tensor(w, requires_grad=True)
    h, at = torch.tensor(problem.X), 0
    for i, (a, b) in enumerate(problem.sizes):
        h = h @ t[at : at + a * b].reshape(a, b) + t[at + a * b : at + (a + 1) * b]
        h, at = h if i == len(hidden) else torch.tanh(h), at + (a + 1) * b
    loss = torch.nn.functional.cross_entropy(h, torch.tensor(problem.labels))
    loss.backward()
    assert_allclose(problem.loss(w), loss.item(), rtol=1e-13)
    assert_allclose(problem.grad(w), t.grad.numpy(), rtol=1e-11, atol=1e-15)


def test_sharpness_far_out_is_not_lost_in_rounding():
    for far in (1.0, 1e10, 1e13, 1e200):
        assert sharpness(Quadratic([1, 10]), [far, far]) == pytest.approx(10, rel=1e-6)
