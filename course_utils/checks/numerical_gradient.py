"""numerical_gradient: the gradient of any function, by central differences."""

import numpy as np

from course_utils.checks.task import Exact, Mistake, Task

STAYS_MOVED = "w stays moved. Put each entry back before you go on to the next one."


def numerical_gradient(f, w, h):
    """Central differences, one for each entry of w."""
    g = []
    for j in range(len(w)):
        e = np.zeros(len(w))
        e[j] = h
        g.append((f(w + e) - f(w - e)) / (2 * h))
    return np.array(g)


def cases(rng):
    """(curvatures, w, h): f is a cubic with mixed terms, so that a central difference is not exact either."""
    small = (np.array([1.0, 2.0]), np.array([0.5, -2.0]), 0.25)
    drawn = [(rng.uniform(1, 3, size=d), rng.normal(size=d), h) for d, h in [(3, 0.1), (4, 0.25)]]
    return [small, *drawn, (np.array([1.0, 3.0]), np.array([1, -3]), 0.25)]


def observe(call, a, w, h):
    """f(w) = sum a w^3 / 3 - (sum w)^3 / 3, at w with steps of h."""
    return call(lambda w: np.sum(a * np.asarray(w) ** 3) / 3 - np.sum(w) ** 3 / 3, w, h)


def differences(difference):
    """The gradient whose entry j is difference(f, w, j-th direction of length h, h)."""
    return lambda f, w, h: np.array([difference(f, w, h * e, h) for e in np.eye(len(w))])


def in_whole_numbers(f, w, h):
    """On an array that takes w's type: whole numbers cut h off."""
    g = np.zeros(len(w))
    for j in range(len(w)):
        p, m = w.copy(), w.copy()
        p[j], m[j] = p[j] + h, m[j] - h
        g[j] = (f(p) - f(m)) / (2 * h)
    return g


def moved(start, back):
    """Moves start(w) itself, entry by entry, and puts each entry back, or does not."""

    def gradient(f, w, h):
        w, g = start(w), np.zeros(len(w))
        for j in range(len(w)):
            w[j] += h
            above = f(w)
            w[j] -= 2 * h
            g[j] = (above - f(w)) / (2 * h)
            w[j] += h * back
        return g

    return gradient


def result_like_w(f, w, h):
    g = np.zeros_like(w)
    g[:] = numerical_gradient(f, w, h)
    return g


def never_reset(f, w, h):
    """One e for all entries: those before j keep their h."""
    return np.array([(f(w + e) - f(w - e)) / (2 * h) for e in h * np.tri(len(w))])


def floats(w):
    return np.array(w, dtype=float)


