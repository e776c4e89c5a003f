"""dampened_sgd: a bug hunt. A copy of PyTorch's SGD that dampens the first gradient too."""

import numpy as np

from course_utils.checks.paths import BEFORE_OR_OLD_V, ROWS_OF_W0, bowl, identical, recorded, run, with_steps
from course_utils.checks.task import Exact, Mistake, Task


def dampened_sgd(grad, w0, lr, beta, dampening, steps):
    w, v = np.array(w0, dtype=float), None
    path = [w]
    for _ in range(steps):
        g = grad(w)
        v = g if v is None else beta * v + (1 - dampening) * g
        w = w - lr * v
        path.append(w)
    return np.array(path)


def cases(rng):
    """(curvatures, w_star, w0, lr, beta, dampening, steps), a start of whole numbers, a start at the minimum.

    beta and dampening differ, or some mistakes would not.
    """
    settings = [(2, 0.1, 0.9, 0.5, 3), (2, 0.2, 0.8, 0.9, 4), (3, 0.1, 0.7, 0.3, 5)]
    bowls = [(rng.uniform(0.5, 2, d).round(2), *rng.normal(size=(2, d)).round(2), *four) for d, *four in settings]
    whole = (np.array([1.0, 2.0]), np.array([0.5, -0.5]), np.array([3, -2]), 0.1, 0.8, 0.3, 3)
    level = (np.ones(2), np.zeros(2), np.zeros(2), 0.1, 0.6, 0.3, 3)
    return [*bowls, whole, level]


def observe(call, curvatures, w_star, w0, *settings):
    """What `run` sees on a bowl with these curvatures and this minimum."""
    return run(call, bowl(curvatures, w_star), w0, *settings)


def with_velocity(rule, kept=lambda w, w0: w):
    """The run with another velocity, rule(v, g, beta, dampening, t), where the first v is 0 and t counts from 0.

    kept(w, w0) is what becomes of w in the path.
    """

    def made(grad, w0, lr, beta, dampening, steps):
        path, v = [np.array(w0, dtype=float)], np.zeros(len(w0))
        for t in range(steps):
            v = rule(v, grad(path[-1]), beta, dampening, t)
            path.append(kept(path[-1] - lr * v, w0))
        return np.array(path)

    return made


def right(v, g, beta, dampening, t):
    return beta * v + g * (1 - dampening if t else 1)


as_found = with_velocity(lambda v, g, beta, dampening, t: beta * v + (1 - dampening) * g)
plain = with_velocity(lambda v, g, beta, dampening, t: beta * v + g)


def first_not_kept(grad, w0, lr, beta, dampening, steps):
    """A whole first step, that leaves no velocity behind."""
    first = np.array(w0, float) - lr * grad(np.array(w0, float))
    return np.vstack([w0, as_found(grad, first, lr, beta, dampening, steps - 1)])


def bias_corrected(grad, w0, lr, beta, dampening, steps):
    """Adam's way: divided by 1 - beta^t."""
    w, v, path = np.array(w0, float), 0, [w0]
    for t in range(1, steps + 1):
        v = beta * v + (1 - dampening) * grad(w)
        w = w - lr * v / (1 - beta**t)
        path.append(w)
    return np.array(path)


def first_outside_the_loop(grad, w0, lr, beta, dampening, steps):
    w = np.asarray(w0, float)
    v = grad(w)
    path = [w, w - lr * v]
    while len(path) <= steps:
        v = beta * v + (1 - dampening) * grad(path[-1])
        path.append(path[-1] - lr * v)
    return [list(w) for w in path]


def prepared(grad, w0, lr, beta, dampening, steps):
    """A velocity that makes the first step come out right by itself."""
    v, path = grad(np.array(w0, float)) * dampening / beta, [np.array(w0, float)]
    for _ in range(steps):
        v = beta * v + (1 - dampening) * grad(path[-1])
        path.append(path[-1] - lr * v)
    return path


