"""A multilayer perceptron from scratch: loss, and gradient by backpropagation, as a problem like any other."""

from dataclasses import dataclass
from functools import cached_property, wraps
from itertools import pairwise

import numpy as np

from course_utils.arguments import array_of, generator, point, rows, whole
from course_utils.problems import SoftmaxRegression

AT_ONCE = 100_000  # numbers in a hidden layer of all runs, 0.8 MB: with more, one run after the other is faster


def one_by_one(grad):
    """The same gradient; many runs, (runs, d), that would not fit into a processor's cache go through it in turn."""

    @wraps(grad)
    def of_all(self, w, batch=None):
        w = np.asarray(w)
        if w.ndim < 2:
            return grad(self, w, batch)
        examples = np.shape(batch)[-1] if np.ndim(batch) else self.n
        if w[..., 0].size * examples * max(self.hidden, default=1) <= AT_ONCE:
            return grad(self, w, batch)
        everything = np.arange(self.n)
        seen = everything if batch is None else rows(batch, everything, everything)[0]
        runs = np.broadcast_shapes(w.shape[:-1], seen.shape[:-1])
        points, batches = (np.broadcast_to(x, runs + x.shape[-1:]).reshape(-1, x.shape[-1]) for x in (w, seen))
        grads = [grad(self, x, None if batch is None else b) for x, b in zip(points, batches, strict=True)]
        return np.reshape(grads, (*runs, -1))

    return of_all


@dataclass(frozen=True, eq=False)
class Network(SoftmaxRegression):
    """Mean cross entropy (nats) of layers tanh(h W + b) and a last one without tanh, plus l2/2 |w|^2.

    X (n, p), labels (n,), `hidden` the widths of the layers between. A point w (d,) holds every weight and bias in
    one vector, so that optimizers, paths and Hessians work as elsewhere; `layers` shows it as matrices.
    """

    hidden: tuple = (32,)

    def __post_init__(self):
        super().__post_init__()
        if array_of(self.hidden).ndim != 1:
            raise ValueError(f"hidden must be a tuple of widths, such as (32,), got {self.hidden!r}")
        widths = [whole("hidden", width, 1) for width in self.hidden]
        object.__setattr__(self, "sizes", list(pairwise([self.X.shape[1], *widths, self._one_hot.shape[1]])))

    @cached_property
    def shape(self):
        return (sum((a + 1) * b for a, b in self.sizes),)

    def start(self, rng, runs=()):
        """Random point (*runs, d): weights normal with variance 1/inputs (LeCun and others 1998), biases 0."""
        rng, runs = generator("rng", rng), tuple(whole("runs", each, 1) for each in np.atleast_1d(runs))
        layers = [(rng.normal(size=(*runs, a, b)) / np.sqrt(a), np.zeros((*runs, 1, b))) for a, b in self.sizes]
        return _flat(layers)

    def layers(self, w):
        """(..., d) -> [(W (..., a, b), bias (..., 1, b)), ...]: views, nothing is copied."""
        w, layers, at = point(w, self.shape), [], 0
        for a, b in self.sizes:
            W, bias = w[..., at : at + a * b], w[..., at + a * b : at + (a + 1) * b]
            layers.append((W.reshape(*w.shape[:-1], a, b), bias.reshape(*w.shape[:-1], 1, b)))
            at += (a + 1) * b
        return layers

    def scores(self, w, X=None):
        """(..., d) -> (..., n, k): what the last layer says before the softmax."""
        *_, z = self._forward(self.layers(np.asarray(w)), self.X if X is None else X)
        return z

    def loss(self, w):
        """(..., d) -> (...)."""
        z = self.scores(w)
        z = z - z.max(-1, keepdims=True)
        per_example = np.log(np.exp(z).sum(-1)) - (z * self._one_hot).sum(-1)
        return per_example.mean(-1) + self.l2 / 2 * np.square(w).sum(-1)

    @one_by_one
    def grad(self, w, batch=None):
        """(..., d) -> (..., d), by backpropagation; batch (B,), or (runs, B) with w (..., runs, d)."""
        w = np.asarray(w)
        X, Y = (self.X, self._one_hot) if batch is None else rows(batch, self.X, self._one_hot)
        layers = self.layers(w)
        *h, z = self._forward(layers, X)
        delta, grads = (self._softmax(z) - Y) / X.shape[-2], []
        for i in reversed(range(len(layers))):
            grads.insert(0, (h[i].swapaxes(-2, -1) @ delta, delta.sum(-2, keepdims=True)))
            if i:
                delta = delta @ layers[i][0].swapaxes(-2, -1) * (1 - h[i] ** 2)  # tanh' = 1 - tanh^2
        return _flat(grads) + self.l2 * w if self.l2 else _flat(grads)

    def hessian(self, w, h=1e-4):
        """(d,) -> (d, d), by central differences of the gradient; for small networks: d^2 numbers."""
        H = np.array([(self.grad(w + e) - self.grad(w - e)) / (2 * h) for e in h * np.eye(len(w))])
        return (H + H.T) / 2

    def accuracy(self, w):
        """Share of examples whose own class has the largest score; (..., d) -> (...)."""
        return (self.scores(w).argmax(-1) == self.labels).mean(-1)

    @staticmethod
    def _forward(layers, X):
        """What enters each layer, X first, and last the scores."""
        h = [X]
        for W, b in layers[:-1]:
            h.append(_tanh(h[-1] @ W + b))
        W, b = layers[-1]
        return [*h, h[-1] @ W + b]


def _tanh(z):
    """np.tanh to 4e-16, in half its time where a processor has no AVX-512."""
    e = np.exp(-2 * np.abs(z))
    return np.copysign((1 - e) / (1 + e), z)


def _flat(layers):
    """[(W, bias), ...] as one vector (..., d)."""
    parts = [part for layer in layers for part in layer]
    return np.concatenate([part.reshape(*part.shape[:-2], part.shape[-2] * part.shape[-1]) for part in parts], -1)


def sharpness(problem, w, iterations=100, h=1e-4):
    """The Hessian's largest eigenvalue at w, by Lanczos iteration on differences of gradients (Lanczos 1950).

    Each iteration costs two gradients and no Hessian; 15 leave a network's sharpness exact to a thousandth. On a run
    of gradient descent it is compared with 2/lr.
    """
    w, iterations = np.asarray(w, float), whole("iterations", iterations, 1)
    h = max(h, 1e-8 * np.abs(w).max(initial=0))  # far out, less would be lost in rounding
    count, v = min(iterations, w.size), np.random.default_rng(0).normal(size=w.size)
    Q, T = np.empty((0, w.size)), np.zeros((count, count))  # orthonormal directions; T is Q H Q', below its diagonal
    for i in range(count):
        before = np.linalg.norm(v)
        for _ in range(2):  # rounding leaves some of it after the first time
            v = v - (Q @ v) @ Q
        if np.linalg.norm(v) <= 1e-10 * before:
            break  # H leads to no new direction, and to none at all where it is flat
        Q = np.vstack([Q, v / np.linalg.norm(v)])
        step = h * Q[i].reshape(w.shape)
        v = (problem.grad(w + step) - problem.grad(w - step)).ravel() / (2 * h)
        T[i, : i + 1] = Q @ v
    if not np.isfinite(T).all():
        return np.nan
    return float(max(np.linalg.eigvalsh(T[: len(Q), : len(Q)]), default=0.0))
