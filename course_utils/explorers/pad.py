"""A handle on a picture: two numbers are chosen at once, with the mouse, by touch, with the keyboard or by typing."""

import base64
import io

import numpy as np
import traitlets
from PIL import Image, ImageDraw

from course_utils import plots
from course_utils.explorers import given
from course_utils.explorers.artist import PIXELS
from course_utils.explorers.controls import Moved, ascending, between, program
from course_utils.explorers.pictures import background, png

HANDLE = 9  # radius, as in controls.css


class Pad(Moved):
    """`value` is a pair, across and up on `ax`, whose figure is drawn once as the pad's picture.

    names   of the two numbers
    stops   of each, ascending: the handle rests on these only; with `typing`, fields take any number between the ends

    Both numbers are one trait, so that a move is one message and one change, never half of it.
    """

    _esm = program("telling.js", "moves.js", "entered.js", "pad.js")
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    stops = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    places = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    value = traitlets.Tuple(traitlets.Float(), traitlets.Float()).tag(sync=True, echo_update=False)
    typing = traitlets.Bool(False).tag(sync=True)
    disabled = traitlets.Bool(False).tag(sync=True)
    picture = traitlets.Unicode().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int().tag(sync=True)

    def __init__(self, ax, names, stops, value, typing=False):
        stops = _scales(names, stops)
        first, fig = _pair(names, value, stops), _flat(ax).get_figure(root=True)
        pixels = background(fig)
        fig.set_layout_engine("none")  # from here on nothing may move the axes
        self._dense = Image.fromarray(pixels)
        width, self.height = (fig.get_size_inches() * PIXELS).round().astype(int).tolist()
        picture = {"picture": base64.b64encode(png(pixels)).decode(), "words": plots.describe(fig), "width": width}
        scales = {"names": list(names), "stops": stops, "places": _places(ax, names, stops)}
        super().__init__(**picture, **scales, value=first, typing=typing)

    @traitlets.validate("value")
    def _within(self, proposal):
        if not np.isfinite(proposal.value).all():
            return self.value
        pairs = zip(proposal.value, self.stops, strict=True)
        if self.typing:
            return tuple(min(max(x, stops[0]), stops[-1]) for x, stops in pairs)
        return tuple(stops[np.abs(np.subtract(stops, x)).argmin()] for x, stops in pairs)

    def on_scale(self, value):
        """`value` as a pair of floats; ValueError unless each lies between its first stop and its last."""
        return _pair(self.names, value, self.stops)

    def still(self):
        """The picture with the handle on it, as a Pillow image, for where no kernel runs."""
        dense = self._dense or Image.open(io.BytesIO(base64.b64decode(self.picture)))
        self._dense, image = None, dense.convert("RGB")  # 3 MB, which the trait has packed
        scale = image.width / self.width
        x, y = map(np.interp, self.value, self.stops, self.places)
        at, radius = np.array([x * image.width, y * image.height]), HANDLE * scale
        for color, size in (
            ("black", radius + scale),
            ("white", radius),
            (plots.COLORS["momentum"], radius - 2 * scale),
        ):
            ImageDraw.Draw(image).ellipse([*(at - size), *(at + size)], fill=color)
        return image


def _scales(names, stops):
    """The stops of two named numbers as lists of floats; ValueError if they are anything else."""
    if not isinstance(names, tuple | list) or [type(name) for name in names] != [str, str]:
        raise ValueError(f'names must be two, such as ("lr", "beta"), got {names!r:.60}')
    stops = list(stops) if np.iterable(stops) else stops
    if not isinstance(stops, list) or len(stops) != 2:
        raise ValueError(f"stops must be two lists, of {names[0]} and of {names[1]}, got {stops!r:.60}")
    return [ascending(name, values, 2) for name, values in zip(names, stops, strict=True)]


def _pair(names, value, stops):
    """`value` as a pair of floats; ValueError unless it is one, each between its first stop and its last."""
    pair = tuple(value) if np.iterable(value) else ()
    if len(pair) != len(names):
        first = ", ".join(f"{values[0]:.3g}" for values in stops)
        raise ValueError(f"{' and '.join(names)} must be two numbers, such as ({first}), got {value!r}")
    return tuple(map(between, names, pair, stops))


def _flat(ax):
    """The axes; ValueError unless they are of x and y."""
    if given.axes(ax).name != "rectilinear":
        raise ValueError(f"a pad is drawn on axes of x and y, got {ax.name} axes")
    return ax


def _places(ax, names, stops):
    """Shares of the picture's width from the left, of its height from above; ValueError if a stop is outside."""
    ends = [np.full(len(values), ends[0]) for values, ends in zip(stops, (ax.get_xlim(), ax.get_ylim()), strict=True)]
    x = ax.transData.transform(np.column_stack([stops[0], np.full(len(stops[0]), ends[1][0])]))[:, 0]
    y = ax.transData.transform(np.column_stack([np.full(len(stops[1]), ends[0][0]), stops[1]]))[:, 1]
    width, height = ax.get_figure(root=True).bbox.size
    places = x / width, 1 - y / height
    for name, values, place in zip(names, stops, places, strict=True):
        inside = (place > -1e-9) & (place < 1 + 1e-9)  # not where it is nan
        if not inside.all():
            where = f"{np.array(values)[~inside][0]:g} is outside: choose other stops, or set the axes' limits first"
            raise ValueError(f"stops of {name} must lie in the picture, but {where}")
    return [place.tolist() for place in places]
