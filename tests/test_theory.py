"""Every formula against a run or a simulation."""

import re
from itertools import combinations, product
from types import SimpleNamespace

import numpy as np
import pytest

from course_utils import theory
from course_utils.descent import descend
from course_utils.landscapes import PiecewiseQuadratic
from course_utils.optimizers import GradientDescent, Momentum, Nesterov
from course_utils.problems import LeastSquares, Quadratic, minibatches

LINE = Quadratic([1.0])
PAIR = LeastSquares([[1.0], [2.0]], [1.0, 3.0])
GRID = np.linspace(0.01, 1, 400)


def end(rule, problem=LINE, steps=3000, w0=1.0):
    return np.abs(descend(problem, rule, np.full(problem.shape, w0), steps).w[-1]).max()


def measured_rate(rule, c, late=400, span=200):
    """Contraction per step of (w_t, w_t+1) in one direction of curvature c, late in a run."""
    w = descend(Quadratic([c]), rule, [1.0], late + span + 1).w[:, 0]
    size = np.hypot(w[1:], w[:-1])
    return np.exp(np.polyfit(np.arange(span), np.log(size[late : late + span]), 1)[0])


LIMITS = [(GradientDescent, theory.gd_limit(1.0), {})]
LIMITS += [(Momentum, theory.momentum_limit(b, 1.0), {"beta": b}) for b in (0.0, 0.5, 0.9)]
LIMITS += [(Nesterov, theory.nesterov_limit(b, 1.0), {"beta": b}) for b in (0.0, 0.5, 0.9)]


@pytest.mark.parametrize(("rule", "limit", "more"), LIMITS)
def test_both_sides_of_each_limit(rule, limit, more):
    assert end(rule(0.99 * limit, **more)) < 1e-6
    assert end(rule(1.01 * limit, **more)) > 1e6


@pytest.mark.parametrize("c", [0.3, 2.0])
@pytest.mark.parametrize("lr", [0.05, 0.4, 0.8])
def test_rates_of_runs(lr, c):
    assert measured_rate(GradientDescent(lr), c, 20, 20) == pytest.approx(theory.gd_rate(lr, [c]), abs=1e-6)
    for beta in (0.2, 0.8):
        for rule, rate in ((Momentum, theory.momentum_rate), (Nesterov, theory.nesterov_rate)):
            assert abs(measured_rate(rule(lr, beta), c, 100, 150) - rate(lr, beta, [c])) < 0.01


def test_oscillation_contracts_by_the_root_of_beta():
    for lr in (0.05, 0.5, 2.0):
        assert theory.momentum_rate(lr, 0.9, [1.0]) == pytest.approx(np.sqrt(0.9), rel=1e-12)
        assert measured_rate(Momentum(lr, 0.9), 1.0) == pytest.approx(0.9487, abs=2e-3)


@pytest.mark.parametrize(
    ("kappa", "plain", "heavy"), [(10, 0.8182, 0.5195), (100, 0.9802, 0.8182), (1000, 0.9980, 0.9387)]
)
def test_best_is_the_minimum_of_the_rate(kappa, plain, heavy):
    ends = [1, kappa]
    best = theory.gd_best_lr(1, kappa)
    assert theory.gd_best_rate(kappa) == pytest.approx(plain, abs=5e-5)
    assert theory.gd_rate(best, ends) == pytest.approx(theory.gd_best_rate(kappa))
    assert theory.gd_rate(GRID * 2 / kappa, ends).min() >= theory.gd_best_rate(kappa) - 1e-12
    lr, beta = theory.momentum_best(1, kappa)
    assert theory.momentum_best_rate(kappa) == pytest.approx(heavy, abs=5e-5)
    assert theory.momentum_rate(lr, beta, ends) == pytest.approx(theory.momentum_best_rate(kappa), abs=1e-6)
    lrs, betas = GRID * 4 / kappa, np.linspace(0, 0.999, 300)[:, None]
    assert theory.momentum_rate(lrs, betas, ends).min() >= theory.momentum_best_rate(kappa) - 1e-6
    lr, beta = theory.nesterov_best(1, kappa)
    assert theory.nesterov_rate(lr, beta, ends) == pytest.approx(theory.nesterov_best_rate(kappa), abs=1e-6)
    assert theory.nesterov_rate(lrs, betas, ends).min() >= theory.nesterov_best_rate(kappa) - 1e-6


