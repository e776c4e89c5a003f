"""gradient: the gradient of the least-squares loss."""

import numpy as np

from course_utils.checks.task import Exact, Mistake, Task

N_BY_N = "Every prediction met every target: one of the two was a column. Print the shape of your residual."
AXIS = "Yours is one number for each example. The mean is over the examples, axis 0: one is left for each parameter."


def gradient(w, X, y):
    r = X @ w - y
    return X.T @ r / len(y)


def cases(rng):
    small = (np.array([1.0, -1.0]), np.array([[1.0, 2.0], [0.0, 1.0], [3.0, 1.0]]), np.array([1.0, 2.0, -2.0]))
    sizes = [(7, 3), (4, 4), (9, 1)]
    return [small, *((rng.normal(size=d), rng.normal(0.5, 1, size=(n, d)), rng.normal(2, 1, size=n)) for n, d in sizes)]


def with_loops(w, X, y):
    """Entry by entry, over lists."""
    g = [0.0] * len(w)
    for x_i, y_i in zip(X, y, strict=True):
        r = sum(x_ij * w_j for x_ij, w_j in zip(x_i, w, strict=True)) - y_i
        for j, x_ij in enumerate(x_i):
            g[j] += r * x_ij / len(y)
    return g


def n_by_n(w, X, y):
    r = X @ w - y[:, None]
    return (X.T @ r / len(y)).mean(1)


TASK = Task(
    solution=gradient,
    cases=cases,
    mistakes=[
        Exact(
            "sum instead of mean",
            "Your answer is n times too large: it grows with the number of examples.",
            lambda w, X, y: X.T @ (X @ w - y),
        ),
        Exact(
            "divided twice",
            "You divide by the number of examples twice. Once makes the mean.",
            lambda w, X, y: X.T @ (X @ w - y) / len(y) ** 2,
        ),
        Exact(
            "divided by n - 1",
            "You divide by one less than the number of examples, as for a variance. A mean divides by their number.",
            lambda w, X, y: X.T @ (X @ w - y) / (len(y) - 1),
        ),
        Exact(
            "brackets",
            "Without brackets, / comes before -: only X.T @ y is divided by n.",
            lambda w, X, y: X.T @ X @ w - X.T @ y / len(y),
        ),
        Exact(
            "overwritten",
            "Only the last example is in it: `g = ...` in a loop throws away what was there. Add to it: g += ...",
            lambda w, X, y: (X[-1] @ w - y[-1]) * X[-1] / len(y),
        ),
        Exact(
            "returned in the loop",
            "Only the first example is in it: `return` stands inside the loop.",
            lambda w, X, y: (X[0] @ w - y[0]) * X[0] / len(y),
        ),
        Exact(
            "twice the gradient",
            "Exactly twice too large. The loss has a 1/2 in front.",
            lambda w, X, y: 2 * X.T @ (X @ w - y) / len(y),
        ),
        Exact(
            "half the gradient",
            "Exactly half. The 2 of the square has already cancelled the 1/2.",
            lambda w, X, y: X.T @ (X @ w - y) / len(y) / 2,
        ),
        Exact(
            "sign of the residual",
            "The right size with the wrong sign. A step against this gradient climbs.",
            lambda w, X, y: X.T @ (y - X @ w) / len(y),
        ),
        Mistake(
            "divided by d",
            "You divide by the number of parameters. The loss is a mean over examples.",
            lambda w, X, y: X.T @ (X @ w - y) / len(w),
        ),
        Mistake("n by n residual", N_BY_N, n_by_n),
        Exact("n by n residual, y a column", N_BY_N, lambda w, X, y: X.T @ (X @ w - y[:, None]) / len(y)),
        Exact("n by n residual, w a column", N_BY_N, lambda w, X, y: X.T @ (X @ w[:, None] - y) / len(y)),
        Exact(
            "each column alone",
            "Entry j has a residual of its own, from column j and w_j. There is one residual for all: r = X @ w - y.",
            lambda w, X, y: np.mean((X * w - y[:, None]) * X, axis=0),
        ),
        Exact("y left out", "The targets have no influence on your answer.", lambda w, X, y: X.T @ (X @ w) / len(y)),
        Mistake(
            "unit length",
            "You scaled the gradient to length 1. Near the minimum it should become small by itself.",
            lambda w, X, y: X.T @ (X @ w - y) / np.linalg.norm(X.T @ (X @ w - y)),
        ),
        Exact(
            "the loss itself",
            "This is f, one number. The gradient has as many entries as w.",
            lambda w, X, y: np.mean((X @ w - y) ** 2) / 2,
        ),
        Mistake(
            "one mean for all",
            "You averaged over examples and parameters. Keep one entry for each parameter.",
            lambda w, X, y: np.mean(X * (X @ w - y)[:, None]) + 0 * w,
        ),
        Exact(
            "one number",
            "One number comes back: a mean without axis goes over the parameters too. Keep one entry for each of them.",
            lambda w, X, y: np.mean(X * (X @ w - y)[:, None]),
        ),
        Exact(
            "wrong axis",
            AXIS,
            lambda w, X, y: np.mean(X * (X @ w - y)[:, None], axis=1),
        ),
        Exact(
            "wrong axis of a sum",
            AXIS,
            lambda w, X, y: np.sum(X * (X @ w - y)[:, None], axis=1) / len(y),
        ),
    ],
    variants=[
        with_loops,
        lambda w, X, y: ((X @ w - y)[:, None] * X).mean(axis=0),
        lambda w, X, y: np.einsum("ij,i->j", X, X @ w - y) / X.shape[0],
        lambda w, X, y: (X.T @ X @ w - X.T @ y) / len(X),
        lambda w, X, y: X.astype("float32").T @ (X @ w - y).astype("float32") / np.float32(len(y)),
    ],
    hints=(
        "Write the partial derivative by w_j first: as in slope(), with column j in place of x, but r = X @ w - y for "
        "all j.",
        "Entry j is the mean of residual times X[:, j]. A matrix product does that for all columns at once; its "
        "shape must be (d,).",
        "With r = X @ w - y, the sums over the examples are X.T @ r. One division is left.",
    ),
    why="Column j of X plays the part of x, so entry j is the mean of r times column j. "
    "X.T @ r computes all these sums at once; dividing by n makes them means.",
)
