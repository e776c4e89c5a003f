"""adam_step: one step of Adam, with the correction of its moments."""

import numpy as np

from course_utils.checks.task import Exact, Mistake, Task

BRACKETS = "Without brackets, / comes before -: you divide by 1 only. Write m / (1 - beta1**t), and s likewise."
OUTSIDE = "eps stands outside the fraction: put parentheses around the whole denominator, the root + eps."


def adam_step(w, g, m, s, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(s_hat) + eps), m, s


def moments(g, m, s, beta1, beta2):
    return beta1 * m + (1 - beta1) * g, beta2 * s + (1 - beta2) * g**2


def wrong(change, corrections=lambda t, beta1, beta2: (1 - beta1**t, 1 - beta2**t)):
    """The step with the right moments, but another change(m_hat, s_hat, eps) or other corrections."""

    def step(w, g, m, s, t, lr, beta1, beta2, eps):
        m, s = moments(g, m, s, beta1, beta2)
        of_m, of_s = corrections(t, beta1, beta2)
        return w - lr * change(m / of_m, s / of_s, eps), m, s

    return step


def right(m_hat, s_hat, eps):
    return m_hat / (np.sqrt(s_hat) + eps)


def other_moments(moments):
    """The step with moments(g, m, s, beta1, beta2) of another kind."""

    def step(w, g, m, s, t, lr, beta1, beta2, eps):
        m, s = moments(g, m, s, beta1, beta2)
        return w - lr * right(m / (1 - beta1**t), s / (1 - beta2**t), eps), m, s

    return step


def eps_before(w, g, m, s, t, lr, beta1, beta2, eps):
    """Keras's form: both corrections in the learning rate, so that eps joins the root of s itself."""
    m, s = moments(g, m, s, beta1, beta2)
    return w - lr * np.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(s) + eps), m, s


def without_brackets(*names):
    """The step with a correction that lacks its brackets: of "m", of "s" or of both."""

    def step(w, g, m, s, t, lr, beta1, beta2, eps):
        m, s = moments(g, m, s, beta1, beta2)
        m_hat = m / 1 - beta1**t if "m" in names else m / (1 - beta1**t)
        s_hat = s / 1 - beta2**t if "s" in names else s / (1 - beta2**t)
        return w - lr * right(m_hat, s_hat, eps), m, s

    return step


def old_moments(w, g, m, s, t, lr, beta1, beta2, eps):
    step = lr * right(m / (1 - beta1**t), s / (1 - beta2**t), eps)
    return w - step, *moments(g, m, s, beta1, beta2)


def along_g(w, g, m, s, t, lr, beta1, beta2, eps):
    m, s = moments(g, m, s, beta1, beta2)
    return w - lr * right(g, s / (1 - beta2**t), eps), m, s


def hats_kept(w, g, m, s, t, lr, beta1, beta2, eps):
    w, m, s = adam_step(w, g, m, s, t, lr, beta1, beta2, eps)
    return w, m / (1 - beta1**t), s / (1 - beta2**t)


def by_numbers(w, g, m, s, t, lr, beta1, beta2, eps):
    rows = []
    for w_i, g_i, m_i, s_i in zip(w, g, m, s, strict=True):
        m_i, s_i = beta1 * m_i + (1 - beta1) * g_i, beta2 * s_i + (1 - beta2) * g_i * g_i
        root = (s_i / (1 - beta2**t)) ** 0.5
        rows.append((w_i - lr * m_i / (1 - beta1**t) / (root + eps), m_i, s_i))
    return list(zip(*rows, strict=True))


def moved(w, g, m, s, t, lr, beta1, beta2, eps):
    """The moments moved towards g and g^2; one fraction for the step."""
    m, s = m + (1 - beta1) * (g - m), s + (1 - beta2) * (np.square(g) - s)
    rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return np.array([w - rate * m / (np.sqrt(s) + eps * np.sqrt(1 - beta2**t)), m, s])


def cases(rng):
    """The first step from moments of zero, then later ones; with eps = 0.1 it matters where eps stands."""
    drawn = [(*rng.normal(size=(3, d)).round(2), rng.uniform(0.2, 2, d).round(2)) for d in (2, 2, 3)]
    (w, g, *_), *later = drawn
    settings = [(2, 0.1, 0.9, 0.99, 0.1), (5, 0.3, 0.8, 0.95, 1e-8)]
    return [
        (w, g, np.zeros(2), np.zeros(2), 1, 0.1, 0.9, 0.99, 0.1),
        *(a + b for a, b in zip(later, settings, strict=True)),
    ]


