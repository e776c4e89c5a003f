"""What can be predicted: a number, one of several answers, a point in the picture; each read from text, and judged."""

import math
import re
from dataclasses import dataclass
from numbers import Real

import numpy as np

from course_utils.plots import number

LETTERS = "ABCDEFGH"
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)  # as in entered.js
NOT_ZERO = re.compile(r"[^e]*[1-9]", re.IGNORECASE)  # a number that is not 0, though it may be rounded to it
TWOFOLD = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}(e.*)?", re.IGNORECASE)  # to some 1,000 is 1, to others 1000


class Wrong(ValueError):
    """What was entered is no guess: `says` is {number of a field: what to enter there}."""

    def __init__(self, says):
        super().__init__(" ".join(says.values()))
        self.says = says


@dataclass(frozen=True)
class Number:
    """A number called `field`, from `low` to `high`; `tolerance` is how near counts as near."""

    field: str
    low: float
    high: float
    tolerance: float
    unit: str = ""

    @property
    def fields(self):
        """What its one field is called, with the unit if there is one."""
        return [f"{self.field}, in {self.unit}" if self.unit else self.field]

    def read(self, given):
        """The number in the one text; Wrong in words for the learner."""
        (text,), scale = texts(self, given), (self.field, self.low, self.high, self.unit)
        return _read([text.strip().removesuffix(self.unit)], [scale])[0]

    def show(self, value):
        """The value as text."""
        return number(value) + (f" {self.unit}" if self.unit else "")

    def verdict(self, guess, shown):
        """How far the prediction was from what the run showed, in a sentence."""
        if abs(guess - shown) <= self.tolerance + 1e-9:  # 0.88 - 0.85 is more than 0.03
            return "A near prediction."
        side = "more" if guess > shown else "less"
        return f"You predicted {self.show(abs(guess - shown))} {side} than the run showed."


@dataclass(frozen=True)
class OneOf:
    """One of several `answers`, each {"text", "feedback"}, one of them "correct"."""

    answers: list
    fields = ()  # buttons in their place

    def read(self, given):
        """The number of the answer whose letter is the one text; Wrong in words for the learner."""
        (letter,), letters = texts(self, given), LETTERS[: len(self.answers)]
        if len(letter) != 1 or letter not in letters:
            raise Wrong({0: f"Choose one of {', '.join(letters)}."})
        return letters.index(letter)

    def show(self, value):
        """An answer, or what a run showed in words, as text."""
        return value if isinstance(value, str) else f"{LETTERS[value]}. {self.answers[value]['text']}"

    def verdict(self, guess, shown):
        """Whether the answer is right, and its feedback."""
        answer = self.answers[guess]
        return f"{'Right' if answer.get('correct') else 'Not this one'}: {answer['feedback']}"


@dataclass(frozen=True)
class Point:
    """A point in `ax`, by click or as two numbers; `tolerance` is how near counts as near, one for both axes or a pair.

    On a log axis that is in decades.
    """

    ax: object
    tolerance: object

    def __post_init__(self):
        if not {self.ax.get_xscale(), self.ax.get_yscale()} <= {"linear", "log"}:
            raise ValueError("a point is predicted in linear or log axes only")

    @property
    def fields(self):
        """What the two fields are called: as the axes are."""
        return [self.ax.get_xlabel(), self.ax.get_ylabel()]

    def read(self, given):
        """The point (2,) in two texts; Wrong in words for the learner."""
        limits = map(sorted, (self.ax.get_xlim(), self.ax.get_ylim()))
        return np.array(
            _read(texts(self, given), [(field, *ends) for field, ends in zip(self.fields, limits, strict=True)])
        )

    def show(self, value):
        """The point as text."""
        return f"({', '.join(f'{x:.3g}' if log else number(x) for x, log in zip(value, logs(self.ax), strict=True))})"

    def fits(self, ax):
        """Whether a point of `ax` means the same as one here."""
        return ax is self.ax or _known(ax) == _known(self.ax)

    @np.errstate(all="ignore")  # a run that shows 0 is near to nothing on a log axis
    def near(self, guess, shown):
        """Whether two points are so near that one label must serve both."""
        even = [np.log10(point, where=logs(self.ax), out=np.array(point, float)) for point in (guess, shown)]
        return math.hypot(*((even[0] - even[1]) / self.tolerance)) <= 1

    def verdict(self, guess, shown):
        """How far the prediction was from what the run showed, in a sentence."""
        if self.near(guess, shown):
            return "A near prediction."
        away = "not" if any(logs(self.ax)) else f"{number(math.dist(guess, shown))} away from"
        return f"The place you predicted is {away} where the run was."


def texts(guess, given):
    """What was given for a guess, as a text for each of its fields; ValueError unless it is texts or numbers."""
    listed = [given] if isinstance(given, str | bytes | Real) or not np.iterable(given) else list(given)
    fields = list(guess.fields) or ["the letter of an answer"]
    if len(listed) != len(fields) or not all(isinstance(one, str | Real) for one in listed):
        raise ValueError(f"hand over {' and '.join(fields)} in a list of texts or numbers, got {given!r:.60}")
    return [str(one) for one in listed]


def _known(ax):
    """What a reader of axes goes by: names, limits and scales."""
    return ax.get_xlabel(), ax.get_ylabel(), ax.get_xlim(), ax.get_ylim(), logs(ax)


def logs(ax):
    """Which of the two axes are logarithmic."""
    return [ax.get_xscale() == "log", ax.get_yscale() == "log"]


def plane(ax):
    """Limits of axes, which of them are logarithmic, and their edges (left, top, right, bottom) as shares of the
    picture."""
    place = ax.get_position()
    limits = {"x": list(map(float, ax.get_xlim())), "y": list(map(float, ax.get_ylim())), "logs": logs(ax)}
    return {**limits, "box": [place.x0, 1 - place.y1, place.x1, 1 - place.y0]}


def _read(texts, scales):
    """The numbers in the texts, each as its scale (field, low, high, unit) has it; Wrong says which are none."""
    found, wrong = [], {}
    for i, (text, scale) in enumerate(zip(texts, scales, strict=True)):
        try:
            found.append(_number(text, *scale))
        except ValueError as error:
            wrong[i] = str(error)
    if wrong:
        raise Wrong(wrong)
    return found


def _number(text, field, low, high, unit=""):
    """The number from `low` to `high` in a text, with a point or a comma; ValueError that says what to enter."""
    entered = text.strip().replace("\N{MINUS SIGN}", "-")
    plain, twofold = entered.replace(",", "."), TWOFOLD.fullmatch(entered)
    known = NUMBER.fullmatch(plain)
    vanishes = known and float(plain) == 0 and NOT_ZERO.match(plain)
    if known and not twofold and not vanishes and low <= float(plain) <= high:
        return float(plain)
    got = f"not {text.strip()[:20]!r}" if plain else "the field is empty"
    how = ", written such as 0.25 or 2.5e-1" if not known and any(map(str.isnumeric, plain)) else ""
    how = ", without the comma, which may mean thousands" if twofold else how
    got += ", which is too near 0 to be told from it" if vanishes else ""
    raise ValueError(f"Enter {field} as a number from {low:g} to {high:g}{unit and ' ' + unit}{how}; {got}.")
