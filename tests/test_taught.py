"""What a lesson writes by hand is what the package does: `taught` cells, run alone, on random inputs."""

import inspect
from itertools import islice
from pathlib import Path

import nbformat
import numpy as np
import pytest

from course_utils import problems, theory
from course_utils.descent import descend
from course_utils.network import Network
from course_utils.optimizers import GradientDescent, Momentum, Nesterov

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
close = np.testing.assert_allclose


def gradient_check(check, rng):
    """No package function: it must accept the package's gradients, and reject them with an error in them."""
    problem = problems.Quadratic([rng.uniform(0.5, 5)], w_star=[rng.normal()])

    def loss(w):
        return float(problem.loss(np.array([w])))

    def grad(w):
        return float(problem.grad(np.array([w]))[0])

    w = float(problem.w_star[0]) + rng.uniform(0.5, 2)
    assert check(loss, grad, w) < 1e-6
    for wrong in (lambda w: -grad(w), lambda w: 2 * grad(w), lambda w: grad(w) + 0.01):
        assert check(loss, wrong, w) > 1e-3


def gd_step(step, rng):
    w, g = rng.normal(size=(2, 3))
    close(step(w, g, 0.3), GradientDescent(0.3).update(w, g, None)[0])


def descend_by_hand(by_hand, rng):
    problem = problems.Quadratic(rng.uniform(0.5, 5, 3), w_star=rng.normal(size=3))
    w0 = rng.normal(size=3)
    close(by_hand(problem.grad, w0, 0.1, 9), descend(problem, GradientDescent(0.1), w0, 9).w)


def minibatch_gradient(gradient, rng):
    X, y = rng.normal(size=(20, 3)), rng.normal(size=20)
    w, batch = rng.normal(size=3), rng.integers(20, size=6)
    close(gradient(X, y, w, batch), problems.LeastSquares(X, y).grad(w, batch))


def minibatches(by_hand, rng):
    """The same orders from the same generator, over three epochs with a smaller last batch."""
    seed = int(rng.integers(1000))
    first, second = (f(23, 5, np.random.default_rng(seed)) for f in (by_hand, problems.minibatches))
    for ours, theirs in islice(zip(first, second, strict=False), 15):
        np.testing.assert_array_equal(ours, theirs)


def with_velocity(step, rule, rng):
    """Three steps in a row, so that the velocity that is handed on counts too."""
    lr, beta = rng.uniform(0.01, 0.2), rng.uniform(0, 0.99)
    optimizer, (w, v) = rule(lr, beta), (rng.normal(size=3), np.zeros(3))
    ours, state = w, optimizer.init(w)
    for g in rng.normal(size=(3, 3)):
        ours, state = optimizer.update(ours, g, state)
        w, v = step(w, g, v, lr, beta)
        close(w, ours)


def momentum_by_hand(by_hand, rng):
    problem = problems.Quadratic(rng.uniform(0.5, 5, 3))
    w0 = rng.normal(size=3)
    close(by_hand(problem.grad, w0, 0.1, 0.8, 9), descend(problem, Momentum(0.1, 0.8), w0, 9).w)


def step_matrix(matrix, rng):
    """Applied to (w, v), it is a step of momentum on c w^2 / 2."""
    lr, beta, c, w, v = rng.uniform(0.1, 0.9, 5)
    close(matrix(lr, beta, c) @ [w, v], Momentum(lr, beta).update(w, c * w, v))


def momentum_rate(rate, rng):
    lr, beta, c = rng.uniform(0.1, 0.9, 3)
    close(rate(lr, beta, c), theory.momentum_rate(lr, beta, [c]))


def momentum_best(best, rng):
    mu, L = rng.uniform(0.1, 1), rng.uniform(1, 9)
    close(best(mu, L), theory.momentum_best(mu, L))


def noise_floor(floor, rng):
    (lr, c, s2, beta), batch_size = rng.uniform(0.1, 0.9, 4), rng.integers(1, 50)
    close(floor(lr, c, s2, batch_size, beta), theory.noise_floor(lr, c, s2, batch_size, beta))


def a_network(rng):
    network = Network(rng.normal(size=(9, 4)), np.arange(9) % 3, hidden=(5,))
    w = network.start(rng) + 0.1 * rng.normal(size=network.shape)
    (W1, b1), (W2, b2) = network.layers(w)
    return network, w, (W1, b1[0], W2, b2[0])


def softmax(by_hand, rng):
    z = rng.normal(size=(7, 3)) * 300  # large enough to overflow where the largest score is not taken off
    close(by_hand(z), problems.SoftmaxRegression._softmax(z))


def forward(by_hand, rng):
    network, w, layers = a_network(rng)
    close(by_hand(network.X, *layers)[1], network.scores(w))


def backward(by_hand, rng):
    network, w, layers = a_network(rng)
    h, p = np.tanh(network.X @ layers[0] + layers[1]), network._softmax(network.scores(w))
    gradients = by_hand(network.X, np.eye(3)[network.labels], layers[2], h, p)
    close(np.concatenate([g.ravel() for g in gradients]), network.grad(w))


COMPARED = {
    "softmax": softmax,
    "forward": forward,
    "backward": backward,
    "gradient_check": gradient_check,
    "gd_step": gd_step,
    "descend_by_hand": descend_by_hand,
    "minibatch_gradient": minibatch_gradient,
    "minibatches": minibatches,
    "momentum_by_hand": momentum_by_hand,
    "step_matrix": step_matrix,
    "momentum_rate": momentum_rate,
    "momentum_best": momentum_best,
    "noise_floor": noise_floor,
    "momentum_step": lambda step, rng: with_velocity(step, Momentum, rng),
    "nesterov_step": lambda step, rng: with_velocity(step, Nesterov, rng),
}


def taught_cells():
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=4).cells:
            if "taught" in cell.metadata.get("tags", []):
                yield pytest.param(cell.source, id=f"{path.stem}-{cell.id}")


def functions(source):
    """What a cell defines, run alone."""
    scope = {"np": np}
    exec(source, scope)
    return {name: value for name, value in scope.items() if name not in ("np", "__builtins__")}


def compare(name, function):
    for seed in range(5):
        COMPARED[name](function, np.random.default_rng(seed))


@pytest.mark.parametrize("source", list(taught_cells()))
def test_taught_cell_does_what_the_package_does(source):
    defined = functions(source)
    assert defined
    for name, function in defined.items():
        assert inspect.isfunction(function), f"{name}: a taught cell defines functions only"
        assert name in COMPARED, f"nothing to compare {name} with: add it to COMPARED"
        compare(name, function)


@pytest.mark.parametrize(
    "source",
    [
        "def gradient_check(f, df, w): return 0.0",
        "def gd_step(w, g, lr): return w + lr * g",
        "def descend_by_hand(df, w, lr, steps): return [w] * (steps + 1)",
        "def minibatch_gradient(X, y, w, batch): return X[batch].T @ (X[batch] @ w - y[batch])",
        "def minibatches(n, batch_size, rng):\n    while True: yield rng.permutation(n)[:batch_size]",
        "def momentum_step(w, g, v, lr, beta): return w - lr * g, v",
        "def momentum_step(w, g, v, lr, beta): return w - lr * (beta * v + g), v",
        "def nesterov_step(w, g, v, lr, beta):\n    v = beta * v + g\n    return w - lr * v, v",
    ],
)
def test_comparison_can_fail(source):
    ((name, function),) = functions(source).items()
    with pytest.raises(AssertionError):
        compare(name, function)


def test_every_comparison_is_used():
    used = {name for cell in taught_cells() for name in functions(cell.values[0])}
    assert used == set(COMPARED)
