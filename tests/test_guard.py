"""Whatever a learner's function does, the call returns in time, says what happened, and leaves all else as it was."""

import _thread
import asyncio
import builtins
import contextlib
import logging
import os
import random
import signal
import subprocess
import sys
import threading
import time
import warnings

import numpy as np
import pytest
from nbclient import NotebookClient
from nbformat import v4

from course_utils import guard, plots, theory, threads
from course_utils.originals import SHOWN, patched
from course_utils.problems import Quadratic


def spins():
    while True:
        pass


def swallows():
    end = time.monotonic() + 3  # one that cannot be ended would slow down every test after it
    while time.monotonic() < end:
        try:
            while time.monotonic() < end:
                pass
        except:  # noqa: E722, the point of it
            pass


def sleeps():
    time.sleep(3)


def recurses(n=0):
    return recurses(n + 1)


def recurses_deep():
    sys.setrecursionlimit(10**7)
    return recurses()


class Bottomless:
    def __getattr__(self, name):
        sys.setrecursionlimit(10**7)
        return getattr(self, name)


def numpy_state():
    return np.random.get_state()[1].copy()  # noqa: NPY002


class Hostile(Exception):
    def __str__(self):
        raise ValueError

    def __bool__(self):
        return False


def hostile():
    raise Hostile


class Exits(Exception):
    def __str__(self):
        sys.exit(3)


def exits():
    raise Exits


class NoNames(type):
    @property
    def __name__(cls):
        while True:
            pass


class Nameless(Exception, metaclass=NoNames):
    pass


class Masked(Exception):
    @property
    def __class__(self):
        raise ValueError


class Closed(Exception):
    def __getattribute__(self, name):
        raise ValueError


class Full(Exception):
    def __str__(self):
        return "x."


def raises(kind):
    def function():
        raise kind("x")

    return function


def test_what_it_returns_and_prints():
    outcome = guard.call(lambda a, b: print("hello") or a + b, 1, 2)
    assert (outcome.value, outcome.failed, outcome.printed) == (3, "", "hello\n")


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda: 1 / 0, "ZeroDivisionError: division by zero (line "),
        (lambda: undefined, "NameError: name 'undefined' is not defined (line "),  # noqa: F821
        (lambda: sys.exit(3), "SystemExit: 3"),
        (lambda: os._exit(3), "SystemExit: the function tried to end Python"),
        (lambda: input("x"), "RuntimeError: input() cannot be used here"),
        (lambda: np.ones(2) @ np.ones(3), "ValueError: matmul"),
        (recurses, "it calls itself without end (line "),
        (recurses_deep, "it calls itself without end (line "),
        (lambda: Bottomless().x, "it calls itself without end (line "),
        (hostile, "Hostile (line "),
        (exits, "Exits (line "),
        (raises(Nameless), "Nameless: x (line "),
        (raises(Masked), "Masked: x (line "),
        (raises(Closed), "Closed: x (line "),
        (raises(type("Long\n" + 200 * "x", (Exception,), {})), f"Long {95 * 'x'}: x (line "),
        (raises(Full), "Full: x (line "),
        (lambda: _thread.interrupt_main(), "RuntimeError: the function tried to interrupt Python (line "),
        (lambda: signal.raise_signal(signal.SIGINT), "RuntimeError: the function tried to interrupt Python (line "),
        (lambda: os.kill(os.getpid(), signal.SIGINT), "RuntimeError: the function tried to interrupt Python (line "),
        ("no function", "TypeError: 'str' object is not callable"),
    ],
)
def test_failures_in_one_line(function, told):
    outcome = guard.call(function)
    assert outcome.failed.startswith(told)
    assert "\n" not in outcome.failed
    assert outcome.value is None


def interrupts(interrupt=_thread.interrupt_main):
    interrupt()
    spins()


def test_an_interrupt_while_the_thread_starts_ends_the_function():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may start tests with SIGINT ignored
    told = [guard.call(interrupts, seconds=5).failed for _ in range(5)]
    signal.signal(signal.SIGINT, before)
    assert all(failed.startswith("you stopped it (line ") for failed in told)


