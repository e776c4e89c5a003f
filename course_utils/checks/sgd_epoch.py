"""sgd_epoch: one pass over the batches, one step for each."""

import numpy as np

from course_utils.checks.batch_gradient import batch_gradient
from course_utils.checks.task import Exact, Mistake, Task


def sgd_epoch(w, X, y, lr, batches):
    for batch in batches:
        r = X[batch] @ w - y[batch]
        w = w - lr * X[batch].T @ r / len(batch)
    return w


def cases(rng):
    batches = [np.array([2, 0]), np.array([1])]
    small = (np.array([2.0]), np.array([[1.0], [2.0], [-1.0]]), np.array([0.0, 1.0, 2.0]), 0.1, batches)
    cuts = [[4, 8], [3, 6]]
    drawn = [(rng.normal(size=d), rng.normal(0.5, 1, size=(11, d)), rng.normal(1, 1, size=11)) for d in (2, 3)]
    return [small, *((*case, 0.2, np.split(rng.permutation(11), c)) for case, c in zip(drawn, cuts, strict=True))]


def epoch(step):
    """One step(w, X, y, lr, batch, first) for each batch; `first` is the point at the start of the epoch."""

    def made(w, X, y, lr, batches):
        first = w
        for batch in batches:
            w = step(w, X, y, lr, batch, first, len(batches[0]))
        return w

    return made


def full(X):
    return np.arange(len(X))


def with_loops(w, X, y, lr, batches):
    """Entry by entry, over lists."""
    w = [float(w_j) for w_j in w]
    for batch in batches:
        r = [sum(a * b for a, b in zip(X[i], w, strict=True)) - y[i] for i in batch]
        for j in range(len(w)):
            w[j] -= lr * sum(r_i * X[i, j] for r_i, i in zip(r, batch, strict=True)) / len(batch)
    return w


def on_a_copy(w, X, y, lr, batches):
    w = w.copy()
    for batch in batches:
        w -= lr * ((X[batch] @ w - y[batch])[:, None] * X[batch]).mean(0)
    return w


