"""What a cell shows is closed when it is run again: ipywidgets keeps every widget, in kernel and page, for ever."""

import sys

import anywidget
import ipywidgets as widgets
from ipywidgets.widgets.widget import _instances

_last = {}  # id of a cell: (its run, {model id: widget it shows})


def show_once(widget):
    """Note that the running cell shows `widget`; what it showed when it was run before is closed when it is done."""
    if widget.comm is None:  # closed, but still in a variable
        for part in parts(widget):
            part.open()
    cell, run, ipython = _running()
    if cell is None:
        return
    before, shown = _last.get(cell, (run, {}))
    if before != run:
        _afterwards(ipython, list(shown.values()))
        shown = {}
    _last[cell] = run, {**shown, widget.model_id: widget}


def _afterwards(ipython, olds):
    """Close the widgets that were not shown again, when the picture that the learner waits for is out."""

    def done(*_):
        ipython.events.unregister("post_run_cell", done)
        for old in olds:
            own = _own(old)
            if not _is_held(old, own):
                _leave_still(own)
                old.close()

    ipython.events.register("post_run_cell", done)


def _leave_still(widgets):
    """Tell other pages that show the widgets to keep the last picture; the page that ran the cell has dropped it."""
    for part in widgets:
        if isinstance(part, Closing) and part.stays:
            part.send({"again": True})


class Closing:
    """What a widget inherits before its class of ipywidgets: `close` closes all that belongs to it alone.

    Of one that `stays`, saying.js leaves a still picture in other pages when its cell is run again.
    """

    stays = False

    def close(self):
        """Close it with all that belongs to it and to nothing else that is shown; it can be shown again."""
        for part in {id(part): part for part in [*_own(self), self]}.values():
            (super(Closing, part) if isinstance(part, Closing) else part).close()
            vars(part).pop("_repr_mimebundle_", None)  # closing has put None in the place of its display


def close_unless_shown(widget):
    """Close the widget with all that belongs to it, unless a cell shows it."""
    if not _is_held(widget, _own(widget)):
        widget.close()


def _is_held(widget, own):
    """Whether a cell shows the widget, alone or in another; `own` are its parts that nothing else holds."""
    return any(widget is one for one in _shown()) or not any(widget is part for part in own)


def _own(widget):
    """The parts of a widget that nothing else holds which is shown: by a cell, or in a box of ipywidgets' own."""
    mine = parts(widget)
    known = {id(part) for part in mine}
    others = [one for one in _instances.values() if isinstance(one, widgets.Box) and not isinstance(one, Closing)]
    others = [one for one in others if id(one) not in known] + [one for one in _shown() if one is not widget]
    held = {id(part) for part in parts(*others)}
    return [part for part in mine if id(part) not in held]


def _shown():
    return [widget for _, shown in _last.values() for widget in shown.values()]


def parts(*owners):
    """Widgets and those inside them, their layouts and styles, and controls they hold unseen; each before its owner."""
    found = {}
    for owner in owners:
        _find(owner, found)
    return list(found.values())


def _find(widget, found):
    if id(widget) in found:  # held by another of them too
        return
    of_look = isinstance(widget, widgets.Layout | widgets.Style)  # of many traits, which hold no widget
    values = [getattr(widget, name) for name in widget.keys if not of_look and widget.trait_has_value(name)]
    held = [x for value in vars(widget).values() for x in (value.values() if isinstance(value, dict) else [value])]
    values += [value for value in held if isinstance(value, anywidget.AnyWidget)]
    for value in values:
        for inner in value if isinstance(value, list | tuple) else [value]:
            if isinstance(inner, widgets.Widget):
                _find(inner, found)
    found[id(widget)] = widget


def _running():
    """Ids of the running cell and of this run of it, and the IPython that runs it; None where no notebook tells."""
    ipython = "IPython" in sys.modules and sys.modules["IPython"].get_ipython()
    kernel = getattr(ipython, "kernel", None)
    if kernel is None:
        return None, None, None
    request = kernel.get_parent("shell")
    return request.get("metadata", {}).get("cellId"), request.get("header", {}).get("msg_id"), ipython
