"""Run a job in a process apart, which can be ended whatever the job does: a call in C without end, a crash."""

import contextlib
import linecache
import os
import pickle
import queue
import re
import subprocess
import sys
import threading

import cloudpickle

from course_utils import guard
from course_utils.jobs import MARGIN, WARM_UP, surroundings

HEARD = 100_000  # bytes kept of what the process writes to stderr
SERVE = "import sys; sys.path[:] = {}; from course_utils.jobs import serve; serve()"
_one_at_a_time = threading.Lock()
_running = []  # the process, if there is one


class Unavailable(Exception):
    """No process can be started here, or something that the job needs cannot be sent to it."""


class Ended(Exception):
    """The process did not survive the job; the message says why."""


class _Process:
    """A Python that serves jobs. The first thing that it sends says that it is ready, the last is None."""

    def __init__(self):
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
        self.python = subprocess.Popen(
            [sys.executable, "-c", SERVE.format([p for p in sys.path if isinstance(p, str)])], env=environment, **pipes
        )
        self.sent, self.ready, self.last_words = queue.SimpleQueue(), False, b""
        self.readers = [threading.Thread(target=read, daemon=True) for read in (self._read, self._listen)]
        for reader in self.readers:
            reader.start()

    def _read(self):
        with contextlib.suppress(Exception):  # the end, or anything else if a job wrote there too
            while True:
                self.sent.put(pickle.load(self.python.stdout))
        self.sent.put(None)
        self.python.wait()  # or a kernel that shuts down waits, seconds long, for what is left of its child

    def _listen(self):
        for line in self.python.stderr:
            self.last_words = (self.last_words + line)[-HEARD:]

    def send(self, job):
        """Send a job, as soon as the process is ready for it."""
        self.ready = self.ready or self.sent.get(timeout=WARM_UP)
        self.last_words = b""
        pickle.dump(job, self.python.stdin)
        self.python.stdin.flush()

    def kill(self):
        """End it; what it wrote to its stderr since the last job came."""
        self.python.kill()
        self.python.wait()
        for reader in self.readers:
            reader.join(1)
        with contextlib.suppress(OSError):
            self.python.stdin.close()
        return self.last_words.decode(errors="replace")


def start():
    """Begin to start the process, if there is none; nobody has to wait for it."""
    if not _running or _running[0].python.poll() is not None:
        _running.clear()
        with contextlib.suppress(OSError):  # a system without processes, or with too many
            _running.append(_Process())


def stop():
    """End the process at once, whatever it does."""
    while _running:
        _running.pop().kill()


def call(job, answer, *args, seconds):
    """job(answer, *args), run apart; seconds is the limit that the job keeps itself, if it can.

    job is a function of a module. answer may be anything; what cannot be sent raises Unavailable.
    """
    with _one_at_a_time:
        dumped = _dumped(answer)
        try:
            return _answered((dumped, surroundings(), _sources(), job, args, seconds), seconds)
        except (Ended, Unavailable):
            raise
        except BaseException as error:  # what the process still owes must not be taken for the answer to the next job
            stop()
            if isinstance(error, KeyboardInterrupt):
                raise Ended("you stopped it") from None
            raise


def _answered(sent, seconds):
    try:
        start()
        _running[0].send(sent)
    except (IndexError, OSError, queue.Empty) as error:
        stop()
        raise Unavailable from error
    if error := _received(WARM_UP):  # first the answer arrives there, which may import large libraries
        raise Unavailable(error[0])
    result, error, left_behind = _received(seconds)
    if left_behind:
        stop()
        start()
    if error:
        raise Unavailable(error)
    return result


def _received(seconds):
    """What the process sends next. If it has to be ended, the next one is started already."""
    process, why = _running[0], ""
    try:
        received = process.sent.get(timeout=seconds + MARGIN + 0.1)
    except queue.Empty:  # it has put out its own alarm
        received, why = None, f"it did not end within {seconds:g} s"
    except KeyboardInterrupt:
        process.python.terminate()
        received, why = None, "you stopped it"
        with contextlib.suppress(queue.Empty):
            received = process.sent.get(timeout=1)  # the result, with the place where it was stopped
    if received is None or why:
        told = _running.pop().kill()
        start()
        if isinstance(received, tuple):
            return received
        lines = [(file, int(number)) for file, number in re.findall(r'File "(.+)", line (\d+)', told)]
        ended = f"it did not end within {seconds:g} s" if "Timeout (" in told else "it ended Python"
        raise Ended((why or ended) + guard.place(lines))
    return received


def _dumped(answer):
    """An answer as bytes. Functions of its own module go along whole, so that the module is not run again."""
    module = sys.modules.get(getattr(answer, "__module__", None))
    alone = guard.is_library(getattr(module, "__file__", None) or "<none>")
    outcome = guard.call(cloudpickle.dumps, answer) if alone else guard.call(_dumped_with, answer, module)
    if outcome.failed:
        raise Unavailable(outcome.failed)
    return outcome.value


def _dumped_with(answer, module):
    cloudpickle.register_pickle_by_value(module)
    try:
        return cloudpickle.dumps(answer)
    finally:
        cloudpickle.unregister_pickle_by_value(module)


def _sources():
    """Source lines that are in no file, which is where a notebook's cells are."""
    cached = list(linecache.cache.items())
    return {name: entry for name, entry in cached if len(entry) == 4 and entry[1] is None and name[0] != "<"}
