"""descend: gradient descent that records its path, start included."""

import numpy as np

from course_utils.checks.task import Mistake, Task

REFUSED = (
    "Right for a start of floats. Into an array of whole numbers `w -= ...` can write no fractions, and says so: "
    "begin with np.array(w0, dtype=float)."
)
FIRST_ROW = (
    "Row 0 ends where the run ends: the list's first entry is the very array that `w -= ...` changes. Copy it there "
    "too, or write w = w - ..."
)


def descend(grad, w0, lr, steps):
    """The path of gradient descent, w0 first, shape (steps + 1, d)."""
    w = np.array(w0, dtype=float)
    path = [w]
    for _ in range(steps):
        w = w - lr * grad(w)
        path.append(w)
    return np.array(path)


def cases(rng):
    """(curvatures, minimum, w0, lr, steps)."""
    small = (np.array([1.0, 4.0]), np.zeros(2), np.array([4.0, 1.0]), 0.1, 2)
    drawn = (rng.uniform(1, 3, size=3), rng.normal(size=3), rng.normal(size=3), 0.2, 6)
    whole = (np.array([1.0, 2.0]), np.array([0.5, -0.5]), np.array([3, -2]), 0.25, 3)
    return [small, drawn, whole, (np.ones(2), np.ones(2), rng.normal(size=2), 0.3, 0)]


def observe(call, c, centre, w0, lr, steps):
    """What `run` sees on a quadratic."""
    return run(call, lambda w: c * (np.asarray(w) - centre), w0, lr, steps)


def run(call, grad, w0, *settings):
    """The path, the caller's start point afterwards, and whether that may hold whole numbers (1) or not (0)."""
    try:
        return call(grad, w0, *settings), w0, [1]
    except TypeError:  # fractions cannot be written into an array of whole numbers
        if w0.dtype.kind != "i":
            raise
        w0 = w0.astype(float)
        return call(grad, w0, *settings), w0, [0]


def first_row_moved(path):
    """The path whose first row is the array that was changed in place."""
    return np.vstack([path[-1:], path[1:]])


def walk(change, first=1, last=None):
    """descend with another change(grad, w, w0, lr, t), and rows [first - 1 : last] of its path."""

    def wrong(grad, w0, lr, steps):
        """The path of the wrong rule."""
        path = [np.array(w0, float)]
        for t in range(steps):
            path.append(path[-1] + change(grad, path[-1], path[0], lr, t))
        return np.array(path)[first - 1 : last]

    return wrong


def in_place(copy_start, copy_rows):
    """descend with `w -= ...`, with or without a copy of the start and of each row."""

    def wrong(grad, w0, lr, steps):
        """The path of the wrong rule."""
        w = w0.astype(float) if copy_start else w0
        path = [w.copy() if copy_rows else w]
        for _ in range(steps):
            w -= lr * grad(w)
            path.append(w.copy() if copy_rows else w)
        return np.array(path)

    return wrong


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
            "Every row is further from the minimum than the one before. Check the sign of the step.",
            walk(lambda grad, w, w0, lr, t: lr * grad(w)),
        ),
        Mistake(
            "start missing",
            "Row 0 is the point after the first step. The path begins where you stood before it.",
            walk(lambda grad, w, w0, lr, t: -lr * grad(w), first=2),
        ),
        Mistake(
            "end missing",
            "The last point is not recorded. Does each pass of your loop append before or after the step?",
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
        Mistake(
            "all rows identical",
            "All rows are the same point: `w -= ...` changes the array that is already in the list, again and again.",
            in_place(True, False),
        ),
        Mistake(
            "start point changed",
            "The path is right, but the caller's w0 has moved: a second run would start where this one ended.",
            in_place(False, True),
        ),
        Mistake(
            "identical and moved",
            "All rows are the same array, and it is the caller's w0. `w -= ...` changes an array in place.",
            in_place(False, False),
        ),
        Mistake("first row moves", FIRST_ROW, lambda *args: first_row_moved(descend(*args))),
        Mistake(
            "first row moves, whole numbers refused",
            FIRST_ROW,
            lambda grad, w0, *rest: first_row_moved(in_place(False, True)(grad, w0.copy(), *rest)),
        ),
        Mistake(
            "gradient of the start",
            "Every step is the same. Where do you compute the gradient, and where should you?",
            walk(lambda grad, w, w0, lr, t: -lr * grad(w0)),
        ),
        Mistake(
            "lr shrinks",
            "The first step is right, later ones are too short. The learning rate should stay what it is.",
            walk(lambda grad, w, w0, lr, t: -lr / (t + 1) * grad(w)),
        ),
        Mistake(
            "whole numbers",
            "Right for a start of floats, cut off for a start of whole numbers: your rows have the type of w0.",
            rows_like_w0,
        ),
        Mistake(
            "whole numbers refused", REFUSED, lambda grad, w0, *rest: in_place(False, True)(grad, w0.copy(), *rest)
        ),
    ],
    variants=[
        allocated,
        in_lists,
        in_place(True, True),
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
