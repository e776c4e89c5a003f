"""Momentum as other libraries write it, and the learning rates that make two of them the same run.

`optimizers.Momentum` and `Nesterov` are PyTorch's: the learning rate stands outside the velocity. While it is
constant, those that `convert` knows can be made to agree; when it changes, those with lr inside keep their old speed.
"""

from dataclasses import dataclass

import numpy as np

from course_utils.arguments import hyperparameter
from course_utils.optimizers import Momentum, Nesterov


class KerasMomentum(Momentum):
    """v <- beta v - lr g;  w <- w + v   (Keras 3: lr inside the velocity)"""

    def update(self, w, g, v):
        v = self.beta * v - self.lr * g
        return w + v, v


class KerasNesterov(Nesterov):
    """v <- beta v - lr g;  w <- w + beta v - lr g   (Keras 3 with nesterov=True)"""

    def update(self, w, g, v):
        v = self.beta * v - self.lr * g
        return w + self.beta * v - self.lr * g, v


class AveragedMomentum(Momentum):
    """v <- beta v + (1 - beta) g;  w <- w - lr v   (exponential moving average of the gradients)"""

    def update(self, w, g, v):
        v = self.beta * v + (1 - self.beta) * g
        return w - self.lr * v, v


@dataclass(frozen=True, eq=False)
class DampenedMomentum(Momentum):
    """v <- beta v + (1 - dampening) g, but v = g at the first step;  w <- w - lr v   (PyTorch with dampening)

    At beta = 0 PyTorch keeps no velocity and leaves the dampening out; this rule does not.
    """

    dampening: float = 0.0

    def init(self, w):
        return None

    def update(self, w, g, v):
        v = np.array(g, copy=True) if v is None else self.beta * v + (1 - self.dampening) * g
        return w - self.lr * v, v


LR_OF_TORCH = {
    "torch": lambda lr, beta: lr,
    "keras": lambda lr, beta: lr,
    "average": lambda lr, beta: lr / (1 - beta),
}


def convert(lr, beta, of, to):
    """The learning rate that gives in convention `to` the run that (lr, beta) gives in `of`, while lr is constant.

    Conventions: "torch", "keras", "average". beta is the same in all of them; 0 <= beta < 1.
    """
    for name, convention in {"of": of, "to": to}.items():
        if not isinstance(convention, str) or convention not in LR_OF_TORCH:
            raise ValueError(f"{name} must be one of {', '.join(LR_OF_TORCH)}, got {convention!r}")
    lr, beta = hyperparameter("lr", lr), hyperparameter("beta", beta)
    return lr if of == to else lr / LR_OF_TORCH[of](1.0, beta) * LR_OF_TORCH[to](1.0, beta)
