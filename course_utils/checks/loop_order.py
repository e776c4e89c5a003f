"""loop_order: a Parsons problem, the loop of gradient descent."""

from course_utils.checks.short_answers import Lines

TASK = Lines(
    lines=[
        "        path.append(w)",
        "    return np.array(path)",
        "def descend(grad, w0, lr, steps):",
        "        w = w - lr * grad(w)",
        "    path = [w]",
        "    for _ in range(steps):",
        "    w = np.array(w0, dtype=float)",
    ],
    orders=[(3, 7, 5, 6, 4, 1, 2)],
    mistakes={
        (3, 7, 5, 6, 1, 4, 2): "You record before you step: the start is there twice and the end is missing.",
        (3, 5, 7, 6, 4, 1, 2): "The path begins with a w that does not exist yet.",
        (3, 7, 6, 5, 4, 1, 2): "The path is emptied in every pass of the loop.",
        (3, 6, 7, 5, 4, 1, 2): "Every pass begins at w0 again: nothing that is set up once belongs into the loop.",
        (7, 5, 3, 6, 4, 1, 2): "The first line of a function is its `def`: w0 is known only inside.",
        (3, 7, 5, 6, 4, 2, 1): "Nothing after `return` is carried out: the points are never recorded.",
        (3, 7, 5, 4, 6, 1, 2): "The step stands before the loop: it is taken once.",
    },
    hints=(
        "Sort the lines by their indentation: `def` first, four spaces inside the function, eight inside the loop.",
        "What must exist before the first step? The point, then the path that holds it.",
        "def, w, path, for; inside the loop first the step, then the record; return at the end.",
    ),
    why="Point and path are set up once. Each pass steps, then records, so T steps leave T + 1 points.",
)
