"""One explorer moved hundreds of times: nothing blinks, jumps or piles up, and a cell run again leaves nothing."""

import numpy as np
import pytest

from benchmarks import latency
from benchmarks.browser import ask
from benchmarks.endurance import COUNT, endure

WATCH_FRAMES = """run => {
  const output = document.querySelectorAll(".jp-Cell")[1].querySelector(".jp-Cell-outputArea");
  const [range, still] = [output.querySelector("input[type=range]"), output.querySelector("img")];
  const place = (e) => JSON.stringify(e.getBoundingClientRect());
  const places = () => [output, still, range, ...output.querySelectorAll(".course-status")].map(place).join(" ");
  const began = places();
  window.frames_ = { seen: 0, blank: 0, jumped: 0, unfocused: 0, going: true };
  const look = () => {
    frames_.seen += 1;
    frames_.blank += !output.querySelector(run) || !still.isConnected || !still.naturalWidth;
    frames_.jumped += places() !== began;
    frames_.unfocused += document.activeElement !== range;
    if (frames_.going) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""

WATCH_WORDS = """output => {
  window.words_ = { status: [], spoken: [] };
  for (const name in words_) {
    const changed = new MutationObserver(() => words_[name].push(performance.now()));
    changed.observe(output.querySelector(".course-" + name), { childList: true });
  }
}"""

COUNT_CHANGES = """() => {
  window.statuses_ = [];
  jupyterapp.shell.currentWidget.sessionContext.statusChanged.connect((_, status) => statuses_.push(status));
}"""


@pytest.fixture(scope="module")
def page(run_cells):
    return run_cells("from benchmarks import sliders", "sliders.explorer(60)").page


@pytest.fixture
def cell(page):
    cell = latency.Cell(page, 1, latency.LINES)
    cell.run(latency.Seen())
    return cell


def press(page, cell, times):
    """Press arrow keys as fast as it goes; after every ten, wait for a picture."""
    for turn in range(times):
        page.keyboard.press("ArrowRight" if turn % 80 < 40 else "ArrowLeft")
        if turn % 10 == 9:
            cell.seen(0)


def test_two_hundred_key_presses(page, cell):
    page.evaluate(COUNT_CHANGES)
    page.evaluate("latency.run(0)")
    assert page.evaluate("statuses_") == ["busy", "idle"]
    cell.output.locator("input[type=range]").focus()
    page.evaluate(WATCH_FRAMES, f"{latency.LINES} path[stroke-linecap]")  # the dots of the run
    page.evaluate("latency.start()")
    press(page, cell, 200)
    painted, pressed, _ = cell.seen(300)
    frames = page.evaluate("() => { frames_.going = false; return frames_; }")
    assert painted[-1] > pressed
    assert frames["seen"] >= len(painted) >= 20
    assert (frames["blank"], frames["jumped"], frames["unfocused"]) == (0, 0, 0), frames
    assert page.evaluate("statuses_") == ["busy", "idle"]  # still those of the cell: JupyterLab had nothing to redraw


def test_words_are_read_out_when_they_have_settled(page, cell):
    cell.output.locator("input[type=range]").focus()
    cell.output.evaluate(WATCH_WORDS)
    press(page, cell, 60)
    cell.seen(650)
    seen, spoken = page.evaluate("[words_.status, words_.spoken]")
    assert len(seen) >= 6
    assert 1 <= len(spoken) <= 1 + (np.diff(seen) > 450).sum(), (seen, spoken)  # they wait for 500 ms
    assert all(min(at - t for t in seen if t < at) > 490 for at in spoken), (seen, spoken)
    status, region = (cell.output.locator(f".course-{name}").text_content() for name in ("status", "spoken"))
    assert region == status


def test_nothing_piles_up_over_five_hundred_movements(page, cell):
    held = endure(page, 500, 5)
    for what in ("comms", "open figures"):
        assert set(held[what]) == {held[what][0]}, held
    assert held["open figures"][0] == 0
    for what in ("MB in the kernel", "MB in the page"):  # 5,000 of such movements would hold less than 5 MB
        assert held[what][-1] - held[what][1] < 0.3, held
    assert held["nodes of the page"][-1] - held["nodes of the page"][1] < 100, held


def test_a_cell_run_again_closes_what_it_showed(page, cell):
    before = ask(page, COUNT).split()[1:]
    for _ in range(10):
        page.evaluate("latency.run(1)")
    assert ask(page, COUNT).split()[1:] == before  # comms, open figures
    assert before[1] == "0"
    assert cell.output.locator("input[type=range]").count() == 1


def test_each_way_to_move_a_picture_is_measured(page, lab, home):
    found = latency.techniques(page, lab, home, rounds=1, presses=2, seconds=0.5, steps=(50,))
    assert {name for name, _ in found} == {*latency.TECHNIQUES, latency.ECHO[0]}
    for (name, _), seen in found.items():
        if name.startswith("ipympl") and not latency.installed("ipympl"):
            assert not seen.keys
            continue
        for kind in (seen.first, seen.keys, seen.sizes, seen.freezes):
            assert min(kind) > 0, (name, seen)
        assert len(seen.keys) == 2
        assert len(seen.rates) == len(seen.after) == 1
