"""Exercises answered without writing a function: a number to predict, lines of code to put in order."""

from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from operator import index
from typing import ClassVar

import numpy as np

from course_utils import guard
from course_utils.checks.answer import CORRECT, NOT_WRITTEN, SECONDS, Answer
from course_utils.checks.numbers import unusable


class Judged:
    """A task answered by a value and not by a function: `_verdict(value)` is its Answer, `wanted` what it should be."""

    wanted: ClassVar[str]

    def examine(self, value, seconds=SECONDS):
        """The Answer to a learner's value, whatever it is."""
        outcome = guard.call(self._verdict, value, seconds=seconds)
        return outcome.value or self.failed(outcome.failed)

    def failed(self, why):
        """The Answer to a value that cannot be judged."""
        return Answer("error", f"This should be {self.wanted}: {why}.")


@dataclass(frozen=True)
class Number(Judged):
    """A number to predict; every wrong one in the table stands for a misconception."""

    wanted = "one number"
    answer: float
    wrong: dict
    hints: tuple
    why: str
    rtol: float = 1e-3

    def _verdict(self, value):
        if value is None or value is Ellipsis:
            return Answer(NOT_WRITTEN, "Put your number in, then run this cell again.")
        array = np.array(value)
        if array.dtype == object and array.size == 1 and isinstance(array.item(), Real | Decimal):
            array = np.array(float(array.item()))  # a whole number of many digits, a fraction
        if array.size != 1 or array.dtype.kind not in "iuf":
            return Answer("error", f"This should be one number, got {repr(value)[:60]}{_instead(value, array)}.")
        said, value = unusable(self.answer, value), float(array.ravel()[0])
        if not np.isfinite(value):
            return Answer("mistake", "This is no finite number.")
        if np.isclose(value, self.answer, rtol=self.rtol, atol=0):
            return Answer(CORRECT, f"{self.why} {said}".rstrip())
        nearest = min(self.wrong, key=lambda x: abs(x - value))
        if np.isclose(value, nearest, rtol=self.rtol, atol=1e-12):
            return Answer("mistake", self.wrong[nearest], f"{nearest:.4g}")
        if value in (float(f"{self.answer:.{digits}g}") for digits in (2, 3)):
            return Answer("mistake", f"{value:.4g} is right as far as it goes: give more digits.")
        if value * self.answer < 0:
            return Answer("mistake", f"Not this one: {value:.4g} has the wrong sign.")
        return Answer("mistake", f"Not this one: {value:.4g} is too {'large' if value > self.answer else 'small'}.")

    @property
    def shown(self):
        """The number as text."""
        return f"{self.answer:.4g}"


@dataclass(frozen=True)
class Lines(Judged):
    """Lines of code to put in order; a learner gives their numbers, counted from 1. Some lines may be left out."""

    wanted = "a list of line numbers"
    lines: list
    orders: list
    mistakes: dict
    hints: tuple
    why: str

    def _verdict(self, order):
        if isinstance(order, set | frozenset) and order:
            return Answer("error", f"This should be {self.wanted}: a set keeps no order, so write square brackets.")
        try:
            order = () if order is None or order is Ellipsis else tuple(map(index, order))
        except TypeError:
            return Answer("error", f"This should be {self.wanted}, such as [2, 1, 3], got {repr(order)[:60]}.")
        if not order:
            return Answer(NOT_WRITTEN, "Put the line numbers in, then run this cell again.")
        if not set(order) <= set(range(1, len(self.lines) + 1)):
            return Answer("error", f"Lines are numbered from 1 to {len(self.lines)}, got {list(order)}.")
        if len(set(order)) < len(order):
            return Answer("error", f"A line stands there twice: {list(order)}.")
        if order in map(tuple, self.orders):
            return Answer(CORRECT, self.why)
        if order in self.mistakes:
            return Answer("mistake", self.mistakes[order], " ".join(map(str, order)))
        right = max(_common(order, good) for good in self.orders)
        if right == len(order):
            return Answer("mistake", "So far it is right, but a line is missing.")
        said = ["Look", "The first is right; look"][right] if right < 2 else f"The first {right} are right; look"
        return Answer("mistake", f"{said} at place {right + 1}: line {order[right]}.")

    @property
    def shown(self):
        """The lines in a right order as text."""
        return "\n".join(self.lines[i - 1] for i in self.orders[0])


def _instead(value, array):
    """What it is that is no number, and how to make it one, where that is known."""
    if array.dtype.kind in "US":
        return ", which is a text: leave out the quotes, or make it a number with float(...)"
    if callable(value):
        return ", which is a function or a class: call it, with brackets after its name"
    if isinstance(value, tuple) and len(value) == 2:
        return ": a comma makes two numbers of one, so write a decimal point"
    return ""


def _common(order, good):
    """How many places from the start agree."""
    pairs = enumerate(zip(order, good, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(order), len(good)))
