"""Play and Stop: the next picture is shown again and again while the learner watches. Step: one of them.

A page that asks for reduced motion gets few pictures, each of which stays for a while.
"""

import asyncio
import math
from contextlib import suppress

from course_utils.explorers.in_order import ALONE

CALM = 0.8  # seconds that a picture stays where motion is reduced: its words are read out after half a second
FEW = 5  # pictures of a run that grows there


class Playing:
    """What an explorer inherits beside Explorer: `play` calls its `next_frame` while that returns True."""

    task = None
    PAUSE = 0.01  # seconds between two frames, in which sliders and Stop are heard

    @property
    def to_play(self):
        """The buttons, for Explorer."""
        return {"Play": self.play, "Stop": self.stop, "Step": self.step}

    def play(self):
        """Begin, or begin anew, in the event loop of this thread; RuntimeError where none runs, or after `close`."""
        if self.buttons.comm is None:
            raise RuntimeError("this explorer is closed: make a new one")
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise RuntimeError("Play needs a notebook; elsewhere step() shows the next picture") from None
        self.stop()
        self.rewind()
        self.task = loop.create_task(self._play())

    def rewind(self):
        """Go back to the start, if the end is reached."""

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
        if self.buttons.calm:
            await asyncio.sleep(CALM)  # the start stays as long as the others
        while self._shown():
            await asyncio.sleep(CALM if self.buttons.calm else self.PAUSE)  # a cancelled task ends here

    def _shown(self):
        """Show the next frame, alone; False if there is none, or another run has begun."""
        with ALONE:
            return self.task is asyncio.current_task() and self.next_frame()


class Growing(Playing):
    """Play and Step show a run of `steps` from its start; a subclass has `show_rows(count)`.

    `shown` counts the rows that are visible.
    """

    PAUSE = 0.03
    FRAMES = 100  # at most

    @property
    def rows(self):
        """Of the whole run: its start, and one for each step."""
        return self.steps + 1

    def rewind(self):
        """Back to the start, unless Step has left it before the end."""
        if self.shown == self.rows:
            self.show_rows(1)

    def step(self):
        """Show one step more; after the last one, the start."""
        self.stop()
        self.show_rows(self.shown % self.rows + 1)

    def next_frame(self):
        """Show some steps more; whether there are any left."""
        frames = FEW if self.buttons.calm else self.FRAMES
        self.show_rows(min(self.rows, self.shown + math.ceil(self.rows / frames)))
        return self.shown < self.rows
