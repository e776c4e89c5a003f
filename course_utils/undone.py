"""What belongs to all and a learner's function may change, and how it is put back: folder, figures, our own modules."""

import gc
import locale
import logging
import os
import random
import sys
import threading
import warnings
from functools import lru_cache, partial

import numpy as np

PACKAGE = __name__.partition(".")[0]
_MISSING = object()
LISTS = (warnings, "filters"), (sys, "path"), (sys, "meta_path"), (sys, "path_hooks")
HOOKS = "excepthook", "displayhook", "unraisablehook"


def undone():
    """(owner, name, undo) of what changes something that belongs to all: see `Printed.undoing`."""
    yield from ((os, "chdir", _folder), (os, "putenv", _variable), (os, "unsetenv", _variable))
    yield from (
        (locale, "setlocale", _locale),
        (threading, "settrace", _tracing),
        (threading, "setprofile", _profiling),
        (logging.Logger, "addHandler", _handler),
        (logging.Logger, "setLevel", _level),
    )
    if matplotlib := sys.modules.get("matplotlib"):
        yield matplotlib.RcParams, "__setitem__", _parameter
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        yield pyplot, "new_figure_manager", _figure


def _folder(chdir, path):
    return partial(chdir, os.getcwd())


def _variable(put, name, value=None):
    name = os.fsdecode(name)
    return partial(_set_variable, name, os.environ.get(name))


def _set_variable(name, value):
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


def _locale(set_locale, category, wished=None):
    return partial(set_locale, category, set_locale(category))


def _tracing(set_trace, function):
    return partial(set_trace, threading.gettrace())


def _profiling(set_profile, function):
    return partial(set_profile, threading.getprofile())


def _handler(add, logger, handler):
    """One of the root's, which logging.warning adds if there is none: it would write to the function's prints."""
    new = logger is logging.root and handler not in logger.handlers
    return partial(logger.removeHandler, handler) if new else _nothing


def _level(set_level, logger, level):
    return partial(set_level, logger, logger.level) if logger is logging.root else _nothing


def _nothing():
    pass


def _parameter(set_parameter, parameters, name, value):
    return partial(dict.__setitem__, parameters, name, dict.get(parameters, name))


def _figure(make, number, *args, **named):
    return partial(sys.modules["matplotlib.pyplot"].close, number)


def close_figures():
    """Those of a pyplot that the function was the first to import."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


def states():
    """(function that restores it, the state) of what belongs to all: generators, filters, paths, hooks, collector."""
    numpys = np.random.set_state, np.random.get_state()  # noqa: NPY002, a learner may use it
    lists = [(_set_list, (owner, name, getattr(owner, name), [*getattr(owner, name)])) for owner, name in LISTS]
    hooks = [(partial(setattr, sys, name), getattr(sys, name)) for name in HOOKS]
    turns, collects = (sys.setswitchinterval, sys.getswitchinterval()), (_set_collecting, gc.isenabled())
    return [(random.setstate, random.getstate()), numpys, turns, collects, *lists, *hooks]


def ours():
    """(name, what it holds, that as it is now, how an entry is put back) of all that is ours, and of what is loaded."""
    names, holders = _holders(len(sys.modules))
    loaded = {name: sys.modules[name] for name in names if name in sys.modules}
    held = [(name, holds, holds.copy(), put) for name, holds, put in holders]
    return [("sys.modules", sys.modules, loaded, sys.modules.__setitem__), *held]


def put_back(held):
    """Put back what no longer is as `ours` found it; its names."""
    replaced = []
    for name, holds, before, put in held:
        for key, value in before.items() if _differ(holds, before) else ():
            if holds.get(key, _MISSING) is not value:
                put(key, value)
                replaced.append(f"{name}.{key}")
    return replaced


def _differ(holds, before):
    """Whether two dictionaries may differ; what a function put into one need not let itself be compared."""
    try:
        return holds != before
    except Exception:
        return True


@lru_cache(1)
def _holders(loaded):
    """The names of our modules and NumPy's; (name, what it holds, how an entry is set) of ours, classes, dictionaries.

    They are looked for anew when more modules are loaded.
    """
    found = [(name, name.partition(".")[0], module) for name, module in [*sys.modules.items()]]
    names = [name for name, package, _ in found if package in (PACKAGE, "numpy")]
    modules = {name: it for name, package, it in found if package == PACKAGE and isinstance(it, type(sys))}
    holders = []
    for name, module in modules.items():
        holders.append((name, vars(module), vars(module).__setitem__))
        for key, value in [*vars(module).items()]:
            if isinstance(value, type) and value.__module__ == name:
                holders.append((f"{name}.{key}", vars(value), partial(setattr, value)))
            elif type(value) is dict and not key.startswith("_"):
                holders.append((f"{name}.{key}", value, value.__setitem__))
    return names, holders


def _set_list(state):
    """Put back the list and what it held."""
    owner, name, there, held = state
    setattr(owner, name, there)
    there[:] = held


def _set_collecting(on):
    (gc.enable if on else gc.disable)()
