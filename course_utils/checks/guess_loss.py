"""guess_loss: a number predicted, the cross entropy of a network that gives ten classes the same probability."""

from math import log, log2

from course_utils.checks.short_answers import Number

TASK = Number(
    answer=log(10),
    wrong={
        log2(10): "This is in bits, with the logarithm to the base 2. The loss takes the natural one.",
        1.0: "This is the logarithm to the base 10. The loss takes the natural one.",
        0.1: "This is the probability itself. The loss is minus its logarithm.",
        -log(10): "The loss is minus the logarithm of the probability, and a probability is below 1.",
        0.9: "This is the share of wrong answers. The loss takes the logarithm of the right class's probability.",
        10.0: "This is 1/p. The loss is its logarithm.",
        10 * log(10): "The ten classes are not added up: only the right one counts.",
        log(10) / 10: "This is averaged over the classes. An example counts once, with the class that is its own.",
        -log(0.1) - 9 * log(0.9): "The wrong classes do not count: only the probability given to the right one.",
        0.0: "A loss of 0 means that every right class gets probability 1.",
        log(2): "This is the loss of guessing between two classes. Here there are ten.",
    },
    hints=(
        "Whatever the label of an example is, the probability that its class gets is the same.",
        "The loss of each example is -log(1/10), and a mean of equal numbers is that number.",
        "-log(1/10) = log(10), the natural logarithm.",
    ),
    why="-log(1/10) = log 10 = 2.3026, whatever the labels. A network that is unsure before it has learnt anything, "
    "as it should be, starts near it.",
)
