"""Bad input: the error names the argument, its value and what is allowed."""

import numpy as np
import pytest

from course_utils.conventions import convert
from course_utils.data import diabetes, mislabelled
from course_utils.descent import descend
from course_utils.explorers import DescentExplorer, DropExplorer, ask
from course_utils.landscapes import Function, PiecewiseQuadratic, Saddle
from course_utils.network import Network
from course_utils.optimizers import Adam, GradientDescent, Momentum, Nesterov
from course_utils.plots import draw_loss, draw_path, panels
from course_utils.problems import LeastSquares, Quadratic, SoftmaxRegression, minibatches

bowl, rng = Quadratic([1, 2]), np.random.default_rng(0)
gd = GradientDescent(0.1)
line = LeastSquares(np.ones((3, 1)), np.ones(3))


class Own:
    """A learner's optimizer, not a dataclass."""

    def init(self, w):
        return None

    def update(self, w, g, state):
        return w - g, state


class Given(Function):
    """A learner's problem whose gradient is whatever it is given."""

    def loss(self, w):
        return self.of(w)

    def grad(self, w, batch=None):
        return self.gradient(w)


class Kept:
    """A number that NumPy cannot have, as PyTorch's that keep a gradient."""

    def __array__(self, *args, **kwargs):
        raise ValueError("use detach() first")


def one_point(steps, lr=0.05):
    """A run on a loss and a gradient that are written for one point only."""
    problem = Given(lambda w: w[0] ** 2 / 2 + 5 * w[1] ** 2, lambda w: np.array([w[0], 10 * w[1]]))
    return descend(problem, GradientDescent(lr), [-4, 1.5], steps)


