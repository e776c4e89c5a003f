"""slope: the derivative of the mean of half the squared errors of a line through the origin."""

import numpy as np

from course_utils.checks.task import Exact, Mistake, Task


def slope(w, x, y):
    r = w * x - y
    return np.mean(r * x)


def cases(rng):
    """Three points, three others from w = 0, and random ones."""
    small = (2.0, np.array([1.0, 2.0, 4.0]), np.array([1.0, 6.0, -3.0]))
    falling = (0.0, np.array([1.0, 2.0, 4.0]), np.array([1.0, 6.0, 3.0]))
    return [
        small,
        falling,
        *((float(rng.normal()), rng.normal(1, 2, size=n), rng.normal(-1, 1, size=n)) for n in (5, 8)),
    ]


def with_a_loop(w, x, y):
    total = 0.0
    for x_i, y_i in zip(x, y, strict=True):
        total += (w * x_i - y_i) * x_i
    return total / len(x)


TASK = Task(
    solution=slope,
    cases=cases,
    mistakes=[
        Mistake(
            "sum instead of mean",
            "You add up the examples. f is a mean; what is still missing?",
            lambda w, x, y: np.sum((w * x - y) * x),
        ),
        Exact(
            "not averaged",
            "This is a slope for each example. f is the mean over the examples, so its slope is the mean of these.",
            lambda w, x, y: (w * x - y) * x,
        ),
        Exact(
            "divided twice",
            "You divide by the number of examples twice. np.mean divides by it, and so does / len(x).",
            lambda w, x, y: np.mean((w * x - y) * x) / len(x),
        ),
        Exact(
            "absolute slope",
            "You dropped the sign of the slope: where f falls it is negative.",
            lambda w, x, y: np.abs(np.mean((w * x - y) * x)),
        ),
        Mistake(
            "divided by n - 1",
            "You divide by one less than the number of examples, as for a variance. A mean divides by their number.",
            lambda w, x, y: np.sum((w * x - y) * x) / (len(x) - 1),
        ),
        Exact(
            "twice the slope",
            "Exactly twice too large. What does the 1/2 in f do to the 2 of the square?",
            lambda w, x, y: 2 * np.mean((w * x - y) * x),
        ),
        Exact(
            "half the slope",
            "Exactly half. The square brings a 2 down; did the 1/2 of f meet it?",
            lambda w, x, y: np.mean((w * x - y) * x) / 2,
        ),
        Exact(
            "inner derivative lost",
            "This is the mean residual. The chain rule has a second factor: how fast does w x grow with w?",
            lambda w, x, y: np.mean(w * x - y),
        ),
        Exact(
            "sign of the residual",
            "The right size with the wrong sign. In which order do w x and y stand in f?",
            lambda w, x, y: np.mean((y - w * x) * x),
        ),
        Exact("the loss itself", "This is f, not its derivative.", lambda w, x, y: np.mean((w * x - y) ** 2) / 2),
        Exact(
            "product of means",
            "The mean of a product is not the product of the means. Multiply each residual by its own x first.",
            lambda w, x, y: np.mean(w * x - y) * np.mean(x),
        ),
        Exact(
            "absolute residual",
            "You dropped the signs of the residuals. Those below the line pull the other way.",
            lambda w, x, y: np.mean(np.abs(w * x - y) * x),
        ),
        Exact("y left out", "The targets have no influence on your answer.", lambda w, x, y: w * np.mean(x * x)),
    ],
    variants=[
        with_a_loop,
        lambda w, x, y: (w * x - y) @ x / len(x),
        lambda w, x, y: w * np.mean(x * x) - np.mean(x * y),
        lambda w, x, y: np.float32(np.average((w * x - y) * x)),
    ],
    hints=(
        "The derivative of a square is twice the thing squared, times the derivative of the thing.",
        "For one example: the derivative of (w x - y)²/2 by w is (w x - y) x. The loss is the mean of these.",
        "r holds the residuals. Return the mean of r * x.",
    ),
    why="The 2 of the square cancels the 1/2 of the loss, and the inner derivative of w x - y by w is x. "
    "What remains is the mean of residual times input.",
)