@pytest.mark.parametrize("kappa", [2.0, 10.0, 1000.0])
@pytest.mark.parametrize("beta", [0.0, 0.3, 0.5, 0.9, 0.99])
def test_best_lr_at_a_given_beta(beta, kappa):
    """No other learning rate has a smaller rate; a whole interval may be as good."""
    c = [1.0, kappa]
    best = theory.momentum_rate(theory.momentum_best_lr(beta, *c), beta, c)
    assert best <= theory.momentum_rate(GRID * theory.momentum_limit(beta, kappa), beta, c).min() + 1e-12
    all_oscillate = (1 - beta**0.5) ** 2 / c[0] <= (1 + beta**0.5) ** 2 / c[1]
    assert (abs(best - beta**0.5) < 1e-9) == all_oscillate
    if beta == 0:
        assert theory.momentum_best_lr(beta, *c) == theory.gd_best_lr(*c)


def test_a_level_direction_never_gets_there():
    kappa = Quadratic([0, 1]).kappa
    rates = theory.gd_best_rate(kappa), theory.momentum_best_rate(kappa), theory.nesterov_best_rate(kappa)
    assert rates == (1, 1, 1)


def test_iterates_in_closed_form():
    run = descend(Quadratic([3.0]), GradientDescent(0.2), [1.5], 30)
    np.testing.assert_allclose(theory.gd_iterates(0.2, 3.0, 1.5, 30), run.w[:, 0], rtol=1e-10)


def test_best_rate_is_not_fastest_to_a_tolerance():
    valley = Quadratic([0.1, 10])
    runs = [descend(valley, GradientDescent(lr), [-4, 1.5], 400) for lr in (0.18, 2 / 10.1)]
    assert [(run.loss < 1e-3).argmax() for run in runs] == [185, 235]


@pytest.mark.parametrize(
    ("lr_c", "regime", "signs"),
    [(0.5, "monotone", {1}), (1.0, "one step", {0}), (1.5, "alternating", {-1, 1}),
     (2.0, "bouncing", {-1, 1}), (2.5, "divergent", {-1, 1}), (-1, "divergent", {1}), (0.0, "still", {1})],
)  # fmt: skip
@pytest.mark.parametrize("c", [1.0, 4.0, 0.125])
def test_regimes_of_gradient_descent(lr_c, regime, signs, c):
    lr = lr_c / c
    assert theory.gd_regime(lr, c) == regime
    w = theory.gd_iterates(lr, c, 1.0, 6)[1:]
    assert set(np.sign(w)) == signs
    shrinks = abs(w[-1]) < 1
    assert shrinks == (regime in ("monotone", "one step", "alternating"))


def test_iterates_of_several_rates_and_of_whole_numbers():
    np.testing.assert_allclose(theory.gd_iterates([0.1, 0.2], 1, 2, 2), [[2, 1.8, 1.62], [2, 1.6, 1.28]])
    assert theory.gd_iterates(3, 1, 1, 70)[-1] == 2.0**70
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(theory.gd_iterates(3, 1, [0, 1], 1200)[:, -1], [0, np.inf])