def test_an_interrupt_ends_a_message_without_end():
    class Endless(Exception):
        def __str__(self):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        guard.describe(Endless())


@pytest.mark.parametrize("function", [spins, swallows, sleeps])
@pytest.mark.parametrize("main", [True, False])
def test_an_endless_one_is_ended(function, main):
    def called():
        began = time.monotonic()
        outcomes.append(guard.call(function, seconds=0.3))
        seconds.append(time.monotonic() - began)

    outcomes, seconds = [], []
    while len(seconds) < 3 and min(seconds, default=9) > 0.3 + 0.5:  # again, if the machine was busy
        caller = threading.Thread(target=called)
        caller.run() if main else caller.start()
        if not main:
            caller.join()
    assert min(seconds) < 0.3 + 0.5
    assert all(outcome.failed.startswith("it did not end within 0.3 s") for outcome in outcomes)


def test_an_interrupted_loop_leaves_no_thread():
    before = set(threading.enumerate())
    guard.call(spins, seconds=0.1)
    assert set(threading.enumerate()) <= before  # one of another test may have ended meanwhile


@pytest.mark.parametrize("name", ["module", "handler"])
def test_what_is_interrupted_in_logging_leaves_it_free(name):
    """Python takes its locks before the `try` that gives them back; here the interrupt strikes there for certain."""
    handler = logging.StreamHandler()
    lock = {"module": logging._lock, "handler": handler.lock}[name]

    def struck():
        lock.acquire()
        while True:
            pass

    guard.call(struck, seconds=0.05)
    assert lock.acquire(timeout=5)
    lock.release()


def test_an_interrupt_never_strikes_outside_the_function(monkeypatch):
    """Hundreds that end just when their time is over: what escapes a thread is handed to one of these two hooks."""
    escaped = []
    monkeypatch.setattr(threading, "excepthook", escaped.append)
    monkeypatch.setattr(sys, "unraisablehook", escaped.append)
    for _ in range(300):
        guard.call(time.sleep, 0.001, seconds=0.001)
        guard.call(lambda: [i * i for i in range(2000)], seconds=0.0002)
        guard.call(lambda: 1 / 0, seconds=0)
    assert escaped == []


SLOW = "import time\nend = time.monotonic() + 0.6\nwhile time.monotonic() < end:\n    pass\n"


@pytest.fixture
def slow(tmp_path, monkeypatch):
    """A module that takes 0.6 s to import."""
    (tmp_path / "slow.py").write_text(SLOW)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("slow", None)


def imports():
    import slow

    return slow.__name__


def imports_and_spins():
    import slow  # noqa: F401

    spins()


def test_an_import_is_not_cut_in_two(slow):
    assert guard.call(imports, seconds=0.2).value == "slow"


def test_after_an_import_the_limit_holds_again(slow):
    began = time.monotonic()
    assert guard.call(imports_and_spins, seconds=0.2).failed.startswith("it did not end within 0.2 s (line ")
    assert time.monotonic() - began > 0.6 + 0.2 - 0.05


def test_an_import_that_does_not_end_is_ended(slow, tmp_path, monkeypatch):
    (tmp_path / "slow.py").write_text(SLOW.replace("0.6", "3"))  # a busy machine may wait long
    monkeypatch.setattr(threads, "PATIENCE", 0.1)
    assert guard.call(imports, seconds=0.1).failed.startswith("it did not end within 0.1 s (line ")


WATCHED = """
import sys, threading
from course_utils import guard, threads

def spins():
    while True:
        pass

guard.call({function}, seconds=0.2)
sys.setprofile(lambda *event: None)
sys.settrace(lambda *event: None)
told = guard.call({function}, seconds=0.2).failed
sys.settrace(None)
print(told, threading.active_count())
"""


@pytest.mark.parametrize(("function", "told"), [("dict", ""), ("spins", "it did not end within 0.2 s")])
def test_a_profiler_and_a_debugger_may_watch(function, told):
    """With an interrupt that was taken back Python 3.11 runs in a circle before the next call."""
    run = [sys.executable, "-c", WATCHED.format(function=function)]
    assert subprocess.run(run, capture_output=True, text=True, timeout=30, check=True).stdout == f"{told} 1\n"


