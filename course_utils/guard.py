"""Run somebody else's function and survive it: errors, exits, endless loops, floods of print, a patched NumPy.

Only a loop in C that lets nothing else run, such as sum(range(10**9)), holds until it ends.
"""

import ctypes
import gc
import itertools
import linecache
import os
import sys
import threading
import traceback
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import numpy as np

from course_utils.originals import originals, sendable, shallow

GRACE = 0.25  # seconds in which a function that is too slow is interrupted again and again, before it is left behind
PATIENCE = 60  # seconds in which an import is left to end, in the kernel: one that is cut in two stays broken there
_LIBRARIES = (str(Path(np.__file__).parents[1]), str(Path(os.__file__).parent), str(Path(__file__).parent))
_INSTALLED = {"site-packages", "dist-packages"}  # a user's, a system's: NumPy need not lie in the only one
_one_at_a_time = threading.RLock()  # stdout and the patches belong to the whole process


class TimeIsUp(BaseException):
    """Raised inside the function when its time is over; no `except Exception` stops it."""


class Stopped(TimeIsUp):
    """Raised inside the function when its author interrupts the kernel."""


@dataclass(frozen=True)
class Outcome:
    """What a function returned; or in one line why it did not, at which line of its author's; and what it printed."""

    value: object = None
    failed: str = ""
    printed: str = ""


def call(function, *args, seconds=10.0):
    """The Outcome of function(*args), given at most so many seconds. Arguments are handed over as they are."""
    with _one_at_a_time, originals() as printed, shallow():
        value, error = _in_thread(function, args, seconds)
    return Outcome(value, describe(error, seconds) if error is not None else "", printed.text)


def describe(error, seconds=10.0):
    """An exception in one line, with the last line of its author's that was running."""
    if isinstance(error, Stopped):
        return "you stopped it" + _raised_at(error)
    if isinstance(error, TimeIsUp):
        return f"it did not end within {seconds:g} s" + _raised_at(error)
    if isinstance(error, RecursionError):
        return "it calls itself without end" + _raised_at(error)
    try:
        told = sendable(" ".join(str(error).split())[:200])
    except KeyboardInterrupt:
        raise
    except BaseException:
        told = ""
    return type(error).__name__ + (f": {told}" if told else "") + _raised_at(error)


def is_library(file):
    """Whether a file is Python's, an installed package's or ours, or no file at all."""
    return file.startswith((*_LIBRARIES, "<")) or not _INSTALLED.isdisjoint(Path(file).parts)


def place(lines):
    """' (line 3: w = x)' of the first (file, number) that is neither a library's nor ours; '' if there is none."""
    for file, number in lines:
        if not is_library(file):
            source = linecache.getline(file, number).strip()
            return f" (line {number}: {source})" if source else f" (line {number})"
    return ""


def _raised_at(error):
    """The place of the last frame that is the author's, of the first 5,000."""
    walked = itertools.islice(traceback.walk_tb(error.__traceback__), 5000)
    return place([(frame.f_code.co_filename, number) for frame, number in walked][::-1])


def _in_thread(function, args, seconds):
    """(value, None) or (None, error); the thread is interrupted at the limit, and left behind if it sleeps on."""
    run, end = _Run(function, args), TimeIsUp
    run.start()
    try:
        run.opened.wait()
        run.wait(seconds)
    except KeyboardInterrupt:
        end = Stopped
    late = not run.closed  # is_alive() is wrong after an interrupted join in Python 3.11
    run.interrupt(end)
    if not run.closed or (late and not isinstance(run.error, TimeIsUp)):
        return None, end()
    return (None, run.error) if run.error is not None else (run.value, None)


class _Run(threading.Thread):
    """A thread that calls the function; interrupts strike between `opened` and `closed` only."""

    value = error = None
    closed = interrupted = False

    def __init__(self, function, args):
        super().__init__(daemon=True)
        self.job, self.gate, self.opened = (function, args), threading.Lock(), threading.Event()

    def run(self):
        """Python interrupts a thread at calls and in loops, so nothing strikes from the end of `try` to `closed`.

        A `with` around the function would call its `__exit__` there: an interrupt that struck it would hide the place.
        """
        function, args = self.job
        np.seterr(all="ignore")  # of this thread only
        try:
            self.opened.set()
            self.value = function(*args)
        except BaseException as error:
            self.error = error
        self.closed = True
        try:  # the first interrupt may be on its way
            try:
                try:
                    self._settle()
                except TimeIsUp:
                    self._settle()  # the second was just being sent
            except TimeIsUp:
                self._settle()  # the third is its own
        except TimeIsUp:
            pass

    def _settle(self):
        """Wait for an interrupt that is just being sent, and be struck by one of its own in its place.

        Taken back, it would be looked for ever after, and Python 3.11 hangs where it looks while a profiler or a
        debugger watches.
        """
        with self.gate:
            if self.interrupted:
                self.interrupted = False
                _raise_in(self.ident, TimeIsUp)
                while True:
                    pass

    @property
    def running(self):
        return self.opened.is_set() and not self.closed

    @property
    def importing(self):
        """The outermost import that the function is in the middle of, a frame; or None."""
        walked = traceback.walk_stack(sys._current_frames().get(self.ident)) if self.running else ()
        imports = [frame for frame, _ in walked if frame.f_code.co_filename.startswith("<frozen importlib")]
        return imports[-1] if imports else None

    def wait(self, seconds):
        """Until it ends, or its time is over, which begins again after an import that took longer, twice at most."""
        self.join(seconds)
        for _ in range(2):
            if under_way := self.importing:
                end = monotonic() + PATIENCE
                while self.importing is under_way and monotonic() < end:
                    self.join(0.01)
                self.join(seconds)

    def interrupt(self, exception):
        """Raise the exception in the function until the thread ends.

        A bare `except:` in a loop swallows those that strike inside its `try`, so they come thick: with the threads
        taking turns every microsecond, one soon strikes between two rounds of the loop. None may strike what the
        garbage collector calls in that thread: Python would report it and go on.
        """
        end, interval, collecting = monotonic() + GRACE, sys.getswitchinterval(), gc.isenabled()
        gc.disable()
        try:
            while (self.is_alive() or self.running) and monotonic() < end:
                with self.gate:
                    if self.running:
                        self.interrupted = True
                        _raise_in(self.ident, exception)
                sys.setswitchinterval(1e-6)
                sleep(0)
        finally:
            sys.setswitchinterval(interval)
            if collecting:
                gc.enable()


def _raise_in(ident, exception):
    """Raise an exception in a thread at its next step, in place of one that has not struck yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(exception))
