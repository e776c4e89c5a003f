"""Tensors that know how they were calculated: as much of PyTorch and TensorFlow as a training step needs, in NumPy."""

import math
from itertools import count

import numpy as np

from course_utils.checks.numbers import numbers

clock = count(1)


class StandIn:
    """What a test hands over in place of a library's object; says so of what it lacks."""

    unknown = "no library knows what this test hands over: use only what you are handed"

    def __getattr__(self, name):
        lacks = f"what this test hands over has no .{name}; the step can be written without it"
        raise AttributeError(self.unknown if name.startswith("_") else lacks)  # libraries ask for private names


class Tensor(StandIn):
    """An array, the moment it was made, and what it was made of: pairs of a tensor and the way a gradient goes back."""

    __array_ufunc__ = None  # so that array + tensor is a tensor
    kind = None  # the class of what is calculated from it; None: a plain Tensor
    unknown = "TensorFlow does not know this test's tensors: use the GradientTape and the optimizer you are handed"

    def __init__(self, array, made_of=()):
        self.array, self.made_of, self.born = np.array(array, float), made_of, next(clock)

    def __add__(self, other):
        other = tensor(other)
        return _made(self.array + other.array, (self, lambda g: g), (other, lambda g: g))

    def __mul__(self, other):
        other = tensor(other)
        a, b = self.array, other.array  # as they are now: a variable may be given another value before the way back
        return _made(a * b, (self, lambda g: g * b), (other, lambda g: g * a))

    def __pow__(self, power):
        a = self.array
        return _made(a**power, (self, lambda g: g * power * a ** (power - 1)))

    def __rmatmul__(self, rows):
        axes = range(rows.ndim - 1)  # all but the one that is summed over
        return _made(rows @ self.array, (self, lambda g: np.tensordot(rows, g, (axes, axes))))

    def __getitem__(self, where):
        def back(g):
            spread = np.zeros(self.shape)
            np.add.at(spread, where, g)
            return spread

        return _made(self.array[where], (self, back))

    def exp(self):
        """e to the power of each entry."""
        e = np.exp(self.array)
        return _made(e, (self, lambda g: g * e))

    def sum(self):
        """All entries added up."""
        return _made(self.array.sum(), (self, lambda g: g * np.ones(self.shape)))

    def mean(self):
        """The mean of all entries."""
        return self.sum() / self.array.size

    def __iter__(self):
        if not self.shape:
            raise TypeError(f"iteration over a 0-d tensor ({self.unknown})")
        return iter([self[i] for i in range(len(self))])

    def __repr__(self):
        return f"tensor({self.array}; {self.unknown})"

    def __format__(self, form):
        return format(self.array.item(), form) if form else str(self)

    def __len__(self):
        return len(self.array)

    def __bool__(self):
        return bool(self.array)

    def __lt__(self, other):
        return self.array < np.asarray(other)

    def __gt__(self, other):
        return self.array > np.asarray(other)

    def __le__(self, other):
        return self.array <= np.asarray(other)

    def __ge__(self, other):
        return self.array >= np.asarray(other)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -tensor(other)

    def __rsub__(self, other):
        return other + -self

    def __truediv__(self, other):
        return self * tensor(other) ** -1

    def __rtruediv__(self, other):
        return other * self**-1

    __radd__, __rmul__ = __add__, __mul__

    def __array__(self, dtype=None, copy=None):
        return self.array.astype(dtype or float)

    def __float__(self):
        return float(self.array)

    @property
    def shape(self):
        """The shape of the array."""
        return self.array.shape

    @property
    def ndim(self):
        """The number of its axes."""
        return self.array.ndim

    @property
    def dtype(self):
        """The type of its numbers."""
        return self.array.dtype

    def numpy(self):
        """A copy of the array."""
        return self.array.copy()


def tensor(value):
    """`value` as a tensor."""
    return value if isinstance(value, Tensor) else Tensor(value)


def plain(value):
    """What a learner's function returned as a float, if it is one number in whatever wrapping, or else as numbers."""
    value = numbers(value.array if isinstance(value, Tensor) else value)
    return value.item() if isinstance(value, np.ndarray) and value.size == 1 else value


def gradients(*targets, began=0, ended=math.inf):
    """{id: (tensor, gradient of the targets' sum there)}, through all that was calculated between the two moments."""
    reached, left = {}, list(targets)
    while left:
        one = left.pop()
        reached[id(one)] = one
        left += [part for part, _ in _recorded(one, began, ended)]
    found = {id(target): (target, np.ones_like(target.array)) for target in targets}
    for one in sorted(reached.values(), key=lambda t: t.born, reverse=True):  # what is made of others is younger
        for part, back in _recorded(one, began, ended):
            before = found[id(part)][1] if id(part) in found else 0
            found[id(part)] = part, before + _fitted(back(found[id(one)][1]), part.shape)
    return found


def _made(array, *made_of):
    """What is calculated from tensors."""
    kind = next((part.kind for part, _ in made_of if part.kind), Tensor)
    return kind(array, made_of)


def _recorded(made, began, ended):
    """What a tensor was made of, if it was made between the two moments."""
    return made.made_of if began < made.born < ended else ()


def _fitted(g, shape):
    """A gradient summed over the axes along which its tensor was repeated."""
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)
