"""keras_momentum: one step of momentum, the way Keras writes it."""

import numpy as np

from course_utils.checks.momentum_step import cases
from course_utils.checks.task import Exact, Mistake, Task


def keras_momentum(w, v, g, lr, beta):
    v = beta * v - lr * g
    w = w + v
    return w, v


def by_numbers(w, v, g, lr, beta):
    new_v = [beta * old - lr * slope for old, slope in zip(v, g, strict=True)]
    return [x + speed for x, speed in zip(w, new_v, strict=True)], new_v


def numpy_calls(w, v, g, lr, beta):
    v = np.subtract(np.multiply(beta, v), np.multiply(lr, g))
    return np.add(w, v), v


def moved_by(velocity):
    """The step w + v with another velocity(v, g, lr, beta)."""

    def wrong(w, v, g, lr, beta):
        v = velocity(v, g, lr, beta)
        return w + v, v

    return wrong


LR_ON_BOTH = "lr multiplies the old velocity too, which holds it already. Only the new gradient still needs it."

TASK = Task(
    solution=keras_momentum,
    cases=cases,
    returns="two things, (w, v), each of the shape of w",
    mistakes=[
        Mistake(
            "PyTorch's velocity",
            "This is PyTorch's velocity. The next line adds v to w as it is: nothing there would shorten it by lr, or "
            "turn it downhill.",
            moved_by(lambda v, g, lr, beta: beta * v + g),
        ),
        Mistake(
            "PyTorch's form",
            "This is PyTorch's momentum, with lr in the step. In Keras's form lr stands in the velocity.",
            lambda w, v, g, lr, beta: (w - lr * (beta * v + g), beta * v + g),
        ),
        Mistake(
            "ascends",
            "The gradient enters with a plus, and w goes with the velocity: uphill. Which sign takes it down?",
            moved_by(lambda v, g, lr, beta: beta * v + lr * g),
        ),
        Mistake(
            "minus twice",
            "One minus stands in the velocity and one in the step: two of them go uphill. Keep the one in the velocity."
            "",
            lambda w, v, g, lr, beta: (w - (beta * v - lr * g), beta * v - lr * g),
        ),
        Mistake(
            "lr on both",
            LR_ON_BOTH,
            moved_by(lambda v, g, lr, beta: lr * (beta * v - g)),
        ),
        Mistake(
            "minus lr on both",
            f"{LR_ON_BOTH} The minus belongs to the gradient alone as well.",
            moved_by(lambda v, g, lr, beta: -lr * (beta * v + g)),
        ),
        Mistake(
            "beta on both",
            "beta weakens the newest gradient too. Only the old velocity is meant to fade.",
            moved_by(lambda v, g, lr, beta: beta * (v - lr * g)),
        ),
        Mistake(
            "no learning rate",
            "The gradient enters at full length. Here the velocity is the step itself: where is lr?",
            moved_by(lambda v, g, lr, beta: beta * v - g),
        ),
        Mistake(
            "averages",
            "The gradient is multiplied by 1 - beta as well, as in an average. Here lr alone stands before it.",
            moved_by(lambda v, g, lr, beta: beta * v - (1 - beta) * lr * g),
        ),
        Mistake(
            "1 - beta on the velocity",
            "1 - beta of the old velocity is left. It should be beta of it.",
            moved_by(lambda v, g, lr, beta: (1 - beta) * v - lr * g),
        ),
        Mistake(
            "lr and beta exchanged",
            "lr stands before the velocity and beta before the gradient: the other way round.",
            moved_by(lambda v, g, lr, beta: lr * v - beta * g),
        ),
        Mistake(
            "gradient descent",
            "The old velocity does not enter: this is gradient descent.",
            moved_by(lambda v, g, lr, beta: -lr * g),
        ),
        Mistake(
            "never fades",
            "The old velocity stays whole. How much of it should survive a step?",
            moved_by(lambda v, g, lr, beta: v - lr * g),
        ),
        Mistake(
            "Nesterov",
            "This is Nesterov's step, beta v - lr g with the new v. Momentum moves w by the velocity alone.",
            lambda w, v, g, lr, beta: (w + beta * (beta * v - lr * g) - lr * g, beta * v - lr * g),
        ),
        Mistake(
            "old velocity",
            "w moves by the velocity from before this step. Renew the velocity first, then move.",
            lambda w, v, g, lr, beta: (w + v, beta * v - lr * g),
        ),
        Exact(
            "w rests",
            "w comes back as it was: return the new one.",
            lambda w, v, g, lr, beta: (w, beta * v - lr * g),
        ),
        Exact("nothing moves", "Both come back as they were: return the new ones.", lambda w, v, *rest: (w, v)),
        Mistake(
            "order",
            "The two results are in the other order: first the point, then the velocity.",
            lambda w, v, g, lr, beta: keras_momentum(w, v, g, lr, beta)[::-1],
        ),
        Exact(
            "+= in the velocity",
            "+= keeps the old v whole, and beta v is added to it. What is left of the old v is beta v alone: v = ...",
            lambda w, v, g, lr, beta: (w + (1 + beta) * v - lr * g, (1 + beta) * v - lr * g),
        ),
        Exact(
            "w by the gradient alone",
            "w moves by the gradient alone: that is gradient descent. It is the velocity that moves w.",
            lambda w, v, g, lr, beta: (w - lr * g, beta * v - lr * g),
        ),
        Exact(
            "only the change",
            "This is the change of w, not the new w. Where did the step start?",
            lambda w, v, g, lr, beta: (beta * v - lr * g, beta * v - lr * g),
        ),
        Exact(
            "sign of the old velocity",
            "The old velocity enters with a minus: the ball turns round. It should go on, slower.",
            lambda w, v, g, lr, beta: (w - beta * v - lr * g, -beta * v - lr * g),
        ),
    ],
    variants=[
        by_numbers,
        numpy_calls,
        lambda w, v, g, lr, beta: (w - lr * g + v * beta, -(lr * g - beta * v)),
        lambda w, v, g, lr, beta: np.array([w + beta * v - lr * g, beta * v - lr * g]),
    ],
    hints=(
        "The last line adds v to w as it is. So v must already be the step: its length, and its direction.",
        "What is left of the old velocity, minus lr times the gradient.",
        "v = beta * v - ... with lr and g in place of the dots.",
    ),
    why="v <- beta v - lr g, w <- w + v. Keras's velocity is a step, PyTorch's a sum of gradients: -lr times the one "
    "is the other, as long as lr stays the same.",
)
