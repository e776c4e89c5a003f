"""noise_floor: the mean squared distance from the minimum in the second half of a run, measured."""

import numpy as np

from course_utils.checks.task import Exact, Task


def noise_floor(path, w_star):
    tail = path[len(path) // 2 :]
    return np.mean((tail - w_star) ** 2)


def cases(rng):
    """(path, w_star): a run that comes from afar and then hovers off its minimum."""
    small = (np.array([4.0, 2.0, 1.0, 3.0]), 1.5)
    return [small, *((2 + 8 * 0.5 ** np.arange(n) + rng.normal(size=n), 1.5) for n in (15, 20))]


def with_a_loop(path, w_star):
    half, total = len(path) // 2, 0.0
    for w in path[half:]:
        total += (w - w_star) ** 2
    return total / (len(path) - half)


TASK = Task(
    solution=noise_floor,
    cases=cases,
    mistakes=[
        Exact(
            "way down included",
            "You average over the whole run. The way down from the start is not noise.",
            lambda path, w_star: np.mean((path - w_star) ** 2),
        ),
        Exact(
            "first half",
            "You took the first half, which is the way down. The floor shows at the end.",
            lambda path, w_star: np.mean((path[: len(path) // 2] - w_star) ** 2),
        ),
        Exact(
            "last point only",
            "One point is one draw of the noise. Average over the second half.",
            lambda path, w_star: (path[-1] - w_star) ** 2,
        ),
        Exact(
            "around its own mean",
            "np.var measures the spread around the run's own mean. A run that hovers beside the minimum would go "
            "unnoticed.",
            lambda path, w_star: np.var(path[len(path) // 2 :]),
        ),
        Exact(
            "its own spread",
            "np.std is the root of the spread around the run's own mean. Asked for is the mean squared distance "
            "from w_star.",
            lambda path, w_star: np.std(path[len(path) // 2 :]),
        ),
        Exact(
            "spread of everything",
            "np.var(path) is the spread of the whole run, the way down included, around its own mean.",
            lambda path, w_star: np.var(path),
        ),
        Exact(
            "divided by len // 2",
            "You divide by len(path) // 2. Of an odd number of points the second half has one more: let np.mean count.",
            lambda path, w_star: np.sum((path[len(path) // 2 :] - w_star) ** 2) / (len(path) // 2),
        ),
        Exact(
            "square root",
            "This is the typical distance. The floor of the formula is its square.",
            lambda path, w_star: np.sqrt(np.mean((path[len(path) // 2 :] - w_star) ** 2)),
        ),
        Exact(
            "absolute distance",
            "You average distances. Square them first.",
            lambda path, w_star: np.mean(np.abs(path[len(path) // 2 :] - w_star)),
        ),
        Exact(
            "not squared",
            "You average the differences as they are, so those to both sides cancel. Square them first.",
            lambda path, w_star: np.mean(path[len(path) // 2 :] - w_star),
        ),
        Exact(
            "square of the mean",
            "You average first and square then, so that deviations to both sides cancel.",
            lambda path, w_star: np.mean(path[len(path) // 2 :] - w_star) ** 2,
        ),
        Exact(
            "sum instead of mean",
            "A longer run gives you a higher floor: you add up and do not divide.",
            lambda path, w_star: np.sum((path[len(path) // 2 :] - w_star) ** 2),
        ),
        Exact(
            "minimum at 0",
            "You measure the distance from 0. Where is the minimum?",
            lambda path, w_star: np.mean(path[len(path) // 2 :] ** 2),
        ),
        Exact(
            "divided by everything",
            "You add up half the points and divide by the number of all.",
            lambda path, w_star: np.sum((path[len(path) // 2 :] - w_star) ** 2) / len(path),
        ),
    ],
    variants=[
        with_a_loop,
        lambda path, w_star: np.square(np.subtract(path, w_star)[len(path) // 2 :]).mean(),
        lambda path, w_star: np.average((path[len(path) // 2 :].astype("float32") - np.float32(w_star)) ** 2),
        lambda path, w_star: np.var(path[len(path) // 2 :]) + (np.mean(path[len(path) // 2 :]) - w_star) ** 2,
    ],
    hints=(
        "Leave out the way down, then ask how far the points are from the minimum.",
        "The second half is path[len(path) // 2 :]. Subtract w_star, square, average: in this order.",
        "np.mean((path[len(path) // 2 :] - w_star) ** 2).",
    ),
    why="The first half is the way down. In the second half the run hovers, "
    "and its mean squared distance from the minimum is what the formula predicts.",
)