TASK = Task(
    solution=numerical_gradient,
    cases=cases,
    observe=observe,
    returns="the gradient, of the shape of w",
    given=("a", "w", "h"),
    mistakes=[
        Mistake(
            "forward difference",
            "You look to one side only, so the error falls with h instead of h². Look to both sides.",
            differences(lambda f, w, e, h: (f(w + e) - f(w)) / h),
        ),
        Mistake(
            "backward difference",
            "You look back only, so the error falls with h instead of h². Look to both sides.",
            differences(lambda f, w, e, h: (f(w) - f(w - e)) / h),
        ),
        Exact(
            "divided by h",
            "Twice too large. How far apart are the two points?",
            differences(lambda f, w, e, h: (f(w + e) - f(w - e)) / h),
        ),
        Exact("never divided", "A difference is no slope.", differences(lambda f, w, e, h: f(w + e) - f(w - e))),
        Exact(
            "times h",
            "`/ 2 * h` divides by 2 and multiplies by h. Put brackets: / (2 * h).",
            differences(lambda f, w, e, h: (f(w + e) - f(w - e)) / 2 * h),
        ),
        Exact("h left out", "Divided by 2, not by 2 h.", differences(lambda f, w, e, h: (f(w + e) - f(w - e)) / 2)),
        Exact(
            "brackets",
            "Without brackets, / comes before -: only f(w - e) is divided. Put the difference in brackets.",
            differences(lambda f, w, e, h: f(w + e) - f(w - e) / (2 * h)),
        ),
        Mistake(
            "all zeros",
            "Either both points are the same (is e[j] = h set, in an e of floats? `up = w` makes no copy), "
            "or what you compute is never stored in g[j].",
            lambda f, w, h: np.zeros(len(w)),
        ),
        Exact(
            "wrong order",
            "The right size with the wrong sign. Which of the two points comes first?",
            differences(lambda f, w, e, h: (f(w - e) - f(w + e)) / (2 * h)),
        ),
        Exact(
            "added up",
            "`g += ...` adds to all entries at once. What belongs to entry j goes into g[j].",
            lambda f, w, h: np.full(len(w), numerical_gradient(f, w, h).sum()),
        ),
        Exact(
            "returned in the loop",
            "Only the first entry is there: `return` stands inside the loop.",
            lambda f, w, h: numerical_gradient(f, w, h) * (np.arange(len(w)) == 0),
        ),
        Exact(
            "last entry left out",
            "The last entry stays 0: range(len(w) - 1) ends one too early.",
            lambda f, w, h: numerical_gradient(f, w, h) * (np.arange(len(w)) < len(w) - 1),
        ),
        Exact(
            "one entry alone",
            "f gets one entry of w. It takes the whole vector: move one entry of a copy, and hand over all of it.",
            lambda f, w, h: np.array([(f(x + h) - f(x - h)) / (2 * h) for x in w]),
        ),
        Exact(
            "all entries move",
            "You move all entries of w at once. A partial derivative moves one and holds the others.",
            differences(lambda f, w, e, h: (f(w + h) - f(w - h)) / (2 * h)),
        ),
        Mistake(
            "one number",
            "w + h moves all entries at once, and one number comes back. Move one entry at a time, in a loop: the "
            "gradient has a partial derivative for each.",
            lambda f, w, h: (f(w + h) - f(w - h)) / (2 * h),
        ),
        Mistake("never put back", STAYS_MOVED, moved(floats, back=False)),
        Mistake("never put back, whole numbers", STAYS_MOVED, moved(np.copy, back=False)),
        Mistake(
            "h ignored",
            "The step you were given is not the step you take.",
            differences(lambda f, w, e, h: (f(w + e * 1e-5 / h) - f(w - e * 1e-5 / h)) / 2e-5),
        ),
        Exact(
            "second derivative",
            "This is the curvature: how the slope changes. Which points does the slope need?",
            differences(lambda f, w, e, h: (f(w + e) - 2 * f(w) + f(w - e)) / h**2),
        ),
        Exact(
            "whole numbers",
            "Right for w of floats, wrong for w of whole numbers: a step of 0.25 stored in an int array is cut off.",
            in_whole_numbers,
        ),
        Exact(
            "whole numbers, result too",
            "Right for w of floats. Where w holds whole numbers, so do w.copy(), which cuts h off, and zeros_like(w), "
            "which cuts the result off. Begin with w = np.array(w, dtype=float).",
            lambda f, w, h: in_whole_numbers(f, w, h).astype(w.dtype),
        ),
        Exact(
            "whole numbers, put back",
            "Right for w of floats. Where w holds whole numbers, so does w.copy(), and both cut h off. Begin with "
            "np.array(w, dtype=float).",
            moved(np.copy, back=True),
        ),
        Exact(
            "h cut off",
            "Right for w of floats. For w of whole numbers `zeros_like(w)` holds whole numbers too, and cuts h off. "
            "Use np.zeros(len(w)).",
            differences(lambda f, w, e, h: (f(w + e.astype(w.dtype)) - f(w - e.astype(w.dtype))) / (2 * h)),
        ),
        Exact(
            "result cut off",
            "The result is cut off: `zeros_like(w)` has the type of w. Use np.zeros(len(w)).",
            result_like_w,
        ),
        Mistake(
            "never reset",
            "Your e keeps its h, so later entries move all those before them too. Make e anew in each pass.",
            never_reset,
        ),
    ],
    variants=[
        moved(floats, back=True),
        differences(lambda f, w, e, h: (f(w + e) - f(w - e)) / h / 2),
        lambda f, w, h: np.array([f(w + e) - f(w - e) for e in np.diag(np.full(len(w), h))], dtype="float32") / (2 * h),
        lambda f, w, h: [float(f(np.add(w, e)) - f(np.subtract(w, e))) / (2 * h) for e in h * np.identity(len(w))],
    ],
    hints=(
        "For entry j, evaluate f at two points that differ from w in entry j only, by +h and by -h.",
        "Make a vector e of zeros with h at place j. The points are w + e and w - e. How far apart are they?",
        "In the loop: e = np.zeros(len(w)); e[j] = h; g[j] = (f(w + e) - f(w - e)) / (2 * h).",
    ),
    why="Looking to both sides cancels the even terms of Taylor's formula, so the error falls with h². "
    "A new vector e for each entry leaves w as it was.",
)
