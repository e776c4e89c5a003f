"""What a learner moves and answers: sliders over a live run, and questions with feedback."""

import gc

from course_utils.explorers.busy import leave_moves_unannounced
from course_utils.explorers.counted import counted
from course_utils.explorers.descent_explorer import DescentExplorer
from course_utils.explorers.drop_explorer import DropExplorer
from course_utils.explorers.live_figure import LiveFigure
from course_utils.explorers.pad_explorer import MomentumPadExplorer
from course_utils.explorers.question import ask
from course_utils.explorers.training_explorer import TrainingExplorer

__all__ = ["DescentExplorer", "DropExplorer", "LiveFigure", "MomentumPadExplorer", "TrainingExplorer", "ask", "counted"]

leave_moves_unannounced()
gc.freeze()  # what was imported stays: a collection that looked through it took 0.1 s, and a picture waited for it
