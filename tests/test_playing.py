"""Play, Stop and Step of the explorers whose run grows before the learner's eyes."""

import asyncio
import re
from pathlib import Path

import numpy as np
import pytest

from course_utils.explorers import DescentExplorer, DropExplorer, MomentumPadExplorer, playing
from course_utils.problems import LeastSquares, Quadratic

VALLEY = Quadratic([0.1, 10])
# name: (a new explorer, a move of its first control, its lines of ours)
GROWING = {
    "descent": (lambda **more: DescentExplorer(VALLEY, [-4, 1.5], 30, ("lr", "beta"), **more), 0.1, ("path", "loss")),
    "pad": (lambda **more: MomentumPadExplorer(VALLEY, [-4, 1.5], 30, **more), (0.1, 0.5), ("path", "loss", "edge 0")),
    "drop": (lambda **more: DropExplorer(30, **more), 7, ("torch", "keras")),
}


def rule(w, v, g, lr, beta):
    v = beta * v + g
    return w - lr * v, v


def stops_at_10(w, v, g, lr, beta, count=[0]):  # noqa: B006
    count[0] += 1
    if count[0] > 10:
        raise RuntimeError("enough")
    return w, v


def points(explorer, name):
    return len(explorer.figure._artists[name].data[0])


@pytest.fixture(params=GROWING)
def growing(request):
    make, move, lines = GROWING[request.param]
    explorer = make()
    control = explorer.sliders[0]
    return explorer, lambda: setattr(control, "value", move), lines


def test_buttons(growing):
    names = growing[0].buttons.names
    assert names[:3] == ["Play", "Stop", "Step"]
    assert names[-1] == "Reset"


def test_a_button_that_is_not_there_is_told(growing):
    for name in ("Go", ["Play"], np.array([1, 2])):
        with pytest.raises(ValueError, match=re.escape(f"no button is called {name!r}; there are Play, Stop, Step, ")):
            growing[0].buttons.press(name)


def test_step_shows_one_more_and_after_the_last_the_start(growing):
    explorer, move, lines = growing
    whole, seen = explorer.text, []
    assert explorer.shown == explorer.rows == 31
    for count in range(1, 32):
        explorer.buttons.press("Step")
        assert explorer.shown == count
        assert [points(explorer, name) for name in lines] == [count] * len(lines)
        seen.append(explorer.text)
    assert seen[-1] == whole
    assert [text.startswith(f"step {t}: ") for t, text in enumerate(seen)] == [True] * 30 + [False]
    assert len(set(seen)) == 31
    explorer.buttons.press("Step")
    assert explorer.shown == 1
    move()
    assert explorer.shown == 31  # a move shows the whole run
    explorer.buttons.press("Step")
    explorer.buttons.press("Reset")
    assert explorer.shown == 31
    assert explorer.text == whole


def test_play_shows_the_run_growing(growing, run_async):
    explorer, _, lines = growing
    explorer.PAUSE, shown = 0, []
    explorer.figure.move = lambda *args, **data: shown.append(len(data[lines[0]][0]))

    async def watch():
        explorer.buttons.press("Play")
        await explorer.task

    run_async(watch())
    assert shown == list(range(1, 32))


def test_a_move_and_stop_end_it_and_play_goes_on(growing, run_async):
    explorer, move, _ = growing
    explorer.PAUSE = 0.005

    async def watch():
        explorer.buttons.press("Play")
        await asyncio.sleep(0)
        move()
        await asyncio.sleep(0.03)
        assert explorer.shown == 31
        explorer.buttons.press("Play")
        await asyncio.sleep(0)
        explorer.buttons.press("Stop")
        shown = explorer.shown
        assert shown < 31
        await asyncio.sleep(0.03)
        assert explorer.shown == shown
        explorer.buttons.press("Play")  # goes on from there
        await asyncio.sleep(0)
        assert explorer.shown == shown + 1
        explorer.close()
        await asyncio.sleep(0.03)
        assert explorer.shown == shown + 1

    run_async(watch())


