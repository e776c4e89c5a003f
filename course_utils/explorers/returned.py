"""What a step of the learner's returned: what is wrong with it, in words."""

import numbers
from decimal import Decimal
from types import GeneratorType

import numpy as np

from course_utils.arguments import array_of

LEFT_OUT = {  # what is to be written otherwise, where a step returned one of these
    "<genexpr>": "; [ ] around it in place of ( ) makes a list",
    "generator": "; write return in place of yield",
    "coroutine": "; leave out async",
}


def wrong(new, pair, velocity, w):
    """What is wrong with what a step returned, one thing or a `pair`, the second maybe a velocity; "" if nothing is."""
    two = f"it must return two things, (w, {'v' if velocity else 'state'}), but"
    if new is None:
        return "it returned None; is its `return` missing?"
    stacked = isinstance(new, np.ndarray) and new.shape == (2, *w.shape)  # np.array([w, v])
    if pair and not (stacked or (isinstance(new, tuple | list) and len(new) == 2)):
        return f"{two} returned {_kind(new)}"
    point = new[0] if pair else new
    array = array_of(point)
    if not _real(array):
        first = array_of(point[0]) if isinstance(point, tuple | list) and point else array
        alone = "; return w alone" if first is not array and first.shape == w.shape else ""
        return f"the new w must be real numbers, but is {_kind(point)}{alone}"
    if pair and array.shape != w.shape == array_of(new).shape:
        return f"{two} {_kind(new)} looks like w alone"
    if array.shape != w.shape:
        return f"the new w must have shape {w.shape}, but has {array.shape}{_why(point, array.shape, w.shape, pair)}"
    if np.ma.is_masked(point) or (velocity and np.ma.is_masked(new[1])):
        return "it returned a masked array, whose masked entries are no numbers"
    v = array_of(new[1]) if velocity else array
    if not _real(v):
        return f"the new v must be real numbers, but is {_kind(new[1])}"
    return "" if v.shape == w.shape else f"the new v must have shape {w.shape}, but has {v.shape}"


def swapped(new, w, g, lr, beta):
    """That a step from rest returned (v, w): with that v one comes to that w, and not the other way round; or ""."""
    first, second = map(array_of, new)
    if not (_real(second) and first.shape == second.shape == w.shape):
        return ""
    first, second = first.astype(float), second.astype(float)
    if _leads(second, first, w, g, lr, beta) or not _leads(first, second, w, g, lr, beta):
        return ""
    return " Its two results stand in the wrong order: the new w comes first."


def _leads(v, to, w, g, lr, beta):
    """Whether a step with the velocity v leads there, in one of the ways to write momentum, Nesterov's too."""
    steps = (-lr * v, v, -lr * (g + beta * v), beta * v - lr * g)
    return any(np.allclose(w + step, to, rtol=1e-6, atol=1e-9 * abs(w).max()) for step in steps)


def _why(point, shape, wanted, pair):
    """What may have given the new w another shape, after a semicolon; "" where it is not known."""
    listed = isinstance(point, tuple | list)
    if listed and shape == (1, *wanted):
        return "; leave out the comma at its end, or the brackets around it"
    if not listed and shape == 2 * wanted:
        return "; a column in it makes a table, and so does more than w alone"
    return "; return w alone" if not pair and shape == (2, *wanted) else ""


def _real(array):
    """Whether its entries are real numbers; as objects they may be anything."""
    if array.dtype.kind == "O":
        return all(isinstance(entry, numbers.Real | Decimal) for entry in array.flat)
    return array.dtype.kind in "iuf"


def _kind(value):
    """What something is, in words; of a tuple or a list also what is in it."""
    name, array = type(value).__name__, array_of(value)
    told = f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
    if isinstance(value, tuple | list):
        held = " and ".join(dict.fromkeys(type(entry).__name__ for entry in value))
        return f"{told} of {len(value)} ({held or 'nothing'})"
    is_array = array.ndim or isinstance(value, np.ndarray)
    if is_array:
        return f"an array of shape {array.shape} and of type {array.dtype}"
    return told + ("; call it, with brackets after its name" if callable(value) else LEFT_OUT.get(_written(value), ""))


def _written(value):
    """The name of its type; that of its code for a generator which is an expression."""
    name = value.__name__ if isinstance(value, GeneratorType) else ""
    return name if name == "<genexpr>" else type(value).__name__
