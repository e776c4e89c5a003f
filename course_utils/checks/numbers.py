"""What a learner's function gave, as arrays that can be compared: nests of numbers, whatever they are made of."""

from contextlib import suppress
from decimal import Decimal
from itertools import islice
from numbers import Real

import numpy as np

RTOL, ATOL = 1e-4, 1e-6  # float32 passes, and no mistake comes as near
MOST = 100_000  # entries taken of an iterator
ARRAYS = "Cells that calculate with it need arrays: return np.array(...) of a list, np.array(list(...)) of an iterator."
TUPLE = "Cells that calculate with it take it apart by number: return them all at once, with commas, not with `yield`."
NUMBER = (
    "Cells that calculate with it need one number by itself: return no list or tuple (a comma at the end makes one), "
    "no array of one entry, no iterator (`yield` makes one) and no Decimal."
)


class NotNumbers(Exception):
    """Something that is neither numbers nor a nest of them; the text says what."""


def numbers(value, whole=False):
    """`value` as a float array (`whole`: whole numbers as such), or, if ragged, as a tuple of what its entries are."""
    if hasattr(value, "__next__"):
        value = list(islice(value, MOST))
    try:
        array = np.array(value)
    except ValueError:  # ragged
        return tuple(numbers(entry, whole) for entry in value)
    if array.dtype == np.float16:
        raise NotNumbers("float16, which keeps three digits: too few to compare")
    if array.dtype.kind in "biuf":
        return array if whole and array.dtype.kind in "iu" else array.astype(float)
    if array.dtype == object:
        if not any(entry is None or isinstance(entry, str) for entry in array.flat):  # float(None) would be nan
            with suppress(TypeError, ValueError):
                return array.astype(float)
        if isinstance(value, np.ndarray) and array.ndim:
            return numbers(list(value), whole)
        if isinstance(value, list | tuple):
            return tuple(numbers(entry, whole) for entry in value)
    if array.ndim == 0 and callable(value):
        raise NotNumbers(f"{type(value).__name__}: call it, with brackets after its name")
    raise NotNumbers(f"{type(value).__name__} {str(value)[:60]!r}")


def same(a, b):
    """Whether two nests agree up to rounding, whatever the shape of a single number or of nothing."""
    if isinstance(a, tuple) or isinstance(b, tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if a.size == b.size <= 1:
        a, b = a.ravel(), b.ravel()
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=RTOL, atol=ATOL, equal_nan=True))


def distance(a, b):
    """From 0 (equal) to 1 (nothing in common, or another shape)."""
    if isinstance(a, tuple) or isinstance(b, tuple):
        if type(a) is not type(b) or len(a) != len(b):
            return 1.0
        return float(np.mean([distance(x, y) for x, y in zip(a, b, strict=True)])) if a else 0.0
    if a.shape != b.shape or not (np.isfinite(a).all() and np.isfinite(b).all()):
        return 0.0 if same(a, b) else 1.0
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return float(np.linalg.norm(a - b) / size) if size else 0.0


def apart(some, got, where, right):
    """The mean distance between the observations of these cases; inf if `some` is wrong where `got` is right."""
    return np.inf if any(map(_part_ways, right, got, some)) else np.mean([distance(some[i], got[i]) for i in where])


def _part_ways(right, got, some):
    """Whether there is a part in which `got` is right and `some` is not."""
    if isinstance(right, tuple) and right:
        return any(map(_part_ways, right, got, some))
    return same(right, got) and not same(right, some)


def flat(nest):
    """All numbers of a nest in one row."""
    return np.concatenate([flat(n) for n in nest]) if isinstance(nest, tuple) and nest else np.ravel(nest)


def equal(a, b):
    """Whether two arrays, or lists of them, are the same but for the rounding of what was added and taken back."""
    if isinstance(a, list):
        return len(a) == len(b) and all(map(equal, a, b))
    rounded = np.asarray(a).dtype.kind == np.asarray(b).dtype.kind == "f" and np.shape(a) == np.shape(b)
    return np.array_equal(a, b) or (rounded and np.allclose(a, b, rtol=1e-12, atol=1e-12))


def unusable(expected, got):
    """What is said where `got`, or an entry of it, is right but of a kind that cells cannot calculate with; else ""."""
    iterator = hasattr(got, "__next__")
    if isinstance(expected, tuple):
        if iterator:
            return TUPLE
        return next(filter(None, map(unusable, expected, got)), "") if isinstance(got, list | tuple) else ""
    if isinstance(expected, Real):
        return NUMBER if iterator or np.ndim(got) or isinstance(got, Decimal) else ""
    return ARRAYS if isinstance(expected, np.ndarray) and (iterator or isinstance(got, list | tuple)) else ""


def factor(expected, got):
    """How many times `expected` a flat array is, if it is a multiple of it, and not 0."""
    if expected.shape != got.shape:
        return None
    times = expected @ got / (expected @ expected or 1)
    return times if abs(times) > ATOL and same(times * expected, got) else None


def multiple(times):
    """What is said of an answer that is `times` what it should be."""
    if abs(times - 1) < 0.01:
        return f"It is nearly right, {100 * abs(times - 1):.1g} % off. Is a constant rounded, or something small added?"
    return f"It is exactly {times:.4g} times what it should be."


def shape(nest):
    """The shape in words."""
    if isinstance(nest, tuple):
        return "a list of " + ", ".join(map(shape, nest[:4])) + (" ..." if len(nest) > 4 else "")
    return f"shape {nest.shape}" if nest.ndim else "a number"


def kind(value):
    """What a value is, in words: its shape, or what else."""
    try:
        return shape(numbers(value))
    except NotNumbers as error:
        return str(error)


def words(nest):
    """The numbers, shortened, on one line."""
    if isinstance(nest, tuple):
        return "(" + ", ".join(map(words, nest[:4])) + (", ...)" if len(nest) > 4 else ")")
    text = np.array2string(nest, precision=4, threshold=24, edgeitems=3, suppress_small=False)
    return " ".join(text.split()) if nest.ndim else text.removesuffix(".")


def compared(expected, got):
    """Both in words, and the row at which they part."""
    row = parting(expected, got)
    where = "" if row is None else f", first different at [{row}]"
    return f"expected {words(expected)}, got {words(got)}{where}"


def parting(expected, got):
    """The first row at which two arrays of several rows part; None if there is none, or one of them has no rows."""
    if isinstance(expected, tuple) or isinstance(got, tuple) or min(expected.ndim, got.ndim) < 1:
        return None
    rows = min(len(expected), len(got))
    return next((t for t in range(rows) if not same(expected[t], got[t])), None)
