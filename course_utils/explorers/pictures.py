"""Figures laid out, drawn and packed in little time: the first picture of an explorer waits for all three."""

import struct
import zlib
from contextlib import contextmanager

import matplotlib
import numpy as np
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.transforms import Bbox
from PIL import Image

from course_utils import plots
from course_utils.explorers.artists import PIXELS
from course_utils.explorers.ticks import one_tick_for_all

DPI = 2 * PIXELS  # sharp on dense screens
STILL = 5 / 8  # of that, where no kernel runs


@contextmanager
def dense(fig):
    """The figure on a canvas for dense screens, which remembers the size of every text until it is let go."""
    canvas, dpi, fig.dpi = FigureCanvasAgg(fig), fig.dpi, DPI
    try:
        with one_tick_for_all(fig):
            yield canvas
    finally:
        fig.dpi = dpi
        FigureCanvasBase(fig)


def drawn(canvas):
    """The canvas' pixels, an array (rows, columns, 3), or (rows, columns) if they are all grey."""
    with matplotlib.rc_context(plots.STYLE):  # some ticks are made when drawn
        canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    grey = pixels[..., 0]
    return grey if all(np.array_equal(grey, pixels[..., color]) for color in (1, 2)) else pixels


def smaller(picture):
    """A dense picture, a Pillow image, at STILL of its size, for where no kernel runs."""
    return picture.resize([int(side * STILL) for side in picture.size], Image.Resampling.HAMMING)


def drawn_over(picture, fig, artists):
    """A dense picture, a Pillow image, made smaller, with Matplotlib's `artists` of `fig` on top."""
    picture, dpi, fig.dpi = smaller(picture), fig.dpi, DPI * STILL
    renderer = RendererAgg(*picture.size, fig.dpi)
    pixels = np.asarray(renderer.buffer_rgba())
    pixels[:] = picture.convert("RGBA")
    for artist in artists:
        artist.draw(renderer)
    fig.dpi = dpi
    return Image.fromarray(pixels).convert("RGB")


def png(pixels):
    """Pixels as PNG bytes; Pillow would try five filters on every row, which takes longer than all the rest."""
    rows, columns, *colors = pixels.shape
    head = struct.pack(">2I5B", columns, rows, 8, 2 if colors else 0, 0, 0, 0)
    filtered = np.insert(pixels.reshape(rows, -1), 0, 0, axis=1)  # each row begins with its filter, none
    chunks = (b"IHDR" + head, b"IDAT" + zlib.compress(filtered, 1), b"IEND")
    lengths = (struct.pack(">I", len(chunk) - 4) for chunk in chunks)
    sums = (struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(b"".join, zip(lengths, chunks, sums, strict=True)))


def lay_out(fig):
    """Place the axes on a dense canvas; from here on nothing may move them.

    An engine left in place, even the one called none, has each picture drawn twice.
    """
    fig.set_layout_engine("constrained")
    axes = [axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)]
    for axis in axes:
        axis.get_tightbbox = _measured_once(axis)
    fig.get_layout_engine().execute(fig)
    for axis in axes:
        del axis.get_tightbbox
    with matplotlib.rc_context({"figure.autolayout": False, "figure.constrained_layout.use": False}):
        fig.set_layout_engine(None)


def _measured_once(axis):
    """`axis.get_tightbbox` for a layout, which asks twice: the labels are measured again with other ticks only."""
    measure, box, around = axis.get_tightbbox, axis.axes.bbox, {}

    def get_tightbbox(renderer, **options):
        ticks = tuple(axis.get_majorticklocs())
        if ticks not in around:
            around[ticks] = Bbox.union([measure(renderer, **options) or box, box]).extents - box.extents
        return Bbox.from_extents(box.extents + around[ticks])

    return get_tightbbox
