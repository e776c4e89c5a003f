"""convert_lr: the learning rate that makes the same run in another convention of momentum."""

from course_utils.checks.task import Mistake, Task
from course_utils.checks.tensors import plain

CONVENTIONS = ("torch", "keras", "average")


def convert_lr(lr, beta, of, to):
    if of == "average" and to != "average":
        return lr * (1 - beta)
    if to == "average" and of != "average":
        return lr / (1 - beta)
    return lr


def cases(rng):
    return [(0.1, 0.9), *((round(rng.uniform(0.01, 0.3), 3), round(rng.uniform(0.2, 0.7), 2)) for _ in range(2))]


def observe(call, lr, beta):
    """A row for each convention it comes from, a column for each it goes to."""
    return [[plain(call(lr, beta, of, to)) for to in CONVENTIONS] for of in CONVENTIONS]


def by_factor(inside, factor):
    """Times `factor` out of a convention that is `inside`, divided by it on the way in."""

    def made(lr, beta, of, to):
        return lr * (factor(beta) if of in inside else 1) / (factor(beta) if to in inside else 1)

    return made


def by_table(lr, beta, of, to):
    in_torch = {"torch": lr, "keras": lr, "average": lr * (1 - beta)}[of]
    return {"torch": in_torch, "keras": in_torch, "average": in_torch / (1 - beta)}[to]


def step_by_step(lr, beta, of, to):
    """The length of a first step on a slope of 1, in both."""
    first = {"torch": 1.0, "keras": 1.0, "average": 1 - beta}
    return lr * first[of] / first[to]


TASK = Task(
    solution=convert_lr,
    cases=cases,
    observe=observe,
    returns="one number, the new learning rate",
    given=("lr", "beta"),
    parts=tuple(f"from {of} to {', '.join(CONVENTIONS)}: " for of in CONVENTIONS),
    mistakes=[
        Mistake(
            "unchanged",
            "The learning rate stays as it is everywhere. Compare the first steps on a slope of 1: in the average, "
            "only 1 - beta of the gradient enters.",
            lambda lr, beta, of, to: lr,
        ),
        Mistake(
            "the wrong way round",
            "The average makes the steps shorter, so it needs the larger learning rate. Yours has it the other way "
            "round.",
            by_factor({"average"}, lambda beta: 1 / (1 - beta)),
        ),
        Mistake(
            "beta for 1 - beta",
            "You use beta. The gradient enters the average with 1 - beta.",
            by_factor({"average"}, lambda beta: beta),
        ),
        Mistake(
            "1 + beta",
            "1 + beta belongs to the limit of the learning rate, and to Nesterov's first step. The gradient enters the "
            "average with 1 - beta.",
            by_factor({"average"}, lambda beta: 1 / (1 + beta)),
        ),
        Mistake(
            "beta / (1 - beta)",
            "There is a beta too many. The first gradient enters one velocity whole, and the other with 1 - beta.",
            by_factor({"average"}, lambda beta: (1 - beta) / beta),
        ),
        Mistake(
            "Keras as an average",
            "Keras is treated like the average. There is no 1 - beta in its velocity: while the learning rate is "
            "constant, it makes PyTorch's steps.",
            by_factor({"keras", "average"}, lambda beta: 1 - beta),
        ),
        Mistake(
            "Keras is not PyTorch",
            "Between PyTorch and Keras nothing is to be converted: v holds lr in the one and not in the other, but "
            "their steps are the same. It is the average that differs.",
            by_factor({"keras"}, lambda beta: 1 - beta),
        ),
        Mistake(
            "always divides",
            "Into the average you divide by 1 - beta. And out of it?",
            lambda lr, beta, of, to: lr / (1 - beta) if (of == "average") != (to == "average") else lr,
        ),
        Mistake(
            "always multiplies",
            "Out of the average you multiply by 1 - beta. And into it?",
            lambda lr, beta, of, to: lr * (1 - beta) if (of == "average") != (to == "average") else lr,
        ),
        Mistake(
            "only into the average",
            "Into the average is right; out of it the learning rate must change too.",
            lambda lr, beta, of, to: lr if of == "average" else convert_lr(lr, beta, of, to),
        ),
        Mistake(
            "only out of the average",
            "Out of the average is right; into it the learning rate must change too.",
            lambda lr, beta, of, to: lr if to == "average" else convert_lr(lr, beta, of, to),
        ),
        Mistake(
            "average to average",
            "From the average to the average nothing changes; yours looks at one of the two names only.",
            lambda lr, beta, of, to: lr * (1 - beta) if of == "average" else convert_lr(lr, beta, of, to),
        ),
        Mistake(
            "average to average, divided",
            "From the average to the average nothing changes; yours looks at one of the two names only.",
            lambda lr, beta, of, to: lr / (1 - beta) if to == "average" else convert_lr(lr, beta, of, to),
        ),
        Mistake(
            "Keras forgotten",
            "PyTorch and the average are right. Between Keras and the average yours changes nothing, although Keras "
            "makes PyTorch's steps.",
            lambda lr, beta, of, to: lr if "keras" in (of, to) else convert_lr(lr, beta, of, to),
        ),
    ],
    variants=[
        by_table,
        step_by_step,
        by_factor({"average"}, lambda beta: 1 - beta),
        lambda *args: [convert_lr(*args)],
    ],
    hints=(
        "Take one step on a slope of 1 with each convention. How long is it?",
        "lr, lr, and lr (1 - beta). Which lr makes the third as long as the first? And the other way?",
        "Into the average: lr / (1 - beta). Out of it: lr * (1 - beta). Everywhere else: lr.",
    ),
    why="The average's velocity is 1 - beta times PyTorch's at every step, so its lr must be 1/(1 - beta) times as "
    "large: 0.1 in PyTorch is 1 in the average. All this holds while lr is constant, and the velocity starts at 0.",
)
