"""What everything that moves in a live figure has in common: its axes in pixels, its data, and what is drawn of it."""

import math
import zlib
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
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
    least_coarse = 1  # more takes fewer bytes

    def __post_init__(self):
        self.round = not isinstance(given.axes(self.ax).patch, Rectangle)
        if self.ax.name == "3d" or (self.round and "low" in self.parts):
            kind = type(self).__name__.lower()
            raise ValueError(f"a live {kind} is drawn on axes of x and y, got {self.ax.name} axes")
        self.color = given.color(self.color)
        self.data = (np.empty(0),) * len(self.parts)
        self.coarse, self.wider, self.drawn = self.least_coarse, 1.0, ""

    @property
    def translucent(self):
        """Whether what lies below shows through."""
        return len(self.color) > len("#RRGGBB")

    @property
    def height(self):
        """That of the figure in CSS pixels."""
        return round(self.ax.get_figure(root=True).get_figheight() * PIXELS)

    @property
    def box(self):
        """Left, top, right and bottom of the axes in CSS pixels, where they stand now."""
        left, bottom, right, top = self.ax.bbox.extents * PIXELS / self.ax.figure.dpi
        return left, self.height - top, right, self.height - bottom

    def checked(self, name, data):
        """New data, parts of equal length or single numbers, as arrays; ValueError if they are not that."""
        return given.arrays(name, self.parts, given.parted(name, self.parts, data))

    def take(self, data):
        """Take new data that are `checked`, and draw them as SVG."""
        self.data, self.coarse, self.wider = data, self.least_coarse, 1.0
        self._draw()

    def coarser(self, times):
        """Draw the same in about so many times fewer bytes."""
        self.coarse = math.ceil(self.coarse * times)
        self._draw()

    def _draw(self):
        left, top, right, bottom = self.box
        place = f'x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}"'
        view = f'viewBox="{left:.1f} {top:.1f} {right - left:.1f} {bottom - top:.1f}"'
        body = self.svg()
        if body and self.round:
            body = self._cut_at_the_rim(body)
        self.drawn = f'<svg {place} {view} style="overflow:hidden">{body}</svg>' if body else ""

    def pixels(self, x, y, gone=np.nan):
        """Data to CSS pixels (n, 2) from the upper left; `gone` stands for y = -inf and, on a log axis, y <= 0.

        It is meant for an axis that grows upwards, and is turned round on one that grows downwards.
        """
        with np.errstate(all="ignore"):
            x = np.where((x > 0) | (self.ax.get_xscale() != "log"), x, np.nan)
            drawable = np.isfinite(y) & ((y > 0) | (self.ax.get_yscale() != "log"))
            points = self.ax.transData.transform(np.column_stack([x, np.where(drawable, y, 1)]))
            points = points * [1, -1] * PIXELS / self.ax.figure.dpi + [0, self.height]
        rest = y[~drawable]
        beyond = np.where(np.isnan(rest), np.nan, np.where(rest == np.inf, -np.inf, gone))
        points[~drawable, 1] = beyond * (-1 if self.ax.yaxis_inverted() else 1)
        return points

    def _rim(self):
        """The edge of the axes as Matplotlib's path, in CSS pixels."""
        patch = self.ax.patch
        return (patch.get_transform() - self.from_pixels).transform_path(patch.get_path())

    def within(self, points):
        """Those of the points (n, 2), in CSS pixels, that lie inside axes that are no rectangle, such as polar ones."""
        if not self.round:
            return points
        middle = np.reshape(self.box, (2, 2)).mean(0)
        nearer = middle + (points - middle) * 0.995 + 0.05  # what lies on the edge, or in a hole of no size, is inside
        return points[self._rim().contains_points(nearer)]

    def _cut_at_the_rim(self, body):
        """The SVG without what lies outside the edge of the axes, as Matplotlib cuts its artists."""
        gap = np.full((1, 2), np.nan)
        rim, parts = svg.path(np.vstack([part for polygon in self._rim().to_polygons() for part in (polygon, gap)]))
        name = f"rim-{zlib.crc32(rim.encode()):x}"  # the same name is the same rim; live_figure.js adds the view's own
        shape = f'<path d="{rim}" transform="scale({1 / parts})" clip-rule="evenodd"/>'
        return f'<clipPath id="{name}">{shape}</clipPath><g clip-path="url(#{name})">{body}</g>'

    @property
    def from_pixels(self):
        """The transform from CSS pixels to Matplotlib's."""
        return Affine2D().scale(1 / PIXELS, -1 / PIXELS).translate(0, self.height / PIXELS) + (
            self.ax.figure.dpi_scale_trans
        )
