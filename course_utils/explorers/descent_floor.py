"""The noise floor that a DescentExplorer draws and tells: the formula's, unless it is known that there is none."""

import numpy as np

from course_utils import theory
from course_utils.arguments import array_of
from course_utils.problems import LeastSquares

CURVED = 1e-14  # of the largest curvature: less is rounding, as in theory.loss_floor
FITTED = 1e-24  # of the squares of inputs and targets: less noise in the gradient is rounding


def floor(problem, lr, batch_size, beta=0.0, n=None):
    """theory.loss_floor; inf also where SGD spreads for ever, 0 where one w fits every example but for rounding; None
    for a problem that the formula does not take.
    """
    noise = array_of(getattr(problem, "noise", None))  # a covariance, if it is what the formula takes
    if noise.shape != (2, 2) or not hasattr(problem, "eigen"):
        return None
    if isinstance(problem, LeastSquares):
        if mean_square_rate(problem, lr, batch_size, beta, n) > 1 + 1e-9:
            return np.inf
        if np.trace(noise) <= FITTED * np.mean(problem.X**2) * np.mean(problem.y**2):
            return 0.0
    return theory.loss_floor(problem, lr, batch_size, beta, n)


def mean_square_rate(problem, lr, batch_size, beta=0.0, n=None):
    """Factor of E |w - w*|^2 per step in the long run, on a LeastSquares, for batches independent from step to step.

    A batch of curvature H multiplies (w - w*, v) by A = (1, -lr beta; 0, beta) x I + (-lr, 0; 1, 0) x H, and the second
    moments by E (A x A). For one parameter, B = 1 and x ~ N(0, 1) it is theory.mean_square_factor; n as there.
    """
    c, Q = problem.eigen
    X = problem.X @ Q[:, c > CURVED * c[-1]]
    d, by_itself, by_H = X.shape[1], np.array([[1, -lr * beta], [0, beta]]), np.array([[-lr, 0.0], [1, 0]])
    each = (X[:, :, None] * X[:, None, :]).reshape(-1, d * d)  # the curvatures of the examples
    spread = theory.gradient_variance(np.cov(each.T, bias=True), batch_size, n).reshape(d, d, d, d)
    A = np.kron(by_itself, np.eye(d)) + np.kron(by_H, each.mean(0).reshape(d, d))
    moments = np.kron(A, A) + np.einsum("ab,cd,ijkl->aickbjdl", by_H, by_H, spread).reshape(4 * d * d, -1)
    return float(np.abs(np.linalg.eigvals(moments)).max())
