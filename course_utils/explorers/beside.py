"""A live figure and the pad that steers it, side by side, in the page and in a still picture."""

import ipywidgets as widgets
from PIL import Image

from course_utils.explorers.live_figure import LiveFigure


class Beside(LiveFigure):
    """A live figure with a pad on its left; its still picture shows both."""

    def __init__(self, fig, alt, pad):
        super().__init__(fig, alt)
        self.pad, pad.layout = pad, widgets.Layout(grid_area="pad", margin="0", width="100%")
        self.children = [pad, *self.children]
        self.layout.grid_template_areas = '"pad picture"'
        self.layout.grid_template_columns = f"{pad.width}fr {self.width}fr"
        self.layout.width = f"{pad.width + self.width}px"

    def still(self):
        """The pad with its handle, and beside it background and lines, as a Pillow image."""
        left, right = self.pad.still(), super().still()
        both = Image.new("RGB", (left.width + right.width, max(left.height, right.height)), "white")
        both.paste(left, (0, 0))
        both.paste(right, (left.width, 0))
        return both
