"""Wrong runs of momentum that several tasks know: the rule or the velocity's start is another one."""

import numpy as np

from course_utils.checks.task import Exact


def each_step(rule):
    """The loop with another step; `rule` turns (w, v, g, lr, beta) into the next (w, v)."""
    return path(lambda w, v, grad, lr, beta: rule(w, v, grad(w), lr, beta))


def path(rule, start=np.zeros_like):
    """momentum_descend with another step, rule(w, v, grad, lr, beta), its velocity begun at start(w0)."""

    def wrong(grad, w0, lr, beta, steps):
        rows = [np.array(w0, dtype=float)]
        v = start(rows[0])
        for _ in range(steps):
            w, v = rule(rows[-1], v, grad, lr, beta)
            rows.append(w)
        return np.array(rows)

    return wrong


def end(rule, start=np.zeros_like):
    """momentum_schedule with another step, rule(w, v, grad, lr, beta), its velocity begun at start(w)."""

    def wrong(grad, w, rates, beta):
        v = start(w)
        for lr in rates:
            w, v = rule(w, v, grad, lr, beta)
        return w

    return wrong


def renewed(velocity):
    """The step with another velocity(v, g, beta)."""

    def rule(w, v, grad, lr, beta):
        v = velocity(v, grad(w), beta)
        return w - lr * v, v

    return rule


def at_v(w, v, grad, lr, beta):
    v = beta * v + grad(v)
    return w - lr * v, v


def ahead(w, v, grad, lr, beta):
    v = beta * v + grad(w - lr * beta * v)
    return w - lr * v, v


def and_gradient(w, v, grad, lr, beta):
    g = grad(w)
    v = beta * v + g
    return w - lr * (g + v), v


def rescaled_too(grad, w, rates, beta):
    v, before = 0 * w, rates[0]
    for lr in rates:
        v = beta * v * lr / before + grad(w)
        w, before = w - lr * v, lr
    return w


plain = renewed(lambda v, g, beta: beta * v + g)
RESTS = "The ball is at rest before the first step: the velocity starts at 0 in every entry."
# (name, advice, step, start of the velocity)
WRONG = [
    ("velocity starts at w", f"Your velocity starts at w, the point. {RESTS}", plain, np.copy),
    ("velocity starts at 1", f"Your velocity starts at 1. {RESTS}", plain, np.ones_like),
    (
        "beta on the gradient",
        "beta stands at the gradient, and the old velocity never fades. Which of the two does it belong to?",
        renewed(lambda v, g, beta: v + beta * g),
        np.zeros_like,
    ),
    (
        "averages the other way round",
        "beta stands at the gradient and 1 - beta at the velocity. The gradient enters whole, and what is left of the "
        "old velocity is beta times as much.",
        renewed(lambda v, g, beta: (1 - beta) * v + beta * g),
        np.zeros_like,
    ),
    (
        "+= in the velocity",
        "+= keeps the old v whole, and beta v is added to it. What is left of the old v is beta v alone: v = ...",
        renewed(lambda v, g, beta: v + beta * v + g),
        np.zeros_like,
    ),
    (
        "sign of the old velocity",
        "The old velocity enters with a minus: your ball turns round at each step. It should go on, slower.",
        renewed(lambda v, g, beta: g - beta * v),
        np.zeros_like,
    ),
    (
        "gradient ahead",
        "The gradient is asked for ahead of the ball: that is Nesterov's method. Momentum asks for it at w.",
        ahead,
        np.zeros_like,
    ),
    (
        "gradient in the step too",
        "The gradient is in the velocity already, and your step takes it once more. w moves by the velocity alone.",
        and_gradient,
        np.zeros_like,
    ),
]
AT_V = Exact(
    "gradient at v", "The gradient is asked for at v. The slope is wanted where the ball is, at w.", path(at_v)
)
PATHS = [AT_V, *(Exact(name, advice, path(*run)) for name, advice, *run in WRONG)]
ENDS = [Exact(name, advice, end(*run)) for name, advice, *run in WRONG] + [
    Exact(
        "never fades",
        "The velocity never fades: what is left of the old one in each step?",
        end(renewed(lambda v, g, beta: v + g)),
    ),
    Exact(
        "beta on both",
        "beta weakens the newest gradient too. Only the old velocity is meant to fade.",
        end(renewed(lambda v, g, beta: beta * (v + g))),
    ),
    Exact(
        "last rate left out",
        "The last rate is never used: one step for each rate.",
        lambda grad, w, rates, beta: end(plain)(grad, w, rates[:-1], beta),
    ),
    Exact(
        "one step early",
        "The new rate comes one step early.",
        lambda grad, w, rates, beta: end(plain)(grad, w, [*rates[1:], rates[-1]], beta),
    ),
    Exact(
        "starts moving",
        "Your ball is moving before the first step: the velocity starts at the gradient, so that counts twice.",
        lambda grad, w, rates, beta: end(plain, lambda _: grad(w))(grad, w, rates, beta),
    ),
    Exact(
        "lr outside, and rescaled",
        "The drop acts twice on the old velocity: by lr in the step, and by the ratio of the rates. With lr outside, v "
        "holds no rate, and nothing is to be rescaled.",
        rescaled_too,
    ),
]
