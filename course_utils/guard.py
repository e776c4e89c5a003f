"""Run somebody else's function and survive it: errors, exits, endless loops, floods of print, a patched NumPy.

Only a loop in C that lets nothing else run, such as sum(range(10**9)), holds until it ends.
"""

import itertools
import linecache
import os
import re
import threading
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType

import numpy as np

from course_utils.originals import originals, sendable, shallow
from course_utils.threads import GRACE, Stopped, TimeIsUp, in_thread

_LIBRARIES = (str(Path(np.__file__).parents[1]), str(Path(os.__file__).parent), str(Path(__file__).parent))
_INSTALLED = {"site-packages", "dist-packages"}  # a user's, a system's: NumPy need not lie in the only one
NOTHING = "; None is what a function without `return` gives back, as rng.shuffle and list.append do"
_NO_ARRAY = "; a list or a text is no array, np.array(...) makes one of a list"
_NOT_CALLED = "; a function gives a number only when it is called, as in grad(w)"
HINTS = {  # what errors of Python and NumPy do not say, by a part of theirs
    "bitwise_xor": "; a power is written **, not ^",
    "for ^:": "; a power is written **, not ^",
    "does not have enough dimensions": "; @ takes no single number, * does",
    "for @:": "; @ takes no single number, * does",
    "can't multiply sequence by non-int": _NO_ARRAY,
    "can only concatenate list": _NO_ARRAY,
    "and 'list'": _NO_ARRAY,
    ": 'list' and": _NO_ARRAY,
    "and 'function'": _NOT_CALLED,
    "and 'method'": _NOT_CALLED,
    "and 'builtin_function_or_method'": _NOT_CALLED,
    ": 'function' and": _NOT_CALLED,
    "'numpy.ndarray' object is not callable": "; an entry is taken with [ ], and a product needs its *",
    "'float' object is not callable": "; a product needs its *, also before a bracket",
    "'int' object is not iterable": "; range(...) counts up to a number",
    "'list' object cannot be interpreted as an integer": "; range(...) takes a number; `for x in a_list` needs none",
    "'numpy.ndarray' object has no attribute 'append'": "; a list has it: begin with [w], make an array at the end",
    "'numpy.ndarray' object has no attribute": "; exp, log, tanh and others are NumPy's: np.exp(a), not a.exp()",
    "list indices must be integers": "; `for x in a_list` gives its entries, not their places",
    "inhomogeneous": "; its entries have unequal lengths, or some of them none",
    "could not be broadcast": "; * and + go entry by entry: shapes must agree from the right; @ is the matrix product",
    "mismatch in its core dimension": "; in A @ B, A has as many columns as B has rows, and A.T is A turned over",
    "only integers, slices": "; an index is a whole number, as j in range(len(w)), not an entry of w",
    "used as indices must be of integer": "; row numbers are whole numbers, as rng.permutation(n) draws them",
    "slice indices must be integers": "; / makes a fraction, // a whole number",
    "only integer scalar arrays": "; an array stands where one whole number is needed: in a slice, or as an axis",
    "truth value of an array": "; `if`, `while` and max take one number, such as np.linalg.norm(w)",
    "is out of bounds for axis": "; indices begin at 0, so the last one is the size minus 1",
    "where it is not associated with a value": "; give it a first value, before the loop or `if` that changes it",
    "low >= high": "; how many to draw is said by name, as rng.integers(n, size=...)",
    "converted to Python scalars": "; float(...) and the functions of math take one number, NumPy's take arrays",
}
LONGEST = 120  # characters of a line of code that is told
_MISNAMED = re.compile("_+init_+|__int__")
_one_at_a_time = threading.RLock()  # stdout and the patches belong to the whole process


@dataclass(frozen=True)
class Outcome:
    """What a function returned; or in one line why it did not, at which line of its author's; and what it printed.

    `late` is whether its time was over, `replaced` names what it put in the place of NumPy's, Python's or ours.
    """

    value: object = None
    failed: str = ""
    printed: str = ""
    late: bool = False
    replaced: tuple = ()


