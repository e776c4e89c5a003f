"""A Matplotlib figure drawn once, with lines, points, bands and words on top that move: only these are sent, as SVG."""

import base64
import html
import io

import anywidget
import matplotlib
import numpy as np
import traitlets
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from course_utils import plots
from course_utils.explorers.artists import PIXELS, Band, Line, Text
from course_utils.explorers.controls import program

DPI = 2 * PIXELS  # sharp on dense screens


class LiveFigure(anywidget.AnyWidget):
    """`fig` as a still background, and what was added with `line`, `points`, `band` and `text` moves with `move`:

        fig, ax = plots.panels(1)
        ax.set(xlim=(0, 6), ylim=(-1, 1))
        figure = LiveFigure(fig, "A wave.")
        figure.line("wave", ax, "#0072B2")
        figure.move("A wave of frequency 2.", wave=(x, np.sin(2 * x)))

    Axes limits are frozen when the figure is made; what lies outside is cut off, what cannot be seen is thinned.
    """

    _esm = program("saying.js", "live_figure.js")
    background = traitlets.Unicode().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int().tag(sync=True)
    height = traitlets.Int().tag(sync=True)
    lines = traitlets.Unicode().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)

    def __init__(self, fig, alt):
        for ax in fig.axes:
            ax.set_autoscale_on(False)
        self.fig, self._artists = fig, {}
        _lay_out(fig)
        self._picture = plots.png(fig, DPI, compress_level=1)  # sent once, and not kept in the notebook
        FigureCanvasBase(fig)  # lets go of the pixels
        width, height = (fig.get_size_inches() * PIXELS).round().astype(int).tolist()
        super().__init__(background=base64.b64encode(self._picture).decode(), alt=alt, width=width, height=height)

    def line(self, name, ax, color, width=2.0, dots=False, dashes=""):
        """Add a line, moved with (x, y); dots also marks every point."""
        self._artists[name] = Line(ax, color, width, 6 if dots else 0, dashes)

    def points(self, name, ax, color, size=8.0):
        """Add points that no line joins, moved with (x, y)."""
        self._artists[name] = Line(ax, color, 0, size, "")

    def band(self, name, ax, color):
        """Add the area between two curves, moved with (x, low, high)."""
        self._artists[name] = Band(ax, color)

    def text(self, name, ax, color):
        """Add words at a point, moved with (x, y, "words")."""
        self._artists[name] = Text(ax, color)

    def move(self, description, **data):
        """Give what was added new data, name=(x, y), and show it; `description` is the picture in words,
        which stand below it.

        A single number among arrays stands for all points: floor=([0, 60], 0.05). What is left out stays.
        """
        for name, parts in data.items():
            if name not in self._artists:
                raise ValueError(f"nothing here is called {name!r}; there are {', '.join(self._artists) or 'none'}")
            self._artists[name].take(name, parts)
        with self.hold_sync():  # both in one message
            self.lines = "".join(artist.drawn for artist in self._artists.values())
            self.words = description

    @property
    def svg(self):
        """The moving lines as last shown."""
        named = f'role="img" aria-label="{html.escape(self.words)}"'
        return f'<svg {named} viewBox="0 0 {self.width} {self.height}">{self.lines}</svg>'

    def still(self):
        """Background and lines as a Pillow image; only the lines are drawn anew, which takes a tenth of the time."""
        image = Image.open(io.BytesIO(self._picture)).convert("RGBA")
        dpi, self.fig.dpi = self.fig.dpi, DPI
        renderer = FigureCanvasAgg(self.fig).get_renderer()
        for part in (part for artist in self._artists.values() for part in artist.still()):
            part.draw(renderer)
            part.remove()
        self.fig.dpi = dpi
        return Image.alpha_composite(image, Image.fromarray(np.array(renderer.buffer_rgba()))).convert("RGB")

    def still_png(self):
        """The same as PNG, for where no kernel runs."""
        return packed(self.still())


def packed(image):
    """A picture drawn for dense screens as PNG, at five eighths of its size."""
    file = io.BytesIO()
    smaller = image.resize((image.width * 5 // 8, image.height * 5 // 8), Image.Resampling.HAMMING)
    smaller.save(file, "PNG", compress_level=3)  # the first picture waits for this
    return file.getvalue()


def _lay_out(fig):
    """Place the axes as for a picture of DPI; from here on nothing may move them.

    The first picture waits for this: an engine left in place, even the one called none, has each picture drawn twice,
    and without a canvas of its own the figure forgets the size of every text from one picture to the next.
    """
    FigureCanvasAgg(fig)
    fig.set_layout_engine("constrained")
    dpi, fig.dpi = fig.dpi, DPI
    fig.get_layout_engine().execute(fig)
    fig.dpi = dpi
    with matplotlib.rc_context({"figure.autolayout": False, "figure.constrained_layout.use": False}):
        fig.set_layout_engine(None)
