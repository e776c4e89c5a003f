"""The learner's own update rule, run beside ours: whatever it does in Python, there is a path and a line to read."""

import inspect
import itertools
import time
from dataclasses import fields, is_dataclass, replace
from types import SimpleNamespace as Fixed

import numpy as np

from course_utils import guard
from course_utils.attributes import begun, copied, lost, to_keep
from course_utils.descent import Trajectory
from course_utils.explorers.returned import wrong

SECONDS = 1.0  # for a whole run of the learner's code
SAME = 1e-12  # of the largest parameter so far: further apart, two runs have parted
OTHERWISE = (
    " It once answered the same arguments otherwise: does it keep something between runs, or use random numbers?"
)


class Yours:
    """`rule` is step(w, g, lr) -> w, with a beta slider step(w, v, g, lr, beta) -> (w, v); or an optimizer.

    An optimizer object gets lr and beta of the sliders if it is a dataclass with these fields; a class is made with
    them. Each run has a copy of its own of what was handed over. Where lr changes within a run, a new object goes on
    with the state that the old one returned, and with all that the old one holds but what follows from its lr and beta.
    The rule is handed copies: what it changes in place changes nothing of ours.

    What cannot be copied, such as globals, lives from run to run. So each run begins with a repetition of the `first`
    call of all, (lr, beta, w, g, w after it), and the text says so if that is answered otherwise.
    """

    first = None

    def __init__(self, rule, moving):
        if not callable(rule) and not _is_optimizer(rule):
            raise ValueError(f"yours must be a function {_form(moving)} or an optimizer, got {rule!r}")
        self.rule, self.moving = copied(rule), moving

    def run(self, ours, lr, beta, batches):
        """(Trajectory, line): as far as it came on the same batches, and how it compares with our run."""
        grad, attempt = ours.problem.grad, Attempt(self, ours.w[0])
        if batches is None:
            gradients = itertools.repeat(grad)
        else:
            gradients = ((lambda w, batch=batch: grad(w, batch)) for batch in batches)
        attempt.go(itertools.islice(gradients, len(ours.w) - 1), lr, beta)
        rows = np.array(attempt.rows)
        path = Trajectory(ours.problem, rows, ours.steps[: len(rows)], ours.evaluations[: len(rows)], attempt.seconds)
        return path, attempt.line or attempt.told(_compared(rows, ours.w))

    @property
    def pair(self):
        """Whether a step returns two things: (w, v) or (w, state)."""
        return self.moving or _is_optimizer(self.rule)

    def changed(self):
        """Whether what was handed over answers the first call of all otherwise than it did."""
        lr, beta, w, g, before = self.first
        rule = self.made(copied(self.rule), lr, beta)
        new = rule.update(w.copy(), g.copy(), rule.init(w.copy()))
        now = np.array(new[0] if self.pair else new, float)
        return not np.allclose(now, before, SAME, SAME * np.abs(w).max(), equal_nan=True)

    def made(self, rule, lr, beta):
        """What has init(w) and update(w, g, state), with these hyperparameters, from a run's copy of the rule."""
        rates = {"lr": lr, "beta": beta} if self.moving else {"lr": lr}
        if not _is_optimizer(rule):
            _must_take(rule, self.moving)
            if self.moving:
                return Fixed(init=np.zeros_like, update=lambda w, g, v: rule(w, np.array(v), g, lr, beta))
            return Fixed(init=lambda w: None, update=lambda w, g, state: rule(w, g, lr))
        rule = copied(rule)
        if isinstance(rule, type):
            return _object(rule, rates)
        if is_dataclass(rule):
            known = {field.name for field in fields(rule)}
            return replace(rule, **{name: rate for name, rate in rates.items() if name in known})
        return rule

    @property
    def knows_no_rates(self):
        """Whether it is an object as it stands, to which nothing of the sliders comes."""
        return _is_optimizer(self.rule) and not isinstance(self.rule, type) and not is_dataclass(self.rule)


class Attempt:
    """A run of `yours` from w, which `go` carries on: `rows` are its points (with keep=False the last one only),
    `steps` counts them, `seconds` is the time they took, `line` says in words why it ended, "" if it goes on."""

    def __init__(self, yours, w, keep=True):
        self.yours, self.keep, self.rows, self.steps, self.seconds = yours, keep, [np.array(w, float)], 0, 0.0
        self._wrong, self._state, self._notes = "", None, []
        self._given, self._rule, self._rates = None, None, None

    def go(self, gradients, lr, beta):
        """A step with each of `gradients`, functions of w; in SECONDS, or as far as it comes."""
        if self._wrong:
            return
        if self._rule is None and self.yours.first and guard.call(self.yours.changed, seconds=SECONDS / 4).value:
            self._notes.append(OTHERWISE)
        rows, notes, spent = [], [], []  # a thread that was left behind may still add to these
        outcome = guard.call(self._run, gradients, lr, beta, rows, notes, spent, seconds=SECONDS)
        rows = list(rows)
        self.seconds += sum(spent[: len(rows)])
        self.steps += len(rows)
        self.rows = self.rows + rows if self.keep else rows[-1:] or self.rows
        self._wrong, self._state = outcome.value or (outcome.failed, None)
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
        if self._rule is None:
            self._given = copied(self.yours.rule)
        old, self._rule = self._rule, self.yours.made(self._given, lr, beta)
        if old is None:
            self._state = self._rule.init(self.rows[-1].copy())
        else:
            w, returned = self.rows[-1], self._state is not None
            fresh = [begun(rule, w) for rule in (self.yours.made(self._given, *self._rates), self._rule)]
            if names := lost(old, *fresh):
                notes.append(f" What it keeps in {' and '.join(names)} depends on lr too: it began anew at the new lr.")
            self._rule = fresh[1]
            for name, value in to_keep(old, *fresh, w.shape if returned else None).items():
                object.__setattr__(self._rule, name, value)  # frozen or not
        self._rates = lr, beta

    def _run(self, gradients, lr, beta, rows, notes, spent):
        """Append each step's point to `rows` and its seconds to `spent`; what is wrong in words or "", the state."""
        w = self.rows[-1]
        if self._rule is None or (self._rates != (lr, beta) and not self.yours.knows_no_rates):
            self._make(lr, beta, notes)
        update, state = self._rule.update, self._state
        for gradient in gradients:
            began = time.perf_counter()
            g = np.asarray(gradient(w))
            given = w.copy(), g.copy()
            new = update(*given, state)
            spent.append(time.perf_counter() - began)
            if given[0].tobytes() != w.tobytes() or given[1].tobytes() != g.tobytes():
                notes.append(" It changes w or g in place: here it was given copies.")
            if told := wrong(new, self.yours.pair, self.yours.moving and not _is_optimizer(self.yours.rule), w):
                return told, None
            new, state = new if self.yours.pair else (new, None)
            new = np.array(new, float)
            self.yours.first = self.yours.first or (lr, beta, w, g, new)
            w = new
            rows.append(w)
        return "", state


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
