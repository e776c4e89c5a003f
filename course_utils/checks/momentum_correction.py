"""momentum_correction: what Keras's velocity is multiplied by when the learning rate changes."""

import numpy as np

from course_utils.checks.task import Exact, Mistake, Task


def momentum_correction(v, lr_old, lr_new):
    return v * lr_new / lr_old


def cases(rng):
    """A drop, another, and a climb."""
    small = (np.array([-0.19, 0.4]), 0.1, 0.01)
    return [small, *((rng.normal(size=d).round(2), *rates) for d, *rates in [(2, 0.2, 0.05), (3, 0.05, 0.08)])]


def through_torch(v, lr_old, lr_new):
    """To PyTorch's velocity with the old rate, and back with the new."""
    sum_of_gradients = -np.asarray(v) / lr_old
    return -lr_new * sum_of_gradients


TASK = Task(
    solution=momentum_correction,
    cases=cases,
    mistakes=[
        Mistake(
            "unchanged",
            "This is Keras as it is: the velocity goes on with the old rate in it.",
            lambda v, lr_old, lr_new: v,
        ),
        Mistake(
            "inverted",
            "At a drop your velocity becomes larger. It holds the old rate as a factor; which one should it hold?",
            lambda v, lr_old, lr_new: v * lr_old / lr_new,
        ),
        Mistake(
            "stopped",
            "Your velocity is 0 after the change: all that momentum has gathered is lost. PyTorch keeps it.",
            lambda v, lr_old, lr_new: 0 * v,
        ),
        Mistake(
            "new rate only",
            "You multiply by the new rate; the old one is still in the velocity too.",
            lambda v, lr_old, lr_new: v * lr_new,
        ),
        Mistake(
            "old rate only",
            "You take the old rate out, which leaves (with a minus) PyTorch's velocity. Keras's holds the new rate.",
            lambda v, lr_old, lr_new: v / lr_old,
        ),
        Mistake(
            "sign",
            "The right length, but the ball turns round. In Keras's form old and new velocity have the same sign.",
            lambda v, lr_old, lr_new: -v * lr_new / lr_old,
        ),
        Mistake(
            "PyTorch's velocity",
            "You take the old rate out, and the minus: this is PyTorch's velocity. Keras's holds the new rate, and a "
            "minus.",
            lambda v, lr_old, lr_new: -v / lr_old,
        ),
        Mistake(
            "from PyTorch's velocity",
            "You multiply by -lr_new, as if v were PyTorch's velocity. It is Keras's, and holds -lr_old already.",
            lambda v, lr_old, lr_new: -v * lr_new,
        ),
        Mistake(
            "by the difference",
            "You multiply by the part that the rate loses. What is left of it?",
            lambda v, lr_old, lr_new: v * (1 - lr_new / lr_old),
        ),
        Mistake(
            "shifted",
            "You add the difference of the rates to the velocity. The rate is a factor in it, not a summand.",
            lambda v, lr_old, lr_new: v + lr_new - lr_old,
        ),
        Exact(
            "drops only",
            "At a drop it is right. When the rate climbs, as in a warm-up, the velocity has to grow with it.",
            lambda v, lr_old, lr_new: v * min(1, lr_new / lr_old),
        ),
        Mistake(
            "squared",
            "The ratio enters twice. Each gradient in the velocity was multiplied by lr once.",
            lambda v, lr_old, lr_new: v * (lr_new / lr_old) ** 2,
        ),
        Mistake(
            "root",
            "You take the root of the ratio. Each gradient in the velocity was multiplied by lr itself.",
            lambda v, lr_old, lr_new: v * (lr_new / lr_old) ** 0.5,
        ),
    ],
    variants=[
        through_torch,
        lambda v, lr_old, lr_new: [speed * (lr_new / lr_old) for speed in v],
        lambda v, lr_old, lr_new: v + v * (lr_new - lr_old) / lr_old,
        lambda v, lr_old, lr_new: np.exp(np.log(lr_new) - np.log(lr_old)) * v,
    ],
    hints=(
        "Write Keras's velocity as a factor times PyTorch's. What is the factor before the change, and after it?",
        "It is -lr times PyTorch's velocity, which knows no rate. So only the factor has to change.",
        "Take lr_old out of v, and put lr_new in.",
    ),
    why="Keras's v is -lr times a sum of gradients. new/old puts the new rate in the place of the old one, and both "
    "libraries make the same steps again; but from a rate of 0 there is no way back.",
)
