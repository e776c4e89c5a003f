"""Controls whose messages the kernel takes one at a time, in the order in which the page sent them.

JupyterLab sends what a control says over a subshell, a thread beside that of the cells, so that it is heard while a
cell runs. ipykernel 7.4 takes it to the thread from which the kernel last spoke to the control: a button's presses to
that of its cell, a slider's moves, which are answered, to the other. Two threads would move one explorer.
"""

import threading

import anywidget

from course_utils.explorers.shown import Closing

ALONE = threading.RLock()  # held while something is done to an explorer


class InOrder(Closing, anywidget.AnyWidget):
    """A widget that is heard in the thread that the page chose, and alone."""

    def open(self):
        """Open it to the page."""
        super().open()
        if hasattr(self.comm, "_reply_subshell_for"):
            self.comm._reply_subshell_for = lambda data, subshell: subshell

    def _handle_msg(self, message):
        with ALONE:
            super()._handle_msg(message)
