"""The learner's own code beside ours: it is compared, and whatever it does the explorer stays alive."""

import contextlib
import itertools
import math
import re
import sys
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

from course_utils import plots
from course_utils.explorers import DescentExplorer, DropExplorer, MomentumPadExplorer, TrainingExplorer
from course_utils.explorers.yours import OTHERWISE, Attempt, Yours
from course_utils.network import Network
from course_utils.optimizers import Adam, GradientDescent, Momentum, Nesterov
from course_utils.problems import LeastSquares, Quadratic

VALLEY, START = Quadratic([0.1, 10]), [-4, 1.5]
SWAPPED = " Its two results stand in the wrong order: the new w comes first."
RNG = np.random.default_rng(0)
DATA = LeastSquares(RNG.normal(size=(20, 2)), RNG.normal(size=20))
NETWORK = Network(RNG.normal(size=(40, 3)), np.arange(40) % 3, hidden=(4,))


def good(w, g, lr):
    return w - lr * g


def heavy_ball(w, v, g, lr, beta):
    v = beta * v + g
    return w - lr * v, v


def explore(yours, problem=VALLEY, **more):
    return DescentExplorer(problem, START, 30, yours=yours, lr=0.05, **more)


@dataclass
class BetaFirst:
    beta: float = 0.9
    lr: float = 0.1

    def init(self, w):
        return 0 * w

    def update(self, w, g, v):
        return heavy_ball(w, v, g, self.lr, self.beta)


class Swapped(BetaFirst):
    def update(self, w, g, v):
        return heavy_ball(w, v, g, self.lr, self.beta)[::-1]


class ByNameOnly(BetaFirst):
    def __init__(self, *, lr, beta):
        super().__init__(beta, lr)


class Settings(BetaFirst):
    def __init__(self, **settings):
        super().__init__(**settings)


class RateAndSettings(BetaFirst):
    def __init__(self, lr, **settings):
        super().__init__(lr=lr, **settings)


@pytest.mark.parametrize(
    ("yours", "sliders"),
    [(BetaFirst, ("lr", "beta")), (BetaFirst(), ("lr", "beta")), (ByNameOnly, ("lr", "beta")),
     (Settings, ("lr", "beta")), (RateAndSettings, ("lr", "beta")),
     (good, ("lr",)), (GradientDescent, ("lr",)), (GradientDescent(9), ("lr",)), (heavy_ball, ("lr", "beta")),
     (Momentum, ("lr", "beta")), (Momentum(9, 0.1), ("lr", "beta")), (lambda w, g, rate: list(w - rate * g), ("lr",))],
)  # fmt: skip
def test_right_code_agrees_at_every_setting(yours, sliders):
    explorer = explore(yours, sliders=sliders)
    for lr in (0.001, 0.1, 0.19, 0.3, 0.8):
        explorer.lr.value = lr
        assert "Yours and ours agree" in explorer.text
        np.testing.assert_allclose(explorer.attempt.w, explorer.run.w, rtol=1e-12, atol=1e-12)
        assert explorer.figure.svg.count('stroke-dasharray="20 ') == 2


MOMENTUM = {"optimizer": lambda lr, beta: Momentum(lr, 0.9)}


def in_a_default(w, g, lr, v=np.zeros(2), *, count=[0]):  # noqa: B006, B008, the point of it
    count[0] += 1
    v *= 0.9 if count[0] > 1 else 0
    v += g
    return w - lr * v


def nonlocal_velocity(moving=False):
    v = 0.0

    def step(w, g, lr):
        nonlocal v
        v = 0.9 * v + g
        return w - lr * v

    return (lambda w, given, g, lr, beta: (step(w, g, lr), given)) if moving else step


class Callable:
    v = 0.0

    def __call__(self, w, g, lr):
        self.v = 0.9 * self.v + g
        return w - lr * self.v

    def step(self, w, g, lr):
        return self(w, g, lr)


@pytest.mark.parametrize("yours", [in_a_default, nonlocal_velocity(), Callable(), Callable().step])
def test_what_a_function_keeps_is_of_one_run(yours):
    explorer = explore(yours, **MOMENTUM)
    for lr in (0.05, 0.8, 0.02, 0.05):
        explorer.lr.value = lr
        assert explorer.text.endswith("Yours and ours agree to 1e-12 at every step.")


def in_a_global(w, g, lr):
    global velocity
    velocity = 0.9 * velocity + g
    return w - lr * velocity


def in_an_attribute(w, g, lr):
    in_an_attribute.v = 0.9 * in_an_attribute.v + g
    return w - lr * in_an_attribute.v


def in_place_of_a_global(w, g, lr):
    velocities[:] = 0.9 * velocities + g
    return w - lr * velocities


def with_a_helper():
    """The two share a variable: a copy of one alone would not work."""
    v = 0.0

    def steeper(g):
        nonlocal v
        v = 0.9 * v + g

    def step(w, g, lr):
        steeper(g)
        return w - lr * v

    return step


class TheOnlyOne(Callable):
    def __deepcopy__(self, memo):
        raise TypeError("there is only one")


velocity, velocities, in_an_attribute.v = 0.0, np.zeros(2), 0.0


