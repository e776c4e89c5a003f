"""Progress is kept, shared by notebooks, and never in the way: whatever is wrong with its file, the course goes on."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from course_utils import progress
from course_utils.checks import check, exercise, overview


@pytest.fixture(autouse=True)
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("SGD_COURSE_PROGRESS", str(tmp_path / "progress.sqlite"))
    monkeypatch.setattr(progress, "_told", set())
    return tmp_path / "progress.sqlite"


def test_summary_holds_what_was_recorded(monkeypatch):
    clock = iter([0.0, 60.0, 120.0, 120.0, 5000.0, 5030.0])
    monkeypatch.setattr(progress.time, "time", lambda: next(clock))
    for event in [("prediction", "01-limit", "B"), ("prediction", "01-limit", "C"), ("attempt", "gd_step", "sign"),
                  ("hint", "gd_step"), ("attempt", "gd_step"), ("pass", "gd_step")]:  # fmt: skip
        progress.record(*event)
    assert progress.summary() == {
        "predictions": {"01-limit": "C"},
        "attempts": {"gd_step": 2},
        "hints": {"gd_step": 1},
        "passed": ["gd_step"],
        "minutes": 2.5,  # the pause of 4,880 s is not work
        "stopped_at": "gd_step",
    }


def test_an_empty_file_has_an_empty_summary():
    assert progress.summary()["stopped_at"] is None
    assert progress.summary()["passed"] == []


def test_export_and_reset(tmp_path):
    progress.record("prediction", "q", "größer")
    assert progress.export(tmp_path / "mine.json") == 1
    (row,) = json.loads((tmp_path / "mine.json").read_text("utf-8"))
    assert (row["kind"], row["name"], row["value"]) == ("prediction", "q", "größer")
    progress.reset()
    assert progress.events() == []


def test_an_unknown_kind_is_named():
    with pytest.raises(ValueError, match=r"kind must be one of prediction, .*got 'guess'"):
        progress.record("guess", "q")


def test_off_records_nothing(path, monkeypatch):
    monkeypatch.setenv("SGD_COURSE_PROGRESS", "off")
    progress.record("pass", "q")
    assert progress.events() == []
    assert not path.exists()


def test_without_the_variable_it_is_beside_the_course_and_git_ignores_it(monkeypatch):
    monkeypatch.delenv("SGD_COURSE_PROGRESS")
    place = progress.place()
    assert place.name == "progress.sqlite"
    assert (place.parent / "pyproject.toml").exists()
    assert "progress.sqlite*" in (place.parent / ".gitignore").read_text().splitlines()


def test_two_notebooks_write_at_once(path):
    code = "from course_utils import progress\nfor i in range(40): progress.record('attempt', 'q', i)"
    both = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) for _ in range(2)]
    assert [p.communicate()[0] for p in both] == [b"", b""]
    assert progress.summary()["attempts"] == {"q": 80}


def test_a_crash_in_the_middle_of_writing_loses_that_event_only():
    progress.record("pass", "before")
    code = "import os\nfrom course_utils import progress\nprogress._with_file(lambda file: "
    code += "(file.execute(\"INSERT INTO events VALUES (1, 'pass', 'half', '')\"), os._exit(9)))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 9
    progress.record("pass", "after")
    assert progress.summary()["passed"] == ["before", "after"]


def test_a_deleted_file_loses_only_the_progress(path, capsys):
    progress.record("pass", "before")
    path.unlink()
    progress.record("pass", "after")
    assert progress.summary()["passed"] == ["after"]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_corrupted_file_is_put_aside_with_one_line(path, capsys, content):
    path.write_bytes(content)
    for _ in range(2):
        progress.record("pass", "after")
    assert progress.summary()["passed"] == ["after"]
    (line,) = capsys.readouterr().out.splitlines()
    assert "a new one begins" in line
    (aside,) = path.parent.glob("progress.sqlite-unreadable-*")
    assert aside.read_bytes() == content


def without_waiting_for_the_disk(*args, connect=sqlite3.connect, **kwargs):
    file = connect(*args, **kwargs)
    file.execute("PRAGMA synchronous = OFF")
    return file


def test_whatever_the_file_holds_the_course_goes_on(path, monkeypatch):
    """Bytes changed all over the file, in its rows alone, a stretch replaced, the end cut off: 80 times each."""
    for i in range(60):
        progress.record(progress.KINDS[i % 4], f"gd_step{i}", "v" * (i % 9))
    good, rng = np.frombuffer(path.read_bytes(), np.uint8), np.random.default_rng(0)
    monkeypatch.setattr(progress.sqlite3, "connect", without_waiting_for_the_disk)
    for trial in range(320):
        bad, i, first = good.copy(), rng.integers(len(good)), [0, len(good) - 3500][trial % 2]
        if trial % 4 < 2:
            bad[rng.integers(first, len(bad), 30)] = rng.integers(256, size=30)
        elif trial % 4 == 2:
            bad[i : i + 200] = rng.integers(256, size=len(bad[i : i + 200]))
        else:
            bad = bad[:i]
        path.write_bytes(bad.tobytes())
        progress.record("attempt", "one")
        overview()._repr_html_()
        progress.export(path.with_name("mine.json"))
        progress.reset()
        progress.record("pass", "after")
        assert progress.summary()["passed"] == ["after"], f"trial {trial}"
        for file in path.parent.iterdir():
            file.unlink()


def test_two_notebooks_that_meet_a_damaged_file_lose_nothing(path):
    """Both begin anew at once: neither puts the other's new file aside, and the old one stays."""
    code = "import sys; from course_utils import progress\nprint('ready', flush=True)\nsys.stdin.readline()\n"
    code += "progress.record('hint', sys.argv[1])"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    for turn in range(5):
        path.write_bytes(b"no database, but precious" * 99)
        writers = [subprocess.Popen([sys.executable, "-c", code, name], **pipes) for name in "ab"]
        assert [writer.stdout.readline() for writer in writers] == ["ready\n"] * 2  # both have imported the course
        for writer in writers:
            writer.stdin.write("\n")
            writer.stdin.flush()
        for writer in writers:
            writer.communicate()
        assert {name for _, _, name, _ in progress.events()} == {"a", "b"}
        assert len(list(path.parent.glob("*-unreadable-*"))) == turn + 1
    assert not list(path.parent.glob("*-restarts"))


