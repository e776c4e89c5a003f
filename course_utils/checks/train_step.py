"""train_step: one step of gradient descent for a network; found with W2 renewed before the gradient went through it."""

import numpy as np

from course_utils.checks.softmax import softmax
from course_utils.checks.task import Exact, Mistake, Task


def train_step(X, y, W1, b1, W2, b2, lr):
    h = np.tanh(X @ W1 + b1)
    p = softmax(h @ W2 + b2)
    dz = (p - np.eye(p.shape[1])[y]) / len(X)
    dh = dz @ W2.T * (1 - h**2)
    return W1 - lr * X.T @ dh, b1 - lr * dh.sum(axis=0), W2 - lr * h.T @ dz, b2 - lr * dz.sum(axis=0)


def as_found(X, y, W1, b1, W2, b2, lr):
    h = np.tanh(X @ W1 + b1)
    p = softmax(h @ W2 + b2)
    dz = (p - np.eye(p.shape[1])[y]) / len(X)
    W2 = W2 - lr * h.T @ dz
    b2 = b2 - lr * dz.sum(axis=0)
    dh = dz @ W2.T * (1 - h**2)
    W1 = W1 - lr * X.T @ dh
    b1 = b1 - lr * dh.sum(axis=0)
    return W1, b1, W2, b2


def second_look(X, y, W1, b1, W2, b2, lr):
    """The second layer renewed, then a new forward pass for the first."""
    _, _, W2_new, b2_new = train_step(X, y, W1, b1, W2, b2, lr)
    W1, b1, _, _ = train_step(X, y, W1, b1, W2_new, b2_new, lr)
    return W1, b1, W2_new, b2_new


def renewed_first(X, y, W1, b1, W2, b2, lr):
    """The first layer renewed, then a new forward pass for the second."""
    W1, b1, _, _ = train_step(X, y, W1, b1, W2, b2, lr)
    _, _, W2, b2 = train_step(X, y, W1, b1, W2, b2, lr)
    return W1, b1, W2, b2


def wrong(scores=lambda z: z, error=lambda p, Y: (p - Y) / len(Y), down=lambda h: 1 - h**2):
    """The step with one of its parts replaced."""

    def step(X, y, W1, b1, W2, b2, lr):
        h = np.tanh(X @ W1 + b1)
        p = softmax(scores(h @ W2 + b2))
        dz = error(p, np.eye(p.shape[1])[y])
        dh = dz @ W2.T * down(h)
        return W1 - lr * X.T @ dh, b1 - lr * dh.sum(axis=0), W2 - lr * h.T @ dz, b2 - lr * dz.sum(axis=0)

    return step


def keeping(*kept):
    """The step, with some of the four left as they were."""

    def step(*args):
        return [args[2 + i] if i in kept else new for i, new in enumerate(train_step(*args))]

    return step


def biases_averaged(X, y, W1, b1, W2, b2, lr):
    W1, b1_new, W2, b2_new = train_step(X, y, W1, b1, W2, b2, lr)
    return W1, b1 + (b1_new - b1) / len(X), W2, b2 + (b2_new - b2) / len(X)


def by_example(X, y, W1, b1, W2, b2, lr):
    """A loop over the examples, the changes added up beside the weights."""
    changes = [np.zeros_like(part) for part in (W1, b1, W2, b2)]
    for x, label in zip(X, y, strict=True):
        ends = train_step(x[None], [label], W1, b1, W2, b2, lr)
        changes = [c + (e - s) / len(X) for c, e, s in zip(changes, ends, (W1, b1, W2, b2), strict=True)]
    return [part + change for part, change in zip((W1, b1, W2, b2), changes, strict=True)]


def on_copies(X, y, W1, b1, W2, b2, lr):
    W1, b1, W2, b2 = (part.copy() for part in (W1, b1, W2, b2))
    h = np.tanh(X @ W1 + b1)
    dz = softmax(h @ W2 + b2)
    dz[np.arange(len(y)), y] -= 1
    dz /= len(y)
    dh = (dz @ W2.T) * (1 + h) * (1 - h)
    W2 -= lr * (h.T @ dz)
    b2 -= lr * dz.sum(axis=0)
    W1 -= lr * (X.T @ dh)
    b1 -= lr * dh.sum(axis=0)
    return W1, b1, W2, b2


def cases(rng):
    """Learning rates large enough to tell a first-order error apart from none; at last, a class without examples."""
    shapes = [(3, 2, 2, 2, 2), (8, 4, 5, 3, 3), (12, 6, 4, 10, 9)]
    made = []
    for n, p, m, k, labels in shapes:
        weights = [rng.normal(size=(p, m)), rng.normal(size=m), rng.normal(size=(m, k)), rng.normal(size=k)]
        made.append((rng.normal(size=(n, p)), rng.permutation(n) % labels, *weights, round(rng.uniform(0.5, 1.5), 2)))
    return made


