"""Tensors, parameters and gradients as in PyTorch, with as many of its methods as a training step may call."""

import sys

import numpy as np

from course_utils.checks.tensors import Shaped, Tensor, gradients


def recording():
    """Whether histories are kept: not inside PyTorch's no_grad(), if a learner has imported that."""
    library = sys.modules.get("torch")
    return library is None or library.is_grad_enabled()


class TorchTensor(Shaped, Tensor):
    """PyTorch's: backward() hands each parameter its gradient, once."""

    freed = False
    unknown = "PyTorch does not know this test's tensors: use loss.backward() and the optimizer you are handed"

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        """What PyTorch makes of function(tensor): here the method of that name, if there is one."""
        method = getattr(cls, function.__name__, None)
        if not callable(method) or not args or not isinstance(args[0], cls):
            raise TypeError(f"{function.__name__}: {cls.unknown}")
        return method(*args, **(kwargs or {}))

    def __init__(self, array, made_of=()):
        super().__init__(array, made_of if recording() else ())

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
            if isinstance(part, Parameter) and part.requires_grad:
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

    def reshape(self, *shape):
        """The same numbers in another shape."""
        return TorchTensor(self.array.reshape(*shape), ((self, lambda g: g.reshape(self.shape)),))

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


class Numbers(Shaped, np.ndarray):
    """Without a history: an array with PyTorch's names, also for changes in place."""

    def __repr__(self):
        return repr(np.asarray(self))

    def __str__(self):
        return str(np.asarray(self))

    def add_(self, other, alpha=1):
        """Add alpha times something."""
        self[...] += alpha * np.asarray(other)
        return self

    def sub_(self, other, alpha=1):
        """Take alpha times something off."""
        return self.add_(other, -alpha)


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

    def requires_grad_(self, requires_grad=True):
        """Whether it gets a gradient."""
        self.requires_grad = requires_grad
        return self

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
