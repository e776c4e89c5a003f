"""Checks that name the mistake: check_gd_step(gd_step), hint("gd_step"), and grade(...) in the exercises' own cells."""

import os
from functools import partial
from importlib import import_module
from pathlib import Path

import numpy as np

from course_utils import apart, arguments, originals, progress
from course_utils.checks.answer import SECONDS, Answer, Points
from course_utils.checks.overview import overview

_SHARED = {"__init__", "answer", "momentum_runs", "nearest", "numbers", "overview", "paths", "sgd_runs", "task"}
_SHARED |= {"short_answers", "stand_in_keras", "stand_in_torch", "tensors", "torch_tensors"}
NAMES = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in _SHARED)
_shown = {}

__all__ = ["NAMES", "check", "exercise", "grade", "hint", "overview"]


def exercise(name):
    """The Task, Number or Lines of the exercise called `name`."""
    if name not in NAMES:
        raise ValueError(f"no exercise called {name!r}; there are {', '.join(NAMES)}")
    return import_module(f"course_utils.checks.{name}").TASK


def check(name, answer, seconds=SECONDS):
    """The Answer to a learner's function, number or order of lines; the attempt is kept in progress.

    It is found in a process apart, where nothing can hang or crash the notebook; or here, if that cannot be.
    A function that runs for more than so many seconds is ended.
    """
    task = exercise(name)
    if not (seed := os.environ.get("SGD_COURSE_SEED") or "0").isdecimal():
        raise ValueError(f"SGD_COURSE_SEED must be a whole number of at least 0, got {seed!r}")
    seconds = arguments.numbers("seconds", seconds, "one number > 0", lambda x: (x > 0) & (np.ndim(x) == 0))
    try:
        told = apart.call(_examine, answer, name, seconds, seconds=seconds)
    except apart.Ended as error:
        told = task.failed(error)
    except apart.Unavailable:
        told = task.examine(answer, seconds)
    told = told.with_patched(originals.patched())
    passed = [("pass", name, "")] if told.ok else []
    progress.record_all([("attempt", name, told.mistake or told.status), *passed])
    return told


def _examine(answer, name, seconds):
    return exercise(name).examine(answer, seconds)


def grade(name, namespace, points=1):
    """Show the Answer to what `namespace` holds under the exercise's name, and return the points it earns."""
    from IPython.display import display

    missing = Answer("error", f"There is no {name} in this notebook. Keep its name, and run its cell first.")
    told = check(name, namespace[name]) if name in namespace else missing
    display(told)
    return Points(points if told.ok else 0)


def hint(name):
    """Print the next of three hints, then the solution with its explanation."""
    if name not in NAMES:
        print(f"There are no hints for {name!r}; there are for {', '.join(NAMES)}.")
        return
    asked = _shown[name] = _shown.get(name, 0) + 1
    asked_of = exercise(name)
    progress.record("hint", name, str(asked))
    if asked <= len(asked_of.hints):
        print(f"Hint {asked} of {len(asked_of.hints)}: {asked_of.hints[asked - 1]}")
    else:
        print(f"The solution:\n\n{asked_of.shown}\n\n{asked_of.why}")


def __getattr__(name):
    """check_<exercise>."""
    if name.startswith("check_") and name[6:] in NAMES:
        return partial(check, name[6:])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return [*globals(), *(f"check_{name}" for name in NAMES)]
