"""Real data, from inside scikit-learn, ready for the problems: nothing is downloaded."""

import numpy as np

from course_utils.arguments import array_of, generator, number


def diabetes(features=None):
    """442 patients: X (442, d) and disease progression y (442,), every column with mean 0 and variance 1.

    `features` names columns: one or a list of age, sex, bmi, bp, s1 ... s6; None takes all ten.
    """
    from sklearn.datasets import load_diabetes  # here, because it takes longer to import than all of ours

    table = load_diabetes(scaled=False)
    names = list(table.feature_names)
    several = np.iterable(features) and not isinstance(features, str)
    features = names if features is None else [*features] if several else [features]
    unknown = [f for f in features if f not in names]
    if unknown or not features:
        raise ValueError(f"features must be some of {', '.join(names)}, got {unknown or features}")
    return _standardised(table.data[:, [names.index(f) for f in features]]), _standardised(table.target)


def digits():
    """1,797 handwritten digits of 8 x 8 pixels: X_train, y_train, X_test, y_test, three quarters for training.

    X has 64 columns of brightness from 0 to 1 and a last column of ones, for the bias; y holds 0 to 9.
    """
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
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


def _standardised(column):
    return (column - column.mean(0)) / column.std(0)
