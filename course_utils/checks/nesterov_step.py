"""nesterov_step: one step of Nesterov's method, in PyTorch's form."""

import numpy as np

from course_utils.checks.momentum_step import cases
from course_utils.checks.task import Exact, Mistake, Task


def nesterov_step(w, v, g, lr, beta):
    v = beta * v + g
    w = w - lr * (g + beta * v)
    return w, v


def by_numbers(w, v, g, lr, beta):
    new_v = [beta * old + slope for old, slope in zip(v, g, strict=True)]
    return [x - lr * (slope + beta * speed) for x, slope, speed in zip(w, g, new_v, strict=True)], new_v


def numpy_calls(w, v, g, lr, beta):
    v = np.add(np.multiply(beta, v), g)
    return np.subtract(w, np.multiply(lr, np.add(g, np.multiply(beta, v)))), v


TASK = Task(
    solution=nesterov_step,
    cases=cases,
    returns="two things, (w, v), each of the shape of w",
    mistakes=[
        Exact(
            "momentum",
            "This is momentum's step: w moves by v alone, or by g + beta v with the old v. Renew v first, then w moves "
            "by g + beta v.",
            lambda w, v, g, lr, beta: (w - lr * (beta * v + g), beta * v + g),
        ),
        Exact(
            "gradient descent",
            "w moves by the gradient alone. The step goes against g + beta v.",
            lambda w, v, g, lr, beta: (w - lr * g, beta * v + g),
        ),
        Exact(
            "brackets",
            "Without brackets lr multiplies g only, and w goes with the velocity: w - lr * (g + beta * v).",
            lambda w, v, g, lr, beta: (w - lr * g + beta * (beta * v + g), beta * v + g),
        ),
        Mistake(
            "not faded",
            "The new velocity enters the step at full weight. In the look ahead it fades once more.",
            lambda w, v, g, lr, beta: (w - lr * (g + beta * v + g), beta * v + g),
        ),
        Exact(
            "no gradient",
            "The step is beta times the new velocity alone; the gradient itself is missing.",
            lambda w, v, g, lr, beta: (w - lr * beta * (beta * v + g), beta * v + g),
        ),
        Mistake(
            "beta on both",
            "In the step beta multiplies the gradient as well as the velocity. The gradient is meant to count fully.",
            lambda w, v, g, lr, beta: (w - lr * beta * (g + beta * v + g), beta * v + g),
        ),
        Mistake(
            "ascends",
            "Uphill: check the sign of the step.",
            lambda w, v, g, lr, beta: (w + lr * (g + beta * (beta * v + g)), beta * v + g),
        ),
        Mistake(
            "keeps the look ahead",
            "The look ahead is handed on as the velocity. The velocity is the same as in momentum.",
            lambda w, v, g, lr, beta: (w - lr * (g + beta * (beta * v + g)), g + beta * (beta * v + g)),
        ),
        Mistake(
            "averages",
            "The gradient enters the velocity with 1 - beta. In this form it enters fully.",
            lambda w, v, g, lr, beta: (
                w - lr * (g + beta * (beta * v + (1 - beta) * g)),
                beta * v + (1 - beta) * g,
            ),
        ),
        Mistake(
            "lr inside",
            "The learning rate stands inside the velocity (Keras's form). Here v holds gradients only.",
            lambda w, v, g, lr, beta: (w + beta * (beta * v - lr * g) - lr * g, beta * v - lr * g),
        ),
        Mistake(
            "lr inside, with a plus",
            "The learning rate stands inside the velocity (as in Keras's form). Here v holds gradients only.",
            lambda w, v, g, lr, beta: (w - beta * (beta * v + lr * g) - lr * g, beta * v + lr * g),
        ),
        Exact(
            "lr left out",
            "The learning rate has no influence on your answer: the step is lr times g + beta v.",
            lambda w, v, g, lr, beta: (w - (g + beta * (beta * v + g)), beta * v + g),
        ),
        Exact(
            "old velocity returned",
            "The point is right, but the velocity handed back is the one that came in.",
            lambda w, v, g, lr, beta: (w - lr * (g + beta * (beta * v + g)), v),
        ),
        Mistake(
            "velocity not renewed",
            "The step uses the old velocity, and that comes back. First renew it: v = beta v + g.",
            lambda w, v, g, lr, beta: (w - lr * (g + beta * v), v),
        ),
        Mistake(
            "fades with the gradient",
            "In the velocity beta weakens the newest gradient too. Only the old velocity is meant to fade.",
            lambda w, v, g, lr, beta: (w - lr * (g + beta * beta * (v + g)), beta * (v + g)),
        ),
        Exact(
            "v and g exchanged",
            "v and g have changed places: the lesson's function takes (w, g, v), this one (w, v, g).",
            lambda w, v, g, lr, beta: nesterov_step(w, g, v, lr, beta),
        ),
        Exact(
            "sign twice",
            "Uphill: one minus stands in the velocity and one in the step.",
            lambda w, v, g, lr, beta: (w - lr * (beta * (beta * v - g) - g), beta * v - g),
        ),
        Exact(
            "downhill velocity",
            "Your velocity points downhill: a minus stands in it, and w goes with it. Here v adds up the "
            "gradients, and the minus stands in the step.",
            lambda w, v, g, lr, beta: (w + lr * (beta * (beta * v - g) - g), beta * v - g),
        ),
        Exact(
            "velocity reset",
            "The old velocity has no influence: v starts from zero in your step. Use the one you are given.",
            lambda w, v, g, lr, beta: nesterov_step(w, 0 * v, g, lr, beta),
        ),
        Exact("w rests", "w comes back as it was: return the new one.", lambda w, v, g, lr, beta: (w, beta * v + g)),
        Exact("nothing moves", "Both come back as they were: return the new ones.", lambda w, v, *rest: (w, v)),
        Exact(
            "twice ahead",
            "The velocity enters the step twice. In the look ahead it stands once: g + beta v.",
            lambda w, v, g, lr, beta: (w - lr * (g + 2 * beta * (beta * v + g)), beta * v + g),
        ),
        Exact(
            "beta twice in the step",
            "The new velocity fades twice in your step. One beta is in the velocity, and one in the look ahead.",
            lambda w, v, g, lr, beta: (w - lr * (g + beta**2 * (beta * v + g)), beta * v + g),
        ),
        Exact(
            "old velocity, not faded",
            "The step goes by g + v with the old v. Renew v first, then w moves by g + beta v.",
            lambda w, v, g, lr, beta: (w - lr * (g + v), beta * v + g),
        ),
        Exact(
            "1 - beta in the step",
            "In the step the velocity is multiplied by 1 - beta. The look ahead is beta times the velocity.",
            lambda w, v, g, lr, beta: (w - lr * (g + (1 - beta) * (beta * v + g)), beta * v + g),
        ),
        Exact(
            "1 - beta on the gradient",
            "In the step the gradient is multiplied by 1 - beta. It is meant to count fully.",
            lambda w, v, g, lr, beta: (w - lr * ((1 - beta) * g + beta * (beta * v + g)), beta * v + g),
        ),
        Exact(
            "beta on the gradient of the step",
            "In the step beta stands at the gradient. It belongs to the velocity.",
            lambda w, v, g, lr, beta: (w - lr * (beta * g + beta * v + g), beta * v + g),
        ),
        Exact(
            "sign of the velocity",
            "The gradient and the velocity both point uphill: the step goes against their sum, not their difference.",
            lambda w, v, g, lr, beta: (w - lr * (g - beta * (beta * v + g)), beta * v + g),
        ),
        Exact(
            "lr on the gradient only",
            "lr multiplies g only: put brackets around g + beta v.",
            lambda w, v, g, lr, beta: (w - lr * g - beta * (beta * v + g), beta * v + g),
        ),
        Exact(
            "lr twice",
            "The gradient is multiplied by lr in the velocity and again in the step. Once is enough.",
            lambda w, v, g, lr, beta: (w - lr * (g + beta * (beta * v + lr * g)), beta * v + lr * g),
        ),
        Exact(
            "never fades",
            "The old velocity enters the new one at full weight. How much of it should survive a step?",
            lambda w, v, g, lr, beta: (w - lr * (g + beta * (v + g)), v + g),
        ),
        Exact(
            "fades by 1 - beta",
            "The old velocity is multiplied by 1 - beta. What is left of it after a step is beta times as much.",
            lambda w, v, g, lr, beta: (w - lr * (g + beta * ((1 - beta) * v + g)), (1 - beta) * v + g),
        ),
        Exact(
            "only the change",
            "This is the change of w, not the new w. Where did the step start?",
            lambda w, v, g, lr, beta: (-lr * (g + beta * (beta * v + g)), beta * v + g),
        ),
        Mistake(
            "order",
            "The two results are in the other order: first the point, then the velocity.",
            lambda w, v, g, lr, beta: nesterov_step(w, v, g, lr, beta)[::-1],
        ),
    ],
    variants=[
        by_numbers,
        numpy_calls,
        lambda w, v, g, lr, beta: (w - lr * (1 + beta) * g - lr * beta**2 * v, g + v * beta),
    ],
    hints=(
        "The velocity is renewed exactly as in momentum. Only the step differs.",
        "The step goes against g + beta v, with the v of this step.",
        "v = beta * v + g, then w = w - lr * (g + beta * v)",
    ),
    why="g + beta v is where the velocity would be one step later if the slope stayed as it is: the step corrects "
    "before the overshoot. With v = 0 the first step is (1 + beta) lr g.",
)
