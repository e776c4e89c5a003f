"""Run a job in a process apart, which can be ended whatever the job does: a call in C without end, a crash."""

import builtins
import contextlib
import faulthandler
import linecache
import os
import pickle
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import cloudpickle

from course_utils import guard

WARM_UP = 60  # seconds that the process may take to start; it takes a third of one
MEMORY = 2 * 2**30  # bytes that it may hold, where the system knows such limits
MARGIN = guard.GRACE + 0.05  # seconds beyond its limit after which a job that did not end itself is ended
SERVE = "import sys; sys.path[:] = {}; from course_utils.apart import serve; serve()"
_one_at_a_time = threading.Lock()
_places = tempfile.TemporaryDirectory(prefix="apart")
_running = []  # the process, if there is one


class Unavailable(Exception):
    """No process can be started here, or something that the job needs cannot be sent to it."""


class Ended(Exception):
    """The process did not survive the job; the message says why."""


class _Process:
    """A Python that serves jobs. The first thing that it sends says that it is ready, the last is None."""

    def __init__(self):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        settings = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
        self.python = subprocess.Popen([sys.executable, "-c", SERVE.format(sys.path)], env=settings, **pipes)
        self.sent, self.ready = queue.SimpleQueue(), False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
            while True:
                self.sent.put(pickle.load(self.python.stdout))
        self.sent.put(None)

    def send(self, job):
        """Send a job, as soon as the process is ready for it."""
        self.ready = self.ready or self.sent.get(timeout=WARM_UP)
        pickle.dump(job, self.python.stdin)
        self.python.stdin.flush()


def start():
    """Begin to start the process, if there is none; nobody has to wait for it."""
    if not _running or _running[0].python.poll() is not None:
        _running[:] = [_Process()]


def stop():
    """End the process at once, whatever it does."""
    for process in _running:
        process.python.kill()
        process.python.wait()
    _running.clear()


def call(job, answer, *args, seconds):
    """job(answer, *args), run apart; seconds is the limit that the job keeps itself, if it can.

    job is a function of a module. answer may be anything; what cannot be sent raises Unavailable.
    """
    with _one_at_a_time:
        dumped, place = _dumped(answer), Path(_places.name, "place")
        place.write_text("")
        try:
            start()
            _running[0].send((job, dumped, args, _settings(), _sources(), seconds, place))
        except (OSError, queue.Empty) as error:
            stop()
            raise Unavailable from error
        result, error, left_behind = _received(seconds, place)
        if left_behind:
            stop()
            start()
    if error:
        raise Unavailable(error)
    return result


def _received(seconds, place):
    """What the process sends. If it has to be ended, the next one is started already."""
    process, why = _running[0], ""
    try:
        received = process.sent.get(timeout=seconds + MARGIN + 0.1)
    except queue.Empty:  # it has put out its own alarm
        received, why = None, f"it did not end within {seconds:g} s"
    except KeyboardInterrupt:
        process.python.terminate()
        received, why = None, "you stopped it"
        with contextlib.suppress(queue.Empty):
            received = process.sent.get(timeout=1)
    if received is None:
        stop()
        start()
        told = place.read_text(errors="replace")
        lines = [(file, int(number)) for file, number in re.findall(r'File "(.+)", line (\d+)', told)]
        ended = f"it did not end within {seconds:g} s" if "Timeout" in told else "it ended Python"
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


def _settings():
    return {name: value for name, value in os.environ.items() if name.startswith("SGD_COURSE_")}


def _sources():
    """Source lines that are in no file, which is where a notebook's cells are."""
    return {name: entry for name, entry in list(linecache.cache.items()) if len(entry) == 4 and not Path(name).exists()}


def serve():
    """What the process does: one job after the other, until nobody sends any more."""
    jobs, results = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    _prepare()
    ready = True
    with contextlib.suppress(EOFError):
        while True:
            pickle.dump(ready, results)
            results.flush()
            ready = _run(*pickle.load(jobs))
    os._exit(0)


def _prepare():
    """Keep a job from what is not its own. SIGTERM interrupts it, as SIGINT does elsewhere."""
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nowhere, stream)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Jupyter sends it to all processes of a kernel
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    builtins.display, builtins.get_ipython = print, lambda: None
    import course_utils.checks  # noqa: F401, takes a moment


def _run(job, dumped, args, settings, sources, seconds, place):
    """(what the job returns, None or why it cannot be run here, whether it left a thread behind).

    The alarm needs no Python to go off; it and a crash write into `place` where the job was.
    """
    for name in _settings():
        del os.environ[name]
    os.environ.update(settings)
    linecache.cache.update(sources)
    before = threading.active_count()
    with open(place, "w") as file:
        faulthandler.enable(file)
        faulthandler.dump_traceback_later(seconds + MARGIN, exit=True, file=file)
        try:
            return job(cloudpickle.loads(dumped), *args), None, threading.active_count() > before
        except (Exception, KeyboardInterrupt) as error:
            return None, repr(error), False
        finally:
            faulthandler.cancel_dump_traceback_later()
            faulthandler.disable()