TASK = Task(
    solution=train_step,
    cases=cases,
    mistakes=[
        Mistake(
            "as found",
            "The first layer's part is still off. Its gradient goes down through W2: with which W2 was the loss "
            "computed, and which one stands there when dh is made?",
            as_found,
        ),
        Exact(
            "forward again",
            "You ran the network again with the new second layer before moving the first. All four gradients belong to "
            "the same point, the one the step starts from.",
            second_look,
        ),
        Exact(
            "first layer first",
            "Now the second layer's gradient is taken after the first has moved. All four belong to the same point.",
            renewed_first,
        ),
        Exact("first layer rests", "W1 and b1 come back as they were: only the second layer learns.", keeping(0, 1)),
        Exact("second layer rests", "W2 and b2 come back as they were.", keeping(2, 3)),
        Exact("nothing moves", "All four come back as they were.", keeping(0, 1, 2, 3)),
        *(
            Exact(f"{name} rests", f"{name} comes back as it was{so}. The other three are right.", keeping(i))
            for name, i, so in [("b1", 1, ""), ("b2", 3, ": is it left out, or the sum over all of dz, which is 0?")]
        ),
        Exact("biases rest", "The weights are right; the biases do not move.", keeping(1, 3)),
        Mistake("ascends", "Uphill: check the sign of the steps.", lambda *args: train_step(*args[:-1], -args[-1])),
        Mistake(
            "sum instead of mean",
            "The steps are n times too long: the loss is a mean over the examples.",
            wrong(error=lambda p, Y: p - Y),
        ),
        Mistake(
            "averaged again",
            "The steps are n times too short: you divided by n twice.",
            wrong(error=lambda p, Y: (p - Y) / len(Y) ** 2),
        ),
        Mistake(
            "mean over classes too",
            "The error is averaged over the classes too. The loss is a mean over the examples alone: divide by n.",
            wrong(error=lambda p, Y: (p - Y) / Y.size),
        ),
        Mistake(
            "scores bent",
            "The scores go through a tanh. The last layer has none: its scores may be large.",
            wrong(scores=np.tanh),
        ),
        Exact(
            "biases averaged",
            "The weights are right; the gradients of the biases are divided by n once more. dz holds that factor.",
            biases_averaged,
        ),
        Mistake("no tanh", "Going down, the gradient passes W2 but not the tanh.", wrong(down=np.ones_like)),
        Mistake(
            "of the sums",
            "Your derivative of the tanh takes the sums from before it. It is 1 - h^2, with h the tanh of them.",
            wrong(down=lambda h: 1 - np.arctanh(h) ** 2),
        ),
        Mistake(
            "tanh twice",
            "h is already the tanh; its derivative is 1 - h^2, without another tanh.",
            wrong(down=lambda h: 1 - np.tanh(h) ** 2),
        ),
        Mistake(
            "sigmoid",
            "h (1 - h) is the derivative of a sigmoid. This layer has a tanh.",
            wrong(down=lambda h: h * (1 - h)),
        ),
        Exact(
            "labels left out",
            "The labels have no influence: the error at the scores is p - Y, not p.",
            wrong(error=lambda p, Y: p / len(Y)),
        ),
        Mistake(
            "squared error",
            "p (1 - p) is a sigmoid's derivative, from a squared error of single outputs. With softmax and cross "
            "entropy the error at the scores is p - Y, over n.",
            wrong(error=lambda p, Y: (p - Y) * p * (1 - p) / len(Y)),
        ),
        Exact(
            "twice the step",
            "Every step is exactly twice too long: cross entropy has no square, so no 2 comes down.",
            lambda *args: train_step(*args[:-1], 2 * args[-1]),
        ),
        Exact("no learning rate", "lr has no influence.", lambda *args: train_step(*args[:-1], 1.0)),
        Mistake(
            "gradients returned",
            "These are the gradients. Return the four arrays after the step.",
            lambda *args: [(a - b) / args[-1] for a, b in zip(args[2:6], train_step(*args), strict=True)],
        ),
        Mistake(
            "order",
            "The second layer comes back first. The order is W1, b1, W2, b2.",
            lambda *args: (*train_step(*args)[2:], *train_step(*args)[:2]),
        ),
    ],
    variants=[by_example, on_copies, wrong(), lambda *args: [part.tolist() for part in train_step(*args)]],
    hints=(
        "Divide (old - new) by lr for each of the four: that is the gradient it has used. Which are wrong?",
        "W1 and b1 are, and the larger lr, the more. They depend on the second layer through dh alone.",
        "Make dh before anything is renewed: dz @ W2.T needs the W2 that the loss was computed with.",
    ),
    why="All four gradients belong to the point the step starts from. With W2 renewed first, the error in dh is "
    "lr times something, so a small lr hides it, and the loss falls all the same: only a check with numbers shows it.",
)
