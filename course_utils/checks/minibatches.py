"""minibatches: the batches of one epoch, shuffled, the last one possibly smaller."""

from itertools import islice

import numpy as np

from course_utils.checks.task import Exact, Mistake, Task

DRAWN = "No row comes twice in one batch, but some come in two batches and others never. Shuffle once per epoch."
REPLACED = "Some rows come twice in a batch and others never: an epoch then sees 63 % of them."


def minibatches(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


def cases(rng):
    """(n, batch_size, seed): a last batch that is smaller, as large, of one row."""
    return [(n, size, int(rng.integers(1000))) for n, size in [(50, 20), (60, 20), (61, 30)]]


def observe(call, n, batch_size, seed, epochs=40):
    """Sizes of the batches, then what is true (1) or not (0) of the first epoch, and of many in a row."""
    rng = np.random.default_rng(seed)
    many = [batches_of(call, n, batch_size, rng) for _ in range(epochs)]
    again = batches_of(call, n, batch_size, np.random.default_rng(seed))
    first, order = many[0], np.concatenate(many[0])
    in_front = np.mean([np.isin(np.arange(n), epoch[0]) for epoch in many], axis=0)
    facts = {
        "every example is seen": np.isin(np.arange(n), order).all(),
        "none is seen twice": len(np.unique(order)) == len(order),
        "none twice in one batch": all(len(np.unique(b)) == len(b) for b in first),
        "row numbers are 0 to n - 1": order.min() >= 0 and order.max() < n,
        "they are whole numbers": order.dtype.kind in "iu",
        "a batch mixes distant rows": all(np.ptp(b) >= len(b) for b in first[:2] if len(b)),
        "not always the same number of rows ahead": len(np.unique(np.diff(order) % n)) > 2,
        "every row is sometimes in the first batch, sometimes not": ((in_front > 0) & (in_front < 1)).all(),
        "not always the same row at the start": len({np.concatenate(epoch)[0] for epoch in many}) > 1,
        "not always the same row at the end": len({np.concatenate(epoch)[-1] for epoch in many}) > 1,
        "the next epoch has another order": not same(*many[:2]),
        "the same rng gives the same order": same(first, again),
    }
    return [len(b) for b in first], [int(fact) for fact in facts.values()]


def batches_of(call, n, batch_size, rng):
    """What the learner's function returns or yields; an endless iterator is cut off."""
    batches = [np.atleast_1d(b) for b in islice(call(n, batch_size, rng), n + 1)]
    if not batches or batches[0].dtype.kind not in "iuf":
        raise TypeError("it should return batches, each a list of row numbers")
    return batches


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=False))


def cut(order_of):
    """minibatches with another order: order_of(n, batch_size, rng)."""

    def made(n, batch_size, rng):
        order = order_of(n, batch_size, rng)
        return [order[i : i + batch_size] for i in range(0, len(order), batch_size)]

    return made


def full(drawn):
    """Batches drawn one by one, drawn(n, batch_size, rng), the last one as large as the others."""
    return lambda n, size, rng: [drawn(n, size, rng) for _ in range(0, n, size)]


def blocks(n, batch_size, rng):
    parts = cut(lambda n, b, rng: np.arange(n))(n, batch_size, rng)
    return [parts[i] for i in rng.permutation(len(parts))]


def for_ever(n, batch_size, rng):
    while True:
        yield from minibatches(n, batch_size, rng)


def one_by_one(n, batch_size, rng):
    left, batches = list(range(n)), []
    while left:
        batches.append([left.pop(int(rng.integers(len(left)))) for _ in range(min(batch_size, len(left)))])
    return batches


def shuffled_in_place(n, batch_size, rng):
    order = np.arange(n)
    rng.shuffle(order)
    yield from np.split(order, range(batch_size, n, batch_size))


