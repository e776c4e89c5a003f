"""In Colab each display says where the program of its sliders comes from."""

import re
import sys
import types
from pathlib import Path

import pytest

from course_utils import explorers
from course_utils.explorers import DescentExplorer, ask
from course_utils.problems import Quadratic

MAKE = {"explorer": lambda: DescentExplorer(Quadratic([0.1, 10]), [-4, 1.5]), "question": lambda: ask("01-limit")}
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def colab(monkeypatch):
    """What Colab has of its module google.colab.output."""
    output = types.ModuleType("google.colab.output")
    output._widgets = types.SimpleNamespace(_installed_url="https://widgets.example/manager.js")
    output.enable_custom_widget_manager = lambda: None
    monkeypatch.setitem(sys.modules, "google.colab.output", output)


@pytest.mark.parametrize("kind", MAKE)
def test_a_display_in_colab(colab, kind):
    data, metadata = MAKE[kind]()._repr_mimebundle_()
    assert VIEW in data
    assert metadata[VIEW] == {"colab": {"custom_widget_manager": {"url": "https://widgets.example/manager.js"}}}


def test_where_jupyterlabs_colours_are_not_known_each_has_one_that_a_dark_page_can_change():
    style = (Path(explorers.__file__).with_name("controls.css")).read_text("utf-8")
    alone = re.findall(r"var\(--jp-[^,]+, *#\w+\)", style)
    assert alone == []
    used = set(re.findall(r"var\(--jp-[^,]+, var\((--course-\w+),", style))
    assert used == set(re.findall(r"(--course-\w+):", style.partition("}")[0]))


def test_what_is_styled_for_chromium_and_safari_is_styled_for_firefox():
    style = (Path(explorers.__file__).with_name("controls.css")).read_text("utf-8")
    theirs = {"-webkit-slider-runnable-track": "-moz-range-track", "-webkit-slider-thumb": "-moz-range-thumb"}
    rules = re.findall(r"([^{}]+)::(-[\w-]+) \{([^{}]*)\}", style)
    looks = {(where.strip(), part): set(how.split("\n")) for where, part, how in rules}
    of_one_alone = {"  appearance: none;", "  margin-top: -6px;"}  # Firefox puts the handle on the middle itself
    for (where, part), how in looks.items():
        if part in theirs:
            assert looks[where, theirs[part]] == how - of_one_alone
    assert {part for _, part in looks} == {*theirs, *theirs.values()}
    assert style.count("(:focus-visible, .course-keyed)") == style.count(":focus-visible") > 0


@pytest.mark.parametrize("kind", MAKE)
def test_a_display_elsewhere(kind):
    data, metadata = MAKE[kind]()._repr_mimebundle_()
    assert VIEW in data
    assert VIEW not in metadata