class SwallowsAsItGoes:
    def __del__(self):
        spins()


def spins_as_it_goes():
    SwallowsAsItGoes()
    spins()


def swallows_as_it_wakes():
    with contextlib.suppress(BaseException):
        time.sleep(0.6)
    spins()


def test_an_interrupt_that_python_can_only_report_is_followed_by_the_next(monkeypatch):
    reported = []
    monkeypatch.setattr(sys, "unraisablehook", reported.append)
    before = set(threading.enumerate())
    outcome = guard.call(spins_as_it_goes, seconds=0.1)
    assert outcome.failed.startswith("it did not end within 0.1 s (line ")
    assert (outcome.printed, reported) == ("", [])
    assert set(threading.enumerate()) <= before


def test_what_python_reports_otherwise_is_still_reported(monkeypatch):
    class Fails:
        def __del__(self):
            undefined  # noqa: B018, F821

    def fails():
        while True:
            Fails()

    reported = []
    monkeypatch.setattr(sys, "unraisablehook", lambda report: reported.append(report.exc_type))
    guard.call(fails, seconds=0)
    assert set(reported) == {NameError}


def test_what_was_left_behind_is_ended_when_it_wakes():
    before = set(threading.enumerate())
    assert guard.call(swallows_as_it_wakes, seconds=0.1).failed.startswith("it did not end within 0.1 s (line ")
    end = time.monotonic() + 10
    while set(threading.enumerate()) - before and time.monotonic() < end:
        time.sleep(0.05)
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize("waits", [spins, lambda: time.sleep(2)])
def test_a_message_without_end_is_left_out(waits):
    class Endless(Exception):
        def __str__(self):
            waits()

    def raises():
        raise Endless

    began = time.monotonic()
    assert guard.call(raises).failed.startswith("Endless (line ")
    assert time.monotonic() - began < 1.9


def test_where_it_sleeps_is_told():
    assert guard.call(sleeps, seconds=0.1).failed.endswith(": time.sleep(3))")


def test_of_a_long_line_of_code_its_beginning_is_told(tmp_path):
    long = "w = " + " + ".join(["0.1"] * 100)
    (tmp_path / "long.py").write_text(f"def step(w):\n    {long} / 0\n")
    scope = {}
    exec(compile((tmp_path / "long.py").read_text(), tmp_path / "long.py", "exec"), scope)
    told = guard.call(scope["step"], 1).failed
    assert told == f"ZeroDivisionError: float division by zero (line 2: {long[:119]}…)"


def test_control_characters_are_no_part_of_a_line():
    def fails():
        print("\x1b[1;31mred\x1b[0m\x00\x1b[2J")
        raise ValueError("\x1b[31mred\x07")

    outcome = guard.call(fails)
    assert outcome.printed == "red??[2J\n"
    assert outcome.failed.startswith("ValueError: red? (line ")


def test_a_flood_of_output_is_cut():
    def floods():
        for _ in range(100_000):
            print("x" * 100)

    assert len(guard.call(floods).printed) == SHOWN


def test_patched_numpy_is_named_stood_in_for_and_put_back(monkeypatch):
    mine = lambda *a: "mine"  # noqa: E731
    monkeypatch.setattr(np, "mean", mine)
    monkeypatch.setattr(np.linalg, "norm", mine)
    monkeypatch.delattr(np, "std")
    outcome = guard.call(lambda: (np.mean([1.0, 3.0]), np.linalg.norm([3.0, 4.0]), np.std([1.0, 1.0])))
    assert outcome.value == (2, 5, 0)
    assert sorted(patched()) == ["numpy.linalg.norm", "numpy.mean", "numpy.std"]
    assert np.mean is mine
    assert np.linalg.norm is mine
    assert not hasattr(np, "std")


def test_what_the_function_patches_is_named_and_put_back():
    def patches():
        np.clip = np.linalg.norm = None
        del np.std
        builtins.len = None
        return 1

    before = np.clip, np.linalg.norm, np.std
    outcome = guard.call(patches)
    assert outcome.value == 1
    assert sorted(outcome.replaced) == ["builtins.len", "numpy.clip", "numpy.linalg.norm", "numpy.std"]
    assert guard.call(int).replaced == ()
    assert (np.clip, np.linalg.norm, np.std) == before


