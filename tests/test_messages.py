"""What one move sends to the page: little, and no picture; and the kernel takes one message at a time."""

import json
import threading

import ipywidgets as widgets
import numpy as np
import pytest

from course_utils.data import diabetes
from course_utils.explorers import DescentExplorer, DropExplorer, MomentumPadExplorer, TrainingExplorer
from course_utils.explorers.buttons import Buttons
from course_utils.explorers.controls import Slider
from course_utils.explorers.in_order import ALONE
from course_utils.network import Network
from course_utils.problems import LeastSquares, Quadratic

VALLEY, W0 = Quadratic([0.1, 10]), [-4, 1.5]
PEOPLE, POINTS = LeastSquares(*diabetes(["s1", "s2"])), np.random.default_rng(0).normal(size=(60, 4))
CLASSES = Network(POINTS, POINTS[:, :3].argmax(1), hidden=(8,))
MAKE = {  # as in the lessons
    "descent": lambda: DescentExplorer(VALLEY, W0, 60, ("lr", "beta", "w0"), lr=0.05),
    "batches": lambda: DescentExplorer(PEOPLE, [-0.6, -0.6], 20, ("lr", "batch_size", "beta", "seed"), lr=0.1),
    "pad": lambda: MomentumPadExplorer(VALLEY, W0, 60, lr=0.05),
    "training": lambda: TrainingExplorer(CLASSES, CLASSES, epochs=30),
    "drop": DropExplorer,
}


def from_page(control, message):
    control._handle_msg({"content": {"data": {"method": "custom", "content": message}}, "buffers": []})


@pytest.mark.parametrize("name", MAKE)
def test_a_move_sends_less_than_20_kb_and_no_background(name, monkeypatch):
    explorer, sent = MAKE[name](), []
    monkeypatch.setattr(widgets.Widget, "_send", lambda widget, message, buffers=None: sent.append((message, buffers)))
    for control in explorer.sliders:
        if not hasattr(control, "stops"):
            continue  # a choice of axes shows another picture
        places = (control.stops[0], control.stops[-1], control.stops[len(control.stops) // 2])
        for value in places if isinstance(control, Slider) else [(0.8, 0.99), (0.01, 0.0), (0.05, 0.9)]:
            sent.clear()
            before = control.value
            from_page(control, {"move": value, "from": "view"})
            states = [message["state"] for message, _ in sent if message["method"] == "update"]
            assert sum(len(json.dumps(message)) for message, _ in sent) < 20_000
            assert control.value == before or "lines" in {key for state in states for key in state}
            assert not {key for state in states for key in state} & {"background", "picture", "alt", "_esm"}
            assert not any(buffers for _, buffers in sent)


def test_nobody_moves_an_explorer_while_another_does():
    pressed = []
    buttons = Buttons({"Go": lambda: pressed.append("Go")})
    with ALONE:
        other = threading.Thread(target=from_page, args=(buttons, {"press": "Go"}))
        other.start()
        other.join(0.1)
        assert pressed == []
        from_page(buttons, {"press": "Go"})  # in the thread that holds it
        assert pressed == ["Go"]
    other.join(10)
    assert pressed == ["Go", "Go"]


def test_a_message_stays_in_the_thread_that_the_page_chose(monkeypatch):
    open_ = widgets.Widget.open

    def opened(widget):
        open_(widget)
        widget.comm._reply_subshell_for = lambda data, default: "that of the cell"  # as ipykernel 7.4 does

    monkeypatch.setattr(widgets.Widget, "open", opened)
    assert Buttons({}).comm._reply_subshell_for({}, "of the page") == "of the page"
