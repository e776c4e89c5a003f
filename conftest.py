"""What nbval leaves unchecked in a notebook: cells never run, pictures, messages on stderr, and the network.

Lessons need none: where a system allows it, their kernels have a network namespace with nothing but loopback.
pytest loads this file for tests and for `pytest --nbval notebooks` alike. It looks at one cell at a time,
after nbval has run and compared it, so it does not matter which worker the cell is on.
Which tests share a worker stands here too.
"""

import base64
import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbval.kernel
import pytest

os.environ["SGD_COURSE_PROGRESS"] = "off"  # tests are no learner; kernels that they start inherit it
os.environ["SGD_COURSE_LOCKS"] = "off"  # and no sliders wait for predictions
for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(threads, "1")  # workers that share the cores would only wait for each other's threads

PICTURE_IN_HTML = r"data:image/png;base64,[\w+/=\s]+"  # the same picture as the PNG beside it, which is looked at here
PICTURE_TOLERANCE = 2.0  # of 255, root mean square over all pixels; 256 colours, as stored, take up to 1.1 of it


# A new namespace starts with loopback down, and a kernel wants to listen there.
LOOPBACK_UP = """
import fcntl, os, socket, struct, sys
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh", b"lo", 0x41))  # SIOCSIFFLAGS, IFF_UP | IFF_RUNNING
os.execv(sys.argv[1], sys.argv[1:])
"""
OFFLINE = [shutil.which("unshare"), "-rn", sys.executable, "-c", LOOPBACK_UP]
_sockets = tempfile.TemporaryDirectory(prefix="k")  # a short name: that of a socket is at most 107 characters long


class OfflineKernel(nbval.kernel.KernelManager):
    """A kernel that reaches nobody, and is reached through files."""

    transport = "ipc"

    def _ip_default(self):
        return str(Path(tempfile.mkdtemp(dir=_sockets.name), "k"))

    def format_kernel_cmd(self, **options):
        return [*OFFLINE, *super().format_kernel_cmd(**options)]


# Tests that share what takes seconds to start: one Chromium and JupyterLab for all, one import of Keras.
TOGETHER = {
    "tests/browser/": "browser",
    **dict.fromkeys([f"tests/test_{name}" for name in ("benchmarks", "claims", "frameworks", "stand_ins")], "keras"),
}


def pytest_collection_modifyitems(items):
    """The browser's tests come first: no other worker's take as long."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/browser/"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """loadscope, with one worker for what is to be together."""
    if config.getvalue("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            found = [group for place, group in TOGETHER.items() if nodeid.startswith(place)]
            return found[0] if found else super()._split_scope(nodeid)

    return Together(config, log)


def pytest_configure():
    trial = [*OFFLINE, sys.executable, "-c", ""]
    if OFFLINE[0] and subprocess.run(trial, capture_output=True).returncode == 0:
        nbval.kernel.KernelManager = OfflineKernel


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Let nbval run the cell; if it found nothing, look at what it does not compare."""
    is_cell = type(item).__name__ == "IPyNbCell"
    if is_cell:
        item.parent.sanitize_patterns[PICTURE_IN_HTML] = "picture"
    result = yield
    if is_cell:
        problem = unchecked(item.cell, item.test_outputs, compared=item.options["check"])
        if problem:
            item.raise_cell_error(problem)
    return result


def unchecked(cell, outputs, compared=True):
    """What is wrong with a cell (or None), given the outputs of a new run and whether nbval compares them."""
    if cell.source.strip() and cell.execution_count is None:
        return "This cell was stored without having been run, and nbval compares nothing with it"
    stderr = [out.text for out in outputs if out.output_type == "stream" and out.name == "stderr"]
    if stderr:  # nbval is content if the same message is stored
        return "Written to stderr: " + "".join(stderr)
    return different_pictures(pngs(cell.outputs), pngs(outputs)) if compared else None


def pngs(outputs):
    """The PNG pictures in a cell's outputs, in base64."""
    return [out.data["image/png"] for out in outputs if "image/png" in out.get("data", {})]


def different_pictures(stored, new):
    """The difference of two lists of pictures in words, or None if a reader would not see any."""
    if len(stored) != len(new):
        return f"{len(stored)} pictures stored, {len(new)} drawn"
    for number, (before, after) in enumerate(zip(stored, new, strict=True), 1):
        before, after = pixels(before), pixels(after)
        if before.shape != after.shape:
            return f"Picture {number} stored with {before.shape[:2]} pixels, drawn with {after.shape[:2]}"
        rms = ((before - after) ** 2).mean() ** 0.5
        if rms > PICTURE_TOLERANCE:
            return f"Picture {number} differs from the stored one by {rms:.1f} of 255 (root mean square)"
    return None


def pixels(png):
    """Rows, columns and RGBA of a PNG in base64 (which may be wrapped), as floats."""
    import numpy as np  # here, so that pytest starts fast
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGBA"), float)
