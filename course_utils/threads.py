"""Call a function in a thread of its own, and end it when its time is over, whatever it does with an interrupt."""

import ctypes
import gc
import logging
import sys
import threading
import traceback
from time import monotonic, sleep

import numpy as np

GRACE = 0.25  # seconds in which a function that is too slow is interrupted again and again, before it is left behind
PATIENCE = 60  # seconds in which an import is left to end, in the kernel: one that is cut in two stays broken there


class TimeIsUp(BaseException):
    """Raised inside the function when its time is over; no `except Exception` stops it.

    `left_at` has the (file, line) of one that was left behind, the innermost first.
    """

    left_at = ()


class Stopped(TimeIsUp):
    """Raised inside the function when its author interrupts the kernel."""


def in_thread(function, args, seconds):
    """(value, None) or (None, error); the thread is interrupted at the limit, and left behind if it sleeps on."""
    run, end = _Run(function, args), TimeIsUp
    try:
        run.start()
        while run.is_alive() and not run.opened.wait(0.1):  # what traces threads may end this one before it begins
            pass
        run.wait(seconds)
    except KeyboardInterrupt:
        end = Stopped
        run.opened.wait(GRACE)  # the thread may just be starting
    late = not run.closed  # is_alive() is wrong after an interrupted join in Python 3.11
    run.interrupt(end)
    if not run.closed or (late and not issubclass(type(run.error), TimeIsUp)):
        error = end()
        error.left_at = [(frame.f_code.co_filename, number) for frame, number in run.stack]
        threading.Thread(target=run.haunt, daemon=True).start()
        return None, error
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
        _let_go()

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
    def stack(self):
        """(frame, line) of what it does, the innermost first."""
        frame = sys._current_frames().get(self.ident) if self.running else None
        return [*traceback.walk_stack(frame)] if frame else []

    @property
    def importing(self):
        """The outermost import that the function is in the middle of, a frame; or None."""
        imports = [frame for frame, _ in self.stack if frame.f_code.co_filename.startswith("<frozen importlib")]
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
        garbage collector calls in that thread: Python would report it and go on, as it does after one in a `__del__`.
        """
        end, interval, collecting = monotonic() + GRACE, sys.getswitchinterval(), gc.isenabled()
        hook, reports = sys.unraisablehook, []
        sys.unraisablehook = reports.append  # in C: it is not struck itself
        gc.disable()
        try:
            while (self.is_alive() or self.running) and monotonic() < end:
                self._strike(exception)
                sys.setswitchinterval(1e-6)
                sleep(0)
        finally:
            sys.setswitchinterval(interval)
            sys.unraisablehook = hook
            if collecting:
                gc.enable()
        for report in reports:
            if getattr(report.object, "__self__", None) is self or not issubclass(report.exc_type, TimeIsUp):
                hook(report)

    def haunt(self):
        """Interrupt it until it ends: it may have slept, and swallowed what struck it when it woke."""
        while self.running:
            self._strike(TimeIsUp)
            sleep(GRACE)

    def _strike(self, exception):
        """Raise the exception in the function at its next step, in place of one that has not struck yet."""
        with self.gate:
            if self.running:
                self.interrupted = True
                _raise_in(self.ident, exception)


def _raise_in(ident, exception):
    """Raise an exception in a thread at its next step."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(exception))


def _let_go():
    """Give back what this thread still holds of logging, which takes its locks a step before its `try`.

    Nobody else could, and the next legend of Matplotlib, which asks for a logger, would wait for ever.
    """
    for lock in (logging._lock, *(getattr(there(), "lock", None) for there in logging._handlerList)):
        while hasattr(lock, "_is_owned") and lock._is_owned():
            lock.release()
