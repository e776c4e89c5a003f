"""Step by step against PyTorch and Keras in float64: every rule in its own convention, rates that change included."""

import os
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.conventions import AveragedMomentum, DampenedMomentum, KerasMomentum, KerasNesterov, convert
from course_utils.data import diabetes
from course_utils.descent import descend
from course_utils.landscapes import Saddle
from course_utils.optimizers import Adam, GradientDescent, Momentum, Nesterov
from course_utils.problems import LeastSquares, Quadratic, SoftmaxRegression, minibatches
from course_utils.quiet import TENSORFLOW_ENVIRONMENT

RTOL = 1e-12  # fused multiply-adds differ in the last bits, so never ==
BETA = 0.875  # Keras passes its momentum through float32, which holds this one exactly
torch = pytest.importorskip("torch")


def softmax():
    rng = np.random.default_rng(4)
    return SoftmaxRegression(rng.normal(size=(60, 6)), np.arange(60) % 3)


# name: (problem, start, learning rate, batch size)
PROBLEMS = {
    "quadratic away from 0": (lambda: Quadratic([0.1, 1, 5], w_star=[3, -2, 1]), np.full(3, -4.0), 0.05, None),
    "diabetes in batches": (lambda: LeastSquares(*diabetes()), np.zeros(10), 0.02, 16),
    "softmax in batches": (softmax, np.zeros((6, 3)), 0.1, 7),
    "saddle": (Saddle, np.array([1.0, 0.3]), 0.02, None),
}


def schedule(t):
    """A drop to a tenth, and later a climb."""
    return 1.0 if t < 300 else 0.1 if t < 700 else 0.5


def fed(problem, batch_size, seed=0):
    """The gradient function of a run: the same batches in the same order at every call of fed."""
    if batch_size is None:
        return problem.grad
    batches = minibatches(problem.n, batch_size, np.random.default_rng(seed))
    return lambda w: problem.grad(w, next(batches))


def ours(rule, grad, w, steps, factor):
    path, state = [w], rule(1.0).init(w)
    for t in range(steps):
        w, state = rule(factor(t)).update(w, grad(w), state)
        path.append(w)
    return np.array(path)


def torch_path(make, grad, w0, steps, lr, factor, dtype=None):
    w = torch.tensor(w0, dtype=dtype or torch.float64, requires_grad=True)
    optimizer, path = make([w], lr=lr), [w.detach().numpy().copy()]
    for t in range(steps):
        optimizer.param_groups[0]["lr"] = lr * factor(t)
        w.grad = torch.as_tensor(grad(w.detach().numpy()), dtype=w.dtype).reshape(w.shape)
        optimizer.step()
        path.append(w.detach().numpy().copy())
    return np.array(path)


def difference(path, other):
    """The largest difference of a step, relative to the largest parameter at that step."""
    axes = tuple(range(1, path.ndim))
    return (np.abs(path - other).max(axes) / np.abs(other).max(axes).clip(1e-300)).max()


SGD = torch.optim.SGD
# name: (our rule of lr, torch's optimizer, what the gradient becomes before our rule sees it)
RULES = {
    "gd": (GradientDescent, SGD, None),
    "momentum": (lambda lr: Momentum(lr, BETA), partial(SGD, momentum=BETA), None),
    "nesterov": (lambda lr: Nesterov(lr, BETA), partial(SGD, momentum=BETA, nesterov=True), None),
    "dampening": (
        lambda lr: DampenedMomentum(lr, 0.9, 0.6), partial(SGD, momentum=0.9, dampening=0.6), None,
    ),
    "weight decay": (
        lambda lr: Momentum(lr, 0.9), partial(SGD, momentum=0.9, weight_decay=0.03), lambda g, w: g + 0.03 * w,
    ),
    "maximize": (lambda lr: Momentum(lr, 0.5), partial(SGD, momentum=0.5, maximize=True), lambda g, w: -g),
    "adam": (Adam, torch.optim.Adam, None),
    "adam, other betas": (
        lambda lr: Adam(lr, 0.8, 0.95, 1e-6), partial(torch.optim.Adam, betas=(0.8, 0.95), eps=1e-6), None,
    ),
}  # fmt: skip


# Ascent leaves the range of floats; Adam with a short memory, once done, divides rounding errors by rounding errors.
FEWER = {"maximize": 40, "adam, other betas": 150}


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("factor", [lambda t: 1.0, schedule], ids=["constant", "rates that change"])
@pytest.mark.parametrize("name", RULES)
def test_torch(name, factor, problem):
    (rule, make, change), (of, w0, lr, batch_size) = RULES[name], PROBLEMS[problem]
    steps = FEWER.get(name, 1000)
    theirs = torch_path(make, fed(of(), batch_size), w0, steps, lr, factor)
    plain = fed(of(), batch_size)
    grad = plain if change is None else lambda w: change(plain(w), w)
    mine = ours(lambda f: rule(lr * f), grad, w0, steps, factor)
    assert difference(mine, theirs) <= RTOL


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.floats(1e-4, 0.3), st.floats(0, 0.99), st.integers(1, 30),
    st.sampled_from([(Momentum, {}), (Nesterov, {"nesterov": True})]),
)  # fmt: skip
def test_torch_at_any_setting(lr, beta, d, rule):
    ours_rule, options = rule
    if beta == 0:
        options = {}  # torch has no Nesterov without momentum; at beta = 0 both are GD
    problem = Quadratic(np.linspace(0.1, 3, d), w_star=np.ones(d))
    theirs = torch_path(partial(SGD, momentum=beta, **options), problem.grad, np.zeros(d), 60, lr, lambda t: 1.0)
    mine = descend(problem, ours_rule(lr, beta), np.zeros(d), 60).w
    assert difference(mine[1:], theirs[1:]) <= RTOL


