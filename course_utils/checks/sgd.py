"""sgd: a bug hunt. A sampler that seeds its generator inside, and converges smoothly to the wrong point."""

import numpy as np

from course_utils.checks.paths import ENTRY_BY_ENTRY
from course_utils.checks.sgd_runs import (
    OTHER_STEPS,
    drawn_once,
    drawn_separately,
    entry_by_entry,
    in_epochs,
    in_single_rows,
    own_generator,
    setting,
    shuffled_epochs,
    some,
    whole_path,
    with_batch,
    with_momentum,
)
from course_utils.checks.task import Exact, Mistake, Task
from course_utils.problems import LeastSquares

EACH = "You make B steps in place of one, one for each example. A step uses the mean gradient of the whole batch."


def sgd(w, X, y, lr, batch_size, steps, rng):
    for _ in range(steps):
        batch = rng.choice(len(y), size=batch_size, replace=False)
        w = w - lr * LeastSquares(X, y).grad(w, batch)
    return w


def cases(rng):
    """(X, y, lr, batch_size, steps, seed): noisy targets, so that a single batch has another minimum."""
    X = rng.normal(size=(60, 2))
    return [(X, X @ [3.0, -2.0] + rng.normal(size=60), 0.07, 4, 80, int(rng.integers(1000)))]


def observe(call, X, y, lr, batch_size, steps, seed):
    """What is true (1) or not (0) of the ends (rows in three orders), of one step, of draws; draws, weights, shape."""
    orders = [np.roll(np.arange(len(y)), 20 * i) for i in range(3)]
    runs = [call(np.zeros(2), X[o], y[o], lr, batch_size, steps, np.random.default_rng(seed + o[0])) for o in orders]
    ends = np.array(runs, float)
    many, *single = (
        drawn(call, *steps_and_seed) for steps_and_seed in [(80, seed), (1, seed), (1, seed + 1), (1, seed)]
    )
    facts = of_ends(ends, X, y, lr, steps) | of_one_step(call, X, y, batch_size, seed) | of_draws(many, single)
    facts["it is near the minimum"] &= facts["not always the same rows"]  # with one batch that is luck
    weight = np.min(np.abs(single), where=np.array(single) != 0, initial=100)
    numbers = [many.sum().round(1), single[0].sum().round(1), weight.round(2)]
    return [int(fact) for fact in facts.values()], numbers, ends.shape[1:]


def of_ends(ends, X, y, lr, steps):
    """What is seen of where many runs end."""
    w_star = np.linalg.lstsq(X, y, rcond=None)[0]
    off = np.linalg.norm(ends - w_star, axis=1).mean()
    everything = w_star - np.linalg.matrix_power(np.eye(2) - lr * X.T @ X / len(y), steps) @ w_star
    return {
        "it has left the start": np.linalg.norm(ends, axis=1).mean() > 1.5,
        "it is not further from the minimum": off < 2 * np.linalg.norm(w_star),
        "it is near the minimum": off < 0.6,
        "it is not the end of GD": not np.allclose(ends[0], everything, atol=1e-4),
    }


def of_one_step(call, X, y, batch_size, seed):
    """From another start than zero; and in rows of ones, where all entries of the gradient are equal."""
    short = call(np.ones(2), X, y, 1e-9, batch_size, 1, np.random.default_rng(seed))
    equal = call(np.ones(2), np.ones_like(X), 0 * y + 10, 0.5, batch_size, 1, np.random.default_rng(seed))
    return {
        "it starts where it is told": np.allclose(np.array(short, float), 1, atol=1e-6),
        "all entries move at once": np.allclose(np.diff(np.array(equal, float)), 0, atol=1e-4),
        "it goes lr times the gradient": np.allclose(np.array(equal, float), 5, atol=1e-3),
    }


def of_draws(many, single):
    """What is seen of which rows were drawn, in many steps and in single ones."""
    rows = [np.flatnonzero(weights.round()) for weights in single]
    return {
        "equal generators, equal draws": np.allclose(single[0], single[2]),
        "other generators, other draws": not np.allclose(single[0], single[1]),
        "a row is drawn or not": np.allclose(many, many.round(), atol=0.02),
        "not always the same rows": np.count_nonzero(many) > 8,
        "every row is drawn": many.all(),
        "a batch mixes distant rows": all(len(r) and np.ptp(r) >= len(r) for r in rows),
    }