def test_regimes_of_momentum():
    critical = theory.critical_beta(0.1, 1.0)
    assert critical == pytest.approx((1 - np.sqrt(0.1)) ** 2)
    names = {0.2: "overdamped", critical: "critical", 0.9: "oscillating"}
    for beta, name in names.items():
        assert theory.momentum_regime(0.1, beta, 1.0) == name
        w = descend(LINE, Momentum(0.1, beta), [1.0], 60).w[:, 0]
        assert (w.min() < -1e-3) == (name == "oscillating")
    assert theory.momentum_regime(3.7, 0.9, 1.0) == "oscillating"
    assert theory.momentum_regime(2.95, 0.5, 1.0) == "alternating"
    assert theory.momentum_regime(3.9, 0.9, 1.0) == "divergent"
    assert theory.momentum_regime(-0.1, 0.9, 1.0) == "divergent"
    assert theory.momentum_regime(0.0, 0.9, 1.0) == "still"
    assert {theory.momentum_regime(theory.momentum_limit(b, 10), b, 10) for b in np.arange(100) / 100} == {"bouncing"}
    betas = np.linspace(0, 0.99, 2000)
    fastest = betas[theory.momentum_rate(0.1, betas, [1.0]).argmin()]
    assert fastest == pytest.approx(critical, abs=1e-3)


def test_effective_lr_and_steps():
    w = descend_constant_gradient(Momentum(0.1, 0.9))
    assert w[-2] - w[-1] == pytest.approx(theory.effective_lr(0.1, 0.9), rel=1e-6)
    assert theory.steps_to(0.1, 0.9802) == pytest.approx(np.log(0.1) / np.log(0.9802))
    rates, steps = [0, 0.1, 1, 1.5, np.inf, np.nan], [0, 1, np.inf, np.inf, np.inf, np.nan]
    np.testing.assert_array_equal(theory.steps_to(0.1, rates), steps)


def descend_constant_gradient(rule, steps=300):
    w, state, path = np.zeros(1), rule.init(np.zeros(1)), []
    for _ in range(steps):
        w, state = rule.update(w, np.ones(1), state)
        path.append(w[0])
    return path


@pytest.mark.parametrize("kappa", [2, 25, 400])
def test_proven_nesterov_needs_root_kappa_steps(kappa):
    lr, beta = theory.nesterov_safe(1.0, kappa)
    assert theory.nesterov_rate(lr, beta, np.geomspace(1, kappa, 200)) <= 1 - 1 / np.sqrt(kappa) + 1e-7
    for problem in (Quadratic([1, kappa]), *([PiecewiseQuadratic()] if kappa == 25 else [])):
        run = descend(problem, Nesterov(lr, beta), np.full(problem.shape, 3.3), 200)
        bound = (1 + kappa) / 2 * (1 - 1 / np.sqrt(kappa)) ** run.steps * np.square(run.w[0]).sum()
        assert (run.loss <= bound + 1e-12).all()


def test_where_nesterov_swings_it_shrinks_with_the_curvature():
    c = np.array([0.5, 0.9])
    assert [theory.nesterov_rate(1.0, 0.8, [x]) ** 2 for x in c] == pytest.approx(0.8 * (1 - c))


def test_signs_alternate_beyond_the_second_meeting_of_the_roots():
    border = (1 + np.sqrt(0.6)) ** 2
    assert theory.momentum_regime(border * 0.99, 0.6, 1.0) == "oscillating"
    assert theory.momentum_regime(border * 1.01, 0.6, 1.0) == "alternating"


def test_cycle_of_lessard_recht_and_packard():
    bent = PiecewiseQuadratic()
    assert theory.momentum_best(bent.mu, bent.L) == pytest.approx((1 / 9, 4 / 9))
    last = descend(bent, Momentum(1 / 9, 4 / 9), [3.3], 3000).w[-3:, 0]
    np.testing.assert_allclose(sorted(last), [-1.8024, 0.6465, 2.1159], atol=5e-5)
    assert end(GradientDescent(2 / 26), bent, 400, 3.3) < 1e-6


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("size", [1, 5, 20, 40])
def test_variance_of_a_mini_batch_gradient(size, replace):
    rng = np.random.default_rng(0)
    values, n = rng.normal(size=40), 40
    if replace:
        batches = rng.integers(n, size=(20_000, size))
    else:
        batches = rng.permuted(np.tile(np.arange(n), (20_000, 1)), axis=1)[:, :size]
    formula = theory.gradient_variance(values.var(), size, None if replace else n)
    assert values[batches].mean(1).var() == pytest.approx(formula, rel=0.05, abs=1e-12)


