"""Axes drawn with one tick in every place: Matplotlib makes six objects for each, which is slower than to draw them."""

from contextlib import contextmanager

from matplotlib.axis import XAxis, YAxis


@contextmanager
def one_tick_for_all(fig):
    """Meanwhile each axis of the figure draws all its ticks with the first; a text is measured once in each place.

    Not an axis of another kind, nor one that has several ticks already: some of them can look unlike the first.
    """
    plain = [axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis) if _is_plain(axis)]
    for axis in plain:
        axis.get_major_ticks = _places(axis.majorTicks[0], axis.get_majorticklocs)
        axis.get_minor_ticks = _places(axis.minorTicks[0], axis.get_minorticklocs)
    try:
        yield
    finally:
        for axis in plain:
            del axis.get_major_ticks, axis.get_minor_ticks


def _is_plain(axis):
    return type(axis) in (XAxis, YAxis) and len(axis.majorTicks) == len(axis.minorTicks) == 1


def _places(tick, locations):
    extents = {}

    def get_ticks(count=None):
        return [_Place(tick, extents) for _ in range(len(locations()) if count is None else count)]

    return get_ticks


class _Place:
    """What an axis asks of a tick in one place, asked of the tick that all places share."""

    def __init__(self, tick, extents):
        self._tick, self._loc = tick, None
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


class _Label:
    """The text of a place; everything else is asked of the text that all places share."""

    def __init__(self, place, shared, extents):
        self.place, self.shared, self.words, self._extents = place, shared, "", extents

    def set_text(self, words):
        self.words = words

    def get_window_extent(self, renderer):
        self.place.put()
        spot = (*self.shared.get_transform().transform(self.shared.get_position()), self.words, self.shared)
        if spot not in self._extents:
            self._extents[spot] = self.shared.get_window_extent(renderer)
        return self._extents[spot]

    def __getattr__(self, name):
        return getattr(self.place.put() and self.shared, name)
