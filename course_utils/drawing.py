"""Figures drawn as Matplotlib draws them, to the last pixel, in half its time: every picture waits for it.

Matplotlib makes six objects for each tick, which takes longer than to draw them; here an axis puts one tick in every
place. It looks for its ticks anew whenever a label or spine asks where they are; here once for each size. Words of an
earlier figure are known (rendering.py). And a figure is drawn once, not twice.
"""

from contextlib import contextmanager

import matplotlib
import numpy as np
from matplotlib.axis import XAxis, YAxis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from course_utils.rendering import Renderer

STYLE = {
    "font.size": 11,
    "axes.titlesize": 12,
    **dict.fromkeys(("axes.spines.top", "axes.spines.right"), False),
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "axes.axisbelow": True,
    "lines.linewidth": 2,
    "figure.facecolor": "white",  # stays readable in a dark theme, and in a dark style of Matplotlib
    "axes.facecolor": "white",
    **dict.fromkeys(("axes.edgecolor", "axes.labelcolor", "text.color", "xtick.color", "ytick.color"), "black"),
    "axes.prop_cycle": matplotlib.cycler(color=["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]),
}
NO_LAYOUT = {"figure.autolayout": False, "figure.constrained_layout.use": False}  # what no engine means


class Styled(Figure):
    """A figure in the course's style, of which it has also what Matplotlib makes only as it draws, some ticks."""


def drawn(fig, dpi):
    """The figure's pixels (rows, columns, 4), laid out and drawn at `dpi`; one that is not `Styled` keeps its style."""
    engine, own_dpi, own_canvas, fig.dpi = fig.get_layout_engine(), fig.dpi, fig.canvas, dpi
    canvas, style = _Canvas(fig), STYLE if isinstance(fig, Styled) else {}
    with one_tick_for_all(fig), matplotlib.rc_context(style | NO_LAYOUT):
        try:
            if engine:
                engine.execute(fig)
                fig.set_layout_engine(None)  # left in place, it would be executed again
            canvas.draw()
        finally:
            fig.set_layout_engine(engine)
            fig.dpi = own_dpi
            fig.set_canvas(own_canvas)  # the new one remembers the size of every text
    return canvas.pixels()


@contextmanager
def one_tick_for_all(fig):
    """Meanwhile each axis of the figure draws all its ticks with the first, and measures each text once.

    Not an axis of another kind, nor one that has several ticks already: some of them can look unlike the first.
    """
    plain = [axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis) if _is_plain(axis)]
    own, found = [(axis.majorTicks, axis.minorTicks) for axis in plain], {}
    for axis, (major, minor) in zip(plain, own, strict=True):
        axis.majorTicks, axis.get_major_ticks = _places(*major, axis.get_majorticklocs)
        axis.minorTicks, axis.get_minor_ticks = _places(*minor, axis.get_minorticklocs)
        axis._update_ticks, axis._get_ticklabel_bboxes = _found_once(axis, found)
    try:
        yield
    finally:
        for axis, (major, minor) in zip(plain, own, strict=True):
            axis.majorTicks, axis.minorTicks = major, minor
            del axis.get_major_ticks, axis.get_minor_ticks, axis._update_ticks, axis._get_ticklabel_bboxes


def _is_plain(axis):
    return type(axis) in (XAxis, YAxis) and len(axis.majorTicks) == len(axis.minorTicks) == 1


def _found_once(axis, found):
    """An axis' methods that give its ticks and their labels' boxes: found anew only when the axes have moved.

    found   of all axes: {locators and formatters: (axis and place, ticks, {renderer: boxes})}. Axes that share a scale
            share these, and a formatter knows only the ticks that it was last asked for.
    """
    find, measure = axis._update_ticks, axis._get_ticklabel_bboxes

    def last():
        place = axis, *(box.get_points().tobytes() for box in (axis.axes.viewLim, axis.axes.bbox))
        if axis.major not in found or found[axis.major][0] != place:
            found[axis.major] = place, find(), {}
        return found[axis.major]

    def boxes(ticks, renderer):
        _, known, measured = last()
        if ticks is not known:
            return measure(ticks, renderer)
        if renderer not in measured:
            measured[renderer] = measure(ticks, renderer)
        return measured[renderer]

    return lambda: last()[1], boxes


def _places(tick, locations):
    """An axis' list of ticks and its method that lengthens and gives it, with places for ticks."""
    extents = {}
    places = [_Place(tick, extents)]

    def get_ticks(count=None):
        count = len(locations()) if count is None else count
        places.extend(_Place(tick, extents) for _ in range(count - len(places)))
        return places[:count]

    return places, get_ticks


class _Place:
    """A tick of an axis in one place, drawn with the tick that all places share, of which all else is asked."""

    def __init__(self, tick, extents):
        self._tick, self._loc = tick, tick.get_loc()
        self.label1, self.label2 = (_Label(self, getattr(tick, name), extents) for name in ("label1", "label2"))

    def update_position(self, loc):
        self._loc = loc

    def get_loc(self):
        return self._loc

    def put(self):
        """The shared tick, in this place."""
        self._tick.update_position(self._loc)
        for label in (self.label1, self.label2):
            label.shared.set_text(label.words)
        return self._tick

    def draw(self, renderer):
        self.put().draw(renderer)

    def __getattr__(self, name):
        return getattr(self._tick, name)


class _Label:
    """The text of a place; everything else is asked of the text that all places share."""

    def __init__(self, place, shared, extents):
        self.place, self.shared, self.words, self._extents = place, shared, "", extents

    def set_text(self, words):
        self.words = words

    def get_window_extent(self, renderer):
        self.place.put()
        x, y = self.shared.get_transform().transform(self.shared.get_position())
        if (self.shared, self.words) not in self._extents:
            self._extents[self.shared, self.words] = self.shared.get_window_extent(renderer).translated(-x, -y)
        return self._extents[self.shared, self.words].translated(x, y)

    def __getattr__(self, name):
        self.place.put()
        return getattr(self.shared, name)


class _Canvas(FigureCanvasAgg):
    """A canvas for one drawing, by a renderer that knows the words of earlier ones."""

    def __init__(self, fig):
        super().__init__(fig)
        self._renderer = Renderer(*self.get_width_height(physical=True), fig.dpi)

    def get_renderer(self):
        return self._renderer

    def pixels(self):
        """What was drawn; the figure's texts keep the renderer, which is made anew so that they do not keep this."""
        pixels = np.asarray(self.buffer_rgba())
        self._renderer.__init__(1, 1, self._renderer.dpi)
        return pixels
