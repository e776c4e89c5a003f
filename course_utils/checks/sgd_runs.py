"""Runs of sgd, right ones and wrong ones."""

import numpy as np

from course_utils.checks.batch_gradient import batch_gradient
from course_utils.checks.task import Exact


def with_batch(draw):
    """sgd with another draw(n, batch_size, t, rng)."""

    def made(w, X, y, lr, batch_size, steps, rng):
        for t in range(steps):
            batch = draw(len(y), batch_size, t, rng)
            rows = X[batch]
            w = w - lr / len(batch) * ((rows @ w - y[batch]) @ rows)
        return w

    return made


def some(n, batch_size, t, rng):
    """Rows without repetition; quicker than rng.choice, as many mistakes are run before an answer."""
    return rng.permutation(n)[:batch_size]


def setting(change):
    """sgd with another learning rate, batch size or number of steps."""
    plain = with_batch(some)
    return lambda w, X, y, lr, size, steps, rng: plain(w, X, y, *change(lr, size, steps), rng)


def whole_path(w, X, y, lr, batch_size, steps, rng):
    step = with_batch(some)
    return [w := step(w, X, y, lr, batch_size, 1, rng) for _ in range(steps)]


def drawn_once(w, X, y, lr, batch_size, steps, rng):
    batch = some(len(y), batch_size, 0, rng)
    return with_batch(lambda *_: batch)(w, X, y, lr, batch_size, steps, rng)


def drawn_separately(w, X, y, lr, batch_size, steps, rng):
    for _ in range(steps):
        rows, targets = (some(len(y), batch_size, 0, rng) for _ in range(2))
        w = w - lr / batch_size * ((X[rows] @ w - y[targets]) @ X[rows])
    return w


def shuffled_epochs(w, X, y, lr, batch_size, steps, rng):
    """Batches from one shuffle after another."""
    epochs = -(-steps * batch_size // len(y))
    orders = rng.permuted(np.tile(np.arange(len(y)), (epochs, 1)), axis=1)
    batches = orders.reshape(-1, batch_size)[:steps]
    for rows, targets in zip(X[batches], y[batches], strict=True):
        w = w - lr / batch_size * ((rows @ w - targets) @ rows)
    return w


def in_epochs(total):
    """shuffled_epochs with another number of steps, total(steps, batches in an epoch)."""
    return lambda w, X, y, lr, B, T, rng: shuffled_epochs(w, X, y, lr, B, total(T, len(y) // B), rng)


def in_single_rows(w, X, y, lr, batch_size, steps, rng):
    """A step for each row of each batch."""
    return shuffled_epochs(w, X, y, lr, 1, steps * batch_size, rng)


def own_generator(draw, seed):
    """sgd with draw's batches, from a generator made inside."""
    return lambda *args: draw(*args[:-1], np.random.default_rng(seed))


def entry_by_entry(w, X, y, lr, batch_size, steps, rng):
    """Each entry moves by what those before it have left: a triangular system."""
    for _ in range(steps):
        batch = some(len(y), batch_size, 0, rng)
        A = X[batch]
        before = np.eye(len(w)) + lr / batch_size * np.tril(A.T @ A, -1)
        w = w - lr / batch_size * np.linalg.solve(before, (A @ w - y[batch]) @ A)
    return w


def with_momentum(w, X, y, lr, batch_size, steps, rng):
    v = 0
    for _ in range(steps):
        v = 0.9 * v + batch_gradient(w, X, y, some(len(y), batch_size, 0, rng))
        w = w - lr * v
    return w


def with_step(step):
    """sgd with another step(g, lr), which is subtracted from w."""

    def made(w, X, y, lr, batch_size, steps, rng):
        for _ in range(steps):
            w = w - step(batch_gradient(w, X, y, some(len(y), batch_size, 0, rng)), lr)
        return w

    return made


OTHER_STEPS = [
    Exact(
        "sign of the gradient",
        "Every entry moves by lr. A steep direction should move further than a flat one.",
        with_step(lambda g, lr: lr * np.sign(g)),
    ),
    Exact(
        "lr twice",
        "The gradient is multiplied by lr twice. Once is enough.",
        with_step(lambda g, lr: lr**2 * g),
    ),
]
