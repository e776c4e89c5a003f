"""What `descend` makes of an update rule, ours or a learner's: one run for each hyperparameter, a new lr in mid-run."""

import copy
from contextlib import suppress
from dataclasses import MISSING, fields, is_dataclass, replace

import numpy as np

from course_utils.arguments import HYPERPARAMETERS, array_of, numbers
from course_utils.attributes import begun, copied, held, to_keep
from course_utils.optimizers import GradientDescent, Momentum, Nesterov

PRODUCTS = GradientDescent, Momentum, Nesterov  # their numbers only multiply: NumPy is sooner done if they are arrays


def aligned(problem, optimizer, w0):
    """The start point of every run, a copy of floats, and the optimizer with its arrays aligned to it."""
    w0 = np.asarray(numbers("w0", w0))
    shape = getattr(problem, "shape", w0.shape[-1:])
    if not isinstance(shape, tuple):
        raise ValueError(f"problem.shape must be a tuple, such as (2,), got {shape!r}")
    core = len(shape)
    if w0.shape[w0.ndim - core :] != shape or w0.ndim < core:
        raise ValueError(f"w0 must have shape {shape} (the problem's), or leading axes before it, got {w0.shape}")
    sweep = _sweep(optimizer, w0) if is_dataclass(optimizer) else {}
    if not sweep:
        return w0, of_one_run(optimizer)
    shapes = {"w0": w0.shape[: w0.ndim - core], **{name: v.shape for name, v in sweep.items()}}
    try:
        lead = np.broadcast_shapes(*shapes.values())
    except ValueError:
        told = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(f"arrays of hyperparameters and leading axes of w0 must broadcast, got {told}") from None
    stood = {name: v.astype(w0.dtype).reshape(v.shape + (1,) * core) for name, v in sweep.items()}
    return np.broadcast_to(w0, lead + shape).copy(), replace(of_one_run(optimizer), **stood)


def of_one_run(rule):
    """A copy of the rule, to the bottom where there can be one: what it keeps in itself is of one run."""
    new = copied(rule)
    if new is rule:
        with suppress(Exception):  # a module, say
            new = copy.copy(rule)
    return new


def sooner(rule, w, g):
    """The same rule, sooner done where all is float64; beside a float32 gradient an array would change its digits."""
    if type(rule) in PRODUCTS and w.dtype == g.dtype == float:
        rule = copy.copy(rule)
        for name, value in dict(vars(rule)).items():
            object.__setattr__(rule, name, np.asarray(value))
    return rule


def _sweep(optimizer, w0):
    """{field: array} of the hyperparameters of several runs, arrays or lists of numbers; a state is none of them."""
    found = {}
    for field in fields(optimizer):
        value = getattr(optimizer, field.name, None)
        array = array_of(value)
        several = array.ndim and array.dtype.kind in "iuf" and (isinstance(value, np.ndarray) or array.size)
        if several and field.init and (field.name in HYPERPARAMETERS or not _is_state(optimizer, field, value, w0)):
            found[field.name] = array
    return found


def _is_state(optimizer, field, value, w0):
    """Whether what a field holds is no hyperparameter: a pair, what the rule began without, or what init sets anew."""
    if isinstance(value, tuple) or field.default is None or field.default_factory is not MISSING:
        return True
    twin = copy.copy(optimizer)
    twin.init(w0.copy())
    return getattr(twin, field.name) is not value


def with_lr(optimizer, factor, last, was, w, shape=None):
    """The optimizer, as before its `init`, with `factor` times its lr, going on with what `last` holds.

    `was` is the factor of `last`. What it owes to its lr is its own. `shape` is that of w if the run hands a state from
    step to step: see `to_keep`.
    """
    new = replace(optimizer, lr=optimizer.lr * factor)
    if optimizer.__dataclass_params__.frozen:  # nothing is kept in it
        return new
    before, first = replace(optimizer, lr=optimizer.lr * was), held(optimizer)
    if any(value is not first.get(name) for name, value in held(last).items() if name != "lr"):
        before, new = begun(before, w), begun(new, w)
    for name, value in to_keep(last, before, new, shape).items():
        object.__setattr__(new, name, value)
    return new
