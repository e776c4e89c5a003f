"""cross_entropy: the mean of -log of the probability given to each example's own class."""

import numpy as np

from course_utils.checks.softmax import softmax
from course_utils.checks.task import Exact, Mistake, Task


def cross_entropy(p, y):
    return -np.log(p[np.arange(len(y)), y]).mean()


def drawn(rng, *sizes):
    """Cases of n examples, k classes and the first `most` of them as labels, which know nothing of the probabilities.

    So the class preferred is often not the right one.
    """
    return [(softmax(2 * rng.normal(size=(n, k))), rng.permutation(n) % most) for n, k, most in sizes]


def cases(rng):
    # Square, so that labels taken for rows show as wrong numbers and not as an error of shapes; in the last, no example
    # has the last class. One example alone tells n from k.
    small = np.array([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1], [0.2, 0.6, 0.2]]), np.array([2, 1, 1])
    return [small, *drawn(rng, (4, 4, 4), (1, 4, 1), (10, 10, 9))]


def also(rng):
    return drawn(rng, (7, 4, 4), (12, 10, 9))


def one_hot(p, y):
    return np.eye(p.shape[1])[y]


def with_loops(p, y):
    total = 0.0
    for row, label in zip(p.tolist(), y, strict=True):
        total += np.log(row[label])
    return -total / len(y)


NUMBERS = "y holds the numbers of the classes, not rows with a 1 at the right class: from row i take the entry y[i]."

