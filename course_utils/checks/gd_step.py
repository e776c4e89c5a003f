"""gd_step: one step of gradient descent."""

import numpy as np

from course_utils.checks.task import Exact, Mistake, Task


def gd_step(w, g, lr):
    return w - lr * g


def cases(rng):
    small = (np.array([1.0, 2.0]), np.array([3.0, -1.0]), 0.1)
    return [small, *((rng.normal(size=d), 2 * rng.normal(size=d), float(rng.uniform(0.1, 0.9))) for d in (2, 3, 5))]


TASK = Task(
    solution=gd_step,
    cases=cases,
    mistakes=[
        Mistake(
            "ascends",
            "You go with the gradient, so the loss rises from the first step. Which sign goes downhill?",
            lambda w, g, lr: w + lr * g,
        ),
        Exact("nothing moves", "w comes back as it went in: return the new one.", lambda w, g, lr: w),
        Mistake(
            "only the change",
            "This is the change of w, not the new w. Where did the step start?",
            lambda w, g, lr: -lr * g,
        ),
        Exact(
            "lr left out",
            "You go the whole gradient. The learning rate has no influence on your answer.",
            lambda w, g, lr: w - g,
        ),
        Exact(
            "twice the step",
            "You go twice as far as you should. The step is lr times the gradient, once.",
            lambda w, g, lr: w - 2 * lr * g,
        ),
        Exact(
            "half the step",
            "You go half as far as you should. The step is lr times the gradient, whole.",
            lambda w, g, lr: w - lr * g / 2,
        ),
        Exact(
            "lr twice",
            "The gradient is multiplied by lr twice. Once is enough.",
            lambda w, g, lr: w - lr**2 * g,
        ),
        Exact(
            "unit length",
            "You step a distance lr whatever the gradient. The learning rate is a factor, not the length of the step.",
            lambda w, g, lr: w - lr * g / np.linalg.norm(g),
        ),
        Exact(
            "sign of the gradient",
            "Every entry moves by lr. A steep direction should move further than a flat one.",
            lambda w, g, lr: w - lr * np.sign(g),
        ),
        Exact(
            "two rules",
            "Entries with a negative gradient go the wrong way. There is one rule for both signs: against the "
            "gradient.",
            lambda w, g, lr: w - lr * np.abs(g),
        ),
        Mistake("divided by lr", "A smaller learning rate makes your step longer.", lambda w, g, lr: w - g / lr),
        Mistake(
            "shrinks w",
            "You subtract lr times w. What should the step be proportional to?",
            lambda w, g, lr: w - lr * w,
        ),
        Mistake(
            "lr outside",
            "You multiply the whole point by lr. Only the gradient is scaled.",
            lambda w, g, lr: lr * (w - g),
        ),
        Mistake(
            "one number",
            "You summed the gradient's entries. Each entry of w moves by its own.",
            lambda w, g, lr: w - lr * np.sum(g),
        ),
    ],
    variants=[
        lambda w, g, lr: [w_j - lr * g_j for w_j, g_j in zip(w, g, strict=True)],
        lambda w, g, lr: np.subtract(w, np.multiply(lr, g)),
        lambda w, g, lr: w + -lr * g,
        lambda w, g, lr: (w - lr * g).astype("float32"),
    ],
    hints=(
        "The gradient points uphill. You want to go the other way, a little.",
        "The change is minus lr times g. The function returns the new point, not the change.",
        "Return w minus the product of lr and g, as in the equation.",
    ),
    why="The gradient is the direction of steepest ascent, so subtracting a small multiple of it lowers the loss. "
    "`w - lr * g` makes a new array; `w -= lr * g` would change the caller's.",
)
