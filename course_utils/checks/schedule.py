"""schedule: a learning rate that falls like 1/t."""

import numpy as np

from course_utils.checks.task import Exact, Mistake, Task

STRAIGHT = "Yours falls along a straight line, and is negative or zero in the end."


def schedule(t, lr0, t0):
    return lr0 / (1 + t / t0)


def cases(rng):
    """A late step, the first one, an early one, a very small rate, and random ones."""
    small = (25, 0.4, 10)
    return [
        small,
        (0, 0.3, 5),
        (2, 0.5, 5),
        (50, 0.01, 5),
        *((int(t), float(rng.uniform(0.1, 1)), 7) for t in rng.integers(8, 80, size=3)),
    ]


TASK = Task(
    solution=schedule,
    cases=cases,
    mistakes=[
        Exact(
            "t0 left out",
            "Your learning rate is halved after one step. t0 has to set when that happens.",
            lambda t, lr0, t0: lr0 / (1 + t),
        ),
        Exact(
            "whole-number division",
            "Your learning rate falls in stairs: t // t0 cuts off what / keeps.",
            lambda t, lr0, t0: lr0 / (1 + t // t0),
        ),
        Exact("constant", "lr0 comes back as it went in: yours never falls.", lambda t, lr0, t0: lr0),
        Mistake(
            "drop",
            "Yours stays the same and then drops once. Asked for is a rate that falls at every step.",
            lambda t, lr0, t0: lr0 if t < t0 else lr0 / 10,
        ),
        Mistake(
            "exponential",
            "Yours falls exponentially: the sum of all later steps is finite, and the run can stop short.",
            lambda t, lr0, t0: lr0 * np.exp(-t / t0),
        ),
        Exact(
            "halved every t0",
            "Yours is halved every t0 steps. At t = t0 that agrees; later it is too small.",
            lambda t, lr0, t0: lr0 * 0.5 ** (t / t0),
        ),
        Exact(
            "square root",
            "Yours falls like one over the square root of t, too slowly.",
            lambda t, lr0, t0: lr0 / np.sqrt(1 + t / t0),
        ),
        Exact(
            "straight line",
            STRAIGHT,
            lambda t, lr0, t0: lr0 * max(0, 1 - t / t0),
        ),
        Exact("straight line, below zero", STRAIGHT, lambda t, lr0, t0: lr0 * (1 - t / t0)),
        Mistake(
            "again and again",
            "You divide what the last step left, again and again. Divide lr0, once.",
            lambda t, lr0, t0: lr0 / np.prod(1 + np.arange(1, t + 1) / t0),
        ),
        Mistake(
            "brackets",
            "Without brackets, / comes before +: you divide lr0 by 1 only and then add.",
            lambda t, lr0, t0: lr0 / 1 + t / t0,
        ),
        Exact(
            "brackets around 1 + t",
            "You divide 1 + t by t0. Only t is divided: at t = 0 the answer is lr0.",
            lambda t, lr0, t0: lr0 / ((1 + t) / t0),
        ),
        Exact(
            "counted from 1",
            "Yours is one step ahead. Steps are counted from 0: at t = 0 the answer is lr0.",
            lambda t, lr0, t0: lr0 / (1 + (t + 1) / t0),
        ),
        Mistake(
            "upside down",
            "Your learning rate grows.",
            lambda t, lr0, t0: lr0 * (1 + t / t0),
        ),
        Exact(
            "the factor alone",
            "This is the factor, not the learning rate. lr0 has no influence on your answer.",
            lambda t, lr0, t0: 1 / (1 + t / t0),
        ),
        Exact(
            "t0 times t",
            "A larger t0 makes yours fall faster. It should fall later.",
            lambda t, lr0, t0: lr0 / (1 + t * t0),
        ),
        Exact(
            "squared",
            "Yours falls like one over t squared: the sum of all later steps is finite, and the run can stop short.",
            lambda t, lr0, t0: lr0 / (1 + t / t0) ** 2,
        ),
        Exact(
            "square of t",
            "t / t0 is squared: yours falls too slowly at first and too fast later. It stands there once, as it is.",
            lambda t, lr0, t0: lr0 / (1 + (t / t0) ** 2),
        ),
        Exact(
            "one step behind",
            "Yours is one step behind. Steps are counted from 0: at t = 0 the answer is lr0.",
            lambda t, lr0, t0: lr0 / (1 + (t - 1) / t0),
        ),
        Exact(
            "root of t",
            "The root is taken of t / t0: yours falls too slowly in the end.",
            lambda t, lr0, t0: lr0 / (1 + np.sqrt(t / t0)),
        ),
        Exact(
            "divided by t0 + t",
            "Yours is t0 times too small: at t = 0 the answer is lr0.",
            lambda t, lr0, t0: lr0 / (t0 + t),
        ),
        Exact(
            "subtracted",
            "You subtract t / t0 from the learning rate, which is soon negative. Divide lr0 by something that grows.",
            lambda t, lr0, t0: lr0 - t / t0,
        ),
        Exact(
            "halved in stairs",
            "Yours is halved every t0 steps, in stairs. Asked for is a rate that falls at every step.",
            lambda t, lr0, t0: lr0 * 0.5 ** (t // t0),
        ),
    ],
    variants=[
        lambda t, lr0, t0: lr0 * t0 / (t0 + t),
        lambda t, lr0, t0: np.float32(lr0) / np.float32(1 + t / t0),
        lambda t, lr0, t0: np.divide(lr0, np.add(1, np.divide(t, t0))),
    ],
    hints=(
        "At t = 0 the answer is lr0, at t = t0 half of it, at t = 3 t0 a quarter.",
        "Divide lr0 by something that is 1 at t = 0 and 2 at t = t0.",
        "That something is 1 + t / t0.",
    ),
    why="Falling like 1/t, the steps become small enough for the noise to die out, "
    "and their sum still grows without bound, so the run can reach any point.",
)