@pytest.mark.parametrize("yours", [in_a_global, in_an_attribute, in_place_of_a_global, with_a_helper(), TheOnlyOne()])
def test_what_lives_from_run_to_run_is_told(yours):
    explorer = explore(yours, **MOMENTUM)
    assert explorer.text.endswith("Yours and ours agree to 1e-12 at every step.")
    for lr in (0.8, 0.02, 0.05):
        explorer.lr.value = lr
        assert "Yours and ours part at step 1: " in explorer.text
        assert explorer.text.endswith(OTHERWISE)


def made_anew(text, **known):
    """The function `step` of a cell that is run again, and what it finds beside itself."""
    exec(text, scope := dict(known))
    return scope["step"], scope


KEPT = """v = {}
def step(w, given, g, lr, beta):
    v["v"] = 0.9 * v.get("v", 0) + g
    return w - lr * v["v"], given"""
EXPLORERS = {
    "descent": lambda yours: explore(yours, sliders=("lr", "beta")),
    "pad": lambda yours: MomentumPadExplorer(VALLEY, START, beta=0.9, yours=yours),
    "training": lambda yours: TrainingExplorer(NETWORK, NETWORK, epochs=2, batch_size=8, yours=yours),
    "drop": lambda yours: DropExplorer(yours=yours),
}
AGREES = "agree to 1e-12 at every step.", "Yours trains as ours does.", "Yours follows PyTorch."


@pytest.mark.parametrize("name", EXPLORERS)
def test_what_lives_from_one_explorer_to_the_next_is_told_there(name):
    step, scope = made_anew(KEPT)
    assert EXPLORERS[name](step).text.endswith(AGREES)
    again = EXPLORERS[name](step).text
    assert again.count(OTHERWISE) == 1
    assert again.endswith(OTHERWISE)
    scope["v"].clear()  # as a cell that says v = {} does
    assert EXPLORERS[name](step).text.endswith(AGREES)
    assert EXPLORERS[name](made_anew(KEPT)[0]).text.endswith(AGREES)


@pytest.mark.parametrize("name", EXPLORERS)
def test_a_constant_that_its_author_has_changed_is_nothing_that_is_kept(name):
    step, scope = made_anew("def step(w, v, g, lr, beta):\n    v = b * v + g\n    return w - lr * v, v", b=0.9)
    assert EXPLORERS[name](step).text.endswith(AGREES)
    scope["b"] = 0.8
    text = EXPLORERS[name](step).text
    assert not text.endswith(AGREES)
    assert OTHERWISE not in text


@pytest.mark.parametrize("drawing", [lambda: RNG, np.random.default_rng])
def test_a_step_that_draws_is_told_so_too(drawing):
    explorer = explore(lambda w, g, lr: w - lr * (g + drawing().normal(size=2)))
    assert OTHERWISE not in explorer.text
    explorer.reset()
    assert explorer.text.endswith(OTHERWISE)


def test_half_an_emoji_silences_nothing():
    def prints(w, g, lr):
        print("\ud83d")
        return w - lr * g

    def fails(w, g, lr):
        raise ValueError("\ud83d")

    for step in (prints, fails):
        text = explore(step).text
        assert "?" in text
        assert text.encode("utf-8")


def test_the_step_that_is_repeated_is_no_part_of_the_run():
    explorer = explore(talks)
    before, steps = explorer.text, len(explorer.attempt.w)
    explorer.reset()
    assert (explorer.text, len(explorer.attempt.w)) == (before, steps)


def test_a_first_step_that_does_not_end_any_more_ends_soon():
    def soon_endless(w, g, lr):
        velocities[:] += 1
        while velocities[0] > 31:
            pass
        return good(w, g, lr)

    velocities[:] = 0
    explorer, seconds = explore(soon_endless), []
    assert "Yours and ours agree" in explorer.text
    while len(seconds) < 3 and min(seconds, default=9) > 1.25 + 0.5:  # again, if the machine was busy
        began = time.monotonic()
        explorer.update()
        seconds.append(time.monotonic() - began)
        assert "Yours, step 1: it did not end within 1 s" in explorer.text
    assert min(seconds) < 1.25 + 0.5


def test_a_start_in_single_precision_is_the_same_for_both():
    start = np.float32([-4.1, 1.5])
    assert "Yours and ours agree" in DescentExplorer(VALLEY, start, yours=good).text
    assert "Yours and ours agree" in MomentumPadExplorer(VALLEY, start, beta=0.5, yours=heavy_ball).text


def test_a_class_without_momentum_can_be_compared_with_momentum():
    explorer = explore(GradientDescent, sliders=("lr", "beta"))
    assert "Yours and ours part at step 2" in explorer.text
    explorer.beta.value = 0
    assert "Yours and ours agree" in explorer.text


@dataclass
class InADictionary(BetaFirst):
    """Keeps its velocity in what every copy would share."""

    kept: dict = field(default_factory=dict)

    def init(self, w):
        return None

    def update(self, w, g, state):
        w, self.kept["v"] = heavy_ball(w, self.kept.get("v", 0), g, self.lr, self.beta)
        return w, None


class AsItStands:
    """Knows no rates of the sliders."""

    v = 0

    def init(self, w):
        return None

    def update(self, w, g, state):
        w, self.v = heavy_ball(w, self.v, g, 0.05, 0.9)
        return w, None


