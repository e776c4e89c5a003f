"""What exercises that return a path share: the bowl, what is seen of a run, and mistakes in recording."""

import numpy as np

from course_utils.checks.task import Exact

REFUSED = (
    "Right for a start of floats. Into an array of whole numbers `w -= ...` can write no fractions, and says so: "
    "begin with np.array(w0, dtype=float)."
)
BEFORE = "The start stands there twice and the last point is missing: append after the step, not before."
BEFORE_OR_OLD_V = (
    "The start stands there twice and the last point is missing: you append before the step, or w moves before v is "
    "renewed."
)
ROWS_OF_W0 = "Right for a start of floats, cut off for a start of whole numbers: your rows have the type of w0."
FIRST_ROW = (
    "Row 0 ends where the run ends: the list's first entry is the very array that `w -= ...` changes. Copy it there "
    "too, or write w = w - ..."
)
START_MOVED = (
    "The path is right, but the caller's w0 has moved: np.asarray makes no copy of an array of floats. Begin with "
    "np.array(w0, dtype=float)."
)
ONE_ARRAY = "All rows are the same array: `w -= ...` changes what is already in the list. Write w = w - ..."
ALL_W0 = "All rows are the same array, and it is the caller's w0. `w -= ...` changes an array in place."
LATER_ROWS = (
    "Row 0 is right, all others are one and the same array, which `w -= ...` changes. Append w.copy(), or write "
    "w = w - ..."
)
STARTS = [  # of a run in place, as `moved` and `whole` of in_place, after what they add to a mistake's name
    ("", False, True),
    (", whole numbers refused", False, False),
    (", by asarray", True, True),
    (" and w0", True, False),
]
ENTRY_BY_ENTRY = (
    "You move entry by entry, and each asks for the gradient where those before it have already moved. Compute the "
    "gradient once in each step, then move all entries."
)


def bowl(curvatures, minimum=0):
    """The gradient on a bowl with these curvatures along the axes, or with this matrix of them."""
    hessian = curvatures if curvatures.ndim == 2 else np.diag(curvatures)
    return lambda w: hessian @ (np.asarray(w) - minimum)


def run(call, grad, w0, *settings):
    """The path, the caller's start point afterwards, and whether that may hold whole numbers (1) or not (0)."""
    try:
        return call(grad, w0, *settings), w0, [1]
    except TypeError:  # fractions cannot be written into an array of whole numbers
        if w0.dtype.kind != "i":
            raise
        w0 = w0.astype(float)
        return call(grad, w0, *settings), w0, [0]


def one_by_one(grad, w, v, lr, beta):
    """(w, v) after a step of momentum, entry by entry; descent, if beta is 0."""
    w, v = np.array(w, float), np.array(v, float)
    for j in range(len(w)):
        v[j] = beta * v[j] + grad(w)[j]
        w[j] -= lr * v[j]
    return w, v


def first_row_moved(path):
    """The path whose first row is the array that was changed in place."""
    return np.vstack([path[-1:], path[1:]])


def identical(path):
    """The path whose rows are all the array that was changed in place."""
    return np.repeat(path[-1:], len(path), axis=0)


def later_identical(path):
    """The path whose rows after the first are all the array that was changed in place."""
    return np.vstack([path[:1], np.repeat(path[-1:], len(path) - 1, axis=0)])


def in_place(path_of, rows=lambda path: path, moved=True, whole=False):
    """The run with `w -= ...`, and rows(path) in place of its path.

    moved  whether it works on the caller's w0
    whole  whether it takes a w0 of whole numbers, which np.asarray(w0, float) copies
    """

    def changed(grad, w0, *settings):
        if w0.dtype.kind == "i" and not whole:
            raise TypeError("fractions into whole numbers")
        path = path_of(grad, w0, *settings)
        if moved:
            np.asarray(w0, float)[:] = path[-1]
        return rows(path)

    return changed


def stopped_early(path_of):
    """The run that ends at the first point where the ground is level."""

    def stopped(grad, w0, *settings):
        path = path_of(grad, w0, *settings)
        level = [t for t, w in enumerate(path) if np.linalg.norm(grad(w)) < 1e-6]
        return path[: level[0] + 1] if level else path

    return stopped


def with_steps(path_of):
    """Mistakes of a run of so many steps: it stops before, or the caller's w0 moves."""
    return [
        Exact(
            "stops early",
            "You stop where the gradient is 0. Make all the steps that are asked for: the path has steps + 1 rows.",
            stopped_early(path_of),
        ),
        Exact(
            "returned in the loop",
            "You stop after the first step: the path has two rows. Does `return` stand inside the loop?",
            lambda *args: path_of(*args)[:2],
        ),
        Exact(
            "start point changed",
            "The path is right, but the caller's w0 has moved: a second run would start where this one ended.",
            in_place(path_of),
        ),
        Exact("identical and moved", ALL_W0, in_place(path_of, identical)),
        Exact("identical and moved, by asarray", ALL_W0, in_place(path_of, identical, whole=True)),
        Exact("identical, whole numbers refused", ONE_ARRAY, in_place(path_of, identical, moved=False)),
    ]


def recorded(path_of, refused=REFUSED, before=BEFORE):
    """Mistakes in recording the path of path_of(grad, w0, *settings), with what is said of two of them."""
    return [
        Exact(
            "recorded before the step",
            before,
            lambda *args: (path := path_of(*args))[[0, *range(len(path) - 1)]],
        ),
        Exact(
            "row 0 empty",
            "Row 0 is all zeros; the other rows are right. The path begins at w0: path[0] = w0.",
            lambda *args: np.vstack([0 * (path := path_of(*args))[:1], path[1:]]),
        ),
        Exact("asarray makes no copy", START_MOVED, in_place(path_of, whole=True)),
        Exact("whole numbers refused", refused, in_place(path_of, moved=False)),
        *(
            Exact(f"{name}{more}", advice, in_place(path_of, rows, *start))
            for name, advice, rows in [
                ("first row moves", FIRST_ROW, first_row_moved),
                ("later rows identical", LATER_ROWS, later_identical),
            ]
            for more, *start in STARTS
        ),
    ]
