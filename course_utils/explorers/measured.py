"""What the predictions of the lessons are compared with: the run at the setting in question, and theory's figure.

Each entry of MEASURED is (run, theory), functions of the explorer that stands below the question, called when its
sliders are at their first values. `run` puts them where the question asks, so that the picture shows what it
measures. NEEDS says which sliders that takes, SAYS and GRANTS what the question and its feedback say of the explorer.
Texts stand in questions/*.toml.
"""

import math

import numpy as np

from course_utils import guard, theory
from course_utils.descent import descend
from course_utils.explorers.directions import AT_REST, along
from course_utils.optimizers import GradientDescent, Momentum
from course_utils.problems import minibatches

EPOCHS = 2  # of training that the question about the network asks for


def end_of_run(explorer):
    """The last point at lr = 0.1."""
    return explorer.at(lr=0.1).run.w[-1]


def end_in_theory(explorer):
    """Where lr = 0.1 leads: each direction by itself."""
    problem = explorer.problem
    curvatures, directions = problem.eigen
    start = (explorer.start - problem.w_star) @ directions
    ends = [theory.gd_iterates(0.1, c, x, explorer.steps)[-1] for c, x in zip(curvatures, start, strict=True)]
    return problem.w_star + directions @ ends


def best_batch(explorer):
    """The slider's batch size whose run at lr = 0.1 ends lowest."""
    problem, start, ends = explorer.problem, explorer.start, {}
    for size in map(int, explorer.batch_size.stops):
        steps = explorer.steps * math.ceil(problem.n / size)
        batches = minibatches(problem.n, size, np.random.default_rng(explorer.seed))
        ends[size] = descend(problem, GradientDescent(0.1), start, steps, batches, every=steps).loss[-1]
    best = min(ends, key=ends.get)
    explorer.at(lr=0.1, batch_size=best)
    return f"batch size {best} ends lowest"


def best_batch_in_theory(explorer):
    """The batch size of the smallest expected loss: what is left of the way, and the floor."""
    problem = explorer.problem
    curvatures, directions = problem.eigen
    start = (explorer.start - problem.w_star) @ directions
    ends = {}
    for size in map(int, explorer.batch_size.stops):
        steps = explorer.steps * math.ceil(problem.n / size)
        way = (curvatures * (start * (1 - 0.1 * curvatures) ** steps) ** 2).sum() / 2
        ends[size] = way + theory.loss_floor(problem, 0.1, size, n=problem.n)
    return f"batch size {min(ends, key=ends.get)}"


def best_beta(explorer):
    """The slider's beta with the lowest loss at the end, at lr = 0.05."""
    best = _lowest_beta(explorer)
    explorer.at(lr=0.05, beta=best)
    return best


def _lowest_beta(explorer):
    betas = np.array(explorer.beta.stops)
    ends = descend(explorer.problem, Momentum(0.05, betas), explorer.start, explorer.steps).loss[-1]
    return float(betas[ends.argmin()])


def best_beta_in_theory(explorer):
    """The critical beta of the flattest direction."""
    return float(theory.critical_beta(0.05, explorer.problem.mu))


def factor_at_the_cross(explorer):
    """The factor per step of the whole run at the best pair by theory."""
    return explorer.at(pad=theory.momentum_best(explorer.problem.mu, explorer.problem.L)).factor


def factor_in_theory(explorer):
    """Of the directions that move: with the double root r, x_t = (r + b t) r^(t-1) x_0, r + b = 1 - lr c."""
    problem, t = explorer.problem, explorer.steps
    lr, beta = explorer.pad.on_scale(theory.momentum_best(problem.mu, problem.L))
    x = abs(along(problem, explorer.w0))
    c = problem.eigen[0][x > AT_REST * x.max()]
    r = (1 + beta - lr * c) / 2
    b = 1 - lr * c - r
    return float((abs(r) ** (1 - 1 / t) * abs(r + b * t) ** (1 / t)).max())


def loss_below_the_mark(explorer):
    """What lr = 1 does to the network's loss, at the batch size and beta it was shown with."""
    explorer.at(lr=1, batch_size=32, beta=0.9)
    while explorer.epoch < EPOCHS:
        explorer.advance()
    return f"the loss went from {explorer.losses[0]:.2f} to {explorer.losses[EPOCHS]:.2f}"


def mark_in_theory(explorer):
    """The limit on quadratics that are nowhere more curved than the network at its start."""
    L = explorer.sharpness
    return f"on a quadratic with curvatures up to {L:.2f}, lr below {theory.momentum_limit(0.9, L):.2f} converges"


def distance_apart(explorer):
    """How far both conventions end apart with beta = 0.5."""
    paths = explorer.at(drop=20, beta=0.5).paths
    return abs(float(paths["torch"][-1] - paths["keras"][-1]))


def distance_in_theory(explorer):
    """0.9 of the full speed lr/(1 - beta), kept for beta/(1 - beta) steps in all: long after the start and the drop."""
    return float(0.9 * theory.effective_lr(explorer.rate, 0.5) * 0.5 / (1 - 0.5))