class Locked(AsItStands):
    def __deepcopy__(self, memo):
        raise TypeError("there is only one")

    def init(self, w):
        self.v = 0


@pytest.mark.parametrize("rule", [InADictionary(), AsItStands(), Locked()])
def test_each_run_begins_with_the_object_as_it_was_handed_over(rule):
    explorer = explore(rule, sliders=("lr", "beta"))
    for _ in range(3):
        assert "Yours and ours agree" in explorer.text
        explorer.reset()
    if isinstance(rule, InADictionary):
        explorer.lr.value = 0.03
        assert "Yours and ours agree" in explorer.text
        assert rule.kept == {}


@pytest.mark.parametrize(
    ("last", "told"),
    [(lambda w: w / undefined, "NameError"), (lambda w: None, "it returned None")],  # noqa: F821
)
def test_the_seconds_of_a_rule_that_fails_are_those_of_its_steps(monkeypatch, last, told):
    def late(w, g, lr):
        return good(w, g, lr) if abs(w[1]) > 0.2 else last(w)

    clock = itertools.count()  # a second from one look at it to the next
    monkeypatch.setattr("course_utils.explorers.yours.time", SimpleNamespace(perf_counter=lambda: next(clock)))
    explorer = explore(late, against="seconds")
    assert told in explorer.text
    assert explorer.attempt.seconds == explorer.attempt.steps[-1] == 3


def test_a_gradient_may_be_a_list():
    class Own:
        shape, L = (2,), 10.0

        def loss(self, w):
            return np.asarray(w) ** 2 @ [0.05, 5]

        def grad(self, w):
            return [0.1 * w[0], 10 * w[1]]

    assert "Yours and ours agree" in explore(good, problem=Own()).text


class Keeps:
    """An optimizer that keeps its velocity to itself."""

    def __init__(self, lr, beta):
        self.lr, self.beta = lr, beta

    def init(self, w):
        self.v = np.zeros_like(w)

    def update(self, w, g, state):
        self.v = self.beta * self.v + g
        return w - self.lr * self.v, None


@dataclass
class KeepsToo(Keeps):
    lr: float
    beta: float


class Derives:
    """It keeps only what it has calculated from the learning rate."""

    def __init__(self, lr, beta):
        self.lr, self.minus, self.beta = lr, -lr, beta

    def init(self, w):
        return np.zeros_like(w)

    def update(self, w, g, v):
        v = self.beta * v + g
        return w + self.minus * v, v


class DerivesAndKeeps(Derives, Keeps):
    def init(self, w):
        self.v = np.zeros_like(w)

    def update(self, w, g, state):
        w, self.v = super().update(w, g, self.v)
        return w, None


class Returns(Keeps):
    """It keeps its velocity to itself, and returns it too."""

    def init(self, w):
        super().init(w)
        return self.v

    def update(self, w, g, state):
        return super().update(w, g, state)[0], self.v


class ReturnsFromZero(Returns):
    def __init__(self, lr, beta):
        super().__init__(lr, beta)
        self.v = 0.0

    def init(self, w):
        return self.v


class InADictionary(Keeps):
    def __init__(self, lr, beta):
        super().__init__(lr, beta)
        self.state = {}

    def update(self, w, g, state):
        self.state["v"] = self.beta * self.state.get("v", 0) + g
        return w - self.lr * self.state["v"], None


class OtherNames(Keeps):
    def __init__(self, alpha, mu):
        self.alpha, self.mu = alpha, mu

    def update(self, w, g, state):
        self.v = self.mu * self.v + g
        return w - self.alpha * self.v, None


class Slots(Keeps):
    __slots__ = ("beta", "lr", "v")


class Fixed(NamedTuple):
    """Its attributes cannot be set."""

    lr: float
    beta: float

    def init(self, w):
        return np.zeros_like(w)

    def update(self, w, g, v):
        v = self.beta * v + g
        return w - self.lr * v, v


class Counts(Keeps):
    """What its init begins to count goes on."""

    def init(self, w):
        self.t = 0
        return np.zeros_like(w)

    def update(self, w, g, v):
        self.t += 1
        v = self.beta * v + g if self.t > 1 else g
        return w - self.lr * v, v


class DerivesInInit(Keeps):
    """What its init calculates from the learning rate follows it."""

    def init(self, w):
        self.step = 2 * self.lr
        return np.zeros_like(w)

    def update(self, w, g, v):
        v = self.beta * v + g
        return w - self.step / 2 * v, v


class NamesAndDerivesInInit(DerivesInInit):
    def __init__(self, lr, beta):
        super().__init__(lr, beta)
        self.step = None


class KeepsAndDerivesInInit(Keeps):
    def init(self, w):
        super().init(w)
        self.factors = {"g": self.lr / 2}

    def update(self, w, g, state):
        self.v = self.beta * self.v + g
        return w - 2 * self.factors["g"] * self.v, None


@pytest.mark.parametrize(
    "yours",
    [Keeps, KeepsToo, KeepsToo(9, 0.1), Derives, DerivesAndKeeps, Returns, ReturnsFromZero, InADictionary, OtherNames,
     Slots, Fixed, Counts, DerivesInInit, NamesAndDerivesInInit, KeepsAndDerivesInInit],
)  # fmt: skip
def test_a_velocity_kept_in_the_object_lives_through_epochs_and_a_drop_of_the_learning_rate(yours):
    assert "Yours follows PyTorch." in DropExplorer(yours=yours).text
    network = Network(RNG.normal(size=(40, 3)), np.arange(40) % 3, hidden=(4,))
    explorer = TrainingExplorer(network, network, epochs=4, batch_size=8, yours=yours)
    explorer.advance()
    assert "Yours trains as ours does." in explorer.text
    explorer.lr.value = 0.5
    assert "Yours trains as ours does." in explorer.text


