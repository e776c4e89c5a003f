"""torch_sgd: one step of PyTorch's SGD with all its options."""

import numpy as np

from course_utils.checks.task import Exact, Mistake, Task

RATES = (0.1, 0.1, 0.1, 0.02, 0.02)  # a drop, since a velocity that holds lr shows only there


def torch_sgd(w, v, g, lr, beta, dampening, weight_decay, nesterov, maximize):
    g = (-g if maximize else g) + weight_decay * w
    if beta == 0:
        return w - lr * g, v
    v = g if v is None else beta * v + (1 - dampening) * g
    return w - lr * (g + beta * v if nesterov else v), v


NAMES = ("beta", "dampening", "weight_decay", "nesterov", "maximize")
OPTIONS = [  # one at a time, then together
    (0.9, 0.0, 0.0, False, False),
    (0.9, 0.4, 0.0, False, False),
    (0.9, 0.0, 0.3, False, False),
    (0.8, 0.0, 0.0, True, False),
    (0.8, 0.0, 0.0, False, True),
    (0.0, 0.4, 0.3, False, False),
    (0.0, 0.4, 0.3, False, True),
    (0.8, 0.4, 0.3, False, True),
    (0.8, 0.0, 0.3, True, True),
]


def cases(rng):
    """(curvatures, w0, and the options in their order)."""
    sizes = [2] * (len(OPTIONS) - 1) + [3]
    return [
        (rng.uniform(0.5, 2, d).round(2), rng.normal(size=d).round(2), *options)
        for d, options in zip(sizes, OPTIONS, strict=True)
    ]


def observe(call, curvatures, w, *options):
    """The path on a bowl with its minimum at 1."""
    v, path = None, [w.copy()]
    for lr in RATES:
        told = call(w, v, curvatures * (w - 1), lr, *options)
        if not isinstance(told, tuple | list | np.ndarray) or len(told) != 2:
            raise TypeError("it should return two things, (w, v)")
        w, v = np.asarray(told[0], float), told[1]
        path.append(w.copy())
    return path


def wrong(rule):
    """rule(w, v, g, lr, the other options by their names) as a function of all nine."""
    return lambda w, v, g, lr, *options: rule(w, v, g, lr, dict(zip(NAMES, options, strict=True)))


def but(**changed):
    """torch_sgd that takes other options than it is given: name=function of the one given."""
    return wrong(
        lambda w, v, g, lr, o: torch_sgd(w, v, g, lr, **o | {n: change(o[n]) for n, change in changed.items()})
    )


def dampened_without_momentum(w, v, g, lr, o):
    """The formula with beta = 0 put in: from the second step on the gradient is dampened."""
    factor = 1 - o["dampening"] if o["beta"] == 0 and v is not None else 1
    new, velocity = torch_sgd(w, v, g, factor * lr, **o)
    return new, g if o["beta"] == 0 else velocity


def decay_apart(w, v, g, lr, o):
    """AdamW's way: the weights shrink beside the step."""
    new, v = torch_sgd(w, v, g, lr, **o | {"weight_decay": 0})
    return new - lr * o["weight_decay"] * w, v


def changed(w, g, o):
    return (-g if o["maximize"] else g) + o["weight_decay"] * w


def decay_before_sign(w, v, g, lr, o):
    return torch_sgd(w, v, g + o["weight_decay"] * w, lr, **o | {"weight_decay": 0})


def keeps_the_rate(w, v, g, lr, o):
    """lr inside the velocity."""
    return torch_sgd(w, v, lr * g, 1, **o | {"weight_decay": lr * o["weight_decay"]})


def look_ahead_without_g(w, v, g, lr, o):
    new, v = torch_sgd(w, v, g, lr, **o | {"nesterov": False})
    return (w - lr * o["beta"] * v if o["nesterov"] else new), v


def look_ahead_without_decay(w, v, g, lr, o):
    new, v = torch_sgd(w, v, g, lr, **o)
    return new + lr * o["weight_decay"] * w * o["nesterov"], v


def look_ahead_kept(w, v, g, lr, o):
    """Nesterov's step handed on as the velocity."""
    new, v = torch_sgd(w, v, g, lr, **o)
    return new, (w - new) / lr if o["nesterov"] else v


def by_numbers(w, v, g, lr, beta, dampening, weight_decay, nesterov, maximize):
    sign, new, velocity = -1 if maximize else 1, [], []
    for i, (x, slope) in enumerate(zip(w, g, strict=True)):
        slope = sign * slope + weight_decay * x
        speed = slope if v is None or beta == 0 else beta * v[i] + (1 - dampening) * slope
        velocity.append(speed)
        new.append(x - lr * ((slope + beta * speed) if nesterov else speed))
    return new, velocity


def as_pytorch_reads(w, v, g, lr, beta, dampening, weight_decay, nesterov, maximize):
    """In the order of the library's own source."""
    g = -g if maximize else g
    if weight_decay:
        g = g + weight_decay * w
    if beta:
        v = g.copy() if v is None else v * beta + g * (1 - dampening)
        g = g + v * beta if nesterov else v
    return w - g * lr, v


