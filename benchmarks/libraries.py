"""PyTorch and Keras, if they are installed, in 64 bits and without a word of start-up noise."""

import importlib.util
import os
from functools import cache
from importlib.metadata import version

from course_utils.quiet import TENSORFLOW_ENVIRONMENT, quietly

LR = 0.1
BETA = 0.899999976158142  # 0.9 in 32 bits: Keras passes its momentum through them, so all the others take it as well


def installed(name):
    return importlib.util.find_spec(name) is not None


def torch():
    """The module torch, or None."""
    return importlib.import_module("torch") if installed("torch") else None


@cache
def keras():
    """The module keras with TensorFlow started below it, or None."""
    if not installed("tensorflow"):
        return None
    os.environ.update(TENSORFLOW_ENVIRONMENT)
    with quietly():
        import keras
        import tensorflow as tf

        tf.constant(1.0)
    keras.config.set_floatx("float64")  # else learning rate and data are kept in 32 bits
    return keras


def tensorflow():
    """The module tensorflow as `keras` has started it, or None."""
    return keras() and importlib.import_module("tensorflow")


def versions():
    """{name: version} of the libraries that are here."""
    modules = {
        "numpy": "numpy",
        "torch": "torch",
        "tensorflow": "tensorflow",
        "keras": "keras",
        "scikit-learn": "sklearn",
    }
    return {name: version(name) for name, module in modules.items() if installed(module)}
