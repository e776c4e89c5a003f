"""The bar over long computations: all items pass through unchanged, and it says how many are done."""

import itertools
import sys

import pytest

from course_utils.explorers import counted

module = sys.modules["course_utils.explorers.counted"]  # the package's attribute of that name is the function


@pytest.fixture
def bars(monkeypatch):
    shown = []
    monkeypatch.setattr(module, "display", shown.append)
    return shown


@pytest.mark.parametrize("items", [[], [3, 1, 2], {"a": 1, "b": 2}.items(), (i * i for i in range(4))])
def test_items_pass_through(bars, items):
    items = list(items)
    assert list(counted(iter(items), "things")) == items
    (bar,) = bars
    assert (bar.value, bar.max, bar.description) == (len(items), len(items), f"{len(items)} of {len(items)} things")


def test_what_does_not_end_is_refused():
    with pytest.raises(ValueError, match="items must come to an end before 100,000"):
        next(counted(itertools.count(), "numbers"))


@pytest.mark.parametrize("items", [None, 5, True, max])
def test_what_is_no_iterable_is_refused(items):
    with pytest.raises(ValueError, match=r"items must be a list or another iterable, such as range\(5\), got "):
        next(counted(items, "numbers"))


def test_says_how_many_are_done(bars):
    said = []
    for _ in counted("abc", "letters"):
        said.append(bars[0].description)
    assert said == ["0 of 3 letters", "1 of 3 letters", "2 of 3 letters"]
    assert bars[0]._repr_mimebundle_()["text/plain"] == "3 letters"


def test_stays_where_an_error_happened(bars):
    with pytest.raises(ZeroDivisionError):
        max(counted([1, 0], "numbers"), key=lambda i: 1 / i)
    assert bars[0].description == "1 of 2 numbers"
