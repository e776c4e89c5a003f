"""epoch_order: a Parsons problem, SGD over several epochs."""

from course_utils.checks.short_answers import Lines

TASK = Lines(
    lines=[
        "            w = w - lr * batch_gradient(w, X, y, batch)",
        "    for epoch in range(epochs):",
        "    return w",
        "    rng = np.random.default_rng(seed)",
        "        for start in range(0, len(y), batch_size):",
        "def sgd(w, X, y, lr, batch_size, epochs, seed):",
        "        order = rng.permutation(len(y))",
        "            batch = order[start : start + batch_size]",
    ],
    orders=[(6, 4, 2, 7, 5, 8, 1, 3)],
    mistakes={
        (6, 4, 7, 2, 5, 8, 1, 3): "The data are shuffled once, and every epoch has the same order.",
        (6, 2, 4, 7, 5, 8, 1, 3): "The generator is made anew in each epoch, so every epoch has the same order.",
        (6, 4, 2, 5, 7, 8, 1, 3): "A new shuffle before every batch: batches no longer share out the data among them.",
        (6, 4, 2, 7, 8, 1, 5, 3): "The batch needs `start`, which the inner loop sets.",
        (6, 4, 2, 7, 5, 1, 8, 3): "The step needs `batch`, which is taken from the order first.",
        (6, 4, 5, 2, 7, 8, 1, 3): "The loops are the wrong way round: each batch would be repeated for all epochs.",
        (4, 6, 2, 7, 5, 8, 1, 3): "The first line of a function is its `def`: the seed is known only inside.",
        (6, 4, 2, 7, 5, 8, 3, 1): "`return` stands inside the loops, before the step.",
    },
    hints=(
        "Sort the lines by their indentation: what is done once, once per epoch, once per step?",
        "The generator is made once; the shuffle is made once per epoch; the step is made once per batch.",
        "def, rng, for epoch, order, for start, batch, the step, return.",
    ),
    why="One generator for the whole run, one shuffle for each epoch, one step for each batch.",
)
