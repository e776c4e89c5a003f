"""keras_train_step: one training step in TensorFlow, with a tape and Keras's optimizer."""

import numpy as np

from course_utils.checks.stand_in_keras import REFUSALS, SGD, GradientTape, Variable
from course_utils.checks.task import Exact, Mistake, Task
from course_utils.checks.tensors import Tensor, plain, tensor

STEPS = 3


def keras_train_step(GradientTape, optimizer, w, loss):
    with GradientTape() as tape:
        value = loss(w)
    g = tape.gradient(value, w)
    optimizer.apply_gradients([(g, w)])
    return float(value)


def cases(rng):
    """(curvatures, w_star, w0, lr, beta)."""
    return [(rng.uniform(0.5, 2, 2).round(2), *rng.normal(size=(2, 2)).round(2), 0.1, beta) for beta in (0.5, 0.9)]


def observe(call, curvatures, w_star, w0, lr, beta):
    """The point after each step on a bowl, the losses returned; steps where nothing moves, and what else was done."""
    w, optimizer, path, told, tensors, refused = Variable(w0), SGD(lr, beta), [], [], 0, 0

    def loss(w):
        return (curvatures * (tensor(w) - w_star) ** 2).sum() / 2

    for _ in range(STEPS):
        try:
            returned = call(GradientTape, optimizer, w, loss)
        except REFUSALS as error:
            refused = 1 + REFUSALS.index(type(error))
            break
        path.append(w.numpy())
        told.append(plain(returned))
        tensors += isinstance(returned, Tensor)
    path += [w.numpy()] * (STEPS - len(path))
    steps = optimizer.applied if np.ptp([w0, *path], axis=0).max() == 0 else 0
    return np.array(path), told + [0] * (STEPS - len(told)), [steps, refused, w.was_target, tensors]


def outside_the_tape(GradientTape, optimizer, w, loss):
    value = loss(w)
    with GradientTape() as tape:
        pass
    optimizer.apply_gradients([(tape.gradient(value, w), w)])
    return float(value)


def minimises(GradientTape, optimizer, w, loss):
    optimizer.minimize(lambda: loss(w), [w])
    return float(loss(w))


def target_exchanged(GradientTape, optimizer, w, loss):
    with GradientTape() as tape:
        value = loss(w)
    optimizer.apply_gradients([(tape.gradient(w, value), w)])
    return float(value)


def ending_with(move):
    """The tape used well, then move(optimizer, g, w)."""

    def made(GradientTape, optimizer, w, loss):
        with GradientTape() as tape:
            value = loss(w)
        move(optimizer, tape.gradient(value, w), w)
        return float(value)

    return made


def loss_after(GradientTape, optimizer, w, loss):
    keras_train_step(GradientTape, optimizer, w, loss)
    return float(loss(w))


def twice(optimizer, g, w):
    optimizer.apply_gradients([(g, w)])
    optimizer.apply_gradients([(g, w)])


def with_lists(GradientTape, optimizer, w, loss):
    with GradientTape(persistent=True) as tape:
        tape.watch(w)
        value = loss(w)
    gradients = tape.gradient([value], [w])
    optimizer.apply_gradients(zip(gradients, [w], strict=True))
    return value.numpy()


def with_a_dictionary(GradientTape, optimizer, w, loss):
    with GradientTape(watch_accessed_variables=False) as tape:
        tape.watch([w])
        value = loss(w)
    optimizer.apply_gradients([(tape.gradient(value, {"w": w})["w"], w)])
    return float(value)


def inside_the_tape(GradientTape, optimizer, w, loss):
    with GradientTape() as tape:
        value = loss(w)
        optimizer.apply([tape.gradient(value, w)], [w])
    return float(value)


def tensor_returned(GradientTape, optimizer, w, loss):
    with GradientTape() as tape:
        value = loss(w)
    optimizer.apply_gradients([(tape.gradient(value, w), w)])
    return value


