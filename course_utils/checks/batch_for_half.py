"""batch_for_half: a number predicted, the batch size that halves the noise of one of 16."""

from course_utils.checks.short_answers import Number

TASK = Number(
    answer=64,
    wrong={
        32: "Twice the batch halves the variance. Its square root, the typical distance, falls only to 71 %.",
        8: "A smaller batch is noisier.",
        4: "A smaller batch is noisier: you went the other way.",
        256: "A batch 16 times as large divides the typical distance by 4.",
        128: "A batch 8 times as large divides the typical distance by 2.8.",
        48: "Adding twice the batch is not enough: what counts is the ratio of the two sizes.",
    },
    rtol=1e-6,
    hints=(
        "The variance of a mean of B draws is s²/B. The typical distance is its square root.",
        "The typical distance is proportional to one over the square root of B.",
        "To halve it, the square root of B has to double.",
    ),
    why="The standard deviation is s over the square root of B. Four times the batch, at four times the cost, "
    "halves it.",
)
