"""What every explorer shares: sliders, buttons, a picture and a line of text; and a still picture without a kernel."""

import base64

import ipywidgets as widgets

from course_utils.explorers.controls import Status
from course_utils.explorers.shown import show_once


class Explorer(widgets.VBox):
    """Sliders over a LiveFigure; a subclass has `update`, which runs after every move and ends with `show`.

    buttons   {name: function} beside Reset
    below     widgets under the line of text

    `text` is the line that says what happened.
    """

    def __init__(self, sliders, figure, buttons=None, below=()):
        self.figure, self._says = figure, Status()
        self._first = {slider: slider.value for slider in sliders}
        for slider in sliders:
            slider.observe(lambda change: self.update(), "value")
        row = [self._button(name, action) for name, action in {**(buttons or {}), "Reset": self.reset}.items()]
        self.update()
        super().__init__([*sliders, widgets.HBox(row), figure, self._says, *below])

    def update(self):
        """Run with the sliders' values, and show the run."""
        raise NotImplementedError

    def show(self, text, **lines):
        """Move the figure's lines, name=(x, y), and say what happened."""
        self.text = text
        self.figure.move(text, **lines)
        self._says.text = text

    def reset(self):
        """Put every slider back to its first value."""
        for slider, value in self._first.items():
            slider.value = value

    @staticmethod
    def _button(name, action):
        button = widgets.Button(description=name)
        button.on_click(lambda _: action())
        return button

    def _repr_mimebundle_(self, **kwargs):
        """The widget, and for where no kernel runs a picture with the same words."""
        show_once(self)
        picture = base64.b64encode(self.figure.still_png()).decode()
        bundle = {**(super()._repr_mimebundle_(**kwargs) or {}), "text/plain": self.text, "image/png": picture}
        return bundle, {**self._says.display_metadata, "image/png": {"alt": self.text}}
