"""A move of a slider or a pad is answered when its work is done; only what the page lacks comes back."""

import pytest

from course_utils import plots
from course_utils.explorers import busy
from course_utils.explorers.controls import Slider
from course_utils.explorers.pad import Pad


def slider():
    return Slider("rate", [0.1, 0.2, 0.3], 0.2)


def pad():
    _, ax = plots.panels(1)
    ax.set(xlim=(0, 1), ylim=(0, 1))
    return Pad(ax, ("x", "y"), ([0.1, 0.2, 0.3], [0.1, 0.2, 0.3]), (0.2, 0.2))


CONTROLS = {slider: (0.3, 0.29, "fast"), pad: ([0.3, 0.1], [0.29, 0.12], ["fast", 1])}  # a stop, near it, no number


@pytest.fixture(params=CONTROLS, ids=lambda make: make.__name__)
def moved(request, monkeypatch):
    """A control, the messages that it sends, and three moves."""
    control, sent = request.param(), []
    monkeypatch.setattr(control, "_send", lambda message, buffers=None: sent.append(message))
    return control, sent, CONTROLS[request.param]


def as_pair(value):
    return tuple(value) if isinstance(value, list) else value


def answer(view, value):
    return {"method": "custom", "content": {"moved": view, "value": as_pair(value)}}


def from_page(control, message):
    control._handle_msg({"content": {"data": {"method": "custom", "content": message}}, "buffers": []})


def move_to(control, value, view="one"):
    from_page(control, {"move": value, "from": view})


def test_a_move_is_answered_after_its_work_and_not_repeated(moved):
    control, sent, (stop, *_) = moved
    control.observe(lambda change: sent.append(("work", change.new)), "value")
    move_to(control, stop)
    assert sent == [("work", as_pair(stop)), answer("one", stop)]


def test_what_the_kernel_corrects_comes_back(moved):
    control, sent, (stop, near, _) = moved
    move_to(control, near)
    assert control.value == as_pair(stop)
    assert [message["state"]["value"] for message in sent if message["method"] == "update"] == [as_pair(stop)]
    assert sent[-1] == answer("one", stop)


def test_a_move_to_where_it_is_is_answered(moved):
    control, sent, _ = moved
    move_to(control, control.value, "other")
    assert sent == [answer("other", control.value)]


def test_a_move_that_fails_is_answered(moved, capsys):
    control, sent, (stop, _, wrong) = moved
    before = control.value
    move_to(control, wrong)
    assert control.value == before
    control.observe(lambda change: 1 / 0, "value")
    move_to(control, stop)
    assert sent == [answer("one", before), answer("one", stop)]


def test_other_messages_are_not_answered(moved):
    control, sent, _ = moved
    from_page(control, {"focus": True})
    assert sent == []


class Kernel:
    """What ours is asked for: it sends the status, for a request that it has."""

    def __init__(self, content):
        self.request, self.sent = {"header": {}, "content": content}, []

    def get_parent(self, channel):
        return self.request

    def _publish_status(self, status, channel, parent=None):
        self.sent.append((status, channel))


MOVE = {"comm_id": "1", "data": {"method": "custom", "content": {"move": 0.1, "from": "one"}}}
ANNOUNCED = {
    "cell": {"code": "move = 1"},
    "other message": {"data": {"method": "custom", "content": {"focus": True}}},
    "words": {"data": {"method": "custom", "content": "no move"}},
    "empty": {"data": {"method": "custom"}},
    "no data": {"data": ["move"]},
    "change": {"data": {"method": "update", "state": {"move": 1}}},
    "nothing": {},
}


@pytest.mark.parametrize(("content", "sent"), [(MOVE, ["idle"]), *((c, ["busy", "idle"]) for c in ANNOUNCED.values())])
def test_only_moves_leave_the_kernel_idle(monkeypatch, content, sent):
    kernel = Kernel(content)
    monkeypatch.setattr(busy, "get_ipython", lambda: type("Shell", (), {"kernel": kernel}))
    busy.leave_moves_unannounced()
    for status in ("busy", "idle"):
        kernel._publish_status(status, "shell")
    assert kernel.sent == [(status, "shell") for status in sent]


@pytest.mark.parametrize("shell", [None, object(), type("Shell", (), {"kernel": object()})])
def test_an_unknown_kernel_is_left_as_it_is(monkeypatch, shell):
    monkeypatch.setattr(busy, "get_ipython", lambda: shell)
    busy.leave_moves_unannounced()
    assert not hasattr(getattr(shell, "kernel", None), "_publish_status")
