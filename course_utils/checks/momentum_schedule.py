"""momentum_schedule: momentum whose learning rate drops; found with the rate inside the velocity."""

import numpy as np

from course_utils.checks.momentum_runs import ENDS
from course_utils.checks.paths import ENTRY_BY_ENTRY, one_by_one
from course_utils.checks.task import Exact, Mistake, Task


def momentum_schedule(grad, w, rates, beta):
    v = 0 * w
    for lr in rates:
        v = beta * v + grad(w)
        w = w - lr * v
    return w


def rescaled(factor):
    """The run as found, its old velocity multiplied by factor(this rate, the one before, the first) at each step."""

    def run(grad, w, rates, beta):
        v, before = 0 * w, rates[0]
        for lr in rates:
            v = beta * v * factor(lr, before, rates[0]) - lr * grad(w)
            w, before = w + v, lr
        return w

    return run


as_found = rescaled(lambda lr, before, first: 1)


def rate_twice(grad, w, rates, beta):
    v = 0 * w
    for lr in rates:
        v = beta * v + lr * grad(w)
        w = w - lr * v
    return w


def nesterov(grad, w, rates, beta):
    v = 0 * w
    for lr in rates:
        g = grad(w)
        v = beta * v + g
        w = w - lr * (g + beta * v)
    return w


def entry_by_entry(grad, w, rates, beta):
    v = 0 * w
    for lr in rates:
        w, v = one_by_one(grad, w, v, lr, beta)
    return w


def from_all_gradients(grad, w, rates, beta):
    gradients = []
    for lr in rates:
        gradients.insert(0, grad(w))
        w = w - lr * sum(beta**age * g for age, g in enumerate(gradients))
    return list(w)


def late(grad, w, rates, beta):
    return momentum_schedule(grad, w, [rates[0], *rates[:-1]], beta)


def moved_before(grad, w, rates, beta):
    v = 0 * w
    for lr in rates:
        w = w - lr * v
        v = beta * v + grad(w)
    return w


def backwards(run):
    """A run that takes the rates from the last to the first."""
    return lambda grad, w, rates, beta: run(grad, w, rates[::-1], beta)


def observe(call, curvature, power, w, rates, beta):
    """The end of a run where the gradient is curvature w^power; the curvature may be a matrix of them."""
    return call(lambda w: np.dot(curvature, np.power(w, power)), w, rates, beta)


def cases(rng):
    schedules = [0.1, 0.1, 0.01, 0.01], [0.1, 0.1, 0.02, 0.02, 0.02], [0.2, 0.2, 0.2, 0.05, 0.05, 0.05]
    drawn = [(round(rng.uniform(0.5, 1.5), 2), 1, rng.normal(size=2).round(2)) for _ in schedules]
    round_ = [(*two, rates, beta) for two, rates, beta in zip(drawn, schedules, (0.9, 0.8, 0.7), strict=True)]
    askew = np.array([[2.0, 1.0, 0.5], [1.0, 2.0, 0.0], [0.5, 0.0, 1.0]])
    steep = (1.0, 3, rng.uniform(1.5, 2, size=2).round(2), [0.1, 0.1, 0.01, 0.01], 0.9)  # a bowl hides rates reversed
    return [*round_, (askew, 1, rng.normal(size=3).round(2), [0.2, 0.2, 0.05, 0.05], 0.6), steep]


