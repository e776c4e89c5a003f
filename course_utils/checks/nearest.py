"""What is said of a wrong answer that has the numbers of no known mistake, also from what its code shows."""

import dis
import inspect
from types import CodeType

import numpy as np

from course_utils.arguments import array_of, misordered
from course_utils.checks.numbers import apart, factor, flat, multiple, same, shape

NOT_FINITE = "Some of what it returns is no finite number (nan or inf)."
NEARER = 0.8  # a mistake is told only if it is that much nearer to the answer than what is right


def nearest(expected, got, tried, returns, look):
    """(name or None, advice), given the numbers of every case and `tried`, [(mistake, its numbers)].

    `returns` is in words what it should return, `look` what to do if nothing is like it.
    """
    pairs = zip(expected, got, strict=True)
    if other := [(shape(e), shape(g)) for e, g in pairs if shape(e) != shape(g) and not same(e, g)]:
        right = "The numbers are right, their shape is not. " * same(flat(tuple(expected)), flat(tuple(got)))
        return None, f"{right}It should return {returns or '{}; it returned {}'.format(*other[0])}."
    finite = [i for i, g in enumerate(got) if np.isfinite(flat(g)).all()]
    if all(same(expected[i], got[i]) for i in finite):
        return None, NOT_FINITE
    if (times := factor(flat(tuple(expected)), flat(tuple(got)))) is not None:
        return None, multiple(times)
    if rounded := _rounded(flat(tuple(expected)), flat(tuple(got))):
        return None, rounded
    for mistake, numbers in tried:
        times = factor(flat(tuple(numbers)), flat(tuple(got)))
        if times is not None and abs(times - 1) > 0.01:
            name = mistake.name if abs(times + 1) < 0.01 else None  # other factors may have another cause
            return name, f"It gives {times:.4g} times what this mistake gives: {mistake.advice}"
    near = [(apart(numbers, got, finite, expected), m.advice) for m, numbers in tried if not m.exact]
    if near and min(near)[0] < NEARER * apart(expected, got, finite, expected):
        seen = "None of the known mistakes alone." if len(finite) == len(got) else NOT_FINITE
        return None, f"{seen} Nearest comes this one, which need not be yours: {min(near)[1]}"
    return None, f"{'This is none of the known mistakes.' if len(finite) == len(got) else NOT_FINITE} {look}"


def _rounded(expected, got):
    """What is said of an answer that is right but for its last decimals, or for all of them; "" of any other."""
    for decimals in range(5):
        if got.any() and np.allclose(got, expected.round(decimals), rtol=0, atol=1e-9):
            kept = f"{decimals} decimal{'s' * (decimals > 1)}" if decimals else "whole numbers"
            return f"It is right, but rounded to {kept}: return it as it is calculated."
    if got.any() and np.array_equal(got, np.trunc(expected)):
        return "It is right, but cut off to whole numbers. Does int(...), or an array of whole numbers, do that?"
    return ""


def unused(function, solution):
    """A note that names the arguments a function leaves unread though the solution needs them; none if it has none."""
    pairs = zip(_arguments(function), _arguments(solution), strict=False)
    names = [name for (name, read), (_, needed) in pairs if needed and not read]
    return (f"It does not use {' and '.join(names)}.",) if names else ()


def reordered(function, solution):
    """A note that a function takes other arguments, or in another order, than are handed over; none if it does not."""
    names, wanted = ([name for name, _ in _arguments(it)] for it in (function, solution))
    if told := misordered(names, wanted):
        return (f"It {told}",)
    fixed = names and not function.__defaults__ and not function.__code__.co_flags & inspect.CO_VARARGS
    return (f"It is called with ({', '.join(wanted)}).",) if fixed and len(names) != len(wanted) else ()


def truths(got):
    """A note that what a function returned are no numbers but True and False, which are compared as 1 and 0."""
    arrays = [array_of(part) for part in (got if isinstance(got, tuple) else (got,))]
    told = "It returned True and False, which are compared as 1 and 0: is there a >, < or == in it?"
    return (told,) if any(array.dtype.kind == "b" for array in arrays) else ()


def stub(function):
    """Whether the function does nothing but return None."""
    code = getattr(function, "__code__", None)
    return code is not None and len(code.co_code) <= 8


def _arguments(function):
    """[(name, whether it is read)] of what a function takes by position; [] where the code does not show it."""
    code = getattr(function, "__code__", None)
    if type(code) is not CodeType or {"eval", "exec", "locals", "vars"} & {*code.co_names}:
        return []
    steps = [step for step in dis.get_instructions(code) if "LOAD" in step.opname and step.opname != "LOAD_CONST"]
    loaded = [step.argval if isinstance(step.argval, tuple) else (step.argval,) for step in steps]  # of two at once
    read = {name for names in loaded for name in names}
    return [(name, name in read) for name in code.co_varnames[: code.co_argcount]]
