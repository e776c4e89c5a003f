"""Every formula of lessons 01 to 03, each with its source. All but *_regime broadcast; curvatures c lie in [mu, L].

Sources: Polyak 1964 (Some methods of speeding up the convergence of iteration methods); Nesterov 2004
(Introductory lectures on convex optimization); Lessard, Recht, Packard 2016 (arXiv 1408.3595); Cochran 1977
(Sampling techniques); Robbins and Monro 1951; others named where they stand.
"""

import numpy as np

from course_utils.arguments import hyperparameter, number, numbers, whole

# Gradient descent on a quadratic: in a direction of curvature c the error shrinks by (1 - lr c) at each step.


@np.errstate(all="ignore")
def gd_iterates(lr, c, w0, steps):
    """w_t = (1 - lr c)^t w0 for t = 0 ... steps, the last axis, on c w^2 / 2 (by induction from the rule)."""
    lr, c, w0 = (np.asarray(x, float)[..., None] for x in (lr, c, w0))
    w = w0 * (1 - lr * c) ** np.arange(whole("steps", steps, 0) + 1)
    return np.where(w0 == 0, 0.0, w)  # also where 0 is multiplied by inf


def gd_rate(lr, curvatures):
    """Factor of the slowest direction, max |1 - lr c| over the last axis of curvatures (Polyak 1964)."""
    return np.abs(1 - np.asarray(lr)[..., None] * np.asarray(curvatures)).max(-1)


def gd_limit(L):
    """Gradient descent converges for 0 < lr < 2 / L (Polyak 1964)."""
    return 2 / np.asarray(L)[()]


def gd_best_lr(mu, L):
    """The lr of the smallest gd_rate, 2 / (mu + L) (Polyak 1964)."""
    return 2 / (np.asarray(mu)[()] + L)


def gd_best_rate(kappa):
    """The smallest gd_rate, (kappa - 1) / (kappa + 1) (Polyak 1964)."""
    return 1 - 2 / (np.asarray(kappa)[()] + 1)  # the same, and 1 for kappa = inf


def gd_regime(lr, c):
    """By gd_iterates a run is "still", "monotone", "one step", "alternating", "bouncing" for ever, "divergent"."""
    x = lr * c
    for limit, below, at in ((0, "divergent", "still"), (1, "monotone", "one step"), (2, "alternating", "bouncing")):
        if np.isclose(x, limit, rtol=1e-12, atol=1e-15):
            return at
        if x < limit:
            return below
    return "divergent"


def steps_to(tolerance, rate):
    """The t with rate^t = tolerance, log(tolerance) / log(rate); inf for a rate of 1 or more."""
    rate = np.asarray(rate)[()]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(rate >= 1, np.inf, np.log(tolerance) / np.log(rate))[()]


# Momentum: each step multiplies (w, v) by a matrix with the eigenvalues r, r^2 - (1 + beta - lr c) r + beta = 0.


def momentum_rate(lr, beta, curvatures):
    """Largest |r| over the directions on the last axis of curvatures (Polyak 1964)."""
    lr, beta, c = np.asarray(lr)[..., None], np.asarray(hyperparameter("beta", beta))[..., None], np.asarray(curvatures)
    return _largest_root(1 + beta - lr * c, beta).max(-1)


def momentum_limit(beta, L):
    """Heavy ball converges on quadratics for 0 < lr < 2 (1 + beta) / L, 0 <= beta < 1 (Polyak 1964)."""
    return 2 * (1 + hyperparameter("beta", beta)) / np.asarray(L)[()]


def momentum_best_lr(beta, mu, L):
    """The lr of the smallest momentum_rate at this beta, 2 (1 + beta) / (mu + L): |1 + beta - lr c| alike at both ends.
    Where a whole interval is as good (all directions oscillate, rate sqrt(beta)), it lies inside."""
    return 2 * (1 + hyperparameter("beta", beta)) / (np.asarray(mu)[()] + L)


