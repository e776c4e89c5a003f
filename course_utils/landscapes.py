"""Losses without data, each made to show one thing: a saddle, a cycle of the heavy ball, or what you write yourself.

Called as the problems are: loss(w), grad(w) and (but for Function) hessian(w), over any leading axes of w.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_utils.arguments import no_batch, point, shaped


@dataclass(frozen=True)
class Saddle:
    """loss(w) = w1^2/2 - w2^2/2 + w2^4/4: a saddle at (0, 0), minima of loss -1/4 at (0, -1) and (0, 1)."""

    shape = (2,)

    def loss(self, w):
        """(..., 2) -> (...)."""
        w1, w2 = np.moveaxis(1.0 * point(w, self.shape), -1, 0)
        return w1**2 / 2 - w2**2 / 2 + w2**4 / 4

    def grad(self, w, batch=None):
        """(..., 2) -> (..., 2): (w1, -w2 + w2^3)."""
        no_batch(self, batch)
        w1, w2 = np.moveaxis(1.0 * point(w, self.shape), -1, 0)  # float32 stays float32
        return np.stack([w1, w2**3 - w2], -1)

    def hessian(self, w):
        """(..., 2) -> (..., 2, 2): diagonal, 1 and 3 w2^2 - 1."""
        w1, w2 = np.moveaxis(1.0 * point(w, self.shape), -1, 0)
        return np.stack([np.ones_like(w1), 3 * w2**2 - 1], -1)[..., None] * np.eye(2)


@dataclass(frozen=True)
class PiecewiseQuadratic:
    """loss'(w) = 25w for w < 1, w + 24 for 1 <= w < 2, 25w - 24 for w >= 2: mu = 1, L = 25, minimum at 0.

    Heavy ball with its best parameters for such curvatures cycles here (Lessard, Recht, Packard, arXiv 1408.3595).
    """

    shape = (1,)
    mu, L, kappa = 1.0, 25.0, 25.0

    def loss(self, w):
        """(..., 1) -> (...)."""
        w = 1.0 * point(w, self.shape)[..., 0]
        beyond = np.where(w < 2, w**2 / 2 + 24 * w - 12, 25 * w**2 / 2 - 24 * w + 36)
        return np.where(w < 1, 25 * w**2 / 2, beyond)

    def grad(self, w, batch=None):
        """(..., 1) -> (..., 1)."""
        no_batch(self, batch)
        w = 1.0 * point(w, self.shape)
        return np.where(w < 1, 25 * w, np.where(w < 2, w + 24, 25 * w - 24))

    def hessian(self, w):
        """(..., 1) -> (..., 1, 1)."""
        w = point(w, self.shape)[..., None]
        return np.where((w >= 1) & (w < 2), 1.0, 25.0)


@dataclass(frozen=True)
class Function:
    """Your own loss and gradient, written for one point w of shape (d,); called point by point."""

    of: Callable
    gradient: Callable

    def loss(self, w):
        """(..., d) -> (...)."""
        return _at_each_point("loss", self.of, w, ())

    def grad(self, w, batch=None):
        """(..., d) -> (..., d)."""
        no_batch(self, batch)
        return _at_each_point("gradient", self.gradient, w, np.shape(w)[-1:])


def _at_each_point(name, function, w, shape):
    """The function's values over (..., d) as floats; apply_along_axis alone would take the type of the first one."""

    def value(point):
        if (found := function(point)) is None:
            raise ValueError(f"{name} must return numbers, got None: is its return missing?")
        found = np.asarray(np.asarray(found) * 1.0, float)
        shaped(name, found, shape, f"at each point, of shape {point.shape}")
        return found

    if not np.ndim(w):
        raise ValueError(f"a point must have shape (..., d), such as [{w}], got the number {w}")
    return np.apply_along_axis(value, -1, np.array(w, float))  # a copy, which the function may change
