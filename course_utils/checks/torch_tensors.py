"""Tensors and numbers as in PyTorch, with as many of its methods as a training step may call."""

import sys
import traceback
from contextlib import suppress

import numpy as np

from course_utils.checks.tensors import StandIn, Tensor, gradients


def recording():
    """Whether histories are kept: not inside PyTorch's no_grad(), if a learner has imported that."""
    library = sys.modules.get("torch")
    return library is None or library.is_grad_enabled()


def understood(call, *args):
    """call(*args); what PyTorch says of a stand-in where it takes it for a tensor of its own is put in our words."""
    try:
        return call(*args)
    except TypeError as error:
        *_, (last, _) = traceback.walk_tb(error.__traceback__)
        if last.f_globals.get("__name__", "").split(".")[0] != "torch":
            raise
        raise TypeError(Shaped.unknown).with_traceback(error.__traceback__) from None


class Shaped(StandIn):
    """PyTorch's names for what can be asked of any array."""

    unknown = "PyTorch does not know this test's tensors: use loss.backward() and the optimizer you are handed"
    device = "cpu"

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        """What PyTorch makes of function(tensor): here the method of that name, if there is one."""
        with suppress(AttributeError, TypeError):  # there is none, or it takes other arguments
            return getattr(cls, function.__name__)(*args, **(kwargs or {}))
        raise TypeError(f"{function.__name__}: {cls.unknown}")

    def to(self, *args, **kwargs):
        """Itself: there is one device here, and one type of numbers."""
        return self

    cpu = double = float = to

    def size(self, dim=None):
        """Its shape, or the length of one axis."""
        return self.shape if dim is None else self.shape[dim]

    def dim(self):
        """The number of its axes."""
        return len(self.shape)

    def view(self, *shape):
        """The same numbers in another shape."""
        return self.reshape(*shape)

    def view_as(self, other):
        """The same numbers in the shape of another."""
        return self.reshape(other.shape)

    def flatten(self):
        """The same numbers along one axis."""
        return self.reshape(-1)

    def squeeze(self, dim=None):
        """The same numbers without axes of length 1."""
        return self.reshape([n for n in self.shape if n != 1])

    def isnan(self):
        """Where it is no number."""
        return np.isnan(np.asarray(self))

    def isfinite(self):
        """Where it is a finite number."""
        return np.isfinite(np.asarray(self))


class TorchTensor(Shaped, Tensor):
    """PyTorch's: backward() hands each parameter its gradient, once."""

    freed, leaf = False, False  # leaf: a gradient is asked for here, where nothing leads back to a parameter

    def __init__(self, array, made_of=()):
        super().__init__(array, made_of if recording() else ())

    @property
    def requires_grad(self):
        """Whether a gradient can go back from here to a parameter, or is asked for here."""
        return self.leaf or any(getattr(part, "requires_grad", False) for part, _ in self.made_of)

    @requires_grad.setter
    def requires_grad(self, asked):
        if self.made_of and self.requires_grad and not asked:
            raise RuntimeError("you can only change requires_grad flags of leaf variables.")
        self.leaf = asked

    def requires_grad_(self, requires_grad=True):
        """Whether it gets a gradient."""
        self.requires_grad = requires_grad
        return self

    def backward(self, gradient=None, retain_graph=False):
        """Add the gradient of this number, times `gradient`, to the .grad of each parameter it was calculated from."""
        if not self.requires_grad:
            raise RuntimeError("element 0 of tensors does not require grad and does not have a grad_fn")
        weighted = self if gradient is None else (self * gradient).sum()
        if weighted.shape:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        if self.freed:
            raise RuntimeError("Trying to backward through the graph a second time")
        self.freed = not retain_graph
        for part, g in gradients(weighted).values():
            if hasattr(part, "receive") and part.requires_grad:
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

    def clone(self):
        """A copy."""
        return self.copy()

    def detach(self):
        """Itself: it has no history."""
        return self

    def numpy(self):
        """A plain array of the same numbers."""
        return np.asarray(self)
