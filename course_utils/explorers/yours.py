"""The learner's own update rule, run beside ours: whatever it does in Python, there is a path and a line to read."""

import itertools
import time
from dataclasses import is_dataclass
from types import FunctionType
from weakref import WeakSet

import numpy as np

from course_utils import guard
from course_utils.attributes import begun, copied, lost, to_keep
from course_utils.descent import Trajectory
from course_utils.explorers.compared import SAME, compared, parting, same_in
from course_utils.explorers.handed import is_optimizer, made, misordered, out_of_reach, usable
from course_utils.explorers.returned import swapped, wrong

SECONDS = 1.0  # for a whole run of the learner's code
LONG = 10  # times as long as the steps before: such a step is endless, not slow
HANDED_OVER = WeakSet()  # functions that an explorer was made with
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
    call of all, (lr, beta, w, g, w after it), and the text says so if that is answered otherwise. A function that an
    explorer before had, `used`, may begin with what it kept there: if its first run parts from ours, it is asked then.
    """

    first = None

    def __init__(self, rule, moving):
        self.rule, self.moving = usable(rule, moving, SECONDS), moving
        self.used = isinstance(rule, FunctionType) and rule in HANDED_OVER
        if isinstance(rule, FunctionType):
            HANDED_OVER.add(rule)

    def run(self, ours, lr, beta, batches):
        """(Trajectory, line): as far as it came on the same batches, and how it compares with our run."""
        grad, attempt = ours.problem.grad, Attempt(self, ours.w[0])
        if batches is None:
            gradients = itertools.repeat(grad)
        else:
            gradients = ((lambda w, batch=batch: grad(w, batch)) for batch in batches)
        attempt.go(itertools.islice(gradients, len(ours.w) - 1), lr, beta, ours.w[1:] if self.used else ())
        rows = np.array(attempt.rows)
        path = Trajectory(ours.problem, rows, ours.steps[: len(rows)], ours.evaluations[: len(rows)], attempt.seconds)
        return path, attempt.line or attempt.told(compared(rows, ours, attempt.same))

    @property
    def pair(self):
        """Whether a step returns two things: (w, v) or (w, state)."""
        return self.moving or is_optimizer(self.rule)

    def changed(self):
        """Whether what was handed over answers the first call of all otherwise than it did."""
        lr, beta, w, g, before = self.first
        rule = self.made(copied(self.rule), lr, beta)
        new = rule.update(w.copy(), g.copy(), rule.init(w.copy()))
        now = np.array(new[0] if self.pair else new, float)
        return not np.allclose(now, before, SAME, SAME * np.abs(w).max(), equal_nan=True)

    def made(self, rule, lr, beta):
        """What has init(w) and update(w, g, state), with these hyperparameters, from a run's copy of the rule."""
        return made(rule, self.moving, lr, beta)

    @property
    def knows_no_rates(self):
        """Whether it is an object as it stands, to which nothing of the sliders comes."""
        return is_optimizer(self.rule) and not isinstance(self.rule, type) and not is_dataclass(self.rule)


