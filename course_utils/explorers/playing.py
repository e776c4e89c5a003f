"""Play and Stop: the next picture is shown again and again while the learner watches."""

import asyncio
from contextlib import suppress

from course_utils.explorers.in_order import ALONE


class Playing:
    """What an explorer inherits beside Explorer: `play` calls its `next_frame` while that returns True."""

    task = None
    PAUSE = 0.01  # seconds between two frames, in which sliders and Stop are heard

    def play(self):
        """Begin, or begin anew, in the event loop of this thread."""
        self.stop()
        self.task = asyncio.get_running_loop().create_task(self._play())

    def stop(self):
        """Stop after the frame that is being made, in whatever thread that is."""
        task, self.task = self.task, None
        if task is not None:
            with suppress(RuntimeError):  # its loop has ended
                task.get_loop().call_soon_threadsafe(task.cancel)

    def close(self):
        """Stop, and close."""
        self.stop()
        super().close()

    async def _play(self):
        while self._shown():
            await asyncio.sleep(self.PAUSE)  # a cancelled task ends here

    def _shown(self):
        """Show the next frame, alone; False if there is none, or another run has begun."""
        with ALONE:
            return self.task is asyncio.current_task() and self.next_frame()