TASK = Task(
    solution=adam_step,
    cases=cases,
    returns="three things, (w, m, s), each of the shape of w",
    mistakes=[
        Mistake(
            "no correction",
            "m and s start at 0 and are too small at first. Divide them by 1 - beta^t before the step.",
            wrong(right, lambda t, beta1, beta2: (1, 1)),
        ),
        Exact("only m corrected", "Correct s too: it starts at 0.", wrong(right, lambda t, b1, b2: (1 - b1**t, 1))),
        Exact("only s corrected", "Correct m too: it starts at 0.", wrong(right, lambda t, b1, b2: (1, 1 - b2**t))),
        Exact(
            "beta1 in both corrections",
            "s is corrected with beta1. It is an average made with beta2, and corrected with that.",
            wrong(right, lambda t, beta1, beta2: (1 - beta1**t, 1 - beta1**t)),
        ),
        Mistake(
            "multiplied by the correction",
            "m and s are multiplied by 1 - beta^t, which makes them smaller still. Divide by it.",
            wrong(right, lambda t, beta1, beta2: (1 / (1 - beta1**t), 1 / (1 - beta2**t))),
        ),
        Mistake(
            "power of 1 - beta",
            "Only beta goes to the power t: 1 - beta**t, not (1 - beta)**t.",
            wrong(right, lambda t, beta1, beta2: ((1 - beta1) ** t, (1 - beta2) ** t)),
        ),
        Mistake(
            "correction without t",
            "Right in the first step only: the correction is 1 - beta^t, and goes to 1 as t grows.",
            wrong(right, lambda t, beta1, beta2: (1 - beta1, 1 - beta2)),
        ),
        Mistake(
            "t one too large",
            "The correction uses t + 1. t is 1 in the first step already.",
            wrong(right, lambda t, beta1, beta2: (1 - beta1 ** (t + 1), 1 - beta2 ** (t + 1))),
        ),
        Mistake(
            "settings written in",
            "It always takes 0.9, 0.999 and 1e-8. Use the beta1, beta2 and eps that are handed over.",
            lambda *args: adam_step(*args[:6], 0.9, 0.999, 1e-8),
        ),
        Mistake(
            "eps inside the root",
            "eps stands under the root. It is added to the root.",
            wrong(lambda m_hat, s_hat, eps: m_hat / np.sqrt(s_hat + eps)),
        ),
        Mistake(
            "eps before the correction",
            "eps is added to the root of s, before the correction (Keras's form). Here it joins the root of s^.",
            eps_before,
        ),
        Mistake("eps added to w", OUTSIDE, lambda *a: (adam_step(*a[:8], 0)[0] + a[8], *adam_step(*a)[1:])),
        Exact("eps added to the step", OUTSIDE, lambda *a: (adam_step(*a[:8], 0)[0] - a[8], *adam_step(*a)[1:])),
        Exact("no learning rate", "lr has no influence.", lambda *args: adam_step(*args[:5], 1.0, *args[6:])),
        Exact("no eps", "eps has no influence.", wrong(lambda m_hat, s_hat, eps: m_hat / np.sqrt(s_hat))),
        Exact(
            "no root",
            "The step is divided by s^, a mean of squares. Its root has the size of a gradient.",
            wrong(lambda m_hat, s_hat, eps: m_hat / (s_hat + eps)),
        ),
        Mistake("ascends", "Uphill: check the sign of the step.", wrong(lambda m, s, eps: -right(m, s, eps))),
        Mistake(
            "not squared",
            "s collects the gradient itself, which may be negative. It is a mean of squares.",
            other_moments(lambda g, m, s, b1, b2: (moments(g, m, s, b1, b2)[0], b2 * s + (1 - b2) * g)),
        ),
        Mistake("betas exchanged", "beta1 belongs to m, beta2 to s.", lambda *a: adam_step(*a[:6], a[7], a[6], a[8])),
        Mistake(
            "beta1 in s",
            "s is averaged with beta1. That belongs to m; beta2 belongs to s.",
            other_moments(lambda g, m, s, beta1, beta2: moments(g, m, s, beta1, beta1)),
        ),
        Mistake(
            "beta on the new",
            "beta and 1 - beta have changed places. beta is the part of the old average that is kept.",
            other_moments(lambda g, m, s, beta1, beta2: moments(g, m, s, 1 - beta1, 1 - beta2)),
        ),
        Mistake(
            "sums",
            "Your moments are sums, as the velocity of momentum is. Here they are averages: new ones count 1 - beta.",
            other_moments(lambda g, m, s, beta1, beta2: (beta1 * m + g, beta2 * s + g**2)),
        ),
        Mistake("old moments", "The step uses the moments from before this gradient. Renew them first.", old_moments),
        Mistake(
            "corrected ones handed on",
            "The corrected moments are handed on to the next step, which would correct them again. Hand on m and s.",
            hats_kept,
        ),
        Mistake("gradient in place of m", "The step goes along g. It is the average m that moves w.", along_g),
        Exact("nothing moves", "All come back as they were: return the new ones.", lambda w, g, m, s, *_: (w, m, s)),
        Exact("w rests", "w comes back as it was: return the new one.", lambda w, *a: (w, *adam_step(w, *a)[1:])),
        Exact("t from 0", "Take t, not t - 1: it is 1 at first.", lambda *a: adam_step(*a[:4], a[4] - 1, *a[5:])),
        Exact("eps added to the fraction", OUTSIDE, wrong(lambda m, s, eps: m / np.sqrt(s) + eps)),
        Mistake("brackets", BRACKETS, without_brackets("m")),
        Mistake("brackets of s", BRACKETS, without_brackets("s")),
        Mistake("brackets, in both", BRACKETS, without_brackets("m", "s")),
        Mistake("order", "First the point, then m, then s.", lambda *args: np.roll(adam_step(*args), -1, axis=0)),
    ],
    variants=[
        by_numbers,
        moved,
        lambda w, g, m, s, t, lr, beta1, beta2, eps: adam_step(
            *(a.astype("float32") for a in (w, g, m, s)), t, lr, beta1, beta2, eps
        ),
    ],
    hints=(
        "Four lines: m, s, their corrections, the step. m averages g, s averages g * g, entry by entry.",
        "m_hat = m / (1 - beta1**t) and s_hat = s / (1 - beta2**t); what is returned is m and s, not these.",
        "w - lr * m_hat / (np.sqrt(s_hat) + eps)",
    ),
    why="m / (1 - beta1^t) is a weighted mean of the gradients so far, s / (1 - beta2^t) one of their squares. In the "
    "first step they are g and g^2, so w moves by about lr in every entry in which |g| is far above eps.",
)