TASK = Task(
    solution=dampened_sgd,
    cases=cases,
    observe=observe,
    returns="the path, shape (steps + 1, d): w0, then the point after each step",
    given=("curvatures", "minimum", "w0", "lr", "beta", "dampening", "steps"),
    parts=("path: ", "w0 afterwards: "),
    mistakes=[
        Mistake(
            "as found",
            "The first step is too short by the factor 1 - dampening, and later ones miss what it should have left. "
            "Compare your first step with lr times the first gradient.",
            as_found,
        ),
        Mistake(
            "no dampening",
            "The first step is right, but no gradient is dampened any more: only the first is to enter whole.",
            plain,
        ),
        Mistake(
            "dampening for 1 - dampening",
            "The later gradients are multiplied by dampening. A dampening of 0 would then leave nothing of them.",
            with_velocity(lambda v, g, beta, d, t: beta * v + g * (d if t else 1)),
        ),
        Mistake(
            "1 - beta",
            "The later gradients enter with 1 - beta. That is right only where dampening is beta.",
            with_velocity(lambda v, g, beta, d, t: beta * v + g * (1 - beta if t else 1)),
        ),
        Mistake(
            "dampens the old velocity too",
            "1 - dampening multiplies the old velocity as well. That one fades by beta alone.",
            with_velocity(lambda v, g, beta, d, t: (beta * v + g) * (1 - d if t else 1)),
        ),
        Mistake(
            "first gradient not kept",
            "The first step is right, but the second does not know of it: the first gradient must be left in v.",
            first_not_kept,
        ),
        Mistake(
            "first gradient twice",
            "v starts at the first gradient, and the loop then adds that gradient again. Where beta equals dampening "
            "the two make one whole, elsewhere they do not.",
            with_velocity(lambda v, g, beta, d, t: beta * (v if t else g) + (1 - d) * g),
        ),
        Mistake(
            "second gradient whole",
            "The first gradient is still dampened, and at the second step v becomes that gradient alone. `range` "
            "begins at 0: so does the first step.",
            with_velocity(lambda v, g, beta, d, t: g if t == 1 else beta * v + (1 - d) * g),
        ),
        Mistake(
            "corrected as in Adam",
            "You divide by 1 - beta^t, as Adam does, at every step. PyTorch's SGD treats the first gradient alone "
            "differently.",
            bias_corrected,
        ),
        Mistake(
            "gradient descent",
            "Every step is lr times the gradient: either the test for the first step is true at each (what does v hold "
            "when the second step begins?), or w moves by g, not by v.",
            with_velocity(lambda v, g, beta, d, t: g),
        ),
        Mistake(
            "never fades",
            "The old velocity stays whole. It fades by beta.",
            with_velocity(lambda v, g, beta, d, t: v + g * (1 - d if t else 1)),
        ),
        Mistake(
            "ascends",
            "Uphill: check the sign of the step.",
            lambda grad, *args: dampened_sgd(lambda w: -grad(w), *args),
        ),
        Mistake(
            "start missing",
            "The path has steps rows: the starting point is missing. Row 0 is w0.",
            lambda *args: dampened_sgd(*args)[1:],
        ),
        Mistake(
            "end missing",
            "The last point is missing: the path has steps + 1 rows, the start and one for each step.",
            lambda *args: dampened_sgd(*args)[:-1],
        ),
        Mistake(
            "one step too many",
            "The path has steps + 2 rows: one step too many was made.",
            lambda *args: dampened_sgd(*args[:-1], args[-1] + 1),
        ),
        Exact(
            "all rows identical",
            "All rows are the same point: `w -= ...` changes the array that is already in the list, again and again.",
            lambda *args: identical(dampened_sgd(*args)),
        ),
        Mistake("whole numbers", ROWS_OF_W0, with_velocity(right, lambda w, w0: w.astype(w0.dtype))),
        *with_steps(dampened_sgd),
        *recorded(dampened_sgd, before=BEFORE_OR_OLD_V),
    ],
    variants=[first_outside_the_loop, prepared, with_velocity(right)],
    hints=(
        "Run it with a gradient of 1 and print the path. At which step does it leave PyTorch's row?",
        "At the first. Before it there is nothing that could be averaged with: PyTorch takes v = g there.",
        "Begin with v = None, and in the loop: v = g if v is None else beta * v + (1 - dampening) * g",
    ),
    why="At its first step PyTorch has no velocity yet and takes the gradient whole. With 0 in its place the first "
    "step is too short by the factor 1 - dampening, and that missing part fades by beta a step only.",
)
