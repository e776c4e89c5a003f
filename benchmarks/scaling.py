"""Seconds of one step against the number of examples N: linear for gradient descent, flat for SGD."""

import numpy as np

from benchmarks.timing import Program, side_by_side
from course_utils.optimizers import GradientDescent
from course_utils.problems import LeastSquares, minibatches


def measure(sizes=tuple(10**k for k in range(3, 7)), rounds=15):
    """{N: {"GD": seconds of a step (rounds,), "SGD, batch 32": the same}}; least squares with 20 parameters."""
    return {n: side_by_side(programs(n), rounds) for n in sizes}


def programs(n, d=20):
    rng = np.random.default_rng(0)
    problem = LeastSquares(rng.normal(size=(n, d)), rng.normal(size=n))
    rule, w = GradientDescent(0.1), np.zeros(d)
    batches = minibatches(n, 32, rng, replace=True)  # every step draws: a shuffle would fall on one step of many
    return {
        "GD": Program(lambda: rule.update(w, problem.grad(w), None), lambda: w),
        "SGD, batch 32": Program(lambda: rule.update(w, problem.grad(w, next(batches)), None), lambda: w),
    }
