"""What an object holds, and what of it another one made with other rates should go on with."""

import pickle
from functools import cached_property

from course_utils.arguments import array_of


def to_keep(old, before, now, shape=None):
    """{name: value} of what `old` holds that does not follow from its rates.

    `before` and `now` are fresh objects, made with the old and with the new rates: what they hold alike depends on no
    rate. What neither of them holds was made on the way. It is kept too, unless a property calculates it; if `shape`
    is given, that of w, only where it has this shape: the rest may have been calculated from a rate.
    """
    first, other = held(before), held(now)
    kept = {}
    for name, value in held(old).items():
        if name in other:
            keep = alike(first.get(name), other[name])
        else:
            made = isinstance(getattr(type(old), name, None), cached_property)
            keep = not made and (shape is None or array_of(value).shape == shape)
        if keep:
            kept[name] = value
    return kept


def held(thing):
    """The attributes of an object, {name: value}, with those in slots."""
    state = object.__getstate__(thing)
    attributes, slots = state if isinstance(state, tuple) else (state, None)
    return (attributes or {}) | (slots or {})


def alike(a, b):
    """Whether two things hold the same, as far as can be told."""
    try:
        return pickle.dumps(a) == pickle.dumps(b)
    except Exception:  # a function of its own, a lock
        return a is b
