"""minimise: a bug hunt. Descent that stops when the gradient is small, recording into the same array."""

import numpy as np

from course_utils.checks.paths import ENTRY_BY_ENTRY, bowl, identical, in_place, one_by_one, recorded, run
from course_utils.checks.task import Exact, Mistake, Task

AS_FOUND = (
    "All rows are one and the same array, and it is the caller's w0. Neither [:] nor np.asarray makes a copy. Print "
    "`path[0] is path[-1]`."
)
START_COPIED = "w0 is safe now, but all rows are still the same array. What does `w -= ...` do to the row before?"


def minimise(grad, w0, lr, tol):
    """The path to the first point with |grad| <= tol."""
    w = np.array(w0, dtype=float)
    path = [w]
    while np.linalg.norm(grad(w)) > tol:
        w = w - lr * grad(w)
        path.append(w)
    return np.array(path)


def as_found(grad, w0, lr, tol):
    """The published version: one array, changed in place."""
    w = w0
    path = [w]
    while np.linalg.norm(grad(w)) > tol:
        w -= lr * grad(w)
        path.append(w)
    return np.array(path)


def cases(rng):
    """(curvatures, w0, lr, tol); short steps and unequal entries, so that each test of smallness stops elsewhere."""
    small = (np.array([1.0, 2.0]), np.array([4.0, 1.0]), 0.4, 1.0)
    starts = (np.array([3, -2]), *(rng.uniform([2.5, 1.5, 1], [3, 2, 1.5])[:d] for d in (2, 3)))
    drawn = [(rng.uniform(1, 1.1, size=len(w0)), w0, 0.05, 0.3) for w0 in starts]
    exact = (np.ones(2), np.array([4.0, 3.0]), 0.5, 2.5)  # ends where |grad| is tol to the last bit
    level = (np.ones(2), np.array([0.3, 0.4]), 0.5, 1.0)  # ends where it starts
    askew = (np.array([[2.0, 1.0], [1.0, 2.0]]), rng.uniform(1, 2, size=2), 0.1, 0.5)
    long = (np.ones(2), np.array([4.0, 3.0]), 0.02, 0.05)  # 228 steps
    return [small, *drawn, exact, level, askew, long]


def observe(call, c, *case):
    """What `run` sees on a quadratic."""
    return run(call, bowl(c), *case)


def until(small):
    """minimise with another test of smallness: small(g, lr, tol)."""

    def wrong(grad, w0, lr, tol):
        path = [np.array(w0, float)]
        while not small(grad(path[-1]), lr, tol) and len(path) < 1000:
            path.append(path[-1] - lr * grad(path[-1]))
        return np.array(path)

    return wrong


def entry_by_entry(grad, w0, lr, tol):
    path = [np.array(w0, float)]
    while np.linalg.norm(grad(path[-1])) > tol:
        path.append(one_by_one(grad, path[-1], 0 * path[-1], lr, 0)[0])
    return path


def in_place_with_copies(grad, w0, lr, tol):
    """Changed in place, on a copy, and copied into the path."""
    return copied_rows(grad, w0.astype(float), lr, tol)


def copied_rows(grad, w, lr, tol):
    """Changed in place, and copied into the path."""
    path = [w.copy()]
    while np.linalg.norm(grad(w)) > tol:
        w -= lr * grad(w)
        path.append(w.copy())
    return path


TASK = Task(
    solution=minimise,
    cases=cases,
    observe=observe,
    returns="the path, shape (points, d): w0, then the point after each step, up to the first with |grad| <= tol",
    given=("curvatures", "w0", "lr", "tol"),
    parts=("path: ", "w0 afterwards: "),
    mistakes=[
        Mistake("as found", AS_FOUND, as_found),
        Exact("as found, by asarray", AS_FOUND, in_place(minimise, identical, whole=True)),
        Exact("only the start copied", START_COPIED, in_place(minimise, identical, moved=False, whole=True)),
        Exact("only the start copied, with its type", START_COPIED, in_place(minimise, identical, moved=False)),
        Exact("only the rows copied", "The path is right now, but the caller's w0 still moves.", in_place(minimise)),
        Mistake(
            "last point missing",
            "The point at which the gradient is small belongs to the path.",
            lambda grad, w0, lr, tol: minimise(grad, w0, lr, tol)[:-1],
        ),
        Mistake(
            "one step too many",
            "You take a step more after the gradient has become small.",
            lambda grad, w0, lr, tol: np.vstack([p := minimise(grad, w0, lr, tol), p[-1] - lr * grad(p[-1])]),
        ),
        Mistake(
            "steps before the test",
            "A start that is already level gets a step all the same. Test before the first step, as `while` does.",
            lambda grad, w0, lr, tol: np.vstack([w0, minimise(grad, w0 - lr * grad(w0), lr, tol)]),
        ),
        Mistake(
            "goes on at tol",
            "You go on where the length of the gradient is exactly tol. The path ends at the first point with <=, so "
            "the loop goes on while it is > tol.",
            until(lambda g, lr, tol: np.linalg.norm(g) < tol),
        ),
        Mistake(
            "stops by the step",
            "You compare lr times the gradient with tol: a small learning rate would stop at once, anywhere.",
            until(lambda g, lr, tol: lr * np.linalg.norm(g) <= tol),
        ),
        Mistake(
            "one entry is enough",
            "You stop when one entry of the gradient is small. The others may still be large.",
            until(lambda g, lr, tol: np.abs(g).min() <= tol),
        ),
        Mistake(
            "length squared",
            "You compare the squared length of the gradient with tol.",
            until(lambda g, lr, tol: g @ g <= tol),
        ),
        Mistake(
            "largest entry",
            "You compare the largest entry of the gradient with tol. Its length is larger.",
            until(lambda g, lr, tol: np.abs(g).max() <= tol),
        ),
        Mistake(
            "root mean square",
            "You compare the root of the mean square with tol. The length is the root of the sum.",
            until(lambda g, lr, tol: np.sqrt(np.mean(g**2)) <= tol),
        ),
        *recorded(minimise),
        Mistake("entry by entry", ENTRY_BY_ENTRY, entry_by_entry),
    ],
    variants=[
        in_place_with_copies,
        until(lambda g, lr, tol: np.sqrt(np.sum(g**2)) <= tol),
        lambda grad, w0, lr, tol: minimise(grad, w0, lr, tol).astype("float32"),
        lambda grad, w0, lr, tol: [list(row) for row in minimise(grad, w0, lr, tol)],
    ],
    hints=(
        "Run it and print the path. How many different rows does it have? Then print w0.",
        "`w -= ...` writes into the existing array. How many arrays does the function make, and how many rows refer "
        "to each?",
        "Two lines change: w = np.array(w0, dtype=float) at the start, and w = w - lr * grad(w) in the loop.",
    ),
    why="A list holds references. `w -= ...` changes the one array that every row refers to, and that array is the "
    "caller's w0. "
    "`w = w - ...` makes a new one each time.",
)
