"""descend: the loop that every run of the course goes through, and the Trajectory it returns."""

import copy
import itertools
import time
from dataclasses import dataclass, is_dataclass
from functools import cached_property

import numpy as np

from course_utils.arguments import array_of, gradient_takes, number, run_length, shaped, whole
from course_utils.rules import aligned, sooner, with_lr

DIVERGED = 1e6  # a loss this many times the start's counts as diverged
NOTHING = 1e-15  # a loss as small as that may be rounding
ONE_POINT = "w[..., 0] takes them all; Function(loss, gradient) takes what is written for one point, as with w[0]"


class NoNumber(ValueError):
    """A gradient that is nan where w is finite."""


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The recorded rows of a run: row 0 is the start, the last row the end.

    w (rows, ..., *problem.shape), steps (rows,), evaluations (rows,): gradients of single examples computed so
    far, by each run (a problem without examples counts 1 a step), seconds: wall time of the loop.
    """

    problem: object
    w: np.ndarray
    steps: np.ndarray
    evaluations: np.ndarray
    seconds: float

    @cached_property
    def loss(self):
        """The full loss of every row (rows, ...), never a mini-batch's; inf from where numbers overflow."""
        per_row = max(1, self.w[0].size * getattr(self.problem, "n", 1))
        pieces = range(0, len(self.w), max(1, 1_000_000 // per_row))
        with np.errstate(all="ignore"):
            loss = np.concatenate([losses(self.problem, self.w[i : i + pieces.step]) for i in pieces])
        return np.where(np.isnan(loss), np.inf, loss)

    @cached_property
    def diverged_at(self):
        """First recorded step with a loss that is infinite or above 1e6 times the start's; None if there is none.

        A loss below zero stands in for the start's if it is larger, and a millionth if both are nothing. Noise that
        leads away from a start of hardly any loss is no divergence: the loss must pass 1, or 1e6 times the next row's.
        For several runs an int array, with -1 where there is none.
        """
        finite = np.isfinite(self.loss)
        scale = np.maximum(np.abs(self.loss[0]), -np.where(finite, self.loss, 0).min(0))
        bad = ~finite | (self.loss / DIVERGED > np.where(scale > NOTHING, scale, 1 / DIVERGED))
        top = self.loss.max(0)
        grows = (top > 1) | (top / DIVERGED > self.loss[:2].max(0)) | ~finite.all(0)
        first = np.where(bad.any(0) & grows, self.steps[bad.argmax(0)], -1)
        return first if first.ndim else (int(first) if first >= 0 else None)


def descend(problem, optimizer, w0, steps, batches=None, schedule=None, every=1):
    """Run `optimizer` on `problem` from `w0` for `steps` updates and return the Trajectory.

    batches   iterator of index arrays, such as minibatches(n, 16, rng): SGD. None: the full gradient.
    schedule  function of the step t = 0, 1, ... giving the factor on lr at that step.
    every     record each every-th row only (start and end always).

    Hyperparameters that are arrays make one run for each entry: their shape S, broadcast with leading axes that w0
    may have, stands before the point's, so that w has shape (rows, *S, *problem.shape).
    Overflow is no error: inf is kept, and no warning is printed.
    """
    steps, every = run_length("steps", steps, 0), whole("every", every, 1)
    _usable(problem, optimizer, batches, schedule)
    start, optimizer = aligned(problem, optimizer, w0)
    kept = np.append(np.arange(0, steps, every), steps)
    rows, seen = np.empty((len(kept), *start.shape), start.dtype), [0]
    rows[0] = start
    began = time.perf_counter()
    with np.errstate(all="ignore"):
        try:
            _iterate(problem, optimizer, start, steps, batches, schedule, kept.tolist(), rows, seen)
        except TypeError:
            gradient_takes(problem.grad, batches)
            raise
        if np.isnan(rows.min(initial=0.0)):
            rows[np.isnan(rows)] = np.inf  # inf - inf: the run has left the range of floats
    seconds = time.perf_counter() - began
    evaluations = kept * getattr(problem, "n", 1) if batches is None else np.cumsum(seen)[kept]
    return Trajectory(problem, rows, kept, evaluations, seconds)


def _iterate(problem, optimizer, w, steps, batches, schedule, kept, rows, seen):
    """Write w after each step that is `kept` to `rows`; add how many examples each batch has to `seen`."""
    rule, optimizer = optimizer, copy.copy(optimizer) if schedule is not None else None
    grad, update, state, shape = problem.grad, rule.update, rule.init(w), w.shape
    factor, row = 1, 1
    batches = None if batches is None else iter(batches)
    for t in range(steps):
        if schedule is not None:
            was, factor = factor, number(f"schedule({t})", schedule(t), "factor >= 0", lambda x: x >= 0)
            rule = with_lr(optimizer, factor, rule, was, w, None if state is None else shape)
            update = rule.update
        if batches is None:
            g = grad(w)
            g = g if type(g) is np.ndarray else np.asarray(g)  # which would cost 3 % of a short step
        else:
            g, batch = _on_next(problem, w, batches, t, steps)
            seen += batch.shape[-1:]
        if t:
            w, state = update(w, g, state)
        else:
            _of_each_point(problem, rule, g, w, *([] if batches is None else [batch]))
            update = sooner(rule, w, g).update
            new = update(w, g, state)
            _as_pair(new, shape)
            w, state = new
        if t + 1 == kept[row]:
            rows[row] = w
            row += 1


def _usable(problem, optimizer, batches, schedule):
    """ValueError unless each argument can do what descend asks of it."""
    for name, value, methods, example in (
        ("problem", problem, ("grad",), "an object such as Quadratic([1, 10])"),
        ("optimizer", optimizer, ("init", "update"), "an object such as GradientDescent(lr=0.1)"),
        ("batches", batches, ("__iter__",), "an iterator of index arrays, such as minibatches(n, 16, rng)"),
        ("schedule", schedule, ("__call__",), "a function of the step, such as lambda t: 1 / (1 + t)"),
    ):
        optional = name in ("batches", "schedule") and value is None
        if not optional and (isinstance(value, type) or not all(hasattr(value, m) for m in methods)):
            raise ValueError(f"{name} must be {example}, got {value!r}")
    if schedule is not None and not (is_dataclass(optimizer) and hasattr(optimizer, "lr")):
        raise ValueError(f"schedule needs an optimizer that is a dataclass with an lr, got {optimizer!r}")


def losses(problem, w):
    """The loss of each point of w (rows, ..., *problem.shape); ValueError if it is not one number for each."""
    points = np.concatenate([w, w[: int(len(w) in w.shape[1:])]])  # a row more, where one axis passes for the other
    try:
        loss = np.asarray(problem.loss(points))
    except Exception as error:
        np.asarray(problem.loss(w[0]))  # if that fails too, it says why
        raise ValueError(f"loss must take several points at once, got {type(error).__name__}; {ONE_POINT}") from error
    axes = w.ndim - len(problem.shape) if hasattr(problem, "shape") else max(1, loss.ndim)  # else it may be a matrix
    shaped("loss", loss, points.shape[:axes], f"one number for each point; {ONE_POINT}")
    return loss[: len(w)]


def _on_next(problem, w, batches, t, steps):
    """(gradient, batch) of the next batch; ValueError if there is none, or if it holds no indices for these runs."""
    given = next(batches, None)
    if given is None:
        raise ValueError(f"batches ended after {t} of {steps} steps")
    try:
        batch = np.asarray(given)
    except ValueError:  # examples of several shapes, such as (X_b, y_b)
        batch = np.empty(0)
    if not batch.ndim or not batch.shape[-1] or batch.dtype.kind == "b":
        raise ValueError(f"batches must give arrays of one index or more, got {given!r} at step {t}")
    if batch.ndim > 1 and hasattr(problem, "shape"):
        lead, runs = batch.shape[:-1], w.shape[: w.ndim - len(problem.shape)]
        pairs = itertools.zip_longest(lead[::-1], runs[::-1][: len(lead)])
        if any(of_batch not in (1, of_runs) for of_batch, of_runs in pairs):
            told = f"batches of shape {batch.shape} are for runs {lead}, w0 and the hyperparameters make runs {runs}"
            hint = "see runs= of minibatches" if batch.dtype.kind in "iu" else "they must hold indices, not data"
            raise ValueError(f"{told}: {hint}")
    try:
        return np.asarray(problem.grad(w, batch)), batch
    except IndexError:
        _indices(problem, batch, t)
        raise


def _indices(problem, batch, t):
    """ValueError if the batch does not hold indices of examples."""
    n, batch = getattr(problem, "n", np.inf), np.asarray(batch)
    if batch.dtype.kind not in "iu" or not ((-n <= batch) & (batch < n)).all():
        raise ValueError(f"batches must give whole numbers from 0 to n - 1 = {n - 1}, got {batch} at step {t}")


def _as_points(name, array, shape):
    """ValueError unless `array` is shaped as the points."""
    if np.shape(array) != shape:
        raise ValueError(f"{name} must have the shape of w, {shape}, got {np.shape(array)}")


def _as_pair(new, shape):
    """ValueError unless what an update returned is two things, (w, state), the first shaped as the points."""
    if not np.iterable(new) or len(new) != 2 or (shape and array_of(new).shape == shape):
        raise ValueError(f"update must return two things, (w, state), got {new!r}")
    _as_points("the updated w", new[0], shape)


def _of_each_point(problem, optimizer, g, w, *batch):
    """ValueError unless the gradient is one for each point, and that of the first is as it is alone, but for chance."""
    _as_points("the gradient", g, w.shape)
    first = (0,) * (w.ndim - len(getattr(problem, "shape", w.shape[-1:])))
    if (nan := g != g).any():
        at = tuple(np.argwhere(nan)[0][: len(first)])
        raise NoNumber(f"the gradient must be numbers, got {g[at]} at w = {w[at]}")
    runs = hasattr(problem, "shape") or np.ndim(getattr(optimizer, "lr", 0)) or np.ndim(getattr(optimizer, "beta", 0))
    if not (first and runs and w.size):  # without a shape of its own, w may be one point: a matrix
        return
    batch = [b[(0,) * (b.ndim - 1)] for b in batch]
    alone, again = (np.asarray(problem.grad(w[first].copy(), *batch)) for _ in range(2))
    if alone.shape != w[first].shape:  # each run has data of its own
        return
    far = np.abs(g[first] - alone) > 1e-3 * np.abs(alone).max() + 1e-6  # more than rounding in float32
    if far.any() and np.array_equal(alone, again):
        raise ValueError(f"the gradient of several points must hold that of each, {alone}, got {g[first]}: {ONE_POINT}")