TASK = Task(
    solution=sgd_epoch,
    cases=cases,
    mistakes=[
        Mistake(
            "ascends",
            "You go with the gradient of each batch: the loss rises.",
            epoch(lambda w, X, y, lr, b, first, B: w + lr * batch_gradient(w, X, y, b)),
        ),
        Exact("nothing moves", "w comes back as it went in: return the new one.", lambda w, *rest: w),
        Exact(
            "gradients of the start",
            "All gradients are taken at the epoch's first point. Take each where the last step led.",
            epoch(lambda w, X, y, lr, b, first, B: w - lr * batch_gradient(first, X, y, b)),
        ),
        Exact(
            "sum instead of mean",
            "Your steps are B times too long: the gradient of a batch is a mean.",
            epoch(lambda w, X, y, lr, b, first, B: w - lr * len(b) * batch_gradient(w, X, y, b)),
        ),
        Exact(
            "one step for the epoch",
            "You take one step with all the data. SGD takes one for each batch.",
            lambda w, X, y, lr, batches: w - lr * batch_gradient(w, X, y, full(X)),
        ),
        Exact(
            "full gradient",
            "Every step uses all the data. The batches only set how many steps you take.",
            epoch(lambda w, X, y, lr, b, first, B: w - lr * batch_gradient(w, X, y, full(X))),
        ),
        Exact(
            "first batch only",
            "You stop after the first batch. Does `return` stand inside the loop?",
            lambda w, X, y, lr, batches: sgd_epoch(w, X, y, lr, batches[:1]),
        ),
        Exact(
            "last batch dropped",
            "The last, smaller batch is left out.",
            lambda w, X, y, lr, batches: sgd_epoch(w, X, y, lr, batches[:-1]),
        ),
        Exact(
            "always divided by B",
            "Right but for the last step: the last batch is smaller, so its mean has another divisor.",
            epoch(lambda w, X, y, lr, b, first, B: w - lr * batch_gradient(w, X, y, b) * len(b) / B),
        ),
        Mistake(
            "starts over",
            "Every batch begins at the epoch's first point again. Begin where the last step led.",
            epoch(lambda w, X, y, lr, b, first, B: first - lr * batch_gradient(first, X, y, b)),
        ),
        Exact(
            "divided by n",
            "You divide by the size of the data. The mean is over the batch.",
            epoch(lambda w, X, y, lr, b, first, B: w - lr * batch_gradient(w, X, y, b) * len(b) / len(y)),
        ),
        Exact(
            "divided by d",
            "You divide by the number of parameters. The mean is over the examples in the batch.",
            epoch(lambda w, X, y, lr, b, first, B: w - lr * X[b].T @ (X[b] @ w - y[b]) / len(w)),
        ),
        Exact(
            "lr left out",
            "You go the whole gradient: the learning rate has no influence on your answer.",
            lambda w, X, y, lr, batches: sgd_epoch(w, X, y, 1, batches),
        ),
        Exact(
            "backwards",
            "You take the batches from the last to the first. Take them in their order: for batch in batches.",
            lambda w, X, y, lr, batches: sgd_epoch(w, X, y, lr, batches[::-1]),
        ),
        Exact(
            "a step for each example",
            "You make a step for each example. A batch makes one step, with the mean of its gradients.",
            lambda w, X, y, lr, batches: sgd_epoch(w, X, y, lr, np.concatenate(batches)[:, None]),
        ),
        Exact(
            "gradient returned",
            "You return the last gradient. Asked for is the point after the last step.",
            lambda w, X, y, lr, bs: batch_gradient(sgd_epoch(w, X, y, lr, bs[:-1]), X, y, bs[-1]),
        ),
        Exact(
            "twice the step",
            "Every step is exactly twice too long. The loss is the mean of half the squared residuals.",
            lambda w, X, y, lr, batches: sgd_epoch(w, X, y, 2 * lr, batches),
        ),
        Exact(
            "half the step",
            "Every step is exactly half as long as it should be. The 2 of the square has already met the 1/2.",
            lambda w, X, y, lr, batches: sgd_epoch(w, X, y, lr / 2, batches),
        ),
        Exact(
            "lr twice",
            "The gradient is multiplied by lr twice. Once is enough.",
            lambda w, X, y, lr, batches: sgd_epoch(w, X, y, lr**2, batches),
        ),
        Exact(
            "divided twice",
            "You divide by the size of the batch twice. Once makes the mean.",
            epoch(lambda w, X, y, lr, b, first, B: w - lr * batch_gradient(w, X, y, b) / len(b)),
        ),
        Exact(
            "divided by the number of batches",
            "You divide by the number of batches. Each batch makes a whole step.",
            lambda w, X, y, lr, batches: sgd_epoch(w, X, y, lr / len(batches), batches),
        ),
        Exact(
            "the first rows",
            "You take the first rows, not those the batch names: its entries are row numbers.",
            epoch(lambda w, X, y, lr, b, first, B: w - lr * batch_gradient(w, X, y, full(b))),
        ),
        Exact(
            "first rows of X, rows of y",
            "r[i] is the residual of row batch[i]. You multiply it by row i of X: take X[batch] there too.",
            epoch(lambda w, X, y, lr, b, first, B: w - lr * X[: len(b)].T @ (X[b] @ w - y[b]) / len(b)),
        ),
        Exact(
            "one example",
            "Only the first example of each batch has an influence on your answer.",
            lambda w, X, y, lr, batches: sgd_epoch(w, X, y, lr, [b[:1] for b in batches]),
        ),
        Exact(
            "only the change",
            "This is the last change of w, not the new w. Where did the step start?",
            epoch(lambda w, X, y, lr, b, first, B: -lr * batch_gradient(w, X, y, b)),
        ),
        Exact(
            "first batch left out",
            "The first batch is left out.",
            lambda w, X, y, lr, batches: sgd_epoch(w, X, y, lr, batches[1:]),
        ),
        Mistake(
            "rows and targets apart",
            "The rows meet the first targets of the data, not their own: y[batch] belongs to X[batch].",
            epoch(lambda w, X, y, lr, b, first, B: w - lr * X[b].T @ (X[b] @ w - y[: len(b)]) / len(b)),
        ),
    ],
    variants=[
        with_loops,
        on_a_copy,
        epoch(lambda w, X, y, lr, b, first, B: np.subtract(w, lr * batch_gradient(w, X, y, b))),
        epoch(lambda w, X, y, lr, b, first, B: w - lr * X[b].T @ (X[b] @ w - y[b]) / b.size),
        lambda w, X, y, lr, batches: sgd_epoch(w.astype("float32"), X.astype("float32"), y, np.float32(lr), batches),
    ],
    returns="the last point, of the shape of w",
    hints=(
        "A loop over the batches. What changes from pass to pass, and what does the next gradient need?",
        "For each batch: the gradient by batch_gradient at the present w, then w less lr times that gradient.",
        "for batch in batches: w = w - lr * batch_gradient(w, X, y, batch). After the loop: return w.",
    ),
    why="Each gradient is taken where the last step led, on fewer examples. "
    "That is all that distinguishes an epoch of SGD from one step of gradient descent.",
)
