"""best_beta: the best beta for a condition number of 100."""

from course_utils.checks.short_answers import Number

RATE = "This is the rate, (sqrt(kappa) - 1) / (sqrt(kappa) + 1). A swinging direction shrinks by sqrt(beta)."
BEST_LR = "This is the best learning rate for mu = 1, L = 100."

TASK = Number(
    (9 / 11) ** 2,
    rtol=2e-3,
    wrong={
        **dict.fromkeys([9 / 11, 0.82], RATE),
        99 / 101: "This is gradient descent's best rate; momentum works with the root of kappa.",
        (99 / 101) ** 2: "The root of kappa is missing.",
        0.9: "0.9 is a habit. Here the curvatures are known, and the best beta can be calculated.",
        (9 / 11) ** 0.5: "You took a root where a square belongs: the rate is the square root of beta, not its square.",
        **dict.fromkeys([(2 / 11) ** 2, 0.03], BEST_LR),
    },
    hints=(
        "At the best setting both ends of the spectrum shrink at the same rate, and that rate is sqrt(beta).",
        "The best rate is (sqrt(kappa) - 1) / (sqrt(kappa) + 1).",
        "beta is the square of (10 - 1) / (10 + 1)",
    ),
    why="(9/11)^2 = 0.6694. The rate is its root, 0.8182 per step; gradient descent's best is 99/101 = 0.9802.",
)
