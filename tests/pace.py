"""Seconds as on a machine that is neither slow nor busy: what bars in seconds are meant for."""

import time

LOOP = 0.021  # seconds of the loop below on the machine on which the bars were met


def pace():
    """How many times slower than that the machine is just now; at least 1."""
    began = time.perf_counter()
    sum(i * i for i in range(300_000))
    return max(1.0, (time.perf_counter() - began) / LOOP)


def seconds(work, enough, limit=0, tries=5, before=lambda: None):
    """Seconds that `work` takes beyond `limit`, at best; once more until that is `enough`, each time after `before`."""
    best = float("inf")
    while tries and best >= enough:
        before()
        tries, earlier, began = tries - 1, pace(), time.monotonic()
        work()
        took = time.monotonic() - began - limit
        best = min(best, 2 * took / (earlier + pace()))
    return best