TASK = Task(
    solution=torch_sgd,
    cases=cases,
    observe=observe,
    returns="two things, (w, v), each of the shape of w",
    given=("curvatures", "w0", *NAMES),
    mistakes=[
        Mistake(
            "first gradient dampened",
            "The first step is too short: at v = None the velocity is the gradient, whole.",
            lambda w, v, *rest: torch_sgd(w, np.zeros_like(w) if v is None else v, *rest),
        ),
        Mistake(
            "first gradient twice",
            "The first gradient counts twice: at v = None it is the velocity, nothing is added. Is there an `else`?",
            wrong(lambda w, v, g, lr, o: torch_sgd(w, changed(w, g, o) if v is None else v, g, lr, **o)),
        ),
        Mistake("dampening ignored", "The dampening has no influence.", but(dampening=lambda _: 0)),
        Mistake(
            "dampening for 1 - dampening",
            "The later gradients are multiplied by dampening; without dampening nothing of them would be left.",
            but(dampening=lambda d: 1 - d),
        ),
        Mistake(
            "1 - beta for 1 - dampening",
            "The later gradients are multiplied by 1 - beta, as in an average. Here dampening says what they lose.",
            wrong(lambda w, v, g, lr, o: torch_sgd(w, v, g, lr, **o | {"dampening": o["beta"]})),
        ),
        Mistake(
            "dampened without momentum",
            "At beta = 0 PyTorch makes no velocity, so nothing is dampened: the step is lr times the gradient.",
            wrong(dampened_without_momentum),
        ),
        Mistake("weight decay ignored", "The weight decay has no influence.", but(weight_decay=lambda _: 0)),
        Mistake("weight decay subtracted", "The decay is added to the gradient.", but(weight_decay=lambda d: -d)),
        Mistake(
            "weight decay beside the step",
            "Here the weights shrink beside the step, as in AdamW. In torch.optim.SGD the decay is a part of the "
            "gradient and goes through the velocity.",
            wrong(decay_apart),
        ),
        Mistake(
            "weight decay twice",
            "The decay is twice too strong: the gradient of weight_decay / 2 times |w|^2 is weight_decay w.",
            but(weight_decay=lambda d: 2 * d),
        ),
        Mistake(
            "sign after the decay",
            "With maximize your weights grow by the decay: the sign was turned after it was added. It is turned first.",
            wrong(decay_before_sign),
        ),
        Mistake("maximize ignored", "maximize has no influence.", but(maximize=lambda _: False)),
        Mistake("Nesterov ignored", "nesterov has no influence.", but(nesterov=lambda _: False)),
        Mistake("Nesterov always", "This is Nesterov's step, asked for or not.", but(nesterov=lambda _: True)),
        Mistake("Nesterov without the gradient", "The g of g + beta v is missing.", wrong(look_ahead_without_g)),
        Mistake(
            "Nesterov from the second step",
            "The first step is made without the look ahead: with nesterov it is lr times g + beta v too, with v = g.",
            wrong(lambda w, v, g, lr, o: torch_sgd(w, v, g, lr, **o | {"nesterov": o["nesterov"] and v is not None})),
        ),
        Mistake(
            "Nesterov without the decay",
            "The look ahead uses the gradient as it came; it is the one with the decay added.",
            wrong(look_ahead_without_decay),
        ),
        Mistake(
            "keeps the look ahead",
            "The look ahead is handed on as the velocity. The velocity is the same as without nesterov.",
            wrong(look_ahead_kept),
        ),
        Mistake("lr inside", "A drop of the rate does not slow it: lr is in the velocity.", wrong(keeps_the_rate)),
        Mistake("order", "First the point, then the velocity.", lambda *args: torch_sgd(*args)[::-1]),
        Exact("nothing moves", "w comes back as it was: return the new one.", lambda w, v, *rest: (w, v)),
        Mistake(
            "ascends",
            "Uphill without maximize: check the sign of the step.",
            lambda w, v, g, lr, *options: torch_sgd(w, v, g, -lr, *options),
        ),
    ],
    variants=[
        by_numbers,
        as_pytorch_reads,
        lambda w, v, g, *rest: torch_sgd(w.astype("float32"), v, g.astype("float32"), *rest),
    ],
    hints=(
        "Take the options in the order of the text: the sign, the decay, the velocity, the look ahead, the step.",
        "The first two change g. Then v, whole at the first step; then what is subtracted: v, or g + beta v.",
        "g = (-g if maximize else g) + weight_decay * w; with beta = 0 the step is lr * g and there is no velocity.",
    ),
    why="PyTorch changes the gradient first, sign before decay, so that weights decay in ascent too. The velocity then "
    "holds the decay, and nesterov looks ahead with the changed gradient.",
)
