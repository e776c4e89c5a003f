"""Time several programs side by side: they take turns, so that a busy moment of the machine meets all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from timeit import timeit

import numpy as np


@dataclass(frozen=True, eq=False)
class Program:
    """run() is timed; reset(), before every round, and point(), the parameters after a run, are not."""

    run: Callable
    point: Callable
    reset: Callable = lambda: None


def side_by_side(programs, rounds, least=0.02):
    """{name: seconds of one run (rounds,)}; in its turn a program runs as often as fills `least` seconds."""
    calls, seconds = {}, {name: np.empty(rounds) for name in programs}
    for name, program in programs.items():
        program.reset()
        program.run()  # the first run prepares: it compiles, traces, asks for memory
        calls[name] = max(1, round(least / timeit(program.run, number=1)))
    for turn in range(rounds):
        for name, program in programs.items():
            program.reset()
            seconds[name][turn] = timeit(program.run, number=calls[name]) / calls[name]
    return seconds


def ratio(seconds, name, other):
    """Median over the rounds of the seconds of `name` over those of `other`, in the same round."""
    return float(np.median(seconds[name] / seconds[other]))
