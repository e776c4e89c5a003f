"""descend: gradient descent that records its path, start included."""

import numpy as np

from course_utils.checks.paths import (
    ENTRY_BY_ENTRY,
    ROWS_OF_W0,
    bowl,
    identical,
    one_by_one,
    recorded,
    run,
    with_steps,
)
from course_utils.checks.task import Exact, Mistake, Task


def descend(grad, w0, lr, steps):
    """The path of gradient descent, w0 first, shape (steps + 1, d)."""
    w = np.array(w0, dtype=float)
    path = [w]
    for _ in range(steps):
        w = w - lr * grad(w)
        path.append(w)
    return np.array(path)


def cases(rng):
    """(curvatures, minimum, w0, lr, steps): one bowl lies askew, and one run is at its minimum before its end."""
    small = (np.array([1.0, 4.0]), np.zeros(2), np.array([4.0, 1.0]), 0.1, 2)
    drawn = (rng.uniform(1, 3, size=3), rng.normal(size=3), rng.normal(size=3), 0.2, 6)
    whole = (np.array([1.0, 2.0]), np.array([0.5, -0.5]), np.array([3, -2]), 0.25, 3)
    none = (np.ones(2), np.ones(2), rng.normal(size=2), 0.3, 0)
    askew = (np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([0.5, -0.5]), rng.normal(size=2), 0.2, 3)
    return [small, drawn, whole, none, askew, (np.ones(2), np.zeros(2), np.array([1.0, -2.0]), 1.0, 3)]


def observe(call, c, centre, w0, lr, steps):
    """What `run` sees on a quadratic."""
    return run(call, bowl(c, centre), w0, lr, steps)


def walk(change, first=1, last=None):
    """descend with another change(grad, w, w0, lr, t), and rows [first - 1 : last] of its path."""

    def wrong(grad, w0, lr, steps):
        """The path of the wrong rule."""
        path = [np.array(w0, float)]
        for t in range(steps):
            path.append(path[-1] + change(grad, path[-1], path[0], lr, t))
        return np.array(path)[first - 1 : last]

    return wrong


def copied_rows(grad, w0, lr, steps):
    """Changed in place, on a copy, and copied into the path."""
    w = w0.astype(float)
    path = [w.copy()]
    for _ in range(steps):
        w -= lr * grad(w)
        path.append(w.copy())
    return path


def rows_like_w0(grad, w0, lr, steps):
    path = np.zeros((steps + 1, len(w0)), w0.dtype)
    path[0] = w0
    for t in range(steps):
        path[t + 1] = path[t] - lr * grad(path[t])
    return path


def allocated(grad, w0, lr, steps):
    path = np.empty((steps + 1, len(w0)))
    path[0] = w0
    for t in range(1, steps + 1):
        path[t] = path[t - 1] - lr * grad(path[t - 1])
    return path


def in_lists(grad, w0, lr, steps):
    path = [[float(x) for x in w0]]
    while len(path) <= steps:
        path.append([x - lr * g for x, g in zip(path[-1], grad(np.array(path[-1])), strict=True)])
    return path


TASK = Task(
    solution=descend,
    cases=cases,
    observe=observe,
    returns="the path, shape (steps + 1, d): w0, then the point after each step",
    given=("curvatures", "minimum", "w0", "lr", "steps"),
    parts=("path: ", "w0 afterwards: "),
    mistakes=[
        Mistake(
            "ascends",
            "You go with the gradient, uphill. Check the sign of the step.",
            walk(lambda grad, w, w0, lr, t: lr * grad(w)),
        ),
        Mistake(
            "start missing",
            "Row 0 is the point after the first step. The path begins where you stood before it.",
            walk(lambda grad, w, w0, lr, t: -lr * grad(w), first=2),
        ),
        Exact(
            "start missing, one step too many",
            "Row 0 is the point after the first step, and the last row one step too far. Record before you step.",
            lambda grad, w0, lr, steps: descend(grad, w0, lr, steps + 1)[1:],
        ),
        Exact(
            "start ignored",
            "Your path starts at 0 wherever it is told to start. Row 0 is w0.",
            lambda grad, w0, lr, steps: descend(grad, 0 * w0, lr, steps),
        ),
        Mistake(
            "end missing",
            "The last point is not recorded. Does each pass of your loop append before or after the step?",
            lambda *args: descend(*args)[:-1],
        ),
        Mistake(
            "one step too few",
            "Your loop makes steps - 1 steps.",
            lambda grad, w0, lr, steps: descend(grad, w0, lr, max(0, steps - 1)),
        ),
        Mistake(
            "one step too many",
            "Your path is one row too long: T steps leave T + 1 points.",
            lambda grad, w0, lr, steps: descend(grad, w0, lr, steps + 1),
        ),
        Mistake(
            "only the end",
            "You return the last point. Record every point on the way.",
            lambda grad, w0, lr, steps: descend(grad, w0, lr, steps)[-1],
        ),
        Exact(
            "all rows identical",
            "All rows are the same point: `w -= ...` changes the array that is already in the list, again and again.",
            lambda *args: identical(descend(*args)),
        ),
        *with_steps(descend),
        *recorded(descend),
        Mistake(
            "entry by entry",
            ENTRY_BY_ENTRY,
            walk(lambda grad, w, w0, lr, t: one_by_one(grad, w, 0 * w, lr, 0)[0] - w),
        ),
        Exact(
            "gradient of the start",
            "Every step is the same. Where do you compute the gradient, and where should you?",
            walk(lambda grad, w, w0, lr, t: -lr * grad(w0)),
        ),
        Exact(
            "lr left out",
            "You go the whole gradient: the learning rate has no influence on your path.",
            walk(lambda grad, w, w0, lr, t: -grad(w)),
        ),
        Exact(
            "each from the start",
            "Every step starts at w0 again. It should start where the last one ended.",
            walk(lambda grad, w, w0, lr, t: w0 - lr * grad(w) - w),
        ),
        Exact(
            "one step again and again",
            "Every row is the first step again: w stays where it was. Keep the new point: w = w - lr * grad(w).",
            lambda *args: np.vstack([(path := descend(*args))[:1], *[path[1:2]] * (len(path) - 1)]),
        ),
        Exact(
            "end not filled",
            "The last row is never filled: T steps fill T + 1 rows, and your loop ends one too early.",
            lambda *args: np.vstack([(path := descend(*args))[:-1], 0 * path[-1:]]) if args[-1] else descend(*args),
        ),
        Exact(
            "lr shrinks",
            "The first step is right, later ones are too short. The learning rate should stay what it is.",
            walk(lambda grad, w, w0, lr, t: -lr / (t + 1) * grad(w)),
        ),
        Mistake(
            "whole numbers",
            ROWS_OF_W0,
            rows_like_w0,
        ),
    ],
    variants=[
        allocated,
        in_lists,
        copied_rows,
        lambda grad, w0, lr, steps: descend(grad, w0, lr, steps).astype("float32"),
    ],
    hints=(
        "Two things change in the loop: the point w, and the list of points. Which of them exists before the first "
        "step?",
        "Start with path = [w0 as an array of floats]. In each pass make a new w from the old one, then append it.",
        "In the loop: w = w - lr * grad(w), then path.append(w). After it: return np.array(path).",
    ),
    why="The start is row 0, so T steps leave T + 1 rows. `w = w - ...` makes a new array at every step; "
    "`w -= ...` would write into the one that the list already holds.",
)
