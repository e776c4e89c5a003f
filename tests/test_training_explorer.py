"""The network that trains while one watches: Play, Stop, restarts that never mix two runs."""

import asyncio
import itertools
import re
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest

from course_utils.descent import descend
from course_utils.explorers import TrainingExplorer
from course_utils.explorers.confusion import confusion_table
from course_utils.network import Network
from course_utils.optimizers import Adam, Momentum
from course_utils.problems import Quadratic, minibatches

FIRST = " It parts from ours at step 1, in epoch 1."


def network(n=48, scale=1.0):
    rng = np.random.default_rng(0)
    X = scale * rng.normal(size=(n, 6))
    labels = np.arange(n) % 4
    return Network(X, labels, hidden=(5,))


@pytest.fixture
def explorer():
    train = network()
    return TrainingExplorer(train, train, epochs=6, batch_size=8)


def test_trains_as_descend_does(explorer):
    for _ in range(4):
        explorer.advance()
    rng = np.random.default_rng(0)
    start = explorer.network.start(rng)
    batches = minibatches(explorer.network.n, 8, rng)
    run = descend(explorer.network, Momentum(0.1, 0.9), start, 36, batches, every=6)
    np.testing.assert_allclose(explorer.losses, run.loss)
    assert explorer.text.startswith("lr = 0.1, batch size 8, beta = 0.90, seed 0: after 6 of 6 epochs loss ")


def test_the_loss_is_that_of_the_training_examples_and_the_accuracy_that_of_unseen_ones():
    train, unseen = network(), network(40, scale=3.0)
    explorer = TrainingExplorer(train, unseen, epochs=4, batch_size=8)
    for _ in range(2):
        explorer.advance()
    assert explorer.losses[-1] == train.loss(explorer.w) != unseen.loss(explorer.w)
    assert explorer.accuracies[-1] == unseen.accuracy(explorer.w) != train.accuracy(explorer.w)
    labels = [explorer.figure._artists[name].ax.get_ylabel() for name in ("loss", "accuracy")]
    assert labels == ["loss, training digits", "accuracy, unseen digits"]


def test_in_a_notebook_the_limit_of_a_new_seed_is_marked_at_rest(run_async, monkeypatch):
    monkeypatch.setattr("course_utils.explorers.training_explorer.REST", 0.05)
    measured = []
    monkeypatch.setattr(
        "course_utils.explorers.training_explorer.sharpness", lambda *a: (measured.append(a), 4 + len(measured))[1]
    )

    async def watch():
        train = network()
        explorer = TrainingExplorer(train, train, epochs=6, batch_size=8)
        label = lambda: explorer.lr.marks[0]["label"].removeprefix("limit 2(1+beta)/L = ")  # noqa: E731
        assert (label(), len(measured)) == ("0.76", 1)
        for seed in (1, 2, 3):
            explorer.seed.value = seed
            await asyncio.sleep(0.01)
        assert (label(), len(measured)) == ("?", 1)
        await explorer.marking
        assert (label(), len(measured)) == ("0.633", 2)
        explorer.beta.value = 0  # of a seed that is known, at once
        assert (label(), len(measured)) == ("0.333", 2)
        explorer.seed.value = 4
        marking = explorer.marking
        explorer.close()
        await asyncio.sleep(0.1)
        assert marking.cancelled()
        assert len(measured) == 2

    run_async(watch())


def test_play_goes_to_the_end_and_then_begins_again(explorer, run_async):
    async def watch():
        explorer.buttons.press("Play")
        await explorer.task
        first = list(explorer.losses)
        assert explorer.epoch == 6
        explorer.buttons.press("Play")
        assert explorer.epoch == 2
        await explorer.task
        assert explorer.losses == first

    run_async(watch())


@pytest.mark.parametrize("epochs", [1, 2])
def test_play_where_the_first_epochs_are_all(epochs, run_async):
    train = network()
    explorer = TrainingExplorer(train, train, epochs=epochs, batch_size=8)

    async def watch():
        for _ in range(2):
            explorer.play()
            await explorer.task
            assert explorer.epoch == epochs

    run_async(watch())