TASK = Task(
    solution=momentum_schedule,
    cases=cases,
    observe=observe,
    returns="the last point, of the shape of w",
    given=("curvature", "power of w in the gradient", "w", "rates", "beta"),
    mistakes=[
        Mistake(
            "as found",
            "After the drop it still runs at the old speed. Try a constant slope and rates 0.1, 0.1, 0.01: how long is "
            "the third step, and where is the old rate still stored?",
            as_found,
        ),
        Exact(
            "first rate",
            "The rate never drops: every step uses the first one.",
            lambda grad, w, rates, beta: momentum_schedule(grad, w, [rates[0]] * len(rates), beta),
        ),
        Exact(
            "last rate",
            "Every step uses the last rate, also those before the drop.",
            lambda grad, w, rates, beta: momentum_schedule(grad, w, [rates[-1]] * len(rates), beta),
        ),
        Mistake("rate twice", "The rate stands in the velocity and in the step: it acts squared.", rate_twice),
        Exact(
            "no velocity",
            "The velocity is gone: this is gradient descent with a schedule. Only the speed at the drop was wrong.",
            lambda grad, w, rates, beta: momentum_schedule(grad, w, rates, 0),
        ),
        Exact(
            "stopped at the drop",
            "The ball is stopped at the drop. It should go on, with the step shortened in proportion to the rate.",
            rescaled(lambda lr, before, first: lr == before),
        ),
        Exact("one step late", "The new rate comes one step late.", late),
        Exact(
            "rates backwards",
            "You take the rates from the last to the first.",
            backwards(momentum_schedule),
        ),
        Exact(
            "as found, rates backwards",
            "You take the rates from the last to the first, and the velocity still stores the old ones. That ends"
            " right on a bowl, and only there.",
            backwards(as_found),
        ),
        Exact(
            "moved before",
            "Your first step is none: w moves by the velocity from before, or the loop leaves out rates[0].",
            moved_before,
        ),
        Exact(
            "returned in the loop",
            "You stop after the first step. Does `return` stand inside the loop?",
            lambda grad, w, rates, beta: momentum_schedule(grad, w, rates[:1], beta),
        ),
        Exact(
            "lr left out",
            "You go the whole velocity: the rates have no influence on your answer.",
            lambda grad, w, rates, beta: momentum_schedule(grad, w, [1] * len(rates), beta),
        ),
        Exact(
            "nothing moves",
            "w comes back as it went in: what is calculated is not kept (w = ...), or the velocity stays 0, as with "
            "grad(v) in place of grad(w).",
            lambda grad, w, rates, beta: w,
        ),
        Exact(
            "first gradient",
            "Every step uses the gradient of the starting point. It has to be asked for again at each new point.",
            lambda grad, w, rates, beta: momentum_schedule(lambda _: grad(w), w, rates, beta),
        ),
        Mistake(
            "inverted",
            "The velocity is rescaled the wrong way round: at the drop it becomes faster.",
            rescaled(lambda lr, before, first: before / lr),
        ),
        Exact(
            "lr on both",
            "lr multiplies the old velocity too, at every step, and that holds an lr already: little of it is left.",
            rescaled(lambda lr, before, first: lr),
        ),
        Exact(
            "corrected at every step",
            "The ratio of the rates acts again at each step after the drop. Once is enough: then v holds the new rate.",
            rescaled(lambda lr, before, first: lr / first),
        ),
        Mistake(
            "uphill",
            "Uphill: check the signs of the velocity and of the step together.",
            lambda grad, w, rates, beta: momentum_schedule(grad, w, [-lr for lr in rates], beta),
        ),
        Exact(
            "averages",
            "The gradient enters the velocity with 1 - beta. Here it enters whole.",
            lambda grad, w, rates, beta: momentum_schedule(lambda w: (1 - beta) * grad(w), w, rates, beta),
        ),
        Mistake(
            "Nesterov",
            "This is Nesterov's step, g + beta v. Momentum moves w by the velocity alone.",
            nesterov,
        ),
        Mistake("entry by entry", ENTRY_BY_ENTRY, entry_by_entry),
        *ENDS,
    ],
    variants=[
        rescaled(lambda lr, before, first: lr / before),
        lambda grad, w, rates, beta: momentum_schedule(grad, np.array(w, dtype=float), np.array(rates), beta),
        from_all_gradients,
    ],
    hints=(
        "Measure the step just after the drop, on a constant slope, with the function as found.",
        "v holds lr times gradients. Those added before the drop were multiplied by the old rate.",
        "Take lr out of the velocity: v = beta * v + grad(w), and multiply by lr in the step.",
    ),
    why="With lr inside, v stores the old rate and fades by beta a step. With lr outside, the drop acts "
    "on the whole velocity at once. Rescaling v by new rate over old rate at the drop does the same.",
)