@pytest.mark.parametrize("name", ["gd", "momentum", "nesterov"])
def test_float32_stays_float32(name):
    rule, make, _ = RULES[name]
    problem = Quadratic(np.array([0.5, 2], np.float32), w_star=np.array([1, 2], np.float32))
    w0 = np.array([3, -1], np.float32)
    mine = descend(problem, rule(np.float32(0.1)), w0, 200).w
    assert mine.dtype == np.float32
    theirs = torch_path(make, problem.grad, w0, 200, 0.1, lambda t: 1.0, torch.float32)
    assert difference(mine, theirs) < 1e-5


@pytest.fixture(scope="module")
def keras():
    os.environ.update(TENSORFLOW_ENVIRONMENT)
    pytest.importorskip("tensorflow")
    import keras

    keras.config.set_floatx("float64")  # else its learning rate is kept in float32
    yield keras
    keras.config.set_floatx("float32")


KERAS = {
    "gd": (GradientDescent, {}),
    "momentum": (lambda lr: KerasMomentum(lr, BETA), {"momentum": BETA}),
    "nesterov": (lambda lr: KerasNesterov(lr, BETA), {"momentum": BETA, "nesterov": True}),
}


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("factor", [lambda t: 1.0, schedule], ids=["constant", "rates that change"])
@pytest.mark.parametrize("name", KERAS)
def test_keras(keras, name, factor, problem):
    (rule, options), (of, w0, lr, batch_size) = KERAS[name], PROBLEMS[problem]
    w, grad = keras.Variable(w0, dtype="float64"), fed(of(), batch_size)
    optimizer, path = keras.optimizers.SGD(lr, **options), [w0]
    for t in range(1000):
        optimizer.learning_rate = lr * factor(t)
        optimizer.apply([keras.ops.convert_to_tensor(grad(path[-1]), "float64")], [w])
        path.append(w.numpy().copy())
    mine = ours(lambda f: rule(lr * f), fed(of(), batch_size), w0, 1000, factor)
    assert difference(mine, np.array(path)) <= RTOL


DROP = [0.1, 0.1, 0.01, 0.01]
# g = 1 at every step from w = 0: (rule, learning rates, w after each step), measured with torch and Keras
TABLE = [
    (lambda lr: Momentum(lr, 0.9), [0.1] * 4, [-0.1, -0.29, -0.561, -0.9049]),
    (lambda lr: KerasMomentum(lr, 0.9), [0.1] * 4, [-0.1, -0.29, -0.561, -0.9049]),
    (lambda lr: Momentum(lr, 0.9), DROP, [-0.1, -0.29, -0.3171, -0.35149]),
    (lambda lr: KerasMomentum(lr, 0.9), DROP, [-0.1, -0.29, -0.471, -0.6439]),
    (lambda lr: Nesterov(lr, 0.9), [0.1] * 4, [-0.19, -0.461, -0.8049, -1.21441]),
    (lambda lr: KerasNesterov(lr, 0.9), [0.1] * 4, [-0.19, -0.461, -0.8049, -1.21441]),
    (lambda lr: Nesterov(lr, 0.9), DROP, [-0.19, -0.461, -0.49539, -0.536341]),
    (lambda lr: KerasNesterov(lr, 0.9), DROP, [-0.19, -0.461, -0.6339, -0.79951]),
    (lambda lr: DampenedMomentum(lr, 0.9, 0.9), [0.1] * 4, [-0.1, -0.2, -0.3, -0.4]),
    (lambda lr: AveragedMomentum(lr, 0.9), [0.1], [-0.01]),
]


@pytest.mark.parametrize(("rule", "rates", "expected"), TABLE)
def test_conventions_when_the_gradient_is_one(rule, rates, expected):
    path = ours(rule, np.ones_like, np.zeros(1), len(rates), lambda t: rates[t])
    np.testing.assert_allclose(path[1:, 0], expected, rtol=1e-12)


BY_NAME = {"torch": Momentum, "keras": KerasMomentum, "average": AveragedMomentum}


@pytest.mark.parametrize("of", BY_NAME)
@pytest.mark.parametrize("to", BY_NAME)
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.99])
def test_convert_gives_the_same_run(of, to, beta):
    problem = LeastSquares(*diabetes())
    runs = [descend(problem, BY_NAME[c](lr, beta), np.zeros(10), 300).w
            for c, lr in [(of, 0.05), (to, convert(0.05, beta, of, to))]]  # fmt: skip
    assert difference(runs[0][1:], runs[1][1:]) < 1e-11


@pytest.mark.parametrize(
    ("arguments", "named"),
    [((0.1, 1.0, "torch", "keras"), "beta"), ((-1, 0.5, "torch", "keras"), "lr"),
     ((0.1, 0.5, "jax", "keras"), "of"), ((0.1, 0.5, "torch", None), "to")],
)  # fmt: skip
def test_convert_names_what_is_wrong(arguments, named):
    with pytest.raises(ValueError, match=f"^{named} "):
        convert(*arguments)
