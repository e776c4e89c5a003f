"""Objectives to descend, their arrays read-only: each has loss(w), grad(w, batch=None) and hessian(w).

All broadcast over leading axes of `w` (Hessians of softmax regression and networks take one point): one definition
serves a point, a path, a contour grid and a sweep of runs. `shape` is that of one point; `n` the number of examples.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from course_utils.arguments import array_of, generator, no_batch, number, numbers, point, read_only, rows, shaped, whole


class _Curved:
    """mu, L and kappa of a problem whose Hessian is the same everywhere."""

    @cached_property
    def eigen(self):
        """Eigenvalues (d,), ascending, and eigenvectors (d, d), in columns, of the Hessian."""
        return tuple(map(read_only, np.linalg.eigh(np.asarray(self.hessian(np.zeros(self.shape)), float))))

    @property
    def mu(self):
        """The smallest curvature; 0 if it is nothing but rounding beside the largest."""
        return float(self.eigen[0][0]) if abs(self.eigen[0][0]) > self.L * 1e-14 else 0.0

    @property
    def L(self):
        """The largest curvature."""
        return float(self.eigen[0][-1])

    @property
    def kappa(self):
        """The condition number L / mu; inf if mu is not above zero."""
        return self.L / self.mu if self.mu > 0 else np.inf


@dataclass(frozen=True, eq=False)
class Quadratic(_Curved):
    """loss(w) = 1/2 (w - w*)' H (w - w*); H a symmetric matrix (d, d), or its diagonal, the curvatures (d,)."""

    H: np.ndarray
    w_star: np.ndarray = None

    def __post_init__(self):
        H = np.atleast_1d(numbers("H", self.H))
        H = np.diag(H) if H.ndim == 1 else H
        square = H.ndim == 2 and H.shape[0] == H.shape[1] and H.size
        if not square or not np.allclose(H, H.T, atol=1e-8 * np.abs(H).max()):
            got = f"got shape {H.shape}, not symmetric" if square else f"got shape {H.shape}"
            raise ValueError(f"H must be curvatures (d,) or a symmetric matrix (d, d), {got}")
        w_star = np.zeros(len(H), H.dtype) if self.w_star is None else np.atleast_1d(numbers("w_star", self.w_star))
        shaped("w_star", w_star, H.shape[:1], "as many as curvatures")
        from_zero = not w_star.any() and w_star.dtype == H.dtype  # then there is nothing to take off, in 0.2 of a step
        vars(self).update(H=read_only(H), w_star=read_only(w_star), shape=w_star.shape, _from_zero=from_zero)
        vars(self).update(_curvatures=np.diag(H) if (np.diag(np.diag(H)) == H).all() else None)

    def loss(self, w):
        """(..., d) -> (...)."""
        return (Quadratic.grad(self, w) * (w - self.w_star)).sum(-1) / 2  # also where a subclass adds noise to grad

    def grad(self, w, batch=None):
        """(..., d) -> (..., d): H (w - w*)."""
        if batch is not None:
            no_batch(self, batch)
        w = w if type(w) is np.ndarray and w.shape == self.shape else point(w, self.shape)  # the usual case, at once
        e = w if self._from_zero else w - self.w_star
        return e @ self.H if self._curvatures is None else e * self._curvatures  # without its zeros: inf * 0 is nan

    def hessian(self, w):
        """(..., d) -> (..., d, d)."""
        return np.broadcast_to(self.H, (*point(w, self.shape).shape, len(self.H)))


@dataclass(frozen=True, eq=False)
class LeastSquares(_Curved):
    """loss(w) = 1/(2n) |X w - y|^2, the mean of half the squared residuals; X (n, d), y (n,)."""

    X: np.ndarray
    y: np.ndarray

    def __post_init__(self):
        X, y = np.asarray(numbers("X", self.X)), np.asarray(numbers("y", self.y))
        if X.ndim != 2 or 0 in X.shape:
            raise ValueError(f"X must have shape (n, d) with n, d >= 1, got {X.shape}")
        shaped("y", y, X.shape[:1], "one target for each row of X; y.ravel() mends (n, 1)")
        vars(self).update(X=read_only(X), y=read_only(y))

    @property
    def n(self):
        return len(self.y)

    @property
    def shape(self):
        return self.X.shape[1:]

    @cached_property
    def w_star(self):
        """The minimum in closed form (d,), in float64; of several, the shortest."""
        return read_only(np.linalg.lstsq(self.X.astype(float), self.y.astype(float), rcond=None)[0])

    @property
    def min_loss(self):
        """The loss at w_star."""
        return float(self.loss(self.w_star))

    @cached_property
    def noise(self):
        """Covariance (d, d) of one example's gradient at w_star; its trace over B is SGD's noise there."""
        g = (self.X * (self.X @ self.w_star - self.y)[:, None]).astype(float, copy=False)  # squares, as in hessian
        return read_only(g.T @ g / self.n)

    def loss(self, w):
        """(..., d) -> (...)."""
        r = point(w, self.shape) @ self.X.T - self.y
        return (r * r).mean(-1) / 2

    def grad(self, w, batch=None):
        """(..., d) -> (..., d): X_b' (X_b w - y_b) / B; batch (B,), or (runs, B) with w (..., runs, d)."""
        w = point(w, self.shape)
        if batch is None:
            return (w @ self.X.T - self.y) @ self.X / self.n
        X, y = rows(batch, self.X, self.y)
        if X.ndim == 2:
            return (w @ X.T - y) @ X / len(y)
        r = (X @ w[..., None])[..., 0] - y
        return (r[..., None, :] @ X)[..., 0, :] / y.shape[-1]

    def hessian(self, w):
        """(..., d) -> (..., d, d): X'X / n, in float64: squares in float32 would hide which curvatures are zero."""
        H = self.X.T.astype(float, copy=False) @ self.X / self.n
        return np.broadcast_to(H, (*point(w, self.shape).shape, len(H)))


