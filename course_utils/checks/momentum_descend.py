"""momentum_descend: a whole run of momentum."""

from itertools import chain, repeat

import numpy as np

from course_utils.checks.momentum_runs import PATHS, each_step
from course_utils.checks.paths import (
    BEFORE_OR_OLD_V,
    ENTRY_BY_ENTRY,
    REFUSED,
    ROWS_OF_W0,
    bowl,
    identical,
    one_by_one,
    recorded,
    run,
    with_steps,
)
from course_utils.checks.task import Exact, Mistake, Task


def momentum_descend(grad, w0, lr, beta, steps):
    """The path of momentum, w0 first, shape (steps + 1, d)."""
    w, v = np.array(w0, dtype=float), np.zeros(len(w0))
    path = [w]
    for _ in range(steps):
        v = beta * v + grad(w)
        w = w - lr * v
        path.append(w)
    return np.array(path)


def observe(call, curvatures, w_star, w0, lr, beta, steps):
    """What `run` sees on a bowl with these curvatures and this minimum."""
    return run(call, bowl(curvatures, w_star), w0, lr, beta, steps)


def cases(rng):
    """(curvatures, w_star, w0, lr, beta, steps), a start of whole numbers, a bowl askew, a start at the minimum."""
    starts = (rng.normal(size=2).round(2), rng.normal(size=2).round(2), np.array([3, -2]))
    bowls = [(rng.uniform(0.5, 2, 2).round(2), rng.normal(size=2).round(2)) for _ in starts]
    settings = [(0.2, 0.7, 3), (0.1, 0.8, 4), (0.3, 0.9, 6)]  # lr is never 1 - beta: one cannot stand for the other
    askew = (np.array([[2.0, 1.0, 0.5], [1.0, 2.0, 0.0], [0.5, 0.0, 1.0]]), rng.normal(size=3), rng.normal(size=3))
    level = (np.ones(2), np.zeros(2), np.zeros(2), 0.1, 0.6, 3)
    drawn = [(*two, w0, *three) for two, w0, three in zip(bowls, starts, settings, strict=True)]
    return [*drawn, (*askew, 0.2, 0.6, 3), level]


def first_gradient(grad, w0, lr, beta, steps):
    g = grad(np.array(w0, dtype=float))
    return momentum_descend(lambda w: g, w0, lr, beta, steps)


def pushed(grad, w0, lr, beta, steps):
    """A velocity that starts at the first gradient: the first step is (1 + beta) times as long."""
    factors = chain([1 + beta], repeat(1))
    return momentum_descend(lambda w: next(factors) * grad(w), w0, lr, beta, steps)


def entry_by_entry(grad, w0, lr, beta, steps):
    path, v = [w0], np.zeros(len(w0))
    for _ in range(steps):
        w, v = one_by_one(grad, path[-1], v, lr, beta)
        path.append(w)
    return path


def filled_table(grad, w0, lr, beta, steps):
    """Row by row into an array made before."""
    return filled(np.empty((steps + 1, len(w0))), grad, w0, lr, beta, steps)


def filled(path, grad, w0, lr, beta, steps):
    v = 0
    path[0] = w0
    for t in range(steps):
        v = grad(path[t]) + v * beta
        path[t + 1] = path[t] - lr * v
    return path


def from_the_path(grad, w0, lr, beta, steps):
    path = [np.asarray(w0, float)]
    for _ in range(steps):
        before = path[-2] if len(path) > 1 else path[-1]
        path.append(path[-1] - lr * grad(path[-1]) + beta * (path[-1] - before))
    return path


