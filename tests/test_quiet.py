import os
import subprocess
import sys

from course_utils.quiet import quietly


def test_c_level_lines_are_dropped_only_inside(capfd):
    with quietly():
        os.write(1, b"from C\n")
        os.write(2, b"from C\n")
    os.write(1, b"kept\n")
    os.write(2, b"kept\n")
    assert capfd.readouterr() == ("kept\n", "kept\n")


def test_what_python_has_not_yet_written_is_dropped_too():
    code = "from course_utils.quiet import quietly\nwith quietly(): print('inside')\nprint('kept')"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.split() == ["kept"]


def test_streams_come_back_after_an_error(capfd):
    try:
        with quietly():
            raise ZeroDivisionError
    except ZeroDivisionError:
        os.write(1, b"kept\n")
    assert capfd.readouterr().out == "kept\n"
