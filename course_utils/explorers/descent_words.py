"""What a DescentExplorer says of its run, each in one line."""

import math

import numpy as np

from course_utils import theory
from course_utils.explorers.descent_figure import above, least_loss, minimum_known
from course_utils.explorers.descent_sliders import beta_in_words


def of_the_run(explorer, wrong=""):
    """How it was set, and what is `wrong`; or what the loss did, the side of the limit on which lr lies, the floor."""
    lr, beta = explorer.lr.value, explorer.beta.value if explorer.moving else 0.0
    stochastic, run = explorer.stochastic, explorer.run
    limit = float(theory.momentum_limit(beta, explorer.problem.L))
    where = "at" if math.isclose(lr, limit, rel_tol=1e-12) else "below" if lr < limit else "above"
    lr, limit = in_digits((lr, limit), lambda *read: read[0] != read[1] or where == "at" or not explorer.known)
    set_to = f"lr = {lr}" + (f", batch size {explorer.batch_size.value:.0f}" if stochastic else "")
    set_to += f", beta = {beta_in_words(beta)}" if explorer.moving else ""
    set_to += "".join(f", {slider.name} = {slider.value:.3g}" for slider in explorer.w0_sliders)
    set_to += f", seed {explorer.seed_slider.value:.0f}" if explorer.seed_slider else ""
    if wrong:
        return f"{set_to}: {wrong}."
    whose = "the full gradient's limit" if stochastic else "the limit"
    side = f"; lr is {where} {whose} {limit}" if explorer.known and run.diverged_at != 0 else ""
    if run.diverged_at is not None:
        return f"{set_to}: {diverged(run)}{side}."
    work = {"steps": "", "epochs": f", {_epochs(run)}", "seconds": f", {run.seconds:.2g} s"}
    return f"{set_to}: {of_the_loss(run)}{work[explorer.against.value]}{side}.{_of_the_floor(explorer, where)}"


def in_digits(numbers, enough):
    """Numbers as texts of three digits, or of as many as it takes for these to be `enough`."""
    for digits in range(3, 18):
        told = [f"{x:.{digits}g}" for x in numbers]
        if enough(*told):
            break
    return told


def diverged(run):
    """At which step it did; a start without a loss has nothing to diverge from."""
    return f"diverged at step {run.diverged_at}" if run.diverged_at else "the start has no finite loss"


def ends(run):
    """The loss above its minimum at the start and at the end; 0 for what is but the rounding of a difference."""
    both = above(run)[[0, -1]]
    return np.where(abs(both) > 1e-15 * abs(least_loss(run.problem)), both, 0.0)


def of_the_loss(run):
    """What it did from the start of the run to its end; a millionth, or what may be rounding, is no change."""
    start, end = ends(run)
    same = math.isclose(start, end, rel_tol=1e-6, abs_tol=1e-14 * abs(run.loss[0]))
    course = "went" if same else "fell" if end < start else "grew"
    start, end = in_digits((start, end), lambda *read: read[0] != read[1] or same)
    return f"the {_loss(run.problem)} {course} from {start} to {end} in {steps(run.steps[-1])}"


def of_a_moment(run, t, attempt=None, told="", batch=None):
    """Where the run is after t steps and with which gradient, of a `batch`, it goes on; and yours, the `attempt`.

    `told` is what is said of yours if it has not come so far.
    """
    text = f"step {t}: {_at(run, t, f'{_gradient(run.problem, run.w[t], batch)}{_loss(run.problem)} ')}."
    if attempt is None:
        return text
    return f"{text} Yours: {_at(attempt, t)}." if t < len(attempt.w) else f"{text} {told}"


def steps(count):
    """So many steps, in words."""
    return f"{count} step" + ("s" if count != 1 else "")


def _epochs(run):
    """The run's work in words."""
    told = f"{run.evaluations[-1] / getattr(run.problem, 'n', 1):.3g}"
    return f"{told} epoch" + ("s" if told != "1" else "")


def _gradient(problem, w, batch):
    """The gradient at w in words; nothing where it is another each time, so that the one of the run is gone."""
    given = () if batch is None else (batch,)
    with np.errstate(all="ignore"):
        first, again = (np.array(problem.grad(w.copy(), *given)) for _ in range(2))
    if not np.array_equal(first, again, equal_nan=True):
        return ""
    return f"gradient{' of the batch' if given else ''} ({first[0]:.3g}, {first[1]:.3g}), "


def _at(run, t, before=""):
    """The point after t steps and its loss, with what stands `before` that; or when the run diverged."""
    if run.diverged_at is not None and t >= run.diverged_at:
        return diverged(run)
    a, b = run.w[t]
    return f"w = ({a:.3g}, {b:.3g}), {before}{above(run)[t]:.3g}"


def _loss(problem):
    return "loss above its minimum" if minimum_known(problem) else "loss"


def _of_the_floor(explorer, where):
    """How the end of the run compares with the formula of the noise floor; `where` lr is, beside the limit."""
    if (floor := explorer.floor) is None:
        return ""
    settled = above(explorer.run)[len(explorer.run.loss) // 2 :].mean()
    formula = f"floor by formula {floor:.3g}" if np.isfinite(floor) else _no_floor(explorer, where)
    return f" Second half {settled:.3g} above on average; {formula}."


def _no_floor(explorer, where):
    """Why there is none."""
    if where != "below":
        return f"no floor {'at' if where == 'at' else 'beyond'} the limit"
    small = f"batches of {size}" if (size := int(explorer.batch_size.value)) > 1 else "single examples"
    return f"no floor by formula, which is for small lr: this one is too large for {small}"
