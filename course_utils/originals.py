"""What stands in while a learner's function runs: NumPy as it was imported, and nothing that ends or stops Python.

A kernel has threads beside that of its cells, and may answer a slider in one of them. What stands in for prints,
input() and the like is for the function, which is run in a thread of its own; those that were there notice nothing.
"""

import builtins
import contextlib
import gc
import math
import os
import random
import sys
import threading
import time
import warnings

import numpy as np

DEEPEST = 5_000  # calls: with millions of them Python takes a quarter of a minute to unwind
SHOWN = 400  # characters kept of what it prints
WATCHED = (np, np.linalg, np.random, math, time, builtins)
_ORIGINALS = [(module, dict(vars(module))) for module in WATCHED]
_MISSING = object()


@contextlib.contextmanager
def originals():
    """Inside: what is WATCHED as it was imported, no input(), no way to end the process; gives the Printed.

    Afterwards all is as before. Random states and filters of warnings too, unless this is not the main thread: that may
    draw meanwhile, or set a filter.
    """
    printed, states = Printed({thread.ident for thread in threading.enumerate()}), _states()
    stand_ins = [
        *_overwritten(),
        *((owner, name, printed.in_place_of(owner, name, do)) for owner, name, do in _others()),
    ]
    stand_ins += [(sys, name, _Outlet(printed, getattr(sys, name))) for name in ("stdout", "stderr")]
    before = [(module, name, vars(module).get(name, _MISSING)) for module, name, _ in stand_ins]
    try:
        _set(stand_ins)
        yield printed
    finally:
        _set([*_overwritten()])
        _set(before)
        if threading.current_thread() is threading.main_thread():
            for restore, state in states:
                restore(state)
        with warnings.catch_warnings():  # Python forgets what it has warned of
            pass


def sendable(text):
    """The text with a ? in place of half an emoji, which no message to the page takes."""
    return text.encode("utf-8", "replace").decode()


class Printed:
    """The first characters that a function writes: any thread but the `others`, in this process."""

    text = ""

    def __init__(self, others):
        self.others, self.process = others, os.getpid()

    def write(self, text):
        self.text += sendable(text[: SHOWN - len(self.text)])
        return len(text)

    def in_place_of(self, owner, name, do):
        """`do` for the function, and for the others and processes that it starts what was there."""
        before = getattr(owner, name)

        def stand_in(*args, **named):
            other = threading.get_ident() in self.others or os.getpid() != self.process
            return (before if other else do)(*args, **named)

        return stand_in


class _Outlet:
    """Standard output or error: to `printed` from the function, from others to where it went."""

    def __init__(self, printed, before):
        self.before, self.write = before, printed.in_place_of(before, "write", printed.write)

    def writelines(self, lines):
        self.write("".join(lines))

    def close(self):
        """Nothing: it belongs to others too."""

    detach = close

    def __getattr__(self, name):
        return getattr(self.before, name)


def patched():
    """Names in NumPy, math and time that no longer are what they were when this module was imported."""
    return tuple(f"{module.__name__}.{name}" for module, name, _ in _overwritten() if module is not builtins)


def _overwritten():
    """(module, name, original) of what was overwritten or deleted."""
    for module, known in _ORIGINALS:
        for name, original in known.items():
            if module.__dict__.get(name) is not original and (module, name) != (builtins, "input"):
                yield module, name, original


@contextlib.contextmanager
def shallow(set_limit=sys.setrecursionlimit):
    """Inside: no more than DEEPEST calls deep, whatever limit is wished for."""
    before = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit = lambda limit: set_limit(min(limit, DEEPEST))
        sys.setrecursionlimit(before)
        yield
    finally:
        sys.setrecursionlimit = set_limit
        set_limit(before)


def _others():
    """(owner, name, stand-in) of what waits, ends Python or speaks past its standard output.

    In IPython, exit() asks the shell to end a little later, and display() goes round what keeps the prints.
    """
    yield from ((builtins, "input", _no_input), (os, "_exit", _no_exit), (os, "abort", _no_exit))
    yield from ((warnings, "showwarning", _no_warning), (threading, "excepthook", threading.__excepthook__))
    if shell := getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)():
        yield from ((shell, "ask_exit", _no_exit), (shell.display_pub, "publish", _print))


def _states():
    """(function that restores it, the state) of what belongs to all: generators, warnings, threads, the collector."""
    numpys = np.random.set_state, np.random.get_state()  # noqa: NPY002, a learner may use it
    filters = _set_filters, (warnings.filters, [*warnings.filters])
    turns, collects = (sys.setswitchinterval, sys.getswitchinterval()), (_set_collecting, gc.isenabled())
    return [(random.setstate, random.getstate()), numpys, filters, turns, collects]


def _set_filters(state):
    """Put back the list of filters and what it held."""
    warnings.filters, held = state
    warnings.filters[:] = held


def _set_collecting(on):
    (gc.enable if on else gc.disable)()


def _set(entries, setattr=setattr, delattr=delattr):
    for module, name, value in entries:
        if value is _MISSING:
            delattr(module, name)
        else:
            setattr(module, name, value)


def _print(data, *args, **kwargs):
    print(data.get("text/plain", ""))


def _no_warning(*args, **kwargs):
    pass


def _no_input(prompt=""):
    raise RuntimeError("input() cannot be used here, nor the debugger: take what you need as an argument")


def _no_exit(*args):
    raise SystemExit("the function tried to end Python")
