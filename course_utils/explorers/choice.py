"""One of a few options, as radio buttons with a name: ipywidgets' own lose the arrow keys to JupyterLab."""

import traitlets

from course_utils.explorers.controls import program
from course_utils.explorers.in_order import InOrder


class Choice(InOrder):
    """`value` is one of `options`, words that stand beside the buttons."""

    _esm = program("telling.js", "choice.js")
    name = traitlets.Unicode().tag(sync=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)
    value = traitlets.Unicode().tag(sync=True)
    disabled = traitlets.Bool(False).tag(sync=True)

    def __init__(self, name, options, value):
        if not isinstance(options, list | tuple) or not options or not all(isinstance(word, str) for word in options):
            raise ValueError(f"options of {name} must be a list of words, such as ['steps', 'epochs'], got {options!r}")
        super().__init__(name=name, options=list(options))
        self.value = self.on_scale(value)
        self.on_msg(lambda _, message, buffers: self.set_trait("value", message["choose"]))

    def on_scale(self, value):
        """`value`; ValueError unless it is one of the options."""
        if not isinstance(value, str) or value not in self.options:
            raise ValueError(f"{self.name} must be one of {', '.join(self.options)}, got {value!r}")
        return value

    @traitlets.validate("value")
    def _known(self, proposal):
        return proposal.value if proposal.value in self.options else self.value
