"""What moves in a live figure: each holds its data, and draws them as SVG or with Matplotlib."""

import html
import math
from dataclasses import dataclass

import numpy as np
from matplotlib import colors, patheffects
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import Affine2D

from course_utils.explorers import given, svg

PIXELS = 96  # CSS pixels per inch of the figure
POINTS = 72 / PIXELS  # Matplotlib's unit of widths and sizes


@dataclass
class Artist:
    """Something drawn in `ax`; a subclass says of which `parts` its data consist."""

    ax: Axes
    color: str

    def __post_init__(self):
        if given.axes(self.ax).name == "3d" or (self.ax.name == "polar" and "low" in self.parts):
            kind = type(self).__name__.lower()
            raise ValueError(f"a live {kind} is drawn on axes of x and y, got {self.ax.name} axes")
        self.color = given.color(self.color)
        self.height = round(self.ax.get_figure(root=True).get_figheight() * PIXELS)
        left, bottom, right, top = self.ax.bbox.extents * PIXELS / self.ax.figure.dpi
        self.box = left, self.height - top, right, self.height - bottom
        self.data = (np.empty(0),) * len(self.parts)
        self.coarse, self.drawn = 1, ""

    def checked(self, name, data):
        """New data, parts of equal length or single numbers, as arrays; ValueError if they are not that."""
        return given.arrays(name, self.parts, given.parted(name, self.parts, data))

    def take(self, data):
        """Take new data that are `checked`, and draw them as SVG."""
        self.data, self.coarse = data, 1
        self._draw()

    def coarser(self, times):
        """Draw the same in about so many times fewer bytes."""
        before = len(self.drawn)
        self.coarse = math.ceil(self.coarse * times**2.5)  # twice as coarse is not half as long
        self._draw()
        if len(self.drawn) > 0.97 * before:  # its strokes are short: only larger squares leave some out
            self.coarse = (self.coarse // svg.LONG + 1) * svg.LONG
            self._draw()

    def _draw(self):
        left, top, right, bottom = self.box
        place = f'x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}"'
        view = f'viewBox="{left:.1f} {top:.1f} {right - left:.1f} {bottom - top:.1f}"'
        body = self.svg()
        self.drawn = f'<svg {place} {view} style="overflow:hidden">{body}</svg>' if body else ""

    def pixels(self, x, y, gone=np.nan):
        """Data to CSS pixels (n, 2) from the upper left; `gone` stands for y = -inf and, on a log axis, y <= 0.

        It is meant for an axis that grows upwards, and is turned round on one that grows downwards.
        """
        with np.errstate(all="ignore"):
            x = np.where((x > 0) | (self.ax.get_xscale() != "log"), x, np.nan)
            drawable = np.isfinite(y) & ((y > 0) | (self.ax.get_yscale() != "log"))
            points = self.ax.transData.transform(np.column_stack([x, np.where(drawable, y, 1)]))
            points[self._off_round_axes(points)] = np.nan
            points = points * [1, -1] * PIXELS / self.ax.figure.dpi + [0, self.height]
        beyond = np.where(np.isnan(y), np.nan, np.where(y == np.inf, -np.inf, gone))
        points[~drawable, 1] = beyond[~drawable] * (-1 if self.ax.yaxis_inverted() else 1)
        return points

    def _off_round_axes(self, points):
        """Which points (n, 2), in Matplotlib's pixels, lie outside axes that are no rectangle, such as polar ones."""
        patch, middle = self.ax.patch, np.mean(self.ax.bbox.get_points(), 0)
        if isinstance(patch, Rectangle):
            return np.zeros(len(points), bool)
        edge = patch.get_transform().transform_path(patch.get_path())
        nearer = (
            middle + (points - middle) * 0.995 + 0.05
        )  # what lies on the edge, or in the hole of no size, is inside
        return ~edge.contains_points(nearer)

    @property
    def from_pixels(self):
        """The transform from CSS pixels to Matplotlib's."""
        return Affine2D().scale(1 / PIXELS, -1 / PIXELS).translate(0, self.height / PIXELS) + (
            self.ax.figure.dpi_scale_trans
        )


@dataclass
class Line(Artist):
    """A polyline of some width, and a dot of some size on every point; 0 is none."""

    width: float
    dot: float
    dashes: str
    parts = ("x", "y")

    def __post_init__(self):
        super().__post_init__()
        given.styled(width=self.width, size=self.dot)
        given.dashed(self.dashes)

    def visible(self):
        """The stroke and the dots in pixels, either of them maybe empty."""
        points = self.pixels(*self.data)
        points = np.where(np.isfinite(points).all(1, keepdims=True), points, np.nan)
        dots = svg.dots(points, self.box, self.dot, self.coarse) if self.dot else svg.NONE
        if self.coarse > 1:
            points = self._finest  # which covers all that is to be seen, with far fewer strokes
        stroke = svg.stroke(points, self.box, dots, self.coarse) if self.width and len(points) else svg.NONE
        if self.coarse == 1:
            self._finest = stroke
        return stroke, dots

    def svg(self):
        """What is visible, as SVG; an empty string if nothing is."""
        stroke, dots = self.visible()
        drawn = ""
        if len(stroke):
            data, parts = svg.path(stroke)
            dashes = " ".join(f"{float(length) * parts:g}" for length in self.dashes.split())
            style = f'stroke-width="{self.width * parts:g}"' + (f' stroke-dasharray="{dashes}"' if dashes else "")
            drawn += f'<path d="{data}" transform="scale({1 / parts})" fill="none" {style}/>'
        if len(dots):
            data = svg.path_of_dots(dots, self.dot, self.coarse)
            drawn += f'<path d="{data}" stroke-width="{self.dot}" stroke-linecap="round"/>'
        return drawn and f'<g stroke="{self.color}" stroke-linejoin="round">{drawn}</g>'

    def still(self):
        """What is visible, as artists added to the axes."""
        stroke, dots = self.visible()
        style = {"color": self.color, "transform": self.from_pixels}
        line = {"linewidth": self.width * POINTS, "linestyle": "--" if self.dashes else "-"}
        size = {"markersize": self.dot * POINTS, "marker": "o", "linestyle": "", "markeredgewidth": 0}
        lines = (Line2D(*points.T, **style, **kind) for points, kind in ((stroke, line), (dots, size)))
        return [self.ax.add_artist(line) for line in lines]


@dataclass
class Band(Artist):
    """The area between two curves."""

    parts = ("x", "low", "high")

    def visible(self):
        """The outline in pixels."""
        x, low, high = self.data
        below, above = self.pixels(x, low, np.inf), self.pixels(x, high, np.inf)
        return svg.area(below[:, 0], below[:, 1], above[:, 1], self.box)

    def svg(self):
        """What is visible, as SVG; an empty string if nothing is."""
        data, parts = svg.path(self.visible())
        return data and f'<path d="{data}" transform="scale({1 / parts})" fill="{self.color}" fill-opacity="0.25"/>'

    def still(self):
        """What is visible, as artists added to the axes."""
        outline = self.visible()
        parts = np.split(outline, np.flatnonzero(np.isnan(outline[:, 0])))
        opacity = 0.25 * colors.to_rgba(self.color)[3]  # as in the page
        style = {"color": self.color, "alpha": opacity, "linewidth": 0, "transform": self.from_pixels}
        return [self.ax.fill(*part[np.isfinite(part[:, 0])].T, **style)[0] for part in parts if len(part)]


@dataclass
class Text(Artist):
    """Words at a point, on that side of it which has more room; none where the point is outside."""

    parts = ("x", "y", "words")

    def checked(self, name, data):
        """A point as arrays (1,) or (0,), and its words; ValueError if they are not that."""
        *place, words = given.parted(name, self.parts, data)
        x, y = given.arrays(name, self.parts[:2], place)
        return x[:1], y[:1], str(words)

    @property
    def place(self):
        """(x, y) in pixels and whether the words end there, or None where there is nothing to see."""
        x, y, words = self.data
        left, top, right, bottom = self.box
        for a, b in self.pixels(x, y).tolist() if len(words) else ():
            if left - 0.5 <= a <= right + 0.5 and top - 0.5 <= b <= bottom + 0.5:  # what lies on the edge is inside
                return a, b, a > (left + right) / 2
        return None

    def svg(self):
        """What is visible, as SVG; an empty string if nothing is."""
        if self.place is None:
            return ""
        a, b, ends = self.place
        style = f'fill="{self.color}" stroke="#fff" stroke-width="3" paint-order="stroke" font-size="13"'
        where = f'x="{a + (-6 if ends else 6):.1f}" y="{max(b - 6, self.box[1] + 14):.1f}"'
        anchor = ' font-family="sans-serif"' + (' text-anchor="end"' if ends else "")
        return f"<text {where} {style}{anchor}>{html.escape(self.data[2])}</text>"

    def still(self):
        """What is visible, as artists added to the axes."""
        if self.place is None:
            return []
        _, _, ends = self.place
        shift, side = (-6 * POINTS, "right") if ends else (6 * POINTS, "left")
        where = {"xy": (self.data[0][0], self.data[1][0]), "xytext": (shift, 6 * POINTS), "ha": side}
        where["parse_math"] = False  # as in the page
        where["path_effects"] = [patheffects.withStroke(linewidth=3 * POINTS, foreground="white")]
        return [self.ax.annotate(self.data[2], textcoords="offset points", color=self.color, fontsize=10, **where)]
