"""softmax: scores to probabilities, row by row, without overflow."""

import numpy as np

from course_utils.checks.task import Mistake, Task


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cases(rng):
    # Square, so that a forgotten keepdims shows as wrong numbers; then rows beyond the range of e^z, mixed, wide, and
    # all at one end.
    small, larger, far = ((3 * rng.normal(size=(n, n))).round(1) for n in (2, 4, 3))
    wide = np.array([[0.0, 1500.0], [1.0, -1500.0]])
    return [(small,), (larger,), (np.add(far, [[0], [1000], [-1000]]),), (wide,), (far - 1000,), (far + 1000,)]


def also(rng):
    return [((3 * rng.normal(size=(4, 3))).round(1),)]


def bare(z):
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


def with_loops(z):
    """Row by row, over lists."""
    rows = [[np.exp(score - max(row)) for score in row] for row in z.tolist()]
    return [[e / sum(row) for e in row] for row in rows]


def by_logarithms(z):
    z = z - np.max(z, axis=-1)[:, np.newaxis]
    return np.exp(z - np.log(np.sum(np.exp(z), axis=-1))[:, np.newaxis])


def by_differences(z):
    """1 over the sum of e^(z_k - z_j) over k."""
    with np.errstate(over="ignore"):
        return 1 / np.exp(z[:, None, :] - z[:, :, None]).sum(axis=-1)


def shifted(z):
    return np.exp(z - z.max(axis=1, keepdims=True))


CAPPED = (
    "Where scores are cut off or nan is replaced, their differences are lost. Take the largest of its row off each "
    "score: nothing overflows, and the differences stay."
)
# (name, advice, function of the powers e, which are right)
WRONG_SUMS = [
    (
        "sums of the columns",
        "You divide by the sums of the columns. Each row adds up to 1.",
        lambda e: e / e.sum(axis=0),
    ),
    (
        "one sum for all",
        "All entries together add up to 1. Each row has to by itself: over which axis does the sum go?",
        lambda e: e / e.sum(),
    ),
    (
        "sums in the wrong rows",
        "The right sums, but a vector of shape (n,) lies along a row when it divides, so that each column got a sum of "
        "its own. What does keepdims=True do?",
        lambda e: e / e.sum(axis=1),
    ),
    ("not divided", "The powers are there, but the rows do not add up to 1 yet.", lambda e: e),
    (
        "logarithms",
        "These are the logarithms of the probabilities; they are negative.",
        lambda e: np.log(e / e.sum(axis=1, keepdims=True)),
    ),
]


def with_and_without_overflow(name, advice, of_powers):
    """The mistake made with powers that do not overflow, and with those that do."""
    yield Mistake(name, advice, lambda z: of_powers(shifted(z)))
    yield Mistake(f"{name}, and overflow", f"{advice} Then look at e^1000.", lambda z: of_powers(np.exp(z)))


TASK = Task(
    solution=softmax,
    cases=cases,
    also=also,
    mistakes=[
        Mistake(
            "overflows",
            "Right for small scores, but e^1000 is too large for a float, and inf / inf is nan. e^-1000 is 0, and 0 / "
            "0 is nan too. What may be taken off all scores of a row without changing the probabilities?",
            bare,
        ),
        Mistake(
            "largest of all",
            "You take off the largest score of the whole array. A row far below it becomes e^-1000 = 0 throughout, and "
            "0 / 0 is nan. Every row needs its own.",
            lambda z: bare(z - z.max()),
        ),
        Mistake(
            "largest in the wrong rows",
            "The right maxima, but a vector of shape (n,) lies along a row: each column lost another number. "
            "keepdims=True?",
            lambda z: bare(z - z.max(axis=1)),
        ),
        Mistake(
            "as for one row",
            "This is the formula for a single row: np.max and np.sum go over the whole array. Each row needs its own "
            "largest score and its own sum: axis=1.",
            lambda z: (e := np.exp(z - np.max(z))) / np.sum(e),
        ),
        Mistake(
            "both in the wrong rows",
            "Maxima and sums are the right ones, but both of shape (n,), which lies along a row: each column got "
            "those of another row. What does keepdims=True do?",
            lambda z: (e := np.exp(z - z.max(axis=1))) / e.sum(axis=1),
        ),
        Mistake(
            "largest of its column",
            "You take off each column's largest; each row needs its own.",
            lambda z: bare(z - z.max(axis=0)),
        ),
        Mistake(
            "smallest taken off",
            "You take off the smallest score of the array; the large ones still overflow. After the shift no "
            "score should be above 0.",
            lambda z: bare(z - z.min()),
        ),
        Mistake(
            "not the row's largest",
            "Not the row's largest is taken off: in a row that is wide enough the rest still overflows.",
            lambda z: bare(z - z.min(axis=1, keepdims=True)),
        ),
        Mistake(
            "shifted above only",
            "The row's largest score is taken off above the line and not below. It cancels only if it goes from both.",
            lambda z: shifted(z) / np.exp(z).sum(axis=1, keepdims=True),
        ),
        Mistake(
            "columns",
            "Your columns add up to 1. Each row is an example, and its probabilities add up to 1.",
            lambda z: softmax(z.T).T,
        ),
        Mistake("capped", CAPPED, lambda z: bare(np.clip(z, -500, 500))),
        Mistake("nan replaced", CAPPED, lambda z: np.nan_to_num(bare(z))),
        *(m for wrong in WRONG_SUMS for m in with_and_without_overflow(*wrong)),
        Mistake(
            "no exponential",
            "Scores divided by their sum can be negative. They go through the exponential first.",
            lambda z: z / z.sum(axis=1, keepdims=True),
        ),
        Mistake(
            "sign",
            "The largest score got the smallest probability: look at the sign in the exponent.",
            lambda z: softmax(-z),
        ),
        Mistake(
            "sigmoid",
            "Each score went through a sigmoid by itself. The probabilities of a row add up to 1.",
            lambda z: 1 / (1 + np.exp(-z)),
        ),
        Mistake(
            "base 2",
            "The base is 2 here. It is e.",
            lambda z: softmax(z * np.log(2)),
        ),
        Mistake(
            "all or nothing",
            'The largest score takes all. The others should get a share too: hence the "soft".',
            lambda z: np.eye(z.shape[1])[z.argmax(axis=1)],
        ),
    ],
    variants=[
        with_loops,
        by_logarithms,
        by_differences,
        lambda z: np.array([np.exp(row - row.max()) / np.exp(row - row.max()).sum() for row in z]),
        lambda z: softmax(z.astype("float32")),
        lambda z: (shifted(z).T / shifted(z).sum(axis=1)).T,
    ],
    hints=(
        "e to the power of each score, divided by the sum over its row. Then try a row of scores near 1000.",
        "Taking the same number off all scores of a row changes nothing: it cancels. Take off the row's largest.",
        "e = np.exp(z - z.max(axis=1, keepdims=True)); what is left is to divide by the same kind of sum.",
    ),
    why="e^(z - c) / sum e^(z - c): the e^-c cancels. With c the row's largest score all powers lie between 0 and 1, "
    "and one of them is 1, so the sum can neither overflow nor vanish.",
)
