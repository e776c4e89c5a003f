"""One step of momentum with a gradient that is already there, from 10 to 10 million parameters of 64 bits."""

from functools import partial

import numpy as np

from benchmarks import libraries
from benchmarks.libraries import BETA, LR
from benchmarks.timing import Program, side_by_side
from course_utils.optimizers import Momentum
from course_utils.quiet import quietly


def measure(sizes=tuple(10**k for k in range(1, 8)), rounds=15, compiled=True):
    """{size: {program: seconds of a step (rounds,)}}"""
    return {d: side_by_side(programs(d, compiled), rounds) for d in sizes}


def programs(d, compiled=True):
    """{name: Program} of every way to make the step that works here; all start at 0 with gradients 1."""
    makers = {"NumPy, pure": pure, "NumPy, in place": in_place, "NumPy, in blocks": in_blocks}
    if torch := libraries.torch():
        makers["PyTorch, one thread"] = partial(torch_eager, threads=1)
        makers["PyTorch"] = partial(torch_eager, threads=torch.get_num_threads())
        if compiled:
            makers["PyTorch, compiled"] = torch_compiled
    if libraries.keras():
        makers["Keras"] = keras_apply
    found = {name: make(d) for name, make in makers.items()}
    return {name: program for name, program in found.items() if program}


def pure(d):
    """The package's rule: new arrays at every step."""
    rule, w, g = Momentum(LR, BETA), np.zeros(d), np.ones(d)
    v = rule.init(w)

    def step():
        nonlocal w, v
        w, v = rule.update(w, g, v)

    return Program(step, lambda: w)


def write(w, g, v, scratch):
    """The same rule written into the arrays it read, as the libraries do."""
    np.multiply(v, BETA, out=v)
    np.add(v, g, out=v)
    np.multiply(v, LR, out=scratch)
    np.subtract(w, scratch, out=w)


def in_place(d):
    w, g, v, scratch = np.zeros(d), np.ones(d), np.zeros(d), np.empty(d)
    return Program(lambda: write(w, g, v, scratch), lambda: w)


def in_blocks(d, size=2**15):
    """In place, block by block: a block stays in the processor's cache through all four operations."""
    w, g, v, scratch = np.zeros(d), np.ones(d), np.zeros(d), np.empty(size)

    def step():
        for i in range(0, d, size):
            block = slice(i, i + size)
            write(w[block], g[block], v[block], scratch[: d - i])

    return Program(step, lambda: w)


def torch_eager(d, threads):
    """PyTorch's own step; each round sets the number of threads, since it holds for the whole process."""
    torch = libraries.torch()
    w = torch.zeros(d, dtype=torch.float64, requires_grad=True)
    w.grad = torch.ones_like(w)
    step = torch.optim.SGD([w], LR, momentum=BETA).step
    return Program(step, lambda: w.detach().numpy(), lambda: torch.set_num_threads(threads))


def torch_compiled(d):
    """torch_eager through torch.compile; None where that does not work, as without a C++ compiler."""
    torch = libraries.torch()
    eager = torch_eager(d, torch.get_num_threads())
    torch.compiler.reset()
    step = torch.compile(eager.run)
    try:
        with quietly():
            step()
    except Exception:  # each missing piece (compiler, headers, a too new Python) fails in a way of its own
        return None
    return Program(step, eager.point, eager.reset)


def keras_apply(d):
    keras = libraries.keras()
    w, g = keras.Variable(np.zeros(d)), keras.ops.ones(d)
    optimizer = keras.optimizers.SGD(LR, momentum=BETA)
    return Program(lambda: optimizer.apply_gradients([(g, w)]), lambda: w.numpy())
