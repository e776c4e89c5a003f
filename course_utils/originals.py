"""What stands in while a learner's function runs: NumPy as it was imported, and nothing that ends or stops Python.

A kernel has threads beside that of its cells, and may answer a slider in one of them. What stands in for prints,
input() and the like is for the function, which is run in a thread of its own; those that were there notice nothing.
"""

import _thread
import builtins
import contextlib
import math
import os
import re
import signal
import sys
import threading
import time
import warnings

import numpy as np

from course_utils.undone import close_figures, ours, put_back, states, undone

DEEPEST = 5_000  # calls: with millions of them Python takes a quarter of a minute to unwind
SHOWN = 400  # characters kept of what it prints
SIGNALS = [(signal, name) for name in ("raise_signal", "pthread_kill", "alarm", "setitimer")]
SIGNALS += [(_thread, "interrupt_main")]
WATCHED = (np, np.linalg, np.random, math, time, builtins)
ZONE = {"tzname", "timezone", "altzone", "daylight"}  # of time: imports of other libraries set them anew, as pandas'
_ORIGINALS = [(module, {key: it for key, it in vars(module).items() if key not in ZONE}) for module in WATCHED]
_MISSING = object()
_STYLES = re.compile(r"\x1b\[[\d;]*m")  # colours of a terminal
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


@contextlib.contextmanager
def originals():
    """Inside: what is WATCHED as it was imported, no input(), no way to end the process; gives the Printed.

    Afterwards all is as before; so is what the function itself changes of the folder, the environment, the locale,
    traces of threads and Matplotlib. So are `states`, such as random ones and filters of warnings, unless this is not
    the main thread: that may draw meanwhile, or set a filter.
    """
    printed, held = Printed({thread.ident for thread in threading.enumerate()}), states()
    stand_ins = [
        *_overwritten(),
        *((owner, name, printed.in_place_of(owner, name, do)) for owner, name, do in _others()),
        *((owner, name, printed.undoing(owner, name, undo)) for owner, name, undo in undone()),
    ]
    stand_ins += [(sys, name, _Outlet(printed, getattr(sys, name))) for name in ("stdout", "stderr")]
    before = [(module, name, vars(module).get(name, _MISSING)) for module, name, _ in stand_ins]
    try:
        _set(stand_ins)
        yield printed
    finally:
        printed.mend()
        _set(before)
        printed.undo_all()
        if threading.current_thread() is threading.main_thread():
            for restore, state in held:
                restore(state)
        with warnings.catch_warnings():  # Python forgets what it has warned of
            pass


def sendable(text):
    """The text without colours, and with a ? for half an emoji, which no message takes, and control characters."""
    return _CONTROL.sub("?", _STYLES.sub("", text.encode("utf-8", "replace").decode()))


class Printed:
    """The first characters that a function writes: any thread but the `others`, in this process."""

    text, replaced = "", ()

    def __init__(self, others):
        self.others, self.process, self.ours = others, os.getpid(), ours()
        self.undo = [] if "matplotlib.pyplot" in sys.modules else [close_figures]

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

    def undoing(self, owner, name, undo):
        """What was there, but what the function does by it is undone: by undo(it, *its arguments), asked before."""
        before = getattr(owner, name)

        def do(*args, **named):
            self.undo.append(undo(before, *args, **named))
            return before(*args, **named)

        return self.in_place_of(owner, name, do)

    def mend(self, put_back=put_back):
        """Put back what the function replaced of what is WATCHED, and of ours, and note its names."""
        replaced = [*_overwritten()]
        self.replaced += tuple(_named(replaced))
        _set(replaced)
        self.replaced += tuple(put_back(self.ours))

    def undo_all(self):
        """The last first."""
        while self.undo:
            with contextlib.suppress(Exception):  # a folder that is gone
                self.undo.pop()()


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
    return tuple(_named(entry for entry in _overwritten() if entry[0] is not builtins))


def _named(entries):
    return (f"{module.__name__}.{name}" for module, name, _ in entries)


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
    yield from ((os, "kill", _no_kill), *((owner, name, _no_signal) for owner, name in SIGNALS if hasattr(owner, name)))
    yield from ((warnings, "showwarning", _no_warning), (threading, "excepthook", threading.__excepthook__))
    if shell := getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)():
        yield from ((shell, "ask_exit", _no_exit), (shell.display_pub, "publish", _print))


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


def _no_signal(*args):
    raise RuntimeError("the function tried to interrupt Python")


def _no_kill(process, sent, kill=os.kill):
    return _no_signal() if (process, sent) == (os.getpid(), signal.SIGINT) else kill(process, sent)