class CallsAndReturns:
    v = 0.0

    def __call__(self, w, v, g, lr, beta):
        self.v = 0.9 * self.v + g
        return w - lr * self.v, v


def in_a_default_too(w, v, g, lr, beta, kept={}):  # noqa: B006, the point of it
    kept["v"] = 0.9 * kept.get("v", 0) + g
    return w - lr * kept["v"], v


@pytest.mark.parametrize(
    ("yours", "again"),
    [(CallsAndReturns(), "Yours follows PyTorch."), (in_a_default_too, "Yours follows PyTorch."),
     (nonlocal_velocity(moving=True), f"Yours follows neither. It parts from both at step 1.{OTHERWISE}")],
)  # fmt: skip
def test_a_velocity_kept_in_a_function_lives_through_a_drop_of_the_learning_rate(yours, again):
    explorer = DropExplorer(yours=yours)
    assert explorer.text.endswith("Yours follows PyTorch.")
    explorer.drop.value = 10
    assert explorer.text.endswith(again)


def test_the_learner_s_own_object_is_left_as_it_is():
    own = Keeps(0.25, 0.5)
    assert "Yours follows neither." in DropExplorer(yours=own).text
    assert (own.lr, own.beta) == (0.25, 0.5)


def test_a_stretch_without_steps_changes_nothing():
    attempt = Attempt(Yours(Momentum, moving=True), np.zeros(1))
    attempt.go([], 0.1, 0.9)
    attempt.go([lambda w: w + 1], 0.1, 0.9)
    np.testing.assert_allclose(attempt.rows, [[0], [-0.1]])


def test_both_see_the_same_batches():
    explorer = explore(good, DATA, sliders=("lr", "batch_size"), batch_size=4)
    assert "Yours and ours agree" in explorer.text
    explorer.batch_size.value = 1
    assert len(explorer.attempt.w) == len(explorer.run.w) == 1 + 30 * 20
    np.testing.assert_allclose(explorer.attempt.w, explorer.run.w, rtol=1e-12, atol=1e-12)


def forgets(w, g, lr):
    w - lr * g


def fails_late(w, g, lr):
    return w - lr * g if abs(w[1]) > 0.2 else w / undefined  # noqa: F821


def in_place(w, g, lr):
    w -= lr * g
    return w


def talks(w, g, lr):
    print("here I am")
    return w - lr * g


def endless(w, g, lr):
    while True:
        pass


def yields(w, g, lr):
    yield w - lr * g


async def waits(w, g, lr):
    return w - lr * g


def imports(w, g, lr):
    import slowly_imported

    return slowly_imported.good(w, g, lr)


def stubborn(w, g, lr):
    while True:
        with contextlib.suppress(Exception):
            time.sleep(0.001)