@dataclass(frozen=True, eq=False)
class SoftmaxRegression:
    """Mean cross entropy (nats) of softmax(X w) against labels, plus l2/2 |w|^2; X (n, p), w (p, k)."""

    X: np.ndarray
    labels: np.ndarray
    l2: float = 0.0

    def __post_init__(self):
        X, labels = np.asarray(numbers("X", self.X)), array_of(self.labels)
        if X.ndim != 2 or 0 in X.shape:
            raise ValueError(f"X must have shape (n, p) with n, p >= 1, got {X.shape}")
        shaped("labels", labels, X.shape[:1], "one label for each row of X")
        if labels.dtype.kind not in "iu" or labels.min() < 0:
            raise ValueError(f"labels must be whole numbers 0, 1, ..., got {labels.dtype} from {np.unique(labels)[0]}")
        one_hot = np.eye(int(labels.max()) + 1, dtype=X.dtype)[labels]
        l2 = number("l2", self.l2, "l2 >= 0", lambda x: x >= 0)
        vars(self).update(X=read_only(X), labels=read_only(labels), l2=l2, _one_hot=read_only(one_hot))

    @property
    def n(self):
        return len(self.labels)

    @property
    def shape(self):
        return self.X.shape[1], self._one_hot.shape[1]

    def loss(self, w):
        """(..., p, k) -> (...)."""
        z = self.X @ point(w, self.shape)
        z = z - z.max(-1, keepdims=True)
        per_example = np.log(np.exp(z).sum(-1)) - (z * self._one_hot).sum(-1)
        return per_example.mean(-1) + self.l2 / 2 * np.square(w).sum((-2, -1))

    def grad(self, w, batch=None):
        """(..., p, k) -> (..., p, k): X_b' (softmax(X_b w) - Y_b) / B + l2 w; batch (B,) or (runs, B)."""
        w = np.asarray(w)
        X, Y = (self.X, self._one_hot) if batch is None else rows(batch, self.X, self._one_hot)
        if w.shape[-2:] != (X.shape[-1], Y.shape[-1]):
            point(w, self.shape)  # says so
        times = np.ndarray.dot if X.ndim == w.ndim == 2 else np.matmul  # alike for matrices, and faster
        error = self._softmax(times(X, w))
        error -= Y  # in place, as in _softmax, which saves a tenth of a small batch's time
        g = times(X.swapaxes(-2, -1), error / X.shape[-2])
        return g + self.l2 * w if self.l2 else g

    def hessian(self, w):
        """(p, k) -> (pk, pk), in the order of w.ravel()."""
        P = self._softmax(self.X @ point(w, self.shape))
        S = P[:, :, None] * np.eye(P.shape[1]) - P[:, :, None] * P[:, None, :]
        H = np.einsum("ni,nj,nab->iajb", self.X, self.X, S, optimize=True) / self.n
        return H.reshape(np.size(w), -1) + self.l2 * np.eye(np.size(w))

    def accuracy(self, w):
        """Share of examples whose own class has the largest score; (..., p, k) -> (...)."""
        return ((self.X @ point(w, self.shape)).argmax(-1) == self.labels).mean(-1)

    @staticmethod
    def _softmax(z):
        e = z - z.max(-1, keepdims=True)
        np.exp(e, out=e)
        return np.divide(e, e.sum(-1, keepdims=True), out=e)


def minibatches(n, batch_size, rng, replace=False, runs=None):
    """Endless iterator of index arrays (batch_size,): a new shuffle each epoch, the last batch possibly smaller.

    `replace=True` draws every index anew, so an epoch misses some examples. `runs` gives index arrays
    (runs, batch_size), each run with a shuffle of its own. `rng` is a numpy.random.Generator.
    """
    n = whole("n", n, 1)
    batch_size = whole("batch_size", batch_size, 1, n)
    runs = None if runs is None else whole("runs", runs, 1)
    return _batches(n, batch_size, generator("rng", rng), replace, () if runs is None else (runs,))


def _batches(n, batch_size, rng, replace, lead):
    everything = np.broadcast_to(np.arange(n), (*lead, n))
    while True:
        if replace:
            yield rng.integers(n, size=(*lead, batch_size))
        else:
            order = rng.permuted(everything, axis=-1)
            for start in range(0, n, batch_size):
                yield order[..., start : start + batch_size]
