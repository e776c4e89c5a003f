"""A Matplotlib figure drawn once, with lines on top that move: only the lines are sent, as SVG."""

import base64
import html
import itertools

import ipywidgets as widgets
import numpy as np
from matplotlib.path import Path

from course_utils import plots

PIXELS = 96  # CSS pixels per inch of the figure
DPI = 2 * PIXELS  # sharp on dense screens
_ids = itertools.count()


class LiveFigure(widgets.GridBox):
    """`fig` as a still background, and lines added with `line` and moved with `move`.

    Axes limits are frozen when the figure is made; what lies outside is cut off, what cannot be seen is thinned.
    """

    def __init__(self, fig, alt):
        for ax in fig.axes:
            ax.set_autoscale_on(False)
        self.fig, self.alt, self._lines = fig, alt, {}
        self._id = f"live{next(_ids)}"
        fig.set_layout_engine("constrained")
        picture = base64.b64encode(plots.png(fig, DPI)).decode()
        fig.set_layout_engine("none")  # from here on nothing may move the axes
        self.width, self.height = (fig.get_size_inches() * PIXELS).round().astype(int).tolist()
        size = f'style="width:{self.width}px;height:{self.height}px;display:block;max-width:none"'
        here = widgets.Layout(grid_area="picture", margin="0", width=f"{self.width}px")
        still = widgets.HTML(
            f'<img {size} alt="{html.escape(alt)}" src="data:image/png;base64,{picture}">', layout=here
        )
        self._moving = widgets.HTML(layout=here)
        super().__init__(
            [still, self._moving],
            layout=widgets.Layout(grid_template_areas='"picture"', width=f"{self.width}px", overflow="hidden"),
        )

    def line(self, name, ax, color, width=2.0, dots=False, dashes=""):
        """Add an empty line to an axes; dots also marks every point."""
        self._lines[name] = {
            "ax": ax,
            "color": color,
            "width": width,
            "dots": dots,
            "dashes": dashes,
            "x": np.empty(0),
            "y": np.empty(0),
        }

    def move(self, description, **data):
        """Give lines new data, name=(x, y), and show all of them; `description` is the picture in words."""
        for name, (x, y) in data.items():
            if name not in self._lines:
                raise ValueError(f"no line called {name!r}; there are {', '.join(self._lines) or 'none'}")
            self._lines[name].update(x=np.asarray(x, float).ravel(), y=np.asarray(y, float).ravel())
        body = "".join(self._drawn(line, i) for i, line in enumerate(self._lines.values()))
        self._moving.value = (
            f'<svg role="img" aria-label="{html.escape(description)}" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}" style="display:block">{body}</svg>'
        )

    @property
    def svg(self):
        """The moving lines as last shown."""
        return self._moving.value

    def still_png(self):
        """Background and lines as one PNG, for where no kernel runs."""
        drawn = []
        for line in self._lines.values():
            with np.errstate(all="ignore"):
                y = np.where(np.isfinite(line["y"]), line["y"], np.nan)
            style = {"color": line["color"], "linewidth": line["width"] * 0.75, "marker": "o" if line["dots"] else ""}
            drawn += line["ax"].plot(line["x"], y, markersize=3.5, linestyle="--" if line["dashes"] else "-", **style)
        picture = plots.png(self.fig, 1.25 * PIXELS)
        for artist in drawn:
            artist.remove()
        return picture

    def _drawn(self, line, index):
        """One line as SVG, clipped to its axes."""
        ax = line["ax"]
        left, bottom, right, top = ax.bbox.extents * PIXELS / self.fig.dpi
        shown = self._pixels(ax, line["x"], line["y"]), self.height, (left, bottom, right, top)
        path = f'<path d="{_stroke(*shown)}" fill="none"/>'
        if line["dots"]:
            path += f'<path d="{_dots(*shown)}" stroke-width="6" stroke-linecap="round"/>'
        clip = f"{self._id}-{index}"
        box = f'x="{left:.1f}" y="{self.height - top:.1f}" width="{right - left:.1f}" height="{top - bottom:.1f}"'
        return (
            f'<clipPath id="{clip}"><rect {box}/></clipPath><g clip-path="url(#{clip})" stroke="{line["color"]}" '
            f'stroke-width="{line["width"]}" stroke-dasharray="{line["dashes"]}" stroke-linejoin="round">{path}</g>'
        )

    def _pixels(self, ax, x, y):
        """Data to CSS pixels from the lower left corner; nan where there is nothing to draw."""
        with np.errstate(all="ignore"):
            x = np.where((x > 0) | (ax.get_xscale() != "log"), x, np.nan)
            y = np.where((y > 0) | (ax.get_yscale() != "log"), y, np.nan)
            points = ax.transData.transform(np.column_stack([x, y])) * PIXELS / self.fig.dpi
        return np.where(np.isfinite(points).all(1, keepdims=True), points, np.nan)


def _stroke(points, height, box):
    """SVG path of a polyline; Matplotlib clips it to the box, skips nan and drops what is below a tenth of a pixel."""
    if len(points) == 0:
        return ""
    left, bottom, right, top = box
    clean = Path(points).cleaned(remove_nans=True, clip=(left - 9, bottom - 9, right + 9, top + 9), simplify=True)
    letters = {Path.MOVETO: "M", Path.LINETO: "L"}
    return "".join(
        f"{letters[code]}{x:.1f},{height - y:.1f}"
        for (x, y), code in zip(clean.vertices.tolist(), clean.codes.tolist(), strict=True)
        if code in letters
    )


def _dots(points, height, box):
    """SVG path of zero-length strokes, one for each visible pixel that has a point."""
    left, bottom, right, top = box
    x, y = points.T
    with np.errstate(invalid="ignore"):
        inside = (x >= left - 9) & (x <= right + 9) & (y >= bottom - 9) & (y <= top + 9)
    seen = np.unique(points[inside].round(), axis=0)
    return "".join(f"M{x:.0f},{height - y:.0f}h0" for x, y in seen.tolist())