def test_stop_stops(explorer, run_async):
    async def watch():
        explorer.buttons.press("Play")
        await asyncio.sleep(0)
        explorer.buttons.press("Stop")
        epoch = explorer.epoch
        await asyncio.sleep(0.1)
        assert explorer.epoch == epoch < 6

    run_async(watch())


def test_a_new_run_never_mixes_with_the_old(explorer, run_async):
    async def watch():
        explorer.buttons.press("Play")
        await asyncio.sleep(0)
        explorer.lr.value = 0.5  # while it plays
        explorer.buttons.press("Play")
        explorer.buttons.press("Play")  # twice in a row
        await explorer.task
        await asyncio.sleep(0.05)

    run_async(watch())
    other = TrainingExplorer(explorer.network, explorer.test, epochs=6, batch_size=8, lr=0.5)
    for _ in range(4):
        other.advance()
    assert explorer.losses == other.losses


def test_a_seed_moves_start_batches_and_limit():
    small = network()
    curved = Network(9 * small.X, small.labels, hidden=(5,))  # its limit lies on the slider
    explorer, other = (TrainingExplorer(curved, curved, epochs=6, batch_size=8, seed=seed) for seed in (0, 7))
    first, marks = explorer.losses, explorer.lr.marks
    explorer.seed.value = 7
    assert explorer.losses == other.losses != first
    assert explorer.lr.marks == other.lr.marks != marks
    assert "beta = 0.90, seed 7: after 2 of 6 epochs" in explorer.text
    explorer.reset()
    assert (explorer.losses, explorer.lr.marks) == (first, marks)


@pytest.mark.parametrize(("lr", "batch_size", "beta"), [(0.01, 1, 0), (3, 48, 0.99), (3, 1, 0.99), (0.1, 48, 0)])
def test_extremes(explorer, lr, batch_size, beta, recwarn):
    explorer.lr.value, explorer.batch_size.value, explorer.beta.value = lr, batch_size, beta
    explorer.step()
    assert explorer.epoch == 3
    assert f"beta = {beta:.2f}" in explorer.text
    assert "nan" not in explorer.figure.svg
    assert "inf" not in explorer.figure.svg
    rng, network = np.random.default_rng(0), explorer.network
    start, size = network.start(rng), explorer.batch_size.value
    each = -(-network.n // int(size))
    batches = minibatches(network.n, int(size), rng)
    run = descend(network, Momentum(explorer.lr.value, beta), start, 3 * each, batches, every=each)
    np.testing.assert_allclose(explorer.losses, run.loss, rtol=1e-9)
    assert not recwarn.list


def test_where_numpy_raises_all_the_same_is_shown():
    train = network(scale=1000.0)
    explorer = TrainingExplorer(train, train, epochs=6, batch_size=8)
    with np.errstate(all="raise"):
        explorer.lr.value = explorer.lr.stops[-1]  # exp of weights this large underflows
    assert explorer.text.startswith("lr = 3")


def test_a_move_to_tiny_batches_shows_one_epoch(explorer, monkeypatch):
    monkeypatch.setattr("course_utils.explorers.training_explorer.UPDATES", 30)
    for batch_size, epochs in ((1, 1), (2, 1), (4, 2), (48, 2)):
        explorer.batch_size.value = batch_size
        assert explorer.epoch == epochs


def test_a_second_explorer_does_not_measure_the_same_network_again(explorer, monkeypatch):
    monkeypatch.setattr("course_utils.explorers.training_explorer.sharpness", None)
    again = TrainingExplorer(explorer.network, explorer.test)
    assert again.lr.marks == explorer.lr.marks
    with pytest.raises(TypeError):
        TrainingExplorer(network(), network())


def test_step_trains_one_epoch_more_and_after_the_last_one_begins_again(explorer):
    for epoch in (3, 4, 5, 6, 2):
        explorer.buttons.press("Step")
        assert explorer.epoch == epoch


def test_reset_puts_the_sliders_back(explorer):
    before = explorer.text
    explorer.lr.value, explorer.beta.value = 0.7, 0.2
    explorer.buttons.press("Reset")
    assert explorer.text == before


def test_the_darkest_cell_can_be_read(explorer):
    """The page's ink, 87 % black, on the table's blue, has 4.5 : 1 (WCAG 2.2 AA)."""
    opacity = max(float(x) for x in re.findall(r"rgba\(0,114,178,([\d.]+)\)", explorer.confusion.value))
    blue = np.array([0, 114, 178]) * opacity + 255 * (1 - opacity)
    inks = [np.array(color) / 255 for color in (blue, 0.13 * blue)]
    light = [np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722] for c in inks]
    assert (light[0] + 0.05) / (light[1] + 0.05) > 4.5


