"""share_seen: a number predicted, the share of the data seen in n draws with replacement."""

from math import exp

from course_utils.checks.short_answers import Number

TASK = Number(
    answer=1 - exp(-1),
    wrong={
        exp(-1): "This is the share that is missed.",
        1.0: "n draws hit all n examples only if none is drawn twice.",
        0.5: "The chance to be missed once is 1 - 1/n. How large is the chance to be missed n times?",
        100 * (1 - exp(-1)): "A share lies between 0 and 1: leave out the per cent.",
        0.0: "The chance to be drawn is small in one draw, but there are n.",
        1 - exp(-2): "That is the share after two epochs.",
    },
    rtol=0.005,
    hints=(
        "Take one example. What is its chance to be missed in a single draw?",
        "To be missed in all n draws it has to be missed each time: (1 - 1/n) to the power n.",
        "For large n that power is 1/e. The share seen is what remains.",
    ),
    why="An example is missed with probability (1 - 1/n)^n, close to 1/e = 0.368; the other 63.2 % are seen.",
)
