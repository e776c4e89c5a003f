"""layer_backward: the gradient through one layer z = h W + b, where h = tanh(...) comes from below."""

import numpy as np

from course_utils.checks.task import Mistake, Task


def layer_backward(h, W, dz):
    return h.T @ dz, dz.sum(axis=0), dz @ W.T * (1 - h**2)


def cases(rng):
    # Square, so that a forgotten transpose shows as a wrong number and not as an error of shapes.
    return [(np.tanh(rng.normal(size=(n, n))), *rng.normal(size=(2, n, n))) for n in (2, 3, 4)]


def also(rng):
    return [(np.tanh(rng.normal(size=(4, 3))), rng.normal(size=(3, 2)), rng.normal(size=(4, 2)))]


def bent_by(factor):
    """The gradients with another factor(h) in place of the derivative of the tanh."""
    return lambda h, W, dz: (h.T @ dz, dz.sum(0), dz @ W.T * factor(h))


def bent_first(h, W, dz):
    dz = dz * (1 - h**2)
    return h.T @ dz, dz.sum(0), dz @ W.T


FACTORS = {
    "1 - h": lambda h: 1 - h,
    "(1 - h)^2": lambda h: (1 - h) ** 2,
    "1 + h^2": lambda h: 1 + h**2,
}

TASK = Task(
    solution=layer_backward,
    cases=cases,
    also=also,
    returns="three things, (dW, db, dh), shapes (a, m), (m,) and (n, a)",
    mistakes=[
        Mistake(
            "no tanh",
            "The gradient for the layer below passes the weights but not the tanh. Which factor is missing?",
            bent_by(np.ones_like),
        ),
        Mistake(
            "tanh twice",
            "h is already tanh of something; you took tanh again inside the derivative.",
            bent_by(lambda h: 1 - np.tanh(h) ** 2),
        ),
        Mistake(
            "sigmoid",
            "h (1 - h) is the derivative of the sigmoid. This layer has a tanh.",
            bent_by(lambda h: h * (1 - h)),
        ),
        *(
            Mistake(name, f"{name} is not the derivative of a tanh. h is the tanh: what is it in h?", bent_by(factor))
            for name, factor in FACTORS.items()
        ),
        Mistake(
            "bent first",
            "dz gets the factor of the tanh before all three. That tanh lies below this layer: only what goes below, "
            "after W, meets it. The gradients for W and b take dz as it is.",
            bent_first,
        ),
        Mistake(
            "h not transposed",
            "In the gradient for W each entry is a sum over the examples, which are the rows of h and of dz. So h is "
            "transposed.",
            lambda h, W, dz: (h @ dz, dz.sum(0), dz @ W.T * (1 - h**2)),
        ),
        Mistake(
            "h to the right",
            "dz @ h.T is the formula for examples in columns. Here they are rows, and h.T stands to the left of dz.",
            lambda h, W, dz: (dz @ h.T, dz.sum(0), dz @ W.T * (1 - h**2)),
        ),
        Mistake(
            "examples in columns",
            "These are the formulas for examples in columns. Here each row is an example: in both products the factors "
            "change places, and b sums over the rows.",
            lambda h, W, dz: (dz @ h.T, dz.sum(1), W.T @ dz * (1 - h**2)),
        ),
        Mistake(
            "W to the left",
            "W.T @ dz mixes the examples with one another. Each row of dz is an example, and W.T stands to its right.",
            lambda h, W, dz: (h.T @ dz, dz.sum(0), W.T @ dz * (1 - h**2)),
        ),
        Mistake(
            "W not transposed",
            "Going down the layer, each input collects from the outputs it feeds: the weights are transposed.",
            lambda h, W, dz: (h.T @ dz, dz.sum(0), dz @ W * (1 - h**2)),
        ),
        Mistake(
            "gradient of W transposed",
            "The gradient for W has its rows and columns exchanged: one row for each input, like W itself.",
            lambda h, W, dz: (dz.T @ h, dz.sum(0), dz @ W.T * (1 - h**2)),
        ),
        Mistake(
            "bias over the wrong axis",
            "The gradient for b sums over the outputs. It needs the sum over the examples, one number for each output.",
            lambda h, W, dz: (h.T @ dz, dz.sum(1), dz @ W.T * (1 - h**2)),
        ),
        Mistake(
            "bias not summed",
            "b is the same for all examples: sum dz over them.",
            lambda h, W, dz: (h.T @ dz, dz, dz @ W.T * (1 - h**2)),
        ),
        Mistake(
            "no brackets",
            "`a * dz @ W.T` multiplies by a before W.T, since * and @ go from left to right. The tanh comes after W: "
            "put dz @ W.T in brackets.",
            lambda h, W, dz: (h.T @ dz, dz.sum(0), (1 - h**2) * dz @ W.T),
        ),
        Mistake(
            "both averaged",
            "The gradients for W and b are divided by n once more. dz holds that factor already.",
            lambda h, W, dz: (h.T @ dz / len(h), dz.mean(0), dz @ W.T * (1 - h**2)),
        ),
        Mistake(
            "bias averaged",
            "The gradient for b is divided by n once more. dz holds that factor already.",
            lambda h, W, dz: (h.T @ dz, dz.mean(0), dz @ W.T * (1 - h**2)),
        ),
        Mistake(
            "averaged again",
            "The gradient for W is divided by n once more. dz holds that factor already.",
            lambda h, W, dz: (h.T @ dz / len(h), dz.sum(0), dz @ W.T * (1 - h**2)),
        ),
    ],
    variants=[
        lambda h, W, dz: (np.einsum("ni,nj->ij", h, dz), np.ones(len(h)) @ dz, (1 - h * h) * (W @ dz.T).T),
        lambda h, W, dz: [part.tolist() for part in layer_backward(h, W, dz)],
        lambda h, W, dz: (sum(np.outer(a, d) for a, d in zip(h, dz, strict=True)), sum(dz), (dz @ W.T) * (1 - h**2)),
    ],
    hints=(
        "z = h W + b: ask for each of W, b and h how z changes when it does.",
        "W gets h transposed times dz; b the sum of dz over the examples; below goes dz times W.T, times tanh'.",
        "h.T @ dz, dz.sum(axis=0), dz @ W.T * (1 - h**2)",
    ),
    why="Each gradient has the shape of what it belongs to. tanh' is 1 - tanh^2, and h is that tanh already.",
)
