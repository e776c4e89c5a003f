"""Backgrounds and stills packed in little time: the first picture of an explorer waits for both."""

import io
import struct
import sys
import warnings
import zlib

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_hex
from PIL import Image

from course_utils.drawing import drawn
from course_utils.explorers.artist import PIXELS

DPI = 2 * PIXELS  # sharp on dense screens
STILL = 5 / 8  # of that, where no kernel runs
ENOUGH = 0.97  # of the pixels: the others have the most similar of the colours
SHADES = np.rint(np.rint(np.arange(256) / 255 * 31) / 31 * 255).astype(int)  # of each red, green and blue: 32


def background(fig):
    """The figure for dense screens, an array (rows, columns, 3), or (rows, columns) if it is all grey.

    One that lets see through lies on the colour that figures now have, so that its words can be read, and on white.

    One of pyplot's is closed there: Jupyter would show it once more, and it would stay open.
    """
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(fig)
    pixels = drawn(fig, DPI)
    picture = Image.fromarray(pixels)
    if pixels[..., 3].min() < 255:  # without it, what is half there would be there in full
        paper = to_hex(matplotlib.rcParams["figure.facecolor"], keep_alpha=True)
        white, paper = (Image.new("RGBA", picture.size, color) for color in ("white", paper))
        picture = Image.alpha_composite(Image.alpha_composite(white, paper), picture)
    pixels = np.asarray(picture.convert("RGB"))  # a slice would take longer, here and later
    grey = pixels[..., 0]
    return grey if all(np.array_equal(grey, pixels[..., color]) for color in (1, 2)) else pixels


def filling(pixels, width, height):
    """A background with two pixels for each of the page's, the last ones twice; stretched, it would be blurred there.

    Matplotlib leaves out what is less than a pixel, above and to the right.
    """
    rows, columns, *_ = pixels.shape
    edges = (2 * height - rows, 0), (0, 2 * width - columns), (0, 0)
    return np.pad(pixels, edges[: pixels.ndim], mode="edge")


def smaller(picture):
    """A dense picture, a Pillow image, at STILL of its size, for where no kernel runs."""
    return picture.resize([int(side * STILL) for side in picture.size], Image.Resampling.HAMMING)


def drawn_over(picture, fig, artists):
    """A picture of that smaller size, a Pillow image, with Matplotlib's `artists` of `fig` on top."""
    dpi, fig.dpi = fig.dpi, DPI * STILL
    renderer = RendererAgg(*picture.size, fig.dpi)
    pixels = np.asarray(renderer.buffer_rgba())
    pixels[:] = picture.convert("RGBA")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # the page has other fonts
        for artist in artists:
            artist.draw(renderer)
    fig.dpi = dpi
    return Image.fromarray(pixels).convert("RGB")


def small_png(picture):
    """A Pillow image as PNG bytes, a third as many, for a cell's output has them twice.

    In 256 of its colours, of each shade the most frequent one, unless these are too few, as of a photograph.
    """
    some = picture.resize((picture.width, picture.height // 2 + 1), Image.Resampling.NEAREST)  # saves time
    distinct, counts = np.unique(np.asarray(some.convert("RGBA")).view(np.uint32), return_counts=True)
    colors = distinct[:, None].view(np.uint8)[:, :3]
    order = np.argsort(-counts, kind="stable")
    counts, colors, shades = counts[order], colors[order], SHADES[colors[order]]
    _, first, shade = np.unique(shades @ [1, 256, 65536], return_index=True, return_inverse=True)
    shared = np.bincount(shade, counts)
    most = np.argsort(-shared, kind="stable")[:256]
    if shared[most].sum() < ENOUGH * shared.sum():
        return png(np.asarray(picture))
    palette, packed = Image.new("P", (1, 1)), io.BytesIO()
    palette.putpalette(shades[first[most]].ravel().tolist())
    few = picture.point(SHADES.tolist() * 3).quantize(palette=palette, dither=Image.Dither.NONE)
    few.putpalette(colors[first[most]].ravel().tolist())
    few.save(packed, "PNG", compress_level=1)
    return packed.getvalue()


def png(pixels):
    """Pixels as PNG bytes; Pillow would try five filters on every row, which takes longer than all the rest."""
    rows, columns, *colors = pixels.shape
    head = struct.pack(">2I5B", columns, rows, 8, 2 if colors else 0, 0, 0, 0)
    filtered = np.insert(pixels.reshape(rows, -1), 0, 0, axis=1)  # each row begins with its filter, none
    chunks = (b"IHDR" + head, b"IDAT" + zlib.compress(filtered, 1), b"IEND")
    lengths = (struct.pack(">I", len(chunk) - 4) for chunk in chunks)
    sums = (struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(b"".join, zip(lengths, chunks, sums, strict=True)))
