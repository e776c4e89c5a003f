"""momentum_order: the lines of a run of momentum, to be put in order."""

from course_utils.checks.short_answers import Lines

TASK = Lines(
    lines=[
        "        path.append(w)",
        "    for _ in range(steps):",
        "        w = w - lr * v",
        "    v = np.zeros_like(w)",
        "        v = np.zeros_like(w)",
        "    return np.array(path)",
        "        v = beta * v + grad(w)",
        "    path = [w]",
    ],
    orders=[(4, 8, 2, 7, 3, 1, 6), (8, 4, 2, 7, 3, 1, 6)],
    mistakes={
        order: advice
        for orders, advice in [
            (
                [(8, 2, 5, 7, 3, 1, 6)],
                "The velocity is made anew in every step, so nothing of it survives: this is gradient descent.",
            ),
            (
                [(4, 8, 2, 5, 7, 3, 1, 6), (8, 4, 2, 5, 7, 3, 1, 6)],
                "One line is too many: inside the loop it wipes out the velocity that was made before it.",
            ),
            (
                [(4, 8, 2, 3, 7, 1, 6), (8, 4, 2, 3, 7, 1, 6)],
                "w moves before the velocity knows the gradient: the first step goes nowhere, all others come late.",
            ),
            (
                [(4, 8, 2, 1, 7, 3, 6), (8, 4, 2, 1, 7, 3, 6)],
                "The point is noted before it moves: the start stands there twice, and the last point is missing.",
            ),
            (
                [(4, 8, 2, 7, 1, 3, 6), (8, 4, 2, 7, 1, 3, 6)],
                "The point is noted before it moves: the start stands there twice, and the last point is missing.",
            ),
            (
                [(4, 2, 8, 7, 3, 1, 6), (2, 4, 8, 7, 3, 1, 6)],
                "The path begins before the loop: a list made inside it would lose all earlier points.",
            ),
        ]
        for order in orders
    },
    hints=(
        "What must live as long as the run is made before the loop. One of the lines is not needed at all.",
        "Inside the loop: velocity, point, note. The line that makes v inside the loop is the one to leave out.",
        "Begin with the two lines that make v and path, then the loop; the last line is the return.",
    ),
    why="v and path are made once, before the loop. In it the velocity is renewed first, then the point moves by the "
    "new velocity, then it is noted: steps + 1 points. A v made inside the loop would turn momentum off, silently.",
)
