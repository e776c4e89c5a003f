"""velocity: what a list of gradients leaves in the velocity."""

from course_utils.checks.task import Exact, Mistake, Task


def velocity(gradients, beta):
    v = 0
    for g in gradients:
        v = beta * v + g
    return v


def in_one_line(gradients, beta):
    return sum(beta**age * g for age, g in enumerate(reversed(list(gradients))))


def each_step(rule):
    """The loop with another line in its middle."""

    def wrong(gradients, beta):
        v = 0
        for g in gradients:
            v = rule(v, g, beta)
        return v

    return wrong


def cases(rng):
    return [(rng.normal(size=n).round(2).tolist(), round(rng.uniform(0.6, 0.9), 2)) for n in (3, 3, 5)]


TASK = Task(
    solution=velocity,
    cases=cases,
    mistakes=[
        Exact(
            "averages",
            "You average: the new gradient is weakened by 1 - beta. In this course's rule it counts fully; "
            "compare your v after the very first gradient with that gradient.",
            each_step(lambda v, g, beta: beta * v + (1 - beta) * g),
        ),
        Mistake(
            "beta on both",
            "beta weakens the newest gradient too. Only the old velocity is meant to fade.",
            each_step(lambda v, g, beta: beta * (v + g)),
        ),
        Exact(
            "fades by 1 - beta",
            "The old velocity is multiplied by 1 - beta. What is left of it after a step is beta times as much.",
            each_step(lambda v, g, beta: (1 - beta) * v + g),
        ),
        Exact(
            "forgets",
            "Only the last gradient is left: the old velocity does not enter the new one.",
            each_step(lambda v, g, beta: g),
        ),
        Exact(
            "first gradient only",
            "Only the first gradient is in it. Does `return` stand inside the loop? The last line returns v.",
            lambda gradients, beta: gradients[0],
        ),
        Mistake(
            "never renewed",
            "v is still 0 at the end: either no gradient is added to it, or what is calculated is not kept (v = ...).",
            lambda gradients, beta: 0,
        ),
        Exact(
            "never fades",
            "You add up all gradients at full weight. How much of the old velocity should survive a step?",
            each_step(lambda v, g, beta: v + g),
        ),
        Exact(
            "+= in the loop",
            "+= keeps the old v whole, and beta v is added to it. What is left of the old v is beta v alone: v = ...",
            each_step(lambda v, g, beta: v + beta * v + g),
        ),
        Mistake(
            "beta on the gradient",
            "beta stands at the gradient, and the old velocity never fades. Which of the two does it belong to?",
            each_step(lambda v, g, beta: v + beta * g),
        ),
        Mistake(
            "sign",
            "The gradient enters with a minus here, and the step w - lr v brings a second one: that goes uphill.",
            each_step(lambda v, g, beta: beta * v - g),
        ),
        Exact(
            "backwards",
            "The first gradient counts most and the last one least. Old gradients should fade, not new ones.",
            lambda gradients, beta: sum(beta**age * g for age, g in enumerate(gradients)),
        ),
        Exact(
            "starts with the first gradient",
            "The first gradient counts twice: v starts with it, and the loop adds it again. Start at 0.",
            lambda gradients, beta: velocity([gradients[0], *gradients], beta),
        ),
        Exact(
            "starts at 1",
            "Your velocity starts at 1. Before the first gradient there is none: start at 0.",
            lambda gradients, beta: velocity([1, *gradients], beta),
        ),
        Exact(
            "first gradient left out",
            "The first gradient is missing. Begin the loop with it.",
            lambda gradients, beta: velocity(gradients[1:], beta),
        ),
        Exact(
            "last gradient left out",
            "The last gradient is missing: your loop ends one too early.",
            lambda gradients, beta: velocity(gradients[:-1], beta),
        ),
        Exact(
            "sign of the old velocity",
            "The old velocity enters with a minus: it turns round at each step. It should fade, and keep its sign.",
            each_step(lambda v, g, beta: g - beta * v),
        ),
        Exact(
            "averages the other way round",
            "beta stands at the gradient and 1 - beta at the velocity. The gradient is meant to count fully.",
            each_step(lambda v, g, beta: (1 - beta) * v + beta * g),
        ),
    ],
    variants=[
        in_one_line,
        each_step(lambda v, g, beta: g + v - (1 - beta) * v),
        lambda gradients, beta: velocity(gradients[-1:], 0) + (beta * velocity(gradients[:-1], beta)),
    ],
    hints=(
        "Two numbers make the new velocity: what is left of the old one, and the gradient.",
        "The old velocity fades by the factor beta. The gradient g is added as it is.",
        "v = (beta times the old v) + g",
    ),
    why="Each pass fades what is there by beta and adds the newest gradient, so a gradient k steps old has the weight "
    "beta^k. On a constant slope the sum tends to g / (1 - beta).",
)
