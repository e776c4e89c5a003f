"""What a cell shows is closed when it is run again: ipywidgets keeps every widget, in kernel and page, for ever."""

import sys

import anywidget
import ipywidgets as widgets

_last = {}  # id of a cell: (its run, {model id: widget it shows})


def show_once(widget):
    """Note that the running cell shows `widget`, and close what it showed when it was run before."""
    if widget.comm is None:  # closed, but still in a variable
        for part in parts(widget):
            part.open()
    cell, run = _running()
    if cell is None:
        return
    before, shown = _last.get(cell, (run, {}))
    for old in shown.values() if before != run else ():
        if old is not widget:
            close(old)
    _last[cell] = run, {**(shown if before == run else {}), widget.model_id: widget}


def close(widget):
    """Close the widget with all that belongs to it."""
    for part in parts(widget):
        part.close()
        vars(part).pop("_repr_mimebundle_", None)  # closing has put None there, and it may be shown again


def parts(widget):
    """The widgets inside a widget, their layouts and styles, and controls it holds unseen; each before its owner."""
    found = {}
    values = [getattr(widget, name) for name in widget.keys]
    values += [value for value in vars(widget).values() if isinstance(value, anywidget.AnyWidget)]
    for value in values:
        for inner in value if isinstance(value, list | tuple) else [value]:
            if isinstance(inner, widgets.Widget):
                found |= {id(part): part for part in parts(inner)}
    return [*found.values(), widget]


def _running():
    """Ids of the running cell and of this run of it; None where no notebook tells."""
    ipython = sys.modules.get("IPython")
    kernel = getattr(ipython and ipython.get_ipython(), "kernel", None)
    if kernel is None:
        return None, None
    request = kernel.get_parent("shell")
    return request.get("metadata", {}).get("cellId"), request.get("header", {}).get("msg_id")