TASK = Task(
    solution=keras_train_step,
    cases=cases,
    observe=observe,
    returns="the loss, as one number",
    given=("curvatures", "minimum", "w", "lr", "beta"),
    parts=("w after each step: ", "returned: "),
    mistakes=[
        Mistake(
            "loss outside the tape",
            "Keras says that no gradients are provided. The tape knows only what is calculated inside its `with`, and "
            "from w itself: print the gradient, it is None.",
            outside_the_tape,
        ),
        Mistake(
            "minimize",
            "Keras 3 took minimize away: this is the page's snippet. Record the loss on a tape, take its gradient, "
            "hand both the gradient and w to apply_gradients.",
            minimises,
        ),
        Mistake(
            "not pairs of gradient and variable",
            "apply_gradients takes a list of pairs, in each first the gradient, then its variable; apply takes two "
            "lists in the same order.",
            ending_with(lambda optimizer, g, w: optimizer.apply_gradients([(w, g)])),
        ),
        Mistake(
            "target and source exchanged",
            "You ask how w changes with the loss. tape.gradient wants first what is differentiated, then by what.",
            target_exchanged,
        ),
        Mistake(
            "ascends",
            "Uphill: check the sign. The optimizer subtracts the gradient itself: hand over g as it is.",
            ending_with(lambda optimizer, g, w: optimizer.apply_gradients([(-g, w)])),
        ),
        Mistake(
            "ascends by hand",
            "Uphill: check the sign. The optimizer has it right, and a momentum: let it make the step.",
            ending_with(lambda optimizer, g, w: w.assign_add(optimizer.learning_rate * g)),
        ),
        Exact(
            "nothing applied",
            "w stays where it is: the gradient is not applied, or after `return`, or in its place stands a line such "
            "as w = w - lr * g, which gives another value to your name w and leaves the caller's variable alone.",
            ending_with(lambda optimizer, g, w: w - optimizer.learning_rate * g),
        ),
        Exact(
            "optimizer left out",
            "w is moved by lr times the gradient alone. This optimizer has a momentum, which is now missing: let it "
            "make the step.",
            ending_with(lambda optimizer, g, w: w.assign_sub(optimizer.learning_rate * g)),
        ),
        Mistake(
            "loss after the step",
            "The loss you return is that after the step. Asked for is the one whose gradient was used.",
            loss_after,
        ),
        Mistake("returns the tensor", "You return the tensor. Take the number out of it: float(...).", tensor_returned),
        Exact(
            "applied twice",
            "One gradient is applied twice.",
            ending_with(twice),
        ),
        Exact(
            "lr twice",
            "The optimizer multiplies the gradient by its learning rate itself: hand over g alone, and leave the "
            "optimizer's rate as it is.",
            ending_with(lambda optimizer, g, w: optimizer.apply_gradients([(optimizer.learning_rate * g, w)])),
        ),
        Exact(
            "zip of the gradient's entries",
            "zip goes through g entry by entry: all of w moves by the first. Hand over [(g, w)].",
            ending_with(lambda optimizer, g, w: optimizer.apply_gradients(zip(g, [w], strict=False))),
        ),
    ],
    variants=[
        with_lists,
        with_a_dictionary,
        inside_the_tape,
        ending_with(lambda optimizer, g, w: optimizer.apply([g], [w])),
        ending_with(lambda optimizer, g, w: optimizer.apply_gradients(iter([[g, w]]))),
    ],
    hints=(
        "The tape must be running while the loss is calculated, and from w itself.",
        "After the `with`: tape.gradient(the loss, w). Then a list of one pair for optimizer.apply_gradients.",
        "with GradientTape() as tape: value = loss(w); then optimizer.apply_gradients([(tape.gradient(value, w), w)])",
    ),
    why="A tape records what is calculated from variables inside its `with`, and gradient() goes back along the "
    "record; what happened outside is unknown to it. The optimizer changes w in place, by pairs of gradient and "
    "variable.",
)
