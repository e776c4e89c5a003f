"""The data are what the lessons say they are."""

import subprocess
import sys

import numpy as np
import pytest

from course_utils import data
from course_utils.data import diabetes, digits, mislabelled


def test_diabetes_is_standardised():
    X, y = diabetes()
    assert (X.shape, y.shape) == ((442, 10), (442,))
    np.testing.assert_allclose([*X.mean(0), y.mean()], 0, atol=1e-12)
    np.testing.assert_allclose([*X.var(0), y.var()], 1)
    bmi, s5 = diabetes(["bmi", "s5"])[0].T
    np.testing.assert_array_equal([bmi, s5], X[:, [2, 8]].T)
    np.testing.assert_array_equal(diabetes("bmi")[0], X[:, [2]])


def test_digits_are_split_once_and_for_all():
    X_train, y_train, X_test, y_test = digits()
    assert (X_train.shape, X_test.shape) == ((1347, 65), (450, 65))
    assert (len(y_train), len(y_test)) == (1347, 450)
    assert (X_train[:, -1] == 1).all()
    assert (X_train.min(), X_train.max()) == (0, 1)
    assert set(y_test) == set(y_train) == set(range(10))
    np.testing.assert_array_equal(digits()[1], y_train)
    rows = {row.tobytes() for row in X_train}
    assert sum(row.tobytes() in rows for row in X_test) == 0


@pytest.mark.parametrize("read", [digits, diabetes])
def test_they_are_read_from_files_as_scikit_learn_gives_them(read, monkeypatch):
    program = f"import sys; from course_utils import data; data.{read.__name__}(); assert 'sklearn' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
    ours = read()
    monkeypatch.setattr(data, "find_spec", lambda name: None)  # as if the files were not in their place
    for array, theirs in zip(ours, read(), strict=True):
        assert array.dtype == theirs.dtype
        np.testing.assert_array_equal(array, theirs)


@pytest.mark.parametrize("share", [0, 0.2, 1])
def test_mislabelled_changes_the_share_it_is_told(share):
    labels = np.arange(200) % 10
    wrong = mislabelled(labels, share, np.random.default_rng(0))
    assert (wrong != labels).mean() == share
    assert set(wrong) <= set(range(10))
    assert (labels == np.arange(200) % 10).all()


def test_mislabelled_takes_classes_that_labels_have():
    labels = np.array([0, 2, 7] * 50, np.uint8)
    wrong = mislabelled(labels, 1, np.random.default_rng(0))
    assert set(wrong.tolist()) == {0, 2, 7}
    assert (wrong != labels).all()
    assert wrong.dtype == labels.dtype


def test_mislabelled_of_whole_classes_is_what_the_lessons_have_stored():
    wrong = mislabelled(np.arange(10), 0.5, np.random.default_rng(0))
    assert wrong.tolist() == [0, 1, 1, 9, 9, 5, 2, 4, 8, 9]


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_mislabelled_names_a_bad_share(share):
    with pytest.raises(ValueError, match=r"^share "):
        mislabelled(np.arange(5), share, np.random.default_rng(0))
