"""Play and Stop: the next picture is shown again and again while the learner watches."""

import asyncio


class Playing:
    """What an explorer inherits beside Explorer: `play` calls its `next_frame` while that returns True."""

    task = None
    PAUSE = 0.01  # seconds between two frames, in which sliders and Stop are heard

    def play(self):
        """Begin, or begin anew, in the kernel's own event loop."""
        self.stop()
        self.task = asyncio.get_running_loop().create_task(self._play())

    def stop(self):
        """Stop after the frame that is being made."""
        if self.task is not None:
            self.task.cancel()
        self.task = None

    def close(self):
        """Stop, and close."""
        self.stop()
        super().close()

    async def _play(self):
        while self.next_frame():
            await asyncio.sleep(self.PAUSE)  # a cancelled task ends here
