"""A model, its parameters, a criterion and an optimizer, named and acting as in PyTorch, which is not needed here.

They also count what they are asked for, so that a check can tell a step without a gradient from one never made.
"""

import numpy as np

from course_utils.checks.tensors import StandIn, tensor
from course_utils.checks.torch_tensors import Numbers, TorchTensor, recording


class Gradient(Numbers):
    """A parameter's: an array that can be emptied, which its parameter notes."""

    owner = None

    def fill_(self, value):
        """Write something into it."""
        self[...] = value
        if self.owner is not None and not np.any(value):  # without an owner: calculated from one
            self.owner.drop()
        return self

    def zero_(self):
        """Write zeros into it."""
        return self.fill_(0)

    def mul_(self, factor):
        """Multiply it by something."""
        return self.fill_(np.asarray(self) * factor)

    def norm(self, p=2):
        """Its length."""
        return np.linalg.norm(np.ravel(np.asarray(self)), p)

    def abs(self):
        """The sizes of its entries."""
        return np.abs(np.asarray(self))

    def detach_(self):
        """Itself."""
        return self

    @property
    def data(self):
        """Itself."""
        return self


class Parameter(TorchTensor):
    """PyTorch's: gradients add up in .grad until they are forgotten. Counts those that came, and those never used."""

    requires_grad, _grad, unused, came, wasted = True, None, False, 0, 0

    @property
    def grad(self):
        """The gradients added up, or None."""
        return self._grad

    @grad.setter
    def grad(self, g):
        if g is None:
            self.drop()
        self._grad = g

    @property
    def data(self):
        """The numbers without their history."""
        return self.array.view(Numbers)

    @data.setter
    def data(self, array):
        array = np.array(array, float)
        if array.shape != self.array.shape:
            raise ValueError(f"a parameter of shape {self.array.shape} moves by its own .grad, not by {array.shape}")
        self.array = array

    def add_(self, other, alpha=1):
        """Add alpha times something to it, where PyTorch allows that."""
        if recording():
            refused = "a leaf Variable that requires grad is being used in an in-place operation"
            raise RuntimeError(f"{refused}. Let optimizer.step() move it")
        self.data = self.array + alpha * np.asarray(other)
        return self

    def sub_(self, other, alpha=1):
        """Take alpha times something off it."""
        return self.add_(other, -alpha)

    __iadd__, __isub__ = add_, sub_

    def receive(self, g):
        """Add a gradient to what is there."""
        self._keep(g if self.grad is None else self.grad + g)
        self.came, self.unused = self.came + 1, True

    def forget(self, set_to_none=True):
        """Drop the gradient."""
        self.grad = None
        if not set_to_none:
            self._keep(np.zeros_like(self.array))

    def drop(self):
        """Count the gradient as wasted, if no step has used it."""
        self.wasted, self.unused = self.wasted + self.unused, False

    def _keep(self, g):
        self.grad = np.array(g).view(Gradient)
        self.grad.owner = self


class PoissonNLLLoss(StandIn):
    """PyTorch's, the mean of e^prediction - target * prediction: here the order of the two matters."""

    def __call__(self, input, target):
        prediction, target = tensor(input), tensor(target)
        return (prediction.exp() - target * prediction).mean()

    forward = __call__


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
    """PyTorch's, with momentum. Counts its steps, and notes whether a gradient had come before the first."""

    def __init__(self, parameters, lr, momentum):
        self.param_groups = [{"params": list(parameters), "lr": lr, "momentum": momentum}]
        self.velocity, self.steps, self.begun_with_gradient = {}, 0, False

    def zero_grad(self, set_to_none=True):
        """Forget the gradients of all parameters."""
        for p in self.param_groups[0]["params"]:
            p.forget(set_to_none)

    def step(self, closure=None):
        """v <- beta v + g;  w <- w - lr v, where there is a gradient; returns the loss that the closure gives."""
        loss = closure() if closure else None
        group = self.param_groups[0]
        have = [p for p in group["params"] if p.grad is not None]
        if self.steps == 0:
            self.begun_with_gradient = any(p.came for p in group["params"])
        self.steps += 1
        for p in have:
            v = self.velocity[id(p)] = group["momentum"] * self.velocity.get(id(p), 0) + np.asarray(p.grad)
            p.array, p.unused = p.array - group["lr"] * v, False
        return loss