@pytest.mark.parametrize("kind", GROWING)
@pytest.mark.parametrize("yours", [rule, stops_at_10])
def test_yours_grows_beside_ours_as_far_as_it_came(kind, yours):
    make, _, (line, *_) = GROWING[kind]
    explorer = make(yours=yours)
    whole, line = explorer.text, "yours" if kind == "drop" else f"yours {line}"
    came = points(explorer, line)
    assert (came == 31) is (yours is rule)
    for count in range(1, 31):
        explorer.step()
        assert points(explorer, line) == min(count, came)
        words = ("Yours is at", "Yours: w = (") if count <= came else ("RuntimeError: enough",)
        assert any(each in explorer.text for each in words), explorer.text
    explorer.step()
    assert explorer.text == whole


def test_rounding_leaves_no_loss_below_the_minimum():
    X = np.random.default_rng(0).normal(size=(40, 2))
    pad = MomentumPadExplorer(LeastSquares(X, X @ [1.0, -1.0] + 0.3), [-4, 1.5], 300)
    pad.best()
    for count in range(1, 301):
        pad.show_rows(count)
        assert "minimum -" not in pad.text
    assert pad.figure._artists["loss"].data[1].min() >= 0


def test_a_run_that_has_diverged_is_told_so_at_every_later_step():
    explorer = DescentExplorer(VALLEY, [-4, 1.5], 2000, lr=0.75, yours=lambda w, g, lr: w - lr * g)
    end = explorer.run.diverged_at
    explorer.show_rows(end)
    assert explorer.text.startswith(f"step {end - 1}: w = (")
    for count in (end + 1, 2000):
        explorer.show_rows(count)
        assert explorer.text == f"step {count - 1}: diverged at step {end}. Yours: diverged at step {end}."


@pytest.mark.parametrize("kind", GROWING)
def test_where_motion_is_reduced_few_pictures_are_shown(kind, run_async, monkeypatch):
    monkeypatch.setattr(playing, "CALM", 0)
    explorer, shown = GROWING[kind][0](), []

    async def watch(calm):
        explorer.buttons.press("Play", calm)
        await explorer.task

    explorer.figure.observe(lambda change: shown.append(explorer.shown), "lines")
    run_async(watch(True))
    assert shown == [1, 8, 15, 22, 29, 31]
    explorer.PAUSE, shown[:] = 0, []
    run_async(watch(False))
    assert shown == [*range(1, 32)]


def test_where_motion_is_reduced_a_picture_stays_until_its_words_are_read_out():
    saying = Path(playing.__file__).with_name("saying.js").read_text("utf-8")
    quiet = int(re.search(r"const QUIET = (\d+); // milliseconds", saying)[1])
    assert quiet + 250 <= 1000 * playing.CALM  # and a quarter of a second for the way


def test_a_question_asked_while_it_plays_stops_it(run_async, monkeypatch):
    monkeypatch.setenv("SGD_COURSE_LOCKS", "on")
    explorer = DropExplorer()

    async def watch():
        explorer.buttons.press("Play")
        await asyncio.sleep(0)
        explorer.predict("05-apart")
        assert explorer.task is None

    run_async(watch())


def test_play_says_where_it_cannot(growing, without_loop, run_async):
    explorer, *_ = growing
    with pytest.raises(RuntimeError, match="Play needs a notebook; elsewhere step"):
        without_loop(explorer.play)
    assert explorer.shown == 31  # nothing has changed

    async def after_the_end():
        explorer.close()
        with pytest.raises(RuntimeError, match="this explorer is closed: make a new one"):
            explorer.play()

    run_async(after_the_end())
    assert explorer.task is None


def test_best_shows_the_whole_run_also_where_the_pad_is_there_already():
    explorer = GROWING["pad"][0]()
    explorer.best()
    explorer.step()
    explorer.best()
    assert explorer.shown == 31
