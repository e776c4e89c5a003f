"""A learning-rate slider on a log scale, with the values theory names marked under it."""

import html
import math

import ipywidgets as widgets
import traitlets

LABEL, TRACK, INSET = 110, 360, 8  # px: the name, the slider, and from its edge to the ends of its track
STOPS = 200


class LearningRateSlider(widgets.VBox):
    """`value` between `low` and `high`: a slider with STOPS positions, or any number typed in the field beside it."""

    value = traitlets.Float()

    def __init__(self, value, low, high):
        self._low, self._high = math.log10(low), math.log10(high)
        self.slider = widgets.IntSlider(
            min=0, max=STOPS, readout=False, layout=widgets.Layout(width=f"{TRACK}px", margin="0")
        )
        self.field = widgets.BoundedFloatText(
            min=low, max=high, step=None, layout=widgets.Layout(width="90px"), tooltip="learning rate lr"
        )
        self._scale = widgets.HTML(layout=widgets.Layout(margin=f"0 0 0 {LABEL}px", width=f"{TRACK + 160}px"))
        name = widgets.Label("learning rate lr", layout=widgets.Layout(width=f"{LABEL}px", justify_content="flex-end"))
        super().__init__([widgets.HBox([name, self.slider, self.field]), self._scale], value=value)
        self.slider.observe(self._dragged, "value")
        self.field.observe(lambda change: setattr(self, "value", change.new), "value")

    def position(self, value):
        """Where `value` stands on the scale, from 0 to 1."""
        return (math.log10(value) - self._low) / (self._high - self._low)

    @traitlets.validate("value")
    def _within(self, proposal):
        return min(max(proposal.value, 10**self._low), 10**self._high)

    @traitlets.observe("value")
    def _moved(self, change):
        self.slider.value = self._stop()
        self.field.value = change.new

    def _stop(self):
        return round(self.position(self.value) * STOPS)

    def _dragged(self, change):
        if change.new != self._stop():  # else the slider only followed a value between two of its stops
            self.value = float(f"{10 ** (self._low + change.new / STOPS * (self._high - self._low)):.3g}")

    def mark(self, values):
        """Show {label: value} as ticks under the slider."""
        ticks = "".join(self._tick(label, x, row) for row, (label, x) in enumerate(values.items()))
        self._scale.value = f'<div style="position:relative;height:{16 * len(values) + 4}px;font-size:12px">{ticks}</div>'

    def _tick(self, label, x, row):
        left = INSET + self.position(x) * (TRACK - 2 * INSET)
        return (
            f'<span style="position:absolute;left:{left:.1f}px;top:{16 * row - 4}px;white-space:nowrap;line-height:16px;'
            f'border-left:2px solid var(--jp-ui-font-color1);padding-left:4px;color:var(--jp-ui-font-color1)">'
            f"{html.escape(label)}</span>"
        )
