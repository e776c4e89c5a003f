"""Words drawn as Matplotlib's Agg draws them, to the last pixel; FreeType is asked for each of them once.

Matplotlib has every word of every figure measured and shaped again, which takes longer than to put it on the picture.
"""

from functools import partial
from types import SimpleNamespace

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.textpath import TextToPath

TEXTS = 1_000  # measured, drawn or outlined, that are remembered: of some kilobytes each

_known = {}  # what the renderers of all figures have found


class Renderer(RendererAgg):
    """Asks FreeType for the size of a text, and for its letters in one place, once for all figures."""

    def __init__(self, width, height, dpi):
        super().__init__(width, height, dpi)
        self._text2path = _Outlines()
        self._key = height, dpi, _fonts()

    def get_text_width_height_descent(self, s, prop, ismath):
        measure = partial(super().get_text_width_height_descent, s, prop, ismath)
        return measure() if ismath else _once(("size", s, prop.copy(), *self._key), measure)

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        """Put the letters there; formulas are left to Matplotlib."""
        draw = super().draw_text
        if ismath:
            return draw(gc, x, y, s, prop, angle, ismath, mtext)
        more = [str(getattr(mtext, f"get_{name}", str)()) for name in ("fontfeatures", "language")]
        key = ("letters", s, prop.copy(), x, y, angle, gc.get_antialiased(), *more, *self._key)
        for letters, *place in _once(key, lambda: self._letters(draw, gc, x, y, s, prop, angle, ismath, mtext)):
            self._renderer.draw_text_image(letters, *place, gc)

    def _letters(self, draw, *arguments):
        """[(pixels, x, y, angle)] that `draw` would put on the picture."""
        letters, own = [], self._renderer
        self._renderer = SimpleNamespace(
            draw_text_image=lambda pixels, x, y, angle, gc: letters.append((np.array(pixels), x, y, angle))
        )
        try:
            draw(*arguments)
        finally:
            self._renderer = own
        return letters


class _Outlines(TextToPath):
    """The outlines of a text with a halo, found once for all figures."""

    def get_text_path(self, prop, s, ismath=False, **more):
        find = partial(super().get_text_path, prop, s, ismath, **more)
        if ismath:
            return find()
        return _once(("outlines", s, prop.copy(), str(more), _fonts()), lambda: [*map(np.array, find())])


def _fonts():
    """What the look of a text hangs on besides its own properties."""
    return str([matplotlib.rcParams[name] for name in matplotlib.rcParams if name.startswith(("font.", "text."))])


def _once(key, find):
    if (found := _known.get(key)) is None:
        if len(_known) >= TEXTS:
            _known.clear()
        found = _known[key] = find()
    return found