def clears_colours():
    plots.COLORS.clear()


def replaces_guard():
    guard.call = guard._described = None


def forgets_theory():
    sys.modules["course_utils.theory"] = None


def forgets_linalg():
    del sys.modules["numpy.linalg"]


def replaces_method():
    Quadratic.grad = None


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (clears_colours, [f"course_utils.plots.COLORS.{name}" for name in plots.COLORS]),
        (replaces_guard, ["course_utils.guard._described", "course_utils.guard.call"]),
        (forgets_theory, ["sys.modules.course_utils.theory"]),
        (forgets_linalg, ["sys.modules.numpy.linalg"]),
        (replaces_method, ["course_utils.problems.Quadratic.grad"]),
    ],
)
def test_what_it_replaces_of_our_own_is_named_and_put_back(function, names):
    def ours():
        loaded = sys.modules.get(theory.__name__), sys.modules.get("numpy.linalg")
        return guard.call, guard._described, dict(plots.COLORS), Quadratic.grad, loaded

    before = ours()
    outcome = guard.call(function)
    assert (outcome.failed, sorted(outcome.replaced)) == ("", sorted(names))
    assert ours() == before
    assert guard.call(int).replaced == ()


def test_what_fails_without_a_builtin_is_told():
    def breaks():
        del builtins.len, builtins.print
        len([])

    outcome = guard.call(breaks)
    assert outcome.failed.startswith("NameError: name 'len' is not defined (line ")
    assert sorted(outcome.replaced) == ["builtins.len", "builtins.print"]


CLOSES = """
import gc, math, sys, threading, time
from course_utils import guard, threads

def disturbs():
    sys.stdout.close()
    sys.stderr.detach()
    threading.excepthook = math.ceil = time.monotonic = None
    sys.setswitchinterval(3)
    gc.disable()
    return 1

for _ in range(2):
    print(guard.call(disturbs, seconds=2).value)
print(callable(threading.excepthook), math.ceil(0.5), time.monotonic() > 0, sys.getswitchinterval(), gc.isenabled())
"""


def test_what_belongs_to_all_is_put_back():
    told = subprocess.run([sys.executable, "-c", CLOSES], capture_output=True, text=True, timeout=30, check=True)
    assert told.stdout.split("\n") == ["1", "1", "True 1 True 0.005 True", ""]
    assert told.stderr == ""


def test_everything_else_is_as_before(capsys, recwarn):
    def disturbs():
        np.random.seed(1)  # noqa: NPY002
        random.seed(1)
        sys.setrecursionlimit(5000)
        print("out")
        print("err", file=sys.stderr)
        np.log(np.zeros(1))

    asks, state, limit = builtins.input, numpy_state(), sys.getrecursionlimit()
    python = random.getstate()
    assert guard.call(disturbs).failed == ""
    np.testing.assert_array_equal(numpy_state(), state)
    assert (random.getstate(), sys.getrecursionlimit(), builtins.input) == (python, limit, asks)
    assert tuple(capsys.readouterr()) == ("", "")
    assert len(recwarn) == 0


SURROUNDINGS = """
import locale, os, sys, threading
import matplotlib
from course_utils import guard

def disturbs():
    import matplotlib.pyplot as plt
    plt.figure()
    plt.plot([1, 2])
    plt.rcParams["lines.linewidth"] = 9
    os.chdir("/")
    os.environ["NEW"] = os.environ["KEPT"] = "other"
    del os.environ["GONE"]
    locale.setlocale(locale.LC_ALL, "C")
    threading.settrace(lambda *event: 1 / 0)
    threading.setprofile(lambda *event: 1 / 0)
    return plt.get_fignums()

def around():
    tracing = threading.gettrace(), threading.getprofile()
    shown = sys.modules["matplotlib.pyplot"].get_fignums() if "matplotlib.pyplot" in sys.modules else []
    return os.getcwd(), dict(os.environ), locale.setlocale(locale.LC_ALL), dict(matplotlib.rcParams), tracing, shown

def twice():
    for _ in range(2):
        print(guard.call(disturbs, seconds=20).value, around() == before)

os.environ.update(KEPT="kept", GONE="gone")
matplotlib.use("agg")
locale.setlocale(locale.LC_ALL, "C.UTF-8")
before = around()
twice()
beside = threading.Thread(target=twice)
beside.start()
beside.join()
sys.modules["matplotlib.pyplot"].figure()
print(guard.call(disturbs, seconds=20).value, sys.modules["matplotlib.pyplot"].get_fignums())
"""


