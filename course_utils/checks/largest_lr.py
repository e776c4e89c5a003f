"""largest_lr: a number predicted, the largest stable learning rate of gradient descent on two columns of real data."""

from course_utils.checks.short_answers import Number

R = 0.446  # the correlation of bmi and s5 in the diabetes data; the notebook asserts it
L, MU = 1 + R, 1 - R

TASK = Number(
    answer=2 / L,
    wrong={
        1 / L: "This is 1/L: along the steepest direction it lands in one step. It can still be doubled.",
        2 / MU: "This is 2/mu. The flattest direction allows it, but the steepest diverges first.",
        2 / (MU + L): "This is 2/(mu + L), with the best guaranteed rate. It is not the limit.",
        2.0: "This is 2 over the diagonal entry. The curvature is largest along a direction between the axes.",
        L: "This is the largest curvature itself. The steeper the loss, the smaller the steps it allows.",
        2 * L: "Larger curvature allows smaller steps: divide.",
    },
    rtol=0.004,
    hints=(
        "Along a direction of curvature c, a step multiplies the error by 1 - lr c. When does that stop shrinking?",
        "The largest eigenvalue of the matrix decides. [[1, r], [r, 1]] has the eigenvectors (1, 1) and (1, -1).",
        "L = 1 + r. The limit is 2 / L.",
    ),
    why="The error along the steepest direction is multiplied by 1 - lr L at each step. Its size is below 1 exactly "
    "for lr < 2/L.",
)
