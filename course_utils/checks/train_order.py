"""train_order: a Parsons problem, a training loop in PyTorch."""

from itertools import permutations

from course_utils.checks.short_answers import Lines

STEP, LOSS, ANEW, ZERO, NOTE, BACKWARD = 1, 3, 4, 5, 7, 10  # the lines inside the loop; ANEW is not needed
HEADS = [(6, 9, 8), (9, 6, 8)]  # optimizer, list, for


def runs(inside):
    """The whole loop with these lines inside it."""
    return [(*head, *inside, 2) for head in HEADS]


def before(*lines):
    """Whether an order has these lines one after another."""
    return lambda order: [line for line in order if line in lines] == list(lines)


# What is wrong with an order of the lines inside the loop; the first that holds is told.
WRONG = [
    (before(NOTE, LOSS), "A loss is noted that does not exist yet."),
    (before(BACKWARD, LOSS), "backward() goes back from a loss that does not exist yet."),
    (before(BACKWARD, ZERO, STEP), "The gradient is made, then emptied, then step() looks for it: nothing moves."),
    (before(ZERO, STEP, BACKWARD), "zero_grad, step, backward: each step finds the gradients emptied. Nothing moves."),
    (before(STEP, BACKWARD, ZERO), "step, backward, zero_grad: each step finds the gradients emptied. Nothing moves."),
    (
        before(STEP, BACKWARD),
        "step() before backward(): it uses the gradient of the batch before, and first of all none.",
    ),
]
INSIDE = (LOSS, ZERO, BACKWARD, STEP, NOTE)
ADVICE = {inside: next((told for holds, told in WRONG if holds(inside)), None) for inside in permutations(INSIDE)}
RIGHT = [inside for inside, told in ADVICE.items() if told is None]
WITHOUT = {
    ZERO: "Without zero_grad the gradients of all batches add up, and the old ones never fade.",
    BACKWARD: "Without backward() there is no gradient: step() moves nothing and does not complain.",
    STEP: "The gradient is made, and nobody uses it: the parameters stay where they are.",
    NOTE: "It trains, but the list of losses stays empty.",
}
ANEW_ADVICE = "The optimizer is made anew for every batch, its velocity with it: what is left is gradient descent."


def made_anew():
    """Orders that make the optimizer inside the loop, before anything asks for it."""
    for inside in RIGHT:
        for place in range(1 + min(inside.index(ZERO), inside.index(STEP))):
            for head in ((9, 8), *HEADS):
                yield (*head, *inside[:place], ANEW, *inside[place:], 2)


TASK = Lines(
    lines=[
        "        optimizer.step()",
        "    return losses",
        "        loss = criterion(model(X[b]), y[b])",
        "        optimizer = SGD(model.parameters(), lr=0.1, momentum=0.9)",
        "        optimizer.zero_grad()",
        "    optimizer = SGD(model.parameters(), lr=0.1, momentum=0.9)",
        "        losses.append(loss.item())",
        "    for b in batches:",
        "    losses = []",
        "        loss.backward()",
    ],
    orders=[order for inside in RIGHT for order in runs(inside)],
    mistakes={
        **{order: told for inside, told in ADVICE.items() if told for order in runs(inside)},
        **{
            o: told
            for gone, told in WITHOUT.items()
            for inside in RIGHT
            for o in runs([x for x in inside if x != gone])
        },
        **dict.fromkeys(made_anew(), ANEW_ADVICE),
    },
    hints=(
        "What must live as long as the training is made before the loop. One of the lines is not needed at all.",
        "Inside the loop: there is no gradient without a loss, and no step without a gradient. The old gradient is "
        "emptied outside of the stretch from backward to step.",
        "Begin with the lines that make optimizer and list, then the loop: loss, zero_grad, backward, step, append.",
    ),
    why="Optimizer and list are made once: the velocity lives in the optimizer. Inside, loss, backward, step keep this "
    "order; zero_grad may stand anywhere but between backward and step, the note anywhere after the loss.",
)