NEEDS = {  # the sliders that a question moves, each with a value that its scale must reach
    "01-end": {"lr": 0.1},
    "02-work": {"lr": 0.1, "batch_size": 1},
    "03-best-beta": {"lr": 0.05, "beta": 0},
    "03-cross": {"pad": theory.momentum_best(0.1, 10)},
    "04-mark": {"lr": 1, "batch_size": 32, "beta": 0.9},
    "05-apart": {"drop": 20, "beta": 0.5},
}

PLAIN = {"moving": False, "known": True}  # gradient descent, ours
VALLEY = {"mu": 0.1, "L": 10}
SAYS = {
    "01-end": {"steps": 60, "stochastic": False, **PLAIN, **VALLEY},
    "02-work": {"steps": 20, **PLAIN, "n": 442},
    "03-best-beta": {"steps": 60, "stochastic": False, "known": True, **VALLEY},
    "03-cross": {"steps": 60, "kappa": 100},
    "05-apart": {"steps": 40, "rate": 0.01},
}
OF_PROBLEM = "mu", "L", "kappa", "n"


def ends_in_the_picture(explorer):
    """The place asked for can be clicked."""
    x, y = end = end_in_theory(explorer)
    inside = ((explorer.window[:, 0] <= end) & (end <= explorer.window[:, 1])).all()
    return (
        "" if inside else f"a run that ends in the picture, here it ends at ({x:.3g}, {y:.3g}): choose another window"
    )


def between_is_best(explorer):
    """Neither one example nor all of them end lowest, and the flat direction is slow."""
    left = (1 - 0.1 * explorer.problem.mu) ** (2 * explorer.steps)
    if abs(left - 2 / 3) > 0.02:
        return f"a flat direction that keeps two thirds of its loss, here it keeps {left:.2f}"
    best = best_batch_in_theory(explorer)
    return "" if best == "batch size 64" else f"a start from which batch size 64 is best by theory, here it is {best}"


def flat_direction_counts(explorer):
    """The best beta is a little more than the flat direction's critical one."""
    best, critical = _lowest_beta(explorer), best_beta_in_theory(explorer)
    needs = f"a start from which a beta a little above {critical:.2f} is best, here it is {best:.2f}"
    return "" if critical < best < critical + 0.03 else f"{needs}: start farther along the flat direction"


def thrown_about(explorer):
    """lr = 1 is below the mark, and nevertheless the loss grows."""
    network, seed = explorer.network, int(explorer.seed.value)
    if explorer.epochs < EPOCHS:
        return f"{EPOCHS} epochs, here there is {explorer.epochs}"
    if not theory.momentum_limit(0.9, explorer.sharpness) > 1:
        return "a mark above lr = 1, here it is below"
    rng = np.random.default_rng(seed)
    w, steps = network.start(rng), EPOCHS * math.ceil(network.n / 32)
    before, after = descend(network, Momentum(1, 0.9), w, steps, minibatches(network.n, 32, rng), every=steps).loss
    grows = f"a network whose loss clearly grows with lr = 1, here it goes from {before:.2f} to {after:.2f}"
    return grows if after < 1.1 * before else ""


GRANTS = {  # each says what the question is about and is otherwise here; "" if nothing is
    "01-end": ends_in_the_picture,
    "02-work": between_is_best,
    "03-best-beta": flat_direction_counts,
    "04-mark": thrown_about,
}


def must_fit(name, explorer):
    """ValueError that says what is missing, unless the explorer has what the question called `name` is measured with.

    Theory's figure and what is taken for granted move nothing and take milliseconds, so they are computed; the run's
    figure only when the question is answered.
    """
    try:
        for slider, value in NEEDS.get(name, {}).items():
            if slider not in explorer.named:
                raise ValueError(f"it has no slider called {slider}")
            explorer.named[slider].on_scale(value)
        for what, said in SAYS.get(name, {}).items():
            found = getattr(explorer.problem, what) if what in OF_PROBLEM else getattr(explorer, what, said)
            if not math.isclose(found, said, rel_tol=1e-9):
                here = found if isinstance(found, bool) else f"{found:.4g}"
                raise ValueError(f"the question is about {what} = {said}, here it is {here}")
        if name in GRANTS and (otherwise := GRANTS[name](explorer)):
            raise ValueError(f"the question is about {otherwise}")
        MEASURED[name][1](explorer)
    except Exception as error:
        missing = str(error) if isinstance(error, ValueError) else guard.describe(error)
        raise ValueError(f"the question {name!r} does not fit this explorer: {missing}") from error


MEASURED = {
    "01-end": (end_of_run, end_in_theory),
    "02-work": (best_batch, best_batch_in_theory),
    "03-best-beta": (best_beta, best_beta_in_theory),
    "03-cross": (factor_at_the_cross, factor_in_theory),
    "04-mark": (loss_below_the_mark, mark_in_theory),
    "05-apart": (distance_apart, distance_in_theory),
}
