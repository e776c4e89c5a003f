"""backprop_order: the lines of a network's gradient, to be put in order; two of them are wrong."""

from course_utils.checks.short_answers import Lines

TASK = Lines(
    lines=[
        "    dW1, db1 = X.T @ dh, dh.sum(axis=0)",
        "    p = softmax(h @ W2 + b2)",
        "    dW1, db1 = X.T @ dz, dz.sum(axis=0)",
        "    dz = (p - np.eye(10)[y]) / len(X)",
        "    return dW1, db1, dW2, db2",
        "    h = layer_forward(X, W1, b1)",
        "def gradients(X, y, W1, b1, W2, b2):",
        "    p = softmax(layer_forward(h, W2, b2))",
        "    dW2, db2, dh = layer_backward(h, W2, dz)",
    ],
    orders=[(7, 6, 2, 4, 9, 1, 5)],
    mistakes={
        (
            7,
            6,
            8,
            4,
            9,
            1,
            5,
        ): "Line 8 sends the scores through a tanh. The last layer has none: its scores may be large.",
        (
            7,
            6,
            2,
            4,
            9,
            3,
            5,
        ): "Line 3 takes dz, the gradient at the scores, for the first layer. Which one belongs to h?",
        (7, 6, 8, 4, 9, 3, 5): "Two lines that are wrong are in it. Compare line 8 with 2, and line 3 with 1.",
        (7, 6, 2, 4, 1, 9, 5): "Line 1 needs dh, which comes out of the layer above it.",
        (7, 6, 2, 9, 4, 1, 5): "Line 9 needs dz: the gradient begins at the loss.",
        (7, 6, 4, 2, 9, 1, 5): "Line 4 needs p: the probabilities come before their error.",
        (7, 2, 6, 4, 9, 1, 5): "Line 2 needs h: the forward pass begins at the pixels.",
        (7, 4, 9, 1, 6, 2, 5): "The backward pass needs what the forward pass has found: h and p.",
        (6, 2, 4, 9, 1, 7, 5): "The first line of a function is its `def`.",
        (7, 5, 6, 2, 4, 9, 1): "`return` ends the function: nothing after it is done.",
    },
    hints=(
        "Forward from the pixels to the probabilities, then backward from the loss to the first layer.",
        "Two lines are not needed. The last layer has no tanh, and the first layer's gradients are made of dh.",
        "def, h, p, dz, the second layer's gradients, the first layer's, return.",
    ),
    why="Forward: X, h, p. Backward: dz, then the second layer, which hands dh down, then the first. Each "
    "line uses only what stands above it.",
)
