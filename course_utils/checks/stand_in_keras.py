"""A variable, a tape and an optimizer, named and acting as in TensorFlow and Keras 3, which are not needed for them.

Their refusals have classes of their own, so that a check can give them a name.
"""

import math

import numpy as np

from course_utils.checks.tensors import StandIn, Tensor, clock, gradients


class NoGradients(ValueError):
    """The optimizer was handed None for every gradient."""


class Malformed(AttributeError):
    """The optimizer was handed something else than gradients and their variables."""


class Gone(AttributeError):
    """A method that Keras 3 no longer has."""


REFUSALS = (NoGradients, Malformed, Gone)


class Variable(Tensor):
    """TensorFlow's: a tensor that can be given another value. Notes whether a tape took it for the target."""

    was_target = False

    def assign(self, array):
        """Give it another value."""
        self.array = np.array(array, float)

    def assign_add(self, array):
        """Add something to its value."""
        self.assign(self.array + np.asarray(array))

    def assign_sub(self, array):
        """Take something off its value."""
        self.assign(self.array - np.asarray(array))


class GradientTape(StandIn):
    """TensorFlow's: records what is calculated inside its `with`, and can tell one set of gradients through it."""

    def __init__(self, persistent=False, watch_accessed_variables=True):
        self.persistent, self.used, self.began, self.ended = persistent, False, math.inf, math.inf
        self.watches_all, self.watched = watch_accessed_variables, []

    def __enter__(self):
        self.began = next(clock)
        return self

    def __exit__(self, *error):
        self.ended = next(clock)

    def watch(self, variable):
        """Variables are watched anyway, unless the tape was told not to."""
        self.watched += map(id, _listed(variable))

    def gradient(self, target, sources, unconnected_gradients="none"):
        """The gradient of target at each source, in the same lists; where nothing recorded leads there None, or 0."""
        targets = _listed(target)
        for one in targets:
            if not isinstance(one, Tensor):
                told = f"a tape differentiates a tensor; the target is a {type(one).__name__}"
                raise TypeError(Tensor.unknown if hasattr(one, "numpy") else told)
            one.was_target = True
        if self.used and not self.persistent:
            raise RuntimeError("A non-persistent GradientTape can only be used to compute one set of gradients")
        self.used = True
        found = gradients(*targets, began=self.began, ended=self.ended)
        otherwise = (lambda s: Tensor(0 * s.array)) if "zero" in str(unconnected_gradients).lower() else lambda s: None
        return _each(sources, lambda s: Tensor(found[id(s)][1]) if id(s) in found and self._knows(s) else otherwise(s))

    def _knows(self, source):
        """Whether the tape has seen it: a variable, what it watches, or what was calculated from them inside."""
        made_of = gradients(source, began=self.began, ended=self.ended).values()
        watches = (Variable,) if self.watches_all else ()
        return any(isinstance(part, watches) or id(part) in self.watched for part, _ in made_of)


class Rate(StandIn, float):
    """A number that can also be asked for as a variable's value is."""

    def numpy(self):
        """The number."""
        return float(self)


class Count(StandIn, int):
    """A number that can also be asked for as a variable's value is."""

    def numpy(self):
        """The number."""
        return int(self)


class SGD(StandIn):
    """Keras 3's, with momentum. Counts how often it was applied."""

    def __init__(self, learning_rate, momentum):
        self.learning_rate, self.momentum, self.velocity = Rate(learning_rate), momentum, {}
        self.applied, self.built = 0, None

    @property
    def iterations(self):
        """How often it was applied."""
        return Count(self.applied)

    def build(self, variables):
        """Tell it the variables that apply(gradients) moves."""
        self.built = variables

    def apply_gradients(self, grads_and_vars):
        """v <- beta v - lr g;  w <- w + v, for each pair of a gradient and its variable."""
        try:
            pairs = [(g, w) for g, w in grads_and_vars]
        except (TypeError, ValueError):
            raise Malformed("apply_gradients takes pairs of a gradient and its variable") from None
        self.apply([g for g, _ in pairs], [w for _, w in pairs])

    def apply(self, grads, trainable_variables=None):
        """The same, from a list of gradients and a list of variables, or those it was built with."""
        trainable_variables = self.built if trainable_variables is None else trainable_variables
        if trainable_variables is None:
            raise ValueError("the optimizer was not built with variables, so apply needs them")
        if any(isinstance(given, Tensor) for given in (grads, trainable_variables)):
            raise Malformed("apply takes a list of gradients and a list of variables")
        grads, trainable_variables = list(grads), list(trainable_variables)
        if all(g is None for g in grads):
            raise NoGradients("No gradients provided for any variable.")
        if not all(isinstance(w, Variable) for w in trainable_variables):
            raise Malformed("an optimizer moves variables by their gradients")
        if any(isinstance(g, list | tuple) for g in grads):
            raise Malformed("a gradient is a tensor, not a list of them")
        self.applied += 1
        for g, w in zip(grads, trainable_variables, strict=True):
            v = self.velocity[id(w)] = self.momentum * self.velocity.get(id(w), 0) - self.learning_rate * np.asarray(g)
            w.assign(w.array + v)

    def __getattr__(self, name):
        if name == "minimize":
            raise Gone("'SGD' object has no attribute 'minimize'")
        return super().__getattr__(name)


def _each(nest, of):
    """of(each entry) in the lists and dictionaries in which they stand."""
    if isinstance(nest, dict):
        return {key: _each(entry, of) for key, entry in nest.items()}
    return [_each(entry, of) for entry in nest] if isinstance(nest, list | tuple) else of(nest)


def _listed(one_or_many):
    return one_or_many if isinstance(one_or_many, list | tuple) else [one_or_many]