class Attempt:
    """A run of `yours` from w, which `go` carries on: `rows` are its points (with keep=False the last one only),
    `steps` counts them, `seconds` is the time they took, `line` says in words why it ended, "" if it goes on.

    `parted` is (step, gap) where it parts from ours, if `go` is given that, and None up to there; `same` is the gap
    of runs that agree, larger for numbers of few digits.
    """

    parted, same = None, SAME

    def __init__(self, yours, w, keep=True):
        self.yours, self.keep, self.rows, self.steps, self.seconds = yours, keep, [np.array(w, float)], 0, 0.0
        self._wrong, self._reach, self._state, self._notes, self._printed = "", "", None, [], ""
        self._given, self._rule, self._rates, self._began = None, None, None, 0.0

    def go(self, gradients, lr, beta, ours=()):
        """A step with each of `gradients`, functions of w, in SECONDS or as far as it comes; `ours` are our points."""
        if self._wrong:
            return
        if self._rule is None and self.yours.first and guard.call(self.yours.changed, seconds=SECONDS / 4).value:
            self._notes.append(OTHERWISE)
        rows, notes, spent = [], [], []  # a thread that was left behind may still add to these
        outcome = guard.call(self._run, gradients, lr, beta, rows, notes, spent, seconds=SECONDS)
        rows = list(rows)
        if rows and len(ours) and (found := parting(rows, ours, self.same)):
            self.parted = self.steps + 1 + found[0], found[1]
            self.ask_again()
        self.seconds += sum(spent[: len(rows)])
        self.steps += len(rows)
        self.rows = self.rows + rows if self.keep else rows[-1:] or self.rows
        self._wrong, self._state = outcome.value or (outcome.failed, None)
        notes.append("" if self._wrong else self._reach)
        if outcome.late and rows:
            notes.append(self._slow(sum(spent[: len(rows)]) / len(rows), len(rows)))
        if outcome.replaced:
            names = " and ".join(outcome.replaced[:3])
            notes.append(f" It replaces {names}, also for our own code: after each run that is put back.")
        if printed := " ".join(outcome.printed.split()):
            self._printed = f' It printed "{printed[:60]}".'  # the latest: it may print in every epoch
        self._notes = sorted({*self._notes, *notes} - {""})

    def ask_again(self):
        """Note it if a function that was used before answers its first call otherwise now."""
        if self.yours.used and guard.call(self.yours.changed, seconds=SECONDS / 4).value:
            self._notes = sorted({*self._notes, OTHERWISE})

    def _slow(self, each, count):
        """That it is slow, of steps that took `each` seconds; "" if the last one was much longer than those."""
        if time.perf_counter() - self._began > LONG * each:
            return ""
        took = f"{count} steps took {1000 * each:.3g} ms each" if count > 1 else f"1 step took {1000 * each:.3g} ms"
        return f" It is slow, not endless: {took}. Take fewer, or faster ones."

    @property
    def line(self):
        return self._wrong and self.told(f"Yours, step {self.steps + 1}: {self._wrong}")

    def told(self, line):
        """The line as a sentence, and what else was noticed on the way."""
        return line + ("" if line[-1] in ".?!" else ".") + "".join(self._notes) + self._printed

    def _make(self, lr, beta, notes):
        """The rule with these rates. A new object takes over what the old one holds, but for what follows from them."""
        if self._rule is None:
            self._given = copied(self.yours.rule)
            self._reach = out_of_reach(self._given)
            notes.append(misordered(self._given, self.yours.moving))
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
            began = self._began = time.perf_counter()
            w = w.copy()  # a problem's grad may change it in place, as in descend
            g = np.array(gradient(w))
            given = w.copy(), g.copy()
            new = update(*given, state)
            spent.append(time.perf_counter() - began)
            if given[0].tobytes() != w.tobytes() or given[1].tobytes() != g.tobytes():
                notes.append(" It changes w or g in place: here it was given copies.")
            if told := wrong(new, self.yours.pair, self.yours.moving and not is_optimizer(self.yours.rule), w):
                return told, None
            if self.yours.pair and not self.steps and not rows:
                notes.append(swapped(new, w, g, lr, beta))
            new, state = new if self.yours.pair else (new, None)
            notes.append(self._digits(np.asarray(new).dtype, w))
            new = np.array(new, float)
            self.yours.first = self.yours.first or (lr, beta, w, g, new)
            w = new
            rows.append(w)
        return "", state

    def _digits(self, dtype, w):
        """That a step returns numbers of fewer digits than w has, or without decimals; "" if it does not."""
        if dtype.kind in "iu":
            return " It returns whole numbers, without decimals."
        if dtype.kind != "f" or dtype.itemsize >= w.itemsize:
            return ""
        self.same = max(self.same, same_in(dtype))
        return f" It returns {dtype}, which keeps {np.finfo(dtype).precision} digits; ours keeps 15."
