"""digit_weights: the weights of a network that a learner has trained, judged by its answers to the digits."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_utils.checks.answer import CORRECT, NOT_WRITTEN, Answer
from course_utils.checks.short_answers import Judged
from course_utils.checks.train_step import train_step
from course_utils.data import digits

ENOUGH = 0.97  # of the unseen digits right; lesson 04's linear model has 0.978
CHANCE = 0.03  # by which the share of 450 unseen digits may be the larger one: nearly four standard errors
SHAPES = {"W1": "(64, m)", "b1": "(m,)", "W2": "(m, 10)", "b2": "(10,)"}


class NotWeights(Exception):
    """Something that is no network for the digits; the text says what."""


def train_digits(X, y):
    rng = np.random.default_rng(0)
    W1, b1 = rng.normal(size=(64, 32)) / 8, np.zeros(32)
    W2, b2 = rng.normal(size=(32, 10)) / np.sqrt(32), np.zeros(10)
    for epoch in range(20):
        for batch in np.array_split(rng.permutation(len(y)), 42):
            W1, b1, W2, b2 = train_step(X[batch], y[batch], W1, b1, W2, b2, lr=1 - epoch / 20)
    return W1, b1, W2, b2


# What the shares right of the training and of the unseen digits tell, the first that holds: (name, when, advice).
VERDICTS = [
    (
        "no better than guessing",
        lambda seen, unseen: seen < 0.3,
        "About one in ten is what guessing gets. Are the weights returned those from after the training, and do X and "
        "y still belong together? Else lr is far too large, or all weights started at zero.",
    ),
    (
        "trained on the unseen digits",
        lambda seen, unseen: unseen >= ENOUGH,
        "It knows the unseen digits clearly better than the training digits. With which of the two was it trained?",
    ),
    (
        "not finished",
        lambda seen, unseen: seen < ENOUGH,
        "It misses training digits as well, so it is not finished: train longer, on all of them, or with another "
        "learning rate.",
    ),
    (
        "learnt by heart",
        lambda seen, unseen: True,
        "It has the training digits right and too few of the unseen ones. Was it trained on all digits of X? Else try "
        "another width or a falling learning rate, and choose by training digits that you set aside.",
    ),
]


@dataclass(frozen=True)
class Trained(Judged):
    """Weights W1, b1, W2, b2 that classify the digits, such as train(X, y); how many are right says what went wrong."""

    wanted = "W1, b1, W2, b2"
    train: Callable
    hints: tuple
    why: str

    def _verdict(self, weights):
        if weights is None or weights is Ellipsis:
            return Answer(NOT_WRITTEN, "Train a network, return its weights, then run this cell again.")
        try:
            W1, b1, W2, b2 = _network(weights)
        except NotWeights as error:
            return Answer("error", str(error))
        if not all(np.isfinite(part).all() for part in (W1, b1, W2, b2)):
            return Answer("mistake", "Some weights are no finite numbers: the run diverged. Lower lr.", "diverged")
        X, y, X_test, y_test = digits()
        seen, unseen = (
            np.mean((np.tanh(A[:, :64] @ W1 + b1) @ W2 + b2).argmax(1) == labels)
            for A, labels in [(X, y), (X_test, y_test)]
        )
        shares = f"Right: {100 * seen:.1f} % of the training digits, {100 * unseen:.1f} % of the unseen ones"
        if unseen >= ENOUGH and unseen <= seen + CHANCE:
            return Answer(CORRECT, self.why)
        name, advice = next((name, advice) for name, holds, advice in VERDICTS if holds(seen, unseen))
        return Answer("mistake", advice, name, shares)

    @property
    def shown(self):
        """The training as text."""
        return inspect.getsource(self.train)


def _network(weights):
    """W1 (64, m), b1 (m,), W2 (m, 10), b2 (10,) as float arrays, or NotWeights."""
    if not isinstance(weights, tuple | list) or len(weights) != 4:
        raise NotWeights(f"It should return W1, b1, W2, b2; it returned a {_kind(weights)}.")
    W1, b1, W2, b2 = given = [np.array(part, dtype=float) for part in weights]
    parts, m = [W1, b1.ravel(), W2, b2.ravel()], W1.shape[-1:]
    shapes = [(64, *m), m, (*m, 10), (10,)]
    for (name, words), shape, part, whole in zip(SHAPES.items(), shapes, parts, given, strict=True):
        if part.shape != shape:
            ones = " Leave out the column of ones: the network has biases." if part.shape[:1] == (65,) else ""
            raise NotWeights(f"{name} should have shape {words}, m hidden units; it has {whole.shape}.{ones}")
    return parts


def _kind(value):
    """The type in words, with its length if it has one."""
    return type(value).__name__ + (f" of {len(value)}" if hasattr(value, "__len__") else "")


TASK = Trained(
    train=train_digits,
    hints=(
        "One epoch: cut a permutation of the row numbers into batches, and make one train_step for each. The start: "
        "normal weights over the root of the number of inputs, biases 0.",
        "Batches of 32 need some twenty epochs, with lr between 0.2 and 1, or with adam_step and lr near 0.01. "
        "Print the share right of digits set aside after each.",
        "Batches of 32, 32 hidden units, lr = 1 - epoch / 20 over 20 epochs: as lr falls, the noise of the steps "
        "dies down.",
    ),
    why="The linear model of lesson 04 has 97.8 % right, so 97 % is not yet better than that. How much of your "
    "network's share is luck of the seed, only other seeds can tell.",
)
