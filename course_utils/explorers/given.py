"""What a live figure is given, data and styles, checked before anything changes: errors name what is wrong."""

import datetime
import math

import ipywidgets as widgets
import numpy as np
from matplotlib import colors
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_utils.arguments import array_of, number


def figure(fig, alt):
    """ValueError unless these are a figure with axes, and words."""
    if not isinstance(fig, Figure) or not fig.axes:
        got = "one without axes" if isinstance(fig, Figure) else f"{fig!r:.60}"
        raise ValueError(f"fig must be a Matplotlib figure with axes, such as panels(1) makes, got {got}")
    if not isinstance(alt, str):
        raise ValueError(f"alt must be the picture in words, got {alt!r:.60}")


def axes(ax):
    """The axes; ValueError unless they are Matplotlib's."""
    if not isinstance(ax, Axes):
        raise ValueError(f"ax must be Matplotlib axes, such as panels(1) makes, got {ax!r:.60}")
    return ax


def color(given):
    """A color as the page knows it, "#RRGGBB", with two digits more if it is not opaque; ValueError if it is none."""
    if not colors.is_color_like(given):
        raise ValueError(f'color must be one that Matplotlib knows, such as "#0072B2", got {given!r:.60}')
    return colors.to_hex(given, keep_alpha=colors.to_rgba(given)[3] < 1).upper()


def controls(given):
    """ValueError unless these are widgets."""
    for control in given:
        if not isinstance(control, widgets.Widget):
            raise ValueError(f"controls must be widgets, such as a Slider, got {control!r:.60}")


def parted(name, parts, data):
    """`data`, which must have a value for each of the `parts`."""
    sized = np.iterable(data) and hasattr(data, "__len__")
    if not sized or len(data) != len(parts):
        got = f"{len(data)} values" if sized else f"{data!r:.60}"
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
        array = values if isinstance(values, np.ma.MaskedArray) else np.asarray(values)
        if array.dtype.kind not in "biufO":
            raise TypeError
        array = np.ma.filled(array.astype(float, copy=False), np.nan)
    except OverflowError:
        raise ValueError(f"{name} must be numbers below 1.8e308 in size, as floats are; use logarithms") from None
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers, got {values!r:.60}{_instead(values)}") from None
    if array.size > max(array.shape, default=1):
        raise ValueError(f"{name} must be one row of numbers, got an array of shape {array.shape}")
    return array.ravel()


def _instead(given):
    """What to give in place of a zip, a map or another iterator, of dates, and of categories."""
    if hasattr(given, "__next__"):
        return ": give arrays or lists"
    values = array_of(given)
    dates = values.dtype.kind == "M" or any(isinstance(value, datetime.date) for value in values.flat)
    if dates:
        return ": give dates as matplotlib.dates.date2num has them"
    return ": the categories of an axis stand at 0, 1, 2 and so on" if values.ndim and values.dtype.kind == "U" else ""
