"""What a learner moves and answers: sliders over a live run, and questions with feedback."""

from course_utils.explorers.descent_explorer import DescentExplorer
from course_utils.explorers.live_figure import LiveFigure
from course_utils.explorers.question import ask

__all__ = ["DescentExplorer", "LiveFigure", "ask"]
