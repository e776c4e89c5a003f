"""What a check knows of its exercise: the solution, and the mistakes as code, so that numbers tell which was made."""

import copy
import inspect
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from course_utils import guard
from course_utils.checks.answer import CORRECT, NOT_WRITTEN, SECONDS, Answer
from course_utils.checks.nearest import nearest, reordered, stub, truths, unused
from course_utils.checks.numbers import NotNumbers, compared, equal, kind, numbers, same, unusable, words

CHANGES = (
    "It changes the arrays it is given. Whoever calls it still needs them: "
    "make a new array (w = w - ..., not w -= ...). A list that is popped or reversed is changed too."
)
WRITE = Answer(NOT_WRITTEN, "Write the function, then run this cell again.")
RETURN = "It returned None. Is it not finished, or is `return` missing?"
SOMETIMES = "It returns something in one example and None in another{}. Does `return` stand inside the loop or an `if`?"


class NothingReturned(Exception):
    """The learner's function returned None."""


class Unreadable(Exception):
    """The learner's function returned something that cannot be observed; the text says what."""


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that can be run: its name, what to tell whoever makes it, the function."""

    name: str
    advice: str
    function: Callable
    exact: bool = False  # true of these very numbers alone: never told of an answer that is merely near them


Exact = partial(Mistake, exact=True)


@dataclass(frozen=True)
class Task:
    """A function to write. Its numbers are compared with the solution's and with each mistake's, on the same cases.

    cases     function of a generator giving argument tuples, the first one small: it is shown
    observe   observe(call, *case): the numbers to compare, from calling the function; default: what it returns
    variants  other correct ways to write it, for the tests
    returns   in words, what the function returns, where that is not what is observed
    given     the names of a case's entries, where they are not the function's arguments; "" for one not shown
    parts     what stands before expected and got, for each of the observation's first parts: only these are shown
    example   whether expected and got are shown (not if the observation is no quantity of the exercise)
    also      like cases, with unequal numbers of rows and columns: for what is right in all others; no mistake sees it
    """

    solution: Callable
    cases: Callable
    mistakes: list
    variants: list
    hints: tuple
    why: str
    observe: Callable = lambda call, *case: call(*case)
    returns: str = ""
    given: tuple = ()
    parts: tuple = ()
    example: bool = True
    also: Callable = None

    def examine(self, function, seconds=SECONDS):
        """The Answer to a learner's function. It is guarded, and nothing of the learner's is changed."""
        if function is None or function is Ellipsis:
            return WRITE
        if not callable(function):
            return Answer("error", f"This should be a function; it is a {type(function).__name__}.")
        outcome = guard.call(self._verdict, function, seconds=seconds)
        told = self.failed(outcome.failed) if outcome.failed else outcome.value
        return told.with_replaced(outcome.replaced).with_printed(outcome.printed)

    def failed(self, why):
        """The Answer to a function that did not return."""
        return Answer("error", f"Your function failed: {why}.")

    def _verdict(self, function):
        cases = self.cases(np.random.default_rng(_seed()))
        expected, _, right = self._run(self.solution, cases)  # first: what the learner replaces in NumPy is not in it
        try:
            got, changed, mine = self._run(function, cases)
        except NothingReturned:
            return self._nothing(function, cases)
        except NotNumbers as error:
            return Answer("error", f"It should return numbers; it returned {error}.")
        except Unreadable as error:
            return Answer("error", f"It should return {self.returns}; it returned {error}.")
        except guard.TimeIsUp:
            raise
        except BaseException as error:
            if where := guard.unwritten(error):
                return Answer(NOT_WRITTEN, f"Write what is missing{where}, then run this cell again.")
            told = self.failed(guard.describe(error) + self._only_later(function, cases))
            return replace(told, notes=reordered(function, self.solution))
        if all(map(same, expected, got)):
            if changed:
                return Answer("mistake", CHANGES, "changes its arguments")
            return self._elsewhere(function, f"{self.why} {unusable(right, mine)}".rstrip())
        name, advice = self._named(cases, expected, got, changed)
        notes = *truths(mine), *reordered(function, self.solution), *(() if name else unused(function, self.solution))
        return Answer("mistake", advice, name, self._example(cases, expected, got), notes)

    def _elsewhere(self, function, why):
        """The Answer to a function that is right in all cases, after the further ones; `why` it is right."""
        told = replace(self, cases=self.also, also=None, mistakes=[])._verdict(function) if self.also else None
        if not told or told.ok:
            return Answer(CORRECT, why)
        return replace(told, text=f"Right where rows and columns are equally many; here they are not: {told.text}")

    def _only_later(self, function, cases):
        """The arguments of the first case in which the function fails, in words; "" if that is the first of all."""
        for number, case in enumerate(cases if self.example else ()):
            try:
                self._run(function, [case])
            except Exception:
                return f", {self._called(case)}" if number else ""
        return ""

    def _nothing(self, function, cases):
        """The Answer to a function that returned None, in each example or in one."""
        if stub(function):
            return WRITE
        returned = []

        def call(*args):
            returned.append(function(*args))
            return 0 if returned[-1] is None else returned[-1]

        for case in cases:
            with suppress(Exception):
                self._run(call, [case])
        if all(result is None for result in returned):
            return Answer(NOT_WRITTEN, RETURN)
        return Answer("mistake", SOMETIMES.format(" (0 steps, say)" if "steps" in self.given else ""))

    def _run(self, function, cases):
        """Observations of every case, whether the function changed an array it was given, what it returned at last."""
        observed, given, last = [], [], None  # last: what the last call returned, None while one runs

        def call(*args):
            nonlocal last
            given.extend((a, copy.deepcopy(a)) for a in args if isinstance(a, np.ndarray | list))
            last = None
            last = function(*args)
            if last is None:
                raise NothingReturned
            if isinstance(last, dict):
                numbers(last)  # says so: its keys are no answer
            return last

        for case in cases:
            try:
                observed.append(numbers(self.observe(call, *copy.deepcopy(case))))
            except (IndexError, TypeError, ValueError) as error:
                if last is None or hasattr(last, "__next__") or not self.returns:  # an iterator runs while it is read
                    raise
                raise Unreadable(kind(last)) from error
        return observed, not all(equal(a, before) for a, before in given), last

    @cached_property
    def _mistakes_made(self):
        return {}

    def _made(self, mistake, cases):
        """Observations of every case, and whether it changes an array, of a mistake that is run once for a seed."""
        key = _seed(), mistake
        if key not in self._mistakes_made:
            self._mistakes_made[key] = self._run(mistake.function, cases)[:2]
        return self._mistakes_made[key]

    def _named(self, cases, expected, got, changed):
        """(name, advice): of the mistake with the same numbers, or None and what is seen."""
        tried = []
        for mistake in self.mistakes:
            numbers_, changes = self._made(mistake, cases)
            if all(map(same, numbers_, got)) and changes == changed:
                return mistake.name, mistake.advice
            tried.append((mistake, numbers_))
        for mistake, numbers_ in tried:  # the same numbers; only what happens to the arguments differs
            if all(map(same, numbers_, got)):
                return mistake.name, mistake.advice
        shown = self._example(cases, expected, got)
        look = "Compare expected and got." if shown else "Print what it returns in a small case."
        return nearest(expected, got, tried, self.returns, look)

    def _example(self, cases, expected, got):
        """Expected and got of the first case in which they differ, with its arguments, and the row where they part."""
        for case, *both in zip(cases, expected, got, strict=True) if self.example else ():
            for name, e, g in zip(self.parts, *both, strict=False) if self.parts else [("", *both)]:
                if not same(e, g):
                    return f"Example {self._called(case)}: {name}{compared(e, g)}"
        return ""

    def _called(self, case):
        """The arguments of a case in words."""
        told = [words(numbers(argument, whole=True)) for argument in case]
        named = ", ".join(f"{name} {value}" for name, value in zip(self.given, told, strict=bool(self.given)) if name)
        return f"with {named}" if named else f"with ({', '.join(told)})"

    @property
    def shown(self):
        """The solution as text."""
        return inspect.getsource(self.solution)


def _seed():
    """What the examples are drawn from: an instructor may set another one."""
    return int(os.environ.get("SGD_COURSE_SEED") or 0)
