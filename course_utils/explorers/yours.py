"""The learner's own update rule, run beside ours: whatever it does in Python, there is a path and a line to read."""

import inspect
import itertools
import numbers
import time
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from types import SimpleNamespace as Fixed

import numpy as np

from course_utils import guard
from course_utils.arguments import array_of
from course_utils.attributes import lost, to_keep
from course_utils.descent import Trajectory

SECONDS = 1.0  # for a whole run of the learner's code
SAME = 1e-12  # of the largest parameter so far: further apart, two runs have parted


class Yours:
    """`rule` is step(w, g, lr) -> w, with a beta slider step(w, v, g, lr, beta) -> (w, v); or an optimizer.

    An optimizer object gets lr and beta of the sliders if it is a dataclass with these fields; a class is made with
    them at every run. Where lr changes within a run, a new one goes on with the state that the old one returned, and
    with all that the old one holds but what follows from its lr and beta.
    The rule is handed copies: what it changes in place changes nothing of ours.
    """

    def __init__(self, rule, moving):
        if not callable(rule) and not _is_optimizer(rule):
            raise ValueError(f"yours must be a function {_form(moving)} or an optimizer, got {rule!r}")
        self.rule, self.moving = rule, moving

    def run(self, ours, lr, beta, batches):
        """(Trajectory, line): as far as it came on the same batches, and how it compares with our run."""
        grad, attempt = ours.problem.grad, Attempt(self, ours.w[0])
        several = itertools.repeat(None) if batches is None else batches
        gradients = ((lambda w, batch=batch: grad(w, batch)) for batch in several)
        attempt.go(itertools.islice(gradients, len(ours.w) - 1), lr, beta)
        rows = np.array(attempt.rows)
        path = Trajectory(ours.problem, rows, ours.steps[: len(rows)], ours.evaluations[: len(rows)], attempt.seconds)
        return path, attempt.line or attempt.told(_compared(rows, ours.w))

    @property
    def pair(self):
        """Whether a step returns two things: (w, v) or (w, state)."""
        return self.moving or _is_optimizer(self.rule)

    def made(self, lr, beta):
        """What has init(w) and update(w, g, state), with these hyperparameters."""
        rates = {"lr": lr, "beta": beta} if self.moving else {"lr": lr}
        if not _is_optimizer(self.rule):
            _must_take(self.rule, self.moving)
            if self.moving:
                return Fixed(init=np.zeros_like, update=lambda w, g, v: self.rule(w, np.array(v), g, lr, beta))
            return Fixed(init=lambda w: None, update=lambda w, g, state: self.rule(w, g, lr))
        if isinstance(self.rule, type):
            return _object(self.rule, rates)
        if is_dataclass(self.rule):
            known = {field.name for field in fields(self.rule)}
            return replace(self.rule, **{name: rate for name, rate in rates.items() if name in known})
        return self.rule


class Attempt:
    """A run of `yours` from w, which `go` carries on: `rows` are its points (with keep=False the last one only),
    `steps` counts them, `seconds` is the time it took, `line` says in words why it ended, "" if it goes on."""

    def __init__(self, yours, w, keep=True):
        self.yours, self.keep, self.rows, self.steps, self.seconds = yours, keep, [np.array(w, float)], 0, 0.0
        self._wrong, self._state, self._notes = "", None, []
        self._rule, self._rates = None, None

    def go(self, gradients, lr, beta):
        """A step with each of `gradients`, functions of w; in SECONDS, or as far as it comes."""
        if self._wrong:
            return
        rows, notes = [], []  # a thread that was left behind may still add to these
        outcome = guard.call(self._run, gradients, lr, beta, rows, notes, seconds=SECONDS)
        rows = list(rows)
        self.steps += len(rows)
        self.rows = self.rows + rows if self.keep else rows[-1:] or self.rows
        wrong, self._state, seconds = outcome.value or (outcome.failed, None, SECONDS)
        self._wrong, self.seconds = wrong, self.seconds + seconds
        if printed := " ".join(outcome.printed.split()):
            notes.append(f' It printed "{printed[:60]}".')
        self._notes = sorted({*self._notes, *notes})

    @property
    def line(self):
        return self._wrong and self.told(f"Yours, step {self.steps + 1}: {self._wrong}")

    def told(self, line):
        """The line, and what else was noticed on the way."""
        return line + "".join(self._notes)

    def _make(self, lr, beta, notes):
        """The rule with these rates. A new object takes over what the old one holds, but for what follows from them."""
        old, self._rule = self._rule, self.yours.made(lr, beta)
        if old is None:
            self._state = self._rule.init(self.rows[-1].copy())
        else:
            returned, fresh = self._state is not None, (self.yours.made(*self._rates), self._rule)
            if names := lost(old, *fresh):
                notes.append(f" What it keeps in {' and '.join(names)} depends on lr too: it began anew at the new lr.")
            for name, value in to_keep(old, *fresh, self.rows[-1].shape if returned else None).items():
                object.__setattr__(self._rule, name, value)  # frozen or not
        self._rates = lr, beta

    def _run(self, gradients, lr, beta, rows, notes):
        """Append the point after each step to `rows`; what is wrong in words or "", the state, and the seconds."""
        w, spent = self.rows[-1], 0.0
        if self._rates != (lr, beta):
            self._make(lr, beta, notes)
        update, state = self._rule.update, self._state
        for gradient in gradients:
            began = time.perf_counter()
            g = gradient(w)
            given = w.copy(), np.array(g)
            new = update(*given, state)
            spent += time.perf_counter() - began
            if given[0].tobytes() != w.tobytes() or given[1].tobytes() != g.tobytes():
                notes.append(" It changes w or g in place: here it was given copies.")
            if wrong := _wrong(new, self.yours.pair, w):
                return wrong, None, spent
            new, state = new if self.yours.pair else (new, None)
            w = np.array(new, float)
            rows.append(w)
        return "", state, spent


