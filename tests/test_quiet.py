import os

from course_utils.quiet import quietly


def test_c_level_lines_are_dropped_only_inside(capfd):
    with quietly():
        os.write(1, b"from C\n")
        os.write(2, b"from C\n")
    os.write(1, b"kept\n")
    os.write(2, b"kept\n")
    assert capfd.readouterr() == ("kept\n", "kept\n")


def test_streams_come_back_after_an_error(capfd):
    try:
        with quietly():
            raise ZeroDivisionError
    except ZeroDivisionError:
        os.write(1, b"kept\n")
    assert capfd.readouterr().out == "kept\n"