@pytest.mark.parametrize(
    ("yours", "line"),
    [
        (forgets, "step 1: it returned None"),
        (fails_late, "step 4: NameError: name 'undefined' is not defined"),
        (in_place, "agree to 1e-12 at every step. It changes w or g in place: here it was given copies."),
        (talks, 'It printed "here I am'),
        (lambda w, g, lr: w + lr * g, "part at step 1: w = (-4.02 2.25) and (-3.98 0.75)"),
        (lambda w, g, lr: w[:1], "step 1: the new w must have shape (2,), but has (1,)"),
        (lambda w, g, lr: 3.0, "the new w must have shape (2,), but has ()"),
        (lambda w, g, lr: w.mean, "but is a builtin_function_or_method; call it, with brackets after its name."),
        (lambda w, g, lr: w - lr * g.copy, "; a function gives a number only when it is called, as in grad(w)"),
        (lambda w, g, lr: w - lr * VALLEY.grad, "; a function gives a number only when it is called, as in grad(w)"),
        (lambda w, g, lr: "w", "the new w must be real numbers, but is a str"),
        (yields, "the new w must be real numbers, but is a generator; write return in place of yield."),
        (lambda w, g, lr: (a for a in w), "but is a generator; [ ] around it in place of ( ) makes a list."),
        (waits, "the new w must be real numbers, but is a coroutine; leave out async."),
        (lambda w, g, lr: OrderedDict(w=w), "the new w must be real numbers, but is an OrderedDict"),
        (lambda w, g, lr: (w, g), "the new w must have shape (2,), but has (2, 2); return w alone."),
        (lambda w, g, lr: (w - lr * g, lr), "but is a tuple of 2 (ndarray and float); return w alone."),
        (lambda w, g, lr: (w - lr * g,), "but has (1, 2); leave out the comma at its end, or the brackets around it."),
        (lambda w, g, lr: [w - lr * g], "but has (1, 2); leave out the comma at its end, or the brackets around it."),
        (lambda w, g, lr: w - lr * np.array([g]), "the new w must have shape (2,), but has (1, 2)."),
        (lambda w, g, lr: w - lr * g[:, None], "(2, 2); a column in it makes a table, and so does more than w alone."),
        (lambda w, g, lr: (w - lr * g) == w, "real numbers, but is an array of shape (2,) and of type bool."),
        (lambda w, g, lr: (w - lr * g).astype(int), "(-3.98 0.75). It returns whole numbers, without decimals."),
        (lambda w, g, lr: w - lr @ g, "requires 1); @ takes no single number, * does (line "),
        (lambda w, g, lr: w - lr ^ g, "casting rule ''safe''; a power is written **, not ^ (line "),
        (lambda w, g, lr: w - g * lr**2 ^ 2, "; a power is written **, not ^ (line "),
        (lambda w, g, lr: w - lr * g / math.sqrt(g), "; float(...) and the functions of math take one number"),
        (lambda w, g, lr: w - lr * list(g), "non-int of type 'float'; a list or a text is no array, np.array"),
        (lambda g, w, lr: w - lr * g, "(-3.98 0.75). It takes (g, w, lr), but is called with (w, g, lr)."),
        (lambda lr, w, g: None, "is its `return` missing? It takes (lr, w, g), but is called with (w, g, lr)."),
        (lambda w, lr, slope: w - lr * slope, "It takes (w, lr, slope), but is called with (w, g, lr)."),
        (lambda w, g, lr: (), "the new w must have shape (2,), but has (0,)"),
        (lambda w, g, lr: (w, None), "the new w must be real numbers, but is a tuple of 2 (ndarray and NoneType)"),
        (lambda w, g, lr: [w, 0.0], "the new w must be real numbers, but is a list of 2 (ndarray and float)"),
        (lambda w, g, lr: [forgets(a, b, lr) for a, b in zip(w, g, strict=True)], "but is a list of 2 (NoneType)"),
        (lambda w, g, lr: np.array(["1", 2.0], object), "real numbers, but is an array of shape (2,) and of type obj"),
        (lambda w, g, lr: w + 1j, "must be real numbers, but is an array of shape (2,) and of type complex128"),
        (lambda w, g, lr: (w - lr * g).astype(str), "real numbers, but is an array of shape (2,) and of type <U"),
        (lambda w, g, lr: np.float32(w - lr * g).astype(float), "w = (-3.9800000190734863 0.75) and (-3.98 0.75)"),
        (lambda w, g, lr: w - lr * g * (1 + 1e-10), "step 1: w = (-3.979999999998 0.749999999925) and (-3.98 0.75)."),
        (max, "Yours, step 1: ValueError: The truth value of an array"),  # it does not say what it takes
        (lambda w, g, lr: good(w, g), "TypeError"),
        (lambda w, g, lr: exit(), "SystemExit"),
        (lambda w, g, lr: w * np.nan, "part at step 1"),
        (lambda w, g, lr: np.ma.masked_less(w - lr * g, 0), "step 1: it returned a masked array, whose masked entries"),
        (lambda w, g, lr: np.ma.masked_less(w - lr * g, -9), "agree to 1e-12 at every step"),
        (lambda w, g, lr: input(), "RuntimeError: input() cannot be used here"),
        (heavy_ball, "without a beta slider it must be step(w, g, lr) -> w, but yours takes (w, v, g, lr, beta)"),
        (Nesterov(0.1, 0.9), "part at step 1"),
        (Adam(0.1), "part at step 1"),
    ],
)
def test_wrong_code_gets_one_line_and_ours_is_drawn(yours, line):
    explorer, plain = explore(yours), DescentExplorer(VALLEY, START, 30, lr=0.05)
    for lr in (0.05, 0.1):
        explorer.lr.value = plain.lr.value = lr
        np.testing.assert_array_equal(explorer.run.w, plain.run.w)
        assert explorer.text.startswith(plain.text + " Yours")
        assert "\n" not in explorer.text
    explorer.reset()
    assert line in explorer.text
    assert explorer._repr_mimebundle_()


