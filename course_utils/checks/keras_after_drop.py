"""keras_after_drop: where Keras's momentum is one step after the learning rate has dropped."""

from course_utils.checks.short_answers import Number

TASK = Number(
    -0.471,
    wrong={
        -0.3171: "This is PyTorch's. In Keras the velocity is a step that was made with the old rate.",
        -0.561: "This is without a drop: the third gradient is multiplied by 0.01.",
        -0.21: "This is gradient descent: the velocity is missing.",
        -0.3: "The ball is stopped at the drop. Keras leaves the velocity as it is.",
        -0.49: "The old velocity has not faded in the third step.",
        -0.461: "The third gradient is missing.",
        -0.6339: "This is Nesterov's.",
        -0.181: "This is the third step itself. Asked is where w is after it.",
        0.181: "This is the length of the third step. Asked is where w is after it.",
        -0.29: "This is where w is before the drop.",
        0.471: "The right distance, but the slope is 1: w goes down, below 0.",
    },
    hints=(
        "v is -0.1 after the first step, then 0.9 * (-0.1) - 0.1 = -0.19; w is -0.1, then -0.29.",
        "In the third step the old velocity fades by 0.9, and only the new gradient is multiplied by 0.01.",
        "-0.29 + (0.9 * (-0.19) - 0.01 * 1)",
    ),
    why="v = 0.9 * (-0.19) - 0.01 = -0.181: nearly all of it was made with the old rate, and it fades by 0.9 a step "
    "only.",
)
