"""Where the conventions part, as FACTS of the frameworks say and as the explorer shows."""

import itertools
from functools import cached_property
from types import SimpleNamespace

import numpy as np
import pytest

from course_utils.conventions import KerasMomentum
from course_utils.descent import descend
from course_utils.explorers import DropExplorer
from course_utils.optimizers import Momentum


def test_the_measured_table():
    explorer = DropExplorer(steps=4, lr=0.1, drop=3)
    np.testing.assert_allclose(explorer.paths["torch"][1:], [-0.1, -0.29, -0.3171, -0.35149])
    np.testing.assert_allclose(explorer.paths["keras"][1:], [-0.1, -0.29, -0.471, -0.6439])
    assert "PyTorch is at -0.351, Keras at -0.644, 0.292 apart" in explorer.text


@pytest.mark.parametrize(("name", "rule"), [("torch", Momentum), ("keras", KerasMomentum)])
def test_its_paths_are_those_of_descend(name, rule):
    slope, explorer = SimpleNamespace(shape=(1,), grad=np.ones_like), DropExplorer()
    for drop, beta in itertools.product([1, 2, 20, 40], [0, 0.5, 0.9, 0.99]):
        explorer.at(drop=drop, beta=beta)
        factor = lambda t, drop=drop: 1.0 if t + 1 < drop else 0.1  # noqa: E731
        run = descend(slope, rule(0.01, beta), np.zeros(1), 40, schedule=factor)
        np.testing.assert_allclose(explorer.paths[name], run.w[:, 0], rtol=1e-12)


@pytest.mark.parametrize("beta", [0, 0.5, 0.99])
def test_every_drop_at_extremes_of_beta(beta, recwarn):
    explorer = DropExplorer()
    for drop in explorer.drop.stops:
        explorer.drop.value, explorer.beta.value = drop, beta
        apart = np.abs(explorer.paths["torch"] - explorer.paths["keras"])
        assert (apart[: int(drop)] < 1e-12).all()
        assert (apart.max() > 1e-3) == (beta > 0 and drop > 1)
        assert "nan" not in explorer.figure.svg
        assert "inf" not in explorer.figure.svg
        assert min(path[-1] for path in explorer.paths.values()) > explorer.figure.fig.axes[0].get_ylim()[0]
    explorer.reset()
    assert (explorer.drop.value, explorer.beta.value) == (20, 0.9)
    assert not recwarn.list


@pytest.mark.parametrize(("beta", "told"), [(0.9, "0.90"), (0.985, "0.985"), (0.004, "0.004"), (0, "0.00")])
def test_the_beta_that_was_typed_is_told(beta, told):
    assert f"beta = {told}:" in DropExplorer().at(beta=beta).text


def test_numbers_of_numpy_move_sliders():
    assert DropExplorer().at(drop=np.int64(3), beta=np.float32(0.5)).paths["torch"][-1] < 0


def outside(w, v, g, lr, beta):
    v = beta * v + g
    return w - lr * v, v


def inside(w, v, g, lr, beta):
    v = beta * v - lr * g
    return w + v, v


def in_float32(w, v, g, lr, beta):
    w, v, g, lr, beta = map(np.float32, (w, v, g, lr, beta))
    return outside(w, v, g, lr, beta)


def slower_at_the_end(w, v, g, lr, beta):
    w, v = inside(w, v, g, lr, beta)
    return np.maximum(w, -1.5), v


@pytest.mark.parametrize(
    ("yours", "line"),
    [
        (outside, "Yours follows PyTorch."),
        (inside, "Yours follows Keras."),
        (in_float32, "Yours follows PyTorch."),
        (Momentum, "Yours follows PyTorch."),
        (KerasMomentum(1.0, 0.5), "Yours follows Keras."),
        (lambda w, v, g, lr, beta: (w - lr * g, v), "Yours follows neither. It parts from both at step 2."),
        (slower_at_the_end, "Yours follows neither. It parts from PyTorch at step 20 and from Keras at step 25."),
        (lambda w, v, g, lr, beta: 1 / 0, "Yours, step 1: ZeroDivisionError"),
        (lambda w, v, g, lr, beta: (w - lr * g, v) if lr > 0.005 else None, "Yours, step 20: it returned None"),
        (lambda w, g, lr: w - lr * g, "but yours takes (w, g, lr)"),
    ],
)
def test_yours(yours, line):
    explorer = DropExplorer(yours=yours)
    assert line in explorer.text
    assert "\n" not in explorer.text
    explorer.drop.value = 1
    assert explorer.paths["yours"][0] == 0
    assert "yours" in explorer.figure._artists
    explorer.beta.value = 0
    assert ("PyTorch and Keras" in explorer.text) == ("follows" in line)


