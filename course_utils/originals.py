"""What stands in while a learner's function runs: NumPy as it was imported, and nothing that ends or stops Python."""

import builtins
import contextlib
import os
import sys

import numpy as np

DEEPEST = 5_000  # calls: with millions of them Python takes a quarter of a minute to unwind
WATCHED = (np, np.linalg, np.random, builtins)
_ORIGINALS = [(module, dict(vars(module))) for module in WATCHED]
_MISSING = object()


@contextlib.contextmanager
def originals():
    """Inside: NumPy and the builtins as they were imported, no input(), no way to end the process."""
    stand_ins = [*_overwritten()]
    stand_ins += [(builtins, "input", _no_input), (os, "_exit", _no_exit), (os, "abort", _no_exit), *_shell()]
    before = [(module, name, vars(module).get(name, _MISSING)) for module, name, _ in stand_ins]
    try:
        _set(stand_ins)
        yield
    finally:
        _set([*_overwritten()])
        _set(before)


def patched():
    """Names in NumPy that no longer are what they were when this module was imported."""
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


def _shell():
    """In IPython, exit() asks the shell to end a little later, and display() goes round what keeps the prints."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return [(shell, "ask_exit", _no_exit), (shell.display_pub, "publish", _print)] if shell else []


def _set(entries, setattr=setattr, delattr=delattr):
    for module, name, value in entries:
        if value is _MISSING:
            delattr(module, name)
        else:
            setattr(module, name, value)


def _print(data, *args, **kwargs):
    print(data.get("text/plain", ""))


def _no_input(prompt=""):
    raise RuntimeError("input() cannot be used here: take what you need as an argument")


def _no_exit(*args):
    raise SystemExit("the function tried to end Python")
