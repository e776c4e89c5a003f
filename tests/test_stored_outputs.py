"""The comparison with stored outputs bites: each lesson is compared again with its outputs changed in many places.

The changed copies are not computed again: a kernel that replays the stored outputs answers, which are what a run
gives, as `pytest notebooks` shows, and `pytest` alone includes. That runs without a network, where a system allows it.
"""

import base64
import errno
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import nbval.kernel
import pytest
from PIL import Image, ImageDraw

ROOT = Path(__file__).parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
KERNEL = [sys.executable, str(Path(__file__).with_name("replaying.py")), "-f", "{connection_file}"]
TRY_TO_LEAVE = """
import socket
try:
    socket.create_connection(("192.0.2.1", 80), timeout=5)
except OSError as error:
    print(error.errno)
"""


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
        picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).convert("RGB")
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
        if spared or "nbval-ignore-output" in cell.metadata.get("tags", []):
            continue  # left as it is, and has to pass
        for kind in sorted(CHANGES, key=done.get):
            if kind(cell):
                expected[number] = CHANGES[kind]
                done[kind] += 1
                break
    return expected, done


def compare(root):
    """Compare the notebook changed.ipynb of each folder with before.ipynb, by nbval with the course's settings.

    {folder: {cell number: report of its failure or None}}
    """
    folder = root / "kernels" / "replaying"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps({"argv": KERNEL, "display_name": "replaying", "language": "python"}))
    report, paths = root / "report.xml", sorted(root.glob("*/changed.ipynb"))
    settings = ["-c", ROOT / "pyproject.toml", "-o", "addopts=", "-p", "conftest", "-p", "no:cacheprovider"]
    settings += ["-o", "junit_family=xunit1"]  # names the file of each case
    ours = {"PYTHONPATH": str(ROOT), "JUPYTER_PATH": str(root), "REPLAYED": "before.ipynb"}  # beside the one compared
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")} | ours
    kernel = ["--nbval", "--nbval-kernel-name=replaying"]
    command = [sys.executable, "-m", "pytest", *settings, *kernel, f"--junitxml={report}", *paths]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)
    assert report.exists(), done.stdout + done.stderr
    found = {path.parent.name: {} for path in paths}
    for case in ElementTree.parse(report).iter("testcase"):
        reports = found[Path(case.get("file")).parent.name]
        reports[int(case.get("name").split()[1])] = "".join(f.text for f in case.iter("failure")) or None
    return found


def write(lesson, folder):
    """A lesson with a cell more that warns, and the same with changes; what the reports must say, kinds of change."""
    notebook = nbformat.read(lesson, as_version=4)
    warning = nbformat.v4.new_output("stream", name="stderr", text="a warning, stored as well\n")
    notebook.cells.append(nbformat.v4.new_code_cell("warn()", execution_count=1, outputs=[warning]))
    nbformat.write(notebook, folder / "before.ipynb")
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    expected, done = change(cells[:-1])
    nbformat.write(notebook, folder / "changed.ipynb")
    return {**expected, len(cells) - 1: "Written to stderr"}, done


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """{lesson: (what the reports must say, how often each kind of change was made, the reports)}"""
    root = tmp_path_factory.mktemp("compared")
    for lesson in LESSONS:
        (root / lesson.stem).mkdir()
    made = {lesson.stem: write(lesson, root / lesson.stem) for lesson in LESSONS}
    found = compare(root)  # one run: pytest takes longer to start than to compare
    return {name: (*made[name], found[name]) for name in made}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_nbval_notices_each_change_and_nothing_else(compared, lesson):
    expected, done, found = compared[lesson.stem]
    assert {number for number, report in found.items() if report} == set(expected)
    for number, message in expected.items():
        assert message in found[number], f"cell {number} failed for another reason:\n{found[number]}"
    assert all(done.values()), f"a kind of change was never tried: {done}"


def test_lessons_run_without_a_network():
    manager, client = nbval.kernel.start_new_kernel(kernel_name=nbval.kernel.CURRENT_ENV_KERNEL_NAME)
    try:
        if manager.transport != "ipc":
            pytest.skip("this system does not let us make a network namespace (unshare -rn)")
        told = []
        client.execute_interactive(TRY_TO_LEAVE, timeout=30, output_hook=told.append)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert [m["content"]["text"].strip() for m in told if m["msg_type"] == "stream"] == [str(errno.ENETUNREACH)]
