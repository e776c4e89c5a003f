"""The comparison with stored outputs bites: each lesson is run again with its outputs changed in many places.

Where the system allows it, these runs happen in a network namespace with nothing but loopback: lessons need
no network. Unchanged lessons are compared by `pytest notebooks`, which `pytest` alone includes.
"""

import base64
import errno
import io
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from PIL import Image, ImageDraw

ROOT = Path(__file__).parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# Kernels talk over 127.0.0.1, and a new namespace starts with loopback down.
LOOPBACK_UP = """
import fcntl, os, socket, struct, sys
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh", b"lo", 0x41))  # SIOCSIFFLAGS, IFF_UP | IFF_RUNNING
os.execv(sys.argv[1], sys.argv[1:])
"""
OFFLINE = [shutil.which("unshare"), "-rn", sys.executable, "-c", LOOPBACK_UP]
TRY_TO_LEAVE = """
import socket
try:
    socket.create_connection(("192.0.2.1", 80), timeout=5)
except OSError as error:
    print(error.errno)
"""


def offline_allowed():
    """Whether this system lets us make a network namespace."""
    command = [*OFFLINE, sys.executable, "-c", ""]
    return OFFLINE[0] is not None and subprocess.run(command, capture_output=True).returncode == 0


def change_printed(cell):
    """Another first digit in what the cell printed or returned."""
    for output in cell.outputs:
        place = output if output.output_type == "stream" else output.data
        key = "text" if output.output_type == "stream" else "text/plain"
        if "image/png" not in place and re.search(r"\d", place[key]):
            place[key] = next_digit(place[key])
            return True
    return False


def change_description(cell):
    """Another first digit in the words about a figure or an explorer."""
    for data in pictures(cell):
        if re.search(r"\d", data["text/plain"]):
            data["text/plain"] = next_digit(data["text/plain"])
            return True
    return False


def change_picture(cell):
    """A black square, as large as a word, in a picture."""
    for data in pictures(cell):
        picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
        ImageDraw.Draw(picture).rectangle((100, 100, 120, 120), fill="black")
        picture.save(buffer := io.BytesIO(), "png")
        data["image/png"] = base64.b64encode(buffer.getvalue()).decode()
        return True
    return False


def forget_run(cell):
    """No sign that the cell was ever run, as a tool that strips outputs leaves it."""
    cell.execution_count, cell.outputs = None, []
    return True


CHANGES = {  # what is changed: what the report must say
    change_printed: "Cell outputs differ",
    change_description: "Cell outputs differ",
    change_picture: "Picture 1 differs",
    forget_run: "stored without having been run",
}


def next_digit(text):
    return re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), text, count=1)


def pictures(cell):
    return [output.data for output in cell.outputs if "image/png" in output.get("data", {})]


def change(cells):
    """Change most of the cells, every kind of change in turn; {cell number: what the report must say}."""
    expected, done = {}, Counter(dict.fromkeys(CHANGES, 0))
    for number, cell in enumerate(cells):
        spared = number % 5 == 1 and not pictures(cell)  # pictures are few
        if spared or cell.metadata.get("tags") == ["nbval-ignore-output"]:
            continue  # left as it is, and has to pass
        for kind in sorted(CHANGES, key=done.get):
            if kind(cell):
                expected[number] = CHANGES[kind]
                done[kind] += 1
                break
    return expected, done


def nbval(path, prefix):
    """Run a notebook under nbval with the course's settings; {cell number: report of its failure or None}."""
    report = path.with_suffix(".xml")
    settings = ["-c", ROOT / "pyproject.toml", "-p", "conftest", "-p", "no:cacheprovider"]
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")} | {"PYTHONPATH": str(ROOT)}
    command = [*prefix, sys.executable, "-m", "pytest", *settings, f"--junitxml={report}", path]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)
    assert report.exists(), done.stdout + done.stderr
    cases = {int(case.get("name").split()[1]): case for case in ElementTree.parse(report).iter("testcase")}
    return {number: "".join(f.text for f in case.iter("failure")) or None for number, case in cases.items()}


@pytest.fixture(scope="module", params=LESSONS, ids=lambda path: path.stem)
def rerun(request, tmp_path_factory):
    """What was changed in a copy of a lesson, how often each way, what nbval found, and whether offline."""
    notebook = nbformat.read(request.param, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    expected, done = change(cells)
    warning = nbformat.v4.new_output("stream", name="stderr", text="a warning, stored as well\n")
    source = "import sys\nprint('a warning, stored as well', file=sys.stderr)"
    notebook.cells.append(nbformat.v4.new_code_cell(source, execution_count=1, outputs=[warning]))
    expected[len(cells)] = "Written to stderr"
    prefix = OFFLINE if offline_allowed() else []
    if prefix:
        outputs = [nbformat.v4.new_output("stream", name="stdout", text=f"{errno.ENETUNREACH}\n")]
        notebook.cells.append(nbformat.v4.new_code_cell(TRY_TO_LEAVE, execution_count=1, outputs=outputs))
    beside = shutil.copytree(ROOT / "notebooks", tmp_path_factory.mktemp("changed") / "notebooks")  # what lessons read
    path = beside / request.param.name
    nbformat.write(notebook, path)
    return expected, done, nbval(path, prefix), bool(prefix)


def test_nbval_notices_each_change_and_nothing_else(rerun):
    expected, done, found, _ = rerun
    assert {number for number, report in found.items() if report} == set(expected)
    for number, message in expected.items():
        assert message in found[number], f"cell {number} failed for another reason:\n{found[number]}"
    assert all(done.values()), f"a kind of change was never tried: {done}"


def test_needs_no_network(rerun):
    expected, _, found, offline = rerun
    if not offline:
        pytest.skip("this system does not let us make a network namespace (unshare -rn)")
    last = max(found)
    assert last not in expected
    assert found[last] is None, "a cell found a way out"
    assert not [report for report in found.values() if report and "caused an exception" in report]
