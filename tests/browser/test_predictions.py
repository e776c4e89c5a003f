"""Sliders that wait for a prediction, in JupyterLab: with the keyboard alone, with a click, skipped, and kept.

SHOTS=folder also takes a picture of each state, in both themes.
"""

import os
import re
from pathlib import Path

import pytest

LOW_CONTRAST = Path(__file__).with_name("low_contrast.js").read_text()
SET_THEME = "name => void jupyterapp.commands.execute('apputils:change-theme', {theme: name})"
THEME = "name => document.body.dataset.jpThemeName === name && !document.querySelector('#jupyterlab-splash')"
LEARNER = """
import os
os.environ |= {{"SGD_COURSE_LOCKS": "", "SGD_COURSE_PROGRESS": {place!r}}}
from course_utils import progress
from course_utils.explorers import DescentExplorer, DropExplorer
from course_utils.problems import Quadratic
valley, w0 = Quadratic([0.1, 10]), [-4, 1.5]
"""
NUMBER = 'DescentExplorer(valley, w0, 60, ("lr", "beta"), lr=0.05, beta=0.0).predict("03-best-beta")'
POINT = 'DescentExplorer(valley, w0, lr=0.05).predict("01-end")'
CHOICE = 'from course_utils.explorers.guesses import Choice\n' + NUMBER  # replaced below
FOCUSED = "() => document.activeElement.outerHTML"


@pytest.fixture
def ask(run_cells, tmp_path):
    """An explorer that waits for a prediction, as a learner without any progress meets it."""

    def ask(source):
        learner = run_cells(LEARNER.format(place=str(tmp_path / "progress.sqlite")), source)
        return learner, learner.explorers[0]

    return ask
