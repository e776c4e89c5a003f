"""Step by step against PyTorch and Keras: every rule in its own convention, float64 and float32, rates that change.

A difference is relative to the largest weight of its step: 1e-12 at most, 3e-15 measured in float64. A component near
0 can differ by more of itself (3e-10 measured), and one that has decayed to nothing beside the others, as the
saddle's w1 does, is not tested any more.
"""

import itertools
import os
from functools import cache, partial
from importlib.util import find_spec
from operator import attrgetter
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.conventions import AveragedMomentum, DampenedMomentum, KerasMomentum, KerasNesterov, convert
from course_utils.data import diabetes
from course_utils.descent import descend
from course_utils.landscapes import Function, Saddle
from course_utils.optimizers import Adam, GradientDescent, Momentum, Nesterov
from course_utils.problems import LeastSquares, Quadratic, SoftmaxRegression, minibatches
from course_utils.quiet import TENSORFLOW_ENVIRONMENT

# Fused multiply-adds differ in the last bits, so never ==. In float32 2.1e-6 was measured, 18 epsilons.
TOLERANCE = {"float64": 1e-12, "float32": 6e-6}
BETA = 0.875  # Keras passes its momentum through float32, which holds this one exactly
needs_torch = pytest.mark.skipif(not find_spec("torch"), reason="needs torch")


def of_torch(name, **options):
    """What makes a class of torch with these options; torch takes seconds to import, and is not before it is needed."""

    def make(*arguments, **further):
        import torch

        return attrgetter(name)(torch.optim)(*arguments, **options, **further)

    return make


def quadratic(dtype):
    return Quadratic(np.array([0.1, 1, 5], dtype), w_star=np.array([3, -2, 1], dtype))


def least_squares(dtype):
    return LeastSquares(*(array.astype(dtype) for array in diabetes()))


def softmax(dtype):
    X = np.random.default_rng(4).normal(size=(60, 6))
    return SoftmaxRegression(X.astype(dtype), np.arange(60) % 3)


# name: (problem of dtype, start, learning rate, batch size)
PROBLEMS = {
    "quadratic away from 0": (quadratic, np.full(3, -4.0), 0.05, None),
    "diabetes in batches": (least_squares, np.zeros(10), 0.02, 16),
    "softmax in batches": (softmax, np.zeros((6, 3)), 0.1, 7),
    "saddle": (lambda dtype: Saddle(), np.array([1.0, 0.3]), 0.02, None),
}


def drop(t):
    """A drop to a tenth, and later a climb."""
    return 1.0 if t < 300 else 0.1 if t < 700 else 0.5


