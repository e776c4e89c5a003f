"""sgd: a bug hunt. A sampler that seeds its generator inside, and converges smoothly to the wrong point."""

import numpy as np

from course_utils.checks.batch_gradient import batch_gradient
from course_utils.checks.task import Mistake, Task


def sgd(w, X, y, lr, batch_size, steps, rng):
    for _ in range(steps):
        batch = rng.choice(len(y), size=batch_size, replace=False)
        w = w - lr * batch_gradient(w, X, y, batch)
    return w


def cases(rng):
    """(X, y, lr, batch_size, steps, seed): noisy targets, so that a single batch has another minimum."""
    X = rng.normal(size=(60, 2))
    return [(X, X @ [3.0, -2.0] + rng.normal(size=60), 0.05, 4, 120, int(rng.integers(1000)))]


def observe(call, X, y, lr, batch_size, steps, seed):
    """What is true (1) or not (0) of the end points: rows in four orders, equal and other generators."""
    w_star, start = np.linalg.lstsq(X, y, rcond=None)[0], np.zeros(2)

    def end(seed, roll=0):
        rows = np.roll(np.arange(len(y)), roll)
        return np.array(call(start.copy(), X[rows], y[rows], lr, batch_size, steps, np.random.default_rng(seed)), float)

    ends = np.array([end(seed + i, 15 * i) for i in range(4)])
    off = np.linalg.norm(ends - w_star, axis=1).mean()
    everything = with_batch(lambda n, size, t, rng: np.arange(n))(start, X, y, lr, batch_size, steps, None)
    facts = {
        "it has left the start": np.linalg.norm(ends, axis=1).mean() > 1.5,
        "it is not further from the minimum": off < 2 * np.linalg.norm(w_star),
        "it is near the minimum": off < 0.3,
        "it is not the end of GD": not np.allclose(ends[0], everything, atol=1e-4),
        "equal generators, equal ends": np.allclose(end(seed), ends[0]),
        "other generators, other ends": not np.allclose(end(seed + 1), ends[0]),
    }
    return [int(fact) for fact in facts.values()]


def with_batch(draw):
    """sgd with another draw(n, batch_size, t, rng)."""

    def made(w, X, y, lr, batch_size, steps, rng):
        for t in range(steps):
            w = w - lr * batch_gradient(w, X, y, draw(len(y), batch_size, t, rng))
        return w

    return made


def drawn_once(w, X, y, lr, batch_size, steps, rng):
    batch = rng.permutation(len(y))[:batch_size]
    return with_batch(lambda *_: batch)(w, X, y, lr, batch_size, steps, rng)


def another_generator(w, X, y, lr, batch_size, steps, rng):
    return sgd(w, X, y, lr, batch_size, steps, np.random.default_rng())


def drawn_separately(w, X, y, lr, batch_size, steps, rng):
    for _ in range(steps):
        rows, targets = (rng.choice(len(y), size=batch_size, replace=False) for _ in range(2))
        w = w - lr * batch_gradient(w, X[rows], y[targets], np.arange(batch_size))
    return w


def shuffled_epochs(w, X, y, lr, batch_size, steps, rng):
    """Batches from one shuffle after another."""
    left = []
    for _ in range(steps):
        left = left or rng.permutation(len(y)).tolist()
        batch, left = left[:batch_size], left[batch_size:]
        w = w - lr * batch_gradient(w, X, y, batch)
    return w


TASK = Task(
    solution=sgd,
    cases=cases,
    observe=observe,
    example=False,
    mistakes=[
        Mistake(
            "as found",
            "A smooth run to the wrong point, the same for every generator. Print the batch of the first three steps.",
            with_batch(lambda n, size, t, rng: np.random.default_rng(0).choice(n, size=size, replace=False)),
        ),
        Mistake(
            "drawn once",
            "The generator matters now, but all steps still share one batch: the run ends at the minimum of that "
            "batch.",
            drawn_once,
        ),
        Mistake(
            "rng ignored",
            "The batches differ from step to step, but the rng you are given has no influence on them.",
            with_batch(lambda n, size, t, rng: np.random.default_rng(t).choice(n, size=size, replace=False)),
        ),
        Mistake(
            "another generator",
            "Two runs with equal generators end at different points: nobody could repeat your run.",
            another_generator,
        ),
        Mistake(
            "all data",
            "The bug is gone, and so is the sampling: every step uses all the data.",
            with_batch(lambda n, size, t, rng: np.arange(n)),
        ),
        Mistake(
            "rows and targets apart",
            "The run stays near 0: the rows of X are drawn apart from their targets, and nothing can be learnt from "
            "that.",
            drawn_separately,
        ),
        Mistake(
            "ascends",
            "The end is further from the minimum than the start. Check the sign of the step.",
            lambda w, X, y, lr, size, steps, rng: sgd(w, X, y, -lr, size, steps, rng),
        ),
    ],
    variants=[
        shuffled_epochs,
        with_batch(lambda n, size, t, rng: rng.integers(n, size=size)),
        with_batch(lambda n, size, t, rng: rng.permutation(n)[:size].tolist()),
        lambda w, X, y, lr, size, steps, rng: sgd(w.astype("float32"), X, y, lr, size, steps, rng).tolist(),
    ],
    hints=(
        "Print the batch in each step, for two different generators. What should change, and does it?",
        "A generator made with the same seed begins with the same numbers. How often is it made here?",
        "Delete the line that makes a generator, and draw from the rng that the caller gave you.",
    ),
    why="Seeding inside the loop gives the same batch at every step, so the run minimises the loss of that batch, "
    "without noise. "
    "A generator is made once, by the caller, and handed on.",
)
