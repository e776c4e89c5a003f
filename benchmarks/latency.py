"""Press a key, drag a slider, run a cell, and see how soon the picture follows: in Chromium, in one notebook.

The programs take turns, as everywhere here: in each round every cell is run, its slider pressed and dragged.
"""

import asyncio
import shutil
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import numpy as np

from benchmarks.browser import ROOT, Missing, chromium, open_notebook, run_all, serving
from benchmarks.endurance import endure
from benchmarks.libraries import installed

WATCH = Path(__file__).with_name("latency.js").read_text("utf-8")
STEPS = (50, 500, 5000)
LESSONS = tuple(sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")))
LINES, NUMBER = "svg[role=img]", ".widget-label"
# Numbers of the cells that show an explorer: a course slider or pad with a live figure.
EXPLORERS = """() => jupyterapp.shell.currentWidget.content.widgets.flatMap((cell, i) =>
  cell.node.querySelector(".jp-Cell-outputArea:has(.course-slider, .course-pad) svg[role=img]") ? [i] : [])"""
# name: function of benchmarks/sliders.py, what the picture is
TECHNIQUES = {
    "`interact`, new figure": ("new_figure", ".jp-RenderedImage img"),
    "ipympl, `set_data`": ("ipympl", "canvas"),
    "our explorer": ("explorer", LINES),
    "floor: the same run, a number back": ("last_loss", NUMBER),
}
ECHO = "floor: no run, a number back", 0
HANDLES = ".noUi-handle, .course-scale input, .course-pad input[type=range]"  # of ipywidgets' sliders, of ours, of pads
TRACKS = ".noUi-target, .course-scale input, .course-surface"
PAD = ["learning rate lr and momentum beta, on the pad"]  # has one handle, and is dragged along its middle
# The key that was wanted; at the end of a scale the one that leads away from it.
KEY = """(e, key) => (e.max ? { [e.max]: "ArrowLeft", [e.min]: "ArrowRight" }[e.value] : null) ?? key"""
EVERY = 0.016  # seconds between two moves of the mouse
REST = 3000  # ms after a lesson has run, for what its other cells still draw
SCROLLED = 500  # ms after the page was scrolled to a cell, for its editors that come into view are laid out then


@dataclass
class Seen:
    """What was measured with one slider, in ms but for `rates` (pictures per second) and `sizes` (KB)."""

    first: list = field(default_factory=list)  # picture after its cell starts, one each time it is run
    keys: list = field(default_factory=list)  # key press to picture, one each press
    sizes: list = field(default_factory=list)  # received for a key press
    rates: list = field(default_factory=list)  # while dragging, one each round
    freezes: list = field(default_factory=list)  # longest time without a new picture, one each drag
    after: list = field(default_factory=list)  # last picture after the last movement, one each drag


class Cell:
    """A cell of the open notebook whose output has sliders and a picture."""

    def __init__(self, page, index, picture):
        self.page, self.index = page, index
        self.output = page.locator(".jp-Cell").nth(index).locator(".jp-Cell-outputArea")
        page.evaluate("([index, picture]) => latency.watch(index, picture)", [index, picture])
        page.wait_for_timeout(SCROLLED)

    def seen(self, quiet, one=True):
        found = self.page.evaluate("wanted => latency.seen(wanted)", {"quiet": quiet, "one": one})
        return np.array(found["painted"]), found["event"], found["received"]

    def run(self, seen):
        """Run the cell, and see its first picture."""
        self.page.evaluate("index => latency.run(index)", self.index)
        painted, began, _ = self.seen(500)
        seen.first.append(painted[0] - began)

    def press(self, seen, slider, presses):
        """Press an arrow key so many times to and fro, each time until its picture is there."""
        handle = self.output.locator(HANDLES).nth(slider)
        handle.focus()
        for turn in range(presses):
            key = handle.evaluate(KEY, "ArrowRight" if turn % 8 < 4 else "ArrowLeft")
            self.page.evaluate("latency.start()")
            self.page.keyboard.press(key)
            painted, pressed, received = self.seen(120)
            seen.keys.append(painted[-1] - pressed)
            seen.sizes.append(received / 1000)

    def drag(self, seen, slider, seconds):
        """Drag the handle to and fro over the middle eight tenths of its scale, once a second."""
        box = self.output.locator(TRACKS).nth(slider).bounding_box()
        handle = self.output.locator(".noUi-handle").nth(slider)
        y = box["y"] + box["height"] / 2
        self.page.mouse.move(*self._grip(handle, box, y))
        self.page.mouse.down()
        began = self.page.evaluate("latency.start()")
        self.page._sync(self._to_and_fro(box["x"], box["width"], y, seconds))
        self.page.mouse.up()
        painted, moved, _ = self.seen(800, one=False)
        during = painted[painted <= moved]
        seen.rates.append(len(during) / seconds)
        seen.freezes.append(np.diff(np.sort([began, *painted, moved])).max())
        seen.after.append(max([moved, *painted]) - moved)

    async def _to_and_fro(self, left, width, y, seconds):
        """Move the mouse, and not wait each time until the page has followed, as Playwright's own calls do."""
        mouse, moves, began = self.page.mouse._impl_obj, [], time.perf_counter()
        while (passed := time.perf_counter() - began) < seconds:
            share = 0.1 + 0.8 * abs((passed + 0.5) % 2 - 1)
            moves.append(asyncio.ensure_future(mouse.move(left + share * width, y, steps=1)))
            await asyncio.sleep(EVERY)
        await asyncio.gather(*moves)

    @staticmethod
    def _grip(handle, box, y):
        """Where to take hold: of ipywidgets' handle, or anywhere on the track of a native range input."""
        if not handle.count():
            return box["x"] + box["width"] / 2, y
        knob = handle.bounding_box()
        return knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2


def programs(steps):
    """{(name, steps): (code, picture)}; the echo knows no steps, and stands once, at 0."""
    calls = {(name, n): (f"sliders.{f}({n})", picture) for n in steps for name, (f, picture) in TECHNIQUES.items()}
    return {**calls, ECHO: ("sliders.echo()", NUMBER)}


def techniques(page, lab, home, rounds=5, presses=20, seconds=3, steps=STEPS):
    """{(name, steps): Seen} of every technique; one whose package is missing has seen nothing."""
    cells = programs(steps)
    codes = [code for code, _ in cells.values()]
    write(home / "notebooks" / "techniques.ipynb", ["from benchmarks import sliders", *codes])
    open_notebook(page, lab, "techniques")
    page.evaluate("latency.run(0)")
    found = {key: Seen() for key in cells}
    for _ in range(rounds):
        for index, (key, (code, picture)) in enumerate(cells.items(), 1):
            if "ipympl" in code and not installed("ipympl"):
                continue
            cell = Cell(page, index, picture)
            cell.run(found[key])
            cell.press(found[key], 0, presses)
            cell.drag(found[key], 0, seconds)
    return found


def explorers(page, lab, lessons, rounds=2, runs=3, presses=8, seconds=1.5):
    """{(lesson, number of the explorer in it, slider): Seen} of every slider and pad of the lessons' explorers."""
    found = defaultdict(Seen)
    for lesson in lessons:
        open_notebook(page, lab, lesson)
        run_all(page)
        page.wait_for_timeout(REST)
        for number, index in enumerate(page.evaluate(EXPLORERS), 1):
            for _ in range(rounds):
                cell, first = Cell(page, index, LINES), Seen()
                for _ in range(runs):
                    cell.run(first)
                for slider, name in enumerate(cell.output.locator(".course-name").all_inner_texts() or PAD):
                    seen = found[lesson, number, name]
                    seen.first += first.first
                    cell.press(seen, slider, presses)
                    cell.drag(seen, slider, seconds)
        page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    return dict(found)


def endurance(page, lab, home, movements=5000, blocks=5):
    """What kernel and page hold while the slider of one explorer moves."""
    write(home / "notebooks" / "endurance.ipynb", ["from benchmarks import sliders", "sliders.explorer(50)"])
    open_notebook(page, lab, "endurance")
    page.evaluate("latency.run(0)")
    Cell(page, 1, LINES).run(Seen())
    return endure(page, movements, blocks)


def write(path, codes):
    """A notebook with a cell for each piece of code."""
    cells = [nbformat.v4.new_code_cell(code) for code in codes]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}  # without it JupyterLab asks for one
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)


def measure(lessons=LESSONS, techniques_=None, explorers_=None, endurance_=None):
    """{"techniques", "explorers", "endurance"}, each with its options; or why there is none, in words."""
    try:
        with tempfile.TemporaryDirectory() as home, chromium() as browser:
            home = Path(home)
            shutil.copytree(ROOT / "notebooks", home / "notebooks")
            with serving(home, SGD_COURSE_LOCKS="off") as lab:
                page = browser.new_page()
                page.add_init_script(WATCH)
                return {
                    "techniques": techniques(page, lab, home, **techniques_ or {}),
                    "explorers": explorers(page, lab, lessons, **explorers_ or {}),
                    "endurance": endurance(page, lab, home, **endurance_ or {}),
                }
    except (Missing, ImportError) as reason:
        return str(reason)
