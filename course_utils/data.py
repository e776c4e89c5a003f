"""Real data, from inside scikit-learn, ready for the problems: nothing is downloaded."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from course_utils.arguments import array_of, generator, number

FEATURES = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"]  # of the diabetes data


def diabetes(features=None):
    """442 patients: X (442, d) and disease progression y (442,), every column with mean 0 and variance 1.

    `features` names columns: one or a list of age, sex, bmi, bp, s1 ... s6; None takes all ten.
    """
    several = np.iterable(features) and not isinstance(features, str)
    features = FEATURES if features is None else [*features] if several else [features]
    unknown = [f for f in features if f not in FEATURES]
    if unknown or not features:
        raise ValueError(f"features must be some of {', '.join(FEATURES)}, got {unknown or features}")
    files = "diabetes_data_raw.csv.gz", "diabetes_target.csv.gz"
    table = _bundled(files, None, lambda datasets: datasets.load_diabetes(return_X_y=True, scaled=False))
    return _standardised(table[:, [FEATURES.index(f) for f in features]]), _standardised(table[:, -1])


def digits():
    """1,797 handwritten digits of 8 x 8 pixels: X_train, y_train, X_test, y_test, three quarters for training.

    X has 64 columns of brightness from 0 to 1 and a last column of ones, for the bias; y holds 0 to 9.
    """
    table = _bundled(["digits.csv.gz"], ",", lambda datasets: datasets.load_digits(return_X_y=True))
    pixels, labels = table[:, :-1], table[:, -1].astype(int)
    X = np.column_stack([pixels / 16, np.ones(len(pixels))])
    order = np.random.default_rng(0).permutation(len(X))
    train, test = np.split(order, [len(X) * 3 // 4])
    return X[train], labels[train], X[test], labels[test]


def mislabelled(labels, share, rng):
    """A copy of the labels (n,) in which a share of them, 0 to 1, is replaced by another of the classes at random."""
    share = number("share", share, "0 <= share <= 1", lambda x: (x >= 0) & (x <= 1))
    new = array_of(labels)
    if new.ndim != 1 or not new.size or new.dtype.kind not in "iu" or new.min() < 0:
        raise ValueError(f"labels must be whole numbers 0, 1, ..., one for each example, got {labels!r}")
    classes, new = np.unique(new, return_inverse=True)
    if len(classes) < 2:
        raise ValueError("labels must have two classes at least: no other class is there to be mistaken for")
    wrong = generator("rng", rng).permutation(len(new))[: round(share * len(new))]
    new[wrong] = (new[wrong] + rng.integers(1, len(classes), len(wrong))) % len(classes)
    return classes[new]


def _bundled(files, delimiter, load):
    """Data of scikit-learn, the target last, from its files; without these `load` imports it, which takes a second."""
    found = find_spec("sklearn")
    paths = [Path(found.origin).parent / "datasets" / "data" / file for file in files] if found else []
    if paths and all(path.exists() for path in paths):
        return np.column_stack([np.loadtxt(path, delimiter=delimiter) for path in paths])
    return np.column_stack(load(import_module("sklearn.datasets")))


def _standardised(column):
    return (column - column.mean(0)) / column.std(0)
