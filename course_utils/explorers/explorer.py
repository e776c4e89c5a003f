"""What every explorer shares: sliders, buttons, a picture and a line of text; and a still picture without a kernel."""

from contextlib import contextmanager

import numpy as np
from ipywidgets.widgets.widget import _instances

from course_utils.arguments import numbers, shaped
from course_utils.explorers.buttons import Buttons
from course_utils.explorers.in_order import ALONE
from course_utils.explorers.pictured import Pictured
from course_utils.explorers.prediction import Prediction
from course_utils.explorers.shown import close_unless_shown


@contextmanager
def _all_or_none():
    """Inside, widgets are made; if an error ends that, all of them are closed: ipywidgets keeps each one for ever."""
    with ALONE:  # no other thread makes any meanwhile
        before = set(_instances)
        try:
            yield
        except BaseException:
            for made in [widget for name, widget in _instances.items() if name not in before]:
                made.close()
            raise


class Explorer(Pictured):
    """Sliders over a LiveFigure; a subclass has `update`, which runs after every move and ends with `show`.

    buttons   {name: function} beside Reset
    below     widgets of HTML under the line of text

    `text` is the line that says what happened; `prediction` the question that comes first, if there is one.
    """

    prediction = None

    def __init_subclass__(cls, **kwargs):
        """However far an explorer came that is refused, nothing of it stays."""
        super().__init_subclass__(**kwargs)
        cls.__init__ = _all_or_none()(cls.__init__)

    def __init__(self, sliders, figure, buttons=None, below=()):
        self.figure, self._below = figure, below
        self._first = {slider: slider.value for slider in sliders}
        for slider in sliders:
            slider.observe(lambda change: self.update(), "value")
        self.buttons = Buttons({**(buttons or {}), "Reset": self.reset})
        self.update()
        if not hasattr(self, "text"):
            raise TypeError(f"{type(self).__name__}'s update must end with self.show(words, name=(x, y))")
        super().__init__(self.figure, [*sliders, self.buttons, self.figure, *below])

    def predict(self, name):
        """Ask the question called `name` (such as "03-best-beta") first, and return this explorer.

        Sliders and buttons unlock when the learner has answered or skipped it, now or in an earlier session.
        """
        try:
            if self.prediction is not None:
                raise ValueError(f"this explorer already asks {self.prediction.name!r}")
            with _all_or_none():
                self.prediction = Prediction(name, self)
        except BaseException:
            close_unless_shown(self)  # nobody else will: in a cell, no variable holds it
            raise
        self.children = (self.prediction, *self.children)
        return self

    def at(self, **values):
        """Move sliders, called as they are in code (lr=0.1), show the whole run, and return this explorer.

        A number between two stops stays as it is on a slider with typing, and goes to the nearer one on the others;
        ValueError if it is off the scale.
        """
        named, moves = self.named, {}
        if unknown := [name for name in values if name not in named]:
            raise ValueError(f"no slider is called {', '.join(unknown)}; there are {', '.join(named)}")
        for name, value in values.items():
            if isinstance(named[name], list):
                shaped(name, np.asarray(numbers(name, value)), (len(named[name]),), "a number for each slider")
                moves |= zip(named[name], value, strict=True)
            else:
                moves[named[name]] = value
        self._put({slider: slider.on_scale(value) for slider, value in moves.items()})
        return self

    @property
    def named(self):
        """The sliders by their names in code; a list of those that move one point."""
        return {name: own for name, own in vars(self).items() if any(own is slider for slider in self.sliders)}

    @property
    def beneath(self):
        """What `below` holds, as HTML."""
        return "".join(part.value for part in self._below)

    @property
    def sliders(self):
        """The sliders, from top to bottom."""
        return list(self._first)

    def update(self):
        """Run with the sliders' values, and show the run."""
        raise NotImplementedError(f"{type(self).__name__} needs update(self): run with the sliders' values, then show")

    def show(self, text, **lines):
        """Move the figure's lines, name=(x, y), and say what happened."""
        self.text = text
        self.figure.move(text, **lines, **(self.prediction.marks(self.figure) if self.prediction else {}))

    def reset(self):
        """Put every slider back to its first value, and show the whole run."""
        self._put(self._first)

    def _put(self, values):
        """Move sliders, {slider: value}; what was shown may be a part of the run, or more, even if none moves."""
        before = [slider.value for slider in self.sliders]
        for slider, value in values.items():
            slider.value = value
        if before == [slider.value for slider in self.sliders]:
            self.update()

    @property
    def told(self):
        """The question that comes first, if there is one, and what happened."""
        return f"{self.prediction.words}\n{self.text}" if self.prediction else self.text

    def stop(self):
        """Stop what moves by itself; nothing does, but in what Plays."""
