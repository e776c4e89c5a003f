"""A Matplotlib figure drawn once, with lines, points, bands and words on top that move: only these are sent, as SVG."""

import base64
import html

import anywidget
import numpy as np
import traitlets
from PIL import Image

from course_utils.explorers import given
from course_utils.explorers.artist import PIXELS
from course_utils.explorers.artists import Line, Text
from course_utils.explorers.band import Band
from course_utils.explorers.controls import program
from course_utils.explorers.pictured import Pictured, with_still
from course_utils.explorers.pictures import background, drawn_over, filling, png, small_png, smaller
from course_utils.explorers.placing import placed_by_hand
from course_utils.explorers.shown import Closing, show_once
from course_utils.guard import sendable

MOST = 18_000  # characters of moving lines: with words and envelope a move stays below 20 KB


class LiveFigure(Closing, anywidget.AnyWidget):
    """`fig` as a still background, and what was added with `line`, `points`, `band` and `text` moves with `move`:

        fig, ax = plots.panels(1)
        ax.set(xlim=(0, 6), ylim=(-1, 1))
        figure = LiveFigure(fig, "A wave.")
        figure.line("wave", ax, "#0072B2")
        figure.move("A wave of frequency 2.", wave=(x, np.sin(2 * x)))

    Axes limits are frozen when the figure is made; if they, the place of the axes or the figure's size are set anew,
    all is drawn and sent again with the next move. What lies outside is cut off, what cannot be seen is left out, and
    of a scribble or a cloud that takes more than MOST also some that can: where a scribble is full it is an area then,
    and the rest is drawn wider. A figure of pyplot is closed there, so that Jupyter shows it once.
    """

    _esm = program("saying.js", "live_figure.js")
    stays = True
    background = traitlets.Unicode().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int().tag(sync=True)
    height = traitlets.Int().tag(sync=True)
    lines = traitlets.Unicode().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)

    def __init__(self, fig, alt):
        given.figure(fig, alt)
        self.fig, self._artists = fig, {}
        if fig.get_layout_engine() is None and not placed_by_hand(fig):
            fig.set_layout_engine("constrained")
        self._engine = fig.get_layout_engine() or "none"
        super().__init__(alt=sendable(alt), **self._drawn())

    def _drawn(self):
        """The figure without what moves and its size, as the page has them; its axes are laid out when it has another.

        From here on nothing moves the axes and their limits but their owner.
        """
        width, height = (self.fig.get_size_inches() * PIXELS).round().astype(int).tolist()
        self.fig.set_layout_engine("none" if (width, height) == (self.width, self.height) else self._engine)
        pixels = background(self.fig)
        self.fig.set_layout_engine("none")
        self._dense, self._small = Image.fromarray(pixels), None
        for ax in _all_axes(self.fig.axes):
            ax.set_autoscale_on(False)
        self._places = _places(self.fig)
        picture = png(filling(pixels, width, height))
        return {"background": base64.b64encode(picture).decode(), "width": width, "height": height}

    def line(self, name, ax, color, width=2.0, dots=False, dashes=""):
        """Add a line, moved with (x, y); dots also marks every point."""
        self._add(name, Line(ax, color, width, 6 if dots else 0, dashes))

    def points(self, name, ax, color, size=8.0):
        """Add points that no line joins, moved with (x, y); translucent ones are of one shade where they overlap."""
        self._add(name, Line(ax, color, 0, size, ""))

    def band(self, name, ax, color):
        """Add the area between two curves, moved with (x, low, high)."""
        self._add(name, Band(ax, color))

    def text(self, name, ax, color):
        """Add words at a point, moved with (x, y, "words"), in the font that figures now have: font.family."""
        self._add(name, Text(ax, color))

    def _add(self, name, artist):
        if not isinstance(name, str):
            raise ValueError(f'the name must be a string, such as "wave" for move(..., wave=(x, y)), got {name!r:.60}')
        if artist.ax not in _all_axes(self.fig.axes):
            raise ValueError(f"{name} must be on axes of this live figure, got axes of another figure or removed ones")
        if name in self._artists:
            raise ValueError(f"something here is called {name!r} already: choose another name, or make the figure anew")
        self._artists[name] = artist

    def move(self, description, /, **data):
        """Give what was added new data, name=(x, y), and show it; `description` is the picture in words,
        which stand below it.

        A single number among arrays stands for all points: floor=([0, 60], 0.05). What is left out stays.
        """
        if unknown := [name for name in data if name not in self._artists]:
            raise ValueError(f"nothing here is called {unknown[0]!r}; there are {', '.join(self._artists) or 'none'}")
        there = _all_axes(self.fig.axes)
        if removed := [name for name, artist in self._artists.items() if artist.ax not in there]:
            raise ValueError(f"the axes of {removed[0]!r} were removed from the figure: make the live figure anew")
        if not isinstance(description, str):
            raise ValueError(f"the description must be the picture in words, got {description!r:.60}")
        checked = {name: self._artists[name].checked(name, parts) for name, parts in data.items()}
        with self.hold_sync():  # all in one message
            if _places(self.fig) != self._places:
                for trait, value in self._drawn().items():
                    setattr(self, trait, value)
                checked = {name: artist.data for name, artist in self._artists.items()} | checked
            for name, parts in checked.items():  # all or none: a move that is refused changes nothing
                self._artists[name].take(parts)
            self.lines = self._light()
            self.words = sendable(description)

    def _light(self, tries=20):
        """The lines as SVG; as long as there are more than MOST characters, the longest ones are drawn coarser."""
        drawn = [artist.drawn for artist in self._artists.values()]
        lines, longest = "".join(drawn), max(map(len, drawn), default=0)
        if len(lines) <= MOST or not tries:
            return lines
        for artist in self._artists.values():
            if len(artist.drawn) > longest / 4:
                artist.coarser(len(lines) / MOST)
        return self._light(tries - 1)

    @property
    def svg(self):
        """The moving lines as last shown."""
        named = f'role="img" aria-label="{html.escape(self.words)}"'
        return f'<svg {named} viewBox="0 0 {self.width} {self.height}">{self.lines}</svg>'

    @property
    def told(self):
        """The picture in words: what the last move said, before it the alt text."""
        return self.words or self.alt

    def under(self, *controls):
        """The figure under controls, shown together."""
        given.controls(controls)
        return Pictured(self, [*controls, self])

    def _repr_mimebundle_(self, **kwargs):
        """The widget, and for where no kernel runs a picture with the same words."""
        show_once(self)
        return with_still(self, self.told, super()._repr_mimebundle_(**kwargs)[0])

    def still(self):
        """Background and lines as a Pillow image for where no kernel runs; only the lines are drawn anew."""
        if _places(self.fig) != self._places:
            self.move(self.words)
        if self._small is None:
            self._small, self._dense = smaller(self._dense), None
        parts = [part for artist in self._artists.values() for part in artist.still()]
        image = drawn_over(self._small, self.fig, parts)
        for part in parts:
            part.remove()
        return image

    def still_png(self):
        """The same as PNG."""
        return small_png(self.still())


def _all_axes(axes):
    """Axes of a figure, and those that stand in them, such as insets."""
    return [inner for ax in axes for inner in (ax, *_all_axes([*ax.child_axes, *getattr(ax, "parasites", ())]))]


def _places(fig):
    """What the place of a point in the picture hangs on."""
    return fig.get_size_inches().tolist(), [_place(ax) for ax in _all_axes(fig.axes)]


def _place(ax):
    """That of axes: with its corners, one more point knows how a scale is bent."""
    limits = np.transpose([ax.get_xlim(), ax.get_ylim()])
    inside = ax.transData.transform(limits[0] + 0.3 * (limits[1] - limits[0]))
    corners = ax.get_position(original=True).extents
    aspects = ax.get_aspect(), ax.get_box_aspect()
    return (*limits.ravel().tolist(), ax.get_xscale(), ax.get_yscale(), *aspects, *corners, inside.tobytes())
