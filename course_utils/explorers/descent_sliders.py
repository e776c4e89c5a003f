"""The sliders of a DescentExplorer: their stops, first values and marks."""

import numpy as np

from course_utils import theory
from course_utils.arguments import whole
from course_utils.explorers.controls import Slider, log_stops


def lr_slider(problem, lr=None):
    """From 1/300 of the limit 2/L to four times the limit, on a log scale; first a tenth of it."""
    limit = theory.gd_limit(problem.L)
    return Slider("learning rate lr", log_stops(limit / 300, limit * 4), limit / 10 if lr is None else lr, typing=True)


def beta_slider(beta, typing=False):
    return Slider("momentum beta", [b / 100 for b in range(100)], beta, typing)


def beta_in_words(beta):
    """Two decimals, or three digits where these say more."""
    return max(f"{beta:.2f}", f"{beta:.3g}", key=len)


def batch_slider(problem, first=None):
    """Powers of two, and n."""
    n = int(problem.n)
    sizes = [2**k for k in range(n.bit_length()) if 2**k < n] + [n]
    first = min(16, n) if first is None else first
    if np.ndim(first) or first not in sizes:
        raise ValueError(f"batch_size must be a power of two below n, or n = {n}, got {first}")
    return Slider("batch size", sizes, first)


def seed_slider(seed):
    """0 to 99, and the seed; a page knows whole numbers up to 2^53."""
    seed = whole("seed", seed, 0, 2**53)
    return Slider("seed", sorted({*range(100), seed}), seed)


def start_sliders(window, w0):
    """One for each parameter, over the window of the contours."""
    names = "start w1", "start w2"
    return [Slider(name, _round_stops(*side), w, typing=True) for name, side, w in zip(names, window, w0, strict=True)]


def _round_stops(low, high):
    """101 numbers from low to high, those inside rounded to a millionth of the width."""
    return [low, *np.linspace(low, high, 101)[1:-1].round(6 - int(np.log10(high - low))), high]


def marks(problem, beta=None, batches=False):
    """The best learning rate, if mu > 0 is known, and the limit as {label: value}; with momentum if beta is given.

    They are the full gradient's, and with batches say so: runs of small batches may diverge below them.
    """
    mu, L, known = getattr(problem, "mu", 0), problem.L, {}
    if mu > 1e-14 * L:  # more than rounding
        known["best 2/(mu+L)" if beta is None else "best 2(1+beta)/(mu+L)"] = theory.momentum_best_lr(beta or 0, mu, L)
    known["limit 2/L" if beta is None else "limit 2(1+beta)/L"] = theory.momentum_limit(beta or 0, L)
    whose = "full gradient's " if batches else ""
    return {f"{whose}{label} = {value:.3g}": float(value) for label, value in known.items()}
