"""Update rules in teaching order. Each is two pure functions: init(w) -> state, update(w, g, state) -> (w, state).

Nothing is changed in place, so a run can be replayed and no array is shared. Hyperparameters may be arrays that
broadcast against w; `descend` makes one run of each entry.
"""

from dataclasses import dataclass, fields

import numpy as np

from course_utils.arguments import HYPERPARAMETERS, hyperparameter


class _Checked:
    """Hyperparameters of known names within their ranges, or a ValueError that names the one that is not."""

    def __post_init__(self):
        for name in [field.name for field in fields(self) if field.name in HYPERPARAMETERS]:
            object.__setattr__(self, name, hyperparameter(name, getattr(self, name)))


@dataclass(frozen=True, eq=False)
class GradientDescent(_Checked):
    """w <- w - lr g"""

    lr: float

    def init(self, w):
        return None

    def update(self, w, g, state):
        return w - self.lr * g, None


@dataclass(frozen=True, eq=False)
class Momentum(_Checked):
    """v <- beta v + g;  w <- w - lr v   (heavy ball, Polyak 1964, in PyTorch's form)"""

    lr: float
    beta: float = 0.9

    def init(self, w):
        return np.zeros_like(w)

    def update(self, w, g, v):
        v = self.beta * v + g
        return w - self.lr * v, v


@dataclass(frozen=True, eq=False)
class Nesterov(_Checked):
    """v <- beta v + g;  w <- w - lr (g + beta v)   (Nesterov 1983, in PyTorch's form)"""

    lr: float
    beta: float = 0.9

    def init(self, w):
        return np.zeros_like(w)

    def update(self, w, g, v):
        v = self.beta * v + g
        return w - self.lr * (g + self.beta * v), v


@dataclass(frozen=True, eq=False)
class Adam(_Checked):
    """m <- beta1 m + (1 - beta1) g;  s <- beta2 s + (1 - beta2) g^2;  w <- w - lr m^ / (sqrt(s^) + eps)

    m^ and s^ are m and s divided by 1 - beta^t (Kingma and Ba 2015, arXiv 1412.6980). State: m, s, t.
    eps = 0 is taken as 1e-38: a parameter whose gradient was always 0 stays.
    """

    lr: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "eps", self.eps + 1e-38 * (self.eps == 0))  # 0 / 0 would be no step but nan

    def init(self, w):
        return np.zeros_like(w), np.zeros_like(w), 0

    def update(self, w, g, state):
        """One step; t counts them from 1."""
        m, s, t = state
        t = t + 1
        m = self.beta1 * m + (1 - self.beta1) * g
        s = self.beta2 * s + (1 - self.beta2) * g * g
        m_hat, s_hat = m / (1 - self.beta1**t), s / (1 - self.beta2**t)
        return w - self.lr * m_hat / (np.sqrt(s_hat) + self.eps), (m, s, t)
