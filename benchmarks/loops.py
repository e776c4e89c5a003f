"""The bare loops that `descend` is held against: an epoch written out in NumPy, nothing recorded."""

import numpy as np

from benchmarks.libraries import BETA, LR


def softmax_loop(X, Y, w, batches):
    """Softmax regression with momentum; X (n, p), Y (n, k) one-hot, w (p, k). Returns the last w."""
    v = np.zeros_like(w)
    for batch in batches:
        Xb = X.take(batch, 0)  # take, dot and what is done in place: as in SoftmaxRegression, a fifth faster
        e = Xb.dot(w)
        e -= e.max(1, keepdims=True)
        np.exp(e, out=e)
        e /= e.sum(1, keepdims=True)
        e -= Y.take(batch, 0)
        v = BETA * v + Xb.T.dot(e / len(batch))
        w = w - LR * v
    return w


def network_loop(X, Y, w, batches, hidden=32):
    """The network with one hidden layer of tanh; w (d,) in the order W1, b1, W2, b2. Returns the last w."""
    p, k = X.shape[1], Y.shape[1]
    a, b, c = p * hidden, (p + 1) * hidden, (p + 1) * hidden + hidden * k
    v = np.zeros_like(w)
    for batch in batches:
        Xb, W2 = X[batch], w[b:c].reshape(hidden, k)
        h = np.tanh(Xb @ w[:a].reshape(p, hidden) + w[a:b])
        z = h @ W2 + w[c:]
        e = np.exp(z - z.max(1, keepdims=True))
        delta = (e / e.sum(1, keepdims=True) - Y[batch]) / len(batch)
        back = delta @ W2.T * (1 - h * h)
        g = np.concatenate([(Xb.T @ back).ravel(), back.sum(0), (h.T @ delta).ravel(), delta.sum(0)])
        v = BETA * v + g
        w = w - LR * v
    return w