def drawn(call, steps, seed, n=40, batch_size=8, lr=1e-6):
    """How often each row was drawn: one-hot, with a target of 2, it then adds 2 lr / batch_size to its entry of w."""
    end = call(np.zeros(n), np.eye(n), np.full(n, 2.0), lr, batch_size, steps, np.random.default_rng(seed))
    return np.array(end, float) * batch_size / lr / 2


TASK = Task(
    solution=sgd,
    cases=cases,
    observe=observe,
    returns="the last point, of the shape of w",
    given=("X", "y", "lr", "batch_size", "steps", "seed"),
    example=False,
    mistakes=[
        Mistake(
            "as found",
            "A smooth run to the wrong point, the same for every generator. Print the batch of the first three steps.",
            own_generator(drawn_once, 0),
        ),
        Mistake(
            "drawn once",
            "The generator matters now, but all steps share one batch, or the same few rows: the run ends at the "
            "minimum of those.",
            drawn_once,
        ),
        Mistake(
            "rng ignored",
            "The batches differ from step to step, but the rng you are given has no influence on them.",
            own_generator(with_batch(some), 0),
        ),
        Mistake(
            "another generator",
            "Two runs with equal generators end at different points: nobody could repeat your run.",
            own_generator(with_batch(some), None),
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
            setting(lambda lr, B, T: (-lr, B, T)),
        ),
        Mistake("sum instead of mean", "Your steps are B times too long.", setting(lambda lr, B, T: (lr * B, B, T))),
        Exact("a step for each example", EACH, in_single_rows),
        Exact("twice the step", "Every step is exactly twice too long.", setting(lambda lr, B, T: (2 * lr, B, T))),
        Exact("half the step", "Every step is exactly half as long.", setting(lambda lr, B, T: (lr / 2, B, T))),
        Exact(
            "divided by n",
            "You divide by the number of all examples. The mean is over the batch.",
            lambda w, X, y, lr, B, *rest: with_batch(some)(w, X, y, lr * B / len(y), B, *rest),
        ),
        Exact(
            "nothing moves",
            "w comes back as it went in: what is calculated is not kept (w = ...), or every step is 0.",
            lambda w, *rest: w,
        ),
        Exact(
            "returned in the loop",
            "You stop after the first step. Does `return` stand inside the loop?",
            setting(lambda lr, B, T: (lr, B, 1)),
        ),
        Mistake("one step too many", "You make steps + 1 steps.", setting(lambda lr, B, T: (lr, B, T + 1))),
        Mistake("one step too few", "You make steps - 1 steps.", setting(lambda lr, B, T: (lr, B, T - 1))),
        Exact("half the steps", "Half of the steps are made.", setting(lambda lr, B, T: (lr, B, T // 2))),
        Exact("one example", "Each step uses one example, not batch_size.", setting(lambda lr, B, T: (lr, 1, T))),
        Exact("size written in", "Each batch has 32 rows, not batch_size.", setting(lambda lr, B, T: (lr, 32, T))),
        Mistake(
            "epochs for steps",
            "You pass `steps` times over the data. A step uses one batch.",
            in_epochs(lambda T, k: T * k),
        ),
        Mistake(
            "rounds up to whole epochs",
            "You make more than `steps` steps: the last epoch runs to its end. Stop in the inner loop too.",
            in_epochs(lambda T, k: -(-T // k) * k),
        ),
        Mistake(
            "start ignored",
            "Your run starts at 0 wherever it is told to start. Begin with the w you are given.",
            lambda w, *rest: with_batch(some)(0 * w, *rest),
        ),
        Mistake("entry by entry", ENTRY_BY_ENTRY, entry_by_entry),
        Mistake(
            "in order",
            "The batches come in the rows' own order, and the rng you are given has no influence on them.",
            with_batch(lambda n, size, t, rng: np.arange(t * size, (t + 1) * size) % n),
        ),
        Mistake(
            "neighbours",
            "Each batch is a block of neighbours. Draw every row of it at random.",
            with_batch(lambda n, size, t, rng: rng.integers(n - size + 1) + np.arange(size)),
        ),
        Mistake("whole path", "You return every point of the run. Asked for is the last.", whole_path),
        Mistake(
            "rows never drawn",
            "Some rows are never drawn, however long it runs. Draw from range(len(y)).",
            with_batch(lambda n, size, t, rng: some(n - 20, size, t, rng)),
        ),
        Mistake(
            "momentum",
            "Old gradients act again in later steps: a velocity is kept. Here a step is lr times the gradient.",
            with_momentum,
        ),
        *OTHER_STEPS,
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