def test_folder_environment_locale_and_figures_are_put_back_in_any_thread():
    """In JupyterLab a slider's run is in a thread beside that of the cells."""
    told = subprocess.run([sys.executable, "-c", SURROUNDINGS], capture_output=True, text=True, timeout=60)
    assert told.stdout.split("\n") == [*["[1] True"] * 4, "[1, 2] [1]", ""]
    assert told.stderr == ""


def logs():
    logging.basicConfig(level=logging.DEBUG)
    logging.warning("told")
    logging.getLogger("of its own").addHandler(logging.NullHandler())


@pytest.mark.parametrize("main", [True, False])
def test_what_is_logged_is_told_each_time_and_leaves_no_handler(monkeypatch, main):
    """A handler that stayed would write to the first call's prints, and a cell's own basicConfig would do nothing."""
    monkeypatch.setattr(logging.root, "handlers", [])
    before, told = logging.root.level, []
    for _ in range(2):
        call = threading.Thread(target=lambda: told.append(guard.call(logs).printed))
        (call.run if main else call.start)()
        if not main:
            call.join()
    assert told == ["WARNING:root:told\n"] * 2
    assert (logging.root.handlers, logging.root.level) == ([], before)
    assert logging.getLogger("of its own").handlers  # as libraries have them, which a function may import


def hooks():
    return sys.excepthook, sys.displayhook, sys.unraisablehook


def test_lists_and_hooks_of_python_are_put_back():
    def disturbs():
        for held in (sys.path, sys.meta_path, sys.path_hooks):
            held.clear()
        sys.excepthook = sys.displayhook = sys.unraisablehook = None

    before = [*sys.path], [*sys.meta_path], [*sys.path_hooks], *hooks()
    guard.call(disturbs)
    assert before == (sys.path, sys.meta_path, sys.path_hooks, *hooks())


def sleeps_while_warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        time.sleep(0.6)


@pytest.mark.parametrize(
    "sets",
    [lambda: warnings.simplefilter("error"), lambda: warnings.filterwarnings("error"), lambda: warnings.resetwarnings(),
     lambda: setattr(warnings, "filters", [("error", None, Warning, None, 0)]), sleeps_while_warnings_are_errors],
)  # fmt: skip
def test_warnings_are_errors_for_the_function_only(sets):
    before, held, threads = warnings.filters, [*warnings.filters], threading.enumerate()
    guard.call(sets, seconds=0.2)
    assert warnings.filters is before
    assert before == held
    with pytest.warns(RuntimeWarning):
        np.zeros(1) / 0
    for left_behind in {*threading.enumerate()}.difference(threads):
        left_behind.join()
    assert warnings.filters is before


def test_filters_of_a_cell_that_runs_beside_are_its_own():
    with warnings.catch_warnings():
        beside = threading.Thread(target=lambda: guard.call(time.sleep, 0.2))
        beside.start()
        time.sleep(0.1)
        warnings.simplefilter("ignore")
        beside.join()
        assert warnings.filters[0][0] == "ignore"


def prints_and_warns(n):
    for _ in range(n):
        print("the function's")
        warnings.warn("the function's", stacklevel=1)
        sys.stderr.writelines(["the function's\n"])
        time.sleep(0.01)