softmax = SoftmaxRegression(np.ones((3, 2)), [0, 1, 2])
hill = Function(lambda w: w**2, lambda w: w[:1])
three = descend(Quadratic([1, 2, 3]), gd, [1, 1, 1], 3)
two = descend(bowl, GradientDescent([0.1, 0.2]), [1, 1], 3)
CASES = [
    (lambda: GradientDescent(-0.1), ["lr", "-0.1", "lr >= 0"]),
    (lambda: GradientDescent(float("nan")), ["lr", "nan"]),
    (lambda: GradientDescent(np.inf), ["lr", "inf"]),
    (lambda: GradientDescent("0.1"), ["lr", "'0.1'"]),
    (lambda: GradientDescent([0.1, -2]), ["lr", "-2"]),
    (lambda: Momentum(0.1, 1.0), ["beta", "got 1", "0 <= beta < 1"]),
    (lambda: Momentum(0.1, -0.5), ["beta", "-0.5"]),
    (lambda: Nesterov(0.1, [0.5, 1.5]), ["beta", "1.5"]),
    (lambda: Adam(0.1, beta2=1), ["beta2", "0 <= beta2 < 1"]),
    (lambda: minibatches(10, 0, rng), ["batch_size", "1 to 10", "got 0"]),
    (lambda: minibatches(10, 11, rng), ["batch_size", "1 to 10", "11"]),
    (lambda: minibatches(10, 2.5, rng), ["batch_size", "2.5"]),
    (lambda: minibatches(0, 1, rng), ["n", "at least 1"]),
    (lambda: minibatches(10, 2, 0), ["rng", "default_rng"]),
    (lambda: minibatches(10, 2, rng, runs=0), ["runs", "at least 1"]),
    (lambda: descend(bowl, gd, [np.nan, 1], 3), ["w0", "nan"]),
    (lambda: descend(bowl, gd, [1, 2, 3], 3), ["w0", "(2,)", "(3,)"]),
    (lambda: descend(bowl, gd, 1.0, 3), ["w0", "(2,)", "()"]),
    (lambda: descend(bowl, gd, "ab", 3), ["w0", "'ab'"]),
    (lambda: descend(bowl, gd, [[1], [2, 3]], 3), ["w0"]),
    (lambda: descend(bowl, gd, [1j, 2], 3), ["w0"]),
    (lambda: descend(bowl, gd, [1, 2], -1), ["steps", "-1", "at least 0"]),
    (lambda: descend(bowl, gd, [1, 2], 2.5), ["steps", "2.5"]),
    (lambda: descend(bowl, gd, [1, 2], 1e300), ["steps", "at most 1e+12", "1e+300"]),
    (lambda: descend(bowl, gd, [1, 2], 10**400), ["steps", "at most 1e+12", "1000"]),
    (lambda: descend(bowl, gd, np.ma.array([1, 2], mask=[0, 1]), 3), ["w0", "numbers", "masked"]),
    (lambda: descend(bowl, gd, [1, 2], np.ma.masked), ["steps", "masked"]),
    (lambda: GradientDescent(np.ma.masked), ["lr", "numbers", "masked"]),
    (lambda: DescentExplorer(bowl, [1, 2], steps=1e300), ["steps", "at most 1e+07", "1e+300"]),
    (lambda: DropExplorer(steps=1e300), ["steps", "at most 1e+07", "1e+300"]),
    (lambda: DescentExplorer(bowl, [1, 2], window=((-1e308, 1e308), (0, 1))), ["window", "narrower", "1e+308"]),
    (lambda: descend(bowl, gd, [1, 2], float("inf")), ["steps", "at least 0", "inf"]),
    (lambda: descend(bowl, gd, [1, 2], True), ["steps", "True"]),
    (lambda: descend(bowl, Momentum([0.1, 0.2], [0, 0.5, 0]), [1, 2], 3), ["lr (2,)", "beta (3,)", "w0 ()"]),
    (lambda: descend(bowl, GradientDescent([0.1, 0.2, 0.3]), np.ones((2, 2)), 3), ["lr (3,)", "w0 (2,)"]),
    (lambda: descend(Quadratic, gd, [1, 2], 3), ["problem", "Quadratic([1, 10])"]),
    (lambda: descend(bowl, gd, [1, 2], 3, batches=16), ["batches", "minibatches(n, 16, rng)", "got 16"]),
    (lambda: descend(bowl, gd, [1, 2], 3, schedule=0.5), ["schedule", "function", "got 0.5"]),
    (lambda: descend(bowl, Own(), [1, 2], 3, schedule=lambda t: 1), ["schedule", "dataclass", "lr"]),
    (lambda: descend(bowl, gd, [1, 2], 3, schedule=lambda t: np.nan), ["schedule(0)", "nan", "factor >= 0"]),
    (lambda: descend(bowl, gd, [1, 2], 3, every=0), ["every", "at least 1"]),
    (lambda: descend(bowl, GradientDescent, [1, 2], 3), ["optimizer", "GradientDescent(lr=0.1)"]),
    (lambda: descend(bowl, gd, [1, 2], 3, batches=[]), ["batches ended after 0 of 3"]),
    (lambda: descend(bowl, gd, [1, 2], 3, batches=[np.arange(2)]), ["Quadratic", "batch"]),
    (lambda: Saddle().grad([1, 2], [0]), ["a Saddle has no examples", "batch"]),
    (lambda: PiecewiseQuadratic().grad([1], [0]), ["a PiecewiseQuadratic has no examples", "batch"]),
    (lambda: descend(hill, gd, [1], 3, batches=[[0]]), ["a Function has no examples", "batch"]),
    (lambda: hill.loss([1]), ["loss", "()", "at each point, of shape (1,)", "got (1,)"]),
    (lambda: hill.grad([1, 2]), ["gradient", "(2,)", "got (1,)"]),
    (lambda: one_point(50).loss, ["loss", "(51,)", "one number for each point", "got (2,)", "Function(loss"]),
    (lambda: descend(Given(np.sum, np.copy), gd, [1, 2], 3).loss, ["loss", "(4,)", "got ()"]),
    (lambda: one_point(3, [0.05, 0.1]), ["gradient", "[-4. 15.], got [-4.   1.5]", "Function(loss"]),
    (lambda: descend(Given(None, lambda w: np.ones(3)), gd, [1, 2], 3), ["gradient", "shape of w, (2,), got (3,)"]),
    (lambda: descend(bowl, gd, [1, 2], 3, schedule=lambda t: -1), ["schedule(0)", "-1"]),
    (lambda: descend(bowl, gd, [1, 2], 3, schedule=lambda t: [1, 0]), ["schedule(0)", "one number", "(2,)"]),
    (lambda: descend(bowl, gd, [1, 2], [[1], [1, 2]]), ["steps", "[[1], [1, 2]]"]),
    (lambda: descend(line, gd, [1], 3, batches=[[0], []]), ["batches", "one index or more", "[] at step 1"]),
    (lambda: descend(line, gd, [1], 3, batches=[0, 1, 2]), ["batches", "one index or more", "0 at step 0"]),
    (lambda: descend(line, gd, [1], 3, batches=[line.y > 0]), ["batches", "one index or more", "True]) at step 0"]),
    (
        lambda: descend(line, gd, [1], 3, batches=[([[1], [2]], [1, 2])]),
        ["batches", "one index or more", "([[1], [2]]"],
    ),
    (lambda: descend(line, gd, [1], 3, batches=[np.ones((4, 2))]), ["batches of shape (4, 2)", "indices, not data"]),
    (lambda: descend(Given(lambda w: Kept(), np.copy), gd, [1, 2], 3).loss, ["use detach() first"]),
    (lambda: descend(line, gd, [1], 3, batches=[(0, 1), (3,)]), ["batches", "0 to n - 1 = 2", "[3] at step 1"]),
    (lambda: descend(line, gd, [1], 3, batches=[[0], [3]]), ["batches", "0 to n - 1 = 2", "[3] at step 1"]),
    (lambda: descend(line, gd, [1], 3, batches=[[0.5]]), ["batches", "whole numbers", "[0.5] at step 0"]),
    (lambda: bowl.loss([1.0]), ["w must have shape (2,), or leading axes before it, got (1,)"]),
    (lambda: bowl.loss(3.0), ["w must have shape (2,)", "got ()"]),
    (lambda: bowl.grad(np.ones((2, 1))), ["w must have shape (2,)", "got (2, 1)"]),
    (lambda: line.loss([1, 2]), ["w must have shape (1,)", "got (2,)"]),
    (lambda: SoftmaxRegression(np.ones((2, 2)), [0, 1]).loss(np.zeros((2, 1))), ["w", "(2, 2)", "got (2, 1)"]),
    (lambda: softmax.grad(np.zeros((2, 1))), ["w must have shape (2, 3)", "got (2, 1)"]),
    (lambda: softmax.hessian(np.zeros((2, 2))), ["w must have shape (2, 3)", "got (2, 2)"]),
    (lambda: softmax.accuracy(np.zeros((2, 5))), ["w must have shape (2, 3)", "got (2, 5)"]),
    (lambda: line.grad([1, 2, 3]), ["w must have shape (1,)", "got (3,)"]),
    (lambda: line.hessian([1, 2, 3]), ["w must have shape (1,)", "got (3,)"]),
    (lambda: bowl.hessian([1, 2, 3]), ["w must have shape (2,)", "got (3,)"]),
    (lambda: Saddle().loss([1, 2, 3]), ["w must have shape (2,)", "got (3,)"]),
    (lambda: Saddle().hessian([1]), ["w must have shape (2,)", "got (1,)"]),
    (lambda: PiecewiseQuadratic().loss([1, 2]), ["w must have shape (1,)", "got (2,)"]),
    (lambda: PiecewiseQuadratic().grad([1, 2]), ["w must have shape (1,)", "got (2,)"]),
    (lambda: PiecewiseQuadratic().hessian([1, 2]), ["w must have shape (1,)", "got (2,)"]),
    (lambda: Quadratic([[1e-9, 5e-9], [0, 1e-9]]), ["H", "symmetric", "(2, 2)"]),
    (lambda: Quadratic([[1, 2], [0, 1]]), ["H", "symmetric", "(2, 2)"]),
    (lambda: Quadratic([1, 2], w_star=[1]), ["w_star", "(2,)", "(1,)"]),
    (lambda: Quadratic([]), ["H", "(d,)", "(0, 0)"]),
    (lambda: LeastSquares(np.ones((3, 2)), np.ones((3, 1))), ["y", "(3,)", "(3, 1)", "ravel"]),
    (lambda: LeastSquares(np.ones(3), np.ones(3)), ["X", "(n, d)", "(3,)"]),
    (lambda: LeastSquares([[1.0], [np.nan]], [1, 2]), ["X", "nan"]),
    (lambda: SoftmaxRegression(np.ones((2, 2)), [0.0, 1.0]), ["labels", "whole numbers"]),
    (lambda: SoftmaxRegression(np.ones((2, 2)), ["b", "a"]), ["labels", "whole numbers", "from a"]),
    (lambda: SoftmaxRegression(np.ones((2, 2)), [0, -1]), ["labels", "0, 1, ...", "-1"]),
    (lambda: SoftmaxRegression(np.ones((2, 2)), [0, 1], l2=-1), ["l2", "-1"]),
    (lambda: SoftmaxRegression(np.ones((2, 2)), [0, 1], l2=[0.1, 0.2]), ["l2", "one number", "(2,)"]),
    (lambda: SoftmaxRegression(np.ones((2, 2)), [[0], [1, 2]]), ["labels", "(2,)"]),
    (lambda: Network(np.ones((2, 2)), [0, 1], hidden=([1], 2)), ["hidden", "(32,)", "([1], 2)"]),
    (lambda: Network(np.ones((2, 2)), [0, 1], hidden=(3,)).loss(np.ones(22)), ["w", "(17,)", "(22,)"]),
    (lambda: Network(np.ones((2, 2)), [0, 1]).start(0), ["rng", "default_rng", "got 0"]),
    (lambda: Network(np.ones((2, 2)), [0, 1]).start(rng, 1.7), ["runs", "1.7"]),
    (lambda: mislabelled([0, 1], 0.5, 0), ["rng", "default_rng", "got 0"]),
    (lambda: mislabelled([0, 1], [0.5, 0.5], rng), ["share", "one number", "(2,)"]),
    (lambda: mislabelled([0, 0], 0.5, rng), ["labels", "classes"]),
    (lambda: mislabelled([1, 1], 0.5, rng), ["labels", "classes"]),
    (lambda: mislabelled([-1, 1], 1, rng), ["labels", "0, 1, ...", "[-1, 1]"]),
    (lambda: mislabelled([0.5, 1.7], 1, rng), ["labels", "whole numbers", "1.7"]),
    (lambda: mislabelled([], 1, rng), ["labels", "whole numbers", "[]"]),
    (lambda: mislabelled([[0], [1, 2]], 1, rng), ["labels", "whole numbers", "[[0], [1, 2]]"]),
    (lambda: Network(np.ones((2, 2)), [0, 1], hidden=(3,)).loss(np.ones(16)), ["w", "(17,)", "(16,)"]),
    (lambda: Network(np.ones((2, 2)), [0, 1], hidden=(3,)).loss(1.0), ["w", "(17,)", "()"]),
    (lambda: convert(0.1, 0.9, ["torch"], "keras"), ["of", "torch", "['torch']"]),
    (lambda: diabetes(5), ["features", "bmi", "[5]"]),
    (lambda: diabetes("weight"), ["features", "bmi", "['weight']"]),
    (lambda: diabetes(["weight"]), ["features", "weight", "bmi"]),
    (lambda: diabetes([]), ["features"]),
    (lambda: draw_path(panels()[1], two), ["run.w", "(rows, 2)", "(4, 2, 2)"]),
    (lambda: draw_path(panels()[1], three), ["two parameters", "(4, 3)"]),
    (lambda: draw_loss(panels()[1], two), ["run.loss", "(rows,)", "(4, 2)"]),
    (lambda: draw_loss(panels()[1], two, against="time"), ["against", "'evaluations'", "'time'"]),
    (lambda: ask("99-none"), ["99-none", "00-steps"]),
    (lambda: DescentExplorer(Quadratic([1, 2, 3]), [1, 1, 1]), ["two parameters", "(3,)"]),
    (lambda: DescentExplorer(Saddle(), [1, 1]), ["curvature L > 0", "Saddle"]),
    (lambda: DescentExplorer(bowl, [1, 1, 1]), ["w0", "(2,)", "(3,)"]),
    (lambda: DescentExplorer(bowl, [1, 1], steps=0), ["steps", "at least 1"]),
    (lambda: DescentExplorer(bowl, [1, 1], sliders=("beta",)), ["sliders", "lr"]),
    (lambda: DescentExplorer(bowl, [1, 1], sliders=None), ["sliders", "None"]),
    (lambda: DescentExplorer(bowl, [1, 1], optimizer=gd), ["optimizer", "lambda lr, beta", "GradientDescent"]),
    (lambda: DescentExplorer(bowl, [1, 1], window=(-5, 5)), ["window", "(2, 2)"]),
    (lambda: DescentExplorer(bowl, [1, 1], window=((0, 0), (1, 1))), ["window", "lowest < highest"]),
    (lambda: DescentExplorer(Quadratic([-1, 1]), [1, 1]), ["minimum", "-1"]),
    (lambda: DescentExplorer(bowl, [1, 1], lr=[0.1]), ["learning rate", "one number"]),
    (lambda: DescentExplorer(bowl, [1, 1], lr=-1), ["learning rate", "-1"]),
    (lambda: DescentExplorer(bowl, [1, 1], sliders=("lr", "beta"), beta=2), ["momentum beta", "2"]),
    (lambda: DescentExplorer(bowl, [1, 1], sliders=("lr", "batch_size")), ["batch_size", "no examples"]),
]


@pytest.mark.parametrize(("call", "words"), CASES, ids=[" ".join(words) for _, words in CASES])
def test_error_names_what_is_wrong(call, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011  the words are the test
        call()
    for word in words:
        assert word in str(caught.value)
