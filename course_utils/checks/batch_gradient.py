"""batch_gradient: the least-squares gradient on a mini-batch."""

import numpy as np

from course_utils.checks.gradient import AXIS
from course_utils.checks.task import Exact, Mistake, Task


def batch_gradient(w, X, y, batch):
    r = X[batch] @ w - y[batch]
    return X[batch].T @ r / len(batch)


def cases(rng):
    small = (np.array([1.0]), np.array([[1.0], [2.0], [3.0], [5.0]]), np.array([0.0, 1.0, 5.0, -1.0]), np.array([1, 3]))
    drawn = [(rng.normal(size=d), rng.normal(1, 1, size=(9, d)), rng.normal(2, 1, size=9)) for d in (2, 3)]
    return [small, *((*case, rng.permutation(9)[[0, 1, 2, 2]]) for case in drawn)]


def with_a_loop(w, X, y, batch):
    g = np.zeros(len(w))
    for i in batch:
        g += X[i] * (X[i] @ w - y[i])
    return g / len(batch)


TASK = Task(
    solution=batch_gradient,
    cases=cases,
    mistakes=[
        Exact(
            "sum instead of mean",
            "Your answer is B times too large: a larger batch would make larger steps.",
            lambda w, X, y, b: X[b].T @ (X[b] @ w - y[b]),
        ),
        Exact(
            "divided twice",
            "You divide by the size of the batch twice. Once makes the mean.",
            lambda w, X, y, b: X[b].T @ (X[b] @ w - y[b]) / len(b) ** 2,
        ),
        Exact(
            "divided by n",
            "You divide by the size of the data. The mean is over the examples in the batch.",
            lambda w, X, y, b: X[b].T @ (X[b] @ w - y[b]) / len(y),
        ),
        Exact(
            "batch ignored",
            "This is the gradient on all examples. The batch has no influence on your answer.",
            lambda w, X, y, b: X.T @ (X @ w - y) / len(y),
        ),
        Exact(
            "the first B rows",
            "You take the first rows, not those the batch names: its entries are row numbers.",
            lambda w, X, y, b: batch_gradient(w, X, y, np.arange(len(b))),
        ),
        Mistake(
            "rows of X, not of y",
            "Row i of X has to meet entry i of y. Whose targets do you subtract?",
            lambda w, X, y, b: X[b].T @ (X[b] @ w - y[: len(b)]) / len(b),
        ),
        Exact(
            "first rows of X, rows of y",
            "r[i] is the residual of row batch[i]. You multiply it by row i of X: take X[batch] there too.",
            lambda w, X, y, b: X[: len(b)].T @ (X[b] @ w - y[b]) / len(b),
        ),
        Exact(
            "sign of the residual",
            "The right size with the wrong sign. A step against this gradient climbs.",
            lambda w, X, y, b: X[b].T @ (y[b] - X[b] @ w) / len(b),
        ),
        Exact(
            "twice the gradient",
            "Exactly twice too large. The loss is the mean of half the squared residuals.",
            lambda w, X, y, b: 2 * X[b].T @ (X[b] @ w - y[b]) / len(b),
        ),
        Exact(
            "half the gradient",
            "Exactly half. The 2 of the square has already cancelled the 1/2.",
            lambda w, X, y, b: X[b].T @ (X[b] @ w - y[b]) / len(b) / 2,
        ),
        Mistake(
            "n by n",
            "Your residual has B rows and B columns, one for each pair: a row was subtracted from a column.",
            lambda w, X, y, b: (X[b].T @ (X[b] @ w - y[b][:, None]) / len(b)).mean(1),
        ),
        Exact(
            "divided by d",
            "You divide by the number of parameters. The mean is over the examples in the batch.",
            lambda w, X, y, b: X[b].T @ (X[b] @ w - y[b]) / len(w),
        ),
        Exact(
            "one example",
            "Only the first example of the batch has an influence on your answer.",
            lambda w, X, y, b: batch_gradient(w, X, y, b[:1]),
        ),
        Exact(
            "returned in the loop",
            "Only the first example of the batch is in it: `return` stands inside the loop.",
            lambda w, X, y, b: batch_gradient(w, X, y, b[:1]) / len(b),
        ),
        Exact(
            "each row once",
            "A row that stands twice in the batch counts twice.",
            lambda w, X, y, b: batch_gradient(w, X, y, np.unique(b)) * len(np.unique(b)) / len(b),
        ),
        Exact(
            "a mask",
            "A mask, a set or np.unique takes each row once. A row that stands twice in the batch counts twice.",
            lambda w, X, y, b: batch_gradient(w, X, y, np.unique(b)),
        ),
        Exact(
            "wrong axis",
            AXIS,
            lambda w, X, y, b: ((X[b] @ w - y[b])[:, None] * X[b]).mean(1),
        ),
        Mistake(
            "the mean residual",
            "Each residual has to be multiplied by its own row of X before you average.",
            lambda w, X, y, b: (X[b] @ w - y[b]).mean() * X[b].mean(0),
        ),
    ],
    variants=[
        with_a_loop,
        lambda w, X, y, b: ((X[b] @ w - y[b])[:, None] * X[b]).mean(axis=0),
        lambda w, X, y, b: np.mean([X[i] * (X[i] @ w - y[i]) for i in b], axis=0),
        lambda w, X, y, b: list(np.einsum("ij,i->j", X[b], X[b] @ w - y[b]).astype("float32") / np.float32(b.size)),
    ],
    hints=(
        "It is gradient() of exercises 01 on fewer rows. Which rows, and how many?",
        "X[batch] picks the rows, y[batch] their targets. The mean is over len(batch) examples.",
        "With r = X[batch] @ w - y[batch]: the product of X[batch].T and r, divided by len(batch).",
    ),
    why="Picking the same rows of X and y gives a smaller least-squares problem; its gradient estimates the full one. "
    "It has to be a mean over the batch, or the learning rate would depend on the batch size.",
)
