"""What an explorer is worked with and speaks through: sliders with marked values, and a status line.

Own front ends, since a slider of ipywidgets has no name that a screen reader could read out and no marks.
"""

import math
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from course_utils.arguments import numbers

HERE = Path(__file__).parent
STOPS = 200  # of a continuous slider


class Slider(anywidget.AnyWidget):
    """`value` is one of `stops` (ascending), or, if `typing` is allowed, any number between the first and the last.

    While it is `disabled` it shows its value and cannot be moved in the page.
    """

    _esm = HERE / "slider.js"
    _css = HERE / "controls.css"
    name = traitlets.Unicode().tag(sync=True)
    stops = traitlets.List(traitlets.Float()).tag(sync=True)
    value = traitlets.Float().tag(sync=True)
    typing = traitlets.Bool(False).tag(sync=True)
    marks = traitlets.List().tag(sync=True)
    disabled = traitlets.Bool(False).tag(sync=True)

    def __init__(self, name, stops, value, typing=False):
        super().__init__(name=name, stops=[float(s) for s in stops], typing=typing)
        low, high = self.stops[0], self.stops[-1]
        self.value = numbers(name, value, f"{low:.3g} to {high:.3g}", lambda x: (x >= low) & (x <= high))

    @traitlets.validate("value")
    def _within(self, proposal):
        if not math.isfinite(proposal.value):
            return self.value
        if self.typing:
            return min(max(proposal.value, self.stops[0]), self.stops[-1])
        return min(self.stops, key=lambda stop: abs(stop - proposal.value))

    def focus(self):
        """Move the keyboard's focus here, unless it is outside the explorer."""
        self.send({"focus": True})

    def mark(self, values):
        """Show {label: value} as ticks under the slider; what lies off the scale is left out."""
        places = np.interp(list(values.values()), self.stops, np.linspace(0, 1, len(self.stops)))
        self.marks = [
            {"label": label, "share": float(share)}
            for (label, value), share in zip(values.items(), places, strict=True)
            if self.stops[0] <= value <= self.stops[-1]
        ]


def log_stops(low, high):
    """STOPS + 1 values from low to high, evenly spaced on a log scale, rounded to three digits inside."""
    inner = [float(f"{x:.3g}") for x in np.geomspace(low, high, STOPS + 1)[1:-1]]
    return [low, *inner, high]


class Status(anywidget.AnyWidget):
    """One line of text, seen at once and read out by screen readers when it has been quiet for half a second."""

    _esm = HERE / "status.js"
    _css = HERE / "controls.css"
    text = traitlets.Unicode().tag(sync=True)

    @property
    def display_metadata(self):
        """What must stand beside a display that has this widget in it: in Colab, where its program comes from."""
        return self._repr_mimebundle_()[1]