def test_a_notebook_that_was_killed_while_it_began_anew_stops_nothing(path):
    path.write_bytes(b"no database" * 99)
    path.with_name(f"{path.name}-restarts").touch()
    progress.record("hint", "a")
    assert [name for _, _, name, _ in progress.events()] == ["a"]
    assert not list(path.parent.glob("*-restarts"))


def test_a_home_and_a_relative_place_are_understood(monkeypatch):
    monkeypatch.setenv("HOME", "/somewhere")
    monkeypatch.setenv("USERPROFILE", "/somewhere")
    monkeypatch.setenv("SGD_COURSE_PROGRESS", "~/mine.sqlite")
    assert progress.place() == Path("/somewhere/mine.sqlite")
    monkeypatch.setenv("SGD_COURSE_PROGRESS", "~nobodyatall/mine.sqlite")
    progress.record("hint", "a")  # no such folder: one line, and the course goes on
    monkeypatch.setenv("SGD_COURSE_PROGRESS", "mine.sqlite")  # the same for all notebooks, in whatever folder they are
    assert progress.place() == Path(progress.__file__).parents[1] / "mine.sqlite"


@pytest.mark.parametrize(
    "use",
    [
        lambda: progress.record_all([("pass", "a name and no value")]),
        lambda: progress._with_file(lambda file: file.execute("SELECT ?", ["x", "y"])),
        lambda: progress._with_file(lambda file: file.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 9) and file.execute(
            "SELECT ?", ["x" * 99])),
    ],
    ids=["row too short", "too many values", "too long"],
)  # fmt: skip
def test_a_statement_of_ours_that_fails_costs_one_line_and_not_the_file(path, capsys, use):
    progress.record("pass", "before")
    use()
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("Progress is not recorded")
    assert progress.summary()["passed"] == ["before"]
    assert os.listdir(path.parent) == [path.name]


def test_a_lone_surrogate_is_recorded_as_a_question_mark():
    progress.record("prediction", "q", "\ud800")
    assert progress.summary()["predictions"] == {"q": "?"}


