"""What every public function says about a bad argument: its name, its value, the allowed range."""

import numpy as np


def numbers(name, value, allowed="finite", test=np.isfinite):
    """`value` as a float, or as a float array if it is not a scalar; ValueError unless `test` holds everywhere.

    `allowed` is the range in words ("0 <= beta < 1"); `test` is the same range on arrays. float32 stays float32.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        array = np.asarray(None)
    if array.dtype.kind not in "iuf":
        raise ValueError(f"{name} must be numbers ({allowed}), got {value!r}")
    if array.dtype.kind != "f":
        array = array.astype(float)
    with np.errstate(invalid="ignore"):
        wrong = ~(np.isfinite(array) & test(array))
    if wrong.any():
        raise ValueError(f"{name} must satisfy {allowed}, got {array[wrong].flat[0]:g}")
    return array if array.ndim else array[()].item()


def whole(name, value, low, high=None):
    """`value` as an int; ValueError unless it is a whole number from `low` to `high`."""
    allowed = f"a whole number from {low} to {high}" if high is not None else f"a whole number of at least {low}"
    array = np.asarray(value)
    fits = array.ndim == 0 and array.dtype.kind in "iuf" and np.isfinite(array)
    fits = fits and array == np.floor(array) and array >= low
    if not fits or (high is not None and array > high):
        raise ValueError(f"{name} must be {allowed}, got {value!r}")
    return int(array)


def shaped(name, array, shape, why):
    """ValueError unless `array.shape` is `shape`; `why` says what fixes that shape."""
    if array.shape != tuple(shape):
        raise ValueError(f"{name} must have shape {tuple(shape)} ({why}), got {array.shape}")
