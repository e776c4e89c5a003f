"""A model, a criterion and an optimizer, named and acting as in PyTorch, which is not needed for them.

They also count what they are asked for, so that a check can tell a step without a gradient from one never made.
"""

import numpy as np

from course_utils.checks.tensors import StandIn, tensor
from course_utils.checks.torch_tensors import Parameter


def poisson(input, target):
    """PyTorch's PoissonNLLLoss, the mean of e^prediction - target * prediction: here the order of the two matters."""
    prediction, target = tensor(input), tensor(target)
    return (prediction.exp() - target * prediction).mean()


class Linear(StandIn):
    """PyTorch's layer with one output: X @ weight + bias."""

    training = True

    def __init__(self, weight, bias):
        self.weight, self.bias = Parameter(weight), Parameter(bias)

    def __call__(self, X):
        return np.asarray(X) @ self.weight + self.bias

    forward = __call__

    def parameters(self):
        """An iterator over weight and bias."""
        return iter([self.weight, self.bias])

    def named_parameters(self):
        """The same, each after its name."""
        return iter([("weight", self.weight), ("bias", self.bias)])

    def zero_grad(self, set_to_none=True):
        """Forget the gradients of all parameters."""
        for p in self.parameters():
            p.forget(set_to_none)

    def state_dict(self):
        """The same by their names."""
        return dict(self.named_parameters())

    def train(self, mode=True):
        """Nothing here acts differently in training."""
        self.training = mode
        return self

    def eval(self):
        """Nothing here acts differently outside training."""
        return self.train(False)


class SGD(StandIn):
    """PyTorch's, with momentum. Counts its steps, and those that found a gradient which no step had used."""

    def __init__(self, parameters, lr, momentum):
        self.param_groups = [{"params": list(parameters), "lr": lr, "momentum": momentum}]
        self.velocity, self.steps, self.found = {}, 0, 0

    def zero_grad(self, set_to_none=True):
        """Forget the gradients of all parameters."""
        for p in self.param_groups[0]["params"]:
            p.forget(set_to_none)

    def step(self, closure=None):
        """v <- beta v + g;  w <- w - lr v, where there is a gradient; returns the loss that the closure gives."""
        loss = closure() if closure else None
        group = self.param_groups[0]
        have = [p for p in group["params"] if p.grad is not None]
        self.steps, self.found = self.steps + 1, self.found + any(p.unused for p in have)
        for p in have:
            v = self.velocity[id(p)] = group["momentum"] * self.velocity.get(id(p), 0) + np.asarray(p.grad)
            p.array, p.unused = p.array - group["lr"] * v, False
        return loss