def test_a_file_with_other_tables_stops_nothing(path, capsys):
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE events (something TEXT)")
    progress.record("pass", "q")
    assert len(capsys.readouterr().out.splitlines()) == 1


NEWER = {
    "a column more": "CREATE TABLE events (at REAL, kind TEXT, name TEXT, value TEXT, extra TEXT)",
    "another order": "CREATE TABLE events (id INTEGER PRIMARY KEY, value TEXT, name TEXT, kind TEXT, at REAL)",
    "a column that must be filled": "CREATE TABLE events (at REAL, kind TEXT, name TEXT, value TEXT, extra NOT NULL)",
    "a view": "CREATE TABLE all_events (at REAL, kind TEXT, name TEXT, value TEXT, extra TEXT);"
    "CREATE VIEW events AS SELECT * FROM all_events",
}


@pytest.mark.parametrize("version", NEWER)
def test_the_file_of_a_newer_version_is_read_and_stays(path, capsys, version):
    with sqlite3.connect(path) as file:
        file.executescript(NEWER[version])
        table, more = (
            ("all_events" if version == "a view" else "events"),
            "id" if version == "another order" else "extra",
        )
        file.execute(
            f"INSERT INTO {table} (at, kind, name, value, {more}) VALUES (1, 'prediction', '01-end', '1; 1', 7)"
        )
    for _ in range(2):
        progress.record("prediction", "01-limit", "B")
    written = version in ("a column more", "another order")
    assert progress.summary()["predictions"] == {"01-end": "1; 1"} | ({"01-limit": "B"} if written else {})
    assert len(capsys.readouterr().out.splitlines()) == (0 if written else 1)
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize("error", ["database or disk is full", "attempt to write a readonly database"])
def test_a_disk_that_cannot_be_written_costs_one_line(monkeypatch, capsys, error):
    def connect(*args, **kwargs):
        raise sqlite3.OperationalError(error)

    monkeypatch.setattr(progress.sqlite3, "connect", connect)
    for _ in range(3):
        progress.record("pass", "q")
    (line,) = capsys.readouterr().out.splitlines()
    assert error in line
    assert progress.summary()["passed"] == []


def test_a_full_file_costs_one_line(monkeypatch, capsys):
    """SQLite's own limit of pages: the message a full disk gives."""
    connect = sqlite3.connect

    def small(*args, **kwargs):
        file = connect(*args, **kwargs)
        file.execute("PRAGMA max_page_count = 2")
        return file

    monkeypatch.setattr(progress.sqlite3, "connect", small)
    progress.record("prediction", "small", "fits")
    progress.record("prediction", "large", "x" * 100_000)
    (line,) = capsys.readouterr().out.splitlines()
    assert "full" in line
    assert list(progress.summary()["predictions"]) == ["small"]


def test_a_missing_folder_costs_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SGD_COURSE_PROGRESS", str(tmp_path / "nowhere" / "progress.sqlite"))
    progress.record("pass", "q")
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_check_waits_once_for_another_notebook(path, monkeypatch):
    tried = []
    monkeypatch.setattr(progress, "_transaction", lambda path, use: tried.append(use))
    assert check("second_step", exercise("second_step").answer).ok
    assert len(tried) == 1


def test_another_notebook_that_never_ends_writing_costs_one_line(path, monkeypatch, capsys):
    progress.record("pass", "before")
    monkeypatch.setattr(progress, "PATIENCE", 0.1)
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    progress.record("pass", "meanwhile")
    monkeypatch.setattr(progress, "PATIENCE", 60)
    began = time.monotonic()
    progress.record("pass", "meanwhile")
    assert time.monotonic() - began < 10, "waited a second time"
    other.close()
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert progress.summary()["passed"] == ["before"]


def test_a_disk_that_takes_a_second_loses_nothing(path, capsys):
    progress.record("pass", "before")
    other = sqlite3.connect(path, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    threading.Timer(1, other.close).start()
    progress.record("pass", "meanwhile")
    assert progress.summary()["passed"] == ["before", "meanwhile"]
    assert capsys.readouterr().out == ""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder_costs_one_line(path, capsys):
    path.parent.chmod(0o500)
    progress.record("pass", "q")
    path.parent.chmod(0o700)
    assert len(capsys.readouterr().out.splitlines()) == 1
