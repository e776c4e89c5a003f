"""second_step: how long the second step of momentum is, on a bowl."""

from course_utils.checks.short_answers import Number

TASK = Number(
    0.18,
    wrong={
        0.19: "This takes the slope to be 1 again. After the first step w is 0.9, and the slope there is 0.9.",
        0.09: "This is gradient descent's second step: the velocity of the first is missing.",
        0.1: "The step is not the same again: the velocity has changed.",
        0.171: "Look at how the old velocity and the new gradient enter: this one is 0.1 * 0.9 * (1 + 0.9).",
        0.1629: "This is v = beta (v + g): beta has weakened the gradients too.",
        **dict.fromkeys([0.0189, 0.019], "This averages: the gradient enters with 1 - beta. Here it enters fully."),
        1.8: "This is the velocity. The step is lr times it.",
        0.2349: "This is Nesterov's second step.",
        0.72: "This is where w is after the second step. The question is the length of the step.",
    },
    hints=(
        "First step: v = 1, so w goes from 1 to 0.9.",
        "At 0.9 the slope is 0.9. The old velocity, 1, fades by 0.9.",
        "lr times (0.9 * 1 + 0.9)",
    ),
    why="v = 0.9 * 1 + 0.9 = 1.8, times lr = 0.1: the second step is longer than the first, 0.1, although the slope "
    "has become smaller.",
)
