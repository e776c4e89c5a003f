"""A bar that counts a long computation."""

import itertools

import ipywidgets as widgets
import numpy as np
from IPython.display import display

from course_utils.explorers.shown import Closing, show_once
from course_utils.stills import signed

MOST = 100_000  # items


class CountingBar(Closing, widgets.IntProgress):
    """`done` of `max` items."""

    def __init__(self, total, what):
        self.what = what
        super().__init__(max=total, layout=widgets.Layout(width="30em"), style={"description_width": "15em"})
        self.add_class("course-counting")
        self.show(0)

    def show(self, done):
        self.value, self.description = done, f"{done} of {self.max} {self.what}"

    def _repr_mimebundle_(self, **kwargs):
        """The widget, and for where no kernel runs what was counted."""
        show_once(self)
        return {**signed(super()._repr_mimebundle_(**kwargs)), "text/plain": f"{self.max} {self.what}"}


def counted(items, what):
    """The items, one after the other, under a bar that says how many of them are done; `what` names them."""
    if not np.iterable(items):
        raise ValueError(f"items must be a list or another iterable, such as range(5), got {items!r:.60}")
    items = list(itertools.islice(items, MOST + 1))
    if len(items) > MOST:
        raise ValueError(
            f"items must come to an end before {MOST:,}; of endless ones, such as minibatches, take a part"
        )
    bar = CountingBar(len(items), what)
    display(bar)
    for done, item in enumerate(items, 1):
        yield item
        bar.show(done)
