"""A row of buttons as one widget: with ipywidgets' own, each takes three, and the first picture waits for all."""

import traitlets

from course_utils.explorers.controls import program
from course_utils.explorers.in_order import InOrder


class Buttons(InOrder):
    """Buttons with the names and what they do, {name: function without arguments}."""

    _esm = program("telling.js", "buttons.js")
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    calm = False  # whether the page asked for reduced motion when a button was last pressed
    disabled = traitlets.Bool(False).tag(sync=True)

    def __init__(self, actions):
        super().__init__(names=list(actions))
        self._actions = actions
        self.on_msg(lambda _, message, buffers: self.press(message["press"], message.get("calm", False)))

    def press(self, name, calm=False):
        """Do what the button called `name` does; `calm` if the page asks for reduced motion."""
        if not isinstance(name, str) or name not in self.names:
            raise ValueError(f"no button is called {name!r}; there are {', '.join(self.names)}")
        self.calm = calm
        self._actions[name]()