TASK = Task(
    solution=momentum_descend,
    cases=cases,
    observe=observe,
    returns="the path, shape (steps + 1, d): w0, then the point after each step",
    given=("curvatures", "minimum", "w0", "lr", "beta", "steps"),
    parts=("path: ", "w0 afterwards: "),
    mistakes=[
        Exact(
            "velocity reset",
            "This is gradient descent, step for step: v starts from zero at each step, or is never renewed, or w moves "
            "by the gradient in its place.",
            each_step(lambda w, v, g, lr, beta: (w - lr * g, v)),
        ),
        Mistake(
            "start missing",
            "The path has steps rows: the starting point is missing. Row 0 is w0.",
            lambda *args: momentum_descend(*args)[1:],
        ),
        Mistake(
            "one step too many",
            "The path has steps + 2 rows: one step too many was made.",
            lambda grad, w0, lr, beta, steps: momentum_descend(grad, w0, lr, beta, steps + 1),
        ),
        Mistake(
            "end missing",
            "The last point is missing: the path should have steps + 1 rows, the start and one for each step.",
            lambda *args: momentum_descend(*args)[:-1],
        ),
        Mistake("only the end", "Only the last point comes back, not the path.", lambda *a: momentum_descend(*a)[-1]),
        Mistake(
            "one object",
            "All rows are the same: w is changed in place (w -= ...), and the list holds one array many times.",
            lambda *args: identical(momentum_descend(*args)),
        ),
        Exact(
            "first gradient",
            "Every step uses the gradient of the starting point. It has to be asked for again at each new point.",
            first_gradient,
        ),
        Exact(
            "w never renewed",
            "Every row is w0 - lr v: w itself is never renewed, so each step starts from w0 again.",
            lambda *args: (path := first_gradient(*args))[:1] + np.diff(path, axis=0, prepend=path[:1]),
        ),
        Mistake(
            "starts moving",
            "Your ball is moving before the first step: the velocity starts at the gradient, so that counts twice.",
            pushed,
        ),
        Mistake(
            "uphill",
            "Uphill: check the signs of the velocity and of the step together.",
            each_step(lambda w, v, g, lr, beta: (w + lr * (beta * v + g), beta * v + g)),
        ),
        Exact(
            "averages",
            "Your first step is too short by the factor 1 - beta: the gradient enters the velocity fully here.",
            each_step(lambda w, v, g, lr, beta: (w - lr * (beta * v + (1 - beta) * g), beta * v + (1 - beta) * g)),
        ),
        Exact(
            "fades by 1 - beta",
            "The old velocity is multiplied by 1 - beta. What is left of it after a step is beta times as much.",
            each_step(lambda w, v, g, lr, beta: (w - lr * ((1 - beta) * v + g), (1 - beta) * v + g)),
        ),
        Exact(
            "lr twice",
            "The gradient is multiplied by lr in the velocity and again in the step. Once is enough.",
            each_step(lambda w, v, g, lr, beta: (w - lr * (beta * v + lr * g), beta * v + lr * g)),
        ),
        Exact(
            "lr left out",
            "You go the whole velocity: the learning rate has no influence on your path.",
            each_step(lambda w, v, g, lr, beta: (w - (beta * v + g), beta * v + g)),
        ),
        Mistake(
            "never fades",
            "The velocity never fades: what is left of the old one in each step?",
            each_step(lambda w, v, g, lr, beta: (w - lr * (v + g), v + g)),
        ),
        Mistake("entry by entry", ENTRY_BY_ENTRY, entry_by_entry),
        Exact(
            "beta on both",
            "Your first step is too short by the factor beta: only the old velocity fades.",
            each_step(lambda w, v, g, lr, beta: (w - lr * beta * (v + g), beta * (v + g))),
        ),
        Exact(
            "Nesterov",
            "Your first step is 1 + beta times as long as it should be: this is Nesterov's rule.",
            each_step(lambda w, v, g, lr, beta: (w - lr * (g + beta * (beta * v + g)), beta * v + g)),
        ),
        Mistake(
            "old velocity",
            "The first step goes nowhere: w moves by the velocity from before. Renew the velocity first.",
            each_step(lambda w, v, g, lr, beta: (w - lr * v, beta * v + g)),
        ),
        Mistake(
            "whole numbers",
            ROWS_OF_W0,
            lambda grad, w0, lr, beta, steps: filled(
                np.zeros((steps + 1, len(w0)), w0.dtype), grad, w0, lr, beta, steps
            ),
        ),
        *PATHS,
        *with_steps(momentum_descend),
        *recorded(
            momentum_descend, f"{REFUSED} A v made by np.zeros_like(w0) holds whole numbers too.", BEFORE_OR_OLD_V
        ),
    ],
    variants=[filled_table, from_the_path, lambda *args: [row.tolist() for row in momentum_descend(*args)]],
    hints=(
        "The velocity is a part of the state, like w: it has to survive from one step to the next.",
        "Before the loop: w, v = 0, path = [w]. In the loop: velocity, point, append.",
        "for _ in range(steps): v = beta * v + grad(w); w = w - lr * v; path.append(w)",
    ),
    why="The velocity is made once, before the loop, and lives as long as w. w = w - lr * v makes a new array at each "
    "step; w -= lr * v would change the one array that every entry of the list points to.",
)