def test_the_only_example_has_no_variance():
    assert theory.gradient_variance(1.0, 1, n=1) == 0


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_variance_over_every_possible_batch(size):
    values = np.array([1.0, 2.0, 4.0, 8.0, -3.0])
    without = np.var([np.mean(batch) for batch in combinations(values, size)])
    assert theory.gradient_variance(values.var(), size, 5) == pytest.approx(without, abs=1e-12)
    with_replacement = np.var([np.mean(batch) for batch in product(values, repeat=size)])
    assert theory.gradient_variance(values.var(), size) == pytest.approx(with_replacement)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("size", [1, 16])
@pytest.mark.parametrize("lr", [0.1, 1.0])
def test_noise_floor(lr, size, beta):
    rng, runs, c = np.random.default_rng(0), 4000, 1.5
    w, state, rule = np.zeros(runs), np.zeros(runs), Momentum(lr, beta)
    for _ in range(300):
        w, state = rule.update(w, c * w + rng.normal(size=runs) * np.sqrt(2 / size), state)
    formula = theory.noise_floor(lr, c, 2.0, size, beta)
    assert abs(w.var() / formula - 1) < 4 * np.sqrt(2 / runs)


def test_noise_floor_is_infinite_beyond_the_limit():
    assert theory.noise_floor(2.0, 1.0, 1.0, 1) == np.inf
    betas, c = np.arange(100) / 100, np.geomspace(1e-9, 1e9, 50)[:, None]  # at the limit, whatever rounding does to it
    assert (theory.noise_floor(theory.momentum_limit(betas, c), c, 1.0, 1, betas) == np.inf).all()
    assert theory.noise_floor(np.array([0.1, 5.0]), 1.0, 1.0, 1, 0.9).tolist()[1] == np.inf
    assert theory.noise_floor(0.1, 1, 1, 1) == pytest.approx(0.05263, abs=1e-5)
    assert theory.noise_floor(0.01, 1, 1, 1, 0.9) == pytest.approx(0.05013, abs=1e-5)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: theory.momentum_limit(1.5, 1), "beta must satisfy 0 <= beta < 1, got 1.5"),
        (lambda: theory.momentum_rate(0.1, 1, [1]), "beta must satisfy 0 <= beta < 1, got 1"),
        (lambda: theory.momentum_best_lr(-0.5, 1, 2), "beta must satisfy 0 <= beta < 1, got -0.5"),
        (lambda: theory.nesterov_rate(0.1, [0.5, 1], [1]), "beta must satisfy 0 <= beta < 1, got 1"),
        (lambda: theory.nesterov_limit(2, 1), "beta must satisfy 0 <= beta < 1, got 2"),
        (lambda: theory.effective_lr(0.1, 1.0), "beta must satisfy 0 <= beta < 1, got 1"),
        (lambda: theory.momentum_regime(0.1, 1.5, 1), "beta must satisfy 0 <= beta < 1, got 1.5"),
        (lambda: theory.gd_iterates(3, 1, 0, 2.5), "steps must be a whole number of at least 0, got 2.5"),
        (lambda: theory.gd_iterates(3, 1, 0, -1), "steps must be a whole number of at least 0, got -1"),
        (lambda: theory.gradient_variance(1, 50, [10, np.inf]), "1 <= batch_size <= n = [10.0, inf], got 50"),
        (lambda: theory.gradient_variance(1, 5, np.nan), "1 <= batch_size <= n = nan, got 5"),
        (lambda: theory.gradient_variance(1.0, 0), "batch_size must satisfy batch_size >= 1, got 0"),
        (lambda: theory.gradient_variance(1.0, 6, 5), "batch_size must satisfy 1 <= batch_size <= n = 5, got 6"),
        (lambda: theory.gradient_variance(1.0, 50, [4, 100]), "1 <= batch_size <= n = [4, 100], got 50"),
        (lambda: theory.gradient_variance(1.0, [1, 7], 5), "batch_size must satisfy 1 <= batch_size <= n = 5, got 7"),
        (lambda: theory.noise_floor(-0.1, 1, 1, 1), "lr must satisfy lr >= 0, got -0.1"),
        (lambda: theory.noise_floor(0.1, 1, 1, 1, 1.5), "beta must satisfy 0 <= beta < 1, got 1.5"),
        (lambda: theory.noise_floor(0.1, 1, 1, 0), "batch_size must satisfy batch_size >= 1, got 0"),
        (lambda: theory.averaged_variance(1, 1, 0, 5), "batch_size must satisfy batch_size >= 1, got 0"),
        (lambda: theory.loss_floor(PAIR, 0.1, 3, n=2), "batch_size must satisfy 1 <= batch_size <= n = 2, got 3"),
        (lambda: theory.loss_floor(PAIR, [0.1, 0.2], 1), "lr must be one number"),
        (lambda: theory.loss_floor(PAIR, 0.1, [1, 2]), "batch_size must be one number"),
    ],
)
def test_what_has_no_floor_is_refused(call, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        call()


def test_variances_and_floors_of_lists():
    np.testing.assert_allclose(theory.noise_floor(0.1, 1, [1, 2], [1, 4]), [0.1 / 1.9, 0.05 / 1.9])
    np.testing.assert_allclose(theory.gradient_variance(1, [1, 5], [10, 21]), [1, 0.16])
    assert theory.gradient_variance(1, 50, np.inf) == 0.02
    np.testing.assert_allclose(theory.critical_beta([0.1, 0.2], 2), (1 - np.sqrt([0.2, 0.4])) ** 2)
    with np.errstate(all="raise"):
        np.testing.assert_allclose(theory.gradient_variance(1, 5, [10, np.inf]), [1 / 9, 0.2])
        np.testing.assert_allclose(theory.nesterov_best([0, 10], 10), [[4 / 30, 0.1], [1, 0]])
        assert theory.nesterov_safe(0, 10) == (0.1, 1)
        assert theory.momentum_best(0, 10) == pytest.approx((0.4, 1))
    np.testing.assert_allclose(theory.nesterov_safe(1, [4, 9])[1], [1 / 3, 1 / 2])
    assert theory.noise_floor(0.1, -1, 1, 1) == np.inf


def test_noise_floor_of_stochastic_gradient_descent():
    rng, runs = np.random.default_rng(2), 3000
    mean = LeastSquares(np.ones((50, 1)), rng.normal(size=50))
    batches = minibatches(50, 4, np.random.default_rng(0), replace=True, runs=runs)
    run = descend(mean, GradientDescent(0.3), np.tile(mean.w_star, (runs, 1)), 60, batches)
    assert abs(run.w[-1].var() / theory.noise_floor(0.3, 1, mean.noise[0, 0], 4) - 1) < 4 * np.sqrt(2 / runs)


@pytest.mark.parametrize(("lr", "size", "beta"), [(0.02, 1, 0.0), (0.05, 4, 0.0), (0.02, 8, 0.8)])
def test_loss_floor_of_data(lr, size, beta):
    """Batches drawn without replacement, independent from step to step; directions of unlike noise."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(40, 3)) @ np.diag([1.0, 0.7, 0.5])
    problem = LeastSquares(X, X @ [1.0, -1.0, 2.0] + rng.normal(size=40) * (1 + np.abs(X[:, 0])))
    each = rng.permuted(np.broadcast_to(np.arange(40), (4000, 200, 40)), axis=-1)[..., :size]
    run = descend(problem, Momentum(lr, beta), np.tile(problem.w_star, (200, 1)), 4000, each, every=10)
    measured = run.loss[100:].mean() - problem.min_loss
    assert theory.loss_floor(problem, lr, size, beta, 40) == pytest.approx(measured, rel=0.1)
    assert theory.loss_floor(problem, lr, size, beta) > theory.loss_floor(problem, lr, size, beta, 40) * (size > 1)


def test_loss_floor_with_a_level_direction_and_beyond_the_limit():
    level = LeastSquares([[1, 1], [2, 2], [-1, -1.0]], [1, 2.5, 0])
    assert np.isfinite(theory.loss_floor(level, 0.1, 1))
    with np.errstate(all="raise"):
        assert theory.loss_floor(level, 3, 1) == theory.loss_floor(level, 3 / level.L, 1) == np.inf
    assert theory.loss_floor(level, 0.1, 3, n=3) == 0


def test_average_of_iterates():
    rng, runs, steps = np.random.default_rng(0), 2000, 2000
    w, total = np.zeros(runs), 0
    for _ in range(steps):
        w = w - 0.2 * (1.5 * w + rng.normal(size=runs) * np.sqrt(3 / 4))
        total = total + w
    assert (total / steps).var() == pytest.approx(theory.averaged_variance(1.5, 3.0, 4, steps), rel=0.15)


def test_mean_square_limit_of_single_examples():
    x = np.random.default_rng(0).normal(size=2_000_000)
    for lr in (0.3, 0.7, 1.0):
        assert np.mean((1 - lr * x**2) ** 2) == pytest.approx(theory.mean_square_factor(lr), rel=0.02)
    assert theory.mean_square_factor(0.66) < 1 < theory.mean_square_factor(0.67)
    assert theory.mean_square_factor(0.7) == pytest.approx(1.07)


def test_share_of_distinct_examples():
    rng = np.random.default_rng(0)
    seen = np.mean([len(np.unique(rng.integers(200, size=200))) / 200 for _ in range(2000)])
    assert seen == pytest.approx(theory.distinct_fraction(200), abs=2e-3)
    few = [len(set(draws)) / 4 for draws in product(range(4), repeat=4)]
    assert theory.distinct_fraction(4) == pytest.approx(np.mean(few))
    with np.errstate(all="raise"):
        assert theory.distinct_fraction(1) == 1
    for n in (10**6, 10**16, 10**17, 10**20):
        assert theory.distinct_fraction(n) == pytest.approx(1 - 1 / np.e, abs=1e-6)


def test_lists_do_as_arrays():
    np.testing.assert_allclose(theory.gd_best_rate([10, 100]), [0.8182, 0.9802], atol=5e-5)
    for best in (theory.momentum_best, theory.nesterov_best):
        np.testing.assert_allclose(np.transpose(best([1, 2], [10, 100])), [best(1, 10), best(2, 100)])
    for limit in (theory.momentum_limit, theory.nesterov_limit):
        np.testing.assert_allclose(limit([0, 0.5], [1, 2]), [limit(0, 1), limit(0.5, 2)])
        np.testing.assert_allclose(limit(0.5, [1, 2]), [limit(0.5, 1), limit(0.5, 2)])


def test_noise_scale():
    rng = np.random.default_rng(0)
    problem, w = LeastSquares(rng.normal(size=(30, 2)), rng.normal(size=30)), np.array([1.0, 2.0])
    each = problem.X * (problem.X @ w - problem.y)[:, None]
    expected = each.var(0).sum() / (each.mean(0) ** 2).sum()
    assert theory.noise_scale(problem, w) == pytest.approx(expected)


def test_at_the_minimum_of_exact_data_or_of_noisy_ones_the_noise_scale_is_no_warning():
    flat = SimpleNamespace(n=2, grad=lambda w, batch: np.array([[1.0], [-1.0]])[batch[0]])
    assert theory.noise_scale(flat, np.zeros(1)) == np.inf
    level = SimpleNamespace(n=2, grad=lambda w, batch: np.zeros(1))
    assert np.isnan(theory.noise_scale(level, np.zeros(1)))
