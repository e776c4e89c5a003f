"""Keep what a library's C code writes while it starts off the learner's page."""

import os
import sys
from contextlib import contextmanager


@contextmanager
def quietly():
    """Drop everything that is written to the process's stdout and stderr inside the with block, C code included."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept, nowhere = [os.dup(1), os.dup(2)], os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept[0], 1)
        os.dup2(kept[1], 2)
        for handle in (*kept, nowhere):
            os.close(handle)