def test_other_threads_notice_nothing(capsys, recwarn, monkeypatch):
    """A kernel may answer a slider beside the cell that runs: what that prints is not the function's."""
    monkeypatch.setattr(builtins, "input", lambda prompt: prompt + "answered")
    for _ in range(2):  # the first time, Python remembers what it has warned of
        beside = threading.Thread(target=lambda: got.append(guard.call(prints_and_warns, 10)))
        got, drawn, state = [], [], np.random.get_state()  # noqa: NPY002
        beside.start()
        while beside.is_alive():
            print("mine")
            print("mine", file=sys.stderr)
            warnings.warn("mine", stacklevel=1)
            drawn.append(np.random.uniform())  # noqa: NPY002
            assert input("? ") == "? answered"
            time.sleep(0.01)
        np.random.set_state(state)  # noqa: NPY002
        assert got[0].failed == ""
        assert set(got[0].printed.split()) == {"the", "function's"}
        assert drawn == np.random.uniform(size=len(drawn)).tolist()  # noqa: NPY002
        assert {part for text in capsys.readouterr() for part in text.split()} == {"mine"}
        assert {str(warning.message) for warning in recwarn.list} == {"mine"}
        recwarn.clear()


def test_a_limit_of_recursion_that_was_set_before_is_put_back():
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(10**7)
    assert guard.call(recurses).failed.startswith("it calls itself without end (line ")
    assert sys.getrecursionlimit() == 10**7
    sys.setrecursionlimit(limit)


KERNEL = """
import os, pathlib, signal, threading, time
from course_utils.checks import check

spinning = pathlib.Path("spinning")

def spins(w, g, lr):
    spinning.touch()
    while True: pass

def stop_it():
    while not spinning.exists(): time.sleep(0.01)
    time.sleep(0.2)
    os.kill(os.getpid(), signal.SIGINT)

print(check("gd_step", lambda w, g, lr: exit()))
print(check("gd_step", lambda w, g, lr: display("shown") or w - lr * g))
threading.Thread(target=stop_it).start()
before = threading.active_count() - 1
print(check("gd_step", spins))
time.sleep(0.1)
print(threading.active_count() - before)
print(get_ipython().exit_now)
"""


@pytest.mark.skipif(os.name == "nt", reason="a signal there ends the process")
def test_in_a_kernel_exit_display_and_stop(tmp_path):
    notebook = v4.new_notebook(cells=[v4.new_code_cell(KERNEL)])
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    text = "".join(output.text for output in notebook.cells[0].outputs)
    ended, right, *printed, stopped, left, exit_now = text.splitlines()
    assert ended.startswith("It does not run. Your function failed: SystemExit: the function tried to end Python")
    assert right.startswith("Correct")
    assert printed[0] == "Your function printed: shown"
    assert stopped.endswith("you stopped it (line 8: while True: pass).")
    assert (left, exit_now) == ("0", "False")


def test_where_it_was_is_known_although_interrupts_strike_again_and_again(monkeypatch):
    leave = np.errstate.__exit__

    def leave_slowly(*args):
        for _ in range(100_000):
            len(args)
        return leave(*args)

    monkeypatch.setattr(np.errstate, "__exit__", leave_slowly)
    assert guard.call(spins, seconds=0.01).failed.endswith((": while True:)", ": pass)"))


def test_numpy_is_remembered_when_the_checks_are_imported():
    code = "import numpy as np\nfrom course_utils.checks import check\nnp.allclose = lambda *a, **k: True\n"
    code += "print(check('gd_step', lambda w, g, lr: w + lr * g))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert told.startswith("Not yet: ")
    assert "numpy.allclose" in told


def test_it_costs_little():
    guard.call(int)
    began = time.thread_time()
    for _ in range(100):
        guard.call(int)
    assert time.thread_time() - began < 0.3


def test_where_none_comes_from_is_told():
    failed = guard.call(lambda: np.random.default_rng(0).shuffle([1, 2])[0]).failed
    assert "'NoneType' object is not subscriptable; None is what a function without `return` gives back" in failed


