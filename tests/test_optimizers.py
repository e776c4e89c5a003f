"""Each rule against hand-computed steps and its formula; purity."""

from dataclasses import dataclass

import numpy as np
import pytest

from course_utils.descent import descend
from course_utils.landscapes import PiecewiseQuadratic, Saddle
from course_utils.optimizers import Adam, GradientDescent, Momentum, Nesterov
from course_utils.problems import LeastSquares, Quadratic, SoftmaxRegression

RULES = [GradientDescent(0.1), Momentum(0.1, 0.9), Nesterov(0.1, 0.9), Adam(0.1)]
rules = pytest.mark.parametrize("rule", RULES, ids=lambda r: type(r).__name__)
rng = np.random.default_rng(0)


def path(rule, gradients, w=0.0):
    w, state, out = np.asarray(w), rule.init(np.asarray(w)), []
    for g in gradients:
        w, state = rule.update(w, g, state)
        out.append(w)
    return np.array(out)


@pytest.mark.parametrize(
    ("rule", "steps"),
    [
        (GradientDescent(0.1), [-0.1, -0.2, -0.3, -0.4]),
        (Momentum(0.1, 0.9), [-0.1, -0.29, -0.561, -0.9049]),
        (Nesterov(0.1, 0.9), [-0.19, -0.461, -0.8049, -1.21441]),
        (Adam(0.1, eps=0), [-0.1, -0.2, -0.3, -0.4]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_gradient_one_at_every_step(rule, steps):
    np.testing.assert_allclose(path(rule, [1.0] * 4), steps, rtol=1e-12)


def test_adam_as_in_its_paper():
    gradients, m, s, w = rng.normal(size=(50, 3)), 0, 0, np.zeros(3)
    expected = []
    for t, g in enumerate(gradients, 1):
        m, s = 0.8 * m + 0.2 * g, 0.95 * s + 0.05 * g**2
        w = w - 0.1 * (m / (1 - 0.8**t)) / (np.sqrt(s / (1 - 0.95**t)) + 1e-3)
        expected.append(w)
    np.testing.assert_allclose(path(Adam(0.1, 0.8, 0.95, 1e-3), gradients, np.zeros(3)), expected, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("eps", [0, [0, 1e-30]])
def test_adam_without_eps_leaves_a_parameter_without_gradient(eps, dtype):
    gradients = np.array([[0, 1]] * 3, dtype)
    np.testing.assert_allclose(path(Adam(0.1, eps=eps), gradients, np.zeros(2, dtype))[-1], [0, -0.3], rtol=1e-6)


@pytest.mark.parametrize("rule", [Momentum(0.1, 0), Nesterov(0.1, 0)])
def test_without_beta_it_is_gradient_descent(rule):
    gradients = rng.normal(size=(20, 3))
    plain = path(GradientDescent(0.1), gradients, np.zeros(3))
    np.testing.assert_allclose(path(rule, gradients, np.zeros(3)), plain)


@rules
def test_pure(rule):
    w, g = rng.normal(size=(2, 3))
    state = rule.update(w, g, rule.init(w))[1]
    before = w.copy(), g.copy(), repr(state)
    new, _ = rule.update(w, g, state)
    again, _ = rule.update(w, g, state)
    np.testing.assert_array_equal(new, again)
    assert not np.shares_memory(new, w)
    np.testing.assert_array_equal([w, g], before[:2])
    assert repr(state) == before[2]


def test_a_rule_keeps_its_own_learning_rates():
    lr = np.array([0.1, 0.2])
    rule = GradientDescent(lr)
    lr *= -1
    np.testing.assert_array_equal(rule.lr, [0.1, 0.2])


def test_a_learners_rule_derived_from_ours_has_fields_of_its_own():
    @dataclass(frozen=True, eq=False)
    class Decayed(Momentum):
        weight_decay: float = 0.5
        nesterov: bool = True

        def update(self, w, g, v):
            return super().update(w, g + self.weight_decay * w, v)

    run = descend(Quadratic([1, 2]), Decayed(0.1), [1, 1], 5)
    np.testing.assert_allclose(run.w, descend(Quadratic([1.5, 2.5]), Momentum(0.1), [1, 1], 5).w)
    with pytest.raises(ValueError, match="lr must satisfy lr >= 0, got -1"):
        Decayed(-1)


TARGETS = {
    "quadratic": Quadratic([0.5, 5], [1, -2]),
    "least squares": LeastSquares(rng.normal(size=(20, 2)), rng.normal(size=20)),
    "softmax": SoftmaxRegression(rng.normal(size=(30, 2)), rng.integers(3, size=30), l2=1.0),
    "saddle": Saddle(),
    "piecewise": PiecewiseQuadratic(),
}


@rules
@pytest.mark.parametrize("target", TARGETS)
def test_every_rule_gets_down_every_target(rule, target):
    problem = TARGETS[target]
    careful = type(rule)(0.02)
    run = descend(problem, careful, np.full(problem.shape, 0.7), 3000)
    assert np.abs(problem.grad(run.w[-1])).max() < 1e-6
    assert run.loss[-1] < run.loss[0]


@rules
def test_float32_stays(rule):
    w = np.ones(3, np.float32)
    new, _ = rule.update(w, w, rule.init(w))
    assert new.dtype == np.float32


@rules
def test_frozen(rule):
    with pytest.raises(AttributeError):
        rule.lr = 1.0