TASK = Task(
    solution=cross_entropy,
    cases=cases,
    also=also,
    mistakes=[
        Mistake(
            "sum instead of mean",
            "n times too large: it grows with the number of examples.",
            lambda p, y: -np.log(p[np.arange(len(y)), y]).sum(),
        ),
        Mistake(
            "sign",
            "It is negative: the logarithm of a probability is at most 0, and a loss falls as the network improves.",
            lambda p, y: np.log(p[np.arange(len(y)), y]).mean(),
        ),
        Mistake(
            "mean over classes too",
            "Too small by the number of classes: the zeros of the other classes are averaged in. Divide by n.",
            lambda p, y: -np.mean(one_hot(p, y) * np.log(p)),
        ),
        Mistake(
            "every pair",
            "p[:, y] takes the column of every label for every example, n by n numbers. Each example has one label: "
            "give the rows too.",
            lambda p, y: -np.log(p[:, y]).mean(),
        ),
        Mistake(
            "every pair, added up",
            "p[:, y] takes the column of every label for every example, n by n numbers, and all of them count here. "
            "Each example has one label: give the rows too.",
            lambda p, y: -np.log(p[:, y]).sum(axis=1).mean(),
        ),
        Mistake(
            "first example only",
            "Only the first example counts. Does `return` stand inside the loop?",
            lambda p, y: cross_entropy(p[:1], y[:1]),
        ),
        Mistake(
            "sum over the examples",
            "You add up over the examples (axis 0) and average over the classes. It is the other way round.",
            lambda p, y: -(one_hot(p, y) * np.log(p)).sum(axis=0).mean(),
        ),
        Exact("y as rows", NUMBERS, lambda p, y: -(y * np.log(p)).sum(axis=1).mean()),
        Exact("y as columns", NUMBERS, lambda p, y: -(y[:, None] * np.log(p)).sum(axis=1).mean()),
        Mistake(
            "whole rows",
            "p[y] takes whole rows of p, by number. Give rows and columns: p[np.arange(n), y].",
            lambda p, y: -np.log(p[y]).mean(),
        ),
        Exact(
            "mean of all",
            "This is the mean over all classes; y has no part in it. Only the example's own class counts.",
            lambda p, y: -np.log(p).mean(),
        ),
        Mistake(
            "log of the mean",
            "The mean is taken before the logarithm. Each example has its own logarithm.",
            lambda p, y: -np.log(p[np.arange(len(y)), y].mean()),
        ),
        Mistake(
            "all classes",
            "Every class of every example counts here, right or not. Only the example's own class does.",
            lambda p, y: -np.log(p).sum(axis=1).mean(),
        ),
        Mistake(
            "the largest probability",
            "You took the class the network prefers. The loss asks for the class that is right: y says which.",
            lambda p, y: -np.log(p.max(axis=1)).mean(),
        ),
        Mistake(
            "classes counted from 1",
            "You took column y - 1. The classes are numbered from 0, as the columns are.",
            lambda p, y: cross_entropy(p, y - 1),
        ),
        Mistake(
            "no logarithm",
            "This is the mean probability missed. Without the logarithm no error costs more than 1.",
            lambda p, y: 1 - p[np.arange(len(y)), y].mean(),
        ),
        Mistake(
            "bits",
            "This is the loss in bits: the base is 2. Here it is e.",
            lambda p, y: cross_entropy(p, y) / np.log(2),
        ),
        Mistake(
            "base 10",
            "The base is 10. Here it is e: np.log, not np.log10.",
            lambda p, y: cross_entropy(p, y) / np.log(10),
        ),
        Mistake(
            "squares",
            "This is the squared distance from the right answer. Cross entropy takes a logarithm.",
            lambda p, y: np.square(p - one_hot(p, y)).sum(axis=1).mean(),
        ),
        Mistake(
            "other classes too",
            "log(1 - p) of the wrong classes is added: the loss of classes judged one by one. After a softmax the "
            "right one is enough.",
            lambda p, y: -np.where(one_hot(p, y) == 1, np.log(p), np.log(1 - p)).sum(axis=1).mean(),
        ),
        Mistake(
            "binary cross entropy",
            "This is the loss of classes judged one by one, averaged over them too. After a softmax the logarithm of "
            "the right one is enough, over n.",
            lambda p, y: -np.where(one_hot(p, y) == 1, np.log(p), np.log(1 - p)).mean(),
        ),
        Exact(
            "entropy",
            "This is the entropy of the network's answers: y has no part in it.",
            lambda p, y: -(p * np.log(p)).sum(axis=1).mean(),
        ),
        Mistake(
            "softmax again",
            "p holds probabilities already; you took the softmax of them once more.",
            lambda p, y: cross_entropy(softmax(p), y),
        ),
        Exact(
            "rows and columns exchanged",
            "p[y, i] takes row y[i] and column i. Rows are examples, columns are classes: p[i, y[i]].",
            lambda p, y: -np.log(p[y, np.arange(len(y))]).mean(),
        ),
        Exact(
            "log of the probability missed",
            "You take the logarithm of 1 - p, so the loss rises as the right class gets more. Take that of p itself.",
            lambda p, y: -np.log(1 - p[np.arange(len(y)), y]).mean(),
        ),
        Exact(
            "last example only",
            "Only the last example counts: in a loop `loss = ...` throws away what was there. Add to it: loss += ...",
            lambda p, y: cross_entropy(p[-1:], y[-1:]),
        ),
        Exact(
            "last example, divided by n",
            "Only the last example is in it: in a loop `loss = ...` throws away what was there. Add to it: loss += ...",
            lambda p, y: cross_entropy(p[-1:], y[-1:]) / len(y),
        ),
        Mistake(
            "one for each example",
            "One number for each example. The loss is their mean.",
            lambda p, y: -np.log(p[np.arange(len(y)), y]),
        ),
    ],
    variants=[
        with_loops,
        lambda p, y: -(one_hot(p, y) * np.log(p)).sum() / len(p),
        lambda p, y: -np.log(p[one_hot(p, y) == 1]).mean(),
        lambda p, y: np.mean([-np.log(p[i, y[i]]) for i in range(len(y))]),
        lambda p, y: np.log(1 / np.take_along_axis(p.astype("float32"), y[:, None], axis=1)).mean(),
    ],
    hints=(
        "Take one example first: its row of p holds ten probabilities, and y says which of them counts.",
        "p[np.arange(n), y] takes from row i the entry y[i], for all i at once: n numbers.",
        "The mean of -np.log of those n numbers.",
    ),
    why="Row i gives entry y[i]: two lists of numbers, one of rows and one of columns, taken in pairs. The loss of an "
    "example is 0 if its class got probability 1, and grows without bound as that falls to 0.",
)