def _object(rule, rates):
    """One of a class: made with the rates by name, or by position, or with lr alone."""
    by_position = rates.values(), {}
    ways = ((), rates), by_position, ((), {"lr": rates["lr"]})
    args, named = next((way for way in ways if takes(rule, *way)), by_position)
    return rule(*args, **named)


def takes(rule, args, named):
    """Whether a class or a function takes these arguments; one written in C does not say."""
    try:
        inspect.signature(rule).bind(*args, **named)
    except (TypeError, ValueError):
        return False
    return True


def _is_optimizer(rule):
    return hasattr(rule, "init") and hasattr(rule, "update")


def _form(moving):
    return "step(w, v, g, lr, beta) -> (w, v)" if moving else "step(w, g, lr) -> w"


def _must_take(step, moving):
    """TypeError that names the form wanted, unless the function takes as many arguments."""
    try:
        signature = inspect.signature(step)
    except (TypeError, ValueError):  # some functions written in C have none
        return
    try:
        signature.bind(*range(5 if moving else 3))
    except TypeError:
        why = "with a beta slider" if moving else "without a beta slider"
        raise TypeError(f"{why} it must be {_form(moving)}, but yours takes {signature}") from None


def _wrong(new, pair, w):
    """What is wrong with what a step returned, in words; "" if nothing is."""
    if new is None:
        return "it returned None; is its `return` missing?"
    stacked = isinstance(new, np.ndarray) and new.shape == (2, *w.shape)  # np.array([w, v])
    if pair and not (stacked or (isinstance(new, tuple | list) and len(new) == 2)):
        return f"it must return two things, (w, v), but returned {_kind(new)}"
    point = new[0] if pair else new
    array = array_of(point)
    if not _real(array):
        return f"the new w must be real numbers, but is {_kind(point)}"
    if array.shape == w.shape:
        return ""
    if pair and array_of(new).shape == w.shape:
        return f"it must return two things, (w, v), but {_kind(new)} looks like w alone"
    return f"the new w must have shape {w.shape}, but has {array.shape}"


def _real(array):
    """Whether its entries are real numbers; as objects they may be anything."""
    if array.dtype.kind == "O":
        return all(isinstance(entry, numbers.Real | Decimal) for entry in array.flat)
    return array.dtype.kind in "biuf"


def _kind(value):
    """What something is, in words; of a tuple or a list also what is in it."""
    name, array = type(value).__name__, array_of(value)
    told = f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
    if isinstance(value, tuple | list):
        held = " and ".join(dict.fromkeys(type(entry).__name__ for entry in value))
        return f"{told} of {len(value)} ({held or 'nothing'})"
    return f"an array of shape {array.shape} and of type {array.dtype}" if array.ndim else told


def _compared(yours, ours):
    """Whether the paths agree, or the step at which they part."""
    with np.errstate(all="ignore"):
        scale = np.maximum.accumulate(np.abs(ours).max(1)).clip(1e-300)
        gap = np.where(yours == ours, 0.0, np.abs(yours - ours)).max(1) / scale
    apart = ~(gap <= SAME) & np.isfinite(ours).all(1)  # what has left the range of floats is not compared
    if apart.any():
        t = int(apart.argmax())
        for digits in (4, 8, 17):  # as many as it takes to tell them apart
            a, b = (" ".join(f"{x:.{digits}g}" for x in path[t]) for path in (yours, ours))
            if a != b:
                break
        return f"Yours and ours part at step {t}: w = ({a}) and ({b})."
    return f"Yours and ours agree to {SAME:.0e} at every step."
