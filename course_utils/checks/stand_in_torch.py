"""A model, a criterion and an optimizer, named and acting as in PyTorch, which is not needed for them.

They also count what they are asked for, so that a check can tell a step without a gradient from one never made.
"""

import numpy as np

from course_utils.checks.tensors import Tensor, gradients, tensor


class TorchTensor(Tensor):
    """PyTorch's: backward() hands each parameter its gradient, once."""

    freed = False

    @property
    def requires_grad(self):
        """Whether a gradient can go back from here to a parameter."""
        return any(getattr(part, "requires_grad", False) for part, _ in self.made_of)

    def backward(self, retain_graph=False):
        """Add the gradient of this number to the .grad of each parameter it was calculated from."""
        if not self.requires_grad:
            raise RuntimeError("element 0 of tensors does not require grad and does not have a grad_fn")
        if self.shape:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        if self.freed:
            raise RuntimeError("Trying to backward through the graph a second time")
        self.freed = not retain_graph
        for part, g in gradients(self).values():
            if isinstance(part, Parameter):
                part.receive(g)

    def item(self):
        """The one number in it."""
        return self.array.item()

    def detach(self):
        """The same numbers without their history."""
        return TorchTensor(self.array)

    data = property(detach)

    @property
    def grad(self):
        """PyTorch gives None, and what follows fails without a reason; here the reason is told."""
        raise RuntimeError(
            "this is the result of a calculation such as w - lr * w.grad, a new tensor and no parameter: in PyTorch "
            "its .grad is None. optimizer.step() changes the parameter itself"
        )

    def cpu(self):
        """Itself: there is no graphics card here."""
        return self

    def squeeze(self):
        """Itself: nothing here has an axis too many."""
        return self

    def clone(self):
        """The same numbers with their history."""
        return self * 1

    def tolist(self):
        """The numbers in Python's lists; one number alone as it is."""
        return self.array.tolist()

    def numpy(self):
        """A copy of the array."""
        if self.requires_grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        return super().numpy()


TorchTensor.kind = TorchTensor


class Gradient(np.ndarray):
    """A parameter's: an array that can be emptied, which its parameter notes."""

    owner = None

    def zero_(self):
        """Write zeros into it."""
        self[...] = 0
        if self.owner is not None:  # not calculated from one
            self.owner.drop()
        return self

    @property
    def data(self):
        """Itself."""
        return self


class Parameter(TorchTensor):
    """PyTorch's: gradients add up in .grad until they are forgotten. Counts those that came, and those never used."""

    requires_grad, grad, unused, came, wasted = True, None, False, 0, 0

    @property
    def data(self):
        """The numbers without their history."""
        return self.array

    @data.setter
    def data(self, array):
        array = np.array(array, float)
        if array.shape != self.array.shape:
            raise ValueError(f"a parameter of shape {self.array.shape} moves by its own .grad, not by {array.shape}")
        self.array = array

    def receive(self, g):
        """Add a gradient to what is there."""
        self._keep(g if self.grad is None else self.grad + g)
        self.came, self.unused = self.came + 1, True

    def forget(self, set_to_none=True):
        """Drop the gradient."""
        self.drop()
        self.grad = None
        if not set_to_none:
            self._keep(np.zeros_like(self.array))

    def drop(self):
        """Count the gradient as wasted, if no step has used it."""
        self.wasted, self.unused = self.wasted + self.unused, False

    def _keep(self, g):
        self.grad = np.array(g).view(Gradient)
        self.grad.owner = self


def poisson(prediction, target):
    """PyTorch's PoissonNLLLoss, the mean of e^prediction - target * prediction: here the order of the two matters."""
    prediction, target = tensor(prediction), tensor(target)
    return (prediction.exp() - target * prediction).mean()


class Linear:
    """PyTorch's layer with one output: X @ weight + bias."""

    def __init__(self, weight, bias):
        self.weight, self.bias = Parameter(weight), Parameter(bias)

    def __call__(self, X):
        return np.asarray(X) @ self.weight + self.bias

    forward = __call__

    def parameters(self):
        """An iterator over weight and bias."""
        return iter([self.weight, self.bias])

    def zero_grad(self, set_to_none=True):
        """Forget the gradients of all parameters."""
        for p in self.parameters():
            p.forget(set_to_none)

    def train(self, mode=True):
        """Nothing here acts differently in training."""
        return self

    def eval(self):
        """Nothing here acts differently outside training."""
        return self


class SGD:
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
