"""torch_after_drop: where PyTorch's momentum is one step after the learning rate has dropped."""

from course_utils.checks.short_answers import Number

TASK = Number(
    -0.3171,
    wrong={
        -0.471: "This is Keras's: the old velocity keeps the old rate. In PyTorch lr is multiplied in at the step.",
        -0.561: "This is without a drop: the third step uses the rate 0.01.",
        -0.21: "This is gradient descent: the velocity is missing.",
        -0.3: "The ball is stopped at the drop. In the velocity nothing changes there; only the rate does.",
        -0.319: "The old velocity has not faded in the third step.",
        -0.3071: "The third gradient is missing in the velocity.",
        -0.03171: "This averages, the gradient enters with 1 - beta. In PyTorch it enters fully.",
        -0.49539: "This is Nesterov's.",
        -0.2629: "The third step goes uphill here.",
        -0.0271: "This is the third step itself. Asked is where w is after it.",
        0.0271: "This is the length of the third step. Asked is where w is after it.",
        -0.29: "This is where w is before the drop.",
        0.3171: "The right distance, but the slope is 1: w goes down, below 0.",
    },
    hints=(
        "v is 1 after the first step, then 0.9 * 1 + 1 = 1.9; w is -0.1, then -0.1 - 0.19.",
        "The third velocity is 0.9 * 1.9 + 1, whatever the rate.",
        "-0.29 - 0.01 * 2.71",
    ),
    why="v = 0.9 * 1.9 + 1 = 2.71 knows nothing of the rate, so the whole step shrinks at once: -0.29 - 0.0271.",
)