@np.errstate(divide="ignore")
def momentum_best(mu, L):
    """(lr, beta) of the smallest rate: (2/(sqrt mu + sqrt L))^2, ((sqrt kappa - 1)/(sqrt kappa + 1))^2 (Polyak)."""
    return (2 / (np.sqrt(mu) + np.sqrt(L))) ** 2, momentum_best_rate(np.asarray(L)[()] / mu) ** 2


def momentum_best_rate(kappa):
    """The smallest rate, (sqrt kappa - 1) / (sqrt kappa + 1) (Polyak 1964)."""
    return 1 - 2 / (np.sqrt(kappa) + 1)  # the same, and 1 for kappa = inf


def critical_beta(lr, c):
    """The beta of critical damping, (1 - sqrt(lr c))^2: the two roots meet (discriminant zero)."""
    return (1 - np.sqrt(np.asarray(lr)[()] * np.asarray(c)[()])) ** 2


def momentum_regime(lr, beta, c):
    """What one direction does: "still", "overdamped", "critical", "oscillating" (contracting by sqrt(beta)),
    "alternating" (both roots negative), "bouncing" for ever or "divergent"."""
    limit, trace = momentum_limit(beta, 1), 1 + beta - lr * c
    if np.isclose(lr * c, 0, atol=1e-15):
        return "still"
    if np.isclose(lr * c, limit, rtol=1e-12, atol=0):
        return "bouncing"
    if not 0 < lr * c < limit:
        return "divergent"
    discriminant = trace**2 - 4 * beta
    if np.isclose(discriminant, 0, atol=1e-12):
        return "critical"
    if discriminant < 0:
        return "oscillating"
    return "overdamped" if trace > 0 else "alternating"


def effective_lr(lr, beta):
    """The lr at which gradient descent goes as far under a constant gradient: lr / (1 - beta) (geometric series)."""
    return np.asarray(lr)[()] / (1 - hyperparameter("beta", beta))


def nesterov_rate(lr, beta, curvatures):
    """The same for Nesterov: r^2 - (1 + beta)(1 - lr c) r + beta (1 - lr c) = 0 (Lessard et al. 2016)."""
    lr, beta, c = np.asarray(lr)[..., None], np.asarray(hyperparameter("beta", beta))[..., None], np.asarray(curvatures)
    return _largest_root((1 + beta) * (1 - lr * c), beta * (1 - lr * c)).max(-1)


def nesterov_limit(beta, L):
    """Nesterov converges on quadratics for 0 < lr < 2 (1 + beta) / ((1 + 2 beta) L) (Jury's criterion)."""
    return 2 * (1 + (beta := hyperparameter("beta", beta))) / ((1 + 2 * beta) * np.asarray(L)[()])


@np.errstate(divide="ignore")
def nesterov_best(mu, L):
    """(lr, beta) of the smallest rate: 4/(3L + mu), (s - 2)/(s + 2), s = sqrt(3 kappa + 1) (Lessard et al. 2016)."""
    mu, L = np.asarray(mu)[()], np.asarray(L)[()]
    s = np.sqrt(3 * L / mu + 1)
    return 4 / (3 * L + mu), 1 - 4 / (s + 2)  # (s - 2)/(s + 2), and 1 for mu = 0


@np.errstate(divide="ignore")
def nesterov_safe(mu, L):
    """(lr, beta) proved for all curvatures in [mu, L]: 1/L, (sqrt kappa - 1) / (sqrt kappa + 1) (Nesterov 2004)."""
    return 1 / np.asarray(L)[()], momentum_best_rate(np.asarray(L)[()] / mu)


def nesterov_best_rate(kappa):
    """The smallest rate on quadratics, 1 - 2 / sqrt(3 kappa + 1) (Lessard et al. 2016)."""
    return 1 - 2 / np.sqrt(3 * np.asarray(kappa)[()] + 1)


def _largest_root(b, c):
    """Largest absolute root of r^2 - b r + c."""
    root = np.sqrt(np.asarray(b**2 - 4 * c, complex))
    return np.maximum(np.abs(b + root), np.abs(b - root)) / 2


# Noise. s2 is the variance of one example's gradient; B the batch size, n the number of examples.


