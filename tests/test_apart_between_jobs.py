"""What one check leaves behind reaches no other, and each sees the kernel's surroundings as they are now."""

import contextlib
import importlib
import multiprocessing
import os
import signal
import sys
import time
import warnings

import numpy as np
import pytest

from course_utils.checks import check


@pytest.fixture(autouse=True)
def no_progress(monkeypatch):
    monkeypatch.setenv("SGD_COURSE_PROGRESS", "off")


def right(w, g, lr):
    return w - lr * g


def slow(w, g, lr):
    time.sleep(2)
    return w


def stands_still(w, v, g, lr, beta):
    return w, v


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs alarms")
@pytest.mark.parametrize(("error", "strikes"), [(TimeoutError, 1), (RuntimeError, 1), (KeyboardInterrupt, 2)])
def test_after_a_check_that_was_broken_off_each_answer_gets_its_own_verdict(monkeypatch, error, strikes):
    def strike(*_):
        strikes_left.pop()
        if strikes_left:
            signal.setitimer(signal.ITIMER_REAL, 0.1)  # as someone who presses stop twice
        raise error

    assert check("gd_step", right).ok
    strikes_left, before = [0] * strikes, signal.signal(signal.SIGALRM, strike)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        with pytest.raises(error) if error is not KeyboardInterrupt else contextlib.nullcontext():
            assert "you stopped it" in check("gd_step", slow).text
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    for _ in range(2):
        assert check("gd_step", right).ok
        assert not check("momentum_step", stands_still).ok


def test_an_edited_module_is_judged_as_it_is_now(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    rules = tmp_path / "rules_of_mine.py"
    rules.write_text("def step(w, g, lr):\n    return w + lr * g\n")
    mine = importlib.import_module("rules_of_mine")
    assert check("gd_step", lambda w, g, lr: mine.step(w, g, lr)).mistake == "ascends"
    rules.write_text("def step(w, g, lr):\n    return w - lr * g  # down\n")
    importlib.reload(mine)
    assert check("gd_step", lambda w, g, lr: mine.step(w, g, lr)).ok
    del sys.modules["rules_of_mine"]


def test_what_is_installed_is_imported_once(tmp_path, monkeypatch):
    """In any folder of packages, the user's or the system's: some break when they are imported again."""
    packages = tmp_path / "site-packages"
    packages.mkdir()
    imports = tmp_path / "imports"
    (packages / "large_package.py").write_text(f"open({str(imports)!r}, 'a').write('once ')\n")
    monkeypatch.syspath_prepend(packages)

    def step(w, g, lr):
        import large_package  # noqa: F401

        return w - lr * g

    assert check("gd_step", step).ok
    assert check("gd_step", step).ok
    assert imports.read_text() == "once "


def test_folder_environment_and_path_are_those_of_the_kernel(tmp_path, monkeypatch):
    assert check("gd_step", right).ok  # the process is there before they change
    (tmp_path / "late_helper.py").write_text("factor = 1\n")
    np.save(tmp_path / "one.npy", 1.0)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MY_RATE", "1")
    monkeypatch.syspath_prepend(tmp_path)

    def step(w, g, lr):
        from late_helper import factor

        return w - factor * np.load("one.npy") * float(os.environ["MY_RATE"]) * lr * g

    assert check("gd_step", step).ok
    monkeypatch.delenv("MY_RATE")
    assert "KeyError" in check("gd_step", step).text


def test_filters_of_warnings_stay_with_the_answer_that_set_them():
    def strict(w, g, lr):
        warnings.simplefilter("error")
        return w - lr * g

    def warns(w, g, lr):
        warnings.warn("old", stacklevel=1)
        return w - lr * g

    assert check("gd_step", strict).ok
    assert check("gd_step", warns).ok


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="needs fork")
def test_an_answer_may_compute_in_a_process_of_its_own():
    def step(w, g, lr):
        fork = multiprocessing.get_context("fork")
        results = fork.Queue()
        helper = fork.Process(target=lambda: results.put(w - lr * g))
        helper.start()
        result = results.get(timeout=3)
        helper.join()
        return result

    assert check("gd_step", step).ok
