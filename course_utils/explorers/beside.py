"""A live figure and the pad that steers it, side by side, in the page and in a still picture."""

import ipywidgets as widgets
from PIL import Image

from course_utils.explorers.live_figure import LiveFigure
from course_utils.explorers.pictures import smaller


class Beside(LiveFigure):
    """A live figure for the right side of a pad; its still picture shows both."""

    def __init__(self, fig, alt, pad):
        super().__init__(fig, alt)
        self.pad = pad

    @property
    def both(self):
        """Pad and picture side by side, or in a narrow page one below the other; the words below."""
        layout = {"width": f"{self.pad.width + self.width}px", "max_width": "100%"}
        return widgets.Box([self.pad, self], layout=layout).add_class("course-beside")

    def still(self):
        """The pad with its handle, and beside it background and lines, as a Pillow image."""
        left, right = smaller(self.pad.still()), super().still()
        both = Image.new("RGB", (left.width + right.width, max(left.height, right.height)), "white")
        both.paste(left, (0, 0))
        both.paste(right, (left.width, 0))
        return both