@pytest.mark.parametrize(
    ("yours", "line"),
    [(good, "with a beta slider it must be step(w, v, g, lr, beta) -> (w, v), but yours takes (w, g, lr)"),
     (lambda w, v, g, lr, beta: w - lr * g, "it must return two things, (w, v), but returned an array of shape (2,)"),
     (lambda w, v, g, lr, beta: np.array([w - lr * (beta * v + g), beta * v + g]), "Yours and ours agree to"),
     (lambda w, v, g, lr, beta: [a - lr * b for a, b in zip(w, g, strict=True)],
      "it must return two things, (w, v), but a list of 2 (float64) looks like w alone"),
     (lambda w, v, g, lr, beta: (w[:1], v), "the new w must have shape (2,), but has (1,)"),
     (lambda w, v, g, lr, beta: (w - lr * v, np.linalg.norm(v)), "step 1: the new v must have shape (2,), but has ()"),
     (lambda w, v, g, lr, beta: (w - lr * v, v[:, None]), "step 1: the new v must have shape (2,), but has (2, 1)"),
     (lambda w, v, g, lr, beta: (w - lr * g, 3), "step 1: the new v must have shape (2,), but has ()"),
     (lambda w, v, g, lr, beta: (w - lr * g, None), "step 1: the new v must be real numbers, but is a NoneType"),
     (lambda w, v, g, lr, beta: (w - lr * g, np.ma.masked_less(g, 0)), "step 1: it returned a masked array, whose"),
     (lambda w, v, g, lr, beta: (w, v, lr), "return two things, (w, v), but returned a tuple of 3 (ndarray and float)"),
     (lambda w, v, g, lr, beta: np.array(3.0), "but returned an array of shape () and of type float64"),
     (lambda w, v, g, lr, beta: (), "it must return two things, (w, v), but returned a tuple of 0 (nothing)"),
     (lambda w, v, g, lr, beta: (w - lr * g, v == g), "the new v must be real numbers, but is an array of shape (2,)"),
     (lambda w, g, v, lr, beta: (w, v), "It takes (w, g, v, lr, beta), but is called with (w, v, g, lr, beta)."),
     (lambda w, v, g, beta, lr: (w, v), "It takes (w, v, g, beta, lr), but is called with (w, v, g, lr, beta)."),
     (lambda w, v, g, lr, beta: heavy_ball(w, v, g, lr, beta)[::-1], f"(-3.98 0.75).{SWAPPED}"),
     (lambda w, v, g, lr, beta: [beta * v - lr * g, w + beta * v - lr * g], f"(-3.98 0.75).{SWAPPED}"),
     (lambda w, v, g, lr, beta: ((1 - beta) * g, w - lr * (1 - beta) * g), f"(-3.98 0.75).{SWAPPED}"),
     (lambda w, v, g, lr, beta: np.array([g, w - lr * (g + beta * g)]), f"(-3.98 0.75).{SWAPPED}"),
     (Swapped, f"(-3.98 0.75).{SWAPPED}"),
     (lambda w, v, g, lr, beta: None, "it returned None")],
)  # fmt: skip
def test_with_momentum_the_form_is_another(yours, line):
    assert line in explore(yours, sliders=("lr", "beta")).text


@pytest.mark.parametrize("yours", [endless, stubborn, lambda w, g, lr: (time.sleep(0.08), w - lr * g)[1]])
def test_what_does_not_end_is_ended(yours):
    explorer, seconds = explore(yours), []
    while len(seconds) < 3 and min(seconds, default=9) > 1.5:  # again, if the machine was busy
        began = time.monotonic()
        explorer.update()
        seconds.append(time.monotonic() - began)
        assert "it did not end within 1 s" in explorer.text
    assert min(seconds) < 1.5
    explorer.yours = None
    explorer.lr.value = 0.1
    assert "Yours" not in explorer.text


