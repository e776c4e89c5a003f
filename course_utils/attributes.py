"""What an object holds, and what of it another one made with other rates should go on with."""

import copy
import pickle
from functools import cached_property, update_wrapper
from types import CellType, FunctionType

from course_utils.arguments import array_of


def to_keep(old, before, now, shape=None):
    """{name: value} of what `old` holds that does not follow from its rates.

    `before` and `now` are fresh objects, made with the old and with the new rates: what they hold alike depends on no
    rate. What neither of them holds was made on the way. It is kept too, unless a property calculates it; if `shape`
    is given, that of w, only where it has this shape or counts: the rest may have been calculated from a rate.
    """
    first, other = held(before), held(now)
    kept = {}
    for name, value in held(old).items():
        if name in other:
            keep = alike(first.get(name), other[name])
        else:
            made = isinstance(getattr(type(old), name, None), cached_property)
            keep = not made and (shape is None or isinstance(value, int) or array_of(value).shape == shape)
        if keep:
            kept[name] = value
    return kept


def copied(thing):
    """A copy to the bottom; the thing itself where there can be none, as of what holds a lock.

    A function's defaults and closure are copied too, if they are data alone: with a function in them, which cannot be
    pickled, it may share a variable, and must go on sharing it.
    """
    try:
        if not isinstance(thing, FunctionType):
            return copy.deepcopy(thing)
        cells = [cell.cell_contents for cell in thing.__closure__ or ()]
        defaults, named, cells = pickle.loads(pickle.dumps((thing.__defaults__, thing.__kwdefaults__, cells)))
        new = FunctionType(thing.__code__, thing.__globals__, None, defaults, tuple(map(CellType, cells)))
        new.__kwdefaults__ = named
        return update_wrapper(new, thing)
    except Exception:
        return thing


def begun(rule, w):
    """A rule after its `init`, which may make more than it returns; what it shares with others stays as it was."""
    rule = copied(rule)
    rule.init(w.copy())
    return rule


def lost(old, before, now):
    """Names of what `old` holds that depends on its rates and has changed on the way, which `to_keep` leaves behind."""
    first, other = held(before), held(now)
    rated = [name for name in first if name in other and not alike(first[name], other[name])]
    kept = held(old)
    return [name for name in rated if name in kept and not alike(kept[name], first[name], doubt=True)]


def held(thing):
    """The attributes of an object, {name: value}, with those in slots."""
    state = object.__getstate__(thing)
    attributes, slots = state if isinstance(state, tuple) else (state, None)
    return (attributes or {}) | (slots or {})


def alike(a, b, doubt=False):
    """Whether two things hold the same, functions what they were made with; `doubt` where that cannot be told."""
    if a is b:
        return True
    try:
        if isinstance(a, FunctionType) and isinstance(b, FunctionType) and a.__code__ is b.__code__:
            cells = zip(a.__closure__ or (), b.__closure__ or (), strict=True)
            return all(alike(x.cell_contents, y.cell_contents, doubt) for x, y in cells)
        return pickle.dumps(a) == pickle.dumps(b)
    except Exception:  # a lock, an object that such a function belongs to
        return doubt
