"""momentum_step: one step of momentum (heavy ball)."""

import numpy as np

from course_utils.checks.task import Exact, Mistake, Task


def momentum_step(w, v, g, lr, beta):
    v = beta * v + g
    w = w - lr * v
    return w, v


def by_numbers(w, v, g, lr, beta):
    new_v = [beta * old + slope for old, slope in zip(v, g, strict=True)]
    return [x - lr * speed for x, speed in zip(w, new_v, strict=True)], new_v


def numpy_calls(w, v, g, lr, beta):
    v = np.add(np.multiply(beta, v), g)
    return np.subtract(w, np.multiply(lr, v)), v


def cases(rng):
    settings = [(2, 0.8), (3, 0.9), (1, 0.7)]  # entries, beta
    return [(*rng.normal(size=(3, d)).round(2), round(rng.uniform(0.1, 0.4), 2), beta) for d, beta in settings]


TASK = Task(
    solution=momentum_step,
    cases=cases,
    returns="two things, (w, v), each of the shape of w",
    mistakes=[
        Mistake(
            "gradient descent",
            "w moves by the gradient alone: that is gradient descent. It is the velocity that moves w.",
            lambda w, v, g, lr, beta: (w - lr * g, beta * v + g),
        ),
        Exact(
            "velocity forgotten",
            "The velocity that came in is thrown away, so momentum is not there. What is left of it after a step?",
            lambda w, v, g, lr, beta: (w - lr * g, g),
        ),
        Mistake(
            "ascends",
            "w goes with the velocity, and the velocity points uphill. Which sign takes it down?",
            lambda w, v, g, lr, beta: (w + lr * (beta * v + g), beta * v + g),
        ),
        Exact(
            "sign twice",
            "One minus stands in the velocity and one in the step: two of them go uphill. Keep the one in the step.",
            lambda w, v, g, lr, beta: (w - lr * (beta * v - g), beta * v - g),
        ),
        Exact(
            "downhill velocity",
            "Your velocity points downhill: a minus stands in it, and w goes with it. Here v adds up the "
            "gradients, and the minus stands in the step.",
            lambda w, v, g, lr, beta: (w + lr * (beta * v - g), beta * v - g),
        ),
        Mistake(
            "beta on both",
            "v = beta (v + g) weakens the gradient too; the first step is beta times too short.",
            lambda w, v, g, lr, beta: (w - lr * beta * (v + g), beta * (v + g)),
        ),
        Exact(
            "beta on the gradient",
            "beta stands at the gradient, or v and g are exchanged: the lesson's function takes (w, g, v), this one "
            "(w, v, g).",
            lambda w, v, g, lr, beta: momentum_step(w, g, v, lr, beta),
        ),
        Mistake(
            "averages",
            "Your velocity is an average: the gradient is multiplied by 1 - beta. Here it is a sum.",
            lambda w, v, g, lr, beta: (w - lr * (beta * v + (1 - beta) * g), beta * v + (1 - beta) * g),
        ),
        Exact(
            "averages the other way round",
            "beta and 1 - beta stand in each other's place, and the gradient is meant to count fully: v = beta v + g.",
            lambda w, v, g, lr, beta: (w - lr * ((1 - beta) * v + beta * g), (1 - beta) * v + beta * g),
        ),
        Exact(
            "fades by 1 - beta",
            "The old velocity is multiplied by 1 - beta. What is left of it after a step is beta times as much.",
            lambda w, v, g, lr, beta: (w - lr * ((1 - beta) * v + g), (1 - beta) * v + g),
        ),
        Exact(
            "Nesterov",
            "This is Nesterov's step: it looks one fading further ahead. Momentum moves w by lr times the velocity.",
            lambda w, v, g, lr, beta: (w - lr * (g + beta * (beta * v + g)), beta * v + g),
        ),
        Mistake(
            "old velocity",
            "w moves by the velocity from before this step. Renew the velocity first, then move.",
            lambda w, v, g, lr, beta: (w - lr * v, beta * v + g),
        ),
        Mistake(
            "lr inside",
            "The learning rate stands inside the velocity (Keras's form). Here v holds gradients, and lr is in the "
            "step.",
            lambda w, v, g, lr, beta: (w + beta * v - lr * g, beta * v - lr * g),
        ),
        Mistake(
            "lr inside, with a plus",
            "The learning rate stands inside the velocity (as in Keras's form). Here v holds gradients, and lr is in "
            "the step.",
            lambda w, v, g, lr, beta: (w - (beta * v + lr * g), beta * v + lr * g),
        ),
        Exact(
            "lr left out",
            "You go the whole velocity. The learning rate has no influence on your answer.",
            lambda w, v, g, lr, beta: (w - (beta * v + g), beta * v + g),
        ),
        Mistake(
            "never fades",
            "The old velocity enters at full weight. How much of it should survive a step?",
            lambda w, v, g, lr, beta: (w - lr * (v + g), v + g),
        ),
        Exact(
            "old velocity returned",
            "The point is right, but the velocity handed back is the one that came in.",
            lambda w, v, g, lr, beta: (w - lr * (beta * v + g), v),
        ),
        Exact(
            "velocity not renewed",
            "The step uses the old velocity, and that comes back. First renew it: v = beta v + g.",
            lambda w, v, g, lr, beta: (w - lr * v, v),
        ),
        Exact(
            "lr twice",
            "The gradient is multiplied by lr in the velocity and again in the step. Once is enough.",
            lambda w, v, g, lr, beta: (w - lr * (beta * v + lr * g), beta * v + lr * g),
        ),
        Exact("w rests", "w comes back as it was: return the new one.", lambda w, v, g, lr, beta: (w, beta * v + g)),
        Exact("nothing moves", "Both come back as they were: return the new ones.", lambda w, v, *rest: (w, v)),
        Exact(
            "+= in the velocity",
            "+= keeps the old v whole, and beta v is added to it. What is left of the old v is beta v alone: v = ...",
            lambda w, v, g, lr, beta: (w - lr * (v + beta * v + g), v + beta * v + g),
        ),
        Exact(
            "sign of the old velocity",
            "The old velocity enters with a minus: the ball turns round. It should go on, slower.",
            lambda w, v, g, lr, beta: (w - lr * (g - beta * v), g - beta * v),
        ),
        Exact(
            "lr and beta exchanged",
            "lr and beta have changed places: beta belongs to the old velocity, lr to the step.",
            lambda w, v, g, lr, beta: (w - beta * (lr * v + g), lr * v + g),
        ),
        Exact(
            "gradient in the step too",
            "The gradient is in the velocity already, and your step takes it once more. w moves by the velocity alone.",
            lambda w, v, g, lr, beta: (w - lr * (g + beta * v + g), beta * v + g),
        ),
        Exact(
            "only the change",
            "This is the change of w, not the new w. Where did the step start?",
            lambda w, v, g, lr, beta: (-lr * (beta * v + g), beta * v + g),
        ),
        Exact(
            "step as the velocity",
            "The point is right, but lr times the velocity is handed back. Hand back the velocity itself.",
            lambda w, v, g, lr, beta: (w - lr * (beta * v + g), lr * (beta * v + g)),
        ),
        Mistake(
            "order",
            "The two results are in the other order: first the point, then the velocity.",
            lambda w, v, g, lr, beta: momentum_step(w, v, g, lr, beta)[::-1],
        ),
    ],
    variants=[
        by_numbers,
        numpy_calls,
        lambda w, v, g, lr, beta: (w - lr * g - lr * beta * v, g + v * beta),
        lambda w, v, g, lr, beta: np.array([w - lr * (beta * v + g), beta * v + g]),
    ],
    hints=(
        "Two lines: first the velocity, from the old velocity and g; then the point, from the new velocity.",
        "The old velocity fades by beta, and the whole of g is added. w goes against the velocity, lr times.",
        "v = beta * v + g, then w = w - lr * ... and return both, w first.",
    ),
    why="v <- beta v + g and w <- w - lr v. The velocity is the sum of all gradients so far, older ones faded; with "
    "beta = 0 it is the gradient, and the step is gradient descent.",
)