TASK = Task(
    solution=minibatches,
    cases=cases,
    observe=observe,
    returns="n / batch_size batches, rounded up: all of batch_size rows, but the last one, which may be smaller",
    given=("n", "batch_size", "seed"),
    parts=("batch sizes: ",),
    mistakes=[
        Mistake(
            "not shuffled",
            "The rows come in their own order, the same in every epoch.",
            cut(lambda n, size, rng: np.arange(n)),
        ),
        Mistake(
            "with replacement",
            REPLACED,
            cut(lambda n, size, rng: rng.integers(n, size=n)),
        ),
        Mistake(
            "each batch drawn anew",
            DRAWN,
            lambda n, size, rng: [rng.permutation(n)[: len(b)] for b in cut(lambda n, *_: np.arange(n))(n, size, rng)],
        ),
        Mistake("each batch drawn anew, all full", DRAWN, full(lambda n, size, rng: rng.permutation(n)[:size])),
        Mistake("with replacement, all full", REPLACED, full(lambda n, size, rng: rng.integers(n, size=size))),
        Mistake(
            "empty last batch",
            "Where batch_size divides n, a last batch without rows is added; its mean would be nan.",
            lambda n, size, rng: [*minibatches(n, size, rng), *[np.arange(0)] * (n % size == 0)],
        ),
        Mistake(
            "last batch dropped",
            "Rows left over at the end are never seen. The last batch may be smaller.",
            lambda n, size, rng: minibatches(n, size, rng)[: n // size],
        ),
        Mistake(
            "seeded inside",
            "Two epochs have the same order: the generator is made inside, or the first shuffle is kept. Shuffle anew "
            "in each call, with the rng you are given.",
            cut(lambda n, size, rng: np.random.default_rng(0).permutation(n)),
        ),
        Mistake(
            "another generator",
            "The same rng gives different batches: the randomness comes from somewhere else.",
            cut(lambda n, size, rng: np.random.default_rng().permutation(n)),
        ),
        Mistake(
            "blocks",
            "You shuffle the batches, not the rows: neighbours stay together in each batch.",
            blocks,
        ),
        Mistake(
            "everything in every batch",
            "Every batch holds all the data. That is gradient descent at the price of many epochs.",
            lambda n, size, rng: [rng.permutation(n) for _ in range(0, n, size)],
        ),
        Mistake(
            "batches counted from 1",
            "Row numbers begin with 0; n is none.",
            cut(lambda n, size, rng: rng.permutation(n) + 1),
        ),
        Mistake(
            "size and number mixed up",
            "batch_size is the number of rows in a batch, not the number of batches.",
            lambda n, size, rng: np.array_split(rng.permutation(n), size),
        ),
        Mistake(
            "filled up",
            "The last batch is filled up with rows already seen, which then count twice.",
            cut(lambda n, size, rng: np.resize(rng.permutation(n), -(-n // size) * size)),
        ),
        Exact(
            "equal parts",
            "The batches are made equally large. All have batch_size rows, but the last one, which may be smaller.",
            lambda n, size, rng: np.array_split(rng.permutation(n), -(-n // size)),
        ),
        Mistake(
            "floats",
            "The row numbers are floats: X[batch] needs whole numbers.",
            cut(lambda n, size, rng: rng.permutation(n).astype(float)),
        ),
        Mistake(
            "empty batch",
            "The first batch is empty: np.split cuts before each place it is given, and the first of yours is 0.",
            lambda n, size, rng: np.split(rng.permutation(n), range(0, n, size)),
        ),
        Exact(
            "first row stays",
            "Row 0 is always the first one of its epoch. Shuffle all n.",
            cut(lambda n, size, rng: np.append(0, 1 + rng.permutation(n - 1))),
        ),
        Exact(
            "last row stays",
            "The last row is always the last one of its epoch. Shuffle all n.",
            cut(lambda n, size, rng: np.append(rng.permutation(n - 1), n - 1)),
        ),
        Exact(
            "halves apart",
            "Some rows never come into the first batch: the parts of the data are shuffled each by itself.",
            cut(lambda n, size, rng: np.append(rng.permutation(n // 2), n // 2 + rng.permutation(n - n // 2))),
        ),
        Exact(
            "fixed stride",
            "The start is random, but each row is always followed by the same one.",
            cut(lambda n, size, rng: (7 * np.arange(n) + rng.integers(n)) % n),
        ),
        Mistake("never ends", "One epoch was asked for; yours goes on for ever.", for_ever),
    ],
    variants=[
        one_by_one,
        shuffled_in_place,
        cut(lambda n, size, rng: rng.choice(n, size=n, replace=False)),
        cut(lambda n, size, rng: np.argsort(rng.random(n)).tolist()),
    ],
    hints=(
        "Shuffle all row numbers once, then cut the shuffled list into pieces.",
        "rng.permutation(n) is the shuffled list. Pieces start at 0, batch_size, 2 batch_size, ...; a slice may run "
        "over the end.",
        "order = rng.permutation(n), then [order[i : i + batch_size] for i in range(0, n, batch_size)].",
    ),
    why="One shuffle for each epoch shows every example exactly once. A slice that runs over the end is simply "
    "shorter, "
    "so the last batch needs no special case.",
)
