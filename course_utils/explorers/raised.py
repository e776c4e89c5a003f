"""What somebody's problem or optimizer raises after a slider's move: a run that can be shown, and a line to read."""

from dataclasses import replace

import numpy as np

from course_utils import guard
from course_utils.descent import NoNumber


def with_loss(run):
    """The run and None; or, where its loss raises an error, its start alone and the error.

    The loss of a start that has none is inf, which is not drawn.
    """
    try:
        run.loss  # noqa: B018  it is computed here
        return run, None
    except Exception as error:
        start = replace(run, w=run.w[:1], steps=run.steps[:1], evaluations=run.evaluations[:1])
        if len(run.w) > 1:
            start, _ = with_loss(start)
        else:
            vars(start)["loss"] = np.array([np.inf])
        return start, error


def in_words(error):
    """An error in one line; its cause, where descend has drawn a conclusion from that."""
    return str(error) if isinstance(error, NoNumber) else guard.describe(error.__cause__ or error)
