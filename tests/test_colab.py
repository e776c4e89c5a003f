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


@pytest.mark.parametrize("kind", MAKE)
def test_a_display_elsewhere(kind):
    data, metadata = MAKE[kind]()._repr_mimebundle_()
    assert VIEW in data
    assert VIEW not in metadata
