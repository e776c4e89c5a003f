"""layer_forward: what a layer hands on, tanh(h W + b)."""

import numpy as np

from course_utils.checks.task import Exact, Mistake, Task


def layer_forward(h, W, b):
    z = h @ W
    return np.tanh(z + b)


def cases(rng):
    # Square, so that a mistake shows as a wrong number and not as an error of shapes; small, so that tanh is not flat.
    return [(*rng.normal(0, 0.5, size=(2, n, n)).round(2), rng.normal(size=n).round(2)) for n in (2, 3, 5)]


def also(rng):
    return [tuple(rng.normal(0, 0.5, size=shape).round(2) for shape in [(4, 3), (3, 2), 2])]


def bent(z_of):
    """tanh of another sum, z_of(h, W, b)."""
    return lambda h, W, b: np.tanh(z_of(h, W, b))


def with_loops(h, W, b):
    """Entry by entry, over lists."""
    return [
        [np.tanh(sum(map(np.multiply, row, column)) + b_j) for column, b_j in zip(W.T, b, strict=True)] for row in h
    ]


TASK = Task(
    solution=layer_forward,
    cases=cases,
    also=also,
    mistakes=[
        Mistake(
            "no bias", "The bias has no influence: what is the sum if all inputs are 0?", bent(lambda h, W, b: h @ W)
        ),
        Mistake(
            "entry by entry",
            "* multiplies entry by entry. Each output is a sum over all inputs, so this is a matrix product.",
            bent(lambda h, W, b: h * W + b),
        ),
        Mistake(
            "W transposed",
            "W has one row for each input and one column for each output; you took it the other way round.",
            bent(lambda h, W, b: h @ W.T + b),
        ),
        Mistake(
            "factors exchanged",
            "W @ h mixes the examples with one another. Each row of h is an example, and W stands to its right.",
            bent(lambda h, W, b: W @ h + b),
        ),
        Mistake(
            "bias by example",
            "Each example got a bias of its own. b has one entry for each output, so it is the same in every row.",
            bent(lambda h, W, b: h @ W + b[:, None]),
        ),
        Mistake("bias subtracted", "The bias is added, not taken off.", bent(lambda h, W, b: h @ W - b)),
        Mistake(
            "tanh twice",
            "The tanh is taken twice. Once is enough.",
            bent(lambda h, W, b: np.tanh(h @ W + b)),
        ),
        Mistake(
            "inputs bent again",
            "You took the tanh of what comes in. It is the sum h W + b that is bent.",
            bent(lambda h, W, b: np.tanh(h) @ W + b),
        ),
        Mistake(
            "bias weighted",
            "The bias went through the weights with the inputs. It is added after the product.",
            bent(lambda h, W, b: (h + b) @ W),
        ),
        Mistake("no tanh", "Nothing is bent: two such layers would be one.", lambda h, W, b: h @ W + b),
        Exact(
            "ReLU",
            "This is the ReLU, which cuts off what is negative. This layer has a tanh, between -1 and 1.",
            lambda h, W, b: np.maximum(h @ W + b, 0),
        ),
        Mistake(
            "sigmoid",
            "This is the sigmoid, which lies between 0 and 1. This layer has a tanh, between -1 and 1.",
            lambda h, W, b: 1 / (1 + np.exp(-(h @ W + b))),
        ),
        Mistake(
            "bias outside",
            "The bias is added after the tanh. It belongs to the sum that is bent.",
            lambda h, W, b: np.tanh(h @ W) + b,
        ),
    ],
    variants=[
        with_loops,
        lambda h, W, b: np.tanh(np.einsum("ni,ij->nj", h, W) + b[None, :]),
        lambda h, W, b: np.tanh(np.column_stack([h, np.ones(len(h))]) @ np.vstack([W, b])),
        lambda h, W, b: [np.tanh(row @ W + b) for row in h],
        lambda h, W, b: 2 / (1 + np.exp(-2 * (h @ W + b))) - 1,
    ],
    hints=(
        "Row i of z holds the m sums of example i. Every row gets the same m biases, then every entry is bent.",
        "z has shape (n, m) and b shape (m,): NumPy adds b to each row of z by itself. np.tanh takes a whole array.",
        "np.tanh(z + b)",
    ),
    why="h @ W does all weighted sums at once, (n, a) times (a, m) gives (n, m). b, of shape (m,), is added to every "
    "row. For the first layer, h is the pixels X.",
)
