"""Every mistake is named, every correct style accepted; whatever a learner hands in, a check answers in a short box.

pytest -s tests/test_checks.py -k confusion  prints the confusion matrices.
"""

import copy
import time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from textwrap import indent

import numpy as np
import pytest

from course_utils import checks, progress
from course_utils.checks import NAMES, answer, check, exercise, grade, hint, numbers, overview
from course_utils.checks.digit_weights import VERDICTS
from course_utils.checks.short_answers import Lines, Number
from course_utils.checks.task import Task
from course_utils.data import digits

FUNCTIONS = [name for name in NAMES if isinstance(exercise(name), Task)]
QUANTITIES = [name for name in NAMES if isinstance(exercise(name), Number)]
ORDERS = [name for name in NAMES if isinstance(exercise(name), Lines)]
SEEDS = [0, 1, 2026]


@pytest.fixture(autouse=True)
def no_progress(monkeypatch):
    monkeypatch.setenv("SGD_COURSE_PROGRESS", "off")
    monkeypatch.setattr(checks, "_shown", {})


def test_there_are_enough():
    assert sum(len(exercise(name).mistakes) for name in FUNCTIONS) >= 60
    assert all(len(exercise(name).mistakes) >= 5 for name in FUNCTIONS)
    assert all(len({m.name for m in exercise(name).mistakes}) == len(exercise(name).mistakes) for name in FUNCTIONS)
    assert all(len(exercise(name).hints) == 3 and exercise(name).why for name in NAMES)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_confusion_matrix_is_diagonal(name, seed, monkeypatch):
    """With the last seed as a learner's, by `check`, which takes it to another process; with the others here."""
    monkeypatch.setenv("SGD_COURSE_SEED", str(seed))
    mistakes, rows = exercise(name).mistakes, [m.name for m in exercise(name).mistakes]
    if seed == SEEDS[-1]:
        named = [check(name, m.function).mistake for m in mistakes]
    else:
        named = [exercise(name).examine(m.function).mistake for m in mistakes]
    matrix = np.array([[row == told for told in rows] for row in named], int)
    print(f"\n{name}, seed {seed}: rows made, columns named\n{matrix}")
    assert named == rows


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_solution_and_other_styles_are_correct(name, seed, monkeypatch):
    monkeypatch.setenv("SGD_COURSE_SEED", str(seed))
    assert len(exercise(name).variants) >= 3
    for function in [exercise(name).solution, *exercise(name).variants]:
        told = check(name, function)
        assert told.ok, told


@pytest.mark.parametrize("name", QUANTITIES)
def test_predicted_numbers(name):
    number = exercise(name)
    assert check(name, number.answer).ok
    assert check(name, np.array([number.answer])).ok
    for wrong, advice in number.wrong.items():
        assert check(name, wrong).text == advice
    assert check(name, None).status == answer.NOT_WRITTEN
    assert check(name, number.answer * 1.37).status == "mistake"
    for bad in ("0.1", [1, 2], float, {}):
        assert check(name, bad).status == "error"
    for bad in (float("nan"), float("inf"), -np.inf):
        assert check(name, bad).text == "This is no finite number."
    assert check(name, -1.37 * number.answer).text.endswith("has the wrong sign.")
    text = ", which is a text: leave out the quotes, or make it a number with float(...)."
    assert check(name, "0.1").text == f"This should be one number, got '0.1'{text}"
    assert check(name, ["0.1"]).text == f"This should be one number, got ['0.1']{text}"
    assert check(name, b"0.1").text == f"This should be one number, got b'0.1'{text}"
    assert check(name, (0, 1)).text.endswith("(0, 1): a comma makes two numbers of one, so write a decimal point.")
    assert check(name, float).text.endswith(", which is a function or a class: call it, with brackets after its name.")
    assert check(name, [1, 2]).text == "This should be one number, got [1, 2]."
    assert check(name, Decimal(number.answer)).ok
    assert check(name, [Fraction(number.answer)]).ok
    assert check(name, 10**30).text.startswith("Not this one: 1e+30 ")
    assert check(name, Decimal("nan")).text == "This is no finite number."


@pytest.mark.parametrize(("name", "rounded"), [("guess_loss", 2.3), ("largest_lr", 1.4), ("keras_after_drop", -0.47)])
def test_a_number_with_too_few_digits_is_told_from_a_wrong_one(name, rounded):
    told = check(name, rounded)
    assert (told.status, told.text) == ("mistake", f"{rounded} is right as far as it goes: give more digits.")


@pytest.mark.parametrize("order", ["3756412", ["def"], 3])
def test_what_is_no_list_of_lines_is_told_in_words(order):
    told = check("loop_order", order)
    assert told.text == f"This should be a list of line numbers, such as [2, 1, 3], got {order!r}."


@pytest.mark.parametrize("order", [{3, 7, 1}, frozenset({3})])
def test_a_set_is_told_to_have_no_order(order):
    told = check("loop_order", order)
    assert told.text == "This should be a list of line numbers: a set keeps no order, so write square brackets."
    assert check("loop_order", set()).status == answer.NOT_WRITTEN


@pytest.mark.parametrize("name", ORDERS)
def test_orders_of_lines(name):
    lines = exercise(name)
    for order in lines.orders:
        assert check(name, list(order)).ok
        assert "line is missing" in check(name, list(order)[:-1]).text
    for order, advice in lines.mistakes.items():
        assert check(name, list(order)).text == advice
    for nothing in ([], (), "", np.array([]), None, ...):
        assert check(name, nothing).status == answer.NOT_WRITTEN
    for bad in ([0, 1], [99], [1, 1], [2.9, 1], "abc", 3):
        assert check(name, bad).status == "error"
    compile(f"def run():\n{indent(lines.shown, ' ')}" if lines.shown[0] == " " else lines.shown, name, "exec")


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ([7, 3], "Look at place 1: line 7."),
        ([3, 1], "The first is right; look at place 2: line 1."),
        ([3, 7, 5, 2], "The first 3 are right; look at place 4: line 2."),
    ],
)
def test_how_far_an_order_is_right(order, text):
    assert check("loop_order", order).text == text


@pytest.mark.parametrize("name", FUNCTIONS)
def test_not_written_yet(name):
    def stub(*args):
        """What to do."""
        return None  # your code

    def to_do(*args):
        raise NotImplementedError

    for nothing in (None, ..., stub):
        assert check(name, nothing).status == answer.NOT_WRITTEN
    told = check(name, to_do)
    assert told.status == answer.NOT_WRITTEN
    assert "Write what is missing (line " in told.text


@pytest.mark.parametrize(
    ("function", "status", "told"),
    [
        (lambda w, g, lr: undefined, "error", "NameError: name 'undefined' is not defined (line "),  # noqa: F821
        (lambda w: w, "error", "TypeError"),
        (lambda w, g, lr: "w", "error", "it returned str 'w'"),
        (lambda w, g, lr: exit(), "error", "SystemExit"),
        (lambda w, g, lr: input(), "error", "input() cannot be used here"),
        (lambda w, g, lr: (w - lr * g)[:, None], "mistake", "should return shape (2,); it returned shape (2, 1)"),
        (lambda w, g, lr: w * np.nan, "mistake", "no finite number"),
        (lambda w, g, lr: w + 0.3 * lr * g, "mistake", "Nearest comes this one, which need not be yours: "),
        (lambda w, g, lr: {1: 2}, "error", "it returned dict"),
        (lambda w, g, lr: (w - lr * g).astype("float16"), "error", "it returned float16, which keeps three digits"),
        (7, "error", "it is a int"),
    ],
)
def test_what_else_can_go_wrong(function, status, told):
    said = check("gd_step", function)
    assert said.status == status
    assert told in said.text
    assert "Traceback" not in repr(said)


def changes_w(w, g, lr):
    w -= lr * g
    return w


def changes_and_ascends(w, g, lr):
    w += lr * g
    return w


def test_arguments_that_are_changed():
    assert check("gd_step", changes_w).mistake == "changes its arguments"
    assert check("gd_step", changes_and_ascends).mistake == "ascends"


def test_a_list_that_is_emptied_is_told_of():
    def popped(gradients, beta):
        v = 0
        while gradients:
            v = beta * v + gradients.pop(0)
        return v

    assert "A list that is popped or reversed is changed too." in check("velocity", popped).text


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("gradient", lambda *args: exercise("gradient").solution(*args).tolist()),
        ("gradient", lambda *args: iter(exercise("gradient").solution(*args))),
        ("momentum_step", lambda *args: [part.tolist() for part in exercise("momentum_step").solution(*args)]),
        ("descend", lambda *args: list(exercise("descend").solution(*args))),
    ],
)
def test_a_list_in_place_of_an_array_is_correct_and_told_of(name, function):
    told = check(name, function)
    assert told.ok
    assert "need arrays: return np.array(...) of a list" in told.text


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("momentum_step", lambda *args: np.array(exercise("momentum_step").solution(*args))),
        ("minibatches", lambda *args: [batch.tolist() for batch in exercise("minibatches").solution(*args)]),
        ("slope", lambda *args: np.array(exercise("slope").solution(*args))),
    ],
)
def test_of_what_later_cells_can_use_nothing_is_told(name, function):
    assert check(name, function).text == exercise(name).why


@pytest.mark.parametrize("name", ["slope", "schedule", "noise_floor", "cross_entropy", *QUANTITIES])
@pytest.mark.parametrize(
    "made",
    [lambda x: [x], lambda x: (x,), lambda x: np.array([x]), lambda x: np.array([[x]]), lambda x: Decimal(float(x))],
)
def test_what_is_no_bare_number_is_correct_and_told_of(name, made):
    task = exercise(name)
    told = check(name, made(task.answer) if name in QUANTITIES else lambda *args: made(task.solution(*args)))
    assert told.ok
    assert told.text == f"{task.why} {numbers.NUMBER}"


@pytest.mark.parametrize("name", ["slope", "schedule", "noise_floor", "cross_entropy"])
def test_a_number_yielded_is_told_of(name):
    def yields(*args):
        yield exercise(name).solution(*args)

    assert check(name, yields).text == f"{exercise(name).why} {numbers.NUMBER}"


def test_two_things_yielded_are_told_of():
    def yields(*args):
        yield from exercise("momentum_step").solution(*args)

    assert check("momentum_step", yields).text == f"{exercise('momentum_step').why} {numbers.TUPLE}"


def test_a_forgotten_return_is_named():
    def forgot(w, g, lr):
        w = w - lr * g

    assert "is `return` missing" in check("gd_step", forgot).text


def test_expected_and_got_on_a_small_example():
    told = check("gd_step", lambda w, g, lr: w + lr * g).example
    assert told == ("Example with ([1. 2.], [ 3. -1.], 0.1): expected [0.7 2.1], got [1.3 1.9], first different at [0]")


def test_the_first_row_that_parts_is_named():
    def goes_wrong_late(grad, w0, lr, beta, steps):
        path = np.array(exercise("momentum_descend").solution(grad, w0, lr, beta, steps))
        path[2:] += 1
        return path

    assert check("momentum_descend", goes_wrong_late).example.endswith("first different at [2]")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_is_observed_is_told_in_the_words_of_the_exercise(name):
    task = exercise(name)
    if task.observe is not Task.observe:
        assert task.returns
        assert {len(case) for case in task.cases(np.random.default_rng(0))} == {len(task.given)}


