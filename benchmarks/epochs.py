"""One epoch on the digits in batches of 32 with momentum: one start, the same batches, the same loss at the end."""

import numpy as np

from benchmarks import libraries
from benchmarks.libraries import BETA, LR
from benchmarks.loops import network_loop, softmax_loop
from benchmarks.timing import Program, side_by_side
from course_utils.data import digits
from course_utils.descent import descend
from course_utils.network import Network
from course_utils.optimizers import GradientDescent, Momentum
from course_utils.problems import SoftmaxRegression

RTOL = 1e-10  # equal final losses: sums are taken in another order, so the last digits differ


def measure(rounds=15, examples=None):
    """{problem: ({program: seconds of an epoch (rounds,)}, {program: loss after it})}, the losses held equal."""
    X, labels, _, _ = digits()
    X, labels = X[:examples], labels[:examples]
    softmax, network = SoftmaxRegression(X, labels), Network(X[:, :-1], labels, hidden=(32,))
    binary = SoftmaxRegression(X, labels % 2)
    entries = {
        "softmax regression": (softmax, programs(softmax, np.zeros(softmax.shape), softmax_loop)),
        "network": (network, programs(network, network.start(np.random.default_rng(0)), network_loop)),
        "batch size 1": (binary, one_by_one(binary)),
    }
    return {name: (side_by_side(p, rounds), losses(problem, p)) for name, (problem, p) in entries.items()}


def losses(problem, programs):
    """{name: loss after one epoch}; AssertionError unless all did the same work."""
    found = {}
    for name, program in programs.items():
        program.reset()
        program.run()
        found[name] = float(problem.loss(program.point()))
    np.testing.assert_allclose(list(found.values()), found["descend"], rtol=RTOL, err_msg=str(found))
    return found


def in_order(n, batch_size):
    """The batches of one epoch, one after the other as `fit` takes them: the digits are shuffled already."""
    return np.split(np.arange(n), range(batch_size, n, batch_size))


def programs(problem, w0, loop):
    """{name: Program} for a problem and its bare loop."""
    batches = in_order(problem.n, 32)
    one_hot = np.eye(problem.labels.max() + 1)[problem.labels]
    bare = lambda: loop(problem.X, one_hot, w0, batches)  # noqa: E731
    found = {"NumPy, bare loop": Program(bare, bare), "descend": ours(problem, Momentum(LR, BETA), w0, batches)}
    if libraries.torch():
        found["PyTorch"] = torch_epoch(problem, w0, batches)
    if libraries.keras():
        found["Keras train_on_batch"], found["Keras fit"] = keras_epochs(problem, w0, batches)
    return found


def ours(problem, rule, w0, batches):
    run = lambda: descend(problem, rule, w0, len(batches), batches)  # noqa: E731
    return Program(run, lambda: run().w[-1])


def layers(problem, w):
    """The point as the libraries hold it: [(W, bias), ...], or [(W,)] for softmax regression."""
    if not isinstance(problem, Network):
        return [(w,)]
    return [(W, bias[0]) for W, bias in problem.layers(w)]


def torch_epoch(problem, w0, batches):
    torch = libraries.torch()
    X, labels = torch.tensor(problem.X), torch.tensor(problem.labels)
    batches = [torch.tensor(batch) for batch in batches]
    start = [torch.tensor(part.T) for layer in layers(problem, w0) for part in layer]  # its W is our W transposed
    parts = []
    for W, *bias in layers(problem, w0):
        parts += [torch.nn.Linear(*W.shape, bias=bool(bias), dtype=torch.float64), torch.nn.Tanh()]
    model, cross_entropy = torch.nn.Sequential(*parts[:-1]), torch.nn.CrossEntropyLoss()
    optimizer = None

    def reset():
        nonlocal optimizer
        optimizer = torch.optim.SGD(model.parameters(), LR, momentum=BETA)
        with torch.no_grad():
            for parameter, value in zip(model.parameters(), start, strict=True):
                parameter.copy_(value)

    def run():
        for batch in batches:
            optimizer.zero_grad()
            cross_entropy(model(X[batch]), labels[batch]).backward()
            optimizer.step()

    return Program(run, lambda: flat(problem, [p.detach().numpy().T for p in model.parameters()]), reset)


def keras_epochs(problem, w0, batches):
    """The same model driven in two ways: one call a batch, and one call an epoch."""
    keras, X, labels = libraries.keras(), problem.X, problem.labels
    start = layers(problem, w0)
    dense = [keras.layers.Dense(W.shape[1], "tanh", use_bias=bool(bias)) for W, *bias in start]
    dense[-1].activation = keras.activations.linear
    model = keras.Sequential([keras.Input((X.shape[1],)), *dense])
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(LR, momentum=BETA), cross_entropy)
    model.train_on_batch(X[:1], labels[:1])  # makes the velocities

    def reset():
        model.set_weights([part for layer in start for part in layer])
        for velocity in model.optimizer.momentums:
            velocity.assign(keras.ops.zeros_like(velocity))

    def by_batch():
        for batch in batches:
            model.train_on_batch(X[batch], labels[batch])

    def fit():
        model.fit(X, labels, batch_size=len(batches[0]), shuffle=False, verbose=0)

    return [Program(run, lambda: flat(problem, model.get_weights()), reset) for run in (by_batch, fit)]


def flat(problem, parts):
    """The parts of a library's model, each in our layout, as a point of the problem."""
    return np.concatenate([part.ravel() for part in parts]).reshape(problem.shape)


def one_by_one(problem):
    """scikit-learn's SGDClassifier and ours, where they do the same: two classes, single examples, no momentum.

    It holds the difference of our two columns, which moves at twice our learning rate.
    """
    from sklearn.linear_model import SGDClassifier

    w0 = np.zeros(problem.shape)
    model = SGDClassifier(
        "log_loss", penalty=None, fit_intercept=False, max_iter=1, tol=None, shuffle=False,
        learning_rate="constant", eta0=2 * LR,
    )  # fmt: skip
    return {
        "descend": ours(problem, GradientDescent(LR), w0, in_order(problem.n, 1)),
        "scikit-learn SGDClassifier": Program(
            lambda: model.fit(problem.X, problem.labels), lambda: model.coef_.T * [-0.5, 0.5]
        ),
    }
