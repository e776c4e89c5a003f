"""The learner's rule as it is handed over, a function or an optimizer: whether it is one, and how it gets rates."""

import inspect
from dataclasses import fields, is_dataclass, replace
from types import FunctionType
from types import SimpleNamespace as Fixed

import numpy as np

from course_utils import guard
from course_utils.arguments import array_of
from course_utils.arguments import misordered as other_order
from course_utils.attributes import copied, held

METHODS = {"init": ("init(w) -> state", 1), "update": ("update(w, g, state) -> (w, state)", 3)}
RATES = ("lr", "beta")


def usable(rule, moving, seconds):
    """A copy of the rule; ValueError, in one line, unless it is a function or an optimizer."""
    outcome = guard.call(_looked_at, rule, seconds=seconds)
    needed = f"yours must be a function {form(moving)} or an optimizer"
    if outcome.failed:
        raise ValueError(f"{needed}; to look at it fails: {outcome.failed}")
    copy, lacks = outcome.value
    if lacks:
        raise ValueError(f"{needed}{lacks}")
    return copy


def _looked_at(rule):
    """(its copy, what it lacks to be a function or an optimizer, in words), which asks what its author wrote."""
    missing, is_class = [name for name in METHODS if not hasattr(rule, name)], isinstance(rule, type)
    if not missing or (callable(rule) and not is_class):
        return copied(rule), ""
    if not is_class and len(missing) == len(METHODS):
        hint = {"U": "; leave out the quotes", "f": "; hand over the function, not what it returns"}
        return None, f", got {' '.join(repr(rule).split())[:100]}{hint.get(array_of(rule).dtype.kind, '')}"
    name, methods = (rule if is_class else type(rule)).__name__, " and ".join(wanted for wanted, _ in METHODS.values())
    called = is_class and any("__call__" in vars(base) for base in rule.__mro__)
    hint = f"; hand over an object, {name}(), not the class" if called else ""
    return None, f" with {methods}; {name} has no {' and no '.join(missing)}{hint}"


def is_optimizer(rule):
    return all(hasattr(rule, name) for name in METHODS)


def made(rule, moving, lr, beta):
    """What has init(w) and update(w, g, state), with these rates, from a run's copy of the rule."""
    rates = dict(zip(RATES, (lr, beta), strict=True)) if moving else {"lr": lr}
    if not is_optimizer(rule):
        why = "with a beta slider it must be" if moving else "without a beta slider it must be"
        _must_take(rule, 5 if moving else 3, f"{why} {form(moving)}")
        if moving:
            return Fixed(init=np.zeros_like, update=lambda w, g, v: rule(w, np.array(v), g, lr, beta))
        return Fixed(init=lambda w: None, update=lambda w, g, state: rule(w, g, lr))
    rule = _object(rule, rates) if isinstance(rule, type) else _with_rates(copied(rule), rates)
    for name, (wanted, count) in METHODS.items():
        _must_take(getattr(rule, name), count, f"its {name} must be {wanted}")
    return rule


def out_of_reach(rule):
    """That the sliders do not reach it, and what stays as it is; "" where they do."""
    if not is_optimizer(rule) or isinstance(rule, type) or _fields(rule):
        return ""
    own = [f"{name} = {x:.3g}" for name, x in held(rule).items() if type(x) in (int, float)]
    instead = f": hand over the class, {type(rule).__name__}, to be made with them" if is_optimizer(type(rule)) else ""
    return f" The sliders do not reach {'its ' + ' and '.join(own) if own else 'what it holds'}{instead}."


def misordered(rule, moving):
    """That it names its arguments in another order than they come in; "" if it does not."""
    called = rule.update if is_optimizer(rule) else rule
    wanted = ["w", "g", "state"] if is_optimizer(rule) else ["w", "v", "g", *RATES] if moving else ["w", "g", "lr"]
    try:
        names = list(inspect.signature(called).parameters)
    except (TypeError, ValueError):
        return ""
    if isinstance(rule, type) and names[:1] != wanted[:1]:  # a class shows self, by whatever name
        names = names[1:]
    told = other_order(names, wanted)
    return told and f" {'Its update' if is_optimizer(rule) else 'It'} {told}"


def form(moving):
    return "step(w, v, g, lr, beta) -> (w, v)" if moving else "step(w, g, lr) -> w"


def takes(rule, args, named):
    """Whether a class or a function takes these arguments; one written in C does not say."""
    try:
        inspect.signature(rule).bind(*args, **named)
    except (TypeError, ValueError):
        return False
    return True


def _fields(rule):
    """The rates that are fields of a dataclass."""
    known = {field.name for field in fields(rule)} if is_dataclass(rule) else ()
    return [name for name in RATES if name in known]


def _with_rates(rule, rates):
    return (
        replace(rule, **{name: rates[name] for name in _fields(rule) if name in rates}) if is_dataclass(rule) else rule
    )


def _object(rule, rates):
    """One of a class: made with the rates by name, or by position, or with lr alone."""
    by_position = rates.values(), {}
    ways = ((), rates), by_position, ((), {"lr": rates["lr"]})
    if not (fitting := [way for way in ways if takes(rule, *way)]):
        _must_take(rule, len(rates), f"to be made from the sliders its class must take ({', '.join(rates)})")
    args, named = fitting[0] if fitting else by_position
    return rule(*args, **named)


def _must_take(function, count, wanted):
    """TypeError that says what is wanted, unless the function takes as many arguments."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some functions written in C have none
        return
    try:
        signature.bind(*range(count))
    except TypeError:
        raise TypeError(f"{wanted}, but yours takes {signature}{_hint(function)}") from None


def _hint(function):
    """Why a method or a class does not take what it seems to, after a semicolon; "" where that is not known."""
    is_class = isinstance(function, type)
    method = vars(function).get("__init__") if is_class else getattr(function, "__func__", None)
    if isinstance(method, FunctionType) and [*inspect.signature(method).parameters][:1] not in (["self"], ["cls"]):
        return "; the first argument of a method is self"
    if is_class and is_dataclass(function) and not fields(function):
        return "; a field of a dataclass needs its type, as in lr: float"
    return guard.never_begun(function) if is_class else ""
