"""What this learner has predicted, tried and passed: one SQLite file beside the course, which never leaves the machine.

SGD_COURSE_PROGRESS names another place for the file, or is "off": then nothing is recorded. Whatever is wrong with
the file or its disk costs the progress only: one line says so, and the course goes on.
"""

import itertools
import json
import os
import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

KINDS = ("prediction", "attempt", "pass", "hint")
SKIPPED = "skipped"  # the value of a prediction that was left out
PAUSE = 600.0  # seconds: a longer gap between two events is not counted as time spent
PATIENCE = 5.0  # seconds to wait for another notebook that is writing: a busy disk can take some of them
BRIEFLY = 0.5  # the same where that was in vain before, and while a damaged file is put aside
SOUND = """SELECT at, kind, name, value FROM events
    WHERE (typeof(at), typeof(kind), typeof(name), typeof(value)) = ('real', 'text', 'text', 'text')
    ORDER BY at, rowid"""
INSERT = "INSERT INTO events (at, kind, name, value) VALUES (?, ?, ?, ?)"  # a newer version may have more columns
DAMAGED = sqlite3.DatabaseError, UnicodeDecodeError  # the second: SQLite quotes the file in its message
# of the former, where the file is sound: its disk, another notebook or what was to be written is at fault
OTHERS = sqlite3.OperationalError, sqlite3.ProgrammingError, sqlite3.DataError, sqlite3.IntegrityError
NOT_OURS = "no such column", "has no column named", "unsupported file format"  # said in OTHERS of a damaged file
_told = set()
_given_up = set()  # files that another notebook kept locked: not waited for so long again until it was free


def place():
    """The file's path; None if recording is off."""
    wanted = os.environ.get("SGD_COURSE_PROGRESS", "")
    if wanted.strip().lower() == "off":
        return None
    return Path(__file__).parents[1] / os.path.expanduser(wanted or "progress.sqlite")  # ~nobody stays as it is


def record(kind, name, value=""):
    """Add one event: `kind` is one of KINDS, `name` the question's or the task's, `value` the answer or mistake."""
    record_all([(kind, name, value)])


def record_all(several):
    """Add several events, each (kind, name, value), in one transaction."""
    for kind, *_ in several:
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    rows = [(time.time(), *(str(text).encode(errors="replace").decode() for text in event)) for event in several]
    _with_file(lambda file: file.executemany(INSERT, rows))


def events():
    """Every event as (seconds since 1970, kind, name, value), in order of time; damaged ones are left out."""
    return _with_file(lambda file: file.execute(SOUND).fetchall()) or []


def summary():
    """Predictions (the last of each question), attempts and hints (counts), passed, minutes, and where I stopped."""
    told = events()
    gaps = [after[0] - before[0] for before, after in itertools.pairwise(told)]
    return {
        "predictions": {name: value for _, kind, name, value in told if kind == "prediction"},
        "attempts": _counts(told, "attempt"),
        "hints": _counts(told, "hint"),
        "passed": list(_counts(told, "pass")),
        "minutes": round(sum(gap for gap in gaps if 0 <= gap <= PAUSE) / 60, 1),
        "stopped_at": told[-1][2] if told else None,
    }


def export(path):
    """Write every event to `path` as JSON, for the learner to keep or to hand in; return how many there are."""
    told = events()
    rows = [dict(zip(("at", "kind", "name", "value"), event, strict=True)) for event in told]
    Path(path).write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(rows)


def reset():
    """Forget everything."""
    _with_file(lambda file: file.execute("DELETE FROM events"))


def _counts(told, wanted):
    names = [name for _, kind, name, _ in told if kind == wanted]
    return {name: names.count(name) for name in dict.fromkeys(names)}


def _with_file(use):
    """What `use` returns, given the open file, in one transaction; None if recording is off or impossible."""
    path = place()
    if path is None:
        return None
    try:
        try:
            return _patiently(path, use, BRIEFLY if path in _given_up else PATIENCE)
        except DAMAGED as error:
            _must_be_damaged(error)
            return _start_again(path, use)
    except (OSError, sqlite3.Error) as error:  # locked, read-only, full, no such folder
        _tell(f"Progress is not recorded ({error}: {path}). The course goes on.")
    return None


def _must_be_damaged(error):
    """Raise the error again if the file itself is not at fault, but our statement, its disk or another notebook."""
    if isinstance(error, OTHERS) and not any(words in str(error) for words in NOT_OURS):
        raise error


def _patiently(path, use, patience):
    """_transaction, tried anew every 2 ms while another notebook writes: SQLite itself sleeps too long in between."""
    end = time.monotonic() + patience
    while True:
        try:
            result = _transaction(path, use)
            _given_up.discard(path)
            return result
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            if time.monotonic() > end:
                _given_up.add(path)
                raise
            time.sleep(0.002)


def _start_again(path, use):
    """Put a file that is no database aside and use a new one, unless another notebook has done so meanwhile."""
    with _alone(path):
        try:
            return _patiently(path, use, BRIEFLY)
        except DAMAGED as error:
            _must_be_damaged(error)
        stem = f"{path.name}-unreadable-{time.strftime('%Y%m%d-%H%M%S')}"
        names = itertools.chain([stem], (f"{stem}-{n}" for n in itertools.count(2)))
        aside = next(place for place in map(path.with_name, names) if not place.exists())
        path.replace(aside)
        _tell(f"The progress file could not be read; it is now {aside.name}, and a new one begins.")
        return _patiently(path, use, BRIEFLY)


@contextmanager
def _alone(path):
    """Inside, no other notebook puts the file aside; the mark of one that was killed there is taken away when old."""
    mark, end = path.with_name(f"{path.name}-restarts"), time.monotonic() + 3 * BRIEFLY
    while True:
        try:
            os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            if time.monotonic() > end:
                break
            with suppress(FileNotFoundError):
                if time.time() - mark.stat().st_mtime > 2 * BRIEFLY:
                    mark.unlink()
            time.sleep(0.002)
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


def _transaction(path, use):
    # A connection for each use: the file may be deleted between two, and Windows locks what is open.
    with closing(sqlite3.connect(path, timeout=0)) as file, file:
        file.text_factory = lambda text: text.decode(errors="replace")
        file.execute("CREATE TABLE IF NOT EXISTS events (at REAL, kind TEXT, name TEXT, value TEXT)")
        return use(file)


def _tell(line):
    """Print a line once: stdout, because stderr would cost points under nbgrader."""
    if line not in _told:
        _told.add(line)
        print(line)