def test_the_table_stands_also_where_no_kernel_runs(explorer):
    told = explorer._repr_mimebundle_()[0]["text/html"]
    assert told.endswith(f"</div>{explorer.confusion.value}")
    assert "Unseen digits: the row is the digit" in told


def test_the_row_is_the_digit_and_the_column_the_answer():
    said = SimpleNamespace(labels=[0, 0, 1], scores=lambda w: np.array([[0, 1]] * 3), sizes=[(1, 2)])  # always 1
    rows = ElementTree.fromstring(confusion_table(said, None)).findall("tr")
    assert [[cell.text for cell in row] for row in rows] == [[None, "0", "1"], ["0", None, "2"], ["1", None, "1"]]


def test_confusion_counts_every_unseen_digit(explorer):
    cells = explorer.confusion.value.split("<td ")[1:]
    assert sum(int(c.split(">")[1].split("<")[0] or 0) for c in cells) == explorer.test.n


def test_shows_a_picture_without_a_kernel(explorer):
    data, metadata = explorer._repr_mimebundle_()
    assert data["text/plain"] == metadata["image/png"]["alt"] == explorer.text
    assert data["image/png"]


@pytest.mark.parametrize(
    "bad", [{"epochs": 0}, {"epochs": 1e300}, {"preview": 99}, {"lr": -1}, {"lr": [0.1]}, {"beta": 1},
            {"batch_size": 0}, {"batch_size": 3}, {"seed": 1.5}, {"seed": "a"}, {"seed": None}]
)  # fmt: skip
def test_bad_input(bad):
    train = network()
    with pytest.raises(ValueError, match=next(iter(bad)).replace("_", " ") + "|" + next(iter(bad))):
        TrainingExplorer(train, train, **bad)


def test_other_problems():
    with pytest.raises(ValueError, match="network must be a Network"):
        TrainingExplorer(Quadratic([1, 2]), Quadratic([1, 2]))


def test_other_layers_with_as_many_weights():
    X, y = np.ones((50, 64)), np.arange(50) % 10
    train, other = Network(X, y, hidden=(32,)), Network(X, y, hidden=(24, 24))
    assert train.shape == other.shape
    for test in (other, Quadratic(np.ones(2410))):
        with pytest.raises(ValueError, match="test must be a network of the same layers"):
            TrainingExplorer(train, test)


def test_a_test_set_without_the_last_class_is_told_why_it_does_not_fit():
    train = network()
    test = Network(train.X, np.minimum(train.labels, 2), hidden=(5,))
    with pytest.raises(ValueError, match=r"the last class among its labels; got \[\(6, 5\), \(5, 3\)\]"):
        TrainingExplorer(train, test)


