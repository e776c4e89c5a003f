"""A live figure as the output of a cell, alone or with controls: without a kernel, a still picture with its words."""

import html

import ipywidgets as widgets

from course_utils.alt_text import described
from course_utils.explorers.controls import display_metadata
from course_utils.explorers.shown import Closing, show_once
from course_utils.stills import signed

BELOW = "white-space:pre-line;max-width:52em"


class Pictured(Closing, widgets.VBox):
    """Widgets that hold `figure`, a LiveFigure; a subclass may have more to tell than the figure's words.

    beneath   HTML of what stands under them, and under the still picture too
    """

    beneath = ""

    def __init__(self, figure, children):
        self.figure = figure
        super().__init__(children)
        self.add_class("course-explorer")

    @property
    def told(self):
        """The picture in words."""
        return self.figure.told

    def _repr_mimebundle_(self, **kwargs):
        """The widget, and for where no kernel runs a picture with the same words."""
        show_once(self)
        return with_still(self.figure, self.told, super()._repr_mimebundle_(**kwargs), self.beneath)


def with_still(figure, told, view, beneath=""):
    """Data and metadata of a display: a widget's view, the figure's still picture, and below it what it tells."""
    data, metadata = described(figure.still_png(), told)
    words = f'<div aria-hidden="true" style="{BELOW}">{html.escape(told)}</div>'  # the alt text is spoken
    data["text/html"] += words + beneath
    return {**signed(view), **data}, {**display_metadata(figure), **metadata}
