"""The stand-ins act as the libraries do, and the answers of set 05 are the libraries' rules, to twelve digits."""

import os
from functools import partial
from operator import isub

import numpy as np
import pytest

from course_utils.checks import check, exercise, keras_train_step, stand_in_keras, stand_in_torch, torch_train_step
from course_utils.checks.numbers import numbers, same
from course_utils.checks.tensors import Tensor, gradients, tensor
from course_utils.checks.torch_sgd import NAMES, RATES
from course_utils.checks.train_order import TASK as TRAIN_ORDER
from course_utils.conventions import DampenedMomentum, KerasMomentum, convert
from course_utils.descent import descend
from course_utils.problems import LeastSquares, Quadratic
from course_utils.quiet import TENSORFLOW_ENVIRONMENT

RNG = np.random.default_rng(5)
ORDERS = ["forward zero backward step", "forward backward step", "forward zero step", "forward backward zero step",
          "forward zero step backward", "forward step zero backward", "forward step backward zero",
          "forward zero backward", "zero forward backward backward step", "forward backward step zero",
          "forward zero uphill step"]  # fmt: skip


@pytest.fixture(autouse=True)
def no_progress(monkeypatch):
    monkeypatch.setenv("SGD_COURSE_PROGRESS", "off")


def torch_task():
    return next(iter(torch_train_step.cases(np.random.default_rng(3))))


