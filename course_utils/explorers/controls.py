"""What an explorer is worked with and speaks through: sliders with marked values, and a status line.

Own front ends, since a slider of ipywidgets has no name that a screen reader could read out and no marks.
"""

import json
import math
from pathlib import Path

import numpy as np
import traitlets
from anywidget import AnyWidget

from course_utils.arguments import array_of, number, numbers
from course_utils.explorers.in_order import InOrder

HERE = Path(__file__).parent
STOPS = 200  # of a continuous slider


def program(*names):
    """The front end of a widget: the last of the files `names`, before it what it calls, and what all share."""
    style, *parts = ((HERE / name).read_text("utf-8") for name in ("controls.css", "page.js", *names))
    return "\n".join([f"const STYLE = {json.dumps(style)};", *parts])


class Moved(InOrder):
    """A control whose trait `value` is moved in the page, by moves.js.

    ipywidgets' own way has one change under way at a time, and sends each back as an echo.
    """

    def __init__(self, **traits):
        super().__init__(**traits)
        self.on_msg(self._move)

    def _move(self, _, message, buffers):
        if "move" not in message:
            return
        try:
            self.set_state({"value": message["move"]})
        finally:  # whatever an observer does, the next move is waiting for it
            self.send({"moved": message["from"], "value": self.value})


class Slider(Moved):
    """`value` is one of `stops` (ascending), or, if `typing` is allowed, any number between the first and the last.

    A first value between two stops becomes a stop. While it is `disabled` it shows its value and cannot be moved in
    the page.
    """

    _esm = program("telling.js", "moves.js", "entered.js", "slider.js")
    name = traitlets.Unicode().tag(sync=True)
    stops = traitlets.List(traitlets.Float()).tag(sync=True)
    value = traitlets.CFloat().tag(sync=True, echo_update=False)  # also of NumPy's numbers
    typing = traitlets.Bool(False).tag(sync=True)
    marks = traitlets.List().tag(sync=True)
    disabled = traitlets.Bool(False).tag(sync=True)

    def __init__(self, name, stops, value, typing=False):
        super().__init__(name=name, stops=ascending(name, stops), typing=typing)
        first = self.on_scale(value)
        if not typing:
            near = [stop for stop in self.stops if math.isclose(stop, first, rel_tol=1e-9, abs_tol=1e-12)]
            self.stops = self.stops if near else sorted([*self.stops, first])
        self.value = first

    def on_scale(self, value):
        """`value` as a float; ValueError unless it lies between the first stop and the last."""
        return between(self.name, value, self.stops)

    @traitlets.validate("value")
    def _within(self, proposal):
        if not math.isfinite(proposal.value):
            return self.value
        inside = min(max(proposal.value, self.stops[0]), self.stops[-1]) + 0.0  # not -0
        return inside if self.typing else min(self.stops, key=lambda stop: abs(stop - inside))

    def mark(self, values):
        """Show {label: value} as ticks under the slider; what lies off the scale is left out."""
        found = array_of(list(values.values())) if isinstance(values, dict) else array_of(None)
        if found.ndim != 1 or found.dtype.kind not in "iuf":
            raise ValueError(f"marks must be numbers by their labels, such as {{'limit': 0.2}}, got {values!r}")
        places = np.interp(found, self.stops, np.linspace(0, 1, len(self.stops)))
        self.marks = [
            {"label": label, "share": float(share)}
            for label, value, share in zip(values, found, places, strict=True)
            if self.stops[0] <= value <= self.stops[-1]
        ]


def ascending(name, stops, least=1):
    """The stops as floats; ValueError unless they ascend and there are `least` or more, one or two."""
    found = np.atleast_1d(numbers(f"stops of {name}", list(stops) if np.iterable(stops) else stops))
    if found.ndim != 1 or len(found) < least or not (np.diff(found) > 0).all():
        many = {1: "one", 2: "two"}[least]
        raise ValueError(f"stops of {name} must be {many} or more ascending numbers, got {stops!r}")
    return found.tolist()


def between(name, value, stops):
    """`value` as a float; ValueError unless it lies between the first stop and the last."""
    low, high = stops[0], stops[-1]
    return number(name, value, f"{low:.3g} to {high:.3g}", lambda x: (x >= low) & (x <= high))


def log_stops(low, high):
    """STOPS + 1 values from low to high, or fewer, evenly spaced on a log scale, rounded to three digits inside."""
    inner = {float(f"{x:.3g}") for x in np.geomspace(low, high, STOPS + 1)[1:-1]}
    return [low, *sorted(x for x in inner if low < x < high), high]


class Status(InOrder):
    """One line of text, seen at once and read out by screen readers when it has been quiet for half a second."""

    _esm = program("letters.js", "saying.js", "telling.js", "status.js")
    stays = True
    text = traitlets.Unicode().tag(sync=True)
    letters = traitlets.Unicode().tag(sync=True)  # keys that choose an answer, in the same course-ask
    asked = traitlets.Unicode().tag(sync=True)  # the question there, which names that group


def display_metadata(widget):
    """What must stand beside a display that has an anywidget in it: in Colab, where its program comes from."""
    return AnyWidget._repr_mimebundle_(widget)[1]