def test_an_import_may_take_longer_than_a_run(tmp_path, monkeypatch):
    slow = "import time\nend = time.monotonic() + 1.3\nwhile time.monotonic() < end:\n    pass\n"
    (tmp_path / "slowly_imported.py").write_text(slow + "def good(w, g, lr):\n    return w - lr * g\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert "Yours and ours agree" in explore(imports).text
    del sys.modules["slowly_imported"]


def test_slow_is_told_from_endless():
    def slow(w, g, lr):
        time.sleep(0.08)
        return good(w, g, lr)

    def endless_later(w, g, lr):
        while abs(w[1]) < 0.2:
            pass
        return good(w, g, lr)

    assert re.search(r"did not end within 1 s .* slow, not endless: \d+ steps took .* ms each\. ", explore(slow).text)
    slower = explore(lambda w, g, lr: (time.sleep(0.55), good(w, g, lr))[1])
    assert re.search(r"Yours, step 2: .* It is slow, not endless: 1 step took \d+ ms\. Take fewer, or ", slower.text)
    text = explore(endless_later).text
    assert "Yours, step 4: it did not end within 1 s (line " in text
    assert "slow" not in text


class NoInit:
    def update(self, w, g, state):
        return w, state


class NoUpdate:
    def __init__(self, lr):
        pass

    def init(self, w):
        pass


class CannotBeLookedAt:
    @property
    def init(self):
        raise RuntimeError("not yet")


class HasNoName(type):
    @property
    def __name__(cls):
        raise RuntimeError("no name")


class Nameless(metaclass=HasNoName):
    def init(self, w):
        pass


class Unprintable:
    def __repr__(self):
        raise RuntimeError("no words")


class Waits:
    def __deepcopy__(self, memo):
        endless(0, 0, 0)

    init = update = __deepcopy__


@pytest.mark.parametrize(
    ("yours", "told"),
    [(NoInit(), "with init(w) -> state and update(w, g, state) -> (w, state); NoInit has no init"),
     (NoInit, "NoInit has no init"), (NoUpdate, "NoUpdate has no update"), (list, "list has no init and no update"),
     (Callable, "Callable has no init and no update; hand over an object, Callable(), not the class"),
     (CannotBeLookedAt(), "to look at it fails: RuntimeError: not yet (line "),
     ([0.1], "got [0.1]; hand over the function, not what it returns"),
     ("gd_step", "got 'gd_step'; leave out the quotes"),
     pytest.param(Nameless, "to look at it fails: RuntimeError: no name (line ", id="nameless"),
     (Nameless(), "to look at it fails: RuntimeError: no name (line "),
     (Unprintable(), "to look at it fails: RuntimeError: no words (line "),
     (Waits(), "to look at it fails: it did not end within 1 s (line ")],
)  # fmt: skip
def test_what_is_no_optimizer_is_told_what_it_lacks(yours, told):
    with pytest.raises(ValueError, match=r"yours must be a function step\(w, g, lr\) -> w or an optimizer") as caught:
        explore(yours)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("lr", [0.005, 0.05, 0.7])
@pytest.mark.parametrize(
    "yours",
    [
        lambda w, v, g, lr, beta: (w + lr * g, g),
        lambda w, v, g, lr, beta: (w - lr * g, w),
        lambda w, v, g, lr, beta: (w, g),
        *(Momentum, Nesterov, Adam, heavy_ball),
    ],
)
def test_results_that_stand_in_order_are_not_called_swapped(yours, lr):
    explorer = explore(yours, sliders=("lr", "beta"))
    explorer.at(lr=lr, beta=0.5)
    assert "order" not in explorer.text


class OneUnderscore:
    def _init_(self, lr):
        self.lr = lr

    def init(self, w):
        return None

    def update(self, w, g, state):
        return w - self.lr * g, state


def test_an_init_under_a_wrong_name_is_told():
    told = "_init_ is never called, write __init__"
    assert f"its class must take (lr), but yours takes (); {told}." in explore(OneUnderscore).text
    assert f"'OneUnderscore' object has no attribute 'lr'; {told} (line " in explore(OneUnderscore()).text


def not_yet(w, g, lr):
    raise NotImplementedError("to do")


def test_a_rule_that_is_still_to_be_written_is_called_so():
    told = r'Yours, step 1: it is not written yet \(line \d+: raise NotImplementedError\("to do"\)\)\.'
    assert re.search(told, explore(not_yet).text)


class UpdatesOtherwise(AsItStands):
    def update(self, w, g):
        return w


class BeginsOtherwise(AsItStands):
    def init(self):
        pass


class WithoutSelf(AsItStands):
    def init(w):
        pass


class TakesTheGradientFirst(AsItStands):
    def update(self, g, w, state):
        return w, state, g


class CallsItselfThis(BetaFirst):
    def update(this, w, g, v):
        return heavy_ball(w, v, g, this.lr, this.beta)


class BeginsWithoutSelf(BetaFirst):
    def __init__(lr):
        pass


@dataclass
class WithoutTypes:
    lr = 0.1

    def init(self, w):
        return None

    def update(self, w, g, state):
        return w - self.lr * g, state


class NeedsNoSelf(BetaFirst):
    @staticmethod
    def update(w, g, v):
        return heavy_ball(w, v, g, 0.05, 0.9)


class TheOtherWayRound(CallsItselfThis):
    def update(this, g, w, v):
        return w, v


@pytest.mark.parametrize("yours", [CallsItselfThis, NeedsNoSelf, CallsItselfThis(), NeedsNoSelf()])
def test_an_order_of_arguments_that_is_right_is_not_told_of(yours):
    assert explore(yours, sliders=("lr", "beta"), beta=0.9).text.endswith("agree to 1e-12 at every step.")


def test_an_order_of_arguments_that_is_wrong_is_told_of_a_class_too():
    told = " Its update takes (g, w, v), but is called with (w, g, state)."
    assert explore(TheOtherWayRound, sliders=("lr", "beta")).text.endswith(told)


class ReturnsOne(AsItStands):
    def update(self, w, g, state):
        return w


@pytest.mark.parametrize(
    ("yours", "told"),
    [(UpdatesOtherwise(), "its update must be update(w, g, state) -> (w, state), but yours takes (w, g)"),
     (WithoutSelf(), "its init must be init(w) -> state, but yours takes (); the first argument of a method is self."),
     (TakesTheGradientFirst(), "it must return two things, (w, state), but returned a tuple of 3 "
      "(ndarray and NoneType). Its update takes (g, w, state), but is called with (w, g, state)."),
     (BeginsOtherwise(), "its init must be init(w) -> state, but yours takes ()."),
     (AsItStands, "to be made from the sliders its class must take (lr), but yours takes ()"),
     (BeginsWithoutSelf, "to be made from the sliders its class must take (lr), but yours takes (); "
      "the first argument of a method is self."),
     (WithoutTypes, "to be made from the sliders its class must take (lr), but yours takes () -> None; "
      "a field of a dataclass needs its type, as in lr: float."),
     (ReturnsOne(), "it must return two things, (w, state), but returned an array")],
)  # fmt: skip
def test_an_optimizer_of_another_form_is_told_the_form(yours, told):
    text = explore(yours).text
    assert f"Yours, step 1: {told}" in text.replace("TypeError: ", "")
    assert "do not reach" not in text


def test_an_optimizer_out_of_reach_of_the_sliders_is_told_so():
    told = " The sliders do not reach its alpha = 0.05 and mu = 0.9: "
    told += "hand over the class, OtherNames, to be made with them."
    explorer = explore(OtherNames(0.05, 0.9), sliders=("lr", "beta"))
    assert explorer.text.endswith("Yours and ours agree to 1e-12 at every step." + told)
    explorer.lr.value = 0.1
    assert "Yours and ours part at step 1: " in explorer.text
    assert explorer.text.endswith(told)
    assert "do not reach" not in explore(OtherNames, sliders=("lr", "beta")).text
    assert "do not reach" not in explore(GradientDescent(9)).text


@pytest.mark.parametrize(("kind", "digits", "same"), [("float32", 6, "1e-05"), ("float16", 3, "1e-02")])
def test_fewer_digits_are_told_and_compared_as_far_as_they_go(kind, digits, same):
    told = f". It returns {kind}, which keeps {digits} digits; ours keeps 15."
    right = explore(lambda w, g, lr: (w - lr * g).astype(kind))
    assert right.text.endswith(f"Yours and ours agree to {same} at every step{told}")
    right.lr.value = 0.8
    assert f"Yours and ours agree to {same} " in right.text
    text = explore(lambda w, g, lr: (w - 1.1 * lr * g).astype(kind)).text
    assert "Yours and ours part at step 1: w = (" in text
    assert text.endswith(f"){told}")


def test_a_patched_numpy_is_told_in_one_line():
    def patches(w, g, lr):
        np.asarray = None
        return good(w, g, lr)

    explorer = explore(patches)
    told = " It replaces numpy.asarray, also for our own code: after each run that is put back."
    assert explorer.text.endswith(f"is not callable.{told}")
    explorer.yours = Yours(good, moving=False)
    explorer.reset()
    assert explorer.text.endswith("Yours and ours agree to 1e-12 at every step.")


def test_what_is_replaced_of_our_own_is_told_and_stops_no_slider():
    def spoils(w, g, lr):
        plots.COLORS.clear()
        sys.modules["course_utils.theory"] = Quadratic.grad = None
        return good(w, g, lr)

    explorer, told = explore(spoils), " It replaces sys.modules.course_utils.theory and "
    for lr in explorer.lr.stops[:2]:
        assert told in explorer.text
        assert explorer.text.endswith(", also for our own code: after each run that is put back.")
        explorer.lr.value = lr
    explorer.yours = Yours(good, moving=False)
    explorer.reset()
    assert explorer.text.endswith("Yours and ours agree to 1e-12 at every step.")
    assert explore(good).figure.lines


def test_a_run_that_diverges_is_compared_up_to_there():
    def rounds_late(w, g, lr):
        new = good(w, g, lr)
        return new * 1.01 if np.abs(new).max() > 1e6 else new

    explorer = explore(rounds_late)
    assert "agree to 1e-12 at every step" in explorer.text
    explorer.lr.value = 0.8
    at = explorer.run.diverged_at
    assert at
    assert f"Yours and ours agree to 1e-12 up to step {at}, where ours has diverged." in explorer.text


def test_what_parts_by_rounding_is_told_as_that():
    def drifts(w, g, lr):
        return good(w, g, lr) * (1 + 1e-12)

    assert explore(drifts).text.endswith(" So little can be rounding, which grows from step to step.")


def test_what_is_no_code_is_named():
    with pytest.raises(ValueError, match=r"yours must be a function step\(w, g, lr\) -> w or an optimizer, got 0.1"):
        explore(0.1)


class Walled(Quadratic):
    """Its loss has a message that ends with a full stop of its own."""

    def loss(self, w):
        if np.abs(w).max() > 5:
            raise ValueError("behind the wall.")
        return super().loss(w)


@pytest.mark.parametrize(
    ("told", "yours"),
    [(r"part at step 1: w = \(-4.02 2.25\) and \(-3.98 0.75\)\.", lambda w, g, lr: w + lr * g),
     (r"Yours, step 6: it returned None; is its `return` missing\?",
      lambda w, g, lr: None if w[1] > 9 else w + lr * g),
     (r"Yours, step 6: IndexError: list index out of range\.",
      eval("lambda w, g, lr: [][0] if w[1] > 9 else w + lr * g"))],  # of no file: no line of it is shown
)  # fmt: skip
def test_each_sentence_ends_once(told, yours):
    text = explore(yours, Walled([0.1, 10])).text
    assert re.search(told + r" The loss of yours: ValueError: behind the wall \(line \d+: raise .*\)\.$", text)


def test_without_yours_nothing_is_added():
    explorer = DescentExplorer(VALLEY, START)
    assert explorer.attempt is None
    assert "yours" not in " ".join(explorer.figure._artists)


def test_a_problem_that_changes_w_in_place_is_no_fault_of_the_rule():
    class Changes(Quadratic):
        def grad(self, w, batch=None):
            w[0] += 1e-3
            return Quadratic.grad(self, w)

    assert "Yours and ours agree" in explore(good, Changes([0.1, 10])).text


def test_a_problem_that_returns_one_array_again_and_again_is_no_fault_of_the_rule():
    class Returns(Quadratic):
        buffer = np.zeros(2)

        def grad(self, w, batch=None):
            return np.multiply(w, [0.1, 10], out=self.buffer) if w.ndim == 1 else Quadratic.grad(self, w)

    explorer = explore(good, Returns([0.1, 10]))
    explorer.at(lr=0.1)
    assert explorer.text.endswith("Yours and ours agree to 1e-12 at every step.")


def test_beside_a_float32_gradient_the_same_rule_agrees():
    class Single(Quadratic):
        def grad(self, w, batch=None):
            return Quadratic.grad(self, w).astype(np.float32)

    assert "Yours and ours agree" in explore(good, Single([0.1, 10])).text
    assert "Yours and ours agree" in explore(heavy_ball, Single([0.1, 10]), sliders=("lr", "beta")).text
