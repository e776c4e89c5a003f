"""Whether a DescentExplorer can explore a problem, of ours or a learner's: two parameters, numbers where it has any."""

import numpy as np

from course_utils.arguments import number, numbers, shaped
from course_utils.explorers.descent_figure import least_loss


def explorable(problem):
    """ValueError unless the problem has two parameters, curvature and a minimum.

    It need not know its minimum, or be made of n examples, but what it says of these must be numbers.
    """
    if getattr(problem, "shape", None) != (2,):
        shape = getattr(problem, "shape", None)
        raise ValueError(f"an explorer draws two parameters; the problem's shape is {shape}")
    L, mu = (number(f"the problem's {name}", getattr(problem, name, 0)) for name in ("L", "mu"))
    if not L > 0:
        raise ValueError(f"an explorer needs a problem with a largest curvature L > 0, got {problem!r}")
    if mu < -1e-9 * L:
        raise ValueError(f"an explorer needs a problem with a minimum; this one has the curvature {mu:.3g}")
    if hasattr(problem, "min_loss"):
        number("the problem's min_loss", problem.min_loss)
    elif (star := getattr(problem, "w_star", None)) is not None:
        shaped("the problem's w_star", np.asarray(numbers("the problem's w_star", star)), (2,), "a point")
        number("the loss at the problem's w_star", least_loss(problem))
    if hasattr(problem, "n") and not (isinstance(problem.n, int | np.integer) and problem.n > 0):
        raise ValueError(f"the problem's n must be an int of at least 1, the number of examples, got {problem.n!r}")
