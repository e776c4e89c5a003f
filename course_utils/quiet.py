"""Keep what a library's C code writes while it starts off the learner's page."""

import os
import sys
from contextlib import contextmanager

# Set before TensorFlow is imported: Keras stands on it, whatever else a learner has chosen; no messages, no graphics
# card, sums in the same order on every machine.
TENSORFLOW_ENVIRONMENT = {
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
}


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
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(kept[0], 1)
        os.dup2(kept[1], 2)
        for handle in (*kept, nowhere):
            os.close(handle)
