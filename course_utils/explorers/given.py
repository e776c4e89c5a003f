"""What a live figure is given, data and styles, checked before anything changes: errors name what is wrong."""

import math

import numpy as np

from course_utils.arguments import number


def parted(name, parts, data):
    """`data`, which must have a value for each of the `parts`."""
    if not hasattr(data, "__len__") or len(data) != len(parts):
        got = f"{len(data)} values" if hasattr(data, "__len__") else f"{data!r:.60}"
        raise ValueError(f"{name} takes ({', '.join(parts)}), got {got}{_instead(data)}")
    return data


def arrays(name, parts, data):
    """A float array for each of the `parts`, all of equal length; a single number stands for all."""
    found = [_floats(f"{name}, {part}", values) for part, values in zip(parts, data, strict=True)]
    try:
        return np.broadcast_arrays(*found)
    except ValueError:
        lengths = ", ".join(f"{part}: {len(values)}" for part, values in zip(parts, found, strict=True))
        raise ValueError(f"{name} takes {', '.join(parts)} of equal length, got {lengths}") from None


def styled(**sizes):
    """ValueError unless each is a number of at least 0."""
    for name, size in sizes.items():
        number(name, size, f"{name} >= 0", lambda x: x >= 0)


def dashed(dashes):
    """ValueError unless these are lengths in a string, of strokes and gaps in turn; none for a line without gaps."""
    try:
        lengths = [float(length) for length in dashes.split()]
    except (AttributeError, ValueError):
        lengths = [math.nan]
    if not all(0 <= length < math.inf for length in lengths):
        raise ValueError(f'dashes must be lengths of strokes and gaps, such as "6 4", got {dashes!r}')


def _floats(name, values):
    """Values as floats (n,), nan where an array is masked; ValueError unless they are real numbers."""
    try:
        array = values.astype(float).filled(np.nan) if isinstance(values, np.ma.MaskedArray) else np.asarray(values)
        if array.dtype.kind not in "biufO":
            raise TypeError
        return array.astype(float, copy=False).ravel()
    except OverflowError:
        raise ValueError(f"{name} must be numbers below 1.8e308 in size, as floats are; use logarithms") from None
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers, got {values!r:.60}{_instead(values)}") from None


def _instead(given):
    """What to give in place of a zip, a map or another iterator."""
    return ": give arrays or lists" if hasattr(given, "__next__") else ""