def _sizes(batch_size, n=np.inf):
    """Batch sizes, as floats; ValueError unless they lie in 1 ... n."""
    allowed = f"1 <= batch_size <= n = {np.asarray(n).tolist()}" if np.not_equal(n, np.inf).any() else "batch_size >= 1"
    return np.asarray(numbers("batch_size", batch_size, allowed, lambda x: (x >= 1) & (x <= n)))[()]


@np.errstate(invalid="ignore")
def gradient_variance(s2, batch_size, n=None):
    """Variance of the mini-batch gradient: s2/B with replacement; with n, without: s2/B (n-B)/(n-1) (Cochran 1977)."""
    n = np.asarray(np.inf if n is None else n)[()]
    B = _sizes(batch_size, n)
    return np.asarray(s2)[()] / B * np.where(n == np.inf, 1, (n - B) / np.maximum(n - 1, 1))[()]


def noise_floor(lr, c, s2, batch_size, beta=0.0):
    """Stationary Var(w) in one direction: lr s2 (1+beta) / (B (1-beta) c (2(1+beta) - lr c)); inf from the limit on.

    For gradients c w + noise of variance s2/B, independent from step to step (solve the Lyapunov equation of
    the 2 x 2 system; beta = 0 gives lr s2 / (B c (2 - lr c))). inf for c < 0, nan for c = 0 if lr or s2 is 0.
    """
    lr, beta, B, c = hyperparameter("lr", lr), hyperparameter("beta", beta), _sizes(batch_size), np.asarray(c)[()]
    room = 2 * (1 + beta) - lr * c
    with np.errstate(divide="ignore", invalid="ignore"):
        floor = lr * np.asarray(s2)[()] * (1 + beta) / (B * (1 - beta) * c * room)
    return np.where((room > 2e-12 * (1 + beta)) & (c >= 0), floor, np.inf)[()]  # less is rounding


def loss_floor(problem, lr, batch_size, beta=0.0, n=None):
    """Stationary loss above the minimum: the sum over eigen-directions of c/2 times noise_floor.

    `problem` has `eigen` and `noise`, as LeastSquares; n as in gradient_variance; all are single numbers. Batches
    independent from step to step and noise as at the minimum: for small lr; shuffled epochs come to lie below.
    """
    lr, beta, batch_size = number("lr", lr), number("beta", beta), number("batch_size", batch_size)
    c, Q = problem.eigen
    s2 = gradient_variance(np.einsum("ji,jk,ki->i", Q, problem.noise, Q), batch_size, n)
    curved = c > c[-1] * 1e-14
    return float((c[curved] * noise_floor(lr, c[curved], s2[curved], 1, beta)).sum() / 2)


def averaged_variance(c, s2, batch_size, steps):
    """Variance of the mean of many iterates, s2 / (B c^2 T) for large T (Polyak and Juditsky 1992)."""
    return s2 / (_sizes(batch_size) * np.asarray(c)[()] ** 2 * np.asarray(steps)[()])


def mean_square_factor(lr):
    """E (1 - lr x^2)^2 = 1 - 2 lr + 3 lr^2 for x ~ N(0, 1): B = 1 is stable in mean square for lr < 2/3 (E x^4 = 3)."""
    return 1 - 2 * np.asarray(lr)[()] + 3 * np.asarray(lr)[()] ** 2


@np.errstate(divide="ignore")
def distinct_fraction(n):
    """Share of n examples seen in n draws with replacement, 1 - (1 - 1/n)^n; tends to 1 - 1/e = 0.632."""
    return -np.expm1((n := np.minimum(np.asarray(n, float)[()], 1e300)) * np.log1p(-1 / n))


@np.errstate(divide="ignore", invalid="ignore")
def noise_scale(problem, w):
    """tr(Sigma) / |G|^2 at w: below that batch size noise rules, above it the signal (McCandlish, 1812.06162)."""
    each = np.stack([problem.grad(w, np.array([i])) for i in range(problem.n)])
    G = each.mean(0)
    return float(((each - G) ** 2).sum() / problem.n / (G**2).sum())