@pytest.mark.parametrize(
    "bad", [{"steps": 1}, {"drop": 99}, {"drop": 1.4}, {"drop": [3]}, {"beta": 1.0}, {"lr": -1}, {"lr": 0}, {"lr": "x"},
            {"lr": [1, 2]}]
)  # fmt: skip
def test_bad_input(bad):
    with pytest.raises(ValueError, match=r"steps|drop|beta|lr"):
        DropExplorer(**bad)


@pytest.mark.parametrize("lr", [1e300, 1e6, 1e-300])
def test_the_text_stays_short_however_large_the_numbers(lr):
    explorer = DropExplorer(lr=lr)
    assert len(explorer.text) < 110, explorer.text
    assert f"PyTorch is at {explorer.paths['torch'][-1]:.3g}" in explorer.text


class Gain:
    """PyTorch's rule; what it steps with is calculated from lr when it is first asked for."""

    def __init__(self, lr, beta):
        self.lr, self.beta = lr, beta

    gain = cached_property(lambda self: self.lr)

    def init(self, w):
        return 0 * w

    def update(self, w, g, v):
        v = self.beta * v + g
        return w - self.gain * v, v


class Kept(Gain):
    """It also keeps its velocity, in a dictionary, with numbers of its own."""

    def init(self, w):
        self.memory, self.rng = {"v": 0 * w}, np.random.default_rng(0)
        return self.memory

    def update(self, w, g, memory):
        memory["v"] = self.beta * memory["v"] + g
        return w - self.lr * memory["v"], memory


class OneDictionary(Gain):
    """It keeps its rates and its velocity together."""

    def __init__(self, lr, beta):
        self.group = {"lr": lr, "beta": beta, "v": 0.0}

    def update(self, w, g, state):
        group = self.group
        group["v"] = group["beta"] * group["v"] + g
        return w - group["lr"] * group["v"], None


class InAFunction(Gain):
    def __init__(self, lr, beta):
        v = [0.0]

        def step(w, g):
            v[0] = beta * v[0] + g
            return w - lr * v[0]

        self.group = step

    def update(self, w, g, state):
        return self.group(w, g), None


class RatesInAFunction(Gain):
    """What it has made with its rates holds no state."""

    def __init__(self, lr, beta):
        super().__init__(lr, beta)
        self.along = lambda w, v: w - lr * v
        self.own = lambda v, g: self.beta * v + g
        self.rates = {"lr": lr, "beta": beta}

    def update(self, w, g, v):
        v = self.last = self.own(v, g)
        return self.along(w, v), v


@pytest.mark.parametrize("rule", [OneDictionary, InAFunction])
def test_a_state_that_cannot_be_carried_over_is_told(rule):
    lost = " What it keeps in group depends on lr too: it began anew at the new lr."
    explorer = DropExplorer(yours=rule)
    assert explorer.text.endswith(f"Yours follows neither. It parts from both at step 20.{lost}")
    explorer.drop.value = 1  # lr does not change
    assert explorer.text.endswith("Yours follows PyTorch and Keras.")


def test_what_is_made_with_the_rates_and_never_changes_loses_nothing():
    assert DropExplorer(yours=RatesInAFunction).text.endswith("Yours follows PyTorch.")


def test_any_number_of_steps_has_a_drop():
    assert [DropExplorer(steps=steps).drop.value for steps in (2, 3, 40)] == [1, 1, 20]


def test_small_rates_are_told_with_three_digits():
    explorer = DropExplorer(lr=1e-9)
    assert "PyTorch is at -1.32e-07, Keras at -1.94e-07, 6.24e-08 apart." in explorer.text
    assert explorer.at(drop=1).text.endswith("PyTorch is at -3.11e-08, Keras at -3.11e-08, 0.000 apart.")


@pytest.mark.parametrize("rule", [Gain, Kept])
def test_what_follows_from_lr_is_new_after_the_drop(rule):
    assert "Yours follows PyTorch." in DropExplorer(yours=rule).text
