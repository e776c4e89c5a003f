"""Axes that stand where a person has put them: Matplotlib need not lay them out, which takes as long as drawing."""

import numpy as np
from matplotlib.gridspec import SubplotParams

SHORT = 4  # characters of a tick's label for which there is room beside axes that `place` has put


def place(axes, boxes, *scales):
    """Put each axes into its box (left, bottom, width, height), in shares of the figure.

    Unless the labels of ticks are long, which fifths of the linear scales (low, high) tell: then Matplotlib finds room.
    """
    if max(len(f"{x:g}") for scale in scales for x in np.linspace(*scale, 6)) <= SHORT:
        for ax, box in zip(axes, boxes, strict=True):
            ax.set_position(box)


def placed_by_hand(fig):
    """Whether axes stand elsewhere than a grid with Matplotlib's own margins puts them, as beside a colour bar."""
    places = [ax.get_subplotspec() for ax in fig.axes if not hasattr(ax, "_colorbar")]
    if None in places or len(places) < len(fig.axes):
        return True
    grids = [place.get_topmost_subplotspec().get_gridspec() for place in places]
    own = vars(SubplotParams())
    return any(grid.figure is None or vars(grid.get_subplot_params(fig)) != own for grid in grids)