def returns_in_the_loop(grad, w0, lr, steps):
    path = [np.array(w0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - lr * grad(path[-1]))
        return path


def out_of_torch_only(lr, beta, of, to):
    if of == "torch":
        return lr


def fails_while_it_is_read(n, batch_size, rng):
    yield rng.permutation(n)
    raise ValueError("mine")


def rows_counted_as_columns(z):
    p = np.zeros_like(z)
    for i in range(z.shape[1]):
        p[i] = np.exp(z[i] - z[i].max()) / np.exp(z[i] - z[i].max()).sum()
    return p


def rows_counted_as_classes(p, y):
    return -(np.eye(max(p.shape))[y] * np.log(p)).sum() / len(y)


def bias_tiled(h, W, b):
    return np.tanh(h @ W + np.tile(b, (h.shape[1], 1)))


def as_many_ones_as_inputs(h, W, dz):
    return h.T @ dz, np.ones(len(W)) @ dz, dz @ W.T * (1 - h**2)


def mean_of_everything(w, X, y, batch):
    r = X[batch] @ w - y[batch]
    return (X[batch] * r[:, None]).mean()


def without_largest(largest):
    """softmax of what is left after taking off largest(z)."""

    def made(z):
        e = np.exp(z - largest(z))
        return e / e.sum(axis=1, keepdims=True)

    return made


def steps_of_length_lr(grad, w0, lr, steps):
    path = [np.array(w0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - lr * grad(path[-1]) / (np.linalg.norm(grad(path[-1])) or 1))
    return np.array(path)


def start_left_out_end_twice(grad, w0, lr, steps):
    w, path = w0, []
    for _ in range(steps):
        w = w - lr * grad(w)
        path.append(w)
    return np.array([*path, w])


def sgd_that_slows_down(w, X, y, lr, batch_size, steps, rng):
    for t in range(steps):
        batch = rng.choice(len(y), size=batch_size, replace=False)
        w = w - lr / (1 + t / 10) * X[batch].T @ (X[batch] @ w - y[batch]) / batch_size
    return w


NONE_OF_THEM = "This is none of the known mistakes. "
ROUNDED = "It is right, but rounded to {}: return it as it is calculated."
SQUARE = "Right where rows and columns are equally many; here they are not: "
TWO_THINGS = "It should return two things, (w, v), each of the shape of w."


@pytest.mark.parametrize(
    ("name", "function", "text", "example"),
    [
        ("gd_step", lambda w, g, lr: w * (1 - lr * g), f"{NONE_OF_THEM}Compare expected and got.", "Example with"),
        (
            "descend",
            lambda grad, w0, lr, steps: exercise("descend").solution(grad, w0, 2 * lr, steps),
            f"{NONE_OF_THEM}Compare expected and got.",
            "Example with",
        ),
        ("schedule", lambda t, lr0, t0: lr0 / (1 + (t - 2) / t0), f"{NONE_OF_THEM}Compare", "Example with"),
        ("sgd", lambda w, *rest: w + 1, f"{NONE_OF_THEM}Print what it returns in a small case.", ""),
        ("sgd", sgd_that_slows_down, f"{NONE_OF_THEM}Print what it returns in a small case.", ""),
        (
            "sgd",
            lambda *args: (exercise("sgd").solution(*args), [1, 2, 3]),
            "It should return the last point, of the shape of w; it returned a list of shape (2,), shape (3,).",
            "",
        ),
        ("sgd", lambda *args: 0.5, "It should return the last point, of the shape of w; it returned a number.", ""),
        ("minibatches", lambda n, *rest: ["a"], "It should return n / batch_size batches, rounded up: all of ", ""),
        ("minibatches", fails_while_it_is_read, "Your function failed: ValueError: mine (line ", ""),
        ("momentum_step", lambda w, *rest: w, TWO_THINGS, "Example with"),
        ("nesterov_step", lambda w, *rest: w, TWO_THINGS, "Example with"),
        ("keras_momentum", lambda w, v, *rest: v, TWO_THINGS, "Example with"),
        (
            "adam_step",
            lambda w, *rest: w,
            "It should return three things, (w, m, s), each of the shape of w.",
            "Example with",
        ),
        (
            "descend",
            returns_in_the_loop,
            "It returns something in one example and None in another (0 steps, say). Does `return` stand inside the "
            "loop or an `if`?",
            "",
        ),
        ("convert_lr", out_of_torch_only, "It returns something in one example and None in another. Does", ""),
        ("softmax", rows_counted_as_columns, f"{SQUARE}{NONE_OF_THEM}Compare", "first different at [3]"),
        ("layer_forward", bias_tiled, f"{SQUARE}Your function failed: ValueError", ""),
        ("cross_entropy", rows_counted_as_classes, f"{SQUARE}Your function failed: ValueError", ""),
        ("layer_backward", as_many_ones_as_inputs, f"{SQUARE}Your function failed: ValueError", ""),
        (
            "descend",
            lambda *args: exercise("descend").solution(*args).T,
            "It should return the path, shape (steps + 1, d): w0, then the point after each step.",
            "Example with curvatures [1. 4.], minimum [0. 0.], w0 [4. 1.], lr 0.1, steps 2: path: expected [[4. 1. ] ",
        ),
        (
            "convert_lr",
            lambda lr, beta, of, to: (lr, beta),
            "It should return one number, the new learning rate.",
            "Example with lr 0.1, beta 0.9: from torch to torch, keras, average: expected [0.1 0.1 1. ], got ",
        ),
        ("descend", steps_of_length_lr, f"{NONE_OF_THEM}Compare expected and got.", "Example with"),
        ("slope", lambda w, x, y: np.mean((w * x - y) * y), f"{NONE_OF_THEM}Compare expected and got.", "Example"),
        ("gradient", lambda w, X, y: X.T @ (X @ w - y) ** 2 / len(y), f"{NONE_OF_THEM}Compare", "Example with"),
        (
            "minibatches",
            lambda n, size, rng: exercise("minibatches").solution(n, size + 1, rng),
            "It should return n / batch_size batches, rounded up: all of batch_size rows, but the last one, which",
            "batch sizes: expected [20. 20. 10.], got [21. 21. 8.], first different at [0]",
        ),
        (
            "sgd",
            lambda *args: exercise("sgd").solution(*args)[:, None],
            "It should return the last point, of the shape of w.",
            "",
        ),
        (
            "batch_gradient",
            lambda *args: 0.3 * exercise("batch_gradient").solution(*args),
            "It is exactly 0.3 times what it should be.",
            ": expected [16.], got [4.8]",
        ),
        (
            "cross_entropy",
            lambda p, y: -np.log10(p[np.arange(len(y)), y]).mean() * 2.303,
            "It is nearly right, 0.02 % off. Is a constant rounded, or something small added?",
            "Example with",
        ),
        ("descend", start_left_out_end_twice, f"{NONE_OF_THEM}Compare expected and got.", "Example with"),
        (
            "cross_entropy",
            lambda p, y: -np.log(p.sum(axis=1)).mean(),
            f"{NONE_OF_THEM}Compare expected and got.",
            "Example with",
        ),
        (
            "layer_backward",
            lambda h, W, dz: (h.T @ dz, dz.sum(), dz @ W.T * (1 - h**2)),
            "It should return three things, (dW, db, dh), shapes (a, m), (m,) and (n, a).",
            "Example with",
        ),
        ("softmax", without_largest(lambda z: z[:, :1]), "Some of what it returns is no finite number", "Example"),
        (
            "batch_gradient",
            mean_of_everything,
            "It should return shape (2,); it returned a number.",
            ", [2 6 1 1]): expected [-1.4786 -3.0971], got -2.2878",
        ),
        ("slope", lambda *args: round(exercise("slope").solution(*args), 1), ROUNDED.format("1 decimal"), "expected"),
        ("gradient", lambda *args: exercise("gradient").solution(*args).round(3), ROUNDED.format("3 decimals"), "got"),
        ("gd_step", lambda *args: exercise("gd_step").solution(*args).round(), ROUNDED.format("whole numbers"), "got"),
        (
            "gd_step",
            lambda *args: exercise("gd_step").solution(*args).astype(int),
            "It is right, but cut off to",
            "got",
        ),
        ("sgd_epoch", lambda w, *others: [w, w], "It should return the last point, of the shape of w.", "expected"),
    ],
)
def test_what_is_told_of_other_wrong_answers(name, function, text, example):
    told = check(name, function)
    assert told.mistake is None
    assert told.text.startswith(text)
    assert example in told.example


def in_a_function_inside(w, g, lr):
    def step():
        return 1.37 * lr * g

    return w - step()


@pytest.mark.parametrize(
    ("name", "function", "told"),
    [
        ("gd_step", lambda w, g, lr: w - 0.1 * g, ("It does not use lr.",)),
        ("gd_step", lambda w, slope, eta: np.nan * w, ("It does not use slope and eta.",)),
        ("momentum_step", lambda w, v, g, lr, beta: (w - lr * (0.9 * v + g), 0.9 * v + g), ("It does not use beta.",)),
        ("gd_step", in_a_function_inside, ()),
        ("gd_step", lambda *args: args[0] - 0.1 * args[1], ()),
        ("gd_step", lambda w, g, lr: eval("w - 1.37 * lr * g", locals()), ()),
    ],
)
def test_an_argument_that_is_not_used_is_named(name, function, told):
    answered = check(name, function)
    assert (answered.mistake, answered.notes) == (None, told)


@pytest.mark.parametrize(
    ("name", "mistake", "shown"),
    [
        ("batch_gradient", "half the gradient", "([1.], [[1.] [2.] [3.] [5.]], [ 0. 1. 5. -1.], [1 3])"),
        ("descend", "whole numbers", "w0 [ 3 -2], lr 0.25, steps 3"),
    ],
)
def test_whole_numbers_are_shown_as_such(name, mistake, shown):
    assert f"{shown}: " in check(name, mistaken(name, mistake)).example


def test_no_row_is_named_where_rows_are_missing():
    assert "first different" not in check("descend", mistaken("descend", "end missing")).example


@pytest.mark.parametrize("name", ["minibatches", "sgd"])
def test_what_is_true_or_false_is_not_shown_as_numbers(name):
    assert check(name, exercise(name).mistakes[0].function).example == ""


def test_a_table_of_answers_fails_under_another_seed(monkeypatch):
    known = {}
    for w, g, lr in exercise("gd_step").cases(np.random.default_rng(0)):
        known[tuple(w)] = w - lr * g
    table = lambda w, g, lr: known.get(tuple(w), np.zeros_like(w))  # noqa: E731
    assert check("gd_step", table).ok
    monkeypatch.setenv("SGD_COURSE_SEED", "12345")
    assert not check("gd_step", table).ok


class Everything(np.ndarray):
    def __eq__(self, other):
        return True


def mistaken(name, mistake):
    return next(m.function for m in exercise(name).mistakes if m.name == mistake)


def sum_and_average(w, g, m, s, t, lr, beta1, beta2, eps):
    m, s = beta1 * m + g, beta2 * s + (1 - beta2) * g**2
    return w - lr * m / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + eps), m, s


def with_other_lr(name, place, lr):
    """The solution, handed lr(args) in place of the learning rate."""
    return lambda *args: exercise(name).solution(*args[:place], lr(args), *args[place + 1 :])


TIMES_ANOTHER = [  # name, function: the sum, not the mean, times a number
    ("slope", lambda w, x, y: -np.sum((w * x - y) * x)),
    ("gradient", lambda w, X, y: -X.T @ (X @ w - y)),
    ("cross_entropy", lambda p, y: np.log(p[np.arange(len(y)), y]).sum()),
]


@pytest.mark.parametrize(("name", "function"), TIMES_ANOTHER)
def test_a_multiple_of_what_a_mistake_gives_is_that_mistake_and_another(name, function):
    said = check(name, function)
    assert (said.status, said.mistake) == ("mistake", "sum instead of mean")
    assert "It gives -1 times what this mistake gives: " in said.text


def test_another_multiple_of_it_may_be_one_mistake_and_has_no_name():
    said = check("slope", lambda w, x, y: 3 * np.sum((w * x - y) * x))
    assert (said.status, said.mistake) == ("mistake", None)
    assert "It gives 3 times what this mistake gives: You add up" in said.text
    assert "times" not in check("slope", lambda w, x, y: 1.0003 * np.sum((w * x - y) * x)).text


TWO_MISTAKES = [  # name, function, part of the advice
    ("layer_forward", lambda h, W, b: np.tanh(h @ W.T - b), "The bias is added, not taken off"),
    ("softmax", lambda z: np.exp(-z) / np.exp(-z).sum(1, keepdims=True), "(nan or inf). Nearest comes this one"),
    ("softmax", lambda z: np.exp(-z) / np.exp(-z).sum(1, keepdims=True), "look at the sign in the exponent"),
    ("train_step", lambda *args: mistaken("train_step", "as found")(*args[:-1], -args[-1]), "Uphill"),
    ("adam_step", sum_and_average, "Your moments are sums"),
    ("momentum_schedule", with_other_lr("momentum_schedule", 2, lambda args: np.square(args[2])), "it acts squared"),
    ("adam_step", lambda *args: mistaken("adam_step", "eps inside the root")(*args[:5], -args[5], *args[6:]), "Uphill"),
]


def momentum(rule):
    """A run of momentum with another step, rule(w, v, g, lr, beta)."""

    def run(grad, w0, lr, beta, steps):
        path, v = [np.array(w0, dtype=float)], np.zeros(len(w0))
        for _ in range(steps):
            w, v = rule(path[-1], v, grad(path[-1]), lr, beta)
            path.append(w)
        return path

    return run


def rows_in_the_batch(w, X, y, batch):
    rows = [i for i in range(len(y)) if i in batch]
    return X[rows].T @ (X[rows] @ w - y[rows]) / len(batch)


def by_a_mask(w, X, y, batch):
    mask = np.zeros(len(y), dtype=bool)
    mask[batch] = True
    return ((X[mask] @ w - y[mask])[:, None] * X[mask]).mean(axis=0)


def without_a_last_row_alone(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[i : i + batch_size] for i in range(0, n - 1, batch_size)]


def hundred_steps_at_most(grad, w0, lr, tol):
    path = [np.array(w0, dtype=float)]
    for _ in range(100):
        if np.linalg.norm(grad(path[-1])) <= tol:
            break
        path.append(path[-1] - lr * grad(path[-1]))
    return path


def downhill_without_momentum(w, v, g, lr, beta, dampening, weight_decay, nesterov, maximize):
    maximize = maximize and beta != 0
    return exercise("torch_sgd").solution(w, v, g, lr, beta, dampening, weight_decay, nesterov, maximize)


def sgd_by(rule):
    """sgd with another step, rule(w, gradient, lr)."""

    def run(w, X, y, lr, batch_size, steps, rng):
        for _ in range(steps):
            batch = rng.choice(len(y), size=batch_size, replace=False)
            w = rule(w, X[batch].T @ (X[batch] @ w - y[batch]) / batch_size, lr)
        return w

    return run


def scheduled(rule, order=lambda rates: rates, steps=None):
    """momentum_schedule with another step, rule(w, v, grad, lr, beta), on order(rates), ended after so many steps."""

    def run(grad, w, rates, beta):
        v = 0 * w
        for lr in order(rates)[:steps]:
            w, v = rule(w, v, grad, lr, beta)
        return w

    return run


def lr_outside(w, v, grad, lr, beta):
    v = beta * v + grad(w)
    return w - lr * v, v


def lr_inside(w, v, grad, lr, beta):
    v = beta * v - lr * grad(w)
    return w + v, v


def lr_before_the_bracket(w, v, grad, lr, beta):
    v = lr * (beta * v - grad(w))
    return w + v, v


def corrected_at_every_step(grad, w, rates, beta):
    v = 0 * w
    for lr in rates:
        v = beta * v * lr / rates[0] - lr * grad(w)
        w = w + v
    return w


def w_before_v(w, v, grad, lr, beta):
    w = w - lr * v
    return w, beta * v + grad(w)


def backwards(rates):
    return rates[::-1]


def shifted_where(far):
    """softmax that takes off the largest scores only where far(z)."""

    def made(z):
        e = np.exp(z - z.max(axis=1, keepdims=True) if far(z) else z)
        return e / e.sum(axis=1, keepdims=True)

    return made


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("softmax", shifted_where(lambda z: z.max() > 700)),
        ("softmax", shifted_where(lambda z: z.min() < -700)),
        ("schedule", lambda t, lr0, t0: max(lr0 / (1 + t / t0), 1e-2)),
        ("momentum_descend", momentum(lambda w, v, g, lr, b: (w - (b * v + (1 - b) * g), b * v + (1 - b) * g))),
        ("momentum_descend", momentum(lambda w, v, g, lr, b: (w - lr * ((1 - lr) * v + g), (1 - lr) * v + g))),
        ("noise_floor", lambda path, w_star: np.mean((path[(len(path) + 1) // 2 :] - w_star) ** 2)),
        ("noise_floor", lambda path, w_star: np.mean((path[-(len(path) // 2) :] - w_star) ** 2)),
        ("noise_floor", lambda path, w_star: np.mean((path[round(len(path) / 2) :] - w_star) ** 2)),
        ("minibatches", without_a_last_row_alone),
        ("minimise", hundred_steps_at_most),
        ("momentum_schedule", lambda *args: exercise("momentum_schedule").solution(*args[:3], 0.9)),
        ("torch_sgd", downhill_without_momentum),
        ("momentum_schedule", scheduled(lr_inside, backwards)),
        ("numerical_gradient", lambda *args: abs(exercise("numerical_gradient").solution(*args))),
        ("sgd", sgd_by(lambda w, g, lr: w - lr * g / max(1, np.linalg.norm(g)))),
        ("sgd", sgd_by(lambda w, g, lr: w - lr * (g + 0.01 * w))),
    ],
)
def test_what_is_right_for_special_settings_only_is_not_correct(name, function):
    assert check(name, function).status == "mistake"


def path_in_two_dimensions(grad, w0, lr, beta, steps):
    path, v = np.zeros((steps + 1, 2)), np.zeros(2)
    path[0] = w0
    for t in range(steps):
        v = beta * v + grad(path[t])
        path[t + 1] = path[t] - lr * v
    return path


def end_in_two_dimensions(grad, w, rates, beta):
    v = np.zeros(2)
    for lr in rates:
        v = beta * v + grad(w)
        w = w - lr * v
    return w


@pytest.mark.parametrize(
    ("name", "function"),
    [("momentum_descend", path_in_two_dimensions), ("momentum_schedule", end_in_two_dimensions)],
)
def test_two_dimensions_written_in_fail_in_three(name, function):
    assert check(name, function).text.startswith("Your function failed: ValueError")


def two_of(name, places):
    """The solution for the first two entries of the arguments at these places only."""

    def made(*args):
        return exercise(name).solution(*(a[:2] if i in places and a is not None else a for i, a in enumerate(args)))

    return made


def dampened_in_two_dimensions(grad, w0, lr, beta, dampening, steps):
    w, v = np.array(w0, dtype=float), np.zeros(2)
    path = [w]
    for t in range(steps):
        v = beta * v + (1 - dampening if t else 1) * grad(w)
        w = w - lr * v
        path.append(w)
    return path


def as_many_classes_as_seen(p, y):
    return -(np.eye(y.max() + 1)[y] * np.log(p)).sum() / len(y)


def as_many_classes_as_different(p, y):
    return -(np.eye(len(np.unique(y)))[y] * np.log(p)).sum() / len(y)


def step_of_the_classes_seen(X, y, W1, b1, W2, b2, lr):
    h = np.tanh(X @ W1 + b1)
    dz = (exercise("softmax").solution(h @ W2 + b2) - np.eye(y.max() + 1)[y]) / len(y)
    dh = dz @ W2.T * (1 - h**2)
    return W1 - lr * X.T @ dh, b1 - lr * dh.sum(axis=0), W2 - lr * h.T @ dz, b2 - lr * dz.sum(axis=0)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("momentum_step", two_of("momentum_step", (0, 1, 2))),
        ("nesterov_step", two_of("nesterov_step", (0, 1, 2))),
        ("keras_momentum", two_of("keras_momentum", (0, 1, 2))),
        ("adam_step", two_of("adam_step", (0, 1, 2, 3))),
        ("momentum_correction", two_of("momentum_correction", (0,))),
        ("torch_sgd", two_of("torch_sgd", (0, 1, 2))),
        ("dampened_sgd", dampened_in_two_dimensions),
        ("cross_entropy", as_many_classes_as_seen),
        ("cross_entropy", as_many_classes_as_different),
        ("train_step", step_of_the_classes_seen),
    ],
)
def test_what_is_right_for_special_sizes_only_is_not_correct(name, function):
    assert not check(name, function).ok


def first_row_not_copied(steps, start=lambda w0: np.array(w0, dtype=float)):
    """A run in place; steps(grad, w, settings) gives what is subtracted from w at each of its steps."""

    def run(grad, w0, *settings):
        w = start(w0)
        path = [w]
        for step in steps(grad, w, *settings):
            w -= step
            path.append(w.copy())
        return np.array(path)

    return run


def only_first_row_copied(steps, start=lambda w0: np.array(w0, dtype=float)):
    """first_row_not_copied the other way round."""

    def run(grad, w0, *settings):
        w = start(w0)
        path = [w.copy()]
        for step in steps(grad, w, *settings):
            w -= step
            path.append(w)
        return path

    return run


def right_in_place(steps, start):
    """first_row_not_copied, with that row copied too."""

    def run(grad, w0, *settings):
        w = start(w0)
        path = [w.copy()]
        for step in steps(grad, w, *settings):
            w -= step
            path.append(w.copy())
        return path

    return run


def without_copies(steps, start=lambda w0: np.array(w0, dtype=float)):
    """first_row_not_copied, and no other row either."""

    def run(grad, w0, *settings):
        w = start(w0)
        path = [w]
        for step in steps(grad, w, *settings):
            w -= step
            path.append(w)
        return path

    return run


def by_asarray(w0):
    return np.asarray(w0, dtype=float)


def plainly(grad, w, lr, steps):
    for _ in range(steps):
        yield lr * grad(w)


def until_small(grad, w, lr, tol):
    while np.linalg.norm(grad(w)) > tol:
        yield lr * grad(w)


def with_momentum(grad, w, lr, beta, steps):
    v = 0
    for _ in range(steps):
        v = beta * v + grad(w)
        yield lr * v


def with_dampening(grad, w, lr, beta, dampening, steps):
    v = grad(w)
    for t in range(steps):
        v = beta * v + (1 - dampening) * grad(w) if t else v
        yield lr * v


def result_like_w(f, w, h):
    g = np.zeros_like(w)
    for j in range(len(w)):
        e = np.zeros(len(w))
        e[j] = h
        g[j] = (f(w + e) - f(w - e)) / (2 * h)
    return g


def never_reset(f, w, h):
    e, g = np.zeros(len(w)), []
    for j in range(len(w)):
        e[j] = h
        g.append((f(w + e) - f(w - e)) / (2 * h))
    return g


def without_end(grad, w0, lr, tol):
    w, path = np.array(w0, float), []
    while np.linalg.norm(grad(w)) > tol:
        path.append(w)
        w = w - lr * grad(w)
    return path


def below_tol(grad, w0, lr, tol):
    w = np.array(w0, dtype=float)
    path = [w]
    while np.linalg.norm(grad(w)) >= tol:
        w = w - lr * grad(w)
        path.append(w)
    return np.array(path)


def steps_first(grad, w0, lr, tol):
    w = np.array(w0, dtype=float)
    path = [w]
    while True:
        w = w - lr * grad(w)
        path.append(w)
        if np.linalg.norm(grad(w)) <= tol:
            return np.array(path)


def returned_in_the_loop(gradients, beta):
    v = 0
    for g in gradients:
        return beta * v + g
    return v


def calculated_in_vain(gradients, beta):
    v = 0
    for g in gradients:
        beta * v + g
    return v


def rate_in_both(grad, w, rates, beta):
    v = np.zeros(len(w))
    for lr in rates:
        v = beta * v + lr * grad(w)
        w = w - lr * v
    return w


def direction_like_w(f, w, h):
    g = np.zeros(len(w))
    for j in range(len(w)):
        e = np.zeros_like(w)
        e[j] = h
        g[j] = (f(w + e) - f(w - e)) / (2 * h)
    return g


def entry_by_entry(grad, w0, lr, steps):
    path = [np.array(w0, dtype=float)]
    for _ in range(steps):
        w = path[-1].copy()
        for j in range(len(w)):
            w[j] = w[j] - lr * grad(w)[j]
        path.append(w)
    return path


def entry_by_entry_until(grad, w0, lr, tol):
    path = [np.array(w0, dtype=float)]
    while np.linalg.norm(grad(path[-1])) > tol:
        path.append(entry_by_entry(grad, path[-1], lr, 1)[-1])
    return path


def velocity_by_entry(grad, w0, lr, beta, steps):
    w, v = np.array(w0, dtype=float), np.zeros(len(w0))
    path = [w.copy()]
    for _ in range(steps):
        for j in range(len(w)):
            v[j] = beta * v[j] + grad(w)[j]
            w[j] = w[j] - lr * v[j]
        path.append(w.copy())
    return path


def schedule_by_entry(grad, w, rates, beta):
    w, v = np.array(w, dtype=float), np.zeros(len(w))
    for lr in rates:
        for j in range(len(w)):
            v[j] = beta * v[j] + grad(w)[j]
            w[j] = w[j] - lr * v[j]
    return w


def descent_stops_where_level(grad, w0, lr, steps):
    path = [np.array(w0, dtype=float)]
    for _ in range(steps):
        if np.linalg.norm(grad(path[-1])) < 1e-6:
            break
        path.append(path[-1] - lr * grad(path[-1]))
    return path


def momentum_stops_where_level(grad, w0, lr, beta, steps):
    path, v = [np.array(w0, dtype=float)], 0
    for _ in range(steps):
        if np.linalg.norm(grad(path[-1])) < 1e-6:
            break
        v = beta * v + grad(path[-1])
        path.append(path[-1] - lr * v)
    return path


def appended_before(grad, w0, lr, steps):
    w = np.array(w0, dtype=float)
    path = [w]
    for _ in range(steps):
        path.append(w)
        w = w - lr * grad(w)
    return path


def one_step_too_few(grad, w0, lr, steps):
    return exercise("descend").solution(grad, w0, lr, steps - 1)


def only_appended_before(grad, w0, lr, steps):
    return appended_before(grad, w0, lr, steps)[1:]


def row_0_not_filled(grad, w0, lr, steps):
    path, w = np.zeros((steps + 1, len(w0))), w0
    for t in range(steps):
        w = w - lr * grad(w)
        path[t + 1] = w
    return path


def dampened_before(grad, w0, lr, beta, dampening, steps):
    w, v = np.array(w0, dtype=float), None
    path = [w]
    for _ in range(steps):
        path.append(w)
        v = grad(w) if v is None else beta * v + (1 - dampening) * grad(w)
        w = w - lr * v
    return path


def dampened_rows_like_w0(grad, w0, lr, beta, dampening, steps):
    path, v = np.zeros((steps + 1, len(w0)), w0.dtype), None
    path[0] = w0
    for t in range(steps):
        v = grad(path[t]) if v is None else beta * v + (1 - dampening) * grad(path[t])
        path[t + 1] = path[t] - lr * v
    return path


def velocity_like_w0(grad, w0, lr, beta, steps):
    w, v = np.array(w0, dtype=float), np.zeros_like(w0)
    path = [w]
    for _ in range(steps):
        v *= beta
        v += grad(w)
        w = w - lr * v
        path.append(w)
    return path


def least_squares_step(w, X, y, lr, batch):
    return w - lr * X[batch].T @ (X[batch] @ w - y[batch]) / len(batch)


def sgd_from_zero(w, X, y, lr, batch_size, steps, rng):
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        w = least_squares_step(w, X, y, lr, rng.choice(len(y), size=batch_size, replace=False))
    return w


def sgd_in_blocks(w, X, y, lr, batch_size, steps, rng):
    for _ in range(steps):
        start = rng.integers(len(y) - batch_size + 1)
        w = least_squares_step(w, X, y, lr, np.arange(start, start + batch_size))
    return w


def sgd_in_order(w, X, y, lr, batch_size, steps, rng):
    for t in range(steps):
        w = least_squares_step(w, X, y, lr, np.arange(t * batch_size, (t + 1) * batch_size) % len(y))
    return w


def sgd_in_whole_epochs(w, X, y, lr, batch_size, steps, rng):
    t = 0
    while t < steps:
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            w = least_squares_step(w, X, y, lr, order[i : i + batch_size])
            t += 1
    return w


def sgd_by_entry(w, X, y, lr, batch_size, steps, rng):
    w = w.copy()
    for _ in range(steps):
        batch = rng.choice(len(y), size=batch_size, replace=False)
        for j in range(len(w)):
            w[j] = least_squares_step(w, X, y, lr, batch)[j]
    return w


def by_choice(rng, n, size):
    return rng.choice(n, size=size, replace=False)


def by_integers(rng, n, size):
    return rng.integers(n, size=size)


def of_one_batch(draw, seed=None):
    """A run whose batch is drawn before the loop; from a generator made inside, if there is a seed."""

    def run(w, X, y, lr, batch_size, steps, rng):
        batch = draw(rng if seed is None else np.random.default_rng(seed), len(y), batch_size)
        for _ in range(steps):
            w = least_squares_step(w, X, y, lr, batch)
        return w

    return run


def torch_sgd_in_place(w, v, g, lr, *options):
    new, v = exercise("torch_sgd").solution(w, v, g, lr, *options)
    w -= w - new
    return w, v


def divided_again(t, lr0, t0):
    lr = lr0
    for i in range(1, t + 1):
        lr = lr / (1 + i / t0)
    return lr


def two_names(f, w, h):
    g = np.zeros(len(w))
    for j in range(len(w)):
        up = w
        down = w
        up[j] += h
        down[j] -= h
        g[j] = (f(up) - f(down)) / (2 * h)
    return g


def on_a_copy_and_back(f, w, h):
    w, g = w.copy(), np.zeros(len(w))
    for j in range(len(w)):
        w[j] += h
        g[j] = f(w)
        w[j] -= 2 * h
        g[j] = (g[j] - f(w)) / (2 * h)
        w[j] += h
    return g


def h_forgotten(f, w, h):
    g = np.zeros(len(w))
    for j in range(len(w)):
        e = np.zeros(len(w))
        g[j] = (f(w + e) - f(w - e)) / (2 * h)
    return g


def never_stored(f, w, h):
    g = np.zeros(len(w))
    for e in h * np.eye(len(w)):
        (f(w + e) - f(w - e)) / (2 * h)
    return g


def direction_of_whole_numbers(f, w, h):
    g = np.zeros(len(w))
    for j in range(len(w)):
        e = np.zeros(len(w), dtype=int)
        e[j] = h
        g[j] = (f(w + e) - f(w - e)) / (2 * h)
    return g


def in_w_and_back(f, w, h):
    g = np.zeros(len(w))
    for j in range(len(w)):
        w[j] += h
        above = f(w)
        w[j] -= 2 * h
        g[j] = (above - f(w)) / (2 * h)
        w[j] += h
    return g


def a_row_after_each_step(grad, w0, lr, steps):
    path, w = np.zeros((steps + 1, len(w0))), w0
    for t in range(steps + 1):
        w = w - lr * grad(w)
        path[t] = w
    return path


def descent_from_zero(grad, w0, lr, steps):
    return exercise("descend").solution(grad, np.zeros(len(w0)), lr, steps)


def sgd_by_example(draw):
    def run(w, X, y, lr, batch_size, steps, rng):
        for _ in range(steps):
            for i in draw(rng, len(y), batch_size):
                w = least_squares_step(w, X, y, lr, np.array([i]))
        return w

    return run


def halved_times_h(f, w, h):
    return [(f(w + e) - f(w - e)) / 2 * h for e in h * np.eye(len(w))]


def momentum_with_lr_inside(w, v, g, lr, beta):
    v = beta * v + lr * g
    return w - v, v


def nesterov_with_lr_inside(w, v, g, lr, beta):
    v = beta * v + lr * g
    return w - (lr * g + beta * v), v


BOTH = "first row moves, whole numbers refused"
LATER = "later rows identical, whole numbers refused"
BEFORE = "recorded before the step"
ASARRAY = "asarray makes no copy"
PLUS = "lr inside, with a plus"
kept = {}


def shuffled_once(n, batch_size, rng):
    order = kept.setdefault(n, rng.permutation(n))
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def eps_outside(w, g, m, s, t, lr, beta1, beta2, eps):
    m, s = beta1 * m + (1 - beta1) * g, beta2 * s + (1 - beta2) * g**2
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    return w - lr * m_hat / np.sqrt(s_hat) + eps, m, s


def eps_in_the_step(w, g, m, s, t, lr, beta1, beta2, eps):
    m, s = beta1 * m + (1 - beta1) * g, beta2 * s + (1 - beta2) * g**2
    step = lr * (m / (1 - beta1**t)) / np.sqrt(s / (1 - beta2**t)) + eps
    return w - step, m, s


def adam(hats):
    """A step of Adam with other hats(m, s, t, beta1, beta2)."""

    def step(w, g, m, s, t, lr, beta1, beta2, eps):
        m, s = beta1 * m + (1 - beta1) * g, beta2 * s + (1 - beta2) * g**2
        m_hat, s_hat = hats(m, s, t, beta1, beta2)
        return w - lr * m_hat / (np.sqrt(s_hat) + eps), m, s

    return step


def w_not_returned(name):
    """The solution, which returns the w it was given."""
    return lambda w, *rest: (w, *exercise(name).solution(w, *rest)[1:])


def changed_by(factors):
    """The solution of train_step, its four changes multiplied by factors(number of examples)."""

    def step(X, y, *parts):
        ends = exercise("train_step").solution(X, y, *parts)
        return [old + f * (new - old) for old, new, f in zip(parts, ends, factors(len(y)), strict=False)]

    return step


def scores_through_tanh(X, y, W1, b1, W2, b2, lr):
    layer = exercise("layer_forward").solution
    h = layer(X, W1, b1)
    dz = (exercise("softmax").solution(layer(h, W2, b2)) - np.eye(len(b2))[y]) / len(y)
    dW2, db2, dh = exercise("layer_backward").solution(h, W2, dz)
    return W1 - lr * X.T @ dh, b1 - lr * dh.sum(axis=0), W2 - lr * dW2, b2 - lr * db2


def one_lr_for_both(w, v, g, lr, beta):
    v = -lr * (beta * v + g)
    return w + v, v


def last_row_alone(w, X, y):
    g = np.zeros(len(w))
    for i in range(len(y)):
        g = (X[i] @ w - y[i]) * X[i]
    return g / len(y)


def added_to_all(f, w, h):
    g = np.zeros(len(w))
    for e in h * np.eye(len(w)):
        g += (f(w + e) - f(w - e)) / (2 * h)
    return g


def entries(which, returned):
    """numerical_gradient, whose loop fills the entries which(d); `returned`: `return` stands in the loop."""

    def made(f, w, h):
        g = np.zeros(len(w))
        for j in which(len(w)):
            e = np.zeros(len(w))
            e[j] = h
            g[j] = (f(w + e) - f(w - e)) / (2 * h)
            if returned:
                return g
        return g

    return made


def two_copies_like_w(f, w, h):
    g = np.zeros_like(w)
    for j in range(len(w)):
        p, m = w.copy(), w.copy()
        p[j] += h
        m[j] -= h
        g[j] = (f(p) - f(m)) / (2 * h)
    return g


@pytest.mark.parametrize("seed", range(10))
def test_what_rounding_leaves_in_an_argument_is_no_change(monkeypatch, seed):
    monkeypatch.setenv("SGD_COURSE_SEED", str(seed))
    assert check("numerical_gradient", lambda f, w, h: in_w_and_back(f, np.asarray(w, float), h)).ok
    assert check("gd_step", lambda w, g, lr: np.subtract(w, lr * g, out=w)).mistake == "changes its arguments"


def rows_from_1(grad, w0, lr, steps):
    path = np.zeros((steps, len(w0)))
    path[0] = w0
    for t in range(1, steps):
        path[t] = path[t - 1] - lr * grad(path[t - 1])
    return path


def fails_at_once(grad, w0, lr, steps):
    return undefined  # noqa: F821


def test_a_failure_in_a_later_example_names_it():
    told = check("descend", rows_from_1).text
    assert "IndexError: index 0 is out of bounds" in told
    assert told.endswith("steps 0.")
    assert ", with curvatures" in told
    assert ", with" not in check("descend", fails_at_once).text


def residuals_of_the_first_rows(w, X, y, batch):
    r, g = X[batch] @ w - y[batch], np.zeros(len(w))
    for i in range(len(batch)):
        g += r[i] * X[i]
    return g / len(batch)


def left_moved(f, w, h):
    g = np.zeros(len(w))
    for j in range(len(w)):
        w[j] += h
        g[j] = f(w)
        w[j] -= 2 * h
        g[j] = (g[j] - f(w)) / (2 * h)
    return g


def momentum_from_w0(grad, w0, lr, beta, steps):
    w, v = np.array(w0, dtype=float), np.zeros(len(w0))
    path = [w]
    for _ in range(steps):
        v = beta * v + grad(w)
        path.append(w - lr * v)
    return path


def each_from_w0(grad, w0, lr, steps):
    path = [np.array(w0, dtype=float)]
    for _ in range(steps):
        path.append(w0 - lr * grad(path[-1]))
    return path


def table_to_steps(grad, w0, lr, steps):
    path = np.zeros((steps + 1, len(w0)))
    path[0] = w0
    for t in range(1, steps):
        path[t] = path[t - 1] - lr * grad(path[t - 1])
    return path


def popped_batches(w, X, y, lr, batches):
    while batches:
        w = least_squares_step(w, X, y, lr, batches.pop())
    return w


def each_row_of_each_batch(w, X, y, lr, batches):
    for batch in batches:
        for i in batch:
            w = w - lr * (X[i] @ w - y[i]) * X[i]
    return w


def divided_by_columns(w, X, y, lr, batches):
    for batch in batches:
        w = w - lr * X[batch].T @ (X[batch] @ w - y[batch]) / X.shape[1]
    return w


def without_lr(w, X, y, lr, batches):
    for batch in batches:
        w = w - X[batch].T @ (X[batch] @ w - y[batch]) / len(batch)
    return w


def last_gradient(w, X, y, lr, batches):
    for batch in batches:
        g = X[batch].T @ (X[batch] @ w - y[batch]) / len(batch)
        w = w - lr * g
    return g


def of_one_gradient(grad, w, rates, beta):
    g, v = grad(w), 0
    for lr in rates:
        v = beta * v + g
        w = w - lr * v
    return w


def fading_by_the_rest(gradients, beta):
    v = 0
    for g in gradients:
        v = (1 - beta) * v + g
    return v


def added_to_itself(gradients, beta):
    v = 0
    for g in gradients:
        v += beta * v + g
    return v


def momentum_as_in_the_lesson(w, g, v, lr, beta):
    v = beta * v + g
    return w - lr * v, v


def nesterov_as_in_the_lesson(w, g, v, lr, beta):
    v = beta * v + g
    return w - lr * (g + beta * v), v


def path_returned_in_the_loop(steps):
    """A run that ends at its first step; steps(grad, w, settings) gives what is subtracted from w at each."""

    def run(grad, w0, *settings):
        w = np.array(w0, dtype=float)
        path = [w]
        for step in steps(grad, w, *settings):
            w = w - step
            path.append(w)
            return np.array(path)

    return run


def first_row_stays(n, batch_size, rng):
    order = np.arange(n)
    order[1:] = rng.permutation(order[1:])
    return np.split(order, range(batch_size, n, batch_size))


@pytest.mark.parametrize(
    ("name", "function", "mistake"),
    [
        ("gd_step", lambda w, g, lr: w - lr * g - lr * g, "twice the step"),
        ("gd_step", lambda w, g, lr: w - lr * g / 2, "half the step"),
        ("gd_step", lambda w, g, lr: w - lr * (lr * g), "lr twice"),
        ("momentum_descend", momentum(lambda w, v, g, lr, b: (w - lr * (b * v + lr * g), b * v + lr * g)), "lr twice"),
        ("batch_gradient", rows_in_the_batch, "each row once"),
        ("batch_gradient", by_a_mask, "a mask"),
        ("descend", first_row_not_copied(plainly), "first row moves"),
        ("minimise", first_row_not_copied(until_small), "first row moves"),
        ("momentum_descend", first_row_not_copied(with_momentum), "first row moves"),
        ("dampened_sgd", first_row_not_copied(with_dampening), "first row moves"),
        ("descend", first_row_not_copied(plainly, np.copy), BOTH),
        ("minimise", first_row_not_copied(until_small, np.copy), BOTH),
        ("momentum_descend", first_row_not_copied(with_momentum, np.copy), BOTH),
        ("dampened_sgd", first_row_not_copied(with_dampening, np.copy), BOTH),
        ("descend", only_first_row_copied(plainly), "later rows identical"),
        ("minimise", only_first_row_copied(until_small), "later rows identical"),
        ("momentum_descend", only_first_row_copied(with_momentum), "later rows identical"),
        ("dampened_sgd", only_first_row_copied(with_dampening), "later rows identical"),
        ("descend", only_first_row_copied(plainly, np.copy), LATER),
        ("dampened_sgd", only_first_row_copied(with_dampening, np.copy), LATER),
        ("minimise", first_row_not_copied(until_small, np.asarray), "first row moves and w0"),
        ("momentum_descend", only_first_row_copied(with_momentum, np.asarray), "later rows identical and w0"),
        ("momentum_descend", first_row_not_copied(with_momentum, by_asarray), "first row moves, by asarray"),
        ("dampened_sgd", only_first_row_copied(with_dampening, by_asarray), "later rows identical, by asarray"),
        ("dampened_sgd", right_in_place(with_dampening, by_asarray), ASARRAY),
        ("dampened_sgd", right_in_place(with_dampening, np.asarray), "start point changed"),
        ("descend", without_copies(plainly, np.copy), "identical, whole numbers refused"),
        ("momentum_descend", without_copies(with_momentum, by_asarray), "identical and moved, by asarray"),
        ("dampened_sgd", without_copies(with_dampening), "all rows identical"),
        ("dampened_sgd", without_copies(with_dampening, np.copy), "identical, whole numbers refused"),
        ("dampened_sgd", without_copies(with_dampening, np.asarray), "identical and moved"),
        ("dampened_sgd", dampened_before, BEFORE),
        ("dampened_sgd", dampened_rows_like_w0, "whole numbers"),
        ("minimise", without_copies(until_small), "only the start copied"),
        ("minimise", without_copies(until_small, np.copy), "only the start copied, with its type"),
        ("minimise", without_copies(until_small, by_asarray), "as found, by asarray"),
        ("minimise", right_in_place(until_small, np.asarray), "only the rows copied"),
        ("minimise", below_tol, "goes on at tol"),
        ("minimise", without_end, "last point missing"),
        ("minimise", steps_first, "steps before the test"),
        ("velocity", returned_in_the_loop, "first gradient only"),
        ("velocity", calculated_in_vain, "never renewed"),
        ("numerical_gradient", direction_like_w, "h cut off"),
        ("numerical_gradient", result_like_w, "result cut off"),
        ("numerical_gradient", never_reset, "never reset"),
        ("softmax", without_largest(lambda z: z.max(axis=1)), "largest in the wrong rows"),
        ("softmax", without_largest(lambda z: z.max(axis=0)), "largest of its column"),
        ("softmax", lambda z: np.nan_to_num(np.exp(z) / np.exp(z).sum(1, keepdims=True)), "nan replaced"),
        ("minibatches", lambda n, size, rng: np.split(rng.permutation(n), np.arange(0, n, size)), "empty batch"),
        ("minibatches", first_row_stays, "first row stays"),
        ("softmax", without_largest(lambda z: z.min(axis=1, keepdims=True)), "not the row's largest"),
        ("softmax", without_largest(lambda z: z.mean(axis=1, keepdims=True)), "not the row's largest"),
        ("cross_entropy", lambda p, y: -np.mean(np.log(p[y])), "whole rows"),
        ("cross_entropy", lambda p, y: -np.mean(np.log(p)), "mean of all"),
        ("layer_backward", lambda h, W, dz: (h.T @ dz, dz, dz @ W.T * (1 - h**2)), "bias not summed"),
        ("train_step", with_other_lr("train_step", 6, lambda args: args[6] / len(args[0])), "averaged again"),
        ("train_step", with_other_lr("train_step", 6, lambda args: args[6] / len(args[5])), "mean over classes too"),
        ("train_step", changed_by(lambda n: (1, 1 / n, 1, 1 / n)), "biases averaged"),
        ("train_step", scores_through_tanh, "scores bent"),
        ("adam_step", eps_outside, "eps added to w"),
        ("adam_step", eps_in_the_step, "eps added to the step"),
        ("adam_step", with_other_lr("adam_step", 5, lambda args: 1), "no learning rate"),
        ("keras_momentum", one_lr_for_both, "minus lr on both"),
        ("descend", entry_by_entry, "entry by entry"),
        ("minimise", entry_by_entry_until, "entry by entry"),
        ("momentum_descend", velocity_by_entry, "entry by entry"),
        ("momentum_schedule", schedule_by_entry, "entry by entry"),
        ("sgd", sgd_by_entry, "entry by entry"),
        ("gd_step", lambda w, g, lr: w, "nothing moves"),
        ("sgd_epoch", lambda w, *rest: w, "nothing moves"),
        *((name, lambda w, v, *rest: (w, v), "nothing moves") for name in ("momentum_step", "nesterov_step")),
        *((name, lambda w, v, *rest: (w, v), "nothing moves") for name in ("keras_momentum", "torch_sgd")),
        ("adam_step", lambda w, g, m, s, *rest: (w, m, s), "nothing moves"),
        *((name, w_not_returned(name), "w rests") for name in ("momentum_step", "nesterov_step", "keras_momentum")),
        ("adam_step", w_not_returned("adam_step"), "w rests"),
        ("adam_step", adam(lambda m, s, t, b1, b2: (m / 1 - b1**t, s / (1 - b2**t))), "brackets"),
        ("adam_step", adam(lambda m, s, t, b1, b2: (m / (1 - b1**t), s / 1 - b2**t)), "brackets of s"),
        ("adam_step", adam(lambda m, s, t, b1, b2: (m / 1 - b1**t, s / 1 - b2**t)), "brackets, in both"),
        ("torch_sgd", torch_sgd_in_place, "changes its arguments"),
        ("sgd", sgd_from_zero, "start ignored"),
        ("sgd", sgd_in_blocks, "neighbours"),
        ("sgd", sgd_by_example(by_choice), "a step for each example"),
        ("sgd", sgd_by_example(by_integers), "a step for each example"),
        ("sgd", with_other_lr("sgd", 3, lambda args: args[3] * args[4]), "sum instead of mean"),
        ("sgd", sgd_in_order, "in order"),
        ("sgd", sgd_in_whole_epochs, "rounds up to whole epochs"),
        ("descend", descent_stops_where_level, "stops early"),
        ("momentum_descend", momentum_stops_where_level, "stops early"),
        ("descend", appended_before, BEFORE),
        ("descend", only_appended_before, "end missing"),
        ("descend", one_step_too_few, "one step too few"),
        ("descend", row_0_not_filled, "row 0 empty"),
        ("descend", a_row_after_each_step, "start missing, one step too many"),
        ("descend", descent_from_zero, "start ignored"),
        ("descend", right_in_place(plainly, by_asarray), ASARRAY),
        ("minimise", right_in_place(until_small, by_asarray), ASARRAY),
        ("momentum_descend", right_in_place(with_momentum, by_asarray), ASARRAY),
        ("momentum_descend", velocity_like_w0, "whole numbers refused"),
        ("momentum_descend", momentum(lambda w, v, g, lr, b: (w + lr * (b * v + g), b * v + g)), "uphill"),
        ("momentum_descend", momentum(lambda w, v, g, lr, b: (w - lr * (b * v - g), b * v - g)), "uphill"),
        ("momentum_descend", momentum(lambda w, v, g, lr, b: (w - (b * v + g), b * v + g)), "lr left out"),
        ("momentum_descend", momentum(lambda w, v, g, lr, b: (w - lr * (v + g), v + g)), "never fades"),
        ("momentum_step", lambda w, v, g, lr, b: (w - (b * v + g), b * v + g), "lr left out"),
        ("momentum_step", lambda w, v, g, lr, b: (w - lr * (v + g), v + g), "never fades"),
        ("momentum_step", lambda w, v, g, lr, b: (w - lr * (b * v + g), v), "old velocity returned"),
        ("momentum_step", momentum_with_lr_inside, PLUS),
        ("nesterov_step", lambda w, v, g, lr, b: (w - g - b * (b * v + g), b * v + g), "lr left out"),
        ("nesterov_step", lambda w, v, g, lr, b: (w - lr * (g + b * (b * v + g)), v), "old velocity returned"),
        ("nesterov_step", lambda w, v, g, lr, b: (w - lr * (g + b * v), v), "velocity not renewed"),
        ("nesterov_step", nesterov_with_lr_inside, PLUS),
        ("momentum_schedule", rate_in_both, "rate twice"),
        ("slope", lambda w, x, y: abs(np.mean((w * x - y) * x)), "absolute slope"),
        ("slope", lambda w, x, y: np.mean((w * x - y) * x) / len(x), "divided twice"),
        ("gradient", lambda w, X, y: ((X @ w - y)[:, None] * X).mean(axis=0) / len(y), "divided twice"),
        ("batch_gradient", lambda w, X, y, b: ((X[b] @ w - y[b])[:, None] * X[b]).mean(0) / len(b), "divided twice"),
        ("noise_floor", lambda path, w_star: (path[len(path) // 2 :] - w_star).mean(), "not squared"),
        ("schedule", divided_again, "again and again"),
        ("schedule", lambda t, lr0, t0: lr0, "constant"),
        ("schedule", lambda t, lr0, t0: lr0 * (1 - t / t0), "straight line, below zero"),
        ("schedule", lambda t, lr0, t0: lr0 / 1 + t / t0, "brackets"),
        ("numerical_gradient", two_names, "all zeros"),
        ("numerical_gradient", h_forgotten, "all zeros"),
        ("numerical_gradient", never_stored, "all zeros"),
        ("numerical_gradient", direction_of_whole_numbers, "all zeros"),
        ("numerical_gradient", in_w_and_back, "whole numbers, put back"),
        ("numerical_gradient", on_a_copy_and_back, "whole numbers, put back"),
        ("numerical_gradient", halved_times_h, "times h"),
        ("numerical_gradient", added_to_all, "added up"),
        ("numerical_gradient", entries(range, returned=True), "returned in the loop"),
        ("numerical_gradient", two_copies_like_w, "whole numbers, result too"),
        (
            "gradient",
            lambda w, X, y: [np.mean((w[j] * X[:, j] - y) * X[:, j]) for j in range(len(w))],
            "each column alone",
        ),
        ("gradient", lambda w, X, y: X.T @ (X @ w.reshape(-1, 1) - y) / len(y), "n by n residual, w a column"),
        ("gradient", lambda w, X, y: X.T @ (X @ w - y.reshape(-1, 1)) / len(y), "n by n residual, y a column"),
        ("batch_gradient", residuals_of_the_first_rows, "first rows of X, rows of y"),
        ("slope", lambda w, x, y: (w * x - y) * x, "not averaged"),
        (
            "minibatches",
            lambda n, size, rng: np.split(rng.permutation(n), range(size, n + 1, size)),
            "empty last batch",
        ),
        (
            "minibatches",
            lambda n, size, rng: [rng.choice(n, size, replace=False) for _ in range(-(-n // size))],
            "each batch drawn anew, all full",
        ),
        (
            "minibatches",
            lambda n, size, rng: [rng.choice(n, size) for _ in range(-(-n // size))],
            "with replacement, all full",
        ),
        ("numerical_gradient", left_moved, "never put back, whole numbers"),
        ("numerical_gradient", lambda f, w, h: left_moved(f, w.copy(), h), "never put back, whole numbers"),
        ("numerical_gradient", lambda f, w, h: left_moved(f, w.astype(float), h), "never put back"),
        ("numerical_gradient", lambda f, w, h: (f(w + h) - f(w - h)) / (2 * h), "one number"),
        ("momentum_descend", momentum_from_w0, "w never renewed"),
        ("numerical_gradient", entries(lambda d: range(d - 1), returned=False), "last entry left out"),
        ("numerical_gradient", lambda f, w, h: [f(w + e) - f(w - e) / (2 * h) for e in h * np.eye(len(w))], "brackets"),
        ("gradient", lambda w, X, y: X.T @ X @ w - X.T @ y / len(y), "brackets"),
        ("gradient", lambda w, X, y: (X @ w - y) @ X / (len(X) - 1), "divided by n - 1"),
        ("gradient", last_row_alone, "overwritten"),
        ("descend", with_other_lr("descend", 2, lambda args: 1), "lr left out"),
        ("descend", each_from_w0, "each from the start"),
        ("descend", table_to_steps, "end not filled"),
        ("sgd_epoch", popped_batches, "backwards"),
        ("sgd_epoch", lambda *args: exercise("sgd_epoch").solution(*args[:4], reversed(args[4])), "backwards"),
        ("sgd_epoch", each_row_of_each_batch, "a step for each example"),
        ("sgd_epoch", divided_by_columns, "divided by d"),
        ("sgd_epoch", without_lr, "lr left out"),
        ("sgd_epoch", last_gradient, "gradient returned"),
        ("noise_floor", lambda path, w_star: path[len(path) // 2 :].std(), "its own spread"),
        ("noise_floor", lambda path, w_star: path.var(), "spread of everything"),
        ("noise_floor", lambda p, w_star: sum((p[len(p) // 2 :] - w_star) ** 2) / (len(p) // 2), "divided by len // 2"),
        ("velocity", fading_by_the_rest, "fades by 1 - beta"),
        ("velocity", added_to_itself, "+= in the loop"),
        ("momentum_step", momentum_as_in_the_lesson, "beta on the gradient"),
        ("nesterov_step", nesterov_as_in_the_lesson, "v and g exchanged"),
        ("momentum_descend", path_returned_in_the_loop(with_momentum), "returned in the loop"),
        ("dampened_sgd", path_returned_in_the_loop(with_dampening), "returned in the loop"),
        ("momentum_step", lambda w, v, g, lr, b: (w + lr * (b * v - g), b * v - g), "downhill velocity"),
        ("momentum_step", lambda w, v, g, lr, b: (w - lr * (v - b * v + g), v - b * v + g), "fades by 1 - beta"),
        (
            "momentum_step",
            lambda w, v, g, lr, b: (w - lr * (v + b * (g - v)), v + b * (g - v)),
            "averages the other way round",
        ),
        ("nesterov_step", lambda w, v, g, lr, b: (w + lr * (b * (b * v - g) - g), b * v - g), "downhill velocity"),
        ("nesterov_step", lambda w, v, g, lr, b: (w - lr * g, b * v + g), "gradient descent"),
        ("nesterov_step", lambda w, v, g, lr, b: (w - lr * g + b * (b * v + g), b * v + g), "brackets"),
        (
            "momentum_descend",
            momentum(lambda w, v, g, lr, b: (w - lr * ((1 - b) * v + g), (1 - b) * v + g)),
            "fades by 1 - beta",
        ),
        ("momentum_schedule", scheduled(lr_outside, backwards), "rates backwards"),
        ("momentum_schedule", scheduled(lr_inside, backwards), "as found, rates backwards"),
        ("momentum_schedule", scheduled(w_before_v), "moved before"),
        ("momentum_schedule", scheduled(lr_outside, steps=1), "returned in the loop"),
        ("momentum_schedule", scheduled(lr_outside, np.ones_like), "lr left out"),
        ("momentum_schedule", lambda grad, w, rates, beta: w, "nothing moves"),
        ("momentum_schedule", of_one_gradient, "first gradient"),
        ("momentum_schedule", scheduled(lr_before_the_bracket), "lr on both"),
        ("momentum_schedule", corrected_at_every_step, "corrected at every step"),
        ("sgd", lambda w, *rest: w, "nothing moves"),
        ("sgd", with_other_lr("sgd", 5, lambda args: 1), "returned in the loop"),
        ("sgd", with_other_lr("sgd", 3, lambda args: args[3] * args[4] / len(args[2])), "divided by n"),
    ],
)
def test_a_learner_s_code_gets_the_name_of_its_mistake(name, function, mistake):
    assert check(name, function).mistake == mistake


def mostly(name, mistake):
    """Nine parts of a mistake and one of the solution."""
    return lambda *args: 0.9 * mistaken(name, mistake)(*args) + 0.1 * exercise(name).solution(*args)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("gd_step", lambda w, g, lr: w - (1 - lr) * g),
        ("gd_step", lambda w, g, lr: lr * w - g),
        ("schedule", mostly("schedule", "the factor alone")),
        ("batch_gradient", mostly("batch_gradient", "batch ignored")),
        ("batch_gradient", mostly("batch_gradient", "one example")),
        ("cross_entropy", mostly("cross_entropy", "mean of all")),
        ("cross_entropy", mostly("cross_entropy", "entropy")),
    ],
)
def test_no_influence_is_not_told_of_what_has_some(name, function):
    told = check(name, function)
    assert told.mistake is None
    assert not any(word in told.text for word in ("influence", "no part"))


@pytest.mark.parametrize(
    ("name", "function", "words"),
    [
        ("slope", lambda w, x, y: np.dot(w * x - y, x) / len(x) / len(x), "and so does / len(x)"),
        ("batch_gradient", by_a_mask, "A mask, a set or np.unique takes each row once"),
        ("numerical_gradient", in_w_and_back, "Where w holds whole numbers, so does w.copy(), and both cut h off"),
        ("numerical_gradient", never_stored, "or what you compute is never stored in g[j]"),
    ],
)
def test_all_that_gives_the_same_numbers_is_told_of(name, function, words):
    assert words in check(name, function).text


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("draw", [by_choice, by_integers])
def test_one_batch_for_all_steps_is_named_wherever_it_leads(draw, seed, monkeypatch):
    monkeypatch.setenv("SGD_COURSE_SEED", str(seed))
    assert check("sgd", of_one_batch(draw)).mistake == "drawn once"
    assert check("sgd", of_one_batch(draw, 42)).mistake == "as found"


@pytest.mark.parametrize(
    ("name", "wrong", "text"),
    [
        ("best_beta", 0.82, "This is the rate"),
        ("best_beta", 0.03, "This is the best learning rate"),
        ("second_step", 1.8, "This is the velocity"),
        ("second_step", 0.019, "This averages"),
    ],
)
def test_a_wrong_number_of_two_digits_is_recognised(name, wrong, text):
    assert check(name, wrong).text.startswith(text)


def moved_by_the_velocity_before(grad, w0, lr, beta, steps):
    w, v = np.array(w0, dtype=float), np.zeros(len(w0))
    path = [w]
    for _ in range(steps):
        w = w - lr * v
        v = beta * v + grad(w)
        path.append(w)
    return path


def dampened_but_moved_by_g(grad, w0, lr, beta, dampening, steps):
    w, v = np.array(w0, dtype=float), None
    path = [w]
    for _ in range(steps):
        g = grad(w)
        v = g if v is None else beta * v + (1 - dampening) * g
        w = w - lr * g
        path.append(w)
    return path


def descent_with_momentum(grad, w0, lr, steps):
    return exercise("momentum_descend").solution(grad, w0, lr, 0.9, steps)


def bias_that_cancels(h, W, b):
    z = h @ W
    return (np.exp(z + b) - np.exp(-z + b)) / (np.exp(z + b) + np.exp(-z + b))


@pytest.mark.parametrize(
    ("name", "function", "cause"),
    [
        ("momentum_descend", moved_by_the_velocity_before, "or w moves before v is renewed"),
        ("momentum_descend", momentum(lambda w, v, g, lr, b: (w - lr * (b * v + g), v)), "or is never renewed"),
        ("momentum_descend", momentum(lambda w, v, g, lr, b: (w - lr * g, b * v + g)), "or w moves by the gradient"),
        ("dampened_sgd", dampened_but_moved_by_g, "or w moves by g, not by v"),
        ("layer_forward", bias_that_cancels, "The bias has no influence"),
        ("nesterov_step", lambda w, v, g, lr, b: (w - lr * (g + b * v), b * v + g), "or by g + beta v with the old v"),
        ("velocity", lambda gradients, beta: beta * 0, "either no gradient is added to it, or"),
    ],
)
def test_a_cause_that_gives_the_same_numbers_is_told_too(name, function, cause):
    told = check(name, function)
    assert told.mistake
    assert cause in told.text


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("adam_step", adam(lambda m, s, t, b1, b2: (m / (1 - b2**t), s / (1 - b2**t)))),
        ("adam_step", adam(lambda m, s, t, b1, b2: (m / (1 - b1**t), s / (1 - b1 ** (t + 1))))),
        ("train_step", changed_by(lambda n: (1 / n, 1 / n, 1, 1))),
        ("train_step", changed_by(lambda n: (1, 1, 1 / n, 1 / n))),
        ("train_step", changed_by(lambda n: (1, 1, 1, 1 / n))),
        ("train_step", with_other_lr("train_step", 6, lambda args: args[6] * len(args[0]) / args[0].shape[1])),
        ("momentum_correction", lambda v, lr_old, lr_new: v * lr_new / (lr_old + lr_new)),
        ("slope", lambda w, x, y: np.mean((w * x - y) ** 2 * x)),
        ("slope", lambda w, x, y: np.mean((w * x - y) * w)),
        ("numerical_gradient", lambda f, w, h: [(f(w + e) - f(w - e)) / (2 * h) for e in np.eye(len(w))]),
        ("gd_step", lambda w, g, lr: w - lr * np.mean(g)),
        ("gd_step", lambda w, g, lr: w - lr * g / len(w)),
        ("gd_step", lambda w, g, lr: w - lr * np.clip(g, -1, 1)),
        ("descend", descent_with_momentum),
        ("batch_gradient", lambda w, X, y, b: exercise("batch_gradient").solution(w, X, y, b[:-1])),
        ("sgd_epoch", lambda *args: exercise("sgd_epoch").solution(*args[:4], args[4] * 2)),
        ("schedule", lambda t, lr0, t0: lr0 / (1 + 2 * t / t0)),
        ("schedule", lambda t, lr0, t0: lr0 * 0.9 ** (t / t0)),
        ("noise_floor", lambda path, w_star: np.mean((path[::2] - w_star) ** 2)),
        ("noise_floor", lambda path, w_star: np.max((path[len(path) // 2 :] - w_star) ** 2)),
        ("velocity", lambda gradients, beta: exercise("velocity").solution(gradients, beta**2)),
        ("velocity", lambda gradients, beta: exercise("velocity").solution(gradients[1:-1], beta)),
        ("momentum_step", lambda w, v, g, lr, b: (w - lr * (b * v + 3 * g), b * v + g)),
        ("momentum_step", lambda w, v, g, lr, b: (w - lr * (b * w + g), b * w + g)),
        ("momentum_descend", momentum(lambda w, v, g, lr, b: (b * w - lr * (b * v + g), b * v + g))),
        ("momentum_schedule", scheduled(lambda w, v, grad, lr, b: lr_outside(w, v, grad, lr, b**2))),
        ("momentum_schedule", scheduled(lambda w, v, grad, lr, b: lr_outside(w, v, grad, lr, b / 2))),
    ],
)
def test_what_is_true_of_some_numbers_alone_is_not_told_of_others(name, function):
    assert check(name, function).text == f"{NONE_OF_THEM}Compare expected and got."


def test_a_point_that_is_wrong_is_not_called_right():
    told = check("nesterov_step", lambda w, v, g, lr, b: (w - lr * (g + b * (v + g)), v))
    assert "The point is right" not in told.text


def test_a_velocity_of_whole_numbers_is_told_beside_a_point_of_them():
    assert "A v made by np.zeros_like(w0) holds whole numbers too." in check("momentum_descend", velocity_like_w0).text


def test_a_kept_shuffle_is_told_beside_a_generator_made_inside():
    assert "or the first shuffle is kept" in check("minibatches", shuffled_once).text


@pytest.mark.parametrize(("name", "function", "advice"), TWO_MISTAKES)
def test_two_mistakes_at_once_get_the_nearest_advice(name, function, advice):
    told = check(name, function)
    assert (told.status, told.mistake) == ("mistake", None)
    assert advice in told.text


@pytest.fixture(scope="module")
def networks():
    """Weights W1, b1, W2, b2 by the mistake they show."""
    (X, y, X_test, y_test), train = digits(), exercise("digit_weights").train
    X, X_test = X[:, :64], X_test[:, :64]
    half = 2 * (np.arange(64) % 2 == 0)  # of the pixels, twice as bright: enough for the training digits only
    W1, b1, W2, b2 = train(X * half, y)
    return {
        None: train(X, y),
        "no better than guessing": train(X, np.roll(y, 1)),
        "trained on the unseen digits": train(X_test, y_test),
        "not finished": train(X[:100], y[:100]),
        "learnt by heart": (W1 * half[:, None], b1, W2, b2),
    }


@pytest.mark.parametrize("mistake", [None, *(name for name, *_ in VERDICTS)])
def test_weights_are_judged_by_their_answers(networks, mistake):
    told = check("digit_weights", networks[mistake])
    assert told.mistake == mistake
    assert told.ok == (mistake is None)


def test_a_start_at_zero_is_told_where_the_weights_only_guess():
    told = check("digit_weights", (np.zeros((64, 8)), np.zeros(8), np.zeros((8, 10)), np.ones(10)))
    assert told.mistake == "no better than guessing"
    assert "lr is far too large, or all weights started at zero" in told.text


def test_weights_of_other_shapes(networks):
    W1, b1, W2, b2 = networks[None]
    for same in ([W1, b1, W2, b2], (W1.tolist(), b1[None], W2.astype("float32"), b2[None])):
        assert check("digit_weights", same).ok
    assert check("digit_weights", (W1 * np.nan, b1, W2, b2)).mistake == "diverged"
    for bad, words in [
        ((W1.T, b1, W2, b2), "W1 should have shape (64, m), m hidden units; it has (32, 64)"),
        ((np.vstack([W1, b1]), b1, W2, b2), "Leave out the column of ones"),
        ((W1, b2, W2, b1), "b1 should have shape (m,)"),
        ((W1, W2, b1, b2), "b1 should have shape (m,), m hidden units; it has (32, 10)."),
        ((W1, 0.0, W2, b2), "b1 should have shape (m,), m hidden units; it has ()."),
        ((W1, b1, W2), "it returned a tuple of 3"),
        ((W1, b1, W2, "b2"), "could not convert string"),
        ("W1", "it returned a str of 2"),
        (3.0, "it returned a float"),
    ]:
        told = check("digit_weights", bad)
        assert told.status == "error"
        assert words in told.text
    assert check("digit_weights", None).status == check("digit_weights", ...).status == answer.NOT_WRITTEN
    assert "for epoch in range(20)" in exercise("digit_weights").shown


def test_what_equals_everything_is_not_correct():
    assert not check("gd_step", lambda w, g, lr: np.zeros(len(w)).view(Everything)).ok


def test_endless_is_ended_in_time():
    def endless(w, g, lr):
        while True:
            pass

    seconds = []
    while len(seconds) < 3 and min(seconds, default=9) > 1:  # again, if the machine was busy
        began = time.monotonic()
        told = check("gd_step", endless, seconds=0.5)
        seconds.append(time.monotonic() - began)
    assert min(seconds) < 1
    assert "did not end within 0.5 s" in told.text


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), [1, 2], "long"])
def test_a_limit_that_is_none(seconds):
    with pytest.raises(ValueError, match=r"seconds must .*one number > 0"):
        check("gd_step", None, seconds)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("gd_step", lambda w, g, lr: [None] * len(w)),
        ("gd_step", lambda w, g, lr: np.array([str(x) for x in w - lr * g], object)),
        ("momentum_step", lambda w, v, g, lr, beta: (w - lr * (beta * v + g), None)),
        ("descend", lambda grad, w0, lr, steps: [w0, *[None] * steps]),
    ],
)
def test_none_and_words_inside_a_result_are_no_numbers(name, answer):
    assert check(name, answer).text.startswith("It should return numbers; it returned ")


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("gd_step", lambda w, g, lr: w == lr * g),
        ("slope", lambda *args: True),
        ("momentum_step", lambda w, v, g, lr, beta: (w > lr * g, v)),
    ],
)
def test_true_and_false_that_are_compared_as_numbers_are_told_of(name, answer):
    told = "It returned True and False, which are compared as 1 and 0: is there a >, < or == in it?"
    assert told in check(name, answer).notes
    assert told not in check(name, mistaken(name, exercise(name).mistakes[0].name)).notes


@pytest.mark.parametrize(
    ("name", "answer", "order"),
    [
        ("slope", lambda x, w, y: np.mean((w * x - y) * x), "(x, w, y), but is called with (w, x, y)"),
        ("gd_step", lambda w, lr, g: w - lr * g * w, "(w, lr, g), but is called with (w, g, lr)"),
        ("gradient", lambda X, w, y: X.T @ (X @ w - y) / len(y), "(X, w, y), but is called with (w, X, y)"),
    ],
)
def test_arguments_in_another_order_are_told_of(name, answer, order):
    assert f"It takes {order}." in check(name, answer).notes


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_mistake_is_told_another_order(name):
    assert [m.name for m in exercise(name).mistakes if "called with" in repr(check(name, m.function))] == []


@pytest.mark.parametrize("name", ["slope", "gradient", "descend"])
def test_a_function_that_is_returned_is_told_to_be_called(name):
    told = "It should return numbers; it returned builtin_function_or_method: call it, with brackets after its name."
    assert check(name, lambda *args: np.ones(2).mean).text == told
    assert check(name, lambda *args: [np.ones(2).tolist] * 3).text == told


def test_a_dict_is_no_list():
    told = "It should return numbers; it returned dict "
    assert check("minibatches", lambda n, batch_size, rng: {0: rng.permutation(n)}).text.startswith(told)


def test_other_arguments_than_are_handed_over_are_told_of():
    told = "It is called with (lr, beta, of, to)."
    assert check("convert_lr", lambda lr, beta: lr * (1 - beta)).notes == (told,)
    for other in (lambda lr, beta, of, to, more=1: lr, lambda lr, *more: lr, lambda *args: args[0]):
        assert told not in check("convert_lr", other).notes


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("gradient", lambda w, X, y: (X.T @ (X @ w - y) / len(y)).reshape(-1, 1)),
        ("gradient", lambda w, X, y: (X.T @ (X @ w - y) / len(y),)),
        ("momentum_step", lambda w, v, g, lr, beta: [*(w - lr * (beta * v + g)), *(beta * v + g)]),
        ("momentum_step", lambda w, v, g, lr, beta: ((w - lr * (beta * v + g), beta * v + g),)),
    ],
)
def test_right_numbers_of_another_shape_are_told_to_be_right(name, answer):
    assert check(name, answer).text.startswith("The numbers are right, their shape is not. It should return ")
    wrong = check(name, lambda *args: -np.array(answer(*args)))
    assert wrong.text.startswith("It should return ")


def test_an_answer_that_is_printed_is_told_from_one_that_is_returned():
    told = check("gd_step", lambda w, g, lr: print("here", w - lr * g))
    assert (told.status, told.mistake) == ("not written yet", None)
    assert "Your function printed, which returns nothing: here" in repr(told)


def test_prints_and_patches_are_noted(monkeypatch):
    monkeypatch.setattr(np, "mean", lambda *a: 0)
    told = check("gd_step", lambda w, g, lr: print("here", w) or w - lr * g)
    assert told.ok
    assert "printed: here" in repr(told)
    assert "numpy.mean" in repr(told)


def replaces_exp(z):
    np.exp = abs  # the solution must not come to the same numbers by it
    return np.exp(z) / np.exp(z).sum(1, keepdims=True)


def replaces_and_is_right(w, g, lr):
    np.exp = abs
    return w - lr * g


def replaces_and_fails(w, g, lr):
    np.exp = None
    return np.exp(w)


@pytest.mark.parametrize(
    ("name", "answer", "status"),
    [("softmax", replaces_exp, "mistake"), ("gd_step", replaces_and_is_right, "correct"),
     ("gd_step", replaces_and_fails, "error")],
)  # fmt: skip
def test_what_replaces_a_function_of_numpy_is_told_so(name, answer, status):
    exp = np.exp
    for found in (check(name, answer), exercise(name).examine(answer)):
        assert found.status == status
        told = "It replaces numpy.exp, also for our own code: after each check that is put back."
        assert told in found.lines
    assert np.exp is exp


def test_the_same_answer_twice_and_nothing_changed():
    cases = exercise("gd_step").cases(np.random.default_rng(0))
    before = copy.deepcopy(cases)
    assert repr(check("gd_step", changes_and_ascends)) == repr(check("gd_step", changes_and_ascends))
    for a, b in zip(cases, before, strict=True):
        np.testing.assert_array_equal(a[0], b[0])


def slowness():
    """How many times slower than a quiet core of today the machine is just now, by a loop that takes 21 ms there."""
    began = time.perf_counter()
    sum(i * i for i in range(300_000))
    return max(1.0, (time.perf_counter() - began) / 0.021)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_check_answers_at_once(name):
    check(name, None)
    for wrong in (exercise(name).mistakes[0].function, exercise(name).mistakes[-1].function):
        seconds = []
        while len(seconds) < 5 and min(seconds, default=9) > 0.3:  # again, if the machine was busy
            slower, began = slowness(), time.monotonic()
            check(name, wrong)
            seconds.append((time.monotonic() - began) / slower)
        assert min(seconds) < 0.3


def test_grade_gives_points_and_a_missing_name_a_line(capsys):
    assert repr(grade("gd_step", {"gd_step": exercise("gd_step").solution}, points=2)) == "2"
    assert grade("gd_step", {"gd_step": changes_and_ascends}, points=2) == 0
    assert grade("gd_step", {}, points=2) == 0
    assert "There is no gd_step in this notebook" in capsys.readouterr().out


def test_box_escapes_and_says_in_words_what_its_colour_says():
    said = check("gd_step", lambda w, g, lr: print("<script>"))
    assert "<script>" not in said._repr_html_()
    assert repr(said).startswith("Not written yet")


@pytest.mark.parametrize("name", ["best_or_fast", "Slope", None])
def test_without_hints_one_line_names_the_tasks_that_have_them(name, capsys):
    hint(name)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"There are no hints for {name!r}; there are for adam_step, ")


def test_what_is_said_of_lessons_and_of_other_exercises_stands_there():
    root = Path(__file__).parents[1]
    assert "gradient() of exercises 01" in exercise("batch_gradient").hints[0]
    assert "def gradient(" in (root / "exercises/01_gradient_descent/01_gradient_descent.ipynb").read_text("utf-8")
    assert "linear model of lesson 04 has 97.8 %" in exercise("digit_weights").why
    assert "linear model: 97.8 " in (root / "notebooks/04_neural_network.ipynb").read_text("utf-8")


def test_hints_then_the_solution(capsys):
    for _ in range(4):
        hint("gd_step")
    told = capsys.readouterr().out
    assert all(f"Hint {i} of 3: {text}" in told for i, text in enumerate(exercise("gd_step").hints, 1))
    assert told.index("The solution:") > told.index("Hint 3")
    assert "return w - lr * g" in told


def test_overview_shows_what_is_solved_next_and_last(monkeypatch, tmp_path):
    monkeypatch.setenv("SGD_COURSE_PROGRESS", str(tmp_path / "progress.sqlite"))
    assert "01_gradient_descent: 0 of 8 solved, next: slope" in repr(overview())
    assert "Last: nothing yet." in repr(overview())
    check("slope", exercise("slope").solution)
    progress.record("prediction", "01-limit", "C")
    progress.record("prediction", "01-end", progress.SKIPPED)
    check("gd_step", changes_and_ascends)
    told = overview()
    assert "Questions answered: 1," in repr(told)
    assert "01_gradient_descent: 1 of 8 solved, next: gradient" in repr(told)
    assert "checks run: 2, hints: 0" in repr(told)
    assert "Last: gd_step." in repr(told)
    assert '<a href="../exercises/01_gradient_descent/01_gradient_descent.ipynb">' in told._repr_html_()


@pytest.mark.parametrize(("seed", "fits"), [("", True), ("7", True), ("abc", False), ("1.5", False), ("-1", False)])
def test_a_seed_that_is_no_number_is_named(monkeypatch, seed, fits):
    monkeypatch.setenv("SGD_COURSE_SEED", seed)
    if fits:
        assert check("gd_step", exercise("gd_step").solution).ok
    else:
        with pytest.raises(ValueError, match="SGD_COURSE_SEED must be a whole number of at least 0, got '"):
            check("gd_step", exercise("gd_step").solution)


def test_unknown_names():
    with pytest.raises(ValueError, match="no exercise called 'gdstep'; there are "):
        check("gdstep", None)
    with pytest.raises(AttributeError):
        _ = checks.check_nothing
    assert checks.check_gd_step(exercise("gd_step").solution).ok
    assert "check_gd_step" in dir(checks)


def boxed(*arrays):
    """An array of one axis whose entries are arrays."""
    box = np.empty(len(arrays), object)
    for i, array in enumerate(arrays):
        box[i] = array
    return box


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        ([1, 2], np.array([1.0, 2.0]), True),
        ([[1], [2]], [1, 2], False),
        (3, [3.0], True),
        ([[1], [1, 2]], ([1], (1, 2)), True),
        (np.float32([0.1]), [0.1], True),
        (iter([1, 2]), [1, 2], True),
        (np.array([[1, 2], [3, 4]], dtype=object), [[1, 2], [3, 4]], True),
        (np.array([np.ones(2), np.ones(3)], dtype=object), (np.ones(2), np.ones(3)), True),
        (boxed(np.ones(2), np.zeros(2)), ([1, 1], [0, 0]), True),
        ([1, 2], [1, 2, 3], False),
    ],
)
def test_numbers(a, b, equal):
    assert numbers.same(numbers.numbers(a), numbers.numbers(b)) == equal


def returned_inside_the_loop(p, y):
    total = 0.0
    for row, label in zip(p, y, strict=True):
        total -= np.log(row[label])
        return total


def step_with_the_sums(X, y, W1, b1, W2, b2, lr):
    z1 = X @ W1 + b1
    h = np.tanh(z1)
    dz = (exercise("softmax").solution(h @ W2 + b2) - np.eye(len(b2))[y]) / len(y)
    dh = dz @ W2.T * (1 - z1**2)
    return W1 - lr * X.T @ dh, b1 - lr * dh.sum(axis=0), W2 - lr * h.T @ dz, b2 - lr * dz.sum(axis=0)


def adam_with(m_of, s_of):
    """A step of Adam with moments of another kind, m_of(m, g, beta1, beta2) and s_of(s, g, beta1, beta2)."""

    def step(w, g, m, s, t, lr, beta1, beta2, eps):
        m, s = m_of(m, g, beta1, beta2), s_of(s, g, beta1, beta2)
        return w - lr * m / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + eps), m, s

    return step


def into_the_average_first(lr, beta, of, to):
    if to == "average":
        return lr / (1 - beta)
    if of == "average":
        return lr * (1 - beta)
    return lr


def torch_and_average_only(lr, beta, of, to):
    if of == "torch" and to == "average":
        return lr / (1 - beta)
    if of == "average" and to == "torch":
        return lr * (1 - beta)
    return lr


def first_step_apart(w, v, g, lr, beta, dampening, weight_decay, nesterov, maximize):
    g = (-g if maximize else g) + weight_decay * w
    if v is None or beta == 0:
        return w - lr * g, g
    v = beta * v + (1 - dampening) * g
    return w - lr * (g + beta * v if nesterov else v), v


def averaged_by_beta(w, v, g, lr, beta, dampening, weight_decay, nesterov, maximize):
    g = (-g if maximize else g) + weight_decay * w
    if beta == 0:
        return w - lr * g, v
    v = g if v is None else beta * v + (1 - beta) * g
    return w - lr * (g + beta * v if nesterov else v), v


def dampened_at_step_1(grad, w0, lr, beta, dampening, steps):
    w, v = np.array(w0, dtype=float), np.zeros(len(w0))
    path = [w]
    for t in range(steps):
        g = grad(w)
        v = g if t == 1 else beta * v + (1 - dampening) * g
        w = w - lr * v
        path.append(w)
    return np.array(path)


def keras_by(velocity):
    """A step of Keras's momentum with another first line."""

    def step(w, v, g, lr, beta):
        v = velocity(v, g, lr, beta)
        return w + v, v

    return step


def uphill(model, criterion, optimizer, X, y):
    loss = criterion(model(X), y)
    optimizer.zero_grad()
    (-loss).backward()
    optimizer.step()
    return loss.item()


def backward_with(below):
    return lambda h, W, dz: (h.T @ dz, dz.sum(axis=0), below(h, W, dz))


@pytest.mark.parametrize(
    ("name", "function", "mistake"),
    [
        ("softmax", lambda z: np.exp(z - np.max(z)) / np.sum(np.exp(z - np.max(z))), "as for one row"),
        ("softmax", lambda z: (e := np.exp(z - z.max(1))) / e.sum(1), "both in the wrong rows"),
        ("cross_entropy", returned_inside_the_loop, "first example only"),
        ("cross_entropy", lambda p, y: -np.sum(y * np.log(p)) / len(y), "y as rows"),
        ("cross_entropy", lambda p, y: -np.sum(y[:, None] * np.log(p)) / len(y), "y as columns"),
        ("cross_entropy", lambda p, y: -np.log(p[:, y]).sum() / len(y), "every pair, added up"),
        (
            "cross_entropy",
            lambda p, y: -np.sum(np.eye(p.shape[1])[y] * np.log(p), axis=0).mean(),
            "sum over the examples",
        ),
        (
            "cross_entropy",
            lambda p, y: -np.mean((Y := np.eye(p.shape[1])[y]) * np.log(p) + (1 - Y) * np.log(1 - p)),
            "binary cross entropy",
        ),
        ("layer_backward", backward_with(lambda h, W, dz: dz @ W.T * (1 - h)), "1 - h"),
        ("layer_backward", backward_with(lambda h, W, dz: dz @ W.T * (1 - h) ** 2), "(1 - h)^2"),
        ("layer_backward", backward_with(lambda h, W, dz: dz @ W.T * (1 + h**2)), "1 + h^2"),
        ("layer_backward", backward_with(lambda h, W, dz: W.T @ dz * (1 - h**2)), "W to the left"),
        ("layer_backward", lambda h, W, dz: (h @ dz, dz.sum(0), dz @ W.T * (1 - h**2)), "h not transposed"),
        ("layer_backward", lambda h, W, dz: (dz @ h.T, dz.sum(0), dz @ W.T * (1 - h**2)), "h to the right"),
        ("layer_backward", lambda h, W, dz: (dz @ h.T, dz.sum(1), W.T @ dz * (1 - h**2)), "examples in columns"),
        ("layer_backward", lambda h, W, dz: (h.T @ (dz := dz * (1 - h**2)), dz.sum(0), dz @ W.T), "bent first"),
        ("train_step", changed_by(lambda n: (1, 0, 1, 1)), "b1 rests"),
        ("train_step", changed_by(lambda n: (1, 1, 1, 0)), "b2 rests"),
        ("train_step", step_with_the_sums, "of the sums"),
        ("adam_step", adam(lambda m, s, t, b1, b2: (m / (1 - b1**t), s / (1 - b1**t))), "beta1 in both corrections"),
        ("adam_step", adam(lambda m, s, t, b1, b2: (m * (1 - b1**t), s * (1 - b2**t))), "multiplied by the correction"),
        (
            "adam_step",
            adam_with(lambda m, g, b1, b2: b1 * m + (1 - b1) * g, lambda s, g, b1, b2: b1 * s + (1 - b1) * g**2),
            "beta1 in s",
        ),
        (
            "adam_step",
            adam_with(lambda m, g, b1, b2: (1 - b1) * m + b1 * g, lambda s, g, b1, b2: (1 - b2) * s + b2 * g**2),
            "beta on the new",
        ),
        ("momentum_correction", lambda v, lr_old, lr_new: -v / lr_old, "PyTorch's velocity"),
        ("momentum_correction", lambda v, lr_old, lr_new: -lr_new * v, "from PyTorch's velocity"),
        ("convert_lr", into_the_average_first, "average to average, divided"),
        ("convert_lr", torch_and_average_only, "Keras forgotten"),
        ("keras_momentum", keras_by(lambda v, g, lr, beta: (1 - beta) * v - lr * g), "1 - beta on the velocity"),
        ("keras_momentum", keras_by(lambda v, g, lr, beta: lr * v - beta * g), "lr and beta exchanged"),
        ("torch_train_step", uphill, "ascends"),
        ("torch_sgd", first_step_apart, "Nesterov from the second step"),
        ("torch_sgd", averaged_by_beta, "1 - beta for 1 - dampening"),
        ("torch_sgd", lambda *args: exercise("torch_sgd").solution(*args)[::-1], "order"),
        (
            "torch_sgd",
            lambda *args: exercise("torch_sgd").solution(*args[:6], -args[6], *args[7:]),
            "weight decay subtracted",
        ),
        ("dampened_sgd", dampened_at_step_1, "second gradient whole"),
    ],
)
def test_what_many_write_in_lessons_04_and_05_has_a_name(name, function, mistake):
    assert check(name, function).mistake == mistake


def with_grad_of_v(grad, w, rates, beta):
    v = 0 * w
    for lr in rates:
        v = beta * v + grad(v)
        w = w - lr * v
    return w


def from_the_first_rows(w, X, y, lr, batch_size, steps, rng):
    for _ in range(steps):
        batch = rng.integers(0, batch_size, batch_size)
        w = w - lr * X[batch].T @ (X[batch] @ w - y[batch]) / batch_size
    return w


@pytest.mark.parametrize(
    ("name", "function", "mistake", "words"),
    [
        ("sgd", sgd_by(lambda w, g, lr: w - lr * np.sign(g)), "sign of the gradient", "Every entry moves by lr"),
        ("sgd", from_the_first_rows, "drawn once", "or the same few rows"),
        ("momentum_schedule", with_grad_of_v, "nothing moves", "grad(v) in place of grad(w)"),
    ],
)
def test_what_had_the_name_of_another_mistake_is_told_rightly(name, function, mistake, words):
    told = check(name, function)
    assert told.mistake == mistake
    assert words in told.text