# name: (our factor on the learning rate, torch's scheduler)
SCHEDULES = {
    "constant": (None, of_torch("lr_scheduler.ConstantLR", factor=1.0)),
    "rates that change": (drop, of_torch("lr_scheduler.LambdaLR", lr_lambda=drop)),
    "StepLR": (lambda t: 0.1 ** (t // 300), of_torch("lr_scheduler.StepLR", step_size=300, gamma=0.1)),
    "ExponentialLR": (lambda t: 0.995**t, of_torch("lr_scheduler.ExponentialLR", gamma=0.995)),
    "CosineAnnealingLR": (
        lambda t: (1 + np.cos(np.pi * t / 1000)) / 2,
        of_torch("lr_scheduler.CosineAnnealingLR", T_max=1000),
    ),
}


def batches(problem, size):
    """The same batches in the same order at every call; None for the full gradient."""
    return size and minibatches(problem.n, size, np.random.default_rng(0))


def started(case, dtype="float64", maximize=False, **_):
    """A case's start, its learning rate, and the gradient that a framework gets: of -loss if it maximizes."""
    of, w0, lr, size = case
    problem, sign = of(dtype), -1 if maximize else 1
    drawn = batches(problem, size)
    return w0.astype(dtype), lr, lambda w: sign * problem.grad(w, drawn and next(drawn))


def walk(starts, grads, step, steps):
    """The path from each start: step(t, gradients) gives the next point of all of them."""
    path = [starts]
    for t in range(steps):
        path.append(step(t, [grad(w) for grad, w in zip(grads, path[-1], strict=True)]))
    return [np.array(points) for points in zip(*path, strict=True)]


def torch_paths(make, scheduler, cases, dtype="float64", steps=1000):
    """A path of each case and options, all of them parameter groups of one optimizer."""
    import torch

    starts, rates, grads = zip(*(started(case, dtype, **options) for case, options in cases), strict=True)
    ws = [torch.tensor(w0, requires_grad=True) for w0 in starts]
    groups = [{"params": [w], "lr": lr, **cases[i][1]} for i, (w, lr) in enumerate(zip(ws, rates, strict=True))]
    optimizer = make(groups)
    scheduler = scheduler(optimizer)

    def step(t, gradients):
        for w, g in zip(ws, gradients, strict=True):
            w.grad = torch.as_tensor(g)
        optimizer.step()
        scheduler.step()
        return [w.detach().numpy().copy() for w in ws]

    return walk(starts, grads, step, steps)


def difference(path, other):
    """The largest difference of a step, relative to the largest parameter at that step."""
    assert path.dtype == other.dtype
    axes = tuple(range(1, path.ndim))
    return (np.abs(path - other).max(axes) / np.abs(other).max(axes).clip(np.finfo(other.dtype).tiny)).max()


def ours(rule, case, factor, dtype="float64", steps=1000, weight_decay=0, **_):
    """Our path of a case; we add weight decay to the gradient."""
    of, w0, lr, size = case
    problem, w0 = of(dtype), w0.astype(dtype)
    decayed = SimpleNamespace(shape=w0.shape, grad=lambda w, batch=None: problem.grad(w, batch) + weight_decay * w)
    return descend(decayed, rule(lr), w0, steps, batches(problem, size), factor).w


SGD, ADAM = of_torch("SGD"), of_torch("Adam")
# name: (our rule of lr, torch's optimizer, its options)
RULES = {
    "gd": (GradientDescent, SGD, {}),
    "momentum": (partial(Momentum, beta=BETA), SGD, {"momentum": BETA}),
    "nesterov": (partial(Nesterov, beta=BETA), SGD, {"momentum": BETA, "nesterov": True}),
    "average, lr converted": (
        lambda lr: AveragedMomentum(convert(lr, 0.9, "torch", "average"), 0.9), SGD, {"momentum": 0.9},
    ),
    "dampening": (partial(DampenedMomentum, beta=0.9, dampening=0.6), SGD, {"momentum": 0.9, "dampening": 0.6}),
    "weight decay": (partial(Momentum, beta=0.9), SGD, {"momentum": 0.9, "weight_decay": 0.03}),
    "nesterov, weight decay": (
        partial(Nesterov, beta=0.9), SGD, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.03},
    ),
    "maximize": (partial(Momentum, beta=0.5), SGD, {"momentum": 0.5, "maximize": True}),
    "maximize, weight decay": (
        partial(Momentum, beta=0.5), SGD, {"momentum": 0.5, "maximize": True, "weight_decay": 0.03},
    ),
    "adam": (Adam, ADAM, {}),
    "adam, other betas": (
        partial(Adam, beta1=0.8, beta2=0.95, eps=1e-6), ADAM, {"betas": (0.8, 0.95), "eps": 1e-6},
    ),
    "adam, maximize, weight decay": (Adam, ADAM, {"maximize": True, "weight_decay": 0.03}),
}  # fmt: skip


# Adam with a short memory, once done, divides rounding errors by rounding errors.
FEWER = dict.fromkeys([("adam, other betas", "quadratic away from 0"), ("adam, other betas", "saddle")], 150)


def torch_cases():
    """(rule, schedule, dtype, problem). Torch's own schedules see the step only: one problem each, all in turn."""
    turn = itertools.count()
    for rule, (schedule, dtype) in itertools.product(RULES, RATES):
        to_the_end = [problem for problem in PROBLEMS if (rule, problem) not in FEWER]
        everywhere = schedule in ("constant", "rates that change")
        for problem in PROBLEMS if everywhere else [to_the_end[next(turn) % len(to_the_end)]]:
            yield rule, schedule, dtype, problem


RATES = [*((name, "float64") for name in SCHEDULES), ("rates that change", "float32")]
TORCH = list(torch_cases())


@cache
def torch_run(make, schedule, dtype):
    """{(rule, problem): torch's path} of the rules of one optimizer, with a schedule and a dtype."""
    rules = [rule for rule in RULES if RULES[rule][1] is make]
    runs = [(run[0], run[-1]) for run in TORCH if run[0] in rules and run[1:-1] == (schedule, dtype)]
    cases = [(PROBLEMS[problem], RULES[rule][2]) for rule, problem in runs]
    return dict(zip(runs, torch_paths(make, SCHEDULES[schedule][1], cases, dtype), strict=True))


@needs_torch
@pytest.mark.parametrize(("name", "schedule", "dtype", "problem"), TORCH)
def test_torch(name, schedule, dtype, problem):
    (rule, make, options), (factor, _) = RULES[name], SCHEDULES[schedule]
    steps = FEWER.get((name, problem), 1000)
    path = ours(rule, PROBLEMS[problem], factor, dtype, steps, **options)
    assert difference(path, torch_run(make, schedule, dtype)[name, problem][: steps + 1]) <= TOLERANCE[dtype]


@pytest.fixture(scope="module")
def keras():
    os.environ.update(TENSORFLOW_ENVIRONMENT)
    pytest.importorskip("tensorflow")
    import keras

    yield keras
    keras.config.set_floatx("float32")


def keras_paths(keras, makes, cases, factor, compiled, dtype="float64", steps=1000):
    """A path of each case, by the optimizer that its make gives; the steps of all are compiled as one, as in `fit`,
    or made call by call. factor None leaves the learning rate to Keras.
    """
    import tensorflow

    keras.config.set_floatx(dtype)  # else its learning rate is kept in float32
    starts, rates, grads = zip(*(started(case, dtype) for case in cases), strict=True)
    ws = [keras.Variable(w0, dtype=dtype) for w0 in starts]
    optimizers = [make(lr) for make, lr in zip(makes, rates, strict=True)]
    for optimizer, w in zip(optimizers, ws, strict=True):
        optimizer.build([w])

    def apply(rates, gradients):
        """A step of all with their gradients, one after the other; the new points in the same way."""
        parts = tensorflow.split(gradients, [w0.size for w0 in starts])
        for i, (optimizer, w, g) in enumerate(zip(optimizers, ws, parts, strict=True)):
            if factor:
                optimizer.learning_rate = rates[i]
            optimizer.apply([tensorflow.reshape(g, w.shape)], [w])
        return tensorflow.concat([tensorflow.reshape(w, [-1]) for w in ws], 0)

    apply = tensorflow.function(apply) if compiled else apply
    ends = np.cumsum([w0.size for w0 in starts])[:-1]

    def step(t, gradients):
        now = np.array(rates) * factor(t) if factor else rates
        points = apply(np.asarray(now, dtype), np.concatenate([g.ravel() for g in gradients])).numpy()
        return [part.reshape(w0.shape) for part, w0 in zip(np.split(points, ends), starts, strict=True)]

    return walk(starts, grads, step, steps)


KERAS = {
    "gd": (GradientDescent, {}),
    "momentum": (partial(KerasMomentum, beta=BETA), {"momentum": BETA}),
    "nesterov": (partial(KerasNesterov, beta=BETA), {"momentum": BETA, "nesterov": True}),
}


@pytest.fixture(scope="module")
def keras_run(keras):
    """{(rule, problem): Keras' path} of a schedule and a dtype."""

    @cache
    def run(schedule, dtype):
        runs = list(itertools.product(KERAS, PROBLEMS))
        makes = [partial(keras.optimizers.SGD, **KERAS[name][1]) for name, _ in runs]
        cases = [PROBLEMS[problem] for _, problem in runs]
        paths = keras_paths(keras, makes, cases, SCHEDULES[schedule][0], True, dtype)
        return dict(zip(runs, paths, strict=True))

    return run


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize(
    ("schedule", "dtype"), [("constant", "float64"), ("rates that change", "float64"), ("rates that change", "float32")]
)
@pytest.mark.parametrize("name", KERAS)
def test_keras(keras_run, name, schedule, dtype, problem):
    path = ours(KERAS[name][0], PROBLEMS[problem], SCHEDULES[schedule][0], dtype)
    assert difference(path, keras_run(schedule, dtype)[name, problem]) <= TOLERANCE[dtype]


# How far from ours, from and to, for a rate that is exact in float32 with its parts, and for one that is rounded
# (2e-8 to 7e-8 measured); whatever the rate, a cosine is computed in float32 (9e-9 to 1e-7).
PASSED, COMPUTED = {2**-6: (0, 1e-12), 0.05: (1e-8, 2e-7)}, {2**-6: (1e-9, 1e-6), 0.05: (1e-9, 1e-6)}
# name: (the arguments of Keras' schedule that starts at lr, our factor, how far apart)
KERAS_SCHEDULES = {
    "PiecewiseConstantDecay": (
        lambda lr: ([299, 699], [lr, lr / 8, lr / 2]),
        lambda t: 1 if t < 300 else 1 / 8 if t < 700 else 1 / 2,
        PASSED,
    ),
    "ExponentialDecay": (lambda lr: (lr, 250, 0.5, True), lambda t: 0.5 ** (t // 250), PASSED),
    "CosineDecay": (lambda lr: (lr, 1000), lambda t: (1 + np.cos(np.pi * t / 1000)) / 2, COMPUTED),
}


def test_keras_schedules_pass_the_rate_through_float32(keras):
    runs = list(itertools.product(["momentum", "nesterov"], KERAS_SCHEDULES, PASSED))
    makes, cases = [], [(*PROBLEMS["quadratic away from 0"][:2], lr, None) for *_, lr in runs]
    for name, schedule, _ in runs:
        theirs, arguments = getattr(keras.optimizers.schedules, schedule), KERAS_SCHEDULES[schedule][0]
        makes.append(
            lambda lr, name=name, theirs=theirs, arguments=arguments: keras.optimizers.SGD(
                theirs(*arguments(lr)), **KERAS[name][1]
            )
        )
    paths = keras_paths(keras, makes, cases, None, True)
    for (name, schedule, lr), case, path in zip(runs, cases, paths, strict=True):
        _, factor, apart = KERAS_SCHEDULES[schedule]
        d, (low, high) = difference(ours(KERAS[name][0], case, factor), path), apart[lr]
        assert low <= d <= high, (name, schedule, lr, d)


LR, DIMENSION = st.floats(1e-4, 0.3), st.integers(1, 30)
FACTORS = st.lists(st.floats(0.01, 1), min_size=1, max_size=8)  # a new rate at every step, over and over


def cycle(factors):
    return lambda t: factors[t % len(factors)]


def in_any_dimension(d, lr):
    return lambda dtype: Quadratic(np.linspace(0.1, 3, d), w_star=np.ones(d)), np.zeros(d), lr, None


@needs_torch
@settings(max_examples=60, deadline=None, derandomize=True)
@given(LR, st.floats(0, 0.99), DIMENSION, FACTORS, st.one_of(
    st.sampled_from([(Momentum, {}), (Nesterov, {"nesterov": True})]),
    st.floats(0, 1).map(lambda x: (partial(DampenedMomentum, dampening=x), {"dampening": x})),
), st.fixed_dictionaries({"weight_decay": st.floats(0, 0.1), "maximize": st.booleans()}))  # fmt: skip
def test_torch_at_any_setting(lr, beta, d, factors, rule, further):
    of, options = rule if beta else (Momentum, {})  # without momentum torch has neither Nesterov nor dampening
    case, factor, options = in_any_dimension(d, lr), cycle(factors), options | further
    scheduler = of_torch("lr_scheduler.LambdaLR", lr_lambda=factor)
    (path,) = torch_paths(SGD, scheduler, [(case, {"momentum": beta, **options})], steps=60)
    assert difference(ours(partial(of, beta=beta), case, factor, steps=60, **options), path) <= TOLERANCE["float64"]


@needs_torch
@settings(max_examples=30, deadline=None, derandomize=True)
@given(LR, st.floats(0, 0.99), st.floats(0, 0.9999), st.floats(1e-10, 1e-3), DIMENSION, FACTORS, st.booleans())
def test_torchs_adam_at_any_setting(lr, beta1, beta2, eps, d, factors, maximize):
    """On gradients that do not depend on w: a run that has arrived divides rounding errors by rounding errors."""
    gradients = np.random.default_rng(d).normal(size=(100, d))
    given_ones = SimpleNamespace(n=100, shape=(d,), grad=lambda w, batch: gradients[batch].mean(0))
    case, factor, options = (lambda dtype: given_ones, np.zeros(d), lr, 1), cycle(factors), {"maximize": maximize}
    further = {"betas": (beta1, beta2), "eps": eps, **options}
    (path,) = torch_paths(ADAM, of_torch("lr_scheduler.LambdaLR", lr_lambda=factor), [(case, further)], steps=200)
    rule = partial(Adam, beta1=beta1, beta2=beta2, eps=eps)
    assert difference(ours(rule, case, factor, steps=200, **options)[1:], path[1:]) <= TOLERANCE["float64"]


@settings(max_examples=10, deadline=None, derandomize=True)
@given(LR, st.floats(0, 0.96875, width=32), DIMENSION, FACTORS, st.booleans())
def test_keras_at_any_setting(keras, lr, beta, d, factors, nesterov):
    case, factor, rule = in_any_dimension(d, lr), cycle(factors), KerasNesterov if nesterov else KerasMomentum
    make = partial(keras.optimizers.SGD, momentum=beta, nesterov=nesterov)
    (path,) = keras_paths(keras, [make], [case], factor, False, steps=60)
    assert difference(ours(partial(rule, beta=beta), case, factor, steps=60), path) <= TOLERANCE["float64"]


@pytest.mark.parametrize("rule", [KerasMomentum, KerasNesterov])
def test_keras_rounds_beta_to_float32(keras, rule):
    case = (quadratic, np.full(3, -4.0), 0.05, None)
    make = partial(keras.optimizers.SGD, momentum=0.93, nesterov=rule is KerasNesterov)
    (path,) = keras_paths(keras, [make], [case], lambda t: 1, False, steps=60)
    written, rounded = (difference(ours(partial(rule, beta=b), case, None, steps=60), path)
                        for b in (0.93, float(np.float32(0.93))))  # fmt: skip
    assert rounded <= TOLERANCE["float64"] < 1e-9 < written < 1e-6


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
    (lambda lr: AveragedMomentum(lr, 0.9), DROP, [-0.01, -0.029, -0.03171, -0.035149]),
    (lambda lr: DampenedMomentum(lr, 0.9, 0.9), [0.1] * 4, [-0.1, -0.2, -0.3, -0.4]),
    (lambda lr: AveragedMomentum(lr, 0.9), [0.1], [-0.01]),
]


@pytest.mark.parametrize(("rule", "rates", "expected"), TABLE)
def test_conventions_when_the_gradient_is_one(rule, rates, expected):
    run = descend(Function(np.sum, np.ones_like), rule(1.0), np.zeros(1), len(rates), schedule=lambda t: rates[t])
    np.testing.assert_allclose(run.w[1:, 0], expected, rtol=1e-12)


BY_NAME = {"torch": Momentum, "keras": KerasMomentum, "average": AveragedMomentum}


@pytest.mark.parametrize("of", BY_NAME)
@pytest.mark.parametrize("to", BY_NAME)
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.99])
def test_convert_gives_the_same_run(of, to, beta):
    problem = LeastSquares(*diabetes())
    runs = [descend(problem, BY_NAME[c](lr, beta), np.zeros(10), 300).w
            for c, lr in [(of, 0.05), (to, convert(0.05, beta, of, to))]]  # fmt: skip
    assert difference(runs[0][1:], runs[1][1:]) < 1e-12


@pytest.mark.parametrize(
    ("arguments", "named"),
    [((0.1, 1.0, "torch", "keras"), "beta"), ((-1, 0.5, "torch", "keras"), "lr"),
     ((0.1, 0.5, "jax", "keras"), "of"), ((0.1, 0.5, "torch", None), "to")],
)  # fmt: skip
def test_convert_names_what_is_wrong(arguments, named):
    with pytest.raises(ValueError, match=f"^{named} "):
        convert(*arguments)
