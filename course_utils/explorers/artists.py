"""What moves in a live figure: each holds its data, and draws them as SVG or with Matplotlib."""

import html
import math
from dataclasses import dataclass

import numpy as np
from matplotlib import colors, patheffects, rcParams
from matplotlib.lines import Line2D

from course_utils.explorers import dots, given, svg
from course_utils.explorers.artist import POINTS, Artist
from course_utils.guard import sendable

FEW = 2500  # strokes narrower than svg.CELL: up to so many are looked at on squares of one pixel, as bytes allow
SHORT = 20_000  # points: of a line without dots that has no more, all strokes are, as bytes allow
SPACING = 16  # pixels from one line of words to the next


@dataclass
class Line(Artist):
    """A polyline of some width, and a dot of some size on every point; 0 is none."""

    width: float
    dot: float
    dashes: str
    parts = ("x", "y")
    least_coarse = 0  # every stroke

    def __post_init__(self):
        super().__post_init__()
        self._solid = None  # until it is drawn coarser
        given.styled(width=self.width, size=self.dot)
        given.dashed(self.dashes)

    def take(self, data):
        """Take new data that are `checked`, and draw them as SVG."""
        self._solid = None
        super().take(data)
        self._fill_narrow()

    @property
    def _fine(self):
        """Up to how many strokes are looked at on squares of one pixel."""
        if not (self.coarse or self.dot or len(self.data[0]) > SHORT):
            return math.inf
        return FEW if self.width < svg.CELL else 0

    def _fill_narrow(self):
        """Draw what is full as an area where strokes were looked at on squares wider than they are."""
        if 0 < self.width < svg.CELL and self._fine < len(self.data[0]) and svg.thinned(self._finest):
            self._filled(math.inf)

    def coarser(self, times):
        """Draw the same in about so many times fewer bytes.

        First without what is hidden, then what is full as an area, then without what hardly adds.
        """
        whole = not self.coarse and (self._fine > FEW or not svg.thinned(self._finest))
        self.coarse = max(self.coarse, 1)
        if whole:
            self._draw()
            self._fill_narrow()
        if whole or (self._solid is None and self._filled(len(self.drawn))):
            return
        times, strokes, spots = max(times, 1.06), *self._counts
        if strokes < spots:
            self.wider *= times**0.4
        elif self.coarse < svg.LONG:  # of a whole scribble, twice as coarse is not half as long
            self.coarse = min(math.ceil(self.coarse * times ** (1 if len(self._solid) else 2.5)), svg.LONG)
        self._draw()
        if strokes >= spots and self._counts[0] > 0.97 * strokes:  # they are short: only larger squares leave some out
            self.coarse = min(2 * self.coarse, (self.coarse // svg.LONG + 1) * svg.LONG)
            self._draw()

    def _filled(self, most):
        """Whether it takes fewer bytes than `most` to draw what is full as an area: then it is drawn so."""
        whole = self._near
        self._solid = self._over = svg.NONE
        if not len(self._finest) or self.translucent:  # strokes on top would show through
            return False
        self._solid, self._over, self._near = dots.solid(self._finest, self._near, self.dot, self.box)
        if len(self._solid):
            self._draw()
            if len(self.drawn) < most:
                return True
        self._solid, self._over, self._near = svg.NONE, svg.NONE, whole  # it is full of holes
        self._draw()
        return False

    def visible(self):
        """The stroke and the dots in pixels, either of them maybe empty."""
        finest = self._solid is None
        if finest:
            points = self.pixels(*self.data)
            points = np.where(svg.both(np.isfinite(points))[:, None], points, np.nan)
            self._near = dots.near(self.within(points), self.box, self.dot) if self.dot else svg.NONE.astype(int)
        else:
            points = self._finest  # which covers all that is to be seen, with far fewer strokes
        seen = dots.visible(self._near, self.dot, self.wider)
        drawn = self.width and len(points)
        over = seen if finest else self._over
        stroke = svg.stroke(points, self.box, over, self.coarse, self._fine) if drawn else svg.NONE
        if finest:
            self._finest = stroke
        seen = dots.bare(seen, stroke, self.dot)
        self._counts = len(stroke), len(seen)
        return stroke, seen

    def _stroke_width(self):
        """In pixels: where squares are larger, wider by half as much, so that about the same share is white."""
        return self.width * (1 + svg.squares(self.coarse) / svg.CELL) / 2

    def _solid_width(self):
        """In pixels: that of the discs of squares that strokes cross, and half a stroke around them."""
        return (dots.DISC + 1) * svg.CELL + self.width - svg.CELL

    def _dash_pattern(self):
        """The dashes as Matplotlib has them: in widths of the stroke, and as many gaps as strokes."""
        lengths = [float(length) / (self._stroke_width() or 1) for length in self.dashes.split()]
        return (0, lengths * (1 + len(lengths) % 2)) if any(lengths) else "-"

    def svg(self):
        """What is visible, as SVG; an empty string if nothing is."""
        stroke, seen = self.visible()
        drawn = ""
        if self._solid is not None and len(self._solid):
            data, _ = svg.path(self._solid)
            drawn += f'<path d="{data}" stroke-width="{self._solid_width():g}" stroke-linecap="round" fill="none"/>'
        if len(stroke):
            data, parts = svg.path(stroke)
            dashes = " ".join(f"{float(length) * parts:g}" for length in self.dashes.split())
            style = f'stroke-width="{self._stroke_width() * parts:g}"' + (
                f' stroke-dasharray="{dashes}"' if dashes else ""
            )
            drawn += f'<path d="{data}" transform="scale({1 / parts})" fill="none" {style}/>'
        if len(seen):
            data, parts = dots.path(seen, self.dot, self.wider)
            scale, width = f'transform="scale({1 / parts})"', self.dot * self.wider * parts
            drawn += f'<path d="{data}" {scale} stroke-width="{width:.4g}" stroke-linecap="round"/>'
        ends = "" if self.dashes else ' stroke-linecap="square"'  # as Matplotlib's
        return drawn and f'<g stroke="{self.color}" stroke-linejoin="round"{ends}>{drawn}</g>'

    def still(self):
        """What is visible, as artists added to the axes."""
        stroke, seen = self.visible()
        style = {"color": self.color, "transform": self.from_pixels}
        line = {"linewidth": self._stroke_width() * POINTS, "linestyle": self._dash_pattern()}
        size = {"markersize": self.dot * self.wider * POINTS, "marker": "o", "linestyle": "", "markeredgewidth": 0}
        if self.translucent:  # as in the page, of one shade where they overlap: one path of short strokes
            seen = np.stack([seen, seen + 0.01, np.full(seen.shape, np.nan)], 1).reshape(-1, 2)
            size = {"linewidth": self.dot * self.wider * POINTS, "solid_capstyle": "round"}
        lines = [Line2D(*points.T, **style, **kind) for points, kind in ((stroke, line), (seen, size)) if len(points)]
        if self._solid is not None:
            lines.insert(0, Line2D(*self._solid.T, **style, lw=self._solid_width() * POINTS, solid_capstyle="round"))
        return [self.ax.add_artist(line) for line in lines]


@dataclass
class Text(Artist):
    """Words at a point, on that side of it which has more room; none where the point is outside."""

    parts = ("x", "y", "words")

    def __post_init__(self):
        super().__post_init__()
        self.fonts = list(dict.fromkeys([*rcParams["font.family"], "sans-serif"]))

    def checked(self, name, data):
        """A point as arrays (1,) or (0,), and its words; ValueError if they are not that."""
        *place, words = given.parted(name, self.parts, data)
        x, y = given.arrays(name, self.parts[:2], place)
        if len(x) > 1:
            raise ValueError(f"{name} takes one point, got {len(x)}: add a text for each")
        return x, y, sendable(str(words))

    @property
    def place(self):
        """(x, y) in pixels and whether the words end there, or None where there is nothing to see."""
        x, y, words = self.data
        left, top, right, bottom = self.box
        for a, b in self.within(self.pixels(x, y)).tolist() if len(words) else ():
            if left - 0.5 <= a <= right + 0.5 and top - 0.5 <= b <= bottom + 0.5:  # what lies on the edge is inside
                return a, b, a > (left + right) / 2
        return None

    @property
    def halo(self):
        """What lies around the letters: black where white would not set them off."""
        light = np.power(colors.to_rgb(self.color), 2.2) @ [0.21, 0.72, 0.07]
        return "#000000" if light > 0.5 else "#FFFFFF"

    def lines(self):
        """Each line of the words as (x, y, line) in pixels, the last one above the point unless there is no room."""
        if self.place is None:
            return []
        a, b, ends = self.place
        words = self.data[2].expandtabs().split("\n")  # Matplotlib has no letter for a tab
        first = max(b - 6 - SPACING * (len(words) - 1), self.box[1] + 14)
        return [(a + (-6 if ends else 6), first + SPACING * k, line) for k, line in enumerate(words)]

    def svg(self):
        """What is visible, as SVG; an empty string if nothing is."""
        style = f'fill="{self.color}" stroke="{self.halo}" stroke-width="3" paint-order="stroke" font-size="13"'
        fonts = html.escape(", ".join(f"'{name}'" if " " in name else name for name in self.fonts))
        style += f' font-family="{fonts}" xml:space="preserve"'  # the still keeps blanks too
        style += ' text-anchor="end"' if self.place and self.place[2] else ""
        drawn = (f'<text x="{x:.1f}" y="{y:.1f}" {style}>{html.escape(line)}</text>' for x, y, line in self.lines())
        return "".join(drawn)

    def still(self):
        """What is visible, as artists added to the axes."""
        halo = [patheffects.withStroke(linewidth=3 * POINTS, foreground=self.halo)]
        style = {"color": self.color, "fontsize": 10, "path_effects": halo, "transform": self.from_pixels}
        style |= {"family": self.fonts, "parse_math": False}  # as in the page
        side = "right" if self.place and self.place[2] else "left"
        return [self.ax.text(*line, ha=side, **style) for line in self.lines()]
