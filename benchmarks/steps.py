"""One step of momentum with a gradient that is already there, from 10 to 10 million parameters of 64 bits."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from benchmarks import libraries
from benchmarks.libraries import BETA, LR
from benchmarks.timing import Program, side_by_side
from course_utils.optimizers import Momentum
from course_utils.quiet import quietly

BLOCK = 2**16  # numbers; four such blocks are 2 MB
CORES = os.cpu_count()
POOL = ThreadPoolExecutor(CORES)  # starts a thread only when it is given work


def measure(sizes=tuple(10**k for k in range(1, 8)), rounds=15, compiled=True):
    """{size: {program: seconds of a step (rounds,)}}"""
    return {d: side_by_side(programs(d, compiled), rounds) for d in sizes}


def programs(d, compiled=True):
    """{name: Program} of every way to make the step that works here; all start at 0 with gradients 1."""
    makers = {"NumPy, pure": pure, "NumPy, in place": in_place, "NumPy, in blocks": in_blocks}
    makers["NumPy, in blocks, all cores"] = on_all_cores
    if torch := libraries.torch():
        makers["PyTorch, one thread"] = partial(torch_eager, threads=1)
        makers["PyTorch"] = partial(torch_eager, threads=torch.get_num_threads())
        if compiled:
            makers["PyTorch, compiled"] = torch_compiled
    if libraries.keras():
        makers |= {"Keras": keras_apply, "Keras, compiled": keras_compiled}
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
    """The same rule written into the arrays it read, as PyTorch does."""
    np.multiply(v, BETA, out=v)
    np.add(v, g, out=v)
    np.multiply(v, LR, out=scratch)
    np.subtract(w, scratch, out=w)


def in_place(d):
    w, g, v, scratch = np.zeros(d), np.ones(d), np.zeros(d), np.empty(d)
    return Program(lambda: write(w, g, v, scratch), lambda: w)


def write_blocks(w, g, v, scratch):
    """write, block by block: a block, as long as scratch, stays in the processor's cache through all four lines."""
    for i in range(0, len(w), len(scratch)):
        block = slice(i, i + len(scratch))
        write(w[block], g[block], v[block], scratch[: len(w) - i])


def in_blocks(d):
    w, g, v, scratch = np.zeros(d), np.ones(d), np.zeros(d), np.empty(BLOCK)
    return Program(lambda: write_blocks(w, g, v, scratch), lambda: w)


def on_all_cores(d):
    """write_blocks on as many threads as there are cores: NumPy lets go of Python's lock while it computes."""
    w, g, v = np.zeros(d), np.ones(d), np.zeros(d)
    parts = min(CORES, -(-d // BLOCK))  # no thread for less than a block
    stretches = [np.array_split(a, parts) for a in (w, g, v)]
    each, scratch = map if parts == 1 else POOL.map, np.empty((parts, BLOCK))
    return Program(lambda: list(each(write_blocks, *stretches, scratch)), lambda: w)


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


def keras_compiled(d):
    """keras_apply as `fit` takes its steps: one function of TensorFlow's, not a call from Python for each operation."""
    eager = keras_apply(d)
    return Program(libraries.tensorflow().function(eager.run, autograph=False), eager.point)


def keras_apply(d):
    keras = libraries.keras()
    w, g = keras.Variable(np.zeros(d)), keras.ops.ones(d)
    optimizer = keras.optimizers.SGD(LR, momentum=BETA)
    return Program(lambda: optimizer.apply_gradients([(g, w)]), lambda: w.numpy())