def never_set():
    for number in ():
        total = number
    return total


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (lambda lr, g: lr @ lr, "for @: 'float' and 'float'; @ takes no single number, * does"),
        (lambda lr, g: g @ lr, "; @ takes no single number, * does"),
        (lambda lr, g: lr ^ 2, "for ^: 'float' and 'int'; a power is written **, not ^"),
        (lambda lr, g: g ^ 2, "; a power is written **, not ^"),
        (lambda lr, g: [1.0, 2.0] * lr, "; a list or a text is no array, np.array(...) makes one of a list"),
        (lambda lr, g: [lr] - lr, "'list' and 'float'; a list or a text is no array"),
        (lambda lr, g: list(g) + lr, 'not "float") to list; a list or a text is no array'),
        (lambda lr, g: lr * never_set, "; a function gives a number only when it is called, as in grad(w)"),
        (lambda lr, g: never_set - lr, "; a function gives a number only when it is called, as in grad(w)"),
        (lambda lr, g: g(0), "; an entry is taken with [ ], and a product needs its *"),
        (lambda lr, g: lr(1 + 2), "; a product needs its *, also before a bracket"),
        (lambda lr, g: [2 * i for i in len(g)], "; range(...) counts up to a number"),
        (lambda lr, g: range([1, 2]), "; range(...) takes a number; `for x in a_list` needs none"),
        (lambda lr, g: g.append(lr), "; a list has it: begin with [w], make an array at the end"),
        (lambda lr, g: g.exp(), "; exp, log, tanh and others are NumPy's: np.exp(a), not a.exp()"),
        (lambda lr, g: [3, 4][lr], "; `for x in a_list` gives its entries, not their places"),
        (lambda lr, g: np.array([g, (g, g)]), "; its entries have unequal lengths, or some of them none"),
        (lambda lr, g: g * np.ones(3), "; * and + go entry by entry: shapes must agree from the right; @ is"),
        (lambda lr, g: g @ np.ones(3), "; in A @ B, A has as many columns as B has rows, and A.T is A turned over"),
        (lambda lr, g: g[lr], "; an index is a whole number, as j in range(len(w)), not an entry of w"),
        (lambda lr, g: g[np.array([lr])], "; row numbers are whole numbers, as rng.permutation(n) draws them"),
        (lambda lr, g: g[len(g) / 2 :], "; / makes a fraction, // a whole number"),
        (lambda lr, g: g[:g], "; an array stands where one whole number is needed: in a slice, or as an axis"),
        (lambda lr, g: g > lr and 1, "; `if`, `while` and max take one number, such as np.linalg.norm(w)"),
        (lambda lr, g: g[len(g)], "; indices begin at 0, so the last one is the size minus 1"),
        (lambda lr, g: never_set(), "; give it a first value, before the loop or `if` that changes it"),
        (lambda lr, g: float(g), "; float(...) and the functions of math take one number, NumPy's take arrays"),
    ],
)
def test_what_an_error_leaves_to_be_known_is_told(wrong, hint):
    assert hint in guard.call(wrong, 0.1, np.ones(2)).failed


class Meant:
    def __int__(self, beta=0.9):
        self.beta = beta


@pytest.mark.parametrize("it", [Meant(), type("Sub", (Meant,), {})()])
def test_an_attribute_that_an_init_of_another_name_was_to_set(it):
    told = "has no attribute 'beta'; __int__ is never called, write __init__ (line "
    assert told in guard.call(lambda: it.beta).failed
    other = guard.call(lambda: np.ones(2).beta)
    assert "never called" not in other.failed


def test_only_what_its_author_leaves_unwritten_is_called_so():
    def unwritten():
        raise NotImplementedError

    assert guard.call(unwritten).failed.startswith("it is not written yet (line ")
    assert guard.call(asyncio.AbstractEventLoop().close).failed == "NotImplementedError"


def test_an_error_inside_compiled_code_is_placed_where_its_author_called_that():
    """Cython's files have lines too, of names such as numpy/random/_generator.pyx."""
    failed = guard.call(lambda: np.random.default_rng(0).integers(3, 2)).failed
    assert "low >= high; how many to draw is said by name, as rng.integers(n, size=...) (line " in failed
    assert failed.endswith(": failed = guard.call(lambda: np.random.default_rng(0).integers(3, 2)).failed)")


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows sets no time zone")
def test_a_time_zone_that_is_set_anew_is_no_overwritten_name():
    """As a library does that is imported after the checks."""
    time.tzset()
    assert not [name for name in patched() if name.startswith("time.")]
    assert guard.call(time.tzset).replaced == ()
