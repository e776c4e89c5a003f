"""The other side of apart.py: the process that runs jobs, and ends them even where Python cannot be interrupted."""

import builtins
import contextlib
import faulthandler
import importlib
import linecache
import os
import pickle
import signal
import sys
import threading
import warnings

import cloudpickle

from course_utils import guard

WARM_UP = 60  # seconds that the process may take to start, and an answer to arrive in it; both take a tenth of one
MARGIN = guard.GRACE + 0.05  # seconds beyond its limit after which a job that did not end itself is ended
MEMORY = 2 * 2**30  # bytes that the process may hold, where the system knows such limits


def surroundings():
    """What a function may look up outside itself: the environment, the folder, and where modules are looked for."""
    try:
        folder = os.getcwd()
    except OSError:  # it is gone
        folder = None
    return dict(os.environ), folder, [path for path in sys.path if isinstance(path, str)]


def serve():
    """One job after the other, until nobody sends any more."""
    jobs, results = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")

    def send(what):
        pickle.dump(what, results)
        results.flush()

    _prepare()
    send(True)
    with contextlib.suppress(EOFError):
        while True:
            *received, job, args, seconds = pickle.load(jobs)
            answer, *error = _loaded(*received)
            send(error)
            if not error:
                send(_run(job, answer, args, seconds))
    os._exit(0)


def _prepare():
    """Keep a job from what is not its own. SIGTERM interrupts it, as SIGINT does elsewhere."""
    with contextlib.suppress(ImportError, OSError, ValueError):  # no such limit, or a lower one is set
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nowhere, stream)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Jupyter sends it to all processes of a kernel
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    builtins.display, builtins.get_ipython = print, lambda: None
    import course_utils.checks  # noqa: F401, takes a moment


def _loaded(dumped, told, sources):
    """An answer, with the surroundings and source lines that belong to it; or None, and why it cannot be had here."""
    environment, folder, sys.path[:] = told
    os.environ.clear()
    os.environ.update(environment)
    with contextlib.suppress(OSError, TypeError):  # there is none, or not any more
        os.chdir(folder)
    linecache.cache.update(sources)
    for name, module in list(sys.modules.items()):  # its author may have edited it
        if not guard.is_library(getattr(module, "__file__", None) or "<none>"):
            del sys.modules[name]
    importlib.invalidate_caches()
    with _alarm(WARM_UP):
        try:
            return (cloudpickle.loads(dumped),)
        except Exception as error:
            return None, repr(error)


def _run(job, answer, args, seconds):
    """What the job returns; None, or why it cannot be run here; whether it left a thread behind."""
    before = threading.active_count()
    with _alarm(seconds), warnings.catch_warnings():
        try:
            return job(answer, *args), None, threading.active_count() > before
        except Exception as error:
            return None, repr(error), False


@contextlib.contextmanager
def _alarm(seconds):
    """An alarm that needs no Python to go off. It and a crash end the process, and write to stderr where it was."""
    faulthandler.enable()
    faulthandler.dump_traceback_later(seconds + MARGIN, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
