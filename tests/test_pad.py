"""The pad over (lr, beta) without a browser: colours against formulas, every corner of the map, handle and words."""

import base64
import io
import itertools
import re
import time
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from PIL import Image
from svg_paths import points

from course_utils import plots, theory
from course_utils.data import diabetes
from course_utils.descent import descend
from course_utils.drawing import drawn
from course_utils.explorers import LiveFigure, MomentumPadExplorer, pad_explorer
from course_utils.explorers import descent_words as words
from course_utils.explorers.directions import Directions, measured_rate
from course_utils.explorers.momentum_map import draw_map, label_rates, level_curve, rates_to_draw, sweep
from course_utils.explorers.pad import Pad
from course_utils.optimizers import Momentum
from course_utils.problems import LeastSquares, Quadratic

STEPS, START = 60, [-4, 1.5]
VALLEY = Quadratic([0.1, 10])
TURN = np.array([[0.8, -0.6], [0.6, 0.8]])
PROBLEMS = {
    "valley": (VALLEY, START),
    "tilted": (Quadratic(TURN @ np.diag([0.1, 10]) @ TURN.T, w_star=[0.5, 0.2]), START),
    "round": (Quadratic([1, 1]), [3, -2]),
    "nearly round": (Quadratic([1, 1.5]), [1, 1]),
    "very narrow": (Quadratic([1, 1e8]), [1, 1]),
    "one direction at rest": (VALLEY, [-4, 0]),
    "data": (LeastSquares(*diabetes(["s1", "s2"])), [-0.6, -0.6]),
}


@pytest.fixture(scope="module")
def explorer():
    return MomentumPadExplorer(VALLEY, START, lr=0.05)


@pytest.fixture(scope="module")
def grid(explorer):
    """The explorer's map: lr and beta of each pair, the measured rates, and the roots of both directions."""
    lr, beta = np.meshgrid(explorer.lrs, explorer.betas)
    middle = 1 + beta[..., None] - lr[..., None] * VALLEY.eigen[0]
    root = np.sqrt(middle**2 - 4 * beta[..., None] + 0j)
    return lr, beta, explorer.measured, ((middle + root) / 2, (middle - root) / 2)


def after(t, first, second):
    """x_t / x_0 from rest, S_t - beta S_(t-1) with S_t = sum of first^j second^(t-j): no division by their difference,
    so that it holds where the two roots meet."""
    sums = [sum(first**j * second ** (n - j) for j in range(n + 1)) for n in (t - 1, t)]
    return np.abs(sums[1] - first * second * sums[0])


def test_colours_are_the_closed_form_at_every_pair(grid):
    lr, beta, measured, roots = grid
    expected = after(STEPS, *roots).max(-1)
    rate = theory.momentum_rate(lr, beta, VALLEY.eigen[0])
    assert (np.abs(measured**STEPS - expected) <= 1e-9 * STEPS * rate**STEPS).all()


def test_transients_are_as_large_as_they_can_be_and_no_larger(grid):
    lr, beta, measured, _ = grid
    rate = theory.momentum_rate(lr, beta, VALLEY.eigen[0])
    stable = rate < 1
    assert (measured <= rate * (2 * STEPS + 1) ** (1 / STEPS))[stable].all()  # S_t <= (t + 1) r^t, and beta <= r^2
    assert (measured > 1)[stable].any()  # not yet smaller than at the start, though it converges
    assert (measured[rate > 1.02] > 1).all()


def test_creeping_pairs_lie_between_the_rate_and_its_transient(grid):
    """Where the slowest direction creeps, x_t = K r^t - (K - 1) s^t with K = r (1 - s) / (r - s), so x_t >= r^t."""
    lr, beta, measured, (first, second) = grid
    rate, r, s = theory.momentum_rate(lr, beta, VALLEY.eigen[0]), first[..., 0], second[..., 0]
    creeps = (r.imag == 0) & (r.real > s.real + 0.01) & (s.real >= 0) & np.isclose(r.real, rate, rtol=1e-12)
    alone = np.isclose(after(STEPS, first, second)[..., 0] ** (1 / STEPS), measured, rtol=1e-9)
    K = np.where(creeps, r * (1 - s) / np.where(creeps, r - s, 1), 1).real
    share, gentle = measured / rate, creeps & (K < 1.8)
    assert creeps.mean() > 0.5
    assert (share[creeps] > 1 - 1e-12).all()
    assert (share <= K ** (1 / STEPS) + 1e-9)[creeps & alone].all()
    assert alone[creeps].mean() > 0.99  # else the steep direction has not died out yet
    assert gentle.sum() > 0.95 * creeps.sum()
    assert (share[gentle & alone] < 1.01).all()  # away from the critical line: within one per cent


def test_swinging_pairs_have_the_rate_root_beta(grid):
    _, beta, measured, (first, _) = grid
    swings = (first.imag != 0).all(-1) & (beta > 0)
    apart = np.abs(measured[swings] / np.sqrt(beta[swings]) - 1)
    assert swings.sum() > 1000
    assert np.median(apart) < 0.01
    assert np.quantile(apart, 0.95) < 0.03  # the rest is critical, or crosses zero at the last step