def test_few_examples_and_one_epoch():
    xor = Network([[0.0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], hidden=(3,))
    explorer = TrainingExplorer(xor, xor, epochs=1)
    assert (explorer.batch_size.value, explorer.epoch) == (4, 1)


def test_yours_that_leaves_the_range_of_numbers_is_silent(recwarn):
    xor = Network([[0.0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], hidden=(3,))
    explorer = TrainingExplorer(xor, xor, yours=lambda w, v, g, lr, beta: (w * np.inf, v))
    assert "Yours: the loss is no number any more." in explorer.text
    assert not recwarn.list


def test_yours_and_ours_without_numbers_have_no_accuracy():
    train = network()
    gone = TrainingExplorer(train, train, preview=0, yours=lambda w, v, g, lr, beta: (w * np.nan, v))
    gone.step()
    assert gone.text.endswith(f"% of the unseen digits right. Yours: the loss is no number any more.{FIRST}")
    assert np.isnan(gone.your_accuracies[1])
    assert np.isfinite(gone.accuracies).all()
    gone.w = gone.w * np.nan
    gone.step()
    assert "the loss is no number any more after 2 epochs" in gone.text
    assert np.isnan(gone.accuracies[2])
    assert gone.confusion.value == ""
    assert "nan" not in gone.figure.svg


@pytest.mark.parametrize("seed", range(12))
def test_the_mark_is_the_limit_of_the_largest_curvature(seed):
    train = network()
    explorer = TrainingExplorer(train, train, seed=seed, preview=0)
    largest = np.linalg.eigvalsh(train.hessian(train.start(np.random.default_rng(seed))))[-1]
    np.testing.assert_allclose(explorer.L, largest, rtol=1e-3)


def test_one_class_has_no_limit_to_mark():
    single = Network(np.eye(4), [0, 0, 0, 0], hidden=(3,))
    explorer = TrainingExplorer(single, single)
    assert explorer.L == 0
    assert explorer.lr.marks == []
    explorer.seed.value = 1
    assert explorer.lr.marks == []


def test_before_the_first_epoch_nothing_is_said_of_yours():
    train = network()
    explorer = TrainingExplorer(train, train, preview=0, yours=heavy_ball)
    assert "Yours" not in explorer.text
    explorer.step()
    assert explorer.text.endswith("Yours trains as ours does.")


def test_a_beta_between_two_stops_is_run_and_told():
    train = network()
    explorer = TrainingExplorer(train, train, beta=0.855)
    assert explorer.optimizer.beta == 0.855
    assert ", beta = 0.855, seed 0: " in explorer.text


def test_other_layers():
    train = network()
    with pytest.raises(ValueError, match="same layers"):
        TrainingExplorer(train, Network(train.X, train.labels, hidden=(3,)))


def heavy_ball(w, v, g, lr, beta):
    v = beta * v + g
    return w - lr * v, v


def plain(w, v, g, lr, beta):
    return w - lr * g, v


def breaks(w, v, g, lr, beta):
    if lr > 0.5:
        raise ArithmeticError("too fast")
    return heavy_ball(w, v, g, lr, beta)


def endless(w, v, g, lr, beta):
    while True:
        pass


@pytest.mark.parametrize(
    ("yours", "line"),
    [
        (heavy_ball, " Yours trains as ours does."),
        (Momentum, " Yours trains as ours does."),
        (Adam(0.01), " Yours: loss "),
        (plain, " Yours: loss "),
        (breaks, " Yours trains as ours does."),
        (endless, " Yours, step 1: it did not end within 1 s"),
        (lambda w, v, g, lr, beta: w, " Yours, step 1: it must return two things"),
    ],
)
def test_yours_trains_beside_ours(yours, line):
    train = network()
    plain, explorer = (TrainingExplorer(train, train, epochs=6, batch_size=8, yours=y) for y in (None, yours))
    for _ in range(2):
        plain.advance()
        explorer.advance()
    assert explorer.losses == plain.losses
    assert explorer.text.startswith(plain.text + line)
    assert (len(explorer.your_losses) == 5) == ("Yours, step" not in line)
    explorer.lr.value = 1.0
    assert len(explorer.losses) == 3
    if yours is breaks:
        assert "Yours, step 1: ArithmeticError: too fast" in explorer.text
        assert len(explorer.your_losses) == 1
    assert explorer._repr_mimebundle_()


def keras(w, v, g, lr, beta):
    v = beta * v - lr * g
    return w + v, v


def test_rounding_that_grows_is_told_as_that():
    train = network()
    explorer = TrainingExplorer(train, train, epochs=30, lr=3, batch_size=1, yours=keras)
    while "Yours trains as ours does." in explorer.text:
        explorer.advance()
    told = re.search(r"Yours: .*at step (\d+) they were \de-\d\d of w apart, as by rounding, and that grew, until in "
                     r"epoch (\d+) the losses differed\.", explorer.text)  # fmt: skip
    step, epoch = map(int, told.groups())
    assert step > 1
    assert epoch == explorer.epoch
    assert not np.isclose(explorer.losses[epoch], explorer.your_losses[epoch], rtol=1e-6)
    np.testing.assert_allclose(explorer.losses[:epoch], explorer.your_losses[:epoch], rtol=1e-6)


def test_single_precision_trains_as_ours_until_its_rounding_has_grown():
    def in_float32(w, v, g, lr, beta):
        return tuple(np.float32(new) for new in heavy_ball(w, v, g, lr, beta))

    train, told = network(), " It returns float32, which keeps 6 digits; ours keeps 15."
    explorer = TrainingExplorer(train, train, epochs=30, batch_size=8, yours=in_float32)
    assert explorer.text.endswith(f" Yours trains as ours does.{told}")
    too_steep = lambda w, v, g, *rates: in_float32(w, v, 1.001 * g, *rates)  # noqa: E731
    wrong = TrainingExplorer(train, train, epochs=30, batch_size=8, yours=too_steep)
    assert re.search(rf" Yours: loss \S+, \S+ %\.{FIRST}{told}$", wrong.text)
    explorer.at(lr=3, batch_size=1)
    while "Yours trains as ours does." in explorer.text:
        explorer.advance()
    assert re.search(rf" of w apart, as by rounding, and that grew, until in epoch \d+ the losses differed\.{told}$",
                     explorer.text)  # fmt: skip


def test_a_rule_that_differs_is_told_the_step():
    train = network()
    explorer = TrainingExplorer(train, train, epochs=6, batch_size=8, yours=plain)
    assert explorer.text.endswith(" It parts from ours at step 2, in epoch 1.")
    explorer.advance()
    assert explorer.text.endswith(" It parts from ours at step 2, in epoch 1.")
    other = TrainingExplorer(train, train, epochs=6, batch_size=8, yours=Adam(0.01))
    loss, right = other.your_losses[-1], 100 * other.your_accuracies[-1]
    assert other.text.endswith(f" Yours: loss {loss:.3g}, {right:.1f} %.{FIRST}")


@pytest.mark.parametrize(("sharp", "labels"), [(-1.0, []), (0.0, []), (4.0, ["limit 2(1+beta)/L = 0.95"])])
def test_a_network_that_is_not_curved_upwards_has_no_limit(monkeypatch, sharp, labels):
    monkeypatch.setattr("course_utils.explorers.training_explorer.sharpness", lambda *a: sharp)
    explorer = TrainingExplorer(network(), network(), preview=0)
    assert [mark["label"] for mark in explorer.lr.marks] == labels


def test_of_what_a_rule_prints_in_every_epoch_the_latest_is_told():
    epochs = itertools.count(1)

    def talks(w, v, g, lr, beta):
        print(f"call {next(epochs)}")
        return heavy_ball(w, v, g, lr, beta)

    train = network()
    explorer = TrainingExplorer(train, train, epochs=6, batch_size=train.n, yours=talks)
    explorer.advance()
    assert re.findall('It printed "call [0-9]+"', explorer.text) == ['It printed "call 3"']


def test_yours_sees_the_same_batches_as_ours():
    train = network()
    explorer = TrainingExplorer(train, train, epochs=6, batch_size=32, yours=heavy_ball)
    for _ in range(4):
        explorer.advance()
    np.testing.assert_allclose(explorer.attempt.rows[-1], explorer.w, rtol=1e-9)