def call(function, *args, seconds=10.0):
    """The Outcome of function(*args), given at most so many seconds. Arguments are handed over as they are."""
    with _one_at_a_time, originals() as printed, shallow():
        value, error = in_thread(function, args, seconds)
        printed.mend()  # before anything else is called
        failed = "" if error is None else _described(error, seconds)
    return Outcome(value, failed, printed.text, type(error) is TimeIsUp, printed.replaced)


def describe(error, seconds=10.0):
    """An exception in one line, with the last line of its author's that was running."""
    kind = type(error)  # isinstance() would ask it for a `__class__` of its author's
    if issubclass(kind, Stopped):
        return "you stopped it" + _raised_at(error)
    if issubclass(kind, TimeIsUp):
        return f"it did not end within {seconds:g} s" + _raised_at(error)
    if issubclass(kind, RecursionError):
        return "it calls itself without end" + _raised_at(error)
    if where := unwritten(error):
        return f"it is not written yet{where}"
    try:
        told = sendable(" ".join(str(error).split())[:200]).rstrip(".")  # the sentence is its reader's
    except KeyboardInterrupt:
        raise
    except BaseException:
        told = ""
    return _name(error) + (f": {told}{_hint(told) or _of_the_object(error)}" if told else "") + _raised_at(error)


def _hint(told):
    """What the message of an error leaves to be known, if that is known here; else ""."""
    if "'NoneType'" in told and "callable" not in told:  # a name that was set to None is called
        return NOTHING
    return next((hint for part, hint in HINTS.items() if part in told), "")


def _of_the_object(error):
    """What is said of the object that lacks an attribute."""
    return never_begun(type(error.obj)) if type(error) is AttributeError and hasattr(error, "obj") else ""


def never_begun(owner):
    """That the __init__ of a class has a name that Python never calls, after a semicolon; "" if it has not."""
    if owner.__init__ is not object.__init__:
        return ""
    written = [name for it in owner.__mro__ for name, value in vars(it).items() if type(value) is FunctionType]
    return next((f"; {name} is never called, write __init__" for name in written if _MISNAMED.fullmatch(name)), "")


def unwritten(error):
    """' (line 3: raise NotImplementedError)', where the author of a function raises that; '' of any other error."""
    walked = _walked(error) if issubclass(type(error), NotImplementedError) else []
    return place(walked[:1]) if walked else ""


def _described(error, seconds):
    """`describe`, which calls its author's `__str__`, in a thread too; without that if it does not end."""
    told, failed = in_thread(describe, (error, seconds), 2 * GRACE)
    return told if failed is None else _name(error) + _raised_at(error)


def _name(error):
    """The name of its class, of which no metaclass of its author's is asked."""
    return sendable(" ".join(type.__dict__["__name__"].__get__(type(error)).split())[:100])


def is_library(file):
    """Whether a file is Python's, an installed package's or ours, or no file at all."""
    return file.startswith((*_LIBRARIES, "<")) or file.endswith(".pyx") or not _INSTALLED.isdisjoint(Path(file).parts)


def place(lines):
    """' (line 3: w = x)' of the first (file, number) that is neither a library's nor ours; '' if there is none."""
    for file, number in lines:
        if not is_library(file):
            source = linecache.getline(file, number).strip()
            source = source if len(source) <= LONGEST else source[: LONGEST - 1] + "…"
            return f" (line {number}: {source})" if source else f" (line {number})"
    return ""


def _raised_at(error):
    """The place of the last frame that is the author's."""
    return place(error.left_at if issubclass(type(error), TimeIsUp) and error.left_at else _walked(error))


def _walked(error):
    """(file, line) of the frames that an error has left, of the first 5,000, the last one first."""
    walked = itertools.islice(traceback.walk_tb(BaseException.__traceback__.__get__(error)), 5000)
    return [(frame.f_code.co_filename, number) for frame, number in walked][::-1]