def test_at_the_best_pair_the_transient_is_1_plus_b_t():
    lr, beta = theory.momentum_best(0.1, 10)
    r = -np.sqrt(beta)
    b = (1 - lr * 10) / r - 1
    for steps in (1, 10, 60, 300):
        measured = measured_rate(descend(VALLEY, Momentum(lr, beta), START, steps))
        assert measured == pytest.approx(-r * (1 + b * steps) ** (1 / steps), rel=1e-6)


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_sweep_is_a_run_for_each_pair(name):
    problem, w0 = PROBLEMS[name]
    lrs, betas = np.array([0.01, 0.3, 1.9, 5]) / problem.L, np.array([0, 0.5, 0.99])
    measured = sweep(problem, w0, 30, lrs, betas)
    for (i, beta), (j, lr) in itertools.product(enumerate(betas), enumerate(lrs)):
        run = descend(problem, Momentum(lr, beta), w0, 30)
        assert measured[i, j] == pytest.approx(float(measured_rate(run)), rel=1e-12)


@pytest.mark.parametrize("kappa", [1, 1.5, 100, 1e4, 1e8])
def test_lines_of_equal_rate(kappa):
    rates = rates_to_draw(theory.momentum_best_rate(kappa))
    assert len(rates) == 4
    assert sorted(rates) == rates
    for rate in rates:
        assert theory.momentum_best_rate(kappa) < rate < 1
        lr, beta = level_curve(rate, 1, kappa)
        np.testing.assert_allclose(theory.momentum_rate(lr, beta, [1, kappa]), rate, rtol=1e-6)
    lr, beta = (side[side.size // 2 :] for side in level_curve(1, 1, kappa))
    assert (lr[0], beta[0]) == (pytest.approx(4 / kappa), 1)
    np.testing.assert_allclose(lr[1:], theory.momentum_limit(beta[1:], kappa))


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_corner_of_the_map(name):
    problem, w0 = PROBLEMS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explorer = MomentumPadExplorer(problem, w0)
        assert np.isfinite(explorer.measured).all()
        lrs, betas = (np.array(s)[np.linspace(0, len(s) - 1, 8).astype(int)] for s in explorer.pad.stops)
        for pair in [*itertools.product(lrs, betas), theory.momentum_best(problem.mu, problem.L)]:
            explorer.pad.value = pair
            _consistent(explorer)
        explorer._repr_mimebundle_()


def _consistent(explorer):
    run = descend(explorer.problem, Momentum(*explorer.pad.value), explorer.w0, explorer.steps)
    np.testing.assert_array_equal(explorer.run.w, run.w)
    lr, beta = explorer.pad.value
    read = re.match("lr = (.*?), beta = (.*?): ", explorer.text).groups()
    for x, shown in zip((lr, beta), read, strict=True):
        assert shown in [f"{x:.{digits}g}" for digits in range(3, 18)]
    (told,) = re.findall(r"factor per step (\S+) by theory", explorer.text)
    assert (f"diverged at step {run.diverged_at};" in explorer.text) == (run.diverged_at is not None)
    rate, of_read = (theory.momentum_rate(*pair, explorer.problem.eigen[0]) for pair in ((lr, beta), map(float, read)))
    places = len(told.partition(".")[2])
    assert f"{rate:.{places}f}" == f"{of_read:.{places}f}" == told  # also of the pair that is read
    assert places == 3 or set(told[:-1]) in ({*"0.9"}, {*"1.0"})  # only what would read as 1 has more
    assert (float(told) == 1) == np.isclose(rate, 1, rtol=1e-12, atol=0)
    assert ("does not converge" in explorer.text) == (rate >= 1)
    if run.diverged_at is None:
        assert words.of_the_loss(run) in explorer.text
        share, nothing = explorer.directions.shares(run)[-1, 0], " to 0 in " in explorer.text
        assert ("% of it flat" in explorer.text) == (np.isfinite(share) and not nothing)
        assert nothing or np.isnan(share) or f", {100 * share:.0f} % of it flat;" in explorer.text
    svg = explorer.figure.svg
    assert len(svg) + len(explorer.text) < 20_000
    assert not re.search("nan|inf", svg)
    xs, ys = points(svg).T
    assert -20 < xs.min() <= xs.max() < explorer.figure.width + 20
    assert -20 < ys.min() <= ys.max() < explorer.figure.height + 20


@pytest.mark.parametrize(
    ("lr", "beta", "told"),
    [
        (0.05, 0.5, "flat (c = 0.1) creeps, steep (c = 10) swings. In the long run each digit takes 19.8 times"),
        (0.05, 0.9, "flat (c = 0.1) swings, steep (c = 10) swings."),
        (0.27, 0.4, "steep (c = 10) alternates"),
        (0.5, 0.3, "steep (c = 10) diverges. A factor of 1 or more does not converge."),
        (0.2, 0.0, "steep (c = 10) bounces for ever. A factor of 1 or more does not converge."),
        (0.38, 0.9, "steep (c = 10) bounces for ever. A factor of 1 or more does not converge."),
        (0.36, 0.8, "steep (c = 10) bounces for ever. A factor of 1 or more does not converge."),
        (*theory.momentum_best(0.1, 10), "is critical, steep (c = 10) is critical. No pair has a smaller factor"),
    ],
)
def test_words(explorer, lr, beta, told):
    explorer.pad.value = lr, beta
    assert told in explorer.text
    more = re.search(r"takes ([\d.]+) times", explorer.text)
    if more:
        steps = [
            np.log(0.1) / np.log(theory.momentum_rate(*pair, [0.1, 10])) for pair in ((lr, beta), (0.3305, 0.6696))
        ]
        assert float(more[1]) == pytest.approx(steps[0] / steps[1], rel=0.05)


def test_a_pair_is_read_with_as_many_digits_as_its_rate_takes(explorer):
    explorer.best()
    assert explorer.text.startswith("lr = 0.3305785, beta = 0.6694215: ")
    explorer.pad.value = 0.05, 0.29
    assert explorer.text.startswith("lr = 0.05, beta = 0.29: ")


@pytest.mark.parametrize("curvatures", [[1e-200, 1e-198], [1e-300, 1e-290], [1e-308, 1e-307], [1e300, 1e302]])
@pytest.mark.parametrize("window", [((-5, 5), (-2, 2)), ((0, 1e300), (0, 1))])
def test_the_smallest_and_the_largest_numbers_raise_no_warning(curvatures, window):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explorer = MomentumPadExplorer(Quadratic(curvatures), START, window=window)
        explorer.best()
        explorer.step()
        explorer.figure.still_png()


@pytest.mark.parametrize("L", [1e12, 1e13])
def test_in_a_very_narrow_valley_too_no_other_pair_is_called_the_best(L):
    explorer = MomentumPadExplorer(Quadratic([1, L]), [1, 1])
    assert "No pair" not in explorer.at(pad=(explorer.lrs[0], 0)).text


@pytest.mark.parametrize(
    ("lr", "beta", "told"),
    [
        (1e-9, 0.0, "factor per step 0.999999999 by theory in the long run, 0.999999999 measured over"),
        (2e-8 * (1 + 1e-9), 0.0, "factor per step 1.000000002 by theory"),
        (2e-8 * (1 - 1e-9), 0.0, "lr = 1.999999998e-08, beta = 0: "),
    ],
)
def test_a_factor_beside_1_does_not_read_as_1(lr, beta, told):
    explorer = MomentumPadExplorer(Quadratic([1, 1e8]), [1, 1], lr_range=(1e-9, 1))
    assert told in explorer.at(pad=(lr, beta)).text
    assert "smallest, 0.9998, at lr = 4e-08, beta = 0.9996." in explorer.pad.words


def test_what_rounding_lets_grow_is_no_measured_factor():
    """A start on the flat eigenvector of a turned bowl: by rounding it lies a little beside it."""
    bowl = Quadratic(TURN @ np.diag([1e-3, 10]) @ TURN.T)
    explorer = MomentumPadExplorer(bowl, 2 * bowl.eigen[1][:, 0], lr=0.8)
    assert "diverged at step" in explorer.text
    assert "measured over 60 steps, leaving out rounding, which grew; flat" in explorer.text
    assert "rounding" not in explorer.at(lr=0.1).text


def test_no_digits_and_no_shares_are_told_of_rounding():
    """The run ends 1e-60 above a loss of 0.2: of that difference only the rounding is left."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 2))
    data = LeastSquares(X, X @ [1, 2] + rng.normal(size=50))
    told = [MomentumPadExplorer(data, START, 400, lr=lr, beta=0.3).text for lr in np.geomspace(0.4, 1, 12)]
    assert all(re.search(r" fell from \S+ to 0 in 400 steps; factor", text) for text in told)


def test_the_largest_growth_raises_no_warning(recwarn):
    MomentumPadExplorer(Quadratic([5.7e-4, 10]), [-1e-5, 4e-5], 1000)
    assert not recwarn.list


def test_words_of_a_run_beyond_the_range_of_floats():
    explorer = MomentumPadExplorer(VALLEY, START, steps=1000, lr=0.8, beta=0.9)
    assert ": diverged at step 4; factor per step" in explorer.text
    round_bowl = MomentumPadExplorer(*PROBLEMS["round"], lr=1, beta=0.5)
    assert "The best pair arrives in a single step." in round_bowl.text
    nearly = MomentumPadExplorer(Quadratic([1, 1 + 1e-15]), [3, -2], lr=1, beta=0.5)  # as rounding leaves a turned one
    assert "The best pair arrives in a single step." in nearly.text
    round_bowl.best()
    assert round_bowl.pad.value == (1, 0)
    assert "0.000 by theory in the long run, 0.000 measured" in round_bowl.text


def test_best_and_reset():
    explorer = MomentumPadExplorer(VALLEY, START, lr=0.05, beta=0.3)
    first, pictures = explorer.text, []
    explorer.pad.observe(lambda change: pictures.append(explorer.text), "value")
    explorer.best()
    assert explorer.pad.value == theory.momentum_best(0.1, 10)
    assert len(pictures) == 1  # both numbers in one change
    explorer.reset()
    assert (explorer.pad.value, explorer.text) == ((0.05, 0.3), first)
    far = MomentumPadExplorer(VALLEY, START, lr_range=(0.01, 0.1))
    far.best()
    assert far.pad.value == (0.1, 0.81)  # critical_beta(0.1, 0.1)


def test_at_takes_the_pair_or_its_numbers_by_name():
    explorer = MomentumPadExplorer(VALLEY, START, lr=0.05)
    assert explorer.at(lr=0.123456).pad.value == (0.123456, 0)
    assert explorer.at(beta=0.5).pad.value == (0.123456, 0.5)
    assert explorer.at(lr=0.1, beta=0.7).pad.value == explorer.at(pad=(0.1, 0.7)).pad.value == (0.1, 0.7)
    with pytest.raises(ValueError, match="no slider is called lr"):
        explorer.at(pad=(0.1, 0.5), lr=0.2)


@pytest.mark.parametrize(
    ("problem", "more", "best"),
    [
        (Quadratic([1e-4, 100]), {}, (theory.momentum_best_lr(0.99, 1e-4, 100), 0.99)),  # kappa = 10^6
        (VALLEY, {"lr_range": (0.38, 0.8)}, (0.38, theory.critical_beta(0.38, 10))),
    ],
)
def test_the_best_pair_of_a_map_that_has_not_the_best_of_all(problem, more, best):
    explorer = MomentumPadExplorer(problem, START, **more)
    explorer.best()
    assert explorer.pad.value == pytest.approx(best, rel=0.02)
    assert theory.momentum_rate(*explorer.pad.value, problem.eigen[0]) < 1


def test_a_map_of_fast_rates_only():
    explorer = MomentumPadExplorer(VALLEY, START, lr_range=(0.5, 1))
    assert "diverged" in explorer.text


def test_a_move_takes_less_than_40_ms(explorer):
    rng, seconds = np.random.default_rng(0), []
    for _ in range(60):
        pair = [rng.choice(stops) for stops in explorer.pad.stops]
        began = time.process_time()
        explorer.pad.value = pair
        seconds.append(time.process_time() - began)
    assert np.median(seconds) < 0.04


def heavy_ball(w, v, g, lr, beta):
    v = beta * v + g
    return w - lr * v, v


def forgets_velocity(w, v, g, lr, beta):
    return w - lr * g, v


@pytest.mark.parametrize("yours", [heavy_ball, Momentum])
def test_your_own_rule_agrees_at_every_pair(yours):
    explorer = MomentumPadExplorer(VALLEY, START, 30, yours=yours)
    for pair in itertools.product((0.01, 0.33, 0.8), (0, 0.5, 0.99)):
        explorer.pad.value = pair
        assert "Yours and ours agree" in explorer.text
        np.testing.assert_allclose(explorer.attempt.w, explorer.run.w, rtol=1e-12, atol=1e-12)
        assert explorer.figure.svg.count('stroke-dasharray="20 ') == 2


def test_a_wrong_rule_is_told():
    explorer = MomentumPadExplorer(VALLEY, START, 30, yours=forgets_velocity)
    assert "agree" in explorer.text  # beta = 0
    explorer.pad.value = 0.05, 0.9
    assert "Yours and ours part at step 2" in explorer.text
    failing = MomentumPadExplorer(VALLEY, START, 30, yours=lambda w, v, g, lr, beta: None)
    assert "step 1: it returned None" in failing.text


# The map as a picture.


def test_the_picture_shows_the_limit_and_the_best_pair(explorer):
    _, ax = plots.panels(1)
    draw_map(ax, VALLEY, explorer.measured, explorer.lrs, explorer.betas, STEPS)
    lines = [line.get_xydata() for line in ax.lines]
    best = theory.momentum_best(0.1, 10)
    assert any(len(line) == 1 and np.allclose(line, best) for line in lines)
    assert any(np.allclose(line[:, 0], theory.momentum_limit(line[:, 1], 10)) for line in lines)
    curves = [(line.get_color(), *line.get_data()) for line in ax.lines if len(line.get_xdata()) > 2]
    for c, name in ((0.1, "flat"), (10, "steep")):
        critical = [color for color, lr, beta in curves if np.allclose(beta, theory.critical_beta(lr, c))]
        assert critical == [plots.COLORS[name]]
    levels = [line.get_data() for line in ax.lines if line.get_linewidth() == 0.8]
    for level, rate in zip(levels, rates_to_draw(theory.momentum_best_rate(100)), strict=True):
        np.testing.assert_allclose(theory.momentum_rate(*level, [0.1, 10]), rate)
    (hatched,) = [area for area in ax.collections if area.get_hatch()]
    corners = hatched.get_paths()[0].vertices
    assert (theory.momentum_rate(*corners.T, [0.1, 10]) >= 1 - 1e-12).all()
    words = {text.get_text().strip() for text in ax.texts}
    assert {"0.85", "0.92", "best\n   0.818", "diverges\nbeyond\n2 (1 + beta) / L"} <= words
    k = np.unravel_index(explorer.measured.argmin(), explorer.measured.shape)
    assert f"{explorer.measured.min():.3f}, at lr = {explorer.lrs[k[1]]:.3g}" in plots.describe(ax.figure)


def drawn_ticks(axis):
    """The labels of ticks within the axis' limits."""
    low, high = axis.get_view_interval()
    places = zip(axis.get_majorticklocs(), axis.get_ticklabels(), strict=True)
    return [label for place, label in places if low <= place <= high]


@pytest.mark.parametrize("low", [1e-9, 4.3e-5, 2.5e-4, 0.007, 0.01, 0.04, 0.15, 0.7, 1, 11, 150, 1234, 1e5, 3e6])
def test_labels_of_any_range_of_rates_stand_apart(low):
    """Narrow ones, where round numbers are far apart, and wide ones, where labels are long or many."""
    for times in (1.0001, 1.002, 1.05, 1.1, 1.3, 1.7, 2.5, 5, 8, 20, 40, 100, 150, 300, 700, 999, 1e3, 3e3, 1e5, 1e8):
        _, ax = plots.panels(1, width=4.4, height=5)
        ax.set_position([0.13, 0.11, 0.85, 0.83])  # the pad's
        ax.set(xscale="log", xlim=(low, low * times), ylim=(0, 0.99))
        plots.plain_log(ax.xaxis)
        label_rates(ax)
        renderer = FigureCanvasAgg(ax.figure).get_renderer()
        labels = drawn_ticks(ax.xaxis)
        boxes = [label.get_window_extent(renderer) for label in labels]
        gaps = [right.x0 - left.x1 for left, right in itertools.pairwise(boxes)]
        assert min(gaps, default=9) > 3, times
        assert boxes[-1].x1 < ax.figure.bbox.x1
        assert len({label.get_text() for label in labels}) == len(labels) >= (2 if times > 1.01 else 1)


MAPS = [(kappa, None) for kappa in (1, 1.5, 3, 4, 5, 6, 10, 20, 30, 100, 400, 3000, 1e5, 1e6)]
MAPS += [(kappa, ends) for kappa in (5, 1e4) for ends in ((0.15, 0.25), (0.3, 2), (0.01, 0.21), (1e-4, 100))]
MAPS += [(100, ends) for ends in ((1e-6, 1e3), (1, 1e3), (0.01, 1))]


@pytest.mark.parametrize(("kappa", "lr_range"), MAPS)
def test_no_label_covers_another_or_the_frame(monkeypatch, kappa, lr_range):
    maps = []
    monkeypatch.setattr(pad_explorer, "Pad", lambda ax, *args, **more: maps.append(ax) or Pad(ax, *args, **more))
    MomentumPadExplorer(Quadratic([10 / kappa, 10]), START, steps=2, lr_range=lr_range)
    (ax,), labels = maps, maps[0].texts
    ticks = [*drawn_ticks(ax.xaxis), *drawn_ticks(ax.yaxis)]
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    boxes = [(text.get_text().split()[0], text.get_window_extent(renderer)) for text in (*ticks, *labels)]
    assert not [(a, b) for (a, own), (b, other) in itertools.combinations(boxes, 2) if own.overlaps(other)]
    frame = ax.bbox.padded(2)
    assert all(frame.contains(*corner) for _, box in boxes[len(ticks) :] for corner in (box.min, box.max))
    assert [name for name, box in boxes if box.x1 > ax.figure.bbox.x1] == []
    if lr_range is None and kappa < 1e6:  # there the best pair and the flat line are above the map
        assert {"best", "flat", "steep", "diverges"} <= dict(boxes).keys()


@pytest.mark.parametrize("directions", [True, False])
def test_the_dotted_line_is_the_loss_at_the_start(directions):
    explorer = MomentumPadExplorer(VALLEY, START, lr=0.05, directions=directions)
    (dotted,) = [line for line in explorer.figure.fig.axes[1].lines if line.get_linestyle() == ":"]
    assert dotted.get_ydata() == pytest.approx([explorer.run.loss[0]] * 2)


def test_colours_change_at_the_labelled_rates(explorer):
    bands = draw_map(plots.panels(1)[1], VALLEY, explorer.measured, explorer.lrs, explorer.betas, STEPS)
    assert bands.levels.tolist() == [0, *rates_to_draw(theory.momentum_best_rate(100)), 1, 3]
    brightness = bands.get_facecolor()[:-1, :3].mean(-1)
    assert (np.diff(brightness) > 0.02).all()  # the faster, the darker: told without colour


def test_each_pair_has_the_colour_of_its_measured_rate(explorer):
    bands = draw_map(plots.panels(1)[1], VALLEY, explorer.measured, explorer.lrs, explorer.betas, STEPS)
    image = Image.open(io.BytesIO(base64.b64decode(explorer.pad.picture))).convert("RGB")
    rng, hits = np.random.default_rng(0), []
    for row, column in zip(rng.integers(91, size=400), rng.integers(141, size=400), strict=True):
        band = np.searchsorted(bands.levels, min(explorer.measured[row, column], 2)) - 1
        pair = explorer.lrs[column], explorer.betas[row]
        x, y = (np.interp(*given) for given in zip(pair, explorer.pad.stops, explorer.pad.places, strict=True))
        seen = image.getpixel((min(round(x * image.width), image.width - 1), round(y * image.height)))
        hits.append(np.abs(np.array(seen) - 255 * bands.get_facecolor()[max(band, 0), :3]).max() < 3)
    assert np.mean(hits) > 0.8  # the others lie under a line, a label or a hatch


# The handle.


def small_pad(typing=False):
    _, ax = plots.panels(1)
    ax.set(xscale="log", xlim=(0.01, 1), ylim=(0, 1))
    return ax, Pad(ax, ("lr", "beta"), ([0.01, 0.1, 1], [0, 0.5, 1]), (0.1, 0), typing)


def test_pad_snaps_to_its_stops():
    _, pad = small_pad()
    assert pad.value == (0.1, 0.0)
    for given, taken in (((0.7, 0.8), (1, 1)), ((-9, 0.3), (0.01, 0.5)), ((99, -1), (1, 0)), ([0.02, 0], (0.01, 0))):
        pad.value = given
        assert pad.value == taken
        pad.value = np.nan, 0.5
        assert pad.value == taken


def test_typing_takes_any_number_between_the_ends():
    _, pad = small_pad(typing=True)
    for given, taken in (((0.7, 0.8), (0.7, 0.8)), ((-9, 2), (0.01, 1)), ((np.inf, 0.1), (0.01, 1))):
        pad.value = given
        assert pad.value == taken


def test_stops_are_where_the_axes_have_them():
    ax, pad = small_pad()
    box = ax.get_position()
    np.testing.assert_allclose(pad.places[0], np.linspace(box.x0, box.x1, 3))
    np.testing.assert_allclose(pad.places[1], 1 - np.linspace(box.y0, box.y1, 3))


def test_a_picture_of_ones_own_keeps_its_labels():
    figures = [plots.panels(1, width=3, height=2.2) for _ in range(2)]
    for _, ax in figures:
        ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="learning rate lr", ylabel="momentum beta\nof the velocity")
    (laid_out, ax), (_, other) = figures
    pad = Pad(other, ("a", "b"), ([0, 1], [0, 1]), (0, 0))
    pixels = drawn(laid_out, 192)[..., :3]
    sent = Image.open(io.BytesIO(base64.b64decode(pad.picture))).convert("RGB")
    np.testing.assert_array_equal(np.asarray(sent), pixels)
    box = ax.get_position()
    np.testing.assert_allclose(pad.places, [[box.x0, box.x1], [1 - box.y0, 1 - box.y1]])


def test_a_pad_in_a_subfigure():
    ax = Figure(figsize=(6, 3)).subfigures(1, 2)[1].subplots()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    pad = Pad(ax, ("a", "b"), ([0, 1], [0, 1]), (0, 0))
    assert (pad.width, 0.5 < pad.places[0][0] < pad.places[0][1] < 1) == (576, True)


def pad_on(stops=([0, 1], [0, 1]), value=(0, 0), projection=None, **limits):
    ax = Figure().add_subplot(projection=projection)
    if projection is None:
        ax.set(**{"xlim": (0, 1), "ylim": (0, 1)} | limits)
    return Pad(ax, ("a", "b"), stops, value)


def test_without_a_kernel_there_is_a_picture_with_the_handle(explorer):
    for pair in ((0.05, 0.2), (0.5, 0.9)):
        explorer.pad.value = pair
        data, metadata = explorer._repr_mimebundle_()
        assert data["text/plain"] == explorer.text == metadata["image/png"]["alt"]
        still = Image.open(io.BytesIO(explorer.figure.still_png())).convert("RGB")
        width = still.width * explorer.pad.width / (explorer.pad.width + explorer.figure.width)
        x, y = (np.interp(*given) for given in zip(pair, explorer.pad.stops, explorer.pad.places, strict=True))
        height = explorer.pad.height * still.width / (explorer.pad.width + explorer.figure.width)
        assert still.getpixel((round(x * width), round(y * height))) == (0, 158, 115)
        greens = np.all(np.asarray(still)[:, round(width) :] == (0, 158, 115), axis=-1)
        assert greens.sum() > 20  # the path, in the colour of the handle
    before = [len(ax.lines) for ax in explorer.figure.fig.axes]
    assert explorer._repr_mimebundle_()[0]["image/png"] == data["image/png"]
    assert [len(ax.lines) for ax in explorer.figure.fig.axes] == before


@pytest.mark.parametrize("color", ["white", "orange"])  # packed grey, and in colours
def test_a_still_is_the_same_when_its_picture_is_unpacked_again(color):
    pad = pad_on(facecolor=color)
    first = np.asarray(pad.still())
    np.testing.assert_array_equal(np.asarray(pad.still()), first)


# The directions.


@pytest.mark.parametrize("name", ["valley", "tilted", "data", "one direction at rest"])
@pytest.mark.parametrize(("lr", "beta"), [(0.05, 0.0), (0.3, 0.9), (3.0, 0.9)])
def test_directions_add_up_to_the_loss(name, lr, beta):
    problem, w0 = PROBLEMS[name]
    run = descend(problem, Momentum(lr / problem.L, beta), w0, STEPS)
    directions = Directions(plots.panels(1)[1], problem)
    above = run.loss - getattr(problem, "min_loss", 0)
    np.testing.assert_allclose(directions.losses(run).sum(-1), above, rtol=1e-9, atol=1e-12 * above[0])
    shares = directions.shares(run)
    np.testing.assert_allclose(shares.sum(-1), 1)
    np.testing.assert_allclose(shares, directions.losses(run) / directions.losses(run).sum(-1, keepdims=True))


def test_bands_lie_on_one_another_in_the_directions_colours():
    three = Quadratic([0.1, 1, 10])
    fig, ax = plots.panels(1)
    directions = Directions(ax, three)
    assert directions.colors == [plots.COLORS[name] for name in ("flat", "muted", "steep")]
    assert directions.names == ["flat, c = 0.1", "c = 1", "steep, c = 10"]
    ax.set(xlim=(0, 40))
    figure = LiveFigure(fig, "Shares.")
    directions.add_to(figure)
    run = descend(three, Momentum(0.1, 0.5), [3, 1, 0.3], 40)
    data = directions.bands(run)
    figure.move("Shares of a run.", **data)
    np.testing.assert_array_equal(data["direction 0"][1], 0)
    np.testing.assert_allclose(data["direction 2"][2], 1)
    for k in (1, 2):
        np.testing.assert_array_equal(data[f"direction {k}"][1], data[f"direction {k - 1}"][2])
    assert set(figure._artists) == {f"{part} {k}" for part in ("direction", "edge") for k in range(3)}  # no words move


@pytest.mark.parametrize(
    ("curvatures", "labels"),
    [
        ([0.1, 10], ["below: flat, c = 0.1", "on top: steep, c = 10"]),
        ([0.0123, 1.23e4], ["below: flat, c = 0.0123", "on top: steep, c = 1.23e+04"]),
        ([0.1, 1, 10], ["below: flat, c = 0.1", "between: c = 1", "on top: steep, c = 10"]),
    ],
)
def test_a_legend_above_the_bands_says_in_one_row_which_is_which(curvatures, labels):
    if len(curvatures) == 2:
        explorer = MomentumPadExplorer(Quadratic(curvatures), START)
        directions, figure = explorer.directions, explorer.figure
    else:
        fig, ax = plots.panels(1, width=4)
        directions = Directions(ax, Quadratic(curvatures))
        figure = LiveFigure(fig, "Shares.")
    renderer, legend = FigureCanvasAgg(figure.fig).get_renderer(), directions.ax.get_legend()
    assert [text.get_text() for text in legend.get_texts()] == labels
    colors = [patch.get_facecolor() for patch in legend.get_patches()]
    assert colors == [to_rgba(color, 0.25) for color in directions.colors]
    box, words = legend.get_window_extent(renderer), [t.get_window_extent(renderer) for t in legend.get_texts()]
    assert max(t.y0 for t in words) < min(t.y1 for t in words)
    assert all(a.x1 < b.x0 for a, b in itertools.pairwise(words))
    assert 0 <= box.x0 < box.x1 <= figure.fig.bbox.x1 + 1
    for ax in figure.fig.axes:
        assert not ax.patch.get_window_extent(renderer).padded(-1).overlaps(box)


def test_shares_of_a_run_that_leaves_the_range_of_floats_end_there(recwarn):
    run = descend(VALLEY, Momentum(5, 0.9), START, 400)
    shares = Directions(plots.panels(1)[1], VALLEY).shares(run)
    inside = np.isfinite(run.w).all(-1)
    assert not inside.all()
    np.testing.assert_allclose(shares[inside].sum(-1), 1)
    assert np.isnan(shares[~inside]).all()
    assert not recwarn.list


@pytest.mark.parametrize("star", [[1, -1], [100, 100]])
def test_a_run_that_arrives_beside_a_minimum_that_is_not_0_has_the_same_rate(star):
    centred, explorer = (
        MomentumPadExplorer(Quadratic([0.5, 2], at), np.add(at, [3, 1]), STEPS) for at in ([0, 0], star)
    )
    np.testing.assert_allclose(explorer.measured, centred.measured, rtol=1e-9)
    explorer.best()
    rate = (1 + 4 / 3 * STEPS) ** (1 / STEPS) / 3  # of the steep direction, critical: x_t = (1 + b t) r^t x_0
    assert f"0.333 by theory in the long run, {rate:.3f} measured" in explorer.text


def test_long_runs_end_in_the_smallest_floats_and_have_their_rate_all_the_same():
    explorer = MomentumPadExplorer(Quadratic([1, 10]), START, 3000)
    explorer.best()
    assert "0.519 by theory in the long run, 0.523 measured" in explorer.text  # 0.519 (1 + b t)^(1/t), t = 1000 or so
    short = MomentumPadExplorer(Quadratic([1, 10]), START, 300)
    near = np.isfinite(short.measured) & (short.measured < 1)
    np.testing.assert_allclose(explorer.measured[near], short.measured[near], atol=0.03)


def test_of_one_direction_only_what_moves_is_measured():
    along_flat = descend(VALLEY, Momentum(0.5, 0), [-4, 0], 10)  # beyond the steep direction's limit
    assert measured_rate(along_flat) == pytest.approx(0.95)


BAD = [
    (lambda: MomentumPadExplorer(VALLEY, START, directions=np.array([1, 2])), ("directions", "True or False")),
    (
        lambda: MomentumPadExplorer(Quadratic([1, 2, 3]), [1, 1, 1]),
        ["problem", "two parameters", "Quadratic([0.1, 10])"],
    ),
    (lambda: MomentumPadExplorer("valley", START), ["problem", "quadratic", "'valley'"]),
    (lambda: MomentumPadExplorer(Quadratic([0, 1]), START), ["problem", "curvatures above 0", "mu = 0"]),
    (lambda: MomentumPadExplorer(Quadratic([-1, 1]), START), ["curvatures above 0", "mu = -1"]),
    *(
        (lambda mu=mu: MomentumPadExplorer(SimpleNamespace(shape=(2,), eigen=(), mu=mu, L=1), START), ["problem's mu"])
        for mu in ("2", None, np.inf)
    ),
    (lambda: MomentumPadExplorer(VALLEY, START, steps=1e300), ["steps", "at most 1e+07", "1e+300"]),
    (lambda: MomentumPadExplorer(VALLEY, START, beta=np.ma.masked), ["momentum beta", "masked"]),
    (lambda: MomentumPadExplorer(VALLEY, [1, 1, 1]), ["w0", "(2,)", "(3,)"]),
    (lambda: MomentumPadExplorer(VALLEY, [0, 0]), ["w0", "away from the minimum"]),
    (lambda: MomentumPadExplorer(VALLEY, [np.nan, 0]), ["w0", "nan"]),
    (lambda: MomentumPadExplorer(VALLEY, START, steps=0), ["steps", "at least 1"]),
    (lambda: MomentumPadExplorer(VALLEY, START, lr=9), ["learning rate lr", "0.01 to 0.8", "9"]),
    (lambda: MomentumPadExplorer(VALLEY, START, beta=1), ["momentum beta", "0 to 0.99", "1"]),
    (lambda: MomentumPadExplorer(VALLEY, START, lr_range=(1, 0.1)), ["lr_range", "lowest < highest", "(1, 0.1)"]),
    (lambda: MomentumPadExplorer(VALLEY, START, lr_range=(0, 1)), ["lr_range", "0 < lowest", "0"]),
    (lambda: MomentumPadExplorer(VALLEY, START, lr_range=1), ["lr_range", "(2,)", "()"]),
    (lambda: MomentumPadExplorer(VALLEY, START, window=None), ["window", "None"]),
    (lambda: MomentumPadExplorer(VALLEY, START, lr=[0.1]), ["learning rate lr", "one number"]),
    (lambda: MomentumPadExplorer(VALLEY, START, yours=3), ["yours", "step(w, v, g, lr, beta)", "3"]),
    (lambda: Pad(plots.panels(1)[1], ("a", "b"), ([1, 0], [0, 1]), (0, 0)), ["stops of a", "ascending"]),
    (lambda: Pad(plots.panels(1)[1], ("a", "b"), ([0, 1], [1]), (0, 1)), ["stops of b", "two or more"]),
    (lambda: Pad(plots.panels(1)[1], ("a", "b"), ([0, 1], [0, 1]), (0, 2)), ["b", "0 to 1", "2"]),
    (lambda: pad_on(([0, np.nan], [0, 1])), ["stops of a", "finite", "nan"]),
    (lambda: pad_on(([0, 5], [0, 1])), ["stops of a", "in the picture", "5 is outside", "limits first"]),
    (lambda: pad_on(xscale="log", xlim=(0.1, 1)), ["stops of a", "in the picture", "0 is outside"]),
    (lambda: Pad("left", ("a", "b"), ([0, 1], [0, 1]), (0, 0)), ["ax must be Matplotlib axes", "'left'"]),
    (lambda: Pad(plots.panels(1)[1], ("a",), ([0, 1], [0, 1]), (0, 0)), ["names must be two", "('a',)"]),
    (lambda: Pad(plots.panels(1)[1], "ab", ([0, 1], [0, 1]), (0, 0)), ["names must be two", "'ab'"]),
    (lambda: pad_on([[0, 1]]), ["stops must be two lists, of a and of b", "[[0, 1]]"]),
    (lambda: pad_on(3), ["stops must be two lists", "got 3"]),
    (lambda: pad_on(value=3), ["a and b", "two numbers, such as (0, 0)", "got 3"]),
    (lambda: pad_on(value=(0, 0, 0)), ["a and b", "two numbers", "got (0, 0, 0)"]),
    *((lambda kind=kind: pad_on(projection=kind), ["axes of x and y", f"got {kind} axes"]) for kind in ("3d", "polar")),
    (lambda: MomentumPadExplorer(VALLEY, START).at(pad=(0.1,)), ["learning rate lr and momentum beta", "(0.1,)"]),
    (lambda: MomentumPadExplorer(VALLEY, START).at(pad=3), ["two numbers, such as (0.01, 0), got 3"]),
    (lambda: Directions(plots.panels(1)[1], Quadratic(np.arange(1, 5))), ["two or three parameters"]),
]


@pytest.mark.parametrize(("call", "words"), BAD, ids=[" ".join(words) for _, words in BAD])
def test_bad_input(call, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011  the words are the test
        call()
    for word in words:
        assert word in str(caught.value)