def with_loss(of):
    """A right step whose loss is of(model, criterion, X, y)."""

    def step(model, criterion, optimizer, X, y):
        optimizer.zero_grad()
        loss = of(model, criterion, X, y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def in_parts(size):
    """A right step that adds the gradients of parts of the batch up."""

    def step(model, criterion, optimizer, X, y):
        optimizer.zero_grad()
        total = 0.0
        for i in range(0, len(y), size):
            loss = criterion(model(X[i : i + size]), y[i : i + size]) * size / len(y)
            loss.backward()
            total += loss.item()
        optimizer.step()
        return total

    return step


ADDED_UP = {
    "one by one": in_parts(1),
    "half batches": in_parts(2),
    "rows": with_loss(lambda model, criterion, X, y: sum(map(criterion, model(X).view(-1, 1), y)) / len(y)),
    "each input": with_loss(lambda model, criterion, X, y: sum(map(criterion, map(model, X), y)) / len(y)),
    "two slices": with_loss(
        lambda model, criterion, X, y: (criterion(model(X)[:2], y[:2]) + criterion(model(X)[2:], y[2:])) / 2
    ),
}


@pytest.mark.parametrize("step", ADDED_UP.values(), ids=ADDED_UP)
def test_a_loss_may_be_added_up_over_the_batch(step):
    assert check("torch_train_step", step).ok


@pytest.mark.parametrize(
    "step", [*(torch_train_step.in_order(f"{order} number") for order in ORDERS), *ADDED_UP.values()],
    ids=[*ORDERS, *ADDED_UP],
)  # fmt: skip
def test_each_order_of_the_calls_does_what_it_does_in_torch(step):
    torch = pytest.importorskip("torch")
    weight, bias, Xs, ys, lr, beta = torch_task()
    layer = torch.nn.Linear(2, 1, dtype=torch.float64)
    layer.load_state_dict({"weight": torch.tensor(weight[None]), "bias": torch.tensor([bias], dtype=torch.float64)})
    model = partial(lambda layer, X: layer(X)[..., 0], layer)
    optimizer, criterion = torch.optim.SGD(layer.parameters(), lr, momentum=beta), torch.nn.PoissonNLLLoss()
    path, losses = [], []
    for X, y in zip(Xs, ys, strict=True):
        losses.append(step(model, criterion, optimizer, torch.tensor(X), torch.tensor(y, dtype=torch.float64)))
        path.append([*layer.weight.detach().numpy().copy()[0], layer.bias.item()])
    mine, my_losses, _ = torch_train_step.observe(step, weight, bias, Xs, ys, lr, beta)
    np.testing.assert_allclose(mine, path, rtol=1e-12)
    np.testing.assert_allclose(my_losses, losses, rtol=1e-12)


@pytest.fixture(scope="module")
def tf():
    os.environ.update(TENSORFLOW_ENVIRONMENT)
    tf = pytest.importorskip("tensorflow")
    import keras

    keras.config.set_floatx("float64")  # else its learning rate is kept in float32
    yield tf
    keras.config.set_floatx("float32")


STEPS = {"solution": keras_train_step.keras_train_step}
STEPS |= {f"style {i}": style for i, style in enumerate(keras_train_step.TASK.variants)}
STEPS |= {mistake.name: mistake.function for mistake in keras_train_step.TASK.mistakes}
REFUSED = {"loss outside the tape": ValueError, "minimize": AttributeError, "target and source exchanged": ValueError,
           "not pairs of gradient and variable": AttributeError}  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_right_and_wrong_steps_do_what_they_do_in_keras(tf, name):
    lr, beta, c, star, w0 = 0.1, 0.875, np.array([0.5, 2]), np.array([1, -1]), np.array([3.0, 2])
    w, optimizer = tf.Variable(w0), tf.keras.optimizers.SGD(lr, momentum=beta)

    def run():
        for _ in range(keras_train_step.STEPS):
            losses.append(
                float(STEPS[name](tf.GradientTape, optimizer, w, lambda w: tf.reduce_sum(c * (w - star) ** 2) / 2))
            )
            path.append(w.numpy().copy())

    path, losses = [], []
    mine, my_losses, _ = keras_train_step.observe(STEPS[name], c, star, w0, lr, beta)
    if name in REFUSED:
        with pytest.raises(REFUSED[name]):
            run()
        assert (mine == w.numpy()).all()
    else:
        run()
        np.testing.assert_allclose(mine, path, rtol=1e-12)
        np.testing.assert_allclose(my_losses, losses, rtol=1e-12)


@pytest.mark.parametrize(
    "f",
    [
        lambda w: (w**2).sum(),
        lambda w: ((3 - w) / (w + 2)).mean(),
        lambda w: (2 * w.exp() - w * w + 1 / w).sum(),
        lambda w: (np.arange(6.0).reshape(2, 3) @ w + w.mean()).exp().mean(),
        lambda w: -(w.sum() * w).sum(),
        lambda w: sum(i * entry**2 for i, entry in enumerate(w)),
        lambda w: sum(i * (row**2).sum() for i, row in enumerate(np.ones((3, 1)) * w)),
        lambda w: sum((x @ w).exp() for x in np.arange(6.0).reshape(2, 3) / 4),
        lambda w: (w[1:] * w[[0, 0]] + w[w > 0.5][:, None]).exp().mean(),
    ],
)
def test_gradients_are_central_differences(f):
    at, h = np.array([0.3, 1.1, 0.7]), 1e-6
    w = Tensor(at)
    found = gradients(f(w))[id(w)][1]
    differences = [(float(f(Tensor(at + h * e))) - float(f(Tensor(at - h * e)))) / (2 * h) for e in np.eye(3)]
    np.testing.assert_allclose(found, differences, rtol=1e-7)


def test_a_later_value_does_not_change_the_way_back():
    w = stand_in_keras.Variable([1.0, 2.0])
    loss = (w**2).sum()
    w.assign([5.0, 5.0])
    np.testing.assert_array_equal(gradients(loss)[id(w)][1], [2, 4])


def test_misuse_is_told_as_torch_tells_it():
    loss = (stand_in_torch.Parameter([1.0]) ** 2).sum()
    with pytest.raises(RuntimeError, match=r"Use tensor\.detach"):
        loss.numpy()
    with pytest.raises(RuntimeError, match="does not require grad"):
        loss.detach().backward()
    with pytest.raises(RuntimeError, match="only for scalar outputs"):
        (stand_in_torch.Parameter([1.0, 2.0]) * 2).backward()
    loss.backward()
    with pytest.raises(RuntimeError, match="a second time"):
        loss.backward()


def test_an_emptied_gradient_is_noted_by_its_parameter():
    w = stand_in_torch.Parameter([1.0, 2.0])
    (w * w).sum().backward()
    (2 * w.grad).zero_()  # belongs to no parameter
    assert (w.grad.tolist(), w.wasted, w.unused) == ([2, 4], 0, True)
    w.grad.zero_()
    assert (w.grad.tolist(), w.wasted, w.unused) == ([0, 0], 1, False)


def test_misuse_of_a_tape_is_told():
    w, tape = stand_in_keras.Variable(1.0), stand_in_keras.GradientTape()
    with tape:
        loss = w**2
    assert float(tape.gradient(loss, [w])[0]) == 2
    with pytest.raises(RuntimeError, match="one set of gradients"):
        tape.gradient(loss, w)
    for target in (1.0, [1.0]):
        with pytest.raises(TypeError, match="the target is a float"):
            stand_in_keras.GradientTape().gradient(target, w)
    optimizer = stand_in_keras.SGD(0.1, 0.9)
    for malformed in ([(w, tensor(1.0))], [w, w], (tensor([1.0, 2.0]), w), None):
        with pytest.raises(stand_in_keras.Malformed):
            optimizer.apply_gradients(malformed)
    assert optimizer.applied == 0


# Code that learners write, and whose advice it should get.
def rebinds(model, criterion, optimizer, X, y):
    loss = criterion(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    for p in model.parameters():
        p = p - 0.1 * p.grad
    return loss.item()


def returns_early(model, criterion, optimizer, X, y):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    return loss.item()
    optimizer.step()


def emptied_before_the_step(model, criterion, optimizer, X, y):
    loss = criterion(model(X), y)
    loss.backward()
    for p in model.parameters():
        p.grad.data.zero_()
    optimizer.step()
    return loss.item()


def grad_set_to_none(model, criterion, optimizer, X, y):
    loss = criterion(model(X), y)
    loss.backward()
    for p in model.parameters():
        p.grad = None
    optimizer.step()
    return loss.item()


def by_hand_then_emptied(model, criterion, optimizer, X, y):
    loss = criterion(model(X), y)
    loss.backward()
    for p in model.parameters():
        p.data -= 0.1 * p.grad
        p.grad.zero_()
    return loss.item()


def from_numbers(GradientTape, optimizer, w, loss):
    with GradientTape() as tape:
        value = loss(w.numpy())
    optimizer.apply_gradients([(tape.gradient(value, w), w)])
    return float(value)


def bare_pair(GradientTape, optimizer, w, loss):
    with GradientTape() as tape:
        value = loss(w)
    optimizer.apply_gradients((tape.gradient(value, w), w))
    return float(value)


def list_in_the_pair(GradientTape, optimizer, w, loss):
    with GradientTape() as tape:
        value = loss(w)
    optimizer.apply_gradients([(tape.gradient(value, [w]), w)])
    return float(value)


def on_a_copy(copy):
    """The gradient by a copy of w made before the tape runs."""

    def step(GradientTape, optimizer, w, loss):
        u = copy(w)
        with GradientTape() as tape:
            value = loss(u)
        optimizer.apply_gradients([(tape.gradient(value, u), w)])
        return float(value)

    return step


def moves_a_copy(GradientTape, optimizer, w, loss):
    u = np.array(w)
    with GradientTape() as tape:
        value = loss(u)
    optimizer.apply_gradients([(tape.gradient(value, u), u)])
    return float(value)


def unwatched(GradientTape, optimizer, w, loss):
    with GradientTape(watch_accessed_variables=False) as tape:
        value = loss(w)
    optimizer.apply_gradients([(tape.gradient(value, w), w)])
    return float(value)


def entry_by_entry(optimizer, g, w):
    w.assign([a - optimizer.learning_rate * b for a, b in zip(w, g, strict=True)])


def zipped_with_a_list(GradientTape, optimizer, w, loss):
    with GradientTape() as tape:
        value = loss(w)
    g = tape.gradient(value, w)
    optimizer.apply_gradients(zip(g, [w]))  # noqa: B905  as learners write it
    return float(value)


def steps_by_name(GradientTape, optimizer, w, loss):
    with GradientTape() as tape:
        value = loss(w)
    w = w - 0.1 * tape.gradient(value, w)
    return float(value)


@pytest.mark.parametrize(
    ("name", "function", "mistake"),
    [
        ("torch_train_step", rebinds, "no step"),
        ("torch_train_step", returns_early, "no step"),
        ("torch_train_step", emptied_before_the_step, "zero_grad before step"),
        ("torch_train_step", grad_set_to_none, "zero_grad before step"),
        ("torch_train_step", by_hand_then_emptied, "optimizer left out"),
        *(
            ("torch_train_step", torch_train_step.in_order(order), mistake)
            for order, mistake in {
                "forward backward zero number": "no step",
                "forward zero backward backward number": "no step",
                "forward zero step step number": "no backward",
                "forward step backward zero number": "step before backward",
                "forward backward zero step zero number": "zero_grad before step",
            }.items()
        ),
        (
            "torch_train_step",
            with_loss(lambda model, criterion, X, y: sum(map(criterion, model(X), y))),
            "loss of the whole batch",
        ),
        *(
            ("keras_train_step", keras_train_step.ending_with(move), "lr twice")
            for move in (
                lambda optimizer, g, w: optimizer.apply_gradients([(0.1 * g, w)]),
                lambda optimizer, g, w: optimizer.apply([optimizer.learning_rate * g], [w]),
            )
        ),
        ("keras_train_step", from_numbers, "loss outside the tape"),
        ("keras_train_step", on_a_copy(lambda w: 1 * w), "loss outside the tape"),
        ("keras_train_step", on_a_copy(lambda w: w + 0), "loss outside the tape"),
        ("keras_train_step", moves_a_copy, "loss outside the tape"),
        (
            "keras_train_step",
            keras_train_step.ending_with(lambda optimizer, g, w: w.assign(w + 0.1 * g)),
            "ascends by hand",
        ),
        ("keras_train_step", bare_pair, "not pairs of gradient and variable"),
        ("keras_train_step", list_in_the_pair, "not pairs of gradient and variable"),
        *(
            ("keras_train_step", keras_train_step.ending_with(move), "not pairs of gradient and variable")
            for move in (
                lambda optimizer, g, w: optimizer.apply_gradients(zip(g, w, strict=True)),
                lambda optimizer, g, w: optimizer.apply_gradients(zip([g], w, strict=False)),
                lambda optimizer, g, w: optimizer.apply([g], w),
            )
        ),
        ("keras_train_step", zipped_with_a_list, "zip of the gradient's entries"),
        ("keras_train_step", keras_train_step.ending_with(entry_by_entry), "optimizer left out"),
        ("keras_train_step", unwatched, "loss outside the tape"),
        ("keras_train_step", steps_by_name, "nothing applied"),
    ],
)
def test_other_forms_of_a_mistake_share_its_advice(name, function, mistake):
    assert check(name, function).mistake == mistake


@pytest.mark.parametrize(
    "move",
    [
        lambda p: isub(p, 0.1 * p.grad),
        lambda p: p.sub_(p.grad, alpha=0.1),
        lambda p: p.data.sub_(0.1 * p.grad),
        lambda p: p.data.add_(p.grad, alpha=-0.1),
    ],
)
def test_parameters_moved_in_place_under_no_grad(move):
    torch = pytest.importorskip("torch")

    def step(model, criterion, optimizer, X, y):
        loss = criterion(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                move(p)
        return loss.item()

    assert exercise("torch_train_step").examine(step).mistake == "optimizer left out"
    with pytest.raises(RuntimeError, match=r"in-place operation\. Let optimizer\.step\(\) move it"):
        isub(stand_in_torch.Parameter(1.0), 1)


def test_a_forward_pass_under_no_grad_leaves_no_gradient():
    torch = pytest.importorskip("torch")
    told = exercise("torch_train_step").examine(torch.no_grad()(torch_train_step.torch_train_step))
    assert "does not require grad" in told.text


@pytest.mark.parametrize(
    "shaped",
    [
        lambda prediction, y: prediction.squeeze(-1),
        lambda prediction, y: prediction.view(y.shape),
        lambda prediction, y: prediction.reshape(len(y), 1).flatten(),
        lambda prediction, y: prediction.view(-1, 1).squeeze(1),
    ],
)
def test_a_prediction_may_be_given_another_shape(shaped):
    def step(model, criterion, optimizer, X, y):
        for _name, p in model.named_parameters():
            p.requires_grad_(True)
        loss = criterion(input=shaped(model(X), y), target=y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    assert check("torch_train_step", step).ok


@pytest.mark.parametrize(
    "shaped",
    [
        lambda X, y: (X.to("cpu"), y.to(y.device)),
        lambda X, y: (X.double(), y.float()),
        lambda X, y: (X.cpu(), y.view(-1)),
        lambda X, y: (X.view_as(X), y.squeeze(-1)),
        lambda X, y: (X.clone(), y.detach().numpy()),
    ],
)
def test_a_batch_has_pytorch_s_names(shaped):
    def step(model, criterion, optimizer, X, y):
        assert (X.size(0), y.dim(), repr(y)[:6], str(X)[0]) == (len(y), 1, "array(", "[")
        return torch_train_step.torch_train_step(model, criterion, optimizer, *shaped(X, y))

    assert check("torch_train_step", step).ok


@pytest.mark.parametrize(
    "aside",
    [
        lambda model, prediction, loss: print(f"loss {loss:.4f}", f"{loss}", loss),
        lambda model, prediction, loss: (prediction.size(), prediction.ndim, prediction.dtype, prediction.dim()),
        lambda model, prediction, loss: prediction.view_as(prediction).shape[0] == len(prediction),
        lambda model, prediction, loss: 0 < loss < 1e9 and not loss.isnan() and loss.isfinite(),
        lambda model, prediction, loss: 0 <= loss <= loss,
        lambda model, prediction, loss: [p.grad.data.norm(2).item() for p in model.parameters()],
        lambda model, prediction, loss: loss.to("cpu").item() + loss.double().item(),
        lambda model, prediction, loss: (model.training, model.eval().training, model.train().state_dict()),
        lambda model, prediction, loss: [p.grad.norm().item() for p in model.parameters()],
        lambda model, prediction, loss: max(p.grad.abs().max().item() for p in model.parameters()),
        lambda model, prediction, loss: [p.grad.clone().detach().numpy() for p in model.parameters()],
        lambda model, prediction, loss: print(prediction[:2], prediction[0]),
    ],
)
def test_a_right_step_may_look_at_things_in_between(aside):
    def step(model, criterion, optimizer, X, y):
        prediction = model(X)
        loss = criterion(prediction, y)
        optimizer.zero_grad()
        loss.backward()
        aside(model, prediction, loss)
        optimizer.step()
        return loss.item()

    assert check("torch_train_step", step).ok


@pytest.mark.parametrize(
    "empty", [lambda g: g.detach_().zero_(), lambda g: g.fill_(0), lambda g: g.mul_(0), lambda g: g.data.zero_()]
)
def test_gradients_may_be_emptied_by_hand(empty):
    def step(order, model, criterion, optimizer, X, y):
        loss = criterion(model(X), y)
        for doing in order:
            if doing == "backward":
                loss.backward()
            for p in model.parameters() if doing == "empty" else ():
                if p.grad is not None:
                    empty(p.grad)
        optimizer.step()
        return loss.item()

    assert check("torch_train_step", partial(step, ["empty", "backward"])).ok
    assert check("torch_train_step", partial(step, ["backward", "empty"])).mistake == "zero_grad before step"


@pytest.mark.parametrize("name", ["clip_grad_norm_", "clip_grad_value_"])
def test_what_pytorch_itself_says_of_a_stand_in_is_put_in_our_words(name):
    torch = pytest.importorskip("torch")

    def step(model, criterion, optimizer, X, y):
        loss = criterion(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        getattr(torch.nn.utils, name)(model.parameters(), 1e9)
        optimizer.step()
        return loss.item()

    told = exercise("torch_train_step").examine(step).text
    assert "TypeError: PyTorch does not know this test's tensors: use loss.backward() and the optimizer you are" in told
    assert "getattr(torch.nn.utils, name)" in told
    assert "float() argument must be" in exercise("torch_train_step").examine(lambda *args: float(args)).text


def asks_for_a_gradient(loss):
    loss.requires_grad = True
    loss.backward()


@pytest.mark.parametrize(
    "backward",
    [
        lambda loss: loss.backward(gradient=None),
        lambda loss: loss.backward(gradient=np.array(1.0)),
        lambda loss: loss.requires_grad_().backward(),
        asks_for_a_gradient,
    ],
)
def test_a_loss_may_be_asked_for_its_gradient_in_other_words(backward):
    def step(model, criterion, optimizer, X, y):
        optimizer.zero_grad()
        loss = criterion.forward(model(X), y)
        backward(loss)
        optimizer.step()
        return loss.item()

    assert check("torch_train_step", step).ok


def test_a_gradient_asked_for_without_a_history_reaches_no_parameter():
    def step(model, criterion, optimizer, X, y):
        optimizer.zero_grad()
        loss = criterion(model(X), y).detach()
        asks_for_a_gradient(loss)
        optimizer.step()
        return loss.item()

    assert check("torch_train_step", step).mistake == "no backward"


def test_a_gradient_is_weighted_as_in_torch():
    torch = pytest.importorskip("torch")
    w, theirs = stand_in_torch.Parameter([1.0, 2.0]), torch.tensor([1.0, 2.0], requires_grad=True)
    (w**2).backward(gradient=[3.0, 4.0])
    (theirs**2).backward(gradient=torch.tensor([3.0, 4.0]))
    np.testing.assert_array_equal(w.grad, theirs.grad)
    for of in (w, theirs):
        with pytest.raises(RuntimeError, match="you can only change requires_grad flags of leaf variables"):
            (of**2).requires_grad = False


def test_pytorch_s_functions_find_the_method_or_are_told_of():
    torch = pytest.importorskip("torch")
    loss = stand_in_torch.Linear([1.0, 2.0], 0.5)(np.ones((1, 2))).sum()
    assert torch.isfinite(loss)
    for function in (torch.autograd.backward, torch.ones_like, lambda loss: torch.autograd.grad(loss, loss)):
        with pytest.raises(TypeError, match=r"PyTorch does not know this test's tensors: use loss\.backward\(\)"):
            function(loss)


@pytest.mark.parametrize(
    ("function", "ok"),
    [
        (lambda torch, model, y: torch.flatten(y), True),
        (lambda torch, model, y: torch.mean(model.bias.grad), True),
        (lambda torch, model, y: torch.norm(model.bias.grad), False),
        (lambda torch, model, y: torch.relu(y), False),
    ],
)
def test_pytorch_s_functions_of_a_batch_or_a_gradient_too(function, ok):
    torch = pytest.importorskip("torch")

    def step(model, criterion, optimizer, X, y):
        optimizer.zero_grad()
        loss = criterion(model(X), y)
        loss.backward()
        function(torch, model, y)
        optimizer.step()
        return loss.item()

    said = exercise("torch_train_step").examine(step)
    assert said.ok if ok else "PyTorch does not know this test's tensors: use loss.backward()" in said.text


def test_backward_on_a_new_tensor_is_told_of():
    torch = pytest.importorskip("torch")

    def step(model, criterion, optimizer, X, y):
        loss = torch.tensor(criterion(model(X), y).item(), requires_grad=True)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    told = exercise("torch_train_step").examine(step)
    assert told.mistake == "no backward"
    assert "backward() was called on a new tensor that knows nothing of the model" in told.text


@pytest.mark.parametrize(
    "aside",
    [
        lambda optimizer, w, value: print(f"{value:.4f}", value),
        lambda optimizer, w, value: 0 < value < 1e9 and len(w) == 2 and w.dtype,
        lambda optimizer, w, value: optimizer.iterations + 1,
        lambda optimizer, w, value: (optimizer.learning_rate.numpy(), optimizer.iterations.numpy()),
    ],
)
def test_a_right_keras_step_may_look_at_things_in_between(aside):
    def step(GradientTape, optimizer, w, loss):
        with GradientTape() as tape:
            value = loss(w)
        aside(optimizer, w, value)
        optimizer.build([w])
        optimizer.apply([tape.gradient(value, w, unconnected_gradients="zero")])
        return float(value)

    assert check("keras_train_step", step).ok


def test_momentum_made_by_hand_is_correct_in_both():
    velocity = {}

    def velocity_of(p, g, lr, beta):
        velocity[p] = beta * velocity.get(p, 0) - lr * np.asarray(g)
        return velocity[p]

    def in_torch(model, criterion, optimizer, X, y):
        optimizer.zero_grad()
        loss = criterion(model(X), y)
        loss.backward()
        settings = optimizer.param_groups[0]
        for p in model.parameters():
            p.data = p.data + velocity_of(p, p.grad, settings["lr"], settings["momentum"])
        return loss.item()

    def in_keras(optimizer, g, w):
        w.assign_add(velocity_of(w, g, optimizer.learning_rate, optimizer.momentum))

    assert exercise("torch_train_step").examine(in_torch).ok
    assert exercise("keras_train_step").examine(keras_train_step.ending_with(in_keras)).ok


# By what a gradient is asked for (u is made of w before the tape runs, x while it does), whether u is watched, whether
# there is one.
SOURCES = {
    "made before": (lambda w, u, x: u, False, False),
    "made before, watched": (lambda w, u, x: u, True, True),
    "made inside": (lambda w, u, x: x, False, True),
    "the variable": (lambda w, u, x: w, False, True),
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_tape_knows_what_tensorflow_s_knows(tf, name):
    source, watched, known = SOURCES[name]

    def gradient(GradientTape, w, total):
        u = 2 * w
        with GradientTape(persistent=True) as tape:
            if watched:
                tape.watch(u)
            x = 3 * w
            value = total(u * x)
        return tape.gradient(value, source(w, u, x))

    mine = gradient(stand_in_keras.GradientTape, stand_in_keras.Variable([1.0, 2.0]), lambda t: t.sum())
    theirs = gradient(tf.GradientTape, tf.Variable([1.0, 2.0]), tf.reduce_sum)
    assert (mine is None, theirs is None) == (not known, not known)
    if known:
        np.testing.assert_allclose(mine, theirs)


def test_several_targets_are_added_up():
    w, tape = stand_in_keras.Variable([1.0, 2.0]), stand_in_keras.GradientTape()
    with tape:
        targets = [(w**2).sum(), 3 * w]
    np.testing.assert_array_equal(tape.gradient(targets, w), [5, 7])


def test_what_leads_nowhere_has_a_gradient_of_zero_if_asked_for():
    w, other, tape = stand_in_keras.Variable(1.0), stand_in_keras.Variable([1.0, 2.0]), stand_in_keras.GradientTape()
    with tape:
        loss = w**2
    np.testing.assert_array_equal(tape.gradient(loss, other, unconnected_gradients="zero"), [0, 0])


def test_tensorflow_s_own_functions_are_told_of(tf):
    def step(GradientTape, optimizer, w, loss):
        with GradientTape() as tape:
            value = tf.reduce_mean(loss(w))
        optimizer.apply_gradients([(tape.gradient(value, w), w)])
        return float(value)

    assert "TensorFlow does not know this test's tensors" in exercise("keras_train_step").examine(step).text


def test_tensorflow_s_own_tape_is_told_to_be_the_wrong_one(tf):
    def step(GradientTape, optimizer, w, loss):
        with tf.GradientTape() as tape:
            value = loss(w)
        optimizer.apply_gradients([(tape.gradient(value, w), w)])
        return float(value)

    assert "use the GradientTape and the optimizer you are handed" in exercise("keras_train_step").examine(step).text


@pytest.mark.parametrize(
    "thing",
    [stand_in_torch.Parameter([1.0]), stand_in_torch.Linear([1.0], 0.0), stand_in_torch.SGD([], 0.1, 0.9),
     stand_in_torch.PoissonNLLLoss(), stand_in_keras.Variable([1.0]), stand_in_keras.GradientTape(),
     stand_in_keras.SGD(0.1, 0.9), stand_in_keras.SGD(0.1, 0.9).learning_rate, stand_in_keras.SGD(0.1, 0.9).iterations],
)  # fmt: skip
def test_what_a_stand_in_lacks_is_told(thing):
    assert not hasattr(thing, "jacobian")
    with pytest.raises(AttributeError, match=r"has no \.jacobian; the step can be written without it"):
        _ = thing.jacobian


def test_a_frozen_parameter_gets_no_gradient():
    model = stand_in_torch.Linear([1.0, 2.0], 0.5)
    model.bias.requires_grad_(False)
    model(np.ones((1, 2))).sum().backward()
    assert (model.weight.grad.tolist(), model.bias.grad) == ([1, 1], None)


def a_new_tensor(model, criterion, optimizer, X, y):
    loss = criterion(model(X), y)
    loss.backward()
    model.weight = model.weight - 0.1 * model.weight.grad
    return loss.item()


def anothers_gradient(model, criterion, optimizer, X, y):
    criterion(model(X), y).backward()
    for p in model.parameters():
        p.data = p.data - 0.1 * model.weight.grad
    return 1.0


@pytest.mark.parametrize(
    ("name", "function", "told"),
    [
        ("torch_train_step", lambda m, criterion, o, X, y: criterion(m(X), y).item().backward(),
         "'float' object has no attribute 'backward'"),
        ("torch_train_step", lambda m, criterion, o, X, y: criterion(m(X), y).item, "it returned method"),
        ("torch_train_step", a_new_tensor, "a new tensor and no parameter: in PyTorch its .grad is None"),
        ("torch_train_step", anothers_gradient, "a parameter of shape () moves by its own .grad, not by (2,)"),
        ("torch_sgd", lambda w, *rest: w[0], "It should return two things, (w, v)"),
        ("keras_train_step", lambda GradientTape, optimizer, w, loss: "0.1", "it returned str '0.1'"),
    ],
)  # fmt: skip
def test_what_else_goes_wrong_is_told_in_a_line(name, function, told):
    said = check(name, function)
    assert said.status == "error"
    assert told in said.text


TWO_AT_ONCE = {
    "torch_train_step": ["forward step tensor", "forward zero step backward tensor", "exchanged step number",
                         "forward backward step sum", "forward backward step step number"],
    "keras_momentum": [lambda w, v, g, lr, beta: (w - v - g, v - g), lambda w, v, g, lr, beta: (v + lr * g, w + v)],
    "momentum_correction": [lambda v, old, new: v * old / new + new - old],
    "convert_lr": [lambda lr, beta, of, to: lr * beta / 2],
}  # fmt: skip


@pytest.mark.parametrize(("name", "function"), [(name, f) for name, fs in TWO_AT_ONCE.items() for f in fs])
def test_two_mistakes_at_once_get_the_nearest_advice(name, function):
    told = check(name, torch_train_step.in_order(function) if isinstance(function, str) else function)
    assert told.status == "mistake"
    assert told.mistake is None
    assert any(mistake.advice in told.text for mistake in exercise(name).mistakes)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("momentum_correction", lambda v, old, new: v * new + old),
        ("convert_lr", lambda lr, beta, of, to: -lr - beta),
    ],
)
def test_no_mistake_is_told_that_is_hardly_nearer_than_what_is_right(name, function):
    assert check(name, function).text == "This is none of the known mistakes. Compare expected and got."


def at_another_rate(model, criterion, optimizer, X, y):
    optimizer.param_groups[0]["lr"] = 0.01
    return torch_train_step.torch_train_step(model, criterion, optimizer, X, y)


def clipped(model, criterion, optimizer, X, y):
    loss = criterion(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    for p in model.parameters():
        p.grad.mul_(0.1 / p.grad.norm())
    optimizer.step()
    return loss.item()


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("torch_train_step", at_another_rate),
        ("torch_train_step", clipped),
        ("torch_train_step", with_loss(lambda model, criterion, X, y: criterion(model(X), y) / len(y))),
        ("torch_train_step", with_loss(lambda model, criterion, X, y: 3 * criterion(model(X), y))),
        *(
            ("keras_train_step", keras_train_step.ending_with(move))
            for move in (
                lambda optimizer, g, w: optimizer.apply_gradients([(3 * g, w)]),
                lambda optimizer, g, w: w.assign_sub(0.02 * g),
                lambda optimizer, g, w: w.assign_sub(0.05 * g),
            )
        ),
    ],
)
def test_what_holds_of_one_mistake_alone_is_not_told_of_an_answer_near_it(name, function):
    assert check(name, function).text == "This is none of the known mistakes. Compare expected and got."


def test_the_answers_are_the_rules_of_the_package():
    problem, start = Quadratic([0.5, 2], w_star=[1, -1]), np.array([3.0, 2.0])
    step, w, v = exercise("keras_momentum").solution, start, np.zeros(2)
    for row in descend(problem, KerasMomentum(0.1, 0.9), start, 50).w[1:]:
        w, v = step(w, v, problem.grad(w), 0.1, 0.9)
        np.testing.assert_allclose(w, row, rtol=1e-12)
    path = exercise("dampened_sgd").solution(problem.grad, start, 0.1, 0.9, 0.6, 50)
    np.testing.assert_allclose(path, descend(problem, DampenedMomentum(0.1, 0.9, 0.6), start, 50).w, rtol=1e-12)
    names = ("torch", "keras", "average")
    for of, to in [(of, to) for of in names for to in names]:
        np.testing.assert_allclose(
            exercise("convert_lr").solution(0.1, 0.7, of, to), convert(0.1, 0.7, of, to), rtol=1e-12
        )


@pytest.mark.parametrize("case", exercise("torch_sgd").cases(RNG), ids=lambda case: str(case[2:]))
def test_all_options_are_those_of_torch(case):
    torch = pytest.importorskip("torch")
    curvatures, w0, *options = case
    named = {"momentum" if name == "beta" else name: value for name, value in zip(NAMES, options, strict=True)}
    w = torch.tensor(w0, requires_grad=True)
    optimizer, path = torch.optim.SGD([w], 1.0, **named), [w0]
    for lr in RATES:
        optimizer.param_groups[0]["lr"] = lr
        w.grad = torch.tensor(curvatures * (w.detach().numpy() - 1))
        optimizer.step()
        path.append(w.detach().numpy().copy())
    np.testing.assert_allclose(exercise("torch_sgd").observe(exercise("torch_sgd").solution, *case), path, rtol=1e-12)


@pytest.mark.parametrize("rates", [(0.02, 0.002), (0.02, 0.05)])
def test_corrected_keras_goes_pytorch_s_way_on_real_data(rates):
    from course_utils.data import diabetes
    from course_utils.optimizers import Momentum

    people = LeastSquares(*diabetes())
    keras, torch, before = (np.zeros(10), np.zeros(10)), (np.zeros(10), np.zeros(10)), rates[0]
    for lr in np.repeat(rates, 60):
        w, v = keras[0], exercise("momentum_correction").solution(keras[1], before, lr)
        keras = exercise("keras_momentum").solution(w, v, people.grad(w), lr, 0.9)
        torch, before = Momentum(lr, 0.9).update(torch[0], people.grad(torch[0]), torch[1]), lr
        np.testing.assert_allclose(keras[0], torch[0], rtol=1e-12)


def test_orders_of_the_training_loop_are_run_to_see_whether_they_are_right():
    """Every order in the table is executed with the stand-ins; right ones give the same path and losses."""
    weight, bias, Xs, ys, *_ = torch_task()

    def run(order):
        model = stand_in_torch.Linear(weight, bias)
        scope = {
            "model": model,
            "criterion": stand_in_torch.PoissonNLLLoss(),
            "SGD": stand_in_torch.SGD,
            "X": Xs,
            "y": ys,
        }
        code = "\n".join(["def train(batches):", *(TRAIN_ORDER.lines[i - 1] for i in order)])
        try:
            exec(code, scope)
            losses = scope["train"](range(3))
        except (NameError, UnboundLocalError):
            return None
        return numbers([*model.weight.array, float(model.bias), *losses])

    right = run(TRAIN_ORDER.orders[0])
    assert all(same(run(order), right) for order in TRAIN_ORDER.orders)
    wrong = [run(order) for order in TRAIN_ORDER.mistakes]
    assert not any(found is not None and same(found, right) for found in wrong)
    still = [
        t
        for order, t in TRAIN_ORDER.mistakes.items()
        if "othing moves" in t and not same(run(order)[:3], numbers([*weight, bias]))
    ]
    assert still == []
