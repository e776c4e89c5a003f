"""What every public function says about a bad argument: its name, its value, the allowed range."""

import inspect
import math

import numpy as np

HYPERPARAMETERS = {
    "lr": ("lr >= 0", lambda x: x >= 0),
    "eps": ("eps >= 0", lambda x: x >= 0),
    "dampening": ("0 <= dampening <= 1", lambda x: (x >= 0) & (x <= 1)),
    **{b: (f"0 <= {b} < 1", lambda x: (x >= 0) & (x < 1)) for b in ("beta", "beta1", "beta2")},
}


def array_of(value):
    """`value` as an array of its own; array(None) where NumPy cannot make one, as of lists of unequal length."""
    try:
        return np.array(np.asarray(value))  # so: what is not NumPy's need not know how to copy
    except ValueError:
        return np.array(None)


def masked(value):
    """Whether a part of it is masked, which an array without a mask would hold as a number."""
    return isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value)


def read_only(array):
    """The same array, which from here on refuses to be changed: what many share stays what it is."""
    array.setflags(write=False)
    return array


def numbers(name, value, allowed="finite", test=np.isfinite):
    """`value` as a float, or as a float array if it is not a scalar; ValueError unless `test` holds everywhere.

    `allowed` is the range in words ("0 <= beta < 1"); `test` is the same range, on a float and on an array.
    float32 stays float32. The array is a copy: what is done to `value` later changes nothing.
    """
    if type(value) is float and math.isfinite(value) and test(value):  # the usual case, at once
        return value
    array = array_of(value)
    if array.dtype.kind not in "iuf" or masked(value):
        raise ValueError(f"{name} must be numbers ({allowed}), got {value!r}")
    if array.dtype.kind != "f":
        array = array.astype(float)
    with np.errstate(invalid="ignore"):
        wrong = ~(np.isfinite(array) & test(array))
    if wrong.any():
        raise ValueError(f"{name} must satisfy {allowed}, got {np.broadcast_to(array, wrong.shape)[wrong][0]:g}")
    return array if array.ndim else array[()].item()


def number(name, value, allowed="finite", test=np.isfinite):
    """The same for a single number."""
    found = numbers(name, value, allowed, test)
    if np.ndim(found):
        raise ValueError(f"{name} must be one number ({allowed}), got shape {found.shape}")
    return found


def hyperparameter(name, value):
    """`value` of the hyperparameter of this name, as `numbers` gives it."""
    return numbers(name, value, *HYPERPARAMETERS[name])


def whole(name, value, low, high=None):
    """`value` as an int; ValueError unless it is a whole number from `low` to `high`."""
    allowed = f"a whole number from {low} to {high}" if high is not None else f"a whole number of at least {low}"
    if type(value) is int and low <= value and (high is None or value <= high):  # the usual case, at once
        return value
    array = array_of(value)
    fits = not masked(value) and array.ndim == 0 and array.dtype.kind in "iuf" and np.isfinite(array)
    fits = fits and array == np.floor(array) and array >= low
    if not fits or (high is not None and array > high):
        raise ValueError(f"{name} must be {allowed}, got {value!r}")
    return int(array)


def run_length(name, value, low, most=10**12):
    """`value` as an int, for the steps of a run; ValueError if it is not whole, or more than a computer holds."""
    count = whole(name, value, low)
    if count > most:
        raise ValueError(f"{name} must be at most {most:g}, got {value!r:.60}")
    return count


def flag(name, value):
    """`value`; ValueError unless it is True or False."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be True or False, got {value!r:.60}")
    return bool(value)


def generator(name, value):
    """`value`; ValueError unless it is a numpy.random.Generator."""
    if not isinstance(value, np.random.Generator):
        raise ValueError(f"{name} must be a generator, such as np.random.default_rng(0), got {value!r}")
    return value


def low_high(name, value, shape=(2,), allowed="lowest < highest", test=np.isfinite):
    """`value` as an array of this shape, its last axis lowest and highest; ValueError if it is not."""
    array = np.asarray(numbers(name, value, allowed, test))
    shaped(name, array, shape, "lowest and highest")
    with np.errstate(over="ignore"):
        width = np.diff(array)
    if np.isinf(width).any():
        raise ValueError(f"{name} must be narrower than 1.8e308, the range of floats, got {value}")
    if not (width > 0).all():
        raise ValueError(f"{name} must satisfy {allowed}, got {value}")
    return array


def point(w, shape):
    """w (..., *shape) as an array; ValueError unless its last axes are `shape`."""
    w = np.asarray(w)
    if w.shape != shape and w.shape[-len(shape) :] != shape:
        raise ValueError(f"w must have shape {shape}, or leading axes before it, got {w.shape}")
    return w


def no_batch(problem, batch):
    """ValueError if there is a batch, of a problem without examples."""
    if batch is not None:
        raise ValueError(f"a {type(problem).__name__} has no examples to draw a batch from: leave batch out")


def misordered(names, wanted):
    """That a function takes its arguments, by their `names`, in another order than `wanted`; "" if it does not."""
    if all(names.index(name) == place for place, name in enumerate(wanted) if name in names):
        return ""
    return f"takes ({', '.join(names)}), but is called with ({', '.join(wanted)})."


def gradient_takes(grad, batches):
    """TypeError if a problem's grad cannot be called with w, and a batch if there are batches."""
    try:
        taken = inspect.signature(grad)
    except ValueError:  # one written in C does not say
        return
    try:
        taken.bind("w") if batches is None else taken.bind("w", "batch")
    except TypeError:
        given = "w alone, as there are no batches" if batches is None else "w and a batch, as there are batches"
        raise TypeError(f"the problem's grad must take {given}; it takes {taken}") from None


def rows(batch, X, y):
    """The rows of both arrays that a batch names: indices, or anything else that NumPy takes."""
    if type(batch) is np.ndarray and batch.dtype.kind == "i":
        return X.take(batch, 0), y.take(batch, 0)  # in half the time
    batch = list(batch) if isinstance(batch, tuple) else batch  # NumPy reads a tuple as one number for each axis
    return X[batch], y[batch]


def shaped(name, array, shape, why):
    """ValueError unless `array.shape` is `shape`; `why` says what fixes that shape."""
    if array.shape != tuple(shape):
        raise ValueError(f"{name} must have shape {tuple(shape)} ({why}), got {array.shape}")
