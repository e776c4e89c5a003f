"""A job run in a process apart: whatever it does, the notebook goes on, and the next job finds a process."""

import ctypes
import itertools
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from course_utils import apart
from course_utils.checks import check, exercise

LIMIT = 0.4


def endless(w, g, lr):
    return sum(itertools.count())


def endless_without_alarm(w, g, lr):
    import faulthandler

    faulthandler.cancel_dump_traceback_later()
    return sum(itertools.count())


def crashes(w, g, lr):
    return ctypes.string_at(0)


def kills_itself(w, g, lr):
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def sleeps(w, g, lr):
    time.sleep(60)


def grows(w, g, lr):
    return [bytes(100_000_000) for _ in itertools.count()]  # at once: nothing is written to this memory


def told(function, seconds=10.0):
    """What is said of gd_step written so, and how long it took, a process being ready."""
    assert check("gd_step", exercise("gd_step").solution).ok
    began = time.monotonic()
    return check("gd_step", function, seconds).text, time.monotonic() - began


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (endless, f"it did not end within {LIMIT} s (line {{}}: return sum(itertools.count()))."),
        (endless_without_alarm, f"it did not end within {LIMIT} s."),
        (sleeps, f"it did not end within {LIMIT} s (line {{}}: time.sleep(60))."),
    ],
)
def test_a_call_in_c_without_end_is_ended(function, text):
    for _ in range(10):  # again, if the machine was busy
        said, seconds = told(function, LIMIT)
        assert said == "Your function failed: " + text.format(function.__code__.co_firstlineno + 1)
        if seconds < LIMIT + 0.5:
            break
    assert seconds < LIMIT + 0.5


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (crashes, "it ended Python (line {}: return ctypes.string_at(0))."),
        (kills_itself, "it ended Python."),
    ],
)
def test_a_crash_ends_nothing_else(function, text):
    assert told(function)[0] == "Your function failed: " + text.format(function.__code__.co_firstlineno + 1)
    assert check("gd_step", exercise("gd_step").solution).ok


def stopped(answer):
    raise KeyboardInterrupt


def test_a_stop_between_two_guarded_calls_does_not_begin_the_check_again_here():
    with pytest.raises(apart.Ended, match="it ended Python"):
        apart.call(stopped, None, seconds=5)
    assert apart.call(abs, -1, seconds=5) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems set no such limit")
def test_memory_is_limited():
    assert told(grows)[0].startswith("Your function failed: MemoryError (line ")


def test_a_value_can_hang_too():
    class Value:
        def __array__(self, *args, **kwargs):
            return sum(itertools.count())

    said = check("largest_lr", Value(), seconds=LIMIT).text
    assert said.startswith(f"This should be one number: it did not end within {LIMIT} s (line ")


def test_what_cannot_be_sent_is_checked_here():
    lock = threading.Lock()

    def locked(w, g, lr):
        with lock:
            return w - lr * g

    with pytest.raises(apart.Unavailable):
        apart.call(os.getppid, locked, seconds=1)
    assert check("gd_step", locked).ok


def test_what_python_ignores_in_its_path_is_no_obstacle(monkeypatch):
    apart.stop()
    monkeypatch.setattr(sys, "path", [*sys.path, Path("..")])
    assert apart.call(abs, -1, seconds=5) == 1


def test_without_processes_it_is_checked_here(monkeypatch):
    def no_processes(*args, **kwargs):
        raise OSError("no processes here")

    apart.stop()
    monkeypatch.setattr(subprocess, "Popen", no_processes)
    assert check("gd_step", exercise("gd_step").solution).ok
    assert check("gd_step", lambda w, g, lr: w + lr * g).mistake == "ascends"


def test_nothing_that_the_function_does_is_seen_here():
    seen = []

    def leaves_traces(w, g, lr):
        seen.append(w)
        os.environ["SGD_TRACE"] = "1"
        np.linalg.norm = None
        return w - lr * g

    norm = np.linalg.norm
    assert check("gd_step", leaves_traces).ok
    assert (seen, os.environ.get("SGD_TRACE"), np.linalg.norm) == ([], None, norm)


def test_a_function_of_a_module_does_not_run_the_module_again(tmp_path):
    (tmp_path / "mine.py").write_text(
        textwrap.dedent("""
        print("run")
        from course_utils.checks import check
        rate = 1

        def gd_step(w, g, lr):
            return w - rate * lr * g

        print(check("gd_step", gd_step).status)
        """)
    )
    command = [sys.executable, "-c", "import mine"]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": os.getcwd()}, capture_output=True)
    assert done.stdout.split() == [b"run", b"correct"]
    assert done.stderr == b""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("busy", [False, True])
def test_it_ends_with_the_program_that_started_it(busy):
    code = "import os, threading, itertools; from course_utils import apart; from course_utils.checks import check\n"
    code += "check('gd_step', None); print(apart._running[0].python.pid, flush=True)\n"
    code += "threading.Timer(0.3, os.kill, (os.getpid(), 9)).start()\n"
    code += "check('gd_step', lambda w, g, lr: sum(itertools.count()), seconds=1)" if busy else "input()"
    done = subprocess.run([sys.executable, "-c", code], stdin=subprocess.PIPE, capture_output=True, check=False)
    pid, end = int(done.stdout), time.monotonic() + 10
    while os.path.exists(f"/proc/{pid}") and time.monotonic() < end:
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{pid}")


STOPPED = """
import itertools, os, signal, threading, time
from course_utils.checks import check

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may start tests with SIGINT ignored
check("gd_step", None)
threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()
print(check("gd_step", lambda w, g, lr: {}, seconds=60).text)
print(check("gd_step", lambda w, g, lr: w - lr * g).status)
"""


@pytest.mark.skipif(os.name == "nt", reason="a signal there ends the process")
@pytest.mark.parametrize("endless", ["time.sleep(90)", "sum(itertools.count())", "[0 for _ in itertools.count()]"])
def test_stop_ends_it(endless):
    command = [sys.executable, "-c", STOPPED.format(endless)]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    stopped, after = done.stdout.splitlines()
    assert stopped.startswith("Your function failed: you stopped it")
    assert after == "correct"
    assert done.stderr == ""
    assert time.monotonic() - began < 40, "it went on to its limit"


def test_nothing_is_left_of_one_that_ended():
    """A kernel that shuts down waits seconds for children that nobody waited for, though they ended at once."""
    apart.stop()
    apart.start()
    process = apart._running[0]
    process.python.terminate()
    for reader in process.readers:
        reader.join(10)
    assert process.python.returncode is not None


def test_two_threads_take_turns():
    def checks():
        answers.extend(check("gd_step", exercise("gd_step").solution).ok for _ in range(5))

    answers = []
    threads = [threading.Thread(target=checks) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 10
